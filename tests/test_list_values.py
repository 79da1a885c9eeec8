"""Cells become the values that stand there, or a fault; nothing is guessed and nothing crashes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_files import SHARED

from publisher import rules as texts
from publisher import vocabularies
from publisher.errors import MappingError
from publisher.lists import codes, fields, values
from publisher.lists.mapping_file import ValueRules
from publisher.reports import Place
from publisher.tables.model import Cell

MISSING = object()


def read(name: str, cell: Cell, *, period: str | None = None, blanks: bool = False, **rules: Any) -> Any:
    """Return the value of a cell, or the short name of the rule that it breaks."""
    try:
        return values.reader(fields.FIELDS[name], ValueRules(**rules), period=period, blanks=blanks)(cell)
    except values.ValueFault as fault:
        return told(fault)


def money(cell: Cell, **rules: Any) -> Any:
    try:
        return values.money_reader(ValueRules(**rules))(cell)
    except values.ValueFault as fault:
        return told(fault)


def outcome(reader: Callable[[Cell], Any], cell: Cell) -> Any:
    """Return what a reader makes of a cell, None for a fault whose texts exist."""
    try:
        return reader(cell)
    except values.ValueFault as fault:
        told(fault)
        return None


def told(fault: values.ValueFault) -> str:
    """Return the short name of a fault's rule; its texts can be written with what it tells."""
    made = texts.problem(Place("list.csv", 2, 3), fault.rule, "x", **fault.told)
    assert {len(made.messages), *map(bool, made.messages.values())} == {3, True}
    return fault.rule.removeprefix("values/")


# ---- money


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("443909", "443909"), ("85146.03", "85146.03"), ("1.912,96", "1912.96"), ("15.414.794", "15414794"),
        ("1 234,5", "1234.5"), ("1\xa0234,5", "1234.5"), ("1\u202f234\u202f567,5", "1234567.5"),
        ("1'234.50", "1234.50"),
        ("1’234’567", "1234567"), ("(1,234.00)", "-1234.00"), ("1234-", "-1234"), ("−7", "-7"), ("+7", "7"),
        ("1234,567", "1234.567"), ("0,123", "0.123"), (".50", "0.50"), ("1.234,-", "1234.00"), ("0", "0"),
        ("'12", "12"), ("\ufeff 12\u200b ", "12"), ("1234.56666666667", "1234.566667"),
    ],
)  # fmt: skip
def test_an_amount_that_can_be_read_in_one_way_is_read_without_rules(cell: str, amount: str) -> None:
    assert money(cell) == (Decimal(amount), None)


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("1,234", "amount-ambiguous"), ("1.912", "amount-ambiguous"), ("12,34,567", "amount-grouping"),
        ("1 2345", "amount-grouping"), ("1.23.4", "amount-grouping"), ("1,2 3", "amount-grouping"),
        ("60%", "amount-percent"), ("60 %", "amount-percent"), ("NaN", "number-form"), ("inf", "number-form"),
        ("1.5E5", "number-form"), ("٣٤", "number-form"), ("12 000 tuhatta", "number-form"), ("--5", "number-form"),
        ("1000000000000000000", "number-size"), ("1.1234567", "amount-precision"), ("#REF!", "broken-formula"),
        ("#DIV/0!", "broken-formula"), ("5 EUR SEK", "number-form"),
    ],
)  # fmt: skip
def test_an_amount_that_cannot_be_read_with_certainty_is_a_fault(cell: str, rule: str) -> None:
    assert money(cell) == rule


def test_rules_settle_what_a_text_leaves_open_and_are_kept_to() -> None:
    assert money("1,234", decimal=".") == (Decimal(1234), None)
    assert money("1,234", decimal=",") == (Decimal("1.234"), None)
    assert money("1.234", group=["."]) == (Decimal(1234), None)
    assert money("1,234", group=[" "]) == (Decimal("1.234"), None)
    assert money("1.912,96", decimal=",", group=["."]) == (Decimal("1912.96"), None)
    assert money("1 912,96", decimal=",", group=["."]) == "amount-grouping"
    assert money("85146.03", decimal=",") == "amount-grouping"
    assert money("3", multiply=1000) == (Decimal(3000), None)
    with pytest.raises(MappingError, match="same sign"):
        values.money_reader(ValueRules(decimal=",", group=[","]))
    with pytest.raises(MappingError, match="blank, apostrophe"):
        values.money_reader(ValueRules(group=["x"]))


