"""Which things a name may mean, and how sure that is: candidates with scores from 0 to 100.

A wrong match that nobody looks at is the worst that can happen, so a match is told
only where nothing speaks against it (`_sure`):

- by an identifier that one thing has, alone or with a name, where the name is not another thing's;
- else by a name that one thing has, and no other has or, but for diacritics, may have;
- of namesakes, the one whose property has the value asked for, where every other's has another.

A property that differs forbids the match. Words that are declined, misspelt, left out or
moved, and initials that were made, never match by themselves: they are for a person to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from publisher import folding
from publisher.names import KINDS
from publisher.web.matching_names import MOST_MEANT, Asked, Meanings, best, near, take
from publisher.web.matching_queries import Condition, Query
from publisher.web.matching_texts import Likeness, Same, Text, Value
from publisher.web.names import NAMESAKES, Name, Names, Thing

_CODE = re.compile(r"[^\s,;:()\[\]\"]*\d[^\s,;:()\[\]\"]*")
_CODES = 10

_LEAST = 35.0
_COMPARED = 40
"""Candidates whose properties are looked at."""
_GUESSED = 90.0
"""How well a value agrees at most that is only like the name of a thing."""
_MET = 50.0
"""From which agreement on a condition is met, and not refuted."""
_OWN = 10
"""Values of a candidate's property that are compared."""
_BESIDE = 10
"""Candidates that are looked at beside those that are told."""
_PROPERTIES_WEIGH = 0.2
_OF_TYPE = 55.0
"""Where none of the type asked for scores this, things of other types are told too, if that may be."""
_OTHER_TYPE = 0.6
_CERTAIN = 60.0
"""With an identifier, a name must be as similar as this: a code in the wrong row is found out by it."""


@dataclass
class Candidate:
    """A thing that may be meant.

    Args:
        number: Its number in the index.
        thing: What it is.
        names: Its names.
        likeness: How near its nearest name is; None where no name was given.
        identified: Whether an identifier tells it, and its name does not speak against it.
        score: From 0 to 100.
        match: Whether it is certain.
        agreed: How well it meets each condition, from 0 to 100; None where it tells nothing of the property.
        features: What the score is made of.
    """

    number: int
    thing: Thing
    names: list[Name]
    likeness: Likeness | None = None
    identified: bool = False
    score: float = 0.0
    match: bool = False
    agreed: list[float | None] = field(default_factory=list)
    features: dict[str, float | bool] = field(default_factory=dict)

    def refuted(self) -> bool:
        """Tell whether a property differs."""
        return any(value is not None and value < _MET for value in self.agreed)

    def agrees(self) -> bool:
        """Tell whether a property has the value asked for, and none differs."""
        return not self.refuted() and 100.0 in self.agreed

    def meets(self, conditions: Sequence[Condition]) -> bool:
        """Tell whether it is all that is required; what it tells nothing of, it is not."""
        return all(
            value >= _MET if value is not None else condition.denied
            for condition, value in zip(conditions, self.agreed, strict=True)
            if condition.required
        )


