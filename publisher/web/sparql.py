"""`/sparql`: the SPARQL 1.1 Protocol for queries, its service description, and a form for people.

A query runs in `workers`, never here. What it gives is held back until it is
whole or `result_buffer_bytes` have come, so that the status is honest; if it
is ended after that, the response breaks off and every client sees an error.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import BadRequest, MethodNotAllowed, NotAcceptable, UnsupportedMediaType

from publisher import __version__, iris, sparql_text
from publisher.errors import QueryError, QuerySyntaxError, ReleaseError
from publisher.formats import GRAPHS, HTML, RESULTS, RESULTS_CSV, RESULTS_JSON, RESULTS_TSV, TURTLE, Format, by_name
from publisher.namespaces import rdf, sd, void
from publisher.web import graphs, respond
from publisher.web.labels import Link, Text, web_address
from publisher.web.negotiation import negotiate

if TYPE_CHECKING:
    from publisher.config import Settings
    from publisher.workers import Answer, Client

blueprint = Blueprint("sparql", __name__)

ROWS_SHOWN = 1000
"""Rows of a result that the page shows."""

_FORMATS_NS = "http://www.w3.org/ns/formats/"
_FORMAT_IRIS = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
}
"""Names in the W3C's list of format IRIs (www.w3.org/ns/formats/), by our short name."""


@dataclass(frozen=True)
class _Request:
    """What was asked: the query and the dataset it asks of; `query` is None where there was none."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    form: str | None


@blueprint.route("/sparql", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
def sparql() -> Response:
    """Answer a query, or describe the service where there is none (SPARQL 1.1 Protocol, 2.1)."""
    asked = _read()
    if asked.query is None:
        return _description()
    people = asked.form is None and negotiate(respond.accept(), (*RESULTS, *GRAPHS, HTML)) is HTML
    if "form" in request.args and people:
        return _page(asked)
    try:
        return _answer_people(asked) if people else _answer(asked)
    except QueryError as error:
        if people:
            return _page(asked, error)
        raise


# --- reading the request


def _read() -> _Request:
    if request.method in ("GET", "HEAD"):
        fields = list(request.args.items(multi=True))
    elif request.method == "POST":
        kind = request.mimetype
        if kind == "application/x-www-form-urlencoded":
            fields = [*_form_fields(), *((k, v) for k, v in request.args.items(multi=True) if k != "query")]
            if "query" in request.args:
                raise BadRequest("The query stands in the address and in the body: send it once.")
        elif kind == "application/sparql-query":
            if "query" in request.args:
                raise BadRequest("The query stands in the address and in the body: send it once.")
            fields = [*request.args.items(multi=True), ("query", _body())]
        elif kind == "application/sparql-update":
            raise BadRequest("This service only reads its data: updates are not taken.")
        else:
            known = "application/x-www-form-urlencoded or application/sparql-query"
            raise UnsupportedMediaType(f"A query is posted as {known}.")
    else:
        raise MethodNotAllowed(["GET", "HEAD", "OPTIONS", "POST"])
    return _parameters(fields)


def _form_fields() -> list[tuple[str, str]]:
    try:
        return parse_qsl(_body(), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise BadRequest(f"The form cannot be read: {error}") from error


def _body() -> str:
    charset = (request.mimetype_params.get("charset") or "utf-8").strip("'\"").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType("The body must be in UTF-8.")
    try:
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not in UTF-8 (byte {error.start + 1}).") from error


def _parameters(fields: list[tuple[str, str]]) -> _Request:
    def every(name: str) -> list[str]:
        return [value for key, value in fields if key == name]

    queries = every("query")
    if len(queries) > 1:
        raise BadRequest("There are several queries: send one.")
    if every("update"):
        raise BadRequest("This service only reads its data: updates are not taken.")
    if queries and not queries[0].strip():
        raise BadRequest("The query is empty.")
    if not queries and request.method == "POST":
        raise BadRequest("There is no query in the request.")
    named = {name: tuple(every(name)) for name in ("default-graph-uri", "named-graph-uri")}
    for name, values in named.items():
        for value in values:
            if not iris.is_iri(value):
                raise BadRequest(f"{name}: {value[:200]!r} is no absolute IRI.")
    forms = [value for name in ("format", "output") for value in every(name)]
    query = queries[0] if queries else None
    return _Request(query, named["default-graph-uri"], named["named-graph-uri"], forms[0] if forms else None)


# --- answering


def _choose(asked: _Request, form: str | None) -> tuple[Format, Format]:
    """Return the graph and the result format to answer with; the query's form says which of them counts."""
    if asked.form is not None:
        chosen = by_name(asked.form, RESULTS + GRAPHS)
        if chosen is None:
            known = ", ".join(entry.name for entry in RESULTS + GRAPHS)
            raise NotAcceptable(f"format={asked.form[:100]}: unknown; known: {known}")
        graph = chosen if chosen in GRAPHS else TURTLE
        results = chosen if chosen in RESULTS else RESULTS_JSON
        wanted: tuple[Format, ...] = (chosen,)
    else:
        graph_or_none, results_or_none = negotiate(respond.accept(), GRAPHS), negotiate(respond.accept(), RESULTS)
        graph, results = graph_or_none or TURTLE, results_or_none or RESULTS_JSON
        wanted = tuple(entry for entry in (graph_or_none, results_or_none) if entry)
    makes_graph = form in ("construct", "describe")
    available = GRAPHS if makes_graph else RESULTS
    if form is not None and not any(entry in available for entry in wanted):
        raise NotAcceptable("This query is answered as: " + ", ".join(entry.media_type for entry in available))
    if form == "ask" and results in (RESULTS_CSV, RESULTS_TSV):
        raise NotAcceptable(f"A yes or no has no {results.media_type} form: ask for JSON or XML.")
    return graph, results


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _ask(asked: _Request, graph: Format, results: Format) -> Answer:
    client: Client | None = current_app.extensions["queries"]
    if client is None:
        raise ReleaseError("There is no query service.")
    connection = request.environ.get("gunicorn.socket")
    return client.query(
        respond.live().release.store_path,
        asked.query or "",
        graph=graph,
        results=results,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        watch=connection.fileno() if connection is not None else None,
    )