@pytest.mark.parametrize(
    ("cell", "currency"),
    [
        ("1 234,50 €", "EUR"), ("€1,000,000", "EUR"), ("EUR 5", "EUR"), ("5eur", "EUR"), ("-€5", "EUR"),
        ("€ -5", "EUR"),
        ("(5 EUR)", "EUR"), ("£5", "GBP"), ("5 zł", "PLN"), ("Kč 5", "CZK"), ("5 Ft", "HUF"), ("5 лв.", "BGN"),
        ("5 HRK", "HRK"), ("DKK 5", "DKK"), ("5,- EUR", "EUR"), (".50 €", "EUR"), ("1.234,50zł", "PLN"),
    ],
)  # fmt: skip
def test_the_currency_of_a_cell_is_found_before_or_behind_the_number(cell: str, currency: str) -> None:
    assert money(cell)[1] == currency


def test_a_sign_of_several_currencies_needs_the_mapping() -> None:
    assert money("500 kr") == "currency-ambiguous"
    assert money("500:- kr", currency="DKK") == (Decimal(500), "DKK")
    assert money("500 kr", currency="EUR") == "currency-ambiguous"
    assert read("currency", "kr", currency="SEK") == "SEK"
    assert read("currency", "kr") == "currency-ambiguous"
    assert read("currency", "€") == read("currency", "eur") == "EUR"
    assert read("currency", "XXX") == "currency-unknown"


def test_zero_is_given_unless_the_mapping_says_otherwise() -> None:
    assert money(0) == money("0") == (Decimal(0), None)
    assert money(0, zero="not-given") is None
    assert money("0,00 €", zero="not-given") is None
    assert money(Decimal("0.0"), zero="not-given") is None


def test_typed_numbers_pass_by_their_type() -> None:
    assert money(5, decimal=",", group=["."]) == (Decimal(5), None)
    assert money(Decimal("1.234"), decimal=",") == (Decimal("1.234"), None)
    assert money(Decimal("0.30000000000000004")) == (Decimal("0.3"), None)
    assert money(date(2015, 5, 1)) == "amount-is-date"  # Excel took 1.5 for a day
    assert money(True) == money(Decimal("NaN")) == money(Decimal("Infinity")) == "number-form"
    assert money(10**5000) == money(Decimal("1E+400")) == money(Decimal("1E-400")) == "number-size"
    assert money(9999, missing=["9999"]) is None
    assert read("eu_amount", "5 €") == Decimal(5)


STYLES = {
    "1.234,56": (".", ","), "1,234.56": (",", "."), "1 234,56": (" ", ","), "1\xa0234.56": ("\xa0", "."),
    "1'234.56": ("'", "."), "1234,56": ("", ","), "1234.56": ("", "."),
}  # fmt: skip


