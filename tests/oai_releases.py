"""Three releases of a small portfolio for the tests of `/oai`: one project comes, one changes, one goes, and so on.

first    A00001 to A00005
second   A00002 changed in a part of it, A00003 withdrawn, A00006 new
third    A00006 withdrawn again, A00003 back, A00007 new
"""

from __future__ import annotations

import time
from pathlib import Path

import portfolios

from publisher import release
from publisher.manifest import Release

BASE = "https://example.org/p"
PROJECT = """\
schema_version: 1
code: {code}
title: {{ fi: "{title}" }}
target_groups:
  - group: roma
    evidence: {{ source: form, part: results, wording: romanien }}
participants:
  - {{ organisation: FI-0292800-5, role: applicant, evidence: form }}
funding:
  - {{ key: granted, stage: committed, sources: eu, funder: eu, amount: 100, currency: EUR, evidence: register }}
outcomes:
  - key: practices
    kind: good-practices
    title: {{ fi: "{outcome}" }}
    benefits: roma
    evidence: {{ source: form, part: results, wording: 25 hyvää käytäntöä }}
source_records:
  - {{ key: register, source: form, as_of: 2016-06, start: 2016-08-01, end: 2018-12-31, places: helsinki }}
chosen_from: register
"""
TOML = ("languages = [", 'publisher_name = { fi = "Virasto" }\nlicence = "http://publications.europa.eu/resource/'
        'authority/licence/CC_BY_4_0"\nlanguages = [')  # fmt: skip


def project(code: str, title: str = "", outcome: str = "Käytännöt") -> str:
    """Return a project's file."""
    return PROJECT.format(code=code, title=title or f"Hanke {code}", outcome=outcome)


class Releases:
    """A portfolio folder and its releases.

    Args:
        folder: Where both are made.
        projects: How many projects there are at first.
    """

    def __init__(self, folder: Path, projects: int = 5) -> None:
        """Write the portfolio; no release yet."""
        codes = [f"A{number:05}" for number in range(1, projects + 1)]
        self.source = portfolios.write(
            folder / "source",
            {"publisher.toml": TOML, "portfolio.yaml": ("'S\\d{5}'", "'[A-Z]\\d{5}'")},
            **{code: project(code) for code in codes},
        )
        (self.source / "projects" / "S00001.yaml").unlink()
        self.path = folder / "releases"
        self.settings = portfolios.settings(self.source)

    def write(self, code: str, **texts: str) -> None:
        """Write a project."""
        (self.source / "projects" / f"{code}.yaml").write_text(project(code, **texts), encoding="utf-8")

    def remove(self, code: str) -> None:
        """Remove a project."""
        (self.source / "projects" / f"{code}.yaml").unlink()

    def build(self) -> Release:
        """Make the next release, in a second of its own: datestamps are seconds."""
        time.sleep(1.1 - time.time() % 1)
        made, report, fresh = release.build([str(self.source)], self.settings, self.path)
        assert report.conforms, [problem.message for problem in report.problems][:5]
        assert fresh
        return made

    def second(self) -> Release:
        """Make the second release."""
        self.write("A00002", outcome="Toiset käytännöt")
        self.remove("A00003")
        self.write("A00006")
        return self.build()

    def third(self) -> Release:
        """Make the third release."""
        self.remove("A00006")
        self.write("A00003")
        self.write("A00007")
        return self.build()


def iri(code: str) -> str:
    """Return a project's IRI."""
    return f"{BASE}/id/project/{code}"
