"""`publisher check-catalogue`: its rules beside the official ones, its points metric by metric, hostile catalogues."""

from __future__ import annotations

import gzip
import http.server
import json
import re
import shutil
import socket
import string
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, SH, URIRef
from shared_files import SHARED
from test_server import Server, free_port

from publisher import cli, config, manifest
from publisher.catalogue_check import graphs, probing, quality, reading, report, rules, texts
from publisher.catalogue_check.fetching import Client, Permit, Probe
from publisher.catalogue_check.quality import METRICS, Metric
from publisher.errors import ConfigError, InputError
from publisher.manifest import Release
from publisher.namespaces import dcat, dct, foaf, spdx
from publisher.validation.engines import PyShacl, RustShacl, Shapes

RULES = config.shipped("shapes", "dcat-ap", "rules.ttl")
OFFICIAL = SHARED / "dcat-ap" / "3.0.1" / "html-shacl"
EU = "http://publications.europa.eu/resource/authority"
IANA = "http://www.iana.org/assignments/media-types"
SERIES = f"{dcat.base}DatasetSeries"

PREFIXES = f"""
@prefix dcat: <{dcat.base}> . @prefix dct: <{dct.base}> . @prefix foaf: <{foaf.base}> . @prefix eu: <{EU}/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> . @prefix : <https://example.org/> .
"""
FULL = (
    PREFIXES
    + f"""
:catalogue a dcat:Catalog ; dct:title "Catalogue"@en ; dct:description "All of it"@en ; dct:publisher :office ;
    dcat:dataset :data .
:office a foaf:Agent ; foaf:name "Office"@en .
:data a dcat:Dataset ; dct:title "Data"@en , "Aineisto"@fi ; dct:description "Data"@en ;
    dcat:keyword "projects"@en ; dcat:theme <{EU}/data-theme/SOCI> ; dct:spatial <{EU}/country/FIN> ;
    dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2014"^^xsd:gYear ] ;
    dct:accessRights <{EU}/access-right/PUBLIC> ; dcat:contactPoint [ a vcard:Kind ; vcard:fn "Office" ] ;
    dct:publisher :office ; dct:issued "2026-01-01"^^xsd:date ; dct:modified "2026-01-01"^^xsd:date ;
    dcat:distribution :turtle .
:turtle a dcat:Distribution ; dcat:accessURL <https://data.example.org/d.ttl> ;
    dcat:downloadURL <https://data.example.org/f.ttl> ; dct:format <{EU}/file-type/RDF_TURTLE> ;
    dcat:mediaType <{IANA}/text/turtle> ; dct:license <{EU}/licence/CC_BY_4_0> ; dct:rights :rights ;
    dcat:byteSize "10"^^xsd:nonNegativeInteger .
:rights a dct:RightsStatement .
"""
)
"""A catalogue with full marks, as long as its two addresses answer."""
ANSWER = {
    "https://data.example.org/d.ttl": Probe("answers", 200),
    "https://data.example.org/f.ttl": Probe("answers", 302),
}


def read(turtle: str, tmp_path: Path, name: str = "catalogue.ttl") -> reading.Catalogue:
    path = tmp_path / name
    path.write_text(turtle, encoding="utf-8")
    return reading.from_file(path, name)


def assessed(turtle: str, tmp_path: Path, probes: dict[str, Probe] = ANSWER) -> quality.Assessment:
    graph = read(turtle, tmp_path).graph
    return quality.assess(graph, own().check(graph), probes)


def missing(assessment: quality.Assessment) -> dict[str, int]:
    return {r.metric.id: r.metric.points for each in assessment.datasets for r in each.results if r.state == "missing"}


@cache
def own() -> rules.Rules:
    return rules.Rules()


@cache
def with_official() -> rules.Rules:
    return rules.Rules(files())


# -- the points


def test_the_metrics_are_those_of_the_assessment() -> None:
    points: dict[str, int] = defaultdict(int)
    for metric in METRICS:
        points[metric.dimension] += metric.points
    assert points == {
        "findability": 100, "accessibility": 100, "interoperability": 110, "reusability": 75, "contextuality": 20
    }  # fmt: skip
    assert sum(points.values()) == quality.MAXIMUM == 405
    assert len(METRICS) == len({metric.id for metric in METRICS}) == 24


def test_full_marks(tmp_path: Path) -> None:
    found = assessed(FULL, tmp_path)
    assert (found.points, found.rating, found.unchecked) == (405, "excellent", 0)


FORMAT = ("format", "format-known", "non-proprietary", "machine-readable")


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        (' dcat:keyword "projects"@en ;', "", ("keyword",)),
        (f" dcat:theme <{EU}/data-theme/SOCI> ;", "", ("theme",)),
        (f" dct:spatial <{EU}/country/FIN> ;", "", ("spatial",)),
        (' dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2014"^^xsd:gYear ] ;', "", ("temporal",)),
        (" dcat:accessURL <https://data.example.org/d.ttl> ;", "", ("access-url-answers", "dcat-ap")),
        ("/d.ttl>", "/gone>", ("access-url-answers",)),
        (" dcat:downloadURL <https://data.example.org/f.ttl> ;", "", ("download-url", "download-url-answers")),
        ("/f.ttl>", "/gone>", ("download-url-answers",)),
        (f" dct:format <{EU}/file-type/RDF_TURTLE> ;", "", FORMAT),
        ("file-type/RDF_TURTLE", "file-type/XLSX", ("non-proprietary",)),
        ("file-type/RDF_TURTLE", "file-type/NONE_SUCH", FORMAT[1:]),
        (f" dcat:mediaType <{IANA}/text/turtle> ;", "", ("media-type", "media-type-known")),
        ("media-types/text/turtle", "media-types/turtle", ("media-type-known",)),
        (f" dct:license <{EU}/licence/CC_BY_4_0> ;", "", ("licence", "licence-known")),
        ("licence/CC_BY_4_0", "licence/OUR_OWN", ("licence-known",)),
        (f" dct:accessRights <{EU}/access-right/PUBLIC> ;", "", ("access-rights", "access-rights-known")),
        ("access-right/PUBLIC", "access-right/FRIENDS", ("access-rights-known",)),
        (' dcat:contactPoint [ a vcard:Kind ; vcard:fn "Office" ] ;', "", ("contact-point",)),
        (" dct:rights :rights ;", "", ("rights",)),
        (' ;\n    dcat:byteSize "10"^^xsd:nonNegativeInteger', "", ("byte-size",)),
        (' dct:issued "2026-01-01"^^xsd:date ;', "", ("issued",)),
        (' dct:modified "2026-01-01"^^xsd:date ;', "", ("modified",)),
        ('dct:description "Data"@en ;', "", ("dcat-ap",)),
        ('"10"^^xsd:nonNegativeInteger', '"ten"', ("dcat-ap",)),
        ("    dcat:distribution :turtle", "   dcat:landingPage :turtle", tuple(
            metric.id for metric in METRICS if metric.on == "distribution")),
    ],
)  # fmt: skip
def test_what_is_removed_costs_exactly_its_points(old: str, new: str, lost: tuple[str, ...], tmp_path: Path) -> None:
    assert FULL.count(old) == 1
    probes = {**ANSWER, "https://data.example.org/gone": Probe("fails", 404, "url.status", "404")}
    found = assessed(FULL.replace(old, new), tmp_path, probes)
    assert set(missing(found)) == set(lost)
    assert found.points == 405 - sum(metric.points for metric in METRICS if metric.id in lost)


def test_the_publisher_of_the_dataset_counts(tmp_path: Path) -> None:
    text = FULL.replace("    dct:publisher :office ; dct:issued", "    dct:issued")
    assert missing(assessed(text, tmp_path)) == {"publisher": 10}


