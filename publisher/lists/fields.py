"""The canonical record of an operation: every field with its type, unit, law clause and texts in fi, sv and en.

Lists map onto these fields (`mapping_file`), a file that has them as columns
needs no mapping, and exports write them. The texts stand in `fields.toml`. The
Frictionless Table Schema in `data/schema/operations.schema.json` is made from
here (`lists.schema`).

Source: Regulation (EU) 2021/1060, Article 49(3); Regulation (EU) No 1303/2013,
Annex XII, point 1 ("list of operations").
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

TYPES = (
    "code", "text", "texts", "date", "year", "amount", "rate", "number", "currency", "fund", "country", "nuts",
    "period", "choice", "url", "identifier",
)  # fmt: skip
"""Kinds of values: `code` has no white space; `text` is one line in no language (names, codes); `texts` is in a
language; `date` is a day; `rate` is a percentage from 0 to 100; `fund`, `country`, `currency` are codes of the EU
tables (eu-programme, country, currency); `nuts` is a NUTS code; `period` is `2014-2020`; `identifier` a national
identifier."""


@dataclass(frozen=True)
class Field:
    """One field.

    Args:
        name: Its name, that of its column.
        type: One of `TYPES`.
        annex_xii: What Annex XII calls it; "" where it does not ask for it.
        art_49: The point of Article 49(3) that asks for it; "" where none does.
        many: Whether a record may have several values, separated by `; ` in flat files.
        choices: The values that a `choice` may have.
        unit: Unit of a number.
        personal: Whether its values are personal data, withheld unless the settings say otherwise.
        title: Short name by language.
        description: What it holds, by language.
    """

    name: str
    type: str
    annex_xii: str = ""
    art_49: str = ""
    many: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""
    personal: bool = False
    title: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)


STAGES = ("committed", "planned", "paid")
"""Stages of money; a field's name begins with it, `committed` alone goes without saying."""

MONEY: dict[str, tuple[str, ...]] = {
    "total_cost": ("total-cost",),
    "total_eligible_cost": ("eligible-cost",),
    "eu_amount": ("eu",),
    "state_amount": ("state",),
    "eu_and_state_amount": ("eu", "state"),
    "municipal_amount": ("municipal",),
    "other_public_amount": ("other-public",),
    "public_amount": ("eu", "state", "municipal", "other-public"),
    "private_amount": ("private",),
    "granted_amount": ("unspecified",),
}
"""What a sum of money covers: keys of the scheme funding-source, by the field's name without its stage."""


def money(name: str) -> tuple[str, tuple[str, ...]] | None:
    """Return stage and sources of a field of money: `paid_eu_amount` → ("paid", ("eu",)); None for other fields."""
    stage, separator, rest = name.partition("_")
    if separator and stage in STAGES and rest in MONEY:
        return stage, MONEY[rest]
    return ("committed", MONEY[name]) if name in MONEY else None


_TEXTS: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("fields.toml").read_text(encoding="utf-8"))


def _f(name: str, kind: str, **more: object) -> Field:
    texts = _TEXTS["fields"][name]
    return Field(name, kind, title=texts["title"], description=texts["description"], **more)  # type: ignore[arg-type]


def _m(stage: str, rest: str) -> Field:
    """Return a field of money: its texts are those of the sum and of the stage."""
    first = stage == STAGES[0]
    money, at = _TEXTS["money"][rest], _TEXTS["stage"][stage]
    return Field(
        rest if first else f"{stage}_{rest}",
        "amount",
        unit="currency",
        annex_xii="total eligible expenditure" if first and rest == "total_eligible_cost" else "",
        art_49="h" if first and rest == "total_cost" else "",
        title={
            tag: f"{text} ({at['title'][tag]})" if at["title"][tag] else text for tag, text in money["title"].items()
        },
        description={tag: f"{text} {at['description'][tag]}" for tag, text in money["description"].items()},
    )


