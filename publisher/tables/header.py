"""Where the names of columns stand, and which rows are no records: preamble, blank rows, totals and notes."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from publisher.errors import InputError
from publisher.tables import mojibake
from publisher.tables.model import Cell, Column, Finding, Reading
from publisher.tables.patterns import day, number, year

SEARCHED = 60
"""The header is looked for in so many rows."""

_JOINT = " / "
_PIECES = re.compile(r"\s*[/|]\s*").split
_space = re.compile(r"\s+").sub
_invisible = re.compile("[\u00ad\u200b\ufeff]").sub
_has_letter = re.compile(r"[^\W\d_]").search

Rows = Sequence[tuple[int, Sequence[Cell]]]
"""Rows with the number where each begins."""


@dataclass(frozen=True)
class Head:
    """The rows before the records.

    Args:
        rows: Numbers of the rows that names stand in.
        first: Number of the first row that can be a record.
        names: Name of each column, not yet made different from each other.
        findings: Why.
    """

    rows: tuple[int, ...]
    first: int
    names: tuple[str, ...]
    findings: list[Finding] = field(default_factory=list)


def blank(cell: Cell) -> bool:
    """Tell whether a cell is empty or white space."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def line(cell: Cell) -> str:
    """Return a cell's text in one line, white space collapsed."""
    return "" if cell is None else _space(" ", _invisible("", str(cell))).strip()


def extent(cells: Sequence[Cell]) -> int:
    """Return how many cells a row has up to its last filled one."""
    at = len(cells)
    while at and blank(cells[at - 1]):
        at -= 1
    return at


def columns(names: Iterable[str]) -> tuple[Column, ...]:
    """Make columns of names; a repeated name gets a number."""
    seen: Counter[str] = Counter()
    given = [mojibake.repaired(name) or name for name in names]
    taken = set(given)
    made = []
    for at, name in enumerate(given):
        seen[name] += 1
        unique = name
        if name and seen[name] > 1:
            unique = f"{name} ({seen[name]})"
            while unique in taken:
                seen[name] += 1
                unique = f"{name} ({seen[name]})"
            taken.add(unique)
        made.append(Column(at, unique))
    return tuple(made)


def find(rows: Rows, merged: Mapping[int, Sequence[tuple[int, int]]] | None = None, width: int | None = None) -> Head:
    """Find the header among the first rows of a table.

    Args:
        rows: The first rows, the more of them the better.
        merged: First and last column of each merged cell, by row.
        width: How many columns there are, where that is known, as in a sheet.
    """
    filled = [(number_, cells) for number_, cells in rows if extent(cells)]
    if not filled:
        return Head((), rows[0][0] if rows else 1, ())
    known, width = width, width or _width(filled)
    top = next(
        (at for at, (_, cells) in enumerate(filled[:SEARCHED]) if _count(cells) >= max(1, min(2, width), width * 0.5)),
        None,
    )
    if top is None:
        return Head((), filled[0][0], _numbered(width))
    body = filled[top + 5 :] if len(filled) > top + 12 else filled[top + 1 :]
    typed = {at: kind for at in range(width) if (kind := _kind([_cell(cells, at) for _, cells in body]))}
    if not _is_header(filled[top][1], filled[top + 1 :], typed, width):
        why = "The first full row holds values like the rows below it."
        head = Head((), filled[top][0], _numbered(width))
        head.findings.append(Finding("header_rows", "", 0.7, why))
        return head
    last = top
    while last + 1 < len(filled) and last - top < 4 and _continues(filled, last, typed, width):
        last += 1
    begin = top
    if top and _groups(filled[top - 1], filled[top], width, merged or {}):
        begin = top - 1
    head = _chosen(filled, filled[begin : last + 1], merged or {}, known)
    share = (
        "its cells are texts, the columns below hold numbers or dates" if typed else "its cells are texts of their own"
    )
    certain = 0.95 if len(typed) > 1 else 0.75
    head.findings.append(Finding("header_rows", " ".join(map(str, head.rows)), certain, f"The row is full, {share}."))
    return head


