"""`mapping.toml`: how one list of operations is read and mapped onto the canonical record; every fault names its key.

The form is told by these classes alone; `data/schema/mapping.schema.json` is
made from them for editors. Nothing here reads the list.
"""

from __future__ import annotations

import difflib
import json
import re
import subprocess
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from publisher.errors import MappingError
from publisher.lists import codes, fields
from publisher.tables.model import Reading

SCHEMA_VERSION = 1
FILE_NAME = "mapping.toml"

_KEY = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_ENDLESS = """\
import json, re, sys
for pattern in json.load(sys.stdin):
    print(pattern, flush=True)
    found = re.compile(pattern, re.DOTALL)
    for sign in {*"aA0 -,.;/", *pattern}:
        found.search(sign * 40 + "\\x00")
        found.search((sign + "a") * 20 + "\\x00")
"""
_ENDLESS_S = 3
_PARTIAL = re.compile(r"[12][0-9]{3}(?:-[0-9]{2}){0,2}\Z")


def _key(value: str) -> str:
    if not _KEY.match(value):
        raise ValueError("is no key: use letters a-z, digits and single hyphens")
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.match(value):
        raise ValueError("is no language tag such as fi, sv or en")
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return value


def _currency(value: str) -> str:
    if value not in codes.load().currencies.get(value.casefold(), ()):
        raise ValueError(f"{value!r} is no currency of the EU table")
    return value


def _partial(value: str) -> str:
    if value != "unknown" and not _PARTIAL.match(value):
        raise ValueError('is no date: write "2016", "2016-12", "2016-12-31" or "unknown"')
    return value


Key = Annotated[str, AfterValidator(_key)]
Language = Annotated[str, AfterValidator(_language)]
Texts = Annotated[dict[Language, str], Field(min_length=1)]
Currency = Annotated[str, AfterValidator(_currency)]
Pattern = Annotated[str, AfterValidator(_pattern)]


