"""Whether the cells of a column are what its header says, and what fields they make: codes in names, places, days.

Each choice is one way to map a column, with how sure it is and why. Nothing is
chosen here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from publisher.lists import codes, evidence, fields, privacy
from publisher.lists.evidence import Profile
from publisher.lists.headers import Header, Meaning
from publisher.lists.proposal import CHECK, Rule

ACCEPTED, _WORTH_TELLING = 0.6, 0.5
"""From what score on a choice may be taken, and is told where it is not."""

CODED = ("priority_axis", "specific_objective", "thematic_objective", "investment_priority", "intervention")
"""Classifications that have a code and a name."""

_CODE = r"(?:[A-Za-z]{0,6}\d[\w./]*?)"
_BETWEEN = r"(?:\.?\s*[-–:]\s*|\.?\s+|\.(?=[^\W\d_]))"
CODE_OF_GLUED = rf"^\s*({_CODE}){_BETWEEN}(?=\D)"
TEXT_OF_GLUED = rf"^\s*{_CODE}{_BETWEEN}(?=\D)(.+)$"
_NUTS = r"[A-Z]{2}[0-9A-Z]{1,3}"
NUTS_OF_GLUED = rf"^\s*({_NUTS}(?:\s*[,;]\s*{_NUTS})*)(?![0-9A-Za-z])"
TEXT_OF_NUTS = rf"^\s*{_NUTS}(?:\s*[,;]\s*{_NUTS})*\s*[-–:(]\s*(.+?)\s*\)?$"
LATITUDE_FIRST = (r"^\s*([+-]?\d+(?:\.\d+)?)\s*[,; ]", r"[,; ]\s*([+-]?\d+(?:\.\d+)?)\s*$")

_NAMES = frozenset({"beneficiary_name", "partners", "contractor_name"})
_MAY_NAME_PERSONS = _NAMES | {"natural_person_name"}


@dataclass
class Choice:
    """One way to map a column.

    Args:
        column: Index of the column.
        parts: Fields with the keys of their rules beside `column`; the first counts, others may fall away.
        score: From 0 to 1.
        why: Evidence; names no cell of a column that may name persons.
        questions: What to ask.
        meaning: What its header means, where it has one.
    """

    column: int
    parts: tuple[tuple[str, Rule], ...]
    score: float
    why: str
    questions: list[str] = field(default_factory=list)
    meaning: Meaning | None = None

    @property
    def name(self) -> str:
        """The field that counts."""
        return self.parts[0][0]


def choices(header: Header, profile: Profile) -> list[Choice]:
    """Return the ways to map a column, the surest first."""
    made: list[Choice] = []
    for meaning in header.meanings:
        made += [choice for choice in _of(meaning, header, profile) if choice.score >= _WORTH_TELLING]
    if not any(choice.score >= ACCEPTED for choice in made):
        made += _by_cells(header, profile)
    best: dict[str, Choice] = {}
    for choice in made:
        if choice.name not in best or best[choice.name].score < choice.score:
            best[choice.name] = choice
    return sorted(best.values(), key=lambda choice: -choice.score)


@dataclass(frozen=True)
class _Maker:
    """Makes the choices of one meaning of a column's header."""

    column: int
    meaning: Meaning
    exact: bool

    def __call__(
        self, name: str, factor: float, seen: str, rule: Rule | None = None, *more: tuple[str, Rule], ask: str = ""
    ) -> Choice:
        """Return a choice: `factor` says how well the cells agree with the header, `seen` what they are."""
        meaning = self.meaning
        says = f"the header speaks of {meaning.words}"
        if meaning.score == 1.0 and self.exact:
            says = f'the header is known: "{meaning.words}"'
            factor = 1.0 if factor >= ACCEPTED else factor
        asks = [
            f"{CHECK}{text}." if not text.endswith((".", '"', "}", "apart")) else f"{CHECK}{text}"
            for text in (meaning.ask, ask)
            if text
        ]
        why = f"{says}; {seen}" if seen else says
        return Choice(self.column, ((name, rule or {}), *more), meaning.score * factor, why, asks, meaning)


