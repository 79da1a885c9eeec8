"""Hostile table files: a clear error within bounds of time and memory, and nothing written anywhere."""

from __future__ import annotations

import csv
import gzip
import json
import os
import stat
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from test_tables import EMPTY, _number, _text, ods

from publisher.errors import InputError
from publisher.tables import containers, delimited, patterns
from publisher.tables.delimited import Records
from publisher.tables.dialect import Dialect
from publisher.tables.lines import Lines
from publisher.tables.model import Limits, Rejected, Row
from publisher.tables.opening import open_table


def refused(path: Path, says: str, limits: Limits | None = None, *, megabytes: int = 60) -> None:
    """Opening or reading ends in an `InputError` that names the file, soon and in little memory."""
    started = time.monotonic()
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=says) as caught:
            for _ in open_table(path, "the-list", limits=limits).entries():
                pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "the-list" in str(caught.value)
    assert peak < megabytes * 1_000_000
    assert time.monotonic() - started < 60


def written(tmp_path: Path, content: bytes | str, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped(tmp_path: Path, members: dict[str, bytes | str], name: str = "list.zip") -> Path:
    with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return tmp_path / name


def book(tmp_path: Path, sheet: str | None = None, **more: str) -> Path:
    """A workbook whose sheet is replaced, or that has members added."""
    plain = openpyxl.Workbook()
    plain.active.append(["name", "amount"])
    plain.active.append(["x", 1])
    plain.save(tmp_path / "plain.xlsx")
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "xl/worksheets/sheet1.xml" and sheet is not None:
                content = sheet.encode()
            new.writestr(info.filename, content)
        for member, text in more.items():
            new.writestr(member, text)
    return path


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)

SMALL = Limits(max_row_chars=100_000, max_cell_chars=10_000)

# --- what is no file ---------------------------------------------------------------------------------------------


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    refused(tmp_path / "pipe.csv", "a pipe or a device")
    refused(tmp_path, "a folder")
    refused(Path("/dev/zero"), "a device")
    refused(tmp_path / "absent.csv", "cannot be opened")
    refused(tmp_path / ("x" * 5000), "cannot be opened")
    refused(Path("a\0b"), "cannot be opened")
    refused(written(tmp_path, b""), "is empty")


def test_odd_names_are_names(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\n1;x\n2;y\n", "'; rm -rf \n\x1b[2J $(x) ä.csv")
    assert len(list(open_table(path, "x").entries())) == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel"), (b"%PDF-1.7\n", "PDF"), (b"PAR1....", "Parquet"),
        (b"<html><table><tr><td>1</td></tr></table>", "web page"), (b"\xef\xbb\xbf\n<?xml version='1.0'?><a/>", "XML"),
        (b"\x7fELF" + bytes(range(256)) * 40, "no text|control characters|no encoding"),
        (b"\0" * 5000, "no rows|control|no text"),
        (b"\n\n  \n", "no rows"), (b"PK\x03\x04 broken", "broken"), (b"\x1f\x8b\x08 broken", "broken"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told(tmp_path: Path, content: bytes, says: str) -> None:
    refused(written(tmp_path, content), says)


# --- archives ----------------------------------------------------------------------------------------------------


def test_a_gzip_bomb(tmp_path: Path) -> None:
    refused(written(tmp_path, gzip.compress(b"a;b\n" + b"1;x\n" * 13_000_000)), "200 times its size")
    refused(written(tmp_path, gzip.compress(b"a;b\n" * 10_000)), "max_bytes", Limits(max_bytes=20_000))


def test_a_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(zipped(tmp_path, {"a.csv": b"a;b\n" * 15_000_000}), "200 times its size")
    monkeypatch.setattr(containers, "_MAX_MEMBERS", 100)
    refused(zipped(tmp_path, {f"{n}.csv": b"" for n in range(101)}), "more than 100 files")


def test_an_archive_that_lies_about_its_size(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"a.csv": b"a;b\n" * 15_000_000})
    true, false = struct.pack("<L", 60_000_000), struct.pack("<L", 100)
    assert true in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(true, false))
    refused(path, "200 times its size|broken")


