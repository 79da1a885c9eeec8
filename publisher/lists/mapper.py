"""A row of a table to a row of the canonical record, by the rules of a mapping; a fault becomes a problem.

Rules are compiled once for each table: a row costs a few calls a field. A value
that cannot be read is left out and told; a row that nothing identifies is
rejected. Personal data go no further than here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from publisher import rules
from publisher.errors import MappingError
from publisher.lists import codes, fields, organisations, persons, privacy, values
from publisher.lists.fields import Field
from publisher.lists.mapping_file import FieldRule, FundingRule, Mapping, ValueRules
from publisher.lists.operation import Datum, Line, RowRecord
from publisher.reports import WARNING, Problem
from publisher.tables.model import Cell, Column, Row, Table

_Getter = Callable[[Row], Iterator[tuple[Cell, int]]]
_TEXT_TYPES = frozenset({"text", "texts"})
_NAMES = ("beneficiary_name", "contractor_name", "partners")
"""Fields that name organisations, and must not name natural persons."""
_UNCHECKED = re.compile(r"\d{6}-?\d{4}")
_PROSE = ("title", "summary", "achievements")
"""Fields of which a withheld text is told as such; a withheld value of another is absent."""
_JOINED = ("unquoted-delimiter", "missing-cells")
_NAMED = ("natural_person_name", *_NAMES)
_NO_LETTER = re.compile(r"[\W\d_]*\Z")


@dataclass(frozen=True)
class _Rule:
    """A field's rule, compiled."""

    name: str
    field: Field
    get: _Getter
    read: Callable[[Any], object]
    pattern: re.Pattern[str] | None
    unmatched: str
    split: re.Pattern[str] | None
    table: dict[str, str]
    otherwise: str


@dataclass(frozen=True)
class _Money:
    """A line of money's rule, compiled."""

    key: str
    stage: str
    sources: tuple[str, ...]
    column: int
    read: Callable[[Cell], tuple[Decimal, str | None] | None]
    currency: str | None
    currency_column: int | None
    fund: str
    funders: tuple[str, ...]


@dataclass
class Mapped:
    """What a row became: its record (None: rejected, for the reason), and what was wrong with it."""

    record: RowRecord | None
    problems: list[Problem]
    reason: str = ""


