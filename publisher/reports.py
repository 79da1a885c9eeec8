"""What is wrong with the data of one run: `Report`; its forms are written by `report_forms` and `report_pages`.

A report lists every problem of a small run. Of a large one it lists examples
(`collecting`), and `tallies` hold how many there are in truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from publisher import ntriples, report_forms, report_pages, report_sentences, report_texts
from publisher.iris import fingerprint, is_iri
from publisher.namespaces import SHAPES, rdf, rdfs, sh
from publisher.problems import INFO, SEVERITIES, VIOLATION, WARNING, Place, Problem, problem

__all__ = [
    "FORMATS", "INFO", "SEVERITIES", "VIOLATION", "WARNING", "Account", "Group", "Place", "Problem", "Report",
    "RuleText", "Tally", "problem",
]  # fmt: skip

FORMATS = ("text", "json", "html", "turtle", "csv")

Words = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True)
class Tally:
    """How many problems of a rule there are, and how many of them the report lists."""

    rule: str
    severity: str
    count: int
    listed: int


@dataclass(frozen=True)
class RuleText:
    """What a rule says of itself, by language.

    Args:
        title: What it is called.
        mend: How its faults are mended; empty where that differs from fault to fault.
        message: What is wrong; empty where that differs from fault to fault.
    """

    title: Words
    mend: Words = field(default_factory=dict)
    message: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """What became of the rows of one source file; every row is published, merged or rejected.

    Args:
        source: The file as the user named it.
        rows: Rows that were read as records or could not be.
        published: Rows that became an operation, or a source record of one.
        merged: Rows that went into an operation together with another row.
        rejected: Rows that are not published, by the rule that says why.
        skipped: Rows that are no records, by `tables.model.Skipped.reason`.
        repaired: Repairs, by `tables.model.Repair.rule`.
        withheld: Pieces of personal data that are not published, by kind.
    """

    source: str
    rows: int
    published: int
    merged: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    repaired: Mapping[str, int] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """See that no row is lost.

        Raises:
            ValueError: A row is unaccounted for: a fault of the program, never of the data.
        """
        told = self.published + self.merged + sum(self.rejected.values())
        if told != self.rows:
            raise ValueError(f"{self.source}: {self.rows} rows were read, but {told} are accounted for")


@dataclass(frozen=True)
class Group:
    """The problems of one rule and severity.

    Args:
        rule: The rule.
        severity: One of `SEVERITIES`.
        count: How many there are.
        problems: Those that are listed, in order.
        text: What the rule says of itself.
    """

    rule: str
    severity: str
    count: int
    problems: tuple[Problem, ...]
    text: RuleText | None = None

    @property
    def name(self) -> str:
        """The rule's IRI with its prefix, or its short name as it stands."""
        return self.rule.replace(f"{SHAPES}#", "pfs:")

    def title(self, language: str) -> str:
        """Return what the rule is called, else its name."""
        words = self.text.title if self.text else {}
        return words.get(language) or words.get("en") or self.name

    def mend(self, language: str) -> str:
        """Return how to mend such faults; "" where only each message tells it."""
        return self.text.mend.get(language, "") if self.text else ""

    def about(self, language: str) -> str:
        """Return what the rule says is wrong, where the messages of its problems are in other languages only."""
        told = all(language in entry.messages for entry in self.problems)
        return "" if told or self.text is None else self.text.message.get(language, "")

    def said(self, entry: Problem, language: str) -> str:
        """Return a problem's message without the mending that the group tells already."""
        message, mend = entry.message(language), self.mend(language)
        return message.removesuffix(mend).rstrip() or message if mend else message

    def common(self, language: str) -> str:
        """Return what is said of all listed problems, where that is one and the same; else ""."""
        said = {self.said(entry, language) for entry in self.problems}
        return said.pop() if len(said) == 1 else ""


