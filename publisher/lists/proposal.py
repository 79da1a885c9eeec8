"""A proposed mapping: what `inspect` found out of a list, as a `mapping.toml` to edit, a description, and JSON.

The mapping says of each guess why and how sure; what cannot be known is asked
in comments that begin `# PLEASE FILL IN:` or `# PLEASE CHECK:`. Nothing of
columns that hold personal data is shown.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from publisher.lists import fields
from publisher.tables.model import Facts, Reading

FILL = "PLEASE FILL IN: "
CHECK = "PLEASE CHECK: "

Rule = dict[str, Any]
"""Keys and values of a table of the mapping, in their order."""

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_WIDTH = 118


@dataclass
class Guess:
    """One field of the mapping.

    Args:
        field: Its name.
        rule: Its rule.
        columns: Indexes of its columns; empty for a constant.
        confidence: From 0 to 1.
        evidence: Why, without any cell of a column that may name persons.
        questions: What to ask, each with `FILL` or `CHECK` in front.
    """

    field: str
    rule: Rule
    columns: tuple[int, ...]
    confidence: float
    evidence: str
    questions: list[str] = dataclasses.field(default_factory=list)


@dataclass
class ColumnView:
    """A column as it is shown.

    Args:
        index: Its place from 0.
        name: Its header.
        filled: Cells of the sample that hold something.
        distinct: How many of them differ.
        fields: The fields that it makes.
        role: `mapped`, `funding`, `personal`, `unused`.
        why: Why it is so.
        confidence: From 0 to 1.
        samples: Some cells; none of columns that may name persons.
    """

    index: int
    name: str
    filled: int
    distinct: int
    fields: tuple[str, ...]
    role: str
    why: str
    confidence: float
    samples: tuple[str, ...]


@dataclass
class Proposal:
    """A proposed mapping of one list.

    Args:
        name: The file as the user named it.
        file: Its name without folders.
        key: Proposed key of source and portfolio.
        title: What the list may be called.
        language: Language of its texts; `und` where nothing tells it.
        facts: How the file is read.
        rows: How many records it has.
        rejected: Records that cannot be read, by rule.
        skipped: Entries that are no record, by reason.
        sample: How many rows were looked at closely.
        guesses: Fields, in the order of the canonical record.
        funding: Lines of money beside the canonical ones, each with its comments.
        identity: The table `[identity]` and its comments.
        values: The table `[values]` and its comments.
        organisations: The table `[organisations]` and its comments.
        scope: Code scope and its comments.
        unused: Columns left out, with the reason.
        personal: Columns withheld, with the reason.
        asked: Questions about the whole list.
        notes: What else to know.
        columns: All columns.
    """

    name: str
    file: str
    key: str
    title: str
    language: str
    language_why: str
    facts: Facts
    rows: int
    rejected: Counter[str]
    skipped: Counter[str]
    sample: int
    guesses: list[Guess]
    funding: list[tuple[Rule, list[str]]]
    identity: tuple[Rule, list[str]]
    values: tuple[Rule, list[str]]
    organisations: tuple[Rule, list[str]]
    scope: tuple[str, list[str]]
    unused: list[tuple[str, str]]
    personal: list[tuple[str, str]]
    asked: list[str]
    notes: list[str]
    columns: list[ColumnView]

    def toml(self) -> str:
        """Return a `mapping.toml` with comments, ready to edit."""
        lines: list[str] = []
        _comment(
            lines,
            f"How {self.file} is read and mapped, as `publisher inspect` proposes it from {self.rows:,} rows "
            f"({self.sample:,} of them looked at closely). Every guess says how sure it is (from 0 to 1) and why. "
            "What waits for you begins with PLEASE.",
        )
        for text in self.notes:
            _comment(lines, text)
        for text in self.asked:
            _comment(lines, text)
        lines += ["", "schema_version = 1", ""]
        if self.unused:
            _comment(lines, "Columns that are left out, and why.")
            lines.append("unused = [")
            for name, why in self.unused:
                _comment(lines, why, "  # ")
                lines.append(f"  {_text(name)},")
            lines += ["]", ""]
        self._source(lines)
        reading = _reading(self.facts.reading)
        if reading:
            lines.append("[reading]")
            told = {finding.what: finding for finding in self.facts.findings}
            for key, value in reading.items():
                if key in told:
                    _comment(lines, f"{told[key].confidence:.2f}: {told[key].evidence}")
                lines.append(f"{key} = {_value(value)}")
            lines.append("")
        self._table(lines, "[identity]", *self.identity)
        self._table(lines, "[values]", *self.values)
        if not self.guesses:
            lines += ["[fields]", ""]
        for guess in self.guesses:
            lines.append(f"[fields.{guess.field}]")
            _comment(lines, f"{guess.confidence:.2f}: {guess.evidence}")
            for question in guess.questions:
                _comment(lines, question)
            lines += [*_pairs(guess.rule), ""]
        for rule, comments in self.funding:
            self._table(lines, "[[funding]]", rule, comments)
        self._table(lines, "[organisations]", *self.organisations)
        lines.append("[personal]")
        _comment(lines, "Columns that hold persons or contact details are withheld: nothing of them goes on.")
        for name, why in self.personal:
            _comment(lines, f"{name}: {why}")
        lines.append(f"columns = {_value([name for name, _ in self.personal])}")
        return "\n".join(lines) + "\n"

    def _source(self, lines: list[str]) -> None:
        lines.append("[source]")
        lines.append(f"key = {_text(self.key)}")
        _comment(lines, f"{FILL}what the list is called; this is the name of its file.")
        lines.append(f"title = {{ {self.language} = {_text(self.title)} }}")
        lines.append(f"files = {_value([self.file])}")
        _comment(lines, self.language_why)
        lines.append(f"language = {_text(self.language)}")
        _comment(lines, f'{FILL}publisher = "the authority that publishes the list", address = "where it was found".')
        _comment(lines, f"{FILL}the address of the licence, and the day that the list was made for (2016-12-31).")
        lines += ['licence = "not-stated"', 'as_of = "unknown"', ""]
        lines.append("[portfolio]")
        lines.append(f"key = {_text(self.key)}")
        lines.append(f"title = {{ {self.language} = {_text(self.title)} }}")
        for text in self.scope[1]:
            _comment(lines, text)
        lines += [f"code_scope = {_text(self.scope[0])}", ""]

    @staticmethod
    def _table(lines: list[str], head: str, rule: Rule, comments: Iterable[str]) -> None:
        texts = list(comments)
        if not rule and not texts:
            return
        lines.append(head)
        for text in texts:
            _comment(lines, text)
        lines += [*_pairs(rule), ""]

    def describe(self) -> str:
        """Return what the list looks like, for a person."""
        lines = [f"{self.name}: {self.rows:,} rows, {len(self.columns)} columns"]
        for finding in self.facts.findings:
            others = f"; else {', '.join(finding.others)}" if finding.others else ""
            lines.append(
                f"  {finding.what}: {_shown(finding.value)} ({finding.confidence:.2f}: {finding.evidence}{others})"
            )
        lines += [f"  note: {note}" for note in self.facts.notes]
        for reason, count in (*self.skipped.items(), *self.rejected.items()):
            word = "row" if count == 1 else "rows"
            lines.append(f"  {count:,} {word} {'left out' if reason in self.skipped else 'cannot be read'}: {reason}")
        lines += [
            f"  language: {self.language} ({self.language_why})",
            f"  looked at closely: {self.sample:,} rows",
            "",
        ]
        for view in self.columns:
            made = ", ".join(view.fields) if view.fields else view.role
            lines.append(f"  {view.index + 1:>3}. {_shown(view.name) or '(no name)'}")
            lines.append(
                f"       {made} ({view.confidence:.2f}): {view.why}" if view.fields else f"       {made}: {view.why}"
            )
            shown = " | ".join(view.samples)
            filled = f"{view.filled:,} of {self.sample:,} filled, {view.distinct:,} different"
            lines.append(f"       {filled}" + (f"; such as {shown}" if shown else ""))
        rule, comments = self.identity
        lines += ["", f"  identity: {', '.join(f'{key} = {_value(value)}' for key, value in rule.items())}"]
        lines += [f"    {_shown(text)}" for text in comments]
        questions = [*self.asked, *comments, *self.values[1], *self.scope[1], *self.organisations[1]]
        questions += [f"{guess.field}: {question}" for guess in self.guesses for question in guess.questions]
        questions += [text for _, texts in self.funding for text in texts]
        waiting = [text for text in questions if FILL in text or CHECK in text]
        if waiting:
            lines += ["", "  To fill in or check:", *(f"    {_shown(text)}" for text in waiting)]
        return "\n".join(lines) + "\n"

    def json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "file": self.name,
            "rows": self.rows,
            "rejected": dict(self.rejected),
            "skipped": dict(self.skipped),
            "sample": self.sample,
            "language": self.language,
            "reading": _reading(self.facts.reading),
            "findings": [
                {"what": f.what, "value": f.value, "confidence": f.confidence, "evidence": f.evidence,
                 "others": list(f.others)}
                for f in self.facts.findings
            ],
            "notes": [*self.facts.notes, *self.notes],
            "columns": [
                {
                    "index": view.index, "name": view.name, "filled": view.filled, "distinct": view.distinct,
                    "fields": list(view.fields), "role": view.role, "confidence": round(view.confidence, 2),
                    "evidence": view.why, "samples": list(view.samples),
                }
                for view in self.columns
            ],
            "fields": {
                guess.field: {
                    "rule": guess.rule, "confidence": round(guess.confidence, 2), "evidence": guess.evidence,
                    "questions": guess.questions,
                }
                for guess in self.guesses
            },
            "funding": [rule for rule, _ in self.funding],
            "identity": {"rule": self.identity[0], "evidence": self.identity[1]},
            "values": {"rule": self.values[0], "evidence": self.values[1]},
            "organisations": {"rule": self.organisations[0], "evidence": self.organisations[1]},
            "unused": dict(self.unused),
            "personal": dict(self.personal),
            "questions": self.asked,
            "mapping": self.toml(),
        }  # fmt: skip


def order(guesses: Iterable[Guess]) -> list[Guess]:
    """Return guesses in the order of the canonical record."""
    places = {name: index for index, name in enumerate(fields.FIELDS)}

    def place(guess: Guess) -> tuple[int, str]:
        found = fields.find(guess.field)
        return (places[found[0].name] if found else len(places)), guess.field

    return sorted(guesses, key=place)


# -- TOML


def _text(value: str) -> str:
    """Return a text as a TOML string; quotes stay readable where a literal string can hold them."""
    if ("\\" in value or '"' in value) and "'" not in value and value.isprintable():
        return f"'{value}'"
    made = "".join(_ESCAPES.get(sign, sign) for sign in value)
    return '"' + "".join(sign if sign.isprintable() else _escaped(sign) for sign in made) + '"'


def _escaped(sign: str) -> str:
    number = ord(sign)
    if 0xD800 <= number <= 0xDFFF:
        return "\\uFFFD"
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(str(key))} = {_value(entry)}" for key, entry in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(entry) for entry in value)}]"
    raise TypeError(f"no TOML value: {type(value).__name__}")


def _key(name: str) -> str:
    return name if _BARE.match(name) else _text(name)


def _pairs(rule: Rule) -> list[str]:
    lines = []
    for key, value in rule.items():
        if isinstance(value, Mapping) and len(value) > 3:
            # Inline tables may not break lines before TOML 1.1: dotted keys do.
            lines += [f"{key}.{_key(str(name))} = {_value(entry)}" for name, entry in value.items()]
        else:
            lines.append(f"{key} = {_value(value)}")
    return lines


def _comment(lines: list[str], text: str, prefix: str = "# ") -> None:
    """Add a comment, on as many lines as it needs."""
    line = prefix
    for word in _shown(text).split(" "):
        if len(line) + len(word) > _WIDTH and line.strip() not in ("#", ""):
            lines.append(line.rstrip())
            line = prefix
        line += f"{word} "
    lines.append(line.rstrip())


def _shown(text: str) -> str:
    """Return a text on one line that neither breaks a comment nor steers a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))


def _reading(reading: Reading) -> Rule:
    made: Rule = {}
    for key in (
        "format",
        "member",
        "encoding",
        "delimiter",
        "quote",
        "sheet",
        "records",
        "header_rows",
        "first_row",
        "totals",
    ):
        value = getattr(reading, key)
        if value is not None and not (key == "totals" and not value):
            made[key] = list(value) if isinstance(value, tuple) else value
    return made
