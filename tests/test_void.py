"""VoID: the counts of one streaming pass equal a naive count; the description leads to the data."""

import dataclasses

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, VOID, Literal, URIRef

from publisher import ntriples, release
from publisher.config import Settings
from publisher.errors import ConfigError
from publisher.manifest import Manifest, Release
from publisher.namespaces import AUTHORITY, dct, org, pf, rdf, sd, skos
from publisher.void import TARGETS, Statistics, statistics, void
from publisher.web.app import create_app

BASE = "https://w3id.org/project-portfolio/osallisuus"
DATASET = URIRef(f"{BASE}/id/dataset/portfolio")
TYPE = rdf.type
SKOS = skos.base
SETTINGS = Settings(base_iri=BASE, public_url="https://data.example.org/", licence="https://example.org/licence")
MANIFEST = Manifest(
    id="20261124T031500Z-1a2b3c4d",
    created="2026-11-24T03:15:00Z",
    version="0.1.0",
    base_iri=BASE,
    title={"fi": "Osallisuus"},
    languages=["fi"],
    master="portfolio.nt",
    statements_sha256="",
    fingerprint="",
    counts={},
    files={"dumps/portfolio.ttl.gz": {}, "dumps/projects.csv": {}, "void.ttl": {}},
)
GRAPH = f"""
@prefix pf: <{pf.base}> . @prefix org: <{org.base}> . @prefix dct: <{dct.base}> . @prefix ex: <http://example.net/x#> .
<{BASE}/id/project/S1> a pf:Project, ex:Thing ; dct:title "Yksi"@fi, "a > b . \\"c\\""@en ;
    pf:funder <{BASE}/id/organisation/A> .
<{BASE}/id/project/S10> a pf:Project ; dct:title "Kymmenen"@fi ; ex:d\\.e 1 .
<{BASE}/id/project/S1-a> a pf:Project .
<{BASE}/id/organisation/A> a org:Organization, pf:Funder ; dct:title "Rahoittaja"@fi .
<{BASE}/id/untyped/a> dct:title "x" .
"""


def master(turtle: str = GRAPH) -> list[str]:
    return sorted(line for line in rdflib.Graph().parse(data=turtle).serialize(format="nt").split("\n") if line)


def described(counted: Statistics, manifest: Manifest = MANIFEST) -> rdflib.Graph:
    return rdflib.Graph().parse(data=ntriples.text(void(counted, manifest, SETTINGS)), format="nt")


def test_counts_equal_a_naive_count() -> None:
    graph = rdflib.Graph().parse(data=GRAPH)
    counted = statistics(master())
    assert counted.triples == len(graph)
    assert counted.distinct_subjects == counted.entities == len(set(graph.subjects()))
    assert {c: p.count for c, p in counted.classes.items()} == {
        str(c): len(set(graph.subjects(RDF.type, c))) for c in set(graph.objects(None, RDF.type))
    }
    assert {p: (n.count, n.subjects) for p, n in counted.properties.items()} == {
        str(p): (len(list(graph.triples((None, p, None)))), len(set(graph.subjects(p))))
        for p in set(graph.predicates())
    }


def test_line_ends_and_empty_lines_do_not_count() -> None:
    assert statistics(f"{line}\n" for line in ["", *master()]) == statistics(master())


def test_named_graphs_and_blank_nodes() -> None:
    lines = sorted(
        [
            f"<http://e.net/a/1> <{TYPE}> <http://e.net/v#C> .",
            f"<http://e.net/a/1> <{TYPE}> <http://e.net/v#C> <http://e.net/g> .",
            f"_:b <{TYPE}> <http://e.net/v#C> .",
            f"_:b <{TYPE}> _:c .",
        ]
    )
    counted = statistics(lines)
    assert (counted.triples, counted.distinct_subjects, counted.entities) == (4, 2, 1)
    assert {c: (p.count, p.example) for c, p in counted.classes.items()} == {
        "http://e.net/v#C": (2, "http://e.net/a/1"),
    }
    assert counted.properties[TYPE].count == 4
    assert counted.properties[TYPE].subjects == 2