def _etag(asked: _Request, *formats: Format) -> str:
    parts = [
        respond.live().release.id,
        __version__,
        asked.query or "",
        *(f"default {iri}" for iri in asked.default_graphs),
        *(f"named {iri}" for iri in asked.named_graphs),
        *(entry.media_type for entry in formats),
    ]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _answer(asked: _Request) -> Response:
    examined = sparql_text.examine(asked.query or "", _settings().max_query_bytes)
    graph, results = _choose(asked, examined.form)
    response = Response(status=200)
    response.vary.add("Accept")
    if examined.volatile:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers["Cache-Control"] = "public, no-cache"
        response.set_etag(_etag(asked, graph if examined.form in ("construct", "describe") else results))
        if respond.unchanged(response):
            response.status_code = 304
            return response
    answer = _ask(asked, graph, results)
    try:
        held, rest = _hold_back(answer)
    except BaseException:
        answer.close()
        raise
    response.content_type = answer.format.content_type
    if rest is None:
        response.set_data(held)
    else:
        response.response = itertools.chain((held,), rest)
        response.call_on_close(answer.close)
    return response


def _hold_back(answer: Answer) -> tuple[bytes, Iterator[bytes] | None]:
    """Read a result until it is whole (then nothing is left) or too large to hold back."""
    limit = _settings().result_buffer_bytes
    chunks: list[bytes] = []
    size = 0
    stream = iter(answer)
    for chunk in stream:
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            return b"".join(chunks), stream
    answer.close()
    return b"".join(chunks), None


# --- for people


def _answer_people(asked: _Request) -> Response:
    sparql_text.examine(asked.query or "", _settings().max_query_bytes)
    response = Response(content_type=HTML.content_type)
    with _ask(asked, TURTLE, RESULTS_JSON) as answer:
        body = b"".join(_capped(answer))
        kind = answer.kind
    if kind == "graph":
        result: dict[str, Any] = {"kind": "graph", "text": body.decode("utf-8", "replace")}
    else:
        loaded = json.loads(body)
        result = {"kind": "boolean", "value": loaded["boolean"]} if kind == "boolean" else _table(loaded)
    return _page(asked, result=result, response=response)


def _capped(answer: Answer) -> Iterator[bytes]:
    """Yield a result for the page; one that is too large for a page is an error in words.

    Raises:
        QueryError: The result is larger than a page can show.
    """
    size = 0
    for chunk in answer:
        size += len(chunk)
        if size > 10 * _settings().result_buffer_bytes:
            raise QueryError("The result is too large for a page: add a LIMIT, or fetch it as a file.")
        yield chunk


def _table(loaded: dict[str, Any]) -> dict[str, Any]:
    columns = loaded["head"]["vars"]
    bindings = loaded["results"]["bindings"]
    rows = [[_cell(binding.get(name)) for name in columns] for binding in bindings[:ROWS_SHOWN]]
    return {
        "kind": "table",
        "columns": columns,
        "rows": rows,
        "count": len(bindings),
        "cut": len(bindings) > ROWS_SHOWN,
    }


