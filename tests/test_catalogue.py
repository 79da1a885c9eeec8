"""The catalogue: its own mandatory properties, and DCAT-AP's shapes where a copy of them stands beside the checkout.

The shapes are SEMICeu/DCAT-AP 3.0.1's `html/shacl/*.ttl`, looked for in
`../shared/dcat-ap/3.0.1/html-shacl` beside the repository; without them those tests are skipped.
"""

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH, URIRef

from publisher import config, ntriples
from publisher.catalogue import LANGUAGES, TEXTS, THEMES, Period, adms, catalogue
from publisher.config import Settings
from publisher.errors import ConfigError
from publisher.manifest import Manifest
from publisher.namespaces import AUTHORITY, ONTOLOGY, dcat, dcatap, dct, foaf, skos, spdx, vcard, xsd

ROOT = Path(__file__).resolve().parent.parent
SHAPES = ROOT.parent / "shared" / "dcat-ap" / "3.0.1" / "html-shacl"
BASE = "https://w3id.org/project-portfolio/osallisuus"
DATASET = f"{BASE}/id/dataset/portfolio"
CATALOGUE = f"{BASE}/id/dataset/catalogue"
TURTLE = f"{BASE}/id/dataset/portfolio~portfolio-ttl-gz"
SHA256 = "ab" * 32
DUMPS = {
    "portfolio.ttl.gz": (1234, SHA256),
    "portfolio.nt.gz": (2345, "cd" * 32),
    "portfolio.jsonld.gz": (3456, "ef" * 32),
}
PERIOD = Period(start="2014", end="2022")
MANIFEST = Manifest(
    id="20261124T031500Z-1a2b3c4d",
    created="2026-11-24T03:15:00Z",
    version="0.1.0",
    base_iri=BASE,
    title={"fi": "Osallisuus", "sv": "Delaktighet", "en": "Social inclusion"},
    languages=["fi", "sv", "en"],
    master="portfolio.nt",
    statements_sha256=SHA256,
    fingerprint=SHA256,
    counts={"projects": 13, "triples": 5000},
    validation={"conforms": True},
)

# What the recommended shapes still say of a fully configured catalogue, by path, and why it stays.
KNOWN_WARNINGS = {
    # The country is the EU table's own entry: its outline is not ours to state.
    "http://www.w3.org/ns/dcat#bbox",
    "http://www.w3.org/ns/dcat#centroid",
    # The licence's type likewise; the table gives none.
    dct.type,
}


def shipped() -> Settings:
    return config.load(ROOT / "data" / "osallisuus" / "publisher.toml", environment={})


def configured() -> Settings:
    """The shipped settings with all that an operator is asked to fill in."""
    return dataclasses.replace(
        shipped(),
        public_url="https://data.example.org/portfolio/",
        publisher_name={"fi": "Esimerkkivirasto"},
        publisher_home="https://example.org/",
        publisher_type="http://purl.org/adms/publishertype/NationalAuthority",
        contact_name={"fi": "Tietopalvelu"},
        contact_email="data@example.org",
        contact_page="https://example.org/contact",
    )


def graph(
    settings: Settings, manifest: Manifest = MANIFEST, dumps: Mapping[str, tuple[int, str]] = DUMPS
) -> rdflib.Graph:
    lines = catalogue(manifest, settings, dumps, period=PERIOD)
    return rdflib.Graph().parse(data=ntriples.text(lines), format="nt")


def objects(found: rdflib.Graph, subject: str, predicate: str) -> set[str]:
    return {str(o) for o in found.objects(URIRef(subject), URIRef(predicate))}


@pytest.fixture(params=["shipped", "configured"])
def described(request: pytest.FixtureRequest) -> rdflib.Graph:
    return graph(shipped() if request.param == "shipped" else configured())


def results(data: rdflib.Graph, *names: str) -> list[tuple[str, str, str]]:
    """Return (severity, path, focus node) of every result of DCAT-AP's shape files."""
    missing = [name for name in names if not (SHAPES / name).is_file()]
    if missing:
        pytest.skip(f"the DCAT-AP shapes {', '.join(missing)} are not in ../shared/dcat-ap/3.0.1/html-shacl")
    shapes = rdflib.Graph()
    for name in names:
        shapes.parse(SHAPES / name)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, do_owl_imports=False)
    assert isinstance(report, rdflib.Graph)
    # Not by type: the details of a failed sh:node are results too, with a severity of their own.
    found = report.objects(None, SH.result)
    return sorted(
        (
            str(report.value(result, SH.resultSeverity)),
            str(report.value(result, SH.resultPath)),
            str(report.value(result, SH.focusNode)),
        )
        for result in found
    )


