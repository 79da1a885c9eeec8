"""Addresses, negotiation, validators, hostile data: on a small release made here; links on the shipped one."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import pyoxigraph as ox
import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from rdflib.compare import isomorphic
from werkzeug.test import TestResponse

from publisher import stores
from publisher.config import Settings
from publisher.formats import GRAPHS, N_QUADS, N_TRIPLES
from publisher.manifest import Manifest, Release
from publisher.web import graphs
from publisher.web.app import create_app
from publisher.web.graphs import INCOMING_LIMIT

BASE = "https://example.org/p"
ID = "20260101T000000Z-00000000"
NEXT_ID = "20260102T000000Z-11111111"
FORMS = {".ttl": "turtle", ".nt": "nt", ".rdf": "xml", ".jsonld": "json-ld"}

DATA = f"""
@prefix pf: <https://w3id.org/project-portfolio/def#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix c: <https://w3id.org/project-portfolio/concept/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <http://publications.europa.eu/resource/authority/> .

<{BASE}/id/portfolio/m> a pf:Portfolio ; dct:title "Mitta"@fi , "The measure"@en ; pf:ownTranslation "en" ;
  dct:description "Kuvaus"@fi , "What it is"@en ; pf:startYear "2014"^^xsd:gYear ;
  pf:project <{BASE}/id/project/S1> , <{BASE}/id/project/S2> ; pf:funding <{BASE}/id/funding/m~planned> .
<{BASE}/id/funding/m~planned> a pf:Funding ; pf:fundingSource c:funding-source\\/eu , c:funding-source\\/state ;
  pf:fundingStage c:funding-stage\\/planned ; pf:amountStatus c:amount-status\\/not-yet-given .
<{BASE}/id/project/S1> a pf:Project ; dct:identifier "S1" ; dct:title "Sámi – <script>alert(1)</script>"@fi ;
  skos:altLabel "SÁRA"@fi ; pf:portfolio <{BASE}/id/portfolio/m> ; foaf:homepage <javascript:alert(1)> ;
  foaf:page <https://example.org/{"x" * 400}> , <data:text/html,x> ; pf:startDate "2015-08-01"^^xsd:date ;
  pf:endDate "2019-04-30"^^xsd:date ; pf:targetGroup c:target-group\\/sami ; pf:funding <{BASE}/id/funding/S1~a> ;
  pf:outcome <{BASE}/id/outcome/S1~o> ; pf:sourceRecord <{BASE}/id/source-record/S1~a> ,
  <{BASE}/id/source-record/S1~b> ; pf:chosenFrom <{BASE}/id/source-record/S1~a> ;
  pf:participation <{BASE}/id/participation/S1~applicant~o> .
<{BASE}/id/participation/S1~applicant~o> a pf:Participation ; pf:organisation <{BASE}/id/organisation/o> ;
  pf:role c:role\\/applicant .
<{BASE}/id/funding/S1~a> a pf:Funding ; pf:fundingSource c:funding-source\\/eu ; pf:amount 85146.03 ;
  pf:fundingStage c:funding-stage\\/planned ;
  pf:currency e:currency\\/EUR ; pf:amountStatus c:amount-status\\/given .
<{BASE}/id/outcome/S1~o> a pf:Outcome ; dct:title "Tulos"@fi , "Outcome text"@en ; pf:ownTranslation "en" ;
  dct:description "Suomeksi"@fi , "In English"@en ; pf:producedBy <{BASE}/id/project/S1> ;
  pf:evidence <{BASE}/id/evidence/S1~1> .
<{BASE}/id/evidence/S1~1> a pf:Evidence ; dct:source <{BASE}/id/source/form> ; pf:wording "alkuperäiset sanat"@fi .
<{BASE}/id/source/form> a pf:Source ; dct:title "Lomake"@fi .
<{BASE}/id/source/list> a pf:Source ; dct:title "Luettelo"@fi .
<{BASE}/id/source-record/S1~a> a pf:SourceRecord ; dct:source <{BASE}/id/source/form> ;
  foaf:primaryTopic <{BASE}/id/project/S1> ; pf:endDate "2019-04-30"^^xsd:date .
