"""`/changes`: what each release changed, for people (a page, an Atom feed) and for machines that keep a copy (LDES).

A page of members goes on behind a thing (`/changes/{event}/{kind}/{key}`), not at a number: so a page is found by
one search whatever the size of the event, and a client that stands in the middle when an old release is removed goes on
where it was. What is told of a thing comes from the release that the event made current while that is kept, else from
the live one where nothing has changed the thing since: the same statements; what neither knows any more is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.exceptions import NotAcceptable, NotFound

from publisher import iris, manifest
from publisher.entities import ENTITY_KINDS, statements
from publisher.errors import ReleaseError
from publisher.formats import HTML, JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from publisher.history import BUILD, ROLLBACK, EntityChange, Event, History
from publisher.iris import Minter
from publisher.masters import Master
from publisher.namespaces import dct, foaf, rdfs, skos
from publisher.web import atom, ldes, respond, texts
from publisher.web.labels import Link, Text, View
from publisher.web.negotiation import negotiate
from publisher.web.resources import base_iri

blueprint = Blueprint("changes", __name__)

MEMBERS = 100
"""Members of a page at most."""
MOST_BYTES = 4_000_000
"""Size of the statements after which a page takes no further member."""
LOOKED_AT = 1000
"""Things of a first release that is gone of which a page asks at most whether they are as they were."""
ARCHIVED = 500
"""Events that a page of links holds; beyond, the oldest of them get a page of their own, which never changes again."""
SHOWN_EVENTS = 20
"""Events of a people's page, and of the Atom feed."""
_READ = 2000
_OPEN_S = 60
_CLOSED_S = 7 * 86_400
"""How long caches keep a closed page, in seconds. It never changes; but what had to be withdrawn is forgotten so."""

_FORMS = (TRIG, N_QUADS, JSON_LD, TURTLE, N_TRIPLES)
_FORM_NAMES = {"trig": "TriG", "nquads": "N-Quads", **texts.FORM_NAMES}
_NAMES = (dct.title, skos.prefLabel, foaf.name, rdfs.label)


# -- addresses


@blueprint.get("/id/dataset/changes")
@blueprint.get("/doc/dataset/changes")
def stream() -> Response:
    """Lead from the stream to its first page."""
    return redirect(f"{request.script_root}/changes", 303)  # type: ignore[return-value]


@blueprint.get("/changes", defaults={"suffix": ""})
@blueprint.get("/changes<suffix>")
def changes(suffix: str) -> Response:
    """Answer with the list of releases for people, the feed for readers, or the first page of the stream."""
    form = _form((*_FORMS, atom.ATOM, HTML), suffix)
    history = respond.history()
    events = history.events()
    if form is atom.ATOM:
        feed = respond.answer((atom.ATOM,), lambda _: atom.feed(tell(history, events[::-1][:SHOWN_EVENTS], 100)),
                              stamp=_stamp(events))  # fmt: skip
        feed.vary.add("Accept-Language")
        feed.content_language.add(respond.language())
        return feed
    if form is HTML:
        return _list(history, events)
    found = _stream()
    spans = _spans(found, events)
    title = {tag: texts.word("changes.stream", tag) for tag in respond.languages()}
    return _answer(ldes.root(found, title, spans), form, f"public, max-age={_OPEN_S}")


@blueprint.get("/changes/archive/<name>")
def archive(name: str) -> Response:
    """Answer with a full page of links to events."""
    number, _, suffix = name.partition(".")
    form = _form(_FORMS, suffix and f".{suffix}")
    events = respond.history().events()
    full = len(events) // ARCHIVED
    if not (number.isascii() and number.isdigit() and len(number) < 10 and 1 <= int(number) <= full):
        raise NotFound
    found = _stream()
    first = (int(number) - 1) * ARCHIVED
    spans = [_span(found, event) for event in events[first : first + ARCHIVED]]
    return _answer(ldes.archive(found, int(number), spans), form, _closed())


