"""Days in cells: `1.3.2015`, `13/05/2016`, `2016-10-14 01:17:38`, `01. Nov 15`, `5 de marzo de 2016`; never guessed.

A day of an order that the text does not show (`03/04/2016`) needs the mapping's
`date_order`, a year of two digits its `century`, a month's name that is
another month elsewhere (`listopad`) its `month_names`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from publisher.lists import codes
from publisher.lists.cells import Missing, ValueFault, visible
from publisher.lists.mapping_file import ValueRules
from publisher.tables.model import Cell

FIRST_YEAR, LAST_YEAR = 1950, 2100
"""Years of an operation that can be; others are faults."""

_ZONE = r"(?:Z|[+-][0-9]{2}:?[0-9]{2}|UTC|[AaPp]\.?[Mm]\.?)?"
_TIME = rf"(?:[T\s]\s*[0-9]{{1,2}}[:.][0-9]{{2}}(?:[:.][0-9]{{2}}(?:[.,][0-9]{{1,9}})?)?\s*{_ZONE})?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})\s*([-/.])\s*([0-9]{{1,2}})\s*\2\s*([0-9]{{1,2}})\.?{_TIME}\Z")
_NUMERIC = re.compile(
    rf"([0-9]{{1,2}})\s*([-/.])\s*([0-9]{{1,2}})\s*\2\s*([0-9]{{4}}|[0-9]{{2}})(?:\s*[гr]\.|\.)?{_TIME}\Z"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})\Z")
_MONTH_ONLY = re.compile(r"(?:([0-9]{4})\s*[-/.]\s*([0-9]{1,2})|([0-9]{1,2})\s*[-/.]\s*([0-9]{4}))\Z")
_YEAR_ONLY = re.compile(r"[0-9]{4}\Z")
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")
_SMALL = frozenset(
    {"de", "del", "d", "of", "den", "der", "the", "st", "nd", "rd", "th", "er", "m", "g", "gada", "o", "r", "roku"}
)
_LONGEST = 60


def date_reader(rules: ValueRules) -> Callable[[Cell], date | None]:
    """Return what reads a day.

    Args:
        rules: The field's rules, those for all fields already in them.

    Returns:
        A function from a cell to its day; None where nothing is given. It raises `ValueFault`; that of the rule
        `values/date-without-day` tells `year` and `month` (0 where only the year stands there) as numbers.
    """
    missing = Missing(rules)
    parse = lru_cache(maxsize=8192)(_Days(rules).read)

    def read(cell: Cell) -> date | None:
        if isinstance(cell, str):
            text = visible(cell)
            return None if missing.text(text) else parse(text)
        if cell is None:
            return None
        if isinstance(cell, date):  # the time of a moment is left out
            return _day(cell.year, cell.month, cell.day)
        if isinstance(cell, bool) or (isinstance(cell, Decimal) and not cell.is_finite()):
            raise ValueFault("values/date-form")
        if missing.number(cell):
            return None
        if FIRST_YEAR <= cell <= LAST_YEAR and cell == int(cell):
            raise _without_day(int(cell), 0)
        if cell == int(cell) and _COMPACT.match(str(int(cell))):
            return parse(str(int(cell)))
        raise ValueFault("values/date-serial")

    return read


class _Days:
    """Reads the text of a day by the rules of one column."""

    def __init__(self, rules: ValueRules) -> None:
        self.order = rules.date_order
        self.century = rules.century
        self.months = codes.months(tuple(rules.month_names) if rules.month_names else None)

    def read(self, text: str) -> date:
        if len(text) > _LONGEST:
            raise ValueFault("values/date-form")
        if match := _YEAR_FIRST.match(text):
            return _day(int(match[1]), int(match[3]), int(match[4]))
        if match := _NUMERIC.match(text):
            return self._numeric(int(match[1]), int(match[3]), match[4], dotted=match[2] == ".")
        if match := _MONTH_ONLY.match(text):
            year, month = (match[1], match[2]) if match[1] else (match[4], match[3])
            raise _without_day(int(year), int(month))
        if _YEAR_ONLY.match(text):
            raise _without_day(int(text), 0)
        if match := _COMPACT.match(text):  # ISO 8601, basic format: a serial number of a day has five digits
            return _day(int(match[1]), int(match[2]), int(match[3]))
        if text.replace(".", "", 1).replace(",", "", 1).isdecimal():
            raise ValueFault("values/date-serial")
        return self._named(text)

    def _numeric(self, first: int, second: int, third: str, *, dotted: bool) -> date:
        """Read a day of numbers whose year does not stand first, or of two digits."""
        order = self.order
        if order == "ymd":
            if len(third) != 2:
                raise ValueFault("values/date-form")
            return _day(self._year(f"{first:02d}"), second, int(third))
        if order is None:
            if dotted or first > 12 or first == second:  # no country writes 3.25.2016 with points
                order = "dmy"
            elif second > 12:
                order = "mdy"
            else:
                raise ValueFault("values/date-order")
        day, month = (first, second) if order == "dmy" else (second, first)
        return _day(self._year(third), month, day)

    def _year(self, digits: str) -> int:
        if len(digits) == 4:
            return int(digits)
        if self.century is None:
            raise ValueFault("values/date-century")
        return int(self.century) + int(digits)

    def _named(self, text: str) -> date:
        """Read a day with the name of its month."""
        tokens = [codes.fold(token) for token in _TOKEN.findall(text)]
        month: int | None = None
        numbers: list[str] = []
        unknown: list[str] = []
        for index, token in enumerate(tokens):
            pair = f"{tokens[index - 1]} {token}" if index else ""
            if token[:1].isdigit():
                numbers.append(token)
            elif token in self.months or pair in self.months:
                if month is not None:
                    raise ValueFault("values/date-form")
                month = index
                if pair in self.months and tokens[index - 1] in unknown:
                    unknown.remove(tokens[index - 1])
            elif token not in _SMALL:
                unknown.append(token)
        if month is None or unknown or not 1 <= len(numbers) <= 2:
            raise ValueFault("values/date-form")
        name = tokens[month]
        number = self.months[name] if name in self.months else self.months[f"{tokens[month - 1]} {name}"]
        if number is None:
            raise ValueFault("values/date-month-name")
        if len(numbers) == 1:
            digits = numbers[0]
            if len(digits) not in (2, 4):
                raise ValueFault("values/date-form")
            raise _without_day(self._year(digits), number)
        first, second = numbers
        if len(first) == 4 and len(second) <= 2:
            return _day(int(first), number, int(second))
        if self.order == "ymd" and len(first) == 2 and len(second) <= 2 and self.century:
            return _day(self._year(first), number, int(second))
        if len(first) <= 2 and len(second) in (2, 4):
            return _day(self._year(second), number, int(first))
        raise ValueFault("values/date-form")


def _without_day(year: int, month: int) -> ValueFault:
    """Return the fault of a date that says no day, if year and month can be."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 0 <= month <= 12:
        return ValueFault("values/date-range", first=FIRST_YEAR, last=LAST_YEAR)
    return ValueFault("values/date-without-day", year=year, month=month)


def _day(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueFault("values/date-range", first=FIRST_YEAR, last=LAST_YEAR)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueFault("values/date-calendar") from None
