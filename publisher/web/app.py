"""The application factory, and what holds for every answer: errors, CORS, validators, gzip, security headers."""

from __future__ import annotations

import gzip
import logging
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Flask, Request, Response, current_app, request
from markupsafe import Markup, escape
from prometheus_client import CollectorRegistry
from werkzeug.exceptions import BadRequest, HTTPException

from publisher import manifest
from publisher.config import Settings
from publisher.errors import PublisherError, QueryError
from publisher.web import (
    catalogue,
    changes,
    concepts,
    coverage,
    diff,
    downloads,
    home,
    oai,
    operations,
    reconcile,
    reference,
    resources,
    respond,
    search_engines,
    sitemap,
    sparql,
    texts,
)
from publisher.web.clients import Pace, Proxies
from publisher.web.failures import failure, headers_of, http_failure, status_of
from publisher.web.labels import web_address, written_date
from publisher.web.live import Live
from publisher.web.record import Records

if TYPE_CHECKING:
    from publisher.workers.client import Client

log = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_COMPRESSIBLE = ("text/", "application/json", "application/xml", "image/svg+xml")
_LEAST_BYTES = 300
_BARE = re.compile(r"[\x80-\xff]")


class _Request(Request):
    """A request whose query string is ASCII: bytes that clients left bare are percent-encoded."""

    def __init__(self, environ: dict[str, Any], *how: Any, **named: Any) -> None:
        bare = environ.get("QUERY_STRING", "")
        environ["QUERY_STRING"] = _BARE.sub(lambda byte: f"%{ord(byte[0]):02X}", bare)
        super().__init__(environ, *how, **named)


def create_app(settings: Settings, releases: Path, queries: Client | None) -> Flask:
    """Make the application.

    Args:
        settings: The installation's settings.
        releases: The folder of the releases.
        queries: Where visitors' queries run; None where there is no query service.
    """
    app = Flask(__name__)
    app.request_class = _Request
    app.config["MAX_CONTENT_LENGTH"] = 3 * settings.max_query_bytes + 8192  # a form escapes a byte as three
    app.config["MAX_FORM_MEMORY_SIZE"] = app.config["MAX_CONTENT_LENGTH"]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["settings"] = settings
    app.extensions["live"] = Live(releases)
    app.extensions["queries"] = queries
    app.extensions["registry"] = registry = CollectorRegistry()
    app.extensions["records"] = Records(settings, registry)
    app.wsgi_app = Proxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    app.before_request(_check_host)
    app.before_request(Pace(settings.client_requests_per_s).check)
    for blueprint in (
        catalogue, diff, home, resources, reference, concepts, coverage, downloads, operations, sparql, changes,
        sitemap, oai, search_engines, reconcile,
    ):  # fmt: skip
        app.register_blueprint(blueprint.blueprint)
    app.context_processor(_page_values)
    app.jinja_env.filters["breakable"] = breakable
    app.register_error_handler(HTTPException, http_failure)
    app.register_error_handler(PublisherError, _publisher_error)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(_finish)
    app.teardown_appcontext(respond.close_history)
    return app


def breakable(text: str) -> Markup:
    """Let a long address break after its slashes, and nowhere else if that will do."""
    return Markup("/<wbr>").join(escape(part) for part in str(text).split("/"))


def _page_values() -> dict[str, Any]:
    """Give every template its language, interface texts and links."""
    chosen = respond.language()

    def other(code: str) -> str:
        args = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
        return request.script_root + request.path + "?" + urlencode([*args, ("lang", code)])

    return {
        "lang": chosen,
        "t": lambda key, **values: texts.word(key, chosen, **values),
        "known_texts": texts.TEXTS,
        "address": respond.address,
        "static": lambda name: f"{request.script_root}/static/{name}",
        "language_links": [(code, texts.LANGUAGES[code], other(code)) for code in respond.languages()],
        **_installation(chosen),
    }


def _installation(language: str) -> dict[str, Any]:
    """Return who publishes, on what terms, and which release: for the head and foot of every page."""
    settings: Settings = current_app.extensions["settings"]
    try:
        found = respond.live().release
        release, counted = found.manifest, found.file(manifest.COVERAGE).is_file()
    except PublisherError:
        release, counted = None, False
    title = _best(release.title, language) if release is not None else ""
    contact = {
        "name": _best(settings.contact_name, language) or settings.contact_email,
        "href": web_address(
            settings.contact_page or (f"mailto:{settings.contact_email}" if settings.contact_email else "")
        ),
    }
    licence = {"href": web_address(settings.licence), "name": licence_name(settings.licence)}
    return {
        "site_title": title,
        "publisher_name": _best(settings.publisher_name, language),
        "publisher_home": web_address(settings.publisher_home),
        "contact": contact if contact["name"] else None,
        "licence": licence if licence["href"] else None,
        "rights": _best(settings.rights, language),
        "has_coverage": counted,  # a release of an earlier version of the program has none
        "release_id": release.id if release is not None else "",
        "release_day": written_date(release.created[:10], language) if release is not None else "",
    }


