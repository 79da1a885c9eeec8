"""Dumps, releases, context and liveness on the shipped portfolio."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from publisher import __version__
from publisher.config import Settings
from publisher.manifest import Release
from publisher.web.app import create_app

PACKED = ["portfolio.jsonld.gz", "portfolio.nt.gz", "portfolio.ttl.gz"]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES = {
    "portfolio.csv": ("text/csv; charset=utf-8", "text/csv"),
    "portfolio.csv-metadata.json": ("application/csvm+json", "application/csvm+json"),
    "portfolio.xlsx": (WORKBOOK, WORKBOOK),
}
"""Content type and media type by name."""
NAMES = sorted([*PACKED, *TABLES])


@pytest.fixture
def reader(portfolio_app: Flask) -> Iterator[FlaskClient]:
    """A client of the shipped portfolio."""
    with portfolio_app.test_client() as client:
        yield client


@pytest.fixture
def copied(osallisuus: Release, tmp_path: Path) -> tuple[Path, FlaskClient]:
    """A copy of the release that a test may damage, and its client."""
    folder = tmp_path / osallisuus.id
    shutil.copytree(osallisuus.path, folder)
    (tmp_path / "current").symlink_to(osallisuus.id)
    return folder, create_app(Settings(base_iri=osallisuus.manifest.base_iri), tmp_path, None).test_client()


# --- dumps


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("kept", [False, True])
def test_a_dump_is_the_file_as_it_is(reader, osallisuus, name, kept):
    path = f"/releases/{osallisuus.id}/dumps/{name}" if kept else f"/dumps/{name}"
    facts = osallisuus.manifest.files[f"dumps/{name}"]
    with reader.get(path, headers={"Accept-Encoding": "gzip"}) as answer:
        body = answer.get_data()
        assert body == (osallisuus.file("dumps") / name).read_bytes()
        assert hashlib.sha256(body).hexdigest() == facts["sha256"]
        assert answer.content_length == facts["bytes"]
        assert answer.mimetype == "application/gzip"
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.headers["ETag"] == f'"{facts["sha256"]}"'
        assert "Content-Encoding" not in answer.headers
    assert gzip.decompress(body)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("kept", [False, True])
def test_a_table_is_the_file_as_it_is_and_no_page(reader, osallisuus, name, kept):
    path = f"/releases/{osallisuus.id}/dumps/{name}" if kept else f"/dumps/{name}"
    facts = osallisuus.manifest.files[f"dumps/{name}"]
    asked = {"Accept-Encoding": "gzip", "Accept": "text/html"}
    with reader.get(path, headers=asked) as answer, reader.head(path, headers=asked) as head:
        assert answer.data == (osallisuus.file("dumps") / name).read_bytes()
        for found in (answer, head):
            assert found.status_code == 200
            assert found.content_length == facts["bytes"]
            assert found.headers["Content-Type"] == TABLES[name][0]
            assert found.headers["X-Content-Type-Options"] == "nosniff"
            assert found.headers["Content-Disposition"] == f"attachment; filename={name}"
            assert found.headers["ETag"] == f'"{facts["sha256"]}"'
            assert found.headers["Accept-Ranges"] == "bytes"
            assert "Content-Encoding" not in found.headers


@pytest.mark.parametrize("at", ["", "/data"])
@pytest.mark.parametrize("kept", [False, True])
def test_the_csv_leads_to_its_description_as_csv_on_the_web_asks(reader, osallisuus, at, kept):
    path = f"/releases/{osallisuus.id}/dumps/portfolio.csv" if kept else "/dumps/portfolio.csv"
    with reader.head(path, environ_overrides={"SCRIPT_NAME": at}) as answer:
        link = re.fullmatch(r'<(.+)>; rel="describedby"; type="application/csvm\+json"', answer.headers["Link"])
    assert urljoin(path, link[1]) == f"{path}-metadata.json"  # where clients look unasked, too
    with reader.get(f"{path}-metadata.json") as about:
        assert urljoin(f"{path}-metadata.json", about.json["url"]) == path
        assert "Link" not in about.headers


def test_a_csv_of_before_leads_nowhere(copied):
    folder, client = copied
    facts = json.loads((folder / "manifest.json").read_text())
    del facts["files"]["dumps/portfolio.csv-metadata.json"]
    (folder / "manifest.json").write_text(json.dumps(facts))
    with client.get("/dumps/portfolio.csv") as answer:
        assert answer.status_code == 200
        assert "Link" not in answer.headers


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_page_says_that_tables_do_not_hold_everything(reader, copied, lang):
    word = {"fi": "ei mahdu kaikkea", "sv": "allt ryms inte", "en": "not everything has room"}[lang]
    asked = {"headers": {"Accept": "text/html"}}
    assert word in reader.get(f"/dumps/?lang={lang}", **asked).get_data(as_text=True)
    folder, client = copied
    facts = json.loads((folder / "manifest.json").read_text())
    facts["files"] = {
        name: entry for name, entry in facts["files"].items() if name.removeprefix("dumps/") not in TABLES
    }
    (folder / "manifest.json").write_text(json.dumps(facts))
    assert word not in client.get(f"/dumps/?lang={lang}", **asked).get_data(as_text=True)


@pytest.mark.parametrize("name", ["portfolio.nt.gz", "portfolio.csv"])
def test_a_dump_comes_in_parts_and_only_when_it_changed(reader, osallisuus, name):
    whole = (osallisuus.file("dumps") / name).read_bytes()
    tag = f'"{osallisuus.manifest.files[f"dumps/{name}"]["sha256"]}"'
    path = f"/dumps/{name}"
    with reader.get(path, headers={"Range": "bytes=10-19"}) as part:
        assert part.status_code == 206
        assert part.data == whole[10:20]
        assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    with reader.get(path, headers={"Range": "bytes=-5", "If-Range": tag}) as end:
        assert end.status_code == 206
        assert end.data == whole[-5:]
    with reader.get(path, headers={"Range": "bytes=10-19", "If-Range": '"other"'}) as changed:
        assert changed.status_code == 200
    with reader.get(path, headers={"Range": f"bytes={len(whole)}-"}) as beyond:
        assert beyond.status_code == 416
    with reader.get(path, headers={"If-None-Match": tag}) as same:
        assert same.status_code == 304
        assert same.data == b""
    with reader.head(path) as head:
        assert head.status_code == 200
        assert head.content_length == len(whole)
        assert head.data == b""


def test_the_list_tells_every_dump_in_json_and_on_the_page(reader, osallisuus):
    listed = reader.get("/dumps/", headers={"Accept": "application/json"}).json
    assert listed["release"] == osallisuus.id
    assert [entry["name"] for entry in listed["dumps"]] == NAMES
    page = reader.get("/dumps/?lang=sv", headers={"Accept": "text/html"}).get_data(as_text=True)
    for entry in listed["dumps"]:
        facts = osallisuus.manifest.files[f"dumps/{entry['name']}"]
        assert (entry["bytes"], entry["sha256"]) == (facts["bytes"], facts["sha256"])
        assert set(entry["description"]) == {"fi", "sv", "en"}
        if entry["name"] in PACKED:
            assert entry["media_type"] in ("application/ld+json", "application/n-triples", "text/turtle")
            assert entry["compression"] == "gzip"
        else:
            assert (entry["media_type"], entry["compression"]) == (TABLES[entry["name"]][1], "")
        assert entry["sha256"] in page
        assert entry["description"]["sv"] in page
        assert f'href="/dumps/{entry["name"]}"' in page


@pytest.mark.parametrize(("lang", "unit"), [("fi", ",\\d kt<"), ("sv", ",\\d kB<"), ("en", "\\.\\d kB<")])
def test_sizes_are_written_as_the_language_does(reader, lang, unit):
    page = reader.get(f"/dumps/?lang={lang}", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert re.search(rf"\d{unit}", page)


def test_addresses_lie_below_the_prefix(reader, osallisuus):
    listed = reader.get("/dumps/", headers={"Accept": "application/json"}, environ_overrides={"SCRIPT_NAME": "/data"})
    assert [entry["href"] for entry in listed.json["dumps"]] == [f"/data/dumps/{name}" for name in NAMES]
    robots = reader.get("/robots.txt", environ_overrides={"SCRIPT_NAME": "/data"}).get_data(as_text=True)
    assert "Disallow: /data/sparql\n" in robots


@pytest.mark.parametrize(
    "path",
    ["/dumps/../manifest.json", "/dumps/..%2fmanifest.json", "/dumps/%2e%2e%2fmanifest.json", "/dumps/manifest.json",
     "/dumps/..%5cmanifest.json", "/dumps//etc/passwd", "/dumps/%2fetc%2fpasswd", "/dumps/portfolio.ttl.gz%00",
     "/dumps/portfolio.ttl", "/releases/current/dumps/portfolio.ttl.gz", "/releases/../dumps/x",
     "/releases/..%2f..%2fetc/dumps/passwd", "/releases/20200101T000000Z-00000000/dumps/portfolio.ttl.gz",
     "/releases/20200101T000000Z-00000000/", "/releases/current/manifest.json"],
)  # fmt: skip
def test_nothing_but_what_a_manifest_lists_is_sent(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_a_dump_outside_the_list_is_not_sent(copied):
    folder, client = copied
    (folder / "dumps" / "other.gz").write_bytes(b"x")
    assert client.get("/dumps/other.gz").status_code == 404


def test_a_dump_that_was_removed_is_gone_and_names_the_manifest(copied):
    folder, client = copied
    (folder / "dumps" / "portfolio.nt.gz").unlink()
    answer = client.get(f"/releases/{folder.name}/dumps/portfolio.nt.gz")
    assert answer.status_code == 410
    assert answer.json["manifest"] == f"/releases/{folder.name}/manifest.json"
    assert client.get(answer.json["manifest"]).status_code == 200
    page = client.get(f"/releases/{folder.name}/dumps/portfolio.nt.gz?lang=en", headers={"Accept": "text/html"})
    assert "has been removed" in page.get_data(as_text=True)


# --- releases


def test_releases_are_listed_with_their_manifests(reader, osallisuus):
    rows = reader.get("/releases/", headers={"Accept": "application/json"}).json["releases"]
    assert [(row["id"], row["current"]) for row in rows] == [(osallisuus.id, True)]
    page = reader.get("/releases/", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert osallisuus.id in page
    for path in (f"/releases/{osallisuus.id}/manifest.json", f"/releases/{osallisuus.id}/"):
        assert reader.get(path).json == json.loads(osallisuus.manifest.to_json())


def test_a_release_of_another_version_does_not_hide_the_others(copied):
    folder, client = copied
    odd = folder.parent / "20990101T000000Z-00000000"
    odd.mkdir()
    (odd / "manifest.json").write_text('{"unknown": 1}')
    rows = client.get("/releases/", headers={"Accept": "application/json"}).json["releases"]
    assert [row["id"] for row in rows] == [folder.name]
    assert client.get(f"/releases/{odd.name}/").status_code == 404


# --- context


def test_the_context_is_the_release_s_own(reader, osallisuus):
    answer = reader.get("/context.jsonld", headers={"Accept": "text/html"})
    assert answer.mimetype == "application/ld+json"
    assert answer.data == (osallisuus.file("vocabularies") / "context.jsonld").read_bytes()
    assert "@context" in answer.json


# --- for machines


def test_health_names_the_release(reader, osallisuus):
    answer = reader.get("/healthz")
    assert answer.json == {"status": "ok", "release": osallisuus.id, "version": __version__}
    assert answer.headers["Cache-Control"] == "no-store"


def test_health_without_a_release_or_with_a_broken_store_is_503(copied, tmp_path):
    folder, client = copied
    empty = create_app(Settings(), tmp_path / "none", None).test_client().get("/healthz")
    assert empty.status_code == 503
    assert empty.json["status"] == "no release"
    shutil.rmtree(folder / "store")
    broken = client.get("/healthz")
    assert broken.status_code == 503
    assert broken.json["status"] == "no release"
    assert str(folder) not in broken.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/dumps/", "/dumps/portfolio.ttl.gz", "/releases/", "/catalog", "/.well-known/void",
                                  "/context.jsonld", "/healthz", "/robots.txt"])  # fmt: skip
def test_other_sites_may_ask(reader, path):
    options = reader.options(path)
    assert options.status_code == 200
    assert "GET" in options.headers["Access-Control-Allow-Methods"]
    assert options.headers["Access-Control-Allow-Origin"] == "*"
    with reader.head(path) as head:
        assert head.status_code == 200
        assert head.data == b""
