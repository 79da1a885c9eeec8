"""The names of a release that are near to a text, and the properties' values that a text may mean."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from publisher import folding
from publisher.names import FACTS, YEAR
from publisher.web.matching_queries import Condition
from publisher.web.matching_texts import Likeness, Same, Text, year
from publisher.web.names import Name, Names

_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{1,80})[)\]]\s*")
_GOOD = 88.0
"""Words alone are compared where they find a name as similar as this; else runs of characters are, too."""
_DECLINED = 94.0
"""How near a name is at most that was written with an ending behind a colon: *THL:n*."""
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


class Asked(NamedTuple):
    """A condition whose values are in the index.

    Args:
        prop: The property.
        values: The numbers of the things, or years, that its values may mean.
        denied: Whether it is to be none of them.
        guessed: Whether they may be other things than those of like names: a guess makes no match.
    """

    prop: str
    values: list[int]
    denied: bool
    guessed: bool


# --- names -----------------------------------------------------------------------------------------------------------


def near(names: Names, text: Text, kinds: tuple[str, ...], found: dict[int, Likeness]) -> dict[int, Likeness]:
    """Add the things whose names are near to those that were found; return all."""
    take(found, text, names.called(text.folded, kinds))
    aside = _aside(names, text, kinds)
    undeclined = folding.without_case(text.written)
    if undeclined != text.written:
        for number, entry in near(names, Text(undeclined), kinds, {}).items():
            _keep(aside, number, Likeness(min(entry.similarity, _DECLINED)))
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

    def asked(self, conditions: Sequence[Condition]) -> list[Asked | None]:
        """Return what the conditions of one query ask of the index; None for a property that is not in it."""
        left = _MOST_NEAR
        told: list[Asked | None] = []
        for condition in conditions:
            if condition.prop not in INDEXED:
                told.append(None)
                continue
            numbers: dict[int, None] = {}
            guessed = False
            for value in condition.values:
                found, certain = self._value(condition.prop, value)
                kind = _KINDS_OF_VALUES.get(condition.prop)
                # Counted where it was looked up for an earlier query, too: an answer does not depend on the rest of
                # the batch.
                if not found and kind and isinstance(value, str) and left:
                    left -= 1
                    found = self._like(condition.prop, value, kind)
                guessed = guessed or not certain
                numbers |= dict.fromkeys(found)
            told.append(Asked(condition.prop, list(numbers)[:MOST_MEANT], condition.denied, guessed))
        return told

    def _value(self, prop: str, value: str | tuple[str]) -> tuple[list[int], bool]:
        """Return what a value means, and whether that is certain: a year, the thing of an IRI, the things of a name."""
        written = value if isinstance(value, str) else value[0]
        if prop == YEAR:
            told = year(written)
            return [] if told is None else [told], True
        key = (prop, repr(value))
        if key not in self._values:
            self._values[key] = self._meant(prop, written, named=isinstance(value, str))
        return self._values[key]

    def _like(self, prop: str, written: str, kind: str) -> list[int]:
        """Return the things whose names are most like a value."""
        key = (prop, written)
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
