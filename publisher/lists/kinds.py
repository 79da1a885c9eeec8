"""What a cell may be, whatever its column is called: a day, a number, a code, a place, the name of a fund."""

from __future__ import annotations

import re
from collections.abc import Callable

from publisher.lists import codes, written_days
from publisher.lists.written_numbers import number_parts

_LONG = 160
"""Characters of a cell that may be more than prose."""
_YEAR = re.compile(r"(?:19[5-9]\d|20\d{2})\Z")
_NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]{1,3}\Z")
_NUTS_LIST = re.compile(r"[A-Z]{2}[0-9A-Z]{1,3}(?:\s*[,;/|+ ]\s*[A-Z]{2}[0-9A-Z]{1,3})+\Z")
_GLUED_NUTS = re.compile(r"([A-Z]{2}[0-9A-Z]{1,3})\s*[-–:]\s*[^\W\d_]")
_NUTS_COUNTRIES = frozenset(
    (
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "UK", "CH", "IS", "LI", "NO", "AL", "ME", "MK", "RS",
        "TR",
    )
)  # fmt: skip
_CCI = re.compile(r"(?:19|20)\d{2}\s?(?:[A-Z]{2})\s?\d{2}[A-Z0-9]{1,6}\d{3}\Z")
_PERIOD = re.compile(r"(20(?:00|07|14|21))\s*[-–—/]\s*(?:20)?(06|13|20|27)\Z")
_POSTCODE = re.compile(
    r"(?:(?:[A-Z]{1,3}[- ])?\d{3} ?\d{2}|(?:[A-Z]{1,3}[- ])?\d{4,5}(?:-\d{3})?|\d{2}-\d{3}|\d{4} ?[A-Z]{2}|"
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[\dW] ?[A-Z\d]{4}|[A-Z]{3} ?\d{2,4})\Z"
)
_URL = re.compile(r"(?:https?://|www\.)\S+\Z", re.IGNORECASE)
_CODE = re.compile(r"(?=\S*\d)[^\s]{1,60}\Z")
_SHORT_CODE = re.compile(
    r"[A-Za-zΑ-Ωα-ωА-Яа-я]{0,4}[-. /]?\d{1,3}(?:[./-]?[A-Za-z0-9]{1,4}){0,4}\.?\Z|[A-Z]{1,2}\Z|"
    r"[ivx]{1,4}\Z|[IVX]{1,4}\Z"
)
PAIR = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*\Z")
_LETTER = re.compile(r"[^\W\d_]")


def _text_kind(pattern: re.Pattern[str]) -> Callable[[str, str], bool]:
    return lambda form, text: form == "text" and len(text) <= _LONG and pattern.match(text) is not None


def _any_kind(pattern: re.Pattern[str]) -> Callable[[str, str], bool]:
    return lambda form, text: form in ("text", "number") and len(text) <= _LONG and pattern.match(text) is not None


def _is_nuts(text: str) -> bool:
    """Return whether a text is a NUTS code of a country that has them."""
    return (
        _NUTS.match(text) is not None
        and text[:2] in _NUTS_COUNTRIES
        and (any(c.isdigit() for c in text) or text[2:] == "Z")
    )


def _nuts_list(form: str, text: str) -> bool:
    if form != "text" or not _NUTS_LIST.match(text):
        return False
    return all(_is_nuts(part) for part in re.split(r"\s*[,;/|+ ]\s*", text))


def _glued_nuts(form: str, text: str) -> bool:
    match = _GLUED_NUTS.match(text) if form == "text" else None
    return match is not None and _is_nuts(match[1])


def _pair(form: str, text: str) -> bool:
    match = PAIR.match(text) if form == "text" else None
    return match is not None and ("." in text) and abs(float(match[1])) <= 180 and abs(float(match[2])) <= 180


def _currency(form: str, text: str) -> bool:
    return form == "text" and len(text) <= 12 and bool(codes.currency(text))


KINDS: dict[str, Callable[[str, str], bool]] = {
    "date": lambda form, text: written_days.form_of(form, text) != "",
    "written-date": lambda form, text: written_days.form_of(form, text) not in ("", "compact"),
    "year": _any_kind(_YEAR),
    "number": lambda form, text: form == "number" or (form == "text" and number_parts(text) is not None),
    "code": _any_kind(_CODE),
    "short-code": _any_kind(_SHORT_CODE),
    "nuts": lambda form, text: form == "text" and _is_nuts(text),
    "nuts-list": _nuts_list,
    "glued-nuts": _glued_nuts,
    "cci": _text_kind(_CCI),
    "period": _text_kind(_PERIOD),
    "postcode": _any_kind(_POSTCODE),
    "url": lambda form, text: form == "text" and _URL.match(text) is not None,
    "fund": lambda form, text: form == "text" and len(text) <= 120 and codes.fund_named(text) is not None,
    "country": lambda form, text: form == "text" and len(text) <= 60 and codes.country(text) is not None,
    "currency": _currency,
    "letters": lambda form, text: form == "text" and len(_LETTER.findall(text[:80])) >= 2,
    "prose": lambda form, text: form == "text" and " " in text and len(_LETTER.findall(text[:80])) >= 6,
    "pair": _pair,
    "serial": lambda form, text: form == "number" and text.split(".")[0].isdigit() and 25_000 <= float(text) <= 75_000,
}
"""Tests of a cell's form (`text`, `number`, `date`, `bool`) and text."""
