"""Fixtures that many rooms share: the shipped portfolio as a release, built once a run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import chains
import pyoxigraph as ox
import pytest

from publisher import config, manifest, release
from publisher.manifest import Release

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Let a run of everything use all cores, a file of tests at a time, where pytest-xdist is installed."""
    everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    unasked = getattr(config.option, "numprocesses", 0) is None and "PYTEST_XDIST_WORKER" not in os.environ
    if everything and unasked and not config.option.usepdb and not config.option.collectonly:
        config.option.numprocesses = min(os.cpu_count() or 1, 4)
        config.option.dist = "loadfile"


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


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> chains.Chain:
    """Two releases of a small portfolio, to be read only."""
    return chains.make(tmp_path_factory.mktemp("chain"))


@pytest.fixture
def own(chain: chains.Chain, tmp_path: Path) -> chains.Chain:
    """The chain, in a folder that may be changed."""
    for source, target in ((chain.releases, tmp_path / "releases"), (chain.folder, tmp_path / "records")):
        shutil.copytree(source, target, symlinks=True)
    first, second = (manifest.find(tmp_path / "releases", made.id) for made in (chain.first, chain.second))
    return chains.Chain(tmp_path / "records", chain.settings, tmp_path / "releases", first, second)
