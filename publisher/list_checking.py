r"""Lists of operations to checked statements: gather, describe, validate in shards, check a sample again.

    lists --gathering--> rows sorted by operation --statements--> shard --engine--> problems in rows and columns
                                                            \--> {workdir}/list-….nq

A shard is some hundred whole operations. It is described and checked by one
pure function, in this process or in several; memory is bounded by the shards in flight.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Dictionary
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from publisher import mapping as records_mapping
from publisher import spool
from publisher.config import Settings
from publisher.errors import ConfigError, MappingError
from publisher.iris import Minter
from publisher.lists import gathering
from publisher.lists.gathering import Count, Gathered, Grouping, Keys, Places
from publisher.lists.operation import Operation
from publisher.lists.shared import Context, Described, shared_lines
from publisher.lists.sources import ListSource
from publisher.lists.statements import Describer
from publisher.namespaces import skos
from publisher.records import model, reader
from publisher.reports import VIOLATION, WARNING, Place, Problem
from publisher.spool import Spool
from publisher.tables.model import Limits
from publisher.validation import check as checks
from publisher.validation.engines import Engine, Finding, PyShacl, RustShacl, Shapes
from publisher.vocabularies import LANGUAGES, Vocabularies

Group = tuple[str, list[str]]
"""A key with the spooled rows of its operations."""

_CROSS_CHECK_SHARD = 20
_IN_FLIGHT = 6
"""Shards that are on their way to each process at once."""


@dataclass(frozen=True)
class Known:
    """Projects that a portfolio folder describes by hand: lists only add their source record.

    Args:
        folder: The folder.
        context: What its records may point at.
        shared: Its shared statements.
        projects: File by project IRI.
        max_bytes: Largest record file.
    """

    folder: reader.Folder
    context: records_mapping.Context
    shared: tuple[str, ...]
    projects: dict[str, Path]
    max_bytes: int

    def lines(self, iri: str) -> Iterable[str]:
        """Return the statements that the folder makes of a project."""
        path = self.projects[iri]
        loaded, _ = reader.read_record(path, self.folder.display(path), model.Project, self.max_bytes)
        return records_mapping.map_project(loaded, self.context).lines if loaded is not None else ()


@dataclass(frozen=True)
class Decisions:
    """A person's decisions about keys: key → the key that it is the same as; `named` are all that they name."""

    projects: Dictionary[str, str] = field(default_factory=dict)
    organisations: Dictionary[str, str] = field(default_factory=dict)
    named: frozenset[str] = frozenset()

    @classmethod
    def of(cls, decisions: Iterable[model.Decision]) -> Decisions:
        """Take the decisions `same-project` and `same-organisation`: the first key named stands for all."""
        found: dict[str, dict[str, str]] = {"same-project": {}, "same-organisation": {}}
        named: set[str] = set()
        for decision in decisions:
            named.update([*decision.about, *([decision.successor] if decision.successor else [])])
            if decision.kind in found:
                first, *others = decision.about
                found[decision.kind] |= {other: found[decision.kind].get(first, first) for other in others}
        return cls(found["same-project"], found["same-organisation"], frozenset(named))


@dataclass
class Outcome:
    """What lists became: files of statements, counts, and how many operations were checked again."""

    parts: list[Path]
    counts: list[Count]
    operations: int
    cross_checked: int
    engine: str
    title: dict[str, str]
    titles: dict[str, dict[str, str]]
    skipped_cross_check: bool = False
    met: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Job:
    """What a process needs to know."""

    context: Context
    places: tuple[Places, ...]
    identity: tuple[str, ...]
    shapes: Shapes
    engine: str
    shared: tuple[str, ...]
    workdir: Path
    sample: int
    known: Known | None


@dataclass
class _Shard:
    """What became of one shard."""

    problems: list[Problem]
    counts: dict[tuple[int, int], Count]
    operations: int
    flagged: list[tuple[str, Group]]
    clean: list[tuple[str, Group]]


