"""The load benchmark: its data are the same for the same seed and conform; it runs, and tells wrong answers."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import load
import projects_rdf
import pytest

from publisher import config, release

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        projects_rdf.write(tmp_path / name, 50, seed)
    one, again, other = ((tmp_path / name).read_bytes() for name in ("one", "again", "other"))
    assert one == again != other


def test_the_data_conform_and_each_statement_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "p.nt"
    triples = projects_rdf.write(file, 20, seed=1)
    assert len(set(file.read_text(encoding="utf-8").splitlines())) == triples
    settings = config.Settings(base_iri=projects_rdf.BASE)
    made, report, fresh = release.build([str(file)], settings, tmp_path / "releases")
    assert fresh
    assert report.projects == 20
    # The one warning: places are of no class that the shapes look at.
    assert [problem.rule for problem in report.problems] == ["rdf/not-checked"]
    assert made.manifest.counts["projects"] == 20


def test_the_pool_holds_each_kind_equally_often_and_repeats_with_its_seed() -> None:
    pool = load.queries(1000, 1)
    assert pool == load.queries(1000, 1) != load.queries(1000, 2)
    assert len({query.kind for query in pool}) == len(load.KINDS) >= 15
    assert len(pool) == load.POOL


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", (200, True)),
        (b"HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", (503, False)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", (200, True)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", None),
    ],
)
def test_only_a_whole_answer_counts(answer: bytes, told: tuple[int, bool] | None) -> None:
    server, client = socket.socketpair()
    with client:

        def send() -> None:
            with server:
                for byte in answer:
                    server.send(bytes([byte]))

        sender = threading.Thread(target=send)
        sender.start()
        if told is None:
            with pytest.raises(ConnectionError):
                load._answer(client, float("inf"))
        else:
            assert load._answer(client, float("inf")) == told
        sender.join()


def test_it_runs_and_tells_figures_and_demands(tmp_path: Path) -> None:
    try:
        load.oxigraph()
    except SystemExit as missing:
        pytest.skip(str(missing))
    command = [sys.executable, str(ROOT / "benchmarks" / "load.py"), "--keep", str(tmp_path / "kept")]
    options = ["--projects", "20", "--slice", "1", "--rounds", "1"]
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    # Whether so short a run meets the demands says nothing; that the answers are the same does.
    assert done.returncode in (0, 1), done.stderr
    for cache in ("off", "on"):
        assert f"cache {cache}: answers to {len(load.KINDS)} kinds compared, 0 differ" in done.stdout
        assert re.search(rf"(PASS|FAIL)  cache {cache}: [0-9.]+ x their throughput", done.stdout)
    assert len(re.findall(r"(?m)^  (?:ours|theirs) .*ok/s .*errors: none", done.stdout)) == 4
