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
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publisher import __version__, errors

if TYPE_CHECKING:
    from publisher.config import Settings
    from publisher.manifest import Release
    from publisher.reports import Report

EXIT_CODES: dict[type[errors.PublisherError], int] = {
    errors.NotConformantError: 1,
    errors.ConfigError: 2,
    errors.InputError: 3,
    errors.PublisherError: 4,
}
"""Exit code by error; the nearest class counts."""


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
        _say(f"publisher: {error}", options, always=True)
        return next(EXIT_CODES[cls] for cls in type(error).__mro__ if cls in EXIT_CODES)
    except KeyboardInterrupt:
        _say("publisher: interrupted; nothing was changed", options, always=True)
        return 4
    except BrokenPipeError:
        # The reader of our output has left: nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 4
    except Exception as error:  # the outermost door: no traceback for users, the kind is said
        if os.environ.get("PYTHONDEVMODE"):
            raise
        _say(f"publisher: a fault in the program: {type(error).__name__}: {error}", options, always=True)
        return 4
    return code


# -- what the verbs share


def _say(text: str, options: argparse.Namespace, *, always: bool = False) -> None:
    """Write a line to standard error; `--quiet` leaves out all but errors."""
    if always or not getattr(options, "quiet", False):
        print(text, file=sys.stderr, flush=True)


def _progress(options: argparse.Namespace) -> Callable[[str], None]:
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


def _end_progress(options: argparse.Namespace) -> None:
    if sys.stderr.isatty() and not getattr(options, "quiet", False):
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _settings(options: argparse.Namespace) -> Settings:
    from publisher import config

    flags = {name: getattr(options, name, None) for name in ("releases",)}
    return config.load(options.config, **flags)


def _sources(options: argparse.Namespace, settings: Settings) -> list[str]:
    """Return the sources named, else the configured one, by a name that is short where it can be."""
    if options.source:
        return list(options.source)
    path = settings.portfolio_path
    with contextlib.suppress(ValueError):
        path = path.relative_to(Path.cwd())
    return [str(path)]


def _show(report: Report, options: argparse.Namespace) -> None:
    text = report.write("json" if options.json else "text")
    print(text, end="", file=sys.stdout if options.json else sys.stderr)


# -- the verbs


def _build(options: argparse.Namespace) -> int:
    from publisher import release

    settings = _settings(options)
    releases = Path(settings.releases)
    progress = _progress(options)
    try:
        made, report, fresh = release.build(
            _sources(options, settings),
            settings,
            releases,
            cross_check=options.cross_check,
            progress=progress,
        )
    except errors.NotConformantError as error:
        _end_progress(options)
        _show(error.report, options)
        raise
    if fresh:
        progress("answering the example queries")
        _warm(settings, made)
    _end_progress(options)
    facts = made.manifest
    if options.json:
        document = {"release": facts.id, "new": fresh, "counts": facts.counts, "validation": facts.validation}
        print(json.dumps(document, indent=2))
        return 0
    if not options.quiet and report.problems:
        _show(report, options)
    counted = f"{facts.counts['triples']} triples, {facts.counts['projects']} projects"
    print(f"{'released' if fresh else 'nothing changed; current is'} {facts.id} ({counted}) in {releases}")
    return 0


def _warm(settings: Settings, made: Release) -> None:
    """Ask a new release's example queries once, so that their answers are in the server's cache."""
    from publisher import manifest
    from publisher.workers import client, service

    if settings.cache_mb:
        index = json.loads(made.file(manifest.INDEX).read_text(encoding="utf-8"))
        with service.start(settings, made.path.parent) as queries:
            texts = [example["query"] for example in index["examples"]]
            client.warm(queries.client(), made.store_path, made.manifest.query_base, texts)


def _validate(options: argparse.Namespace) -> int:
    settings = _settings(options)
    sources = _sources(options, settings)
    seen = _state(sources)
    code = _validate_once(options, settings, sources)
    while options.watch:
        while _state(sources) == seen:
            time.sleep(0.5)
        seen = _state(sources)  # before the check: what changes meanwhile is checked again
        print(file=sys.stderr)
        try:
            code = _validate_once(options, settings, sources)
        except errors.InputError as error:
            _say(f"publisher: {error}", options, always=True)
    return code


