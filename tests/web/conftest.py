"""Fixtures for the web: the shipped portfolio behind Flask's test client, no query service."""

from __future__ import annotations

import pytest
from flask import Flask

from publisher import config
from publisher.manifest import Release
from publisher.web.app import create_app


@pytest.fixture(scope="session")
def portfolio_app(osallisuus: Release) -> Flask:
    """The application on the shipped portfolio."""
    settings = config.load(config.shipped("data", "osallisuus", "publisher.toml"), {})
    return create_app(settings, osallisuus.path.parent, None)
