"""The endpoint over a release made here, with real query workers; nothing is replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_release import BASE, PROJECT, SELECT, SETTINGS, make_release
from werkzeug.test import TestResponse

from publisher.config import Settings
from publisher.formats import GRAPHS, RESULTS, RESULTS_CSV, RESULTS_JSON, Format, by_name
from publisher.web.app import create_app
from publisher.workers.service import start

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c != ?f && ?i != ?l) }"
SD = "http://www.w3.org/ns/sparql-service-description#"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    make_release(folder, "20260101T000000Z-00000000", "Nevo tiija – čáhci")
    return folder


@pytest.fixture(scope="module")
def app(releases: Path) -> Iterator[Flask]:
    with start(SETTINGS, releases) as service:
        yield create_app(SETTINGS, releases, service.client())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def ask(client: FlaskClient, query: str, accept: str = "", **more: str) -> TestResponse:
    headers = {"Accept": accept} if accept else {}
    return client.get("/sparql?" + urlencode({"query": query, **more}), headers=headers)


def title(response: TestResponse) -> str:
    assert response.status_code == 200, response.text
    found: str = response.get_json(force=True)["results"]["bindings"][0]["t"]["value"]
    return found


# --- the protocol


def test_get_and_both_posts_give_the_same(client: FlaskClient) -> None:
    by_form = client.post("/sparql", data={"query": SELECT})
    direct = client.post("/sparql", data=SELECT, content_type="application/sparql-query; charset=utf-8")
    assert title(ask(client, SELECT)) == title(by_form) == title(direct) == "Nevo tiija – čáhci"
    assert by_form.content_type == "application/sparql-results+json"


def test_non_ascii_in_a_query_is_understood(client: FlaskClient) -> None:
    query = 'SELECT ?t { ?s ?p ?t FILTER(CONTAINS(STR(?t), "čáhci")) }'
    raw = client.get(f"/sparql?query={quote(query)}")
    assert title(raw) == title(client.post("/sparql", data={"query": query})) == "Nevo tiija – čáhci"


@pytest.mark.parametrize("form", RESULTS)
def test_result_formats(client: FlaskClient, form: Format) -> None:
    for response in (ask(client, SELECT, form.media_type), ask(client, SELECT, format=form.name)):
        assert response.status_code == 200
        assert response.content_type == form.content_type
        assert "čáhci" in response.get_data().decode("utf-8")


@pytest.mark.parametrize("form", GRAPHS)
@pytest.mark.parametrize(
    "query", [f"DESCRIBE <{PROJECT}>", f"CONSTRUCT {{ <{PROJECT}> ?p ?o }} {{ <{PROJECT}> ?p ?o }}"]
)
def test_graph_formats(client: FlaskClient, form: Format, query: str) -> None:
    response = ask(client, query, form.media_type)
    assert response.content_type == form.content_type
    assert len(list(ox.parse(response.get_data(), format=form.rdf()))) == 2


@pytest.mark.parametrize(
    ("query", "kind"), [(SELECT, RESULTS_JSON), ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", GRAPHS[0])]
)
@pytest.mark.parametrize("accept", ["", "*/*"])
def test_the_default_format(client: FlaskClient, query: str, kind: Format, accept: str) -> None:
    assert ask(client, query, accept).content_type == kind.content_type


def test_ask(client: FlaskClient) -> None:
    assert ask(client, "ASK {}").get_json(force=True) == {"head": {}, "boolean": True}
    assert "<boolean>true" in ask(client, "ASK {}", "application/sparql-results+xml").text
    assert ask(client, "ASK {}", "text/csv, application/xml;q=0.5").content_type == "application/sparql-results+xml"
    for refused in (ask(client, "ASK {}", "text/csv"), ask(client, "ASK {}", format="tsv")):
        assert refused.status_code == 406
        assert "sparql-results+json" in refused.text


@pytest.mark.parametrize(
    ("address", "body", "kind", "status"),
    [
        ("/sparql?query=", None, None, 400),
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, None, 400),
        ("/sparql?query=%FF", None, None, 400),
        ("/sparql?update=CLEAR+ALL", None, None, 400),
        ("/sparql?query=ASK%7B%7D&format=docx", None, None, 400),
        ("/sparql?query=ASK%7B%7D&format=turtle", None, None, 406),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=x", None, None, 400),
        ("/sparql", b"", "application/x-www-form-urlencoded", 400),
        ("/sparql", b"query=ASK{}&query=ASK{}", "application/x-www-form-urlencoded", 400),
        ("/sparql", b"update=CLEAR+ALL", "application/x-www-form-urlencoded", 400),
        ("/sparql", b"", "application/sparql-query", 400),
        ("/sparql", b"\xff", "application/sparql-query", 400),
        ("/sparql?query=ASK%7B%7D", b"ASK{}", "application/sparql-query", 400),
        ("/sparql", b"ASK{}", "application/sparql-query; charset=utf-16", 415),
        ("/sparql", b"CLEAR ALL", "application/sparql-update", 415),
        ("/sparql", b"ASK{}", "text/plain", 415),
        ("/sparql", b"ASK{}", None, 415),
        ("/sparql", b"x" * 500_000, "application/sparql-query", 413),
    ],
)
def test_bad_requests(client: FlaskClient, address: str, body: bytes | None, kind: str | None, status: int) -> None:
    response = client.get(address) if body is None else client.post(address, data=body, content_type=kind)
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_unknown_parameters_are_ignored(client: FlaskClient) -> None:
    assert ask(client, SELECT, timeout="9", foo="bar").status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(client: FlaskClient, method: str) -> None:
    response = client.open("/sparql", method=method)
    assert response.status_code == 405
    assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(response.headers["Allow"].split(", "))


def test_head_and_options(client: FlaskClient) -> None:
    address = "/sparql?" + urlencode({"query": SELECT})
    get, head = client.get(address), client.head(address)
    assert head.status_code == 200
    assert head.data == b""
    assert {k: v for k, v in head.headers if k != "Date"} == {k: v for k, v in get.headers if k != "Date"}
    options = client.options("/sparql")
    assert options.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in options.headers["Access-Control-Allow-Methods"]


def test_the_dataset_is_chosen_by_the_request(client: FlaskClient) -> None:
    def count(query: str, **pairs: list[str]) -> int:
        address = "/sparql?" + urlencode({"query": query, "format": "csv", **pairs}, doseq=True)
        return int(client.get(address).text.split()[1])

    plain, named = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(plain) == 1502, "named graphs are not merged into the default graph"
    assert count(named) == 2
    assert count(plain, **{"default-graph-uri": ["http://x/g1", "http://x/g2"]}) == 2
    assert count(named, **{"named-graph-uri": ["http://x/g2"]}) == 1
    assert count(plain, **{"named-graph-uri": ["http://x/g2"]}) == 0
    assert count(f"{plain.replace('{', 'FROM <http://x/g1> {', 1)}", **{"default-graph-uri": ["http://x/none"]}) == 0


# --- errors


def test_a_syntax_error_tells_line_and_column(client: FlaskClient) -> None:
    query = "SELECT *\nWHERE { ?s ?p }"
    problem = ask(client, query)
    assert problem.status_code == 400
    assert problem.content_type == "application/problem+json"
    assert (problem.get_json(force=True)["line"], problem.get_json(force=True)["column"]) == (
        2,
        16,
    )  # the end: where the engine gave up
    plain = ask(client, query, "application/sparql-results+json, text/plain;q=0.5")
    assert plain.status_code == 400
    assert plain.text.startswith("line 2, column 16: ")
    page = ask(client, query, "text/html")
    assert page.status_code == 400
    assert page.mimetype == "text/html"
    assert "line 2, column 16" in page.text
    assert "WHERE { ?s ?p }</textarea>" in page.text


@pytest.mark.parametrize("query", ["SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "INSERT DATA { <a:b> <a:b> 1 }"])
def test_what_is_never_done_is_refused_with_the_reason(client: FlaskClient, query: str) -> None:
    response = ask(client, query)
    assert response.status_code == 400
    assert response.get_json(force=True)["code"] == "query-refused"


def test_timeout(client: FlaskClient) -> None:
    response = ask(client, SLOW)
    assert response.status_code == 504
    assert response.get_json(force=True)["code"] == "query-timeout"


def test_memory(releases: Path) -> None:
    steps = " ".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(36))
    settings = Settings(base_iri=BASE, query_memory_mb=100, query_slow_after_ms=20_000)
    with start(settings, releases) as service:
        client = create_app(settings, releases, service.client()).test_client()
        response = ask(client, f'SELECT ?a36 {{ BIND("0123456789abcdef" AS ?a0) {steps} }}')
    assert response.status_code == 503
    assert response.get_json(force=True)["code"] == "query-memory"


def test_no_query_service_is_busy(releases: Path) -> None:
    response = ask(create_app(SETTINGS, releases, None).test_client(), SELECT)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0


def test_a_result_over_the_cap(releases: Path) -> None:
    settings = Settings(base_iri=BASE, max_result_bytes=20_000)
    with start(settings, releases) as service:
        client = create_app(settings, releases, service.client()).test_client()
        assert ask(client, "SELECT * { ?s ?p ?o }").status_code == 413


def test_a_large_result_is_streamed_whole(client: FlaskClient) -> None:
    response = ask(client, "SELECT * { ?s <http://x/number> ?o . ?t <http://x/number> ?o }", format="csv")
    assert response.status_code == 200
    assert response.content_length == len(response.data)
    assert response.data.count(b"\r\n") == 1501


def test_a_query_that_fails_after_the_status_breaks_off(client: FlaskClient) -> None:
    response = ask(client, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", format="csv")
    assert response.status_code == 200
    with pytest.raises(ConnectionResetError):
        for _ in response.iter_encoded():
            pass


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [("/sparql?query=", 400, "empty"), ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", 400, "more than one")],
)
def test_people_are_told_above_the_form(client: FlaskClient, address: str, status: int, word: str) -> None:
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert "<textarea" in response.text
    assert word in response.text


# --- validators


def test_etag_and_304(client: FlaskClient) -> None:
    response = ask(client, SELECT)
    tag = response.headers["ETag"]
    assert not tag.startswith("W/")
    assert "Accept" in response.headers["Vary"]
    address = "/sparql?" + urlencode({"query": SELECT})
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(address, headers={"If-None-Match": tag, "Accept": "text/csv"}).status_code == 200
    others = [
        ask(client, SELECT + " "),
        ask(client, SELECT, format="csv"),
        ask(client, SELECT, **{"named-graph-uri": "http://x/g1"}),
    ]
    assert len({tag, *(other.headers["ETag"] for other in others)}) == 4


def test_the_validator_is_looked_at_before_the_query_runs(client: FlaskClient, app: Flask, releases: Path) -> None:
    tag = ask(client, SELECT).headers["ETag"]
    without = create_app(SETTINGS, releases, None).test_client()
    address = "/sparql?" + urlencode({"query": SELECT})
    assert without.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_answers_of_chance_or_to_a_post_are_not_kept(client: FlaskClient) -> None:
    for response in (ask(client, "SELECT (UUID() AS ?t) {}"), client.post("/sparql", data={"query": SELECT})):
        assert "ETag" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"


# --- the service description


@pytest.mark.parametrize("form", GRAPHS)
def test_service_description(client: FlaskClient, form: Format) -> None:
    response = client.get("/sparql", headers={"Accept": form.media_type}, base_url="https://data.example.org/sub/")
    assert response.content_type == form.content_type
    found = ox.Store()
    found.load(response.get_data(), format=form.rdf())

    def values(name: str) -> set[str]:
        rows = found.query(f"SELECT DISTINCT ?o {{ ?s <{SD}{name}> ?o }}")
        return {row["o"].value for row in rows}  # type: ignore[union-attr]

    assert values("endpoint") == {"https://data.example.org/sub/sparql"}
    assert values("supportedLanguage") == {f"{SD}SPARQL11Query"}
    assert values("name") == {"http://x/g1", "http://x/g2"}
    assert {iri.removeprefix("http://www.w3.org/ns/formats/") for iri in values("resultFormat")} == {
        "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
        "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
    }  # fmt: skip
    assert found.query(f"ASK {{ ?s a <{SD}Service> ; <{SD}defaultDataset>/<{SD}defaultGraph> ?g }}")


def test_the_description_is_the_default(client: FlaskClient) -> None:
    assert client.get("/sparql").mimetype == "text/turtle"
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


# --- for people


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_the_form_needs_no_script(client: FlaskClient) -> None:
    page = client.get("/sparql?lang=en", headers={"Accept": BROWSER})
    assert page.mimetype == "text/html"
    assert re.search(r'<form[^>]*action="/sparql"[^>]*method="get"', page.text)
    assert re.search(r'<textarea[^>]*name="query"', page.text)
    assert "<script" not in page.text
    assert ">Titles</a>" in page.text
    example = re.search(r'href="(/sparql\?query=[^"]*)"[^>]*>Titles', page.text)
    assert example
    filled = client.get(example[1].replace("&amp;", "&"), headers={"Accept": BROWSER})
    assert "SELECT ?t {" in filled.text
    assert "<table" not in filled.text
    assert 'name="lang" value="en"' in filled.text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_pages_exist_in_each_language(client: FlaskClient, language: str) -> None:
    for query in ("", SELECT, "ASK {}", f"DESCRIBE <{PROJECT}>", "SELECT * { ?none ?none ?none }", "SELECT"):
        page = client.get("/sparql?" + urlencode({"lang": language} | ({"query": query} if query else {})),
                          headers={"Accept": BROWSER})  # fmt: skip
        assert page.status_code == (400 if query == "SELECT" else 200)
        assert f'<html lang="{language}"' in page.text


def test_a_result_is_a_table_with_links(client: FlaskClient) -> None:
    page = ask(
        client, f"SELECT ?s ?c ?t {{ ?s a ?c ; ?p ?t FILTER(ISLITERAL(?t)) VALUES ?s {{ <{PROJECT}> }} }}", BROWSER
    )
    assert page.status_code == 200
    assert 'href="/doc/project/S1' in page.text
    assert 'href="/def#Project"' in page.text.replace("/def?lang=fi#", "/def#")
    assert "Nevo tiija – čáhci" in page.text
    links = re.findall(r'href="(/sparql\?query=[^"]*format=(\w+)[^"]*)"', page.text)
    assert {name for _, name in links} >= {"csv", "json"}
    for address, name in links:
        form = by_name(name, RESULTS)
        if form:
            assert (
                client.get(address.replace("&amp;", "&"), headers={"Accept": BROWSER}).content_type == form.content_type
            )


def test_what_data_holds_stays_text(client: FlaskClient) -> None:
    page = ask(client, "SELECT ?o ('</textarea><b>' AS ?x) { GRAPH ?g { ?s ?p ?o } }", BROWSER)
    assert "<script" not in page.text
    assert "</textarea><b>" not in page.text
    assert "&lt;script&gt;" in page.text
    page = ask(client, "SELECT (IRI('javascript:alert(1)') AS ?x) {}", BROWSER)
    assert "javascript:" in page.text
    assert 'href="javascript' not in page.text


def test_a_page_shows_a_thousand_rows_and_says_so(client: FlaskClient) -> None:
    page = ask(client, "SELECT ?s { ?s <http://x/number> ?o }", BROWSER, lang="en")
    assert page.text.count("<tr>") == 1001
    assert "1000" in page.text
    assert "first" in page.text


def test_an_endless_result_still_makes_a_page(releases: Path) -> None:
    patient = replace(SETTINGS, query_timeout_s=20.0)
    with start(patient, releases) as service:
        client = create_app(patient, releases, service.client()).test_client()
        page = ask(client, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", BROWSER)
    assert page.status_code == 200
    assert page.text.count("<tr>") == 1001


def test_a_browser_sees_why_there_is_no_answer(client: FlaskClient) -> None:
    page = ask(client, SLOW, BROWSER)
    assert page.status_code == 504
    assert page.mimetype == "text/html"
    assert "COUNT(*)" in page.text


# --- a new release


def test_a_new_release_is_answered_from_without_restart(tmp_path: Path) -> None:
    make_release(tmp_path, "20260101T000000Z-00000000", "old")
    with start(SETTINGS, tmp_path) as service:
        client = create_app(SETTINGS, tmp_path, service.client()).test_client()
        first = ask(client, SELECT)
        make_release(tmp_path, "20260102T000000Z-11111111", "new")
        second = ask(client, SELECT)
        assert (title(first), title(second)) == ("old", "new")
        assert first.headers["ETag"] != second.headers["ETag"]
        assert ask(client, SELECT, RESULTS_CSV.media_type).text == "t\r\nnew\r\n"
