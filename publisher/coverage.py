"""Which legally required field is there, empty or missing: for each operation and in all, clause by clause.

The clauses stand in `coverage.toml`. A field that an operation lacks is *empty*
where another operation of the same source has it, and *missing* where none has:
then the list has no such column, or the mapping leaves it out. Clauses that ask only where
something is so are counted where they are met, never as missing.
"""

from __future__ import annotations

import csv
import heapq
import io
import json
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import IO, Any

from publisher.exports.cells import guarded
from publisher.flattening import Flattener
from publisher.flattening.record import Record
from publisher.iris import Minter, is_web_iri
from publisher.masters import Master
from publisher.problems import visible

FORMATS = ("text", "json", "csv", "html")
LANGUAGES = ("fi", "sv", "en")
WORST = 100
"""Operations that a coverage names, those that lack the most first; the CSV of rows has all."""

Coverage = dict[str, Any]
"""What `compute` returns, ready for JSON:

    operations: 2876
    laws: [{law, name, page, operations, complete, clauses: [{key, title, applies, fields, there, empty, missing}]}]
    worst: [{iri, code, law, empty: [clause], missing: [clause]}]
    earlier, guessed: operations of earlier periods, and those whose law is that of most others
"""

_STATUSES = ("there", "empty", "missing")


@dataclass(frozen=True)
class Clause:
    """A clause of a law.

    Args:
        key: The law's point, or a word where it has none.
        fields: Fields of the canonical record, any of which is enough.
        title: What it asks for, by language.
        applies: Where it asks, by language; None = always.
    """

    key: str
    fields: tuple[str, ...]
    title: dict[str, str]
    applies: dict[str, str] | None = None


@dataclass(frozen=True)
class Law:
    """A law with its clauses."""

    key: str
    name: dict[str, str]
    page: str
    clauses: tuple[Clause, ...]


@cache
def laws() -> dict[str, Law]:
    """Return the laws by key: `annex-xii`, `art-49-3`."""
    return {
        key: Law(
            key,
            law["name"],
            law["page"],
            tuple(
                Clause(entry["key"], tuple(entry["fields"]), entry["title"], entry.get("applies"))
                for entry in law["clauses"]
            ),
        )
        for key, law in _table()["laws"].items()
    }


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("coverage.toml").read_text(encoding="utf-8"))


def compute(
    master: Path,
    minter: Minter,
    *,
    law: str | None = None,
    rows: Path | None = None,
    worst: int = WORST,
    through: Callable[[Iterable[Record]], Iterable[Record]] = iter,
) -> Coverage:
    """Measure a release.

    Args:
        master: The release's sorted statements.
        minter: Takes its IRIs apart.
        law: `annex-xii` or `art-49-3`; None = that of each operation's programming period, else of its start.
        rows: A file to write the status of every operation and clause to, as CSV.
        worst: How many operations are named.
        through: What the records pass on their way, for another who wants them and need not read them again.

    Raises:
        ReleaseError: The statements cannot be read.
    """
    with ExitStack() as stack:
        spool = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
        counted = _Counted(law)
        flat = Flattener(stack.enter_context(Master(master)), minter)
        for record in through(flat.records()):
            spool.write(counted.see(record))
        spool.seek(0)
        out = None if rows is None else stack.enter_context(rows.open("w", encoding="utf-8", newline=""))
        return counted.conclude(spool, out, worst)


