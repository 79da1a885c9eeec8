"""The shapes: each rule is broken by a case, only that rule answers, and both engines say the same.

`tests/shapes/README.md` tells how a case is written. The Rust engine validates each case
alone. pySHACL is slow per run, so it validates all cases in one graph: every case gets a
name space of its own, and its results are told apart by it. Cases that change a fixed
concept scheme cannot share a graph and run alone.
"""

from __future__ import annotations

import functools
import re
import warnings
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import pyshacl
import pytest
import rdflib
import shacl
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH

from publisher.namespaces import AUTHORITY, CONCEPT, PREFIXES, SHAPES, pf
from publisher.iris import TYPES

HERE = Path(__file__).parent / "shapes"
ROOT = Path(__file__).parents[1]
PORTFOLIO = "https://example.org/p/"
PFS = rdflib.Namespace(f"{SHAPES}#")
LANGUAGES = {"fi", "sv", "en"}
BLOCKING = {"Violation", "Warning"}

CASE_PREFIXES = (
    PREFIXES
    | {kind: f"{PORTFOLIO}id/{kind}/" for kind in TYPES - {"target-group"}}
    | {path.stem: f"{CONCEPT}/{path.stem}/" for path in (ROOT / "ontology" / "concepts").glob("*.ttl")}
    | {table: f"{AUTHORITY}/{table}/" for table in ("eu-programme", "currency", "language")}
    | {
        "nuts": "http://data.europa.eu/nuts/code/",
        "yso": "http://www.yso.fi/onto/yso/",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
    }
)


class Finding(NamedTuple):
    """One validation result, as far as two engines can agree on it; a composed path is "complex"."""

    focus: str
    path: str
    component: str
    severity: str
    shape: str


class Case(NamedTuple):
    """A graph to validate and the shape that it breaks (none: it is valid)."""

    name: str
    breaks: str | None
    data: str


@functools.cache
def shapes_text() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "shapes" / "core").glob("*.ttl")))


@functools.cache
def shapes_graph() -> rdflib.Graph:
    return rdflib.Graph().parse(data=shapes_text(), format="turtle")


@functools.cache
def rust_shapes() -> shacl.Shapes:
    return shacl.Shapes.from_turtle(shapes_text())


def turtle(*paths: Path) -> list[pyoxigraph.Quad]:
    return [quad for path in paths for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE)]


@functools.cache
def vocabulary() -> list[pyoxigraph.Quad]:
    return turtle(*sorted((ROOT / "ontology" / "concepts").glob("*.ttl")))


def ntriples(quads: Iterable[pyoxigraph.Quad]) -> str:
    return "".join(f"{quad.triple} .\n" for quad in quads)


@functools.cache
def cases() -> dict[str, Case]:
    """Read every valid graph, and every case as the valid graph of its class with the update applied."""
    found = {}
    for folder in sorted(path for path in HERE.iterdir() if path.is_dir()):
        valid = [*vocabulary(), *turtle(HERE / "base.ttl", folder / "valid.ttl")]
        found[f"{folder.name}/valid"] = Case(f"{folder.name}/valid", None, ntriples(valid))
        for path in sorted(folder.glob("*.ru")):
            text = path.read_text("utf-8")
            store = pyoxigraph.Store()
            store.extend(valid)
            before = len(store)
            store.update(text, prefixes=CASE_PREFIXES)
            data = ntriples(store)
            assert len(store) != before or data != ntriples(valid), f"{path} changes nothing"
            breaks = re.match(r"# breaks: pfs:(\S+)\n", text)
            assert breaks, f"{path} does not say what it breaks"
            name = f"{folder.name}/{path.stem}"
            found[name] = Case(name, breaks[1], data)
    return found


def local(iri: str) -> str:
    return iri.strip("<>").removeprefix(str(PFS))


def by_rust(data: str) -> frozenset[Finding]:
    return frozenset(
        Finding(
            result.focus_node.strip("<>"),
            "" if result.path is None else "complex" if result.path[0] != "<" else result.path.strip("<>"),
            result.component,
            result.severity,
            local(result.source_shape or ""),
        )
        for result in rust_shapes().validate_text(data, format="ntriples").results
    )


