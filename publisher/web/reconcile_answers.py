"""What `/reconcile` answers: the manifest, candidates, values, suggestions, previews, in the protocol's forms.

Source: Reconciliation Service API 0.2, "Service Manifest", "Reconciliation Query Responses", "Suggest
Responses", "Flyout Services", "Data Extension Responses".

An entity's identifier is its IRI, so that what is matched is linked at once. The identifier space is
what this portfolio's IRIs begin with; target groups are concepts that all portfolios
share, and a column of them names the service that knows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from publisher import __version__, folding, iris
from publisher.errors import QueryTimeoutError
from publisher.names import KINDS
from publisher.namespaces import pf
from publisher.web import extending, matching, respond, texts
from publisher.web.extending import Property, Values
from publisher.web.matching import Candidate
from publisher.web.names import Name, Names
from publisher.web.reconcile_requests import BATCH, IDS, Column, kind

FEATURES = ("name_similarity", "name_exact", "initials", "identifier_match", "type_match")
VALUES = 10_000
"""Values in the answer to a data extension at most."""
_PREVIEW = {"width": 430, "height": 320}
_SHOWN = ("description", "place", "funder", "participant", "target-group", "broader", "projects")
"""Properties that a preview shows."""
_SHOWN_VALUES = 4
_SHOWN_NAMES = 6
_SHOWN_LETTERS = 160


def type_named(of: str) -> dict[str, str]:
    """Return a type with its name in the language of the request."""
    return {"id": of, "name": texts.word(f"reconcile.type.{of}", respond.language())}


def _described(note: str, name: str, names: Sequence[Name]) -> str:
    others = [entry.text for entry in names if entry.text != name]
    return " · ".join(filter(None, [note, *list(dict.fromkeys(others))[:2]]))


# --- candidates ------------------------------------------------------------------------------------------------------


def candidate(found: Candidate) -> dict[str, Any]:
    """Return a candidate."""
    name = extending.best_name(found.names, respond.view()) or found.thing.iri
    made = {
        "id": found.thing.iri,
        "name": name,
        "description": _described(found.thing.note, name, found.names),
        "type": [type_named(found.thing.kind)],
        "score": found.score,
        "match": found.match,
        "features": [{"id": feature, "value": value} for feature, value in found.features.items()],
    }
    return {key: value for key, value in made.items() if value != ""}


def draft_candidate(found: Candidate) -> dict[str, Any]:
    """Return a candidate as the draft wants it: features have names."""
    made = candidate(found)
    for feature in made["features"]:
        feature["name"] = feature["id"].replace("_", " ")
    return made


def overdue(error: QueryTimeoutError) -> dict[str, str]:
    """Return what stands in place of a query's result that was not found in time.

    It has no `result`: OpenRefine then leaves the cell as it is, with an error, while an empty one would say
    that there is nothing of that name.
    """
    return {"status": "error", "code": error.code, "message": str(error)}


# --- the manifest ----------------------------------------------------------------------------------------------------


def manifest() -> dict[str, Any]:
    """Return what the service says of itself."""
    release = respond.live().release.manifest
    language = respond.language()
    title = release.title.get(language) or next(iter(release.title.values()), "")
    root = respond.outside_root()
    asked = request.args.get("lang", "")
    more = f"lang={asked}" if asked in respond.languages() else ""
    once, also = (f"?{more}" if more else ""), (f"&{more}" if more else "")
    return {
        "versions": ["0.2"],
        "name": texts.word("reconcile.name", language, title=title or texts.word("reconcile.untitled", language)),
        "identifierSpace": f"{release.base_iri}/id/",
        "schemaSpace": pf.base,
        "defaultTypes": [type_named(of) for of in KINDS],
        "documentation": f"{root}/reconcile/about{once}",
        "serviceVersion": __version__,
        "view": {"url": f"{root}/reconcile/view?id={{{{id}}}}{also}"},
        "feature_view": {"url": f"{root}/reconcile/about{once}#{{{{id}}}}"},
        "preview": {"url": f"{root}/reconcile/preview?id={{{{id}}}}{also}", **_PREVIEW},
        "suggest": {
            what: {
                "service_url": root,
                "service_path": f"/reconcile/suggest/{what}{once}",
                "flyout_service_url": root,
                "flyout_service_path": f"/reconcile/flyout/{what}?id=${{id}}{also}",
            }
            for what in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": root, "service_path": f"/reconcile/properties{once}"},
            "property_settings": _settings(language),
        },
        "batchSize": BATCH,
    }


def _settings(language: str) -> list[dict[str, Any]]:
    def word(key: str) -> str:
        return texts.word(f"reconcile.setting.{key}", language)

    def setting(name: str, form: str, default: Any, **more: Any) -> dict[str, Any]:
        told = {"name": name, "label": word(name), "help_text": word(f"{name}.help")}
        return {**told, "type": form, "default": default, **more}

    def choices(named: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
        return [{"value": value, "name": name} for value, name in (("", word("any")), *named)]

    view = respond.view()
    stages = [(stage, view.label(iris.concept("funding-stage", stage)).value) for stage in extending.STAGES]
    return [
        setting("language", "select", "", choices=choices(list(texts.LANGUAGES.items()))),
        setting("limit", "number", 0),
        setting("stage", "select", "", choices=choices(stages)),
    ]


# --- data extension --------------------------------------------------------------------------------------------------


def extended(names: Names, ids: Sequence[str], columns: Sequence[Column]) -> dict[str, Any]:
    """Return the values of properties of things.

    Raises:
        RequestEntityTooLarge: There are too many.
    """
    values = Values(respond.view(), names)
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    left = VALUES
    for iri in ids:
        number = names.number(iri)
        of = names.thing(number).kind if number is not None else ""
        rows[iri] = {
            column.id: values.cells(iri, number, column.property, column.settings)
            if column.property is not None and number is not None and of in column.property.kinds
            else []
            for column in columns
        }
        left -= sum(map(len, rows[iri].values()))
        if left < 0:
            raise RequestEntityTooLarge(f"The answer would have more than {VALUES} values: ask for fewer things.")
    return {"meta": [_column(column) for column in columns], "rows": rows}


def draft_extended(names: Names, ids: Sequence[str], columns: Sequence[Column]) -> dict[str, Any]:
    """Return the values of properties of things as the draft wants it: rows and properties are arrays.

    Raises:
        RequestEntityTooLarge: There are too many.
    """
    told = extended(names, ids, columns)
    rows = [
        {"id": iri, "properties": [{"id": column, "values": values} for column, values in row.items()]}
        for iri, row in told["rows"].items()
    ]
    return {"meta": told["meta"], "rows": rows}


def _column(column: Column) -> dict[str, Any]:
    known = column.property
    if known is None:
        return {"id": column.id, "name": column.id}
    made: dict[str, Any] = {"id": column.id, "name": known.name(respond.language())}
    if known.form == "thing" and known.kind:
        made["type"] = type_named(known.kind)
    if known.kind == "target-group":
        made["service"] = f"{respond.outside_root()}/reconcile"
    return made


# --- suggestions -----------------------------------------------------------------------------------------------------


def suggested_things(names: Names, prefix: str, kinds: Sequence[str], skip: int, limit: int) -> list[dict[str, Any]]:
    """Return the things whose names or words begin so, or whose identifier it is: `limit` behind `skip`."""
    numbers = matching.suggested(names, prefix, kinds, skip, limit)
    called, things = names.names(numbers), names.things(numbers)
    found = []
    for number in numbers:
        thing = things[number]
        name = extending.best_name(called[number], respond.view()) or thing.iri
        entry = {"id": thing.iri, "name": name, "notable": [type_named(thing.kind)]}
        described = _described(thing.note, name, called[number])
        found.append({**entry, "description": described} if described else entry)
    return found


def suggested_properties(prefix: str, of: str | None) -> list[dict[str, Any]]:
    """Return the properties, of things of a kind where one is given, with a word that begins so."""
    return [
        {**property_named(entry), "description": ", ".join(_types(entry))} for entry in extending.suggested(prefix, of)
    ]


def suggested_types(prefix: str) -> list[dict[str, Any]]:
    """Return the types with a word, in any language, that begins so."""
    folded = folding.fold(prefix)
    named = {k: [k, *(texts.word(f"reconcile.type.{k}", language) for language in texts.LANGUAGES)] for k in KINDS}
    return [type_named(k) for k, words in named.items() if any(f" {folded}" in f" {folding.fold(w)}" for w in words)]


def property_named(entry: Property) -> dict[str, str]:
    """Return a property with its name in the language of the request."""
    return {"id": entry.id, "name": entry.name(respond.language())}


def _types(entry: Property) -> list[str]:
    return [type_named(of)["name"] for of in entry.kinds]


# --- previews --------------------------------------------------------------------------------------------------------


def shown(names: Names, iri: str) -> dict[str, Any]:
    """Return what a preview shows of a thing.

    Raises:
        NotFound: It is not among the names.
    """
    number = names.number(iri) if iri else None
    if number is None or not (thing := names.thing(number)).kind:
        raise NotFound("There is no such thing here.")
    language = respond.language()
    called = names.names([number])[number]
    values = Values(respond.view(), names)
    rows = []
    for entry in map(extending.PROPERTIES.__getitem__, _SHOWN):
        if thing.kind in entry.kinds:
            cells = values.cells(iri, number, entry, {"language": language, "limit": _SHOWN_VALUES})
            told = [_cut(cell.get("name") or cell.get("str") or "") for cell in cells]
            if told:
                rows.append((entry.name(language), told))
    name = extending.best_name(called, respond.view()) or iri
    return {
        "iri": iri,
        "href": f"{respond.outside_root()}/reconcile/view?{urlencode({'id': iri, 'lang': language})}",
        "name": name,
        "type": type_named(thing.kind)["name"],
        "note": thing.note,
        "others": list(dict.fromkeys(entry.text for entry in called if entry.text != name))[:_SHOWN_NAMES],
        "rows": rows,
    }


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_LETTERS else text[: _SHOWN_LETTERS - 3].rstrip() + "…"


def flyout(names: Names, what: str, identifier: str) -> str:
    """Return a piece of HTML about a thing, a property or a type.

    Raises:
        NotFound: There is none of that identifier.
    """
    if what == "entity":
        return render_template("reconcile_flyout.html", **shown(names, identifier))
    language = respond.language()
    if what == "type":
        of = kind(identifier)
        if not of:
            raise NotFound("There is no such type here.")
        name, others = type_named(of)["name"], [entry.name(language) for entry in extending.proposed(of)]
    else:
        entry = extending.find(identifier[:200])
        if entry is None:
            raise NotFound("There is no such property here.")
        name, others = entry.name(language), _types(entry)
    return render_template("reconcile_flyout.html", name=name, others=others, type="", note="", rows=[])


def about() -> str:
    """Return the page that shows people what the service does, and what its features mean."""
    language = respond.language()
    return respond.page(
        "reconcile.html",
        service=f"{respond.outside_root()}/reconcile",
        batch=BATCH,
        ids=IDS,
        types=[type_named(of) for of in KINDS],
        properties=[
            (entry.id, entry.name(language), _types(entry), matching.feature(entry.id))
            for entry in extending.PROPERTIES.values()
        ],
        features=FEATURES,
    )
