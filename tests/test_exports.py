"""Flat records, the files that are made of them, and the way back."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import operations_rdf as ops
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Resource, Schema, system
from operations_rdf import iri, text, typed
from shared_files import ROOT, SHARED

from publisher import checking, config, exports, ntriples, spool
from publisher.errors import ConfigError
from publisher.exports import cells, flat, kohesio, texts
from publisher.flattening import Flattener
from publisher.flattening.record import NOTES, Record
from publisher.lists import builtin, codes, values
from publisher.lists.fields import FIELDS
from publisher.manifest import Release
from publisher.masters import Master
from publisher.namespaces import dct, foaf, geo, locn, pf, skos

KOHESIO_SCHEMA = SHARED / "lists" / "kohesio-schema" / "schema.json"


def _records(path: Path, *operations: Iterable[str]) -> dict[str, Record]:
    with Master(ops.master(path, *operations)) as master:
        return {str(r.values["code"]): r for r in Flattener(master, ops.MINTER).records()}


def _release(path: Path, *operations: Iterable[str], languages: tuple[str, ...] = ("fi", "sv", "en")) -> Any:
    ops.master(path, *operations)
    facts = SimpleNamespace(
        master="master.nt", base_iri=ops.BASE, languages=list(languages), created="2026-11-24T03:15:00Z"
    )
    return SimpleNamespace(manifest=facts, file=path.joinpath)


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# -- flattening


def test_a_whole_operation_becomes_one_record(tmp_path: Path) -> None:
    record = _records(tmp_path, ops.full())["S10001"]
    assert record.flat("fi") == {
        "code": "S10001",
        "title": "Täysi hanke",
        "title_en": "Full project",
        "summary": "Tiivistelmä, jossa on\nkaksi riviä",
        "achievements": "Saavutus",
        "start": date(2015, 8, 1),
        "end": date(2019, 4, 30),
        "start_year": "2015",
        "end_year": "2019",
        "end_status": "expected",
        "status": "Käynnissä",
        "beneficiary_name": "Lapin yliopisto",
        "beneficiary_id": "0292800-5",
        "beneficiary_country": "FIN",
        "beneficiary_postcode": "00100",
        "beneficiary_city": "Helsinki",
        "partners": ["Kumppani; Oy", "Toinen ry"],
        "total_cost": Decimal(1200),
        "total_eligible_cost": Decimal("1000.5"),
        "paid_eu_and_state_amount": Decimal("400.25"),
        "currency": "EUR",
        "cofinancing_rate": Decimal("50.5"),
        "fund": ["ESF"],
        "period": "2014-2020",
        "programme_code": "2014FI16M2OP001",
        "programme_name": "Ohjelma",
        "priority_axis_code": "5",
        "priority_axis_name": "Sosiaalinen osallisuus",
        "specific_objective_code": "10.1",
        "thematic_objective_code": "09",
        "thematic_objective_name": "Köyhyyden torjunta",
        "investment_priority_name": "Aktiivinen osallisuus",
        "intervention_code": "109",
        "intervention_name": "Aktiivinen osallisuus",
        "country": "FIN",
        "nuts": ["FI1C1"],
        "nuts_edition": "2016",
        "region": ["Varsinais-Suomi"],
        "municipality": ["Helsinki"],
        "postcode": "00100",
        "longitude": Decimal("24.9384"),
        "latitude": Decimal("60.1699"),
        "crs": "EPSG:4326",
        "page": ["https://example.org/a", "https://example.org/b"],
        "last_update": date(2016, 12, 31),
    }
    assert (record.language, record.source, record.notes) == ("fi", ops.SOURCE, [])
    assert set(record.flat("fi")) - {"title_en"} <= set(FIELDS)
    assert record.flat("en")["title"] == "Full project"
    assert record.flat("en")["title_fi"] == "Täysi hanke"


def test_parts_of_an_operation_are_summed_by_stage_and_sources(tmp_path: Path) -> None:
    record = _records(
        tmp_path,
        ops.bare("S1"),
        ops.money("S1", "eu-1", "committed", ["eu"], "0.1"),
        ops.money("S1", "eu-2", "committed", ["eu"], "0.2"),
        ops.money("S1", "eu-3", "committed", ["eu"], "-0.05"),
        ops.money("S1", "paid", "paid", ["eu"], "7"),
        ops.money("S1", "both", "committed", ["state", "eu"], "9"),
        ops.money("S1", "odd", "committed", ["municipal", "private"], "11"),
        ops.money("S1", "none", "planned", ["eu"], "0", without="amount"),
    )["S1"]
    assert record.values["eu_amount"] == Decimal("0.25")
    assert record.values["paid_eu_amount"] == 7
    assert record.values["eu_and_state_amount"] == 9
    assert "planned_eu_amount" not in record.values
    assert sorted(record.notes) == ["amount-not-given", "money-without-field"]


def test_what_two_sources_tell_of_one_sum_is_not_added_up(tmp_path: Path) -> None:
    record = _records(
        tmp_path,
        ops.bare("S1"),
        ops.money("S1", "a", "committed", ["eu"], "100", evidence="other"),
        ops.money("S1", "b", "committed", ["eu"], "90"),
    )["S1"]
    assert record.values["eu_amount"] == 90  # of the list that the project is shown from
    assert record.notes == ["several-sources-of-money"]


def test_currencies_are_never_mixed(tmp_path: Path) -> None:
    records = _records(
        tmp_path,
        ops.bare("S1"),
        ops.money("S1", "a", "committed", ["total-cost"], "100", currency="SEK"),
        ops.money("S1", "b", "committed", ["eu"], "5"),
        ops.bare("S2"),
        ops.money("S2", "a1", "committed", ["eu"], "100", currency="SEK"),
        ops.money("S2", "a2", "committed", ["eu"], "5"),
    )
    assert (records["S1"].values["currency"], records["S1"].values["total_cost"]) == ("SEK", 100)
    assert "eu_amount" not in records["S1"].values
    assert not {"currency", "eu_amount"} & set(records["S2"].values)
    assert records["S1"].notes == records["S2"].notes == ["several-currencies"]


def test_several_beneficiaries_have_names_only(tmp_path: Path) -> None:
    record = _records(
        tmp_path,
        ops.bare("S1"),
        ops.participant("S1", "beneficiary", "Yksi Oy", "FI-1", identifier="1"),
        ops.participant("S1", "beneficiary", "Kaksi Oy", "FI-2", identifier="2"),
        ops.participant("S1", "applicant", "Hakija Oy", "FI-3", identifier="3"),
    )["S1"]
    assert record.values["beneficiary_name"] == ["Yksi Oy", "Kaksi Oy"]
    assert "beneficiary_id" not in record.values
    assert record.notes == ["several-beneficiaries"]


def test_an_applicant_counts_as_beneficiary_where_there_is_none(tmp_path: Path) -> None:
    record = _records(tmp_path, ops.bare("S1"), ops.participant("S1", "applicant", "Hakija Oy", "x-3", identifier="3"))
    assert record["S1"].values["beneficiary_name"] == "Hakija Oy"
    assert record["S1"].values["beneficiary_id"] == "3"
    assert "beneficiary_country" not in record["S1"].values  # a key with small letters names no country


@pytest.mark.parametrize(
    ("wkt", "expected"),
    [
        ("POINT(24.9 -60.1)", ("24.9", "-60.1", "EPSG:4326")),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(24.9 60.1)", ("24.9", "60.1", "EPSG:4326")),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(60.1 24.9)", ("24.9", "60.1", "EPSG:4326")),
        ("<http://www.opengis.net/def/crs/EPSG/0/25832> POINT(560016.186 6319238.093)",
         ("560016.186", "6319238.093", "EPSG:25832")),
        ("<https://example.org/crs> POINT(1 2)", None),
        ("POLYGON((0 0, 1 1, 0 1, 0 0))", None),
        ("POINT(1.2.3 4)", None),
    ],
)  # fmt: skip
def test_points(tmp_path: Path, wkt: str, expected: tuple[str, str, str] | None) -> None:
    site = ops.about(
        iri("place", "S1~site"), dct.Location, {locn.geometry: ntriples.literal(wkt, datatype=geo.wktLiteral)}
    )
    record = _records(tmp_path, ops.bare("S1", **{dct.spatial: iri("place", "S1~site")}), site)["S1"]
    told = tuple(str(record.values[n]) for n in ("longitude", "latitude", "crs")) if "crs" in record.values else None
    assert told == expected


def test_places_of_every_kind(tmp_path: Path) -> None:
    strange = ops.about(iri("place", "pohjola"), dct.Location, {skos.prefLabel: text("Pohjola")})
    links = ["nuts~2016~FI1C1", "nuts~unknown~FI1D7", "FIN~region~bb", "pohjola"]
    project = ops.project("S1", {dct.title: text("x"), dct.spatial: [iri("place", key) for key in links]})
    record = _records(tmp_path, project, strange)["S1"]
    assert record.values["nuts"] == ["FI1C1", "FI1D7"]
    assert record.values["region"] == ["Lappi", "Varsinais-Suomi", "Pohjola"]
    assert "nuts_edition" not in record.values  # one code has an edition, the other none
    assert record.notes == ["several-nuts-editions"]


def test_foreign_and_scoped_projects(tmp_path: Path) -> None:
    foreign = ops.about("<https://elsewhere.example/1>", pf.Project, {dct.title: text("Untagged", None)})
    records = _records(tmp_path, foreign, ops.bare("2021FI16FFPR001~S1"))
    record = records["https://elsewhere.example/1"]
    assert record.flat("fi") == {"code": "https://elsewhere.example/1", "title": "Untagged"}
    assert records["S1"].values["code_scope"] == "2021FI16FFPR001"
    assert records["S1"].values["period"] == "2021-2027"


def test_a_fund_outside_the_table_has_a_name(tmp_path: Path) -> None:
    own = ops.classification("fund", "abc", "Euroopan sosiaalirahasto 2007")
    record = _records(tmp_path, ops.bare("S1", **{pf.fund: ops.classified("fund", "abc")}), own)["S1"]
    assert record.text("fund_name", "fi") == "Euroopan sosiaalirahasto 2007"
    assert "fund" not in record.values
    assert "period" not in record.values


def test_groups_and_outcomes_in_their_languages(tmp_path: Path) -> None:
    def outcome(number: int, *titles: str) -> Iterator[str]:
        yield f"{iri('project', 'S1')} <{pf.outcome}> {iri('outcome', f'S1~{number}')} ."
        yield from ops.about(iri("outcome", f"S1~{number}"), pf.Outcome, {dct.title: list(titles)})

    record = _records(
        tmp_path,
        ops.bare("S1", **{pf.targetGroup: ops.concept("target-group", "roma")}),
        outcome(1, text("Eka"), text("First", "en")),
        outcome(2, text("Toka")),
    )["S1"]
    made = record.flat("fi")
    assert made["outcomes"] == ["Eka", "Toka"]
    assert made["outcomes_en"] == ["First"]
    assert isinstance(made["target_groups"], list)
    assert made["target_groups"] == ["romanit"]


def test_every_note_has_its_sentence() -> None:
    assert set(texts.NOTES) == set(NOTES)
    assert all(set(entry) == set(texts.LANGUAGES) for entry in (*texts.NOTES.values(), *texts.TABLE.values()))


# -- cells


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_texts_that_look_like_formulas_are_guarded_and_read_back(evil: str) -> None:
    assert cells.cell(evil) == f"'{evil}"
    read = values.reader(FIELDS["beneficiary_name"], builtin.ValueRules())
    assert read(cells.cell(evil)) == " ".join(evil.split())


def test_numbers_stay_numbers() -> None:
    assert [cells.cell(Decimal(n)) for n in ("-1.50", "1E+3", "0")] == ["-1.50", "1000", "0"]


def test_a_separator_inside_a_value_is_no_separator() -> None:
    parted = cells.cell(["A; B", "=C"]).split("; ")
    read = values.reader(FIELDS["partners"], builtin.ValueRules())
    assert [read(part) for part in parted] == ["A; B", "=C"]


# -- CSV, XLSX, Parquet


EVIL = {
    dct.title: text('=HYPERLINK("http://x","a")'),
    dct.description: text("rivi\n\"lainaus\", pilkku; ja puolipiste"),
    foaf.page: "<https://example.org/x>",
}  # fmt: skip


def _evil() -> Iterator[str]:
    yield from ops.project("S2", EVIL)
    yield from ops.money("S2", "a", "committed", ["eu"], "-123456789012345678.123456")
    yield from ops.participant("S2", "partner", "-Miinus; Oy", "p3")


def test_csv_has_all_fields_in_order_and_is_safe(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    done = exports.write(_release(tmp_path, ops.full(), _evil()), "csv", target)
    assert done.written == 2
    rows = _csv(target)
    columns = list(rows[0])
    assert [name for name in columns if name in FIELDS] == list(FIELDS)
    assert [name for name in columns if name not in FIELDS] == ["title_en"]
    assert columns[columns.index("title") + 1] == "title_en"
    assert rows[0]["partners"] == "Kumppani;\xa0Oy; Toinen ry"
    assert rows[0]["start"] == "2015-08-01"
    assert rows[1]["title"] == '\'=HYPERLINK("http://x","a")'
    assert rows[1]["eu_amount"] == "-123456789012345678.123456"
    assert rows[1]["partners"] == "'-Miinus;\xa0Oy"
    assert rows[1]["end"] == ""
    assert not target.read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in target.read_bytes()


def test_csv_is_valid_against_the_canonical_schema(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    exports.write(_release(tmp_path, ops.full(), _evil()), "csv", target, bom=True)
    assert target.read_bytes().startswith(b"\xef\xbb\xbfcode,")
    descriptor = json.loads((ROOT / "data/schema/operations.schema.json").read_text())
    assert _validate(target, Schema.from_descriptor({**descriptor, "fieldsMatch": "subset"})) == []


def test_a_text_stands_under_its_own_language(tmp_path: Path) -> None:
    greek = ops.project("S1", {dct.title: text("Έργο", "el"), dct.description: text("Työ")})
    done = exports.write(_release(tmp_path, greek), "csv", tmp_path / "out.csv")
    (row,) = _csv(tmp_path / "out.csv")
    assert (row["title"], row["title_el"], row["summary"]) == ("", "Έργο", "Työ")
    assert done.remarks == [
        "no title is in fi, the portfolio's first language: the titles stand in columns with their language (el)"
    ]


def test_xlsx_is_typed_and_has_no_formulas_and_links(tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    exports.write(_release(tmp_path, ops.full(), _evil()), "xlsx", target)
    sheet = openpyxl.load_workbook(target)["operations"]
    head = [cell.value for cell in sheet[1]]
    full, evil = (dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=2))
    assert (evil["title"].data_type, evil["title"].value) == ("s", '=HYPERLINK("http://x","a")')
    assert evil["page"].hyperlink is None
    assert (full["total_eligible_cost"].data_type, full["total_eligible_cost"].value) == ("n", 1000.5)
    assert evil["eu_amount"].value == "-123456789012345678.123456"  # a double would not hold it
    assert (full["start"].value.date(), full["start"].is_date) == (date(2015, 8, 1), True)
    assert full["start_year"].value == 2015
    assert full["postcode"].value == "00100"
    assert full["achievements"].value == "Saavutus"
    assert evil["achievements"].value is None


def test_xlsx_goes_on_in_another_sheet_and_cuts_what_no_cell_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flat, "_SHEET_ROWS", 3)
    long = ops.project("S9", {dct.title: text("😀" * 20_000)})
    many = [ops.bare(f"S{n}") for n in range(4)]
    done = exports.write(_release(tmp_path, *many, long), "xlsx", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert [sheet.max_row for sheet in book] == [3, 3, 2]
    assert len({sheet.title for sheet in book}) == 3
    head, last = book.worksheets[2].iter_rows(values_only=True)
    assert len(dict(zip(head, last, strict=True))["title"]) == 16_001
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:C3", "A1:C3", "A1:C2"]
    assert any("cut" in line for line in done.remarks)


def test_the_same_release_gives_the_same_workbook(tmp_path: Path) -> None:
    release = _release(tmp_path, ops.full())
    for name in ("a.xlsx", "b.xlsx"):
        exports.write(release, "xlsx", tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_parquet_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flat, "_BATCH", 2)
    huge = ops.money("S5", "a", "committed", ["eu"], "1234567890123456789012")
    long = ops.money("S4", "a", "committed", ["eu"], "0.12345678")
    release = _release(tmp_path, ops.full(), _evil(), ops.bare("S3"), ops.bare("S4"), long, ops.bare("S5"), huge)
    done = exports.write(release, "parquet", tmp_path / "out.parquet")
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.num_rows == done.written == 5
    schema = table.schema
    assert schema.field("total_cost").type == pa.decimal128(24, 6)
    assert schema.field("start").type == pa.date32()
    assert schema.field("fund").type == pa.list_(pa.string())
    assert schema.field("start_year").type == pa.int32()
    assert schema.metadata[b"language"] == b"fi"
    rows = {row["code"]: row for row in table.to_pylist()}
    assert rows["S10001"]["partners"] == ["Kumppani; Oy", "Toinen ry"]
    assert rows["S10001"]["latitude"] == Decimal("60.1699")
    assert rows["S2"]["eu_amount"] == Decimal("-123456789012345678.123456")
    assert rows["S2"]["title"].startswith("=HYPER")
    assert rows["S4"]["eu_amount"] == Decimal("0.123457")
    assert rows["S5"]["eu_amount"] is None
    assert len([line for line in done.remarks if "numbers were" in line]) == 2


def test_without_pyarrow_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"portfolio-publisher\[parquet\]"):
        exports.write(_release(tmp_path, ops.full()), "parquet", tmp_path / "out.parquet")
    assert not list(tmp_path.glob("*parquet*"))


@pytest.mark.parametrize("profile", [profile for profile in exports.PROFILES if profile != "ckan"])  # see test_ckan
def test_a_release_without_operations_has_a_header(tmp_path: Path, profile: str) -> None:
    target = tmp_path / exports.file_name(profile)
    assert exports.write(_release(tmp_path), profile, target).written == 0
    assert target.stat().st_size > 0


def test_a_failed_export_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")
    release = _release(tmp_path, ops.full())
    monkeypatch.setattr(flat, "cell", lambda value: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        exports.write(release, "csv", target)
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["master.nt", "out.csv"]


def test_an_unknown_profile_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="kohesio, csv, xlsx, parquet"):
        exports.write(_release(tmp_path), "pdf", tmp_path / "x")


# -- Kohesio


def _validate(path: Path, schema: Schema) -> list[list[Any]]:
    with system.use_context(trusted=True):
        report = Resource(str(path), schema=schema).validate()
    return report.flatten(["rowNumber", "fieldName", "note"])


def _kohesio_schema() -> Schema:
    if not KOHESIO_SCHEMA.is_file():
        pytest.skip("the Commission's schema is not here")
    return Schema.from_descriptor(json.loads(KOHESIO_SCHEMA.read_text()))


def _variants() -> list[Iterable[str]]:
    """Operations that the Commission's file can hold, each with something of its own."""
    expected = dict(ops.FULL)
    other = {
        **expected,
        pf.fund: ops.table("eu-programme", "ESF_PLUS"),
        pf.programme: ops.classified("programme", "new"),
    }
    formula = {**expected, dct.title: text("=1+1"), dct.description: text("@x, \"y\"\nz")}  # fmt: skip
    social = {**expected, foaf.page: ["<https://www.facebook.com/a>", "<https://x.com/b>", "<https://example.org/>"]}
    made: list[Iterable[str]] = [ops.classification("programme", "new", "Uusi", "2021FI16FFPR001"), ops.full()]
    for key, pairs in (("S3", other), ("S4", formula), ("S5", social)):
        made += [
            ops.project(key, pairs),
            ops.money(key, "total-eligible-cost", "committed", ["eligible-cost"], "12345678.901"),
            ops.participant(key, "beneficiary", "-Kunta", f"{key}-org"),
        ]
    return made


