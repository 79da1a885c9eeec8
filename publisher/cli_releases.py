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
from typing import IO, TYPE_CHECKING

from publisher import console, errors
from publisher.problems import visible

if TYPE_CHECKING:
    from publisher.changes import Summary
    from publisher.manifest import Release


def releases(options: argparse.Namespace) -> int:
    """List the releases, newest first."""
    from publisher import manifest

    folder = Path(console.settings(options).releases)
    live = manifest.current_id(folder)
    found = [manifest.find(folder, name).manifest for name in reversed(manifest.list_ids(folder))]
    if options.json:
        rows = [
            {"id": m.id, "current": m.id == live, "created": m.created, "counts": m.counts, "changes": m.changes}
            for m in found
        ]
        print(json.dumps(rows, indent=2))
        return 0
    for facts in found:
        mark = "*" if facts.id == live else " "
        triples, projects = facts.counts.get("triples", 0), facts.counts.get("projects", 0)
        told = facts.changes
        changed = f"  +{told['added']} ~{told['changed']} -{told['withdrawn']}" if told else ""
        print(f"{mark} {facts.id}  {triples:>10} triples  {projects} projects{changed}")
    if not found:
        console.say(f"{folder}: there is no release yet", options)
    return 0


def rollback(options: argparse.Namespace) -> int:
    """Make an earlier release current."""
    from publisher import manifest, release

    folder = Path(console.settings(options).releases)
    live = manifest.current_id(folder)
    if options.id is None:
        earlier = [name for name in manifest.list_ids(folder) if live is None or name < live]
        if not earlier:
            raise errors.ReleaseError(f"{folder}: there is no release before {live}")
        wanted = earlier[-1]
    else:
        wanted = _named(folder, options.id)
    event = release.make_current(folder, wanted)
    print(f"current is {wanted}")
    if event is not None and event.previous:
        told = f"{event.added} projects added, {event.changed} changed, {event.withdrawn} withdrawn"
        print(f"since {event.previous}: {told}")
    return 0


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
    found = changes.read(account)
    lines: Iterable[str]
    if form == "json":
        lines = changes.as_json(found, summary)
    else:
        compact = changes.Compact(after.manifest.base_iri, PREFIXES)
        lines = (f"{visible(line)}\n" for line in changes.as_text(found, summary, compact))
    for line in lines:
        out.write(line)


def _named(folder: Path, name: str) -> str:
    """Return the id of a release from what a person calls it.

    Raises:
        ReleaseError: None is called so, or several are.
    """
    from publisher import manifest

    if name == "current":
        live = manifest.current_id(folder)
        if live is None:
            raise errors.ReleaseError(f"{folder}: there is no release yet")
        return live
    found = [release for release in manifest.list_ids(folder) if name and release.startswith(name)]
    if len(found) != 1:
        several = f"{len(found)} releases begin with {name!r}: {', '.join(found[:5])}"
        raise errors.ReleaseError(several if found else f"{folder}: there is no release {name!r}")
    return found[0]