def _of(meaning: Meaning, header: Header, profile: Profile) -> Iterator[Choice]:
    make = _Maker(profile.column.index, meaning, header.exact)
    name = meaning.name
    if not profile.filled:
        if name.startswith("_") and name != "_personal":
            return
        if header.exact:
            yield make(name, 1.0, "all its cells are empty")
        else:
            yield make(name, 0.9, "all its cells are empty", ask="its cells are empty: nothing confirms the header.")
        return
    if name.startswith("_") and name not in ("_location", "_coordinates"):
        yield from _nameless(name, meaning, profile, make)
        return
    kind = fields.find(name)
    form = kind[0].type if kind else ""
    differ = f"{profile.distinct:,} different in {profile.filled:,} cells"
    if name in ("start", "end", "last_update"):
        yield from _day(name, profile, make)
    elif name == "award_year":
        if profile.share("year") >= 0.8:
            yield make(name, 1.0, _percent(profile, "year", "years"))
    elif form == "amount":
        yield from _amount(name, header, profile, make)
    elif name == "cofinancing_rate":
        yield from _rate(header, profile, make)
    elif name == "code":
        yield from _code(profile, make)
    elif name.startswith("title"):
        yield from _title(name, profile, make)
    elif name in (
        "_location",
        "nuts",
        "region",
        "municipality",
        "postcode",
        "beneficiary_nuts",
        "beneficiary_postcode",
    ):
        yield from _place(name, profile, make)
    elif any(name.startswith(base) for base in CODED):
        yield from _coded(name, profile, make)
    elif name in ("programme_name", "programme_code"):
        yield from _programme(name, profile, make)
    elif name == "fund":
        yield from _fund(profile, make)
    elif form == "country":
        yield from _country(name, profile, make)
    elif name in ("latitude", "longitude", "_coordinates"):
        yield from _coordinates(name, profile, make)
    elif name == "period":
        if profile.share("period") >= 0.6:
            yield make(name, 1.0, _percent(profile, "period", "programming periods"))
    elif form == "url":
        if profile.share("url") >= 0.5:
            yield make(name, 1.0, _percent(profile, "url", "web addresses"))
    elif form == "currency":
        if profile.share("currency") >= 0.8:
            yield make(name, 1.0, _percent(profile, "currency", "currencies"))
    elif form == "number":
        if profile.share("number") >= 0.8:
            yield make(name, 1.0, _percent(profile, "number", "numbers"))
    elif form == "identifier":
        if profile.share("code") >= 0.5 or profile.share("number") >= 0.5 or profile.share("url") >= 0.5:
            yield make(name, 1.0, differ)
    elif name == "summary" or name.startswith("summary_"):
        if profile.share("letters") >= 0.6 and profile.share("number") < 0.4:
            yield make(
                name,
                1.0 if profile.mean_length >= 25 else 0.85,
                f"texts of {profile.mean_length:.0f} characters on average",
            )
    elif name in _NAMES:
        if profile.share("letters") >= 0.6 and profile.share("number") < 0.3 and profile.share("date") < 0.3:
            rule: Rule = {}
            sign, share = profile.lists()
            if name == "partners" and share >= 0.2 and sign in (";", "|", "\n"):
                rule["split"] = _splitting(sign)
            elif name == "partners" and share >= 0.3 and sign == ",":
                yield make(
                    name,
                    1.0,
                    differ,
                    {},
                    ask="several partners stand in one cell with commas, which names hold too: "
                    "split = '\\s*,\\s*' takes them apart.",
                )
                return
            yield make(name, 1.0, differ, rule)
    elif form in ("text", "texts", "code") and profile.share("letters") >= 0.5 and profile.share("date") < 0.5:
        rule = {}
        sign, share = profile.lists()
        if kind and kind[0].many and share >= 0.2:
            rule["split"] = _splitting(sign)
        yield make(name, 1.0, differ, rule)