def test_every_metric_was_removed_once() -> None:
    marks = test_what_is_removed_costs_exactly_its_points.pytestmark  # type: ignore[attr-defined]
    lost = {name for case in marks[0].args[1] for name in case[2]}
    assert lost | {"publisher"} == {metric.id for metric in METRICS}


def test_the_best_distribution_counts_and_is_one(tmp_path: Path) -> None:
    worse = (
        ":data dcat:distribution :sheet . :sheet a dcat:Distribution ; "
        f"dcat:accessURL <https://data.example.org/d.ttl> ; dct:format <{EU}/file-type/CSV> ."
    )
    found = assessed(FULL + worse, tmp_path)
    assert found.points == 405
    assert found.datasets[0].distribution == ox.NamedNode("https://example.org/turtle")
    assert found.datasets[0].distributions == 2
    # The format is the sheet's, all else the other's: nothing is put together from both.
    text = FULL.replace(f" dct:format <{EU}/file-type/RDF_TURTLE> ;", "") + worse
    assert set(missing(assessed(text, tmp_path))) == set(FORMAT)


def test_addresses_that_nobody_asked_are_open_not_missing(tmp_path: Path) -> None:
    found = assessed(FULL, tmp_path, {})
    assert (found.points, found.unchecked, missing(found)) == (325, 80, {})
    refused = dict.fromkeys(ANSWER, Probe("refused", 0, "url.other-server", "data.example.org"))
    assert assessed(FULL, tmp_path, refused).unchecked == 80


def test_a_catalogues_points_are_the_mean_and_a_series_is_none(tmp_path: Path) -> None:
    more = (
        ':poor a dcat:Dataset ; dct:title "Poor" ; dct:description "Poor" . :all a dcat:DatasetSeries , dcat:Dataset .'
    )
    found = assessed(FULL + more, tmp_path)
    assert [each.points for each in found.datasets] == [405, 30]
    assert (found.points, found.rating) == (217.5, "sufficient")


def test_a_fault_of_one_dataset_is_not_the_others(tmp_path: Path) -> None:
    more = ':untitled a dcat:Dataset ; dct:description "x" ; dcat:inSeries :all . :data dct:relation :untitled .'
    states = {
        str(each.dataset): r.state
        for each in assessed(FULL + more, tmp_path).datasets
        for r in each.results
        if r.metric.id == "dcat-ap"
    }
    assert states == {"<https://example.org/data>": "met", "<https://example.org/untitled>": "missing"}


@pytest.mark.parametrize(
    ("points", "rating"), [(405, "excellent"), (351, "excellent"), (350, "good"), (220.9, "sufficient"), (120, "bad")]
)
def test_ratings(points: float, rating: str) -> None:
    assert quality.rating(points) == rating


@pytest.mark.parametrize(
    ("iri", "known"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", True),
        ("http://creativecommons.org/publicdomain/zero/1.0/deed.fi", True),
        ("http://opendatacommons.org/licenses/odbl/1.0/", True),
        (f"{EU}/licence/CC0", True),
        ("https://creativecommons.org/licenses/ours/4.0/", False),
        ("https://example.org/licences/CC_BY_4_0", False),
    ],
)
def test_known_licences(iri: str, known: bool, tmp_path: Path) -> None:
    text = FULL.replace(f"{EU}/licence/CC_BY_4_0", iri)
    assert ("licence-known" in missing(assessed(text, tmp_path))) is not known


# -- the rules: every one is broken by a case that is made from the shapes themselves


@cache
def rule_graph() -> rdflib.Graph:
    return rdflib.Graph().parse(RULES)


def shape_classes() -> Iterator[tuple[str, str]]:
    """Yield each rule of a property with the class that it is asked of."""
    graph = rule_graph()
    for node, kind in graph.subject_objects(SH.targetClass):
        for shape in graph.objects(node, SH.property):
            yield str(shape), str(kind)


def sample(path: str, shapes: list[URIRef]) -> str:
    """Return a value of a property that its rules accept, as N-Triples."""
    graph = rule_graph()
    by_path = {
        f"{foaf.base}primaryTopic": f"<{EX}topic>",
        dcat.themeTaxonomy: f"<{EU}/data-theme>",
        spdx.algorithm: f"<{spdx.base}checksumAlgorithm_sha256>",
        dct.spatial: f"<{EU}/country/FIN>",
        dcat.dataset: f"<{EX}dataset>",
        dcat.distribution: f"<{EX}distribution>",
        dcat.service: f"<{EX}topic>",
    }
    if path in by_path:
        return by_path[path]
    xsd = "http://www.w3.org/2001/XMLSchema#"
    for shape in shapes:
        if pattern := graph.value(shape, SH.pattern):
            table = re.search(r"authority/([a-z-]+)/", str(pattern).replace("\\", ""))
            return f"<{EU}/{table[1]}/CODE>" if table else f"<{IANA}/text/turtle>"
        if datatype := graph.value(shape, SH.datatype):
            values = {"decimal": "1.5", "duration": "P1D", "nonNegativeInteger": "1", "hexBinary": "ab"}
            return f'"{values[str(datatype).removeprefix(xsd)]}"^^<{datatype}>'
        if graph.value(shape, SH["or"]):
            return f'"2024"^^<{xsd}gYear>'
    kinds = {graph.value(shape, SH.nodeKind) for shape in shapes}
    return '"text"@en' if SH.Literal in kinds else f"<{EX}thing>"


EX = "https://example.org/x/"
TOPIC = "".join(
    f"<{EX}{name}> <{RDF.type}> <{kind}> .\n"
    for name, kind in (("topic", dcat.DataService), ("dataset", dcat.Dataset), ("distribution", dcat.Distribution))
)
INVERSE = f"{dcat.base}inSeries"


def case(shape: str, kind: str, focus: str, broken: bool = True) -> str:
    """Return the N-Triples of a node of a class that has everything, but that one rule is broken."""
    graph = rule_graph()
    by_path: dict[str, list[URIRef]] = defaultdict(list)
    for other, cls in shape_classes():
        path = graph.value(URIRef(other), SH.path)
        if cls == kind and isinstance(path, URIRef):
            by_path[str(path)].append(URIRef(other))
    mine = URIRef(shape)
    broken_path = graph.value(mine, SH.path)
    lines = [f"<{focus}> <{RDF.type}> <{kind}> ."]
    if kind == SERIES and not (broken and isinstance(broken_path, rdflib.BNode)):
        lines.append(f"<{focus}/member> <{INVERSE}> <{focus}> .")
    for path, shapes in sorted(by_path.items()):
        values = [sample(path, shapes)]
        if broken and URIRef(path) == broken_path:
            if graph.value(mine, SH.minCount):
                values = []
            elif graph.value(mine, SH.maxCount):
                values.append(values[0].replace("text", "other").replace("thing", "other").replace("CODE", "OTHER"))
                if len(set(values)) == 1:
                    values[1] = values[0].replace("1", "2").replace("2024", "2025").replace("ab", "cd")
                if len(set(values)) == 1:
                    values[1] = values[0].replace("/turtle", "/csv").replace("sha256", "sha1").replace("topic", "also")
                if values[1].startswith(f"<{EX}also"):
                    lines.append(f"<{EX}also> <{RDF.type}> <{dcat.Dataset}> .")
            elif graph.value(mine, SH.nodeKind) == SH.Literal:
                values = [f"<{EX}no-text>"]
            elif graph.value(mine, SH.nodeKind):
                values = ['"no link"']
            elif graph.value(mine, SH.pattern) or graph.value(mine, SH.hasValue):
                values = [f"<{EX}no-table>"]
            elif shape.endswith("Class"):
                values = [f"<{EX}nothing-is-said-of-it>"]
            else:
                values = ['"nonsense"']
        lines += [f"<{focus}> <{path}> {value} ." for value in values]
    return "\n".join(lines) + "\n"


