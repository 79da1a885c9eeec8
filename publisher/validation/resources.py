"""Shards of an RDF source: the resources of our classes, each project with all that belongs to it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from publisher.namespaces import foaf, pf, rdf

_CLASSES = [getattr(pf, name) for name in sorted(pf.names) if name[0].isupper()]
_PROJECTS_A_SHARD = 100
_SAMPLED_SHARDS = 4
# What leads from a project to its parts and to what these point at; `pf:project` is left out, else every shard would
# hold the whole portfolio.
_FOLLOWED = {
    getattr(pf, name)
    for name in pf.names
    if not name[0].isupper() and name not in ("project", "targetGroup", "attests")
} | {foaf.primaryTopic, "http://purl.org/dc/terms/source", "http://purl.org/dc/terms/hasPart"}


@dataclass(frozen=True)
class ResourceShard:
    """Some resources of our classes with what they reach.

    Args:
        text: N-Triples, concepts included.
        statements: How many of the source's statements it holds that no shard before held.
        total: How many resources of our classes the source has.
        projects: How many of them are projects.
        sampled: Whether the reference engine should check it again.
    """

    text: str
    statements: int
    total: int
    projects: int
    sampled: bool


def shards(part: Path, concept_lines: Sequence[str]) -> Iterator[ResourceShard]:
    """Yield the shards of a file of N-Quads lines; nothing where it has no resource of our classes.

    The default graph is looked at alone. A small on-disk store serves as the index, removed at the end.
    """
    markers = tuple(f"<{rdf.type}> <{cls}> .\n" for cls in _CLASSES)
    with part.open(encoding="utf-8") as lines:
        if not any(line.endswith(markers) for line in lines):
            return
    with tempfile.TemporaryDirectory(dir=part.parent) as folder:
        store = ox.Store(folder)
        store.bulk_load(path=str(part), format=ox.RdfFormat.N_QUADS)
        yield from _Walk(store, concept_lines).shards()


class _Walk:
    def __init__(self, store: ox.Store, concept_lines: Sequence[str]) -> None:
        self.store = store
        self.background = "".join(f"{line}\n" for line in concept_lines)
        self.known = {line.partition(" ")[0] for line in concept_lines}
        self.seen: set[str] = set()
        self.projects: set[str] = set()

    def shards(self) -> Iterator[ResourceShard]:
        projects = self._instances(pf.Project)
        self.projects = set(projects)
        others = [iri for cls in _CLASSES if cls != pf.Project for iri in self._instances(cls)]
        total = len(projects) + len(set(others))
        number = 0
        for group in (projects, others):
            for at in range(0, len(group), _PROJECTS_A_SHARD):
                lines, new = self._reach(group[at : at + _PROJECTS_A_SHARD], skip_seen=group is others)
                if lines:
                    text = self.background + "".join(f"{line}\n" for line in lines)
                    yield ResourceShard(text, new, total, len(projects), number < _SAMPLED_SHARDS)
                    number += 1

    def _instances(self, cls: str) -> list[str]:
        quads = self.store.quads_for_pattern(None, ox.NamedNode(rdf.type), ox.NamedNode(cls), ox.DefaultGraph())
        iris = (quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode))
        return sorted(iri for iri in iris if f"<{iri}>" not in self.known)

    def _reach(self, start: list[str], *, skip_seen: bool) -> tuple[dict[str, None], int]:
        lines: dict[str, None] = {}
        new = 0
        done: set[str] = set()
        queue = [iri for iri in start if not (skip_seen and iri in self.seen)]
        elsewhere = self.projects - set(start) if not skip_seen else set()
        while queue:
            iri = queue.pop()
            if iri in done or f"<{iri}>" in self.known:
                continue
            done.add(iri)
            first = iri not in self.seen
            self.seen.add(iri)
            for quad in self.store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph()):
                new += first
                if quad.predicate.value == pf.project and getattr(quad.object, "value", "") in elsewhere:
                    continue  # that project's own shard holds it; here all would hold all
                lines[f"{quad.triple} ."] = None
                if quad.predicate.value in _FOLLOWED and isinstance(quad.object, ox.NamedNode):
                    queue.append(quad.object.value)
        return lines, new
