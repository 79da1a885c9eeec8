"""The sitemap: the protocol's rules, what is in it and what no longer is, and the parts of a large one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import chains
import pytest
from chains import Chain
from flask import Flask
from flask.testing import FlaskClient

from publisher import release, sitemaps
from publisher.web.app import create_app

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
TERMS = ("/def", "/shapes", "/concept")
"""Nobody knows which release changed them: no date is told."""


@pytest.fixture(scope="module")
def app(chain: Chain) -> Flask:
    return create_app(chain.settings, chain.releases, None)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def entries(client: FlaskClient, path: str, element: str = "urlset") -> dict[str, str]:
    """Address and date of the last change of each entry, and the protocol's rules of each."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/xml"
    assert len(answer.data) < 50_000_000
    root = ElementTree.fromstring(answer.data)
    assert root.tag == NAMESPACE + element
    found: dict[str, str] = {}
    for entry in root:
        assert entry.tag == NAMESPACE + {"urlset": "url", "sitemapindex": "sitemap"}[element]
        address, date = entry.findtext(f"{NAMESPACE}loc") or "", entry.findtext(f"{NAMESPACE}lastmod") or ""
        told = address.removeprefix("http://localhost") not in TERMS
        assert [child.tag for child in entry] == [f"{NAMESPACE}loc", f"{NAMESPACE}lastmod"][: 1 + told]
        assert address.startswith("http://localhost/")
        assert len(address) < 2048
        assert not told or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", date), "a W3C date and time"
        assert address not in found
        found[address.removeprefix("http://localhost")] = date
    return found


def test_every_address_answers_and_what_is_gone_is_missing(client: FlaskClient) -> None:
    found = entries(client, "/sitemap.xml")
    projects = {path.rpartition("/")[2] for path in found if path.startswith("/doc/project/")}
    assert projects == {chains.STAYS, chains.CHANGES, chains.COMES}
    assert {"/", "/catalog", "/changes", "/def", "/doc/organisation/eu", "/doc/portfolio/measure"} <= found.keys()
    for path in found:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert (path, answer.status_code) == (path, 200)
        assert answer.headers["Content-Type"].startswith("text/html")


def test_each_says_when_it_changed(client: FlaskClient) -> None:
    found = entries(client, "/sitemap.xml")
    first, second = found[f"/doc/project/{chains.STAYS}"], found["/"]
    assert first < second
    dates = {path.rpartition("/")[2]: date for path, date in found.items() if path.startswith("/doc/project/")}
    assert dates == {chains.STAYS: first, chains.CHANGES: second, chains.COMES: second}
    assert found["/doc/organisation/eu"] == first


@pytest.mark.parametrize("most", [1, 2, 3, 7, 100])
def test_a_large_one_is_an_index_of_parts(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    whole = entries(client, "/sitemap.xml")
    live = app.extensions["live"].now()
    assert live.index["sitemap"] == [["", ""]], "as counted at build"
    monkeypatch.delitem(live.index, "sitemap")
    monkeypatch.setattr(sitemaps, "MOST", most + sitemaps.OTHERS)
    if most == 100:  # all in one
        assert entries(client, "/sitemap.xml") == whole
        return
    parts = entries(client, "/sitemap.xml", "sitemapindex")
    assert list(parts) == [f"/sitemap-{n}.xml" for n in range(1, len(parts) + 1)]
    assert set(parts.values()) == {whole["/"]}
    together: dict[str, str] = {}
    for path in parts:
        part = entries(client, path)
        assert 1 <= sum(address.startswith("/doc/") for address in part) <= most
        assert not part.keys() & together.keys()
        together |= part
    assert list(together.items()) == list(whole.items())


def test_what_is_not_there_is_not_found(client: FlaskClient) -> None:
    for name in ("0", "01", "2", "-1", "x", "01e3", "٣", "9" * 400, "%00", "1.xml"):
        answer = client.get(f"/sitemap-{name}.xml")
        assert answer.status_code == 404, name
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert client.get("/sitemap-1.xml").status_code == 200
    assert client.post("/sitemap.xml").status_code == 405


def test_an_address_that_is_too_long_is_left_out(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = entries(client, "/sitemap.xml")
    longest = max(len(path) for path in whole)
    monkeypatch.setattr(sitemaps, "LONGEST", len("http://localhost") + longest - 1)
    assert set(entries(client, "/sitemap.xml")) == {path for path in whole if len(path) < longest}


def test_it_is_not_made_again_for_those_who_have_it(client: FlaskClient) -> None:
    tag = client.get("/sitemap.xml").headers["ETag"]
    answer = client.get("/sitemap.xml", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")
    head = client.head("/sitemap.xml")
    assert (head.status_code, head.data) == (200, b"")


def test_a_rollback_brings_back_what_was_gone(chain: Chain, tmp_path: Path) -> None:
    shutil.copytree(chain.releases, tmp_path / "releases", symlinks=True)
    release.make_current(tmp_path / "releases", chain.first.id)
    found = entries(create_app(chain.settings, tmp_path / "releases", None).test_client(), "/sitemap.xml")
    assert f"/doc/project/{chains.COMES}" not in found
    assert found[f"/doc/project/{chains.GOES}"] == found["/"] > found[f"/doc/project/{chains.STAYS}"]
