"""How an error is told: its status, and a page for people or problem+json (RFC 9457) for machines."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from publisher import errors
from publisher.errors import PublisherError
from publisher.formats import HTML, Format
from publisher.web import respond
from publisher.web.negotiation import negotiate

PROBLEM = Format("problem", "application/problem+json", ".json", "page", ("application/json",))

_KEPT = ("allow", "retry-after", "location", "accept-encoding")
RETRY_S = 5
"""When one may try again who found the service busy, in seconds, where nothing more is known."""

STATUS: dict[type[PublisherError], int] = {
    errors.QuerySyntaxError: 400,
    errors.QueryRefusedError: 400,
    errors.QueryTimeoutError: 504,
    errors.QueryMemoryError: 503,
    errors.ResultTooLargeError: 413,
    errors.BusyError: 503,
    errors.QueryCrashedError: 503,
    errors.QueryCancelledError: 503,
    errors.RateLimitedError: 429,
    errors.QueryError: 400,
    errors.ReleaseError: 503,
    errors.StoreError: 503,
    errors.PublisherError: 500,
}
"""The HTTP status of each error; a class that is not listed takes that of its nearest base."""


def status_of(error: PublisherError) -> int:
    """Return the HTTP status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def headers_of(error: PublisherError) -> dict[str, str]:
    """Return the headers that go with an error: when to try again, where that helps."""
    seconds = getattr(error, "retry_after_s", None)
    if seconds is None and isinstance(error, (errors.BusyError, errors.ReleaseError)):
        seconds = RETRY_S
    return {"Retry-After": str(seconds)} if seconds is not None else {}


def http_failure(error: HTTPException) -> Response:
    """Answer an error of the library's, with the headers that matter."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    headers = headers_kept(error)
    code = error.code or 500
    if code < 400:
        return Response(status=code, headers=headers)
    own = error.description if error.description != type(error).description else ""
    return failure(code, own or "", "http", headers)


def headers_kept(error: HTTPException) -> dict[str, str]:
    """Return those headers of a library's error that ours has too."""
    return {key: value for key, value in error.get_headers() if key.lower() in _KEPT}


def failure(status: int, detail: str, code: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """Answer an error.

    Args:
        status: The HTTP status.
        detail: What went wrong with this request; "" where the status says it all.
        code: Stable name of the error.
        headers: Headers to add.
        **more: Members to add to the problem.
    """
    title = HTTP_STATUS_CODES.get(status, "Error")
    suffix = "." in request.path.rpartition("/")[2] and not request.path.endswith(HTML.suffix)
    form = PROBLEM if suffix else negotiate(respond.accept(), (PROBLEM, HTML)) or PROBLEM
    if form is HTML:
        body = render_template("error.html", status=status, detail=detail)
    else:
        problem = {"type": "about:blank", "title": title, "status": status, "code": code, **more}
        if detail:
            problem["detail"] = detail
        body = json.dumps(problem, ensure_ascii=False, indent=2) + "\n"
    response = Response(body, status, headers, content_type=form.content_type)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    if form is HTML:
        response.vary.add("Accept-Language")
        response.content_language.add(respond.language())
    return response
