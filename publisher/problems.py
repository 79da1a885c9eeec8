"""One fault in the data and where it stands: `Problem` and `Place`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

VIOLATION, WARNING, INFO = "violation", "warning", "info"
SEVERITIES = (VIOLATION, WARNING, INFO)
"""From the gravest: a violation blocks a release, a warning should be mended, an info could be."""

VALUE_SHOWN = 200
PRIVATE = "privacy/"
"""How the names of the rules begin whose values no report may show."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Place:
    """Where something stands.

    Args:
        file: The file as the user named it.
        line: Its line, or the row of a table; from 1, 0 = unknown or the whole file.
        column: Its character in the line, or the column of a table; from 1, 0 = unknown or the whole line.
        path: The path in the record, or the name of a table's column.
        table: Whether `line` and `column` count rows and columns of a table.
    """

    file: str
    line: int = 0
    column: int = 0
    path: str = ""
    table: bool = False

    def __str__(self) -> str:
        """Return `file:line:column`, as far as known."""
        return ":".join([self.file, *(str(n) for n in (self.line, self.line and self.column) if n)])


@dataclass(frozen=True)
class Problem:
    """One fault in the data.

    Args:
        place: Where it stands in the source.
        rule: What was broken: the IRI of a shape, or a short name such as `record/date`.
        severity: One of `SEVERITIES`.
        messages: What is wrong and how to mend it, by language; `en` always.
        value: The faulty value as written, shortened; empty where something is missing, and for personal data.
        subject: IRI of the resource that the fault is about, where there is one.
    """

    place: Place
    rule: str
    severity: str
    messages: Mapping[str, str]
    value: str = ""
    subject: str = ""

    def __post_init__(self) -> None:
        """Forget a value that is personal data: so no report, file on disk or log can show it."""
        if self.value and self.rule.startswith(PRIVATE):
            object.__setattr__(self, "value", "")

    def message(self, language: str = "en") -> str:
        """Return the message in this language, else in English."""
        return self.messages.get(language) or self.messages["en"]

    @property
    def order(self) -> tuple[object, ...]:
        """What reports are sorted by: file, line, column, then gravity and rule."""
        place = self.place
        return (
            place.file,
            place.line,
            place.column,
            SEVERITIES.index(self.severity),
            self.rule,
            self.value,
            place.path,
        )


def problem(place: Place, rule: str, message: str, value: object = "", severity: str = VIOLATION) -> Problem:
    """Make a problem with an English message; the value is shortened to what a line can show."""
    shown = str(value)
    if len(shown) > VALUE_SHOWN:
        shown = shown[:VALUE_SHOWN] + "…"
    return Problem(place, rule, severity, {"en": message}, shown)


def visible(text: str) -> str:
    r"""Return a text whose control characters stand as `\x1b`, so that it neither breaks a line nor steers a terminal.

    Signs that turn the direction of writing and halves of surrogate pairs count too.
    """
    return _UNSEEN.sub(lambda match: match.group().encode("unicode_escape").decode(), text)


def letters(column: int) -> str:
    """Return what a spreadsheet calls a column: 1 → `A`, 27 → `AA`."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
