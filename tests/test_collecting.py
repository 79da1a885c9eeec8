"""Collecting: all problems counted, examples kept, memory bounded, nothing personal written."""

from __future__ import annotations

import csv
import io
import random
import tracemalloc
from pathlib import Path

import pytest

from publisher import collecting, rules
from publisher.collecting import Collector
from publisher.namespaces import SHAPES
from publisher.problems import INFO, VIOLATION, WARNING, Place, Problem
from publisher.reports import Account, Report

MESSAGES = {"fi": "väärin", "sv": "fel", "en": "wrong"}


def fault(row: int, rule: str = "lists/x", file: str = "list.csv", severity: str = WARNING, **facts: str) -> Problem:
    return Problem(Place(file, row, 3, "Koodi", table=True), rule, severity, MESSAGES, **facts)


def many() -> list[Problem]:
    """Return problems of several files, rules and values, some of them twice, in no order."""
    made = [
        fault(row, rule, file, severity, value=f"v{row % 3}\t\n\x1f", subject=f"https://example.org/{row % 2}")
        for row in range(1, 40)
        for rule, severity in (("lists/x", WARNING), ("lists/y", VIOLATION), ("lists/y", INFO))
        for file in ("list.csv", "a\tb.csv", "ä.csv", "odd\udcff.csv")
    ]
    made += made[::3]
    random.Random(4).shuffle(made)
    return made


