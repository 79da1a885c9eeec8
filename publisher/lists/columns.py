"""Which column makes which field: the strongest pair of header and cells first; two columns never make one field."""

from __future__ import annotations

from publisher.lists import fields, fitting
from publisher.lists.choice import ACCEPTED, Choice
from publisher.lists.inspected import Inspected
from publisher.lists.proposal import CHECK, Guess

_NEAR = 0.12
"""A second reading of a header counts only where it is nearly as sure as the first."""


def assign(seen: Inspected) -> None:
    """Choose the field of every column, and why the others are left."""
    by_column = {
        index: fitting.choices(header, profile)
        for index, (header, profile) in enumerate(zip(seen.headers, seen.profiles, strict=True))
    }
    ranked = sorted(
        (choice for found in by_column.values() for choice in found if choice.score >= ACCEPTED),
        key=lambda choice: (-round(choice.score, 2), -seen.profiles[choice.column].filled, choice.column),
    )
    for choice in ranked:
        column = choice.column
        if column in seen.taken:
            continue
        first = by_column[column][0]
        if choice.score < first.score - _NEAR:
            continue
        if choice.name.startswith("_"):
            seen.taken[column] = choice
            continue
        if choice.name in seen.fields:
            _second(seen, choice, first is choice)
            continue
        if _same_group(seen, choice):
            continue
        seen.taken[column] = choice
        for number, (name, rule) in enumerate(choice.parts):
            if number == 0 or name not in seen.fields:
                seen.fields[name] = (column, dict(rule))
        if first is not choice:
            choice.questions.append(f"{CHECK}the first reading of this header, {first.name}, is another column's.")
    for column, found in by_column.items():
        if column in seen.taken or column in seen.left:
            continue
        seen.left[column] = _why_left(seen, column, found)
    if "title" not in seen.fields:
        _find_title(seen, by_column)
    if "fund" not in seen.fields and "fund_name" in seen.fields:
        # The only column of funds: where the EU table knows its names they are the funds themselves.
        column, rule = seen.fields["fund_name"]
        if seen.profiles[column].share("fund") >= ACCEPTED:
            del seen.fields["fund_name"]
            seen.fields["fund"] = (column, rule)
    _add_end_status(seen)


def _second(seen: Inspected, choice: Choice, first: bool) -> None:
    """Note a second column for a field that has one."""
    name = choice.name
    column, _ = seen.fields[name]
    holder = seen.taken[column]
    if name in ("partners", "region") and choice.score >= 0.8:
        seen.more.setdefault(name, []).append(choice.column)
        seen.taken[choice.column] = choice
        return
    if not first:
        return
    ours, theirs = seen.headers[choice.column].currency, seen.headers[column].currency
    if fields.money(name) and ours and ours != theirs:
        seen.lines.append((choice.column, name, f"the same as {name}, in {ours}"))
        seen.taken[choice.column] = choice
        return
    sure = "surer" if holder.score > choice.score + 0.005 else "as sure and better filled"
    seen.left[choice.column] = (
        f'{CHECK}it may be {name} ({choice.score:.2f}: {choice.why}), which "{seen.name(column)}" is taken for, {sure}.'
    )


_GROUPS = (("start", "start_year"), ("end", "end_year"))


def _same_group(seen: Inspected, choice: Choice) -> bool:
    """Whether a column says again what another says better, such as the year of a day."""
    for day, year in _GROUPS:
        if choice.name == year and day in seen.fields:
            seen.left[choice.column] = f'the year of what "{seen.name(seen.fields[day][0])}" says by the day'
            return True
    return False


def _why_left(seen: Inspected, column: int, found: list[Choice]) -> str:
    header, profile = seen.headers[column], seen.profiles[column]
    if not header.text:
        return "it has no header"
    if found:
        best = found[0]
        if best.name.startswith("_"):
            return best.why
        return f"{CHECK}it may be {best.name} ({best.score:.2f}: {best.why})."
    if not profile.filled:
        return "all its cells are empty and its header tells nothing known"
    if header.meanings:
        meaning = header.meanings[0]
        told = meaning.what or meaning.name.lstrip("_")
        return f"{CHECK}its header would say {told}, but its cells do not hold that."
    return f"{CHECK}its header tells nothing known; no field is proposed."


def _find_title(seen: Inspected, by_column: dict[int, list[Choice]]) -> None:
    """Take the title from a column that another reading of its header has, where no column is the title's own."""
    possible = [
        choice for found in by_column.values() for choice in found if choice.name == "title" and choice.score >= 0.5
    ]
    for choice in sorted(possible, key=lambda choice: -choice.score):
        holder = seen.taken.get(choice.column)
        if holder is None or holder.name in ("summary", "achievements"):
            if holder is not None:
                for name, (column, _) in list(seen.fields.items()):
                    if column == choice.column:
                        del seen.fields[name]
            seen.left.pop(choice.column, None)
            seen.taken[choice.column] = choice
            seen.fields["title"] = (choice.column, dict(choice.parts[0][1]))
            choice.questions.append(f"{CHECK}no other column is likelier to be the name of the operation.")
            return


def _add_end_status(seen: Inspected) -> None:
    held = seen.fields.get("end")
    if held is None:
        return
    meaning = seen.taken[held[0]].meaning
    if meaning and meaning.status:
        seen.constants.append(
            Guess(
                "end_status",
                {"value": meaning.status},
                (),
                round(meaning.score, 2),
                f'the header "{seen.name(held[0])}" says that the end is {meaning.status}',
            )
        )
