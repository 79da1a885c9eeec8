"""What the operator sees: metrics, the query log, health."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from web_release import BASE, SELECT, make_release  # type: ignore[import-not-found]

from publisher.config import Settings
from publisher.errors import ConfigError
from publisher.web.app import create_app
from publisher.web.record import logged_address
from publisher.workers.service import start

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c != ?f && ?i != ?l) }"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    make_release(folder, "20260101T000000Z-00000000", "x")
    return folder


@pytest.fixture
def client(releases: Path) -> Iterator[FlaskClient]:
    settings = Settings(base_iri=BASE, query_timeout_s=1.0, cache_mb=10)
    with start(settings, releases) as service:
        yield create_app(settings, releases, service.client()).test_client()


def ask(client: FlaskClient, query: str, **headers: str) -> int:
    return client.get("/sparql?" + urlencode({"query": query}), headers=headers).status_code


def metrics(client: FlaskClient) -> dict[str, float]:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.mimetype == "text/plain"
    assert response.headers["Cache-Control"] == "no-store"
    lines = [line for line in response.text.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r'[a-z_]+(\{[a-zA-Z_]+="[^"]*"(,[a-zA-Z_]+="[^"]*")*\})? [-+0-9.eE]+', li) for li in lines)
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_queries_are_counted_by_what_became_of_them(client: FlaskClient) -> None:
    assert ask(client, SELECT) == 200
    assert ask(client, SELECT) == 200
    assert ask(client, "SELECT") == 400
    assert ask(client, "SELECT * { SERVICE <http://x/> {} }") == 400
    assert ask(client, SELECT, Accept="image/png") == 406
    assert ask(client, SLOW) == 504
    found = metrics(client)

    def count(outcome: str, cached: str = "false") -> float:
        return found[f'publisher_queries_total{{cached="{cached}",outcome="{outcome}"}}']

    assert count("ok") + count("ok", "true") == 2
    assert (count("syntax"), count("refused"), count("timeout")) == (1, 2, 1)
    assert found["publisher_query_seconds_count"] == 6
    assert found['publisher_query_seconds_bucket{le="+Inf"}'] == 6
    assert found['publisher_query_seconds_bucket{le="0.5"}'] == 5
    assert found["publisher_query_result_bytes_total"] > 0
    assert found["publisher_cache_entries"] >= 1
    assert found["publisher_query_service_up"] == 1
    assert found['publisher_queries_running{lane="slow"}'] == 0
    assert found["publisher_query_workers_started_total"] >= 1
    assert found['publisher_memory_bytes{process="query_parent"}'] > 1e6
    assert found['publisher_release_info{id="20260101T000000Z-00000000",version="0.1.0"}'] == 1


def test_metrics_are_there_when_the_query_service_is_not(releases: Path) -> None:
    assert "publisher_query_service_up" not in metrics(create_app(Settings(), releases, None).test_client())
    with start(Settings(), releases) as service:
        client = create_app(Settings(), releases, service.client()).test_client()
    assert metrics(client)["publisher_query_service_up"] == 0


def test_metrics_are_there_without_a_release(tmp_path: Path) -> None:
    client = create_app(Settings(), tmp_path, None).test_client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/healthz").status_code == 503


def log_of(releases: Path, path: Path, **values: str) -> list[dict[str, object]]:
    settings = Settings(base_iri=BASE, query_log=str(path), cache_mb=10, **values)  # type: ignore[arg-type]
    with start(settings, releases) as service:
        client = create_app(settings, releases, service.client()).test_client()
        for query in (SELECT, SELECT, "SELECT", "CONSTRUCT WHERE { ?s <http://x/number> ?o }"):
            client.get("/sparql?" + urlencode({"query": query}), environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
        client.application.extensions["records"].close()
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_log_has_a_line_a_query(releases: Path, tmp_path: Path) -> None:
    lines = log_of(releases, tmp_path / "log")
    assert [line["outcome"] for line in lines] == ["ok", "ok", "syntax", "ok"]
    assert [line["rows"] for line in lines] == [1, 1, 0, 1500]
    assert [line["form"] for line in lines] == ["select", "select", "select", "construct"]
    assert lines[1]["cached"] is True
    assert lines[3]["bytes"]
    assert lines[0]["release"] == "20260101T000000Z-00000000"
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(line["time"])) for line in lines)
    text = (tmp_path / "log").read_text()
    assert SELECT not in text, "the text of a query is logged only where that is configured"
    assert "203.0.113" not in text, "nor is an address"


def test_the_log_holds_what_is_configured(releases: Path, tmp_path: Path) -> None:
    lines = log_of(releases, tmp_path / "log", query_log_text="text", query_log_client="network")
    assert lines[0]["query"] == SELECT
    assert lines[0]["client"] == "203.0.113.0/24"


def test_a_log_that_was_rotated_is_opened_anew(releases: Path, tmp_path: Path) -> None:
    path = tmp_path / "log"
    settings = Settings(base_iri=BASE, query_log=str(path))
    client = create_app(settings, releases, None).test_client()
    ask(client, SELECT)
    path.rename(tmp_path / "log.1")
    ask(client, SELECT)
    client.application.extensions["records"].close()
    assert len(path.read_text().splitlines()) == len((tmp_path / "log.1").read_text().splitlines()) == 1


def test_a_log_that_cannot_be_written_is_told_at_the_start(releases: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="query_log"):
        create_app(Settings(query_log=str(tmp_path / "none" / "log")), releases, None)


@pytest.mark.parametrize(
    ("address", "how", "logged"),
    [
        ("203.0.113.9", "none", ""),
        ("203.0.113.9", "full", "203.0.113.9"),
        ("203.0.113.9", "network", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "network", "2001:db8:1::/48"),
        ("nonsense\n", "full", ""),
    ],
)
def test_what_the_log_holds_of_an_address(address: str, how: str, logged: str) -> None:
    assert logged_address(address, how) == logged
