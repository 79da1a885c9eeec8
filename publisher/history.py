"""The history of what was live: which entity or dataset came, changed or went when, and what became of what is gone.

`{releases}/history.sqlite` is written anew beside its place at each build and rollback, and then renamed, so a
reader has it whole and nobody waits. An event is a release that became current. The first event has no rows of
its own: it means every entity and dataset of that release.

A reader sees the events up to the one that made its release live: if a process dies between the renewal of this
file and that of the link, the event that never was is not seen, and the next build drops it.

The file cannot be made anew from the releases: some may be gone, and what was rolled back when stands in none. So one
that cannot be read is never passed over in silence: that would tell harvesters that nothing was ever withdrawn.
"""

from __future__ import annotations

import heapq
import itertools
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any

from publisher.entities import ENTITY_KINDS
from publisher.errors import ReleaseError
from publisher.manifest import Release

FILE = "history.sqlite"
LAYOUT = 1
"""Counted up when the tables change; stands in the file as `user_version`, 0 in the first ones."""

ADDED, CHANGED, WITHDRAWN = "added", "changed", "withdrawn"
"""What an event did to an entity."""
RETOLD = "retold"
"""The event did nothing to an entity, but to its record in words: a name there is another one now, or the licence.

Harvesters of records are told that; it is no change of the entity.
"""
BUILD, ROLLBACK = "build", "rollback"

EVENT = "seq, name, release, previous, at, action, reason, added, changed, withdrawn"
"""Columns of an event, in the order of `Event`."""

_CURSORS = 100
"""Events that are read side by side, which costs what they changed; beyond, all that ever changed is read in order."""


@dataclass(frozen=True)
class Event:
    """A release became current.

    Args:
        seq: 1 for the first, counted up.
        name: The release's id; of a rollback an id of its own, of the same form.
        release: The release that became current.
        previous: The one that was current before; None for the first.
        at: When, ISO 8601 in UTC with `Z`.
        action: `build` or `rollback`.
        reason: What the publisher said to it, by language, as JSON: why what went was withdrawn.
        added: Projects that came.
        changed: Projects that changed, themselves or a part of them.
        withdrawn: Projects that went.
    """

    seq: int
    name: str
    release: str
    previous: str | None
    at: str
    action: str
    reason: str = "{}"
    added: int = 0
    changed: int = 0
    withdrawn: int = 0


@dataclass(frozen=True)
class EntityChange:
    """What an event did to an entity or dataset: `ADDED`, `CHANGED`, `WITHDRAWN` or `RETOLD`."""

    kind: str
    key: str
    what: str
    event: Event


@dataclass(frozen=True)
class Decision:
    """What the publisher decided about a resource that is withdrawn.

    Args:
        kind: Type of its IRI.
        key: Its key.
        reason: Why, by language; empty where nobody said.
        successor: IRI of what stands in its place; None where nothing does.
        renamed: Whether the successor is the same thing under a new code.
    """

    kind: str
    key: str
    reason: dict[str, str] = field(default_factory=dict)
    successor: str | None = None
    renamed: bool = False


@dataclass(frozen=True)
class Withdrawal(Decision):
    """A resource that is withdrawn: when (`at`), by which event, and what was decided about it."""

    at: str = ""
    event: str = ""


def place(key: str) -> str:
    """Return a key as it is ordered: as in the sorted statements, where a `>` ends it."""
    return f"{key}>"


