"""What the pages need at once and no query should be asked for: the list of projects, counts, example queries.

Made at build, kept in a release as `index.json`.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from publisher import sitemaps
from publisher.config import shipped
from publisher.iris import Minter
from publisher.masters import Master
from publisher.namespaces import dct, pf, rdf, skos
from publisher.stores import Store
from publisher.void import Statistics

LISTED = 1000
"""Projects that the index lists, by code; more are counted only."""

_DATE = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
_LABEL = re.compile(r"#\s*([a-z]{2}):\s*(.+)")


def build(store: Store, minter: Minter, counted: Statistics, master: Path) -> dict[str, Any]:
    """Return the index of a release.

    Args:
        store: The release's store.
        minter: Takes the portfolio's IRIs apart.
        counted: The counts of the release.
        master: The file of its sorted statements.

    Returns:
        portfolios, project_count, projects (at most `LISTED`, by code), classes (by count), period (`start` and `end`
        as the portfolios tell them, else their projects), examples, sitemap (behind which thing each of its parts
        begins).
    """
    project_count = 0
    portfolios = sorted(store.subjects(rdf.type, pf.Portfolio))
    told = _Period()
    for iri in portfolios:
        told.take(store, iri)
    ran = _Period()

    def codes() -> Iterator[tuple[str, str]]:
        nonlocal project_count
        for iri in store.subjects(rdf.type, pf.Project):
            project_count += 1
            if not (told.start and told.end):
                ran.take(store, iri)
            yield _first(store, iri, dct.identifier) or iri, iri

    listed = heapq.nsmallest(LISTED, codes())
    parts = [["", ""]]
    if master.stat().st_size:  # a source may say nothing
        with Master(master) as statements:
            parts = sitemaps.starts(statements, minter)
    return {
        "portfolios": portfolios,
        "project_count": project_count,
        "projects": [_project(store, minter, code, iri) for code, iri in listed],
        "classes": [
            {"iri": iri, "count": part.count}
            for iri, part in sorted(counted.classes.items(), key=lambda item: (-item[1].count, item[0]))
        ],
        "period": {
            name: value for name, value in (("start", told.start or ran.start), ("end", told.end or ran.end)) if value
        },
        "examples": examples(),
        "sitemap": parts,
    }


def _project(store: Store, minter: Minter, code: str, iri: str) -> dict[str, Any]:
    split = minter.split(iri)
    return {
        "iri": iri,
        "key": split[1] if split else None,
        "code": code,
        "title": texts(store, iri, dct.title),
        "short": texts(store, iri, skos.altLabel),
        "start_year": _first(store, iri, pf.startYear),
        "end_year": _first(store, iri, pf.endYear),
        "outcomes": sum(1 for _ in store.objects(iri, pf.outcome)),
        "target_groups": sorted(o.value for o in store.objects(iri, pf.targetGroup) if isinstance(o, ox.NamedNode)),
    }


def _first(store: Store, iri: str, predicate: str) -> str | None:
    values = (o.value for o in store.objects(iri, predicate) if not isinstance(o, ox.Triple))
    return min(values, default=None)


def texts(store: Store, iri: str, predicate: str) -> dict[str, str]:
    """Return the texts of a property by language, "" where a text has none."""
    literals = [o for o in store.objects(iri, predicate) if isinstance(o, ox.Literal)]
    return {o.language or "": o.value for o in sorted(literals, key=lambda o: (o.language or "", o.value))}


class _Period:
    """From when to when things went on: the first start and the last end that any of them tells."""

    def __init__(self) -> None:
        self.start = ""
        self.end = ""

    def take(self, store: Store, iri: str) -> None:
        """Take one thing in: its dates, else its years."""
        start = _dated(store, iri, pf.startDate, pf.startYear)
        if start and (not self.start or start < self.start):
            self.start = start
        end = _dated(store, iri, pf.endDate, pf.endYear)
        if end and (not self.end or f"{end}~" > f"{self.end}~"):  # 2013 ends after 2013-06-30
            self.end = end


def _dated(store: Store, iri: str, date: str, year: str) -> str:
    found = _first(store, iri, date) or _first(store, iri, year) or ""
    match = _DATE.match(found)
    return match[1] if match else ""


def examples() -> list[dict[str, Any]]:
    """Return the example queries that come with the program: id, title by language and query, in the order of ids."""
    made = []
    for path in sorted(shipped("tests", "questions").glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        head: list[str] = []
        body: list[str] = []
        for line in text.splitlines(keepends=True):
            (body if body or not line.startswith("#") else head).append(line)
        title = {match[1]: match[2] for line in head if (match := _LABEL.match(line.strip()))}
        made.append({"id": path.stem, "title": title, "query": "".join(body).strip() + "\n"})
    return made
