"""`/coverage`: which fields that the law asks for are there, as counted at build; page, JSON, and CSV of all."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from publisher import coverage as covered
from publisher import manifest
from publisher.formats import HTML, RESULTS_CSV
from publisher.web import respond, texts

blueprint = Blueprint("coverage", __name__)

_FORMS = (HTML, respond.JSON, RESULTS_CSV)


@blueprint.get("/coverage", defaults={"suffix": ""})
@blueprint.get("/coverage<suffix>")
def coverage(suffix: str) -> Response:
    """Answer with the coverage of the live release."""
    release = respond.live().release
    counted = release.file(manifest.COVERAGE)
    if not counted.is_file():  # a release of an earlier version of the program
        raise NotFound(texts.word("coverage.none", respond.language()))

    def make(form: Any) -> bytes | str:
        if form is respond.JSON:
            return counted.read_bytes()
        if form is RESULTS_CSV:
            return release.file(manifest.COVERAGE_ROWS).read_bytes()
        return _page(json.loads(counted.read_text(encoding="utf-8")))

    return respond.answer(_FORMS, make, suffix or None, stem="/coverage")


def _page(counted: dict[str, Any]) -> str:
    view = respond.view()
    for entry in counted["worst"]:
        entry["iri"] = view.link(entry["iri"]).href
    body = covered.fragment(counted, respond.language(), rows=respond.address("/coverage.csv"), project="{iri}")
    return respond.page("coverage.html", fragment=Markup(body))  # noqa: S704  # escaped where it is made