def test_the_commissions_file_is_valid(tmp_path: Path) -> None:
    target = tmp_path / "kohesio.csv"
    done = exports.write(_release(tmp_path, *_variants()), "kohesio", target)
    assert (done.written, done.left, done.list_of_left_out) == (4, 0, None)
    assert _validate(target, _kohesio_schema()) == []
    rows = {row["Operation_Unique_Identifier"]: row for row in _csv(target)}
    assert tuple(rows["S10001"]) == kohesio.COLUMNS
    full = rows["S10001"]
    assert full["CoFinancing_Rate"] == "50.5"
    assert full["Operation_Start_Date"] == "01/08/2015"
    assert full["Operation_End_Date"] == full["Operation_Expected_End_Date"] == "30/04/2019"
    assert full["Location_Indicator_latitude_longitude"] == "24.9384, 60.1699"
    assert full["Country"] == "Finland"
    assert full["Category_Of_Intervention"] == "109"
    assert (full["Fund_Code"], full["Programme_Code"]) == ("ESF", "2014FI16M2OP001")
    assert full["Beneficiary_Unique_Identifier"] == "0292800-5"
    assert (rows["S3"]["Fund_Code"], rows["S3"]["Programme_Code"]) == ("", "")
    assert rows["S3"]["Programming_Period"] == "2021-2027"
    assert "Plus" in rows["S3"]["Fund_Name"]
    assert rows["S4"]["Operation_Name_Programme_Language"] == "'=1+1"
    assert rows["S5"]["Social_Media_Links"] == "https://www.facebook.com/a https://x.com/b"
    assert not list(tmp_path.glob("*left-out*"))


