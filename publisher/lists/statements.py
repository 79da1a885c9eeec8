r"""Operations of lists to statements, as N-Triples lines: pure, an operation at a time.

    project  --pf:sourceRecord-->  source record, one a list: all that this list says
       \--pf:funding, pf:participation--> lines and organisations of the list that the project shows

The project shows one value of each fact: that of the preferred list, else of the
next that has it. Money and organisations are those of the first list that tells any. Where a
record made by hand describes the project already, a list only adds its source record.

Keys (`iris`): project `K` = code, or scope~code; parts `K~L-…`, where L is the key
of the list. An organisation has the key country + identifier; without an identifier it is one of
its operation's own (`K~L-beneficiary`), unless the mapping says that the same name is the same organisation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from publisher import iris, ntriples
from publisher.lists import fields
from publisher.lists.operation import Datum, Line, Operation, RowRecord, Told
from publisher.lists.shared import Context, Described, Pairs, evidence_iri, name_organisation, texts_of
from publisher.namespaces import AUTHORITY, dct, foaf, geo, locn, org, pf, rdf, skos, xsd
from publisher.vocabularies import TARGET_GROUPS

_NUTS = "http://data.europa.eu/nuts/code/"
_CRS = "http://www.opengis.net/def/crs/EPSG/0/"
_DEGREES = ("EPSG:4326", "WGS84", "CRS84")

NATURAL_PERSON = {
    "fi": "luonnollinen henkilö (nimeä ei julkaista)",
    "sv": "fysisk person (namnet publiceras inte)",
    "en": "natural person (name not published)",
}

_TEXTS = {"title": dct.title, "summary": dct.description, "achievements": pf.achievements, "status": pf.operationStatus}
_YEARS = {"start_year": pf.startYear, "end_year": pf.endYear, "award_year": pf.awardYear}
_NUMBERS = {"cofinancing_rate": pf.cofinancingRate, "exchange_rate": pf.exchangeRate}
_CLASSES = {
    "fund": pf.fund,
    "programme": pf.programme,
    "priority_axis": pf.priorityAxis,
    "specific_objective": pf.specificObjective,
    "thematic_objective": pf.thematicObjective,
    "investment_priority": pf.investmentPriority,
    "intervention": pf.interventionType,
}
_OF_PROGRAMME = ("priority_axis", "specific_objective")
_ROLES = {"beneficiary_name": "beneficiary", "contractor_name": "contractor", "partners": "partner"}


class Describer:
    """Describes operations, one after the other.

    Args:
        ctx: What they may point at.
    """

    def __init__(self, ctx: Context) -> None:
        """Prepare what every operation needs."""
        self.ctx = ctx
        self.iri = ctx.minter.iri
        self.evidence = [
            {
                (file, index): f"<{evidence_iri(ctx, facts, name)}>"
                for file, columns in enumerate(facts.columns)
                for index, name in [(-1, ""), *enumerate(columns)]
            }
            for facts in ctx.lists
        ]

    def describe(self, operation: Operation, *, known: bool = False) -> Described:
        """Return an operation's statements; of a project `known` by a record made by hand nothing else is said."""
        out = Described()
        project = self._project(operation)
        out.origins[project] = (operation.told[0].source, operation.told[0].rows[0])
        records = [_Record(self, operation, told, out) for told in operation.told]
        for record in records:
            record.write()
        portfolios = {self.iri("portfolio", record.facts.mapping.portfolio.key) for record in records}
        for portfolio in sorted(portfolios):
            out.add(portfolio, [(pf.project, f"<{project}>")])
            out.add(project, [(pf.portfolio, f"<{portfolio}>")])
        for record in records:
            out.add(project, [(pf.sourceRecord, f"<{record.iri}>")])
        if known:
            return out
        out.add(project, [(rdf.type, f"<{pf.Project}>"), (dct.identifier, ntriples.literal(operation.code))])
        out.add(project, [(pf.chosenFrom, f"<{records[0].iri}>")])
        shown: set[str] = set()
        for record in records:
            told = {predicate for predicate, _ in record.pairs}
            out.add(project, [pair for pair in record.pairs if pair[0] not in shown])
            for predicate in told - shown:
                if (record.iri, predicate) in out.columns:
                    out.columns[project, predicate] = out.columns[record.iri, predicate]
            shown |= told
        for record in records:
            for key in record.facts.mapping.portfolio.funders:
                out.add(project, [(pf.funder, f"<{self.iri('organisation', key)}>")])
        return out

    def _project(self, operation: Operation) -> str:
        return f"{self.ctx.minter.base_iri}/id/project/{operation.key}"


