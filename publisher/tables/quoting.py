"""Rows whose quotes are broken: lines quoted as a whole, quotes doubled once too often, quotes inside quoted cells."""

from __future__ import annotations

import csv

from publisher.tables.dialect import Dialect


def unwrapped(raw: str, dialect: Dialect) -> str | None:
    """Return the row inside a line that is quoted as a whole, one level of quotes taken off; None for another line."""
    quote = dialect.quote or '"'
    text = raw.strip().rstrip(f"; {dialect.delimiter}")
    if len(text) < 4 or text[0] != quote or text[-1] != quote:
        return None
    inner = text[1:-1]
    if quote in inner.replace(quote * 2, ""):
        return None
    return inner.replace(quote * 2, quote)


def parsed(raw: str, dialect: Dialect) -> list[str] | None:
    """Return the cells of one record in plain CSV; None where its quotes are not in order."""
    try:
        rows = list(csv.reader(raw.splitlines(keepends=True), **dialect.reader_options()))  # type: ignore[arg-type]
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def loose(raw: str, dialect: Dialect) -> tuple[list[str], bool]:
    """Split a record whose quoted cells hold quotes that are not doubled: a cell ends at a quote before a delimiter.

    Returns:
        The cells, and whether the last one was closed; where it was not, the record may go on in the next line.
    """
    quote, delimiter = dialect.quote, dialect.delimiter
    text = raw.rstrip("\r\n")
    cells: list[str] = []
    at = 0
    while True:
        if quote and text.startswith(quote, at):
            end = at + 1
            while True:
                end = text.find(quote, end)
                if end < 0:
                    cells.append(text[at + 1 :])
                    return cells, False
                if text.startswith(quote, end + 1) and not (text.startswith(delimiter, end + 2) and end == at + 1):
                    end += 2
                    continue
                if end + 1 == len(text) or text.startswith(delimiter, end + 1):
                    break
                end += 1
            cells.append(text[at + 1 : end].replace(quote * 2, quote))
            at = end + 1
        else:
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            cells.append(text[at:end])
            at = end
        if at >= len(text):
            return cells, True
        at += len(delimiter)


def mended(cell: str, quote: str = '"') -> str:
    """Return a text whose quotes were doubled for CSV and then cut, with each quotation whole again.

    A single quote at either end belonged to the CSV; a doubled one is a quotation mark, opening before a word and
    closing behind one; the partner that an export lost at the end of the cell is given back.
    """
    if quote not in cell:
        return cell
    if len(cell) > 1 and cell[0] == quote == cell[-1] and quote not in cell[1:-1].replace(quote * 2, ""):
        return cell[1:-1].replace(quote * 2, quote)
    if quote * 2 not in cell:
        return cell
    lead, text, trail = _stripped(cell, quote)
    opened: list[int] = []
    lost = False
    at = text.find(quote * 2)
    while at >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + 2 : at + 3]
        if after and not after.isspace() and (not before or before.isspace() or before in "([{-"):
            opened.append(at)
        elif opened:
            opened.pop()
        else:
            lost = True
        at = text.find(quote * 2, at + 2)
    whole = text.replace(quote * 2, quote)
    if lost:
        whole = quote + whole
    if opened:
        whole += quote
    return lead + whole + trail


def _stripped(cell: str, quote: str) -> tuple[str, str, str]:
    text = cell.strip()
    begin = cell.index(text)
    lead, trail = cell[:begin], cell[begin + len(text) :]
    if text.startswith(quote) and not text.startswith(quote * 2):
        text = text[1:]
    if text.endswith(quote) and not text.endswith(quote * 2):
        text = text[:-1]
    return lead, text, trail
