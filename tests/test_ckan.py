"""The package for CKAN: what avoindata.fi requires is there, or the setting that is missing is named."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from publisher import cli, described, exports, manifest
from publisher.catalogue.texts import TEXTS
from publisher.described import Agent, Dataset, File, Place
from publisher.errors import ConfigError, ReleaseError
from publisher.exports import ckan
from publisher.formats import XLSX
from publisher.manifest import Release

TRANSLATED = {
    "type": "object",
    "required": ["fi"],
    "additionalProperties": False,
    "properties": {tag: {"type": "string", "minLength": 1} for tag in ("fi", "sv", "en")},
}
DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
WEB = {"type": "string", "pattern": "^https?://"}
SCHEMA = {
    "type": "object",
    "required": [
        "name", "title_translated", "notes_translated", "keywords", "license_id", "collection_type", "maintainer",
        "maintainer_email", "resources",
    ],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9_-]{2,100}$"},
        "title": {"type": "string", "minLength": 1},
        "title_translated": TRANSLATED,
        "notes": {"type": "string", "minLength": 1},
        "notes_translated": TRANSLATED,
        "keywords": {
            "type": "object",
            "required": ["fi"],
            "additionalProperties": False,
            "properties": {
                tag: {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": r"^[\w .-]{2,100}$"}}
                for tag in ("fi", "sv", "en")
            },
        },
        "private": {"type": "boolean"},
        "license_id": {"type": "string", "minLength": 1},
        "copyright_notice_translated": TRANSLATED,
        "collection_type": {"enum": ["Open Data", "Interoperability Tools"]},
        "maintainer": {"type": "string", "minLength": 1},
        "maintainer_email": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^[^@]+@[^@]+$"}},
        "maintainer_website": WEB,
        "date_released": DAY,
        "external_urls": {"type": "array", "items": WEB},
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["url"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "name_translated": TRANSLATED,
                    "description": {"type": "string"},
                    "description_translated": TRANSLATED,
                    "url": WEB,
                    "format": {"type": "string", "pattern": "^[A-Z0-9-]+$"},
                    "mimetype": {"type": "string"},
                    "mimetype_inner": {"type": "string"},
                    "size": {"type": "integer", "minimum": 0},
                    "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "maturity": {"enum": ["current", "draft", "archived"]},
                    "temporal_coverage_from": DAY,
                    "temporal_coverage_to": DAY,
                },
            },
        },
    },
}  # fmt: skip
"""avoindata.fi's own schema (vrk-kpa/opendata, `schemas/dataset.json` with its presets) as JSON Schema, by hand."""

BASE = "https://w3id.org/project-portfolio/osallisuus"
WHOLE = Dataset(
    iri=f"{BASE}/id/dataset/portfolio",
    titles={"fi": "Osallisuus", "en": "Social inclusion"},
    descriptions={"fi": "Hankkeita.", "en": "Projects."},
    catalogue=f"{BASE}/id/dataset/catalogue",
    catalogue_titles={},
    catalogue_descriptions={},
    publisher=Agent("p", {"fi": "Virasto"}, "https://virasto.example.org/"),
    creators=[],
    contact=Agent("c", {"fi": "Hanketieto", "en": "Project data"}, "", "hankkeet@example.org"),
    keywords={"fi": ["hankkeet"], "en": ["projects"]},
    licence="http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
    rights={"fi": "Lähteet ovat omiaan."},
    landing_page="https://data.example.org/",
    identifiers=[],
    issued="2026-11-24T03:15:00Z",
    version="20261124T031500Z-1a2b3c4d",
    start="2014",
    end="2022-02",
    places=[Place("http://publications.europa.eu/resource/authority/country/FIN", "FIN", {})],
    files=[
        File("f", {"fi": "Kaikki"}, {}, "https://data.example.org/dumps/portfolio.ttl.gz", "text/turtle",
             "application/gzip", "RDF_TURTLE", 63707, "0" * 64)
    ],
)  # fmt: skip


def package(**changed: Any) -> tuple[dict[str, Any], list[str]]:
    return ckan.package(dataclasses.replace(WHOLE, **changed), BASE)


