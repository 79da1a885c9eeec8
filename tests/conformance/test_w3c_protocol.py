"""The W3C's SPARQL 1.1 Protocol tests, by their names, over HTTP against a real server.

The W3C words them in prose and requests, so they are written out here. Queries are asked
as they are. Updates, good and bad, must be refused and change nothing: this service only reads.
Where the W3C leaves the refusal's status open, ours is the one that HTTP has for the case.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import w3c_suite

DATA = [f"http://kasei.us/2009/09/sparql/data/data{number}.rdf" for number in range(4)]
"""Graphs of the W3C's tests: each says that it is a document. The first is in our default graph too."""
DOCUMENT = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Document>"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
BOOLEANS = ("application/sparql-results+json", "application/sparql-results+xml")
TABLES = (*BOOLEANS, "text/csv", "text/tab-separated-values")
GRAPHS = {
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}
Pairs = tuple[tuple[str, str], ...]


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get_content_type()

    @property
    def boolean(self) -> bool:
        """The answer to ASK, by its own format."""
        if self.media_type == BOOLEANS[0]:
            found = json.loads(self.body)["boolean"]
            assert isinstance(found, bool)
            return found
        text = ElementTree.fromstring(self.body).findtext("{http://www.w3.org/2005/sparql-results#}boolean")
        return {"true": True, "false": False}[text or ""]


@dataclass(frozen=True)
class Request:
    """One request: parameters of the address, and a body of a type ("" = the header is not sent)."""

    method: str = "GET"
    address: Pairs = ()
    body: bytes | None = None
    content_type: str = ""


def get(*address: tuple[str, str]) -> Request:
    return Request("GET", address)


def post(content_type: str, body: str | bytes, *address: tuple[str, str]) -> Request:
    return Request("POST", address, body.encode() if isinstance(body, str) else body, content_type)


def graphs(parameter: str, *numbers: int) -> Pairs:
    return tuple((parameter, DATA[number]) for number in numbers)