FIELDS: dict[str, Field] = {
    entry.name: entry
    for entry in (
        _f("code", "code", art_49="unique code"),
        _f("code_scope", "code"),
        _f("title", "texts", annex_xii="operation name", art_49="d"),
        _f("summary", "texts", annex_xii="operation summary", art_49="e"),
        _f("achievements", "texts", art_49="e"),
        _f("start", "date", annex_xii="operation start date", art_49="f"),
        _f("end", "date", annex_xii="operation end date", art_49="g"),
        _f("end_status", "choice", art_49="g", choices=("expected", "actual")),
        _f("start_year", "year"),
        _f("end_year", "year"),
        _f("award_year", "year"),
        _f("status", "text"),
        _f("beneficiary_name", "text", annex_xii="beneficiary name", art_49="a"),
        _f("beneficiary_id", "identifier"),
        _f("beneficiary_kind", "choice", choices=("legal-entity", "natural-person")),
        _f("beneficiary_country", "country"),
        _f("beneficiary_address", "text"),
        _f("beneficiary_postcode", "text", art_49="m"),
        _f("beneficiary_city", "text", art_49="m"),
        _f("beneficiary_nuts", "nuts", art_49="m"),
        _f("contractor_name", "text", art_49="a"),
        _f("natural_person_name", "text", art_49="b", personal=True),
        _f("partners", "text", many=True),
        _f("fleet_register_number", "code", art_49="c"),
        *(_m(stage, name) for stage in STAGES for name in MONEY),
        _f("currency", "currency"),
        _f("exchange_rate", "number", unit="units of the currency for one euro"),
        _f("cofinancing_rate", "rate", unit="per cent",
           annex_xii="Union co-financing rate", art_49="k"),
        _f("fund", "fund", art_49="i", many=True),
        _f("fund_name", "texts"),
        _f("period", "period"),
        _f("programme_code", "text"),
        _f("programme_name", "texts"),
        _f("priority_axis_code", "text"),
        _f("priority_axis_name", "texts"),
        _f("specific_objective_code", "text", art_49="j"),
        _f("specific_objective_name", "texts", art_49="j"),
        _f("thematic_objective_code", "text"),
        _f("thematic_objective_name", "texts"),
        _f("investment_priority_code", "text"),
        _f("investment_priority_name", "texts"),
        _f("intervention_code", "text", annex_xii="name of category of intervention", art_49="n"),
        _f("intervention_name", "texts",
           annex_xii="name of category of intervention", art_49="n"),
        _f("authority_name", "text"),
        _f("country", "country", annex_xii="country", art_49="l"),
        _f("nuts", "nuts", annex_xii="postcode or other location indicator", art_49="l", many=True),
        _f("nuts_edition", "choice", choices=("2003", "2006", "2010", "2013", "2016", "2021", "2024")),
        _f("region", "text", annex_xii="postcode or other location indicator", art_49="l", many=True),
        _f("municipality", "text", annex_xii="postcode or other location indicator", art_49="l", many=True),
        _f("postcode", "text", annex_xii="postcode or other location indicator", art_49="l"),
        _f("latitude", "number", art_49="l"),
        _f("longitude", "number", art_49="l"),
        _f("crs", "text"),
        _f("target_groups", "texts", many=True),
        _f("outcomes", "texts", many=True),
        _f("page", "url", many=True),
        _f("record_page", "url"),
        _f("last_update", "date", annex_xii="date of last update of the list of operations"),
    )
}  # fmt: skip
"""The fields by name, in the order of columns. A field of type `texts` is in the list's language; the same in another
language has the tag behind its name: `title_en`."""


def find(name: str) -> tuple[Field, str | None] | None:
    """Return the field of a column's name and the language behind it: `title_en` → (title, "en"); None for no field."""
    if name in FIELDS:
        return FIELDS[name], None
    base, separator, tag = name.rpartition("_")
    if (
        separator
        and base in FIELDS
        and FIELDS[base].type == "texts"
        and 2 <= len(tag) <= 3
        and tag.isalpha()
        and tag.islower()
    ):
        return FIELDS[base], tag
    return None
