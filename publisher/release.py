"""Builds a release aside, and makes it current by one atomic step.

    sources --checking--> parts --sort--> master --> dumps, store, catalogue, VoID, index --> manifest
    {releases}/.building-…/  --fsync, rename-->  {releases}/{id}/  --symbolic link replaced-->  live

Until the last step nothing of the live release is touched: a build that fails
or is killed leaves only a hidden folder that the next build clears away. Memory
is bounded by the batch: sorting is GNU sort's, dumps and counts are streams.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import multiprocessing
import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from publisher import (
    __version__,
    changes,
    checking,
    collecting,
    dumps,
    formats,
    history,
    index,
    manifest,
    names,
    ntriples,
    recording,
    spool,
    stores,
    void,
)
from publisher.catalogue.describe import catalogue
from publisher.catalogue.facts import FACTS, SERIES_LIMIT, Facts, Period, kept_ids, read_all
from publisher.checking import Checked, Progress
from publisher.config import Settings, shipped
from publisher.errors import NotConformantError, ReleaseError
from publisher.formats import Format
from publisher.history import Event
from publisher.iris import Minter
from publisher.manifest import Manifest, Release
from publisher.namespaces import AUTHORITY, PREFIXES, dcatap, dct, spdx, vcard
from publisher.reports import Report
from publisher.validation.engines import Shapes

REJECTED = "rejected"
"""Folder below the releases that holds the report of the last build that was refused."""

_REPORTS = {"report.ttl": "turtle", "report.json": "json", "report.html": "html"}
_CATALOGUE_SETTINGS = (
    "publisher_name", "publisher_home", "publisher_type", "contact_name", "contact_email", "contact_page", "licence",
    "rights", "frequency", "legislation", "themes", "keywords", "countries", "nuts", "period_start", "period_end",
    "creator_name", "creator_home", "creator_type", "sources", "provenance", "public_url", "languages", "base_iri",
)  # fmt: skip
"""The settings that are part of a release's content."""


_SMALL_MASTER_BYTES = 20_000_000
"""Below this, starting processes takes longer than they save."""

_CATALOGUE_PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcatap": dcatap.base,
    "spdx": spdx.base,
    "vcard": vcard.base,
    **{table: f"{AUTHORITY}/{table}/" for table in ("country", "data-theme", "file-type", "frequency", "language")},
}


def build(
    sources: Sequence[str],
    settings: Settings,
    releases: Path,
    *,
    mapping_path: str | None = None,
    cross_check: str = "sample",
    reason: str = "",
    progress: Progress = lambda _: None,
) -> tuple[Release, Report, bool]:
    """Make a release of sources and make it current.

    Args:
        sources: Portfolio folders, lists of operations and RDF files, as the user named them.
        settings: The settings.
        releases: The folder of the releases; made where it is missing.
        mapping_path: The mapping of the table files among the sources; None = beside each, else built in.
        cross_check: One of `checking.CROSS_CHECKS`.
        reason: Why what this release withdraws is withdrawn, where no decision tells it; in the first language.
        progress: Told what goes on, a line at a time.

    Returns:
        The live release, the report on the sources, and whether the release is new: False where nothing had changed.

    Raises:
        NotConformantError: The data does not conform; the live release is as it was.
        ReleaseError: Another build is running, or the disk does not take the release.
        PublisherError: A source, the vocabularies or the shapes cannot be used.
    """
    with _workplace(releases) as workdir:
        try:
            return _build(sources, settings, releases, workdir, mapping_path, cross_check, reason, progress)
        except OSError as error:
            raise ReleaseError(f"{releases}: the release cannot be written: {error}") from error


