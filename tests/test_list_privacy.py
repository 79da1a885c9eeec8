"""Personal data in cells: pieces that are found, look-alikes that are not, names of persons and of organisations."""

from __future__ import annotations

import csv
import gzip
import io
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_files import SHARED

from publisher import rules
from publisher.lists import persons, privacy

# Every code here is made up: check characters computed, no person behind it.
FOUND = [
    ("Lisätietoja: etunimi.sukunimi@example.org", "e-mail"),
    ("write to name (at) example.org", "e-mail"),
    ("name[at]example.org", "e-mail"),
    ("131052-308T", "identity-code"),
    ("hakija 131052A308T.", "identity-code"),
    ("131052Y308T", "identity-code"),
    ("131052F308T", "identity-code"),
    ("131052–308T", "identity-code"),
    ("19811228-9874", "identity-code"),
    ("811228-9874", "identity-code"),
    ("211062-5629", "identity-code"),
    ("12345678Z", "identity-code"),
    ("12.345.678-Z", "identity-code"),
    ("IDE/2008/1 / NAME / 012345678Z", "identity-code"),
    ("X1234567L", "identity-code"),
    ("NAME I1234567L", "identity-code"),
    ("RSSMRA85T10A562S", "identity-code"),
    ("PESEL 44051401359", "identity-code"),
    ("NIF: 123456789", "identity-code"),
    ("85.07.30-033.28", "identity-code"),
    ("FI21 1234 5600 0007 85", "iban"),
    ("DE89370400440532013000", "iban"),
    ("puh. 040 123 4567", "phone"),
    ("Tel: 12345678", "phone"),
    ("+358 40 1234567", "phone"),
    ("0401234567", "phone"),
    ("(09) 123 4567", "phone"),
    ("08-123 456 78", "phone"),
    ("01.42.34.56.78", "phone"),
    ("912 34 56 78", "phone"),
    ("τηλ. 210 1234567", "phone"),
]
NOT_FOUND = [
    "0292800-5", "FI02928005", "556036-0793", "131052-308U", "310252-308Y", "12345678A",  # other codes; wrong checks
    "1 234 567,00", "1.234.567", "12 345 678", "912 345 678", "+1.234.567", "01 02 03 04 05", "157500,157500",
    "01.01.2014-31.12.2015", "2014-2020", "01/02/2014 - 03/04/2015", "tel 2014-2020", "20160112-0034",
    "POCI-01-0145-FEDER-000123", "2007ES051PO004", "5000306-Εκπόνηση μελετών", "EL24-Στερεά Ελλάδα", "S20394", "A70301",
    "MOBR0701113-ELIMINACION BARRERAS", "44051401359", "123456789", "560016.186", "00123456789",
    "Europe @ work", "C@fé", "hotel (a) bar", "", "ESF Dortmund 2021", "1234567890123",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), FOUND)
def test_a_piece_of_personal_data_is_found_and_taken_out(text: str, kind: str) -> None:
    assert privacy.contacts(text) == (kind,)
    masked = privacy.masked(text)
    assert privacy.WITHHELD in masked
    assert privacy.contacts(masked) == ()


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert privacy.contacts(text) == ()
    assert privacy.masked(text) == text


def test_all_kinds_of_one_text_are_told_once_and_nothing_else_is_lost() -> None:
    text = "Contact a@example.org, b@example.org or tel. 040 123 4567 about the project"
    assert privacy.contacts(text) == ("e-mail", "phone")
    assert privacy.masked(text) == "Contact [withheld], [withheld] or tel. [withheld] about the project"


def test_of_a_text_with_an_identity_code_nothing_is_left() -> None:
    assert privacy.masked("12345678Z: SURNAME SURNAME, GIVEN") == privacy.WITHHELD


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789 .-+/()@abAFXZ,;\n\u00a0é", max_size=200))
def test_no_text_breaks_it_and_masking_is_stable(text: str) -> None:
    masked = privacy.masked(text)
    assert privacy.masked(masked) == masked


