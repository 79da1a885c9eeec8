"""`/concept…` on the shipped portfolio: schemes, concepts and where they are used."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from rdflib import RDF, SKOS

from publisher.namespaces import CONCEPT, pf
from publisher.web import graphs

SCHEMES = [
    "target-group", "outcome-kind", "funding-source", "funding-stage", "amount-status", "role", "continuation-status",
    "quantity-unit", "quantity-qualifier", "end-date-status", "area-kind", "source-kind", "licence-status", "programme",
]  # fmt: skip


@pytest.fixture
def reader(portfolio_app: Flask) -> Iterator[FlaskClient]:
    """A client of the shipped portfolio."""
    with portfolio_app.test_client() as client:
        yield client


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def graph(client: FlaskClient, address: str) -> rdflib.Graph:
    answer = client.get(address, headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle"
    return rdflib.Graph().parse(data=answer.data, format="turtle")


def members(store: ox.Store, scheme: str) -> set[str]:
    found = store.quads_for_pattern(None, ox.NamedNode(str(SKOS.inScheme)), ox.NamedNode(f"{CONCEPT}/{scheme}"))
    return {quad.subject.value for quad in found}


def test_the_index_lists_all_schemes_with_their_size(reader, portfolio_store):
    text = page(reader, "/concept?lang=en")
    for scheme in SCHEMES:
        card = text.partition(f'href="/concept/{scheme}?lang=en"')[2].partition("</li>")[0]
        count = len(members(portfolio_store, scheme))
        assert f">{count} concept{'s' if count != 1 else ''}<" in card
    described = graph(reader, "/concept")
    assert set(described.subjects(RDF.type, SKOS.ConceptScheme)) == {rdflib.URIRef(f"{CONCEPT}/{s}") for s in SCHEMES}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_shows_and_describes_all_its_concepts(reader, portfolio_store, scheme):
    text = page(reader, f"/concept/{scheme}")
    described = graph(reader, f"/concept/{scheme}")
    wanted = members(portfolio_store, scheme)
    assert wanted
    for iri in wanted:
        assert f'href="/concept/{iri.removeprefix(CONCEPT + "/")}"' in text
        said = {(quad.predicate.value, quad.object.value)
                for quad in portfolio_store.quads_for_pattern(ox.NamedNode(iri), None, None)}  # fmt: skip
        assert said == {(str(p), str(o)) for p, o in described.predicate_objects(rdflib.URIRef(iri))}


def test_a_narrower_concept_stands_below_its_broader_one(reader):
    text = page(reader, "/concept/target-group")
    assert re.search(r'target-group/prisoners".*?<ul class="tree">\s*<li>[^\n]*target-group/released-prisoners"', text,
                     re.DOTALL)  # fmt: skip
    assert text.count('href="/concept/target-group/released-prisoners"') == 1


def test_a_concept_tells_its_labels_in_all_languages(reader):
    text = page(reader, "/concept/target-group/prisoners?lang=sv")
    assert '<html lang="sv"' in text
    assert 'lang="fi">vangit<' in text
    assert 'lang="en">prisoners<' in text
    assert ">fångar<" in text
    assert 'href="/concept/target-group/released-prisoners?lang=sv"' in text


def test_a_concept_tells_where_it_is_used(reader, portfolio_store):
    group = ox.NamedNode(f"{CONCEPT}/target-group/prisoners")
    projects = [quad.subject.value.rpartition("/")[2]
                for quad in portfolio_store.quads_for_pattern(None, ox.NamedNode(pf.targetGroup), group)]  # fmt: skip
    assert projects
    used = page(reader, "/concept/target-group/prisoners").partition('id="used"')[2].partition("</section>")[0]
    for code in projects:
        assert f'href="/doc/project/{code}"' in used
    assert "/concept/" not in used  # its scheme and its narrower concepts are no uses


def test_a_match_elsewhere_is_shown_by_its_address_alone(reader):
    text = page(reader, "/concept/target-group/sami?lang=en")
    shown = re.search(r'<a href="http://www\.yso\.fi/onto/yso/p11537"[^>]*>(.*?)</a>', text)
    assert shown
    assert shown[1].replace("<wbr>", "") == "http://www.yso.fi/onto/yso/p11537"


def test_a_concept_that_is_used_often_says_that_the_list_is_cut(reader, monkeypatch):
    assert "The first 2" not in page(reader, "/concept/role/applicant?lang=en")
    monkeypatch.setattr(graphs, "INCOMING_LIMIT", 2)
    text = page(reader, "/concept/role/applicant?lang=en")
    used = text.partition('id="used"')[2].partition("</section>")[0]
    assert used.count('<li><a href="/doc/') <= 2
    assert "the first 2 are shown" in used
    assert "Only 2 of the statements" in reader.get("/concept/role/applicant.ttl").get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    ["/concept/x", "/concept/Concept", "/concept/target-group/x", "/concept/x/sami", "/concept/target-group.csv",
     "/concept/target-group/sami.csv", "/concept/target-group.ttl/sami", "/concept/..%2fdef", "/concept.csv",
     "/concept/target-group/sami/x", "/concept/target-group/%3Cscript%3E"],
)  # fmt: skip
def test_what_is_no_concept_is_404(reader, path):
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("stem", ["/concept", "/concept/role", "/concept/role/applicant"])
def test_suffix_header_and_validators(reader, stem):
    by_suffix = reader.get(f"{stem}.jsonld", headers={"Accept": "text/html"})
    by_header = reader.get(stem, headers={"Accept": "application/ld+json"})
    assert by_suffix.mimetype == by_header.mimetype == "application/ld+json"
    assert by_suffix.data == by_header.data
    assert "Accept" in by_header.vary
    assert reader.get(stem, headers={"Accept": "application/ld+json", "If-None-Match": by_header.headers["ETag"]},
                      ).status_code == 304  # fmt: skip
