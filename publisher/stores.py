"""The on-disk store of a release: loading it, opening it read-only, asking for one resource.

The only room that holds a pyoxigraph store. Visitors' queries run in
`workers`; what is here are single look-ups of 0.1 ms.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from publisher.errors import StoreError
from publisher.formats import Format
from publisher.namespaces import TERMS

_BATCH_LINES = 100_000
"""Statements that are loaded at once: the loader holds all of a batch, and 2.5 million took it 2.5 GB."""


class Store:
    """A release's store, opened read-only: a snapshot that never changes.

    Args:
        path: The store's folder.

    Raises:
        StoreError: The folder is no store or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        """Open the store."""
        try:
            self.store = ox.Store.read_only(str(path))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path}: the store cannot be opened: {error}") from error

    def describe(self, iri: str, limit: int) -> tuple[list[ox.Quad], bool]:
        """Return the default graph's statements about a resource, in the store's order, and whether some are left out.

        Of a resource with more than `limit` statements those of the program's own terms are returned, at most `limit`
        of each: the projects of a portfolio, say, can be two million.
        """
        subject = ox.NamedNode(iri)
        found = list(islice(self.store.quads_for_pattern(subject, None, None, ox.DefaultGraph()), limit + 1))
        if len(found) <= limit:
            return found, False
        found = []
        for term in TERMS:
            pattern = (subject, ox.NamedNode(term), None, ox.DefaultGraph())
            found += islice(self.store.quads_for_pattern(*pattern), limit)
        return found, True

    def incoming(self, iri: str, limit: int) -> list[ox.Quad]:
        """Return at most `limit` statements of the default graph that lead to a resource."""
        return list(islice(self.store.quads_for_pattern(None, None, ox.NamedNode(iri), ox.DefaultGraph()), limit))

    def objects(self, iri: str, predicate: str) -> Iterator[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
        """Yield the objects of one subject and predicate."""
        for quad in self.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(predicate), None, ox.DefaultGraph()):
            yield quad.object

    def subjects(self, predicate: str, iri: str) -> Iterator[str]:
        """Yield the IRIs of subjects that have this predicate and object."""
        for quad in self.store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(iri), ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value

    def exists(self, iri: str) -> bool:
        """Tell whether the default graph says anything about a resource."""
        found = self.store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())
        return next(iter(found), None) is not None


def load(path: Path, master: Path, form: Format) -> None:
    """Make a store on disk from a file of sorted statements.

    Raises:
        StoreError: The statements cannot be loaded, or the disk is full.
    """
    try:
        store = ox.Store(str(path))
        with master.open("rb") as lines:
            while batch := b"".join(islice(lines, _BATCH_LINES)):
                store.bulk_load(batch, format=form.rdf())
        store.optimize()
        store.flush()
    except (OSError, ValueError, SyntaxError) as error:
        raise StoreError(f"{path}: the store cannot be made: {error}") from error
