"""Portfolio folders to records: all faults of all files in one run, each in plain words with its place."""

from __future__ import annotations

import os
from pathlib import Path

import portfolios
import pytest

from publisher.errors import InputError
from publisher.records import model, reader

MAX = 1_000_000


def project(tmp_path: Path, old: str, new: str) -> list[tuple[int, str, str]]:
    folder = portfolios.write(tmp_path, {"projects/S00001.yaml": (old, new)})
    loaded, problems = reader.read_record(folder / "projects/S00001.yaml", "S00001.yaml", model.Project, MAX)
    assert (loaded is None) == bool(problems)
    return [(p.place.line, p.rule, p.message()) for p in problems]


def test_the_good_one_is_read(tmp_path: Path) -> None:
    assert project(tmp_path, "", "") == []


@pytest.mark.parametrize(
    ("old", "new", "line", "rule", "said"),
    [
        ("start: 2016-08-01", "start: 1.8.2016", 26, "record/date", "write year-month-day"),
        ("start: 2016-08-01", "start: 2016-02-30", 26, "record/date", "no date of the calendar"),
        ("start: 2016-08-01", "start: 1470009600", 26, "record/date", "write year-month-day"),
        ("amount: 100.50", "amount: 100,50", 14, "record/number", "with a point before decimals"),
        ("amount: 100.50", "amount: NaN", 14, "record/number", "is no number"),
        ("amount: 100.50", "amount: 1e5", 14, "record/number", "is no number"),
        ("code: S00001", "code: S 1", 2, "record/code", "without spaces"),
        ("code: S00001\n", "", 1, "record/missing", "code is missing"),
        ("chosen_from:", "chosen_form:", 27, "record/unknown-key", "did you mean 'chosen_from'?"),
        ("{ value: 25, unit", "{ valeu: 25, unit", 22, "record/missing", "quantity.value is missing"),
        ("title: { fi: Käytännöt", "title: { finnish: Käytännöt", 20, "record/language", "no language tag"),
        ("schema_version: 1", "schema_version: 2", 1, "record/literal-error", "none of the values allowed"),
        ("outcomes:\n  - key: practices", "outcomes: none\nx:\n  - key: practices", 17, "record/list-type", "no list"),
        ("currency: EUR", "currency: euro", 15, "record/currency", "three capital letters"),
        ("as_of: 2016-06", "as_of: 1\u0662\u0663\u0664", 26, "record/date", "write year-month-day"),
        ("amount: 100.50", "amount: \uff11", 14, "record/number", "is no number"),
        ("chosen_from:", "pages: { home: 'https://x.fi/100%' }\nchosen_from:", 27, "record/web-address", "http"),
        ("title: { fi: Käytännöt", "title: { fi: ' '", 20, "record/text", "is empty"),
        ("title: { fi: Käytännöt", "title: { fi: \"\\e[31m\"", 20, "record/text", "control character"),
        ("wording: romanien", "wording: [romanien]", 6, "record/string-type", "write one value"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, rule: str, said: str) -> None:
    found = project(tmp_path, old, new)
    assert (line, rule) in [(at, name) for at, name, _ in found]
    assert any(said in message for _, _, message in found)


def test_all_faults_of_a_file_come_at_once(tmp_path: Path) -> None:
    old = "start: 2016-08-01, end: 2018-12-31"
    assert len(project(tmp_path, old, "start: x, end: y, start_year: z")) == 3


def test_shared_files_and_project_files_are_found(tmp_path: Path) -> None:
    folder, problems = reader.read_folder(portfolios.write(tmp_path), "p", MAX)
    assert problems == []
    assert folder.portfolio is not None
    assert [path.name for path in folder.projects] == ["S00001.yaml"]
    assert sorted(folder.shared) == ["organisations", "places", "sources"]


def test_a_value_of_two_kinds_is_told_once_and_without_the_models_own_words(tmp_path: Path) -> None:
    good, bad = "licence: not-stated\n    as_of: unknown", "licence: CC BY\n    as_of: 1.8.2016"
    folder = portfolios.write(tmp_path, {"sources.yaml": (good, bad)})
    _, problems = reader.read_folder(folder, "p", MAX)
    assert [(str(p.place), p.place.path, p.rule) for p in problems] == [
        ("p/sources.yaml:7:14", "sources[form].licence", "record/iri"),
        ("p/sources.yaml:8:12", "sources[form].as_of", "record/date"),
    ]


def test_a_file_that_would_be_left_out_is_told(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path)
    (folder / "target_groups.yaml").write_text("schema_version: 1\ntarget_groups: []\n", encoding="utf-8")
    (folder / "places.json").write_text('{"schema_version": 1, "places": []}', encoding="utf-8")
    _, problems = reader.read_folder(folder, "p", MAX)
    assert [(p.place.file, p.severity) for p in problems] == [
        ("p/places.json", "violation"),
        ("p/target_groups.yaml", "warning"),
    ]
    assert "places.yaml stands beside it" in problems[0].message()
    assert "did you mean target-groups.yaml?" in problems[1].message()


def test_a_pipe_is_no_record_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(InputError, match="is no file"):
        reader.read_record(tmp_path / "pipe.yaml", "pipe.yaml", model.Project, MAX)


def test_a_stray_file_is_told_and_a_hidden_one_is_not(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path)
    (folder / "projects" / "list.xlsx").write_bytes(b"x")
    (folder / "projects" / ".S00001.yaml.swp").write_bytes(b"x")
    _, (fault,) = reader.read_folder(folder, "p", MAX)
    assert (fault.place.file, fault.severity) == ("p/projects/list.xlsx", "warning")


def test_a_folder_without_a_portfolio_is_no_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no portfolio\.yaml"):
        reader.read_folder(tmp_path, "x", MAX)
