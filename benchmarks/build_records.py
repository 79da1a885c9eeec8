"""Builds synthetic records with the bulk engine and looks whether every seeded error is found, and nothing else.

    python benchmarks/build_records.py --projects 10000 --errors 100

Baseline, run at the same time: the reference engine (pySHACL) alone on a
sample of the same records, counted up to all of them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import records
from measure import run

BASELINE_PROJECTS = 250


def main() -> int:
    """Run from the command line; 1 where an error was missed or invented."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--errors", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cross-check", choices=("sample", "all", "none"), default="sample")
    options = parser.parse_args()
    publisher = [sys.executable, "-m", "publisher"]
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        seeded = records.write(folder / "broken", options.projects, options.errors, options.seed)
        records.write(folder / "clean", options.projects, 0, options.seed)
        records.write(folder / "sample", BASELINE_PROJECTS, 0, options.seed)

        checking = ["--cross-check", options.cross_check, "--json", "--quiet"]
        broken = run([*publisher, "validate", "--config", "broken/publisher.toml", "broken", *checking], folder)
        print(f"validate, {options.errors} seeded errors: {broken}")
        report = json.loads(broken.output)
        found = Counter(
            (p["file"].removeprefix("broken/"), p["rule"]) for p in report["problems"] if p["severity"] != "info"
        )
        wanted = Counter((entry["file"], entry["rule"]) for entry in seeded)
        print(f"  engine {report['engine']}, {report['cross_checked']} projects cross-checked equal; "
              f"{(wanted & found).total()} of {wanted.total()} found, {(found - wanted).total()} more; "
              f"{len({entry['error'] for entry in seeded})} kinds of error; exit code {broken.code}")  # fmt: skip
        for missed in sorted(wanted - found):
            print("  missed:", *missed)
        for more in sorted(found - wanted)[:20]:
            print("  more:", *more)

        build = ["build", "--config", "clean/publisher.toml", "clean", "--releases", "releases", *checking]
        clean = run([*publisher, *build], folder)
        print(f"build, no errors:          {clean}")
        if clean.code:
            print(clean.errors)
            return 1
        facts = json.loads(clean.output)
        print(f"  {facts['counts']['triples']} triples, validation {facts['validation']}")

        baseline = run([*publisher, "validate", "--config", "sample/publisher.toml", "sample", "--quiet"], folder)
        counted_up = baseline.wall_s * options.projects / BASELINE_PROJECTS
        print(f"baseline, pySHACL on {BASELINE_PROJECTS}:  {baseline}  (counted up: {counted_up:.0f} s)")
        print(f"ratio to the baseline: {broken.wall_s / counted_up:.3f}")
    return int(wanted != found)


if __name__ == "__main__":
    sys.exit(main())
