"""Prefixes, and the terms the program uses, as Python names.

Plain strings, no RDF library: the command line and the bulk mapping need the
IRIs only. A name that is not listed is an `AttributeError`, so that a typo can
never become a triple; `tests/test_ontology.py` holds the `pf` list against
`ontology/portfolio.ttl`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING


class Vocabulary:
    """One namespace: `vocabulary.term` is the term's full IRI, `vocabulary.base` the namespace's.

    Args:
        base: IRI that every term begins with.
        terms: Local names, separated by white space.
    """

    def __init__(self, base: str, terms: str) -> None:
        """Remember the namespace and the terms that may be used."""
        self.base = base
        self.names = frozenset(terms.split())
        self.__dict__.update({name: base + name for name in self.names})

    if TYPE_CHECKING:  # when the program runs it would make each look-up of a term four times slower

        def __getattr__(self, name: str) -> str: ...  # noqa: D105


ROOT = "https://w3id.org/project-portfolio"
ONTOLOGY = f"{ROOT}/def"
SHAPES = f"{ROOT}/shapes"
CONCEPT = f"{ROOT}/concept"

pf = Vocabulary(
    f"{ONTOLOGY}#",
    """
    Portfolio Project Funder Collective TargetGroup Outcome Funding Participation Continuation RegionalLink
    Benefit Challenge Evidence SourceRecord Source DocumentPart
    project portfolio funder targetGroup outcome producedBy benefits funding fundingSource fundingStage fund
    amount currency amountStatus outcomeKind quantity quantityUnit quantityQualifier continuation regionalLink
    benefit challenge participation continuationStatus continues organisation role startDate endDate startYear
    endYear endDateStatus evidence attests sourceRecord sourceRow chosenFrom asOf wording documentPart
    programme priorityAxis specificObjective responsibleAuthority areaKind ownTranslation sourceKind
    licenceStatus nutsEdition cofinancingRate exchangeRate awardYear thematicObjective investmentPriority
    interventionType operationStatus fleetRegisterNumber achievements
    """,
)
rdf = Vocabulary("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type langString Property")
rdfs = Vocabulary("http://www.w3.org/2000/01/rdf-schema#", "label comment seeAlso isDefinedBy subClassOf subPropertyOf")
owl = Vocabulary(
    "http://www.w3.org/2002/07/owl#",
    "Ontology Class ObjectProperty DatatypeProperty AnnotationProperty inverseOf sameAs deprecated versionIRI "
    "versionInfo",
)
xsd = Vocabulary(
    "http://www.w3.org/2001/XMLSchema#",
    "string boolean integer decimal double date dateTime gYear gYearMonth anyURI nonNegativeInteger hexBinary",
)
skos = Vocabulary(
    "http://www.w3.org/2004/02/skos/core#",
    "Concept ConceptScheme prefLabel altLabel definition notation inScheme topConceptOf hasTopConcept broader narrower "
    "exactMatch closeMatch scopeNote example",
)
dct = Vocabulary(
    "http://purl.org/dc/terms/",
    "title description identifier spatial temporal source issued modified created license rights publisher creator "
    "language isPartOf hasPart conformsTo provenance accessRights accrualPeriodicity format type subject Location "
    "LicenseDocument RightsStatement PeriodOfTime Standard Frequency MediaType",
)
foaf = Vocabulary(
    "http://xmlns.com/foaf/0.1/", "Agent Project Organization Document name homepage page primaryTopic mbox"
)
org = Vocabulary("http://www.w3.org/ns/org#", "Organization OrganizationalCollaboration identifier")
locn = Vocabulary("http://www.w3.org/ns/locn#", "geometry address Address thoroughfare postCode postName")
geo = Vocabulary("http://www.opengis.net/ont/geosparql#", "wktLiteral")
prov = Vocabulary("http://www.w3.org/ns/prov#", "Entity wasDerivedFrom")
sh = Vocabulary(
    "http://www.w3.org/ns/shacl#",
    "NodeShape PropertyShape ValidationReport ValidationResult conforms result focusNode resultPath value "
    "sourceShape sourceConstraintComponent resultSeverity resultMessage message name severity path "
    "Violation Warning Info",
)
dcat = Vocabulary(
    "http://www.w3.org/ns/dcat#",
    "Catalog Dataset Distribution DataService dataset service distribution accessURL accessService downloadURL "
    "mediaType compressFormat byteSize keyword theme themeTaxonomy contactPoint landingPage endpointURL "
    "endpointDescription servesDataset startDate endDate version record",
)
dcatap = Vocabulary("http://data.europa.eu/r5r/", "applicableLegislation availability")
vcard = Vocabulary("http://www.w3.org/2006/vcard/ns#", "Kind Organization fn hasEmail hasURL")
spdx = Vocabulary("http://spdx.org/rdf/terms#", "Checksum algorithm checksumValue checksumAlgorithm_sha256 checksum")
void = Vocabulary(
    "http://rdfs.org/ns/void#",
    "Dataset sparqlEndpoint dataDump uriSpace triples entities classes properties distinctSubjects distinctObjects "
    "classPartition propertyPartition class property vocabulary exampleResource feature linkset",
)
sd = Vocabulary(
    "http://www.w3.org/ns/sparql-service-description#",
    "Service endpoint supportedLanguage resultFormat feature defaultDataset Dataset defaultGraph Graph namedGraph "
    "NamedGraph name graph SPARQL11Query",
)

TERMS = sorted(
    term
    for vocabulary in (pf, rdf, rdfs, skos, dct, foaf, org, prov, owl, locn)
    for name in vocabulary.names
    if (term := vocabulary.base + name) and name[0].islower()
)
"""The properties that statements about a resource of ours are made of."""

PREFIXES: dict[str, str] = {
    "pf": pf.base,
    "pfs": f"{SHAPES}#",
    "rdf": rdf.base,
    "rdfs": rdfs.base,
    "owl": owl.base,
    "xsd": xsd.base,
    "skos": skos.base,
    "dct": dct.base,
    "foaf": foaf.base,
    "org": org.base,
    "prov": prov.base,
    "locn": locn.base,
    "geo": geo.base,
    "dcat": dcat.base,
    "void": void.base,
}
"""Prefixes that dumps, documents and example queries declare, in this order."""

AUTHORITY = "http://publications.europa.eu/resource/authority"
"""Base of the EU Publications Office's authority tables: `{AUTHORITY}/{table}/{code}`."""
