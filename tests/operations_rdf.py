"""Makes the statements of small portfolios of operations, as lists become them: by hand, without the pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from publisher import ntriples, vocabularies
from publisher.iris import Minter
from publisher.namespaces import AUTHORITY, CONCEPT, dct, foaf, geo, locn, org, pf, rdf, skos, xsd

BASE = "https://example.org/p"
MINTER = Minter(BASE)
SOURCE = f"{BASE}/id/source/list"

Terms = Mapping[str, str | list[str]]


def text(value: str, language: str | None = "fi") -> str:
    return ntriples.literal(value, language)


def typed(value: str, kind: str) -> str:
    return ntriples.literal(value, datatype=getattr(xsd, kind))


def iri(kind: str, key: str) -> str:
    return f"<{BASE}/id/{kind}/{key}>"


def concept(scheme: str, key: str) -> str:
    return f"<{CONCEPT}/{scheme}/{key}>"


def table(name: str, code: str) -> str:
    return f"<{AUTHORITY}/{name}/{code}>"


def about(subject: str, cls: str, pairs: Terms) -> Iterator[str]:
    """Yield a resource's statements."""
    yield f"{subject} <{rdf.type}> <{cls}> ."
    for predicate, terms in pairs.items():
        for term in [terms] if isinstance(terms, str) else terms:
            yield f"{subject} <{predicate}> {term} ."


def money(key: str, name: str, stage: str, sources: Iterable[str], amount: str, **more: str) -> Iterator[str]:
    """Yield a line of money of a project; `more`: currency, evidence, without (amount is not given)."""
    line = iri("funding", f"{key}~list-{name}")
    yield f"{iri('project', key)} <{pf.funding}> {line} ."
    yield from about(
        line,
        pf.Funding,
        {
            pf.fundingStage: concept("funding-stage", stage),
            pf.fundingSource: [concept("funding-source", source) for source in sources],
            **({} if "without" in more else {pf.amount: typed(amount, "decimal")}),
            pf.currency: table("currency", more.get("currency", "EUR")),
            pf.evidence: iri("evidence", more.get("evidence", "list")),
        },
    )


def participant(key: str, role: str, name: str, organisation: str = "", **pairs: str) -> Iterator[str]:
    """Yield a participation of a project; the organisation is one of its own where it has no key."""
    who = iri("organisation", organisation or f"{key}~list-{role}")
    part = iri("participation", f"{key}~list-{role}-{organisation or 'own'}")
    yield f"{iri('project', key)} <{pf.participation}> {part} ."
    yield from about(part, pf.Participation, {pf.organisation: who, pf.role: concept("role", role)})
    given: dict[str, str | list[str]] = {foaf.name: text(name)}
    if "identifier" in pairs:
        given[dct.identifier] = text(pairs["identifier"], None)
    if "seat" in pairs:
        given[dct.spatial] = pairs["seat"].split()
    yield from about(who, org.Organization, given)


def project(key: str, pairs: Terms, *, updated: str = "2016-12-31", source: str = "list") -> Iterator[str]:
    """Yield a project with the source record that it is shown from."""
    record = iri("source-record", f"{key}~{source}")
    base: dict[str, str | list[str]] = {
        dct.identifier: text(key.rpartition("~")[2], None),
        pf.portfolio: iri("portfolio", "list"),
        pf.sourceRecord: record,
        pf.chosenFrom: record,
    }
    yield from about(iri("project", key), pf.Project, {**base, **pairs})
    kind = {4: "gYear", 7: "gYearMonth"}.get(len(updated), "date")
    told = {dct.source: iri("source", source), pf.asOf: typed(updated, kind), pf.sourceRow: text("2", None)}
    yield from about(record, pf.SourceRecord, told)


def classification(scheme: str, key: str, label: str, code: str | None = None) -> Iterator[str]:
    pairs: dict[str, str | list[str]] = {skos.prefLabel: text(label)}
    if code is not None:
        pairs[skos.notation] = text(code, None)
    yield from about(iri("classification", f"list~{scheme}~{key}"), skos.Concept, pairs)


def classified(scheme: str, key: str) -> str:
    return iri("classification", f"list~{scheme}~{key}")


