"""Coverage: what the law asks for and the data has, clause by clause."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

import operations_rdf as ops
import pytest
from operations_rdf import iri, text, typed

from publisher import coverage
from publisher.coverage import Coverage
from publisher.iris import Minter
from publisher.lists.fields import FIELDS
from publisher.manifest import Release
from publisher.namespaces import dct, pf


def _measure(path: Path, *operations: Iterable[str], **options: object) -> Coverage:
    return coverage.compute(ops.master(path, *operations), ops.MINTER, **options)  # type: ignore[arg-type]


def _counts(found: Coverage, law: str) -> dict[str, tuple[int, int, int]]:
    (entry,) = [entry for entry in found["laws"] if entry["law"] == law]
    return {clause["key"]: (clause["there"], clause["empty"], clause["missing"]) for clause in entry["clauses"]}


@pytest.mark.parametrize(("law", "attribute"), [("annex-xii", "annex_xii"), ("art-49-3", "art_49")])
def test_the_clauses_ask_for_the_fields_that_the_record_says_they_do(law: str, attribute: str) -> None:
    clauses = coverage.laws()[law].clauses
    asked = {name for clause in clauses for name in clause.fields}
    wanted = {name for name, field in FIELDS.items() if getattr(field, attribute)}
    assert wanted - {"end_status"} <= asked  # the date is what the law asks for, expected or actual
    assert asked <= set(FIELDS)
    if law == "art-49-3":
        for clause in clauses[1:]:
            told = {FIELDS[name].art_49 for name in clause.fields} - {""}
            assert told <= {clause.key.partition("-")[0]}
    assert len({clause.key for clause in clauses}) == len(clauses)


def test_all_words_are_there_in_each_language() -> None:
    for law in coverage.laws().values():
        for texts in (
            law.name,
            *(clause.title for clause in law.clauses),
            *(c.applies for c in law.clauses if c.applies),
        ):
            assert set(texts) == set(coverage.LANGUAGES)
            assert all(texts.values())


def test_there_empty_and_missing(tmp_path: Path) -> None:
    start = {pf.startDate: typed("2016-01-01", "date"), pf.startYear: typed("2016", "gYear")}
    found = _measure(
        tmp_path,
        ops.full(),
        ops.bare("S2", **start),
        ops.project("S3", {dct.title: text("Toisen luettelon"), **start}, source="other"),
    )
    counts = _counts(found, "annex-xii")
    assert counts["name"] == (3, 0, 0)
    assert counts["start"] == (3, 0, 0)
    # S2 stands in the list whose other operation has a summary; the other list has none at all.
    assert counts["summary"] == (1, 1, 1)
    assert counts["location"] == (1, 1, 1)
    assert counts["updated"] == (2, 1, 0)
    (law,) = found["laws"]
    assert (law["operations"], law["complete"]) == (3, 1)
    assert [entry["code"] for entry in found["worst"]] == ["S2", "S3"]
    assert found["worst"][0]["missing"] == []
    assert "summary" in found["worst"][0]["empty"]
    assert "summary" in found["worst"][1]["missing"]


def test_a_clause_with_a_condition_is_never_missing(tmp_path: Path) -> None:
    found = _measure(
        tmp_path, ops.full(), ops.bare("S2"), ops.participant("S2", "contractor", "Urakoitsija Oy"), law="art-49-3"
    )
    counts = _counts(found, "art-49-3")
    assert counts["a-contractor"] == (1, 0, 0)
    assert counts["b"] == counts["c"] == (0, 0, 0)
    assert counts["m"] == (1, 0, 0)
    assert all("contractor" not in key for entry in found["worst"] for key in (*entry["empty"], *entry["missing"]))
    (law,) = found["laws"]
    assert law["complete"] == 1  # without contractor, vessel and natural person


def test_each_operation_is_measured_by_its_own_law(tmp_path: Path) -> None:
    found = _measure(
        tmp_path,
        ops.full("S1"),
        ops.bare("S2", **{pf.startDate: typed("2022-05-01", "date")}),
        ops.bare("S3", **{pf.fund: ops.table("eu-programme", "ESF_PLUS"), pf.startYear: typed("2019", "gYear")}),
        ops.bare("S4", **{pf.startYear: typed("2009", "gYear")}),
        ops.bare("S5"),
        ops.bare("S6", **{pf.startYear: typed("2016", "gYear")}),
    )
    assert {entry["law"]: entry["operations"] for entry in found["laws"]} == {"annex-xii": 4, "art-49-3": 2}
    assert found["earlier"] == 1
    assert found["guessed"] == 1
    assert found["operations"] == 6


def test_a_law_that_is_told_counts_for_all(tmp_path: Path) -> None:
    found = _measure(tmp_path, ops.full(), ops.bare("S2"), law="art-49-3")
    assert [entry["law"] for entry in found["laws"]] == ["art-49-3"]
    assert found["guessed"] == found["earlier"] == 0
    assert _counts(found, "art-49-3")["i"] == (1, 1, 0)


def test_the_rows_have_a_status_for_every_clause(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    evil = ops.about(iri("project", "x"), pf.Project, {dct.identifier: text("=1+1", None), dct.title: text("Paha")})
    found = _measure(tmp_path, ops.full(), ops.bare("S2"), evil, law="annex-xii", rows=rows)
    with rows.open(encoding="utf-8", newline="") as file:
        read = {row["code"]: row for row in csv.DictReader(file)}
    assert set(read) == {"S10001", "S2", "'=1+1"}
    assert read["S2"]["annex-xii:summary"] == "empty"
    assert read["'=1+1"]["annex-xii:summary"] == "missing"  # told by no source
    for clause, counts in _counts(found, "annex-xii").items():
        column = [row[f"annex-xii:{clause}"] for row in read.values()]
        assert tuple(column.count(status) for status in ("there", "empty", "missing")) == counts


def test_the_worst_are_bounded_and_in_order(tmp_path: Path) -> None:
    better = {dct.description: text("Tiivistelmä")}
    operations = [ops.bare(f"S{n}") for n in range(5)] + [ops.bare(f"T{n}", **better) for n in range(5)]
    operations.append(ops.bare("scope~S1"))  # the same code in a second scope
    found = _measure(tmp_path, *operations, worst=4)
    assert [entry["code"] for entry in found["worst"]] == ["S0", "S1", "S1", "S2"]
    assert _measure(tmp_path, *operations, worst=0)["worst"] == []


def test_a_release_without_operations(tmp_path: Path) -> None:
    found = _measure(tmp_path)
    assert found["operations"] == 0
    assert "no operations" in coverage.write(found, "text", "en")
    assert "<table" not in coverage.write(found, "html", "en")


class _Tags(HTMLParser):
    """Checks that elements are closed in order, and collects what matters."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str | None] = []
        self.links: list[str | None] = []
        self.captions = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta",):
            self.open.append(tag)
        if tag == "th":
            self.headings.append(dict(attrs).get("scope"))
        if tag == "a":
            self.links.append(dict(attrs).get("href"))
        self.captions += tag == "caption"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", coverage.LANGUAGES)