def _splitting(sign: str) -> str:
    return r"\s*\n\s*" if sign == "\n" else rf"\s*{re.escape(sign)}\s*"


def _percent(profile: Profile, kind: str, what: str) -> str:
    return f"{round(100 * profile.share(kind))}% of its cells are {what}"


def _nameless(name: str, meaning: Meaning, profile: Profile, make: _Maker) -> Iterator[Choice]:
    if name == "_rownumber":
        numbers = profile.numbers
        ascending = profile.share("number") >= 0.9 and profile.variety >= 0.9 and numbers.least >= 0
        if ascending:
            yield make(name, 1.0, "numbers that count the rows")
    elif name == "_personal":
        yield make(name, 1.0, f"its cells hold {profile.personal} data" if profile.personal else "")
    else:
        yield make(name, 1.0, f"{meaning.what}: the canonical record has no place for it" if meaning.what else "")


def _day(name: str, profile: Profile, make: _Maker) -> Iterator[Choice]:
    if profile.share("year") >= 0.8 and profile.share("date") < 0.5:
        if name in ("start", "end"):
            yield make(f"{name}_year", 1.0, _percent(profile, "year", "years without a day"))
    elif profile.share("date") >= 0.6:
        yield make(name, 1.0, _percent(profile, "date", "days"))
    elif profile.share("serial") >= 0.8:
        yield make(
            name,
            0.8,
            "its cells are the numbers that spreadsheets count days with",
            ask="spreadsheets keep days as numbers: save the column as dates.",
        )
    elif profile.share("date") >= 0.3:
        yield make(name, 0.75, _percent(profile, "date", "days"), ask="many cells hold no day.")


def _amount(name: str, header: Header, profile: Profile, make: _Maker) -> Iterator[Choice]:
    numbers = profile.numbers
    share = profile.share("number")
    if share < 0.6 or profile.share("date") > 0.5:
        return
    rates = numbers.percent / numbers.count if numbers.count else 0.0
    if rates > 0.5 or (numbers.most <= 100 and header.multiple == 1 and (header.percent or name == "eu_amount")):
        if name == "eu_amount" and numbers.most > 0 and (rates > 0.5 or header.percent):
            yield make("cofinancing_rate", 0.9, "its numbers are rates from 0 to 100")
        elif numbers.most == 0:
            yield make(name, 1.0, "numbers that are all nought")
        return
    years = profile.share("year")
    if years > 0.9 and profile.distinct < 40:
        return
    yield make(
        name,
        1.0 if share >= 0.9 else 0.85,
        f"{round(100 * share)}% of its cells are numbers, the middle one {numbers.median:,.0f}",
    )


def _rate(header: Header, profile: Profile, make: _Maker) -> Iterator[Choice]:
    numbers = profile.numbers
    if profile.share("number") < 0.6:
        return
    if numbers.within(0, 100) >= 0.95 and profile.share("date") < 0.5:
        most = f"{numbers.most:f}".rstrip("0").rstrip(".") if "." in f"{numbers.most:f}" else f"{numbers.most:f}"
        yield make("cofinancing_rate", 1.0, f"its numbers go up to {most}{'%' if numbers.percent else ''}")
    elif numbers.within(0, 100) < 0.5 and not header.percent:
        # The law's English words for the rate stand over amounts in some lists.
        yield make(
            "eu_amount",
            0.85,
            f"but its numbers are amounts, the middle one {numbers.median:,.0f}",
            ask="the header speaks of a rate, the cells are amounts.",
        )


def _code(profile: Profile, make: _Maker) -> Iterator[Choice]:
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


def _title(name: str, profile: Profile, make: _Maker) -> Iterator[Choice]:
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


