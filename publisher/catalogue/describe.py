"""Describes the releases that are kept as a DCAT-AP 3.0.1 catalogue.

    dcat:Catalog --dcat:dataset--> the latest dataset --dcat:hasVersion--> a dataset a kept release
                 --dcat:service--> the SPARQL endpoint       `-- all of them dcat:inSeries --> a series a portfolio

Datasets are described, projects never: the file stays far below the 50 MB at
which CKAN's harvester gives up, and it is given in pages where many releases are kept.

Every node has an IRI, `{base}/id/dataset/{owner}~{part}`. Harvesters delete what does not come back under
the same IRI: the latest dataset's depends on no release, a release's on its identifier alone.

Of DCAT 3's words for versions: the latest dataset is the one that changes, a release's dataset is a version of
it (dcat:hasVersion, dcat:isVersionOf); the release that is live is its dcat:hasCurrentVersion; what a release was made
after is its dcat:previousVersion, and dcat:prev is the one before it in the series, which differs after a rollback.
The ministry whose form the portfolio describes is dct:creator. What the data was made from is told by
prov:wasDerivedFrom and a dct:provenance statement: dct:source must lead to a dcat:Dataset in DCAT-AP,
and harvesters would take a stub of that class for a dataset of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from publisher import formats, ntriples
from publisher.catalogue.facts import SERIES_LIMIT, Facts
from publisher.catalogue.nodes import Nodes, dct_range
from publisher.catalogue.tables import DUMP_FORMATS, FORMAT_NAMES
from publisher.errors import ConfigError
from publisher.iris import fingerprint, is_iri, key
from publisher.namespaces import (
    AUTHORITY,
    ONTOLOGY,
    SHAPES,
    Vocabulary,
    dcat,
    dcatap,
    dct,
    foaf,
    prov,
    rdfs,
    spdx,
    vcard,
    xsd,
)

SPARQL_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"
PAGE_SIZE = 100
"""Release datasets on a page of the catalogue."""

adms = Vocabulary("http://www.w3.org/ns/adms#", "status versionNotes")
eli = Vocabulary("http://data.europa.eu/eli/ontology#", "LegalResource")
algorithm = Vocabulary(spdx.base, "ChecksumAlgorithm")
hydra = Vocabulary(
    "http://www.w3.org/ns/hydra/core#",
    "PagedCollection PartialCollectionView totalItems itemsPerPage first last next previous firstPage lastPage "
    "nextPage previousPage",
)
_provenance = Vocabulary(dct.base, "ProvenanceStatement")
_versions = Vocabulary(
    dcat.base,
    "DatasetSeries resource inSeries first last prev hasVersion isVersionOf hasCurrentVersion previousVersion",
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a catalogue.

    Args:
        number: From 1.
        count: How many there are.
        first: Address of the first page.
        following: Address of another one without its number at the end.
    """

    number: int
    count: int
    first: str
    following: str

    def at(self, number: int) -> str:
        """Return the address of a page."""
        return self.first if number == 1 else f"{self.following}{number}"


def pages(ids: Sequence[str]) -> list[Sequence[str]]:
    """Divide releases, oldest first, into pages, the newest on the first; each page is oldest first."""
    backwards = [ids[max(0, end - PAGE_SIZE) : end] for end in range(len(ids), 0, -PAGE_SIZE)]
    return backwards or [[]]


def catalogue(
    live: Facts,
    kept: Sequence[Facts] = (),
    *,
    ids: Sequence[str] | None = None,
    page: Page | None = None,
    base: str | None = None,
    changed: str = "",
) -> list[str]:
    """Describe releases to portals.

    The same arguments give the same lines, whatever the order of dumps.

    Args:
        live: The release that is live.
        kept: The releases that this page describes, oldest first; where it is the only page the live one among them.
        ids: Identifiers of all releases that are kept, oldest first; None = those of `kept`.
        page: Which page this is; None = there is one only. What stands once is on the first.
        base: Address of the server, without a slash at its end; None = the live release's `public_base`.
        changed: When the live release became the live one; "" = when it was made. A rollback changes what the latest
            dataset is, later than the release that it brings back was made.

    Returns:
        N-Triples lines without their ends, sorted, each once, no blank nodes.

    Raises:
        ConfigError: A setting cannot become part of a catalogue: an unknown
            theme, language or publisher type, an address that is none.
        ValueError: A dump's name has no suffix of `DUMP_FORMATS`.
    """
    known = [facts.id for facts in kept] if ids is None else list(ids)
    return _Catalogue(live, known, base or live.settings.public_base, changed).build(kept, page)


