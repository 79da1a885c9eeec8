"""The members of the change feed, a page at a time: which things an event changed, and what was said of each.

A page of members goes on behind a thing (`/changes/{event}/{kind}/{key}`), not at a number: so a page is found by
one search whatever the size of the event, and a client that stands in the middle when an old release is removed goes on
where it was. What is told of a thing comes from the release that the event made current while that is kept, else from
the live one where nothing has changed the thing since: the same statements; what neither knows any more is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from flask import current_app

from publisher import iris, manifest
from publisher.entities import ENTITY_KINDS, statements
from publisher.errors import ReleaseError
from publisher.history import ADDED, WITHDRAWN, EntityChange, Event, History
from publisher.iris import Minter
from publisher.masters import Master
from publisher.web import ldes, respond

MEMBERS = 100
"""Members of a page at most."""
MOST_BYTES = 4_000_000
"""Size of the statements after which a page takes no further member."""
LOOKED_AT = 1000
"""Things of a first release that is gone of which a page asks at most whether they are as they were."""

Place = tuple[str, str]
"""Type and key of a thing that a page goes on behind."""
Found = TypeVar("Found")


class Pages:
    """Makes pages of members. A context manager: leaving it closes the masters that were opened.

    Args:
        history: What happened to which thing.
    """

    def __init__(self, history: History) -> None:
        """Open nothing yet."""
        self._history = history
        self._live = respond.live()
        self._minter = Minter(self._live.release.manifest.base_iri)
        self._stack = ExitStack()

    def __enter__(self) -> Pages:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what was opened."""
        self._stack.close()

    def changes(self, event: Event, after: Place | None) -> tuple[list[EntityChange], Place | None]:
        """Return what an event changed behind a thing, and behind which it goes on: None where it ends."""
        kept = self._kept(event.release) if event.previous is None else None

        def known(change: EntityChange) -> EntityChange | None:
            """Leave out what only later events brought, where the first release is gone."""
            told = event.previous is not None or kept is not None or self._is_as_then(change)
            return change if told else None

        return self._page(event, kept, after, known, lambda _: 0)

    def members(self, event: Event, after: Place | None) -> tuple[list[ldes.Member], Place | None]:
        """Return the same as members with what they say; without those of which nobody knows any more what was said."""
        kept = self._kept(event.release)

        def weigh(member: ldes.Member) -> int:
            return sum(len(line) for line in member.lines)

        return self._page(event, kept, after, lambda change: self._member(change, kept), weigh)

    def _page(
        self,
        event: Event,
        kept: Master | None,
        after: Place | None,
        make: Callable[[EntityChange], Found | None],
        weigh: Callable[[Found], int],
    ) -> tuple[list[Found], Place | None]:
        """Make a page's entries of what an event changed behind a thing; None begins with the first."""
        made: list[Found] = []
        size = 0
        last: Place | None = None
        changes = self._first(event, kept, after) if event.previous is None else self._later(event, after)
        for looked_at, change in enumerate(changes):
            if last and (len(made) >= MEMBERS or size >= MOST_BYTES or looked_at >= LOOKED_AT):
                return made, last
            last = change.kind, change.key
            entry = make(change)
            if entry is not None:
                made.append(entry)
                size += weigh(entry)
        return made, None

    def _kept(self, release_id: str) -> Master | None:
        """Return the statements of a release that is kept."""
        if release_id == self._live.release.id:
            return self._live.master()
        return self._stack.enter_context(found) if (found := opened(release_id)) else None

    def _first(self, event: Event, kept: Master | None, after: Place | None) -> Iterator[EntityChange]:
        """Yield all things of the first release; where it is gone, those of the live one, in the same order."""
        master = kept or self._live.master()
        start = ENTITY_KINDS.index(after[0]) if after else 0
        for kind in ENTITY_KINDS[start:]:
            prefix = self._minter.iri(kind, "x")[:-1]
            behind = prefix + after[1] if after and after[0] == kind else ""
            for iri in master.subjects(prefix, behind):
                if iris.is_key(key := iri[len(prefix) :]):
                    yield EntityChange(kind, key, ADDED, event)

    def _later(self, event: Event, after: Place | None) -> Iterator[EntityChange]:
        """Yield the things that a later event changed."""
        while found := self._history.changes(event, ENTITY_KINDS, after, MEMBERS + 1):
            yield from found
            after = found[-1].kind, found[-1].key

    def _is_as_then(self, change: EntityChange) -> bool:
        """Tell whether no later event has changed a thing."""
        return self._history.modified(change.kind, change.key).seq == change.event.seq

    def _member(self, change: EntityChange, kept: Master | None) -> ldes.Member | None:
        """Return a member with what it says; None where nobody knows any more what was said then."""
        kind, key, what = change.kind, change.key, change.what
        if what == WITHDRAWN:
            reason, successor = gone(self._history, change)
            return ldes.Member(kind=kind, key=key, what=what, reason=reason, successor=successor)
        if kept is None and not self._is_as_then(change):
            return None
        lines = list(statements(kept or self._live.master(), self._minter, kind, key))
        return ldes.Member(kind=kind, key=key, what=what, lines=lines)


def gone(history: History, change: EntityChange) -> tuple[dict[str, str], str]:
    """Return why an event withdrew a thing, by language, and the IRI of what took its place, or "": as told then."""
    found = history.told_at(change.event, change.kind, change.key)
    return (found.reason, found.successor or "") if found is not None else ({}, "")


def stream() -> ldes.Stream:
    """Return the names and addresses of the stream, as this server is called."""
    release = respond.live().release.manifest
    return ldes.Stream(release.base_iri.rstrip("/"), f"{respond.outside_root()}/changes")


def releases() -> Path:
    """Return the folder of the releases."""
    found: Path = current_app.extensions["live"].releases
    return found


def opened(release_id: str | None) -> Master | None:
    """Open the statements of a release; None where it is not kept, or its IRIs begin with another base."""
    try:
        release = manifest.find(releases(), release_id or "")
        if release.manifest.base_iri.rstrip("/") != respond.live().release.manifest.base_iri.rstrip("/"):
            return None
        return Master(release.file(release.manifest.master))
    except ReleaseError:
        return None
