"""The names of a release's projects, organisations, target groups and places, made to be found by: `names.sqlite`.

Made at build from the sorted statements as a stream; read by the reconciliation service (`web.names`). Nothing is
in it that is not in the statements: it is an index. Per kind there are two full-text indexes, one of words and their
stems, one of runs of three characters, and how frequent each entry is: a look-up takes the rarest ones first and
so costs about the same at a hundred projects and at a hundred thousand.

The same statements give the same bytes (with the same SQLite).
"""

from __future__ import annotations

import heapq
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from publisher import folding, iris
from publisher.errors import ReleaseError
from publisher.masters import Master, Statement
from publisher.namespaces import dct, foaf, org, pf, rdfs, skos

FILE = "names.sqlite"
FORM = 3
"""What the file's `user_version` is: another one was written by another version of the program."""

KINDS: dict[str, tuple[str, ...]] = {
    "project": (pf.Project,),
    "organisation": (org.Organization, org.OrganizationalCollaboration, pf.Funder, pf.Collective, foaf.Organization),
    "target-group": (pf.TargetGroup,),
    "place": (dct.Location,),
}
"""What can be found, and the classes whose instances it is; an instance of two kinds is of the first."""

NUMBERS = {kind: number for number, kind in enumerate(KINDS, 1)}
"""The numbers of kinds in the file; what is a value only, and of no kind, is there under 0."""

NAME, OTHER, INITIALS = 0, 1, 2
"""Roles of a name: what a thing is called; a short, former or other name; initials, which we made."""

_NAMED = (dct.title, skos.prefLabel, foaf.name, rdfs.label)
_IDENTIFIED = (dct.identifier, org.identifier, skos.notation)

FACTS: dict[str, tuple[str, ...]] = {
    "place": (dct.spatial,),
    "fund": (pf.fund,),
    "programme": (pf.programme,),
    "priority-axis": (pf.priorityAxis,),
    "specific-objective": (pf.specificObjective,),
    "funder": (pf.funder,),
    "target-group": (pf.targetGroup,),
    "portfolio": (pf.portfolio,),
    "responsible-authority": (pf.responsibleAuthority,),
    "participant": (pf.participation, pf.organisation),
}
"""Properties whose values are things, with the way to them from the project (organisation, …): one step or two."""
YEAR = "year"
PROPERTIES = {name: number for number, name in enumerate((*FACTS, YEAR), 1)}
"""The numbers of properties in the file."""
_YEARS = (pf.startYear, pf.endYear)
_MOST_YEARS = 100

_BRACKETS = re.compile(r"\(([^()]+)\)")
_CACHE_KB = 64_000

_TABLES = """
CREATE TABLE thing(id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE name(id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, role INTEGER NOT NULL, lang TEXT NOT NULL,
    text TEXT NOT NULL, folded TEXT NOT NULL, core INTEGER NOT NULL);
CREATE TABLE identifier(code TEXT, thing INTEGER, PRIMARY KEY(code, thing)) WITHOUT ROWID;
CREATE TABLE fact(property INTEGER, value INTEGER, thing INTEGER, PRIMARY KEY(property, value, thing)) WITHOUT ROWID;
CREATE TABLE told(thing INTEGER, property INTEGER, PRIMARY KEY(thing, property)) WITHOUT ROWID;
"""
_OF_KIND = """
CREATE VIRTUAL TABLE words_{n} USING fts5(word, stem, content='', detail=column,
    tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE runs_{n} USING fts5(run, content='', detail=none, tokenize='trigram');
CREATE TABLE frequency_{n}(entry TEXT, part TEXT, names INTEGER, PRIMARY KEY(part, entry)) WITHOUT ROWID;
"""
_FILL = """
INSERT INTO words_{n}(rowid, word, stem)
    SELECT n.id, n.folded, stems(n.folded) FROM name n JOIN thing t ON t.id = n.thing
    WHERE t.kind = {n} AND n.role < 2 ORDER BY n.id;
INSERT INTO runs_{n}(rowid, run)
    SELECT n.id, n.folded FROM name n JOIN thing t ON t.id = n.thing
    WHERE t.kind = {n} AND n.role < 2 ORDER BY n.id;
INSERT INTO words_{n}(words_{n}) VALUES('optimize');
INSERT INTO runs_{n}(runs_{n}) VALUES('optimize');
CREATE VIRTUAL TABLE temp.words_of USING fts5vocab(main, words_{n}, col);
CREATE VIRTUAL TABLE temp.runs_of USING fts5vocab(main, runs_{n}, row);
INSERT INTO frequency_{n}(part, entry, names) SELECT col, term, doc FROM temp.words_of ORDER BY col, term;
INSERT INTO frequency_{n}(part, entry, names) SELECT 'run', term, doc FROM temp.runs_of ORDER BY term;
DROP TABLE temp.words_of;
DROP TABLE temp.runs_of;
"""
_INDEXES = """
CREATE INDEX name_thing ON name(thing, role);
CREATE INDEX name_folded ON name(folded);
CREATE INDEX name_core ON name(core);
"""


