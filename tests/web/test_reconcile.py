"""The reconciliation service: the protocol's forms, what is matched, OpenRefine's requests, hostile input."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import web_release
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft7Validator
from test_names import MINT, made, says
from werkzeug.test import TestResponse

from publisher.manifest import Release
from publisher.names import FACTS, FILE, KINDS, YEAR
from publisher.namespaces import dct, foaf, org, pf, rdf, skos
from publisher.web import extending, texts
from publisher.web import reconcile_requests as requests
from publisher.web.app import create_app
from publisher.web.matching import Matcher
from publisher.web.matching_queries import Condition, Query
from publisher.web.names import Names
from publisher.web.reconcile_answers import FEATURES

BASE = "https://w3id.org/project-portfolio/osallisuus/id"
SAMI = "https://w3id.org/project-portfolio/concept/target-group/sami"
SARA, THL, TVY = f"{BASE}/project/S20394", f"{BASE}/organisation/FI-2229500-6", f"{BASE}/organisation/FI-1003909-9"
STM, ULAPLAND = f"{BASE}/organisation/fi-stm", f"{BASE}/organisation/FI-0292800-5"

# Written by hand from the text of the specification, sections "Service Manifest" to "Data Extension Responses".
TYPE = {
    "type": "object",
    "properties": {"id": {"type": "string", "minLength": 1}, "name": {"type": "string", "minLength": 1}},
    "required": ["id", "name"],
}
SERVICE = {
    "type": "object",
    "properties": {
        "service_url": {"type": "string", "pattern": "^https?://"},
        "service_path": {"type": "string", "pattern": "^/"},
        "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"},
    },
    "required": ["service_url", "service_path"],
}
TEMPLATE = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "items": {"type": "string"}, "contains": {"const": "0.2"}},
        "name": {"type": "string", "minLength": 1},
        "identifierSpace": {"type": "string", "format": "uri"},
        "schemaSpace": {"type": "string", "format": "uri"},
        "defaultTypes": {"type": "array", "items": TYPE, "uniqueItems": True},
        "documentation": {"type": "string", "pattern": "^https?://"},
        "serviceVersion": {"type": "string"},
        "view": {"type": "object", "properties": {"url": TEMPLATE}, "required": ["url"]},
        "feature_view": {"type": "object", "properties": {"url": TEMPLATE}, "required": ["url"]},
        "preview": {
            "type": "object",
            "properties": {"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}},
            "required": ["url", "width", "height"],
        },
        "suggest": {"type": "object", "properties": dict.fromkeys(("entity", "property", "type"), SERVICE)},
        "extend": {
            "type": "object",
            "properties": {
                "propose_properties": SERVICE,
                "property_settings": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "name": {"type": "string"},
                            "label": {"type": "string"},
                            "type": {"enum": ["number", "text", "checkbox", "select"]},
                            "choices": {
                                "type": "array",
                                "items": {
                                    "type": "object",
                                    "properties": {"value": {"type": "string"}, "name": {"type": "string"}},
                                    "required": ["value", "name"],
                                },
                            },
                        },
                        "required": ["name", "label", "type"],
                        "if": {"properties": {"type": {"const": "select"}}},
                        "then": {"required": ["choices"]},
                    },
                },
            },
        },
        "batchSize": {"type": "integer", "minimum": 1},
    },
}
CANDIDATE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "name", "score", "type", "match"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "name": {"type": "string", "minLength": 1},
        "description": {"type": "string"},
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "type": {"type": "array", "items": TYPE},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "value": {"type": ["number", "boolean"]}},
                "required": ["id", "value"],
            },
        },
    },
}
RESULT = {
    "type": "object",
    "properties": {"result": {"type": "array", "items": CANDIDATE}},
    "required": ["result"],
    "additionalProperties": False,
}
BATCH = {"type": "object", "additionalProperties": RESULT}
SUGGESTED = {
    "type": "object",
    "required": ["result"],
    "properties": {
        "result": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    **TYPE["properties"],  # type: ignore[dict-item]
                    "description": {"type": "string"},
                    "notable": {"type": "array", "items": TYPE},
                },
                "required": ["id", "name"],
            },
        }
    },
}
CELL = {
    "oneOf": [
        {"type": "object", "additionalProperties": False, "required": required, "properties": properties}
        for required, properties in (
            ([], {}),
            (["id", "name"], {"id": {"type": "string"}, "name": {"type": "string"}}),
            (["str"], {"str": {"type": "string"}}),
            (["float"], {"float": {"type": "number"}}),
            (["int"], {"int": {"type": "integer"}}),
            (["date"], {"date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$"}}),
        )
    ]
}
EXTENDED = {
    "type": "object",
    "required": ["meta", "rows"],
    "properties": {
        "meta": {
            "type": "array",
            "items": {**TYPE, "properties": {**TYPE["properties"], "type": TYPE}},  # type: ignore[dict-item]
        },
        "rows": {
            "type": "object",
            "additionalProperties": {
                "type": "object", "additionalProperties": {"type": "array", "items": CELL},
            },
        },
    },
}  # fmt: skip


def valid(body: Any, schema: dict[str, Any]) -> Any:
    Draft7Validator(schema).validate(body)
    return body


@pytest.fixture
def client(portfolio_app: Flask) -> FlaskClient:
    return portfolio_app.test_client()


def batch(client: FlaskClient, *queries: dict[str, Any], **more: Any) -> list[list[dict[str, Any]]]:
    sent = {f"q{at}": query for at, query in enumerate(queries)}
    answer = client.post("/reconcile", data={"queries": json.dumps(sent)}, **more)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    told = valid(answer.get_json(), BATCH)
    assert list(told) == list(sent)
    return [told[key]["result"] for key in sent]


def ask(client: FlaskClient, text: str, kind: str = "", **more: Any) -> list[dict[str, Any]]:
    query = {"query": text, **({"type": kind} if kind else {}), **more}
    [found] = batch(client, query)
    assert [entry["score"] for entry in found] == sorted((entry["score"] for entry in found), reverse=True)
    return found


def extend(client: FlaskClient, ids: list[str], *properties: str | dict[str, Any]) -> dict[str, Any]:
    asked = [{"id": entry} if isinstance(entry, str) else entry for entry in properties]
    answer = client.post("/reconcile", data={"extend": json.dumps({"ids": ids, "properties": asked})})
    assert answer.status_code == 200
    told: dict[str, Any] = valid(answer.get_json(), EXTENDED)
    assert list(told["rows"]) == ids
    return told


# --- the manifest


def test_manifest(client: FlaskClient) -> None:
    answer = client.get("/reconcile")
    assert answer.content_type == "application/json"
    told = valid(answer.get_json(), MANIFEST)
    assert told["versions"] == ["0.2"]
    assert told["identifierSpace"] == f"{BASE}/"
    assert [entry["id"] for entry in told["defaultTypes"]] == ["project", "organisation", "target-group", "place"]
    assert told["batchSize"] == requests.BATCH
    again = client.get("/reconcile", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_every_address_of_the_manifest_answers(client: FlaskClient) -> None:
    for language in ("", "?lang=sv"):
        told = client.get(f"/reconcile{language}").get_json()
        extend_ = told["extend"]["propose_properties"]
        addresses = [told["documentation"], extend_["service_url"] + extend_["service_path"]]
        addresses += [told[what]["url"].replace("{{id}}", quote(SARA, safe="")) for what in ("view", "preview")]
        addresses.append(told["feature_view"]["url"].replace("{{id}}", "name_similarity"))
        for what, identifier in (("entity", SARA), ("property", "place"), ("type", "project")):
            service = told["suggest"][what]
            addresses.append(service["service_url"] + service["service_path"])
            flyout = service["flyout_service_url"] + service["flyout_service_path"]
            addresses.append(flyout.replace("${id}", quote(identifier, safe="")))
        for address in addresses:
            split = urlsplit(address)
            answer = client.get(f"{split.path}?{split.query}")
            assert answer.status_code in (200, 303), address
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            if language:
                assert "lang=sv" in split.query


def test_manifest_names_the_public_address(portfolio_app: Flask) -> None:
    told = portfolio_app.test_client().get("/reconcile", base_url="https://tieto.example/linked").get_json()
    assert told["preview"]["url"].startswith("https://tieto.example/linked/reconcile/preview?id=")


def test_cors_on_all(client: FlaskClient) -> None:
    for answer in (
        client.get("/reconcile"), client.get("/reconcile?queries={"), client.options("/reconcile"),
        client.delete("/reconcile"), client.get("/reconcile/suggest/entity?cursor=x"),
    ):  # fmt: skip
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in client.options("/reconcile").headers["Access-Control-Allow-Methods"]


# --- what is matched

MATCHED = [
    ("THL", "organisation", THL),
    ("Terveyden ja hyvinvoinnin laitos", "", THL),
    ("terveyden ja hyvinvoinnin laitos (THL)", "organisation", THL),
    ("2229500-6", "", THL),
    ("FI22295006", "organisation", THL),
    ("TVY ry", "organisation", TVY),
    ("TVY", "organisation", TVY),
    ("Työttömien Keskusjärjestö", "organisation", TVY),
    ("TYÖTTÖMIEN KESKUSJÄRJESTÖ R.Y.", "organisation", TVY),
    ("Tyottomien Keskusjarjesto rf", "organisation", TVY),
    ("Social- och hälsovårdsministeriet", "organisation", STM),
    ("Ministry of Social Affairs and Health", "", STM),
    ("S20394", "project", SARA),
    (SARA, "", SARA),
    ("SÁRA", "project", SARA),
    ("Helsingfors", "place", f"{BASE}/place/helsinki"),
    ("samer", "target-group", SAMI),
]


def test_what_is_certain_matches(client: FlaskClient) -> None:
    """Names in each language, abbreviations, identifiers; ä written as a; legal forms left out or translated."""
    for text, kind, iri in MATCHED:
        found = ask(client, text, kind)
        assert [entry["id"] for entry in found if entry["match"]] == [iri], text
        assert found[0]["id"] == iri
        assert found[0]["score"] >= 95


NEAR = [
    ("Terveyden ja hyvinvoinnin latos", "organisation", THL),
    ("sosiaali- ja terveysministeriön", "organisation", STM),
    ("Lapin yliopistossa", "organisation", ULAPLAND),
    ("LY", "organisation", ULAPLAND),
    ("Työttömien keskusjärj.", "organisation", TVY),
    ("saamelaisten", "target-group", SAMI),
    ("hyvinvointi saamelaisten yhdenvertaisuus", "project", SARA),
    ("sara", "project", SARA),
    ("Invalidiliitto Oy", "organisation", f"{BASE}/organisation/FI-0116565-9"),
]


def test_what_is_near_is_a_candidate_and_no_match(client: FlaskClient) -> None:
    """Misspelt, declined, cut, in another order, by initials, with another legal form, short without diacritics."""
    for text, kind, iri in NEAR:
        found = ask(client, text, kind)
        assert found[0]["id"] == iri, text
        assert not any(entry["match"] for entry in found), text
        assert found[0]["score"] > 50


def test_what_is_nothing_finds_nothing(client: FlaskClient) -> None:
    for text in ("", " ", "…", "qqqqq xxxxx", "\x00", "0"):
        assert not any(entry["match"] for entry in ask(client, text)), text
    assert ask(client, "qqqqq xxxxx") == []


def test_features_tell_what_the_score_is_made_of(client: FlaskClient) -> None:
    [best, *_] = ask(client, "LY", "organisation")
    assert {entry["id"]: entry["value"] for entry in best["features"]} == {
        "name_similarity": 80.0, "name_exact": False, "initials": True, "type_match": True,
    }  # fmt: skip
    [best, *_] = ask(client, "Rovaniemi hanke S20394", "project", properties=[{"pid": "place", "v": "Rovaniemi"}])
    features = {entry["id"]: entry["value"] for entry in best["features"]}
    assert features["identifier_match"] is True
    assert features["property_place"] == 100.0
    page = client.get("/reconcile/about").get_data(as_text=True)
    for feature in features:
        assert f'id="{feature}"' in page


def test_types(client: FlaskClient) -> None:
    same = ask(client, "Lapin yliopisto", "organisation")
    for given in (["organisation"], "Organisation", "Organization", "http://www.w3.org/ns/org#Organization",
                  [{"id": "organisation", "name": "x"}], ["place", "organisation"]):  # fmt: skip
        assert ask(client, "Lapin yliopisto", given)[0] == same[0]  # type: ignore[arg-type]
    assert all(entry["type"][0]["id"] == "place" for entry in ask(client, "Helsinki", "place"))
    assert ask(client, "Lapin yliopisto", "unknown") == []
    assert ask(client, "Lapin yliopisto", ["place", "organisation"], type_strict="all") == []  # type: ignore[arg-type]


def test_another_type_is_told_only_where_it_should_be_this_one(client: FlaskClient) -> None:
    [best, *_] = ask(client, "Lapin yliopisto", "place", type_strict="should")
    assert best["id"] == ULAPLAND
    assert best["match"] is False
    assert best["score"] <= 60
    assert {"id": "type_match", "value": False} in best["features"]
    assert all(entry["id"] != ULAPLAND for entry in ask(client, "Lapin yliopisto", "place"))


def test_limit(client: FlaskClient) -> None:
    assert len(ask(client, "hyvinvointi", limit=2)) == 2
    assert len(ask(client, "hyvinvointi", limit="1")) == 1
    assert len(ask(client, "a", limit=1e300)) <= requests.MOST_LIMIT


def test_every_name_and_identifier_finds_its_thing(client: FlaskClient, osallisuus: Release) -> None:
    """Notes on candidate retrieval and on suggest services: a name, and an identifier, return their entity."""
    with closing(sqlite3.connect(osallisuus.file(FILE))) as database:
        rows = database.execute(
            "SELECT t.iri, n.text FROM name n JOIN thing t ON t.id = n.thing WHERE t.kind > 0 AND n.role < 2"
        ).fetchall()
    asked = [*rows, *((iri, iri) for iri in dict(rows))]
    for at in range(0, len(asked), requests.BATCH):
        part = asked[at : at + requests.BATCH]
        for (iri, text), found in zip(part, batch(client, *({"query": text} for _, text in part)), strict=True):
            scores = {entry["id"]: entry["score"] for entry in found}
            assert scores.get(iri, 0) >= 97, text
            assert found[0]["match"] or text != iri, text
    for iri, text in asked[::3]:
        told = client.get("/reconcile/suggest/entity", query_string={"prefix": text, "limit": 5}).get_json()["result"]
        assert iri in [entry["id"] for entry in told], text


def test_every_property_and_type_is_suggested_by_its_name_and_identifier(client: FlaskClient) -> None:
    for what, path in (("property", "/reconcile/suggest/property"), ("type", "/reconcile/suggest/type")):
        for entry in client.get(path, query_string={"limit": 100}).get_json()["result"]:
            for prefix in (entry["id"], entry["name"], entry["name"][:4].upper()):
                told = client.get(path, query_string={"prefix": prefix, "limit": 100}).get_json()["result"]
                assert entry["id"] in [found["id"] for found in told], (what, prefix)


# --- properties


def test_a_name_may_be_told_by_a_property_alone(client: FlaskClient) -> None:
    [found] = batch(client, {"properties": [{"pid": "name", "v": "Lapin yliopisto"}], "type": "organisation"})
    assert [entry["id"] for entry in found if entry["match"]] == [ULAPLAND]


def test_properties_alone_find(client: FlaskClient) -> None:
    asked = [
        {"pid": "place", "v": ["Rovaniemi"]}, {"pid": "fund", "v": "ESF"}, {"pid": "year", "v": 2016},
        {"pid": "funder", "v": {"id": STM, "name": "STM"}},
    ]  # fmt: skip
    [found] = batch(client, {"properties": asked, "type": "project"})
    assert [entry["id"] for entry in found] == [SARA]
    assert found[0]["score"] == 100
    assert found[0]["match"] is False
    [found] = batch(client, {"properties": [*asked, {"pid": "year", "v": "2011"}], "type": "project"})
    assert [entry["id"] for entry in found] == [SARA]  # several values of one property: any of them
    [found] = batch(client, {"properties": [{"pid": "year", "v": "2011"}], "type": "project"})
    assert found == []


@pytest.mark.parametrize(
    ("pid", "right", "wrong"),
    [
        ("municipality", "Rovaniemi", "Vantaa"),
        ("place", {"id": f"{BASE}/place/rovaniemi", "name": "x"}, {"id": f"{BASE}/place/vantaa"}),
        ("http://purl.org/dc/terms/spatial", "Rovaniemen", "Vantaan"),
        ("funder", "Social- och hälsovårdsministeriet", "Kuntaliitto"),
        ("fund", "ESF", "ERDF"),
        ("programme", "2014FI16M2OP001", "2021FI16FFPR001"),
        ("participant", "0292800-5", "THL"),
        ("target-group", "samer", "romanit"),
        ("year", "2017-05-01T00:00:00Z", "2001"),
        ("start-date", "2015-08-01", "2014-08-01"),
        ("start-year", 2015, 2014),
    ],
)
def test_a_property_raises_or_lowers_the_score(client: FlaskClient, pid: str, right: Any, wrong: Any) -> None:
    named = {"query": "Saamelaisten hyvinvointi", "type": "project"}
    alone, agrees, differs = batch(
        client, named, {**named, "properties": [{"pid": pid, "v": right}]},
        {**named, "properties": [{"pid": pid, "v": wrong}]},
    )  # fmt: skip
    of = [next(entry for entry in found if entry["id"] == SARA) for found in (alone, agrees, differs)]
    assert of[1]["score"] > of[0]["score"] > of[2]["score"]


def test_a_property_that_differs_forbids_the_match(client: FlaskClient) -> None:
    query = {"query": "SÁRA", "type": "project"}
    right, wrong, unknown = batch(
        client,
        {**query, "properties": [{"pid": "place", "v": "Oulu"}]},
        {**query, "properties": [{"pid": "place", "v": "Espoo"}]},
        {**query, "properties": [{"pid": "no-such-property", "v": "Espoo"}]},
    )
    assert [found[0]["match"] for found in (right, wrong, unknown)] == [True, False, True]


def test_an_identifier_beside_a_name_is_certain_unless_the_name_is_another(client: FlaskClient) -> None:
    code = [{"pid": "code", "v": "S20394"}]
    near, other = batch(
        client,
        {"query": "Saamelaisten hyvinvointi ja yhdenvertaisuus", "type": "project", "properties": code},
        {"query": "Nevo tiija", "type": "project", "properties": code},
    )
    assert [entry["id"] for entry in near if entry["match"]] == [SARA]
    assert all(entry["id"] != SARA for entry in other if entry["match"])


# --- namesakes


@pytest.fixture(scope="module")
def namesakes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matcher]:
    """Three projects of one name in two places, two associations of one name, one with another legal form."""
    lines = []
    for at, place in enumerate(("Espoo", "Espoo", "Turku")):
        iri, where = MINT.iri("project", f"N{at}"), MINT.iri("place", place)
        lines += [
            says(iri, rdf.type, pf.Project, None), says(iri, dct.title, "Yhteinen nimi kaikilla", "fi"),
            says(iri, dct.spatial, where, None), says(where, rdf.type, dct.Location, None),
            says(where, skos.prefLabel, place, "fi"),
        ]  # fmt: skip
    for at, name in enumerate(("Pohjolan Voima ry", "Pohjolan Voima rf", "Pohjolan Voima Oy", "Sadan Sanan Seura")):
        iri = MINT.iri("organisation", f"o{at}")
        lines += [says(iri, rdf.type, org.Organization, None), says(iri, foaf.name, name, "fi")]
    with Names(made(tmp_path_factory.mktemp("namesakes"), lines)) as names:
        yield Matcher(names, lambda _iri, _prop: [])


def matched(matcher: Matcher, text: str, kind: str, *properties: tuple[str, str]) -> tuple[int, list[str]]:
    asked = tuple(Condition(prop, (value,)) for prop, value in properties)
    found = matcher.candidates(Query(text, (kind,), conditions=asked))
    return len(found), [entry.thing.iri.rpartition("/")[2] for entry in found if entry.match]


def test_a_name_of_several_is_certain_of_none(namesakes: Matcher) -> None:
    assert matched(namesakes, "Yhteinen nimi kaikilla", "project") == (3, [])
    assert matched(namesakes, "Yhteinen nimi kaikilla", "project", ("place", "Espoo")) == (3, [])
    assert matched(namesakes, "Yhteinen nimi kaikilla", "project", ("place", "Turku")) == (3, ["N2"])
    assert matched(namesakes, "Pohjolan Voima", "organisation")[1] == []
    assert matched(namesakes, "Pohjolan Voima ry", "organisation")[1] == []
    assert matched(namesakes, "Pohjolan Voima Oy", "organisation")[1] == ["o2"]


def many_namesakes(folder: Path, place: str) -> Path:
    """Return the names of 800 projects of one name: the last in Turku, the others in a place, "" for none."""
    lines = []
    for where in filter(None, ("Turku", place)):
        iri = MINT.iri("place", where)
        lines += [says(iri, rdf.type, dct.Location, None), says(iri, skos.prefLabel, where, "fi")]
    for at in range(800):
        iri, where = MINT.iri("project", f"S{at:04d}"), place if at < 799 else "Turku"
        lines += [says(iri, rdf.type, pf.Project, None), says(iri, dct.title, "Koulutus", "fi")]
        lines += [says(iri, dct.spatial, MINT.iri("place", where), None)] if where else []
    return made(folder, lines)


@pytest.mark.parametrize(("elsewhere", "certain"), [("Espoo", ["S0799"]), ("", [])])
def test_of_hundreds_the_one_with_the_value_is_first(tmp_path: Path, elsewhere: str, certain: list[str]) -> None:
    """More namesakes than a look-up reads. The match is certain only where every other has another value."""
    with Names(many_namesakes(tmp_path, elsewhere)) as names:
        matcher = Matcher(names, lambda _iri, _prop: [])
        assert matched(matcher, "Koulutus", "project")[1] == []
        assert matched(matcher, "Koulutus", "project", ("place", "Turku"))[1] == certain
        best = matcher.candidates(Query("Koulutus", ("project",), conditions=(Condition("place", ("Turku",)),)))[0]
        assert best.thing.iri.endswith("S0799")


def test_values_that_mean_thousands_of_things_are_no_fault_and_make_nothing_certain(tmp_path: Path) -> None:
    lines = []
    for at in range(1600):
        iri = MINT.iri("place", f"p{at:04d}")
        lines += [says(iri, rdf.type, dct.Location, None), says(iri, skos.prefLabel, f"Paikka {at // 100}", "fi")]
    for at, where in enumerate((1, 1500)):
        iri = MINT.iri("project", f"S{at}")
        lines += [says(iri, rdf.type, pf.Project, None), says(iri, dct.title, "Koulutus", "fi")]
        lines += [says(iri, dct.spatial, MINT.iri("place", f"p{where:04d}"), None)]
    with Names(made(tmp_path, lines)) as names:
        matcher = Matcher(names, lambda _iri, _prop: [])
        places = tuple(f"Paikka {at}" for at in range(10))
        asked = tuple(Condition(prop, places) for prop in (*FACTS, YEAR))
        assert not any(entry.match for entry in matcher.candidates(Query("Koulutus", conditions=asked)))
        few = Query("Koulutus", ("project",), conditions=(Condition("place", places[:2]),))
        assert [entry.match for entry in matcher.candidates(few)] == [True, False]
        many = Query("Koulutus", ("project",), conditions=(Condition("place", places),))
        assert not any(entry.match for entry in matcher.candidates(many))


# --- what OpenRefine sends, in its order


def test_openrefine(client: FlaskClient) -> None:
    """Register, guess types, suggest, reconcile, preview, propose and extend, each as OpenRefine's code forms it."""
    manifest = valid(client.get("/reconcile").get_json(), MANIFEST)

    def path(*parts: str) -> str:
        return "".join(parts).removeprefix("http://localhost")

    # guess-types-of-column: the first cells, no type
    guessing = {f"q{at}": {"query": text, "limit": 3} for at, text in enumerate(("THL", "Kynnys ry", "Sovatek"))}
    guessed = client.post("/reconcile", data={"queries": json.dumps(guessing)}).get_json()
    assert {entry["result"][0]["type"][0]["id"] for entry in guessed.values()} == {"organisation"}
    # the dialogue's fields: a type, a property of it
    service = manifest["suggest"]["type"]
    told = client.get(path(service["service_url"], service["service_path"]), query_string={"prefix": "orga"})
    assert [entry["id"] for entry in valid(told.get_json(), SUGGESTED)["result"]] == ["organisation"]
    service = manifest["suggest"]["property"]
    told = client.get(
        path(service["service_url"], service["service_path"]), query_string={"prefix": "tunn", "schema": "organisation"}
    )
    assert [entry["id"] for entry in valid(told.get_json(), SUGGESTED)["result"]] == ["identifier"]
    # a batch of ten, form-encoded, type_strict "should"
    cells = [
        "THL",
        "Kynnys ry",
        "A-klinikkasäätiö",
        "Eteva",
        "Tukikohta",
        "ViaDia",
        "EHYT",
        "Invalidiliitto",
        "x",
        "ARA",
    ]
    rows = [{"query": cell, "type": "organisation", "type_strict": "should"} for cell in cells]
    found = batch(client, *rows, content_type="application/x-www-form-urlencoded")
    matched = [entries[0]["id"] for entries in found if entries and entries[0]["match"]]
    assert len(matched) == 8
    assert THL in matched
    # hovering over a candidate
    shown = client.get(path(manifest["preview"]["url"].replace("{{id}}", quote(THL, safe=""))))
    assert "Terveyden ja hyvinvoinnin laitos" in shown.get_data(as_text=True)
    # search for a match
    service = manifest["suggest"]["entity"]
    told = client.get(path(service["service_url"], service["service_path"]), query_string={"prefix": "ehk"})
    assert valid(told.get_json(), SUGGESTED)["result"][0]["name"] == "Ehkäisevä päihdetyö EHYT ry"
    flyout = client.get(
        path(service["flyout_service_url"], service["flyout_service_path"].replace("${id}", quote(THL)))
    )
    assert flyout.get_json()["id"] == THL
    # add columns from reconciled values
    proposing = manifest["extend"]["propose_properties"]
    proposed = client.get(
        path(proposing["service_url"], proposing["service_path"]), query_string={"type": "organisation"}
    ).get_json()
    assert proposed["type"] == "organisation"
    wanted = [entry["id"] for entry in proposed["properties"]]
    assert {"identifier", "projects"} <= set(wanted)
    assert "target-group" not in wanted
    told = extend(client, matched, *({"id": pid, "settings": {"limit": 1, "stage": ""}} for pid in wanted))
    assert told["rows"][THL]["identifier"] == [{"str": "2229500-6"}]
    assert [column["id"] for column in told["meta"]] == wanted


