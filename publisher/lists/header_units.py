"""The unit that the header of a column names: a currency, thousands or millions, per cent."""

from __future__ import annotations

import re

from publisher.lists.header_words import plain

_THOUSAND = re.compile(
    r"\b(?:thousands?|tuhat(?:ta)?|tusen|tusind|tsd|tausend|milliers|miles|milhares|migliaia|duizend|tys|tis(?:ic)?|"
    r"tisuce?|tisoc|ezer|mii|хил(?:яди)?|tuh(?:andetes)?|tukst|χιλ(?:ιαδες)?|t€|teur|keur|k€|"
    r"k eur|tkr|t kr|1 ?000|1\.000|000s)\b|[kt]€|k£"
)
_MILLION = re.compile(
    r"\b(?:millions?|miljoonaa|milj|mio|miljoner|mkr|mnkr|millionen|mln|millones|milhoes|milioni|miljoen|milionech|milijon|"
    r"millio|milioane|млн|милиона|miljon|εκατ|meur|m€|m£)\b|[£€$]\s?m\b|\bm[£€]"
)
_UNIT = re.compile(
    r"(?<![^\W_])([A-Z]{3}|eur|euro|euros|euroa|euroja|sek|dkk|gbp|pln|czk|huf|ron|bgn|hrk)(?![^\W_])|([€£])|"
    r"(?<![^\W_])(zł|Kč|kn|лв|Ft|lei)(?![^\W_])"
)
_CURRENCIES = {
    "€": "EUR", "£": "GBP", "zł": "PLN", "Kč": "CZK", "kn": "HRK", "лв": "BGN", "Ft": "HUF", "lei": "RON",
    **dict.fromkeys(("EURO", "EUROS", "EUROA", "EUROJA"), "EUR"),
    **{
        code: code
        for code in (
            "EUR", "GBP", "SEK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "HRK", "CHF", "NOK", "ISK", "LTL", "LVL",
            "EEK", "SKK", "SIT", "MTL", "CYP", "USD",
        )
    },
}  # fmt: skip


def unit(text: str) -> tuple[str, int, bool]:
    """Return the unit that a header names: currency or "", multiple (1000, 1000000 or 1), whether it is per cent."""
    text = text.replace("_", " ")
    currency = ""
    for match in _UNIT.finditer(text):
        currency = _CURRENCIES.get(match[0]) or _CURRENCIES.get(match[0].upper(), currency)
    lower = plain(text)
    multiple = 1_000_000 if _MILLION.search(lower) else 1000 if _THOUSAND.search(lower) else 1
    return currency, multiple, "%" in text or any(word in lower for word in ("prozent", "percent", "procent"))
