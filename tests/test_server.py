"""One real `publisher serve` on a free port, asked as clients ask it."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox
import pytest

from publisher import config, formats, manifest, release
from publisher.manifest import Release
from publisher.namespaces import dct

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "data" / "osallisuus" / "publisher.toml"
PROJECT = "https://w3id.org/project-portfolio/osallisuus/id/project/S20394"
TITLES = "SELECT ?s ?t { ?s <http://purl.org/dc/terms/title> ?t }"
PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f) }"
_NUMBERS = itertools.count()


def product() -> str:
    """Return a query that never ends, another one each time: one that ran out of time is not tried again at once."""
    return f"{PRODUCT} # {next(_NUMBERS)}"


LIMITS = {
    "PUBLISHER_HTTP_WORKERS": "1",
    "PUBLISHER_QUERY_TIMEOUT_S": "3",
    "PUBLISHER_RESULT_BUFFER_BYTES": "20000",
    "PUBLISHER_MAX_RESULT_BYTES": "30000000",
    "PUBLISHER_QUERY_SLOW_AFTER_MS": "20",
}


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Server:
    """A running `publisher serve`."""

    def __init__(self, releases: Path, port: int, log: Path, **settings: str) -> None:
        self.releases, self.port, self.log = releases, port, log
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                command(releases, port), env={**os.environ, **LIMITS, **settings}, stdout=subprocess.PIPE, stderr=errors
            )
        assert self.process.stdout is not None
        self.told = self.process.stdout.readline().decode()

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def query(self, text: str, **headers: str) -> Answer:
        return self.ask("GET", "/sparql?" + urlencode({"query": text}), **headers)

    def parent(self) -> int:
        """The query parent's process number."""
        return next(pid for pid in children(self.process.pid) if "publisher.workers" in command_line(pid))

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def command(releases: Path, port: int) -> list[str]:
    flags = ["--releases", str(releases), "--config", str(CONFIG), "--port", str(port)]
    return [sys.executable, "-m", "publisher", "serve", *flags]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def wait_until(condition: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(scope="module")
def server(osallisuus: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("serve")
    shutil.copytree(osallisuus.path, folder / "releases" / osallisuus.id)
    (folder / "releases" / manifest.CURRENT).symlink_to(osallisuus.id)
    running = Server(folder / "releases", free_port(), folder / "log")
    yield running
    assert running.stop() == 0


def test_it_says_where_and_what_it_serves(server: Server, osallisuus: Release) -> None:
    assert server.told == f"serving {osallisuus.id} at http://127.0.0.1:{server.port}/\n"


def test_the_page_and_the_health(server: Server, osallisuus: Release) -> None:
    page = server.ask("GET", "/", Accept="text/html,*/*;q=0.8", Accept_Language="sv")
    assert page.status == 200
    assert b'<html lang="sv">' in page.body
    assert json.loads(server.ask("GET", "/healthz").body)["release"] == osallisuus.id


@pytest.mark.parametrize("form", formats.GRAPHS, ids=lambda form: form.name)
def test_an_identifier_leads_to_every_rdf_form(server: Server, form: formats.Format) -> None:
    redirect = server.ask("GET", "/id/project/S20394", Accept=form.media_type)
    assert redirect.status == 303
    document = server.ask("GET", urlsplit(redirect.headers["Location"]).path, Accept=form.media_type)
    assert document.status == 200
    assert document.headers.get_content_type() == form.media_type
    titles = [
        quad.object.value
        for quad in ox.parse(document.body, format=form.rdf())
        if quad.subject == ox.NamedNode(PROJECT) and quad.predicate == ox.NamedNode(dct.title)
    ]
    assert titles


def test_a_query_by_get_and_both_posts(server: Server) -> None:
    by_get = server.query(TITLES, Accept="text/csv")
    form = urlencode({"query": TITLES}).encode()
    by_form = server.ask("POST", "/sparql", form, Accept="text/csv", Content_Type="application/x-www-form-urlencoded")
    direct = server.ask("POST", "/sparql", TITLES.encode(), Accept="text/csv", Content_Type="application/sparql-query")
    assert [answer.status for answer in (by_get, by_form, direct)] == [200, 200, 200]
    assert sorted(by_get.body.splitlines()) == sorted(by_form.body.splitlines()) == sorted(direct.body.splitlines())
    assert PROJECT.encode() in by_get.body


def test_the_longest_query_passes_by_get(server: Server) -> None:
    assert server.query("ASK {} #" + "ä" * 32_000).status == 200
    assert server.query("ASK {} #" + "ä" * 33_000).status == 413
    assert server.query("ASK {} #" + "a" * 250_000).status == 414


def test_a_body_that_is_too_large_is_refused(server: Server) -> None:
    kind = "application/sparql-query"
    assert server.ask("POST", "/sparql", b"#" * 400_000, Content_Type=kind).status == 413
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    chunks = [b"#" * 100_000] * 4
    connection.request("POST", "/sparql", iter(chunks), {"Content-Type": kind}, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


def test_a_query_past_its_deadline_is_told(server: Server) -> None:
    answer = server.query(product())
    assert answer.status == 504
    assert json.loads(answer.body)["code"] == "query-timeout"


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_result_that_breaks_off_is_an_error_for_the_client(server: Server, coding: str) -> None:
    with pytest.raises(http.client.IncompleteRead) as caught:
        server.query("SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }", Accept_Encoding=coding)
    assert len(caught.value.partial) > (1000 if coding == "gzip" else 20_000)
    assert "SELECT" not in server.log.read_text(), "what a visitor asked is never logged"


def test_a_visitor_who_leaves_ends_the_query(server: Server) -> None:
    parent = server.parent()
    with socket.create_connection(("127.0.0.1", server.port)) as visitor:
        path = "/sparql?" + urlencode({"query": product()})
        visitor.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert wait_until(lambda: children(parent), 2.5)
    left = time.monotonic()
    assert wait_until(lambda: not children(parent), 1)
    assert time.monotonic() - left < 1


def test_a_query_parent_that_died_is_replaced(server: Server) -> None:
    first = server.parent()
    os.kill(first, signal.SIGKILL)
    assert server.query("ASK {}").status == 200
    assert server.parent() != first


def test_a_new_release_is_served_without_a_restart(server: Server, osallisuus: Release, tmp_path: Path) -> None:
    assert b"Uusi nimi" not in server.query(TITLES, Accept="text/csv").body
    shutil.copytree(ROOT / "data" / "osallisuus", tmp_path / "portfolio")
    record = tmp_path / "portfolio" / "projects" / "S20394.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("Saamelaisten hyvinvointi ja yhdenvertaisuus", "Uusi nimi", 1), encoding="utf-8")
    settings = config.load(CONFIG, {})
    made, _, fresh = release.build([str(tmp_path / "portfolio")], settings, server.releases)
    assert fresh
    assert made.id != osallisuus.id
    assert json.loads(server.ask("GET", "/healthz").body)["release"] == made.id
    assert b"Uusi nimi" in server.query(TITLES, Accept="text/csv").body
    assert "Uusi nimi" in server.ask("GET", "/doc/project/S20394.nt").body.decode()


def test_no_request_fails_while_releases_change(server: Server) -> None:
    names = [entry.name for entry in server.releases.iterdir() if manifest.is_id(entry.name)]
    assert len(names) >= 2, "an earlier test has built another"
    ended = threading.Event()
    statuses: list[int] = []

    def ask(number: int) -> None:
        while not ended.is_set():
            statuses.append(server.query(f"SELECT * {{ ?s ?p ?o }} LIMIT 3 # {number} {len(statuses)}").status)
            statuses.append(server.ask("GET", "/doc/project/S20394.ttl").status)

    askers = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for asker in askers:
        asker.start()
    for turn in range(20):
        release.make_current(server.releases, names[turn % 2])
        time.sleep(0.05)
    ended.set()
    for asker in askers:
        asker.join(10)
    assert len(statuses) > 50
    assert set(statuses) == {200}


def test_the_operator_sees_and_ends_a_query_from_the_command_line(server: Server) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        given = [sys.executable, "-m", "publisher", *words, "--releases", str(server.releases), "--config", str(CONFIG)]
        return subprocess.run(given, capture_output=True, text=True, check=False)

    answers: list[Answer] = []
    asker = threading.Thread(target=lambda: answers.append(server.query(product())))
    asker.start()
    assert wait_until(lambda: children(server.parent()), 2.5)
    (query,) = json.loads(run("queries", "--json").stdout)
    assert query["query"].startswith(PRODUCT)
    assert run("cancel", "1-1").returncode == 4
    ended = run("cancel", query["id"])
    assert (ended.returncode, ended.stdout) == (0, f"ended {query['id']}\n")
    asker.join(10)
    assert answers[0].status == 503
    assert json.loads(answers[0].body)["code"] == "query-cancelled"
    assert run("queries").stdout == ""


def test_a_request_that_is_none_gets_a_plain_answer_and_no_line_in_the_log(server: Server) -> None:
    for head, status in (
        (b"GARBAGE\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 40_000 + b"\r\n", b"431"),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n\r\n", b"501"),
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
            connection.sendall(head)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert answer.split()[1] == status
        assert b"nosniff" in answer
    assert "Invalid" not in server.log.read_text()


def test_a_body_that_does_not_come_is_not_waited_for(server: Server, tmp_path: Path) -> None:
    own = Server(server.releases, free_port(), tmp_path / "log", PUBLISHER_HTTP_BODY_S="1", PUBLISHER_HTTP_IDLE_S="1")
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 10\r\n\r\n"
    for start, status in ((head + b"ASK", b"HTTP/1.1 408"), (b"GET / HT", b""), (b"", b"")):
        with socket.create_connection(("127.0.0.1", own.port), timeout=5) as connection:
            connection.sendall(start)
            assert connection.recv(12) == status
    with socket.create_connection(("127.0.0.1", own.port), timeout=5) as connection:
        connection.sendall(head + b"ASK")
        connection.close()
    assert own.stop() == 0
    assert own.log.read_text() == ""


def test_a_port_that_is_taken_is_said_plainly(server: Server) -> None:
    done = subprocess.run(command(server.releases, server.port), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        f"publisher: port {server.port} is taken: stop what uses it, or choose another with --port\n"
    )


def test_sigterm_lets_a_request_end_and_leaves_nothing_behind(server: Server, tmp_path: Path) -> None:
    own = Server(server.releases, free_port(), tmp_path / "log")
    everyone = [own.process.pid, *children(own.process.pid)]
    address = Path(json.loads(command_line(own.parent()).split("publisher.workers.parent ")[1])["socket"])
    assert address.is_socket()
    connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=10)
    connection.request("GET", "/sparql?" + urlencode({"query": product()}))
    assert wait_until(lambda: children(own.parent()), 2.5)
    own.process.terminate()
    assert connection.getresponse().status == 504, "the request that ran was answered"
    connection.close()
    assert own.stop() == 0
    assert not address.exists()
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in everyone), 1)
    assert own.log.read_text() == ""
