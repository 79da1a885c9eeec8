r"""Collects the problems of a run within bounds: counts all, keeps examples, and writes all to disk where asked to.

    tell --Collector--> examples in memory, tallies --> Report
                    \--> Spill on disk, sorted, each problem once --> rejected rows, full CSV, marked spreadsheet

With a folder, memory does not grow with the problems, however many there are. Without
one, each problem costs a number in memory, so that a repeated one is not counted twice.
"""

from __future__ import annotations

import csv
import json
from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from publisher import report_forms, rules, spool
from publisher.namespaces import SHAPES
from publisher.problems import SEVERITIES, Place, Problem, letters, visible
from publisher.report_texts import text
from publisher.reports import Account, Report, RuleText, Tally

Kind = tuple[str, str, str]
"""Rule, severity and file of problems; the file is "" for those beyond the first `_FILES`."""

_Kept = tuple[tuple[object, ...], str, Problem]

_FILES = 10_000
_MESSAGES = 10_000
_SPILL = "problems"


class Collector:
    """Takes problems one by one, in any order.

    What it keeps depends on the problems alone, not on the order in which they
    come: of each rule and file the lowest by `Problem.order`.

    Args:
        examples: How many problems of one rule and file are listed.
        folder: An existing folder for the file of all problems; None = no such file.
        most: How many problems of one rule are listed.
    """

    def __init__(self, examples: int = 1000, folder: Path | None = None, *, most: int = 10_000) -> None:
        """Begin with none."""
        self.spill = None if folder is None else Spill(folder / _SPILL)
        self._keepers: dict[tuple[str, str], _Keeper] = {}
        self._limits = (examples, most)
        self._seen: set[int] = set()
        self._counts: Counter[Kind] = Counter()
        self._files: set[str] = set()

    def add(self, problem: Problem) -> None:
        """Take a problem; the same one again changes nothing."""
        order = problem.order
        if self.spill is not None:
            self.spill.add(problem)
        else:
            known = hash((order, problem.subject))
            if known in self._seen:
                return
            self._seen.add(known)
            self._count(problem.rule, problem.severity, problem.place.file, 1)
        kind = (problem.rule, problem.severity)
        keeper = self._keepers.get(kind)
        if keeper is None:
            keeper = self._keepers[kind] = _Keeper(*self._limits)
        keeper.add((order, problem.subject, problem))

    def close(self) -> None:
        """Close the file of all problems, where a run ends before its report."""
        if self.spill is not None:
            self.spill.close()

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take problems."""
        for problem in problems:
            self.add(problem)

    @property
    def counts(self) -> Counter[Kind]:
        """How many different problems there are of each kind; with a folder this ends the collection.

        Raises:
            ReleaseError: The disk does not take them.
        """
        if self.spill is not None and not self.spill.done:
            for kind, count in self.spill.counts().items():
                self._count(*kind, count)
        return self._counts

    def report(self, *, titles: Mapping[str, Mapping[str, str]] | None = None, **facts: object) -> Report:
        """Return the report of all that was taken.

        Args:
            titles: Names of shapes by language, by shape IRI.
            facts: What else `Report` takes.

        Raises:
            ReleaseError: The disk does not take the problems.
        """
        listed = sorted(
            (kept for keeper in self._keepers.values() for kept in keeper), key=lambda kept: (kept[0], kept[1])
        )
        totals: Counter[tuple[str, str]] = Counter()
        for (rule, severity, _), count in self.counts.items():
            totals[rule, severity] += count
        examples = Counter((problem.rule, problem.severity) for _, _, problem in listed)
        tallies = tuple(Tally(*kind, count, examples[kind]) for kind, count in sorted(totals.items()))
        named = {rule for rule, _ in totals}
        for account in facts.get("accounts", ()):  # type: ignore[attr-defined]
            named |= set(account.rejected)
        problems = tuple(problem for _, _, problem in listed)
        return Report(problems, tallies=tallies, texts=rule_texts(named, titles or {}), **facts)  # type: ignore[arg-type]

    def _count(self, rule: str, severity: str, file: str, count: int) -> None:
        if file not in self._files:
            if len(self._files) >= _FILES:
                file = ""
            else:
                self._files.add(file)
        self._counts[rule, severity, file] += count


class _Keeper:
    """Keeps the lowest problems of one rule: so many a file, so many in all."""

    def __init__(self, examples: int, most: int) -> None:
        self.examples = examples
        self.most = most
        self.size = 0
        self.names: list[str] = []
        self.files: dict[str, list[_Kept]] = {}

    def __iter__(self) -> Iterator[_Kept]:
        for name in self.names:
            yield from self.files[name]

    def add(self, kept: _Kept) -> None:
        """Keep a problem if it is among the lowest, and drop the one that it drives out."""
        name = kept[2].place.file
        file = self.files.get(name)
        if file is None:
            if self.size >= self.most and self.names and name > self.names[-1]:
                return
            file = self.files[name] = []
            insort(self.names, name)
        elif len(file) >= self.examples and _rank(kept) >= _rank(file[-1]):
            return
        at = bisect_right(file, _rank(kept), key=_rank)
        if at and _rank(file[at - 1]) == _rank(kept):
            return
        file.insert(at, kept)
        self.size += 1
        if len(file) > self.examples:
            file.pop()
            self.size -= 1
        if self.size > self.most:
            last = self.names[-1]
            self.files[last].pop()
            self.size -= 1
            if not self.files[last]:
                del self.files[last]
                self.names.pop()


def _rank(kept: _Kept) -> tuple[tuple[object, ...], str]:
    return kept[0], kept[1]


class Spill:
    """All problems of a run on disk, a JSON line each behind a key; read back in order, each once.

    Args:
        path: The file to write; its sorted form gets the suffix `.sorted`.
    """

    def __init__(self, path: Path) -> None:
        """Begin with none."""
        self._spool = spool.Spool(path)
        self._sorted: Path | None = None
        self._messages: dict[tuple[tuple[str, str], ...], int] = {}

    @property
    def done(self) -> bool:
        """Whether no problem can be added any more."""
        return self._sorted is not None

    def close(self) -> None:
        """Close the file that is written."""
        self._spool.close()

    def add(self, problem: Problem) -> None:
        """Write a problem."""
        if self.done:
            raise ValueError("the problems are read already; none can be added")
        place = problem.place
        gravity = SEVERITIES.index(problem.severity)
        key = (
            f"{visible(place.file)}\x1f{place.line:010d}\x1f{place.column:06d}\x1f{gravity}\x1f{visible(problem.rule)}"
        )
        said = tuple(problem.messages.items())
        # Most messages stand many times: each is kept once, while there are not too many of them.
        number = self._messages.get(said)
        if number is None and len(self._messages) < _MESSAGES:
            number = self._messages[said] = len(self._messages)
        messages = dict(said) if number is None else number
        payload = [problem.value, place.path, problem.subject, place.file, place.table, problem.rule, messages]
        self._spool.write(key, json.dumps(payload))

    def counts(self) -> Counter[Kind]:
        """Count the different problems by rule, severity and file.

        Raises:
            ReleaseError: The disk does not take them.
        """
        return Counter((problem.rule, problem.severity, problem.place.file) for problem in self.problems())

    def problems(self, file: str | None = None) -> Iterator[Problem]:
        """Yield all problems by file, line, column, gravity and rule, each once; of one file where it is named.

        Raises:
            ReleaseError: The disk does not take them.
        """
        if self._sorted is None:
            self._sorted = self._spool.sorted()
            self._spool.path.unlink()
        begin = "" if file is None else f"{visible(file)}\x1f"
        messages = [dict(said) for said in self._messages]
        last = None
        with self._sorted.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                if not line.startswith(begin):
                    continue
                problem = _problem(line, messages)
                identity = (problem.order, problem.subject)
                if identity != last and file in (None, problem.place.file):
                    last = identity
                    yield problem


def _problem(line: str, messages: list[dict[str, str]]) -> Problem:
    key, _, payload = line.partition("\t")
    _, row, column, gravity, _ = key.split("\x1f")
    value, path, subject, file, table, rule, said = json.loads(payload)
    place = Place(file, int(row), int(column), path, table)
    told = messages[said] if isinstance(said, int) else said
    return Problem(place, rule, SEVERITIES[int(gravity)], told, value, subject)


def rule_texts(named: Iterable[str], titles: Mapping[str, Mapping[str, str]]) -> dict[str, RuleText]:
    """Return what rules say of themselves: those of `publisher.rules`, and shapes by their names.

    A shape of a property is called after its class too: `Benefit-title` is “Benefit: title”.

    Args:
        named: The rules, short names or IRIs.
        titles: Names of shapes by language, by shape IRI.
    """
    known = rules.load()
    texts = {}
    for name in named:
        if name in known:
            rule = known[name]
            texts[name] = RuleText(rule.title, _fixed(rule.mend), _fixed(rule.message))
        elif name in titles:
            owner = titles.get(f"{SHAPES}#{name.rpartition('#')[2].partition('-')[0]}Shape", {})
            texts[name] = RuleText({lang: _of(owner.get(lang, ""), title) for lang, title in titles[name].items()})
    return texts


def _of(owner: str, title: str) -> str:
    """Return the name of a property's shape behind that of its class, unless it stands there already."""
    known = not owner or title == owner or title.casefold().startswith(f"{owner.casefold()}: ")
    said = title if known else f"{owner}: {title}"
    return said[:1].upper() + said[1:]


