"""The real lists, where they are at hand: every record of each is an entry, and values are those of the file."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from publisher.tables.model import Entry, Rejected, Repair, Row, Skipped, Table
from publisher.tables.opening import open_table

LISTS = Path(__file__).resolve().parents[2] / "shared" / "lists"

pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason="the real lists are not beside the repository")


def read(path: Path) -> tuple[Table, list[Entry]]:
    table = open_table(path, path.name)
    return table, list(table.entries())


def counted(entries: list[Entry]) -> dict[str, int]:
    kinds = Counter(type(entry).__name__ for entry in entries)
    return {name: kinds[name] for name in ("Row", "Rejected", "Skipped")}


def test_fi_2014_2020() -> None:
    path = LISTS / "fi-2014-2020" / "projektilista-csv-final.original.csv"
    table, entries = read(path)
    rows = [entry for entry in entries if isinstance(entry, Row)]
    rejected = {entry.number: entry.problem for entry in entries if isinstance(entry, Rejected)}
    assert len(rows) + len(rejected) == 2881
    assert entries[0] == Skipped(1, "header")
    assert [entry.number for entry in entries] == list(range(1, 2883))
    assert set(rejected) == {6, 56, 57, 60, 67, 79, 148, 171, 192, 947, 955, 990, 991, 1048}
    assert (rejected[6].rule, rejected[6].place.path) == ("tables/cells-moved", "Toteuttajan nimi")
    assert Counter(str(row.cells[0])[0] for row in rows) == {"A": 2089 + 6 - 14, "S": 785 + 1}
    wrapped = [row.cells[0] for row in rows if Repair("quoted-whole") in row.repairs]
    assert wrapped == ["A70499", "A70160", "A70186", "A70577", "A70617", "A71264", "S20774"]
    lines = path.read_text(encoding="utf-8").split("\n")
    for row in rows:
        assert str(row.cells[0]) in lines[row.number - 1]
        assert not str(row.cells[8]).strip().replace(".", "").isdigit()
        assert str(row.cells[6]).count(".") == 2
        assert str(row.cells[7]).count(".") == (0 if row.number in (109, 124, 153, 1033) else 2)
        assert all(Decimal(str(cell).strip() or "0").is_finite() for cell in row.cells[9:])
        # Nothing is lost and nothing invented: the line's letters and digits are the cells', in their order.
        plain = "".join(filter(str.isalnum, lines[row.number - 1]))
        assert "".join(filter(str.isalnum, "".join(map(str, row.cells)))) == plain
    assert [column.name for column in table.columns][-1] == "Toteutunut julkinen rahoitus yhteensä"


@pytest.mark.parametrize(
    ("folder", "codec", "number", "delimiter", "records"),
    [
        pytest.param("gr-2014-2020", "cp1253", 12, ";", 2029, marks=pytest.mark.slow),
        ("dk-2014-2020", "cp1252", 2, ";", 107),
        ("uk-england-2014-2020", "utf-8", 2, ",", 394),
    ],
)  # fmt: skip
def test_a_csv_in_order_reads_as_the_csv_module_reads_it(
    folder: str, codec: str, number: int, delimiter: str, records: int
) -> None:
    (path,) = (LISTS / folder).iterdir()
    table, entries = read(path)
    assert counted(entries) == {"Row": records, "Rejected": 0, "Skipped": 1}
    assert table.facts.reading.encoding == codec
    assert table.facts.reading.first_row == number
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode(codec)
    plain = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))[1:]
    assert [list(entry.cells) for entry in entries if isinstance(entry, Row)] == plain


def test_se() -> None:
    (path,) = (LISTS / "se-2014-2020").iterdir()
    _, entries = read(path)
    assert counted(entries) == {"Row": 374, "Rejected": 0, "Skipped": 0}
    plain = [list(item.values()) for item in json.loads(gzip.decompress(path.read_bytes()), parse_float=Decimal)]
    assert [list(entry.cells) for entry in entries if isinstance(entry, Row)] == plain


@pytest.mark.slow
def test_fi_2007_2013_and_pt() -> None:
    _, entries = read(LISTS / "fi-2007-2013" / "projektilista-2007-2013_new.csv.gz")
    assert counted(entries) == {"Row": 19_940, "Rejected": 0, "Skipped": 1}
    _, entries = read(LISTS / "pt-2014-2020" / "Portugal_all_funds_2014-2020.xlsx")
    assert counted(entries) == {"Row": 11_023, "Rejected": 0, "Skipped": 1}
    assert sum(entry.cells[6] == "n.a." for entry in entries if isinstance(entry, Row)) == 308


@pytest.mark.slow
def test_es() -> None:
    total = 0
    for path in sorted((LISTS / "es-2007-2013").glob("*/*.json.gz")):
        _, entries = read(path)
        assert counted(entries) == {"Row": len(entries), "Rejected": 0, "Skipped": 0}
        total += len(entries) if path.name != "data.json.gz" else 0
        assert path.name != "data.json.gz" or len(entries) == 30
    assert total == 114_519
