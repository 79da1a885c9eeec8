"""schema.org JSON-LD that pages carry for search engines, which read nothing else: the dataset, and each project.

A data block in the page is not run as a script, so that the Content-Security-Policy does not concern it; what is in it
comes from data all the same, so that nothing in it can end the block (HTML, 4.12.1.3: `</script` and `<!--`).

Dataset: what Google's Dataset Search asks for (name, a description of 50 to 5,000 characters) and recommends, as
far as the release's catalogue tells it. Nothing is "measured" in records of projects: no `variableMeasured`.

Project: schema.org makes it a kind of Organization (schema.org 30.0, pending), which a funded project is not; so the
page describes it in schema.org's words under an address of its own, and the project's IRI is `sameAs`, never typed so
in the data. `startDate`, `endDate` and `audience` do not apply to an Organization there: pages and RDF tell them, this
does not. Amounts are told of one stage only, the committed else the planned, and only where a source gives them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from publisher import described
from publisher.described import Agent, Dataset, File, Place, best
from publisher.errors import ReleaseError
from publisher.namespaces import AUTHORITY, dct, foaf, owl, pf, skos
from publisher.web import respond
from publisher.web.labels import View, web_address

CONTEXT = "https://schema.org/"
LEAST, MOST = 50, 5000
"""Characters of a dataset's description."""

