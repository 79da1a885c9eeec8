"""What all mappers of records do: look keys up, mint, emit statements, and remember where each comes from."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from publisher import ntriples
from publisher.iris import Minter
from publisher.namespaces import pf, rdf
from publisher.records import model
from publisher.records.tree import Path, Tree
from publisher.reports import Place, Problem, problem
from publisher.vocabularies import TARGET_GROUPS, Vocabularies


@dataclass(frozen=True)
class Context:
    """All that a record's keys may point at.

    Args:
        minter: Mints the portfolio's IRIs.
        vocabularies: The shared concepts.
        languages: The portfolio's languages, its own first.
        portfolio: The portfolio's own record.
        organisations: Organisations by key.
        sources: Sources by key.
        places: Keys of places.
        target_groups: Keys of the portfolio's own target groups.
    """

    minter: Minter
    vocabularies: Vocabularies
    languages: Sequence[str]
    portfolio: model.Portfolio
    organisations: dict[str, model.Organisation]
    sources: dict[str, model.Source]
    places: frozenset[str]
    target_groups: frozenset[str]

    @property
    def portfolio_iri(self) -> str:
        """IRI of the portfolio."""
        return self.minter.iri("portfolio", self.portfolio.key)


@dataclass
class Mapped:
    """What a record became.

    Args:
        lines: N-Triples lines, each once, in the order they were made.
        problems: What could not be mapped.
        places: Where a statement comes from, by (subject, predicate), and by (subject, "").
        derived: (subject, predicate) of statements that follow from others: a year from its date, what a project
            shows of a source record. A fault in these is one in what they follow from.
        dropped: (subject, predicate) of statements that were left out because of a problem: a shape that misses them
            says again what the problem has said.
    """

    lines: dict[str, None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    derived: set[tuple[str, str]] = field(default_factory=set)
    dropped: set[tuple[str, str]] = field(default_factory=set)

    def place(self, subject: str, predicate: str) -> Place | None:
        """Return where a statement comes from, or where its subject does, or None."""
        return self.places.get((subject, predicate)) or self.places.get((subject, ""))


class Mapper:
    """What all mappers do: look keys up, mint, emit, and remember places."""

    def __init__(self, tree: Tree, ctx: Context, mapped: Mapped, root: Path = ()) -> None:
        """Work on one file of records; `root` is the path of the record in it."""
        self.tree = tree
        self.ctx = ctx
        self.out = mapped
        self.root = root
        self.faulted: list[Path] = []

    # -- emitting

    def emit(self, subject: str, predicate: str, term: str, path: Path) -> None:
        """Write one statement and remember where it comes from."""
        self.out.lines[f"<{subject}> <{predicate}> {term} ."] = None
        self.out.places.setdefault((subject, predicate), self.tree.place((*self.root, *path)))

    def link(self, subject: str, predicate: str, iri: str | None, path: Path) -> None:
        """Write a statement whose object is an IRI; None is absent or was reported already, and writes nothing."""
        if iri is not None:
            self.emit(subject, predicate, f"<{iri}>", path)
        elif any(fault[: len(path)] == path for fault in self.faulted):
            self.out.dropped.add((subject, predicate))

    def start(self, subject: str, classes: Iterable[str], path: Path) -> None:
        """Write a resource's types and remember where it stands."""
        self.out.places.setdefault((subject, ""), self.tree.place((*self.root, *path)))
        for cls in classes:
            self.emit(subject, rdf.type, f"<{cls}>", path)

    def texts(self, subject: str, predicate: str, texts: dict[str, str] | None, path: Path) -> None:
        """Write a text in each of its languages."""
        for language, text in (texts or {}).items():
            self.emit(subject, predicate, ntriples.literal(text, language), (*path, language))

    def translations(self, subject: str, record: Any, path: Path) -> None:
        """Write which languages are our own translation."""
        for language in record.translated:
            self.emit(subject, pf.ownTranslation, ntriples.literal(language.lower()), (*path, "translated"))

    def fault(self, path: Path, rule: str, message: str, value: str = "") -> None:
        """Report what cannot be mapped; what stands once in the file is reported once, however often it is used."""
        self.faulted.append(path)
        found = problem(self.tree.place((*self.root, *path)), f"record/{rule}", message, value)
        if found not in self.out.problems:
            self.out.problems.append(found)

    # -- looking up

    def concept(self, scheme: str, key: str | None, path: Path) -> str | None:
        """Return a concept's IRI; an unknown key is reported."""
        if key is None:
            return None
        found = self.ctx.vocabularies.concept(scheme, key)
        if found is None:
            hint = self.ctx.vocabularies.near(scheme, key)
            self.fault(path, f"unknown-{scheme}", f"is no key of the scheme {scheme}; {hint}", key)
        return found

    def target_group(self, key: str, path: Path) -> str | None:
        """Return a target group's IRI: the portfolio's own, else the shared one."""
        if key in self.ctx.target_groups:
            return self.ctx.minter.iri("target-group", key)
        return self.concept(TARGET_GROUPS, key, path)

    def authority(self, table: str, code: str | None, path: Path) -> str | None:
        """Return an EU table entry's IRI; one that the vocabularies do not label is reported."""
        if code is None:
            return None
        found = self.ctx.vocabularies.authority(table, code)
        if found is None:
            message = f"is no entry of the EU table {table} that ontology/concepts/eu-tables.ttl labels"
            self.fault(path, f"unknown-{table}", message, code)
        return found

    def organisation(self, key: str | None, path: Path) -> str | None:
        """Return an organisation's IRI; an unknown key is reported."""
        return self._shared("organisation", key, self.ctx.organisations, path)

    def funder(self, subject: str, key: str, path: Path) -> None:
        """Write that an organisation gives money, and so that it is a funder."""
        iri = self.organisation(key, path)
        self.link(subject, pf.funder, iri, path)
        if iri is not None:
            self.emit(iri, rdf.type, f"<{pf.Funder}>", path)

    def place(self, key: str, path: Path) -> str | None:
        """Return a place's IRI; an unknown key is reported."""
        return self._shared("place", key, self.ctx.places, path)

    def _shared(self, kind: str, key: str | None, known: Container[str], path: Path) -> str | None:
        if key is None:
            return None
        if key in known:
            return self.ctx.minter.iri(kind, key)
        self.fault(path, f"unknown-{kind}", f"is no key in {kind}s.yaml; add it there or correct it", key)
        return None