def check(
    sources: Sequence[ListSource],
    settings: Settings,
    vocabularies: Vocabularies,
    workdir: Path,
    *,
    known: Known | None,
    decisions: Decisions,
    cross_check: str,
    tell: Callable[[Problem], None],
    progress: Callable[[str], None],
) -> Outcome:
    """Turn lists to checked statements below `workdir`.

    Raises:
        ConfigError: The lists are of several scopes, and no setting tells the main one.
        InputError: A list cannot be read.
        MappingError: A mapping is wrong.
        ShapesError: The shapes are wrong, or the engines disagree.
    """
    ordered = sorted(sources, key=_preference)
    for source in ordered:
        if source.mapping.source.language not in LANGUAGES:
            raise MappingError(
                f"{source.name}: source.language: {source.mapping.source.language!r} is no language that this program "
                f"knows; write that of the list's texts: {', '.join(sorted(LANGUAGES))}"
            )
    strict = settings.strictness == "block"

    def told(problem: Problem) -> None:
        tell(
            replace(problem, severity=VIOLATION)
            if strict and problem.severity == WARNING and _rejects(problem)
            else problem
        )

    keys = Keys(_main_scope(ordered, settings, known), decisions.projects, decisions.named)
    gathered = gathering.gather(
        ordered,
        keys,
        workdir,
        Limits(max_bytes=settings.max_list_bytes),
        told,
        progress,
        processes=settings.processes or os.cpu_count() or 1,
    )
    context = Context(Minter(settings.base_iri), vocabularies, gathered.facts, decisions.organisations)
    profiles = sorted({name for source in ordered for name in source.mapping.portfolio.profiles})
    shapes = Shapes.load(profiles, strict=strict)
    run = _Run(settings, context, gathered, shapes, workdir, known, cross_check, told, progress)
    run.shards()
    counts = [run.total(where) for where in sorted(gathered.counts)]
    title = dict(ordered[0].mapping.portfolio.title)
    return Outcome(
        run.parts, counts, run.operations, run.cross_checked, run.engine, title, shapes.titles, cross_check == "none",
        gathered.met,
    )  # fmt: skip


_REJECTIONS = (
    "lists/title-missing", "lists/code-missing", "lists/code-form", "lists/duplicate-code", "lists/cells-moved",
)  # fmt: skip


def _rejects(problem: Problem) -> bool:
    """Tell whether a problem is why a row is not published."""
    return problem.rule in _REJECTIONS or problem.rule.startswith("tables/")


def _preference(source: ListSource) -> tuple[int, ...]:
    """Order lists by what they are as of, the latest first; those that do not say come last, in the user's order."""
    as_of = source.mapping.source.as_of
    return (1, 0) if as_of == "unknown" else (0, -int(as_of.replace("-", "").ljust(8, "9")))


def _main_scope(sources: Sequence[ListSource], settings: Settings, known: Known | None) -> str:
    if settings.code_scope:
        return settings.code_scope
    if known is not None:
        return known.context.portfolio.code_scope
    scopes = sorted({source.mapping.portfolio.code_scope for source in sources})
    if len(scopes) > 1:
        raise ConfigError(
            f"the lists have codes of several scopes ({', '.join(scopes)}): set code_scope to the one whose codes "
            "stand in addresses without it"
        )
    return scopes[0]


