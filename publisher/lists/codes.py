"""The EU authority tables as lists write them: countries, funds, currencies, and the months' names.

The names stand in `codes.toml`; what is yielded here is labelled in
`ontology/concepts/eu-tables.ttl`. A name that could mean two things means none.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

_WORD = re.compile(r"[^\W_]+|\+")
_PERIOD = re.compile(r"\(?\b((?:19|20)[0-9]{2})\s*[-–—/]\s*((?:19|20)[0-9]{2})\b\)?")
_BETWEEN = re.compile(r"\s+[-–—:|]\s+|[/()\[\];,|]|(?<=[0-9])\s*[-–.]\s*(?=[^\W\d])|\s*\n\s*")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return a text in which case, accents and punctuation no longer matter: `Ύδρα, Α.Ε.` → `υδρα α ε`."""
    if text.isascii():
        return " ".join(_WORD.findall(text.lower()))
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)).replace("ς", "σ")))


@dataclass(frozen=True)
class Fund:
    """A fund: its entries of the table eu-programme by programming period."""

    key: str
    entries: dict[str, str]


@dataclass(frozen=True)
class Codes:
    """Everything of `codes.toml`, by folded name.

    Args:
        countries: Code of the table country by name, two-letter and three-letter code.
        funds: Fund by name.
        entries: Every code of the table eu-programme that can be yielded.
        currencies: Codes that a symbol or word may stand for; the ISO code stands for itself alone.
        months: Number by name, by language.
        short: Code of two letters, by code of the table country.
    """

    countries: dict[str, str]
    funds: dict[str, Fund]
    entries: frozenset[str]
    currencies: dict[str, tuple[str, ...]]
    months: dict[str, dict[str, int]]
    short: dict[str, str]


@cache
def load() -> Codes:
    """Return the codes that come with the program."""
    read = tomllib.loads(resources.files(__package__).joinpath("codes.toml").read_text(encoding="utf-8"))
    countries = _index(
        (name, code) for code, entry in read["countries"].items() for name in (code, *entry["short"], *entry["names"])
    )
    funds = {key: Fund(key, entry["entries"]) for key, entry in read["funds"].items()}
    named = _index((name, key) for key, entry in read["funds"].items() for name in entry["names"])
    currencies: dict[str, tuple[str, ...]] = {}
    for code, signs in read["currencies"].items():
        for sign in (code, *signs):
            currencies[sign.casefold()] = (*currencies.get(sign.casefold(), ()), code)
    return Codes(
        {name: code for name, code in countries.items() if code},
        {name: funds[key] for name, key in named.items() if key},
        frozenset(code for fund in funds.values() for code in fund.entries.values()),
        currencies,
        {
            language: {fold(name): number for number, names in enumerate(months, 1) for name in names}
            for language, months in read["months"].items()
        },
        {code: entry["short"][0] for code, entry in read["countries"].items() if entry["short"]},
    )


def _index(named: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """Return what each folded name stands for; None for what two things are called."""
    found: dict[str, str | None] = {}
    for name, key in named:
        folded = fold(name)
        found[folded] = key if found.get(folded, key) == key else None
    return found


def _parts(text: str) -> Iterator[str]:
    """Yield the folded parts of a text such as `1-ΕΤΠΑ` or `Fondo Social Europeo (FSE)`; numbers are no parts."""
    for part in _BETWEEN.split(text):
        folded = fold(part)
        if folded and not folded.isdigit():
            yield folded


@lru_cache(maxsize=4096)
def country(text: str) -> str | None:
    """Return the code of the EU country table for a code or name in any official language; None where it is unknown.

    All parts must say the same: `EL - Ελλάδα` is GRC, `Finland/Sweden` is unknown.
    """
    known = load().countries
    found = known.get(fold(text))
    return found if found else _one(known.get(part) for part in _parts(text))


def short(code: str) -> str:
    """Return the country code of two letters for one of the EU country table; "" where there is none."""
    return load().short.get(code, "")


def _one(found: Iterable[str | None]) -> str | None:
    keys = set(found)
    return keys.pop() if len(keys) == 1 else None


@lru_cache(maxsize=4096)
def fund_named(text: str) -> tuple[Fund | str, str | None] | None:
    """Return the fund that a text names, or the very code of the EU table, and the period that stands beside it.

    `EAKR` → (Fund ERDF, None); `ESF_PLUS` → ("ESF_PLUS", None); `ERDF (2014/2020)` → (Fund ERDF, "2014-2020");
    None where it names none, or two.
    """
    codes = load()
    code = text.strip().upper()
    if code in codes.entries and fold(code) not in codes.funds:
        return code, None
    match = _PERIOD.search(text)
    period = f"{match[1]}-{match[2]}" if match else None
    rest = _PERIOD.sub(" ", text) if match else text
    found = codes.funds.get(fold(rest))
    if found is None:
        keys = {part: codes.funds.get(part) for part in _parts(rest)}
        funds = {fund.key: fund for fund in keys.values() if fund}
        if len(funds) != 1 or None in keys.values():
            return None
        found = next(iter(funds.values()))
    return found, period


def currency(text: str) -> tuple[str, ...]:
    """Return the currencies that a code, symbol or word may stand for; empty where it is none."""
    return load().currencies.get(text.strip().casefold(), ())


@cache
def months(languages: tuple[str, ...] | None) -> dict[str, int | None]:
    """Return the number of each month's folded name in these languages, in all where None; None where they disagree."""
    known = load().months
    chosen = known.values() if languages is None else [known.get(language, {}) for language in languages]
    found: dict[str, int | None] = {}
    for names in chosen:
        for name, number in names.items():
            found[name] = number if found.get(name, number) == number else None
    return found
