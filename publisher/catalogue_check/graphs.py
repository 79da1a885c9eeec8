"""The statements of a catalogue in memory, with the few look-ups that checking needs."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterator

import pyoxigraph as ox

from publisher.namespaces import dcat, dct, foaf, rdf, rdfs, skos

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal

_BLANK = "urn:x-blank:"
_NAMES = (dct.title, foaf.name, skos.prefLabel, rdfs.label)
_RESOURCES = (
    dcat.Catalog,
    dcat.Dataset,
    dcat.DataService,
    f"{dcat.base}DatasetSeries",
    f"{dcat.base}CatalogRecord",
)


class Graph:
    """Statements by subject and by object; each once, in the order in which they were added."""

    def __init__(self) -> None:
        """Begin with none."""
        self._by_subject: dict[Node, dict[str, list[Term]]] = {}
        self._by_object: dict[Term, list[tuple[Node, str]]] = {}
        self._seen: set[tuple[Node, str, Term]] = set()
        self._owners: dict[Node, tuple[Node, str]] | None = None

    def __len__(self) -> int:
        """Return the number of statements."""
        return len(self._seen)

    def add(self, subject: Node, predicate: str, obj: Term) -> None:
        """Add a statement."""
        statement = (subject, predicate, obj)
        if statement not in self._seen:
            self._seen.add(statement)
            self._owners = None
            self._by_subject.setdefault(subject, {}).setdefault(predicate, []).append(obj)
            self._by_object.setdefault(obj, []).append((subject, predicate))

    def statements(self) -> Iterator[tuple[Node, str, Term]]:
        """Yield all statements, by subject."""
        for subject, properties in self._by_subject.items():
            for predicate, objects in properties.items():
                for obj in objects:
                    yield subject, predicate, obj

    def text(self) -> str:
        """Return the statements as N-Triples, blank nodes as IRIs that `named` turns back.

        The engines give blank nodes labels of their own, and pySHACL copies all that hangs on one into its report,
        which a catalogue can make without end.
        """

        def term(term: Term) -> str:
            return f"<{_BLANK}{term.value}>" if isinstance(term, ox.BlankNode) else str(term)

        return "".join(f"{term(s)} <{p}> {term(o)} .\n" for s, p, o in self.statements())

    def objects(self, subject: Node, predicate: str) -> list[Term]:
        """Return the values of a property."""
        return self._by_subject.get(subject, {}).get(predicate, [])

    def has(self, subject: Node, predicate: str | None = None) -> bool:
        """Tell whether a node has a property, or any at all."""
        properties = self._by_subject.get(subject, {})
        return bool(properties) if predicate is None else predicate in properties

    def referring(self, obj: Term) -> list[tuple[Node, str]]:
        """Return what points at a term, and by which property."""
        return self._by_object.get(obj, [])

    def classes(self, node: Node) -> set[str]:
        """Return the classes of a node."""
        return {term.value for term in self.objects(node, rdf.type) if isinstance(term, ox.NamedNode)}

    def instances(self, kind: str) -> list[Node]:
        """Return the nodes of a class, sorted by their text."""
        found = [subject for subject, predicate in self.referring(ox.NamedNode(kind)) if predicate == rdf.type]
        return sorted(found, key=str)

    def name(self, node: Node, language: str) -> str:
        """Return what a node is called, in a language, else in any; "" where it has no name."""
        for predicate in _NAMES:
            words = {o.language or "": o.value for o in self.objects(node, predicate) if isinstance(o, ox.Literal)}
            if words:
                return words.get(language) or words.get("en") or words[min(words)]
        return ""

    def owner(self, node: Node) -> tuple[Node, str] | None:
        """Return the nearest named node that leads to a blank one, and by which property, so that it can be found."""
        if self._owners is None:
            self._owners = {}
            queue: deque[Node] = deque(subject for subject in self._by_subject if isinstance(subject, ox.NamedNode))
            while queue:
                subject = queue.popleft()
                for predicate, objects in self._by_subject.get(subject, {}).items():
                    for obj in objects:
                        if isinstance(obj, ox.BlankNode) and obj not in self._owners:
                            root = self._owners[subject][0] if subject in self._owners else subject
                            self._owners[obj] = (root, predicate)
                            queue.append(obj)
        return self._owners.get(node)

    def parts(self, start: Node, others: Container[Node]) -> set[Node]:
        """Return a node with what it reaches, but nothing of other catalogued resources."""
        found: set[Node] = {start}
        queue = deque([start])
        while queue:
            for objects in self._by_subject.get(queue.popleft(), {}).values():
                for obj in objects:
                    if not isinstance(obj, ox.Literal) and obj not in found and obj not in others:
                        found.add(obj)
                        queue.append(obj)
        return found

    def resources(self) -> set[Node]:
        """Return the resources that a catalogue lists or consists of: what a portal shows on a page of its own."""
        return {node for kind in _RESOURCES for node in self.instances(kind)}


def named(text: str) -> str:
    """Return `_:label` in place of an IRI that `Graph.text` gave a blank node."""
    return f"_:{text.removeprefix(_BLANK)}" if text.startswith(_BLANK) else text


def label(node: Node) -> str:
    """Return what names a node in a finding: its IRI, or `_:label`."""
    return str(node) if isinstance(node, ox.BlankNode) else node.value


def node(text: str) -> Node:
    """Return the node that a finding names."""
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.NamedNode(text)