@cache
def cases() -> tuple[str, dict[str, str]]:
    """Return one graph with a case a rule, and the rule by its focus node."""
    text, broken = TOPIC, {}
    for number, (shape, kind) in enumerate(sorted(shape_classes())):
        focus = f"https://example.org/case/{number}"
        broken[focus] = shape
        text += case(shape, kind, focus)
    return text, broken


@cache
def own_findings() -> frozenset[Any]:
    return frozenset(RustShacl(Shapes.of(RULES)).validate(cases()[0]))


def test_a_node_that_has_everything_gets_no_remark() -> None:
    text = TOPIC
    for number, kind in enumerate(sorted({kind for _, kind in shape_classes()})):
        shape = next(shape for shape, other in sorted(shape_classes()) if other == kind)
        text += case(shape, kind, f"https://example.org/whole/{number}", broken=False)
    found = RustShacl(Shapes.of(RULES)).validate(text)
    assert {finding for finding in found if "/whole/" in finding.focus} == set()


def test_every_broken_rule_says_so_and_only_rules_of_its_property() -> None:
    graph = rule_graph()
    found = defaultdict(set)
    for finding in own_findings():
        found[finding.focus].add(finding.shape)
    _, broken = cases()
    assert len(broken) > 240
    assert {shape for focus, shape in broken.items() if shape not in found[focus]} == set()

    def path(shape: str) -> str:
        named = graph.value(URIRef(shape), SH.path)
        return str(named) if isinstance(named, URIRef) else "inverse"

    others = {(shape, other) for focus, shape in broken.items() for other in found[focus] if path(other) != path(shape)}
    contents = f"{rules.NAMESPACE}Catalog-contents"
    assert others <= {(f"{rules.NAMESPACE}{name}", contents) for name in ("Catalog-datasetLink", "Catalog-serviceLink")}


@pytest.mark.parametrize(
    ("turtle", "rule"),
    [
        (":c a dcat:Catalog .", "Catalog-contents"),
        (":r a dcat:CatalogRecord ; foaf:primaryTopic :x .", "CatalogRecord-primaryTopicKind"),
        (":c dct:publisher :p . :p a foaf:Agent ; dct:type :ministry .", "Publisher-typeTable"),
        (":x dct:title 'nothing of DCAT' .", "Catalog-present"),
    ],
)
def test_rules_that_look_at_more_than_one_property(turtle: str, rule: str, tmp_path: Path) -> None:
    found = own().check(read(PREFIXES + turtle, tmp_path).graph)
    assert f"{rules.NAMESPACE}{rule}" in {remark.rule for remark in found}


@pytest.mark.slow
def test_both_engines_say_the_same() -> None:
    assert frozenset(PyShacl(Shapes.of(RULES)).validate(cases()[0])) == own_findings()


def test_every_rule_speaks_three_languages_and_has_a_severity() -> None:
    graph = rule_graph()
    for shape in {URIRef(shape) for shape, _ in shape_classes()} | set(graph.subjects(RDF.type, SH.PropertyShape)):
        for predicate in (SH.message, SH.name):
            spoken = [o.language for o in graph.objects(shape, predicate) if isinstance(o, rdflib.Literal)]
            assert sorted(filter(None, spoken)) == ["en", "fi", "sv"], shape
        assert graph.value(shape, SH.severity) in (SH.Violation, SH.Warning)
    asked = [shape for shape, _ in shape_classes()]
    assert len(asked) == len(set(asked)), "a rule of two classes"


def official(name: str, text: str) -> set[tuple[str, str, str]]:
    if not (OFFICIAL / name).is_file():
        pytest.skip(f"DCAT-AP's {name} is not in ../shared/dcat-ap/3.0.1/html-shacl")
    return {(f.severity, f.focus, f.path) for f in PyShacl(Shapes.of(OFFICIAL / name)).validate(text)}


def ours(endings: Callable[[str], bool]) -> set[tuple[str, str, str]]:
    return {(f.severity, f.focus, f.path) for f in own_findings() if endings(f.shape)}


def of_a_case(found: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    return {entry for entry in found if "/case/" in entry[1] and not entry[1].endswith("/member")}


@pytest.mark.slow
def test_our_mandatory_rules_agree_with_the_official_ones() -> None:
    text, _ = cases()
    recommended = {f.shape for f in own_findings() if f.severity == "warning" and not f.shape.endswith("-member")}
    mine = ours(lambda shape: not shape.endswith(("Table", "Class")) and shape not in recommended)
    theirs = of_a_case(official("shapes.ttl", text))
    assert theirs - of_a_case(mine) == set()
    # For some dates the official file writes sh:shape, which SHACL does not know, so that they are not looked at.
    _, broken = cases()
    assert {broken[focus].removeprefix(rules.NAMESPACE) for _, focus, _ in of_a_case(mine) - theirs} == {
        "CatalogRecord-modifiedDate", "Dataset-issuedDate", "Dataset-modifiedDate", "PeriodOfTime-endDateDate",
        "PeriodOfTime-startDateDate",
    }  # fmt: skip


@pytest.mark.slow
def test_what_is_listed_and_not_described_is_a_fault_to_the_official_ranges_too() -> None:
    text, _ = cases()
    asked = {shape for shape, _ in shape_classes() if shape.endswith("Class")}
    assert len(asked) == 3
    assert of_a_case(ours(lambda shape: shape in asked)) <= of_a_case(official("range.ttl", text))


@pytest.mark.slow
def test_our_recommended_rules_agree_with_the_official_ones() -> None:
    text, _ = cases()
    mine = {entry for entry in ours(lambda shape: not shape.endswith(("Table", "-member"))) if entry[0] == "warning"}
    assert of_a_case(official("shapes_recommended.ttl", text)) - of_a_case(mine) == {
        # Places are mostly entries of tables, and their outline is not a catalogue's to tell.
        entry for entry in of_a_case(official("shapes_recommended.ttl", text)) if entry[2] in (
            f"{dcat.base}bbox", f"{dcat.base}centroid") and entry[0] == "warning"
    }  # fmt: skip
    assert of_a_case(mine) <= of_a_case(official("shapes_recommended.ttl", text))


@pytest.mark.slow
def test_our_tables_agree_with_the_official_ones(tmp_path: Path) -> None:
    text, broken = cases()
    graph = read(text, tmp_path, "cases.nt").graph
    background, _ = rules._background(graph)
    found = {(focus, path) for _, focus, path in of_a_case(official("mdr-vocabularies.shape.ttl", text + background))}
    tables = {(f.focus, f.path) for f in own_findings() if f.shape.endswith("Table")}
    known = (dct.publisher, spdx.algorithm)
    differing = {(broken[focus], path) for focus, path in found ^ tables if path not in known}
    assert {path for _, path in differing} <= {dct.type}, differing  # see the next test


def test_the_type_of_a_publisher_is_only_warned_of() -> None:
    # The official files call it a violation inside a node that the publisher's warning refers to: a warning comes out.
    shape = URIRef(f"{rules.NAMESPACE}Publisher-typeTable")
    assert rule_graph().value(shape, SH.severity) == SH.Warning


def test_blank_nodes_are_named_as_the_catalogue_has_them(tmp_path: Path) -> None:
    text = FULL.replace('dcat:startDate "2014"^^xsd:gYear', 'dcat:startDate "soon"')
    graph = read(text, tmp_path).graph
    remark = next(r for r in own().check(graph) if r.rule.endswith("PeriodOfTime-startDateDate"))
    assert remark.node.startswith("_:")
    assert graph.owner(graphs.node(remark.node)) == (ox.NamedNode("https://example.org/data"), dct.temporal)
    shown = report.write(checked(text, tmp_path), "text", "fi")
    assert "nimetön solmu: Aineisto <https://example.org/data> → dct:temporal" in shown


@pytest.mark.parametrize("value", ["[ a <http://www.w3.org/2004/02/skos/core#Concept> ]", "_:theme"])
def test_a_blank_node_is_no_iri(value: str, tmp_path: Path) -> None:
    text = FULL.replace(f"dcat:theme <{EU}/data-theme/SOCI>", f"dcat:theme {value}")
    found = {(r.rule.removeprefix(rules.NAMESPACE), r.value[:2]) for r in own().check(read(text, tmp_path).graph)}
    assert ("Dataset-themeLink", "_:") in found


def test_blank_nodes_without_end_are_no_trouble(tmp_path: Path) -> None:
    # Each of them leads to all, and each is faulty: pySHACL would copy 40 to the power of ten statements.
    labels = [f"_:x{number}" for number in range(40)]
    tangle = " ".join(f"{label} a foaf:Agent ; dct:relation {' , '.join(labels)} ." for label in labels)
    text = FULL + f":data dct:creator {labels[0]} . " + tangle
    held = with_official() if (OFFICIAL / "shapes.ttl").is_file() else own()
    remarks = held.check(read(text, tmp_path).graph)
    assert sum(r.rule == f"{rules.NAMESPACE}Agent-name" for r in remarks) == 40


# -- the official shapes


def files() -> list[Path]:
    if not (OFFICIAL / "shapes.ttl").is_file():
        pytest.skip("DCAT-AP's shapes are not in ../shared/dcat-ap/3.0.1/html-shacl")
    return rules.official_files(SHARED / "dcat-ap" / "3.0.1")


def test_the_official_folder_is_found_and_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"shapes\.ttl"):
        rules.official_files(tmp_path)
    assert [file.name for file in files()] == list(rules.OFFICIAL)
    assert rules.official_files(OFFICIAL) == rules.official_files(SHARED / "dcat-ap") == files()


