"""The history of what was live: which entity came, changed or went when, and what became of what is gone.

`{releases}/history.sqlite` is written anew beside its place at each build and rollback, and then renamed, so a
reader has it whole and nobody waits. An event is a release that became current. The first event has no rows of
its own: it means every entity of that release.

A reader sees the events up to the one that made its release live: if a process dies between the renewal of this
file and that of the link, the event that never was is not seen, and the next build drops it.
"""

from __future__ import annotations

import heapq
import itertools
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from types import TracebackType

from publisher import entities
from publisher.changes import ADDED, REMOVED, ResourceChange
from publisher.entities import ENTITY_KINDS
from publisher.errors import ReleaseError
from publisher.iris import Minter
from publisher.manifest import Release
from publisher.masters import Master

FILE = "history.sqlite"

WITHDRAWN, CHANGED = "withdrawn", "changed"
BUILD, ROLLBACK = "build", "rollback"

_TABLES = """
CREATE TABLE event (seq INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, release TEXT NOT NULL, previous TEXT,
    at TEXT NOT NULL, action TEXT NOT NULL, reason TEXT NOT NULL, added INTEGER NOT NULL, changed INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL);
CREATE TABLE change (seq INTEGER, kind TEXT, place TEXT, what TEXT NOT NULL, PRIMARY KEY (seq, kind, place))
    WITHOUT ROWID;
CREATE INDEX change_of ON change (kind, place, seq);
CREATE TABLE gone (kind TEXT, place TEXT, seq INTEGER, reason TEXT, successor TEXT, PRIMARY KEY (kind, place, seq))
    WITHOUT ROWID;
CREATE TABLE decision (kind TEXT, place TEXT, reason TEXT NOT NULL, successor TEXT, renamed INTEGER NOT NULL,
    PRIMARY KEY (kind, place)) WITHOUT ROWID;
"""
_GONE = """
INSERT OR REPLACE INTO gone VALUES (:kind, :place, :seq,
    (SELECT reason FROM decision WHERE kind = :kind AND place = :place),
    (SELECT successor FROM decision WHERE kind = :kind AND place = :place))
"""
_FORM = "%Y-%m-%dT%H:%M:%SZ"
_EVENT = "seq, name, release, previous, at, action, reason, added, changed, withdrawn"


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
    """What an event did to an entity: `added`, `changed` or `withdrawn`."""

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


# -- reading


