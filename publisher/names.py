"""The names of a release's projects, organisations, target groups and places, made to be found by: `names.sqlite`.

Made at build from the sorted statements as a stream, read by the
reconciliation service. Nothing is in it that is not in the statements: it is an
index. Per kind there are two full-text indexes, one of words and their beginnings,
one of runs of three characters, and how frequent each entry is: a look-up takes the
rarest ones first and so costs about the same at a hundred projects and at a hundred thousand.

The same statements give the same bytes (with the same SQLite).
"""

# ruff: noqa: S608  # values are bound; what is put into statements are numbers, marks and names of tables of ours

from __future__ import annotations

import heapq
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from math import log
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import NamedTuple

from publisher import folding, iris
from publisher.errors import QueryTimeoutError, ReleaseError
from publisher.masters import Master, Statement
from publisher.namespaces import dct, foaf, org, pf, rdfs, skos

FILE = "names.sqlite"
_FORM = 2
"""What the file's `user_version` is: another one was written by another version of the program."""

KINDS: dict[str, tuple[str, ...]] = {
    "project": (pf.Project,),
    "organisation": (org.Organization, org.OrganizationalCollaboration, pf.Funder, pf.Collective, foaf.Organization),
    "target-group": (pf.TargetGroup,),
    "place": (dct.Location,),
}
"""What can be found, and the classes whose instances it is; an instance of two kinds is of the first."""

_NUMBERS = {kind: number for number, kind in enumerate(KINDS, 1)}
_KIND = {number: kind for kind, number in _NUMBERS.items()}

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
_PROPERTY = {name: number for number, name in enumerate((*FACTS, YEAR), 1)}
_YEARS = (pf.startYear, pf.endYear)
_MOST_YEARS = 100

_BRACKETS = re.compile(r"\(([^()]+)\)")
_HAVING = "SELECT thing FROM fact WHERE property = ? AND value IN ({})"
_ROWS = 2000
"""Rows of an index that a look-up reads at most for one kind of entry."""
_FOUND = 120
"""Names that a look-up hands on to be compared."""
NAMESAKES = 500
"""Names that `Names.called` returns at most: where it returns as many, there may be more."""
_COUNTED = 50_000
"""Rows that are counted at most, to begin with the property that fewest things have."""
_STEPS = 10_000
"""Steps of SQLite's machine between two looks at the clock: less than a millisecond."""
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


# --- making it -------------------------------------------------------------------------------------------------------


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
        execute(f"PRAGMA user_version = {_FORM}")
        execute("PRAGMA journal_mode = OFF")
        execute("PRAGMA synchronous = OFF")
        execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        self.database.create_function("stems", 1, folding.stems, deterministic=True)
        self.database.executescript(_TABLES + "".join(_OF_KIND.format(n=n) for n in _KIND))
        execute("BEGIN")
        for kind in KINDS:
            self._write("INSERT INTO thing(iri, kind, note) VALUES(?, ?, ?)", self._things(kind))
        execute("CREATE INDEX thing_iri ON thing(iri)")
        for kind in KINDS:
            self._describe(kind)
        execute("COMMIT")
        self.database.executescript(f"BEGIN; {_INDEXES} {''.join(_FILL.format(n=n) for n in _KIND)} COMMIT;")

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
            yield iri, _NUMBERS[kind], ""

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
            if of_kind != _NUMBERS[kind]:  # of an earlier kind as well
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
        facts = {(_PROPERTY[name], self.thing(value)) for name, value in self._values(told)}
        if years and max(years) - min(years) < _MOST_YEARS:
            facts |= {(_PROPERTY[YEAR], year) for year in range(min(years), max(years) + 1)}
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


# --- reading it ------------------------------------------------------------------------------------------------------


class Name(NamedTuple):
    """A name as it was found: the number of its thing, role, language, text and folded form."""

    thing: int
    role: int
    language: str
    text: str
    folded: str


class Thing(NamedTuple):
    """What a name leads to: IRI, kind ("" for what is a value only), and what tells namesakes apart."""

    iri: str
    kind: str
    note: str


