"""The properties that the reconciliation service knows of things, and their values as its protocol writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from publisher import folding, iris
from publisher.masters import NAMES
from publisher.names import FACTS, KINDS, YEAR
from publisher.namespaces import dct, foaf, org, owl, pf, skos
from publisher.web import texts
from publisher.web.labels import View
from publisher.web.names import Name, Names

_ALL = tuple(KINDS)
_MOST = 200
"""Values of one property of one thing at most."""


@dataclass(frozen=True)
class Property:
    """A property.

    Args:
        id: Its identifier, a word.
        kinds: The kinds of things that have it.
        form: `thing`, `label` (a thing that cannot be reconciled: its name), `text`, `code`, `date`, `year`, `number`,
            `link`; `asked` for what can be asked for but not fetched.
        way: The predicates that tell it.
        kind: The kind of its values, where these are things.
        also: Other identifiers that clients use.
    """

    id: str
    kinds: tuple[str, ...]
    form: str
    way: tuple[str, ...] = ()
    kind: str = ""
    also: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Return its name."""
        return texts.word(f"reconcile.property.{self.id}", language)


_PROJECT = ("project",)
_ENTRIES = (
    Property("identifier", _ALL, "code", (dct.identifier, org.identifier, skos.notation), also=("code", "business-id")),
    Property("name", _ALL, "text", NAMES, also=("title",)),
    Property("other-name", _ALL, "text", (skos.altLabel,), also=("short-name",)),
    Property("description", _ALL, "text", (dct.description, skos.definition)),
    Property("place", ("project", "organisation"), "thing", FACTS["place"], "place", ("municipality", "region")),
    Property("fund", _PROJECT, "label", FACTS["fund"]),
    Property("programme", _PROJECT, "label", FACTS["programme"]),
    Property("priority-axis", _PROJECT, "label", FACTS["priority-axis"]),
    Property("specific-objective", _PROJECT, "label", FACTS["specific-objective"]),
    Property("funder", _PROJECT, "thing", FACTS["funder"], "organisation"),
    Property(
        "participant", _PROJECT, "thing", FACTS["participant"], "organisation", ("organisation", "beneficiary")
    ),
    Property("responsible-authority", _PROJECT, "thing", FACTS["responsible-authority"], "organisation"),
    Property("target-group", _PROJECT, "thing", FACTS["target-group"], "target-group"),
    Property("portfolio", _PROJECT, "label", FACTS["portfolio"]),
    Property(YEAR, _PROJECT, "asked"),
    Property("start-date", _PROJECT, "date", (pf.startDate,)),
    Property("end-date", _PROJECT, "date", (pf.endDate,)),
    Property("start-year", _PROJECT, "year", (pf.startYear,)),
    Property("end-year", _PROJECT, "year", (pf.endYear,)),
    Property("amount", _PROJECT, "number", (pf.funding, pf.amount)),
    Property("outcome", _PROJECT, "text", (pf.outcome, dct.title)),
    Property("homepage", ("project", "organisation"), "link", (foaf.homepage,)),
    Property("page", _PROJECT, "link", (foaf.page,)),
    Property("same-as", _ALL, "link", (owl.sameAs, skos.exactMatch, skos.closeMatch)),
    Property("broader", ("target-group", "place"), "thing", (skos.broader,)),
    Property("projects", ("organisation", "target-group", "place"), "thing", (), "project"),
)  # fmt: skip
_STEPS = frozenset({"participant", "amount", "outcome"})
"""Properties whose two predicates are a way of two steps; those of others are alternatives."""

PROPERTIES: dict[str, Property] = {entry.id: entry for entry in _ENTRIES}
"""Every property by its identifier, in the order in which they are proposed."""

_ALSO = {other: entry for entry in _ENTRIES for other in entry.also} | {
    entry.way[0]: entry for entry in reversed(_ENTRIES) if entry.way
}
STAGES = ("planned", "committed", "paid")


def find(identifier: str) -> Property | None:
    """Return a property by its identifier, another that clients use for it, or its predicate's IRI."""
    plain = identifier.strip()
    entry = PROPERTIES.get(plain) or _ALSO.get(plain)
    if entry is None:
        plain = plain.lower().replace("_", "-").replace(" ", "-")
        entry = PROPERTIES.get(plain) or _ALSO.get(plain)
    return entry


def proposed(kind: str | None) -> list[Property]:
    """Return the properties whose values can be fetched for things of a kind, of any for None."""
    return [entry for entry in _ENTRIES if entry.form != "asked" and (kind is None or kind in entry.kinds)]


def suggested(prefix: str, kind: str | None) -> list[Property]:
    """Return the properties with a word, in any language, that begins so."""
    wanted = folding.fold(prefix)

    def begins(entry: Property) -> bool:
        known = [entry.id, *entry.also, *(entry.name(language) for language in texts.LANGUAGES)]
        words = [f" {folding.fold(text)}" for text in known]
        return any(f" {wanted}" in text for text in words)

    return [entry for entry in _ENTRIES if (kind is None or kind in entry.kinds) and begins(entry)]


