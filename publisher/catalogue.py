"""Describes a release as a DCAT-AP 3.0.1 catalogue: what harvesting portals read at `/catalog`.

One dcat:Catalog, one dcat:Dataset, one dcat:Distribution a dump, one
dcat:DataService for the endpoint. Datasets are described, projects never: the
file stays far below the 50 MB at which CKAN's harvester gives up.

Every node has an IRI, `{base}/id/dataset/{owner}~{part}`: harvesters delete
what does not come back under the same IRI, so none depends on the release.

DCAT-AP's range checks ask for the class of what a catalogue links to, and
its code-list checks for the `skos:inScheme` of it; a validator that is offline sees neither.
So a stub of each EU table entry stands beside the link, with the labels that the table gives.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from publisher import formats, ntriples
from publisher.config import Settings
from publisher.errors import ConfigError
from publisher.iris import Minter, is_iri
from publisher.manifest import Manifest
from publisher.namespaces import (
    AUTHORITY,
    ONTOLOGY,
    SHAPES,
    Vocabulary,
    dcat,
    dcatap,
    dct,
    foaf,
    rdf,
    rdfs,
    skos,
    spdx,
    vcard,
    xsd,
)

MEDIA_TYPES = "http://www.iana.org/assignments/media-types"
SPARQL_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"

adms = Vocabulary("http://www.w3.org/ns/adms#", "status")
eli = Vocabulary("http://data.europa.eu/eli/ontology#", "LegalResource")
algorithm = Vocabulary(spdx.base, "ChecksumAlgorithm")
dct_range = Vocabulary(dct.base, "MediaTypeOrExtent LinguisticSystem")

_CODE = re.compile(r"[A-Z0-9_]+\Z")

DUMP_FORMATS = (*formats.SOURCES, formats.RESULTS_CSV, formats.RESULTS_TSV)
"""What a dump can be written in."""

LANGUAGES = {
    "bg": "BUL", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST",
    "fi": "FIN", "fr": "FRA", "ga": "GLE", "hr": "HRV", "hu": "HUN", "is": "ISL", "it": "ITA", "lt": "LIT",
    "lv": "LAV", "mt": "MLT", "nb": "NOB", "nl": "NLD", "nn": "NNO", "pl": "POL", "pt": "POR", "ro": "RON",
    "rom": "ROM", "se": "SME", "sk": "SLK", "sl": "SLV", "sv": "SWE",
}  # fmt: skip
"""Code in the EU language table by language tag."""

THEMES = {
    "AGRI": {
        "fi": "Maatalous, kalastus, metsätalous ja elintarvikkeet",
        "sv": "Jordbruk, fiske, skogsbruk och livsmedel",
        "en": "Agriculture, fisheries, forestry and food",
    },
    "ECON": {"fi": "Talous ja raha-asiat", "sv": "Ekonomi och finans", "en": "Economy and finance"},
    "EDUC": {
        "fi": "Koulutus, kulttuuri ja urheilu",
        "sv": "Utbildning, kultur och sport",
        "en": "Education, culture and sport",
    },
    "ENER": {"fi": "Energia", "sv": "Energi", "en": "Energy"},
    "ENVI": {"fi": "Ympäristö", "sv": "Miljö", "en": "Environment"},
    "GOVE": {
        "fi": "Valtioneuvosto ja julkinen sektori",
        "sv": "Regeringen och den offentliga sektorn",
        "en": "Government and public sector",
    },
    "HEAL": {"fi": "Terveys", "sv": "Hälsa", "en": "Health"},
    "INTR": {"fi": "Kansainväliset kysymykset", "sv": "Internationella frågor", "en": "International issues"},
    "JUST": {
        "fi": "Oikeus, oikeusjärjestelmä ja yleinen turvallisuus",
        "sv": "Rättvisa, rättsliga system och allmän säkerhet",
        "en": "Justice, legal system and public safety",
    },
    "REGI": {"fi": "Alueet ja kaupungit", "sv": "Regioner och städer", "en": "Regions and cities"},
    "SOCI": {"fi": "Väestö ja yhteiskunta", "sv": "Befolkning och samhälle", "en": "Population and society"},
    "TECH": {"fi": "Tiede ja teknologia", "sv": "Vetenskap och teknik", "en": "Science and technology"},
    "TRAN": {"fi": "Liikenne", "sv": "Transport", "en": "Transport"},
}
"""The EU data-theme table with its own labels."""

PUBLISHER_TYPES = "http://purl.org/adms/publishertype"
PUBLISHER_TYPE_LABELS = {
    "NationalAuthority": "National authority",
    "LocalAuthority": "Local authority",
    "Company": "Company",
    "IndustryConsortium": "Industry consortium",
    "NonGovernmentalOrganisation": "Non-governmental organisation",
    "NonProfitOrganisation": "Non-profit organisation",
}

TEXTS: dict[str, dict[str, str]] = {
    "untitled": {"fi": "Hankesalkku", "sv": "Projektportfölj", "en": "Project portfolio"},
    "publisher": {
        "fi": "Portfolio Publisherin asennus (julkaisijaa ei ole asetettu)",
        "sv": "En installation av Portfolio Publisher (utgivaren har inte angetts)",
        "en": "An installation of Portfolio Publisher (publisher not set)",
    },
    "catalogue": {
        "fi": "Avoimen datan luettelo: {title}",
        "sv": "Katalog över öppna data: {title}",
        "en": "Open data catalogue: {title}",
    },
    "catalogue_about": {
        "fi": "Tämän palvelimen julkaisema tietoaineisto, sen lataustiedostot ja kyselyrajapinta.",
        "sv": "Datamängden som denna server publicerar, dess nedladdningsbara filer och dess frågegränssnitt.",
        "en": "The dataset that this server publishes, its downloads and its query endpoint.",
    },
    "projects_about": {
        "fi": "Julkisesti rahoitetut hankkeet linkitettynä datana: kohderyhmät, rahoitus, osallistujat ja tulokset "
        "sekä se, mistä lähteestä kukin tieto on. Hankkeita: {projects}. RDF-lauseita: {triples}.",
        "sv": "Offentligt finansierade projekt som länkade data: målgrupper, finansiering, deltagare och resultat "
        "samt källan till varje uppgift. Antal projekt: {projects}. Antal RDF-satser: {triples}.",
        "en": "Publicly funded projects as linked data: target groups, funding, participants and outcomes, and which "
        "source each fact comes from. Projects: {projects}. RDF statements: {triples}.",
    },
    "rdf_about": {
        "fi": "RDF-aineisto, julkaistu sellaisena kuin se on saatu. RDF-lauseita: {triples}.",
        "sv": "RDF-data som publiceras i den form de har tagits emot. Antal RDF-satser: {triples}.",
        "en": "RDF data, published as it was received. RDF statements: {triples}.",
    },
    "dump": {
        "fi": "Koko aineisto ({format})",
        "sv": "Hela datamängden ({format})",
        "en": "The whole dataset ({format})",
    },
    "dump_about": {
        "fi": "Tiedosto {file}, {bytes} tavua.",
        "sv": "Filen {file}, {bytes} byte.",
        "en": "The file {file}, {bytes} bytes.",
    },
    "service": {
        "fi": "SPARQL-kyselyrajapinta: {title}",
        "sv": "SPARQL-gränssnitt: {title}",
        "en": "SPARQL endpoint: {title}",
    },
    "service_about": {
        "fi": "Kyselyt aineistoon SPARQL 1.1 -protokollalla; vain luku. Tuloksen koko ja kyselyn kesto on rajattu.",
        "sv": "Frågor mot datamängden med SPARQL 1.1-protokollet; endast läsning. Svarens storlek och frågans tid är "
        "begränsade.",
        "en": "Queries on the dataset by the SPARQL 1.1 Protocol; read-only. Result size and query time are limited.",
    },
    "ontology": {
        "fi": "Hankesalkkuontologia",
        "sv": "Ontologi för projektportföljer",
        "en": "Project portfolio ontology",
    },
    "shapes": {
        "fi": "Hankesalkkujen tarkistussäännöt",
        "sv": "Kontrollregler för projektportföljer",
        "en": "Shapes for project portfolios",
    },
    "distribution_status": {"en": "Distribution status"},
    "data_theme": {"en": "Data theme"},
    "publisher_types": {"en": "Publisher type"},
}
"""Interface texts by key and language; `{…}` is filled in."""

FORMAT_NAMES = {
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF/XML",
    "csv": "CSV",
    "tsv": "TSV",
}


@dataclass(frozen=True, kw_only=True)
class Period:
    """The time that the data is about: `2014`, `2014-06` or `2014-06-30`; empty = unknown."""

    start: str = ""
    end: str = ""


def catalogue(
    manifest: Manifest,
    settings: Settings,
    dumps: Mapping[str, tuple[int, str]],
    *,
    period: Period | None = None,
    issued: str | None = None,
) -> list[str]:
    """Describe a release to portals.

    The same arguments give the same lines, whatever the order of `dumps`.

    Args:
        manifest: The release; `files` is not read, so the catalogue can be one of them.
            Conformance to ontology and shapes is told where `validation` says `conforms`.
        settings: Publisher, contact, licence and the like. What is not set is left out.
        dumps: Size in bytes and SHA-256 in hexadecimal by file name, without a folder.
        period: The time that the data is about.
        issued: When the first release was made, as the manifest's `created`; None = this one is the first.

    Returns:
        N-Triples lines without their ends, sorted, each once, no blank nodes.

    Raises:
        ConfigError: A setting cannot become part of a catalogue: an unknown
            theme, language or publisher type, an address that is none.
        ValueError: A dump's name has no suffix of `DUMP_FORMATS`.
    """
    return _Catalogue(manifest, settings, issued or manifest.created).build(dumps, period or Period())


class _Catalogue:
    """Collects the statements of one catalogue; each method describes one node and returns its IRI."""

    def __init__(self, manifest: Manifest, settings: Settings, issued: str) -> None:
        self.manifest = manifest
        self.settings = settings
        self.issued = issued
        self.base = settings.public_base
        self.minter = Minter(manifest.base_iri)
        self.languages = [tag for tag in manifest.languages if tag in TEXTS["untitled"]] or ["en"]
        self.lines: set[str] = set()

    def build(self, dumps: Mapping[str, tuple[int, str]], period: Period) -> list[str]:
        dataset = self.mint("portfolio")
        publisher = self.publisher()
        contact = self.contact()
        home = self.typed_node(f"{self.base}/", foaf.Document)
        service = self.service(dataset, publisher, contact)
        catalog = self.node(self.mint("catalogue"), dcat.Catalog, "catalogue", "catalogue_about")
        self.dated(catalog, self.issued)
        self.terms_of_use(catalog)
        self.link(catalog, dct.publisher, publisher)
        self.link(catalog, foaf.homepage, home)
        self.link(catalog, dcat.dataset, dataset)
        self.link(catalog, dcat.service, service)
        self.link(catalog, dcat.themeTaxonomy, self.scheme(f"{AUTHORITY}/data-theme", "data_theme"))
        self.coverage(catalog)

        kind = "projects_about" if self.manifest.title else "rdf_about"
        self.node(dataset, dcat.Dataset, None, kind)
        self.texts(dataset, dct.title, self.titles())
        self.dated(dataset, self.issued)
        self.coverage(dataset)
        self.subject(dataset)
        self.link(dataset, dct.publisher, publisher)
        self.link(dataset, dcat.landingPage, home)
        self.link(dataset, dct.accessRights, self.authority("access-right", "PUBLIC", dct.RightsStatement))
        frequency = self.authority("frequency", self.settings.frequency, dct.Frequency)
        self.link(dataset, dct.accrualPeriodicity, frequency)
        self.add(dataset, dct.identifier, ntriples.literal(dataset))
        self.add(dataset, dcat.version, ntriples.literal(self.manifest.id))
        self.period(dataset, period)
        self.conformance(dataset)
        if contact:
            self.link(dataset, dcat.contactPoint, contact)
        for act in self.settings.legislation:
            self.link(dataset, dcatap.applicableLegislation, self.configured("legislation", act, eli.LegalResource))
        for name in dumps:
            self.link(dataset, dcat.distribution, self.distribution(name, *dumps[name]))
        return sorted(self.lines)

    def distribution(self, name: str, size: int, sha256: str) -> str:
        """Describe one dump."""
        form = formats.by_suffix(name, DUMP_FORMATS)
        if form is None:
            raise ValueError(f"{name!r}: no format of a dump has this suffix")
        # Dots would be escaped in a key; the file's name with hyphens stays readable.
        part = name.replace(".", "-")
        address = f"{self.base}/dumps/{name}"
        values = {"file": name, "bytes": str(size), "format": FORMAT_NAMES[form.name]}
        iri = self.node(self.mint("portfolio", part), dcat.Distribution, "dump", "dump_about", values)
        # The download is the access: no form, no page stands before it.
        self.link(iri, dcat.accessURL, address)
        self.link(iri, dcat.downloadURL, address)
        self.link(iri, dct.format, self.authority("file-type", form.file_type, dct_range.MediaTypeOrExtent))
        self.link(iri, dcat.mediaType, self.media_type(form.media_type))
        if name.endswith(".gz"):
            self.link(iri, dcat.compressFormat, self.media_type("application/gzip"))
        self.add(iri, dcat.byteSize, ntriples.literal(str(size), datatype=xsd.nonNegativeInteger))
        self.link(iri, spdx.checksum, self.checksum(part, sha256))
        self.link(iri, adms.status, self.concept("distribution-status", "COMPLETED", {"en": "completed"}))
        self.scheme(f"{AUTHORITY}/distribution-status", "distribution_status")
        self.link(iri, dcatap.availability, self.concept("planned-availability", "STABLE", {"en": "stable"}))
        self.dated(iri, self.manifest.created)
        self.languages_of(iri)
        self.terms_of_use(iri)
        if form.carries != "results":
            self.conformance(iri)
        return iri

    def checksum(self, part: str, sha256: str) -> str:
        iri = self.typed_node(self.mint("portfolio", part, "sha256"), spdx.Checksum)
        self.link(iri, spdx.algorithm, self.typed_node(spdx.checksumAlgorithm_sha256, algorithm.ChecksumAlgorithm))
        self.add(iri, spdx.checksumValue, ntriples.literal(sha256, datatype=xsd.hexBinary))
        return iri

    def service(self, dataset: str, publisher: str, contact: str | None) -> str:
        """Describe the SPARQL endpoint."""
        iri = self.node(self.mint("portfolio", "sparql"), dcat.DataService, "service", "service_about")
        endpoint = f"{self.base}/sparql"
        self.link(iri, dcat.endpointURL, endpoint)
        # Without a query the endpoint answers with its service description.
        self.link(iri, dcat.endpointDescription, endpoint)
        self.link(iri, dcat.servesDataset, dataset)
        self.link(iri, dcat.landingPage, self.typed_node(f"{self.base}/query", foaf.Document))
        self.link(iri, dct.publisher, publisher)
        self.link(iri, dct.conformsTo, self.typed_node(SPARQL_PROTOCOL, dct.Standard))
        self.add(SPARQL_PROTOCOL, dct.title, ntriples.literal("SPARQL 1.1 Protocol", "en"))
        self.link(iri, dct.accessRights, self.authority("access-right", "PUBLIC", dct.RightsStatement))
        if self.settings.licence:
            self.link(iri, dct.license, self.configured("licence", self.settings.licence, dct.LicenseDocument))
        self.subject(iri)
        if contact:
            self.link(iri, dcat.contactPoint, contact)
        return iri

    def publisher(self) -> str:
        settings = self.settings
        iri = self.typed_node(self.mint("catalogue", "publisher"), foaf.Agent)
        self.texts(iri, foaf.name, settings.publisher_name or self.chosen("publisher"))
        if settings.publisher_home:
            self.link(iri, foaf.homepage, self.configured("publisher_home", settings.publisher_home, foaf.Document))
        if settings.publisher_type:
            scheme, _, name = settings.publisher_type.rpartition("/")
            if scheme != PUBLISHER_TYPES or name not in PUBLISHER_TYPE_LABELS:
                known = ", ".join(f"{PUBLISHER_TYPES}/{entry}" for entry in PUBLISHER_TYPE_LABELS)
                raise ConfigError(f"publisher_type: {settings.publisher_type!r} is unknown; known: {known}")
            self.link(iri, dct.type, settings.publisher_type)
            self.typed_node(settings.publisher_type, skos.Concept)
            self.texts(settings.publisher_type, skos.prefLabel, {"en": PUBLISHER_TYPE_LABELS[name]})
            self.link(settings.publisher_type, skos.inScheme, self.scheme(f"{PUBLISHER_TYPES}/1.0", "publisher_types"))
        return iri

    def contact(self) -> str | None:
        """Describe the contact point where one is configured."""
        settings = self.settings
        if not (settings.contact_name or settings.contact_email or settings.contact_page):
            return None
        iri = self.typed_node(self.mint("catalogue", "contact"), vcard.Kind)
        self.typed_node(iri, vcard.Organization)
        self.texts(iri, vcard.fn, settings.contact_name or settings.publisher_name or self.chosen("publisher"))
        if settings.contact_email:
            address = f"mailto:{settings.contact_email}"
            if "@" not in address or not is_iri(address):
                raise ConfigError(f"contact_email: {settings.contact_email!r} is no e-mail address")
            self.link(iri, vcard.hasEmail, address)
        if settings.contact_page:
            self.link(iri, vcard.hasURL, self.configured("contact_page", settings.contact_page, foaf.Document))
        return iri

    # What several nodes carry.

    def coverage(self, iri: str) -> None:
        """Say which countries the data is about, and its languages."""
        for code in self.settings.countries:
            self.link(iri, dct.spatial, self.authority("country", code, dct.Location))
        self.languages_of(iri)

    def languages_of(self, iri: str) -> None:
        for tag in self.manifest.languages:
            if tag not in LANGUAGES:
                raise ConfigError(f"languages: {tag!r} is unknown; known: {', '.join(LANGUAGES)}")
            self.link(iri, dct.language, self.authority("language", LANGUAGES[tag], dct_range.LinguisticSystem))

    def subject(self, iri: str) -> None:
        """Add themes and keywords."""
        for code in self.settings.themes:
            if code not in THEMES:
                raise ConfigError(f"themes: {code!r} is unknown; known: {', '.join(THEMES)}")
            self.link(iri, dcat.theme, self.concept("data-theme", code, THEMES[code]))
        for language, words in self.settings.keywords.items():
            for word in words:
                self.add(iri, dcat.keyword, ntriples.literal(word, language))

    def terms_of_use(self, iri: str) -> None:
        """Add the licence, and the statement of what it covers."""
        if self.settings.licence:
            self.link(iri, dct.license, self.configured("licence", self.settings.licence, dct.LicenseDocument))
        if self.settings.rights:
            statement = self.typed_node(self.mint("portfolio", "rights"), dct.RightsStatement)
            self.texts(statement, rdfs.label, self.settings.rights)
            self.link(iri, dct.rights, statement)

    def period(self, dataset: str, period: Period) -> None:
        if not (period.start or period.end):
            return
        iri = self.typed_node(self.mint("portfolio", "period"), dct.PeriodOfTime)
        self.link(dataset, dct.temporal, iri)
        for predicate, text in ((dcat.startDate, period.start), (dcat.endDate, period.end)):
            if text:
                self.add(iri, predicate, ntriples.partial_date(text))

    def conformance(self, iri: str) -> None:
        """Name the ontology and the shapes, where the release was checked against them."""
        if self.manifest.validation.get("conforms") is not True:
            return
        for standard, key in ((ONTOLOGY, "ontology"), (SHAPES, "shapes")):
            self.link(iri, dct.conformsTo, self.typed_node(standard, dct.Standard))
            self.texts(standard, dct.title, self.chosen(key))

    def dated(self, iri: str, issued: str) -> None:
        self.add(iri, dct.issued, ntriples.literal(issued, datatype=xsd.dateTime))
        self.add(iri, dct.modified, ntriples.literal(self.manifest.created, datatype=xsd.dateTime))

    # Entries of tables outside.

    def authority(self, table: str, code: str, kind: str) -> str:
        """Stub one entry of an EU authority table.

        No skos:Concept here: that class owes a label, and the link needs the range's class only.
        """
        if not _CODE.match(code):
            raise ConfigError(f"{code!r} cannot be a code of the EU table {AUTHORITY}/{table}")
        iri = self.typed_node(f"{AUTHORITY}/{table}/{code}", kind)
        self.link(iri, skos.inScheme, f"{AUTHORITY}/{table}")
        return iri

    def concept(self, table: str, code: str, labels: Mapping[str, str]) -> str:
        iri = self.authority(table, code, skos.Concept)
        self.texts(iri, skos.prefLabel, labels)
        return iri

    def scheme(self, iri: str, key: str) -> str:
        self.typed_node(iri, skos.ConceptScheme)
        self.texts(iri, dct.title, TEXTS[key])
        return iri

    def media_type(self, media_type: str) -> str:
        return self.typed_node(f"{MEDIA_TYPES}/{media_type}", dct.MediaType)

    def configured(self, setting: str, iri: str, kind: str) -> str:
        """Stub what a setting names, by its class."""
        if not is_iri(iri):
            raise ConfigError(f"{setting}: {iri!r} is no absolute IRI")
        return self.typed_node(iri, kind)

    # Texts.

    def titles(self) -> dict[str, str]:
        return self.manifest.title or self.chosen("untitled")

    def title(self, language: str) -> str:
        """Return the portfolio's title in a language, else in the next that has one."""
        titles = self.titles()
        return next(titles[tag] for tag in (language, *self.manifest.languages, *titles) if tag in titles)

    def chosen(self, key: str) -> dict[str, str]:
        """Return an interface text in the languages of the release."""
        return {tag: TEXTS[key][tag] for tag in self.languages}

    # Statements.

    def mint(self, *components: str) -> str:
        return self.minter.iri("dataset", *components)

    def node(self, iri: str, kind: str, title: str | None, about: str, values: Mapping[str, str] | None = None) -> str:
        """Type a node of ours and give it title and description from the interface texts."""
        self.typed_node(iri, kind)
        counts = self.manifest.counts
        for key, predicate in ((title, dct.title), (about, dct.description)):
            for language, text in self.chosen(key).items() if key else ():
                filled = text.format_map(
                    {
                        "title": self.title(language),
                        "projects": counts.get("projects", 0),
                        "triples": counts.get("triples", 0),
                        **(values or {}),
                    }
                )
                self.add(iri, predicate, ntriples.literal(filled, language))
        return iri

    def typed_node(self, iri: str, kind: str) -> str:
        self.link(iri, rdf.type, kind)
        return iri

    def texts(self, iri: str, predicate: str, by_language: Mapping[str, str]) -> None:
        for language, text in by_language.items():
            self.add(iri, predicate, ntriples.literal(text, language))

    def link(self, subject: str, predicate: str, obj: str) -> None:
        self.add(subject, predicate, ntriples.iri(obj))

    def add(self, subject: str, predicate: str, obj: str) -> None:
        self.lines.add(ntriples.line(subject, predicate, obj))
