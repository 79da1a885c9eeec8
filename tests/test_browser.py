"""The pages in a real browser: they come whole, styled, and break no rule of their own security policy."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_server import Server, free_port

from publisher import manifest
from publisher.manifest import Release

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--enable-logging=stderr", "--v=0",
]  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here; apt-get install chromium"),
]


@pytest.fixture(scope="module")
def address(osallisuus: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browser")
    shutil.copytree(osallisuus.path, folder / "releases" / osallisuus.id)
    (folder / "releases" / manifest.CURRENT).symlink_to(osallisuus.id)
    server = Server(folder / "releases", free_port(), folder / "log")
    yield f"http://127.0.0.1:{server.port}"
    assert server.stop() == 0


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/?lang=fi", "Saamelaisten hyvinvointi"),
        ("/doc/project/S20831?lang=sv", "Nevo tiija"),
        ("/doc/project/S21133?lang=en", "not reported"),
        ("/sparql?lang=en&query=ASK%20%7B%7D", "<textarea"),
        ("/def?lang=en", 'id="Project"'),
        ("/catalog.html", "DCAT-AP"),
        ("/changes?lang=sv", "changes.atom"),
        ("/reconcile/about?lang=fi", "OpenRefine"),
        ("/releases/?lang=en", "/diff"),
    ],
)
def test_a_page_in_a_browser(address: str, tmp_path: Path, path: str, words: str) -> None:
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path}", "--dump-dom", address + path]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert words in done.stdout
    assert "style.css" in done.stdout
    # What the policy stops, and what a page's own files lack, the browser's console tells.
    told = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert told == []
