"""What the header of a column says, in any official language of the Union: fields, each with how sure and why.

A header is cut into its halves (`a / b`, `pt | en`), each half into words, each
word into stems: compounds (`Unionskofinanzierungssatz`) and inflections count
as the stems in them. Stems are concepts; rules make fields of concepts. Whole
phrases that concepts do not tell are listed. All words stand in `headers.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from rapidfuzz import fuzz, process

from publisher.lists import fields

SURE = 0.6
"""A meaning below this is none."""

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+|%|€|£|\$")
_HALVES = re.compile(r"\s*[|/;\n]\s*|\s+[-–—]{1,2}\s+|\s*--\s*|\s{3,}")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ABBREVIATION = re.compile(r"(?<![^\W\d_])([^\W\d_])\.(?=[^\W\d_]\b)")
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"))

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
_LONGEST_HEADER, _LONGEST_WORD = 600, 60
"""Characters of a header and of a word that are looked at: what is longer is prose or hostile."""
_FUZZY_FROM, _FUZZY = 7, 89.0
_LAST = frozenset({"no"})
"""Small words that are none at the end of a header: `Project no.`"""


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


@dataclass(frozen=True)
class _Rule:
    field: str
    all: tuple[frozenset[str], ...]
    explained: frozenset[str]
    weight: float
    ask: str
    what: str


@dataclass(frozen=True)
class _Stem:
    """A stem: the languages in which it has each concept."""

    text: str
    by_concept: dict[str, frozenset[str]]

    def concepts(self, language: str) -> frozenset[str]:
        """Return what it means in a language; in all, where it is a word of none."""
        own = frozenset(name for name, tags in self.by_concept.items() if language in tags or "any" in tags)
        return own if own and language else frozenset(self.by_concept)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that it is a word of."""
        return frozenset[str]().union(*self.by_concept.values()) - {"any"}


@dataclass(frozen=True)
class _Segment:
    """A part of a word: its concepts, its letters, how it was found (1 = exactly)."""

    concepts: frozenset[str]
    letters: int
    languages: frozenset[str] = frozenset()
    sure: float = 1.0
    word: str = ""


@dataclass
class _Dictionary:
    words: dict[str, _Stem]
    prefixes: dict[str, _Stem]
    suffixes: dict[str, _Stem]
    inner: dict[str, _Stem]
    sequences: dict[tuple[str, ...], _Stem]
    rules: list[_Rule]
    phrases: dict[str, str]
    languages: dict[str, frozenset[str]]
    letters: dict[str, frozenset[str]]
    small: frozenset[str]
    fuzzy: list[str] = field(default_factory=list)


def fold(text: str) -> str:
    """Return a text in lower case without accents, ligatures and signs; words apart by one blank."""
    return " ".join(_tokens(text))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("ς", "σ")


def _tokens(text: str) -> list[str]:
    text = _ABBREVIATION.sub(r"\1", _CAMEL.sub(" ", text).replace("_", " "))
    return [token for token in _TOKEN.findall(_plain(text)) if not token.isdigit()]


@cache
def words(kind: str) -> tuple[str, ...]:
    """Return a list of words of `headers.toml` that is no header's: `missing`."""
    return tuple(_file()["words"][kind])


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("headers.toml").read_text(encoding="utf-8"))