class _Run:
    """One run over all lists."""

    def __init__(
        self, settings: Settings, context: Context, gathered: Gathered, shapes: Shapes, workdir: Path,
        known: Known | None, mode: str, tell: Callable[[Problem], None], progress: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.settings = settings
        self.gathered = gathered
        self.mode = mode
        self.tell = tell
        self.progress = progress
        self.counts: dict[tuple[int, int], Count] = {}
        self.operations = 0
        self.cross_checked = 0
        self.parts: list[Path] = []
        self.flagged: list[tuple[str, Group]] = []
        self.clean: list[tuple[str, Group]] = []
        bulk = gathered.operations > settings.pyshacl_up_to_projects
        self.engine = RustShacl.name if bulk else PyShacl.name
        shared = tuple(shared_lines(context))
        part = workdir / "lists-shared.nq"
        part.write_text("".join(f"{line}\n" for line in shared), encoding="utf-8")
        self.parts.append(part)
        self.job = _Job(
            context, gathered.places, gathered.identity, shapes, self.engine, shared, workdir,
            settings.cross_check_sample, known,
        )  # fmt: skip

    def total(self, where: tuple[int, int]) -> Count:
        """Return what became of all rows of a file: as read, and as grouped."""
        count, grouped = self.gathered.counts[where], self.counts.get(where)
        if grouped is not None:
            count.published += grouped.published
            count.merged += grouped.merged
            count.rejected += grouped.rejected
        return count

    def shards(self) -> None:
        """Describe and check all operations, then a sample again."""
        self._shards()
        self._names()

    def _names(self) -> None:
        """Give what several operations name one name a language, the most frequent; the others are known beside it."""
        files = [self.job.workdir / part.name.replace("list-", "names-").removesuffix(".nq") for part in self.parts[1:]]
        merged = self.job.workdir / "names.sorted"
        spool.sort(files, merged)
        target = self.job.workdir / "lists-names.nq"
        with target.open("w", encoding="utf-8") as out:
            for key, terms in spool.grouped(merged):
                subject, predicate, _ = key.split(" ")
                counted = ((len(list(group)), term) for term, group in itertools.groupby(terms))
                ranked = sorted(counted, key=lambda entry: (-entry[0], entry[1]))
                for rank, (_, term) in enumerate(ranked):
                    out.write(f"<{subject}> <{skos.altLabel if rank else predicate}> {term} .\n")
        self.parts.append(target)
        for file in files:
            file.unlink()

    def _shards(self) -> None:
        processes = min(
            self.settings.processes or os.cpu_count() or 1, -(-self.gathered.operations // self.settings.shard_projects)
        )
        groups = ((key, list(payloads)) for key, payloads in spool.grouped(self.gathered.sorted))
        batches = enumerate(_batches(groups, self.settings.shard_projects))
        if processes <= 1:
            worker = _Worker(self.job)
            for number, batch in batches:
                self._take(worker.run(number, batch))
            for chosen in self._sample():
                worker.cross_check(chosen)
            return
        # Spawned, not forked: the libraries below may hold threads.
        with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin, (self.job,)) as pool:
            waiting: list[Future[_Shard]] = []
            for number, batch in batches:
                waiting.append(pool.submit(_work, number, batch))
                if len(waiting) >= processes * _IN_FLIGHT:
                    self._take(waiting.pop(0).result())
            for future in waiting:
                self._take(future.result())
            for done in [pool.submit(_again, chosen) for chosen in self._sample()]:
                done.result()

    def _take(self, shard: _Shard) -> None:
        self.parts.append(self.job.workdir / f"list-{len(self.parts) - 1:06d}.nq")
        for problem in shard.problems:
            self.tell(problem)
        for where, count in shard.counts.items():
            total = self.counts.setdefault(where, Count(count.source))
            total.published += count.published
            total.merged += count.merged
            total.rejected += count.rejected
        self.operations += shard.operations
        limit = self.settings.cross_check_sample if self.mode == "sample" else 0 if self.mode == "none" else None
        for kept, new in ((self.flagged, shard.flagged), (self.clean, shard.clean)):
            kept += new
            if limit is not None and len(kept) > limit:
                kept[:] = heapq.nsmallest(limit, kept)
        if self.operations % 10_000 < shard.operations:
            self.progress(f"checked {self.operations} of about {self.gathered.operations} operations")

    def _sample(self) -> Iterator[list[Group]]:
        if self.engine == PyShacl.name:
            return
        chosen = [group for _, group in sorted(self.flagged) + sorted(self.clean)]
        self.cross_checked = len(chosen)
        if chosen:
            self.progress(f"checking {len(chosen)} operations again with {PyShacl.name}")
        yield from _batches(iter(chosen), _CROSS_CHECK_SHARD)


def _batches(groups: Iterator[Group], size: int) -> Iterator[list[Group]]:
    while batch := list(itertools.islice(groups, size)):
        yield batch


class _Worker:
    """Describes and checks shards; one a process."""

    def __init__(self, job: _Job) -> None:
        self.job = job
        self.describer = Describer(job.context)
        self.engine: Engine = (RustShacl if job.engine == RustShacl.name else PyShacl)(job.shapes)
        self.reference: Engine | None = None
        lines = [*job.context.vocabularies.concept_lines, *job.shared, *(job.known.shared if job.known else ())]
        self.background = "".join(f"{line}\n" for line in dict.fromkeys(lines))

    def _described(self, grouping: Grouping, batch: list[Group]) -> Iterator[tuple[Operation, Described, Group]]:
        known = self.job.known
        for group in batch:
            for operation in grouping.operations(*group):
                iri = f"{self.job.context.minter.base_iri}/id/project/{operation.key}"
                by_hand = known is not None and iri in known.projects
                yield operation, self.describer.describe(operation, known=by_hand), group

    def _text(self, described: Sequence[Described]) -> str:
        lines = [line for entry in described for line in entry.lines]
        named: dict[tuple[str, str, str], str] = {}
        for entry in described:
            for subject, predicate, term in entry.names:
                named.setdefault((subject, predicate, term.rpartition("@")[2]), term)
        lines += [f"<{subject}> <{predicate}> {term} ." for (subject, predicate, _), term in named.items()]
        known = self.job.known
        if known is not None:
            projects = [iri for entry in described for iri in entry.origins if iri in known.projects]
            lines += [line for iri in projects for line in known.lines(iri)]
        return self.background + "".join(f"{line}\n" for line in dict.fromkeys(lines))

    def run(self, number: int, batch: list[Group]) -> _Shard:
        """Describe and check one shard, and write its statements."""
        grouping = Grouping(self.job.identity, self.job.places)
        made = list(self._described(grouping, batch))
        described = [entry for _, entry, _ in made]
        target = self.job.workdir / f"list-{number:06d}.nq"
        with target.open("w", encoding="utf-8") as out:
            for entry in described:
                out.writelines(f"{line}\n" for line in entry.lines)
        with Spool(self.job.workdir / f"names-{number:06d}") as names:
            for entry in described:
                for subject, predicate, term in entry.names:
                    names.write(f"{subject} {predicate} {term.rpartition('@')[2]}", term)
        found = self.engine.validate(self._text(described))
        problems = grouping.problems + self._problems(described, found)
        flagged_subjects = {finding.focus for finding in found}
        flagged: dict[str, tuple[str, Group]] = {}
        clean: dict[str, tuple[str, Group]] = {}
        for _, entry, group in made:
            rank = hashlib.sha256(group[0].encode()).hexdigest()
            (flagged if not flagged_subjects.isdisjoint(entry.origins) else clean)[group[0]] = (rank, group)
        sample = self.job.sample
        return _Shard(
            problems,
            grouping.counts,
            len(made),
            heapq.nsmallest(sample, flagged.values()),
            heapq.nsmallest(sample, (entry for key, entry in clean.items() if key not in flagged)),
        )

    def _problems(self, described: Sequence[Described], found: dict[Finding, str]) -> list[Problem]:
        origin = {subject: entry for entry in described for subject in entry.origins}

        def locate(focus: str, path: str) -> Place | None:
            entry = origin.get(focus)
            if entry is None:
                return None
            source, row = entry.origins[focus]
            return self.job.places[source].place(row, entry.columns.get((focus, path)))

        return checks.problems(found, self.job.shapes, locate)

    def cross_check(self, batch: list[Group]) -> None:
        """Let the reference engine check a batch again."""
        self.reference = self.reference or PyShacl(self.job.shapes)
        grouping = Grouping(self.job.identity, self.job.places)
        described = [entry for _, entry, _ in self._described(grouping, batch)]
        checks.cross_check(self._text(described), self.engine, self.reference)


_worker: _Worker | None = None


def _begin(job: _Job) -> None:
    """Set up a process of the pool."""
    global _worker  # a pool hands nothing to its functions but their arguments
    _worker = _Worker(job)


def _work(number: int, batch: list[Group]) -> _Shard:
    assert _worker is not None  # noqa: S101
    return _worker.run(number, batch)


def _again(batch: list[Group]) -> None:
    assert _worker is not None  # noqa: S101
    _worker.cross_check(batch)