def given(
    rows: Rows,
    reading: Reading,
    source: str,
    merged: Mapping[int, Sequence[tuple[int, int]]] | None = None,
    width: int | None = None,
) -> Head:
    """Return the header that a reading names, and find out what it leaves open.

    Args:
        rows: The first rows, the more of them the better.
        reading: What is known.
        source: The file as the user named it.
        merged: First and last column of each merged cell, by row.
        width: How many columns there are, where that is known, as in a sheet.

    Raises:
        InputError: There is no such row.
    """
    head = find(rows, merged, width)
    if reading.header_rows is not None:
        by_number = dict(rows)
        wrong = [number_ for number_ in reading.header_rows if number_ not in by_number]
        if wrong:
            raise InputError(f"{source}: header_rows: no row begins in line {wrong[0]}")
        filled = [(number_, cells) for number_, cells in rows if extent(cells)]
        if reading.header_rows:
            chosen = [(number_, by_number[number_]) for number_ in sorted(reading.header_rows)]
            head = _chosen(filled, chosen, merged or {}, width)
        else:
            head = Head((), filled[0][0] if filled else 1, _numbered(width or _width(filled)))
        told = Finding("header_rows", " ".join(map(str, reading.header_rows)), 1.0, "The mapping says so.")
        head.findings.append(told)
    if reading.first_row is not None:
        head = Head(head.rows, reading.first_row, head.names, head.findings)
    return head


def _chosen(filled: Rows, chosen: Rows, merged: Mapping[int, Sequence[tuple[int, int]]], width: int | None) -> Head:
    """Make the header of rows that were chosen."""
    last = chosen[-1][0]
    body = [(number_, cells) for number_, cells in filled if number_ > last]
    while body and _counts_up(body[0][1]):
        del body[0]
    first = body[0][0] if body else last + 1
    width = width or _fitting(max(extent(cells) for _, cells in chosen), body)
    return Head(tuple(number_ for number_, _ in chosen), first, names(chosen, width, merged))


def names(rows: Rows, width: int, merged: Mapping[int, Sequence[tuple[int, int]]]) -> tuple[str, ...]:
    """Return the names that header rows give: parts from the top, joined by " / ", none repeated."""
    parts: list[list[str]] = [[] for _ in range(width)]
    for at, (row, cells) in enumerate(rows):
        texts = [line(_cell(cells, column)) for column in range(width)]
        spans = merged.get(row, ())
        if spans:
            for begin, end in spans:
                texts[begin : end + 1] = [texts[begin] if begin < width else ""] * len(texts[begin : end + 1])
        elif at + 1 < len(rows):
            below = [line(_cell(rows[at + 1][1], column)) for column in range(width)]
            for column in range(1, width):
                if not texts[column] and texts[column - 1] and below[column] and below[column - 1]:
                    texts[column] = texts[column - 1]
        for column, text in enumerate(texts):
            if text and not any(text in _PIECES(part) for part in parts[column]):
                parts[column].append(text)
    return tuple(_JOINT.join(part) for part in parts)


def _numbered(width: int) -> tuple[str, ...]:
    return tuple(f"column {at + 1}" for at in range(width))


def _usual(rows: Rows) -> int:
    """Return how many cells most rows have."""
    counted = Counter(extent(cells) for _, cells in rows)
    return max(counted, key=lambda size: (counted[size] * (1 if size > 1 else 0.1), size), default=0)


def _width(rows: Rows) -> int:
    """Return how many columns a table seems to have before its header is known."""
    usual = _usual(rows)
    for _, cells in rows[:SEARCHED]:
        named = extent(cells)
        if _count(cells) == named >= max(2, usual * 0.5) and all(kind_of(cell) == "text" for cell in cells[:named]):
            return _fitting(named, rows)
    return usual


def _fitting(named: int, rows: Rows) -> int:
    """Return how many columns a table has: as many as its header names, unless its rows steadily have more.

    Rows that are longer than their header have delimiters inside their texts, where others are as long as it.
    """
    usual = _usual(rows)
    as_long = sum(extent(cells) <= named for _, cells in rows)
    return named if named >= usual or as_long * 20 > len(rows) else usual