@given(
    st.integers(0, 10**18 - 1), st.text("0123456789", max_size=6), st.sampled_from(sorted(STYLES)),
    st.sampled_from(["", "-", "()", "trailing"]), st.sampled_from(["", "€", "EUR", "zł", "£"]), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_an_amount_written_in_a_style_comes_back(
    whole: int, cents: str, style: str, sign: str, currency: str, before: bool, ruled: bool
) -> None:
    group, point = STYLES[style]
    text = f"{whole:,}".replace(",", group) + (point + cents if cents else "")
    if currency:
        text = f"{currency} {text}" if before else f"{text} {currency}"
    text = {"": text, "-": f"-{text}", "()": f"({text})", "trailing": f"{text}-"}[sign]
    amount = Decimal(f"{whole}.{cents}" if cents else whole) * (-1 if sign else 1)
    own: dict[str, Any] = {"decimal": point, "group": [group] if group else []} if ruled else {}
    found = money(text, **own)
    if found == "amount-ambiguous":
        assert not ruled
        assert (whole >= 1000) != (len(cents) == 3)  # 1.234: a group or three decimals
    else:
        assert found == (amount, codes.currency(currency)[0] if currency else None)


# ---- rates and numbers


@pytest.mark.parametrize(
    ("cell", "rate"),
    [
        ("85,00", "85"), ("87,35", "87.35"), ("60%", "60"), ("50 %", "50"), ("33,333", "33.333"), (100, "100"),
        ("0", "0"),
        (Decimal("49.5"), "49.5"),
    ],
)  # fmt: skip
def test_rates_are_per_cent(cell: Cell, rate: str) -> None:
    assert read("cofinancing_rate", cell) == Decimal(rate)


def test_rates_out_of_range_are_faults_and_fractions_are_told() -> None:
    for cell in ("101", "-1", "8500", 101, "50% more developed & 60% transitional"):
        assert read("cofinancing_rate", cell) in ("rate-range", "number-form"), cell
    assert read("cofinancing_rate", "0,85", rate_unit="fraction") == 85
    assert read("cofinancing_rate", Decimal("0.85"), rate_unit="fraction") == 85
    assert read("cofinancing_rate", "85%", rate_unit="fraction") == 85
    assert read("cofinancing_rate", "85", rate_unit="fraction") == "rate-range"


def test_coordinates_are_not_rounded() -> None:
    for text in ("560016.186", "6319238.093", "-9.0491", "60.169857123456789"):
        assert read("latitude", text) == Decimal(text)
    assert read("longitude", "24,938") == Decimal("24.938")
    assert read("longitude", "6.319.238,093") == Decimal("6319238.093")
    assert read("longitude", "60°10'N") == "number-form"
    assert read("latitude", Decimal("60.169857123456789")) == Decimal("60.169857123456789")


# ---- days

MOMENT = datetime(2016, 5, 13, 23, 59)  # noqa: DTZ001 - as a spreadsheet gives it


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1.3.2015", "2015-03-01"), ("1. 3. 2015", "2015-03-01"), ("24.04.2014", "2014-04-24"),
        ("13/05/2016", "2016-05-13"),
        ("05/25/2016", "2016-05-25"), ("05/05/2016", "2016-05-05"), ("2016-10-14 01:17:38", "2016-10-14"),
        ("2016-10-14T01:17:38+02:00", "2016-10-14"), ("2016. 05. 13.", "2016-05-13"), ("2016/5/3", "2016-05-03"),
        ("5 de marzo de 2016", "2016-03-05"), ("1er mars 2015", "2015-03-01"), ("5. března 2016", "2016-03-05"),
        ("2015. március 5.", "2015-03-05"), ("2015 m. kovo 5 d.", "2015-03-05"), ("May 5, 2016", "2016-05-05"),
        ("5 Μαΐου 2016", "2016-05-05"), ("01-NOV-2015", "2015-11-01"), ("13.05.2016 г.", "2016-05-13"),
        ("3 Meán Fómhair 2015", "2015-09-03"), (MOMENT, "2016-05-13"), (date(2016, 5, 13), "2016-05-13"),
    ],
)  # fmt: skip
def test_a_day_that_can_be_read_in_one_way_is_read_without_rules(cell: Cell, day: str) -> None:
    found = read("start", cell)
    assert found == date.fromisoformat(day)
    assert type(found) is date


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("05/06/2016", "date-order"), ("31.02.2016", "date-calendar"), ("2016-13-01", "date-calendar"),
        ("42000", "date-serial"),
        ("42000.5", "date-serial"), (42000, "date-serial"), (Decimal("42000.5"), "date-serial"),
        ("01. Nov 15", "date-century"), ("1.3.15", "date-century"), ("1.1.1900", "date-range"),
        ("31.12.9999", "date-range"),
        (date(1900, 1, 1), "date-range"), ("5 listopad 2016", "date-month-name"), ("soon", "date-form"),
        (True, "date-form"),
        (Decimal("NaN"), "date-form"), ("1.3.2015-2.3.2015", "date-form"), ("5 March 2015 or 2016", "date-form"),
        ("2016", "date-without-day"), (2016, "date-without-day"), ("May 2016", "date-without-day"),
        ("05/2016", "date-without-day"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_read_with_certainty_is_a_fault(cell: Cell, rule: str) -> None:
    assert read("start", cell) == rule


def test_the_order_told_is_kept_to() -> None:
    assert read("start", "05/06/2016", date_order="dmy") == date(2016, 6, 5)
    assert read("start", "05/06/2016", date_order="mdy") == date(2016, 5, 6)
    assert read("start", "16/05/06", date_order="ymd", century="2000") == date(2016, 5, 6)
    assert read("start", "20160513") == read("start", 20160513) == date(2016, 5, 13)
    assert read("start", "05/13/2016", date_order="dmy") == "date-calendar"
    assert read("start", "2016-05-13", date_order="mdy") == date(2016, 5, 13)


def test_a_month_without_day_tells_what_is_known() -> None:
    for cell, year, month in (("Mrz 16", 2016, 3), ("Aug 15", 2015, 8), ("Dez 18", 2018, 12), ("2016", 2016, 0)):
        with pytest.raises(values.ValueFault) as caught:
            values.reader(fields.FIELDS["start"], ValueRules(century="2000"))(cell)
        assert caught.value.rule == "values/date-without-day"
        assert caught.value.told == {"year": year, "month": month}


def test_a_month_that_is_another_elsewhere_needs_its_language() -> None:
    assert read("start", "5. listopadu 2016", month_names=["cs"]) == date(2016, 11, 5)
    assert read("start", "5. listopada 2016", month_names=["hr"]) == date(2016, 10, 5)
    assert read("start", "5. listopada 2016", month_names=["pl"]) == date(2016, 11, 5)
    assert read("start", "5 mars 2016", month_names=["fi"]) == "date-form"


NAMED = [
    (language, number, name)
    for language, months in codes.load().months.items()
    for name, number in months.items()
]  # fmt: skip


@given(st.sampled_from(NAMED), st.integers(1, 28), st.integers(1950, 2100),
st.sampled_from(["{d} {m} {y}", "{d}. {m}. {y}",
       "{d}-{m}-{y}", "{y}. {m} {d}.", "{m} {d}, {y}"]),
       st.sampled_from([str.lower, str.upper, str.title]))  # fmt: skip
def test_every_name_of_a_month_is_read_in_its_language(
    named: tuple[str, int, str], day: int, year: int, form: str, case: Callable[[str], str]
) -> None:
    language, number, name = named
    text = form.format(d=day, m=case(name), y=year)
    assert read("start", text, month_names=[language]) == date(year, number, day)
    assert read("start", text) in (date(year, number, day), "date-month-name")


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["%d.%m.%y", "%d/%m/%y", "%d. %b %y", "%d-%B-%y"])
)
def test_two_digits_of_a_year_need_a_century(day: date, form: str) -> None:
    text = day.strftime(form)
    assert read("start", text, date_order="dmy") == "date-century"
    assert read("start", text, date_order="dmy", century="2000") == day


