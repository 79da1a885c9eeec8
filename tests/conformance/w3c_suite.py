"""The W3C's SPARQL tests as they stand in a folder: what each asks, on which data, and what it expects."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest

from publisher import formats, sparql_text

HERE = Path(__file__).resolve().parent
FOLDER = Path(os.environ.get("W3C_SPARQL_TESTS") or HERE.parents[1] / ".w3c")
"""Where the tests stand."""
RECIPE = (
    f"no W3C tests in {FOLDER.name}: fetch them with `python tests/conformance/fetch.py .w3c`, "
    "or name their folder in W3C_SPARQL_TESTS"
)

Test = TypeVar("Test", bound=Callable[..., Any])

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_DAWGT = "http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_BASES = {
    "sparql11": "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/",
    "dawg-data-r2": "http://www.w3.org/2001/sw/DataAccess/tests/data-r2/",
}
_VERSIONS = {"sparql11": "1.1", "dawg-data-r2": "1.0"}
ENTAILMENT = "entailment"
"""The folder whose tests ask for inference, which this service does not offer (its description says so)."""
FEDERATED = ("service", "syntax-fed")
"""The folders whose tests call other services."""


@dataclass(frozen=True)
class Case:
    """One test.

    Args:
        name: Version, folder and name in the manifest, such as `1.1/bind/bind01`.
        kind: Class of the test in the manifest, such as `QueryEvaluationTest`.
        folder: Its folder.
        base: IRI that its relative IRIs are relative to.
        query: The file that holds the query or update, if it names one.
        data: Files that make up the default graph.
        graphs: Files that are a named graph each.
        result: What is expected, if it names a file.
        lax: Whether solutions may come fewer times than expected (`REDUCED`).
        withdrawn: Whether the W3C has withdrawn it.
    """

    name: str
    kind: str
    folder: str
    base: str
    query: Path | None
    data: tuple[Path, ...]
    graphs: tuple[Path, ...]
    result: Path | None
    lax: bool
    withdrawn: bool

    @property
    def text(self) -> str:
        """The query with the base that it is meant to be read with, on its own first line."""
        assert self.query is not None
        return f"BASE <{self.iri(self.query)}> {self.query.read_text(encoding='utf-8')}"

    @property
    def ordered(self) -> bool:
        """Whether the query as a whole orders its solutions."""
        depth = 0
        for token in sparql_text.tokens(self.text):
            if token.kind == "mark":
                depth += {"{": 1, "}": -1}.get(token.text, 0)
            elif not depth and token.kind == "word" and token.text.upper() == "ORDER":
                return True
        return False

    def columns(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return names of variables in the order in which the query names them first."""
        text = [token.text[1:] for token in sparql_text.tokens(self.text) if token.kind == "variable"]
        return tuple(sorted(names, key=text.index))

    def iri(self, file: Path) -> str:
        """Return the address that the W3C gives a file of this test."""
        return urljoin(self.base, file.name)

    def dataset(self) -> tuple[tuple[Path, str], ...]:
        """Return the files of the data, each with the IRI of its graph, "" for the default graph."""
        named = {file: self.iri(file) for file in (*self.graphs, *self._from())}
        return (*((file, "") for file in self.data), *sorted(named.items()))

    def _from(self) -> Iterator[Path]:
        """Yield the files that the query takes its dataset from: a store holds them as named graphs."""
        assert self.query is not None
        words = list(sparql_text.tokens(self.text))
        for before, last, token in zip(words, words[1:], words[2:], strict=False):
            leading = [word.text.upper() for word in (before, last) if word.kind == "word"]
            if token.kind == "iri" and (leading[-1:] == ["FROM"] or leading == ["FROM", "NAMED"]):
                file = self.query.parent / token.text[1:-1]
                if file.is_file():
                    yield file


@cache
def cases() -> tuple[Case, ...]:
    """Return all tests that the manifests list, in their order."""
    found: list[Case] = []
    for suite in _BASES:
        for manifest in sorted((FOLDER / suite).glob("*/manifest.ttl")):
            found += _read(suite, manifest)
    return tuple(found)


def _read(suite: str, manifest: Path) -> Iterator[Case]:
    folder = manifest.parent.name
    base = f"{_BASES[suite]}{folder}/"
    statements: dict[tuple[object, str], list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = {}
    parsed = ox.parse(manifest.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=base)
    for quad in parsed:
        statements.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)

    def objects(subject: object, *predicates: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
        return [value for name in predicates for value in statements.get((subject, name), ())]

    def files(subject: object, *predicates: str) -> tuple[Path, ...]:
        values = objects(subject, *predicates)
        return tuple(
            manifest.parent / value.value.rpartition("/")[2] for value in values if isinstance(value, ox.NamedNode)
        )

    entry = next(iter(objects(ox.NamedNode(base), _MF + "entries")), None)
    while entry is not None and entry != ox.NamedNode(_RDF + "nil"):
        (test,) = objects(entry, _RDF + "first")
        (entry,) = objects(entry, _RDF + "rest")
        kinds = [
            kind.value.removeprefix(_MF)
            for kind in objects(test, _RDF + "type")
            if isinstance(kind, ox.NamedNode) and kind.value.startswith(_MF)
        ]
        if not kinds or not isinstance(test, ox.NamedNode):
            continue
        action = next(iter(objects(test, _MF + "action")), None)
        syntax = files(test, _MF + "action")  # a syntax test names its query at once
        queries = syntax or files(action, _QT + "query")
        results = files(test, _MF + "result")
        yield Case(
            name=f"{_VERSIONS[suite]}/{folder}/{test.value.rpartition('#')[2]}",
            kind=kinds[0],
            folder=folder,
            base=base,
            query=queries[0] if queries else None,
            data=files(action, _QT + "data"),
            graphs=files(action, _QT + "graphData"),
            result=results[0] if results else None,
            lax=bool(objects(test, _MF + "resultCardinality")),
            withdrawn=ox.NamedNode(_DAWGT + "Withdrawn") in objects(test, _DAWGT + "approval"),
        )


def write(files: tuple[tuple[Path, str], ...], base_of: Case, target: Path) -> None:
    """Write a dataset as N-Quads: each file's blank nodes are its own."""
    quads: list[ox.Quad] = []
    for file, graph in files:
        form = formats.by_suffix(file.name)
        assert form is not None, file.name
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        parsed = ox.parse(file.read_bytes(), format=form.rdf(), base_iri=base_of.iri(file), rename_blank_nodes=True)
        quads += (ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in parsed)
    target.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")


@dataclass(frozen=True)
class Known:
    """What `known_failures.toml` says: by test the reason why it fails, or why its order of rows is not compared."""

    failures: dict[str, str]
    order_open: dict[str, str]


@cache
def known() -> Known:
    """Read the list of known failures."""
    told = tomllib.loads((HERE / "known_failures.toml").read_text(encoding="utf-8"))
    order_open = told.pop("order_open")
    return Known({name: reason for section in told.values() for name, reason in section.items()}, order_open)


def mark(name: str) -> list[pytest.MarkDecorator]:
    """Return the mark of a test that is known to fail: it must fail, by an assertion; none for another test."""
    reason = known().failures.get(name)
    return [pytest.mark.xfail(reason=reason, raises=AssertionError, strict=True)] if reason else []


def stands_for(name: str) -> Callable[[Test], Test]:
    """Mark a function of ours that stands for a W3C test, as the list of known failures has that test."""

    def marked(test: Test) -> Test:
        for decorator in mark(name):
            test = decorator(test)
        return test

    return marked
