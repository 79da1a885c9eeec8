"""Which things a name may mean, and how sure that is: candidates with scores from 0 to 100.

A match is told only where it is certain: by an identifier, or by a name that is
exactly one thing's, diacritics included (without them where it is long), the
legal form left out or the same. All else is a candidate for a person to judge.
Abbreviations that we made from initials never match by themselves.

Similarity of texts: rapidfuzz.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from publisher import folding
from publisher.names import FACTS, INITIALS, KINDS, YEAR, Name, Names, Thing

STRICT = ("any", "should", "all")
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{1,80})[)\]]\s*")
_YEAR = re.compile(r"\s*(\d{4})(?:-\d\d(?:-\d\d(?:T.*)?)?)?\s*\Z", re.DOTALL)
_CODE = re.compile(r"[^\s,;:()\[\]\"]*\d[^\s,;:()\[\]\"]*")

_LONG = 8
"""Letters from which a name is told by its folded form: a shorter one without diacritics may be another word."""
_GOOD = 88.0
"""Words alone are compared where they find a name as similar as this; else runs of characters are, too."""
_LEAST = 35.0
_COMPARED = 40
"""Candidates whose properties are looked at."""
_MOST = 120
_MOST_NEAR = 20
"""Values of properties, in one batch, that are looked for by similar names: each costs as much as a query."""
_OWN = 20
"""Values of a candidate's property that are compared."""
_BESIDE = 10
"""Candidates that are looked at beside those that are told."""
_PROPERTIES_WEIGH = 0.2
_OF_TYPE = 55.0
"""Where none of the type asked for scores this, things of other types are told too, if that may be."""
_OTHER_TYPE = 0.6
_CERTAIN = 50.0
"""With an identifier, a name must be as similar as this: a code in the wrong row is found out by it."""
_HELD = 60.0
"""The same where the code stands in the text beside the name."""


@dataclass(frozen=True)
class Query:
    """What is looked for.

    Args:
        text: The name, or an identifier; "" where only properties are given.
        kinds: Of which kinds; () = of any. A kind that is unknown stands here too: nothing is of it.
        strict: One of `STRICT`. With "should", things of other kinds are given where none of these is near.
        limit: How many candidates at most.
        properties: Property and values: a text, or the IRI of a thing as a tuple of one.
    """

    text: str
    kinds: tuple[str, ...] = ()
    strict: str = "any"
    limit: int = 10
    properties: tuple[tuple[str, tuple[str | tuple[str], ...]], ...] = ()


@dataclass
class Candidate:
    """A thing that may be meant.

    Args:
        number: Its number in the index.
        thing: What it is.
        names: Its names.
        name_similarity: From 0 to 100, by the name that is nearest; None where no name was given.
        score: From 0 to 100.
        match: Whether it is certain.
        features: What the score is made of.
    """

    number: int
    thing: Thing
    names: list[Name]
    name_similarity: float | None = None
    score: float = 0.0
    match: bool = False
    features: dict[str, float | bool] = field(default_factory=dict)


@dataclass
class _Found:
    """The best of what is known of a thing by its names."""

    similarity: float = 0.0
    exact: bool = False
    made: bool = False


class _Text:
    """A text to compare, with its forms."""

    def __init__(self, text: str) -> None:
        self.folded = folding.fold(text)
        self.core = folding.core(self.folded)
        self.stems = folding.stems(self.core)
        self.forms = folding.legal_forms(self.folded)
        self.bare = folding.bare(text)
        self.words = self.core.count(" ") + 1

    def compared(self, name: Name) -> _Found:
        """Return how similar a name is."""
        if name.role == INITIALS:
            letters = self.folded.replace(" ", "")
            return _Found(80.0, made=True) if letters == name.folded else _Found()
        core = folding.core(name.folded)
        forms = folding.legal_forms(name.folded)
        if core == self.core:
            agree = not forms or not self.forms or bool(forms & self.forms)
            exact = agree and (len(core) >= _LONG or folding.bare(name.text) == self.bare)
            return _Found((100.0 if exact and name.folded == self.folded else 98.0) if agree else 88.0, exact)
        similar = max(
            fuzz.ratio(self.core, core),
            0.97 * fuzz.token_sort_ratio(self.core, core),
            0.93 * fuzz.ratio(self.stems, folding.stems(core)),
            self._share(core) * fuzz.token_set_ratio(self.core, core),
        )
        return _Found(min(similar, 96.0))

    def _share(self, core: str) -> float:
        """Return what it counts that the words of one name are all in the other: less, the more words that one has."""
        longest = max(len(self.core), len(core))
        words = 0.7 if self.words > 1 and " " in core else 0.6
        return words + 0.2 * min(len(self.core), len(core)) / longest


