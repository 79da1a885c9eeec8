"""What is wrong with the data, and where: `Problem`, `Report`, and the forms a report is written in."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property

from publisher import ntriples
from publisher.iris import fingerprint, is_iri
from publisher.namespaces import SHAPES, rdf, sh

VIOLATION, WARNING, INFO = "violation", "warning", "info"
SEVERITIES = (VIOLATION, WARNING, INFO)
"""From the gravest: a violation blocks a release, a warning should be mended, an info could be."""

FORMATS = ("text", "json", "html", "turtle", "csv")

_VALUE_SHOWN = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Place:
    """Where something stands: a file as the user named it, line and column from 1 (0 = unknown), path in the record."""

    file: str
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        """Return `file:line:column`, as far as known."""
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True)
class Problem:
    """One fault in the data.

    Args:
        place: Where it stands in the source.
        rule: What was broken: the IRI of a shape, or a short name such as `record/date`.
        severity: One of `SEVERITIES`.
        messages: What is wrong and how to mend it, by language; `en` always.
        value: The faulty value as written, shortened; empty where something is missing.
        subject: IRI of the resource that the fault is about, where there is one.
    """

    place: Place
    rule: str
    severity: str
    messages: Mapping[str, str]
    value: str = ""
    subject: str = ""

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
    if len(shown) > _VALUE_SHOWN:
        shown = shown[:_VALUE_SHOWN] + "…"
    return Problem(place, rule, severity, {"en": message}, shown)


@dataclass(frozen=True)
class Report:
    """All problems of one run, sorted, each once.

    Args:
        problems: What is wrong.
        engine: Which validation engine spoke.
        projects: How many projects were checked.
        cross_checked: How many projects the reference engine checked again.
        notes: What a reader must know about the run, such as triples that no shape looks at.
    """

    problems: tuple[Problem, ...]
    engine: str = ""
    projects: int = 0
    cross_checked: int = 0
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, problems: Iterable[Problem], **facts: object) -> Report:
        """Make a report of problems in any order, repeated ones among them."""
        once = {(p.order, p.subject): p for p in problems}
        return cls(tuple(sorted(once.values(), key=lambda p: p.order)), **facts)  # type: ignore[arg-type]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many problems of each severity there are."""
        counter = Counter(entry.severity for entry in self.problems)
        return {severity: counter[severity] for severity in SEVERITIES}

    @property
    def conforms(self) -> bool:
        """Whether nothing blocks a release."""
        return not self.counts[VIOLATION]

    def write(self, form: str, language: str = "en") -> str:
        """Return the report as text in one of `FORMATS`."""
        writers: dict[str, Callable[[str], str]] = {
            "text": self._text,
            "json": self._json,
            "html": self._html,
            "csv": self._csv,
        }
        return self._turtle() if form == "turtle" else writers[form](language)

    def summary(self) -> str:
        """Return one sentence: does the data conform, and how many problems of which gravity there are."""
        counted = ", ".join(f"{n} {name}{'' if n == 1 else 's'}" for name, n in self.counts.items())
        verdict = "conforms" if self.conforms else "does not conform"
        return f"The data {verdict}: {counted} in {self.projects} project{'' if self.projects == 1 else 's'}."

    def _text(self, language: str) -> str:
        lines = [self._line(entry, language) for entry in self.problems]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes), self.summary()]) + "\n"

    @staticmethod
    def _line(entry: Problem, language: str) -> str:
        path = f" {entry.place.path}:" if entry.place.path else ""
        value = f" {json.dumps(entry.value, ensure_ascii=False)}" if entry.value else ""
        line = f"{entry.place}: {entry.severity}:{path}{value} {entry.message(language)} [{_short(entry.rule)}]"
        # What a file holds must neither break the line nor steer the terminal.
        return _CONTROL.sub(lambda match: match.group().encode("unicode_escape").decode(), line)

    def _json(self, language: str) -> str:
        document = {
            "conforms": self.conforms,
            "engine": self.engine,
            "projects": self.projects,
            "cross_checked": self.cross_checked,
            "counts": self.counts,
            "notes": list(self.notes),
            "problems": [
                {**asdict(p.place), "rule": p.rule, "severity": p.severity, "value": p.value, "subject": p.subject,
                 "message": p.message(language), "messages": dict(p.messages)}
                for p in self.problems
            ],
        }  # fmt: skip
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"

    def _csv(self, language: str) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["file", "line", "column", "path", "severity", "value", "message", "rule", "subject"])
        for p in self.problems:
            cells = [p.place.file, p.place.path, p.severity, p.value, p.message(language), p.rule, p.subject]
            # A cell that begins like a formula would be run by a spreadsheet: a quote before it makes it text.
            file, *safe = [f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in cells]
            writer.writerow([file, p.place.line, p.place.column, *safe])
        return out.getvalue()

    def _html(self, language: str) -> str:
        e = html.escape
        rows = "".join(
            f"<tr class={p.severity}><td>{e(str(p.place))}</td><td>{e(p.place.path)}</td><td>{e(p.severity)}</td>"
            f"<td><code>{e(p.value)}</code></td><td>{e(p.message(language))}</td><td>{e(_short(p.rule))}</td></tr>\n"
            for p in self.problems
        )
        notes = "".join(f"<p>{e(note)}</p>\n" for note in self.notes)
        return (
            f'<!doctype html>\n<html lang="{e(language)}">\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width">\n<title>Validation report</title>\n'
            "<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}"
            "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #bbb;padding:.4rem;"
            "text-align:left;vertical-align:top;overflow-wrap:anywhere}</style>\n"
            f"<h1>Validation report</h1>\n<p>{e(self.summary())}</p>\n{notes}"
            "<table><thead><tr><th>Where<th>Field<th>Severity<th>Value<th>What is wrong<th>Rule</thead>\n"
            f"<tbody>\n{rows}</tbody></table>\n</html>\n"
        )

    def _turtle(self) -> str:
        import pyoxigraph as ox

        source = ntriples.text(sorted(set(self.statements())))
        triples = ox.parse(source.encode(), format=ox.RdfFormat.N_TRIPLES)
        written = ox.serialize(
            (quad.triple for quad in triples),
            format=ox.RdfFormat.TURTLE,
            prefixes={"sh": sh.base, "pfs": f"{SHAPES}#", "rdf": rdf.base},
        )
        return (written or b"").decode()

    def statements(self) -> Iterable[str]:
        """Yield the report as an sh:ValidationReport in N-Triples lines (SHACL 3.6), nodes named by their content."""
        report = f"urn:validation-report:{fingerprint(*(repr(p.order) for p in self.problems))}"
        yield ntriples.line(report, rdf.type, f"<{sh.ValidationReport}>")
        yield ntriples.line(report, sh.conforms, ntriples.typed(self.conforms))
        for p in self.problems:
            node = f"urn:validation-result:{fingerprint(repr(p.order), p.subject)}"
            yield ntriples.line(report, sh.result, f"<{node}>")
            yield ntriples.line(node, rdf.type, f"<{sh.ValidationResult}>")
            level = {VIOLATION: sh.Violation, WARNING: sh.Warning, INFO: sh.Info}[p.severity]
            yield ntriples.line(node, sh.resultSeverity, f"<{level}>")
            focus = p.subject if is_iri(p.subject) else _file_iri(p.place)
            yield ntriples.line(node, sh.focusNode, ntriples.iri(focus))
            if is_iri(p.rule):
                yield ntriples.line(node, sh.sourceShape, f"<{p.rule}>")
            if p.value:
                yield ntriples.line(node, sh.value, ntriples.literal(p.value))
            for language, message in p.messages.items():
                yield ntriples.line(node, sh.resultMessage, ntriples.literal(f"{p.place}: {message}", language))


def _file_iri(place: Place) -> str:
    from urllib.parse import quote

    return f"urn:file:{quote(place.file)}#{place.line}"


def _short(rule: str) -> str:
    """Return the rule's IRI with its prefix, or its short name as it stands."""
    return rule.replace(f"{SHAPES}#", "pfs:")
