"""The README is true: its settings and verbs are the program's."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph

from publisher import cli, config

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_settings_is_the_programs() -> None:
    found = re.search(r"<!-- settings: .*?-->\n(.*?)\n<!-- /settings -->", README, re.DOTALL)
    assert found
    assert found[1] == config.table()


def test_every_verb_is_told() -> None:
    verbs = re.search(r"VERB\n(.*)\n\nExit codes", cli.parser().format_help(), re.DOTALL)
    assert verbs
    names = re.findall(r"^    ([a-z]+) ", verbs[1], re.MULTILINE)
    assert len(names) >= 7
    assert [name for name in names if f"publisher {name}" not in README] == []


def test_every_file_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_two_commands_are_executable() -> None:
    for command in ("serve.sh", "test.sh"):
        assert f"\n./{command} " in README
        assert (ROOT / command).stat().st_mode & 0o100


def test_the_questions_of_the_tutorial_are_answered(portfolio_store: pyoxigraph.Store) -> None:
    queries = re.findall(r"(PREFIX pf:.*?\n\s*\})", README, re.DOTALL)
    assert len(queries) == 2
    funders, outcomes = (list(portfolio_store.query(query)) for query in queries)
    names = {row["name"].value for row in funders}
    assert names == {"lukuisat kunnat", "Kuntaliitto", "Sosiaali- ja terveysministeriö", "Euroopan unioni"}
    assert len(outcomes) == 7  # the eighth, trainings, is for authorities and students
