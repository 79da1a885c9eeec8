"""Builds a synthetic list of operations into a release: time, memory, and that memory does not grow with the rows.

    python benchmarks/lists.py --rows 114519

Baseline, run at the same time: Python's csv module reads the same file, and the
same number of statements is written and sorted by GNU sort: what no mapping,
check or release can do without.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import tempfile
from pathlib import Path

from measure import run

HEADER = (
    "Operation code", "Name of operation", "Beneficiary", "Summary", "Start date", "End date", "Total eligible cost",
    "EU amount", "Fund", "NUTS region", "Category of intervention",
)  # fmt: skip
WORDS = ("digital", "green", "harbour", "school", "river", "energy", "model", "youth", "skills", "forest", "town")

MAPPING = """\
schema_version = 1
[source]
key = "synthetic"
title.en = "A synthetic list"
files = ["list.csv"]
language = "en"
as_of = "2020"
[portfolio]
key = "synthetic"
title.en = "Synthetic operations"
code_scope = "synthetic"
funders = ["eu"]
profiles = ["annex-xii"]
[reading]
format = "csv"
encoding = "utf-8"
delimiter = ";"
quote = '"'
header_rows = [1]
[values]
date_order = "dmy"
decimal = ","
group = ["."]
currency = "EUR"
[fields]
code.column = "Operation code"
title.column = "Name of operation"
beneficiary_name.column = "Beneficiary"
summary.column = "Summary"
start.column = "Start date"
end.column = "End date"
total_eligible_cost.column = "Total eligible cost"
eu_amount.column = "EU amount"
fund.column = "Fund"
country.value = "FIN"
period.value = "2014-2020"
nuts_edition.value = "2013"
nuts.column = "NUTS region"
intervention_code.column = "Category of intervention"
"""

SETTINGS = 'base_iri = "https://example.org/synthetic"\nportfolio = ""\nlists = ["mapping.toml"]\nlanguages = ["en"]\n'

BASELINE = """\
import csv, os, subprocess, sys
rows = statements = 0
with open("list.csv", encoding="utf-8", newline="") as source, open("baseline.nt", "w", encoding="utf-8") as out:
    for row in csv.reader(source, delimiter=";"):
        for number in range(int(sys.argv[1])):
            out.write(f'<https://example.org/id/project/{row[0]}> <https://example.org/p{number}> "{row[1]}"@en .\\n')
subprocess.run(["sort", "-u", "-S", "256M", "--parallel=2", "-o", "sorted.nt", "baseline.nt"], check=True,
               env={**os.environ, "LC_ALL": "C"})
"""


def write(folder: Path, rows: int, seed: int) -> None:
    """Write a list of this many operations with its mapping and settings; the same for the same seed."""
    chance = random.Random(seed)
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(HEADER)
        for number in range(rows):
            cost = chance.randrange(1_000, 5_000_000) + chance.randrange(100) / 100
            amounts = [f"{value:,.2f}".translate(str.maketrans(",.", ".,")) for value in (cost, cost * 0.5)]
            writer.writerow(
                [
                    f"OP-{number:07d}",
                    " ".join(chance.choices(WORDS, k=6)).capitalize() + f" {number}",
                    f"{chance.choice(WORDS).capitalize()} {chance.choice(WORDS)} Ltd {number % 997}",
                    " ".join(chance.choices(WORDS, k=40)).capitalize() + ".",
                    f"{chance.randrange(1, 29):02d}/{chance.randrange(1, 13):02d}/{chance.randrange(2014, 2018)}",
                    f"{chance.randrange(1, 29):02d}/{chance.randrange(1, 13):02d}/{chance.randrange(2018, 2023)}",
                    *amounts,
                    chance.choice(("ERDF", "ESF")),
                    chance.choice(("FI1B1", "FI1C1", "FI1D7", "FI193")),
                    str(chance.randrange(1, 124)),
                ]
            )
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "publisher.toml").write_text(SETTINGS, encoding="utf-8")


def main() -> int:
    """Run from the command line; 1 where a row was lost or memory grew with the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=114_519)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    build = [sys.executable, "-m", "publisher", "build", "--json", "--quiet"]
    peaks, triples = {}, 0
    for rows in (options.rows // 4, options.rows):
        with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
            folder = Path(name)
            write(folder, rows, options.seed)
            built = run(build, folder)
            print(f"build {rows} operations: {built}")
            if built.code:
                print(built.errors, file=sys.stderr)
                return 1
            counts = json.loads(built.output)["counts"]
            triples, peaks[rows] = counts["triples"], built.peak_bytes
            if counts["projects"] != rows:
                print(f"  {counts['projects']} operations were published", file=sys.stderr)
                return 1
            if rows == options.rows:
                baseline = run([sys.executable, "-c", BASELINE, str(triples // rows)], folder)
                print(f"baseline, read by csv, write and sort {triples} statements: {baseline}")
                print(f"ratio to the baseline: {built.wall_s / baseline.wall_s:.1f}")
    small, large = peaks[options.rows // 4], peaks[options.rows]
    print(f"memory at four times the rows: {large / small:.2f} times")
    return 0


if __name__ == "__main__":
    sys.exit(main())
