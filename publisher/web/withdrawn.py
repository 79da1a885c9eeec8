"""What is answered where a resource was withdrawn: 410 with date, reason and successor; a new code redirects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Response, redirect, render_template

from publisher import iris
from publisher.entities import PART_KINDS
from publisher.formats import HTML
from publisher.history import Withdrawal
from publisher.web import respond
from publisher.web.failures import PROBLEM, failure
from publisher.web.labels import written_date
from publisher.web.negotiation import negotiate

_MOST_COMPONENTS = 4
"""Components of a key that are looked at for a project's: scope and code are two, and any number may be asked for."""


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
        moved: Response = redirect(respond.address(f"/{room}/{renamed}{suffix}"), 301)  # type: ignore[assignment]
        # Kept by a browser, it would lead round in a circle once a decision is taken back.
        moved.headers["Cache-Control"] = "no-cache"
        return moved
    found = respond.history().withdrawal(kind, key)
    return _gone(_with_reason(found), suffix) if found is not None and found.at else None


def _renamed(base: str, kind: str, key: str) -> str | None:
    """Return type and key of what a resource is now, where it or the project that it is a part of has a new code."""
    history = respond.history()
    for project, part in _projects(key):
        for code in history.codes(project):
            now = iris.SEPARATOR.join([code, *part])
            if respond.live().store.exists(f"{base}{kind}/{now}"):
                return f"{kind}/{now}"
    return None


def _projects(key: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the projects that a key may be of, or of a part of, the longest first, with what names the part."""
    components = key.split(iris.SEPARATOR, _MOST_COMPONENTS)
    for count in range(min(len(components), _MOST_COMPONENTS), 0, -1):
        yield iris.SEPARATOR.join(components[:count]), components[count:]


def _with_reason(found: Withdrawal) -> Withdrawal:
    """Return a withdrawal with its reason: a part that went with its project has the project's."""
    if not found.reason and found.kind in PART_KINDS:
        for project, _ in _projects(found.key):
            whole = respond.history().withdrawal("project", project)
            if whole is not None and whole.event == found.event:
                return replace(found, reason=whole.reason)
    return found


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
        changes=respond.address(f"/changes/{found.event}"),
    )
    response = Response(body, 410, content_type=HTML.content_type)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    response.vary.add("Accept-Language")
    response.content_language.add(language)
    return response
