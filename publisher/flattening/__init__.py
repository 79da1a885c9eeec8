r"""RDF of a release → canonical flat records (`lists.fields`): what coverage counts and exports write.

    project --> record: one value a field, several where the field may have several
       \-- funding lines, participations, places, concepts --> its amounts, beneficiary, locations, codes and names

One project at a time, in the order of the master; what projects share (places,
concepts, organisations) is kept in bounded caches. Nothing is made up: lines of one
stage and one set of sources are summed, within one currency and one source that tells them; a sum
that no field is for, a second currency, a second site stay out and are told by a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from publisher import iris
from publisher.flattening import money
from publisher.flattening.record import Record, chosen, tag_of
from publisher.flattening.things import Organisation, Things
from publisher.iris import Minter
from publisher.lists import codes, fields
from publisher.masters import Master, Statement
from publisher.namespaces import AUTHORITY, dct, foaf, pf

_TEXTS = {dct.title: "title", dct.description: "summary", pf.achievements: "achievements"}
_CONCEPTS = {
    pf.fund: "fund",  # one that the EU table does not have
    pf.programme: "programme",
    pf.priorityAxis: "priority_axis",
    pf.specificObjective: "specific_objective",
    pf.thematicObjective: "thematic_objective",
    pf.investmentPriority: "investment_priority",
    pf.interventionType: "intervention",
}
_DATES = {pf.startDate: "start", pf.endDate: "end"}
_YEARS = {pf.startYear: "start_year", pf.endYear: "end_year", pf.awardYear: "award_year"}
_NUMBERS = {pf.cofinancingRate: "cofinancing_rate", pf.exchangeRate: "exchange_rate"}
PROPERTIES: dict[str, str] = {
    "code": dct.identifier,
    "fleet_register_number": pf.fleetRegisterNumber,
    **{name: predicate for table in (_TEXTS, _DATES, _YEARS, _NUMBERS) for predicate, name in table.items()},
}
"""Property by field, of fields that hold the values of one property of the project as they stand in the RDF."""
_ROLES = {"contractor": "contractor_name", "partner": "partners"}
_FUND_TABLE = f"{AUTHORITY}/eu-programme/"
_CCI = re.compile(r"(20[0-9]{2})[A-Z]{2}[0-9A-Z]{4,}")
_PERIODS = ((2000, "2000-2006"), (2007, "2007-2013"), (2014, "2014-2020"), (2021, "2021-2027"))


class Flattener:
    """Reads the records of one release.

    Args:
        master: The release's statements.
        minter: Takes the release's IRIs apart.
    """

    def __init__(self, master: Master, minter: Minter) -> None:
        """Begin with nothing read."""
        self.things = Things(master, minter)

    def records(self) -> Iterator[Record]:
        """Yield the record of every project, in the order of their IRIs; memory does not grow with their number."""
        for iri in self.things.master.instances(pf.Project):
            yield self.record(iri)

    def record(self, iri: str) -> Record:
        """Return the record of a project."""
        return _Reader(self.things, iri).read()

    def label(self, iri: str, language: str = "en") -> str:
        """Return the name of a concept or EU table entry in a language, else in any; "" where it has none."""
        return chosen(self.things.concept(iri).names, language)


class _Reader:
    """Reads one project."""

    def __init__(self, things: Things, iri: str) -> None:
        self.things = things
        self.out = Record(iri)
        self.links: dict[str, list[str]] = {}

    def read(self) -> Record:
        """Return the record."""
        for statement in self.things.master.describe(self.out.iri):
            self._fact(statement)
        self._identity()
        self._shown_from()
        self._concepts()
        self._lists()
        money.read(self.things, self.links.get(pf.funding, ()), self.out)
        self._participants(self.links.get(pf.participation, ()))
        self._places(self.links.get(dct.spatial, ()))
        period = self._period()
        if period:
            self.out.values["period"] = period
        return self.out

    def _fact(self, statement: Statement) -> None:
        predicate, value, language = statement
        values = self.out.values
        if language is None:
            self.links.setdefault(predicate, []).append(value)
        elif predicate in _TEXTS:
            self._text(_TEXTS[predicate], language, value)
        elif predicate in _DATES:
            with suppress(ValueError):
                values[_DATES[predicate]] = date.fromisoformat(value)
        elif predicate in _YEARS:
            values[_YEARS[predicate]] = value
        elif predicate in _NUMBERS:
            with suppress(InvalidOperation):
                values[_NUMBERS[predicate]] = Decimal(value)
        elif predicate == dct.identifier:
            values.setdefault("code", value)
        elif predicate == pf.operationStatus:
            values.setdefault("status", value)
        elif predicate == pf.fleetRegisterNumber:
            values.setdefault("fleet_register_number", value)

    def _text(self, name: str, language: str, value: str) -> None:
        """Keep a text; of a field with one value the first in each language."""
        told = self.out.texts.setdefault(name, {}).setdefault(tag_of(language), [])
        if told and not fields.FIELDS[name].many:
            self.out.note("several-values")
        elif value not in told:
            told.append(value)

    def _identity(self) -> None:
        split = self.things.minter.split(self.out.iri)
        if split is None:
            self.out.values.setdefault("code", self.out.iri)
            return
        scope, separator, rest = split[1].partition(iris.SEPARATOR)
        self.out.values.setdefault("code", iris.unescape(rest or scope))
        if separator:
            self.out.values["code_scope"] = iris.unescape(scope)

    def _shown_from(self) -> None:
        """Take what the source record tells and the project does not: date of the list, page, language."""
        things, out = self.things, self.out
        records = self.links.get(pf.chosenFrom) or self.links.get(pf.sourceRecord, [])
        for predicate, value, language in things.master.describe(records[0]) if len(records) == 1 else ():
            if predicate == dct.source:
                out.source = value
            elif predicate == foaf.page:
                out.values.setdefault("record_page", value)
            elif predicate == pf.asOf and language is not None and len(value) == 10:  # a year is no day of an update
                with suppress(ValueError):
                    out.values["last_update"] = date.fromisoformat(value)
        own = things.source_language(out.source) if out.source else ""
        titles = out.texts.get("title", {})
        out.language = own if own in titles or not titles else next(iter(titles))

    def _concepts(self) -> None:
        things, out = self.things, self.out
        for predicate, name in _CONCEPTS.items():
            found = [iri for iri in self.links.get(predicate, ()) if not iri.startswith(_FUND_TABLE)]
            if not found:
                continue
            if len(found) > 1:
                out.note("several-values")
            concept = things.concept(found[0])
            if concept.code and name != "fund":
                out.values[f"{name}_code"] = concept.code
            for tag, label in concept.names.items():
                if label != concept.code:  # a concept that the list calls by its code alone
                    self._text(f"{name}_name", tag, label)
        for iri in self.links.get(pf.endDateStatus, ())[:1]:
            out.values["end_status"] = iri.rpartition("/")[2]
        for iri in self.links.get(pf.responsibleAuthority, ())[:1]:
            name = chosen(things.organisation(iri).names, out.language)
            if name:
                out.values["authority_name"] = name

    def _lists(self) -> None:
        things, values = self.things, self.out.values
        funds = [iri[len(_FUND_TABLE) :] for iri in self.links.get(pf.fund, ()) if iri.startswith(_FUND_TABLE)]
        if funds:
            values["fund"] = funds
        pages = [*self.links.get(foaf.homepage, ()), *self.links.get(foaf.page, ())]
        if pages:
            values["page"] = list(dict.fromkeys(pages))
        for iri in self.links.get(pf.targetGroup, ()):
            for tag, label in things.concept(iri).names.items():
                self._text("target_groups", tag, label)
        for iri in self.links.get(pf.outcome, ()):
            for predicate, value, language in things.master.describe(iri):
                if predicate == dct.title and language is not None:
                    self._text("outcomes", language, value)

    # -- organisations

    def _participants(self, participations: Sequence[str]) -> None:
        things, out = self.things, self.out
        by_role: dict[str, list[Organisation]] = {}
        for iri in participations:
            role = organisation = ""
            for predicate, value, _ in things.master.describe(iri):
                if predicate == pf.role:
                    role = value.rpartition("/")[2]
                elif predicate == pf.organisation:
                    organisation = value
            if organisation:
                by_role.setdefault(role, []).append(things.organisation(organisation))
        for role, name in _ROLES.items():
            names = self._names(by_role.get(role, []))
            if names and fields.FIELDS[name].many:
                out.values[name] = names
            elif names:
                out.values[name] = names[0]
                if len(names) > 1:
                    out.note("several-values")
        beneficiaries = by_role.get("beneficiary") or by_role.get("applicant", [])
        names = self._names(beneficiaries)
        if len(names) > 1:  # whose the identifier and the seat are, a flat record cannot say
            out.values["beneficiary_name"] = names
            out.note("several-beneficiaries")
        elif names:
            out.values["beneficiary_name"] = names[0]
            self._beneficiary(beneficiaries[0])

    def _names(self, organisations: Sequence[Organisation]) -> list[str]:
        names = (chosen(entry.names, self.out.language) for entry in organisations)
        return list(dict.fromkeys(name for name in names if name))

    def _beneficiary(self, organisation: Organisation) -> None:
        values, country = self.out.values, organisation.country
        if organisation.identifier:
            values["beneficiary_id"] = organisation.identifier
        for iri in organisation.seat:
            place = self.things.place(iri)
            country = country or place.country or (place.value if place.kind == "country" else "")
            name = {"nuts": "nuts", "postcode": "postcode", "municipality": "city"}.get(place.kind)
            if name:
                values[f"beneficiary_{name}"] = place.value or chosen(place.names, self.out.language)
        if country:
            values["beneficiary_country"] = country

    # -- places

    def _places(self, links: Sequence[str]) -> None:
        values = self.out.values
        found: dict[str, list[str]] = {}
        editions: set[str] = set()
        sites = []
        for iri in links:
            place = self.things.place(iri)
            if place.point is not None and place.kind == "site":
                sites.append(place.point)
                continue
            label = chosen(place.names, self.out.language)
            found.setdefault(place.kind, []).append(place.value or label)
            if place.kind == "nuts":
                editions.add(place.edition)
                if label != place.value:
                    found.setdefault("region", []).append(label)
        for kind, names in found.items():
            told = list(dict.fromkeys(name for name in names if name))
            if told and fields.FIELDS[kind].many:
                values[kind] = told
            elif told:
                values[kind] = told[0]
                if len(told) > 1:
                    self.out.note("several-values")
        if len(editions) > 1:
            self.out.note("several-nuts-editions")
        elif editions and (edition := editions.pop()):
            values["nuts_edition"] = edition
        if sites:
            values["longitude"], values["latitude"], values["crs"] = sites[0]
            if len(sites) > 1:
                self.out.note("several-sites")

    def _period(self) -> str:
        """Return the programming period, where the programme's CCI code or the EU table's fund tells it."""
        for name in ("programme_code", "code_scope"):
            match = _CCI.match(str(self.out.values.get(name, "")))
            if match:
                return next((period for first, period in reversed(_PERIODS) if int(match[1]) >= first), "")
        funds = self.out.values.get("fund")
        periods = {_fund_period(fund) for fund in funds} if isinstance(funds, list) else set()
        return periods.pop() if len(periods) == 1 else ""


@lru_cache(1000)
def _fund_period(entry: str) -> str:
    """Return the only period that an entry of the EU table stands for; "" where it stands for several."""
    known = codes.load().funds.values()
    periods = {period for fund in known for period, code in fund.entries.items() if code == entry}
    return periods.pop() if len(periods) == 1 else ""
