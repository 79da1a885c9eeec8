"""What an official may write in a portfolio folder: the record classes and the form of each value.

Every scalar arrives as the text that stands in the file (`records.tree` types
nothing), so these classes alone decide what a date or a number is. The JSON
Schemas that editors use are made from them (`records.schema`). Absent stays
absent: an empty value is the same as none.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from publisher import iris

SCHEMA_VERSION = 1

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])\Z")
_YEAR = re.compile(r"[12][0-9]{3}\Z")
_AMOUNT = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,6})?\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*\Z")
_KEY = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\Z")


def _fail(rule: str, message: str) -> PydanticCustomError:
    return PydanticCustomError(rule, message)


def _text(value: str) -> str:
    if _CONTROL.search(value):
        raise _fail("text", "has a control character; delete it")
    if not value.strip():
        raise _fail("text", "is empty; write a text or leave it out")
    return value.strip()


def _key(value: str) -> str:
    if not _KEY.match(value):
        raise _fail("key", "is no key: use letters a-z, digits and single hyphens")
    return value


def _code(value: str) -> str:
    if not value.strip() or len(value) > 200 or re.search(r"\s", value) or _CONTROL.search(value):
        raise _fail("code", "is no project code: write it without spaces, at most 200 characters")
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.match(value):
        raise _fail("language", "is no language tag such as fi, sv or en")
    return value


def _web(value: str) -> str:
    if not iris.is_web_iri(value):
        raise _fail("web-address", "is no web address that begins with http:// or https:// and has no spaces")
    return value


def _date(value: Any) -> Any:
    match = _DATE.match(value) if isinstance(value, str) else None
    if not match:
        raise _fail("date", "is no date: write year-month-day, such as 2016-08-01")
    try:
        return dt.date(*map(int, match.groups()))
    except ValueError:
        raise _fail("date", "is no date of the calendar") from None


def _year(value: str) -> str:
    if not _YEAR.match(value):
        raise _fail("year", "is no year of four digits")
    return value


def _partial_date(value: str) -> str:
    if _YEAR.match(value) or _MONTH.match(value):
        return value
    return str(_date(value))


def _as_of(value: str) -> str:
    return value if value == "unknown" else _partial_date(value)


def _licence(value: str) -> str:
    if value != "not-stated" and not iris.is_iri(value):
        raise _fail("iri", "is neither the complete address of a licence nor not-stated")
    return value


def _amount(value: Any) -> Any:
    if not isinstance(value, str) or not _AMOUNT.match(value):
        raise _fail("number", "is no number: write digits, with a point before decimals, such as 85146.03")
    return Decimal(value)


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise _fail("currency", "is no currency code of three capital letters, such as EUR")
    return value


def _list(value: Any) -> Any:
    """Take one value for a list of one."""
    return value if isinstance(value, list) else [value]


def _as(field: str) -> BeforeValidator:
    """Take a bare key for an entry that has this one field."""
    return BeforeValidator(lambda value: {field: value} if isinstance(value, str) else value)


Text = Annotated[str, Field(min_length=1), AfterValidator(_text)]
Key = Annotated[str, AfterValidator(_key)]
Code = Annotated[str, AfterValidator(_code)]
Language = Annotated[str, AfterValidator(_language)]
Texts = Annotated[dict[Language, Text], Field(min_length=1)]
Wording = Annotated[
    Annotated[Texts, Tag("texts")] | Annotated[Text, Tag("text")],
    Discriminator(lambda value: "texts" if isinstance(value, dict) else "text"),
]
WebAddress = Annotated[str, AfterValidator(_web)]
Date = Annotated[dt.date, BeforeValidator(_date)]
Year = Annotated[str, AfterValidator(_year)]
PartialDate = Annotated[str, AfterValidator(_partial_date)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Currency = Annotated[str, AfterValidator(_currency)]
Version = Annotated[Literal["1"], Field(description="The version of this file's form.")]
Keys = Annotated[list[Key], BeforeValidator(_list)]


class Part(BaseModel):
    """Base of every record class: unknown keys are faults, values are immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EvidenceEntry(Part):
    """Where a statement comes from: `{source, part, wording, as_of}`, or a bare source (or source record) key."""

    source: Key
    part: Key | None = None
    wording: Wording | None = Field(
        None, description="The source's own words; a bare text is in the source's language."
    )
    as_of: PartialDate | None = None


