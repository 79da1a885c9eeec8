"""XLSX and OpenDocument sheets to rows of typed cells."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import python_calamine as calamine

from publisher.errors import InputError
from publisher.reports import Place
from publisher.tables import header, workbooks
from publisher.tables.containers import Content, held
from publisher.tables.faults import Places
from publisher.tables.model import Cell, Entry, Facts, Finding, Limits, Reading, Row, Skipped

_SAMPLE_ROWS = 2000
_EXACT = 1e15
_SMALL, _LARGE = 1e-15, 1e25
"""What is beyond is no amount of anything, nor is what is no number: such cells are read as texts."""
_CLOSE_COUNTS = 3
"""A second sheet with so many times fewer rows at most makes the choice doubtful."""


class SheetTable:
    """One sheet of a workbook; the whole sheet is held while it is read, within `max_sheet_bytes`."""

    def __init__(self, content: Content, source: str, reading: Reading, limits: Limits) -> None:
        """Find the sheet and how it is to be read.

        Raises:
            InputError: The workbook is broken, hostile or empty, or `reading` does not agree with it.
        """
        self.source, self._content, self._limits = source, content, limits
        with content.open() as stream:
            memory = held(stream, source, limits) if content.packed else stream
            self._survey = workbooks.survey(memory, content.kind, source, limits)
        with _guarded(source), self._workbook() as book:
            chosen = _choose(book, reading.sheet, source)
            self._sheet_name = chosen.value
            sheet = book.get_sheet_by_name(self._sheet_name)
            self._offset = (sheet.start or (0, 0))[1]
            read = self._rows(sheet)
            rows = list(itertools.islice(read, _SAMPLE_ROWS))
            width = max(
                [header.extent(cells) for _, cells in rows] + [header.extent(cells) for _, cells in read], default=0
            )
            merged = self._merged(sheet)
        if not width:
            raise InputError(f"{source}: the sheet {self._sheet_name!r} is empty")
        head = header.given(rows, reading, source, merged, width)
        self._head = head
        width = len(head.names)
        self.columns = header.columns(head.names)
        self._places = Places(source, self.columns, self._offset)
        body = [cells for number, cells in rows if number >= head.first]
        usual = sorted(sum(not header.blank(cell) for cell in cells) for cells in body)
        numbers = [at for at in range(width) if header.amounts([cells[at] for cells in body if at < len(cells)])]
        last = next((cells for number, cells in rows if head.rows and number == head.rows[-1]), ())
        self._sorter = header.Sorter(
            width, numbers, _fit(last, width) if last else (), reading.totals, usual[len(usual) // 4] if usual else 0
        )
        self.facts = Facts(
            Reading(
                format=content.kind, sheet=self._sheet_name, member=content.member, header_rows=head.rows,
                first_row=head.first, totals=reading.totals,
            ),
            [
                Finding("format", content.kind, 1.0, "The file is an archive with the parts of a workbook."),
                chosen, *head.findings,
                Finding("first_row", str(head.first), 0.9, "It is the first full row after the header."),
            ],
        )  # fmt: skip
        errors = len(self._survey.of(self._sheet_name))
        if errors:
            self.facts.notes.append(
                f"{errors} cells hold errors of formulas such as #N/A; they are read as these texts."
            )

    def place(self, number: int, column: int | None = None) -> Place:
        """Return the place of a row, or of a cell in it."""
        return self._places.place(number, column)

    def _workbook(self) -> calamine.CalamineWorkbook:
        with _guarded(self.source), self._content.open() as stream:
            memory = held(stream, self.source, self._limits) if self._content.packed else stream
            return calamine.load_workbook(memory)

    def _rows(self, sheet: calamine.CalamineSheet) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        errors = self._survey.of(self._sheet_name)
        for at, cells in enumerate(sheet.iter_rows()):
            made = [_cell(cell) for cell in cells]
            if errors:
                for column in range(len(made)):
                    if made[column] is None and (at, column + self._offset) in errors:
                        made[column] = errors[at, column + self._offset]
            yield at + 1, tuple(made)

    def _merged(self, sheet: calamine.CalamineSheet) -> dict[int, list[tuple[int, int]]]:
        """Return first and last column of each cell that is merged over several columns, by row from 1."""
        ranges = sheet.merged_cell_ranges or []
        found: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, right) in ranges[:10_000]:
            if right > left and top == bottom and left >= self._offset:
                found.setdefault(top + 1, []).append((left - self._offset, right - self._offset))
        return found

    def entries(self) -> Iterator[Entry]:
        """Yield all entries in the order of the sheet.

        Raises:
            InputError: The file is broken, or changed since it was opened.
        """
        with _guarded(self.source), self._workbook() as book:
            sheet = book.get_sheet_by_name(self._sheet_name)
            width, head, reason, checked = len(self.columns), self._head, self._sorter.reason, self._places.checked
            longest = self._limits.max_cell_chars
            for number, cells in self._rows(sheet):
                if number in head.rows:
                    yield Skipped(number, "header")
                elif number < head.first:
                    empty = not header.extent(cells)
                    inside = head.rows and number > head.rows[0]
                    yield Skipped(number, "blank" if empty else "header" if inside else "preamble")
                else:
                    fitted = _fit(cells, width)
                    why = reason(fitted)
                    yield Skipped(number, why) if why else checked(Row(number, fitted), longest)


@contextmanager
def _guarded(source: str) -> Iterator[None]:
    """Turn the faults of the spreadsheet reader into ours; what it says is not told, since it quotes cells."""
    try:
        yield
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise InputError(f"{source}: is a broken workbook; save it again with a spreadsheet program") from error
    except BaseException as error:
        # A panic of its Rust code is no Exception, so that nobody goes on with broken state: here nothing does.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError(f"{source}: is a broken workbook; save it again with a spreadsheet program") from error


def _fit(cells: Sequence[Cell], width: int) -> tuple[Cell, ...]:
    return tuple(cells[:width]) + (None,) * (width - len(cells))


def _cell(value: object) -> Cell:
    """Return a cell as rows carry it: whole numbers as integers, others as their shortest decimal number."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _EXACT:
            return int(value)
        return Decimal(repr(value)) if _SMALL < abs(value) < _LARGE else str(value)
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, date):
        return value
    if isinstance(value, time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else None


def _choose(book: calamine.CalamineWorkbook, wanted: str | None, source: str) -> Finding:
    """Choose the sheet: the one with the most rows that have several columns."""
    names = [data.name for data in book.sheets_metadata if data.typ == calamine.SheetTypeEnum.WorkSheet]
    hidden = {data.name for data in book.sheets_metadata if data.visible != calamine.SheetVisibleEnum.Visible}
    if wanted is not None:
        if wanted not in names:
            shown = ", ".join(repr(name) for name in names[:20])
            raise InputError(f"{source}: has no sheet {wanted!r}; it has {shown}")
        return Finding("sheet", wanted, 1.0, "The mapping names it.", tuple(name for name in names if name != wanted))
    sizes = {name: _size(book.get_sheet_by_name(name)) for name in names}
    order = sorted(names, key=lambda name: (name in hidden, -sizes[name], names.index(name)))
    if not order or not sizes[order[0]]:
        raise InputError(f"{source}: has no sheet with cells")
    best, rest = order[0], tuple(name for name in order[1:] if sizes[name])
    if not rest:
        return Finding("sheet", best, 1.0, "It is the only sheet with cells.", ())
    close = sizes[rest[0]] * _CLOSE_COUNTS > sizes[best] and rest[0] not in hidden
    return Finding(
        "sheet", best, 0.5 if close else 0.9, f"It has the most rows of several cells ({sizes[best]}).", rest
    )


def _size(sheet: calamine.CalamineSheet) -> int:
    counted = sum(sum(cell != "" for cell in cells) > 1 for cells in itertools.islice(sheet.iter_rows(), 20_000))
    return max(counted, sheet.height) if counted == 20_000 else counted or int(sheet.height > 0)