def licence_name(iri: str) -> str:
    """Return a licence's name as its IRI tells it: `CC BY 4.0` for the EU table's `CC_BY_4_0`."""
    code = iri.rstrip("/").rpartition("/")[2]
    return re.sub(r"(?<=\d)_(?=\d)", ".", code).replace("_", " ")


def _best(texts_by_language: dict[str, str], language: str) -> str:
    """Return a configured text in the page's language, else in the first that is there."""
    return texts_by_language.get(language) or next(iter(texts_by_language.values()), "")


# --- errors ---


def _publisher_error(error: PublisherError) -> Response:
    status = status_of(error)
    if status >= 500:
        log.warning("%s: %s", error.code, error)
    detail = str(error) if status < 500 or isinstance(error, QueryError) else ""
    return failure(status, detail, error.code, headers_of(error))


def _unexpected(error: Exception) -> Response:
    log.exception("the request could not be answered", exc_info=error)
    return failure(500, "", "unexpected")


# --- every answer ---


def _check_host() -> None:
    """Refuse a request whose Host is no host name (RFC 9112, section 3.2): no address can be made of it."""
    try:
        address = request.host and request.root_url  # the library decodes a name that begins with xn--
    except UnicodeError:
        address = ""
    if not address:
        raise BadRequest("The Host header is no host name.")


def _finish(response: Response) -> Response:
    headers = response.headers
    if "Location" in headers and headers["Location"].startswith(request.host_url):
        # The router writes the whole address, with the host that the request names: a path leads nowhere else.
        headers["Location"] = "/" + headers["Location"].removeprefix(request.host_url).lstrip("/")
    headers.setdefault("Access-Control-Allow-Origin", "*")
    headers.setdefault(
        "Access-Control-Expose-Headers",
        "Allow, Content-Disposition, Content-Language, ETag, Link, Location, Retry-After, X-Truncated",
    )
    if request.method == "OPTIONS":
        headers.setdefault("Access-Control-Allow-Methods", headers.get("Allow", "GET, HEAD, OPTIONS"))
        headers.setdefault(
            "Access-Control-Allow-Headers", "Accept, Accept-Language, Content-Type, If-None-Match, Range"
        )
        headers.setdefault("Access-Control-Max-Age", "86400")
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    if response.status_code == 200 and respond.unchanged(response):
        response.status_code = 304
        response.set_data(b"")
        for name in ("Content-Length", "Content-Type"):
            headers.pop(name, None)
    return _compress(response)


def _compress(response: Response) -> Response:
    """Gzip what is text, where the client takes it; the entity tag tells the two apart."""
    kind = response.mimetype or ""
    textual = kind.startswith(_COMPRESSIBLE) or kind.endswith(("+json", "+xml")) or kind == "application/n-triples"
    if response.status_code == 304:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") > 0 and request.if_none_match:
            tag = response.get_etag()[0]
            if tag and request.if_none_match.contains_weak(f"{tag}-gzip"):
                response.set_etag(f"{tag}-gzip")
        return response
    if not textual or response.direct_passthrough or response.status_code in (204, 206):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0 or "Content-Encoding" in response.headers:
        return response
    if response.is_sequence:
        body = response.get_data()
        if len(body) < _LEAST_BYTES:
            return response
        response.set_data(gzip.compress(body, 6, mtime=0))
    else:
        inner = response.response
        close = getattr(inner, "close", None)
        response.response = _gzipped(inner)  # type: ignore[arg-type]
        if close is not None:
            response.call_on_close(close)
        response.headers.pop("Content-Length", None)
    response.headers["Content-Encoding"] = "gzip"
    tag = response.get_etag()[0]
    if tag:
        response.set_etag(f"{tag}-gzip")
    return response


def _gzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Compress a stream as it comes; where it breaks off, so does this, without a proper end."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for chunk in chunks:
        packed = packer.compress(chunk)
        if packed:
            yield packed
    yield packer.flush()
