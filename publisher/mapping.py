"""Record classes to statements: pure, a record at a time, and a fault becomes a problem, never a wrong triple.

The same record and context give the same lines, so a build can be split over
processes. Every value is either written in full or reported: an unknown key
of a concept, organisation, source or place is a problem with its place, and
the statement it would have made is not written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from publisher import ntriples
from publisher.iris import Minter, fingerprint
from publisher.namespaces import AUTHORITY, dct, foaf, org, pf, rdf, skos, xsd
from publisher.records import model
from publisher.records.reader import Folder, Loaded
from publisher.records.tree import Path, Tree
from publisher.reports import Place, Problem, problem
from publisher.vocabularies import LANGUAGES, TARGET_GROUPS, Vocabularies

_YSO = "http://www.yso.fi/onto/yso/"
_NUTS = "http://data.europa.eu/nuts/code/"

_FACTS = {
    "title": dct.title,
    "short_name": skos.altLabel,
    "description": dct.description,
    "start": pf.startDate,
    "end": pf.endDate,
    "start_year": pf.startYear,
    "end_year": pf.endYear,
    "end_date_status": pf.endDateStatus,
    "programme": pf.programme,
    "priority_axis": pf.priorityAxis,
    "specific_objective": pf.specificObjective,
    "fund": pf.fund,
    "responsible_authority": pf.responsibleAuthority,
    "places": dct.spatial,
}
"""The property of each single fact."""


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


def context(folder: Folder, minter: Minter, vocabularies: Vocabularies, languages: Sequence[str]) -> Context:
    """Gather what the records of a folder may point at.

    The folder must have its portfolio record; the caller has reported where it has not.
    """
    assert folder.portfolio is not None  # noqa: S101  # the caller's duty, see above
    return Context(
        minter,
        vocabularies,
        languages,
        folder.portfolio.record,
        {entry.key: entry for entry, _, _ in folder.entries("organisations")},
        {entry.key: entry for entry, _, _ in folder.entries("sources")},
        frozenset(entry.key for entry, _, _ in folder.entries("places")),
        frozenset(entry.key for entry, _, _ in folder.entries("target_groups")),
    )


def map_shared(folder: Folder, ctx: Context) -> Mapped:
    """Map the portfolio's own record, its organisations, sources, places and own target groups."""
    assert folder.portfolio is not None  # noqa: S101
    mapped = Mapped()
    _PortfolioMapper(folder.portfolio.record, folder.portfolio.tree, ctx, mapped).run()
    for which in ("organisations", "sources", "places", "target_groups"):
        seen: dict[str, Place] = {}
        for entry, tree, path in folder.entries(which):
            place = tree.place((*path, "key"))
            if entry.key in seen:
                message = f"stands twice (first on line {seen[entry.key].line}); every key is used once"
                mapped.problems.append(problem(place, "record/duplicate-key", message, entry.key))
                continue
            seen[entry.key] = place
            _SharedMapper(tree, ctx, mapped, path).map(which, entry)
    return mapped


def map_project(loaded: Loaded[model.Project], ctx: Context) -> Mapped:
    """Map one project with all its parts.

    The portfolio's link to the project is made here too, so that a shard of whole projects is whole.
    """
    mapped = Mapped()
    _ProjectMapper(loaded.record, loaded.tree, ctx, mapped).run()
    return mapped


class _Fact(NamedTuple):
    """A single fact with the path it stands at, and whether it follows from another statement."""

    value: Any
    path: Path
    derived: bool = False


class _Mapper:
    """What all mappers do: look keys up, mint, emit, and remember places."""

    def __init__(self, tree: Tree, ctx: Context, mapped: Mapped, root: Path = ()) -> None:
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


