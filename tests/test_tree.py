"""YAML to trees: every value as it stands, every fault with line and column, and nothing that can hurt."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.records import tree


def faults(text: str | bytes) -> list[tuple[int, int, str]]:
    data = text.encode() if isinstance(text, str) else text
    _, problems = tree.parse(data, "x.yaml")
    return [(p.place.line, p.place.column, p.rule) for p in problems]


def value(text: str) -> object:
    read, problems = tree.parse(text.encode(), "x.yaml")
    assert problems == []
    assert read is not None
    return read.value


def test_scalars_stay_the_text_that_stands_there() -> None:
    assert value("a: no\nb: 007\nc: 2016-08-01\nd: 1:30\ne: 'null'\nf: \"\\u00e4\"") == {
        "a": "no", "b": "007", "c": "2016-08-01", "d": "1:30", "e": "null", "f": "ä",
    }  # fmt: skip


def test_empty_values_are_absent() -> None:
    assert value("a:\nb: ~\nc: null\nd: [x, ~, y]\ne: ''") == {"d": ["x", "y"], "e": ""}


def test_json_is_read_too() -> None:
    assert value('{"a": [1, "ä", {"b": null}]}') == {"a": ["1", "ä", {}]}


def test_a_mark_of_order_and_comments_are_fine() -> None:
    read, problems = tree.parse(b"\xef\xbb\xbf# note\na: 1\n", "x.yaml")
    assert problems == []
    assert read is not None
    assert read.place(("a",)).line == 2


def test_places_lead_to_line_column_and_path() -> None:
    read, _ = tree.parse(b"outcomes:\n  - key: one\n    text: { fi: abc }\n  - text: x\n", "x.yaml")
    assert read is not None
    assert str(read.place(("outcomes", 0, "text", "fi"))) == "x.yaml:3:17"
    assert read.place(("outcomes", 0, "text", "fi")).path == "outcomes[one].text.fi"
    assert read.place(("outcomes", 1, "missing")).path == "outcomes[2].missing"
    assert read.place(("outcomes", 1, "missing")).line == 4


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: [1\nb: 2\n", (2, 2, "yaml/syntax")),
        ("a:\n\t- x\n", (2, 1, "yaml/syntax")),
        ("a: 1\nb: 2\na: 3\n", (3, 1, "yaml/duplicate-key")),
        ("a: &x 1\n", (1, 4, "yaml/alias")),
        ("a: *x\n", (1, 4, "yaml/alias")),
        ("a: !!python/object/apply:os.system [x]\n", (1, 4, "yaml/tag")),
        ("a: 1\n---\nb: 2\n", (2, 1, "yaml/documents")),
        ("? [a]\n: 1\n", (1, 3, "yaml/key")),
        ("", (1, 1, "yaml/empty")),
        ("# only a comment\n", (1, 1, "yaml/empty")),
        ("a: " + "[" * 40, (1, 33, "yaml/depth")),
        ("a: 1\nb: x\x00y\n", (2, 0, "yaml/syntax")),
        ('a: "\\ud800"\n', (1, 7, "yaml/syntax")),
        ('a: "\\U00110000"\n', (1, 7, "yaml/syntax")),
        (b"a: 1\nnimi: S\xc1RA \xe4\n", (2, 8, "yaml/encoding")),
        ("a: ä".encode("utf-16"), (1, 1, "yaml/encoding")),
    ],
)
def test_each_fault_has_its_place(text: str | bytes, fault: tuple[int, int, str]) -> None:
    assert faults(text) == [fault]


def test_a_bomb_does_not_go_off() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    began = time.process_time()
    assert [rule for _, _, rule in faults("\n".join(lines))] == ["yaml/alias"]
    assert faults("[" * 200_000)[0][2] == "yaml/depth"
    assert faults("- x\n" * 300_000)[0][2] == "yaml/size"
    assert time.process_time() - began < 20  # a bound against hanging, no measure of speed


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: " + "x" * 100, encoding="utf-8")
    read, (fault,) = tree.read(path, "x.yaml", 50)
    assert read is None
    assert fault.rule == "yaml/size"


@given(st.binary(max_size=300))
def test_any_bytes_give_a_tree_or_faults(data: bytes) -> None:
    read, problems = tree.parse(data, "x.yaml")
    assert (read is None) <= bool(problems)


@given(st.text("ab:-[]{}&*!|>'\"#\n \t,?%@`0", max_size=60))
def test_any_text_gives_a_tree_or_faults(text: str) -> None:
    read, problems = tree.parse(text.encode(), "x.yaml")
    assert (read is None) <= bool(problems)
