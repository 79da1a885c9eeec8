"""Sources to statements and a report: the one way that `validate` and `build` share.

A portfolio folder is checked shard by shard (`sharding`). Up to
`pyshacl_up_to_projects` the reference engine checks everything; beyond that the
bulk engine does, and the reference checks a bounded sample again: the flagged
and the clean projects whose IRIs hash lowest, so that the same data gives the
same sample.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher import (
    kohesio_links,
    list_checking,
    mapping,
    rdf_sources,
    report_texts,
    sharding,
    vocabularies,
    withdrawals,
)
from publisher.collecting import Collector, Spill
from publisher.config import Settings
from publisher.errors import ConfigError, InputError
from publisher.history import Decision
from publisher.iris import Minter
from publisher.list_checking import Decisions, Known
from publisher.lists import sources as list_sources
from publisher.lists.builtin import SourceFacts
from publisher.lists.gathering import Count
from publisher.lists.sources import ListSource
from publisher.records import model, reader
from publisher.reports import VIOLATION, WARNING, Account, Place, Report, problem
from publisher.sharding import Job, Shard, Worker
from publisher.tables.model import Limits
from publisher.validation import check as checks
from publisher.validation.engines import Engine, PyShacl, RustShacl, Shapes
from publisher.validation.resources import shards as resource_shards
from publisher.withdrawals import Decided

Progress = Callable[[str], None]

CROSS_CHECKS = ("sample", "all", "none")

_CROSS_CHECK_SHARD = 25


@dataclass
class Checked:
    """What sources became.

    Args:
        report: All that is wrong.
        parts: Files of N-Quads lines, unsorted.
        title: The portfolio's title by language; of the first portfolio where there are several.
        graphs: Names of named graphs.
        profiles: Profiles of shapes that were asked, beside the core.
        spill: All problems, on disk below `workdir`.
        lists: The lists of operations among the sources.
        decisions: What people decided about withdrawn and renamed projects.
    """

    report: Report
    parts: list[Path]
    title: dict[str, str]
    graphs: frozenset[str] = frozenset()
    profiles: tuple[str, ...] = ()
    spill: Spill | None = None
    lists: tuple[ListSource, ...] = ()
    decisions: tuple[Decision, ...] = ()


def check(
    sources: Sequence[str],
    settings: Settings,
    workdir: Path,
    *,
    mapping_path: str | None = None,
    cross_check: str = "sample",
    progress: Progress = lambda _: None,
) -> Checked:
    """Read, map and check sources; write their statements below `workdir`.

    Args:
        sources: Portfolio folders, lists of operations and RDF files, as the user named them.
        settings: The settings.
        workdir: An empty folder for the parts.
        mapping_path: The mapping of the table files among the sources; None = beside each, else built in.
        cross_check: One of `CROSS_CHECKS`.
        progress: Told what goes on, a line at a time.

    Raises:
        InputError: A source cannot be read at all.
        MappingError: The vocabularies or a mapping are wrong.
        ShapesError: The shapes are wrong, or the engines disagree.
    """
    shared_vocabularies = vocabularies.load()
    shapes = Shapes.load(settings.profiles, strict=settings.strictness == "block")
    run = _Run(settings, shared_vocabularies, shapes, workdir, cross_check, progress)
    try:
        return _sources(run, sources, mapping_path)
    finally:
        run.collector.close()


def _sources(run: _Run, sources: Sequence[str], mapping_path: str | None) -> Checked:
    """Give each source to what reads its kind; lists last and together: they may meet the projects of a folder."""
    listed: list[str] = []
    for source in sources:
        path = Path(source)
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            raise InputError(f"{source}: there is no such file or folder") from None
        except (OSError, ValueError) as error:
            raise InputError(f"{source}: cannot be read: {error}") from error
        if stat.S_ISREG(mode) and rdf_sources.is_rdf(path):
            run.rdf(path, source)
        elif (stat.S_ISDIR(mode) and not reader.is_folder(path) and list_sources.is_list(path)) or (
            stat.S_ISREG(mode) and list_sources.is_list(path)
        ):
            listed.append(source)
        elif stat.S_ISDIR(mode):
            run.folder(path, source)
        else:
            raise InputError(
                f"{source}: is neither a portfolio folder, nor a list of operations, nor an RDF file that can be "
                "told by its name"
            )
    if listed or mapping_path is not None:
        run.lists(listed, mapping_path)
    return run.finish()


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _account(count: Count) -> Account:
    """Return the account of a file's rows; that every row is in it is seen to there."""
    facts = (dict(count.rejected), dict(count.skipped), dict(count.repaired), dict(count.withheld))
    return Account(count.source, count.rows, count.published, count.merged, *facts)


