"""What projects share, each read once from the RDF of a release: concepts, places, organisations, sources."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from publisher import iris
from publisher.flattening.record import tag_of
from publisher.iris import Minter
from publisher.lists import codes
from publisher.masters import Master
from publisher.namespaces import AUTHORITY, dct, foaf, locn, pf, skos
from publisher.vocabularies import LANGUAGES

_CACHED = 50_000
_NUTS = "http://data.europa.eu/nuts/code/"
_COUNTRY = f"{AUTHORITY}/country/"
_POINT = re.compile(r"\s*(?:<([^>]*)>\s*)?POINT\s*\(\s*([-+]?[0-9.]+)\s+([-+]?[0-9.]+)\s*\)\s*\Z", re.IGNORECASE)
_EPSG = re.compile(r"/EPSG/[^/]*/([0-9]+)\Z")
_TAGS = {code: tag for tag, code in LANGUAGES.items()}


class Place(NamedTuple):
    """A place: `kind` is country, nuts, region, municipality, postcode or site; `names` are by language."""

    kind: str
    value: str
    names: dict[str, str]
    country: str = ""
    edition: str = ""
    point: tuple[Decimal, Decimal, str] | None = None


class Organisation(NamedTuple):
    """An organisation: `names` are by language, `seat` the IRIs of places."""

    names: dict[str, str]
    identifier: str
    country: str
    seat: tuple[str, ...]


class Concept(NamedTuple):
    """A concept or an entry of an EU table: `names` are by language."""

    code: str
    names: dict[str, str]


class Things:
    """What the projects of one release share, in bounded caches.

    Args:
        master: The release's statements.
        minter: Takes the release's IRIs apart.
    """

    def __init__(self, master: Master, minter: Minter) -> None:
        """Prepare the caches."""
        self.master = master
        self.minter = minter
        self.place: Callable[[str], Place] = lru_cache(_CACHED)(self._place)
        self.organisation: Callable[[str], Organisation] = lru_cache(_CACHED)(self._organisation)
        self.concept: Callable[[str], Concept] = lru_cache(_CACHED)(self._concept)
        self.source_language: Callable[[str], str] = lru_cache(1000)(self._source_language)
        self.told_by: Callable[[str], str] = lru_cache(_CACHED)(self._told_by)

    def _concept(self, iri: str) -> Concept:
        code, names = "", {}
        for predicate, value, language in self.master.describe(iri):
            if predicate == skos.prefLabel and language is not None:
                names[tag_of(language)] = value
            elif predicate == skos.notation:
                code = code or value
        return Concept(code, names)

    def _place(self, iri: str) -> Place:
        notation = edition = country = nuts = ""
        names: dict[str, str] = {}
        point = None
        for predicate, value, language in self.master.describe(iri):
            if predicate == skos.prefLabel and language is not None:
                names[tag_of(language)] = value
            elif predicate == skos.notation:
                notation = value
            elif predicate == pf.nutsEdition:
                edition = value
            elif predicate == locn.geometry:
                point = _point(value)
            elif predicate == skos.exactMatch and value.startswith(_COUNTRY):
                country = value[len(_COUNTRY) :]
            elif predicate == skos.closeMatch and value.startswith(_NUTS):
                nuts = value[len(_NUTS) :]
        if country:
            return Place("country", country, names)
        if nuts:
            return Place("nuts", notation or nuts, names, edition=edition)
        if point is not None:
            return Place("site", "", names, point=point)
        return self._keyed_place(iri, names)

    def _keyed_place(self, iri: str, names: dict[str, str]) -> Place:
        """Return a place whose key tells its kind; a named area of unknown kind counts as a region."""
        split = self.minter.split(iri)
        parts = split[1].split(iris.SEPARATOR) if split else []
        if len(parts) == 3 and parts[0] == "nuts":
            return Place("nuts", iris.unescape(parts[2]), names)
        if len(parts) == 3 and parts[1] in ("region", "municipality", "postcode"):
            country = parts[0] if len(parts[0]) == 3 and parts[0].isupper() else ""
            return Place(parts[1], "", names, country)
        return Place("region", "", names)

    def _organisation(self, iri: str) -> Organisation:
        identifier, names, seat = "", {}, []
        for predicate, value, language in self.master.describe(iri):
            if predicate == foaf.name and language is not None:
                names[tag_of(language)] = value
            elif predicate == dct.identifier:
                identifier = identifier or value
            elif predicate == dct.spatial:
                seat.append(value)
        split = self.minter.split(iri) if identifier else None
        prefix, separator, _ = split[1].partition("-") if split else ("", "", "")
        country = codes.country(prefix) or "" if separator and len(prefix) == 2 and prefix.isupper() else ""
        return Organisation(names, identifier, country, tuple(seat))

    def _source_language(self, iri: str) -> str:
        told = (value for predicate, value, _ in self.master.describe(iri) if predicate == dct.language)
        return next((tag for value in told if (tag := _TAGS.get(value.rpartition("/")[2]))), "")

    def _told_by(self, iri: str) -> str:
        """Return the source of a piece of evidence."""
        return next((value for predicate, value, _ in self.master.describe(iri) if predicate == dct.source), "")


def _point(wkt: str) -> tuple[Decimal, Decimal, str] | None:
    """Return longitude or easting, latitude or northing and the system of a WKT point; None for another geometry."""
    match = _POINT.match(wkt)
    if match is None:
        return None
    try:
        first, second = Decimal(match[2]), Decimal(match[3])
    except InvalidOperation:
        return None
    if not match[1] or match[1].endswith("/CRS84"):
        return first, second, "EPSG:4326"
    found = _EPSG.search(match[1])
    if found is None:
        return None
    if found[1] == "4326":  # named by its code, that system has the latitude first
        first, second = second, first
    return first, second, f"EPSG:{found[1]}"