def build(master: Path, target: Path, base_iri: str) -> None:
    """Write the index of a release's names.

    Args:
        master: The sorted statements.
        target: The file to write; there must be none.
        base_iri: What the portfolio's IRIs begin with: keys are identifiers too.

    Raises:
        ReleaseError: The statements cannot be read, or the disk does not take the index.
    """
    try:
        with Master(master) as statements, closing(sqlite3.connect(target, isolation_level=None)) as database:
            _Building(statements, database, iris.Minter(base_iri)).run()
    except sqlite3.Error as error:
        raise ReleaseError(f"{target}: the names cannot be written: {error}") from error


class _Building:
    def __init__(self, master: Master, database: sqlite3.Connection, minter: iris.Minter) -> None:
        self.master = master
        self.database = database
        self.minter = minter
        self.thing = lru_cache(maxsize=50_000)(self._thing)

    def run(self) -> None:
        execute = self.database.execute
        execute("PRAGMA page_size = 8192")
        execute(f"PRAGMA user_version = {FORM}")
        execute("PRAGMA journal_mode = OFF")
        execute("PRAGMA synchronous = OFF")
        execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        self.database.create_function("stems", 1, _stems, deterministic=True)
        self.database.executescript(_TABLES + "".join(_OF_KIND.format(n=n) for n in NUMBERS.values()))
        execute("BEGIN")
        for kind in KINDS:
            self._write("INSERT INTO thing(iri, kind, note) VALUES(?, ?, ?)", self._things(kind))
        execute("CREATE INDEX thing_iri ON thing(iri)")
        for kind in KINDS:
            self._describe(kind)
        execute("COMMIT")
        self.database.executescript(f"BEGIN; {_INDEXES} {''.join(_FILL.format(n=n) for n in NUMBERS.values())} COMMIT;")

    def _write(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        self.database.executemany(statement, rows)

    def _instances(self, kind: str) -> Iterator[str]:
        """Yield the instances of a kind's classes, each once, in the order of the file."""
        before = ""
        for iri in heapq.merge(*map(self.master.instances, KINDS[kind]), key=lambda iri: f"{iri}>".encode()):
            if iri != before:
                yield iri
            before = iri

    def _things(self, kind: str) -> Iterator[tuple[str, int, str]]:
        for iri in self._instances(kind):
            yield iri, NUMBERS[kind], ""

    def _thing(self, iri: str) -> int:
        """Return the number of a thing; what was none becomes one without a kind: a value, by its names."""
        found = self.database.execute("SELECT id FROM thing WHERE iri = ?", (iri,)).fetchone()
        if found is not None:
            return int(found[0])
        added = self.database.execute("INSERT INTO thing(iri, kind, note) VALUES(?, 0, '')", (iri,)).lastrowid
        assert added is not None  # noqa: S101  # an INSERT that did not raise
        self._named(added, "", self.master.describe(iri), iri)
        return added

    def _describe(self, kind: str) -> None:
        """Write the names, identifiers and facts of a kind's things."""
        for iri in self._instances(kind):
            number, of_kind = self.database.execute(
                "SELECT id, kind FROM thing WHERE iri = ? ORDER BY id", (iri,)
            ).fetchone()
            if of_kind != NUMBERS[kind]:  # of an earlier kind as well
                continue
            told = self.master.describe(iri)
            identifiers = self._named(number, kind, told, iri)
            years = self._years(told)
            self._facts(number, told, years)
            span = "–".join(dict.fromkeys(str(year) for year in (min(years), max(years)))) if years else ""
            note = " · ".join(filter(None, (identifiers, span)))
            if note:
                self.database.execute("UPDATE thing SET note = ? WHERE id = ?", (note, number))

    def _named(self, number: int, kind: str, told: list[Statement], iri: str = "") -> str:
        """Write the names and identifiers of a thing; return the first identifier."""
        named = next((p for p in _NAMED if any(predicate == p for predicate, _, _ in told)), "")
        rows: dict[tuple[int, str, str], None] = {}
        for predicate, text, language in told:
            role = NAME if predicate == named else OTHER if predicate in (skos.altLabel, *_NAMED) else None
            if role is not None and language is not None and text.strip():
                rows[role, language, text.strip()] = None
        folded: dict[tuple[str, str], None] = {}
        if not kind:  # what a value is called: "European Social Fund (ESF) (2014/2020)" is ESF too
            for _, language, text in list(rows):
                parts = [_BRACKETS.sub(" ", text), *(part for part in _BRACKETS.findall(text) if part[0].isalpha())]
                rows |= {(OTHER, language, part.strip()): None for part in parts if part.strip()}
        for role, language, text in sorted(rows):
            form = folding.fold(text)
            if not form or (language, form) in folded:
                continue
            folded[language, form] = None
            self._name(number, role, language, text, form)
        if kind == "organisation":
            known = {form for _, form in folded}
            for made in sorted({folding.initials(form) for form in known} - known - {""}):
                self._name(number, INITIALS, "", made, made)
        identifiers = [text for predicate, text, _ in told if predicate in _IDENTIFIED]
        split = self.minter.split(iri) if iri else None
        keys = [iris.unescape(split[1])] if split else [iri.rpartition("/")[2]] if iri else []
        codes = {form for text in (*identifiers, *keys) for form in folding.codes(text)}
        self._write("INSERT OR IGNORE INTO identifier VALUES(?, ?)", [(form, number) for form in sorted(codes)])
        return min(identifiers, default="")

    def _name(self, number: int, role: int, language: str, text: str, form: str) -> None:
        self.database.execute(
            "INSERT INTO name(thing, role, lang, text, folded, core) VALUES(?, ?, ?, ?, ?, ?)",
            (number, role, language, text, form, folding.fingerprint(folding.core(form))),
        )

    @staticmethod
    def _years(told: list[Statement]) -> list[int]:
        return [int(value) for predicate, value, _ in told if predicate in _YEARS and value.isdecimal()]

    def _facts(self, number: int, told: list[Statement], years: list[int]) -> None:
        facts = {(PROPERTIES[name], self.thing(value)) for name, value in self._values(told)}
        if years and max(years) - min(years) < _MOST_YEARS:
            facts |= {(PROPERTIES[YEAR], year) for year in range(min(years), max(years) + 1)}
        self._write("INSERT OR IGNORE INTO fact VALUES(?, ?, ?)", [(*fact, number) for fact in sorted(facts)])
        known = sorted({fact[0] for fact in facts})
        self._write("INSERT OR IGNORE INTO told VALUES(?, ?)", [(number, entry) for entry in known])

    def _values(self, told: list[Statement]) -> Iterator[tuple[str, str]]:
        for predicate, value, language in told:
            if language is not None:
                continue
            for name, way in FACTS.items():
                if predicate != way[0]:
                    continue
                if len(way) == 1:
                    yield name, value
                else:
                    part = self.master.describe(value)
                    yield from ((name, end) for step, end, tag in part if step == way[1] and tag is None)


def _stems(folded: str) -> str:
    return " ".join(folding.indexed_stems(folded))
