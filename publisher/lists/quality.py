"""Checks of a list's quality beyond validity: what is odd, though it may be true. Nothing here blocks a release.

Memory is bounded whatever the number of rows: what needs the whole list is
sorted on disk or counted in bounded tables.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from publisher import rules
from publisher.lists import persons, privacy
from publisher.lists.operation import Line, RowRecord
from publisher.reports import Place, Problem
from publisher.spool import Spool

LONGEST_YEARS = 15
"""An operation that ends more than so many years after its start, or after its programming period, is odd."""

LAST_YEAR = 2100
"""The latest year of an end that is not odd where neither start nor period is known."""

OUTLIER_TIMES = 1000
"""An amount so many times the median of its column is odd, where it also lies far out of its spread."""

OUTLIER_DEVIATIONS = 5.0
"""How many robust standard deviations (1.4826 times the median of deviations) of the logarithm that is."""

RATE_POINTS = Decimal(1)
"""A rate may differ by so many points from what the amounts make it, and amounts by rounding from their parts."""

USUAL_SHARE = 0.9
"""The share of rows that must have one date of last update for it to be the list's."""

_FEWEST = 20
_LARGEST_KEPT = 1000
_DATES_KEPT = 1000
_STEPS = 200
_WHOLE = (("eligible-cost",), ("total-cost",), ("eu", "state", "municipal", "other-public"))

TablePlace = Callable[[int, int | None], Place]


@dataclass
class _Amounts:
    """The amounts of one column and currency: how many of each size (200 sizes to a power of ten), and the largest."""

    sizes: Counter[int] = field(default_factory=Counter)
    largest: list[tuple[Decimal, int, int]] = field(default_factory=list)

    def add(self, amount: Decimal, number: int, column: int) -> None:
        self.sizes[round(math.log10(amount) * _STEPS)] += 1
        entry = (amount, -number, column)
        if len(self.largest) < _LARGEST_KEPT:
            heapq.heappush(self.largest, entry)
        elif entry > self.largest[0]:
            heapq.heapreplace(self.largest, entry)

    def bound(self) -> tuple[float, float] | None:
        """Return the median and the amount from which on one is an outlier; None for too few amounts."""
        if sum(self.sizes.values()) < _FEWEST:
            return None
        middle = _median(self.sizes)
        spread: Counter[int] = Counter()
        for size, count in self.sizes.items():
            spread[abs(size - middle)] += count
        deviation = 1.4826 * _median(spread)
        far = max(math.log10(OUTLIER_TIMES) * _STEPS, OUTLIER_DEVIATIONS * deviation)
        return 10 ** (middle / _STEPS), 10 ** ((middle + far) / _STEPS)


def _median(counts: Counter[int]) -> int:
    half = (sum(counts.values()) + 1) // 2
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= half:
            return value
    raise ValueError("no values")


