import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.formats import GRAPHS, HTML, JSON_LD, N_TRIPLES, RDF_XML, RESULTS, RESULTS_JSON, RESULTS_XML, TURTLE
from publisher.web.negotiation import negotiate

PAGE = (HTML, *GRAPHS)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, HTML),
        ("", HTML),
        ("*/*", HTML),
        ("*", HTML),
        (BROWSER, HTML),
        ("text/turtle", TURTLE),
        ("TEXT/Turtle", TURTLE),
        ("application/x-turtle", TURTLE),
        ("application/ld+json", JSON_LD),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.8", RDF_XML),
        ("text/turtle;q=0.3,application/n-triples;q=0.5", N_TRIPLES),
        ("text/turtle;profile=x", TURTLE),
        ('text/turtle;profile="a,b;q=0"', TURTLE),
        ("text/turtle;charset=utf-8", TURTLE),
        ("text/turtle; q=0", None),
        ("text/turtle;q=0, */*", HTML),
        ("text/html;q=0, */*", TURTLE),
        ("text/html;q=0,text/*", TURTLE),
        ("text/*", HTML),
        ("application/*", JSON_LD),
        ("*/*;q=0.1, application/rdf+xml", RDF_XML),
        ("*/*, application/ld+json", JSON_LD),
        ("text/html;q=0.5, text/*;q=0.9", TURTLE),
        ("image/png", None),
        ("application/json", None),
        ("text/html,text/turtle", HTML),
        ("application/xhtml+xml", HTML),
        ("text/turtle;q=0, text/turtle;profile=x", None),
        ("application/n-triples;q=1.000;ext=1, text/turtle;q=0.999", N_TRIPLES),
    ],
)
def test_chooses(accept, expected):
    assert negotiate(accept, PAGE) is expected


@pytest.mark.parametrize(
    "accept", [";;;", ",,,", "text", "*/turtle", "q=1", '"', "/", "\x00", "text/", "text/turtle/x", "; q=0"]
)
def test_a_header_of_nothing_readable_counts_as_absent(accept):
    assert negotiate(accept, PAGE) is HTML


@pytest.mark.parametrize("q", ["abc", "nan", "inf", "", "1e5", "7", "0.5.5"])
def test_an_unreadable_quality_counts_as_one(q):
    assert negotiate(f"text/turtle;q={q}, application/ld+json;q=0.9", PAGE) is TURTLE


def test_a_negative_quality_counts_as_refused():
    assert negotiate("text/turtle;q=-1", PAGE) is None


def test_unreadable_elements_are_passed_over():
    assert negotiate("nonsense, text/turtle;q=0.2", PAGE) is TURTLE


def test_two_header_lines_joined():
    assert negotiate("text/plain" + "," + "application/rdf+xml", PAGE) is RDF_XML


def test_an_alias_cannot_bring_back_what_was_refused():
    assert negotiate("application/sparql-results+json;q=0, application/json", RESULTS) is None
    assert negotiate("application/json", RESULTS) is RESULTS_JSON
    assert negotiate("text/xml", RESULTS) is RESULTS_XML


def test_no_formats_at_all():
    assert negotiate("*/*", ()) is None
    assert negotiate(None, ()) is None


@given(st.one_of(st.text(max_size=200), st.text(alphabet='text/urle*;,q=0.1" ', max_size=80)))
def test_never_fails(accept):
    assert negotiate(accept, PAGE) in (None, *PAGE)
