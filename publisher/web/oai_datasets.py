"""The datasets that the catalogue describes, as records: which there are, since when, and each one's part of it."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from publisher import manifest
from publisher.errors import ReleaseError
from publisher.history import Event
from publisher.iris import Minter
from publisher.manifest import Release
from publisher.namespaces import dcat, dct, rdf
from publisher.web import graphs

_DATASETS = frozenset({dcat.Dataset, f"{dcat.base}DatasetSeries"})
_OTHERS = frozenset({dcat.Dataset, dcat.Catalog})
_IN_SERIES = f"{dcat.base}inSeries"
_LOOKED_BACK = 1000
"""Events whose settings are compared: years of daily releases."""
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?Z?)?\Z")


class Datasets:
    """The datasets of one release's catalogue.

    Args:
        triples: The catalogue.
        base_iri: What the portfolio's IRIs begin with: others' datasets are no records of ours.
        otherwise: Datestamp of a dataset that tells no date.
        rewritten: Datestamp that none is before: then the publisher, the contact and the like were told anew.
    """

    def __init__(self, triples: Iterable[ox.Triple], base_iri: str, otherwise: str, rewritten: str = "") -> None:
        """Find them."""
        self.rewritten = rewritten
        self._about: dict[str, list[ox.Triple]] = defaultdict(list)
        self._members: dict[str, list[ox.Triple]] = defaultdict(list)
        for triple in triples:
            if isinstance(triple.subject, (ox.NamedNode, ox.BlankNode)):
                self._about[str(triple.subject)].append(triple)
            if triple.predicate.value == _IN_SERIES:
                self._members[str(triple.object)].append(triple)
        minter = Minter(base_iri)
        found: dict[str, str] = {}
        for subject, about in self._about.items():
            kind, key = minter.split(subject.strip("<>")) or ("", "")
            classes = {self._class(triple) for triple in about if triple.predicate.value == rdf.type}
            if kind == "dataset" and not classes.isdisjoint(_DATASETS):
                found[key] = self._stamp(subject, otherwise)
        self.stamps: dict[str, str] = dict(sorted(found.items()))
        """Datestamp by key, in the order of the keys."""

    @staticmethod
    def _class(triple: ox.Triple) -> str:
        return triple.object.value if isinstance(triple.object, ox.NamedNode) else ""

    def _stamp(self, subject: str, otherwise: str) -> str:
        """Return when a dataset last changed, to the second."""
        told = {t.predicate.value: t.object.value for t in self._about[subject] if isinstance(t.object, ox.Literal)}
        for predicate in (dct.modified, dct.issued):
            match = _MOMENT.match(told.get(predicate, ""))
            if match:
                return f"{match[1]}T{match[2] or '00:00:00'}Z"
        return otherwise

    def about(self, iri: str) -> list[ox.Triple]:
        """Return what the catalogue says of a dataset itself."""
        return self._about.get(f"<{iri}>", [])

    def graph(self, iri: str) -> list[ox.Triple]:
        """Return what the catalogue says of a dataset and of all that it leads to, but of no other dataset.

        A harvester takes one record for one dataset, so the walk ends where another, or the catalogue, begins. The
        series is told with its datasets, and a series with the statements that make datasets its members: without, a
        record does not conform to DCAT-AP (`range.ttl` and `shapes.ttl` of 3.0.1).
        """
        start = f"<{iri}>"
        found = list(self._members.get(start, ()))
        seen, waiting = {start}, [start]
        while waiting:
            subject = waiting.pop()
            about = self._about.get(subject, [])
            if subject != start and any(t.predicate.value == rdf.type and self._class(t) in _OTHERS for t in about):
                continue
            found += about
            for triple in about:
                after = str(triple.object)
                if not isinstance(triple.object, ox.Literal) and after not in seen:
                    seen.add(after)
                    waiting.append(after)
        return found


class Catalogues:
    """Keeps the datasets of the live release at hand, read once an event."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self._lock = threading.Lock()
        self._read: tuple[tuple[str, str], Datasets] | None = None

    def of(self, release: Release, events: Sequence[Event]) -> Datasets:
        """Return the datasets of a release.

        Args:
            release: The live release.
            events: What happened until it was live, oldest first.

        Raises:
            ReleaseError: Its catalogue cannot be read.
        """
        found, wanted = self._read, (release.id, events[-1].name)
        if found is not None and found[0] == wanted:
            return found[1]
        with self._lock:
            triples = graphs.read(release.file(manifest.CATALOGUE))
            rewritten = _rewritten(release, events)
            made = Datasets(triples, release.manifest.base_iri, release.manifest.created, rewritten)
            self._read = (wanted, made)
        return made


def _rewritten(release: Release, events: Sequence[Event]) -> str:
    """Return when the settings that every dataset tells of became what they are; "" where that is longer ago.

    What a release says of itself never changes, but who publishes it and who answers for it are told of all alike.
    """
    for event, following in zip(events[-2::-1], events[:0:-1], strict=True):
        try:
            before = manifest.read(release.path.parent / event.release)
        except ReleaseError:
            continue  # nobody knows any more
        if before.manifest.settings != release.manifest.settings:
            return following.at
        if events[-1].seq - event.seq >= _LOOKED_BACK:
            break
    return ""
