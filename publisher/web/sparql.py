"""`/sparql`: SPARQL 1.1 Protocol for queries, the service description, and a plain form for people.

The query itself runs in `workers`. The beginning of a result is held back until
it is whole or passes `result_buffer_bytes`: up to there, the HTTP status is the
whole truth. A query that fails later breaks its answer off: the connection closes
without the last chunk, so that no client takes the part for the whole.
"""

from __future__ import annotations

import errno
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, g, render_template, request
from werkzeug.exceptions import BadRequest, HTTPException, NotAcceptable, RequestEntityTooLarge, UnsupportedMediaType

from publisher import errors, formats, iris, sparql_text, workers
from publisher.config import Settings
from publisher.formats import GRAPHS, HTML, JSON_LD, RESULTS, RESULTS_JSON, RESULTS_XML, TURTLE, Format
from publisher.namespaces import PREFIXES, rdf, sd, void, xsd
from publisher.web import graphs, respond, texts
from publisher.web.failures import PROBLEM, failure, headers_of, status_of
from publisher.web.labels import web_address
from publisher.web.negotiation import negotiate

blueprint = Blueprint("sparql", __name__)

ROWS_SHOWN = 1000
"""Rows of a result on a page, at most."""
BYTES_READ = 5_000_000
"""How much of a result is read for a page, in bytes, at most."""
TEXT_SHOWN = 200_000
"""Characters of a graph on a page, at most."""
CELL_SHOWN = 5_000
"""Characters of one value on a page, at most."""
DRAINED = 4_000_000
"""How much of a refused request's body is read and thrown away, in bytes, at most."""

_TEXT = Format("text", "text/plain", ".txt", "page")
_ASK = (RESULTS_JSON, RESULTS_XML)
_NAMES = {**texts.FORM_NAMES, "xml": "XML", "csv": "CSV", "tsv": "TSV"}
_ALSO = {"json": "jsonld", "xml": "rdfxml"}
_JSON_LD = "http://www.w3.org/ns/formats/JSON-LD"  # as the W3C lists it; the engine has an address of its own
_PLACE = re.compile(r"line (\d+), column (\d+): ")
_EXAMPLE = "SELECT ?project ?title WHERE {\n  ?project a pf:Project ; dct:title ?title .\n}\nLIMIT 20\n"


@dataclass(frozen=True)
class Asked:
    """One request for a query.

    Args:
        text: The query; None where none was sent.
        default_graphs: IRIs, in the request's order.
        named_graphs: IRIs, in the request's order.
        format: Value of `format=`, or "".
        form_only: Whether a person wants the query in the form, not yet run.
    """

    text: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str
    form_only: bool

    def address(self, **more: str) -> str:
        """Return the address that asks the same, with parameters added."""
        pairs = [("query", self.text or "")]
        pairs += [("default-graph-uri", iri) for iri in self.default_graphs]
        pairs += [("named-graph-uri", iri) for iri in self.named_graphs]
        return f"{request.script_root}/sparql?{urlencode([*pairs, *more.items(), *_language()])}"


