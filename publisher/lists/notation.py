"""How the values of a list are written: order of days, signs in numbers, currency, units, noughts, empty texts."""

from __future__ import annotations

import re
from collections import Counter

from publisher.lists import codes, fields, fitting_codes
from publisher.lists.background import MONEY_OF
from publisher.lists.cells import DEFAULT_MISSING
from publisher.lists.inspected import Inspected
from publisher.lists.profile import Profile, is_missing
from publisher.lists.proposal import CHECK, FILL, Guess, Rule
from publisher.lists.written_days import month_languages
from publisher.lists.written_numbers import Numbers
from publisher.tables.model import Cell


def write(seen: Inspected) -> None:
    """Find out how values are written, and put it into `[values]` and the rules of fields."""
    _write_days(seen)
    _write_numbers(seen)
    _write_money(seen)
    _write_missing(seen)


def _write_days(seen: Inspected) -> None:
    held = {
        name: (column, rule)
        for name, (column, rule) in seen.fields.items()
        if fields.FIELDS.get(name) and fields.FIELDS[name].type == "date"
    }
    days = {name: seen.profiles[column].days for name, (column, _) in held.items()}
    first = sum(entry.day_first for entry in days.values())
    second = sum(entry.month_first for entry in days.values())
    numeric = sum(entry.forms["numeric"] for entry in days.values())
    dotted = sum(entry.dotted for entry in days.values())
    if numeric:
        if first > 20 * second:
            seen.values["date_order"] = "dmy"
            seen.values_why.append(f"date_order: {first:,} days have a first number above 12.")
        elif second > 20 * first:
            seen.values["date_order"] = "mdy"
            seen.values_why.append(f"date_order: {second:,} days have a second number above 12.")
        elif first and second:
            seen.values_why.append(
                f"{CHECK}date_order: {first:,} days have a first number above 12, {second:,} a second one: "
                "two orders stand in one list."
            )
        elif dotted == numeric:
            seen.values_why.append("date_order: days with points begin with the day everywhere in the Union.")
        else:
            seen.values_why.append(
                f'{CHECK}date_order = "dmy" or "mdy": no day in the list is above 12, so nothing tells the order.'
            )
    for name, entry in days.items():
        if entry.forms["compact"] > 0.5 * entry.count:
            held[name][1]["date_order"] = "ymd"
            seen.evidence.setdefault(name, []).append("days are written 20161231")
    names = {name for entry in days.values() for name in entry.names}
    if names:
        tags = month_languages(names, seen.language)
        seen.values["month_names"] = tags
        seen.values_why.append(f"month_names: {', '.join(sorted(names))} are names of months in {', '.join(tags)}.")
    short = sum(entry.short_years for entry in days.values())
    if short:
        seen.values["century"] = "2000"
        years = [year for entry in days.values() for year in entry.years]
        seen.values_why.append(
            f"century: {short:,} days have years of two digits, {min(years)} to {max(years)} if they are "
            "of this century."
        )


def _numeric(seen: Inspected) -> dict[str, tuple[int, Rule]]:
    kinds = ("amount", "rate", "number")
    return {
        name: (column, rule)
        for name, (column, rule) in seen.fields.items()
        if (found := fields.find(name)) and found[0].type in kinds
    }


