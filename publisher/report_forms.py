"""A report as text for a terminal, as JSON and as a CSV table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from publisher import report_sentences as sentences
from publisher.problems import Problem, letters, visible
from publisher.report_texts import counted
from publisher.report_texts import text as words

if TYPE_CHECKING:
    from publisher.reports import Group, Report

_LINES_A_RULE = 25
"""Problems of one rule that the text lists: it is read on a terminal; the other forms list them all."""

CSV_HEADER = (
    "file", "line", "column", "path", "severity", "value", "message", "rule", "subject", "cell", "title",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


# -- text


def text(report: Report, language: str) -> str:
    """Return the problems by rule, the accounts and notes, and the summary as the last line."""
    lines: list[str] = []
    for group in report.groups:
        lines += _group(group, report, language)
    lines += [sentences.account(entry, report, language) for entry in report.accounts]
    lines += [f"{words('note', language)}: {note}" for note in report.notes_in(language)]
    return "".join(f"{visible(line)}\n" for line in [*lines, sentences.summary(report, language)])


def _group(group: Group, report: Report, language: str) -> Iterator[str]:
    severity = words(group.severity, language)
    if group.count == 1 and len(group.problems) == 1:
        (entry,) = group.problems
        gravity = f"{severity}: " if report.of_table(entry.place) else ""
        yield f"{gravity}{_place(entry, report, language)} {entry.message(language)} [{group.name}]"
        return
    yield f"{severity}: {group.title(language)}: {counted('times', group.count, language)} [{group.name}]"
    common, mend = group.common(language), group.mend(language)
    for said in (group.about(language), common):
        if said:
            yield f"  {said}"
    if mend:
        yield f"  {words('mend', language)}: {mend}"
    shown = group.problems[:_LINES_A_RULE]
    for entry in shown:
        said = "" if common else group.said(entry, language)
        yield f"  {_place(entry, report, language)} {said}".rstrip(": ")
    left = sentences.more(group, len(shown), language)
    if left:
        yield f"  … {left}"


def _place(entry: Problem, report: Report, language: str) -> str:
    place = entry.place
    parts = [f"{place}: {words(entry.severity, language)}:"]
    if report.of_table(place):
        where = sentences.cell(place, language)
        parts = [f"{place.file}: {where}:" if where else f"{place.file}:"]
    elif place.path:
        parts.append(f"{place.path}:")
    if entry.value:
        parts.append(json.dumps(entry.value, ensure_ascii=False))
    return " ".join(parts)


# -- JSON


def json_document(report: Report, language: str) -> str:
    """Return all facts as a JSON document; its keys stay."""
    document = {
        "conforms": report.conforms,
        "language": language,
        "summary": sentences.summary(report, language),
        "engine": report.engine,
        "projects": report.projects,
        "cross_checked": report.cross_checked,
        "counts": report.counts,
        "notes": report.notes_in(language),
        "accounts": [
            {
                **{key: dict(value) if isinstance(value, dict) else value for key, value in vars(entry).items()},
                "message": sentences.account(entry, report, language),
            }
            for entry in report.accounts
        ],
        "rules": [
            {
                "rule": group.rule,
                "severity": group.severity,
                "title": group.title(language),
                "mend": group.mend(language),
                "count": group.count,
                "listed": len(group.problems),
                "more": sentences.more(group, len(group.problems), language),
            }
            for group in report.groups
        ],
        "problems": [
            {**asdict(p.place), "table": report.of_table(p.place), "cell": _cell(p, report), "rule": p.rule,
             "severity": p.severity, "value": p.value, "subject": p.subject, "message": p.message(language),
             "messages": dict(p.messages)}
            for p in report.problems
        ],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _cell(entry: Problem, report: Report) -> str:
    """Return a table's cell as a spreadsheet names it: `C12`; "" where a problem is about no cell."""
    place = entry.place
    return f"{letters(place.column)}{place.line}" if place.column and place.line and report.of_table(place) else ""


# -- CSV


def csv_table(report: Report, language: str) -> str:
    """Return a line a problem; accounts, notes and what was left out are lines whose severity is `note`."""
    out = io.StringIO()
    write_csv(report, report.problems, language, out)
    return out.getvalue()


def write_csv(report: Report, problems: Iterable[Problem], language: str, out: io.TextIOBase | io.StringIO) -> None:
    """Write the table of these problems: those that the report lists, or all, as a `collecting.Spill` gives them."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    listed: dict[tuple[str, str], int] = {}
    for p in problems:
        key = (p.rule, p.severity)
        listed[key] = listed.get(key, 0) + 1
        place = p.place
        row = [place.file, place.line, place.column, place.path, p.severity, p.value, p.message(language), p.rule]
        writer.writerow(safe([*row, p.subject, _cell(p, report), report.rule_title(p.rule, language)]))
    for account in report.accounts:
        said = sentences.account(account, report, language)
        writer.writerow(safe([account.source, 0, 0, "", "note", "", said, "report/account", "", "", ""]))
    for group in report.groups:
        left = sentences.more(group, listed.get((group.rule, group.severity), 0), language)
        if left:
            title = group.title(language)
            writer.writerow(safe(["", 0, 0, "", "note", "", f"{title}: {left}.", group.rule, "", "", title]))
    for note in report.notes_in(language):
        writer.writerow(safe(["", 0, 0, "", "note", "", note, "report/note", "", "", ""]))


def safe(cells: Iterable[object]) -> list[object]:
    """Return cells of which none is run by a spreadsheet: a text that begins like a formula gets a quote before it."""
    return [f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in cells]
