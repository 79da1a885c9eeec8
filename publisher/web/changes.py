"""`/changes`: what each release changed, for people (a page, an Atom feed) and for machines that keep a copy (LDES).

`members` says what each page of the stream holds, `change_pages` is for people; here are the addresses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.exceptions import NotFound

from publisher import iris, manifest
from publisher.entities import ENTITY_KINDS
from publisher.formats import HTML, Format
from publisher.history import Event
from publisher.web import atom, change_pages, ldes, members, respond, texts

blueprint = Blueprint("changes", __name__)

ARCHIVED = 500
"""Events that a page of links holds; beyond, the oldest of them get a page of their own, which never changes again."""
NAMED = 100
"""Things of a kind of change that an entry of the Atom feed names."""
_OPEN_S = 60
_CLOSED_S = 7 * 86_400
"""How long caches keep a closed page, in seconds. It never changes; but what had to be withdrawn is forgotten so."""


@blueprint.get("/id/dataset/changes")
@blueprint.get("/doc/dataset/changes")
def stream() -> Response:
    """Lead from the stream to its first page."""
    return redirect(f"{request.script_root}/changes", 303)  # type: ignore[return-value]


@blueprint.get("/changes", defaults={"suffix": ""})
@blueprint.get("/changes<suffix>")
def changes(suffix: str) -> Response:
    """Answer with the list of releases for people, the feed for readers, or the first page of the stream."""
    form = respond.choose((*ldes.FORMS, atom.ATOM, HTML), suffix)
    history = respond.history()
    if form is HTML:
        return change_pages.listed(history, suffix)
    events = history.events()
    if form is atom.ATOM:
        return _feed(events, suffix)
    found = members.stream()
    spans = _spans(found, events)
    title = {tag: texts.word("changes.stream", tag) for tag in respond.languages()}
    return _answer(ldes.root(found, title, spans), form, f"public, max-age={_OPEN_S}")


@blueprint.get("/changes/archive/<name>")
def archive(name: str) -> Response:
    """Answer with a full page of links to events."""
    number, _, suffix = name.partition(".")
    form = respond.choose(ldes.FORMS, suffix and f".{suffix}")
    events = respond.history().events()
    full = len(events) // ARCHIVED
    if not (number.isascii() and number.isdigit() and len(number) < 10 and 1 <= int(number) <= full):
        raise NotFound
    found = members.stream()
    first = (int(number) - 1) * ARCHIVED
    spans = [_span(found, event) for event in events[first : first + ARCHIVED]]
    return _answer(ldes.archive(found, int(number), spans), form, _closed())


@blueprint.get("/changes/<name>", defaults={"kind": "", "key": ""})
@blueprint.get("/changes/<name>/<kind>/<key>")
def event(name: str, kind: str, key: str) -> Response:
    """Answer with the members of an event, or with those behind a thing."""
    last, dot, suffix = (key or name).partition(".")
    name, key, suffix = (name, last, dot + suffix) if key else (last, "", dot + suffix)
    form = respond.choose((*ldes.FORMS, HTML), suffix)
    if key and not (kind in ENTITY_KINDS and iris.is_key(key)):
        raise NotFound
    history = respond.history()
    found = history.event(name) if manifest.is_id(name) else None
    if found is None:
        raise NotFound
    after = (kind, key) if key else None
    if form is HTML:
        return change_pages.event_page(history, found, after, suffix)
    stream = members.stream()
    with members.Pages(history) as pages:
        told, behind = pages.members(found, after)
    further = ldes.Span(stream.page(name, behind), "further", found.at, found.at) if behind else None
    lines = ldes.event(stream, name, found.at, told, stream.page(name, after), further)
    return _answer(lines, form, _closed())


def _feed(events: list[Event], suffix: str) -> Response:
    """Answer with a part of the Atom feed."""
    shown, before = change_pages.part(events)

    def make(_: Format) -> bytes:
        return atom.feed(change_pages.tell(respond.history(), shown, NAMED), before)

    stamp = f"{events[-1].name} {shown[0].name} {respond.outside_root()} {respond.language()}"
    stamp += repr(current_app.extensions["settings"])  # which name the author
    response = respond.answer((atom.ATOM,), make, suffix, stamp=stamp)
    response.vary.add("Accept")
    response.vary.add("Accept-Language")
    response.content_language.add(respond.language())
    return response


def _closed() -> str:
    return f"public, max-age={_CLOSED_S}, immutable"


def _span(stream: ldes.Stream, event: Event) -> ldes.Span:
    return ldes.Span(stream.page(event.name), event.name, event.at, event.at)


def _spans(stream: ldes.Stream, events: list[Event]) -> Iterator[ldes.Span]:
    """Yield what the first page leads to: full pages of links, then the events that none of them has."""
    full = len(events) // ARCHIVED if len(events) > ARCHIVED else 0
    for number in range(full):
        times = [event.at for event in events[number * ARCHIVED : (number + 1) * ARCHIVED]]
        yield ldes.Span(stream.archive(number + 1), f"archive-{number + 1}", min(times), max(times))
    yield from (_span(stream, event) for event in events[full * ARCHIVED :])


def _answer(lines: Iterable[str], form: Format, caching: str) -> Response:
    """Answer with statements. The entity tag is made of the bytes: other releases leave a page as it is."""
    body = ldes.write(lines, form)
    response = Response(body, content_type=form.content_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:24])
    response.headers["Cache-Control"] = caching
    response.vary.add("Accept")
    return response
