"""Values as cells of text files: safe for spreadsheets, and read back as they were.

A spreadsheet takes a text that begins with one of `= + - @`, tab or carriage
return for a formula. An apostrophe before it tells that it is text; readers of
lists (`lists.values`, `lists.cells`) take it off again. Numbers are not guarded, so that they stay numbers.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from publisher.flattening.record import Value

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
SEPARATOR = "; "
_NOT_SEPARATOR = ";\xa0"
"""Stands for `; ` inside one of several values: readers that have parted them make the hard blank a blank again."""


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def joined(texts: list[str], *, guard: bool = True) -> str:
    """Return several texts as one cell, each guarded: a spreadsheet may part them on its own."""
    return SEPARATOR.join((guarded(t) if guard else t).replace(SEPARATOR, _NOT_SEPARATOR) for t in texts)


def number(value: Decimal) -> str:
    """Return a number with its digits, a point and no exponent."""
    return format(value, "f")


def cell(value: Value | None) -> str:
    """Return a value as the text of a cell; "" where there is none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, Decimal):
        return number(value)
    return value.isoformat() if isinstance(value, date) else joined(value)