class _Counted:
    """Counts while the records pass; between the two passes each is a line: law, source, bits of clauses, code, IRI."""

    def __init__(self, law: str | None) -> None:
        self.law = law
        self.all = [(key, clause) for key, law_ in laws().items() for clause in law_.clauses]
        self.names = [frozenset(clause.fields) for _, clause in self.all]
        self.sources: dict[str, int] = {}
        self.there: Counter[tuple[str, int, int]] = Counter()
        self.operations: Counter[tuple[str, int]] = Counter()
        self.earlier = 0

    def see(self, record: Record) -> str:
        """Count a record; return its line."""
        law = self.law or self._law(record)
        source = self.sources.setdefault(record.source, len(self.sources))
        bits = 0
        told = record.values.keys() | record.texts.keys()
        for index, names in enumerate(self.names):
            if not names.isdisjoint(told):
                bits |= 1 << index
                self.there[law, source, index] += 1
        self.operations[law, source] += 1
        return "\t".join((law, str(source), str(bits), json.dumps(record.values["code"]), record.iri)) + "\n"

    def _law(self, record: Record) -> str:
        """Return the law of a record's period, else of its start; "" where it tells neither."""
        told = str(record.values.get("period") or record.values.get("start") or record.values.get("start_year") or "")
        year = int(told[:4]) if told[:4].isdigit() else 0
        self.earlier += 0 < year < 2014
        return "" if not year else "art-49-3" if year >= 2021 else "annex-xii"

    def conclude(self, lines: IO[str], rows: IO[str] | None, worst: int) -> Coverage:
        """Return the coverage; the second pass over the lines."""
        guessed = sum(count for (law, _), count in self.operations.items() if not law)
        usual = self._usual()
        totals: Counter[tuple[str, int, str]] = Counter()
        operations: Counter[str] = Counter()
        complete: Counter[str] = Counter()
        for (law, _), count in self.operations.items():
            operations[law or usual] += count
        applied = [(index, key, clause) for index, (key, clause) in enumerate(self.all) if operations[key]]
        writer = None if rows is None else csv.writer(rows, lineterminator="\r\n")
        if writer is not None:
            writer.writerow(["project", "code", "law", *(f"{key}:{clause.key}" for _, key, clause in applied)])
        named: list[_Named] = []
        for number, line in enumerate(lines):
            told, source, bits, code, iri = line.rstrip("\n").split("\t")
            law = told or usual
            own = {index: self._status(int(source), index, int(bits)) for index, key, _ in applied if key == law}
            for index, status in own.items():
                totals[law, index, status] += 1
            lacking = [
                index for index, status in own.items() if status != "there" and self.all[index][1].applies is None
            ]
            complete[law] += not lacking
            if lacking:
                entry = {"iri": iri, "code": json.loads(code), "law": law}
                for status in _STATUSES[1:]:
                    entry[status] = [self.all[index][1].key for index in lacking if own[index] == status]
                _keep(named, (len(lacking), _Reversed(entry["code"]), -number, entry), worst)
            if writer is not None:
                shown = (own.get(index, "") if index in own else "" for index, _, _ in applied)
                writer.writerow([guarded(iri), guarded(json.loads(code)), law, *shown])
        return {
            "operations": sum(operations.values()),
            "laws": [self._of_law(law, operations, complete, totals) for law in laws() if operations[law]],
            "worst": [item[3] for item in sorted(named, reverse=True)],
            "earlier": self.earlier if operations["annex-xii"] and self.law is None else 0,
            "guessed": guessed,
        }

    def _usual(self) -> str:
        """Return the law of the most operations: what is taken where one does not tell."""
        known: Counter[str] = Counter()
        for (law, _), count in self.operations.items():
            if law:
                known[law] += count
        return max(sorted(known), key=known.__getitem__, default="art-49-3")

    def _status(self, source: int, index: int, bits: int) -> str:
        clause = self.all[index][1]
        if bits >> index & 1:
            return "there"
        if clause.applies is not None:
            return ""
        return "empty" if self._anywhere(source, index) else "missing"

    def _anywhere(self, source: int, index: int) -> bool:
        return any(self.there[law, source, index] for law in ("", *laws()))

    def _of_law(
        self, key: str, operations: Counter[str], complete: Counter[str], totals: Counter[tuple[str, int, str]]
    ) -> Coverage:
        law = laws()[key]
        clauses = [
            {
                "key": clause.key,
                "title": clause.title,
                "applies": clause.applies,
                "fields": list(clause.fields),
                **{status: totals[key, index, status] for status in _STATUSES},
            }
            for index, (owner, clause) in enumerate(self.all)
            if owner == key
        ]
        return {
            "law": key, "name": law.name, "page": law.page, "operations": operations[key], "complete": complete[key],
            "clauses": clauses,
        }  # fmt: skip


