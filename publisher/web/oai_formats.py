"""Writes a record's metadata: unqualified Dublin Core for all, RDF/XML for those who take the whole description.

`oai_dc` is a crosswalk of what a release says of a thing; nothing is added but names of what it leads to and the
licence of the data, and languages stay on the texts. What is told here of other things the history must watch
(`entities.NAMED`): a record that has changed has a new datestamp.

`dcat_ap` is a dataset's part of the catalogue, `rdf` an entity with its parts. `rdf:RDF` names no schema
(`xsi:schemaLocation`), though OAI-PMH wants it of metadata: RDF/XML allows no attribute there.

Source:
    DCMI Metadata Terms, section 3 (the fifteen elements); OAI-PMH 2.0, section 5 (Dublin Core).
    RDF 1.1 XML Syntax, section 7.2.9 (production RDF).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from publisher.datasets import DATASET
from publisher.entities import UNNAMED, resources, statements
from publisher.formats import N_QUADS, RDF_XML
from publisher.namespaces import dcat, dct, foaf, pf, rdf, rdfs, skos
from publisher.web import graphs
from publisher.web.oai_records import Item, Repository
from publisher.web.oai_xml import element, printable, text

if TYPE_CHECKING:
    from publisher.web.live import LiveRelease, Term

DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_RDF_SCHEMA = "http://www.openarchives.org/OAI/2.0/rdf.xsd"

SCHEMAS: dict[str, tuple[str, str]] = {
    "oai_dc": ("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", OAI_DC),
    "dcat_ap": (_RDF_SCHEMA, rdf.base),
    "rdf": (_RDF_SCHEMA, rdf.base),
}
"""Schema and namespace by metadata format; RDF/XML is named as other repositories name it."""

VALUES = 200
"""Values of one element in a Dublin Core record, at most."""
LINES = 20_000
"""Statements of one record as RDF, at most."""

Value = tuple[str, str]
"""A text and its language; "" = none."""

_TITLES = (dct.title, skos.prefLabel, foaf.name, rdfs.label, skos.altLabel)
_DESCRIPTIONS = (dct.description, skos.definition)
_NUMBERS = (dct.identifier, skos.notation)
BY_NAME = (("subject", pf.targetGroup), ("subject", dct.subject), ("coverage", dct.spatial), ("contributor", pf.funder))
"""Elements and properties whose values are told by their names: those of `entities.NAMED`."""
_RELATIONS = (pf.portfolio, pf.fund, pf.programme, foaf.homepage, foaf.page)
_DATES = ((pf.startDate, pf.endDate), (pf.startYear, pf.endYear))


def dublin_core(live: LiveRelease, repository: Repository, item: Item) -> str:
    """Return a record as `oai_dc`."""
    elements = _of_dataset(repository, item) if item.kind == DATASET else _of_entity(live, repository, item)
    seen: set[tuple[str, Value]] = set()
    content = []
    count: dict[str, int] = {}
    for name, value in [*elements, *_rights(repository)]:
        count[name] = count.get(name, 0) + 1
        if value[0].strip() and (name, value) not in seen and count[name] <= VALUES:
            seen.add((name, value))
            content.append(element(f"dc:{name}", text(value[0]), language=value[1]))
    return container(*content)


def container(*content: str) -> str:
    """Return the element that holds a Dublin Core record."""
    attributes = {
        "xmlns:oai_dc": OAI_DC,
        "xmlns:dc": DC,
        "xmlns:xsi": XSI,
        "xsi:schemaLocation": f"{OAI_DC} {SCHEMAS['oai_dc'][0]}",
    }
    return element("oai_dc:dc", *content, **attributes)


def _of_entity(live: LiveRelease, repository: Repository, item: Item) -> Iterator[tuple[str, Value]]:
    def values(predicate: str, subject: str = item.iri) -> Iterator[Term]:
        return islice(live.store.objects(subject, predicate), VALUES)

    def named(iri: str) -> list[Value]:
        kind, _ = repository.minter.split(iri) or ("", "")
        names = live.names(iri) if kind not in UNNAMED else ()
        return [_literal(name) for name in names] or [(iri, "")]

    for predicate in _TITLES:
        yield from (("title", _literal(term)) for term in values(predicate) if isinstance(term, ox.Literal))
    yield "identifier", (item.iri, "")
    for predicate in _NUMBERS:
        yield from (("identifier", _literal(term)) for term in values(predicate) if isinstance(term, ox.Literal))
    yield from (("type", (term.value, "")) for term in values(rdf.type) if isinstance(term, ox.NamedNode))
    for predicate in _DESCRIPTIONS:
        yield from (("description", _literal(term)) for term in values(predicate) if isinstance(term, ox.Literal))
    for name, predicate in BY_NAME:
        for term in values(predicate):
            if isinstance(term, ox.NamedNode):
                yield from ((name, value) for value in named(term.value))
    for part in resources(repository.master, repository.minter, item.kind, item.key):
        if "/id/participation/" in part:
            for term in values(pf.organisation, part):
                if isinstance(term, ox.NamedNode):
                    yield from (("contributor", value) for value in named(term.value))
    for predicate in _RELATIONS:
        yield from (("relation", (term.value, "")) for term in values(predicate) if isinstance(term, ox.NamedNode))
    yield from (("source", (term.value, "")) for term in values(dct.source) if isinstance(term, ox.NamedNode))
    for start, end in _DATES:
        bounds = [next((t.value for t in values(p) if isinstance(t, ox.Literal)), "") for p in (start, end)]
        if any(bounds):
            yield "date", ("/".join(bounds) if all(bounds) else bounds[0] or f"/{bounds[1]}", "")
            break


def _of_dataset(repository: Repository, item: Item) -> Iterator[tuple[str, Value]]:
    graph = repository.datasets.graph(item.key)
    by_subject: dict[str, list[ox.Triple]] = {}
    for triple in graph:
        by_subject.setdefault(str(triple.subject), []).append(triple)

    def values(subject: str, predicate: str) -> list[Term]:
        return [t.object for t in by_subject.get(subject, []) if t.predicate.value == predicate]

    def told(name: str, *predicates: str) -> Iterator[tuple[str, Value]]:
        """Yield literals, and what is linked by its name, else by its IRI."""
        for predicate in predicates:
            for term in values(f"<{item.iri}>", predicate):
                if isinstance(term, ox.Literal):
                    yield name, _literal(term)
                    continue
                names = [n for p in (foaf.name, skos.prefLabel, dct.title) for n in values(str(term), p)]
                yield from ((name, _literal(n)) for n in names if isinstance(n, ox.Literal))
                if not names and isinstance(term, ox.NamedNode):
                    yield name, (term.value, "")

    yield from told("title", dct.title)
    yield from told("creator", dct.creator)
    yield from told("subject", dcat.keyword, dcat.theme)
    yield from told("description", dct.description)
    yield from told("publisher", dct.publisher)
    yield from told("date", dct.issued, dct.modified)
    yield "type", ("Dataset", "")  # of the DCMI Type Vocabulary
    yield from told("type", rdf.type)
    for part in values(f"<{item.iri}>", dcat.distribution):
        for predicate, name in ((dcat.mediaType, "format"), (dcat.downloadURL, "relation")):
            yield from ((name, (t.value, "")) for t in values(str(part), predicate) if isinstance(t, ox.NamedNode))
    yield "identifier", (item.iri, "")
    yield from told("identifier", dct.identifier, dcat.landingPage)
    yield from told("source", dct.source)
    yield from told("language", dct.language)
    yield from told("coverage", dct.spatial)
    for node in values(f"<{item.iri}>", dct.temporal):
        bounds = [next((_literal(t)[0] for t in values(str(node), p)), "") for p in (dcat.startDate, dcat.endDate)]
        if any(bounds):
            yield "coverage", ("/".join(bounds), "")


def _rights(repository: Repository) -> Iterator[tuple[str, Value]]:
    """Yield the terms of use as the release has them."""
    settings = repository.release.manifest.settings
    yield "rights", (str(settings.get("licence") or ""), "")
    rights = settings.get("rights")
    if isinstance(rights, dict):
        yield from (("rights", (str(told), str(language))) for language, told in rights.items())


def _literal(term: Term) -> Value:
    return (term.value, term.language or "") if isinstance(term, ox.Literal) else (getattr(term, "value", ""), "")


# --- RDF/XML


def catalogue_part(repository: Repository, item: Item) -> str:
    """Return a dataset's part of the catalogue as RDF/XML."""
    return rdf_xml(repository.datasets.graph(item.key), item.iri, [], _document(repository, item))


