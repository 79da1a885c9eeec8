"""Names as sentences have them: declined forms find their things, and neither they nor other words match by themselves.

The tables: forms of the shipped portfolio's names, forms of names that other portfolios have, and words
that look like one of the former and mean another thing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_names import MINT, made, says

from publisher import folding
from publisher.manifest import Release
from publisher.names import FILE
from publisher.namespaces import dct, foaf, org, pf, rdf, skos
from publisher.web.matching import Candidate, Matcher
from publisher.web.matching_queries import Query
from publisher.web.names import Names

CASES = Path(__file__).resolve().parent.parent / "cases" / "reconcile"


def table(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def shipped(osallisuus: Release) -> Iterator[Matcher]:
    with Names(osallisuus.file(FILE)) as names:
        yield Matcher(names, lambda _iri, _prop: [])


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matcher]:
    """The names of the second table, each of a thing of its own."""
    said = {
        "place": (dct.Location, skos.prefLabel), "organisation": (org.Organization, foaf.name),
        "target-group": (pf.TargetGroup, skos.prefLabel),
    }  # fmt: skip
    lines = []
    for row in table("declined_elsewhere.csv"):
        cls, named = said[row["type"]]
        iri = MINT.iri(row["type"], key(row["names"]))
        lines.append(says(iri, rdf.type, cls, None))
        lines += [says(iri, named, name, tag) for name, tag in zip(row["names"].split("|"), ("fi", "sv"), strict=False)]
    with Names(made(tmp_path_factory.mktemp("elsewhere"), lines)) as names:
        yield Matcher(names, lambda _iri, _prop: [])


def key(names: str) -> str:
    return folding.fold(names.partition("|")[0]).replace(" ", "-")


def candidates(matcher: Matcher, text: str, kind: str) -> list[Candidate]:
    found = matcher.candidates(Query(text, (kind,), limit=5))
    assert not any(entry.match for entry in found), text
    return found


def behind(matcher: Matcher, rows: list[tuple[str, str, str]]) -> tuple[set[str], set[str]]:
    """Return the forms that do not find their thing among the first five, and those that find another one first."""
    missed, second = set(), set()
    for kind, thing, forms in rows:
        for form in forms.split("|"):
            found = [entry.thing.iri.rpartition("/")[2] for entry in candidates(matcher, form, kind)]
            if thing not in found:
                missed.add(form)
            elif found[0] != thing:
                second.add(form)
    return missed, second


def test_every_declined_name_of_the_shipped_portfolio_finds_its_thing(shipped: Matcher) -> None:
    rows = [(row["type"], row["thing"], row["queries"]) for row in table("declined.csv")]
    assert sum(len(forms.split("|")) for _, _, forms in rows) > 200
    assert behind(shipped, rows) == (set(), set())


def test_every_declined_name_of_another_portfolio_finds_its_thing(elsewhere: Matcher) -> None:
    """Short names, names whose consonants change, names of which one is the beginning of another."""
    rows = [(row["type"], key(row["names"]), row["queries"]) for row in table("declined_elsewhere.csv")]
    assert behind(elsewhere, rows) == (set(), set())


def test_an_ending_behind_a_colon_takes_little_from_the_score(shipped: Matcher) -> None:
    for text in ("THL:n", "Kynnys ry:lle", "EU:s", "Lapin yliopisto:n"):
        assert candidates(shipped, text, "organisation")[0].score == 94, text


def test_other_words_match_nothing(shipped: Matcher) -> None:
    for row in table("others.csv"):
        for word in row["queries"].split("|"):
            candidates(shipped, word, row["type"])


@pytest.mark.parametrize(
    ("text", "kind", "thing"),
    [
        ("Diak", "organisation", "FI-0115776-3"), ("EHYT", "organisation", "FI-2433194-7"),
        ("Setlementtiliitto", "organisation", "FI-0116640-8"), ("Lapin yo", "organisation", "FI-0292800-5"),
        ("Hgin kaupunki", "organisation", "FI-0201256-6"),
    ],
)  # fmt: skip
def test_shortened_names_are_candidates(shipped: Matcher, text: str, kind: str, thing: str) -> None:
    assert candidates(shipped, text, kind)[0].thing.iri.endswith(f"/{thing}")


@pytest.mark.parametrize(
    ("words", "stem"),
    [
        ("isat isa isien isille isissa", "is"), ("ii iin iissa iihin", "ii"), ("turku turun turussa turkuun", "tur"),
        ("lahti lahden lahdessa", "lah"), ("salla sallan sallassa sallaan", "sa"), ("lapset lasten lapsille", "las"),
        ("kaupunki kaupungin kaupungit kaupunkien", "kaupun"), ("laitos laitoksen", "laitos"),
        ("kuhmoinen kuhmoisissa", "kuhmois"),
        ("romer romerna romernas", "romer"), ("2016", "2016"), ("thl", "thl"), ("a", "a"),
    ],
)  # fmt: skip
def test_stems(words: str, stem: str) -> None:
    assert {folding.stem(word) for word in words.split()} == {stem}