def _place(name: str, profile: Profile, make: _Maker) -> Iterator[Choice]:
    own = "beneficiary_nuts" if name.startswith("beneficiary") else "nuts"
    coded = profile.share("nuts") + profile.share("nuts-list")
    if coded >= 0.7 and not (name.endswith("postcode") and profile.share("postcode") >= 0.9):
        rule: Rule = {"split": r"\s*[,;/|+ ]\s*"} if profile.share("nuts-list") and own == "nuts" else {}
        several = ", several in some" if rule else ""
        yield make(own, 1.0, f"{round(100 * coded)}% of its cells are NUTS codes{several}", rule)
        return
    if profile.share("glued-nuts") >= 0.6 and own == "nuts":
        yield make(
            "nuts",
            1.0,
            _percent(profile, "glued-nuts", "a NUTS code and a name in one"),
            {"pattern": NUTS_OF_GLUED, "split": r"\s*[,;]\s*"},
            ("region", {"pattern": TEXT_OF_NUTS, "unmatched": "whole"}),
        )
        return
    wanted = "beneficiary_postcode" if name.startswith("beneficiary") else "postcode"
    if name in ("_location", "postcode", "beneficiary_postcode") and profile.share("postcode") >= 0.6:
        yield make(wanted, 1.0, _percent(profile, "postcode", "postcodes"))
        return
    if profile.share("letters") < 0.6 or profile.share("date") > 0.3:
        if name in ("postcode", "beneficiary_postcode") and profile.share("number") >= 0.5:
            yield make(name, 0.8, "its cells are numbers", ask="few cells look like postcodes.")
        return
    seen = f"{profile.distinct:,} different names in {profile.filled:,} cells"
    sign, share = profile.lists()
    rule = {}
    asks = ""
    if share >= 0.05 and sign in (";", "|", "\n", ",") and profile.mean_length < 200:
        rule["split"] = _splitting(sign)
        seen += f"; {round(100 * share)}% hold several, with {'a line end' if sign == chr(10) else repr(sign)} between"
        if sign == ",":
            asks = "names of places with a comma inside would be cut in two."
    if name in ("region", "municipality"):
        yield make(name, 1.0, seen, rule, ask=asks)
    elif name == "nuts":
        yield make("region", 0.95, f"{seen}; they are names, no NUTS codes", rule, ask=asks)
    elif name == "beneficiary_nuts":
        return
    elif name == "beneficiary_postcode":
        yield make("beneficiary_city", 0.8, seen, ask="the cells are names, no postcodes.")
    else:
        many = profile.distinct > 60 or (profile.filled < 400 and profile.distinct > 0.4 * profile.filled)
        told = "municipality" if many else "region"
        yield make(
            told,
            0.9,
            seen,
            rule,
            ask=asks or f"whether the places are {'towns or municipalities' if many else 'regions'}.",
        )


def _coded(name: str, profile: Profile, make: _Maker) -> Iterator[Choice]:
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


def _programme(name: str, profile: Profile, make: _Maker) -> Iterator[Choice]:
    seen = f"{profile.distinct:,} different in {profile.filled:,} cells"
    if profile.share("cci") >= 0.6:
        yield make("programme_code", 1.0, _percent(profile, "cci", "CCI codes"))
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


def _fund(profile: Profile, make: _Maker) -> Iterator[Choice]:
    known = profile.share("fund")
    if profile.share("number") > 0.5 and known < 0.5:
        return
    if known >= 0.6:
        yield make("fund", 1.0, _percent(profile, "fund", "names of funds that the EU table knows"))
    elif profile.distinct <= 15 and profile.mean_length <= 60:
        yield make("fund", 0.85, f"{profile.distinct} different names")
    elif profile.distinct <= 60 and known >= 0.2:
        yield make("fund", 0.75, _percent(profile, "fund", "names of funds that the EU table knows"))


