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
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from publisher import iris
from publisher.iris import Minter
from publisher.lists import codes, fields
from publisher.masters import Master, Statement
from publisher.namespaces import AUTHORITY, dct, foaf, locn, pf, skos
from publisher.vocabularies import LANGUAGES

Value = str | Decimal | date | list[str]
"""A flat value: texts, codes, years and choices as `str`; amounts, rates and numbers as `Decimal`; days as `date`; a
list where the field may have several (and for `beneficiary_name` where the operation has several beneficiaries)."""

NOTES = (
    "amount-not-given", "money-without-field", "several-beneficiaries", "several-currencies", "several-nuts-editions",
    "several-sites", "several-sources-of-money", "several-values",
)  # fmt: skip
"""What a record may have to tell beside its values, because one flat record does not hold it."""

_CACHED = 50_000
_NO_TAG = "und"
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
_MONEY = {
    (stage, frozenset(sources)): name
    for name in fields.FIELDS
    if (found := fields.money(name)) is not None
    for stage, sources in [found]
}
_ROLES = {"contractor": "contractor_name", "partner": "partners"}
_NUTS = "http://data.europa.eu/nuts/code/"
_COUNTRY = f"{AUTHORITY}/country/"
_FUND_TABLE = f"{AUTHORITY}/eu-programme/"
_POINT = re.compile(r"\s*(?:<([^>]*)>\s*)?POINT\s*\(\s*([-+]?[0-9.]+)\s+([-+]?[0-9.]+)\s*\)\s*\Z", re.IGNORECASE)
_EPSG = re.compile(r"/EPSG/[^/]*/([0-9]+)\Z")
_CCI = re.compile(r"(20[0-9]{2})[A-Z]{2}[0-9A-Z]{4,}")
# Looked up once: a term of a vocabulary is made anew each time it is named.
_AMOUNT = pf.amount
_AS_OF = pf.asOf
_CHOSEN_FROM = pf.chosenFrom
_CLOSE_MATCH = skos.closeMatch
_CURRENCY = pf.currency
_END_DATE_STATUS = pf.endDateStatus
_EVIDENCE = pf.evidence
_EXACT_MATCH = skos.exactMatch
_FLEET_REGISTER_NUMBER = pf.fleetRegisterNumber
_FUND = pf.fund
_FUNDING = pf.funding
_FUNDING_SOURCE = pf.fundingSource
_FUNDING_STAGE = pf.fundingStage
_GEOMETRY = locn.geometry
_HOMEPAGE = foaf.homepage
_IDENTIFIER = dct.identifier
_LANGUAGE = dct.language
_NAME = foaf.name
_NOTATION = skos.notation
_NUTS_EDITION = pf.nutsEdition
_OPERATION_STATUS = pf.operationStatus
_ORGANISATION = pf.organisation
_OUTCOME = pf.outcome
_PAGE = foaf.page
_PARTICIPATION = pf.participation
_PREF_LABEL = skos.prefLabel
_RESPONSIBLE_AUTHORITY = pf.responsibleAuthority
_ROLE = pf.role
_SOURCE = dct.source
_SOURCE_RECORD = pf.sourceRecord
_SPATIAL = dct.spatial
_TARGET_GROUP = pf.targetGroup
_TITLE = dct.title

_PERIODS = ((2000, "2000-2006"), (2007, "2007-2013"), (2014, "2014-2020"), (2021, "2021-2027"))
_TAGS = {code: tag for tag, code in LANGUAGES.items()}


@dataclass(slots=True)
class Record:
    """An operation as a flat record.

    Args:
        iri: Its IRI.
        values: Value by field; its texts in a language apart.
        texts: Texts by language, by field: one, or several where the field may have several.
        language: The operation's own language: that of the list it is shown from, where its title is in it.
        source: IRI of the source it is shown from; "" where none is told.
        notes: Some of `NOTES`.
    """

    iri: str
    values: dict[str, Value] = field(default_factory=dict)
    texts: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    language: str = ""
    source: str = ""
    notes: list[str] = field(default_factory=list)

    def note(self, name: str) -> None:
        """Add a note, once."""
        if name not in self.notes:
            self.notes.append(name)

    def flat(self, language: str) -> dict[str, Value]:
        """Return value by column: texts in this language in the field's own, in others with their tag (`title_en`)."""
        made = dict(self.values)
        for name, by_language in self.texts.items():
            many = fields.FIELDS[name].many
            for tag, told in by_language.items():
                own = tag == language or (tag == _NO_TAG and language not in by_language)
                made[name if own else f"{name}_{tag}"] = told if many else told[0]
        return made

    def text(self, name: str, language: str) -> str:
        """Return a text in a language, else ""; of a field with several values all, parted by `; `."""
        return "; ".join(self.texts.get(name, {}).get(language, ()))

    def has(self, name: str) -> bool:
        """Tell whether a field has a value, in whatever language."""
        return name in self.values or bool(self.texts.get(name))


