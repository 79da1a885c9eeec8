"""The change feed as RDF: a Linked Data Event Stream of versions of entities, one page an event, in TREE's words.

What belongs to a member is told in two ways. Formats with graphs hold its statements in a graph with the member's
name, under the things' own IRIs (server primer, "Members": clients may take that graph for the payload).
Formats without graphs hold the same statements in one heap, and the stream's shape leads from the member to the thing
and on to its parts; there is never more than one version of a thing on a page, so nothing runs together. Only what
leads from portfolios to projects is not there: in a heap it would be the portfolio's, and each project leads back.

Who keeps the last version of each thing has what the publisher says below `{base_iri}/id/`, but for rows of lists: see
`publisher.entities`.

Nothing here has a blank node, and the same arguments give the same bytes.

Source:
    SEMIC, Linked Data Event Streams 1.0: specification, vocabulary and server primer; TREE hypermedia specification.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pyoxigraph as ox

from publisher import ntriples
from publisher.formats import JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from publisher.history import ADDED, CHANGED, WITHDRAWN
from publisher.namespaces import PREFIXES, Vocabulary, dct, pf, rdf, sh, xsd

FORMS = (TRIG, N_QUADS, JSON_LD, TURTLE, N_TRIPLES)
"""What pages are written in, the default first."""

POLLING_S = 3600
"""How often a client that keeps in step should ask, in seconds: releases are a matter of days."""

_ldes = Vocabulary(
    "https://w3id.org/ldes#",
    "EventStream EventSource RetentionPolicy LatestVersionSubset retentionPolicy versionAmount amount timestampPath "
    "versionOfPath versionCreatePath versionUpdatePath versionDeletePath versionCreateObject versionUpdateObject "
    "versionDeleteObject pollingInterval immutable",
)
_tree = Vocabulary(
    "https://w3id.org/tree#",
    "Node view shape member relation node path value GreaterThanOrEqualToRelation LessThanOrEqualToRelation",
)
_sh = Vocabulary(sh.base, "NodeShape IRI property path minCount maxCount nodeKind datatype node")
_dct = Vocabulary(dct.base, "title isVersionOf isReplacedBy")
_as = Vocabulary("https://www.w3.org/ns/activitystreams#", "Create Update Delete published summary")

TYPES = {ADDED: _as.Create, CHANGED: _as.Update, WITHDRAWN: _as.Delete}
"""The class of a member by what happened to the thing."""

_PREFIXES = {**PREFIXES, "ldes": _ldes.base, "tree": _tree.base, "as": _as.base, "sh": sh.base}
_PARTS = {
    "entity": (pf.outcome, pf.funding, pf.participation, pf.continuation, pf.regionalLink, pf.benefit, pf.challenge,
               pf.evidence, pf.sourceRecord),
    "part": (pf.evidence, pf.funding, pf.participation),
    "detail": (),
}  # fmt: skip
"""By shape, the properties that lead from a thing to its parts, and from a part to its own: two steps are the most."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One version of one thing: what an event made of it.

    Args:
        kind: The thing's type.
        key: Its key.
        what: `added`, `changed` or `withdrawn`.
        lines: What was said of it from then on, as lines of N-Triples (or N-Quads) without their ends.
        reason: Why it was withdrawn, by language.
        successor: IRI of what took its place, or "".
    """

    kind: str
    key: str
    what: str
    lines: Sequence[str] = ()
    reason: dict[str, str] = field(default_factory=dict)
    successor: str = ""


class Span(NamedTuple):
    """A page that others lead to: its address, its name within the page, and from when to when its members are."""

    address: str
    name: str
    start: str
    end: str


@dataclass(frozen=True)
class Stream:
    """The stream's names and addresses.

    Args:
        base_iri: What the portfolio's IRIs begin with.
        root: Address of the first page, without a suffix.
    """

    base_iri: str
    root: str

    @property
    def iri(self) -> str:
        """The stream itself."""
        return f"{self.base_iri}/id/dataset/changes"

    def page(self, event: str, after: tuple[str, str] | None = None) -> str:
        """Return the address of an event's page: the first, or the one behind a thing."""
        return f"{self.root}/{event}" + (f"/{after[0]}/{after[1]}" if after else "")

    def archive(self, number: int) -> str:
        """Return the address of a full page of links to events, counted from 1."""
        return f"{self.root}/archive/{number}"

    def member(self, event: str, kind: str, key: str) -> str:
        """Return the IRI of a member."""
        return f"{self.base_iri}/changes/{event}#{kind}/{key}"

    def thing(self, kind: str, key: str) -> str:
        """Return the IRI of what a member is a version of."""
        return f"{self.base_iri}/id/{kind}/{key}"


