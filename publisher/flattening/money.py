"""The money of a project: its funding lines summed to one amount a stage and set of sources, nothing made up."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from publisher.flattening.record import Record
from publisher.lists import fields
from publisher.namespaces import pf

if TYPE_CHECKING:
    from publisher.flattening.things import Things

_MONEY = {
    (stage, frozenset(sources)): name
    for name in fields.FIELDS
    if (found := fields.money(name)) is not None
    for stage, sources in [found]
}


class _Line(NamedTuple):
    stage: str
    sources: frozenset[str]
    amount: Decimal
    currency: str
    evidence: list[str]


def read(things: Things, lines: Sequence[str], out: Record) -> None:
    """Read funding lines into a record."""
    sums: dict[tuple[str, frozenset[str]], list[_Line]] = {}
    for iri in lines:
        line = _line(things, iri)
        if line is None:
            out.note("amount-not-given")
        else:
            sums.setdefault((line.stage, line.sources), []).append(line)
    totals: dict[str, tuple[Decimal, str]] = {}
    for key, members in sums.items():
        name = _MONEY.get(key)
        told = _one_teller(things, members, out)
        currencies = {line.currency for line in told}
        if name is None or len(currencies) > 1:
            out.note("money-without-field" if name is None else "several-currencies")
        else:
            totals[name] = (sum((line.amount for line in told), Decimal(0)), currencies.pop())
    # A record has one currency: that of its first field of money. Nothing is converted.
    first = next((name for name in _MONEY.values() if name in totals), None)
    currency = totals[first][1] if first is not None else ""
    if currency:
        out.values["currency"] = currency
    for name, (amount, own) in totals.items():
        if own == currency:
            out.values[name] = amount
        else:
            out.note("several-currencies")


def _line(things: Things, iri: str) -> _Line | None:
    """Return a funding line; None where it has no amount."""
    stage = currency = ""
    amount: Decimal | None = None
    sources, evidence = [], []
    for predicate, value, _ in things.master.describe(iri):
        if predicate == pf.amount:
            with suppress(InvalidOperation):
                amount = Decimal(value)
        elif predicate == pf.fundingSource:
            sources.append(value.rpartition("/")[2])
        elif predicate == pf.fundingStage:
            stage = value.rpartition("/")[2]
        elif predicate == pf.currency:
            currency = value.rpartition("/")[2]
        elif predicate == pf.evidence:
            evidence.append(value)
    if amount is None or not amount.is_finite():
        return None
    return _Line(stage, frozenset(sources), amount, currency, evidence)


def _one_teller(things: Things, lines: list[_Line], out: Record) -> list[_Line]:
    """Return the lines that one source tells: two sources that tell of the same money must not be added up."""
    if len(lines) == 1:
        return lines
    told: dict[frozenset[str], list[_Line]] = {}
    for line in lines:
        told.setdefault(frozenset(things.told_by(iri) for iri in line.evidence), []).append(line)
    if len(told) == 1:
        return lines
    out.note("several-sources-of-money")
    own = (members for tellers, members in told.items() if out.source in tellers)
    return next(own, next(iter(told.values())))