class Part(BaseModel):
    """Base of every class: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceTable(Part):
    """`[source]`: what the list is; each list is a source of its own."""

    key: Key = Field(description="Key of the source; part of addresses, never changed.")
    title: Texts
    files: list[str] = Field(
        default=[], description="Files or patterns, relative to the mapping; a SOURCE named otherwise counts instead."
    )
    language: Language = Field(description="Language of the list's texts.")
    publisher: str | None = Field(default=None, description="Name of the authority that publishes the list.")
    address: str | None = Field(default=None, description="Web address of the list.")
    licence: str = Field(default="not-stated", description="Address of the licence, or not-stated.")
    as_of: Annotated[str, AfterValidator(_partial)] = Field(
        default="unknown", description="Date of what the list says, or unknown."
    )


class PortfolioTable(Part):
    """`[portfolio]`: the portfolio that the operations belong to."""

    key: Key
    title: Texts
    code_scope: Key = Field(description="Authority or programme (CCI) within which a code is unique.")
    funders: list[Key] = Field(
        default=[], description="Organisations that fund every operation: eu, or keys of organisations.known."
    )
    profiles: list[str] = Field(
        default=[], description="Profiles of shapes that the operations are checked against beside the core."
    )


class ReadingTable(Part):
    """`[reading]`: see `tables.model.Reading`."""

    format: Literal["csv", "xlsx", "ods", "json", "jsonl"] | None = None
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    quote: Annotated[str, Field(max_length=1)] | None = None
    sheet: str | None = None
    member: str | None = None
    header_rows: list[int] | None = None
    first_row: int | None = None
    totals: list[str] = []
    records: str | None = None

    @classmethod
    def of(cls, reading: Reading) -> ReadingTable:
        """Return the table that gives a reading back."""
        given = {name: value for name, value in asdict(reading).items() if value is not None}
        return cls.model_validate({**given, "totals": list(reading.totals)})

    def reading(self) -> Reading:
        """Return it as the readers take it."""
        given = self.model_dump()
        given["header_rows"] = None if self.header_rows is None else tuple(self.header_rows)
        given["totals"] = tuple(self.totals)
        return Reading(**given)


class IdentityTable(Part):
    """`[identity]`: what makes an operation one.

    `rows` says what several rows with one code are: `one` (a fault; an identical repetition is merged), `parts` (of one
    operation: money is split over them), `operations` (only with `mint`: alike rows are numbered). With `mint` the
    key is made from the content of these fields where the list has no code.
    """

    rows: Literal["one", "parts", "operations"] = "one"
    mint: list[str] = Field(default=[], description="Fields whose content makes the key, where the list has no code.")
    agree: list[str] = Field(
        default=[], description="rows = parts: fields in which all rows of an operation must agree."
    )


class ValueRules(Part):
    """How the text of a cell becomes a value; the tables `[values]` (for all fields) and each field have these keys."""

    missing: list[str] | None = Field(default=None, description="Texts that say that nothing is given, such as n.a.")
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    month_names: list[Language] | None = Field(default=None, description="Languages of month names.")
    century: Literal["2000"] | None = Field(
        default=None, description="What years of two digits belong to; absent = they are faults."
    )
    decimal: Literal[".", ","] | None = None
    group: list[str] | None = Field(
        default=None, description='Signs between groups of three digits, such as ".", " ", "\'".'
    )
    zero: Literal["given", "not-given"] | None = Field(default=None, description="What a zero amount says.")
    multiply: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = Field(
        default=None, description="1000 where amounts are in thousands."
    )
    rate_unit: Literal["percent", "fraction"] | None = None
    currency: Currency | None = None


class FieldRule(ValueRules):
    """`[fields.NAME]`: where a field's value stands and how it is read.

    One of: `column`; `columns` with `join`; `value` (a constant). Then, in this order: `pattern` cuts it out (its
    group `value`, else the first group, else all of it; no match = nothing is given, or `unmatched`), `split` makes
    several values, `values` translates each (with `otherwise` for those that are not in the table).
    """

    column: str | None = None
    columns: list[str] | None = None
    join: str = " "
    value: str | None = None
    pattern: Pattern | None = None
    unmatched: Literal["absent", "whole", "reject"] = "absent"
    split: Pattern | None = None
    values: dict[str, str] = {}
    otherwise: Literal["keep", "absent", "reject"] | None = Field(
        default=None,
        description="For a value that is not in `values`; keep where there is no table, reject where there is one.",
    )

    @model_validator(mode="after")
    def _one_origin(self) -> FieldRule:
        given = [name for name in ("column", "columns", "value") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("needs exactly one of column, columns and value")
        return self


class FundingRule(ValueRules):
    """`[[funding]]`: a line of money, where the canonical fields of money do not fit (other sources, funders)."""

    key: Key
    column: str
    stage: Literal["planned", "committed", "paid"]
    sources: Annotated[list[Key], Field(min_length=1)]
    fund: str | None = None
    funders: list[Key] = []
    currency_column: str | None = None
    description: Texts | None = None


class OrganisationsTable(Part):
    """`[organisations]`: what is known of the list's organisations."""

    same_name: Literal["separate", "same"] = Field(
        default="separate",
        description="Whether the same name in this list is the same organisation: a human's decision.",
    )
    identifier: str | None = Field(
        default=None, description="Kind of beneficiary_id, such as fi.ytunnus, es.nif, eu.vat."
    )
    known: dict[Key, Texts] = Field(
        default={}, description="Organisations that this mapping names by key: their names by language."
    )


class PersonalTable(Part):
    """`[personal]`: columns that are never looked at further, because they hold persons or contact details."""

    columns: list[str] = []
    natural_persons: Literal["find", "none"] = Field(
        default="find", description="Whether beneficiaries are looked through for names of natural persons."
    )


