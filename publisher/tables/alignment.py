"""Cells of a row that has too many or too few, put back where they belong: in exactly one way, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from publisher.tables.patterns import Pattern

_SURPLUS = 24
"""A row that has so many cells too many is no row of this table; trying all ways would take too long."""
_LACK = 60


@dataclass(frozen=True)
class Aligned:
    """A row put right: its cells, the columns whose text was joined again, and those that the line left out."""

    cells: tuple[str, ...]
    joined: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()


def joined(cells: Sequence[str], patterns: Sequence[Pattern], delimiter: str) -> Aligned | None:
    """Join neighbouring cells until each column has one; None where no way or more than one fits every pattern.

    Only texts are joined. A text with a part that would fit a number, date or code column beside it is no certain one.
    Empty cells at the end may be surplus or empty cells of the row: both are tried.
    """
    width = len(patterns)
    filled = len(cells)
    while filled > width and not cells[filled - 1].strip():
        filled -= 1
    if filled - width > _SURPLUS or width > 200:
        return None
    ends = range(max(filled, width), min(len(cells), width + _SURPLUS) + 1)
    ways = _all_ways(cells, ends, patterns, delimiter)
    if not ways:
        # A short list has not shown all values of its closed sets: one of them may be new.
        for at, pattern in enumerate(patterns):
            if pattern.kind == "choice":
                free = [*patterns[:at], replace(pattern, kind="text"), *patterns[at + 1 :]]
                ways |= _all_ways(cells, ends, free, delimiter)
    return ways.pop() if len(ways) == 1 else None


def _all_ways(cells: Sequence[str], ends: range, patterns: Sequence[Pattern], delimiter: str) -> set[Aligned]:
    """Return the ways, more than one as soon as there are two, to read the first cells up to each of these ends."""
    found: set[Aligned] = set()
    for end in ends:
        found.update(_ways(tuple(cells[:end]), patterns, delimiter))
        if len(found) > 1:
            break
    return found


def _ways(cells: tuple[str, ...], patterns: Sequence[Pattern], delimiter: str) -> list[Aligned]:
    """Return at most two ways to give each column its cells."""
    width, surplus = len(patterns), len(cells) - len(patterns)

    @cache
    def rest(column: int, spent: int) -> tuple[tuple[int, ...], ...]:
        """Sizes of the groups from this column on, after so many surplus cells were joined: two ways at most."""
        if column == width:
            return ((),) if spent == surplus else ()
        found: list[tuple[int, ...]] = []
        at = column + spent
        for more in range((surplus - spent if not patterns[column].typed else 0) + 1):
            group = cells[at : at + more + 1]
            if _makes(group, column, patterns, delimiter):
                found += [(more + 1, *tail) for tail in rest(column + 1, spent + more)]
                if len(found) > 1:
                    return tuple(found[:2])
        return tuple(found)

    ways = []
    for sizes in rest(0, 0):
        put, at = [], 0
        for size in sizes:
            put.append(delimiter.join(cells[at : at + size]))
            at += size
        ways.append(Aligned(tuple(put), tuple(column for column, size in enumerate(sizes) if size > 1)))
    return ways


def _makes(group: Sequence[str], column: int, patterns: Sequence[Pattern], delimiter: str) -> bool:
    pattern = patterns[column]
    if len(group) == 1:
        return pattern.fits(group[0])
    if not pattern.fits(delimiter.join(group)):
        return False
    after = patterns[column + 1] if column + 1 < len(patterns) else None
    before = patterns[column - 1] if column else None
    return not (
        (after and after.typed and any(part.strip() == part != "" and after.fits(part) for part in group[1:]))
        or (before and before.typed and any(part.strip() == part != "" and before.fits(part) for part in group[:-1]))
    )


def completed(cells: Sequence[str], patterns: Sequence[Pattern]) -> Aligned | None:
    """Add the empty cells that a line leaves out at its end; None where they may be missing elsewhere."""
    width, lack = len(patterns), len(patterns) - len(cells)

    @cache
    def ways(column: int, left: int) -> int:
        """In how many ways (two at most) the cells can stand from this column on, `left` more staying empty."""
        if column == width:
            return 1 if left == 0 else 0
        count = 0
        at = column - (lack - left)
        if at < len(cells) and patterns[column].fits(cells[at]):
            count += ways(column + 1, left)
        if left and count < 2 and not patterns[column].required:
            count += ways(column + 1, left - 1)
        return min(count, 2)

    if lack > _LACK or width > 200:
        return None
    given = tuple(cells) + ("",) * lack
    if not all(pattern.fits(cell) for pattern, cell in zip(patterns, given, strict=True)) or ways(0, lack) != 1:
        return None
    return Aligned(given, missing=tuple(range(len(cells), width)))