def test_the_columns_and_codes_are_those_of_the_schema() -> None:
    schema = _kohesio_schema()
    assert tuple(schema.field_names) == kohesio.COLUMNS
    limits = {field.name: field.constraints.get("enum") for field in schema.fields}
    allowed = kohesio._allowed()
    assert allowed["programmes"] == set(limits["Programme_Code"])
    assert allowed["currencies"] == set(limits["Total_Eligible_Expenditure_Currency"])
    assert allowed["periods"] == limits["Programming_Period"]
    assert set(allowed["funds"].values()) <= set(limits["Fund_Code"])
    assert set(allowed["funds"]) <= codes.load().entries


def test_what_the_schema_requires_and_an_operation_lacks_is_told(tmp_path: Path) -> None:
    broken = {
        **ops.FULL,
        pf.cofinancingRate: typed("150", "decimal"),
        pf.interventionType: ops.classified("intervention", "x"),
    }
    release = _release(
        tmp_path,
        ops.full(),
        ops.bare("S2"),
        ops.project("S3", broken),
        ops.money("S3", "total-eligible-cost", "committed", ["eligible-cost"], "-1", currency="XXX"),
        ops.classification("intervention", "x", "Liikaa", "182"),
    )
    target = tmp_path / "kohesio.csv"
    done = exports.write(release, "kohesio", target)
    assert (done.written, done.left) == (1, 2)
    assert _validate(target, _kohesio_schema()) == []
    assert done.list_of_left_out is not None
    listed = {row["code"]: row["reasons"].split("; ") for row in _csv(done.list_of_left_out)}
    assert {reason.partition(":")[0] for reason in listed["S2"]} == {
        "Operation_Summary_Programme_Language", "Country", "Operation_Start_Date", "Operation_End_Date",
        "CoFinancing_Rate", "Total_Eligible_Expenditure_amount", "Beneficiary_Name", "Category_Of_Intervention",
        "Programming_Period",
    }  # fmt: skip
    assert sorted(listed["S3"]) == [
        "Beneficiary_Name: not given",
        "Category_Of_Intervention: no code from 1 to 123 is given",
        "CoFinancing_Rate: is not from 0 to 100",
        "Total_Eligible_Expenditure_Currency: XXX is not in the schema",
        "Total_Eligible_Expenditure_amount: is negative",
    ]
    assert any("2 operations were left out" in line for line in done.remarks)
    told = done.json()["left_out"]
    assert told["operations"] == 2
    assert [entry["code"] for entry in told["first"]] == ["S2", "S3"]
    json.dumps(done.json())


