"""The master as an index: look-ups find what stands in the file, in any order of asking."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from publisher import masters, ntriples
from publisher.errors import ReleaseError
from publisher.masters import Master
from publisher.namespaces import pf, rdf

P = "https://example.org/p#"


def _write(path: Path, lines: list[str]) -> Path:
    path.write_bytes(b"".join(sorted(f"{line}\n".encode() for line in set(lines))))
    return path


def _statement(subject: str, predicate: str, term: str) -> str:
    return f"<{subject}> <{P}{predicate}> {term} ."


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, set[tuple[str, str, str | None]]]]:
    """A file of many subjects of very different size, some of them prefixes of others."""
    chance = random.Random(7)
    told: dict[str, set[tuple[str, str, str | None]]] = {}
    lines = []
    for number in range(3000):
        kind, suffix = chance.choice(("project", "funding", "zz")), chance.choice(("", "A", "~x", "-1"))
        subject = f"https://example.org/id/{kind}/S{number}{suffix}"
        for index in range(chance.choice((1, 1, 2, 9))):
            value = chance.choice(("", "ä" * 300, 'a "quoted" \\ \n text', "> <x> ."))
            tag = chance.choice(("fi", ""))
            told.setdefault(subject, set()).add((f"{P}{index}", value, tag))
            lines.append(_statement(subject, str(index), ntriples.literal(value, tag or None)))
    path = _write(tmp_path_factory.mktemp("master") / "m.nt", lines)
    return path, told


def test_every_subject_is_found_in_any_order(known: tuple[Path, dict[str, set[tuple[str, str, str | None]]]]) -> None:
    path, told = known
    for order in (sorted(told), sorted(told, reverse=True), random.Random(1).sample(sorted(told), len(told))):
        with Master(path) as master:
            for subject in order:
                assert set(master.describe(subject)) == told[subject]
                assert set(master.describe(subject + "0")) == told.get(subject + "0", set())


@pytest.mark.parametrize("few", [1, 64])
def test_subjects_in_the_order_of_the_file_from_anywhere(
    known: tuple[Path, dict[str, set[tuple[str, str, str | None]]]], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masters, "_FEW", few)
    path, told = known
    prefix = "https://example.org/id/project/"
    wanted = sorted((s for s in told if s.startswith(prefix)), key=lambda s: f"{s}>".encode())
    with Master(path) as master:
        assert list(master.subjects(prefix)) == wanted
        assert list(master.subjects("https://example.org/id/funding")) == sorted(
            (s for s in told if "/funding/" in s), key=lambda s: f"{s}>".encode()
        )
        assert list(master.subjects("https://example.org/id/nothing")) == []
        for at in (0, 7, len(wanted) - 1):
            assert list(master.subjects(prefix, wanted[at], 5)) == wanted[at + 1 : at + 6]
        assert next(master.subjects(prefix, f"{prefix}S150", 1)) > f"{prefix}S150"  # one that is not there
        assert next(master.subjects("https://example.org/id/zz", limit=2)).startswith("https://example.org/id/zz")


def test_lines_and_whether_a_resource_is_there(
    known: tuple[Path, dict[str, set[tuple[str, str, str | None]]]],
) -> None:
    path, told = known
    all_lines = path.read_text("utf-8").splitlines()
    with Master(path) as master:
        for subject in sorted(told)[::97]:
            assert list(master.lines(subject)) == [line for line in all_lines if line.startswith(f"<{subject}> ")]
            assert master.exists(subject)
            assert not master.exists(f"{subject}0") or f"{subject}0" in told
        assert all(map(master.holds, all_lines[::97]))
        assert not any(master.holds(line[:-1]) or master.holds(f"{line} ") for line in all_lines[::97])
        assert list(master.lines("u:none")) == []


def test_what_is_not_there_is_empty(known: tuple[Path, dict[str, set[tuple[str, str, str | None]]]]) -> None:
    with Master(known[0]) as master:
        for iri in ("a", "https://example.org/id/", "zzz", "https://example.org/id/project/S"):
            assert master.describe(iri) == []


def test_pages_are_given_back_without_harm(
    known: tuple[Path, dict[str, set[tuple[str, str, str | None]]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masters, "_FORGET_EVERY", 3)
    monkeypatch.setattr(masters, "_KINDS", 1)
    path, told = known
    with Master(path) as master:
        for subject in sorted(told)[:200]:
            assert set(master.describe(subject)) == told[subject]


def test_terms_are_told_apart(tmp_path: Path) -> None:
    lines = [
        _statement("u:s", "a", "<u:o>"),
        _statement("u:s", "b", '"2016"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        _statement("u:s", "c", '"x@y"'),
        _statement("u:s", "d", '"a\\"b"@en-gb'),
    ]
    with Master(_write(tmp_path / "m.nt", lines)) as master:
        assert master.describe("u:s") == [
            (f"{P}a", "u:o", None), (f"{P}b", "2016", ""), (f"{P}c", "x@y", ""), (f"{P}d", 'a"b', "en-gb"),
        ]  # fmt: skip


@pytest.mark.parametrize("window", [120, 151, 1 << 20])
def test_instances_in_the_order_of_the_file_and_never_from_a_literal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    monkeypatch.setattr(masters, "_WINDOW", window)
    kind = f"<{rdf.type}> <{pf.Project}>"
    lines = [f"<u:{key}> {kind} ." for key in "cab"]
    lines += ["_:b " + kind + " .", _statement("u:x", "a", ntriples.literal(f"> {kind} ."))]
    lines += [f"<u:y> <{rdf.type}> <{pf.Project}X> ."]
    lines += [_statement("u:y", "to", f"<u:{key}>") for key in "ab"] + [_statement("u:y", "to", '"<u:c>"')]
    with Master(_write(tmp_path / "m.nt", lines)) as master:
        assert list(master.instances(pf.Project)) == ["u:a", "u:b", "u:c"]
        assert list(master.links(f"{P}to")) == [("u:y", "u:a"), ("u:y", "u:b")]


def test_named_graphs_are_left_out(tmp_path: Path) -> None:
    lines = [_statement("u:s", "a", '"here"'), _statement("u:s", "b", '"there"').removesuffix(".") + "<u:g> ."]
    lines.append(f"<u:s> <{rdf.type}> <{pf.Project}> <u:g> .")
    with Master(_write(tmp_path / "m.nq", lines)) as master:
        assert master.describe("u:s") == [(f"{P}a", "here", "")]
        assert list(master.instances(pf.Project)) == []
        assert not master.holds(_statement("u:s", "b", '"there"'))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"gone\.nt"):
        Master(tmp_path / "gone.nt")
