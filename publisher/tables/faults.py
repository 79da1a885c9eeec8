"""Entries that a reader makes of what it cannot read, and cells that every reader looks through."""

from __future__ import annotations

from typing import Any

from publisher import rules
from publisher.reports import Place
from publisher.tables import mojibake
from publisher.tables.lines import STRANGE
from publisher.tables.model import Cell, Column, Rejected, Repair, Row

_SEPARATORS = "\x1c\x1d\x1e\x1f"


class Places:
    """Places in one table.

    Args:
        source: The file as the user named it.
        columns: The table's columns.
        offset: How many columns of a sheet stand before the first one.
    """

    def __init__(self, source: str, columns: tuple[Column, ...], offset: int = 0) -> None:
        """Keep what places are made of."""
        self.source, self.columns, self._offset = source, columns, offset

    def place(self, number: int, column: int | None = None) -> Place:
        """Return the place of a row, or of a cell in it."""
        if column is None or column < 0:
            return Place(self.source, number)
        name = self.columns[column].name if column < len(self.columns) else ""
        return Place(self.source, number, column + 1 + self._offset, name)

    def rejected(self, number: int, rule: str, at: int | None = None, **told: str | int) -> Rejected:
        """Reject a row; its cells are not shown, since any of them may name a person."""
        return Rejected(number, rules.problem(self.place(number, at), f"tables/{rule}", **dict[str, Any](told)))

    def checked(self, row: Row, longest: int) -> Row | Rejected:
        """Return a row whose texts are in order, mended where they were decoded twice; or why it cannot be read."""
        cells: list[Cell] | None = None
        repairs: list[Repair] = []
        for at, cell in enumerate(row.cells):
            if not isinstance(cell, str):
                continue
            if len(cell) > longest:
                return self.rejected(row.number, "cell-too-long", at, limit=longest, column=self._named(at))
            if cell.isascii():
                if cell.isprintable():
                    continue
            elif mojibake.SIGNS.search(cell) and (better := mojibake.repaired(cell)) is not None:
                cells = list(row.cells) if cells is None else cells
                cells[at] = better
                repairs.append(Repair("mojibake", at))
            found = STRANGE.search(cell)
            if found and not STRANGE.search(bare := cell.strip(_SEPARATORS)):
                # What Unicode counts as white space says nothing at the ends of a text, but no XML can hold it.
                cells = list(row.cells) if cells is None else cells
                cells[at] = bare
                repairs.append(Repair("control-character", at))
            elif found:
                rule = "undecodable" if found.group() >= "\ud800" else "control-character"
                return self.rejected(
                    row.number, rule, at, column=self._named(at), code=f"{ord(found.group()) & 0xFF:02X}"
                )
        return row if cells is None else Row(row.number, tuple(cells), (*row.repairs, *repairs))

    def _named(self, column: int) -> str:
        return self.columns[column].name or f"column {column + 1 + self._offset}"
