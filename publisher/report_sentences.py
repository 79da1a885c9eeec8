"""What every form of a report says in whole sentences: where a fault stands, what became of rows, what was cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from publisher.problems import SEVERITIES, Place, letters
from publisher.report_texts import counted, known, number, text

if TYPE_CHECKING:
    from publisher.reports import Account, Group, Report

_UNLETTERED = (".json", ".jsonl", ".ndjson")


def summary(report: Report, language: str) -> str:
    """Return one sentence: does the data conform, and how many problems of which gravity there are."""
    gravities = ", ".join(counted(f"{name}.counted", report.counts[name], language) for name in SEVERITIES)
    key = "summary.conforms" if report.conforms else "summary.conforms-not"
    return text(key, language, counted=gravities, projects=counted("projects", report.projects, language))


def cell(place: Place, language: str) -> str:
    """Return a place in a table without its file: `row 12, column C “Start date”`; "" for the whole file."""
    parts = [text("row", language, number=place.line)] if place.line else []
    if place.column or place.path:
        # What is no spreadsheet has no letters for its columns.
        lettered = place.column and not place.file.lower().removesuffix(".gz").endswith(_UNLETTERED)
        named = [text("quoted", language, text=place.path)] if place.path else []
        column = text("column", language, letters=letters(place.column)) if lettered else text("column-named", language)
        parts.append(" ".join([column, *named]))
    return ", ".join(parts)


def line(place: Place, language: str) -> str:
    """Return a place in a text file without its file: `line 12, character 5`; "" for the whole file."""
    if not place.line:
        return ""
    key = "line-column" if place.column else "line"
    return text(key, language, line=place.line, column=place.column)


def more(group: Group, shown: int, language: str) -> str:
    """Return how many problems of a group are not among those shown; "" where all are."""
    left = group.count - shown
    return counted("more", left, language) if left > 0 else ""


def account(entry: Account, report: Report, language: str) -> str:
    """Return what became of the rows of a file: `list.csv: 9 rows: 7 published, 0 merged, 2 rejected (…)`."""
    said = text(
        "account",
        language,
        rows=counted("rows.counted", entry.rows, language),
        published=number(entry.published, language),
        merged=number(entry.merged, language),
        rejected=number(sum(entry.rejected.values()), language),
    )
    reasons = rejections(entry, report, language)
    named = f"{entry.source}: {said}{f' ({reasons})' if reasons else ''}."
    return " ".join([named, *(f"{heading}: {told}." for heading, told in besides(entry, language))])


def rejections(entry: Account, report: Report, language: str) -> str:
    """Return why rows were rejected, the most frequent reason first."""
    ordered = sorted(entry.rejected.items(), key=lambda item: (-item[1], item[0]))
    return "; ".join(f"{report.rule_title(rule, language)}: {number(n, language)}" for rule, n in ordered if n)


def besides(entry: Account, language: str) -> list[tuple[str, str]]:
    """Return what else is told of the rows, each with its heading: skipped, repaired and withheld."""
    kinds: tuple[tuple[str, Mapping[str, int]], ...] = (
        ("skipped", entry.skipped),
        ("repaired", entry.repaired),
        ("withheld", entry.withheld),
    )
    told = []
    for kind, counts in kinds:
        parts = [
            counted(key, n, language) if known(key := f"{kind}.{name}") else f"{name}: {number(n, language)}"
            for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            if n
        ]
        if parts:
            told.append((text(kind, language), ", ".join(parts)))
    return told


def remarks(report: Report, language: str) -> list[str]:
    """Return what a report says beside its problems: accounts, and where problems are left out."""
    accounts = [account(entry, report, language) for entry in report.accounts]
    cut = [
        f"{group.title(language)} [{group.name}]: {left}."
        for group in report.groups
        if (left := more(group, len(group.problems), language))
    ]
    return [*accounts, *cut]