class RowMapper:
    """Maps the rows of one table.

    Args:
        table: The table; its columns must be those that the mapping names.
        mapping: The mapping.

    Raises:
        MappingError: The mapping names a column that the table lacks, or a value that no rule can read.
    """

    def __init__(self, table: Table, mapping: Mapping) -> None:
        """Compile the rules."""
        self.table = table
        self.mapping = mapping
        self.withheld: Counter[str] = Counter()
        self._columns = {column.name: column.index for column in table.columns}
        self._personal = {self._index(name, "personal.columns", optional=True) for name in mapping.personal.columns}
        self.contact_columns = [
            column
            for column in table.columns
            if privacy.contact_column(column.name) and column.index not in self._personal
        ]
        self._personal |= {column.index for column in self.contact_columns}
        period = mapping.fields.get("period")
        self._period = period.value if period is not None else None
        self._unclear_kind = 0
        self._period_by_row = period is not None and period.value is None
        self._rules: list[_Rule] = []
        self._money: list[_Money] = []
        self._read_currency = values.reader(fields.FIELDS["currency"], mapping.values)
        for name, rule in mapping.fields.items():
            found = fields.find(name)
            if found is None:  # parse has refused it; a mapping made by a program may hold it
                raise MappingError(f"fields.{name}: is no field of the canonical record")
            if fields.money(name):
                self._money.append(self._canonical_money(name, rule))
            else:
                self._rules.append(self._compile(name, found[0], rule))
        self._rules.sort(key=lambda rule: rule.name != "period")  # a fund is read by the period of its row
        self._money += [self._funding(line, number) for number, line in enumerate(mapping.funding)]
        # A name that is joined of several columns is personal in each of them.
        self._cells: dict[str, list[int | None]] = {
            name: [self._columns[column] for column in joined.columns]
            for name in _NAMED
            if (joined := mapping.fields.get(name)) is not None and joined.columns
        }
        code = mapping.fields.get("code")
        self._code_columns = {
            table.place(0, self._columns[name]).column
            for name in ([] if code is None else [code.column, *(code.columns or ())])
            if name is not None
        }

    # -- compiling

    def _index(self, name: str, where: str, *, optional: bool = False) -> int:
        index = self._columns.get(name)
        if index is None:
            if optional:
                return -1
            known = ", ".join(
                repr(_header(column.name, self.mapping.source.language)) for column in self.table.columns[:20]
            )
            raise MappingError(f"{where}: {self.table.source} has no column {name!r}; it has: {known}")
        return index

    def _rules_of(self, rule: ValueRules) -> ValueRules:
        """Return the value rules of one field: its own, else those of `[values]`; texts for missing add up."""
        general = self.mapping.values
        given = {name: getattr(general, name) for name in ValueRules.model_fields if getattr(rule, name) is None}
        if general.missing and rule.missing:
            given["missing"] = [*general.missing, *rule.missing]
        return rule.model_copy(update=given)

    def _compile(self, name: str, field: Field, rule: FieldRule) -> _Rule:
        otherwise = rule.otherwise or ("reject" if rule.values else "keep")
        return _Rule(
            name,
            field,
            self._getter(name, rule),
            values.reader(field, self._rules_of(rule), period=self._period, blanks=rule.pattern is not None),
            re.compile(rule.pattern, re.DOTALL) if rule.pattern else None,
            rule.unmatched,
            re.compile(rule.split) if rule.split else None,
            {_folded(key): value for key, value in rule.values.items()},
            otherwise,
        )

    def _getter(self, name: str, rule: FieldRule) -> _Getter:
        where = f"fields.{name}"
        if rule.value is not None:
            constant = ((rule.value, -1),)
            return lambda _: iter(constant)
        if rule.column is not None:
            index = self._index(rule.column, where)
            return lambda row: iter(((row.cells[index], index),))
        indexes = [self._index(column, where) for column in rule.columns or ()]
        many = fields.find(name) is not None and fields.FIELDS[name].many if name in fields.FIELDS else False
        if many:
            return lambda row: ((row.cells[index], index) for index in indexes)

        def joined(row: Row) -> Iterator[tuple[Cell, int]]:
            parts = [str(cell).strip() for index in indexes if (cell := row.cells[index]) not in (None, "")]
            yield rule.join.join(parts), indexes[0]

        return joined

    def _canonical_money(self, name: str, rule: FieldRule) -> _Money:
        if rule.column is None:
            raise MappingError(f"fields.{name}: an amount stands in one column: give column")
        stage, sources = fields.money(name) or ("", ())
        own = self._rules_of(rule)
        column = self._index(rule.column, f"fields.{name}")
        return _Money(
            name.replace("_", "-"), stage, sources, column, values.money_reader(own), own.currency, None, "", ()
        )

    def _funding(self, line: FundingRule, number: int) -> _Money:
        where = f"funding.{number}"
        currency = None if line.currency_column is None else self._index(line.currency_column, where)
        own = self._rules_of(line)
        return _Money(
            line.key, line.stage, tuple(line.sources), self._index(line.column, where), values.money_reader(own),
            own.currency, currency, line.fund or "", tuple(line.funders),
        )  # fmt: skip

    def unmapped(self) -> list[Column]:
        """Return the columns that the mapping says nothing of."""
        named = {*self.mapping.unused, *self.mapping.personal.columns}
        for rule in self.mapping.fields.values():
            named |= {rule.column or "", *(rule.columns or ())}
        for line in self.mapping.funding:
            named |= {line.column, line.currency_column or ""}
        return [column for column in self.table.columns if column.name not in named]

    def personal(self, column: int) -> bool:
        """Tell whether a column holds personal data by the mapping's word."""
        return column in self._personal

    # -- mapping

    def map(self, row: Row) -> Mapped:
        """Map one row."""
        record = RowRecord(row.number)
        problems: list[Problem] = []
        for rule in self._rules:
            for cell, column in rule.get(row):
                if cell is None or cell == "" or column in self._personal:
                    continue
                self._read(rule, cell, column, record, problems)
        for money in self._money:
            self._amount(money, row, record, problems)
        coded = self._personal_code(record)
        if coded is not None:
            return Mapped(None, [coded], coded.rule)
        moved = self._moved(row, problems)
        if moved is not None:
            return Mapped(None, self._without_names(record, [moved]), moved.rule)
        if not any(name == "title" or name.startswith("title_") for name in record.values):
            problems.append(self._problem(row.number, "lists/title-missing"))
            return Mapped(None, self._without_names(record, problems), "lists/title-missing")
        if "code" in self.mapping.fields and "code" not in record.values and not self.mapping.identity.mint:
            reason = next((p.rule for p in problems if p.place.column in self._code_columns), "lists/code-missing")
            if reason == "lists/code-missing":  # else the fault of the code's cell has told it
                problems.append(self._problem(row.number, reason))
            return Mapped(None, self._without_names(record, problems), reason)
        self._ordered(record, problems)
        if "end" not in record.values and "end_year" not in record.values:
            record.values.pop("end_status", None)  # a constant says it of every row, also of those without an end
        self._persons(record, problems)
        self._identified(record, problems)
        return Mapped(record, problems)

    def _personal_code(self, record: RowRecord) -> Problem | None:
        """Return the problem of a code that is a person's identity code: it would stand in every address."""
        for datum in record.values.get("code", ()):
            text = str(datum.value)
            # A form without a check digit, such as the Danish, is that of many codes of projects too.
            found = () if _UNCHECKED.fullmatch(text) else privacy.contacts(text)
            kind = next((kind for kind in ("identity-code", "e-mail") if kind in found), None)
            if kind is not None:
                self.withheld[kind] += 1
                return self._problem(record.number, f"privacy/{kind}", None if datum.column < 0 else datum.column)
        return None

    def _moved(self, row: Row, problems: list[Problem]) -> Problem | None:
        """Return the problem of a mended row in which an amount stands in a date's place: its other amounts moved too.

        A short list shows reading too little to see it there (`tables.patterns`).
        """
        if any(repair.rule in _JOINED for repair in row.repairs):
            for entry in problems:
                if entry.rule == "values/date-serial":
                    return rules.problem(entry.place, "lists/cells-moved")
        return None

    def _ordered(self, record: RowRecord, problems: list[Problem]) -> None:
        """Leave out an end that is before the start."""
        for begin, finish in (("start", "end"), ("start_year", "end_year")):
            first, last = record.one(begin), record.values.get(finish)
            if first is not None and last and str(first) > str(last[0].value):
                column = None if last[0].column < 0 else last[0].column
                problems.append(self._problem(record.number, "lists/date-order", column, str(last[0].value)))
                del record.values[finish]

    def _problem(self, number: int, rule: str, column: int | None = None, value: object = "", **told: Any) -> Problem:
        return rules.problem(self.table.place(number, column), rule, value, **told)

    def _read(self, rule: _Rule, cell: Cell, column: int, record: RowRecord, problems: list[Problem]) -> None:
        where = None if column < 0 else column
        for part in _cut(rule, cell):
            value: object = part
            if rule.table and isinstance(part, (str, int)):
                found = rule.table.get(_folded(str(part)))
                if found is not None:
                    value = found
                elif rule.otherwise == "absent":
                    continue
                elif rule.otherwise == "reject":
                    problems.append(
                        self._problem(
                            record.number,
                            "lists/unknown-value",
                            where,
                            self._shown(part, column, rule.name),
                            field=rule.name,
                        )
                    )
                    continue
            elif part is _UNMATCHED:
                problems.append(
                    self._problem(
                        record.number, "lists/pattern", where, self._shown(cell, column, rule.name), field=rule.name
                    )
                )
                continue
            try:
                read = self._fund(value, record) if rule.name == "fund" and self._period_by_row else rule.read(value)
            except values.ValueFault as fault:
                found_problem = self._problem(
                    record.number, fault.rule, where, self._shown(part, column, rule.name), **dict[str, Any](fault.told)
                )
                problems.append(replace(found_problem, severity=WARNING))
                if rule.name == "beneficiary_kind":
                    self._unclear_kind = record.number
                self._keep_year(rule.name, fault, record, column)
                continue
            if read is None:
                continue
            if rule.name == "cofinancing_rate" and isinstance(read, Decimal) and 0 < read <= 1 and "%" not in str(part):
                problems.append(self._problem(record.number, "lists/rate-small", where, self._shown(part, column)))
                continue
            if rule.name == "exchange_rate" and isinstance(read, Decimal) and read <= 0:
                problems.append(self._problem(record.number, "lists/not-positive", where, self._shown(part, column)))
                continue
            if (rule.field.type in _TEXT_TYPES or rule.field.type == "url") and isinstance(read, str):
                read = self._without_contacts(read, record.number, where, problems)
                hidden = read == privacy.WITHHELD or (rule.field.type == "url" and privacy.WITHHELD in read)
                if hidden and rule.name.partition("_")[0] not in _PROSE:
                    continue  # a group or an outcome of that name would be an invented one
            data = record.values.setdefault(rule.name, [])
            if not any(datum.value == read for datum in data):
                data.append(Datum(read, column))  # type: ignore[arg-type]

    @staticmethod
    def _fund(value: object, record: RowRecord) -> str:
        """Read a fund by the programming period of its own row."""
        period = record.one("period")
        return values.fund(str(value), None if period is None else str(period))

    @staticmethod
    def _keep_year(name: str, fault: values.ValueFault, record: RowRecord, column: int) -> None:
        """Keep the year of a date that has no day."""
        year = fault.told.get("year")
        if name in ("start", "end") and year is not None and f"{name}_year" not in record.values:
            record.values[f"{name}_year"] = [Datum(str(year), column)]

    def _shown(self, value: object, column: int, field: str = "") -> str:
        """Return a value as a report may show it."""
        return "" if column in self._personal or field in _NAMED else privacy.masked(str(value))

    def _without_names(self, record: RowRecord, problems: list[Problem]) -> list[Problem]:
        """Return problems whose values do not repeat the name of a natural person of the row."""
        names = [str(datum.value) for name in _NAMED for datum in record.values.get(name, ())]
        named = [name for name in names if self._is_person("", name, record)] if problems else []
        return [
            replace(entry, value="")
            if entry.value and any(persons.repeats(entry.value, name) for name in named)
            else entry
            for entry in problems
        ]

    def _without_contacts(self, text: str, number: int, column: int | None, problems: list[Problem]) -> str:
        kinds = privacy.contacts(text)
        for kind in kinds:
            self.withheld[kind] += 1
            problems.append(self._problem(number, f"privacy/{kind}", column))
        return privacy.masked(text) if kinds else text

    def _persons(self, record: RowRecord, problems: list[Problem]) -> None:
        """Take names of natural persons out."""
        for name in _NAMED:
            data = record.values.get(name)
            if not data:
                continue
            kept = []
            person = False
            for datum in data:
                text = str(datum.value)
                column = None if datum.column < 0 else datum.column
                if name != "natural_person_name" and _NO_LETTER.match(text):
                    problems.append(self._problem(record.number, "lists/name-without-letters", column, text))
                elif name == "natural_person_name" or self._is_person(name, text, record):
                    person = True
                    self.withheld["natural-person"] += 1
                    problems[:] = [
                        replace(entry, value="") if entry.value and persons.repeats(entry.value, text) else entry
                        for entry in problems
                    ]
                    cells = self._cells.get(name, [column])
                    problems += [self._problem(record.number, "privacy/natural-person", cell) for cell in cells]
                else:
                    kept.append(datum)
                    continue
                self._hide(text, record, problems)
            if kept:
                record.values[name] = kept
            else:
                del record.values[name]
                if person and name in ("natural_person_name", "beneficiary_name"):
                    record.values.setdefault("beneficiary_kind", [Datum("natural-person", data[0].column)])
                if name == "beneficiary_name":
                    record.values.pop("beneficiary_id", None)  # a person's identifier leads to the person

    def _hide(self, name: str, record: RowRecord, problems: list[Problem]) -> None:
        """Take texts out that repeat a name that is withheld: the title of a sole trader's operation often does."""
        for field, data in record.values.items():
            if field.partition("_")[0] in _PROSE:
                told = [datum for datum in data if persons.repeats(str(datum.value), name)]
                record.values[field] = [Datum(privacy.WITHHELD, d.column) if d in told else d for d in data]
                problems += [
                    self._problem(record.number, "privacy/natural-person", None if d.column < 0 else d.column)
                    for d in told
                ]

    def _identified(self, record: RowRecord, problems: list[Problem]) -> None:
        """Put the beneficiary's identifier in its form with the country before it; leave a wrong one out."""
        data = record.values.get("beneficiary_id")
        if not data:
            return
        code = record.one("beneficiary_country") or record.one("country")
        country = codes.short(str(code)) if code is not None else ""
        try:
            found = organisations.identifier(str(data[0].value), self.mapping.organisations.identifier, country)
        except organisations.IdentifierFault as fault:
            where = None if data[0].column < 0 else data[0].column
            problem = self._problem(record.number, fault.rule, where, **fault.told)
            problems.append(replace(problem, severity=WARNING))
            del record.values["beneficiary_id"]
        else:
            record.values["beneficiary_id"] = [Datum(found.key, data[0].column)]

    def _is_person(self, name: str, text: str, record: RowRecord) -> bool:
        if self.mapping.personal.natural_persons == "none":
            return False
        if name == "beneficiary_name":
            kind = record.one("beneficiary_kind")
            if kind is not None:
                return kind == "natural-person"
            if record.number == self._unclear_kind:
                return True  # the list says what the beneficiary is, in words that nobody has translated yet
        identifier = record.one("beneficiary_id") if name == "beneficiary_name" else None
        return persons.natural_person(
            text, self.mapping.source.language, None if identifier is None else str(identifier)
        ).person

    def _amount(self, money: _Money, row: Row, record: RowRecord, problems: list[Problem]) -> None:
        cell = row.cells[money.column]
        if cell is None or cell == "":
            return
        try:
            read = money.read(cell)
        except values.ValueFault as fault:
            found = self._problem(
                row.number, fault.rule, money.column, self._shown(cell, money.column), **dict[str, Any](fault.told)
            )
            problems.append(replace(found, severity=WARNING))
            return
        if read is None:
            return
        amount, told = read
        expected = self._currency(money, row, record) or money.currency
        currency = told or expected
        if currency is None:
            problems.append(self._problem(row.number, "lists/no-currency", money.column, str(cell)))
            return
        if told and expected and told != expected:
            problems.append(
                self._problem(row.number, "lists/other-currency", money.column, str(cell), told=told, expected=expected)
            )
        record.lines.append(
            Line(money.key, money.stage, money.sources, amount, currency, money.column, money.fund, money.funders)
        )

    def _currency(self, money: _Money, row: Row, record: RowRecord) -> str | None:
        if money.currency_column is None:
            found = record.one("currency")
            return None if found is None else str(found)
        try:
            read = self._read_currency(row.cells[money.currency_column])
        except values.ValueFault:
            return None
        return None if read is None else str(read)


_UNMATCHED = object()
_SHOWN_HEADER = 60


def _header(name: str, language: str) -> str:
    """Return a column's name for a message: with a wrong row for the header it may be a cell of data."""
    if persons.natural_person(name, language).person:
        return privacy.WITHHELD
    return privacy.masked(name[:_SHOWN_HEADER])


def _cut(rule: _Rule, cell: Cell) -> Sequence[object]:
    """Cut a cell by pattern and split; typed cells pass as they are."""
    parts: Sequence[object] = (cell,)
    if rule.pattern is not None:
        match = rule.pattern.search(str(cell).strip())
        if match is None:
            parts = {"absent": (), "whole": (cell,), "reject": (_UNMATCHED,)}[rule.unmatched]
        elif "value" in rule.pattern.groupindex:
            parts = (match["value"] or "",)
        else:
            parts = ((match[1] if rule.pattern.groups else match[0]) or "",)
    if rule.split is not None:
        parts = [piece for part in parts for piece in (rule.split.split(part) if isinstance(part, str) else [part])]
    return [part for part in parts if part != ""]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
