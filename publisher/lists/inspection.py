"""`publisher inspect`: what a list of operations looks like, and a mapping proposed by evidence.

The header of a column and its cells must agree; the strongest pair takes a
field, two columns never make one. What neither header nor cells tell stays
unmapped, and what cannot be known is asked. The file is read once: the first
rows closely, all of them for what must hold of all (codes, names of funds).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

from publisher.lists import (
    background,
    codes,
    columns,
    fields,
    fitting,
    headers,
    notation,
    organisations,
    values,
)
from publisher.lists.cells import ValueFault
from publisher.lists.inspected import Inspected
from publisher.lists.kinds import KINDS
from publisher.lists.mapping_file import FieldRule, ValueRules
from publisher.lists.profile import Profile
from publisher.lists.proposal import CHECK, FILL, ColumnView, Guess, Proposal, Rule, order
from publisher.lists.whole import Whole
from publisher.tables.model import Cell, Limits, Rejected, Row, Skipped
from publisher.tables.opening import open_table

SAMPLE, _SAMPLE_CELLS, _SAMPLE_CHARS = 5000, 600_000, 30_000_000
"""Rows that are looked at closely; of a wide table fewer, so that cells and characters stay within these."""

_NUTS_EDITIONS = {"2007-2013": "2006", "2014-2020": "2013", "2021-2027": "2021"}
_SUFFIXES = re.compile(r"\.(?:csv|tsv|txt|xlsx|xls|ods|json|jsonl|ndjson|gz|zip)\b", re.IGNORECASE)


def inspect(path: Path, name: str, *, limits: Limits | None = None) -> Proposal:
    """Look at a list and propose how it is mapped.

    Args:
        path: The file.
        name: The file as the user named it.
        limits: Bounds that the file must not pass.

    Returns:
        The proposal: `toml()` for `mapping.toml`, `describe()` for a person, `json()` for a machine.

    Raises:
        InputError: The file cannot be read as a table, or passes a limit.
    """
    table = open_table(path, name, None, limits)
    entries = table.entries()
    sample: list[tuple[Cell, ...]] = []
    seen = Inspected(table, [], [], sample)
    most = min(SAMPLE, max(100, _SAMPLE_CELLS // max(1, len(table.columns))))
    weight = 0
    for entry in entries:
        if isinstance(entry, Row):
            seen.count += 1
            sample.append(entry.cells)
            weight += sum(len(cell) for cell in entry.cells if isinstance(cell, str))
            if len(sample) >= most or weight >= _SAMPLE_CHARS:
                break
        else:
            _account(seen, entry)
    seen.headers = [headers.read(column.name) for column in table.columns]
    seen.profiles = [Profile(column, (cells[column.index] for cells in sample)) for column in table.columns]
    seen.language, seen.language_why = background.language(seen)
    seen.headers = [headers.read(column.name, seen.language) for column in table.columns]
    columns.assign(seen)
    background.period(seen, name)
    background.country(seen, name)
    notation.write(seen)
    whole = Whole(seen)
    for cells in sample:
        whole.add(cells)
    for entry in entries:
        if isinstance(entry, Row):
            seen.count += 1
            whole.add(entry.cells)
        else:
            _account(seen, entry)
    rule, why = whole.identity()
    whole.funds_and_countries()
    return _proposal(seen, name, rule, why)


def _account(seen: Inspected, entry: Rejected | Skipped) -> None:
    if isinstance(entry, Rejected):
        seen.rejected[entry.problem.rule] += 1
    else:
        seen.skipped[entry.reason] += 1


def _proposal(seen: Inspected, name: str, rule: Rule, why: list[str]) -> Proposal:
    base = Path(name).name
    stem = re.sub(r"\.(?:csv|tsv|txt|xlsx|xls|ods|json|jsonl|ndjson|gz|zip)\b", "", base, flags=re.IGNORECASE) or "list"
    key = _slug(stem)
    scope = _scope(seen, key)
    _ask_about_places(seen)
    if seen.period in background.LAWS:
        law = background.LAWS[seen.period]
        seen.notes.append(
            f"Programming period {seen.period} ({seen.period_why}): the law that asks for the list is {law}."
        )
    guesses = _guesses(seen)
    unused: list[tuple[str, str]] = []
    personal: list[tuple[str, str]] = []
    for column, choice in sorted(seen.taken.items()):
        if choice.name == "_personal":
            personal.append((seen.name(column), "; ".join([choice.why, *choice.questions])))
        elif choice.name.startswith("_"):
            unused.append((seen.name(column), choice.why))
    unused += [(seen.name(column), text) for column, text in seen.left.items()]
    places = {seen.name(column.index): column.index for column in seen.table.columns}
    unused.sort(key=lambda entry: places[entry[0]])
    if "title" not in seen.fields:
        seen.asked.append(
            f"{FILL}no column is recognised as the name of the operation; without it no row can be published."
        )
    return Proposal(
        name=name,
        file=base,
        key=key,
        title=re.sub(r"[_\s]+", " ", stem).strip() or stem,
        language=seen.language,
        language_why=seen.language_why,
        facts=seen.table.facts,
        rows=seen.count,
        rejected=seen.rejected,
        skipped=seen.skipped,
        sample=len(seen.rows),
        guesses=guesses,
        funding=_lines(seen),
        identity=(rule, why),
        values=(seen.values, seen.values_why),
        organisations=_organisations(seen),
        scope=scope,
        unused=unused,
        personal=personal,
        asked=seen.asked,
        notes=seen.notes,
        columns=_views(seen, guesses),
    )


def _ask_about_places(seen: Inspected) -> None:
    if "nuts" in seen.fields and "nuts_edition" not in seen.fields:
        edition = _NUTS_EDITIONS.get(seen.period, "")
        proposed = f"; that of the period would be {edition}" if edition else ""
        seen.ask(
            "nuts",
            f"{CHECK}the edition of NUTS that the codes are of{proposed}: "
            f'[fields.nuts_edition] value = "{edition or "2021"}"',
        )


def _scope(seen: Inspected, key: str) -> tuple[str, list[str]]:
    held = seen.fields.get("programme_code")
    found = {text.replace(" ", "") for text in seen.profiles[held[0]].texts()} if held else set()
    ccis = [code for code in found if KINDS["cci"]("text", code)]
    if len(found) == 1 and ccis:
        return ccis[0], ["the only programme of the list: its CCI code."]
    return key, [
        f"{FILL}the authority or programme (CCI code) within which a code of an operation is unique, such as "
        "2014FI16M2OP001."
    ]


def _organisations(seen: Inspected) -> tuple[Rule, list[str]]:
    """Return the table `[organisations]`: the kind of number that the check digits prove."""
    if "beneficiary_id" not in seen.fields:
        return {}, []
    numbers = seen.profiles[seen.fields["beneficiary_id"][0]].texts()
    usual = [kind for letters, kind in organisations.USUAL.items() if codes.country(letters) == seen.country]
    for kind in (*usual, "eu.vat"):
        right = sum(1 for number in numbers if _is_identifier(number, kind))
        if right >= max(3, 0.9 * len(numbers)):
            return {"identifier": kind}, [
                f"{right:,} of {len(numbers):,} numbers have the form and check digit of {kind}."
            ]
    return {}, [f'{CHECK}what kind of number beneficiary_id is: identifier = "fi.ytunnus", "eu.vat", …']


def _is_identifier(text: str, kind: str) -> bool:
    try:
        organisations.identifier(text, kind)
    except organisations.IdentifierFault:
        return False
    return True


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return "-".join(re.findall(r"[A-Za-z0-9]+", plain)).lower()[:60].strip("-") or "list"


def _guesses(seen: Inspected) -> list[Guess]:
    made = list(seen.constants)
    for name, (column, rule) in seen.fields.items():
        choice = seen.taken[column]
        columns = (column, *seen.more.get(name, ()))
        origin: Rule = (
            {"column": seen.name(column)} if len(columns) == 1 else {"columns": [seen.name(index) for index in columns]}
        )
        if len(columns) > 1:
            rule = {key: value for key, value in rule.items() if key != "split"} | (
                {"split": rule["split"]} if "split" in rule else {}
            )
        extra = seen.evidence.get(name, [])
        why = f"column {column + 1}: " + "; ".join([choice.why, *extra])
        questions = [*(choice.questions if name == choice.name else []), *seen.questions.get(name, [])]
        guess = Guess(name, {**origin, **rule}, columns, min(choice.score, 1.0), why, questions)
        _try(seen, guess)
        made.append(guess)
    return order(made)


def _try(seen: Inspected, guess: Guess) -> None:
    """Read the sample's cells by the rule, and say how many cannot be read."""
    found = fields.find(guess.field)
    if found is None or found[0].type in ("text", "texts", "choice"):
        return
    rule = FieldRule.model_validate(guess.rule)
    general = ValueRules.model_validate(seen.values)
    own = rule.model_copy(
        update={name: getattr(general, name) for name in ValueRules.model_fields if getattr(rule, name) is None}
    )
    read = values.reader(found[0], own, period=seen.period or None, blanks=rule.pattern is not None)
    pattern = re.compile(rule.pattern, re.DOTALL) if rule.pattern else None
    split = re.compile(rule.split) if rule.split else None
    profile = seen.profiles[guess.columns[0]]
    table = {" ".join(key.split()).casefold(): value for key, value in rule.values.items()}
    faults: Counter[str] = Counter()
    for (form, text), count in profile.cells.items():
        if form != "text":
            continue
        parts = [text]
        if pattern:
            match = pattern.search(text)
            parts = [match[1]] if match else []
        if split:
            parts = [piece for part in parts for piece in split.split(part) if piece]
        for part in parts:
            try:
                read(table.get(" ".join(part.split()).casefold(), part))
            except ValueFault as fault:
                faults[fault.rule] += count
                break
    if faults:
        worst = faults.most_common(1)[0][0]
        seen_cells = f"{sum(faults.values()):,} of {profile.filled:,} cells"
        if sum(faults.values()) > 0.5 * profile.filled:
            guess.questions.append(f"{CHECK}{seen_cells} cannot be read so yet ({worst}).")
        else:
            guess.evidence += f"; {seen_cells} cannot be read so ({worst})"