@cache
def _dictionary() -> _Dictionary:
    read = _file()
    made: tuple[dict[str, dict[str, set[str]]], ...] = ({}, {}, {}, {})
    sequences: dict[tuple[str, ...], dict[str, set[str]]] = {}
    for concept, by_language in read["concepts"].items():
        for language, words in by_language.items():
            for word in words:
                begins, ends = word.endswith("-"), word.startswith("-")
                tokens = _tokens(word.strip("-"))
                if len(tokens) == 1:
                    stem = made[(1 if begins else 0) + (2 if ends else 0)].setdefault(tokens[0], {})
                elif tokens:
                    stem = sequences.setdefault(tuple(tokens), {})
                else:
                    continue
                stem.setdefault(concept, set()).add(language)

    def stems(table: dict[str, dict[str, set[str]]]) -> dict[str, _Stem]:
        return {text: _Stem(text, {c: frozenset(tags) for c, tags in told.items()}) for text, told in table.items()}

    rules = [
        _Rule(
            rule["field"],
            tuple(frozenset(group) for group in rule["all"]),
            frozenset(name for group in rule["all"] for name in group) | frozenset(rule.get("also", ())),
            rule["weight"],
            rule.get("ask", ""),
            rule.get("what", ""),
        )
        for rule in read["rules"]
    ]
    phrases = {fold(text): name for text, name in read["phrases"].items()}
    for name in fields.FIELDS:
        phrases.setdefault(fold(name), name)
    found = _Dictionary(
        stems(made[0]),
        stems(made[1]),
        stems(made[2]),
        stems(made[3]),
        {
            key: _Stem(" ".join(key), {c: frozenset(tags) for c, tags in told.items()})
            for key, told in sequences.items()
        },
        rules,
        phrases,
        {language: frozenset(_plain(words).split()) for language, words in read["languages"].items()},
        {language: frozenset(letters) for language, letters in read["letters"].items()},
        frozenset(read["words"]["stop"].split()),
    )
    found.fuzzy = sorted(
        word
        for word in {*found.words, *found.prefixes, *found.inner}
        if len(word) >= _FUZZY_FROM and word not in found.small
    )
    return found


@lru_cache(maxsize=4096)
def _segments(token: str, tag: str) -> tuple[_Segment, ...]:
    """Return the stems in a word; empty where it is unknown."""
    found = _cut(token, tag)
    if not found and 6 <= len(token) <= _LONGEST_WORD:
        for digraph, letter in _DIGRAPHS:
            if digraph in token:
                found = found or _cut(token.replace(digraph, letter), tag)
        if not found:
            found = _cut(re.sub("ae|oe|ue", lambda match: match.group()[0], token), tag)
    if not found and _FUZZY_FROM <= len(token) <= _LONGEST_WORD:
        known = _dictionary()
        near = process.extractOne(token, known.fuzzy, scorer=fuzz.ratio, score_cutoff=_FUZZY)
        if near:
            stem = known.words.get(near[0]) or known.prefixes.get(near[0]) or known.inner[near[0]]
            found = (_Segment(stem.concepts(tag), len(token), stem.languages, near[1] / 100, token),)
    return found


def _cut(token: str, tag: str) -> tuple[_Segment, ...]:
    known = _dictionary()
    exact = [table[token] for table in (known.words, known.prefixes, known.suffixes, known.inner) if token in table]
    if exact:
        return (_joined(exact, token, token, tag),)
    length = len(token)
    if length > _LONGEST_WORD:
        return ()
    spans: dict[tuple[int, int], list[_Stem]] = {}
    for end in range(3, length):
        tail = length - end
        head = token[:end]
        if stem := known.prefixes.get(head):
            if tail <= 2 * end + 2:
                spans.setdefault((0, end), []).append(stem)
        # A whole word at the beginning of a compound: Projekt|name.
        elif (stem := known.words.get(head)) and end >= 6 and (tail <= 3 or end >= 7):
            spans.setdefault((0, end), []).append(stem)
    for start in range(1, length - 2):
        if stem := known.suffixes.get(token[start:]):
            spans.setdefault((start, length), []).append(stem)
    for start in range(length - 2):
        for end in range(start + 3, length + 1):
            if stem := known.inner.get(token[start:end]):
                spans.setdefault((start, end), []).append(stem)
    if not spans:
        return ()
    # The stems that cover most letters without overlap.
    best: list[tuple[int, int, tuple[tuple[int, int], ...]]] = [(0, 0, ())]
    for position in range(1, length + 1):
        choice = best[-1]
        for start, end in spans:
            if end == position:
                covered, parts, path = best[start]
                candidate = (covered + end - start, parts - 1, (*path, (start, end)))
                if candidate[0] + 2.9 * candidate[1] > choice[0] + 2.9 * choice[1]:
                    choice = candidate
        best.append(choice)
    covered, _, path = best[-1]
    if covered * 2 < length and covered < 5:
        return ()
    return tuple(_joined(spans[span], token[span[0] : span[1]], token, tag) for span in path)