# --- the request ---


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query, describe the service, or show the form."""
    try:
        asked = _read()
    except HTTPException:
        _drain()
        raise
    if asked.text is None:
        return _describe(asked)
    if asked.form_only and negotiate(respond.accept(), (TURTLE, HTML)) is HTML:
        return _page("sparql.html", asked)
    g.asked = asked
    settings = _settings()
    query = sparql_text.examine(asked.text, settings.max_query_bytes)
    form = _format(asked, query.form)
    response = Response(content_type=form.content_type)
    if not asked.format:
        response.vary.add("Accept")
    response.headers["Cache-Control"] = "public, no-cache"
    if query.volatile or request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    else:
        response.set_etag(_etag(asked, form))
        if respond.unchanged(response):
            response.status_code = 304
            return response
    try:
        return _page_of(asked, query.form, response) if form is HTML else _run(asked, form, response)
    except workers.ClientGoneError:
        return Response(status=499)  # nobody reads it


def _read() -> Asked:
    """Read the request as SPARQL 1.1 Protocol has it.

    Raises:
        BadRequest: The query is missing, empty or there twice, or the request is no UTF-8.
        UnsupportedMediaType: The body is of a type that carries no query.
    """
    url = _pairs(request.environ.get("QUERY_STRING", "").encode("latin-1"))
    pairs = url
    if request.method == "POST":
        kind, options = request.mimetype, request.mimetype_params
        coding = request.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("", "identity"):
            raise UnsupportedMediaType(f"The body is coded as {coding}: send it as it is.")
        if options.get("charset", "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
            raise UnsupportedMediaType("A query is sent in UTF-8.")
        if kind == "application/x-www-form-urlencoded":
            body = _pairs(request.get_data())
            names = ("query", "format", "output")
            pairs = [*body, *((name, value) for name, value in url if name in names)]
        elif kind == "application/sparql-query":
            pairs = [*url, ("query", _text(request.get_data()))]
        elif kind == "application/sparql-update":
            raise UnsupportedMediaType("This service only reads its data: it takes no updates.")
        else:
            raise UnsupportedMediaType(
                "A query is sent as application/x-www-form-urlencoded or application/sparql-query."
            )
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) > 1:
        raise BadRequest("There is more than one query in the request.")
    if queries and not queries[0].strip():
        raise BadRequest("The query is empty.")
    longest = current_app.extensions["settings"].max_query_bytes
    if queries and len(queries[0].encode("utf-8", "surrogatepass")) > longest:
        raise RequestEntityTooLarge(f"The query is longer than {longest} bytes.")
    if not queries and any(name == "update" for name, _ in pairs):
        raise BadRequest("This service only reads its data: it takes no updates.")
    if not queries and request.method == "POST":
        raise BadRequest("There is no query in the request.")
    return Asked(
        queries[0] if queries else None,
        _graphs(pairs, "default-graph-uri"),
        _graphs(pairs, "named-graph-uri"),
        next((value for name, value in pairs if name in ("format", "output")), ""),
        any(name == "form" for name, _ in pairs),
    )


def _drain() -> None:
    """Read what is left of a refused body: a connection closed on unread bytes loses the answer on its way."""
    left = DRAINED if request.environ.get("wsgi.input_terminated") else 0  # else reading on could wait for ever
    while left > 0:
        piece = request.environ["wsgi.input"].read(min(left, 65_536))
        if not piece:
            return
        left -= len(piece)


def _graphs(pairs: Sequence[tuple[str, str]], parameter: str) -> tuple[str, ...]:
    found = tuple(value for name, value in pairs if name == parameter)
    for value in found:
        if not iris.is_iri(value):
            raise BadRequest(f"{parameter}: {value[:200]!r} is no absolute IRI.")
    return found


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    text = _text(encoded)
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError as error:
        raise BadRequest("The request is not in UTF-8.") from error
    except ValueError as error:
        raise BadRequest("There are too many parameters in the request.") from error


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("The request is not in UTF-8.") from error


def _format(asked: Asked, query_form: str | None) -> Format:
    """Choose the format of an answer, by `format=` or `Accept`.

    Raises:
        BadRequest: No format has that name.
        NotAcceptable: This kind of result has no such form.
    """
    available = (*_forms(query_form), HTML)
    listed = ", ".join(form.media_type for form in available)
    if not asked.format:
        chosen = negotiate(respond.accept(), available)
        if chosen is None:
            raise NotAcceptable(f"The result of this query is available as {listed}.")
        return chosen
    name = asked.format.replace(" ", "+")  # an unescaped + of a media type arrives as a space
    chosen = formats.by_name(name, available)
    if chosen is None and available[0] is TURTLE:
        chosen = formats.by_name(_ALSO.get(name.lower(), ""), available)
    if chosen is not None:
        return chosen
    if formats.by_name(name, (*RESULTS, *GRAPHS)):
        raise NotAcceptable(f"The result of this query has no such form. It is available as {listed}.")
    known = ", ".join(form.name for form in (*RESULTS, *GRAPHS, HTML))
    raise BadRequest(f"There is no format of that name. Known: {known}.")


def _forms(query_form: str | None) -> tuple[Format, ...]:
    if query_form in ("construct", "describe"):
        return GRAPHS
    return _ASK if query_form == "ask" else RESULTS


def _etag(asked: Asked, form: Format) -> str:
    parts = [respond.etag(form), asked.text or "", "", *asked.default_graphs, "", *asked.named_graphs]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


# --- running it ---


def _answer(asked: Asked, graph: Format, results: Format) -> workers.Answer:
    queries: workers.Client | None = current_app.extensions["queries"]
    if queries is None:
        raise errors.BusyError("The query service does not run.")
    connection = request.environ.get("gunicorn.socket")
    return queries.query(
        respond.live().release.store_path,
        asked.text or "",
        graph=graph,
        results=results,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        watch=connection.fileno() if connection is not None else None,
    )


def _run(asked: Asked, form: Format, response: Response) -> Response:
    """Run a query and answer with its result in one format."""
    graph = form if form in GRAPHS else TURTLE
    results = form if form in RESULTS else RESULTS_JSON
    answer = _answer(asked, graph, results)
    try:
        if answer.format is not form:  # the words of the query led the wrong way; the engine knows
            response.content_type = answer.format.content_type
        held: list[bytes] = []
        size = 0
        chunks = iter(answer)
        for chunk in chunks:
            held.append(chunk)
            size += len(chunk)
            if size > _settings().result_buffer_bytes:
                response.response = _stream(held, chunks)
                response.call_on_close(answer.close)
                return response
    except BaseException:
        answer.close()
        raise
    answer.close()
    response.set_data(b"".join(held))
    return response


def _stream(held: list[bytes], chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what was held back, then the rest.

    Raises:
        ConnectionResetError: The query was ended: as if the connection were lost,
            which the web server passes on without a word about the query in its log.
    """
    yield b"".join(held)
    held.clear()
    try:
        yield from chunks
    except (errors.PublisherError, workers.ClientGoneError) as error:
        raise ConnectionResetError(errno.ECONNRESET, "the result was broken off") from error


