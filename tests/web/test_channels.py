"""One project added, one changed, one withdrawn: every channel tells exactly that, and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import chains
import pyoxigraph as ox
import pytest
from chains import CHANGES, COMES, GOES, OLD_CODE, STAYS, Chain
from flask.testing import FlaskClient

from publisher import release
from publisher.namespaces import dcat, dct, rdf
from publisher.web.app import create_app

PROJECT = "https://example.org/p/id/project"
AS = "https://www.w3.org/ns/activitystreams#"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def client(chain: Chain) -> Iterator[FlaskClient]:
    with create_app(chain.settings, chain.releases, None).test_client() as found:
        yield found


def body(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def quads(client: FlaskClient, path: str) -> list[ox.Quad]:
    return list(ox.parse(body(client, path), format=ox.RdfFormat.N_QUADS))


def members(client: FlaskClient, event: str) -> dict[str, str]:
    """Return what the change feed says of each project: its key and what happened."""
    found = quads(client, f"/changes/{event}.nq")
    of = {q.subject: q.object.value for q in found if q.predicate.value == f"{dct.base}isVersionOf"}
    kinds = {
        q.subject: q.object.value for q in found if q.predicate.value == rdf.type and q.object.value.startswith(AS)
    }
    return {iri.rpartition("/")[2]: kinds[member].removeprefix(AS) for member, iri in of.items() if PROJECT in iri}


def headers(client: FlaskClient, query: str) -> dict[str, tuple[str, bool]]:
    """Return what OAI-PMH lists: datestamp and whether it is deleted, by key."""
    root = ElementTree.fromstring(body(client, f"/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set=project{query}"))
    return {
        (h.findtext(f"{OAI}identifier") or "").rpartition("/")[2]: (
            h.findtext(f"{OAI}datestamp") or "", h.get("status") == "deleted",
        )
        for h in root.iter(f"{OAI}header")
    }  # fmt: skip


def test_the_address(client: FlaskClient) -> None:
    found = {key: client.get(f"/id/project/{key}").status_code for key in (STAYS, CHANGES, GOES, COMES)}
    assert found == {STAYS: 303, CHANGES: 303, GOES: 410, COMES: 303}


def test_the_diff(client: FlaskClient, chain: Chain) -> None:
    document = json.loads(body(client, f"/releases/{chain.second.id}/diff.json"))
    found = {entry["iri"]: entry["what"] for entry in document["changes"] if entry["iri"].startswith(PROJECT)}
    # What changed of the one that changed is told of its outcome.
    assert found == {f"{PROJECT}/{GOES}": "removed", f"{PROJECT}/{COMES}": "added"}
    outcomes = {entry["iri"]: entry["what"] for entry in document["changes"] if "/outcome/" in entry["iri"]}
    assert outcomes == {
        f"https://example.org/p/id/outcome/{key}~practices": what
        for key, what in ((GOES, "removed"), (CHANGES, "changed"), (COMES, "added"))
    }


def test_oai_pmh(client: FlaskClient, chain: Chain) -> None:
    before, after = chain.moments
    told = {CHANGES: (after, False), GOES: (after, True), COMES: (after, False)}
    assert headers(client, "") == {STAYS: (before, False), **told}
    assert headers(client, f"&from={after}") == told
    assert headers(client, f"&until={before}") == {STAYS: (before, False)}
    never = body(client, f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={PROJECT}/{OLD_CODE}")
    assert 'code="idDoesNotExist"' in never, "an old code that no release had leads on, but never was a record"


def test_the_change_feed(client: FlaskClient, chain: Chain) -> None:
    # The first page keeps what is still so; the page of the second release has what it did.
    assert members(client, chain.second.id) == {CHANGES: "Update", GOES: "Delete", COMES: "Create"}
    assert members(client, chain.first.id) == dict.fromkeys((STAYS, CHANGES, GOES), "Create")


def test_atom(client: FlaskClient, chain: Chain) -> None:
    latest, first = ElementTree.fromstring(body(client, "/changes.atom")).findall(f"{ATOM}entry")
    content = latest.findtext(f"{ATOM}content") or ""
    assert re.findall(r"<h2>|S0000\d(?=\))", content) == ["<h2>", COMES, "<h2>", CHANGES, "<h2>", GOES]
    assert [first.findtext(f"{ATOM}updated"), latest.findtext(f"{ATOM}updated")] == chain.moments


def test_the_sitemap(client: FlaskClient, chain: Chain) -> None:
    before, after = chain.moments
    found = {
        (url.findtext(f"{SITEMAP}loc") or "").rpartition("/")[2]: url.findtext(f"{SITEMAP}lastmod")
        for url in ElementTree.fromstring(body(client, "/sitemap.xml")).iter(f"{SITEMAP}url")
        if "/doc/project/" in (url.findtext(f"{SITEMAP}loc") or "")
    }
    assert found == {STAYS: before, CHANGES: after, COMES: after}


def test_the_catalogue(client: FlaskClient, chain: Chain) -> None:
    found = list(ox.parse(body(client, "/catalog.ttl"), format=ox.RdfFormat.TURTLE))
    datasets = {q.subject.value for q in found if q.predicate.value == rdf.type and q.object.value == dcat.Dataset}
    base = "https://example.org/p/id/dataset"
    assert datasets == {f"{base}/portfolio", *(f"{base}/release~{made.id}" for made in (chain.first, chain.second))}
    notes = [
        q.object.value
        for q in found
        if q.subject.value == f"{base}/release~{chain.second.id}"
        and q.predicate.value == "http://www.w3.org/ns/adms#versionNotes"
        and q.object.language == "en"
    ]
    assert len(notes) == 1
    assert re.findall(r"\d+", notes[0].replace(chain.first.id, "")) == ["1", "1", "1"]
    assert not any("/id/project/" in str(q) for q in found)


def test_reconciliation_knows_what_is_there_and_not_what_is_gone(client: FlaskClient) -> None:
    asked = {key: {"query": key, "type": "project"} for key in (STAYS, COMES, GOES)}
    answer = json.loads(client.post("/reconcile", data={"queries": json.dumps(asked)}).get_data())
    sure = {key: [found["id"] for found in answer[key]["result"] if found["match"]] for key in asked}
    assert sure == {STAYS: [f"{PROJECT}/{STAYS}"], COMES: [f"{PROJECT}/{COMES}"], GOES: []}


def test_a_rollback_is_told_by_every_channel(tmp_path_factory: pytest.TempPathFactory) -> None:
    own = chains.make(tmp_path_factory.mktemp("rolled"))
    event = release.make_current(own.releases, own.first.id)
    assert event is not None
    client = create_app(own.settings, own.releases, None).test_client()
    assert members(client, event.name) == {CHANGES: "Update", GOES: "Create", COMES: "Delete"}
    assert headers(client, f"&from={event.at}") == {
        CHANGES: (event.at, False), GOES: (event.at, False), COMES: (event.at, True),
    }  # fmt: skip
    assert client.get(f"/id/project/{COMES}").status_code == 410
    text = body(client, "/sitemap.xml")
    assert GOES in text
    assert COMES not in text
    entries = ElementTree.fromstring(body(client, "/changes.atom")).findall(f"{ATOM}entry")
    assert entries[0].findtext(f"{ATOM}updated") == event.at