def _write_numbers(seen: Inspected) -> None:
    held = _numeric(seen)
    money = {name: seen.profiles[column].numbers for name, (column, _) in held.items() if fields.money(name)}
    for column, name, _ in seen.lines:
        money[f"{name}@{column}"] = seen.profiles[column].numbers
    proved = {numbers.decimal for numbers in money.values() if numbers.decimal}
    groups = list(dict.fromkeys(sign for numbers in money.values() for sign in numbers.groups))
    if len(proved) == 1:
        sign = proved.pop()
        seen.values["decimal"] = sign
        why = f"decimal: the amounts prove {sign!r}"
        groups = [group for group in groups if group != sign]
        if groups:
            seen.values["group"] = groups
            why += f", and {', '.join(map(repr, groups))} between thousands"
        seen.values_why.append(f"{why}.")
    elif proved:
        for name, (_, rule) in held.items():
            numbers = money.get(name)
            if numbers is not None and numbers.decimal:
                rule["decimal"] = numbers.decimal
                rule["group"] = list(numbers.groups)
                seen.evidence.setdefault(name, []).append(f"its cells prove the decimal sign {numbers.decimal!r}")
    elif any(numbers.ambiguous for numbers in money.values()):
        count = sum(numbers.ambiguous for numbers in money.values())
        seen.values_why.append(
            f'{CHECK}decimal = "." or ",": {count:,} amounts such as 1.234 can be read in two ways and none proves one.'
        )
    elif groups:
        seen.values["group"] = groups
        seen.values_why.append(f"group: {', '.join(map(repr, groups))} stands between thousands.")
    for numbers in money.values():
        if numbers.conflict:
            seen.values_why.append(f"{CHECK}some amounts have a point and some a comma before the fraction.")
            break
    common = seen.values.get("decimal")
    for name, (column, rule) in held.items():
        numbers = seen.profiles[column].numbers
        if not fields.money(name) and numbers.decimal and numbers.decimal != common:
            rule["decimal"] = numbers.decimal
            rule["group"] = []
            seen.evidence.setdefault(name, []).append(f"its decimal sign is {numbers.decimal!r}")
        if name == "cofinancing_rate":
            _rate(seen, name, numbers, rule)
    if "latitude" in held and "longitude" in held:
        _crs(seen, held)


def _rate(seen: Inspected, name: str, numbers: Numbers, rule: Rule) -> None:
    if numbers.percent or numbers.most > 1:
        rule["rate_unit"] = "percent"
    elif any(0 < value < 1 for value in numbers.values):
        rule["rate_unit"] = "fraction"
        seen.evidence.setdefault(name, []).append("no rate is above 1, so they are fractions")
    elif numbers.most:
        seen.ask(name, f'{CHECK}rate_unit = "percent" or "fraction": all rates are 0 or 1.')


def _crs(seen: Inspected, held: dict[str, tuple[int, Rule]]) -> None:
    north, east = (seen.profiles[held[name][0]] for name in ("latitude", "longitude"))
    if north.column.index == east.column.index:  # a pair in one cell: told by its range
        seen.constants.append(
            Guess("crs", {"value": "EPSG:4326"}, (), 0.85, "the numbers are degrees of latitude and longitude")
        )
        return
    degrees = north.numbers.within(-90, 90) >= 0.95 and east.numbers.within(-180, 180) >= 0.95
    if degrees:
        first = north.numbers.within(27, 72)
        other = east.numbers.within(27, 72)
        if first < 0.5 < other and north.numbers.within(-32, 45) > 0.9:
            seen.ask(
                "latitude",
                f"{CHECK}by their range these are longitudes and the others latitudes: the columns may be exchanged.",
            )
        seen.constants.append(
            Guess("crs", {"value": "EPSG:4326"}, (), 0.85, "the numbers are degrees of latitude and longitude")
        )
    else:
        question = (
            f"{FILL}the coordinate reference system of the metres, which the list does not say: "
            '[fields.crs] value = "EPSG:25832"'
        )
        seen.ask("latitude", question)
        seen.evidence.setdefault("latitude", []).append("northings in metres, no degrees")
        seen.evidence.setdefault("longitude", []).append("eastings in metres, no degrees")


def _write_money(seen: Inspected) -> None:
    amounts = [(name, column, rule) for name, column, rule in seen.money()]
    told: dict[int, str] = {}
    for _, column, _ in [*amounts, *((name, column, {}) for column, name, _ in seen.lines)]:
        currency = seen.headers[column].currency
        numbers = seen.profiles[column].numbers
        if not currency and numbers.currencies:
            sign, count = numbers.currencies.most_common(1)[0]
            found = codes.currency(sign)
            if len(found) == 1 and count >= 0.5 * numbers.count:
                currency = found[0]
        if currency:
            told[column] = currency
    if amounts and "currency" not in seen.fields:
        _currency(seen, amounts, told)
    nought = {column for _, column, _ in amounts if all_nought(seen.profiles[column])}
    for name, column, rule in amounts:
        _multiple(seen, name, column, rule)
        numbers = seen.profiles[column].numbers
        if column in nought and len(amounts) + len(seen.lines) > 1:
            rule["zero"] = "not-given"
            seen.evidence.setdefault(name, []).append(
                "it holds nothing but noughts beside other amounts, so a nought says that nothing is given"
            )
        elif numbers.zeros:
            _noughts(seen, name, column, rule, numbers)