Evidences = Annotated[list[Annotated[EvidenceEntry, _as("source")]], BeforeValidator(_list)]


class Evidenced(Part):
    """A statement with its evidence and the mark of our own translations."""

    translated: Annotated[list[Language], BeforeValidator(_list)] = Field(
        [], description="Languages in which the texts are this publisher's translation, not the source's."
    )
    evidence: Evidences = []


class TargetGroupUse(Part):
    """A target group of a project, with the evidence for it; a bare key stands for the group alone."""

    group: Key
    evidence: Evidences = []


class Participant(Evidenced):
    """An organisation's part in a project."""

    organisation: Key
    role: Key
    description: Texts | None = None


class Quantity(Part):
    """How many of what; `qualifier` says how exact."""

    value: Amount
    unit: Key
    qualifier: Key


class FundingLine(Evidenced):
    """One line of money: one stage, one or several sources that the sum covers, one amount or its absence."""

    key: Key
    stage: Key
    sources: Keys
    funder: Keys = []
    fund: Key | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    amount_status: Key | None = None
    as_of: PartialDate | None = None
    description: Texts | None = None


class Outcome(Evidenced):
    """A concrete result."""

    key: Key
    kind: Keys
    title: Texts
    text: Texts | None = None
    name: Texts | None = Field(None, description="The proper name of the thing, as written.")
    quantity: Quantity | None = None
    benefits: Keys = []
    pages: Annotated[list[WebAddress], BeforeValidator(_list)] = []


class Continuation(Evidenced):
    """What goes on after the funding ends: where, by whom, how far."""

    key: Key
    status: Keys
    title: Texts
    text: Texts | None = None
    outcomes: Keys = Field([], description="Keys of this record's outcomes that live on.")
    benefits: Keys = []
    organisations: Keys = []
    areas: Keys = []
    places: Keys = []


class RegionalLink(Evidenced):
    """A tie to an area or a kind of area: what is done there, who takes part, who funds."""

    key: Key
    title: Texts
    text: Texts | None = None
    areas: Keys = []
    places: Keys = []
    benefits: Keys = []
    organisations: Keys = []
    funders: Keys = []


class Statement(Evidenced):
    """A benefit or a challenge."""

    key: Key
    title: Texts
    text: Texts | None = None


class Pages(Part):
    """Web pages: the project's own, its page in a register, others."""

    home: WebAddress | None = None
    register_: WebAddress | None = Field(None, alias="register")
    other: Annotated[list[WebAddress], BeforeValidator(_list)] = []


class Facts(Part):
    """Single facts that a project shows, and that each source may tell in its own way."""

    title: Texts | None = None
    short_name: Texts | None = None
    description: Texts | None = None
    start: Date | None = None
    end: Date | None = None
    start_year: Year | None = None
    end_year: Year | None = None
    end_date_status: Key | None = None
    programme: Key | None = None
    priority_axis: Key | None = None
    specific_objective: Key | None = None
    fund: Keys = []
    responsible_authority: Key | None = None
    places: Keys = []


class SourceRecord(Facts):
    """What one source says of one project, whole."""

    key: Key
    source: Key
    as_of: PartialDate | None = None
    row: Text | None = Field(None, description="Where in the source: a row number or an address inside it.")
    page: WebAddress | None = None
    funders: Keys = Field([], description="Whom the source names as giving money, beside the lines of money it tells.")
    note: Texts | None = None


