"""How the numbers of a column are written: which signs part them, what stands beside them; and what they are."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from publisher.lists import codes, written_days

_LONGEST = 40
"""Characters of a number; what is longer is none."""
_NUMBER = re.compile(
    r"(?P<front>[^\d\s+\-−–(.,]{0,6}\.?)\s*(?P<minus>[+\-−–(]?)\s*(?P<number>\d[\d .,'’]*|[.,]\d+)(?:,[-–]+|:-)?\)?\s*"
    r"(?P<back>[^\d\s]{0,7})\Z"
)
_BAD_NUMBER = re.compile(r"[.,' ]{2}|[.,' ]\d{1,2}[.,' ]|[.,' ]\d{4,}[.,' ]")
_SPACES = str.maketrans(dict.fromkeys("\xa0\u2007\u2009\u202f", " ") | {"’": "'", "´": "'"})


@dataclass
class Numbers:
    """How the numbers of a column are written, and what they are.

    Args:
        decimal: The decimal sign that the cells prove, or "".
        groups: The signs between groups of three that they prove.
        ambiguous: How many cells could be read in two ways (`1.234`).
        values: The numbers, read by what was found, with how often each stands there.
        currencies: Currencies that stand beside the numbers.
        percent: How many have a percent sign.
        conflict: Whether the cells prove two decimal signs.
    """

    decimal: str = ""
    groups: tuple[str, ...] = ()
    ambiguous: int = 0
    values: Counter[Decimal] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)
    percent: int = 0
    count: int = 0
    conflict: bool = False

    @property
    def zeros(self) -> int:
        """How many are nought."""
        return self.values[Decimal(0)]

    @property
    def most(self) -> Decimal:
        """The largest."""
        return max(self.values, default=Decimal(0))

    @property
    def least(self) -> Decimal:
        """The smallest."""
        return min(self.values, default=Decimal(0))

    @cached_property
    def median(self) -> Decimal:
        """The middle one of those that are not nought."""
        some = sorted((number, count) for number, count in self.values.items() if number)
        half = sum(count for _, count in some) / 2
        for number, count in some:
            half -= count
            if half <= 0:
                return number
        return Decimal(0)

    def within(self, low: int, high: int) -> float:
        """Return the share of numbers from `low` to `high`."""
        total = sum(self.values.values())
        return sum(n for value, n in self.values.items() if low <= value <= high) / total if total else 0.0


def number_parts(text: str) -> tuple[str, str, bool, bool] | None:
    """Return a number's digits and signs, its currency, whether it is per cent, and negative; None for no number."""
    match = _NUMBER.match(text.translate(_SPACES)) if len(text) <= _LONGEST else None
    if not match:
        return None
    currency, percent = "", False
    for beside in (match["front"].strip(), match["back"].strip()):
        if not beside:
            continue
        if beside == "%":
            percent = True
        elif codes.currency(beside):
            currency = beside
        else:
            return None
    number = match["number"].strip()
    if _BAD_NUMBER.search(number) or (not currency and written_days.NUMERIC.match(text)):
        return None
    return number.rstrip(".,"), currency, percent, match["minus"] in ("-", "−", "–", "(")


def _separators(number: str) -> tuple[str, str, bool]:
    """Return the decimal and the group sign that a number proves, and whether it could be read in two ways."""
    signs = [sign for sign in number if not sign.isdigit()]
    if not signs:
        return "", "", False
    kinds = set(signs)
    last = signs[-1]
    if len(kinds) == 2 and signs.count(last) == 1 and last in ".,":
        return last, next(iter(kinds - {last})), False
    if len(kinds) > 1:
        return "", "", False
    before, behind = number.split(last)[0], number.rsplit(last, 1)[1]
    if last in " '":
        return "", last if all(len(part) == 3 for part in number.split(last)[1:]) else "", False
    if len(signs) > 1:
        return "", last, False
    if len(behind) != 3 or len(before) > 3 or before in ("", "0"):
        return last, "", False
    return "", "", True


def numbers(cells: Counter[tuple[str, str]]) -> Numbers:
    """Return how numbers among cells, counted by form (`number`, `text`, …) and text, are written."""
    found = Numbers()
    decimals: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    texts: list[tuple[str, bool, int]] = []
    for (form, text), n in cells.items():
        if form == "number":
            found.values[Decimal(text)] += n
            found.count += n
        elif form == "text" and (parts := number_parts(text)):
            number, currency, percent, negative = parts
            decimal, group, ambiguous = _separators(number)
            if decimal:
                decimals[decimal] += n
            if group:
                groups[group] += n
            found.ambiguous += n if ambiguous else 0
            found.percent += n if percent else 0
            found.count += n
            if currency:
                found.currencies[currency] += n
            texts.append((number, negative, n))
    if len(decimals) > 1 and decimals.most_common(2)[1][1] > 0.02 * decimals.total():
        found.conflict = True
    found.decimal = decimals.most_common(1)[0][0] if decimals else ""
    found.groups = tuple(sign for sign, _ in groups.most_common() if sign != found.decimal)
    if not found.decimal and found.groups:
        found.decimal = {".": ",", ",": "."}.get(found.groups[0], "")
    for number, negative, n in texts:
        value = _value(number, found.decimal)
        if value is not None:
            found.values[-value if negative else value] += n
    return found


def _value(number: str, decimal: str) -> Decimal | None:
    signs = {sign for sign in number if not sign.isdigit()}
    if not decimal and len(signs) == 1 and signs <= {".", ","}:
        # Not proved: three digits behind a lone sign are taken for thousands here, for ranges only.
        sign = next(iter(signs))
        decimal = "" if number.count(sign) > 1 or len(number.rsplit(sign, 1)[1]) == 3 else sign
    try:
        whole = "".join("." if sign == decimal else sign for sign in number if sign.isdigit() or sign == decimal)
        return Decimal(whole)
    except ArithmeticError:
        return None
