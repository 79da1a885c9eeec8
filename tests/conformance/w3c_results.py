"""Reads the results of queries without the engine's help, and tells whether two are the same.

Numbers and booleans of one datatype are compared by value, all else strictly;
blank nodes up to isomorphism: solutions become a graph, and two graphs are
the same if they are once their blank nodes have canonical names.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox

from publisher import formats

_XSD = "http://www.w3.org/2001/XMLSchema#"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_SRX = "{http://www.w3.org/2005/sparql-results#}"
_INTEGERS = frozenset(
    _XSD + name
    for name in [
        "integer",
        "nonPositiveInteger",
        "negativeInteger",
        "nonNegativeInteger",
        "positiveInteger",
        "long",
        "int",
        "short",
        "byte",
        "unsignedLong",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
    ]
)
_FLOATS = frozenset((_XSD + "double", _XSD + "float"))

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Triple = tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode, Term]


@dataclass(frozen=True)
class Solutions:
    """The result of SELECT.

    Args:
        variables: The columns, in their order where the form has one.
        rows: One mapping a solution; an unbound variable is absent.
        ordered: Whether the order of the rows means anything.
    """

    variables: tuple[str, ...]
    rows: tuple[dict[str, Term], ...]
    ordered: bool = True


@dataclass(frozen=True)
class Graph:
    """The result of CONSTRUCT or DESCRIBE."""

    triples: frozenset[Triple] = field(default_factory=frozenset)


Result = Solutions | Graph | bool


def read(data: bytes, suffix: str, base: str) -> Result:
    """Read a result by the end of its file's name: `.srx`, `.srj`, `.csv`, `.tsv`, or a form of RDF."""
    if suffix == ".srj":
        return _json(data)
    if suffix == ".srx":
        return _xml(data)
    if suffix == ".csv":
        return _csv(data)
    if suffix == ".tsv":
        return _tsv(data)
    form = formats.by_suffix(suffix)
    assert form is not None, suffix
    parsed = [(quad.subject, quad.predicate, quad.object) for quad in ox.parse(data, format=form.rdf(), base_iri=base)]
    found = _result_set(parsed)
    return Graph(frozenset(parsed)) if found is None else found


def _json(data: bytes) -> Result:
    told = json.loads(data.decode("utf-8"))
    if "boolean" in told:
        assert isinstance(told["boolean"], bool)
        return bool(told["boolean"])
    rows = [{name: _json_term(value) for name, value in row.items()} for row in told["results"]["bindings"]]
    return _solutions(told["head"]["vars"], rows)


def _json_term(told: dict[str, str]) -> Term:
    if told["type"] == "uri":
        return ox.NamedNode(told["value"])
    if told["type"] == "bnode":
        return ox.BlankNode(told["value"])
    assert told["type"] in ("literal", "typed-literal"), told
    return _literal(told["value"], told.get("datatype"), told.get("xml:lang"))


def _xml(data: bytes) -> Result:
    root = ElementTree.fromstring(data.decode("utf-8").removeprefix("\ufeff").strip())
    boolean = root.find(f"{_SRX}boolean")
    if boolean is not None:
        return {"true": True, "false": False}[(boolean.text or "").strip()]
    rows: list[dict[str, Term]] = []
    for result in root.iterfind(f"{_SRX}results/{_SRX}result"):
        bindings = list(result)
        assert all(binding.tag == f"{_SRX}binding" and len(binding) == 1 for binding in bindings)
        rows.append({binding.attrib["name"]: _xml_term(binding[0]) for binding in bindings})
    return _solutions([node.attrib["name"] for node in root.iterfind(f"{_SRX}head/{_SRX}variable")], rows)


def _xml_term(node: ElementTree.Element) -> Term:
    text = node.text or ""
    if node.tag == f"{_SRX}uri":
        return ox.NamedNode(text.strip())
    if node.tag == f"{_SRX}bnode":
        return ox.BlankNode(text.strip())
    assert node.tag == f"{_SRX}literal", node.tag
    return _literal(text, node.get("datatype"), node.get("{http://www.w3.org/XML/1998/namespace}lang"))


def _csv(data: bytes) -> Result:
    """Read CSV: it does not tell IRIs from literals, so both become plain literals, and numbers decimals."""
    head, *lines = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    rows: list[dict[str, Term]] = []
    for line in lines:
        assert len(line) == len(head), line
        rows.append({name: _csv_term(cell) for name, cell in zip(head, line, strict=True) if cell})
    return _solutions(head, rows)


def _csv_term(cell: str) -> Term:
    if cell.startswith("_:"):
        return ox.BlankNode(cell[2:])
    try:
        return ox.Literal(format(Decimal(cell).normalize(), "f"))
    except InvalidOperation:
        return ox.Literal(cell)


def _tsv(data: bytes) -> Result:
    head, *lines = data.decode("utf-8").removesuffix("\n").split("\n")
    names = [name.removeprefix("?") for name in head.split("\t")] if head else []
    assert head == "\t".join(f"?{name}" for name in names)
    rows: list[dict[str, Term]] = []
    for line in lines:
        cells = line.split("\t") if names else []
        assert len(cells) == len(names), line
        rows.append({name: _turtle_term(cell) for name, cell in zip(names, cells, strict=True) if cell})
    return _solutions(names, rows)


def _turtle_term(text: str) -> Term:
    (quad,) = ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.TURTLE)
    term = quad.object
    assert isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal)
    return term


