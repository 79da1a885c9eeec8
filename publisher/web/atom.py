"""The Atom feed of what each release changed, for feed readers.

Source:
    RFC 4287, The Atom Syndication Format; RFC 5005, section 3: a feed in parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree

from flask import current_app, request
from markupsafe import Markup, escape

from publisher.config import Settings
from publisher.formats import Format
from publisher.web import respond, texts
from publisher.web.oai_xml import printable

if TYPE_CHECKING:
    from publisher.web.change_pages import Told

ATOM = Format("atom", "application/atom+xml", ".atom", "page")

_NAMESPACE = "http://www.w3.org/2005/Atom"


def feed(events: Iterable[Told], before: str = "") -> bytes:
    """Return a part of the feed, the newest event first, in the language of the request.

    Args:
        events: The events of this part.
        before: The event that the next part begins before, its oldest here; "" = there is no further part.
    """
    settings: Settings = current_app.extensions["settings"]
    release = respond.live().release.manifest
    language = respond.language()
    told = list(events)
    outside = respond.outside_root()
    asked = f"?lang={language}" if request.args.get("lang") == language else ""
    root = ElementTree.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": language})
    title = _best(release.title, language) or texts.word("home.untitled", language)
    _text(root, "title", f"{title} – {texts.word('changes.title', language)}")
    _text(root, "subtitle", texts.word("changes.lead", language))
    _text(root, "id", f"{release.base_iri.rstrip('/')}/changes.atom")
    _text(root, "updated", told[0].event.at if told else release.created)
    author = ElementTree.SubElement(root, "author")
    _text(author, "name", _best(settings.publisher_name, language) or title)
    if settings.publisher_home:
        _text(author, "uri", settings.publisher_home)
    here = request.args.get("before", "")
    _link(root, "self", _part(f"{outside}/changes.atom{asked}", here), ATOM.media_type)
    if here or before:
        _link(root, "first", f"{outside}/changes.atom{asked}", ATOM.media_type)
    if before:
        _link(root, "next", _part(f"{outside}/changes.atom{asked}", before), ATOM.media_type)
    _link(root, "alternate", f"{outside}/changes{asked}", "text/html", language)
    if settings.licence:
        _link(root, "license", settings.licence)
    _text(root, "generator", "Portfolio Publisher")
    for entry in told:
        _entry(root, entry, language, outside, release.base_iri.rstrip("/"))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(root: ElementTree.Element, told: Told, language: str, outside: str, base_iri: str) -> None:
    event = told.event
    entry = ElementTree.SubElement(root, "entry")
    _text(entry, "title", told.headline)
    _text(entry, "id", f"{base_iri}/changes/{event.name}")
    _text(entry, "published", event.at)
    _text(entry, "updated", event.at)
    _link(entry, "alternate", _outside(told.page, outside), "text/html", language)
    if told.difference:
        _link(entry, "related", _outside(told.difference, outside), "text/html", language)
    content = ElementTree.SubElement(entry, "content", {"type": "html"})
    content.text = printable(str(_html(told, language, outside)))


def _html(told: Told, language: str, outside: str) -> Markup:
    parts = [Markup("<p>{}</p>").format(texts.word("changes.first.text", language))] if told.first else []
    for what, links in told.named.items():
        if not links:
            continue
        items = [
            Markup('<li><a href="{}">{}</a></li>').format(
                link.href if link.external else _outside(link.href, outside), link.label.value
            )
            if link.href
            else Markup("<li>{}</li>").format(link.label.value)
            for link in links
        ]
        if told.more[what]:
            items.append(Markup("<li>{}</li>").format(texts.word("changes.more", language, count=told.more[what])))
        heading = escape(texts.word(f"changes.{what}", language))
        parts.append(Markup("<h2>{}</h2><ul>{}</ul>").format(heading, Markup("").join(items)))
    parts.append(
        Markup('<p><a href="{}">{}</a></p>').format(_outside(told.page, outside), texts.word("changes.all", language))
    )
    return Markup("").join(parts)


def _part(address: str, before: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}before={quote(before)}" if before else address


def _outside(path: str, outside: str) -> str:
    """Return the whole address of a path of this server: a reader has nothing to resolve it against."""
    return outside + path.removeprefix(request.script_root)


def _text(parent: ElementTree.Element, name: str, value: str) -> None:
    ElementTree.SubElement(parent, name).text = printable(value)


def _link(parent: ElementTree.Element, relation: str, href: str, media_type: str = "", language: str = "") -> None:
    values = {"rel": relation, "href": printable(href), "type": media_type, "hreflang": language}
    ElementTree.SubElement(parent, "link", {name: value for name, value in values.items() if value})


def _best(by_language: dict[str, str], language: str) -> str:
    return by_language.get(language) or next(iter(by_language.values()), "")