class Names:
    """The names of one release. A context manager: leaving it closes the file.

    Args:
        path: The file.

    Raises:
        ReleaseError: There is no such file, or it is none of this version.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, to be read only."""
        try:
            self._database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        except sqlite3.Error as error:
            raise ReleaseError(f"{path}: the names cannot be read: {error}; build the release again") from error
        try:
            [form] = self._database.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as error:
            self._database.close()
            raise ReleaseError(f"{path}: the names cannot be read: {error}; build the release again") from error
        if form != _FORM:
            self._database.close()
            raise ReleaseError(f"{path}: the names are of another version; build the release again")

    def __enter__(self) -> Names:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def until(self, moment: float) -> Iterator[None]:
        """Give up looking when it is later than a moment of `time.monotonic`.

        Raises:
            QueryTimeoutError: It was.
        """
        self._database.set_progress_handler(lambda: int(monotonic() > moment), _STEPS)
        try:
            yield
        except sqlite3.OperationalError as error:
            if monotonic() <= moment:
                raise
            raise QueryTimeoutError("this takes too long; ask for less at once") from error
        finally:
            self._database.set_progress_handler(None, 0)

    def _rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        return self._database.execute(statement, values).fetchall()

    def _numbers(self, statement: str, *values: object) -> list[int]:
        return [row[0] for row in self._database.execute(statement, values)]

    # --- things ---

    def thing(self, number: int) -> Thing:
        """Return a thing by its number."""
        iri, kind, note = self._database.execute("SELECT iri, kind, note FROM thing WHERE id = ?", (number,)).fetchone()
        return Thing(iri, _KIND.get(kind, ""), note)

    def things(self, numbers: Sequence[int]) -> dict[int, Thing]:
        """Return things by their numbers."""
        rows = self._database.execute(
            f"SELECT id, iri, kind, note FROM thing WHERE id IN ({_marks(numbers)})",
            tuple(numbers),
        )
        return {row[0]: Thing(row[1], _KIND.get(row[2], ""), row[3]) for row in rows}

    def number(self, iri: str) -> int | None:
        """Return the number of a thing by its IRI, or None."""
        found = self._numbers("SELECT id FROM thing WHERE iri = ?", iri)
        return found[0] if found else None

    def names(self, things: Sequence[int]) -> dict[int, list[Name]]:
        """Return the names of things, those that we made left out, what a thing is called first."""
        found: dict[int, list[Name]] = {number: [] for number in things}
        for row in self._database.execute(
            "SELECT thing, role, lang, text, folded FROM name "
            f"WHERE thing IN ({_marks(things)}) AND role < {INITIALS} ORDER BY role, id",
            tuple(things),
        ):
            found[row[0]].append(Name(*row))
        return found

    def of_kinds(self, things: Iterable[int], kinds: Iterable[str]) -> list[int]:
        """Return those of the things that are of the kinds, in their order."""
        wanted = sorted(set(things))
        known = set(
            self._numbers(
                f"SELECT id FROM thing WHERE id IN ({_marks(wanted)}) AND kind IN ({_numbers(kinds)})",
                *wanted,
            )
        )
        return [number for number in wanted if number in known]

    # --- candidates ---

    def identified(self, codes: Iterable[str]) -> list[int]:
        """Return the things that have one of the identifiers, as `folding.codes_asked` writes them."""
        wanted = sorted(set(codes))
        return self._numbers(
            f"SELECT DISTINCT thing FROM identifier WHERE code IN ({_marks(wanted)}) LIMIT {_ROWS}",
            *wanted,
        )

    def called(self, folded: str, kinds: Iterable[str], asked: Sequence[tuple[str, Sequence[int]]] = ()) -> list[Name]:
        """Return the names that are equal to a folded one, or are so without the legal form; `NAMESAKES` at most.

        Args:
            folded: The name.
            kinds: Of which kinds.
            asked: Properties and values: things that tell another value, and none of these, are left out; those that
                tell one of these come first.
        """
        also, having = "", []
        folds = (folded, folding.fingerprint(folding.core(folded)))
        bound: list[object] = []
        for prop, values in asked:
            having.append(f"EXISTS ({_HAVING.format(_marks(values))} AND thing = n.thing)")
            also += f" AND ({having[-1]} OR NOT EXISTS (SELECT 1 FROM told WHERE thing = n.thing AND property = ?))"
            bound += [_PROPERTY[prop], *values, _PROPERTY[prop]]
        order = f"ORDER BY {' + '.join(having)} DESC" if having else ""
        first = [number for prop, values in asked for number in (_PROPERTY[prop], *values)]
        return [
            Name(*row)
            for row in self._database.execute(
                "SELECT n.thing, n.role, n.lang, n.text, n.folded FROM name n JOIN thing t ON t.id = n.thing "
                f"WHERE (n.folded = ? OR n.core = ?) AND t.kind IN ({_numbers(kinds)}){also} "
                f"{order} LIMIT {NAMESAKES}",
                (*folds, *bound, *first),
            )
        ]

    def alike(self, folded: str, kinds: Iterable[str], *, runs: bool) -> list[Name]:
        """Return the names that share most with a folded one, by words and their beginnings or by runs of characters.

        Args:
            folded: What is looked for.
            kinds: Of which kinds.
            runs: Whether runs of three characters are compared: slower, finds what is misspelt or inside a compound.
        """
        weights: dict[int, float] = {}
        for kind in kinds:
            number = _NUMBERS[kind]
            if runs:
                self._collect(weights, f"runs_{number}", number, {"run": folding.trigrams(folded)})
            else:
                words = list(dict.fromkeys(folded.split()))
                parts = {"word": words, "stem": list(dict.fromkeys(word[: folding.STEM] for word in words))}
                self._collect(weights, f"words_{number}", number, parts)
        return self._by_number(heapq.nlargest(_FOUND, weights, key=weights.__getitem__))

    def _collect(self, weights: dict[int, float], table: str, number: int, parts: dict[str, list[str]]) -> None:
        """Add up what names share with entries, the rarest entries first, until enough rows are read."""
        for part, entries in parts.items():
            if not entries:
                continue
            ranked = self._rows(
                f"SELECT names, entry FROM frequency_{number} WHERE part = ? AND entry IN ({_marks(entries)}) "
                "ORDER BY names, entry",
                part,
                *entries,
            )
            read = 0
            for names, entry in ranked:
                rare = read + int(str(names)) <= _ROWS
                if not rare:
                    break
                read += int(str(names))
                column = "" if part == "run" else f"{part} : "
                weight = log(1_000_000 / int(str(names))) * (0.6 if part == "stem" else 1)
                for found in self._numbers(
                    f"SELECT rowid FROM {table} WHERE {table} MATCH ?",
                    f'{column}"{entry}"',
                ):
                    weights[found] = weights.get(found, 0.0) + weight
            if not read and ranked:
                # Only frequent entries: names that have the rarest ones all.
                column = "" if part == "run" else f"{part} : "
                together = " AND ".join(f'{column}"{entry}"' for _, entry in ranked[:6])
                for found in self._numbers(
                    f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT {_ROWS}",
                    together,
                ):
                    weights[found] = weights.get(found, 0.0) + len(ranked)

    def _by_number(self, numbers: Sequence[int]) -> list[Name]:
        return [
            Name(*row)
            for row in self._database.execute(
                f"SELECT thing, role, lang, text, folded FROM name WHERE id IN ({_marks(numbers)}) ORDER BY id",
                tuple(numbers),
            )
        ]

    def beginning(self, folded: str, kinds: Sequence[str], limit: int) -> Iterator[int]:
        """Yield the things whose names begin so, by name, then those with a word that does; some more than once."""
        wanted = _numbers(kinds)
        yield from self._numbers(
            "SELECT n.thing FROM name n JOIN thing t ON t.id = n.thing WHERE n.folded >= ? AND n.folded < ? "
            f"AND t.kind IN ({wanted}) ORDER BY n.folded, n.id LIMIT {int(limit)}",
            folded,
            folded + "\U0010ffff",
        )
        words = folded.split()
        if not words or (len(words) == 1 and len(words[0]) < 2):
            return
        asked = " AND ".join(f'word : "{word}"' for word in words[:-1]) + (" AND " if words[1:] else "")
        for kind in kinds:
            table = f"words_{_NUMBERS[kind]}"
            yield from self._numbers(
                f"SELECT n.thing FROM (SELECT rowid AS id FROM {table} WHERE {table} MATCH ? LIMIT {_ROWS}) w "
                f"JOIN name n ON n.id = w.id ORDER BY n.folded, n.id LIMIT {int(limit)}",
                f'{asked}word : "{words[-1]}" *',
            )

    # --- facts ---

    def with_values(self, asked: Sequence[tuple[str, Sequence[int]]], kinds: Iterable[str]) -> list[int]:
        """Return the things that have one of the values of each property, at most some thousand."""
        if not asked or not all(values for _, values in asked):
            return []
        counted = [
            (self._numbers(f"SELECT count(*) FROM ({having} LIMIT {_COUNTED})", _PROPERTY[p], *v)[0], p, v)
            for p, v in asked
            for having in [_HAVING.format(_marks(v))]
        ]
        (_, first, values), *others = sorted(counted, key=lambda entry: entry[0])
        bound: list[object] = [_PROPERTY[first], *values]
        also = ""
        for _, prop, more in others:
            also += f" AND EXISTS ({_HAVING.format(_marks(more))} AND thing = f.thing)"
            bound += [_PROPERTY[prop], *more]
        return self._numbers(
            "SELECT DISTINCT f.thing FROM fact f JOIN thing t ON t.id = f.thing WHERE f.property = ? "
            f"AND f.value IN ({_marks(values)}) AND t.kind IN ({_numbers(kinds)}){also} LIMIT {_ROWS}",
            *bound,
        )

    def have(self, things: Sequence[int], prop: str, values: Sequence[int]) -> tuple[set[int], set[int]]:
        """Return which of the things have one of the values of a property, and which have any value of it."""
        having = self._numbers(
            f"SELECT thing FROM fact WHERE property = ? AND value IN ({_marks(values)}) "
            f"AND thing IN ({_marks(things)})",
            _PROPERTY[prop],
            *values,
            *things,
        )
        any_value = self._numbers(
            f"SELECT thing FROM told WHERE property = ? AND thing IN ({_marks(things)})",
            _PROPERTY[prop],
            *things,
        )
        return set(having), set(any_value)

    def values_called(self, folded: str, codes: Sequence[str]) -> list[int]:
        """Return the things, values without a kind too, that have a name or an identifier."""
        core = folding.fingerprint(folding.core(folded))
        named = self._numbers(
            f"SELECT DISTINCT thing FROM name WHERE folded = ? OR core = ? LIMIT {_ROWS}", folded, core
        )
        return sorted({*named, *self.identified(codes)})[:_FOUND]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _numbers(kinds: Iterable[str]) -> str:
    return ",".join(str(_NUMBERS[kind]) for kind in kinds)
