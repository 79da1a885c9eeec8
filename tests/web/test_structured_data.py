"""schema.org JSON-LD in pages, read as search engines read it; and robots.txt."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import portfolios
import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from rdflib import RDF, Literal, URIRef

from publisher import config, manifest, release
from publisher.config import Settings
from publisher.manifest import Release
from publisher.web import structured_data
from publisher.web.app import create_app

SDO = rdflib.Namespace("https://schema.org/")
BASE = "https://w3id.org/project-portfolio/osallisuus"
HTML = {"Accept": "text/html"}

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD

PARENTS = {
    "Project": "Organization", "Organization": "Thing", "Dataset": "CreativeWork", "DataCatalog": "CreativeWork",
    "DataDownload": "MediaObject", "MediaObject": "CreativeWork", "CreativeWork": "Thing", "MonetaryGrant": "Grant",
    "Grant": "Thing", "MonetaryAmount": "Thing", "OrganizationRole": "Role", "Role": "Thing", "Place": "Thing",
    "ContactPoint": "Thing",
}  # fmt: skip
"""Classes of schema.org 30.0 that are used, with what each is a kind of."""

APPLIES = {
    "name": {"Thing"},
    "alternateName": {"Thing"},
    "description": {"Thing"},
    "identifier": {"Thing"},
    "url": {"Thing"},
    "sameAs": {"Thing"},
    "mainEntityOfPage": {"Thing"},
    "areaServed": {"Organization", "ContactPoint"},
    "keywords": {"Organization", "CreativeWork", "Place"},
    "member": {"Organization", "Role"},  # a Role carries the property that it stands for
    "contactPoint": {"Organization"},
    "funder": {"Organization", "CreativeWork", "Grant"},
    "funding": {"Organization", "CreativeWork"},
    "amount": {"MonetaryGrant"},
    "currency": {"MonetaryAmount"},
    "value": {"MonetaryAmount"},
    "roleName": {"Role"},
    "email": {"Organization", "ContactPoint"},
    "publisher": {"CreativeWork"},
    "creator": {"CreativeWork"},
    "license": {"CreativeWork"},
    "copyrightNotice": {"CreativeWork"},
    "version": {"CreativeWork"},
    "datePublished": {"CreativeWork"},
    "dateModified": {"CreativeWork"},
    "isAccessibleForFree": {"CreativeWork"},
    "inLanguage": {"CreativeWork"},
    "temporalCoverage": {"CreativeWork"},
    "spatialCoverage": {"CreativeWork"},
    "distribution": {"Dataset"},
    "includedInDataCatalog": {"Dataset"},
    "dataset": {"DataCatalog"},
    "contentUrl": {"MediaObject"},
    "contentSize": {"MediaObject"},
    "encodingFormat": {"MediaObject"},
    "sha256": {"MediaObject"},
    # Never on a project: `startDate`, `endDate` (Role and others), `audience` (CreativeWork, Product, Event …).
}
"""Classes that schema.org 30.0 lets a property apply to, of those that are used here."""


class _Blocks(HTMLParser):
    """Collects data blocks as a browser does: what ends a block ends it, whatever was meant."""

    def __init__(self) -> None:
        super().__init__()
        self.kind: str | None = None
        self.blocks: list[str] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.kind = dict(attrs).get("type") or ""
            (self.blocks if self.kind == "application/ld+json" else self.scripts).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.kind = None

    def handle_data(self, data: str) -> None:
        if self.kind == "application/ld+json":
            self.blocks[-1] += data


def blocks(client: FlaskClient, path: str, **how: Any) -> list[dict[str, Any]]:
    answer = client.get(path, headers=HTML, **how)
    assert answer.status_code == 200
    reader = _Blocks()
    reader.feed(answer.get_data(as_text=True))
    return [json.loads(block) for block in reader.blocks]


def only(client: FlaskClient, path: str, **how: Any) -> dict[str, Any]:
    (found,) = blocks(client, path, **how)
    return found


def dataset(client: FlaskClient, path: str = "/?lang=en", **how: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(node for node in only(client, path, **how)["@graph"] if node["@type"] == "Dataset")
    return found


def graph(document: dict[str, Any]) -> rdflib.Graph:
    """Read JSON-LD without fetching schema.org's context."""
    assert document["@context"] == "https://schema.org/"
    inline = {**document, "@context": {"@vocab": "https://schema.org/"}}
    return rdflib.Graph().parse(data=json.dumps(inline), format="json-ld")


