"""Files and facts of releases: dumps, manifests, the JSON-LD context."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, request, send_file
from werkzeug.exceptions import NotFound

from publisher import formats, manifest
from publisher.errors import ReleaseError
from publisher.formats import GRAPHS, HTML, JSON_LD
from publisher.manifest import Release
from publisher.web import composed, respond, texts
from publisher.web.failures import failure
from publisher.web.respond import JSON

log = logging.getLogger(__name__)
blueprint = Blueprint("downloads", __name__)

_SUFFIXES = (HTML.suffix, *(entry.suffix for entry in GRAPHS))
_DUMP_FORMATS = (*GRAPHS, formats.N_QUADS, formats.TRIG, *formats.TABLES, formats.CSVW)


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
            tables = any(entry["media_type"] == formats.RESULTS_CSV.media_type for entry in listed)
            return respond.page("dumps.html", release=release.manifest, dumps=listed, size=_size, tables=tables)
        return _json({"release": release.id, "statements_sha256": release.manifest.statements_sha256, "dumps": listed})

    return respond.answer((HTML, JSON), make, stamp=composed.look().changed)


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
    form = formats.by_suffix(name, _DUMP_FORMATS)
    plain = form.media_type if form else "application/octet-stream"
    response = send_file(
        path.resolve(),
        mimetype="application/gzip" if name.endswith(".gz") else plain,
        as_attachment=True,
        download_name=name,
        etag=facts["sha256"],
        conditional=True,
        max_age=0,
    )
    response.headers["Cache-Control"] = "public, no-cache"
    columns = name.removesuffix(formats.RESULTS_CSV.suffix) + formats.CSVW.suffix
    if form is formats.RESULTS_CSV and f"{manifest.DUMPS}/{columns}" in release.manifest.files:
        # Where CSV on the Web looks first (Model for Tabular Data, 5.2); then at this very address unasked (5.3).
        response.headers["Link"] = f'<{columns}>; rel="describedby"; type="{formats.CSVW.media_type}"'
    return response


def _manifest_path(release: Release) -> str:
    return f"{request.script_root}/releases/{release.id}/manifest.json"


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Send the JSON-LD context of the ontology."""
    path = respond.live().release.file(manifest.VOCABULARIES) / "context.jsonld"
    return respond.answer((JSON_LD,), lambda _: path.read_bytes(), JSON_LD.suffix)
