"""Whether the cells of a column are places, and of which kind: NUTS codes, names, postcodes, countries, coordinates."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.lists import kinds
from publisher.lists.choice import Choice, Maker, percent, splitting
from publisher.lists.profile import Profile
from publisher.lists.proposal import Rule

_NUTS = r"[A-Z]{2}[0-9A-Z]{1,3}"
NUTS_OF_GLUED = rf"^\s*({_NUTS}(?:\s*[,;]\s*{_NUTS})*)(?![0-9A-Za-z])"
TEXT_OF_NUTS = rf"^\s*{_NUTS}(?:\s*[,;]\s*{_NUTS})*\s*[-–:(]\s*(.+?)\s*\)?$"
LATITUDE_FIRST = (r"^\s*([+-]?\d+(?:\.\d+)?)\s*[,; ]", r"[,; ]\s*([+-]?\d+(?:\.\d+)?)\s*$")


def place(name: str, profile: Profile, make: Maker) -> Iterator[Choice]:
    """Yield how the cells can be places of an operation or a beneficiary."""
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
            percent(profile, "glued-nuts", "a NUTS code and a name in one"),
            {"pattern": NUTS_OF_GLUED, "split": r"\s*[,;]\s*"},
            ("region", {"pattern": TEXT_OF_NUTS, "unmatched": "whole"}),
        )
        return
    wanted = "beneficiary_postcode" if name.startswith("beneficiary") else "postcode"
    if name in ("_location", "postcode", "beneficiary_postcode") and profile.share("postcode") >= 0.6:
        yield make(wanted, 1.0, percent(profile, "postcode", "postcodes"))
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
        rule["split"] = splitting(sign)
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


def country(name: str, profile: Profile, make: Maker) -> Iterator[Choice]:
    """Yield how the cells can be countries."""
    known = profile.share("country")
    if known >= 0.6:
        yield make(name, 1.0, percent(profile, "country", "countries"))
    elif profile.share("number") < 0.3 and profile.distinct <= 60 and profile.mean_length <= 60:
        yield make(
            name,
            0.8,
            f"{profile.distinct} different names",
            ask='few of the cells are names of countries: give values = { "…" = "…" }.',
        )


def coordinates(name: str, profile: Profile, make: Maker) -> Iterator[Choice]:
    """Yield how the cells can be coordinates, one or both."""
    if profile.share("pair") >= 0.6:
        pairs = [match for (_, text), _ in profile.cells.most_common(400) if (match := kinds.PAIR.match(text))]
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
