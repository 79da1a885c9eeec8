"""What changed from one release to another, by resource: the one account that every channel is fed from.

Both masters are sorted, so GNU comm finds the statements that only one of them has in one pass, whatever their
size; only those are looked at here. An account is two files:

    changes.rdfp.gz    every statement that went (D) and came (A), as RDF Patch, by subject
    changes.jsonl.gz   a resource a line: what happened to it, its name, and the first of its statements
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import subprocess
import uuid
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from publisher import ntriples
from publisher.entities import is_told
from publisher.errors import ReleaseError
from publisher.manifest import CHANGES, PATCH, Release
from publisher.masters import NAMES, Master

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
LISTED = 100
"""Statements of a resource that an account lists of those that came, and of those that went; all are counted."""
LISTED_CHARACTERS = 100_000
"""Length of the statements that are listed so: what is looked at a page at a time must not be of any size."""
_TOLD = ',"told":'
"""What the end of a line begins with: for the history alone, so nobody else is told it."""
_NAMES = tuple(f"<{predicate}>" for predicate in NAMES)


@dataclass(frozen=True)
class ResourceChange:
    """What happened to one resource.

    Args:
        iri: The resource.
        what: `added`, `changed` or `removed`.
        label: Its name by language tag ("" = none).
        removed: The first statements that went, as N-Triples lines.
        added: The first that came.
        removed_count: How many went.
        added_count: How many came.
        told: Whether any of them is told as the resource's own: see `entities.is_told`.
        named: Whether any of them names it.
    """

    iri: str
    what: str
    label: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    removed_count: int = 0
    added_count: int = 0
    told: bool = True
    named: bool = False


@dataclass
class Summary:
    """How much an account tells.

    Args:
        previous: The release before; "" where there was none.
        release: The release after.
        resources: Resources by what happened to them.
        statements: Statements that came (`added`) and went (`removed`).
    """

    previous: str
    release: str
    resources: dict[str, int] = field(default_factory=lambda: dict.fromkeys((ADDED, CHANGED, REMOVED), 0))
    statements: dict[str, int] = field(default_factory=lambda: dict.fromkeys((ADDED, REMOVED), 0))


def write(before: Release, after: Release, folder: Path) -> Summary:
    """Write the account of two releases to a folder.

    The same releases give the same bytes.

    Raises:
        ReleaseError: A master is missing, or the account cannot be written.
    """
    summary = Summary(before.id, after.id)
    paths = [release.file(release.manifest.master) for release in (before, after)]
    try:
        with ExitStack() as stack:
            old, new = (stack.enter_context(Master(path)) for path in paths)
            patch = stack.enter_context(_packed(folder / PATCH))
            listed = stack.enter_context(_packed(folder / CHANGES))
            patch.write(f"H id <{_name(after)}> .\nH prev <{_name(before)}> .\nTX .\n".encode())
            for iri, marked in itertools.groupby(_differences(*paths), key=_subject):
                change = _resource(iri, marked, patch, summary, old, new)
                summary.resources[change.what] += 1
                listed.write(json.dumps(asdict(change), ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            patch.write(b"TC .\n")
    except OSError as error:
        raise ReleaseError(f"{folder}: the account of what changed cannot be written: {error}") from error
    return summary


def _name(release: Release) -> str:
    """Return what a release is called in patches, the same each time: logs of patches want a UUID (RDF Patch Logs)."""
    base = release.manifest.base_iri.rstrip("/")
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{base}/id/dataset/release~{release.id}").urn


@contextmanager
def _packed(path: Path) -> Iterator[IO[bytes]]:
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        yield packed  # type: ignore[misc]


def _differences(before: Path, after: Path) -> Iterator[tuple[bool, str]]:
    """Yield the statements that only one file has, sorted: whether it came, and the line without its end."""
    for path in (before, after):
        if not path.is_file():
            raise ReleaseError(f"{path}: the statements are missing, so nobody can tell what changed")
    command = ["comm", "-3", "--nocheck-order", "--", str(before), str(after)]
    environment = {**os.environ, "LC_ALL": "C"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101  # it was asked for
        try:
            for line in process.stdout:
                # comm sets what only the second file has behind a tab; no statement begins with one.
                yield line[:1] == b"\t", line.strip(b"\t\n").decode()
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read().decode(errors="replace").strip() if process.stderr else ""
    if process.returncode:
        raise ReleaseError(f"the statements cannot be compared: {said or f'comm ended with {process.returncode}'}")


def _subject(marked: tuple[bool, str]) -> str:
    line = marked[1]
    return line[1 : line.index("> ")] if line[0] == "<" else line[: line.index(" ")]


def _resource(
    iri: str, marked: Iterable[tuple[bool, str]], patch: IO[bytes], summary: Summary, old: Master, new: Master
) -> ResourceChange:
    """Write what came and went of one resource, and sum it up."""
    listed: dict[bool, list[str]] = {True: [], False: []}
    count = {True: 0, False: 0}
    length = {True: 0, False: 0}
    told = named = False
    for came, line in marked:
        patch.write(f"{'A' if came else 'D'} {line}\n".encode())
        count[came] += 1
        predicate = line.split(" ", 2)[1]
        told = told or is_told(predicate)
        named = named or predicate in _NAMES
        if len(listed[came]) < LISTED and length[came] + len(line) <= LISTED_CHARACTERS:
            listed[came].append(line)
            length[came] += len(line)
    summary.statements[ADDED] += count[True]
    summary.statements[REMOVED] += count[False]
    what = CHANGED
    if not count[False] and not old.exists(iri):
        what = ADDED
    elif not count[True] and not new.exists(iri):
        what = REMOVED
    label = _label(old if what == REMOVED else new, iri)
    return ResourceChange(iri, what, label, listed[False], listed[True], count[False], count[True], told, named)


def _label(master: Master, iri: str) -> dict[str, str]:
    found: dict[str, dict[str, str]] = {}
    for predicate, text, language in master.describe(iri):
        if predicate in NAMES and language is not None:
            found.setdefault(predicate, {}).setdefault(language, text)
    return next((found[name] for name in NAMES if name in found), {})


def read(folder: Path, skip: int = 0) -> Iterator[ResourceChange]:
    """Yield an account's resources in the order of their IRIs.

    Args:
        folder: Where the account is.
        skip: How many of the first are passed over.

    Raises:
        ReleaseError: There is none, or it cannot be read.
    """
    for line in lines(folder, skip):
        try:
            yield ResourceChange(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise _unreadable(folder, error) from error


def lines(folder: Path, skip: int = 0) -> Iterator[str]:
    """Yield the same as the lines that stand in the file, without their ends: JSON, `told` and `named` last.

    Raises:
        ReleaseError: There is none, or it cannot be read.
    """
    try:
        with gzip.open(folder / CHANGES, "rt", encoding="utf-8", newline="\n") as packed:
            for line in itertools.islice(packed, skip, None):
                yield line.rstrip("\n")
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: Path, error: Exception) -> ReleaseError:
    return ReleaseError(f"{folder / CHANGES}: the account of what changed cannot be read: {error}")


def kept(release: Release) -> Summary | None:
    """Return what a release's manifest says of its account; None where the release has none."""
    told: dict[str, Any] = release.manifest.changes
    if not told or not all(release.file(name).is_file() for name in (CHANGES, PATCH)):
        return None  # the first release, one of an earlier program, or its account had to be forgotten
    return Summary(told["previous"], told["release"], told["resources"], told["statements"])


