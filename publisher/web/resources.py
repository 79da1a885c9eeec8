"""`/id/…` and `/doc/…`: every resource of the portfolio has an address, a description in RDF and a page.

The server answers by path, whatever host or prefix it runs on: the IRI asked for
is the portfolio's base and the path (Cool URIs for the Semantic Web, 4.3: 303).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import NotFound

from publisher import iris
from publisher.formats import GRAPHS, HTML
from publisher.namespaces import dct, foaf, pf, rdf, skos
from publisher.web import composed, graphs, parts, respond, withdrawn
from publisher.web.graphs import Description
from publisher.web.labels import Link, Text, View

blueprint = Blueprint("resources", __name__)

_SUFFIXES = tuple(entry.suffix for entry in (HTML, *GRAPHS))
_SHOWN_FACTS = (
    pf.fund, pf.programme, pf.priorityAxis, pf.specificObjective, pf.thematicObjective, pf.investmentPriority,
    pf.interventionType, pf.responsibleAuthority,
)  # fmt: skip
_TOLD_FACTS = (
    pf.operationStatus, pf.achievements, pf.cofinancingRate, pf.awardYear, pf.exchangeRate, pf.fleetRegisterNumber,
)  # fmt: skip
_SOURCE_FACTS = (pf.sourceKind, dct.publisher, dct.language, dct.license, pf.licenceStatus, foaf.page)


def base_iri() -> str:
    """Return the base of the live release's IRIs."""
    return respond.live().release.manifest.base_iri.rstrip("/")


@blueprint.get("/id/<kind>/<key>")
def identifier(kind: str, key: str) -> Response:
    """Lead from a thing to its description: 303, keeping the language that was asked for."""
    gone = withdrawn.answer("id", kind, key, "")
    if gone is not None:
        return gone
    _iri(kind, key)
    return redirect(respond.address(f"/doc/{kind}/{key}"), 303)  # type: ignore[return-value]


@blueprint.get("/doc/<kind>/<path:name>")
def document(kind: str, name: str) -> Response:
    """Describe a thing: as a page or in RDF, by suffix or by `Accept`."""
    key, suffix = name, ""
    for end in _SUFFIXES:
        if name.endswith(end):
            key, suffix = name.removesuffix(end), end
            break
    gone = withdrawn.answer("doc", kind, key, suffix)
    if gone is not None:
        return gone
    iri = _iri(kind, key)
    if kind == "dataset":
        return redirect(f"{request.script_root}{composed.address_of(iri, suffix)}", 303)  # type: ignore[return-value]
    description = graphs.describe(respond.live(), iri)
    if not description:
        raise NotFound
    stem = f"/doc/{kind}/{key}"

    def make(form: Any) -> bytes | str:
        if form is HTML:
            return _page(kind, description, stem)
        return graphs.write(graphs.statements(respond.live(), description, base_iri() + stem), form, iri)

    return respond.mark_cut(respond.answer(respond.DOCUMENTS, make, suffix, stem), description)


def _iri(kind: str, key: str) -> str:
    """Return the IRI of an address.

    Raises:
        NotFound: There is no such resource.
    """
    if kind not in iris.TYPES or not iris.is_key(key):
        raise NotFound
    iri = f"{base_iri()}/id/{kind}/{key}"
    # What the catalogue and VoID describe is not among the statements of the store.
    if not (composed.address_of(iri) if kind == "dataset" else respond.live().known(iri)):
        raise NotFound
    return iri


# --- pages


def _page(kind: str, description: Description, stem: str) -> str:
    view = respond.view()
    iri = description.iri
    template, make = _PAGES.get(kind, ("resource.html", lambda _view, _iri: {}))
    values = make(view, iri)
    return respond.page(
        template,
        iri=iri,
        page_iri=iri,
        page_forms=respond.forms(stem),
        label=view.name(iri) or view.label(iri),
        **values,
        **generic(view, description),
    )


