"""The history: what came, changed and went when, as the live release sees it, over builds, rollbacks and crashes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import chains
import portfolios
import pytest
from chains import CHANGES, COMES, GOES, OLD_CODE, STAYS, Chain
from histories import B, by_hand, catalogued, recorded

from publisher import changes, entities, history, manifest, recording, release, withdrawals
from publisher.errors import ReleaseError
from publisher.history import FILE, Decision, Event, History, open_history
from publisher.iris import Minter
from publisher.manifest import Release
from publisher.masters import Master
from publisher.namespaces import pf
from publisher.records import model
from publisher.reports import Place


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
    said: list[str] = []
    made = release.build([str(own.folder)], own.settings, own.releases, progress=said.append)[0]
    begun = f"{own.releases / FILE} is not there: the history begins with {own.second.id}"
    assert [line for line in said if "history" in line] == [begun]
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
        lines = list(entities.statements(master, minter, "project", STAYS))
        # What leads from the portfolio to the project is told with the project.
        back = f"<{B}/id/portfolio/measure> <{pf.project}> <{own[0]}> ."
        assert lines == [*(line for iri in own for line in master.lines(iri)), back]
        portfolio = list(entities.statements(master, minter, "portfolio", "measure"))
        assert portfolio
        assert not any("def#project>" in line for line in portfolio)
        assert list(entities.statements(master, minter, "project", "S99999")) == []


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


# -- masters made by hand


def test_a_thing_of_which_nothing_is_told_comes_and_goes_all_the_same(tmp_path: Path) -> None:
    # Else a harvester of the news would never see it, though a harvester of everything does.
    bare = "portfolio/p project > project/S1"
    made = [by_hand(tmp_path, number, *lines) for number, lines in enumerate((("project/S1 x",), (bare,), ()), 1)]
    (tmp_path / made[2].id / "portfolio.nt").write_text(f'<{B}/id/place/x> <{pf.base}y> "" .\n', encoding="utf-8")
    with recorded(tmp_path, *made) as found:
        assert [told(found.changes(event)) for event in found.events()[1:]] == [
            [("p", "added"), ("S1", "withdrawn")], [("x", "added"), ("p", "withdrawn")],
        ]  # fmt: skip
        assert found.withdrawal("portfolio", "p") is not None


def test_a_part_that_comes_changes_or_goes_changes_its_project(tmp_path: Path) -> None:
    base = ("project/S1 x", "outcome/S1~a x", "source-record/S1~r x")
    made = [
        by_hand(tmp_path, 1, *base),
        by_hand(tmp_path, 2, *base, "outcome/S1~b x"),
        by_hand(tmp_path, 3, "project/S1 x", "outcome/S1~a y", "source-record/S1~r x"),
        by_hand(tmp_path, 4, "project/S1 x", "source-record/S1~r x", "dataset/d x", "outcome/nobody~x x"),
        by_hand(tmp_path, 5, "project/S2 x", "outcome/S2~a x", "source-record/S2~r x"),
    ]
    with recorded(tmp_path, *made) as found:
        assert [told(found.changes(event)) for event in found.events()] == [
            [], [("S1", "changed")], [("S1", "changed")], [("S1", "changed")], [("S1", "withdrawn"), ("S2", "added")],
        ]  # fmt: skip
        counted = [(event.added, event.changed, event.withdrawn) for event in found.events()]
        assert counted == [(0, 0, 0), (0, 1, 0), (0, 1, 0), (0, 1, 0), (1, 0, 1)]
        parts = [found.withdrawal("outcome", f"S1~{key}") for key in "ab"]
        assert [part and part.event for part in parts] == [made[3].id, made[2].id]
        assert found.modified("project", "S1").name == made[4].id
        assert found.withdrawal("outcome", "S2~a") is None


def test_a_new_name_is_told_of_every_record_that_tells_it_and_changes_nothing_else(tmp_path: Path) -> None:
    things = (
        "project/S1 funder > organisation/o", "project/S2 targetGroup > target-group/t", "project/S3 x",
        "participation/S3~p organisation > organisation/o", "portfolio/p funder > organisation/o",
        "source-record/S4~r funder > organisation/o", "project/S4 funder > organisation/other",
        "project/S4 fund > place/o", "organisation/other name Toinen",
    )  # fmt: skip
    made = [
        by_hand(tmp_path, 1, *things, "organisation/o name A", "target-group/t name T", "project/S3 name S3"),
        by_hand(tmp_path, 2, *things, "organisation/o name B", "target-group/t name T", "project/S3 name S3",
                "project/S5 funder > organisation/o"),
        by_hand(tmp_path, 3, *things, "organisation/o name B", "project/S3 name New", "project/S1 x",
                "project/S5 funder > organisation/o"),
    ]  # fmt: skip
    with recorded(tmp_path, *made) as found:
        _, second, third = found.events()
        assert told(found.changes(second)) == [("o", "changed"), ("S5", "added")]
        assert told(found.latest(until=second.at)) == [
            ("o", "changed"), ("p", "retold"), ("S5", "added"),
        ]  # fmt: skip
        assert told(found.changes(third)) == [("S1", "changed"), ("S3", "changed"), ("t", "withdrawn")]
        assert [(change.key, change.what, change.event.seq) for change in found.latest(("project",))] == [
            ("S1", "changed", 3), ("S2", "retold", 3), ("S3", "changed", 3), ("S5", "added", 2),
        ]  # fmt: skip
        assert (second.added, second.changed, third.added, third.changed) == (1, 0, 0, 2)
        assert found.modified("project", "S2") == found.first
        recorded_last = found.recorded("project", "S2")
        assert recorded_last is not None
        assert (recorded_last.what, recorded_last.event) == ("retold", third)
        assert found.recorded("project", "S4") is None
    with open_history(tmp_path, made[1]) as found:
        assert told(found.latest(("project",))) == [("S1", "retold"), ("S3", "retold"), ("S5", "added")]


def test_a_catalogue_that_cannot_be_read_stops_no_rollback(tmp_path: Path) -> None:
    made = [catalogued(by_hand(tmp_path, number, f"project/S{number} x"), a="A", b=str(number)) for number in (1, 2, 3)]
    recorded(tmp_path, *made).close()
    made[1].file(manifest.CATALOGUE).write_text("<", encoding="utf-8")
    for live, wanted in ((made[1], []), (made[2], [("a", "added"), ("b", "added")])):
        before, work = manifest.current_id(tmp_path), tmp_path / "work"
        old = next(each for each in made if each.id == before)
        recording.prepare(tmp_path, work, old, live, (), action=history.ROLLBACK)
        recording.describe(work, old, live)
        recording.install(tmp_path, work)
        release._link(tmp_path, live.id)
        with open_history(tmp_path, live) as found:
            assert told(found.changes(found.last, ("dataset",))) == wanted


def test_an_event_is_dated_again_where_the_disk_is_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((0.0, 2.5, 2.6, 2.7))

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Clock:
            return cls(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=next(times))

    made = by_hand(tmp_path, 1, "project/S1 x")
    (tmp_path / "work").mkdir()
    recording.prepare(tmp_path, tmp_path / "work", None, made, ())
    monkeypatch.setattr(recording, "datetime", Clock)
    assert recording.install(tmp_path, tmp_path / "work").at == "2030-01-01T00:00:03Z"


def test_a_part_that_goes_with_its_project_changes_no_other(tmp_path: Path) -> None:
    # The key of one project is the scope of the other's: `a` and `a~b`.
    made = [
        by_hand(tmp_path, 1, "project/a x", "project/a~b x", "outcome/a~b~c x"),
        by_hand(tmp_path, 2, "project/a x"),
    ]
    made.append(by_hand(tmp_path, 3, "project/a x", "project/a~b x", "outcome/a~b~c x"))
    with recorded(tmp_path, *made) as found:
        assert [told(found.changes(event)) for event in found.events()[1:]] == [
            [("a~b", "withdrawn")], [("a~b", "added")],
        ]  # fmt: skip


@pytest.mark.parametrize("cursors", [0, 100])
def test_pages_go_on_over_types_and_many_events(tmp_path: Path, cursors: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_CURSORS", cursors)
    things = ("organisation/o", "place/a", "place/b", "project/S1", "project/S10", "project/S1a", "source/s")
    made = [by_hand(tmp_path, 1, "target-group/t x"), by_hand(tmp_path, 2, *(f"{thing} x" for thing in things))]
    made.append(by_hand(tmp_path, 3, *(f"{thing} y" for thing in things[::2])))
    with recorded(tmp_path, *made) as found:
        order = [(change.kind, change.key, change.what) for change in found.latest()]
        assert [entry[1] for entry in order] == ["o", "a", "b", "S10", "S1", "S1a", "s", "t"], "as > ends a key"
        assert {key for _, key, what in order if what == "withdrawn"} == {"a", "S1", "S1a", "t"}
        assert order[-1] == ("target-group", "t", "withdrawn")
        for limit in (1, 2, 3, 8, 9):
            seen, after = [], None
            while page := found.latest(after=after, limit=limit):
                assert len(page) <= limit
                seen += page
                after = page[-1].kind, page[-1].key
            assert [(change.kind, change.key, change.what) for change in seen] == order
        at = [event.at for event in found.events()]
        assert [c.key for c in found.latest(until=at[1])] == ["t"], "what changed again is not told as it was"
        assert [c.key for c in found.latest(since=at[1], until=at[1])] == ["t"]
        assert found.latest(since=at[2]) == found.latest(since=at[1])[:-1]


def test_a_clock_that_was_set_back_turns_no_order_round(tmp_path: Path) -> None:
    made = [by_hand(tmp_path, number, f"project/S{number} x") for number in (1, 2)]
    with recorded(tmp_path, *made) as found:
        last = datetime.fromisoformat(found.last.at)
        assert found.first.at < found.last.at
    back = datetime(2001, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC)
    assert recording.moment(tmp_path, back) == last + timedelta(seconds=1)
    later = last + timedelta(days=1, microseconds=5)
    assert recording.moment(tmp_path, later) == last + timedelta(days=1)
    assert recording.moment(tmp_path / "nowhere", back) == back.replace(microsecond=0)


def test_an_event_is_a_second_ahead_of_whoever_sees_the_release_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Clock:
            return cls(2030, 1, 1, 0, 0, 0, 900_000, tzinfo=UTC)

    monkeypatch.setattr(recording, "datetime", Clock)
    with recorded(tmp_path, by_hand(tmp_path, 1, "project/S1 x")) as found:
        assert found.last.at == "2030-01-01T00:00:01Z"


def test_an_event_has_a_name_that_no_other_has(tmp_path: Path) -> None:
    made = [by_hand(tmp_path, number, f"project/S{number} x") for number in (1, 2)]
    recorded(tmp_path, *made).close()
    for turn in range(3):
        before, after = (made if turn % 2 else made[::-1])[:2]
        changes.write(before, after, tmp_path / "work")
        told_now = changes.read(tmp_path / "work")
        event = recording.prepare(tmp_path, tmp_path / "work", before, after, told_now, action=history.ROLLBACK)
        recording.install(tmp_path, tmp_path / "work")
        release._link(tmp_path, after.id)
        assert manifest.is_id(event.name)
        assert event.name.endswith(after.id.rpartition("-")[2])
    with open_history(tmp_path, made[0]) as found:
        names = [event.name for event in found.events()]
        assert len(names) == len(set(names)) == 5
        assert found.event(names[2]) == found.events()[2]


def test_decisions_stay_where_none_are_given_and_give_way_where_some_are(tmp_path: Path) -> None:
    made = [by_hand(tmp_path, number, f"project/S{number} x") for number in (1, 2, 3)]
    gone = Decision("project", "S1", {"fi": "syy"}, f"{B}/id/project/S2")
    recorded(tmp_path, *made[:2], decisions=[Decision("project", "S1", {"fi": "eka"}), gone]).close()
    work = tmp_path / "work"
    changes.write(made[1], made[2], work)
    recording.prepare(tmp_path, work, made[1], made[2], changes.read(work), None, reason={"fi": "muu"})
    recording.install(tmp_path, work)
    with open_history(tmp_path, made[2]) as found:
        first, second = found.withdrawal("project", "S1"), found.withdrawal("project", "S2")
        assert first is not None
        assert (first.reason, first.successor) == ({"fi": "syy"}, gone.successor), "the later of two"
        assert second is not None
        assert second.reason == {"fi": "muu"}
    recording.prepare(tmp_path, work, made[1], made[2], (), [])
    recording.install(tmp_path, work)
    with open_history(tmp_path, made[2]) as found:
        first = found.withdrawal("project", "S1")
        assert first is not None
        assert (first.reason, first.successor) == ({}, None)
        then = found.told_at(found.events()[1], "project", "S1")
        assert then is not None
        assert then.reason == {"fi": "syy"}


# -- decisions


def decided(kind: str, *about: str, successor: str = "") -> withdrawals.Decided:
    values = {"successor": successor} if successor else {}
    decision = model.Decision.model_validate(
        {
            "kind": kind,
            "about": list(about),
            "reason": {"fi": "syy"},
            "decided": "2026-01-01",
            "decided_by": "x",
            **values,
        }
    )
    return withdrawals.Decided(decision, Place("decisions.yaml"))


@pytest.mark.parametrize(
    ("entries", "wanted"),
    [
        ([("renamed", "A", "B"), ("renamed", "B", "C")], []),
        ([("renamed", "A", "B"), ("renamed", "B", "D")], ["unknown", "unknown"]),
        ([("renamed", "A", "A")], ["renamed-circle"]),
        ([("renamed", "A", "B"), ("renamed", "B", "A")], ["renamed-circle", "renamed-circle"]),
        ([("renamed", "X", "A"), ("renamed", "A", "B"), ("renamed", "B", "A")], ["renamed-circle"] * 3),
        ([("withdrawn", "A", "B"), ("withdrawn", "B")], []),
        ([("withdrawn", "A", "B"), ("renamed", "B", "C")], []),
        ([("withdrawn", "A", "B")], ["unknown"]),
        ([("withdrawn", "A", "A")], []),
        ([("withdrawn", "C")], ["still-there"]),
    ],
)
def test_codes_may_change_more_than_once_but_not_in_a_circle(entries: list[tuple[str, ...]], wanted: list[str]) -> None:
    made = [
        decided(kind, about[0], successor="".join(about[1:])) if kind == "withdrawn" else decided(kind, *about)
        for kind, *about in entries
    ]
    found = [problem.rule.removeprefix("decisions/") for problem in withdrawals.check(made, {"C"}, lists=False)]
    assert found == wanted


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