def test_every_fund_is_read_back_by_the_name_that_is_written(tmp_path: Path) -> None:
    with Master(ops.master(tmp_path)) as master:
        reader = Flattener(master, ops.MINTER)
        labels = {entry: kohesio.fund_name(entry, reader) for entry in codes.load().entries}
    assert labels["ESF"] == "European Social Fund (2014/2020)"
    read = {entry: values.fund(label, None) for entry, label in labels.items()}
    assert read == {entry: entry for entry in labels}


def test_the_shipped_portfolio_as_files(osallisuus: Release, tmp_path: Path) -> None:
    done = exports.write(osallisuus, "csv", tmp_path / "a.csv")
    rows = {row["code"]: row for row in _csv(tmp_path / "a.csv")}
    assert done.written == len(rows) == 13
    assert rows["S20394"]["beneficiary_name"] == "Lapin yliopisto"
    assert rows["S20394"]["eu_and_state_amount"] == "173827"
    assert rows["S20394"]["planned_public_amount"] == "590000"
    assert rows["S20394"]["fund"] == "ESF"
    assert rows["S20394"]["outcomes_en"]
    done = exports.write(osallisuus, "kohesio", tmp_path / "k.csv")
    assert (done.written, done.left) == (0, 13)


# -- the way back


def _built(path: Path, source: Path) -> dict[str, dict[str, Any]]:
    """Return the records of what `publisher build` makes of a file, by code."""
    folder = path / f"built-{source.name}"
    folder.mkdir()
    file = folder / "publisher.toml"
    file.write_text('base_iri = "https://example.org/p"\nlanguages = ["fi", "sv", "en"]\n')
    checked = checking.check([str(source)], config.load(file, {}), folder)
    assert checked.report.conforms
    spool.sort(checked.parts, folder / "master.nt", unique=True)
    with Master(folder / "master.nt") as master:
        return {str(r.values["code"]): r.flat("fi") for r in Flattener(master, ops.MINTER).records()}


