"""Builds a release of foreign RDF: millions of triples in a default and two named graphs, blank nodes among them.

    python benchmarks/foreign.py --triples 2500000

Baseline, run at the same time: the engine's own loader on the same file, without check, sort, dumps or description.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from measure import run

EX = "http://example.org/"


def write(path: Path, triples: int) -> None:
    """Write N-Quads: per item five statements, a fifth of them in each named graph, a twentieth about blank nodes."""
    with path.open("w", encoding="utf-8") as out:
        for number in range(triples // 5):
            subject = f"_:b{number}" if number % 20 == 0 else f"<{EX}item/{number}>"
            graph = ("", "", "", f" <{EX}graph/one>", f" <{EX}graph/two>")[number % 5]
            out.write(
                f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{EX}Item>{graph} .\n"
                f'{subject} <http://purl.org/dc/terms/title> "Esine {number} – ä"@fi{graph} .\n'
                f'{subject} <{EX}value> "{number % 9973}"^^<http://www.w3.org/2001/XMLSchema#integer>{graph} .\n'
                f"{subject} <{EX}next> <{EX}item/{(number * 7919) % (triples // 5)}>{graph} .\n"
                f'{subject} <{EX}code> "X-{number:08d}"{graph} .\n'
            )


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=2_500_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        write(folder / "foreign.nq", options.triples)
        built = run([sys.executable, "-m", "publisher", "build", "foreign.nq", "--quiet"], folder)
        print(f"build of {options.triples} foreign triples: {built}")
        print(" ", (built.output or built.errors).strip())
        load = (
            "import pyoxigraph as ox; s = ox.Store('baseline'); "
            "s.bulk_load(path='foreign.nq', format=ox.RdfFormat.N_QUADS); s.optimize()"
        )
        baseline = run([sys.executable, "-c", load], folder)
        print(f"baseline, load alone:          {baseline}")
        print(f"ratio to the baseline: {built.wall_s / baseline.wall_s:.2f}")
        began = time.monotonic()
        query = f'SELECT * WHERE {{ ?s <{EX}code> "X-00000001" ; ?p ?o }}'
        asked = run([sys.executable, "-m", "publisher", "query", query], folder)
        print(
            f"a query by a fresh process: {time.monotonic() - began:.2f} s, {len(asked.output.splitlines()) - 1} rows"
        )
    return built.code


if __name__ == "__main__":
    sys.exit(main())