def with_contact(release: Release, folder: Path, mail: str = "hankkeet@example.org") -> Release:
    """Copy a release as its catalogue would be, were a contact point configured."""
    copied = folder / release.id
    shutil.copytree(release.path, copied, ignore=shutil.ignore_patterns("store"))
    path = copied / manifest.CATALOGUE
    iri = f"<{BASE}/id/dataset/catalogue~contact>"
    point = f"<{BASE}/id/dataset/portfolio> <http://www.w3.org/ns/dcat#contactPoint> {iri} .\n"
    point += f"{iri} <http://www.w3.org/2006/vcard/ns#hasEmail> <mailto:{mail}> .\n"
    text = path.read_text(encoding="utf-8").replace(TEXTS["contact"]["fi"], "Hanketieto")
    path.write_text(text + point, encoding="utf-8")
    return manifest.read(copied)


def test_the_shipped_portfolio_as_avoindata_takes_it(osallisuus: Release, tmp_path: Path) -> None:
    live = with_contact(osallisuus, tmp_path)
    done = exports.write(live, "ckan", tmp_path / "ckan.json")
    made = json.loads((tmp_path / "ckan.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    assert made["name"] == "osallisuus"
    assert made["title_translated"] == {
        "fi": "Osallisuus", "sv": "Osallisuus (delaktighet)", "en": "Osallisuus (social inclusion)",
    }  # fmt: skip
    assert made["license_id"] == "cc-by-4.0"
    assert made["collection_type"] == "Open Data"
    assert (made["maintainer"], made["maintainer_email"]) == ("Hanketieto", ["hankkeet@example.org"])
    assert made["keywords"]["sv"].count("delaktighet") == 1
    assert [r["url"].rpartition("/")[2] for r in made["resources"]] == [
        "portfolio.csv", "portfolio.jsonld.gz", "portfolio.nt.gz", "portfolio.ttl.gz", "portfolio.xlsx", "sparql",
    ]  # fmt: skip
    endpoint = made["resources"][-1]
    assert (endpoint["url"], endpoint["format"]) == (f"{BASE}/sparql", "SPARQL")
    assert endpoint["name"] == "SPARQL-kyselyrajapinta: Osallisuus"
    assert not {"size", "hash", "mimetype_inner"} & endpoint.keys()
    for number, form, media_type in ((0, "CSV", "text/csv"), (4, "XLSX", XLSX.media_type)):
        table = made["resources"][number]
        assert (table["format"], table["mimetype"]) == (form, media_type)
        assert "mimetype_inner" not in table
        assert table["name"] == f"Hankkeet taulukkona ({form})"
        assert "Taulukossa ei ole kaikkea" in table["description"]
    turtle = made["resources"][3]
    facts = osallisuus.manifest.files["dumps/portfolio.ttl.gz"]
    assert (turtle["format"], turtle["size"], turtle["hash"]) == ("TTL", facts["bytes"], facts["sha256"])
    assert (turtle["temporal_coverage_from"], turtle["temporal_coverage_to"]) == ("2014-01-01", "2022-12-31")
    assert done.summary == "1 package with 6 resources"
    assert done.remarks == ["add owner_org, the portal's own name of the organisation that publishes"]


def test_without_a_contact_the_setting_is_named_and_nothing_is_written(
    osallisuus: Release, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "ckan.json"
    target.write_text("as it was", encoding="utf-8")
    flags = ["--releases", str(osallisuus.path.parent), "--out", str(target)]
    assert cli.main(["export", "--profile", "ckan", *flags]) == 2
    said = capsys.readouterr()
    assert "contact_email" in said.err
    assert "Traceback" not in said.err
    assert target.read_text(encoding="utf-8") == "as it was"
    assert [path.name for path in tmp_path.iterdir()] == ["ckan.json"]


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        package(contact=None, licence="", keywords={"en": ["projects"]}, publisher=None)
    for setting in ("contact_email", "licence", "keywords", "contact_name"):
        assert f"{setting}: " in str(caught.value)


@pytest.mark.parametrize("mail", ["", "nobody", "a b@example.org", "one@example.org,two@example.org", "@", "x@y"])
def test_an_address_that_is_none_is_not_exported(mail: str) -> None:
    with pytest.raises(ConfigError, match="contact_email"):
        package(contact=Agent("c", {"fi": "Hanketieto"}, "", mail))


def test_the_publisher_maintains_where_the_contact_has_no_name() -> None:
    made, _ = package(contact=Agent("c", {}, "", "hankkeet@example.org"))
    assert made["maintainer"] == "Virasto"
    assert made["maintainer_website"] == "https://virasto.example.org/"


def test_nobody_is_no_maintainer() -> None:
    contact = Agent("c", TEXTS["contact"], "", "hankkeet@example.org")
    with pytest.raises(ConfigError, match=r"contact_name: .*publisher_name"):
        package(contact=contact, publisher=Agent("p", TEXTS["publisher"]))
    made, _ = package(contact=contact)
    assert made["maintainer"] == "Virasto"


def test_keywords_that_ckan_refuses_are_left_out_and_told() -> None:
    made, notes = package(keywords={"fi": ["hankkeet", "a/b", "x"], "et": ["projektid"]})
    assert made["keywords"] == {"fi": ["hankkeet"]}
    assert notes[1:] == [
        "CKAN cannot take the keyword 'a/b' (fi)", "CKAN cannot take the keyword 'x' (fi)",
        "CKAN cannot take the keyword 'projektid' (et)",
    ]  # fmt: skip


def test_a_portfolio_without_finnish_is_told_that_avoindata_would_refuse_it() -> None:
    made, notes = package(titles={"en": "Inclusion"}, keywords={"en": ["projects"]})
    assert made["title"] == "Inclusion"
    assert any("Finnish" in note for note in notes)


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0", "cc-by-4.0"),
        ("https://creativecommons.org/licenses/by/4.0/", "cc-by-4.0"),
        ("http://publications.europa.eu/resource/authority/licence/CC0", "cc-zero"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc-zero"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "https://creativecommons.org/licenses/by-nc/4.0/"),
        ("https://example.org/CC0", "https://example.org/CC0"),
    ],
)
def test_licences_have_ckan_s_names(iri: str, name: str) -> None:
    assert package(licence=iri)[0]["license_id"] == name


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2014", "2022", ("2014-01-01", "2022-12-31")),
        ("2016-02", "2016-02", ("2016-02-01", "2016-02-29")),
        ("2016-08-01", "2018-12-31", ("2016-08-01", "2018-12-31")),
        ("", "2018", (None, "2018-12-31")),
        ("soon", "2018-13", (None, None)),
    ],
)
def test_the_time_is_told_in_days(start: str, end: str, days: tuple[str | None, str | None]) -> None:
    resource = package(start=start, end=end)[0]["resources"][0]
    assert (resource.get("temporal_coverage_from"), resource.get("temporal_coverage_to")) == days


