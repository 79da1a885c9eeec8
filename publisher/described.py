"""Reads back from a release's catalogue what it says of the live dataset: for CKAN's JSON and for search engines.

What portals are told by other ways than DCAT says the same as the catalogue, because it comes from there. The live
dataset is the one whose files stand under `/dumps/`: those of a kept release stand under `/releases/{id}/dumps/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from publisher import formats, manifest
from publisher.errors import ReleaseError
from publisher.manifest import Release
from publisher.namespaces import dcat, dct, foaf, rdf, rdfs, skos, spdx, vcard

Texts = dict[str, str]
"""A text by language tag; "" is a text without one."""

_KEPT = re.compile(r"/releases/\d{8}T\d{6}Z-[0-9a-f]{8}(?:/|\Z)")


@dataclass(frozen=True)
class Agent:
    """Who publishes, makes or answers for a dataset.

    Args:
        iri: Of the agent.
        names: By language.
        homepage: Web address, or "".
        email: Without `mailto:`, or "".
    """

    iri: str
    names: Texts
    homepage: str = ""
    email: str = ""


@dataclass(frozen=True)
class File:
    """One way to the dataset: a download, or the endpoint, which has no size and no checksum."""

    iri: str
    titles: Texts
    descriptions: Texts
    url: str
    media_type: str
    compression: str
    form: str
    size: int | None
    sha256: str


@dataclass(frozen=True)
class Place:
    """An area that the data is about: a code of a table, with the names that the catalogue gives it."""

    iri: str
    code: str
    names: Texts


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """The live dataset as the catalogue describes it; what is not told is empty."""

    iri: str
    titles: Texts
    descriptions: Texts
    catalogue: str
    catalogue_titles: Texts
    catalogue_descriptions: Texts
    publisher: Agent | None
    creators: list[Agent]
    contact: Agent | None
    keywords: dict[str, list[str]]
    licence: str
    rights: Texts
    landing_page: str
    identifiers: list[str]
    issued: str
    version: str
    start: str
    end: str
    places: list[Place]
    files: list[File] = field(default_factory=list)
    endpoint: File | None = None


def dataset(release: Release) -> Dataset:
    """Read the live dataset from the release's catalogue.

    Raises:
        ReleaseError: The catalogue is missing, is no Turtle, or describes no dataset.
    """
    path = release.file(manifest.CATALOGUE)
    try:
        parsed = [quad.triple for quad in ox.parse(path=str(path), format=formats.TURTLE.rdf())]
    except (OSError, ValueError, SyntaxError) as error:
        raise ReleaseError(f"{path.name} of the release cannot be read: {error}") from error
    reader = _Reader(parsed)
    found = [iri for iri in reader.instances(dcat.Dataset) if reader.is_live(iri)]
    catalogues = reader.instances(dcat.Catalog)
    if not found or not catalogues:
        raise ReleaseError(f"{path.name} of the release describes no dataset that is live")
    return reader.dataset(found[0], catalogues[0])


class _Reader:
    """Looks statements up; of several values the least comes first, so that an answer is always the same."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.values: dict[tuple[str, str], list[ox.NamedNode | ox.Literal]] = {}
        for triple in triples:
            if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, (ox.NamedNode, ox.Literal)):
                self.values.setdefault((triple.subject.value, triple.predicate.value), []).append(triple.object)

    def instances(self, kind: str) -> list[str]:
        named = ox.NamedNode(kind)
        return sorted(s for (s, p), objects in self.values.items() if p == rdf.type and named in objects)

    def all(self, iri: str, predicate: str) -> list[str]:
        return sorted(term.value for term in self.values.get((iri, predicate), []))

    def one(self, iri: str, predicate: str) -> str:
        return next(iter(self.all(iri, predicate)), "")

    def texts(self, iri: str, predicate: str) -> Texts:
        found = [term for term in self.values.get((iri, predicate), []) if isinstance(term, ox.Literal)]
        texts = sorted((term.language or "", term.value) for term in found)
        return dict(reversed(texts))  # of two in one language, the least

    def is_live(self, iri: str) -> bool:
        urls = [self.url(file) for file in self.all(iri, dcat.distribution)]
        return bool(urls) and not any(_KEPT.search(url) for url in urls)

    def url(self, distribution: str) -> str:
        return self.one(distribution, dcat.downloadURL) or self.one(distribution, dcat.accessURL)

    def dataset(self, iri: str, catalogue: str) -> Dataset:
        keywords: dict[str, list[str]] = {}
        for term in sorted(self.values.get((iri, dcat.keyword), []), key=lambda term: term.value):
            if isinstance(term, ox.Literal):
                keywords.setdefault(term.language or "", []).append(term.value)
        ways = self.all(iri, dcat.distribution)
        services = [entry for entry in ways if self.one(entry, dcat.accessService)]
        files = [self.file(entry) for entry in ways if entry not in services]
        licences = [self.one(iri, dct.license), *(self.one(file.iri, dct.license) for file in files)]
        rights = [self.one(iri, dct.rights), *(self.one(file.iri, dct.rights) for file in files)]
        statement = next(filter(None, rights), "")
        period = self.one(iri, dct.temporal)
        return Dataset(
            iri=iri,
            titles=self.texts(iri, dct.title),
            descriptions=self.texts(iri, dct.description),
            catalogue=catalogue,
            catalogue_titles=self.texts(catalogue, dct.title),
            catalogue_descriptions=self.texts(catalogue, dct.description),
            publisher=self.first(self.agent, iri, dct.publisher),
            creators=[self.agent(entry) for entry in self.all(iri, dct.creator)],
            contact=self.first(self.contact, iri, dcat.contactPoint),
            keywords=keywords,
            licence=next(filter(None, licences), ""),
            rights=self.texts(statement, rdfs.label),
            landing_page=self.one(iri, dcat.landingPage),
            identifiers=self.all(iri, dct.identifier),
            issued=self.one(iri, dct.issued),
            version=self.one(iri, dcat.version),
            start=self.one(period, dcat.startDate),
            end=self.one(period, dcat.endDate),
            places=[self.place(entry) for entry in self.all(iri, dct.spatial)],
            files=sorted(files, key=lambda file: file.url),
            endpoint=self.file(services[0]) if services else None,
        )

    def first(self, make: Callable[[str], Agent], iri: str, predicate: str) -> Agent | None:
        found = self.one(iri, predicate)
        return make(found) if found else None

    def agent(self, iri: str) -> Agent:
        mail = self.one(iri, foaf.mbox).removeprefix("mailto:")
        return Agent(iri, self.texts(iri, foaf.name), self.one(iri, foaf.homepage), mail)

    def contact(self, iri: str) -> Agent:
        mail = self.one(iri, vcard.hasEmail).removeprefix("mailto:")
        return Agent(iri, self.texts(iri, vcard.fn), self.one(iri, vcard.hasURL), mail)

    def place(self, iri: str) -> Place:
        return Place(iri, _code(iri), self.texts(iri, skos.prefLabel))

    def file(self, iri: str) -> File:
        size = self.one(iri, dcat.byteSize)
        return File(
            iri=iri,
            titles=self.texts(iri, dct.title),
            descriptions=self.texts(iri, dct.description),
            url=self.url(iri),
            media_type=_media_type(self.one(iri, dcat.mediaType)),
            compression=_media_type(self.one(iri, dcat.compressFormat)),
            form=_code(self.one(iri, dct.format)),
            size=int(size) if size.isdecimal() else None,
            sha256=self.one(self.one(iri, spdx.checksum), spdx.checksumValue),
        )


def best(texts: Texts, *languages: str) -> str:
    """Return a text in the first of the languages that it is in, else in any; "" where there is none."""
    return next((texts[tag] for tag in languages if texts.get(tag)), next(iter(texts.values()), ""))


def _code(iri: str) -> str:
    return iri.rstrip("/").rpartition("/")[2]


def _media_type(iri: str) -> str:
    return iri.partition("/media-types/")[2]