def test_there_are_twelve_months_in_every_official_language() -> None:
    months = codes.load().months
    assert set(months) == set(vocabularies.LANGUAGES) - {"rom", "se"}
    assert {frozenset(names.values()) for names in months.values()} == {frozenset(range(1, 13))}


# ---- codes, texts, choices


def test_missing_texts_say_that_nothing_is_given() -> None:
    for name in fields.FIELDS:
        for cell in ("", " ", "-", "–", "n.a.", "N/A", "#N/A", "\ufeff", None, " \xa0"):
            assert read(name, cell) is None, (name, cell)
    assert read("fund", "ei tiedossa", missing=["Ei tiedossa"]) is None
    assert read("title", "Ei tiedossa ", missing=["Ei tiedossa"]) is None


def test_codes_have_no_blanks_unless_a_pattern_cut_them_out() -> None:
    assert read("code", " S20394\n") == "S20394"
    assert read("code", 20394) == read("code", Decimal("20394.0")) == "20394"
    assert read("code", "S 20394") == "code-blank"
    assert read("code", "S \n20394", blanks=True) == "S 20394"
    assert read("code", "\u200bS20394\u200b") == "S20394"
    assert read("code", "x" * 201) == "code-long"
    assert read("code", date(2016, 5, 1)) == "code-is-date"
    assert read("code", "S\x002") == "text-control"
    assert read("code", 10**5000) == "number-size"


