"""`publisher inspect`: what it proposes for lists of many languages and layouts, and what it never guesses or shows."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from shared_files import SHARED

from publisher.errors import MappingError
from publisher.lists import fields, headers, mapping_file
from publisher.lists.inspection import inspect
from publisher.lists.mapper import RowMapper
from publisher.lists.proposal import CHECK, FILL, Proposal
from publisher.tables.model import Row
from publisher.tables.opening import open_table

CASES = Path(__file__).parent / "cases" / "inspection"
REAL: dict[str, dict[str, list[str]]] = tomllib.loads((CASES / "real.toml").read_text(encoding="utf-8"))
TRUTH: dict[str, dict[str, Any]] = tomllib.loads((CASES / "truth.toml").read_text(encoding="utf-8"))
SLOW = ("fi-2007", "gr-", "pt-")


def columns(proposal: Proposal) -> dict[str, list[str]]:
    """Return what each column was taken for."""
    return {view.name: sorted(view.fields) or [view.role] for view in proposal.columns}


def compared(proposal: Proposal, truth: dict[str, list[str]]) -> tuple[int, list[str], list[str]]:
    """Return how many columns are right, which were missed, and which were taken for something that they are not."""
    right, missed, wrong = 0, [], []
    for name, got in columns(proposal).items():
        if got == sorted(truth[name]):
            right += 1
        elif got == ["unused"]:
            missed.append(name)
        else:
            wrong.append(f"{name}: {got}")
    return right, missed, wrong


def table(folder: Path, head: Sequence[str], *rows: Sequence[str], name: str = "list.csv") -> Proposal:
    """Inspect a table of these cells."""
    path = folder / name
    quoted = ['"' + '";"'.join(cell.replace('"', '""') for cell in row) + '"' for row in (head, *rows)]
    path.write_text("\n".join(quoted) + "\n", encoding="utf-8")
    return inspect(path, name)


def mapping(proposal: Proposal) -> mapping_file.Mapping:
    return mapping_file.parse(proposal.toml(), "mapping.toml")


def asked(proposal: Proposal) -> str:
    """Return the comments of the proposal in one line."""
    lines = [line[1:].strip() for line in proposal.toml().splitlines() if line.lstrip().startswith("#")]
    return " ".join(lines)


# -- real lists


@pytest.mark.parametrize("file", [pytest.param(f, marks=pytest.mark.slow if f.startswith(SLOW) else ()) for f in REAL])
def test_columns_of_a_real_list(file: str) -> None:
    path = SHARED / "lists" / file
    if not path.exists():
        pytest.skip("the real lists are not here: they are never committed")
    proposal = inspect(path, file)
    right, missed, wrong = compared(proposal, REAL[file])
    assert not wrong
    assert right >= 0.95 * len(REAL[file]), missed
    mapping(proposal)


@pytest.mark.parametrize(
    ("file", "rows", "codes"),
    [pytest.param("gr-2014-2020/ListOfOperations_20160513.csv.gz", 2029, 342, marks=pytest.mark.slow)],
)
def test_rows_of_one_operation_in_a_real_list(file: str, rows: int, codes: int) -> None:
    path = SHARED / "lists" / file
    if not path.exists():
        pytest.skip("the real lists are not here: they are never committed")
    proposal = inspect(path, file)
    assert mapping(proposal).identity.rows == "parts"
    assert f"{rows:,} rows have {codes:,} codes" in asked(proposal)


# -- small lists in many languages


@pytest.mark.parametrize("file", TRUTH)
def test_columns_of_a_small_list(file: str) -> None:
    proposal = inspect(CASES / file, file)
    assert columns(proposal) == {name: sorted(made) for name, made in TRUTH[file]["columns"].items()}
    assert proposal.language == TRUTH[file]["language"]


@pytest.mark.parametrize("file", TRUTH)
def test_every_row_of_a_small_list_is_mapped_as_proposed(file: str) -> None:
    proposal = inspect(CASES / file, file)
    proposed = mapping(proposal)
    opened = open_table(CASES / file, file, proposed.reading.reading())
    mapper = RowMapper(opened, proposed)
    rows = [entry for entry in opened.entries() if isinstance(entry, Row)]
    mapped = [mapper.map(row) for row in rows]
    assert all(entry.record is not None for entry in mapped)
    assert not mapper.unmapped()
    faults = Counter(problem.rule for entry in mapped for problem in entry.problems)
    # What a mapping cannot know before its questions are answered.
    faults.pop("lists/no-currency", None)
    faults.pop("values/fund-without-period", None)
    faults.pop("values/fund-unknown", None)
    assert {rule for rule in faults if not rule.startswith(("privacy/", "organisations/"))} <= {
        "values/country-unknown"
    }


# -- how values are written

PEOPLE = ("Projekti A", "Yhdistys ry", "1000", "5.3.2016")
HEAD = ("Hankkeen nimi", "Toteuttaja", "Kokonaiskustannukset", "Aloituspvm")


def test_order_of_days_is_proved_or_asked(tmp_path: Path) -> None:
    proved = table(tmp_path, HEAD, ("A", "B ry", "10", "05/03/2016"), ("C", "D ry", "10", "25/03/2016"))
    assert mapping(proved).values.date_order == "dmy"
    american = table(tmp_path, HEAD, ("A", "B ry", "10", "05/03/2016"), ("C", "D ry", "10", "05/25/2016"))
    assert mapping(american).values.date_order == "mdy"
    open_ = table(tmp_path, HEAD, ("A", "B ry", "10", "05/03/2016"), ("C", "D ry", "10", "07/08/2016"))
    assert mapping(open_).values.date_order is None
    assert f'{CHECK}date_order = "dmy" or "mdy"' in asked(open_)


def test_names_of_months_and_short_years(tmp_path: Path) -> None:
    proposal = table(
        tmp_path,
        ("Name of Project", "Recipient of funds", "Start date"),
        *(
            (f"Project {n}", f"Sample {n} Ltd", day)
            for n, day in enumerate(("01. Nov 15", "31. Dez 18", "Mrz 16", "Okt 17"))
        ),
    )
    values = mapping(proposal).values
    assert values.month_names == ["de"]
    assert values.century == "2000"
    assert columns(proposal)["Start date"] == ["start"]


@pytest.mark.parametrize(
    ("cells", "decimal", "group"),
    [
        (("1.234,56", "12.345.678,90"), ",", ["."]),
        (("1,234.56", "12,345,678.90"), ".", [","]),
        (("1 234,5", "12 345"), ",", [" "]),
        (("15.414.794", "7.707.397"), ",", ["."]),
        (("1234.5", "20"), ".", None),
        (("1234", "20"), None, None),
    ],
)
def test_signs_in_numbers(tmp_path: Path, cells: tuple[str, str], decimal: str | None, group: list[str] | None) -> None:
    proposal = table(tmp_path, HEAD, *((f"Hanke {n}", "B ry", cell, "5.3.2016") for n, cell in enumerate(cells)))
    values = mapping(proposal).values
    assert (values.decimal, values.group) == (decimal, group)
    assert "can be read in two ways" not in asked(proposal)


def test_a_number_that_could_be_two_is_asked_about(tmp_path: Path) -> None:
    proposal = table(tmp_path, HEAD, ("A", "B ry", "1.234", "5.3.2016"), ("C", "D ry", "22.500", "6.3.2016"))
    assert mapping(proposal).values.decimal is None
    assert "2 amounts such as 1.234 can be read in two ways" in asked(proposal)


def test_a_unit_in_a_header_is_checked_against_the_amounts(tmp_path: Path) -> None:
    head = ("Name of Project", "Recipient of funds", "Total project costs £m", "Start date")
    pounds = table(tmp_path, head, ("A", "B Ltd", "1434364", "2016-01-01"), ("C", "D Ltd", "5000000", "2016-02-01"))
    assert mapping(pounds).fields["total_cost"].multiply == 1
    assert mapping(pounds).values.currency == "GBP"
    assert "whole units, so multiply = 1" in asked(pounds)
    millions = table(tmp_path, head, ("A", "B Ltd", "1.4", "2016-01-01"), ("C", "D Ltd", "5.0", "2016-02-01"))
    assert mapping(millions).fields["total_cost"].multiply == 1_000_000
    thousands = inspect(CASES / "sv-2021.csv", "sv-2021.csv")
    assert mapping(thousands).fields["total_cost"].multiply == 1000


def test_currency_is_named_or_only_proposed(tmp_path: Path) -> None:
    named = table(tmp_path, (*HEAD[:2], "Kokonaiskustannukset (EUR)"), ("A", "B ry", "1000"), ("C", "D ry", "2000"))
    assert mapping(named).values.currency == "EUR"
    sign = table(tmp_path, HEAD[:3], ("A", "B ry", "1000 €"), ("C", "D ry", "2000 €"))
    assert mapping(sign).values.currency == "EUR"
    none = table(
        tmp_path, ("Projekttitel", "Støttemodtager", "Samlet budget"), ("Vækst for alle og en ny by", "By A", "1000")
    )
    assert mapping(none).values.currency is None
    assert CHECK in asked(none)
    assert 'currency = "DKK"' in asked(none)
    column = table(tmp_path, (*HEAD[:3], "Valuutta"), ("A", "B ry", "1000", "EUR"), ("C", "D ry", "2000", "SEK"))
    assert "currency" in mapping(column).fields
    assert mapping(column).values.currency is None


def test_the_same_amount_in_two_currencies_and_a_column_of_noughts(tmp_path: Path) -> None:
    head = ("projektnamn", "stödmottagare", "beviljat_belopp_sek", "beviljat_belopp_eur")
    proposal = table(
        tmp_path,
        head,
        ("En väg till arbete", "A kommun", "3929285", "0"),
        ("Ny by", "B", "500", "0"),
        ("Ort", "C", "7", "0"),
    )
    proposed = mapping(proposal)
    assert proposed.fields["granted_amount"].column == "beviljat_belopp_sek"
    assert [(line.column, line.currency, line.zero) for line in proposed.funding] == [
        ("beviljat_belopp_eur", "EUR", "not-given")
    ]


def test_noughts_where_the_row_says_that_nothing_is_given(tmp_path: Path) -> None:
    head = ("Operation Code", "Operation Name", "Beneficiary Name", "Total Eligible Expenditure", "Fund")
    rows = [
        (f"X-{n}", f"Name {n}", f"Body {n} Ltd", "0" if n < 4 else f"{n}00", "n.a." if n < 4 else "ERDF")
        for n in range(12)
    ]
    proposal = table(tmp_path, head, *rows)
    assert mapping(proposal).fields["total_eligible_cost"].zero == "not-given"
    rows = [(code, title, body, amount, "ERDF") for code, title, body, amount, _ in rows]
    other = table(tmp_path, head, *rows)
    assert mapping(other).fields["total_eligible_cost"].zero is None
    assert "4 of 12 amounts are 0" in asked(other)


@pytest.mark.parametrize(
    ("cells", "unit"),
    [(("85", "50"), "percent"), (("0.85", "0.5"), "fraction"), (("50%", "85%"), "percent"), (("0", "1"), None)],
)
def test_rates(tmp_path: Path, cells: tuple[str, str], unit: str | None) -> None:
    head = ("Operation Name", "Beneficiary Name", "Union co-financing rate")
    proposal = table(tmp_path, head, *((f"Name {n}", f"Body {n} Ltd", cell) for n, cell in enumerate(cells)))
    assert mapping(proposal).fields["cofinancing_rate"].rate_unit == unit
    assert (f'{CHECK}rate_unit = "percent" or "fraction"' in asked(proposal)) == (unit is None)


def test_a_header_that_speaks_of_a_rate_over_amounts(tmp_path: Path) -> None:
    head = ("Operation Name", "Beneficiary Name", "Montant UE programmé - Union co-financing rate")
    proposal = table(tmp_path, head, ("A", "B Ltd", "125000"), ("C", "D Ltd", "4500.50"))
    assert columns(proposal)[head[2]] == ["eu_amount"]


def test_texts_for_nothing(tmp_path: Path) -> None:
    head = ("Operation Code", "Operation Name", "Beneficiary Name", "Priority axis")
    rows = [
        (f"X-{n}", f"Name {n}", f"Body {n} Ltd", "99 - Não aplicável" if n < 2 else f"{n % 3} - Axis") for n in range(9)
    ]
    proposed = mapping(table(tmp_path, head, *rows))
    assert proposed.values.missing == ["99 - Não aplicável"]
    assert proposed.fields["priority_axis_code"].values == {"99": "n.a."}


# -- places, funds, codes


def test_coordinates_by_their_range(tmp_path: Path) -> None:
    head = ("Operation Name", "Beneficiary Name", "Location latitude longitude")
    pair = mapping(
        table(
            tmp_path,
            head,
            ("A", "B Ltd", "-9.0491, 53.2744"),
            ("C", "D Ltd", "-7.1119, 52.261"),
            ("E", "F", "-6.1, 53.1"),
        )
    )
    assert pair.fields["crs"].value == "EPSG:4326"
    longitude = pair.fields["longitude"].pattern or ""
    latitude = pair.fields["latitude"].pattern or ""
    import re

    assert re.search(longitude, "-9.0491, 53.2744")[1] == "-9.0491"  # type: ignore[index]
    assert re.search(latitude, "-9.0491, 53.2744")[1] == "53.2744"  # type: ignore[index]
    metres = table(
        tmp_path,
        ("Operation Name", "Beneficiary Name", "Coordinates east", "Coordinates north"),
        ("A", "B Ltd", "560016.186", "6319238.093"),
        ("C", "D Ltd", "890649.09", "6118912.57"),
    )
    assert "crs" not in mapping(metres).fields
    assert f"{FILL}the coordinate reference system" in asked(metres)


def test_places_glued_listed_and_named(tmp_path: Path) -> None:
    head = ("Operation Name", "Beneficiary Name", "Postcode or other location indicator")
    glued = table(
        tmp_path, head, ("A", "B Ltd", "EL24-Στερεά Ελλάδα"), ("C", "D Ltd", "EL30-Αττική"), ("E", "F", "EL43-Κρήτη")
    )
    assert columns(glued)[head[2]] == ["nuts", "region"]
    assert "the edition of NUTS" in asked(glued)
    listed = mapping(
        table(tmp_path, head, ("A", "B Ltd", "EL111,EL112"), ("C", "D Ltd", "EL113"), ("E", "F", "EL114,EL115"))
    )
    assert listed.fields["nuts"].split
    assert listed.fields["country"].value == "GRC"
    posts = table(tmp_path, head, ("A", "B Ltd", "PR1 2HE"), ("C", "D Ltd", "L3 1AA"), ("E", "F", "NE63 8AP"))
    assert columns(posts)[head[2]] == ["postcode"]


def test_funds_get_the_entries_of_the_period(tmp_path: Path) -> None:
    head = ("Hankkeen nimi", "Toteuttaja", "Rahasto", "Ohjelman CCI-koodi")
    rows = [
        ("A", "B ry", "EAKR", "2021FI16FFPR001"),
        ("C", "D ry", "ESR+", "2021FI16FFPR001"),
        ("E", "F ry", "R", "2021FI16FFPR001"),
    ]
    proposal = table(tmp_path, head, *rows)
    proposed = mapping(proposal)
    assert proposed.fields["fund"].values == {"EAKR": "ERDF_2021", "ESR+": "ESF_PLUS"}
    assert proposed.fields["period"].value == "2021-2027"
    assert proposed.fields["country"].value == "FIN"
    assert proposed.portfolio.code_scope == "2021FI16FFPR001"
    assert 'values = { "R" = "…" }' in asked(proposal)
    assert "Article 49(3) of Regulation (EU) 2021/1060" in asked(proposal)


def test_a_code_glued_to_the_name_and_rows_that_are_parts(tmp_path: Path) -> None:
    head = ("Operation Name", "Beneficiary Name", "Total eligible expenditure", "NUTS")
    rows = [
        (f"5000{n // 3}6-Μελέτη {n // 3}", f"Δήμος {n // 3}", f"{n + 1}.912,96", f"EL{n % 3 + 1}1") for n in range(18)
    ]  # fmt: skip
    proposal = table(tmp_path, head, *rows)
    proposed = mapping(proposal)
    assert columns(proposal)["Operation Name"] == ["code", "title"]
    assert proposed.identity.rows == "parts"
    assert proposed.identity.agree == ["title", "beneficiary_name"]
    same = [(title, body, f"{title[4]}.912,96", place) for title, body, _, place in rows]
    repeated = table(tmp_path, head, *same)
    assert mapping(repeated).identity.rows == "one"
    assert "adding them up would count money twice" in asked(repeated)


def test_a_code_that_is_not_the_operations(tmp_path: Path) -> None:
    head = ("Kod", "Projektnamn", "Stödmottagare", "Belopp")
    rows = [(f"K{n % 20}", f"Projekt {n}", f"Bolag {n} AB", str(n)) for n in range(60)]
    proposal = table(tmp_path, head, *rows)
    assert "the code may be that of something else" in asked(proposal)


def test_without_a_code_the_fewest_fields_make_the_key(tmp_path: Path) -> None:
    rows = [(f"Hanke {n % 10}", "Sama Yhdistys ry", "1000", f"{n % 28 + 1}.3.2016") for n in range(28)]
    assert mapping(table(tmp_path, HEAD, *rows)).identity == mapping_file.IdentityTable(
        rows="operations", mint=["title", "beneficiary_name", "start"]
    )
    other = [(f"Hanke {n}", "Sama Yhdistys ry", "1000", "5.3.2016") for n in range(28)]
    assert mapping(table(tmp_path, HEAD, *other)).identity.mint == ["title", "beneficiary_name"]


def test_two_columns_never_make_one_field(tmp_path: Path) -> None:
    head = ("Operation Name", "Project title", "Beneficiary Name", "Beneficiary")
    proposal = table(
        tmp_path, head, *((f"Name {n}", f"Title {n}", f"Body {n} Ltd", f"Other {n} plc") for n in range(4))
    )
    made = Counter(name for view in proposal.columns for name in view.fields)
    assert made == {"title": 1, "beneficiary_name": 1}
    assert asked(proposal).count(f"{CHECK}it may be") == 2


# -- what is never guessed or shown


def test_what_is_unknown_stays_unmapped(tmp_path: Path) -> None:
    proposal = table(tmp_path, ("Foo", "Bar", "Blah"), ("x1", "some words here", "12"), ("x2", "and some others", "13"))
    assert columns(proposal) == {"Foo": ["unused"], "Bar": ["unused"], "Blah": ["unused"]}
    with pytest.raises(MappingError, match="mint"):
        mapping(proposal)
    assert f"{FILL}no column is recognised as the name of the operation" in asked(proposal)


def test_a_header_whose_cells_disagree_is_asked_about(tmp_path: Path) -> None:
    proposal = table(
        tmp_path, ("Operation Name", "Beneficiary Name", "Start date"), ("A", "B Ltd", "soon"), ("C", "D Ltd", "later")
    )
    assert columns(proposal)["Start date"] == ["unused"]
    assert "its header would say start, but its cells do not hold that" in asked(proposal)


def test_personal_columns_by_header_and_by_cells(tmp_path: Path) -> None:
    head = ("Hankkeen nimi", "Toteuttaja", "Yhteyshenkilö", "Sarake X", "Sarake Y")
    rows = [
        (f"Hanke {n}", f"Yhdistys {n} ry", "Nimi Poistettu", f"removed{n}@example.org", name)
        for n, name in enumerate(("Matti Meikäläinen", "Maija Virtanen", "Pekka Korhonen", "Liisa Nieminen"))
    ]
    proposal = table(tmp_path, head, *rows)
    assert mapping(proposal).personal.columns == ["Yhteyshenkilö", "Sarake X", "Sarake Y"]
    told = proposal.toml() + proposal.describe() + json.dumps(proposal.json(), ensure_ascii=False)
    for row in rows:
        for cell in row[2:]:
            assert cell not in told


def test_samples_show_no_persons_and_no_contact_details(tmp_path: Path) -> None:
    head = ("Hankkeen nimi", "Toteuttaja", "Kuvaus")
    rows = [
        ("Hanke A", "Matti Meikäläinen", "Kysy: matti@example.org, puh. 040 1234567"),
        ("Hanke B", "Yhdistys ry", "Muu kuvaus hankkeesta"),
    ]
    proposal = table(tmp_path, head, *rows)
    told = proposal.toml() + proposal.describe() + json.dumps(proposal.json(), ensure_ascii=False)
    assert "Meikäläinen" not in told
    assert "matti@" not in told
    assert "1234567" not in told
    assert "Hanke A" in told


def test_headers_that_would_break_toml_or_a_terminal(tmp_path: Path) -> None:
    names = ['Hankkeen "nimi"', "Toteuttajan\\nimi", "Alku\u202e pvm", "# ] = '''", "\x1b[31mTila"]
    path = tmp_path / "list.json"
    rows = [
        dict(zip(names, (f"Hanke {n}", f"Yhdistys {n} ry", "2016-01-31", "x", "Kesken"), strict=True)) for n in range(3)
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    proposal = inspect(path, "list.json")
    proposed = mapping(proposal)
    held = {rule.column for rule in proposed.fields.values()} | set(proposed.unused) | set(proposed.personal.columns)
    assert {view.name for view in proposal.columns} <= held
    assert "\x1b" not in proposal.toml() + proposal.describe()
    assert "\u202e" not in proposal.describe()


def test_canonical_columns_need_no_questions(tmp_path: Path) -> None:
    head = (
        "code",
        "title",
        "title_en",
        "summary",
        "start",
        "beneficiary_name",
        "paid_eu_amount",
        "currency",
        "fund",
        "country",
        "period",
    )
    row = (
        "X1",
        "Nimi",
        "Name",
        "Mitä tehdään ja miksi",
        "2022-01-31",
        "Yhdistys ry",
        "1000",
        "EUR",
        "ERDF",
        "FIN",
        "2021-2027",
    )
    proposal = table(tmp_path, head, row, tuple(cell.replace("X1", "X2") for cell in row))
    assert {name: made for name, made in columns(proposal).items() if name != made[0]} == {}
    assert {guess.confidence for guess in proposal.guesses} == {1.0}
    assert not any(guess.questions for guess in proposal.guesses)


def test_the_same_file_gives_the_same_proposal() -> None:
    first, second = (inspect(CASES / "nl-bilingual.csv", "nl.csv") for _ in range(2))
    assert first.toml() == second.toml()
    assert first.json() == second.json()


def test_what_a_proposal_says_of_itself() -> None:
    proposal = inspect(CASES / "pl-cp1250.csv", "pl-cp1250.csv")
    described = proposal.describe()
    assert "encoding: cp1250" in described
    assert "4 rows, 15 columns" in described
    read = json.loads(json.dumps(proposal.json(), ensure_ascii=False))
    assert read["rows"] == 4
    assert read["fields"]["eu_amount"]["rule"]["column"].startswith("Wartość unijnego")
    assert read["mapping"] == proposal.toml()


@pytest.mark.slow
def test_a_large_list_is_read_whole(tmp_path: Path) -> None:
    head = ("Koodi", "Hankkeen nimi", "Toteuttaja", "Kokonaiskustannukset", "Aloituspvm", "Rahasto")
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as out:
        out.write(";".join(head) + "\n")
        for n in range(114_000):
            out.write(f"A{n};Hanke {n};Yhdistys {n % 5000} ry;{n};{n % 28 + 1}.3.2016;EAKR\n")
    proposal = inspect(path, "large.csv")
    assert proposal.rows == 114_000
    assert mapping(proposal).identity.rows == "one"


def test_a_day_with_words_around_it_has_no_year(tmp_path: Path) -> None:
    days = ("15 mars 2016", "3 mars 2017", "mars 15 x", "mars 15 ²")
    proposal = table(tmp_path, ("Projektnamn", "Startdatum"), *((f"Projekt {day}", day) for day in days))
    assert columns(proposal)["Startdatum"] == ["start"]
    assert mapping(proposal).values.month_names == ["sv"]


# -- the dictionary


def test_the_dictionary_leads_to_fields() -> None:
    read = tomllib.loads(Path(headers.__file__).with_name("headers.toml").read_text(encoding="utf-8"))
    for rule in read["rules"]:
        assert rule["field"].startswith("_") or fields.find(rule["field"]), rule
        named = {name for group in rule["all"] for name in group} | set(rule.get("also", ()))
        assert named <= set(read["concepts"]), rule
        assert 0.6 <= rule["weight"] <= 0.97
    for phrase, name in read["phrases"].items():
        assert name.startswith("_") or fields.find(name.rstrip("?")), phrase
    assert set(read["languages"]) == set(read["letters"])
    assert len(read["languages"]) == 24


@pytest.mark.parametrize(
    ("header", "field"),
    [
        # Annex XII and Article 49(3) in the official languages.
        ("Tuensaajan nimi", "beneficiary_name"),
        ("Toimen tiivistelmä", "summary"),
        ("Toimen tukikelpoisten menojen kokonaismäärä", "total_eligible_cost"),
        ("Unionin osarahoitusosuus", "cofinancing_rate"),
        ("Stödmottagarens namn", "beneficiary_name"),
        ("Insatsens startdatum", "start"),
        ("Totala stödberättigande utgifter som tilldelats insatsen", "total_eligible_cost"),
        ("Støttemodtagerens navn", "beneficiary_name"),
        ("Samlede støtteberettigede udgifter tildelt operationen", "total_eligible_cost"),
        ("Gesamtbetrag der foerderfaehigen Ausgaben", "total_eligible_cost"),
        ("Nom du bénéficiaire", "beneficiary_name"),
        ("Taux de cofinancement de l'Union", "cofinancing_rate"),
        ("Nombre del beneficiario", "beneficiary_name"),
        ("Gasto total subvencionable asignado a la operación", "total_eligible_cost"),
        ("Despesa total elegível atribuída à operação", "total_eligible_cost"),
        ("Spesa totale ammissibile assegnata all'operazione", "total_eligible_cost"),
        ("Data di fine dell'operazione", "end"),
        ("Totale subsidiabele uitgaven voor de concrete actie", "total_eligible_cost"),
        ("Całkowite wydatki kwalifikowalne przyznane na operację", "total_eligible_cost"),
        ("Celkové způsobilé výdaje přidělené na operaci", "total_eligible_cost"),
        ("Názov prijímateľa", "beneficiary_name"),
        ("Naziv upravičenca", "beneficiary_name"),
        ("Ukupni prihvatljivi izdaci dodijeljeni operaciji", "total_eligible_cost"),
        ("A kedvezményezett neve", "beneficiary_name"),
        ("A művelet kezdetének időpontja", "start"),
        ("Numele beneficiarului", "beneficiary_name"),
        ("Cheltuieli totale eligibile alocate operațiunii", "total_eligible_cost"),
        ("Наименование на бенефициента", "beneficiary_name"),
        ("Toetusesaaja nimi", "beneficiary_name"),
        ("Finansējuma saņēmēja nosaukums", "beneficiary_name"),
        ("Projekto pradžios data", "start"),
        ("Isem il-benefiċjarju", "beneficiary_name"),
        ("Ainm an tairbhí", "beneficiary_name"),
        ("Όνομα του δικαιούχου", "beneficiary_name"),
        ("OperationStartDate", "start"),
        ("total_eligible_expenditure_currency", "currency"),
    ],
)  # fmt: skip
def test_words_of_the_law(header: str, field: str) -> None:
    assert headers.read(header).meanings[0].name == field


@pytest.mark.parametrize(
    "header", ["Multimedia", "Bemerkung", "Anteil Frauen", "Kommentti", "Note", "VIR", "Nazwa", ""]
)
def test_words_that_tell_no_field(header: str) -> None:
    assert not [meaning for meaning in headers.read(header).meanings if not meaning.name.startswith("_")]