class _SharedMapper(_Mapper):
    """Maps the entries of the shared files."""

    def map(self, which: str, entry: Any) -> None:
        """Map one entry of a shared file."""
        mappers: dict[str, Callable[[Any], None]] = {
            "organisations": self._organisation,
            "sources": self._source,
            "places": self._place,
            "target_groups": self._target_group,
        }
        mappers[which](entry)

    def _organisation(self, entry: model.Organisation) -> None:
        iri = self.ctx.minter.iri("organisation", entry.key)
        self.start(iri, [pf.Collective if entry.kind == "collective" else org.Organization], ())
        self.texts(iri, foaf.name, entry.name, ("name",))
        self.texts(iri, skos.altLabel, entry.short_name, ("short_name",))
        self.texts(iri, dct.description, entry.note, ("note",))
        if entry.identifier is not None:
            self.emit(iri, dct.identifier, ntriples.literal(entry.identifier), ("identifier",))
            country, separator, rest = entry.key.partition("-")
            if separator and len(country) == 2 and country.isupper() and rest != entry.identifier:
                message = f"does not agree with the key {entry.key}: the key is country and identifier"
                self.fault(("identifier",), "organisation-key", message, entry.identifier)
        self.link(iri, foaf.homepage, entry.home, ("home",))
        self.translations(iri, entry, ())

    def _source(self, entry: model.Source) -> None:
        iri = self.ctx.minter.iri("source", entry.key)
        self.start(iri, [pf.Source], ())
        self.texts(iri, dct.title, entry.title, ("title",))
        self.texts(iri, dct.description, entry.note, ("note",))
        self.link(iri, pf.sourceKind, self.concept("source-kind", entry.kind, ("kind",)), ("kind",))
        code = LANGUAGES.get(entry.language)
        if code is None:
            self.fault(("language",), "unknown-language", "is no language that this program knows", entry.language)
        else:
            self.link(iri, dct.language, f"{AUTHORITY}/language/{code}", ("language",))
        self.link(iri, dct.publisher, self.organisation(entry.publisher, ("publisher",)), ("publisher",))
        self.link(iri, foaf.page, entry.address, ("address",))
        if entry.licence == "not-stated":
            status = self.concept("licence-status", "not-stated", ("licence",))
            self.link(iri, pf.licenceStatus, status, ("licence",))
        else:
            self.link(iri, dct.license, entry.licence, ("licence",))
        if entry.as_of != "unknown":
            self.emit(iri, pf.asOf, ntriples.partial_date(entry.as_of), ("as_of",))
        self.translations(iri, entry, ())
        for index, part in enumerate(entry.parts):
            self._document_part(iri, entry.key, part, ("parts", index))

    def _document_part(self, source: str, source_key: str, part: model.DocumentPart, path: Path) -> None:
        iri = self.ctx.minter.iri("source", source_key, part.key)
        self.start(iri, [pf.DocumentPart], path)
        self.link(iri, dct.isPartOf, source, path)
        self.link(source, dct.hasPart, iri, path)
        self.texts(iri, dct.title, part.title, (*path, "title"))
        self.translations(iri, part, path)

    def _place(self, entry: model.Place) -> None:
        iri = self.ctx.minter.iri("place", entry.key)
        self.start(iri, [dct.Location], ())
        self.texts(iri, skos.prefLabel, entry.name, ("name",))
        self.translations(iri, entry, ())
        if entry.yso is not None:
            self.link(iri, skos.exactMatch, _YSO + entry.yso, ("yso",))
        if entry.country is not None:
            self.link(iri, skos.exactMatch, self.authority("country", entry.country, ("country",)), ("country",))
        if entry.nuts is not None:
            self.link(iri, skos.closeMatch, _NUTS + entry.nuts.code, ("nuts", "code"))
            self.emit(iri, skos.notation, ntriples.literal(entry.nuts.code), ("nuts", "code"))
            edition = ntriples.literal(entry.nuts.edition, datatype=xsd.gYear)
            self.emit(iri, pf.nutsEdition, edition, ("nuts", "edition"))

    def _target_group(self, entry: model.TargetGroup) -> None:
        iri = self.ctx.minter.iri("target-group", entry.key)
        scheme = self.ctx.minter.iri("target-group", "scheme")
        self.start(iri, [skos.Concept, pf.TargetGroup], ())
        self.start(scheme, [skos.ConceptScheme], ())
        self.texts(scheme, dct.title, self.ctx.portfolio.title, ())
        self.link(iri, skos.inScheme, scheme, ())
        self.emit(iri, skos.notation, ntriples.literal(entry.key), ("key",))
        self.texts(iri, skos.prefLabel, entry.name, ("name",))
        self.texts(iri, skos.definition, entry.definition, ("definition",))
        if entry.broader is not None:
            self.link(iri, skos.broader, self.target_group(entry.broader, ("broader",)), ("broader",))
        if entry.yso is not None:
            self.link(iri, skos.exactMatch, _YSO + entry.yso, ("yso",))


