from __future__ import annotations

import time
from dataclasses import replace

import pytest

from publisher.errors import QueryRefusedError
from publisher.sparql_text import TextLimits, examine, tokens, unescaped, with_columns

LIMIT = TextLimits(65_536, 128, 100, 64)
FREE = TextLimits(65_536, 10**6, 10**6, 10**6)


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
        "PREFIX : <http://x/> SELECT * {SERVICE:x\ufeff{}}",
        "PREFIX : <http://x/> SELECT * {SERVICE:\u1680x{}}",
        "PREFIX a: <a:> ASK { ?s ?p a:.SERVICE<http://x/>{} }",
        "PREFIX a: <a:b> PREFIX : <a:d> SELECT * {?s ?p a:b.c.SERVICESILENT:b{}}",
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
    assert examine("ASK {} #" + "ä" * 10, replace(LIMIT, bytes=28))
    with pytest.raises(QueryRefusedError, match="longer than 27 bytes"):
        examine("ASK {} #" + "ä" * 10, replace(LIMIT, bytes=27))


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
    examine(text, FREE)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("SELECT * { ?s ?p ?o }", 1),
        ("SELECT * { ?s ?p ?o . ?a ?b ?c, ?d ; ?e ?f . }", 4),
        ("SELECT * { ?s ?p 1. ?a ex:b ex:c. ?x ?y ?z }", 3),
        ("SELECT ?a (COUNT(*) AS ?n) { VALUES (?x ?y) { (1 2) (3 4) } ?s ?p ?x } GROUP BY ?a ex:f(?b)", 1),
        ("SELECT * { VALUES ?x { 1 2 3 4 5 } GRAPH ?g { ?a ?b ?x } FILTER(?x IN (1, 2, 3)) }", 1),
        ("SELECT * { ?s ?p (1 2 3 4) }", 5),
        ('CONSTRUCT { ?s ?p ?o . ?a ?b ?c } WHERE { ?s ?p "5"^^xsd:int ; a [ ex:p 1 ; ex:q 2 ] }', 4),
        ("SELECT * { { SELECT ?a (COUNT(?x) AS ?n) { ?a ?b ?x } GROUP BY ?a HAVING (?n > 1) } ?a ?c ?d }", 2),
        ("SELECT * { ?s ?p ?o OPTIONAL { ?s ?q ?r } MINUS { ?s ?t ?u } FILTER NOT EXISTS { ?s ?v ?w } }", 4),
        ("ASK { ?s ?p ?o } VALUES ?s { <http://x/1> <http://x/2> }", 1),
    ],
)
def test_patterns_are_counted(text: str, patterns: int) -> None:
    examine(text, replace(LIMIT, patterns=patterns))
    if patterns > 1:
        with pytest.raises(QueryRefusedError, match="triple patterns"):
            examine(text, replace(LIMIT, patterns=patterns - 1))


def test_a_query_over_a_limit_is_refused_with_its_place() -> None:
    with pytest.raises(QueryRefusedError, match=r"line 2, column 4: .* nested more than 2 deep"):
        examine("ASK {\n { {} } }", replace(LIMIT, nesting=2))
    with pytest.raises(QueryRefusedError, match=r"line 1, column 20: .* list of more than 3 items"):
        examine("ASK { ?s ?p (1 1 1 1) }", replace(LIMIT, items=3))


def test_long_data_is_no_long_list() -> None:
    iris = " ".join(f"<http://x/{n}>" for n in range(1500))
    assert examine(f"SELECT * {{ VALUES ?x {{ {iris} }} ?x ?p ?o FILTER(?o IN ({', '.join(iris.split())})) }}", FREE)
    assert examine(f"SELECT * {{ VALUES ?x {{ {iris} }} ?x ?p ?o }}", LIMIT)
    assert examine(f"SELECT * {{ ?x ?p ?o FILTER(?o IN ({', '.join(iris.split())})) }}", LIMIT)


@pytest.mark.parametrize(
    ("text", "names", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", ["o", "p", "s"], "?s ?p ?o"),
        ("select distinct*{?s ?p ?o}", ["o", "p", "s"], "?s ?p ?o"),
        ("SELECT REDUCED * { $s ?p ?o FILTER(?z) }", ["o", "p", "s"], "?s ?p ?o"),
        ("PREFIX a: <http://x/*> # *\nSELECT * { ?b ?a 'x ?a' }", ["a", "b"], "?b ?a"),
        ("SELECT * { ?a ?b ?c }", ["a", "b", "c"], None),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", ["n"], None),
        ("SELECT ?s { SELECT * { ?s ?p ?o } }", ["s"], None),
    ],
)
def test_columns_are_written_out_in_order(text: str, names: list[str], columns: str | None) -> None:
    written = with_columns(text, names)
    assert (written is None) == (columns is None)
    assert columns is None or f" {columns} " in (written or "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("SELECT ?\\u0061 { ?a ?b\\U00000063 ?c }", "SELECT ?a { ?a ?bc ?c }"),
        ("S\\u0045RVICE", "SERVICE"),
        ("ASK { ?s ?p 'a\\u0027b', <http://x/\\u00e9> } # \\u0061", None),
        ("ASK \\u007B \\u007D", None),
        ("ASK { 'open \\u0061", None),
        ("\\UFFFFFFFF", None),
        ("ASK {}", None),
    ],
)
def test_escapes_outside_of_strings_and_iris_are_written_out(text: str, written: str | None) -> None:
    assert unescaped(text) == (text if written is None else written)