def _count(cells: Sequence[Cell]) -> int:
    return sum(not blank(cell) for cell in cells)


def _cell(cells: Sequence[Cell], at: int) -> Cell:
    return cells[at] if at < len(cells) else None


def kind_of(cell: Cell) -> str:
    """Return `number`, `date` or `text`."""
    if isinstance(cell, bool):
        return "text"
    if isinstance(cell, (int, Decimal)):
        return "number"
    if isinstance(cell, date):
        return "date"
    text = str(cell)
    return "date" if day(text) else "number" if number(text) else "text"


def amounts(cells: Iterable[Cell]) -> bool:
    """Tell whether a column holds numbers, by most of its cells."""
    filled = [cell for cell in cells if not blank(cell)]
    return len(filled) > 1 and sum(kind_of(cell) == "number" for cell in filled) >= 0.8 * len(filled)


def _kind(cells: Sequence[Cell]) -> str | None:
    kinds = Counter(kind_of(cell) for cell in cells if not blank(cell))
    total = sum(kinds.values())
    for kind in ("number", "date"):
        if total >= 2 and kinds[kind] >= 0.8 * total:
            return kind
    return None


def _is_header(cells: Sequence[Cell], below: Rows, typed: Mapping[int, str], width: int) -> bool:
    filled = [(at, cell) for at, cell in enumerate(cells[:width]) if not blank(cell)]
    # Years name columns, unless the rows below hold years too.
    years = {
        at for at, cell in filled if year(str(cell)) and not any(year(str(_cell(row, at))) for _, row in below[:20])
    }
    texts = [at for at, cell in filled if at in years or kind_of(cell) == "text"]
    if len(texts) < len(filled) * (0.5 if typed else 0.9):
        return False
    if typed and any(at in typed for at, _ in filled):
        against = sum(at in texts for at in typed)
        agreeing = sum(1 for at, cell in filled if at in typed and at not in years and kind_of(cell) == typed[at])
        return against > agreeing
    if len({line(cell) for _, cell in filled}) < len(filled) * 0.8:
        return False
    again = sum(any(line(_cell(row, at)) == line(cell) for _, row in below[:200]) for at, cell in filled)
    return again * 5 <= len(filled)


def _continues(rows: Rows, last: int, typed: Mapping[int, str], width: int) -> bool:
    """Tell whether the row after this one belongs to the header too."""
    cells = rows[last + 1][1]
    filled = [at for at in range(width) if not blank(_cell(cells, at))]
    if not filled or any(kind_of(_cell(cells, at)) != "text" for at in filled if at in typed):
        return False
    if any(at in typed for at in filled):
        # A row of values has words in a typed column too, but then hardly in all of them.
        return len([at for at in filled if at in typed]) * 2 >= len(typed) and last + 2 < len(rows)
    gaps = [at for at in range(width) if blank(_cell(rows[last][1], at))]
    return len(gaps) * 3 >= width and len([at for at in filled if at in gaps]) * 2 >= len(gaps) and not typed


def _groups(
    above: tuple[int, Sequence[Cell]],
    top: tuple[int, Sequence[Cell]],
    width: int,
    merged: Mapping[int, Sequence[tuple[int, int]]],
) -> bool:
    """Tell whether the row above a header names groups of its columns."""
    number_, cells = above
    filled = [at for at in range(width) if not blank(_cell(cells, at))]
    if any(kind_of(_cell(cells, at)) != "text" or line(_cell(cells, at)).endswith(":") for at in filled):
        return False
    spans = [span for span in merged.get(number_, ()) if not blank(_cell(cells, span[0]))]
    if spans:
        return len(spans) > 1 or len(filled) > 1
    return len(filled) > 1 and all(b - a > 1 for a, b in itertools.pairwise(filled)) and number_ + 1 == top[0]


