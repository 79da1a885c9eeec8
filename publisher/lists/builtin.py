"""The mappings of files that need none: those whose columns are the canonical record's, or the Commission's (Kohesio).

Canonical files are what `publisher export --profile csv` writes: numbers with a
point, days as ISO 8601, several values parted by `; `. Texts that an export had
to guard from spreadsheets with an apostrophe (`'=1+1`) lose it again where cells
are read (`lists.values`, `lists.cells`), so that no mapping has to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from publisher.lists import codes, fields
from publisher.lists.mapping_file import (
    FieldRule,
    IdentityTable,
    Mapping,
    PortfolioTable,
    SourceTable,
    ValueRules,
)

_NO_KEY = re.compile(r"[^A-Za-z0-9]+")
_SUFFIXES = re.compile(r"(?:\.(?:csv|tsv|tab|txt|xlsx|xlsm|ods|jsonl?|ndjson|gz|zip))+\Z", re.IGNORECASE)
_MINT = ("beneficiary_name", "start", "total_eligible_cost", "total_cost")
"""Fields that tell operations without a code apart, beside the title."""
_MANY = r"; +"
_CODES = r"[;,]\s*|\s+"
_ENOUGH = 3

KOHESIO: dict[str, str] = {
    "Operation_Unique_Identifier": "code",
    "Operation_Name_Programme_Language": "title",
    "Operation_Name_English": "title_en",
    "Country": "country",
    "Location_Indicator_Postcode": "postcode",
    "Operation_Start_Date": "start",
    "Operation_End_Date": "end",
    "CoFinancing_Rate": "cofinancing_rate",
    "Total_Eligible_Expenditure_amount": "total_eligible_cost",
    "Total_Eligible_Expenditure_Currency": "currency",
    "Total_Eligible_Expenditure_Exchange_Rate": "exchange_rate",
    "Location_Indicator_NUTS_code": "nuts",
    "Beneficiary_Name": "beneficiary_name",
    "Category_Of_Intervention": "intervention_code",
    "Programme_Code": "programme_code",
    "Operation_Summary_English": "summary_en",
    "Operation_Summary_Programme_Language": "summary",
    "Programming_Period": "period",
    "Programme_Name": "programme_name",
    "Program_Priority_Axis_Code": "priority_axis_code",
    "Program_Priority_Axis_Name": "priority_axis_name",
    "Program_Specific_Objective_Code": "specific_objective_code",
    "Program_Specific_Objective_Name": "specific_objective_name",
    "Program_Thematic_Objective_Code": "thematic_objective_code",
    "Program_Thematic_Objective_Name": "thematic_objective_name",
    "Date_Of_Last_Update": "last_update",
    "Beneficiary_Unique_Identifier": "beneficiary_id",
    "Social_Media_Links": "page",
}
"""Canonical field by column of the Commission's schema, where one cell is one field."""

_FUND = ("Fund_Name", "Fund_Code")
_POINT = "Location_Indicator_latitude_longitude"
_UNUSED = ("CountryID", "Operation_Expected_End_Date")


@dataclass(frozen=True)
class SourceFacts:
    """What a built-in mapping says of a file's source, because the file does not.

    Args:
        name: Name of the file; source and portfolio are called by it.
        language: Language of its texts.
        code_scope: Scope of its codes; "" = the file's own, so that codes of two files never meet by accident.
    """

    name: str
    language: str
    code_scope: str = ""

    @property
    def key(self) -> str:
        """Return the file's name as a key."""
        return _NO_KEY.sub("-", _SUFFIXES.sub("", PurePath(self.name).name)).strip("-") or "operations"


def mapping_for(columns: Sequence[str], facts: SourceFacts) -> Mapping | None:
    """Return the mapping of a file whose columns tell all that is needed.

    Args:
        columns: Names of its columns, as `tables` names them.
        facts: What the file itself does not tell.

    Returns:
        The mapping; None where the columns are neither canonical (`title` or `title_…`, and `code` or two more fields;
        no more unknown columns than fields) nor those of the Commission's schema (a title and three of identifier,
        amount, beneficiary and period; in any case).
    """
    return _canonical(columns, facts) or _kohesio(columns, facts)


def _mapping(
    facts: SourceFacts, rules: dict[str, FieldRule], identity: IdentityTable, values: ValueRules, unused: Iterable[str]
) -> Mapping:
    title = {facts.language: facts.key}
    return Mapping(
        schema_version=1,
        source=SourceTable(key=facts.key, title=title, language=facts.language),
        portfolio=PortfolioTable(key=facts.key, title=title, code_scope=facts.code_scope or facts.key),
        identity=identity,
        values=values,
        fields=rules,
        unused=list(unused),
    )


