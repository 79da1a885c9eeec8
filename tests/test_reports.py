"""Reports: sorted, each problem once, and the same facts in every form and language."""

from __future__ import annotations

import csv
import io
import json
import pickle
import re
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF, RDFS, SH

import publisher
from publisher import report_texts
from publisher.namespaces import SHAPES
from publisher.problems import letters, visible
from publisher.reports import (
    FORMATS,
    INFO,
    SEVERITIES,
    VIOLATION,
    WARNING,
    Account,
    Place,
    Problem,
    Report,
    RuleText,
    Tally,
    problem,
)

RULE = f"{SHAPES}#Project-title"
PROBLEMS = [
    problem(Place("b.yaml", 2, 1), "record/date", "is no date", "x", WARNING),
    problem(Place("a.yaml", 10, 3, "title"), "record/key", "is <no> key", '=HYPERLINK("x")\n\x1b[31m'),
    Problem(Place("a.yaml", 9), RULE, INFO, {"en": "English", "fi": "Suomeksi"}, "", "https://example.org/s"),
    problem(Place("b.yaml", 2, 1), "record/date", "is no date", "x", WARNING),
]
CODE = RuleText(
    {"fi": "Koodi puuttuu", "sv": "Koden saknas", "en": "No code"},
    {"fi": "Kirjoita koodi.", "sv": "Ange koden.", "en": "Enter the code."},
)
NO_CODE = {
    "fi": "Koodia ei ole. Kirjoita koodi.",
    "sv": "Kod saknas. Ange koden.",
    "en": "There is none. Enter the code.",
}
ACCOUNT = Account(
    "list.csv",
    2881,
    2874,
    0,
    {"lists/code-missing": 7},
    {"header": 1, "blank": 2},
    {"quoted-whole": 7, "of-tomorrow": 1},
    {"e-mail": 1},
)


def report(**facts: object) -> Report:
    return Report.of(PROBLEMS, projects=2, **facts)


def listed(count: int = 7, **facts: object) -> Report:
    """Return the report on a list, of whose many faults three are listed."""
    problems = [
        Problem(Place("list.csv", n, 3, "Koodi"), "lists/code-missing", WARNING, NO_CODE, f"v{n}") for n in (12, 13, 14)
    ]
    tallies = (Tally("lists/code-missing", WARNING, count, 3),)
    texts = {"lists/code-missing": CODE}
    return Report.of(problems, tallies=tallies, texts=texts, accounts=(ACCOUNT,), projects=2874, **facts)


def test_problems_are_sorted_by_place_and_stand_once() -> None:
    assert [str(p.place) for p in report().problems] == ["a.yaml:9", "a.yaml:10:3", "b.yaml:2:1"]
    assert report().counts == {"violation": 1, "warning": 1, "info": 1}
    assert Report.of(reversed(PROBLEMS), projects=2) == report()


def test_only_violations_block() -> None:
    assert not report().conforms
    assert Report.of(PROBLEMS[:1]).conforms
    assert Report(()).conforms
    assert not Report((), tallies=(Tally("r", VIOLATION, 1, 0),)).conforms


def test_text_is_a_line_a_problem_whatever_the_values_hold() -> None:
    lines = report(notes=("a \x1b[31mnote",)).write("text").splitlines()
    assert "\x1b" not in "".join(lines)
    assert lines == [
        'a.yaml:10:3: violation: title: "=HYPERLINK(\\"x\\")\\n\\u001b[31m" is <no> key [record/key]',
        'b.yaml:2:1: warning: "x" is no date [record/date]',
        "a.yaml:9: info: English [pfs:Project-title]",
        "note: a \\x1b[31mnote",
        "The data does not conform: 1 violation, 1 warning, 1 info in 2 projects.",
    ]


def test_the_language_that_is_asked_for_is_used_where_it_is_there() -> None:
    text = report().write("text", "fi")
    assert "Suomeksi" in text
    assert "is no date" in text
    assert text.endswith(
        "Aineisto ei täytä vaatimuksia: 1 virhe, 1 varoitus, 1 huomautus, tarkistettuja hankkeita 2.\n"
    )
    assert report().write("html", "xx").count('lang="en"') == 1


