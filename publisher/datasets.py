"""The datasets that a release's catalogue describes: which there are, and which part of the catalogue each one is.

What harvesters take as records is told apart here, so that the history can compare the same parts of two releases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from publisher.errors import ReleaseError
from publisher.formats import TURTLE
from publisher.iris import Minter
from publisher.namespaces import Vocabulary, dcat, dct, rdf

DATASET = "dataset"
"""Type of the IRIs of datasets and their series."""

_series = Vocabulary(dcat.base, "DatasetSeries inSeries first last")
_OWN = frozenset({dcat.Dataset, _series.DatasetSeries})
_OTHERS = frozenset({dcat.Dataset, dcat.Catalog})
_OF_THE_SERIES = frozenset({dct.modified, dct.temporal, _series.first, _series.last})


class Datasets:
    """The datasets of one catalogue.

    Args:
        triples: The catalogue, which has no blank nodes.
        base_iri: What the portfolio's IRIs begin with: others' datasets are none of ours.
    """

    def __init__(self, triples: Iterable[ox.Triple], base_iri: str) -> None:
        """Find them."""
        self._about: dict[str, list[ox.Triple]] = defaultdict(list)
        self._members: dict[str, list[ox.Triple]] = defaultdict(list)
        for triple in triples:
            self._about[_name(triple.subject)].append(triple)
            if triple.predicate.value == _series.inSeries:
                self._members[_name(triple.object)].append(triple)
        self._minter = Minter(base_iri)
        described = (iri for iri in self._about if not self._classes(iri).isdisjoint(_OWN))
        split = filter(None, map(self._minter.split, described))
        self.keys = frozenset(key for kind, key in split if kind == DATASET)
        """Their keys."""

    def iri(self, key: str) -> str:
        """Return the IRI of a dataset."""
        return f"{self._minter.base_iri}/id/{DATASET}/{key}"

    def graph(self, key: str) -> list[ox.Triple]:
        """Return what the catalogue says of a dataset and of all that it leads to, but of no other dataset.

        A harvester takes one record for one dataset, so the walk ends where another, or the catalogue, begins. The
        series is told with its datasets, and a series with the statements that make datasets its members: without, a
        record does not conform to DCAT-AP (`range.ttl` and `shapes.ttl` of 3.0.1). What each release changes of a
        series is told by the series alone: else each release would change all that was ever said of earlier ones.
        """
        start = self.iri(key)
        found = list(self._members.get(start, ()))
        seen, waiting = {start}, [start]
        while waiting:
            iri = waiting.pop()
            about = self._about.get(iri, [])
            if iri != start:
                classes = self._classes(iri)
                if not classes.isdisjoint(_OTHERS):
                    continue
                if _series.DatasetSeries in classes:
                    about = [triple for triple in about if triple.predicate.value not in _OF_THE_SERIES]
            found += about
            for triple in about:
                after = _name(triple.object)
                if after and after not in seen:
                    seen.add(after)
                    waiting.append(after)
        return found

    def _classes(self, iri: str) -> set[str]:
        return {_name(triple.object) for triple in self._about.get(iri, ()) if triple.predicate.value == rdf.type}


def _name(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def read(path: Path, base_iri: str) -> Datasets:
    """Return the datasets of the catalogue of a release.

    Raises:
        ReleaseError: The file is missing or is no Turtle.
    """
    try:
        triples = [quad.triple for quad in ox.parse(path=str(path), format=TURTLE.rdf())]
    except (OSError, ValueError, SyntaxError) as error:
        raise ReleaseError(f"{path.name} of the release cannot be read: {error}") from error
    return Datasets(triples, base_iri)
