"""What pages show of the parts of a project or portfolio: evidence, money, outcomes, continuation, links, sources.

Each function reads one kind of part through a `View` and returns plain values for a template.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from publisher import iris
from publisher.namespaces import dct, foaf, pf, skos
from publisher.web.labels import Link, Text, View


@dataclass(frozen=True)
class Evidence:
    """Where a statement comes from."""

    source: Link
    part: Text | None
    wordings: list[Text]
    as_of: str


@dataclass(frozen=True)
class Line:
    """A line of money; `amount` is "" where it is absent; `where` tells fund, axis and place of a part."""

    stages: list[Link]
    sources: list[Link]
    funders: list[Link]
    where: list[Link]
    amount: str
    status: Link | None
    status_key: str
    as_of: str
    text: Text | None
    evidence: list[Evidence]


@dataclass(frozen=True)
class Part:
    """An outcome, continuation, regional link, benefit or challenge."""

    iri: str
    anchor: str
    href: str
    title: Text
    text: Text | None
    name: Text | None
    kinds: list[Link] = field(default_factory=list)
    benefits: list[Link] = field(default_factory=list)
    organisations: list[Link] = field(default_factory=list)
    funders: list[Link] = field(default_factory=list)
    areas: list[Link] = field(default_factory=list)
    outcomes: list[Link] = field(default_factory=list)
    pages: list[Link] = field(default_factory=list)
    quantity: str = ""
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(frozen=True)
class Participant:
    """An organisation in its role."""

    organisation: Link
    text: Text | None
    evidence: list[Evidence]


@dataclass(frozen=True)
class Row:
    """One fact as the project shows it and as each source tells it: cells as (links or texts, differs)."""

    label: str
    shown: list[Link | Text]
    cells: list[tuple[list[Link | Text], bool]]


def evidence(view: View, iri: str) -> list[Evidence]:
    """Return the evidence of a resource: that with wording first."""
    found = []
    for node in view.iris(iri, pf.evidence):
        part = view.iri(node, pf.documentPart)
        found.append(
            Evidence(
                view.link(view.iri(node, dct.source)),
                view.name(part) if part else None,
                view.texts(node, pf.wording),
                view.date(view.value(node, pf.asOf)),
            )
        )
    return sorted(found, key=lambda e: (not e.wordings, e.source.label.value, e.wordings))


def funding(view: View, owner: str) -> list[Line]:
    """Return an owner's lines of money: planned, committed, paid."""
    order = ["planned", "committed", "paid"]
    lines = []
    for iri in view.iris(owner, pf.funding):
        amount, currency, status = (
            view.value(iri, pf.amount),
            view.iri(iri, pf.currency),
            view.iri(iri, pf.amountStatus),
        )
        lines.append(
            Line(
                stages=view.links(iri, pf.fundingStage),
                sources=view.links(iri, pf.fundingSource),
                funders=view.links(iri, pf.funder),
                where=[link for p in (pf.fund, pf.priorityAxis, dct.spatial) for link in view.links(iri, p)],
                amount=view.amount(amount, currency) if amount else "",
                status=view.link(status) if status else None,
                status_key=status.rpartition("/")[2],
                as_of=view.date(view.value(iri, pf.asOf)),
                text=view.text(iri, dct.description),
                evidence=evidence(view, iri),
            )
        )

    def rank(line: Line) -> tuple[int, list[str]]:
        stage = line.stages[0].iri.rpartition("/")[2] if line.stages else ""
        return (order.index(stage) if stage in order else len(order), [s.iri for s in line.sources])

    return sorted(lines, key=rank)


class Total(NamedTuple):
    """What several lines of one stage and the same sources come to."""

    stages: list[Link]
    sources: list[Link]
    lines: int
    amount: str


def totals(view: View, owner: str) -> list[Total]:
    """Return the sums of an owner's lines by stage, sources and currency, where there are several: parts of one sum."""
    sums: dict[tuple[str, ...], tuple[str, int, Decimal]] = {}
    for iri in view.iris(owner, pf.funding):
        amount = view.value(iri, pf.amount)
        if amount:
            key = (view.iri(iri, pf.currency), *view.iris(iri, pf.fundingStage), "", *view.iris(iri, pf.fundingSource))
            with suppress(InvalidOperation):  # a foreign source may hold what is no number
                first, count, total = sums.get(key, (iri, 0, Decimal()))
                sums[key] = (first, count + 1, total + Decimal(amount))
    return [
        Total(
            view.links(first, pf.fundingStage),
            view.links(first, pf.fundingSource),
            count,
            view.amount(format(total, "f"), key[0]),
        )
        for key, (first, count, total) in sums.items()
        if count > 1
    ]


def parts(view: View, owner: str, predicate: str, kind: str = "") -> list[Part]:
    """Return an owner's parts of one property; `kind` is the property that tells their kind or status."""
    return [part(view, iri, kind) for iri in view.iris(owner, predicate)]


def part(view: View, iri: str, kind: str = "") -> Part:
    """Return one part."""
    return Part(
        iri=iri,
        anchor=_anchor(view, iri),
        href=view.href(iri),
        title=view.text(iri, dct.title) or view.label(iri),
        text=view.text(iri, dct.description),
        name=view.text(iri, foaf.name),
        kinds=view.links(iri, kind) if kind else [],
        benefits=view.links(iri, pf.benefits),
        organisations=view.links(iri, pf.organisation),
        funders=view.links(iri, pf.funder),
        areas=[*view.links(iri, dct.spatial), *view.links(iri, pf.areaKind)],
        outcomes=view.links(iri, pf.continues),
        pages=view.links(iri, foaf.page),
        quantity=quantity(view, iri),
        evidence=evidence(view, iri),
    )


