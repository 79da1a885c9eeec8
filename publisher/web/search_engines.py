"""What search engines are told: `/robots.txt`, and the JSON-LD that templates put into the heads of pages.

Crawlers may read pages and dumps, and are led to the sitemap; queries are not for them.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from markupsafe import Markup

from publisher.web import respond, structured_data

blueprint = Blueprint("search_engines", __name__)

_CLOSED = ("/sparql",)
"""What crawlers shall not ask: each address of it is a query that costs."""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers what they may read, and where the sitemap is (RFC 9309; sitemaps.org, Submitting by robots.txt)."""
    lines = ["User-agent: *", *(f"Disallow: {request.script_root}{path}" for path in _CLOSED), ""]
    lines.append(f"Sitemap: {respond.outside_root()}/sitemap.xml")
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@blueprint.app_template_global()
def dataset_json_ld() -> Markup:
    """Describe the dataset, for the pages that are about it."""
    return structured_data.dataset()


@blueprint.app_template_global()
def project_json_ld(iri: str) -> Markup:
    """Describe a project, for its page."""
    return structured_data.project(respond.view(), iri)