LINKS = f"""
@prefix skos: <{SKOS}> . @prefix yso: <http://www.yso.fi/onto/yso/> . @prefix nuts: <http://data.europa.eu/nuts/code/> .
@prefix pf: <{pf.base}> . @prefix eu: <{AUTHORITY}/> .
<{BASE}/id/place/a> skos:exactMatch yso:p1, yso:p2 ; skos:closeMatch nuts:FI1B1, yso:p3 ;
    skos:closeMatch <http://www.yso.fi/onto/other/p1> .
<{BASE}/id/place/b> skos:exactMatch yso:p1 ; a yso:p9 ; skos:note "<http://www.yso.fi/onto/yso/p1>" .
<{BASE}/id/funding/f> pf:currency <{AUTHORITY}/currency/EUR> ; pf:fund <{AUTHORITY}/eu-programme/ESF> .
yso:p1 skos:broader yso:p2 ; skos:exactMatch nuts:FI .
<{AUTHORITY}/currency/EUR> skos:inScheme <{AUTHORITY}/currency/> .
_:b skos:exactMatch yso:p1 .
"""


def test_links_are_counted_by_target_and_property_not_within_a_target() -> None:
    counted = statistics(master(LINKS))
    assert counted.links == {
        ("yso", f"{SKOS}exactMatch"): 3,
        ("yso", f"{SKOS}closeMatch"): 1,
        ("nuts", f"{SKOS}closeMatch"): 1,
        ("nuts", f"{SKOS}exactMatch"): 1,
        ("eu-currency", pf.currency): 1,
        ("eu-eu-programme", pf.fund): 1,
    }


# --- every number against a query of the release's store

TRIG = f"""
@prefix skos: <{SKOS}> . @prefix yso: <http://www.yso.fi/onto/yso/> . @prefix ex: <https://example.org/v#> .
<https://example.org/a> a ex:Thing ; ex:name "a <x> b"@en , "a _:x" ; ex:knows <https://example.org/b> , _:someone .
_:someone a ex:Thing , ex:Other ; ex:name "anonymous" .
<https://example.org/b> skos:exactMatch yso:p1 ; ex:kind <https://example.org/v#Thing> .
<https://example.org/g1> {{
    <https://example.org/a> a ex:Thing ; ex:name "a <x> b"@en ; skos:exactMatch yso:p1 .
    <https://example.org/c> a ex:Thing , [ ] ; ex:name "c" . yso:p1 skos:broader yso:p2 .
}}
<https://example.org/g2> {{ <https://example.org/a> a ex:Thing ; skos:exactMatch yso:p1 , yso:p3 . }}
"""
EVERYWHERE = "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


@pytest.fixture(scope="module", params=["shipped", "named graphs"])
def counted_release(
    request: pytest.FixtureRequest, osallisuus: Release, tmp_path_factory: pytest.TempPathFactory
) -> Release:
    if request.param == "shipped":
        return osallisuus
    folder = tmp_path_factory.mktemp("graphs")
    (folder / "a.trig").write_text(TRIG, encoding="utf-8")
    made, _, _ = release.build([str(folder / "a.trig")], Settings(base_iri=BASE), folder / "releases")
    return made