@blueprint.get("/changes/<name>", defaults={"kind": "", "key": ""})
@blueprint.get("/changes/<name>/<kind>/<key>")
def event(name: str, kind: str, key: str) -> Response:
    """Answer with the members of an event, or with those behind a thing."""
    last, _, suffix = (key or name).partition(".")
    name, key = (name, last) if key else (last, "")
    form = _form((*_FORMS, HTML), suffix and f".{suffix}")
    if key and not (kind in ENTITY_KINDS and iris.is_key(key)):
        raise NotFound
    history = respond.history()
    found = history.event(name) if manifest.is_id(name) else None
    if found is None:
        raise NotFound
    after = (kind, key) if key else None
    if form is HTML:
        return _event_page(history, found, after)
    stream = _stream()
    with Pages(history) as pages:
        page = pages.page(found, after)
    further = page.further and ldes.Span(stream.page(name, page.further), "further", found.at, found.at)
    lines = ldes.event(stream, name, found.at, page.members, stream.page(name, after), further)
    return _answer(lines, form, _closed())


def _releases() -> Path:
    found: Path = current_app.extensions["live"].releases
    return found


def _stream() -> ldes.Stream:
    return ldes.Stream(base_iri(), f"{respond.outside_root()}/changes")


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


def _form(forms: tuple[Format, ...], suffix: str) -> Format:
    """Choose the form that was asked for, by suffix or by `Accept`.

    Raises:
        NotFound: There is none of that suffix.
        NotAcceptable: The client accepts none of them.
    """
    if suffix:
        named = next((entry for entry in forms if entry.suffix == suffix), None)
        if named is None:
            raise NotFound(texts.word("error.no-form", respond.language()))
        return named
    form = negotiate(respond.accept(), forms)
    if form is None:
        raise NotAcceptable("Available: " + ", ".join(entry.media_type for entry in forms))
    return form


def _answer(lines: Iterable[str], form: Format, caching: str) -> Response:
    """Answer with statements. The entity tag is made of the bytes: other releases leave a page as it is."""
    body = ldes.write(lines, form)
    response = Response(body, content_type=form.content_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:24])
    response.headers["Cache-Control"] = caching
    response.vary.add("Accept")
    return response


def _stamp(events: list[Event]) -> str:
    return f"{events[-1].name if events else ''} {respond.outside_root()} {respond.language()}"


# -- members


@dataclass(frozen=True)
class Page:
    """Members of an event, and behind which thing they go on: None where they end."""

    members: list[ldes.Member]
    further: tuple[str, str] | None


