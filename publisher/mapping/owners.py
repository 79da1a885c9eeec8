"""Maps what portfolios and projects share: facts, evidence and parts; and the portfolio's own record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from publisher import ntriples
from publisher.iris import fingerprint
from publisher.mapping.mapper import Context, Mapped, Mapper
from publisher.namespaces import dct, foaf, pf, skos, xsd
from publisher.records import model
from publisher.records.tree import Path, Tree

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


class Fact(NamedTuple):
    """A single fact with the path it stands at, and whether it follows from another statement."""

    value: Any
    path: Path
    derived: bool = False


class OwnerMapper(Mapper):
    """What portfolios and projects share: facts, evidence and parts."""

    def __init__(self, owner_key: str, iri: str, tree: Tree, ctx: Context, mapped: Mapped) -> None:
        """Work on the record of one owner; `owner_key` begins the keys of its parts."""
        super().__init__(tree, ctx, mapped)
        self.owner_key = owner_key
        self.iri = iri
        self.records: dict[str, model.SourceRecord] = {}
        self.outcomes: dict[str, model.Outcome] = {}
        self.parts_seen: dict[tuple[str, str], Path] = {}

    # -- facts

    def facts(self, subject: str, facts: dict[str, Fact]) -> None:
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
    def own_facts(record: model.Facts, path: Path) -> dict[str, Fact]:
        """Return a record's single facts with their paths; years are taken from the dates where they are not given."""
        facts: dict[str, Fact] = {}
        for name in model.Facts.model_fields:
            value = getattr(record, name)
            if value not in (None, []):
                facts[name] = Fact(value, (*path, name))
        for which in ("start", "end"):
            if which in facts and f"{which}_year" not in facts:
                value, where, _ = facts[which]
                facts[f"{which}_year"] = Fact(f"{value.year:04d}", where, derived=True)
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


class PortfolioMapper(OwnerMapper):
    """Maps `portfolio.yaml`."""

    def __init__(self, record: model.Portfolio, tree: Tree, ctx: Context, mapped: Mapped) -> None:
        """Work on the portfolio's record."""
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
