"""The canonical record as CSV, XLSX and Parquet: fields in their order, in the forms for machines empty ones too.

Which languages the texts are in is known at the end only: records are kept in a
file meanwhile, so that memory does not grow with them.
"""

from __future__ import annotations

import csv
import importlib
import pickle
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

from publisher.errors import ConfigError
from publisher.exports.cells import cell, joined
from publisher.flattening.record import Record, Value
from publisher.lists import fields

_SHEET_ROWS = 1_048_576
_CELL_CHARS = 32_000
"""Excel takes 32,767 UTF-16 units."""
_DOUBLE_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)
"""Before it, Excel's calendar has a day that never was."""
_BATCH = 10_000

PROJECT = "project"
"""Name of the column of the project's IRI, as in the CSV of coverage."""

Told = Counter[str]
"""How often something was lost on the way to a form, by its sentence."""


@dataclass(frozen=True)
class Column:
    """A column: its name, the field that it holds, and the language of its texts.

    Args:
        name: Of the column.
        field: The field; None for the project's IRI.
        language: A tag where all its texts are in that language, "" else.
    """

    name: str
    field: fields.Field | None
    language: str = ""


class Kept:
    """The records of a release, kept in a file between the two passes. A context manager.

    Args:
        language: The language whose texts stand in the fields without a tag: that of the portfolio, so that a build of
            the file gives the texts their language back.
        folder: Where there is room for the file.
        project: Whether the first column is `PROJECT`, the IRI.
    """

    def __init__(self, language: str, folder: Path, *, project: bool = False) -> None:
        """Keep nothing yet."""
        self.language = language
        self.project = project
        self.count = 0
        self.notes: Counter[str] = Counter()
        self._tags: dict[str, set[str]] = {}
        self._valued: set[str] = set()
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed on leaving

    def keep(self, records: Iterable[Record]) -> Iterator[Record]:
        """Keep the records that pass, and pass them on."""
        for record in records:
            self.count += 1
            self.notes.update(record.notes)
            self._valued.update(record.values)
            for name, told in record.texts.items():
                self._tags.setdefault(name, set()).update(told)
            pickle.dump((record.iri, record.values, record.texts), self._file, pickle.HIGHEST_PROTOCOL)
            yield record

    @property
    def other(self) -> str:
        """Languages of the titles, where none is in that language."""
        titles = self._tags.get("title", set())
        return "" if self.language in titles else ", ".join(sorted(titles))

    @property
    def described(self) -> list[Column]:
        """The columns, in their order."""
        first = [Column(PROJECT, None)] if self.project else []
        return first + [column for field in fields.FIELDS.values() for column in self._columns(field)]

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in their order."""
        return [column.name for column in self.described]

    @property
    def filled(self) -> list[Column]:
        """The columns in which some record has a value, in their order."""
        return [column for column in self.described if self._fills(column)]

    def _fills(self, column: Column) -> bool:
        if column.field is None or column.field.name in self._valued:
            return True
        tags = self._tags.get(column.field.name, set())
        return bool(tags if column.name != column.field.name else tags & {self.language, "und"})

    def _columns(self, field: fields.Field) -> Iterator[Column]:
        tags = self._tags.get(field.name, set())
        # Texts without a tag stand with those of the language, unless a record has both.
        mixed = "und" in tags or field.type != "texts"
        yield Column(field.name, field, "" if mixed else self.language)
        further = tags - {self.language} - ({"und"} if self.language not in tags else set())
        yield from (Column(f"{field.name}_{tag}", field, tag) for tag in sorted(further))

    def __enter__(self) -> Kept:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the file."""
        self._file.close()

    def rows(self) -> Iterator[dict[str, Value]]:
        """Yield value by column, record by record."""
        self._file.seek(0)
        for _ in range(self.count):
            record = Record(*pickle.load(self._file))  # noqa: S301 - our own file, without a name
            row = record.flat(self.language)
            if self.project:
                row[PROJECT] = record.iri
            yield row


def write_csv(kept: Kept, target: Path, *, bom: bool = False) -> Told:
    """Write CSV as RFC 4180 has it: UTF-8, commas, CRLF; `bom` begins it with a byte order mark, as Excel wants it."""
    at = {column: index for index, column in enumerate(kept.columns)}
    with target.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(at)
        for row in kept.rows():
            line = [""] * len(at)  # most fields of most operations are empty
            for column, value in row.items():
                line[at[column]] = cell(value)
            writer.writerow(line)
    return Counter()


# -- XLSX


