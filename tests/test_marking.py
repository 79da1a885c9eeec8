"""The marked spreadsheet: the list as it is, faulty cells marked, texts as texts, personal data covered."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from shared_files import SHARED

from publisher import marking, rules
from publisher.collecting import Collector
from publisher.errors import InputError
from publisher.marking import mark
from publisher.problems import VIOLATION, WARNING, Place, Problem
from publisher.tables.model import Cell, Column, Entry, Facts, Reading, Rejected, Row, Skipped
from publisher.tables.opening import open_table

LIST = "list.csv"
DAY = date(2016, 5, 13)


@dataclass
class Table:
    """A table that is made up; `offset` columns stand before it."""

    names: Sequence[str]
    listed: Sequence[Entry]
    header: tuple[int, ...] = (1,)
    offset: int = 0
    source: str = LIST

    def __post_init__(self) -> None:
        self.columns = tuple(Column(index, name) for index, name in enumerate(self.names))
        self.facts = Facts(Reading(header_rows=self.header))

    def entries(self) -> Iterator[Entry]:
        yield from self.listed

    def place(self, number: int, column: int | None = None) -> Place:
        if column is None:
            return Place(self.source, number)
        return Place(self.source, number, column + 1 + self.offset, self.names[column])


def small(*rows: Sequence[Cell], names: Sequence[str] = ("Code", "Title"), **facts: Any) -> Table:
    """Return a table of rows below a header."""
    listed = [Skipped(1, "header"), *(Row(number, tuple(row)) for number, row in enumerate(rows, 2))]
    return Table(names, listed, **facts)


def fault(table: Table, row: int, column: int | None = 0, rule: str = "lists/code-form", **facts: Any) -> Problem:
    return rules.problem(table.place(row, column), rule, **facts)


def opened(path: Path) -> tuple[Any, Any]:
    """Return the two sheets as openpyxl reads them."""
    book = openpyxl.load_workbook(path)
    first, second = book.worksheets
    return first, second


def told(sheet: Any) -> list[str]:
    """Return all texts of a sheet."""
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_list_stands_there_as_it_is_and_faulty_cells_say_why(tmp_path: Path) -> None:
    table = small(["A1", "One"], ["A 2", "Two"], ["A3", None])
    faults = [
        fault(table, 3, severity=VIOLATION),
        fault(table, 3, 0, "lists/unknown-value", field="code"),
        fault(table, 4, 1, "lists/title-missing"),
        fault(table, 4, None, "lists/repeated-row", first="list.csv:2"),
    ]
    target = tmp_path / "marked.xlsx"
    marked = mark(table, sorted(faults, key=lambda p: p.order), target)
    assert (marked.rows, marked.cells, marked.commented, marked.withheld) == (3, 3, 3, 0)
    first, sheet = opened(target)
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Code", "Title"], ["A1", "One"], ["A 2", "Two"], ["A3", None],
    ]  # fmt: skip
    assert sheet["A2"].comment is None
    comment = sheet["A3"].comment.text
    assert "Violation: Unusable code\nThe code has spaces in it" in comment
    assert "Write the code without spaces." in comment
    assert "Warning: Value not in the mapping's table" in comment
    assert "No name of the operation" in sheet["B4"].comment.text
    assert "Row repeated" in sheet["A4"].comment.text
    colours = {cell: sheet[cell].fill.fgColor.rgb for cell in ("A2", "A3", "B4", "A4")}
    assert colours == {"A2": "00000000", "A3": "FFF4B6B6", "B4": "FFFFE2A8", "A4": "FFFFE2A8"}
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B4"
    assert first.title == "What is wrong"
    assert "3 rows: 1 violation, 3 warnings, 0 infos." in told(first)


def test_the_first_sheet_leads_to_the_cells(tmp_path: Path) -> None:
    table = small(*([f"A {n}", "T"] for n in range(300)))
    faults = [fault(table, 0, 1, "lists/column-unmapped"), *(fault(table, n) for n in range(2, 302))]
    faults.append(Problem(Place(LIST, 10), "unheard/of", WARNING, {"en": "Odd."}))
    faults.append(Problem(Place("other.csv", 5), "lists/x", VIOLATION, {"en": "Not of this list."}))
    mark(table, sorted(faults, key=lambda p: p.order), tmp_path / "m.xlsx", language="fi")
    first, sheet = opened(tmp_path / "m.xlsx")
    links = {cell.value: cell.hyperlink.location for row in first.iter_rows() for cell in row if cell.hyperlink}
    assert links["A2"] == "'Luettelo'!A2"
    assert links["B1"] == "'Luettelo'!B1"
    assert len(links) == 200 + 1
    words = told(first)
    assert "Toimen koodi ei kelpaa" in words
    assert "Kirjoita koodi ilman välilyöntejä." in words
    assert "Kustakin viasta luetellaan 200 ensimmäistä kohtaa." in words
    assert "300" in words
    assert "Not of this list." not in words
    assert "Sarakkeesta ei sanota mitään" in sheet["B1"].comment.text


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "=1+1", "http://x.example", "12"])
def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path: Path, text: str) -> None:
    table = small([text, "T"], names=(text, "Title"))
    mark(table, [fault(table, 2)], tmp_path / "m.xlsx")
    _, sheet = opened(tmp_path / "m.xlsx")
    for cell in ("A1", "A2"):
        assert (sheet[cell].data_type, sheet[cell].value, sheet[cell].hyperlink) == ("s", text, None)
    assert sheet["A2"].quotePrefix or text[0] not in "=+-@"
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "m.xlsx"))
    assert book.get_sheet_by_index(1).to_python()[1][0] == text
    with zipfile.ZipFile(tmp_path / "m.xlsx") as members:
        assert b"<f>" not in members.read("xl/worksheets/sheet2.xml")


def test_values_keep_their_types_and_digits(tmp_path: Path) -> None:
    row: list[Cell] = [
        12, Decimal("1912.96"), True, DAY, datetime.combine(DAY, time(10, 30)), 12345678901234567,
        Decimal("0.1234567890123456789"), date(1850, 1, 1), datetime(2016, 5, 13, tzinfo=UTC), "a\nb", Decimal("NaN"),
    ]  # fmt: skip
    table = small(row, names=[f"c{n}" for n in range(len(row))])
    mark(table, [], tmp_path / "m.xlsx")
    _, sheet = opened(tmp_path / "m.xlsx")
    assert [cell.value for cell in sheet[2]] == [
        12, 1912.96, True, datetime.combine(DAY, time()), datetime.combine(DAY, time(10, 30)), "12345678901234567",
        "0.1234567890123456789", "1850-01-01", "2016-05-13 00:00:00+00:00", "a\nb", "NaN",
    ]  # fmt: skip
    assert "Nothing to mend was found." in told(opened(tmp_path / "m.xlsx")[0])


SECRET = "Nimi Poistettu"


def test_personal_data_are_covered(tmp_path: Path) -> None:
    names = ("Code", "Contacts", "Note", "Beneficiary", "Extra")
    table = small(
        ["A1", SECRET, f"Ask {SECRET.replace(' ', '.')}@example.org or 040 1234567", SECRET, SECRET],
        ["A2", SECRET, "Free of them", "Town", "E"],
        ["A3", SECRET, "N", SECRET, SECRET],
        [SECRET, SECRET, SECRET, SECRET, SECRET],
        names=names,
    )
    faults = [
        fault(table, 2, 2, "privacy/e-mail"),
        fault(table, 2, 3, "privacy/natural-person", value=SECRET),
        fault(table, 4, 3, "privacy/natural-person", value=SECRET),
        fault(table, 5, None, "privacy/natural-person"),
    ]

    def personal(row: Row, column: int) -> bool:
        return row.number == 4 and column == 4

    listed = Row(2, table.listed[1].cells)  # type: ignore[union-attr]
    assert SECRET in listed.cells
    marked = mark(table, faults, tmp_path / "m.xlsx", withheld_columns=["Extra"], withhold=personal)
    _, sheet = opened(tmp_path / "m.xlsx")
    withheld = "[withheld]"
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["A1", withheld, f"Ask {withheld} or {withheld}", withheld, withheld],
        ["A2", withheld, "Free of them", "Town", withheld],
        ["A3", withheld, "N", withheld, withheld],
        [withheld] * 5,
    ]
    assert marked.withheld == 4 + 2 + 3 + 5
    with zipfile.ZipFile(tmp_path / "m.xlsx") as members:
        for name in members.namelist():
            assert b"Poistettu" not in members.read(name), name
    assert "14 cells are covered as personal data: [withheld]." in told(opened(tmp_path / "m.xlsx")[0])


def test_rows_stand_where_they_stand_in_the_source(tmp_path: Path) -> None:
    listed: list[Entry] = [
        Skipped(1, "preamble"), Skipped(2, "blank"), Skipped(3, "header"), Skipped(4, "header"),
        Row(5, ("A1", "two\nlines")), Row(7, ("A2", "T")), Skipped(8, "blank"),
        Rejected(9, rules.problem(Place(LIST, 9), "tables/quotes-broken")),
        Row(11, ("A3", "T")), Skipped(12, "totals"),
    ]  # fmt: skip
    table = Table(("Code", "Title"), listed, header=(3, 4))
    faults = [fault(table, 6, 1, "lists/title-missing"), fault(table, 11)]
    marked = mark(table, faults, tmp_path / "m.xlsx")
    _, sheet = opened(tmp_path / "m.xlsx")
    assert [sheet.cell(number, 1).value for number in range(1, 13)] == [
        "(above the header)", None, "(header row)", "Code", "A1", None, "A2", None, "The row could not be read.", None,
        "A3", "(totals)",
    ]  # fmt: skip
    hidden = [number for number in range(1, 13) if sheet.row_dimensions[number].hidden]
    assert hidden == [6, 10]
    assert sheet["B5"].comment is not None
    assert "quotes of the row are broken" in sheet["A9"].comment.text
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A5", "A4:B12")
    assert marked.cells == 3


def test_a_header_far_down_is_not_frozen(tmp_path: Path) -> None:
    table = Table(("Code",), [Skipped(n, "preamble") for n in range(1, 40)] + [Skipped(40, "header")], header=(40,))
    mark(table, [], tmp_path / "m.xlsx")
    assert opened(tmp_path / "m.xlsx")[1].freeze_panes is None


def test_a_source_without_a_header_is_shifted_and_it_says_so(tmp_path: Path) -> None:
    table = Table(("code", "start"), [Row(1, ("A1", "x")), Row(2, ("A2", "y"))], header=())
    mark(table, [fault(table, 2, 1)], tmp_path / "m.xlsx", language="sv")
    first, sheet = opened(tmp_path / "m.xlsx")
    assert [sheet["A1"].value, sheet["A2"].value, sheet["A3"].value] == ["code", "A1", "A2"]
    assert sheet["B3"].comment is not None
    assert "Källan har ingen rubrikrad: dess rad 1 står på bladets rad 2." in told(first)


def test_columns_stand_where_they_stand_in_the_sheet(tmp_path: Path) -> None:
    table = small(["A1", "T"], offset=2)
    faults = [fault(table, 2, 1), Problem(Place(LIST, 2, 2, "Title"), "lists/x", WARNING, {"en": "By its name."})]
    mark(table, sorted(faults, key=lambda p: p.place.line), tmp_path / "m.xlsx")
    _, sheet = opened(tmp_path / "m.xlsx")
    assert [sheet["C1"].value, sheet["D2"].value] == ["Code", "T"]
    assert "By its name." in sheet["D2"].comment.text
    assert sheet.auto_filter.ref == "C1:D2"


def test_what_has_no_room_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "ROWS", 6)
    table = small(*(["A 1", "x" * 40_000 if n == 0 else "T"] for n in range(9)))
    marked = mark(table, [fault(table, n) for n in range(2, 11)], tmp_path / "m.xlsx", comments=3)
    assert (marked.rows, marked.cells, marked.commented, marked.shortened, marked.rows_cut) == (5, 5, 3, 1, True)
    first, sheet = opened(tmp_path / "m.xlsx")
    assert sheet.max_row == 6
    assert sheet["A6"].comment is None
    assert sheet["A6"].fill.fgColor.rgb == "FFFFE2A8"
    assert len(sheet["B2"].value) == 32_767
    assert sheet["B2"].value.endswith("x… (cut)")
    words = told(first)
    assert "The first 3 faulty cells have a comment. 2 more cells are only coloured." in words
    assert any(text.startswith("A sheet has room for") for text in words)
    assert any(text.startswith("The text of 1 cell is cut") for text in words)
    assert "9" in words
    assert "row 10, column A “Code”" in words


def test_wide_tables_are_cut_at_the_last_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "COLUMNS", 2)
    table = small(["a", "b", "c"], names=("A", "B", "C"))
    marked = mark(table, [fault(table, 2, 2)], tmp_path / "m.xlsx")
    assert marked.columns_cut
    assert opened(tmp_path / "m.xlsx")[1].max_column == 2


def test_texts_that_no_xml_holds_do_not_break_the_file(tmp_path: Path) -> None:
    table = small(["\x00\x0b\udc80\ufffe", "😀" * 20_000, "_x0041_"], names=("A\ud800", "B", "C"))
    faults = [Problem(Place(LIST, 2, 1, "A\ud800"), "x/y", WARNING, {"en": "m\ud800\x00"})]
    mark(table, faults, tmp_path / "m.xlsx")
    _, sheet = opened(tmp_path / "m.xlsx")
    assert sheet["A2"].value is not None
    assert sheet["B2"].value.startswith("😀😀")
    rows = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "m.xlsx")).get_sheet_by_index(1).to_python()
    assert rows[1][2] == "_x0041_"


def test_unsorted_problems_and_broken_lists_leave_nothing_behind(tmp_path: Path) -> None:
    table = small(["A 1", "T"], ["A 2", "T"])
    with pytest.raises(ValueError, match="not sorted"):
        mark(table, [fault(table, 3), fault(table, 2)], tmp_path / "m.xlsx")

    class Broken(Table):
        def entries(self) -> Iterator[Entry]:
            yield Row(2, ("A", "B"))
            raise InputError("the file changed")

    with pytest.raises(InputError):
        mark(Broken(("Code", "Title"), []), [], tmp_path / "m.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    class Long(Table):
        rows = 0

        def entries(self) -> Iterator[Entry]:
            for number in range(2, self.rows + 2):
                yield Row(number, (f"A {number}", f"Title of number {number}", number))

    def peak(rows: int) -> int:
        table = Long(("Code", "Title", "Cost"), [])
        table.rows = rows
        tracemalloc.start()
        mark(table, (fault(table, n) for n in range(2, rows + 2, 2)), tmp_path / "m.xlsx", comments=100)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(3000) < peak(600) + 200_000


def test_a_real_file_is_marked_by_its_own_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('Code;Title;E-mail\nA1;"Two\nlines";a@example.org\n\nA 2;=1+1;\n', encoding="utf-8-sig")
    table = open_table(path, "list.csv")
    collector = Collector(folder=tmp_path)
    for entry in table.entries():
        if isinstance(entry, Row) and " " in str(entry.cells[0]):
            collector.add(rules.problem(table.place(entry.number, 0), "lists/code-form", entry.cells[0]))
    assert collector.spill is not None
    mark(table, collector.spill.problems("list.csv"), tmp_path / "m.xlsx")
    _, sheet = opened(tmp_path / "m.xlsx")
    (row,) = [n for n in range(1, 9) if sheet.cell(n, 1).comment]
    assert [sheet.cell(row, n).value for n in (1, 2)] == ["A 2", "=1+1"]
    assert row == 5
    assert sheet["C2"].value == "[withheld]"


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the real lists are not here")
@pytest.mark.parametrize(
    "name", ["fi-2014-2020/projektilista-csv-final.original.csv", "gr-2014-2020/ListOfOperations_20160513.csv.gz"]
)
def test_real_lists_are_marked_row_by_row(tmp_path: Path, name: str) -> None:
    table = open_table(SHARED / "lists" / name, name)
    marked = mark(table, [], tmp_path / "m.xlsx")
    _, sheet = opened(tmp_path / "m.xlsx")
    rows = [entry for entry in table.entries() if isinstance(entry, Row)]
    assert marked.rows == len(rows)
    for row in rows[:: len(rows) // 50]:
        for column, cell in enumerate(row.cells, 1):
            found = sheet.cell(row.number, column).value
            assert (found or "") == (cell or "") or "[withheld]" in str(found)
