"""A list of operations while it is inspected: its sample, and all that was found out so far, with why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from publisher.lists import fields
from publisher.lists.choice import Choice
from publisher.lists.headers import Header
from publisher.lists.profile import Profile
from publisher.lists.proposal import Guess, Rule
from publisher.tables.model import Cell, Table


@dataclass
class Inspected:
    """A list while it is looked at."""

    table: Table
    headers: list[Header]
    profiles: list[Profile]
    rows: list[tuple[Cell, ...]]
    count: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    taken: dict[int, Choice] = field(default_factory=dict)
    fields: dict[str, tuple[int, Rule]] = field(default_factory=dict)
    more: dict[str, list[int]] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    lines: list[tuple[int, str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    questions: dict[str, list[str]] = field(default_factory=dict)
    constants: list[Guess] = field(default_factory=list)
    evidence: dict[str, list[str]] = field(default_factory=dict)
    values: Rule = field(default_factory=dict)
    values_why: list[str] = field(default_factory=list)
    language: str = ""
    language_why: str = ""
    period: str = ""
    period_why: str = ""
    country: str = ""
    country_why: str = ""

    def name(self, column: int) -> str:
        """The name of a column."""
        return self.table.columns[column].name

    def ask(self, name: str, text: str) -> None:
        """Ask about a field."""
        self.questions.setdefault(name, []).append(text)

    def money(self) -> Iterator[tuple[str, int, Rule]]:
        """Yield the fields of money, their columns and rules."""
        for name, (column, rule) in self.fields.items():
            if fields.money(name):
                yield name, column, rule