class Matcher:
    """Finds candidates among the names of one release.

    Args:
        names: The names.
        told: Returns the texts of a property of a thing, for those that are not in the index: dates, descriptions, ….
    """

    def __init__(self, names: Names, told: Callable[[str, str], list[str]]) -> None:
        """Keep both; values of properties that repeat in a batch are looked up once."""
        self.names = names
        self.told = told
        self._values: dict[tuple[str, str], list[int]] = {}
        self._near = _MOST_NEAR

    def candidates(self, query: Query) -> list[Candidate]:
        """Return the candidates, the best first."""
        known = tuple(kind for kind in dict.fromkeys(query.kinds) if kind in KINDS)
        if query.strict == "all" and len(set(query.kinds)) > 1:
            return []  # nothing is of two kinds
        if query.kinds and not known and query.strict != "should":
            return []
        found = _likely(self._of_kinds(query, known or tuple(KINDS))) if known or not query.kinds else []
        for candidate in found:
            if query.kinds:
                candidate.features["type_match"] = True
        if query.kinds and query.strict == "should" and max((c.score for c in found), default=0.0) < _OF_TYPE:
            others = _likely(self._of_kinds(query, tuple(kind for kind in KINDS if kind not in known)))
            for candidate in others:
                candidate.features["type_match"] = False
                candidate.match = False
                candidate.score = round(candidate.score * _OTHER_TYPE, 1)
            found = [*found, *_likely(others)]
        found.sort(key=lambda candidate: (-candidate.score, candidate.thing.iri))
        return found[: query.limit]

    def _of_kinds(self, query: Query, kinds: tuple[str, ...]) -> list[Candidate]:
        asked = self._asked(query)
        by_name: dict[int, _Found] = {}
        identified: dict[int, bool] = {}
        agreeing: dict[int, None] = {}  # of many namesakes, those that a property tells
        text = _Text(query.text)
        if text.folded:
            by_name = self._by_name(query.text, text, kinds)
            identified = self._identified(query.text, kinds)
            for prop, values in asked.items():
                if values:
                    told = self.names.called_with(text.folded, kinds, prop, values)
                    self._take(by_name, text, told)
                    agreeing |= {name.thing: None for name in told}
        elif query.text.strip():
            return []
        certain = self._certain(query, kinds)
        numbers = list(dict.fromkeys([*identified, *certain, *agreeing, *self._best(by_name)]))
        if not text.folded:
            numbers = numbers or self._by_facts(asked, kinds)
        # Where properties may move one up, more are looked at than are told.
        compared = _COMPARED if query.properties or not text.folded else query.limit + _BESIDE
        numbers = numbers[: compared + len(identified) + len(certain)]
        called, things = self.names.names(numbers), self.names.things(numbers)
        made = [
            self._candidate(Candidate(n, things[n], called[n]), by_name, identified, text if text.folded else None)
            for n in numbers
        ]
        self._compare_properties(made, query, asked, certain)
        self._decide(made, query, identified, certain, by_name)
        return made

    # --- by name ---

    def _by_name(self, written: str, text: _Text, kinds: tuple[str, ...]) -> dict[int, _Found]:
        found: dict[int, _Found] = {}
        self._take(found, text, self.names.called(text.folded, kinds))
        aside = self._aside(written, kinds)
        self._take(found, text, self.names.alike(text.folded, kinds, runs=False))
        if max((entry.similarity for entry in found.values()), default=0.0) < _GOOD:
            self._take(found, text, self.names.alike(text.folded, kinds, runs=True))
        for number, entry in aside.items():
            if number not in found or found[number].similarity < entry.similarity:
                found[number] = entry
        return found

    def _aside(self, written: str, kinds: tuple[str, ...]) -> dict[int, _Found]:
        """Return what "Name (ABBREVIATION)" means: certain where both are names, or ours, of one thing."""
        brackets = _BRACKETS.search(written)
        if not brackets:
            return {}
        found: dict[int, _Found] = {}
        outside = _Text(_BRACKETS.sub(" ", written))
        self._take(found, outside, self.names.called(outside.folded, kinds))
        inside = folding.fold(brackets[1])
        also = {name.thing for name in self.names.called(inside, kinds)}
        also |= set(self.names.identified(folding.codes(brackets[1])))
        return {
            number: _Found(97.0, exact=entry.exact and number in also)
            for number, entry in found.items()
            if entry.similarity >= 97
        }

    def _take(self, found: dict[int, _Found], text: _Text, names: Iterable[Name]) -> None:
        for name in names:
            compared = text.compared(name)
            before = found.get(name.thing)
            if before is None or (compared.exact, compared.similarity) > (before.exact, before.similarity):
                found[name.thing] = compared

    @staticmethod
    def _best(found: dict[int, _Found]) -> list[int]:
        return heapq.nsmallest(_MOST, found, key=lambda number: (-found[number].similarity, number))

    # --- by identifier ---

    def _identified(self, written: str, kinds: tuple[str, ...]) -> dict[int, bool]:
        """Return the things whose identifier or IRI the text is (True) or holds (False)."""
        text = written.strip()
        number = self.names.number(text)
        if number is not None and self.names.of_kinds([number], kinds):
            return {number: True}
        whole = [form for form in folding.codes(text) if folding.telling(form)]
        found = dict.fromkeys(self.names.of_kinds(self.names.identified(whole), kinds), True) if whole else {}
        if not found and " " in text:
            parts = [form for part in _CODE.findall(text)[:10] for form in folding.codes(part)]
            held = [form for form in parts if folding.telling(form) and not re.fullmatch(r"\d{4}", form)]
            found = dict.fromkeys(self.names.of_kinds(self.names.identified(held), kinds), False) if held else {}
        return found if len(found) <= _COMPARED else {}

    def _certain(self, query: Query, kinds: tuple[str, ...]) -> list[int]:
        """Return the things that a property names by their identifier."""
        given = [v for prop, values in query.properties if prop == "identifier" for v in values if isinstance(v, str)]
        codes = [form for value in given for form in folding.codes(value)]
        return self.names.of_kinds(self.names.identified(codes), kinds)[:_COMPARED] if codes else []

    # --- by properties ---

    def _asked(self, query: Query) -> dict[str, list[int]]:
        """Return the numbers of the values that are asked for, by property of the index."""
        return {
            prop: [number for value in values for number in self._value(prop, value)]
            for prop, values in query.properties
            if prop in _INDEXED
        }

    def _value(self, prop: str, value: str | tuple[str]) -> list[int]:
        """Return what a value may mean: a year, the thing of an IRI, else the things of that name or nearly so."""
        if prop == YEAR:
            year = _YEAR.match(value if isinstance(value, str) else value[0])
            return [int(year[1])] if year else []
        written = value if isinstance(value, str) else value[0]
        key = (prop, repr(value))
        if key not in self._values:
            number = self.names.number(written)
            if number is not None:
                self._values[key] = [number]
            elif isinstance(value, tuple):
                self._values[key] = []
            else:
                folded = folding.fold(written)
                found = self.names.values_called(folded, folding.codes(written)) if folded else []
                kind = _KINDS_OF_VALUES.get(prop)
                if kind:
                    found = self.names.of_kinds(found, (kind,))
                    if not found and folded and self._near > 0:
                        self._near -= 1
                        near = self._by_name(written, _Text(written), (kind,))
                        found = [n for n in self._best(near)[:3] if near[n].similarity >= 80]
                self._values[key] = found
        return self._values[key]

    def _by_facts(self, asked: dict[str, list[int]], kinds: tuple[str, ...]) -> list[int]:
        """Return the things that have a value of each property."""
        return self.names.with_values(list(asked.items()), kinds)

    def _compare_properties(
        self, made: list[Candidate], query: Query, asked: dict[str, list[int]], certain: list[int]
    ) -> None:
        numbers = [candidate.number for candidate in made]
        for prop, values in query.properties:
            name = f"property_{prop.replace('-', '_')}"
            if prop in _INDEXED:
                having, any_value = self.names.have(numbers, prop, asked[prop]) if numbers else (set(), set())
                for candidate in made:
                    if candidate.number in any_value:
                        candidate.features[name] = 100.0 if candidate.number in having else 0.0
            elif prop == "identifier":
                for candidate in made:
                    candidate.features[name] = 100.0 if candidate.number in certain else 0.0
            else:
                wanted = [_Value(value if isinstance(value, str) else value[0]) for value in values]
                for candidate in made:
                    own = [_Value(text) for text in self.told(candidate.thing.iri, prop)[:_OWN]]
                    if own:
                        candidate.features[name] = round(max(a.alike(b) for a in own for b in wanted), 1)

    # --- the score ---

    @staticmethod
    def _candidate(
        made: Candidate, by_name: dict[int, _Found], identified: dict[int, bool], text: _Text | None
    ) -> Candidate:
        """Tell how near a candidate's names are."""
        number, called = made.number, made.names
        if text is None:
            return made
        found = by_name.get(number)
        if found is None:
            found = max((text.compared(name) for name in called), key=lambda entry: entry.similarity, default=_Found())
            by_name[number] = found
        made.name_similarity = round(found.similarity, 1)
        made.features["name_similarity"] = made.name_similarity
        made.features["name_exact"] = found.exact
        if found.made:
            made.features["initials"] = True
        if number in identified:
            made.features["identifier_match"] = True
        return made

    def _decide(
        self, made: list[Candidate], query: Query, identified: dict[int, bool], certain: list[int],
        by_name: dict[int, _Found],
    ) -> None:  # fmt: skip
        sure: list[Candidate] = []
        for candidate in made:
            compared = [
                float(value) for name, value in candidate.features.items() if name.startswith("property_")
            ]  # fmt: skip
            missing = len(query.properties) - len(compared)
            properties = (sum(compared) + 50 * missing) / len(query.properties) if query.properties else 0.0
            similarity = candidate.name_similarity
            whole = identified.get(candidate.number)
            if similarity is None:
                score = properties
            else:
                least = 100.0 if whole else 0.0 if whole is None else 95.0 if similarity >= _HELD else 75.0
                score = max(similarity, least)
                if query.properties:
                    score = (1 - _PROPERTIES_WEIGH) * score + _PROPERTIES_WEIGH * properties
            named = similarity is None or similarity >= _CERTAIN
            if candidate.number in certain and named:
                score = 100.0
            candidate.score = round(score, 1)
            refuted = any(value < 50 for value in compared)
            exact = candidate.number in by_name and by_name[candidate.number].exact
            held = whole is False and (similarity or 0) >= _HELD
            if (candidate.number in certain and named) or (not refuted and (whole or held or exact)):
                sure.append(candidate)
        strongest = [c for c in sure if c.number in certain or c.number in identified] or sure
        if len(strongest) > 1 and query.properties:
            full = [c for c in strongest if all(v == 100 for n, v in c.features.items() if n.startswith("property_"))]
            told = [c for c in full if any(n.startswith("property_") for n in c.features)]
            strongest = told if len(told) == 1 else strongest
        if len(strongest) == 1:
            strongest[0].match = True


