"""The live dataset as the JSON that CKAN's `package_create` takes, with the fields that avoindata.fi requires.

For a portal that does not harvest: an official posts the file, or gives it to whoever runs the portal. One package,
the dataset that is live; its resources are the dumps and the endpoint. All of it comes from the release's catalogue,
so that what is posted and what is harvested agree.

Fields and rules: avoindata.fi's own schema (`ckanext/ytp/schemas/dataset.json` and its presets in vrk-kpa/opendata).
Required there are `title_translated`, `notes_translated` and `keywords` in the portal's first language, `license_id`,
`collection_type`, `maintainer`, `maintainer_email`, and the `url` of a resource. What cannot be known here is left
out and told: `owner_org` is the portal's own name of an organisation, `categories` are the portal's own.
"""

from __future__ import annotations

import calendar
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publisher import described
from publisher.catalogue.texts import TEXTS
from publisher.described import Agent, Dataset, File, Texts, best
from publisher.errors import ConfigError
from publisher.manifest import Release

PORTAL_LANGUAGES = ("fi", "sv", "en")
"""Languages of the portal's forms, its default first: a text in that one is required."""

LICENCES = {"CC_BY_4_0": "cc-by-4.0", "CC0": "cc-zero"}
"""Names of licences in CKAN's registers by code of the EU licence table; any other licence is named by its IRI."""

_CREATIVE_COMMONS = {"/licenses/by/4.0": "cc-by-4.0", "/publicdomain/zero/1.0": "cc-zero"}
_FORMATS = {
    "RDF_TURTLE": "TTL", "RDF_N_TRIPLES": "NT", "RDF_N_QUADS": "NQ", "RDF_TRIG": "TRIG", "RDF_XML": "RDF",
    "JSON_LD": "JSON-LD", "SPARQLQ": "SPARQL",
}  # fmt: skip
_NOBODY = frozenset(text for key in ("publisher", "contact") for text in TEXTS[key].values())
"""What the catalogue calls a publisher or a contact that is not set."""
_TAG = re.compile(r"[\w \-.]{2,100}\Z")
_MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+\Z")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")


def write(release: Release, target: Path) -> tuple[int, list[str]]:
    """Write the live dataset of a release as one JSON object.

    Args:
        release: The release; who publishes is told as its catalogue tells it.
        target: The file to write.

    Returns:
        How many resources the package has, and what a person should know, a sentence each.

    Raises:
        ConfigError: A field that the portal requires cannot be filled; the setting that fills it is named.
        ReleaseError: The release's catalogue cannot be read.
        OSError: The file cannot be written.
    """
    made, notes = package(described.dataset(release), release.manifest.base_iri)
    target.write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return len(made["resources"]), notes


def package(found: Dataset, base_iri: str) -> tuple[dict[str, Any], list[str]]:
    """Return a dataset as CKAN's package, and what a person should know.

    Args:
        found: The dataset.
        base_iri: What the portfolio's IRIs begin with: its end becomes the package's name.

    Raises:
        ConfigError: A required field cannot be filled.
    """
    missing: list[str] = []
    notes = ["add owner_org, the portal's own name of the organisation that publishes"]
    spoken = [tag for tag in PORTAL_LANGUAGES if found.titles.get(tag)]
    first = "fi" if "fi" in spoken else next(iter(spoken or found.titles), "fi")
    if first != "fi":
        notes.append("no title is in Finnish, the first language of avoindata.fi: it would refuse this")
    keywords, refused = _keywords(found)
    notes += [f"CKAN cannot take the keyword {word!r} ({language})" for language, word in refused]
    contact = found.contact
    if not keywords.get(first):
        missing.append(f"keywords: give at least one in {first!r} (2 to 100 letters, digits, spaces, hyphens or dots)")
    if contact is None or not _MAIL.match(contact.email):
        missing.append("contact_email: the portal requires the maintainer's e-mail address")
    if not found.licence:
        missing.append("licence: the portal requires one")
    maintainer = best(_names(contact), first) or best(_names(found.publisher), first)
    if not maintainer:
        missing.append("contact_name: the portal requires the maintainer's name (or set publisher_name)")
    if missing:
        raise ConfigError(
            "the release cannot be exported to CKAN; set in publisher.toml, and build again:\n  " + "\n  ".join(missing)
        )
    made: dict[str, Any] = {
        "name": _name(base_iri),
        "title": found.titles[first],
        "title_translated": _spoken(found.titles),
        "notes": best(found.descriptions, first),
        "notes_translated": _spoken(found.descriptions),
        "keywords": keywords,
        "private": False,
        "license_id": _licence(found.licence),
        "copyright_notice_translated": _spoken(found.rights),
        "collection_type": "Open Data",
        "maintainer": maintainer,
        "maintainer_email": [contact.email] if contact else [],
        "maintainer_website": (contact.homepage if contact else "")
        or (found.publisher.homepage if found.publisher else ""),
        "date_released": found.issued[:10],
        "external_urls": [address for address in (found.landing_page,) if address],
        "resources": [_resource(file, found, first) for file in (*found.files, found.endpoint) if file is not None],
    }
    return {name: value for name, value in made.items() if value not in ("", [], {})}, notes


