"""What makes an operation one: how often each code stands there, and which fields tell rows without a code apart.

Counts all rows of a list, with hashes only: memory has a bound.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from publisher.tables.model import Cell

MOST = 250_000
"""Codes or keys that are kept; what comes later is compared with these only."""


def digest(cells: Sequence[Cell]) -> int:
    """Return a hash of cells, blanks and case apart."""
    return hash(tuple("" if cell is None else " ".join(str(cell).split()).casefold() for cell in cells))


@dataclass
class Codes:
    """How the codes of a list repeat.

    Args:
        code: Index of the column.
        pattern: What cuts the code out of its cell.
        alike: Columns by field that should be alike in all rows of a code.
        amounts: Columns of money.
    """

    code: int
    pattern: re.Pattern[str] | None
    alike: dict[str, int]
    amounts: tuple[int, ...]
    rows: int = 0
    without: int = 0
    repeated: int = 0
    identical: int = 0
    same_amounts: int = 0
    full: bool = False
    agree: dict[str, int] = field(default_factory=dict)
    _seen: dict[int, tuple[int, int, tuple[int, ...]]] = field(default_factory=dict)

    def add(self, cells: tuple[Cell, ...]) -> None:
        """Count a row."""
        self.rows += 1
        cell = cells[self.code]
        if cell is None or cell == "":
            self.without += 1
            return
        if self.pattern is not None:
            match = self.pattern.search(str(cell).strip())
            cell = match[1] if match else cell
        key = digest((cell,))
        known = self._seen.get(key)
        if known is None:
            if len(self._seen) < MOST:
                amounts = hash(tuple(cells[index] for index in self.amounts))
                alike = tuple(digest((cells[index],)) for index in self.alike.values())
                self._seen[key] = (hash(cells), amounts, alike)
            else:
                self.full = True
            return
        self.repeated += 1
        row, amounts, alike = known
        if row == hash(cells):
            self.identical += 1
        elif self.amounts and amounts == hash(tuple(cells[index] for index in self.amounts)):
            self.same_amounts += 1
        for (name, index), value in zip(self.alike.items(), alike, strict=True):
            if digest((cells[index],)) == value:
                self.agree[name] = self.agree.get(name, 0) + 1

    @property
    def distinct(self) -> int:
        """How many different codes there are, as far as they were kept."""
        return len(self._seen)


@dataclass
class Mint:
    """How well combinations of fields tell rows apart.

    Args:
        columns: Columns by field, the steadiest field first: what changes with every edition makes no good key.
    """

    columns: dict[str, tuple[int, ...]]
    rows: int = 0
    full: bool = False
    _seen: dict[tuple[str, ...], set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Choose what to compare: what names an operation, then with one, two, three more fields."""
        names = list(self.columns)
        base = tuple(name for name in names if name in ("title", "beneficiary_name")) or tuple(names[:1])
        others = [name for name in names if name not in base][:5]
        tried = [base[:1], base]
        for count in (1, 2, 3):
            tried += [(*base, *more) for more in combinations(others, count)]
        tried.append((*base, *others))
        self._seen = {combination: set() for combination in dict.fromkeys(tried)}

    def add(self, cells: tuple[Cell, ...]) -> None:
        """Count a row."""
        self.rows += 1
        if self.rows > MOST:
            self.full = True
            return
        parts = {name: digest([cells[index] for index in indexes]) for name, indexes in self.columns.items()}
        for combination, seen in self._seen.items():
            seen.add(hash(tuple(parts[name] for name in combination)))

    def best(self) -> tuple[tuple[str, ...], int]:
        """Return the fewest fields that tell nearly as many rows apart as any, and how many they tell apart."""
        most = max((len(seen) for seen in self._seen.values()), default=0)
        near = most - max(2, round(0.001 * most))
        order = list(self.columns)
        enough = [
            names for names, seen in self._seen.items() if len(seen) >= near and (len(names) > 1 or len(order) == 1)
        ]
        if not enough:
            return (), 0
        chosen = min(enough, key=lambda names: (len(names), [order.index(name) for name in names]))
        return chosen, len(self._seen[chosen])
