"""Reads a catalogue from a file or from the web, all its pages, as far as is safe.

What comes in is hostile until it is read: size, number of statements, depth
and entities are bounded, and no context or entity is fetched from elsewhere.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from xml.parsers import expat

import pyoxigraph as ox

from publisher import formats
from publisher.catalogue_check.fetching import Client, Permit, origin
from publisher.catalogue_check.graphs import Graph, Node
from publisher.errors import InputError
from publisher.formats import Format
from publisher.namespaces import Vocabulary

MAX_BYTES = 50_000_000
"""Largest catalogue, all its pages together; CKAN's harvester gives up there (`ckanext.dcat.max_file_size`)."""
MAX_STATEMENTS = 500_000
MAX_PAGES = 200
_DEPTH = 100
"""Deepest nesting of a document: the JSON-LD parser has no bound of its own and crashes at ten thousand."""
_ENTITIES = 100
_ENTITY_LENGTH = 1000

ACCEPT = "text/turtle, application/n-triples;q=0.9, application/rdf+xml;q=0.8, application/ld+json;q=0.7, */*;q=0.1"

hydra = Vocabulary("http://www.w3.org/ns/hydra/core#", "next nextPage")

_PLAIN = "file:///"
"""What relative addresses of a file lead from: they are told as what nobody can follow, and the rest is checked."""
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_SNIFFED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:(?P<xml><\?xml|<!DOCTYPE|<(?:\w+:)?RDF\s)|(?P<json>\{)|(?P<list>\[)"
    rb"|(?P<turtle>@prefix\s|@base\s|PREFIX\s|BASE\s))"
)
_JSON_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)|[{}\[\]]', re.DOTALL)
"""A text, to the end of the document where nothing ends it: looked for again behind each quotation mark, it would cost
the square of the document's length."""


@dataclass
class Catalogue:
    """A catalogue that was read.

    Args:
        name: What the user called it.
        origin: The server that it came from, "" of a file.
        graph: Its statements.
        pages: How many documents it stands in.
        unread: Addresses of further pages that were not read, with the key of the reason.
    """

    name: str
    origin: str = ""
    graph: Graph = field(default_factory=Graph)
    pages: int = 1
    unread: list[tuple[str, str]] = field(default_factory=list)
    _blank: int = 0
    _bytes: int = 0

    def blank(self) -> ox.BlankNode:
        """Return a blank node of the next number: the same document gives the same labels."""
        self._blank += 1
        return ox.BlankNode(f"b{self._blank}")

    def count(self, size: int) -> None:
        """Add the size of a page.

        Raises:
            InputError: All pages together are too large.
        """
        self._bytes += size
        if self._bytes > MAX_BYTES:
            raise InputError(f"{self.name}: is larger than {MAX_BYTES} bytes; portals do not take it either")


def from_file(path: Path, name: str) -> Catalogue:
    """Read a file; its further pages are named, not read.

    Raises:
        InputError: It cannot be read, is too large or is no RDF.
    """
    try:
        with path.open("rb") as source:
            data = source.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror or error}") from error
    found = Catalogue(name)
    _read(found, data, formats.by_suffix(path.name), _PLAIN, name)
    found.unread = [(url, "page.file") for url in _next_pages(found.graph)]
    return found


def from_url(url: str, permit: Permit, moved: Callable[[str], str], timeout_s: float) -> Catalogue:
    """Read a catalogue from the web, with its pages (hydra:next) as far as the permit covers them.

    Args:
        url: What the user typed: this server may be asked, wherever it is.
        permit: What may be asked beside it.
        moved: Gives the address that is asked in place of one that the catalogue names.
        timeout_s: How long a step may take.

    Raises:
        InputError: It cannot be had, is too large or is no RDF.
    """
    own = origin(url)
    if not own:
        raise InputError(f"{url}: is no http or https address")
    client = Client(Permit(permit.origins | {own}, permit.everything), timeout_s)
    found = Catalogue(url, own, pages=0)
    queue, done = [url], {url}
    while queue:
        asked = queue.pop(0)
        answer = client.get(asked, ACCEPT, MAX_BYTES)
        form = formats.by_name(answer.media_type, formats.SOURCES) or formats.by_suffix(urlsplit(answer.url).path)
        _read(found, answer.body, form, answer.url, f"{asked} ({answer.media_type})")
        found.pages += 1
        for further in _next_pages(found.graph):
            target = moved(further)
            if target in done:
                continue
            done.add(target)
            if found.pages + len(queue) >= MAX_PAGES:
                found.unread.append((further, "page.many"))
            elif permit.everything or origin(target) in client.permit.origins:
                queue.append(target)
            else:
                found.unread.append((further, "page.elsewhere"))
    return found


def _next_pages(graph: Graph) -> list[str]:
    """Return where further pages stand; CKAN writes their addresses as text."""
    return sorted(
        {
            obj.value
            for _, predicate, obj in graph.statements()
            if predicate in (hydra.next, hydra.nextPage) and isinstance(obj, (ox.NamedNode, ox.Literal))
        }
    )


