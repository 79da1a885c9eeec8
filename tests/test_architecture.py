"""The house: rooms import lower floors only, and the build and serve wings never import each other."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "publisher"

FLOORS = {
    room: floor
    for floor, names in enumerate(
        (
            "catalogue.texts catalogue_check.texts errors exports.files exports.texts folding formats lists.codes "
            "lists.fields lists.header_words lists.operation lists.privacy namespaces problems report_texts "
            "tables.mojibake tables.patterns web.matching_queries web.oai_tokens web.oai_xml web.texts_catalogue "
            "web.texts_changes web.texts_downloads web.texts_feed web.texts_oai web.texts_reconcile "
            "web.texts_sparql web.texts_terms workers.schedule",
            "catalogue.tables catalogue_check.fetching catalogue_check.graphs flattening.record iris "
            "lists.header_units lists.persons lists.written_days manifest report_sentences sparql_text spool "
            "stores tables.alignment tables.lines validation.resources web.clients web.negotiation web.record "
            "web.texts workers.protocol",
            "catalogue_check.probing catalogue_check.reading config datasets described exports.cells "
            "flattening.money lists.headers lists.organisations lists.written_numbers ntriples rdf_sources "
            "records.model report_forms report_pages web.oai_arguments web.protocol workers.cache workers.worker",
            "catalogue.facts catalogue.nodes exports.ckan exports.flat lists.kinds lists.languages masters "
            "records.schema reports vocabularies void workers.client workers.jobs",
            "catalogue.describe entities flattening.things names records.tree rules tables.model "
            "validation.engines web.live workers.connections workers.crew workers.service",
            "catalogue_check.rules changes collecting flattening history kohesio_links lists.identity "
            "lists.mapping_file lists.proposal lists.quality mapping.mapper marking_cells records.reader sitemaps "
            "tables.containers tables.faults tables.header validation.check web.graphs web.labels web.names "
            "workers.parent",
            "catalogue_check.quality coverage exports.csvw exports.kohesio index lists.builtin lists.cells "
            "lists.schema lists.shared mapping.owners mapping.shared marking_summary recording skeleton "
            "tables.dialect tables.encodings tables.workbooks web.extending web.ldes web.matching_texts "
            "web.oai_records web.parts web.respond withdrawals",
            "catalogue_check.report dumps exports lists.amounts lists.dates lists.profile lists.statements "
            "mapping.projects marking tables.documents tables.quoting tables.sheets web.atom web.composed "
            "web.coverage web.diff web.failures web.matching_names web.members web.oai_formats web.operations "
            "web.reconcile_requests web.reference web.results web.service web.structured_data",
            "lists.choice lists.values mapping tables.delimited web.catalogue web.change_pages web.downloads "
            "web.matching web.oai web.search_engines web.sparql web.withdrawn",
            "lists.fitting_codes lists.fitting_places lists.inspected lists.mapper sharding tables.opening "
            "web.changes web.matching_several web.reconcile_answers web.resources",
            "lists.background lists.fitting lists.sources lists.whole web.concepts web.home web.reconcile web.sitemap",
            "console lists.columns lists.gathering lists.notation web.app",
            "cli_catalogue list_checking lists.inspection server",
            "checking cli_lists",
            "release",
            "cli_releases",
            "cli",
            "__main__",
        )
    )
    for room in names.split()
}
"""Every room with its floor; a room imports lower floors only."""

BUILD = {
    "vocabularies", "rdf_sources", "void", "withdrawals", "kohesio_links", "recording",
    "index", "mapping", "checking", "list_checking", "collecting",
    "marking", "marking_cells", "marking_summary", "sharding", "dumps", "release", "skeleton", "rules", "spool",
}  # fmt: skip
BUILD_FOLDERS = {"catalogue_check", "lists", "mapping", "records", "tables", "validation"}
SERVE = {"server", "sparql_text"}


def rooms() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py" and "_bundled" not in path.parts
    } | {
        ".".join(path.relative_to(PACKAGE).parent.parts): path
        for path in PACKAGE.glob("*/__init__.py")
        if len(path.read_text(encoding="utf-8").splitlines()) > 3
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
    if room in BUILD or room.partition(".")[0] in BUILD_FOLDERS:
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
        "shacl": "validation.engines", "yaml": "records.tree",
        "pydantic": ("records", "skeleton", "lists.mapping_file"),
        "gevent": "server", "python_calamine": "tables", "chardet": "tables", "ijson": "tables",
        "xlsxwriter": ("marking", "exports"), "rapidfuzz": ("lists", "web.matching"),
        "stdnum": "lists", "pyarrow": "exports",
        "prometheus_client": ("web.record", "web.operations", "web.app"),
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
