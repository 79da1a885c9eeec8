"""Files and facts of releases: dumps, manifests, the catalogue, VoID, the JSON-LD context, liveness."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request, send_file
from werkzeug.exceptions import NotFound

from publisher import formats, manifest
from publisher.errors import ReleaseError
from publisher.formats import GRAPHS, HTML, JSON_LD
from publisher.manifest import Release
from publisher.namespaces import dcat, dct, foaf, rdf
from publisher.web import graphs, respond, texts
from publisher.web.failures import failure
from publisher.web.labels import Link, Text
from publisher.web.respond import JSON

log = logging.getLogger(__name__)
blueprint = Blueprint("downloads", __name__)

_SUFFIXES = (HTML.suffix, *(entry.suffix for entry in GRAPHS))
_DUMP_FORMATS = (*GRAPHS, formats.N_QUADS, formats.TRIG)


def _releases() -> Path:
    found: Path = current_app.extensions["live"].releases
    return found


def _release(release_id: str) -> Release:
    try:
        return manifest.find(_releases(), release_id)
    except ReleaseError as error:
        raise NotFound from error


def _dumps(release: Release, prefix: str) -> list[dict[str, Any]]:
    """Return the dumps of a release: name, address, size in bytes, SHA-256, form, and what it is by language."""
    listed = []
    for path, facts in sorted(release.manifest.files.items()):
        folder, _, name = path.rpartition("/")
        if folder == manifest.DUMPS:
            form = formats.by_suffix(name, _DUMP_FORMATS)
            listed.append(
                {
                    "name": name,
                    "href": f"{request.script_root}{prefix}{name}",
                    "bytes": facts["bytes"],
                    "sha256": facts["sha256"],
                    "media_type": form.media_type if form else "",
                    "compression": "gzip" if name.endswith(".gz") else "",
                    "description": texts.TEXTS[f"dumps.what.{form.name if form else 'other'}"],
                }
            )
    return listed


@blueprint.get("/dumps/")
def dumps() -> Response:
    """List the dumps of the live release."""
    release = respond.live().release
    listed = _dumps(release, "/dumps/")

    def make(form: Any) -> bytes | str:
        if form is HTML:
            return respond.page("dumps.html", release=release.manifest, dumps=listed, size=_size)
        return _json({"release": release.id, "statements_sha256": release.manifest.statements_sha256, "dumps": listed})

    return respond.answer((HTML, JSON), make)


def _size(count: int) -> str:
    """Return a size in bytes as the page's language writes it: `57,4 kt`, in English `57.4 kB`."""
    view = respond.view()
    unit = "t" if view.language == "fi" else "B"
    if count < 1000:
        return f"{count} {unit}"
    size = float(count)
    for prefix in ("k", "M", "G", "T"):
        size /= 1000
        if size < 999.95 or prefix == "T":
            break
    return f"{view.number(f'{size:.1f}')} {prefix}{unit}"


@blueprint.get("/dumps/<name>")
def dump(name: str) -> Response:
    """Send a dump of the live release."""
    return _send(respond.live().release, name)


@blueprint.get("/releases/")
def releases() -> Response:
    """List the releases that are kept, newest first."""
    live = respond.live().release.id
    found = []
    for name in reversed(manifest.list_ids(_releases())):
        try:
            found.append(manifest.find(_releases(), name).manifest)
        except ReleaseError as error:  # removed meanwhile, or of another version of the program
            log.warning("left out of the list of releases: %s", error)

    def make(form: Any) -> bytes | str:
        if form is HTML:
            return respond.page("releases.html", releases=found, live=live)
        rows = [{"id": m.id, "current": m.id == live, "created": m.created, "counts": m.counts} for m in found]
        return _json({"releases": rows})

    return respond.answer((HTML, JSON), make, stamp=" ".join(m.id for m in found))


@blueprint.get("/releases/<release_id>/")
@blueprint.get("/releases/<release_id>/manifest.json")
def release_manifest(release_id: str) -> Response:
    """Send the manifest of a release."""
    release = _release(release_id)
    return respond.answer((JSON,), lambda _: release.manifest.to_json(), JSON.suffix, stamp=release.id)