def test_get_and_single_queries(client: FlaskClient) -> None:
    queries = json.dumps({"only": {"query": "THL"}})
    told = client.get("/reconcile", query_string={"queries": queries})
    assert valid(told.get_json(), BATCH)["only"]["result"][0]["id"] == THL
    for query in ("THL", json.dumps({"query": "THL", "limit": 1})):
        told = client.get("/reconcile", query_string={"query": query, "limit": "1"})
        assert [entry["id"] for entry in valid(told.get_json(), RESULT)["result"]] == [THL]
    assert client.get("/reconcile", query_string={"query": "THL", "limit": "x"}).status_code == 400
    assert client.get("/reconcile?extend=" + quote('{"ids":[],"properties":[]}')).get_json() == {"meta": [], "rows": {}}


# --- languages


def test_names_and_interface_in_three_languages(client: FlaskClient) -> None:
    told = {}
    for language in texts.LANGUAGES:
        answer = client.post(
            f"/reconcile?lang={language}", data={"queries": json.dumps({"q": {"query": "Helsinki", "type": "place"}})}
        )
        best = answer.get_json()["q"]["result"][0]
        told[language] = (best["name"], best["type"][0]["name"])
    assert told == {"fi": ("Helsinki", "Paikka"), "sv": ("Helsingfors", "Plats"), "en": ("Helsinki", "Place")}
    accepted = client.get("/reconcile/suggest/entity?prefix=helsinki&type=place", headers={"Accept-Language": "sv"})
    assert accepted.get_json()["result"][0]["name"] == "Helsingfors"
    assert client.get("/reconcile?lang=sv").get_json()["name"].endswith("namnmatchning")