def feature(prop: str) -> str:
    """Return what the feature of a property is called."""
    return f"property_{prop.replace('-', '_')}"


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
        self._meanings = Meanings(names)

    def candidates(self, query: Query) -> list[Candidate]:
        """Return the candidates, the best first."""
        if not query.text.strip():
            query = replace(query, text=_name_told(query.conditions))
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
        found = [candidate for candidate in found if candidate.meets(query.conditions)]
        found.sort(key=lambda candidate: (-candidate.score, candidate.thing.iri))
        return found[: query.limit]

    def _of_kinds(self, query: Query, kinds: tuple[str, ...]) -> list[Candidate]:
        meant = self._meanings.asked(query.conditions)
        asked = [entry for entry in meant if entry is not None]
        wanted = [(entry.prop, entry.values) for entry in asked if not entry.denied]
        text = Text(query.text)
        likeness: dict[int, Likeness] = {}
        namesakes, crowded = [], False
        written: dict[int, bool] = {}
        if text.folded:
            if wanted:  # of many namesakes, those that a property tells
                told = self.names.called(text.folded, kinds, wanted)
                crowded = len(told) >= NAMESAKES
                take(likeness, text, told)
            near(self.names, text, kinds, likeness)
            namesakes = self._namesakes(likeness)
            written = self._written(query.text, kinds)
        elif query.text.strip():
            return []
        coded = self._coded(query, kinds)
        still = self._unrefuted(namesakes, asked)
        numbers = list(dict.fromkeys([*written, *coded, *still[:_COMPARED], *best(likeness)]))
        if not text.folded and not numbers:
            numbers = self.names.with_values(wanted, kinds)
        # Where properties may move one up, more are looked at than are told.
        compared = _COMPARED if query.conditions or not text.folded else query.limit + _BESIDE
        numbers = numbers[: compared + len(written) + len(coded)]
        called, things = self.names.names(numbers), self.names.things(numbers)
        made = [Candidate(number, things[number], called[number]) for number in numbers]
        for candidate in made:
            if text.folded:
                _compare_names(candidate, text, likeness, written)
        for condition, entry in zip(query.conditions, meant, strict=True):
            self._compare(made, condition, entry)
        for candidate in made:
            _score(candidate, written.get(candidate.number), candidate.number in coded)
        crowded = crowded or not {*still} <= {*numbers} or any(len(entry.values) >= MOST_MEANT for entry in asked)
        sure = _sure(made, namesakes, still, crowded=crowded)
        if sure:
            sure.match = alone(sure, made)
        return made

    # --- by name ---

    def _namesakes(self, likeness: dict[int, Likeness]) -> list[int]:
        """Return the things whose name it is, or may be. Only organisations have legal forms to leave out."""
        same = [number for number, entry in likeness.items() if entry.same]
        things = self.names.things(same)
        for number in same:
            if likeness[number].formless and things[number].kind != "organisation":
                likeness[number] = Likeness(96.0)
        return [number for number in same if likeness[number].same]

    # --- by identifier ---

    def _written(self, text: str, kinds: tuple[str, ...]) -> dict[int, bool]:
        """Return the things whose identifier or IRI the text is, alone or with their name (True), or holds (False).

        Beside other words a code may stand for what the thing meant has to do with: "continues S20394".
        """
        number = self.names.number(text.strip())
        if number is not None and self.names.of_kinds([number], kinds):
            return {number: True}
        found = dict.fromkeys(self._of_code(text, kinds), True)
        if not found and " " in text.strip():
            for part in _CODE.findall(text)[:_CODES]:
                of_part = [] if re.fullmatch(r"\d{4}\W*", part) else self._of_code(part, kinds)
                rest = Text(text.replace(part, " ", 1))
                for number, called in self.names.names(of_part).items():
                    found[number] = any(rest.likeness(name).same for name in called)
        return found if len(found) <= _COMPARED else {}

    def _of_code(self, text: str, kinds: tuple[str, ...]) -> list[int]:
        forms = [form for form in folding.codes_asked(text) if folding.telling(form)]
        return self.names.of_kinds(self.names.identified(forms), kinds) if forms else []

    def _coded(self, query: Query, kinds: tuple[str, ...]) -> list[int]:
        """Return the things that a property names by their identifier or IRI."""
        found = [
            number
            for condition in query.conditions
            if condition.prop == "identifier" and not condition.denied
            for number in self._identified(condition)
        ]
        return self.names.of_kinds(found, kinds)[:_COMPARED]

    def _identified(self, condition: Condition) -> set[int]:
        """Return the things whose identifier or IRI is among the values of a condition."""
        given = [value if isinstance(value, str) else value[0] for value in condition.values]
        found = self.names.identified([form for value in given for form in folding.codes_asked(value)])
        return {*found, *(number for value in given if (number := self.names.number(value)) is not None)}

    # --- by properties ---

    def _unrefuted(self, numbers: list[int], asked: Sequence[Asked]) -> list[int]:
        """Return those things of which no property of the index differs from what is asked for."""
        left = set(numbers)
        for entry in asked:
            if left:
                having, telling = self.names.have(sorted(left), entry.prop, entry.values)
                left -= having if entry.denied else telling - having
        return [number for number in numbers if number in left]

    def _compare(self, made: list[Candidate], condition: Condition, asked: Asked | None) -> None:
        """Tell how well candidates meet a condition."""
        agreed: Callable[[Candidate], float | None]
        if asked:
            having, telling = self.names.have([c.number for c in made], asked.prop, asked.values)
            most = _GUESSED if asked.guessed else 100.0

            def agreed(candidate: Candidate) -> float | None:
                if candidate.number not in telling:
                    return None
                return most if (candidate.number in having) is not condition.denied else 0.0

        elif condition.prop == "identifier":
            given = self._identified(condition)

            def agreed(candidate: Candidate) -> float | None:
                return 100.0 if (candidate.number in given) is not condition.denied else 0.0

        else:
            wanted = [Value(value if isinstance(value, str) else value[0]) for value in condition.values]

            def agreed(candidate: Candidate) -> float | None:
                own = [Value(text) for text in self.told(candidate.thing.iri, condition.prop)[:_OWN]]
                if not own:
                    return None
                alike = round(max(a.alike(b) for a in own for b in wanted), 1)
                return 100.0 - alike if condition.denied else alike

        name = feature(condition.prop)
        for candidate in made:
            value = agreed(candidate)
            candidate.agreed.append(value)
            if value is not None:
                candidate.features[name] = min(value, float(candidate.features.get(name, value)))


