"""`/releases/{id}/diff`: what a release changed, statement by statement, for people and for machines."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import BadRequest, NotFound

from publisher import changes, manifest, ntriples
from publisher.changes import ResourceChange
from publisher.errors import ReleaseError
from publisher.formats import HTML, Format
from publisher.manifest import Release
from publisher.namespaces import PREFIXES, rdf
from publisher.web import respond, texts
from publisher.web.labels import Link, Text
from publisher.web.respond import JSON

blueprint = Blueprint("diff", __name__)

PLAIN = Format("text", "text/plain", ".txt", "page")
RDF_PATCH = Format("rdfpatch", "application/rdf-patch", ".rdfp", "page", ("text/rdf-patch",))
FORMS = (HTML, JSON, PLAIN, RDF_PATCH)

PAGE = 50
"""Resources on a page."""
TEXT_RESOURCES = 5000
"""Resources of the text, which is for people; it says how many more there are."""
_PAGES = 200
_BLOCK = 1 << 16


class Row(NamedTuple):
    """Values of one property that went and that came."""

    label: str
    before: list[Link | Text]
    after: list[Link | Text]


@blueprint.get("/releases/<release_id>/diff", defaults={"suffix": ""})
@blueprint.get("/releases/<release_id>/diff<suffix>")
def diff(release_id: str, suffix: str) -> Response:
    """Tell what a release changed of the one that was live before it."""
    releases: Path = current_app.extensions["live"].releases
    try:
        release = manifest.find(releases, release_id)
    except ReleaseError as error:
        raise NotFound from error
    form = respond.choose(FORMS, suffix)
    summary = changes.kept(release)
    # An account that had to be forgotten must not be told on by those who have kept it.
    stamp = f"{release.id} {summary is not None}"
    if form is HTML:
        return respond.answer((HTML,), lambda _: _page(release, summary), suffix, stamp=f"{stamp} {_page_number()}")
    if form is RDF_PATCH and summary is None:
        raise NotFound(texts.word("diff.first", respond.language(), release=release.id))
    lines = changes.lines(release.path) if summary is not None else iter(())
    begun = list(itertools.islice(lines, 1))  # what cannot be read is told before anything else is
    pieces = _machine(release, summary, form, itertools.chain(begun, lines))
    response = Response(pieces, content_type=form.content_type)
    response.set_etag(respond.etag(form, stamp))
    response.headers["Cache-Control"] = "public, no-cache"
    if form is PLAIN and summary is not None and sum(summary.resources.values()) > TEXT_RESOURCES:
        response.headers["X-Truncated"] = f"resources; limit={TEXT_RESOURCES}"
    if not suffix:
        response.vary.add("Accept")
    return response


def _machine(release: Release, summary: changes.Summary | None, form: Format, lines: Iterable[str]) -> Iterator[bytes]:
    """Yield an account in pieces: nobody holds all of it."""
    if form is RDF_PATCH:
        with gzip.open(release.file(manifest.PATCH), "rb") as patch:
            while block := patch.read(_BLOCK):
                yield block
    elif form is JSON:
        told = summary or changes.Summary("", release.id)
        yield from (piece.encode() for piece in changes.as_json(lines, told))
    elif summary is None:
        yield f"{release.id}: nothing to compare with\n".encode()
    else:
        compact = changes.Compact(release.manifest.base_iri, PREFIXES)
        for line in changes.as_text(changes.read(release.path), summary, compact, TEXT_RESOURCES):
            yield f"{line}\n".encode()


def _page_number() -> int:
    asked = request.args.get("page", "1")
    if not asked.isascii() or not asked.isdigit() or len(asked) > 4 or not 1 <= int(asked) <= _PAGES:
        raise BadRequest(f"page: is a number from 1 to {_PAGES}; the other forms have everything.")
    return int(asked)


def _page(release: Release, summary: changes.Summary | None) -> str:
    number = _page_number()
    start = (number - 1) * PAGE
    found = list(itertools.islice(changes.read(release.path, start), PAGE + 1)) if summary else []
    stem = f"/releases/{release.id}/diff"
    return respond.page(
        "diff.html",
        release=release.manifest,
        summary=summary,
        told=release.manifest.changes,
        changes=[_shown(change) for change in found[:PAGE]],
        number=number,
        before=_numbered(stem, number - 1) if number > 1 else "",
        after=_numbered(stem, number + 1) if len(found) > PAGE and number < _PAGES else "",
        page_forms=respond.forms(stem, (JSON,)),
        forms=[(form.suffix[1:].upper(), f"{request.script_root}{stem}{form.suffix}") for form in FORMS[1:]],
    )


def _numbered(stem: str, number: int) -> str:
    address = respond.address(stem)
    return f"{address}{'&' if '?' in address else '?'}page={number}"


def _shown(change: ResourceChange) -> dict[str, Any]:
    """Return a resource's change as the page shows it: name, kinds, and its properties with what went and came."""
    view = respond.view()
    link = view.link(change.iri)
    name = view.choose(
        ox.Literal(text, language=tag) if tag else ox.Literal(text) for tag, text in change.label.items()
    )
    kinds = sorted(respond.live().types(change.iri))
    rows: dict[str, tuple[list[Link | Text], list[Link | Text]]] = {}
    for side, lines in enumerate((change.removed, change.added)):
        for quad in ox.parse(ntriples.text(lines), format=ox.RdfFormat.N_QUADS):
            if quad.predicate.value == rdf.type and change.what != changes.CHANGED:
                kinds.append(quad.object.value)
                continue  # the heading says it
            rows.setdefault(quad.predicate.value, ([], []))[side].append(_value(quad.object))
    return {
        "what": change.what,
        "link": link,
        "name": name,
        "kind": ", ".join(dict.fromkeys(view.label(kind).value for kind in kinds)),
        "iri": view.compact(change.iri),
        "rows": [Row(view.name_of(predicate), *sides) for predicate, sides in rows.items()],
        "more": change.removed_count + change.added_count - len(change.removed) - len(change.added),
    }


def _value(term: Any) -> Link | Text:
    view = respond.view()
    if isinstance(term, ox.NamedNode):
        return view.link(term.value)
    return view.literal(term) if isinstance(term, ox.Literal) else Text(str(term))
