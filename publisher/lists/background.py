"""What holds of a whole list: its language, programming period and country, as far as it tells them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from publisher.lists import codes, languages
from publisher.lists.inspected import Inspected
from publisher.lists.kinds import KINDS
from publisher.lists.proposal import CHECK, FILL, Guess

LAWS = {
    "2007-2013": "Article 7(2)(d) of Regulation (EC) No 1828/2006",
    "2014-2020": "Annex XII, point 1, of Regulation (EU) No 1303/2013",
    "2021-2027": "Article 49(3) of Regulation (EU) 2021/1060",
}
"""What asks for the list in each programming period."""

MONEY_OF = {
    "SWE": "SEK", "DNK": "DKK", "POL": "PLN", "CZE": "CZK", "HUN": "HUF", "ROU": "RON", "BGR": "BGN", "GBR": "GBP",
    "CHE": "CHF", "NOR": "NOK",
    **dict.fromkeys(
        ("AUT", "BEL", "CYP", "DEU", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "IRL", "ITA", "LTU", "LUX", "LVA", "MLT",
         "NLD", "PRT", "SVK", "SVN"),
        "EUR",
    ),
}  # fmt: skip
"""The currency of each country; only ever proposed."""

_COUNTRY_OF = {
    "fi": "FIN", "da": "DNK", "pl": "POL", "cs": "CZE", "sk": "SVK", "hu": "HUN", "ro": "ROU", "bg": "BGR", "hr": "HRV",
    "sl": "SVN", "et": "EST", "lv": "LVA", "lt": "LTU", "pt": "PRT", "it": "ITA", "es": "ESP", "mt": "MLT", "ga": "IRL",
}  # fmt: skip
"""The country of a language that is spoken in one only."""

_CCI = re.compile(r"\b(20(?:07|14|21)[A-Z]{2}[0-9]{2}[A-Z0-9]{1,6}\d{3}|20(?:07|14|21)[A-Z]{2}\d{3}PO\d{3})\b")
_PERIOD = re.compile(r"(?<!\d)(20(?:00|07|14|21))\s*[-–—_/]\s*(?:20)?(06|13|20|27)(?!\d)")
_ENGLISH = frozenset(
    {
        "title", "name", "of", "the", "operation", "project", "start", "date", "beneficiary", "cost", "expenditure",
        "amount", "country", "summary",
    }
)  # fmt: skip


def language(seen: Inspected) -> tuple[str, str]:
    """Return the tag of the list's language (`und` where nothing tells it), and why."""
    prose = sorted(
        (profile for profile in seen.profiles if profile.filled and profile.share("prose") >= 0.5),
        key=lambda profile: -profile.mean_length * min(profile.variety, 0.5),
    )
    texts = [text for profile in prose[:4] for text in profile.texts(300)]
    tag, sure, why = languages.language(seen.headers, (text[:400] for text in texts))
    if not tag and _plain_english(seen):
        return "en", f"{FILL}the language of the texts; only the headers, which are English, tell it."
    if not tag:
        return "und", f"{FILL}the language of the texts (fi, sv, en, …); und = undetermined."
    check = "" if sure >= 0.7 else f" {CHECK}another language is possible."
    return tag, f"{sure:.2f}: {why}.{check}"


def _plain_english(seen: Inspected) -> bool:
    """Tell whether the headers are words of English lists, and nothing else speaks of a language."""
    words = {word for header in seen.headers for word in re.findall(r"[^\W\d_]+", header.text.lower())}
    return all(word.isascii() for word in words) and len(words & _ENGLISH) >= 2