def paths(found: list[tuple[str, str, str]], severity: rdflib.URIRef) -> set[str]:
    return {path for level, path, _ in found if level == str(severity)}


def test_dcat_ap_has_nothing_to_object(described: rdflib.Graph) -> None:
    found = results(described, "shapes.ttl", "range.ttl", "deprecateduris.ttl")
    assert paths(found, SH.Violation) == set()
    # deprecateduris.ttl has the codelists of adms:status the wrong way round: it asks for the ADMS list that
    # DCAT-AP 3.0 replaced by the EU's distribution-status (SEMICeu/DCAT-AP issue 228; mdr-vocabularies has it right).
    assert paths(found, SH.Warning) == {adms.status}


def test_dcat_ap_shapes_do_look_at_the_catalogue() -> None:
    broken = graph(shipped())
    broken.remove((URIRef(CATALOGUE), URIRef(dct.publisher), None))
    found = results(broken, "shapes.ttl", "range.ttl", "deprecateduris.ttl")
    assert (str(SH.Violation), dct.publisher, CATALOGUE) in found


def test_codelists_object_to_the_checksum_only() -> None:
    found = results(graph(configured()), "mdr-vocabularies.shape.ttl")
    # The file wants SPDX IRIs to begin with https, against SPDX itself and DCAT-AP's own examples.
    assert paths(found, SH.Violation) == {spdx.algorithm}
    # The publisher is no entry of the EU's corporate-body table; no Finnish authority was found in it.
    assert paths(found, SH.Warning) <= {dct.publisher}


def test_a_configured_catalogue_lacks_little_that_is_recommended() -> None:
    found = results(graph(configured()), "shapes_recommended.ttl")
    assert {path for _, path, _ in found} <= KNOWN_WARNINGS


def test_the_shipped_catalogue_lacks_contact_and_publisher_type_only() -> None:
    found = results(graph(shipped()), "shapes_recommended.ttl")
    assert {path for _, path, _ in found} - KNOWN_WARNINGS == {dcat.contactPoint}
    assert (str(SH.Warning), dct.type, f"{CATALOGUE}~publisher") in found


@pytest.mark.parametrize(
    ("kind", "predicates"),
    [
        (dcat.Catalog, (dct.title, dct.description, dct.publisher, dct.modified, dct.license, dcat.dataset)),
        (
            dcat.Dataset,
            (dct.title, dct.description, dct.publisher, dcat.distribution, dcat.keyword, dcat.theme, dct.temporal,
             dct.spatial, dct.accrualPeriodicity, dct.accessRights, dcatap.applicableLegislation, dct.identifier),
        ),
        (
            dcat.Distribution,
            (dcat.accessURL, dcat.downloadURL, dct.format, dcat.mediaType, dcat.compressFormat, dcat.byteSize,
             spdx.checksum, dct.license, dct.rights, dcatap.availability, adms.status),
        ),
        (dcat.DataService, (dct.title, dcat.endpointURL, dcat.endpointDescription, dcat.servesDataset)),
        (foaf.Agent, (foaf.name,)),
        (skos.Concept, (skos.prefLabel,)),
        (skos.ConceptScheme, (dct.title,)),
        (spdx.Checksum, (spdx.algorithm, spdx.checksumValue)),
        (dct.PeriodOfTime, (dcat.startDate, dcat.endDate)),
    ],
)  # fmt: skip
def test_every_node_has_what_its_class_needs(described: rdflib.Graph, kind: str, predicates: tuple[str, ...]) -> None:
    nodes = list(described.subjects(RDF.type, URIRef(kind)))
    assert nodes
    for node in nodes:
        assert [p for p in predicates if described.value(node, URIRef(p), any=True) is None] == []