class History:
    """The history as the live release sees it. A context manager: leaving it closes the file.

    Args:
        path: The file; where it is missing or does not know the release, the release is the only event.
        live: The live release.

    Raises:
        ReleaseError: The file is there and cannot be read. Every method that looks into it raises that too.
    """

    def __init__(self, path: Path, live: Release) -> None:
        """Open the file."""
        self._events: list[Event] = []
        self._path = path
        self._connection: sqlite3.Connection | None = None
        if path.is_file():
            self._connection = open_file(path)
            try:
                with readable(path):
                    self._events = events_until(self._connection, live.id)
            except ReleaseError:
                self.close()
                raise
        if not self._events:
            self.close()
            self._events = [Event(1, live.id, live.id, None, live.manifest.created, BUILD)]
        self._by_seq = {event.seq: event for event in self._events}

    def __enter__(self) -> History:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def events(self) -> list[Event]:
        """Return the events, oldest first, up to the one that made the live release current; at least one."""
        return list(self._events)

    def event(self, name: str) -> Event | None:
        """Return an event by its name."""
        return next((event for event in self._events if event.name == name), None)

    @property
    def first(self) -> Event:
        """The first event: what it did not tell apart came with it."""
        return self._events[0]

    @property
    def last(self) -> Event:
        """The event that made the live release current."""
        return self._events[-1]

    def changes(
        self, event: Event, kinds: Sequence[str] = ENTITY_KINDS, after: tuple[str, str] | None = None, limit: int = 100
    ) -> list[EntityChange]:
        """Return which entities an event changed, by the order of `kinds`, then of keys; none for the first event.

        Args:
            event: The event.
            kinds: Which types of entities.
            after: (type, key) to begin behind; None begins with the first.
            limit: How many at most.
        """
        found: list[EntityChange] = []
        for kind, start in _from(kinds, after):
            rows = self._rows(event.seq, kind, start, limit - len(found), RETOLD)
            found += [EntityChange(kind, row[0][:-1], row[1], event) for row in rows]
            if len(found) >= limit:
                break
        return found

    def _ask(self, sql: str, values: Sequence[object]) -> Iterator[Any]:
        """Yield the rows of a question; none where there is no file."""
        if self._connection is not None:
            with readable(self._path):
                yield from self._connection.execute(sql, values)

    def _rows(self, seq: int, kind: str, start: str, limit: int = -1, without: str = "") -> Iterator[tuple[str, str]]:
        return self._ask(
            "SELECT place, what FROM change "
            "WHERE seq = ? AND kind = ? AND place > ? AND what <> ? ORDER BY place LIMIT ?",
            (seq, kind, start, without, limit),
        )

    def _told(self, events: Sequence[Event], kind: str, start: str) -> Iterator[tuple[str, int, str]]:
        """Yield place, event and what happened, by place, then event, of the last events: all from the first given."""
        if len(events) > _CURSORS:
            sql = (
                "SELECT place, seq, what FROM change INDEXED BY change_of "
                "WHERE kind = ? AND place > ? AND seq BETWEEN ? AND ? ORDER BY place, seq"
            )
            return self._ask(sql, (kind, start, events[0].seq, self.last.seq))

        def of(event: Event) -> Iterator[tuple[str, int, str]]:
            return ((at, event.seq, what) for at, what in self._rows(event.seq, kind, start))

        return heapq.merge(*map(of, events))

    def latest(
        self,
        kinds: Sequence[str] = ENTITY_KINDS,
        after: tuple[str, str] | None = None,
        limit: int = 100,
        since: str | None = None,
        until: str | None = None,
    ) -> list[EntityChange]:
        """Return the last change of each entity or its record after the first event, by kind, then key.

        Args:
            kinds: Which types of entities, in their order.
            after: (type, key) to begin behind; None begins with the first.
            limit: How many at most.
            since: Only where that last change was then (as `Event.at`) or later.
            until: Only where it was then or before.
        """
        found: list[EntityChange] = []
        wanted = [event for event in self._events[1:] if since is None or event.at >= since]
        for kind, start in _from(kinds, after):
            for key, group in itertools.groupby(self._told(wanted, kind, start), key=itemgetter(0)):
                *_, (_, seq, what) = group
                event = self._by_seq[seq]
                if until is None or event.at <= until:
                    found.append(EntityChange(kind, key[:-1], what, event))
                    if len(found) >= limit:
                        return found
        return found

    def modified(self, kind: str, key: str) -> Event:
        """Return the last event that changed an entity; the first event where none did."""
        sql = "SELECT max(seq) FROM change WHERE kind = ? AND place = ? AND seq <= ? AND what <> ?"
        return self._last(sql, kind, key, RETOLD) or self.first

    def recorded(self, kind: str, key: str) -> EntityChange | None:
        """Return the last change of an entity, dataset or its record after the first event."""
        sql = "SELECT seq, what FROM change WHERE kind = ? AND place = ? AND seq <= ? ORDER BY seq DESC LIMIT 1"
        found = next(self._ask(sql, (kind, place(key), self.last.seq)), None)
        return None if found is None else EntityChange(kind, key, found[1], self._by_seq[found[0]])

    def _last(self, sql: str, kind: str, key: str, *values: str) -> Event | None:
        found = next(self._ask(sql, (kind, place(key), self.last.seq, *values)), (None,))[0]
        return self._by_seq.get(found or 0)

    def withdrawal(self, kind: str, key: str) -> Withdrawal | None:
        """Return what became of a resource that is not in the live release; None where it never was in one.

        A code that was decided to be renamed leads on even where no release of this history had it.
        """
        sql = "SELECT max(seq) FROM gone WHERE kind = ? AND place = ? AND seq <= ?"
        event = self._last(sql, kind, key)
        decided = self._decided(kind, key)
        if event is None and (decided is None or not decided.renamed):
            return None
        facts = decided or Decision(kind, key)
        reason = facts.reason or (json.loads(event.reason) if event else {})
        return Withdrawal(
            kind, key, reason, facts.successor, facts.renamed,
            at=event.at if event else "", event=event.name if event else "",
        )  # fmt: skip

    def codes(self, key: str) -> Iterator[str]:
        """Yield the keys that a project was given after one another: each decided to be the new one of that before.

        A circle ends where it would begin again.
        """
        seen = {key}
        while (found := self._decided("project", key)) is not None and found.renamed and found.successor:
            key = found.successor.rpartition("/")[2]
            if key in seen:
                return
            seen.add(key)
            yield key

    def told_at(self, event: Event, kind: str, key: str) -> Withdrawal | None:
        """Return what was said of a withdrawal when it happened, which no later decision changes; None = nothing went.

        Args:
            event: The event that withdrew the resource.
            kind: Type of its IRI.
            key: Its key.
        """
        sql = "SELECT reason, successor FROM gone WHERE kind = ? AND place = ? AND seq = ?"
        found = next(self._ask(sql, (kind, place(key), event.seq)), None)
        if found is None:
            return None
        reason = json.loads(found[0] or event.reason)
        return Withdrawal(kind, key, reason, found[1], at=event.at, event=event.name)

    def _decided(self, kind: str, key: str) -> Decision | None:
        sql = "SELECT reason, successor, renamed FROM decision WHERE kind = ? AND place = ?"
        found = next(self._ask(sql, (kind, place(key))), None)
        return None if found is None else Decision(kind, key, json.loads(found[0]), found[1], bool(found[2]))