class History:
    """The history as the live release sees it. A context manager: leaving it closes the file.

    Args:
        path: The file; where it is missing or does not know the release, the release is the only event.
        live: The live release.

    Raises:
        ReleaseError: The file is there and cannot be read.
    """

    def __init__(self, path: Path, live: Release) -> None:
        """Open the file."""
        self._events: list[Event] = []
        self._connection: sqlite3.Connection | None = None
        if path.is_file():
            self._connection = _open(path)
            try:
                self._events = _events(self._connection, live.id)
            except sqlite3.Error as error:
                self.close()
                raise ReleaseError(f"{path}: the history cannot be read: {error}") from error
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
        """Return what an event did to entities, by the order of `kinds`, then of keys; nothing for the first event.

        Args:
            event: The event.
            kinds: Which types of entities.
            after: (type, key) to begin behind; None begins with the first.
            limit: How many at most.
        """
        found: list[EntityChange] = []
        for kind, start in _from(kinds, after):
            rows = self._rows(event.seq, kind, start, limit - len(found))
            found += [EntityChange(kind, row[0][:-1], row[1], event) for row in rows]
            if len(found) >= limit:
                break
        return found

    def _rows(self, seq: int, kind: str, start: str, limit: int = -1) -> Iterator[tuple[str, str]]:
        if self._connection is None:
            return iter(())
        return self._connection.execute(
            "SELECT place, what FROM change WHERE seq = ? AND kind = ? AND place > ? ORDER BY place LIMIT ?",
            (seq, kind, start, limit),
        )

    def _told(self, seq: int, kind: str, start: str) -> Iterator[tuple[str, int, str]]:
        for row in self._rows(seq, kind, start):
            yield row[0], seq, row[1]

    def latest(
        self,
        kinds: Sequence[str] = ENTITY_KINDS,
        after: tuple[str, str] | None = None,
        limit: int = 100,
        since: str | None = None,
        until: str | None = None,
    ) -> list[EntityChange]:
        """Return the last change of each entity that changed after the first event, by kind, then key.

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
            cursors = [self._told(event.seq, kind, start) for event in wanted]
            for key, group in itertools.groupby(heapq.merge(*cursors), key=itemgetter(0)):
                *_, (_, seq, what) = group
                event = self._by_seq[seq]
                if until is None or event.at <= until:
                    found.append(EntityChange(kind, key[:-1], what, event))
                    if len(found) >= limit:
                        return found
        return found

    def modified(self, kind: str, key: str) -> Event:
        """Return the last event that changed an entity; the first event where none did."""
        return self._by_seq.get(self._last_seq("change", kind, key), self.first)

    def _last_seq(self, table: str, kind: str, key: str) -> int:
        if self._connection is None:
            return 0
        sql = f"SELECT max(seq) FROM {table} WHERE kind = ? AND place = ? AND seq <= ?"  # noqa: S608  # our own names
        found = self._connection.execute(sql, (kind, place(key), self.last.seq)).fetchone()
        return found[0] or 0

    def withdrawal(self, kind: str, key: str) -> Withdrawal | None:
        """Return what became of a resource that is not in the live release; None where it never was in one.

        A code that was decided to be renamed leads on even where no release of this history had it.
        """
        if self._connection is None:
            return None
        event = self._by_seq.get(self._last_seq("gone", kind, key))
        decided = self._decided(kind, key)
        if event is None and (decided is None or not decided.renamed):
            return None
        facts = decided or Decision(kind, key)
        reason = facts.reason or (json.loads(event.reason) if event else {})
        return Withdrawal(
            kind, key, reason, facts.successor, facts.renamed,
            at=event.at if event else "", event=event.name if event else "",
        )  # fmt: skip

    def told_at(self, event: Event, kind: str, key: str) -> Withdrawal | None:
        """Return what was said of a withdrawal when it happened, which no later decision changes; None = nothing went.

        Args:
            event: The event that withdrew the resource.
            kind: Type of its IRI.
            key: Its key.
        """
        if self._connection is None:
            return None
        sql = "SELECT reason, successor FROM gone WHERE kind = ? AND place = ? AND seq = ?"
        found = self._connection.execute(sql, (kind, place(key), event.seq)).fetchone()
        if found is None:
            return None
        reason = json.loads(found[0] or event.reason)
        return Withdrawal(kind, key, reason, found[1], at=event.at, event=event.name)

    def _decided(self, kind: str, key: str) -> Decision | None:
        assert self._connection is not None  # noqa: S101  # asked by those only who have one
        found = self._connection.execute(
            "SELECT reason, successor, renamed FROM decision WHERE kind = ? AND place = ?", (kind, place(key))
        ).fetchone()
        return None if found is None else Decision(kind, key, json.loads(found[0]), found[1], bool(found[2]))


def open_history(releases: Path, live: Release) -> History:
    """Return the history of a folder of releases as its live release sees it.

    Raises:
        ReleaseError: It cannot be read.
    """
    return History(releases / FILE, live)


def _open(path: Path) -> sqlite3.Connection:
    # Immutable: the file is never written to, another takes its place. So no lock is taken.
    return sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False)


def _events(connection: sqlite3.Connection, live: str) -> list[Event]:
    """Return the events up to the last that made a release live."""
    rows = connection.execute(
        f"SELECT {_EVENT} FROM event WHERE seq <= (SELECT max(seq) FROM event WHERE release = ?) ORDER BY seq",  # noqa: S608
        (live,),
    )
    return [Event(*row) for row in rows]


def _from(kinds: Sequence[str], after: tuple[str, str] | None) -> Iterator[tuple[str, str]]:
    """Yield each kind that is not behind us, with the place to begin behind."""
    if after is None:
        yield from ((kind, "") for kind in kinds)
    elif after[0] in kinds:
        at = list(kinds).index(after[0])
        yield after[0], place(after[1])
        yield from ((kind, "") for kind in kinds[at + 1 :])


# -- writing


def moment(releases: Path, now: datetime) -> datetime:
    """Return the moment of the next event: now, but later than the last, whatever the clock says; whole seconds.

    Raises:
        ReleaseError: The history cannot be read.
    """
    path = releases / FILE
    last = None
    if path.is_file():
        try:
            with closing(_open(path)) as connection:
                last = connection.execute("SELECT max(at) FROM event").fetchone()[0]
        except sqlite3.Error as error:
            raise ReleaseError(f"{path}: the history cannot be read: {error}") from error
    now = now.replace(microsecond=0)
    return max(now, datetime.fromisoformat(last) + timedelta(seconds=1)) if last else now


def prepare(
    releases: Path,
    folder: Path,
    before: Release | None,
    after: Release,
    changes: Iterable[ResourceChange],
    decisions: Sequence[Decision] | None = None,
    *,
    reason: Mapping[str, str] | None = None,
    action: str = BUILD,
) -> Event:
    """Write the history as it is once a release is current, to a folder; `install` puts it in place.

    Args:
        releases: The folder of the releases; the caller holds its lock.
        folder: Where the new history is written.
        before: The release that is current, or was last; None where there is none.
        after: The one that becomes current.
        changes: The account of `before` and `after`; not read where `before` is None.
        decisions: What the publisher decided about withdrawn resources, in place of what stands there; None keeps that.
        reason: What the publisher says to what goes, by language, where no decision says it.
        action: `build` or `rollback`.

    Returns:
        The event, with the projects counted; `install` dates it.

    Raises:
        ReleaseError: The history cannot be read or written.
    """
    fresh = folder / FILE
    said = json.dumps(dict(reason or {}), ensure_ascii=False)
    try:
        if (releases / FILE).is_file():
            shutil.copyfile(releases / FILE, fresh)
        with closing(sqlite3.connect(fresh)) as connection:
            # The copy is nobody's yet: if it breaks, it is thrown away.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            with connection:
                event = _write(connection, before, after, changes, decisions, (action, said))
    except (OSError, sqlite3.Error) as error:
        raise ReleaseError(f"{releases / FILE}: the history cannot be renewed: {error}") from error
    return event


def install(releases: Path, folder: Path) -> Event:
    """Put a prepared history in place, just before the link is renewed, and date its event.

    The event's time is a second ahead: who asks what is new since his last visit asks from the time of that visit,
    and a visit while the link is being renewed must not be later than the event.

    Returns:
        The event.

    Raises:
        OSError: The disk does not take it.
        ReleaseError: The history cannot be read or written.
    """
    fresh = folder / FILE
    _sync(fresh)  # the bulk of it, before the time is taken
    at = moment(releases, datetime.now(UTC) + timedelta(seconds=1))
    try:
        with closing(sqlite3.connect(fresh)) as connection, connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("UPDATE event SET at = ? WHERE seq = (SELECT max(seq) FROM event)", (f"{at:{_FORM}}",))
            sql = f"SELECT {_EVENT} FROM event ORDER BY seq DESC LIMIT 1"  # noqa: S608  # our own names
            event = Event(*connection.execute(sql).fetchone())
    except sqlite3.Error as error:
        raise ReleaseError(f"{fresh}: the history cannot be written: {error}") from error
    _sync(fresh)
    fresh.replace(releases / FILE)
    return event


def _sync(path: Path) -> None:
    with path.open("rb") as done:
        os.fsync(done.fileno())


def _write(
    connection: sqlite3.Connection,
    before: Release | None,
    after: Release,
    changes: Iterable[ResourceChange],
    decisions: Iterable[Decision] | None,
    how: tuple[str, str],
) -> Event:
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        connection.executescript(_TABLES)
    known = _events(connection, before.id) if before is not None else []
    if before is not None and not known:
        # The history begins with what was live before there was one.
        _forget(connection, 1)
        known = [Event(1, before.id, before.id, None, before.manifest.created, BUILD)]
        _insert(connection, known[0])
    seq = len(known) + 1
    _forget(connection, seq)
    event = _next(known, before, after, *how)
    if decisions is not None:
        connection.execute("DELETE FROM decision")
        connection.executemany(
            "INSERT OR REPLACE INTO decision VALUES (?, ?, ?, ?, ?)",
            (
                (d.kind, place(d.key), json.dumps(d.reason, ensure_ascii=False), d.successor, int(d.renamed))
                for d in decisions
            ),
        )
    if before is not None:
        _change(connection, event, before, after, changes)
        sql = "SELECT what, count(*) FROM change WHERE seq = ? AND kind = 'project' GROUP BY what"
        counted = dict(connection.execute(sql, (seq,)).fetchall())
        added, changed, withdrawn = (counted.get(what, 0) for what in (ADDED, CHANGED, WITHDRAWN))
        event = replace(event, added=added, changed=changed, withdrawn=withdrawn)
    _insert(connection, event)
    return event


def _forget(connection: sqlite3.Connection, seq: int) -> None:
    """Drop events that never were: a process died before the link was renewed."""
    for table in ("event", "change", "gone"):
        connection.execute(f"DELETE FROM {table} WHERE seq >= ?", (seq,))  # noqa: S608  # our own names


def _next(known: list[Event], before: Release | None, after: Release, action: str, reason: str) -> Event:
    """Return the event to be written, with a name that no other has."""
    name, taken, now = after.id, {event.name for event in known}, datetime.now(UTC)
    while (action != BUILD and name == after.id) or name in taken:
        name = f"{now:%Y%m%dT%H%M%SZ}-{after.id.rpartition('-')[2]}"
        now += timedelta(seconds=1)
    previous = before.id if before else None
    return Event(len(known) + 1, name, after.id, previous, after.manifest.created, action, reason)


def _insert(connection: sqlite3.Connection, event: Event) -> None:
    row = tuple(getattr(event, name) for name in _EVENT.split(", "))
    connection.execute(f"INSERT INTO event ({_EVENT}) VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608


def _change(
    connection: sqlite3.Connection, event: Event, before: Release, after: Release, changes: Iterable[ResourceChange]
) -> None:
    """Roll the changes of resources up to their entities."""
    minter = Minter(after.manifest.base_iri)
    with Master(before.file(before.manifest.master)) as old, Master(after.file(after.manifest.master)) as new:

        def exists(iri: str) -> bool:
            return new.exists(iri) or old.exists(iri)

        for change in changes:
            split = minter.split(change.iri)
            if split is None:
                continue
            kind, key = split
            if change.what == REMOVED:
                connection.execute(_GONE, {"kind": kind, "place": place(key), "seq": event.seq})
            found = entities.owner(minter, exists, kind, key)
            if found is None or not change.told:
                continue
            if found == (kind, key) and change.what != CHANGED:
                what = WITHDRAWN if change.what == REMOVED else ADDED
                sql = "INSERT INTO change VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET what = excluded.what"
            else:
                what, sql = CHANGED, "INSERT INTO change VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            connection.execute(sql, (event.seq, found[0], place(found[1]), what))
