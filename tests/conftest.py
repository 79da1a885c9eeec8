"""Fixtures that many rooms share: the shipped portfolio as a release, built once a run."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from publisher import config, release
from publisher.manifest import Release

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def osallisuus(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The shipped portfolio, built as `publisher build` does."""
    settings = config.load(ROOT / "data" / "osallisuus" / "publisher.toml", {})
    made, report, fresh = release.build(["data/osallisuus"], settings, tmp_path_factory.mktemp("releases"))
    assert fresh
    assert report.conforms
    return made


@pytest.fixture(scope="session")
def portfolio_store(osallisuus: Release) -> ox.Store:
    """The store of the shipped portfolio."""
    return ox.Store.read_only(str(osallisuus.store_path))
