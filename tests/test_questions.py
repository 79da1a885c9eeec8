"""The competency questions: what the portfolio must be able to answer, read from the source apart from its records.

Each question is a pair in `tests/questions/`: `NN-slug.rq`, a SPARQL query headed by the question in Finnish, Swedish
and English, and `NN-slug.json` with the answer expected: `columns`, `rows` (the lexical values as strings, "" where
a variable is unbound, "true" or "false" for an ASK), `ordered`, and `reading`, the place in the source where the
answer was read.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

FOLDER = Path(__file__).parent / "questions"
QUESTIONS = sorted(FOLDER.glob("*.rq"))
HEADING = re.compile(r"# fi: \S.*\?\n# sv: \S.*\?\n# en: \S.*\?\n(?!#)")

each_question = pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)


def expected(path: Path) -> dict[str, Any]:
    """Return the answer that stands beside a question."""
    answer: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return answer


def ask(store: pyoxigraph.Store, path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the columns and rows that a store answers, every value as its lexical form."""
    result = store.query(path.read_text(encoding="utf-8"))
    if isinstance(result, pyoxigraph.QueryBoolean):
        return ["answer"], [["true" if result else "false"]]
    assert isinstance(result, pyoxigraph.QuerySolutions), f"{path.name} is neither SELECT nor ASK"
    columns = [variable.value for variable in result.variables]
    return columns, [["" if term is None else lexical(term) for term in solution] for solution in result]


def lexical(term: object) -> str:
    """Return the text of a term: its IRI or its lexical form."""
    assert isinstance(term, pyoxigraph.NamedNode | pyoxigraph.Literal), f"{term} has no text: a blank node or a triple"
    return term.value


def test_there_are_at_least_thirty_questions() -> None:
    assert len(QUESTIONS) >= 30


def test_every_answer_has_its_question() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {path.stem for path in QUESTIONS}


def test_questions_are_numbered_once_each() -> None:
    numbers = [int(path.stem.partition("-")[0]) for path in QUESTIONS]
    assert numbers == list(range(1, len(QUESTIONS) + 1))


@each_question
def test_a_question_is_asked_in_three_languages(path: Path) -> None:
    assert HEADING.match(path.read_text(encoding="utf-8"))


@each_question
def test_an_answer_is_well_formed(path: Path) -> None:
    answer = expected(path)
    assert set(answer) == {"columns", "rows", "ordered", "reading"}
    assert answer["reading"].strip()
    assert answer["rows"], "an answer without rows would be given by an empty store too"
    assert all(len(row) == len(answer["columns"]) for row in answer["rows"])
    assert all(isinstance(value, str) for row in answer["rows"] for value in row)


@each_question
def test_a_question_is_valid_sparql(path: Path) -> None:
    columns, _ = ask(pyoxigraph.Store(), path)
    assert columns == expected(path)["columns"]


@each_question
def test_an_empty_store_does_not_give_the_answer(path: Path) -> None:
    _, rows = ask(pyoxigraph.Store(), path)
    assert sorted(rows) != sorted(expected(path)["rows"])


@each_question
def test_the_portfolio_answers(path: Path, portfolio_store: pyoxigraph.Store) -> None:
    answer = expected(path)
    columns, rows = ask(portfolio_store, path)
    assert columns == answer["columns"]
    if answer["ordered"]:
        assert rows == answer["rows"], answer["reading"]
    else:
        assert sorted(rows) == sorted(answer["rows"]), answer["reading"]
