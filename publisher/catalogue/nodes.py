"""Statements of a catalogue as N-Triples lines, and stubs of what it names elsewhere.

DCAT-AP's range checks ask for the class of what a catalogue links to, and its code-list checks for the
`skos:inScheme` of it; a validator that is offline sees neither. So a stub of each table entry stands beside
the link. A stub is typed, never as a dataset or a distribution, and its name is a `skos:prefLabel` or a
`dct:title`, never an `rdfs:label`: harvesters take any dcat:Dataset for a dataset of the catalogue, and
ckanext-dcat puts an rdfs:label in place of the IRI that it looks up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from publisher import ntriples
from publisher.catalogue.tables import (
    LANGUAGES,
    LICENCE_TYPE_LABELS,
    LICENCE_TYPES,
    LICENCES,
    MEDIA_TYPES,
    NUTS,
    PUBLISHER_TYPE_LABELS,
    PUBLISHER_TYPES,
    THEMES,
)
from publisher.catalogue.texts import TEXTS
from publisher.config import Settings
from publisher.errors import ConfigError
from publisher.iris import Minter, is_iri
from publisher.namespaces import AUTHORITY, Vocabulary, dcat, dct, foaf, rdf, skos

dct_range = Vocabulary(dct.base, "MediaTypeOrExtent LinguisticSystem")

_CODE = re.compile(r"[A-Z0-9_]+\Z")
_NUTS_CODE = re.compile(r"[A-Z]{2}[A-Z0-9]{0,3}\Z")


class Nodes:
    """Collects statements; each method that describes a node returns its IRI.

    Args:
        base_iri: What the minted IRIs begin with.
        languages: Languages that interface texts are given in, where there are such texts.
    """

    def __init__(self, base_iri: str, languages: Sequence[str]) -> None:
        """Begin with nothing."""
        self.minter = Minter(base_iri)
        self.languages = [tag for tag in languages if tag in TEXTS["untitled"]] or ["en"]
        self.lines: set[str] = set()

    # Statements.

    def mint(self, *components: str) -> str:
        """Return the IRI of a node of ours."""
        return self.minter.iri("dataset", *components)

    def typed_node(self, iri: str, kind: str) -> str:
        """Say what a node is."""
        self.link(iri, rdf.type, kind)
        return iri

    def texts(self, iri: str, predicate: str, by_language: Mapping[str, str]) -> None:
        """Add a text in each of its languages."""
        for language, text in by_language.items():
            self.add(iri, predicate, ntriples.literal(text, language))

    def chosen(self, key: str, values: Mapping[str, object] | None = None) -> dict[str, str]:
        """Return an interface text in the languages of the release."""
        return {tag: TEXTS[key][tag].format_map(values or {}) for tag in self.languages}

    def link(self, subject: str, predicate: str, obj: str) -> None:
        """Add a statement whose object is an IRI."""
        self.add(subject, predicate, ntriples.iri(obj))

    def add(self, subject: str, predicate: str, obj: str) -> None:
        """Add a statement; its object is a term as N-Triples text."""
        self.lines.add(ntriples.line(subject, predicate, obj))

    # Entries of tables outside.

    def authority(self, table: str, code: str, kind: str) -> str:
        """Stub one entry of an EU authority table.

        No skos:Concept here: that class owes a label, and the link needs the range's class only.

        Raises:
            ConfigError: The code is none.
        """
        if not _CODE.match(code):
            raise ConfigError(f"{code!r} cannot be a code of the EU table {AUTHORITY}/{table}")
        iri = self.typed_node(f"{AUTHORITY}/{table}/{code}", kind)
        self.link(iri, skos.inScheme, f"{AUTHORITY}/{table}")
        return iri

    def concept(self, table: str, code: str, labels: Mapping[str, str]) -> str:
        """Stub an entry of an EU authority table as a concept with its labels."""
        iri = self.authority(table, code, skos.Concept)
        self.texts(iri, skos.prefLabel, labels)
        return iri

    def adms(self, table: str, name: str, label: str, title: str) -> str:
        """Stub an entry of one of ADMS's own tables."""
        iri = self.typed_node(f"{table}/{name}", skos.Concept)
        self.texts(iri, skos.prefLabel, {"en": label})
        self.link(iri, skos.inScheme, self.scheme(f"{table}/1.0", title))
        return iri

    def scheme(self, iri: str, key: str) -> str:
        """Stub a table."""
        self.typed_node(iri, skos.ConceptScheme)
        self.texts(iri, dct.title, TEXTS[key])
        return iri

    def media_type(self, media_type: str) -> str:
        """Stub an IANA media type."""
        return self.typed_node(f"{MEDIA_TYPES}/{media_type}", dct.MediaType)

    def configured(self, setting: str, iri: str, kind: str) -> str:
        """Stub what a setting names, by its class.

        Raises:
            ConfigError: The value is no IRI.
        """
        if not is_iri(iri):
            raise ConfigError(f"{setting}: {iri!r} is no absolute IRI")
        return self.typed_node(iri, kind)

    def licence(self, iri: str) -> str:
        """Stub a licence, with its type where that is beyond doubt."""
        self.configured("licence", iri, dct.LicenseDocument)
        if iri in LICENCES:
            kind = LICENCES[iri]
            self.link(iri, dct.type, self.adms(LICENCE_TYPES, kind, LICENCE_TYPE_LABELS[kind], "licence_types"))
        return iri

    def agent(self, iri: str, names: Mapping[str, str], setting: str, home: str, kind: str) -> str:
        """Describe an agent; `setting` is what its settings begin with."""
        self.typed_node(iri, foaf.Agent)
        self.texts(iri, foaf.name, names)
        if home:
            self.link(iri, foaf.homepage, self.configured(f"{setting}_home", home, foaf.Document))
        if kind:
            scheme, _, name = kind.rpartition("/")
            if scheme != PUBLISHER_TYPES or name not in PUBLISHER_TYPE_LABELS:
                known = ", ".join(f"{PUBLISHER_TYPES}/{entry}" for entry in PUBLISHER_TYPE_LABELS)
                raise ConfigError(f"{setting}_type: {kind!r} is unknown; known: {known}")
            entry = self.adms(PUBLISHER_TYPES, name, PUBLISHER_TYPE_LABELS[name], "publisher_types")
            self.link(iri, dct.type, entry)
        return iri

    # What several nodes carry.

    def coverage(self, iri: str, settings: Settings) -> None:
        """Say which countries and regions the data is about."""
        for code in settings.countries:
            self.link(iri, dct.spatial, self.authority("country", code, dct.Location))
        for code in settings.nuts:
            if not _NUTS_CODE.match(code):
                raise ConfigError(f"nuts: {code!r} is no NUTS code such as FI or FI1B1")
            self.link(iri, dct.spatial, self.typed_node(f"{NUTS}/{code}", dct.Location))

    def spoken(self, iri: str, languages: Sequence[str]) -> None:
        """Say which languages it is in."""
        for tag in languages:
            if tag not in LANGUAGES:
                raise ConfigError(f"languages: {tag!r} is unknown; known: {', '.join(LANGUAGES)}")
            self.link(iri, dct.language, self.authority("language", LANGUAGES[tag], dct_range.LinguisticSystem))

    def subject(self, iri: str, settings: Settings) -> None:
        """Add themes and keywords."""
        for code in settings.themes:
            if code not in THEMES:
                raise ConfigError(f"themes: {code!r} is unknown; known: {', '.join(THEMES)}")
            self.link(iri, dcat.theme, self.concept("data-theme", code, THEMES[code]))
        for language, words in settings.keywords.items():
            for word in words:
                self.add(iri, dcat.keyword, ntriples.literal(word, language))
