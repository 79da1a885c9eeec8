"""What holds the conformance tests up: reading and comparing results, and unpacking the tests."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import fetch
import pyoxigraph as ox
import pytest
import w3c_results
from w3c_results import Solutions, differences

from publisher import formats

HEAD = "?a\t?b\n"


def table(rows: str) -> Solutions:
    found = w3c_results.read((HEAD + rows).encode(), ".tsv", "")
    assert isinstance(found, Solutions)
    return found


@pytest.mark.parametrize("form", formats.RESULTS, ids=lambda form: form.name)
def test_all_forms_of_results_read_the_same(form: formats.Format) -> None:
    store = ox.Store()
    text = (
        'SELECT ?i ?l ?n ?b ?u ?none { VALUES (?i ?l ?n ?u) { (<x:é> "a,\\"<\\t"@fi 1.50 "") (<x:y> "_" 2 "é") } '
        "BIND(BNODE() AS ?b) }"
    )
    solutions = store.query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    found = w3c_results.read(solutions.serialize(format=form.results()) or b"", form.suffix, "")
    assert isinstance(found, Solutions)
    assert found.variables == ("i", "l", "n", "b", "u", "none")
    if form is formats.RESULTS_CSV:
        assert [str(row.get("n")) for row in found.rows] == ['"1.5"', '"2"']
        assert [row["l"].value for row in found.rows] == ['a,"<\t', "_"]
    else:
        assert found.rows[0]["l"] == ox.Literal('a,"<\t', language="fi")
        assert w3c_results.by_value(found.rows[0]["n"]) == ox.Literal("1.5", datatype=ox.NamedNode(XSD + "decimal"))
        assert found.rows[0]["u"] == ox.Literal("")
    assert len({row["b"] for row in found.rows}) == 2


XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1\t01\n", "01\t1\n", True),
        ("1\t2\n", "1.0\t2\n", False),
        (f'"1e0"^^<{XSD}double>\ttrue\n', f'1.0E0\t"1"^^<{XSD}boolean>\n', True),
        (f'"x"^^<{XSD}integer>\t\n', f'"y"^^<{XSD}integer>\t\n', False),
        ('"a"\t\n', '"a"@en\t\n', False),
        ('"a"\t\n', '\t"a"\n', False),
        ("1\t2\n3\t4\n", "3\t4\n1\t2\n", True),
        ("1\t2\n1\t2\n", "1\t2\n", False),
        ("\t\n\t\n", "\t\n", False),
        ("_:x\t_:x\n_:y\t_:z\n", "_:1\t_:2\n_:3\t_:3\n", True),
        ("_:x\t_:x\n", "_:1\t_:2\n", False),
        ("_:x\t1\n_:x\t2\n", "_:1\t1\n_:2\t2\n", False),
    ],
)
def test_results_are_the_same_or_not(one: str, other: str, same: bool) -> None:
    assert (differences(table(one), table(other)) == "") is same


def test_order_counts_where_the_query_orders() -> None:
    one, other = table("1\t2\n3\t4\n"), table("3\t4\n1\t2\n")
    assert differences(one, other, ordered=True)
    assert not differences(one, one, ordered=True)


def test_fewer_times_is_enough_where_that_is_allowed() -> None:
    expected = table("1\t2\n1\t2\n3\t4\n")
    assert not differences(table("1\t2\n3\t4\n"), expected, lax=True)
    assert differences(table("1\t2\n3\t4\n"), expected)
    assert differences(table("1\t2\n"), expected, lax=True)
    assert differences(table("1\t2\n3\t4\n3\t4\n"), expected, lax=True)


def test_other_columns_and_other_kinds_are_different() -> None:
    assert differences(Solutions(("a",), ()), Solutions(("a", "b"), ()))
    assert differences(Solutions(("a",), ()), True)
    assert differences(True, False)
    assert differences(w3c_results.Graph(), False)
    assert not differences(False, False)


def test_graphs_are_compared_up_to_blank_nodes() -> None:
    one, same, other = (
        w3c_results.read(text.encode(), ".ttl", "http://x/")
        for text in ("[] <p> 1, [] .", "_:a <p> _:b, 01 .", "_:a <p> 1, _:a .")
    )
    assert not differences(one, same)
    assert differences(one, other)


@pytest.mark.parametrize("text", ['"a"\t"b"\t"c"\n', '"a"\n', "a\tb\n"])
def test_a_result_that_is_not_well_formed_is_not_read(text: str) -> None:
    with pytest.raises((AssertionError, SyntaxError, ValueError)):
        table(text)


def archive(path: Path, *members: tuple[str, bytes | str]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            member = tarfile.TarInfo(f"{fetch.INSIDE}/{name}")
            if isinstance(content, str):
                member.type, member.linkname = tarfile.SYMTYPE, content
                tar.addfile(member)
            else:
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    return path


def test_only_the_tests_are_unpacked(tmp_path: Path) -> None:
    made = archive(
        tmp_path / "a.tar.gz",
        ("sparql11/bind/a.rq", b"ASK {}"),
        ("turtle/a.ttl", b"other tests"),
        ("sparql11/link", "/etc/hostname"),
    )
    assert fetch.unpack(made, tmp_path / "out") == 1
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["sparql11", "bind", "a.rq"]


@pytest.mark.parametrize("name", ["sparql11/../../../../../../../../out.rq", "sparql11/../a.rq"])
def test_a_path_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="refused"):
        fetch.unpack(archive(tmp_path / "a.tar.gz", (name, b"")), tmp_path / "inside" / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"a.tar.gz"}


def test_a_folder_of_other_things_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.raises(SystemExit):
        fetch.main([str(tmp_path)])
    assert (tmp_path / "mine.txt").read_text() == "kept"
