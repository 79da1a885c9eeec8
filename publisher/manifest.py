"""What a release holds, and where releases stand: the one thing both wings know of each other.

A release is the folder `{releases}/{id}/`; `{releases}/current` is a relative
symbolic link to the live one. Nothing in a release is written to after it is current.
"""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher.errors import NoReleaseError, ReleaseError

NAME = "manifest.json"
LAYOUT = 4
"""Counted up when releases get files that they did not have, or of another form: what did not change is built again."""
CURRENT = "current"
PENDING = ".pending"
"""Holds the identifier of a release whose folder is in place and that is about to be current."""
STORE = "store"
DUMPS = "dumps"
VOCABULARIES = "vocabularies"
CATALOGUE = "catalogue.ttl"
VOID = "void.ttl"
INDEX = "index.json"
COVERAGE = "coverage.json"
COVERAGE_ROWS = "coverage.csv"
REJECTED_ROWS = "rejected-rows.csv"
CHANGES = "changes.jsonl.gz"
PATCH = "changes.rdfp.gz"

_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}\Z")


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The facts of one release.

    Args:
        id: UTC time and short hash of the content, `20261124T031500Z-1a2b3c4d`.
        created: When it was made, ISO 8601 in UTC with `Z`.
        version: The program's version.
        base_iri: What the minted IRIs begin with.
        title: The portfolio's title by language; empty for a foreign RDF source.
        languages: Languages of the pages, the portfolio's own first.
        master: File name of the sorted statements.
        statements_sha256: SHA-256 of the sorted statements: the content's identity.
        fingerprint: Hash of all that makes the release's bytes; equal means nothing changed.
        counts: triples, projects, outcomes, … as numbers.
        named_graphs: Names of the graphs that an RDF source brought.
        graph_triples: Statements by graph, "" for the default graph.
        files: Every file but this one, with `sha256` and `bytes`.
        validation: conforms, engine, violations, warnings, infos.
        settings: The catalogue's settings as they were.
        changes: What the release changed of the one that was live before it: `previous` (its id), projects
            `added`, `changed`, `withdrawn`, and by `resources` and `statements`; empty where there was none.
    """

    id: str
    created: str
    version: str
    base_iri: str
    title: dict[str, str]
    languages: list[str]
    master: str
    statements_sha256: str
    fingerprint: str
    counts: dict[str, int]
    named_graphs: list[str] = field(default_factory=list)
    graph_triples: dict[str, int] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    validation: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def query_base(self) -> str:
        """What relative IRIs in queries on this release are resolved against."""
        return self.base_iri + "/"

    def to_json(self) -> str:
        """Return the manifest as indented JSON text with a final newline."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


@dataclass(frozen=True)
class Release:
    """A finished release directory with its manifest."""

    path: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """The release's identifier, the name of its folder."""
        return self.manifest.id

    @property
    def store_path(self) -> Path:
        """The folder of the on-disk store."""
        return self.path / STORE

    def file(self, name: str) -> Path:
        """Return the path of a file in the release."""
        return self.path / name


def is_id(text: str) -> bool:
    """Tell whether a text has the form of a release identifier."""
    return bool(_ID.match(text))


def read(path: Path) -> Release:
    """Read a release directory.

    Raises:
        ReleaseError: There is no manifest, or it is not of this form.
    """
    try:
        loaded = json.loads((path / NAME).read_text(encoding="utf-8"))
        return Release(path, Manifest(**loaded))
    except OSError as error:
        raise ReleaseError(f"{path}: is no release: {NAME} cannot be read ({error.strerror})") from error
    except (ValueError, TypeError) as error:
        raise ReleaseError(f"{path / NAME}: is no manifest of this version: {error}") from error


def current_id(releases: Path) -> str | None:
    """Return the identifier of the live release, or None where there is none. One system call."""
    try:
        name = str((releases / CURRENT).readlink())
    except OSError:
        return None
    return name if is_id(name) else None


def current(releases: Path) -> Release | None:
    """Read the live release, or return None where there is none.

    Raises:
        ReleaseError: The link leads to something that is no release.
    """
    found = current_id(releases)
    return read(releases / found) if found else None


def find(releases: Path, release_id: str) -> Release:
    """Read one release by its identifier.

    Raises:
        NoReleaseError: It is not there.
        ReleaseError: It cannot be read.
    """
    if not is_id(release_id) or not (releases / release_id).is_dir():
        raise NoReleaseError(f"{releases}: there is no release {release_id!r}")
    return read(releases / release_id)


def pending_id(releases: Path) -> str | None:
    """Return the identifier of a release that was never current: its build is about to end, or was killed there."""
    try:
        name = (releases / PENDING).read_text(encoding="ascii")
    except (OSError, UnicodeError):
        return None
    return name if is_id(name) and name != current_id(releases) else None


def list_ids(releases: Path) -> list[str]:
    """Return the identifiers of all releases that are or were current, oldest first."""
    if not releases.is_dir():
        return []
    pending = pending_id(releases)
    return sorted(
        entry.name
        for entry in releases.iterdir()
        if is_id(entry.name) and entry.name != pending and (entry / NAME).is_file()
    )
