"""The draft of version 1.0: what is settled in it, in both spellings of its fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from test_names import MINT, made, says
from test_reconcile import BASE, CANDIDATE, CELL, SAMI, SARA, STM, THL, TYPE, ULAPLAND, assert_refused, extend, valid

from publisher.namespaces import dct, foaf, org, pf, rdf, skos
from publisher.web.matching import Matcher
from publisher.web.matching_queries import Called, Condition, Query
from publisher.web.matching_several import several
from publisher.web.names import Names
from publisher.web.reconcile_requests import BATCH

# Written by hand from the text of the draft, "Reconciliation Query Responses" and "Data Extension Responses".
FEATURE = {
    "type": "object",
    "required": ["id", "name", "value"],
    "properties": {"id": {"minLength": 1}, "name": {"minLength": 1}, "value": {"type": ["number", "boolean"]}},
}
RESULTS = {
    "type": "object",
    "required": ["results"],
    "additionalProperties": False,
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["candidates"],
                "additionalProperties": False,
                "properties": {"candidates": {"type": "array", "items": {
                    **CANDIDATE,
                    "properties": {**CANDIDATE["properties"], "features": {"type": "array", "items": FEATURE}},  # type: ignore[dict-item]
                }}},
            },
        }
    },
}  # fmt: skip
ROWS = {
    "type": "object",
    "required": ["meta", "rows"],
    "properties": {
        "meta": {"type": "array", "items": TYPE},
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "properties"],
                "properties": {
                    "id": {"type": "string"},
                    "properties": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["id", "values"],
                            "properties": {"id": {"type": "string"}, "values": {"type": "array", "items": CELL}},
                        },
                    },
                },
            },
        },
    },
}


@pytest.fixture
def client(portfolio_app: Flask) -> FlaskClient:
    return portfolio_app.test_client()


def name(value: Any, **more: Any) -> dict[str, Any]:
    return {"matchType": "name", "propertyValue": value, **more}


def prop(pid: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"matchType": "property", "propertyId": pid, "propertyValue": value, **more}


def matched(client: FlaskClient, *conditions: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    answer = client.post("/reconcile/match", json={"queries": [{"conditions": list(conditions), **more}]})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    [told] = valid(answer.get_json(), RESULTS)["results"]
    scores = [entry["score"] for entry in told["candidates"]]
    assert scores == sorted(scores, reverse=True)
    return list(told["candidates"])


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in found]


# --- queries


def test_a_batch_is_answered_in_its_order(client: FlaskClient) -> None:
    queries = [{"conditions": [name(text)], "lang": "fi"} for text in ("THL", "Lapin yliopisto", "qqqqq xxxxx")]
    told = valid(client.post("/reconcile/match", json={"queries": queries}).get_json(), RESULTS)["results"]
    assert [ids(entry["candidates"])[:1] for entry in told] == [[THL], [ULAPLAND], []]
    assert told[0]["candidates"][0]["match"] is True


def test_both_spellings_of_the_fields_are_read(client: FlaskClient) -> None:
    """`pid` and `v` became `propertyId` and `propertyValue` in 2025."""
    before: list[dict[str, Any]] = [
        {"matchType": "name", "v": "Saamelaisten hyvinvointi"},
        {"matchType": "property", "pid": "place", "v": ["Oulu", {"id": f"{BASE}/place/rovaniemi"}]},
    ]
    now = [
        name("Saamelaisten hyvinvointi"), prop("place", ["Oulu", {"id": f"{BASE}/place/rovaniemi"}]),
    ]  # fmt: skip
    assert matched(client, *before, type="project") == matched(client, *now, type="project")
    assert ids(matched(client, *now, type="project"))[0] == SARA


def test_what_is_required_is_looked_for_before_the_limit(client: FlaskClient) -> None:
    def found(**more: Any) -> list[str]:
        place = prop("place", "Jyväskylä", required=True) | more
        return ids(matched(client, name("osallisuus"), place, type="project", limit=1))

    assert len(found()) == 1
    assert extend(client, found(), "place")["rows"][found()[0]]["place"]
    assert found(propertyId="no-such-property") == []
    assert len(found(propertyId="no-such-property", required=False)) == 1
    assert len(found(propertyId="no-such-property", matchQuantifier="none")) == 1
    assert SARA not in ids(matched(client, name("Saamelaisten hyvinvointi"), prop("place", "Espoo", required=True)))


def test_an_entity_may_be_asked_for_by_its_identifier(client: FlaskClient) -> None:
    """`matchType` id, in the draft since October 2025."""
    for value in (SARA, "S20394", {"id": SARA}):
        found = matched(client, {"matchType": "id", "propertyValue": value})
        assert [(entry["id"], entry["match"]) for entry in found] == [(SARA, True)]
    found = matched(client, name("Lapin yliopisto"), {"matchType": "id", "propertyValue": STM, "required": True})
    assert ULAPLAND not in ids(found)
    without = matched(client, name("Lapin yliopisto"), {
        "matchType": "id", "propertyValue": ULAPLAND, "required": True, "matchQuantifier": "none",
    })  # fmt: skip
    assert ULAPLAND not in ids(without)


# --- quantifiers


STARTED = {"e": ["2016-01-01"], "et": ["2016-01-01"], "t": ["2018-01-01"]}


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matcher]:
    """Four projects of one name: in Espoo; in Espoo and Turku; in Turku; nowhere that is told. Two organisations."""
    lines = []
    for place in ("Espoo", "Turku"):
        where = MINT.iri("place", place)
        lines += [says(where, rdf.type, dct.Location, None), says(where, skos.prefLabel, place, "fi")]
    for key, places in (("e", "Espoo"), ("et", "Espoo Turku"), ("t", "Turku"), ("n", "")):
        iri = MINT.iri("project", key)
        lines += [says(iri, rdf.type, pf.Project, None), says(iri, dct.title, "Yhteinen nimi kaikilla", "fi")]
        lines += [says(iri, dct.spatial, MINT.iri("place", place), None) for place in places.split()]
        lines += [says(iri, dct.description, f"Hanke paikassa {place}", "fi") for place in places.split()]
    for key, names in (("both", "Pohjolan Tuki|Nordens Stöd"), ("one", "Pohjolan Tupa|Nordens Stuga")):
        iri = MINT.iri("organisation", key)
        lines += [says(iri, rdf.type, org.Organization, None)]
        lines += [says(iri, dct.spatial, MINT.iri("place", "Turku"), None)] if key == "one" else []
        lines += [says(iri, foaf.name, text, tag) for text, tag in zip(names.split("|"), ("fi", "sv"), strict=True)]
    with Names(made(tmp_path_factory.mktemp("quantifiers"), lines)) as names_:
        yield Matcher(names_, lambda iri, prop: STARTED.get(iri.rpartition("/")[2], []) if prop == "start-date" else [])


QUANTIFIED = [
    # any of the values; each of them; none of them: what is told of no place has none, and not either
    ([Condition("place", ("Espoo", "Turku"), required=True)], {"e", "et", "t"}),
    ([Condition("place", ("Espoo",), required=True), Condition("place", ("Turku",), required=True)], {"et"}),
    ([Condition("place", ("Espoo",), denied=True, required=True)], {"t", "n"}),
    ([Condition("place", ("Espoo", "Turku"), denied=True, required=True)], {"n"}),
    ([Condition("place", ("Espoo",), required=True), Condition("place", ("Turku",), True, True)], {"e"}),
    ([Condition("start-date", ("2016-01-01",), denied=True, required=True)], {"t", "n"}),
    # where it is not required all are candidates
    ([Condition("place", ("Espoo",), denied=True)], {"e", "et", "t", "n"}),
    ([Condition("place", ("Atlantis",), denied=True, required=True)], {"e", "et", "t", "n"}),
]


@pytest.mark.parametrize(("conditions", "keys"), QUANTIFIED)
def test_conditions_on_properties(matcher: Matcher, conditions: list[Condition], keys: set[str]) -> None:
    found = matcher.candidates(Query("Yhteinen nimi kaikilla", ("project",), conditions=tuple(conditions)))
    assert {entry.thing.iri.rpartition("/")[2] for entry in found} == keys
    assert not any(entry.match for entry in found if len(keys) > 1)


def test_what_is_denied_lowers_the_score_and_forbids_the_match(matcher: Matcher) -> None:
    query = Query("Yhteinen nimi kaikilla", ("project",), conditions=(Condition("place", ("Espoo",), denied=True),))
    score = {entry.thing.iri.rpartition("/")[2]: entry.score for entry in matcher.candidates(query)}
    assert score["t"] > score["n"] > score["e"] == score["et"]
    support = Query("Pohjolan Tuki", ("organisation",), conditions=(Condition("identifier", ("both",), denied=True),))
    found = matcher.candidates(support)
    assert [(entry.thing.iri.rpartition("/")[2], entry.match) for entry in found] == [("one", False), ("both", False)]
    # a value that is only like the name of a place tells nothing for certain
    near = Condition("place", ("Espossa",), denied=True)
    two = (Condition("place", ("Turku",)), near)
    found = matcher.candidates(Query("Yhteinen nimi kaikilla", ("project",), conditions=two))
    assert not any(entry.match for entry in found)


CALLED: list[tuple[list[Called], list[tuple[str, bool]]]] = [
    ([Called(("Pohjolan Tuki", "qqqq"))], [("both", True), ("one", False)]),
    ([Called(("Pohjolan Tuki",)), Called(("Nordens Stöd",))], [("both", True), ("one", False)]),
    # two names of two things: neither is certain
    ([Called(("Pohjolan Tuki", "Nordens Stuga"))], [("both", False), ("one", False)]),
    ([Called(("Pohjolan Tuki", "Nordens Stuga ry"))], [("both", False), ("one", False)]),
    ([Called(("Pohjolan Tuki",)), Called(("Nordens Stuga",))], [("both", False), ("one", False)]),
    ([Called(("Pohjolan Tuki",)), Called(("qqqq",), required=True)], []),
    ([Called(("Pohjolan",)), Called(("Nordens Stöd",), denied=True)], [("one", False)]),
]


@pytest.mark.parametrize(("names", "told"), CALLED)
def test_conditions_on_names(matcher: Matcher, names: list[Called], told: list[tuple[str, bool]]) -> None:
    found = several(matcher, Query("", ("organisation",)), names)
    assert sorted((entry.thing.iri.rpartition("/")[2], entry.match) for entry in found) == told
    assert [entry.score for entry in found] == sorted((entry.score for entry in found), reverse=True)


def test_a_match_under_several_names_is_the_first(matcher: Matcher) -> None:
    """What is near to another of the names, and in the place asked for, comes before what has one of them."""
    names = [Called(("Pohjolan Tuki", "Pohjolan Tupaa"))]
    found = several(matcher, Query("", ("organisation",), conditions=(Condition("place", ("Turku",)),)), names)
    assert [(entry.thing.iri.rpartition("/")[2], entry.match) for entry in found] == [("one", False), ("both", False)]


def test_of_namesakes_one_is_certain_where_all_others_have_what_is_denied(tmp_path: Path) -> None:
    lines = []
    for place in ("Espoo", "Turku"):
        where, iri = MINT.iri("place", place), MINT.iri("project", place)
        lines += [says(where, rdf.type, dct.Location, None), says(where, skos.prefLabel, place, "fi")]
        lines += [says(iri, rdf.type, pf.Project, None), says(iri, dct.title, "Yhteinen nimi", "fi")]
        lines += [says(iri, dct.spatial, where, None)]
    with Names(made(tmp_path, lines)) as names:
        matcher = Matcher(names, lambda _iri, _prop: [])
        for place, certain in (("Espoo", ["Turku"]), ("Espossa", []), ("Atlantis", [])):
            denied = (Condition("place", (place,), denied=True),)
            found = matcher.candidates(Query("Yhteinen nimi", ("project",), conditions=denied))
            assert [entry.thing.iri.rpartition("/")[2] for entry in found if entry.match] == certain, place


def test_quantifiers_are_read(client: FlaskClient) -> None:
    base = name("Saamelaisten hyvinvointi")
    for quantifier, there in (("any", True), ("all", False), ("none", False), (None, True)):
        place = prop("place", ["Rovaniemi", "Espoo"], required=True, matchQuantifier=quantifier)
        assert (SARA in ids(matched(client, base, place, type="project"))) is there, quantifier
    all_there = prop("place", ["Rovaniemi", "Oulu"], required=True, matchQuantifier="all")
    assert SARA in ids(matched(client, base, all_there, type="project"))
    assert SARA not in ids(matched(client, base, name("SÁRA", matchQuantifier="none"), type="project"))
    both = name(["Terveyden ja hyvinvoinnin laitos", "THL"], matchQuantifier="all")
    assert [entry["id"] for entry in matched(client, both) if entry["match"]] == [THL]


# --- data extension


def test_extend(client: FlaskClient) -> None:
    asked = {"ids": [SARA, "unknown"], "properties": [{"id": "place"}, {"id": "start-year"}, {"id": "no-such"}]}
    answer = client.post("/reconcile/extend", json=asked)
    told = valid(answer.get_json(), ROWS)
    form = extend(client, asked["ids"], "place", "start-year", "no-such")  # type: ignore[arg-type]
    assert told["meta"] == form["meta"]
    assert {row["id"]: {e["id"]: e["values"] for e in row["properties"]} for row in told["rows"]} == form["rows"]
    assert [row["id"] for row in told["rows"]] == asked["ids"]
    limited = {"ids": [SARA], "properties": [{"id": "place", "settings": {"limit": 2}}]}
    [row] = client.post("/reconcile/extend", json=limited).get_json()["rows"]
    assert len(row["properties"][0]["values"]) == 2


def test_proposed_properties(client: FlaskClient) -> None:
    told = client.get("/reconcile/extend/propose?type=target-group&limit=3").get_json()
    assert told == client.get("/reconcile/properties?type=target-group&limit=3").get_json()
    assert (told["type"], told["limit"], len(told["properties"])) == ("target-group", 3, 3)
    assert extend(client, [SAMI], *(entry["id"] for entry in told["properties"]))


# --- what is refused


def test_what_the_draft_does_not_allow_is_refused(client: FlaskClient) -> None:
    wrong: list[Any] = [
        [], {}, {"queries": {}}, {"queries": [{}]}, {"queries": [{"conditions": []}]},
        {"queries": [{"conditions": ["x"]}]}, {"queries": [{"conditions": [{"propertyValue": "x"}]}]},
    ]  # fmt: skip
    wrong += [{"queries": [{"conditions": [entry]}]} for entry in (
        name("x", matchQuantifier="some"), name("x", matchQuantifier=[1]), name("x", matchQualifier="ExactMatch"),
        name("x", matchQuantifier="none"), prop("place", "Espoo", matchQuantifier="none"), name([["x"]]),
        {"matchType": "property", "propertyValue": "x"}, {"matchType": "type", "propertyValue": "x"}, name({"x": 1}),
    )]  # fmt: skip
    wrong += [{"queries": [{"conditions": [name("x")], "type": ["place"]}]}]
    wrong += [{"queries": [{"conditions": [name("x")], "limit": 0}]}]
    for body in wrong:
        assert_refused(client.post("/reconcile/match", json=body), 400)
    assert_refused(client.post("/reconcile/match", data=b"", content_type="application/json"), 400)
    assert client.get("/reconcile/match").status_code == client.get("/reconcile/extend").status_code == 405
    for body in ([], {}, {"ids": "x", "properties": []}, {"ids": [], "properties": ["x"]}):
        assert_refused(client.post("/reconcile/extend", json=body), 400)
    assert matched(client, name("")) == matched(client, name([])) == []


def test_too_much_is_refused(client: FlaskClient) -> None:
    """Each name of a query costs as much as a query."""
    many = [{"conditions": [name([f"x{at}" for at in range(BATCH)])]}]
    assert client.post("/reconcile/match", json={"queries": many}).status_code == 200
    assert_refused(client.post("/reconcile/match", json={"queries": [*many, {"conditions": [name("x")]}]}), 413)
    assert_refused(client.post("/reconcile/match", json={"queries": [{"conditions": [name("x")] * 21}]}), 413)
    assert_refused(client.post("/reconcile/match", json={"queries": [{"conditions": [name("x")]}] * (BATCH + 1)}), 413)
    asked = {"ids": [f"x{at}" for at in range(501)], "properties": []}
    assert_refused(client.post("/reconcile/extend", json=asked), 413)
