"""The catalogue: its own mandatory properties, and DCAT-AP's shapes where a copy of them stands beside the checkout.

Each check is made of a catalogue of one release and of several, with the shipped settings and with all filled in.
"""

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from dcat_shapes import paths, results
from rdflib import RDF, SH, URIRef

from publisher import config, ntriples
from publisher.catalogue.describe import PAGE_SIZE, Page, adms, catalogue, hydra, pages
from publisher.catalogue.facts import Facts, Period
from publisher.catalogue.tables import LANGUAGES, THEMES
from publisher.catalogue.texts import TEXTS
from publisher.config import Settings
from publisher.errors import ConfigError
from publisher.manifest import Manifest
from publisher.namespaces import AUTHORITY, ONTOLOGY, dcat, dcatap, dct, foaf, prov, rdfs, skos, spdx, vcard, xsd

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://w3id.org/project-portfolio/osallisuus"
DATASET = f"{BASE}/id/dataset/portfolio"
CATALOGUE = f"{BASE}/id/dataset/catalogue"
TURTLE = f"{BASE}/id/dataset/portfolio~portfolio-ttl-gz"
ENDPOINT = f"{DATASET}~endpoint"
FILES_ONLY = {dcat.downloadURL, dcat.compressFormat, dcat.byteSize, spdx.checksum}
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

COUNTRY, NUTS = f"{AUTHORITY}/country/FIN", "http://data.europa.eu/nuts/code/FI"
PORTFOLIO = f"{BASE}/id/portfolio/osallisuus"
SERIES = f"{BASE}/id/dataset/series~osallisuus"
DCAT_SERIES = f"{dcat.base}DatasetSeries"

# What the recommended shapes say of a fully configured catalogue, as (path, focus node), and why it stays:
# country and region are the EU's own entries, their outlines are not ours to state.
EXPLAINED = {
    (f"{dcat.base}{path}", place) for path in ("bbox", "centroid") for place in (COUNTRY, NUTS)
}  # fmt: skip
# Of the shipped settings besides: whose type should be told, nobody has set yet.
EXPLAINED_SHIPPED = EXPLAINED | {(dct.type, f"{CATALOGUE}~publisher")}


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


def facts(
    settings: Settings,
    manifest: Manifest = MANIFEST,
    dumps: Mapping[str, tuple[int, str]] = DUMPS,
    portfolios: Mapping[str, Mapping[str, str]] | None = None,
    period: Period = PERIOD,
) -> Facts:
    named = {PORTFOLIO: manifest.title} if portfolios is None else portfolios
    return Facts(manifest=manifest, settings=settings, dumps=dumps, period=period, portfolios=named)


def version(day: int) -> str:
    return f"{BASE}/id/dataset/release~{release_id(day)}"


def release_id(day: int) -> str:
    return f"202611{day:02}T031500Z-1a2b3c4d"


def several(settings: Settings, days: int = 3) -> list[Facts]:
    """One release a day; each but the first tells what it changed."""
    found = []
    for day in range(1, days + 1):
        changes = {"previous": release_id(day - 1), "added": 1, "changed": 2, "withdrawn": 0} if day > 1 else {}
        made = dataclasses.replace(MANIFEST, id=release_id(day), created=f"2026-11-{day:02}T03:15:00Z", changes=changes)
        found.append(facts(settings, made))
    return found


def parsed(lines: list[str]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=ntriples.text(lines), format="nt")


def graph(settings: Settings, *args: Any, **named: Any) -> rdflib.Graph:
    live = facts(settings, *args, **named)
    return parsed(catalogue(live, [live]))


def objects(found: rdflib.Graph, subject: str, predicate: str) -> set[str]:
    return {str(o) for o in found.objects(URIRef(subject), URIRef(predicate))}


@pytest.fixture(params=["shipped", "configured", "several shipped", "several configured"])
def described(request: pytest.FixtureRequest) -> rdflib.Graph:
    settings = shipped() if "shipped" in request.param else configured()
    if "several" not in request.param:
        return graph(settings)
    kept = several(settings)
    return parsed(catalogue(kept[-1], kept))


@pytest.fixture
def three() -> rdflib.Graph:
    kept = several(configured())
    return parsed(catalogue(kept[-1], kept))


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


