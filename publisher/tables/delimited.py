"""CSV and its kin: text tables to rows, fast where they are in order and careful where they are not.

A row with the right number of cells that matches the patterns of its columns
passes at once. Every other row is looked at on its own: mended where exactly one
way to read it fits, else rejected. A quote that is never closed spoils its own
line only: the lines after it are read afresh.
"""

from __future__ import annotations

import csv
import itertools
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from publisher.errors import InputError
from publisher.reports import Place
from publisher.tables import alignment, dialect, encodings, header, mojibake, patterns, quoting
from publisher.tables.dialect import Dialect
from publisher.tables.faults import Places
from publisher.tables.lines import STRANGE, Lines
from publisher.tables.model import Column, Entry, Facts, Finding, Limits, Reading, Rejected, Repair, Row, Skipped

_SAMPLE_CHARS = 8_000_000
_SAMPLE_RECORDS = 20_000
_SEARCHED = 200
_TAIL = 200
"""So many lines of one cell can stand at the end of a file as notes."""
_HOPELESS = 2000
"""After so many rejected rows without one that can be read, a file is given up."""
_LINES = 50
"""A record whose quotes are broken goes on over so many lines at most."""


class _TooLongError(Exception):
    """A record passed the limit before its quote was closed."""


class Records:
    """Records of a text: cells where its quotes are in order, and always the lines that it stands in.

    Args:
        lines: The lines of the text.
        form: How a line falls into cells.
        longest: How many characters a record may have.
    """

    def __init__(self, lines: Iterator[str], form: Dialect, longest: int) -> None:
        """Begin at the first line."""
        self._lines, self._form, self._longest = lines, form, longest
        self._back: deque[str] = deque()
        self._pending: list[str] = []

    def _feed(self) -> Iterator[str]:
        size, pending, back, longest = 0, self._pending, self._back, self._longest
        while True:
            if back:
                line = back.popleft()
            else:
                try:
                    line = next(self._lines)
                except StopIteration:
                    return
            if not pending:
                size = 0
            pending.append(line)
            size += len(line)
            if size > longest:
                raise _TooLongError
            yield line

    def __iter__(self) -> Iterator[tuple[int, list[str] | None, list[str]]]:
        """Yield for each record: where it begins, its cells or None, and its lines until the next is read."""
        line, pending = 1, self._pending
        options = self._form.reader_options()
        reader = csv.reader(self._feed(), **options)  # type: ignore[arg-type]
        while True:
            try:
                for cells in reader:
                    yield line, cells, pending
                    line += len(pending)
                    pending.clear()
                return
            except (csv.Error, _TooLongError):
                self._back.extendleft(reversed(pending[1:]))
                del pending[1:]
                yield line, None, pending
                line += len(pending)
                pending.clear()
                reader = csv.reader(self._feed(), **options)  # type: ignore[arg-type]

    def more(self) -> str | None:
        """Take one more line into the record that is being looked at; None at the end of the file."""
        line = self._back.popleft() if self._back else next(self._lines, None)
        if line is not None:
            self._pending.append(line)
        return line

    def less(self, keep: int) -> None:
        """Give back the lines that were taken, all but the first ones."""
        self._back.extendleft(reversed(self._pending[keep:]))
        del self._pending[keep:]


