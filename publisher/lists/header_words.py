"""The words of headers of columns, in any official language of the Union: what stems stand in them, and what for.

A word is cut into stems: compounds (`Unionskofinanzierungssatz`) and inflections
count as the stems in them, a slip of the pen as the nearest stem. Stems stand for
concepts. All of them are listed in `headers.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from rapidfuzz import fuzz, process

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+|%|€|£|\$")
_ABBREVIATION = re.compile(r"(?<![^\W\d_])([^\W\d_])\.(?=[^\W\d_]\b)")
_DIGRAPHS = ("ae", "oe", "ue")

_LONGEST_WORD = 60
"""Characters of a word that is looked into: what is longer is hostile."""
_FUZZY_FROM, _FUZZY = 7, 89.0
_LAST = frozenset({"no"})
"""Small words that are none at the end of a header: `Project no.`"""


def fold(text: str) -> str:
    """Return a text in lower case without accents, ligatures and signs; words apart by one blank."""
    return " ".join(tokens(text))


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a text in lower case without accents and ligatures."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).replace("ς", "σ")


def tokens(text: str) -> list[str]:
    """Return the words of a text, folded; numbers are none."""
    text = _ABBREVIATION.sub(r"\1", _CAMEL.sub(" ", text).replace("_", " "))
    return [token for token in _TOKEN.findall(plain(text)) if not token.isdigit()]


@cache
def listed() -> dict[str, Any]:
    """Return everything that `headers.toml` lists."""
    return tomllib.loads(resources.files(__package__).joinpath("headers.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class _Stem:
    """A stem: the languages in which it has each concept."""

    text: str
    by_concept: dict[str, set[str]] = field(default_factory=dict)

    def concepts(self, language: str) -> frozenset[str]:
        """Return what it means in a language; in all, where it is a word of none."""
        own = frozenset(name for name, tags in self.by_concept.items() if language in tags or "any" in tags)
        return own if own and language else frozenset(self.by_concept)

    @property
    def languages(self) -> frozenset[str]:
        """The languages that it is a word of."""
        return frozenset[str]().union(*self.by_concept.values()) - {"any"}


@dataclass(frozen=True)
class Segment:
    """A part of a word: its concepts, its letters, the languages that it is of, how it was found (1 = exactly)."""

    concepts: frozenset[str]
    letters: int
    languages: frozenset[str]
    sure: float = 1.0


@dataclass(frozen=True)
class Words:
    """The words of a header or half of one: what is known of them as segments, and those that are unknown."""

    segments: list[Segment] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass
class _Dictionary:
    """The stems, by where in a word they stand; `sequences` are of several words."""

    words: dict[str, _Stem] = field(default_factory=dict)
    prefixes: dict[str, _Stem] = field(default_factory=dict)
    suffixes: dict[str, _Stem] = field(default_factory=dict)
    inner: dict[str, _Stem] = field(default_factory=dict)
    sequences: dict[tuple[str, ...], _Stem] = field(default_factory=dict)
    small: frozenset[str] = frozenset()
    fuzzy: list[str] = field(default_factory=list)

    def add(self, word: str, concept: str, language: str) -> None:
        """Add a word as it is listed: with `-` where it may go on."""
        parts = tuple(tokens(word.strip("-")))
        if not parts:
            return
        if len(parts) > 1:
            stem = self.sequences.setdefault(parts, _Stem(" ".join(parts)))
        else:
            tables = ((self.words, self.suffixes), (self.prefixes, self.inner))
            stem = tables[word.endswith("-")][word.startswith("-")].setdefault(parts[0], _Stem(parts[0]))
        stem.by_concept.setdefault(concept, set()).add(language)

    def anywhere(self, token: str) -> Iterator[_Stem]:
        """Yield the stems that are the whole of a word."""
        for table in (self.words, self.prefixes, self.suffixes, self.inner):
            if token in table:
                yield table[token]


@cache
def _dictionary() -> _Dictionary:
    read = listed()
    made = _Dictionary(small=frozenset(read["words"]["stop"].split()))
    for concept, by_language in read["concepts"].items():
        for language, words in by_language.items():
            for word in words:
                made.add(word, concept, language)
    candidates = {*made.words, *made.prefixes, *made.inner} - made.small
    made.fuzzy = sorted(word for word in candidates if len(word) >= _FUZZY_FROM)
    return made


def find(tokens: Sequence[str], tag: str) -> Words:
    """Return what is known of folded words in a language; of an unknown one ("") in all."""
    known = _dictionary()
    found = Words()
    index = 0
    while index < len(tokens):
        for length in (4, 3, 2):
            stem = known.sequences.get(tuple(tokens[index : index + length]))
            if stem and len(tokens) - index >= length:
                found.segments.append(_joined([stem], stem.text, tag))
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
                found.segments.extend(segments)
            elif len(token) > 1:
                found.unknown.append(token)
    return found


@lru_cache(maxsize=4096)
def _segments(token: str, tag: str) -> tuple[Segment, ...]:
    """Return the stems in a word; empty where it is unknown."""
    found = _cut(token, tag)
    if not found and 6 <= len(token) <= _LONGEST_WORD:
        # ä, ö and ü spelt with an e: those of one letter, else all.
        written = [token.replace(pair, pair[0]) for pair in _DIGRAPHS if pair in token]
        if len(written) > 1:
            written.append(re.sub("|".join(_DIGRAPHS), lambda match: match[0][0], token))
        found = next(filter(None, (_cut(word, tag) for word in written)), ())
    if not found and _FUZZY_FROM <= len(token) <= _LONGEST_WORD:
        known = _dictionary()
        near = process.extractOne(token, known.fuzzy, scorer=fuzz.ratio, score_cutoff=_FUZZY)
        if near:
            stem = known.words.get(near[0]) or known.prefixes.get(near[0]) or known.inner[near[0]]
            found = (Segment(stem.concepts(tag), len(token), stem.languages, near[1] / 100),)
    return found


def _cut(token: str, tag: str) -> tuple[Segment, ...]:
    known = _dictionary()
    exact = list(known.anywhere(token))
    if exact:
        return (_joined(exact, token, tag),)
    if len(token) > _LONGEST_WORD:
        return ()
    spans = _spans(token)
    if not spans:
        return ()
    length = len(token)
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
    return tuple(_joined(spans[start, end], token[start:end], tag) for start, end in path)


def _spans(token: str) -> dict[tuple[int, int], list[_Stem]]:
    """Return the stems in a word by where they begin and end."""
    known = _dictionary()
    length = len(token)
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
    return spans


def _joined(stems: Sequence[_Stem], text: str, tag: str) -> Segment:
    own = [stem for stem in stems if tag in stem.languages] or stems
    concepts = frozenset[str]().union(*(stem.concepts(tag) for stem in own))
    languages = frozenset[str]().union(*(stem.languages for stem in stems))
    return Segment(concepts, len(text), languages)