def test_no_blank_nodes_and_our_nodes_are_minted(described: rdflib.Graph) -> None:
    assert not [t for t in described for term in t if isinstance(term, rdflib.BNode)]
    ours = {str(s) for s in described.subjects() if str(s).startswith(BASE) and not str(s).endswith(("/", "/query"))}
    assert ours
    assert all(s.startswith(f"{BASE}/id/dataset/") for s in ours)


def test_both_libraries_read_the_same_statements() -> None:
    lines = catalogue(MANIFEST, configured(), DUMPS, period=PERIOD)
    store = ox.Store()
    store.load(ntriples.text(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    assert len(store) == len(lines) == len(graph(configured()))


def test_the_order_of_dumps_changes_nothing() -> None:
    backwards = dict(reversed(DUMPS.items()))
    assert catalogue(MANIFEST, shipped(), DUMPS) == catalogue(MANIFEST, shipped(), backwards)
    assert catalogue(MANIFEST, shipped(), DUMPS) == sorted(set(catalogue(MANIFEST, shipped(), DUMPS)))


def test_node_iris_do_not_depend_on_the_release() -> None:
    later = dataclasses.replace(MANIFEST, id="20270101T000000Z-00000000", created="2027-01-01T00:00:00Z")
    assert set(graph(shipped()).subjects()) == set(graph(shipped(), later).subjects())


def test_a_distribution_tells_its_file() -> None:
    found = graph(configured())
    assert objects(found, TURTLE, dcat.downloadURL) == {"https://data.example.org/portfolio/dumps/portfolio.ttl.gz"}
    assert objects(found, TURTLE, dct.format) == {f"{AUTHORITY}/file-type/RDF_TURTLE"}
    assert objects(found, TURTLE, dcat.mediaType) == {"http://www.iana.org/assignments/media-types/text/turtle"}
    size = found.value(URIRef(TURTLE), URIRef(dcat.byteSize))
    assert size == rdflib.Literal("1234", datatype=URIRef(xsd.nonNegativeInteger))
    checksum = found.value(URIRef(TURTLE), URIRef(spdx.checksum))
    assert objects(found, str(checksum), spdx.checksumValue) == {SHA256}


def test_a_table_as_dump_is_not_said_to_conform_to_shapes() -> None:
    found = graph(shipped(), dumps={"projects.csv": (10, SHA256)})
    csv = f"{DATASET}~projects-csv"
    assert objects(found, csv, dct.format) == {f"{AUTHORITY}/file-type/CSV"}
    assert not objects(found, csv, dct.conformsTo)
    assert not objects(found, csv, dcat.compressFormat)


def test_links_begin_with_base_iri_where_no_public_address_is_set() -> None:
    service = f"{DATASET}~sparql"
    assert objects(graph(shipped()), service, dcat.endpointURL) == {f"{BASE}/sparql"}
    assert objects(graph(configured()), service, dcat.endpointURL) == {"https://data.example.org/portfolio/sparql"}


def test_conformance_is_claimed_only_where_it_was_checked() -> None:
    assert objects(graph(shipped()), DATASET, dct.conformsTo)
    unchecked = dataclasses.replace(MANIFEST, validation={})
    assert not objects(graph(shipped(), unchecked), DATASET, dct.conformsTo)


def test_issued_is_the_first_release_and_modified_this_one() -> None:
    lines = catalogue(MANIFEST, shipped(), DUMPS, issued="2025-01-01T00:00:00Z")
    stamps = {ntriples.value(ntriples.split(x)[2]) for x in lines if x.startswith(f"<{DATASET}> <{dct.issued}>")}
    assert stamps == {"2025-01-01T00:00:00Z"}
    assert f'<{DATASET}> <{dct.modified}> "{MANIFEST.created}"^^<{xsd.dateTime}> .' in lines


def test_what_is_not_configured_is_not_in_the_catalogue() -> None:
    bare = Settings(base_iri=BASE)
    found = graph(bare)
    for predicate in (dcat.contactPoint, dct.license, dct.rights, dcat.theme, dcat.keyword, dct.spatial):
        assert not list(found.triples((None, URIRef(predicate), None)))
    assert "publisher not set" in " ".join(objects(found, f"{CATALOGUE}~publisher", foaf.name))
    assert not list(rdflib.Graph().parse(data=ntriples.text(catalogue(MANIFEST, bare, {})), format="nt").objects(
        predicate=URIRef(dct.temporal)))  # fmt: skip


def test_contact_point_is_the_configured_office() -> None:
    found = graph(configured())
    assert objects(found, f"{CATALOGUE}~contact", vcard.hasEmail) == {"mailto:data@example.org"}
    assert objects(found, DATASET, dcat.contactPoint) == {f"{CATALOGUE}~contact"}


def test_a_foreign_rdf_source_has_a_title_and_an_honest_description() -> None:
    foreign = dataclasses.replace(MANIFEST, title={}, languages=["de"], counts={"triples": 7})
    found = graph(shipped(), foreign)
    assert objects(found, DATASET, dct.title) == {"Project portfolio"}
    assert objects(found, DATASET, dct.description) == {
        "RDF data, published as it was received. RDF statements: 7."
    }  # fmt: skip


def test_title_falls_back_to_the_portfolios_own_language() -> None:
    found = graph(shipped(), dataclasses.replace(MANIFEST, title={"fi": "Osallisuus"}))
    assert "Open data catalogue: Osallisuus" in objects(found, CATALOGUE, dct.title)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("themes", ["SOCIAL"]),
        ("frequency", "now and then"),
        ("countries", ["Suomi"]),
        ("publisher_type", "http://purl.org/adms/publishertype/Ministry"),
        ("publisher_home", "example.org"),
        ("licence", "CC BY"),
        ("legislation", ["1303/2013"]),
        ("contact_email", "nobody"),
        ("contact_page", "example.org"),
    ],
)
def test_a_setting_that_cannot_be_published_is_an_error(setting: str, value: Any) -> None:
    changed = dataclasses.replace(configured(), **{setting: value})
    with pytest.raises(ConfigError):
        catalogue(MANIFEST, changed, DUMPS)


