"""The command `publisher`: its verbs, and the one table from error to exit code.

Exit codes: 0 done; 1 the data does not conform; 2 wrong usage or configuration;
3 an input cannot be read; 4 anything else. Heavy imports stand in the verbs,
so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from publisher import __version__, cli_catalogue, cli_lists, cli_releases, console, errors

if TYPE_CHECKING:
    from publisher.checking import Checked
    from publisher.config import Settings
    from publisher.manifest import Release

EXIT_CODES: dict[type[errors.PublisherError], int] = {
    errors.NotConformantError: 1,
    errors.ConfigError: 2,
    errors.MappingError: 2,
    errors.NoReleaseError: 2,
    errors.InputError: 3,
    errors.PublisherError: 4,
}
"""Exit code by error; the nearest class counts."""


_WARM_S = 4.0
"""How long a build goes on asking the example queries."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb and return its exit code."""
    commands = parser()
    options = commands.parse_args(arguments)
    if not hasattr(options, "run"):
        commands.print_help()
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that cannot show a letter is no fault
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except errors.PublisherError as error:
        console.say(f"publisher: {error}", options, always=True)
        return next(EXIT_CODES[cls] for cls in type(error).__mro__ if cls in EXIT_CODES)
    except KeyboardInterrupt:
        console.say("publisher: interrupted; nothing was changed", options, always=True)
        return 4
    except BrokenPipeError:
        # The reader of our output has left: nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 4
    except Exception as error:  # the outermost door: no traceback for users, the kind is said
        if os.environ.get("PYTHONDEVMODE"):
            raise
        console.say(f"publisher: a fault in the program: {type(error).__name__}: {error}", options, always=True)
        return 4
    return code


# -- the verbs


def _build(options: argparse.Namespace) -> int:
    from publisher import release

    settings = console.settings(options)
    releases = Path(settings.releases)
    progress = console.progress(options)
    try:
        made, report, fresh = release.build(
            console.sources(options, settings),
            settings,
            releases,
            mapping_path=options.mapping,
            cross_check=options.cross_check,
            reason=options.reason,
            progress=progress,
        )
    except errors.NotConformantError as error:
        console.end_progress(options)
        console.show(error.report, options)
        raise
    if fresh:
        progress("answering the example queries")
        _warm(settings, made)
    console.end_progress(options)
    facts = made.manifest
    if options.json:
        document = {
            "release": facts.id, "new": fresh, "counts": facts.counts, "validation": facts.validation,
            "changes": facts.changes,
        }  # fmt: skip
        print(json.dumps(document, indent=2))
        return 0
    if not options.quiet and (report.problems or report.accounts):
        console.show(report, options)
    counted = f"{facts.counts['triples']} triples, {facts.counts['projects']} projects"
    print(f"{'released' if fresh else 'nothing changed; current is'} {facts.id} ({counted}) in {releases}")
    told = facts.changes
    if fresh and told:
        said = f"{told['added']} projects added, {told['changed']} changed, {told['withdrawn']} withdrawn"
        print(f"since {told['previous']}: {said}")
    return 0


def _warm(settings: Settings, made: Release) -> None:
    """Ask a new release's example queries once, so that their answers are in the server's cache."""
    from publisher import manifest
    from publisher.workers import client, service

    if settings.cache_mb:
        index = json.loads(made.file(manifest.INDEX).read_text(encoding="utf-8"))
        with service.start(settings, made.path.parent) as queries:
            texts = [example["query"] for example in index["examples"]]
            client.warm(queries.client(), made.store_path, made.manifest.query_base, texts, _WARM_S)


def _validate(options: argparse.Namespace) -> int:
    with contextlib.suppress(ValueError):  # in a thread there are no signals
        for number in (signal.SIGTERM, signal.SIGHUP):  # so that the folder of unpublished rows is cleared away
            signal.signal(number, _interrupted)
    settings = console.settings(options)
    sources = console.sources(options, settings)
    seen = _state(sources)
    code = _validate_once(options, settings, sources)
    while options.watch:
        seen = _changed(sources, seen)  # before the check: what changes meanwhile is checked again
        print(file=sys.stderr)
        try:
            code = _validate_once(options, settings, sources)
        except errors.InputError as error:
            console.say(f"publisher: {error}", options, always=True)
    return code


def _interrupted(number: int, _: object) -> NoReturn:
    raise KeyboardInterrupt(number)


