"""National identifiers, and names that may be one organisation's."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest
import yaml

from publisher import rules
from publisher.lists import organisations
from publisher.lists.organisations import Candidate, Identifier, IdentifierFault
from publisher.records.model import Decisions


@pytest.mark.parametrize(
    ("text", "kind", "country", "key"),
    [
        ("0292800-5", "fi.ytunnus", "FI", "FI-0292800-5"),
        (" 02928005 ", None, "fi", "FI-0292800-5"),
        ("FI02928005", None, "FI", "FI-0292800-5"),
        ("FI02928005", "eu.vat", "", "FI-0292800-5"),
        ("556036-0793", None, "SE", "SE-5560360793"),
        ("SE556036079301", "eu.vat", "", "SE-5560360793"),
        ("B58378431", None, "ES", "ES-B58378431"),
        ("ESB58378431", "eu.vat", "", "ES-B58378431"),
        ("33392005961", "hr.oib", "", "HR-33392005961"),
        ("501 964 843", None, "PT", "PT-501964843"),
        ("DK13585628", None, "DK", "DK-13585628"),
        ("EL094259216", None, "", "GR-094259216"),
        ("40 303 265 045", "fr.tva", "", "FR-303265045"),
        ("73282932000074", "fr.siret", "", "FR-732829320"),
        ("EE100931558", "eu.vat", "", "EE-VAT100931558"),
    ],
)
def test_an_identifier_has_one_form_and_one_key(text: str, kind: str | None, country: str, key: str) -> None:
    assert organisations.identifier(text, kind, country).key == key


@pytest.mark.parametrize(
    ("text", "kind", "country", "rule"),
    [
        ("0292800-6", None, "FI", "wrong-check-digit"),
        ("A92800-5", "fi.ytunnus", "", "wrong-form"),
        ("", "fi.ytunnus", "", "wrong-form"),
        ("0292800-5", "fi.nothing", "", "unknown-kind"),
        ("0292800-5", "os.path", "", "unknown-kind"),
        ("0292800-5", "../fi.ytunnus", "", "unknown-kind"),
        ("122119m", None, "AT", "no-usual-number"),
        ("0292800-5", None, "", "no-usual-number"),
        ("131052-308T", "fi.hetu", "FI", "identifier-of-person"),
        ("12345678Z", None, "ES", "identifier-of-person"),
        ("X1234567L", "es.nif", "", "identifier-of-person"),
        ("ES12345678Z", "eu.vat", "", "identifier-of-person"),
        ("123456789", "pt.nif", "", "identifier-of-person"),
        ("811228-9874", "se.orgnr", "", "identifier-of-person"),
    ],
)
def test_a_bad_identifier_says_what_is_wrong_and_never_itself(
    text: str, kind: str | None, country: str, rule: str
) -> None:
    with pytest.raises(IdentifierFault) as caught:
        organisations.identifier(text, kind, country)
    assert caught.value.rule == f"organisations/{rule}"
    assert caught.value.rule in rules.load()
    assert text not in caught.value.told.values() or not text
    assert set(caught.value.told) <= {"kind", "country"}


def test_the_usual_number_of_every_country_is_known() -> None:
    for kind in organisations.USUAL.values():
        with pytest.raises(IdentifierFault, match=r"wrong-form|wrong-check-digit"):
            organisations.identifier("x", kind)


def found(*names: str, **more: float) -> dict[tuple[str, str], Candidate]:
    given = [(f"K{at}", name, "FI") for at, name in enumerate(names)]
    return {(c.a, c.b): c for c in organisations.candidates(given, **more)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "b", "evidence"),
    [
        ("Esimerkki Oy", "ESIMERKKI OY", "case, accents or punctuation differ"),
        ("Ejemplo, S.L.", "EJEMPLO S L", "case, accents or punctuation differ"),
        ("Esimerkin ammattikorkeakoulu", "Esimerkin ammattikorkeakoulu Oy", "the same after dropping the legal form"),
        ("Oy Esimerkki Ab", "Esimerkki Oy", "the same after dropping the legal form"),
        ("Esimerkki Oy", "Esimerkki ry", "the legal forms differ"),
        ("Lapin yliopisto Palvelut", "Palvelut / Lapin yliopisto", "the same words in another order"),
        ("AYTO. DE TRUJILLO", "AYUNTAMIENTO TRUJILLO", "the same but for small words"),
        ("4 EVENT OY", "4EVENT Oy", "the same but for spaces"),
        ("Kontiolahden kunta", "Kontolahden kunta", "one letter differs"),
        ("Levon-instituutti Vaasa", "Levnoinsituutti Vaasa", None),
        ("MTT taloudellinen tutkimuskeskus", "MTT talodeulllinen tutkimuskeskus", None),
        ("Suomen ammatillinen kulttuuriliitto", "Suomen ammatilisen kulttuuriliitto", "two letters differ"),
        ("Diputación Prov. Ávila", "Diputacion Provincial Avila", "a word is an abbreviation of the other's"),
        ("EJEMPLO TELEMATICA Y LOGICA RAC", "Ejemplo Telematica y Logica Racional", "one name is the other, cut short"),
        ("ACEM", "Asociacion Catolica Española Migracion", "one name is the initials of the other"),
    ],
)  # fmt: skip
def test_alike_names_are_candidates_with_their_evidence(a: str, b: str, evidence: str | None) -> None:
    candidates = found(a, b, "Aivan muu organisaatio ry", "Toinen liitto")
    if evidence is None:
        assert candidates == {}
    else:
        (candidate,) = candidates.values()
        assert evidence in candidate.evidence
        assert organisations.LEAST <= candidate.score < 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Esimerkki 1 Oy", "Esimerkki 2 Oy"),
        ("IES Ejemplo I", "IES Ejemplo II"),
        ("Ayuntamiento de Montan", "Ayuntamiento de Montanejos"),
        ("MH-Sähkö Ky", "SH-Sähkö Oy"),
        ("Tiaisen Saha Oy", "Kitisen Saha Oy"),
        ("Helsingin kaupunki", "Helsingin yliopisto"),
        ("Aino Esimerkki", "AINO ESIMERKKI"),
    ],
)
def test_other_organisations_and_persons_are_no_candidates(a: str, b: str) -> None:
    assert found(a, b) == {}


def test_a_name_under_several_keys_is_told_once_with_all_of_them() -> None:
    given = [("K1", "Esimerkki Oy", ""), ("K2", "Esimerkki  Oy", ""), ("K2", "Esimerkki Oy", ""), ("K3", "Muu ry", "")]
    assert list(organisations.candidates(given)) == [
        Candidate(1.0, "Esimerkki Oy", "Esimerkki Oy", ("K1", "K2"), 2, ("the same name",))
    ]


def test_names_of_different_countries_never_meet() -> None:
    given = [("K1", "Esimerkki Oy", "FI"), ("K2", "ESIMERKKI OY", "SE")]
    assert list(organisations.candidates(given)) == []


def test_the_likeliest_comes_first_and_the_order_of_the_names_does_not_matter() -> None:
    names = ["Esimerkki Oy", "ESIMERKKI OY", "Esimerkki ry", "Kontiolahden kunta", "Kontolahden kunta"]
    given = [(f"K{at}", name, "") for at, name in enumerate(names)]
    once = list(organisations.candidates(given))
    assert [c.score for c in once] == sorted((c.score for c in once), reverse=True)
    assert list(organisations.candidates(given[::-1])) == once
    assert len({(c.a, c.b) for c in once}) == len(once)


def test_the_folder_is_left_as_it_was(tmp_path: Path) -> None:
    assert list(organisations.candidates([("a", "X Oy", ""), ("b", "X OY", "")], tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_confirming_is_uncommenting_and_signing() -> None:
    hostile = 'Esimerkki "Oy"\u2028- kind: different\n  about: [x]'
    evidence = ("case, accents or punctuation differ",)
    text = organisations.to_yaml([Candidate(0.98, hostile, hostile.upper(), ("FI-1", "FI-2"), 2, evidence)])
    assert all(line.startswith("#") for line in text.split("\n") if line)
    assert yaml.safe_load(text) is None
    entries = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("#  ")]
    signed = (
        "\n".join(entries).replace("decided:", "decided: 2026-11-24").replace("decided_by:", "decided_by: an office")
    )
    document = yaml.load(f"schema_version: '1'\ndecisions:\n{signed}\n", Loader=yaml.BaseLoader)
    (decision,) = Decisions.model_validate(document).decisions
    assert decision.kind == "same-organisation"
    assert decision.about == ["FI-1", "FI-2"]
    assert set(decision.reason) == {"fi", "sv", "en"}


def test_all_keys_told_or_the_way_out_is() -> None:
    given = [(f"K{at:04d}", "Esimerkki Oy", "") for at in range(300)]
    (candidate,) = organisations.candidates(given)
    assert candidate.count == 300
    assert len(candidate.keys) == 100
    assert "same_name" in organisations.to_yaml([candidate])


def many(count: int) -> list[tuple[str, str, str]]:
    chance = random.Random(7)
    syllables = ["ka", "lo", "mi", "tu", "ren", "sal", "vo", "pe", "ni", "hul", "dor", "gas"]
    forms = ["Oy", "ry", "S.L.", "GmbH", "säätiö"]
    names = []
    for at in range(count):
        words = [
            "".join(chance.choices(syllables, k=chance.randint(2, 4))).title() for _ in range(chance.randint(1, 3))
        ]
        names.append((f"K{at}", f"{' '.join(words)} {chance.choice(forms)}", ""))
    return names


def test_memory_does_not_grow_with_the_names() -> None:
    def peak(count: int) -> int:
        given = iter(many(count))
        tracemalloc.start()
        assert sum(1 for _ in organisations.candidates(given)) >= 0
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(1000) < peak(100) + 2_000_000


@pytest.mark.slow
def test_a_hundred_thousand_names_are_compared() -> None:
    """Each with each would be five thousand million pairs: hours."""
    assert sum(1 for _ in organisations.candidates(many(100_000))) > 0


def test_every_evidence_has_its_texts() -> None:
    for english, texts in organisations.EVIDENCE.items():
        assert english
        assert all(texts)


def test_an_identifier_is_its_country_and_value() -> None:
    assert Identifier("FI", "0292800-5", "fi.ytunnus").key == "FI-0292800-5"
