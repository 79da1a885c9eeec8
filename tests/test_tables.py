"""Reading tables: encodings, dialects, headers, what is no record, and rows that are out of order."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from publisher.errors import InputError
from publisher.tables import alignment, encodings, mojibake, quoting
from publisher.tables.model import Entry, Limits, Reading, Rejected, Repair, Row, Skipped, Table
from publisher.tables.opening import open_table
from publisher.tables.patterns import Pattern

CASES = Path(__file__).parent / "cases" / "tables"


def read(path: Path, reading: Reading | None = None) -> tuple[Table, list[Entry]]:
    """Open and read a table; what was found out, given back, must read the same."""
    table = open_table(path, path.name, reading)
    entries = list(table.entries())
    again = open_table(path, path.name, table.facts.reading)
    assert again.columns == table.columns
    assert list(again.entries()) == entries
    return table, entries


def written(tmp_path: Path, content: bytes | str, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(entries: list[Entry]) -> list[Row]:
    return [entry for entry in entries if isinstance(entry, Row)]


def found(table: Table, what: str) -> str:
    return next(finding.value for finding in table.facts.findings if finding.what == what)


# --- encodings ---------------------------------------------------------------------------------------------------

TEXTS = {
    "fi": "Hämeenlinnan kehityshanke, työllisyys, Etelä-Pohjanmaan ELY-keskus",
    "da": "Vækst i små virksomheder på Færøerne, Århus",
    "de": "Förderung für Straßenbau in München, Größe",
    "fr": "Région Île-de-France, développement économique",
    "es": "Año de la concesión, España, niño, ÁREA, acción",
    "pt": "Promoção da educação, São João, inovação, AÇÃO",
    "pl": "Gmina Łódź, województwo śląskie, rozwój przedsiębiorczości, zażółć gęślą jaźń",
    "cs": "Rozvoj města Plzeň, příspěvek, žádost, ředitelství silnic a dálnic",
    "hu": "Magyarország fejlesztése, önkormányzat, műhely, erőforrás",
    "hr": "Županija, održivi razvoj, međunarodna suradnja, čišćenje, šume",
    "el": "Περιφέρεια ΆΛΛΗ Ήπειρος, ανάπτυξη έργα",
    "bg": "Община София, развитие на образованието",
    "lt": "Vilniaus miesto savivaldybė, ūkio plėtra, šiluma",
    "lv": "Rīgas pilsētas pašvaldība, ēku siltināšana",
}
WRITTEN = [
    (language, codec)
    for codec, languages in {
        "cp1252": "fi da de fr es pt", "iso8859-1": "fi da de", "cp1250": "pl cs hu hr", "cp1253": "el", "cp1251": "bg",
        "cp1257": "lt lv", "iso8859-2": "pl cs hu hr", "iso8859-7": "el", "iso8859-15": "fi fr", "utf-8": "fi el",
        "utf-8-sig": "fi", "utf-16": "fi el", "utf-16-le": "fi pl", "utf-16-be": "da",
    }.items()
    for language in languages.split()
]  # fmt: skip


@pytest.mark.parametrize(("language", "codec"), WRITTEN)
def test_an_encoding_is_found_by_its_letters(language: str, codec: str) -> None:
    text = (TEXTS[language] + "\n") * 5
    content = text.encode(codec)
    finding = encodings.find(lambda: io.BytesIO(content), "x")
    assert content.decode(finding.value) == text
    assert finding.evidence


def test_greek_and_danish_lists_read_right() -> None:
    greek, entries = read(CASES / "greek.csv")
    assert found(greek, "encoding") == "cp1253"
    assert greek.columns[5].name == "ΤΑΧΥΔΡΟΜΙΚΟΣ ΚΩΔΙΚΑΣ ή ΆΛΛΗ ΕΝΔΕΙΞΗ"
    assert greek.columns[1].name == "ΟΝΟΜΑΣΙΑ ΔΙΚΑΙΟΥΧΟΥ / BENEFICIARY NAME"
    assert [row.number for row in rows(entries)] == list(range(4, 20, 2))
    assert rows(entries)[0].cells[2] == "1. Παροχή συμβουλών; έργα\n2. Άλλη Ήπειρος"
    danish, entries = read(CASES / "danish.csv")
    assert found(danish, "encoding") == "cp1252"
    assert rows(entries)[0].cells == ("Vækst 1.0 ", "21.04.2014", "11.414.794", "R", "Aalborg Øst\nFærø")


def test_a_named_encoding_is_taken_and_an_unknown_one_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "id;nimi\n1;Työ\n2;Yö\n".encode("cp850"))
    assert rows(read(path, Reading(encoding="cp850"))[1])[0].cells[1] == "Työ"
    for codec in ("klingon", "base64_codec", "rot13"):
        with pytest.raises(InputError, match="encoding"):
            open_table(path, "x", Reading(encoding=codec))


def test_a_byte_of_another_encoding_rejects_its_row_alone(tmp_path: Path) -> None:
    lines = [f"A{n};Työ ja yö {n};{n}00\n".encode() for n in range(40)]
    lines[20] = "A20;Työ;2000\n".encode("cp1252")
    table, entries = read(written(tmp_path, b"code;name;amount\n" + b"".join(lines)))
    (bad,) = [entry for entry in entries if isinstance(entry, Rejected)]
    assert (bad.number, bad.problem.rule, bad.problem.place.column) == (22, "tables/undecodable", 2)
    assert "mixes encodings" in next(f.evidence for f in table.facts.findings if f.what == "encoding")
    assert len(rows(entries)) == 39


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("TyÃ¶llisyys", "Työllisyys"), ("1 000 â‚¬", "1 000 €"), ("INSERCIÃ³ S.L.", "INSERCIó S.L."),
        ("Mª DEL", None), ("GENÇ”", None), ("SÃO JOÃO", None), ("„Å“", None), ("DISEÃ¿O", None), ("plain", None),
        ("Työ".encode().decode("cp1252").encode().decode("cp1252"), "Työ"),
    ],
)  # fmt: skip
def test_mojibake_is_turned_back_only_where_that_is_certain(text: str, before: str | None) -> None:
    assert mojibake.repaired(text) == before


def test_mojibake_in_a_cell_is_noted(tmp_path: Path) -> None:
    _, entries = read(written(tmp_path, "id;nimi\n1;TyÃ¶\n2;Yö\n"))
    assert rows(entries)[0].cells == ("1", "Työ")
    assert rows(entries)[0].repairs == (Repair("mojibake", 1),)
    assert rows(entries)[1].repairs == ()


# --- delimiters and quotes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_delimiter_is_found_though_other_signs_abound(tmp_path: Path, sign: str) -> None:
    lines = [sign.join(["code", "title", "date", "amount"])]
    for n in range(12):
        texts = [f"A{n}", f'"one, two; three | four {n}"', f"{n + 1}.1.2015", f'"{n},50"' if sign == "," else f"{n},50"]
        lines.append(sign.join(texts))
    table, entries = read(written(tmp_path, "\r\n".join(lines) + "\r\n"))
    assert found(table, "delimiter") == sign
    assert rows(entries)[3].cells == ("A3", "one, two; three | four 3", "4.1.2015", "3,50")


def test_a_declared_delimiter_is_taken(tmp_path: Path) -> None:
    table, entries = read(written(tmp_path, "sep=|\na|b\n1|x,y\n2|z,w\n"))
    assert found(table, "delimiter") == "|"
    assert [type(entry).__name__ for entry in entries] == ["Skipped", "Skipped", "Row", "Row"]


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    table, entries = read(written(tmp_path, "name\nAlpha\nBeta\n"))
    assert [column.name for column in table.columns] == ["name"]
    assert [row.cells for row in rows(entries)] == [("Alpha",), ("Beta",)]


def test_broken_quotes_spoil_their_own_line_only() -> None:
    _, entries = read(CASES / "quotes.csv")
    assert [(type(entry).__name__, entry.number) for entry in entries] == [
        ("Skipped", 1), ("Row", 2), ("Rejected", 3), ("Row", 4), ("Row", 5), ("Row", 7), ("Row", 8), ("Row", 9),
    ]  # fmt: skip
    assert rows(entries)[0].cells[1] == 'A quote "inside" the text'
    assert rows(entries)[0].repairs == (Repair("doubled-quotes"),)
    assert rows(entries)[2].cells[1] == "two\nlines"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('"Musculo""-hieronta', '"Musculo"-hieronta'), ('Auto2020"" - ympäristö"', '"Auto2020" - ympäristö'),
        ('työllä, ""MESI"', 'työllä, "MESI"'), ('"Utvecklande av ""Bema Vik', 'Utvecklande av "Bema Vik"'),
        ('"A ""b"" c"', 'A "b" c'), ("plain", "plain"), ('12" pipe', '12" pipe'),
    ],
)  # fmt: skip
def test_quotation_marks_are_made_whole(cell: str, text: str) -> None:
    assert quoting.mended(cell) == text


# --- headers and what is no record -------------------------------------------------------------------------------


def test_preamble_header_blank_totals_and_notes_are_told_apart() -> None:
    table, entries = read(CASES / "preamble.csv")
    assert [column.name for column in table.columns] == [
        "Toimi / Nimi", "Toimi / Alkaa", "Raha / Tuki", "Raha / Kulut", "Paikka / Kunta",
    ]  # fmt: skip
    reasons = {entry.number: entry.reason for entry in entries if isinstance(entry, Skipped)}
    assert reasons == {
        1: "preamble", 2: "preamble", 3: "blank", 4: "header", 5: "header", 6: "header", 9: "blank", 11: "header",
        13: "totals", 14: "blank", 15: "note",
    }  # fmt: skip
    assert [row.number for row in rows(entries)] == [7, 8, 10, 12]
    assert found(table, "first_row") == "7"


@pytest.mark.parametrize(
    "word", ["Total", "Yhteensä:", "SUMMA", "Gesamtsumme", "Totale complessivo", "Suma", "Σύνολο", "I alt", "Razem"]
)
def test_a_totals_row_is_no_record(tmp_path: Path, word: str) -> None:
    body = "".join(f"Name {n};Town {n};{n}00\n" for n in range(9))
    _, entries = read(written(tmp_path, f"name;town;amount\n{body}{word};;3600\n"))
    assert entries[-1] == Skipped(11, "totals")
    assert len(rows(entries)) == 9


def test_a_record_that_begins_like_a_total_is_one(tmp_path: Path) -> None:
    _, entries = read(written(tmp_path, "name;amount\nTotal Energies;5\nSumma Oy;6\nAlpha;7\nTotal;18\n"))
    assert [row.cells[0] for row in rows(entries)] == ["Total Energies", "Summa Oy", "Alpha"]
    _, entries = read(written(tmp_path, "name;amount\nAlpha;7\nBeta;8\nAll of it;15\n"), Reading(totals=("all of",)))
    assert entries[-1] == Skipped(4, "totals")


def test_equal_names_are_told_apart_and_missing_ones_stay_empty(tmp_path: Path) -> None:
    table, _ = read(written(tmp_path, "name;amount;amount;;amount (2)\nA;1;2;x;3\nB;3;4;y;3\nC;5;6;z;3\n"))
    assert [column.name for column in table.columns] == ["name", "amount", "amount (3)", "", "amount (2)"]


def test_a_table_without_a_header(tmp_path: Path) -> None:
    table, entries = read(written(tmp_path, "A1;10;1.1.2015\nA2;20;2.1.2015\nA3;30;3.1.2015\n"))
    assert [column.name for column in table.columns] == ["column 1", "column 2", "column 3"]
    assert len(rows(entries)) == 3
    _, entries = read(written(tmp_path, "x;10\ny;20\n"), Reading(header_rows=(), first_row=1))
    assert len(rows(entries)) == 2


def test_given_header_rows_count(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\nc;d\n1;2\n3;4\n")
    table, entries = read(path, Reading(header_rows=(1, 2)))
    assert [column.name for column in table.columns] == ["a / c", "b / d"]
    assert len(rows(entries)) == 2
    with pytest.raises(InputError, match="line 9"):
        open_table(path, "x", Reading(header_rows=(9,)))


# --- rows out of order -------------------------------------------------------------------------------------------


def test_ragged_rows_are_mended_where_one_way_fits_and_else_rejected() -> None:
    table, entries = read(CASES / "ragged.csv")
    by_code = {row.cells[0]: row for row in rows(entries)}
    bad = {entry.number: entry.problem for entry in entries if isinstance(entry, Rejected)}
    assert len(table.columns) == 11
    assert len(entries) == 1 + 40
    assert by_code["A70101"].cells[2] == "Vähähiilinen talous, case: Järvi"
    assert Repair("unquoted-delimiter", 2) in by_code["A70101"].repairs
    assert by_code["A70102"].cells[4] == "Hämeen elinkeino-, liikenne- ja ympäristökeskus"
    assert by_code["A70102"].cells[8] == "KAUPPA, AVOIN YHTIÖ"
    assert by_code["A70105"].cells[2] == '"Musculo"-hieronta, osa 2'
    assert by_code["A70106"].cells[2] == '"Auto2020" - oppimisympäristö'
    assert by_code["A70107"].cells[2] == 'Utvecklande av "Bema Vik"'
    assert all(Repair("quoted-whole") in by_code[f"A7010{n}"].repairs for n in (5, 6, 7))
    assert {number: problem.rule for number, problem in bad.items()} == {
        34: "tables/cells-moved", 35: "tables/cells-moved", 39: "tables/cells-missing", 40: "tables/cells-too-many",
        41: "tables/cells-too-many",
    }  # fmt: skip
    assert (bad[34].place.column, bad[34].place.path) == (9, "Toteuttajan nimi")
    assert all(problem.value == "" and len(problem.messages) == 3 for problem in bad.values())


def test_no_amount_stands_where_a_name_belongs() -> None:
    _, entries = read(CASES / "ragged.csv")
    assert not [row for row in rows(entries) if str(row.cells[8]).strip().isdigit()]


def test_cells_that_a_line_leaves_out_are_empty_where_only_they_can_be(tmp_path: Path) -> None:
    lines = [f"A{n},{n}.1.2015,Name {n},{n}00" + (",note" if n % 2 else ",") for n in range(1, 25)]
    lines[20] = "A21,21.1.2015,Name 21,2100"
    lines[21] = "A22,22.1.2015,2200"
    _, entries = read(written(tmp_path, "code,start,name,amount,remark\n" + "\n".join(lines) + "\n"))
    mended = next(row for row in rows(entries) if row.cells[0] == "A21")
    assert mended.cells[4] == ""
    assert mended.repairs == (Repair("missing-cells", 4),)
    assert [entry.number for entry in entries if isinstance(entry, Rejected)] == [23]


PLAIN = (Pattern("code", r"A\d+", required=True), Pattern(), Pattern(), Pattern("number", r"\d+", required=True))


@pytest.mark.parametrize(
    ("cells", "patterns", "joined"),
    [
        ("A1,a,b,c,5", PLAIN, None),  # either of two texts may hold the comma
        ("A1,a,b,5", PLAIN, "A1|a|b|5"),
        ("A1,a,b,5", (PLAIN[0], PLAIN[1], PLAIN[3]), "A1|a,b|5"),
        ("A1,a,7,5", (PLAIN[0], PLAIN[1], PLAIN[3]), None),  # 7 may be an amount too many
        ("A1,a, 7,5", (PLAIN[0], PLAIN[1], PLAIN[3]), "A1|a, 7|5"),
        ("A1,a,b,5,,", (PLAIN[0], PLAIN[1], PLAIN[3]), "A1|a,b|5"),
        ("A1,a,b,5,,", (*PLAIN[:2], PLAIN[3], Pattern()), None),  # the last text may be empty, or a comma
        ("x,a,b,5", (PLAIN[0], PLAIN[1], PLAIN[3]), None),
    ],
)
def test_cells_are_joined_only_where_one_way_fits(
    cells: str, patterns: tuple[Pattern, ...], joined: str | None
) -> None:
    found = alignment.joined(cells.split(","), patterns, ",")
    assert (found and "|".join(found.cells)) == joined


def test_cells_are_added_only_where_one_way_fits() -> None:
    optional = Pattern("number", r"\d+")
    assert alignment.completed(["A1", "x", "y"], PLAIN) is None
    assert alignment.completed(["A1"], (PLAIN[0], optional, optional)) == alignment.Aligned(("A1", "", ""), (), (1, 2))
    assert alignment.completed(["A1", "5"], (PLAIN[0], optional, optional)) is None
    assert alignment.completed(["A1", "x"], (PLAIN[0], Pattern(required=True), optional)) is not None


def test_every_record_is_one_entry(tmp_path: Path) -> None:
    """Whatever is in a file, its lines are covered once, in order, by the records that begin in them."""
    chance = random.Random(4)
    bits = ["A1", "12,5", '"', '""', ",", ";", "\n", "\r\n", "x y", "1.2.2015", "", '"a,b"', "Yhteensä", "\n\n", "ä"]
    for _ in range(60):
        body = "".join(chance.choice(bits) + chance.choice(["", ",", "\n"]) for _ in range(chance.randrange(4, 120)))
        path = written(tmp_path, "code,name,amount\nA1,Alpha,10\nA2,Beta,20\n" + body + "\nA9,Omega,90\n")
        _, entries = read(path)
        numbers = [entry.number for entry in entries]
        assert numbers == sorted(set(numbers))
        assert numbers[:3] == [1, 2, 3]
        lines = list(io.StringIO(path.read_bytes().decode(), newline=""))
        spans = [b - a for a, b in zip(numbers, [*numbers[1:], len(lines) + 1], strict=True)]
        assert sum(spans) == len(lines)
        assert all('"' in lines[n - 1] for n, span in zip(numbers, spans, strict=True) if span > 1)


def test_control_characters_reject_a_row_and_separators_at_its_ends_do_not(tmp_path: Path) -> None:
    path = written(tmp_path, "code;name\nA1;Al\x07pha\nA2;Be\x00ta\nA3;Gamma\x1d\nA4;Delta\n" + "B;c\n" * 20)
    _, entries = read(path)
    assert [entry.number for entry in entries if isinstance(entry, Rejected)] == [2, 3]
    assert rows(entries)[0].cells[1] == "Gamma"
    assert rows(entries)[0].repairs == (Repair("control-character", 1),)


# --- sheets ------------------------------------------------------------------------------------------------------


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "List"
    sheet["B1"] = "List of operations"
    sheet.merge_cells("B2:C2")
    sheet["B2"], sheet["D2"] = "Operation", "Money"
    sheet.merge_cells("D2:E2")
    for column, name in zip("BCDEFG", ["code", "name", "total", "rate", "start", "at"], strict=True):
        sheet[f"{column}3"] = name
    for n in range(4, 12):
        sheet[f"B{n}"], sheet[f"C{n}"], sheet[f"D{n}"], sheet[f"E{n}"] = f"A{n}", f"Name {n}", n * 1000, 12.35
        sheet[f"F{n}"], sheet[f"G{n}"] = date(2015, 1, n), datetime(2015, 1, n, 12, 30)  # noqa: DTZ001
    sheet["C5"] = "=cmd|' /C calc'!A0"
    sheet["C5"].data_type = "s"
    sheet["D6"], sheet["C7"] = "#N/A", True
    sheet["D6"].data_type = "e"
    sheet["B12"], sheet["D12"] = "Total", 64000
    book.create_sheet("Notes")["A1"] = "written by hand"
    book.save(path)
    return path


def test_cells_of_a_sheet_keep_their_types(tmp_path: Path) -> None:
    table, entries = read(workbook(tmp_path / "list.xlsx"))
    assert [column.name for column in table.columns] == [
        "Operation / code", "Operation / name", "Money / total", "Money / rate", "start", "at",
    ]  # fmt: skip
    first, second, third, fourth = rows(entries)[:4]
    assert first.cells == ("A4", "Name 4", 4000, Decimal("12.35"), date(2015, 1, 4), datetime(2015, 1, 4, 12, 30))  # noqa: DTZ001
    assert second.cells[1] == "=cmd|' /C calc'!A0"
    assert third.cells[2] == "#N/A"
    assert fourth.cells[1] is True
    assert [(entry.number, entry.reason) for entry in entries if isinstance(entry, Skipped)] == [
        (1, "preamble"), (2, "header"), (3, "header"), (12, "totals"),
    ]  # fmt: skip
    assert str(table.place(4, 0)) == "list.xlsx:4:2"
    assert found(table, "sheet") == "List"
    with pytest.raises(InputError, match="'Notes'"):
        open_table(tmp_path / "list.xlsx", "x", Reading(sheet="Missing"))


def ods(path: Path, table: str) -> Path:
    names = "office table text"
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names.split())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _text(value: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def _number(value: str) -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p/></table:table-cell>'


EMPTY = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def test_ods(tmp_path: Path) -> None:
    row = "<table:table-row>{}</table:table-row>"
    day = '<table:table-cell office:value-type="date" office:date-value="2015-01-02"><text:p/></table:table-cell>'
    body = row.format(_text("name") + _text("amount") + _text("start"))
    body += row.format(_text("Työ") + _number("12.5") + day) + row.format(_text("Yö") + _number("7") + day) + EMPTY
    table, entries = read(ods(tmp_path / "list.ods", body))
    assert found(table, "format") == "ods"
    assert [row.cells for row in rows(entries)] == [
        ("Työ", Decimal("12.5"), date(2015, 1, 2)), ("Yö", 7, date(2015, 1, 2)),
    ]  # fmt: skip


# --- JSON --------------------------------------------------------------------------------------------------------


def test_json_objects_are_laid_flat_and_keep_their_numbers(tmp_path: Path) -> None:
    text = """{"made": "x", "tags": [{"t": 1}], "data": {"items": [
        {"id": "A", "sum": 12.50, "place": {"town": "Turku", "nuts": ["FI1C1", "FI1C2"]}, "none": null},
        {"id": "B", "sum": 7, "more": true, "people": [{"role": "x"}, {"role": "y"}]}, 5, {"id": "C", "sum": 1e99}]}}"""
    table, entries = read(written(tmp_path, text, "list.json"))
    assert [column.name for column in table.columns] == [
        "id", "sum", "place.town", "place.nuts", "none", "more", "people.role",
    ]  # fmt: skip
    assert table.facts.reading.records == "data.items"
    assert next(f.others for f in table.facts.findings if f.what == "records") == ("tags",)
    assert rows(entries)[0] == Row(1, ("A", Decimal("12.50"), "Turku", "FI1C1; FI1C2", None, None, None))
    assert rows(entries)[1] == Row(2, ("B", 7, None, None, None, True, "x; y"))
    assert [(e.number, e.problem.rule) for e in entries if isinstance(e, Rejected)] == [
        (3, "tables/not-a-record"), (4, "tables/number-size"),
    ]  # fmt: skip


def test_json_lines(tmp_path: Path) -> None:
    _, entries = read(written(tmp_path, '{"a": 1.10, "b": "x"}\n\n{"b": "y", "c": 2}\n', "list.jsonl"))
    assert entries == [Row(1, (Decimal("1.10"), "x", None)), Skipped(2, "blank"), Row(3, (None, "y", 2))]


def test_json_of_another_encoding(tmp_path: Path) -> None:
    text = json.dumps([{"nimi": "Työllisyys ja nuorten yhteisö"}, {"nimi": "Yö"}], ensure_ascii=False)
    for codec in ("cp1252", "utf-16", "utf-8-sig"):
        _, entries = read(written(tmp_path, text.encode(codec), "list.json"))
        assert rows(entries)[0].cells == ("Työllisyys ja nuorten yhteisö",)


# --- archives ----------------------------------------------------------------------------------------------------


def test_packed_files_are_read_in_place(tmp_path: Path) -> None:
    text = b"a;b\n1;x\n2;y\n"
    table, entries = read(written(tmp_path, gzip.compress(text), "list.csv.gz"))
    assert (found(table, "packing"), len(rows(entries))) == ("gzip", 2)
    path = tmp_path / "list.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.md", "# about " * 50)
        archive.writestr("small.csv", text)
        archive.writestr("data/large.csv", text * 3)
    table, entries = read(path)
    finding = next(f for f in table.facts.findings if f.what == "member")
    assert (finding.value, finding.others) == ("data/large.csv", ("readme.md", "small.csv"))
    assert len(rows(read(path, Reading(member="small.csv"))[1])) == 2
    with zipfile.ZipFile(tmp_path / "book.zip", "w") as archive:
        archive.write(workbook(tmp_path / "list.xlsx"), "list.xlsx")
    table, entries = read(tmp_path / "book.zip")
    assert (found(table, "format"), len(rows(entries))) == ("xlsx", 8)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["book.zip", "list.csv.gz", "list.xlsx", "list.zip"]


def test_a_file_that_changes_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\n1;x\n")
    table = open_table(path, "x")
    path.write_text("a;b\n1;x\n2;y\n")
    with pytest.raises(InputError, match="changed"):
        list(table.entries())


def test_entries_are_lazy(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\n" + "1;x\n" * 30_000)
    entries = open_table(path, "x").entries()
    assert next(entries) == Skipped(1, "header")
    assert next(entries) == Row(2, ("1", "x"))
    entries.close()


def test_limits_hold(tmp_path: Path) -> None:
    path = written(tmp_path, "a;b\n" + "1;x\n" * 1000)
    with pytest.raises(InputError, match="max_bytes"):
        open_table(path, "x", limits=Limits(max_bytes=1000))
    path = written(tmp_path, "a;b\n1;" + "x" * 5000 + "\n2;y\n3;z\n")
    entries = list(open_table(path, "x", limits=Limits(max_cell_chars=1000)).entries())
    assert [entry.problem.rule for entry in entries if isinstance(entry, Rejected)] == ["tables/cell-too-long"]