def _validate_once(options: argparse.Namespace, settings: Settings, sources: list[str]) -> int:
    import tempfile

    from publisher import checking

    with tempfile.TemporaryDirectory(prefix="publisher-") as workdir:
        checked = checking.check(
            sources,
            settings,
            Path(workdir),
            mapping_path=options.mapping,
            cross_check=options.cross_check,
            progress=console.progress(options),
        )
        console.end_progress(options)
        _tell(checked, options)
    return 0 if checked.report.conforms else 1


def _tell(checked: Checked, options: argparse.Namespace) -> None:
    """Write the report of a check where the user wants it, never over what was checked."""
    report = checked.report
    target = None if options.report is None else Path(options.report)
    files = [file.path for source in checked.lists for file in source.files] + [Path(name) for name in options.source]
    if target is not None and target.exists() and any(target.samefile(file) for file in files if file.exists()):
        raise errors.ConfigError(f"--report {target}: is what is checked; name another file")
    if options.format == "xlsx" and not options.json:
        if options.report is None:
            raise errors.ConfigError("--format xlsx: give --report F: a spreadsheet is a file")
        console.say(cli_lists.marked(checked, Path(options.report), options.lang), options)
        console.say(report.summary(options.lang), options)
        return
    text = report.write("json" if options.json else options.format, options.lang)
    if options.report is None:
        print(text, end="", flush=True)  # with --watch a reader at the other end of a pipe waits for it
        return
    try:
        Path(options.report).write_text(text, encoding="utf-8")
    except OSError as error:
        raise errors.ConfigError(f"--report {options.report}: cannot be written: {error.strerror}") from error
    console.say(report.summary(options.lang), options)


