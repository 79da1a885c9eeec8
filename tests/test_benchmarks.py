"""The benchmarks: records the same for the same seed, each seeded error found by both engines, nothing else."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import changes
import foreign
import measure
import portfolios
import pyoxigraph as ox
import pytest
import records

from publisher import checking

KINDS = len(records.ERRORS) + 2


def digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()


def problems(folder: Path, workdir: Path, engine: str) -> Counter[tuple[str, str]]:
    workdir.mkdir()
    limit = {"shacl": 0, "pyshacl": 1000}[engine]
    settings = portfolios.settings(folder, pyshacl_up_to_projects=limit, shard_projects=20, processes=1)
    report = checking.check([str(folder)], settings, workdir, cross_check="all").report
    assert report.engine == engine
    return Counter((p.place.file.removeprefix(f"{folder}/"), p.rule) for p in report.problems)


def test_the_same_seed_gives_the_same_records(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        records.write(tmp_path / name, 20, 5, seed)
    assert digest(tmp_path / "one") == digest(tmp_path / "again") != digest(tmp_path / "other")


def test_the_list_of_errors_stands_beside_the_records(tmp_path: Path) -> None:
    seeded = records.write(tmp_path / "p", 40, 12, seed=1)
    assert json.loads((tmp_path / "p" / "errors.txt").read_text(encoding="utf-8")) == seeded
    assert len({entry["file"] for entry in seeded}) == 12
    assert any("#" in entry["rule"] for entry in seeded)
    assert any(entry["rule"].startswith("record/") for entry in seeded)


@pytest.mark.parametrize("engine", ["shacl", pytest.param("pyshacl", marks=pytest.mark.slow)])
def test_every_kind_of_error_is_found_once_and_nothing_else(tmp_path: Path, engine: str) -> None:
    seeded = records.write(tmp_path / "p", 40, KINDS, seed=4)
    assert len({entry["error"] for entry in seeded}) == KINDS
    assert problems(tmp_path / "p", tmp_path / "w", engine) == Counter((e["file"], e["rule"]) for e in seeded)


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_clean_records_have_no_problem(tmp_path: Path, engine: str) -> None:
    assert records.write(tmp_path / "p", 8, 0, seed=1) == []
    assert not problems(tmp_path / "p", tmp_path / "w", engine)


def test_a_business_id_has_the_check_digit_of_the_register() -> None:
    # A real one, of a university in the shipped portfolio, and a number whose sum leaves 1: it can have none.
    assert records.business_id(292800) == "0292800-5"
    assert records.business_id(6) is None


def test_foreign_statements_are_as_many_as_asked_in_three_graphs(tmp_path: Path) -> None:
    foreign.write(tmp_path / "f.nq", 500)
    quads = list(ox.parse(path=str(tmp_path / "f.nq"), format=ox.RdfFormat.N_QUADS))
    assert len(set(quads)) == 500
    assert len({quad.graph_name for quad in quads}) == 3
    assert any(isinstance(quad.subject, ox.BlankNode) for quad in quads)


def test_releases_of_the_benchmark_differ_as_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes.make(tmp_path, 300)
    assert changes.compare(tmp_path) == 0
    assert "3 added, 3 changed, 3 withdrawn" in capsys.readouterr().out


def test_a_command_is_measured_with_its_children() -> None:
    inner = "import time; x = bytearray(60_000_000); time.sleep(0.4)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}]); print('done')"
    measured = measure.run(["python3", "-c", outer])
    assert (measured.code, measured.output) == (0, "done\n")
    assert measured.wall_s >= 0.4
    assert measured.peak_bytes > 60_000_000