# -- pages


def root(stream: Stream, titles: dict[str, str], spans: Iterable[Span]) -> Iterator[str]:
    """Yield the first page as lines of N-Quads: what the stream is, and where its pages are."""
    policy = f"{stream.iri}#retention"
    yield from _stream(stream)
    yield from (_line(stream.iri, _dct.title, ntriples.literal(titles[tag], tag)) for tag in sorted(titles))
    for predicate, value in (
        (_ldes.timestampPath, _as.published),
        (_ldes.versionOfPath, _dct.isVersionOf),
        (_ldes.versionCreatePath, rdf.type),
        (_ldes.versionCreateObject, _as.Create),
        (_ldes.versionUpdatePath, rdf.type),
        (_ldes.versionUpdateObject, _as.Update),
        (_ldes.versionDeletePath, rdf.type),
        (_ldes.versionDeleteObject, _as.Delete),
        (_tree.shape, f"{stream.iri}#shape"),
    ):
        yield _line(stream.iri, predicate, ntriples.iri(value))
    yield _line(stream.iri, _ldes.pollingInterval, ntriples.typed(POLLING_S))
    yield _line(stream.root, rdf.type, ntriples.iri(_tree.Node))
    yield _line(stream.root, rdf.type, ntriples.iri(_ldes.EventSource))
    # What a kept release or the live one says is told; of what both have forgotten, the last version is there always.
    yield _line(stream.root, _ldes.retentionPolicy, ntriples.iri(policy))
    yield _line(policy, rdf.type, ntriples.iri(_ldes.RetentionPolicy))
    yield _line(policy, rdf.type, ntriples.iri(_ldes.LatestVersionSubset))
    yield _line(policy, _ldes.versionAmount, ntriples.typed(1))
    yield _line(policy, _ldes.amount, ntriples.typed(1))  # the term of earlier editions
    yield from sorted(_shapes(stream))
    yield from _relations(stream.root, spans)


def archive(stream: Stream, number: int, spans: Iterable[Span]) -> Iterator[str]:
    """Yield a full page of links to events as lines of N-Quads."""
    page = stream.archive(number)
    yield from _stream(stream)
    yield from _closed(page)
    yield from _relations(page, spans)


def event(
    stream: Stream, name: str, at: str, members: Iterable[Member], page: str, further: Span | None
) -> Iterator[str]:
    """Yield a page of an event's members as lines of N-Quads.

    Args:
        stream: The stream.
        name: The event's.
        at: When it was.
        members: Those of this page, in their order.
        page: The page's address.
        further: The page that goes on where this one ends.
    """
    yield from _stream(stream)
    yield from _closed(page)
    yield from _relations(page, [further] if further else [])
    for member in members:
        iri = stream.member(name, member.kind, member.key)
        yield _line(stream.iri, _tree.member, ntriples.iri(iri))
        yield _line(iri, rdf.type, ntriples.iri(TYPES[member.what]))
        yield _line(iri, _dct.isVersionOf, ntriples.iri(stream.thing(member.kind, member.key)))
        yield _line(iri, _as.published, _time(at))
        for tag in sorted(member.reason):
            yield _line(iri, _as.summary, ntriples.literal(member.reason[tag], tag or None))
        if member.successor:
            yield _line(iri, _dct.isReplacedBy, ntriples.iri(member.successor))
        graph = ntriples.iri(iri)
        for line in member.lines:
            yield f"{_triple(line)} {graph} ."