def shared() -> Iterator[str]:
    """Yield what the operations share: source, evidence, places, concepts."""
    for source, language in (("list", "FIN"), ("other", "SWE")):
        yield from about(iri("source", source), pf.Source, {dct.language: table("language", language)})
        yield from about(iri("evidence", source), pf.Evidence, {dct.source: iri("source", source)})
    yield from about(iri("portfolio", "list"), pf.Portfolio, {dct.title: text("Luettelo")})
    yield from classification("programme", "2014FI16M2OP001", "Ohjelma", "2014FI16M2OP001")
    yield from classification("priority-axis", "5", "Sosiaalinen osallisuus", "5")
    yield from classification("specific-objective", "10_x002E_1", "10.1", "10.1")
    yield from classification("thematic-objective", "09", "Köyhyyden torjunta", "09")
    yield from classification("investment-priority", "abc", "Aktiivinen osallisuus")
    yield from classification("intervention", "109", "Aktiivinen osallisuus", "109")
    yield from about(
        iri("place", "FIN"), dct.Location, {skos.exactMatch: table("country", "FIN"), skos.prefLabel: text("Suomi")}
    )
    yield from about(
        iri("place", "nuts~2016~FI1C1"),
        dct.Location,
        {
            skos.notation: text("FI1C1", None),
            pf.nutsEdition: typed("2016", "gYear"),
            skos.closeMatch: "<http://data.europa.eu/nuts/code/FI1C1>",
            skos.prefLabel: text("Varsinais-Suomi"),
        },
    )
    yield from about(iri("place", "nuts~unknown~FI1D7"), dct.Location, {skos.prefLabel: text("FI1D7")})
    yield from about(iri("place", "FIN~postcode~00100"), dct.Location, {skos.prefLabel: text("00100")})
    yield from about(iri("place", "FIN~municipality~aa"), dct.Location, {skos.prefLabel: text("Helsinki")})
    yield from about(iri("place", "FIN~region~bb"), dct.Location, {skos.prefLabel: text("Lappi")})


FULL: Terms = {
    dct.title: [text("Täysi hanke"), text("Full project", "en")],
    dct.description: text("Tiivistelmä, jossa on\nkaksi riviä"),
    pf.achievements: text("Saavutus"),
    pf.startDate: typed("2015-08-01", "date"),
    pf.startYear: typed("2015", "gYear"),
    pf.endDate: typed("2019-04-30", "date"),
    pf.endYear: typed("2019", "gYear"),
    pf.endDateStatus: concept("end-date-status", "expected"),
    pf.fund: table("eu-programme", "ESF"),
    pf.programme: classified("programme", "2014FI16M2OP001"),
    pf.priorityAxis: classified("priority-axis", "5"),
    pf.specificObjective: classified("specific-objective", "10_x002E_1"),
    pf.thematicObjective: classified("thematic-objective", "09"),
    pf.investmentPriority: classified("investment-priority", "abc"),
    pf.interventionType: classified("intervention", "109"),
    pf.cofinancingRate: typed("50.5", "decimal"),
    pf.operationStatus: text("Käynnissä"),
    dct.spatial: [
        iri("place", "FIN"),
        iri("place", "nuts~2016~FI1C1"),
        iri("place", "FIN~postcode~00100"),
        iri("place", "FIN~municipality~aa"),
        iri("place", "S10001~list-site"),
    ],
    foaf.page: ["<https://example.org/a>", "<https://example.org/b>"],
}


def full(key: str = "S10001") -> Iterator[str]:
    """Yield an operation that has all that the law and the Commission's schema ask for."""
    yield from project(key, FULL)
    yield from about(
        iri("place", "S10001~list-site"),
        dct.Location,
        {locn.geometry: ntriples.literal("POINT(24.9384 60.1699)", datatype=geo.wktLiteral)},
    )
    yield from money(key, "total-eligible-cost", "committed", ["eligible-cost"], "1000.5")
    yield from money(key, "total-cost", "committed", ["total-cost"], "1200")
    yield from money(key, "paid-eu-and-state-amount", "paid", ["eu", "state"], "400.25")
    yield from participant(
        key, "beneficiary", "Lapin yliopisto", "FI-0292800-5",
        identifier="0292800-5", seat=f"{iri('place', 'FIN~postcode~00100')} {iri('place', 'FIN~municipality~aa')}",
    )  # fmt: skip
    yield from participant(key, "partner", "Kumppani; Oy", "p1")
    yield from participant(key, "partner", "Toinen ry", "p2")


def bare(key: str, title: str = "Paljas hanke", **pairs: str) -> Iterator[str]:
    """Yield an operation with a code and a title only."""
    yield from project(key, {dct.title: text(title), **pairs}, updated="2016")


def master(path: Path, *operations: Iterable[str]) -> Path:
    """Write the statements of operations, of what they share and of the vocabularies, sorted."""
    lines = {*shared(), *vocabularies.load().concept_lines, *(line for part in operations for line in part)}
    target = path / "master.nt"
    target.write_bytes(b"".join(sorted(f"{line}\n".encode() for line in lines)))
    return target
