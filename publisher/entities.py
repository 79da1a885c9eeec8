"""What a release is about, as outsiders are told of it: entities, each with its parts.

A project is an entity; its outcomes, money lines, evidence and the like are parts of it, for nobody asks a
harvester for a line of money. The key tells whose part a part is: `S20831~good-practices` belongs to `S20831`.

What leads from a portfolio to a project is told with the project: a portfolio of two million projects would else
change with each of them. It comes and goes with what leads back, as the shapes demand.

All entities together are what a release says below `{base_iri}/id/`, but for the row in which a list tells of a
project: where one row is taken out, all that follow move up, and nothing of them has changed. What is not below it
(ontology, concepts, labels of the EU's tables, what an RDF source says of others' things) is no entity's, nor are parts
of an RDF source whose keys tell no owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from publisher.iris import SEPARATOR, Minter
from publisher.masters import Master
from publisher.namespaces import dct, pf

ENTITY_KINDS = ("classification", "organisation", "place", "portfolio", "project", "source", "target-group")
"""Types of IRIs that stand for an entity, in the order in which they are told."""

PART_KINDS = (
    "benefit", "challenge", "continuation", "evidence", "funding", "outcome", "participation", "regional-link",
    "source-record",
)  # fmt: skip
"""Types of IRIs that stand for a part of a project or portfolio."""

NAMED = (pf.targetGroup, dct.subject, dct.spatial, pf.funder)
"""Properties of an entity whose values its record in words (Dublin Core) tells by their names."""

UNNAMED = frozenset(("project", *PART_KINDS))
"""Types of things whose names stand in no other thing's record: a project's new title makes no other record new."""

_WITH_PARTS = ("project", "portfolio")
_UNTOLD = (pf.project, pf.sourceRow)
_PASSED = tuple(f"<{predicate}>" for predicate in _UNTOLD)


def owner(minter: Minter, exists: Callable[[str], bool], kind: str, key: str) -> tuple[str, str] | None:
    """Return (type, key) of the entity that a resource is, or is a part of; None where there is none.

    Args:
        minter: Mints the portfolio's IRIs.
        exists: Tells whether an IRI is described.
        kind: The resource's type.
        key: Its key.
    """
    if kind in ENTITY_KINDS:
        return kind, key
    if kind not in PART_KINDS:
        return None
    components = key.split(SEPARATOR)
    # The longest first: a project's own key can be of two components, scope and code.
    for count in range(len(components) - 1, 0, -1):
        found = SEPARATOR.join(components[:count])
        for whole in _WITH_PARTS:
            if exists(f"{minter.base_iri}/id/{whole}/{found}"):
                return whole, found
    return None


def is_told(predicate: str) -> bool:
    """Tell whether an entity's statements of a property are told with it.

    Args:
        predicate: The property, as it stands in a line of N-Triples.
    """
    return predicate not in _PASSED


def resources(master: Master, minter: Minter, kind: str, key: str) -> list[str]:
    """Return the IRIs of an entity and its parts, the entity first; empty where the release does not know it."""
    iri = f"{minter.base_iri}/id/{kind}/{key}"
    if not master.exists(iri):
        return []
    found = [iri]
    for part in PART_KINDS if kind in _WITH_PARTS else ():
        prefix = f"{minter.base_iri}/id/{part}/"
        found += [
            each
            for each in master.subjects(f"{prefix}{key}{SEPARATOR}")
            if owner(minter, master.exists, part, each[len(prefix) :]) == (kind, key)
        ]
    return found


def statements(master: Master, minter: Minter, kind: str, key: str) -> Iterator[str]:
    """Yield what a release says of an entity and its parts.

    Yields:
        N-Triples lines without their ends: the entity's own in the order of the file, then each part's, then what leads
        from portfolios to a project; empty where the release does not know it. In a release with named graphs, the
        default graph's and theirs as N-Quads.
    """
    for iri in resources(master, minter, kind, key):
        yield from master.lines(iri, _UNTOLD)
    if kind == "project":
        iri = f"{minter.base_iri}/id/{kind}/{key}"
        for predicate, portfolio, language in master.describe(iri):
            back = f"<{portfolio}> <{pf.project}> <{iri}> ."
            if predicate == pf.portfolio and language is None and master.holds(back):
                yield back