def _anchor(view: View, iri: str) -> str:
    """Return the part's place on its owner's page; with its type, so that it is nobody else's."""
    kind, key = view.minter.split(iri) or ("part", iri)
    return f"{kind}-{key.rpartition(iris.SEPARATOR)[2]}"


def quantity(view: View, iri: str) -> str:
    """Return a quantity in words: `more than 10 (language)`; "" where there is none."""
    value = view.value(iri, pf.quantity)
    if not value:
        return ""
    qualifier = view.iri(iri, pf.quantityQualifier)
    exact = qualifier.rpartition("/")[2] in ("exact", "")
    words = [] if exact else [view.label(qualifier).value]
    words.append(view.number(value))
    unit = view.label_of(iri, pf.quantityUnit)
    return " ".join(words) + (f" ({unit})" if unit else "")


def participants(view: View, project: str) -> list[tuple[Link, list[Participant]]]:
    """Return a project's participants by role, the applicant first."""
    roles: dict[str, list[Participant]] = {}
    for iri in view.iris(project, pf.participation):
        organisation, role = view.iri(iri, pf.organisation), view.iri(iri, pf.role)
        entry = Participant(view.link(organisation), view.text(iri, dct.description), evidence(view, iri))
        roles.setdefault(role, []).append(entry)
    ordered = sorted(roles, key=lambda role: (not role.endswith("/applicant"), view.label(role).value))
    return [(view.link(role), sorted(roles[role], key=lambda p: p.organisation.label.value)) for role in ordered]


_FACTS: tuple[tuple[str, str], ...] = (
    ("title", dct.title),
    ("short-name", skos.altLabel),
    ("start", pf.startDate),
    ("end", pf.endDate),
    ("years", ""),
)


def sources(view: View, project: str) -> tuple[list[tuple[Link, str, Link | None, bool]], list[Row]]:
    """Return what each source says of a project.

    Returns:
        The columns (source, as-of in words, its page, whether it is the chosen one), and the rows.
    """
    chosen = view.iri(project, pf.chosenFrom)
    records = sorted(view.iris(project, pf.sourceRecord), key=lambda iri: (iri != chosen, view.label(iri).value))
    columns = []
    for iri in records:
        pages = view.links(iri, foaf.page)
        as_of = view.date(view.value(iri, pf.asOf))
        columns.append((view.link(view.iri(iri, dct.source)), as_of, pages[0] if pages else None, iri == chosen))
    rows: list[Row] = []
    predicates = [*((view.word(key), p) for key, p in _FACTS), *((view.name_of(p), p) for p in (
        pf.endDateStatus, pf.programme, pf.priorityAxis, pf.specificObjective, pf.fund, pf.responsibleAuthority,
        pf.funder, dct.spatial, dct.description,
    ))]  # fmt: skip
    for label, predicate in predicates:
        own = _values(view, project, predicate)
        cells = [_values(view, record, predicate) for record in records]
        if any(cells):
            keys = _keys(own)
            comparable = predicate != dct.description
            row_cells = [(cell, comparable and bool(cell) and not _keys(cell) <= keys) for cell in cells]
            rows.append(Row(label, own if comparable else [], row_cells))
    for grouped in (_by_role, _by_money):
        mine, theirs = grouped(view, project), [grouped(view, record) for record in records]
        for label in dict.fromkeys(label for group in theirs for label in group):
            keys = _keys(mine.get(label, []))
            cells = [group.get(label, []) for group in theirs]
            rows.append(Row(label, mine.get(label, []), [(cell, not _keys(cell) <= keys) for cell in cells]))
    return columns, rows


def _by_role(view: View, iri: str) -> dict[str, list[Link | Text]]:
    """Return the organisations of a project or source record by role, the applicant first."""
    return {
        role.label.value[:1].upper() + role.label.value[1:]: [entry.organisation for entry in entries]
        for role, entries in participants(view, iri)
    }


def _by_money(view: View, iri: str) -> dict[str, list[Link | Text]]:
    """Return the amounts of a project or source record by stage and sources of money; an absent one in words."""
    found: dict[str, list[Link | Text]] = {}
    for line in funding(view, iri):
        label = ": ".join(", ".join(link.label.value for link in links) for links in (line.stages, line.sources))
        status = f" ({line.status.label.value})" if line.status and line.status_key != "given" else ""
        found.setdefault(label[:1].upper() + label[1:], []).append(
            Text((line.amount or view.word("not-given")) + status, view.language)
        )
    return {label: list(dict.fromkeys(values)) for label, values in found.items()}


def _values(view: View, iri: str, predicate: str) -> list[Link | Text]:
    if not predicate:
        years = [view.value(iri, p) for p in (pf.startYear, pf.endYear)]
        return [Text("–".join(years), view.language)] if any(years) else []
    links: list[Link | Text] = list(view.links(iri, predicate))
    return links or [Text(t.value, t.language) for t in view.literals(iri, predicate)]


def _keys(values: list[Link | Text]) -> set[str]:
    return {value.iri if isinstance(value, Link) else value.value for value in values}