def _literal(text: str, datatype: str | None, language: str | None) -> ox.Literal:
    assert not (datatype and language)
    if language:
        return ox.Literal(text, language=language)
    return ox.Literal(text, datatype=ox.NamedNode(datatype)) if datatype else ox.Literal(text)


def _solutions(names: Sequence[str], rows: Sequence[dict[str, Term]]) -> Solutions:
    assert len(set(names)) == len(names), names
    assert all(row.keys() <= set(names) for row in rows), "a row binds what the head does not name"
    return Solutions(tuple(names), tuple(rows))


def _result_set(triples: Sequence[Any]) -> Solutions | bool | None:
    """Read the RDF vocabulary for results, which SPARQL 1.0's tests use; None if this is another graph."""
    found: dict[Any, dict[str, list[Any]]] = {}
    for subject, predicate, value in triples:
        found.setdefault(subject, {}).setdefault(predicate.value.removeprefix(_RS), []).append(value)
    for told in found.values():
        if "boolean" in told:
            return {"true": True, "false": False}[told["boolean"][0].value]
    sets = [told for told in found.values() if "resultVariable" in told or "solution" in told]
    if not sets:
        return None
    names = [value.value for value in sets[0].get("resultVariable", ())]
    solutions = [found[node] for node in sets[0].get("solution", ())]
    ordered = bool(solutions) and all("index" in told for told in solutions)
    if ordered:
        solutions.sort(key=lambda told: int(told["index"][0].value))
    rows = [
        {found[node]["variable"][0].value: found[node]["value"][0] for node in told.get("binding", ())}
        for told in solutions
    ]
    return Solutions(tuple(names), tuple(rows), ordered)


# --- comparing


def differences(actual: Result, expected: Result, *, ordered: bool = False, lax: bool = False) -> str:
    """Tell how a result differs from what is expected; "" if they are the same. The order of columns is not looked at.

    Args:
        actual: What was answered.
        expected: What should have been.
        ordered: Whether the query orders its solutions.
        lax: Whether solutions may come fewer times than expected.
    """
    if isinstance(actual, Solutions) and isinstance(expected, Solutions):
        if set(actual.variables) != set(expected.variables):
            return f"expected the columns {expected.variables}, got {actual.variables}"
        in_order = ordered and expected.ordered
        found, wanted = (_lines(solutions, in_order) for solutions in (actual, expected))
        if lax and all(found[line] <= wanted[line] for line in found):
            found, wanted = Counter(set(found)), Counter(set(wanted))
        same = _same(_table(found), _table(wanted))
        return "" if same else _told(wanted - found, found - wanted)
    if isinstance(actual, Graph) and isinstance(expected, Graph):
        found, wanted = (Counter(_spo(*triple) for triple in graph.triples) for graph in (actual, expected))
        same = _same(_graph(actual), _graph(expected))
        return "" if same else _told(wanted - found, found - wanted)
    return "" if actual is expected else f"expected {expected}, got {actual}"


Line = frozenset[tuple[str, Term]]
"""A row, or a triple, with what is in each of its places."""


def _lines(solutions: Solutions, in_order: bool) -> Counter[Line]:
    """Return the rows, each with the number of times it comes; with their numbers where these matter."""
    rows = [{name: by_value(term) for name, term in row.items()} for row in solutions.rows]
    if in_order:
        rows = [{**row, " row": ox.Literal(number)} for number, row in enumerate(rows)]
    return Counter(frozenset(row.items()) for row in rows)


def _spo(subject: Term, predicate: Term, value: Term) -> Line:
    return frozenset((("s", subject), ("p", predicate), ("o", by_value(value))))


def _table(lines: Counter[Line]) -> ox.Dataset:
    """Write rows as a graph: a node for each different one."""
    table = ox.Dataset()
    for line, count in lines.items():
        node = ox.BlankNode()
        table.add(ox.Quad(node, ox.NamedNode("x:times"), ox.Literal(count)))
        for name, term in line:
            table.add(ox.Quad(node, ox.NamedNode(f"x:column/{name.strip()}"), term))
    return table


def _graph(graph: Graph) -> ox.Dataset:
    return ox.Dataset(ox.Quad(subject, predicate, by_value(value)) for subject, predicate, value in graph.triples)


def _same(one: ox.Dataset, other: ox.Dataset) -> bool:
    for dataset in (one, other):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return one == other


def _told(missing: Counter[Line], surplus: Counter[Line]) -> str:
    def written(lines: Counter[Line]) -> list[str]:
        return sorted(" ".join(f"{name}={term}" for name, term in sorted(line)) for line in lines.elements())[:20]

    return "\n".join(["missing:", *written(missing), "not expected:", *written(surplus)])


def by_value(term: Term) -> Term:
    """Return the term with the one lexical form that numbers and booleans of its value share."""
    if not isinstance(term, ox.Literal):
        return term
    kind = term.datatype.value
    if kind == f"{_XSD}boolean":
        forms = {"1": "true", "0": "false"}
        return ox.Literal(forms.get(term.value, term.value), datatype=term.datatype)
    try:
        if kind in _INTEGERS:
            return ox.Literal(str(int(term.value)), datatype=term.datatype)
        if kind == f"{_XSD}decimal":
            return ox.Literal(format(Decimal(term.value).normalize() + 0, "f"), datatype=term.datatype)
        if kind in _FLOATS:
            number = float(term.value.replace("INF", "inf"))
            return ox.Literal("NaN" if math.isnan(number) else repr(number), datatype=term.datatype)
    except (ValueError, InvalidOperation):
        pass  # ill-formed: strictly as it stands
    return term
