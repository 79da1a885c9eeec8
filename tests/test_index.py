"""The index of a release: the time that its data is about, as portfolios, projects or the settings tell it."""

from __future__ import annotations

import json
from pathlib import Path

import portfolios
import pytest
import rdflib
from rdflib import DCTERMS, URIRef

from publisher import manifest, release
from publisher.manifest import Release
from publisher.namespaces import dcat

PROJECTS = """\
@prefix pf: <https://w3id.org/project-portfolio/def#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/p/id/portfolio/p> a pf:Portfolio ; dct:identifier "p" ; dct:title "All"@en ;
    pf:project <https://example.org/p/id/project/A>, <https://example.org/p/id/project/B> .
<https://example.org/p/id/project/A> a pf:Project ; pf:portfolio <https://example.org/p/id/portfolio/p> ;
    dct:identifier "A" ; dct:title "One"@en ;
    pf:startDate "2008-04-01Z"^^xsd:date ; pf:startYear "2008"^^xsd:gYear ; pf:endYear "2013"^^xsd:gYear .
<https://example.org/p/id/project/B> a pf:Project ; pf:portfolio <https://example.org/p/id/portfolio/p> ;
    dct:identifier "B" ; dct:title "Two"@en ;
    pf:startYear "2009"^^xsd:gYear ; pf:endDate "2013-06-30"^^xsd:date ; pf:endYear "2013"^^xsd:gYear .
"""


def period(made: Release) -> tuple[str, ...]:
    """Return start and end as the catalogue tells them of the latest dataset."""
    graph = rdflib.Graph().parse(made.file(manifest.CATALOGUE))
    dataset = URIRef(f"{made.manifest.base_iri}/id/dataset/portfolio")
    told = graph.value(dataset, DCTERMS.temporal)
    return tuple(str(graph.value(told, URIRef(p))) for p in (dcat.startDate, dcat.endDate))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, ("2008-04-01", "2013")),
        ({"period_start": "2007", "period_end": "2015"}, ("2007", "2015")),
        ({"period_end": "2015-12-31"}, ("2008-04-01", "2015-12-31")),
    ],
)
def test_projects_tell_the_period_where_nobody_else_does(
    tmp_path: Path, settings: dict[str, str], told: tuple[str, ...]
) -> None:
    folder = portfolios.write(tmp_path / "p")
    (tmp_path / "x.ttl").write_text(PROJECTS, encoding="utf-8")
    known = portfolios.settings(folder, profiles=[], base_iri="https://example.org/p", **settings)
    made, report, _ = release.build([str(tmp_path / "x.ttl")], known, tmp_path / "r")
    assert report.conforms
    assert period(made) == told


def test_a_portfolio_tells_its_own_period(osallisuus: Release) -> None:
    assert period(osallisuus) == ("2014", "2022")
    index = json.loads(osallisuus.file(manifest.INDEX).read_text(encoding="utf-8"))
    assert index["period"] == {"start": "2014", "end": "2022"}
    starts = [project["start_year"] for project in index["projects"]]
    assert min(starts) > "2014", "what its projects tell is another time"
