"""What each release changed, for people: the list of releases, and the page of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Response, request
from werkzeug.exceptions import NotFound

from publisher.entities import ENTITY_KINDS
from publisher.formats import HTML, Format
from publisher.history import ADDED, BUILD, CHANGED, ROLLBACK, WITHDRAWN, EntityChange, Event, History
from publisher.masters import NAMES, Master
from publisher.web import ldes, respond, texts
from publisher.web.labels import Link, Text, View
from publisher.web.members import Pages, Place, gone, opened, releases, stream

SHOWN_EVENTS = 20
"""Events of a page, and of a part of the Atom feed."""
WHAT = (ADDED, CHANGED, WITHDRAWN)
_FORM_NAMES = {"trig": "TriG", "nquads": "N-Quads", **texts.FORM_NAMES}
_READ = 2000
"""Changes of an event that are looked at for those that are named."""


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
            before = opened(event.previous) if named[WITHDRAWN] else None
            if before is not None:
                stack.enter_context(before)
            links = {what: [_link(view, change, before) for change in named[what]] for what in WHAT}
        counted = dict(zip(WHAT, (event.added, event.changed, event.withdrawn), strict=True))
        more = {what: max(0, counted[what] - sum(change.kind == "project" for change in named[what])) for what in WHAT}
        found.append(_told(event, view, links, more))
    return found


def _told(event: Event, view: View, named: dict[str, list[Link]], more: dict[str, int]) -> Told:
    first = event.previous is None
    kept = not first and event.action == BUILD and (releases() / event.release).is_dir()
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
    iri = stream().thing(change.kind, change.key)
    if view.live.known(iri):
        return view.link(iri)
    own = before.describe(iri) if before is not None else []
    label = Text(view.compact(iri))
    for predicate in NAMES:
        names = [ox.Literal(text, language=tag) if tag else ox.Literal(text)
                 for found, text, tag in own if found == predicate and tag is not None]  # fmt: skip
        if names and (name := view.choose(names)):
            label = name._replace(value=f"{name.value} ({label.value})")
            break
    return Link(label, iri, respond.address(f"/id/{change.kind}/{change.key}"))


def part(events: list[Event]) -> tuple[list[Event], str]:
    """Return the events of the part of their list that was asked for, newest first, and what the next begins before.

    Raises:
        NotFound: There is no event that it should begin before.
    """
    before, end = request.args.get("before", ""), len(events)
    if before:
        end = next((place for place, event in enumerate(events) if event.name == before), 0)
    if not end:
        raise NotFound
    start = max(0, end - SHOWN_EVENTS)
    return events[start:end][::-1], events[start].name if start else ""


def listed(history: History, suffix: str) -> Response:
    """Answer with the page that lists what each release changed, newest first."""
    events = history.events()
    shown, before = part(events)

    def make(_: Any) -> str:
        return respond.page(
            "changes.html",
            events=tell(history, shown, 10),
            earlier=address("/changes", before=before) if before else "",
            stream=f"{respond.outside_root()}/changes",  # one that answers, wherever the IRIs lead
            page_iri=stream().iri,
            page_forms=_forms("/changes"),
        )

    return _answer(make, suffix, f"{events[-1].name} {shown[0].name} {respond.outside_root()}")


def event_page(history: History, event: Event, after: Place | None, suffix: str) -> Response:
    """Answer with the page of what an event changed."""

    def make(_: Any) -> str:
        view = respond.view()
        with ExitStack() as stack:
            pages = stack.enter_context(Pages(history))
            before = opened(event.previous)
            if before is not None:
                stack.enter_context(before)
            found, further = pages.changes(event, after)
            rows = [(change.what, _link(view, change, before), _why(view, history, change)) for change in found]
        return respond.page(
            "changes_event.html",
            told=_told(event, view, {}, {}),
            rows=rows,
            further=address(f"/changes/{event.name}/{further[0]}/{further[1]}") if further else "",
            begun=after is not None,
            page_forms=_forms(f"/changes/{event.name}" + ("/".join(("", *after)) if after else "")),
        )

    return _answer(make, suffix, history.last.name)


def _answer(make: Callable[[Format], str], suffix: str, stamp: str) -> Response:
    response = respond.answer((HTML,), make, suffix, stamp=stamp)
    response.vary.add("Accept")
    return response


def _why(view: View, history: History, change: EntityChange) -> tuple[Text | None, Link | None]:
    """Return why a thing was withdrawn, and what took its place."""
    if change.what != WITHDRAWN:
        return None, None
    reason, successor = gone(history, change)
    texts_of = [ox.Literal(text, language=tag) if tag else ox.Literal(text) for tag, text in reason.items()]
    return view.choose(texts_of), view.link(successor) if successor else None


def address(path: str, **values: str) -> str:
    """Return an address of this server with values, in the language that was asked for."""
    found = respond.address(path)
    return f"{found}{'&' if '?' in found else '?'}{urlencode(values)}" if values else found


def _forms(stem: str) -> list[dict[str, str]]:
    return [
        {"name": _FORM_NAMES[form.name], "media_type": form.media_type,
         "href": f"{request.script_root}{stem}{form.suffix}"}
        for form in ldes.FORMS
    ]  # fmt: skip
