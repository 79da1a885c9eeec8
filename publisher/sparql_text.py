"""Reads a query's text just far enough to refuse it or to know its form, before the engine sees it.

One pass of one regular expression, linear in the text. It is no parser: syntax
is the engine's to judge. What it refuses, a worker could not do either (it can
open no socket and no file); here the refusal gets its reason in words.

The engine's parser is guided by the grammar, where the specification cuts the
text into tokens first: in `1<'>'` the engine reads "less than" and a string, the
specification an IRI. Where the two could differ about what stands inside a
string or a comment, the text counts as *unclear*, and then even the mere word
SERVICE is refused.

Limits on patterns, nesting and lists belong here too: `tokens` yields all that they need.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from publisher.errors import QueryRefusedError

FORMS = ("select", "ask", "construct", "describe")
"""The query forms, in lower case."""
UPDATES = ("insert", "delete", "load", "clear", "create", "drop", "copy", "move", "add", "with")
"""Words that an update request begins with."""
VOLATILE = frozenset(("rand", "now", "uuid", "struuid", "bnode"))
"""Functions that make the same query give another answer each time."""

_LOCAL = r"(?:[\w.:·‿⁀-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-])*+"
_TOKEN = re.compile(
    rf"""
      (?P<space> [\s]++ )
    | (?P<comment> \#[^\n\r]*+ )
    | (?P<iri> <(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+> )
    | (?P<string> \"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*+\"\"\" | '''(?:'{{0,2}}(?:[^'\\]|\\.))*+'''
                | "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+' )
    | (?P<open> ["'] )
    | (?P<variable> [?$]\w++ )
    | (?P<language> @[A-Za-z]++(?:-[A-Za-z0-9]++)*+ )
    | (?P<name> (?:\w[\w.·‿⁀-]*+)?+:{_LOCAL} )
    | (?P<word> \w[\w.·‿⁀-]*+ )
    | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_SERVICE = re.compile(r"(?<![\w?$:])service(?![\w])", re.IGNORECASE)
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")


class Token(NamedTuple):
    """One token: its kind (`iri`, `string`, `open`, `variable`, `language`, `name`, `word`, `mark`), text and place."""

    kind: str
    text: str
    offset: int


@dataclass(frozen=True)
class Query:
    """What the text tells.

    Args:
        form: One of `FORMS`, or None where no such word leads the query: the engine will say why.
        volatile: Whether asking twice may give two answers.
    """

    form: str | None
    volatile: bool


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query without white space and comments.

    A quotation mark that nothing closes is an `open` token and the last one.
    """
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        if kind in ("space", "comment"):
            continue
        yield Token(kind, match[0], match.start())
        if kind == "open":
            return


def examine(text: str, max_bytes: int) -> Query:
    """Refuse what this service never does, and tell the form of the query.

    Args:
        text: The query.
        max_bytes: The longest text allowed, in UTF-8.

    Raises:
        QueryRefusedError: The text is too long, holds a character that no
            query may hold, calls another service, or is an update.
    """
    if len(text) > max_bytes or len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise QueryRefusedError(f"The query is longer than {max_bytes} bytes.")
    for character in text:
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise QueryRefusedError(f"The query holds the character U+{ord(character):04X}, which no query may hold.")
    form: str | None = None
    volatile = unclear = False
    before: Token | None = None
    suspect = False
    for token in tokens(text):
        if suspect and token.text == "{":
            raise _service()
        suspect = False
        if token.kind == "open" or _is_unclear(token):
            unclear = True
        elif token.kind == "name":
            # `SERVICE:x {` calls the service `:x`; `service:x` alone is a prefixed name
            suspect = "service" in token.text.partition(":")[0].lower() and not _is_word(before, "graph")
        elif token.kind == "word":
            word = token.text.lower()
            if "service" in word:
                raise _service()
            volatile = volatile or not VOLATILE.isdisjoint(re.split(r"[.\-]", word))
            if form is None:
                form = _form(word)
        before = token
    if unclear and _SERVICE.search(text):
        raise _service()
    return Query(form, volatile)


def _form(word: str) -> str | None:
    """Return the form that a word begins, or None for a word of the prologue.

    Raises:
        QueryRefusedError: The word begins an update.
    """
    if word in UPDATES:
        raise QueryRefusedError(
            f"{word.upper()} would change the data or load other data: this service only reads its own data."
        )
    return next((form for form in FORMS if word.startswith(form)), None)


def _is_word(token: Token | None, word: str) -> bool:
    return token is not None and token.kind == "word" and token.text.lower() == word


def _is_unclear(token: Token) -> bool:
    """Tell whether the engine could read an IRI as "less than" and then begin a string or a comment in it."""
    return token.kind == "iri" and ("'" in token.text or "#" in token.text) and not _ABSOLUTE.match(token.text)


def _service() -> QueryRefusedError:
    return QueryRefusedError("SERVICE would ask another server: this service answers from its own data only.")