class _Record:
    """What one list tells of an operation: the source record, and its parts."""

    def __init__(self, describer: Describer, operation: Operation, told: Told, out: Described) -> None:
        self.describer = describer
        self.ctx = describer.ctx
        self.operation = operation
        self.told = told
        self.out = out
        self.facts = self.ctx.lists[told.source]
        self.language = self.facts.language
        self.base = self.ctx.minter.base_iri
        self.iri = self.part("source-record")
        self.pairs: Pairs = []

    def part(self, kind: str, name: str = "") -> str:
        """Return the IRI of a part of the operation that this list tells of."""
        end = f"{self.facts.key}-{iris.escape(name)}" if name else self.facts.key
        return f"{self.base}/id/{kind}/{self.operation.key}~{end}"

    def write(self) -> None:
        """Write the record and its parts."""
        out, rows = self.out, self.told.rows
        out.origins[self.iri] = (self.told.source, rows[0])
        self._texts()
        self._dates()
        self._numbers()
        self._codes()
        self._places()
        self._groups()
        self._money()
        self._organisations()
        project = f"<{self.base}/id/project/{self.operation.key}>"
        fixed: Pairs = [
            (rdf.type, f"<{pf.SourceRecord}>"),
            (foaf.primaryTopic, project),
            (dct.identifier, ntriples.literal(self.operation.code)),
            (dct.source, f"<{self.ctx.minter.iri('source', self.facts.key)}>"),
            (pf.sourceRow, ntriples.literal(self._rows())),
        ]
        updated = Counter(row.one("last_update") for row in rows if row.one("last_update") is not None)
        if updated:  # most rows say; a spreadsheet's fill-down makes some say tomorrow
            latest = max(updated.items(), key=lambda item: (item[1], str(item[0])))[0]
            fixed.append((pf.asOf, ntriples.typed(latest)))  # type: ignore[arg-type]
        elif self.facts.mapping.source.as_of != "unknown":
            fixed.append((pf.asOf, ntriples.partial_date(self.facts.mapping.source.as_of)))
        fixed += [(foaf.page, ntriples.iri(str(datum.value))) for datum in self.told.data("record_page")]
        out.add(self.iri, fixed)
        out.add(self.iri, self.pairs)

    def _rows(self) -> str:
        """Return the rows as people find them: `12`, `12, 14`, `AR4016.json 12`."""
        named = len(self.facts.files) > 1
        return ", ".join(
            f"{self.facts.files[row.file]} {row.number}" if named else str(row.number) for row in self.told.rows
        )

    # -- facts

    def tell(self, predicate: str, term: str, datum: Datum | None = None) -> None:
        """Write a fact of the record, which the project shows where the list is chosen."""
        self.pairs.append((predicate, term))
        if datum is not None:
            self.out.columns.setdefault((self.iri, predicate), datum.column)

    def _named(self, base: str) -> Iterator[tuple[str, Datum]]:
        """Yield (language, datum) of a text field in each language, the first value of each."""
        for name in dict.fromkeys(name for row in self.told.rows for name in row.values):
            found = (base, None) if name == base else fields.find(name) if name.startswith(f"{base}_") else None
            if found is None or (name != base and found[0] is not fields.FIELDS[base]):
                continue
            data = self.told.data(name)
            yield (self.language if name == base else str(found[1])), data[0]

    def _texts(self) -> None:
        for base, predicate in _TEXTS.items():
            for language, datum in self._named(base):
                self.tell(predicate, ntriples.literal(str(datum.value), language), datum)

    def _dates(self) -> None:
        start, end = self.told.data("start"), self.told.data("end")
        if start and end and str(start[0].value) > str(end[0].value):
            end = []  # of several rows; of one row the mapper has told it
        for name, data, predicate in (("start", start, pf.startDate), ("end", end, pf.endDate)):
            if data and isinstance(data[0].value, date):
                self.tell(predicate, ntriples.typed(data[0].value), data[0])
                year = ntriples.literal(f"{data[0].value.year:04d}", datatype=xsd.gYear)
                self.tell(_YEARS[f"{name}_year"], year, data[0])
        for name, predicate in _YEARS.items():
            data = self.told.data(name)
            if data and not any(pair[0] == predicate for pair in self.pairs):
                self.tell(predicate, ntriples.literal(str(data[0].value), datatype=xsd.gYear), data[0])
        for datum in self.told.data("end_status")[:1]:
            self.tell(
                pf.endDateStatus, f"<{self.ctx.vocabularies.concept('end-date-status', str(datum.value))}>", datum
            )

    def _numbers(self) -> None:
        for name, predicate in _NUMBERS.items():
            data = self.told.data(name)
            if len(data) == 1:  # parts with rates of their own tell them at their lines
                self.tell(predicate, ntriples.typed(Decimal(str(data[0].value))), data[0])
        for datum in self.told.data("fleet_register_number"):
            self.tell(pf.fleetRegisterNumber, ntriples.literal(str(datum.value)), datum)
        for datum in self.told.data("page"):
            self.tell(foaf.page, ntriples.iri(str(datum.value)), datum)

    def _codes(self) -> None:
        for datum in self.told.data("fund"):
            self.tell(pf.fund, f"<{AUTHORITY}/eu-programme/{datum.value}>", datum)
        for base, predicate in _CLASSES.items():
            for row in self.told.rows:
                iri, told = self._classification(base, row)
                if iri is not None and (predicate, f"<{iri}>") not in self.pairs:
                    self.tell(predicate, f"<{iri}>", told)
        for datum in self.told.data("authority_name")[:1]:
            key = (f"{self.facts.key}-authority", iris.fingerprint(str(datum.value)))
            iri = self.ctx.minter.iri("organisation", *key)
            name_organisation(self.out, iri, [ntriples.literal(str(datum.value), self.language)])
            self.tell(pf.responsibleAuthority, f"<{iri}>", datum)

    def _classification(self, base: str, row: RowRecord) -> tuple[str | None, Datum | None]:
        """Return the concept of a code, a name or both; one of the shared scheme where the code is there."""
        names = row.values.get(f"{base}_name")
        codes = row.values.get(f"{base}_code") if base != "fund" else None
        if not codes and not names:
            return None, None
        code = str(codes[0].value) if codes else ""
        scope = self.facts.mapping.portfolio.code_scope
        scheme = base.replace("_", "-")
        if base in ("programme", "priority_axis", "specific_objective"):
            for key in (code, f"{scope}-{code.replace('.', '-')}"):
                known = self.ctx.vocabularies.concept("programme", key) if code else None
                if known is not None:
                    return known, (codes or names or [])[0]
        label = str(names[0].value) if names else code
        within = self._programme(row) if base in _OF_PROGRAMME else ()
        iri = self.ctx.minter.iri("classification", scope, scheme, *within, code if codes else iris.fingerprint(label))
        group = self.ctx.minter.iri("classification", scope, scheme)
        pairs: Pairs = [(rdf.type, f"<{skos.Concept}>"), (skos.inScheme, f"<{group}>")]
        self.out.names[iri, skos.prefLabel, ntriples.literal(label, self.language)] = None
        if code:
            pairs.append((skos.notation, ntriples.literal(code)))
        self.out.add(iri, pairs)
        self.out.add(
            group,
            [(rdf.type, f"<{skos.ConceptScheme}>"), (dct.title, ntriples.literal(scheme.replace("-", " "), "en"))],
        )
        return iri, (codes or names or [])[0]

    def _programme(self, row: RowRecord) -> tuple[str, ...]:
        """Return the key of the row's programme: axis 1 of one programme is not axis 1 of another."""
        code, name = row.one("programme_code"), row.one("programme_name")
        if code is not None:
            return (str(code),)
        return (iris.fingerprint(str(name)),) if name is not None else ()

    # -- places

    def _places(self) -> None:
        for row in self.told.rows:
            for iri, datum in self._row_places(row):
                self.out.origins.setdefault(iri, (self.told.source, row))
                if (dct.spatial, f"<{iri}>") not in self.pairs:
                    self.tell(dct.spatial, f"<{iri}>", datum)

    def _row_places(self, row: RowRecord) -> Iterator[tuple[str, Datum | None]]:
        country = str(row.one("country") or "")
        if country:
            yield self._country(country), row.values["country"][0]
        edition = str(row.one("nuts_edition") or "")
        codes, regions = row.values.get("nuts", []), row.values.get("region", [])
        together = len(codes) == len(regions) and {d.column for d in codes} == {d.column for d in regions}
        for index, datum in enumerate(codes):
            label = str(regions[index].value) if together else str(datum.value)
            yield self._nuts(str(datum.value), edition, label), datum
        for datum in [] if together else regions:
            yield self._named_place(country, "region", str(datum.value)), datum
        for datum in row.values.get("municipality", []):
            yield self._named_place(country, "municipality", str(datum.value)), datum
        for datum in row.values.get("postcode", []):
            yield self._named_place(country, "postcode", str(datum.value)), datum
        site = self._site(row)
        if site is not None:
            yield site, row.values["longitude"][0]

    def _country(self, code: str) -> str:
        iri = self.ctx.minter.iri("place", code)
        same = f"{AUTHORITY}/country/{code}"
        labels = self.ctx.vocabularies.labels(same) or [ntriples.literal(code, self.language)]
        self.out.add(iri, [(rdf.type, f"<{dct.Location}>"), *((skos.prefLabel, label) for label in labels)])
        self.out.add(iri, [(skos.exactMatch, f"<{same}>")])
        return iri

    def _nuts(self, code: str, edition: str, label: str) -> str:
        iri = self.ctx.minter.iri("place", "nuts", edition or "unknown", code)
        pairs: Pairs = [(rdf.type, f"<{dct.Location}>")]
        self.out.names[iri, skos.prefLabel, ntriples.literal(label, self.language)] = None
        if edition:  # a code without its edition names no region of NUTS
            pairs += [(skos.closeMatch, f"<{_NUTS}{code}>"), (skos.notation, ntriples.literal(code))]
            pairs.append((pf.nutsEdition, ntriples.literal(edition, datatype=xsd.gYear)))
        self.out.add(iri, pairs)
        return iri

    def _named_place(self, country: str, kind: str, name: str) -> str:
        key = name if kind == "postcode" else iris.fingerprint(name)
        iri = self.ctx.minter.iri("place", country or self.facts.key, kind, key)
        self.out.add(iri, [(rdf.type, f"<{dct.Location}>"), (skos.prefLabel, ntriples.literal(name, self.language))])
        return iri

    def _site(self, row: RowRecord) -> str | None:
        east, north, system = row.one("longitude"), row.one("latitude"), str(row.one("crs") or "")
        if east is None or north is None or not system:
            return None
        point = f"POINT({_digits(east)} {_digits(north)})"
        if system.upper() not in _DEGREES:
            point = f"<{_CRS}{system.upper().removeprefix('EPSG:')}> {point}"
        suffix = "site" if len(self.told.rows) == 1 else f"site-{self.told.rows.index(row) + 1}"
        iri = self.part("place", suffix)
        label = next((datum for _, datum in self._named("title")), None)
        name = str(label.value) if label else self.operation.code
        self.out.add(iri, [(rdf.type, f"<{dct.Location}>"), (skos.prefLabel, ntriples.literal(name, self.language))])
        self.out.add(iri, [(locn.geometry, ntriples.literal(point, datatype=geo.wktLiteral))])
        return iri

    # -- whom it is for, and what came of it

    def _groups(self) -> None:
        for language, name in self._many("target_groups"):
            for datum in self.told.data(name):
                self.tell(pf.targetGroup, f"<{self._target_group(str(datum.value), language)}>", datum)
        for language, name in self._many("outcomes"):
            for number, datum in enumerate(self.told.data(name), 1):
                iri = self.part("outcome", f"{number}" if language == self.language else f"{language}-{number}")
                kind = self.ctx.vocabularies.concept("outcome-kind", "not-classified")
                pairs: Pairs = [(rdf.type, f"<{pf.Outcome}>"), (pf.outcomeKind, f"<{kind}>")]
                pairs.append((dct.title, ntriples.literal(str(datum.value), language)))
                pairs.append((pf.producedBy, f"<{self.base}/id/project/{self.operation.key}>"))
                pairs.append((pf.evidence, self._evidence(self.told.rows[0], datum.column)))
                self.out.add(iri, pairs)
                self.tell(pf.outcome, f"<{iri}>", datum)

    def _many(self, base: str) -> Iterator[tuple[str, str]]:
        for name in dict.fromkeys(name for row in self.told.rows for name in row.values):
            if name == base:
                yield self.language, name
            elif name.startswith(f"{base}_") and (found := fields.find(name)) is not None and found[0].name == base:
                yield str(found[1]), name

    def _target_group(self, name: str, language: str) -> str:
        known = self.ctx.vocabularies.concept(TARGET_GROUPS, name)
        if known is not None:
            return known
        portfolio = self.facts.mapping.portfolio
        iri = self.ctx.minter.iri("target-group", portfolio.key, iris.fingerprint(name))
        scheme = self.ctx.minter.iri("target-group", portfolio.key)
        pairs: Pairs = [(rdf.type, f"<{skos.Concept}>"), (rdf.type, f"<{pf.TargetGroup}>")]
        pairs += [(skos.inScheme, f"<{scheme}>"), (skos.prefLabel, ntriples.literal(name, language))]
        self.out.add(iri, pairs)
        titles = [(dct.title, title) for title in texts_of(portfolio.title)]
        self.out.add(scheme, [(rdf.type, f"<{skos.ConceptScheme}>"), *titles])
        return iri

    # -- money

    def _evidence(self, row: RowRecord, column: int) -> str:
        return self.describer.evidence[self.told.source][row.file, column]

    def _money(self) -> None:
        parts = len(self.told.rows) > 1
        for number, row in enumerate(self.told.rows, 1):
            seen: dict[str, int] = {}
            for line in row.lines:
                seen[line.key] = seen.get(line.key, 0) + 1
                suffix = f"-{number}" if parts else ""
                suffix += f"-{seen[line.key]}" if seen[line.key] > 1 else ""
                self._line(line, row, f"{line.key}{suffix}", parts=parts)

    def _line(self, line: Line, row: RowRecord, key: str, *, parts: bool) -> None:
        iri = self.part("funding", key)
        concept = self.ctx.vocabularies.concept
        pairs: Pairs = [
            (rdf.type, f"<{pf.Funding}>"),
            (pf.fundingStage, f"<{concept('funding-stage', line.stage)}>"),
            *((pf.fundingSource, f"<{concept('funding-source', source)}>") for source in line.sources),
            (pf.amount, ntriples.typed(line.amount)),
            (pf.currency, f"<{AUTHORITY}/currency/{line.currency}>"),
            (pf.amountStatus, f"<{concept('amount-status', 'given')}>"),
            (pf.evidence, self._evidence(row, line.column)),
        ]
        fund = line.fund or str(row.one("fund") or "") if parts or line.fund else ""
        if fund:
            pairs.append((pf.fund, f"<{AUTHORITY}/eu-programme/{fund}>"))
        pairs += [(pf.funder, f"<{self.ctx.minter.iri('organisation', funder)}>") for funder in line.funders]
        if parts:
            pairs += [(dct.spatial, f"<{place}>") for place, _ in self._row_places(row)]
            axis, _ = self._classification("priority_axis", row)
            if axis is not None:
                pairs.append((pf.priorityAxis, f"<{axis}>"))
            rate = row.one("cofinancing_rate")
            if rate is not None:
                pairs.append((pf.cofinancingRate, ntriples.typed(Decimal(str(rate)))))
        self.out.origins[iri] = (self.told.source, row)
        self.out.columns[iri, pf.amount] = line.column
        self.out.add(iri, pairs)
        self.tell(pf.funding, f"<{iri}>")

    # -- organisations

    def _organisations(self) -> None:
        self._person()
        for name, role in _ROLES.items():
            data = [(row, datum) for row in self.told.rows for datum in row.values.get(name, ())]
            once: dict[str, tuple[RowRecord, Datum]] = {}
            for row, datum in data:
                once.setdefault(str(datum.value), (row, datum))
            many = len(once) > 1
            for number, (text, (row, datum)) in enumerate(once.items(), 1):
                self._participation(role, f"{role}-{number}" if many else role, text, row, datum)

    def _person(self) -> None:
        """Tell that the beneficiary is a natural person, whose name is not published (Article 49(3)(b))."""
        row = next((row for row in self.told.rows if row.one("beneficiary_kind") == "natural-person"), None)
        if row is None or self.told.data("beneficiary_name"):
            return
        person = self.ctx.minter.iri("organisation", "natural-person")
        self.out.add(
            person, [(rdf.type, f"<{pf.Collective}>"), *((foaf.name, name) for name in texts_of(NATURAL_PERSON))]
        )
        iri = self.part("participation", "beneficiary")
        pairs: Pairs = [(rdf.type, f"<{pf.Participation}>"), (pf.organisation, f"<{person}>")]
        pairs.append((pf.role, f"<{self.ctx.vocabularies.concept('role', 'beneficiary')}>"))
        pairs.append((pf.evidence, self._evidence(row, row.values["beneficiary_kind"][0].column)))
        self.out.origins[iri] = (self.told.source, row)
        self.out.add(iri, pairs)
        self.tell(pf.participation, f"<{iri}>")

    def _participation(self, role: str, part: str, name: str, row: RowRecord, datum: Datum) -> None:
        organisation = self._participant(role, part, name, row)
        iri = self.part("participation", part)
        pairs: Pairs = [
            (rdf.type, f"<{pf.Participation}>"),
            (pf.organisation, f"<{organisation}>"),
            (pf.role, f"<{self.ctx.vocabularies.concept('role', role)}>"),
            (pf.evidence, self._evidence(row, datum.column)),
        ]
        self.out.origins[iri] = (self.told.source, row)
        self.out.columns[iri, pf.organisation] = datum.column
        self.out.add(iri, pairs)
        self.tell(pf.participation, f"<{iri}>")

    def _participant(self, role: str, part: str, name: str, row: RowRecord) -> str:
        """Describe an organisation; return its IRI."""
        pairs: Pairs = [(rdf.type, f"<{org.Organization}>")]
        known = str(row.one("beneficiary_id") or "") if role == "beneficiary" else ""
        if known:
            key: tuple[str, ...] = (known,)
            pairs.append((dct.identifier, ntriples.literal(known.partition("-")[2])))
        elif self.facts.mapping.organisations.same_name == "same":
            key = (self.facts.key, iris.fingerprint(" ".join(name.split()).casefold()))
        else:
            key = ()
        plain = iris.key(*key) if key else f"{self.operation.key}~{self.facts.key}-{part}"
        plain = self.ctx.same.get(plain, plain)
        iri = f"{self.base}/id/organisation/{plain}"
        if key or plain in self.ctx.same.values():
            self.out.names[iri, foaf.name, ntriples.literal(name, self.language)] = None
        else:
            pairs.append((foaf.name, ntriples.literal(name, self.language)))
        if role == "beneficiary":
            pairs += [(dct.spatial, f"<{place}>") for place in self._seat(row)]
            pairs += [(locn.address, f"<{address}>") for address in self._address(part, row)]
        self.out.origins.setdefault(iri, (self.told.source, row))
        self.out.add(iri, pairs)
        return iri

    def _seat(self, row: RowRecord) -> Iterator[str]:
        country = str(row.one("beneficiary_country") or row.one("country") or "")
        for name, kind in (("beneficiary_postcode", "postcode"), ("beneficiary_city", "municipality")):
            for datum in row.values.get(name, ()):
                yield self._named_place(country, kind, str(datum.value))
        for datum in row.values.get("beneficiary_nuts", ()):
            yield self._nuts(str(datum.value), str(row.one("nuts_edition") or ""), str(datum.value))

    def _address(self, part: str, row: RowRecord) -> Iterator[str]:
        """Describe the beneficiary's street address, where the list tells one."""
        for datum in row.values.get("beneficiary_address", ())[:1]:
            iri = self.part("place", f"{part}-address")
            pairs: Pairs = [(rdf.type, f"<{locn.Address}>")]
            pairs.append((locn.thoroughfare, ntriples.literal(str(datum.value), self.language)))
            for name, predicate in (("beneficiary_postcode", locn.postCode), ("beneficiary_city", locn.postName)):
                pairs += [(predicate, ntriples.literal(str(d.value))) for d in row.values.get(name, ())[:1]]
            self.out.add(iri, pairs)
            yield iri


def _digits(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


Describe = Callable[[Operation], Described]