def test_every_property_type_and_feature_has_its_texts() -> None:
    wanted = [f"reconcile.property.{entry}" for entry in extending.PROPERTIES]
    wanted += [f"reconcile.type.{kind}" for kind in KINDS]
    wanted += [f"reconcile.feature.{feature}" for feature in (*FEATURES, "property")]
    assert [key for key in wanted if not texts.has(key)] == []


# --- suggest, preview, view


def test_suggest_entity(client: FlaskClient) -> None:
    def suggested(**asked: str) -> list[str]:
        told = client.get("/reconcile/suggest/entity", query_string=asked)
        return [entry["id"] for entry in valid(told.get_json(), SUGGESTED)["result"]]

    assert suggested(prefix="hels")[0] == f"{BASE}/place/helsinki"
    every = suggested(prefix="hels", limit="100")
    assert len(every) == len(set(every)) > 3
    assert suggested(prefix="hels", cursor="1", limit="2") == every[1:3]
    assert suggested(prefix="S20394") == suggested(prefix=SARA) == [SARA]
    assert suggested(prefix="paihdetyo") == [f"{BASE}/organisation/FI-2433194-7"]
    assert suggested(prefix="hels", type="project") == []
    assert suggested(prefix="hels", type="unknown") == suggested() == suggested(prefix="\x00") == []
    assert suggested(prefix="hels", cursor="999999999999") == []