class Pages:
    """Makes pages of members. A context manager: leaving it closes the masters that were opened.

    Args:
        history: What happened to which thing.
    """

    def __init__(self, history: History) -> None:
        """Open nothing yet."""
        self._history = history
        self._live = respond.live()
        self._minter = Minter(base_iri())
        self._stack = ExitStack()

    def __enter__(self) -> Pages:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what was opened."""
        self._stack.close()

    def listed(self, event: Event, after: tuple[str, str] | None) -> tuple[list[EntityChange], tuple[str, str] | None]:
        """Return what an event changed behind a thing, at most `MEMBERS`, and behind which it goes on."""
        first = event.previous is None
        found = self._first(event, self._kept(event.release), after) if first else self._later(event, after)
        listed = list(islice(found, MEMBERS + 1))
        cut = len(listed) > MEMBERS
        return listed[:MEMBERS], (listed[MEMBERS - 1].kind, listed[MEMBERS - 1].key) if cut else None

    def page(self, event: Event, after: tuple[str, str] | None) -> Page:
        """Return the members of an event behind a thing; None begins with the first."""
        kept = self._kept(event.release)
        members: list[ldes.Member] = []
        size = 0
        last: tuple[str, str] | None = None
        found = self._first(event, kept, after) if event.previous is None else self._later(event, after)
        for looked_at, change in enumerate(found):
            if last and (len(members) >= MEMBERS or size >= MOST_BYTES or looked_at >= LOOKED_AT):
                return Page(members, last)
            last = change.kind, change.key
            member = self._member(change, kept)
            if member is not None:
                members.append(member)
                size += sum(len(line) for line in member.lines)
        return Page(members, None)

    def _kept(self, release_id: str) -> Master | None:
        """Return the statements of a release that is kept."""
        if release_id == self._live.release.id:
            return self._live.master()
        return self._stack.enter_context(found) if (found := opened(release_id)) else None

    def _first(self, event: Event, kept: Master | None, after: tuple[str, str] | None) -> Iterator[EntityChange]:
        """Yield all things of the first release; where it is gone, those of the live one, in the same order."""
        master = kept or self._live.master()
        start = ENTITY_KINDS.index(after[0]) if after else 0
        for kind in ENTITY_KINDS[start:]:
            prefix = self._minter.iri(kind, "x")[:-1]
            behind = prefix + after[1] if after and after[0] == kind else ""
            for iri in master.subjects(prefix, behind):
                if iris.is_key(key := iri[len(prefix) :]):
                    yield EntityChange(kind, key, "added", event)

    def _later(self, event: Event, after: tuple[str, str] | None) -> Iterator[EntityChange]:
        """Yield the things that a later event changed."""
        while found := self._history.changes(event, ENTITY_KINDS, after, MEMBERS + 1):
            yield from found
            after = found[-1].kind, found[-1].key

    def _member(self, change: EntityChange, kept: Master | None) -> ldes.Member | None:
        """Return a member with what it says; None where nobody knows any more what was said then."""
        kind, key, what, event = change.kind, change.key, change.what, change.event
        if what == "withdrawn":
            reason, successor = gone(self._history, change)
            return ldes.Member(kind=kind, key=key, what=what, reason=reason, successor=successor)
        if kept is None and self._history.modified(kind, key).name != event.name:
            return None
        lines = statements(kept or self._live.master(), self._minter, kind, key)
        return ldes.Member(kind=kind, key=key, what=what, lines=lines)


def gone(history: History, change: EntityChange) -> tuple[dict[str, str], str]:
    """Return why an event withdrew a thing, by language, and the IRI of what took its place, or "": as told then."""
    found = history.told_at(change.event, change.kind, change.key)
    return (found.reason, found.successor or "") if found is not None else ({}, "")


def opened(release_id: str | None) -> Master | None:
    """Open the statements of a release; None where it is not kept."""
    try:
        release = manifest.find(_releases(), release_id or "")
        return Master(release.file(release.manifest.master))
    except ReleaseError:
        return None


# -- for people


class Told(NamedTuple):
    """An event as people are told of it.

    Args:
        event: The event.
        first: Whether it was the first: nothing to compare with.
        day: Its date in the page's language.
        named: Things by what happened to them, projects first; a withdrawn one's link leads to the word of that.
        more: By what happened, how many projects are not named.
        page: Address of its page.
        difference: Address of the account of each statement, or "".
        headline: The event in one line: its day, and how many projects came, changed and went.
    """

    event: Event
    first: bool
    day: str
    named: dict[str, list[Link]]
    more: dict[str, int]
    page: str
    difference: str
    headline: str = ""


WHAT = ("added", "changed", "withdrawn")


def tell(history: History, events: Iterable[Event], most: int) -> list[Told]:
    """Return events as people are told of them, at most `most` things of a kind of change named."""
    view = respond.view()
    found = []
    for event in events:
        named: dict[str, list[EntityChange]] = {what: [] for what in WHAT}
        for kinds in (("project",), tuple(kind for kind in ENTITY_KINDS if kind != "project")):
            for change in history.changes(event, kinds, None, _READ):
                if len(named[change.what]) < most:
                    named[change.what].append(change)
        with ExitStack() as stack:
            before = opened(event.previous) if named["withdrawn"] else None
            if before is not None:
                stack.enter_context(before)
            links = {what: [_link(view, change, before) for change in named[what]] for what in WHAT}
        counted = {"added": event.added, "changed": event.changed, "withdrawn": event.withdrawn}
        more = {what: max(0, counted[what] - sum(change.kind == "project" for change in named[what])) for what in WHAT}
        found.append(_told(event, view, links, more))
    return found


def _told(event: Event, view: View, named: dict[str, list[Link]], more: dict[str, int]) -> Told:
    first = event.previous is None
    kept = not first and event.action == BUILD and (_releases() / event.release).is_dir()
    difference = respond.address(f"/releases/{event.release}/diff") if kept else ""
    told = Told(event, first, view.date(event.at), named, more, respond.address(f"/changes/{event.name}"), difference)
    return told._replace(headline=headline(told, view.language))


def headline(told: Told, language: str) -> str:
    """Return an event in one line."""
    event = told.event
    if told.first:
        return f"{told.day}: {texts.word('changes.first', language)}"
    counted = ", ".join(
        texts.word(f"changes.count.{what}", language, count=count)
        for what, count in zip(WHAT, (event.added, event.changed, event.withdrawn), strict=True)
        if count
    )
    start = f"{texts.word('changes.rollback', language)}; " if event.action == ROLLBACK else ""
    return f"{told.day}: {start}{counted or texts.word('changes.no-project', language)}"


def _link(view: View, change: EntityChange, before: Master | None) -> Link:
    """Return a thing's name and address: of a withdrawn one, the name that it had, and the address that says so."""
    iri = f"{base_iri()}/id/{change.kind}/{change.key}"
    if view.live.known(iri):
        return view.link(iri)
    own = before.describe(iri) if before is not None else []
    label = Text(view.compact(iri))
    for predicate in _NAMES:
        names = [ox.Literal(text, language=tag) if tag else ox.Literal(text)
                 for found, text, tag in own if found == predicate and tag is not None]  # fmt: skip
        if names and (name := view.choose(names)):
            label = name._replace(value=f"{name.value} ({label.value})")
            break
    return Link(label, iri, respond.address(f"/id/{change.kind}/{change.key}"))