def _read(into: Catalogue, data: bytes, form: Format | None, base: str, name: str) -> None:
    """Add the statements of one document.

    Raises:
        InputError: It is no RDF, or too much of it.
    """
    data = _unpacked(data, name)
    into.count(len(data))
    if _PAGE.match(data[:1000]):
        raise InputError(f"{name}: is a web page, no catalogue; give the address of its Turtle, RDF/XML or JSON-LD")
    form = _sniffed(data, form)
    if form is formats.RDF_XML:
        _guard_xml(data, name)
    elif form is formats.JSON_LD:
        _guard_json(data, name)
    labels: dict[ox.BlankNode, ox.BlankNode] = {}

    def kept(node: Node) -> Node:
        if isinstance(node, ox.BlankNode) and node not in labels:
            labels[node] = into.blank()
        return labels[node] if isinstance(node, ox.BlankNode) else node

    try:
        for quad in ox.parse(data, format=form.rdf(), base_iri=base):
            obj = quad.object
            if isinstance(obj, ox.Triple) or isinstance(quad.subject, ox.Triple):
                raise InputError(f"{name}: is RDF 1.2; portals read RDF 1.1")
            into.graph.add(kept(quad.subject), quad.predicate.value, obj if isinstance(obj, ox.Literal) else kept(obj))
            if len(into.graph) > MAX_STATEMENTS:
                raise InputError(
                    f"{name}: has more than {MAX_STATEMENTS} statements; describe datasets, not their data"
                )
    except SyntaxError as error:
        place = f":{error.lineno}:{error.offset}" if error.lineno else ""
        raise InputError(f"{name}{place}: is not well-formed {form.media_type}: {_told(error)}") from error
    except (ValueError, OSError, MemoryError) as error:  # the last: one text is longer than the engine takes
        raise InputError(f"{name}: cannot be read as {form.media_type}: {error}") from error


def _told(error: SyntaxError) -> str:
    if "LoadDocumentCallback" in str(error.msg):
        return "it names a context on the web, and none is fetched; give the context in the document, or another form"
    return " ".join(str(error.msg).split())[:300]


def _unpacked(data: bytes, name: str) -> bytes:
    """Unpack what is gzipped, a little further than is allowed.

    Raises:
        InputError: It is broken, or cut off.
    """
    if data[:2] != b"\x1f\x8b":
        return data
    unpack = zlib.decompressobj(31)
    try:
        plain = unpack.decompress(data, MAX_BYTES + 1)
    except zlib.error as error:
        raise InputError(f"{name}: cannot be unpacked: {error}") from error
    if not unpack.eof and len(plain) <= MAX_BYTES:
        raise InputError(f"{name}: cannot be unpacked: it is cut off")
    return plain


def _sniffed(data: bytes, form: Format | None) -> Format:
    """Return the form of a document: by its name or media type where they say one, unless it plainly is another."""
    match = _SNIFFED.match(data[:1000])
    begins = match.lastgroup if match else ""
    if begins == "xml":
        return formats.RDF_XML
    if (begins == "json" and form is not formats.TRIG) or (begins == "list" and form is None):
        return formats.JSON_LD
    if begins == "turtle" and form not in (formats.TRIG, formats.TURTLE):
        return formats.TURTLE
    return form or formats.TURTLE


def _guard_json(data: bytes, name: str) -> None:
    """Refuse a JSON document that is nested too deep.

    Raises:
        InputError: It is.
    """
    depth = 0
    for token in _JSON_TOKEN.finditer(data):
        first = token.group()[:1]
        if first in b"{[":
            depth += 1
            if depth > _DEPTH:
                raise InputError(f"{name}: is nested deeper than {_DEPTH}")
        elif first in b"}]":
            depth -= 1


def _guard_xml(data: bytes, name: str) -> None:
    """Refuse XML that is nested too deep, or whose entities grow or lead elsewhere.

    Raises:
        InputError: It is no XML, or does one of these.
    """
    depth = grown = entities = 0

    def declared(
        entity: str, parameter: int, value: str | None, _base: str | None, system: str | None, *_: str | None
    ) -> None:
        nonlocal grown, entities
        entities += 1
        if entities > _ENTITIES:
            raise InputError(f"{name}: declares more than {_ENTITIES} entities; write them out")
        if parameter or value is None or system:
            raise InputError(f"{name}: the entity {entity} stands elsewhere; nothing is fetched")
        if "&" in value or len(value) > _ENTITY_LENGTH:
            raise InputError(f"{name}: the entity {entity} holds another entity or is too long; write it out")
        grown += len(value) * data.count(b"&" + entity.encode() + b";")
        if grown > MAX_BYTES:
            raise InputError(f"{name}: its entities grow beyond {MAX_BYTES} bytes; write them out")

    def begun(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH:
            raise InputError(f"{name}: is nested deeper than {_DEPTH}")

    def ended(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = begun
    parser.EndElementHandler = ended
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        place = f"{name}:{error.lineno}:{error.offset + 1}"
        raise InputError(f"{place}: is not well-formed XML: {expat.ErrorString(error.code)}") from error
