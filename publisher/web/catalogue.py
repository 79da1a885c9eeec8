"""`/catalog` and `/.well-known/void`: what there is to have, for portals and for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import BadRequest, NotFound

from publisher.catalogue import describe
from publisher.formats import GRAPHS, HTML
from publisher.namespaces import dcat, dct, foaf, rdf
from publisher.web import composed, respond
from publisher.web.labels import Link, Text

blueprint = Blueprint("catalogue", __name__)

_SUFFIXES = (HTML.suffix, *(entry.suffix for entry in GRAPHS))
_SERIES = dcat.base + "DatasetSeries"
_HAS_NO_ROW = {rdf.type, dct.title, dct.description, dcat.base + "hasVersion", dcat.distribution}


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions["composed"] = composed.Composed()


# --- answers


@blueprint.get("/catalog", defaults={"suffix": ""})
@blueprint.get("/catalog<suffix>")
def catalog(suffix: str) -> Response:
    """Answer with a page of the DCAT-AP catalogue.

    Raises:
        BadRequest: `page` is no number, or more than one.
        NotFound: There is no such page, or no such form of it.
    """
    if suffix and suffix not in _SUFFIXES:
        raise NotFound
    number = _asked()
    count = len(describe.pages(composed.look().ids))
    if not 1 <= number <= count:
        raise NotFound

    def make(form: Any) -> bytes | str:
        if form is HTML:
            return _page(number, count)
        return composed.catalogue(form, number, suffix)

    # A harvester that says nothing gets Turtle; a browser names HTML.
    stem = "/catalog" if number == 1 else None
    return respond.answer((*GRAPHS, HTML), make, suffix, stem, stamp=f"{composed.look().stamp} {number} {suffix}")


def _asked() -> int:
    """Return which page is asked for.

    Raises:
        BadRequest: That is no number, or more than one.
    """
    asked = request.args.getlist("page") or ["1"]
    if len(asked) > 1 or not (asked[0].isascii() and asked[0].isdigit() and len(asked[0]) < 10):
        raise BadRequest("page is the number of one page, from 1.")
    return int(asked[0])


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Answer with the VoID description."""
    return respond.answer(GRAPHS, composed.void, stamp=f"{composed.look().root} {composed.look().changed}")


# --- the page


class _Described:
    """A graph looked up by subject and predicate, as a reader of the page sees it."""

    def __init__(self, found: Sequence[ox.Triple]) -> None:
        self.values: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for triple in found:
            if isinstance(triple.subject, ox.NamedNode):
                self.values[triple.subject.value][triple.predicate.value].append(triple.object)

    def of(self, kind: str) -> list[str]:
        """Return the nodes of a class."""
        return sorted(iri for iri, of in self.values.items() if any(o.value == kind for o in of[rdf.type]))

    def linked(self, iri: str, predicate: str) -> list[str]:
        """Return the nodes that a node leads to."""
        return sorted(o.value for o in self.values[iri][predicate] if isinstance(o, ox.NamedNode))

    def text(self, iri: str, *predicates: str) -> Text | None:
        """Return a text of a node in the page's language, of the first property that has one."""
        view = respond.view()
        for predicate in predicates:
            chosen = view.choose(o for o in self.values[iri][predicate] if isinstance(o, ox.Literal))
            if chosen:
                return chosen
        return None

    def entry(self, iri: str) -> dict[str, Any]:
        """Return what the page shows of a node."""
        view = respond.view()
        return {
            "iri": iri,
            "title": self.text(iri, dct.title, foaf.name) or Text(iri),
            "description": self.text(iri, dct.description),
            "notes": self.text(iri, describe.adms.versionNotes),
            "downloads": [
                (self.text(node, dct.title) or Text(node), address)
                for node in self.linked(iri, dcat.distribution)
                for address in self.linked(node, dcat.downloadURL)
            ],
            "rows": [
                (view.compact(predicate), [_value(o) for o in values])
                for predicate, values in sorted(self.values[iri].items())
                if values and predicate not in _HAS_NO_ROW
            ],
        }


def _page(number: int, count: int) -> str:
    around = {"newer": number - 1 if number > 1 else 0, "older": number + 1 if number < count else 0}
    return respond.page(
        "catalogue.html",
        entries=composed.markup(("catalogue", number), lambda: _entries(number)),
        page_iri="",
        page_forms=respond.forms("/catalog") if number == 1 else [],
        number=number,
        count=count,
        around={name: _following(other) for name, other in around.items() if other},
    )


def _entries(number: int) -> str:
    described = _Described(composed.triples(number))
    base = f"{respond.live().release.manifest.base_iri.rstrip('/')}/id/dataset"
    datasets = described.of(dcat.Dataset)
    latest = f"{base}/portfolio"
    groups = [
        ("catalogue.title", described.of(dcat.Catalog)),
        ("catalogue.dataset", [iri for iri in datasets if iri == latest]),
        ("catalogue.distributions", described.linked(latest, dcat.distribution)),
        ("catalogue.services", described.of(dcat.DataService)),
        ("catalogue.series", described.of(_SERIES)),
        ("catalogue.releases", [iri for iri in reversed(datasets) if iri != latest]),
    ]
    return respond.page(
        "catalogue_entries.html", groups=[(key, [described.entry(iri) for iri in iris]) for key, iris in groups if iris]
    )


def _following(number: int) -> str:
    address = respond.address("/catalog")
    return f"{address}{'&' if '?' in address else '?'}page={number}"


def _value(term: Any) -> Link | Text:
    view = respond.view()
    if isinstance(term, ox.NamedNode):
        link = view.link(term.value)
        return link._replace(label=Text(term.value)) if link.external or not link.href else link
    return view.literal(term)
