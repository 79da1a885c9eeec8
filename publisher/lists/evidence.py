"""What the cells of a column are: kinds with their share, how numbers and days are written, and why that is known.

Nothing here knows a header. A sample of the rows is enough; equal cells are
judged once. What says that nothing is given counts as empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property, lru_cache

from publisher.lists import codes, headers, persons, privacy
from publisher.lists.cells import DEFAULT_MISSING, visible
from publisher.tables.model import Cell, Column

Key = tuple[str, str]
"""A cell as it is counted: its type (`text`, `number`, `date`, `bool`) and its text."""

_LONG = 160
_JUDGED = 1500
"""Different cells of a column that are judged by kind, the commonest first."""

_TIME = r"(?:[T\s]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2}|[AaPp]\.?[Mm]\.?)?)?"
_NUMERIC_DATE = re.compile(rf"(\d{{1,2}})\s*([./-])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}})(?:\s*[гr]\.|\.)?{_TIME}\Z")
_YEAR_FIRST = re.compile(rf"((?:19|20)\d{{2}})\s*([./-])\s*(\d{{1,2}})\s*\2\s*(\d{{1,2}})\.?{_TIME}\Z")
_COMPACT = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\Z")
_MONTH = re.compile(r"(?:(?:19|20)\d{2}[./-](?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[./-](?:19|20)\d{2})\Z")
_YEAR = re.compile(r"(?:19[5-9]\d|20\d{2})\Z")
_WORD = re.compile(r"\d+|[^\W\d_]+")
_NUMBER = re.compile(
    r"(?P<front>[^\d\s+\-−–(.,]{0,6}\.?)\s*(?P<minus>[+\-−–(]?)\s*(?P<number>\d[\d .,'’]*|[.,]\d+)(?:,[-–]+|:-)?\)?\s*"
    r"(?P<back>[^\d\s]{0,7})\Z"
)
_BAD_NUMBER = re.compile(r"[.,' ]{2}|[.,' ]\d{1,2}[.,' ]|[.,' ]\d{4,}[.,' ]")
_SPACES = str.maketrans(dict.fromkeys("\xa0\u2007\u2009\u202f", " ") | {"’": "'", "´": "'"})
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
_CCI_INSIDE = re.compile(r"\b(20(?:07|14|21)[A-Z]{2}[0-9]{2}[A-Z0-9]{1,6}\d{3}|20(?:07|14|21)[A-Z]{2}\d{3}PO\d{3})\b")
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
_GLUED = re.compile(
    r"\s*(?P<code>(?=[^\s\-–:]*\d)[^\s–:]{1,40}?)(?P<between>\s*[-–:]\s*|\.?\s+|\.\s*(?=[^\W\d_]))(?P<text>(?=\D*[^\W\d_]{3})\S.*)\Z",
    re.DOTALL,
)
PAIR = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*\Z")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass
class Numbers:
    """How the numbers of a column are written, and what they are.

    Args:
        decimal: The decimal sign that the cells prove, or "".
        groups: The signs between groups of three that they prove.
        ambiguous: How many cells could be read in two ways (`1.234`).
        values: The numbers, read by what was found, with how often each stands there.
        currencies: Currencies that stand beside the numbers.
        percent: How many have a percent sign.
        conflict: Whether the cells prove two decimal signs.
    """

    decimal: str = ""
    groups: tuple[str, ...] = ()
    ambiguous: int = 0
    values: Counter[Decimal] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)
    percent: int = 0
    count: int = 0
    conflict: bool = False

    @property
    def zeros(self) -> int:
        """How many are nought."""
        return self.values[Decimal(0)]

    @property
    def most(self) -> Decimal:
        """The largest."""
        return max(self.values, default=Decimal(0))

    @property
    def least(self) -> Decimal:
        """The smallest."""
        return min(self.values, default=Decimal(0))

    @cached_property
    def median(self) -> Decimal:
        """The middle one of those that are not nought."""
        some = sorted((number, count) for number, count in self.values.items() if number)
        half = sum(count for _, count in some) / 2
        for number, count in some:
            half -= count
            if half <= 0:
                return number
        return Decimal(0)

    def within(self, low: int, high: int) -> float:
        """Return the share of numbers from `low` to `high`."""
        total = sum(self.values.values())
        return sum(n for value, n in self.values.items() if low <= value <= high) / total if total else 0.0


@dataclass
class Days:
    """How the days of a column are written.

    Args:
        count: Cells that are days, months or days with a month's name.
        forms: How many of each: `typed`, `numeric`, `iso`, `compact`, `named`, `month`.
        day_first: Days that prove that the day stands first.
        month_first: Days that prove that the month stands first.
        dotted: Days with points between the numbers.
        short_years: Days with years of two digits.
        months: Names of months by language.
        years: Years.
    """

    count: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    day_first: int = 0
    month_first: int = 0
    dotted: int = 0
    short_years: int = 0
    months: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)


class Profile:
    """A column's cells, counted.

    Args:
        column: The column.
        cells: Its cells in the sample, in the order of the rows.
    """

    def __init__(self, column: Column, cells: Iterable[Cell]) -> None:
        """Count the cells."""
        self.column = column
        self.total = 0
        self.missing: Counter[str] = Counter()
        self.cells: Counter[Key] = Counter()
        for cell in cells:
            self.total += 1
            key = _key(cell)
            if key is None:
                continue
            if key[0] == "text" and is_missing(key[1]):
                self.missing[key[1]] += 1
            else:
                self.cells[key] += 1
        self.filled = sum(self.cells.values())
        self._shares: dict[str, float] = {}

    @property
    def distinct(self) -> int:
        """How many different cells there are."""
        return len(self.cells)

    @property
    def variety(self) -> float:
        """Different cells by filled ones, from 0 to 1."""
        return self.distinct / self.filled if self.filled else 0.0

    @cached_property
    def _judged(self) -> list[tuple[Key, int]]:
        return self.cells.most_common(_JUDGED)

    @cached_property
    def _weight(self) -> int:
        return sum(n for _, n in self._judged)

    @cached_property
    def mean_length(self) -> float:
        """Mean length of a filled cell in characters."""
        return sum(len(text) * n for (_, text), n in self.cells.items()) / self.filled if self.filled else 0.0

    def share(self, kind: str) -> float:
        """Return the share of filled cells of a kind of `KINDS`."""
        if kind not in self._shares:
            test = KINDS[kind]
            hits = sum(n for (form, text), n in self._judged if test(form, text))
            self._shares[kind] = hits / self._weight if self._weight else 0.0
        return self._shares[kind]

    @cached_property
    def numbers(self) -> Numbers:
        """How its numbers are written."""
        return _numbers(self.cells)

    @cached_property
    def days(self) -> Days:
        """How its days are written."""
        return _days(self.cells)

    @cached_property
    def glued(self) -> tuple[float, str, int]:
        """Share of cells that are a code and a text in one, the commonest sign between them, how many codes differ."""
        between: Counter[str] = Counter()
        found: set[str] = set()
        hits = 0
        for (form, text), n in self.cells.items():
            match = _GLUED.match(text[:_LONG]) if form == "text" else None
            if match:
                hits += n
                between[match["between"].strip() or " "] += n
                found.add(match["code"])
        return (
            (hits / self.filled if self.filled else 0.0),
            (between.most_common(1)[0][0] if between else ""),
            len(found),
        )

    @cached_property
    def personal(self) -> str:
        """Kind of personal data in at least a tenth of the cells: `e-mail`, `phone`, …, or ""."""
        kinds: Counter[str] = Counter()
        for (form, text), n in self.cells.most_common(200):
            if form == "text" and len(text) <= 400:
                kinds.update(dict.fromkeys(privacy.contacts(text), n))
        looked = sum(n for _, n in self.cells.most_common(200)) or 1
        kind, count = kinds.most_common(1)[0] if kinds else ("", 0)
        return kind if count / looked >= 0.1 and self.mean_length <= 200 else ""

    @cached_property
    def persons(self) -> float:
        """Share of the cells that evidently name natural persons."""
        some = [(text, n) for (form, text), n in self.cells.most_common(300) if form == "text"]
        looked = sum(n for _, n in some)
        if not looked or self.mean_length > 60 or self.share("letters") < 0.8:
            return 0.0
        return sum(n for text, n in some if persons.natural_person(text).person) / looked

    def samples(self, count: int = 3, width: int = 60) -> list[str]:
        """Return some different cells, shortened, personal data in them withheld."""
        shown = []
        for _, text in list(self.cells)[: 40 * count]:
            line = " ".join(privacy.masked_sample(text[: 8 * width]).split())
            line = line if len(line) <= width else line[: width - 1] + "…"
            if line not in shown:
                shown.append(line)
            if len(shown) == count:
                break
        return shown

    def lists(self) -> tuple[str, float]:
        """Return the sign between several values in one cell (`;`, `|`, a line's end, `,`), and such cells' share."""
        counted: Counter[str] = Counter()
        for (form, text), n in self.cells.items():
            if form == "text":
                for sign in (";", "|", "\n", ","):
                    if sign in text.strip(" \n;,|"):
                        counted[sign] += n
        if not counted:
            return "", 0.0
        sign, n = counted.most_common(1)[0]
        return sign, n / self.filled


def _key(cell: Cell) -> Key | None:
    if cell is None:
        return None
    if isinstance(cell, str):
        text = visible(cell)
        return ("text", text) if text else None
    if isinstance(cell, bool):
        return ("bool", str(cell).lower())
    if isinstance(cell, date):
        return ("date", cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat())
    return ("number", format(cell, "f") if isinstance(cell, Decimal) and cell.is_finite() else str(cell))


@cache
def _missing() -> frozenset[str]:
    return frozenset(codes.fold(text) for text in headers.words("missing"))


@lru_cache(maxsize=8192)
def is_missing(text: str) -> bool:
    """Return whether a text says that nothing is given, in any language."""
    return len(text) <= 40 and (text.casefold() in DEFAULT_MISSING or codes.fold(text) in _missing())


def default_missing(text: str) -> bool:
    """Return whether a text says so without any mapping's help."""
    return text.strip().casefold() in DEFAULT_MISSING


# -- kinds of cells


def _text_kind(pattern: re.Pattern[str]) -> Callable[[str, str], bool]:
    return lambda form, text: form == "text" and len(text) <= _LONG and pattern.match(text) is not None


def _any_kind(pattern: re.Pattern[str]) -> Callable[[str, str], bool]:
    return lambda form, text: form in ("text", "number") and len(text) <= _LONG and pattern.match(text) is not None


def is_nuts(text: str) -> bool:
    """Return whether a text is a NUTS code of a country that has them."""
    return (
        _NUTS.match(text) is not None
        and text[:2] in _NUTS_COUNTRIES
        and (any(c.isdigit() for c in text) or text[2:] == "Z")
    )


def _nuts_list(form: str, text: str) -> bool:
    if form != "text" or not _NUTS_LIST.match(text):
        return False
    return all(is_nuts(part) for part in re.split(r"\s*[,;/|+ ]\s*", text))


def _glued_nuts(form: str, text: str) -> bool:
    match = _GLUED_NUTS.match(text) if form == "text" else None
    return match is not None and is_nuts(match[1])


def _is_date(form: str, text: str) -> bool:
    return form == "date" or (form == "text" and len(text) <= 40 and date_form(text) != "")


def _pair(form: str, text: str) -> bool:
    match = PAIR.match(text) if form == "text" else None
    return match is not None and ("." in text) and abs(float(match[1])) <= 180 and abs(float(match[2])) <= 180


def _currency(form: str, text: str) -> bool:
    return form == "text" and len(text) <= 12 and bool(codes.currency(text))


KINDS: dict[str, Callable[[str, str], bool]] = {
    "date": _is_date,
    "written-date": lambda form, text: _is_date(form, text) and not _COMPACT.match(text),
    "year": _any_kind(_YEAR),
    "number": lambda form, text: (
        form == "number" or (form == "text" and len(text) <= 40 and number_parts(text) is not None)
    ),
    "code": _any_kind(_CODE),
    "short-code": _any_kind(_SHORT_CODE),
    "nuts": lambda form, text: form == "text" and is_nuts(text),
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
"""Tests of a cell's type and text."""


def ccis(texts: Iterable[str]) -> Counter[str]:
    """Return the CCI codes of programmes in texts."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update(_CCI_INSIDE.findall(text))
    return found


def period_of(text: str) -> str:
    """Return the programming period that a text names (`2014-2020`), or ""."""
    match = re.search(r"(?<!\d)(20(?:00|07|14|21))\s*[-–—_/]\s*(?:20)?(06|13|20|27)(?!\d)", text)
    return f"{match[1]}-20{match[2]}" if match else ""


# -- numbers


def number_parts(text: str) -> tuple[str, str, bool, bool] | None:
    """Return a number's digits and signs, its currency, whether it is per cent, and negative; None for no number."""
    match = _NUMBER.match(text.translate(_SPACES))
    if not match:
        return None
    currency, percent = "", False
    for beside in (match["front"].strip(), match["back"].strip()):
        if not beside:
            continue
        if beside == "%":
            percent = True
        elif codes.currency(beside):
            currency = beside
        else:
            return None
    number = match["number"].strip()
    if _BAD_NUMBER.search(number) or (not currency and _NUMERIC_DATE.match(text)):
        return None
    return number.rstrip(".,"), currency, percent, match["minus"] in ("-", "−", "–", "(")


def _separators(number: str) -> tuple[str, str, bool]:
    """Return the decimal and the group sign that a number proves, and whether it could be read in two ways."""
    signs = [sign for sign in number if not sign.isdigit()]
    if not signs:
        return "", "", False
    kinds = set(signs)
    last = signs[-1]
    if len(kinds) == 2 and signs.count(last) == 1 and last in ".,":
        return last, next(iter(kinds - {last})), False
    if len(kinds) > 1:
        return "", "", False
    before, behind = number.split(last)[0], number.rsplit(last, 1)[1]
    if last in " '":
        return "", last if all(len(part) == 3 for part in number.split(last)[1:]) else "", False
    if len(signs) > 1:
        return "", last, False
    if len(behind) != 3 or len(before) > 3 or before in ("", "0"):
        return last, "", False
    return "", "", True


def _numbers(cells: Counter[Key]) -> Numbers:
    found = Numbers()
    decimals: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    texts: list[tuple[str, bool, int]] = []
    for (form, text), n in cells.items():
        if form == "number":
            found.values[Decimal(text)] += n
            found.count += n
        elif form == "text" and len(text) <= 40 and (parts := number_parts(text)):
            number, currency, percent, negative = parts
            decimal, group, ambiguous = _separators(number)
            decimals.update({decimal: n} if decimal else {})
            groups.update({group: n} if group else {})
            found.ambiguous += n if ambiguous else 0
            found.percent += n if percent else 0
            found.count += n
            if currency:
                found.currencies[currency] += n
            texts.append((number, negative, n))
    if len(decimals) > 1 and decimals.most_common(2)[1][1] > 0.02 * sum(decimals.values()):
        found.conflict = True
    found.decimal = decimals.most_common(1)[0][0] if decimals else ""
    found.groups = tuple(sign for sign, _ in groups.most_common() if sign != found.decimal)
    if not found.decimal and found.groups:
        found.decimal = {".": ",", ",": "."}.get(found.groups[0], "")
    for number, negative, n in texts:
        value = _value(number, found.decimal)
        if value is not None:
            found.values[-value if negative else value] += n
    return found


def _value(number: str, decimal: str) -> Decimal | None:
    signs = {sign for sign in number if not sign.isdigit()}
    if not decimal and len(signs) == 1 and signs <= {".", ","}:
        # Not proved: three digits behind a lone sign are taken for thousands here, for ranges only.
        sign = next(iter(signs))
        decimal = "" if number.count(sign) > 1 or len(number.rsplit(sign, 1)[1]) == 3 else sign
    try:
        whole = "".join("." if sign == decimal else sign for sign in number if sign.isdigit() or sign == decimal)
        return Decimal(whole)
    except ArithmeticError:
        return None


# -- days


@lru_cache(maxsize=16384)
def date_form(text: str) -> str:
    """Return how a day is written: `iso`, `numeric`, `compact`, `month`, `named`; "" for no day."""
    if match := _NUMERIC_DATE.match(text):
        first, second = int(match[1]), int(match[3])
        return "numeric" if min(first, second) >= 1 and min(first, second) <= 12 and max(first, second) <= 31 else ""
    if match := _YEAR_FIRST.match(text):
        return "iso" if 1 <= int(match[3]) <= 12 and 1 <= int(match[4]) <= 31 else ""
    if _COMPACT.match(text):
        return "compact"
    if _MONTH.match(text):
        return "month"
    words = _WORD.findall(text)
    if 2 <= len(words) <= 5 and any(word[0].isdigit() for word in words):
        known = codes.months(None)
        names = [word for word in words if not word[0].isdigit()]
        if names and any(codes.fold(name) in known for name in names) and len(names) <= 3:
            return "named"
    return ""


def _days(cells: Counter[Key]) -> Days:
    found = Days()
    by_language = codes.load().months
    for (form, text), n in cells.items():
        if form == "date":
            found.count += n
            found.forms["typed"] += n
            found.years[int(text[:4])] += n
            continue
        written = date_form(text) if form == "text" and len(text) <= 40 else ""
        if not written:
            continue
        found.count += n
        found.forms[written] += n
        if written == "numeric" and (match := _NUMERIC_DATE.match(text)):
            first, second = int(match[1]), int(match[3])
            found.day_first += n if first > 12 else 0
            found.month_first += n if second > 12 else 0
            found.dotted += n if match[2] == "." else 0
            if len(match[4]) == 2:
                found.short_years += n
                found.years[2000 + int(match[4])] += n
            else:
                found.years[int(match[4])] += n
        elif written in ("iso", "compact"):
            found.years[int(text[:4])] += n
        elif written == "named":
            words = _WORD.findall(text)
            name = next(
                codes.fold(word) for word in words if not word[0].isdigit() and codes.fold(word) in codes.months(None)
            )
            found.names[name] += n
            for language, months in by_language.items():
                if name in months:
                    found.months[language] += n
            year = words[-1] if words[-1].isdigit() else words[0]
            if len(year) == 2:
                found.short_years += n
                found.years[2000 + int(year)] += n
            elif len(year) == 4:
                found.years[int(year)] += n
        elif written == "month":
            year_match = re.search(r"(?:19|20)\d{2}", text)
            if year_match:
                found.years[int(year_match[0])] += n
    return found


def month_languages(days: Days, prefer: str) -> list[str]:
    """Return the fewest languages that have every month's name which stands there; the list's own first."""
    known = codes.load().months
    left = set(days.names)
    chosen: list[str] = []
    while left:
        best = max(known, key=lambda tag: (len(left & known[tag].keys()), tag == prefer, tag == "en", tag))
        covered = left & known[best].keys()
        if not covered:
            break
        chosen.append(best)
        left -= covered
    return chosen


def values_in(profile: Profile, limit: int = 200) -> list[str]:
    """Return the different texts of a column of few, the commonest first."""
    return [text for (_, text), _ in profile.cells.most_common(limit)]
