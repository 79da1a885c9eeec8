"""What the header of a column says, in any official language of the Union: fields, each with how sure and why.

A header is cut into its halves (`a / b`, `pt | en`), each half into the concepts
that its words stand for (`header_words`); rules make fields of concepts. Whole
phrases that concepts do not tell are listed, like the rules, in `headers.toml`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from publisher.lists import fields, header_words
from publisher.lists.header_units import unit
from publisher.lists.header_words import Segment, Words, fold, tokens

SURE = 0.6
"""A meaning below this is none."""

_HALVES = re.compile(r"\s*[|/;\n]\s*|\s+[-–—]{1,2}\s+|\s*--\s*|\s{3,}")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")

_WEAK = frozenset(
    {
        "operation", "name", "title", "awarded", "last", "leader", "total", "expected", "actual", "unique", "other",
        "location", "date", "public", "state", "source", "eu", "support", "category", "natural", "investment",
    }
)  # fmt: skip
"""Concepts that a rule forgives where it does not explain them."""
_WEAK_FOR_MONEY = frozenset({"end", "start", "case", "rate", "period", "programme", "priority", "fund", "beneficiary"})
_STRONG_FOR_NAMES = frozenset({"category", "support", "public", "state", "eu", "location", "total", "investment"})
_NAMING = frozenset({"code", "title", "beneficiary_name", "partners"})
_GENERIC = frozenset({"code", "name", "title", "date", "category", "summary"})
"""Concepts that say which side of a thing is meant, not which thing."""
_NEUTRAL = "realisation"
_UNEXPLAINED, _UNEXPLAINED_WEAK, _UNKNOWN, _SILENT = 0.36, 0.07, 0.22, 0.12
"""What a concept that a rule does not explain takes from its weight; a weak one; unknown words; an unknown half."""
_LONGEST_HEADER = 600
"""Characters of a header that are looked at: what is longer is prose or hostile."""


@dataclass(frozen=True)
class Meaning:
    """What a header may mean.

    Args:
        field: A field's name; or `_personal`, `_location`, `_coordinates`, `_rownumber`, `_none`.
        score: How sure, from 0 to 1.
        words: What its words speak of (`name, operation`), or the phrase that it is.
        stage: Of money: `committed`, `planned`, `paid`.
        ask: What the words leave open; "" where nothing.
        what: For `_none`: what the column is.
        status: For an end: `expected` or `actual`, where the words say so.
    """

    field: str
    score: float
    words: str
    stage: str = "committed"
    ask: str = ""
    what: str = ""
    status: str = ""

    @property
    def name(self) -> str:
        """The field with its stage in front, where it is money: `paid_eu_amount`."""
        if self.field in fields.MONEY and self.stage != "committed":
            return f"{self.stage}_{self.field}"
        return self.field


@dataclass(frozen=True)
class Header:
    """A header, read.

    Args:
        text: As it stands.
        meanings: The surest first, one for a field.
        languages: How many of its words each language has.
        currency: The currency that it names as a unit, or "".
        multiple: The unit that it names: 1000, 1000000, or 1.
        percent: Whether it names per cent as its unit.
        exact: Whether it is a canonical name or a phrase of the dictionary.
    """

    text: str
    meanings: tuple[Meaning, ...]
    languages: Counter[str] = field(default_factory=Counter)
    currency: str = ""
    multiple: int = 1
    percent: bool = False
    exact: bool = False


@lru_cache(maxsize=4096)
def read(text: str, tag: str = "") -> Header:
    """Return what a header says; without any meaning where no words of it are known.

    Args:
        text: The header.
        tag: The list's language, where it is known: a word that has another meaning elsewhere has its meaning there.
    """
    text = text[:_LONGEST_HEADER]
    name = text.strip()
    if fields.find(name) is not None:
        base, stage = _base(name)
        return Header(text, (Meaning(base, 1.0, name, stage),), Counter(), *unit(text), exact=True)
    bare = _BRACKETS.sub(" ", text)
    halves = _halves(bare, tag)
    heard: list[dict[str, Meaning]] = []
    languages: Counter[str] = Counter()
    silent = 0
    for half in halves:
        folded = tokens(half)
        words = header_words.find(folded, tag)
        for segment in words.segments:
            languages.update(segment.languages)
        meanings = _surest((*_by_phrase(" ".join(folded)), *_by_rules(words)))
        heard.append(meanings)
        speaks = any(not segment.concepts & (_WEAK | _GENERIC) for segment in words.segments)
        silent += not meanings and speaks and len(halves) > 1
    # What it says as a whole, and with what stands in brackets, counts a little less.
    for whole, trust in [(bare, 0.97)] * (len(halves) > 1) + [(text, 0.95)] * (bare != text):
        meanings = _surest(_by_rules(header_words.find(tokens(whole), tag)))
        heard.append({name: replace(one, score=one.score * trust) for name, one in meanings.items()})
    heard = [meanings for meanings in heard if meanings]
    combined = _combined(heard, silent)
    if len(halves) > 1:
        combined = _under_heading(combined, heard[: len(halves) + 1])
    known = _by_phrase(fold(text))
    for meaning in known:  # what the dictionary says of the whole header counts more than what its words may say
        combined = {**_at_most(combined, meaning.score - 0.05), meaning.name: meaning}
    ordered = tuple(sorted(combined.values(), key=lambda meaning: (-meaning.score, meaning.name)))
    return Header(text, ordered, languages, *unit(text), exact=any(meaning.score == 1.0 for meaning in known))


def _halves(text: str, tag: str) -> list[str]:
    """Return the halves of a header; it is one where some only say which side of the other is meant: `… - code`."""
    halves = [half for half in _HALVES.split(text) if half and tokens(half)]
    generic = [_generic(header_words.find(tokens(half), tag)) for half in halves]
    return [" ".join(halves)] if any(generic) and not all(generic) else halves


def _generic(words: Words) -> bool:
    known = bool(words.segments) and not words.unknown
    return known and all(segment.concepts <= _GENERIC for segment in words.segments)


def _surest(meanings: Iterable[Meaning]) -> dict[str, Meaning]:
    """Return the surest meaning of each name."""
    best: dict[str, Meaning] = {}
    for meaning in meanings:
        if meaning.name not in best or best[meaning.name].score < meaning.score:
            best[meaning.name] = meaning
    return best


def _combined(heard: Sequence[dict[str, Meaning]], silent: int) -> dict[str, Meaning]:
    """Return what is said in any place, surer where it is said twice; `silent` halves take from it."""
    votes: dict[str, list[Meaning]] = {}
    for meanings in heard:
        for name, meaning in meanings.items():
            votes.setdefault(name, []).append(meaning)
    combined = {}
    for name, said in votes.items():
        first, *others = sorted(said, key=lambda meaning: -meaning.score)
        score = 1 - (1 - first.score) * (1 - 0.5 * others[0].score) if others else first.score
        # Half of the header says something that no rule knows: the other half alone is no proof.
        combined[name] = replace(first, score=min(score, 0.99) - _SILENT * silent)
    return combined


def _under_heading(combined: dict[str, Meaning], heard: Sequence[dict[str, Meaning]]) -> dict[str, Meaning]:
    """Weigh halves that say different things, a heading and what stands under it: the whole of them counts."""
    tops = [max(meanings.values(), key=lambda meaning: meaning.score) for meanings in heard]
    if len(tops) < 2 or tops[-1].field not in fields.MONEY or tops[-1].score < 0.75:
        return combined
    first, last = tops[0], tops[-1]
    other_stage = last.field == first.field and last.stage != first.stage
    if other_stage or len({meaning.name for meaning in tops[:-1]}) > 1:
        return {**_at_most(combined, last.score - 0.02), last.name: combined[last.name]}
    return combined


def _at_most(meanings: dict[str, Meaning], most: float) -> dict[str, Meaning]:
    return {name: replace(meaning, score=min(meaning.score, most)) for name, meaning in meanings.items()}


# -- what words make a field


@dataclass(frozen=True)
class _Rule:
    field: str
    all: tuple[frozenset[str], ...]
    explained: frozenset[str]
    weight: float
    ask: str
    what: str


@cache
def _rules() -> list[_Rule]:
    return [
        _Rule(
            rule["field"],
            tuple(map(frozenset, rule["all"])),
            frozenset().union(*rule["all"], rule.get("also", ())),
            rule["weight"],
            rule.get("ask", ""),
            rule.get("what", ""),
        )
        for rule in header_words.listed()["rules"]
    ]


def _by_rules(words: Words) -> Iterator[Meaning]:
    """Yield the meanings that rules make of the concepts that words stand for."""
    concepts = frozenset[str]().union(*(segment.concepts for segment in words.segments))
    for rule in _rules():
        if not all(group & concepts for group in rule.all):
            continue
        told = _told(rule.all, words.segments)
        score = _score(rule, words, told) if told is not None else 0.0
        if told is None or score < SURE:
            continue
        seen = ", ".join(min(group & segment.concepts) for group, segment in zip(rule.all, told, strict=True))
        stage, status = _stage(concepts, rule.field), _status(concepts, rule.field)
        yield Meaning(rule.field, min(score, 0.99), seen, stage, rule.ask, rule.what, status)


def _told(
    groups: Sequence[frozenset[str]], segments: Sequence[Segment], used: tuple[int, ...] = ()
) -> list[Segment] | None:
    """Return which segment tells each group, each its own; None where some group is not told."""
    if not groups:
        return [segments[index] for index in used]
    for index, segment in enumerate(segments):
        if index not in used and segment.concepts & groups[0]:
            rest = _told(groups[1:], segments, (*used, index))
            if rest is not None:
                return rest
    return None


def _score(rule: _Rule, words: Words, told: Sequence[Segment]) -> float:
    """Return how sure it is that a rule's field is meant by words, some of which tell its groups."""
    score = rule.weight + 0.02 * (len(rule.all) - 1)
    for segment in words.segments:
        if not segment.concepts & rule.explained and _NEUTRAL not in segment.concepts:
            weak = segment.concepts & _WEAK or (rule.field in fields.MONEY and segment.concepts & _WEAK_FOR_MONEY)
            if rule.field in _NAMING and segment.concepts & _STRONG_FOR_NAMES:
                weak = False
            score -= _UNEXPLAINED_WEAK if weak else _UNEXPLAINED
    if words.unknown:
        unknown = sum(map(len, words.unknown))
        score -= _UNKNOWN * unknown / (unknown + sum(segment.letters for segment in words.segments))
        if len(rule.all) == 1 and rule.all[0] <= _GENERIC:
            score -= _UNKNOWN  # the number of something unknown
    return score * min(segment.sure for segment in told)


