"""Cells → canonical values, compiled once a column: `reader` for a field, `money_reader` for money, `fund` by period.

A reader returns None where nothing is given and raises `ValueFault` where a
cell holds no value of its field. Nothing is guessed: what a text alone does not
tell (date order, decimal sign, `kr`) the mapping must. Cells that the file types
(numbers, days) pass by their type, not by the rules for texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from publisher.iris import is_web_iri
from publisher.lists import codes
from publisher.lists.amounts import Money, currency_of, money_reader, number_reader, rate_reader
from publisher.lists.cells import DEFAULT_MISSING, Missing, ValueFault, digits, plain, trim, visible
from publisher.lists.dates import FIRST_YEAR, LAST_YEAR, date_reader
from publisher.lists.fields import Field
from publisher.lists.mapping_file import ValueRules
from publisher.lists.operation import Value
from publisher.tables.model import Cell

__all__ = ["DEFAULT_MISSING", "Money", "Reader", "ValueFault", "fund", "money_reader", "reader"]

Reader = Callable[[Cell], Value | None]

MAX_CODE = 200
"""Characters of a code or identifier; longer ones are texts in the wrong column."""
MAX_NAME = 500
"""Characters of the name of a fund or country that is looked up."""

_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}\Z")
_PERIOD = re.compile(r"([0-9]{4})\s*[-–—/]\s*([0-9]{4})\Z")
_NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]{0,3}\Z")
_BLANK = re.compile(r"\s")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Windows-1252 read as ISO 8859-1: the WHATWG reads these code points so too, five stand for nothing.
_C1 = {n: bytes([n]).decode("cp1252") for n in range(0x80, 0xA0) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
_LINE_EDGES = re.compile(r"[^\S\n]*\n[^\S\n]*")
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_ESCAPED_FORMULA = re.compile(r"'[=+\-@\t\r]")


def reader(field: Field, rules: ValueRules, *, period: str | None = None, blanks: bool = False) -> Reader:
    """Return what reads a cell of a field.

    Args:
        field: The field.
        rules: How its cells are written, those for all fields already in them.
        period: The programming period of the list, for a `fund` whose entry of the EU table depends on it; where each
            row has its own, use `fund`.
        blanks: Whether a `code` may hold blanks: where a pattern of the mapping cut it out.

    Returns:
        A function from a cell to its canonical value; None where nothing is given. It raises `ValueFault`.

    Raises:
        MappingError: The rules contradict each other.
    """
    kind = field.type
    if kind == "amount":
        money = money_reader(rules)
        return lambda cell: found[0] if (found := money(cell)) else None
    if kind == "date":
        return date_reader(rules)
    if kind == "rate":
        return rate_reader(rules)
    if kind == "number":
        return number_reader(rules)
    missing = Missing(rules)
    if kind == "text":
        return _text(missing, _one_line)
    if kind == "texts":
        return _text(missing, _lines)
    if kind == "code":
        return _short(missing, _blanks_allowed if blanks else _code, dates=False)
    if kind == "choice":
        return _short(missing, _choice(field.choices))
    if kind == "currency":
        return _short(missing, lambda text: _currency(text, rules.currency))
    if kind == "fund":
        return _short(missing, lambda text: fund(text, period))
    return _short(missing, _BY_KIND[kind], dates=kind == "year")


def fund(text: str, period: str | None) -> str:
    """Return the entry of the EU table eu-programme for a fund's name, abbreviation or code in any official language.

    Args:
        text: What the cell says: `ERDF`, `EAKR`, `1-ΕΤΠΑ`, `Fundo Social Europeu (FSE)`, `ERDF_2021`.
        period: The programming period, `2014-2020`; None where it is not known: then a text that is an entry's very
            code (`ERDF`) is that entry. A period in the text counts more.

    Raises:
        ValueFault: The text names no fund or several (`values/fund-unknown`), the table has no entry for it in this
            period (`values/fund-not-in-table`, such as those of 2007–2013), or one for each of several periods
            (`values/fund-without-period`).
    """
    found = codes.fund_named(trim(text)) if len(text) <= MAX_NAME else None
    if found is None:
        raise ValueFault("values/fund-unknown")
    named, own_period = found
    if isinstance(named, str):
        return named
    period = own_period or period
    if period in named.entries:
        return named.entries[period]
    if period is not None:
        raise ValueFault("values/fund-not-in-table", fund=named.key, period=period)
    entries = set(named.entries.values())
    if len(entries) > 1:
        if text.strip() in entries:
            return text.strip()
        raise ValueFault("values/fund-without-period", fund=named.key, periods=", ".join(named.entries))
    return entries.pop()


def _text(missing: Missing, clean: Callable[[str], str]) -> Reader:
    def read(cell: Cell) -> Value | None:
        text = cell if isinstance(cell, str) else _of_type(cell, missing)
        if text is None:
            return None
        text = trim(text)
        if missing.text(text):
            return None
        if _ESCAPED_FORMULA.match(text):  # a spreadsheet's quote before what it would take for a formula
            text = text[1:]
        if not text.isprintable() and (_NO_TEXT.search(text) is not None):
            text = text.translate(_C1)
            if _NO_TEXT.search(text):
                raise ValueFault("values/text-control")
        return clean(text) or None

    return read


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    if text.isprintable() and "  " not in text:
        return text
    text = _LINE_EDGES.sub("\n", _LINE_ENDS.sub("\n", text))
    return trim(_EMPTY_LINES.sub("\n\n", _BLANKS.sub(" ", text)))


def _short(missing: Missing, check: Callable[[str], str], *, dates: bool = True) -> Reader:
    """Return what reads a value without any freedom of form; `dates`: whether a typed day may be one."""

    def read(cell: Cell) -> Value | None:
        if isinstance(cell, str):
            text = visible(cell)
        else:
            if isinstance(cell, date) and not dates:
                raise ValueFault("values/code-is-date")
            typed = _of_type(cell, missing)
            if typed is None:
                return None
            text = typed
        return None if missing.text(text) else check(text)

    return read


def _of_type(cell: Cell, missing: Missing) -> str | None:
    """Return what a typed cell says as text; None for an empty one and a missing number."""
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return None if missing.number(cell) else digits(cell)
    return plain(cell)


def _code(text: str) -> str:
    if _BLANK.search(text):
        raise ValueFault("values/code-blank")
    return _blanks_allowed(text)


def _blanks_allowed(text: str) -> str:
    if len(text) > MAX_CODE:
        raise ValueFault("values/code-long", longest=MAX_CODE)
    text = " ".join(text.split())
    if _NO_TEXT.search(text):
        raise ValueFault("values/text-control")
    return text


def _identifier(text: str) -> str:
    return _blanks_allowed(text).upper()


def _year(text: str) -> str:
    text = text[:4] if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: .*)?", text) else text
    if not _YEAR.match(text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise ValueFault("values/year-form", first=FIRST_YEAR, last=LAST_YEAR)
    return text


def _period(text: str) -> str:
    match = _PERIOD.match(text)
    if not match or not FIRST_YEAR <= int(match[1]) < int(match[2]) <= LAST_YEAR:
        raise ValueFault("values/period-form")
    return f"{match[1]}-{match[2]}"


def _country(text: str) -> str:
    found = codes.country(text) if len(text) <= MAX_NAME else None
    if found is None:
        raise ValueFault("values/country-unknown")
    return found


def _nuts(text: str) -> str:
    text = text.upper()
    if not _NUTS.match(text):
        raise ValueFault("values/nuts-form")
    return text


def _currency(text: str, preferred: str | None) -> str:
    if not codes.currency(text):
        raise ValueFault("values/currency-unknown")
    return currency_of(text, preferred)


def _url(text: str) -> str:
    # A name and a password before the host are nobody's to publish (RFC 3986, 3.2.1).
    if len(text) > 2000 or not is_web_iri(text) or "@" in text.split("/", 3)[2]:
        raise ValueFault("values/url-form")
    return text


def _choice(choices: tuple[str, ...]) -> Callable[[str], str]:
    known = {choice.casefold(): choice for choice in choices}

    def check(text: str) -> str:
        found = known.get(text.casefold())
        if found is None:
            raise ValueFault("values/choice-unknown", choices=", ".join(choices))
        return found

    return check


_BY_KIND: dict[str, Callable[[str], str]] = {
    "year": _year,
    "period": _period,
    "country": _country,
    "nuts": _nuts,
    "url": _url,
    "identifier": _identifier,
}
