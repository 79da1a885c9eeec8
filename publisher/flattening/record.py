"""An operation as a flat record: the values of the fields of `lists.fields`, its texts by language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from publisher.lists import fields

Value = str | Decimal | date | list[str]
"""A flat value: texts, codes, years and choices as `str`; amounts, rates and numbers as `Decimal`; days as `date`; a
list where the field may have several (and for `beneficiary_name` where the operation has several beneficiaries)."""

NOTES = (
    "amount-not-given", "money-without-field", "several-beneficiaries", "several-currencies", "several-nuts-editions",
    "several-sites", "several-sources-of-money", "several-values",
)  # fmt: skip
"""What a record may have to tell beside its values, because one flat record does not hold it."""

NO_TAG = "und"
"""The language of a text that has no tag."""


@dataclass(slots=True)
class Record:
    """An operation as a flat record.

    Args:
        iri: Its IRI.
        values: Value by field; its texts in a language apart.
        texts: Texts by language, by field: one, or several where the field may have several.
        language: The operation's own language: that of the list it is shown from, where its title is in it.
        source: IRI of the source it is shown from; "" where none is told.
        notes: Some of `NOTES`.
    """

    iri: str
    values: dict[str, Value] = field(default_factory=dict)
    texts: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    language: str = ""
    source: str = ""
    notes: list[str] = field(default_factory=list)

    def note(self, name: str) -> None:
        """Add a note, once."""
        if name not in self.notes:
            self.notes.append(name)

    def flat(self, language: str) -> dict[str, Value]:
        """Return value by column: texts in this language in the field's own, in others with their tag (`title_en`)."""
        made = dict(self.values)
        for name, by_language in self.texts.items():
            many = fields.FIELDS[name].many
            for tag, told in by_language.items():
                own = tag == language or (tag == NO_TAG and language not in by_language)
                made[name if own else f"{name}_{tag}"] = told if many else told[0]
        return made

    def text(self, name: str, language: str) -> str:
        """Return a text in a language, else ""; of a field with several values all, parted by `; `."""
        return "; ".join(self.texts.get(name, {}).get(language, ()))

    def has(self, name: str) -> bool:
        """Tell whether a field has a value, in whatever language."""
        return name in self.values or bool(self.texts.get(name))


def tag_of(language: str) -> str:
    """Return a language tag without region and script; a text without a tag counts as `und`."""
    return language.partition("-")[0] or NO_TAG


def chosen(names: dict[str, str], language: str) -> str:
    """Return the name in a language, else the first of any; "" where there is none."""
    return names.get(language) or next((names[tag] for tag in sorted(names)), "")