class Mapping(Part):
    """A whole `mapping.toml`."""

    schema_version: Literal[1]
    source: SourceTable
    portfolio: PortfolioTable
    reading: ReadingTable = ReadingTable()
    identity: IdentityTable = IdentityTable()
    values: ValueRules = ValueRules()
    fields: dict[str, FieldRule]
    funding: list[FundingRule] = []
    organisations: OrganisationsTable = OrganisationsTable()
    personal: PersonalTable = PersonalTable()
    unused: list[str] = Field(default=[], description="Columns that are known and left out, so that nobody wonders.")

    @model_validator(mode="after")
    def _agrees(self) -> Mapping:
        for name in self.fields:
            if fields.find(name) is None:
                raise ValueError(f"fields.{name}: is no field of the canonical record")
        for where in ("mint", "agree"):
            for name in getattr(self.identity, where):
                if name not in self.fields and name not in {line.key for line in self.funding}:
                    raise ValueError(f"identity.{where}: {name} is not mapped under [fields] or [[funding]]")
        if "code" not in self.fields and not self.identity.mint:
            raise ValueError(
                "identity: the list has no code: name in identity.mint the fields that make an operation one"
            )
        for number, keys in enumerate([self.portfolio.funders, *(line.funders for line in self.funding)]):
            for key in keys:
                if key != "eu" and key not in self.organisations.known:
                    where = "portfolio" if number == 0 else f"funding.{number - 1}"
                    raise ValueError(f"{where}.funders: {key} is neither eu nor a key under [organisations.known]")
        if self.identity.rows == "operations" and not self.identity.mint:
            raise ValueError("identity.rows: operations goes with mint only")
        return self


def _see_to_an_end(mapping: Mapping, name: str) -> None:
    """Try each pattern on cells that make bad ones run for ever: nothing can stop them once they run.

    Raises:
        MappingError: A pattern does not come to an end.
    """
    patterns = [p for rule in mapping.fields.values() for p in (rule.pattern, rule.split) if p]
    if not patterns:
        return
    command = [sys.executable, "-I", "-S", "-c", _ENDLESS]
    try:
        subprocess.run(  # noqa: S603
            command, input=json.dumps(patterns), capture_output=True, check=False, text=True, timeout=_ENDLESS_S
        )
    except subprocess.TimeoutExpired as error:
        tried = error.stdout.decode() if isinstance(error.stdout, bytes) else error.stdout or ""
        pattern = tried.splitlines()[-1] if tried else patterns[0]
        said = f"the pattern {pattern!r} does not come to an end on some cells: it repeats what it repeats already"
        raise MappingError(f"{name}: fields: {said}") from None


def _said(kind: str, fault: Any) -> str:
    """Return a fault of the form in plain words."""
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(fault["loc"][-1]), _KEYS, n=1)
        return "is no key here" + (f"; did you mean {close[0]}?" if close else "")
    plain = {
        "missing": "is missing; it must be given",
        "too_short": "is empty; at least one is needed",
        "string_type": "is no text",
        "list_type": "is no list",
        "dict_type": "is no table",
        "bool_type": "is neither true nor false",
    }
    if kind == "literal_error":
        return f"is none of {fault['ctx']['expected']}"
    return plain.get(kind) or str(fault["msg"]).removeprefix("Value error, ")


_KEYS = sorted({name for cls in (*Part.__subclasses__(), *ValueRules.__subclasses__()) for name in cls.model_fields})


def parse(text: str, name: str) -> Mapping:
    """Read the text of a mapping.

    Raises:
        MappingError: It is no TOML or not of this form; the message names file and key of every fault.
    """
    try:
        loaded: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{name}: is no TOML: {error}") from error
    try:
        mapping = Mapping.model_validate(loaded)
    except ValidationError as error:
        faults = [
            f"{name}: {'.'.join(str(step) for step in fault['loc'])}: {_said(fault['type'], fault)}".replace(": :", ":")
            for fault in error.errors(include_url=False)
        ]
        raise MappingError("\n".join(faults)) from error
    _see_to_an_end(mapping, name)
    return mapping


def read(path: Path, name: str | None = None) -> Mapping:
    """Read a mapping file.

    Raises:
        MappingError: It cannot be read or is not of this form.
    """
    name = name or str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(f"{name}: cannot be read: {error}") from error
    return parse(text, name)
