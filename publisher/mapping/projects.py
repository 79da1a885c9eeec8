"""Maps one file of `projects/`: what the project shows, and what each of its sources says."""

from __future__ import annotations

import re

from publisher import ntriples
from publisher.mapping.mapper import Context, Mapped
from publisher.mapping.owners import Fact, OwnerMapper
from publisher.namespaces import dct, foaf, pf
from publisher.records import model
from publisher.records.tree import Path, Tree


class ProjectMapper(OwnerMapper):
    """Maps one file of `projects/`."""

    def __init__(self, record: model.Project, tree: Tree, ctx: Context, mapped: Mapped) -> None:
        """Work on one project's record."""
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

    def _shown_facts(self) -> dict[str, Fact]:
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
