"""Which records `/oai` has, since when, and which of them a list tells next: with bounded work, whatever the size.

A list goes by type, and within a type in the order of the release's sorted statements, which is the history's too.
So the two are read side by side: the statements (of datasets, the catalogue) tell what is there, the history since
when, and what was withdrawn. A list that begins after the first event reads the history alone: a harvester that comes
back for the news costs what the news are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.datasets import DATASET
from publisher.entities import ENTITY_KINDS
from publisher.history import WITHDRAWN, EntityChange, place
from publisher.iris import Minter, is_key
from publisher.web.oai_tokens import Position, Selection

if TYPE_CHECKING:
    from publisher.datasets import Datasets
    from publisher.history import History
    from publisher.manifest import Release
    from publisher.masters import Master

KINDS = (DATASET, *ENTITY_KINDS)
"""Types of records, in the order in which lists tell them; each is a set."""

FORMATS: dict[str, tuple[str, ...]] = {"oai_dc": KINDS, "dcat_ap": (DATASET,), "rdf": KINDS}
"""Types of records by metadata format."""

PAGE = 100
"""Records in a part of a list."""
LOOKS = 50_000
"""Records that are looked at for one part: half a second. A list in which so few match goes on in the next part.

Where none of so many matched, the part is empty: the schema wants a record, but harvesters go by the token, and no
answer may take minutes. Only a list with `until` can come to that.
"""

_BATCH = 500


@dataclass(frozen=True)
class Item:
    """One record, without its metadata.

    Args:
        kind: Its type, which is its set.
        key: Its key.
        iri: Its identifier.
        stamp: When it last changed, `2026-11-24T03:15:00Z`.
        deleted: Whether it was withdrawn.
    """

    kind: str
    key: str
    iri: str
    stamp: str
    deleted: bool = False


class Repository:
    """The records as the live release and its history have them.

    Args:
        release: The live release.
        master: Its sorted statements.
        history: What changed up to it.
        datasets: What its catalogue describes.
    """

    def __init__(self, release: Release, master: Master, history: History, datasets: Datasets) -> None:
        """Keep them."""
        self.release = release
        self.master = master
        self.history = history
        self.datasets = datasets
        self.minter = Minter(release.manifest.base_iri)

    def earliest(self) -> str:
        """Return a datestamp that no record's is before."""
        return self.history.first.at

    def find(self, identifier: str) -> Item | None:
        """Return the record of an identifier: also one that was withdrawn, None where there never was one."""
        found = self.minter.split(identifier)
        if found is None or found[0] not in KINDS:
            return None
        kind, key = found
        change = self.history.recorded(kind, key)
        if change is not None:
            return self._item(kind, key, change)
        there = key in self.datasets.keys if kind == DATASET else self.master.exists(identifier)
        return self._item(kind, key) if there else None

    def page(self, selection: Selection, position: Position | None = None) -> tuple[list[Item], Position | None]:
        """Return a part of a list.

        Args:
            selection: What the list is of.
            position: The record to go on behind; None begins the list.

        Returns:
            The records, and the one that the next part goes on behind; None where there is no next part. Records can
            be fewer than `PAGE`, or none, where so many were looked at that the rest has to wait for the next part.
        """
        if selection.until and selection.until < self.earliest():
            return [], None
        found: list[Item] = []
        last = position
        for looked, item in enumerate(self._walk(selection, position), 1):
            if selection.since <= item.stamp <= (selection.until or item.stamp):
                if len(found) == PAGE:
                    return found, last
                found.append(item)
            last = Position(item.kind, item.key)
            if looked == LOOKS:
                return found, last
        return found, None

    def _walk(self, selection: Selection, position: Position | None) -> Iterator[Item]:
        """Yield the records that a list may tell."""
        kinds = [kind for kind in FORMATS[selection.prefix] if selection.set in ("", kind)]
        for kind in kinds:
            after = ""
            if position is not None and KINDS.index(kind) <= KINDS.index(position.kind):
                if kind != position.kind:
                    continue
                after = position.key
            if selection.since <= self.earliest():
                yield from self._all(kind, after)
            else:
                for change in self._changes(kind, after, selection.since):
                    yield self._item(kind, change.key, change)

    def _all(self, kind: str, after: str) -> Iterator[Item]:
        """Yield what the release holds of a type, and what was withdrawn of it."""
        changes = self._changes(kind, after)
        change = next(changes, None)
        for key in self._keys(kind, after):
            while change is not None and place(change.key) < place(key):
                yield self._item(kind, change.key, change)
                change = next(changes, None)
            if change is not None and change.key == key:
                yield self._item(kind, key, change)
                change = next(changes, None)
            else:
                yield self._item(kind, key)
        while change is not None:
            yield self._item(kind, change.key, change)
            change = next(changes, None)

    def _keys(self, kind: str, after: str) -> Iterator[str]:
        """Yield the keys that the release has of a type, behind one; "" begins with the first."""
        if kind == DATASET:
            yield from sorted((key for key in self.datasets.keys if not after or place(key) > place(after)), key=place)
            return
        prefix = f"{self.minter.base_iri}/id/{kind}/"
        for iri in self.master.subjects(prefix, f"{prefix}{after}" if after else ""):
            if is_key(key := iri[len(prefix) :]):  # another one, of an RDF source, has no address here either
                yield key

    def _changes(self, kind: str, after: str, since: str | None = None) -> Iterator[EntityChange]:
        """Yield the last change of each entity of a type that ever changed, behind a key."""
        behind = (kind, after)
        while True:
            batch = self.history.latest([kind], behind if behind[1] else None, _BATCH, since)
            yield from batch
            if len(batch) < _BATCH:
                return
            behind = (kind, batch[-1].key)

    def _item(self, kind: str, key: str, change: EntityChange | None = None) -> Item:
        iri = f"{self.minter.base_iri}/id/{kind}/{key}"
        event = change.event if change is not None else self.history.first
        return Item(kind, key, iri, event.at, deleted=change is not None and change.what == WITHDRAWN)