class _Catalogue(Nodes):
    """Collects the statements of one page of a catalogue."""

    def __init__(self, live: Facts, ids: Sequence[str], base: str, changed: str) -> None:
        super().__init__(live.manifest.base_iri, live.manifest.languages)
        self.live = live
        self.ids = list(ids)
        self.base = base.rstrip("/")
        self.issued = live.issued or live.manifest.created
        self.changed = changed or live.manifest.created
        self.latest = self.mint("portfolio")

    def build(self, kept: Sequence[Facts], page: Page | None) -> list[str]:
        settings = self.live.settings
        first_page = page is None or page.number == 1
        self.publisher = self.agent(
            self.mint("catalogue", "publisher"),
            settings.publisher_name or self.chosen("publisher"),
            "publisher",
            settings.publisher_home,
            settings.publisher_type,
        )
        self.contact = self.contact_point()
        self.home = self.typed_node(f"{self.base}/", foaf.Document)
        catalog = self.typed_node(self.mint("catalogue"), dcat.Catalog)
        self.described(catalog, self.live, "catalogue", "catalogue_about")
        self.dated(catalog, self.issued, self.changed)
        self.terms_of_use(catalog, self.live, self.latest)
        self.link(catalog, dct.publisher, self.publisher)
        self.link(catalog, foaf.homepage, self.home)
        self.link(catalog, dcat.themeTaxonomy, self.scheme(f"{AUTHORITY}/data-theme", "data_theme"))
        self.coverage(catalog, settings)
        self.spoken(catalog, self.live.manifest.languages)
        told = [facts for facts in kept if self.tell(catalog, facts)]
        if first_page:
            self.link(catalog, dcat.service, self.service())
            self.link(catalog, dcat.dataset, self.latest_dataset())
        for facts in (*([self.live] if first_page else ()), *told):
            for iri, titles in _series_of(facts).items():
                self.link(catalog, _versions.resource, self.series(iri, titles, told, first_page=first_page))
        if page is not None and page.count > 1:
            self.paged(page)
        return sorted(self.lines)

    # Datasets.

    def tell(self, catalog: str, facts: Facts) -> bool:
        """List a release; one by another version of the program, whose settings this one refuses, is left out."""
        before, self.lines = self.lines, set()
        try:
            self.link(catalog, dcat.dataset, self.release(facts))
        except ConfigError:
            if facts.id == self.live.id:
                raise
            self.lines = before
            self.ids = [name for name in self.ids if name != facts.id]
            return False
        self.lines |= before
        return True

    def latest_dataset(self) -> str:
        """Describe the dataset that a portal should show: what is live, whichever release it is."""
        iri = self.latest
        self.dataset(iri, self.live, self.issued, self.changed)
        self.texts(iri, dct.title, self.titles(self.live))
        self.texts(iri, dct.description, self.about(self.live))
        self.link(iri, dcat.landingPage, self.home)
        frequency = self.authority("frequency", self.live.settings.frequency, dct.Frequency)
        self.link(iri, dct.accrualPeriodicity, frequency)
        for name in _distributions(self.live):
            self.link(iri, dcat.distribution, self.distribution(iri, self.live, name, f"{self.base}/dumps/{name}"))
        self.link(iri, dcat.distribution, self.endpoint(iri))
        return iri

    def release(self, facts: Facts) -> str:
        """Describe a release that is kept: a dataset that does not change any more."""
        iri = self.version(facts.id)
        day = facts.manifest.created[:10]
        about = self.about(facts)
        self.dataset(iri, facts, facts.manifest.created, facts.manifest.created)
        for language in self.languages:
            values = {"title": self.title(facts, language), "release": facts.id, "day": day, "about": about[language]}
            self.texts(iri, dct.title, {language: self.chosen("release", values)[language]})
            self.texts(iri, dct.description, {language: self.chosen("release_about", values)[language]})
        landing = self.typed_node(f"{self.base}/releases/", foaf.Document)
        self.link(iri, dcat.landingPage, landing)
        # What is out is out: the release itself is never updated, whatever happens to the latest dataset.
        self.link(iri, dct.accrualPeriodicity, self.authority("frequency", "NEVER", dct.Frequency))
        self.link(iri, _versions.isVersionOf, self.latest)
        self.link(self.latest, _versions.hasVersion, iri)
        if facts.id == self.live.id:
            self.link(self.latest, _versions.hasCurrentVersion, iri)
        at = self.ids.index(facts.id) if facts.id in self.ids else 0
        before = self.ids[at - 1] if at else ""
        if before:
            self.link(iri, _versions.prev, self.version(before))
        previous = facts.manifest.changes.get("previous") or before
        if previous in self.ids:
            self.link(iri, _versions.previousVersion, self.version(previous))
        for name in _distributions(facts):
            address = f"{self.base}/releases/{facts.id}/dumps/{name}"
            self.link(iri, dcat.distribution, self.distribution(iri, facts, name, address))
        return iri

    def dataset(self, iri: str, facts: Facts, issued: str, modified: str) -> None:
        """Say what the latest dataset and those of releases have in common."""
        settings = facts.settings
        self.typed_node(iri, dcat.Dataset)
        self.dated(iri, issued, modified)
        self.coverage(iri, settings)
        self.spoken(iri, facts.manifest.languages)
        self.subject(iri, settings)
        self.link(iri, dct.publisher, self.publisher)
        self.link(iri, dcat.contactPoint, self.contact)
        self.link(iri, dct.accessRights, self.authority("access-right", "PUBLIC", dct.RightsStatement))
        self.add(iri, dct.identifier, ntriples.literal(iri))
        self.add(iri, dcat.version, ntriples.literal(facts.id))
        self.period(iri, facts)
        self.conformance(iri, facts)
        for act in settings.legislation:
            self.link(iri, dcatap.applicableLegislation, self.configured("legislation", act, eli.LegalResource))
        self.origin(iri, facts)
        for series in _series_of(facts):
            self.link(iri, _versions.inSeries, self.series_iri(series))
        changes = facts.manifest.changes
        if changes.get("previous"):
            counts = {name: changes.get(name, 0) for name in ("previous", "added", "changed", "withdrawn")}
            self.texts(iri, adms.versionNotes, self.chosen("changes", counts))

    def origin(self, iri: str, facts: Facts) -> None:
        """Say who made the data, what it was made from, and how."""
        settings = facts.settings
        if settings.creator_name:
            # One node an agent: two names of it would mix.
            same = all(getattr(settings, name) == getattr(self.live.settings, name) for name in _CREATOR)
            agent = self.agent(
                self.mint("catalogue", "creator") if same else f"{iri}~creator",
                settings.creator_name,
                "creator",
                settings.creator_home,
                settings.creator_type,
            )
            self.link(iri, dct.creator, agent)
        for source in settings.sources:
            if not is_iri(source):
                raise ConfigError(f"sources: {source!r} is no absolute IRI")
            self.link(iri, prov.wasDerivedFrom, source)
        statement = self.typed_node(f"{iri}~provenance", _provenance.ProvenanceStatement)
        told = settings.provenance or self.chosen("projects_provenance" if _is_ours(facts) else "rdf_provenance")
        self.texts(statement, rdfs.label, told)
        self.link(iri, dct.provenance, statement)

    def series(self, portfolio: str, titles: Mapping[str, str], kept: Sequence[Facts], *, first_page: bool) -> str:
        """Describe the series of a portfolio's releases."""
        iri = self.typed_node(self.series_iri(portfolio), _versions.DatasetSeries)
        settings = self.live.settings
        own = titles or self.titles(self.live)
        for language in self.languages:
            title = next(own[tag] for tag in (language, *self.live.manifest.languages, *own) if tag in own)
            self.texts(iri, dct.title, {language: self.chosen("series", {"title": title})[language]})
        self.texts(iri, dct.description, self.chosen("series_about"))
        self.dated(iri, self.issued, self.changed)
        self.coverage(iri, settings)
        self.link(iri, dct.publisher, self.publisher)
        self.link(iri, dcat.contactPoint, self.contact)
        self.link(iri, dct.accrualPeriodicity, self.authority("frequency", settings.frequency, dct.Frequency))
        for act in settings.legislation:
            self.link(iri, dcatap.applicableLegislation, self.configured("legislation", act, eli.LegalResource))
        self.period(iri, self.live)
        members = [facts.id for facts in kept if portfolio in _series_of(facts)]
        # A page that does not hold the newest, or the oldest, cannot tell whether it is in this series.
        if members and first_page:
            self.link(iri, _versions.last, self.version(members[-1]))
        if members and self.ids and kept[0].id == self.ids[0]:
            self.link(iri, _versions.first, self.version(members[0]))
        return iri

    def series_iri(self, portfolio: str) -> str:
        if not portfolio:
            return self.mint("series")
        split = self.minter.split(portfolio)
        return f"{self.mint('series')}~{split[1] if split else fingerprint(portfolio)}"

    def version(self, release_id: str) -> str:
        return self.mint("release", release_id)

    # Distributions and the service.

    def distribution(self, dataset: str, facts: Facts, name: str, address: str) -> str:
        """Describe one dump."""
        form = formats.by_suffix(name, DUMP_FORMATS)
        if form is None:
            raise ValueError(f"{name!r}: no format of a dump has this suffix")
        size, sha256 = facts.dumps[name]
        # Dots would be escaped in a key; the file's name with hyphens stays readable.
        iri = self.typed_node(f"{dataset}~{key(name.replace('.', '-'))}", dcat.Distribution)
        values = {"file": name, "bytes": str(size), "format": FORMAT_NAMES[form.name]}
        whole = form.carries in ("graph", "dataset")
        about = "dump_about" if whole else "workbook_about" if form is formats.XLSX else "table_about"
        self.texts(iri, dct.title, self.chosen("dump" if whole else "table", values))
        self.texts(iri, dct.description, self.chosen(about, values))
        # The download is the access: no form, no page stands before it.
        self.link(iri, dcat.accessURL, address)
        self.link(iri, dcat.downloadURL, address)
        self.link(iri, dct.format, self.authority("file-type", form.file_type, dct_range.MediaTypeOrExtent))
        self.link(iri, dcat.mediaType, self.media_type(form.media_type))
        if name.endswith(".gz"):
            self.link(iri, dcat.compressFormat, self.media_type("application/gzip"))
        self.add(iri, dcat.byteSize, ntriples.literal(str(size), datatype=xsd.nonNegativeInteger))
        self.link(iri, spdx.checksum, self.checksum(iri, sha256))
        self.offered(iri, facts, dataset)
        if whole:
            self.conformance(iri, facts)
        elif f"{name}{_COLUMNS}" in facts.dumps:
            schema = self.typed_node(f"{address}{_COLUMNS}", dct.Standard)
            self.texts(schema, dct.title, self.chosen("columns"))
            self.link(iri, dct.conformsTo, schema)
        return iri

    def offered(self, iri: str, facts: Facts, dataset: str) -> None:
        """Say what files and the endpoint have in common: what is promised, since when, languages, terms of use."""
        self.link(iri, adms.status, self.concept("distribution-status", "COMPLETED", {"en": "completed"}))
        self.scheme(f"{AUTHORITY}/distribution-status", "distribution_status")
        self.link(iri, dcatap.availability, self.concept("planned-availability", *self.availability(dataset)))
        made = facts.manifest.created
        self.dated(iri, *((self.issued, self.changed) if dataset == self.latest else (made, made)))
        self.spoken(iri, facts.manifest.languages)
        self.terms_of_use(iri, facts, dataset)
        for act in facts.settings.legislation:
            self.link(iri, dcatap.applicableLegislation, self.configured("legislation", act, eli.LegalResource))

    def endpoint(self, dataset: str) -> str:
        """Describe the SPARQL endpoint as a way to the latest dataset.

        The endpoint is served by a dcat:DataService whether or not anything leads to it; but CKAN, and a portal that
        shows a dataset with what can be had of it, know a service by a distribution's dcat:accessService alone. The
        dumps do not name it: nobody gets a packed file by a query. What is no file has no size, no checksum and no
        address to download it from.

        Source:
            DCAT 3, dcat:accessURL ("landing page, feed, SPARQL endpoint") and dcat:accessService; EU table file-type,
            SPARQLQ.
        """
        iri = self.typed_node(f"{dataset}~endpoint", dcat.Distribution)
        self.described(iri, self.live, "service", "service_about")
        self.link(iri, dcat.accessURL, f"{self.base}/sparql")
        self.link(iri, dcat.accessService, self.mint("portfolio", "sparql"))
        self.link(iri, dct.format, self.authority("file-type", "SPARQLQ", dct_range.MediaTypeOrExtent))
        self.link(iri, dcat.mediaType, self.media_type("application/sparql-query"))
        self.offered(iri, self.live, dataset)
        self.conformance(iri, self.live)
        return iri

    def availability(self, dataset: str) -> tuple[str, dict[str, str]]:
        """Return what is promised: the latest dataset stays; how long a release is kept, the operator decides."""
        return ("STABLE", {"en": "stable"}) if dataset == self.latest else ("AVAILABLE", {"en": "available"})

    def checksum(self, distribution: str, sha256: str) -> str:
        iri = self.typed_node(f"{distribution}~sha256", spdx.Checksum)
        self.link(iri, spdx.algorithm, self.typed_node(spdx.checksumAlgorithm_sha256, algorithm.ChecksumAlgorithm))
        self.add(iri, spdx.checksumValue, ntriples.literal(sha256, datatype=xsd.hexBinary))
        return iri

    def service(self) -> str:
        """Describe the SPARQL endpoint."""
        iri = self.typed_node(self.mint("portfolio", "sparql"), dcat.DataService)
        settings = self.live.settings
        self.described(iri, self.live, "service", "service_about")
        endpoint = f"{self.base}/sparql"
        self.link(iri, dcat.endpointURL, endpoint)
        # Without a query the endpoint answers with its service description, to people with a form.
        self.link(iri, dcat.endpointDescription, endpoint)
        self.link(iri, dcat.landingPage, self.typed_node(endpoint, foaf.Document))
        self.link(iri, dcat.servesDataset, self.latest)
        self.link(iri, dcat.contactPoint, self.contact)
        self.link(iri, dct.publisher, self.publisher)
        self.link(iri, dct.conformsTo, self.typed_node(SPARQL_PROTOCOL, dct.Standard))
        self.add(SPARQL_PROTOCOL, dct.title, ntriples.literal("SPARQL 1.1 Protocol", "en"))
        self.link(iri, dct.accessRights, self.authority("access-right", "PUBLIC", dct.RightsStatement))
        if settings.licence:
            self.link(iri, dct.license, self.licence(settings.licence))
        self.subject(iri, settings)
        return iri

    def contact_point(self) -> str:
        """Describe the contact point; where none is configured, the server itself is one, and says so."""
        settings = self.live.settings
        iri = self.typed_node(self.mint("catalogue", "contact"), vcard.Kind)
        self.typed_node(iri, vcard.Organization)
        is_set = bool(settings.contact_name or settings.contact_email or settings.contact_page)
        fallback = (settings.publisher_name or self.chosen("publisher")) if is_set else self.chosen("contact")
        self.texts(iri, vcard.fn, settings.contact_name or fallback)
        if settings.contact_email:
            address = f"mailto:{settings.contact_email}"
            if "@" not in address or not is_iri(address):
                raise ConfigError(f"contact_email: {settings.contact_email!r} is no e-mail address")
            self.link(iri, vcard.hasEmail, address)
        if settings.contact_page:
            self.link(iri, vcard.hasURL, self.configured("contact_page", settings.contact_page, foaf.Document))
        elif not is_set:
            self.link(iri, vcard.hasURL, self.typed_node(f"{self.base}/", foaf.Document))
        return iri

    def paged(self, page: Page) -> None:
        """Lead from this page to the others, as Hydra says it: the words of today, and the older ones of CKAN's."""
        iri = self.typed_node(page.at(page.number), hydra.PagedCollection)
        self.typed_node(iri, hydra.PartialCollectionView)
        self.add(iri, hydra.totalItems, ntriples.typed(len(self.ids) + 1))
        self.add(iri, hydra.itemsPerPage, ntriples.typed(PAGE_SIZE))
        others = [(hydra.first, hydra.firstPage, 1), (hydra.last, hydra.lastPage, page.count)]
        if page.number < page.count:
            others.append((hydra.next, hydra.nextPage, page.number + 1))
        if page.number > 1:
            others.append((hydra.previous, hydra.previousPage, page.number - 1))
        for now, before, number in others:
            self.link(iri, now, page.at(number))
            self.link(iri, before, page.at(number))

    # What several nodes carry.

    def terms_of_use(self, iri: str, facts: Facts, owner: str) -> None:
        """Add the licence, and the statement of what it covers."""
        if facts.settings.licence:
            self.link(iri, dct.license, self.licence(facts.settings.licence))
        if facts.settings.rights:
            statement = self.typed_node(f"{owner}~rights", dct.RightsStatement)
            self.texts(statement, rdfs.label, facts.settings.rights)
            self.link(iri, dct.rights, statement)

    def period(self, dataset: str, facts: Facts) -> None:
        period = facts.period
        if not (period.start or period.end):
            return
        iri = self.typed_node(f"{dataset}~period", dct.PeriodOfTime)
        self.link(dataset, dct.temporal, iri)
        for predicate, text in ((dcat.startDate, period.start), (dcat.endDate, period.end)):
            if text:
                self.add(iri, predicate, ntriples.partial_date(text))

    def conformance(self, iri: str, facts: Facts) -> None:
        """Name the ontology and the shapes, where the release was checked against them."""
        if facts.manifest.validation.get("conforms") is not True:
            return
        for standard, name in ((ONTOLOGY, "ontology"), (SHAPES, "shapes")):
            self.link(iri, dct.conformsTo, self.typed_node(standard, dct.Standard))
            self.texts(standard, dct.title, self.chosen(name))

    def dated(self, iri: str, issued: str, modified: str) -> None:
        self.add(iri, dct.issued, ntriples.literal(issued, datatype=xsd.dateTime))
        self.add(iri, dct.modified, ntriples.literal(modified, datatype=xsd.dateTime))

    # Texts.

    def described(self, iri: str, facts: Facts, title: str, about: str) -> None:
        """Give a node its title and description from the interface texts."""
        for language in self.languages:
            text = self.chosen(title, {"title": self.title(facts, language)})[language]
            self.texts(iri, dct.title, {language: text})
        self.texts(iri, dct.description, self.chosen(about))

    def titles(self, facts: Facts) -> dict[str, str]:
        return facts.manifest.title or self.chosen("untitled")

    def title(self, facts: Facts, language: str) -> str:
        """Return the portfolio's title in a language, else in the next that has one."""
        titles = self.titles(facts)
        return next(titles[tag] for tag in (language, *facts.manifest.languages, *titles) if tag in titles)

    def about(self, facts: Facts) -> dict[str, str]:
        """Say what a release's data is, with its counts."""
        counts = facts.manifest.counts
        values = {"projects": counts.get("projects", 0), "triples": counts.get("triples", 0)}
        return self.chosen("projects_about" if _is_ours(facts) else "rdf_about", values)


_COLUMNS = formats.CSVW.suffix.removeprefix(formats.RESULTS_CSV.suffix)
"""What the name of the file that describes a CSV has behind the CSV's own."""


def _distributions(facts: Facts) -> list[str]:
    """Return the dumps that are distributions: not the description of a table, which is no data."""
    return [name for name in facts.dumps if not name.endswith(formats.CSVW.suffix)]


_CREATOR = ("creator_name", "creator_home", "creator_type")


def _is_ours(facts: Facts) -> bool:
    """Tell whether the release is a portfolio of records, not a foreign RDF source."""
    return bool(facts.manifest.title)


def _series_of(facts: Facts) -> dict[str, Mapping[str, str]]:
    """Return the titles of the series that a release belongs to, by the portfolio's IRI; one without an IRI else."""
    named = {iri: facts.portfolios[iri] for iri in sorted(facts.portfolios)[:SERIES_LIMIT]}
    return named or {"": facts.manifest.title}