def _build(
    sources: Sequence[str],
    settings: Settings,
    releases: Path,
    workdir: Path,
    mapping_path: str | None,
    cross_check: str,
    reason: str,
    progress: Progress,
) -> tuple[Release, Report, bool]:
    parts = workdir / "parts"
    parts.mkdir()
    checked = checking.check(
        sources, settings, parts, mapping_path=mapping_path, cross_check=cross_check, progress=progress
    )
    if not checked.report.conforms:
        where = _keep_rejected(releases, checked.report, settings.languages[0])
        raise NotConformantError(f"{checked.report.summary()} Nothing was released; report: {where}", checked.report)
    progress("sorting the statements")
    target = workdir / "release"
    target.mkdir()
    form = formats.N_QUADS if checked.graphs else formats.N_TRIPLES
    master = target / f"portfolio{form.suffix}"
    spool.sort(checked.parts, master, unique=True)
    for part in checked.parts:
        part.unlink()  # a portfolio's statements, the second time; its problems are still told
    digest = _sha256(master)
    fingerprint = _fingerprint(digest, settings, checked)
    live = _live(releases)
    if live is not None and live.manifest.fingerprint == fingerprint:
        return live, checked.report, False
    created = recording.moment(releases, datetime.now(UTC))
    facts = Manifest(
        id=f"{created:%Y%m%dT%H%M%SZ}-{fingerprint[:8]}",
        created=f"{created:%Y-%m-%dT%H:%M:%SZ}",
        version=__version__,
        base_iri=settings.base_iri,
        title=checked.title,
        languages=settings.languages,
        master=master.name,
        statements_sha256=digest,
        fingerprint=fingerprint,
        counts={},
        named_graphs=sorted(checked.graphs),
        validation=_validation(checked.report),
        settings={name: value for name, value in asdict(settings).items() if name in _CATALOGUE_SETTINGS},
    )
    assembly = _Assembly(facts, settings, target, form, checked, progress)
    return assembly.publish(releases, _before(releases), reason), checked.report, True


def _live(releases: Path) -> Release | None:
    """Return the live release; None where there is none or it cannot be read: a build must be able to mend that."""
    try:
        return manifest.current(releases)
    except ReleaseError:
        return None


def _before(releases: Path) -> Release | None:
    """Return the release that the next one is compared with: the live one, else the last whose statements are there."""
    live = manifest.current_id(releases)
    for name in [*([live] if live else []), *reversed(manifest.list_ids(releases))]:
        with suppress(ReleaseError):
            found = manifest.find(releases, name)
            if found.file(found.manifest.master).is_file():
                return found
    return None


def _validation(report: Report) -> dict[str, Any]:
    return {
        "conforms": report.conforms,
        "engine": report.engine,
        "projects": report.projects,
        "cross_checked": report.cross_checked,
        **report.counts,
    }


