"""What people decided about projects that are no more in the records: withdrawn, or under a new code.

Two kinds of `decisions.yaml`: `withdrawn` names codes, with the reason and perhaps a `successor`; `renamed` names
the old code and the new. What the program cannot know, why a project is gone, is told by people and kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
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

    A successor, or a new code, may itself be withdrawn or renamed by a decision: codes change more than once.

    Args:
        decided: The decisions.
        met: The keys of projects that the records have, of those at least that decisions name; None = not known.
        lists: Whether lists of operations are among the sources: else `same-project` may be about one that is not.
    """
    decided = list(decided)
    renamed = _renamed(decided)
    told = {key for entry in decided if entry.decision.kind == WITHDRAWN for key in entry.decision.about}
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
            end = _followed(successor, renamed) if successor else ""
            if end is None:
                yield rules.problem(place, "decisions/renamed-circle", ", ".join(decision.about))
            elif end and met is not None and end not in met and end not in told:
                yield rules.problem(place, "decisions/unknown", end)
        elif decision.kind == SAME and lists and met is not None:
            for key in decision.about:
                if key not in met:
                    yield rules.problem(place, "decisions/unknown", key)


def _renamed(decided: Iterable[Decided]) -> dict[str, str]:
    """Return the new code by the old."""
    pairs = (entry.decision.about for entry in decided if entry.decision.kind == RENAMED)
    return {about[0]: about[1] for about in pairs if len(about) == 2}


def _followed(key: str, renamed: Mapping[str, str]) -> str | None:
    """Return the code that a code was given in the end; None where the codes lead round in a circle."""
    seen = {key}
    while key in renamed:
        key = renamed[key]
        if key in seen:
            return None
        seen.add(key)
    return key


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