def test_archives_in_archives_links_and_strange_names(tmp_path: Path) -> None:
    inner = zipped(tmp_path, {"a.csv": "a;b\n1;2\n"}, "inner.zip").read_bytes()
    refused(zipped(tmp_path, {"inner.zip": inner}), "archive in an archive")
    refused(zipped(tmp_path, {"a.csv": gzip.compress(b"a;b\n")}), "archive in an archive")
    refused(written(tmp_path, gzip.compress(gzip.compress(b"a;b\n"))), "archive in an archive")
    refused(written(tmp_path, gzip.compress(inner)), "archive in an archive")
    for name in ("../../etc/x.csv", "/etc/x.csv", "..\\x.csv", "C:\\x.csv"):
        refused(zipped(tmp_path, {name: "a;b\n"}), "leads out of the archive")
    link = zipfile.ZipInfo("link.csv")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    refused(tmp_path / "link.zip", "holds a link")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["inner.zip", "link.zip", "list.csv", "list.zip"]


def test_an_encrypted_archive(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path, {"a.csv": "a;b\n"}).read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    refused(written(tmp_path, bytes(content), "list.zip"), "password")


def test_a_truncated_archive(tmp_path: Path) -> None:
    packed = gzip.compress("".join(f"{n};{n * 7919 % 10007}\n" for n in range(50_000)).encode())
    refused(written(tmp_path, packed[:-2000]), "broken")


# --- workbooks ---------------------------------------------------------------------------------------------------


