"""The ontology: terms, alignments, concept schemes, JSON-LD context and redirects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SKOS, VANN, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DefinedNamespace
from rdflib.term import Node

from publisher import iris
from publisher.lists import codes
from publisher.namespaces import AUTHORITY, CONCEPT, ONTOLOGY, ROOT, pf
from publisher.vocabularies import LANGUAGES as LANGUAGE_CODES

FOLDER = Path(__file__).parent.parent / "ontology"
FILES = sorted(FOLDER.rglob("*.ttl"))
SCHEMES = [path for path in FILES if path.parent.name == "concepts" and path.stem != "eu-tables"]
LANGUAGES = {"fi", "sv", "en"}
PF = Namespace(pf.base)
TERMS = sorted(pf.names)

# The entries of EU tables that lists of operations can name: `lists/codes.toml` says where each was seen.
EU_TABLES = [
    *(f"eu-programme/{code}" for code in sorted(codes.load().entries)),
    *(f"currency/{code}" for code in sorted({code for named in codes.load().currencies.values() for code in named})),
    *(f"country/{code}" for code in sorted(set(codes.load().countries.values()))),
    *(f"language/{code}" for code in sorted(LANGUAGE_CODES.values())),
]

# What has been seen in its vocabulary, and may be named. Whole namespaces where rdflib knows the terms.
KNOWN: dict[str, type[DefinedNamespace]] = {
    str(namespace): namespace for namespace in (RDF, RDFS, OWL, XSD, SKOS, DCTERMS, FOAF, ORG, PROV, VANN)
}
SEEN = {
    "http://purl.org/cerif/frapo/": "FundingProgramme FundingAgency Output Funding Grant isFundedBy hasOutput "
    "hasMonetaryValue hasCurrency hasEndDate hasExchangeRate",
    "http://data.europa.eu/s66#": "FundingScheme Project FundingAgency Result Grant OrganisationRole isFundedBy "
    "hasResult isResultOf hasInvolvedParty hasFundingScheme value hasTotalCost currency roleLabel startDate endDate",
    "https://w3id.org/italia/onto/Project/": "Programme PublicInvestmentProject projectFunder hasParticipantingAgent "
    "hasProgramme projectTotalCost",
    "https://linkedopendata.eu/entity/": "Q2463047 Q9934 Q2504365",
    "https://linkedopendata.eu/prop/direct/": "P889 P1368 P574247 P1584 P474 P835 P20 P33 P838 P888 P1848 "
    "P1849 P837 P834",
    "https://schema.org/": "FundingScheme Project funder MonetaryGrant OrganizationRole funding amount currency",
    "http://www.yso.fi/onto/yso/": "p11537 p979 p8915 p7179 p10060 p7708 p3230 p24585 p5511 "
    "p6165 p11063 p12297 p2509 p20836",
    f"{AUTHORITY}/": " ".join(["eu-programme currency language country", *EU_TABLES]),
    "https://creativecommons.org/licenses/": "by/4.0/",
}

FIXED_KEYS = {
    "target-group": "sami opioid-substitution homeless disabled unemployed roma adult-social-work prisoners "
    "released-prisoners immigrants fathers mental-health food-aid intellectually-disabled neighbours most-vulnerable "
    "heavy-gamers authorities students service-providers general-public",
    "outcome-kind": "research-finding operating-model method good-practices training media campaign strategy glossary "
    "job-role network service expertise client-process participation guidance compilation structure study "
    "not-classified",
    "funding-source": "eu state municipal other-public private total-cost eligible-cost unspecified",
    "funding-stage": "planned committed paid",
    "amount-status": "given approximate not-yet-given not-published disputed",
    "role": "applicant beneficiary partner contractor participating-municipality service-area",
    "continuation-status": "in-use being-adopted intended supports where-possible usable continues established "
    "interest-raised effect-reported",
    "quantity-unit": "practice language municipality",
    "quantity-qualifier": "exact at-least more-than about",
    "end-date-status": "expected actual",
    "area-kind": "nationwide regions cities municipalities localities various-areas outside-homeland release-area "
    "subproject-areas reform-regions prisons",
    "source-kind": "form project-register list-of-operations web-page",
    "licence-status": "stated not-stated",
    "programme": "2014FI16M2OP001 2014FI16M2OP001-5 2014FI16M2OP001-10-1",
}


def load(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


ALL = load(*FILES)
CONCEPTS = load(*SCHEMES)
OWN = load(FOLDER / "portfolio.ttl")
ALIGNED = load(FOLDER / "portfolio.ttl", FOLDER / "alignments.ttl")


def languages(graph: Graph, subject: Node, predicate: URIRef) -> list[str | None]:
    """Return the language of each value, sorted; a value that is blank counts for nothing."""
    values = [value for value in graph.objects(subject, predicate) if isinstance(value, Literal) and value.strip()]
    return sorted((value.language for value in values), key=str)


def concepts(graph: Graph = CONCEPTS) -> Iterator[URIRef]:
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        assert isinstance(concept, URIRef)
        yield concept


def test_ontology_defines_exactly_the_names_that_the_program_uses() -> None:
    defined = {str(subject) for subject in OWN.subjects(RDF.type) if str(subject).startswith(pf.base)}
    assert defined == {pf.base + name for name in pf.names}


@pytest.mark.parametrize("name", TERMS)
def test_term_is_described_in_three_languages(name: str) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        assert languages(OWN, PF[name], predicate) == sorted(LANGUAGES)
    assert languages(OWN, PF[name], SKOS.scopeNote) in ([], sorted(LANGUAGES))


@pytest.mark.parametrize("name", TERMS)
def test_term_names_its_ontology_and_gives_an_example(name: str) -> None:
    assert list(OWN.objects(PF[name], RDFS.isDefinedBy)) == [URIRef(ONTOLOGY)]
    assert list(OWN.objects(PF[name], SKOS.example))


@pytest.mark.parametrize("name", TERMS)
def test_term_is_a_class_or_one_kind_of_property(name: str) -> None:
    expected = {OWL.Class} if name[0].isupper() else {OWL.ObjectProperty, OWL.DatatypeProperty}
    types = set(OWN.objects(PF[name], RDF.type))
    assert len(types) == 1
    assert types <= expected


@pytest.mark.parametrize("name", TERMS)
def test_term_is_aligned_or_says_why_not(name: str) -> None:
    links = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.seeAlso, SKOS.closeMatch)
    external = [o for link in links for o in ALIGNED.objects(PF[name], link) if not str(o).startswith(ROOT)]
    assert external or languages(ALIGNED, PF[name], SKOS.editorialNote) == ["en"]


def test_ontology_header() -> None:
    ontology = URIRef(ONTOLOGY)
    assert set(OWN.objects(ontology, RDF.type)) == {OWL.Ontology}
    assert languages(OWN, ontology, DCTERMS.title) == languages(OWN, ontology, DCTERMS.description) == sorted(LANGUAGES)
    version = OWN.value(ontology, OWL.versionInfo)
    assert OWN.value(ontology, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version}")
    assert OWN.value(ontology, VANN.preferredNamespaceUri) == Literal(pf.base)


def test_fixed_superclasses_and_inverses() -> None:
    for name, parent in (("Project", FOAF.Project), ("Funder", FOAF.Agent), ("TargetGroup", SKOS.Concept)):
        assert (PF[name], RDFS.subClassOf, parent) in OWN
    for one, other in (("project", "portfolio"), ("outcome", "producedBy")):
        assert (PF[one], OWL.inverseOf, PF[other]) in OWN
        assert (PF[other], OWL.inverseOf, PF[one]) in OWN


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_reads_alike_in_both_parsers(path: Path) -> None:
    graph = load(path)
    quads = list(pyoxigraph.parse(path.read_bytes(), format=pyoxigraph.RdfFormat.TURTLE))
    assert len(graph) == len(set(quads)) == len(quads) > 0


def test_no_blank_nodes() -> None:
    assert not [term for triple in ALL for term in triple if isinstance(term, BNode)]


def test_no_domain_or_range() -> None:
    assert not list(ALL.subject_objects(RDFS.domain))
    assert not list(ALL.subject_objects(RDFS.range))


def is_seen(iri: str) -> bool:
    if iri.startswith(ROOT):
        return not iri.startswith(pf.base) or iri.removeprefix(pf.base) in pf.names
    for base, namespace in KNOWN.items():
        if iri.startswith(base):
            return iri in namespace
    return any(iri.startswith(base) and iri.removeprefix(base) in names.split() for base, names in SEEN.items())


def test_no_iri_is_named_that_was_not_seen_in_its_vocabulary() -> None:
    datatypes = {term.datatype for triple in ALL for term in triple if isinstance(term, Literal) and term.datatype}
    iris_used = {term for triple in ALL for term in triple if isinstance(term, URIRef)} | datatypes
    assert not sorted(str(iri) for iri in iris_used if not is_seen(str(iri)))


def test_texts_are_trimmed_and_end_as_they_should() -> None:
    for _, predicate, text in ALL:
        if isinstance(text, Literal):
            assert str(text) == " ".join(text.split())
            if predicate in (SKOS.definition, SKOS.scopeNote, SKOS.editorialNote):
                assert text.endswith(".")


def test_every_scheme_has_its_file_and_its_keys() -> None:
    assert {path.stem for path in SCHEMES} == set(FIXED_KEYS)
    for scheme, keys in FIXED_KEYS.items():
        found = {str(concept) for concept in concepts(load(FOLDER / "concepts" / f"{scheme}.ttl"))}
        assert found >= {iris.concept(scheme, key) for key in keys.split()}


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_scheme_is_titled_and_lists_its_top_concepts(path: Path) -> None:
    graph = load(path)
    scheme = URIRef(iris.concept(path.stem))
    assert set(graph.subjects(RDF.type, SKOS.ConceptScheme)) == {scheme}
    assert languages(graph, scheme, DCTERMS.title) == sorted(LANGUAGES)
    tops = {concept for concept in concepts(graph) if not graph.value(concept, SKOS.broader)}
    assert set(graph.objects(scheme, SKOS.hasTopConcept)) == tops == set(graph.subjects(SKOS.topConceptOf, scheme))


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_concept_is_described_and_stays_in_its_scheme(path: Path) -> None:
    graph = load(path)
    scheme = URIRef(iris.concept(path.stem))
    for concept in concepts(graph):
        assert languages(graph, concept, SKOS.prefLabel) == sorted(LANGUAGES)
        assert languages(graph, concept, SKOS.definition) == sorted(LANGUAGES)
        assert list(graph.objects(concept, SKOS.inScheme)) == [scheme]
        assert set(graph.objects(concept, SKOS.broader)) <= set(concepts(graph)) - {concept}


def test_notation_is_the_key_or_the_programmes_code() -> None:
    official = {"2014FI16M2OP001": "2014FI16M2OP001", "2014FI16M2OP001-5": "5", "2014FI16M2OP001-10-1": "10.1"}
    for concept in concepts():
        key = concept.rsplit("/", 1)[1]
        assert iris.is_key(key)
        assert list(CONCEPTS.objects(concept, SKOS.notation)) == [Literal(official.get(key, key))]


def test_labels_are_unique_within_a_scheme() -> None:
    for path in SCHEMES:
        labels = list(load(path).objects(None, SKOS.prefLabel))
        assert len(labels) == len(set(labels))


def test_target_groups_and_only_they_are_typed_so() -> None:
    groups = set(CONCEPTS.subjects(RDF.type, PF.TargetGroup))
    assert groups == {concept for concept in concepts() if concept.startswith(f"{CONCEPT}/target-group/")}


def test_no_yso_concept_is_equal_to_two_groups() -> None:
    matched = list(CONCEPTS.objects(None, SKOS.exactMatch))
    assert len(matched) == len(set(matched))


def test_broader_is_as_designed() -> None:
    for scheme, narrower, broader in (
        ("target-group", "released-prisoners", "prisoners"),
        ("target-group", "intellectually-disabled", "disabled"),
        ("programme", "2014FI16M2OP001-5", "2014FI16M2OP001"),
        ("programme", "2014FI16M2OP001-10-1", "2014FI16M2OP001-5"),
    ):
        pair = URIRef(iris.concept(scheme, narrower)), URIRef(iris.concept(scheme, broader))
        assert (pair[0], SKOS.broader, pair[1]) in CONCEPTS


def test_register_wording_of_axis_and_objective_is_kept() -> None:
    labels = set(CONCEPTS.objects(None, SKOS.prefLabel))
    assert Literal("5. Sosiaalinen osallisuus ja köyhyyden torjunta", "fi") in labels
    assert Literal("10.1. Työelämän ulkopuolella olevien työ- ja toimintakyvyn parantaminen", "fi") in labels


def test_eu_table_entries_are_typed_and_labelled() -> None:
    graph = load(FOLDER / "concepts" / "eu-tables.ttl")
    assert {str(subject) for subject in graph.subjects()} == {f"{AUTHORITY}/{entry}" for entry in EU_TABLES}
    for concept in concepts(graph):
        assert languages(graph, concept, SKOS.prefLabel) == sorted(LANGUAGES)
        assert graph.value(concept, SKOS.inScheme) == URIRef(concept.rsplit("/", 1)[0])


CONTEXT = json.loads((FOLDER / "context.jsonld").read_text(encoding="utf-8"))["@context"]


def test_context_has_every_term_with_the_right_kind_of_value() -> None:
    for name in TERMS:
        assert CONTEXT[name]["@id"] == f"pf:{name}"
        is_link = (PF[name], RDF.type, OWL.ObjectProperty) in OWN
        assert (CONTEXT[name].get("@type") == "@id") == is_link


def test_context_keys_are_local_names() -> None:
    for key, value in CONTEXT.items():
        if isinstance(value, dict):
            prefix, local = value["@id"].split(":")
            assert key == local
            assert prefix in CONTEXT
            assert is_seen(CONTEXT[prefix] + local)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own JSON-LD parser makes one
def test_context_expands_a_document() -> None:
    base = f"{ROOT}/osallisuus/id"
    group = iris.concept("target-group", "roma")
    document = {
        "@context": CONTEXT,
        "@id": f"{base}/project/S20831",
        "@type": "Project",
        "identifier": "S20831",
        "title": {"@value": "Nevo tiija - uusi aika", "@language": "fi"},
        "startDate": "2016-08-01",
        "startYear": "2016",
        "targetGroup": group,
        "homepage": "https://peda.net/diak/romanien-osallisuus",
        "asOf": {"@value": "2016-11", "@type": "xsd:gYearMonth"},
        "outcome": {"@id": f"{base}/outcome/S20831~good-practices", "quantity": "25"},
    }
    project, outcome = URIRef(f"{base}/project/S20831"), URIRef(f"{base}/outcome/S20831~good-practices")
    graph = Graph().parse(data=json.dumps(document), format="json-ld")
    assert set(graph) == {
        (project, RDF.type, PF.Project),
        (project, DCTERMS.identifier, Literal("S20831")),
        (project, DCTERMS.title, Literal("Nevo tiija - uusi aika", lang="fi")),
        (project, PF.startDate, Literal("2016-08-01", datatype=XSD.date)),
        (project, PF.startYear, Literal("2016", datatype=XSD.gYear)),
        (project, PF.targetGroup, URIRef(group)),
        (project, FOAF.homepage, URIRef("https://peda.net/diak/romanien-osallisuus")),
        (project, PF.asOf, Literal("2016-11", datatype=XSD.gYearMonth)),
        (project, PF.outcome, outcome),
        (outcome, PF.quantity, Literal("25", datatype=XSD.decimal)),
    }


HTACCESS = (FOLDER / "w3id" / ".htaccess").read_text(encoding="utf-8")
HOST = "https://example.org"


def redirect(path: str, accept: str) -> str | None:
    """Return where the redirect file sends a request, by the few directives that it uses."""
    met = True
    for line in HTACCESS.splitlines():
        if match := re.fullmatch(r"RewriteCond %\{HTTP_ACCEPT\} (\S+) \[NC\]", line):
            met = bool(re.search(match[1], accept, re.IGNORECASE))
        elif match := re.fullmatch(r"RewriteRule (\S+) %\{ENV:TARGET_HOST\}(\S+) \[R=303,L\]", line):
            if met and (found := re.search(match[1], path)):
                return HOST + match[2].replace("$1", found[1] if found.groups() else "")
            met = True
    return None


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("def", BROWSER, "/def"),
        ("def", "text/turtle", "/def.ttl"),
        ("def", "text/turtle;q=0.1, application/rdf+xml", "/def"),
        ("def", "", "/def"),
        ("def.rdf", BROWSER, "/def.rdf"),
        ("def/1.0.0", "text/turtle", "/def"),
        ("shapes", "application/ld+json", "/shapes.jsonld"),
        ("concept/role", "application/rdf+xml", "/concept/role.rdf"),
        ("concept/role/applicant", "application/n-triples", "/concept/role/applicant.nt"),
        ("concept/role/applicant", BROWSER, "/concept/role/applicant"),
        ("osallisuus/id/outcome/S20831~good-practices", "text/turtle", "/id/outcome/S20831~good-practices"),
        ("osallisuus", BROWSER, "/"),
        ("", BROWSER, "/def"),
        ("concept/role/../../x", BROWSER, None),
        ("other/id/project/1", BROWSER, None),
    ],
)
def test_redirects(path: str, accept: str, expected: str | None) -> None:
    assert redirect(path, accept) == (None if expected is None else HOST + expected)


def test_target_host_stands_in_one_line() -> None:
    directives = [line for line in HTACCESS.splitlines() if not line.startswith("#")]
    assert [line for line in directives if "://" in line] == [f"RewriteRule ^ - [E=TARGET_HOST:{HOST}]"]
