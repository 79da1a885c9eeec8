"""Hard cases: what is matched without a person's judgement, and what never is. A wrong match is the worst that can be.

The names are invented or of places and authorities; each stands beside another that it could be taken for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from test_names import MINT, made, says

from publisher import folding
from publisher.manifest import Release
from publisher.names import FILE
from publisher.namespaces import dct, foaf, org, pf, rdf, skos
from publisher.web.matching import Matcher
from publisher.web.matching_queries import Condition, Query
from publisher.web.names import Names

PLACES = {"espoo": "Espoo|Esbo", "vasa": "Vaasa|Vasa", "kalo": "Kalo", "kaelo": "Kälo", "akaa": "Akaa"}
ORGANISATIONS = {
    "oulu": "Oulun kaupunki", "ouluteatteri": "Oulun kaupunginteatteri", "ouluorkesteri": "Oulun kaupunginorkesteri",
    "diakoni": "Oulun Diakonissalaitoksen säätiö", "piiri": "Lapin sairaanhoitopiirin ky",
    "voimary": "Pohjolan Voima ry", "voimaoy": "Pohjolan Voima Oy", "sukunimi": "Virtanen Ky",
    "setry": "Setlementti ry", "kahdet": "Sama Sana Seura", "kahdet2": "Sama Sana Seura",
    "thl": "Terveyden ja hyvinvoinnin laitos#THL", "tvy": "Työttömien Keskusjärjestö ry#TVY ry",
    "akl": "Alku Kunta Liitto#AKL", "akl2": "Alueen Kulttuuri Lautakunta#AKL",
    "fi": "Ministry of Health and Care|Terveys- ja hoivaministeriö", "se": "Ministry of Health and Care",
    "sallinen": "Sallinen Yhdistys", "saellinen": "Sällinen Yhdistys", "narpes": "Närpes Ungdomsförening rf",
    "ets": "Etelän Suomen Tuki", "code1": "Kalatalouden tuki", "code2": "Metsätalouden tuki",
    "cplus": "Nuoret+", "long": "Pitkä " + "nimi " * 90 + "yksi", "middle": "Kirkko ry Opisto",
}  # fmt: skip
PROJECTS = {
    "os1": "Osallisuus 1", "os2": "Osallisuus 2", "os2015": "Osallisuutta Lapissa 2015-2017",
    "os2018": "Osallisuutta Lapissa 2018-2020", "vaihe2": "Kestävä arki II", "nuoret": "Nuorten paja",
    "yritys": "Uusi suunta Oy", "ok": "Opioidikorvaus#OK", "espoo": "Yhteinen polku@espoo",
    "vasa": "Yhteinen polku@vasa",
    "kaksi": "Kaksi polkua@kalo", "kaksi2": "Kaksi polkua@espoo",
    "tuntematon": "Outo polku", "tuttu": "Outo polku@espoo",
    "plus": "Matalan kynnyksen työ 2.0",
}  # fmt: skip
CODES = {"code1": "GINOP-2.1.1-15", "oulu": "0187690-1", "ouluteatteri": "1234567-8"}


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matcher]:
    lines: list[str] = []
    for kind, things, cls, named in (
        ("place", PLACES, dct.Location, skos.prefLabel), ("organisation", ORGANISATIONS, org.Organization, foaf.name),
        ("project", PROJECTS, pf.Project, dct.title),
    ):  # fmt: skip
        for key, told in things.items():
            iri = MINT.iri(kind, key)
            told, _, where = told.partition("@")
            called, _, short = told.partition("#")
            lines += [says(iri, rdf.type, cls, None)]
            lines += [says(iri, named, name, "fi" if not at else "sv") for at, name in enumerate(called.split("|"))]
            lines += [says(iri, skos.altLabel, short, "fi")] if short else []
            lines += [says(iri, dct.spatial, MINT.iri("place", where), None)] if where else []
            lines += [says(iri, dct.identifier, CODES[key])] if kind == "organisation" and key in CODES else []
    with Names(made(tmp_path_factory.mktemp("certain"), lines)) as names:
        yield Matcher(names, lambda _iri, _prop: [])


def matched(matcher: Matcher, text: str, kind: str, **properties: Any) -> list[str]:
    asked = tuple(Condition(prop, (value,)) for prop, value in properties.items())
    found = matcher.candidates(Query(text, (kind,) if kind else (), conditions=asked))
    return [entry.thing.iri.rpartition("/")[2] for entry in found if entry.match]


CERTAIN = [
    ("Oulun kaupunki", "organisation", "oulu"),
    ("OULUN  KAUPUNKI", "organisation", "oulu"),
    ("Osallisuus 2", "project", "os2"),
    ("osallisuus-2", "project", "os2"),
    ("Osallisuutta Lapissa 2018–2020", "project", "os2018"),
    ("Kestävä arki II", "project", "vaihe2"),
    ("Kestava arki II", "project", "vaihe2"),
    ("Pohjolan Voima Oy", "organisation", "voimaoy"),
    ("Pohjolan Voima r.y.", "organisation", "voimary"),
    ("Pohjolan Voima rf", "organisation", "voimary"),
    ("Setlementti", "organisation", "setry"),
    ("Terveyden ja hyvinvoinnin laitos (THL)", "organisation", "thl"),
    ("Työttömien Keskusjärjestö (TVY)", "organisation", "tvy"),
    ("Alku Kunta Liitto (AKL)", "organisation", "akl"),
    ("THL", "organisation", "thl"),
    ("thl", "organisation", "thl"),  # no word has no vowel
    ("Thl", "", "thl"),
    ("Terveys- ja hoivaministeriö", "organisation", "fi"),
    ("Narpes Ungdomsforening", "organisation", "narpes"),
    ("Esbo", "place", "espoo"),
    ("Kälo", "place", "kaelo"),
    ("Sällinen Yhdistys", "organisation", "saellinen"),
    ("Nuoret+", "organisation", "cplus"),
    ("OK", "project", "ok"),
    ("GINOP-2.1.1-15", "organisation", "code1"),
    ("ginop 2.1.1/15", "organisation", "code1"),
    ("GINOP21115", "organisation", "code1"),
    ("FI01876901", "organisation", "oulu"),
    ("Oulun kaupunki, 0187690-1", "", "oulu"),
]


@pytest.mark.parametrize(("text", "kind", "key"), CERTAIN)
def test_certain(matcher: Matcher, text: str, kind: str, key: str) -> None:
    assert matched(matcher, text, kind) == [key]


NEVER = [
    # near names
    ("Oulun kaupungin", "organisation"), ("Oulun kaupunginteatt", "organisation"), ("Oulun", "organisation"),
    ("Oulun kaupunki teatteri", "organisation"), ("Oulun kaupunki / teatteri", "organisation"),
    # a number, a year, a phase more, less or other
    ("Osallisuus", "project"), ("Osallisuus 3", "project"), ("Osallisuus 11", "project"), ("Osallisuus 1 2", "project"),
    ("Osallisuutta Lapissa", "project"), ("Osallisuutta Lapissa 2015-2018", "project"), ("Kestävä arki", "project"),
    ("Kestävä arki I", "project"), ("Kestävä arki III", "project"), ("Kestävä arki 2", "project"),
    ("Matalan kynnyksen työ 20", "project"), ("Matalan kynnyksen työ", "project"),
    # several have the name, or the abbreviation
    ("Sama Sana Seura", "organisation"), ("Pohjolan Voima", "organisation"), ("AKL", "organisation"),
    ("akl", "organisation"), ("tvy", "organisation"),
    ("Ministry of Health and Care", "organisation"), ("Yhteinen polku", "project"), ("Outo polku", "project"),
    # initials that nobody told
    ("OK", "organisation"), ("SSS", "organisation"), ("ETS", "organisation"),
    ("Etelän Suomen Tuki (XYZ)", "organisation"),
    # another legal form; what is left of a name without a word that only looks like one
    ("Setlementti Oy", "organisation"), ("Oulun Diakonissalaitoksen", "organisation"), ("Virtanen", "organisation"),
    ("Oulun Diakonissalaitoksen koulu", "organisation"), ("Lapin sairaanhoitopiirin", "organisation"),
    ("Lapin sairaanhoitopiiri", "organisation"), ("Kirkko Opisto", "organisation"), ("Uusi suunta", "project"),
    ("Uusi suunta ry", "project"),
    # diacritics: without any it may be either; with them it is what is written
    ("Sallinen Yhdistys", "organisation"), ("Kalo", "place"), ("kalo", "place"), ("Äkaa", "place"),
    ("Närpes Ungdomsforening", "organisation"), ("Ouluñ kaupunki", "organisation"),
    # signs, and what only looks the same
    ("Nuoret", "organisation"), ("Nuoret+ +", "organisation"), ("Nuoret#", "organisation"),
    ("ok", "project"), ("Ok", "project"),
    # a longer name than is compared
    ("Pitkä " + "nimi " * 90 + "yksi", "organisation"), ("Pitkä " + "nimi " * 90 + "kaksi", "organisation"),
    ("Oulun kaupunki" + " " * 1000 + "teatteri", "organisation"),
    # codes: dividers elsewhere, a digit more, a code and another thing's name
    ("GINOP-2.11-15", "organisation"), ("GINOP-2.1.1-1-5", "organisation"), ("GINOP-2.1.1-151", "organisation"),
    ("0187-6901", "organisation"), ("Helsingin yliopisto 0187690-1", "organisation"),
    ("Oulun kaupunki 2, 0187690-1", "organisation"), ("Jatkoa: Oulun kaupunki 0187690-1", "organisation"),
    ("0187690-1 1234567-8", "organisation"), ("Oulun kaupunki 0187690-1 1234567-8", "organisation"),
    # of another type; a place's name in another language is the place's, not an organisation's
    ("Oulun kaupunki", "place"), ("Espoo", "organisation"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), NEVER)
def test_never_by_itself(matcher: Matcher, text: str, kind: str) -> None:
    assert matched(matcher, text, kind) == []


PROPERTIES: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("Yhteinen polku", "project", {"place": "Espoo"}, ["espoo"]),
    ("Yhteinen polku", "project", {"place": "Vasa"}, ["vasa"]),
    ("Yhteinen polku", "project", {"place": "Akaa"}, []),
    ("Yhteinen polku", "project", {"place": "Atlantis"}, []),
    # a value that is only like the name of a place may be another place
    ("Yhteinen polku", "project", {"place": "Espoossa"}, []),
    ("Kestävä arki II", "project", {"place": "Espoossa"}, ["vaihe2"]),
    ("Kaksi polkua", "project", {"place": "Kälo"}, []),
    ("Kaksi polkua", "project", {"place": "Kalo"}, []),
    ("Kaksi polkua", "project", {"place": (MINT.iri("place", "kalo"),)}, ["kaksi"]),
    # the namesake whose place nobody told may be the one, whatever the other's is
    ("Outo polku", "project", {"place": "Espoo"}, []),
    ("Outo polku", "project", {"place": "Akaa"}, []),
    # a code in the row of another name
    ("Oulun kaupunki", "organisation", {"identifier": "0187690-1"}, ["oulu"]),
    ("Oulun kaupunki", "organisation", {"identifier": "1234567-8"}, []),
    ("Oulun kaupunginteatteri", "organisation", {"identifier": "0187690-1"}, []),
    ("Oulun kaupungin teatteri", "organisation", {"identifier": "1234567-8"}, ["ouluteatteri"]),
    ("Kunta", "organisation", {"identifier": "0187690-1"}, []),
    ("Oulun kaupunki", "organisation", {"identifier": "9999999-9"}, []),
    ("", "organisation", {"identifier": "0187690-1"}, ["oulu"]),
    ("", "organisation", {"identifier": (MINT.iri("organisation", "oulu"),)}, ["oulu"]),
    ("0187690-1", "organisation", {"identifier": "1234567-8"}, []),
    # an identifier tells namesakes apart
    ("Ministry of Health and Care", "organisation", {"identifier": (MINT.iri("organisation", "se"),)}, ["se"]),
    ("Yhteinen polku", "project", {"identifier": (MINT.iri("project", "vasa"),), "place": "Espoo"}, []),
]


@pytest.mark.parametrize(("text", "kind", "properties", "keys"), PROPERTIES)
def test_with_properties(matcher: Matcher, text: str, kind: str, properties: dict[str, Any], keys: list[str]) -> None:
    assert matched(matcher, text, kind, **properties) == keys


def test_a_match_is_the_first_of_the_candidates(matcher: Matcher) -> None:
    """OpenRefine takes the match of the first only."""
    for text, kind, _ in CERTAIN:
        assert matcher.candidates(Query(text, (kind,) if kind else ()))[0].match, text


def test_names_of_the_release_with_an_error_match_nothing_but_that_very_name(osallisuus: Release) -> None:
    """Each name of the shipped portfolio with a number or a letter more, twice, or a word less.

    A word less may be the whole name of another thing: *vangit* beside *vapautuvat vangit*.
    """
    with closing(sqlite3.connect(osallisuus.file(FILE))) as database:
        rows = database.execute("SELECT thing, text FROM name WHERE role < 2 ORDER BY id").fetchall()
    with Names(osallisuus.file(FILE)) as names:
        matcher = Matcher(names, lambda _iri, _prop: [])
        for number, name in rows:
            kind = names.thing(number).kind
            less = [" ".join(name.split()[:-1]), " ".join(name.split()[1:])]
            for text in (f"{name} 2", f"{name[:-2]}x{name[-2:]}", f"{name} {name}", *less):
                for entry in matcher.candidates(Query(text, (kind,) if kind else ())):
                    own = {folding.core(own.folded) for own in entry.names}
                    assert not entry.match or folding.core(folding.fold(text)) in own, text
                    assert not entry.match or text in less, text


# --- codes


@pytest.mark.parametrize(
    ("kept", "asked", "same"),
    [
        ("2229500-6", "2229500-6", True), ("2229500-6", "22295006", True), ("22295006", "2229500-6", True),
        ("2229500-6", "FI22295006", True), ("2229500-6", "FI-2229500-6", True), ("FI-2229500-6", "2229500-6", True),
        ("FI22295006", "2229500–6", True), ("A1-23", "a1/23", True), ("A1-23", "A123", True), ("A123", "A1-23", True),
        ("A1-23", "A12-3", False), ("2.1.1-15", "2.11-15", False), ("A123", "A1234", False), ("Å123", "A123", False),
        ("2229500-6", "222950-06", False), ("", "", False),
    ],
)  # fmt: skip
def test_codes(kept: str, asked: str, same: bool) -> None:
    assert bool(set(folding.codes(kept)) & set(folding.codes_asked(asked))) is same
