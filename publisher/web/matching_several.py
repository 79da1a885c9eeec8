"""Candidates of a query with several conditions on the name.

Source: the draft of Reconciliation Service API 1.0, "Structure of a Reconciliation Query": `matchType` name with
`matchQuantifier` any, all or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from publisher.web.matching import Candidate, Matcher, alone
from publisher.web.matching_queries import Called, Query
from publisher.web.matching_texts import Text

_JOINED = 100
"""Candidates under one of several names that are compared with those under the others."""


def several(matcher: Matcher, query: Query, names: Sequence[Called]) -> list[Candidate]:
    """Return the candidates of a query with several conditions on the name, the best first.

    What is near to more of the names is better; a match is one under each of them. What has a name that is denied
    is left out.
    """
    sought = [entry for entry in names if not entry.denied]
    denied = [Text(text) for entry in names if entry.denied for text in entry.texts]
    if not denied and [len(entry.texts) for entry in sought] == [1]:
        return matcher.candidates(replace(query, text=sought[0].texts[0]))
    each = [_any(matcher, query, entry.texts) for entry in sought or [Called(("",))]]
    joined = []
    for number in {number: None for found in each for number in found}:
        own = [found.get(number) for found in each]
        told = [candidate for candidate in own if candidate]
        best = max(told, key=lambda candidate: candidate.score)
        best.match = len(told) == len(own) and all(candidate.match for candidate in told)
        best.score = round(sum(candidate.score for candidate in told) / len(own), 1)
        missed = any(entry.required and not found for entry, found in zip(sought, own, strict=False))
        if not missed and not any(text.likeness(name).same for text in denied for name in best.names):
            joined.append(best)
    for candidate in joined:
        candidate.match = candidate.match and alone(candidate, joined)
    joined.sort(key=lambda candidate: (-candidate.score, candidate.thing.iri))
    return joined[: query.limit]


def _any(matcher: Matcher, query: Query, texts: Sequence[str]) -> dict[int, Candidate]:
    """Return the candidates under any of several names, each under that which is nearest to its own."""
    found: dict[int, Candidate] = {}
    for text in texts:
        for candidate in matcher.candidates(replace(query, text=text, limit=_JOINED)):
            before = found.get(candidate.number)
            if before is None or candidate.score > before.score:
                found[candidate.number] = candidate
    if sum(candidate.match for candidate in found.values()) > 1:
        for candidate in found.values():
            candidate.match = False
    return found
