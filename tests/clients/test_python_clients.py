"""SPARQLWrapper, rdflib's SPARQLStore, pyoxigraph's and Oxigraph's SERVICE, against running servers."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCTERMS, RDF
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

BASE = "https://w3id.org/project-portfolio/osallisuus"
PROJECT = f"{BASE}/id/project/S20394"
TITLE = "Saamelaisten hyvinvointi ja yhdenvertaisuus: hyvinvointipalvelut osallisuuden vahvistamisessa"
PF = "https://w3id.org/project-portfolio/def#"
SELECT = f"SELECT ?t {{ <{PROJECT}> <{DCTERMS.title}> ?t }}"
DESCRIBE = f"DESCRIBE <{PROJECT}>"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{PROJECT}> ?p ?o }}"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f) }"

wrapped = pytest.mark.skipif(
    importlib.util.find_spec("SPARQLWrapper") is None, reason="SPARQLWrapper is not installed (extra: peers)"
)
OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph") or ""
oxigraph = pytest.mark.skipif(not OXIGRAPH, reason="Oxigraph's command is not installed (extra: peers)")


# --- SPARQLWrapper


def wrapper(origin: str, query: str, form: str = "json", method: str = "GET", way: str = "urlencoded") -> Any:
    from SPARQLWrapper import SPARQLWrapper

    made = SPARQLWrapper(f"{origin}/sparql")
    made.setQuery(query)
    made.setReturnFormat(form)
    made.setMethod(method)
    made.setRequestMethod(way)
    made.setTimeout(20)
    return made


WAYS = pytest.mark.parametrize(
    ("method", "way"), [("GET", "urlencoded"), ("POST", "urlencoded"), ("POST", "postdirectly")]
)


@wrapped
@WAYS
def test_wrapper_select(origin: str, method: str, way: str) -> None:
    answers = {form: wrapper(origin, SELECT, form, method, way).query() for form in ("json", "xml", "csv", "tsv")}
    types = {form: answer.info()["content-type"].partition(";")[0] for form, answer in answers.items()}
    assert types == {
        "json": "application/sparql-results+json",
        "xml": "application/sparql-results+xml",
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
    }
    json_, xml, csv, tsv = (answer.convert() for answer in answers.values())
    assert json_["results"]["bindings"] == [{"t": {"type": "literal", "value": TITLE, "xml:lang": "fi"}}]
    literal = xml.getElementsByTagName("literal")[0]
    assert (literal.firstChild.data, literal.getAttribute("xml:lang")) == (TITLE, "fi")
    assert csv.decode() == f"t\r\n{TITLE}\r\n"
    assert tsv.decode() == f'?t\n"{TITLE}"@fi\n'


@wrapped
@WAYS
def test_wrapper_ask(origin: str, method: str, way: str) -> None:
    assert wrapper(origin, f"ASK {{ <{PROJECT}> ?p ?o }}", "json", method, way).queryAndConvert()["boolean"] is True
    answer = wrapper(origin, "ASK { <http://example.org/nowhere> ?p ?o }", "xml", method, way).queryAndConvert()
    assert answer.getElementsByTagName("boolean")[0].firstChild.data == "false"


@wrapped
@WAYS
@pytest.mark.parametrize("query", [DESCRIBE, CONSTRUCT], ids=["describe", "construct"])
@pytest.mark.parametrize(
    ("form", "kind", "known"),
    [
        ("turtle", "text/turtle", ox.RdfFormat.TURTLE),
        ("n3", "text/turtle", ox.RdfFormat.TURTLE),
        ("rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("json-ld", "application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_wrapper_graphs(
    origin: str, query: str, form: str, kind: str, known: ox.RdfFormat, method: str, way: str
) -> None:
    answer = wrapper(origin, query, form, method, way).query()
    assert answer.info()["content-type"].partition(";")[0] == kind
    triples = list(ox.parse(answer.response.read(), format=known))
    assert len(triples) == 42
    assert {triple.subject.value for triple in triples} == {PROJECT}


@wrapped
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("form", ["rdf+xml", "xml", "json-ld"])
def test_wrapper_makes_an_rdflib_graph(origin: str, form: str) -> None:
    graph = wrapper(origin, CONSTRUCT, form).queryAndConvert()
    assert graph.value(rdflib.URIRef(PROJECT), DCTERMS.title) == rdflib.Literal(TITLE, lang="fi")


@wrapped
@pytest.mark.parametrize("form", ["json", "xml", "turtle", "json-ld"])
def test_wrapper_by_negotiation_alone(origin: str, form: str) -> None:
    asked = wrapper(origin, SELECT if form in ("json", "xml") else CONSTRUCT, form)
    asked.setOnlyConneg(True)
    assert asked.query().response.status == 200


@wrapped
@WAYS
def test_wrapper_chooses_the_dataset(graphs_origin: str, method: str, way: str) -> None:
    def titles(query: str, default: list[str], named: list[str]) -> set[str]:
        asked = wrapper(graphs_origin, query, "json", method, way)
        for iri in default:
            asked.addDefaultGraph(iri)
        for iri in named:
            asked.addNamedGraph(iri)
        return {row["t"]["value"] for row in asked.queryAndConvert()["results"]["bindings"]}

    one, two = "http://example.org/one", "http://example.org/two"
    plain, of_graphs = (
        f"SELECT ?t {{ ?s <{DCTERMS.title}> ?t FILTER(ISIRI(?s) && STRSTARTS(STR(?s), 'http://example.org/')) }}",
        ("SELECT ?t { GRAPH ?g { ?s ?p ?t } }"),
    )
    assert titles(plain, [], []) == {"in the default graph"}
    assert titles(plain, [one], []) == {"čáhci", "in one"}
    assert titles(plain.replace(str(DCTERMS.title), str(DCTERMS.extent)), [one, two], []) == {"2"}
    assert titles(of_graphs, [], []) == {"čáhci", "in one", "2"}
    assert titles(of_graphs, [], [two]) == {"2"}
    assert titles(plain, [], [one]) == set(), "only named graphs leave the default graph empty"


@wrapped
@WAYS
def test_wrapper_knows_a_syntax_error(origin: str, method: str, way: str) -> None:
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

    with pytest.raises(QueryBadFormed, match="line 1, column"):
        wrapper(origin, "SELECT * { ?s ?p }", "json", method, way).query()


@wrapped
@pytest.mark.parametrize("way", ["urlencoded", "postdirectly"])
@pytest.mark.parametrize("update", ["INSERT DATA { <a:b> <a:b> 1 }", "DELETE WHERE { ?s ?p ?o }", "CLEAR ALL"])
def test_wrapper_cannot_write(origin: str, way: str, update: str) -> None:
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

    with pytest.raises((QueryBadFormed, HTTPError)) as caught:
        wrapper(origin, update, "json", "POST", way).query()
    if isinstance(caught.value, HTTPError):
        assert caught.value.code == 415
        caught.value.close()


@wrapped
def test_wrapper_gives_up_and_the_server_serves_on(origin: str) -> None:
    asked = wrapper(origin, SLOW)
    asked.setTimeout(1)
    with pytest.raises(TimeoutError):
        asked.query()
    assert wrapper(origin, SELECT).query().response.status == 200


def test_clients_that_keep_a_finished_connection_delay_nobody(origin: str) -> None:
    """SPARQLWrapper and urllib say `Connection: close` and leave closing to the garbage collector."""
    begun = time.monotonic()
    with ExitStack() as kept:
        for _ in range(8):
            answer = kept.enter_context(urlopen(f"{origin}/sparql?query=ASK%7B%7D", timeout=20))
            assert answer.status == 200
    assert time.monotonic() - begun < 6


# --- rdflib


def store(origin: str, method: str = "GET", form: str = "xml") -> SPARQLStore:
    return SPARQLStore(f"{origin}/sparql", method=method, returnFormat=form)


@pytest.mark.parametrize("form", ["xml", "json", "tsv", "csv"])
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_asks_as_of_a_graph_of_its_own(origin: str, method: str, form: str) -> None:
    graph = rdflib.Graph(store(origin, method, form))
    project = rdflib.URIRef(PROJECT)
    title = rdflib.Literal(TITLE, lang=None if form == "csv" else "fi")
    rows = graph.query(f"SELECT ?t {{ ?p <{DCTERMS.title}> ?t }}", initBindings={"p": project})
    assert [row[rdflib.Variable("t")] for row in rows.bindings] == [title]
    assert graph.value(project, DCTERMS.title) == title
    assert len(list(graph.triples((project, None, None)))) == 42
    assert {str(s) for s in graph.subjects(RDF.type, rdflib.URIRef(f"{PF}Project"))} >= {PROJECT}
    if form in ("xml", "json"):  # rdflib's other two read no booleans and no numbers
        assert len(graph) == 6611
        assert (project, RDF.type, rdflib.URIRef(f"{PF}Project")) in graph
        assert (project, RDF.type, rdflib.URIRef(f"{PF}Outcome")) not in graph


@pytest.mark.parametrize("form", ["xml", "turtle", "nt"])
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
def test_rdflib_makes_graphs(origin: str, method: str, form: str, query: str) -> None:
    found = rdflib.Graph(store(origin, method, form)).query(query).graph
    assert found is not None
    assert len(found) == 42


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_one_named_graph(graphs_origin: str, method: str) -> None:
    used = store(graphs_origin, method)
    sizes = {
        name: len(rdflib.Graph(used, rdflib.URIRef(f"http://example.org/{name}"))) for name in ("one", "two", "no")
    }
    assert sizes == {"one": 2, "two": 1, "no": 0}
    a = rdflib.URIRef("http://example.org/a")
    assert set(rdflib.Graph(used).objects(a, DCTERMS.title)) == {rdflib.Literal("in the default graph")}
    one = rdflib.Graph(used, rdflib.URIRef("http://example.org/one"))
    assert one.value(a, DCTERMS.title) == rdflib.Literal("čáhci", lang="se")
    titles = one.query(f"SELECT ?t {{ ?s <{DCTERMS.title}> ?t }}")
    assert {str(row[rdflib.Variable("t")]) for row in titles.bindings} == {"čáhci", "in one"}


def test_rdflib_lists_the_named_graphs(graphs_origin: str) -> None:
    found = {str(context) for context in store(graphs_origin).contexts()}
    assert found == {"http://example.org/one", "http://example.org/two"}


def test_rdflib_cannot_write(origin: str) -> None:
    writer = SPARQLUpdateStore(f"{origin}/sparql", f"{origin}/sparql")
    with pytest.raises(HTTPError) as caught:
        writer.update("INSERT DATA { <http://example.org/a> <http://example.org/b> 1 }")
    assert caught.value.code == 415
    caught.value.close()
    assert len(rdflib.Graph(store(origin))) == 6611


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("path", ["/doc/project/S20394", "/def", "/catalog", "/sparql"])
def test_rdflib_reads_an_address(origin: str, path: str) -> None:
    assert len(rdflib.Graph().parse(f"{origin}{path}")) > 10


# --- SERVICE


FEDERATED = """SELECT ?note ?t {{ ?s <http://example.org/note> ?note
  SERVICE {silent} <{origin}/sparql> {{ ?s <http://purl.org/dc/terms/title> ?t {more} }} }}"""


def notes() -> str:
    return f'<{PROJECT}> <http://example.org/note> "mine" .\n'


def test_pyoxigraph_joins_its_data_with_ours(origin: str) -> None:
    mine = ox.Store()
    mine.load(notes(), format=ox.RdfFormat.TURTLE)
    rows = mine.query(FEDERATED.format(origin=origin, silent="", more=""))
    assert isinstance(rows, ox.QuerySolutions)
    assert [(row["note"], row["t"]) for row in rows] == [(ox.Literal("mine"), ox.Literal(TITLE, language="fi"))]


def test_pyoxigraph_counts_all_of_ours(origin: str) -> None:
    rows = ox.Store().query(f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{origin}/sparql> {{ ?s ?p ?o }} }}")
    assert isinstance(rows, ox.QuerySolutions)
    assert [row["n"].value for row in rows] == ["6611"]


def test_a_service_in_a_service_is_refused_with_the_reason(origin: str) -> None:
    further = "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }"
    mine = ox.Store()
    mine.load(notes(), format=ox.RdfFormat.TURTLE)
    with pytest.raises(OSError, match="SERVICE would ask another server"):
        list(mine.query(FEDERATED.format(origin=origin, silent="", more=further)))  # type: ignore[arg-type]
    silent = mine.query(FEDERATED.format(origin=origin, silent="SILENT", more=further))
    assert [row["t"] for row in silent] == [None]  # type: ignore[union-attr]


@oxigraph
def test_oxigraph_joins_its_data_with_ours(origin: str, tmp_path: Path) -> None:
    (tmp_path / "notes.ttl").write_text(notes(), encoding="utf-8")
    place = ["--location", str(tmp_path / "store")]
    subprocess.run([OXIGRAPH, "load", *place, "--file", str(tmp_path / "notes.ttl")], check=True, capture_output=True)
    ask = [OXIGRAPH, "query", *place, "--results-format", "csv", "--query"]
    good = subprocess.run([*ask, FEDERATED.format(origin=origin, silent="", more="")], capture_output=True, check=True)
    assert sorted(good.stdout.decode().split()[0].split(",")) == ["note", "t"]
    assert f"mine,{TITLE}" in good.stdout.decode()
    further = "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }"
    bad = subprocess.run(
        [*ask, FEDERATED.format(origin=origin, silent="", more=further)], capture_output=True, check=False
    )
    assert bad.returncode != 0
    assert b"SERVICE would ask another server" in bad.stderr
