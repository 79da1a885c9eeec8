"""What the verbs of the command line share: telling what goes on, settings and sources from flags."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publisher.config import Settings
    from publisher.reports import Report


def say(text: str, options: argparse.Namespace, *, always: bool = False) -> None:
    """Write a line to standard error; `--quiet` leaves out all but errors."""
    if always or not getattr(options, "quiet", False):
        print(text, file=sys.stderr, flush=True)


def progress(options: argparse.Namespace) -> Callable[[str], None]:
    """Return a function that tells what goes on: in place on a terminal, in plain lines elsewhere."""
    began = time.monotonic()
    terminal = sys.stderr.isatty()

    def tell(text: str) -> None:
        if getattr(options, "quiet", False):
            return
        elapsed = f"{time.monotonic() - began:5.1f} s"
        end = "" if terminal else "\n"
        start = "\r\x1b[K" if terminal else ""
        print(f"{start}{elapsed}  {text}", end=end, file=sys.stderr, flush=True)

    return tell


def end_progress(options: argparse.Namespace) -> None:
    """Clear the line that `progress` wrote on a terminal."""
    if sys.stderr.isatty() and not getattr(options, "quiet", False):
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def settings(options: argparse.Namespace) -> Settings:
    """Return the settings that the flags ask for."""
    from publisher import config

    flags = {name: getattr(options, name, None) for name in ("releases",)}
    named = getattr(options, "source", None)
    neutral = named is not None and len(named) > 0 and all(_is_list(Path(source)) for source in named)
    path = options.config
    if path is None and neutral and named and not Path(config.FILE_NAME).is_file():
        first = Path(named[0])
        beside = (first if first.is_dir() else first.parent) / config.FILE_NAME
        path = str(beside) if beside.is_file() else None
    loaded = config.load(path, neutral=neutral, **flags)
    if neutral and not loaded.source_file:
        say(
            f"publisher: there is no {config.FILE_NAME} here: addresses begin with {loaded.base_iri}, and nobody is "
            "named as the publisher; make one before you publish (`publisher inspect` writes one to begin with)",
            options,
        )
    return loaded


def _is_list(path: Path) -> bool:
    """Tell whether a source is a list of operations, not a portfolio folder or RDF."""
    from publisher import rdf_sources
    from publisher.lists import sources as lists
    from publisher.records import reader

    return lists.is_list(path) and not rdf_sources.is_rdf(path) and not (path.is_dir() and reader.is_folder(path))


def sources(options: argparse.Namespace, settings: Settings) -> list[str]:
    """Return the sources named, else the configured ones, by names that are short where they can be."""
    if options.source:
        return list(options.source)
    here = Path.cwd()
    return [str(path.relative_to(here) if path.is_relative_to(here) else path) for path in settings.source_paths]


def show(report: Report, options: argparse.Namespace) -> None:
    """Write a report: to standard output for machines, to standard error for people."""
    text = report.write("json" if options.json else "text")
    print(text, end="", file=sys.stdout if options.json else sys.stderr)
