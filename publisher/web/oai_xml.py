"""Writes XML from texts that anybody may have written: escaped, and without the characters that XML cannot hold."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z")
_IN_TEXT = {"\r": "&#13;"}  # a reader would take it for the end of a line
_IN_ATTRIBUTE = {**_IN_TEXT, '"': "&quot;", "\t": "&#9;", "\n": "&#10;"}


def is_writable(text: str) -> bool:
    """Tell whether XML 1.0 can hold a text as it is (section 2.2, Char)."""
    return not _FORBIDDEN.search(text)


def printable(text: str) -> str:
    """Return a text with U+FFFD for every character that XML 1.0 cannot hold, not even escaped."""
    return _FORBIDDEN.sub("\ufffd", text)


def element(name: str, *content: str, language: str = "", **attributes: str) -> str:
    """Return an element.

    Args:
        name: Its name, with a prefix that is declared around it.
        *content: What it holds, as XML.
        language: Its `xml:lang`; left out where it is none.
        **attributes: Attributes by name, as texts.
    """
    pairs = list(attributes.items())
    if _LANGUAGE.match(language):
        pairs.append(("xml:lang", language))
    opened = "".join(f' {key}="{escape(printable(value), _IN_ATTRIBUTE)}"' for key, value in pairs)
    inside = "".join(content)
    return f"<{name}{opened}>{inside}</{name}>" if inside else f"<{name}{opened}/>"


def text(value: str) -> str:
    """Return a text as XML."""
    return escape(printable(value), _IN_TEXT)
