"""A release as files: the canonical record as CSV, XLSX, Parquet; the Commission's CSV (Kohesio); CKAN's package."""

from __future__ import annotations

import csv
from collections import Counter, deque
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from publisher.errors import ConfigError
from publisher.exports import ckan, flat, kohesio
from publisher.exports.cells import guarded
from publisher.exports.files import replacing
from publisher.exports.texts import NOTES
from publisher.flattening import Flattener
from publisher.iris import Minter
from publisher.manifest import Release
from publisher.masters import Master

PROFILES = ("kohesio", "csv", "xlsx", "parquet", "ckan")
_SHOWN = 20
_LISTED = 1000


@dataclass
class Exported:
    """What an export did.

    Args:
        profile: Which.
        written: Operations in the file.
        left_out: Operations that are not, by reason; an operation may have several.
        left: How many operations were left out.
        examples: The first of them: code, IRI, reasons.
        lost: How often something of an operation is not in the file, by its sentence.
        list_of_left_out: The file that names all that were left out; None where none was.
        language: Language of the texts in columns without a tag; "" where the profile says it elsewhere.
        other: Languages of the titles, where none is in that language.
        notes: What else a person should know, a sentence each.
        summary: What the file holds, in words; "" = the operations written.
    """

    profile: str
    written: int = 0
    left: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    list_of_left_out: Path | None = None
    language: str = ""
    other: str = ""
    notes: list[str] = field(default_factory=list)
    summary: str = ""

    @property
    def remarks(self) -> list[str]:
        """What a person should know, a line each."""
        lines = self.notes + [f"{count} operations: {sentence}" for sentence, count in _sorted(self.lost)]
        if self.other:
            columns = f"the titles stand in columns with their language ({self.other})"
            lines.append(f"no title is in {self.language}, the portfolio's first language: {columns}")
        if self.left:
            lines.append(f"{self.left} operations were left out; {self.list_of_left_out} names them all:")
            lines += [f"  {count}: {reason}" for reason, count in _sorted(self.left_out)]
            codes = ", ".join(entry["code"] for entry in self.examples[:_SHOWN])
            lines.append(f"  the first: {codes}")
        return lines

    def json(self) -> dict[str, Any]:
        """Return it for machines; at most a thousand of those left out are named."""
        return {
            "profile": self.profile,
            "written": self.written,
            "language": self.language,
            "lost": dict(_sorted(self.lost)),
            "notes": self.notes,
            "left_out": {
                "operations": self.left,
                "reasons": dict(_sorted(self.left_out)),
                "list": None if self.list_of_left_out is None else str(self.list_of_left_out),
                "first": self.examples,
            },
        }


def _sorted(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def file_name(profile: str) -> str:
    """Return what an export's file is called where the user does not say."""
    return {"kohesio": "kohesio.csv", "ckan": "ckan.json"}.get(profile, f"operations.{profile}")


def write(release: Release, profile: str, target: Path, *, bom: bool = False) -> Exported:
    """Write a release as a file, whole or not at all.

    Args:
        release: The release.
        profile: One of `PROFILES`.
        target: The file; one that is there is replaced. Operations that a file cannot hold are listed beside it, in
            `{target}.left-out.csv`.
        bom: Whether a CSV begins with a byte order mark.

    Raises:
        ConfigError: There is no such profile, or a library that it needs is not installed.
        ReleaseError: The release cannot be read.
        OSError: The file cannot be written.
    """
    if profile not in PROFILES:
        raise ConfigError(f"--profile {profile}: is none of {', '.join(PROFILES)}")
    facts = release.manifest
    if profile == "ckan":
        with replacing(target) as aside:
            resources, notes = ckan.write(release, aside)
            return Exported(profile, 1, notes=notes, summary=f"1 package with {resources} resources")
    with Master(release.file(facts.master)) as master:
        reader = Flattener(master, Minter(facts.base_iri))
        if profile == "kohesio":
            return _kohesio(reader, target, bom=bom)
        with flat.Kept(facts.languages[0] if facts.languages else "en", target.parent) as kept:
            deque(kept.keep(reader.records()), maxlen=0)
            with replacing(target) as aside:
                if profile == "csv":
                    told = flat.write_csv(kept, aside, bom=bom)
                elif profile == "xlsx":
                    created = datetime.fromisoformat(facts.created).replace(tzinfo=None)
                    told = flat.write_xlsx(kept, aside, created=created)
                else:
                    told = flat.write_parquet(kept, aside)
            lost = told + Counter({NOTES[note]["en"]: count for note, count in kept.notes.items()})
            return Exported(profile, kept.count, lost=lost, language=kept.language, other=kept.other)


def _kohesio(reader: Flattener, target: Path, *, bom: bool) -> Exported:
    done = Exported("kohesio")
    beside = target.with_name(f"{target.name}.left-out.csv")
    with ExitStack() as stack:
        aside = stack.enter_context(replacing(target))
        listed = stack.enter_context(replacing(beside))
        out = stack.enter_context(listed.open("w", encoding="utf-8", newline=""))
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(["code", "project", "reasons"])

        def tell(operation: kohesio.LeftOut) -> None:
            done.left += 1
            done.left_out.update(operation.reasons)
            writer.writerow([guarded(operation.code), guarded(operation.iri), "; ".join(operation.reasons)])
            if len(done.examples) < _LISTED:
                entry = {"code": operation.code, "iri": operation.iri, "reasons": list(operation.reasons)}
                done.examples.append(entry)

        done.written, done.lost = kohesio.write(reader, aside, tell, bom=bom)
    if done.left:
        done.list_of_left_out = beside
    else:
        beside.unlink()
    return done