def _fixed(texts: Mapping[str, str]) -> dict[str, str]:
    """Return a text where it says the same of every fault; nothing where it tells of the single one."""
    try:
        return {language: told.format() for language, told in texts.items()}
    except (KeyError, IndexError):
        return {}


def write_csv(report: Report, spill: Spill, target: Path, language: str = "en") -> None:
    """Write the table of all problems, not of the report's examples only."""
    with target.open("w", encoding="utf-8", errors="backslashreplace", newline="") as out:
        report_forms.write_csv(report, spill.problems(), language, out)


def rejected_rows(spill: Spill, target: Path, accounts: Collection[Account], language: str = "en") -> int:
    """Write why each rejected row is not published: a CSV table with a BOM, in the order of the files.

    No cell of the lists stands in it, and nothing that a spreadsheet would run.

    Args:
        spill: All problems.
        target: The file.
        accounts: What became of the rows: they tell which rules reject a row.
        language: Of headings and messages.

    Returns:
        How many problems it tells.
    """
    rejecting = {(account.source, rule) for account in accounts for rule, count in account.rejected.items() if count}
    headings = ("file", "row.heading", "column.heading", "rule", "wrong")
    written = 0
    with target.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([text(heading, language) for heading in headings])
        for problem in spill.problems():
            place = problem.place
            if (place.file, problem.rule) in rejecting:
                column = " ".join(part for part in (letters(place.column), place.path) if part)
                row = [place.file, place.line or "", column, problem.rule, problem.message(language)]
                writer.writerow(report_forms.safe(row))
                written += 1
    return written
