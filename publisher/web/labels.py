"""What a reader sees of the data: names, texts by language, dates, amounts, and where a link leads.

Everything from data is hostile: what leaves here as an address is a page of
this server, or an http, https or mailto address; all else stays text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

import pyoxigraph as ox

from publisher import iris
from publisher.namespaces import AUTHORITY, CONCEPT, ONTOLOGY, PREFIXES, SHAPES, dct, foaf, pf, skos, xsd
from publisher.web import texts
from publisher.web.live import LiveRelease, Term

_MAIL = re.compile(r"mailto:[^\s<>\"'?&]+@[^\s<>\"'?&]+\Z", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?\Z")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*|Z|[+-]\d\d:\d\d)?\Z")
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_SPACE = "\N{NO-BREAK SPACE}"
_TITLED = frozenset({"outcome", "continuation", "regional-link", "benefit", "challenge"})
"""Types whose title says what they are; a proper name (`foaf:name`) stands beside it."""


class Text(NamedTuple):
    """A text with its language tag ("" = none) and whether it is the publisher's own translation."""

    value: str
    language: str = ""
    translated: bool = False

    def __str__(self) -> str:
        """Return the text alone."""
        return self.value


class Link(NamedTuple):
    """A resource as a reader sees it: its name, its IRI, an address ("" = none) and whether that leads elsewhere."""

    label: Text
    iri: str
    href: str = ""
    external: bool = False