def _identity(rules: dict[str, FieldRule]) -> IdentityTable:
    """Return how operations are told apart: by code; by content where there is none, alike rows numbered."""
    if "code" in rules:
        return IdentityTable()
    titles = [name for name in rules if name.partition("_")[0] == "title"]
    return IdentityTable(mint=[*titles[:1], *(name for name in _MINT if name in rules)], rows="operations")


def _canonical(columns: Sequence[str], facts: SourceFacts) -> Mapping | None:
    rules: dict[str, FieldRule] = {}
    unused: list[str] = []
    known = unknown = 0
    for column in columns:
        found = fields.find(column.strip().casefold())
        if found is None:
            unknown += bool(column.strip())  # the mapper tells that nothing is done with it
            continue
        known += 1
        field, language = found
        name = field.name if language in (None, facts.language) else f"{field.name}_{language}"
        if name in rules or (language == facts.language and field.name in _names(columns)):
            unused.append(column)  # the list's own language stands in the field without a tag
            continue
        rules[name] = _canonical_rule(field, column)
    if not any(name.partition("_")[0] == "title" for name in rules) or unknown > known:
        return None
    if "code" not in rules and (unknown or known < _ENOUGH):
        # An unknown column may be the code; a column called title and little else make no list of operations.
        return None
    values = ValueRules(decimal=".", group=[], date_order="ymd", zero="given", rate_unit="percent")
    return _mapping(facts, rules, _identity(rules), values, unused)


def _names(columns: Sequence[str]) -> set[str]:
    return {column.strip().casefold() for column in columns}


def _canonical_rule(field: fields.Field, column: str) -> FieldRule:
    if field.type == "fund":
        return FieldRule(column=column, split=_CODES, values=_fund_entries(), otherwise="keep")
    if field.type == "nuts":
        return FieldRule(column=column, split=_CODES)
    if field.many or field.name == "beneficiary_name":  # of parts, an export writes every beneficiary
        return FieldRule(column=column, split=_MANY)
    return FieldRule(column=column)


def _fund_entries() -> dict[str, str]:
    """Return a text that names one entry of the EU table whatever the period: the table's own ERDF is 2014–2020's."""
    texts: dict[str, str] = {}
    for fund in sorted({fund.key: fund for fund in codes.load().funds.values()}.values(), key=lambda fund: fund.key):
        for period, entry in fund.entries.items():
            texts.setdefault(entry, f"{fund.key} ({period.replace('-', '/')})")
    return texts


def _kohesio(columns: Sequence[str], facts: SourceFacts) -> Mapping | None:
    actual = {column.strip().casefold(): column for column in columns}
    there = {
        name: actual[name.casefold()] for name in (*KOHESIO, *_FUND, _POINT, *_UNUSED) if name.casefold() in actual
    }
    title = "Operation_Name_Programme_Language" in there or "Operation_Name_English" in there
    marks = (
        "Operation_Unique_Identifier",
        "Total_Eligible_Expenditure_amount",
        "Beneficiary_Name",
        "Programming_Period",
    )
    if not title or sum(mark in there for mark in marks) < _ENOUGH:
        return None
    rules: dict[str, FieldRule] = {}
    for name, field in KOHESIO.items():
        if name in there:
            own = field.removesuffix("_en") if facts.language == "en" else field
            if own not in rules:
                rules[own] = FieldRule(column=there[name], split=_split_of(own))
    if "end" not in rules and "Operation_Expected_End_Date" in there:
        rules["end"] = FieldRule(column=there["Operation_Expected_End_Date"])
    funds = [there[name] for name in _FUND if name in there]
    if funds:
        rules["fund"] = FieldRule(columns=funds, split=_MANY)
    if _POINT in there:  # longitude first, as Table Schema defines a geopoint and as the Commission's sample has it
        number = r"[-+]?[0-9]+(?:\.[0-9]+)?"
        rules["longitude"] = FieldRule(column=there[_POINT], pattern=rf"\A\s*(?P<value>{number})\s*,")
        rules["latitude"] = FieldRule(column=there[_POINT], pattern=rf",\s*(?P<value>{number})\s*\Z")
        rules["crs"] = FieldRule(value="EPSG:4326")
    identity = _identity(rules)
    if "code" in rules:  # the schema lets it be empty
        identity = _identity({name: rule for name, rule in rules.items() if name != "code"})
        identity = identity.model_copy(update={"rows": "one"})
    values = ValueRules(decimal=".", group=[], date_order="dmy", zero="given", rate_unit="percent")
    told = {rule.column for rule in rules.values()}
    return _mapping(
        facts, rules, identity, values, [there[name] for name in _UNUSED if name in there and there[name] not in told]
    )


def _split_of(field: str) -> str | None:
    return {"nuts": _CODES, "page": r"\s+"}.get(field)