class _Assembly:
    """Fills the folder of one release."""

    def __init__(
        self, facts: Manifest, settings: Settings, target: Path, form: Format, checked: Checked, progress: Progress
    ) -> None:
        self.manifest = facts
        self.settings = settings
        self.target = target
        self.form = form
        self.checked = checked
        self.progress = progress
        self.master = target / facts.master

    def publish(self, releases: Path, before: Release | None, reason: str) -> Release:
        """Write everything, then swap the release in."""
        self._compare(releases, before, reason)
        self.progress("writing the dumps and loading the store")
        written, counted = self._heavy()
        self.progress("describing the release")
        self._vocabularies()
        store = stores.Store(self.target / manifest.STORE)
        made = index.build(store, Minter(self.manifest.base_iri), counted, self.master)
        self._text(manifest.INDEX, json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n")
        counts = {
            "triples": counted.triples,
            "subjects": counted.distinct_subjects,
            "projects": made["project_count"],
            **{name.rpartition("#")[2]: part.count for name, part in counted.classes.items() if "#" in name},
        }
        self.manifest = replace(self.manifest, counts=counts, graph_triples=counted.graph_triples)
        self._catalogue(releases, written, store, made)
        recording.describe(self.target.parent, before, Release(self.target, self.manifest))
        self._turtle(manifest.VOID, void.void(counted, self.manifest, self.settings, list(written)))
        for name, form in _REPORTS.items():
            self._text(name, self.checked.report.write(form, self.settings.languages[0]))
        report, spill = self.checked.report, self.checked.spill
        if spill is not None and any(account.rejected for account in report.accounts):
            collecting.rejected_rows(
                spill, self.target / manifest.REJECTED_ROWS, report.accounts, self.settings.languages[0]
            )
        self.manifest = replace(self.manifest, files=_inventory(self.target))
        self._text(manifest.NAME, self.manifest.to_json())
        return _swap_in(self.target, releases, self.manifest)

    def _catalogue(self, releases: Path, written: dumps.Written, store: stores.Store, made: dict[str, Any]) -> None:
        """Describe this release and all that are kept beside it."""
        kept = read_all(releases, kept_ids(releases))
        this = Facts(
            manifest=self.manifest,
            settings=self.settings,
            dumps=written,
            period=Period(
                start=self.settings.period_start or made["period"].get("start", ""),
                end=self.settings.period_end or made["period"].get("end", ""),
            ),
            portfolios={iri: index.texts(store, iri, dct.title) for iri in made["portfolios"][:SERIES_LIMIT]},
            issued=kept[0].issued or kept[0].manifest.created if kept else "",
        )
        self._text(FACTS, this.to_json())
        # Of two builds in one second that made the same, the second is the first again.
        beside = [other for other in kept if other.id != this.id]
        self._turtle(manifest.CATALOGUE, catalogue(this, [*beside, this]))

    def _compare(self, releases: Path, before: Release | None, reason: str) -> None:
        """Tell what the release changes, and prepare the history for it."""
        account: Iterable[changes.ResourceChange] = ()
        after = Release(self.target, self.manifest)
        if before is not None:
            self.progress("comparing with the release before")
            summary = changes.write(before, after, self.target)
            account = changes.read(self.target)
            if not (releases / history.FILE).is_file():
                self.progress(f"{releases / history.FILE} is not there: the history begins with {before.id}")
        said = {self.settings.languages[0]: reason} if reason else {}
        event = recording.prepare(
            releases, self.target.parent, before, after, account, self.checked.decisions, reason=said
        )  # fmt: skip
        if before is not None:
            told = {**asdict(summary), "added": event.added, "changed": event.changed, "withdrawn": event.withdrawn}
            self.manifest = replace(self.manifest, changes=told)

    def _heavy(self) -> tuple[dumps.Written, void.Statistics]:
        """Write the dumps, load the store and count; return the dumps and the counts.

        Side by side in processes of their own where the master is large: each reads it as a stream.
        """
        folder = self.target / manifest.DUMPS
        folder.mkdir()
        facts = self.manifest
        declared = dumps.prefixes(facts.base_iri)
        processes = self.settings.processes or os.cpu_count() or 1
        small = self.master.stat().st_size < _SMALL_MASTER_BYTES
        with _Inline() if small or processes == 1 else ProcessPoolExecutor(
            processes, multiprocessing.get_context("spawn")
        ) as pool:  # fmt: skip
            loaded = pool.submit(stores.load, self.target / manifest.STORE, self.master, self.form)
            counted = pool.submit(_count, self.master)
            flat = pool.submit(
                dumps.write_flat, self.master, facts.base_iri, self.target, facts.languages, facts.title,
                self.settings.licence,
            )  # fmt: skip
            named = pool.submit(names.build, self.master, self.target / names.FILE, facts.base_iri)
            made = [
                pool.submit(dumps.write_rdf, self.master, self.form, folder, form, declared)
                for form in dumps.of_rdf(self.form)
            ]
            loaded.result()
            named.result()
            written = [*(done.result() for done in made), flat.result()]
            return {name: told for files in written for name, told in files.items()}, counted.result()

    def _vocabularies(self) -> None:
        folder = self.target / manifest.VOCABULARIES
        folder.mkdir()
        for name in ("portfolio.ttl", "alignments.ttl", "context.jsonld"):
            target = "ontology.ttl" if name == "portfolio.ttl" else name
            shutil.copyfile(shipped("ontology", name), folder / target)
        (folder / "shapes.ttl").write_text(Shapes.load(self.checked.profiles).text, encoding="utf-8")

    def _turtle(self, name: str, lines: list[str]) -> None:
        quads = dumps.type_first(ox.parse(ntriples.text(sorted(set(lines))), format=ox.RdfFormat.N_TRIPLES))
        prefixes = {**PREFIXES, **_CATALOGUE_PREFIXES, "dataset": f"{self.manifest.base_iri}/id/dataset/"}
        written = ox.serialize(quads, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
        (self.target / name).write_bytes(written or b"")

    def _text(self, name: str, text: str) -> None:
        (self.target / name).write_text(text, encoding="utf-8")


def _count(master: Path) -> void.Statistics:
    with master.open(encoding="utf-8") as lines:
        return void.statistics(lines)


class _Inline(Executor):
    """Runs what is submitted at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


# -- the workplace


@contextmanager
def _lock(releases: Path) -> Iterator[None]:
    """Let one process at a time change the releases."""
    try:
        releases.mkdir(parents=True, exist_ok=True)
        lock = (releases / ".lock").open("a")
    except OSError as error:
        raise ReleaseError(f"{releases}: cannot be written to: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReleaseError(f"{releases}: another build is running; try again when it is done") from None
        yield


@contextmanager
def _workplace(releases: Path) -> Iterator[Path]:
    """Give a fresh folder beside the releases to the one build that may run; clear away what a killed one left."""
    with _lock(releases):
        for left in releases.glob(".building-*"):
            shutil.rmtree(left, ignore_errors=True)
        never_current = manifest.pending_id(releases)
        if never_current is not None:
            shutil.rmtree(releases / never_current, ignore_errors=True)
        (releases / manifest.PENDING).unlink(missing_ok=True)
        workdir = releases / f".building-{os.getpid()}"
        try:
            workdir.mkdir()
        except OSError as error:
            raise ReleaseError(f"{releases}: cannot be written to: {error.strerror}") from error
        try:
            yield workdir
        finally:
            shutil.rmtree(workdir, ignore_errors=True)


def _keep_rejected(releases: Path, report: Report, language: str) -> Path:
    """Keep the report of a refused build, in place of the one before."""
    folder = releases / REJECTED
    folder.mkdir(exist_ok=True)
    for name, form in _REPORTS.items():
        fresh = folder / f".{name}"
        fresh.write_text(report.write(form, language), encoding="utf-8")
        fresh.replace(folder / name)
    return folder / "report.html"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fingerprint(digest: str, settings: Settings, checked: Checked) -> str:
    """Hash all that makes the bytes of a release, timestamps apart."""
    content = {
        "statements": digest,
        "settings": {name: getattr(settings, name) for name in _CATALOGUE_SETTINGS},
        "program": [
            __version__,
            manifest.LAYOUT,
            package_version("pyoxigraph"),
            package_version("xlsxwriter"),
            sqlite3.sqlite_version,
            platform.machine(),
        ],
        "context": shipped("ontology", "context.jsonld").read_text(encoding="utf-8"),
        "shapes": hashlib.sha256(Shapes.load(checked.profiles).text.encode()).hexdigest(),
        "decisions": [asdict(decision) for decision in checked.decisions],
        "examples": index.examples(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _inventory(folder: Path) -> dict[str, dict[str, Any]]:
    """Return size and SHA-256 of every file below a folder, the store's own left out: its bytes are the engine's."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        name: {"bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in files
        if not (name := path.relative_to(folder).as_posix()).startswith(f"{manifest.STORE}/")
    }


def _sync(folder: Path) -> None:
    """Make a folder and all below it durable."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _swap_in(folder: Path, releases: Path, facts: Manifest) -> Release:
    _sync(folder)
    target = releases / facts.id
    if not target.exists():  # else a build in this very second made the same, and was rolled back
        with (releases / manifest.PENDING).open("w", encoding="ascii") as pending:
            pending.write(facts.id)
            pending.flush()
            os.fsync(pending.fileno())
        folder.rename(target)
    recording.install(releases, folder.parent)
    _link(releases, facts.id)
    (releases / manifest.PENDING).unlink(missing_ok=True)
    return Release(target, facts)


def make_current(releases: Path, release_id: str) -> Event | None:
    """Let `current` lead to a release, by one atomic step, and tell the history what that changes.

    Returns:
        The event; None where the release is current already.

    Raises:
        ReleaseError: There is no such release, a build is running, or the folder cannot be written to.
    """
    target = manifest.find(releases, release_id)
    with _workplace(releases) as workdir:
        if manifest.current_id(releases) == release_id:
            return None
        before = _before(releases)
        account: Iterable[changes.ResourceChange] = ()
        if before is not None:
            changes.write(before, target, workdir)
            account = changes.read(workdir)
        recording.prepare(releases, workdir, before, target, account, action=history.ROLLBACK)
        recording.describe(workdir, before, target)
        try:
            event = recording.install(releases, workdir)
            _link(releases, release_id)
        except OSError as error:
            raise ReleaseError(f"{releases}: cannot be written to: {error.strerror}") from error
        return event


def _link(releases: Path, release_id: str) -> None:
    fresh = releases / ".current-new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(release_id)
    fresh.replace(releases / manifest.CURRENT)
    descriptor = os.open(releases, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