class _OwnerMapper(_Mapper):
    """What portfolios and projects share: facts, evidence and parts."""

    def __init__(self, owner_key: str, iri: str, tree: Tree, ctx: Context, mapped: Mapped) -> None:
        super().__init__(tree, ctx, mapped)
        self.owner_key = owner_key
        self.iri = iri
        self.records: dict[str, model.SourceRecord] = {}
        self.outcomes: dict[str, model.Outcome] = {}
        self.parts_seen: dict[tuple[str, str], Path] = {}

    # -- facts

    def facts(self, subject: str, facts: dict[str, _Fact]) -> None:
        """Write single facts."""
        for name, (value, path, derived) in facts.items():
            if derived:
                self.out.derived.add((subject, _FACTS[name]))
            predicate = _FACTS[name]
            if name in ("title", "short_name", "description"):
                self.texts(subject, predicate, value, path)
            elif name in ("start", "end"):
                self.emit(subject, predicate, ntriples.typed(value), path)
            elif name in ("start_year", "end_year"):
                self.emit(subject, predicate, ntriples.literal(value, datatype=xsd.gYear), path)
            elif name == "end_date_status":
                self.link(subject, predicate, self.concept("end-date-status", value, path), path)
            elif name in ("programme", "priority_axis", "specific_objective"):
                self.link(subject, predicate, self.concept("programme", value, path), path)
            elif name == "responsible_authority":
                self.link(subject, predicate, self.organisation(value, path), path)
            elif name == "fund":
                for code in value:
                    self.link(subject, predicate, self.authority("eu-programme", code, path), path)
            elif name == "places":
                for key in value:
                    self.link(subject, predicate, self.place(key, path), path)

    @staticmethod
    def own_facts(record: model.Facts, path: Path) -> dict[str, _Fact]:
        """Return a record's single facts with their paths; years are taken from the dates where they are not given."""
        facts: dict[str, _Fact] = {}
        for name in model.Facts.model_fields:
            value = getattr(record, name)
            if value not in (None, []):
                facts[name] = _Fact(value, (*path, name))
        for which in ("start", "end"):
            if which in facts and f"{which}_year" not in facts:
                value, where, _ = facts[which]
                facts[f"{which}_year"] = _Fact(f"{value.year:04d}", where, derived=True)
        return facts

    # -- evidence

    def evidence(
        self, subject: str, entries: Sequence[model.EvidenceEntry], path: Path, attests: str | None = None
    ) -> None:
        """Write the evidence of a statement; `path` is that of the statement."""
        for index, entry in enumerate(entries):
            self._evidence(subject, entry, (*path, "evidence", index), attests)

    def _evidence(self, subject: str, entry: model.EvidenceEntry, path: Path, attests: str | None) -> None:
        record = self.records.get(entry.source)
        source = self.ctx.sources.get(record.source if record is not None else entry.source)
        if source is None:
            message = "is neither a source record of this file nor a key in sources.yaml"
            self.fault((*path, "source"), "unknown-source", message, entry.source)
            self.link(subject, pf.evidence, None, path)
            return
        wording = {source.language: entry.wording} if isinstance(entry.wording, str) else entry.wording or {}
        as_of = entry.as_of or (record.as_of if record else None) or source.as_of
        part = entry.part
        if part is not None and part not in {known.key for known in source.parts}:
            known = ", ".join(sorted(p.key for p in source.parts)) or "none"
            message = f"is no part of the source {source.key}; its parts: {known}"
            self.fault((*path, "part"), "unknown-part", message, part)
            part = None
        content = [source.key, part or "", as_of, *(f"{tag}\x1e{text}" for tag, text in sorted(wording.items()))]
        iri = self.ctx.minter.iri("evidence", self.owner_key, fingerprint(*content))
        self.start(iri, [pf.Evidence], path)
        self.link(subject, pf.evidence, iri, path)
        self.link(iri, dct.source, self.ctx.minter.iri("source", source.key), path)
        if part is not None:
            self.link(iri, pf.documentPart, self.ctx.minter.iri("source", source.key, part), (*path, "part"))
        self.texts(iri, pf.wording, wording, (*path, "wording"))
        if as_of != "unknown":
            self.emit(iri, pf.asOf, ntriples.partial_date(as_of), path)
        self.link(iri, pf.attests, attests, path)

    def tellers(self, entries: Sequence[model.EvidenceEntry]) -> list[str]:
        """Return the IRIs of the source records of this owner that evidence names."""
        named = {entry.source for entry in entries}
        return [
            self.ctx.minter.iri("source-record", self.owner_key, key)
            for key, record in self.records.items()
            if key in named or record.source in named
        ]

    # -- parts

    def part(self, kind: str, cls: str, predicate: str, entry: Any, path: Path) -> str | None:
        """Begin a part with a key of its own: types, link from the owner, texts, evidence. None for a repeated key."""
        if (kind, entry.key) in self.parts_seen:
            first = self.tree.place(self.parts_seen[kind, entry.key]).line
            message = f"stands twice (first on line {first}); every part has a key of its own"
            self.fault((*path, "key"), "duplicate-key", message, entry.key)
            return None
        self.parts_seen[kind, entry.key] = (*path, "key")
        iri = self.ctx.minter.iri(kind, self.owner_key, entry.key)
        self.start(iri, [cls], path)
        self.link(self.iri, predicate, iri, path)
        self.texts(iri, dct.title, getattr(entry, "title", None), (*path, "title"))
        self.texts(iri, dct.description, getattr(entry, "text", None), (*path, "text"))
        self.translations(iri, entry, path)
        self.evidence(iri, entry.evidence, path)
        return iri

    def funding(self, lines: Sequence[model.FundingLine]) -> None:
        """Write lines of money."""
        for index, entry in enumerate(lines):
            path: Path = ("funding", index)
            iri = self.part("funding", pf.Funding, pf.funding, entry, path)
            if iri is None:
                continue
            self.texts(iri, dct.description, entry.description, (*path, "description"))
            stage = (*path, "stage")
            self.link(iri, pf.fundingStage, self.concept("funding-stage", entry.stage, stage), stage)
            for number, key in enumerate(entry.sources):
                where = (*path, "sources", number)
                self.link(iri, pf.fundingSource, self.concept("funding-source", key, where), where)
            for number, key in enumerate(entry.funder):
                where = (*path, "funder", number)
                self.funder(iri, key, where)
                self.funder(self.iri, key, where)
            fund = (*path, "fund")
            self.link(iri, pf.fund, self.authority("eu-programme", entry.fund, fund), fund)
            if entry.amount is not None:
                self.emit(iri, pf.amount, ntriples.typed(entry.amount), (*path, "amount"))
            currency = (*path, "currency")
            self.link(iri, pf.currency, self.authority("currency", entry.currency, currency), currency)
            status = entry.amount_status or ("given" if entry.amount is not None else None)
            where = (*path, "amount_status")
            self.link(iri, pf.amountStatus, self.concept("amount-status", status, where), where)
            if entry.as_of is not None:
                self.emit(iri, pf.asOf, ntriples.partial_date(entry.as_of), (*path, "as_of"))
            for record in self.tellers(entry.evidence):
                self.link(record, pf.funding, iri, path)

    def continuation(self, entries: Sequence[model.Continuation]) -> None:
        """Write what goes on after the funding ends."""
        for index, entry in enumerate(entries):
            path: Path = ("continuation", index)
            iri = self.part("continuation", pf.Continuation, pf.continuation, entry, path)
            if iri is None:
                continue
            self._each(iri, pf.continuationStatus, entry.status, "continuation-status", (*path, "status"))
            self._situated(iri, entry, path)
            for number, key in enumerate(entry.outcomes):
                where = (*path, "outcomes", number)
                if key in self.outcomes:
                    self.link(iri, pf.continues, self.ctx.minter.iri("outcome", self.owner_key, key), where)
                else:
                    self.fault(where, "unknown-outcome", "is no key of an outcome in this file", key)

    def regional_links(self, entries: Sequence[model.RegionalLink]) -> None:
        """Write ties to areas."""
        for index, entry in enumerate(entries):
            path: Path = ("regional_links", index)
            iri = self.part("regional-link", pf.RegionalLink, pf.regionalLink, entry, path)
            if iri is None:
                continue
            self._situated(iri, entry, path)
            for number, key in enumerate(entry.funders):
                self.funder(iri, key, (*path, "funders", number))

    def _situated(self, iri: str, entry: model.Continuation | model.RegionalLink, path: Path) -> None:
        self._each(iri, pf.areaKind, entry.areas, "area-kind", (*path, "areas"))
        for number, key in enumerate(entry.places):
            where = (*path, "places", number)
            self.link(iri, dct.spatial, self.place(key, where), where)
        for number, key in enumerate(entry.benefits):
            where = (*path, "benefits", number)
            self.link(iri, pf.benefits, self.target_group(key, where), where)
        for number, key in enumerate(entry.organisations):
            where = (*path, "organisations", number)
            self.link(iri, pf.organisation, self.organisation(key, where), where)

    def _each(self, iri: str, predicate: str, keys: Sequence[str], scheme: str, path: Path) -> None:
        for number, key in enumerate(keys):
            where = (*path, number)
            self.link(iri, predicate, self.concept(scheme, key, where), where)


