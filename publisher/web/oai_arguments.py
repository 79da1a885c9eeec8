"""Reads what a harvester asks of `/oai`, and refuses it in the protocol's own words.

Arguments come in the address (GET) or in a form (POST), each once; `resumptionToken` comes alone.

Source: Open Archives Initiative Protocol for Metadata Harvesting 2.0, sections 3.1.1, 3.3.1, 3.6 and 4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from flask import request

from publisher import iris
from publisher.web.oai_xml import is_writable

VERBS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "GetRecord": (("identifier", "metadataPrefix"), ()),
    "Identify": ((), ()),
    "ListIdentifiers": (("metadataPrefix",), ("from", "until", "set")),
    "ListMetadataFormats": ((), ("identifier",)),
    "ListRecords": (("metadataPrefix",), ("from", "until", "set")),
    "ListSets": ((), ()),
}
"""Arguments that a verb must have and may have."""

RESUMABLE = ("ListIdentifiers", "ListRecords", "ListSets")
LONGEST = 4000
"""Longest value of an argument, in characters."""

_FORM = "application/x-www-form-urlencoded"
_MOST_PARAMETERS = 100
_PREFIX = re.compile(r"[A-Za-z0-9_.!~*'()-]+\Z")
_SET = re.compile(r"[A-Za-z0-9_.!~*'()-]+(:[A-Za-z0-9_.!~*'()-]+)*\Z")
_RELATIVE = re.compile(r"[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_SECOND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")


class OaiError(Exception):
    """The protocol's own error.

    Args:
        code: `badArgument`, `badVerb` and the like.
        message: What is wrong, in English.
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep code and message."""
        super().__init__(message)
        self.code = code


def read() -> dict[str, str]:
    """Return the arguments of the request at hand; their names and values are of the right form.

    Raises:
        OaiError: `badVerb` or `badArgument`.
        RequestEntityTooLarge: The body is longer than this server takes.
    """
    query = request.environ.get("QUERY_STRING", "").encode("latin-1")
    pairs = _pairs(query)
    if request.method == "POST":
        body = request.get_data()
        if body and request.mimetype != _FORM:
            raise OaiError("badArgument", f"The arguments of a POST are sent as {_FORM}.")
        pairs += _pairs(body)
    return checked(pairs)


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )  # fmt: skip
    except UnicodeDecodeError as error:
        raise OaiError("badArgument", "The request is not in UTF-8.") from error
    except ValueError as error:
        raise OaiError("badArgument", "There are too many arguments in the request.") from error


def checked(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return arguments by name.

    Raises:
        OaiError: `badVerb` or `badArgument`.
    """
    verbs = [value for name, value in pairs if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in VERBS:
        wrong = "no verb" if not verbs else "more than one verb" if len(verbs) > 1 else "an unknown verb"
        raise OaiError("badVerb", f"The request has {wrong}. Known: {', '.join(VERBS)}.")
    verb, found = verbs[0], dict(pairs)
    if len(found) != len(pairs):
        raise OaiError("badArgument", "An argument is there more than once.")
    required, optional = VERBS[verb]
    allowed = {"verb", *required, *optional, *(("resumptionToken",) if verb in RESUMABLE else ())}
    if not allowed.issuperset(found):
        raise OaiError("badArgument", f"{verb} takes only: {', '.join(sorted(allowed - {'verb'})) or 'no arguments'}.")
    if "resumptionToken" in found:
        if len(found) > 2:
            raise OaiError("badArgument", "A resumptionToken comes without any other argument but the verb.")
        return found
    missing = [name for name in required if name not in found]
    if missing:
        raise OaiError("badArgument", f"{verb} needs: {', '.join(missing)}.")
    _check_values(found)
    return found


def _check_values(found: Mapping[str, str]) -> None:
    for name, value in found.items():
        if not value or len(value) > LONGEST or not is_writable(value):
            raise OaiError("badArgument", f"The value of {name} is empty, too long, or holds control characters.")
    identifier = found.get("identifier", "x")
    if not (iris.is_iri(identifier) or _RELATIVE.match(identifier)):
        raise OaiError("badArgument", "The identifier is no URI.")
    if not _PREFIX.match(found.get("metadataPrefix", "x")):
        raise OaiError("badArgument", "The metadataPrefix holds characters that none may hold.")
    if not _SET.match(found.get("set", "x")):
        raise OaiError("badArgument", "The set holds characters that none may hold.")
    since, until = (moment(found.get(name, "")) for name in ("from", "until"))
    if since and until and len(found["from"]) != len(found["until"]):
        raise OaiError("badArgument", "from and until are of the same granularity: both days or both seconds.")
    if since and until and since > moment(found["until"], end=True):
        raise OaiError("badArgument", "from is later than until.")


def moment(value: str, *, end: bool = False) -> str:
    """Return a day or second as a second: a day's first, or its last.

    Args:
        value: `2026-11-24` or `2026-11-24T03:15:00Z`; "" stays "".
        end: Whether a day stands for its last second.

    Raises:
        OaiError: It is neither.
    """
    if not value:
        return ""
    try:
        if _DAY.match(value):
            datetime.strptime(value, "%Y-%m-%d")  # noqa: DTZ007  # only looked at
            return f"{value}T23:59:59Z" if end else f"{value}T00:00:00Z"
        if _SECOND.match(value):
            datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007  # only looked at
            return value
    except ValueError:
        pass
    raise OaiError("badArgument", "A date is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ, in UTC.")
