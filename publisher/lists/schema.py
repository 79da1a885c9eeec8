"""The documents of the canonical record and of mappings: `python -m publisher.lists.schema data/schema` makes them.

- `operations.schema.json`: Frictionless Table Schema of a file of operations;
- `mapping.schema.json`: JSON Schema of `mapping.toml`, for editors;
- `README.md`: the canonical record as a table for people.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from publisher.lists import codes, fields, mapping_file
from publisher.lists.fields import Field

SEPARATOR = "; "
"""What parts the values of a field that may have several, in a flat file."""

_PATTERNS = {
    "code": r"\S+(?: \S+)*",
    "currency": "[A-Z]{3}",
    "fund": "[A-Z0-9_]+",
    "country": "[A-Z]{3}",
    "nuts": "[A-Z]{2}[0-9A-Z]{0,3}",
    "period": "[0-9]{4}-[0-9]{4}",
}
_TYPES = {"date": "date", "year": "year", "amount": "number", "rate": "number", "number": "number"}
_UNITS = {"rate": "per cent, 0–100"}
_REQUIRED = ("code", "title")


def operations() -> dict[str, Any]:
    """Return the Table Schema of the canonical record (Frictionless Table Schema v1).

    Beside its own keys a field has `x-title` and `x-description` by language, `x-type` (the canonical type), `x-unit`,
    `x-law` (what Annex XII and Article 49(3) call it), `x-many` and `x-personal`.
    """
    return {
        "$schema": "https://datapackage.org/profiles/1.0/tableschema.json",
        "name": "operations",
        "title": "Canonical record of an operation",
        "description": (
            "One row is an operation, or a part of it. Numbers have a point and no thousands separators, days are "
            f"ISO 8601, several values of one field are parted by '{SEPARATOR}'. A field of text in a language may "
            "stand in further languages, with the language tag behind its name (title_en). Columns may be left out; "
            "an empty cell says that nothing is given, never zero."
        ),
        "missingValues": [""],
        "fields": [_field(field) for field in fields.FIELDS.values()],
    }


def _field(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": field.name,
        "title": field.title["en"],
        "description": field.description["en"],
        "type": _TYPES.get(field.type, "string"),
    }
    if made["type"] == "number":
        made.update(decimalChar=".", bareNumber=True)
    if field.type == "date":
        made["format"] = "default"
    if field.type == "url" and not field.many:
        made["format"] = "uri"
    made["constraints"] = _constraints(field)
    if not made["constraints"]:
        del made["constraints"]
    law = {name: text for name, text in (("annexXII", field.annex_xii), ("art49", field.art_49)) if text}
    unit = _UNITS.get(field.type, field.unit)
    return made | {
        "x-type": field.type,
        "x-title": field.title,
        "x-description": field.description,
        **({"x-unit": unit} if unit else {}),
        **({"x-law": law} if law else {}),
        **({"x-many": True} if field.many else {}),
        **({"x-personal": True} if field.personal else {}),
    }


def _constraints(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {"required": True} if field.name in _REQUIRED else {}
    if field.choices:
        made["enum"] = list(field.choices)
    elif field.type in _PATTERNS:
        one = _PATTERNS[field.type]
        made["pattern"] = f"^{one}(?:{SEPARATOR}{one})*$" if field.many else f"^{one}$"
    elif field.type == "rate":
        made.update(minimum=0, maximum=100)
    elif field.type == "year":
        made.update(minimum=1950, maximum=2100)
    return made


def mapping() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a mapping, with the canonical fields by name."""
    made = mapping_file.Mapping.model_json_schema()
    rule = made["properties"]["fields"]
    rule["properties"] = {
        name: {"$ref": "#/$defs/FieldRule", "title": field.title["en"], "description": field.description["en"]}
        for name, field in fields.FIELDS.items()
    }
    tagged = "|".join(name for name, field in fields.FIELDS.items() if field.type == "texts")
    rule["patternProperties"] = {f"^(?:{tagged})_[a-z]{{2,3}}$": {"$ref": "#/$defs/FieldRule"}}
    rule["additionalProperties"] = False
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def readme() -> str:
    """Return the canonical record as a table in Markdown, with what a file of it must be like."""
    rows = "\n".join(_row(field) for field in fields.FIELDS.values())
    funds = ", ".join(sorted(codes.load().entries))
    return f"""# Schemas

Made by `python -m publisher.records.schema data/schema` (the YAML files) and
`python -m publisher.lists.schema data/schema` (`operations`, `mapping`, this page): change the code, not these files.

| file | what it describes |
|---|---|
| `operations.schema.json` | the canonical record of an operation, below (Frictionless Table Schema) |
| `mapping.schema.json` | `mapping.toml`, which maps a list onto the canonical record (JSON Schema) |
| the other `*.schema.json` | the YAML files of a portfolio folder (JSON Schema) |

## The canonical record of an operation

One row is an operation, or a part of it. A CSV, XLSX, ODS or JSON file with these columns needs no mapping; `code` and
`title` must be there, every other column may be left out. UTF-8; numbers with a point and no thousands separators; days
as `2016-12-31`; several values of one field parted by `{SEPARATOR.strip()} ` where the table says *several*; an empty
cell says that nothing is given, never zero. A field of the type *texts* is in the list's language; further languages
have their tag behind the name: `title_en`.

Law: *XII* is what Annex XII, point 1, of Regulation (EU) No 1303/2013 asks for (2014–2020), *49* the point of Article
49(3) of Regulation (EU) 2021/1060 (2021–2027). *Personal* values are withheld unless the settings allow them.

| field | type | unit | law | en | fi | sv | meaning |
|---|---|---|---|---|---|---|---|
{rows}

Types: `code` has no white space; `text` is one line in no language; `texts` is in a language; `date` is a day; `year`
has four digits; `amount` has at most eighteen digits before and six behind the point; `rate` is a percentage;
`currency` and `country` are codes of the EU authority tables (EUR, FIN); `fund` is one of the table eu-programme
({funds}); `nuts` is a NUTS code; `period` is `2014-2020`; `choice` is one of the values named; `identifier` is a
national identifier.
"""


def _row(field: Field) -> str:
    law = "; ".join(f"{name} {text}" for name, text in (("XII", field.annex_xii), ("49", field.art_49)) if text)
    kind = field.type + (", several" if field.many else "") + (", personal" if field.personal else "")
    meaning = field.description["en"] + (
        f" One of {', '.join(f'`{c}`' for c in field.choices)}." if field.choices else ""
    )
    titles = " | ".join(field.title[language] for language in ("en", "fi", "sv"))
    return f"| `{field.name}` | {kind} | {_UNITS.get(field.type, field.unit)} | {law} | {titles} | {meaning} |"


def _json(made: dict[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


FILES: dict[str, Callable[[], str]] = {
    "operations.schema.json": lambda: _json(operations()),
    "mapping.schema.json": lambda: _json(mapping()),
    "README.md": readme,
}
"""What makes each file's text, by its name."""


def write(folder: Path) -> None:
    """Write all files to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