def _list(history: History, events: list[Event]) -> Response:
    """Answer with the page that lists what each release changed, newest first."""
    before = request.args.get("before", "")
    end = len(events)
    if before:
        end = next((place for place, event in enumerate(events) if event.name == before), -1)
        if end < 0:
            raise NotFound
    shown = events[max(0, end - SHOWN_EVENTS) : end][::-1]

    def make(_: Any) -> str:
        earlier = _address("/changes", before=shown[-1].name) if end > SHOWN_EVENTS else ""
        return respond.page(
            "changes.html",
            events=tell(history, shown, 10),
            earlier=earlier,
            stream=_stream().iri,
            page_iri=_stream().iri,
            page_forms=_page_forms("/changes"),
        )

    response = respond.answer((HTML,), make, stamp=f"{_stamp(events)} {before}")
    response.vary.add("Accept")
    return response


def _event_page(history: History, event: Event, after: tuple[str, str] | None) -> Response:
    """Answer with the page of what an event changed."""

    def make(_: Any) -> str:
        view = respond.view()
        with ExitStack() as stack:
            pages = stack.enter_context(Pages(history))
            before = opened(event.previous)
            if before is not None:
                stack.enter_context(before)
            listed, further = pages.listed(event, after)
            rows = [(change.what, _link(view, change, before), _why(view, history, change)) for change in listed]
        return respond.page(
            "changes_event.html",
            told=_told(event, view, {}, {}),
            rows=rows,
            further=_address(f"/changes/{event.name}/{further[0]}/{further[1]}") if further else "",
            begun=after is not None,
            page_forms=_page_forms(f"/changes/{event.name}" + ("/".join(("", *after)) if after else "")),
        )

    response = respond.answer((HTML,), make, stamp=_stamp(history.events()))
    response.vary.add("Accept")
    return response


def _why(view: View, history: History, change: EntityChange) -> tuple[Text | None, Link | None]:
    """Return why a thing was withdrawn, and what took its place."""
    if change.what != "withdrawn":
        return None, None
    reason, successor = gone(history, change)
    texts_of = [ox.Literal(text, language=tag) if tag else ox.Literal(text) for tag, text in reason.items()]
    return view.choose(texts_of), view.link(successor) if successor else None


def _address(path: str, **values: str) -> str:
    """Return an address of this server with values, in the language that was asked for."""
    found = respond.address(path)
    if not values:
        return found
    return f"{found}{'&' if '?' in found else '?'}{urlencode(values)}"


def _page_forms(stem: str) -> list[dict[str, str]]:
    return [
        {"name": _FORM_NAMES[form.name], "media_type": form.media_type,
         "href": f"{request.script_root}{stem}{form.suffix}"}
        for form in _FORMS
    ]  # fmt: skip