def _counts_up(cells: Sequence[Cell]) -> bool:
    """Tell whether a row only numbers its columns: 1, 2, 3, …."""
    texts = [line(cell).strip("().") for cell in cells if not blank(cell)]
    return len(texts) > 2 and texts == [str(at + 1) for at in range(len(texts))]


_TOTAL_WORDS = (
    "grand total", "sub-total", "subtotal", "total", "totals", "sum", "yhteensä", "kaikki yhteensä", "summa",
    "välisumma", "totalt", "summa totalt", "delsumma", "gesamt", "gesamtsumme", "insgesamt", "summe", "zwischensumme",
    "totale", "totale complessivo", "totale generale", "suma", "total general", "suma total", "total geral", "soma",
    "razem", "ogółem", "łącznie", "celkem", "součet", "spolu", "celkom", "súčet", "összesen", "mindösszesen",
    "total général", "somme", "sous-total", "i alt", "sum total", "totaal", "totaal generaal", "subtotaal",
    "eindtotaal", "σύνολο", "γενικό σύνολο", "συνολικά", "общо", "всичко", "сума", "ukupno", "sveukupno", "skupaj",
    "vsota", "kokku", "kopā", "pavisam", "iš viso", "viso", "bendra suma", "iomlán", "somma", "it-total", "toplam",
    "samtals",
)  # fmt: skip
_begins_total = re.compile(
    rf"\s*+[-–*]*+\s*+(?:{'|'.join(sorted(map(re.escape, _TOTAL_WORDS), key=len, reverse=True))})\b", re.IGNORECASE
).match
_currency = re.compile(r"\b(?:eur|euro|euros|euroa|sek|dkk|gbp|pln|czk|huf|ron|bgn)\b", re.IGNORECASE).sub


class Sorter:
    """Tells rows that are no records: blank ones, totals, notes and repeated headers.

    Args:
        width: How many columns the table has.
        numbers: Columns that hold amounts.
        header: Cells of the header's last row.
        totals: What else begins a totals row.
        usual: How many cells a record fills, at least; below three no row is taken for a note.
    """

    def __init__(
        self, width: int, numbers: Iterable[int], header: Sequence[Cell], totals: Sequence[str] = (), usual: int = 0
    ) -> None:
        """Keep what rows are compared with."""
        self._numbers = frozenset(numbers)
        self._header = tuple(line(cell) for cell in header)
        self.header_first = str(header[0]) if header else None
        self._totals = tuple(text.casefold() for text in totals if text)
        self._width, self._usual = width, usual
        self.suspect = re.compile(
            "|".join([r"\s", r"\Z", _begins_source(), *(re.escape(text) for text in totals if text)]), re.IGNORECASE
        ).match

    def reason(self, cells: Sequence[Cell]) -> str | None:
        """Return why a row is no record: `blank`, `totals`, `note` or `header`; None for a record."""
        filled = [at for at, cell in enumerate(cells) if not blank(cell)]
        if not filled:
            return "blank"
        first = line(cells[filled[0]])
        if self._totals and first.casefold().startswith(self._totals):
            return "totals"
        if _begins_total(first) and self._total(cells, filled, first):
            return "totals"
        if self._header and first == self._header[filled[0]] and tuple(line(cell) for cell in cells) == self._header:
            return "header"
        if len(filled) == 1 and self._width >= 3 and self._usual >= 3 and kind_of(cells[filled[0]]) == "text":
            return "note"
        return None

    def _total(self, cells: Sequence[Cell], filled: Sequence[int], first: str) -> bool:
        amounts = [at for at in filled[1:] if kind_of(cells[at]) == "number"]
        others = [at for at in filled[1:] if kind_of(cells[at]) != "number"]
        if not amounts or others or not set(amounts) & self._numbers:
            return False
        if self._width - len(self._numbers) > 1:
            return True
        rest = _begins_total(first)
        return rest is not None and not _has_letter(_currency("", first[rest.end() :]))


def _begins_source() -> str:
    return rf"[-–*]*+\s*+(?:{'|'.join(sorted({word[:3] for word in _TOTAL_WORDS} | {'i al'}, key=len, reverse=True))})"