def kinds(name: str) -> set[str]:
    return {name} | (kinds(PARENTS[name]) if name in PARENTS else set())


def misapplied(triples: rdflib.Graph) -> list[tuple[str, str]]:
    """Return class and property wherever schema.org does not let the one have the other."""
    wrong = []
    for subject, predicate in {(s, p) for s, p, _ in triples if p != RDF.type}:
        types = {str(kind).removeprefix(SDO) for kind in triples.objects(subject, RDF.type)}
        name = str(predicate).removeprefix(SDO)
        allowed = APPLIES.get(name, set())
        if types and not any(allowed & kinds(kind) for kind in types):
            wrong.append((",".join(types), name))
    return wrong


@pytest.fixture(scope="module")
def reader(portfolio_app: Flask) -> FlaskClient:
    return portfolio_app.test_client()


# --- the dataset


@pytest.mark.parametrize("path", ["/", "/dumps/", "/catalog.html"])
@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_pages_about_the_dataset_describe_it(
    reader: FlaskClient, osallisuus: Release, path: str, lang: str
) -> None:
    triples = graph(only(reader, f"{path}?lang={lang}"))
    (found,) = triples.subjects(RDF.type, SDO.Dataset)
    (catalogue,) = triples.subjects(RDF.type, SDO.DataCatalog)
    assert str(found) == f"{BASE}/id/dataset/portfolio"
    assert set(triples[catalogue : SDO.dataset]) == {found}
    assert set(triples[found : SDO.includedInDataCatalog]) == {catalogue}
    titles = {"fi": "Osallisuus", "sv": "Osallisuus (delaktighet)", "en": "Osallisuus (social inclusion)"}
    assert list(triples[found : SDO.name]) == [Literal(titles[lang])]
    (text,) = triples[found : SDO.description]
    assert 50 <= len(text) <= 5000
    assert set(triples[found : SDO.dateModified]) == {Literal(osallisuus.manifest.created)}
    assert set(triples[found : SDO.license]) == {Literal("https://creativecommons.org/licenses/by/4.0/")}
    assert set(triples[found : SDO.isAccessibleForFree]) == {Literal(True)}
    assert set(triples[found : SDO.temporalCoverage]) == {Literal("2014/2022")}
    assert set(map(str, triples[found : SDO.inLanguage])) == {"fi", "sv", "en"}
    assert set(map(str, triples[found : SDO.identifier])) == {f"{BASE}/id/dataset/portfolio"}
    country = URIRef("http://publications.europa.eu/resource/authority/country/FIN")
    assert country in set(triples[found : SDO.spatialCoverage])
    assert set(triples[country : SDO.name]) == {Literal({"fi": "Suomi", "sv": "Finland", "en": "Finland"}[lang])}
    assert len(list(triples[found : SDO.creator])) == 1
    assert len(list(triples[found : SDO.publisher])) == 1
    words = {"fi": "hankkeet", "sv": "projekt", "en": "projects"}
    assert Literal(words[lang]) in set(triples[found : SDO.keywords])
    assert misapplied(triples) == []


def test_downloads_can_be_had_and_are_what_they_say(reader: FlaskClient, osallisuus: Release) -> None:
    found = dataset(reader)["distribution"]
    assert [entry["contentUrl"] for entry in found] == [
        f"http://localhost/dumps/portfolio.{kind}" for kind in ("csv", "jsonld.gz", "nt.gz", "ttl.gz", "xlsx")
    ]
    for entry in found:
        assert entry["@type"] == "DataDownload"
        path = entry["contentUrl"].removeprefix("http://localhost")
        with reader.get(path) as answer:
            body = answer.data
        facts = osallisuus.manifest.files[path.lstrip("/")]
        assert entry["contentSize"] == f"{len(body)} B"
        assert entry["sha256"] == facts["sha256"]
        assert path.startswith("/dumps/"), "the endpoint is no download"
        if path.endswith(".gz"):
            assert entry["encodingFormat"][1] == "application/gzip"
        else:
            assert entry["encodingFormat"] == answer.mimetype