def test_every_number_equals_a_query(counted_release: Release) -> None:
    found = rdflib.Graph().parse(counted_release.file("void.ttl"))
    store = ox.Store.read_only(str(counted_release.store_path))

    def ask(projection: str, pattern: str = EVERYWHERE, end: str = "") -> list[tuple[str, ...]]:
        rows = store.query(f"SELECT {projection} WHERE {pattern} {end}")
        return [tuple(term.value for term in row) for row in rows]

    def number(projection: str, pattern: str = EVERYWHERE) -> int:
        return int(ask(projection, pattern)[0][0])

    told = {p: int(found.value(DATASET, VOID[p])) for p in ("triples", "distinctSubjects", "entities", "classes")}
    assert told == {
        "triples": number("(COUNT(*) AS ?n)"),
        "distinctSubjects": number("(COUNT(DISTINCT ?s) AS ?n)"),
        "entities": number("(COUNT(DISTINCT ?s) AS ?n)", f"{{ {EVERYWHERE} FILTER(isIRI(?s)) }}"),
        "classes": number("(COUNT(DISTINCT ?o) AS ?n)", f"{{ {EVERYWHERE} FILTER(?p = <{TYPE}> && isIRI(?o)) }}"),
    }
    assert int(found.value(DATASET, VOID.properties)) == number("(COUNT(DISTINCT ?p) AS ?n)")
    classes = {
        str(found.value(part, VOID["class"])): str(found.value(part, VOID.entities))
        for part in found.objects(DATASET, VOID.classPartition)
    }
    of_class = f"{{ {EVERYWHERE} FILTER(?p = <{TYPE}> && isIRI(?o)) }}"
    assert classes == dict(ask("?o (COUNT(DISTINCT ?s) AS ?n)", of_class, "GROUP BY ?o"))
    properties = {
        (str(found.value(part, VOID.property)), str(found.value(part, VOID.triples)),
         str(found.value(part, VOID.distinctSubjects)))
        for part in found.objects(DATASET, VOID.propertyPartition)
    }  # fmt: skip
    assert properties == set(ask("?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m)", EVERYWHERE, "GROUP BY ?p"))
    assert (
        sum(int(found.value(part, VOID.triples)) for part in found.objects(DATASET, VOID.propertyPartition))
        == (told["triples"])
    )
    links = {
        (str(found.value(found.value(part, VOID.objectsTarget), VOID.uriSpace)),
         str(found.value(part, VOID.linkPredicate)), str(found.value(part, VOID.triples)))
        for part in found.subjects(RDF.type, VOID.Linkset)
    }  # fmt: skip
    asked = set()
    for target in TARGETS:
        space = target.uri_space
        into = f"STRSTARTS(STR(?o), '{space}') && isIRI(?o) && !STRSTARTS(STR(?s), '{space}') && isIRI(?s)"
        rows = ask("?p (COUNT(*) AS ?n)", f"{{ {EVERYWHERE} FILTER({into} && ?p != <{TYPE}>) }}", "GROUP BY ?p")
        asked |= {(space, predicate, count) for predicate, count in rows}
    assert links == asked
    assert links
    spaces = [str(found.value(node, VOID.uriSpace)) for node in (DATASET,) if found.value(node, VOID.uriSpace)]
    entities = [row[0] for row in ask("DISTINCT ?s", f"{{ {EVERYWHERE} FILTER(isIRI(?s)) }}")]
    assert all(entity.startswith(space) for space in spaces for entity in entities)
    examples = {str(o) for o in found.objects(DATASET, VOID.exampleResource)}
    assert examples
    assert examples <= set(entities)


def test_the_service_description_counts_the_same(counted_release: Release) -> None:
    app = create_app(Settings(base_iri=BASE), counted_release.path.parent, None)
    answer = app.test_client().get("/sparql", headers={"Accept": "text/turtle"})
    told = rdflib.Graph().parse(data=answer.data, format="turtle")
    store = ox.Store.read_only(str(counted_release.store_path))
    (default,) = told.objects(None, URIRef(sd.defaultGraph))
    assert int(told.value(default, VOID.triples)) == sum(1 for _ in store.quads_for_pattern(None, None, None, None)) - (
        sum(1 for graph in store.named_graphs() for _ in store.quads_for_pattern(None, None, None, graph))
    )
    counts = {
        str(told.value(node, URIRef(sd.name))): int(told.value(told.value(node, URIRef(sd.graph)), VOID.triples))
        for node in told.objects(None, URIRef(sd.namedGraph))
    }
    assert counts == {
        graph.value: sum(1 for _ in store.quads_for_pattern(None, None, None, graph)) for graph in store.named_graphs()
    }
    found = rdflib.Graph().parse(counted_release.file("void.ttl"))
    total = int(told.value(default, VOID.triples)) + sum(counts.values())
    assert int(found.value(DATASET, VOID.triples)) == total == len(store)


def test_a_linkset_leads_from_the_dataset_into_the_target() -> None:
    found = described(statistics(master(LINKS)))
    part = URIRef(f"{DATASET}~links~yso~skos-exactMatch")
    assert (part, RDF.type, VOID.Linkset) in found
    assert (DATASET, URIRef(f"{VOID}subset"), part) in found
    target = found.value(part, VOID.objectsTarget)
    assert found.value(part, VOID.subjectsTarget) == DATASET
    assert found.value(target, VOID.uriSpace) == Literal("http://www.yso.fi/onto/yso/")
    assert found.value(part, VOID.triples) == Literal(3)
    assert not list(described(statistics(master())).subjects(RDF.type, VOID.Linkset))