def period(seen: Inspected, name: str) -> None:
    """Find the programming period by CCI codes, the file's name, headers; by days it is only asked about."""
    found: Counter[str] = Counter()
    if "period" in seen.fields:
        return
    held = seen.fields.get("programme_code")
    ccis = _ccis(seen.profiles[held[0]].texts() if held else ())
    ccis += _ccis([name])
    by_year = {"2007": "2007-2013", "2014": "2014-2020", "2021": "2021-2027"}
    for cci, count in ccis.items():
        found[by_year[cci[:4]]] += count
    if len(found) == 1:
        seen.period, seen.period_why = next(iter(found)), "the CCI codes begin with its first year"
        seen.constants.append(Guess("period", {"value": seen.period}, (), 0.95, seen.period_why))
        return
    named = _period_of(Path(name).name) or _period_of(Path(name).parent.name)
    texts = [text for header in seen.headers if (text := _period_of(header.text))]
    if not found and (named or texts):
        seen.period = named or texts[0]
        seen.period_why = "the name of the file says so" if named else "a header says so"
        seen.constants.append(
            Guess("period", {"value": seen.period}, (), 0.8, seen.period_why, [f"{CHECK}the programming period."])
        )
        return
    years: Counter[int] = Counter()
    for key in ("start", "start_year", "award_year"):
        if key in seen.fields:
            profile = seen.profiles[seen.fields[key][0]]
            years += (
                profile.days.years
                if key == "start"
                else Counter({int(t): n for (_, t), n in profile.cells.items() if t.isdigit() and len(t) == 4})
            )
    if years and not found:
        total = sum(years.values())
        middle = sorted(years.elements())[total // 2]
        for first, last in ((2007, 2013), (2014, 2020), (2021, 2027)):
            share = sum(n for year, n in years.items() if first <= year <= last + 2) / total
            if first <= middle <= last and share >= 0.8:
                seen.asked.append(
                    f"{CHECK}the programming period: most operations start in {first}–{last} (middle year {middle}). "
                    "If it is so, add: "
                    f'[fields.period] value = "{first}-{last}"'
                )
                seen.period_why = "dates"
                return
    if not found:
        seen.asked.append(
            f'{FILL}the programming period, which decides the entry of a fund: [fields.period] value = "2021-2027"'
        )


def _ccis(texts: Iterable[str]) -> Counter[str]:
    """Return the CCI codes of programmes in texts."""
    return Counter(code for text in texts for code in _CCI.findall(text))


def _period_of(text: str) -> str:
    """Return the programming period that a text names (`2014-2020`), or ""."""
    match = _PERIOD.search(text)
    return f"{match[1]}-20{match[2]}" if match else ""


def country(seen: Inspected, name: str) -> None:
    """Find the country, where no column tells it, by CCI and NUTS codes; by weaker signs it is only asked about."""
    if "country" in seen.fields:
        texts = seen.profiles[seen.fields["country"][0]].texts()
        known = {code for text in texts if (code := codes.country(text))}
        if len(known) == 1:
            seen.country = known.pop()
        return
    found, why = _by_codes(seen, name)
    if len(found) == 1 and "" not in found:
        seen.country, seen.country_why = found.pop(), why
        seen.constants.append(Guess("country", {"value": seen.country}, (), 0.9, why))
        return
    if found:
        return
    words = re.findall(r"[^\W\d_]{4,}", unicodedata.normalize("NFC", Path(name).stem))
    named = {code for word in words if (code := codes.country(word))}
    currencies = {header.currency for header in seen.headers if header.currency and header.currency != "EUR"}
    by_money = {code for code, money in MONEY_OF.items() if money in currencies}
    if len(named) == 1:
        seen.country, told = next(iter(named)), "the name of the file names it"
    elif len(by_money) == 1:
        seen.country, told = next(iter(by_money)), f"amounts are in {next(iter(currencies))}"
    elif seen.language in _COUNTRY_OF:
        seen.country, told = _COUNTRY_OF[seen.language], "the language is spoken there"
    else:
        seen.asked.append(f'{FILL}the country of the operations, which no column says: [fields.country] value = "FIN"')
        return
    seen.asked.append(
        f"{CHECK}the country of the operations, which no column says; perhaps {seen.country} ({told}): "
        f'[fields.country] value = "{seen.country}"'
    )


def _by_codes(seen: Inspected, name: str) -> tuple[set[str], str]:
    """Return the countries that CCI codes, else NUTS codes, else a CCI code in the file's name tell; "" for none."""
    for key, kind, begin in (("programme_code", "cci", 4), ("nuts", "nuts", 0), ("nuts", "glued-nuts", 0)):
        if key in seen.fields:
            profile = seen.profiles[seen.fields[key][0]]
            texts = [text for form, text in profile.cells if KINDS[kind](form, text)]
            if texts:
                why = "the CCI codes name it" if kind == "cci" else "the NUTS codes begin with it"
                return {_place(text.replace(" ", "")[begin : begin + 2]) for text in texts}, why
    return {_place(cci[4:6]) for cci in _ccis([name])}, "the CCI code in the file's name names it"


def _place(letters: str) -> str:
    """Return the country of the letters in a CCI or NUTS code; "" for those of cross-border programmes."""
    return codes.country({"EL": "GR", "UK": "GB"}.get(letters, letters)) or ""
