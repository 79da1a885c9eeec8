"""ldes-client (npm) follows the change feed of a running server: from empty to complete, then from release to release.

`ldes.cjs` runs it; it sends nothing to any other machine and tells every address that was asked.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

import portfolios
import pyoxigraph as ox
import pytest

from publisher import entities, manifest, release
from publisher.config import Settings
from publisher.iris import Minter
from publisher.masters import Master
from publisher.namespaces import pf

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = Path(__file__).with_name("ldes.cjs")
BASE = "https://example.org/p"
PROJECT = portfolios.FILES["projects/S00001.yaml"]
Serve = Callable[..., AbstractContextManager[str]]
AS = "https://www.w3.org/ns/activitystreams#"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed"),
]


@pytest.fixture(scope="module")
def ldes_peer() -> Path:
    folder = Path(os.environ.get("NPM_PEERS", ROOT / ".peers" / "node_modules"))
    if not (folder / "ldes-client").is_dir():
        pytest.skip(f"ldes-client is not installed in {folder} (tests/clients/package.json)")
    return folder


class Got(NamedTuple):
    """A member that the client handed over: what happened, and what is told of each thing."""

    what: str
    statements: set[ox.Triple]
    own: set[ox.Triple]


class Run(NamedTuple):
    """What a run of the client brought: members by the thing's type and key, in their order, and what was asked."""

    members: dict[str, Got]
    order: list[str]
    asked: list[str]


def follow(peer: Path, origin: str, **more: object) -> Run:
    asked = {"url": f"{origin}/changes", **more}
    done = subprocess.run(
        ["node", str(SCRIPT)], input=json.dumps(asked), env={**os.environ, "NPM_PEERS": str(peer)},
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Got] = {}
    order = []
    for line in done.stdout.splitlines():
        told = json.loads(line)
        triples = {quad.triple for quad in ox.parse(told["quads"], format=ox.RdfFormat.N_QUADS)}
        own = {triple for triple in triples if triple.subject.value == told["id"]}
        (kind,) = {t.object.value.removeprefix(AS) for t in own if t.object.value.startswith(AS)}  # type: ignore[union-attr]
        thing = told["isVersionOf"].removeprefix(f"{BASE}/id/")
        assert thing not in found
        found[thing] = Got(kind, triples - own, own)
        order.append(told["timestamp"])
    return Run(found, order, [line for line in done.stderr.splitlines() if line.startswith("GET ")])


class Publisher:
    """A portfolio of 121 projects with a server; releases are made beside it."""

    def __init__(self, folder: Path) -> None:
        self.source = portfolios.write(
            folder / "source", **{code: PROJECT.replace("S00001", code) for code in (f"S1{n:04}" for n in range(120))}
        )
        self.settings: Settings = portfolios.settings(self.source)
        self.releases = folder / "releases"
        self.origin = ""

    def build(self) -> None:
        _, report, fresh = release.build([str(self.source)], self.settings, self.releases)
        assert report.conforms
        assert fresh

    def said(self, thing: str) -> set[ox.Triple]:
        """What the live release says of an entity."""
        live = manifest.current(self.releases)
        assert live is not None
        with Master(live.file(live.manifest.master)) as master:
            lines = list(entities.statements(master, Minter(BASE), *thing.split("/")))
        return {quad.triple for quad in ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)}


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Publisher]:
    made = Publisher(tmp_path_factory.mktemp("followed"))
    made.build()
    with serve(made.releases, base_iri=BASE) as origin:
        made.origin = origin
        yield made