def test_links_in_named_graphs_count_as_statements_do() -> None:
    quads = sorted(
        f"<{BASE}/id/place/a> <{SKOS}exactMatch> <http://www.yso.fi/onto/yso/p1> <http://e.net/{g}> ." for g in "ab"
    )
    assert statistics(quads).links == {("yso", f"{SKOS}exactMatch"): 2}


def test_no_statement_is_an_error() -> None:
    with pytest.raises(ValueError, match="rubbish"):
        statistics(["rubbish"])


def test_an_empty_master_is_described() -> None:
    counted = statistics([])
    assert counted == Statistics(graph_triples={"": 0})
    assert described(counted).value(DATASET, VOID.triples) == Literal(0)


def test_uri_space_is_what_all_entities_share() -> None:
    assert statistics(master()).uri_space == f"{BASE}/id/"
    foreign = [*master(), "<https://example.org/a/b> <http://e.net/p> <http://e.net/o> ."]
    counted = statistics(sorted(foreign))
    assert counted.uri_space == ""
    found = described(counted)
    assert found.value(DATASET, VOID.uriSpace) is None
    subset = found.value(DATASET, URIRef(f"{VOID}subset"))
    assert found.value(subset, VOID.uriSpace) == Literal(f"{BASE}/id/")


def test_the_description_repeats_the_counts() -> None:
    counted = statistics(master())
    found = described(counted)
    assert found.value(DATASET, VOID.triples) == Literal(counted.triples)
    assert found.value(DATASET, VOID.distinctSubjects) == Literal(counted.distinct_subjects)
    project = URIRef(f"{DATASET}~class~pf-Project")
    assert (DATASET, VOID.classPartition, project) in found
    assert (found.value(project, VOID["class"]), found.value(project, VOID.entities)) == (
        URIRef(pf.Project),
        Literal(3),
    )
    title = URIRef(f"{DATASET}~property~dct-title")
    assert (found.value(title, VOID.triples), found.value(title, VOID.distinctSubjects)) == (Literal(5), Literal(4))
    assert len(set(found.objects(DATASET, VOID.classPartition))) == len(counted.classes)
    assert len(set(found.objects(DATASET, VOID.propertyPartition))) == len(counted.properties)


def test_the_description_leads_to_the_data() -> None:
    found = described(statistics(master()))
    assert set(found.objects(DATASET, VOID.dataDump)) == {
        URIRef("https://data.example.org/dumps/portfolio.ttl.gz"),
    }
    assert found.value(DATASET, VOID.sparqlEndpoint) == URIRef("https://data.example.org/sparql")
    assert found.value(DATASET, URIRef(dct.license)) == URIRef("https://example.org/licence")
    assert {str(v) for v in found.objects(DATASET, VOID.vocabulary)} == {
        pf.base, org.base, dct.base, rdf.base, "http://example.net/x#",
    }  # fmt: skip
    examples = set(found.objects(DATASET, VOID.exampleResource))
    # In the master's order: "-" sorts before the ">" that ends a shorter IRI.
    assert examples == {URIRef(f"{BASE}/id/project/S1-a"), URIRef(f"{BASE}/id/organisation/A")}


def test_foreign_classes_give_examples_too() -> None:
    counted = statistics([f"<http://e.net/a> <{TYPE}> <http://e.net/v#C> ."])
    found = described(counted, dataclasses.replace(MANIFEST, title={}))
    assert set(found.objects(DATASET, VOID.exampleResource)) == {URIRef("http://e.net/a")}
    assert found.value(DATASET, URIRef(dct.title)) == Literal(BASE)


def test_lines_are_sorted_unique_and_stable() -> None:
    counted = statistics(master())
    lines = void(counted, MANIFEST, SETTINGS)
    assert lines == sorted(set(lines)) == void(counted, MANIFEST, SETTINGS)
    assert not [line for line in lines if "_:" in line]


def test_named_dumps_go_before_the_manifests() -> None:
    lines = void(Statistics(), MANIFEST, SETTINGS, ["portfolio.nt.gz"])
    assert [ntriples.split(line)[2] for line in lines if VOID.dataDump in line] == [
        "<https://data.example.org/dumps/portfolio.nt.gz>"
    ]


def test_a_licence_that_is_no_iri_is_an_error() -> None:
    with pytest.raises(ConfigError, match="licence"):
        void(Statistics(), MANIFEST, dataclasses.replace(SETTINGS, licence="CC BY"))