def generic(view: View, description: Description) -> dict[str, Any]:
    """Return the statements about a resource and those that lead to it, by property, for any page.

    Returns:
        properties: (property as link, values); incoming: (property as link, links); cut: how many are shown at
        most, or 0 where all are; shortened: how many values of a property are, likewise.
    """
    about: dict[str, list[Link | Text]] = {}
    for triple in description.outgoing:
        obj = triple.object
        if isinstance(obj, ox.NamedNode):
            about.setdefault(triple.predicate.value, []).append(view.link(obj.value))
        elif isinstance(obj, ox.Literal):
            about.setdefault(triple.predicate.value, []).append(view.literal(obj))
    leads: dict[str, set[str]] = {}
    for triple in description.incoming:
        if isinstance(triple.subject, ox.NamedNode):
            leads.setdefault(triple.predicate.value, set()).add(triple.subject.value)

    def order(predicate: str) -> tuple[bool, str]:
        return (predicate != rdf.type, view.name_of(predicate))

    return {
        "properties": [(_property(view, p), sorted(about[p], key=_shown)) for p in sorted(about, key=order)],
        "incoming": [
            (_property(view, p), [view.link(iri) for iri in view.sorted(leads[p])]) for p in sorted(leads, key=order)
        ],
        "cut": graphs.INCOMING_LIMIT if description.cut else 0,
        "shortened": graphs.OUTGOING_LIMIT if description.shortened else 0,
    }


def _property(view: View, predicate: str) -> Link:
    link = view.link(predicate)
    return link._replace(label=link.label._replace(value=view.name_of(predicate)))


def _facts(view: View, iri: str, predicates: Sequence[str] = _SHOWN_FACTS) -> list[tuple[Link, list[Link]]]:
    """Return the linked facts of a resource that has them: property and values."""
    return [(_property(view, p), view.links(iri, p)) for p in predicates if view.iris(iri, p)]


def _told(view: View, iri: str) -> list[tuple[Link, list[Text]]]:
    """Return the facts of a project that are texts and numbers: property and values."""
    told = [(predicate, view.literals(iri, predicate)) for predicate in _TOLD_FACTS]
    unit = {pf.cofinancingRate: "\u00a0%"}
    return [
        (_property(view, predicate), [text._replace(value=text.value + unit.get(predicate, "")) for text in texts])
        for predicate, texts in told
        if texts
    ]


def _shown(value: Link | Text) -> tuple[str, str]:
    text = value.label if isinstance(value, Link) else value
    return (text.language, text.value)


def _project(view: View, iri: str) -> dict[str, Any]:
    columns, rows = parts.sources(view, iri)
    return {
        "code": view.value(iri, dct.identifier),
        "short": view.text(iri, skos.altLabel),
        "description": view.text(iri, dct.description),
        "period": view.period(iri),
        "end_status": view.links(iri, pf.endDateStatus),
        "portfolio": view.links(iri, pf.portfolio),
        "groups": view.links(iri, pf.targetGroup),
        "group_evidence": parts.evidence(view, iri),
        "facts": _facts(view, iri),
        "told": _told(view, iri),
        "totals": parts.totals(view, iri),
        "places": view.links(iri, dct.spatial),
        "homepage": view.links(iri, foaf.homepage),
        "pages": view.links(iri, foaf.page),
        "funders": view.links(iri, pf.funder),
        "funding": parts.funding(view, iri),
        "participants": parts.participants(view, iri),
        "outcomes": parts.parts(view, iri, pf.outcome, pf.outcomeKind),
        "continuation": parts.parts(view, iri, pf.continuation, pf.continuationStatus),
        "regional_links": parts.parts(view, iri, pf.regionalLink),
        "columns": columns,
        "rows": rows,
    }


def portfolio(view: View, iri: str) -> dict[str, Any]:
    """Return what a page shows of a portfolio."""
    return {
        "text": view.text(iri, dct.description),
        "period": view.period(iri),
        "facts": _facts(view, iri),
        "pages": view.links(iri, foaf.page),
        "funders": view.links(iri, pf.funder),
        "funding": parts.funding(view, iri),
        "benefits": parts.parts(view, iri, pf.benefit),
        "challenges": parts.parts(view, iri, pf.challenge),
        "continuation": parts.parts(view, iri, pf.continuation, pf.continuationStatus),
        "regional_links": parts.parts(view, iri, pf.regionalLink),
        "own_evidence": parts.evidence(view, iri),
    }


