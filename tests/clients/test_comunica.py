"""Comunica (npm) against running servers: our endpoint as a source, our documents as sources, and links followed.

`comunica.cjs` asks; it sends nothing to any other machine and tells every address that was asked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
import pytest

SCRIPT = Path(__file__).with_name("comunica.cjs")
BASE = "https://w3id.org/project-portfolio/osallisuus"
PROJECT = f"{BASE}/id/project/S20394"
PREFIXES = "PREFIX pf: <https://w3id.org/project-portfolio/def#> PREFIX dct: <http://purl.org/dc/terms/> "
OUTCOMES = {
    "Examination of services in the own language and based on the own culture",
    "New research findings on services for the Sámi",
}

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")


class Told(NamedTuple):
    """An answer, and the addresses that were asked with what each answered."""

    body: str
    asked: list[str]

    def rows(self) -> list[dict[str, str]]:
        found: list[Mapping[str, Any]] = json.loads(self.body)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in found]


def comunica(peers: Path, query: str, *sources: object, engine: str = "query-sparql", **more: object) -> Told:
    if not (peers / "@comunica" / engine).is_dir():
        pytest.skip(f"@comunica/{engine} is not installed in {peers}")
    asked = {"engine": f"@comunica/{engine}", "query": PREFIXES + query, "sources": sources, **more}
    done = subprocess.run(
        ["node", str(SCRIPT)], input=json.dumps(asked), env={**os.environ, "NPM_PEERS": str(peers)},
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Told(done.stdout, done.stderr.splitlines())


def endpoint(origin: str) -> dict[str, str]:
    return {"type": "sparql", "value": f"{origin}/sparql"}


def test_select(npm_peers: Path, origin: str) -> None:
    told = comunica(
        npm_peers, f"SELECT ?t {{ <{PROJECT}> pf:outcome/dct:title ?t FILTER(LANG(?t) = 'en') }}", endpoint(origin)
    )
    assert {row["t"] for row in told.rows()} == OUTCOMES
    assert len(told.asked) == 1


def test_aggregates(npm_peers: Path, origin: str) -> None:
    query = """SELECT ?y (COUNT(?p) AS ?n) (MIN(?code) AS ?first)
        WHERE { ?p a pf:Project ; pf:startYear ?y ; dct:identifier ?code }
        GROUP BY ?y HAVING(COUNT(?p) > 0) ORDER BY ?y"""
    rows = comunica(npm_peers, query, endpoint(origin)).rows()
    assert sum(int(row["n"]) for row in rows) == 13
    assert rows == sorted(rows, key=lambda row: row["y"])
    assert rows[0]["first"].startswith("S2")


@pytest.mark.parametrize(("code", "truth"), [("S20394", True), ("S00000", False)])
def test_ask(npm_peers: Path, origin: str, code: str, truth: bool) -> None:
    told = comunica(npm_peers, f'ASK {{ ?p a pf:Project ; dct:identifier "{code}" }}', endpoint(origin))
    assert json.loads(told.body)["boolean"] is truth


def test_construct(npm_peers: Path, origin: str) -> None:
    told = comunica(
        npm_peers, f"CONSTRUCT WHERE {{ <{PROJECT}> ?p ?o }}", endpoint(origin), form="application/n-triples"
    )
    assert len(list(ox.parse(told.body, format=ox.RdfFormat.N_TRIPLES))) == 42


def test_an_address_alone_is_recognised_as_an_endpoint(npm_peers: Path, origin: str) -> None:
    told = comunica(npm_peers, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", f"{origin}/sparql")
    assert [row["n"] for row in told.rows()] == ["6611"]
    first, *others = told.asked
    assert first == f"GET {origin}/sparql 200"
    assert [re.match(rf"GET {origin}/sparql\?query=.* 200$", line) is not None for line in others] == [True]


def test_a_document_alone_is_a_source(npm_peers: Path, origin: str) -> None:
    told = comunica(npm_peers, f"SELECT ?t {{ <{PROJECT}> dct:title ?t }}", f"{origin}/id/project/S20394")
    assert len(told.rows()) == 1
    assert told.asked == [f"GET {origin}/id/project/S20394 200 {origin}/doc/project/S20394"]


def test_the_endpoint_joined_with_a_document(npm_peers: Path, origin: str) -> None:
    """What only the endpoint knows (an outcome's evidence) of what a document names."""
    document = f"{origin}/doc/project/S20394"
    query = f"SELECT DISTINCT ?o ?w {{ <{PROJECT}> pf:outcome ?o . ?o pf:evidence ?e . ?e pf:wording ?w }}"
    alone = comunica(npm_peers, query, document)
    assert alone.rows() == []
    joined = comunica(npm_peers, query, endpoint(origin), document)
    assert {row["o"].rpartition("/")[2] for row in joined.rows()} == {
        "S20394~own-language-services-study",
        "S20394~service-situation-research",
    }
    assert f"GET {document} 200" in joined.asked
    assert any("/sparql?" in line for line in joined.asked)
    assert all(line.endswith(" 200") for line in joined.asked)


def test_a_long_query_is_posted(npm_peers: Path, origin: str) -> None:
    values = " ".join(f'"S{number}"' for number in range(20_000, 20_900))
    query = f"SELECT DISTINCT ?c {{ VALUES ?c {{ {values} }} ?p a pf:Project ; dct:identifier ?c }}"
    told = comunica(npm_peers, query, endpoint(origin))
    assert "S20394" in {row["c"] for row in told.rows()}
    assert told.asked == [f"POST {origin}/sparql 200"]


def test_links_are_followed_from_a_project_to_its_outcomes_and_their_words(npm_peers: Path, linked_origin: str) -> None:
    """From the project's IRI alone: 303 to its document, from there to each outcome and its evidence."""
    project = f"{linked_origin}/id/project/S20394"
    query = f"""SELECT DISTINCT ?t ?w {{
        <{project}> pf:outcome ?o . ?o dct:title ?t ; pf:evidence ?e . ?e pf:wording ?w FILTER(LANG(?t) = "en") }}"""
    plain = comunica(npm_peers, query, project)
    assert plain.rows() == [], "the project's own document does not tell the words"
    told = comunica(npm_peers, query, project, engine="query-sparql-link-traversal", lenient=True)
    rows = told.rows()
    assert {row["t"] for row in rows} == OUTCOMES
    assert all(row["w"] for row in rows)
    assert f"GET {project} 200 {linked_origin}/doc/project/S20394" in told.asked
    local = [line for line in told.asked if not line.endswith(" refused")]
    assert sum("/id/outcome/S20394~" in line for line in local) == 2
    assert all(re.search(r" 200( |$)", line) for line in local), "every link within the portfolio leads somewhere"