def write_xlsx(kept: Kept, target: Path, *, created: datetime) -> Told:
    """Write a workbook, for people: filled columns, typed cells, texts never formulas or links, filters.

    Beyond a sheet's rows another sheet begins.

    Args:
        kept: The records.
        target: The file.
        created: What the workbook calls its time of creation, so that the same release gives the same bytes.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    told: Told = Counter()
    columns = kept.filled if kept.count else kept.described
    at = {column.name: index for index, column in enumerate(columns)}
    options = {"constant_memory": True, "tmpdir": str(target.parent)}
    with xlsxwriter.Workbook(str(target), options) as book:
        book.set_properties({"created": created})
        head = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet: Any = None
        line = _SHEET_ROWS
        for number, row in enumerate(_or_nothing(kept.rows())):
            if line == _SHEET_ROWS:
                sheet = book.add_worksheet("operations" if number == 0 else f"operations {number // _SHEET_ROWS + 2}")
                sheet.freeze_panes(1, 1)
                sheet.autofilter(0, 0, min(kept.count - number, _SHEET_ROWS - 1), len(columns) - 1)
                for index, column in enumerate(columns):
                    sheet.set_column(index, index, _width(column))
                    sheet.write_string(0, index, column.name, head)
                line = 1
            for name, value in row.items():
                _xlsx_cell(sheet, line, at[name], value, day, told, year=name.endswith("_year"))
            line += bool(row)
    return told


def _width(column: Column) -> int:
    """Return a column's width, in characters: room for its name and the filter's button, and to tell texts apart."""
    text = column.field is not None and column.field.type == "texts"
    return max(len(column.name) + 3, 50 if text else 12)


def _or_nothing(rows: Iterator[dict[str, Value]]) -> Iterator[dict[str, Value]]:
    """Yield the rows, an empty one where there is none: a workbook needs a sheet."""
    first = next(rows, {})
    yield first
    yield from rows


def _xlsx_cell(sheet: Any, line: int, index: int, value: Value, day: Any, told: Told, *, year: bool) -> None:
    if isinstance(value, Decimal):
        if len(value.as_tuple().digits) <= _DOUBLE_DIGITS:
            sheet.write_number(line, index, float(value))
        else:  # a spreadsheet's number would lose digits
            sheet.write_string(line, index, format(value, "f"))
    elif isinstance(value, date):
        if value >= _FIRST_DAY:
            sheet.write_datetime(line, index, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
        else:
            sheet.write_string(line, index, value.isoformat())
    elif year and isinstance(value, str) and value.isdigit():
        sheet.write_number(line, index, int(value))
    else:
        text = value if isinstance(value, str) else joined(value, guard=False)
        if len(text) > _CELL_CHARS or len(text.encode("utf-16-le")) // 2 > _CELL_CHARS:
            told[f"texts were cut to {_CELL_CHARS // 2} characters, because a spreadsheet's cell holds no more"] += 1
            text = text[: _CELL_CHARS // 2] + "…"
        sheet.write_string(line, index, text)


# -- Parquet


def write_parquet(kept: Kept, target: Path) -> Told:
    """Write Parquet: amounts and rates as decimal128(24, 6), other numbers as (30, 12), days as date32, lists.

    Raises:
        ConfigError: pyarrow is not installed.
    """
    try:
        arrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise ConfigError(
            "--profile parquet: needs pyarrow, which is not installed: pip install 'portfolio-publisher[parquet]'"
        ) from error
    told: Told = Counter()
    types = {column.name: _arrow_type(arrow, column.field) for column in kept.described}
    made = {column.name: _arrow_value(column.field, told) for column in kept.described}
    schema = arrow.schema(list(types.items()), metadata={"language": kept.language})
    with parquet.ParquetWriter(str(target), schema, compression="zstd") as writer:
        rows = kept.rows()
        while batch := list(islice(rows, _BATCH)):
            columns = [
                arrow.array([made[column](row.get(column)) for row in batch], type=kind)
                for column, kind in types.items()
            ]
            writer.write_table(arrow.Table.from_arrays(columns, schema=schema))
    return told


_WIDE = Context(prec=60)
"""Arithmetic that keeps every digit which a column has room for."""
_SCALES = {"amount": (24, 6), "rate": (24, 6), "number": (30, 12)}


def _arrow_type(arrow: Any, field: fields.Field | None) -> Any:
    if field is None:
        return arrow.string()
    if field.type in _SCALES:
        return arrow.decimal128(*_SCALES[field.type])
    if field.type == "date":
        return arrow.date32()
    if field.type == "year":
        return arrow.int32()
    return arrow.list_(arrow.string()) if field.many else arrow.string()


def _arrow_value(field: fields.Field | None, told: Told) -> Callable[[Value | None], object]:
    if field is None:
        return lambda value: value
    if field.type in _SCALES:
        precision, scale = _SCALES[field.type]
        return lambda value: _decimal(value, precision, scale, told)
    if field.type == "year":
        return lambda value: int(value) if isinstance(value, str) and value.isdigit() else None
    if field.many or field.type == "date":
        return lambda value: value
    return lambda value: "; ".join(value) if isinstance(value, list) else value


def _decimal(value: Value | None, precision: int, scale: int, told: Told) -> Decimal | None:
    if not isinstance(value, Decimal):
        return None
    if value.adjusted() >= precision - scale:
        told[f"numbers were left out that have more than {precision - scale} digits before the point"] += 1
        return None
    made = value.quantize(Decimal(1).scaleb(-scale), context=_WIDE)
    if made != value:
        told[f"numbers were rounded to {scale} digits behind the point"] += 1
    return made