def test_suggest_property_and_type_need_no_prefix(client: FlaskClient) -> None:
    told = valid(client.get("/reconcile/suggest/property").get_json(), SUGGESTED)["result"]
    assert len(told) == 20
    rest = client.get("/reconcile/suggest/property?cursor=20").get_json()["result"]
    assert {entry["id"] for entry in told + rest} == set(extending.PROPERTIES)
    assert len(client.get("/reconcile/suggest/type").get_json()["result"]) == 4
    assert client.get("/reconcile/suggest/property?prefix=rahoit").get_json()["result"][0]["id"] == "funder"


def test_preview_may_be_framed_and_runs_no_script(client: FlaskClient) -> None:
    answer = client.get("/reconcile/preview", query_string={"id": SARA, "lang": "en"})
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    page = answer.get_data(as_text=True)
    assert "SÁRA" in page
    assert "2015–2019" in page
    assert re.search(r'href="http://localhost/reconcile/view\?id=[^"]+lang=en"', page)
    assert client.get("/reconcile/preview", query_string={"id": SAMI}).status_code == 200
    for wrong in ("", "x", "<script>", f"{BASE}/project/S99999", "http://publications.europa.eu/x", "\x00"):
        assert_refused(client.get("/reconcile/preview", query_string={"id": wrong}), 404)