class View:
    """One release seen in one language from one place.

    Args:
        live: The release.
        language: Of the page.
        languages: Of the portfolio, its own first: the order of fallback.
        address: Makes the address of a page of this server from a path.
        word: Translates an interface text.
    """

    def __init__(
        self,
        live: LiveRelease,
        language: str,
        languages: Sequence[str],
        address: Callable[[str], str],
        word: Callable[[str], str],
    ) -> None:
        """Keep what all look-ups need."""
        self.live = live
        self.language = language
        self.order = [language, *(entry for entry in languages if entry != language)]
        self.address = address
        self.word = word

    @cached_property
    def minter(self) -> iris.Minter:
        """Takes the portfolio's IRIs apart."""
        return iris.Minter(self.live.release.manifest.base_iri)

    # --- terms of one property ---

    def terms(self, iri: str, predicate: str, limit: int = 1000) -> list[Term]:
        """Return the objects of a property, at most `limit`."""
        return self.live.values(iri, predicate, limit)

    def iris(self, iri: str, predicate: str, limit: int = 1000) -> list[str]:
        """Return the resources that a property leads to, by their name."""
        found = [term.value for term in self.terms(iri, predicate, limit) if isinstance(term, ox.NamedNode)]
        return self.sorted(found)

    def iri(self, iri: str, predicate: str) -> str:
        """Return the first resource that a property leads to, or ""."""
        found = self.iris(iri, predicate)
        return found[0] if found else ""

    def value(self, iri: str, predicate: str) -> str:
        """Return the lexical form of the least value of a property, or ""."""
        found = sorted(term.value for term in self.terms(iri, predicate) if isinstance(term, ox.Literal))
        return found[0] if found else ""

    def text(self, iri: str, predicate: str) -> Text | None:
        """Return a property's text in the best language, or None."""
        found = self.choose(term for term in self.terms(iri, predicate) if isinstance(term, ox.Literal))
        if found is None or not found.language:
            return found
        return found._replace(translated=found.language in self.own(iri))

    def texts(self, iri: str, predicate: str) -> list[Text]:
        """Return all texts of a property: the page's language first, then the portfolio's order."""
        own = self.own(iri)
        found = [_text(term) for term in self.terms(iri, predicate) if isinstance(term, ox.Literal)]
        return sorted((t._replace(translated=t.language in own) for t in found), key=lambda t: (self._rank(t), t))

    def literals(self, iri: str, predicate: str) -> list[Text]:
        """Return all literals of a property as the page writes them: dates and numbers in the page's way."""
        found = [term for term in self.terms(iri, predicate) if isinstance(term, ox.Literal)]
        return sorted((self.literal(term) for term in found), key=lambda text: (self._rank(text), text))

    def name_of(self, term: str) -> str:
        """Return the name of a property or class as a heading: in the page's language, its first letter large."""
        name = self.label(term).value
        return name[:1].upper() + name[1:]

    def own(self, iri: str) -> frozenset[str]:
        """Return the languages in which a resource's texts are the publisher's own translation."""
        return frozenset(term.value for term in self.terms(iri, pf.ownTranslation) if isinstance(term, ox.Literal))

    def subjects(self, predicate: str, iri: str, limit: int = 1000) -> list[str]:
        """Return resources that lead to this one by a property, by their name."""
        found = []
        for subject in self.live.store.subjects(predicate, iri):
            found.append(subject)
            if len(found) >= limit:
                break
        return self.sorted(found)

    def is_a(self, iri: str, kind: str) -> bool:
        """Tell whether a resource has a class."""
        return kind in self.live.types(iri)

    # --- choosing and naming ---

    def _rank(self, text: Text) -> int:
        primary = text.language.partition("-")[0]
        if primary in self.order:
            return self.order.index(primary)
        return len(self.order) + bool(text.language)

    def choose(self, literals: Iterable[ox.Literal]) -> Text | None:
        """Return the text in the page's language, else by the portfolio's order, else untagged, else any."""
        texts = [_text(literal) for literal in literals]
        return min(texts, key=lambda text: (self._rank(text), text), default=None)

    def sorted(self, found: Iterable[str]) -> list[str]:
        """Sort resources by the name they are shown with."""
        return sorted(set(found), key=lambda iri: (self.label(iri).value.casefold(), iri))

    def name(self, iri: str) -> Text | None:
        """Return a resource's full name, or None where it has none."""
        if (self.minter.split(iri) or ("", ""))[0] in _TITLED:
            titles = [term for term in self.terms(iri, dct.title) if isinstance(term, ox.Literal)]
            if titles:
                return self.choose(titles)
        return self.choose(self.live.names(iri))

    def label(self, iri: str) -> Text:
        """Return the short name under which a resource is linked; never empty."""
        kind = (self.minter.split(iri) or ("", ""))[0]
        if kind == "project":
            code, short = self.value(iri, dct.identifier), self.text(iri, skos.altLabel) or self.name(iri)
            if short:
                return short._replace(value=f"{short.value} ({code})") if code else short
        made = self._made(kind, iri)
        if made:
            return Text(made, self.language)
        name = self.name(iri)
        if name:
            return name
        compact = self.compact(iri)
        known = f"term.{compact}"
        return Text(self.word(known), self.language) if texts.has(known) else Text(compact)

    def _made(self, kind: str, iri: str) -> str:
        """Name a part that has no name of its own."""
        if kind == "participation":
            roles = ", ".join(self.label(role).value for role in self.iris(iri, pf.role))
            return ": ".join(part for part in (self.label_of(iri, pf.organisation), roles) if part)
        if kind == "funding":
            sources = ", ".join(self.label(source).value for source in self.iris(iri, pf.fundingSource))
            return ": ".join(part for part in (self.label_of(iri, pf.fundingStage), sources) if part)
        if kind == "evidence":
            return ": ".join(p for p in (self.label_of(iri, dct.source), self.label_of(iri, pf.documentPart)) if p)
        if kind == "source-record":
            return " – ".join(p for p in (self.label_of(iri, dct.source), self.label_of(iri, foaf.primaryTopic)) if p)
        return ""

    def label_of(self, iri: str, predicate: str) -> str:
        """Return the name of the first resource that a property leads to, or ""."""
        found = self.iri(iri, predicate)
        return self.label(found).value if found else ""

    def compact(self, iri: str) -> str:
        """Return an IRI as a reader can bear it: the key, the prefixed name, or as it stands."""
        split = self.minter.split(iri)
        if split:
            return iris.SEPARATOR.join(iris.unescape(part) for part in split[1].split(iris.SEPARATOR))
        for prefix, namespace in PREFIXES.items():
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        if iri.startswith(f"{AUTHORITY}/"):
            return iri[len(AUTHORITY) + 1 :].replace("/", ": ")
        return iri

    # --- links ---

    def href(self, iri: str) -> str:
        """Return the address of a resource's page on this server, or "" where it has none."""
        split = self.minter.split(iri)
        if split:
            return self.address(f"/doc/{split[0]}/{split[1]}") if self.live.known(iri) else ""
        for base, path in ((ONTOLOGY, "/def"), (SHAPES, "/shapes")):
            if iri == base:
                return self.address(path)
            if iri.startswith(f"{base}#"):
                return f"{self.address(path)}#{quote(iri[len(base) + 1 :])}"
        rest = iri.removeprefix(f"{CONCEPT}/")
        if rest != iri and all(iris.is_key(part) for part in rest.split("/")) and self.live.known(iri):
            return self.address(f"/concept/{rest}") if rest.count("/") < 2 else ""
        return ""

    def link(self, iri: str) -> Link:
        """Return a resource as name and address: a page of this server, else the web address that it is."""
        own = self.href(iri)
        if own:
            return Link(self.label(iri), iri, own)
        outside = web_address(iri)
        return Link(self.label(iri), iri, outside, bool(outside))

    def links(self, iri: str, predicate: str, limit: int = 1000) -> list[Link]:
        """Return what a property leads to, by name."""
        return [self.link(found) for found in self.iris(iri, predicate, limit)]

    # --- numbers and dates ---

    def number(self, lexical: str) -> str:
        """Return a decimal number as the page's language writes it; what is none, as it stands."""
        if not _NUMBER.match(lexical):
            return lexical
        whole, _, part = lexical.lstrip("+").partition(".")
        part = part.rstrip("0")
        separator, point = (",", ".") if self.language == "en" else (_SPACE, ",")
        sign = "-" if lexical.startswith("-") and (int(whole) or part) else ""
        return f"{sign}{abs(int(whole)):,}".replace(",", separator) + (point + part if part else "")

    def amount(self, lexical: str, currency: str) -> str:
        """Return an amount with its currency: `173 827 €`, in English `€173,827`."""
        number = self.number(lexical)
        if re.search(r"[.,]\d\Z", number):
            number += "0"
        code = currency.rpartition("/")[2]
        if code == "EUR":
            return f"€{number}" if self.language == "en" else f"{number}{_SPACE}€"
        return f"{code}{_SPACE}{number}" if self.language == "en" else f"{number}{_SPACE}{code}"

    def date(self, lexical: str) -> str:
        """Return a date, month or year as the page's language writes it; what is none, as it stands."""
        return written_date(lexical, self.language)

    def literal(self, literal: ox.Literal) -> Text:
        """Return a literal as the page writes it."""
        kind = literal.datatype.value
        if kind in (xsd.date, xsd.gYear, xsd.gYearMonth):
            return Text(self.date(literal.value), self.language)
        if kind in (xsd.decimal, xsd.integer):
            return Text(self.number(literal.value), self.language)
        return _text(literal)

    def period(self, iri: str) -> str:
        """Return a period in words: days where they are known, else years; "" where nothing is."""
        start = self.value(iri, pf.startDate) or self.value(iri, pf.startYear)
        end = self.value(iri, pf.endDate) or self.value(iri, pf.endYear)
        return f"{self.date(start)}–{self.date(end)}" if start or end else ""


def _text(literal: ox.Literal) -> Text:
    return Text(literal.value, (literal.language or "").lower())


def written_date(lexical: str, language: str) -> str:
    """Return a date, month or year as a language writes it; what is none, as it stands."""
    match = _DATE.match(lexical)
    if not match:
        return lexical
    year, month, day = match.groups()
    if not month:
        return year
    if language != "en":
        return f"{int(day)}.{int(month)}.{year}" if day else f"{int(month)}/{year}"
    if not 1 <= int(month) <= len(_MONTHS):
        return lexical
    name = f"{_MONTHS[int(month) - 1]} {year}"
    return f"{int(day)} {name}" if day else name


def web_address(text: str) -> str:
    """Return a text that is an http, https or mailto address as it stands, else ""."""
    return text if iris.is_web_iri(text) or _MAIL.match(text) else ""