KEPT_BY_KOHESIO = (
    "title", "title_en", "summary", "start", "end", "total_eligible_cost", "currency", "cofinancing_rate",
    "beneficiary_name", "beneficiary_id", "fund", "intervention_code", "priority_axis_code",
    "priority_axis_name", "specific_objective_code", "thematic_objective_code", "country", "nuts", "postcode",
    "longitude", "latitude", "crs", "last_update",
)  # fmt: skip


def test_the_commissions_file_gives_the_same_operations_back(tmp_path: Path) -> None:
    exports.write(_release(tmp_path, *_variants()), "kohesio", tmp_path / "kohesio.csv")
    before = {code: record.flat("fi") for code, record in _records(tmp_path, *_variants()).items()}
    after = _built(tmp_path, tmp_path / "kohesio.csv")
    assert set(after) == set(before) == {"S10001", "S3", "S4", "S5"}
    for code, record in before.items():
        assert {n: record.get(n) for n in KEPT_BY_KOHESIO} == {n: after[code].get(n) for n in KEPT_BY_KOHESIO}


@pytest.mark.parametrize("profile", ["csv", "xlsx"])
def test_the_canonical_file_gives_the_same_records_back(tmp_path: Path, profile: str) -> None:
    operations = [*_variants(), _evil()]
    target = tmp_path / exports.file_name(profile)
    exports.write(_release(tmp_path, *operations), profile, target, bom=True)
    before = {code: record.flat("fi") for code, record in _records(tmp_path, *operations).items()}
    after = _built(tmp_path, target)
    for code, record in before.items():
        told = after[code]
        assert {name: _unordered(record.get(name)) for name in {*record, *told}} == {
            name: _unordered(told.get(name)) for name in {*record, *told}
        }


def _unordered(value: object) -> object:
    return sorted(value) if isinstance(value, list) else value


def test_the_commissions_sample_is_built_as_it_stands(tmp_path: Path) -> None:
    sample = KOHESIO_SCHEMA.with_name("IE_valid_example.csv")
    if not sample.is_file():
        pytest.skip("the Commission's sample is not here")
    built = _built(tmp_path, sample)
    assert len(built) == 5
    first = built["https://linkedopendata.eu/entity/Q233276"]
    assert first["total_eligible_cost"] == Decimal("299609.48")
    assert (first["longitude"], first["latitude"]) == (Decimal("-9.0491"), Decimal("53.2744"))
    assert first["fund"] == ["ERDF"]
