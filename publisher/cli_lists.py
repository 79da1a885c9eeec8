"""The verbs about lists of operations: inspect, marked spreadsheet, candidates of organisations, coverage, export."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from publisher import console, errors

if TYPE_CHECKING:
    from publisher.checking import Checked
    from publisher.manifest import Release


@contextmanager
def _writing(flag: str, target: str | Path) -> Iterator[None]:
    """Turn what the disk says into an error that names the flag."""
    try:
        yield
    except OSError as error:
        raise errors.ConfigError(f"{flag} {target}: cannot be written: {error.strerror}") from error


def _live(options: argparse.Namespace) -> Release:
    from publisher import manifest

    settings = console.settings(options)
    live = manifest.current(Path(settings.releases))
    if live is None:
        raise errors.NoReleaseError(f"{settings.releases}: there is no release yet; run `publisher build` first")
    return live


def inspect(options: argparse.Namespace) -> int:
    """Say what a list looks like and propose a mapping."""
    from publisher import skeleton
    from publisher.lists import inspection, mapping_file
    from publisher.tables.model import Limits

    settings = console.settings(options)
    target = None if options.out is None else Path(options.out)
    if target is not None and target.exists() and not options.force:
        raise errors.ConfigError(f"--out {target}: is there already; --force writes over it")
    limits = Limits(max_bytes=settings.max_list_bytes)
    proposal = inspection.inspect(Path(options.file), options.file, limits=limits)
    if options.json:
        print(json.dumps(proposal.json(), ensure_ascii=False, indent=2, default=str))
    elif target is None:
        console.say(proposal.describe().rstrip("\n"), options)
        print(proposal.toml(), end="")
    else:
        print(proposal.describe(), end="")
    if target is not None:
        with _writing("--out", target):
            target.write_text(proposal.toml(), encoding="utf-8")
        mapping = mapping_file.parse(proposal.toml(), str(target))
        made = skeleton.list_settings(target.parent, mapping.portfolio.key, target.name, mapping.source.language)
        if made is not None:
            console.say(f"wrote {made}: say in it who publishes, and under which address", options)
        console.say(
            f"wrote {target}: look through what it asks for, then run `publisher build {options.file}`", options
        )
    return 0


def marked(checked: Checked, target: Path, language: str) -> str:
    """Write the list of a check as a spreadsheet with its faulty cells marked; return a sentence for the user.

    Raises:
        ConfigError: There is no list, or more than one file of it.
    """
    from publisher import marking
    from publisher.tables.model import Limits

    files = [(source, number) for source in checked.lists for number in range(len(source.files))]
    if len(files) != 1 or checked.spill is None:
        raise errors.ConfigError(f"--format xlsx: one list of one file is marked at a time; here are {len(files)}")
    source, number = files[0]
    table = source.open(number, Limits())
    titles = {rule: dict(text.title) for rule, text in checked.report.texts.items()}
    with _writing("--report", target):
        done = marking.mark(
            table,
            checked.spill.problems(table.source),
            target,
            withheld_columns=source.mapping.personal.columns,
            language=language,
            titles=titles,
        )
    return f"wrote {target}: {done.cells} cells marked in {done.rows} rows, {done.withheld} withheld"


def organisations(options: argparse.Namespace) -> int:
    """Find organisations that may be the same, for a person to confirm."""
    from publisher import stores
    from publisher.iris import Minter
    from publisher.lists import organisations as alike
    from publisher.namespaces import foaf, org, rdf

    release = _live(options)
    store = stores.Store(release.store_path)
    minter = Minter(release.manifest.base_iri)

    def named() -> Iterator[tuple[str, str, str]]:
        for iri in store.subjects(rdf.type, org.Organization):
            split = minter.split(iri)
            name = min((term.value for term in store.objects(iri, foaf.name) if hasattr(term, "value")), default="")
            if split is not None and name:
                key = split[1]
                yield key, name, key[:2] if key[2:3] == "-" and key[:2].isupper() else ""

    if options.out is not None and Path(options.out).exists() and not options.force:
        said = "is there already, and a person may have signed in it; --force writes over it"
        raise errors.ConfigError(f"--out {options.out}: {said}")
    text = alike.to_yaml(alike.candidates(named()))
    if options.out is None:
        print(text, end="")
    else:
        with _writing("--out", options.out):
            Path(options.out).write_text(text, encoding="utf-8")
        console.say(
            f"wrote {options.out}: confirm in it what is the same, and name the file in the setting decisions", options
        )
    return 0


def coverage(options: argparse.Namespace) -> int:
    """Tell which fields that the law asks for are there."""
    from publisher import coverage as covered
    from publisher.iris import Minter

    if options.out is not None and Path(options.out).exists() and not options.force:
        raise errors.ConfigError(f"--out {options.out}: is there already; --force writes over it")
    release = _live(options)
    master = release.file(release.manifest.master)
    table = covered.compute(master, Minter(release.manifest.base_iri), law=options.law)
    text = covered.write(table, options.format, options.lang)
    if options.out is None:
        print(text, end="")
    else:
        with _writing("--out", options.out):
            Path(options.out).write_text(text, encoding="utf-8")
    return 0


def export(options: argparse.Namespace) -> int:
    """Write the current release as a file for others to take in."""
    from publisher import exports

    release = _live(options)
    target = Path(options.out or exports.file_name(options.profile))
    if options.out is None and target.exists() and not options.force:
        raise errors.ConfigError(f"{target}: is there already; name a file with --out, or give --force")
    with _writing("--out", target):
        done = exports.write(release, options.profile, target, bom=options.bom)
    for line in done.remarks:
        console.say(line, options)
    if options.json:
        print(json.dumps(done.json(), ensure_ascii=False, indent=2))
    else:
        print(f"wrote {target}: {done.summary or f'{done.written} operations'}", file=sys.stdout)
    return 0