@pytest.mark.parametrize(
    ("base", "name"),
    [
        (BASE, "osallisuus"),
        ("https://data.example.org/Lista 2021–2027/ÄÖ", "data-example-org-lista-2021-2027"),
        ("https://data.example.org", "data-example-org"),
        ("https://x/" + "a" * 300, "a" * 100),
    ],
)
def test_the_package_s_name_is_an_address_that_ckan_takes(base: str, name: str) -> None:
    assert ckan.package(WHOLE, base)[0]["name"] == name


# --- reading the catalogue back


def test_the_live_dataset_is_the_one_whose_files_stand_under_dumps(osallisuus: Release, tmp_path: Path) -> None:
    copied = tmp_path / osallisuus.id
    shutil.copytree(osallisuus.path, copied, ignore=shutil.ignore_patterns("store"))
    older = "https://example.org/a-first"
    path = copied / manifest.CATALOGUE
    kept = f"<{older}> a <http://www.w3.org/ns/dcat#Dataset> ; <http://www.w3.org/ns/dcat#distribution> <{older}/d> .\n"
    kept += f"<{older}/d> <http://www.w3.org/ns/dcat#downloadURL> <{BASE}/releases/{osallisuus.id}/dumps/x.nt.gz> .\n"
    path.write_text(path.read_text(encoding="utf-8") + kept, encoding="utf-8")
    found = described.dataset(manifest.read(copied))
    assert found.iri == f"{BASE}/id/dataset/portfolio"
    assert [(file.form, file.compression) for file in found.files] == [
        ("CSV", ""), ("JSON_LD", "application/gzip"), ("RDF_N_TRIPLES", "application/gzip"),
        ("RDF_TURTLE", "application/gzip"), ("XLSX", ""),
    ]  # fmt: skip
    assert found.endpoint is not None
    assert (found.endpoint.url, found.endpoint.form, found.endpoint.size) == (f"{BASE}/sparql", "SPARQLQ", None)


@pytest.mark.parametrize("text", ["", "no Turtle <", "<http://x/a> a <http://www.w3.org/ns/dcat#Dataset> ."])
def test_a_catalogue_without_a_dataset_is_an_error_of_ours(osallisuus: Release, tmp_path: Path, text: str) -> None:
    (tmp_path / manifest.CATALOGUE).write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError):
        described.dataset(Release(tmp_path, osallisuus.manifest))
