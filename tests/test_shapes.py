"""The shapes: each rule is broken by a case, only that rule answers, and both engines say the same.

`tests/shapes/README.md` tells how a case is written. The bulk engine checks each case
alone. pySHACL takes long to start, so it checks all cases in one graph: every case gets
a name space of its own, by which its findings are told apart. Cases that change a fixed
concept scheme cannot share a graph and run alone.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, SH

from publisher.iris import TYPES
from publisher.namespaces import AUTHORITY, CONCEPT, PREFIXES, SHAPES, pf
from publisher.reports import INFO
from publisher.validation.engines import Finding, PyShacl, RustShacl, Shapes

CASES = Path(__file__).parent / "shapes"
ROOT = Path(__file__).parents[1]
EXAMPLE = "https://example.org/p/"
PFS = f"{SHAPES}#"
LANGUAGES = {"fi", "sv", "en"}
TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)

CASE_PREFIXES = (
    PREFIXES
    | {kind: f"{EXAMPLE}id/{kind}/" for kind in TYPES - {"target-group"}}
    | {file.stem: f"{CONCEPT}/{file.stem}/" for file in (ROOT / "ontology" / "concepts").glob("*.ttl")}
    | {table: f"{AUTHORITY}/{table}/" for table in ("eu-programme", "currency", "language")}
    | {
        "nuts": "http://data.europa.eu/nuts/code/",
        "yso": "http://www.yso.fi/onto/yso/",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
    }
)


class Case(NamedTuple):
    """A graph as N-Triples lines, the shape that it breaks (None: it is valid), and those broken inevitably with it."""

    breaks: str | None
    lines: frozenset[str]
    also: frozenset[str] = frozenset()

    def text(self) -> str:
        return "".join(sorted(self.lines))


@functools.cache
def shapes() -> Shapes:
    return Shapes.load(["measure"])


@functools.cache
def shapes_graph() -> rdflib.Graph:
    return rdflib.Graph().parse(data=shapes().text, format="turtle")


def lines_of(quads: Iterable[pyoxigraph.Quad]) -> frozenset[str]:
    return frozenset(f"{quad.triple} .\n" for quad in quads)


def read(*files: Path) -> list[pyoxigraph.Quad]:
    return [quad for file in files for quad in pyoxigraph.parse(path=file, format=pyoxigraph.RdfFormat.TURTLE)]


@functools.cache
def concepts() -> tuple[pyoxigraph.Quad, ...]:
    return tuple(read(*sorted((ROOT / "ontology" / "concepts").glob("*.ttl"))))


@functools.cache
def cases() -> dict[str, Case]:
    """Read each valid graph, and each case as the valid graph of its folder after the update."""
    found = {}
    for folder in sorted(path for path in CASES.iterdir() if path.is_dir()):
        valid = [*concepts(), *read(CASES / "base.ttl", folder / "valid.ttl")]
        found[f"{folder.name}/valid"] = Case(None, lines_of(valid))
        for file in sorted(folder.glob("*.ru")):
            update = file.read_text(encoding="utf-8")
            breaks = re.match(r"# breaks: pfs:(\S+)\n", update)
            assert breaks, f"{file} does not say which shape it breaks"
            store = pyoxigraph.Store()
            store.extend(valid)
            store.update(update, prefixes=CASE_PREFIXES)
            also = frozenset(PFS + name for name in re.findall(r"^# and so: pfs:(\S+)$", update, re.MULTILINE))
            case = Case(PFS + breaks[1], lines_of(store), also)
            assert case.lines != found[f"{folder.name}/valid"].lines, f"{file} changes nothing"
            found[f"{folder.name}/{file.stem}"] = case
    return found


@functools.cache
def bulk_findings() -> dict[str, frozenset[Finding]]:
    engine = RustShacl(shapes())
    return {name: frozenset(engine.validate(case.text())) for name, case in cases().items()}


@functools.cache
def reference_findings() -> dict[str, frozenset[Finding]]:
    """Return what pySHACL finds by case; "" holds what it finds on the concepts themselves."""
    engine = PyShacl(shapes())
    shared = lines_of(concepts())
    together = set(shared)
    found: dict[str, set[Finding]] = defaultdict(set)
    for number, (name, case) in enumerate(cases().items()):
        if shared <= case.lines:
            together |= {line.replace(EXAMPLE, f"https://example.org/p{number}/") for line in case.lines - shared}
        else:
            found[name] = set(engine.validate(case.text()))
    names = list(cases())
    for finding in engine.validate("".join(together)):
        own = re.match(r"https://example\.org/p(\d+)/(.*)", finding.focus)
        if own:
            values = (EXAMPLE + own[2], finding.path, finding.component, finding.severity, finding.shape)
            found[names[int(own[1])]].add(Finding(*values))
        else:
            found[""].add(finding)
    return {name: frozenset(found[name]) for name in ["", *names]}


def faults(findings: Iterable[Finding]) -> set[str]:
    """Return the shapes that answer with more than an Info."""
    return {finding.shape for finding in findings if finding.severity != INFO}


def targeted() -> set[rdflib.term.Node]:
    return {shape for target in TARGETS for shape in shapes_graph().subjects(target, None)}


def reporting() -> set[rdflib.term.Node]:
    """Return the shapes that a report can name: those with a target, and the parts that they hold by sh:property."""
    return targeted() | {part for shape in targeted() for part in shapes_graph().objects(shape, SH.property)}


def rules() -> set[rdflib.term.Node]:
    """Return the reporting shapes that constrain something themselves, not by their parts alone."""
    described = {RDF.type, rdflib.RDFS.isDefinedBy, SH.property, SH.severity, SH.name, SH.message, *TARGETS}
    return {shape for shape in reporting() if set(shapes_graph().predicates(shape)) - described}


def languages(shape: rdflib.term.Node, predicate: rdflib.URIRef) -> list[str]:
    return sorted(
        str(text.language) for text in shapes_graph().objects(shape, predicate) if isinstance(text, rdflib.Literal)
    )


def test_each_rule_is_broken_by_a_case() -> None:
    assert {str(rule) for rule in rules()} == {case.breaks for case in cases().values() if case.breaks}


def test_each_case_breaks_its_rule_and_no_other() -> None:
    wrong = {
        name: sorted(found)
        for name, found in bulk_findings().items()
        if (breaks := cases()[name].breaks)
        and (breaks not in {finding.shape for finding in found} or not faults(found) <= {breaks, *cases()[name].also})
    }
    assert wrong == {}


def test_valid_graphs_have_no_fault() -> None:
    wrong = {
        name: faults(found) for name, found in bulk_findings().items() if not cases()[name].breaks and faults(found)
    }
    assert wrong == {}


@pytest.mark.slow
def test_both_engines_find_the_same() -> None:
    reference = reference_findings()
    assert reference[""] == frozenset()
    differing = {
        name: sorted(found ^ reference[name]) for name, found in bulk_findings().items() if found != reference[name]
    }
    assert differing == {}


def test_each_class_of_the_ontology_has_a_shape() -> None:
    classes = {getattr(pf, name) for name in pf.names if name[0].isupper()}
    assert classes <= {str(target) for target in shapes_graph().objects(None, SH.targetClass)}


def test_each_rule_speaks_finnish_swedish_and_english() -> None:
    graph = shapes_graph()
    for shape in reporting():
        assert languages(shape, SH.name) == sorted(LANGUAGES), shape
        assert graph.value(shape, SH.severity) in {SH.Violation, SH.Warning, SH.Info}, shape
    for rule in rules():
        assert languages(rule, SH.message) == sorted(LANGUAGES), rule


def test_shapes_have_names_of_our_own() -> None:
    graph = shapes_graph()
    for shape in {*graph.subjects(RDF.type, SH.NodeShape), *graph.subjects(RDF.type, SH.PropertyShape)}:
        assert isinstance(shape, rdflib.URIRef), graph.cbd(shape).serialize()
        assert str(shape).startswith(PFS), shape


def test_rules_are_named_after_their_class() -> None:
    graph = shapes_graph()
    for shape in targeted():
        for part in graph.objects(shape, SH.property):
            assert str(part).startswith(f"{str(shape).removesuffix('Shape')}-"), part


def test_targets_are_our_own_terms() -> None:
    graph = shapes_graph()
    ours = {getattr(pf, name) for name in pf.names}
    for target in TARGETS:
        for shape, term in graph.subject_objects(target):
            assert str(term) in ours or str(term).startswith(f"{CONCEPT}/"), shape


def test_terms_in_rules_are_terms_of_the_ontology() -> None:
    ours = {getattr(pf, name) for name in pf.names}
    assert set(re.findall(rf"{pf.base}\w+", shapes_graph().serialize(format="nt"))) <= ours


def test_messages_stand_in_shapes_alone() -> None:
    """A message or severity on a constraint is read by one engine only."""
    for constraint in shapes_graph().subjects(RDF.type, SH.SPARQLConstraint):
        assert set(shapes_graph().predicates(constraint)) == {RDF.type, SH.select}


def test_shapes_are_not_recursive() -> None:
    graph = shapes_graph()

    def uses(shape: rdflib.term.Node) -> Iterator[rdflib.term.Node]:
        for predicate in (SH.property, SH.node, SH["not"], SH.qualifiedValueShape):
            yield from graph.objects(shape, predicate)
        for predicate in (SH["and"], SH["or"], SH.xone):
            for members in graph.objects(shape, predicate):
                yield from Collection(graph, members)

    def walk(shape: rdflib.term.Node, above: tuple[rdflib.term.Node, ...]) -> None:
        assert shape not in above, above
        assert (shape, RDF.type, None) in graph, f"{shape} is used and not described"
        for used in uses(shape):
            walk(used, (*above, shape))

    for shape in targeted():
        walk(shape, ())


def test_header_tells_the_version() -> None:
    graph = shapes_graph()
    assert (rdflib.URIRef(SHAPES), RDF.type, OWL.Ontology) in graph
    assert (
        str(graph.value(rdflib.URIRef(SHAPES), OWL.versionIRI))
        == f"{SHAPES}/{graph.value(rdflib.URIRef(SHAPES), OWL.versionInfo)}"
    )
