"""IRIs are minted in one way, can be taken apart, and never hold what an address cannot."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publisher import iris
from publisher.iris import Minter

text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(text)
def test_escaping_is_reversible_and_safe(component: str) -> None:
    escaped = iris.escape(component)
    assert iris.unescape(escaped) == component
    assert iris.is_key(escaped)
    assert iris.SEPARATOR not in escaped


@given(text, text)
def test_different_components_never_meet(one: str, other: str) -> None:
    assert (iris.key(one) == iris.key(other)) == (one == other)


@pytest.mark.parametrize(
    ("component", "escaped"),
    [
        ("S20394", "S20394"),
        ("A.1/x", "A_x002E_1_x002F_x"),
        ("ä", "_x00E4_"),
        ("_x002E_", "_x005F_x002E_"),
        ("a_x", "a_x"),
    ],
)
def test_the_rule_as_documented(component: str, escaped: str) -> None:
    assert iris.escape(component) == escaped


def test_a_minted_iri_is_taken_apart_again() -> None:
    minter = Minter("https://example.org/p/")
    iri = minter.iri("outcome", "S20831", "good-practices")
    assert iri == "https://example.org/p/id/outcome/S20831~good-practices"
    assert minter.split(iri) == ("outcome", "S20831~good-practices")
    assert minter.split("https://example.org/p/id/outcome/a/b") is None
    assert minter.split("https://example.org/other") is None


def test_an_unknown_type_and_an_empty_key_are_refused() -> None:
    minter = Minter("https://example.org/p")
    with pytest.raises(ValueError, match="no IRI"):
        minter.iri("person", "x")
    with pytest.raises(ValueError, match="no IRI"):
        minter.iri("project", "")


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a b:c",
        "http://x/<y>",
        "relative",
        'http://x/"',
        "http://x/\n",
        "http://x/\ud800",
        "http://x/100%",
        "http://[x/",
    ],
)
def test_what_is_no_iri(bad: str) -> None:
    assert not iris.is_iri(bad)


@given(st.from_regex(r"(https?://|urn:|x:/)[^ ]{0,12}", fullmatch=True) | text)
@example("https://x.fi/100%")
@example("http://[::1]/")
@example("http://[.]/")
@example("http://x/[a]")
@example("http://x:port/")
@example("https://x/?\ue000#\ue000")
@example("https://x/\U000e0001")
def test_what_is_an_iri_is_read_by_the_store(candidate: str) -> None:
    line = f"<{candidate}> <http://x/p> <{candidate}> .\n".encode()
    if iris.is_iri(candidate):
        (quad,) = ox.parse(line, format=ox.RdfFormat.N_TRIPLES)
        assert quad.object == ox.NamedNode(candidate)


def test_a_long_text_that_is_no_iri_is_refused_at_once() -> None:
    assert not iris.is_iri("https://" + "a:@%41" * 50_000 + " ")


def test_only_web_addresses_are_web_iris() -> None:
    assert iris.is_web_iri("https://example.org/ä?x=1")
    assert not iris.is_web_iri("javascript:alert(1)")
    assert not iris.is_web_iri("http:///path")