@pytest.mark.parametrize(
    "piece", ["a", "1", "a.", "0 ", "@", "1-", "(", "a@", "[at]", "A1", "+1 ", "00 ", "a@b.fi ", "0401234567 "]
)
def test_a_hostile_cell_takes_no_time(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    begun = time.process_time()
    privacy.contacts(text)
    persons.natural_person(text)
    assert time.process_time() - begun < 1


PERSONS = [
    "Aino Kaarina Esimerkki", "Esimerkki Aino", "ESIMERKKI, AINO", "Tmi Kahvila Kaneli", "T:mi Aino Esimerkki",
    "Esimerkin Puu tmi", "Toiminimi Esimerkki", "Koneurakointi Aino Esimerkki", "Taksi T. Virtanen",
    "Kampaamo Lumi om. Aino Esimerkki", "ESIMERKKI PALVELUT OYVIRTANEN AINO KAARINA", "M. Virtanen",
    "Anders Exempel", "Herr Beispiel", "Ute Beispiel", "Mr Example", "Jane Q. Example",
    "GARCIA EJEMPLO, MARIA DEL CARMEN",
    "EJEMPLO PEREZ JOSE LUIS", "Mª ROSARIO EJEMPLO EJEMPLO", "JUANA EJEMPLO PEREZ C.B.", "MARIAEJEMPLOPEREZ",
    "SAN MIGUEL EJEMPLO ANTONIO", "Giuseppe Esempio",
    "João da Silva", "Γεώργιος Παραδειγματόπουλος", "ΜΑΡΙΑ ΠΑΠΑΔΟΠΟΥΛΟΥ",
    "Jan Przykładowski", "Jana Příkladová", "Ivan Primjerić", "obrt Primjer, vl. Ivan Primjerić", "Иван Примеров",
    "Nagy István", "Ion Exemplescu", "Jānis Paraugs", "EJEMPLO EJEMPLO ANGEL 012345678Z",
    "entrepreneur individuel Pierre Exemple", "Jensen Enkeltmandsvirksomhed",
]  # fmt: skip
ORGANISATIONS = [
    "Virtanen Oy", "Kauppa Matti Virtanen Ky", "Matti Virtasen säätiö sr", "Helsingin yliopisto", "Paltamon kunta",
    "Kiinteistö Oy Esimerkki (rek. aputoiminimi)", "Ruokavirasto", "Espoon seudun koulutuskuntayhtymä Omnia", "TVY ry",
    "Ab Exempel Oy", "Karlstads kommun", "Länsstyrelsen i Värmlands län", "Stefan Beispiel GmbH",
    "Maria-Theresia-Gymnasium",
    "Konrad-Adenauer-Stiftung e.V.", "Institut Jean Monnet", "JOSE EJEMPLO S.L.", "JOSE EJEMPLO S L", "EJEMPLO, S.A.U.",
    "CONSTRUCCIONES JOSE EJEMPLO, S.", "AYUNTAMIENTO DE SAN JUAN DE ALICANTE", "AYTO. SANTA MARIA",
    "I.E.S. RAMON Y CAJAL",
    "CRUZ ROJA SORIA", "UTE MARTIN Y OTROS", "FUNDACION GENERAL DE LA UNIVERSIDAD", "Fondazione Giuseppe Verdi",
    "Rossi S.p.A.", "LUIS EXEMPLO & FILHOS, LDA", "CASA DO POVO DE SANTO ANTÓNIO", "ΔΗΜΟΣ ΑΘΗΝΑΙΩΝ", "Τ.Ε.Ι. ΚΡΗΤΗΣ",
    "Πανεπιστήμιο Κρήτης", "Przykład Sp. z o.o.", "Gmina Święta Maria", "Příklad s.r.o.", "Primjer d.o.o.",
    "Grad Sveti Ivan Zelina", "UAB Pavyzdys", "SIA Paraugs", "OÜ Näidis", "Példa Kft.", "Община Свети Иван",
    "Severn Wye",
    "University of York", "The Prince's Trust", "European Spallation Source Eric", "Forum Virium Helsinki", "Denmark",
    "", "   ", "-", "157500", "x" * 1000,
]  # fmt: skip


@pytest.mark.parametrize("name", PERSONS)
def test_a_natural_person_or_sole_trader_is_known(name: str) -> None:
    verdict = persons.natural_person(name)
    assert verdict.person, verdict


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_an_organisation_is_no_person(name: str) -> None:
    verdict = persons.natural_person(name)
    assert not verdict.person, verdict


def test_evidence_repeats_nothing_of_the_name() -> None:
    for name in PERSONS:
        told = " ".join(persons.natural_person(name).evidence)
        words = set(re.findall(r"\w{4,}", name.lower())) - {"name"}
        assert not words & set(re.findall(r"\w+", told.lower())), name


def test_an_identifier_of_a_person_decides() -> None:
    assert persons.natural_person("ESIMERKKI", "fi", "131052-308T").person
    assert persons.natural_person("EJEMPLO", "es", "12345678Z").person
    assert persons.natural_person("EXEMPLO", "pt", "123456789").person
    assert not persons.natural_person("EXEMPLO", "pt", "501964843").person
    assert not persons.natural_person("EJEMPLO", "es", "B58378431").person
    assert not persons.natural_person("ESIMERKKI", "fi", "0292800-5").person


def test_a_title_that_names_its_beneficiary_is_known() -> None:
    assert persons.repeats("IDE/2008/1: EJEMPLO PEREZ,JOSE", "José Ejemplo Pérez")
    assert not persons.repeats("Ejemplo de proyecto", "José Ejemplo Pérez")
    assert not persons.repeats("Ejemplo", "")


@pytest.mark.parametrize(
    "header", ["Kontaktperson / Contacts", "e-post", "telnr", "projektledare", "Yhteyshenkilön sähköposti", "PESEL"]
)
def test_a_contact_column_is_known_by_its_header(header: str) -> None:
    assert privacy.contact_column(header)


@pytest.mark.parametrize(
    "header", ["Hankkeen nimi", "Viranomainen", "Responsible authority", "Beneficiary name", "Tila"]
)
def test_other_columns_are_none(header: str) -> None:
    assert not privacy.contact_column(header)


def test_every_kind_has_its_rule_and_none_has_room_for_a_value() -> None:
    texts = {name: rule for name, rule in rules.load().items() if name.startswith("privacy/")}
    assert set(texts) >= {f"privacy/{kind}" for kind in (*privacy.KINDS, "natural-person", "contact-column")}
    for rule in texts.values():
        assert "{" not in "".join([*rule.message.values(), *rule.mend.values(), *rule.title.values()])


def test_a_verdict_is_quick() -> None:
    names = [f"{name} {n}" for n in range(50) for name in (*PERSONS, *ORGANISATIONS[:-1])]
    begun = time.process_time()
    for name in names:
        persons.natural_person(name)
    assert (time.process_time() - begun) / len(names) < 0.0005


@pytest.mark.slow
def test_the_real_finnish_list_has_its_sole_traders_found() -> None:
    path = SHARED / "lists" / "fi-2007-2013" / "projektilista-2007-2013_new.csv.gz"
    if not path.exists():
        pytest.skip("the real lists are not here")
    with io.TextIOWrapper(gzip.open(path), encoding="utf-8", newline="") as text:
        names = {row["Toteuttajan nimi"] for row in csv.DictReader(text)}
    found = {name for name in names if persons.natural_person(name).person}
    assert 2000 < len(found) < 2400
    marked = {name for name in names if re.search(r"\bt:?mi\b", name, re.IGNORECASE)}
    assert len(marked - found) == 0
    companies = re.compile(r"\b(oyj?|ry|kunta|kaupunki|yliopisto)\b", re.IGNORECASE)
    assert [name for name in found - marked if companies.search(name)] == []


def test_a_sample_shows_no_number_that_may_be_a_persons() -> None:
    assert privacy.masked_sample("38001085718") == "[withheld]"
    assert privacy.masked_sample("10000000") == "10000000"
