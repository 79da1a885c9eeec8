"""CKAN's own parser, harvester and validators (ckanext-dcat, ckanext-harvest) on what this server gives them.

They run in an environment of their own (`requirements-ckan.txt`), as `ckan_parser.py`; without it these tests are
skipped. What must arrive is written here by hand from the settings below, never taken from the catalogue.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import portfolios
import pytest
from flask import Flask
from werkzeug.serving import make_server

from publisher import config, exports, release
from publisher.catalogue import describe
from publisher.manifest import Release
from publisher.web.app import create_app

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = Path(__file__).with_name("ckan_parser.py")
HOME = "https://data.example.org/osallisuus"
BASE = "https://w3id.org/project-portfolio/osallisuus"
AUTHORITY = "http://publications.europa.eu/resource/authority"
SETTINGS: dict[str, Any] = {
    "public_url": HOME,
    "publisher_name": {"fi": "Esimerkkivirasto", "sv": "Exempelverket", "en": "Example Agency"},
    "publisher_home": "https://virasto.example.org/",
    "publisher_type": "http://purl.org/adms/publishertype/NationalAuthority",
    "contact_name": {"fi": "Hanketieto", "sv": "Projektdata", "en": "Project data office"},
    "contact_email": "hankkeet@example.org",
    "contact_page": "https://virasto.example.org/yhteys",
}
KEYWORDS = {
    "osallisuus", "sosiaalinen osallisuus", "hankkeet", "kohderyhmät", "rakennerahastot", "Euroopan sosiaalirahasto",
    "julkinen rahoitus", "delaktighet", "social delaktighet", "projekt", "målgrupper", "strukturfonder",
    "Europeiska socialfonden", "offentlig finansiering", "social inclusion", "projects", "target groups",
    "structural funds", "European Social Fund", "public funding",
}  # fmt: skip
pytestmark = pytest.mark.slow

FORMATS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}


@pytest.fixture(scope="session")
def ckan() -> Path:
    """The interpreter of CKAN's environment."""
    python = Path(os.environ.get("CKAN_PYTHON", ROOT / ".peers" / "ckan" / "bin" / "python"))
    if not python.is_file():
        pytest.skip(f"CKAN is not installed: no {python} (tests/clients/requirements-ckan.txt)")
    return python


def run(python: Path, *arguments: str, given: object = None) -> Any:
    """Run CKAN's code, and return what it answers."""
    done = subprocess.run(
        [python, "-I", SCRIPT, *arguments], input=json.dumps(given), capture_output=True, text=True, encoding="utf-8",
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Release]:
    """The shipped portfolio as an installation whose settings are all filled in, and its release."""
    folder = tmp_path_factory.mktemp("installation")
    settings = config.load(ROOT / "data" / "osallisuus" / "publisher.toml", {}, **SETTINGS)
    live, report, _ = release.build([str(ROOT / "data" / "osallisuus")], settings, folder / "releases")
    assert report.conforms
    return create_app(settings, folder / "releases", None), live


@pytest.fixture(scope="module")
def parsed(ckan: Path, made: tuple[Flask, Release]) -> dict[str, list[dict[str, Any]]]:
    """What the parser finds in the catalogue, by the form that it was given."""
    client = made[0].test_client()
    texts = {suffix: client.get(f"/catalog.{suffix}").get_data(as_text=True) for suffix in FORMATS}
    documents = [{"text": texts[suffix], "format": name} for suffix, name in FORMATS.items()]
    found = run(ckan, "parse", given={"language": "fi", "documents": documents})
    return dict(zip(FORMATS, found, strict=True))


