"""Dumps, releases, context and liveness on the shipped portfolio."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from publisher import __version__
from publisher.config import Settings
from publisher.manifest import Release
from publisher.web.app import create_app

NAMES = ["portfolio.jsonld.gz", "portfolio.nt.gz", "portfolio.ttl.gz"]


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


@pytest.mark.parametrize("name", NAMES)
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


def test_a_dump_comes_in_parts_and_only_when_it_changed(reader, osallisuus):
    whole = (osallisuus.file("dumps") / "portfolio.nt.gz").read_bytes()
    tag = f'"{osallisuus.manifest.files["dumps/portfolio.nt.gz"]["sha256"]}"'
    path = "/dumps/portfolio.nt.gz"
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
        assert entry["media_type"] in ("application/ld+json", "application/n-triples", "text/turtle")
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
