"""Describes a release in VoID: how many statements, of which classes and properties, and where to get them.

The counts come from one pass over the sorted master. Sorting puts equal
subjects, and equal predicates of a subject, side by side: distinct ones are
counted by looking at the line before, so memory grows with classes and predicates
only. Distinct objects would need a table of all of them and are left out.

Links into datasets that others publish (YSO, NUTS, the EU's tables) are counted by target and property in
the same pass: a void:Linkset has one property. What stands about a target's own things does not link to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from publisher import formats, ntriples
from publisher.config import Settings
from publisher.errors import ConfigError
from publisher.iris import Minter, fingerprint, is_iri
from publisher.manifest import DUMPS, Manifest
from publisher.namespaces import AUTHORITY, PREFIXES, Vocabulary, dct, foaf, org, pf, rdf, xsd
from publisher.namespaces import void as terms

_TYPE = f"<{rdf.type}>"
_CLASS = terms.base + "class"  # a keyword in Python, so not an attribute
_more = Vocabulary(terms.base, "subset Linkset target linkPredicate subjectsTarget objectsTarget")
_NAMESPACE = re.compile(r"(.+[/#])[^/#]+\Z")
_SPACE = re.compile(r"https?://[^/]+/.*[/#]")

EXAMPLES = (pf.Portfolio, pf.Project, pf.Outcome, pf.Funding, org.Organization)
"""Classes that an example resource is shown of; where a release has none of them, its first classes."""


@dataclass(frozen=True)
class Target:
    """A dataset of others that statements link into.

    Args:
        key: What it is called in the IRI of its description.
        uri_space: What the IRIs of its things begin with.
        title: Its name by language.
    """

    key: str
    uri_space: str
    title: dict[str, str]


def _table(name: str, fi: str, sv: str, en: str) -> Target:
    titles = {"fi": f"EU:n koodiluettelo: {fi}", "sv": f"EU:s kodlista: {sv}", "en": f"EU authority table: {en}"}
    return Target(f"eu-{name}", f"{AUTHORITY}/{name}/", titles)


TARGETS = (
    Target(
        "yso", "http://www.yso.fi/onto/yso/",
        {
            "fi": "Yleinen suomalainen ontologia YSO", "sv": "Allmän finländsk ontologi ALLFO",
            "en": "General Finnish Ontology YSO",
        },
    ),
    Target(
        "nuts", "http://data.europa.eu/nuts/code/",
        {"fi": "NUTS-aluejako", "sv": "Nuts-regionindelningen", "en": "NUTS classification of regions"},
    ),
    _table("country", "maat", "länder", "countries"),
    _table("currency", "valuutat", "valutor", "currencies"),
    _table("eu-programme", "EU-ohjelmat", "EU-program", "EU programmes"),
    _table("language", "kielet", "språk", "languages"),
    _table("licence", "lisenssit", "licenser", "licences"),
    _table("corporate-body", "organisaatiot", "organisationer", "corporate bodies"),
    _table("place", "paikat", "platser", "places"),
)  # fmt: skip
"""The datasets that links are counted into."""

_SPACES = tuple(f"<{target.uri_space}" for target in TARGETS)


@dataclass
class Partition:
    """The statements of one property, or the instances of one class."""

    count: int = 0
    subjects: int = 0
    example: str = ""


@dataclass
class Statistics:
    """What one pass over the statements counts.

    Args:
        triples: Statements; one that stands in two named graphs counts twice.
        distinct_subjects: Resources described, blank nodes too.
        entities: Those that have an IRI.
        classes: By class IRI: `count` instances, and the first one's IRI.
        properties: By property IRI: `count` statements, and how many `subjects` they have.
        first: The first subject that is an IRI.
        last: The last one.
        graph_triples: Statements by graph, "" for the default graph.
        links: Statements that lead into one of `TARGETS` from elsewhere, by the target's key and property IRI.
    """

    triples: int = 0
    distinct_subjects: int = 0
    entities: int = 0
    classes: dict[str, Partition] = field(default_factory=dict)
    properties: dict[str, Partition] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    graph_triples: dict[str, int] = field(default_factory=dict)
    links: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def uri_space(self) -> str:
        """What the IRIs of all entities begin with, up to a slash or hash; empty where they share no folder.

        In sorted order the first and the last have in common what all have.
        """
        shared = 0
        for one, other in zip(self.first, self.last, strict=False):
            if one != other:
                break
            shared += 1
        found = _SPACE.match(self.first[:shared])
        return found.group() if found else ""


def statistics(lines: Iterable[str]) -> Statistics:
    """Count a sorted file of N-Triples or N-Quads in one pass.

    Args:
        lines: Statements in canonical form (single spaces), sorted as text, with or without line ends.

    Raises:
        ValueError: A line is no statement.
    """
    triples = distinct = entities = 0
    classes: dict[str, Partition] = {}
    properties: dict[str, Partition] = {}
    first = subject = predicate = kind = last = ""
    partition = Partition()
    graphs: dict[str, int] = {}
    links: dict[tuple[str, str], int] = {}
    for line in lines:
        # IRIs and blank node labels hold no space, so the first two end subject and predicate.
        after_subject = line.find(" ")
        after_predicate = line.find(" ", after_subject + 1)
        if after_predicate < 0:
            if line.isspace() or not line:
                continue
            raise ValueError(f"no N-Triples statement: {line[:200]!r}")
        triples += 1
        graph = _graph(line, after_predicate + 1)
        if graph:
            graphs[graph] = graphs.get(graph, 0) + 1
        this = line[:after_subject]
        if this != subject:
            subject = this
            predicate = kind = ""
            distinct += 1
            if this[0] == "<":
                entities += 1
                last = this
                first = first or this
        used = line[after_subject + 1 : after_predicate]
        if used != predicate:
            predicate = used
            found = properties.get(used)
            if found is None:
                found = properties[used] = Partition()
            found.subjects += 1
            partition = found
        partition.count += 1
        if line.startswith(_SPACES, after_predicate + 1):
            _link(links, subject, used, line, after_predicate + 1)
        if used == _TYPE:
            obj = line[after_predicate + 1 : line.find(" ", after_predicate + 1)]
            # Side by side where the same type stands in several named graphs.
            if obj != kind:
                kind = obj
                of_class = classes.setdefault(obj, Partition(example=subject))
                of_class.count += 1
    return Statistics(
        triples=triples,
        distinct_subjects=distinct,
        entities=entities,
        # A blank node as a class has no name to publish.
        classes={key[1:-1]: _named(value) for key, value in sorted(classes.items()) if key[0] == "<"},
        properties={key[1:-1]: value for key, value in sorted(properties.items())},
        first=first[1:-1],
        last=last[1:-1],
        graph_triples={"": triples - sum(graphs.values())} | {key[1:-1]: graphs[key] for key in sorted(graphs)},
        links=dict(sorted(links.items())),
    )


def _link(links: dict[tuple[str, str], int], subject: str, predicate: str, line: str, object_at: int) -> None:
    """Count a statement whose object is in a target, unless it is about a thing of that very target."""
    for target, space in zip(TARGETS, _SPACES, strict=True):
        if line.startswith(space, object_at):
            # What a thing is an instance of is told by the class partitions.
            if subject[0] == "<" and not subject.startswith(space) and predicate != _TYPE:
                found = (target.key, predicate[1:-1])
                links[found] = links.get(found, 0) + 1
            return


def _graph(line: str, object_at: int) -> str:
    """Return the graph that a statement stands in, as it is written; "" for the default graph."""
    end = line.rfind(" .")
    start = line.rfind(" ", object_at, end) + 1
    # Where there is no graph, the last word is the object's: of a literal it has a quotation mark, which no IRI has.
    return line[start:end] if start and line[start] in "<_" and '"' not in line[start:end] else ""


def _named(partition: Partition) -> Partition:
    example = partition.example
    return Partition(partition.count, partition.count, example[1:-1] if example.startswith("<") else "")


def void(counted: Statistics, manifest: Manifest, settings: Settings, dumps: Iterable[str] | None = None) -> list[str]:
    """Describe a release in VoID.

    The dataset's IRI is the one it has in the catalogue.

    Args:
        counted: What `statistics` found in the master.
        manifest: The release.
        settings: Licence and public address.
        dumps: File names of the dumps, without a folder; None takes them from the manifest's `files`.

    Returns:
        N-Triples lines without their ends, sorted, each once, no blank nodes.

    Raises:
        ConfigError: The licence is no IRI.
    """
    minter = Minter(manifest.base_iri)
    base = settings.public_base
    dataset = minter.iri("dataset", "portfolio")
    lines: set[str] = set()

    def add(subject: str, predicate: str, obj: str) -> None:
        lines.add(ntriples.line(subject, predicate, obj))

    def link(subject: str, predicate: str, obj: str) -> None:
        add(subject, predicate, ntriples.iri(obj))

    link(dataset, rdf.type, terms.Dataset)
    for language, text in manifest.title.items():
        add(dataset, dct.title, ntriples.literal(text, language))
    if not manifest.title:
        add(dataset, dct.title, ntriples.literal(manifest.base_iri))
    link(dataset, dct.publisher, minter.iri("dataset", "catalogue", "publisher"))
    add(dataset, dct.modified, ntriples.literal(manifest.created, datatype=xsd.dateTime))
    if settings.licence:
        if not is_iri(settings.licence):
            raise ConfigError(f"licence: {settings.licence!r} is no absolute IRI")
        link(dataset, dct.license, settings.licence)
    # No foaf:homepage: it is the catalogue's, and what shares a home page is one thing (FOAF, inverse functional).
    link(dataset, foaf.page, f"{base}/")
    link(dataset, terms.sparqlEndpoint, f"{base}/sparql")
    for name in _rdf_dumps(manifest) if dumps is None else dumps:
        if formats.by_suffix(name):  # void:dataDump is RDF only
            link(dataset, terms.dataDump, f"{base}/dumps/{name}")

    add(dataset, terms.triples, ntriples.typed(counted.triples))
    add(dataset, terms.entities, ntriples.typed(counted.entities))
    add(dataset, terms.distinctSubjects, ntriples.typed(counted.distinct_subjects))
    add(dataset, terms.classes, ntriples.typed(len(counted.classes)))
    add(dataset, terms.properties, ntriples.typed(len(counted.properties)))
    for iri in _examples(counted):
        link(dataset, terms.exampleResource, iri)
    for namespace in _vocabularies(counted):
        link(dataset, terms.vocabulary, namespace)

    # The dataset holds ontology and concepts too, so its entities share less than the portfolio's own do:
    # what those begin with is said of a subset.
    if counted.uri_space:
        add(dataset, terms.uriSpace, ntriples.literal(counted.uri_space))
    subset = minter.iri("dataset", "portfolio", "resources")
    link(dataset, _more.subset, subset)
    link(subset, rdf.type, terms.Dataset)
    add(subset, terms.uriSpace, ntriples.literal(f"{minter.base_iri}/id/"))

    for iri, found in counted.classes.items():
        part = minter.iri("dataset", "portfolio", "class", _short(iri))
        link(dataset, terms.classPartition, part)
        link(part, rdf.type, terms.Dataset)
        link(part, _CLASS, iri)
        add(part, terms.entities, ntriples.typed(found.count))
    for iri, found in counted.properties.items():
        part = minter.iri("dataset", "portfolio", "property", _short(iri))
        link(dataset, terms.propertyPartition, part)
        link(part, rdf.type, terms.Dataset)
        link(part, terms.property, iri)
        add(part, terms.triples, ntriples.typed(found.count))
        add(part, terms.distinctSubjects, ntriples.typed(found.subjects))
    for target in TARGETS:
        linked = {predicate: count for (key, predicate), count in counted.links.items() if key == target.key}
        if not linked:
            continue
        other = minter.iri("dataset", "target", target.key)
        link(other, rdf.type, terms.Dataset)
        add(other, terms.uriSpace, ntriples.literal(target.uri_space))
        for language, text in target.title.items():
            add(other, dct.title, ntriples.literal(text, language))
        for predicate, count in linked.items():
            part = minter.iri("dataset", "portfolio", "links", target.key, _short(predicate))
            link(dataset, _more.subset, part)
            link(part, rdf.type, _more.Linkset)
            for side, end in ((_more.subjectsTarget, dataset), (_more.objectsTarget, other)):
                link(part, side, end)
                link(part, _more.target, end)
            link(part, _more.linkPredicate, predicate)
            add(part, terms.triples, ntriples.typed(count))
    return sorted(lines)


def _rdf_dumps(manifest: Manifest) -> list[str]:
    return [name.removeprefix(f"{DUMPS}/") for name in manifest.files if name.startswith(f"{DUMPS}/")]


def _examples(counted: Statistics) -> list[str]:
    wanted = [iri for iri in EXAMPLES if iri in counted.classes] or list(counted.classes)[: len(EXAMPLES)]
    return [counted.classes[iri].example for iri in wanted if counted.classes[iri].example]


def _vocabularies(counted: Statistics) -> set[str]:
    found = (_NAMESPACE.match(iri) for iri in (*counted.classes, *counted.properties))
    return {match.group(1) for match in found if match}


def _short(iri: str) -> str:
    """Return the part of a partition's key that stands for a term: `pf-Project`, or a hash of a foreign IRI."""
    for prefix, namespace in PREFIXES.items():
        name = iri.removeprefix(namespace)
        if name != iri and re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII):
            return f"{prefix}-{name}"
    return fingerprint(iri)
