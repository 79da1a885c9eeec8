"""`/sparql`: answers queries, describes the service, and shows a plain form to people.

The query itself runs in `workers`, and its result goes to a file. An answer begins
when the result is whole, so that its status is the whole truth; only a slow query
with a large result is passed on while it grows. If that fails later, the connection
closes without the last chunk, so that no client takes the part for the whole; a
client that knows no chunks (HTTP/1.0) always waits for the whole.
"""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, g, render_template, request
from werkzeug.exceptions import BadRequest, HTTPException, NotAcceptable

from publisher import errors, formats, sparql_text
from publisher.config import Settings
from publisher.formats import GRAPHS, HTML, RESULTS, RESULTS_JSON, RESULTS_XML, TURTLE, Format
from publisher.namespaces import PREFIXES
from publisher.web import clients, graphs, protocol, respond, results, service, texts
from publisher.web.failures import PROBLEM, failure, headers_kept, headers_of, http_failure, status_of
from publisher.web.negotiation import negotiate
from publisher.web.protocol import Asked
from publisher.web.record import LEFT, UNCHANGED, Record, Records, outcome_of
from publisher.workers.client import Answer, Client
from publisher.workers.protocol import ClientGoneError

blueprint = Blueprint("sparql", __name__)

_TEXT = Format("text", "text/plain", ".txt", "page")
_ASK = (RESULTS_JSON, RESULTS_XML)
_NAMES = {**texts.FORM_NAMES, "xml": "XML", "csv": "CSV", "tsv": "TSV"}
_ALSO = {"json": "jsonld", "json-ld": "jsonld", "xml": "rdfxml", "rdf+xml": "rdfxml", "rdf": "rdfxml", "n3": "turtle"}
"""What clients call the formats of a graph."""
_PLACE = re.compile(r"line (\d+), column (\d+): ")
_EXAMPLE = "SELECT ?project ?title WHERE {\n  ?project a pf:Project ; dct:title ?title .\n}\nLIMIT 20\n"


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query, describe the service, or show the form."""
    asked = protocol.read()
    if asked.text is None:
        return _describe(asked)
    if asked.form_only and negotiate(respond.accept(), (TURTLE, HTML)) is HTML:
        return _page("sparql.html", asked)
    g.asked = asked
    records: Records = current_app.extensions["records"]
    record = Record(records, asked.text, release=respond.live().release.id, address=request.remote_addr or "")
    try:
        response = _answer(asked, sparql_text.unescaped(asked.text), record)
    except ClientGoneError:
        record.end(LEFT)
        return Response(status=499)  # nobody reads it
    except errors.PublisherError as error:
        record.end(outcome_of(error))
        raise
    except HTTPException:
        record.end("refused")
        raise
    if response.is_sequence:
        record.end()
    return response


def _answer(asked: Asked, text: str, record: Record) -> Response:
    """Answer a query."""
    query = sparql_text.examine(text, sparql_text.TextLimits.of(_settings()))
    form = _format(asked, query.form)
    record.form, record.format = query.form or "", form.name
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
            record.outcome = UNCHANGED
            return response
    answer = _run(asked, text, form, fresh=query.volatile)
    try:
        if form is HTML:
            _show(asked, query.form, answer, response)
        else:
            _send(answer, form, response, record)
    except BaseException:
        record.id = answer.id
        answer.close()
        raise
    record.id, record.cached = answer.id, answer.cached
    if response.is_sequence:
        record.rows, record.bytes = answer.rows, answer.size
        answer.close()
    return response


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


def _run(asked: Asked, text: str, form: Format, *, fresh: bool) -> Answer:
    """Begin a query whose result shall have a format."""
    queries: Client | None = current_app.extensions["queries"]
    if queries is None:
        raise errors.BusyError("The query service does not run.")
    connection = request.environ.get("gunicorn.socket")
    release = respond.live().release
    return queries.query(
        release.store_path,
        text,
        base=release.manifest.query_base,
        graph=form if form in GRAPHS else TURTLE,
        results=form if form in RESULTS else RESULTS_JSON,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        client=clients.client(),
        visitor=connection.fileno() if connection is not None else None,
        fresh=fresh,
    )


def _send(answer: Answer, form: Format, response: Response, record: Record) -> None:
    """Make an answer the body of a response."""
    large = _settings().result_buffer_bytes
    if request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        answer.await_end()
    else:
        answer.await_size(large)
    if answer.format is not form:  # the words of the query led the wrong way; the engine knows
        response.content_type = answer.format.content_type
    if answer.whole and answer.size <= large:
        response.set_data(answer.read())
        return
    response.response = _stream(answer, record)
    if answer.whole:
        response.content_length = answer.size
    response.call_on_close(record.end)
    response.call_on_close(answer.close)


def _stream(answer: Answer, record: Record) -> Iterator[bytes]:
    """Yield a result as it comes.

    Raises:
        ConnectionResetError: The query was ended: as if the connection were lost,
            which the web server passes on without a word about the query in its log.
    """
    try:
        for piece in answer:
            record.bytes += len(piece)
            yield piece
        record.rows = answer.rows
        record.end()
    except GeneratorExit:
        record.end(LEFT)
        raise
    except (errors.PublisherError, ClientGoneError) as error:
        record.end(outcome_of(error) if isinstance(error, errors.PublisherError) else LEFT)
        raise ConnectionResetError(errno.ECONNRESET, "the result was broken off") from error
    finally:
        answer.close()


# --- pages ---


def _show(asked: Asked, query_form: str | None, answer: Answer, response: Response) -> None:
    """Make a response a page that shows an answer."""
    shown = results.shown(answer)
    links = [
        {"name": _NAMES[form.name], "media_type": form.media_type, "href": asked.address(format=form.name)}
        for form in _forms(query_form)
    ]
    page = _page("sparql_results.html", asked, shown=shown, result_forms=links)
    response.set_data(page.get_data())
    response.vary.add("Accept-Language")
    response.content_language.add(respond.language())


def _page(template: str, asked: Asked, status: int = 200, problem: str = "", **values: Any) -> Response:
    """Render the form with the query in it, and what stands below it."""
    index = _index()
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("pf", "dct"))
    html = render_template(
        template,
        query=asked.text if asked.text is not None else prefixes + _EXAMPLE,
        kept=[*asked.dataset(), *protocol.language()],
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
    pairs = [("query", entry["query"]), ("form", "1"), *protocol.language()]
    return {"title": title, "href": f"{request.script_root}/sparql?{urlencode(pairs)}"}


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
        statements, address = service.description()
        return graphs.write(statements, form, address)

    return respond.answer((*GRAPHS, HTML), make, suffix, stamp=request.url_root)


# --- errors ---


@blueprint.errorhandler(HTTPException)
def _bad_request(error: HTTPException) -> Response:
    """Tell people what is wrong with a request above the form; machines as anywhere else."""
    code = error.code or 500
    if code < 400 or negotiate(respond.accept(), (PROBLEM, HTML)) is not HTML:
        return http_failure(error)
    response = _page("sparql.html", g.get("asked", protocol.NOTHING), code, error.description or "")
    response.headers.update(headers_kept(error))
    return response


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
    place = _PLACE.match(message)
    where = {"line": int(place[1]), "column": int(place[2])} if place else {}
    return failure(status, message, error.code, headers, **where)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
