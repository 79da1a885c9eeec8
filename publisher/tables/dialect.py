"""Which sign separates the cells of a text table, and whether cells are quoted: what makes rows of one width."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from publisher.errors import InputError
from publisher.tables.header import extent
from publisher.tables.model import Finding, Limits

DELIMITERS = (",", ";", "\t", "|", ":", "^", "~")
QUOTES = ('"', "'", "")

_SAMPLE_ROWS = 2000


@dataclass(frozen=True)
class Dialect:
    """How a line falls into cells.

    Args:
        delimiter: One character.
        quote: One character, or "".
        tail: Whether lines end in a semicolon that belongs to no cell.
    """

    delimiter: str
    quote: str
    tail: bool = False

    def reader_options(self, *, strict: bool = True) -> dict[str, object]:
        """Return the arguments of `csv.reader`."""
        if self.quote:
            return {"delimiter": self.delimiter, "quotechar": self.quote, "strict": strict}
        return {"delimiter": self.delimiter, "quoting": csv.QUOTE_NONE, "quotechar": None, "strict": strict}


def allow_cells(limits: Limits) -> None:
    """Let the csv module read cells up to the limit of a row.

    Its own limit is one for the whole process: it is only ever raised, and our limits are looked at row by row.
    """
    if csv.field_size_limit() < limits.max_row_chars:
        csv.field_size_limit(limits.max_row_chars)


def find(lines: Sequence[str], name: str, delimiter: str | None, quote: str | None) -> tuple[Dialect, list[Finding]]:
    """Find the dialect of a text table from its first lines.

    Args:
        lines: The lines, with their ends.
        name: The file as the user named it.
        delimiter: The delimiter, where it is known.
        quote: The quote, where it is known.

    Raises:
        InputError: No sign makes columns.
    """
    declared = lines[0].strip().casefold() if lines else ""
    told = declared.startswith("sep=") and len(declared) == 5
    if told and delimiter is None:
        delimiter = declared[4]
    if quote is not None and (len(quote) > 1 or (quote and quote in "\r\n") or quote == delimiter):
        raise InputError(f"{name}: {quote!r} cannot quote cells; it must be one character, or none")
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '\r\n"'):
        raise InputError(f"{name}: {delimiter!r} cannot separate cells; it must be one character")
    delimiters = DELIMITERS if delimiter is None else (delimiter,)
    quotes = QUOTES if quote is None else (quote,)
    scores: dict[tuple[str, str], tuple[float, int, float]] = {}
    for sign in delimiters:
        for mark in quotes:
            if sign != mark and (mark in ('"', "") or _wraps(lines[:200], sign, mark)):
                scores[sign, mark] = _score(lines, Dialect(sign, mark))
    # A table of one column has no delimiter: a comma is as good as any.
    best = max(scores, key=lambda key: (round(scores[key][0], 2), -QUOTES.index(key[1]) if key[1] in QUOTES else 0))
    if not best[1] and quote is None and (best[0], '"') in scores and not _bare(lines, best[0]):
        best = (best[0], '"')
    score, width, share = scores[best]
    sign, mark = best
    if delimiter is None and score <= 0:
        sign, mark, width, share = ",", '"', 1, 1.0
    tail = sign != ";" and _tail(lines, sign)
    others = sorted(
        {key[0] for key in scores if key[0] != sign and scores[key][0] > 0.5},
        key=lambda s: -scores.get((s, mark), (0.0,))[0],
    )
    shown = f"{share:.0%} of the first rows have {width} filled columns with it."
    findings = [
        Finding("delimiter", sign, 1.0 if told else round(min(0.99, 0.5 + share / 2), 2), shown, tuple(others)),
        Finding(
            "quote",
            mark,
            0.9,
            "Cells are quoted with it where they need it." if mark else "Quotes are part of the texts.",
        ),
    ]
    return Dialect(sign, mark, tail), findings


def _score(lines: Sequence[str], dialect: Dialect) -> tuple[float, int, float]:
    """Return how good a dialect is, the usual width, and the share of rows that have it."""
    widths: list[int] = []
    faults = 0
    reader = csv.reader(iter(lines), **dialect.reader_options())  # type: ignore[arg-type]
    while len(widths) + faults < _SAMPLE_ROWS:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:
            faults += 1
            continue
        if row and (row[-1].strip() or any(cell.strip() for cell in row)):
            tail = row[-1].strip() == ";" or (dialect.delimiter != ";" and row[-1].endswith(";"))
            widths.append(extent([*row[:-1], row[-1].rstrip(";")]) if tail else extent(row))
    counted = Counter(widths)
    if not counted:
        return 0.0, 1, 0.0
    width = max(counted, key=lambda size: (counted[size] * (size > 1), size))
    # Rows that leave their last cells empty are no fault: widths next below count half.
    near = sum(count for size, count in counted.items() if max(2, width - 3) <= size < width) * 0.5
    share = (counted[width] + near) / (len(widths) + faults)
    if width < 2:
        return 0.0, 1, share
    first = next((size for size in widths[:30] if size >= 2), 0)
    steady = 1.0 if first >= width else 0.6
    reach = max(0.3, sum(size >= width for size in widths[:5]) / 5)
    return share * math.log2(width + 1) * steady * (0.5 + reach / 2), width, min(1.0, share)


def _wraps(lines: Sequence[str], delimiter: str, mark: str) -> bool:
    """Tell whether the cells that begin with a mark end with it too: an apostrophe alone guards a text, or is one."""
    begun = ended = 0
    for line in lines:
        for cell in line.rstrip("\r\n").split(delimiter):
            text = cell.strip()
            if text.startswith(mark):
                begun += 1
                ended += len(text) > 1 and text.endswith(mark)
    return begun > 0 and ended * 2 > begun


def _bare(lines: Sequence[str], delimiter: str) -> bool:
    """Tell whether quotes are part of the texts: hardly any cell is wrapped in them."""
    quoted = [line.strip() for line in lines[:_SAMPLE_ROWS] if '"' in line]
    begin = re.compile(rf'(?:^|{re.escape(delimiter)})"').search
    end = re.compile(rf'"(?:{re.escape(delimiter)}|$)').search
    whole = 0
    for line in quoted:
        opened = begin(line)
        whole += opened is not None and end(line, opened.end()) is not None
    return whole * 5 < len(quoted)


def _tail(lines: Sequence[str], delimiter: str) -> bool:
    filled = [line.rstrip() for line in lines[:_SAMPLE_ROWS] if line.strip()]
    return len(filled) > 1 and sum(line.endswith(";") for line in filled) * 2 > len(filled) and delimiter != ";"
