"""`/`: what the portfolio is, its projects, and the ways to use the data; in RDF the description of the dataset."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response

from publisher.formats import HTML
from publisher.web import composed, resources, respond
from publisher.web.labels import Text, View

blueprint = Blueprint("home", __name__)

_COUNTED = (
    ("count.outcomes", "Outcome"),
    ("count.continuations", "Continuation"),
    ("count.regional_links", "RegionalLink"),
    ("count.funding", "Funding"),
    ("count.sources", "Source"),
)
"""Interface text and class whose instances it counts."""


@blueprint.get("/")
def home() -> Response:
    """Answer with the home page, or with the description of the dataset."""

    def make(form: Any) -> bytes | str:
        if form is HTML:
            return _page()
        return composed.dataset(form)

    return respond.answer(respond.DOCUMENTS, make, stamp=composed.look().stamp)


def _page() -> str:
    view = respond.view()
    live = respond.live()
    index = live.index
    portfolios: list[str] = index.get("portfolios", [])
    counts = live.release.manifest.counts
    project_count = index.get("project_count", 0)
    numbers = [(key, counts[name]) for key, name in _COUNTED if counts.get(name)]
    if project_count:
        numbers.insert(0, ("count.projects", project_count))
    numbers.append(("count.triples", counts.get("triples", 0)))
    return respond.page(
        "home.html",
        page_iri=f"{resources.base_iri()}/id/dataset/portfolio",
        page_forms=respond.forms("/catalog"),
        portfolios=[
            {"iri": iri, "label": view.name(iri) or view.label(iri), **resources.portfolio(view, iri)}
            for iri in portfolios[:20]
        ],
        projects=[_project(view, entry) for entry in index.get("projects", [])],
        project_count=project_count,
        numbers=[(key, view.number(str(count))) for key, count in numbers],
        classes=[(view.link(c["iri"]), view.number(str(c["count"]))) for c in index.get("classes", [])[:30]],
        graphs=live.release.manifest.named_graphs[:100],
    )


def _project(view: View, entry: dict[str, Any]) -> dict[str, Any]:
    def text(values: dict[str, str]) -> Text | None:
        return view.choose(
            ox.Literal(value, language=tag) if tag else ox.Literal(value) for tag, value in values.items()
        )

    years = [year for year in (entry["start_year"], entry["end_year"]) if year]
    title = text(entry["title"]) or Text(entry["code"])
    return {
        "link": view.link(entry["iri"])._replace(label=title),
        "code": entry["code"],
        "short": text(entry["short"]),
        "years": "–".join(dict.fromkeys(years)),
        "groups": [view.link(iri) for iri in entry["target_groups"]],
        "outcomes": entry["outcomes"],
    }
