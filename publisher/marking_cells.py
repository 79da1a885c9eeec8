"""Cells of a marked spreadsheet: values as a spreadsheet keeps them, texts that stay texts, and formats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from publisher.problems import SEVERITIES, Problem
from publisher.tables.model import Cell

ROWS, COLUMNS, CHARACTERS = 1_048_576, 16_384, 32_767
"""What a sheet and a cell have room for; characters are counted as UTF-16 does."""

_COLOURS = {"violation": "#F4B6B6", "warning": "#FFE2A8", "info": "#CFE2F5"}
_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""
_EXACT = 1_000_000_000_000_000
_BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@")


class Formats:
    """Formats of cells, each made once.

    Args:
        book: The `xlsxwriter` workbook.
    """

    def __init__(self, book: Any) -> None:
        """Begin with none."""
        self._book = book
        self.plain = book.add_format({"valign": "top"})
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, severity: str = "", /, **wanted: object) -> Any:
        """Return a format with these properties, in the colour of a severity."""
        if not severity and not wanted:
            return self.plain
        if severity:
            wanted |= {"bg_color": _COLOURS[severity], "border": 1, "border_color": "#7F7F7F"}
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"valign": "top", **wanted})
        return self._made[key]


def gravest(faults: Sequence[Problem]) -> str:
    """Return the gravest severity of faults, "" where there are none."""
    return min((fault.severity for fault in faults), key=SEVERITIES.index, default="")


def sound(said: str) -> str:
    """Return a text with what no XML can hold replaced."""
    return said if said.isprintable() else _BROKEN.sub("\ufffd", said)


def fitting(said: str, end: str) -> str:
    """Return a text that a cell takes: where it is too long it is cut and ends with `end`."""
    said = sound(said)
    if len(said) <= CHARACTERS // 2 or len(said.encode("utf-16-le")) // 2 <= CHARACTERS:
        return said
    units = said.encode("utf-16-le")[: 2 * (CHARACTERS - len(end))]
    return units.decode("utf-16-le", "ignore") + end


def write(sheet: Any, at: int, where: int, cell: Cell, formats: Formats, severity: str = "") -> None:
    """Write a cell with its type, at a row and column from 0; numbers that would lose digits are written as texts.

    A text is a text whatever it begins with, also when a person edits the cell.
    """
    if cell is None or cell == "":
        if severity:
            sheet.write_blank(at, where, None, formats.get(severity))
    elif isinstance(cell, str):
        form = formats.get(severity, quote_prefix=True) if cell.startswith(_FORMULA) else formats.get(severity)
        sheet.write_string(at, where, cell, form)
    elif isinstance(cell, bool):
        sheet.write_boolean(at, where, cell, formats.get(severity))
    elif isinstance(cell, datetime) and cell.year >= 1900 and cell.tzinfo is None:
        sheet.write_datetime(at, where, cell, formats.get(severity, num_format="yyyy-mm-dd hh:mm:ss"))
    elif isinstance(cell, date) and not isinstance(cell, datetime) and cell.year >= 1900:
        sheet.write_datetime(at, where, cell, formats.get(severity, num_format="yyyy-mm-dd"))
    elif isinstance(cell, (int, Decimal)) and _exact(cell):
        sheet.write_number(at, where, float(cell), formats.get(severity))
    else:
        sheet.write_string(at, where, str(cell), formats.get(severity))


def _exact(cell: int | Decimal) -> bool:
    """Tell whether a spreadsheet keeps all digits of a number."""
    if isinstance(cell, int):
        return abs(cell) < _EXACT
    return bool(
        cell.is_finite() and len(cell.normalize().as_tuple().digits) <= _DIGITS and -300 < cell.adjusted() < 300
    )