def open_history(releases: Path, live: Release) -> History:
    """Return the history of a folder of releases as its live release sees it.

    Raises:
        ReleaseError: It cannot be read.
    """
    return History(releases / FILE, live)


def unreadable(path: Path, error: Exception) -> ReleaseError:
    """Return the error that says what to do about a history that cannot be read."""
    return ReleaseError(
        f"{path}: the history cannot be read: {error}. Put back a copy of it. Or move it away: the history then begins "
        "anew with the live release, and nobody is told any more of what was withdrawn before."
    )


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a file into an error that says what to do.

    Raises:
        ReleaseError: It cannot be read.
    """
    try:
        yield
    except (sqlite3.Error, ValueError) as error:
        raise unreadable(path, error) from error


def open_file(path: Path) -> sqlite3.Connection:
    """Open a history for reading."""
    # Immutable: the file is never written to, another takes its place. So no lock is taken.
    return sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)


def events_until(connection: sqlite3.Connection, live: str) -> list[Event]:
    """Return the events up to the last that made a release live.

    Raises:
        ValueError: A later version of the program wrote the file.
        sqlite3.Error: It cannot be read.
    """
    check_layout(connection)
    rows = connection.execute(
        f"SELECT {EVENT} FROM event WHERE seq <= (SELECT max(seq) FROM event WHERE release = ?) ORDER BY seq",  # noqa: S608
        (live,),
    )
    return [Event(*row) for row in rows]


def check_layout(connection: sqlite3.Connection) -> None:
    """See that this version of the program knows the tables.

    Raises:
        ValueError: A later version wrote them.
        sqlite3.Error: The file cannot be read.
    """
    layout = connection.execute("PRAGMA user_version").fetchone()[0]
    if layout > LAYOUT:
        raise ValueError(f"a later version of this program wrote it (layout {layout}, this one knows {LAYOUT})")


def _from(kinds: Sequence[str], after: tuple[str, str] | None) -> Iterator[tuple[str, str]]:
    """Yield each kind that is not behind us, with the place to begin behind."""
    if after is None:
        yield from ((kind, "") for kind in kinds)
    elif after[0] in kinds:
        at = list(kinds).index(after[0])
        yield after[0], place(after[1])
        yield from ((kind, "") for kind in kinds[at + 1 :])