class _PortfolioMapper(_OwnerMapper):
    """Maps `portfolio.yaml`."""

    def __init__(self, record: model.Portfolio, tree: Tree, ctx: Context, mapped: Mapped) -> None:
        super().__init__(record.key, ctx.portfolio_iri, tree, ctx, mapped)
        self.record = record

    def run(self) -> None:
        """Map the record."""
        record = self.record
        self.start(self.iri, [pf.Portfolio], ())
        self.emit(self.iri, dct.identifier, ntriples.literal(record.key), ("key",))
        self.facts(self.iri, self.own_facts(record, ()))
        self.translations(self.iri, record, ())
        self.evidence(self.iri, record.evidence, ())
        for index, page in enumerate(record.pages):
            self.link(self.iri, foaf.page, page, ("pages", index))
        for index, key in enumerate(record.funders):
            self.funder(self.iri, key, ("funders", index))
        self.funding(record.funding)
        for index, entry in enumerate(record.benefits):
            self.part("benefit", pf.Benefit, pf.benefit, entry, ("benefits", index))
        for index, entry in enumerate(record.challenges):
            self.part("challenge", pf.Challenge, pf.challenge, entry, ("challenges", index))
        self.continuation(record.continuation)
        self.regional_links(record.regional_links)
        if record.code_pattern is not None:
            try:
                re.compile(record.code_pattern)
            except re.error as error:
                message = f"is no regular expression: {error}"
                self.fault(("code_pattern",), "code-pattern", message, record.code_pattern)