# -- the forms of an account


def as_text(
    changes: Iterable[ResourceChange], summary: Summary, compact: Compact, most: int | None = None
) -> Iterator[str]:
    """Yield an account for people, a line at a time without its end: `+` came, `-` went, `~` changed.

    Args:
        changes: The resources.
        summary: How many there are.
        compact: Writes IRIs short.
        most: How many resources are told; the last line says how many are not. None = all.
    """
    counted = summary.resources
    yield f"{summary.previous} -> {summary.release}"
    yield (
        f"resources: {counted[ADDED]} added, {counted[CHANGED]} changed, {counted[REMOVED]} removed; "
        f"statements: {summary.statements[ADDED]} added, {summary.statements[REMOVED]} removed"
    )
    marks = {ADDED: "+", CHANGED: "~", REMOVED: "-"}
    for change in itertools.islice(changes, most):
        name = next(iter(change.label.values()), "")
        yield ""
        yield f"{marks[change.what]} {compact(change.iri)}{f'  {name}' if name else ''}"
        for mark, listed, count in (
            ("-", change.removed, change.removed_count),
            ("+", change.added, change.added_count),
        ):
            for line in listed:
                yield f"    {mark} {compact.statement(line)}"
            if count > len(listed):
                yield f"    {mark} … {count - len(listed)} more; the RDF Patch has all"
    if most is not None and (left := sum(counted.values()) - most) > 0:
        yield ""
        yield f"… {left} more resources; JSON and the RDF Patch have all"


def as_json(found: Iterable[str], summary: Summary) -> Iterator[str]:
    """Yield an account as one JSON document, in pieces.

    Args:
        found: Its lines, which are taken over as they stand: large accounts are not read to be written again.
        summary: How much they tell.
    """
    head = json.dumps(asdict(summary), ensure_ascii=False)
    yield f'{head[:-1]}, "changes": ['
    comma = ""
    for line in found:
        yield f"{comma}\n{line.rpartition(_TOLD)[0]}}}"
        comma = ","
    yield "\n]}\n"


class Compact:
    """Writes IRIs short for people: `project/S20394`, `dct:title`.

    Args:
        base_iri: What the portfolio's IRIs begin with.
        prefixes: Namespace by prefix.
    """

    def __init__(self, base_iri: str, prefixes: dict[str, str]) -> None:
        """Keep them."""
        self._own = f"{base_iri}/id/"
        self._prefixes = prefixes

    def __call__(self, iri: str) -> str:
        """Return an IRI as short as it can be."""
        if iri.startswith(self._own):
            return iri[len(self._own) :]
        for prefix, namespace in self._prefixes.items():
            if iri.startswith(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"

    def statement(self, line: str) -> str:
        """Return predicate and object of a statement."""
        _, predicate, obj, graph = ntriples.split(line)
        value = self(obj[1:-1]) if obj[0] == "<" else obj
        if "^^<" in value and value.endswith(">"):
            text, _, datatype = value.rpartition("^^<")
            value = f"{text}^^{self(datatype[:-1])}"
        return f"{self(predicate[1:-1])} {value}{f' in {self(graph[1:-1])}' if graph else ''}"