def _joined(stems: Sequence[_Stem], text: str, word: str, tag: str) -> _Segment:
    own = [stem for stem in stems if tag in stem.languages] or stems
    concepts = frozenset[str]().union(*(stem.concepts(tag) for stem in own))
    languages = frozenset[str]().union(*(stem.languages for stem in stems))
    return _Segment(concepts, len(text), languages, 1.0, word)


@dataclass
class _Words:
    """The words of a header or half of one, as segments; how many are unknown, of how many that count."""

    segments: list[_Segment] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def _words(tokens: Sequence[str], tag: str) -> _Words:
    known = _dictionary()
    found = _Words()
    index = 0
    while index < len(tokens):
        for length in (4, 3, 2):
            stem = known.sequences.get(tuple(tokens[index : index + length]))
            if stem and len(tokens) - index >= length:
                found.segments.append(_joined([stem], stem.text, stem.text, tag))
                index += length
                break
        else:
            token = tokens[index]
            index += 1
            joined = token + tokens[index] if index < len(tokens) else ""
            if len(joined) >= 10 and (joined in known.words or joined in known.prefixes or joined in known.inner):
                token, index = joined, index + 1  # a word that a line end cut: Zusammen-fassung
            segments = _segments(token, tag)
            own = tag and any(tag in segment.languages for segment in segments)
            last = index == len(tokens) and token in _LAST
            if token in known.small and not (segments and (own or last or len(tokens) <= 2)):
                continue
            if segments:
                found.segments += segments
            elif len(token) > 1:
                found.unknown.append(token)
    return found


def _told(
    groups: Sequence[frozenset[str]], segments: Sequence[_Segment], used: tuple[int, ...] = ()
) -> tuple[int, ...] | None:
    """Return which segment tells each group, each its own; None where some group is not told."""
    if not groups:
        return used
    for index, segment in enumerate(segments):
        if index not in used and segment.concepts & groups[0]:
            rest = _told(groups[1:], segments, (*used, index))
            if rest is not None:
                return rest
    return None


def _by_rules(words: _Words) -> list[Meaning]:
    concepts = (
        frozenset[str]().union(*(segment.concepts for segment in words.segments)) if words.segments else frozenset()
    )
    total = sum(segment.letters for segment in words.segments) + sum(map(len, words.unknown))
    meanings: list[Meaning] = []
    for rule in _dictionary().rules:
        if not all(group & concepts for group in rule.all):
            continue
        told = _told(rule.all, words.segments)
        if told is None:
            continue
        score = rule.weight + 0.02 * (len(rule.all) - 1)
        for segment in words.segments:
            if not segment.concepts & rule.explained and _NEUTRAL not in segment.concepts:
                weak = segment.concepts & _WEAK or (rule.field in fields.MONEY and segment.concepts & _WEAK_FOR_MONEY)
                if rule.field in _NAMING and segment.concepts & _STRONG_FOR_NAMES:
                    weak = False
                score -= _UNEXPLAINED_WEAK if weak else _UNEXPLAINED
        if total:
            score -= _UNKNOWN * sum(map(len, words.unknown)) / total
        if words.unknown and len(rule.all) == 1 and rule.all[0] <= _GENERIC:
            score -= _UNKNOWN  # the number of something unknown
        score *= min(words.segments[index].sure for index in told)
        if score < SURE:
            continue
        seen = ", ".join(
            _told_concept(group, words.segments[index]) for group, index in zip(rule.all, told, strict=True)
        )
        meanings.append(
            Meaning(
                rule.field,
                min(score, 0.99),
                seen,
                _stage(concepts, rule.field),
                rule.ask,
                rule.what,
                _status(concepts, rule.field),
            )
        )
    return meanings


def _told_concept(group: frozenset[str], segment: _Segment) -> str:
    return sorted(group & segment.concepts)[0]


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


def _by_phrase(folded: str) -> list[Meaning]:
    known = _dictionary().phrases
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