def test_addresses_are_those_the_public_uses(osallisuus: Release, reader: FlaskClient) -> None:
    shipped = config.shipped("data", "osallisuus", "publisher.toml")
    settings = config.load(shipped, {}, public_url="https://data.example.org/osallisuus/")
    client = create_app(settings, osallisuus.path.parent, None).test_client()
    found = dataset(client)
    assert found["url"] == "https://data.example.org/osallisuus/"
    assert found["distribution"][0]["contentUrl"].startswith("https://data.example.org/osallisuus/dumps/")
    page = only(client, "/doc/project/S20394")
    assert page["url"] == "https://data.example.org/osallisuus/doc/project/S20394"
    assert found["publisher"]["contactPoint"]["url"] == "https://data.example.org/osallisuus/", "none is set"
    at = {"SCRIPT_NAME": "/data", "HTTP_HOST": "here.example.org"}
    assert dataset(reader, environ_overrides=at)["url"] == "http://here.example.org/data/"


def test_pages_of_two_hosts_have_two_entity_tags(reader: FlaskClient) -> None:
    tags = {
        reader.get("/dumps/", headers=HTML, environ_overrides={"HTTP_HOST": host}).headers["ETag"]
        for host in ("a.example.org", "b.example.org")
    }
    assert len(tags) == 2


@pytest.mark.parametrize("path", ["/", "/dumps/", "/doc/project/S20394"])
def test_rdf_and_json_have_no_such_block(reader: FlaskClient, path: str) -> None:
    answer = reader.get(path, headers={"Accept": "text/turtle" if path != "/dumps/" else "application/json"})
    assert answer.status_code == 200
    assert "schema.org" not in answer.get_data(as_text=True)


def test_a_page_about_something_else_has_none(reader: FlaskClient) -> None:
    for path in ("/doc/organisation/eu", "/releases/", "/concept"):
        assert blocks(reader, path) == []


def test_a_release_without_a_catalogue_has_pages_all_the_same(osallisuus: Release, tmp_path: Path) -> None:
    copied = tmp_path / osallisuus.id
    shutil.copytree(osallisuus.path, copied)
    (copied / manifest.CATALOGUE).unlink()
    (tmp_path / manifest.CURRENT).symlink_to(osallisuus.id)
    settings = config.load(config.shipped("data", "osallisuus", "publisher.toml"), {})
    assert blocks(create_app(settings, tmp_path, None).test_client(), "/") == []


@pytest.mark.parametrize("text", ["", "short", "x" * 49, "x" * 50, "word " * 999, "word " * 1001, "x" * 6000])
def test_a_description_has_a_length_that_is_allowed(portfolio_app: Flask, text: str) -> None:
    with portfolio_app.test_request_context("/"):
        made = structured_data._description(text, "T", {"name": "P"})
    assert 50 <= len(made) <= 5000
    if 50 <= len(text) <= 5000:
        assert made == text


# --- projects


def codes(osallisuus: Release) -> list[str]:
    index = json.loads(osallisuus.file(manifest.INDEX).read_text(encoding="utf-8"))
    return [entry["code"] for entry in index["projects"]]


def test_every_project_page_says_what_schema_org_lets_it(reader: FlaskClient, osallisuus: Release) -> None:
    found = codes(osallisuus)
    assert len(found) == 13
    for code in found:
        triples = graph(only(reader, f"/doc/project/{code}?lang=sv"))
        assert misapplied(triples) == [], code
        (project,) = triples.subjects(RDF.type, SDO.Project)
        assert list(triples[project : SDO.identifier]) == [Literal(code)]
        iri = f"{BASE}/id/project/{code}"
        assert iri in set(map(str, triples[project : SDO.sameAs]))
        assert (URIRef(iri), RDF.type, None) not in triples, "the project itself is no schema:Project"
        assert {str(p).removeprefix(SDO) for p in triples.predicates(project)}.isdisjoint(
            {"startDate", "endDate", "audience"}
        )
        assert list(triples[project : SDO.funder])


