"""The index of names: what can be found in it, nothing that was not told, the same bytes for the same statements."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from publisher import folding, names, ntriples
from publisher.errors import ReleaseError
from publisher.iris import Minter
from publisher.manifest import Release
from publisher.masters import Master
from publisher.namespaces import dct, foaf, org, pf, rdf, skos
from publisher.web import names as web_names
from publisher.web.names import Names, Thing

BASE = "https://example.org/p"
MINT = Minter(BASE)
THL, CITY, PLACE, ESF = (
    MINT.iri("organisation", "FI-2229500-6"), MINT.iri("organisation", "FI-0201256-6"), MINT.iri("place", "helsinki"),
    "http://publications.europa.eu/resource/authority/eu-programme/ESF",
)  # fmt: skip
ONE, TWO = MINT.iri("project", "S00001"), MINT.iri("project", "S00002")
GROUP = "https://w3id.org/project-portfolio/concept/target-group/roma"
PART = MINT.iri("participation", "S00001", "applicant")


def says(subject: str, predicate: str, value: str, language: str | None = "") -> str:
    term = f"<{value}>" if language is None else ntriples.literal(value, language or None)
    return f"<{subject}> <{predicate}> {term} ."


def statements() -> list[str]:
    return [
        says(THL, rdf.type, org.Organization, None),
        says(THL, rdf.type, pf.Funder, None),
        says(THL, foaf.name, "Terveyden ja hyvinvoinnin laitos", "fi"),
        says(THL, foaf.name, "Institutet för hälsa och välfärd", "sv"),
        says(THL, skos.altLabel, "THL", "fi"),
        says(THL, skos.altLabel, "Stakes", "fi"),
        says(THL, dct.identifier, "2229500-6"),
        says(CITY, rdf.type, org.Organization, None),
        says(CITY, foaf.name, "Helsingin kaupunki", "fi"),
        says(PLACE, rdf.type, dct.Location, None),
        says(PLACE, skos.prefLabel, "Helsinki", "fi"),
        says(PLACE, skos.prefLabel, "Helsingfors", "sv"),
        says(ESF, skos.prefLabel, "European Social Fund (ESF) (2014/2020)", "en"),
        says(GROUP, rdf.type, pf.TargetGroup, None),
        says(GROUP, skos.prefLabel, "romanit", "fi"),
        says(ONE, rdf.type, pf.Project, None),
        says(ONE, dct.title, 'Ääkköset "lainaus" ja öljy', "fi"),
        says(ONE, dct.identifier, "S00001"),
        says(ONE, dct.spatial, PLACE, None),
        says(ONE, pf.fund, ESF, None),
        says(ONE, pf.targetGroup, GROUP, None),
        says(ONE, pf.participation, PART, None),
        says(ONE, pf.startYear, "2016"),
        says(ONE, pf.endYear, "2018"),
        says(PART, rdf.type, pf.Participation, None),
        says(PART, pf.organisation, THL, None),
        says(TWO, rdf.type, pf.Project, None),
        says(TWO, dct.title, "Työttömien polku", "fi"),
        says(TWO, dct.identifier, "S00002"),
        says(TWO, pf.startYear, "20l6"),
    ]


def made(folder: Path, lines: list[str]) -> Path:
    master = folder / "portfolio.nt"
    master.write_bytes(b"".join(sorted(f"{line}\n".encode() for line in lines)))
    target = folder / names.FILE
    names.build(master, target, BASE)
    return target


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Names]:
    with Names(made(tmp_path_factory.mktemp("names"), statements())) as opened:
        yield opened


def iris(index: Names, numbers: list[int]) -> list[str]:
    return [index.thing(number).iri for number in numbers]


# --- folding


@pytest.mark.parametrize(
    ("text", "folded", "core"),
    [
        ("Työttömien Keskusjärjestö r.y.", "tyottomien keskusjarjesto ry", "tyottomien keskusjarjesto"),
        ("Oy  Esimerkki-Yhtiö\tAb", "oy esimerkki yhtio ab", "esimerkki yhtio"),
        ("SÁRA", "sara", "sara"),
        ("Sámi álbmogiid ŋuovvu đ", "sami albmogiid nuovvu d", "sami albmogiid nuovvu d"),
        ("A.I. Virtasen säätiö sr", "ai virtasen saatio sr", "ai virtasen saatio"),
        ("Léa’s “Été”", "leas ete", "leas ete"),
        ("Åbo (r.f)", "abo rf", "abo"),
        ("ry", "ry", "ry"),
        ("Oy Ab", "oy ab", "oy ab"),
        ("Kirkko ry / Opisto", "kirkko ry opisto", "kirkko ry opisto"),
        ("Virtanen Ky", "virtanen ky", "virtanen ky"),
        ("Oulun Laitoksen säätiö sr", "oulun laitoksen saatio sr", "oulun laitoksen saatio"),
        ("\x00\ud800 x\u0300", "x", "x"),
        ("…—!", "", ""),
    ],
)
def test_folding(text: str, folded: str, core: str) -> None:
    assert folding.fold(text) == folded
    assert folding.core(folded) == core


def test_long_texts_are_cut() -> None:
    assert len(folding.fold("a" * 1_000_000)) == folding.LONGEST
    assert folding.initials(folding.fold("Terveyden ja hyvinvoinnin laitos ry")) == "thl"
    assert folding.initials("yksi") == ""
    assert folding.codes("FI-2229500-6") == ["2229500 6", "=22295006", "=fi22295006", "fi 2229500 6"]
    assert folding.bare("Ab Ålands Förening r.f.") == "ålands förening"
    assert (folding.plain("A-1 é"), folding.plain("A-1 – e")) == (False, True)
    assert folding.signs("Nuoret+ & 100 %") == "+%"
    assert folding.legal_forms("x ry") == folding.legal_forms("x rf") != folding.legal_forms("x oy")


# --- what is found


def test_names_of_all_languages_and_former_ones_lead_to_the_thing(index: Names) -> None:
    for text in ("thl", "stakes", "institutet for halsa och valfard", "terveyden ja hyvinvoinnin laitos"):
        assert iris(index, [found.thing for found in index.called(text, names.KINDS)]) == [THL], text
    assert index.called("thl", ["place"]) == []


def test_initials_are_made_where_none_are_told(index: Names) -> None:
    [found] = index.called("hk", ["organisation"])
    assert (index.thing(found.thing).iri, found.role) == (CITY, names.INITIALS)
    assert [found.role for found in index.called("thl", names.KINDS)] == [names.OTHER]


def test_identifiers_are_found_in_every_form(index: Names) -> None:
    for text in ("2229500-6", "FI22295006", "FI-2229500-6", "22295006"):
        assert iris(index, index.identified(folding.codes_asked(text))) == [THL], text
    assert iris(index, index.identified(folding.codes_asked("s00001"))) == [ONE]


def test_words_their_beginnings_and_runs_find(index: Names) -> None:
    for text in ("tyottomat", "tyottomien", "polku tyotto"):
        assert TWO in iris(index, [found.thing for found in index.alike(text, ["project"], runs=False)]), text
    near = index.alike("helsimki", ["place"], runs=True)
    assert {found.text for found in near} == {"Helsinki", "Helsingfors"}
    assert list(index.alike("zzz", names.KINDS, runs=True)) == []


def test_names_of_frequent_words_only_are_those_that_have_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = []
    for at, title in enumerate(("arki tuki", "arki tuki", "arki polku", "tuki silta")):
        iri = MINT.iri("project", f"P{at}")
        lines += [says(iri, rdf.type, pf.Project, None), says(iri, dct.title, title, "fi")]
    monkeypatch.setattr(web_names, "_ROWS", 2)
    with Names(made(tmp_path, lines)) as index:
        assert [found.text for found in index.alike("tuki arki", ["project"], runs=False)] == ["arki tuki"] * 2
        assert "arki polku" in [found.text for found in index.alike("polku arki", ["project"], runs=False)]


def test_a_thing_of_two_classes_is_there_once(index: Names) -> None:
    thing = index.number(THL)
    assert thing is not None
    assert index.thing(thing) == Thing(THL, "organisation", "2229500-6")
    assert [name.text for name in index.names([thing])[thing]] == [
        "Terveyden ja hyvinvoinnin laitos", "Institutet för hälsa och välfärd", "Stakes", "THL",
    ]  # fmt: skip


def test_facts(index: Names) -> None:
    one, place, thl = index.number(ONE), index.number(PLACE), index.number(THL)
    assert one is not None
    assert place is not None
    assert thl is not None
    assert index.with_values([("place", [place])], ["project"]) == [one]
    assert index.with_values([("participant", [thl]), ("year", [2017])], ["project"]) == [one]
    assert index.with_values([("participant", [thl]), ("year", [2019])], ["project"]) == []
    assert index.with_values([("place", [])], ["project"]) == []
    [esf] = index.values_called("esf", folding.codes_asked("ESF"))
    assert index.thing(esf) == Thing(ESF, "", "")
    assert index.have([one], "fund", [esf]) == ({one}, {one})
    assert index.thing(one).note == "S00001 · 2016–2018"


def test_a_year_that_is_none_is_left_out(index: Names) -> None:
    two = index.number(TWO)
    assert two is not None
    assert index.thing(two).note == "S00002"


def test_beginnings(index: Names) -> None:
    assert list(dict.fromkeys(iris(index, list(index.beginning("hels", list(names.KINDS), 10))))) == [PLACE, CITY]
    assert iris(index, list(index.beginning("po", ["project"], 10))) == [TWO]
    assert list(index.beginning("kaup", ["place"], 10)) == []


# --- the file


def test_the_same_statements_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = made(tmp_path / "a", statements()), made(tmp_path / "b", list(reversed(statements())))
    assert first.read_bytes() == second.read_bytes()


def test_nothing_is_in_it_that_is_not_told(osallisuus: Release) -> None:
    """No name of a person can come in by this way: every text is one of the statements'."""
    told: set[str] = set()
    with osallisuus.file(osallisuus.manifest.master).open(encoding="utf-8") as lines:
        for line in lines:
            _, _, term, _ = ntriples.split(line.rstrip("\n"))
            told.add(ntriples.value(term))
    with closing(sqlite3.connect(osallisuus.file(names.FILE))) as database:
        texts = [row[0] for row in database.execute("SELECT text FROM name WHERE role < 2")]
        kept = database.execute("SELECT text FROM name n JOIN thing t ON t.id = n.thing WHERE t.kind > 0 AND role < 2")
        assert {row[0] for row in kept} <= told
    assert texts
    assert all(any(text in whole for whole in told) for text in texts)


