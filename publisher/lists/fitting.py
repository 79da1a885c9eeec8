"""Whether the cells of a column are what its header says, and what fields they make: days, amounts, texts, persons.

Each choice is one way to map a column, with how sure it is and why. Nothing is
chosen here.
"""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lists import fields, fitting_codes, fitting_places, privacy
from publisher.lists.choice import ACCEPTED, WORTH_TELLING, Choice, Maker, percent, splitting
from publisher.lists.headers import Header, Meaning
from publisher.lists.profile import Profile
from publisher.lists.proposal import CHECK, Rule

_NAMES = frozenset({"beneficiary_name", "partners", "contractor_name"})
_MAY_NAME_PERSONS = _NAMES | {"natural_person_name"}


def choices(header: Header, profile: Profile) -> list[Choice]:
    """Return the ways to map a column, the surest first."""
    made: list[Choice] = []
    for meaning in header.meanings:
        made += [choice for choice in _of(meaning, header, profile) if choice.score >= WORTH_TELLING]
    if not any(choice.score >= ACCEPTED for choice in made):
        made += _by_cells(header, profile)
    best: dict[str, Choice] = {}
    for choice in made:
        if choice.name not in best or best[choice.name].score < choice.score:
            best[choice.name] = choice
    return sorted(best.values(), key=lambda choice: -choice.score)


def _of(meaning: Meaning, header: Header, profile: Profile) -> Iterator[Choice]:
    make = Maker(profile.column.index, meaning, header.exact)
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
            yield make(name, 1.0, percent(profile, "year", "years"))
    elif form == "amount":
        yield from _amount(name, header, profile, make)
    elif name == "cofinancing_rate":
        yield from _rate(header, profile, make)
    elif name == "code":
        yield from fitting_codes.code(profile, make)
    elif name.startswith("title"):
        yield from fitting_codes.title(name, profile, make)
    elif name in (
        "_location",
        "nuts",
        "region",
        "municipality",
        "postcode",
        "beneficiary_nuts",
        "beneficiary_postcode",
    ):
        yield from fitting_places.place(name, profile, make)
    elif any(name.startswith(base) for base in fitting_codes.CODED):
        yield from fitting_codes.coded(name, profile, make)
    elif name in ("programme_name", "programme_code"):
        yield from fitting_codes.programme(name, profile, make)
    elif name == "fund":
        yield from fitting_codes.fund(profile, make)
    elif form == "country":
        yield from fitting_places.country(name, profile, make)
    elif name in ("latitude", "longitude", "_coordinates"):
        yield from fitting_places.coordinates(name, profile, make)
    elif name == "period":
        if profile.share("period") >= 0.6:
            yield make(name, 1.0, percent(profile, "period", "programming periods"))
    elif form == "url":
        if profile.share("url") >= 0.5:
            yield make(name, 1.0, percent(profile, "url", "web addresses"))
    elif form == "currency":
        if profile.share("currency") >= 0.8:
            yield make(name, 1.0, percent(profile, "currency", "currencies"))
    elif form == "number":
        if profile.share("number") >= 0.8:
            yield make(name, 1.0, percent(profile, "number", "numbers"))
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
                rule["split"] = splitting(sign)
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
            rule["split"] = splitting(sign)
        yield make(name, 1.0, differ, rule)


def _nameless(name: str, meaning: Meaning, profile: Profile, make: Maker) -> Iterator[Choice]:
    if name == "_rownumber":
        numbers = profile.numbers
        ascending = profile.share("number") >= 0.9 and profile.variety >= 0.9 and numbers.least >= 0
        if ascending:
            yield make(name, 1.0, "numbers that count the rows")
    elif name == "_personal":
        yield make(name, 1.0, f"its cells hold {profile.personal} data" if profile.personal else "")
    else:
        yield make(name, 1.0, f"{meaning.what}: the canonical record has no place for it" if meaning.what else "")


def _day(name: str, profile: Profile, make: Maker) -> Iterator[Choice]:
    if profile.share("year") >= 0.8 and profile.share("date") < 0.5:
        if name in ("start", "end"):
            yield make(f"{name}_year", 1.0, percent(profile, "year", "years without a day"))
    elif profile.share("date") >= 0.6:
        yield make(name, 1.0, percent(profile, "date", "days"))
    elif profile.share("serial") >= 0.8:
        yield make(
            name,
            0.8,
            "its cells are the numbers that spreadsheets count days with",
            ask="spreadsheets keep days as numbers: save the column as dates.",
        )
    elif profile.share("date") >= 0.3:
        yield make(name, 0.75, percent(profile, "date", "days"), ask="many cells hold no day.")


def _amount(name: str, header: Header, profile: Profile, make: Maker) -> Iterator[Choice]:
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


def _rate(header: Header, profile: Profile, make: Maker) -> Iterator[Choice]:
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
        yield choice("programme_code", 0.85, percent(profile, "cci", "CCI codes"))
    elif profile.share("nuts") + profile.share("nuts-list") >= 0.95 and profile.distinct >= 2:
        rule: Rule = {"split": r"\s*[,;/|+ ]\s*"} if profile.share("nuts-list") else {}
        yield choice(
            "nuts",
            0.75,
            f"{round(100 * (profile.share('nuts') + profile.share('nuts-list')))}% of its cells are NUTS codes",
            rule,
        )
    elif profile.share("fund") >= 0.95 and profile.share("short-code") < 0.5:
        yield choice("fund", 0.75, percent(profile, "fund", "names of funds that the EU table knows"))
    elif profile.share("period") >= 0.95:
        yield choice("period", 0.8, percent(profile, "period", "programming periods"))
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
