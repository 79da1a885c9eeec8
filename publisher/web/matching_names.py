"""The names of a release that are near to a text, and the properties' values that a text may mean."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from publisher import folding
from publisher.names import FACTS, YEAR, Name, Names
from publisher.web.matching_texts import Likeness, Same, Text, year

_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{1,80})[)\]]\s*")
_GOOD = 88.0
"""Words alone are compared where they find a name as similar as this; else runs of characters are, too."""
_MOST = 120

INDEXED = frozenset({*FACTS, YEAR})
"""Properties whose values are in the index."""
MOST_MEANT = 1000
"""Things that the values of one property may mean; where there are more, nothing is certain by a property."""
_MOST_NEAR = 2
"""Values of properties, in one query, that are looked for by similar names: each costs as much as a query."""
_LEAST_NEAR = 80.0
_NEAREST = 3
_KINDS_OF_VALUES = {
    "place": "place",
    "funder": "organisation",
    "participant": "organisation",
    "responsible-authority": "organisation",
    "target-group": "target-group",
}

Properties = Sequence[tuple[str, Sequence[str | tuple[str]]]]
"""Property and values: a text, or the IRI of a thing as a tuple of one."""


# --- names -----------------------------------------------------------------------------------------------------------


def near(names: Names, text: Text, kinds: tuple[str, ...], found: dict[int, Likeness]) -> dict[int, Likeness]:
    """Add the things whose names are near to those that were found; return all."""
    take(found, text, names.called(text.folded, kinds))
    aside = _aside(names, text, kinds)
    take(found, text, names.alike(text.folded, kinds, runs=False))
    if max((entry.similarity for entry in found.values()), default=0.0) < _GOOD:
        take(found, text, names.alike(text.folded, kinds, runs=True))
    for number, entry in aside.items():
        _keep(found, number, entry)
    return found


def _aside(names: Names, text: Text, kinds: tuple[str, ...]) -> dict[int, Likeness]:
    """Return what "Name (ABBREVIATION)" means: certain where both are names, or ours, of one thing."""
    brackets = _BRACKETS.search(text.written)
    if not brackets:
        return {}
    found: dict[int, Likeness] = {}
    outside = Text(_BRACKETS.sub(" ", text.written))
    take(found, outside, names.called(outside.folded, kinds))
    inside = {name.thing for name in names.called(folding.fold(brackets[1]), kinds)}
    inside |= set(names.identified(folding.codes_asked(brackets[1])))
    return {
        number: replace(entry, similarity=97.0, same=entry.same if number in inside else Same.PERHAPS)
        for number, entry in found.items()
        if entry.same
    }


def take(found: dict[int, Likeness], text: Text, names: Iterable[Name]) -> None:
    """Add the things of names, each by its name that is nearest to a text."""
    for name in names:
        _keep(found, name.thing, text.likeness(name))


def _keep(found: dict[int, Likeness], number: int, entry: Likeness) -> None:
    """Keep what is nearer."""
    before = found.get(number)
    if before is None or (entry.same, entry.similarity) > (before.same, before.similarity):
        found[number] = entry


def best(found: dict[int, Likeness]) -> list[int]:
    """Return the things that are nearest, the nearest first."""
    return heapq.nsmallest(_MOST, found, key=lambda number: (-found[number].similarity, number))


# --- values ----------------------------------------------------------------------------------------------------------


@dataclass
class Guesses:
    """The properties of a query with values that may be other things than those of like names: none makes a match."""

    left: int = _MOST_NEAR
    properties: set[str] = field(default_factory=set)

    def take(self) -> bool:
        """Tell whether a value may still be looked for by similar names."""
        self.left -= 1
        return self.left >= 0


class Meanings:
    """Finds what values of properties mean; those that repeat in a batch are looked up once.

    Args:
        names: The names of the release.
    """

    def __init__(self, names: Names) -> None:
        """Begin with nothing looked up."""
        self.names = names
        self._values: dict[tuple[str, str], tuple[list[int], bool]] = {}
        self._near: dict[tuple[str, str], list[int]] = {}

    def asked(self, properties: Properties, guesses: Guesses) -> list[tuple[str, list[int]]]:
        """Return the numbers of the values that are asked for, of the properties that are in the index."""
        meant = {
            prop: dict.fromkeys(number for value in values for number in self._value(prop, value, guesses))
            for prop, values in properties
            if prop in INDEXED
        }
        return [(prop, list(numbers)[:MOST_MEANT]) for prop, numbers in meant.items()]

    def _value(self, prop: str, value: str | tuple[str], guesses: Guesses) -> list[int]:
        """Return what a value may mean: a year, the thing of an IRI, else the things of that name or nearly so."""
        written = value if isinstance(value, str) else value[0]
        if prop == YEAR:
            told = year(written)
            return [] if told is None else [told]
        key = (prop, repr(value))
        if key not in self._values:
            self._values[key] = self._meant(prop, written, named=isinstance(value, str))
        found, certain = self._values[key]
        if not certain:
            guesses.properties.add(prop)
        kind = _KINDS_OF_VALUES.get(prop)
        if found or not kind or isinstance(value, tuple):
            return found
        # Counted where it was looked up for an earlier query, too: an answer does not depend on the rest of the batch.
        if not guesses.take():
            return []
        if key not in self._near:
            alike = near(self.names, Text(written), (kind,), {})
            self._near[key] = [number for number in best(alike)[:_NEAREST] if alike[number].similarity >= _LEAST_NEAR]
        return self._near[key]

    def _meant(self, prop: str, written: str, *, named: bool) -> tuple[list[int], bool]:
        """Return the things whose IRI, name or identifier a value is, and whether that is certain of each."""
        number = self.names.number(written)
        if number is not None or not named:
            return [] if number is None else [number], True
        text, codes = Text(written), folding.codes_asked(written)
        found = self.names.values_called(text.folded, codes) if text.folded else []
        kind = _KINDS_OF_VALUES.get(prop)
        if kind:
            found = self.names.of_kinds(found, (kind,))
        same = dict.fromkeys(self.names.identified(codes), Same.YES)
        for number, called in self.names.names(found).items():
            same.setdefault(number, max((text.likeness(name).same for name in called), default=Same.NO))
        likely = [number for number in found if same[number]]
        return likely or found, bool(likely) and all(same[number] is Same.YES for number in likely)