def test_view_leads_to_the_things_own_address(client: FlaskClient) -> None:
    def leads(iri: str) -> tuple[int, str | None]:
        answer = client.get("/reconcile/view", query_string={"id": iri})
        return answer.status_code, answer.headers.get("Location")

    assert leads(SARA) == (303, "/id/project/S20394")
    assert leads(SAMI) == (303, "/concept/target-group/sami")
    for wrong in ("", "https://evil.example/", "//evil.example", f"{BASE}/project/../x", f"{BASE}/nothing/x"):
        assert leads(wrong) == (404, None)


# --- data extension


def test_values_of_every_form(client: FlaskClient) -> None:
    told = extend(
        client, [SARA, "unknown"], "place", "start-date", "start-year", "fund", "homepage", "name", "no-such-property",
        {"id": "amount", "settings": {"stage": "committed"}},
        {"id": "outcome", "settings": {"language": "en", "limit": "1"}},
    )  # fmt: skip
    row = told["rows"][SARA]
    assert {"id": f"{BASE}/place/oulu", "name": "Oulu"} in row["place"]
    assert row["start-date"] == [{"date": "2015-08-01T00:00:00+00:00"}]
    assert row["start-year"] == [{"int": 2015}]
    assert row["fund"] == [{"str": "Euroopan sosiaalirahasto (ESR) (2014/2020)"}]
    assert row["homepage"] == [{"str": "https://saradutkan.fi/"}]
    assert row["amount"] == [{"float": 173827.0}]
    assert len(row["outcome"]) == 1
    assert "services" in row["outcome"][0]["str"]
    assert row["no-such-property"] == []
    assert set(map(str, told["rows"]["unknown"].values())) == {"[]"}
    meta = {entry["id"]: entry for entry in told["meta"]}
    assert meta["place"]["type"]["id"] == "place"
    assert "type" not in meta["fund"]


