"""What holds for visitors from another machine only: a host of our own in a network namespace asks the real server."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher import manifest
from publisher.manifest import Release

pytestmark = pytest.mark.slow

SERVER, VISITOR = "198.18.77.1", "198.18.77.2"  # RFC 2544: for tests of this kind
PORT = "8080"  # of an address that nobody else has
SETTINGS = {
    "PUBLISHER_HTTP_WORKERS": "1",
    "PUBLISHER_CLIENT_CONNECTIONS": "20",
    "PUBLISHER_CLIENT_REQUESTS_PER_S": "10",
    "PUBLISHER_CLIENT_QUERIES_PER_MINUTE": "5",
    "PUBLISHER_CACHE_MB": "0",
}
VISIT = """
import http.client, json, select, socket, sys, time
address = (sys.argv[1], int(sys.argv[2]))

def ask(path):
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers.get("Retry-After")

held = [socket.create_connection(address, timeout=10) for _ in range(40)]
until = time.monotonic() + 10
while len(select.select(held, [], [], 0)[0]) < 20 and time.monotonic() < until:
    time.sleep(0.1)
time.sleep(0.5)
refused = sum(connection.recv(1) == b"" for connection in select.select(held, [], [], 0)[0])
for connection in held:
    connection.close()
time.sleep(0.5)
queries = [ask(f"/sparql?query=ASK%7B%7D%23{number}") for number in range(8)]
time.sleep(2)
pages = [ask("/healthz") for _ in range(60)] + [ask("/robots.txt") for _ in range(60)]
print(json.dumps({"refused": refused, "queries": queries, "pages": pages}))
"""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def host() -> Iterator[str]:
    """Make another host, joined to this one by a cable of its own; yield its name."""
    if shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("a network namespace needs root and the ip command of Debian's iproute2")
    name, cable = f"publisher-{os.getpid()}", f"pub{os.getpid() % 100_000}"
    try:
        ip("netns", "add", name)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no network namespace can be made here: {error.stderr.decode().strip()}")
    try:
        ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("address", "add", f"{SERVER}/30", "dev", cable)
        ip("link", "set", cable, "up")
        ip("-n", name, "address", "add", f"{VISITOR}/30", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")
        yield name
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            ip("netns", "delete", name)  # and the cable with it


def test_a_stranger_has_limits(host: str, osallisuus: Release, tmp_path: Path) -> None:
    shutil.copytree(osallisuus.path, tmp_path / "releases" / osallisuus.id)
    (tmp_path / "releases" / manifest.CURRENT).symlink_to(osallisuus.id)
    command = [sys.executable, "-m", "publisher", "serve", "--releases", str(tmp_path / "releases"), "--host", SERVER]
    with subprocess.Popen(
        [*command, "--port", PORT], env={**os.environ, **SETTINGS}, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert "serving" in server.stdout.readline()
        visit = ["ip", "netns", "exec", host, sys.executable, "-c", VISIT, SERVER, PORT]
        done = subprocess.run(visit, capture_output=True, text=True, check=True, timeout=60)
        server.terminate()
        assert server.wait(15) == 0
    found = json.loads(done.stdout)
    assert found["refused"] == 20, "of 40 connections 20 are held"
    assert [status for status, _ in found["queries"]] == [200] * 5 + [429] * 3
    assert all(int(seconds) <= 13 for _, seconds in found["queries"][5:])
    statuses = [status for status, _ in found["pages"]]
    assert statuses[:60] == [200] * 60, "health is free"
    assert statuses[60:100] == [200] * 40, "four seconds' worth come at once"
    assert 429 in statuses[100:]
