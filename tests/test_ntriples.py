"""Terms are written in canonical form, and two RDF libraries read back what was meant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from publisher import ntriples

S, P = "http://example.org/s", "http://example.org/p"
any_text = st.text(st.characters(exclude_categories=["Cs"]))


@given(any_text)
def test_any_text_survives_both_libraries(text: str) -> None:
    line = ntriples.line(S, P, ntriples.literal(text, "fi")) + "\n"
    assert line.count("\n") == 1
    (quad,) = ox.parse(line.encode(), format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.value == text
    assert ox.serialize([quad.triple], format=ox.RdfFormat.N_TRIPLES) == line.encode()
    ((_, _, read),) = rdflib.Graph().parse(data=line, format="nt")
    assert str(read) == text


@given(any_text)
def test_a_line_is_taken_apart_again(text: str) -> None:
    subject, predicate, obj, graph = ntriples.split(ntriples.line(S, P, ntriples.literal(text), "http://example.org/g"))
    assert (subject, predicate, graph) == (f"<{S}>", f"<{P}>", "<http://example.org/g>")
    assert ntriples.value(obj) == text


@pytest.mark.parametrize(
    ("value", "lexical"),
    [
        (Decimal("100.50"), "100.5"),
        (Decimal("0.00"), "0"),
        (Decimal("-0"), "0"),
        (Decimal("85146.03"), "85146.03"),
        (Decimal("1E+3"), "1000"),
        (Decimal("100"), "100"),
        (True, "true"),
        (7, "7"),
        (date(2016, 8, 1), "2016-08-01"),
    ],
)
def test_canonical_forms(value: Decimal | bool | int | date, lexical: str) -> None:
    assert ntriples.value(ntriples.typed(value)) == lexical


@pytest.mark.parametrize(("text", "kind"), [("2016", "gYear"), ("2016-06", "gYearMonth"), ("2016-06-30", "date")])
def test_partial_dates(text: str, kind: str) -> None:
    assert ntriples.partial_date(text) == f'"{text}"^^<http://www.w3.org/2001/XMLSchema#{kind}>'


def test_language_tags_are_in_lower_case() -> None:
    assert ntriples.literal("x", "fi-FI") == '"x"@fi-fi'


def test_what_is_no_iri_is_never_written() -> None:
    with pytest.raises(ValueError, match="no absolute IRI"):
        ntriples.line("http://x/ y", P, '"x"')
