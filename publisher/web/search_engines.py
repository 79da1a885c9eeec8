"""What search engines are told: `/robots.txt`, and what templates put into the heads of pages: addresses and JSON-LD.

Crawlers may read pages and dumps, and are led to the sitemap; queries are not for them.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, request
from markupsafe import Markup
from werkzeug.urls import iri_to_uri

from publisher.formats import HTML
from publisher.iris import is_iri
from publisher.web import composed, respond, structured_data

blueprint = Blueprint("search_engines", __name__)

_CLOSED = ("/sparql",)
"""What crawlers shall not ask: each address of it is a query that costs."""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers what they may read, and where the sitemap is (RFC 9309; sitemaps.org, Submitting by robots.txt).

    Paths are those that crawlers ask for: a proxy may take the prefix of the public address away. They look for this
    file at the root of the host alone, so a proxy that gives the server a prefix has to lead `/robots.txt` here too.
    """
    root = respond.outside_root()
    prefix = urlsplit(root).path
    lines = ["User-agent: *", *(f"Disallow: {prefix}{path}" for path in _CLOSED), "", f"Sitemap: {root}/sitemap.xml"]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@blueprint.app_template_global()
def page_addresses() -> list[tuple[str, str]]:
    """Return the address that this page should be known by, and those of the same page by language.

    A page answers at several: with a suffix or without, its language named or negotiated. None are told where the
    client called the server by what can stand in no document.

    Returns:
        Language and address: "" for this very page, then each language, then `x-default`, which negotiates.

    Source:
        Google Search Central, "How to specify a canonical URL" and "Tell Google about localized versions of your page".
    """
    path = iri_to_uri(respond.outside_root() + request.path.removesuffix(HTML.suffix))
    if not is_iri(path):
        return []
    arguments = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]

    def at(language: str) -> str:
        query = urlencode([*arguments, ("lang", language)] if language else arguments)
        return f"{path}?{query}" if query else path

    asked, languages = request.args.get("lang", ""), respond.languages()
    this = at(asked if asked in languages else "")
    return [("", this), *((language, at(language)) for language in languages), ("x-default", at(""))]


@blueprint.app_template_global()
def dataset_json_ld() -> Markup:
    """Describe the dataset, for the pages that are about it."""
    return structured_data.dataset(composed.look().changed)


@blueprint.app_template_global()
def project_json_ld(iri: str) -> Markup:
    """Describe a project, for its page."""
    return structured_data.project(respond.view(), iri)
