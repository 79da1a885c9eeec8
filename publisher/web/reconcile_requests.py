"""What clients ask of `/reconcile`, read from their JSON, with the limits of what they may ask at once.

Source: Reconciliation Service API 0.2, "Reconciliation Queries" and "Data Extension Query Requests"; the
draft of 1.0, "Structure of a Reconciliation Query". Of the draft all is read that has been in it since 2024: conditions
on names and properties, `required`, `matchQuantifier`; fields by the names that they have had since 2025
(`propertyId`, `propertyValue`) and before (`pid`, `v`); and since 2025 the `matchType` id. A `matchQualifier` is
refused: which there are is for each service to say, and this one compares in one way only.

Lenient where OpenRefine and older clients are: a type as a text, an array or objects; a limit as a
text; `p` for `pid`. What is of no form that the protocol knows is refused, never guessed at.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from publisher import folding
from publisher.names import KINDS
from publisher.web import extending
from publisher.web.extending import Property
from publisher.web.matching_queries import STRICT, Called, Condition, Query

BATCH = 25
"""Queries in a batch at most."""
IDS = 500
"""Things whose properties are fetched at once at most."""
CELLS = 5000
"""Things times properties in one data extension at most."""
LIMIT = 10
MOST_LIMIT = 100
_MOST_PROPERTIES = 20
_MOST_VALUES = 50
MOST_VALUES_OF_BATCH = 250
"""Values of properties in all queries of a batch at most."""
_LONGEST_VALUE = 2 * folding.LONGEST


def from_json(text: str, what: str) -> Any:
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


# --- queries ---------------------------------------------------------------------------------------------------------


def batch(given: Any) -> dict[str, Query]:
    """Read the queries of a batch, by their keys.

    Raises:
        BadRequest: It is not of the form that the protocol gives it.
        RequestEntityTooLarge: There are too many queries, or values of properties.
    """
    if not isinstance(given, dict):
        raise BadRequest("`queries` is no object of queries by their keys.")
    _check_number(len(given))
    queries = {key: query(entry, f"Query {key[:50]!r}") for key, entry in given.items()}
    _check_size(queries.values())
    return queries


def query(given: Any, where: str) -> Query:
    """Read one query; errors say where it stands.

    Raises:
        BadRequest: It is not of the form that the protocol gives it.
        RequestEntityTooLarge: It has too many types, properties or values.
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
    if strict not in STRICT:
        raise BadRequest(f"{where}: `type_strict` is one of {', '.join(STRICT)}.")
    return Query(
        "" if text is None else _scalar(text),
        _kinds(given.get("type"), where),
        strict,
        _limit(given.get("limit"), where),
        _properties(properties, where),
    )


def _check_number(queries: int) -> None:
    if queries > BATCH:
        raise RequestEntityTooLarge(f"There are {queries} queries in the batch; send {BATCH} at most.")


def _check_size(queries: Iterable[Query]) -> None:
    asked = sum(len(condition.values) for entry in queries for condition in entry.conditions)
    if asked > MOST_VALUES_OF_BATCH:
        raise RequestEntityTooLarge(f"There are {asked} values of properties in the batch; send fewer queries at once.")


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
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", identifier[:200].strip()).lower().replace(" ", "-").replace("_", "-")
    plain = plain.replace("organization", "organisation")
    return plain if plain in KINDS else next((k for k, classes in KINDS.items() if identifier in classes), None)


def _properties(given: Any, where: str) -> tuple[Condition, ...]:
    """Read properties with their values; those that are unknown here, and those without a value, are left out."""
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
    return tuple(Condition(prop, values) for prop, values in found.items())


def _values(given: Any, where: str) -> tuple[str | tuple[str], ...]:
    listed = given if isinstance(given, list) else [given]
    if len(listed) > _MOST_VALUES:
        raise RequestEntityTooLarge(f"{where}: there are more than {_MOST_VALUES} values of a property.")
    found: list[str | tuple[str]] = []
    for value in listed:
        if isinstance(value, dict):
            if not isinstance(value.get("id"), str):
                raise BadRequest(f"{where}: a value is a text, a number, a truth value, or an object with `id`.")
            found.append((value["id"][:_LONGEST_VALUE],))
        elif isinstance(value, list):
            raise BadRequest(f"{where}: a value is a text, a number, a truth value, or an object with `id`.")
        elif value is not None and str(value).strip():
            found.append(_scalar(value)[:_LONGEST_VALUE])
    return tuple(found)


