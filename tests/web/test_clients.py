"""Whom the server believes about an address, and how many requests a client may make."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from web_release import BASE, make_release  # type: ignore[import-not-found]
from werkzeug.test import TestResponse

from publisher.config import Settings
from publisher.web.app import create_app


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    make_release(folder, "20260101T000000Z-00000000", "x")
    return folder


def visit(client: FlaskClient, peer: str, path: str = "/sparql", **headers: str) -> TestResponse:
    named = {"Accept": "text/turtle", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.get(path, headers=named, environ_overrides={"REMOTE_ADDR": peer})


def client_of(releases: Path, trusted: Sequence[str] = (), pace: int = 1) -> FlaskClient:
    settings = Settings(base_iri=BASE, trusted_proxies=list(trusted), client_requests_per_s=pace)
    return create_app(settings, releases, None).test_client()


def endpoint(response: TestResponse) -> str:
    assert response.status_code == 200, response.text
    return response.text.partition("#endpoint> <")[2].partition(">")[0]


FORWARDED = {
    "X_Forwarded_For": "203.0.113.9",
    "X_Forwarded_Proto": "https",
    "X_Forwarded_Host": "data.example.org",
    "X_Forwarded_Prefix": "/sub",
}


def test_a_trusted_proxy_tells_the_address_that_the_client_used(releases: Path) -> None:
    client = client_of(releases, ["192.0.2.0/24"], pace=0)
    assert endpoint(visit(client, "192.0.2.1", **FORWARDED)) == "https://data.example.org/sub/sparql"


@pytest.mark.parametrize("peer", ["127.0.0.1", "198.51.100.1", "", "nonsense"])
def test_nobody_else_is_believed(releases: Path, peer: str) -> None:
    client = client_of(releases, ["192.0.2.0/24"], pace=0)
    assert endpoint(visit(client, peer, **FORWARDED)) == "http://localhost/sparql"


def answers(client: FlaskClient, peer: str, count: int, **headers: str) -> list[int]:
    return [visit(client, peer, **headers).status_code for _ in range(count)]


def test_a_client_that_asks_too_fast_is_told_when_to_come_back(releases: Path) -> None:
    client = client_of(releases)
    assert answers(client, "203.0.113.9", 4) == [200] * 4, "four seconds' worth may come at once"
    refused = visit(client, "203.0.113.9")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert answers(client, "203.0.113.10", 1) == [200], "another client is not held up"
    assert visit(client, "203.0.113.9", "/healthz").status_code == 200


def test_a_harvester_that_asks_too_fast_is_told_in_its_own_way(releases: Path) -> None:
    client = client_of(releases)
    answers(client, "203.0.113.9", 4)
    refused = visit(client, "203.0.113.9", "/oai")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1"])
def test_the_machine_itself_has_no_limit(releases: Path, peer: str) -> None:
    assert answers(client_of(releases), peer, 20) == [200] * 20


def test_behind_a_proxy_the_visitor_counts_and_cannot_choose_who_it_is(releases: Path) -> None:
    client = client_of(releases, ["127.0.0.1", "192.0.2.0/24"])
    for number in range(4):
        forged = f"198.51.100.{number}, 203.0.113.9, 192.0.2.7"
        assert answers(client, "127.0.0.1", 1, X_Forwarded_For=forged) == [200]
    assert answers(client, "127.0.0.1", 1, X_Forwarded_For="198.51.100.77, 203.0.113.9") == [429]
    assert answers(client, "127.0.0.1", 1, X_Forwarded_For="203.0.113.10") == [200]


def test_a_header_of_a_stranger_does_not_make_it_the_machine_itself(releases: Path) -> None:
    client = client_of(releases)
    assert answers(client, "203.0.113.9", 5, X_Forwarded_For="127.0.0.1")[-1] == 429


@pytest.mark.parametrize("host", ['x"><script>', "a b", "x/y", "x@y", "<", "ä", "x\\y"])
def test_a_host_that_is_no_host_is_refused(releases: Path, host: str) -> None:
    for path in ("/sparql", "/"):
        response = client_of(releases, pace=0).get(path, headers={"Host": host})
        assert response.status_code == 400
        assert "<script>" not in response.text
