"""Every rule that is no shape: title, message and how to mend it, in fi, sv and en, one TOML file a room.

A rule's name is `{file}/{key}`: `[title-missing]` in `lists.toml` is `lists/title-missing`.
Texts may hold `{name}` for what the fault tells: numbers, names of columns, other places.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from publisher.reports import VIOLATION, Place, Problem

LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True)
class Rule:
    """One rule.

    Args:
        name: `{file}/{key}`.
        severity: One of `reports.SEVERITIES`.
        title: Its name for a heading, by language.
        message: What is wrong with one value, by language, with placeholders.
        mend: What to do, by language.
    """

    name: str
    severity: str
    title: dict[str, str]
    message: dict[str, str]
    mend: dict[str, str]


@cache
def load() -> dict[str, Rule]:
    """Return all rules by name."""
    found = {}
    for file in sorted(resources.files(__package__).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            stem = file.name.removesuffix(".toml")
            for key, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
                name = f"{stem}/{key}"
                texts = (entry["title"], entry["message"], entry["mend"])
                found[name] = Rule(name, entry.get("severity", VIOLATION), *texts)
    return found


def problem(
    place: Place, name: str, value: object = "", *, subject: str = "", severity: str | None = None, **told: object
) -> Problem:
    """Make a problem of a rule: its message and mending in every language, with what is told put in."""
    rule = load()[name]
    messages = {
        language: f"{rule.message[language].format(**told)} {rule.mend[language].format(**told)}".strip()
        for language in LANGUAGES
    }
    shown = str(value)
    return Problem(
        place, name, severity or rule.severity, messages, shown if len(shown) <= 200 else shown[:200] + "…", subject
    )
