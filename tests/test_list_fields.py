"""The canonical record is told in three languages, covers the law, and its committed schemas are made from it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from publisher import rules
from publisher.lists import fields, mapping_file, schema, values
from publisher.lists.mapping_file import ValueRules

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data" / "schema"

ART_49 = set("abcdefghijklmn")
ANNEX_XII = {
    "beneficiary name", "operation name", "operation summary", "operation start date", "operation end date",
    "total eligible expenditure", "Union co-financing rate", "postcode or other location indicator", "country",
    "name of category of intervention", "date of last update of the list of operations",
}  # fmt: skip


def test_every_field_has_its_texts_in_three_languages() -> None:
    for field in fields.FIELDS.values():
        for texts in (field.title, field.description):
            assert set(texts) == set(rules.LANGUAGES), field.name
            assert all(text and text == text.strip() for text in texts.values()), field.name
        assert all(text.endswith((".", ".)")) for text in field.description.values()), field.name
        assert len({field.description[language] for language in rules.LANGUAGES}) == 3, field.name


def test_titles_tell_the_fields_apart() -> None:
    for language in rules.LANGUAGES:
        titles = [field.title[language] for field in fields.FIELDS.values()]
        assert sorted(titles) == sorted(set(titles)), language


def test_no_text_is_left_over() -> None:
    read = tomllib.loads((ROOT / "publisher" / "lists" / "fields.toml").read_text(encoding="utf-8"))
    assert set(read["fields"]) == {name for name in fields.FIELDS if fields.money(name) is None}
    assert set(read["money"]) == set(fields.MONEY)
    assert set(read["stage"]) == set(fields.STAGES)


def test_the_law_is_covered() -> None:
    assert {field.art_49 for field in fields.FIELDS.values()} - {"", "unique code"} == ART_49
    assert {field.annex_xii for field in fields.FIELDS.values()} - {""} == ANNEX_XII


def test_kinds_of_fields_and_what_they_hold() -> None:
    for name, field in fields.FIELDS.items():
        assert field.type in fields.TYPES
        assert bool(field.choices) == (field.type == "choice"), name
        assert (field.type == "amount") == (fields.money(name) is not None), name
        assert values.reader(field, ValueRules())("") is None


def test_fields_of_money_say_stage_and_sources() -> None:
    assert fields.money("eu_amount") == ("committed", ("eu",))
    assert fields.money("paid_eu_and_state_amount") == ("paid", ("eu", "state"))
    assert fields.money("planned_total_cost") == ("planned", ("total-cost",))
    assert fields.money("cofinancing_rate") is None
    assert fields.FIELDS["paid_eu_amount"].title["fi"] == "EU:n rahoitus (maksettu)"


@pytest.mark.parametrize(
    ("name", "found"),
    [("title", ("title", None)), ("title_en", ("title", "en")), ("summary_rom", ("summary", "rom")),
    ("start_year", ("start_year", None)),
     ("code_en", None), ("title_EN", None), ("title_", None), ("nothing", None), ("beneficiary_name_fi", None)],
)  # fmt: skip
def test_a_column_is_a_field_and_perhaps_a_language(name: str, found: tuple[str, str | None] | None) -> None:
    got = fields.find(name)
    assert (None if got is None else (got[0].name, got[1])) == found


# ---- the committed documents


@pytest.mark.parametrize("name", schema.FILES)
def test_the_committed_documents_are_made_from_the_code(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == schema.FILES[name]()


def test_the_documents_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    schema.write(tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(schema.FILES)


def test_the_page_has_every_field_and_one_width() -> None:
    rows = [line for line in schema.readme().splitlines() if line.startswith("| `") and line.count("|") > 4]
    assert [line.split("`")[1] for line in rows] == list(fields.FIELDS)
    assert {line.count("|") for line in rows} == {9}


def test_frictionless_reads_the_schema_and_checks_a_file_with_it(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    made = frictionless.Schema.from_descriptor(str(FOLDER / "operations.schema.json"))
    assert [field.name for field in made.fields] == list(fields.FIELDS)
    assert made.get_field("cofinancing_rate").custom["x-law"] == {"annexXII": "Union co-financing rate", "art49": "k"}
    good = {
        "code": "S20394", "title": "SÁRA", "start": "2015-08-01", "start_year": "2015", "eu_amount": "173827.50",
        "currency": "EUR",
        "cofinancing_rate": "85.0", "fund": "ESF; YEI", "country": "FIN", "nuts": "FI1D7; FI1C1", "period": "2014-2020",
        "end_status": "expected", "page": "https://example.org/", "last_update": "",
    }  # fmt: skip
    assert faults(frictionless, tmp_path, good) == []
    for name, value in {
        "code": "S 20394  x", "start": "1.8.2015", "eu_amount": "1 000,5", "cofinancing_rate": "850",
        "fund": "Social Fund",
        "country": "Finland", "nuts": "FI1D7,FI1C1", "period": "2014", "end_status": "maybe", "title": "",
        "start_year": "1500",
    }.items():  # fmt: skip
        assert faults(frictionless, tmp_path, good | {name: value}) == [name], name


def faults(frictionless: Any, folder: Path, row: dict[str, str]) -> list[str]:
    made = schema.operations()
    made["fields"] = [field for field in made["fields"] if field["name"] in row]
    names = [field["name"] for field in made["fields"]]
    text = ",".join(names) + "\n" + ",".join(f'"{row[name]}"' for name in names) + "\n"
    (folder / "operations.csv").write_text(text, encoding="utf-8")
    resource = frictionless.Resource(
        path="operations.csv", basepath=str(folder), schema=frictionless.Schema.from_descriptor(made)
    )
    return [error.field_name for task in resource.validate().tasks for error in task.errors]


def test_canonical_values_are_read_back_as_they_are() -> None:
    rows = {"start": "2015-08-01", "eu_amount": "173827.50", "cofinancing_rate": "85.0", "fund": "ERDF_2021",
            "country": "FIN",
            "currency": "EUR", "period": "2014-2020", "nuts": "FI1D7", "start_year": "2015", "exchange_rate": "9.4545",
            "latitude": "60.169", "code": "S20394", "end_status": "expected"}  # fmt: skip
    for name, text in rows.items():
        assert str(values.reader(fields.FIELDS[name], ValueRules(decimal="."))(text)) == text


MAPPING = """
schema_version = 1
[source]
key = "list"
title = { fi = "Luettelo" }
language = "fi"
[portfolio]
key = "p"
title = { fi = "Salkku" }
code_scope = "2014FI16M2OP001"
[values]
decimal = ","
group = [" "]
[fields.code]
column = "Koodi"
[fields.title]
column = "Nimi"
[fields.title_sv]
column = "Namn"
[[funding]]
key = "granted"
column = "Myönnetty"
stage = "committed"
sources = ["eu", "state"]
"""


def test_editors_check_a_mapping_with_its_schema() -> None:
    made = json.loads((FOLDER / "mapping.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(made)
    validator = jsonschema.Draft202012Validator(made)
    loaded = tomllib.loads(MAPPING)
    assert mapping_file.parse(MAPPING, "mapping.toml").fields["title_sv"].column == "Namn"
    assert list(validator.iter_errors(loaded)) == []
    for wrong in (
        {**loaded, "fields": {"titel": {"column": "Nimi"}}},
        {**loaded, "fields": {"code_sv": {"column": "Nimi"}}},
        {**loaded, "fields": {"code": {"colum": "Koodi"}}},
        {**loaded, "values": {"decimal": "x"}},
        {**loaded, "schema_version": 2},
        {key: value for key, value in loaded.items() if key != "source"},
    ):
        assert len(list(validator.iter_errors(wrong))) == 1, wrong