@pytest.fixture(params=["memory", "disk"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path if request.param == "disk" else None


def test_all_are_counted_once_and_the_lowest_are_listed(folder: Path | None) -> None:
    whole = Report.of(many())
    collector = Collector(examples=5, folder=folder)
    collector.extend(many())
    report = collector.report(projects=3)
    assert report.counts == whole.counts == {"violation": 156, "warning": 156, "info": 156}
    assert collector.counts["lists/y", INFO, "ä.csv"] == 39
    assert [(t.rule, t.count, t.listed) for t in report.tallies] == [
        ("lists/x", 156, 20), ("lists/y", 156, 20), ("lists/y", 156, 20),
    ]  # fmt: skip
    expected = [p for p in whole.problems if p.place.line <= 5]
    assert list(report.problems) == expected
    assert report.projects == 3


def test_a_collection_that_fits_is_the_report_of_all(folder: Path | None) -> None:
    collector = Collector(folder=folder)
    collector.extend(many())
    assert collector.report(projects=2) == Report.of(many(), projects=2)


def test_what_is_listed_of_a_rule_is_bounded_whatever_the_order_of_its_files() -> None:
    problems = [fault(row, file=f"{number:03d}.csv") for number in range(50) for row in (1, 2, 3)]
    for shuffled in (problems, problems[::-1], random.Random(2).sample(problems, len(problems))):
        collector = Collector(examples=2, most=7)
        collector.extend(shuffled)
        report = collector.report()
        assert report.counts[WARNING] == 150
        assert [str(p.place) for p in report.problems] == [
            f"{n:03d}.csv:{row}:3" for n, row in ((0, 1), (0, 2), (1, 1), (1, 2), (2, 1), (2, 2), (3, 1))
        ]


def test_files_are_counted_apart_up_to_a_bound(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(collecting, "_FILES", 3)
    collector = Collector(folder=tmp_path)
    collector.extend(fault(1, file=f"{n}.csv") for n in range(10))
    assert len(collector.counts) == 4
    assert collector.counts["lists/x", WARNING, ""] == 7
    assert collector.report().counts[WARNING] == 10


@pytest.mark.parametrize("bound", [0, 10_000])
def test_the_disk_gives_all_back_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: int) -> None:
    monkeypatch.setattr(collecting, "_MESSAGES", bound)
    collector = Collector(examples=1, folder=tmp_path)
    collector.extend(many())
    assert collector.spill is not None
    back = list(collector.spill.problems())
    assert len(back) == len(Report.of(many()).problems)
    assert set(map(repr, back)) == set(map(repr, many()))
    places = [(p.place.file.encode("utf-8", "backslashreplace"), p.place.line, p.place.column) for p in back]
    assert places == sorted(places)
    odd = list(collector.spill.problems("odd\udcff.csv"))
    assert odd == [p for p in back if p.place.file == "odd\udcff.csv"]
    assert list(collector.spill.problems("none.csv")) == []
    collector.close()
    with pytest.raises(ValueError, match="none can be added"):
        collector.add(fault(1))


def test_problems_of_a_file_are_not_those_of_its_namesake(tmp_path: Path) -> None:
    collector = Collector(folder=tmp_path)
    collector.extend([fault(1, file="a\tb"), fault(1, file="a\\x09b"), fault(1, file="a\\tb")])
    assert collector.spill is not None
    assert len(list(collector.spill.problems("a\\tb"))) == 1
    assert len(list(collector.spill.problems())) == 3


@pytest.mark.slow
def test_memory_does_not_grow_with_the_problems(tmp_path: Path) -> None:
    def peak(count: int, name: str) -> int:
        (tmp_path / name).mkdir()
        tracemalloc.start()
        collector = Collector(examples=100, folder=tmp_path / name)
        collector.extend(fault(row, value=f"value {row}") for row in range(count, 0, -1))
        assert collector.report().counts[WARNING] == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100, "warm")
    assert peak(8000, "many") < peak(2000, "few") + 150_000


def test_titles_and_mending_come_from_the_rules_and_the_shapes() -> None:
    title = f"{SHAPES}#Benefit-title"
    titles = {title: {"fi": "otsikko", "en": "title"}, f"{SHAPES}#BenefitShape": {"fi": "hyöty", "en": "benefit"}}
    named = ["lists/code-missing", title, f"{SHAPES}#BenefitShape", "record/unheard-of"]
    texts = collecting.rule_texts(named, titles)
    assert texts["lists/code-missing"].title == rules.load()["lists/code-missing"].title
    assert texts["lists/code-missing"].mend["en"] == "Enter the code of the operation."
    assert texts[title].title == {"fi": "Hyöty: otsikko", "en": "Benefit: title"}
    assert texts[f"{SHAPES}#BenefitShape"].title["en"] == "Benefit"
    assert "record/unheard-of" not in texts
    again = {rule: text.title for rule, text in texts.items()}
    assert collecting.rule_texts(named, again) == texts


def test_mending_that_tells_of_the_single_fault_is_not_told_of_all() -> None:
    assert collecting._fixed({"en": "Write {it}."}) == {}
    assert collecting._fixed({"en": "Write {{it}}."}) == {"en": "Write {it}."}


def test_a_report_knows_the_rules_that_reject_rows_too() -> None:
    account = Account("list.csv", 1, 0, 0, {"lists/code-missing": 1})
    report = Collector().report(accounts=(account,))
    assert "1 hylätty (Toimen koodi puuttuu: 1)" in report.write("text", "fi")


def test_the_message_of_a_rule_is_told_apart_from_its_mending() -> None:
    collector = Collector()
    collector.extend(rules.problem(Place("l.csv", n, table=True), "lists/code-missing") for n in (1, 2))
    (group,) = collector.report().groups
    for language in rules.LANGUAGES:
        assert group.common(language) == rules.load()["lists/code-missing"].message[language]


# -- files of rows


@pytest.fixture
def rejected(tmp_path: Path) -> tuple[Collector, Path, tuple[Account, ...]]:
    collector = Collector(examples=1, folder=tmp_path)
    place = Place("=list.csv", 7, table=True)
    collector.add(rules.problem(place, "lists/title-missing", "-1 Matti Meikäläinen"))
    collector.add(rules.problem(Place("=list.csv", 5, 3, "@Koodi", table=True), "lists/code-form", "A 1"))
    collector.add(
        rules.problem(Place("=list.csv", 6, 3, "Koodi", table=True), "lists/other-currency", told=1, expected=2)
    )
    collector.add(rules.problem(Place("other.csv", 5, table=True), "lists/title-missing"))
    collector.add(rules.problem(place, "privacy/phone", "040 123"))
    accounts = (
        Account("=list.csv", 3, 1, 0, {"lists/title-missing": 1, "lists/code-form": 1}),
        Account("other.csv", 1, 1, 0, {"lists/title-missing": 0}),
    )
    return collector, tmp_path / "rejected.csv", accounts


def test_rejected_rows_are_told_with_their_reasons_and_no_cell(
    rejected: tuple[Collector, Path, tuple[Account, ...]],
) -> None:
    collector, target, accounts = rejected
    assert collector.spill is not None
    assert collecting.rejected_rows(collector.spill, target, accounts, "sv") == 2
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Fil", "Rad", "Kolumn", "Regel", "Vad som är fel"]
    assert [row[:4] for row in rows[1:]] == [
        ["'=list.csv", "5", "C @Koodi", "lists/code-form"],
        ["'=list.csv", "7", "", "lists/title-missing"],
    ]
    assert rows[2][4].startswith("Raden saknar insatsens namn")
    assert not any(text in data.decode() for text in ("Meikäläinen", "040", "A 1"))


def test_the_table_of_all_problems_lists_what_the_report_cuts(
    rejected: tuple[Collector, Path, tuple[Account, ...]],
) -> None:
    collector, target, accounts = rejected
    collector.extend(fault(row, "lists/code-missing") for row in range(1, 6))
    report = collector.report(accounts=accounts)
    assert "4 more of this kind" in report.write("csv")
    assert collector.spill is not None
    collecting.write_csv(report, collector.spill, target)
    text = target.read_text(encoding="utf-8")
    assert "more of this kind" not in text
    assert text.count("lists/code-missing") == 5