def _lines(seen: Inspected) -> list[tuple[Rule, list[str]]]:
    made = []
    for column, name, why in seen.lines:
        stage, sources = fields.money(name) or ("committed", ())
        header = seen.headers[column]
        rule: Rule = {
            "key": _slug(seen.name(column)),
            "column": seen.name(column),
            "stage": stage,
            "sources": list(sources),
            "currency": header.currency,
        }
        comments = [
            f"{seen.taken[column].score:.2f}: column {column + 1}: {seen.taken[column].why}; {why}",
            *seen.taken[column].questions,
        ]
        if notation.all_nought(seen.profiles[column]):
            rule["zero"] = "not-given"
            comments.append(
                "It holds nothing but noughts beside other amounts, so a nought says that nothing is given."
            )
        made.append((rule, comments))
    return made


def _views(seen: Inspected, guesses: list[Guess]) -> list[ColumnView]:
    by_column: dict[int, list[Guess]] = {}
    for guess in guesses:
        for column in guess.columns:
            by_column.setdefault(column, []).append(guess)
    lines = {column for column, _, _ in seen.lines}
    views = []
    for entry in seen.table.columns:
        index, profile = entry.index, seen.profiles[entry.index]
        choice = seen.taken.get(index)
        names = tuple(guess.field for guess in by_column.get(index, ()))
        role = "mapped" if names else "funding" if index in lines else "unused"
        if choice is not None and choice.name == "_personal":
            role = "personal"
        why = choice.why if choice is not None else seen.left.get(index, "")
        hidden = (
            role == "personal"
            or fitting.may_name_persons(names)
            or (role == "unused" and (bool(profile.personal) or profile.persons >= 0.1))
        )
        score = choice.score if choice is not None and role != "unused" else 0.0
        samples: tuple[str, ...] = () if hidden else tuple(profile.samples())
        views.append(ColumnView(index, entry.name, profile.filled, profile.distinct, names, role, why, score, samples))
    return views
