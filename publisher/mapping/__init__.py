"""Record classes to statements: pure, a record at a time, and a fault becomes a problem, never a wrong triple.

The same record and context give the same lines, so a build can be split over
processes. Every value is either written in full or reported: an unknown key
of a concept, organisation, source or place is a problem with its place, and
the statement it would have made is not written.
"""

from __future__ import annotations

from collections.abc import Sequence

from publisher.iris import Minter
from publisher.mapping.mapper import Context, Mapped
from publisher.mapping.owners import PortfolioMapper
from publisher.mapping.projects import ProjectMapper
from publisher.mapping.shared import SharedMapper
from publisher.records import model
from publisher.records.reader import Folder, Loaded
from publisher.reports import Place, problem
from publisher.vocabularies import Vocabularies

__all__ = ["Context", "Mapped", "context", "map_project", "map_shared"]


def context(folder: Folder, minter: Minter, vocabularies: Vocabularies, languages: Sequence[str]) -> Context:
    """Gather what the records of a folder may point at.

    The folder must have its portfolio record; the caller has reported where it has not.
    """
    assert folder.portfolio is not None  # noqa: S101  # the caller's duty, see above
    return Context(
        minter,
        vocabularies,
        languages,
        folder.portfolio.record,
        {entry.key: entry for entry, _, _ in folder.entries("organisations")},
        {entry.key: entry for entry, _, _ in folder.entries("sources")},
        frozenset(entry.key for entry, _, _ in folder.entries("places")),
        frozenset(entry.key for entry, _, _ in folder.entries("target_groups")),
    )


def map_shared(folder: Folder, ctx: Context) -> Mapped:
    """Map the portfolio's own record, its organisations, sources, places and own target groups."""
    assert folder.portfolio is not None  # noqa: S101
    mapped = Mapped()
    PortfolioMapper(folder.portfolio.record, folder.portfolio.tree, ctx, mapped).run()
    for which in ("organisations", "sources", "places", "target_groups"):
        seen: dict[str, Place] = {}
        for entry, tree, path in folder.entries(which):
            place = tree.place((*path, "key"))
            if entry.key in seen:
                message = f"stands twice (first on line {seen[entry.key].line}); every key is used once"
                mapped.problems.append(problem(place, "record/duplicate-key", message, entry.key))
                continue
            seen[entry.key] = place
            SharedMapper(tree, ctx, mapped, path).map(which, entry)
    return mapped


def map_project(loaded: Loaded[model.Project], ctx: Context) -> Mapped:
    """Map one project with all its parts.

    The portfolio's link to the project is made here too, so that a shard of whole projects is whole.
    """
    mapped = Mapped()
    ProjectMapper(loaded.record, loaded.tree, ctx, mapped).run()
    return mapped
