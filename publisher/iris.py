"""The only place where an IRI is minted, and taken apart again.

Shape: `{base_iri}/id/{type}/{key}`. A key is one or more components joined by
"~": `S20831~good-practices` is the part `good-practices` of the project
`S20831`; a second code scope in one portfolio makes `{scope}~{code}`.

Escaping, reversible: inside a component every character outside `A-Z a-z 0-9
_ -` becomes `_xHHHH_`, its code point in upper-case hexadecimal with four digits at
least; an underscore that would otherwise begin such a sequence is escaped too.
So "." and "/" never reach a path, and suffixes stay suffixes. (The convention
is that of ST_Xstring, ECMA-376 part 1, 22.9.2.19.)
"""

from __future__ import annotations

import hashlib
import ipaddress
import re

from publisher.namespaces import CONCEPT

TYPES = frozenset(
    {
        "portfolio",
        "project",
        "organisation",
        "target-group",
        "outcome",
        "funding",
        "participation",
        "continuation",
        "regional-link",
        "benefit",
        "challenge",
        "evidence",
        "source",
        "source-record",
        "place",
        "classification",
        "dataset",
    }
)
"""The types of `{base}/id/{type}/…`."""

SEPARATOR = "~"

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]|_(?=x[0-9A-F]{4,6}_)")
_ESCAPED = re.compile(r"_x([0-9A-F]{4,6})_")
_KEY = re.compile(r"[A-Za-z0-9_~-]+\Z")
# RFC 3987, 2.2: the characters of each part of an IRI. What is let through here, every RDF parser must read.
_UCS = "\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(plane << 16 | (0x1000 if plane == 0xE else 0))}-{chr(plane << 16 | 0xFFFD)}" for plane in range(1, 0xF)
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_NAME = f"A-Za-z0-9._~!$&'()*+,;={_UCS}-"
_HEX = "%[0-9A-Fa-f]{2}"
_IRI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?=.)"
    rf"(?:(?!//)|//(?:(?:[:{_NAME}]|{_HEX})*@)?(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?:[{_NAME}]|{_HEX})*)(?::[0-9]*)?(?![^/?#]))"
    rf"(?:[:@/{_NAME}]|{_HEX})*"
    rf"(?:\?(?:[:@/?{_PRIVATE}{_NAME}]|{_HEX})*)?"
    rf"(?:#(?:[:@/?{_NAME}]|{_HEX})*)?\Z"
)


def escape(component: str) -> str:
    """Return one component of a key with all unsafe characters as `_xHHHH_`."""
    return _UNSAFE.sub(lambda match: f"_x{ord(match.group()):04X}_", component)


def unescape(component: str) -> str:
    """Return the text that `escape` was given."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), component)


def key(*components: str) -> str:
    """Join components to a key, each escaped."""
    return SEPARATOR.join(escape(component) for component in components)


def is_key(text: str) -> bool:
    """Tell whether a text can be the key of a minted IRI (what an address may hold)."""
    return bool(_KEY.match(text))


def is_iri(text: str) -> bool:
    """Tell whether a text is an absolute IRI that can be written as it stands (RFC 3987)."""
    match = _IRI.match(text)
    if match is None or match["v6"] is None:
        return match is not None
    try:
        return bool(ipaddress.IPv6Address(match["v6"]))
    except ValueError:
        return False


def is_web_iri(text: str) -> bool:
    """Tell whether a text is an absolute http or https IRI with a host."""
    return bool(re.match(r"https?://[^/?#\s]+", text, re.IGNORECASE)) and is_iri(text)


def fingerprint(*parts: str) -> str:
    """Return ten hexadecimal digits that stand for the parts, for keys made from content."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:10]


def concept(scheme: str, concept_key: str | None = None) -> str:
    """Return the IRI of a fixed concept scheme, or of a concept in it."""
    iri = f"{CONCEPT}/{escape(scheme)}"
    return iri if concept_key is None else f"{iri}/{escape(concept_key)}"


class Minter:
    """Mints the IRIs of one portfolio.

    Args:
        base_iri: What every IRI begins with, without a slash at its end.
    """

    def __init__(self, base_iri: str) -> None:
        """Remember the base."""
        self.base_iri = base_iri.rstrip("/")

    def iri(self, kind: str, *components: str) -> str:
        """Return `{base}/id/{kind}/{key}`.

        Raises:
            ValueError: The kind is none of `TYPES`, or no component was given.
        """
        if kind not in TYPES or not components or not all(components):
            raise ValueError(f"no IRI can be minted for {kind!r} with {components!r}")
        return f"{self.base_iri}/id/{kind}/{key(*components)}"

    def split(self, iri: str) -> tuple[str, str] | None:
        """Return (type, key) of an IRI of this portfolio, or None where it is not one."""
        prefix = f"{self.base_iri}/id/"
        if not iri.startswith(prefix):
            return None
        kind, _, rest = iri[len(prefix) :].partition("/")
        return (kind, rest) if kind in TYPES and is_key(rest) else None