# --- a result as a page ---


@dataclass(frozen=True)
class Cell:
    """One value of a result as a page shows it; `href` is "" where it leads nowhere."""

    text: str
    iri: str = ""
    href: str = ""
    language: str = ""


@dataclass(frozen=True)
class Shown:
    """A result as a page shows it: a boolean, the text of a graph, or rows; `cut` tells that there is more."""

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell | None]] = ()
    boolean: bool | None = None
    text: str | None = None
    cut: bool = False


class _Source(io.RawIOBase):
    """Lets a parser read an answer; an error of the query is kept, for parsers wrap what they meet."""

    def __init__(self, answer: workers.Answer) -> None:
        self.chunks = iter(answer)
        self.rest = b""
        self.left = BYTES_READ
        self.error: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            while not self.rest:
                self.rest = next(self.chunks)
        except StopIteration:
            return 0
        except (errors.PublisherError, workers.ClientGoneError) as error:
            self.error = error
            raise OSError("the query was ended") from error
        size = min(len(buffer), len(self.rest), self.left)
        buffer[:size] = self.rest[:size]
        self.rest = self.rest[size:]
        self.left -= size
        return size


def _page_of(asked: Asked, query_form: str | None, response: Response) -> Response:
    """Run a query and show its result on a page."""
    respond.live()
    with _answer(asked, TURTLE, RESULTS_JSON) as answer:
        source = _Source(answer)
        try:
            shown = _shown_graph(source) if answer.kind == "graph" else _shown_results(source)
        except (OSError, ValueError, SyntaxError):
            if source.error is not None:
                raise source.error from None
            raise
    links = [
        {"name": _NAMES[form.name], "media_type": form.media_type, "href": asked.address(format=form.name)}
        for form in _forms(query_form)
    ]
    page = _page("sparql_results.html", asked, shown=shown, result_forms=links)
    response.set_data(page.get_data())
    response.vary.add("Accept-Language")
    response.content_language.add(respond.language())
    return response


def _shown_graph(source: _Source) -> Shown:
    reader = io.BufferedReader(source, 65_536)
    text = reader.read(4 * TEXT_SHOWN).decode("utf-8", "ignore")
    cut = len(text) > TEXT_SHOWN or bool(reader.peek(1))
    if cut:
        text = text[:TEXT_SHOWN].rpartition("\n")[0]
    return Shown(text=text, cut=cut)


def _shown_results(source: _Source) -> Shown:
    parsed = ox.parse_query_results(io.BufferedReader(source, 65_536), format=RESULTS_JSON.results())
    if not isinstance(parsed, ox.QuerySolutions):
        return Shown(boolean=bool(parsed))
    columns = [variable.value for variable in parsed.variables]
    rows: list[list[Cell | None]] = []
    try:
        for solution in parsed:
            if len(rows) == ROWS_SHOWN:
                return Shown(columns, rows, cut=True)
            rows.append([_cell(solution[index]) for index in range(len(columns))])
    except (OSError, ValueError, SyntaxError):
        if source.left:
            raise
        return Shown(columns, rows, cut=True)  # read as far as a page goes
    return Shown(columns, rows)


def _cell(term: Any) -> Cell | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        view = respond.view()
        return Cell(view.compact(term.value), term.value, view.href(term.value) or web_address(term.value))
    if isinstance(term, ox.Literal):
        text = term.value if len(term.value) <= CELL_SHOWN else f"{term.value[:CELL_SHOWN]}…"
        return Cell(text, language=term.language or "")
    return Cell(str(term))


