"""`/def` and `/shapes`: the ontology and the rules, in RDF and as reference pages that people can read."""

from __future__ import annotations

import textwrap
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from publisher import manifest
from publisher.formats import GRAPHS, HTML
from publisher.namespaces import ONTOLOGY, SHAPES, dct, owl, pf, rdf, rdfs, sh, skos
from publisher.web import graphs, respond, texts
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
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
_SEVERITIES = (sh.Violation, sh.Warning, sh.Info)


class _Graph:
    """A small graph in memory, by subject and predicate, in the order of its file.

    Args:
        triples: The statements; a blank node is addressed by its label, as `_:b0`.
    """

    def __init__(self, triples: list[ox.Triple]) -> None:
        """Index the statements."""
        self.about: dict[str, dict[str, list[Any]]] = {}
        for triple in triples:
            predicates = self.about.setdefault(_name(triple.subject), {})
            predicates.setdefault(triple.predicate.value, []).append(triple.object)

    def objects(self, subject: str, predicate: str) -> list[Any]:
        return self.about.get(subject, {}).get(predicate, [])

    def iris(self, subject: str, predicate: str) -> list[str]:
        return sorted(term.value for term in self.objects(subject, predicate) if isinstance(term, ox.NamedNode))

    def literals(self, subject: str, predicate: str) -> list[ox.Literal]:
        return [term for term in self.objects(subject, predicate) if isinstance(term, ox.Literal)]

    def text(self, view: View, subject: str, predicate: str) -> Text | None:
        return view.choose(self.literals(subject, predicate))

    def instances(self, cls: str, base: str) -> list[str]:
        return [iri for iri in self.about if iri.startswith(base) and cls in self.iris(iri, rdf.type)]

    def members(self, head: str) -> list[Any]:
        """Return the members of an RDF list; a circle or a broken end stops it."""
        found: list[Any] = []
        seen: set[str] = set()
        while head not in seen and head in self.about:
            seen.add(head)
            found += self.objects(head, f"{rdf.base}first")[:1]
            head = next((_name(rest) for rest in self.objects(head, f"{rdf.base}rest")), "")
        return found


def _name(term: Any) -> str:
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(getattr(term, "value", term))


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

    def make(form: Any) -> bytes | str:
        triples = _read("ontology.ttl", "alignments.ttl")
        if form is HTML:
            return _ontology_page(_Graph(triples), _Graph(_read("shapes.ttl")))
        return graphs.write(triples, form, ONTOLOGY)

    return respond.answer(respond.DOCUMENTS, make, _suffix(suffix), "/def")