<{BASE}/id/source-record/S1~b> a pf:SourceRecord ; dct:source <{BASE}/id/source/list> ;
  foaf:primaryTopic <{BASE}/id/project/S1> ; pf:endDate "2018-07-31"^^xsd:date .
<{BASE}/id/project/S2> a pf:Project ; dct:identifier "S2" ; dct:title "Toinen"@fi ;
  pf:portfolio <{BASE}/id/portfolio/m> ; pf:targetGroup c:target-group\\/sami .
<{BASE}/id/organisation/o> a org:Organization ; foaf:name "Lapin yliopisto"@fi .
<{BASE}/id/place/many> a dct:Location ; skos:prefLabel "Paikka"@fi .
<{BASE}/id/place/odd> a dct:Location ; <http://example.org/9> "no XML name" .
<https://w3id.org/project-portfolio/concept/target-group> a skos:ConceptScheme ; dct:title "Kohderyhmät"@fi .
c:target-group\\/sami a skos:Concept ; skos:prefLabel "saamelaiset"@fi , "samer"@sv , "Sámi"@en ;
  skos:inScheme <https://w3id.org/project-portfolio/concept/target-group> .
c:role\\/applicant a skos:Concept ; skos:prefLabel "hakija"@fi .
c:amount-status\\/not-yet-given a skos:Concept ; skos:prefLabel "ei vielä annettu"@fi , "not yet given"@en .
c:amount-status\\/given a skos:Concept ; skos:prefLabel "annettu"@fi .
c:funding-source\\/eu a skos:Concept ; skos:prefLabel "EU"@fi .
c:funding-source\\/state a skos:Concept ; skos:prefLabel "valtio"@fi .
c:funding-stage\\/planned a skos:Concept ; skos:prefLabel "suunniteltu"@fi .
""" + "".join(f"<{BASE}/id/outcome/n~{n}> dct:spatial <{BASE}/id/place/many> .\n" for n in range(INCOMING_LIMIT + 5))

INDEX = {
    "portfolios": [f"{BASE}/id/portfolio/m"],
    "project_count": 2,
    "projects": [
        {
            "iri": f"{BASE}/id/project/{key}", "key": key, "code": key, "title": {"fi": title}, "short": {},
            "start_year": year, "end_year": year, "outcomes": outcomes,
            "target_groups": ["https://w3id.org/project-portfolio/concept/target-group/sami"],
        }
        for key, title, year, outcomes in (("S1", "<b>Sámi</b>", "2015", 1), ("S2", "Toinen", None, 0))
    ],
    "classes": [{"iri": "https://w3id.org/project-portfolio/def#Project", "count": 2}],
    "examples": [],
}  # fmt: skip


def make_release(releases: Path, release_id: str, turtle: str, index: object, title: dict[str, str]) -> Path:
    """Write a release as a build does: master, store, dump, vocabularies, manifest; make it current."""
    folder = releases / release_id
    (folder / "dumps").mkdir(parents=True)
    (folder / "vocabularies").mkdir()
    quads = list(ox.parse(turtle, format=ox.RdfFormat.TRIG))
    form = N_QUADS if any(q.graph_name != ox.DefaultGraph() for q in quads) else N_TRIPLES
    master = folder / f"portfolio{form.suffix}"
    master.write_text("".join(sorted(f"{q} .\n" for q in quads)), encoding="utf-8")
    stores.load(folder / "store", master, form)
    dump = gzip.compress(master.read_bytes(), mtime=0)
    (folder / "dumps" / "portfolio.nt.gz").write_bytes(dump)
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    (folder / "catalogue.ttl").write_text(
        f'<{BASE}/id/dataset/d> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Data"@en .'
    )
    (folder / "void.ttl").write_text(f"<{BASE}/id/dataset/d> a <http://rdfs.org/ns/void#Dataset> .")
    (folder / "vocabularies" / "ontology.ttl").write_text("<https://w3id.org/project-portfolio/def> a <urn:x> .")
    (folder / "vocabularies" / "shapes.ttl").write_text("<urn:s> <urn:p> ( <urn:a> <urn:b> ) .")
    (folder / "vocabularies" / "context.jsonld").write_text("{}")
    made = Manifest(
        id=release_id, created="2026-01-01T00:00:00Z", version="0", base_iri=BASE, title=title,
        languages=["fi", "sv", "en"], master=master.name, statements_sha256="", fingerprint="",
        counts={"triples": len(quads)},
        named_graphs=sorted({q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode)}),
        files={"dumps/portfolio.nt.gz": {"sha256": hashlib.sha256(dump).hexdigest(), "bytes": len(dump)}},
    )  # fmt: skip
    (folder / "manifest.json").write_text(made.to_json(), encoding="utf-8")
    link = releases / "current"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    return folder


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    make_release(folder, ID, DATA, INDEX, {"fi": "Mitta"})
    return folder


class Client(FlaskClient):
    """Reads every answer to its end and closes it, as a server does."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=True, **kwargs)