def test_settings_that_are_none_are_as_none(client: FlaskClient) -> None:
    plain = extend(client, [SARA], "place")
    for settings in ({"limit": "many"}, {"limit": -3}, {"limit": "1e999"}, {"language": "xx"}, "text", 7, None):
        assert extend(client, [SARA], {"id": "place", "settings": settings})["rows"] == plain["rows"]
    assert len(extend(client, [SARA], {"id": "place", "settings": {"limit": 2}})["rows"][SARA]["place"]) == 2


def test_projects_of_an_organisation(client: FlaskClient) -> None:
    told = extend(client, [ULAPLAND, SAMI], "projects")["rows"]
    assert SARA in [cell["id"] for cell in told[ULAPLAND]["projects"]]
    assert [cell["id"] for cell in told[SAMI]["projects"]] == [SARA]


# --- hostile input


def assert_refused(answer: TestResponse, *statuses: int) -> None:
    assert answer.status_code in statuses, answer.get_data(as_text=True)[:300]
    told = answer.get_json()
    assert told["status"] == "error"
    assert told["message"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


WRONG_BATCHES = [
    "", "{", "null", "7", '"text"', "[]", "[{}]", '{"q": 1}', '{"q": null}', '{"q": {}}', '{"q": {"properties": []}}',
    '{"q": {"query": {}}}', '{"q": {"query": []}}', '{"q": {"query": "x", "type": {"id": 1}}}',
    '{"q": {"query": "x", "type": [1]}}', '{"q": {"query": "x", "type": 7}}', '{"q": {"query": "x", "limit": 0}}',
    '{"q": {"query": "x", "limit": -1}}', '{"q": {"query": "x", "limit": "many"}}',
    '{"q": {"query": "x", "limit": []}}',
    '{"q": {"query": "x", "limit": true}}', '{"q": {"query": "x", "limit": NaN}}', '{"q": {"query": Infinity}}',
    '{"q": {"query": "x", "type_strict": "maybe"}}', '{"q": {"query": "x", "type_strict": [1]}}',
    '{"q": {"query": "x", "properties": {}}}', '{"q": {"query": "x", "properties": [1]}}',
    '{"q": {"query": "x", "properties": [{"v": 1}]}}', '{"q": {"query": "x", "properties": [{"pid": 1, "v": 1}]}}',
    '{"q": {"query": "x", "properties": [{"pid": "place", "v": {"name": "x"}}]}}',
    '{"q": {"query": "x", "properties": [{"pid": "place", "v": [[1]]}]}}',
    '{"q": {"query": "\\ud800"}}', '{"\\ud800": {"query": "x"}}', '{"q": {"query": ' + "9" * 5000 + "}}",
    "[" * 5000, '{"q":' * 5000, '{"q": {"query": "x", "a": ' + "[" * 900 + "]" * 900 + "}",
]  # fmt: skip


def test_wrong_batches_get_the_protocols_error(client: FlaskClient) -> None:
    for queries in WRONG_BATCHES:
        assert_refused(client.post("/reconcile", data={"queries": queries}), 400)
        assert_refused(client.get("/reconcile", query_string={"queries": queries}), 400)


def test_wrong_extensions_get_the_protocols_error(client: FlaskClient) -> None:
    for given in ("", "{", "[]", "{}", '{"ids": "x", "properties": []}', '{"ids": [1], "properties": []}',
                  '{"ids": [], "properties": {}}', '{"ids": [], "properties": ["place"]}', "[" * 5000):  # fmt: skip
        assert_refused(client.post("/reconcile", data={"extend": given}), 400)
    many = json.dumps({"ids": [f"x{at}" for at in range(requests.IDS + 1)], "properties": []})
    assert_refused(client.post("/reconcile", data={"extend": many}), 413)
    wide = json.dumps({"ids": [f"x{at}" for at in range(400)], "properties": [{"id": f"p{at}"} for at in range(40)]})
    assert_refused(client.post("/reconcile", data={"extend": wide}), 413)


def test_too_much_is_refused(client: FlaskClient) -> None:
    large = json.dumps({f"q{at}": {"query": "x"} for at in range(requests.BATCH + 1)})
    assert_refused(client.post("/reconcile", data={"queries": large}), 413)
    assert len(batch(client, *[{"query": "THL"}] * requests.BATCH)) == requests.BATCH
    assert_refused(client.post("/reconcile", data={"queries": " " * 1_000_000}), 413)
    assert_refused(client.get("/reconcile?queries=" + "x" * 1_000_000), 413)
    assert_refused(client.get("/reconcile/suggest/entity?prefix=" + "x" * 1_000_000), 413)
    values = [{"pid": "place", "v": ["x"] * 51}]
    assert_refused(client.post("/reconcile", data={"queries": json.dumps({"q": {"properties": values}})}), 413)
    many = [{"pid": "place", "v": "x"}] * 21
    assert_refused(client.post("/reconcile", data={"queries": json.dumps({"q": {"properties": many}})}), 413)
    asked = [{"pid": "place", "v": [f"x{at}" for at in range(50)]}, {"pid": "funder", "v": ["y"] * 50}]
    whole = json.dumps({f"q{at}": {"query": "x", "properties": asked} for at in range(6)})
    assert_refused(client.post("/reconcile", data={"queries": whole}), 413)
    types = json.dumps({"q": {"query": "x", "type": ["place"] * 51}})
    assert_refused(client.post("/reconcile", data={"queries": types}), 413)


ODD = [
    "\x00", "a\x00b", '"', "'", "*", "a*", "NEAR(a b)", 'x" OR "y', "word : x", "-", "^a", "(", "{a b}:c", "AND",
    "OR NOT",
    "'; DROP TABLE name; --", "%", "_", "\U0010ffff", "🙂", "́", "<script>alert(1)</script>", "x" * 60_000, "ä" * 5000,
    "a b c d e f g h i j k l " * 900, "()" * 9000, "(" * 9000, "1 2 3 " * 3000, "a." * 20_000, "https://" + "x" * 5000,
]  # fmt: skip


def test_odd_texts_never_break_it(client: FlaskClient) -> None:
    for text in ODD:
        ask(client, text)
        ask(client, "hyvinvointi", "project", properties=[{"pid": "place", "v": text}, {"pid": "name", "v": text}])
        answer = client.get("/reconcile/suggest/entity", query_string={"prefix": text[:2000]})
        assert answer.status_code == 200
        for path in ("flyout/entity", "flyout/type", "flyout/property", "preview"):
            assert_refused(client.get(f"/reconcile/{path}", query_string={"id": text[:2000]}), 404)
        assert client.get("/reconcile/properties", query_string={"type": text[:500]}).get_json()["properties"] == []
        extend(client, [text], "place")


def test_numbers_and_truth_values_are_texts(client: FlaskClient) -> None:
    for value in (20394, 2.5, True, 1e300, -0.0):
        batch(client, {"query": value, "properties": [{"pid": "year", "v": value}]})


def test_wrong_parameters_and_methods(client: FlaskClient) -> None:
    for query in ("cursor=x", "cursor=-1", "limit=0", "limit=1e9", "cursor=٣", "cursor=" + "9" * 30):
        assert_refused(client.get(f"/reconcile/suggest/entity?prefix=a&{query}"), 400)
    assert_refused(client.get("/reconcile/properties?limit=x"), 400)
    assert_refused(client.post("/reconcile", data={"nothing": "x"}), 400)
    assert_refused(client.post("/reconcile", data="queries", content_type="text/plain"), 400)
    assert [getattr(client, method)("/reconcile").status_code for method in ("put", "delete", "patch")] == [405] * 3
    assert client.get("/reconcile/suggest/nothing").status_code == 404


def test_a_callback_makes_no_script(client: FlaskClient) -> None:
    for name in ("alert", "a;alert(1)//", "<script>", "\u2028"):
        answer = client.get("/reconcile", query_string={"callback": name})
        assert answer.content_type == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert valid(json.loads(answer.get_data()), MANIFEST)


def test_names_are_escaped_in_flyouts(client: FlaskClient) -> None:
    html = client.get("/reconcile/flyout/entity", query_string={"id": f"{BASE}/place/helsinki"}).get_json()["html"]
    assert "<h1>Helsinki</h1>" in html
    rendered = client.application.jinja_env.get_template("reconcile_flyout.html").render(
        name="<b>", type="", note="<i>", others=["<u>"], rows=[("<s>", ["<q>"])]
    )
    assert not re.search(r"<[biusq]>", rendered)


def test_a_release_without_names_says_so(tmp_path: Path) -> None:
    web_release.make_release(tmp_path, "20260101T000000Z-aaaaaaaa", "a")
    client = create_app(web_release.SETTINGS, tmp_path, None).test_client()
    valid(client.get("/reconcile").get_json(), MANIFEST)
    answer = client.post("/reconcile", data={"queries": '{"q": {"query": "x"}}'})
    assert_refused(answer, 503)
    assert str(tmp_path) not in answer.get_data(as_text=True)
    nothing = create_app(web_release.SETTINGS, tmp_path / "none", None).test_client().get("/reconcile")
    assert_refused(nothing, 503)