def extras(dataset: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that CKAN has no place of their own for; lists are JSON, in no order."""
    found = {}
    for extra in dataset["extras"]:
        assert extra["key"] not in found
        value = extra["value"]
        found[extra["key"]] = sorted(json.loads(value)) if value.startswith("[") else value
    return found


def latest(datasets: list[dict[str, Any]]) -> dict[str, Any]:
    return next(d for d in datasets if extras(d)["uri"] == f"{BASE}/id/dataset/portfolio")


def iso(stamp: str) -> str:
    return stamp.replace("Z", "+00:00")


@pytest.mark.parametrize("form", FORMATS)
def test_the_datasets_are_ours_and_no_stub_is_taken_for_one(parsed, made, form: str) -> None:
    names = [extras(dataset)["uri"] for dataset in parsed[form]]
    assert sorted(names) == [f"{BASE}/id/dataset/portfolio", f"{BASE}/id/dataset/release~{made[1].id}"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_field_of_the_dataset_arrives(parsed, made, form: str) -> None:
    live = made[1]
    dataset = latest(parsed[form])
    assert dataset["title"] == "Osallisuus"
    assert "Hankkeita: 13." in dataset["notes"]
    assert dataset["url"] == f"{HOME}/"
    assert dataset["version"] == live.id
    assert {tag["name"] for tag in dataset["tags"]} == KEYWORDS
    found = extras(dataset)
    told = {
        "uri": f"{BASE}/id/dataset/portfolio",
        "identifier": f"{BASE}/id/dataset/portfolio",
        "issued": iso(live.manifest.created),
        "modified": iso(live.manifest.created),
        "frequency": f"{AUTHORITY}/frequency/NOT_PLANNED",
        "language": [f"{AUTHORITY}/language/{code}" for code in ("ENG", "FIN", "SWE")],
        "theme": [f"{AUTHORITY}/data-theme/{code}" for code in ("REGI", "SOCI")],
        "conforms_to": ["https://w3id.org/project-portfolio/def", "https://w3id.org/project-portfolio/shapes"],
        "contact_uri": f"{BASE}/id/dataset/catalogue~contact",
        "contact_name": "Hanketieto",
        "contact_email": "hankkeet@example.org",
        "contact_url": "https://virasto.example.org/yhteys",
        "publisher_uri": f"{BASE}/id/dataset/catalogue~publisher",
        "publisher_name": "Esimerkkivirasto",
        "publisher_url": "https://virasto.example.org/",
        "publisher_type": "http://purl.org/adms/publishertype/NationalAuthority",
        "temporal_start": "2014",
        "temporal_end": "2022",
        "access_rights": f"{AUTHORITY}/access-right/PUBLIC",
        "applicable_legislation": ["http://data.europa.eu/eli/reg/2013/1303/oj"],
        "creator_name": "Sosiaali- ja terveysministeriö",
    }
    assert {key: found.get(key) for key in told} == told
    # CKAN keeps one place, and of a statement the first label, whatever its language.
    assert found["spatial_uri"] in (f"{AUTHORITY}/country/FIN", "http://data.europa.eu/nuts/code/FI")
    assert "SHACL" in found["provenance"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_field_of_the_downloads_arrives(parsed, made, form: str) -> None:
    live = made[1]
    kinds = {
        "portfolio.jsonld.gz": ("JSON_LD", "application/ld+json", "Koko aineisto (JSON-LD)"),
        "portfolio.nt.gz": ("RDF_N_TRIPLES", "application/n-triples", "Koko aineisto (N-Triples)"),
        "portfolio.ttl.gz": ("RDF_TURTLE", "text/turtle", "Koko aineisto (Turtle)"),
    }
    files = {
        resource["url"].rpartition("/dumps/")[2]: resource
        for resource in latest(parsed[form])["resources"]
        if "/dumps/" in resource["url"]
    }
    assert set(kinds) <= set(files)
    for name, (file_type, media_type, title) in kinds.items():
        facts = live.manifest.files[f"dumps/{name}"]
        resource = files[name]
        told = {
            "url": f"{HOME}/dumps/{name}",
            "download_url": f"{HOME}/dumps/{name}",
            "name": title,
            "format": f"{AUTHORITY}/file-type/{file_type}",
            "mimetype": f"http://www.iana.org/assignments/media-types/{media_type}",
            "compress_format": "http://www.iana.org/assignments/media-types/application/gzip",
            "size": (live.path / "dumps" / name).stat().st_size,
            "hash": facts["sha256"],
            "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
            "license": f"{AUTHORITY}/licence/CC_BY_4_0",
            "status": f"{AUTHORITY}/distribution-status/COMPLETED",
            "availability": f"{AUTHORITY}/planned-availability/STABLE",
            "issued": iso(live.manifest.created),
            "modified": iso(live.manifest.created),
        }
        assert {key: resource.get(key) for key in told} == told
        assert resource["access_url"].startswith(f"{HOME}/")
        assert "CC BY 4.0" in resource["rights"]
        assert name in resource["description"]
        assert sorted(json.loads(resource["language"])) == [f"{AUTHORITY}/language/{c}" for c in ("ENG", "FIN", "SWE")]


@pytest.mark.parametrize("form", FORMATS)
def test_the_endpoint_arrives_as_a_resource_with_its_service(parsed, made, form: str) -> None:
    (resource,) = [entry for entry in latest(parsed[form])["resources"] if "access_services" in entry]
    assert resource["url"] == resource["access_url"] == f"{HOME}/sparql"
    assert resource["name"] == "SPARQL-kyselyrajapinta: Osallisuus"
    assert resource["format"] == f"{AUTHORITY}/file-type/SPARQLQ"
    assert resource["license"] == f"{AUTHORITY}/licence/CC_BY_4_0"
    (service,) = json.loads(resource["access_services"])
    told = {
        "uri": f"{BASE}/id/dataset/portfolio~sparql",
        "title": "SPARQL-kyselyrajapinta: Osallisuus",
        "endpoint_url": [f"{HOME}/sparql"],
        "endpoint_description": f"{HOME}/sparql",
        "serves_dataset": [f"{BASE}/id/dataset/portfolio"],
        "conforms_to": ["https://www.w3.org/TR/sparql11-protocol/"],
        "license": f"{AUTHORITY}/licence/CC_BY_4_0",
        "access_rights": f"{AUTHORITY}/access-right/PUBLIC",
    }
    assert {key: service.get(key) for key in told} == told
    assert service["contact"][0]["email"] == "hankkeet@example.org"
    others = [dataset for dataset in parsed[form] if dataset is not latest(parsed[form])]
    assert not [r for dataset in others for r in dataset["resources"] if "access_services" in r]


def comparable(dataset: dict[str, Any]) -> dict[str, Any]:
    """Return a parsed dataset without what CKAN chooses by order: one of the places, a statement's label."""

    def ordered(value: Any) -> Any:
        return sorted(json.loads(value)) if isinstance(value, str) and value.startswith("[") else value

    by_order = {"spatial_uri", "provenance", "version_notes"}
    resources = [{key: ordered(value) for key, value in r.items() if key != "rights"} for r in dataset["resources"]]
    return {
        **{key: value for key, value in dataset.items() if isinstance(value, str)},
        "tags": sorted(tag["name"] for tag in dataset["tags"]),
        "extras": {key: value for key, value in extras(dataset).items() if key not in by_order},
        "resources": sorted(resources, key=lambda resource: resource["uri"]),
    }


def test_all_forms_tell_the_same(parsed) -> None:
    told = [{extras(d)["uri"]: comparable(d) for d in datasets} for datasets in parsed.values()]
    assert told[0] == told[1] == told[2]


# --- harvesting


class Site:
    """A server of a small portfolio's releases, and a CKAN site that harvests it."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.folder, self.python = folder, python
        self.releases = folder / "releases"
        self.url = ""
        self.path = "/catalog"

    def build(self, title: str) -> Release:
        changes = {"portfolio.yaml": ("fi: Toimenpide", f"fi: {title}")}
        portfolio = portfolios.write(self.folder / "portfolio", changes)
        settings = config.load(portfolio / "publisher.toml", {})
        live, report, fresh = release.build([str(portfolio)], settings, self.releases)
        assert report.conforms
        assert fresh
        return live

    def harvest(self) -> dict[str, Any]:
        done = run(self.python, "harvest", str(self.folder / "ckan.sqlite"), f"{self.url}{self.path}")
        assert done["errors"] == []
        return {
            what: sorted(iri.partition("/dataset/")[2] for iri in done[what])
            for what in ("created", "updated", "unchanged", "deleted")
        } | {"packages": done["packages"]}


@pytest.fixture
def site(ckan: Path, tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, ckan)
    made.build("Ensimmäinen")
    settings = config.load(tmp_path / "portfolio" / "publisher.toml", {})
    server = make_server("127.0.0.1", 0, create_app(settings, made.releases, None), threaded=True)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def test_harvested_twice_nothing_changes_and_what_is_withdrawn_is_deleted(site: Site) -> None:
    one = next(path.name for path in site.releases.iterdir() if path.is_dir() and path.name[0].isdigit())
    first = site.harvest()
    assert first["created"] == ["portfolio", f"release~{one}"]
    again = site.harvest()
    assert again["unchanged"] == first["created"]
    assert not again["created"] + again["updated"] + again["deleted"]

    two = site.build("Toinen").id
    changed = site.harvest()
    assert changed["created"] == [f"release~{two}"]
    assert "portfolio" in changed["updated"]
    assert changed["deleted"] == []
    titles = {iri.partition("/dataset/")[2]: package["title"] for iri, package in changed["packages"].items()}
    assert titles["portfolio"] == "Toinen"
    assert titles[f"release~{one}"].startswith("Ensimmäinen")
    ids = {iri: package["id"] for iri, package in changed["packages"].items()}
    assert all(ids[iri] == package["id"] for iri, package in first["packages"].items()), "a site's links stay"

    shutil.rmtree(site.releases / one)
    withdrawn = site.harvest()
    assert withdrawn["deleted"] == [f"release~{one}"]
    assert withdrawn["created"] == []
    kept = sorted(iri.partition("/dataset/")[2] for iri in withdrawn["packages"])
    assert kept == ["portfolio", f"release~{two}"]


@pytest.mark.parametrize("path", ["/catalog", "/catalog.rdf", "/catalog.jsonld"])
def test_a_catalogue_of_several_pages_is_harvested_whole(
    site: Site, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    site.path = path
    monkeypatch.setattr(describe, "PAGE_SIZE", 1)
    site.build("Toinen")
    site.build("Kolmas")
    kept = sorted(path.name for path in site.releases.iterdir() if path.is_dir() and path.name[0].isdigit())
    assert len(kept) == 3
    done = site.harvest()
    assert done["created"] == ["portfolio", *(f"release~{name}" for name in kept)]
    assert site.harvest()["unchanged"] == done["created"]


# --- the package that is posted


def test_ckan_s_validators_accept_the_exported_package(ckan: Path, made: tuple[Flask, Release], tmp_path: Path) -> None:
    target = tmp_path / "package.json"
    exports.write(made[1], "ckan", target)
    package = json.loads(target.read_text(encoding="utf-8"))
    assert run(ckan, "validate", given=package) == []
    package["name"] = "Osallisuus ja hankkeet"
    package["keywords"]["fi"].append("a/b")
    package["maintainer_email"] = ["nobody"]
    refused = [line.partition(":")[0] for line in run(ckan, "validate", given=package)]
    assert refused == ["name_validator", "tag_name_validator", "email_validator"]