class _Run:
    """One run over all sources."""

    def __init__(
        self,
        settings: Settings,
        shared_vocabularies: vocabularies.Vocabularies,
        shapes: Shapes,
        workdir: Path,
        cross_check: str,
        progress: Progress,
    ) -> None:
        self.settings = settings
        self.vocabularies = shared_vocabularies
        self.shapes = shapes
        self.workdir = workdir
        self.mode = cross_check
        self.progress = progress
        self.collector = Collector(folder=_made(workdir / "problems"))
        self.notes: list[str | Mapping[str, str]] = []
        self.parts: list[Path] = []
        self.title: dict[str, str] = {}
        self.graphs: set[str] = set()
        self.projects = 0
        self.cross_checked = 0
        self.engine = PyShacl.name
        self.codes: dict[str, Place] = {}
        self.rdf_names: list[str] = []
        self.known: list[Known] = []
        self.profiles: set[str] = set()
        self.listed: list[ListSource] = []
        self.titles = dict(shapes.titles)
        self.counts: list[Count] = []
        self.decisions: list[Decided] = []
        self.met: set[str] = set()

    def finish(self) -> Checked:
        """Return all that was found."""
        self.decisions += self._decided()
        met = None if self.rdf_names else self.met  # which projects an RDF source has is not looked at
        for found in withdrawals.check(self.decisions, met, lists=bool(self.listed)):
            self.collector.add(found)
        part = self.workdir / "vocabularies.nq"
        part.write_text("\n".join(self.vocabularies.lines) + "\n", encoding="utf-8")
        self._link_items(part)
        report = self.collector.report(
            titles=self.titles,
            engine=self.engine,
            projects=self.projects,
            cross_checked=self.cross_checked,
            notes=tuple(self.notes),
            accounts=tuple(_account(count) for count in self.counts),
        )
        return Checked(
            report,
            [part, *self.parts],
            self.title,
            frozenset(self.graphs),
            tuple(sorted(self.profiles)),
            self.collector.spill,
            tuple(self.listed),
            tuple(withdrawals.decided(self.decisions, Minter(self.settings.base_iri))),
        )

    def _link_items(self, concepts: Path) -> None:
        """Link projects to Kohesio's items, where the settings name a table of them."""
        table, settings = self.settings.kohesio_items_path, self.settings
        if table is None:
            return
        made = kohesio_links.link(table, settings.kohesio_items, [concepts, *self.parts], settings.max_list_bytes)
        self.collector.extend(made.problems)
        part = self.workdir / "kohesio.nq"
        part.write_text("".join(f"{line}\n" for line in made.lines), encoding="utf-8")
        self.parts.append(part)

    # -- portfolio folders

    def folder(self, path: Path, name: str) -> None:
        """Read, map and check a portfolio folder."""
        self.progress(f"reading {name}")
        self.profiles.update(self.settings.profiles)
        folder, problems = reader.read_folder(path, name, self.settings.max_source_bytes)
        self.collector.extend(problems)
        self.projects += len(folder.projects)
        if folder.portfolio is None or any(entry.severity == VIOLATION for entry in problems):
            self._read_only(folder)
            return
        minter = Minter(self.settings.base_iri)
        ctx = mapping.context(folder, minter, self.vocabularies, self.settings.languages)
        shared = mapping.map_shared(folder, ctx)
        self.collector.extend(shared.problems)
        self.title = self.title or dict(folder.portfolio.record.title)
        bulk = len(folder.projects) > self.settings.pyshacl_up_to_projects
        self.engine = RustShacl.name if bulk else PyShacl.name
        workdir = self.workdir / f"folder-{len(self.parts)}"
        workdir.mkdir()
        part = workdir / "shared.nq"
        part.write_text("".join(f"{line}\n" for line in shared.lines), encoding="utf-8")
        limits = (self.settings.max_source_bytes, workdir, self.settings.cross_check_sample)
        job = Job(ctx, shared, self.shapes, self.engine, folder, *limits)
        size = self.settings.shard_projects
        batches = [folder.projects[at : at + size] for at in range(0, len(folder.projects), size)] or [[]]
        shards = []
        for shard in sharding.run(job, self.settings.processes, batches):
            shards.append(shard)
            self.collector.extend(shard.problems)
            self._duplicates(shard)
            shard.problems, shard.codes = [], []  # told already: a large portfolio has many shards
            if len(batches) > 1:
                self.progress(f"checked {min(len(shards) * size, len(folder.projects))} of {len(folder.projects)}")
        self.parts += sorted(workdir.glob("*.nq"))
        paths = {folder.display(project): project for project in folder.projects}
        files = {iri: paths[place.file] for iri, place in self.codes.items() if place.file in paths}
        self.known.append(Known(folder, ctx, tuple(shared.lines), files, self.settings.max_source_bytes))
        self.decisions += [Decided(entry, where.place(at)) for entry, where, at in folder.entries("decisions")]
        self.met.update(iri.rpartition("/")[2] for iri in self.codes)
        if bulk:
            self._cross_check(job, shards, batches)

    def _read_only(self, folder: reader.Folder) -> None:
        """Read the projects where the shared files have faults: what they point at is not known, so no more is said."""
        for path in folder.projects:
            name = folder.display(path)
            _, faults = reader.read_record(path, name, model.Project, self.settings.max_source_bytes)
            self.collector.extend(faults)
        self.notes.append(report_texts.note("shared-files", name=folder.name))

    def _duplicates(self, shard: Shard) -> None:
        for iri, place in shard.codes:
            first = self.codes.setdefault(iri, place)
            if first is not place:
                message = f"is the code of two records (the other: {first}); every code is used once"
                self.collector.add(problem(place, "record/duplicate-code", message, iri.rpartition("/")[2]))

    def _cross_check(self, job: Job, shards: list[Shard], batches: list[list[Path]]) -> None:
        limit = self.settings.cross_check_sample
        if self.mode == "none":
            self.notes.append(report_texts.note("not-checked-again"))
            return
        if self.mode == "all":
            chosen = [path for batch in batches for path in batch]
        else:
            flagged = sorted(entry for shard in shards for entry in shard.flagged)[:limit]
            clean = sorted(entry for shard in shards for entry in shard.clean)[:limit]
            chosen = [path for _, path in flagged + clean]
        self.progress(f"checking {len(chosen)} projects again with {PyShacl.name}")
        groups = [chosen[at : at + _CROSS_CHECK_SHARD] for at in range(0, len(chosen), _CROSS_CHECK_SHARD)]
        worker = Worker(job)
        reference = PyShacl(self.shapes)
        for group in groups:
            mapped = [entry for path in group if (entry := worker.map(path, Shard())) is not None]
            checks.cross_check(worker.text(mapped), worker.engine, reference)
            self.cross_checked += len(group)

    # -- lists of operations

    def lists(self, named: list[str], mapping_path: str | None) -> None:
        """Read, map and check lists of operations."""
        if len(self.known) > 1:
            raise ConfigError("lists of operations go with one portfolio folder; several were named")
        limits = Limits(max_bytes=self.settings.max_list_bytes)
        found = list_sources.find(named, mapping_path, self._facts, limits)
        self.listed = found
        workdir = self.workdir / f"lists-{len(self.parts)}"
        workdir.mkdir()
        outcome = list_checking.check(
            found,
            self.settings,
            self.vocabularies,
            workdir,
            known=self.known[0] if self.known else None,
            decisions=Decisions.of(entry.decision for entry in [*self.decisions, *self._decided()]),
            cross_check=self.mode,
            tell=self.collector.add,
            progress=self.progress,
        )
        self.met |= outcome.met
        self.profiles.update(name for source in found for name in source.mapping.portfolio.profiles)
        self.parts += outcome.parts
        self.projects += outcome.operations
        self.cross_checked += outcome.cross_checked
        self.engine = outcome.engine
        self.title = self.title or outcome.title
        self.counts += outcome.counts
        self.titles |= outcome.titles
        if outcome.skipped_cross_check:
            self.notes.append(report_texts.note("not-checked-again"))

    def _facts(self, name: str) -> SourceFacts:
        """Return what a built-in mapping says of a file's source: what the settings tell, else the file's name."""
        return SourceFacts(name=Path(name).name, language=self.settings.languages[0])

    def _decided(self) -> list[Decided]:
        """Return the decisions of the file that the settings name; its faults are told once."""
        path = self.settings.decisions_path
        if path is None:
            return []
        loaded, faults = reader.read_record(
            path, self.settings.decisions, model.Decisions, self.settings.max_source_bytes
        )
        if not self.listed:
            self.collector.extend(faults)
        if loaded is None:
            return []
        places = (loaded.tree.place(("decisions", index)) for index in range(len(loaded.record.decisions)))
        return [Decided(entry, place) for entry, place in zip(loaded.record.decisions, places, strict=True)]

    # -- RDF files

    def rdf(self, path: Path, name: str) -> None:
        """Read an RDF file and check what it says of our classes."""
        self.progress(f"reading {name}")
        self.profiles.update(self.settings.profiles)
        part = self.workdir / f"rdf-{len(self.parts)}.nq"
        namesakes = self.rdf_names.count(path.name)
        self.rdf_names.append(path.name)
        converted = rdf_sources.convert(path, name, part, self.settings.base_iri, namesakes)
        self.parts.append(part)
        self.graphs |= converted.graphs
        if converted.blank_nodes:
            self.notes.append(report_texts.note("blank-nodes", name=name, n=converted.blank_nodes))
        looked_at = self._check_resources(part, name)
        if looked_at < converted.statements:
            unseen = converted.statements - looked_at
            message = (
                f"{unseen} of {converted.statements} statements are about no class of the shapes; none looked at them"
            )
            self.collector.add(problem(Place(name), "rdf/not-checked", message, severity=WARNING))

    def _check_resources(self, part: Path, name: str) -> int:
        looked_at = 0
        engine: Engine | None = None
        for shard in resource_shards(part, self.vocabularies.concept_lines):
            if engine is None:
                bulk = shard.total > self.settings.pyshacl_up_to_projects
                engine = RustShacl(self.shapes) if bulk else PyShacl(self.shapes)
                self.engine = engine.name
                self.projects += shard.projects
            looked_at += shard.statements
            found = engine.validate(shard.text)
            self.collector.extend(checks.problems(found, self.shapes, lambda focus, _: Place(name, path=focus)))
            if engine.name == RustShacl.name and (self.mode == "all" or (self.mode == "sample" and shard.sampled)):
                checks.cross_check(shard.text, engine, PyShacl(self.shapes))
        return looked_at
