"""Reports: sorted, each problem once, and the same facts in every form."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH

from publisher.namespaces import SHAPES
from publisher.reports import INFO, WARNING, Place, Problem, Report, problem

RULE = f"{SHAPES}#Project-title"
PROBLEMS = [
    problem(Place("b.yaml", 2, 1), "record/date", "is no date", "x", WARNING),
    problem(Place("a.yaml", 10, 3, "title"), "record/key", "is <no> key", '=HYPERLINK("x")\n\x1b[31m'),
    Problem(Place("a.yaml", 9), RULE, INFO, {"en": "English", "fi": "Suomeksi"}, "", "https://example.org/s"),
    problem(Place("b.yaml", 2, 1), "record/date", "is no date", "x", WARNING),
]


def report(**facts: object) -> Report:
    return Report.of(PROBLEMS, projects=2, **facts)


def test_problems_are_sorted_by_place_and_stand_once() -> None:
    assert [str(p.place) for p in report().problems] == ["a.yaml:9", "a.yaml:10:3", "b.yaml:2:1"]
    assert report().counts == {"violation": 1, "warning": 1, "info": 1}
    assert Report.of(reversed(PROBLEMS), projects=2) == report()


def test_only_violations_block() -> None:
    assert not report().conforms
    assert Report.of(PROBLEMS[:1]).conforms
    assert Report(()).conforms


def test_text_is_a_line_a_problem_whatever_the_values_hold() -> None:
    lines = report(notes=("a note",)).write("text").splitlines()
    assert len(lines) == 5
    assert "\x1b" not in "".join(lines)
    assert lines[0] == "a.yaml:9: info: English [pfs:Project-title]"
    assert lines[2] == 'b.yaml:2:1: warning: "x" is no date [record/date]'
    assert lines[3:] == [
        "note: a note",
        "The data does not conform: 1 violation, 1 warning, 1 info in 2 projects.",
    ]


def test_the_language_that_is_asked_for_is_used_where_it_is_there() -> None:
    text = report().write("text", "fi")
    assert "Suomeksi" in text
    assert "is no date" in text


def test_a_long_value_is_shortened() -> None:
    assert len(problem(Place("a"), "r", "m", "x" * 10_000).value) == 201


def test_json_holds_all_facts() -> None:
    document = json.loads(report(engine="pyshacl", cross_checked=1).write("json"))
    assert (document["conforms"], document["engine"], document["cross_checked"]) == (False, "pyshacl", 1)
    first = document["problems"][0]
    assert (first["file"], first["line"], first["rule"], first["messages"]["fi"]) == ("a.yaml", 9, RULE, "Suomeksi")


def test_no_cell_of_the_table_is_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(report().write("csv"))))
    assert len(rows) == 4
    assert rows[2][5].startswith("'=HYPERLINK")
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in rows for cell in row)


def test_the_page_escapes_what_files_hold() -> None:
    page = report(notes=("<script>",)).write("html")
    assert "is &lt;no&gt; key" in page
    assert "<script>" not in page


def test_turtle_is_a_shacl_report_for_both_libraries() -> None:
    text = report().write("turtle")
    assert len(list(ox.parse(text, format=ox.RdfFormat.TURTLE))) == len(set(report().statements()))
    graph = rdflib.Graph().parse(data=text, format="turtle")
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(node, SH.conforms) == rdflib.Literal(False)
    assert len(list(graph.objects(node, SH.result))) == 3
    (result,) = graph.subjects(SH.sourceShape, rdflib.URIRef(RULE))
    assert graph.value(result, SH.focusNode) == rdflib.URIRef("https://example.org/s")
    assert report().write("turtle") == text
