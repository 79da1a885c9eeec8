"""Whether the cells of a column are codes, names or both in one: of operations, classifications, programmes, funds."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lists import codes
from publisher.lists.choice import Choice, Maker, percent
from publisher.lists.profile import Profile
from publisher.lists.proposal import Rule

CODED = ("priority_axis", "specific_objective", "thematic_objective", "investment_priority", "intervention")
"""Classifications that have a code and a name."""

_CODE = r"(?:[A-Za-z]{0,6}\d[\w./]*?)"
_BETWEEN = r"(?:\.?\s*[-–:]\s*|\.?\s+|\.(?=[^\W\d_]))"
CODE_OF_GLUED = rf"^\s*({_CODE}){_BETWEEN}(?=\D)"
TEXT_OF_GLUED = rf"^\s*{_CODE}{_BETWEEN}(?=\D)(.+)$"


def code(profile: Profile, make: Maker) -> Iterator[Choice]:
    """Yield how the cells can be codes of operations."""
    if profile.share("written-date") > 0.5:
        return
    seen = f"{profile.distinct:,} different in {profile.filled:,} cells"
    glued, _, different = profile.glued
    if profile.share("code") >= 0.8 or profile.share("number") >= 0.9:
        counts = (
            profile.numbers.least in (0, 1)
            and profile.numbers.most <= profile.total + 1
            and profile.share("number") >= 0.98
        )
        if counts and profile.variety > 0.98 and profile.total > 5:
            yield make(
                "code",
                0.85,
                f"{seen}; they count up from {profile.numbers.least}",
                ask="numbers that count the rows are no lasting code: another edition of the list may number anew",
            )
        elif profile.variety >= 0.05 or profile.total < 40:
            yield make("code", 1.0 if profile.variety >= 0.5 else 0.9, seen)
        else:
            yield make("code", 0.45, seen)
    elif glued >= 0.8 and different >= 3:
        yield make(
            "code",
            0.9,
            f"a code and a name in one cell, {different:,} codes",
            {"pattern": CODE_OF_GLUED},
            ("title", {"pattern": TEXT_OF_GLUED, "unmatched": "whole"}),
        )
    elif (
        profile.share("letters") >= 0.5
        and profile.variety >= 0.95
        and profile.mean_length < 40
        and profile.share("prose") < 0.3
    ):
        yield make("code", 0.8, seen)
    elif profile.variety >= 0.95 and profile.mean_length < 40 and profile.share("prose") < 0.5:
        yield make("code", 0.85, f"{seen}; with blanks inside", {"pattern": r"^\s*(.+?)\s*$"})


def title(name: str, profile: Profile, make: Maker) -> Iterator[Choice]:
    """Yield how the cells can be names of operations."""
    if profile.share("letters") < 0.6 or profile.share("date") > 0.5 or profile.share("number") > 0.5:
        return
    seen = f"{profile.distinct:,} different in {profile.filled:,} cells"
    if profile.distinct == 1 and profile.filled > 3:
        yield make(name, 0.4, "it is the same in all rows")
        return
    glued, sign, different = profile.glued
    if glued >= 0.9 and sign.strip() and different >= 0.8 * profile.distinct and different > 3:
        yield make(
            name,
            1.0,
            f"{seen}; each begins with a code",
            {"pattern": TEXT_OF_GLUED, "unmatched": "whole"},
            ("code", {"pattern": CODE_OF_GLUED}),
        )
        return
    few = profile.variety < 0.02 and profile.filled > 500
    yield make(name, 0.85 if few else 1.0, seen)


def coded(name: str, profile: Profile, make: Maker) -> Iterator[Choice]:
    """Yield how the cells can be codes or names of a classification of `CODED`."""
    base = name.removesuffix("_name").removesuffix("_code")
    if profile.share("date") > 0.5:
        return
    seen = f"{profile.distinct:,} different in {profile.filled:,} cells"
    glued, _, different = profile.glued
    coded, named = f"{base}_code", f"{base}_name"
    if glued >= 0.55 and different >= min(2, profile.distinct) and different <= max(400, 0.5 * profile.filled):
        code: tuple[str, Rule] = (coded, {"pattern": CODE_OF_GLUED})
        text: tuple[str, Rule] = (named, {"pattern": TEXT_OF_GLUED, "unmatched": "whole"})
        first, second = (code, text) if name == coded else (text, code)
        yield make(first[0], 1.0, f"{seen}; {round(100 * glued)}% are a code and a name in one", first[1], second)
    elif profile.share("short-code") >= 0.7 or (profile.share("code") >= 0.8 and profile.mean_length <= 14):
        yield make(coded, 1.0, f"{seen}; short codes")
    elif profile.share("letters") >= 0.5:
        yield make(named, 1.0 if name == named else 0.9, f"{seen}; names")
    elif profile.share("number") >= 0.8 and profile.numbers.most < 10_000:
        yield make(coded, 0.95, f"{seen}; numbers")


def programme(name: str, profile: Profile, make: Maker) -> Iterator[Choice]:
    """Yield how the cells can be codes or names of programmes."""
    seen = f"{profile.distinct:,} different in {profile.filled:,} cells"
    if profile.share("cci") >= 0.6:
        yield make("programme_code", 1.0, percent(profile, "cci", "CCI codes"))
    elif profile.distinct > 0.5 * profile.filled and profile.filled > 60:
        return
    elif profile.glued[0] >= 0.8 and name == "programme_name":
        yield make(
            name,
            1.0,
            f"{seen}; each begins with a number, which is no CCI code",
            {"pattern": TEXT_OF_GLUED, "unmatched": "whole"},
        )
    elif name == "programme_code" and profile.share("letters") >= 0.5 and profile.mean_length > 20:
        yield make("programme_name", 0.9, f"{seen}; names")
    elif name == "programme_name" and profile.share("code") >= 0.9 and profile.mean_length <= 16:
        yield make("programme_code", 0.8, f"{seen}; codes", ask="these are no CCI codes.")
    elif profile.share("letters") >= 0.3:
        yield make(name, 1.0, seen)


def fund(profile: Profile, make: Maker) -> Iterator[Choice]:
    """Yield how the cells can be names of funds."""
    known = profile.share("fund")
    if profile.share("number") > 0.5 and known < 0.5:
        return
    if known >= 0.6:
        yield make("fund", 1.0, percent(profile, "fund", "names of funds that the EU table knows"))
    elif profile.distinct <= 15 and profile.mean_length <= 60:
        yield make("fund", 0.85, f"{profile.distinct} different names")
    elif profile.distinct <= 60 and known >= 0.2:
        yield make("fund", 0.75, percent(profile, "fund", "names of funds that the EU table knows"))


def fund_table(texts: list[str], period: str | None) -> tuple[dict[str, str], list[str]]:
    """Return the entries of the EU table for names of funds in a period, and the names that have none."""
    table: dict[str, str] = {}
    unknown: list[str] = []
    for text in texts:
        found = codes.fund_named(text)
        fund = found[0] if found else None
        if isinstance(fund, str):
            table[text] = fund
        elif fund is not None and period in fund.entries:
            table[text] = fund.entries[period or ""]
        elif fund is not None and len(set(fund.entries.values())) == 1:
            table[text] = next(iter(fund.entries.values()))
        else:
            unknown.append(text)
    return table, unknown
