"""Finds things and names in a release's index of names, and what the index tells of them.

Every look-up reads a bounded number of rows, however large the portfolio is.
"""

# ruff: noqa: S608  # values are bound; what is put into statements are numbers, marks and names of tables of ours

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import log
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from publisher import folding
from publisher.errors import QueryTimeoutError, ReleaseError
from publisher.names import FORM, INITIALS, NUMBERS, PROPERTIES

_KINDS = {number: kind for kind, number in NUMBERS.items()}
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
        if form != FORM:
            self._database.close()
            raise ReleaseError(f"{path}: the names are of another version; build the release again")

    def __enter__(self) -> Names:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def until(self, is_up: Callable[[], bool]) -> Iterator[None]:
        """Give up looking when the time is up.

        Raises:
            QueryTimeoutError: It was.
        """
        self._database.set_progress_handler(lambda: int(is_up()), _STEPS)
        try:
            yield
        except sqlite3.OperationalError as error:
            if not is_up():
                raise
            raise QueryTimeoutError("this takes too long; ask for less at once") from error
        finally:
            self._database.set_progress_handler(None, 0)

    def _numbers(self, statement: str, *values: object) -> list[int]:
        return [row[0] for row in self._database.execute(statement, values)]

    # --- things ---

    def thing(self, number: int) -> Thing:
        """Return a thing by its number."""
        iri, kind, note = self._database.execute("SELECT iri, kind, note FROM thing WHERE id = ?", (number,)).fetchone()
        return Thing(iri, _KINDS.get(kind, ""), note)

    def things(self, numbers: Sequence[int]) -> dict[int, Thing]:
        """Return things by their numbers."""
        rows = self._database.execute(
            f"SELECT id, iri, kind, note FROM thing WHERE id IN ({_marks(numbers)})",
            tuple(numbers),
        )
        return {row[0]: Thing(row[1], _KINDS.get(row[2], ""), row[3]) for row in rows}

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
            bound += [PROPERTIES[prop], *values, PROPERTIES[prop]]
        order = f"ORDER BY {' + '.join(having)} DESC" if having else ""
        first = [number for prop, values in asked for number in (PROPERTIES[prop], *values)]
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
            number = NUMBERS[kind]
            if runs:
                self._collect(weights, f"runs_{number}", number, {"run": folding.trigrams(folded)})
            else:
                words = list(dict.fromkeys(folded.split()))
                parts = {"word": words, "stem": list(dict.fromkeys(folding.indexed_stems(folded)))}
                self._collect(weights, f"words_{number}", number, parts)
        nearest = heapq.nlargest(_FOUND, weights, key=weights.__getitem__)
        return [
            Name(*row)
            for row in self._database.execute(
                f"SELECT thing, role, lang, text, folded FROM name WHERE id IN ({_marks(nearest)}) ORDER BY id", nearest
            )
        ]

    def _collect(self, weights: dict[int, float], table: str, number: int, parts: dict[str, list[str]]) -> None:
        """Add up what names share with entries, the rarest entries first, until enough rows are read."""
        for part, entries in parts.items():
            ranked: list[tuple[int, str]] = self._database.execute(
                f"SELECT names, entry FROM frequency_{number} WHERE part = ? AND entry IN ({_marks(entries)}) "
                "ORDER BY names, entry",
                (part, *entries),
            ).fetchall()
            column = "" if part == "run" else f"{part} : "
            matching = f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT {_ROWS}"
            read = 0
            for names, entry in ranked:
                read += names
                if read > _ROWS:
                    break
                weight = log(1_000_000 / names) * (0.6 if part == "stem" else 1)
                for found in self._numbers(matching, f'{column}"{entry}"'):
                    weights[found] = weights.get(found, 0.0) + weight
            if ranked and ranked[0][0] > _ROWS:
                # Only frequent entries: names that have the rarest ones all.
                together = " AND ".join(f'{column}"{entry}"' for _, entry in ranked[:6])
                for found in self._numbers(matching, together):
                    weights[found] = weights.get(found, 0.0) + len(ranked)

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
            table = f"words_{NUMBERS[kind]}"
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
            (self._numbers(f"SELECT count(*) FROM ({having} LIMIT {_COUNTED})", PROPERTIES[p], *v)[0], p, v)
            for p, v in asked
            for having in [_HAVING.format(_marks(v))]
        ]
        (_, first, values), *others = sorted(counted, key=lambda entry: entry[0])
        bound: list[object] = [PROPERTIES[first], *values]
        also = ""
        for _, prop, more in others:
            also += f" AND EXISTS ({_HAVING.format(_marks(more))} AND thing = f.thing)"
            bound += [PROPERTIES[prop], *more]
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
            PROPERTIES[prop],
            *values,
            *things,
        )
        any_value = self._numbers(
            f"SELECT thing FROM told WHERE property = ? AND thing IN ({_marks(things)})",
            PROPERTIES[prop],
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
    return ",".join(str(NUMBERS[kind]) for kind in kinds)