class _ProjectMapper(_OwnerMapper):
    """Maps one file of `projects/`."""

    def __init__(self, record: model.Project, tree: Tree, ctx: Context, mapped: Mapped) -> None:
        super().__init__(record.code, ctx.minter.iri("project", record.code), tree, ctx, mapped)
        self.record = record
        self.records = {entry.key: entry for entry in record.source_records}
        self.outcomes = {entry.key: entry for entry in record.outcomes}

    def run(self) -> None:
        """Map the record."""
        record = self.record
        self.start(self.iri, [pf.Project], ())
        self.emit(self.iri, dct.identifier, ntriples.literal(record.code), ("code",))
        self._check_code()
        self.link(self.iri, pf.portfolio, self.ctx.portfolio_iri, ())
        self.link(self.ctx.portfolio_iri, pf.project, self.iri, ())
        self.facts(self.iri, self._shown_facts())
        self.translations(self.iri, record, ())
        self.evidence(self.iri, record.evidence, ())
        if record.pages is not None:
            self.link(self.iri, foaf.homepage, record.pages.home, ("pages", "home"))
            self.link(self.iri, foaf.page, record.pages.register_, ("pages", "register"))
            for index, page in enumerate(record.pages.other):
                self.link(self.iri, foaf.page, page, ("pages", "other", index))
        for index, use in enumerate(record.target_groups):
            path: Path = ("target_groups", index)
            group = self.target_group(use.group, (*path, "group"))
            self.link(self.iri, pf.targetGroup, group, path)
            self.evidence(self.iri, use.evidence, path, attests=group)
        self._source_records()
        self._participants()
        self.funding(record.funding)
        self._outcomes()
        self.continuation(record.continuation)
        self.regional_links(record.regional_links)

    def _check_code(self) -> None:
        pattern = self.ctx.portfolio.code_pattern
        try:
            agrees = pattern is None or re.fullmatch(pattern, self.record.code) is not None
        except re.error:
            return  # reported with the portfolio's own record
        if not agrees:
            message = f"does not have the form of this portfolio's codes ({pattern})"
            self.fault(("code",), "code-pattern", message, self.record.code)

    def _shown_facts(self) -> dict[str, _Fact]:
        """Return the facts that the project shows: its own, else those of the chosen source record."""
        own = self.own_facts(self.record, ())
        chosen = self._chosen()
        if chosen is None:
            return own
        index = self.record.source_records.index(chosen)
        told = self.own_facts(chosen, ("source_records", index))
        told.pop("title", None)
        return {**{name: fact._replace(derived=True) for name, fact in told.items()}, **own}

    def _chosen(self) -> model.SourceRecord | None:
        wanted = self.record.chosen_from
        if wanted is None:
            dates = {(entry.start, entry.end) for entry in self.record.source_records} - {(None, None)}
            if len(dates) > 1 and self.record.start is None and self.record.end is None:
                message = "sources differ on the dates: name the source record to show in chosen_from"
                self.fault(("source_records",), "choice-needed", message)
            dated = [entry for entry in self.record.source_records if (entry.start, entry.end) != (None, None)]
            return dated[0] if len(dates) == 1 else None
        if wanted not in self.records:
            self.fault(("chosen_from",), "unknown-source-record", "is no key of a source record in this file", wanted)
            return None
        chosen = self.ctx.minter.iri("source-record", self.owner_key, wanted)
        self.link(self.iri, pf.chosenFrom, chosen, ("chosen_from",))
        return self.records[wanted]

    def _source_records(self) -> None:
        for index, entry in enumerate(self.record.source_records):
            path: Path = ("source_records", index)
            if self.records[entry.key] is not entry:
                self.fault((*path, "key"), "duplicate-key", "stands twice; every source record has its own", entry.key)
                continue
            iri = self.ctx.minter.iri("source-record", self.owner_key, entry.key)
            self.start(iri, [pf.SourceRecord], path)
            self.link(self.iri, pf.sourceRecord, iri, path)
            self.link(iri, foaf.primaryTopic, self.iri, path)
            self.emit(iri, dct.identifier, ntriples.literal(self.record.code), ("code",))
            source = self.ctx.sources.get(entry.source)
            if source is None:
                self.fault((*path, "source"), "unknown-source", "is no key in sources.yaml", entry.source)
            else:
                self.link(iri, dct.source, self.ctx.minter.iri("source", source.key), (*path, "source"))
                as_of = entry.as_of or source.as_of
                if as_of != "unknown":
                    self.emit(iri, pf.asOf, ntriples.partial_date(as_of), path)
            if entry.row is not None:
                self.emit(iri, pf.sourceRow, ntriples.literal(entry.row), (*path, "row"))
            self.link(iri, foaf.page, entry.page, (*path, "page"))
            self.facts(iri, self.own_facts(entry, path))
            for number, key in enumerate(entry.funders):
                self.funder(iri, key, (*path, "funders", number))
            self.texts(iri, dct.description, entry.note, (*path, "note"))

    def _participants(self) -> None:
        for index, entry in enumerate(self.record.participants):
            path: Path = ("participants", index)
            iri = self.ctx.minter.iri("participation", self.owner_key, entry.role, entry.organisation)
            self.start(iri, [pf.Participation], path)
            self.link(self.iri, pf.participation, iri, path)
            organisation = self.organisation(entry.organisation, (*path, "organisation"))
            self.link(iri, pf.organisation, organisation, (*path, "organisation"))
            self.link(iri, pf.role, self.concept("role", entry.role, (*path, "role")), (*path, "role"))
            self.texts(iri, dct.description, entry.description, (*path, "description"))
            self.translations(iri, entry, path)
            self.evidence(iri, entry.evidence, path)
            for record in self.tellers(entry.evidence):
                self.link(record, pf.participation, iri, path)

    def _outcomes(self) -> None:
        for index, entry in enumerate(self.record.outcomes):
            path: Path = ("outcomes", index)
            iri = self.part("outcome", pf.Outcome, pf.outcome, entry, path)
            if iri is None:
                continue
            self.link(iri, pf.producedBy, self.iri, path)
            self._each(iri, pf.outcomeKind, entry.kind, "outcome-kind", (*path, "kind"))
            self.texts(iri, foaf.name, entry.name, (*path, "name"))
            for number, key in enumerate(entry.benefits):
                where = (*path, "benefits", number)
                self.link(iri, pf.benefits, self.target_group(key, where), where)
            for number, page in enumerate(entry.pages):
                self.link(iri, foaf.page, page, (*path, "pages", number))
            if entry.quantity is not None:
                where = (*path, "quantity")
                quantity = entry.quantity
                self.emit(iri, pf.quantity, ntriples.typed(quantity.value), (*where, "value"))
                unit = self.concept("quantity-unit", quantity.unit, (*where, "unit"))
                self.link(iri, pf.quantityUnit, unit, (*where, "unit"))
                qualifier = self.concept("quantity-qualifier", quantity.qualifier, (*where, "qualifier"))
                self.link(iri, pf.quantityQualifier, qualifier, (*where, "qualifier"))
