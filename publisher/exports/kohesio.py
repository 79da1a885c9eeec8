"""The Commission's CSV of operations (Kohesio): 33 columns that its Table Schema accepts.

Decided here, because schema, sample and header do not agree with each other:

- columns are spelt as the schema has them (`CoFinancing_Rate`; its own sample has `Cofinancing_Rate`);
- the point is "longitude, latitude", as Table Schema defines a geopoint and as the sample has it, whatever the column's
  name says; coordinates in another system than degrees (EPSG:4326) are left out, never converted;
- an expected end stands in `Operation_End_Date` too, which the schema requires;
- `Total_Eligible_Expenditure_amount` is the committed total eligible cost and nothing else;
- a programme or fund that the schema has no code for keeps its name and loses its code;
- `CountryID` is the Commission's own number: left empty.

An operation that lacks what the schema requires is left out, with the reason.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publisher.exports.cells import guarded, number
from publisher.flattening import Flattener
from publisher.flattening.record import Record
from publisher.lists import codes
from publisher.namespaces import AUTHORITY

COLUMNS = (
    "Operation_Unique_Identifier", "CountryID", "Operation_Name_Programme_Language", "Operation_Name_English",
    "Country", "Location_Indicator_Postcode", "Operation_Start_Date", "Operation_Expected_End_Date",
    "Operation_End_Date", "CoFinancing_Rate", "Total_Eligible_Expenditure_amount",
    "Total_Eligible_Expenditure_Currency", "Total_Eligible_Expenditure_Exchange_Rate", "Location_Indicator_NUTS_code",
    "Beneficiary_Name", "Location_Indicator_latitude_longitude", "Category_Of_Intervention", "Fund_Code",
    "Programme_Code", "Operation_Summary_English", "Operation_Summary_Programme_Language", "Programming_Period",
    "Programme_Name", "Program_Priority_Axis_Code", "Program_Priority_Axis_Name", "Program_Specific_Objective_Code",
    "Program_Specific_Objective_Name", "Program_Thematic_Objective_Code", "Program_Thematic_Objective_Name",
    "Fund_Name", "Date_Of_Last_Update", "Beneficiary_Unique_Identifier", "Social_Media_Links",
)  # fmt: skip

_CATEGORY = re.compile(r"0*(?:[1-9][0-9]?|1[01][0-9]|12[0-3])\Z")
_SOCIAL = re.compile(
    r"(?:.*\.)?(?:facebook|twitter|x|youtube|instagram|linkedin|tiktok|flickr|vimeo|threads)\.(?:com|net)\Z"
)
_ABBREVIATION = re.compile(r" \([^()/]*\)(?= \([0-9])")
_NAMED = ("programme", "priority_axis", "specific_objective", "thematic_objective")


@dataclass(frozen=True)
class LeftOut:
    """An operation that the file cannot hold, with what it lacks: each a column and why."""

    iri: str
    code: str
    reasons: tuple[str, ...]


@dataclass
class _Row:
    """A row in the making: cells by column, what is wrong, what is lost."""

    cells: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def required(self, column: str, text: str, why: str = "not given") -> None:
        """Fill a column that must be filled."""
        if text:
            self.cells[column] = text
        else:
            self.reasons.append(f"{column}: {why}")


@cache
def _allowed() -> dict[str, Any]:
    read = tomllib.loads(resources.files(__package__).joinpath("kohesio.toml").read_text(encoding="utf-8"))
    return {
        **read,
        "programmes": frozenset(read["programmes"].split()),
        "currencies": frozenset(read["currencies"].split()),
    }


def write(
    flat: Flattener, target: Path, tell: Callable[[LeftOut], None], *, bom: bool = False
) -> tuple[int, Counter[str]]:
    """Write the file.

    Args:
        flat: Reads the operations.
        target: The file.
        tell: Takes each operation that is left out.
        bom: Whether it begins with a byte order mark.

    Returns:
        How many operations were written, and how often something of one was not, by its sentence.
    """
    written = 0
    lost: Counter[str] = Counter()
    with target.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for record in flat.records():
            row = _row(record, flat)
            if row.reasons:
                tell(LeftOut(record.iri, str(record.values["code"]), tuple(row.reasons)))
                continue
            written += 1
            lost.update(row.lost)
            writer.writerow([row.cells.get(column, "") for column in COLUMNS])
    return written, lost


def _row(record: Record, flat: Flattener) -> _Row:
    row = _Row()
    _texts(row, record)
    _days(row, record)
    _money(row, record)
    _codes(row, record, flat)
    _places(row, record, flat)
    values, cells = record.values, row.cells
    cells["Operation_Unique_Identifier"] = guarded(str(values["code"]))
    if "code_scope" in values:
        row.lost.append("the scope of the code is not in the file")
    beneficiary = values.get("beneficiary_name", "")
    if isinstance(beneficiary, list):
        row.lost.append("several beneficiaries stand in one cell")
        beneficiary = "; ".join(beneficiary)
    row.required("Beneficiary_Name", guarded(str(beneficiary)))
    cells["Beneficiary_Unique_Identifier"] = guarded(str(values.get("beneficiary_id", "")))
    pages = values.get("page")
    if isinstance(pages, list):
        cells["Social_Media_Links"] = " ".join(page for page in pages if _is_social(page))
    return row


def _texts(row: _Row, record: Record) -> None:
    own = record.language
    for name, column in (("title", "Operation_Name"), ("summary", "Operation_Summary")):
        row.required(f"{column}_Programme_Language", guarded(_one(record, name, own)))
        row.cells[f"{column}_English"] = guarded(record.text(name, "en"))


def _one(record: Record, name: str, language: str) -> str:
    """Return a text in a language, else in any."""
    told = record.texts.get(name, {})
    return record.text(name, language if language in told else next(iter(sorted(told)), language))


def _days(row: _Row, record: Record) -> None:
    values = record.values
    row.required("Operation_Start_Date", _day(values.get("start")), "no day is given")
    row.required("Operation_End_Date", _day(values.get("end")), "no day is given")
    if values.get("end_status") == "expected":
        row.cells["Operation_Expected_End_Date"] = _day(values.get("end"))
    row.cells["Date_Of_Last_Update"] = _day(values.get("last_update"))


def _day(value: object) -> str:
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}" if isinstance(value, date) else ""


def _money(row: _Row, record: Record) -> None:
    values = record.values
    amount, currency = values.get("total_eligible_cost"), str(values.get("currency", ""))
    if isinstance(amount, Decimal):
        row.required("Total_Eligible_Expenditure_amount", number(amount) if amount >= 0 else "", "is negative")
        allowed = currency in _allowed()["currencies"]
        row.required(
            "Total_Eligible_Expenditure_Currency",
            currency if allowed else "",
            f"{currency or 'none'} is not in the schema",
        )
    else:
        row.required("Total_Eligible_Expenditure_amount", "")
    exchange = values.get("exchange_rate")
    if isinstance(exchange, Decimal):
        row.cells["Total_Eligible_Expenditure_Exchange_Rate"] = number(exchange)
    rate = values.get("cofinancing_rate")
    fits = isinstance(rate, Decimal) and 0 <= rate <= 100
    why = "not given" if rate is None else "is not from 0 to 100"
    row.required("CoFinancing_Rate", number(rate) if isinstance(rate, Decimal) and fits else "", why)
    if any(name in values for name in ("total_cost", "public_amount", "eu_amount", "paid_total_eligible_cost")):
        row.lost.append("the file has room for the total eligible expenditure only, not for other amounts")


def _codes(row: _Row, record: Record, flat: Flattener) -> None:
    values, cells = record.values, row.cells
    category = str(values.get("intervention_code", ""))
    fits = _CATEGORY.match(category) is not None
    row.required("Category_Of_Intervention", category if fits else "", "no code from 1 to 123 is given")
    period = str(values.get("period", ""))
    fits = period in _allowed()["periods"]
    why = f"{period} is not in the schema" if period else "neither the programme's code nor the fund tells it"
    row.required("Programming_Period", period if fits else "", why)
    for name in _NAMED:
        column = "Programme" if name == "programme" else f"Program_{name.title()}"
        code = str(values.get(f"{name}_code", ""))
        if name == "programme" and code and code not in _allowed()["programmes"]:
            row.lost.append("the programme's code is not in the schema")
            code = ""
        cells[f"{column}_Code"] = guarded(code)
        cells[f"{column}_Name"] = guarded(_one(record, f"{name}_name", record.language))
    _fund(row, record, flat)


def _fund(row: _Row, record: Record, flat: Flattener) -> None:
    funds = record.values.get("fund")
    if not isinstance(funds, list):
        row.cells["Fund_Name"] = guarded(_one(record, "fund_name", record.language))
        return
    row.cells["Fund_Name"] = "; ".join(fund_name(fund, flat) for fund in funds)
    found = list(dict.fromkeys(_allowed()["funds"].get(fund, "") for fund in funds))
    row.cells["Fund_Code"] = next(filter(None, found), "")
    if found != [row.cells["Fund_Code"]] or not row.cells["Fund_Code"]:
        row.lost.append("the fund's code is not in the schema, or there are several: the name tells")


def fund_name(entry: str, flat: Flattener) -> str:
    """Return the EU table's name of a fund, with its period, that is read back as the same entry; else the entry."""
    name = _ABBREVIATION.sub("", flat.label(f"{AUTHORITY}/eu-programme/{entry}"))
    return name if name and codes.fund_named(name) is not None else entry


def _places(row: _Row, record: Record, flat: Flattener) -> None:
    values, cells = record.values, row.cells
    country = str(values.get("country", ""))
    row.required("Country", country and (flat.label(f"{AUTHORITY}/country/{country}") or country))
    cells["Location_Indicator_Postcode"] = guarded(str(values.get("postcode", "")))
    nuts = values.get("nuts")
    cells["Location_Indicator_NUTS_code"] = "; ".join(nuts) if isinstance(nuts, list) else ""
    longitude, latitude = values.get("longitude"), values.get("latitude")
    if isinstance(longitude, Decimal) and isinstance(latitude, Decimal):
        if values.get("crs") == "EPSG:4326" and abs(longitude) <= 180 and abs(latitude) <= 90:
            cells["Location_Indicator_latitude_longitude"] = f"{number(longitude)}, {number(latitude)}"
        else:
            row.lost.append("coordinates that are not in degrees are not in the file")
    if "nuts" not in values and "postcode" not in values and ("region" in values or "municipality" in values):
        row.lost.append("names of regions and municipalities are not in the file")


def _is_social(page: str) -> bool:
    return _SOCIAL.match(urlsplit(page).hostname or "") is not None