class _Place(NamedTuple):
    """A place: `kind` is country, nuts, region, municipality, postcode or site; `names` are by language."""

    kind: str
    value: str
    names: dict[str, str]
    country: str = ""
    edition: str = ""
    point: tuple[Decimal, Decimal, str] | None = None


class _Organisation(NamedTuple):
    names: dict[str, str]
    identifier: str
    country: str
    seat: tuple[str, ...]


class _Concept(NamedTuple):
    code: str
    names: dict[str, str]


class _Line(NamedTuple):
    stage: str
    sources: frozenset[str]
    amount: Decimal
    currency: str
    evidence: list[str]


class Flattener:
    """Reads the records of one release.

    Args:
        master: The release's statements.
        minter: Takes the release's IRIs apart.
    """

    def __init__(self, master: Master, minter: Minter) -> None:
        """Prepare the caches."""
        self.master = master
        self.minter = minter
        self.place: Callable[[str], _Place] = lru_cache(_CACHED)(self._place)
        self.organisation: Callable[[str], _Organisation] = lru_cache(_CACHED)(self._organisation)
        self.concept: Callable[[str], _Concept] = lru_cache(_CACHED)(self._concept)
        self.source_language: Callable[[str], str] = lru_cache(1000)(self._source_language)
        self.told_by: Callable[[str], str] = lru_cache(_CACHED)(self._told_by)

    def records(self) -> Iterator[Record]:
        """Yield the record of every project, in the order of their IRIs; memory does not grow with their number."""
        for iri in self.master.instances(pf.Project):
            yield self.record(iri)

    def record(self, iri: str) -> Record:
        """Return the record of a project."""
        return _Reader(self, iri).read()

    def label(self, iri: str, language: str = "en") -> str:
        """Return the name of a concept or EU table entry in a language, else in any; "" where it has none."""
        return chosen(self.concept(iri).names, language)

    # -- what projects share

    def _concept(self, iri: str) -> _Concept:
        code, names = "", {}
        for predicate, value, language in self.master.describe(iri):
            if predicate == _PREF_LABEL and language is not None:
                names[_tag(language)] = value
            elif predicate == _NOTATION:
                code = code or value
        return _Concept(code, names)

    def _place(self, iri: str) -> _Place:
        notation = edition = country = nuts = ""
        names: dict[str, str] = {}
        point = None
        for predicate, value, language in self.master.describe(iri):
            if predicate == _PREF_LABEL and language is not None:
                names[_tag(language)] = value
            elif predicate == _NOTATION:
                notation = value
            elif predicate == _NUTS_EDITION:
                edition = value
            elif predicate == _GEOMETRY:
                point = _point(value)
            elif predicate == _EXACT_MATCH and value.startswith(_COUNTRY):
                country = value[len(_COUNTRY) :]
            elif predicate == _CLOSE_MATCH and value.startswith(_NUTS):
                nuts = value[len(_NUTS) :]
        if country:
            return _Place("country", country, names)
        if nuts:
            return _Place("nuts", notation or nuts, names, edition=edition)
        if point is not None:
            return _Place("site", "", names, point=point)
        return self._keyed_place(iri, names)

    def _keyed_place(self, iri: str, names: dict[str, str]) -> _Place:
        """Return a place whose key tells its kind; a named area of unknown kind counts as a region."""
        split = self.minter.split(iri)
        parts = split[1].split(iris.SEPARATOR) if split else []
        if len(parts) == 3 and parts[0] == "nuts":
            return _Place("nuts", iris.unescape(parts[2]), names)
        if len(parts) == 3 and parts[1] in ("region", "municipality", "postcode"):
            country = parts[0] if len(parts[0]) == 3 and parts[0].isupper() else ""
            return _Place(parts[1], "", names, country)
        return _Place("region", "", names)

    def _organisation(self, iri: str) -> _Organisation:
        identifier, names, seat = "", {}, []
        for predicate, value, language in self.master.describe(iri):
            if predicate == _NAME and language is not None:
                names[_tag(language)] = value
            elif predicate == _IDENTIFIER:
                identifier = identifier or value
            elif predicate == _SPATIAL:
                seat.append(value)
        split = self.minter.split(iri) if identifier else None
        prefix, separator, _ = split[1].partition("-") if split else ("", "", "")
        country = codes.country(prefix) or "" if separator and len(prefix) == 2 and prefix.isupper() else ""
        return _Organisation(names, identifier, country, tuple(seat))

    def _source_language(self, iri: str) -> str:
        told = (value for predicate, value, _ in self.master.describe(iri) if predicate == _LANGUAGE)
        return next((tag for value in told if (tag := _TAGS.get(value.rpartition("/")[2]))), "")

    def _told_by(self, iri: str) -> str:
        """Return the source of a piece of evidence."""
        return next((value for predicate, value, _ in self.master.describe(iri) if predicate == _SOURCE), "")


