from __future__ import annotations

import time

import pytest

from publisher.errors import QueryRefusedError
from publisher.sparql_text import examine, tokens

LIMIT = 65_536


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "select"),
        ("select*{?s ?p ?o}", "select"),
        ("# ASK\nPREFIX ask: <http://x/select> BASE <http://x/> ASK{}", "ask"),
        ("PREFIX select: <http://x/> CONSTRUCT WHERE { ?s select:x ?o }", "construct"),
        ("DESCRIBE <http://x/>", "describe"),
        ("", None),
        ("PREFIX a: <http://x/>", None),
    ],
)
def test_form(text: str, form: str | None) -> None:
    assert examine(text, LIMIT).form == form


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { } }",
        "SELECT * {SERVICE<http://x/>{}}",
        "SELECT * {SERVICESILENT<http://x/>{}}",
        "SELECT * {?s ?p 1SERVICE<http://x/>{}}",
        "SELECT * {?s ?p true.SERVICE<http://x/>{}}",
        "PREFIX : <http://x/> SELECT * {SERVICE:x{}}",
        "SELECT * { #\n SERVICE # <\n <http://x/> { } }",
        "SELECT * { FILTER(1<'>') SERVICE<http://x/>{} #'\n }",
        'SELECT * { FILTER(1<#>"""\n2) SERVICE<http://x/>{} #"""\n }',
        "SELECT * { FILTER(1<2)SERVICE<http://x/>{} }",
    ],
)
def test_service_is_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        examine(text, LIMIT)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?service ?p "SERVICE" }',
        "SELECT * { ?s ?p '''a 'SERVICE <x> {''' }",
        "SELECT * { ?s <http://x/SERVICE#service> ?o } # SERVICE",
        "PREFIX service: <http://x/> SELECT * { GRAPH service:g { ?s service:p $SERVICE } }",
        "SELECT * { ?s ex:SERVICE ?o }",
        'SELECT * { ?s ?p "x"@service, "a\\" SERVICE" }',
        "SELECT * { FILTER(?a < 1 && ?b > 2) ?s ?p 'service' }",
        "BASE <http://x/> SELECT * { <#a> ?p ?services }",
    ],
)
def test_the_mere_word_service_is_not_refused(text: str) -> None:
    assert examine(text, LIMIT).form == "select"


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:b> <a:b> 1 }",
        "PREFIX a: <http://x/> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://x/>",
        "drop all",
        "WITH <http://x/> DELETE { } WHERE { }",
    ],
)
def test_updates_are_refused_with_the_reason(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="only reads"):
        examine(text, LIMIT)


@pytest.mark.parametrize("text", ["ASK { ?s ?p '\0' }", "ASK { ?s ?p '\ud800' }"])
def test_impossible_characters_are_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError, match=r"U\+"):
        examine(text, LIMIT)


def test_the_length_counts_bytes() -> None:
    assert examine("ASK {} #" + "ä" * 10, 28)
    with pytest.raises(QueryRefusedError, match="longer than 27 bytes"):
        examine("ASK {} #" + "ä" * 10, 27)


def test_functions_of_chance_and_time_are_seen() -> None:
    assert examine("SELECT (NOW() AS ?t) {}", LIMIT).volatile
    assert examine("SELECT * { BIND(rand() AS ?x) }", LIMIT).volatile
    assert not examine("SELECT ?now { ?now ?p 'RAND()' } # UUID()", LIMIT).volatile


def test_tokens_give_the_text_back() -> None:
    text = 'SELECT ?x { ?x ex:a\\,b """a"b"""@fi, \'c\', <http://x/> FILTER(?x<?y) }'
    assert "".join(token.text for token in tokens(text)) == text.replace(" ", "")
    assert [token.text for token in tokens("ASK { 'open")] == ["ASK", "{", "'"]


@pytest.mark.parametrize(
    "piece", ["'\\", "a.", "\\'", '"""', "<", "'''a", "a-", "?", "@a-", "%4", "{", "ä:", '"\n', "<a#'"]
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = "ASK {" + piece * (60_000 // len(piece.encode()))
    begun = time.process_time()
    examine(text, LIMIT)
    assert time.process_time() - begun < 1