def test_a_project_in_the_words_of_its_page(reader: FlaskClient) -> None:
    found = only(reader, "/doc/project/S20394?lang=en")
    assert found["alternateName"] == "SÁRA"
    assert found["url"] == "http://localhost/doc/project/S20394"
    assert found["sameAs"] == [f"{BASE}/id/project/S20394", "https://saradutkan.fi/"]
    assert found["keywords"] == "Sámi"
    assert {place["name"] for place in found["areaServed"]} == {
        "Helsinki", "Jyväskylä", "Oulu", "Rovaniemi", "Tampere",
    }  # fmt: skip
    assert {funder["name"] for funder in found["funder"]} == {
        "European Union", "Ministry of Social Affairs and Health",
    }  # fmt: skip
    assert found["member"] == {
        "@type": "OrganizationRole",
        "roleName": "applicant",
        "member": {
            "@type": "Organization",
            "@id": f"{BASE}/id/organisation/FI-0292800-5",
            "name": "Lapin yliopisto",
            "identifier": "0292800-5",
        },
    }


def test_money_is_told_once_and_only_where_it_is_given(reader: FlaskClient, osallisuus: Release) -> None:
    # The ministry's list gives 173,827 euros as granted in all; planned sums and nought paid are not told beside it.
    (grant,) = [only(reader, "/doc/project/S20394?lang=en")["funding"]]
    assert grant["@type"] == "MonetaryGrant"
    assert grant["amount"] == {"@type": "MonetaryAmount", "value": "173827", "currency": "EUR"}
    assert "funding" not in only(reader, "/doc/project/S20831"), "the amount is not published"
    for code in codes(osallisuus):
        told = only(reader, f"/doc/project/{code}?lang=en").get("funding", [])
        for line in told if isinstance(told, list) else [told]:
            assert line["name"].startswith(("committed", "planned"))


# --- hostile texts

EVIL = "</script><script>alert(1)</script><!-- <script> \u2028\u2029 &lt;b&gt; ]]> \" ' \\ \\u0041 --> {{ 7*7 }} \u202e"
LONG = "pitkä " * 4000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("hostile")
    evil = json.dumps(EVIL)[1:-1]  # as YAML writes it between quotation marks, too
    records = portfolios.write(
        folder / "records",
        {
            "portfolio.yaml": ("title: { fi: Toimenpide,", f'title: {{ fi: "{evil}",'),
            "organisations.yaml": ("Lapin yliopisto", f'"{evil}"'),
            "places.yaml": ("fi: Helsinki", f'fi: "{evil}"'),
            "projects/S00001.yaml": ('title: { fi: "Ääkköset \\"lainaus\\"" }', f'title: {{ fi: "{evil}" }}'),
        },
    )
    settings = config.load(
        records / "publisher.toml", {}, publisher_name={"fi": EVIL}, keywords={"fi": [EVIL]}, contact_name={"fi": LONG}
    )
    live, report, _ = release.build([str(records)], settings, folder / "releases")
    assert report.conforms
    return create_app(settings, live.path.parent, None).test_client()


@pytest.mark.parametrize("path", ["/", "/dumps/", "/catalog.html", "/doc/project/S00001"])
def test_no_text_ends_the_block(hostile: FlaskClient, path: str) -> None:
    answer = hostile.get(path, headers=HTML)
    parser = _Blocks()
    parser.feed(answer.get_data(as_text=True))
    assert parser.scripts == [], "the pages have no script but data blocks"
    (block,) = parser.blocks
    assert not re.search("[<>&\u2028\u2029]", block)
    assert json.dumps(EVIL, ensure_ascii=False)[1:-1] in json.dumps(json.loads(block), ensure_ascii=False)


@pytest.mark.parametrize(("suffix", "name"), [("ttl", "turtle"), ("rdf", "xml"), ("jsonld", "json-ld"), ("nt", "nt")])
def test_the_catalogue_carries_any_text_in_every_form(hostile: FlaskClient, suffix: str, name: str) -> None:
    triples = rdflib.Graph().parse(data=hostile.get(f"/catalog.{suffix}").data, format=name)
    texts = {str(o) for o in triples.objects() if isinstance(o, Literal)}
    assert {EVIL, LONG} <= texts
    assert Literal(EVIL, lang="fi") in set(triples.objects())
    void = hostile.get("/.well-known/void", headers={"Accept": {"xml": "application/rdf+xml"}.get(name, "text/turtle")})
    rdflib.Graph().parse(data=void.data, format="xml" if name == "xml" else "turtle")