# --- the score, and what is certain ---


def _compare_names(
    candidate: Candidate, text: Text, likeness: dict[int, Likeness], written: dict[int, bool]
) -> None:  # fmt: skip
    """Tell how near a candidate's names are."""
    found = likeness.get(candidate.number)
    if found is None:
        found = max(map(text.likeness, candidate.names), key=lambda entry: entry.similarity, default=Likeness())
    candidate.likeness = found
    candidate.features["name_similarity"] = round(found.similarity, 1)
    candidate.features["name_exact"] = found.same is Same.YES
    if found.initials:
        candidate.features["initials"] = True
    if candidate.number in written:
        candidate.features["identifier_match"] = True


def _score(candidate: Candidate, written: bool | None, coded: bool) -> None:
    """Give a candidate its score.

    Args:
        candidate: The candidate, its features told.
        written: Whether its identifier is all that the text tells beside its name (True), or not all (False).
        coded: Whether a property is its identifier.
    """
    told = [50.0 if value is None else value for value in candidate.agreed]
    properties = sum(told) / len(told) if told else 0.0
    if candidate.likeness is None:
        candidate.identified = coded
        score = properties
    else:
        similarity = candidate.likeness.similarity
        near = similarity >= _CERTAIN
        candidate.identified = written is True or (near and coded)
        least = 100.0 if written else 0.0 if written is None else 95.0 if near else 75.0
        score = max(similarity, least)
        if told:
            score = (1 - _PROPERTIES_WEIGH) * score + _PROPERTIES_WEIGH * properties
    candidate.score = 100.0 if coded and candidate.identified else round(score, 1)


def _sure(made: list[Candidate], namesakes: list[int], still: list[int], *, crowded: bool) -> Candidate | None:
    """Return the one that is meant, None where that is not certain.

    Args:
        made: The candidates, their properties compared.
        namesakes: All things whose name it is, or may be.
        still: Those of them of which no property of the index differs.
        crowded: Whether there are more of these than are among the candidates.
    """
    identified = [candidate for candidate in made if candidate.identified]
    if identified:
        one = identified[0]
        alone = len(identified) == 1 and (one.number in namesakes or not namesakes)
        return one if alone and not one.refuted() else None
    left = [candidate for candidate in made if candidate.number in still and not candidate.refuted()]
    if crowded or len(left) != 1:
        return None
    [one] = left
    told = one.likeness is not None and one.likeness.same is Same.YES
    return one if told and (len(namesakes) == 1 or one.agrees()) else None


def _name_told(conditions: Sequence[Condition]) -> str:
    """Return the name that a property tells where the query tells none; "" for none."""
    told = (condition for condition in conditions if condition.prop in ("name", "other-name") and not condition.denied)
    return next((value for condition in told for value in condition.values if isinstance(value, str)), "")


def alone(one: Candidate, made: Sequence[Candidate]) -> bool:
    """Tell whether a candidate is the best, and no other is as good: a match is the first that clients see."""
    return all(other is one or other.score < one.score for other in made)


def _likely(found: list[Candidate]) -> list[Candidate]:
    return [candidate for candidate in found if candidate.score >= _LEAST]


def suggested(names: Names, prefix: str, kinds: Sequence[str], skip: int, limit: int) -> list[int]:
    """Return the things whose identifier is a text, or whose names or words begin with it: `limit` behind `skip`."""
    folded = folding.fold(prefix)
    number = names.number(prefix.strip())
    exact = ([number] if number is not None else []) + names.identified(folding.codes_asked(prefix))
    found = dict.fromkeys(names.of_kinds(exact, kinds))
    if folded:
        found |= dict.fromkeys(names.beginning(folded, kinds, (skip + limit) * 4))
    return list(found)[skip : skip + limit]
