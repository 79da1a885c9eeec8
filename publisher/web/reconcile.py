"""`/reconcile`: matches names in other people's tables to the things of this release.

Source: Reconciliation Service API 0.2 (W3C Entity Reconciliation Community
Group): manifest, queries by GET and POST, preview, suggest with flyouts, data
extension. Beside it `/reconcile/match`, the query form of the draft of 1.0 that is
no part of what the manifest promises.

An entity's identifier is its IRI, so that what is matched is linked at once. JSONP is
not offered: every answer has CORS, and a script made from a request's own words
would be one that the pages' content security policy trusts. Errors are JSON:
`status` "error", `code`, `message`.
"""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.exceptions import BadRequest, HTTPException, NotFound, RequestEntityTooLarge
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response as BaseResponse

from publisher import __version__, folding, iris
from publisher.errors import PublisherError
from publisher.formats import HTML
from publisher.names import FILE, KINDS, Name, Names
from publisher.namespaces import CONCEPT, pf
from publisher.web import extending, matching, respond, texts
from publisher.web.extending import Property, Values
from publisher.web.failures import headers_kept, headers_of, status_of
from publisher.web.matching import Candidate, Matcher, Query

log = logging.getLogger(__name__)
blueprint = Blueprint("reconcile", __name__)

BATCH = 25
"""Queries in a batch at most."""
IDS = 500
"""Things whose properties are fetched at once at most."""
CELLS = 5000
"""Things times properties in one data extension at most."""
VALUES = 10_000
"""Values in the answer to a data extension at most."""
LIMIT = 10
MOST_LIMIT = 100
_MOST_PROPERTIES = 20
_MOST_VALUES = 50
_MOST_VALUES_OF_BATCH = 500
_LONGEST_QUERY_STRING = 250_000
_SUGGESTED = 20
_FARTHEST = 1000

FEATURES = ("name_similarity", "name_exact", "initials", "identifier_match", "type_match")
PREVIEW = {"width": 430, "height": 320}
_PREVIEW_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
_FLYOUT_NAMES = 6


# --- what a request says ---------------------------------------------------------------------------------------------


def _parameters() -> Mapping[str, str]:
    """Return the parameters of the request, those of a form before those of the address."""
    if len(request.query_string) > _LONGEST_QUERY_STRING:
        raise RequestEntityTooLarge("The address is too long; send the queries in a form, by POST.")
    form = request.form.to_dict() if request.method == "POST" else {}
    return {**request.args.to_dict(), **form}


def _json(text: str, what: str) -> Any:
    """Read JSON that a client sent.

    Raises:
        BadRequest: It is none, is nested too deeply, or holds what is no Unicode text.
    """
    try:
        loaded = json.loads(text, parse_constant=_no_number)
        json.dumps(loaded, ensure_ascii=False).encode()
    except RecursionError:
        raise BadRequest(f"{what}: the JSON is nested too deeply.") from None
    except UnicodeEncodeError:
        raise BadRequest(f"{what}: a text holds half of a surrogate pair.") from None
    except ValueError as error:
        raise BadRequest(f"{what} is no JSON: {str(error)[:100]}") from None
    return loaded


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")


def _query(given: Any, where: str) -> Query:
    """Read one query.

    Raises:
        BadRequest: It is not of the form that the protocol gives it.
    """
    if not isinstance(given, dict):
        raise BadRequest(f"{where} is no object.")
    text = given.get("query")
    properties = given.get("properties")
    if text is None and not properties:
        raise BadRequest(f"{where} has neither `query` nor `properties`.")
    if isinstance(text, (dict, list)):
        raise BadRequest(f"{where}: `query` is no text.")
    strict = given.get("type_strict") or "any"
    if strict not in matching.STRICT:
        raise BadRequest(f"{where}: `type_strict` is one of {', '.join(matching.STRICT)}.")
    return Query(
        "" if text is None else _scalar(text),
        _kinds(given.get("type"), where),
        strict,
        _limit(given.get("limit"), where),
        _asked(properties, where),
    )


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _limit(given: Any, where: str) -> int:
    if given is None:
        return LIMIT
    try:
        number = float(given) if not isinstance(given, (bool, list, dict)) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not number >= 1:
        raise BadRequest(f"{where}: `limit` is a positive number.")
    return int(min(number, MOST_LIMIT))


