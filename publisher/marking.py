"""The marked spreadsheet: a list as it was read, faulty cells coloured and commented, and a first sheet that says why.

Rows and columns stand where they stand in the source, so that `C12` here is `C12` there. The rows are written as they
are read and the problems, sorted by row, are merged into them: memory does not grow with the rows, and with the
problems only by the comments, which are bounded. Personal data are covered.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from publisher import marking_summary
from publisher.lists import privacy
from publisher.marking_cells import COLUMNS, ROWS, Formats, fitting, gravest, sound, write
from publisher.marking_summary import Marked, Words
from publisher.problems import PRIVATE, Problem, letters, visible
from publisher.report_texts import text
from publisher.tables.model import Cell, Entry, Rejected, Row, Table

_HIDDEN = 100_000
"""Lines of records of several lines that are hidden; those beyond are empty rows: each costs memory."""
_FROZEN = 20
"""A header further down than this is not frozen: it would leave no room for the rows."""
_MEASURED = 200
"""Rows whose texts tell how wide the columns are."""

Withhold = Callable[[Row, int], bool]
"""Tells of a row and the index of a column whether the cell is personal data."""


def mark(
    table: Table,
    problems: Iterable[Problem],
    target: Path,
    *,
    withheld_columns: Collection[str] = (),
    withhold: Withhold | None = None,
    language: str = "en",
    titles: Mapping[str, Mapping[str, str]] | None = None,
    comments: int = 20_000,
) -> Marked:
    """Write a list as a spreadsheet with its faulty cells marked.

    Covered are the columns that are named or that have a header of contact details,
    cells that `withhold` or a problem of a rule `privacy/…` says are personal, and
    the pieces of any text that `lists.privacy` finds.

    Args:
        table: The list.
        problems: All problems of the list, not examples only, sorted by row, as `collecting.Spill.problems` gives
            them; those of other files are passed over.
        target: The file; it is put in place when it is whole.
        withheld_columns: Names of columns that hold personal data.
        withhold: Tells of a cell whether it is personal data.
        language: Of comments and of the first sheet.
        titles: Names of shapes by language, by shape IRI.
        comments: How many cells have a comment; all faulty cells are coloured.

    Raises:
        InputError: The list cannot be read any more.
        ValueError: The problems are not sorted.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    with tempfile.TemporaryDirectory(prefix=".marking-", dir=target.parent) as folder:
        fresh = Path(folder) / "marked.xlsx"
        options = {
            "constant_memory": True, "tmpdir": folder, "strings_to_urls": False, "strings_to_formulas": False,
            "strings_to_numbers": False,
        }  # fmt: skip
        with xlsxwriter.Workbook(fresh, options) as book:
            book.set_properties({"title": text("sheet.title", language, file=sound(visible(table.source)))})
            words, formats = Words(language, titles or {}), Formats(book)
            # The first sheet is written last: only then it is known what did not find room.
            first = book.add_worksheet(text("sheet.faults", language))
            sheet = _List(table, book.add_worksheet(text("sheet.list", language)), formats, words, comments)
            sheet.cover(withheld_columns, withhold)
            sheet.write(_Stream(problems, table.source))
            marking_summary.write(first, table.source, sheet.done, formats, words)
            first.activate()
        fresh.replace(target)
    return sheet.done


class _Stream:
    """The problems of one file, taken row by row."""

    def __init__(self, problems: Iterable[Problem], source: str) -> None:
        self._problems = self._sorted(problems, source)
        self._next = next(self._problems, None)

    @staticmethod
    def _sorted(problems: Iterable[Problem], source: str) -> Iterator[Problem]:
        last = 0
        for problem in problems:
            if problem.place.file == source:
                if problem.place.line < last:
                    raise ValueError(f"the problems of {source} are not sorted by row")
                last = problem.place.line
                yield problem

    def take(self, before: int | None) -> list[Problem]:
        """Return the problems that stand before a row and were not taken yet; all that are left for None."""
        taken = []
        while self._next is not None and (before is None or self._next.place.line < before):
            taken.append(self._next)
            self._next = next(self._problems, None)
        return taken

    def rest(self) -> Iterator[Problem]:
        """Yield the problems that were not taken, without holding them."""
        while self._next is not None:
            yield self._next
            self._next = next(self._problems, None)