def _cell(term: dict[str, str] | None) -> Link | Text | None:
    if term is None:
        return None
    if term["type"] == "uri":
        own = respond.view().href(term["value"])
        outside = "" if own else web_address(term["value"])
        return Link(Text(respond.view().compact(term["value"])), term["value"], own or outside, bool(outside))
    return Text(term["value"], term.get("xml:lang", ""))


def _page(
    asked: _Request,
    error: QueryError | None = None,
    result: dict[str, Any] | None = None,
    response: Response | None = None,
) -> Response:
    response = response or Response(content_type=HTML.content_type)
    status = 200
    if error is not None:
        from publisher.web.app import STATUS

        status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    settings = _settings()
    files = []
    if result is not None:
        names = GRAPHS if result["kind"] == "graph" else RESULTS[:2] if result["kind"] == "boolean" else RESULTS
        fields = [("query", asked.query or "")]
        fields += [("default-graph-uri", iri) for iri in asked.default_graphs]
        fields += [("named-graph-uri", iri) for iri in asked.named_graphs]
        here = request.script_root + "/sparql?"
        files = [{"name": f.name, "href": here + urlencode([*fields, ("format", f.name)])} for f in names]
    view = respond.view()
    examples = [
        {
            "id": example["id"],
            "title": view.choose(ox.Literal(text, language=tag) for tag, text in example["title"].items()),
            "href": request.script_root + "/sparql?" + urlencode([("query", example["query"]), *_kept_language()]),
        }
        for example in view.live.index.get("examples", [])
    ]
    response.status_code = status
    response.set_data(
        respond.page(
            "sparql.html",
            query=asked.query or "",
            error=error,
            syntax=isinstance(error, QuerySyntaxError),
            result=result,
            files=files,
            examples=examples,
            rows_shown=ROWS_SHOWN,
            seconds=f"{settings.query_timeout_s:g}",
            bytes=settings.max_query_bytes,
            kept=_kept_language(),
        )
    )
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    response.vary.add("Accept-Language")
    response.content_language.add(respond.language())
    return response


def _kept_language() -> list[tuple[str, str]]:
    asked = request.args.get("lang", "")
    return [("lang", asked)] if asked in respond.languages() else []


# --- describing the service


def _description() -> Response:
    asked = _Request(None, (), (), None)
    forced = by_name(request.args["format"], GRAPHS) if "format" in request.args else None
    if forced is None and negotiate(respond.accept(), (*GRAPHS, HTML)) is HTML:
        return _page(asked)
    endpoint = request.root_url.rstrip("/") + "/sparql"
    formats = (forced,) if forced else GRAPHS
    return respond.answer(
        formats, lambda form: graphs.write(_statements(endpoint), form, endpoint), forced.suffix if forced else None,
        stamp=endpoint,
    )  # fmt: skip


def _statements(endpoint: str) -> list[ox.Triple]:
    """Return the service description (SPARQL 1.1 Service Description, 3), its nodes named below the endpoint."""
    manifest = respond.live().release.manifest
    made: list[ox.Triple] = []

    def node(iri: str) -> ox.NamedNode:
        return ox.NamedNode(iri)

    def add(subject: str, predicate: str, obj: str | ox.Literal) -> None:
        made.append(ox.Triple(node(subject), node(predicate), obj if isinstance(obj, ox.Literal) else node(obj)))

    dataset, default = f"{endpoint}#dataset", f"{endpoint}#default-graph"
    add(endpoint, rdf.type, sd.Service)
    add(endpoint, sd.endpoint, endpoint)
    add(endpoint, sd.supportedLanguage, sd.SPARQL11Query)
    for form in RESULTS + GRAPHS:
        add(endpoint, sd.resultFormat, _FORMATS_NS + _FORMAT_IRIS[form.name])
    add(endpoint, sd.defaultDataset, dataset)
    add(dataset, rdf.type, sd.Dataset)
    add(dataset, sd.defaultGraph, default)
    add(default, rdf.type, sd.Graph)
    add(default, void.triples, ox.Literal(_default_triples(manifest.counts)))
    for number, name in enumerate(manifest.named_graphs, 1):
        described, graph = f"{endpoint}#named-graph-{number}", f"{endpoint}#graph-{number}"
        add(dataset, sd.namedGraph, described)
        add(described, rdf.type, sd.NamedGraph)
        add(described, sd.name, name)
        add(described, sd.graph, graph)
        add(graph, rdf.type, sd.Graph)
    return made


def _default_triples(counts: dict[str, int]) -> int:
    return counts.get("default_graph_triples", counts.get("triples", 0))
