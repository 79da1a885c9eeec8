"""Files that need no mapping: canonical columns, and the Commission's."""

from __future__ import annotations

import pytest

from publisher.exports.kohesio import COLUMNS
from publisher.lists import builtin, codes, values
from publisher.lists.builtin import SourceFacts
from publisher.lists.fields import FIELDS
from publisher.lists.mapping_file import Mapping

FI = SourceFacts("lists/Toimet 2016.csv.gz", "fi")


def _mapping(columns: list[str], facts: SourceFacts = FI) -> Mapping:
    found = builtin.mapping_for(columns, facts)
    assert found is not None
    return found


def test_all_canonical_columns_are_mapped_onto_themselves() -> None:
    mapping = _mapping(list(FIELDS))
    assert {name: rule.column for name, rule in mapping.fields.items()} == {name: name for name in FIELDS}
    assert mapping.identity.rows == "one"
    assert not mapping.identity.mint


def test_the_source_is_called_by_the_file() -> None:
    mapping = _mapping(["code", "title"])
    assert (mapping.source.key, mapping.portfolio.key, mapping.portfolio.code_scope) == ("Toimet-2016",) * 3
    assert mapping.source.as_of == "unknown"
    assert _mapping(["code", "title"], SourceFacts("---.csv", "fi")).source.key == "operations"
    assert _mapping(["code", "title"], SourceFacts("a.csv", "fi", "EURA")).portfolio.code_scope == "EURA"


def test_texts_in_the_own_language_need_no_tag() -> None:
    mapping = _mapping(["code", "title_fi", "title_en", "summary", "summary_fi"])
    assert mapping.fields["title"].column == "title_fi"
    assert mapping.fields["title_en"].column == "title_en"
    assert mapping.fields["summary"].column == "summary"
    assert mapping.unused == ["summary_fi"]


def test_without_a_code_the_content_tells_operations_apart() -> None:
    mapping = _mapping(["title_en", "beneficiary_name", "start", "total_cost"])
    assert mapping.identity.rows == "operations"
    assert mapping.identity.mint == ["title_en", "beneficiary_name", "start", "total_cost"]


@pytest.mark.parametrize(
    "columns",
    [
        ["Koodi", "Hankkeen nimi"],
        ["code", "country"],
        ["title"],
        ["title", "author"],
        ["title", "code", "isbn", "shelf", "author"],
        ["Operation name", "Beneficiary name"],
        ["Operation_Name_English", "Country"],
        [],
    ],
)
def test_other_files_need_a_mapping(columns: list[str]) -> None:
    assert builtin.mapping_for(columns, FI) is None


def test_an_unknown_column_beside_is_left_to_be_told() -> None:
    mapping = _mapping(["code", "title", "start", "remarks"])
    assert "remarks" not in mapping.unused


@pytest.mark.parametrize("spell", [str, str.lower, str.upper, lambda name: f" {name} "])
def test_the_commissions_header_in_any_case(spell: object) -> None:
    assert callable(spell)
    columns = [spell(name) for name in COLUMNS]
    mapping = _mapping(columns)
    assert set(mapping.fields) == {
        *builtin.KOHESIO.values(), "fund", "longitude", "latitude", "crs",
    }  # fmt: skip
    assert mapping.values.date_order == "dmy"
    used = {rule.column for rule in mapping.fields.values()} | set(mapping.fields["fund"].columns or ())
    assert {*columns} == {*(used - {None}), *mapping.unused}
    assert "mint" not in mapping.identity.model_dump() or mapping.identity.mint  # rows without an identifier are kept


def test_the_commissions_english_list_has_one_title() -> None:
    mapping = _mapping(list(COLUMNS), SourceFacts("ie.csv", "en"))
    assert mapping.fields["title"].column == "Operation_Name_Programme_Language"
    assert not [name for name in mapping.fields if name.endswith("_en")]


def test_longitude_comes_first() -> None:
    import re

    mapping = _mapping(list(COLUMNS))
    found = {
        name: match["value"]
        for name in ("longitude", "latitude")
        if (match := re.search(mapping.fields[name].pattern or "", "-9.0491, 53.2744"))
    }
    assert found == {"longitude": "-9.0491", "latitude": "53.2744"}


def test_every_entry_of_the_fund_table_is_read_as_itself() -> None:
    rule = _mapping(["code", "title", "fund"]).fields["fund"]
    assert {entry: values.fund(rule.values[entry], None) for entry in codes.load().entries} == {
        entry: entry for entry in codes.load().entries
    }