def _portfolio(view: View, iri: str) -> dict[str, Any]:
    return {"p": portfolio(view, iri), "projects": [_listed(view, p) for p in view.iris(iri, pf.project)]}


def _organisation(view: View, iri: str) -> dict[str, Any]:
    roles: dict[str, set[str]] = {}
    for participation in view.subjects(pf.organisation, iri):
        for role in view.iris(participation, pf.role):
            roles.setdefault(role, set()).update(view.subjects(pf.participation, participation))
    funded = view.subjects(pf.funder, iri)
    return {
        "names": view.texts(iri, foaf.name),
        "short": view.text(iri, skos.altLabel),
        "description": view.text(iri, dct.description),
        "collective": view.is_a(iri, pf.Collective),
        "national": view.value(iri, dct.identifier),
        "homepage": view.links(iri, foaf.homepage),
        "roles": [
            (view.link(role), [_listed(view, p) for p in view.sorted(projects)])
            for role in view.sorted(roles)
            if (projects := {p for p in roles[role] if view.is_a(p, pf.Project)})
        ],
        "funds": [_listed(view, p) for p in funded if view.is_a(p, pf.Project) or view.is_a(p, pf.Portfolio)],
        "responsible": [
            _listed(view, p) for p in view.subjects(pf.responsibleAuthority, iri) if view.is_a(p, pf.Project)
        ],
        "linked": [
            (view.link(p), None)
            for p in view.sorted({*view.subjects(pf.organisation, iri), *funded})
            if view.is_a(p, pf.RegionalLink) or view.is_a(p, pf.Continuation)
        ],
    }  # fmt: skip


def _listed(view: View, iri: str) -> tuple[Link, Text | None]:
    """Return a project as lists show it: its short name as a link, and its full title where that is another."""
    link, title = view.link(iri), view.name(iri)
    return link, title if title and not link.label.value.startswith(title.value) else None


def _source(view: View, iri: str) -> dict[str, Any]:
    resting: set[str] = set()
    evidence_count = 0
    for node in view.subjects(dct.source, iri):
        if view.is_a(node, pf.Evidence):
            evidence_count += 1
            resting.update(view.subjects(pf.evidence, node))
    return {
        "description": view.text(iri, dct.description),
        "facts": _facts(view, iri, _SOURCE_FACTS),
        "as_of": view.date(view.value(iri, pf.asOf)),
        "document_parts": view.links(iri, dct.hasPart),
        "records": [
            view.link(r)._replace(label=view.label(view.iri(r, foaf.primaryTopic) or r))
            for r in view.subjects(dct.source, iri)
            if view.is_a(r, pf.SourceRecord)
        ],
        "evidence_count": evidence_count,
        "statements": [view.link(r) for r in view.sorted(resting)],
    }


def _part(kind: str) -> Callable[[View, str], dict[str, Any]]:
    owners = (pf.outcome, pf.continuation, pf.regionalLink, pf.benefit, pf.challenge)

    def make(view: View, iri: str) -> dict[str, Any]:
        found = {owner for predicate in owners for owner in view.subjects(predicate, iri)}
        return {
            "part": parts.part(view, iri, kind),
            "owners": [view.link(owner) for owner in view.sorted(found)],
            "titles": view.texts(iri, dct.title),
            "texts": view.texts(iri, dct.description),
        }

    return make


_PAGES: dict[str, tuple[str, Callable[[View, str], dict[str, Any]]]] = {
    "project": ("project.html", _project),
    "portfolio": ("portfolio.html", _portfolio),
    "organisation": ("organisation.html", _organisation),
    "source": ("source.html", _source),
    "outcome": ("part.html", _part(pf.outcomeKind)),
    "continuation": ("part.html", _part(pf.continuationStatus)),
    "regional-link": ("part.html", _part("")),
    "benefit": ("part.html", _part("")),
    "challenge": ("part.html", _part("")),
}
"""Template and values by type; any other resource has the generic page."""