class Values:
    """Reads values of properties.

    Args:
        view: The release as a reader sees it.
        names: The names of the release.
    """

    def __init__(self, view: View, names: Names) -> None:
        """Keep them."""
        self.view = view
        self.names = names

    def texts(self, iri: str, identifier: str) -> list[str]:
        """Return the values of a property as texts, to be compared; of things, the names."""
        entry = find(identifier)
        if entry is None or entry.form in ("asked", "thing", "label"):
            return []
        return [term.value for term, _ in self._terms(iri, entry) if not isinstance(term, (ox.BlankNode, ox.Triple))]

    def cells(self, iri: str, number: int, entry: Property, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the values of a property as cells of a data extension response."""
        view = _in_language(self.view, settings.get("language"))
        cells: list[dict[str, Any]]
        if entry.id == "projects":
            cells = self._projects(view, number)
        elif entry.form == "text":
            cells = [{"str": text} for text in self._texts(view, iri, entry, bool(settings.get("language")))]
        else:
            stage = settings.get("stage")
            cells = [
                cell
                for term, part in self._terms(iri, entry)
                if entry.id != "amount" or stage not in STAGES or self._is_of(part, str(stage))
                for cell in _cells(view, entry, term)
            ]
            cells = sorted({repr(cell): cell for cell in cells}.values(), key=lambda cell: [*map(str, cell.values())])
        limit = _limit(settings.get("limit"))
        return cells[: limit or _MOST]

    def _terms(self, iri: str, entry: Property) -> Iterator[tuple[Any, str]]:
        """Yield the values of a property, and the part that tells each."""
        live = self.view.live
        if entry.id in _STEPS:
            for part in live.values(iri, entry.way[0], _MOST):
                if isinstance(part, ox.NamedNode):
                    yield from ((term, part.value) for term in live.values(part.value, entry.way[1], _MOST))
            return
        for predicate in entry.way:
            found = live.values(iri, predicate, _MOST)
            yield from ((term, iri) for term in found)
            if found and entry.id == "name":
                return

    def _is_of(self, part: str, stage: str) -> bool:
        return iris.concept("funding-stage", stage) in self.view.iris(part, pf.fundingStage)

    def _texts(self, view: View, iri: str, entry: Property, one: bool) -> list[str]:
        """Return the texts of a property, the best language first; only that where one was asked for."""
        if one:
            parts = dict.fromkeys(part for _, part in self._terms(iri, entry))
            predicates = entry.way[1:] if entry.id in _STEPS else entry.way
            best = (view.text(part, predicate) for part in parts for predicate in predicates)
            return list(dict.fromkeys(text.value for text in best if text))
        found = [term for term, _ in self._terms(iri, entry) if isinstance(term, ox.Literal)]
        rank = {language: at for at, language in enumerate(view.order)}
        found.sort(key=lambda term: (rank.get((term.language or "").lower(), len(rank)), term.value))
        return list(dict.fromkeys(term.value for term in found))

    def _projects(self, view: View, number: int) -> list[dict[str, Any]]:
        """Return the projects that tell a thing as one of their values; their names are read from the index at once."""
        found = {
            project
            for prop in ("participant", "funder", "responsible-authority", "target-group", "place")
            for project in self.names.with_values([(prop, [number])], _PROJECT)
        }
        numbers = sorted(found)[:_MOST]
        things, called = self.names.things(numbers), self.names.names(numbers)
        return [
            {"id": things[project].iri, "name": best_name(called[project], view) or things[project].iri}
            for project in numbers
        ]


def best_name(names: Sequence[Name], view: View) -> str:
    """Return what a thing is called in a reader's language, else in the first of the portfolio's; "" for nothing."""
    order = {language: at for at, language in enumerate(view.order)}
    best = min(names, key=lambda name: (name.role, order.get(name.language, len(order)), name.text), default=None)
    return best.text if best else ""


def _cells(view: View, entry: Property, term: Any) -> list[dict[str, Any]]:
    if isinstance(term, ox.NamedNode):
        if entry.form == "thing":
            return [{"id": term.value, "name": _name(view, term.value)}]
        return [{"str": _name(view, term.value) if entry.form == "label" else term.value}]
    if not isinstance(term, ox.Literal):
        return []
    try:
        if entry.form == "year":
            return [{"int": int(term.value)}]
        if entry.form == "number":
            return [{"float": float(term.value)}]
    except ValueError:
        return [{"str": term.value}]
    if entry.form == "date" and len(term.value) == 10:
        return [{"date": f"{term.value}T00:00:00+00:00"}]
    return [{"str": term.value}]


def _name(view: View, iri: str) -> str:
    name = view.name(iri)
    return name.value if name and name.value.strip() else view.label(iri).value or iri


def _in_language(view: View, language: object) -> View:
    if language not in texts.LANGUAGES or language == view.language:
        return view
    return View(view.live, str(language), view.order, view.address, view.word)


def _limit(written: object) -> int:
    """Return a limit that a client sent as a number or a text; 0 where it is none."""
    try:
        return max(0, min(int(float(str(written)[:20])), _MOST)) if written not in (None, "") else 0
    except (ValueError, OverflowError):
        return 0
