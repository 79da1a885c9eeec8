"""Who keeps a copy by what is new has the same as who fetches everything: over any sequence of releases."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import portfolios
import pytest
from flask import Flask
from flask.testing import FlaskClient

from publisher import manifest, release
from publisher.entities import NAMED
from publisher.history import open_history
from publisher.manifest import Release
from publisher.namespaces import AUTHORITY, CONCEPT, ONTOLOGY, pf
from publisher.web import oai_formats, oai_records
from publisher.web.app import create_app

BASE = "https://example.org/p"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
PROJECT = portfolios.FILES["projects/S00001.yaml"].replace("as_of: 2016-06,", "as_of: 2016-06, row: '{row}',")
ORGANISATION = "  - {{ key: extra, name: {{ fi: Virasto {number} }} }}\n"


class Portal:
    """A portfolio that changes by chance, its releases, and a client of them.

    Args:
        folder: Where they are made.
        seed: Of the chance.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.number = 0
        self.source = portfolios.write(folder / "source")
        self.releases = folder / "releases"
        self.projects: dict[str, dict[str, str]] = {}
        for _ in range(3):
            self.comes()
        self.build()
        self.client: FlaskClient = create_app(
            portfolios.settings(self.source), self.releases, None
        ).test_client()  # fmt: skip

    def replaced(self, name: str, pattern: str, text: str) -> None:
        """Replace what a pattern finds in a file of the portfolio."""
        path = self.source / name
        before = path.read_text("utf-8")
        assert re.search(pattern, before), (name, pattern)
        path.write_text(re.sub(pattern, text, before, count=1), encoding="utf-8")

    # What may happen between two releases.

    def comes(self) -> None:
        self.projects[f"S{self.chance.randrange(2, 9):05}"] = {"title": "A", "organisation": "FI-0292800-5"}

    def goes(self) -> None:
        if len(self.projects) > 1:
            del self.projects[self.chance.choice(sorted(self.projects))]

    def changes(self) -> None:
        told = self.projects[self.chance.choice(sorted(self.projects))]
        told["title"] = f"B{self.number}"

    def is_led_by_another(self) -> None:
        told = self.projects[self.chance.choice(sorted(self.projects))]
        told["organisation"] = self.chance.choice(("eu", "FI-0292800-5"))

    def organisation_is_renamed(self) -> None:
        self.replaced("organisations.yaml", r"name: \{ fi: Lapin [^}]*\}", f"name: {{ fi: Lapin {self.number} }}")

    def funder_is_renamed(self) -> None:
        self.replaced("organisations.yaml", r"name: \{ en: European [^}]*\}", f"name: {{ en: European {self.number} }}")

    def organisation_that_nobody_names_comes_or_goes(self) -> None:
        text = (self.source / "organisations.yaml").read_text("utf-8")
        if "key: extra" in text:
            self.replaced("organisations.yaml", r"  - \{ key: extra.*\n", "")
        else:
            self.replaced("organisations.yaml", r"\Z", ORGANISATION.format(number=self.number))

    def place_is_renamed(self) -> None:
        self.replaced("places.yaml", r"fi: [^}]* \}", f"fi: Helsinki {self.number} }}")

    def portfolio_is_renamed(self) -> None:
        self.replaced("portfolio.yaml", r"en: [^}]* \}", f"en: Measure {self.number} }}")

    def terms_change(self) -> None:
        self.sets(f'rights = {{ fi = "Ehdot {self.number}" }}')

    def keywords_change(self) -> None:
        self.sets(f'keywords = {{ fi = ["sana {self.number}"] }}')

    def publisher_is_renamed(self) -> None:
        self.sets(f'publisher_name = {{ fi = "Julkaisija {self.number}" }}')

    def sets(self, setting: str) -> None:
        path = self.source / "publisher.toml"
        name = setting.partition(" ")[0]
        kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith(name)]
        path.write_text("\n".join([setting, *kept, ""]), encoding="utf-8")

    def nothing(self) -> None:
        """Only rows move."""

    def is_rolled_back(self) -> None:
        release.make_current(self.releases, self.chance.choice(manifest.list_ids(self.releases)))

    HAPPENS = (
        comes, goes, changes, is_led_by_another, organisation_is_renamed, funder_is_renamed,
        organisation_that_nobody_names_comes_or_goes, place_is_renamed, portfolio_is_renamed, terms_change,
        keywords_change, publisher_is_renamed, nothing,
    )  # fmt: skip

    def by_chance(self) -> Sequence[Callable[[Portal], None]]:
        """Return what happens before the next release."""
        if self.chance.random() < 0.2:
            return (Portal.is_rolled_back,)
        return self.chance.sample(self.HAPPENS, self.chance.randrange(1, 4))

    def build(self) -> None:
        """Make a release; the rows of the list are others each time."""
        self.number += 1
        for path in (self.source / "projects").glob("*.yaml"):
            path.unlink()
        for row, (code, told) in enumerate(sorted(self.projects.items()), self.number):
            text = PROJECT.replace("{row}", str(row)).replace("S00001", code).replace("Ääkköset", told["title"])
            text = text.replace("organisation: FI-0292800-5", f"organisation: {told['organisation']}")
            (self.source / "projects" / f"{code}.yaml").write_text(text, encoding="utf-8")
        _, report, _ = release.build([str(self.source)], portfolios.settings(self.source), self.releases)
        assert report.conforms, [problem.message for problem in report.problems][:3]

    def step(self, happens: Sequence[Callable[[Portal], None]]) -> str:
        """Let things happen and make a release; what it was."""
        for each in happens:
            each(self)
        if Portal.is_rolled_back not in happens:
            self.build()
        return ", ".join(each.__name__ for each in happens)

    def behind(self) -> str:
        """Return the second behind the last event: who comes back from then is told what is newer, and no more."""
        live = manifest.current(self.releases)
        assert live is not None
        with open_history(self.releases, live) as history:
            return f"{datetime.fromisoformat(history.last.at) + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"

    def published(self) -> set[str]:
        """Return what the live release says of the publisher's own things, but for rows."""
        live = manifest.current(self.releases)
        assert live is not None
        lines = live.file(live.manifest.master).read_text("utf-8").splitlines()
        return {line for line in lines if line.startswith(f"<{BASE}/id/") and f"<{pf.sourceRow}>" not in line}