def description(repository: Repository, item: Item) -> str:
    """Return an entity with its parts as RDF/XML."""
    told = statements(repository.master, repository.minter, item.kind, item.key)
    lines = list(islice(told, LINES + 1))
    notes = [f"Only {LINES} statements at most are here; the dumps have all."] if len(lines) > LINES else []
    quads = ox.parse("\n".join(lines[:LINES]), format=N_QUADS.rdf())
    found = [quad.triple for quad in quads if isinstance(quad.graph_name, ox.DefaultGraph)]
    return rdf_xml(found, item.iri, notes, _document(repository, item))


def _document(repository: Repository, item: Item) -> str:
    return f"{repository.minter.base_iri}/doc/{item.kind}/{item.key}"


def rdf_xml(triples: list[ox.Triple], first: str, notes: list[str], document: str) -> str:
    """Return statements as one `rdf:RDF` element; what RDF/XML cannot carry is left out, and the element says so.

    Args:
        triples: The statements.
        first: The resource that stands first.
        notes: What is to be said of the document.
        document: The document's IRI.
    """

    def noted() -> list[ox.Triple]:
        comment, page = ox.NamedNode(rdfs.comment), ox.NamedNode(document)
        return [ox.Triple(page, comment, ox.Literal(note, language="en")) for note in notes]

    try:
        written = graphs.write([*triples, *noted()], RDF_XML, first)
    except graphs.NotWritableError:
        kept = [sound for triple in triples if _writable(sound := _sound(triple))]
        if len(kept) < len(triples):
            notes = [*notes, f"{len(triples) - len(kept)} statements are left out: RDF/XML cannot carry them."]
        written = graphs.write([*kept, *noted()], RDF_XML, first)
    body = written.decode()
    return body[body.index("<rdf:RDF") :].strip().replace("\r", "&#13;")


def _sound(triple: ox.Triple) -> ox.Triple:
    """Return a statement with U+FFFD in its text for what XML cannot hold."""
    term = triple.object
    if not isinstance(term, ox.Literal) or printable(term.value) == term.value:
        return triple
    value = printable(term.value)
    literal = ox.Literal(value, language=term.language) if term.language else ox.Literal(value, datatype=term.datatype)
    return ox.Triple(triple.subject, triple.predicate, literal)


def _writable(triple: ox.Triple) -> bool:
    try:
        graphs.write([triple], RDF_XML)
    except graphs.NotWritableError:
        return False
    return True


WRITERS: dict[str, Callable[[LiveRelease, Repository, Item], str]] = {
    "oai_dc": dublin_core,
    "dcat_ap": lambda _live, repository, item: catalogue_part(repository, item),
    "rdf": lambda _live, repository, item: (
        catalogue_part(repository, item) if item.kind == DATASET else description(repository, item)
    ),
}
"""What writes a record's metadata, by format."""
