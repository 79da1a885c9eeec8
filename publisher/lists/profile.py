"""What the cells of a column are: which kinds, how often, how many differ; what in them is personal.

Nothing here knows a header. A sample of the rows is enough; equal cells are
judged once. What says that nothing is given counts as empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property, lru_cache

from publisher.lists import codes, header_words, persons, privacy, written_numbers
from publisher.lists.cells import DEFAULT_MISSING, visible
from publisher.lists.kinds import KINDS
from publisher.lists.written_days import Days
from publisher.lists.written_numbers import Numbers
from publisher.tables.model import Cell, Column

Key = tuple[str, str]
"""A cell as it is counted: its form (`text`, `number`, `date`, `bool`) and its text."""

_JUDGED = 1500
"""Different cells of a column that are judged by kind, the commonest first."""
_LONGEST_GLUED = 160
_GLUED = re.compile(
    r"\s*(?P<code>(?=[^\s\-–:]*\d)[^\s–:]{1,40}?)(?P<between>\s*[-–:]\s*|\.?\s+|\.\s*(?=[^\W\d_]))(?P<text>(?=\D*[^\W\d_]{3})\S.*)\Z",
    re.DOTALL,
)


class Profile:
    """A column's cells, counted.

    Args:
        column: The column.
        cells: Its cells in the sample, in the order of the rows.
    """

    def __init__(self, column: Column, cells: Iterable[Cell]) -> None:
        """Count the cells."""
        self.column = column
        self.total = 0
        self.missing: Counter[str] = Counter()
        self.cells: Counter[Key] = Counter()
        for cell in cells:
            self.total += 1
            key = _key(cell)
            if key is None:
                continue
            if key[0] == "text" and is_missing(key[1]):
                self.missing[key[1]] += 1
            else:
                self.cells[key] += 1
        self.filled = sum(self.cells.values())
        self._shares: dict[str, float] = {}

    @property
    def distinct(self) -> int:
        """How many different cells there are."""
        return len(self.cells)

    @property
    def variety(self) -> float:
        """Different cells by filled ones, from 0 to 1."""
        return self.distinct / self.filled if self.filled else 0.0

    @cached_property
    def _judged(self) -> list[tuple[Key, int]]:
        return self.cells.most_common(_JUDGED)

    @cached_property
    def _weight(self) -> int:
        return sum(n for _, n in self._judged)

    @cached_property
    def mean_length(self) -> float:
        """Mean length of a filled cell in characters."""
        return sum(len(text) * n for (_, text), n in self.cells.items()) / self.filled if self.filled else 0.0

    def share(self, kind: str) -> float:
        """Return the share of filled cells of a kind of `KINDS`."""
        if kind not in self._shares:
            test = KINDS[kind]
            hits = sum(n for (form, text), n in self._judged if test(form, text))
            self._shares[kind] = hits / self._weight if self._weight else 0.0
        return self._shares[kind]

    @cached_property
    def numbers(self) -> Numbers:
        """How its numbers are written."""
        return written_numbers.numbers(self.cells)

    @cached_property
    def days(self) -> Days:
        """How its days are written."""
        found = Days()
        for (form, text), n in self.cells.items():
            found.add(form, text, n)
        return found

    @cached_property
    def glued(self) -> tuple[float, str, int]:
        """Share of cells that are a code and a text in one, the commonest sign between them, how many codes differ."""
        between: Counter[str] = Counter()
        found: set[str] = set()
        hits = 0
        for (form, text), n in self.cells.items():
            match = _GLUED.match(text[:_LONGEST_GLUED]) if form == "text" else None
            if match:
                hits += n
                between[match["between"].strip() or " "] += n
                found.add(match["code"])
        return (
            (hits / self.filled if self.filled else 0.0),
            (between.most_common(1)[0][0] if between else ""),
            len(found),
        )

    @cached_property
    def personal(self) -> str:
        """Kind of personal data in at least a tenth of the cells: `e-mail`, `phone`, …, or ""."""
        kinds: Counter[str] = Counter()
        for (form, text), n in self.cells.most_common(200):
            if form == "text" and len(text) <= 400:
                kinds.update(dict.fromkeys(privacy.contacts(text), n))
        looked = sum(n for _, n in self.cells.most_common(200)) or 1
        kind, count = kinds.most_common(1)[0] if kinds else ("", 0)
        return kind if count / looked >= 0.1 and self.mean_length <= 200 else ""

    @cached_property
    def persons(self) -> float:
        """Share of the cells that evidently name natural persons."""
        some = [(text, n) for (form, text), n in self.cells.most_common(300) if form == "text"]
        looked = sum(n for _, n in some)
        if not looked or self.mean_length > 60 or self.share("letters") < 0.8:
            return 0.0
        return sum(n for text, n in some if persons.natural_person(text).person) / looked

    def texts(self, limit: int = 200) -> list[str]:
        """Return the different texts of a column of few, the commonest first."""
        return [text for (_, text), _ in self.cells.most_common(limit)]

    def samples(self, count: int = 3, width: int = 60) -> list[str]:
        """Return some different cells, shortened, personal data in them withheld."""
        shown = []
        for _, text in list(self.cells)[: 40 * count]:
            line = " ".join(privacy.masked_sample(text[: 8 * width]).split())
            line = line if len(line) <= width else line[: width - 1] + "…"
            if line not in shown:
                shown.append(line)
            if len(shown) == count:
                break
        return shown

    def lists(self) -> tuple[str, float]:
        """Return the sign between several values in one cell (`;`, `|`, a line's end, `,`), and such cells' share."""
        counted: Counter[str] = Counter()
        for (form, text), n in self.cells.items():
            if form == "text":
                for sign in (";", "|", "\n", ","):
                    if sign in text.strip(" \n;,|"):
                        counted[sign] += n
        if not counted:
            return "", 0.0
        sign, n = counted.most_common(1)[0]
        return sign, n / self.filled


def _key(cell: Cell) -> Key | None:
    if cell is None:
        return None
    if isinstance(cell, str):
        text = visible(cell)
        return ("text", text) if text else None
    if isinstance(cell, bool):
        return ("bool", str(cell).lower())
    if isinstance(cell, date):
        return ("date", cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat())
    return ("number", format(cell, "f") if isinstance(cell, Decimal) and cell.is_finite() else str(cell))


@cache
def _missing() -> frozenset[str]:
    return frozenset(codes.fold(text) for text in header_words.listed()["words"]["missing"])


@lru_cache(maxsize=8192)
def is_missing(text: str) -> bool:
    """Return whether a text says that nothing is given, in any language."""
    return len(text) <= 40 and (text.casefold() in DEFAULT_MISSING or codes.fold(text) in _missing())
