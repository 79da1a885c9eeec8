"""What search engines are told: `/robots.txt`, and the JSON-LD that templates put into the heads of pages.

Crawlers may read pages and dumps, and are led to the sitemap; queries are not for them.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response
from markupsafe import Markup

from publisher.web import respond, structured_data

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
def dataset_json_ld() -> Markup:
    """Describe the dataset, for the pages that are about it."""
    return structured_data.dataset()


@blueprint.app_template_global()
def project_json_ld(iri: str) -> Markup:
    """Describe a project, for its page."""
    return structured_data.project(respond.view(), iri)