def test_a_long_value_is_shortened() -> None:
    assert len(problem(Place("a"), "r", "m", "x" * 10_000).value) == 201


def test_a_report_by_rule_says_once_what_is_wrong_and_how_to_mend_it() -> None:
    lines = listed().write("text", "en").splitlines()
    assert lines[:7] == [
        "warning: No code: 7 places [lists/code-missing]",
        "  There is none.",
        "  How to mend it: Enter the code.",
        '  list.csv: row 12, column C “Koodi”: "v12"',
        '  list.csv: row 13, column C “Koodi”: "v13"',
        '  list.csv: row 14, column C “Koodi”: "v14"',
        "  … and 4 more of this kind, not listed here",
    ]
    assert lines[7] == (
        "list.csv: 2,881 rows: 2,874 published, 0 merged, 7 rejected (No code: 7). Rows that are no records: 2 blank "
        "rows, 1 header row. Repaired in reading: 7 rows quoted as a whole, of-tomorrow: 1. Withheld as personal data: "
        "1 e-mail address."
    )
    assert lines[8] == "The data conforms: 0 violations, 7 warnings, 0 infos in 2,874 projects."


@pytest.mark.parametrize(
    ("language", "title", "where", "mend", "account", "more"),
    [
        ("fi", "Koodi puuttuu", "rivi 12, sarake C ”Koodi”", "Näin korjaat", "2\u00a0874 julkaistu", "ja 4 muuta"),
        ("sv", "Koden saknas", "rad 12, kolumn C ”Koodi”", "Så rättar du", "2\u00a0874 publicerade", "och 4 till"),
        ("en", "No code", "row 12, column C “Koodi”", "How to mend it", "2,874 published", "and 4 more of this"),
    ],
)
def test_every_form_tells_where_what_how_and_how_many(
    language: str, title: str, where: str, mend: str, account: str, more: str
) -> None:
    made = listed()
    for words in (title, where, mend, account, more):
        assert words in made.write("text", language)
    page = made.write("html", language)
    for words in (title, where, mend, more, account.split()[0], f'lang="{language}"'):
        assert words in page
    document = json.loads(made.write("json", language))
    assert document["summary"] == made.summary(language)
    assert account in document["accounts"][0]["message"]
    assert document["accounts"][0]["rejected"] == {"lists/code-missing": 7}
    (rule,) = document["rules"]
    assert (rule["title"], rule["count"], rule["listed"]) == (title, 7, 3)
    assert more in rule["more"]
    assert CODE.mend[language] == rule["mend"]
    assert (document["problems"][0]["cell"], document["problems"][0]["table"]) == ("C12", True)
    rows = list(csv.DictReader(io.StringIO(made.write("csv", language))))
    assert [row["severity"] for row in rows] == ["warning"] * 3 + ["note"] * 2
    assert (rows[0]["cell"], rows[0]["title"], rows[0]["path"]) == ("C12", title, "Koodi")
    assert account in rows[3]["message"]
    assert more in rows[4]["message"]
    graph = rdflib.Graph().parse(data=made.write("turtle", language), format="turtle")
    said = " ".join(str(comment) for comment in graph.objects(None, RDFS.comment))
    assert account in said
    assert more in said


def test_nothing_is_said_to_be_left_out_where_all_is_there() -> None:
    for form in FORMATS:
        assert "more of this kind" not in listed(3).write(form)
        assert "more of this kind" in listed(4).write(form)


def test_a_terminal_shows_the_first_of_a_rule_and_counts_the_rest() -> None:
    problems = [problem(Place("a.yaml", n), "record/key", "is no key") for n in range(1, 101)]
    lines = Report.of(problems).write("text").splitlines()
    assert len(lines) == 29
    assert lines[-2] == "  … and 75 more of this kind, not listed here"
    assert len(list(csv.reader(io.StringIO(Report.of(problems).write("csv"))))) == 101