def test_the_page_is_well_formed_accessible_and_escaped(tmp_path: Path, language: str) -> None:
    evil = ops.about(
        iri("project", "x"),
        pf.Project,
        {dct.identifier: text("<script>alert(1)</script>", None), dct.title: text("Paha")},
    )
    strange = ops.about(
        "<javascript:alert(1)>", pf.Project, {dct.identifier: text("J1", None), dct.title: text("Paha")}
    )
    found = _measure(tmp_path, ops.full(), evil, strange)
    page = coverage.write(found, "html", language)
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert f'<html lang="{language}">' in page
    assert set(tags.headings) <= {"col", "row"}
    assert tags.captions == page.count("<table")
    assert "<script" not in page
    assert not [link for link in tags.links if link and not link.startswith("https://example.org/")]
    assert coverage.laws()["annex-xii"].name[language] in page


def test_the_fragment_leads_where_it_is_told(tmp_path: Path) -> None:
    found = _measure(tmp_path, ops.full(), ops.bare("S2"))
    made = coverage.fragment(found, "sv", rows="/coverage.csv", project="/doc?iri={iri}")
    assert 'href="/coverage.csv"' in made
    assert f'href="/doc?iri={ops.BASE}/id/project/S2"' in made


def test_texts_and_tables(tmp_path: Path) -> None:
    found = _measure(tmp_path, ops.full(), ops.bare("S\x1b[31m2"))
    said = coverage.write(found, "text", "fi")
    assert "\x1b" not in said
    assert "50\xa0%" in said
    assert json.loads(coverage.write(found, "json")) == found
    read = list(csv.DictReader(coverage.write(found, "csv", "en").splitlines()))
    assert {row["clause"]: row["there"] for row in read}["summary"] == "1"


def test_a_share_is_cut_not_rounded() -> None:
    assert coverage._share(1999, 2000, "en") == "99.9\xa0%"
    assert coverage._share(2000, 2000, "fi") == "100\xa0%"
    assert coverage._share(1, 3, "fi") == "33,3\xa0%"


def test_the_shipped_portfolio(osallisuus: Release) -> None:
    master = osallisuus.file(osallisuus.manifest.master)
    found = coverage.compute(master, Minter(osallisuus.manifest.base_iri))
    assert found["operations"] == 13
    counts = _counts(found, "annex-xii")
    assert counts["name"] == (13, 0, 0)
    assert counts["category"] == (0, 0, 13)
    assert found["laws"][0]["complete"] == 0
