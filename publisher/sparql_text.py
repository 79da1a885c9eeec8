"""Reads a query's text just far enough to refuse it or to know its form, before the engine sees it.

One pass of one regular expression, linear in the text. It is no parser: syntax
is the engine's to judge. What it refuses, a worker could not do either (it can
open no socket and no file); here the refusal gets its reason in words.

The engine's parser is guided by the grammar, where the specification cuts the
text into tokens first: in `1<'>'` the engine reads "less than" and a string, the
specification an IRI. Where the two could differ about what stands inside a
string or a comment, the text counts as *unclear*, and then even the mere word
SERVICE is refused.

Patterns, nesting and lists are counted, for the engine's planning grows with their
third power and cannot be stopped. The count is a guard, no measure: it may be a
little more than the patterns there are. What passes it is the worker's to contain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from publisher.errors import QueryRefusedError

if TYPE_CHECKING:
    from publisher.config import Settings

FORMS = ("select", "ask", "construct", "describe")
"""The query forms, in lower case."""
UPDATES = ("insert", "delete", "load", "clear", "create", "drop", "copy", "move", "add", "with")
"""Words that an update request begins with."""
VOLATILE = frozenset(("rand", "now", "uuid", "struuid", "bnode"))
"""Functions that make the same query give another answer each time."""

# The letters of names: what Python takes for one, and what the grammar does (PN_CHARS_BASE, U+FEFF among them).
_LETTER = (
    r"\w\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u037D\u037F-\u1FFF\u200C\u200D\u203F\u2040\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]"
_LOCAL = rf"(?:(?:[{_LETTER}:]|{_ESCAPED})(?:[{_LETTER}.:·-]|{_ESCAPED})*+)?+"  # it begins with no point and no hyphen
_TOKEN = re.compile(
    rf"""
      (?P<space> [\ \t\r\n]++ )
    | (?P<comment> \#[^\n\r]*+ )
    | (?P<iri> <(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+> )
    | (?P<string> \"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*+\"\"\" | '''(?:'{{0,2}}(?:[^'\\]|\\.))*+'''
                | "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+' )
    | (?P<open> ["'] )
    | (?P<variable> [?$][{_LETTER}·]++ )
    | (?P<language> @[A-Za-z]++(?:-[A-Za-z0-9]++)*+ )
    | (?P<name> (?:[{_LETTER}][{_LETTER}.·-]*+)?+:{_LOCAL} )
    | (?P<word> [{_LETTER}][{_LETTER}.·-]*+ )
    | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_SERVICE = re.compile(r"(?<![?$])service", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
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


def unescaped(text: str) -> str:
    """Write out the code points that are escaped outside of strings and IRIs (SPARQL 1.1 Query, section 19.2).

    The engine knows them in strings and IRIs only. What is no letter, digit or low line stays as it is: an error.
    """
    if "\\u" not in text.lower():
        return text
    pieces: list[str] = []
    at = 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup in ("string", "iri", "comment", "open"):
            pieces += [_ESCAPE.sub(_character, text[at : match.start()]), match[0]]
            at = match.end()
            if match.lastgroup == "open":
                return "".join(pieces) + text[at:]
    return "".join([*pieces, _ESCAPE.sub(_character, text[at:])])


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    character = chr(code) if code < 0x110000 else ""
    return character if character.isalnum() or character == "_" else match[0]


@dataclass(frozen=True)
class TextLimits:
    """How large a query may be: bytes in UTF-8, triple patterns, depth of braces and brackets, items of an RDF list."""

    bytes: int
    patterns: int
    nesting: int
    items: int

    @classmethod
    def of(cls, settings: Settings) -> TextLimits:
        """Take the limits from the settings."""
        return cls(
            settings.max_query_bytes, settings.max_query_patterns, settings.max_query_nesting, settings.max_query_list
        )


def examine(text: str, limits: TextLimits) -> Query:
    """Refuse what this service never does or could not finish, and tell the form of the query.

    Args:
        text: The query.
        limits: How large it may be.

    Raises:
        QueryRefusedError: The text is too long or too large, holds a character
            that no query may hold, calls another service, or is an update.
    """
    max_bytes = limits.bytes
    if len(text) > max_bytes or len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise QueryRefusedError(f"The query is longer than {max_bytes} bytes.")
    for character in text:
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise QueryRefusedError(f"The query holds the character U+{ord(character):04X}, which no query may hold.")
    form: str | None = None
    volatile = unclear = False
    before: Token | None = None
    suspect = 0  # in how many of the next tokens a brace would make a call of a service
    counter = _Counter(text, limits)
    for token in tokens(text):
        if suspect and token.text == "{":
            raise _service()
        suspect = max(0, suspect - 1)
        if token.kind == "open" or _is_unclear(token):
            unclear = True
        elif token.kind == "name":
            prefix, _, local = token.text.lower().partition(":")
            if "service" in prefix and not _is_word(before, "graph"):
                suspect = 1  # `SERVICE:x {` calls the service `:x`; `service:x` alone is a prefixed name
            if ".service" in local:
                suspect = 3  # in `a:b.c.SERVICE :x {` the engine ends the name at the second point
        elif token.kind == "word":
            word = token.text.lower()
            if "service" in word:
                raise _service()
            volatile = volatile or not VOLATILE.isdisjoint(re.split(r"[.\-]", word))
            if form is None:
                form = _form(word)
        counter.take(token)
        before = token
    if unclear and _SERVICE.search(text):
        raise _service()
    return Query(form, volatile)


class _Frame:
    """An open brace or bracket: group and bnode hold patterns, list items, template and the others neither."""

    __slots__ = ("items", "kind", "muted", "terms")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.terms = 0  # since the last separator
        self.items = 0
        self.muted = False  # between GRAPH or VALUES and what they open


_STRUCTURE = frozenset(
    ("optional", "union", "minus", "filter", "not", "exists", "bind", "values", "graph", "service", "select", "where")
)
_EXPRESSION_AFTER = frozenset(("filter", "having", "by", "asc", "desc"))
_OPENS, _CLOSES = "{([", "})]"


class _Counter:
    """Counts the triple patterns, the depth and the list items of a query, token by token."""

    def __init__(self, text: str, limits: TextLimits) -> None:
        self.text = text
        self.limits = limits
        self.patterns = 0
        self.frames: list[_Frame] = []
        self.last: list[Token] = []  # the last two, the latest first
        self._values = False  # whether VALUES has come and its block has not

    def take(self, token: Token) -> None:
        """Count a token.

        Raises:
            QueryRefusedError: A limit is passed.
        """
        frame = self.frames[-1] if self.frames else None
        if token.kind == "mark" and token.text in _OPENS:
            self._open(token, frame)
        elif token.kind == "mark" and token.text in _CLOSES:
            self._close(token)
        elif frame is not None and frame.kind in ("group", "template", "bnode", "list"):
            self._inside(token, frame)
        elif frame is None and _is_word_in(token, frozenset(("values",))):
            self._values = True
        self.last = [token, *self.last[:1]]

    def _before(self, index: int = 0) -> Token | None:
        return self.last[index] if len(self.last) > index else None

    def _open(self, token: Token, frame: _Frame | None) -> None:
        before = self._before()
        word = before.text.lower() if before is not None and before.kind == "word" else ""
        if token.text == "[":
            kind = "bnode"
        elif token.text == "{":
            kind = "values" if self._values else "template" if frame is None and word == "construct" else "group"
            self._values = False
        elif frame is None or frame.kind in ("expression", "values", "select") or word or frame.muted:
            kind = "expression"
        elif _is_kind(before, ("name", "iri")) and _is_word_in(self._before(1), _EXPRESSION_AFTER):
            kind = "expression"  # FILTER ex:function(
        else:
            kind = "list"
        if frame is not None:
            if token.text == "{" and not frame.muted:
                self._flush(frame, token)
            elif kind in ("list", "bnode"):
                self._term(frame, token)
            if token.text == "{":
                frame.muted = False
                frame.terms = 0
        self.frames.append(_Frame(kind))
        if len(self.frames) > self.limits.nesting:
            raise self._refused(f"is nested more than {self.limits.nesting} deep", token)

    def _close(self, token: Token) -> None:
        if self.frames:
            self._flush(self.frames.pop(), token)

    def _inside(self, token: Token, frame: _Frame) -> None:
        if token.kind == "mark":
            if token.text in ".;,":
                self._flush(frame, token)
            return
        if token.kind == "language":
            return
        if token.kind == "word":
            word = token.text.lower()
            if word in _STRUCTURE:
                self._flush(frame, token)
                frame.muted = word in ("graph", "values", "service")
                self._values = word == "values"
                if word == "select":
                    frame.kind = "select"
                return
        if not self._is_datatype(token):
            self._term(frame, token)
        if token.kind in ("word", "name") and token.text.endswith("."):  # `1.` and `ex:a.` end a triple too
            self._flush(frame, token)

    def _is_datatype(self, token: Token) -> bool:
        first, second = self._before(0), self._before(1)
        carets = [entry is not None and entry.text == "^" and entry.kind == "mark" for entry in (first, second)]
        return all(carets) and token.kind in ("iri", "name")

    def _term(self, frame: _Frame, token: Token) -> None:
        if frame.kind == "list":
            frame.items += 1
            self.patterns += 1
            if frame.items > self.limits.items:
                raise self._refused(f"has a list of more than {self.limits.items} items", token)
            self._check(token)
        elif not frame.muted:
            frame.terms += 1

    def _flush(self, frame: _Frame, token: Token) -> None:
        if frame.terms and frame.kind in ("group", "bnode"):
            self.patterns += max(1, -(-frame.terms // 3))
            self._check(token)
        frame.terms = 0

    def _check(self, token: Token) -> None:
        if self.patterns > self.limits.patterns:
            raise self._refused(f"has more than {self.limits.patterns} triple patterns", token)

    def _refused(self, what: str, token: Token) -> QueryRefusedError:
        line = self.text.count("\n", 0, token.offset) + 1
        column = token.offset - self.text.rfind("\n", 0, token.offset)
        return QueryRefusedError(f"line {line}, column {column}: The query {what}, which is this service's limit.")


def _is_kind(token: Token | None, kinds: tuple[str, ...]) -> bool:
    return token is not None and token.kind in kinds


def _is_word_in(token: Token | None, words: frozenset[str]) -> bool:
    return token is not None and token.kind == "word" and token.text.lower() in words


def with_columns(text: str, names: Sequence[str]) -> str | None:
    """Write the columns of `SELECT *` out, in the order in which the query names them.

    Args:
        text: A query that the engine has taken.
        names: The variables of its result, as the engine gives them.

    Returns:
        The query with the columns in the place of the asterisk; None where
        there is no asterisk, or nothing to change.
    """
    star: Token | None = None
    order: dict[str, None] = {}
    state = ""
    for token in tokens(text):
        word = token.text.lower() if token.kind == "word" else ""
        if not state:
            state = word if word == "select" else ""
        elif state == "select" and word not in ("distinct", "reduced"):
            if token.text != "*":
                return None
            star, state = token, "body"
        elif token.kind == "variable" and token.text[1:] in names:
            order[token.text[1:]] = None
    columns = [*order, *(name for name in names if name not in order)]
    if star is None or columns == list(names):
        return None
    written = " ".join(f"?{name}" for name in columns)
    return f"{text[: star.offset]} {written} {text[star.offset + 1 :]}"


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
