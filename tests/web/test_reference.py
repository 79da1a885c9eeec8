"""`/def` and `/shapes` on the shipped portfolio: every term and every rule has its place, every form says the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from rdflib import OWL, RDF, RDFS, SH
from rdflib.compare import isomorphic

from publisher.manifest import Release
from publisher.namespaces import ONTOLOGY, SHAPES, pf

FORMS = {".ttl": ("turtle", "text/turtle"), ".nt": ("nt", "application/n-triples"),
         ".rdf": ("xml", "application/rdf+xml"), ".jsonld": ("json-ld", "application/ld+json")}  # fmt: skip
FILES = {"/def": ("ontology.ttl", "alignments.ttl"), "/shapes": ("shapes.ttl",)}


@pytest.fixture
def reader(portfolio_app: Flask) -> Iterator[FlaskClient]:
    """A client of the shipped portfolio."""
    with portfolio_app.test_client() as client:
        yield client


@pytest.fixture(scope="module")
def vocabularies(osallisuus: Release) -> dict[str, rdflib.Graph]:
    """What `/def` and `/shapes` are made from."""
    folder = osallisuus.file("vocabularies")
    graphs = {path: rdflib.Graph() for path in FILES}
    for path, names in FILES.items():
        for name in names:
            graphs[path].parse(folder / name)
    return graphs


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    return answer.get_data(as_text=True)


def anchors(text: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', text)


def article(text: str, name: str) -> str:
    """Return the part of the reference page that tells of one term."""
    return text.partition(f'id="{name}"')[2].partition("</article>")[0]


@pytest.mark.parametrize(("path", "base"), [("/def", ONTOLOGY), ("/shapes", SHAPES)])
def test_every_name_has_its_anchor_once(reader, vocabularies, path, base):
    names = {str(s).partition("#")[2] for s in vocabularies[path].subjects() if str(s).startswith(f"{base}#")}
    found = Counter(anchors(page(reader, path)))
    assert len(names) > 50
    assert names <= set(found)
    assert max(found.values()) == 1


@pytest.mark.parametrize("path", ["/def", "/shapes"])
def test_every_link_within_the_page_lands(reader, path):
    text = page(reader, f"{path}?lang=fi")
    places = set(anchors(text))
    inner = re.findall(rf'href="(?:{path}(?:\?lang=fi)?)?#([^"]+)"', text)
    assert inner
    assert set(inner) <= places


@pytest.mark.parametrize(("path", "other"), [("/def", "/shapes"), ("/shapes", "/def")])
def test_terms_and_rules_lead_to_each_other(reader, path, other):
    led = set(re.findall(rf'href="{other}#([^"]+)"', page(reader, path)))
    assert led
    assert led <= set(anchors(page(reader, other)))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own, on reading JSON-LD
@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("path", FILES)
def test_every_form_says_what_the_release_says(reader, vocabularies, path, suffix):
    name, media_type = FORMS[suffix]
    by_suffix = reader.get(path + suffix)
    by_header = reader.get(path, headers={"Accept": media_type})
    assert by_suffix.mimetype == by_header.mimetype == media_type
    assert by_suffix.data == by_header.data
    assert isomorphic(rdflib.Graph().parse(data=by_suffix.data, format=name), vocabularies[path])


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_terms_are_told_in_the_page_s_language(reader, vocabularies, lang):
    text = page(reader, f"/def?lang={lang}")
    definition = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#definition")
    for term in vocabularies["/def"].subjects(RDF.type, OWL.Class):
        told = article(text, str(term).partition("#")[2])
        for predicate in (RDFS.label, definition):
            words = [o for o in vocabularies["/def"].objects(term, predicate) if o.language == lang]
            assert words
            for word in words:
                assert str(word).replace("'", "&#39;") in told


def test_a_term_tells_its_relations(reader):
    text = page(reader, "/def?lang=en")
    project = article(text, "Project")
    assert 'href="http://xmlns.com/foaf/0.1/Project"' in project
    assert 'href="https://schema.org/Project"' in project
    assert "13 in the data" in project
    assert 'href="/def?lang=en#targetGroup"' in project  # a property that is asked of it
    assert "No surveyed vocabulary" in article(text, "Continuation")
    for one, other in (("outcome", "producedBy"), ("producedBy", "outcome")):
        assert f'href="/def?lang=en#{other}"' in article(text, one)


def test_a_property_names_the_classes_that_are_asked_for_it(reader):
    told = article(page(reader, "/def"), "continuationStatus")
    assert 'href="/shapes#Continuation-continuationStatus"' in told


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_a_rule_tells_what_it_asks_and_how_much_it_matters(reader, vocabularies, lang):
    text = page(reader, f"/shapes?lang={lang}")
    severity = {"fi": ("virhe", "varoitus"), "sv": ("fel", "varning"), "en": ("violation", "warning")}[lang]
    graph = vocabularies["/shapes"]
    for name, wanted in (("Benefit-title", severity[0]), ("Benefit-owner", severity[1])):
        row = text.partition(f'<tr id="{name}"')[2].partition("</tr>")[0]
        message = next(m for m in graph.objects(rdflib.URIRef(f"{SHAPES}#{name}"), SH.message) if m.language == lang)
        assert str(message) in row
        assert f">{wanted}<" in row


def test_all_rules_of_a_class_stand_in_its_table(reader):
    text = page(reader, "/shapes?lang=en")
    funding = text.partition('aria-labelledby="FundingShape"')[2].partition("</section>")[0]
    for name in ("Funding-amountWithCurrency", "Funding-amountByStatus", "Funding-fundingSource"):
        assert f'<tr id="{name}"' in funding


def test_a_condition_without_words_tells_its_own_terms(reader):
    text = page(reader, "/shapes?lang=en")
    told = article(text, "SaysAmountIsMissing")
    assert "<code>sh:minCount</code>" in told
    assert 'href="/def?lang=en#amountStatus"' in told
    assert 'href="/concept/amount-status/not-published?lang=en"' in told
    assert "<pre>SELECT $this ?value" in article(text, "WrongBusinessId")


def test_a_path_is_written_as_sparql_writes_it(reader):
    row = page(reader, "/shapes").partition('<tr id="Benefit-owner"')[2].partition("</tr>")[0]
    assert re.search(r"<span>\^</span><a href=\"/def#benefit\">pf:benefit</a>", row)
    row = page(reader, "/shapes").partition('<tr id="Privacy-contact"')[2].partition("</tr>")[0]
    assert "foaf:mbox" in row
    assert "<span> | </span>" in row


@pytest.mark.parametrize("path", ["/def", "/shapes"])
def test_what_is_neither_suffix_nor_page_is_404_and_no_form_406(reader, path):
    assert reader.get(f"{path}.csv").status_code == 404
    assert reader.get(f"{path}inition").status_code == 404
    assert reader.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_head_has_the_headers_alone(reader):
    get, head = reader.get("/def.ttl"), reader.head("/def.ttl")
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"] == get.headers["ETag"]
    assert pf.base.encode() in get.data