def _ontology_page(graph: _Graph, rules: _Graph) -> str:
    view = respond.view()
    used = {entry["iri"]: entry["count"] for entry in view.live.index.get("classes", [])}
    asked = _asked(rules)

    def term(iri: str, kind: str) -> dict[str, Any]:
        relations = [
            (f"rel.{relation.rpartition('#')[2]}", [_term_link(view, graph, iri) for iri in graph.iris(iri, relation)])
            for relation in _RELATIONS
            if graph.iris(iri, relation)
        ]
        notes = [graph.text(view, iri, p) for p in (skos.scopeNote, f"{skos.base}note")]
        return {
            "iri": iri,
            "name": iri.rpartition("#")[2],
            "kind": f"def.kind.{kind.rpartition('#')[2]}",
            "label": graph.text(view, iri, rdfs.label) or Text(iri.rpartition("#")[2]),
            "definition": graph.text(view, iri, skos.definition),
            "examples": [Text(entry.value, entry.language or "") for entry in graph.literals(iri, skos.example)],
            "notes": [note for note in notes if note],
            "relations": relations,
            "apart": graph.text(view, iri, f"{skos.base}editorialNote"),  # why nothing elsewhere fits
            "inverse": [_term_link(view, graph, other) for other in graph.iris(iri, owl.inverseOf)],
            "classes": [_rule_link(view, graph, cls, asked[iri][cls]) for cls in asked.get(iri, ())],
            "properties": [_term_link(view, graph, p) for p in graph.about if iri in asked.get(p, ())],
            "deprecated": any(literal.value == "true" for literal in graph.literals(iri, owl.deprecated)),
            "count": view.number(str(used.get(iri, 0))) if used and kind == owl.Class else "",
        }

    classes = [term(iri, owl.Class) for iri in graph.instances(owl.Class, f"{ONTOLOGY}#")]
    groups: dict[str, tuple[Text, list[dict[str, Any]]]] = {entry["iri"]: (entry["label"], []) for entry in classes}
    groups[""] = (Text(texts.word("def.shared", view.language)), [])
    for iri in graph.about:
        kind = next((kind for kind in _KINDS[1:] if kind in graph.iris(iri, rdf.type)), "")
        if kind and iri.startswith(f"{ONTOLOGY}#"):
            owners = list(asked.get(iri, ()))
            groups[owners[0] if len(owners) == 1 and owners[0] in groups else ""][1].append(term(iri, kind))
    return respond.page(
        "reference.html",
        title=graph.text(view, ONTOLOGY, dct.title) or Text("pf"),
        description=graph.text(view, ONTOLOGY, dct.description),
        version=next((v.value for v in graph.literals(ONTOLOGY, owl.versionInfo)), ""),
        namespace=f"{ONTOLOGY}#",
        licence=[view.link(iri) for iri in graph.iris(ONTOLOGY, dct.license)],
        classes=classes,
        groups=[(iri.rpartition("#")[2], label, terms) for iri, (label, terms) in groups.items() if terms],
        page_iri=ONTOLOGY,
        page_forms=respond.forms("/def"),
    )


def _asked(rules: _Graph) -> dict[str, dict[str, str]]:
    """Return which classes the rules ask each of our properties of: property → class → the rule's IRI.

    The ontology has no `rdfs:domain`: which properties belong to a class is what the shapes tell.
    """
    found: dict[str, dict[str, str]] = {}
    for shape in rules.instances(sh.NodeShape, f"{SHAPES}#"):
        for cls in rules.iris(shape, f"{sh.base}targetClass"):
            for rule in rules.iris(shape, f"{sh.base}property"):
                for path in rules.iris(rule, sh.path):
                    if path.startswith(pf.base) and cls.startswith(pf.base):
                        found.setdefault(path, {}).setdefault(cls, rule)
    return found


def _rule_link(view: View, graph: _Graph, cls: str, rule: str) -> Link:
    """Return a class's name as a link to the rule that asks a property of it."""
    return view.link(rule)._replace(label=_term_link(view, graph, cls).label)


def _term_link(view: View, graph: _Graph, iri: str) -> Link:
    link = view.link(iri)
    own = graph.text(view, iri, rdfs.label)
    return link._replace(label=own) if own else link._replace(label=Text(view.compact(iri)))


@blueprint.get("/shapes", defaults={"suffix": ""})
@blueprint.get("/shapes<suffix>")
def shapes(suffix: str) -> Response:
    """Answer with the shapes."""

    def make(form: Any) -> bytes | str:
        triples = _read("shapes.ttl")
        return _shapes_page(_Graph(triples)) if form is HTML else graphs.write(triples, form, SHAPES)

    return respond.answer(respond.DOCUMENTS, make, _suffix(suffix), "/shapes")