_THOUSAND = re.compile(
    r"\b(?:thousands?|tuhat(?:ta)?|tusen|tusind|tsd|tausend|milliers|miles|milhares|migliaia|duizend|tys|tis(?:ic)?|"
    r"tisuce?|tisoc|ezer|mii|хил(?:яди)?|tuh(?:andetes)?|tukst|χιλ(?:ιαδες)?|t€|teur|keur|k€|"
    r"k eur|tkr|t kr|1 ?000|1\.000|000s)\b|[kt]€|k£"
)
_MILLION = re.compile(
    r"\b(?:millions?|miljoonaa|milj|mio|miljoner|mkr|mnkr|millionen|mln|millones|milhoes|milioni|miljoen|milionech|milijon|"
    r"millio|milioane|млн|милиона|miljon|εκατ|meur|m€|m£)\b|[£€$]\s?m\b|\bm[£€]"
)
_UNIT = re.compile(
    r"(?<![^\W_])([A-Z]{3}|eur|euro|euros|euroa|euroja|sek|dkk|gbp|pln|czk|huf|ron|bgn|hrk)(?![^\W_])|([€£])|"
    r"(?<![^\W_])(zł|Kč|kn|лв|Ft|lei)(?![^\W_])"
)
_BY_SIGN = {"€": "EUR", "£": "GBP", "zł": "PLN", "Kč": "CZK", "kn": "HRK", "лв": "BGN", "Ft": "HUF", "lei": "RON"}
_EUROS = frozenset({"EURO", "EUROS", "EUROA", "EUROJA"})
_CURRENCIES = frozenset(
    (
        "EUR", "GBP", "SEK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "HRK", "CHF", "NOK", "ISK", "LTL", "LVL", "EEK",
        "SKK", "SIT", "MTL", "CYP", "USD",
    )
)  # fmt: skip


def _units(text: str) -> tuple[str, int, bool]:
    """Return currency, multiple and whether per cent is named as the unit of a column."""
    currency = ""
    for match in _UNIT.finditer(text.replace("_", " ")):
        code = _BY_SIGN.get(match[0], match[0].upper())
        code = "EUR" if code in _EUROS else code
        if code in _CURRENCIES:
            currency = code
    lower = _plain(text.replace("_", " "))
    million = bool(_MILLION.search(lower))
    thousand = not million and bool(_THOUSAND.search(lower))
    percent = "%" in text or "prozent" in lower or "percent" in lower or "procent" in lower
    return currency, 1_000_000 if million else 1000 if thousand else 1, percent


@lru_cache(maxsize=4096)
def read(text: str, tag: str = "") -> Header:
    """Return what a header says; without any meaning where no words of it are known.

    Args:
        text: The header.
        tag: The list's language, where it is known: a word that has another meaning elsewhere has its meaning there.
    """
    text = text[:_LONGEST_HEADER]
    currency, multiple, percent = _units(text)
    folded = fold(text)
    whole = _by_phrase(folded)
    languages: Counter[str] = Counter()
    if fields.find(text.strip()) is not None:
        base, stage = _base(text.strip())
        return Header(
            text, (Meaning(base, 1.0, text.strip(), stage),), languages, currency, multiple, percent, exact=True
        )
    bare = _BRACKETS.sub(" ", text)
    halves = [half for half in _HALVES.split(bare) if half and _tokens(half)]
    generic = [_generic(half, tag) for half in halves]
    if any(generic) and not all(generic):
        # "Intervention field - code": one half only says which side of the other is meant.
        halves = [" ".join(halves)]
    pieces: list[tuple[str, float]] = [(half, 1.0) for half in halves]
    if len(halves) > 1:
        pieces.append((bare, 0.97))
    if bare != text:
        pieces.append((text, 0.95))
    votes: dict[str, list[Meaning]] = {}
    tops: list[Meaning] = []
    silent = 0
    for piece, trust in pieces:
        tokens = _tokens(piece)
        words = _words(tokens, tag)
        if trust == 1.0:
            for segment in words.segments:
                languages.update(segment.languages)
        piece_meanings = _by_phrase(" ".join(tokens)) if trust == 1.0 else []
        best: dict[str, Meaning] = {}
        for meaning in (*piece_meanings, *_by_rules(words)):
            weighed = replace(meaning, score=meaning.score * trust)
            if meaning.name not in best or best[meaning.name].score < weighed.score:
                best[meaning.name] = weighed
        if (
            not best
            and trust == 1.0
            and len(halves) > 1
            and any(not segment.concepts & (_WEAK | _GENERIC) for segment in words.segments)
        ):
            silent += 1
        for name, meaning in best.items():
            votes.setdefault(name, []).append(meaning)
        if best and len(tops) < len(halves) + (len(halves) > 1):
            tops.append(max(best.values(), key=lambda meaning: meaning.score))
    combined = {}
    for name, heard in votes.items():
        heard.sort(key=lambda meaning: -meaning.score)
        first = heard[0]
        score = first.score if len(heard) == 1 else 1 - (1 - first.score) * (1 - 0.5 * heard[1].score)
        # Half of the header says something that no rule knows: the other half alone is no proof.
        combined[name] = replace(first, score=min(score, 0.99) - _SILENT * silent)
    # Halves that say different things are a heading and what stands under it: the whole of them counts.
    if (len(halves) > 1 and len(tops) > 1 and len({meaning.name for meaning in tops[:-1]}) > 1) or (
        len(tops) > 1
        and tops[-1].field in fields.MONEY
        and tops[-1].field == tops[0].field
        and tops[-1].stage != tops[0].stage
    ):
        last = tops[-1]
        if last.field in fields.MONEY and last.score >= 0.75:
            combined = {
                name: meaning if name == last.name else replace(meaning, score=min(meaning.score, last.score - 0.02))
                for name, meaning in combined.items()
            }
    for meaning in whole:  # what the dictionary says of the whole header counts more than what its words may say
        combined = {
            name: replace(other, score=min(other.score, meaning.score - 0.05)) for name, other in combined.items()
        }
        combined[meaning.name] = meaning
    meanings = tuple(sorted(combined.values(), key=lambda meaning: (-meaning.score, meaning.name)))
    return Header(text, meanings, languages, currency, multiple, percent, exact=any(m.score == 1.0 for m in whole))