def test_from_empty_to_complete_and_on(ldes_peer: Path, publisher: Publisher, tmp_path: Path) -> None:
    """Everything first; then, after each of two releases, what it added, changed and withdrew: that and no more."""
    state = str(tmp_path / "state")
    first = follow(ldes_peer, publisher.origin, state=state, ordered="ascending")
    projects = {thing for thing in first.members if thing.startswith("project/")}
    assert len(projects) == 121
    assert {"organisation/eu", "place/helsinki", "portfolio/measure", "source/form"} < first.members.keys()
    assert {got.what for got in first.members.values()} == {"Create"}
    for thing, got in first.members.items():
        assert got.statements == publisher.said(thing), thing
    assert len({t.subject for t in first.members["project/S00001"].statements}) > 3, "with its parts"
    assert len({line for line in first.asked if "/changes/" in line}) == 2, "the event is more than one page"

    assert follow(ldes_peer, publisher.origin, state=state, ordered="ascending").members == {}

    added = publisher.source / "projects" / "S20000.yaml"
    added.write_text(PROJECT.replace("S00001", "S20000"), encoding="utf-8")
    publisher.build()
    second = follow(ldes_peer, publisher.origin, state=state, ordered="ascending")
    assert {thing: got.what for thing, got in second.members.items()} == {"project/S20000": "Create"}
    assert second.members["project/S20000"].statements == publisher.said("project/S20000")
    assert sum("/changes/" in line for line in second.asked) == 1, "closed pages are not asked for again"

    (publisher.source / "projects" / "S00001.yaml").write_text(PROJECT.replace("25", "26"), encoding="utf-8")
    (publisher.source / "projects" / "S10007.yaml").unlink()
    publisher.build()
    third = follow(ldes_peer, publisher.origin, state=state, ordered="ascending")
    assert {thing: got.what for thing, got in third.members.items()} == {
        "project/S00001": "Update", "project/S10007": "Delete",
    }  # fmt: skip
    assert third.members["project/S00001"].statements == publisher.said("project/S00001")
    assert third.members["project/S00001"].statements != first.members["project/S00001"].statements
    assert third.members["project/S10007"].statements == set(), "nothing is told of it any more"
    assert len(third.members["project/S10007"].own) == 3

    assert follow(ldes_peer, publisher.origin, state=state, ordered="ascending").members == {}


@pytest.mark.parametrize("media_type", ["text/turtle", "application/ld+json", "application/trig"])
def test_every_form_can_be_followed(ldes_peer: Path, origin_of_one: Publisher, media_type: str) -> None:
    told = follow(ldes_peer, origin_of_one.origin, accept=media_type)
    assert len(told.members) > 5
    # In a heap what leads from a portfolio to a project would be the portfolio's; the project leads back.
    left_out = {pf.project} if media_type == "text/turtle" else set()
    for thing, got in told.members.items():
        said = {t for t in origin_of_one.said(thing) if t.predicate.value not in left_out}
        assert got.statements == said, thing
    assert all(media_type in line for line in told.asked)


def test_versions_become_the_things_again(ldes_peer: Path, origin_of_one: Publisher) -> None:
    asked = {"url": f"{origin_of_one.origin}/changes", "materialize": True, "lastVersionOnly": True}
    done = subprocess.run(
        ["node", str(SCRIPT)], input=json.dumps(asked), env={**os.environ, "NPM_PEERS": str(ldes_peer)},
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    found = {told["id"]: told["quads"] for told in map(json.loads, done.stdout.splitlines())}
    project = f"{BASE}/id/project/S00001"
    triples = {quad.triple for quad in ox.parse(found[project], format=ox.RdfFormat.N_QUADS)}
    assert origin_of_one.said("project/S00001") < triples
    assert {t.subject.value for t in triples} == {t.subject.value for t in origin_of_one.said("project/S00001")}
    assert any(t.predicate.value == pf.project for t in triples), "the portfolio leads to it"


def test_what_is_older_is_passed_by(ldes_peer: Path, origin_of_one: Publisher) -> None:
    told = follow(ldes_peer, origin_of_one.origin, after="2100-01-01T00:00:00Z", ordered="ascending")
    assert told.members == {}
    assert not any("/changes/" in line for line in told.asked), "the first page says how old the others are"


@pytest.fixture(scope="module")
def origin_of_one(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Publisher]:
    made = Publisher(tmp_path_factory.mktemp("one"))
    for path in (made.source / "projects").glob("S1*.yaml"):
        path.unlink()
    made.build()
    with serve(made.releases, base_iri=BASE) as origin:
        made.origin = origin
        yield made
