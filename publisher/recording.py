"""Writes the history: the event of a release that is about to be live, made of the account of what it changes.

Only builds and rollbacks do so, one at a time; `publisher.history` reads. What harvesters take as records is told too:
what the catalogue says of a dataset, and which entities' records in words borrow a name that another thing has changed.

Where the live release can no longer be read, the next one is compared with an earlier one. What the events between
the two told is told on from: a thing that came with them and is not there is withdrawn, one that is there has changed.
Where no release can be read at all, everything is told, as new or as changed.
Where the base of all IRIs has changed, every thing is told anew under its new IRI, and what has none is withdrawn.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from publisher import datasets, entities, manifest
from publisher.changes import REMOVED, ResourceChange
from publisher.datasets import DATASET, Datasets
from publisher.errors import ReleaseError
from publisher.history import (
    ADDED,
    BUILD,
    CHANGED,
    EVENT,
    FILE,
    LAYOUT,
    RETOLD,
    WITHDRAWN,
    Decision,
    Event,
    check_layout,
    events_until,
    open_file,
    place,
    readable,
    unreadable,
)
from publisher.iris import Minter
from publisher.manifest import Release
from publisher.masters import Master
from publisher.namespaces import pf

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
_CHANGE = "INSERT INTO change VALUES (?, ?, ?, ?) ON CONFLICT DO"
_TERMS_OF_USE = ("licence", "rights")
"""Settings that every record in words tells."""
_FORM = "%Y-%m-%dT%H:%M:%SZ"
_DATED = 3
"""Times that an event is dated at most, where the disk takes so long that the second is over."""


def moment(releases: Path, now: datetime) -> datetime:
    """Return the moment of the next event: now, but later than the last, whatever the clock says; whole seconds.

    Raises:
        ReleaseError: The history cannot be read.
    """
    path = releases / FILE
    last = None
    if path.is_file():
        with readable(path), closing(open_file(path)) as connection:
            check_layout(connection)
            last = connection.execute("SELECT max(at) FROM event").fetchone()[0]
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
    said = json.dumps(dict(reason or {}), ensure_ascii=False)
    try:
        if (releases / FILE).is_file():
            shutil.copyfile(releases / FILE, folder / FILE)
        with _prepared(folder) as connection:
            return _write(connection, manifest.current_id(releases), before, after, changes, decisions, (action, said))
    except (OSError, sqlite3.OperationalError) as error:
        raise ReleaseError(f"{releases / FILE}: the history cannot be renewed: {error}") from error
    except (sqlite3.Error, ValueError) as error:
        raise unreadable(releases / FILE, error) from error


@contextmanager
def _prepared(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the history that is being prepared; what is written is kept where nothing goes wrong."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        # The copy is nobody's yet: if it breaks, it is thrown away.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            yield connection


def describe(folder: Path, before: Release | None, after: Release) -> None:
    """Tell in a prepared history what became of the datasets that the catalogues of two releases describe.

    Apart from `prepare`: a catalogue tells how many projects its release changed, so it is written after that. Nothing
    is told where the later catalogue cannot be read: no rollback may fail by it, and `/oai` says so itself.

    Args:
        folder: Where the history was prepared.
        before: The release that it was prepared with.
        after: The one that becomes current.

    Raises:
        ReleaseError: The history cannot be written.
    """
    old, new = map(_datasets, (before, after))
    if new is None:
        return
    old = old or Datasets((), "")  # all are told anew
    retold = before is not None and _other_terms(before, after)
    try:
        with _prepared(folder) as connection:
            event = _last_event(connection)
            if event.previous is None:
                return
            for key in sorted(old.keys | new.keys):
                if key in new.keys and key in old.keys and not retold and set(old.graph(key)) == set(new.graph(key)):
                    continue
                what = WITHDRAWN if key not in new.keys else CHANGED if key in old.keys else ADDED
                connection.execute(f"{_CHANGE} NOTHING", (event.seq, DATASET, place(key), what))
            _go_on(connection, event, _compared(connection, before), lambda _, key: key in new.keys, (DATASET,))
    except sqlite3.Error as error:
        raise ReleaseError(f"{folder / FILE}: the history cannot be written: {error}") from error


def _datasets(release: Release | None) -> Datasets | None:
    """Return the datasets of a release's catalogue; None where it cannot be read."""
    with suppress(ReleaseError):
        if release is not None:
            return datasets.read(release.file(manifest.CATALOGUE), release.manifest.base_iri)
    return None