def _resource(file: File, found: Dataset, first: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": best(file.titles, first),
        "name_translated": _spoken(file.titles),
        "description": best(file.descriptions, first),
        "description_translated": _spoken(file.descriptions),
        "url": file.url,
        "format": _FORMATS.get(file.form, file.form.replace("_", "-")),
        "mimetype": file.compression or file.media_type,
        "mimetype_inner": file.media_type if file.compression else "",
        "size": file.size,
        "hash": file.sha256,
        "maturity": "current",
        "temporal_coverage_from": _day(found.start, last=False),
        "temporal_coverage_to": _day(found.end, last=True),
    }
    return {name: value for name, value in made.items() if value not in ("", {}, None)}


def _keywords(found: Dataset) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """Return the keywords by language, and those that CKAN refuses as tags or that are in none of its languages."""
    kept: dict[str, list[str]] = {}
    refused = []
    for language, words in found.keywords.items():
        for word in words:
            if language in PORTAL_LANGUAGES and _TAG.match(word):
                kept.setdefault(language, []).append(word)
            else:
                refused.append((language, word))
    return {language: kept[language] for language in PORTAL_LANGUAGES if language in kept}, refused


def _names(agent: Agent | None) -> Texts:
    """Return what an agent is called; nothing where the catalogue only says that nobody has been named."""
    return {tag: name for tag, name in (agent.names if agent else {}).items() if name not in _NOBODY}


def _spoken(texts: Texts) -> Texts:
    """Return a text in the portal's languages."""
    return {tag: texts[tag] for tag in PORTAL_LANGUAGES if texts.get(tag)}


def _name(base_iri: str) -> str:
    """Return the package's name, its address in the portal: `[a-z0-9_-]`, 2 to 100; the end of the base IRI."""
    parts = urlsplit(base_iri)
    end = parts.path.rstrip("/").rpartition("/")[2]
    for text in (end, f"{parts.netloc}{parts.path}"):
        name = re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-")[:100]
        if len(name) > 1:
            return name
    return "portfolio"


def _licence(iri: str) -> str:
    parts = urlsplit(iri)
    if parts.netloc.removeprefix("www.") == "creativecommons.org":
        found = next((name for path, name in _CREATIVE_COMMONS.items() if parts.path.rstrip("/") == path), "")
        return found or iri
    return LICENCES.get(parts.path.rpartition("/")[2], iri) if parts.netloc == "publications.europa.eu" else iri


def _day(text: str, *, last: bool) -> str:
    """Return the first or last day of a year, a month or a day; "" where the text is none of these."""
    match = _DAY.match(text)
    if not match:
        return ""
    year, month, day = match.groups()
    month = month or ("12" if last else "01")
    try:
        length = calendar.monthrange(int(year), int(month))[1]
    except ValueError:
        return ""
    return f"{year}-{month}-{day or (f'{length}' if last else '01')}"
