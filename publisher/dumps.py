"""Writes the files of a release that people download: the RDF dumps, and its projects as tables.

Each is made from the master as a stream, and the same master gives the same bytes. The tables are what
`publisher export` writes, with the project's IRI as first column, so that a row leads into the RDF:

- CSV, of any number of projects, not compressed: spreadsheets, and portals that show a file before it is taken, open
  it as it is. It has no byte order mark: machines read the CSV, and to many of them the mark is part of the first
  column's name, which CSV on the Web asks for; people with Excel, which wants the mark, have the workbook.
- A description of its columns for machines (`exports.csvw`).
- XLSX, up to `WORKBOOK_PROJECTS`.

Parquet stays with `publisher export`: pyarrow is optional, so that what a release holds would depend on where it is
built; and the EU's table of file types, which a catalogue must take the format from, has no code for it in the
editions that are known here.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from publisher import coverage, formats, manifest
from publisher.config import shipped
from publisher.exports import csvw, flat
from publisher.formats import Format
from publisher.iris import TYPES, Minter, concept
from publisher.namespaces import AUTHORITY, PREFIXES, rdf

STEM = "portfolio"
WORKBOOK_PROJECTS = 120_000
"""Projects of the largest workbook; more are in the CSV alone.

A row takes 0.3 ms and 150 bytes to write, which the build would bear for longer tables too; but a program that opens
the file holds it whole, some 5 kB a row (measured: 150,000 rows take 45 s, 22 MB, and 814 MB to open). The largest
list of operations that is known here, with 114,519, has room.
"""
_WORKBOOK_COLUMNS = 16_384
_CREATED = datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook knows no time zone
"""What every workbook calls its time of creation, the date that its zipped parts have: the manifest tells the true
one, and the same projects give the same bytes."""
_TYPE = ox.NamedNode(rdf.type)

Written = dict[str, tuple[int, str]]
"""Size in bytes and SHA-256 of each file by its name."""


def prefixes(base_iri: str) -> dict[str, str]:
    """Return the prefixes that dumps declare: vocabularies, types of resources, concept schemes, EU tables."""
    schemes = sorted(path.stem for path in shipped("ontology", "concepts").glob("*.ttl"))
    return {
        **PREFIXES,
        **{kind: f"{base_iri}/id/{kind}/" for kind in sorted(TYPES)},
        **{
            f"{name}-concept" if name in TYPES else name: f"{concept(name)}/" for name in schemes if name != "eu-tables"
        },
        **{table: f"{AUTHORITY}/{table}/" for table in ("country", "currency", "eu-programme", "language")},
    }


def of_rdf(master_form: Format) -> tuple[Format, ...]:
    """Return the serialisations that a master of this form is given in."""
    if master_form.carries == "dataset":
        return formats.TRIG, formats.N_QUADS, formats.JSON_LD
    return formats.TURTLE, formats.N_TRIPLES, formats.JSON_LD


def write_rdf(master: Path, master_form: Format, folder: Path, form: Format, declared: dict[str, str]) -> Written:
    """Write the statements in one serialisation, gzipped."""
    path = folder / f"{STEM}{form.suffix}.gz"
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        if form == master_form:
            with master.open("rb") as plain:
                shutil.copyfileobj(plain, packed, 1 << 20)
        else:
            quads = type_first(ox.parse(path=str(master), format=master_form.rdf()))
            ox.serialize(quads, cast("IO[bytes]", packed), format=form.rdf(), prefixes=declared)
    return _written(path)


def type_first(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield each subject's types before its other statements, as people write them; the rest stays in order."""
    for _, group in itertools.groupby(quads, key=attrgetter("subject", "graph_name")):
        statements = list(group)
        yield from (quad for quad in statements if quad.predicate == _TYPE)
        yield from (quad for quad in statements if quad.predicate != _TYPE)


def write_flat(
    master: Path, base_iri: str, target: Path, languages: Sequence[str], title: Mapping[str, str], licence: str
) -> Written:
    """Write what flat records are made for: the tables and the coverage, in one pass over the projects.

    Args:
        master: The release's sorted statements.
        base_iri: What its IRIs begin with.
        target: The folder of the release, with a folder of dumps in it.
        languages: Languages of the portfolio, its own first.
        title: Its title by language.
        licence: IRI of the licence; "" where there is none.

    Returns:
        The tables; none where there is no project.
    """
    folder = target / manifest.DUMPS
    with flat.Kept(languages[0] if languages else "en", target, project=True) as kept:
        rows = target / manifest.COVERAGE_ROWS
        counted = coverage.compute(master, Minter(base_iri), rows=rows, through=kept.keep)
        (target / manifest.COVERAGE).write_text(coverage.write(counted, "json"), encoding="utf-8")
        if not kept.count:
            return {}
        table = folder / f"{STEM}{formats.RESULTS_CSV.suffix}"
        about = folder / f"{STEM}{formats.CSVW.suffix}"
        flat.write_csv(kept, table)
        about.write_text(csvw.description(kept, table.name, languages, title, licence), encoding="utf-8")
        made = [table, about]
        if kept.count <= WORKBOOK_PROJECTS and len(kept.columns) <= _WORKBOOK_COLUMNS:
            made.append(folder / f"{STEM}{formats.XLSX.suffix}")
            flat.write_xlsx(kept, made[-1], created=_CREATED)
    return {name: told for path in made for name, told in _written(path).items()}


def _written(path: Path) -> Written:
    with path.open("rb") as file:
        return {path.name: (path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())}