def test_codelists_object_to_the_checksum_only(described: rdflib.Graph) -> None:
    found = results(described, "mdr-vocabularies.shape.ttl")
    # The file wants SPDX IRIs to begin with https, against SPDX itself and DCAT-AP's own examples.
    assert paths(found, SH.Violation) == {spdx.algorithm}
    # The publisher is no entry of the EU's corporate-body table; no Finnish authority was found in it. Of places
    # the list knows countries only, not NUTS regions, which stand beside the country.
    assert paths(found, SH.Warning) == {dct.publisher, dct.spatial}


def test_nothing_is_lacking_that_is_recommended_but_what_is_explained(described: rdflib.Graph) -> None:
    found = results(described, "shapes_recommended.ttl")
    publisher_is_set = (URIRef(f"{CATALOGUE}~publisher"), URIRef(dct.type), None) in described
    assert {(path, node) for _, path, node in found} == (EXPLAINED if publisher_is_set else EXPLAINED_SHIPPED)


@pytest.mark.parametrize(
    ("kind", "predicates"),
    [
        (dcat.Catalog, (dct.title, dct.description, dct.publisher, dct.modified, dct.license, dcat.dataset)),
        (
            dcat.Dataset,
            (dct.title, dct.description, dct.publisher, dcat.distribution, dcat.keyword, dcat.theme, dct.temporal,
             dct.spatial, dct.accrualPeriodicity, dct.accessRights, dcatap.applicableLegislation, dct.identifier,
             dcat.contactPoint, dct.creator, dct.provenance, prov.wasDerivedFrom, dct.issued, dct.modified,
             dct.language, dct.conformsTo, dcat.version, dcat.landingPage, f"{dcat.base}inSeries"),
        ),
        (
            DCAT_SERIES,
            (dct.title, dct.description, dct.publisher, dcat.contactPoint, dct.spatial, dct.temporal, dct.issued,
             dct.modified, dct.accrualPeriodicity, dcatap.applicableLegislation),
        ),
        (
            dcat.Distribution,
            (dcat.accessURL, dcat.downloadURL, dct.format, dcat.mediaType, dcat.compressFormat, dcat.byteSize,
             spdx.checksum, dct.license, dct.rights, dcatap.availability, adms.status, dct.issued, dct.modified,
             dct.language, dct.conformsTo, dct.title, dct.description),
        ),
        (
            dcat.DataService,
            (dct.title, dct.description, dcat.endpointURL, dcat.endpointDescription, dcat.servesDataset, dcat.keyword,
             dcat.theme, dcat.contactPoint, dct.publisher, dct.conformsTo, dct.license, dct.accessRights),
        ),
        (vcard.Kind, (vcard.fn, vcard.hasURL)),
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
        no_file = FILES_ONLY if str(node) == ENDPOINT else set()
        assert [p for p in predicates if described.value(node, URIRef(p), any=True) is None and p not in no_file] == []


def test_no_blank_nodes_and_our_nodes_are_minted(described: rdflib.Graph) -> None:
    assert not [t for t in described for term in t if isinstance(term, rdflib.BNode)]
    ours = {str(s) for s in described.subjects() if str(s).startswith(BASE) and not str(s).endswith(("/", "/sparql"))}
    assert ours
    assert all(s.startswith(f"{BASE}/id/dataset/") for s in ours)


def test_both_libraries_read_the_same_statements() -> None:
    live = facts(configured())
    lines = catalogue(live, [live])
    store = ox.Store()
    store.load(ntriples.text(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    assert len(store) == len(lines) == len(graph(configured()))


def test_the_same_releases_give_the_same_lines() -> None:
    kept = several(shipped())
    lines = catalogue(kept[-1], kept)
    backwards = [dataclasses.replace(entry, dumps=dict(reversed(DUMPS.items()))) for entry in kept]
    assert lines == sorted(set(lines)) == catalogue(backwards[-1], backwards)


def test_iris_stay_when_a_release_is_made_and_go_with_one_that_is_removed() -> None:
    kept = several(shipped())
    before = parsed(catalogue(kept[1], kept[:2]))
    after = parsed(catalogue(kept[2], kept))
    assert set(before.subjects()) < set(after.subjects())
    assert {str(s) for s in set(after.subjects()) - set(before.subjects())} == {
        s for s in map(str, after.subjects()) if s.startswith(version(3))
    }
    first_removed = parsed(catalogue(kept[2], kept[1:]))
    assert not [t for t in first_removed if version(1) in " ".join(map(str, t))]


def test_a_distribution_tells_its_file() -> None:
    found = graph(configured())
    assert objects(found, TURTLE, dcat.downloadURL) == {"https://data.example.org/portfolio/dumps/portfolio.ttl.gz"}
    assert objects(found, TURTLE, dct.format) == {f"{AUTHORITY}/file-type/RDF_TURTLE"}
    assert objects(found, TURTLE, dcat.mediaType) == {"http://www.iana.org/assignments/media-types/text/turtle"}
    size = found.value(URIRef(TURTLE), URIRef(dcat.byteSize))
    assert size == rdflib.Literal("1234", datatype=URIRef(xsd.nonNegativeInteger))
    checksum = found.value(URIRef(TURTLE), URIRef(spdx.checksum))
    assert objects(found, str(checksum), spdx.checksumValue) == {SHA256}


def test_the_endpoint_is_a_way_to_the_latest_dataset_only_and_no_file(three: rdflib.Graph) -> None:
    service = f"{DATASET}~sparql"
    assert objects(three, ENDPOINT, f"{dcat.base}accessService") == {service}
    assert objects(three, ENDPOINT, dcat.accessURL) == objects(three, service, dcat.endpointURL)
    assert objects(three, ENDPOINT, dct.format) == {f"{AUTHORITY}/file-type/SPARQLQ"}
    assert objects(three, service, dcat.servesDataset) == {DATASET}
    assert {str(s) for s in three.subjects(URIRef(dcat.distribution), URIRef(ENDPOINT))} == {DATASET}
    assert {str(s) for s in three.subjects(URIRef(f"{dcat.base}accessService"))} == {ENDPOINT}
    assert not [p for p in FILES_ONLY if objects(three, ENDPOINT, p)]


def test_a_table_as_dump_is_not_said_to_conform_to_shapes() -> None:
    found = graph(shipped(), dumps={"projects.csv": (10, SHA256)})
    csv = f"{DATASET}~projects-csv"
    assert objects(found, csv, dct.format) == {f"{AUTHORITY}/file-type/CSV"}
    assert not objects(found, csv, dct.conformsTo)
    assert not objects(found, csv, dcat.compressFormat)


def test_a_workbook_as_dump() -> None:
    found = graph(shipped(), dumps={"projects.xlsx": (10, SHA256)})
    workbook = f"{DATASET}~projects-xlsx"
    assert objects(found, workbook, dct.format) == {f"{AUTHORITY}/file-type/XLSX"}
    assert objects(found, workbook, dcat.mediaType) == {
        "http://www.iana.org/assignments/media-types/application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    }


def test_links_begin_with_base_iri_where_no_public_address_is_set() -> None:
    service = f"{DATASET}~sparql"
    assert objects(graph(shipped()), service, dcat.endpointURL) == {f"{BASE}/sparql"}
    assert objects(graph(configured()), service, dcat.endpointURL) == {"https://data.example.org/portfolio/sparql"}


def test_conformance_is_claimed_only_where_it_was_checked() -> None:
    assert objects(graph(shipped()), DATASET, dct.conformsTo)
    unchecked = dataclasses.replace(MANIFEST, validation={})
    assert not objects(graph(shipped(), unchecked), DATASET, dct.conformsTo)


def test_issued_is_the_first_release_and_modified_this_one() -> None:
    live = dataclasses.replace(facts(shipped()), issued="2025-01-01T00:00:00Z")
    lines = catalogue(live, [live])
    stamps = {ntriples.value(ntriples.split(x)[2]) for x in lines if x.startswith(f"<{DATASET}> <{dct.issued}>")}
    assert stamps == {"2025-01-01T00:00:00Z"}
    assert f'<{DATASET}> <{dct.modified}> "{MANIFEST.created}"^^<{xsd.dateTime}> .' in lines


def test_what_is_not_configured_is_not_in_the_catalogue() -> None:
    bare = Settings(base_iri=BASE)
    found = graph(bare)
    for predicate in (dct.license, dct.rights, dcat.theme, dcat.keyword, dct.spatial, dct.creator, prov.wasDerivedFrom):
        assert not list(found.triples((None, URIRef(predicate), None)))
    assert "publisher not set" in " ".join(objects(found, f"{CATALOGUE}~publisher", foaf.name))
    assert not list(graph(bare, dumps={}, period=Period()).objects(predicate=URIRef(dct.temporal)))


def test_where_no_contact_is_set_the_server_is_the_contact_and_says_so() -> None:
    found = graph(shipped())
    assert "(contact not set)" in " ".join(objects(found, f"{CATALOGUE}~contact", vcard.fn))
    assert objects(found, f"{CATALOGUE}~contact", vcard.hasURL) == {f"{BASE}/"}
    assert not objects(found, f"{CATALOGUE}~contact", vcard.hasEmail)


def test_contact_point_is_the_configured_office() -> None:
    found = graph(configured())
    assert objects(found, f"{CATALOGUE}~contact", vcard.hasEmail) == {"mailto:data@example.org"}
    assert objects(found, DATASET, dcat.contactPoint) == {f"{CATALOGUE}~contact"}


def test_a_foreign_rdf_source_has_a_title_and_an_honest_description() -> None:
    foreign = dataclasses.replace(MANIFEST, title={}, languages=["de"], counts={"triples": 7})
    found = graph(shipped(), foreign, portfolios={})
    assert objects(found, f"{BASE}/id/dataset/series", dct.title) == {"Project portfolio: releases"}
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
        ("nuts", ["Suomi"]),
        ("creator_type", "http://purl.org/adms/publishertype/Ministry"),
        ("creator_home", "stm.fi"),
        ("sources", ["the form"]),
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
        graph(changed)


def test_an_unknown_language_or_dump_is_an_error() -> None:
    with pytest.raises(ConfigError, match="xx"):
        graph(shipped(), dataclasses.replace(MANIFEST, languages=["xx"]), {})
    with pytest.raises(ValueError, match=r"portfolio\.docx"):
        graph(shipped(), dumps={"portfolio.docx": (1, SHA256)})


def test_texts_and_tables_are_whole() -> None:
    spoken = {key: set(texts) for key, texts in TEXTS.items() if texts.keys() != {"en"}}
    assert all(tags == {"fi", "sv", "en"} for tags in spoken.values())
    # Titles of the EU's own tables, as far as they were seen.
    assert TEXTS.keys() - spoken.keys() == {
        "data_theme", "distribution_status", "publisher_types", "licence_types",
    }  # fmt: skip
    assert all(set(labels) == {"fi", "sv", "en"} for labels in THEMES.values())
    assert len(set(LANGUAGES.values())) == len(LANGUAGES)


def test_the_ontology_is_called_what_it_calls_itself() -> None:
    found = rdflib.Graph().parse(config.shipped("ontology", "portfolio.ttl"))
    titles = {
        o.language: str(o) for o in found.objects(URIRef(ONTOLOGY), URIRef(dct.title)) if isinstance(o, rdflib.Literal)
    }
    assert titles == TEXTS["ontology"]


# --- releases


def test_each_release_is_a_version_of_the_latest_dataset(three: rdflib.Graph) -> None:
    versions = {version(day) for day in (1, 2, 3)}
    assert objects(three, DATASET, f"{dcat.base}hasVersion") == versions
    assert objects(three, DATASET, f"{dcat.base}hasCurrentVersion") == {version(3)}
    assert objects(three, CATALOGUE, dcat.dataset) == {DATASET, *versions}
    for day in (1, 2, 3):
        assert objects(three, version(day), f"{dcat.base}isVersionOf") == {DATASET}
        before = {version(day - 1)} if day > 1 else set()
        assert objects(three, version(day), f"{dcat.base}previousVersion") == before
        assert objects(three, version(day), f"{dcat.base}prev") == before
        assert objects(three, version(day), dcat.version) == {release_id(day)}


def test_all_are_in_the_series_of_the_portfolio(three: rdflib.Graph) -> None:
    members = {str(s) for s in three.subjects(URIRef(f"{dcat.base}inSeries"), URIRef(SERIES))}
    assert members == {DATASET, *(version(day) for day in (1, 2, 3))}
    assert objects(three, SERIES, f"{dcat.base}first") == {version(1)}
    assert objects(three, SERIES, f"{dcat.base}last") == {version(3)}
    assert objects(three, CATALOGUE, f"{dcat.base}resource") == {SERIES}
    assert "Osallisuus: julkaisut" in objects(three, SERIES, dct.title)


def test_two_portfolios_are_two_series() -> None:
    both = {PORTFOLIO: {"fi": "Yksi"}, "https://example.net/p": {"en": "Two"}}
    found = graph(shipped(), portfolios=both)
    series = {str(s) for s in found.subjects(RDF.type, URIRef(DCAT_SERIES))}
    assert len(series) == 2
    assert SERIES in series
    assert objects(found, DATASET, f"{dcat.base}inSeries") == series


def test_after_a_rollback_the_live_release_is_the_current_version() -> None:
    kept = several(shipped())
    found = parsed(catalogue(kept[0], kept))
    assert objects(found, DATASET, f"{dcat.base}hasCurrentVersion") == {version(1)}
    assert objects(found, DATASET, dcat.version) == {release_id(1)}
    assert objects(found, SERIES, f"{dcat.base}last") == {version(3)}


def test_what_a_release_was_made_after_is_its_previous_version_whatever_came_between() -> None:
    kept = several(shipped())
    changed = dataclasses.replace(kept[2].manifest, changes={**kept[2].manifest.changes, "previous": release_id(1)})
    kept[2] = dataclasses.replace(kept[2], manifest=changed)
    found = parsed(catalogue(kept[2], kept))
    assert objects(found, version(3), f"{dcat.base}previousVersion") == {version(1)}
    assert objects(found, version(3), f"{dcat.base}prev") == {version(2)}


def test_a_kept_release_whose_settings_are_refused_now_does_not_hide_the_others() -> None:
    kept = several(shipped())
    kept[1] = dataclasses.replace(kept[1], settings=dataclasses.replace(shipped(), themes=["GONE"]))
    found = parsed(catalogue(kept[2], kept))
    assert objects(found, CATALOGUE, dcat.dataset) == {DATASET, version(1), version(3)}
    assert not [t for t in found if version(2) in map(str, t)]


def test_a_release_says_what_it_changed(three: rdflib.Graph) -> None:
    notes = objects(three, version(2), adms.versionNotes)
    assert f"Compared with release {release_id(1)}, projects added: 1, changed: 2, withdrawn: 0." in notes
    assert len(notes) == 3
    assert not objects(three, version(1), adms.versionNotes)
    assert len(objects(three, DATASET, adms.versionNotes)) == 3


def test_downloads_of_a_release_are_its_own(three: rdflib.Graph) -> None:
    iri = f"{version(1)}~portfolio-ttl-gz"
    address = f"https://data.example.org/portfolio/releases/{release_id(1)}/dumps/portfolio.ttl.gz"
    assert objects(three, iri, dcat.downloadURL) == objects(three, iri, dcat.accessURL) == {address}
    assert objects(three, iri, dct.issued) == {"2026-11-01T03:15:00+00:00"}


def test_the_ministry_is_creator_and_the_form_source_never_the_publisher(described: rdflib.Graph) -> None:
    (creator,) = objects(described, DATASET, dct.creator)
    assert "Sosiaali- ja terveysministeriö" in objects(described, creator, foaf.name)
    assert creator not in objects(described, DATASET, dct.publisher) | objects(described, CATALOGUE, dct.publisher)
    assert objects(described, DATASET, prov.wasDerivedFrom) == {f"{BASE}/id/source/osallisuus-form"}
    (statement,) = objects(described, DATASET, dct.provenance)
    assert len(objects(described, statement, rdfs.label)) == 3


def test_a_creator_that_was_another_before_stays_so() -> None:
    older = facts(dataclasses.replace(shipped(), creator_name={"fi": "Muu"}))
    newer = facts(shipped(), dataclasses.replace(MANIFEST, id=release_id(30)))
    found = parsed(catalogue(newer, [older, newer]))
    (was,) = objects(found, f"{BASE}/id/dataset/release~{MANIFEST.id}", dct.creator)
    assert objects(found, was, foaf.name) == {"Muu"}
    assert "Muu" not in objects(found, f"{CATALOGUE}~creator", foaf.name)


# --- harvesters


def test_stubs_are_not_taken_for_our_data(described: rdflib.Graph) -> None:
    # ckanext-dcat picks every dcat:Dataset, and puts an object's rdfs:label in place of its IRI.
    catalogued = {dcat.Dataset, dcat.Distribution, dcat.DataService, dcat.Catalog, DCAT_SERIES}
    for kind in catalogued:
        assert all(str(s).startswith(f"{BASE}/id/dataset/") for s in described.subjects(RDF.type, URIRef(kind)))
    labelled = {str(s) for s in described.subjects(URIRef(rdfs.label))}
    assert all(s.startswith(f"{BASE}/id/dataset/") for s in labelled)
    assert {s.rpartition("~")[2] for s in labelled} == {"rights", "provenance"}


def test_no_project_is_in_it(described: rdflib.Graph) -> None:
    ours = {str(o) for o in described.objects() if str(o).startswith(f"{BASE}/id/")}
    assert {iri.split("/")[-2] for iri in ours} == {"dataset", "source"}


def test_a_long_list_of_releases_comes_in_pages() -> None:
    ids = [f"20261124T{number:06}Z-1a2b3c4d" for number in range(2 * PAGE_SIZE + 1)]
    divided = pages(ids)
    assert [len(page) for page in divided] == [PAGE_SIZE, PAGE_SIZE, 1]
    assert [name for page in reversed(divided) for name in page] == ids
    assert pages([]) == [[]]


def test_pages_lead_to_each_other_and_say_everything_once() -> None:
    kept = several(shipped())
    ids = [entry.id for entry in kept]
    live = kept[-1]
    at = "https://data.example.org/catalog"
    made = [Page(number=n, count=3, first=at, following=f"{at}?page=") for n in (1, 2, 3)]
    graphs = [
        parsed(catalogue(live, [kept[3 - page.number]], ids=ids, page=page, base="https://data.example.org"))
        for page in made
    ]
    # As ckanext-dcat reads it: `next` of what is a hydra:PagedCollection.
    followed = []
    for found in graphs:
        (node,) = found.subjects(RDF.type, URIRef(hydra.PagedCollection))
        followed.append([str(node), *objects(found, str(node), hydra.next)])
        assert objects(found, str(node), hydra.next) == objects(found, str(node), hydra.nextPage)
        assert objects(found, str(node), hydra.last) == {f"{at}?page=3"}
        assert objects(found, str(node), hydra.totalItems) == {"4"}
    assert followed == [[at, f"{at}?page=2"], [f"{at}?page=2", f"{at}?page=3"], [f"{at}?page=3"]]
    datasets = [str(s) for found in graphs for s in found.subjects(RDF.type, URIRef(dcat.Dataset))]
    assert sorted(datasets) == sorted({DATASET, *(version(day) for day in (1, 2, 3))})
    assert [len(list(found.subjects(RDF.type, URIRef(dcat.DataService)))) for found in graphs] == [1, 0, 0]
    assert [objects(found, SERIES, f"{dcat.base}last") for found in graphs] == [{version(3)}, set(), set()]
    assert [objects(found, SERIES, f"{dcat.base}first") for found in graphs] == [set(), set(), {version(1)}]
    assert objects(graphs[1], version(2), f"{dcat.base}prev") == {version(1)}


def test_every_page_conforms() -> None:
    kept = several(configured())
    page = Page(number=2, count=2, first="https://e.org/catalog", following="https://e.org/catalog?page=")
    found = parsed(catalogue(kept[-1], kept[:1], ids=[entry.id for entry in kept], page=page))
    assert paths(results(found, "shapes.ttl", "range.ttl", "deprecateduris.ttl"), SH.Violation) == set()


# --- settings


def test_the_shipped_settings_name_no_ministry_as_publisher_and_no_contact() -> None:
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
