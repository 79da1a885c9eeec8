"""How an error is told: a page for people, problem+json (RFC 9457) for machines."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, render_template, request
from werkzeug.http import HTTP_STATUS_CODES

from publisher.formats import HTML, Format
from publisher.web import respond
from publisher.web.negotiation import negotiate

PROBLEM = Format("problem", "application/problem+json", ".json", "page", ("application/json",))


def failure(status: int, detail: str, code: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """Answer an error: a page for people, problem+json (RFC 9457) for machines.

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
