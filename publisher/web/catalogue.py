"""`/catalog` and `/.well-known/void`: what there is to have, for portals and for people.

The catalogue is made when it is asked for, of the releases that are kept then: a rollback or a release that
was removed shows at once. Its addresses are those that the server is reached by, so that a portal's checks find
what they lead to; its IRIs are the data's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import BadRequest, NotFound

from publisher import manifest, ntriples
from publisher.catalogue import describe
from publisher.catalogue.facts import kept_ids, read, read_all
from publisher.formats import GRAPHS, HTML
from publisher.iris import is_iri
from publisher.namespaces import dcat, dct, foaf, rdf
from publisher.namespaces import void as void_terms
from publisher.web import graphs, respond
from publisher.web.labels import Link, Text

blueprint = Blueprint("catalogue", __name__)

_SUFFIXES = (HTML.suffix, *(entry.suffix for entry in GRAPHS))
_SERIES = dcat.base + "DatasetSeries"
_ADDRESSES = {foaf.homepage, void_terms.sparqlEndpoint, void_terms.dataDump}
"""Properties of VoID that lead to this server."""
_HAS_NO_ROW = {rdf.type, dct.title, dct.description, dcat.base + "hasVersion", dcat.distribution}


def _root() -> str:
    """Return the address of the server; what the client says, where it can stand in a document."""
    root = respond.outside_root()
    return root if is_iri(f"{root}/") else respond.live().release.manifest.base_iri.rstrip("/")


def _kept() -> list[str]:
    releases: Path = current_app.extensions["live"].releases
    ids = kept_ids(releases)
    live = respond.live().release.id
    return ids if live in ids else sorted([*ids, live])


def stamp() -> str:
    """Return what a description of the dataset depends on beside the live release."""
    releases: Path = current_app.extensions["live"].releases
    changed = []
    for name in kept_ids(releases):
        with suppress(OSError):  # removed this very moment
            changed.append(f"{name}:{(releases / name / manifest.DUMPS).stat().st_mtime_ns}")
    return " ".join([_root(), *changed])


def triples(number: int = 1, suffix: str = "", ids: Sequence[str] | None = None) -> list[ox.Triple]:
    """Return a page of the catalogue.

    Args:
        number: Which page, from 1.
        suffix: End of the addresses of the other pages: `.ttl` where Turtle was asked for by name.
        ids: The releases that are kept, oldest first; None looks.
    """
    known = _kept() if ids is None else ids
    divided = describe.pages(known)
    first = f"{_root()}/catalog{suffix}"
    page = describe.Page(number=number, count=len(divided), first=first, following=f"{first}?page=")
    releases: Path = current_app.extensions["live"].releases
    lines = describe.catalogue(
        read(respond.live().release),
        read_all(releases, divided[number - 1]),
        ids=known,
        page=page,
        base=_root(),
    )
    parsed = ox.parse(ntriples.text(lines), format=ox.RdfFormat.N_TRIPLES)
    return [quad.triple for quad in parsed]


def void_triples() -> list[ox.Triple]:
    """Return the VoID description of the live release, its addresses those that the server is reached by."""
    release = respond.live().release
    written, root = read(release).settings.public_base, _root()

    def here(triple: ox.Triple) -> ox.Triple:
        obj = triple.object
        if triple.predicate.value in _ADDRESSES and isinstance(obj, ox.NamedNode):
            obj = ox.NamedNode(root + obj.value.removeprefix(written))
        return ox.Triple(triple.subject, triple.predicate, obj)

    return [here(triple) for triple in graphs.read(release.file(manifest.VOID))]


def dataset_description() -> list[ox.Triple]:
    """Return what the catalogue and VoID say together: the description of the dataset."""
    return [*triples(), *void_triples()]


def address_of(iri: str, suffix: str = "") -> str | None:
    """Return the path of the document that describes a dataset or a part of one; None where none does."""
    prefix = f"{respond.live().release.manifest.base_iri.rstrip('/')}/id/dataset/"
    ids = _kept()
    owner, _, rest = iri.removeprefix(prefix).partition("~")
    release = rest.partition("~")[0]
    divided = describe.pages(ids)
    number = next((n for n, known in enumerate(divided, 1) if release in known), 0) if owner == "release" else 1
    if number and _says(triples(number, ids=ids), iri):
        return f"/catalog{suffix}" + (f"?page={number}" if number > 1 else "")
    return "/.well-known/void" if _says(void_triples(), iri) else None


def _says(found: Sequence[ox.Triple], iri: str) -> bool:
    return any(triple.subject == ox.NamedNode(iri) for triple in found)


# --- answers


@blueprint.get("/catalog", defaults={"suffix": ""})
@blueprint.get("/catalog<suffix>")
def catalog(suffix: str) -> Response:
    """Answer with a page of the DCAT-AP catalogue.

    Raises:
        BadRequest: `page` is no number.
        NotFound: There is no such page, or no such form of it.
    """
    if suffix and suffix not in _SUFFIXES:
        raise NotFound
    asked = request.args.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise BadRequest("page is the number of a page, from 1.")
    number, ids = int(asked), _kept()
    count = len(describe.pages(ids))
    if not 1 <= number <= count:
        raise NotFound

    def make(form: Any) -> bytes | str:
        found = triples(number, suffix, ids)
        return _page(found, number, count) if form is HTML else graphs.write(found, form)

    # A harvester that says nothing gets Turtle; a browser names HTML.
    stem = "/catalog" if number == 1 else None
    return respond.answer((*GRAPHS, HTML), make, suffix, stem, stamp=f"{stamp()} {number} {suffix}")


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Answer with the VoID description."""
    return respond.answer(GRAPHS, lambda form: graphs.write(void_triples(), form), stamp=_root())


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


def _page(found: Sequence[ox.Triple], number: int, count: int) -> str:
    described = _Described(found)
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
    around = {"newer": number - 1 if number > 1 else 0, "older": number + 1 if number < count else 0}
    return respond.page(
        "catalogue.html",
        groups=[(key, [described.entry(iri) for iri in iris]) for key, iris in groups if iris],
        page_iri="",
        page_forms=respond.forms("/catalog") if number == 1 else [],
        number=number,
        count=count,
        around={name: _following(other) for name, other in around.items() if other},
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