def _triple(line: str) -> str:
    """Return a statement without its end; of a statement in a graph, the triple: the graph's name is the member's."""
    if line.endswith("> ."):  # an IRI before the end: the object, or a graph
        subject, predicate, obj, _ = ntriples.split(line)
        return f"{subject} {predicate} {obj}"
    return line[:-2]


def _stream(stream: Stream) -> Iterator[str]:
    yield _line(stream.iri, rdf.type, ntriples.iri(_ldes.EventStream))
    yield _line(stream.iri, _tree.view, ntriples.iri(stream.root))


def _closed(page: str) -> Iterator[str]:
    yield _line(page, rdf.type, ntriples.iri(_tree.Node))
    yield _line(page, _ldes.immutable, ntriples.typed(True))


def _relations(page: str, spans: Iterable[Span]) -> Iterator[str]:
    """Yield what leads to other pages: from when and until when their members are, so that clients can pass them by."""
    for span in spans:
        for end, kind, value in (
            ("from", _tree.GreaterThanOrEqualToRelation, span.start),
            ("until", _tree.LessThanOrEqualToRelation, span.end),
        ):
            relation = f"{page}#{span.name}-{end}"
            yield _line(page, _tree.relation, ntriples.iri(relation))
            yield _line(relation, rdf.type, ntriples.iri(kind))
            yield _line(relation, _tree.path, ntriples.iri(_as.published))
            yield _line(relation, _tree.value, _time(value))
            yield _line(relation, _tree.node, ntriples.iri(span.address))


def _shapes(stream: Stream) -> Iterator[str]:
    """Yield the members' shape: what each has, and the way from it to the thing and its parts."""
    shape = f"{stream.iri}#shape"
    yield _line(shape, rdf.type, ntriples.iri(_sh.NodeShape))
    for name, path in (("thing", _dct.isVersionOf), ("time", _as.published)):
        about = f"{shape}-{name}"
        yield _line(shape, _sh.property, ntriples.iri(about))
        yield _line(about, _sh.path, ntriples.iri(path))
        yield _line(about, _sh.minCount, ntriples.typed(1))
        yield _line(about, _sh.maxCount, ntriples.typed(1))
        if name == "time":
            yield _line(about, _sh.datatype, ntriples.iri(xsd.dateTime))
        else:
            yield _line(about, _sh.nodeKind, ntriples.iri(_sh.IRI))
            yield _line(about, _sh.node, ntriples.iri(f"{shape}-entity"))
    below = [*list(_PARTS)[1:], ""]
    for (level, paths), inner in zip(_PARTS.items(), below, strict=True):
        yield _line(f"{shape}-{level}", rdf.type, ntriples.iri(_sh.NodeShape))
        for path in paths:
            about = f"{shape}-{level}-{path.rpartition('#')[2]}"
            yield _line(f"{shape}-{level}", _sh.property, ntriples.iri(about))
            yield _line(about, _sh.path, ntriples.iri(path))
            yield _line(about, _sh.node, ntriples.iri(f"{shape}-{inner}"))


def _line(subject: str, predicate: str, obj: str) -> str:
    return ntriples.line(subject, predicate, obj)


def _time(at: str) -> str:
    return ntriples.literal(at, datatype=xsd.dateTime)


def write(lines: Iterable[str], form: Format) -> bytes:
    """Write lines of N-Quads in a format; those that carry no graphs get the statements in one heap."""
    text = ntriples.text(lines)
    if form is N_QUADS:
        return text.encode()
    quads = ox.parse(text, format=N_QUADS.rdf())
    if form in (TRIG, JSON_LD):
        return ox.serialize(quads, format=form.rdf(), prefixes=_PREFIXES) or b""
    heap = (quad.triple for quad in quads if quad.predicate.value != pf.project)
    return ox.serialize(heap, format=form.rdf(), prefixes=_PREFIXES) or b""
