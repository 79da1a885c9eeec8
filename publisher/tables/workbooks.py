"""A look into a workbook before it is loaded: how large it is, what harms, and the errors that loading drops.

calamine holds a sheet as a full grid from its first to its last cell, so one
cell in the last corner would cost gigabytes; and it reads members to their end,
whatever their entries say. Both are found out here first, block by block.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO

from publisher.errors import InputError
from publisher.tables.containers import BROKEN, blocks, whole
from publisher.tables.model import Limits

_GRID_BYTES = 25
"""What a cell of a loaded grid takes at least, filled or not."""
_MAX_ERRORS = 100_000

_TOKEN = re.compile(rb"""<(?:\w+:)?(?P<row>row)\b(?P<rowat>[^>]*)>|<(?:\w+:)?c(?P<at>\s[^>]*?)?(?P<empty>/)?>""")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,4})?([0-9]{1,9})["']""")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c(?=\s[^>]*\bt\s*=\s*["']e["'])[^>]*?\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*>(?:(?!</(?:\w+:)?c>).){0,2000}?<(?:\w+:)?v>([^<]{1,20})</""",
    re.DOTALL,
)
_ODS_TOKEN = re.compile(
    rb"<table:(?P<kind>table|table-row|table-cell|covered-table-cell)(?P<at>\s[^>]*?)?(?P<empty>/)?>|</table:table-row>"
)
_ODS_REPEATED = re.compile(rb"""table:number-(?:rows|columns)-repeated\s*=\s*["']([0-9]{1,12})["']""")
_ODS_VALUE = re.compile(rb"office:(?:value|string-value|date-value|time-value|boolean-value)")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_KEPT = 4096


@dataclass
class Survey:
    """What was found in a workbook.

    Args:
        errors: Errors such as `#N/A` by sheet member, row and column from 0.
    """

    errors: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)

    def of(self, sheet: str) -> dict[tuple[int, int], str]:
        """Return the errors of a sheet by its name."""
        return self.errors.get(self.sheets.get(sheet, ""), {})


def survey(stream: BinaryIO, kind: str, name: str, limits: Limits) -> Survey:
    """Look through a workbook.

    Raises:
        InputError: It is broken, too large, or made to do harm.
    """
    found = Survey()
    try:
        with zipfile.ZipFile(stream) as archive:
            total = 0
            for member in archive.infolist():
                inner = member.filename
                if inner.startswith(("/", "\\")) or ".." in inner.replace("\\", "/").split("/"):
                    raise InputError(f"{name}: holds a file whose name leads out of the workbook")
                if not inner.lower().endswith((".xml", ".rels")):
                    continue
                scan = _Scan(name, limits)
                look = _sheet if inner.startswith("xl/worksheets/") else _content if inner == "content.xml" else None
                with whole(archive, member) as part:
                    for window, fresh in _windows(part):
                        total += fresh
                        if total > limits.max_sheet_bytes:
                            raise InputError(
                                f"{name}: its sheets are larger than {limits.max_sheet_bytes} bytes;"
                                " divide it, or save it as CSV"
                            )
                        scan.prolog(window)
                        if look:
                            look(scan, window)
                if scan.errors:
                    found.errors[inner] = scan.errors
            if kind == "xlsx":
                found.sheets = _members(archive)
    except BROKEN as error:
        raise InputError(f"{name}: is a broken workbook: {error}") from error
    return found


def _windows(part: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield blocks that end with a whole tag where they can, and how many bytes each has that are new."""
    rest = b""
    for block in blocks(part):
        text = rest + block
        cut = text.rfind(b"</c>") + 4 if b"</c>" in text else text.rfind(b">") + 1
        if cut <= 0:
            cut = max(0, len(text) - _KEPT)
        yield text[:cut], len(block)
        rest = text[cut:]
    yield rest, 0


class _Scan:
    """State while one member is looked through."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.started = False
        self.row = self.column = -1
        self.last_row = self.last_column = -1
        self.repeated_rows = 1
        self.row_filled = False
        self.rows = 0
        self.errors: dict[tuple[int, int], str] = {}

    def prolog(self, window: bytes) -> None:
        """Refuse document types and encodings that would hide one."""
        if not self.started and window:
            self.started = True
            if window.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")):
                raise InputError(
                    f"{self.name}: holds XML in an unusual encoding; save it again with a spreadsheet program"
                )
        if _DOCTYPE.search(window):
            raise InputError(f"{self.name}: holds XML with a document type, as files have that are made to do harm")

    def cell(self, row: int, column: int) -> None:
        """Take note of a filled cell."""
        if row > self.last_row or column > self.last_column:
            self.last_row, self.last_column = max(row, self.last_row), max(column, self.last_column)
            if self.last_column >= self.limits.max_columns:
                raise InputError(f"{self.name}: a sheet has more than {self.limits.max_columns} columns")
            if (self.last_row + 1) * (self.last_column + 1) * _GRID_BYTES > self.limits.max_sheet_bytes:
                raise InputError(
                    f"{self.name}: a sheet reaches to row {self.last_row + 1} and column {self.last_column + 1},"
                    " too far to be loaded; delete stray cells at its end, or save it as CSV"
                )


def _sheet(scan: _Scan, window: bytes) -> None:
    for token in _TOKEN.finditer(window):
        if token["row"]:
            reference = _REFERENCE.search(token["rowat"] or b"")
            scan.row = int(reference[2]) - 1 if reference else scan.row + 1
            scan.column = -1
            continue
        reference = _REFERENCE.search(token["at"] or b"")
        if reference and reference[1]:
            scan.column, scan.row = _column(reference[1]), int(reference[2]) - 1
        else:
            scan.column += 1
        if not token["empty"]:
            scan.cell(max(scan.row, 0), scan.column)
    if b'"e"' in window or b"'e'" in window:
        for match in _ERROR.finditer(window):
            if len(scan.errors) < _MAX_ERRORS:
                scan.errors[int(match[2]) - 1, _column(match[1])] = html.unescape(match[3].decode("utf-8", "replace"))


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column - 1


def _content(scan: _Scan, window: bytes) -> None:
    """Count the rows and columns of OpenDocument sheets, repeated ones as often as they stand."""
    for token in _ODS_TOKEN.finditer(window):
        kind = token["kind"]
        repeated = _ODS_REPEATED.search(token["at"] or b"")
        times = int(repeated[1]) if repeated else 1
        if kind == b"table":
            scan.rows, scan.last_row, scan.last_column, scan.column = 0, -1, -1, -1
        elif kind == b"table-row":
            scan.repeated_rows, scan.row_filled, scan.column = times, False, -1
            if token["empty"]:
                scan.rows += times
        elif kind is None:
            if scan.row_filled:
                scan.cell(scan.rows + scan.repeated_rows - 1, 0)
            scan.rows += scan.repeated_rows
        else:
            scan.column += times
            # A cell of a value or of content; empty ones behind the last filled cell are never loaded.
            if not token["empty"] or _ODS_VALUE.search(token["at"] or b""):
                scan.row_filled = True
                scan.cell(scan.rows, scan.column)


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the member that each sheet stands in, by the sheet's name."""
    try:
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    except KeyError:
        return {}
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", links):
        key, target = re.search(r'\sId="([^"]*)"', tag), re.search(r'\sTarget="([^"]*)"', tag)
        if key and target:
            path = target[1]
            targets[key[1]] = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    found = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book):
        title, key = re.search(r'\sname="([^"]*)"', tag), re.search(r'\s\w+:id="([^"]*)"', tag)
        if title and key and key[1] in targets:
            found[html.unescape(title[1])] = targets[key[1]]
    return found
