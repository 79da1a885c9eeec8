"""Sequences of releases beyond one after the other, and what breaks between two: every channel goes on telling it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import chains
import portfolios
import pytest
from chains import CHANGES, COMES, GOES, OLD_CODE, STAYS, Chain
from flask.testing import FlaskClient

from publisher import cli, manifest, release
from publisher.config import Settings
from publisher.history import FILE, open_history
from publisher.web.app import create_app

OAI = "{http://www.openarchives.org/OAI/2.0/}"
ATOM = "{http://www.w3.org/2005/Atom}"
AGAIN = "S00005"
HTML = {"Accept": "text/html"}
EXTRA = "  - { key: extra, name: { fi: Ylimääräinen } }\n"
RENAMED_AGAIN = f"""\
  - kind: renamed
    about: [{COMES}, {AGAIN}]
    reason: {{ fi: Taas uusi koodi }}
    decided: 2026-11-25
    decided_by: Managing authority
"""


def reader(made: Chain, settings: Settings | None = None) -> FlaskClient:
    return create_app(settings or made.settings, made.releases, None).test_client()


def events(made: Chain) -> list[str]:
    live = manifest.current(made.releases)
    assert live is not None
    with open_history(made.releases, live) as found:
        return [event.name for event in found.events()]


def members(client: FlaskClient, event: str) -> dict[str, str]:
    """Return what the change feed says of each thing: its type and key, and what happened."""
    text = client.get(f"/changes/{event}.nq").text
    kinds = dict(re.findall(r"<[^>]*#([^>/]*/[^>]*)> <[^>]*#type> <[^>]*activitystreams#(\w+)>", text))
    assert len(kinds) == text.count("tree#member>")
    return kinds


def headers(client: FlaskClient, query: str = "") -> dict[str, bool]:
    """Return whether each record is deleted, by type and key; the datasets left out."""
    root = ElementTree.fromstring(client.get(f"/oai?verb=ListIdentifiers&metadataPrefix=oai_dc{query}").data)
    found = {
        "/".join((h.findtext(f"{OAI}identifier") or "").split("/")[-2:]): h.get("status") == "deleted"
        for h in root.iter(f"{OAI}header")
    }
    return {name: deleted for name, deleted in found.items() if not name.startswith("dataset/")}


def stamp(client: FlaskClient, name: str) -> str:
    asked = {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": f"https://example.org/p/id/{name}"}
    root = ElementTree.fromstring(client.get("/oai", query_string=asked).data)
    return root.findtext(f".//{OAI}datestamp") or ""


def sound(client: FlaskClient, made: Chain) -> None:
    """See that no page of any event or release fails, whatever became of it."""
    for name in events(made):
        for path in (f"/changes/{name}", f"/changes/{name}.ttl", f"/changes/{name}/project/S00000.nq"):
            assert client.get(path, headers=HTML).status_code == 200, path
        assert client.get(f"/releases/{name}/diff", headers=HTML).status_code in (200, 404)
    harvest = "/oai?verb=ListRecords&metadataPrefix="
    for path in ("/changes.nq", "/changes.atom", "/changes.html", "/sitemap.xml", f"{harvest}rdf", f"{harvest}dcat_ap"):
        assert client.get(path).status_code == 200, path


def test_what_was_withdrawn_comes_back_and_codes_change_again(own: Chain) -> None:
    projects = own.folder / "projects"
    (projects / f"{GOES}.yaml").write_text(chains.project(GOES), encoding="utf-8")
    (projects / f"{COMES}.yaml").rename(projects / f"{AGAIN}.yaml")
    path = projects / f"{AGAIN}.yaml"
    path.write_text(path.read_text("utf-8").replace(COMES, AGAIN), encoding="utf-8")
    back = chains.DECISIONS.partition("  - kind: withdrawn")[0] + "  - kind: renamed" + chains.DECISIONS.rpartition(
        "  - kind: renamed")[2] + RENAMED_AGAIN  # fmt: skip
    (own.folder / "decisions.yaml").write_text(back, encoding="utf-8")
    organisations = own.folder / "organisations.yaml"
    before = organisations.read_text("utf-8")
    organisations.write_text(before + EXTRA, encoding="utf-8")
    third, report, _ = release.build([str(own.folder)], own.settings, own.releases)
    assert not report.problems, "a new code that has a new code itself is in order"

    client = reader(own)
    assert members(client, third.id) == {
        "organisation/extra": "Create", f"project/{GOES}": "Create", f"project/{COMES}": "Delete",
        f"project/{AGAIN}": "Create",
    }  # fmt: skip
    assert members(client, own.second.id)[f"project/{GOES}"] == "Delete", "what was told stays told"
    assert client.get(f"/id/project/{GOES}").status_code == 303
    for old, part in ((COMES, "project"), (OLD_CODE, "project"), (OLD_CODE, "outcome")):
        rest = "~practices" if part == "outcome" else ""
        answer = client.get(f"/id/{part}/{old}{rest}")
        assert (answer.status_code, answer.location) == (301, f"/id/{part}/{AGAIN}{rest}"), "to the last, in one step"
        assert answer.headers["Cache-Control"] == "no-cache", "a decision can be taken back"
    at = stamp(client, f"project/{GOES}")
    assert at == stamp(client, f"project/{COMES}") > own.moments[1]
    assert headers(client, f"&from={at}") == {
        "organisation/extra": False, f"project/{GOES}": False, f"project/{COMES}": True, f"project/{AGAIN}": False,
    }  # fmt: skip
    sitemap = client.get("/sitemap.xml").text
    assert f"/doc/project/{GOES}<" in sitemap
    assert f"/doc/project/{COMES}<" not in sitemap

    # Gone again, with an organisation, and a reason that would break out of a page or a header.
    (projects / f"{GOES}.yaml").unlink()
    organisations.write_text(before, encoding="utf-8")
    hostile = "</div><script>x</script>\r\nX-Evil: \x85 1"
    fourth = own.build(reason=hostile)
    client = reader(own)
    told = {f"project/{GOES}": "Delete", "organisation/extra": "Delete"}
    assert members(client, fourth.id) == told
    assert dict.fromkeys(told, True).items() <= headers(client).items()
    for name in (f"project/{GOES}", "organisation/extra", f"outcome/{GOES}~practices"):
        answer = client.get(f"/id/{name}")
        assert (answer.status_code, json.loads(answer.data)["reason"]) == (410, {"fi": hostile})
        assert "X-Evil" not in answer.headers
        page = client.get(f"/id/{name}", headers=HTML).text
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page
        assert client.get(re.findall(r'href="(/changes/[^"]*)"', page)[0], headers=HTML).status_code == 200
    ElementTree.fromstring(client.get("/changes.atom").data)

    # And back.
    organisations.write_text(before + EXTRA, encoding="utf-8")
    fifth = own.build()
    client = reader(own)
    assert members(client, fifth.id) == {"organisation/extra": "Create"}
    assert client.get("/id/organisation/extra").status_code == 303
    assert headers(client)["organisation/extra"] is False
    sound(client, own)


def test_what_the_410_page_links_to_is_there_after_a_rollback(own: Chain) -> None:
    event = release.make_current(own.releases, own.first.id)
    assert event is not None
    client = reader(own)
    page = client.get(f"/id/project/{COMES}", headers=HTML)
    assert page.status_code == 410
    links = [path for path in re.findall(r'href="(/[^"]*)"', page.text) if event.name in path]
    assert links
    assert all(client.get(path, headers=HTML).status_code == 200 for path in links)


def test_a_rollback_goes_back_to_what_was_live_and_never_to_what_was_rolled_back(
    own: Chain, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--releases", str(own.releases), "--config", str(own.folder / "publisher.toml")]
    assert cli.main(["rollback", *where]) == 0
    path = own.folder / "projects" / f"{CHANGES}.yaml"
    path.write_text(path.read_text("utf-8").replace("26", "27"), encoding="utf-8")
    third = own.build()
    assert third.manifest.changes["previous"] == own.first.id
    assert cli.main(["rollback", *where]) == 0
    assert manifest.current_id(own.releases) == own.first.id, "the second had been rolled back"
    assert cli.main(["rollback", *where]) == 2
    assert "there is no release before" in capsys.readouterr().err
    # Where the one before is not kept, the one before that; where the live one is broken, the last by date.
    assert cli.main(["rollback", *where, third.id]) == 0
    shutil.rmtree(own.first.path)
    assert cli.main(["rollback", *where]) == 2
    (third.path / manifest.NAME).write_text("{", encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["releases", *where]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed[0].startswith(f"* {third.id}  cannot be read")
    assert f"  {own.second.id} " in listed[1]
    assert cli.main(["releases", *where, "--json"]) == 0
    assert [entry.get("broken", False) for entry in json.loads(capsys.readouterr().out)] == [True, False]
    assert cli.main(["rollback", *where]) == 0
    assert manifest.current_id(own.releases) == own.second.id
    sound(reader(own), own)


def test_a_live_release_that_cannot_be_read_hides_nothing(own: Chain) -> None:
    # The next is compared with the first; what the second told is told on from.
    (own.second.path / manifest.NAME).write_text("{", encoding="utf-8")
    (own.folder / "projects" / f"{COMES}.yaml").unlink()
    (own.folder / "decisions.yaml").unlink()
    third = own.build()
    assert third.manifest.changes["previous"] == own.first.id
    client = reader(own)
    assert events(own) == [own.first.id, own.second.id, third.id]
    assert members(client, third.id) == {f"project/{CHANGES}": "Update", f"project/{COMES}": "Delete"}
    assert headers(client)[f"project/{COMES}"] is True
    assert stamp(client, f"project/{GOES}") == own.moments[1], "it went then, not now"
    assert client.get(f"/id/project/{COMES}").status_code == client.get(f"/id/project/{GOES}").status_code == 410
    sound(client, own)


@pytest.mark.slow
def test_a_thing_that_a_lost_release_brought_and_that_is_still_there_has_changed(own: Chain) -> None:
    shutil.rmtree(own.second.path)
    (own.folder / "projects" / f"{GOES}.yaml").write_text(chains.project(GOES), encoding="utf-8")
    (own.folder / "decisions.yaml").unlink()
    third = own.build()
    client = reader(own)
    assert members(client, third.id) == {
        f"project/{CHANGES}": "Update", f"project/{GOES}": "Create", f"project/{COMES}": "Update",
    }  # fmt: skip
    sound(client, own)


@pytest.mark.slow
def test_without_any_release_that_can_be_read_everything_is_told(own: Chain) -> None:
    shutil.rmtree(own.first.path)
    shutil.rmtree(own.second.path)
    (own.folder / "projects" / f"{COMES}.yaml").unlink()
    (own.folder / "decisions.yaml").unlink()
    third = own.build()
    client = reader(own)
    assert events(own) == [own.first.id, own.second.id, third.id]
    told = members(client, third.id)
    assert {name: what for name, what in told.items() if name.startswith("project/")} == {
        f"project/{STAYS}": "Create", f"project/{CHANGES}": "Update", f"project/{COMES}": "Delete",
    }  # fmt: skip
    assert "source/form" in told
    assert headers(client)[f"project/{GOES}"] is headers(client)[f"project/{COMES}"] is True
    sound(client, own)


@pytest.mark.slow
def test_another_base_of_all_iris_is_told_as_new_things_and_hides_no_withdrawal(own: Chain) -> None:
    (own.folder / "projects" / f"{CHANGES}.yaml").unlink()
    text = portfolios.FILES["publisher.toml"].replace("example.org/p", "example.org/q")
    (own.folder / "publisher.toml").write_text(text, encoding="utf-8")
    settings = portfolios.settings(own.folder)
    third = release.build([str(own.folder)], settings, own.releases)[0]
    client = reader(own, settings)
    told = members(client, third.id)
    assert {name: what for name, what in told.items() if name.startswith("project/")} == {
        f"project/{STAYS}": "Create", f"project/{COMES}": "Create", f"project/{CHANGES}": "Delete",
    }  # fmt: skip
    assert members(client, own.first.id) == {}, "a page of another base has no member of this one"
    assert client.get(f"/id/project/{STAYS}").status_code == 303
    assert client.get(f"/id/project/{CHANGES}").status_code == client.get(f"/id/project/{GOES}").status_code == 410
    assert headers(client)[f"project/{CHANGES}"] is True
    sound(client, own)


@pytest.mark.slow
def test_a_process_that_dies_before_the_link_is_renewed_has_told_nobody(
    own: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = reader(own)
    paths = ("/changes.nq", "/changes.atom", "/sitemap.xml", f"/id/project/{STAYS}")
    before = [client.get(path).data for path in paths], headers(client)

    def killed(*_: object) -> None:
        raise SystemExit(137)

    with monkeypatch.context() as patch:
        patch.setattr(release, "_link", killed)
        (own.folder / "projects" / f"{STAYS}.yaml").unlink()
        with pytest.raises(SystemExit):
            own.build()
    client = reader(own)
    for path, was in zip(paths, before[0], strict=True):
        assert client.get(path).data == was, path
    assert headers(client) == before[1]
    made = own.build()
    assert events(own) == [own.first.id, own.second.id, made.id]
    client = reader(own)
    assert members(client, made.id) == {f"project/{STAYS}": "Delete"}
    sound(client, own)


def test_an_old_release_that_was_removed_leaves_pages_that_say_what_is_known(own: Chain) -> None:
    shutil.rmtree(own.first.path)
    client = reader(own)
    page = client.get(f"/changes/{own.first.id}", headers=HTML).text
    assert f"/doc/project/{STAYS}" in page
    assert COMES not in page, "which the first release had not"
    assert CHANGES not in page, "of which nobody knows what it was"
    assert client.get(f"/releases/{own.first.id}/diff").status_code == 404
    assert GOES in client.get(f"/changes/{own.second.id}", headers=HTML).text
    sound(client, own)


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _from_the_future(path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def _garbled(path: Path) -> None:
    body = path.read_bytes()
    path.write_bytes(body[:4096] + b"\xff" * (len(body) - 4096))


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(_emptied, marks=pytest.mark.slow), _cut, _from_the_future,
        pytest.param(_garbled, marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_a_history_that_is_damaged_is_told_with_what_to_do(own: Chain, harm: Callable[[Path], None]) -> None:
    harm(own.releases / FILE)
    client = reader(own)
    for path in ("/changes", "/changes.atom", f"/changes/{own.second.id}.nq", f"/id/project/{GOES}",
                 "/oai?verb=ListRecords&metadataPrefix=oai_dc"):  # fmt: skip
        assert client.get(path).status_code == 503, path
    assert client.get(f"/doc/project/{STAYS}.ttl").status_code == 200, "what is there is shown all the same"
    (own.folder / "projects" / f"{COMES}.yaml").unlink()
    (own.folder / "decisions.yaml").unlink()
    for act in (own.build, lambda: release.make_current(own.releases, own.first.id)):
        with pytest.raises(release.ReleaseError) as failed:
            act()
        assert FILE in str(failed.value)
        assert "Put back a copy" in str(failed.value)
    assert manifest.current_id(own.releases) == own.second.id


def test_a_history_that_is_locked_is_read_all_the_same(own: Chain) -> None:
    import sqlite3

    other = sqlite3.connect(own.releases / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert reader(own).get(f"/id/project/{GOES}").status_code == 410
    other.execute("ROLLBACK")
    other.close()


def test_codes_that_lead_round_in_a_circle_redirect_nobody(own: Chain) -> None:
    import sqlite3

    connection = sqlite3.connect(own.releases / FILE)
    with connection:
        for old, new in ((GOES, "S00008"), ("S00008", GOES), (STAYS, GOES)):
            row = ("project", f"{old}>", "{}", f"https://example.org/p/id/project/{new}", 1)
            connection.execute("INSERT OR REPLACE INTO decision VALUES (?, ?, ?, ?, ?)", row)
    connection.close()
    client = reader(own)
    assert client.get(f"/id/project/{GOES}").status_code == 410
    assert client.get("/id/project/S00008").status_code == 404
    assert client.get(f"/id/project/{STAYS}").status_code == 303, "what is there is never led away from"
    assert client.get(f"/id/project/{'~'.join('a' * 1500)}").status_code == 404


# -- forms and parts


def test_a_suffix_says_the_form_whatever_is_accepted(own: Chain) -> None:
    client = reader(own)
    for path, form in (("/changes.atom", "application/atom+xml"), ("/changes.html", "text/html"),
                       (f"/changes/{own.second.id}.html", "text/html"), ("/changes.ttl", "text/turtle")):  # fmt: skip
        for accept in ("text/html", "application/atom+xml", "image/png"):
            answer = client.get(path, headers={"Accept": accept})
            assert (answer.status_code, answer.mimetype) == (200, form)


def test_the_feed_goes_on_in_parts(own: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 5005, section 3."""
    from publisher.web import change_pages

    monkeypatch.setattr(change_pages, "SHOWN_EVENTS", 1)
    client = reader(own)
    seen, path = [], "/changes.atom?lang=sv"
    while path:
        answer = client.get(path)
        feed = ElementTree.fromstring(answer.data)
        links = {link.get("rel"): link.get("href", "") for link in feed.findall(f"{ATOM}link")}
        assert links["self"] == f"http://localhost{path}"
        assert links["first"] == "http://localhost/changes.atom?lang=sv"
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        seen += [(entry.findtext(f"{ATOM}id") or "").rpartition("/")[2] for entry in feed.findall(f"{ATOM}entry")]
        path = links.get("next", "").removeprefix("http://localhost")
    assert seen == [own.second.id, own.first.id]
    assert client.get("/changes.atom?before=x").status_code == 404
    assert client.get(f"/changes.atom?before={own.first.id}").status_code == 404


def test_who_keeps_an_account_that_had_to_be_forgotten_is_told(own: Chain) -> None:
    client = reader(own)
    stem = f"/releases/{own.second.id}/diff"
    kept = {suffix: client.get(stem + suffix).headers["ETag"] for suffix in (".json", ".txt", ".html")}
    own.second.file(manifest.PATCH).unlink()
    for suffix, tag in kept.items():
        assert client.get(stem + suffix, headers={"If-None-Match": tag}).status_code == 200


def test_a_text_that_is_cut_says_so(own: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    from publisher.web import diff

    path = f"/releases/{own.second.id}/diff.txt"
    assert "X-Truncated" not in reader(own).get(path).headers
    monkeypatch.setattr(diff, "TEXT_RESOURCES", 2)
    answer = reader(own).get(path)
    assert answer.headers["X-Truncated"] == "resources; limit=2"
    assert "more resources; JSON and the RDF Patch have all" in answer.text


def test_an_account_that_cannot_be_read_is_an_error_and_no_half_answer(own: Chain) -> None:
    own.second.file(manifest.CHANGES).write_bytes(b"no gzip")
    for suffix in (".json", ".txt", ".html"):
        assert reader(own).get(f"/releases/{own.second.id}/diff{suffix}").status_code == 503