def by_pyshacl(data: str) -> frozenset[Finding]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib warns of literals that are wrong on purpose
        graph = rdflib.Graph().parse(data=data, format="ntriples")
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes_graph(), inference="none", advanced=False, inplace=True)
    assert isinstance(report, rdflib.Graph)

    def fragment(node: rdflib.term.Node, name: str) -> str:
        return str(report.value(node, SH[name])).rpartition("#")[2]

    findings = set()
    for result in report.objects(None, SH.result):
        path = report.value(result, SH.resultPath)
        findings.add(
            Finding(
                str(report.value(result, SH.focusNode)),
                "" if path is None else "complex" if isinstance(path, rdflib.BNode) else str(path),
                fragment(result, "sourceConstraintComponent"),
                fragment(result, "resultSeverity"),
                fragment(result, "sourceShape"),
            )
        )
    return frozenset(findings)


@functools.cache
def rust_findings() -> dict[str, frozenset[Finding]]:
    return {case.name: by_rust(case.data) for case in cases().values()}


@functools.cache
def pyshacl_findings() -> dict[str, frozenset[Finding]]:
    """Validate all cases at once, each under a name space of its own."""
    found: dict[str, set[Finding]] = defaultdict(set)
    shared = {line for line in ntriples(vocabulary()).splitlines()}
    together = set(shared)
    for number, case in enumerate(cases().values()):
        lines = set(case.data.splitlines())
        if shared <= lines:
            together |= {line.replace(PORTFOLIO, f"https://example.org/p{number}/") for line in lines - shared}
        else:
            found[case.name] = set(by_pyshacl(case.data))
    names = dict(enumerate(cases()))
    for finding in by_pyshacl("\n".join(together)):
        number = re.match(r"https://example\.org/p(\d+)/", finding.focus)
        owner = names[int(number[1])] if number else "vocabulary"
        found[owner].add(finding._replace(focus=re.sub(r"^(https://example\.org/p)\d+", r"\1", finding.focus)))
    return {name: frozenset(found[name]) for name in [*cases(), "vocabulary"]}


def blocking(findings: Iterable[Finding]) -> set[str]:
    return {finding.shape for finding in findings if finding.severity in BLOCKING}


def reporting_shapes() -> set[rdflib.term.Node]:
    """Return the shapes that a report can name: those with a target and those that they hold by sh:property."""
    graph = shapes_graph()
    targets = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
    top = {shape for target in targets for shape in graph.subjects(target, None)}
    return top | {part for shape in top for part in graph.objects(shape, SH.property)}


def checks_something(shape: rdflib.term.Node) -> bool:
    """Tell whether a shape has a constraint of its own, not only parts."""
    graph = shapes_graph()
    return (shape, SH.path, None) in graph or any(graph.objects(shape, SH[name]) for name in ("or", "xone", "node"))


def test_each_rule_is_broken_by_a_case() -> None:
    rules = {local(str(shape)) for shape in reporting_shapes() if checks_something(shape)}
    assert rules == {case.breaks for case in cases().values() if case.breaks}


def test_each_case_breaks_its_rule_and_no_other() -> None:
    wrong = {}
    for case in cases().values():
        findings = rust_findings()[case.name]
        named = {finding.shape for finding in findings}
        if case.breaks and case.breaks not in named or not blocking(findings) <= {case.breaks}:
            wrong[case.name] = findings
    assert not wrong


def test_valid_graphs_have_no_fault() -> None:
    valid = [name for name, case in cases().items() if case.breaks is None]
    assert valid
    assert {name: blocking(rust_findings()[name]) for name in valid if blocking(rust_findings()[name])} == {}


def test_both_engines_find_the_same() -> None:
    ours, reference = rust_findings(), pyshacl_findings()
    assert reference["vocabulary"] == frozenset()
    assert {name: (ours[name] - reference[name], reference[name] - ours[name]) for name in ours if ours[name] != reference[name]} == {}