def install(releases: Path, folder: Path) -> Event:
    """Put a prepared history in place, just before the link is renewed, and date its event to the next whole second.

    Who asks what is new asks from the second of his last visit, and a visit that did not see the event yet must not be
    later than it. So who comes in that second, or in the one that is running, is told the event again: times are told
    in seconds, and once too often is better than never.

    Returns:
        The event.

    Raises:
        OSError: The disk does not take it.
        ReleaseError: The history cannot be read or written.
    """
    fresh = folder / FILE
    _sync(fresh)  # the bulk of it, before the time is taken
    for _ in range(_DATED):
        at = moment(releases, datetime.now(UTC) + timedelta(seconds=1))
        values = (f"{at:{_FORM}}",)
        try:
            with _prepared(folder) as connection:
                connection.execute("UPDATE event SET at = ? WHERE seq = (SELECT max(seq) FROM event)", values)
                event = _last_event(connection)
        except sqlite3.Error as error:
            raise ReleaseError(f"{fresh}: the history cannot be written: {error}") from error
        _sync(fresh)
        if datetime.now(UTC) < at:
            break
    fresh.replace(releases / FILE)
    return event


def _last_event(connection: sqlite3.Connection) -> Event:
    sql = f"SELECT {EVENT} FROM event ORDER BY seq DESC LIMIT 1"  # noqa: S608  # our own names
    return Event(*connection.execute(sql).fetchone())


def _sync(path: Path) -> None:
    with path.open("rb") as done:
        os.fsync(done.fileno())


def _write(
    connection: sqlite3.Connection,
    live: str | None,
    before: Release | None,
    after: Release,
    changes: Iterable[ResourceChange],
    decisions: Iterable[Decision] | None,
    how: tuple[str, str],
) -> Event:
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        connection.executescript(_TABLES)
    connection.execute(f"PRAGMA user_version = {LAYOUT}")
    known = _known(connection, live, before)
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
    if event.previous is not None:
        with Master(after.file(after.manifest.master)) as new:
            if before is not None:
                _change(connection, event, before, after, new, changes)
            else:
                _everything(connection, event, after, new, ADDED)
            base = Minter(after.manifest.base_iri).base_iri
            _go_on(
                connection, event, _compared(connection, before),
                lambda kind, key: new.exists(f"{base}/id/{kind}/{key}"), entities.ENTITY_KINDS,
            )  # fmt: skip
        sql = "SELECT what, count(*) FROM change WHERE seq = ? AND kind = 'project' GROUP BY what"
        counted = dict(connection.execute(sql, (seq,)).fetchall())
        added, changed, withdrawn = (counted.get(what, 0) for what in (ADDED, CHANGED, WITHDRAWN))
        event = replace(event, added=added, changed=changed, withdrawn=withdrawn)
    _insert(connection, event)
    return event


