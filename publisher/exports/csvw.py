"""Describes the CSV of a release to machines: CSV on the Web.

Clients look for the description at the file's own address with `-metadata.json` behind it, else where the file's
`Link` header leads. Each row is about its project, by the IRI in the first column. A column has a `propertyUrl`
where its values are those of one property of the project, as they stand in the RDF; other columns are sums, names of
what the project leads to, or codes, and say no more than their titles.

Source: W3C Recommendations of 17 December 2015, Metadata Vocabulary for Tabular Data; Model for Tabular Data and
Metadata on the Web (5.2 and 5.3, where the description is looked for; 8, how the file is parsed).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from publisher.exports.cells import SEPARATOR
from publisher.exports.flat import PROJECT, Column, Kept
from publisher.exports.texts import LANGUAGES, NOTES, OPERATIONS, TABLE
from publisher.flattening import PROPERTIES
from publisher.namespaces import pf, rdf

CONTEXT = "http://www.w3.org/ns/csvw"

_DATATYPES = {
    "amount": "decimal", "rate": "decimal", "number": "decimal", "date": "date", "year": "gYear", "url": "anyURI",
}  # fmt: skip
"""Datatype by type of field; of all others `string`."""

_DIALECT = {
    "encoding": "utf-8",
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "lineTerminators": ["\r\n"],
    "header": True,
    "commentPrefix": None,  # the default is "#": a code may begin with it
    "skipInitialSpace": False,
    "trim": False,
}


def description(
    kept: Kept, file_name: str, languages: Sequence[str], title: Mapping[str, str], licence: str = ""
) -> str:
    """Describe the CSV that `flat.write_csv` makes of the same records.

    Args:
        kept: The records, all of them kept, with the project's IRI.
        file_name: Name of the CSV; the description stands beside it.
        languages: Languages of the texts, where there are such texts.
        title: The portfolio's title by language.
        licence: IRI of the licence; "" where there is none.

    Returns:
        Indented JSON with a final newline; the same for the same records.
    """
    spoken = [tag for tag in languages if tag in LANGUAGES] or ["en"]
    about: dict[str, Any] = {
        "@context": [CONTEXT, {"@language": kept.language}],
        "url": file_name,
        "dc:title": _texts({tag: TABLE["title"][tag].format(title=title[tag]) for tag in spoken if tag in title}),
        "dc:description": _texts({tag: _said(tag) for tag in spoken}),
    }
    if licence:
        about["dc:license"] = {"@id": licence}
    about["notes"] = [_note(name, count, spoken) for name, count in sorted(kept.notes.items())]
    about["dialect"] = _DIALECT
    columns = [_column(column, spoken) for column in kept.described]
    kind = {"name": "type", "virtual": True, "propertyUrl": rdf.type, "valueUrl": pf.Project}
    about["tableSchema"] = {
        "aboutUrl": f"{{+{PROJECT}}}",
        "primaryKey": PROJECT,
        "null": "",
        "columns": [*columns, kind],
    }
    told = {name: value for name, value in about.items() if value != []}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _column(column: Column, spoken: Sequence[str]) -> dict[str, Any]:
    field = column.field
    if field is None:
        return {
            "name": column.name,
            "titles": _titles(column.name, TABLE["project"], spoken),
            "dc:description": _texts({tag: TABLE["project_about"][tag] for tag in spoken}),
            "datatype": "string",  # as `aboutUrl` takes it; Python's csvw makes pairs of the parts of an anyURI there
            "required": True,
            "suppressOutput": True,  # it is what the row is about
        }
    names = field.title
    if column.name != field.name:  # `title_en`
        names = {tag: f"{text} ({column.language})" for tag, text in field.title.items()}
    told: dict[str, Any] = {
        "name": column.name,
        "titles": _titles(column.name, names, spoken),
        "dc:description": _texts({tag: field.description[tag] for tag in spoken if tag in field.description}),
        "datatype": _DATATYPES.get(field.type, "string"),
    }
    if column.language:
        told["lang"] = column.language
    if field.many:
        told["separator"] = SEPARATOR
    if field.name in PROPERTIES:
        told["propertyUrl"] = PROPERTIES[field.name]
    return told


def _titles(name: str, titles: Mapping[str, str], spoken: Sequence[str]) -> dict[str, str]:
    """Return the titles of a column: the one in the file, which is in no language, first."""
    return {"und": name, **{tag: titles[tag] for tag in spoken if tag in titles}}


def _said(language: str) -> str:
    return " ".join(TABLE[key][language] for key in ("description", "separated", "guarded"))


def _note(name: str, count: int, spoken: Sequence[str]) -> dict[str, Any]:
    """Say of how many projects something is not in the file."""
    texts = {tag: OPERATIONS[tag].format(count=count, note=NOTES[name][tag]) for tag in spoken}
    return {"dc:description": _texts(texts)}


def _texts(by_language: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": tag} for tag, text in by_language.items()]