@blueprint.get("/releases/<release_id>/dumps/<name>")
def release_dump(release_id: str, name: str) -> Response:
    """Send a dump of a kept release."""
    return _send(_release(release_id), name)


def _send(release: Release, name: str) -> Response:
    """Send a file that the manifest lists, and none else; the checksum is its entity tag."""
    facts = release.manifest.files.get(f"{manifest.DUMPS}/{name}")
    path = release.file(manifest.DUMPS) / name
    if facts is None:
        raise NotFound
    if not path.is_file():
        return failure(410, texts.word("dumps.gone", respond.language()), "gone", manifest=_manifest_path(release))
    response = send_file(
        path.resolve(),
        mimetype="application/gzip" if name.endswith(".gz") else None,
        as_attachment=True,
        download_name=name,
        etag=facts["sha256"],
        conditional=True,
        max_age=0,
    )
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _manifest_path(release: Release) -> str:
    return f"{request.script_root}/releases/{release.id}/manifest.json"


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


# --- catalogue, VoID, context


@blueprint.get("/catalog", defaults={"suffix": ""})
@blueprint.get("/catalog<suffix>")
def catalog(suffix: str) -> Response:
    """Answer with the DCAT-AP catalogue."""
    if suffix and suffix not in _SUFFIXES:
        raise NotFound

    def make(form: Any) -> bytes | str:
        triples = graphs.read(respond.live().release.file(manifest.CATALOGUE))
        return _catalogue_page(triples) if form is HTML else graphs.write(triples, form)

    # A harvester that says nothing gets Turtle; a browser names HTML.
    return respond.answer((*GRAPHS, HTML), make, suffix, "/catalog")


def _catalogue_page(triples: list[ox.Triple]) -> str:
    view = respond.view()

    def objects(subject: str, predicate: str) -> list[Any]:
        return [t.object for t in triples if t.subject.value == subject and t.predicate.value == predicate]  # type: ignore[union-attr]

    def text(subject: str, predicate: str) -> Text | None:
        return view.choose(o for o in objects(subject, predicate) if isinstance(o, ox.Literal))

    def described(cls: str) -> list[dict[str, Any]]:
        found = sorted(
            t.subject.value for t in triples  # type: ignore[union-attr]
            if t.predicate.value == rdf.type and isinstance(t.object, ox.NamedNode) and t.object.value == cls
        )  # fmt: skip
        return [
            {
                "iri": iri,
                "title": text(iri, dct.title) or text(iri, foaf.name) or Text(iri),
                "description": text(iri, dct.description),
                "rows": [
                    (view.compact(p), [_catalogue_value(o) for o in objects(iri, p)])
                    for p in sorted({t.predicate.value for t in triples if t.subject.value == iri})  # type: ignore[union-attr]
                    if p not in (rdf.type, dct.title, dct.description)
                ],
            }
            for iri in found
        ]

    return respond.page(
        "catalogue.html",
        groups=[
            ("catalogue.title", described(dcat.Catalog)),
            ("catalogue.dataset", described(dcat.Dataset)),
            ("catalogue.distributions", described(dcat.Distribution)),
            ("catalogue.services", described(dcat.DataService)),
        ],
        page_iri="",
        page_forms=respond.forms("/catalog"),
    )


def _catalogue_value(term: Any) -> Link | Text:
    view = respond.view()
    if isinstance(term, ox.NamedNode):
        link = view.link(term.value)
        return link._replace(label=Text(term.value)) if link.external or not link.href else link
    return view.literal(term)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Answer with the VoID description."""
    path = respond.live().release.file(manifest.VOID)
    return respond.answer(GRAPHS, lambda form: graphs.write(graphs.read(path), form))


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Send the JSON-LD context of the ontology."""
    path = respond.live().release.file(manifest.VOCABULARIES) / "context.jsonld"
    return respond.answer((JSON_LD,), lambda _: path.read_bytes(), JSON_LD.suffix)


# --- for machines


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let crawlers into pages and dumps, but not into queries."""
    return Response(
        f"User-agent: *\nDisallow: {request.script_root}/sparql\n", content_type="text/plain; charset=utf-8"
    )
