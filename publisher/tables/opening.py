"""The door of this room: a path to an opened table, whatever the file is."""

from __future__ import annotations

from pathlib import Path

from publisher.errors import InputError
from publisher.tables import containers, documents, encodings, sheets
from publisher.tables.delimited import DelimitedTable
from publisher.tables.model import Finding, Limits, Reading, Table


def open_table(path: Path, name: str, reading: Reading | None = None, limits: Limits | None = None) -> Table:
    """Open a table file and find out how it is to be read; its rows are read by `Table.entries`.

    Args:
        path: The file.
        name: The file as the user named it: what places and messages say.
        reading: What is known of how to read it; the rest is found out.
        limits: Bounds that the file must not pass.

    Raises:
        InputError: It is missing, no table, broken, hostile, or `reading` does not agree with it.
    """
    reading, limits = reading or Reading(), limits or Limits()
    origin = containers.Origin(path, name, limits)
    content = containers.unpack(origin, reading)
    if content.kind in ("xlsx", "ods"):
        if reading.format not in (None, content.kind):
            raise InputError(f"{name}: is {content.kind}, not {reading.format}")
        return sheets.SheetTable(content, name, reading, limits)
    if reading.format in ("xlsx", "ods"):
        raise InputError(f"{name}: is a text, not {reading.format}")
    if reading.encoding is None:
        encoding = encodings.find(content.open, name)
    else:
        codec = encodings.known(reading.encoding, name)
        encoding = Finding("encoding", codec, 1.0, "The mapping says so.")
    form = reading.format or documents.form(content.open, encoding.value, name)
    if form in ("json", "jsonl"):
        table: Table = documents.DocumentTable(content.open, name, reading, limits, encoding, form, content.member)
    else:
        table = DelimitedTable(content.open, name, reading, limits, encoding, content.member)
    table.facts.findings[:0] = content.findings
    return table