def _known(connection: sqlite3.Connection, live: str | None, before: Release | None) -> list[Event]:
    """Return the events that were: up to the one that made the live release current, else the release before."""
    for name in (live, before.id if before is not None else None):
        if name and (found := events_until(connection, name)):
            return found
    if before is not None:
        return []
    last = connection.execute("SELECT release FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    return events_until(connection, last[0]) if last else []


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
    previous = before.id if before else known[-1].release if known else None
    return Event(len(known) + 1, name, after.id, previous, after.manifest.created, action, reason)


def _insert(connection: sqlite3.Connection, event: Event) -> None:
    row = tuple(getattr(event, name) for name in EVENT.split(", "))
    connection.execute(f"INSERT INTO event ({EVENT}) VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608


def _change(
    connection: sqlite3.Connection,
    event: Event,
    before: Release,
    after: Release,
    new: Master,
    changes: Iterable[ResourceChange],
) -> None:
    """Roll the changes of resources up to their entities."""
    minter, former = Minter(after.manifest.base_iri), Minter(before.manifest.base_iri)
    connection.execute("CREATE TEMP TABLE named (iri TEXT PRIMARY KEY) WITHOUT ROWID")
    with Master(before.file(before.manifest.master)) as old:

        def exists(iri: str) -> bool:
            return new.exists(iri) or old.exists(iri)

        for change in changes:
            split = minter.split(change.iri)
            if change.named and (split is None or split[0] not in entities.UNNAMED):
                connection.execute("INSERT OR IGNORE INTO named VALUES (?)", (change.iri,))
            if split is None:
                split = former.split(change.iri)
                if split is None or new.exists(f"{minter.base_iri}/id/{split[0]}/{split[1]}"):
                    continue  # nobody's, or told under its new IRI
            kind, key = split
            if change.what == REMOVED:
                connection.execute(_GONE, {"kind": kind, "place": place(key), "seq": event.seq})
            found = entities.owner(minter, exists, kind, key)
            if found == (kind, key) and change.what != CHANGED:
                what = WITHDRAWN if change.what == REMOVED else ADDED
                row = (event.seq, kind, place(key), what)
                connection.execute(f"{_CHANGE} UPDATE SET what = excluded.what", row)
            elif found is not None and change.told:
                connection.execute(f"{_CHANGE} NOTHING", (event.seq, found[0], place(found[1]), CHANGED))
    if _other_terms(before, after):
        _everything(connection, event, after, new, RETOLD)
    else:
        _retell(connection, event, minter, new)
    connection.execute("DROP TABLE named")


def _other_terms(before: Release, after: Release) -> bool:
    """Tell whether the data of two releases may not be used on the same terms."""
    return any(before.manifest.settings.get(name) != after.manifest.settings.get(name) for name in _TERMS_OF_USE)


def _retell(connection: sqlite3.Connection, event: Event, minter: Minter, new: Master) -> None:
    """Tell of the entities whose records in words tell a name that has changed."""
    if connection.execute("SELECT count(*) FROM named").fetchone()[0] == 0:
        return

    @lru_cache(maxsize=100_000)
    def is_named(iri: str) -> bool:
        return connection.execute("SELECT 1 FROM named WHERE iri = ?", (iri,)).fetchone() is not None

    for predicate in (*entities.NAMED, pf.organisation):
        for subject, iri in new.links(predicate):
            if not is_named(iri):
                continue
            kind, key = minter.split(subject) or ("", "")
            if predicate == pf.organisation:  # of a participation, which is a part
                found = entities.owner(minter, new.exists, kind, key) if kind == "participation" else None
            else:
                found = (kind, key) if kind in entities.ENTITY_KINDS else None
            if found is not None:
                connection.execute(f"{_CHANGE} NOTHING", (event.seq, found[0], place(found[1]), RETOLD))


def _everything(connection: sqlite3.Connection, event: Event, after: Release, new: Master, what: str) -> None:
    """Tell the same of every entity of which nothing is told yet."""
    minter = Minter(after.manifest.base_iri)
    for kind in entities.ENTITY_KINDS:
        for iri in new.subjects(f"{minter.base_iri}/id/{kind}/"):
            if (split := minter.split(iri)) is not None:
                connection.execute(f"{_CHANGE} NOTHING", (event.seq, kind, place(split[1]), what))


def _compared(connection: sqlite3.Connection, before: Release | None) -> int:
    """Return the last event of a release before the one that is written; 0 where there is none."""
    sql = "SELECT max(seq) FROM event WHERE release = ?"
    return connection.execute(sql, (before.id,)).fetchone()[0] or 0 if before is not None else 0


def _go_on(
    connection: sqlite3.Connection,
    event: Event,
    compared: int,
    exists: Callable[[str, str], bool],
    kinds: Sequence[str],
) -> None:
    """Tell what has become of what the events told that came after the one that `event` was compared with.

    Args:
        connection: The history.
        event: The event that is written.
        compared: The event of the release that it was compared with.
        exists: Tells whether there is a thing of a type and key now.
        kinds: Which types are gone through.
    """
    told = connection.execute(
        "SELECT kind, place, what FROM change AS one WHERE seq > :compared AND seq < :seq AND seq = "
        "(SELECT max(seq) FROM change WHERE kind = one.kind AND place = one.place AND seq < :seq)",
        {"compared": compared, "seq": event.seq},
    ).fetchall()
    for kind, at, last in told:
        if kind not in kinds:
            continue
        where = {"kind": kind, "place": at, "seq": event.seq}
        there = exists(kind, at[:-1])
        connection.execute("DELETE FROM change WHERE seq = :seq AND kind = :kind AND place = :place", where)
        connection.execute("DELETE FROM gone WHERE seq = :seq AND kind = :kind AND place = :place", where)
        if not there and last == WITHDRAWN:
            continue  # as it was told
        what = WITHDRAWN if not there else ADDED if last == WITHDRAWN else CHANGED
        connection.execute("INSERT INTO change VALUES (:seq, :kind, :place, :what)", {**where, "what": what})
        if what == WITHDRAWN and kind != DATASET:  # whose addresses say themselves what became of it
            connection.execute(_GONE, where)