class DelimitedTable:
    """A text table.

    Args:
        opened: Opens its bytes anew.
        source: The file as the user named it.
        reading: What is known of how to read it.
        limits: The bounds.
        encoding: What was found out about its encoding.
    """

    def __init__(
        self,
        opened: Callable[[], BinaryIO],
        source: str,
        reading: Reading,
        limits: Limits,
        encoding: Finding,
        member: str | None,
    ) -> None:
        """Find out how it is to be read.

        Raises:
            InputError: It is no table, or `reading` does not agree with it.
        """
        self.source, self._opened, self._limits = source, opened, limits
        self._codec = encoding.value
        self._totals = reading.totals
        dialect.allow_cells(limits)
        sample = self._sample_lines()
        self._form, found = dialect.find(sample, source, reading.delimiter, reading.quote)
        head, rows = self._head(sample, reading)
        self._head_rows = head
        width = len(head.names)
        if any(STRANGE.search(name) for name in head.names):
            raise InputError(f"{source}: its header holds control characters, or bytes that are no {self._codec}")
        if width > limits.max_columns:
            raise InputError(
                f"{source}: has more than {limits.max_columns} columns; is {self._form.delimiter!r} its delimiter?"
            )
        self._learn(rows, width)
        self.columns: tuple[Column, ...] = header.columns(head.names)
        self._places = Places(source, self.columns)
        first = head.first
        self.facts = Facts(
            Reading(
                format="csv", encoding=self._codec, delimiter=self._form.delimiter, quote=self._form.quote,
                member=member, header_rows=head.rows, first_row=first, totals=reading.totals,
            ),
            [
                Finding("format", "csv", 0.99, "The file is a text of lines with cells."),
                encoding, *found, *head.findings,
                Finding("first_row", str(first), 0.9, "It is the first full row after the header."),
            ],
        )  # fmt: skip
        if self._form.tail:
            self.facts.notes.append('Lines end in ";", which is no part of the last cell and left out.')

    def place(self, number: int, column: int | None = None) -> Place:
        """Return the place of a row, or of a cell in it."""
        return self._places.place(number, column)

    def _sample_lines(self) -> list[str]:
        sample: list[str] = []
        size = 0
        lines = Lines(encodings.texts(self._opened, self._codec, self.source), self.source, self._limits.max_row_chars)
        for text in lines:
            sample.append(text)
            size += len(text)
            if size > _SAMPLE_CHARS or len(sample) > 5 * _SAMPLE_RECORDS:
                break
        if sum(STRANGE.search(text) is not None for text in sample[:_SEARCHED]) * 5 > min(len(sample), _SEARCHED):
            raise InputError(
                f"{self.source}: is full of control characters, or of bytes that are no {self._codec}:"
                " is it a text? Save it as UTF-8"
            )
        return sample

    def _head(self, sample: list[str], reading: Reading) -> tuple[header.Head, list[tuple[int, list[str]]]]:
        """Return where the header stands, and the sampled rows with the line where each begins."""
        records = Records(iter(sample), self._form, self._limits.max_row_chars)
        rows: list[tuple[int, list[str]]] = []
        for number, cells, pending in itertools.islice(records, _SAMPLE_RECORDS):
            rows.append((number, self._trimmed(cells if cells is not None else [pending[0].rstrip("\r\n")])))
        if rows and _is_declaration(sample[0]):
            del rows[0]
        if not any(header.extent(cells) for _, cells in rows):
            raise InputError(f"{self.source}: holds no rows")
        return header.given(rows, reading, self.source), rows

    def _trimmed(self, cells: list[str]) -> list[str]:
        """Return cells without the semicolon that ends the line, where lines end so."""
        if self._form.tail and cells and cells[-1].endswith(";"):
            return [*cells[:-1], cells[-1][:-1]]
        return cells

    def _learn(self, rows: Sequence[tuple[int, list[str]]], width: int) -> None:
        """Learn the patterns from the rows that have the right number of cells, and which of these are records."""
        body = [cells for number, cells in rows if number >= self._head_rows.first]
        clean = [fitted for cells in body if (fitted := _fitted(cells, width)) is not None]
        names = [cells for number, cells in rows if number in self._head_rows.rows]
        again = _fitted(names[-1], width) if names else None
        clean = [cells for cells in clean if cells != again and any(cell.strip() for cell in cells)]
        found = patterns.learn(clean, width)
        usual = sorted(sum(bool(cell.strip()) for cell in cells) for cells in clean)
        numbers = [at for at in range(width) if header.amounts([cells[at] for cells in clean])]
        self._patterns = found
        self._gate = patterns.gate(found).fullmatch
        self._sorter = header.Sorter(
            width,
            numbers,
            again or (),
            self._totals,
            usual[len(usual) // 10] if usual else 0,
        )

    def entries(self) -> Iterator[Entry]:
        """Yield all entries in the order of the file; memory stays bounded by the row.

        Raises:
            InputError: The file passes a limit, is broken, or changed since it was opened.
        """
        dialect.allow_cells(self._limits)
        hopeless = 0
        first: Rejected | None = None
        for entry in self._settled():
            if type(entry) is Row:
                hopeless = 0
            elif type(entry) is Rejected:
                hopeless += 1
                first = entry if first is None or hopeless == 1 else first
                if hopeless > _HOPELESS:
                    raise InputError(
                        f"{self.source}: the {_HOPELESS} records up to line {entry.number} cannot be read;"
                        f" the first of them says: {first.problem.message('en')}"
                    )
            yield entry

    def _settled(self) -> Iterator[Entry]:
        """Yield the entries; lines of one cell are notes at the end of a file, and broken records before it."""
        held: list[Entry] = []
        for entry in self._sorted():
            if type(entry) is Row:
                if held:
                    yield from held
                    held.clear()
                yield entry
            elif held or (type(entry) is Rejected and entry.problem.rule == "tables/cells-missing"):
                held.append(entry)
                if len(held) > _TAIL:
                    yield from held
                    held.clear()
            else:
                yield entry
        for entry in held:
            lone = type(entry) is Rejected and entry.number in self._lone
            yield Skipped(entry.number, "note") if lone else entry

    def _sorted(self) -> Iterator[Entry]:
        """Yield one entry for each record: the fast way for rows in order, `_odd` for all others."""
        self._lone: deque[int] = deque(maxlen=2 * _TAIL)
        lines = Lines(encodings.texts(self._opened, self._codec, self.source), self.source, self._limits.max_row_chars)
        records = Records(iter(lines), self._form, self._limits.max_row_chars)
        width, gate, suspect = len(self.columns), self._gate, self._sorter.suspect
        first, join, signs = self._head_rows.first, patterns.SEPARATOR.join, mojibake.SIGNS.search
        longest, checked = self._limits.max_cell_chars, self._places.checked
        limit = self._limits.max_columns + 60
        top = self._sorter.header_first
        for number, cells, pending in records:
            if number < first:
                yield self._before(number, cells)
                continue
            if (
                cells is not None
                and len(cells) == width
                and cells[0] != top
                and (width < 3 or cells.count("") < width - 1)
            ):
                text = join(cells)
                if (
                    gate(text)
                    and not suspect(cells[0])
                    and not lines.strange
                    and len(text) <= longest
                    and (len(pending) == 1 or not self._swallowed(pending))
                ):
                    if not lines.doubtful or not signs(text):
                        yield Row(number, tuple(cells))
                    else:
                        yield checked(Row(number, tuple(cells)), longest)
                    continue
            if cells is not None and len(cells) > limit and header.extent(cells) > limit:
                raise InputError(
                    f"{self.source}: line {number} has {len(cells)} cells, more than any table has columns"
                )
            entry = self._odd(number, cells, pending, records)
            yield checked(entry, longest) if type(entry) is Row else entry

    def _before(self, number: int, cells: list[str] | None) -> Entry:
        if number in self._head_rows.rows:
            return Skipped(number, "header")
        if cells is not None and not any(cell.strip() for cell in cells):
            return Skipped(number, "blank")
        inside = self._head_rows.rows and number > self._head_rows.rows[0]
        return Skipped(number, "header" if inside else "preamble")

    def _odd(self, number: int, cells: list[str] | None, pending: list[str], records: Records) -> Entry:
        """Read a record that is not in order: the reason why it is none, the row, or why it cannot be read."""
        width = len(self.columns)
        if cells is not None and len(pending) > 1 and self._swallowed(pending):
            records.less(1)
            cells = None
        if cells is None:
            found = self._unquoted(number, pending, records)
            if found is not None:
                return found
            if STRANGE.search(pending[0]):
                return self._strange(number, pending[0])
            cells = pending[0].rstrip("\r\n").split(self._form.delimiter)
            if self._form.quote and any(cell.startswith(self._form.quote) for cell in cells):
                return self._places.rejected(number, "quotes-broken")
        elif (len(cells) < width or not self._form.quote) and self._wrapped(pending):
            found = self._whole(number, pending)
            if found is not None:
                return found
        row = self._row(number, cells)
        if type(row) is Rejected and any(STRANGE.search(line) for line in pending):
            return self._strange(number, "".join(pending))
        return row

    def _row(self, number: int, cells: list[str], done: tuple[Repair, ...] = ()) -> Entry:
        """Make a row of cells whose quotes are done with."""
        width = len(self.columns)
        trimmed = self._trimmed(cells)
        fitted = _fitted(trimmed, width)
        repairs = done
        if fitted is not None:
            reason = None if done else self._sorter.reason(fitted)
            if reason:
                return Skipped(number, reason)
            if len(cells) > width or trimmed is not cells:
                repairs = (*repairs, Repair("trailing-delimiter"))
        elif len(trimmed) > width:
            aligned = alignment.joined(trimmed, self._patterns, self._form.delimiter)
            if aligned is None:
                return self._places.rejected(number, "cells-too-many", found=header.extent(trimmed), expected=width)
            fitted = aligned.cells
            repairs = (*repairs, *(Repair("unquoted-delimiter", column) for column in aligned.joined))
            if header.extent(trimmed) < len(trimmed) or trimmed is not cells:
                repairs = (*repairs, Repair("trailing-delimiter"))
        else:
            padded = tuple(trimmed) + ("",) * (width - len(trimmed))
            reason = None if done else self._sorter.reason(padded)
            if reason == "note":
                self._lone.append(number)
            elif reason:
                return Skipped(number, reason)
            aligned = alignment.completed(trimmed, self._patterns) if reason is None else None
            if aligned is None:
                return self._places.rejected(number, "cells-missing", found=len(trimmed), expected=width)
            fitted = aligned.cells
            repairs = (*repairs, *(Repair("missing-cells", column) for column in aligned.missing))
        wrong = patterns.moved(fitted, self._patterns)
        if wrong is not None:
            return self._places.rejected(
                number, "cells-moved", wrong, column=self.columns[wrong].name or str(wrong + 1)
            )
        return Row(number, fitted, repairs)

    def _wrapped(self, pending: Sequence[str]) -> bool:
        return len(pending) == 1 and pending[0].lstrip().startswith(self._form.quote or '"')

    def _whole(self, number: int, pending: Sequence[str]) -> Entry | None:
        """Read a line that is quoted as a whole; None where it is none."""
        inner = quoting.unwrapped(pending[0], self._form)
        if inner is None or self._form.delimiter not in inner:
            return None
        quoted = Dialect(self._form.delimiter, self._form.quote or '"', self._form.tail)
        repairs = (Repair("quoted-whole"),)
        cells = quoting.parsed(inner, quoted)
        row: Entry | None = None
        if cells is not None and len(cells) >= len(self.columns):
            row = self._row(number, cells, repairs)
        in_order = type(row) is Row
        if not in_order:
            row = self._row(number, inner.split(self._form.delimiter), repairs)
        if type(row) is not Row:
            return row
        mended = tuple(
            quoting.mended(cell) if isinstance(cell, str) and ('""' in cell or not in_order) else cell
            for cell in row.cells
        )
        changed = tuple(
            Repair("doubled-quotes", at) for at, (a, b) in enumerate(zip(mended, row.cells, strict=True)) if a != b
        )
        return Row(number, mended, (*row.repairs, *changed))

    def _unquoted(self, number: int, pending: list[str], records: Records) -> Entry | None:
        """Read a record whose quotes are broken: quoted as a whole, or with quotes in a cell that are not doubled."""
        if self._wrapped(pending):
            found = self._whole(number, pending)
            if found is not None:
                return found
        while True:
            cells, closed = quoting.loose("".join(pending), self._form)
            if (
                closed
                or len(pending) >= _LINES
                or sum(map(len, pending)) > self._limits.max_cell_chars
                or records.more() is None
            ):
                break
        fitted = _fitted(self._trimmed(cells), len(self.columns)) if closed else None
        if (
            fitted is not None
            and self._telling()
            and self._gate(patterns.SEPARATOR.join(fitted))
            and not self._swallowed(pending)
        ):
            return self._row(number, cells, (Repair("doubled-quotes"),))
        records.less(1)
        return None

    def _swallowed(self, pending: Sequence[str]) -> bool:
        """Tell whether a record over several lines holds records of one line: its quote is a stray one."""
        delimiter, width = self._form.delimiter, len(self.columns)
        for text in itertools.islice(pending, 1, None):
            if text.count(delimiter) < width - 1 or not self._telling():
                continue
            cells, closed = quoting.loose(text, self._form)
            fitted = _fitted(self._trimmed(cells), width) if closed else None
            if fitted is not None and all(fitted) and self._gate(patterns.SEPARATOR.join(fitted)):
                return True
        return False

    def _telling(self) -> bool:
        """Tell whether the table has columns whose form shows that a row stands right."""
        return any(pattern.typed for pattern in self._patterns)

    def _strange(self, number: int, text: str) -> Rejected:
        found = STRANGE.search(text)
        code = ord(found.group()) if found else 0
        rule = "undecodable" if code >= 0xD800 else "control-character"
        at = text.count(self._form.delimiter, 0, found.start() if found else 0)
        column = min(at, len(self.columns) - 1)
        return self._places.rejected(
            number, rule, column, column=self.columns[column].name or str(column + 1), code=f"{code & 0xFF:02X}"
        )


def _is_declaration(line: str) -> bool:
    return line.strip().casefold().startswith("sep=") and len(line.strip()) == 5


def _fitted(cells: Sequence[str], width: int) -> tuple[str, ...] | None:
    """Return cells without empty ones beyond the last column; None where their number is wrong."""
    if len(cells) < width or header.extent(cells[width:]):
        return None
    return tuple(cells[:width])