class _List:
    """Writes the sheet that is the list itself."""

    def __init__(self, table: Table, sheet: Any, formats: Formats, words: Words, comments: int) -> None:
        self.table = table
        self.sheet = sheet
        self.formats = formats
        self.words = words
        self.comments = comments
        # In a sheet the list may begin right of column A; places count from A.
        self.offset = max(table.place(1, 0).column - 1, 0) if table.columns else 0
        self.width = min(len(table.columns), COLUMNS - self.offset)
        header_rows = table.facts.reading.header_rows or ()
        self.header = max(header_rows, default=0) - 1
        self.shift = 0 if header_rows else 1
        self.done = Marked(columns_cut=self.width < len(table.columns), shifted=not header_rows)
        self._index = {column.name: column.index for column in table.columns}
        self._covered: set[int] = set()
        self._withhold: Withhold | None = None
        self._widths = [min(len(column.name), 40) for column in table.columns[: self.width]]
        self._cut = text("sheet.cut", words.language)
        self._hidden = 0
        self._last = -1

    def cover(self, columns: Collection[str], withhold: Withhold | None) -> None:
        """Say which cells are personal data."""
        self._withhold = withhold
        self._covered = {
            column.index
            for column in self.table.columns
            if column.name in columns or privacy.contact_column(column.name)
        }

    def write(self, stream: _Stream) -> None:
        """Write the rows."""
        self.sheet.set_comments_author("Portfolio Publisher")
        heading = stream.take(1)
        if self.shift:
            self._header(0, heading)
        for entry, following in _with_next(self.table.entries()):
            at = entry.number - 1 + self.shift
            if at >= ROWS:
                self.done.rows_cut = True
                break
            if self._last < self.header <= at:
                self._header(self.header, [*heading, *stream.take(self.header + 2)])
            self._entry(entry, at, stream.take(None if following is None else following.number))
        if self._last < self.header:
            self._header(self.header, heading)
        for problem in stream.rest():
            self.done.tell(problem, None)
        self._finish()

    def _entry(self, entry: Entry, at: int, faults: list[Problem]) -> None:
        if isinstance(entry, Row):
            self._row(entry, at, faults)
        elif isinstance(entry, Rejected):
            told = {(fault.rule, fault.place) for fault in faults}
            own = [] if (entry.problem.rule, entry.problem.place) in told else [entry.problem]
            self._note(at, text("sheet.unread", self.words.language), [*own, *faults])
        elif at > self._last:
            said = text(f"sheet.skipped.{entry.reason}", self.words.language)
            if said or faults:
                self._note(at, said, faults)
            else:
                self._gap(at)
                self._last = at
        else:
            for fault in faults:
                self.done.tell(fault, None)

    def _header(self, at: int, faults: list[Problem]) -> None:
        by_column = self._by_column(faults)
        for column in self.table.columns[: self.width]:
            where = self.offset + column.index
            found = by_column.get(where, [])
            form = self.formats.get(gravest(found), bold=True, text_wrap=True, bottom=2, quote_prefix=True)
            self.sheet.write_string(at, where, self._fitting(column.name), form)
            self._comment(at, where, found)
        # What is said of the list as a whole has no cell.
        for fault in by_column.get(-1, []):
            self.done.tell(fault, None)
        self._last = at

    def _note(self, at: int, said: str, faults: list[Problem]) -> None:
        """Write a row that has no cells: a grey word in the first one."""
        self._gap(at)
        form = self.formats.get(gravest(faults), italic=True, font_color="#595959")
        self.sheet.write_string(at, self.offset, said or " ", form)
        self._comment(at, self.offset, faults)
        self._last = at

    def _row(self, row: Row, at: int, faults: list[Problem]) -> None:
        self._gap(at)
        self.done.rows += 1
        by_column = self._by_column(faults) if faults else {}
        whole = by_column.pop(-1, [])
        if whole:
            by_column[self.offset] = [*whole, *by_column.get(self.offset, [])]
        # A fault about persons that names no column may be about any cell.
        secret = any(fault.rule.startswith(PRIVATE) for fault in whole)
        for index, cell in enumerate(row.cells[: self.width]):
            where = self.offset + index
            found = by_column.get(where, [])
            shown = self._shown(row, index, cell, found, secret=secret)
            write(self.sheet, at, where, shown, self.formats, gravest(found) if found else "")
            if found:
                self._comment(at, where, found)
        if self.done.rows <= _MEASURED:
            self._measure(row)
        self._last = at

    def _measure(self, row: Row) -> None:
        """Let columns be as wide as their texts."""
        for index, cell in enumerate(row.cells[: self.width]):
            self._widths[index] = max(self._widths[index], min(len(str(cell or "")), 60))

    def _gap(self, at: int) -> None:
        """Hide the rows that are the further lines of the record before."""
        if self._last < 0:
            return
        for line in range(self._last + 1, at):
            if self._hidden >= _HIDDEN:
                return
            self._hidden += 1
            self.sheet.set_row(line, None, None, {"hidden": True})
            self.sheet.write_blank(line, self.offset, None, self.formats.get())

    def _shown(self, row: Row, index: int, cell: Cell, faults: list[Problem], *, secret: bool) -> Cell:
        """Return what may be shown of a cell."""
        if cell is None or cell == "":
            return cell
        if secret or index in self._covered or (self._withhold is not None and self._withhold(row, index)):
            self.done.withheld += 1
            return privacy.WITHHELD
        bare = privacy.masked(cell) if isinstance(cell, str) else cell
        if not faults and bare is cell:
            return self._fitting(bare) if isinstance(bare, str) else bare
        kinds = {fault.rule.removeprefix(PRIVATE) for fault in faults if fault.rule.startswith(PRIVATE)}
        # A piece that was found is covered by itself; a person's name, and what cannot be found again, wholly.
        if kinds and (bare == cell or not kinds <= set(privacy.KINDS)):
            bare = privacy.WITHHELD
        self.done.withheld += bare != cell
        return self._fitting(bare) if isinstance(bare, str) else bare

    def _fitting(self, said: str) -> str:
        shown = fitting(said, self._cut)
        self.done.shortened += len(shown) != len(said)
        return shown

    def _by_column(self, faults: list[Problem]) -> dict[int, list[Problem]]:
        """Return the faults by the column of the sheet that they stand in; -1 for the whole row."""
        found: dict[int, list[Problem]] = {}
        for fault in faults:
            found.setdefault(self._column(fault), []).append(fault)
        return found

    def _column(self, fault: Problem) -> int:
        place = fault.place
        index = place.column - 1 - self.offset
        if place.column and place.path:
            index = self._index.get(place.path, index)
        return self.offset + index if 0 <= index < self.width else -1

    def _comment(self, at: int, where: int, faults: list[Problem]) -> None:
        """Comment on a faulty cell, while there is room, and tell its faults on the first sheet."""
        if not faults:
            return
        self.done.cells += 1
        for fault in faults:
            self.done.tell(fault, (at, where))
        if self.done.commented < self.comments:
            self.done.commented += 1
            said = sound(self.words.comment(faults))
            lines = sum(1 + len(line) // 48 for line in said.split("\n"))
            self.sheet.write_comment(at, where, said, {"width": 340, "height": min(20 + 17 * lines, 400)})

    def _finish(self) -> None:
        header = max(self.header, 0)
        last = max(self._last, header)
        if header < _FROZEN:
            self.sheet.freeze_panes(header + 1, 0)
        if self.width:
            self.sheet.autofilter(header, self.offset, last, self.offset + self.width - 1)
            self.sheet.ignore_errors({"number_stored_as_text": f"A1:{letters(self.offset + self.width)}{last + 1}"})
        for index, width in enumerate(self._widths):
            self.sheet.set_column(self.offset + index, self.offset + index, max(8, width + 2))


def _with_next(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Entry | None]]:
    """Yield each entry with the one after it."""
    last: Entry | None = None
    for entry in entries:
        if last is not None:
            yield last, entry
        last = entry
    if last is not None:
        yield last, None