class Copy:
    """A harvester's copy: what it fetched, by identifier.

    Args:
        client: Of the portal.
        prefix: The metadata format.
        set: The set, or "".
    """

    def __init__(self, client: FlaskClient, prefix: str, set_: str = "") -> None:
        self.client = client
        self.asked = {"verb": "ListRecords", "metadataPrefix": prefix, **({"set": set_} if set_ else {})}
        self.records: dict[str, str] = {}

    def harvest(self, since: str = "") -> None:
        """Fetch everything, or what is new since then."""
        asked = {**self.asked, **({"from": since} if since else {})}
        while asked:
            root = ET.fromstring(self.client.get("/oai", query_string=asked).data)
            error = root.find(f"{OAI}error")
            assert error is None or error.get("code") == "noRecordsMatch"
            for record in root.iter(f"{OAI}record"):
                self.records[record.findtext(f".//{OAI}identifier") or ""] = ET.canonicalize(ET.tostring(record))
            token = root.findtext(f".//{OAI}resumptionToken")
            asked = {"verb": "ListRecords", "resumptionToken": token} if token else {}


class Follower:
    """A client of the change feed: the last version of each thing."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.seen: set[str] = set()
        self.versions: dict[str, set[str]] = {}

    def follow(self) -> None:
        """Read the pages that are new, in the order in which the first page leads to them."""
        for path in re.findall(r"changes#\S+-from> <\S*tree#node> <http://localhost(/\S*)>", self.read("/changes")):
            if path in self.seen:
                continue
            self.seen.add(path)
            while path:
                text = self.read(path)
                told = dict(re.findall(r"<(\S*)> <http://purl.org/dc/terms/isVersionOf> <(\S*)>", text))
                for member, thing in told.items():
                    end = f" <{member}> ."
                    self.versions[thing] = {
                        f"{line.removesuffix(end)} ." for line in text.splitlines() if line.endswith(end)
                    } - {""}
                further = re.search(r"further-from> <\S*tree#node> <http://localhost(/\S*)>", text)
                path = further[1] if further else ""

    def read(self, path: str) -> str:
        answer = self.client.get(f"{path}.nq")
        assert answer.status_code == 200
        # Of the members themselves only the graphs are read here: `tree:member` has the member as its object, too.
        return "\n".join(line for line in answer.text.splitlines() if "tree#member>" not in line)


PLAN = (
    (Portal.comes, Portal.portfolio_is_renamed, Portal.goes), (Portal.organisation_is_renamed,),
    (Portal.funder_is_renamed, Portal.changes), (Portal.terms_change,), (Portal.is_rolled_back,),
    (Portal.place_is_renamed, Portal.keywords_change),
)  # fmt: skip
"""What happens between the releases of the quick test."""


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))])
def test_a_copy_that_is_kept_by_what_is_new_is_the_whole(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai_records, "PAGE", 7)
    portal = Portal(tmp_path, seed)
    kinds = [("oai_dc", ""), ("rdf", ""), ("dcat_ap", ""), ("oai_dc", "project")]
    copies = [Copy(portal.client, *kind) for kind in kinds]
    follower = Follower(portal.client)
    told: list[str] = []
    since = ""
    steps = PLAN if seed == 0 else [portal.by_chance() for _ in range(12)]
    for happens in ((), *steps):
        if happens:
            told.append(portal.step(happens))
        for copy in copies:
            copy.harvest(since)
            whole = Copy(portal.client, copy.asked["metadataPrefix"], copy.asked.get("set", ""))
            whole.harvest()
            assert copy.records == whole.records, told
        since = portal.behind()
        follower.follow()
        assert set().union(*follower.versions.values()) == portal.published(), told


def test_all_that_the_feed_leaves_out(portfolio_app: Flask, osallisuus: Release) -> None:
    """Of the publisher's own, rows of lists; else what others say: ontology, concepts, labels of the EU's tables."""
    follower = Follower(portfolio_app.test_client())
    follower.follow()
    published = set(osallisuus.file(osallisuus.manifest.master).read_text("utf-8").splitlines())
    told = set().union(*follower.versions.values())
    assert told < published
    left = [line.split(" ", 2)[:2] for line in published - told]
    base = f"<{osallisuus.manifest.base_iri}/"
    assert {predicate for subject, predicate in left if subject.startswith(base)} == {f"<{pf.sourceRow}>"}
    others = tuple(f"<{each}" for each in (ONTOLOGY, f"{CONCEPT}/", f"{AUTHORITY}/"))
    assert all(subject.startswith((base, *others)) for subject, _ in left)


def test_the_names_that_a_record_borrows_are_those_that_are_watched() -> None:
    assert {predicate for _, predicate in oai_formats.BY_NAME} == set(NAMED)
