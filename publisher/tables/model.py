"""What a table file is read as: rows of cells that know their place, and everything that is no row accounted for.

A table file is a list of entries in the order of the file: `Row`, `Rejected`
(a record that cannot be read) or `Skipped` (what is no record: preamble, header,
blank and totals rows). Nothing is dropped: the entries cover the whole file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from publisher.reports import Place, Problem

Cell = str | int | Decimal | bool | date | datetime | None
"""A cell as the file types it: text files give text only (`""` is empty); spreadsheets and JSON give numbers
(`int`, or `Decimal` with the digits that stand there), dates and truth values; None is an empty or missing cell.
Texts are untouched: not trimmed, line ends inside as they stand."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its place from 0, and its header's text in one line, white space collapsed ("" where it has none).

    Of two columns with one name the second is called `name (2)`, so that a name leads to one column.
    """

    index: int
    name: str


@dataclass(frozen=True, slots=True)
class Repair:
    """What was mended in a row with certainty.

    Args:
        rule: `quoted-whole` (a whole line quoted as one cell), `doubled-quotes`, `trailing-delimiter`,
            `unquoted-delimiter` (cells joined again that belong together), `missing-cells` (empty cells at the end
            that the line leaves out), `mojibake` (text that was decoded wrongly before it came here),
            `control-character` (separators U+001C to U+001F taken off the ends of a text).
        column: Index of the column that was mended; -1 for the whole row.
    """

    rule: str
    column: int = -1


@dataclass(frozen=True, slots=True)
class Row:
    """A record: `cells` has one cell for each column of its table.

    Args:
        number: Where it begins: the line of a text file, the row of a sheet, the element of a JSON array; from 1.
        cells: The cells.
        repairs: What was mended.
    """

    number: int
    cells: tuple[Cell, ...]
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be read with certainty; `problem` says why, in its place."""

    number: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class Skipped:
    """What is no record; `reason` is one of `preamble`, `header`, `blank`, `totals`, `note`."""

    number: int
    reason: str


Entry = Row | Rejected | Skipped


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a file is to be read; None is found out from the file. The table `[reading]` of a mapping.

    Args:
        format: `csv` (any delimiter), `xlsx`, `ods`, `json`, `jsonl`.
        encoding: A Python codec's name.
        delimiter: One character.
        quote: One character; "" where nothing is quoted.
        sheet: Name of the sheet.
        member: Name of the file inside an archive.
        header_rows: Rows that the names of the columns stand in, from 1; an empty tuple where there are none and
            columns are called `column 1`, `column 2`, ….
        first_row: The first row that can be a record.
        totals: Texts that mark a totals row where they begin its first filled cell, beside the usual words.
        records: JSON: path of keys, with dots, that leads to the array of records.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    sheet: str | None = None
    member: str | None = None
    header_rows: tuple[int, ...] | None = None
    first_row: int | None = None
    totals: tuple[str, ...] = ()
    records: str | None = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds that no file passes; beyond each an `InputError` says which, what it was and what to do."""

    max_bytes: int = 2_000_000_000
    max_ratio: int = 200
    max_columns: int = 1000
    max_cell_chars: int = 200_000
    max_row_chars: int = 2_000_000
    max_sheet_bytes: int = 500_000_000


@dataclass(frozen=True)
class Finding:
    """One thing found out about a file.

    Args:
        what: `format`, `encoding`, `delimiter`, `quote`, `sheet`, `member`, `header_rows`, `first_row`, ….
        value: What it is, as text.
        confidence: From 0 to 1; 1 is proved (a BOM, a magic number), not guessed.
        evidence: Why, in one English sentence without any personal data of the file.
        others: What else it might be, the likeliest first.
    """

    what: str
    value: str
    confidence: float
    evidence: str
    others: tuple[str, ...] = ()


@dataclass
class Facts:
    """What is known of an opened table.

    Args:
        reading: Everything decided: giving it back reads the same rows.
        findings: How it was found out.
        notes: What a reader should know, such as "the text was decoded twice: mojibake in 12 cells".
    """

    reading: Reading
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Table(Protocol):
    """An opened table; `entries` may be asked for several times and reads the file anew each time, lazily."""

    source: str
    columns: tuple[Column, ...]
    facts: Facts

    def entries(self) -> Iterator[Entry]:
        """Yield all entries in the order of the file; memory stays bounded by the row.

        Raises:
            InputError: The file passes a limit, is broken, or changed since it was opened.
        """

    def place(self, number: int, column: int | None = None) -> Place:
        """Return the place of a row, or of a cell in it: line = row number, column from 1, path = column's name."""
