"""What the catalogue says of one release: its manifest, and `catalogue.json` beside it.

A release is described from these whenever a catalogue is made, at its build and as long as it is kept: so
each kept release is described alike, and one that was removed is in no catalogue any more.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher import manifest
from publisher.catalogue.tables import DUMP_FORMATS
from publisher.config import FIELDS, Settings
from publisher.errors import ReleaseError
from publisher.formats import by_suffix
from publisher.manifest import Manifest, Release

FACTS = "catalogue.json"
"""The file of a release that holds what the catalogue says of it and its manifest does not."""

SERIES_LIMIT = 100
"""Portfolios of a release that are series of the catalogue, by IRI; a list may name more."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """The time that the data is about: `2014`, `2014-06` or `2014-06-30`; empty = unknown."""

    start: str = ""
    end: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A release as the catalogue sees it.

    Args:
        manifest: The release. Conformance is told where its `validation` says `conforms`.
        settings: Publisher, contact, licence and the like, as they were at the build.
        dumps: Size in bytes and SHA-256 in hexadecimal by file name, without a folder; what describes the columns of a
            table among them.
        period: The time that the data is about.
        portfolios: Title by language of each portfolio in it, by IRI.
        issued: When the first release was made; "" = this one is the first.
    """

    manifest: Manifest
    settings: Settings
    dumps: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    period: Period = field(default_factory=Period)
    portfolios: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    issued: str = ""

    @property
    def id(self) -> str:
        """The release's identifier."""
        return self.manifest.id

    def to_json(self) -> str:
        """Return the content of `catalogue.json`."""
        kept = {
            "issued": self.issued or self.manifest.created,
            "period": dataclasses.asdict(self.period),
            "portfolios": self.portfolios,
        }
        return json.dumps(kept, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read(release: Release) -> Facts:
    """Read what the catalogue says of a release that is kept; its dumps are those that are there.

    Raises:
        ReleaseError: It is told in a way that this version of the program does not know.
    """
    loaded: dict[str, Any] = {}
    with suppress(OSError, ValueError):  # a release by an earlier version of the program has no such file
        loaded = json.loads(release.file(FACTS).read_text(encoding="utf-8"))
    try:
        return _facts(release, loaded)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{release.id}: its catalogue cannot be made: {error}") from error


def _facts(release: Release, loaded: dict[str, Any]) -> Facts:
    facts = release.manifest
    folder = release.file(manifest.DUMPS)
    dumps = {
        name: (int(entry["bytes"]), str(entry["sha256"]))
        for path, entry in facts.files.items()
        if path.startswith(f"{manifest.DUMPS}/")
        and by_suffix(name := path.removeprefix(f"{manifest.DUMPS}/"), DUMP_FORMATS)
        and (folder / name).is_file()
    }
    known = {name: value for name, value in facts.settings.items() if name in FIELDS}
    return Facts(
        manifest=facts,
        settings=Settings(**{"base_iri": facts.base_iri, **known}),
        dumps=dumps,
        period=Period(**loaded.get("period", {})),
        portfolios=loaded.get("portfolios", {}),
        issued=loaded.get("issued", ""),
    )


def kept_ids(releases: Path) -> list[str]:
    """Return the identifiers of the releases whose dumps are still there, oldest first."""
    found = []
    for name in manifest.list_ids(releases):
        with suppress(OSError):
            if any((releases / name / manifest.DUMPS).iterdir()):
                found.append(name)
    return found


def read_all(releases: Path, ids: Sequence[str]) -> list[Facts]:
    """Read several releases; one that cannot be read, because it is of another version, is left out."""
    found = []
    for name in ids:
        with suppress(ReleaseError):
            found.append(read(manifest.find(releases, name)))
    return found
