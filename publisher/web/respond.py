"""From a representation to a response: negotiation, validators, caching, the language of a page.

What is served depends on the release, the format, the language and the
program alone, so an ETag can be told, and a 304 answered, before anything is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response, current_app, g, render_template, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import NotAcceptable, NotFound
from werkzeug.urls import iri_to_uri

from publisher import __version__
from publisher.config import Settings
from publisher.formats import GRAPHS, HTML, Format
from publisher.history import History, open_history
from publisher.web import graphs, texts
from publisher.web.labels import View
from publisher.web.live import LiveRelease
from publisher.web.negotiation import negotiate

JSON = Format("json", "application/json", ".json", "page")
DOCUMENTS = (HTML, *GRAPHS)
"""What a resource is described in; the page is the default."""


def live() -> LiveRelease:
    """Return the live release: the same one for the whole request.

    Raises:
        ReleaseError: There is none.
    """
    if "live" not in g:
        g.live = current_app.extensions["live"].now()
    found: LiveRelease = g.live
    return found


def languages() -> list[str]:
    """Return the languages that pages can have here, the portfolio's own first."""
    settings: Settings = current_app.extensions["settings"]
    wanted = g.live.release.manifest.languages if "live" in g else settings.languages
    return [entry for entry in wanted if entry in texts.LANGUAGES] or list(texts.LANGUAGES)


def language() -> str:
    """Return the language of the page: `?lang=`, else Accept-Language, else the portfolio's first."""
    available = languages()
    asked = request.args.get("lang", "")
    if asked in available:
        return asked
    accepted: LanguageAccept = request.accept_languages
    best, best_quality = available[0], 0.0
    for tag, quality in accepted:
        primary = tag.partition("-")[0].lower()
        primary = available[0] if tag == "*" else primary
        if quality > best_quality and primary in available:
            best, best_quality = primary, quality
    return best


def history() -> History:
    """Return the history as the live release sees it: open for this request.

    Raises:
        ReleaseError: It cannot be read.
    """
    if "history" not in g:
        g.history = open_history(current_app.extensions["live"].releases, live().release)
    found: History = g.history
    return found


def close_history(_: BaseException | None = None) -> None:
    """Close the history that the request opened."""
    found: History | None = g.pop("history", None)
    if found is not None:
        found.close()


def outside_root() -> str:
    """Return the address, without a slash at its end, that machine-readable documents call this server by.

    Where it is not configured it is what the client called it by.
    """
    settings: Settings = current_app.extensions["settings"]
    return settings.public_base if settings.public_url else iri_to_uri(request.url_root).rstrip("/")


def address(path: str) -> str:
    """Return a path of this server as a link: below the prefix it runs at, in the language that was asked for."""
    asked = request.args.get("lang", "")
    return request.script_root + path + (f"?lang={asked}" if asked in languages() else "")


def view() -> View:
    """Return the release as a reader of this page sees it."""
    if "view" not in g:
        release = live()
        chosen = language()
        g.view = View(release, chosen, release.release.manifest.languages, address, lambda key: texts.word(key, chosen))
    found: View = g.view
    return found


def page(template: str, **values: Any) -> str:
    """Render a page of the release."""
    return render_template(template, v=view(), **values)


def accept() -> str | None:
    """Return the `Accept` header, several lines joined."""
    return request.headers.get("Accept")


def etag(form: Format, stamp: str = "") -> str:
    """Return the entity tag of a representation of this address."""
    settings: Settings = current_app.extensions["settings"]
    parts = [live().release.id, form.media_type, __version__, stamp]
    if form is HTML:
        parts += [language(), request.script_root, outside_root(), request.args.get("lang", ""), repr(settings)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


def choose(formats: Sequence[Format], suffix: str | None = None) -> Format:
    """Return the form that was asked for, by suffix or by `Accept`.

    Args:
        formats: What there is, the default first.
        suffix: End of the address with its dot; None or "" negotiates.

    Raises:
        NotFound: There is none of that suffix.
        NotAcceptable: The client accepts none of them.
    """
    if suffix:
        form = next((entry for entry in formats if entry.suffix == suffix), None)
        if form is None:
            raise NotFound(texts.word("error.no-form", language()))
        return form
    form = negotiate(accept(), formats)
    if form is None:
        raise NotAcceptable("Available: " + ", ".join(entry.media_type for entry in formats))
    return form


def answer(
    formats: Sequence[Format],
    make: Callable[[Format], bytes | str],
    suffix: str | None = None,
    stem: str | None = None,
    stamp: str = "",
) -> Response:
    """Answer with the representation that was asked for, by suffix or by `Accept`.

    Args:
        formats: What there is, the default first.
        make: Makes the bytes of one; not called where the client has them already.
        suffix: End of the address with its dot; None or "" negotiates.
        stem: Path of the address without a suffix, where its forms have addresses of their own.
        stamp: What else the bytes depend on.

    Raises:
        NotFound: There is no representation of that suffix.
        NotAcceptable: The client accepts none of them, or this one cannot be written.
    """
    form = choose(formats, suffix)
    response = Response(status=200, content_type=form.content_type)
    response.set_etag(etag(form, stamp))
    response.headers["Cache-Control"] = "public, no-cache"
    if not suffix:
        response.vary.add("Accept")
    if form is HTML:
        response.vary.add("Accept-Language")
        response.content_language.add(language())
    if stem is not None:
        links = [
            f'<{request.script_root}{stem}{entry.suffix}>; rel="alternate"; type="{entry.media_type}"'
            for entry in formats
            if entry is not form
        ]
        response.headers["Link"] = ", ".join(links)
    if unchanged(response):
        response.status_code = 304
        return response
    try:
        response.set_data(make(form))
    except graphs.NotWritableError as error:
        others = ", ".join(entry.media_type for entry in formats if entry is not form)
        raise NotAcceptable(f"{form.media_type} cannot carry these statements: {error}. Available: {others}") from error
    return response


def mark_cut(response: Response, description: graphs.Description) -> Response:
    """Say in a header that the description leaves out some of what is said; its body says so too."""
    cut = [f"incoming; limit={graphs.INCOMING_LIMIT}"] * description.cut
    cut += [f"outgoing; limit={graphs.OUTGOING_LIMIT}"] * description.shortened
    if cut:
        response.headers["X-Truncated"] = ", ".join(cut)
    return response


def unchanged(response: Response) -> bool:
    """Tell whether the client has this representation already (`If-None-Match`, weak comparison)."""
    if request.method not in ("GET", "HEAD") or not request.if_none_match:
        return False
    tag = response.get_etag()[0] or ""
    return request.if_none_match.contains_weak(tag) or request.if_none_match.contains_weak(f"{tag}-gzip")


def forms(stem: str, formats: Sequence[Format] = GRAPHS) -> list[Mapping[str, str]]:
    """Return the addresses of a page's other forms, for its head and its foot."""
    return [
        {"name": texts.FORM_NAMES[f.name], "media_type": f.media_type, "href": f"{request.script_root}{stem}{f.suffix}"}
        for f in formats
    ]
