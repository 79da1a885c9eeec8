"""Writes N-Triples and N-Quads text: the one place that escapes a term and gives a value its canonical form.

The mapping writes text, not term objects: 20 times cheaper in bulk. Lines are
in canonical form (RDF 1.2 N-Triples, section "Canonical N-Triples"), so that
sorted lines are the identity of a release. Terms are passed around as
their N-Triples text: `<iri>`, `"text"@fi`, `"2016"^^<…gYear>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from publisher import iris
from publisher.namespaces import xsd

_ESCAPES = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
    "\x7f": "\\u007F",
    **{chr(n): f"\\u{n:04X}" for n in range(0x20) if chr(n) not in "\n\r\t\b\f"},
}
_TABLE = str.maketrans(_ESCAPES)
_STATEMENT = re.compile(r"(<[^>]*>|_:\S+) (<[^>]*>) (.*?)(?: (<[^>]*>|_:\S+))? \.$")


def iri(text: str) -> str:
    """Return `<iri>`.

    Raises:
        ValueError: The text is no absolute IRI; it would break the line or the data.
    """
    if not iris.is_iri(text):
        raise ValueError(f"{text!r} is no absolute IRI")
    return f"<{text}>"


def literal(text: str, language: str | None = None, datatype: str | None = None) -> str:
    """Return a literal: plain, or with a language tag (lower case), or with a datatype IRI."""
    quoted = f'"{text.translate(_TABLE)}"'
    if language is not None:
        return f"{quoted}@{language.lower()}"
    return quoted if datatype is None or datatype == xsd.string else f"{quoted}^^<{datatype}>"


def typed(value: date | Decimal | int | bool) -> str:
    """Return a date, a number or a truth value in its canonical lexical form.

    Decimals lose trailing zeros and the sign of nought: `100.50` becomes `100.5`.
    """
    if isinstance(value, bool):
        return literal("true" if value else "false", datatype=xsd.boolean)
    if isinstance(value, int):
        return literal(str(value), datatype=xsd.integer)
    if isinstance(value, date):
        return literal(value.isoformat(), datatype=xsd.date)
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return literal("0" if plain in ("-0", "") else plain, datatype=xsd.decimal)


def partial_date(text: str) -> str:
    """Return `2016`, `2016-06` or `2016-06-30` as xsd:gYear, xsd:gYearMonth or xsd:date."""
    datatype = {4: xsd.gYear, 7: xsd.gYearMonth}.get(len(text), xsd.date)
    return literal(text, datatype=datatype)


def line(subject: str, predicate: str, obj: str, graph: str | None = None) -> str:
    """Return one statement as a line without its end: subject and predicate as IRIs, object as a term."""
    end = "." if graph is None else f"{iri(graph)} ."
    return f"{iri(subject)} <{predicate}> {obj} {end}"


def split(statement: str) -> tuple[str, str, str, str | None]:
    """Take a line apart to the texts of subject, predicate, object and graph (None in the default graph).

    Raises:
        ValueError: The line is no statement.
    """
    match = _STATEMENT.match(statement)
    if not match:
        raise ValueError(f"no N-Triples statement: {statement[:200]!r}")
    subject, predicate, obj, graph = match.groups()
    return subject, predicate, obj, graph


def value(term: str) -> str:
    """Return the IRI of `<iri>`, or the text of a literal."""
    if term.startswith("<"):
        return term[1:-1]
    end = term.rindex('"')
    return re.sub(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", _unescape, term[1:end])


def _unescape(match: re.Match[str]) -> str:
    escape = match.group(1)
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    return {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}.get(escape, escape)


def text(lines: Iterable[str]) -> str:
    """Join lines to a document."""
    return "".join(f"{entry}\n" for entry in lines)
