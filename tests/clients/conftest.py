"""Real servers for real clients: `publisher serve` on free ports, each once a run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from publisher import config, release
from publisher.manifest import Release

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIG = ROOT / "data" / "osallisuus" / "publisher.toml"
GRAPHS = """\
<http://example.org/a> <http://purl.org/dc/terms/title> "in the default graph" .
<http://example.org/a> <http://purl.org/dc/terms/title> "čáhci"@se <http://example.org/one> .
<http://example.org/b> <http://purl.org/dc/terms/title> "in one"@en <http://example.org/one> .
<http://example.org/b> <http://purl.org/dc/terms/extent> "2" <http://example.org/two> .
"""


@contextmanager
def serving(releases: Path, port: int, **settings: str) -> Iterator[str]:
    """Run `publisher serve`; its address without a slash at the end."""
    flags = ["--releases", str(releases), "--config", str(CONFIG), "--port", str(port)]
    values = {f"PUBLISHER_{name.upper()}": value for name, value in {"http_workers": "1", **settings}.items()}
    with subprocess.Popen(
        [sys.executable, "-m", "publisher", "serve", *flags], env={**os.environ, **values}, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(b"serving ")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            code = process.wait(20)
    assert code == 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[str]]:
    """Run `publisher serve` on a folder of releases as long as the context lasts; its address."""
    return lambda releases, **settings: serving(releases, free_port(), **settings)


@pytest.fixture(scope="session")
def origin(osallisuus: Release) -> Iterator[str]:
    """Address of a server of the shipped portfolio."""
    with serving(osallisuus.path.parent, free_port()) as address:
        yield address


@pytest.fixture(scope="session")
def graphs_origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server of a small dataset: a default graph of 1 statement, named graphs of 2 and 1."""
    folder = tmp_path_factory.mktemp("graphs")
    (folder / "some.nq").write_text(GRAPHS, encoding="utf-8")
    release.build([str(folder / "some.nq")], config.load(CONFIG, {}), folder / "releases")
    with serving(folder / "releases", free_port()) as address:
        yield address


@pytest.fixture(scope="session")
def linked_origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server of the shipped portfolio whose IRIs begin with that very address: links can be followed."""
    port = free_port()
    base = {"PUBLISHER_BASE_IRI": f"http://127.0.0.1:{port}"}
    releases = tmp_path_factory.mktemp("linked")
    _, report, _ = release.build([str(CONFIG.parent)], config.load(CONFIG, base), releases)
    assert report.conforms
    with serving(releases, port, base_iri=base["PUBLISHER_BASE_IRI"]) as address:
        yield address


@pytest.fixture(scope="session")
def npm_peers() -> Path:
    """The folder of the clients from npm."""
    folder = Path(os.environ.get("NPM_PEERS", ROOT / ".peers" / "node_modules"))
    if not (folder / "@comunica").is_dir():
        pytest.skip(f"Comunica is not installed: no @comunica in {folder} (tests/clients/package.json)")
    return folder