def _page(template: str, asked: Asked, status: int = 200, problem: str = "", **values: Any) -> Response:
    """Render the form with the query in it, and what stands below it."""
    index = _index()
    kept = [("default-graph-uri", iri) for iri in asked.default_graphs]
    kept += [("named-graph-uri", iri) for iri in asked.named_graphs]
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("pf", "dct"))
    html = render_template(
        template,
        query=asked.text if asked.text is not None else prefixes + _EXAMPLE,
        kept=[*kept, *_language()],
        seconds=f"{_settings().query_timeout_s:g}",
        length=_settings().max_query_bytes,
        problem=problem,
        examples=[_example(entry) for entry in index.get("examples", [])],
        description_forms=[
            {
                "name": _NAMES[form.name],
                "media_type": form.media_type,
                "href": f"{request.script_root}/sparql?format={form.name}",
            }
            for form in GRAPHS
        ],
        **values,
    )
    response = Response(html, status, content_type=HTML.content_type)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Language"))
    response.content_language.add(respond.language())
    return response


def _index() -> dict[str, Any]:
    try:
        return respond.live().index
    except errors.PublisherError:  # the page of an error must not fail for want of examples
        return {}


def _example(entry: Mapping[str, Any]) -> dict[str, str]:
    titles: dict[str, str] = entry.get("title", {})
    title = next((titles[code] for code in (respond.language(), *texts.LANGUAGES) if code in titles), entry["id"])
    pairs = [("query", entry["query"]), ("form", "1"), *_language()]
    return {"title": title, "href": f"{request.script_root}/sparql?{urlencode(pairs)}"}


def _language() -> list[tuple[str, str]]:
    asked = request.args.get("lang", "")
    return [("lang", asked)] if asked in texts.LANGUAGES else []


# --- without a query ---


def _describe(asked: Asked) -> Response:
    """Answer with the service description, or with the form for a person."""
    suffix = None
    if asked.format:
        form = formats.by_name(asked.format.replace(" ", "+"), (*GRAPHS, HTML))
        if form is None:
            raise NotAcceptable("The description is available as " + ", ".join(f.media_type for f in GRAPHS) + ".")
        suffix = form.suffix

    def make(form: Format) -> bytes:
        if form is HTML:
            return _page("sparql.html", asked).get_data()
        statements, service = _description()
        return graphs.write(statements, form, service)

    return respond.answer((*GRAPHS, HTML), make, suffix, stamp=request.url_root)


def _description() -> tuple[list[ox.Triple], str]:
    """Describe the service as the client sees it: SPARQL 1.1 Service Description.

    Raises:
        BadRequest: The request's Host header makes no IRI.
    """
    release = respond.live().release.manifest
    address = request.url_root.rstrip("/") + "/sparql"
    dataset, default = f"{address}#dataset", f"{address}#default-graph"
    triples: list[ox.Triple] = []

    def say(subject: str, predicate: str, value: str | ox.Literal) -> None:
        try:
            obj = ox.NamedNode(value) if isinstance(value, str) else value
            triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), obj))
        except ValueError as error:
            raise BadRequest("The Host header is no host name.") from error

    say(address, rdf.type, sd.Service)
    say(address, sd.endpoint, address)
    say(address, sd.supportedLanguage, sd.SPARQL11Query)
    for results in RESULTS:
        say(address, sd.resultFormat, results.results().iri)
    for graph in GRAPHS:
        say(address, sd.resultFormat, _JSON_LD if graph is JSON_LD else graph.rdf().iri)
    say(address, sd.defaultDataset, dataset)
    say(dataset, rdf.type, sd.Dataset)
    say(dataset, sd.defaultGraph, default)
    say(default, rdf.type, sd.Graph)
    if not release.named_graphs:  # else the count is of all graphs together
        count = str(release.counts.get("triples", 0))
        say(default, void.triples, ox.Literal(count, datatype=ox.NamedNode(xsd.integer)))
    for number, name in enumerate(release.named_graphs, 1):
        named, content = f"{address}#named-graph-{number}", f"{address}#graph-{number}"
        say(dataset, sd.namedGraph, named)
        say(named, rdf.type, sd.NamedGraph)
        say(named, sd.name, name)
        say(named, sd.graph, content)
        say(content, rdf.type, sd.Graph)
    return triples, address


# --- errors ---


@blueprint.errorhandler(errors.QueryError)
def _query_error(error: errors.QueryError) -> Response:
    """Tell why there is no answer: to people above their query, to machines as a problem or as text."""
    status, headers = status_of(error), headers_of(error)
    message = str(error)
    form = negotiate(respond.accept(), (PROBLEM, _TEXT, HTML)) or PROBLEM
    if form is HTML and "asked" in g:
        response = _page("sparql.html", g.asked, status, message)
        response.headers.update(headers)
        return response
    if form is _TEXT:
        response = Response(f"{message}\n", status, headers, content_type=_TEXT.content_type)
        response.headers["Cache-Control"] = "no-cache"
        response.vary.add("Accept")
        return response
    place = _PLACE.match(message) if isinstance(error, errors.QuerySyntaxError) else None
    where = {"line": int(place[1]), "column": int(place[2])} if place else {}
    return failure(status, message, error.code, headers, **where)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
