"""`/sitemap.xml`: the pages that search engines should know, and when each was changed last.

One file, or an index of `/sitemap-{n}.xml` where there are more than a file may hold. What a release withdrew is
in none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import HTTPException, NotFound

from publisher import manifest, sitemaps
from publisher.formats import Format
from publisher.iris import Minter
from publisher.web import respond
from publisher.web.resources import base_iri

blueprint = Blueprint("sitemap", __name__)

_XML = Format("sitemap", "application/xml", ".xml", "page", ("text/xml",))
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = ("/", "/projects", "/changes", "/catalog", "/coverage", "/dumps/", "/releases/")
"""Pages about what is live, which each release changes; those are told that this server has."""
_TERMS = ("/def", "/shapes", "/concept")
"""Pages about the words that the data is in: most releases change nothing there, and nobody notes which does."""


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Answer with the only part, or with the index of parts."""
    starts = _starts()
    if len(starts) == 1:
        return _answer("urlset", lambda: _addresses(starts, 1), "1")
    at = respond.history().last.at
    parts = range(1, len(starts) + 1)
    return _answer("sitemapindex", lambda: ((f"/sitemap-{number}.xml", at) for number in parts), "index")


@blueprint.get("/sitemap-<name>.xml")
def part(name: str) -> Response:
    """Answer with one part."""
    starts = _starts()
    if not (name.isascii() and name.isdigit() and len(name) < 10 and 1 <= int(name) <= len(starts)):
        raise NotFound
    if name.startswith("0"):  # one part, one address
        raise NotFound
    return _answer("urlset", lambda: _addresses(starts, int(name)), name)


def _starts() -> list[sitemaps.Place]:
    """Return where the parts begin: as counted at build; in a release by an earlier version of the program, now."""
    live = respond.live()
    if "sitemap" not in live.index:
        live.index["sitemap"] = sitemaps.starts(live.master(), Minter(base_iri()))
    found: list[sitemaps.Place] = live.index["sitemap"]
    return found


def _addresses(starts: list[sitemaps.Place], number: int) -> Iterator[tuple[str, str]]:
    """Yield path and time of the last change of a part's pages; "" where nobody knows."""
    history = respond.history()
    if number == 1:
        yield from ((path, history.last.at) for path in _PAGES if _has(path))
        yield from ((path, "") for path in _TERMS)
    master, end = respond.live().master(), starts[number] if number < len(starts) else None
    for kind, key in sitemaps.walk(master, Minter(base_iri()), starts[number - 1], end):
        yield f"/doc/{kind}/{key}", history.modified(kind, key).at


def _has(path: str) -> bool:
    """Tell whether this server has a page."""
    if path == "/coverage" and not respond.live().release.file(manifest.COVERAGE).is_file():
        return False
    try:
        current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        return False
    return True


def _answer(element: str, addresses: Callable[[], Iterable[tuple[str, str]]], stamp: str) -> Response:
    """Answer with a document of addresses; they are not asked for where the client has it already."""
    root = respond.outside_root()
    child = {"urlset": "url", "sitemapindex": "sitemap"}[element]

    def make(_: Format) -> str:
        entries = "".join(
            f"<{child}><loc>{escape(root + path)}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</{child}>\n"
            for path, at in addresses()
            if len(root + path) <= sitemaps.LONGEST
        )
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        return f'{head}<{element} xmlns="{_NAMESPACE}">\n{entries}</{element}>\n'

    event = respond.history().last.name  # after a rollback the same release has other times
    return respond.answer((_XML,), make, _XML.suffix, stamp=f"{event} {root} {stamp}")
