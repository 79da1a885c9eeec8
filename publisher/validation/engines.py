"""The validation engines: pySHACL, the reference, and `shacl` (Rust), for bulk.

Both take a shard as N-Triples text and return a set of findings, so that two
answers can be compared with `==`. A finding leaves out what engines
may word in their own way: messages come from the shapes, by the shape's IRI.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyoxigraph as ox

from publisher import ntriples
from publisher.config import shipped
from publisher.errors import ConfigError, ShapesError
from publisher.namespaces import sh
from publisher.reports import INFO, VIOLATION, WARNING

if TYPE_CHECKING:
    import rdflib
    from rdflib.plugins.sparql.sparql import Query

SEVERITY = {sh.Violation: VIOLATION, sh.Warning: WARNING, sh.Info: INFO}


@dataclass(frozen=True, order=True)
class Finding:
    """One validation result (SHACL 3.6), IRIs as text; `path` is "" where the shape has none or a complex one."""

    focus: str
    path: str
    component: str
    severity: str
    shape: str


class Engine(Protocol):
    """What a validation engine does."""

    name: str

    def validate(self, data: str) -> dict[Finding, str]:
        """Check N-Triples text; return the findings, each with one faulty value as text ("" where there is none).

        Raises:
            ShapesError: The shapes cannot be used, or the engine fails.
        """


@dataclass(frozen=True)
class Shapes:
    """The shapes as text and what reports need to know of them.

    Args:
        text: All shape files, one after the other; Turtle may declare its prefixes again.
        messages: Message by language, by shape IRI.
        titles: Name by language, by shape IRI.
        raised: Shapes whose warnings count as violations: those of a profile that is strict.
    """

    text: str
    messages: dict[str, dict[str, str]]
    titles: dict[str, dict[str, str]]
    raised: frozenset[str] = frozenset()

    def severity(self, shape: str, severity: str) -> str:
        """Return the severity that a finding of a shape counts with."""
        return VIOLATION if severity == WARNING and shape in self.raised else severity

    @classmethod
    def load(cls, profiles: Sequence[str] = (), *, strict: bool = False) -> Shapes:
        """Read the shapes that come with the program: the core, and those of profiles.

        Args:
            profiles: Names of folders of `shapes/profiles`.
            strict: Whether what a profile warns of blocks a release.

        Raises:
            ConfigError: There is no such profile.
            ShapesError: A file is no Turtle.
        """
        folders = [shipped("shapes", "core"), *(_profile(name) for name in sorted(set(profiles)))]
        texts: list[str] = []
        messages: dict[str, dict[str, str]] = {}
        titles: dict[str, dict[str, str]] = {}
        raised: set[str] = set()
        for folder in folders:
            for file in sorted(folder.glob("*.ttl")):
                text, quads = _read(file)
                texts.append(text)
                for quad in quads:
                    kept = {sh.message: messages, sh.name: titles}.get(quad.predicate.value)
                    if kept is not None and isinstance(quad.object, ox.Literal):
                        kept.setdefault(_plain(str(quad.subject)), {})[quad.object.language or "en"] = quad.object.value
                    if strict and folder is not folders[0]:
                        raised.add(_plain(str(quad.subject)))
        return cls("\n".join(texts), messages, titles, frozenset(raised))

    @classmethod
    def of(cls, file: Path) -> Shapes:
        """Read one file of shapes, the program's or somebody else's.

        Raises:
            ShapesError: The file is no Turtle.
        """
        text, quads = _read(file)
        words: dict[str, dict[str, dict[str, str]]] = {sh.message: {}, sh.name: {}}
        for quad in quads:
            if quad.predicate.value in words and isinstance(quad.object, ox.Literal):
                named = words[quad.predicate.value].setdefault(_plain(str(quad.subject)), {})
                named[quad.object.language or "en"] = quad.object.value
        return cls(text, words[sh.message], words[sh.name])


def profiles() -> list[str]:
    """Return the names of the profiles that come with the program."""
    return sorted(path.name for path in shipped("shapes", "profiles").iterdir() if path.is_dir())


def _profile(name: str) -> Path:
    if name not in profiles():
        raise ConfigError(f"profiles: there is no profile {name!r}; known: {', '.join(profiles())}")
    return shipped("shapes", "profiles", name)


def _read(file: Path) -> tuple[str, list[ox.Quad]]:
    try:
        text = file.read_text(encoding="utf-8")
        return text, list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    except (OSError, UnicodeDecodeError, SyntaxError) as error:
        raise ShapesError(f"{file.name}: cannot be read as Turtle: {error}") from error


class RustShacl:
    """The bulk engine: the `shacl` package.

    Args:
        shapes: What to check against.

    Raises:
        ShapesError: The engine does not take the shapes.
    """

    name = "shacl"

    def __init__(self, shapes: Shapes) -> None:
        """Compile the shapes once."""
        import shacl

        try:
            self._compiled = shacl.Shapes.from_turtle(shapes.text)
        except Exception as error:  # the binding raises bare exceptions of its own
            raise ShapesError(f"the engine shacl does not take the shapes: {error}") from error

    def validate(self, data: str) -> dict[Finding, str]:
        """See `Engine.validate`."""
        try:
            report = self._compiled.validate_text(data, format="ntriples")
        except Exception as error:  # as above
            raise ShapesError(f"the engine shacl failed: {error}") from error
        found: dict[Finding, str] = {}
        for result in report.results:
            path = result.path or ""
            finding = Finding(
                ntriples.value(result.focus_node),
                path[1:-1] if path.startswith("<") and path.find(">") == len(path) - 1 else "",
                result.component_iri,
                SEVERITY.get(result.severity_iri, VIOLATION),
                _plain(result.source_shape or ""),
            )
            found.setdefault(finding, result.value_plain or "")
        return found


def _plain(term: str) -> str:
    return term[1:-1] if term.startswith("<") else term


class PyShacl:
    """The reference engine: pySHACL on rdflib graphs.

    Args:
        shapes: What to check against.

    Raises:
        ShapesError: The shapes are ill-formed.
    """

    name = "pyshacl"

    def __init__(self, shapes: Shapes) -> None:
        """Keep the shapes; they are parsed at the first check."""
        self._shapes = shapes

    def validate(self, data: str) -> dict[Finding, str]:
        """See `Engine.validate`."""
        import pyshacl
        import rdflib
        from pyshacl.errors import ShapeRecursionWarning

        shapes, prepared = _parsed(self._shapes.text)
        graph = _remembering_graph(prepared)
        with warnings.catch_warnings(), _no_logs_of_values():
            graph.parse(data=data, format="nt")
            # A recursive shape is only a warning beside "conforms": for us it is an error in the shapes.
            warnings.simplefilter("error", ShapeRecursionWarning)
            try:
                _, report, text = pyshacl.validate(
                    graph, shacl_graph=shapes, inference="none", advanced=False, inplace=True, do_owl_imports=False
                )
            except ShapeRecursionWarning as warning:
                raise ShapesError(f"a shape is recursive: {warning}") from warning
            except Exception as error:  # pySHACL raises many kinds, all of them about the shapes
                raise ShapesError(f"the engine pyshacl failed: {error}") from error
        if not isinstance(report, rdflib.Graph):
            raise ShapesError(f"the engine pyshacl failed: {text}")
        return _findings(report)


@contextmanager
def _no_logs_of_values() -> Iterator[None]:
    """Keep rdflib from logging each value that is none of its datatype, with a traceback: the report tells of it."""
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


@lru_cache(maxsize=2)
def _parsed(text: str) -> tuple[rdflib.Graph, dict[str, Query]]:
    """Return shapes as a graph, and a place for their parsed queries: `--watch` checks against the same ones again."""
    import rdflib

    return rdflib.Graph().parse(data=text, format="turtle"), {}


def _remembering_graph(prepared: dict[str, Query]) -> rdflib.Graph:
    """Return an empty graph that parses each query text once.

    pySHACL hands the same text over for every focus node, and parsing takes rdflib twenty times as long as answering.
    """
    import rdflib
    from rdflib.plugins.sparql import prepareQuery

    class RememberingGraph(rdflib.Graph):
        def query(self, query_object: Any, *arguments: Any, **options: Any) -> Any:
            if isinstance(query_object, str) and not options.get("initNs"):
                if query_object not in prepared:
                    prepared[query_object] = prepareQuery(query_object, initNs=dict(self.namespaces()))
                query_object = prepared[query_object]
            return super().query(query_object, *arguments, **options)

    return RememberingGraph()


def _findings(report: rdflib.Graph) -> dict[Finding, str]:
    import rdflib

    def one(node: Any, predicate: str) -> Any:
        return report.value(node, rdflib.URIRef(predicate))

    found: dict[Finding, str] = {}
    for result in report.objects(None, rdflib.URIRef(sh.result)):
        path, value = one(result, sh.resultPath), one(result, sh.value)
        finding = Finding(
            str(one(result, sh.focusNode)),
            str(path) if isinstance(path, rdflib.URIRef) else "",
            str(one(result, sh.sourceConstraintComponent)),
            SEVERITY.get(str(one(result, sh.resultSeverity)), VIOLATION),
            str(one(result, sh.sourceShape)),
        )
        found.setdefault(finding, "" if value is None else str(value))
    return found
