"""Records to statements: a golden graph, purity, and a problem in place of every wrong triple."""

from __future__ import annotations

from pathlib import Path

import portfolios
import pyoxigraph as ox
import pytest

from publisher import mapping, vocabularies
from publisher.iris import Minter
from publisher.mapping import Context, Mapped
from publisher.namespaces import pf
from publisher.records import model, reader

GOLDEN = Path(__file__).parent / "cases" / "one-project" / "expected.nt"
B = "https://example.org/p/id"
SHARED = vocabularies.load()


def context(folder: Path) -> tuple[Context, reader.Folder]:
    read, problems = reader.read_folder(folder, "p", 1_000_000)
    assert problems == []
    return mapping.context(read, Minter("https://example.org/p"), SHARED, ["fi", "sv", "en"]), read


def project(tmp_path: Path, old: str = "", new: str = "") -> Mapped:
    folder = portfolios.write(tmp_path, {"projects/S00001.yaml": (old, new)} if old else None)
    path = folder / "projects/S00001.yaml"
    loaded, problems = reader.read_record(path, "S00001.yaml", model.Project, 1_000_000)
    assert problems == []
    assert loaded is not None
    return mapping.map_project(loaded, context(folder)[0])


def test_a_portfolio_becomes_the_golden_graph(tmp_path: Path) -> None:
    ctx, folder = context(portfolios.write(tmp_path / "a"))
    shared = mapping.map_shared(folder, ctx)
    mapped = project(tmp_path / "b")
    assert shared.problems + mapped.problems == []
    lines = sorted({*shared.lines, *mapped.lines})
    assert "".join(f"{line}\n" for line in lines) == GOLDEN.read_text(encoding="utf-8")


def test_every_line_is_a_statement_in_canonical_form(tmp_path: Path) -> None:
    for line in project(tmp_path).lines:
        (quad,) = ox.parse(f"{line}\n".encode(), format=ox.RdfFormat.N_TRIPLES)
        assert f"{quad.triple} ." == line


def test_the_same_record_gives_the_same_lines_in_the_same_order(tmp_path: Path) -> None:
    assert list(project(tmp_path / "a").lines) == list(project(tmp_path / "b").lines)


def test_evidence_and_parts_keep_their_iris_when_entries_change_places(tmp_path: Path) -> None:
    one = "  - { organisation: FI-0292800-5, role: applicant, evidence: form }\n"
    other = "  - { organisation: eu, role: partner, evidence: [register, form] }\n"
    first = project(tmp_path / "a", one, one + other)
    second = project(tmp_path / "b", one, other.replace("[register, form]", "[form, register]") + one)
    assert set(first.lines) == set(second.lines)


@pytest.mark.parametrize(
    ("old", "new", "rule", "predicate"),
    [
        ("group: roma", "group: romani", "unknown-target-group", pf.targetGroup),
        ("benefits: roma", "benefits: romas", "unknown-target-group", pf.benefits),
        ("organisation: FI-0292800-5", "organisation: FI-1", "unknown-organisation", pf.organisation),
        ("role: applicant", "role: boss", "unknown-role", pf.role),
        ("stage: committed", "stage: promised", "unknown-funding-stage", pf.fundingStage),
        ("funder: eu", "funder: nobody", "unknown-organisation", pf.funder),
        ("currency: EUR", "currency: XXX", "unknown-currency", pf.currency),
        ("kind: good-practices", "kind: goodies", "unknown-outcome-kind", pf.outcomeKind),
        ("unit: practice", "unit: practise", "unknown-quantity-unit", pf.quantityUnit),
        ("qualifier: exact", "qualifier: exactly", "unknown-quantity-qualifier", pf.quantityQualifier),
        ("places: helsinki", "places: atlantis", "unknown-place", "http://purl.org/dc/terms/spatial"),
        ("chosen_from: register", "chosen_from: eura", "unknown-source-record", pf.chosenFrom),
    ],
)
def test_an_unknown_key_is_a_problem_and_no_triple(
    tmp_path: Path, old: str, new: str, rule: str, predicate: str
) -> None:
    mapped = project(tmp_path, old, new)
    (problem,) = mapped.problems
    assert problem.rule == f"record/{rule}"
    assert problem.place.line > 1
    assert not any(f"> <{predicate}> " in line for line in mapped.lines)


ANOTHER_GROUP = "wording: romanien, as_of: 2016-06 }\n  - group: sami\n    evidence: nowhere"
CONTINUATION = """continuation:
  - { key: a, status: intended, title: { fi: A }, outcomes: none, evidence: form }
chosen_from: register"""
TWO_RECORDS = "places: helsinki }\n  - { key: b, source: form, end: 2019-01-01 }"


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("code: S00001", "code: A00001", ["record/code-pattern"]),
        ("wording: romanien }", ANOTHER_GROUP, ["record/unknown-source"]),
        ("part: results, wording: 25", "part: resluts, wording: 25", ["record/unknown-part"]),
        ("chosen_from: register", CONTINUATION, ["record/unknown-outcome"]),
        ("chosen_from: register", "", []),
        ("places: helsinki }\nchosen_from: register", TWO_RECORDS, ["record/choice-needed"]),
    ],
)
def test_other_faults_of_a_record(tmp_path: Path, old: str, new: str, rules: list[str]) -> None:
    assert [problem.rule for problem in project(tmp_path, old, new).problems] == rules


def test_a_part_that_stands_twice_is_told(tmp_path: Path) -> None:
    again = "  - { key: practices, kind: method, title: { fi: Toinen }, evidence: form }\nsource_records:"
    (problem,) = project(tmp_path, "source_records:", again).problems
    assert (problem.rule, problem.place.line) == ("record/duplicate-key", 25)


def test_what_sources_say_stands_whole_and_the_project_shows_the_chosen_one(tmp_path: Path) -> None:
    other = "places: helsinki }\n  - { key: list, source: form, end: 2017-06-30, title: { fi: Toinen nimi } }"
    lines = project(tmp_path, "places: helsinki }", other).lines
    record = f"<{B}/source-record/S00001~list>"
    ends = {line.split(" ")[0]: line.split('"')[1] for line in lines if f"<{pf.endDate}>" in line}
    assert ends == {
        f"<{B}/project/S00001>": "2018-12-31",
        f"<{B}/source-record/S00001~register>": "2018-12-31",
        record: "2017-06-30",
    }
    assert f'{record} <http://purl.org/dc/terms/title> "Toinen nimi"@fi .' in lines
    assert f'<{B}/project/S00001> <http://purl.org/dc/terms/title> "Toinen nimi"@fi .' not in lines


def test_an_amount_of_nought_is_written_and_an_absent_one_is_not(tmp_path: Path) -> None:
    nought = project(tmp_path / "a", "amount: 100.50", "amount: 0").lines
    absent = project(tmp_path / "b", "amount: 100.50\n    currency: EUR", "amount_status: not-published").lines
    assert any(f'<{pf.amount}> "0"^^' in line for line in nought)
    assert not any(f"<{pf.amount}>" in line for line in absent)
