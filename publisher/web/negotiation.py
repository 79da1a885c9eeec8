"""Content negotiation: an `Accept` header and a list of formats in, one format or None (406) out.

Pure, and lenient: what cannot be read in a header is passed over, and a header
of which nothing can be read counts as absent. RFC 9110, sections 12.4 and 12.5.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from publisher.formats import Format

_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_PARAMETER = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*"?)+')
_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_RANGE = re.compile(rf"({_NAME})/({_NAME})\Z")
_QUALITY = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)\Z")


class MediaRange(NamedTuple):
    """One element of an `Accept` header: lower-case type, whether it has parameters of its own, quality 0 to 1."""

    media_type: str
    special: bool
    quality: float


def negotiate(accept: str | None, formats: Sequence[Format]) -> Format | None:
    """Choose the format that a client wants most.

    The range that names a format most closely gives its quality: the type
    itself, then the type with a parameter (`text/turtle;profile=x`), then
    `text/*`, then `*/*`. Among equal qualities the one named more closely
    wins, then the order of `formats`.

    Args:
        accept: The header, several lines joined with commas; None or empty
            where the client sent none: any format will do.
        formats: What there is, the default first.

    Returns:
        The format, or None where the client accepts none of them.
    """
    ranges = list(parse(accept or ""))
    if not ranges:
        return formats[0] if formats else None
    best: tuple[float, int] = (0.0, 0)
    chosen: Format | None = None
    for form in formats:
        found = _quality(form, ranges)
        if found[0] > 0 and found > best:
            best, chosen = found, form
    return chosen


def parse(accept: str) -> Iterator[MediaRange]:
    """Yield the readable elements of an `Accept` header, in its order."""
    for element in _ELEMENT.findall(accept):
        first, *parameters = (part.strip() for part in _PARAMETER.findall(element) or [""])
        media_type = "*/*" if first == "*" else first.lower()
        match = _RANGE.match(media_type)
        if not match or (match[1] == "*" and match[2] != "*"):
            continue
        special, quality = False, 1.0
        for parameter in parameters:
            name, _, value = (part.strip().lower() for part in parameter.partition("="))
            if name == "q":
                quality = _number(value)
                break  # what follows are extensions of the header, not of the type
            special = special or (name, value.strip('"')) != ("charset", "utf-8")
        yield MediaRange(media_type, special, quality)


def _number(text: str) -> float:
    """Read a quality; what is none counts as 1, what is out of range as its nearer end."""
    return min(max(float(text), 0.0), 1.0) if _QUALITY.match(text) else 1.0


def _quality(form: Format, ranges: Sequence[MediaRange]) -> tuple[float, int]:
    """Return how much a format is wanted, and how closely it was named (4 to 0).

    Other names of a type count where they are written out: a wildcard never
    brings back a type that the client refused under its own name.
    """
    family = form.media_type.partition("/")[0] + "/*"
    for closeness, special, names in (
        (4, False, (form.media_type,)),
        (3, False, form.aliases),
        (2, True, (form.media_type, *form.aliases)),
        (1, None, (family,)),
        (0, None, ("*/*",)),
    ):
        found = [r.quality for r in ranges if r.media_type in names and special in (None, r.special)]
        if found:
            return max(found), closeness
    return 0.0, 0
