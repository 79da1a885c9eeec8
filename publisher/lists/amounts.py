"""Numbers in cells: amounts of money, rates, exchange rates and coordinates, never guessed.

A text is read with either sign as its decimal sign; where both readings hold
and differ (`1,234`) and the mapping does not say which is meant, it is a fault.
Numbers that a file types pass as they are, whatever the rules for texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache

from publisher.errors import MappingError
from publisher.lists import codes
from publisher.lists.cells import Missing, ValueFault, visible
from publisher.lists.mapping_file import ValueRules
from publisher.tables.model import Cell

Money = tuple[Decimal, str | None]
"""An amount and the currency that stands in its cell, as a code of the EU table; None where none stands there."""

MAX_BEFORE, MAX_BEHIND = 18, 6
"""Digits before and behind the point of an amount: what every store of RDF keeps exactly."""

_DOUBLE_DIGITS = (
    15  # from so many digits on, more than six behind the point are noise of a spreadsheet's binary fractions
)
_LIMIT = Decimal(10) ** MAX_BEFORE
_SIXTH = Decimal(1).scaleb(-MAX_BEHIND)

_MINUS = "-−–‐‑"
_BLANK, _QUOTE = " ", "'"
_NORMAL = str.maketrans(
    {**dict.fromkeys("\t\xa0\u2007\u2008\u2009\u200a\u202f", _BLANK), **dict.fromkeys("’ʼ´`′", _QUOTE)}
)
_NO_CENTS = re.compile(r"(?<=[0-9])(?:([,.])|:)[-–—]{1,2}\Z")  # 1.234,- and 500:-
_SIGN = rf"[^\s0-9()+{re.escape(_MINUS)}]+"
_FRONT, _BEHIND = re.compile(_SIGN), re.compile(rf"(?<!{_SIGN[:-1]}){_SIGN}\Z")
_LIKE_NUMBER = re.compile(r"[0-9 .,']*[0-9][0-9 .,']*\Z")


def money_reader(rules: ValueRules) -> Callable[[Cell], Money | None]:
    """Return what reads an amount of money, with the currency that stands in its cell.

    Args:
        rules: The field's rules, those for all fields already in them.

    Returns:
        A function from a cell to amount and currency; None where nothing is given (a missing text, or zero where
        `zero = "not-given"`). It raises `ValueFault`.

    Raises:
        MappingError: The rules contradict each other.
    """
    number = _number(rules, lone=False)
    missing = Missing(rules)
    factor = Decimal(rules.multiply or 1)
    zero_given = rules.zero != "not-given"
    preferred = rules.currency

    def read(cell: Cell) -> Money | None:
        currency = None
        if isinstance(cell, str):
            text = visible(cell)
            if missing.text(text):
                return None
            if text[0] in "0123456789" and text[-1] in "0123456789":
                amount = _bounded(number(text))
            else:
                bare, negative, sign = _bare(text)
                amount = _bounded(number(bare))
                amount = -amount if negative else amount
                currency = currency_of(sign, preferred) if sign else None
        elif cell is None or (isinstance(cell, int | Decimal) and missing.number(cell)):
            return None
        else:
            amount = _bounded(_typed(cell))
        if factor != 1:
            amount = _bounded(amount * factor)
        return (amount, currency) if amount or zero_given else None

    return read


def rate_reader(rules: ValueRules) -> Callable[[Cell], Decimal | None]:
    """Return what reads a rate as per cent from 0 to 100; a percent sign counts more than `rate_unit`."""
    number = _number(rules, lone=True)
    missing = Missing(rules)
    fraction = rules.rate_unit == "fraction"

    def read(cell: Cell) -> Decimal | None:
        times = 100 if fraction else 1
        if isinstance(cell, str):
            text = visible(cell)
            if missing.text(text):
                return None
            if text[-1] == "%":
                text, times = visible(text[:-1]), 1
            rate = number(text)
        elif cell is None or (isinstance(cell, int | Decimal) and missing.number(cell)):
            return None
        else:
            rate = _typed(cell)
        rate = _bounded(rate * times)
        if not 0 <= rate <= 100:
            raise ValueFault("values/rate-range")
        return rate

    return read


def number_reader(rules: ValueRules) -> Callable[[Cell], Decimal | None]:
    """Return what reads a plain number, such as a coordinate: nothing is rounded, a lone sign is the decimal sign."""
    number = _number(rules, lone=True)
    missing = Missing(rules)

    def read(cell: Cell) -> Decimal | None:
        if not isinstance(cell, str):
            return None if cell is None or (isinstance(cell, int | Decimal) and missing.number(cell)) else _typed(cell)
        text = visible(cell)
        if missing.text(text):
            return None
        negative = text[0] in _MINUS
        read = number(text[1:].strip() if negative or text[0] == "+" else text)
        return -read if negative else read

    return read


def _typed(cell: int | Decimal | bool | date) -> Decimal:
    """Return a number that the file types, without any of the rules for texts."""
    if isinstance(cell, date):  # Excel takes 1.5 for the first of May
        raise ValueFault("values/amount-is-date")
    if isinstance(cell, bool):
        raise ValueFault("values/number-form")
    if isinstance(cell, Decimal):
        if not cell.is_finite():
            raise ValueFault("values/number-form")
        _, digits, exponent = cell.as_tuple()
        if cell and (cell.adjusted() >= MAX_BEFORE or len(digits) > 40 or int(exponent) < -40):
            raise ValueFault("values/number-size", digits=MAX_BEFORE)
        return cell if cell else Decimal(0)
    if abs(cell) >= 10**MAX_BEFORE:
        raise ValueFault("values/number-size", digits=MAX_BEFORE)
    return Decimal(cell)


def _bounded(number: Decimal) -> Decimal:
    """Return an amount with at most six digits behind the point."""
    if abs(number) >= _LIMIT:
        raise ValueFault("values/number-size", digits=MAX_BEFORE)
    exponent = int(number.as_tuple().exponent)
    if exponent >= -MAX_BEHIND:
        return number
    rounded = number.quantize(_SIXTH)
    if rounded != number and len(number.as_tuple().digits) < _DOUBLE_DIGITS:
        raise ValueFault("values/amount-precision", digits=MAX_BEHIND)
    return rounded


def _number(rules: ValueRules, *, lone: bool) -> Callable[[str], Decimal]:
    """Return what reads a number without sign, unit or missing texts; `lone`: a lone point or comma is decimal."""
    groups = None if rules.group is None else frozenset(sign.translate(_NORMAL) for sign in rules.group)
    if rules.decimal and groups and rules.decimal in groups:
        raise MappingError(f"decimal and group are the same sign: {rules.decimal!r}")
    if groups is not None and not groups <= {_BLANK, _QUOTE, ".", ","}:
        raise MappingError(f"group: knows blank, apostrophe, point and comma only, not {sorted(groups)}")
    signs = [
        sign for sign in (".", ",") if sign == rules.decimal or (rules.decimal is None and sign not in (groups or ()))
    ]
    forms = [(sign, _form(sign, groups)) for sign in signs]

    def read(text: str) -> Decimal:
        if text.isascii() and text.isdigit():
            if len(text) > 60:
                raise ValueFault("values/number-size", digits=MAX_BEFORE)
            return Decimal(text)
        text = text.translate(_NORMAL)
        if len(text) > 60:
            raise ValueFault("values/number-form")
        readings = []
        for _, form in forms:
            match = form.match(text)
            if match:
                whole, fraction = match["whole"] or "0", match["fraction"]
                for sign in match["group"] or "":
                    whole = whole.replace(sign, "")
                readings.append(Decimal(f"{whole}.{fraction}" if fraction else whole))
        if len(readings) == 2 and readings[0] != readings[1]:
            if not lone:
                raise ValueFault("values/amount-ambiguous")
            return min(readings)  # the one with a fraction
        if readings:
            return readings[0]
        if "%" in text and not lone:
            raise ValueFault("values/amount-percent")
        raise ValueFault("values/amount-grouping" if _LIKE_NUMBER.match(text) else "values/number-form")

    return read


@cache
def _form(decimal: str, groups: frozenset[str] | None) -> re.Pattern[str]:
    """Return the form of a number with this decimal sign: one kind of sign between groups of three, or none."""
    allowed = groups if groups is not None else {_BLANK, _QUOTE, "," if decimal == "." else "."}
    kinds = "".join(re.escape(sign) for sign in sorted(allowed))
    grouped = (
        rf"[1-9][0-9]{{0,2}}(?P<group>[{kinds}])[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*" if kinds else "(?P<group>(?!))"
    )
    point = re.escape(decimal)
    return re.compile(rf"(?=[0-9{point}])(?P<whole>{grouped}|[0-9]+)?(?:{point}(?P<fraction>[0-9]+))?\Z")


def _bare(text: str) -> tuple[str, bool, str | None]:
    """Return a number's text without what stands around it, whether it is negative, and its currency's sign."""
    text = _whole(text)
    minus, currency = 0, None
    for _ in range(6):  # bounded: a sign, a currency and brackets stand around it in any order
        if not text:
            break
        if text[0] == "(" and text[-1] == ")":
            text, minus = text[1:-1].strip(), minus + 1
        elif text[0] in _MINUS:
            text, minus = text[1:].strip(), minus + 1
        elif text[-1] in _MINUS:
            text, minus = text[:-1].strip(), minus + 1
        elif text[0] == "+":
            text = text[1:].strip()
        elif found := _currency_sign(_FRONT.match(text)) or _currency_sign(_BEHIND.search(text)):
            if currency and found[0].casefold() != currency:
                raise ValueFault("values/number-form")
            currency = found[0].casefold()
            text = _whole((text[: found.start()] + text[found.end() :]).strip())
        else:
            break
    if minus > 1:
        raise ValueFault("values/number-form")
    return text, minus == 1, currency


def _whole(text: str) -> str:
    """Return a number with noughts for the dash that stands for them."""
    return _NO_CENTS.sub(lambda match: f"{match[1]}00" if match[1] else "", text)


def _currency_sign(match: re.Match[str] | None) -> re.Match[str] | None:
    return match if match and codes.currency(match[0]) else None


def currency_of(sign: str, preferred: str | None) -> str:
    """Return the currency of a code, symbol or word that `codes.currency` knows; `kr` is the preferred one's.

    Raises:
        ValueFault: Several currencies have the sign, and the preferred one is none of them.
    """
    found = codes.currency(sign)
    if preferred in found:
        return preferred or ""
    if len(found) != 1:
        raise ValueFault("values/currency-ambiguous", sign=sign, codes=", ".join(found))
    return found[0]
