"""What is answered where a resource was withdrawn: 410 with date, reason and successor; a new code redirects."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template

from publisher import iris
from publisher.formats import HTML
from publisher.history import Withdrawal
from publisher.web import respond
from publisher.web.failures import PROBLEM, failure
from publisher.web.labels import written_date
from publisher.web.negotiation import negotiate


def answer(room: str, kind: str, key: str, suffix: str) -> Response | None:
    """Answer where a resource is no more; None where the release has it, or it never was.

    Args:
        room: `id` or `doc`: the address begins with it.
        kind: Type of its IRI.
        key: Its key.
        suffix: The end of the address, where it names a form.
    """
    if kind not in iris.TYPES or not iris.is_key(key):
        return None
    live = respond.live()
    base = f"{live.release.manifest.base_iri.rstrip('/')}/id/"
    if live.store.exists(f"{base}{kind}/{key}"):
        return None
    renamed = _renamed(base, kind, key)
    if renamed is not None:
        return redirect(respond.address(f"/{room}/{renamed}{suffix}"), 301)  # type: ignore[return-value]
    found = respond.history().withdrawal(kind, key)
    return _gone(found, suffix) if found is not None and found.at else None


def _renamed(base: str, kind: str, key: str) -> str | None:
    """Return type and key of what a resource is now, where it or the project that it is a part of has a new code."""
    history = respond.history()
    components = key.split(iris.SEPARATOR)
    for count in range(len(components), 0, -1):
        found = history.withdrawal("project", iris.SEPARATOR.join(components[:count]))
        if found is not None and found.renamed and found.successor and found.successor.startswith(base):
            now = iris.SEPARATOR.join([found.successor.rpartition("/")[2], *components[count:]])
            if respond.live().store.exists(f"{base}{kind}/{now}"):
                return f"{kind}/{now}"
    return None


def _gone(found: Withdrawal, suffix: str) -> Response:
    language = respond.language()
    reason = found.reason.get(language) or next(iter(found.reason.values()), "")
    facts: dict[str, Any] = {
        "withdrawn": found.at,
        "release": found.event,
        "reason": found.reason,
        "successor": found.successor,
    }
    form = HTML if suffix == HTML.suffix else PROBLEM if suffix else negotiate(respond.accept(), (PROBLEM, HTML))
    if form is not HTML:
        return failure(410, reason, "withdrawn", **{key: value for key, value in facts.items() if value})
    body = render_template(
        "withdrawn.html",
        day=written_date(found.at[:10], language),
        reason=reason,
        reason_language=language if language in found.reason else next(iter(found.reason), ""),
        successor=respond.view().link(found.successor) if found.successor else None,
        key=iris.SEPARATOR.join(iris.unescape(part) for part in found.key.split(iris.SEPARATOR)),
        diff=respond.address(f"/releases/{found.event}/diff"),
    )
    response = Response(body, 410, content_type=HTML.content_type)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    response.vary.add("Accept-Language")
    response.content_language.add(language)
    return response