def test_texts_are_trimmed_and_lines_kept_where_they_mean_something() -> None:
    assert read("beneficiary_name", "  UNIVERSIDAD \n DE\tOVIEDO ") == "UNIVERSIDAD DE OVIEDO"
    assert read("summary", " one \r\n\r\n\r\n\r\n two\xa0 three\x0bfour ") == "one\n\ntwo three\nfour"
    assert read("title", "Ort\x1d\x1dnamn") == "Ort namn"  # an information separator is a blank
    assert read("title", "\x93new\x94 \x96 old\x92s") == "“new” – old’s"  # windows-1252 read as ISO 8859-1
    assert read("title", "a\x00b") == read("title", "a\ud800") == read("title", "a\x81") == "text-control"
    assert read("title", "'s-Hertogenbosch") == "'s-Hertogenbosch"
    assert read("title", "'=1+1") == "=1+1"
    assert read("title", 2016) == "2016"
    assert read("title", True) == "true"
    assert read("title", Decimal("1.50")) == "1.50"
    assert read("title", date(2016, 5, 1)) == "2016-05-01"


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("start_year", "2009", "2009"), ("start_year", 2009, "2009"), ("start_year", date(2009, 1, 1), "2009"),
        ("start_year", "09", "year-form"), ("start_year", "1900", "year-form"), ("start_year", "2101", "year-form"),
        ("period", "2014–2020", "2014-2020"), ("period", "2014 / 2020", "2014-2020"),
        ("period", "2020-2014", "period-form"),
        ("nuts", "fi1d7", "FI1D7"), ("nuts", "EL24", "EL24"), ("nuts", "EL24-Στερεά", "nuts-form"),
        ("end_status", "Actual", "actual"), ("end_status", "done", "choice-unknown"), ("nuts_edition", 2013, "2013"),
        ("page", "https://peda.net/ä", "https://peda.net/ä"), ("page", "www.example.org", "url-form"),
        ("page", "javascript:alert(1)", "url-form"), ("page", "https://a b", "url-form"),
        ("beneficiary_id", " fi-0292800-5 ", "FI-0292800-5"), ("beneficiary_id", 29280050, "29280050"),
    ],
)  # fmt: skip
def test_values_of_a_form(name: str, cell: Cell, value: str) -> None:
    assert read(name, cell) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ΕΛΛΑΔΑ", "GRC"), ("Ελλάδα", "GRC"), ("EL", "GRC"), ("GR - Greece", "GRC"), ("Denmark", "DNK"),
        ("Danmark", "DNK"),
        (" England ", "GBR"), ("Scotland", "GBR"), ("uk", "GBR"), ("Czech Republic", "CZE"), ("Česko", "CZE"),
        ("FIN", "FIN"),
        ("Suomi", "FIN"), ("Deutschland", "DEU"), ("Alemanha", "DEU"), ("Allemagne", "DEU"), ("Hrvatska", "HRV"),
        ("Polska", "POL"),
        ("Finland/Sweden", "country-unknown"), ("Wonderland", "country-unknown"), ("x" * 900, "country-unknown"),
    ],
)  # fmt: skip
def test_countries(text: str, code: str) -> None:
    assert read("country", text) == code


