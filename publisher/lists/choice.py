"""One way to map a column: fields, how sure that is and why, and what is to be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from publisher.lists.headers import Meaning
from publisher.lists.profile import Profile
from publisher.lists.proposal import CHECK, Rule

ACCEPTED, WORTH_TELLING = 0.6, 0.5
"""From what score on a choice may be taken, and is told where it is not."""


@dataclass
class Choice:
    """One way to map a column.

    Args:
        column: Index of the column.
        parts: Fields with the keys of their rules beside `column`; the first counts, others may fall away.
        score: From 0 to 1.
        why: Evidence; names no cell of a column that may name persons.
        questions: What to ask.
        meaning: What its header means, where it has one.
    """

    column: int
    parts: tuple[tuple[str, Rule], ...]
    score: float
    why: str
    questions: list[str] = field(default_factory=list)
    meaning: Meaning | None = None

    @property
    def name(self) -> str:
        """The field that counts."""
        return self.parts[0][0]


@dataclass(frozen=True)
class Maker:
    """Makes the choices of one meaning of a column's header."""

    column: int
    meaning: Meaning
    exact: bool

    def __call__(
        self, name: str, factor: float, seen: str, rule: Rule | None = None, *more: tuple[str, Rule], ask: str = ""
    ) -> Choice:
        """Return a choice: `factor` says how well the cells agree with the header, `seen` what they are."""
        meaning = self.meaning
        says = f"the header speaks of {meaning.words}"
        if meaning.score == 1.0 and self.exact:
            says = f'the header is known: "{meaning.words}"'
            factor = 1.0 if factor >= ACCEPTED else factor
        asks = [
            f"{CHECK}{text}." if not text.endswith((".", '"', "}", "apart")) else f"{CHECK}{text}"
            for text in (meaning.ask, ask)
            if text
        ]
        why = f"{says}; {seen}" if seen else says
        return Choice(self.column, ((name, rule or {}), *more), meaning.score * factor, why, asks, meaning)


def splitting(sign: str) -> str:
    """Return the pattern that parts several values in one cell by a sign."""
    return r"\s*\n\s*" if sign == "\n" else rf"\s*{re.escape(sign)}\s*"


def percent(profile: Profile, kind: str, what: str) -> str:
    """Return how many of a column's cells are of a kind, in words."""
    return f"{round(100 * profile.share(kind))}% of its cells are {what}"