def test_an_unknown_language_or_dump_is_an_error() -> None:
    with pytest.raises(ConfigError, match="xx"):
        catalogue(dataclasses.replace(MANIFEST, languages=["xx"]), shipped(), {})
    with pytest.raises(ValueError, match=r"portfolio\.docx"):
        catalogue(MANIFEST, shipped(), {"portfolio.docx": (1, SHA256)})


def test_texts_and_tables_are_whole() -> None:
    spoken = {key: set(texts) for key, texts in TEXTS.items() if texts.keys() != {"en"}}
    assert all(tags == {"fi", "sv", "en"} for tags in spoken.values())
    # Titles of the EU's own tables, as far as they were seen.
    assert TEXTS.keys() - spoken.keys() == {"data_theme", "distribution_status", "publisher_types"}
    assert all(set(labels) == {"fi", "sv", "en"} for labels in THEMES.values())
    assert len(set(LANGUAGES.values())) == len(LANGUAGES)


def test_the_ontology_is_called_what_it_calls_itself() -> None:
    found = rdflib.Graph().parse(config.shipped("ontology", "portfolio.ttl"))
    titles = {
        o.language: str(o) for o in found.objects(URIRef(ONTOLOGY), URIRef(dct.title)) if isinstance(o, rdflib.Literal)
    }
    assert titles == TEXTS["ontology"]


def test_the_shipped_settings_name_no_ministry_and_no_contact() -> None:
    settings = shipped()
    assert settings.source_paths == [ROOT / "data" / "osallisuus"]
    assert set(settings.publisher_name) == set(settings.rights) == set(settings.keywords) == {"fi", "sv", "en"}
    assert "ministeriö" not in " ".join(settings.publisher_name.values())
    assert [settings.contact_name, settings.contact_email, settings.contact_page, settings.publisher_home] == [
        {}, "", "", ""
    ]  # fmt: skip
    assert not any("," in word for words in settings.keywords.values() for word in words)


def test_public_url_must_be_an_address(tmp_path: Path) -> None:
    file = tmp_path / "publisher.toml"
    file.write_text('public_url = "data.example.org"\n')
    with pytest.raises(ConfigError, match="public_url"):
        config.load(file, environment={})


def test_every_setting_is_used_somewhere() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "publisher").rglob("*.py"))
    assert [name for name in config.FIELDS if not re.search(rf"\.{name}\b", code)] == []