_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})
_LICENCES = {
    f"{AUTHORITY}/licence/CC_BY_4_0": "https://creativecommons.org/licenses/by/4.0/",
    f"{AUTHORITY}/licence/CC0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
"""Addresses that search engines know, by those of the EU licence table."""
_STAGES = ("committed", "planned")


def block(document: dict[str, Any] | None) -> Markup:
    """Return JSON-LD as an element for the head of a page; nothing for None."""
    if not document:
        return Markup()
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704 - escaped above


def dataset(changed: str) -> Markup:
    """Describe the live dataset and the catalogue that it is in; nothing where the release has no catalogue.

    Args:
        changed: When the live release became the live one, ISO 8601.
    """
    release = respond.live().release
    found = _described()
    if found is None:
        return Markup()
    language = respond.language()
    order = (language, *release.manifest.languages)
    root = respond.outside_root()
    title = best(found.titles, *order)
    contact = found.contact
    if contact is not None and contact.homepage == found.landing_page:  # nobody is set: the server itself is asked
        contact = replace(contact, homepage=f"{root}/")
    publisher = _agent(found.publisher, order, contact)
    creators = [_agent(agent, order) for agent in found.creators]
    catalogue = {
        "@type": "DataCatalog",
        "@id": found.catalogue,
        "name": best(found.catalogue_titles, *order),
        "description": best(found.catalogue_descriptions, *order),
        "url": f"{root}/catalog",
        "publisher": publisher,
        "dataset": {"@id": found.iri},
    }
    described_dataset = {
        "@type": "Dataset",
        "@id": found.iri,
        "name": title,
        "alternateName": [text for text in dict.fromkeys(found.titles.values()) if text != title],
        "description": _description(best(found.descriptions, *order), title, publisher),
        "url": f"{root}/",
        "identifier": found.identifiers or [found.iri],
        "version": found.version,
        "datePublished": found.issued,
        "dateModified": changed,
        "isAccessibleForFree": True,
        "license": _LICENCES.get(found.licence, web_address(found.licence)),
        "copyrightNotice": best(found.rights, *order),
        "creator": creators or publisher,
        "publisher": publisher,
        "inLanguage": release.manifest.languages,
        "keywords": found.keywords.get(language, []),
        "temporalCoverage": f"{found.start or '..'}/{found.end or '..'}" if found.start or found.end else "",
        "spatialCoverage": [_place(place, order) for place in found.places],
        "includedInDataCatalog": {"@id": found.catalogue},
        "distribution": [_download(file, order, root) for file in found.files],
    }
    return block({"@context": CONTEXT, "@graph": [_told(catalogue), _told(described_dataset)]})


def _described() -> Dataset | None:
    """Return what the release's catalogue says of it, read once a release; None where it says nothing."""
    live = respond.live()
    if "described" not in live.index:
        try:
            live.index["described"] = described.dataset(live.release)
        except ReleaseError:
            live.index["described"] = None
    found: Dataset | None = live.index["described"]
    return found


def project(view: View, iri: str) -> Markup:
    """Describe a project in schema.org's words, for its page."""
    kind, key = view.minter.split(iri) or ("project", "")
    page = f"{respond.outside_root()}/doc/{kind}/{key}"
    name = view.name(iri) or view.label(iri)
    names = [text.value for predicate in (dct.title, skos.altLabel) for text in view.texts(iri, predicate)]
    description = view.text(iri, dct.description)
    same = [web_address(found) for found in view.iris(iri, owl.sameAs)]
    homepages = [web_address(found) for found in view.iris(iri, foaf.homepage)]
    return block(
        {
            "@context": CONTEXT,
            **_told(
                {
                    "@type": "Project",
                    "@id": f"{page}#project",
                    "name": name.value,
                    "alternateName": [text for text in dict.fromkeys(names) if text != name.value],
                    "description": description.value if description else "",
                    "identifier": view.value(iri, dct.identifier),
                    "url": page,
                    "mainEntityOfPage": page,
                    "sameAs": [iri, *filter(None, [*same, *homepages])],
                    "keywords": [view.label(group).value for group in view.iris(iri, pf.targetGroup)],
                    "areaServed": [
                        {"@type": "Place", "@id": place, "name": view.label(place).value}
                        for place in view.iris(iri, dct.spatial)
                    ],
                    "funder": _organisations(view, view.iris(iri, pf.funder)),
                    "funding": _grants(view, iri),
                    "member": _members(view, iri),
                }
            ),
        }
    )


def _grants(view: View, project: str) -> list[dict[str, Any]]:
    """Return the amounts that were committed, else those planned: two stages would tell the same money twice."""
    by_stage: dict[str, list[dict[str, Any]]] = {}
    for line in view.iris(project, pf.funding):
        amount, currency = view.value(line, pf.amount), view.iri(line, pf.currency)
        status = _end(view.iri(line, pf.amountStatus))
        if not amount or not currency or status not in ("", "given"):
            continue
        grant = {
            "@type": "MonetaryGrant",
            "@id": line,
            "name": view.label(line).value,
            "amount": {"@type": "MonetaryAmount", "value": amount, "currency": _end(currency)},
            "funder": _organisations(view, view.iris(line, pf.funder)),
        }
        for stage in view.iris(line, pf.fundingStage):
            by_stage.setdefault(_end(stage), []).append(_told(grant))
    return next((by_stage[stage] for stage in _STAGES if stage in by_stage), [])


def _members(view: View, project: str) -> list[dict[str, Any]]:
    found = []
    for participation in view.iris(project, pf.participation):
        organisations = _organisations(view, view.iris(participation, pf.organisation))
        roles = [view.label(role).value for role in view.iris(participation, pf.role)]
        found += [_told({"@type": "OrganizationRole", "roleName": roles, "member": one}) for one in organisations]
    return found


def _organisations(view: View, found: list[str]) -> list[dict[str, Any]]:
    """Return organisations; "numerous municipalities" and the like are none."""
    return [
        _told(
            {
                "@type": "Organization",
                "@id": iri,
                "name": view.label(iri).value,
                "identifier": view.value(iri, dct.identifier),
                "url": next(filter(None, (web_address(home) for home in view.iris(iri, foaf.homepage))), ""),
            }
        )
        for iri in found
        if not view.is_a(iri, pf.Collective)
    ]


def _agent(agent: Agent | None, order: tuple[str, ...], contact: Agent | None = None) -> dict[str, Any]:
    if agent is None:
        return {}
    point = {}
    if contact is not None:
        point = _told(
            {
                "@type": "ContactPoint",
                "name": best(contact.names, *order),
                "email": contact.email,
                "url": web_address(contact.homepage),
            }
        )
    return _told(
        {
            "@type": "Organization",
            "@id": agent.iri,
            "name": best(agent.names, *order),
            "url": web_address(agent.homepage),
            "contactPoint": point,
        }
    )


def _place(place: Place, order: tuple[str, ...]) -> dict[str, Any]:
    named = respond.view().name(place.iri)  # the catalogue gives codes, the data names of most
    name = best(place.names, *order) or (named.value if named else place.code)
    return {"@type": "Place", "@id": place.iri, "name": name}


def _download(file: File, order: tuple[str, ...], root: str) -> dict[str, Any]:
    return _told(
        {
            "@type": "DataDownload",
            "@id": file.iri,
            "name": best(file.titles, *order),
            "contentUrl": f"{root}/dumps/{file.url.rpartition('/')[2]}",
            "encodingFormat": [kind for kind in (file.media_type, file.compression) if kind],
            "contentSize": f"{file.size} B" if file.size is not None else "",
            "sha256": file.sha256,
        }
    )


def _description(text: str, title: str, publisher: dict[str, Any]) -> str:
    """Return a description of an allowed length: a short one is told whose it is, a long one is cut at a word."""
    if len(text) < LEAST:
        text = " – ".join(part for part in (title, text, publisher.get("name", "")) if part)
        text = text if len(text) >= LEAST else f"{text} – {respond.outside_root()}/".ljust(LEAST, ".")
    if len(text) <= MOST:
        return text
    cut = text[: MOST - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not told, and the brackets around what is told once."""
    single = {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in values.items()
    }
    return {name: value for name, value in single.items() if value not in ("", None, [], {})}


def _end(iri: str) -> str:
    return iri.rpartition("/")[2]