def _kinds(given: Any, where: str) -> tuple[str, ...]:
    if given in (None, "", []):
        return ()
    listed = given if isinstance(given, list) else [given]
    if len(listed) > _MOST_VALUES:
        raise RequestEntityTooLarge(f"{where}: there are more than {_MOST_VALUES} types.")
    found = [entry.get("id") if isinstance(entry, dict) else entry for entry in listed]
    if not all(isinstance(entry, str) for entry in found):
        raise BadRequest(f"{where}: `type` is an identifier or an array of identifiers.")
    return tuple(kind(entry) or f"?{entry[:50]}" for entry in found if entry)


def kind(identifier: str) -> str | None:
    """Return the kind that a type's identifier means: the word, or a class's IRI; None where it is unknown."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", identifier.strip()).lower().replace(" ", "-").replace("_", "-")
    plain = plain.replace("organization", "organisation")
    return plain if plain in KINDS else next((k for k, classes in KINDS.items() if identifier in classes), None)


def _asked(given: Any, where: str) -> tuple[tuple[str, tuple[str | tuple[str], ...]], ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise BadRequest(f"{where}: `properties` is an array.")
    if len(given) > _MOST_PROPERTIES:
        raise RequestEntityTooLarge(f"{where}: there are more than {_MOST_PROPERTIES} properties.")
    found: dict[str, tuple[str | tuple[str], ...]] = {}
    for entry in given:
        pid = entry.get("pid", entry.get("p")) if isinstance(entry, dict) else None
        if not isinstance(pid, str):
            raise BadRequest(f"{where}: a property is an object with `pid` and `v`.")
        known = extending.find(pid[:200])
        values = _values(entry.get("v"), where)
        if known is not None and values:
            found[known.id] = (*found.get(known.id, ()), *values)
    return tuple(found.items())


def _values(given: Any, where: str) -> tuple[str | tuple[str], ...]:
    listed = given if isinstance(given, list) else [given]
    if len(listed) > _MOST_VALUES:
        raise RequestEntityTooLarge(f"{where}: there are more than {_MOST_VALUES} values of a property.")
    found: list[str | tuple[str]] = []
    for value in listed:
        if isinstance(value, dict):
            if not isinstance(value.get("id"), str):
                raise BadRequest(f"{where}: a value is a text, a number, a truth value, or an object with `id`.")
            found.append((value["id"][:1000],))
        elif isinstance(value, list):
            raise BadRequest(f"{where}: a value is a text, a number, a truth value, or an object with `id`.")
        elif value is not None and str(value).strip():
            found.append(_scalar(value)[: 2 * folding.LONGEST])
    return tuple(found)


# --- what it is answered from ----------------------------------------------------------------------------------------


@contextmanager
def _names() -> Iterator[Names]:
    """Open the names of the live release.

    Raises:
        ReleaseError: The release has none that can be read.
    """
    with Names(respond.live().release.file(FILE)) as names:
        yield names


def _language() -> str:
    return respond.language()


def _called(names: Sequence[Name]) -> str:
    """Return what a thing is called in the language of the request, else in the first of the portfolio's."""
    order = {language: at for at, language in enumerate(respond.view().order)}
    best = min(names, key=lambda name: (name.role, order.get(name.language, len(order)), name.text), default=None)
    return best.text if best else ""


def _type(of: str) -> dict[str, str]:
    return {"id": of, "name": texts.word(f"reconcile.type.{of}", _language())}


def _described(note: str, name: str, names: Sequence[Name]) -> str:
    others = [entry.text for entry in names if entry.text != name]
    return " · ".join(filter(None, [note, *list(dict.fromkeys(others))[:2]]))