def _likely(found: list[Candidate]) -> list[Candidate]:
    return [candidate for candidate in found if candidate.score >= _LEAST]


class _Value:
    """A value to be compared as a text."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self.folded = folding.fold(text)
        self.dated = bool(_YEAR.match(self.text))

    def alike(self, other: _Value) -> float:
        """Compare two: dates by what both tell, numbers as numbers, all else by how similar it is."""
        if self.dated and other.dated:
            shorter = min(len(self.text), len(other.text), 10)
            return 100.0 if self.text[:shorter] == other.text[:shorter] else 0.0
        try:
            return 100.0 if float(self.text) == float(other.text) else 0.0
        except ValueError:
            return 100.0 if self.text == other.text else fuzz.ratio(self.folded, other.folded)


_INDEXED = frozenset({*FACTS, YEAR})
_KINDS_OF_VALUES = {
    "place": "place",
    "funder": "organisation",
    "participant": "organisation",
    "responsible-authority": "organisation",
    "target-group": "target-group",
}


def suggested(names: Names, prefix: str, kinds: Sequence[str], skip: int, limit: int) -> list[int]:
    """Return the things whose identifier is a text, or whose names or words begin with it: `limit` behind `skip`."""
    folded = folding.fold(prefix)
    found: dict[int, None] = {}
    number = names.number(prefix.strip())
    codes = folding.codes(prefix)
    exact = ([number] if number is not None else []) + (names.identified(codes) if codes else [])
    for entry in names.of_kinds(exact, kinds):
        found[entry] = None
    if folded:
        for entry in names.beginning(folded, kinds, (skip + limit) * 4):
            found[entry] = None
    return list(found)[skip : skip + limit]