def test_official_violations_and_ours_are_told_once(tmp_path: Path) -> None:
    text = FULL.replace('dct:description "Data"@en ;', "")
    remarks = with_official().check(read(text, tmp_path).graph)
    found = [r for r in remarks if r.node == "https://example.org/data" and r.path == dct.description]
    assert [(r.severity, r.files) for r in found] == [("violation", ("shapes.ttl",))]
    assert found[0].rule == f"{rules.NAMESPACE}Dataset-description"


def test_a_dataset_that_is_listed_and_not_described_is_told_once(tmp_path: Path) -> None:
    text = FULL + "<https://example.org/cat> a dcat:Catalog ; dcat:dataset <https://example.org/elsewhere> ."
    remarks = with_official().check(read(text, tmp_path).graph)
    found = [r for r in remarks if r.value == "https://example.org/elsewhere"]
    assert [(r.severity, r.rule, r.files) for r in found] == [
        ("violation", f"{rules.NAMESPACE}Catalog-datasetClass", ("range.ttl",))
    ]


def test_a_value_that_is_none_of_its_datatype_is_told_in_the_report_and_not_in_a_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = FULL.replace(
        'dct:description "Data"@en ;', 'dct:description "Data"@en ; dct:modified "2024-13-40"^^xsd:date ;'
    )
    assert "2024-13-40" in text
    with_official().check(read(text, tmp_path).graph)
    assert caplog.text == ""


def test_a_catalogue_that_only_links_to_tables_is_not_blamed_for_it(tmp_path: Path) -> None:
    # The official validator imports the tables; the range checks would else object to every link.
    remarks = with_official().check(read(FULL, tmp_path).graph)
    assert rules.violations(remarks) == []


def test_the_shipped_catalogue_has_no_unexplained_finding(osallisuus: Release) -> None:
    graph = reading.from_file(osallisuus.file(manifest.CATALOGUE), "shipped").graph
    remarks = with_official().check(graph)
    assert rules.violations(remarks) == []
    explained = [remark for remark in remarks if remark.explained]
    assert {r.path for r in explained} >= {spdx.algorithm}
    open_remarks = {(r.path, r.node) for r in remarks if not r.explained}
    assert {path for path, _ in open_remarks} <= NOT_SET


NOT_SET = {dct.type}
"""What the shipped settings leave to the installation: the type of the publisher."""


# -- reading, and what is hostile


def test_every_form_gives_the_same_statements(tmp_path: Path) -> None:
    store = ox.Store()
    store.load(FULL.encode(), format=ox.RdfFormat.TURTLE, base_iri="https://example.org/")
    graph = len(store)
    for form, name in (
        (ox.RdfFormat.TURTLE, "a.ttl"),
        (ox.RdfFormat.N_TRIPLES, "a.nt"),
        (ox.RdfFormat.RDF_XML, "a.rdf"),
        (ox.RdfFormat.JSON_LD, "a.jsonld"),
        (ox.RdfFormat.RDF_XML, "a"),  # by its content
        (ox.RdfFormat.JSON_LD, "b"),
        (ox.RdfFormat.TURTLE, "c"),
        (ox.RdfFormat.RDF_XML, "catalogue.xml"),
    ):
        data = store.dump(format=form, from_graph=ox.DefaultGraph())
        assert data is not None
        (tmp_path / name).write_bytes(data)
        found = reading.from_file(tmp_path / name, name)
        assert len(found.graph) == graph, name
    (tmp_path / "a.ttl.gz").write_bytes(gzip.compress(FULL.encode()))
    assert len(reading.from_file(tmp_path / "a.ttl.gz", "a").graph) == graph


