"""The live release, as the web sees it: opened once, looked at again with one system call a request."""

from __future__ import annotations

import json
import logging
import threading
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from publisher import manifest
from publisher.errors import PublisherError, ReleaseError
from publisher.manifest import Release
from publisher.masters import NAMES, Master
from publisher.namespaces import rdf
from publisher.stores import Store

log = logging.getLogger(__name__)

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class LiveRelease:
    """A release that is open for reading, with the look-ups that pages repeat kept in memory.

    Args:
        release: The release directory and its manifest.

    Raises:
        StoreError: The store cannot be opened.
        ReleaseError: The index is there and cannot be read.
    """

    def __init__(self, release: Release) -> None:
        """Open the store and read the index."""
        self.release = release
        self.store = Store(release.store_path)
        self.index: dict[str, Any] = _index(release.file(manifest.INDEX))
        self._master: Master | None = None
        self._opening = threading.Lock()
        self.names = lru_cache(maxsize=50_000)(self._names)
        self.known = lru_cache(maxsize=50_000)(self._known)
        self.types = lru_cache(maxsize=50_000)(self._types)

    def master(self) -> Master:
        """Return the release's sorted statements, opened at the first call; threads may share its look-ups.

        Raises:
            ReleaseError: The file cannot be read.
        """
        with self._opening:
            if self._master is None:
                self._master = Master(self.release.file(self.release.manifest.master))
            return self._master

    def values(self, iri: str, predicate: str, limit: int = 1000) -> list[Term]:
        """Return at most `limit` objects of a subject and predicate, in the store's order."""
        return list(islice(self.store.objects(iri, predicate), limit))

    def _names(self, iri: str) -> tuple[ox.Literal, ...]:
        for predicate in NAMES:
            found = tuple(term for term in self.values(iri, predicate) if isinstance(term, ox.Literal))
            if found:
                return found
        return ()

    def _types(self, iri: str) -> frozenset[str]:
        return frozenset(term.value for term in self.values(iri, rdf.type) if isinstance(term, ox.NamedNode))

    def _known(self, iri: str) -> bool:
        return self.store.exists(iri) or bool(self.store.incoming(iri, 1))


class Live:
    """Follows the link to the live release.

    Args:
        releases: The folder of the releases.
    """

    def __init__(self, releases: Path) -> None:
        """Open nothing yet: a process that forks must open its store after the fork."""
        self.releases = releases
        self._lock = threading.Lock()
        self._open: LiveRelease | None = None
        self._failed: str | None = None

    def now(self) -> LiveRelease:
        """Return the live release, reopened where the link has changed.

        A release that cannot be opened is logged once, and the former one goes on being served.

        Raises:
            ReleaseError: There is no live release.
            StoreError: Its store cannot be opened, and there was none before.
        """
        wanted = manifest.current_id(self.releases)
        found = self._open
        if found is not None and wanted in (found.release.id, self._failed):
            return found
        if wanted is None:
            raise ReleaseError("There is no release to serve yet.")
        with self._lock:
            found = self._open
            if found is not None and wanted in (found.release.id, self._failed):
                return found
            try:
                self._open = LiveRelease(manifest.find(self.releases, wanted))
                self._failed = None
            except PublisherError:
                if found is None:
                    raise
                self._failed = wanted
                log.exception("release %s cannot be opened; %s goes on being served", wanted, found.release.id)
                return found
            return self._open


def _index(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path}: cannot be read: {error}") from error
    return loaded if isinstance(loaded, dict) else {}
