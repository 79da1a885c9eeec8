"""Writes the history: the event of a release that is about to be live, made of the account of what it changes.

Only builds and rollbacks do so, one at a time; `publisher.history` reads.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from publisher import entities
from publisher.changes import ADDED, REMOVED, ResourceChange
from publisher.errors import ReleaseError
from publisher.history import BUILD, CHANGED, EVENT, FILE, WITHDRAWN, Decision, Event, events_until, open_file, place
from publisher.iris import Minter
from publisher.manifest import Release
from publisher.masters import Master

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


def moment(releases: Path, now: datetime) -> datetime:
    """Return the moment of the next event: now, but later than the last, whatever the clock says; whole seconds.

    Raises:
        ReleaseError: The history cannot be read.
    """
    path = releases / FILE
    last = None
    if path.is_file():
        try:
            with closing(open_file(path)) as connection:
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
            sql = f"SELECT {EVENT} FROM event ORDER BY seq DESC LIMIT 1"  # noqa: S608  # our own names
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
    known = events_until(connection, before.id) if before is not None else []
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
    row = tuple(getattr(event, name) for name in EVENT.split(", "))
    connection.execute(f"INSERT INTO event ({EVENT}) VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608


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
