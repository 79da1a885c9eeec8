"""Reads lists row by row and gathers what belongs to one operation, on disk: memory does not grow with the rows.

    tables --RowMapper--> rows --Spool, sorted by key--> rows of one operation, from all lists --> Operation

The key of an operation is its code within its scope (`iris`). Where a list has no code it is a hash of the fields that
`identity.mint` names, the same whatever the order of the rows; alike rows of such a list are numbered (`K`, `K-2`, …)
by what they say, then by their row.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import pickle
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Dictionary
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from publisher import iris, rules, spool
from publisher.errors import InputError, MappingError
from publisher.lists import operation, quality
from publisher.lists.mapper import RowMapper
from publisher.lists.mapping_file import Mapping
from publisher.lists.operation import Operation, RowRecord, Told
from publisher.lists.shared import ListFacts
from publisher.lists.sources import ListSource
from publisher.reports import WARNING, Place, Problem
from publisher.spool import Spool
from publisher.tables.model import Limits, Rejected, Row, Skipped

_CODE = re.compile(r"\S{1,200}\Z")
_SAID_EVERY = 20_000

Tell = Callable[[Problem], None]


@dataclass
class Count:
    """What became of the rows of one file; `rows` = published + merged + rejected, once all is gathered."""

    source: str
    rows: int = 0
    published: int = 0
    merged: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    repaired: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Places:
    """Leads rows and columns of a list back to its files; small enough to hand to every process.

    Args:
        files: What the files are called.
        columns: Names of their columns.
        offsets: How many columns of the sheet stand before the first of the table.
    """

    files: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    offsets: tuple[int, ...]

    def place(self, row: RowRecord, column: int | None = None) -> Place:
        """Return the place of a row or of a cell in it."""
        if column is None or column < 0:
            return Place(self.files[row.file], row.number)
        return Place(
            self.files[row.file], row.number, column + 1 + self.offsets[row.file], self.columns[row.file][column]
        )


@dataclass(frozen=True)
class Gathered:
    """What was read of all lists.

    Args:
        sorted: The rows, sorted by operation.
        operations: How many operations there are at most: distinct keys.
        facts: What statements need to know, by list.
        places: Where rows stand, by list.
        counts: What became of the rows, by (list, file).
        identity: How rows make operations, by list.
        met: The keys among those that decisions name that rows have.
    """

    sorted: Path
    operations: int
    facts: tuple[ListFacts, ...]
    places: tuple[Places, ...]
    counts: dict[tuple[int, int], Count]
    identity: tuple[str, ...]
    met: frozenset[str]


class Keys:
    """Makes the keys of operations.

    Args:
        main_scope: The scope whose codes stand alone.
        same: A person's decisions: key of a project → key of the one that it is.
        asked: The keys that decisions name.
    """

    def __init__(self, main_scope: str, same: Dictionary[str, str], asked: frozenset[str] = frozenset()) -> None:
        """Remember the decisions."""
        self.main_scope = main_scope
        self.same = same
        self.asked = asked
        self.met: set[str] = set()

    def key(self, code: str, scope: str) -> str:
        """Return the key of a code in a scope."""
        made = iris.key(code) if scope == self.main_scope else iris.key(scope, code)
        if made in self.asked:
            self.met.add(made)
        return self.same.get(made, made)

    @staticmethod
    def mint(mapping: Mapping, row: RowRecord) -> str:
        """Return the code that stands for the identifying content of a row."""
        lines = {line.key: f"{line.amount:f} {line.currency}" for line in row.lines}
        parts = []
        for name in mapping.identity.mint:
            told = [str(datum.value) for datum in row.values.get(name, ())]
            told += [lines[key] for key in (name, name.replace("_", "-")) if key in lines][:1]
            parts.append("\x1e".join(" ".join(text.split()).casefold() for text in told))
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def gather(
    sources: Sequence[ListSource],
    keys: Keys,
    workdir: Path,
    limits: Limits,
    tell: Tell,
    progress: Callable[[str], None],
    *,
    processes: int = 1,
) -> Gathered:
    """Read all lists.

    Args:
        sources: The lists, the preferred first.
        keys: Makes the keys.
        workdir: An empty folder.
        limits: What no file passes.
        tell: Takes each problem.
        progress: Told what goes on, a line at a time.
        processes: How many files are read at once, each in a process of its own.

    Raises:
        InputError: A file cannot be read at all, or not one of its rows can be used.
        MappingError: A mapping does not go with its file.
    """
    work = _Work(tuple(sources), keys, workdir, limits)
    files = [(number, index) for number, source in enumerate(sources) for index in range(len(source.files))]
    read: dict[tuple[int, int], _Read] = {}
    if processes > 1 and len(files) > 1:
        # Spawned, not forked: the libraries below may hold threads.
        with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin, (work,)) as pool:
            waiting = {where: pool.submit(_apart, *where) for where in files}
            for where, future in waiting.items():
                progress(f"reading {sources[where[0]].files[where[1]].name}")
                read[where], problems = future.result()
                for problem in _unpickled(problems):
                    tell(problem)
    else:
        for where in files:
            progress(f"reading {sources[where[0]].files[where[1]].name}")
            read[where] = work.read(*where, tell, progress)
    progress("sorting the rows")
    target = workdir / "rows.sorted"
    spool.sort([entry.rows for entry in read.values()], target)
    for entry in read.values():
        entry.rows.unlink()
    distinct = _distinct(target)
    counts = {where: entry.count for where, entry in read.items()}
    if not distinct:
        names = ", ".join(file.name for source in sources for file in source.files)
        said = "; ".join(f"{rule} ({count})" for total in counts.values() for rule, count in total.rejected.items())
        raise InputError(f"{names}: no row can be published: {said or 'there are no rows'}")
    facts, places = [], []
    for number, source in enumerate(sources):
        columns = tuple(read[number, index].columns for index in range(len(source.files)))
        short = [file.path.name for file in source.files]
        names_in_rows = [file.name if short.count(file.path.name) > 1 else file.path.name for file in source.files]
        facts.append(ListFacts(source.mapping, columns, tuple(names_in_rows)))
        offsets = tuple(read[number, index].offset for index in range(len(source.files)))
        places.append(Places(tuple(file.name for file in source.files), columns, offsets))
    identity = tuple(source.mapping.identity.rows for source in sources)
    met = frozenset(key for entry in read.values() for key in entry.met)
    return Gathered(target, distinct, tuple(facts), tuple(places), counts, identity, met)


def _distinct(target: Path) -> int:
    """Count the keys of a sorted spool."""
    distinct, last = 0, None
    with target.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            key = line.partition("\t")[0]
            distinct += key != last
            last = key
    return distinct


@dataclass(frozen=True)
class _Read:
    """What was read of one file: the spool of its rows, its columns, what became of the rows, and the keys met."""

    rows: Path
    columns: tuple[str, ...]
    offset: int
    count: Count
    met: frozenset[str]


@dataclass(frozen=True)
class _Work:
    """What reading needs to know; small enough to hand to every process."""

    sources: tuple[ListSource, ...]
    keys: Keys
    workdir: Path
    limits: Limits

    def read(self, number: int, index: int, tell: Tell, progress: Callable[[str], None]) -> _Read:
        """Read one file of one list."""
        folder = self.workdir / f"file-{number}-{index}"
        folder.mkdir()
        with Spool(self.workdir / f"rows-{number}-{index}") as rows:
            reader = _Reader(number, index, self.sources[number], self.keys, rows, tell)
            try:
                columns, offset = reader.read(self.limits, folder, progress)
            except MappingError as error:
                raise MappingError(f"{self.sources[number].name}: {error}") from error
        shutil.rmtree(folder)
        return _Read(rows.path, columns, offset, reader.count, frozenset(self.keys.met))


_work: _Work | None = None


def _begin(work: _Work) -> None:
    """Set up a process of the pool."""
    global _work  # a pool hands nothing to its functions but their arguments
    _work = work


def _apart(number: int, index: int) -> tuple[_Read, Path]:
    """Read one file in a process of the pool; its problems go through a file, however many they are."""
    assert _work is not None  # noqa: S101
    target = _work.workdir / f"problems-{number}-{index}"
    with target.open("wb") as out:
        read = _work.read(number, index, lambda problem: pickle.dump(problem, out), lambda _: None)
    return read, target


def _unpickled(path: Path) -> Iterator[Problem]:
    """Yield the problems that a process of ours wrote, and remove their file."""
    with path.open("rb") as entries:
        while entries.peek(1):
            yield pickle.load(entries)  # noqa: S301  # our own process wrote it, in our own folder
    path.unlink()


class _Reader:
    """Reads one file of one list to a spool."""

    def __init__(self, number: int, index: int, source: ListSource, keys: Keys, rows: Spool, tell: Tell) -> None:
        self.number = number
        self.index = index
        self.source = source
        self.mapping = source.mapping
        self.keys = keys
        self.spool = rows
        self.tell = tell
        self.count = Count(source.files[index].name)

    def read(self, limits: Limits, folder: Path, progress: Callable[[str], None]) -> tuple[tuple[str, ...], int]:
        """Read the file; return the names of its columns, and how many of the sheet stand before them."""
        table = self.source.open(self.index, limits)
        mapper = RowMapper(table, self.mapping)
        for column in mapper.contact_columns:
            self.tell(rules.problem(table.place(0, column.index), "privacy/contact-column"))
        for column in mapper.unmapped():
            self.tell(rules.problem(table.place(0, column.index), "lists/column-unmapped"))
        watch = quality.Watch(table.place, folder)
        count = self.count
        for entry in table.entries():
            if isinstance(entry, Skipped):
                count.skipped[entry.reason] += 1
                continue
            count.rows += 1
            if isinstance(entry, Rejected):
                self._reject(entry.problem.rule, replace(entry.problem, severity=WARNING))
                continue
            if count.rows % _SAID_EVERY == 0:
                progress(f"reading {table.source}: {count.rows} rows")
            for repair in entry.repairs:
                count.repaired[repair.rule] += 1
            self._row(entry, mapper, watch)
        count.withheld = mapper.withheld
        for problem in watch.finish():
            self.tell(problem)
        return tuple(column.name for column in table.columns), table.place(0, 0).column - 1

    def _reject(self, reason: str, problem: Problem) -> None:
        self.count.rejected[reason] += 1
        self.tell(problem)

    def _row(self, row: Row, mapper: RowMapper, watch: quality.Watch) -> None:
        mapped = mapper.map(row)
        for problem in mapped.problems:
            self.tell(problem)
        record = mapped.record
        if record is None:
            self.count.rejected[mapped.reason] += 1
            return
        record.file = self.index
        scope = str(record.one("code_scope") or self.mapping.portfolio.code_scope)
        code = str(record.one("code") or "")
        if code and not _CODE.match(code):
            problem = rules.problem(
                mapper.table.place(row.number, record.values["code"][0].column), "lists/code-form", code
            )
            self._reject("lists/code-form", problem)
            return
        code = code or self.keys.mint(self.mapping, record)
        key = self.keys.key(code, scope)
        for problem in watch.see(record, key):
            self.tell(problem)
        if self.mapping.identity.rows == "operations":
            order = hashlib.sha256(record.content().encode()).hexdigest()[:12]
        else:
            order = ""
        self.spool.write(
            key,
            f"{self.number:03d}{order}{self.index:04d}{row.number:010d}\t{operation.dump(self.number, code, record)}",
        )


# -- from the sorted rows to operations


@dataclass
class Grouping:
    """Makes operations of rows of one key, and counts what became of each row.

    Args:
        identity: How rows make operations, by list.
        places: Where rows stand, by list.
        counts: (published, merged, rejected rules) are added here, by (list, file).
        problems: What is wrong with rows of one key.
    """

    identity: tuple[str, ...]
    places: tuple[Places, ...]
    counts: dict[tuple[int, int], Count] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def operations(self, key: str, payloads: Iterable[str]) -> Iterator[Operation]:
        """Yield the operations of one key: one, or several where alike rows are operations of their own."""
        first_code = ""
        told: list[Told] = []
        numbered: list[list[Told]] = []
        for source, code, row in (operation.load(payload.partition("\t")[2]) for payload in payloads):
            first_code = first_code or code
            if self.identity[source] == "operations":
                ordinal = sum(1 for group in numbered if any(entry.source == source for entry in group))
                if ordinal == len(numbered):
                    numbered.append([])
                numbered[ordinal].append(Told(source, [row]))
                self._count(source, row).published += 1
            elif told and told[-1].source == source:
                self._further(told[-1], row)
            else:
                told.append(Told(source, [row]))
                self._count(source, row).published += 1
        if told and numbered:
            numbered[0] = [*told, *numbered[0]]
        for ordinal, group in enumerate(numbered or [told], 1):
            suffix = f"-{ordinal}" if ordinal > 1 else ""
            yield Operation(f"{key}{suffix}", f"{first_code}{suffix}", group)

    def _count(self, source: int, row: RowRecord) -> Count:
        where = (source, row.file)
        if where not in self.counts:
            self.counts[where] = Count(self.places[source].files[row.file])
        return self.counts[where]

    def _further(self, told: Told, row: RowRecord) -> None:
        """Take a further row of one list's operation."""
        count = self._count(told.source, row)
        places = self.places[told.source]
        if self.identity[told.source] == "parts":
            told.rows.append(row)
            count.merged += 1
            self._disagreements(told, row, places)
            return
        first = told.rows[0]
        where = str(places.place(first))
        if row.content() == first.content():
            count.merged += 1
            self.problems.append(rules.problem(places.place(row), "lists/repeated-row", first=where))
        else:
            count.rejected["lists/duplicate-code"] += 1
            self.problems.append(rules.problem(places.place(row), "lists/duplicate-code", first=where))

    def _disagreements(self, told: Told, row: RowRecord, places: Places) -> None:
        first = told.rows[0]
        for name in ("title", "summary", "start", "end"):
            ours, theirs = row.one(name), first.one(name)
            if ours is not None and theirs is not None and ours != theirs:
                place = places.place(row, row.values[name][0].column)
                self.problems.append(rules.problem(place, "lists/parts-disagree", field=name, first=first.number))
