"""The history: what came, changed and went when, as the live release sees it, over builds, rollbacks and crashes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import chains
import portfolios
import pytest
from chains import CHANGES, COMES, GOES, OLD_CODE, STAYS, Chain

from publisher import entities, history, manifest, release
from publisher.errors import ReleaseError
from publisher.history import FILE, Event, History, open_history
from publisher.iris import Minter
from publisher.manifest import Release
from publisher.masters import Master

B = "https://example.org/p"


@pytest.fixture
def own(chain: Chain, tmp_path: Path) -> Chain:
    """The chain, in a folder that may be changed."""
    for source, target in ((chain.releases, tmp_path / "releases"), (chain.folder, tmp_path / "records")):
        shutil.copytree(source, target, symlinks=True)
    first, second = (manifest.find(tmp_path / "releases", made.id) for made in (chain.first, chain.second))
    return Chain(tmp_path / "records", chain.settings, tmp_path / "releases", first, second)


def told(found: list[history.EntityChange]) -> list[tuple[str, str]]:
    return [(change.key, change.what) for change in found]


def live(releases: Path) -> Release:
    found = manifest.current(releases)
    assert found is not None
    return found


def test_one_event_a_release_the_first_without_changes(chain: Chain) -> None:
    with open_history(chain.releases, chain.second) as found:
        first, second = found.events()
        assert (first.name, first.previous, first.action) == (chain.first.id, None, "build")
        assert (second.name, second.previous, second.at) == (
            chain.second.id, chain.first.id, chain.moments[1],
        )  # fmt: skip
        assert (second.added, second.changed, second.withdrawn) == (1, 1, 1)
        assert found.changes(first) == []
        wanted = [(CHANGES, "changed"), (GOES, "withdrawn"), (COMES, "added")]
        # The portfolio, whose list of projects changed, is not told: each project says itself where it belongs.
        assert told(found.changes(second)) == told(found.latest()) == wanted
        assert {change.kind for change in found.changes(second)} == {"project"}
        assert found.modified("project", STAYS) == first
        assert found.modified("project", CHANGES) == found.modified("project", COMES) == second


def test_no_event_is_before_a_visit_that_did_not_see_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Who asks what is new since his last visit must not miss what became live after it, however long a build takes.
    folder = portfolios.write(tmp_path / "p")
    seen: list[datetime] = []
    link = release._link

    def visit(releases: Path, release_id: str) -> None:
        seen.append(datetime.now(UTC).replace(microsecond=0))  # the last who sees the release before
        link(releases, release_id)

    monkeypatch.setattr(release, "_link", visit)
    monkeypatch.setattr(release._Assembly, "_vocabularies", slow(release._Assembly._vocabularies))
    made = release.build([str(folder)], portfolios.settings(folder), tmp_path / "r")[0]
    with open_history(tmp_path / "r", made) as found:
        assert datetime.fromisoformat(found.last.at) >= seen[0]
        assert found.last.at > made.manifest.created


def slow(function: Callable[..., None]) -> Callable[..., None]:
    def later(*arguments: object) -> None:
        time.sleep(1.1)
        function(*arguments)

    return later


def test_pages_go_on_behind_a_key(chain: Chain) -> None:
    with open_history(chain.releases, chain.second) as found:
        for ask in (found.latest, lambda **how: found.changes(found.last, **how)):
            pages = []
            after = None
            while page := ask(after=after, limit=1):
                pages += page
                after = (page[-1].kind, page[-1].key)
            assert told(pages) == [(CHANGES, "changed"), (GOES, "withdrawn"), (COMES, "added")]
        assert found.latest(kinds=("organisation",)) == []
        assert found.latest(after=("nonsense", "x")) == []


def test_since_and_until(chain: Chain) -> None:
    with open_history(chain.releases, chain.second) as found:
        at = found.last.at
        assert len(found.latest(since=at)) == len(found.latest(until=at)) == 3
        assert found.latest(since="9999-01-01T00:00:00Z") == found.latest(until=found.first.at) == []


def test_the_release_before_does_not_see_what_came_after(chain: Chain) -> None:
    with open_history(chain.releases, chain.first) as found:
        assert [event.name for event in found.events()] == [chain.first.id]
        assert found.latest() == []
        assert found.withdrawal("project", GOES) is None


def test_withdrawn_things_keep_date_reason_and_successor(chain: Chain) -> None:
    with open_history(chain.releases, chain.second) as found:
        gone = found.withdrawal("project", GOES)
        assert gone is not None
        assert (gone.at, gone.event) == (chain.moments[1], chain.second.id)
        assert gone.reason == {"fi": "Tuki perittiin takaisin", "en": "The grant was recovered"}
        assert (gone.successor, gone.renamed) == (f"{B}/id/project/{COMES}", False)
        part = found.withdrawal("outcome", f"{GOES}~practices")
        assert part is not None
        assert (part.reason, part.successor) == ({}, None)
        new_code = found.withdrawal("project", OLD_CODE)
        assert new_code is not None
        assert (new_code.renamed, new_code.successor, new_code.at) == (True, f"{B}/id/project/{COMES}", "")
        assert found.withdrawal("project", "S99999") is None


def test_a_reason_given_at_the_build_holds_where_no_decision_tells_one(own: Chain) -> None:
    (own.folder / "projects" / f"{CHANGES}.yaml").unlink()
    made = own.build(reason="Kaksoiskappale")
    with open_history(own.releases, made) as found:
        gone, decided = found.withdrawal("project", CHANGES), found.withdrawal("project", GOES)
        assert gone is not None
        assert decided is not None
        assert gone.reason == {"fi": "Kaksoiskappale"}
        assert decided.reason["en"] == "The grant was recovered"


def test_a_decision_that_comes_later_is_told_too(own: Chain) -> None:
    text = chains.DECISIONS.replace("The grant was recovered", "It never began")
    (own.folder / "decisions.yaml").write_text(text, encoding="utf-8")
    made = own.build()
    assert made.id != own.second.id
    assert made.manifest.changes["resources"] == {"added": 0, "changed": 0, "removed": 0}
    with open_history(own.releases, made) as found:
        gone = found.withdrawal("project", GOES)
        assert gone is not None
        assert (gone.reason["en"], gone.at) == ("It never began", own.moments[1])
        # What the event said then stays as it was said.
        then = found.told_at(found.events()[1], "project", GOES)
        assert then is not None
        assert (then.reason["en"], then.successor) == ("The grant was recovered", f"{B}/id/project/{COMES}")
        assert found.told_at(found.last, "project", GOES) is None


def test_a_rollback_is_an_event_that_turns_everything_round(own: Chain) -> None:
    event = release.make_current(own.releases, own.first.id)
    assert event is not None
    with open_history(own.releases, own.first) as found:
        assert found.events()[-1] == event
        assert (event.action, event.release, event.previous) == ("rollback", own.first.id, own.second.id)
        assert manifest.is_id(event.name)
        assert event.name not in (own.first.id, own.second.id)
        assert event.at > own.moments[1]
        assert told(found.latest()) == [(CHANGES, "changed"), (GOES, "added"), (COMES, "withdrawn")]
        assert found.withdrawal("project", COMES) is not None
    assert release.make_current(own.releases, own.first.id) is None  # it is current: nothing happens
    made = own.build()
    with open_history(own.releases, made) as found:
        assert [event.action for event in found.events()] == ["build", "build", "rollback", "build"]
        assert told(found.latest()) == [(CHANGES, "changed"), (GOES, "withdrawn"), (COMES, "added")]


def test_what_comes_back_is_added_again(own: Chain) -> None:
    (own.folder / "projects" / f"{GOES}.yaml").write_text(chains.project(GOES), encoding="utf-8")
    (own.folder / "decisions.yaml").unlink()
    made = own.build()
    with open_history(own.releases, made) as found:
        assert told(found.latest()) == [(CHANGES, "changed"), (GOES, "added"), (COMES, "added")]
        assert found.modified("project", GOES) == found.last


def test_an_event_whose_release_never_became_live_is_not_seen_and_then_dropped(own: Chain) -> None:
    # The process died between the renewal of the history and that of the link.
    release._link(own.releases, own.first.id)
    with open_history(own.releases, live(own.releases)) as found:
        assert [event.name for event in found.events()] == [own.first.id]
        assert found.latest() == []
    made = own.build()
    with open_history(own.releases, made) as found:
        assert [event.name for event in found.events()] == [own.first.id, made.id]
        assert told(found.latest()) == [(CHANGES, "changed"), (GOES, "withdrawn"), (COMES, "added")]


def test_releases_from_before_there_was_a_history_begin_one(own: Chain) -> None:
    (own.releases / FILE).unlink()
    with open_history(own.releases, own.second) as found:
        assert found.events() == [Event(1, own.second.id, own.second.id, None, own.second.manifest.created, "build")]
        assert found.latest() == []
        assert found.changes(found.first) == []
        assert found.withdrawal("project", GOES) is None
        assert found.modified("project", STAYS) == found.first
    (own.folder / "projects" / f"{CHANGES}.yaml").unlink()
    made = own.build()
    with open_history(own.releases, made) as found:
        assert [event.name for event in found.events()] == [own.second.id, made.id]
        assert told(found.latest()) == [(CHANGES, "withdrawn")]


def test_a_release_whose_statements_are_gone_is_passed_over(own: Chain) -> None:
    (own.second.path / own.second.manifest.master).unlink()
    (own.folder / "projects" / f"{COMES}.yaml").unlink()
    (own.folder / "decisions.yaml").unlink()
    made = own.build()
    assert made.manifest.changes["previous"] == own.first.id


def test_a_history_that_is_none_is_told(own: Chain) -> None:
    (own.releases / FILE).write_bytes(b"no database" * 100)
    with pytest.raises(ReleaseError, match=r"history\.sqlite"):
        open_history(own.releases, own.second)
    (own.folder / "projects" / f"{CHANGES}.yaml").unlink()
    with pytest.raises(ReleaseError, match=r"history\.sqlite"):
        own.build()
    assert live(own.releases).id == own.second.id


def test_a_reader_has_the_file_whole_while_it_is_renewed(own: Chain) -> None:
    with open_history(own.releases, own.second) as found:
        (own.folder / "projects" / f"{CHANGES}.yaml").unlink()
        own.build()
        assert told(found.latest()) == [(CHANGES, "changed"), (GOES, "withdrawn"), (COMES, "added")]


def test_an_entity_has_its_parts_and_no_others(chain: Chain) -> None:
    minter = Minter(B)
    with Master(chain.second.file("portfolio.nt")) as master:
        own = entities.resources(master, minter, "project", STAYS)
        assert own[0] == f"{B}/id/project/{STAYS}"
        assert all(iri.partition(f"{STAYS}~")[1] for iri in own[1:])
        assert {iri.split("/")[-2] for iri in own[1:]} == {
            "evidence", "funding", "outcome", "participation", "source-record",
        }  # fmt: skip
        lines = entities.statements(master, minter, "project", STAYS)
        assert len(lines) == len(set(lines)) == sum(len(list(master.lines(iri))) for iri in own)
        portfolio = entities.statements(master, minter, "portfolio", "measure")
        assert portfolio
        assert not any("def#project>" in line for line in portfolio)
        assert entities.statements(master, minter, "project", "S99999") == []


def test_a_row_that_moves_up_is_no_change(own: Chain) -> None:
    for path in (own.folder / "projects").glob("*.yaml"):
        text = path.read_text("utf-8").replace("as_of: 2016-06,", f"as_of: 2016-06, row: '{path.stem}',")
        path.write_text(text, encoding="utf-8")
    made = own.build()
    told = made.manifest.changes
    assert (told["added"], told["changed"], told["withdrawn"]) == (0, 0, 0)
    assert told["resources"]["changed"] == 3, "the account has every statement, this too"
    with Master(made.file("portfolio.nt")) as master:
        lines = "".join(entities.statements(master, Minter(B), "project", STAYS))
        assert "sourceRecord" in lines
        assert "sourceRow" not in lines


@pytest.mark.parametrize(
    ("kind", "key", "wanted"),
    [
        ("project", "a~b", ("project", "a~b")),
        ("outcome", "a~b~c", ("project", "a~b")),
        ("outcome", "a~c", ("project", "a")),
        ("funding", "m~planned", ("portfolio", "m")),
        ("evidence", "nobody~x", None),
        ("dataset", "portfolio", None),
    ],
)
def test_a_part_belongs_to_the_longest_key_that_there_is(kind: str, key: str, wanted: tuple[str, str] | None) -> None:
    there = {f"{B}/id/project/a", f"{B}/id/project/a~b", f"{B}/id/portfolio/m"}
    assert entities.owner(Minter(B), there.__contains__, kind, key) == wanted


# -- decisions


@pytest.mark.parametrize(
    ("old", "new", "rule", "severity"),
    [
        (f"about: {GOES}", f"about: {STAYS}", "decisions/still-there", "violation"),
        (f"about: {GOES}", "about: a/b", "decisions/key-form", "violation"),
        (f"successor: {COMES}", "successor: S77777", "decisions/unknown", "warning"),
        (f"[{OLD_CODE}, {COMES}]", f"[{OLD_CODE}]", "decisions/renamed-form", "violation"),
        (f"[{OLD_CODE}, {COMES}]", f"[{OLD_CODE}, {COMES}, {STAYS}]", "decisions/renamed-form", "violation"),
        (f"[{OLD_CODE}, {COMES}]", f"[{STAYS}, {COMES}]", "decisions/still-there", "violation"),
        (f"[{OLD_CODE}, {COMES}]", f"[{OLD_CODE}, S77777]", "decisions/unknown", "warning"),
    ],
)
def test_what_is_wrong_with_a_decision_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, rule: str, severity: str
) -> None:
    from publisher import checking

    folder = portfolios.write(tmp_path / "p", **{COMES: chains.project(COMES)})
    assert old in chains.DECISIONS
    (folder / "decisions.yaml").write_text(chains.DECISIONS.replace(old, new), encoding="utf-8")
    (tmp_path / "work").mkdir()
    report = checking.check([str(folder)], portfolios.settings(folder), tmp_path / "work").report
    found = [(p.rule, p.severity, Path(p.place.file).name, p.place.line) for p in report.problems]
    assert [entry[:3] for entry in found] == [(rule, severity, "decisions.yaml")]
    assert found[0][3] in (3, 9)
    assert set(report.problems[0].messages) == {"fi", "sv", "en"}


def test_an_empty_database_reads_as_the_release_alone(own: Chain) -> None:
    other = manifest.find(own.releases, own.second.id)
    with History(own.releases / "nowhere.sqlite", other) as found:
        assert found.last.release == own.second.id
