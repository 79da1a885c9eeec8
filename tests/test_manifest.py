"""Manifests: written and read back the same, and only whole releases are seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher import manifest
from publisher.errors import ReleaseError
from publisher.manifest import Manifest

ID = "20261124T031500Z-1a2b3c4d"


def facts(release_id: str = ID) -> Manifest:
    return Manifest(
        id=release_id, created="2026-11-24T03:15:00Z", version="1", base_iri="https://example.org/p",
        title={"fi": "Ä"}, languages=["fi"], master="portfolio.nt", statements_sha256="0", fingerprint="1",
        counts={"triples": 1},
    )  # fmt: skip


def write(releases: Path, release_id: str = ID) -> Path:
    path = releases / release_id
    path.mkdir()
    (path / manifest.NAME).write_text(facts(release_id).to_json(), encoding="utf-8")
    return path


def test_a_manifest_is_read_back_the_same(tmp_path: Path) -> None:
    assert manifest.read(write(tmp_path)).manifest == facts()


@pytest.mark.parametrize("text", ["", ID + "\n", ID.upper(), "20261124T031500Z", f"../{ID}", "current", f"{ID}0"])
def test_what_is_no_identifier(text: str) -> None:
    assert not manifest.is_id(text)


def test_whole_releases_are_listed_oldest_first(tmp_path: Path) -> None:
    later = "20270101T000000Z-00000000"
    write(tmp_path, later)
    write(tmp_path)
    (tmp_path / "20280101T000000Z-00000000").mkdir()  # no manifest
    (tmp_path / ".building-1").mkdir()
    assert manifest.list_ids(tmp_path) == [ID, later]
    assert manifest.list_ids(tmp_path / "none") == []


def test_no_link_or_a_strange_one_is_no_release(tmp_path: Path) -> None:
    assert manifest.current(tmp_path) is None
    (tmp_path / "current").symlink_to("/etc")
    assert manifest.current_id(tmp_path) is None


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(ID)
    with pytest.raises(ReleaseError, match=r"manifest\.json cannot be read"):
        manifest.current(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"colour": 1}', "\udcff"])
def test_what_is_no_manifest_is_told(tmp_path: Path, text: str) -> None:
    (write(tmp_path) / manifest.NAME).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ReleaseError, match="no manifest"):
        manifest.read(tmp_path / ID)


@pytest.mark.parametrize("release_id", [ID, "..", "a/b", ""])
def test_a_release_that_is_not_there_is_told(tmp_path: Path, release_id: str) -> None:
    with pytest.raises(ReleaseError, match="there is no release"):
        manifest.find(tmp_path, release_id)