def test_a_cell_in_the_last_corner(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="{}1048576"><v>1</v></c></row>'
    refused(book(tmp_path, SHEET.format(far.format("ZZ"))), "too far to be loaded")
    refused(book(tmp_path, SHEET.format(far.format("XFD"))), "more than 1000 columns")
    refused(book(tmp_path, SHEET.format("<row>" + "<c><v>1</v></c>" * 1001 + "</row>")), "more than 1000 columns")


def test_styled_empty_cells_far_out_do_no_harm(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="str"><v>name</v></c><c r="B1" t="str"><v>sum</v></c><c r="XFD1" s="1"/></row>'
    rows += '<row r="2"><c r="A2" t="str"><v>x</v></c><c r="B2"><v>5</v></c></row><row r="1048576" hidden="1"/>'
    entries = list(open_table(book(tmp_path, SHEET.format(rows)), "x").entries())
    assert entries[1] == Row(2, ("x", 5))


def test_entities_and_document_types(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + SHEET.format("")
    refused(book(tmp_path, bomb), "document type")
    refused(book(tmp_path, None, **{"xl/other.xml": "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>"}), "document type")


def test_a_workbook_bomb(tmp_path: Path) -> None:
    rows = "<row><c><v>1</v></c></row>" * 3_000_000
    refused(book(tmp_path, SHEET.format(rows)), "times its size|larger than")
    path = book(tmp_path, SHEET.format("<row><c><v>1</v></c></row>" * 300_000))
    refused(path, "larger than 1000000 bytes", Limits(max_sheet_bytes=1_000_000))


def test_a_workbook_that_lies_about_its_size(tmp_path: Path) -> None:
    """Its entry names 100 bytes and their checksum: a reader that believes it sees nothing of what others load."""
    path = book(tmp_path, SHEET.format("<row><c><v>1</v></c></row>" * 60_000))
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
        start = archive.read(info)[:100]
    true = struct.pack("<LLL", info.CRC, info.compress_size, info.file_size)
    false = struct.pack("<LLL", zlib.crc32(start), info.compress_size, 100)
    content = path.read_bytes()
    assert content.count(true) == 2
    path.write_bytes(content.replace(true, false))
    refused(path, "larger than 200000 bytes", Limits(max_sheet_bytes=200_000))


def test_a_workbook_with_names_that_lead_elsewhere(tmp_path: Path) -> None:
    refused(book(tmp_path, None, **{"../../evil.xml": "<x/>"}), "leads out of the workbook")


def test_an_ods_of_repeated_cells(tmp_path: Path) -> None:
    row = '<table:table-row table:number-rows-repeated="1048576">{}</table:table-row>'
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{}"/>'
    refused(ods(tmp_path / "a.ods", row.format(cell.format(900))), "too far to be loaded")
    refused(ods(tmp_path / "b.ods", row.format(cell.format(16384))), "more than 1000 columns")
    row = "<table:table-row>{}</table:table-row>"
    plain = row.format(_text("a") + _text("b")) + row.format(_text("x") + _number("1"))
    assert len(list(open_table(ods(tmp_path / "c.ods", plain + EMPTY), "x").entries())) >= 2


# --- texts -------------------------------------------------------------------------------------------------------


def test_a_billion_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(written(tmp_path, "a;" * 5000 + "\n" + "1;" * 5000 + "\n"), "1000 columns")
    refused(written(tmp_path, "a;" * 1_050_000), "longer than 2000000 characters", megabytes=30)
    monkeypatch.setattr(delimited, "_SAMPLE_RECORDS", 100)
    path = written(tmp_path, "a;b\n" + "1;2\n" * 1000 + ";x" * 5000)
    with pytest.raises(InputError, match="line 1002 has 5001 cells, more than any table"):
        list(open_table(path, "x").entries())


def test_an_endless_quoted_cell(tmp_path: Path) -> None:
    head = "code;name;amount\n" + "".join(f"A{n};Name {n};{n}00\n" for n in range(50))
    refused(written(tmp_path, head + 'A99;"' + "x" * 300_000), "longer than 100000 characters", SMALL)
    refused(written(tmp_path, head + 'A99;"' + "never closed\n" * 15_000), "cannot be read", SMALL)


def test_no_more_is_read_than_a_record_may_have() -> None:
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        for _ in range(100_000):
            taken += 1
            yield 'A;"never\n' if taken == 1 else "closed\n"

    records = Records(lines(), Dialect(";", '"'), 1000)
    number, cells, pending = next(iter(records))
    assert (number, cells, pending) == (1, None, ['A;"never\n'])
    assert taken < 200
    taken = 0
    with pytest.raises(InputError, match="line 1 is longer than 1000"):
        list(Lines((text.strip() for text in lines()), "x", 1000))
    assert taken < 200


def test_a_quote_that_is_never_closed_costs_its_own_row(tmp_path: Path) -> None:
    head = "code;name;amount\n" + "".join(f"A{n};Name {n};{n}00\n" for n in range(50))
    entries = list(
        open_table(written(tmp_path, head + 'A1;"quoted; well";5\n' * 5 + 'B1;"open;5\n' + head[17:]), "x").entries()
    )
    assert [entry.number for entry in entries if isinstance(entry, Rejected)] == [57]
    assert sum(isinstance(entry, Row) for entry in entries) == 105


def test_a_file_of_one_line_without_an_end(tmp_path: Path) -> None:
    refused(written(tmp_path, b"\xe4" * 40_000), "longer than 20000", Limits(max_row_chars=20_000))
    refused(written(tmp_path, " " * 300_000), "characters|no rows", SMALL)


def test_formulas_stay_texts(tmp_path: Path) -> None:
    entries = list(open_table(written(tmp_path, "a;b\n=cmd|' /C calc'!A0;@SUM(1)\n+1+1;-2\nx;y\n"), "x").entries())
    assert entries[1] == Row(2, ("=cmd|' /C calc'!A0", "@SUM(1)"))


def test_expressions_take_linear_time() -> None:
    rows = [(f"A{n}", f"{n}.1.2015", f"{n}00,50", "Name Oy") for n in range(1, 29)]
    learnt = patterns.learn(rows, 4)
    assert [pattern.kind for pattern in learnt] == ["code", "date", "number", "choice"]
    gate = patterns.gate(learnt).fullmatch
    started = time.monotonic()
    for evil in (
        " " * 200_000 + "x",
        "1" * 200_000 + "x",
        "1 " * 100_000,
        "1." * 100_000 + "x",
        "A" * 200_000,
        "1,000" * 40_000,
    ):
        for at in range(4):
            cells = ["A1", "1.1.2015", "100", "Name Oy"]
            cells[at] = evil
            gate(patterns.SEPARATOR.join(cells))
            patterns.moved(cells, learnt)
    assert time.monotonic() - started < 60, "in the square of the length each would take minutes"


def test_another_limit_of_the_csv_module_does_no_harm(tmp_path: Path) -> None:
    before = csv.field_size_limit(1000)
    try:
        path = written(tmp_path, 'a;b\n1;"' + "x" * 150_000 + '"\n2;y\n')
        assert isinstance(list(open_table(path, "x").entries())[1], Row)
    finally:
        csv.field_size_limit(max(before, csv.field_size_limit()))


def test_memory_is_flat_in_the_number_of_rows(tmp_path: Path) -> None:
    path = written(tmp_path, "code;name;amount\n" + "".join(f"A{n};Name of {n};{n}00\n" for n in range(15_000)))
    entries = open_table(path, "x").entries()
    next(entries)
    tracemalloc.start()
    base = tracemalloc.get_traced_memory()[0]
    assert sum(1 for _ in entries) == 15_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - base < 4_000_000


# --- JSON --------------------------------------------------------------------------------------------------------


def test_endless_json(tmp_path: Path) -> None:
    refused(written(tmp_path, '[{"a": "' + "x" * 20_000_000), "longer than 8000000 bytes")
    refused(written(tmp_path, "[" * 3_000_000), "64 levels deep")
    refused(written(tmp_path, '[{"a": ' + "[" * 3_000_000), "64 levels deep")
    refused(written(tmp_path, '[{"a": 1}, ' + " " * 20_000_000), "longer than 8000000 bytes")
    refused(written(tmp_path, '[{"a": 1}, {"b"'), "ends in the middle|valid JSON")
    refused(written(tmp_path, json.dumps([{f"k{n}": 1} for n in range(1500)])), "more than 1000 different keys")
    refused(written(tmp_path, '[{"a": NaN}]'), "valid JSON")
    refused(written(tmp_path, '{"a": 1}'), "no array of objects")


def test_deep_objects_and_numbers_without_end_reject_their_record(tmp_path: Path) -> None:
    deep = '{"a": ' * 50 + "1" + "}" * 50
    path = written(tmp_path, f'[{{"n": 1}}, {deep}, {{"n": 1e999999}}, {{"n": {"9" * 4000}}}, {{"n": 2}}]')
    rules = [e.problem.rule if isinstance(e, Rejected) else e.cells for e in open_table(path, "x").entries()]
    assert rules == [(1,), "tables/too-deep", "tables/number-size", "tables/number-size", (2,)]


def test_an_error_quotes_nothing_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, '[{"name": "Secret Person"}, {"name": "Secret Person" oops}]')
    with pytest.raises(InputError) as caught:
        open_table(path, "x")
    assert "Secret" not in str(caught.value)


def test_streams_are_closed(tmp_path: Path) -> None:
    """A file that is left open would be a ResourceWarning, and those are errors here."""
    for path in (
        zipped(tmp_path, {"a.csv": "a;b\n1;x\n"}), written(tmp_path, gzip.compress(b"a;b\n1;x\n")), book(tmp_path),
        written(tmp_path, '[{"a": 1}]', "list.json"),
    ):  # fmt: skip
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        assert list(open_table(path, "x").entries())
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
