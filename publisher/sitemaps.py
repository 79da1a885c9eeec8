"""The parts of a sitemap: how the things of a release that have a page of their own are shared out among files.

Where each part begins is found once, when the release is built: nobody who asks for the last part of two million
addresses should wait until the others have been counted.

Source:
    sitemaps.org, Sitemaps XML format: at most 50,000 addresses and 50 MB a file, as many files an index; an address
    has less than 2,048 characters.
"""

from __future__ import annotations

from collections.abc import Iterator

from publisher import iris
from publisher.entities import ENTITY_KINDS
from publisher.iris import Minter
from publisher.masters import Master

MOST = 50_000
"""Addresses of a file at most."""
LONGEST = 2047
"""Characters of an address at most; a longer one is left out."""
OTHERS = 20
"""Addresses that the first file keeps free for pages that are about no thing."""

Place = list[str]
"""Type and key of the thing behind which a part begins: two empty texts for the first."""


def starts(master: Master, minter: Minter, most: int | None = None) -> list[Place]:
    """Return behind which thing each part begins; one part at least.

    Args:
        master: The release's statements.
        minter: Mints the portfolio's IRIs.
        most: Things of a part at most; None = as many as the protocol allows.
    """
    found: list[Place] = [["", ""]]
    before: Place = []
    most = most or MOST - OTHERS
    for number, (kind, key) in enumerate(walk(master, minter, found[0])):
        if number and number % most == 0:
            found.append(before)
        before = [kind, key]
    return found


def walk(master: Master, minter: Minter, start: Place, end: Place | None = None) -> Iterator[tuple[str, str]]:
    """Yield (type, key) of the things behind a place, in the order of the types and of the sorted statements.

    Args:
        master: The release's statements.
        minter: Mints the portfolio's IRIs.
        start: The thing to begin behind.
        end: The last one; None = all.
    """
    kinds = ENTITY_KINDS[ENTITY_KINDS.index(start[0]) if start[0] else 0 :]
    for kind in kinds:
        prefix = minter.iri(kind, "x")[:-1]
        for iri in master.subjects(prefix, prefix + start[1] if kind == start[0] else ""):
            key = iri[len(prefix) :]
            if iris.is_key(key):
                yield kind, key
                if end == [kind, key]:
                    return