class _Reversed(str):
    """A code that sorts backwards: of operations that lack as much, the first codes are kept."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)


_Named = tuple[int, _Reversed, int, Coverage]
"""How much an operation lacks, its code, its number backwards (so that no two are alike), and what is told of it."""


def _keep(heap: list[_Named], item: _Named, most: int) -> None:
    """Keep the greatest items."""
    if len(heap) < most:
        heapq.heappush(heap, item)
    elif most and heap[0] < item:
        heapq.heapreplace(heap, item)


# -- writing


def write(coverage: Coverage, form: str, language: str = "en") -> str:
    """Return a coverage in one of `FORMATS`; the CSV has a line a clause (the rows are written by `compute`)."""
    language = language if language in LANGUAGES else "en"
    if form == "json":
        return json.dumps(coverage, ensure_ascii=False, indent=2) + "\n"
    if form == "csv":
        return _csv(coverage, language)
    return page(coverage, language) if form == "html" else _text(coverage, language)


def _say(word: str, language: str, **told: str) -> str:
    return str(_table()["words"][word][language]).format(**told)


def _number(number: int, language: str) -> str:
    return f"{number:,}" if language == "en" else f"{number:,}".replace(",", "\xa0")


def _share(there: int, operations: int, language: str) -> str:
    """Return a share in per cent, cut, not rounded: 100 % is all of them."""
    tenths = there * 1000 // operations if operations else 0
    text = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
    return f"{text if language == 'en' else text.replace('.', ',')}\xa0%"


def _notes(coverage: Coverage, language: str) -> Iterator[str]:
    if not coverage["operations"]:
        yield _say("none", language)
        return
    yield _say("explained", language)
    names = (clause for law in coverage["laws"] for clause in law["clauses"] if "beneficiary_name" in clause["fields"])
    if any(clause["empty"] + clause["missing"] for clause in names):
        yield _say("persons", language)
    for word in ("earlier", "guessed"):
        if coverage[word]:
            yield _say(word, language, count=_number(coverage[word], language))


def _title(clause: Coverage, language: str) -> str:
    title = str(clause["title"][language])
    return f"{title} ({_say('applies', language, where=clause['applies'][language])})" if clause["applies"] else title


def _summary(law: Coverage, language: str) -> str:
    numbers = {name: _number(law[name], language) for name in ("complete", "operations")}
    return _say("summary", language, **numbers)


def _cells(law: Coverage, clause: Coverage, language: str) -> list[str]:
    """Return there, empty, missing and share as texts; those that a clause with a condition has not are empty."""
    if clause["applies"]:
        return [_number(clause["there"], language), "", "", ""]
    counts = [_number(clause[status], language) for status in _STATUSES]
    return [*counts, _share(clause["there"], law["operations"], language)]


def _headings(language: str) -> list[str]:
    return [_say(word, language) for word in (*_STATUSES, "share")]


def _text(coverage: Coverage, language: str) -> str:
    lines: list[str] = []
    for law in coverage["laws"]:
        rows = [[_say("clause", language), "", *_headings(language)]]
        rows += [[c["key"], c["title"][language], *_cells(law, c, language)] for c in law["clauses"]]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines += [law["name"][language], _summary(law, language), ""]
        for row in rows:
            left = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
            right = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
            lines.append("  ".join([*left, *right]).rstrip())
        lines.append("")
    if coverage["worst"]:
        lines += [f"{_say('worst', language)} ({_say('first', language, count=str(len(coverage['worst'])))})"]
        for entry in coverage["worst"]:
            lacks = "; ".join(
                f"{_say(status, language)}: {', '.join(entry[status])}" for status in _STATUSES[1:] if entry[status]
            )
            lines.append(f"  {visible(entry['code'])}  {lacks}")
        lines.append("")
    return "\n".join([*lines, *_notes(coverage, language)]) + "\n"


def _csv(coverage: Coverage, language: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["law", "clause", "title", "always", "operations", *_STATUSES])
    for law in coverage["laws"]:
        for clause in law["clauses"]:
            counts = [clause["there"], *(() if clause["applies"] else (clause["empty"], clause["missing"]))]
            always = "no" if clause["applies"] else "yes"
            row = [law["law"], clause["key"], clause["title"][language], always, law["operations"], *counts]
            writer.writerow([*row, *[""] * (8 - len(row))])
    return out.getvalue()


def fragment(coverage: Coverage, language: str, *, level: int = 2, rows: str = "", project: str = "") -> str:
    """Return a coverage as HTML for inside a page: no style, no script, only tables with captions and scoped headings.

    Args:
        coverage: What `compute` returned.
        language: Language of its texts.
        level: Level of its headings.
        rows: Address of the CSV of all operations; "" where there is none.
        project: Address of a project, `{iri}` in it stands for its IRI; "" = its IRI itself.
    """
    language = language if language in LANGUAGES else "en"
    parts = [f"<p>{escape(note)}</p>\n" for note in _notes(coverage, language)]
    for law in coverage["laws"]:
        parts.append(f"<h{level}>{escape(law['name'][language])}</h{level}>\n")
        parts.append(f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(law["name"][language])}">\n')
        parts.append(f"<table>\n<caption>{escape(_summary(law, language))}</caption>\n<thead><tr>")
        parts.append(f'<th scope="col">{escape(_say("clause", language))}</th>')
        parts += [f'<th scope="col" class="number">{escape(heading)}</th>' for heading in _headings(language)]
        parts.append("</tr></thead>\n<tbody>\n")
        for clause in law["clauses"]:
            # Annex XII has no points of its own to name: its keys are for machines.
            point = f"<b>{escape(clause['key'])}</b> " if len(clause["key"]) == 1 else ""
            parts.append(f'<tr><th scope="row">{point}{escape(_title(clause, language))}</th>')
            parts += [f'<td class="number">{escape(cell) or "–"}</td>' for cell in _cells(law, clause, language)]
            parts.append("</tr>\n")
        parts.append("</tbody>\n</table>\n</div>\n")
    if rows:
        parts.append(f'<p><a href="{escape(rows)}">{escape(_say("rows", language))}</a></p>\n')
    parts += _worst(coverage, language, level, project)
    return "".join(parts)


def _worst(coverage: Coverage, language: str, level: int, project: str) -> Iterator[str]:
    if not coverage["worst"]:
        return
    titles = {(law["law"], c["key"]): c["title"][language] for law in coverage["laws"] for c in law["clauses"]}
    heading = escape(_say("worst", language))
    yield f'<h{level}>{heading}</h{level}>\n<div class="scroll" tabindex="0" role="region" aria-label="{heading}">\n'
    yield f"<table>\n<caption>{escape(_say('first', language, count=str(len(coverage['worst']))))}</caption>\n"
    words = ("operation", "empty", "missing")
    headings = "".join(f'<th scope="col">{escape(_say(word, language))}</th>' for word in words)
    yield f"<thead><tr>{headings}</tr></thead>\n<tbody>\n"
    for entry in coverage["worst"]:
        address = project.replace("{iri}", entry["iri"]) if project else entry["iri"]
        link = escape(entry["code"])
        if is_web_iri(address) or project:  # an IRI of a foreign source may be any, `javascript:` too
            link = f'<a href="{escape(address)}">{link}</a>'
        cells = (", ".join(titles[entry["law"], key] for key in entry[status]) or "–" for status in _STATUSES[1:])
        yield f'<tr><th scope="row">{link}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>\n'
    yield "</tbody>\n</table>\n</div>\n"


_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0 auto;max-width:68rem;padding:1.5rem;font:1.0625rem/1.6 system-ui,sans-serif}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left;padding:.3rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid #8888}"
    "tbody th{font-weight:400}.number{text-align:right;white-space:nowrap}.scroll{overflow-x:auto}"
)


def page(coverage: Coverage, language: str) -> str:
    """Return a coverage as a page of its own."""
    title = escape(_say("title", language))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n{fragment(coverage, language)}</main>\n</body>\n</html>\n"
    )
