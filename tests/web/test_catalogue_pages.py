"""`/catalog`, `/.well-known/void` and the dataset at `/`, on the shipped portfolio and on many releases."""

from __future__ import annotations

import dataclasses
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from chains import Chain
from dcat_shapes import paths, results
from flask import Flask
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, SH, VOID, XSD, Literal, URIRef
from rdflib.compare import isomorphic

from publisher import formats, release
from publisher.catalogue import describe
from publisher.catalogue.describe import PAGE_SIZE, adms, hydra
from publisher.config import Settings
from publisher.history import ROLLBACK, open_history
from publisher.manifest import Release
from publisher.namespaces import sd
from publisher.web import catalogue, composed
from publisher.web.app import create_app

FORMS = {".ttl": "turtle", ".nt": "nt", ".rdf": "xml", ".jsonld": "json-ld"}
BASE = "https://example.org/p"
DCAT_PREVIOUS = URIRef(f"{DCAT}previousVersion")
MANY = PAGE_SIZE + 3


@pytest.fixture
def reader(portfolio_app: Flask) -> Iterator[FlaskClient]:
    """A client of the shipped portfolio."""
    with portfolio_app.test_client() as client:
        yield client


@pytest.fixture(scope="module")
def many(osallisuus: Release, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FlaskClient]:
    """More releases than a page holds, the shipped portfolio the newest and the live one; and a client."""
    releases = tmp_path_factory.mktemp("many")
    shutil.copytree(osallisuus.path, releases / osallisuus.id, symlinks=True)
    for number in range(MANY - 1):
        made = dataclasses.replace(osallisuus.manifest, id=f"20250101T{number:06}Z-00000000")
        folder = releases / made.id
        (folder / "dumps").mkdir(parents=True)
        (folder / "manifest.json").write_text(made.to_json(), encoding="utf-8")
        (folder / "dumps" / "portfolio.ttl.gz").write_bytes(b"")
    (releases / "current").symlink_to(osallisuus.id)
    app = create_app(Settings(base_iri=osallisuus.manifest.base_iri), releases, None)
    return releases, app.test_client()


def parsed(client: FlaskClient, address: str, **named: str) -> rdflib.Graph:
    answer = client.get(address, **named)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return rdflib.Graph().parse(data=answer.data, format="turtle")


def dumps(release: Release) -> set[str]:
    """Return the names of a release's dumps; what describes the columns of one is none itself."""
    found = {path.removeprefix("dumps/") for path in release.manifest.files if path.startswith("dumps/")}
    return {name for name in found if not name.endswith("-metadata.json")}


def datasets(found: rdflib.Graph) -> set[str]:
    return {str(s) for s in found.subjects(RDF.type, DCAT.Dataset)}


# --- one release


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own, on reading JSON-LD
@pytest.mark.parametrize("suffix", FORMS)
def test_the_catalogue_says_what_the_release_says(reader: FlaskClient, osallisuus: Release, suffix: str) -> None:
    answer = reader.get(f"/catalog{suffix}", base_url=osallisuus.manifest.base_iri)
    assert answer.status_code == 200
    found = rdflib.Graph().parse(data=answer.data, format=FORMS[suffix])
    assert isomorphic(found, rdflib.Graph().parse(osallisuus.file("catalogue.ttl")))
    # Each dump of the latest dataset and of the release, and the endpoint.
    assert len(set(found.subjects(RDF.type, DCAT.Distribution))) == 2 * len(dumps(osallisuus)) + 1


