"""RDF files as a source: read as they stand, named graphs kept, blank nodes skolemised (RDF 1.1 Concepts, 3.5)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from publisher import formats
from publisher.errors import InputError
from publisher.iris import fingerprint

_ENTITY_LENGTH = 1000
"""Longest entity of an XML file: they stand for the beginnings of IRIs."""


@dataclass(frozen=True)
class Converted:
    """What an RDF file held.

    Args:
        statements: How many statements, repeated ones counted again.
        graphs: Names of its named graphs.
        blank_nodes: How many blank nodes became IRIs.
    """

    statements: int
    graphs: frozenset[str]
    blank_nodes: int


def is_rdf(path: Path) -> bool:
    """Tell whether a file's name says that it is RDF."""
    return formats.by_suffix(path.name) is not None


def convert(path: Path, name: str, target: Path, base_iri: str, namesakes: int = 0) -> Converted:
    """Write an RDF file's statements as N-Quads lines, in its own order.

    Blank nodes become `{base_iri}/.well-known/genid/{file}-{n}`, counted by first appearance, so that
    the same file gives the same IRIs. RDF 1.1 is taken: what only RDF 1.2 has, the shapes' engines and other
    readers of the dumps do not know.

    Args:
        path: The file, gzipped where its name ends in `.gz`.
        name: What to call it in errors.
        target: Where to write.
        base_iri: Base of skolem IRIs and of the file's relative IRIs.
        namesakes: How many sources before it have the same file name: their blank nodes are others.

    Raises:
        InputError: It cannot be read, or is not well-formed; with line and column where known.
    """
    form = formats.by_suffix(path.name)
    if form is None:
        raise InputError(f"{name}: is no RDF file by its name")
    skolem = _Skolemiser(f"{base_iri}/.well-known/genid/{fingerprint(path.name, *'+' * namesakes)}-", name)
    try:
        if form is formats.RDF_XML:
            _refuse_bombs(path, name)
        with _open(path) as source, target.open("wb") as out:
            # Fresh labels for anonymous nodes are random, but only their order is used.
            parsed = ox.parse(source, format=form.rdf(), base_iri=f"{base_iri}/")
            ox.serialize(skolem.quads(parsed), out, format=ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        place = f":{error.lineno}:{error.offset}" if error.lineno else ""
        raise InputError(f"{name}{place}: is not well-formed {form.media_type}: {error.msg}") from error
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise InputError(f"{name}: cannot be read: {error}") from error
    return Converted(skolem.count, frozenset(skolem.graphs), len(skolem.names))


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _refuse_bombs(path: Path, name: str) -> None:
    """Look at the entities that an XML file declares: one in another multiplies, and the parser sets no bound.

    Raises:
        InputError: An entity holds another or is long, or the file is no XML up to its first element.
    """
    from xml.parsers import expat

    began = False

    def declared(entity: str, _parameter: int, value: str | None, *_: str | None) -> None:
        if value is not None and ("&" in value or len(value) > _ENTITY_LENGTH):
            raise InputError(f"{name}: the entity {entity} holds another entity or is too long; write it out")

    def element(*_: object) -> None:
        nonlocal began
        began = True

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = element
    with _open(path) as source:
        while not began and (chunk := source.read(1 << 16)):
            try:
                parser.Parse(chunk)
            except expat.ExpatError as error:
                if not began:
                    where = f"{name}:{error.lineno}:{error.offset + 1}"
                    raise InputError(f"{where}: is not well-formed XML: {expat.ErrorString(error.code)}") from error


class _Skolemiser:
    def __init__(self, prefix: str, source: str) -> None:
        self.prefix = prefix
        self.source = source
        self.names: dict[ox.BlankNode, ox.NamedNode] = {}
        self.graphs: set[str] = set()
        self.count = 0

    def node(self, term: Any) -> Any:
        if not isinstance(term, ox.BlankNode):
            return term
        name = self.names.get(term)
        if name is None:
            name = self.names[term] = ox.NamedNode(f"{self.prefix}{len(self.names)}")
        return name

    def quads(self, parsed: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
        last_graph: Any = None
        for quad in parsed:
            self.count += 1
            obj = quad.object
            if isinstance(obj, ox.Triple) or (isinstance(obj, ox.Literal) and obj.direction is not None):
                raise InputError(f"{self.source}: statement {self.count} is RDF 1.2, RDF 1.1 is read: {quad.triple}")
            graph = quad.graph_name
            if graph is not last_graph and not isinstance(graph, ox.DefaultGraph):
                graph = self.node(graph)
                self.graphs.add(graph.value)
                last_graph = graph
            if isinstance(quad.subject, ox.BlankNode) or isinstance(obj, ox.BlankNode):
                yield ox.Quad(self.node(quad.subject), quad.predicate, self.node(obj), graph)
            elif graph is not quad.graph_name:
                yield ox.Quad(quad.subject, quad.predicate, obj, graph)
            else:
                yield quad