def all_nought(profile: Profile) -> bool:
    """Return whether a column of amounts holds noughts only."""
    return profile.filled > 2 and set(profile.numbers.values) == {0}


def _currency(seen: Inspected, amounts: list[tuple[str, int, Rule]], told: dict[int, str]) -> None:
    named = {told[column] for _, column, _ in amounts if column in told}
    if len(named) == 1 and all(column in told for _, column, _ in amounts):
        seen.values["currency"] = next(iter(named))
        seen.values_why.append("currency: headers or cells of the amounts name it.")
        return
    for name, column, rule in amounts:
        if column in told:
            rule["currency"] = told[column]
            seen.evidence.setdefault(name, []).append(f"header or cells name {told[column]}")
    if all(column in told for _, column, _ in amounts):
        return
    if len(named) == 1:
        seen.values["currency"] = next(iter(named))
        seen.values_why.append(f"{CHECK}currency: only some amounts name it.")
        return
    likely = MONEY_OF.get(seen.country, "")
    proposal = f'; that of the country would be: currency = "{likely}"' if likely else ': currency = "EUR"'
    word = CHECK if likely else FILL
    seen.values_why.append(f"{word}neither header nor cells name the currency{proposal}")


def _multiple(seen: Inspected, name: str, column: int, rule: Rule) -> None:
    header, numbers = seen.headers[column], seen.profiles[column].numbers
    if header.multiple == 1 or not numbers.median:
        return
    unit = "millions" if header.multiple > 1000 else "thousands"
    size = f"the middle amount is {numbers.median:,.0f}"
    high = 10_000 if header.multiple > 1000 else 1_000_000
    if numbers.median >= high:
        rule["multiply"] = 1
        seen.evidence.setdefault(name, []).append(f"the header says {unit}, but {size}: whole units, so multiply = 1")
        return
    rule["multiply"] = header.multiple
    seen.evidence.setdefault(name, []).append(f"the header says {unit}, and {size}")
    if header.multiple == 1000 and numbers.median >= 20_000:
        seen.ask(
            name,
            f"{CHECK}amounts of {numbers.median:,.0f} thousand are large: perhaps they are whole units (multiply = 1).",
        )


def _noughts(seen: Inspected, name: str, column: int, rule: Rule, numbers: Numbers) -> None:
    """Find out what noughts among amounts say: nothing given, where another field of the row says so."""
    rows = [cells for cells in seen.rows if _is_nought(cells[column])]
    if len(rows) >= 3:
        for other, (index, _) in seen.fields.items():
            if index == column or fields.money(other) or not seen.profiles[index].missing:
                continue
            silent = sum(1 for cells in rows if isinstance(cells[index], str) and is_missing(str(cells[index]).strip()))
            if silent >= 0.98 * len(rows) and sum(seen.profiles[index].missing.values()) <= 1.1 * len(rows):
                rule["zero"] = "not-given"
                seen.evidence.setdefault(name, []).append(
                    f'its {len(rows):,} noughts stand where "{seen.name(index)}" says that nothing is given'
                )
                return
    if numbers.zeros >= 0.02 * numbers.count:
        seen.ask(
            name,
            f"{CHECK}{numbers.zeros:,} of {numbers.count:,} amounts are 0: if that says that nothing is given, "
            'zero = "not-given"',
        )


def _is_nought(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(re.fullmatch(r"\s*0+(?:[.,]0+)?\s*\D{0,4}", cell))
    return cell is not None and not isinstance(cell, bool) and cell == 0


def _write_missing(seen: Inspected) -> None:
    found: Counter[str] = Counter()
    used = {column for column, _ in seen.fields.values()}
    for column in used:
        for text, count in seen.profiles[column].missing.items():
            if text.strip().casefold() not in DEFAULT_MISSING:
                found[text] += count
    texts = list(dict.fromkeys(text.strip() for text, _ in found.most_common(12)))
    if texts:
        seen.values["missing"] = texts
        seen.values_why.append("missing: these texts say that nothing is given.")
    for base in fitting_codes.CODED:
        held = seen.fields.get(f"{base}_code")
        if held and "pattern" in held[1]:
            silent = {
                match[1]: "n.a."
                for text in seen.profiles[held[0]].missing
                if (match := re.search(fitting_codes.CODE_OF_GLUED, text.strip()))
            }
            if silent:
                held[1]["values"] = silent
                held[1]["otherwise"] = "keep"
