"""Quality of a list beyond validity: every rule fires, and does not where nothing is odd."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from publisher import rules
from publisher.lists.operation import Datum, Line, RowRecord, Value
from publisher.lists.quality import Watch
from publisher.reports import Place, Problem

EU, TOTAL, PUBLIC = ("eu",), ("total-cost",), ("eu", "state", "municipal", "other-public")


def place(number: int, column: int | None = None) -> Place:
    return Place("list.csv", number, 0 if column is None else column + 1, "" if column is None else f"column {column}")


def row(number: int, *lines: Line, **values: Value | None) -> RowRecord:
    told = {name: [Datum(value, at)] for at, (name, value) in enumerate(values.items()) if value is not None}
    return RowRecord(number, told, list(lines))


def line(
    amount: str, sources: tuple[str, ...] = TOTAL, stage: str = "committed", currency: str = "EUR", column: int = 9
) -> Line:
    return Line("-".join(sources), stage, sources, Decimal(amount), currency, column)


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., list[Problem]]:
    def look(*rows: RowRecord, keys: list[str] | None = None) -> list[Problem]:
        watch = Watch(place, tmp_path)
        problems: list[Problem] = []
        for at, record in enumerate(rows):
            problems += watch.see(record, keys[at] if keys else f"K{at}")
        problems += watch.finish()
        assert list(tmp_path.iterdir()) == []
        return problems

    return look


Look = Callable[..., list[Problem]]


def names(problems: list[Problem]) -> list[str]:
    return [problem.rule.removeprefix("quality/") for problem in problems]


def test_a_zero_and_a_negative_amount(look: Look) -> None:
    problems = look(row(5, line("0"), line("-1", column=4)), row(6, line("1")))
    assert names(problems) == ["zero-amount", "negative-amount"]
    assert [str(problem.place) for problem in problems] == ["list.csv:5:10", "list.csv:5:5"]


def test_nothing_paid_yet_is_not_odd(look: Look) -> None:
    assert look(row(1, line("0", EU, "paid"))) == []


@pytest.mark.parametrize(
    ("values", "odd"),
    [
        ({"start": date(2015, 1, 1), "end": date(2030, 12, 31)}, False),
        ({"start": date(2015, 1, 1), "end": date(2031, 1, 1)}, True),
        ({"end": date(2035, 12, 31), "period": "2014-2020"}, False),
        ({"end": date(2036, 1, 1), "period": "2014-2020"}, True),
        ({"start": date(2036, 1, 1), "end": date(2037, 1, 1), "period": "2014-2020"}, True),
        ({"start_year": "2015", "end_year": "2031"}, True),
        ({"award_year": "2015", "end_year": "2030"}, False),
        ({"end": date(2100, 1, 1)}, False),
        ({"end": date(2101, 1, 1)}, True),
        ({"start": date(2015, 1, 1)}, False),
        ({"start": date(2016, 1, 1), "end": date(2015, 1, 1)}, False),  # a shape tells that
    ],
)
def test_an_end_far_ahead(look: Look, values: dict[str, Value], *, odd: bool) -> None:
    assert names(look(row(1, **values))) == (["end-far-ahead"] if odd else [])


@pytest.mark.parametrize(
    ("rate", "lines", "odd"),
    [
        ("60", [line("60", EU), line("100")], False),
        ("61", [line("60", EU), line("100")], False),
        ("61.1", [line("60", EU), line("100")], True),
        ("75", [line("60", EU), line("100"), line("80", PUBLIC)], False),
        ("75", [line("60", EU)], False),
        ("75", [line("60", EU), line("100", currency="SEK")], False),
        ("75", [line("60", EU), line("100", stage="paid")], False),
        ("0", [line("60", EU), line("0")], False),
    ],
)
def test_a_rate_against_the_amounts(look: Look, rate: str, lines: list[Line], *, odd: bool) -> None:
    found = [name for name in names(look(row(1, *lines, cofinancing_rate=Decimal(rate)))) if name.startswith("rate")]
    assert found == (["rate-against-amounts"] if odd else [])


@pytest.mark.parametrize(
    ("lines", "odd"),
    [
        ([line("100"), line("102", EU)], True),
        ([line("100"), line("101", EU)], False),  # rounding
        ([line("100", ("eu", "state")), line("90", PUBLIC)], True),
        ([line("100", ("eligible-cost",)), line("200", PUBLIC)], False),
        ([line("100", ("eligible-cost",)), line("200", EU)], True),
        ([line("100"), line("200", EU, "paid")], False),
        ([line("100"), line("200", EU, currency="SEK")], False),
        ([line("100", EU), line("200", ("private",))], False),
    ],
)
def test_a_total_below_its_part(look: Look, lines: list[Line], *, odd: bool) -> None:
    assert names(look(row(1, *lines))) == (["total-below-part"] if odd else [])


def spread() -> Iterator[RowRecord]:
    for number in range(1, 100):
        yield row(number, line(str(1000 + 37 * number)))


def test_an_amount_far_above_the_others(look: Look) -> None:
    (problem,) = look(*spread(), row(200, line("5000000")))
    assert problem.rule == "quality/outlier-amount"
    assert problem.place.line == 200
    assert "EUR" in problem.message("en")


def test_large_amounts_of_other_columns_currencies_and_stages_are_not_odd(look: Look) -> None:
    others = [line("5000000", currency="HUF"), line("5000000", PUBLIC, "planned")]
    assert look(*spread(), *(row(200 + at, other) for at, other in enumerate(others))) == []


def test_a_wide_spread_has_no_outliers_and_few_amounts_neither(look: Look) -> None:
    assert look(*(row(n, line(str(10 ** (n % 8)))) for n in range(1, 200))) == []
    assert look(row(1, line("1")), row(2, line("10000000"))) == []


def operation(number: int, title: str, name: str, **more: Value) -> RowRecord:
    return row(number, title=title, beneficiary_name=name, **more)


def test_one_name_of_several_operations_of_one_beneficiary(look: Look) -> None:
    problems = look(
        operation(2, "Esimerkki", "Muu Oy"),
        operation(3, "Esimerkki", "Esimerkki Oy"),
        operation(4, "ESIMERKKI ", "Esimerkki Oy"),
        operation(5, "esimerkki", "Esimerkki  Oy"),
        operation(6, "Toinen", "Esimerkki Oy"),
    )
    (problem,) = problems
    assert problem.rule == "quality/identical-titles"
    assert problem.place.line == 4
    assert "3 operations" in problem.message("en")
    assert "row 3" in problem.message("en")


def test_rows_of_one_operation_and_withheld_titles_have_no_name_in_common(look: Look) -> None:
    rows = [operation(n, "Esimerkki", "Esimerkki Oy") for n in (2, 3)]
    assert look(*rows, keys=["A1", "A1"]) == []
    assert look(operation(2, "[withheld]", "A Oy"), operation(3, "[withheld]", "A Oy")) == []


def test_rows_of_an_operation_may_come_together(tmp_path: Path) -> None:
    watch = Watch(place, tmp_path)
    grouped = [operation(2, "Esimerkki", "Esimerkki Oy"), row(3, line("-1"))]
    assert names(list(watch.see(grouped, "A1"))) == ["negative-amount"]
    assert list(watch.finish()) == []


def test_an_update_after_the_list(look: Look) -> None:
    rows = [row(n, last_update=date(2016, 5, 13)) for n in range(2, 60)]
    rows += [row(60 + n, last_update=date(2017 + n, 5, 13)) for n in range(3)]
    problems = look(*rows)
    assert names(problems) == ["update-ahead"] * 3
    assert [problem.place.line for problem in problems] == [60, 61, 62]


def test_updates_of_their_own_are_not_odd(look: Look) -> None:
    assert look(*(row(n, last_update=date(2016, 1 + n % 12, 1)) for n in range(2, 90))) == []
    assert look(*(row(n, last_update=date(2016, 5, 13 - n // 80)) for n in range(2, 82))) == []


def test_one_organisation_under_several_names_is_counted(look: Look) -> None:
    given = ["Esimerkki Oy", "ESIMERKKI OY", "Esimerkki oy", "Esimerkki Oy", "Muu Oy", "Muu ry"]
    (problem,) = look(*(operation(n, f"T{n}", name) for n, name in enumerate(given)))
    assert problem.rule == "quality/several-names"
    assert problem.severity == "info"
    assert problem.message("en").startswith("2 names")
    assert problem.place.path == "column 1"


def test_no_rule_blocks_a_release_and_each_has_a_test() -> None:
    told = {name: rule for name, rule in rules.load().items() if name.startswith("quality/")}
    assert {rule.severity for rule in told.values()} <= {"warning", "info"}
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in told if f'"{name.removeprefix("quality/")}"' not in source and name not in source] == []


def test_what_is_kept_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        watch = Watch(place, tmp_path)
        for n in range(count):
            record = operation(n, f"Title {n % 100}", f"Company {n % 300} Oy", last_update=date(2016, 1, 1 + n % 28))
            record.lines.append(line(str(1 + n % 997)))
            for _ in watch.see(record, f"K{n}"):
                pass
        told = sum(1 for _ in watch.finish())
        assert told >= 1
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1000)  # what is kept for all lists: words, rules
    assert peak(4000) < peak(1000) + 500_000