class Project(Facts, Evidenced):
    """One file of `projects/`: one funded project."""

    schema_version: Version
    code: Code
    title: Texts
    pages: Pages | None = None
    target_groups: Annotated[list[Annotated[TargetGroupUse, _as("group")]], BeforeValidator(_list), Field(min_length=1)]
    participants: list[Participant] = []
    funding: list[FundingLine] = []
    outcomes: list[Outcome] = []
    continuation: list[Continuation] = []
    regional_links: list[RegionalLink] = []
    source_records: list[SourceRecord] = []
    chosen_from: Key | None = Field(
        None, description="Key of the source record whose facts the project shows where it states none itself."
    )


class Portfolio(Facts, Evidenced):
    """`portfolio.yaml`: the measure or programme that the projects belong to."""

    schema_version: Version
    key: Key
    title: Texts
    code_scope: Key = Field(description="The authority or programme within which a project code is unique.")
    code_pattern: Text | None = Field(None, description="Regular expression that every project code matches whole.")
    pages: Annotated[list[WebAddress], BeforeValidator(_list)] = []
    funders: Keys = []
    funding: list[FundingLine] = []
    benefits: list[Statement] = []
    challenges: list[Statement] = []
    continuation: list[Continuation] = []
    regional_links: list[RegionalLink] = []


class Organisation(Part):
    """An organisation, named as written; its key is country and national identifier where one is known."""

    key: Key
    name: Texts
    short_name: Texts | None = None
    identifier: Text | None = Field(None, description="National identifier, such as a Finnish business ID 0292800-5.")
    kind: Literal["organisation", "collective"] = "organisation"
    home: WebAddress | None = None
    note: Texts | None = None
    translated: Annotated[list[Language], BeforeValidator(_list)] = []


class DocumentPart(Part):
    """A part of a source, such as a heading of a form."""

    key: Key
    title: Texts
    translated: Annotated[list[Language], BeforeValidator(_list)] = []


class Source(Part):
    """A source: what it is, who publishes it, where it is found, on what terms."""

    key: Key
    title: Texts
    kind: Key
    language: Language
    publisher: Key | None = None
    address: WebAddress | None = None
    licence: Annotated[str, AfterValidator(_licence)] = Field(description="Address of the licence, or not-stated.")
    as_of: Annotated[str, AfterValidator(_as_of)] = Field(description="Date of what the source says, or unknown.")
    note: Texts | None = None
    parts: list[DocumentPart] = []
    translated: Annotated[list[Language], BeforeValidator(_list)] = []


class Nuts(Part):
    """A NUTS code with its edition, never one without the other."""

    code: Annotated[str, Field(pattern=r"^[A-Z]{2}[0-9A-Z]{0,3}$")]
    edition: Literal["2013", "2016", "2021", "2024"]


class Place(Part):
    """A place that records name."""

    key: Key
    name: Texts
    yso: Annotated[str, Field(pattern=r"^p[0-9]+$")] | None = None
    nuts: Nuts | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    translated: Annotated[list[Language], BeforeValidator(_list)] = []


class TargetGroup(Part):
    """A target group of this portfolio alone, beside the shared scheme."""

    key: Key
    name: Texts
    definition: Texts | None = None
    broader: Key | None = None
    yso: Annotated[str, Field(pattern=r"^p[0-9]+$")] | None = None


class Decision(Part):
    """A human's decision about records: what was decided on which, by which office, why and when.

    `withdrawn` names projects that are gone, perhaps with a `successor`; `renamed` names an old code and the new.
    """

    kind: Literal["same-project", "same-organisation", "different", "chosen-value", "withdrawn", "renamed"]
    about: Annotated[list[Text], BeforeValidator(_list)]
    successor: Text | None = None
    reason: Texts
    decided: Date
    decided_by: Text


class Organisations(Part):
    """`organisations.yaml`."""

    schema_version: Version
    organisations: list[Organisation]


class Sources(Part):
    """`sources.yaml`."""

    schema_version: Version
    sources: list[Source]


class Places(Part):
    """`places.yaml`."""

    schema_version: Version
    places: list[Place]


class TargetGroups(Part):
    """`target-groups.yaml`."""

    schema_version: Version
    target_groups: list[TargetGroup]


class Decisions(Part):
    """`decisions.yaml`."""

    schema_version: Version
    decisions: list[Decision]
