"""What a release changed, as pages and for machines; what it withdrew, as 410; a new code, as a redirect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import chains
import pytest
from chains import CHANGES, COMES, GOES, OLD_CODE, STAYS, Chain
from flask.testing import FlaskClient

from publisher import changes, manifest, release
from publisher.web import diff as room
from publisher.web.app import create_app


@pytest.fixture
def client(chain: Chain) -> Iterator[FlaskClient]:
    with create_app(chain.settings, chain.releases, None).test_client() as found:
        yield found


def browser(language: str = "en") -> dict[str, str]:
    return {"Accept": "text/html", "Accept-Language": language}


class _Tags(HTMLParser):
    """Counts what is opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "link", "wbr", "br", "input", "img", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ("Mitä muuttui", "uusia 1, muuttuneita 1, poistettuja 1", "Lukumäärä", "Ennen")),
        ("sv", ("Vad som ändrades", "nya 1, ändrade 1, återkallade 1", "Före")),
        ("en", ("What changed", "1 added, 1 changed, 1 withdrawn", "Before")),
    ],
)
def test_the_page_says_what_changed_in_the_readers_language(
    client: FlaskClient, chain: Chain, language: str, words: tuple[str, ...]
) -> None:
    answer = client.get(f"/releases/{chain.second.id}/diff", headers=browser(language))
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    page = answer.get_data(as_text=True)
    for word in words:
        assert word in page
    assert f"/doc/project/{COMES}" in page
    assert "<del><span>25</span></del>" in page
    assert "<ins><span>26</span></ins>" in page
    assert STAYS not in page
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []


def test_machines_get_every_form_by_accept_and_by_suffix(client: FlaskClient, chain: Chain) -> None:
    stem = f"/releases/{chain.second.id}/diff"
    for accept, suffix, form in (
        ("application/json", ".json", "application/json"),
        ("text/plain", ".txt", "text/plain"),
        ("application/rdf-patch", ".rdfp", "application/rdf-patch"),
    ):
        by_accept, by_suffix = client.get(stem, headers={"Accept": accept}), client.get(stem + suffix)
        assert by_accept.status_code == by_suffix.status_code == 200
        assert by_accept.mimetype == by_suffix.mimetype == form
        assert by_accept.get_data() == by_suffix.get_data()
        assert "Accept" in by_accept.headers["Vary"]
        assert client.head(stem + suffix).status_code == 200
        tag = by_suffix.headers["ETag"]
        assert client.get(stem + suffix, headers={"If-None-Match": tag}).status_code == 304
    document = json.loads(client.get(f"{stem}.json").get_data())
    assert [entry["iri"] for entry in document["changes"]] == [c.iri for c in changes.read(chain.second.path)]
    assert client.get(f"{stem}.txt").get_data(as_text=True).startswith(f"{chain.first.id} -> {chain.second.id}\n")
    assert client.get(stem, headers={"Accept": "image/png"}).status_code == 406
    for missing in (f"{stem}.ttl", f"{stem}.nonsense", "/releases/20260101T000000Z-00000000/diff", "/releases/x/diff"):
        assert client.get(missing).status_code == 404


def test_the_first_release_has_nothing_to_compare_with(client: FlaskClient, chain: Chain) -> None:
    stem = f"/releases/{chain.first.id}/diff"
    assert "There is no comparison" in client.get(stem, headers=browser()).get_data(as_text=True)
    document = json.loads(client.get(f"{stem}.json").get_data())
    assert (document["previous"], document["changes"]) == ("", [])
    assert client.get(f"{stem}.rdfp").status_code == 404


def test_an_account_that_had_to_be_forgotten_is_not_told(tmp_path: Path) -> None:
    own = chains.make(tmp_path)
    client = create_app(own.settings, own.releases, None).test_client()
    own.second.file(manifest.PATCH).unlink()
    stem = f"/releases/{own.second.id}/diff"
    assert json.loads(client.get(f"{stem}.json").get_data())["changes"] == []
    assert client.get(f"{stem}.rdfp").status_code == 404
    assert "There is no comparison" in client.get(stem, headers=browser()).get_data(as_text=True)