def test_a_harvester_gets_turtle_and_a_browser_the_page(reader: FlaskClient, osallisuus: Release) -> None:
    assert reader.get("/catalog").mimetype == "text/turtle"
    page = reader.get("/catalog?lang=fi", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.mimetype == "text/html"
    text = page.get_data(as_text=True)
    assert f"Osallisuus: julkaisu {osallisuus.id}" in text
    assert f"/releases/{osallisuus.id}/dumps/portfolio.ttl.gz" in text
    assert reader.get("/catalog.html").mimetype == "text/html"


def test_every_address_answers_head_where_the_server_is(reader: FlaskClient, osallisuus: Release) -> None:
    found = parsed(reader, "/catalog")
    wanted = {str(o) for p in (DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage) for o in found.objects(None, p)}
    wanted |= {str(o) for o in found.objects(None, DCAT.endpointURL)}
    assert len(wanted) == 2 * len(dumps(osallisuus)) + 3  # home, the releases, the endpoint
    for address in wanted:
        assert address.startswith("http://localhost/")
        with reader.head(address.removeprefix("http://localhost")) as answer:
            assert answer.status_code == 200


def test_the_same_bytes_while_nothing_changed(reader: FlaskClient) -> None:
    first, again = reader.get("/catalog.ttl"), reader.get("/catalog.ttl")
    assert first.data == again.data
    assert first.headers["ETag"] == again.headers["ETag"]
    assert reader.get("/catalog.ttl", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    elsewhere = reader.get("/catalog.ttl", base_url="https://data.example.org/p")
    assert elsewhere.headers["ETag"] != first.headers["ETag"]
    assert b"https://data.example.org/p/dumps/portfolio.ttl.gz" in elsewhere.data


def test_what_the_catalogue_names_leads_to_it(reader: FlaskClient, osallisuus: Release) -> None:
    for iri in datasets(parsed(reader, "/catalog")):
        path = iri.removeprefix(osallisuus.manifest.base_iri)
        assert reader.get(path).headers["Location"] == path.replace("/id/", "/doc/")
        assert reader.get(path.replace("/id/", "/doc/") + ".ttl").headers["Location"] == "/catalog.ttl"
    assert reader.get("/id/dataset/release~20200101T000000Z-00000000").status_code == 404
    assert reader.get("/doc/dataset/portfolio~class~pf-Project").headers["Location"] == "/.well-known/void"


@pytest.mark.parametrize("page", ["0", "2", "-1", "1e1", "1e9", "x", "\u0662", "9" * 40, "", "1\x00", "+1", "1.0"])
def test_there_is_no_other_page(reader: FlaskClient, page: str) -> None:
    assert reader.get("/catalog", query_string={"page": page}).status_code in (400, 404)


@pytest.mark.parametrize("query", ["page=1&page=1", "page=1&page=2", "page=x&page=1"])
def test_one_page_at_a_time(reader: FlaskClient, query: str) -> None:
    answer = reader.get(f"/catalog?{query}")
    assert answer.status_code == 400
    assert "one page" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200), ("", 200), ("text/turtle;q=0", 406), ("x", 200), (",,,", 200), ("*", 200), ("text/*;q=1e9", 200),
        ("text/turtle;q=-1", 406), ("a/b," * 4000 + "text/turtle", 200), ("text/turtle\u00e4", 200),
        ('application/rdf+xml;profile="a,b;c\\""', 200), ("application/pdf, image/*", 406),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void"])
def test_whatever_is_accepted_there_is_an_answer(reader: FlaskClient, path: str, accept: str, status: int) -> None:
    assert reader.get(path, headers={"Accept": accept}).status_code == status


@pytest.mark.parametrize(
    "host",
    [
        "a b",
        "<script>",
        'x"y',
        "x>y",
        "a\\b",
        "::::",
        "[::1",
        "a" * 300,
        "\u00e4",
        "a/b",
        "a@b",
        "a?b",
        "a#b",
        "%00",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void", "/robots.txt", "/sitemap.xml", "/catalog.html", "/"])
def test_a_host_that_is_none_stands_in_no_document(reader: FlaskClient, path: str, host: str) -> None:
    answer = reader.get(path, environ_overrides={"HTTP_HOST": host})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert b"<script>" not in answer.data
        if path == "/catalog":
            rdflib.Graph().parse(data=answer.data, format="turtle")


@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void"])
def test_addresses_are_those_the_public_uses(osallisuus: Release, path: str) -> None:
    settings = Settings(base_iri=osallisuus.manifest.base_iri, public_url="https://data.example.org/osallisuus/")
    client = create_app(settings, osallisuus.path.parent, None).test_client()
    elsewhere = {"HTTP_HOST": "10.0.0.1:8000", "SCRIPT_NAME": "/inner"}
    found = rdflib.Graph().parse(data=client.get(path, environ_overrides=elsewhere).data, format="turtle")
    told = {str(node) for triple in found for node in triple}
    assert "https://data.example.org/osallisuus/sparql" in told
    assert "https://data.example.org/osallisuus/dumps/portfolio.ttl.gz" in told
    assert not [node for node in told if "10.0.0.1" in node or "/inner" in node or "//sparql" in node]


# --- composed once


def test_a_page_is_composed_once_as_long_as_nothing_changes(
    osallisuus: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    genuine = describe.catalogue

    def counted(*args: Any, **named: Any) -> list[str]:
        made.append(named["base"])
        return genuine(*args, **named)

    monkeypatch.setattr(describe, "catalogue", counted)
    client = create_app(Settings(base_iri=osallisuus.manifest.base_iri), osallisuus.path.parent, None).test_client()
    for path in ("/catalog", "/catalog.rdf", "/catalog.html", "/catalog", "/doc/dataset/portfolio", "/id/dataset/none"):
        assert client.get(path).status_code in (200, 303, 404)
    assert client.get("/", headers={"Accept": "text/turtle"}).status_code == 200
    assert made == ["http://localhost"]
    client.get("/catalog", base_url="https://data.example.org/p")
    assert made == ["http://localhost", "https://data.example.org/p"]


def test_what_is_composed_is_right_after_each_change(chain: Chain, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    releases.mkdir()
    client = create_app(chain.settings, releases, None).test_client()
    tags: list[str] = []

    def go_live(release: Release) -> None:
        (releases / "new").symlink_to(release.id)
        (releases / "new").rename(releases / "current")

    def answers() -> set[str]:
        """What is served is what a server that just started serves; as releases that it tells of."""
        fresh = create_app(chain.settings, releases, None).test_client()
        for path in ("/catalog.ttl", "/.well-known/void"):
            for _ in range(2):
                here, there = client.get(path), fresh.get(path)
                assert (here.data, here.headers["ETag"]) == (there.data, there.headers["ETag"]), path
        headers = {"Accept": "text/turtle"}
        assert client.get("/", headers=headers).data == fresh.get("/", headers=headers).data
        answer = client.get("/catalog")
        tags.append(answer.headers["ETag"])
        assert client.get("/catalog", headers={"If-None-Match": tags[-1]}).status_code == 304
        found = rdflib.Graph().parse(data=answer.data, format="turtle")
        return {iri.rpartition("~")[2] for iri in datasets(found) if "release~" in iri}

    first, second = chain.first, chain.second
    shutil.copytree(first.path, releases / first.id)
    go_live(first)
    assert answers() == {first.id}
    shutil.copytree(second.path, releases / second.id)  # built, not yet live
    go_live(second)
    assert answers() == {first.id, second.id}
    go_live(first)  # rolled back
    assert answers() == {first.id, second.id}
    go_live(second)
    assert answers() == {first.id, second.id}
    (releases / first.id / "dumps" / "portfolio.nt.gz").unlink()  # one file of an old release
    assert answers() == {first.id, second.id}
    assert f"{first.id}/dumps/portfolio.nt.gz" not in client.get("/catalog").get_data(as_text=True)
    shutil.rmtree(releases / first.id / "dumps")
    assert answers() == {second.id}
    one, two, rolled, forward, less, gone = tags
    assert len({one, two, rolled, less, gone}) == 5
    assert forward == two


def test_what_is_kept_has_a_bound() -> None:
    kept = composed.Composed(most=1000)
    made = [kept.get(number, lambda: b"x" * 400) for number in range(50)]
    assert kept.weight <= 1000
    assert all(made)
    assert kept.get(49, lambda: b"") == b"x" * 400, "the last one is kept"
    assert kept.get(0, lambda: b"new") == b"new", "the first one is not"
    assert kept.get("large", lambda: b"x" * 5000) == b"x" * 5000, "what is larger than the bound is given, not kept"
    assert kept.weight <= 1000
    assert kept.get("large", lambda: b"") == b""


def test_two_who_ask_for_the_same_at_once_have_it_made_once() -> None:
    kept, made, both = composed.Composed(), [], threading.Barrier(2)

    def make() -> bytes:
        made.append(1)
        time.sleep(0.05)
        return b"x"

    def ask() -> None:
        both.wait()
        assert kept.get("page", make) == b"x"

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(made) == 1


def test_hosts_without_end_take_no_memory_without_end(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = composed.Composed(most=500_000)
    monkeypatch.setitem(reader.application.extensions, "composed", kept)
    for number in range(12):
        address = f"https://h{number}.example.org"
        assert f"{address}/dumps/portfolio.ttl.gz" in reader.get("/catalog", base_url=address).get_data(as_text=True)
    assert 0 < kept.weight <= kept.most


# --- VoID


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own, on reading JSON-LD
@pytest.mark.parametrize(
    ("accept", "name"),
    [(None, "turtle"), ("text/html, */*;q=0.1", "turtle"), ("application/n-triples", "nt"),
     ("application/rdf+xml", "xml"), ("application/ld+json", "json-ld")],
)  # fmt: skip
def test_void_in_every_form(reader: FlaskClient, osallisuus: Release, accept: str | None, name: str) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = reader.get("/.well-known/void", headers=headers, base_url=osallisuus.manifest.base_iri)
    assert answer.status_code == 200
    found = rdflib.Graph().parse(data=answer.data, format=name)
    assert isomorphic(found, rdflib.Graph().parse(osallisuus.file("void.ttl")))
    assert set(found.objects(None, VOID.dataDump))


def test_the_dataset_s_description_holds_both(reader: FlaskClient) -> None:
    answer = reader.get("/", headers={"Accept": "text/turtle"})
    found = rdflib.Graph().parse(data=answer.data, format="turtle")
    assert set(found) >= set(parsed(reader, "/catalog")) | set(parsed(reader, "/.well-known/void"))


def test_void_and_the_service_description_agree(reader: FlaskClient, osallisuus: Release) -> None:
    service, void = parsed(reader, "/sparql"), parsed(reader, "/.well-known/void")
    dataset = URIRef(f"{osallisuus.manifest.base_iri}/id/dataset/portfolio")
    assert set(service.objects(None, URIRef(sd.endpoint))) == set(void.objects(dataset, VOID.sparqlEndpoint))
    graphs = [o for s in service.subjects(RDF.type, URIRef(sd.Graph)) for o in service.objects(s, VOID.triples)]
    assert void.value(dataset, VOID.triples) == Literal(sum(int(count) for count in graphs))
    assert set(void.objects(dataset, VOID.sparqlEndpoint)) == {URIRef("http://localhost/sparql")}
    rdf = {name for name in dumps(osallisuus) if formats.by_suffix(name)}
    assert {str(o) for o in void.objects(dataset, VOID.dataDump)} == {f"http://localhost/dumps/{name}" for name in rdf}
    told = {str(o) for o in parsed(reader, "/catalog").objects(None, DCAT.downloadURL) if "/releases/" not in o}
    assert told == {f"http://localhost/dumps/{name}" for name in dumps(osallisuus)}


# --- two releases: one project added, one changed, one withdrawn


def served(releases: Path, chain: Chain, live: Release) -> rdflib.Graph:
    """Return the catalogue that a server of the chain's releases gives when one of them is live."""
    releases.mkdir()
    for made in (chain.first, chain.second):
        (releases / made.id).symlink_to(made.path)
    (releases / "current").symlink_to(live.id)
    return parsed(create_app(chain.settings, releases, None).test_client(), "/catalog")


def test_the_catalogue_tells_what_the_second_release_changed(chain: Chain, tmp_path: Path) -> None:
    found = served(tmp_path / "r", chain, chain.second)
    first, second = (URIRef(f"{BASE}/id/dataset/release~{made.id}") for made in (chain.first, chain.second))
    assert datasets(found) == {f"{BASE}/id/dataset/portfolio", str(first), str(second)}
    notes = {str(o) for o in found.objects(second, URIRef(adms.versionNotes))}
    assert f"Compared with release {chain.first.id}, projects added: 1, changed: 1, withdrawn: 1." in notes
    assert found.value(first, URIRef(adms.versionNotes)) is None
    assert found.value(second, DCAT_PREVIOUS) == first
    (series,) = found.objects(second, URIRef(f"{DCAT}inSeries"))
    assert series == URIRef(f"{BASE}/id/dataset/series~measure")
    assert Literal("Measure: releases", lang="en") in set(found.objects(series, DCTERMS.title))
    issued = found.value(URIRef(f"{BASE}/id/dataset/portfolio"), DCTERMS.issued)
    assert str(issued) == str(found.value(first, DCTERMS.issued))


def test_the_release_holds_the_catalogue_as_it_was_then(chain: Chain, tmp_path: Path) -> None:
    for made, count in ((chain.first, 2), (chain.second, 3)):
        assert len(datasets(rdflib.Graph().parse(made.file("catalogue.ttl")))) == count
    answer = served(tmp_path / "r", chain, chain.second)
    written = rdflib.Graph().parse(chain.second.file("catalogue.ttl"))
    here = {str(o).replace("http://localhost", BASE) for o in answer.objects()}
    assert here == {str(o) for o in written.objects()}


def test_after_a_rollback_both_are_there_and_the_first_is_current(chain: Chain, tmp_path: Path) -> None:
    found = served(tmp_path / "r", chain, chain.first)
    latest = URIRef(f"{BASE}/id/dataset/portfolio")
    assert len(datasets(found)) == 3
    assert found.value(latest, URIRef(f"{DCAT}version")) == Literal(chain.first.id)
    current = found.value(latest, URIRef(f"{DCAT}hasCurrentVersion"))
    assert current == URIRef(f"{BASE}/id/dataset/release~{chain.first.id}")


@pytest.fixture(scope="module")
def rolled_back(chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> tuple[FlaskClient, str]:
    """A client of the chain's releases after a rollback to the first, and when that was."""
    releases = tmp_path_factory.mktemp("rolled") / "releases"
    shutil.copytree(chain.releases, releases, symlinks=True)
    release.make_current(releases, chain.first.id)
    with open_history(releases, chain.first) as found:
        event = found.last
    assert (event.action, event.at > chain.second.manifest.created) == (ROLLBACK, True)
    return create_app(chain.settings, releases, None).test_client(), event.at


def test_a_rollback_changes_what_the_latest_dataset_is_and_no_release(
    rolled_back: tuple[FlaskClient, str], chain: Chain
) -> None:
    client, at = rolled_back
    found = parsed(client, "/catalog")
    changed = {str(s).removeprefix(f"{BASE}/id/dataset/") for s in found.subjects(DCTERMS.modified, moment(at))}
    assert {"catalogue", "portfolio", "series~measure", "portfolio~endpoint", "portfolio~portfolio-csv"} <= changed
    assert not [name for name in changed if name.startswith("release~")]
    for made in (chain.first, chain.second):
        told = found.value(URIRef(f"{BASE}/id/dataset/release~{made.id}"), DCTERMS.modified)
        assert told == moment(made.manifest.created)


def moment(at: str) -> Literal:
    return Literal(at, datatype=XSD.dateTime)


@pytest.mark.parametrize("path", ["/", "/.well-known/void"])
def test_after_a_rollback_the_dataset_has_one_date_of_change(rolled_back: tuple[FlaskClient, str], path: str) -> None:
    client, at = rolled_back
    found = parsed(client, path, headers={"Accept": "text/turtle"})  # type: ignore[arg-type]
    assert list(found.objects(URIRef(f"{BASE}/id/dataset/portfolio"), DCTERMS.modified)) == [moment(at)]


def test_search_engines_are_told_of_a_rollback(rolled_back: tuple[FlaskClient, str]) -> None:
    client, at = rolled_back
    for path in ("/", "/dumps/", "/catalog.html"):
        page = client.get(path, headers={"Accept": "text/html"})
        assert f'"dateModified":"{at}"' in page.get_data(as_text=True)


def test_a_history_that_cannot_be_read_hides_no_catalogue(chain: Chain, tmp_path: Path) -> None:
    shutil.copytree(chain.releases, tmp_path / "releases", symlinks=True)
    (tmp_path / "releases" / "history.sqlite").write_bytes(b"no history")
    client = create_app(chain.settings, tmp_path / "releases", None).test_client()
    assert len(datasets(parsed(client, "/catalog"))) == 3
    assert client.get("/", headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("which", ["shipped", "first", "second"])
def test_dcat_ap_has_nothing_to_object_to_what_is_served(
    reader: FlaskClient, chain: Chain, tmp_path: Path, which: str
) -> None:
    if which == "shipped":
        found = parsed(reader, "/catalog")
        lacking = {(path, node) for _, path, node in results(found, "shapes_recommended.ttl")}
        publisher = next(str(s) for s in found.subjects(RDF.type, FOAF.Agent) if str(s).endswith("publisher"))
        # Explained in tests/test_catalogue.py: outlines of the EU's own places, and what nobody has set.
        assert {path for path, node in lacking if node != publisher} == {f"{DCAT}bbox", f"{DCAT}centroid"}
        assert {path for path, node in lacking if node == publisher} == {str(DCTERMS.type)}
    else:
        found = served(tmp_path / "r", chain, chain.first if which == "first" else chain.second)
    rows = results(found, "shapes.ttl", "range.ttl", "deprecateduris.ttl", "mdr-vocabularies.shape.ttl")
    assert paths(rows, SH.Violation) == {"http://spdx.org/rdf/terms#algorithm"}  # the codelists' false positive


# --- many releases


def test_pages_are_followed_to_the_end(many: tuple[Path, FlaskClient], osallisuus: Release) -> None:
    _, client = many
    address, seen, found = "/catalog.ttl", [], set()
    while address:
        seen.append(address)
        page = parsed(client, address)
        assert not found & datasets(page)
        found |= datasets(page)
        (node,) = page.subjects(RDF.type, URIRef(hydra.PagedCollection))
        following = page.value(node, URIRef(hydra.next))
        address = str(following).removeprefix("http://localhost") if following else ""
    assert seen == ["/catalog.ttl", "/catalog.ttl?page=2"]
    assert len(found) == MANY + 1
    assert f"{osallisuus.manifest.base_iri}/id/dataset/portfolio" in found


def test_all_pages_together_lead_to_nothing_that_none_describes(many: tuple[Path, FlaskClient]) -> None:
    _, client = many
    pages = [parsed(client, address) for address in ("/catalog.ttl", "/catalog.ttl?page=2")]
    for page in pages:  # and each page tells of its own releases
        assert set(page.objects(None, URIRef(f"{DCAT}hasVersion"))) == {
            node for node in page.subjects(RDF.type, DCAT.Dataset) if "release~" in node
        }
    whole = pages[0] + pages[1]
    assert len(set(whole.objects(None, URIRef(f"{DCAT}hasVersion")))) == MANY
    minted = {o for o in whole.objects() if isinstance(o, URIRef) and "/id/dataset/" in o}
    assert minted - set(whole.subjects()) == set()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("manifest.json", '{"layout": 999}'),
        ("catalogue.json", '{"period": {"of a later version": 1}}'),
        ("catalogue.json", "[]"),
    ],
)
def test_a_release_that_cannot_be_read_is_led_to_by_nothing(chain: Chain, tmp_path: Path, name: str, text: str) -> None:
    shutil.copytree(chain.releases, tmp_path / "releases", symlinks=True)
    (tmp_path / "releases" / chain.first.id / name).write_text(text, encoding="utf-8")
    client = create_app(chain.settings, tmp_path / "releases", None).test_client()
    assert client.get("/", headers={"Accept": "text/html"}).status_code == 200
    text = client.get("/catalog").get_data(as_text=True).replace(f"Compared with release {chain.first.id}", "")
    assert len(datasets(rdflib.Graph().parse(data=text, format="turtle"))) == 2
    assert f"release~{chain.first.id}" not in text


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_page_s_entries_are_made_once_a_language(
    many: tuple[Path, FlaskClient], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, client = many
    made: list[str] = []
    genuine = catalogue._entries
    monkeypatch.setattr(catalogue, "_entries", lambda number: made.append(language) or genuine(number))
    monkeypatch.setitem(client.application.extensions, "composed", composed.Composed())
    pages = {client.get(f"/catalog.html?lang={language}").data for _ in range(3)}
    assert (len(pages), len(made)) == (1, 1)
    below = client.get(f"/catalog.html?lang={language}", environ_overrides={"SCRIPT_NAME": "/p"})
    assert (b'href="/p/' in below.data, len(made)) == (True, 2)
    assert client.get(f"/catalog.html?lang={language}").data in pages
    assert len(made) == 2
    negotiated = {"Accept-Language": language}  # its links name no language
    after = client.get("/catalog.html", headers=negotiated).data
    client.application.extensions["composed"] = composed.Composed()
    assert client.get("/catalog.html", headers=negotiated).data == after


def test_a_dataset_on_a_later_page_leads_there(many: tuple[Path, FlaskClient]) -> None:
    _, client = many
    where = client.get("/doc/dataset/release~20250101T000000Z-00000000.jsonld").headers["Location"]
    assert where == "/catalog.jsonld?page=2"
    text = client.get("/catalog.html?page=2&lang=sv").get_data(as_text=True)
    assert "utgåva 20250101T000000Z-00000000" in text
    assert 'href="/catalog?lang=sv&amp;page=1"' in text


def test_a_release_whose_dumps_were_removed_is_no_dataset_any_more(many: tuple[Path, FlaskClient]) -> None:
    releases, client = many
    gone = "20250101T000050Z-00000000"
    before = client.get("/catalog")
    shutil.rmtree(releases / gone / "dumps")
    after = client.get("/catalog")
    assert gone.encode() in before.data
    assert gone.encode() not in after.data
    assert before.headers["ETag"] != after.headers["ETag"]
    assert client.get(f"/id/dataset/release~{gone}").status_code == 404
