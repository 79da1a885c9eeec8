"""`/concept/…`: the fixed concept schemes and their concepts, in RDF and as pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from publisher import iris
from publisher.formats import GRAPHS, HTML
from publisher.namespaces import CONCEPT, dct, rdf, rdfs, skos
from publisher.web import graphs, resources, respond, texts
from publisher.web.labels import Text, View

blueprint = Blueprint("concepts", __name__)

_SUFFIXES = (HTML.suffix, *(entry.suffix for entry in GRAPHS))
_MATCHES = tuple(f"{skos.base}{name}Match" for name in ("exact", "close", "related", "broad", "narrow"))


def _split(name: str) -> tuple[str, str]:
    for end in _SUFFIXES:
        if name.endswith(end):
            return name.removesuffix(end), end
    return name, ""


def _schemes(view: View) -> list[str]:
    found = view.live.store.subjects(rdf.type, skos.ConceptScheme)
    return view.sorted(iri for iri in found if iri.startswith(f"{CONCEPT}/"))


@blueprint.get("/concept", defaults={"suffix": ""})
@blueprint.get("/concept<suffix>")
def index(suffix: str) -> Response:
    """List the schemes."""
    if suffix and suffix not in _SUFFIXES:
        raise NotFound
    view = respond.view()
    schemes = _schemes(view)

    def make(form: Any) -> bytes | str:
        if form is HTML:
            listed = [
                (
                    view.link(iri),
                    view.text(iri, dct.description),
                    sum(1 for _ in view.live.store.subjects(skos.inScheme, iri)),
                )
                for iri in schemes
            ]
            return respond.page("concepts.html", schemes=listed, page_iri=CONCEPT, page_forms=respond.forms("/concept"))
        triples = [triple for iri in schemes for triple in graphs.describe(view.live, iri).outgoing]
        return graphs.write(triples, form)

    return respond.answer(respond.DOCUMENTS, make, suffix, "/concept")


@blueprint.get("/concept/<name>")
def scheme(name: str) -> Response:
    """Describe a scheme with all its concepts."""
    key, suffix = _split(name)
    iri = _known(key)
    view = respond.view()
    members = view.subjects(skos.inScheme, iri, 10_000)

    def make(form: Any) -> bytes | str:
        if form is HTML:
            return _scheme_page(view, iri, members, f"/concept/{key}")
        triples = [triple for subject in (iri, *members) for triple in graphs.describe(view.live, subject).outgoing]
        return graphs.write(triples, form, iri)

    return respond.answer(respond.DOCUMENTS, make, suffix, f"/concept/{key}")


@blueprint.get("/concept/<name>/<member>")
def concept(name: str, member: str) -> Response:
    """Describe a concept, and where it is used."""
    key, suffix = _split(member)
    iri = _known(name, key)
    live = respond.live()
    stem = f"/concept/{name}/{key}"
    description = graphs.describe(live, iri)

    def make(form: Any) -> bytes | str:
        if form is HTML:
            return concept_page(respond.view(), description, stem)
        return graphs.write(graphs.statements(live, description, resources.base_iri() + stem), form, iri)

    return respond.mark_cut(respond.answer(respond.DOCUMENTS, make, suffix, stem), description)


def _known(*keys: str) -> str:
    iri = "/".join([CONCEPT, *keys])
    if not all(iris.is_key(key) for key in keys) or not respond.live().store.exists(iri):
        raise NotFound
    return iri


def _scheme_page(view: View, iri: str, members: list[str], stem: str) -> str:
    children: dict[str, list[str]] = {}
    for member in members:
        parent = view.iri(member, skos.broader)
        children.setdefault(parent if parent in members else "", []).append(member)

    def tree(parent: str, depth: int = 0) -> list[dict[str, Any]]:
        if depth > 10:  # a circle of broader concepts must not be walked for ever
            return []
        return [
            {
                "link": view.link(member),
                "definition": view.text(member, skos.definition),
                "notation": view.value(member, skos.notation),
                "children": tree(member, depth + 1),
            }
            for member in view.sorted(children.get(parent, []))
        ]

    return respond.page(
        "scheme.html",
        label=view.name(iri) or Text(iri),
        description=view.text(iri, dct.description),
        concepts=tree(""),
        page_iri=iri,
        page_forms=respond.forms(stem),
    )


def concept_page(view: View, description: graphs.Description, stem: str) -> str:
    """Return the page of a concept: labels, place in its scheme, matches elsewhere, and where it is used."""
    iri = description.iri
    values = resources.generic(view, description)
    structural = {skos.broader, skos.narrower, skos.hasTopConcept, skos.topConceptOf, skos.inScheme}
    return respond.page(
        "concept.html",
        label=view.name(iri) or Text(view.compact(iri)),
        labels=[(texts.LANGUAGES.get(text.language, text.language), text) for text in view.texts(iri, skos.prefLabel)],
        definition=view.text(iri, skos.definition),
        notation=view.value(iri, skos.notation),
        scheme=view.links(iri, skos.inScheme),
        broader=view.links(iri, skos.broader),
        narrower=[view.link(child) for child in view.subjects(skos.broader, iri)],
        # A match is shown by its address: YSO's own label can mislead (its English for osallisuus is "complicity").
        matches=[
            (f"rel.{predicate.rpartition('#')[2]}", [view.link(other)._replace(label=Text(other)) for other in found])
            for predicate in _MATCHES
            if (found := view.iris(iri, predicate))
        ],
        used=[entry for entry in values["incoming"] if entry[0].iri not in structural],
        notes=[note for p in (skos.scopeNote, rdfs.comment) if (note := view.text(iri, p))],
        page_iri=iri,
        page_forms=respond.forms(stem),
        **values,
    )