def test_every_thing_of_the_release_is_in_it(osallisuus: Release) -> None:
    with (
        Master(osallisuus.file(osallisuus.manifest.master)) as master,
        Names(osallisuus.file(names.FILE)) as index,
    ):
        for kind, classes in names.KINDS.items():
            instances = [iri for cls in classes for iri in master.instances(cls)]
            assert instances
            for iri in instances:
                number = index.number(iri)
                assert number is not None
                assert index.thing(number).kind == kind
                assert index.names([number])[number], iri
    assert names.FILE in osallisuus.manifest.files


def test_named_graphs_are_not_read(tmp_path: Path) -> None:
    lines = [says(ONE, rdf.type, pf.Project, None), says(ONE, dct.title, "In the default graph", "en")]
    elsewhere = says(ONE, dct.title, "Elsewhere", "en").removesuffix(".") + "<http://example.org/g> ."
    master = tmp_path / "portfolio.nq"
    master.write_bytes(b"".join(sorted(f"{line}\n".encode() for line in [*lines, elsewhere])))
    names.build(master, tmp_path / names.FILE, BASE)
    with Names(tmp_path / names.FILE) as index:
        assert [found.text for found in index.alike("elsewhere in default", names.KINDS, runs=False)] == [
            "In the default graph"
        ]


def test_an_empty_release_has_an_empty_index(tmp_path: Path) -> None:
    with Names(made(tmp_path, [says(ESF, skos.prefLabel, "only a concept", "en")])) as index:
        assert list(index.alike("only a concept", names.KINDS, runs=True)) == []


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="cannot be read"):
        Names(tmp_path / "none.sqlite")
    (tmp_path / "wrong.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(ReleaseError, match="build the release again"):
        Names(tmp_path / "wrong.sqlite")


def test_a_file_of_another_version_is_told(tmp_path: Path) -> None:
    target = made(tmp_path, statements())
    with closing(sqlite3.connect(target)) as database:
        database.execute("PRAGMA user_version = 1")
        database.commit()
    with pytest.raises(ReleaseError, match="another version; build the release again"):
        Names(target)


@pytest.mark.slow
def test_the_benchmark_finds_what_the_baseline_finds() -> None:
    command = [sys.executable, "benchmarks/reconcile.py", "--projects", "2000", "--batches", "6", "--compared", "40"]
    done = subprocess.run(
        command, cwd=Path(__file__).resolve().parent.parent, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ratio to the baseline" in done.stdout
