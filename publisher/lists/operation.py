"""An operation as it comes out of lists: canonical values, each with the cell it stands in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

Value = str | Decimal | date
"""A canonical value: text, codes, years (`2016`) and choices as `str`; amounts, rates, numbers as `Decimal`; `date`."""


@dataclass(frozen=True, slots=True)
class Datum:
    """A value and where it stands.

    Args:
        value: The value.
        column: Index of the column; -1 for a constant of the mapping.
    """

    value: Value
    column: int = -1


@dataclass(frozen=True, slots=True)
class Line:
    """A line of money: amount, currency (EU table code), stage, sources, fund, funders, and the rule's key."""

    key: str
    stage: str
    sources: tuple[str, ...]
    amount: Decimal
    currency: str
    column: int
    fund: str = ""
    funders: tuple[str, ...] = ()


@dataclass(slots=True)
class RowRecord:
    """One row of a list, mapped onto the canonical record.

    Args:
        number: The row's number.
        values: Data by field name (`title`, `title_en`, …); several where the field may have several.
        lines: Its money.
        file: Index of the file among those of its source.
    """

    number: int
    values: dict[str, list[Datum]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    file: int = 0

    def one(self, name: str) -> Value | None:
        """Return a field's only or first value; None where it is absent."""
        data = self.values.get(name)
        return data[0].value if data else None

    def content(self) -> str:
        """Return what it says, columns and place apart: two rows that say the same are alike."""
        told = {name: [str(datum.value) for datum in data] for name, data in sorted(self.values.items())}
        return json.dumps(
            [told, [[line.key, str(line.amount), line.currency] for line in self.lines]], ensure_ascii=False
        )


@dataclass(slots=True)
class Told:
    """What one list tells of an operation: its rows, the first first."""

    source: int
    rows: list[RowRecord]

    def data(self, name: str) -> list[Datum]:
        """Return a field's values over all rows, each once."""
        found: dict[Value, Datum] = {}
        for row in self.rows:
            for datum in row.values.get(name, ()):
                found.setdefault(datum.value, datum)
        return list(found.values())


@dataclass(slots=True)
class Operation:
    """An operation with what each list tells of it, the preferred first.

    Args:
        key: Its key in addresses.
        code: Its code, as people write it.
        told: What the lists tell.
    """

    key: str
    code: str
    told: list[Told]


def dump(source: int, code: str, row: RowRecord) -> str:
    """Return a row as a line of JSON; `load` gives it back."""
    values = {
        name: [[_plain(datum.value), datum.column] for datum in data] for name, data in row.values.items()
    }  # fmt: skip
    lines = [
        [line.key, line.stage, line.sources, str(line.amount), line.currency, line.column, line.fund, line.funders]
        for line in row.lines
    ]
    return json.dumps([source, code, row.file, row.number, values, lines], ensure_ascii=False, separators=(",", ":"))


def load(text: str) -> tuple[int, str, RowRecord]:
    """Return source, code and row of a line that `dump` made."""
    source, code, file, number, values, lines = json.loads(text)
    row = RowRecord(
        number,
        {name: [Datum(_value(value), column) for value, column in data] for name, data in values.items()},
        [
            Line(key, stage, tuple(sources), Decimal(amount), currency, column, fund, tuple(funders))
            for key, stage, sources, amount, currency, column, fund, funders in lines
        ],
        file,
    )
    return source, code, row


def _plain(value: Value) -> Any:
    if isinstance(value, str):
        return value
    return {"d": value.isoformat()} if isinstance(value, date) else {"n": str(value)}


def _value(value: Any) -> Value:
    if isinstance(value, str):
        return value
    return date.fromisoformat(value["d"]) if "d" in value else Decimal(value["n"])
