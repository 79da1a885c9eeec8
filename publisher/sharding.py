"""Shards of a portfolio folder: some hundred whole records, read, mapped and checked by one pure function.

A shard's text holds the portfolio's shared statements and the concepts too, so that what it points at is there. It is
worked on in this process or in several.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from publisher import mapping
from publisher.namespaces import rdf, sh
from publisher.records import model, reader
from publisher.reports import Place, Problem
from publisher.validation import check as checks
from publisher.validation.engines import Engine, Finding, PyShacl, RustShacl, Shapes

_SEES_ABSENCE = {f"{sh.base}{name}ConstraintComponent" for name in ("MinCount", "Xone", "Equals")}
"""Constraints that a statement breaks by its absence: it is missing, or stands without its companion."""


@dataclass(frozen=True)
class Job:
    """What a process needs to know to read, map and check shards of one folder."""

    context: mapping.Context
    shared: mapping.Mapped
    shapes: Shapes
    engine: str
    folder: reader.Folder
    max_bytes: int
    workdir: Path
    sample: int


@dataclass
class Shard:
    """What became of one shard.

    Args:
        problems: Faults in its records.
        codes: Place of each project's code, by project IRI.
        flagged: Project files with a finding, by rank.
        clean: The lowest-ranking files without one, by rank.
    """

    problems: list[Problem] = field(default_factory=list)
    codes: list[tuple[str, Place]] = field(default_factory=list)
    flagged: list[tuple[str, Path]] = field(default_factory=list)
    clean: list[tuple[str, Path]] = field(default_factory=list)


def run(job: Job, processes: int, batches: Sequence[list[Path]]) -> Iterator[Shard]:
    """Read, map and check batches of project files, each a shard.

    Args:
        job: What all shards share.
        processes: In how many processes; 0 = one a core.
        batches: The files of each shard.

    Yields:
        What became of each, in the order of the batches.
    """
    numbered = list(enumerate(batches))
    processes = min(processes or os.cpu_count() or 1, len(batches))
    if processes == 1:
        worker = Worker(job)
        yield from (worker.run(*entry) for entry in numbered)
        return
    # Spawned, not forked: the libraries below may hold threads.
    pool_context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, pool_context, _begin, (job,)) as pool:
        yield from pool.map(_work, numbered)


class Worker:
    """Reads, maps and checks shards; one a process."""

    def __init__(self, job: Job) -> None:
        """Load the shapes."""
        self.job = job
        self.engine: Engine = (RustShacl if job.engine == RustShacl.name else PyShacl)(job.shapes)
        lines = [*job.context.vocabularies.concept_lines, *job.shared.lines]
        self.background = "".join(f"{line}\n" for line in lines)

    def map(self, path: Path, shard: Shard) -> mapping.Mapped | None:
        """Read and map one file; None where it has faults that leave nothing to map."""
        loaded, faults = reader.read_record(path, self.job.folder.display(path), model.Project, self.job.max_bytes)
        shard.problems += faults
        if loaded is None:
            return None
        mapped = mapping.map_project(loaded, self.job.context)
        shard.problems += mapped.problems
        iri = self.job.context.minter.iri("project", loaded.record.code)
        shard.codes.append((iri, loaded.tree.place(("code",))))
        return mapped

    def text(self, mapped: Iterable[mapping.Mapped]) -> str:
        """Return a shard as N-Triples text."""
        return self.background + "".join(f"{line}\n" for entry in mapped for line in entry.lines)

    def run(self, number: int, paths: list[Path]) -> Shard:
        """Read, map and check one shard, and write its statements."""
        shard = Shard()
        kept: list[tuple[Path, mapping.Mapped]] = []
        seen: set[str] = set()
        for path in paths:
            mapped = self.map(path, shard)
            if mapped is not None and shard.codes[-1][0] not in seen:
                # Of two records with one code the first is checked: together they would break every other rule.
                seen.add(shard.codes[-1][0])
                kept.append((path, mapped))
        entries = [mapped for _, mapped in kept]
        target = self.job.workdir / f"shard-{number:06d}.nq"
        with target.open("w", encoding="utf-8") as out:
            for entry in entries:
                out.writelines(f"{line}\n" for line in entry.lines)
        places = _Places([self.job.shared, *entries])
        found = self.engine.validate(self.text(entries))
        found = {finding: value for finding, value in found.items() if not places.told(finding)}
        found = places.without_echoes(found)
        shard.problems += checks.problems(found, self.job.shapes, places.locate)
        flagged_files = {entry.place.file for entry in shard.problems}
        for path, _ in kept:
            name = self.job.folder.display(path)
            rank = hashlib.sha256(name.encode()).hexdigest()
            (shard.flagged if name in flagged_files else shard.clean).append((rank, path))
        shard.clean = sorted(shard.clean)[: self.job.sample]
        return shard


class _Places:
    """Where the statements of a shard come from."""

    def __init__(self, mapped: Sequence[mapping.Mapped]) -> None:
        self.owner: dict[str, list[mapping.Mapped]] = {}
        for entry in mapped:
            for subject, _ in entry.places:
                known = self.owner.setdefault(subject, [])
                if not known or known[-1] is not entry:
                    known.append(entry)

    def locate(self, focus: str, path: str) -> Place | None:
        """Return the place of a focus node's statement, else that of the focus node."""
        owners = self.owner.get(focus, [])
        for key in (path, "", rdf.type):
            for entry in owners:
                if (focus, key) in entry.places:
                    return entry.places[focus, key]
        return None

    def without_echoes(self, found: dict[Finding, str]) -> dict[Finding, str]:
        """Leave out what is said of a derived statement where its origin, at the same place, has a finding too."""

        def derived(finding: Finding) -> bool:
            return any((finding.focus, finding.path) in entry.derived for entry in self.owner.get(finding.focus, []))

        told = {self.locate(f.focus, f.path) for f in found if not derived(f)}
        return {f: v for f, v in found.items() if not derived(f) or self.locate(f.focus, f.path) not in told}

    def told(self, finding: Finding) -> bool:
        """Tell whether a finding only misses a statement that was left out with a problem.

        A finding about several properties has no path: it is told where any of its node's statements was left out.
        """
        if finding.component not in _SEES_ABSENCE:
            return False
        dropped = {
            key for entry in self.owner.get(finding.focus, []) for key in entry.dropped if key[0] == finding.focus
        }
        return (finding.focus, finding.path) in dropped if finding.path else bool(dropped)


_worker: Worker | None = None


def _begin(job: Job) -> None:
    """Set up a process of the pool."""
    global _worker  # a pool hands nothing to its functions but their argument
    _worker = Worker(job)


def _work(entry: tuple[int, list[Path]]) -> Shard:
    assert _worker is not None  # noqa: S101
    return _worker.run(*entry)