# --- queries of the draft --------------------------------------------------------------------------------------------

_QUANTIFIERS = ("any", "all", "none")


class Drafted(NamedTuple):
    """A query of the draft: what is asked of a thing's type and properties, and of its name."""

    query: Query
    names: tuple[Called, ...]


def draft(given: Any) -> list[Drafted]:
    """Read a batch in the form of the draft: conditions instead of fields.

    Raises:
        BadRequest: It is not of that form, or asks what this service does not know.
        RequestEntityTooLarge: There are too many queries, names or values of properties.
    """
    listed = given.get("queries") if isinstance(given, dict) else None
    if not isinstance(listed, list):
        raise BadRequest("The body is no object with an array of `queries`.")
    _check_number(len(listed))
    queries = [_drafted(entry, f"Query {at}") for at, entry in enumerate(listed)]
    _check_size(entry.query for entry in queries)
    _check_number(sum(max(1, sum(len(name.texts) for name in entry.names)) for entry in queries))
    return queries


def _drafted(given: Any, where: str) -> Drafted:
    conditions = given.get("conditions") if isinstance(given, dict) else None
    if not isinstance(conditions, list) or not conditions or not all(isinstance(entry, dict) for entry in conditions):
        raise BadRequest(f"{where} has no array of `conditions`.")
    if len(conditions) > _MOST_PROPERTIES:
        raise RequestEntityTooLarge(f"{where}: there are more than {_MOST_PROPERTIES} conditions.")
    wanted = given.get("type")
    if not isinstance(wanted, (str, type(None))):
        raise BadRequest(f"{where}: `type` is an identifier.")
    names: list[Called] = []
    properties: list[Condition] = []
    sought = False
    for entry in conditions:
        values = _values(entry.get("propertyValue", entry.get("v")), where)
        quantifier = entry.get("matchQuantifier") or "any"
        if quantifier not in _QUANTIFIERS:
            raise BadRequest(f"{where}: `matchQuantifier` is one of {', '.join(_QUANTIFIERS)}.")
        if entry.get("matchQualifier"):
            raise BadRequest(f"{where}: this service knows no `matchQualifier`.")
        denied, required = quantifier == "none", entry.get("required") is True
        sought = sought or not denied
        groups = [(value,) for value in values] if quantifier == "all" else [values]
        if entry.get("matchType") == "name":
            texts = [tuple(value if isinstance(value, str) else value[0] for value in group) for group in groups]
            names += [Called(each, denied, required) for each in texts if each]
        else:
            prop = _property(entry, where)
            properties += [Condition(prop, each, denied, required) for each in groups if each and (prop or required)]
    if not sought:
        raise BadRequest(f"{where} tells only what a thing is not.")
    limit = _limit(given.get("limit"), where)
    return Drafted(Query("", _kinds(wanted, where), limit=limit, conditions=tuple(properties)), tuple(names))


def _property(condition: dict[str, Any], where: str) -> str:
    """Return the property of a condition; "" for one that is unknown here: nothing has it."""
    kind_of = condition.get("matchType")
    if kind_of == "id":
        return "identifier"
    if kind_of != "property":
        raise BadRequest(f"{where}: `matchType` is name, property or id.")
    written = condition.get("propertyId", condition.get("pid"))
    if not isinstance(written, str):
        raise BadRequest(f"{where}: a condition on a property has its `propertyId`.")
    known = extending.find(written[:200])
    return known.id if known else ""


# --- data extension --------------------------------------------------------------------------------------------------


class Column(NamedTuple):
    """A property to fetch: as the client calls it, as it is known here (None: it is not), and the client's settings."""

    id: str
    property: Property | None
    settings: dict[str, Any]


def extension(given: Any) -> tuple[list[str], list[Column]]:
    """Read which properties of which things are to be fetched; return the things' IRIs, each once, and the columns.

    Raises:
        BadRequest: It is not of the form that the protocol gives it.
        RequestEntityTooLarge: There are too many things or properties.
    """
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
    settings = {entry["id"]: entry.get("settings") for entry in wanted}
    columns = [
        Column(pid, extending.find(pid[:200]), told if isinstance(told, dict) else {}) for pid, told in settings.items()
    ]
    return list(dict.fromkeys(ids)), columns
