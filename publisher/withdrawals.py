"""What people decided about projects that are no more in the records: withdrawn, or under a new code.

Two kinds of `decisions.yaml`: `withdrawn` names codes, with the reason and perhaps a `successor`; `renamed` names
the old code and the new. What the program cannot know, why a project is gone, is told by people and kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from publisher import iris, rules
from publisher.history import Decision
from publisher.iris import Minter
from publisher.records import model
from publisher.reports import Place, Problem

WITHDRAWN, RENAMED, SAME = "withdrawn", "renamed", "same-project"


@dataclass(frozen=True)
class Decided:
    """A decision and the place where it stands."""

    decision: model.Decision
    place: Place


def check(decided: Iterable[Decided], met: Collection[str] | None, *, lists: bool) -> Iterator[Problem]:
    """Yield what is wrong with decisions about projects.

    Args:
        decided: The decisions.
        met: The keys of projects that the records have, of those at least that decisions name; None = not known.
        lists: Whether lists of operations are among the sources: else `same-project` may be about one that is not.
    """
    for entry in decided:
        decision, place = entry.decision, entry.place
        gone = decision.about if decision.kind == WITHDRAWN else decision.about[:1]
        if decision.kind == RENAMED and (len(decision.about) != 2 or decision.successor):
            yield rules.problem(place, "decisions/renamed-form", ", ".join(decision.about))
        elif decision.kind in (WITHDRAWN, RENAMED):
            for key in gone:
                if not iris.is_key(key):
                    yield rules.problem(place, "decisions/key-form", key)
                elif met is not None and key in met:
                    yield rules.problem(place, "decisions/still-there", key)
            successor = decision.successor if decision.kind == WITHDRAWN else decision.about[1]
            if successor and met is not None and successor not in met:
                yield rules.problem(place, "decisions/unknown", successor)
        elif decision.kind == SAME and lists and met is not None:
            for key in decision.about:
                if key not in met:
                    yield rules.problem(place, "decisions/unknown", key)


def decided(found: Iterable[Decided], minter: Minter) -> Iterator[Decision]:
    """Yield what the history keeps of decisions, the later of two about one project last."""
    for entry in found:
        decision = entry.decision
        reason = dict(decision.reason)
        if decision.kind == WITHDRAWN:
            successor = f"{minter.base_iri}/id/project/{decision.successor}" if decision.successor else None
            for key in decision.about:
                yield Decision("project", key, reason, successor)
        elif decision.kind == RENAMED and len(decision.about) == 2:
            old, new = decision.about
            yield Decision("project", old, reason, f"{minter.base_iri}/id/project/{new}", renamed=True)