def _shapes_page(graph: _Graph) -> str:
    view = respond.view()
    base = f"{SHAPES}#"
    told: set[str] = set()

    def rule(iri: str, section: str = "") -> dict[str, Any] | None:
        message = graph.text(view, iri, sh.message)
        if message is None:
            return None
        severity = next(iter(graph.iris(iri, sh.severity)), sh.Violation)
        anchored = iri not in told and iri != section
        told.add(iri)
        return {
            "name": iri.removeprefix(base),
            "anchored": anchored,
            "path": next((_path(view, graph, path) for path in graph.objects(iri, sh.path)), []),
            "label": graph.text(view, iri, f"{sh.base}name"),
            "message": message,
            "severity": severity.rpartition("#")[2],
            "rank": _SEVERITIES.index(severity) if severity in _SEVERITIES else 0,
        }

    groups: dict[tuple[str, ...], dict[str, Any]] = {}
    # A shape with properties opens its class's table; one that only has words of its own joins it.
    for shape in sorted(graph.instances(sh.NodeShape, base), key=lambda iri: not graph.iris(iri, f"{sh.base}property")):
        aimed = [(kind, graph.iris(shape, f"{sh.base}{kind}")) for kind in _TARGETS]
        key = tuple(f"{kind} {target}" for kind, targets in aimed for target in targets)
        opens = key not in groups
        members = [shape, *graph.iris(shape, f"{sh.base}property")]
        rules = [made for iri in members if key and (made := rule(iri, shape if opens else ""))]
        if rules and opens:
            told.add(shape)
            name = shape.removeprefix(base)
            groups[key] = {
                "name": name,
                "label": graph.text(view, shape, f"{sh.base}name") or Text(name),
                "targets": [(f"shapes.{kind}", [view.link(iri) for iri in found]) for kind, found in aimed if found],
                "rules": rules,
            }
        elif rules:
            groups[key]["rules"] += rules
    for group in groups.values():
        group["rules"].sort(key=lambda entry: (entry["rank"], entry["name"]))
    rest = [made for iri in graph.about if iri.startswith(base) and iri not in told and (made := rule(iri))]
    conditions = [
        (iri.removeprefix(base), _condition(view, graph, iri))
        for iri in graph.about
        if iri.startswith(base) and iri not in told
    ]
    return respond.page(
        "shapes.html",
        groups=sorted(groups.values(), key=lambda group: group["label"].value.casefold()),
        rest=sorted(rest, key=lambda entry: entry["name"]),
        conditions=sorted(conditions),
        version=next((v.value for v in graph.literals(SHAPES, owl.versionInfo)), ""),
        namespace=base,
        page_iri=SHAPES,
        page_forms=respond.forms("/shapes"),
    )


def _path(view: View, graph: _Graph, path: Any) -> list[Link | Text]:
    """Return a property path as SPARQL writes it: links for properties, texts for the signs between them."""
    if isinstance(path, ox.NamedNode):
        link = view.link(path.value)
        return [link._replace(label=Text(view.compact(path.value)))]
    node = _name(path)
    for inverse in graph.objects(node, f"{sh.base}inversePath"):
        return [Text("^"), *_path(view, graph, inverse)]
    for alternative in graph.objects(node, f"{sh.base}alternativePath"):
        return _between(" | ", [_path(view, graph, part) for part in graph.members(_name(alternative))])
    return _between(" / ", [_path(view, graph, part) for part in graph.members(node)])


def _between(sign: str, parts: list[list[Link | Text]]) -> list[Link | Text]:
    found: list[Link | Text] = []
    for part in parts:
        found += ([Text(sign)] if found else []) + part
    return found


def _condition(view: View, graph: _Graph, iri: str) -> list[tuple[str, list[list[Link | Text]]]]:
    """Return what a condition without words of its own says: SHACL's term, and its values."""
    return [
        (_short(view, predicate), [_value(view, graph, predicate, term) for term in terms])
        for predicate, terms in graph.about[iri].items()
        if predicate != rdf.type
    ]


def _short(view: View, iri: str) -> str:
    return f"sh:{iri.removeprefix(sh.base)}" if iri.startswith(sh.base) else view.compact(iri)


def _value(view: View, graph: _Graph, predicate: str, term: Any) -> list[Link | Text]:
    if isinstance(term, ox.Literal):
        return [Text(textwrap.dedent(term.value).strip(), term.language or "")]
    if predicate == sh.path:
        return _path(view, graph, term)
    if isinstance(term, ox.NamedNode):
        return [view.link(term.value)._replace(label=Text(_short(view, term.value)))]
    return _between(", ", [_value(view, graph, "", member) for member in graph.members(_name(term))])
