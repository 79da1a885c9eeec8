"""A small release with named graphs, made by hand: what the endpoint's tests ask."""

from __future__ import annotations

import json
from pathlib import Path

from publisher import manifest, stores
from publisher.config import Settings
from publisher.formats import N_QUADS
from publisher.manifest import Manifest

BASE = "https://example.org/p"
PROJECT = f"{BASE}/id/project/S1"
SELECT = "SELECT ?t { ?s <http://purl.org/dc/terms/title> ?t }"
SETTINGS = Settings(base_iri=BASE, query_timeout_s=1.0, query_memory_mb=300, result_buffer_bytes=50_000)


def make_release(releases: Path, release_id: str, title: str) -> None:
    folder = releases / release_id
    folder.mkdir()
    lines = [
        f'<{PROJECT}> <http://purl.org/dc/terms/title> "{title}"@fi .\n',
        f"<{PROJECT}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://w3id.org/project-portfolio/def#Project> .\n",
        '<http://x/a> <http://x/<b> "<script>alert(1)</script>" <http://x/g1> .\n'.replace("/<b>", "/b>"),
        '<http://x/a> <http://x/b> "two" <http://x/g2> .\n',
        *(f'<http://x/n{i}> <http://x/number> "{i}" .\n' for i in range(1500)),
    ]
    (folder / "portfolio.nq").write_text("".join(sorted(lines)), encoding="utf-8")
    stores.load(folder / manifest.STORE, folder / "portfolio.nq", N_QUADS)
    index = {"examples": [{"id": "01-x", "title": {"fi": "Otsikot", "en": "Titles"}, "query": SELECT}]}
    (folder / manifest.INDEX).write_text(json.dumps(index))
    facts = Manifest(
        id=release_id, created="2026-01-01T00:00:00Z", version="0", base_iri=BASE, title={"fi": "Koe"},
        languages=["fi", "sv", "en"], master="portfolio.nq", statements_sha256="", fingerprint="",
        counts={"triples": 1504}, named_graphs=["http://x/g1", "http://x/g2"],
        graph_triples={"": 1502, "http://x/g1": 1, "http://x/g2": 1},
    )  # fmt: skip
    (folder / manifest.NAME).write_text(facts.to_json())
    link = releases / "next"
    link.symlink_to(release_id)
    link.rename(releases / manifest.CURRENT)
