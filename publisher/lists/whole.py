"""What must hold of all rows of a list: whether a code is one operation's, what else can be a key, names of funds."""

from __future__ import annotations

import re
from collections import Counter

from publisher.lists import codes, fitting_codes
from publisher.lists.identity import MOST, Codes, Mint
from publisher.lists.inspected import Inspected
from publisher.lists.profile import is_missing
from publisher.lists.proposal import CHECK, FILL, Rule
from publisher.tables.model import Cell

_DISTINCT_KEPT = 300
_MINTED = (
    "title", "beneficiary_name", "start", "start_year", "award_year", "end", "programme_code", "programme_name", "fund",
    "priority_axis_code", "priority_axis_name", "nuts", "municipality", "region", "postcode", "total_eligible_cost",
    "total_cost", "eu_amount", "eu_and_state_amount", "public_amount", "granted_amount", "planned_public_amount",
    "paid_public_amount", "paid_granted_amount", "paid_eu_amount", "paid_total_eligible_cost", "paid_total_cost",
)  # fmt: skip
"""Fields that a key can be made of, those first that stay from edition to edition."""
_AGREEING = ("title", "beneficiary_name", "start", "end", "programme_name")


class Whole:
    """Counts what all rows are needed for."""

    def __init__(self, seen: Inspected) -> None:
        """Choose what to count."""
        self.seen = seen
        self.columns = {
            name: seen.fields[name][0] for name in ("fund", "country", "beneficiary_country") if name in seen.fields
        }
        self.texts: dict[str, Counter[str]] = {name: Counter() for name in self.columns}
        held = seen.fields.get("code")
        self.codes: Codes | None = None
        self.mint: Mint | None = None
        if held is not None:
            alike = {name: seen.fields[name][0] for name in _AGREEING if name in seen.fields}
            pattern = held[1].get("pattern")
            amounts = tuple(column for _, column, _ in seen.money())
            self.codes = Codes(held[0], re.compile(pattern, re.DOTALL) if pattern else None, alike, amounts)
        else:
            names = [name for name in _MINTED if name in seen.fields]
            self.mint = Mint({name: (seen.fields[name][0],) for name in names})

    def add(self, cells: tuple[Cell, ...]) -> None:
        """Count a row."""
        for name, column in self.columns.items():
            cell = cells[column]
            if isinstance(cell, str) and cell:
                counted = self.texts[name]
                if len(counted) < _DISTINCT_KEPT or cell in counted:
                    counted[cell] += 1
        if self.codes is not None:
            self.codes.add(cells)
        elif self.mint is not None:
            self.mint.add(cells)

    def identity(self) -> tuple[Rule, list[str]]:
        """Return the table `[identity]` and why it is so."""
        if self.codes is not None:
            return _by_code(self.codes)
        if self.mint is None or not self.mint.columns:
            return {"rows": "one", "mint": []}, [
                f"{FILL}no column is a code and none can make one: name the fields in mint."
            ]
        return _by_content(self.mint)

    def funds_and_countries(self) -> None:
        """Write the tables of funds and countries."""
        seen = self.seen
        period = seen.period or None
        if "fund" in self.columns:
            _funds(seen, self.texts["fund"], period)
        for name in ("country", "beneficiary_country"):
            unknown = [
                text.strip()
                for text in self.texts.get(name, ())
                if not is_missing(text.strip()) and codes.country(text.strip()) is None
            ]
            if unknown and len(unknown) <= 20:
                shown = ", ".join(f'"{text}" = "…"' for text in dict.fromkeys(unknown[:5]))
                seen.ask(
                    name,
                    f"{FILL}codes of the EU table for names that it does not know: values = {{ {shown} }}, "
                    'otherwise = "keep"',
                )


def _funds(seen: Inspected, texts: Counter[str], period: str | None) -> None:
    _, rule = seen.fields["fund"]
    stripped = [text for text in dict.fromkeys(text.strip() for text in texts) if not is_missing(text)]
    if len(stripped) > 30:
        return
    if "period" in seen.fields:
        seen.evidence.setdefault("fund", []).append("the entry of the EU table follows from the period of each row")
        return
    table, unknown = fitting_codes.fund_table(stripped, period)
    if table:
        rule["values"] = table
        rule["otherwise"] = "keep"
        seen.evidence.setdefault("fund", []).append("names are given the entries of the EU table")
    known = [text for text in unknown if codes.fund_named(text)]
    strange = [text for text in unknown if not codes.fund_named(text)]
    if known and period:
        seen.ask("fund", f"{CHECK}the EU table has no entry for {', '.join(sorted(known))} in {period}.")
    elif known:
        seen.ask("fund", f"{FILL}the entries of {', '.join(sorted(known))} depend on the programming period.")
    if strange:
        shown = ", ".join(f'"{text}" = "…"' for text in strange[:8])
        seen.ask("fund", f"{FILL}what these are in the EU table (ERDF, ESF, CF, …): values = {{ {shown} }}")


def _by_code(found: Codes) -> tuple[Rule, list[str]]:
    why: list[str] = []
    kept = f" among the first {found.distinct:,}" if found.full else ""
    if found.without:
        why.append(f"{CHECK}{found.without:,} of {found.rows:,} rows have no code.")
    differing = found.repeated - found.identical
    if not differing:
        again = f"; {found.identical:,} rows repeat another one wholly and are merged" if found.identical else ""
        why.append(f"each code stands in one row{kept}: {found.distinct:,} codes{again}.")
        return {"rows": "one"}, why
    agree = [name for name, count in found.agree.items() if count >= 0.995 * found.repeated]
    numbers = f"{found.rows:,} rows have {found.distinct:,} codes{kept}"
    if "title" in agree or ("title" not in found.alike and agree):
        if found.amounts and found.same_amounts > 0.5 * differing:
            why.append(
                f"{CHECK}{numbers}; rows of one code have the same amounts and differ in other columns: adding them up "
                'would count money twice. rows = "parts" adds them up; leave "one" where one row of each code counts.'
            )
            return {"rows": "one"}, why
        why.append(
            f"{numbers}; rows of one code agree in {', '.join(agree)} and differ in their amounts: they are parts of "
            "one operation, and money is split over them."
        )
        return {"rows": "parts", "agree": agree}, why
    share = found.agree.get("title", 0) / found.repeated if found.repeated else 0
    if differing <= 0.02 * found.rows:
        why.append(
            f'{numbers}; {differing:,} rows have a code that another row has too: faults, unless rows = "parts".'
        )
        return {"rows": "one"}, why
    why.append(
        f"{CHECK}{numbers}, and only {round(100 * share)}% of the rows of one code have the same title: "
        "the code may be that of something else. "
        "Then take [fields.code] out and name fields in mint."
    )
    return {"rows": "one"}, why


def _by_content(found: Mint) -> tuple[Rule, list[str]]:
    names, distinct = found.best()
    kept = " of the first rows" if found.full else ""
    rows = min(found.rows, MOST)
    why = [
        f"no column is a code. {', '.join(names)} tell {distinct:,} of {rows:,} rows{kept} apart, and no fewer "
        "fields do as well; alike rows are numbered.",
    ]
    changing = [name for name in names if name.startswith("paid_")]
    if changing:
        why.append(
            f"{CHECK}{', '.join(changing)} may change with the next edition of the list, and then the key changes too."
        )
    else:
        why.append(f"{CHECK}a correction of one of these fields makes another key; keep them few.")
    return {"rows": "operations", "mint": list(names)}, why
