"""How near two texts are: a name that somebody wrote and a name of a thing, or two values of a property.

That a name is the same is told apart from that it is near: only the same name can be
matched without a person's judgement, and so the rules for it are strict. It is the same
where all words are, in their order, with the same signs (*Nuoret+*); an organisation's legal form may
be left out on one side but not be another; who writes no diacritics at all may mean
them, who writes some means those.

Similarity of texts: rapidfuzz.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import fuzz

from publisher import folding
from publisher.names import INITIALS
from publisher.web.names import Name

_LONG = 8
"""Letters from which a name is told without its diacritics: a shorter one may be another word."""
_ABBREVIATED = 4
"""Letters to which a name in capitals is an abbreviation, which may be a word in small ones: *AKU* is not *aku*.

One without a vowel is no word, and the same however it is written: *thl*.
"""
_BEGUN, _BEGINNING = 3, 66.0
"""Letters from which the beginning of a name is taken for it, and how near it is at least: *Diak*."""
_YEAR = re.compile(r"\s*(\d{4})(?:-\d\d(?:-\d\d(?:T.*)?)?)?\s*\Z", re.DOTALL)


class Same(IntEnum):
    """Whether a name is what was written: not; perhaps, so that nothing else is it for certain; or yes."""

    NO, PERHAPS, YES = range(3)


@dataclass(frozen=True)
class Likeness:
    """How near a name is to a text.

    Args:
        similarity: From 0 to 100.
        same: Whether it is the same name.
        initials: Whether the text is initials that were made of the name.
        formless: Whether it is the same only without the legal form: only organisations have one.
    """

    similarity: float = 0.0
    same: Same = Same.NO
    initials: bool = False
    formless: bool = False


class Text:
    """A text to compare names with.

    Args:
        written: The text.
    """

    def __init__(self, written: str) -> None:
        """Make its forms, once for all names."""
        self.written = written
        self.folded = folding.fold(written)
        self._core = folding.core(self.folded)
        self._stems = self._core if written.isupper() and len(written) <= _ABBREVIATED else folding.stems(self._core)
        self._forms = folding.legal_forms(self.folded)
        self._bare = folding.bare(written)
        self._plain = folding.plain(written)
        self._signs = folding.signs(written)

    def likeness(self, name: Name) -> Likeness:
        """Return how near a name is."""
        if name.role == INITIALS:
            letters = self.folded.replace(" ", "")
            return Likeness(80.0, initials=True) if letters == name.folded else Likeness()
        core = folding.core(name.folded)
        if core != self._core:
            return Likeness(self._similarity(core))
        forms = folding.legal_forms(name.folded)
        if forms and self._forms and not forms & self._forms:
            return Likeness(88.0)
        same = self._same(name)
        if same is Same.NO:
            return Likeness(96.0)
        whole = name.folded == self.folded
        return Likeness(100.0 if whole and same is Same.YES else 98.0, same, formless=not whole)

    def _same(self, name: Name) -> Same:
        """Tell whether a name is the same whose words are, diacritics and legal form left out."""
        if max(len(self.written), len(name.text)) > folding.LONGEST or folding.signs(name.text) != self._signs:
            return Same.NO  # of a longer one the end was not compared
        bare = folding.bare(name.text)
        if bare != self._bare and (not self._plain or len(bare) < _LONG):
            return Same.PERHAPS if self._plain else Same.NO
        capitals = bare.upper()
        abbreviated = len(bare) <= _ABBREVIATED and capitals in name.text and capitals not in self.written
        return Same.PERHAPS if abbreviated and folding.sounded(bare) else Same.YES

    def _similarity(self, core: str) -> float:
        """Return how similar a name is that is another one; stems say less where there is but one.

        *Kemin* is of *Kemi*, though *Kemiö* has the same stem: of those, the one with more letters in common is nearer.
        """
        letters = fuzz.ratio(self._core, core)
        stems = fuzz.ratio(self._stems, folding.stems(core))
        similar = max(
            letters,
            _BEGINNING if core.startswith(self._core) and len(self._core) >= _BEGUN else 0.0,
            0.97 * fuzz.token_sort_ratio(self._core, core),
            (0.86 if " " in self._core else 0.78) * stems + 0.08 * letters,
            self._share(core) * fuzz.token_set_ratio(self._core, core),
        )
        return min(similar, 96.0)

    def _share(self, core: str) -> float:
        """Return what it counts that the words of one name are all in the other: less, the more words that one has."""
        longest = max(len(self._core), len(core))
        words = 0.7 if " " in self._core and " " in core else 0.6
        return words + 0.2 * min(len(self._core), len(core)) / longest


def year(text: str) -> int | None:
    """Return the year of a date or a year, None where the text is neither."""
    found = _YEAR.match(text)
    return int(found[1]) if found else None


class Value:
    """A value of a property to compare as a text.

    Args:
        text: The value.
    """

    def __init__(self, text: str) -> None:
        """Make its forms, once for all values."""
        self.text = text.strip()
        self.folded = folding.fold(text)
        self.dated = year(self.text) is not None

    def alike(self, other: Value) -> float:
        """Return how similar two are: dates by what both tell, numbers as numbers, all else by their letters."""
        if self.dated and other.dated:
            shorter = min(len(self.text), len(other.text), 10)
            return 100.0 if self.text[:shorter] == other.text[:shorter] else 0.0
        try:
            return 100.0 if float(self.text) == float(other.text) else 0.0
        except ValueError:
            return 100.0 if self.text == other.text else fuzz.ratio(self.folded, other.folded)
