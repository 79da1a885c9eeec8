"""Requests for queries by the letter of the protocol, beyond what `test_sparql` asks: codings, datasets, headers."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_release import SETTINGS, make_release  # type: ignore[import-not-found]

from publisher.web.app import create_app
from publisher.workers.service import start

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    releases = tmp_path_factory.mktemp("releases")
    make_release(releases, "20260101T000000Z-00000000", "Nevo tiija – čáhci")
    with start(SETTINGS, releases) as service:
        yield create_app(SETTINGS, releases, service.client())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def post(client: FlaskClient, body: bytes, coding: str, kind: str = "application/sparql-query") -> int:
    response = client.post("/sparql", data=body, content_type=kind, headers={"Content-Encoding": coding})
    if response.status_code == 415:
        assert "gzip" in response.headers["Accept-Encoding"]
    return response.status_code


# --- codings of the body


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", " gzip "])
def test_a_packed_body_is_unpacked(client: FlaskClient, coding: str) -> None:
    assert post(client, gzip.compress(b"ASK {}"), coding) == 200
    assert post(client, gzip.compress(b"query=ASK%7B%7D"), coding, FORM) == 200
    assert post(client, zlib.compress(b"ASK {}"), "deflate") == 200
    assert post(client, b"ASK {}", "identity") == 200


def test_a_body_counts_unpacked(client: FlaskClient) -> None:
    assert post(client, gzip.compress(b"#" * 100_000_000), "gzip") == 413
    assert post(client, gzip.compress(b"ASK {} #" + b"a" * 65_000), "gzip") == 200
    assert post(client, gzip.compress(b"ASK {} #" + b"a" * 66_000), "gzip") == 413


PACKED = gzip.compress(b"ASK {}", mtime=0)


@pytest.mark.parametrize("body", [b"ASK {}", PACKED[:-4], PACKED + b"x", b""])
def test_a_body_that_is_not_packed_as_it_says_is_refused(client: FlaskClient, body: bytes) -> None:
    assert post(client, body, "gzip") == 400


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "zstd", "x"])
def test_an_unknown_coding_is_refused_with_those_that_are_known(client: FlaskClient, coding: str) -> None:
    assert post(client, b"ASK {}", coding) == 415


# --- what stands in address and body


def test_dataset_parameters_stand_in_address_and_body(client: FlaskClient) -> None:
    def count(address: dict[str, str], body: dict[str, str] | bytes) -> str:
        response = client.post(
            "/sparql?" + urlencode(address),
            data=urlencode(body) if isinstance(body, dict) else body,
            content_type=FORM if isinstance(body, dict) else "application/sparql-query",
            headers={"Accept": "text/csv"},
        )
        assert response.status_code == 200, response.text
        return response.text.split()[1]

    one, two = {"default-graph-uri": "http://x/g1"}, {"default-graph-uri": "http://x/g2"}
    assert count(one, {"query": COUNT, **two}) == "2", "merged"
    assert count({}, {"query": COUNT, **two}) == "1"
    assert count(one, {"query": COUNT}) == "1"
    assert count(one, COUNT.encode()) == "1"


def test_a_query_and_an_update_are_not_mixed(client: FlaskClient) -> None:
    for pairs in ({"query": "ASK {}", "update": "CLEAR ALL"}, {"query": "ASK {}", "using-graph-uri": "http://x/"}):
        assert client.post("/sparql", data=pairs).status_code == 400
        assert client.get("/sparql?" + urlencode(pairs)).status_code == 400


@pytest.mark.parametrize(
    "kind",
    [
        "Application/SPARQL-Query",
        "application/sparql-query;charset=UTF-8",
        'application/sparql-query; charset="utf-8"',
        "application/sparql-query ; x=y",
    ],
)
def test_media_types_are_read_whatever_their_case(client: FlaskClient, kind: str) -> None:
    assert client.post("/sparql", data=b"ASK {}", content_type=kind).status_code == 200


def test_an_unknown_function_is_an_error_of_each_row(client: FlaskClient) -> None:
    query = "SELECT ?y (COALESCE(<http://x/f>(?y), 'none') AS ?x) { VALUES ?y { 1 2 } }"
    response = client.get("/sparql?" + urlencode({"query": query, "format": "csv"}))
    assert response.status_code == 200
    assert response.text == "y,x\r\n1,none\r\n2,none\r\n"


def test_columns_come_in_the_order_of_the_query(client: FlaskClient) -> None:
    for form, head in (("csv", "z,y,x"), ("json", '["z","y","x"]'), ("xml", 'name="z"/><variable name="y"')):
        response = client.get("/sparql?" + urlencode({"query": "SELECT * { ?z ?y ?x } LIMIT 1", "format": form}))
        assert head in response.text


def test_a_relative_iri_is_resolved(client: FlaskClient) -> None:
    response = client.get("/sparql?" + urlencode({"query": "SELECT (<id/x> AS ?y) {}", "format": "csv"}))
    assert response.text == f"y\r\n{SETTINGS.base_iri}/id/x\r\n"


# --- headers


def test_an_empty_format_is_none_and_output_is_one(client: FlaskClient) -> None:
    pairs = {"query": "SELECT * {}", "format": "", "output": "csv", "results": "json", "timeout": "0"}
    assert client.get("/sparql?" + urlencode(pairs)).mimetype == "text/csv"


def test_two_accept_lines_are_one(client: FlaskClient) -> None:
    address = "/sparql?" + urlencode({"query": "SELECT * {}"})
    headers = [("Accept", "text/csv;q=0.5"), ("Accept", "application/sparql-results+xml")]
    environ = {"HTTP_ACCEPT": ",".join(value for _, value in headers)}  # as a WSGI server joins them
    assert client.get(address, environ_overrides=environ).mimetype == "application/sparql-results+xml"


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ("SELECT * {}", "*/*;q=0.1, text/csv;q=0", "application/sparql-results+json"),
        ("SELECT * {}", "text/*", "text/csv"),
        ("SELECT * {}", "application/json", "application/sparql-results+json"),
        ("SELECT * {}", "application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/x-turtle", "text/turtle"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle;q=0, */*", "application/ld+json"),
        ("SELECT * {}", "nonsense", "application/sparql-results+json"),
    ],
)
def test_negotiation(client: FlaskClient, query: str, accept: str, kind: str) -> None:
    response = client.get("/sparql?" + urlencode({"query": query}), headers={"Accept": accept})
    assert response.mimetype == kind
    assert "Accept" in response.headers["Vary"]


def test_a_preflight_allows_what_queries_send(client: FlaskClient) -> None:
    response = client.options(
        "/sparql",
        headers={
            "Origin": "https://x.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert response.status_code in (200, 204)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "content-type" in response.headers["Access-Control-Allow-Headers"].lower()
    assert {"GET", "HEAD", "OPTIONS", "POST"} <= set(response.headers["Allow"].split(", "))
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_the_description_counts_each_graph(client: FlaskClient) -> None:
    text = client.get("/sparql", headers={"Accept": "application/n-triples"}).text
    counted = {
        line.split()[0].rpartition("#")[2]: line.split('"')[1] for line in text.splitlines() if "void#triples" in line
    }
    assert counted == {"default-graph>": "1502", "graph-1>": "1", "graph-2>": "1"}


@pytest.mark.parametrize("host", ["data.example.org", "data.example.org:8443", "[2001:db8::1]:80"])
def test_the_description_has_the_address_that_the_client_used(client: FlaskClient, host: str) -> None:
    text = client.get("/sparql", headers={"Accept": "text/turtle", "Host": host}).text
    assert f"<http://{host.removesuffix(':80')}/sparql>" in text


def test_too_large_a_query_is_refused_with_its_place(client: FlaskClient) -> None:
    query = "ASK {\n" + "?s ?p ?o .\n" * 200 + "}"
    response = client.post("/sparql", data={"query": query})
    assert response.status_code == 400
    assert response.get_json(force=True)["code"] == "query-refused"
    assert response.get_json(force=True)["line"] == 130


def test_past_versions_of_http_get_no_part_of_a_result(tmp_path: Path, app: Flask) -> None:
    """A large result that fails in the middle: a client that knows no chunks is told before the first byte."""
    query = urlencode({"query": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "format": "csv"})
    response = app.test_client().get(f"/sparql?{query}", environ_overrides={"SERVER_PROTOCOL": "HTTP/1.0"})
    assert response.status_code in (413, 504)