@pytest.mark.parametrize(
    ("text", "period", "code"),
    [
        ("ERDF", "2014-2020", "ERDF"), ("EAKR", "2014-2020", "ERDF"), ("1-ΕΤΠΑ", "2014-2020", "ERDF"),
        ("FEDER", "2021-2027", "ERDF_2021"),
        ("EFRE", "2021-2027", "ERDF_2021"), ("FESR", "2014-2020", "ERDF"), ("EFRR", "2014-2020", "ERDF"),
        ("ESR", "2014-2020", "ESF"), ("FSE", "2014-2020", "ESF"), ("2-ΕΚΤ", "2014-2020", "ESF"),
        ("ESF", "2021-2027", "ESF_PLUS"),
        ("ESF+", "2021-2027", "ESF_PLUS"), ("ESF+", None, "ESF_PLUS"), ("6-ΤΣ", "2014-2020", "CF"),
        ("Cohesion Fund", "2021-2027", "CF_2021"),
        ("7-ΠΑΝ", "2014-2020", "YEI"), ("YEI", None, "YEI"), ("EMFF", "2014-2020", "EMFF2020"),
        ("EAFRD", "2014-2020", "EAFRD2020"),
        ("JTF", "2021-2027", "JTF"), ("ERDF_2021", None, "ERDF_2021"), ("ERDF", None, "ERDF"),
        ("Fundo Social Europeu (FSE)", "2014-2020", "ESF"),
        ("European Regional Development Fund (ERDF) (2021/2027)", None, "ERDF_2021"),
        ("React-EU (2021/2023)", None, "REACT_EU"),
        ("EAKR", None, "fund-without-period"), ("EAKR", "2007-2013", "fund-not-in-table"),
        ("ESF+", "2014-2020", "fund-not-in-table"),
        ("R", "2014-2020", "fund-unknown"), ("ESF (inc YEI)", "2014-2020", "fund-unknown"),
        ("ERDF, ESF", "2014-2020", "fund-unknown"),
        ("ERDF and more", "2014-2020", "fund-unknown"),
    ],
)  # fmt: skip
def test_funds(text: str, period: str | None, code: str) -> None:
    assert read("fund", text, period=period) == code


def test_everything_that_can_be_yielded_is_labelled() -> None:
    known = vocabularies.load()
    loaded = codes.load()
    for table, found in (
        ("eu-programme", loaded.entries),
        ("country", set(loaded.countries.values())),
        ("currency", {code for several in loaded.currencies.values() for code in several}),
        ("language", {vocabularies.LANGUAGES[language] for language in loaded.months}),
    ):
        assert {code for code in found if known.authority(table, code) is None} == set(), table


@pytest.mark.skipif(not SHARED.is_dir(), reason="the EU tables are not in the repository")
def test_names_and_labels_are_those_of_the_eu_tables() -> None:
    lines = set(vocabularies.load().concept_lines)
    for table in ("eu-programme", "country", "currency", "language"):
        source = gzip.decompress((SHARED / "dcat-ap" / "authority" / f"{table}.gc.gz").read_bytes()).decode()
        for row in source.split("<Row>")[1:]:
            cells = dict(re.findall(r'ColumnRef="(\w+)">\s*<SimpleValue>([^<]*)<', row))
            iri = f"http://publications.europa.eu/resource/authority/{table}/{cells['code']}"
            labels = {line for line in lines if line.startswith(f"<{iri}> ") and "prefLabel" in line}
            if labels:
                for column, tag in (("fin_label", "fi"), ("swe_label", "sv"), ("eng_label", "en")):
                    assert any(line.endswith(f'"@{tag} .') for line in labels) == bool(cells.get(column))
            if table == "country" and labels:
                names = {
                    name.replace("&amp;", "&")
                    for key, name in cells.items()
                    if key.endswith("_label") and "(" not in name
                }
                assert {name for name in names if codes.country(name) != cells["code"]} <= {""}


# ---- anything


EVERY = [values.reader(field, ValueRules()) for field in fields.FIELDS.values() if fields.money(field.name) is None]
EVERY += [
    values.money_reader(ValueRules()),
    values.money_reader(ValueRules(decimal=",", multiply=1000, zero="not-given")),
]
EVERY += [
    values.reader(fields.FIELDS["start"], ValueRules(date_order=order, century="2000"))
    for order in ("dmy", "mdy", "ymd")
]
HOSTILE = st.one_of(
    st.text(max_size=60), st.text("0123456789.,-'€%() kKrEURjanmar/\xa0", max_size=40), st.integers(), st.decimals(),
    st.booleans(),
    st.none(), st.dates(), st.datetimes(), st.from_regex(r"[0-9]{1,4}[ ./-][0-9]{1,4}[ ./-][0-9]{1,4}"),
)  # fmt: skip