@dataclass(frozen=True)
class Report:
    """What is wrong, sorted, each problem once.

    Args:
        problems: The problems that are listed.
        engine: Which validation engine spoke.
        projects: How many projects were checked.
        cross_checked: How many projects the reference engine checked again.
        notes: What a reader must know about the run: texts, or texts by language (`report_texts.note`).
        tallies: How many problems of each rule there are; where none are given, all problems are listed.
        accounts: What became of the rows of each list.
        texts: What rules say of themselves, by rule.
    """

    problems: tuple[Problem, ...]
    engine: str = ""
    projects: int = 0
    cross_checked: int = 0
    notes: tuple[str | Words, ...] = ()
    tallies: tuple[Tally, ...] = ()
    accounts: tuple[Account, ...] = ()
    texts: Mapping[str, RuleText] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Count the problems where nobody did."""
        if not self.tallies:
            counted = Counter((p.rule, p.severity) for p in self.problems)
            tallies = (Tally(rule, severity, n, n) for (rule, severity), n in sorted(counted.items()))
            object.__setattr__(self, "tallies", tuple(tallies))

    @classmethod
    def of(cls, problems: Iterable[Problem], **facts: object) -> Report:
        """Make a report of problems in any order, repeated ones among them."""
        once = {(p.order, p.subject): p for p in problems}
        return cls(tuple(sorted(once.values(), key=lambda p: p.order)), **facts)  # type: ignore[arg-type]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many problems of each severity there are, listed or not."""
        counts = dict.fromkeys(SEVERITIES, 0)
        for tally in self.tallies:
            counts[tally.severity] += tally.count
        return counts

    @property
    def conforms(self) -> bool:
        """Whether nothing blocks a release."""
        return not self.counts[VIOLATION]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The problems by rule: the gravest first, of equal gravity the most frequent."""
        listed: dict[tuple[str, str], list[Problem]] = {}
        for entry in self.problems:
            listed.setdefault((entry.rule, entry.severity), []).append(entry)
        ordered = sorted(self.tallies, key=lambda t: (SEVERITIES.index(t.severity), -t.count, t.rule))
        return tuple(
            Group(t.rule, t.severity, t.count, tuple(listed.get((t.rule, t.severity), ())), self.texts.get(t.rule))
            for t in ordered
        )

    def of_table(self, place: Place) -> bool:
        """Tell whether a place is a row or cell of a table."""
        return place.table or place.file in self._tables

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(account.source for account in self.accounts)

    def notes_in(self, language: str) -> list[str]:
        """Return the notes in a language, as far as they are told in it."""
        return [note if isinstance(note, str) else note.get(language) or note["en"] for note in self.notes]

    def rule_title(self, rule: str, language: str) -> str:
        """Return what a rule is called, else its name."""
        return Group(rule, INFO, 0, (), self.texts.get(rule)).title(language)

    def write(self, form: str, language: str = "en") -> str:
        """Return the report as text in one of `FORMATS`; it can be written as UTF-8 whatever names of files hold."""
        writers: dict[str, Callable[[Report, str], str]] = {
            "text": report_forms.text,
            "json": report_forms.json_document,
            "csv": report_forms.csv_table,
            "html": report_pages.page,
        }
        written = self._turtle(language) if form == "turtle" else writers[form](self, language)
        return written.encode("utf-8", "backslashreplace").decode()

    def summary(self, language: str = "en") -> str:
        """Return one sentence: does the data conform, and how many problems of which gravity there are."""
        return report_sentences.summary(self, language)

    def _turtle(self, language: str) -> str:
        import pyoxigraph as ox

        source = ntriples.text(sorted(set(self.statements(language))))
        triples = ox.parse(source.encode(), format=ox.RdfFormat.N_TRIPLES)
        written = ox.serialize(
            (quad.triple for quad in triples),
            format=ox.RdfFormat.TURTLE,
            prefixes={"sh": sh.base, "pfs": f"{SHAPES}#", "rdf": rdf.base, "rdfs": rdfs.base},
        )
        return (written or b"").decode()

    def statements(self, language: str = "en") -> Iterable[str]:
        """Yield the report as an sh:ValidationReport in N-Triples lines (SHACL 3.6), nodes named by their content."""
        report = f"urn:validation-report:{fingerprint(*(repr(p.order) for p in self.problems))}"
        yield ntriples.line(report, rdf.type, f"<{sh.ValidationReport}>")
        yield ntriples.line(report, sh.conforms, ntriples.typed(self.conforms))
        said_in = language if language in report_texts.LANGUAGES else "en"
        for said in report_sentences.remarks(self, said_in):
            yield ntriples.line(report, rdfs.comment, ntriples.literal(_sound(said), said_in))
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
                yield ntriples.line(node, sh.value, ntriples.literal(_sound(p.value)))
            for spoken, message in p.messages.items():
                yield ntriples.line(node, sh.resultMessage, ntriples.literal(_sound(f"{p.place}: {message}"), spoken))


def _sound(text: str) -> str:
    """Return a text that UTF-8 can hold: names of files may not be."""
    return text.encode("utf-8", "backslashreplace").decode()


def _file_iri(place: Place) -> str:
    return f"urn:file:{quote(_sound(place.file))}#{place.line}"