def test_amounts_of_a_small_portfolio(hostile: FlaskClient) -> None:
    found = only(hostile, "/doc/project/S00001")
    assert found["name"] == EVIL
    assert found["funding"]["amount"] == {"@type": "MonetaryAmount", "value": "100.5", "currency": "EUR"}


# --- robots.txt


def rules(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if value:
            found.setdefault(name, []).append(value.strip())
    return found


def test_crawlers_may_read_pages_and_dumps_but_ask_no_queries(reader: FlaskClient) -> None:
    from urllib.robotparser import RobotFileParser

    answer = reader.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    robots = RobotFileParser()
    robots.parse(answer.get_data(as_text=True).splitlines())
    for path in ("/", "/doc/project/S20394", "/dumps/portfolio.ttl.gz", "/catalog", "/projects", "/def", "/concept"):
        assert robots.can_fetch("Googlebot", f"http://localhost{path}"), path
    for path in ("/sparql", "/sparql?query=ASK%20%7B%7D"):
        assert not robots.can_fetch("Googlebot", f"http://localhost{path}"), path
    assert robots.site_maps() == ["http://localhost/sitemap.xml"]


def test_robots_below_a_prefix_and_under_a_public_address(osallisuus: Release, reader: FlaskClient) -> None:
    text = reader.get("/robots.txt", environ_overrides={"SCRIPT_NAME": "/data"}).get_data(as_text=True)
    assert rules(text) == {
        "User-agent": ["*"], "Disallow": ["/data/sparql"], "Sitemap": ["http://localhost/data/sitemap.xml"],
    }  # fmt: skip
    shipped = config.shipped("data", "osallisuus", "publisher.toml")
    settings = config.load(shipped, {}, public_url="https://data.example.org/osallisuus")
    client = create_app(settings, osallisuus.path.parent, None).test_client()
    assert rules(client.get("/robots.txt").get_data(as_text=True)) == {
        "User-agent": ["*"],
        "Disallow": ["/osallisuus/sparql"],  # what crawlers ask for, though a proxy takes the prefix away
        "Sitemap": ["https://data.example.org/osallisuus/sitemap.xml"],
    }


# --- one address a page


def addresses_of(page: str) -> tuple[list[str], dict[str, str]]:
    """Return the canonical addresses of a page, and those of its languages."""
    canonical = re.findall(r'<link rel="canonical" href="([^"]*)">', page)
    languages = dict(re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', page))
    return [unescape(found) for found in canonical], {tag: unescape(found) for tag, found in languages.items()}


@pytest.mark.parametrize("path", ["/", "/dumps/", "/catalog", "/doc/project/S20394", "/def", "/concept"])
@pytest.mark.parametrize("lang", ["", "sv", "xx"])
def test_a_page_has_one_address_and_one_in_each_language(reader: FlaskClient, path: str, lang: str) -> None:
    root = "http://localhost"
    query = {"lang": lang} if lang else {}
    for asked in {path, f"{path}.html"} if path in ("/catalog", "/doc/project/S20394") else {path}:
        page = reader.get(asked, query_string=query, headers={"Accept": "text/html"}).get_data(as_text=True)
        canonical, languages = addresses_of(page)
        assert canonical == [f"{root}{path}" + ("?lang=sv" if lang == "sv" else "")]
        assert languages == {tag: f"{root}{path}?lang={tag}" for tag in ("fi", "sv", "en")} | {"x-default": root + path}
    for address in {*canonical, *languages.values()}:
        answer = reader.get(address.removeprefix(root), headers={"Accept": "text/html"})
        assert (answer.status_code, answer.mimetype) == (200, "text/html")


def test_what_a_page_is_asked_with_stands_in_its_address_as_text(reader: FlaskClient, osallisuus: Release) -> None:
    page = reader.get("/dumps/?q=%22%3E%3Cscript%3E&lang=en", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert addresses_of(page)[0] == ["http://localhost/dumps/?q=%22%3E%3Cscript%3E&lang=en"]
    assert '"><script>' not in page
    settings = Settings(base_iri=osallisuus.manifest.base_iri, public_url="https://data.example.org/p/")
    client = create_app(settings, osallisuus.path.parent, None).test_client()
    below = client.get("/dumps/", headers={"Accept": "text/html"}, environ_overrides={"SCRIPT_NAME": "/inner"})
    assert addresses_of(below.get_data(as_text=True))[0] == ["https://data.example.org/p/dumps/"]
