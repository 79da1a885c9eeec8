"""The result of a query as a page shows it: rows, a boolean, or the beginning of a graph's text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from publisher.formats import RESULTS_JSON
from publisher.web import respond
from publisher.web.labels import web_address
from publisher.workers.client import Answer

ROWS_SHOWN = 1000
"""Rows of a result on a page, at most."""
BYTES_READ = 5_000_000
"""How much of a result is read for a page, in bytes, at most."""
TEXT_SHOWN = 200_000
"""Characters of a graph on a page, at most."""
CELL_SHOWN = 5_000
"""Characters of one value on a page, at most."""


@dataclass(frozen=True)
class Cell:
    """One value of a result as a page shows it; `href` is "" where it leads nowhere."""

    text: str
    iri: str = ""
    href: str = ""
    language: str = ""


@dataclass(frozen=True)
class Shown:
    """A result as a page shows it: a boolean, the text of a graph, or rows; `cut` tells that there is more."""

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell | None]] = ()
    boolean: bool | None = None
    text: str | None = None
    cut: bool = False


def shown(answer: Answer) -> Shown:
    """Return what a page shows of an answer: it waits for as much as that takes, and no more.

    Raises:
        QueryError: The query was ended.
        ClientGoneError: The visitor has left.
    """
    answer.await_size(BYTES_READ)
    data = answer.read(BYTES_READ)
    cut = not answer.whole or answer.size > len(data)
    if answer.kind == "graph":
        text = data[: 4 * TEXT_SHOWN].decode("utf-8", "ignore")
        if cut or len(data) > 4 * TEXT_SHOWN or len(text) > TEXT_SHOWN:
            return Shown(text=text[:TEXT_SHOWN].rpartition("\n")[0], cut=True)
        return Shown(text=text)
    return _table(data, cut)


def _table(data: bytes, cut: bool) -> Shown:
    try:
        parsed = ox.parse_query_results(data, format=RESULTS_JSON.results())
    except (ValueError, SyntaxError):
        if cut:
            return Shown(cut=True)  # names alone that are longer than a page reads
        raise
    if not isinstance(parsed, ox.QuerySolutions):
        return Shown(boolean=bool(parsed))
    columns = [variable.value for variable in parsed.variables]
    rows: list[list[Cell | None]] = []
    try:
        for solution in parsed:
            if len(rows) == ROWS_SHOWN:
                return Shown(columns, rows, cut=True)
            rows.append([_cell(solution[index]) for index in range(len(columns))])
    except (ValueError, SyntaxError):
        if not cut:
            raise
    return Shown(columns, rows, cut=cut)


def _cell(term: Any) -> Cell | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        view = respond.view()
        return Cell(view.compact(term.value), term.value, view.href(term.value) or web_address(term.value))
    if isinstance(term, ox.Literal):
        text = term.value if len(term.value) <= CELL_SHOWN else f"{term.value[:CELL_SHOWN]}…"
        return Cell(text, language=term.language or "")
    return Cell(str(term))