def test_the_gravest_come_first_then_the_most_frequent() -> None:
    tallies = (
        Tally("a", INFO, 9, 0),
        Tally("b", VIOLATION, 1, 0),
        Tally("c", WARNING, 2, 0),
        Tally("d", WARNING, 3, 0),
    )
    assert [group.rule for group in Report((), tallies=tallies).groups] == ["b", "d", "c", "a"]


def test_every_row_is_accounted_for() -> None:
    with pytest.raises(ValueError, match="10 rows were read, but 9 are accounted for"):
        Account("list.csv", 10, 7, 1, {"lists/code-missing": 1})


def test_mending_that_tells_of_the_single_fault_stays_in_its_message() -> None:
    one = Problem(Place("l.csv", 1), "lists/x", WARNING, {"en": "Wrong. Write 7."})
    two = Problem(Place("l.csv", 2), "lists/x", WARNING, {"en": "Wrong. Write 8."})
    text = Report.of([one, two], texts={"lists/x": RuleText({"en": "X"})}).write("text")
    assert "Write 7." in text
    assert "Write 8." in text


def test_where_messages_are_in_english_the_rule_says_in_the_language_what_is_wrong() -> None:
    problems = [problem(Place("a.yaml", n), "yaml/tag", "tags are not allowed", f"!{n}") for n in (1, 2)]
    words = RuleText({"fi": "Tunniste"}, {"fi": "Poista se."}, {"fi": "Siinä on tunniste.", "en": "There is a tag."})
    made = Report.of(problems, texts={"yaml/tag": words})
    assert made.write("text", "fi").splitlines()[:4] == [
        "virhe: Tunniste: 2 kohtaa [yaml/tag]",
        "  Siinä on tunniste.",
        "  tags are not allowed",
        "  Näin korjaat: Poista se.",
    ]
    assert "<p>Siinä on tunniste.</p>" in made.write("html", "fi")
    assert "There is a tag." not in made.write("text", "en")


def test_no_value_of_personal_data_is_kept() -> None:
    secret = "Nimi Poistettu 010100-123D"
    made = Problem(Place("l.csv", 2, 3, "Contact"), "privacy/e-mail", WARNING, {"en": "withheld"}, secret)
    assert made.value == ""
    assert problem(Place("l.csv"), "privacy/phone", "withheld", secret).value == ""
    assert secret.encode() not in pickle.dumps(made)
    for form in FORMATS:
        assert "Poistettu" not in Report.of([made]).write(form)
    assert Problem(Place("l.csv"), "record/x", WARNING, {"en": "m"}, secret).value == secret


def test_json_holds_all_facts() -> None:
    document = json.loads(report(engine="pyshacl", cross_checked=1).write("json"))
    assert (document["conforms"], document["engine"], document["cross_checked"]) == (False, "pyshacl", 1)
    first = document["problems"][0]
    assert (first["file"], first["line"], first["rule"], first["messages"]["fi"]) == ("a.yaml", 9, RULE, "Suomeksi")
    assert (first["cell"], first["table"]) == ("", False)


def test_no_cell_of_the_table_is_a_formula() -> None:
    hostile = problem(Place("=a.csv", 1, 1, "+b"), "@rule", "-c\t", "\t=d")
    account = Account("@list.csv", 0, 0)
    made = Report.of([*PROBLEMS, hostile], notes=("=note",), accounts=(account,))
    rows = list(csv.reader(io.StringIO(made.write("csv"))))
    assert len(rows) == 7
    assert any(cell.startswith("'=HYPERLINK") for cell in rows[3])
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t") for row in rows for cell in row)