def _candidate(found: Candidate) -> dict[str, Any]:
    name = _called(found.names) or found.thing.iri
    made = {
        "id": found.thing.iri,
        "name": name,
        "description": _described(found.thing.note, name, found.names),
        "type": [_type(found.thing.kind)],
        "score": found.score,
        "match": found.match,
        "features": [{"id": feature, "value": value} for feature, value in found.features.items()],
    }
    return {key: value for key, value in made.items() if value != ""}


# --- answers ---------------------------------------------------------------------------------------------------------


def _answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"
    response = Response(text, status, headers, content_type="application/json")
    response.headers["Cache-Control"] = "public, no-cache" if status == 200 else "no-store"
    response.vary.add("Accept-Language")
    if status == 200 and request.method in ("GET", "HEAD"):
        response.add_etag()
    return response


def _failed(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    return _answer({"status": "error", "code": code, "message": message}, status, headers)


@blueprint.errorhandler(HTTPException)
def _refused(error: HTTPException) -> Response:
    return _failed(error.code or 500, "http", str(error.description or error.name), headers_kept(error))


@blueprint.errorhandler(PublisherError)
def _unready(error: PublisherError) -> Response:
    status = status_of(error)
    if status < 500:
        message = str(error)
    else:  # what it says of files is not for clients
        log.warning("%s: %s", error.code, error)
        message = texts.word("reconcile.none", _language()) if "live" in g else HTTP_STATUS_CODES[status]
    return _failed(status, error.code, message, headers_of(error))


@blueprint.route("/reconcile", methods=["GET", "POST"])
def reconcile() -> Response:
    """Answer with the manifest, a batch of candidates, those of one query, or a data extension."""
    given = _parameters()
    if "queries" in given:
        return _answer(_batch(_json(given["queries"], "`queries`")))
    if "extend" in given:
        return _answer(_extended(_json(given["extend"], "`extend`")))
    if "query" in given:
        text = given["query"]
        single = _json(text, "`query`") if text.lstrip().startswith("{") else {"query": text, **_beside(given)}
        with _names() as names:
            found = _matcher(names).candidates(_query(single, "`query`"))
        return _answer({"result": [_candidate(entry) for entry in found]})
    if request.method == "POST":
        raise BadRequest("Send `queries`, `query` or `extend` as application/x-www-form-urlencoded.")
    return _answer(manifest())


def _beside(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given[name] for name in ("type", "limit", "type_strict") if given.get(name)}


def _matcher(names: Names) -> Matcher:
    return Matcher(names, Values(respond.view(), names).texts)


def _batch(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise BadRequest("`queries` is no object of queries by their keys.")
    if len(given) > BATCH:
        raise RequestEntityTooLarge(f"There are {len(given)} queries in the batch; send {BATCH} at most.")
    queries = {key: _query(entry, f"Query {key[:50]!r}") for key, entry in given.items()}
    _check_size(queries.values())
    with _names() as names:
        matcher = _matcher(names)
        return {
            key: {"result": [_candidate(found) for found in matcher.candidates(query)]}
            for key, query in queries.items()
        }


def _check_size(queries: Iterable[Query]) -> None:
    asked = sum(len(values) for query in queries for _, values in query.properties)
    if asked > _MOST_VALUES_OF_BATCH:
        raise RequestEntityTooLarge(f"There are {asked} values of properties in the batch; send fewer queries at once.")


@blueprint.post("/reconcile/match")
def match() -> Response:
    """Answer a batch in the form of the draft of version 1.0: JSON in the body, conditions instead of fields."""
    given = _json(request.get_data(as_text=True), "The body")
    queries = given.get("queries") if isinstance(given, dict) else None
    if not isinstance(queries, list):
        raise BadRequest("The body is no object with an array of `queries`.")
    if len(queries) > BATCH:
        raise RequestEntityTooLarge(f"There are {len(queries)} queries in the batch; send {BATCH} at most.")
    read = [_conditions(entry, f"Query {at}") for at, entry in enumerate(queries)]
    _check_size(query for query, _ in read)
    results = []
    with _names() as names:
        matcher = _matcher(names)
        for query, needed in read:
            found = [_candidate(c) for c in matcher.candidates(query) if not any(_lacks(c, name) for name in needed)]
            for candidate in found:
                for feature in candidate["features"]:
                    feature["name"] = feature["id"].replace("_", " ")
            results.append({"candidates": found})
    return _answer({"results": results})


def _lacks(candidate: Candidate, prop: str) -> bool:
    return float(candidate.features.get(f"property_{prop.replace('-', '_')}", 0)) < 50


def _conditions(given: Any, where: str) -> tuple[Query, list[str]]:
    """Read a query of the draft; return also the properties that candidates must have."""
    conditions = given.get("conditions") if isinstance(given, dict) else None
    if not isinstance(conditions, list) or not conditions or not all(isinstance(entry, dict) for entry in conditions):
        raise BadRequest(f"{where} has no array of `conditions`.")
    names = [entry.get("v") for entry in conditions if entry.get("matchType") == "name"]
    properties = [entry for entry in conditions if entry.get("matchType") == "property"]
    if len(names) + len(properties) < len(conditions):
        raise BadRequest(f"{where}: `matchType` is name or property.")
    if any(entry.get("matchQuantifier", "any") != "any" or entry.get("matchQualifier") for entry in conditions):
        raise BadRequest(f"{where}: this service knows `matchQuantifier` any, and no `matchQualifier`.")
    texts_given = names[0] if names and isinstance(names[0], list) else names[:1]
    query = _query(
        {
            "query": texts_given[0] if texts_given else None,
            "type": given.get("type"),
            "limit": given.get("limit"),
            "properties": [{"pid": entry.get("pid"), "v": entry.get("v")} for entry in properties],
        },
        where,
    )
    needed = [
        known.id
        for entry in properties
        if entry.get("required") is True and (known := extending.find(str(entry.get("pid"))))
    ]
    return query, needed


# --- the manifest ----------------------------------------------------------------------------------------------------


def manifest() -> dict[str, Any]:
    """Return what the service says of itself."""
    release = respond.live().release.manifest
    language = _language()
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
        "defaultTypes": [_type(of) for of in KINDS],
        "documentation": f"{root}/reconcile/about{once}",
        "serviceVersion": __version__,
        "view": {"url": f"{root}/reconcile/view?id={{{{id}}}}{also}"},
        "feature_view": {"url": f"{root}/reconcile/about{once}#{{{{id}}}}"},
        "preview": {"url": f"{root}/reconcile/preview?id={{{{id}}}}{also}", **PREVIEW},
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


@blueprint.get("/reconcile/about")
def about() -> Response:
    """Show people what the service does, and what its features mean."""
    language = _language()

    def make(_: object) -> str:
        return respond.page(
            "reconcile.html",
            service=f"{respond.outside_root()}/reconcile",
            batch=BATCH,
            ids=IDS,
            types=[_type(of) for of in KINDS],
            properties=[
                (entry.id, entry.name(language), [_type(of)["name"] for of in entry.kinds], _feature(entry.id))
                for entry in extending.PROPERTIES.values()
            ],
            features=FEATURES,
        )

    return respond.answer((HTML,), make, stamp="reconcile")


def _feature(prop: str) -> str:
    return f"property_{prop.replace('-', '_')}"


# --- view, preview, suggest ------------------------------------------------------------------------------------------


@blueprint.get("/reconcile/view")
def view() -> BaseResponse:
    """Lead to the page of a thing."""
    iri = request.args.get("id", "")
    split = iris.Minter(respond.live().release.manifest.base_iri).split(iri)
    if split:
        return redirect(respond.address(f"/id/{split[0]}/{split[1]}"), 303)
    rest = iri.removeprefix(f"{CONCEPT}/")
    if rest != iri and all(iris.is_key(part) for part in rest.split("/")):
        return redirect(respond.address(f"/concept/{rest}"), 303)
    raise NotFound("There is no such thing here.")


def _shown(iri: str) -> dict[str, Any]:
    """Return what a preview shows of a thing.

    Raises:
        NotFound: It is not among the names.
    """
    with _names() as names:
        number = names.number(iri) if iri else None
        if number is None or not (thing := names.thing(number)).kind:
            raise NotFound("There is no such thing here.")
        called = names.names([number])[number]
        values = Values(respond.view(), names)
        language = {"language": _language(), "limit": 4}
        rows = []
        for prop in ("description", "place", "funder", "participant", "target-group", "broader", "projects"):
            entry = extending.PROPERTIES[prop]
            if thing.kind in entry.kinds:
                cells = values.cells(iri, number, entry, language)
                told = [_cut(cell.get("name") or cell.get("str") or "") for cell in cells]
                if told:
                    rows.append((entry.name(_language()), told))
        name = _called(called) or iri
        return {
            "iri": iri,
            "href": f"{respond.outside_root()}/reconcile/view?{urlencode({'id': iri, 'lang': _language()})}",
            "name": name,
            "type": _type(thing.kind)["name"],
            "note": thing.note,
            "others": list(dict.fromkeys(entry.text for entry in called if entry.text != name))[:_FLYOUT_NAMES],
            "rows": rows,
        }


def _cut(text: str) -> str:
    return text if len(text) <= 160 else text[:157].rstrip() + "…"


@blueprint.get("/reconcile/preview")
def preview() -> Response:
    """Show a thing in a small page that another site may frame."""
    shown = _shown(request.args.get("id", ""))
    response = Response(render_template("reconcile_preview.html", **shown), content_type=HTML.content_type)
    response.headers["Content-Security-Policy"] = _PREVIEW_POLICY
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.add("Accept-Language")
    response.content_language.add(_language())
    response.add_etag()
    return response


@blueprint.get("/reconcile/flyout/<any(entity, property, type):what>")
def flyout(what: str) -> Response:
    """Return a piece of HTML about what was suggested."""
    identifier = request.args.get("id", "")
    if what == "entity":
        html = render_template("reconcile_flyout.html", **_shown(identifier))
    else:
        if what == "type":
            of = kind(identifier)
            shown = None if of is None else (_type(of)["name"], [entry.name(_language()) for entry in _of(of)])
        else:
            prop = extending.find(identifier)
            shown = None if prop is None else (prop.name(_language()), [_type(of)["name"] for of in prop.kinds])
        if shown is None:
            raise NotFound("There is no such thing here.")
        html = render_template("reconcile_flyout.html", name=shown[0], others=shown[1], type="", note="", rows=[])
    return _answer({"id": identifier, "html": html})


def _of(of: str | None) -> list[Property]:
    return extending.proposed(of)


@blueprint.get("/reconcile/suggest/<any(entity, property, type):what>")
def suggest(what: str) -> Response:
    """Complete what a person types: names of things, properties, types."""
    prefix = _typed()
    skip = _cursor()
    limit = _number("limit", _SUGGESTED, 1, MOST_LIMIT)
    wanted = request.args.get("type") or request.args.get("schema") or ""
    of = kind(wanted[:200]) if wanted else None
    found: list[dict[str, Any]]
    if what == "entity":
        found = _suggested_things(prefix, (of,) if of else () if wanted else tuple(KINDS), skip, limit)
        return _answer({"result": found})
    if what == "property":
        properties = extending.suggested(prefix, of)
        found = [{"id": entry.id, "name": entry.name(_language())} for entry in properties]
        for entry, prop in zip(found, properties, strict=True):
            entry["description"] = ", ".join(_type(k)["name"] for k in prop.kinds)
    else:
        folded = folding.fold(prefix)
        named = {k: [k, *(texts.word(f"reconcile.type.{k}", language) for language in texts.LANGUAGES)] for k in KINDS}
        found = [
            _type(k) for k, words in named.items() if any(f" {folded}" in f" {folding.fold(word)}" for word in words)
        ]
    return _answer({"result": found[skip : skip + limit]})


def _suggested_things(prefix: str, kinds: tuple[str, ...], skip: int, limit: int) -> list[dict[str, Any]]:
    if not kinds or not prefix.strip():
        return []
    with _names() as names:
        numbers = matching.suggested(names, prefix, kinds, skip, limit)
        called = names.names(numbers)
        found = []
        for number in numbers:
            thing = names.thing(number)
            name = _called(called[number]) or thing.iri
            entry = {"id": thing.iri, "name": name, "notable": [_type(thing.kind)]}
            described = _described(thing.note, name, called[number])
            found.append({**entry, "description": described} if described else entry)
        return found


def _typed() -> str:
    prefix = request.args.get("prefix", "")
    if len(request.query_string) > _LONGEST_QUERY_STRING:
        raise RequestEntityTooLarge("The address is too long.")
    return prefix


def _cursor() -> int:
    return _number("cursor", 0, 0, _FARTHEST)


def _number(name: str, default: int, least: int, most: int) -> int:
    written = request.args.get(name, "")
    if not written:
        return default
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", written):
        raise BadRequest(f"`{name}` is a whole number.")
    if int(written) < least:
        raise BadRequest(f"`{name}` is {least} at least.")
    return min(int(written), most)


# --- data extension --------------------------------------------------------------------------------------------------


@blueprint.get("/reconcile/properties")
def properties() -> Response:
    """Propose properties to fetch for things of a type."""
    wanted = request.args.get("type", "")
    of = kind(wanted[:200]) if wanted else None
    limit = _number("limit", len(extending.PROPERTIES), 1, MOST_LIMIT)
    listed = [] if wanted and of is None else _of(of)
    proposed = [{"id": entry.id, "name": entry.name(_language())} for entry in listed[:limit]]
    answer: dict[str, Any] = {"properties": proposed}
    if wanted:
        answer["type"] = wanted
    if request.args.get("limit"):
        answer["limit"] = limit
    return _answer(answer)


def _extended(given: Any) -> dict[str, Any]:
    ids = given.get("ids") if isinstance(given, dict) else None
    wanted = given.get("properties") if isinstance(given, dict) else None
    if not isinstance(ids, list) or not all(isinstance(entry, str) for entry in ids):
        raise BadRequest("`extend` has no array of `ids`.")
    if not isinstance(wanted, list) or not all(
        isinstance(entry, dict) and isinstance(entry.get("id"), str) for entry in wanted
    ):
        raise BadRequest("`extend` has no array of `properties`, each an object with `id`.")
    if len(ids) > IDS or len(wanted) > IDS or len(ids) * len(wanted) > CELLS:
        raise RequestEntityTooLarge(f"Ask for {IDS} things at most, and for {CELLS} things times properties.")
    by_id = {entry["id"]: entry.get("settings") for entry in wanted}
    columns = [(pid, extending.find(pid[:200]), settings) for pid, settings in by_id.items()]
    with _names() as names:
        values = Values(respond.view(), names)
        rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
        left = VALUES
        for iri in dict.fromkeys(ids):
            number = names.number(iri)
            of = names.thing(number).kind if number is not None else ""
            rows[iri] = {
                pid: values.cells(iri, number, entry, settings if isinstance(settings, dict) else {})
                if entry is not None and number is not None and of in entry.kinds
                else []
                for pid, entry, settings in columns
            }
            left -= sum(map(len, rows[iri].values()))
            if left < 0:
                raise RequestEntityTooLarge(f"The answer would have more than {VALUES} values: ask for fewer things.")
    return {"meta": [_column(pid, entry) for pid, entry, _ in columns], "rows": rows}


def _column(pid: str, entry: Property | None) -> dict[str, Any]:
    if entry is None:
        return {"id": pid, "name": pid}
    made: dict[str, Any] = {"id": pid, "name": entry.name(_language())}
    if entry.form == "thing" and entry.kind:
        made["type"] = _type(entry.kind)
    return made