def _country(name: str, profile: Profile, make: _Maker) -> Iterator[Choice]:
    known = profile.share("country")
    if known >= 0.6:
        yield make(name, 1.0, _percent(profile, "country", "countries"))
    elif profile.share("number") < 0.3 and profile.distinct <= 60 and profile.mean_length <= 60:
        yield make(
            name,
            0.8,
            f"{profile.distinct} different names",
            ask='few of the cells are names of countries: give values = { "…" = "…" }.',
        )


def _coordinates(name: str, profile: Profile, make: _Maker) -> Iterator[Choice]:
    if profile.share("pair") >= 0.6:
        pairs = [match for (_, text), _ in profile.cells.most_common(400) if (match := evidence.PAIR.match(text))]
        east = sum(1 for match in pairs if not 27 <= float(match[1]) <= 72 and 27 <= float(match[2]) <= 72)
        north = sum(1 for match in pairs if 27 <= float(match[1]) <= 72 and not 27 <= float(match[2]) <= 72)
        if not east and not north:
            yield make(
                "latitude",
                0.7,
                "both numbers could be either",
                {"pattern": LATITUDE_FIRST[0]},
                ("longitude", {"pattern": LATITUDE_FIRST[1]}),
                ask="which of the two numbers is the latitude.",
            )
            return
        first, second = LATITUDE_FIRST if north >= east else (LATITUDE_FIRST[1], LATITUDE_FIRST[0])
        which = "latitude" if north >= east else "longitude"
        yield make(
            "latitude",
            1.0,
            f"two numbers in a cell; by their range the {which} stands first",
            {"pattern": first},
            ("longitude", {"pattern": second}),
        )
    elif name != "_coordinates" and profile.share("number") >= 0.8:
        yield make(name, 1.0, f"numbers from {profile.numbers.least:f} to {profile.numbers.most:f}")


def _by_cells(header: Header, profile: Profile) -> Iterator[Choice]:
    """Yield what cells tell without a header; only what can be nothing else."""
    if privacy.contact_column(header.text):
        yield Choice(profile.column.index, (("_personal", {}),), 0.8, "the header speaks of contacts or persons")
        return
    if not profile.filled or profile.filled < 3:
        return
    index = profile.column.index

    def choice(name: str, score: float, why: str, rule: Rule | None = None, *more: tuple[str, Rule]) -> Choice:
        return Choice(
            index,
            ((name, rule or {}), *more),
            score,
            f"the header tells nothing known; {why}",
            [f"{CHECK}this is told by the cells alone."],
        )

    if profile.share("number") >= 0.95 and profile.mean_length < 8:
        return  # numbers too short for those of telephones and identity cards
    if profile.personal:
        yield Choice(index, (("_personal", {}),), 0.9, f"its cells hold {profile.personal} data")
    elif profile.share("cci") >= 0.95:
        yield choice("programme_code", 0.85, _percent(profile, "cci", "CCI codes"))
    elif profile.share("nuts") + profile.share("nuts-list") >= 0.95 and profile.distinct >= 2:
        rule: Rule = {"split": r"\s*[,;/|+ ]\s*"} if profile.share("nuts-list") else {}
        yield choice(
            "nuts",
            0.75,
            f"{round(100 * (profile.share('nuts') + profile.share('nuts-list')))}% of its cells are NUTS codes",
            rule,
        )
    elif profile.share("fund") >= 0.95 and profile.share("short-code") < 0.5:
        yield choice("fund", 0.75, _percent(profile, "fund", "names of funds that the EU table knows"))
    elif profile.share("period") >= 0.95:
        yield choice("period", 0.8, _percent(profile, "period", "programming periods"))
    elif profile.persons >= 0.6 and profile.variety >= 0.2:
        yield Choice(
            index,
            (("_personal", {}),),
            0.7,
            "its cells look like names of persons",
            [f"{CHECK}whether the column names persons; if not, take it out of personal.columns."],
        )


def may_name_persons(names: tuple[str, ...]) -> bool:
    """Return whether cells of these fields may name natural persons, so that none is shown."""
    return any(name in _MAY_NAME_PERSONS or name == "_personal" for name in names)


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