ENTITIES = "".join(f'<!ENTITY e{number} "x">' for number in range(101))
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="http://p/">{}</rdf:RDF>'


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.rdf", '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>' + XML.format("&b;"), "another entity"),
        ("a.rdf", '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + XML.format("&a;"), "elsewhere"),
        ("a.rdf", f'<!DOCTYPE r [<!ENTITY a "{"x" * 999}">]>' + XML.format("&a;" * 60_000), "grow"),
        ("a.rdf", f"<!DOCTYPE r [{ENTITIES}]>" + XML.format(""), "more than 100 entities"),
        ("a.rdf", XML.format("<rdf:Description><p:p>" * 200), "deeper"),
        ("a.rdf", "<html><body>no", "web page"),
        ("a.rdf", "<rdf:RDF ><body>no", "well-formed"),
        ("a.jsonld", '{"http://p/p":' * 20_000 + "1" + "}" * 20_000, "deeper"),
        ("a.jsonld", '{"@context": "http://127.0.0.1:9/c.jsonld", "@id": "http://a/b"}', "none is fetched"),
        ("a.ttl", "<http://a/b> <http://p/p> ", "1:"),
        ("a.ttl", "\x00\x01\x02", "well-formed"),
        ("a.nt", "<http://a/b> <http://p/p> <<( <http://a> <http://b> <http://c> )>> .", "1"),
        # What took the square of its length, and what the parser calls a lack of memory.
        ("a.jsonld", '{"a": "' + '\\"' * 300_000, "well-formed"),
        ("a.nt", f'<http://a/b> <http://p/p> "{"a" * 17_000_000}" .', "cannot be read"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_in_words(name: str, text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        read(text, tmp_path, name)


def test_brackets_in_json_texts_do_not_count(tmp_path: Path) -> None:
    text = '{"@id": "http://a/b", "http://p/p": "' + "[{" * 500 + '\\""}'
    assert len(read(text, tmp_path, "a.jsonld").graph) == 1


def test_large_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 1000)
    with pytest.raises(InputError, match="larger than 1000"):
        read(FULL, tmp_path)
    (tmp_path / "bomb.ttl.gz").write_bytes(gzip.compress(b"#" * 1_000_000))
    with pytest.raises(InputError, match="larger than 1000"):
        reading.from_file(tmp_path / "bomb.ttl.gz", "bomb")
    monkeypatch.setattr(reading, "MAX_BYTES", 100_000)
    monkeypatch.setattr(reading, "MAX_STATEMENTS", 10)
    with pytest.raises(InputError, match="more than 10 statements"):
        read(FULL, tmp_path)


def test_pages_of_a_file_are_named_and_not_read(tmp_path: Path) -> None:
    found = read(FULL + "<https://example.org/c?page=1> hydra:next <https://example.org/c?page=2> .", tmp_path)
    assert found.unread == [("https://example.org/c?page=2", "page.file")]


def test_what_the_catalogue_says_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    shown = report.write(checked(FULL.replace('"Data"@en ,', '"\\u001b[2J\\u202Eevil"@en ,'), tmp_path), "text", "en")
    assert "evil" in shown
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", shown)


# -- catalogues of other publishers

CKAN = Path(__file__).parent / "cases" / "catalogues" / "ckan.rdf"
"""What ckanext-dcat 2 writes (RDFSerializer, profile euro_dcat_ap_2) of three invented datasets of a city."""


def test_a_catalogue_that_ckan_made(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(str(CKAN), "--json", capsys=capsys)
    found = json.loads(out)
    assert code == 1
    assert {r["rule"].rpartition("#")[2] for r in found["remarks"] if r["severity"] == "violation"} == {
        "Catalog-publisher", "Catalog-languageLink", "Catalog-languageTable", "Dataset-languageLink",
        "Dataset-languageTable", "Dataset-description", "Dataset-accrualPeriodicityLink",
        "Dataset-accrualPeriodicityTable", "Distribution-formatLink", "Distribution-formatTable",
        "Distribution-mediaTypeLink", "Distribution-mediaTypeTable", "Distribution-byteSizeType",
    }  # fmt: skip
    points = {d["title"]: (d["points"], d["unchecked"]) for d in found["mqa"]["datasets"]}
    assert points == {"Aineisto 1": (175, 50), "Aineisto 2": (60, 50), "Aineisto 3": (70, 0)}
    assert (found["mqa"]["points"], found["mqa"]["rating"]) == (101.7, "bad")
    # CKAN writes the next page's address as text, and an address without its scheme as it was typed in.
    assert [page["url"] for page in found["unread_pages"]] == ["https://data.kaupunki.example/catalog.rdf?page=2"]
    assert quality.addresses(reading.from_file(CKAN, CKAN.name).graph) == [
        "file:///www.kaupunki.example/taulukko.xlsx",
        "https://data.kaupunki.example/dataset/aineisto-1/resource/1/download/tiedosto%201%C3%A4.csv",
        "https://kartta.kaupunki.example/wms?service=WMS&request=GetCapabilities",
    ]


def test_points_of_several_datasets_add_up_and_say_of_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(str(CKAN), capsys=capsys)
    # 130 of three datasets, and 50: the mean of the sum, not the sum of rounded means (43.4 and 16.6).
    assert "findability: 43.3 / 100" in out
    assert "reusability: 16.7 / 75" in out
    assert "Missing 30 in 1 of 3 datasets – keywords: give the dataset keywords (dcat:keyword)." in out
    assert "Unchecked 50 in 2 of 3 datasets – access address answers." in out
    assert "Missing 20 in 3 of 3 datasets – non-proprietary format: " in out
    _, out, _ = run(str(CKAN), "--lang", "fi", capsys=capsys)
    assert "Puuttuu 30 (2/3 tietoaineistolta) – aiheet: " in out


def test_the_best_of_a_dataset_s_formats_is_named_by_the_table_not_by_text(tmp_path: Path) -> None:
    found = assessed(FULL.replace(f"dct:format <{EU}/file-type/RDF_TURTLE>", 'dct:format "CSV"'), tmp_path)
    assert set(missing(found)) == {"format-known", "non-proprietary", "machine-readable", "dcat-ap"}
    for language in texts.LANGUAGES:
        assert "authority/file-type/CSV" in texts.say("mqa.non-proprietary.how", language)


def test_several_catalogues_and_one_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = ':b a dcat:Catalog ; dct:title "B" ; dct:description "b" ; dct:publisher :office ; dcat:dataset :more .'
    other += ':more a dcat:Dataset ; dct:title "More" ; dct:description "more" .'
    (tmp_path / "two.ttl").write_text(FULL + other)
    code, out, _ = run(str(tmp_path / "two.ttl"), "--json", capsys=capsys)
    found = json.loads(out)
    assert (code, len(found["mqa"]["datasets"])) == (0, 2)
    assert {r["node"] for r in found["remarks"] if r["rule"].endswith("Catalog-license")} == {
        "https://example.org/catalogue", "https://example.org/b"
    }  # fmt: skip
    (tmp_path / "none.ttl").write_text(FULL.partition("    dcat:dataset :data .")[0] + "    dct:hasPart :x . " + OFFICE)
    code, out, _ = run(str(tmp_path / "none.ttl"), capsys=capsys)
    assert (code, "The catalogue has no dataset to assess." in out) == (0, True)
    code, out, _ = run(str(tmp_path / "none.ttl"), "--json", capsys=capsys)
    mqa = json.loads(out)["mqa"]
    assert (mqa["points"], mqa["rating"], mqa["datasets"]) == (0, None, [])


OFFICE = ":office a foaf:Agent ; foaf:name 'Office' . :x a dcat:Catalog ; dct:title 'x' ; dct:description 'x' ;"
OFFICE += " dct:publisher :office ."
BLANKS = """[] a dcat:Catalog ; dct:title "C" ; dct:description "d" ; dct:publisher [ a foaf:Agent ; foaf:name "O" ] ;
    dcat:dataset [ a dcat:Dataset ; dct:title "D" ; dct:description "d" ; dct:publisher [ ] ; dct:temporal [ ] ;
        dcat:distribution [ a dcat:Distribution ; dcat:accessURL [ ] ; dcat:downloadURL [ ] ; dct:license [ ] ] ] ."""


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_blank_nodes_everywhere_are_told_by_what_leads_to_them(language: str, tmp_path: Path) -> None:
    made = checked(PREFIXES + BLANKS, tmp_path)
    (dataset,) = made.assessment.datasets
    assert dataset.distribution is not None
    lost = missing(made.assessment)
    assert {"access-url-answers", "download-url-answers"} <= lost.keys()
    assert not {"licence", "temporal", "publisher", "download-url", "dcat-ap"} & lost.keys()
    assert "D" in report.write(made, "text", language)
    assert report.document(made)["mqa"]["datasets"][0]["dataset"].startswith("_:")


def test_text_in_place_of_links_is_told_of_each(tmp_path: Path) -> None:
    turtle = """:c a dcat:Catalog ; dct:title "C" ; dct:description "d" ; dct:publisher "City" ; dcat:dataset "x" .
        :d a dcat:Dataset ; dct:title "D" ; dct:description "d" ; dcat:theme "traffic" ; dcat:contactPoint "us" ;
            dct:publisher "City" ; dct:spatial "here" ; dct:temporal "now" ; dct:accessRights "public" ;
            dcat:distribution "y" , :e .
        :e a dcat:Distribution ; dcat:accessURL "https://data.example.org/a b" ; dct:license "CC BY" ;
            dcat:downloadURL "https://data.example.org/f" ; dct:format "CSV" ; dcat:mediaType "text/csv" ."""
    made = checked(PREFIXES + turtle, tmp_path)
    told = {texts.short(remark.path) for remark in made.remarks if remark.severity == "violation"}
    assert told >= {
        "dct:publisher", "dcat:dataset", "dcat:theme", "dcat:contactPoint", "dct:spatial", "dct:temporal",
        "dct:accessRights", "dcat:distribution", "dcat:accessURL", "dcat:downloadURL", "dct:license", "dct:format",
        "dcat:mediaType",
    }  # fmt: skip
    assert quality.addresses(made.catalogue.graph) == []
    out = report.write(made, "text", "en")
    assert "https://data.example.org/a b is text, no link. Write it as an IRI" in out
    reason = report.document(made)["mqa"]["datasets"][0]["metrics"]["download-url-answers"]["reason"]
    assert reason["sv"].startswith("https://data.example.org/f är text, ingen länk.")


# -- requests


class Web(http.server.ThreadingHTTPServer):
    """A small server that counts what it is asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, str, str]] = []
        self.slow = 0.0
        super().__init__(("127.0.0.1", 0), _Handler)
        self.base = f"http://127.0.0.1:{self.server_address[1]}"

    def give(
        self, path: str, body: str | bytes, media_type: str = "text/turtle", status: int = 200, **more: str
    ) -> str:
        data = body.encode() if isinstance(body, str) else body
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        self.pages[path] = (status, {"Content-Type": media_type, **headers}, data)
        return self.base + path


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, self.headers.get("Accept", "")))
        status, headers, body = self.server.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            for at in range(0, len(body), 100 if self.server.slow else 1 << 20):
                time.sleep(self.server.slow)
                try:
                    self.wfile.write(body[at : at + (100 if self.server.slow else 1 << 20)])
                except OSError:
                    return

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def stay(address: str) -> str:
    return address


def test_a_catalogue_is_fetched_as_turtle_where_it_can_be(web: Web) -> None:
    found = reading.from_url(web.give("/catalog", FULL), Permit(), stay, 5)
    assert found.origin == web.base
    assert quality.datasets(found.graph)
    assert web.asked == [("GET", "/catalog", reading.ACCEPT)]
    assert reading.ACCEPT.startswith("text/turtle,")


def test_other_forms_and_packed_answers_are_read(web: Web) -> None:
    store = ox.Store()
    store.load(FULL.encode(), format=ox.RdfFormat.TURTLE)
    for path, form, media_type in (
        ("/a", ox.RdfFormat.JSON_LD, "application/ld+json"),
        ("/b", ox.RdfFormat.RDF_XML, "application/rdf+xml"),
        ("/c", ox.RdfFormat.RDF_XML, "text/xml"),
        ("/d.nt", ox.RdfFormat.N_TRIPLES, "application/octet-stream"),
    ):
        data = store.dump(format=form, from_graph=ox.DefaultGraph())
        assert data is not None
        found = reading.from_url(web.give(path, data, media_type), Permit(), stay, 5)
        assert len(found.graph) == len(store)
    packed = web.give("/e", gzip.compress(FULL.encode()), Content_Encoding="gzip")
    assert len(reading.from_url(packed, Permit(), stay, 5).graph) == len(store)


JSON = f'{{"@id": "https://example.org/c", "@type": "{dcat.Catalog}"}}'
XML = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:dcat="{dcat.base}"><dcat:Catalog rdf:about="https://example.org/c"/></rdf:RDF>'
TTL = f"@prefix dcat: <{dcat.base}> . <https://example.org/c> a dcat:Catalog ."


@pytest.mark.parametrize("body", [JSON, XML, f'<?xml version="1.0"?>{XML}', TTL, f"\n {TTL}"])
@pytest.mark.parametrize(
    "media_type",
    ["text/turtle", "application/rdf+xml", "application/ld+json", "application/json", "text/plain", "text/html",
     "application/octet-stream", "x", ""],
)  # fmt: skip
def test_whatever_the_server_calls_it_what_it_plainly_is_is_read(web: Web, media_type: str, body: str) -> None:
    assert len(reading.from_url(web.give("/c", body, media_type), Permit(), stay, 5).graph) == 1


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html><html><body>", " <!doctype HTML>", "<html lang=fi>", "<?xml version='1.0'?>\n<html>"]
)
@pytest.mark.parametrize("media_type", ["text/html; charset=utf-8", "text/turtle", "application/rdf+xml"])
def test_a_web_page_is_no_catalogue_and_told_so(web: Web, media_type: str, page: str) -> None:
    with pytest.raises(InputError, match="is a web page, no catalogue"):
        reading.from_url(web.give("/c", page, media_type), Permit(), stay, 5)


def test_what_is_no_rdf_is_told_with_what_the_server_calls_it(web: Web) -> None:
    with pytest.raises(InputError, match=r"/c \(application/pdf\):1:1: is not well-formed text/turtle"):
        reading.from_url(web.give("/c", b"%PDF-1.4\n\x00\xff", "application/pdf"), Permit(), stay, 5)


def test_a_packed_file_is_read_and_one_that_is_cut_off_is_refused(web: Web, tmp_path: Path) -> None:
    packed = gzip.compress(FULL.encode())
    found = reading.from_url(web.give("/c.ttl.gz", packed, "application/gzip"), Permit(), stay, 5)
    assert quality.datasets(found.graph)
    (tmp_path / "c.ttl.gz").write_bytes(packed[:-40])
    with pytest.raises(InputError, match="cut off"):
        reading.from_file(tmp_path / "c.ttl.gz", "c.ttl.gz")
    with pytest.raises(InputError, match="cannot be unpacked"):
        reading.from_url(web.give("/d", b"\x1f\x8b" + b"x" * 50, "application/gzip"), Permit(), stay, 5)


def test_pages_that_are_named_in_text_are_followed_too(web: Web) -> None:
    web.give("/c", FULL + f'<{web.base}/c> hydra:next "{web.base}/c?page=2" ; hydra:nextPage "file:///x" .')
    web.give("/c?page=2", PREFIXES + ":second a dcat:Dataset .")
    found = reading.from_url(f"{web.base}/c", Permit(), stay, 5)
    assert (found.pages, len(quality.datasets(found.graph))) == (2, 2)
    assert found.unread == [("file:///x", "page.elsewhere")]


def test_pages_are_followed_on_the_same_server_only(web: Web) -> None:
    pages = f"<{web.base}/c> hydra:next <{web.base}/c?page=2> , <https://elsewhere.example/c> , <file:///etc/passwd> ."
    web.give("/c", FULL + pages)
    web.give("/c?page=2", PREFIXES + f":second a dcat:Dataset . <{web.base}/c?page=2> hydra:next <{web.base}/c> .")
    found = reading.from_url(f"{web.base}/c", Permit(), stay, 5)
    assert (found.pages, len(quality.datasets(found.graph))) == (2, 2)
    assert found.unread == [("file:///etc/passwd", "page.elsewhere"), ("https://elsewhere.example/c", "page.elsewhere")]


def test_pages_without_end_are_not(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_PAGES", 3)
    for number in range(6):
        web.give(f"/{number}", PREFIXES + f"<{web.base}/{number}> hydra:next <{web.base}/{number + 1}> .")
    found = reading.from_url(f"{web.base}/0", Permit(), stay, 5)
    assert (found.pages, [key for _, key in found.unread]) == (3, ["page.many"])


def test_redirects_are_followed_but_not_for_ever(web: Web) -> None:
    web.give("/end", FULL)
    web.give("/once", "", status=303, Location="/end")
    assert quality.datasets(reading.from_url(f"{web.base}/once", Permit(), stay, 5).graph)
    web.give("/loop", "", status=302, Location="/loop")
    with pytest.raises(InputError, match="more than 5 redirects"):
        reading.from_url(f"{web.base}/loop", Permit(), stay, 5)
    assert sum(path == "/loop" for _, path, _ in web.asked) == 6


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://example.org/c", "http://localhost:{port}/", "//[::1]/x"]
)
def test_a_redirect_leads_neither_to_files_nor_inside(target: str, web: Web) -> None:
    other = Web()  # another server of this machine: the user named only the first
    try:
        web.give("/c", "", status=302, Location=target.format(port=other.server_address[1]))
        with pytest.raises(InputError, match=r"url\.(no-address|internal)"):
            reading.from_url(f"{web.base}/c", Permit(), stay, 5)
        assert other.asked == []
    finally:
        other.server_close()


def test_an_error_a_large_answer_and_a_packed_bomb_are_refused(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="answers 404"):
        reading.from_url(f"{web.base}/none", Permit(), stay, 5)
    monkeypatch.setattr(reading, "MAX_BYTES", 10_000)
    with pytest.raises(InputError, match="larger"):
        reading.from_url(web.give("/large", "#" * 10_001), Permit(), stay, 5)
    bomb = web.give("/bomb", gzip.compress(b"#" * 10_000_000), Content_Encoding="gzip")
    with pytest.raises(InputError, match="larger"):
        reading.from_url(bomb, Permit(), stay, 5)
    with pytest.raises(InputError, match="coding"):
        reading.from_url(web.give("/br", b"", Content_Encoding="br"), Permit(), stay, 5)


def test_a_server_that_dribbles_is_left(web: Web) -> None:
    web.slow = 0.05
    url = web.give("/drip", "#" * 100_000)
    client = Client(Permit(frozenset({web.base})), timeout_s=1, total_s=0.3)
    began = time.monotonic()
    with pytest.raises(InputError, match=r"cannot be fetched|took longer"):
        client.get(url, "*/*", 1_000_000)
    assert time.monotonic() - began < 20, "the whole would take 50 s"


def test_addresses_are_asked_by_head_and_judged_by_status(web: Web) -> None:
    client = Client(Permit(frozenset({web.base})), 2)
    web.give("/moved", "", status=302, Location="file:///etc/passwd")
    web.give("/ok", "x")
    web.give("/forbidden", "", status=403)
    states = {path: client.head(web.base + path) for path in ("/ok", "/moved", "/forbidden", "/none")}
    assert {path: (probe.state, probe.status) for path, probe in states.items()} == {
        "/ok": ("answers", 200), "/moved": ("answers", 302), "/forbidden": ("fails", 403), "/none": ("fails", 404),
    }  # fmt: skip
    assert {method for method, _, _ in web.asked} == {"HEAD"}
    for status in (405, 501):  # GET might answer; the assessment does not ask so
        web.give("/no-head", "x", status=status)
        probe = client.head(f"{web.base}/no-head")
        assert (probe.state, probe.status, probe.reason) == ("fails", status, "url.no-head")
        assert str(status) in texts.say(probe.reason, "sv", url="u", detail=probe.detail)
    assert client.head(f"http://127.0.0.1:{free_port()}/").state == "refused"
    closed = free_port()
    gone = Client(Permit(frozenset({f"http://127.0.0.1:{closed}"})), 2).head(f"http://127.0.0.1:{closed}/")
    assert (gone.state, gone.reason) == ("fails", "url.no-answer")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("file:///etc/passwd", "url.no-address"),
        ("ftp://example.org/", "url.no-address"),
        ("mailto:a@example.org", "url.no-address"),
        ("http://", "url.no-address"),
        ("http://user:secret@example.org/", "url.password"),
        ("http://127.0.0.1:22/", "url.internal"),
        ("http://localhost/", "url.internal"),
        ("http://10.0.0.1/", "url.internal"),
        ("http://169.254.169.254/latest/meta-data/", "url.internal"),
        ("http://[::1]/", "url.internal"),
        ("http://[::ffff:127.0.0.1]/", "url.internal"),
        ("http://[64:ff9b::7f00:1]/", "url.internal"),
        ("http://0.0.0.0/", "url.internal"),
        ("http://2130706433/", "url.internal"),
        ("http://[fe80::1]/", "url.internal"),
        ("http://[fec0::1]/", "url.internal"),
        ("http://[::7f00:1]/", "url.internal"),
        ("http://[64:ff9b:1::7f00:1]/", "url.internal"),
    ],
)
def test_nothing_inside_is_asked_even_where_all_may_be(
    address: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "create_connection", forbidden)
    probe = Client(Permit(everything=True), 2).head(address)
    assert (probe.state, probe.reason) == ("fails", reason)


def test_a_name_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[Any] = []
    connected: list[Any] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        looked_up.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14" if len(looked_up) == 1 else "127.0.0.1", port))
        ]

    def connect(address: tuple[str, int], *_: Any) -> None:
        connected.append(address)
        raise OSError("no network here")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    Client(Permit(everything=True), 2).head("http://data.example.org/x")
    assert (looked_up, connected) == (["data.example.org"], [("93.184.215.14", 80)])


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        ("/tiedosto%201%C3%A4.csv", "/tiedosto%201%C3%A4.csv"),
        ("/a%2Fb?x=%26&y=a+b#part", "/a%2Fb?x=%26&y=a+b"),
        ("/ä ö.csv", "/%C3%A4%20%C3%B6.csv"),
        ("/100%", "/100%"),
        ("", "/"),
    ],
)
def test_an_address_is_asked_as_it_is_written(web: Web, named: str, asked: str) -> None:
    web.give(asked, "x")
    assert Client(Permit(frozenset({web.base})), 2).head(web.base + named).state == "answers"
    assert web.asked[0][:2] == ("HEAD", asked)


def test_of_two_addresses_the_one_that_failed_is_named(tmp_path: Path) -> None:
    turtle = FULL.replace(
        "<https://data.example.org/d.ttl> ;", "<https://data.example.org/a.ttl> , <https://data.example.org/d.ttl> ;"
    )
    gone = {"https://data.example.org/a.ttl": Probe("refused", 0, "url.many"), **ANSWER}
    gone["https://data.example.org/d.ttl"] = Probe("fails", 404, "url.status", "404")
    out = report.write(checked(turtle, tmp_path, gone), "text", "en")
    assert "https://data.example.org/d.ttl answered 404." in out
    assert "a.ttl answered" not in out


def test_only_the_named_server_is_asked_by_default(web: Web) -> None:
    own, other = web.give("/own", "x"), f"http://localhost:{web.server_address[1]}/own"
    found = probing.probe([own, other, "file:///x"], Permit(frozenset({web.base})), stay, 2)
    assert {address: probe.state for address, probe in found.items()} == {
        own: "answers", other: "refused", "file:///x": "fails"
    }  # fmt: skip
    assert len(web.asked) == 1


def test_too_many_addresses_are_not_all_asked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "MAX_ADDRESSES", 3)
    found = probing.probe([f"{web.base}/{n}" for n in range(5)], Permit(frozenset({web.base})), stay, 2)
    assert sorted(probe.reason for probe in found.values()) == ["url.many"] * 2 + ["url.status"] * 3
    assert len(web.asked) == 3


def test_a_server_that_does_not_answer_is_not_asked_for_ever(web: Web) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    named = [f"{gone}/{n}" for n in range(40)] + [web.give(f"/{n}", "x") for n in range(3)]
    found = probing.probe(named, Permit(frozenset({web.base, gone})), stay, 2)
    reasons = Counter(probe.reason for probe in found.values())
    assert 3 <= reasons["url.no-answer"] <= 3 + 8, "those that were under way"
    assert reasons["url.silent"] == 40 - reasons["url.no-answer"]
    assert sum(probe.state == "answers" for probe in found.values()) == 3
    assert {probe.state for probe in found.values() if probe.reason == "url.silent"} == {"refused"}


def test_a_base_stands_for_whole_beginnings_only() -> None:
    target, moved = probing.mover("http://127.0.0.1:8000/", ["https://w3id.org/p", "https://w3id.org/p/sub"])
    assert target == "http://127.0.0.1:8000"
    assert moved("https://w3id.org/p/dumps/a.ttl") == "http://127.0.0.1:8000/dumps/a.ttl"
    assert moved("https://w3id.org/p/sub/a") == "http://127.0.0.1:8000/a"
    assert moved("https://w3id.org/p") == "http://127.0.0.1:8000"
    assert moved("https://w3id.org/programme/a") == "https://w3id.org/programme/a"
    assert probing.mover("https://a.example=http://b.example/x", [])[1]("https://a.example/y") == "http://b.example/x/y"
    for wrong in ("127.0.0.1:8000", "file:///x", "ftp://x=http://y"):
        with pytest.raises(ConfigError, match="--base"):
            probing.mover(wrong, ["https://w3id.org/p"])


@pytest.mark.parametrize(
    "url", ["https://exämple.org/ä?ö=1", "http://example.org/a b\r\nX: y", "http://example.org:70000/"]
)
def test_odd_addresses_are_no_fault_of_the_program(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("no network here")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert Client(Permit(everything=True), 2).head(url).state == "fails"


# -- the command


def checked(turtle: str, tmp_path: Path, probes: dict[str, Probe] = ANSWER) -> report.Checked:
    found = read(turtle, tmp_path)
    remarks = own().check(found.graph)
    return report.Checked(found, (), remarks, quality.assess(found.graph, remarks, probes), dict(probes))


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = cli.main(["check-catalogue", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_text(FULL)
    bad.write_text(FULL.replace('dct:title "Catalogue"@en ;', ""))
    assert run(str(good), capsys=capsys)[0] == 0
    code, out, _ = run(str(bad), "--lang", "sv", capsys=capsys)
    assert code == 1
    assert "En katalog måste ha en titel (dct:title)." in out
    assert "regel: dap:Catalog-title" in out
    for wrong in (
        ["--no-network", "--check-urls", str(good)],
        ["--no-network", "http://127.0.0.1:9/"],
        ["--timeout", "0", str(good)],
        ["--shapes", str(tmp_path), str(good)],
        ["--base", "nonsense", str(good)],
        ["gopher://example.org/"],
        ["--releases", str(tmp_path / "none")],
        ["--out", str(tmp_path / "no" / "folder"), str(good)],
    ):
        code, _, err = run(*wrong, capsys=capsys)
        assert (code, "Traceback" in err) == (2, False), wrong
    for unreadable in (str(tmp_path / "none.ttl"), str(tmp_path), f"http://127.0.0.1:{free_port()}/c", "x" * 5000):
        code, _, err = run(unreadable, capsys=capsys)
        assert (code, "Traceback" in err) == (3, False), unreadable


def test_a_file_is_checked_without_any_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    monkeypatch.setattr(socket, "create_connection", forbidden)
    (tmp_path / "c.ttl").write_text(FULL)
    code, out, _ = run(str(tmp_path / "c.ttl"), capsys=capsys)
    assert (code, "325 of 405 points" in out, "80 points are unchecked" in out) == (0, True, True)


def test_the_machine_form_lists_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.ttl").write_text(FULL.replace(' dcat:keyword "projects"@en ;', ""))
    code, out, _ = run(str(tmp_path / "c.ttl"), "--json", "--out", str(tmp_path / "out.json"), capsys=capsys)
    assert (code, out) == (0, "")
    found = json.loads((tmp_path / "out.json").read_text())
    assert found["conforms"] is True
    assert found["mqa"]["points"] == 295
    assert [m["metric"] for m in found["mqa"]["metrics"]] == [metric.id for metric in METRICS]
    assert found["mqa"]["datasets"][0]["metrics"]["keyword"] == {"state": "missing", "points": 0}
    remark = next(r for r in found["remarks"] if r["property"] == dcat.keyword)
    assert remark["node"] == "https://example.org/data"
    assert set(remark["message"]) == {"fi", "sv", "en"}


def test_a_url_is_checked_against_its_own_server(web: Web, capsys: pytest.CaptureFixture[str]) -> None:
    web.give("/d.ttl", "x")
    text = FULL.replace("https://data.example.org", web.base).replace("/f.ttl>", "/missing>")
    code, out, _ = run(web.give("/catalog", text), capsys=capsys)
    assert (code, "375 of 405 points" in out) == (0, True)
    assert f"{web.base}/missing answered 404." in out


def test_a_published_address_is_asked_on_the_running_server(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web.give("/d.ttl", "x")
    web.give("/f.ttl", "x")
    (tmp_path / "c.ttl").write_text(FULL)
    code, out, _ = run(str(tmp_path / "c.ttl"), "--base", f"https://data.example.org={web.base}", capsys=capsys)
    assert (code, "405 of 405 points: excellent" in out) == (0, True)


def test_an_internal_address_is_told_and_not_asked(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.ttl").write_text(
        FULL.replace("https://data.example.org/d.ttl", f"{web.base}/d").replace(
            "https://data.example.org/f.ttl", "file:///f"
        )
    )
    code, out, _ = run(str(tmp_path / "c.ttl"), "--check-urls", capsys=capsys)
    assert code == 0
    assert web.asked == []
    assert "that no portal reaches" in out
    assert "file:///f is no http or https address" in out


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_report_is_whole_in_every_language(language: str, tmp_path: Path) -> None:
    probes = {"https://data.example.org/d.ttl": Probe("fails", 500, "url.status", "500")}
    text = (
        PREFIXES
        + ":d a dcat:Dataset ; dct:title 'x' ; dcat:distribution :e . :e a dcat:Distribution ; dcat:accessURL 'y' ."
    )
    for turtle in (text, FULL, PREFIXES + ":x dct:title 'x' ."):
        assert "{" not in report.write(checked(turtle, tmp_path, probes), "text", language)


def test_texts_are_whole() -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, words in texts.TEXTS.items():
        assert set(words) == set(texts.LANGUAGES), key
        assert len({frozenset(fields(text)) for text in words.values()}) == 1, key
    for metric in METRICS:
        assert {f"mqa.{metric.id}", f"mqa.{metric.id}.how", metric.dimension} <= texts.TEXTS.keys()


def test_the_same_catalogue_gives_the_same_report(tmp_path: Path) -> None:
    text = FULL.replace('dct:title "Data"@en , "Aineisto"@fi ;', "")
    assert len({report.write(checked(text, tmp_path), form, "en") for form in ("json",) for _ in range(3)}) == 1


def test_metrics_of_no_distribution_are_told(tmp_path: Path) -> None:
    metric: Metric = METRICS[4]
    found = assessed(FULL.replace("    dcat:distribution :turtle", "   dcat:landingPage :turtle"), tmp_path)
    assert found.metric(metric) == (0, 1)
    assert found.datasets[0].distribution is None


# -- the shipped catalogue, served


@pytest.fixture(scope="module")
def served(osallisuus: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("check")
    shutil.copytree(osallisuus.path, folder / "releases" / osallisuus.id)
    (folder / "releases" / manifest.CURRENT).symlink_to(osallisuus.id)
    running = Server(folder / "releases", free_port(), folder / "log")
    yield running
    assert running.stop() == 0


def test_the_shipped_portfolio_has_full_marks(served: Server, capsys: pytest.CaptureFixture[str]) -> None:
    base = f"http://127.0.0.1:{served.port}"
    shapes = ["--shapes", str(OFFICIAL)] if OFFICIAL.is_dir() else []
    code, out, _ = run(f"{base}/catalog", "--base", base, "--json", *shapes, capsys=capsys)
    found = json.loads(out)
    lost = {
        (dataset["dataset"], metric, result["state"])
        for dataset in found["mqa"]["datasets"]
        for metric, result in dataset["metrics"].items()
        if result["state"] != "met"
    }
    assert lost == set()
    assert (code, found["mqa"]["points"], found["mqa"]["rating"]) == (0, 405, "excellent")
    assert {entry["state"] for entry in found["addresses"]} == {"answers"}


def test_the_release_itself_is_the_default(
    served: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = f"http://127.0.0.1:{served.port}"
    code, out, _ = run("--releases", str(served.releases), "--base", base, "--json", capsys=capsys)
    found = json.loads(out)
    assert code == 0
    assert found["mqa"]["unchecked"] == 0
    assert Path(found["catalogue"]).name == manifest.CATALOGUE