def _changed(sources: list[str], seen: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Return the state of the files once they have changed and rest again: several are saved one after the other."""
    while (state := _state(sources)) == seen:
        time.sleep(0.5)
    while True:
        time.sleep(0.2)
        if (later := _state(sources)) == state:
            return state
        state = later


def _state(sources: list[str]) -> list[tuple[str, int, int]]:
    """Return name, time and size of every file of the sources, to notice a change."""
    state = []
    for source in sources:
        path = Path(source)
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            with contextlib.suppress(OSError):
                status = file.stat()
                state.append((str(file), status.st_mtime_ns, status.st_size))
    return state


def _serve(options: argparse.Namespace) -> int:
    from publisher import manifest

    settings = console.settings(options)
    releases = Path(settings.releases)
    if not 0 < options.port < 65536:
        raise errors.ConfigError(f"--port {options.port}: a port is a number from 1 to 65535")
    if manifest.current_id(releases) is None:
        console.say(f"there is no release in {releases} yet: building one first", options)
        _build_apart(options, releases)
    from publisher import server

    return server.serve(settings, releases, options.host, options.port)


def _build_apart(options: argparse.Namespace, releases: Path) -> None:
    """Build in a process of its own: the server must not carry the build's libraries and threads.

    Raises:
        PublisherError: The build failed; it has said why.
    """
    import subprocess

    command = [sys.executable, "-m", "publisher", "build", "--releases", str(releases)]
    if options.config:
        command += ["--config", options.config]
    if options.quiet:
        command.append("--quiet")
    done = subprocess.run(command, check=False, stdout=sys.stderr)  # noqa: S603
    failures: dict[int, type[errors.PublisherError]] = {2: errors.ConfigError, 3: errors.InputError}
    if done.returncode == 1:
        from publisher.reports import Report

        raise errors.NotConformantError("the configured portfolio does not conform; nothing is served", Report(()))
    if done.returncode:
        failure = failures.get(done.returncode, errors.ReleaseError)
        raise failure("the configured portfolio could not be built; nothing is served")


def _query(options: argparse.Namespace) -> int:
    from publisher import formats, manifest, sparql_text
    from publisher.workers import service

    settings = console.settings(options)
    live = manifest.current(Path(settings.releases))
    if live is None:
        raise errors.NoReleaseError(f"{settings.releases}: there is no release yet; run `publisher build` first")
    text = sparql_text.unescaped(sys.stdin.read() if options.query == "-" else options.query)
    chosen = formats.by_name(options.format, formats.RESULTS + formats.GRAPHS) if options.format else None
    if options.format and chosen is None:
        known = ", ".join(entry.name for entry in formats.RESULTS + formats.GRAPHS)
        raise errors.ConfigError(f"--format {options.format}: unknown; known: {known}")
    fresh = sparql_text.examine(text, sparql_text.TextLimits.of(settings)).volatile
    results = chosen if chosen in formats.RESULTS else formats.RESULTS_CSV
    graph = chosen if chosen in formats.GRAPHS else formats.TURTLE
    with service.start(settings, Path(settings.releases)) as queries:
        client = queries.client()
        with client.query(
            live.store_path, text, base=live.manifest.query_base, graph=graph, results=results, fresh=fresh
        ) as answer:
            for chunk in answer:
                sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
    return 0


def _overviews(options: argparse.Namespace) -> list[tuple[Path, dict[str, Any]]]:
    """Return what each running server of the releases is doing, with its address."""
    from publisher.workers import client, protocol

    settings = console.settings(options)
    folder = protocol.usual_folder(settings, Path(settings.releases))
    found = []
    for address in protocol.sockets(folder):
        with contextlib.suppress(errors.BusyError):
            found.append((address, client.overview(address)))
    if not found:
        raise errors.QueryError(f"{folder}: no server of these releases runs here, or it is another user's")
    return found


def _queries(options: argparse.Namespace) -> int:
    overviews = [found for _, found in _overviews(options)]
    queries = [query for found in overviews for query in found["queries"]]
    if options.json:
        print(json.dumps(queries, indent=2, ensure_ascii=False))
        return 0
    if queries:
        print(f"{'id':<8} {'state':<8} {'lane':<6} {'age s':>7} {'cpu s':>7} {'MB':>6}  {'client':<16} query")
    for query in queries:
        text = " ".join(query["query"].split())
        print(
            f"{query['id']:<8} {query['state']:<8} {query['lane']:<6} {query['age_s']:>7.2f} "
            f"{query['processor_s']:>7.2f} {query['memory_bytes'] / 1e6:>6.0f}  {query['client'] or '-':<16} "
            f"{text[:80]}"
        )
    lanes = [lane for found in overviews for lane in found["lanes"].values()]
    more = sum(sum(lane.values()) for lane in lanes) - len(queries)
    if more:
        console.say(f"and {more} more that wait", options)
    if not queries:
        console.say("no query runs or waits", options)
    return 0


def _cancel(options: argparse.Namespace) -> int:
    from publisher.workers import client

    if not any(client.cancel(address, options.id) for address, _ in _overviews(options)):
        raise errors.QueryError(f"there is no query {options.id}: `publisher queries` lists them")
    print(f"ended {options.id}")
    return 0


def _new(options: argparse.Namespace) -> int:
    from publisher import skeleton

    made = skeleton.portfolio(Path(options.name)) if options.what == "portfolio" else skeleton.project(options.name)
    for path in made:
        print(path)
    console.say("now put your own values in place of the examples, then run `publisher validate` there", options)
    return 0


# -- the parser


def parser() -> argparse.ArgumentParser:
    """Return the parser of all verbs."""
    commands = argparse.ArgumentParser(
        prog="publisher",
        description="Turn the records of publicly funded projects into checked, queryable, downloadable linked data.",
        epilog="Exit codes: 0 done, 1 the data does not conform, 2 wrong usage or configuration, "
        "3 an input cannot be read, 4 anything else.",
    )
    commands.add_argument("--version", action="version", version=f"publisher {__version__}")
    verbs = commands.add_subparsers(title="verbs", metavar="VERB")

    def verb(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        made.set_defaults(run=run)
        made.add_argument("--quiet", action="store_true", help="say nothing but errors")
        return made

    def common(made: argparse.ArgumentParser) -> None:
        made.add_argument(
            "--config", metavar="F", help="settings file (default: ./publisher.toml, else the shipped one)"
        )
        made.add_argument("--releases", metavar="DIR", help="folder of the releases (default: ./releases)")

    def checks(made: argparse.ArgumentParser) -> None:
        made.add_argument(
            "source",
            nargs="*",
            metavar="SOURCE",
            help="portfolio folder, list of operations (or its mapping) or RDF file; default: the configured",
        )
        made.add_argument(
            "--mapping",
            metavar="F",
            help="mapping of the lists named (default: mapping.toml beside each, else built in)",
        )
        made.add_argument(
            "--cross-check",
            choices=("sample", "all", "none"),
            default="sample",
            help="what the reference engine checks again where the bulk engine checks (default: sample)",
        )
        made.add_argument("--json", action="store_true", help="write for machines")

    made = verb("serve", _serve, "serve the current release; where there is none, build the configured portfolio first")
    common(made)
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    made.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")

    made = verb("build", _build, "check sources and make them the current release, or say what is wrong and where")
    common(made)
    checks(made)

    made.add_argument(
        "--reason",
        default="",
        metavar="TEXT",
        help="why what this release withdraws is gone, where no decision tells it",
    )

    made = verb("validate", _validate, "check sources as build does, and release nothing")
    common(made)
    checks(made)
    made.add_argument("--report", metavar="F", help="write the report to a file")
    made.add_argument(
        "--format",
        choices=("text", "json", "html", "turtle", "csv", "xlsx"),
        default="text",
        help="of the report; xlsx = the list itself with its faulty cells marked and commented",
    )
    made.add_argument("--watch", action="store_true", help="check again whenever a file changes")

    made.add_argument("--lang", choices=("fi", "sv", "en"), default="en", help="language of the report (default: en)")

    made = verb("inspect", cli_lists.inspect, "say what a list of operations looks like and propose its mapping.toml")
    common(made)
    made.add_argument("file", metavar="FILE", help="CSV, XLSX, ODS, JSON or JSON lines, packed or not")
    made.add_argument("--out", metavar="F", help="write the mapping to a file (default: standard output)")
    made.add_argument("--force", action="store_true", help="write over a file that is there")
    made.add_argument("--json", action="store_true", help="write for machines")

    made = verb("coverage", cli_lists.coverage, "tell which fields that the law asks for are present, missing or empty")
    common(made)
    made.add_argument(
        "--law", choices=("annex-xii", "art-49-3"), help="which law (default: that of each operation's period)"
    )
    made.add_argument("--format", choices=("text", "json", "csv", "html"), default="text", help="default: text")
    made.add_argument("--lang", choices=("fi", "sv", "en"), default="en", help="default: en")
    made.add_argument("--out", metavar="F", help="write to a file")
    made.add_argument("--force", action="store_true", help="write over a file that is there")

    made = verb("export", cli_lists.export, "write the current release as a file for others to take in")
    common(made)
    made.add_argument(
        "--profile", choices=("kohesio", "csv", "xlsx", "parquet", "ckan"), required=True, help="which file"
    )
    made.add_argument("--out", metavar="F", help="the file to write")
    made.add_argument("--force", action="store_true", help="write over the file of the usual name")
    made.add_argument("--bom", action="store_true", help="begin a CSV file with a byte order mark, as Excel wants it")
    made.add_argument("--json", action="store_true", help="tell machines what was written and left out")

    made = verb("organisations", cli_lists.organisations, "list organisations that may be the same, to be confirmed")
    common(made)
    made.add_argument("--out", metavar="F", help="write to a file, as decisions to uncomment and sign")
    made.add_argument("--force", action="store_true", help="write over a file that is there")

    made = verb("check-catalogue", cli_catalogue.check, "hold a DCAT catalogue against DCAT-AP and compute its quality")
    common(made)
    cli_catalogue.arguments(made)

    made = verb("query", _query, "ask the current release a SPARQL query")
    common(made)
    made.add_argument("query", metavar="SPARQL", help="the query; - reads it from standard input")
    made.add_argument(
        "--format", metavar="F", help="csv (default), json, xml, tsv; turtle (default), ntriples, jsonld, rdfxml"
    )

    made = verb("queries", _queries, "list the queries that a running server is answering, or has waiting")
    common(made)
    made.add_argument("--json", action="store_true", help="write for machines")

    made = verb("cancel", _cancel, "end a query of a running server; its visitor is told so")
    common(made)
    made.add_argument("id", metavar="ID", help="the query's id, from `publisher queries`")

    made = verb("releases", cli_releases.releases, "list the releases, the current one marked")
    common(made)
    made.add_argument("--json", action="store_true", help="write for machines")

    made = verb("diff", cli_releases.diff, "tell what changed from one release to another, by resource")
    common(made)
    made.add_argument("before", metavar="A", help="a release: its id, the beginning of one, or current")
    made.add_argument("after", metavar="B", help="another")
    made.add_argument("--format", choices=("text", "json", "rdfpatch"), default="text", help="default: text")
    made.add_argument("--json", action="store_true", help="write for machines, as --format json")
    made.add_argument("--out", metavar="F", help="write to a file")

    made = verb("rollback", cli_releases.rollback, "make an earlier release current again")
    common(made)
    made.add_argument("id", nargs="?", metavar="ID", help="the release; default: the one before the current")

    made = verb("new", _new, "make a working skeleton to edit: a portfolio folder, or a project's file in it")
    made.add_argument("what", choices=("portfolio", "project"), help="what to make")
    made.add_argument("name", metavar="DIR|CODE", help="folder of the new portfolio, or code of the new project")
    return commands
