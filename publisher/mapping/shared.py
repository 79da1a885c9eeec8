"""Maps the entries of the shared files: organisations, sources, places and target groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from publisher import ntriples
from publisher.mapping.mapper import Mapper
from publisher.namespaces import AUTHORITY, dct, foaf, org, pf, skos, xsd
from publisher.records import model
from publisher.records.tree import Path
from publisher.vocabularies import LANGUAGES

_YSO = "http://www.yso.fi/onto/yso/"
_NUTS = "http://data.europa.eu/nuts/code/"


class SharedMapper(Mapper):
    """Maps the entries of the shared files."""

    def map(self, which: str, entry: Any) -> None:
        """Map one entry of a shared file."""
        mappers: dict[str, Callable[[Any], None]] = {
            "organisations": self._organisation,
            "sources": self._source,
            "places": self._place,
            "target_groups": self._target_group,
        }
        mappers[which](entry)

    def _organisation(self, entry: model.Organisation) -> None:
        iri = self.ctx.minter.iri("organisation", entry.key)
        self.start(iri, [pf.Collective if entry.kind == "collective" else org.Organization], ())
        self.texts(iri, foaf.name, entry.name, ("name",))
        self.texts(iri, skos.altLabel, entry.short_name, ("short_name",))
        self.texts(iri, dct.description, entry.note, ("note",))
        if entry.identifier is not None:
            self.emit(iri, dct.identifier, ntriples.literal(entry.identifier), ("identifier",))
            country, separator, rest = entry.key.partition("-")
            if separator and len(country) == 2 and country.isupper() and rest != entry.identifier:
                message = f"does not agree with the key {entry.key}: the key is country and identifier"
                self.fault(("identifier",), "organisation-key", message, entry.identifier)
        self.link(iri, foaf.homepage, entry.home, ("home",))
        self.translations(iri, entry, ())

    def _source(self, entry: model.Source) -> None:
        iri = self.ctx.minter.iri("source", entry.key)
        self.start(iri, [pf.Source], ())
        self.texts(iri, dct.title, entry.title, ("title",))
        self.texts(iri, dct.description, entry.note, ("note",))
        self.link(iri, pf.sourceKind, self.concept("source-kind", entry.kind, ("kind",)), ("kind",))
        code = LANGUAGES.get(entry.language)
        if code is None:
            self.fault(("language",), "unknown-language", "is no language that this program knows", entry.language)
        else:
            self.link(iri, dct.language, f"{AUTHORITY}/language/{code}", ("language",))
        self.link(iri, dct.publisher, self.organisation(entry.publisher, ("publisher",)), ("publisher",))
        self.link(iri, foaf.page, entry.address, ("address",))
        if entry.licence == "not-stated":
            status = self.concept("licence-status", "not-stated", ("licence",))
            self.link(iri, pf.licenceStatus, status, ("licence",))
        else:
            self.link(iri, dct.license, entry.licence, ("licence",))
        if entry.as_of != "unknown":
            self.emit(iri, pf.asOf, ntriples.partial_date(entry.as_of), ("as_of",))
        self.translations(iri, entry, ())
        for index, part in enumerate(entry.parts):
            self._document_part(iri, entry.key, part, ("parts", index))

    def _document_part(self, source: str, source_key: str, part: model.DocumentPart, path: Path) -> None:
        iri = self.ctx.minter.iri("source", source_key, part.key)
        self.start(iri, [pf.DocumentPart], path)
        self.link(iri, dct.isPartOf, source, path)
        self.link(source, dct.hasPart, iri, path)
        self.texts(iri, dct.title, part.title, (*path, "title"))
        self.translations(iri, part, path)

    def _place(self, entry: model.Place) -> None:
        iri = self.ctx.minter.iri("place", entry.key)
        self.start(iri, [dct.Location], ())
        self.texts(iri, skos.prefLabel, entry.name, ("name",))
        self.translations(iri, entry, ())
        if entry.yso is not None:
            self.link(iri, skos.exactMatch, _YSO + entry.yso, ("yso",))
        if entry.country is not None:
            self.link(iri, skos.exactMatch, self.authority("country", entry.country, ("country",)), ("country",))
        if entry.nuts is not None:
            self.link(iri, skos.closeMatch, _NUTS + entry.nuts.code, ("nuts", "code"))
            self.emit(iri, skos.notation, ntriples.literal(entry.nuts.code), ("nuts", "code"))
            edition = ntriples.literal(entry.nuts.edition, datatype=xsd.gYear)
            self.emit(iri, pf.nutsEdition, edition, ("nuts", "edition"))

    def _target_group(self, entry: model.TargetGroup) -> None:
        iri = self.ctx.minter.iri("target-group", entry.key)
        scheme = self.ctx.minter.iri("target-group", "scheme")
        self.start(iri, [skos.Concept, pf.TargetGroup], ())
        self.start(scheme, [skos.ConceptScheme], ())
        self.texts(scheme, dct.title, self.ctx.portfolio.title, ())
        self.link(iri, skos.inScheme, scheme, ())
        self.emit(iri, skos.notation, ntriples.literal(entry.key), ("key",))
        self.texts(iri, skos.prefLabel, entry.name, ("name",))
        self.texts(iri, skos.definition, entry.definition, ("definition",))
        if entry.broader is not None:
            self.link(iri, skos.broader, self.target_group(entry.broader, ("broader",)), ("broader",))
        if entry.yso is not None:
            self.link(iri, skos.exactMatch, _YSO + entry.yso, ("yso",))
