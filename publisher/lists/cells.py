"""What reading any cell has in common: the fault of a value, trimming, and the texts that say that nothing is given."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from publisher.lists.mapping_file import ValueRules
from publisher.tables.model import Cell


class ValueFault(ValueError):  # noqa: N818 - a fault in the data, not an error of the run
    """A cell holds no value of its field; the caller knows its place and value and makes the problem.

    Args:
        rule: Name of the rule, such as `values/amount-ambiguous`.
        told: What the rule's texts tell; never the cell's own text.
    """

    def __init__(self, rule: str, **told: object) -> None:
        """Keep rule and facts."""
        super().__init__(rule)
        self.rule = rule
        self.told = told


# Blanks of every width, and what is invisible: byte order mark, zero-width characters, direction marks.
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"
_BLANKS = "".join(chr(n) for n in range(0x3001) if chr(n).isspace())
_EDGE = _BLANKS + _INVISIBLE
_NO_INVISIBLE = str.maketrans("", "", _INVISIBLE)

DEFAULT_MISSING = (
    "", "-", "--", "---", "–", "—", "−", "…", "...", "n.a.", "n.a", "n. a.", "n/a", "na.", "null",
    # Excel's #N/A in the languages that translate it: de, es/pt/it, pl, nl, da, fi, sv, el.
    "#n/a", "#nv", "#n/d", "#n/d!", "#n/b", "#i/t", "#puuttuu!", "#saknas!", "#δ/υ",
)  # fmt: skip
"""Texts that say that nothing is given, whatever the mapping says; case does not matter."""

_BROKEN = re.compile(
    r"#(?:REF|VALUE|VALOR|WERT|VALEUR|VALORE|WAARDE|ARVO|VÄRDEFEL|ARG|NAME|NOM|NOMBRE|NUM|NULL|DIV/0|BEZUG)[!?]\Z", re.I
)


def trim(text: str) -> str:
    """Return a text without blanks and invisible characters around it."""
    return text.strip(_EDGE)


def visible(text: str) -> str:
    """Return a text without invisible characters and without blanks and a spreadsheet's quote before it."""
    text = text.strip(_EDGE)
    if not text.isascii():
        text = text.translate(_NO_INVISIBLE)
    return text[1:].lstrip(_EDGE) if text[:1] == "'" else text


class Missing:
    """Knows which cells say that nothing is given: those of the default texts and of the mapping's `missing`."""

    def __init__(self, rules: ValueRules) -> None:
        """Compile the rules' texts."""
        added = [trim(text).casefold() for text in rules.missing or ()]
        self._texts = frozenset((*DEFAULT_MISSING, *added))
        self._longest = max(map(len, self._texts)) + 8
        self._numbers = frozenset(_numbers(added))

    def text(self, text: str) -> bool:
        """Whether a trimmed text is missing.

        Raises:
            ValueFault: It is what a spreadsheet writes for a broken formula.
        """
        if len(text) > self._longest:
            return False
        if text.casefold() in self._texts:
            return True
        if text[:1] == "#" and _BROKEN.match(text):
            raise ValueFault("values/broken-formula")
        return False

    def number(self, number: int | Decimal) -> bool:
        """Whether a typed number is one of the mapping's missing texts, such as 9999."""
        return bool(self._numbers) and (isinstance(number, int) or number.is_finite()) and number in self._numbers


def _numbers(texts: Iterable[str]) -> Iterable[Decimal]:
    for text in texts:
        if text.isascii() and text.isdigit():
            yield Decimal(text)


def plain(cell: Cell) -> str | None:
    """Return what a cell of any type says as text, untrimmed; None for an empty cell.

    Numbers have the digits that stand there, whole ones no point; days are ISO 8601.

    Raises:
        ValueFault: A number that is no number, or longer than any.
    """
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | Decimal):
        return digits(cell)
    return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()


def digits(number: int | Decimal) -> str:
    """Return a typed number as text without exponent, a whole one without point.

    Raises:
        ValueFault: It is infinite, no number, or has more than 40 digits.
    """
    if isinstance(number, int):
        if abs(number) >= 10**40:  # before it is made text: that of a huge number takes long or is refused
            raise ValueFault("values/number-size", digits=40)
        return str(number)
    if not number.is_finite():
        raise ValueFault("values/number-form")
    _, shown, power = number.as_tuple()
    exponent = int(power)
    if len(shown) + abs(exponent) > 80:
        raise ValueFault("values/number-size", digits=40)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if exponent < 0 and number == number.to_integral_value() else text