@settings(max_examples=300)
@given(HOSTILE)
def test_nothing_crashes_on_anything(cell: Cell) -> None:
    for reader in EVERY:
        found = outcome(reader, cell)
        assert found is None or isinstance(found, (str, Decimal, date, tuple))
        if isinstance(found, Decimal):
            assert found.is_finite()
        if isinstance(found, str):
            found.encode()  # no lone surrogate
            assert "\x00" not in found


def test_long_cells_cost_little() -> None:
    begin = time.process_time()
    for cell in (
        "1" * 200_000,
        "1 " * 100_000,
        "(" * 100_000,
        "-" * 100_000,
        "€" * 100_000,
        "1." * 100_000,
        " " * 200_000,
    ):
        for reader in EVERY:
            outcome(reader, cell)
    assert time.process_time() - begin < 8


# ---- the real lists


def _lists(*parts: str) -> bytes:
    path = SHARED.joinpath("lists", *parts)
    if not path.exists():
        pytest.skip("the real lists are not in the repository")
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def test_every_day_and_amount_of_the_greek_list_is_read() -> None:
    text = _lists("gr-2014-2020", "ListOfOperations_20160513.csv.gz").decode("cp1253")
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=";") if len(row) >= 14][1:]
    assert len(rows) == 2029
    amounts = [money(row[8], decimal=",", group=["."]) for row in rows]
    assert amounts.count(None) == 50
    total = sum((found[0] for found in amounts if found), Decimal(0))
    assert total == sum(Decimal(row[8].replace(".", "").replace(",", ".")) for row in rows if row[8].strip())
    assert {read("cofinancing_rate", row[9]) for row in rows} == {Decimal(n) for n in ("80", "85", "50", "87.35")}
    assert {read("fund", row[2], period="2014-2020") for row in rows} == {"ERDF", "ESF", "CF", "YEI"}
    assert {read("country", row[11]) for row in rows} == {"GRC"}
    for row in rows:
        for cell in (row[6], row[7], row[13]):
            assert isinstance(read("start", cell, date_order="dmy"), date) or not cell.strip()


def test_every_day_and_amount_of_the_english_list_is_read() -> None:
    text = _lists("uk-england-2014-2020", "ESIF_2014-2020_List_of_beneficiaries_Oct_2016.csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    days = [
        read("start", cell, date_order="dmy", century="2000", month_names=["de", "en"])
        for row in rows
        for cell in row[4:6]
    ]
    assert {day for day in days if not isinstance(day, date)} == {"date-without-day", "date-calendar"}
    assert days.count("date-calendar") == 2  # 31/04/2014 and 31-Nov-18
    assert days.count("date-without-day") == 8
    for row in rows:
        for cell in row[6:8]:
            found = money(cell, decimal=",")
            assert found is None or found[0] == Decimal(cell.replace(",", ".").strip()), cell
    rates = [read("cofinancing_rate", row[8], decimal=",") for row in rows]
    assert sum(isinstance(rate, Decimal) for rate in rates) == 391
    assert rates.count("rate-range") == 1  # 150%
    assert rates.count("number-form") == 2  # two shares in one cell


@pytest.mark.slow
def test_the_spanish_lists_are_read_in_little_time() -> None:
    cells = []
    for folder, names in (("erdf", ("montante_concedido", "montante_pagado_final_operacion")), ("esf", ("spending",))):
        for path in sorted(SHARED.joinpath("lists", "es-2007-2013", folder).glob("*.gz")):
            cells += [row.get(name) for row in json.loads(gzip.decompress(path.read_bytes())) for name in names]
    if not cells:
        pytest.skip("the real lists are not in the repository")
    reader = values.money_reader(ValueRules(decimal=",", group=["."]))
    begin = time.process_time()
    found = [reader(cell) for cell in cells]
    assert time.process_time() - begin < 3
    total = sum((amount[0] for amount in found if amount), Decimal(0))
    assert total == sum(Decimal(cell.replace(".", "").replace(",", ".")) for cell in cells if cell)
