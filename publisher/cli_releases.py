"""The verbs about releases that are there: `releases`, `diff`, `rollback`."""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from publisher import console, errors
from publisher.problems import visible

if TYPE_CHECKING:
    from publisher.changes import Summary
    from publisher.manifest import Manifest, Release


def releases(options: argparse.Namespace) -> int:
    """List the releases, newest first."""
    from publisher import manifest

    folder = Path(console.settings(options).releases)
    live = manifest.current_id(folder)
    found: list[tuple[str, Manifest | None]] = []
    for name in reversed(manifest.list_ids(folder)):
        try:
            found.append((name, manifest.find(folder, name).manifest))
        except errors.ReleaseError:
            found.append((name, None))  # the others are listed all the same
    if options.json:
        rows: list[dict[str, Any]] = [
            {"id": name, "current": name == live, "created": m.created, "counts": m.counts, "changes": m.changes}
            if m is not None
            else {"id": name, "current": name == live, "broken": True}
            for name, m in found
        ]
        print(json.dumps(rows, indent=2))
        return 0
    for name, facts in found:
        mark = "*" if name == live else " "
        if facts is None:
            print(f"{mark} {name}  cannot be read: its {manifest.NAME} is broken")
            continue
        triples, projects = facts.counts.get("triples", 0), facts.counts.get("projects", 0)
        told = facts.changes
        changed = f"  +{told['added']} ~{told['changed']} -{told['withdrawn']}" if told else ""
        print(f"{mark} {facts.id}  {triples:>10} triples  {projects} projects{changed}")
    if not found:
        console.say(f"{folder}: there is no release yet", options)
    return 0


def rollback(options: argparse.Namespace) -> int:
    """Make an earlier release current: the one that is named, else the one that the live release took the place of."""
    from publisher import release

    folder = Path(console.settings(options).releases)
    wanted = _before(folder) if options.id is None else _named(folder, options.id)
    event = release.make_current(folder, wanted)
    print(f"current is {wanted}")
    if event is not None and event.previous:
        told = f"{event.added} projects added, {event.changed} changed, {event.withdrawn} withdrawn"
        print(f"since {event.previous}: {told}")
    return 0


def _before(folder: Path) -> str:
    """Return the release that was live when the live one was built; where that is not kept, the one before it.

    Not the one before it by date: that may be one that was rolled back because something was wrong with it.

    Raises:
        ReleaseError: There is none, or the history cannot be read.
    """
    from publisher import history, manifest

    live, kept = manifest.current_id(folder), manifest.list_ids(folder)
    try:
        release = manifest.current(folder)
    except errors.ReleaseError:
        release = None  # it is broken: what to go back to is told by the dates alone
    if release is not None:
        live = release.id
        with history.open_history(folder, release) as found:
            previous: dict[str, str | None] = {}
            for event in found.events():
                if event.action == history.BUILD:
                    previous.setdefault(event.release, event.previous)
        before, seen = previous.get(live), {live}
        while before and before not in seen:  # a history that leads round in a circle is none of ours
            if before in kept:
                return before
            seen.add(before)
            before = previous.get(before)
        oldest = min([live, *previous])
    else:
        oldest = live or "~"
    earlier = [name for name in kept if name < oldest]
    if not earlier:
        why = f"there is no release before {live}" if live else "there is no release yet"
        raise errors.NoReleaseError(f"{folder}: {why}")
    return earlier[-1]


def diff(options: argparse.Namespace) -> int:
    """Tell what changed from one release to another."""
    from publisher import changes, manifest
    from publisher.exports.files import replacing

    folder = Path(console.settings(options).releases)
    before, after = (manifest.find(folder, _named(folder, name)) for name in (options.before, options.after))
    form = "json" if options.json else options.format
    with tempfile.TemporaryDirectory(prefix="publisher-") as scratch:
        account, summary = after.path, changes.kept(after)
        if summary is None or summary.previous != before.id:
            account = Path(scratch)
            summary = changes.write(before, after, account)
        if options.out is None:
            _write(form, account, summary, after)
            return 0
        try:
            with replacing(Path(options.out)) as aside, aside.open("w", encoding="utf-8", newline="\n") as out:
                _write(form, account, summary, after, out)
        except OSError as error:
            raise errors.ConfigError(f"--out {options.out}: cannot be written: {error.strerror}") from error
    console.say(f"wrote {options.out}", options)
    return 0


def _write(form: str, account: Path, summary: Summary, after: Release, out: IO[str] | None = None) -> None:
    """Write an account in one of its forms, as a stream."""
    from publisher import changes, manifest
    from publisher.namespaces import PREFIXES

    out = out or sys.stdout
    if form == "rdfpatch":
        with gzip.open(account / manifest.PATCH, "rt", encoding="utf-8", newline="\n") as patch:
            shutil.copyfileobj(patch, out)
        return
    lines: Iterable[str]
    if form == "json":
        lines = changes.as_json(changes.lines(account), summary)
    else:
        compact = changes.Compact(after.manifest.base_iri, PREFIXES)
        lines = (f"{visible(line)}\n" for line in changes.as_text(changes.read(account), summary, compact))
    for line in lines:
        out.write(line)


def _named(folder: Path, name: str) -> str:
    """Return the id of a release from what a person calls it.

    Raises:
        NoReleaseError: None is called so, or several are.
    """
    from publisher import manifest

    if name == "current":
        live = manifest.current_id(folder)
        if live is None:
            raise errors.NoReleaseError(f"{folder}: there is no release yet")
        return live
    found = [release for release in manifest.list_ids(folder) if name and release.startswith(name)]
    if len(found) != 1:
        several = f"{len(found)} releases begin with {name!r}: {', '.join(found[:5])}"
        raise errors.NoReleaseError(several if found else f"{folder}: there is no release {name!r}")
    return found[0]
