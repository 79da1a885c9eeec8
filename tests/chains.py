"""Two releases of a small portfolio: one project added, one changed, one withdrawn, one as it was, one renamed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import portfolios

from publisher import release
from publisher.config import Settings
from publisher.history import open_history
from publisher.manifest import Release

STAYS, CHANGES, GOES, COMES, OLD_CODE = "S00001", "S00002", "S00003", "S00004", "S00009"

DECISIONS = f"""\
schema_version: 1
decisions:
  - kind: withdrawn
    about: {GOES}
    successor: {COMES}
    reason: {{ fi: Tuki perittiin takaisin, en: The grant was recovered }}
    decided: 2026-11-24
    decided_by: Managing authority
  - kind: renamed
    about: [{OLD_CODE}, {COMES}]
    reason: {{ fi: Uusi koodi }}
    decided: 2026-11-24
    decided_by: Managing authority
"""


@dataclass
class Chain:
    """The folder of the records, the settings, the releases, and the two that were made."""

    folder: Path
    settings: Settings
    releases: Path
    first: Release
    second: Release

    @property
    def moments(self) -> list[str]:
        """When each event was, oldest first."""
        with open_history(self.releases, self.second) as found:
            return [event.at for event in found.events()]

    def build(self, **how: str) -> Release:
        """Build the records as they are now."""
        return release.build([str(self.folder)], self.settings, self.releases, **how)[0]  # type: ignore[arg-type]


def project(code: str) -> str:
    """Return the record of a project."""
    return portfolios.FILES["projects/S00001.yaml"].replace("S00001", code)


def make(folder: Path) -> Chain:
    """Write the portfolio, build it, change it, build it again."""
    records = portfolios.write(folder / "records", **{code: project(code) for code in (CHANGES, GOES)})
    settings = portfolios.settings(records)
    first = release.build([str(records)], settings, folder / "releases")[0]
    (records / "projects" / f"{GOES}.yaml").unlink()
    (records / "projects" / f"{COMES}.yaml").write_text(project(COMES), encoding="utf-8")
    changed = project(CHANGES).replace("value: 25", "value: 26").replace("25 hyvää", "26 hyvää")
    (records / "projects" / f"{CHANGES}.yaml").write_text(changed, encoding="utf-8")
    (records / "decisions.yaml").write_text(DECISIONS, encoding="utf-8")
    second = release.build([str(records)], settings, folder / "releases")[0]
    return Chain(records, settings, folder / "releases", first, second)