def _validate_once(options: argparse.Namespace, settings: Settings, sources: list[str]) -> int:
    import tempfile

    from publisher import checking

    with tempfile.TemporaryDirectory(prefix="publisher-") as workdir:
        checked = checking.check(
            sources,
            settings,
            Path(workdir),
            cross_check=options.cross_check,
            progress=_progress(options),
        )
    _end_progress(options)
    report = checked.report
    text = report.write("json" if options.json else options.format)
    if options.report is None:
        print(text, end="", flush=True)  # with --watch a reader at the other end of a pipe waits for it
    else:
        try:
            Path(options.report).write_text(text, encoding="utf-8")
        except OSError as error:
            raise errors.ConfigError(f"--report {options.report}: cannot be written: {error.strerror}") from error
        _say(report.summary(), options)
    return 0 if report.conforms else 1


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

    settings = _settings(options)
    releases = Path(settings.releases)
    if not 0 < options.port < 65536:
        raise errors.ConfigError(f"--port {options.port}: a port is a number from 1 to 65535")
    if manifest.current_id(releases) is None:
        _say(f"there is no release in {releases} yet: building one first", options)
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

    settings = _settings(options)
    live = manifest.current(Path(settings.releases))
    if live is None:
        raise errors.ReleaseError(f"{settings.releases}: there is no release yet; run `publisher build` first")
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

    settings = _settings(options)
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
        _say(f"and {more} more that wait", options)
    if not queries:
        _say("no query runs or waits", options)
    return 0


def _cancel(options: argparse.Namespace) -> int:
    from publisher.workers import client

    if not any(client.cancel(address, options.id) for address, _ in _overviews(options)):
        raise errors.QueryError(f"there is no query {options.id}: `publisher queries` lists them")
    print(f"ended {options.id}")
    return 0


def _releases(options: argparse.Namespace) -> int:
    from publisher import manifest

    settings = _settings(options)
    releases = Path(settings.releases)
    live = manifest.current_id(releases)
    found = [manifest.find(releases, name).manifest for name in reversed(manifest.list_ids(releases))]
    if options.json:
        rows = [{"id": m.id, "current": m.id == live, "created": m.created, "counts": m.counts} for m in found]
        print(json.dumps(rows, indent=2))
        return 0
    for facts in found:
        mark = "*" if facts.id == live else " "
        triples, projects = facts.counts.get("triples", 0), facts.counts.get("projects", 0)
        print(f"{mark} {facts.id}  {triples:>10} triples  {projects} projects")
    if not found:
        _say(f"{releases}: there is no release yet", options)
    return 0


def _rollback(options: argparse.Namespace) -> int:
    from publisher import manifest, release

    settings = _settings(options)
    releases = Path(settings.releases)
    live = manifest.current_id(releases)
    wanted = options.id
    if wanted is None:
        earlier = [name for name in manifest.list_ids(releases) if live is None or name < live]
        if not earlier:
            raise errors.ReleaseError(f"{releases}: there is no release before {live}")
        wanted = earlier[-1]
    release.make_current(releases, wanted)
    print(f"current is {wanted}")
    return 0


def _new(options: argparse.Namespace) -> int:
    from publisher import skeleton

    made = skeleton.portfolio(Path(options.name)) if options.what == "portfolio" else skeleton.project(options.name)
    for path in made:
        print(path)
    _say("now put your own values in place of the examples, then run `publisher validate` there", options)
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
            "source", nargs="*", metavar="SOURCE", help="portfolio folder or RDF file; default: the configured"
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

    made = verb("validate", _validate, "check sources as build does, and release nothing")
    common(made)
    checks(made)
    made.add_argument("--report", metavar="F", help="write the report to a file")
    made.add_argument(
        "--format", choices=("text", "json", "html", "turtle", "csv"), default="text", help="of the report"
    )
    made.add_argument("--watch", action="store_true", help="check again whenever a file changes")

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

    made = verb("releases", _releases, "list the releases, the current one marked")
    common(made)
    made.add_argument("--json", action="store_true", help="write for machines")

    made = verb("rollback", _rollback, "make an earlier release current again")
    common(made)
    made.add_argument("id", nargs="?", metavar="ID", help="the release; default: the one before the current")

    made = verb("new", _new, "make a working skeleton to edit: a portfolio folder, or a project's file in it")
    made.add_argument("what", choices=("portfolio", "project"), help="what to make")
    made.add_argument("name", metavar="DIR|CODE", help="folder of the new portfolio, or code of the new project")
    return commands