class _Reader:
    """Reads one project."""

    def __init__(self, flat: Flattener, iri: str) -> None:
        self.flat = flat
        self.out = Record(iri)
        self.links: dict[str, list[str]] = {}

    def read(self) -> Record:
        """Return the record."""
        for statement in self.flat.master.describe(self.out.iri):
            self._fact(statement)
        self._identity()
        self._shown_from()
        self._concepts()
        self._lists()
        self._money(self.links.get(_FUNDING, ()))
        self._participants(self.links.get(_PARTICIPATION, ()))
        self._places(self.links.get(_SPATIAL, ()))
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
        elif predicate == _IDENTIFIER:
            values.setdefault("code", value)
        elif predicate == _OPERATION_STATUS:
            values.setdefault("status", value)
        elif predicate == _FLEET_REGISTER_NUMBER:
            values.setdefault("fleet_register_number", value)

    def _text(self, name: str, language: str, value: str) -> None:
        """Keep a text; of a field with one value the first in each language."""
        told = self.out.texts.setdefault(name, {}).setdefault(_tag(language), [])
        if told and not fields.FIELDS[name].many:
            self.out.note("several-values")
        elif value not in told:
            told.append(value)

    def _identity(self) -> None:
        split = self.flat.minter.split(self.out.iri)
        if split is None:
            self.out.values.setdefault("code", self.out.iri)
            return
        scope, separator, rest = split[1].partition(iris.SEPARATOR)
        self.out.values.setdefault("code", iris.unescape(rest or scope))
        if separator:
            self.out.values["code_scope"] = iris.unescape(scope)

    def _shown_from(self) -> None:
        """Take what the source record tells and the project does not: date of the list, page, language."""
        flat, out = self.flat, self.out
        records = self.links.get(_CHOSEN_FROM) or self.links.get(_SOURCE_RECORD, [])
        for predicate, value, language in flat.master.describe(records[0]) if len(records) == 1 else ():
            if predicate == _SOURCE:
                out.source = value
            elif predicate == _PAGE:
                out.values.setdefault("record_page", value)
            elif predicate == _AS_OF and language is not None and len(value) == 10:  # a year is no day of an update
                with suppress(ValueError):
                    out.values["last_update"] = date.fromisoformat(value)
        own = flat.source_language(out.source) if out.source else ""
        titles = out.texts.get("title", {})
        out.language = own if own in titles or not titles else next(iter(titles))

    def _concepts(self) -> None:
        flat, out = self.flat, self.out
        for predicate, name in _CONCEPTS.items():
            found = [iri for iri in self.links.get(predicate, ()) if not iri.startswith(_FUND_TABLE)]
            if not found:
                continue
            if len(found) > 1:
                out.note("several-values")
            concept = flat.concept(found[0])
            if concept.code and name != "fund":
                out.values[f"{name}_code"] = concept.code
            for tag, label in concept.names.items():
                if label != concept.code:  # a concept that the list calls by its code alone
                    self._text(f"{name}_name", tag, label)
        for iri in self.links.get(_END_DATE_STATUS, ())[:1]:
            out.values["end_status"] = iri.rpartition("/")[2]
        for iri in self.links.get(_RESPONSIBLE_AUTHORITY, ())[:1]:
            name = chosen(flat.organisation(iri).names, out.language)
            if name:
                out.values["authority_name"] = name

    def _lists(self) -> None:
        flat, values = self.flat, self.out.values
        funds = [iri[len(_FUND_TABLE) :] for iri in self.links.get(_FUND, ()) if iri.startswith(_FUND_TABLE)]
        if funds:
            values["fund"] = funds
        pages = [*self.links.get(_HOMEPAGE, ()), *self.links.get(_PAGE, ())]
        if pages:
            values["page"] = list(dict.fromkeys(pages))
        for iri in self.links.get(_TARGET_GROUP, ()):
            for tag, label in flat.concept(iri).names.items():
                self._text("target_groups", tag, label)
        for iri in self.links.get(_OUTCOME, ()):
            for predicate, value, language in flat.master.describe(iri):
                if predicate == _TITLE and language is not None:
                    self._text("outcomes", language, value)

    # -- money

    def _money(self, lines: Sequence[str]) -> None:
        sums: dict[tuple[str, frozenset[str]], list[_Line]] = {}
        for iri in lines:
            line = self._line(iri)
            if line is None:
                self.out.note("amount-not-given")
            else:
                sums.setdefault((line.stage, line.sources), []).append(line)
        totals: dict[str, tuple[Decimal, str]] = {}
        for key, members in sums.items():
            name = _MONEY.get(key)
            told = self._one_teller(members)
            currencies = {line.currency for line in told}
            if name is None or len(currencies) > 1:
                self.out.note("money-without-field" if name is None else "several-currencies")
            else:
                totals[name] = (sum((line.amount for line in told), Decimal(0)), currencies.pop())
        # A record has one currency: that of its first field of money. Nothing is converted.
        first = next((name for name in _MONEY.values() if name in totals), None)
        currency = totals[first][1] if first is not None else ""
        if currency:
            self.out.values["currency"] = currency
        for name, (amount, own) in totals.items():
            if own == currency:
                self.out.values[name] = amount
            else:
                self.out.note("several-currencies")

    def _line(self, iri: str) -> _Line | None:
        """Return a funding line; None where it has no amount."""
        stage = currency = ""
        amount: Decimal | None = None
        sources, evidence = [], []
        for predicate, value, _ in self.flat.master.describe(iri):
            if predicate == _AMOUNT:
                with suppress(InvalidOperation):
                    amount = Decimal(value)
            elif predicate == _FUNDING_SOURCE:
                sources.append(value.rpartition("/")[2])
            elif predicate == _FUNDING_STAGE:
                stage = value.rpartition("/")[2]
            elif predicate == _CURRENCY:
                currency = value.rpartition("/")[2]
            elif predicate == _EVIDENCE:
                evidence.append(value)
        if amount is None or not amount.is_finite():
            return None
        return _Line(stage, frozenset(sources), amount, currency, evidence)

    def _one_teller(self, lines: list[_Line]) -> list[_Line]:
        """Return the lines that one source tells: two sources that tell of the same money must not be added up."""
        if len(lines) == 1:
            return lines
        told: dict[frozenset[str], list[_Line]] = {}
        for line in lines:
            told.setdefault(frozenset(self.flat.told_by(iri) for iri in line.evidence), []).append(line)
        if len(told) == 1:
            return lines
        self.out.note("several-sources-of-money")
        own = (members for tellers, members in told.items() if self.out.source in tellers)
        return next(own, next(iter(told.values())))

    # -- organisations

    def _participants(self, participations: Sequence[str]) -> None:
        flat, out = self.flat, self.out
        by_role: dict[str, list[_Organisation]] = {}
        for iri in participations:
            role = organisation = ""
            for predicate, value, _ in flat.master.describe(iri):
                if predicate == _ROLE:
                    role = value.rpartition("/")[2]
                elif predicate == _ORGANISATION:
                    organisation = value
            if organisation:
                by_role.setdefault(role, []).append(flat.organisation(organisation))
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

    def _names(self, organisations: Sequence[_Organisation]) -> list[str]:
        names = (chosen(entry.names, self.out.language) for entry in organisations)
        return list(dict.fromkeys(name for name in names if name))

    def _beneficiary(self, organisation: _Organisation) -> None:
        values, country = self.out.values, organisation.country
        if organisation.identifier:
            values["beneficiary_id"] = organisation.identifier
        for iri in organisation.seat:
            place = self.flat.place(iri)
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
            place = self.flat.place(iri)
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


def _tag(language: str) -> str:
    """Return a language tag without region and script; a text without a tag counts as `und`."""
    return language.partition("-")[0] or _NO_TAG


def chosen(names: dict[str, str], language: str) -> str:
    """Return the name in a language, else the first of any; "" where there is none."""
    return names.get(language) or next((names[tag] for tag in sorted(names)), "")


def _point(wkt: str) -> tuple[Decimal, Decimal, str] | None:
    """Return longitude or easting, latitude or northing and the system of a WKT point; None for another geometry."""
    match = _POINT.match(wkt)
    if match is None:
        return None
    try:
        first, second = Decimal(match[2]), Decimal(match[3])
    except InvalidOperation:
        return None
    if not match[1] or match[1].endswith("/CRS84"):
        return first, second, "EPSG:4326"
    found = _EPSG.search(match[1])
    if found is None:
        return None
    if found[1] == "4326":  # named by its code, that system has the latitude first
        first, second = second, first
    return first, second, f"EPSG:{found[1]}"