def make_app(releases: Path, base_iri: str = BASE) -> Flask:
    made = create_app(Settings(base_iri=base_iri), releases, None)
    made.test_client_class = Client
    return made


@pytest.fixture(scope="module")
def app(releases: Path) -> Flask:
    return make_app(releases)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def html(client: FlaskClient, path: str, **headers: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html", **headers})
    assert answer.status_code == 200, path
    assert answer.mimetype == "text/html"
    return answer.get_data(as_text=True)


class Links(HTMLParser):
    """Collects addresses, ids and the number of h1."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.links += [value for name in ("href", "src") if (value := values.get(name)) is not None]
        self.ids += [value for name in ("id",) if (value := values.get(name)) is not None]
        self.headings += tag == "h1"


# --- things and documents


def test_a_thing_leads_to_its_document(client):
    answer = client.get("/id/project/S1")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/doc/project/S1"


def test_the_document_lies_below_the_prefix(client):
    answer = client.get("/id/project/S1", environ_overrides={"SCRIPT_NAME": "/data", "HTTP_HOST": "other.example"})
    assert answer.headers["Location"] == "/data/doc/project/S1"
    page = client.get("/doc/project/S1", environ_overrides={"SCRIPT_NAME": "/data"}).get_data(as_text=True)
    local = [link for link in Links(page).links if link.startswith("/")]
    assert local
    assert all(link.startswith("/data/") for link in local)


@pytest.mark.parametrize(
    "path",
    [
        "/id/dataset/none", "/doc/dataset/none.ttl",
        "/id/project/S9", "/doc/project/S9", "/doc/project/S9.ttl", "/id/nothing/S1", "/doc/project/S1.xyz",
        "/doc/project/S1.ttl.ttl", "/doc/project/..%2f..%2fmanifest.json", "/doc/../manifest.json",
        "/doc/project/S1%00", "/id/project/%C3%A4", "/doc/project/S1/x", "/concept/nothing", "/concept/target-group/x",
        "/concept/target-group.xyz", "/defx", "/def.xyz", "/shapesx", "/catalog.xyz", "/dumps/..%2fmanifest.json",
        "/dumps/manifest.json", f"/releases/{ID}/dumps/..%2f..%2findex.json", "/releases/current/dumps/portfolio.nt.gz",
        "/releases/..%2f..%2fetc/dumps/passwd", "/releases/20200101T000000Z-00000000/dumps/portfolio.nt.gz",
        "/static/..%2fapp.py", "/no/such",
    ],
)  # fmt: skip
def test_what_never_was_is_404(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_people_get_a_page_that_says_404(client):
    answer = client.get("/id/project/S9?lang=sv", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "Sidan finns inte" in answer.get_data(as_text=True)


def test_what_the_catalogue_describes_leads_there(client):
    assert client.get("/doc/dataset/portfolio.ttl").headers["Location"] == "/catalog.ttl"
    assert client.get("/doc/dataset/d.ttl").headers["Location"] == "/.well-known/void"


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.name)
def test_suffix_and_header_give_the_same_bytes(client, form):
    by_header = client.get("/doc/project/S1", headers={"Accept": form.media_type})
    by_suffix = client.get(f"/doc/project/S1{form.suffix}", headers={"Accept": "text/html"})
    assert by_header.mimetype == by_suffix.mimetype == form.media_type
    assert by_header.data == by_suffix.data
    assert by_header.data


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own, on reading JSON-LD
@pytest.mark.parametrize(
    "stem",
    ["/doc/project/S1", "/doc/place/many", "/concept/target-group", "/concept/target-group/sami", "/concept", "/def",
     "/shapes", "/catalog"],
)  # fmt: skip
def test_all_forms_say_the_same(client, stem):
    graphs = []
    for suffix, name in FORMS.items():
        answer = client.get(stem + suffix)
        assert answer.status_code == 200
        graphs.append(rdflib.Graph().parse(data=answer.data, format=name))
    assert len(graphs[0]) > 0
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])


def test_a_description_holds_what_is_said_what_leads_there_and_names(client):
    graph = rdflib.Graph().parse(data=client.get("/doc/project/S1.ttl").data, format="turtle")
    here = rdflib.URIRef(f"{BASE}/id/project/S1")
    assert (here, rdflib.DCTERMS.identifier, rdflib.Literal("S1")) in graph
    assert (rdflib.URIRef(f"{BASE}/id/portfolio/m"), None, here) in graph
    assert (None, rdflib.SKOS.prefLabel, rdflib.Literal("samer", lang="sv")) in graph
    assert "Sámi – " in client.get("/doc/project/S1.ttl").get_data(as_text=True)


def test_a_description_of_too_many_statements_says_so(client, monkeypatch):
    monkeypatch.setattr(graphs, "OUTGOING_LIMIT", 3)
    answer = client.get("/doc/project/S1.nt")
    assert "outgoing; limit=3" in answer.headers["X-Truncated"]
    text = answer.get_data(as_text=True)
    assert f'<{rdflib.RDFS.comment}> "Only 3 statements' in text
    assert f"<{rdflib.RDF.type}>" in text
    page = client.get("/doc/project/S1?lang=en")
    assert "at most 3 of each property" in page.get_data(as_text=True)


def test_a_description_that_was_cut_says_so(client):
    answer = client.get("/doc/place/many.nt")
    text = answer.get_data(as_text=True)
    assert text.count("/id/place/many> .") == INCOMING_LIMIT
    assert f'<{BASE}/doc/place/many> <{rdflib.RDFS.comment}> "Only {INCOMING_LIMIT} ' in text
    assert str(INCOMING_LIMIT) in answer.headers["X-Truncated"]
    assert "X-Truncated" not in client.get("/doc/project/S1.nt").headers
    assert str(INCOMING_LIMIT) in html(client, "/doc/place/many?lang=en")


def test_a_property_without_an_xml_name_is_406_in_rdf_xml_only(client):
    assert client.get("/doc/place/odd.rdf").status_code == 406
    assert client.get("/doc/place/odd.ttl").status_code == 200


def test_no_acceptable_form_is_406(client):
    answer = client.get("/doc/project/S1", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json["detail"]


# --- every answer


READ = ["/", "/doc/project/S1", "/doc/project/S1.ttl", "/def", "/shapes", "/concept", "/concept/target-group/sami",
        "/catalog", "/dumps/", "/dumps/portfolio.nt.gz", f"/releases/{ID}/dumps/portfolio.nt.gz", "/releases/",
        "/.well-known/void", "/context.jsonld", "/healthz", "/static/style.css"]  # fmt: skip


@pytest.mark.parametrize("path", READ)
def test_head_tells_what_get_would(client, path):
    got, told = client.get(path), client.head(path)
    assert told.status_code == got.status_code == 200
    assert told.data == b""
    for name in ("Content-Type", "ETag", "Vary", "Content-Length"):
        assert told.headers.get(name) == got.headers.get(name), name


@pytest.mark.parametrize("path", READ)
def test_other_origins_may_read_and_ask(client, path):
    answer = client.options(path, headers={"Origin": "https://x.example", "Access-Control-Request-Method": "GET"})
    assert answer.status_code in (200, 204)
    assert {"GET", "HEAD", "OPTIONS"} <= {name.strip() for name in answer.headers["Allow"].split(",")}
    assert answer.headers["Access-Control-Allow-Methods"] == answer.headers["Allow"]
    assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", READ)
def test_nothing_inline_may_run(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", [path for path in READ if path != "/healthz"])
def test_what_is_known_already_is_304(client, path):
    first = client.get(path)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = client.get(path, headers={"If-None-Match": f'"x", {tag}'})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == tag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_tags_differ_by_form_language_prefix_and_encoding(client):
    tags = [
        client.get("/doc/project/S1", headers=headers, environ_overrides=environ).headers["ETag"]
        for headers, environ in [
            ({"Accept": "text/turtle"}, {}), ({"Accept": "application/ld+json"}, {}), ({"Accept": "text/html"}, {}),
            ({"Accept": "text/html", "Accept-Language": "sv"}, {}), ({"Accept": "text/html"}, {"SCRIPT_NAME": "/p"}),
            ({"Accept": "text/turtle", "Accept-Encoding": "gzip"}, {}),
        ]
    ]  # fmt: skip
    assert len(set(tags)) == len(tags)


def test_negotiated_answers_vary(client):
    page = client.get("/doc/project/S1", headers={"Accept": "text/html"})
    assert {"accept", "accept-language", "accept-encoding"} <= {v.lower() for v in page.vary}
    assert "accept" in client.get("/doc/project/S1", headers={"Accept": "text/turtle"}).vary


def test_gzip_is_the_same_text(client):
    plain = client.get("/doc/project/S1.ttl")
    packed = client.get("/doc/project/S1.ttl", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) == int(packed.headers["Content-Length"])
    again = client.get("/doc/project/S1.ttl",
                       headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})  # fmt: skip
    assert again.status_code == 304
    assert again.headers["ETag"] == packed.headers["ETag"]
    refused = client.get("/doc/project/S1.ttl", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_dumps_come_whole_in_part_and_by_checksum(client, releases):
    wanted = (releases / ID / "dumps" / "portfolio.nt.gz").read_bytes()
    for path in ("/dumps/portfolio.nt.gz", f"/releases/{ID}/dumps/portfolio.nt.gz"):
        whole = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert whole.data == wanted
        assert whole.mimetype == "application/gzip"
        assert "Content-Encoding" not in whole.headers
        part = client.get(path, headers={"Range": "bytes=2-5"})
        assert part.status_code == 206
        assert part.data == wanted[2:6]
    listed = client.get("/dumps/", headers={"Accept": "application/json"}).json["dumps"]
    assert [entry["sha256"] for entry in listed] == [hashlib.sha256(wanted).hexdigest()]


def test_writing_is_no_method_here(client):
    answer = client.post("/doc/project/S1")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_an_endless_body_is_refused(client, app):
    answer = client.post("/sparql", data=b"x" * (app.config["MAX_CONTENT_LENGTH"] + 1),
                         content_type="application/sparql-query")  # fmt: skip
    assert answer.status_code in (413, 503)


# --- pages


@pytest.mark.parametrize(
    ("query", "header", "expected"),
    [
        ("", None, "fi"), ("?lang=sv", "en", "sv"), ("?lang=xx", "en", "en"), ("", "de, en-GB;q=0.5", "en"),
        ("", "de", "fi"), ("", "sv;q=0.5, en;q=0.9", "en"), ("", "en;q=0, *", "fi"), ("?lang=", "sv", "sv"),
        ("?lang=%3Cscript%3E", ";;;", "fi"),
    ],
)  # fmt: skip
def test_the_language_of_a_page(client, query, header, expected):
    headers = {"Accept-Language": header} if header is not None else {}
    answer = client.get(f"/doc/project/S1{query}", headers={"Accept": "text/html", **headers})
    assert f'<html lang="{expected}"' in answer.get_data(as_text=True)
    assert answer.headers["Content-Language"] == expected


def test_the_language_switch_keeps_the_address(client):
    links = Links(html(client, "/doc/project/S1?lang=fi")).links
    assert {"/doc/project/S1?lang=sv", "/doc/project/S1?lang=en"} <= set(links)
    assert any(link == "/doc/portfolio/m?lang=fi" for link in links)


def test_texts_in_another_language_say_which(client):
    assert 'lang="fi">Suomeksi' in html(client, "/doc/outcome/S1~o?lang=sv")
    page = html(client, "/doc/outcome/S1~o?lang=en")
    assert "In English" in page
    assert "translation by the publisher" in page
    assert 'lang="fi">alkuperäiset sanat' in page
    assert "julkaisijan käännös" not in html(client, "/doc/source/form?lang=fi")


def test_what_is_not_there_is_said_in_words(client):
    assert "not reported" in html(client, "/doc/project/S2?lang=en")
    home = html(client, "/?lang=en")
    assert "not given (not yet given)" in home
    assert "outcomes not reported" in home


def test_amounts_and_dates_are_written_as_the_language_does(client):
    assert "85\u00a0146,03\u00a0€" in html(client, "/doc/project/S1?lang=fi")
    english = html(client, "/doc/project/S1?lang=en")
    assert "€85,146.03" in english
    assert "1 August 2015" in english


def test_a_source_that_differs_is_marked(client):
    page = html(client, "/doc/project/S1?lang=en")
    assert 'class="differs"' in page
    assert "31 July 2018" in page
    assert "chosen source" in page


def test_data_cannot_make_markup_or_links_that_run(client):
    for path in ("/", "/doc/project/S1", "/doc/portfolio/m", "/doc/organisation/o", "/concept/target-group/sami"):
        page = html(client, path)
        # Data for search engines is no script that runs; nothing in it ends it.
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL):
            assert "<" not in block
            page = page.replace(block, "")
        assert page.count("<script") == page.count('<script type="application/ld+json"></script>')
        assert "<b>S" not in page
        assert "onerror" not in page
        assert not [link for link in Links(page).links if link.lower().startswith(("javascript:", "data:"))]
    assert "javascript:alert(1)" in html(client, "/doc/project/S1")


def test_an_address_cannot_make_markup(client):
    page = client.get("/doc/project/S9?x=%22%3E%3Cscript%3E", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "<script" not in page


def test_rdf_forms_are_named_on_the_page(client):
    page = html(client, "/doc/project/S1")
    assert {f"/doc/project/S1{suffix}" for suffix in FORMS} <= set(Links(page).links)
    assert '<link rel="alternate" type="text/turtle"' in page
    links = client.get("/doc/project/S1", headers={"Accept": "text/turtle"}).headers["Link"]
    assert '</doc/project/S1.jsonld>; rel="alternate"; type="application/ld+json"' in links


def crawl(client: FlaskClient, start: str = "/?lang=fi") -> Iterator[tuple[str, TestResponse]]:
    """Follow all links of this server in the language of the start."""
    todo, seen = [start], {start}
    while todo:
        path = todo.pop()
        answer = client.get(path, headers={"Accept": "text/html, */*;q=0.1"}, follow_redirects=True)
        yield path, answer
        if answer.mimetype == "text/html":
            for link in Links(answer.get_data(as_text=True)).links:
                target = urldefrag(urljoin(f"http://localhost{path}", link))[0]
                local = target.removeprefix("http://localhost")
                other = "lang=" in local and "lang=fi" not in local
                if target.startswith("http://localhost/") and local not in seen and not other:
                    seen.add(local)
                    todo.append(local)


@pytest.mark.slow
def test_every_link_of_the_shipped_portfolio_answers(osallisuus: Release):
    client = make_app(osallisuus.path.parent, osallisuus.manifest.base_iri).test_client()
    told = set()
    for path, answer in crawl(client):
        if path.startswith("/sparql"):
            continue  # there is no query service here
        assert answer.status_code == 200, path
        if answer.mimetype == "text/html":
            page = Links(answer.get_data(as_text=True))
            assert page.headings == 1, path
            assert len(page.ids) == len(set(page.ids)), path
        told.add(path.partition("?")[0])
    assert {f"/doc/project/{code}" for code in ("S20394", "S21216")} <= told
    assert {"/def", "/shapes", "/concept/target-group/roma", "/releases/", "/dumps/portfolio.ttl.gz"} <= told


# --- releases


def test_without_a_release_the_service_says_so(tmp_path):
    client = make_app(tmp_path).test_client()
    assert client.get("/healthz").status_code == 503
    answer = client.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert "<h1" in answer.get_data(as_text=True)


def test_a_new_release_is_served_at_once_and_a_broken_one_never(tmp_path):
    make_release(tmp_path, ID, DATA, INDEX, {})
    client = make_app(tmp_path).test_client()
    assert client.get("/healthz").json["release"] == ID
    tag = client.get("/doc/project/S2.ttl").headers["ETag"]
    folder = make_release(tmp_path, NEXT_ID, DATA.replace("Toinen", "Uusi nimi"), INDEX, {})
    assert client.get("/healthz").json["release"] == NEXT_ID
    fresh = client.get("/doc/project/S2.ttl", headers={"If-None-Match": tag})
    assert fresh.status_code == 200
    assert "Uusi nimi" in fresh.get_data(as_text=True)
    (tmp_path / "20260103T000000Z-22222222").mkdir()
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to("20260103T000000Z-22222222")
    assert client.get("/healthz").json["release"] == folder.name


def test_foreign_rdf_has_a_home_page(tmp_path):
    turtle = """<http://x.example/a> a <http://x.example/Thing> , <javascript:x> ; <http://x.example/p> "v" .
                <http://x.example/g> { <http://x.example/a> <http://x.example/q> "named" }"""
    classes = [{"iri": "http://x.example/Thing", "count": 1}, {"iri": "javascript:x", "count": 1}]
    index = {"portfolios": [], "project_count": 0, "projects": [], "examples": [], "classes": classes}
    make_release(tmp_path, ID, turtle, index, {})
    client = make_app(tmp_path).test_client()
    page = html(client, "/?lang=en")
    assert "Published dataset" in page
    assert "http:/<wbr>/<wbr>x.example/<wbr>g" in page
    for _, answer in crawl(client):
        assert answer.status_code in (200, 503)  # 503: queries have no service here


# --- graphs are not served with blank nodes that change


def test_rules_have_the_same_bytes_every_time(releases):
    bodies = {make_app(releases).test_client().get("/shapes.nt").data for _ in range(3)}
    assert len(bodies) == 1


@pytest.mark.parametrize("path", ["//evil.example/x", "///evil.example", "//", "/dumps"])
def test_a_redirect_of_the_router_stays_on_this_server(portfolio_app: Flask, path: str) -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_HOST": "x"}
    response = portfolio_app.test_client().get("/", environ_overrides=environ)
    if response.status_code in (301, 302, 303, 307, 308):
        assert re.match(r"/(?!/)", response.headers["Location"])
