"""Releases: the same bytes for the same input, whole or not there, and never written to again."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import portfolios
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import to_isomorphic

from publisher import manifest, release, stores
from publisher.errors import ReleaseError
from publisher.manifest import Release

ROOT = Path(__file__).resolve().parent.parent


def build(folder: Path, releases: Path) -> tuple[Release, bool]:
    made, _, fresh = release.build([str(folder)], portfolios.settings(folder), releases)
    return made, fresh


def changed_since(tmp_path: Path) -> tuple[Path, Path, Release]:
    """Build a portfolio and change it; return the folder, that of the releases, and the release."""
    folder, releases = portfolios.write(tmp_path / "p"), tmp_path / "r"
    first, _ = build(folder, releases)
    portfolios.write(folder, {"portfolio.yaml": ("Measure", "The measure")})
    return folder, releases, first


def content(path: Path) -> dict[str, bytes]:
    """Return every file of a release but the store, times taken out."""
    facts = manifest.read(path).manifest
    found = {}
    for name in facts.files:
        data = (path / name).read_bytes()
        data = gzip.decompress(data) if name.endswith(".gz") else data
        found[name] = data.replace(facts.created.encode(), b"TIME").replace(facts.id.encode(), b"ID")
    return found


def test_two_builds_in_different_folders_give_the_same_bytes(tmp_path: Path) -> None:
    one, _ = build(portfolios.write(tmp_path / "one" / "p"), tmp_path / "one" / "releases")
    time.sleep(1.1)
    other, _ = build(portfolios.write(tmp_path / "other" / "deeper" / "p"), tmp_path / "other" / "r")
    assert one.id != other.id
    assert one.id.partition("-")[2] == other.id.partition("-")[2]
    first, second = content(one.path), content(other.path)
    reports = {name for name in first if name.startswith("report.")}  # these name the files as the user did
    assert reports == {"report.ttl", "report.json", "report.html"}
    assert {n: d for n, d in first.items() if n not in reports} == {n: d for n, d in second.items() if n not in reports}
    tables = ("dumps/portfolio.csv", "dumps/portfolio.csv-metadata.json", "dumps/portfolio.xlsx")
    for name in ("dumps/portfolio.ttl.gz", "dumps/portfolio.nt.gz", "portfolio.nt", *tables):
        assert (one.path / name).read_bytes() == (other.path / name).read_bytes()


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_every_dump_is_the_master_for_both_libraries(osallisuus: Release) -> None:
    master = to_isomorphic(rdflib.Graph().parse(osallisuus.path / "portfolio.nt", format="nt"))
    assert len(master) == osallisuus.manifest.counts["triples"]
    kinds = {
        "ttl": ("turtle", ox.RdfFormat.TURTLE),
        "nt": ("nt", ox.RdfFormat.N_TRIPLES),
        "jsonld": ("json-ld", ox.RdfFormat.JSON_LD),
    }
    for suffix, (name, form) in kinds.items():
        data = gzip.decompress((osallisuus.path / "dumps" / f"portfolio.{suffix}.gz").read_bytes())
        assert to_isomorphic(rdflib.Graph().parse(data=data, format=name)) == master
        again = ox.serialize((q.triple for q in ox.parse(data, format=form)), format=ox.RdfFormat.N_TRIPLES)
        assert again is not None
        assert sorted(again.decode().splitlines()) == (osallisuus.path / "portfolio.nt").read_text("utf-8").splitlines()


def test_the_master_is_sorted_by_bytes_without_blank_nodes(osallisuus: Release) -> None:
    lines = (osallisuus.path / "portfolio.nt").read_bytes().splitlines()
    assert lines == sorted(set(lines))
    assert not any(line.startswith(b"_:") or b" _:" in line for line in lines)


def test_the_store_holds_what_the_master_holds(osallisuus: Release) -> None:
    assert len(ox.Store.read_only(str(osallisuus.store_path))) == osallisuus.manifest.counts["triples"]


def test_the_manifests_checksums_are_true(osallisuus: Release) -> None:
    names = set(osallisuus.manifest.files)
    assert {
        "portfolio.nt",
        "catalogue.ttl",
        "void.ttl",
        "index.json",
        "report.html",
        "vocabularies/shapes.ttl",
    } <= names
    for name, facts in osallisuus.manifest.files.items():
        data = (osallisuus.path / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (facts["bytes"], facts["sha256"])
    assert osallisuus.manifest.statements_sha256 == osallisuus.manifest.files["portfolio.nt"]["sha256"]


def test_the_identifier_and_the_link_have_the_form_of_the_contract(osallisuus: Release) -> None:
    assert manifest.is_id(osallisuus.id)
    assert str((osallisuus.path.parent / "current").readlink()) == osallisuus.id


def test_nothing_changed_makes_no_new_release(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    first, fresh = build(folder, tmp_path / "r")
    again, fresh_again = build(folder, tmp_path / "r")
    assert (fresh, fresh_again, again.id) == (True, False, first.id)
    assert manifest.list_ids(tmp_path / "r") == [first.id]


def test_a_change_makes_a_new_release_and_the_old_one_stays_as_it_was(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    first, _ = build(folder, tmp_path / "r")
    before = {path: path.read_bytes() for path in first.path.rglob("*") if path.is_file()}
    portfolios.write(folder, {"portfolio.yaml": ("Measure", "The measure")})
    second, fresh = build(folder, tmp_path / "r")
    assert fresh
    assert manifest.current_id(tmp_path / "r") == second.id
    assert {path: path.read_bytes() for path in first.path.rglob("*") if path.is_file()} == before
    release.make_current(tmp_path / "r", first.id)
    assert manifest.current_id(tmp_path / "r") == first.id


def test_a_second_build_beside_one_that_runs_is_refused(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    (tmp_path / "r").mkdir()
    with (tmp_path / "r" / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ReleaseError, match="another build is running"):
            build(folder, tmp_path / "r")


def command(folder: Path, releases: Path) -> list[str]:
    config = str(folder / "publisher.toml")
    return [sys.executable, "-m", "publisher", "build", str(folder), "--config", config, "--releases", str(releases)]


@pytest.mark.parametrize(
    "stage",
    [
        *(pytest.param(stage, marks=pytest.mark.slow) for stage in ("reading", "sorting", "store", "dumps")),
        "describing",
    ],
)
def test_a_killed_build_leaves_the_live_release_and_the_next_one_works(tmp_path: Path, stage: str) -> None:
    folder, releases, first = changed_since(tmp_path)
    with subprocess.Popen(command(folder, releases), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any(stage in line for line in process.stderr)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    live = manifest.current(releases)
    assert live is not None
    assert live.id == first.id
    for name in live.manifest.files:
        assert (live.path / name).is_file()
    second, _ = build(folder, releases)
    assert manifest.current_id(releases) == second.id != first.id
    assert list(releases.glob(".building-*")) == []


def test_a_build_killed_before_the_link_is_renewed_leaves_the_live_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, releases, first = changed_since(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "symlink_to", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            build(folder, releases)
    assert manifest.current_id(releases) == first.id
    left = {path.name for path in releases.iterdir() if manifest.is_id(path.name)} - {first.id}
    assert len(left) == 1
    assert manifest.list_ids(releases) == [first.id], "a release that was never current is none"
    time.sleep(1.1)  # the next has another identifier
    second, fresh = build(folder, releases)
    assert fresh
    assert manifest.current_id(releases) == second.id
    assert manifest.list_ids(releases) == [first.id, second.id]
    assert {path.name for path in releases.iterdir() if manifest.is_id(path.name)} == {first.id, second.id}


def test_a_build_killed_after_the_link_was_renewed_loses_no_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, releases, first = changed_since(tmp_path)
    link = release._link

    def killed(*named: object) -> None:
        link(*named)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(release, "_link", killed)
        with pytest.raises(KeyboardInterrupt):
            build(folder, releases)
    second = manifest.current_id(releases)
    assert second not in (None, first.id)
    release.make_current(releases, first.id)
    release.make_current(releases, str(second))
    release.make_current(releases, first.id)
    assert manifest.list_ids(releases) == [first.id, second]


@pytest.mark.parametrize(
    "limit", [*(pytest.param(limit, marks=pytest.mark.slow) for limit in (20_000, 250_000)), 100_000]
)
def test_a_full_disk_is_told_and_the_live_release_stays(tmp_path: Path, limit: int) -> None:
    folder, releases, first = changed_since(tmp_path)
    done = subprocess.run(
        command(folder, releases),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),  # stands for a full disk
    )
    assert done.returncode == 4, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("publisher: ")
    assert "fault in the program" not in last
    assert manifest.current_id(releases) == first.id
    assert list(releases.glob(".building-*")) == []


def test_a_live_release_that_somebody_broke_is_mended_by_a_build(tmp_path: Path) -> None:
    folder, releases = portfolios.write(tmp_path / "p"), tmp_path / "r"
    first, _ = build(folder, releases)
    shutil.rmtree(first.path)
    second, fresh = build(folder, releases)
    assert fresh
    assert manifest.current(releases) == second


def test_reading_a_release_writes_nothing_to_it(tmp_path: Path) -> None:
    made, _ = build(portfolios.write(tmp_path / "p"), tmp_path / "r")

    def state() -> dict[str, tuple[int, int]]:
        return {str(p): ((s := p.stat()).st_mtime_ns, s.st_size) for p in made.path.rglob("*")}

    before = state()
    store = stores.Store(made.store_path)
    assert store.exists("https://example.org/p/id/project/S00001")
    assert bool(store.store.query("ASK { ?s ?p ?o }"))
    del store
    assert state() == before


def test_nobody_rolls_back_while_a_build_runs(tmp_path: Path) -> None:
    made, _ = build(portfolios.write(tmp_path / "p"), tmp_path / "r")
    with (tmp_path / "r" / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ReleaseError, match="another build is running"):
            release.make_current(tmp_path / "r", made.id)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("a file", encoding="utf-8")
    with pytest.raises(ReleaseError, match="cannot be written to"):
        build(portfolios.write(tmp_path / "p"), tmp_path / "r")


def test_a_broken_manifest_is_told(tmp_path: Path) -> None:
    made, _ = build(portfolios.write(tmp_path / "p"), tmp_path / "r")
    (made.path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(ReleaseError, match="no manifest"):
        manifest.current(tmp_path / "r")
    with pytest.raises(ReleaseError, match="there is no release"):
        manifest.find(tmp_path / "r", "../p")
