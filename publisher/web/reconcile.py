"""`/reconcile`: matches names in other people's tables to the things of this release.

Source: Reconciliation Service API 0.2 (W3C Entity Reconciliation Community
Group): manifest, queries by GET and POST, preview, suggest with flyouts, data
extension. Beside it what is settled in the draft of 1.0 and does not contradict 0.2: `/reconcile/match`,
`/reconcile/extend` and `/reconcile/extend/propose`, which answer as the draft wants it. The manifest does not name the
draft among its versions, for one manifest cannot be of both: what is an address under `suggest` in 0.2 is a truth
value there, and the same templates are written in two ways.

What is asked is read in `reconcile_requests`, what is answered made in `reconcile_answers`. JSONP is
not offered: every answer has CORS, and a script made from a request's own words
would be one that the pages' content security policy trusts. Errors are JSON:
`status` "error", `code`, `message`.

A batch has its time of the processor, so that a busy machine takes nothing from it. What was not found in it gets an
error in place of its result, and the rest is told: so no request holds a worker for long, whatever it asks.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic, thread_time
from typing import Any, TypeVar

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.exceptions import BadRequest, HTTPException, NotFound, RequestEntityTooLarge
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response as BaseResponse

from publisher import iris
from publisher.errors import PublisherError, QueryTimeoutError
from publisher.formats import HTML
from publisher.names import FILE, KINDS
from publisher.namespaces import CONCEPT
from publisher.web import extending, respond, texts
from publisher.web import reconcile_answers as answers
from publisher.web import reconcile_requests as requests
from publisher.web.extending import Values
from publisher.web.failures import headers_kept, headers_of, status_of
from publisher.web.matching import Matcher
from publisher.web.matching_queries import Query
from publisher.web.matching_several import several
from publisher.web.names import Names
from publisher.web.reconcile_requests import Drafted

Asked = TypeVar("Asked", Query, Drafted)
log = logging.getLogger(__name__)
blueprint = Blueprint("reconcile", __name__)

WORK_S = 1.5
"""What a request may take of the processor to be answered, but for what is under way then."""
WAIT_S = 10.0
"""What it may take in all, where it has to wait for the processor."""
_LONGEST_QUERY_STRING = 250_000
_SUGGESTED = 20
_FARTHEST = 1000
_PREVIEW_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
_WHAT = "<any(entity, property, type):what>"


# --- what holds for every answer -------------------------------------------------------------------------------------


def _answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"
    response = Response(text, status, headers, content_type="application/json")
    response.headers["Cache-Control"] = "public, no-cache" if status == 200 else "no-store"
    response.vary.add("Accept-Language")
    if status == 200 and request.method in ("GET", "HEAD"):
        response.add_etag()
    return response


def _failed(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    return _answer({"status": "error", "code": code, "message": message}, status, headers)


@blueprint.errorhandler(HTTPException)
def _refused(error: HTTPException) -> Response:
    return _failed(error.code or 500, "http", str(error.description or error.name), headers_kept(error))


@blueprint.errorhandler(PublisherError)
def _unready(error: PublisherError) -> Response:
    status = status_of(error)
    if status < 500 or isinstance(error, QueryTimeoutError):
        message = str(error)
    else:  # what it says of files is not for clients
        log.warning("%s: %s", error.code, error)
        message = texts.word("reconcile.none", respond.language()) if "live" in g else HTTP_STATUS_CODES[status]
    return _failed(status, error.code, message, headers_of(error))


def _parameters() -> Mapping[str, str]:
    """Return the parameters of the request, those of a form before those of the address."""
    if len(request.query_string) > _LONGEST_QUERY_STRING:
        raise RequestEntityTooLarge("The address is too long; send the queries in a form, by POST.")
    form = request.form.to_dict() if request.method == "POST" else {}
    return {**request.args.to_dict(), **form}


def _number(name: str, default: int, least: int, most: int) -> int:
    written = request.args.get(name, "")
    if not written:
        return default
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", written):
        raise BadRequest(f"`{name}` is a whole number.")
    if int(written) < least:
        raise BadRequest(f"`{name}` is {least} at least.")
    return min(int(written), most)


def _time() -> Callable[[], bool]:
    """Return what tells whether the time of a request that begins now is up."""
    work, wait = thread_time() + WORK_S, monotonic() + WAIT_S
    return lambda: thread_time() > work or monotonic() > wait


@contextmanager
def _names() -> Iterator[Names]:
    """Open the names of the live release, for as long as a request may take.

    Raises:
        ReleaseError: The release has none that can be read.
        QueryTimeoutError: A look-up was not done in time.
    """
    with Names(respond.live().release.file(FILE)) as names, names.until(_time()):
        yield names


# --- queries and data extension --------------------------------------------------------------------------------------


@blueprint.route("/reconcile", methods=["GET", "POST"], strict_slashes=False)
def reconcile() -> Response:
    """Answer with the manifest, a batch of candidates, those of one query, or a data extension."""
    given = _parameters()
    if "queries" in given:
        queries = requests.batch(requests.from_json(given["queries"], "`queries`"))
        found = _found(_result, queries.values())
        return _answer(dict(zip(queries, found, strict=True)))
    if "extend" in given:
        ids, columns = requests.extension(requests.from_json(given["extend"], "`extend`"))
        with _names() as names:
            return _answer(answers.extended(names, ids, columns))
    if "query" in given:
        text = given["query"]
        beside = {name: given[name] for name in ("type", "limit", "type_strict") if given.get(name)}
        written = text.lstrip().startswith("{")
        single = requests.from_json(text, "`query`") if written else {"query": text, **beside}
        [told] = _found(_result, [requests.query(single, "`query`")])
        return _answer(told, 200 if "result" in told else status_of(QueryTimeoutError("")))
    if request.method == "POST":
        raise BadRequest("Send `queries`, `query` or `extend` as application/x-www-form-urlencoded.")
    return _answer(answers.manifest())


@blueprint.post("/reconcile/match")
def match() -> Response:
    """Answer a batch in the form of the draft of version 1.0: JSON in the body, conditions instead of fields."""
    return _answer({"results": _found(_draft_result, requests.draft(_body()))})


@blueprint.post("/reconcile/extend")
def extend() -> Response:
    """Answer a data extension in the form of the draft: JSON in the body, rows and values in arrays."""
    ids, columns = requests.extension(_body())
    with _names() as names:
        return _answer(answers.draft_extended(names, ids, columns))


def _body() -> Any:
    return requests.from_json(request.get_data(as_text=True), "The body")


def _result(matcher: Matcher, query: Query) -> dict[str, Any]:
    return {"result": list(map(answers.candidate, matcher.candidates(query)))}


def _draft_result(matcher: Matcher, query: Drafted) -> dict[str, Any]:
    return {"candidates": list(map(answers.draft_candidate, several(matcher, query.query, query.names)))}


def _found(answer: Callable[[Matcher, Asked], dict[str, Any]], queries: Iterable[Asked]) -> list[dict[str, Any]]:
    """Answer queries one after the other; those for which there is no time left get an error each."""
    is_up = _time()
    told: list[dict[str, Any]] = []
    with Names(respond.live().release.file(FILE)) as names:
        matcher = Matcher(names, Values(respond.view(), names).texts)
        for query in queries:
            try:
                if is_up():
                    raise QueryTimeoutError("the batch takes too long; send fewer queries at once")
                with names.until(is_up):
                    told.append(answer(matcher, query))
            except QueryTimeoutError as error:
                told.append(answers.overdue(error))
    return told


# --- people's view ---------------------------------------------------------------------------------------------------


@blueprint.get("/reconcile/about")
def about() -> Response:
    """Show people what the service does, and what its features mean."""
    return respond.answer((HTML,), lambda _: answers.about(), stamp="reconcile")


@blueprint.get("/reconcile/view")
def view() -> BaseResponse:
    """Lead to the page of a thing."""
    iri = request.args.get("id", "")
    split = iris.Minter(respond.live().release.manifest.base_iri).split(iri)
    if split:
        return redirect(respond.address(f"/id/{split[0]}/{split[1]}"), 303)
    rest = iri.removeprefix(f"{CONCEPT}/")
    if rest != iri and all(iris.is_key(part) for part in rest.split("/")):
        return redirect(respond.address(f"/concept/{rest}"), 303)
    raise NotFound("There is no such thing here.")


@blueprint.get("/reconcile/preview")
def preview() -> Response:
    """Show a thing in a small page that another site may frame."""
    with _names() as names:
        html = render_template("reconcile_preview.html", **answers.shown(names, request.args.get("id", "")))
    response = Response(html, content_type=HTML.content_type)
    response.headers["Content-Security-Policy"] = _PREVIEW_POLICY
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.add("Accept-Language")
    response.content_language.add(respond.language())
    response.add_etag()
    return response


@blueprint.get(f"/reconcile/flyout/{_WHAT}")
def flyout(what: str) -> Response:
    """Return a piece of HTML about what was suggested."""
    identifier = request.args.get("id", "")
    with _names() as names:
        return _answer({"id": identifier, "html": answers.flyout(names, what, identifier)})


@blueprint.get(f"/reconcile/suggest/{_WHAT}")
def suggest(what: str) -> Response:
    """Complete what a person types: names of things, properties, types."""
    if len(request.query_string) > _LONGEST_QUERY_STRING:
        raise RequestEntityTooLarge("The address is too long.")
    prefix = request.args.get("prefix", "")
    skip = _number("cursor", 0, 0, _FARTHEST) or _number("offset", 0, 0, _FARTHEST)  # as the draft calls it
    limit = _number("limit", _SUGGESTED, 1, requests.MOST_LIMIT)
    wanted = request.args.get("type") or request.args.get("schema") or ""
    of = requests.kind(wanted)
    if what == "entity":
        kinds = tuple(KINDS) if not wanted else (of,) if of else ()
        if not kinds or not prefix.strip():
            return _answer({"result": []})
        with _names() as names:
            return _answer({"result": answers.suggested_things(names, prefix, kinds, skip, limit)})
    found = answers.suggested_properties(prefix, of) if what == "property" else answers.suggested_types(prefix)
    return _answer({"result": found[skip : skip + limit]})


@blueprint.get("/reconcile/properties")
@blueprint.get("/reconcile/extend/propose")  # as the draft calls it
def properties() -> Response:
    """Propose properties to fetch for things of a type."""
    wanted = request.args.get("type", "")
    of = requests.kind(wanted)
    limit = _number("limit", len(extending.PROPERTIES), 1, requests.MOST_LIMIT)
    listed = [] if wanted and of is None else extending.proposed(of)
    answer: dict[str, Any] = {"properties": [answers.property_named(entry) for entry in listed[:limit]]}
    if wanted:
        answer["type"] = wanted
    if request.args.get("limit"):
        answer["limit"] = limit
    return _answer(answer)