def _generic(half: str, tag: str) -> bool:
    words = _words(_tokens(half), tag)
    return (
        bool(words.segments) and not words.unknown and all(segment.concepts <= _GENERIC for segment in words.segments)
    )


def language(headers: Iterable[Header], texts: Iterable[str]) -> tuple[str, float, str]:
    """Return the language of a list by its headers' words and the small words and letters of its texts.

    Args:
        headers: Its headers.
        texts: Texts in the list's language: names and summaries of operations.

    Returns:
        The language's tag, "" where nothing tells it; how sure, from 0 to 1; why.
    """
    known = _dictionary()
    words: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    total = 0
    for text in texts:
        lowered = text.casefold()
        letters.update(lowered)
        for token in _plain(lowered).split():
            words[token] += 1
            total += 1
    score: dict[str, float] = {}
    count = sum(n for sign, n in letters.items() if sign.isalpha()) or 1
    greek = sum(n for sign, n in letters.items() if "\u0370" <= sign <= "\u03ff") / count
    cyrillic = sum(n for sign, n in letters.items() if "\u0400" <= sign <= "\u04ff") / count
    for tag, small in known.languages.items():
        if (tag == "el") != (greek > 0.3) or (tag == "bg") != (cyrillic > 0.3):
            continue
        hits = sum(words[word] for word in small) / (total or 1)
        own = known.letters.get(tag, frozenset())
        foreign = (
            sum(n for sign, n in letters.items() if sign.isalpha() and ord(sign) > 127 and sign not in own) / count
        )
        proper = sum(n for sign, n in letters.items() if sign in own) / count
        score[tag] = hits + 0.6 * min(proper, 0.1) - 3 * foreign if tag not in ("el", "bg") else hits + 0.5
    by_header: Counter[str] = Counter()
    for header in headers:
        if header.languages:
            by_header.update({tag: 1 / len(header.languages) for tag in header.languages})
    most = sum(by_header.values()) or 1
    # English names beside every header are the law's custom, no sign of the list's language.
    for tag, votes in by_header.items():
        if tag in score:
            score[tag] += (0.05 if tag == "en" else 0.25) * votes / most
    if not score or (total < 10 and not by_header):
        return "", 0.0, "no words of a known language"
    (first, high), *rest = sorted(score.items(), key=lambda item: -item[1])
    second = rest[0][1] if rest else 0.0
    if high <= 0.05:
        return "", 0.0, "no words of a known language"
    sure = max(0.3, min(0.99, 0.5 + (high - second) / (high + 0.05)))
    return first, round(sure, 2), "small words, letters and the headers' words"