class Watch:
    """Looks at the operations of one table file, one after another.

    Args:
        table_place: Makes the place of a row, or of a cell in it: (row number, index of the column or None).
        spool_folder: Where to sort; what is written there is deleted by `finish`.
    """

    def __init__(self, table_place: TablePlace, spool_folder: Path) -> None:
        """Begin with nothing seen."""
        self._place = table_place
        self._folder = Path(mkdtemp(dir=spool_folder, prefix="quality-"))
        self._titles = Spool(self._folder / "titles")
        self._names = Spool(self._folder / "names")
        self._name_column: int | None = None
        self._amounts: dict[tuple[str, str], _Amounts] = {}
        self._updates: Counter[date] = Counter()
        self._updated: dict[date, list[tuple[int, int]]] = {}

    def see(self, record: RowRecord | Sequence[RowRecord], key: str) -> Iterator[Problem]:
        """Yield what is odd in one operation, and keep what `finish` needs of it.

        Args:
            record: One row, or all rows of the operation; rows of one operation may also come one by one.
            key: The operation's key.
        """
        for row in [record] if isinstance(record, RowRecord) else record:
            yield from self._lines(row)
            yield from self._rate(row)
            yield from self._end(row)
            self._keep(row, key)

    def finish(self) -> Iterator[Problem]:
        """Yield what is odd in the list as a whole, then delete what was kept."""
        try:
            yield from self._identical_titles()
            yield from self._outliers()
            yield from self._updates_ahead()
            yield from self._several_names()
        finally:
            for spool in (self._titles, self._names):
                spool.__exit__(None, None, None)
            rmtree(self._folder, ignore_errors=True)

    def _at(self, row: RowRecord, column: int) -> Place:
        return self._place(row.number, None if column < 0 else column)

    def _lines(self, row: RowRecord) -> Iterator[Problem]:
        for line in row.lines:
            if line.amount < 0:
                yield rules.problem(self._at(row, line.column), "quality/negative-amount", line.amount)
            elif not line.amount:
                # Nothing paid yet is how every operation begins.
                if line.stage != "paid":
                    yield rules.problem(self._at(row, line.column), "quality/zero-amount", line.amount)
            else:
                group = (line.key, line.currency)
                if group not in self._amounts:
                    self._amounts[group] = _Amounts()
                self._amounts[group].add(line.amount, row.number, line.column)
        if len(row.lines) < 2:
            return
        for whole in row.lines:
            for part in row.lines:
                if _contains(whole, part) and whole.amount + 1 < part.amount:
                    place = self._at(row, whole.column)
                    named = self._at(row, part.column).path or part.key
                    yield rules.problem(place, "quality/total-below-part", whole.amount, part=named)

    def _rate(self, row: RowRecord) -> Iterator[Problem]:
        told = row.values.get("cofinancing_rate")
        if not told or not isinstance(told[0].value, Decimal):
            return
        rate = told[0].value
        for eu in row.lines:
            if eu.sources != ("eu",) or eu.amount <= 0:
                continue
            computed = [
                eu.amount * 100 / line.amount
                for line in row.lines
                if line.sources in _WHOLE and line.amount > 0 and _same(line, eu)
            ]
            if computed and all(abs(share - rate) > RATE_POINTS for share in computed):
                nearest = min(computed, key=lambda share: abs(share - rate))
                yield rules.problem(
                    self._at(row, told[0].column),
                    "quality/rate-against-amounts",
                    rate,
                    told=f"{rate.normalize():f}",
                    computed=f"{nearest:.1f}",
                )

    def _end(self, row: RowRecord) -> Iterator[Problem]:
        data = row.values.get("end") or row.values.get("end_year")
        year = _year(data[0].value) if data else None
        if not data or year is None:
            return
        start = _year(row.one("start") or row.one("start_year") or row.one("award_year"))
        period = str(row.one("period") or "")
        last = [number for number in (start, _year(period[-4:])) if number]
        if year > (min(last) + LONGEST_YEARS if last else LAST_YEAR):
            place = self._at(row, data[0].column)
            yield rules.problem(place, "quality/end-far-ahead", data[0].value, year=year, years=LONGEST_YEARS)

    def _keep(self, row: RowRecord, key: str) -> None:
        title = row.values.get("title")
        name = row.values.get("beneficiary_name")
        if name and name[0].column >= 0:
            self._name_column = name[0].column
            plain, whole = _name_keys(str(name[0].value))
            self._names.write(plain, whole)
        if title and name and privacy.WITHHELD not in str(title[0].value):
            same = _key(" ".join(str(title[0].value).split()).lower(), _name_keys(str(name[0].value))[1])
            self._titles.write(same, f"{row.number:010d}\t{title[0].column}\t{_key(key)}")
        update = row.values.get("last_update")
        if update and isinstance(update[0].value, date):
            day = update[0].value
            if day in self._updates or len(self._updates) < _DATES_KEPT:
                self._updates[day] += 1
                rows = self._updated.setdefault(day, [])
                if len(rows) < _LARGEST_KEPT:
                    rows.append((row.number, update[0].column))

    def _identical_titles(self) -> Iterator[Problem]:
        for _, payloads in self._titles.groups():
            rows: dict[str, tuple[int, int]] = {}
            for payload in payloads:
                number, column, operation = payload.split("\t")
                if len(rows) < _LARGEST_KEPT:  # so many and more are told as so many
                    rows.setdefault(operation, (int(number), int(column)))
            if len(rows) > 1:
                (first, _), (second, at), *_rest = rows.values()
                place = self._place(second, None if at < 0 else at)
                yield rules.problem(place, "quality/identical-titles", count=len(rows), first=first)

    def _outliers(self) -> Iterator[Problem]:
        for (_, currency), amounts in self._amounts.items():
            bound = amounts.bound()
            if bound is None:
                continue
            for amount, number, column in sorted(amounts.largest, reverse=True):
                if float(amount) <= bound[1]:
                    break
                yield rules.problem(
                    self._place(-number, None if column < 0 else column),
                    "quality/outlier-amount",
                    amount,
                    times=OUTLIER_TIMES,
                    median=f"{bound[0]:.0f}",
                    currency=currency,
                )

    def _updates_ahead(self) -> Iterator[Problem]:
        total = sum(self._updates.values())
        if total < _FEWEST:
            return
        usual, count = self._updates.most_common(1)[0]
        if count < USUAL_SHARE * total:
            return
        for day in sorted(self._updates):
            if day > usual:
                for number, column in self._updated[day]:
                    place = self._place(number, None if column < 0 else column)
                    yield rules.problem(place, "quality/update-ahead", day, date=day, usual=usual)

    def _several_names(self) -> Iterator[Problem]:
        names = 0
        for _, wholes in self._names.groups():
            last = first = ""
            for whole in wholes:
                first = first or whole
                if whole not in (first, last):
                    names += 1
                last = whole
        if names:
            yield rules.problem(self._place(0, self._name_column), "quality/several-names", count=names)


def _same(a: Line, b: Line) -> bool:
    return a.stage == b.stage and a.currency == b.currency


def _contains(whole: Line, part: Line) -> bool:
    """Return whether one amount is by its meaning part of the other."""
    if whole is part or not _same(whole, part) or whole.sources == part.sources:
        return False
    if whole.sources == ("total-cost",):
        return True
    if whole.sources == ("eligible-cost",):
        return part.sources == ("eu",)
    return set(part.sources) < set(whole.sources)


def _year(value: object) -> int | None:
    if isinstance(value, date):
        return value.year
    text = str(value or "")[:4]
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else None


def _key(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


@lru_cache(maxsize=20_000)
def _name_keys(name: str) -> tuple[str, str]:
    """Return keys of a name: one that names written differently share, one of the name as written."""
    words, forms = persons.without_forms(name)
    return _key(*words, "", *forms), _key(" ".join(name.split()))
