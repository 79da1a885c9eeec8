"""Descriptions as RDF: what belongs to a resource, and the same bytes for the same statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

import pyoxigraph as ox

from publisher.errors import ReleaseError
from publisher.formats import RDF_XML, TURTLE, Format
from publisher.masters import NAMES
from publisher.namespaces import PREFIXES, rdf, rdfs
from publisher.web.live import LiveRelease

INCOMING_LIMIT = 200
"""Statements that lead to a resource, in its description at most."""
OUTGOING_LIMIT = 1000
"""Statements of one property about a resource, in its description at most."""


class NotWritableError(Exception):
    """A format cannot carry these statements; the message says why."""


@dataclass
class Description:
    """What a release says about one resource.

    Args:
        iri: The resource.
        outgoing: Statements about it.
        incoming: Statements that lead to it, at most `INCOMING_LIMIT`.
        cut: Whether there are more that lead to it.
        shortened: Whether there are more about it.
    """

    iri: str
    outgoing: list[ox.Triple] = field(default_factory=list)
    incoming: list[ox.Triple] = field(default_factory=list)
    cut: bool = False
    shortened: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything is said."""
        return bool(self.outgoing or self.incoming)


def describe(live: LiveRelease, iri: str) -> Description:
    """Look a resource up; the description is empty where the release does not know it."""
    found = [quad.triple for quad in live.store.incoming(iri, INCOMING_LIMIT + 1)]
    about, shortened = live.store.describe(iri, OUTGOING_LIMIT)
    outgoing = [quad.triple for quad in about]
    return Description(iri, outgoing, found[:INCOMING_LIMIT], len(found) > INCOMING_LIMIT, shortened)


def statements(live: LiveRelease, description: Description, document: str) -> list[ox.Triple]:
    """Return a description as statements: about it, leading to it, and the names of all that is linked.

    Args:
        live: The release.
        description: What was looked up.
        document: IRI of the document, which says so itself where something was left out.
    """
    linked = {t.object.value for t in description.outgoing if isinstance(t.object, ox.NamedNode)}
    linked |= {t.subject.value for t in description.incoming if isinstance(t.subject, ox.NamedNode)}
    result = [*description.outgoing, *description.incoming]
    for iri in linked - {description.iri}:
        for predicate in NAMES:
            names = [term for term in live.values(iri, predicate) if isinstance(term, ox.Literal)]
            result += [ox.Triple(ox.NamedNode(iri), ox.NamedNode(predicate), name) for name in names]
            if names:
                break
    notes = [f"Only {INCOMING_LIMIT} of the statements that lead to the resource are here."] * description.cut
    notes += [f"Only {OUTGOING_LIMIT} statements of a property are here; the dumps have all."] * description.shortened
    for text in notes:
        note = ox.Literal(text, language="en")
        result.append(ox.Triple(ox.NamedNode(document), ox.NamedNode(rdfs.comment), note))
    return result


def write(triples: Iterable[ox.Triple], form: Format, first: str = "") -> bytes:
    """Serialise statements: sorted, without duplicates, the resource `first` before the others.

    Raises:
        NotWritableError: RDF/XML cannot write a property or class whose IRI does not end in an XML name, nor most
            control characters.
    """

    def order(triple: ox.Triple) -> tuple[bool, str, bool, str, str]:
        subject = str(triple.subject)
        return (subject != f"<{first}>", subject, triple.predicate.value != rdf.type, str(triple.predicate),
                str(triple.object))  # fmt: skip

    try:
        written = ox.serialize(sorted(set(triples), key=order), format=form.rdf(), prefixes=PREFIXES)
    except (ValueError, OSError) as error:
        raise NotWritableError(str(error)) from error
    if form is RDF_XML:
        try:  # the library writes `<oxprefix:>` for such a property, which no reader of XML takes
            expat.ParserCreate(namespace_separator=" ").Parse(written or b"", True)
        except expat.ExpatError as error:
            raise NotWritableError("a name or a character in them cannot stand in XML") from error
    return written or b""


def read(path: Path) -> list[ox.Triple]:
    """Read a Turtle file of a release, its blank nodes named by their order in the file.

    Raises:
        ReleaseError: The file is missing or is no Turtle.
    """
    names: dict[ox.BlankNode, ox.BlankNode] = {}

    def named(term: object) -> object:
        return names.setdefault(term, ox.BlankNode(f"b{len(names)}")) if isinstance(term, ox.BlankNode) else term

    try:
        parsed = ox.parse(path=str(path), format=TURTLE.rdf())
        return [ox.Triple(named(q.subject), q.predicate, named(q.object)) for q in parsed]  # type: ignore[arg-type]
    except (OSError, ValueError, SyntaxError) as error:
        raise ReleaseError(f"{path.name} of the release cannot be read: {error}") from error
