"""The verb about catalogues: check-catalogue."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from publisher import console, errors

if TYPE_CHECKING:
    from publisher.catalogue_check.fetching import Permit
    from publisher.catalogue_check.reading import Catalogue
    from publisher.config import Settings


def arguments(made: argparse.ArgumentParser) -> None:
    """Declare the verb's flags."""
    made.add_argument(
        "catalogue",
        nargs="?",
        metavar="URL|FILE",
        help="an http(s) address, or a file in Turtle, RDF/XML, JSON-LD or N-Triples (default: the current release's)",
    )
    made.add_argument("--shapes", metavar="DIR", help="folder of DCAT-AP's official shapes, to check against them too")
    made.add_argument(
        "--base",
        metavar="URL",
        default="",
        help="a running server that is asked in place of the address under which the catalogue is published; "
        "PREFIX=URL where that is not this installation's",
    )
    made.add_argument("--check-urls", action="store_true", help="ask every public address that the catalogue names")
    made.add_argument("--no-network", action="store_true", help="ask no address at all")
    made.add_argument(
        "--timeout", metavar="S", type=float, default=10.0, help="seconds a server may take (default: 10)"
    )
    made.add_argument("--format", choices=("text", "json"), default="text", help="of the report (default: text)")
    made.add_argument("--json", action="store_true", help="write for machines: as --format json")
    made.add_argument("--lang", choices=("fi", "sv", "en"), default="en", help="language of the report (default: en)")
    made.add_argument("--out", metavar="F", help="write the report to a file")


def check(options: argparse.Namespace) -> int:
    """Check a catalogue against DCAT-AP and compute its metadata quality."""
    from publisher.catalogue_check import probing, quality, report, rules
    from publisher.catalogue_check.fetching import Permit, origin

    settings = console.settings(options)
    if options.no_network and (options.base or options.check_urls):
        raise errors.ConfigError("--no-network: goes with neither --base nor --check-urls")
    if not 0.1 <= options.timeout <= 600:
        raise errors.ConfigError(f"--timeout {options.timeout}: give 0.1 to 600 seconds")
    progress = console.progress(options)
    held = rules.Rules(rules.official_files(Path(options.shapes)) if options.shapes else [])
    base, moved = probing.mover(options.base, _published(settings))
    permit = Permit(frozenset({origin(base)} if base else ()), everything=options.check_urls)
    progress("reading the catalogue")
    found = _read(options, settings, permit, moved)
    progress(f"holding {len(found.graph)} statements against the rules")
    remarks = held.check(found.graph)
    probes = {}
    if not options.no_network and (permit.everything or permit.origins or found.origin):
        allowed = Permit(permit.origins | {found.origin} - {""}, permit.everything)
        addresses = quality.addresses(found.graph)
        progress(f"asking {len(addresses)} addresses")
        probes = probing.probe(addresses, allowed, moved, options.timeout)
    console.end_progress(options)
    assessment = quality.assess(found.graph, remarks, probes)
    checked = report.Checked(found, held.official, remarks, assessment, probes)
    text = report.write(checked, "json" if options.json else options.format, options.lang)
    if options.out is None:
        print(text, end="")
    else:
        try:
            Path(options.out).write_text(text, encoding="utf-8")
        except OSError as error:
            raise errors.ConfigError(f"--out {options.out}: cannot be written: {error.strerror}") from error
    return 0 if checked.conforms else 1


def _published(settings: Settings) -> list[str]:
    """Return what the addresses in this installation's catalogue begin with."""
    return sorted({settings.public_base, settings.base_iri})


def _read(options: argparse.Namespace, settings: Settings, permit: Permit, moved: Callable[[str], str]) -> Catalogue:
    """Read the catalogue that the user means."""
    from publisher import manifest
    from publisher.catalogue_check import reading

    name = options.catalogue
    if name is None:
        live = manifest.current(Path(settings.releases))
        if live is None:
            raise errors.ConfigError(f"{settings.releases}: there is no release yet; name a catalogue, or build one")
        return reading.from_file(live.file(manifest.CATALOGUE), str(live.file(manifest.CATALOGUE)))
    if "://" in name:
        if options.no_network:
            raise errors.ConfigError(f"--no-network: {name} is on the network; name a file")
        if not name.lower().startswith(("http://", "https://")):
            raise errors.ConfigError(f"{name}: give an http or https address, or a file")
        return reading.from_url(name, permit, moved, options.timeout)
    return reading.from_file(Path(name), name)
