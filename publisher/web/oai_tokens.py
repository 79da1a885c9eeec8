"""Resumption tokens of `/oai`: all that a list's next part needs stands in the token, and nothing on the server.

So a token outlives releases and restarts and needs no store: it names the resource to go on behind, not a
number of records, and a release that comes live meanwhile shifts nothing. It holds no secret and grants nothing:
one that somebody made up asks for what an ordinary request could ask for, so it is checked, not signed.

    1.r.oai_dc.20261124T000000Z..project.project.S20394.100
    version, verb, format, from, until, set, type and key to go on behind, records told before

Every character is one that an address holds unescaped: harvesters that forget to escape lose nothing.

Source: Open Archives Initiative Protocol for Metadata Harvesting 2.0, section 3.5 (flow control).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 4000
"""Longest token, in characters."""

_VERBS = {"ListIdentifiers": "i", "ListRecords": "r"}
_STAMP = r"(?:[0-9]{8}T[0-9]{6}Z)?"
_TOKEN = re.compile(
    rf"1\.([ir])\.([a-z_]+)\.({_STAMP})\.({_STAMP})\.([a-z-]*)\.([a-z-]+)\.([A-Za-z0-9_~-]+)\.([0-9]{{1,12}})\Z"
)


@dataclass(frozen=True)
class Position:
    """Where a list goes on.

    Args:
        kind: Type of the record to go on behind.
        key: Its key.
    """

    kind: str
    key: str


@dataclass(frozen=True)
class Selection:
    """What a list is of.

    Args:
        verb: `ListIdentifiers` or `ListRecords`.
        prefix: The metadata format.
        since: First datestamp, `2026-11-24T03:15:00Z`; "" = no bound.
        until: Last datestamp, likewise.
        set: A type of records; "" = all.
    """

    verb: str
    prefix: str
    since: str = ""
    until: str = ""
    set: str = ""


def write(selection: Selection, position: Position, told: int) -> str:
    """Return the token of a list's next part.

    Args:
        selection: What the list is of.
        position: Where it goes on.
        told: How many records came before.
    """
    since, until = (re.sub("[:-]", "", stamp) for stamp in (selection.since, selection.until))
    fields = (
        _VERBS[selection.verb],
        selection.prefix,
        since,
        until,
        selection.set,
        position.kind,
        position.key,
        str(told),
    )
    return ".".join(("1", *fields))


def read(token: str) -> tuple[Selection, Position, int]:
    """Take a token apart; whether its format, set and type are known is for the caller to see.

    Raises:
        ValueError: It has not the form of one of ours.
    """
    match = _TOKEN.match(token) if len(token) <= MOST else None
    if match is None:
        raise ValueError("no token of this service")
    verb, prefix, since, until, asked, kind, key, told = match.groups()
    selection = Selection(
        next(name for name, letter in _VERBS.items() if letter == verb), prefix, _stamp(since), _stamp(until), asked
    )
    return selection, Position(kind, key), int(told)


def _stamp(compact: str) -> str:
    """Return `20261124T031500Z` as `2026-11-24T03:15:00Z`."""
    return re.sub(r"(....)(..)(.....)(..)(...)", r"\1-\2-\3:\4:\5", compact)
