"""Links from projects to Kohesio's items (EU Knowledge Graph), made where identity is certain and nowhere else.

Certain is what an official says in a table (`kohesio_items`): this programme (its CCI), this operation (its code), this
item. A link is made where the data has exactly one project of that code whose programme has that CCI, and the table
names one item for it and that item for no other. All else is reported and not linked; nothing is guessed from names,
and no item is looked for elsewhere.

    programme,operation,item
    2014FI16M2OP001,S20394,https://linkedopendata.eu/entity/Q…

The CCI is the `skos:notation` of what the project names as its `pf:programme`; the code is its `dct:identifier`. The
link is `owl:sameAs`: both are the one operation.

    parts of a build --projects--> (CCI, code) --table--> links
"""

from __future__ import annotations

import csv
import mmap
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from publisher import ntriples, rules
from publisher.errors import InputError
from publisher.namespaces import dct, owl, pf, rdf, skos
from publisher.reports import Place, Problem

COLUMNS = ("programme", "operation", "item")

_ITEM = re.compile(r"https://linkedopendata\.eu/entity/Q[1-9][0-9]{0,11}\Z")
_LITERAL = re.compile(rb'"([^"\\]*)"(?:@[A-Za-z0-9-]+)?\Z')
"""A literal without escapes, which no code of an operation has."""

Identity = tuple[str, str]
"""CCI and code."""


@dataclass
class Links:
    """What a table became.

    Args:
        lines: N-Triples lines, sorted.
        problems: Rows that made no link, and why.
    """

    lines: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def link(table: Path, name: str, parts: Iterable[Path], max_bytes: int) -> Links:
    """Make the links of a table.

    Args:
        table: The table: CSV in UTF-8 with commas and the columns `COLUMNS`.
        name: The table as the user named it.
        parts: Files of N-Quads lines, unsorted: all that was made of the sources, concepts included.
        max_bytes: How large the table may be.

    Raises:
        InputError: The table cannot be read as one.
    """
    known = projects(parts)
    by_code = defaultdict(set)
    for cci, code in known:
        by_code[code].add(cci)
    made = Links()
    items: dict[str, dict[str, Place]] = defaultdict(dict)
    owners: dict[str, set[str]] = defaultdict(set)

    def tell(place: Place, rule: str, value: str, programmes: str = "") -> None:
        made.problems.append(rules.problem(place, f"kohesio/{rule}", value, programmes=programmes))

    for place, cci, code, item in _rows(table, name, max_bytes):
        found = known.get((cci, code), frozenset())
        if not _ITEM.match(item):
            tell(place, "item-form", item)
        elif not found and code in by_code:
            told = ", ".join(sorted(filter(None, by_code[code])))
            tell(place, "programme-differs" if told else "programme-missing", f"{cci} {code}", told)
        elif not found:
            tell(place, "unknown-operation", f"{cci} {code}")
        elif len(found) > 1:
            tell(place, "several-projects", f"{cci} {code}")
        else:
            (project,) = found
            items[project].setdefault(item, place)
            owners[item].add(project)
    for project, named in items.items():
        for item, place in named.items():
            if len(named) > 1:
                tell(place, "several-items", item)
            elif len(owners[item]) > 1:
                tell(place, "item-taken", item)
            else:
                made.lines.append(ntriples.line(project, owl.sameAs, ntriples.iri(item)))
    made.lines.sort()
    made.problems.sort(key=lambda problem: (problem.place.line, problem.rule))
    return made


def projects(parts: Iterable[Path]) -> Mapping[Identity, frozenset[str]]:
    """Return the projects of a build by their programme's CCI ("" where none is told) and code."""
    of_class: set[str] = set()
    codes: dict[str, set[str]] = defaultdict(set)
    programmes: dict[str, set[str]] = defaultdict(set)
    notations: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        if not part.stat().st_size:
            continue
        with part.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
            of_class.update(subject for subject, _ in _statements(lines, rdf.type, f"<{pf.Project}>".encode()))
            for subject, obj in _statements(lines, pf.programme):
                programmes[subject].add(obj.decode().strip("<>"))
            for predicate, kept in ((dct.identifier, codes), (skos.notation, notations)):
                for subject, obj in _statements(lines, predicate):
                    text = _text(obj)
                    if text is not None:
                        kept[subject].add(text)
    found: dict[Identity, set[str]] = defaultdict(set)
    for project in of_class:
        ccis = {cci for programme in programmes[project] for cci in notations.get(programme, ())} or {""}
        for code in codes[project]:
            for cci in ccis:
                found[cci, code].add(project)
    return {identity: frozenset(iris) for identity, iris in found.items()}


def _statements(lines: mmap.mmap, predicate: str, obj: bytes = b"") -> Iterator[tuple[str, bytes]]:
    """Yield subject and object of the statements of a predicate in the default graph."""
    needle = b"> <" + predicate.encode() + b"> " + obj
    at = lines.find(needle)
    while at >= 0:
        start = lines.rfind(b"\n", 0, at) + 1
        end = lines.find(b"\n", at)
        end = len(lines) if end < 0 else end
        if lines[start : start + 1] == b"<" and lines.find(b">", start, at + 1) == at:
            begin = at + len(needle) - len(obj)
            found = lines[begin : lines.rfind(b" .", begin, end)]
            if b"> <" not in found and b'" <' not in found:  # a graph's name stands behind the object
                yield lines[start + 1 : at].decode(), found
        at = lines.find(needle, end)


def _text(obj: bytes) -> str | None:
    match = _LITERAL.match(obj)
    return match[1].decode() if match else None


def _rows(table: Path, name: str, max_bytes: int) -> Iterator[tuple[Place, str, str, str]]:
    """Yield place, CCI, code and item of each row."""
    try:
        if table.stat().st_size > max_bytes:
            raise InputError(f"{name}: is larger than {max_bytes} bytes")
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise InputError(f"{name}: has no column {', '.join(missing)}; needed are {', '.join(COLUMNS)}")
            for row in reader:
                cci, code, item = ((row[column] or "").strip() for column in COLUMNS)
                if cci or code or item:
                    yield Place(name, reader.line_num, path="item", table=True), cci, code, item
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{name}: is no CSV in UTF-8: {error}") from error