def _stage(concepts: frozenset[str], name: str) -> str:
    if name not in fields.MONEY:
        return "committed"
    if "paid" in concepts:
        return "paid"
    return "planned" if "planned" in concepts or "expected" in concepts else "committed"


def _status(concepts: frozenset[str], name: str) -> str:
    if name != "end":
        return ""
    return "expected" if "expected" in concepts else "actual" if "actual" in concepts else ""


@cache
def _phrases() -> dict[str, str]:
    listed = {fold(text): name for text, name in header_words.listed()["phrases"].items()}
    return {**listed, **{fold(name): name for name in fields.FIELDS}, **listed}


def _by_phrase(folded: str) -> list[Meaning]:
    """Return the meaning that a folded text has as a whole, where it is listed or nearly so."""
    known = _phrases()
    name = known.get(folded)
    sure = 1.0
    if name is None and len(folded) >= 9:
        near = process.extractOne(folded, known.keys(), scorer=fuzz.ratio, score_cutoff=93.0)
        if near:
            name, sure = known[near[0]], near[1] / 100 - 0.05
    if name is None:
        return []
    ask = ""
    if name.endswith("?"):
        name, sure, ask = name[:-1], sure - 0.1, f'whether "{folded}" is meant so'
    base, stage = _base(name)
    return [Meaning(base, sure, folded, stage, ask, what="not used" if name == "_none" else "")]


def _base(name: str) -> tuple[str, str]:
    """Return a field without its stage, and its stage."""
    money = fields.money(name)
    if money is None or name in fields.MONEY:
        return name, "committed"
    return name.removeprefix(f"{money[0]}_"), money[0]
