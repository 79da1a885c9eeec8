"""Compares two releases of 100,000 projects: time and memory of the account of change and of the history.

    python benchmarks/changes.py --projects 100000

The first is what `projects_rdf.py` writes, sorted (4.2 million statements); in the second, one project in a hundred is
gone with its parts, one in a hundred has another title, and one in a hundred is new. Every one of them must be told,
and no other: exit code 1 where not. The same is done with a quarter of the projects: memory must not grow with them.

Baseline, in the same run: GNU comm alone finds the statements that differ, and tells nothing of resources.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import projects_rdf
from measure import run

from publisher import changes, history, manifest, recording, spool
from publisher.manifest import Manifest, Release

IDS = ("20260101T000000Z-00000000", "20260201T000000Z-11111111")
MASTER = "portfolio.nt"
EVERY = 100


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--inner", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inner:
        return compare(Path(options.inner))
    peaks = []
    for projects in (options.projects // 4, options.projects):
        with tempfile.TemporaryDirectory(prefix="publisher-") as name:
            folder = Path(name)
            make(folder, projects)
            began = time.monotonic()
            with (folder / "comm").open("wb") as out:
                masters = [str(folder / release / MASTER) for release in IDS]
                subprocess.run(["comm", "-3", *masters], stdout=out, env={**os.environ, "LC_ALL": "C"}, check=True)
            baseline = time.monotonic() - began
            done = run([sys.executable, __file__, "--inner", name])
            print(f"{projects} projects: {done}")
            print(done.output.strip())
            print(f"ratio to comm alone ({baseline:.2f} s): {done.wall_s / baseline:.1f}")
            peaks.append(done.peak_bytes)
            told = f"{projects // EVERY} added, {projects // EVERY} changed, {projects // EVERY} withdrawn"
            if done.code or told not in done.output:
                print(f"wanted: {told}\n{done.errors}")
                return 1
    print(f"memory at four times the projects: {peaks[1] / peaks[0]:.2f} times")
    return 0


def compare(folder: Path) -> int:
    """Write the account and the history, as a build does."""
    before, after = (
        Release(
            folder / name,
            Manifest(
                id=name, created="2026-01-01T00:00:00Z", version="0", base_iri=projects_rdf.BASE, title={},
                languages=["fi"], master=MASTER, statements_sha256="", fingerprint="", counts={},
            ),
        )
        for name in IDS
    )  # fmt: skip
    began = time.monotonic()
    summary = changes.write(before, after, folder)
    middle = time.monotonic()
    event = recording.prepare(folder, folder / "work", before, after, changes.read(folder))
    ended = time.monotonic()
    print(f"  account {middle - began:.1f} s, history {ended - middle:.1f} s; statements {summary.statements}")
    sizes = [(folder / name).stat().st_size for name in (manifest.CHANGES, manifest.PATCH, f"work/{history.FILE}")]
    print(f"  bytes of account, patch and history: {sizes}")
    print(f"  {event.added} added, {event.changed} changed, {event.withdrawn} withdrawn")
    return 0


def make(folder: Path, projects: int) -> None:
    """Write both masters."""
    dice = random.Random(1)  # the same data each time, no secret
    fresh = projects // EVERY
    with (folder / "one").open("w", encoding="utf-8") as one, (folder / "two").open("w", encoding="utf-8") as two:
        for text in projects_rdf.shared(projects + fresh):
            one.write(text)
            two.write(text)
        for number in range(projects + fresh):
            text = projects_rdf.project(dice, number, projects + fresh)
            if number < projects:
                one.write(text)
            if number >= projects or number % EVERY != 1:
                other = number < projects and number % EVERY == 2
                two.write(text.replace('"@en', ' again"@en', 1) if other else text)
    (folder / "work").mkdir()
    for name, release in zip(("one", "two"), IDS, strict=True):
        (folder / release).mkdir()
        spool.sort([folder / name], folder / release / MASTER, unique=True)
        (folder / name).unlink()


if __name__ == "__main__":
    sys.exit(main())
