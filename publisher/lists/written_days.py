"""How the days of a column are written: with numbers in some order, with names of months, with years of two digits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from publisher.lists import codes

_LONGEST = 40
"""Characters of a day; what is longer is none."""
_TIME = r"(?:[T\s]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2}|[AaPp]\.?[Mm]\.?)?)?"
NUMERIC = re.compile(rf"(\d{{1,2}})\s*([./-])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}})(?:\s*[гr]\.|\.)?{_TIME}\Z")
"""A day of numbers whose year stands last; its numbers may be too large for one."""
_YEAR_FIRST = re.compile(rf"((?:19|20)\d{{2}})\s*([./-])\s*(\d{{1,2}})\s*\2\s*(\d{{1,2}})\.?{_TIME}\Z")
_COMPACT = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\Z")
_MONTH = re.compile(r"(?:(?:19|20)\d{2}[./-](?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[./-](?:19|20)\d{2})\Z")
_WORD = re.compile(r"\d+|[^\W\d_]+")


@dataclass
class Days:
    """How the days of a column are written.

    Args:
        forms: How many of each: `typed`, `numeric`, `iso`, `compact`, `named`, `month`.
        day_first: Days that prove that the day stands first.
        month_first: Days that prove that the month stands first.
        dotted: Days with points between the numbers.
        short_years: Days with years of two digits.
        names: Folded names of months.
        years: Years.
    """

    forms: Counter[str] = field(default_factory=Counter)
    day_first: int = 0
    month_first: int = 0
    dotted: int = 0
    short_years: int = 0
    names: set[str] = field(default_factory=set)
    years: Counter[int] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """Cells that are days, months or days with a month's name."""
        return self.forms.total()

    def add(self, form: str, text: str, n: int) -> None:
        """Count a cell that stands there `n` times, if it is a day."""
        written = form_of(form, text)
        if not written:
            return
        self.forms[written] += n
        if written == "numeric" and (match := NUMERIC.match(text)):
            self.day_first += n if int(match[1]) > 12 else 0
            self.month_first += n if int(match[3]) > 12 else 0
            self.dotted += n if match[2] == "." else 0
            self._add_year(match[4], n)
        elif written == "named":
            words = _WORD.findall(text)
            self.names.add(next(name for word in words if (name := codes.fold(word)) in codes.months(None)))
            self._add_year(words[-1] if words[-1].isdigit() else words[0], n)
        elif written == "month" and (match := re.search(r"(?:19|20)\d{2}", text)):
            self._add_year(match[0], n)
        else:
            self._add_year(text[:4], n)

    def _add_year(self, digits: str, n: int) -> None:
        if digits.isdecimal() and len(digits) in (2, 4):
            short = len(digits) == 2
            self.short_years += n if short else 0
            self.years[int(digits) + (2000 if short else 0)] += n


def form_of(form: str, text: str) -> str:
    """Return how the day of a cell (its form `date`, `text`, …; its text) is written; "" for no day."""
    if form == "text" and len(text) <= _LONGEST:
        return _written(text)
    return "typed" if form == "date" else ""


@lru_cache(maxsize=16384)
def _written(text: str) -> str:
    if match := NUMERIC.match(text):
        first, second = int(match[1]), int(match[3])
        return "numeric" if 1 <= min(first, second) <= 12 and max(first, second) <= 31 else ""
    if match := _YEAR_FIRST.match(text):
        return "iso" if 1 <= int(match[3]) <= 12 and 1 <= int(match[4]) <= 31 else ""
    if _COMPACT.match(text):
        return "compact"
    if _MONTH.match(text):
        return "month"
    words = _WORD.findall(text)
    if 2 <= len(words) <= 5 and any(word[0].isdigit() for word in words):
        known = codes.months(None)
        names = [word for word in words if not word[0].isdigit()]
        if names and any(codes.fold(name) in known for name in names) and len(names) <= 3:
            return "named"
    return ""


def month_languages(names: Collection[str], prefer: str) -> list[str]:
    """Return the fewest languages that have all of these names of months; the list's own first."""
    known = codes.load().months
    left = set(names)
    chosen: list[str] = []
    while left:
        best = max(known, key=lambda tag: (len(left & known[tag].keys()), tag == prefer, tag == "en", tag))
        covered = left & known[best].keys()
        if not covered:
            break
        chosen.append(best)
        left -= covered
    return chosen
