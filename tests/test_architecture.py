"""The house: rooms import lower floors only, and the build and serve wings never import each other."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "publisher"

FLOORS = {
    "errors": 0, "namespaces": 0,
    "iris": 1,
    "ntriples": 2, "formats": 2, "config": 2,
    "reports": 3, "manifest": 3, "stores": 3, "sparql_text": 3,
    "records.tree": 4, "records.model": 4, "vocabularies": 4, "rdf_sources": 4, "void": 4, "skeleton": 6,
    "workers.protocol": 4, "workers.schedule": 4, "workers.cache": 5, "workers.worker": 5, "workers.client": 6,
    "workers.jobs": 6, "workers.parent": 7, "workers.service": 8,
    "records.reader": 5, "records.schema": 5, "catalogue": 5, "index": 5,
    "mapping": 6, "validation.engines": 6, "validation.check": 7, "validation.resources": 6,
    "checking": 8, "release": 9,
    "web.texts_terms": 4, "web.texts_sparql": 4, "web.texts": 5, "web.negotiation": 4, "web.live": 5, "web.labels": 6,
    "web.graphs": 6, "web.clients": 6, "web.record": 6, "web.protocol": 6, "web.respond": 7, "web.results": 8,
    "web.service": 8, "web.operations": 8, "web.failures": 8, "web.parts": 8, "web.resources": 9, "web.home": 10,
    "web.concepts": 10, "web.reference": 10, "web.downloads": 10, "web.sparql": 10, "web.app": 11,
    "server": 12, "cli": 13, "__main__": 14,
}  # fmt: skip
"""Every room with its floor; a room imports lower floors only."""

BUILD = {
    "vocabularies", "rdf_sources", "void", "catalogue", "index", "mapping", "checking", "release", "skeleton",
}  # fmt: skip
SERVE = {"server", "sparql_text"}


def rooms() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py" and "_bundled" not in path.parts
    }


def imports(path: Path) -> set[str]:
    """Return the rooms that a room imports when it runs: those under TYPE_CHECKING are for the reader's eyes."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node not in skipped and (node.module or "").startswith("publisher"):
            module = (node.module or "").removeprefix("publisher").lstrip(".")
            for alias in node.names:
                full = f"{module}.{alias.name}".lstrip(".")
                found.add(full if full in FLOORS else module)
    return found - {""}


def wing(room: str) -> str:
    if room in BUILD or room.startswith(("records.", "validation.")):
        return "build"
    return "serve" if room in SERVE or room.startswith(("web.", "workers.")) else "hall"


def test_every_room_has_its_floor() -> None:
    assert sorted(rooms()) == sorted(FLOORS)


def test_rooms_import_lower_floors_only() -> None:
    wrong = [
        (room, other) for room, path in rooms().items() for other in imports(path) if FLOORS[other] >= FLOORS[room]
    ]
    assert wrong == []


def test_a_library_is_imported_where_it_belongs() -> None:
    allowed = {
        "flask": ("web", "server"), "gunicorn": "server", "pyshacl": "validation.engines",
        "shacl": "validation.engines", "yaml": "records.tree", "pydantic": ("records", "skeleton"),
        "gevent": "server", "prometheus_client": ("web.record", "web.operations", "web.app"),
    }  # fmt: skip
    wrong = [
        (room, name)
        for room, path in rooms().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        if (where := allowed.get(name.partition(".")[0])) and not room.startswith(where)
    ]
    assert wrong == []


def test_the_wings_never_import_each_other() -> None:
    wrong = [
        (room, other)
        for room, path in rooms().items()
        for other in imports(path)
        if {wing(room), wing(other)} == {"build", "serve"}
    ]
    assert wrong == []