class Server:
    """A running `publisher serve`."""

    def __init__(self, releases: Path, config: Path, log: Path) -> None:
        self.releases = releases
        self.numbers = itertools.count()
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        flags = ["--releases", str(releases), "--config", str(config), "--port", str(self.port)]
        with log.open("wb") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "publisher", "serve", *flags],
                env={**os.environ, "PUBLISHER_HTTP_WORKERS": "1"},
                stdout=subprocess.PIPE,
                stderr=told,
            )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith(b"serving "), log.read_text()

    def send(self, request: Request, accept: str = "") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            path = "/sparql" + ("?" + urlencode(request.address) if request.address else "")
            headers = {"Content-Type": request.content_type} if request.content_type else {}
            connection.request(request.method, path, request.body, headers | ({"Accept": accept} if accept else {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def contents(self) -> tuple[list[bytes], dict[str, tuple[int, int]]]:
        """Return all that it holds: statements as asked anew, files of the release as they stand."""
        text = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        new = f"{text} # {next(self.numbers)}"  # another text each time: no cache knows it
        answer = self.send(get(("query", new)), accept="text/csv")
        assert answer.status == 200
        files = sorted((self.releases / "current").resolve().rglob("*"))
        return sorted(answer.body.splitlines()), {
            str(file): (file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file()
        }

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(15)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("protocol")
    config = folder / "publisher.toml"
    config.write_text('base_iri = "https://example.org/protocol"\n')
    data = folder / "data.nq"
    data.write_text("".join(f"<{iri}> {DOCUMENT} <{iri}> .\n" for iri in DATA) + f"<{DATA[0]}> {DOCUMENT} .\n")
    common = ["--config", str(config), "--releases", str(folder / "releases")]
    build = [sys.executable, "-m", "publisher", "build", str(data), *common]
    subprocess.run(build, check=True, capture_output=True, cwd=folder)
    running = Server(folder / "releases", config, folder / "log")
    yield running
    assert running.stop() == 0


# --- queries

EMPTY = "ASK {}"
DEFAULT = f"ASK {{ <{DATA[1]}> a ?type . <{DATA[2]}> a ?type . }}"
NAMED = f"ASK {{ GRAPH ?g1 {{ <{DATA[1]}> a ?type }} GRAPH ?g2 {{ <{DATA[2]}> a ?type }} }}"
FULL = f"ASK {{ <{DATA[3]}> a ?type GRAPH ?g1 {{ <{DATA[1]}> a ?type }} GRAPH ?g2 {{ <{DATA[2]}> a ?type }} }}"
MULTIPLE = NAMED.replace("ASK", f"ASK FROM <{DATA[3]}>")
ASKED = {
    "query_get": get(("query", EMPTY), *graphs("default-graph-uri", 0)),
    "query_post_form": post(FORM, urlencode({"query": EMPTY}), *graphs("default-graph-uri", 0)),
    "query_post_direct": post(QUERY, EMPTY),
    "query_dataset_default_graphs_get": get(("query", DEFAULT), *graphs("default-graph-uri", 1, 2)),
    "query_dataset_default_graphs_post": post(QUERY, DEFAULT, *graphs("default-graph-uri", 1, 2)),
    "query_dataset_named_graphs_get": get(("query", NAMED), *graphs("named-graph-uri", 1, 2)),
    "query_dataset_named_graphs_post": post(QUERY, NAMED, *graphs("named-graph-uri", 1, 2)),
    "query_dataset_full": post(QUERY, FULL, *graphs("default-graph-uri", 3), *graphs("named-graph-uri", 1, 2)),
    "query_multiple_dataset": post(QUERY, MULTIPLE, *graphs("named-graph-uri", 1, 2)),
}
OTHERWISE = {
    "the default graph is another": get(("query", DEFAULT), *graphs("default-graph-uri", 1)),
    "one graph is not named": get(("query", NAMED), *graphs("named-graph-uri", 1)),
    "one graph is not named, by a form": post(FORM, urlencode([("query", NAMED), *graphs("named-graph-uri", 1)])),
    "one graph is not named, in full": post(
        QUERY, FULL, *graphs("default-graph-uri", 3), *graphs("named-graph-uri", 1)
    ),
    "only named graphs leave the default graph empty": get(
        ("query", f"ASK {{ <{DATA[0]}> a ?type }}"), *graphs("named-graph-uri", 1)
    ),
    "the request's dataset is taken, not the query's": post(
        QUERY, f"ASK FROM <{DATA[3]}> {{ <{DATA[3]}> a ?type }}", *graphs("named-graph-uri", 1, 2)
    ),
}
"""The same questions of other datasets, so that a server which ignores the parameters fails."""
TYPES = {
    "query_content_type_select": ("SELECT (1 AS ?value) {}", TABLES),
    "query_content_type_ask": (EMPTY, BOOLEANS),
    "query_content_type_describe": ("DESCRIBE <http://example.org/>", tuple(GRAPHS)),
    "query_content_type_construct": ("CONSTRUCT { <s> <p> 1 } WHERE {}", tuple(GRAPHS)),
}


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("accept", ["", *BOOLEANS])
def test_a_query_is_answered(server: Server, name: str, accept: str) -> None:
    answer = server.send(ASKED[name], accept)
    assert answer.status == 200
    assert answer.media_type == accept if accept else answer.media_type in BOOLEANS
    assert answer.boolean


@pytest.mark.parametrize("name", OTHERWISE)
def test_another_dataset_has_another_answer(server: Server, name: str) -> None:
    answer = server.send(OTHERWISE[name])
    assert answer.status == 200
    assert not answer.boolean


@pytest.mark.parametrize("name", [pytest.param(name, marks=w3c_suite.mark(f"1.1/protocol/{name}")) for name in TYPES])
def test_a_result_has_a_type_of_its_kind(server: Server, name: str) -> None:
    text, expected = TYPES[name]
    for accept in ("", "*/*"):
        answer = server.send(post(QUERY, text, *graphs("default-graph-uri", 0)), accept)
        assert answer.status == 200, answer.body
        assert answer.media_type in expected
        if answer.media_type in GRAPHS:
            found = list(ox.parse(answer.body, format=GRAPHS[answer.media_type]))  # no base: its IRIs are absolute
            assert len(found) == text.count("CONSTRUCT")


@w3c_suite.stands_for("1.1/protocol/update_base_uri")
def test_a_relative_iri_has_a_base(server: Server) -> None:
    """What `update_base_uri` asks of an update, asked of a query: the service has a base for what has none."""
    answer = server.send(get(("query", "SELECT (STR(<test>) AS ?o) {}")), accept="text/csv")
    assert answer.status == 200, answer.body
    found = answer.body.decode().split()[1]
    assert found.endswith("/test")
    assert ox.NamedNode(found)


# --- what is no query

UTF_16 = "; charset=UTF-16"
BAD_QUERIES = {
    "bad_query_method": (
        Request("PUT", (("query", EMPTY), *graphs("default-graph-uri", 0)), b"", FORM),
        405,
    ),
    "bad_multiple_queries": (get(("query", EMPTY), ("query", "SELECT * {}")), 400),
    "bad_query_wrong_media_type": (post("text/plain", EMPTY), 415),
    "bad_query_missing_form_type": (post("", urlencode({"query": EMPTY})), 415),
    "bad_query_missing_direct_type": (post("", EMPTY), 415),
    "bad_query_non_utf8": (post(QUERY + UTF_16, EMPTY.encode("utf-16")), 415),
    "bad_query_syntax": (get(("query", "ASK {")), 400),
}


@pytest.mark.parametrize("name", BAD_QUERIES)
def test_what_is_no_query_is_refused(server: Server, name: str) -> None:
    request, status = BAD_QUERIES[name]
    answer = server.send(request)
    assert answer.status == status, answer.body
    if status == 405:
        assert {"GET", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


# --- updates

TEST_GRAPH = "http://example.org/protocol-update-dataset-test/"
PREFIXES = "PREFIX dc: <http://purl.org/dc/terms/> PREFIX foaf: <http://xmlns.com/foaf/0.1/>"
INSERTS = " ".join(f"GRAPH <{iri}> {{ <{iri}> a foaf:Document }}" for iri in DATA[1:])
CHANGES = f"{PREFIXES} DROP ALL ; INSERT DATA {{ {INSERTS} }} ; INSERT {{ GRAPH <{TEST_GRAPH}> "
FROM_DEFAULT = CHANGES + "{ ?s a dc:BibliographicResource } } WHERE { ?s a foaf:Document }"
FROM_NAMED = CHANGES + "{ ?s a dc:BibliographicResource } } WHERE { GRAPH ?g { ?s a foaf:Document } }"
FROM_BOTH = CHANGES + (
    "{ ?s <http://example.org/in> ?in } } WHERE { { GRAPH ?g { ?s a foaf:Document } BIND(?g AS ?in) } "
    'UNION { ?s a foaf:Document . BIND("default" AS ?in) } }'
)
BASE = (
    "CLEAR GRAPH <http://example.org/protocol-base-test/> ; INSERT DATA { GRAPH "
    "<http://example.org/protocol-base-test/> { <http://example.org/s> <http://example.org/p> <test> } }"
)
CONFLICT = (
    f"{PREFIXES} WITH <http://example/addresses> DELETE {{ ?person foaf:givenName 'Bill' }} "
    "INSERT { ?person foaf:givenName 'William' } WHERE { ?person foaf:givenName 'Bill' }"
)
UPDATES = {
    "update_dataset_default_graph": post(UPDATE, FROM_DEFAULT, *graphs("using-graph-uri", 1)),
    "update_dataset_default_graphs": post(UPDATE, FROM_DEFAULT, *graphs("using-graph-uri", 1, 2)),
    "update_dataset_named_graphs": post(UPDATE, FROM_NAMED, *graphs("using-named-graph-uri", 1, 2)),
    "update_dataset_full": post(UPDATE, FROM_BOTH, *graphs("using-graph-uri", 1), *graphs("using-named-graph-uri", 2)),
    "update_post_form": post(FORM, urlencode({"update": "CLEAR ALL"})),
    "update_post_direct": post(UPDATE, "CLEAR ALL"),
    "update_base_uri": post(UPDATE, BASE),
    "bad_update_get": get(("update", "CLEAR ALL")),
    "bad_multiple_updates": post(FORM, urlencode([("update", "CLEAR NAMED"), ("update", "CLEAR DEFAULT")])),
    "bad_update_wrong_media_type": post("text/plain", "CLEAR NAMED"),
    "bad_update_missing_form_type": post("", urlencode({"update": "CLEAR NAMED"})),
    "bad_update_non_utf8": post(UPDATE + UTF_16, "CLEAR NAMED".encode("utf-16")),
    "bad_update_syntax": post(FORM, urlencode({"update": "CLEAR XYZ"})),
    "bad_update_dataset_conflict": post(UPDATE, CONFLICT, ("using-named-graph-uri", "http://example/people")),
}
DISGUISED = {
    "an update as a query, in the address": get(("query", "CLEAR ALL")),
    "an update as a query, by a form": post(FORM, urlencode({"query": FROM_DEFAULT})),
    "an update as a query, as it is": post(QUERY, BASE),
    "a query and an update": post(FORM, urlencode({"query": EMPTY, "update": "CLEAR ALL"})),
    "an update in the address, a query in the body": post(QUERY, EMPTY, ("update", "CLEAR ALL")),
}


@pytest.mark.parametrize("name", [*UPDATES, *DISGUISED])
def test_an_update_is_refused_and_changes_nothing(server: Server, name: str) -> None:
    before = server.contents()
    assert sum(b"sparql/data/data" in line for line in before[0]) == len(DATA) + 1
    answer = server.send({**UPDATES, **DISGUISED}[name])
    assert 400 <= answer.status < 500
    assert server.contents() == before


@pytest.mark.slow
def test_every_protocol_test_is_here() -> None:
    listed = {case.name.rpartition("/")[2] for case in w3c_suite.cases() if case.kind == "ProtocolTest"}
    if not listed:
        pytest.skip(w3c_suite.RECIPE)
    assert {*ASKED, *TYPES, *BAD_QUERIES, *UPDATES} == listed
    assert len(listed) == 34
