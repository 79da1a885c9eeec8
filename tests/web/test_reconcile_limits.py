"""The reconciliation service under pressure: limits, the time of a batch, random input, what clients send beside it."""

from __future__ import annotations

import json
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_reconcile import BASE, SAMI, SARA, ask, batch, extend, many_namesakes

from publisher.errors import QueryTimeoutError
from publisher.names import KINDS
from publisher.web import extending, reconcile
from publisher.web.names import Names


@pytest.fixture(scope="module")
def client(portfolio_app: Flask) -> FlaskClient:
    return portfolio_app.test_client()


# --- time


def test_a_query_without_time_left_gets_an_error_and_the_others_their_results(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No `result`: an empty one would say that there is nothing of that name, and OpenRefine would believe it."""
    moments = iter([0.0, 1.0, 1.0, 9.0])  # the beginning, then before each query
    monkeypatch.setattr(reconcile, "thread_time", lambda: next(moments, 9.0))
    monkeypatch.setattr(Names, "until", lambda _names, _is_up: nullcontext())
    sent = json.dumps({key: {"query": "THL"} for key in "abc"})
    told = client.post("/reconcile", data={"queries": sent}).get_json()
    assert list(told) == ["a", "b", "c"]
    assert told["a"]["result"]
    assert told["c"] == {"status": "error", "code": "query-timeout", "message": told["c"]["message"]}


def test_a_request_without_time_left_is_an_error(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "WORK_S", -1)
    single = client.get("/reconcile?query=THL")
    assert single.status_code == 504
    assert single.get_json()["status"] == "error"
    drafted = client.post("/reconcile/match", json={"queries": [{"conditions": [{"matchType": "name", "v": "THL"}]}]})
    assert [set(entry) for entry in drafted.get_json()["results"]] == [{"status", "code", "message"}]


def test_waiting_for_a_busy_processor_costs_a_batch_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two seconds pass between any two looks at the clock, none of them of this thread's work."""
    moments = count(0, 2)
    monkeypatch.setattr(reconcile, "monotonic", lambda: float(next(moments)))
    assert all(batch(client, *[{"query": "THL"}] * 3))
    monkeypatch.setattr(reconcile, "WAIT_S", 1)
    late = client.post("/reconcile", data={"queries": json.dumps({"q": {"query": "THL"}})}).get_json()
    assert late["q"]["code"] == "query-timeout"


def test_a_look_up_is_given_up(tmp_path: Path) -> None:
    with Names(many_namesakes(tmp_path, "Espoo")) as names:
        [turku] = [name.thing for name in names.called("turku", ["place"])]
        asked = [("place", [turku])]
        with pytest.raises(QueryTimeoutError), names.until(lambda: True):
            names.called("koulutus", ["project"], asked)
        with names.until(lambda: False):
            assert len(names.called("koulutus", ["project"], asked)) == 1
        assert len(names.called("koulutus", ["project"], asked)) == 1  # no longer limited


def test_a_query_is_answered_as_if_it_were_alone(client: FlaskClient) -> None:
    """Values that are looked for by similar names cost as much as a query; each query has some of its own."""
    queries = [
        {"query": "Saamelaisten hyvinvointi", "type": "project", "properties": [{"pid": "place", "v": place}]}
        for place in ("Rovanienmi", "Rovanimei", "Rovaniemmi", "Helsinky", "Rovanieni", "Rovaniemi", "Rovanienmi")
    ]
    assert batch(client, *queries) == [batch(client, query)[0] for query in queries]
    many = {**queries[0], "properties": [{"pid": "place", "v": ["Ooulu", "Vantaaa", "Helsinky", "Rovanienmi"]}]}
    assert batch(client, many) == batch(client, many, queries[0])[:1]


# --- forms


def test_target_groups_are_no_iris_of_the_identifier_space_and_name_their_service(client: FlaskClient) -> None:
    """Data Extension Responses: where values are outside the identifier space, `meta` names the service of them."""
    space = client.get("/reconcile").get_json()["identifierSpace"]
    assert not SAMI.startswith(space)
    meta = {
        entry["id"]: entry for entry in extend(client, [SARA], "target-group", "broader", "place", "funder")["meta"]
    }
    for column in ("target-group",):
        assert meta[column]["service"] == "http://localhost/reconcile"
    for column in ("place", "funder"):
        assert "service" not in meta[column]
    told = extend(client, [SARA], "place", "funder", "participant")["rows"][SARA]
    assert all(cell["id"].startswith(space) for cells in told.values() for cell in cells)


def test_projects_are_named_in_the_language_of_the_setting(client: FlaskClient) -> None:
    thing = f"{BASE}/organisation/FI-2229500-6"
    for language in ("fi", "sv"):
        asked = {"id": "projects", "settings": {"language": language}}
        cells = extend(client, [thing], asked, {"id": "name"})["rows"][thing]["projects"]
        names = {cell["id"]: cell["name"] for cell in cells}
        assert names
        for iri, name in names.items():
            assert (
                name
                == extend(client, [iri], {"id": "name", "settings": {"language": language}})["rows"][iri]["name"][0][
                    "str"
                ]
            )


def test_a_slash_at_the_end_and_the_drafts_offset(client: FlaskClient) -> None:
    assert client.get("/reconcile/").get_json() == client.get("/reconcile").get_json()
    suggested = "/reconcile/suggest/entity?prefix=hels&limit=2"
    assert client.get(f"{suggested}&offset=1").get_json() == client.get(f"{suggested}&cursor=1").get_json()


def test_an_identifier_may_be_given_as_a_thing(client: FlaskClient) -> None:
    code = [{"pid": "identifier", "v": {"id": SARA, "name": "x"}}]
    [best, *_] = ask(client, "Saamelaisten hyvinvointi", "project", properties=code)
    assert (best["id"], best["match"]) == (SARA, True)


def test_values_of_a_batch_are_limited(client: FlaskClient) -> None:
    values = [{"pid": "place", "v": ["x"] * 50}]
    full = {f"q{at}": {"query": "x", "properties": values} for at in range(5)}
    assert client.post("/reconcile", data={"queries": json.dumps(full)}).status_code == 200
    more = {**full, "q5": {"query": "x", "properties": [{"pid": "place", "v": "x"}]}}
    assert client.post("/reconcile", data={"queries": json.dumps(more)}).status_code == 413


# --- random input

TEXT = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["THL", "Oulun kaupunki", "2229500-6", SARA, SAMI, "S20394", "x (THL)", "\x00", '"', "*", "2016"]),
)
SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT)
ANY = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
)
KIND = st.sampled_from([*KINDS, "http://purl.org/dc/terms/Location", "unknown"])
PID = st.one_of(st.sampled_from([*extending.PROPERTIES, "municipality", "http://purl.org/dc/terms/spatial"]), TEXT)
VALUE = st.one_of(SCALAR, st.fixed_dictionaries({"id": TEXT}), ANY)
QUERY = st.one_of(
    ANY,
    st.fixed_dictionaries(
        {},
        optional={
            "query": st.one_of(TEXT, SCALAR),
            "type": st.one_of(KIND, st.lists(KIND, max_size=3), ANY),
            "limit": st.one_of(st.integers(1, 200), SCALAR),
            "type_strict": st.one_of(st.sampled_from(["any", "should", "all"]), SCALAR),
            "properties": st.one_of(st.lists(st.fixed_dictionaries({"pid": PID, "v": VALUE}), max_size=3), ANY),
        },
    ),
)
CONDITION = st.fixed_dictionaries(
    {"matchType": st.sampled_from(["name", "property", "id"]), "v": VALUE},
    optional={
        "pid": PID,
        "propertyId": PID,
        "propertyValue": VALUE,
        "required": SCALAR,
        "matchQuantifier": st.one_of(st.sampled_from(["any", "all", "none"]), SCALAR),
        "matchQualifier": st.none(),
    },
)
DRAFT = st.one_of(
    ANY, st.fixed_dictionaries({"conditions": st.one_of(st.lists(CONDITION, max_size=3), ANY)}, optional={"type": KIND})
)
EXTENSION = st.one_of(
    ANY,
    st.fixed_dictionaries({
        "ids": st.one_of(st.lists(TEXT, max_size=3), ANY),
        "properties": st.one_of(
            st.lists(st.fixed_dictionaries({"id": PID}, optional={"settings": ANY}), max_size=3), ANY
        ),
    }),
)  # fmt: skip
SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def check(answer: Any) -> None:
    """What every answer is: a result, or an error of the protocol, in JSON; never a fault of the program."""
    assert answer.status_code in (200, 400, 404, 413, 504), answer.get_data(as_text=True)
    told = answer.get_json()
    if answer.status_code != 200:
        assert told["status"] == "error"
        assert told["message"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@SETTINGS
@given(st.dictionaries(TEXT, QUERY, max_size=3))
def test_random_batches(client: FlaskClient, queries: Any) -> None:
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    check(answer)
    if answer.status_code == 200:
        told = answer.get_json()
        assert list(told) == list(queries)
        for entry in told.values():
            scores = [found["score"] for found in entry["result"]]
            assert scores == sorted(scores, reverse=True)
            assert all(0 <= score <= 100 for score in scores)
            assert sum(found["match"] for found in entry["result"]) <= 1


@SETTINGS
@given(st.one_of(st.lists(DRAFT, max_size=3), ANY))
def test_random_batches_of_the_draft(client: FlaskClient, queries: Any) -> None:
    check(client.post("/reconcile/match", json={"queries": queries}))


@SETTINGS
@given(EXTENSION)
def test_random_extensions(client: FlaskClient, extension: Any) -> None:
    check(client.post("/reconcile", data={"extend": json.dumps(extension)}))
    check(client.post("/reconcile/extend", json=extension))


@SETTINGS
@given(
    st.sampled_from([
        "", "/match", "/suggest/entity", "/suggest/property", "/suggest/type", "/flyout/entity", "/flyout/property",
        "/flyout/type", "/properties",
    ]),
    st.dictionaries(
        st.sampled_from(["queries", "query", "extend", "prefix", "cursor", "offset", "limit", "id", "type", "lang"]),
        TEXT, max_size=4,
    ),
    st.binary(max_size=40),
)  # fmt: skip
def test_random_parameters(client: FlaskClient, path: str, parameters: dict[str, str], body: bytes) -> None:
    if path != "/match":
        check(client.get(f"/reconcile{path}", query_string=parameters))
    if path in ("", "/match"):
        check(client.post(f"/reconcile{path}", query_string=parameters, data=body))
        check(client.post(f"/reconcile{path}", data=body, content_type="application/x-www-form-urlencoded"))