def test_pages_of_a_long_account_follow_each_other(
    client: FlaskClient, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PAGE", 5)
    stem = f"/releases/{chain.second.id}/diff"
    found = [change.iri for change in changes.read(chain.second.path)]
    shown = []
    number = 1
    while True:
        page = client.get(f"{stem}?page={number}&lang=en", headers=browser()).get_data(as_text=True)
        shown += [iri for iri in found if f'aria-label="{iri.rpartition("/id/")[2].partition("/")[2]}"' in page]
        assert page.count("<section") <= 5
        if 'rel="next"' not in page:
            break
        number += 1
    assert number == -(-len(found) // 5)
    assert len(shown) >= len(found)
    for bad in ("0", "-1", "x", "1e9", "99999", "²", ""):
        assert client.get(f"{stem}?page={bad}", headers=browser()).status_code == 400


def test_what_was_withdrawn_is_gone_and_says_why(client: FlaskClient, chain: Chain) -> None:
    for path in (f"/id/project/{GOES}", f"/doc/project/{GOES}", f"/doc/project/{GOES}.ttl"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
        problem = json.loads(answer.get_data())
        assert problem["withdrawn"] == chain.moments[1]
        assert problem["release"] == chain.second.id
        assert problem["reason"] == {"fi": "Tuki perittiin takaisin", "en": "The grant was recovered"}
        assert problem["successor"] == f"https://example.org/p/id/project/{COMES}"
    page = client.get(f"/id/project/{GOES}", headers=browser())
    text = page.get_data(as_text=True)
    assert (page.status_code, page.mimetype) == (410, "text/html")
    assert "The grant was recovered" in text
    assert f"/doc/project/{COMES}" in text
    assert f'href="/changes/{chain.second.id}"' in text
    assert "Tuki perittiin takaisin" in client.get(f"/doc/project/{GOES}", headers=browser("fi")).get_data(as_text=True)
    # No Swedish reason was given: one that was is shown, and says which language it is in.
    assert 'lang="fi">Tuki perittiin takaisin' in client.get(f"/doc/project/{GOES}", headers=browser("sv")).get_data(
        as_text=True
    )
    part = client.get(f"/id/outcome/{GOES}~practices")
    assert part.status_code == 410
    assert json.loads(part.get_data())["reason"]["en"] == "The grant was recovered", "why its project went"
    assert client.head(f"/id/project/{GOES}").status_code == 410


def test_what_never_was_is_not_found_and_what_is_there_is_shown(client: FlaskClient) -> None:
    for path in ("/id/project/S77777", "/doc/project/S77777", "/id/outcome/S77777~x", "/id/nothing/x", "/id/project/~"):
        assert client.get(path).status_code == 404
    assert client.get(f"/id/project/{STAYS}").status_code == 303
    assert client.get(f"/doc/project/{CHANGES}").status_code == 200


def test_a_renamed_code_redirects_in_every_form_parts_too(client: FlaskClient) -> None:
    for path, to in (
        (f"/id/project/{OLD_CODE}", f"/id/project/{COMES}"),
        (f"/id/project/{OLD_CODE}?lang=sv", f"/id/project/{COMES}?lang=sv"),
        (f"/doc/project/{OLD_CODE}.ttl", f"/doc/project/{COMES}.ttl"),
        (f"/id/outcome/{OLD_CODE}~practices", f"/id/outcome/{COMES}~practices"),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (301, to)
    assert client.get(f"/id/outcome/{OLD_CODE}~nothing").status_code == 404


def test_after_a_rollback_what_came_is_gone_and_what_went_is_there(tmp_path: Path) -> None:
    own = chains.make(tmp_path)
    client = create_app(own.settings, own.releases, None).test_client()
    assert client.get(f"/id/project/{GOES}").status_code == 410
    release.make_current(own.releases, own.first.id)
    assert client.get(f"/id/project/{GOES}").status_code == 303
    assert client.get(f"/id/project/{COMES}").status_code == 410


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    own = chains.make(tmp_path)
    record = own.folder / "projects" / f"{CHANGES}.yaml"
    record.write_text(record.read_text("utf-8").replace("Käytännöt", "<script>alert(1)</script>"), encoding="utf-8")
    made = own.build(reason="<img src=x onerror=alert(1)>")
    client = create_app(own.settings, own.releases, None).test_client()
    page = client.get(f"/releases/{made.id}/diff", headers=browser()).get_data(as_text=True)
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
