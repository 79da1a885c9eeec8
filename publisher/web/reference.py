"""`/def` and `/shapes`: the ontology and the rules, in RDF and as reference pages that people can read."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from publisher import manifest
from publisher.formats import GRAPHS, HTML
from publisher.namespaces import ONTOLOGY, SHAPES, dct, owl, rdf, rdfs, sh, skos
from publisher.web import graphs, respond
from publisher.web.labels import Link, Text, View

blueprint = Blueprint("reference", __name__)

_SUFFIXES = (HTML.suffix, *(entry.suffix for entry in GRAPHS))
_KINDS = (owl.Class, owl.ObjectProperty, owl.DatatypeProperty, owl.AnnotationProperty)
_RELATIONS = (
    rdfs.subClassOf,
    rdfs.subPropertyOf,
    skos.exactMatch,
    skos.closeMatch,
    f"{skos.base}relatedMatch",
    f"{skos.base}broadMatch",
    f"{skos.base}narrowMatch",
    rdfs.seeAlso,
)
_SEVERITIES = (sh.Violation, sh.Warning, sh.Info)


class _Graph:
    """A small graph in memory, by subject and predicate."""

    def __init__(self, triples: list[ox.Triple]) -> None:
        self.triples = triples
        self.index: dict[tuple[str, str], list[Any]] = {}
        for triple in triples:
            if isinstance(triple.subject, ox.NamedNode):
                self.index.setdefault((triple.subject.value, triple.predicate.value), []).append(triple.object)

    def iris(self, subject: str, predicate: str) -> list[str]:
        found = self.index.get((subject, predicate), [])
        return sorted(term.value for term in found if isinstance(term, ox.NamedNode))

    def literals(self, subject: str, predicate: str) -> list[ox.Literal]:
        return [term for term in self.index.get((subject, predicate), []) if isinstance(term, ox.Literal)]

    def text(self, view: View, subject: str, predicate: str) -> Text | None:
        return view.choose(self.literals(subject, predicate))

    def instances(self, cls: str, base: str) -> list[str]:
        found = {
            t.subject.value
            for t in self.triples
            if t.predicate.value == rdf.type
            and isinstance(t.subject, ox.NamedNode)
            and isinstance(t.object, ox.NamedNode)
            and t.object.value == cls
        }
        return sorted(iri for iri in found if iri.startswith(base))


def _read(*names: str) -> list[ox.Triple]:
    folder = respond.live().release.file(manifest.VOCABULARIES)
    return [triple for name in names if (folder / name).exists() for triple in graphs.read(folder / name)]


def _suffix(suffix: str) -> str:
    if suffix and suffix not in _SUFFIXES:
        raise NotFound
    return suffix


@blueprint.get("/def", defaults={"suffix": ""})
@blueprint.get("/def<suffix>")
def definition(suffix: str) -> Response:
    """Answer with the ontology and its alignments."""
    triples = _read("ontology.ttl", "alignments.ttl")

    def make(form: Any) -> bytes | str:
        return _ontology_page(_Graph(triples)) if form is HTML else graphs.write(triples, form, ONTOLOGY)

    return respond.answer(respond.DOCUMENTS, make, _suffix(suffix), "/def")


def _ontology_page(graph: _Graph) -> str:
    view = respond.view()
    used = {entry["iri"]: entry["count"] for entry in view.live.index.get("classes", [])}

    def term(iri: str, kind: str) -> dict[str, Any]:
        relations = [
            (f"rel.{relation.rpartition('#')[2]}", [_term_link(view, graph, iri) for iri in graph.iris(iri, relation)])
            for relation in _RELATIONS
            if graph.iris(iri, relation)
        ]
        notes = [graph.text(view, iri, p) for p in (skos.scopeNote, f"{skos.base}editorialNote", f"{skos.base}note")]
        return {
            "iri": iri,
            "name": iri.rpartition("#")[2],
            "kind": f"def.kind.{kind.rpartition('#')[2]}",
            "label": graph.text(view, iri, rdfs.label) or Text(iri.rpartition("#")[2]),
            "definition": graph.text(view, iri, skos.definition),
            "example": graph.text(view, iri, skos.example),
            "notes": [note for note in notes if note],
            "relations": relations,
            "inverse": [_term_link(view, graph, other) for other in graph.iris(iri, owl.inverseOf)],
            "deprecated": bool(graph.literals(iri, owl.deprecated)),
            "count": view.number(str(used[iri])) if iri in used else "",
        }

    kinds = {kind: [term(iri, kind) for iri in graph.instances(kind, f"{ONTOLOGY}#")] for kind in _KINDS}
    properties = [made for kind in _KINDS[1:] for made in kinds[kind]]
    groups = [("def.classes", kinds[owl.Class]), ("def.properties", properties)]
    return respond.page(
        "reference.html",
        title=graph.text(view, ONTOLOGY, dct.title) or Text("pf"),
        description=graph.text(view, ONTOLOGY, dct.description),
        version=next((v.value for v in graph.literals(ONTOLOGY, owl.versionInfo)), ""),
        namespace=f"{ONTOLOGY}#",
        groups=[(key, sorted(terms, key=lambda t: t["label"].value.casefold())) for key, terms in groups],
        page_iri=ONTOLOGY,
        page_forms=respond.forms("/def"),
    )


def _term_link(view: View, graph: _Graph, iri: str) -> Link:
    link = view.link(iri)
    own = graph.text(view, iri, rdfs.label)
    return link._replace(label=own) if own else link._replace(label=Text(view.compact(iri)))


@blueprint.get("/shapes", defaults={"suffix": ""})
@blueprint.get("/shapes<suffix>")
def shapes(suffix: str) -> Response:
    """Answer with the shapes."""
    triples = _read("shapes.ttl")

    def make(form: Any) -> bytes | str:
        return _shapes_page(_Graph(triples)) if form is HTML else graphs.write(triples, form, SHAPES)

    return respond.answer(respond.DOCUMENTS, make, _suffix(suffix), "/shapes")


def _shapes_page(graph: _Graph) -> str:
    view = respond.view()
    base = f"{SHAPES}#"
    targets = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")

    def rule(iri: str) -> dict[str, Any] | None:
        message = graph.text(view, iri, sh.message)
        if message is None:
            return None
        severity = next(iter(graph.iris(iri, sh.severity)), sh.Violation)
        return {
            "iri": iri,
            "name": iri.rpartition("#")[2],
            "label": graph.text(view, iri, f"{sh.base}name"),
            "message": message,
            "severity": severity.rpartition("#")[2],
            "rank": _SEVERITIES.index(severity) if severity in _SEVERITIES else 0,
        }

    groups = []
    told: set[str] = set()
    for shape in graph.instances(sh.NodeShape, base):
        aimed = [target for kind in targets for target in graph.iris(shape, f"{sh.base}{kind}")]
        rules = [made for iri in [shape, *graph.iris(shape, f"{sh.base}property")] if (made := rule(iri))]
        if aimed and rules:
            told.update(entry["name"] for entry in rules)
            rules.sort(key=lambda entry: (entry["rank"], entry["name"]))
            label = graph.text(view, shape, f"{sh.base}name") or Text(shape.rpartition("#")[2])
            groups.append(
                {
                    "name": shape.rpartition("#")[2],
                    "label": label,
                    "targets": [view.link(target) for target in aimed],
                    "rules": rules,
                }
            )
    rest = [made for cls in (sh.PropertyShape, sh.NodeShape) for iri in graph.instances(cls, base)
            if iri.rpartition("#")[2] not in told and (made := rule(iri))]  # fmt: skip
    return respond.page(
        "shapes.html",
        groups=sorted(groups, key=lambda group: group["name"]),
        rest=sorted(rest, key=lambda entry: entry["name"]),
        version=next((v.value for v in graph.literals(SHAPES, owl.versionInfo)), ""),
        namespace=base,
        page_iri=SHAPES,
        page_forms=respond.forms("/shapes"),
    )