class _Checker(HTMLParser):
    """Sees that elements close and links lead somewhere."""

    VOID = frozenset({"meta", "br", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        told = dict(attrs)
        if told.get("id"):
            self.ids.append(str(told["id"]))
        if told.get("href"):
            self.links.append(str(told["href"]))
        assert not any(name.startswith("on") for name in told)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_escapes_what_files_hold() -> None:
    hostile = problem(Place("<b>.csv", 1, 1, "<i>"), '"><script>', "<u>", "<script>alert(1)</script>\u202e")
    account = Account("<img src=x>", 0, 0)
    page = report(notes=("<script>",)).write("html")
    assert "is &lt;no&gt; key" in page
    assert "<script>" not in page
    text = Report.of([hostile, *PROBLEMS], notes=("<script>",), accounts=(account,), engine="<u>").write("html")
    assert "\u202e" not in text
    checker = _Checker()
    checker.feed(text)
    assert checker.open == []
    assert checker.tags.isdisjoint({"script", "img", "b", "i", "u", "link"})


def test_the_page_leads_from_its_list_to_each_rule() -> None:
    twins = [problem(Place("a"), rule, "m") for rule in ("a/b", "a-b", "a b")]
    checker = _Checker()
    checker.feed(Report.of([*twins, *PROBLEMS]).write("html", "sv"))
    assert len(checker.ids) == len(set(checker.ids))
    assert len(checker.links) >= 12
    assert all(link.startswith("#") and link[1:] in checker.ids for link in checker.links)


def test_a_report_without_problems_is_a_page_too() -> None:
    assert "Mitään korjattavaa ei löytynyt." in Report(()).write("html", "fi")


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


@pytest.mark.parametrize("form", FORMATS)
def test_a_name_that_is_no_utf8_does_not_stop_a_report(form: str) -> None:
    odd = problem(Place("list\udcff.csv", 1), "record/x", "m", "v\udcff")
    made = Report.of([odd], accounts=(Account("list\udcff.csv", 0, 0),), notes=("n\udcff",))
    assert made.write(form).encode()


def test_notes_are_told_in_the_language_of_the_report() -> None:
    made = report(notes=("plain", report_texts.note("blank-nodes", name="x{n}.ttl", n=3)))
    assert made.notes_in("sv") == ["plain", "x{n}.ttl: 3 anonyma noder fick en IRI."]
    assert made.notes_in("de")[1] == "x{n}.ttl: 3 blank nodes were given IRIs."


def test_places_of_json_have_no_letters() -> None:
    made = Problem(Place("list.json.gz", 12, 3, "start", table=True), "r", WARNING, {"en": "m"})
    assert "list.json.gz: row 12, column “start”: m" in Report.of([made]).write("text")


@pytest.mark.parametrize(("column", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (0, "")])
def test_columns_are_named_as_in_a_spreadsheet(column: int, name: str) -> None:
    assert letters(column) == name


def test_no_text_is_left_over() -> None:
    rooms = [path for path in Path(publisher.__file__).parent.glob("*.py") if path.name != "report_texts.py"]
    source = "".join(path.read_text(encoding="utf-8") for path in rooms)
    families = ("skipped.", "repaired.", "withheld.", "sheet.skipped.", "note.")
    severities = {f"{severity}.{form}" for severity in SEVERITIES for form in ("counted", "heading", "means")}
    unused = {key for key in report_texts._TABLE if not re.search(rf"""["']{re.escape(key)}["']""", source)}
    assert {key for key in unused if not key.startswith(families)} - severities == set()


def test_numbers_and_forms_of_words_go_with_the_language() -> None:
    assert report_texts.counted("rows.counted", 1, "fi") == "1 rivi"
    assert report_texts.counted("rows.counted", 12_000, "fi") == "12\u00a0000 riviä"
    assert report_texts.counted("rows.counted", 12_000, "en") == "12,000 rows"
    assert report_texts.counted("note.blank-nodes", 3, "en", name="a|b").startswith("a|b: 3 blank")
    assert visible("a\u202eb\n") == "a\\u202eb\\n"


def test_every_text_is_there_in_every_language_with_the_same_places_to_fill() -> None:
    import string

    for key, texts in report_texts._TABLE.items():
        fields = [
            {name for form in text.split("|") for _, name, _, _ in string.Formatter().parse(form) if name}
            for text in texts
        ]
        assert fields[0] == fields[1] == fields[2], key
        assert len({bool(text) for text in texts}) == 1, key
