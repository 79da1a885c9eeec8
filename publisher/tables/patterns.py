"""What the cells of a column look like, learnt from the rows of a text table that have the right number of cells.

A pattern serves to tell where a cell belongs, not whether its value is right:
that is for later checks. All expressions take linear time on hostile texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

REGULAR = 0.98
"""A column holds numbers or dates when so many of its filled cells are such: rows that lost a cell are among them."""

CERTAIN = 0.995
"""A column has codes, has always words, or is never empty, when so many of its cells say so."""

_NUMBER = (
    r"[-+−(]?+ ?+(?:(?:[€£$]|EUR|SEK|DKK|GBP|PLN|CZK|HUF|RON|BGN) ?+)?+"
    r"(?>\d{1,3}+(?:[ .,'’\u00a0\u202f]\d{3}(?!\d))++(?:[.,]\d++)?+|\d++(?:[.,]\d++)?+)"
    r" ?+\)?+(?: ?+(?:%|[€£$]|[A-Z]{3}|kr\.?|zł|Kč|Ft|лв\.?))?+"
)
_DAY = (
    r"(?>\d{1,2}[./-] ?+\d{1,2}[./-] ?+(?:\d{4}|\d{2})|\d{4}[./-] ?+\d{1,2}[./-] ?+\d{1,2})\.?+"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d++)?+)?+(?:Z|[+-]\d{2}:?+\d{2})?+)?+"
)
_NAMED_DAY = r"(?:\d{1,2}\.?+ ?+)?+[^\W\d_]{3,10}+\.?+ \d{2,4}"

SEPARATOR = "\x01"
"""Stands between the cells of a row that is matched as a whole; no cell holds it, and it is no white space."""

number = re.compile(rf"\s*+{_NUMBER}\s*+").fullmatch
day = re.compile(rf"\s*+{_DAY}\s*+").fullmatch
_named_day = re.compile(rf"\s*+(?:{_DAY}|{_NAMED_DAY})\s*+").fullmatch
_letter = re.compile(r"[^\W\d_]").search
_year = re.compile(r"\s*+(?:19|20)\d\d\s*+").fullmatch
_runs = re.compile(r"([0-9]+)|([^\W\d_]+)|([\s\S])")
_plain = re.compile(r"[\s,;|]+").sub

_CHOICES = 20
_USUAL = 0.95


@dataclass(frozen=True)
class Pattern:
    """How the cells of a column look.

    Args:
        kind: `number`, `date`, `code`, `choice` (a small closed set) or `text`.
        expression: What a filled cell matches; "" for `choice` and `text`.
        choices: The closed set, white space and delimiters evened out.
        required: Whether the column is never left empty.
        usual: Whether the column is hardly ever left empty.
        words: Whether a text has letters, always.
        padded: Whether cells begin with a blank now and then.
    """

    kind: str = "text"
    expression: str = ""
    choices: frozenset[str] = frozenset()
    required: bool = False
    usual: bool = False
    words: bool = False
    padded: bool = False

    @property
    def typed(self) -> bool:
        """Whether a cell can be told from its form: such cells are never made of several."""
        return self.kind in ("number", "date", "code")

    def fits(self, cell: str) -> bool:
        """Tell whether a cell can stand in this column."""
        if not cell or cell.isspace():
            return not self.required
        if self.kind == "choice":
            return evened(cell) in self.choices
        if not self.expression:
            return True
        return re.fullmatch(rf"\s*+(?:{self.expression})\s*+", cell) is not None


def evened(cell: str) -> str:
    """Return a text with white space and delimiters evened out: exports write blanks for commas."""
    return _plain(" ", cell).strip()


def year(cell: str) -> bool:
    """Tell whether a cell is a year."""
    return _year(cell) is not None


def learn(rows: Sequence[Sequence[str]], width: int) -> tuple[Pattern, ...]:
    """Learn the patterns of columns from rows that all have `width` cells."""
    return tuple(_learn([row[column] for row in rows]) for column in range(width))


def _learn(cells: list[str]) -> Pattern:
    filled = [cell for cell in cells if cell and not cell.isspace()]
    # Of a short list one row or two may have lost a cell.
    enough = len(filled) - max(len(filled) * (1 - REGULAR), min(2, len(filled) // 12))
    certain = len(filled) - max(len(filled) * (1 - CERTAIN), min(2, len(filled) // 15))
    if len(filled) < 3:
        return Pattern()
    common = Pattern(
        required=len(filled) >= len(cells) * CERTAIN,
        usual=len(cells) >= 10 and len(filled) >= len(cells) * _USUAL,
        padded=sum(cell[0] == " " for cell in filled) > len(filled) * (1 - _USUAL),
    )
    dated = _share(_named_day, filled)
    if _share(number, filled) >= enough:
        return replace(common, kind="number", expression=_NUMBER)
    if _share(day, filled) >= enough:
        return replace(common, kind="date", expression=_DAY)
    if dated >= enough:
        return replace(common, kind="date", expression=f"{_DAY}|{_NAMED_DAY}")
    code = _code(filled, certain)
    if code:
        return replace(common, kind="code", expression=code)
    words = len(filled) >= 10 and dated * 50 < len(filled) and _share(_letter, filled) >= certain
    seen = Counter(map(evened, filled))
    if len(seen) <= _CHOICES and len(filled) >= 10 and len(filled) >= 4 * len(seen):
        return replace(common, kind="choice", choices=frozenset(seen), words=words)
    return replace(common, words=words)


def _share(test: Callable[[str], object], cells: Sequence[str]) -> int:
    return sum(test(cell) is not None for cell in cells)


def _code(filled: list[str], enough: float) -> str:
    """Return the expression of codes: few shapes of letters, digits and signs, without blanks, all with digits."""
    shapes: Counter[str] = Counter()
    limit = len(filled) - enough
    for cell in filled:
        cell = cell.strip()
        if len(cell) > 60 or cell.isalpha() or " " in cell or not any(map(str.isdigit, cell)):
            limit -= 1
            if limit < 0:
                return ""
            continue
        shapes[_shape(cell)] += 1
    common = shapes.most_common(8)
    if sum(count for _, count in common) < enough or len(common) * 4 > len(filled):
        return ""
    return "|".join(shape for shape, _ in common)


def _shape(cell: str) -> str:
    return _runs.sub(
        lambda run: r"\d+" if run.group(1) else r"[^\W\d_]+" if run.group(2) else re.escape(run.group(3)), cell
    )


def gate(patterns: Sequence[Pattern]) -> re.Pattern[str]:
    """Return an expression that a row in order matches, its cells joined by `SEPARATOR`."""
    parts = []
    for at, pattern in enumerate(patterns):
        if pattern.typed:
            parts.append(rf"\s*+(?:(?:{pattern.expression})\s*+(?={SEPARATOR}|\Z))?+")
        elif pattern.words and neighbours(patterns, at):
            parts.append(rf"(?!\s*+(?:{_NUMBER}|{_DAY})\s*+(?:{SEPARATOR}|\Z))[^{SEPARATOR}]*+")
        else:
            parts.append(f"[^{SEPARATOR}]*+")
    return re.compile(SEPARATOR.join(parts))


def neighbours(patterns: Sequence[Pattern], at: int) -> list[int]:
    """Return the columns beside one that hold numbers or dates."""
    return [n for n in (at - 1, at + 1) if 0 <= n < len(patterns) and patterns[n].kind in ("number", "date")]


def moved(cells: Sequence[str], patterns: Sequence[Pattern]) -> int | None:
    """Return a column where a cell evidently stands that belongs elsewhere; None where only values may be wrong.

    A date among amounts, an amount in the place of a name that repeats the amount beside it, the end of a text that was
    cut at its comma among amounts, or cells that all fit the column beside theirs: such a row lost or gained a cell,
    and nobody can tell which of its values are true.
    """
    blank = [not cell or cell.isspace() for cell in cells]
    misfits = [
        at for at, pattern in enumerate(patterns) if pattern.typed and not blank[at] and not pattern.fits(cells[at])
    ]
    lost = [at for at, pattern in enumerate(patterns) if pattern.usual and blank[at]]
    for at in misfits:
        if patterns[at].kind == "number" and day(cells[at]):
            return at
        if at and not patterns[at - 1].typed and not patterns[at].padded and cells[at][0] == " " and _letter(cells[at]):
            return at
        if patterns[at].kind == "date" and number(cells[at]) and not year(cells[at]) and (len(misfits) > 1 or lost):
            return at
    for at, pattern in enumerate(patterns):
        if not pattern.words or blank[at] or not (number(cells[at]) or day(cells[at])):
            continue
        beside = [n for n in neighbours(patterns, at) if patterns[n].fits(cells[at])]
        value = cells[at].strip()
        if beside and (
            misfits or lost or any(cells[n].strip() == value for n in beside) or (len(value) > 3 and not year(value))
        ):
            return at
    for step in (-1, 1):
        if len(misfits) > 1 and all(
            0 <= at + step < len(patterns) and patterns[at + step].typed and patterns[at + step].fits(cells[at])
            for at in misfits
        ):
            return misfits[0]
    return None
