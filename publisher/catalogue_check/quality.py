"""Computes the points that data.europa.eu's metadata quality assessment (MQA) gives: 405 at most, metric by metric.

The assessment looks at each dataset and, taking its distributions for the same
content in several forms, at the distribution that scores best. Here that is
one distribution for all metrics of distributions, never the best of each from
several. A catalogue's points are the mean of its datasets'.

A dataset series is no dataset with data of its own and is not assessed.

Source:
    https://data.europa.eu/mqa/methodology; weights: piveau-data/piveau-metrics-ui @0b411eb9 AboutMetrics.vue,
    mjanez/ckan-mqa README, mjanez/metadata-quality-stack mqa-config.json (which splits the vocabulary metric: 5 + 5).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from publisher.catalogue_check import graphs, rules
from publisher.catalogue_check.fetching import Probe
from publisher.catalogue_check.graphs import Graph, Node, Term
from publisher.catalogue_check.rules import Remark
from publisher.namespaces import AUTHORITY, dcat, dct

State = Literal["met", "missing", "unchecked"]

MAXIMUM = 405
_TOLD: tuple[tuple[str, State], ...] = (("answers", "met"), ("fails", "missing"), ("refused", "unchecked"))
"""What a metric's state is, by what came of its best request."""
RATINGS = ((351, "excellent"), (221, "good"), (121, "sufficient"), (0, "bad"))
"""Least points of each rating."""

_MEDIA_TYPE = re.compile(
    r"https?://www\.iana\.org/assignments/media-types/"
    r"(?:application|audio|font|haptics|image|message|model|multipart|text|video)/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*\Z"
)
_LICENCE = re.compile(
    r"https?://(?:creativecommons\.org/(?:licenses/by(?:-(?:nc|nd|sa))*|publicdomain/(?:zero|mark))/\d\.\d(?:/.*)?"
    r"|opendatacommons\.org/licenses/(?:odbl|by|pddl)/1\.0/?|opensource\.org/licenses/[A-Za-z0-9.-]+)\Z"
)

_TABLES = tomllib.loads((Path(__file__).parent / "tables.toml").read_text(encoding="utf-8"))
_FILE_TYPES, _NON_PROPRIETARY, _LICENCES, _ACCESS_RIGHTS = (
    frozenset(_TABLES[name].split()) for name in ("file_types", "non_proprietary", "licences", "access_rights")
)


@dataclass(frozen=True)
class Metric:
    """One metric of the assessment.

    Args:
        id: Short stable name; the key of its texts is `mqa.{id}`.
        dimension: findability, accessibility, interoperability, reusability or contextuality.
        property: The property that it looks at, "" for the whole description.
        points: What it gives.
        on: Whether it is the dataset's or the best distribution's.
    """

    id: str
    dimension: str
    property: str
    points: int
    on: Literal["dataset", "distribution"]


METRICS = (
    Metric("keyword", "findability", dcat.keyword, 30, "dataset"),
    Metric("theme", "findability", dcat.theme, 30, "dataset"),
    Metric("spatial", "findability", dct.spatial, 20, "dataset"),
    Metric("temporal", "findability", dct.temporal, 20, "dataset"),
    Metric("access-url-answers", "accessibility", dcat.accessURL, 50, "distribution"),
    Metric("download-url", "accessibility", dcat.downloadURL, 20, "distribution"),
    Metric("download-url-answers", "accessibility", dcat.downloadURL, 30, "distribution"),
    Metric("format", "interoperability", dct.format, 20, "distribution"),
    Metric("media-type", "interoperability", dcat.mediaType, 10, "distribution"),
    Metric("format-known", "interoperability", dct.format, 5, "distribution"),
    Metric("media-type-known", "interoperability", dcat.mediaType, 5, "distribution"),
    Metric("non-proprietary", "interoperability", dct.format, 20, "distribution"),
    Metric("machine-readable", "interoperability", dct.format, 20, "distribution"),
    Metric("dcat-ap", "interoperability", "", 30, "dataset"),
    Metric("licence", "reusability", dct.license, 20, "distribution"),
    Metric("licence-known", "reusability", dct.license, 10, "distribution"),
    Metric("access-rights", "reusability", dct.accessRights, 10, "dataset"),
    Metric("access-rights-known", "reusability", dct.accessRights, 5, "dataset"),
    Metric("contact-point", "reusability", dcat.contactPoint, 20, "dataset"),
    Metric("publisher", "reusability", dct.publisher, 10, "dataset"),
    Metric("rights", "contextuality", dct.rights, 5, "distribution"),
    Metric("byte-size", "contextuality", dcat.byteSize, 5, "distribution"),
    Metric("issued", "contextuality", dct.issued, 5, "dataset"),
    Metric("modified", "contextuality", dct.modified, 5, "dataset"),
)
"""All metrics, in the assessment's order."""


@dataclass(frozen=True)
class Result:
    """What a dataset has of one metric.

    Args:
        metric: Which.
        state: "met", "missing", or "unchecked" where no request was allowed.
        probe: What came of the request, of metrics that make one.
        address: What was asked, or could not be.
    """

    metric: Metric
    state: State
    probe: Probe | None = None
    address: str = ""

    @property
    def points(self) -> int:
        """The points that it gives."""
        return self.metric.points if self.state == "met" else 0


@dataclass(frozen=True)
class Assessed:
    """A dataset's points.

    Args:
        dataset: Which dataset.
        distribution: Its distribution that scores best; None where it has none.
        distributions: How many it has.
        results: A result a metric, in the order of `METRICS`.
    """

    dataset: Node
    distribution: Node | None
    distributions: int
    results: tuple[Result, ...]

    @property
    def points(self) -> int:
        """All points."""
        return sum(result.points for result in self.results)

    @property
    def unchecked(self) -> int:
        """Points that nobody knows of, as no request was made."""
        return sum(result.metric.points for result in self.results if result.state == "unchecked")


@dataclass(frozen=True)
class Assessment:
    """The points of a catalogue."""

    datasets: tuple[Assessed, ...]

    @property
    def points(self) -> float:
        """The mean of the datasets' points, to one decimal; 0 where there is no dataset."""
        return round(sum(each.points for each in self.datasets) / len(self.datasets), 1) if self.datasets else 0.0

    @property
    def unchecked(self) -> float:
        """The mean of the points that nobody knows of."""
        return round(sum(each.unchecked for each in self.datasets) / len(self.datasets), 1) if self.datasets else 0.0

    @property
    def rating(self) -> str:
        """excellent, good, sufficient or bad."""
        return rating(self.points)

    def metric(self, *metrics: Metric) -> tuple[float, int]:
        """Return the mean of the points of metrics together, and how many of their results are missing."""
        states = [result for each in self.datasets for result in each.results if result.metric in metrics]
        missing = sum(result.state == "missing" for result in states)
        return (round(sum(r.points for r in states) / len(self.datasets), 1) if states else 0.0), missing


def rating(points: float) -> str:
    """Return the rating that points give."""
    return next(name for least, name in RATINGS if points >= least)


def datasets(graph: Graph) -> list[Node]:
    """Return the datasets that are assessed."""
    series = set(graph.instances(f"{dcat.base}DatasetSeries"))
    return [node for node in graph.instances(dcat.Dataset) if node not in series]


def addresses(graph: Graph) -> list[str]:
    """Return the access and download addresses of the assessed datasets' distributions, each once, sorted."""
    found = {
        address.value
        for dataset in datasets(graph)
        for distribution in _nodes(graph.objects(dataset, dcat.distribution))
        for predicate in (dcat.accessURL, dcat.downloadURL)
        for address in graph.objects(distribution, predicate)
        if isinstance(address, ox.NamedNode)
    }
    return sorted(found)


def assess(graph: Graph, remarks: Iterable[Remark], probes: Mapping[str, Probe]) -> Assessment:
    """Compute the points of every dataset of a catalogue.

    Args:
        graph: The catalogue.
        remarks: What `rules.check` found: a violation in a dataset, its distributions and the nodes that they lead to
            costs the dataset its points for DCAT-AP.
        probes: What came of requests, by the address that the catalogue names; one without is unchecked.
    """
    faulty = {remark.node for remark in rules.violations(remarks)}
    resources = graph.resources()
    found = []
    for dataset in datasets(graph):
        parts = {graphs.label(part) for part in graph.parts(dataset, resources)}
        checks = _Checks(graph, probes, conforms=not faulty & parts)
        distributions = sorted(_nodes(graph.objects(dataset, dcat.distribution)), key=str)
        best, best_results = None, checks.results("distribution", None)
        for distribution in distributions:
            results = checks.results("distribution", distribution)
            # Points that were not checked are hoped for, so that the choice is the one that a check would make.
            if best is None or _hoped(results) > _hoped(best_results):
                best, best_results = distribution, results
        by_metric = checks.results("dataset", dataset) | best_results
        ordered = tuple(by_metric[metric.id] for metric in METRICS)
        found.append(Assessed(dataset, best, len(distributions), ordered))
    return Assessment(tuple(found))


def _hoped(results: Mapping[str, Result]) -> tuple[int, int]:
    open_points = sum(r.metric.points for r in results.values() if r.state == "unchecked")
    points = sum(r.points for r in results.values())
    return points + open_points, points


def _nodes(terms: Iterable[Term]) -> list[Node]:
    return [term for term in terms if not isinstance(term, ox.Literal)]


class _Checks:
    """The checks of the metrics on one dataset."""

    def __init__(self, graph: Graph, probes: Mapping[str, Probe], *, conforms: bool) -> None:
        self.graph = graph
        self.probes = probes
        self.conforms = conforms
        self.known: dict[str, Callable[[str], bool]] = {
            "format-known": _in_table("file-type", _FILE_TYPES),
            "machine-readable": _in_table("file-type", _FILE_TYPES),
            "non-proprietary": _in_table("file-type", _NON_PROPRIETARY),
            "media-type-known": lambda iri: bool(_MEDIA_TYPE.match(iri)),
            "licence-known": lambda iri: bool(_LICENCE.match(iri)) or _in_table("licence", _LICENCES)(iri),
            "access-rights-known": _in_table("access-right", _ACCESS_RIGHTS),
        }

    def results(self, on: str, node: Node | None) -> dict[str, Result]:
        """Return the results of the metrics on a dataset or a distribution, by metric."""
        return {metric.id: self._result(metric, node) for metric in METRICS if metric.on == on}

    def _result(self, metric: Metric, node: Node | None) -> Result:
        if metric.id == "dcat-ap":
            return Result(metric, "met" if self.conforms else "missing")
        values = [] if node is None else self.graph.objects(node, metric.property)
        if metric.id.endswith("-answers"):
            return self._answers(metric, values)
        known = self.known.get(metric.id)
        if known is None:
            return Result(metric, "met" if values else "missing")
        met = any(isinstance(value, ox.NamedNode) and known(value.value) for value in values)
        return Result(metric, "met" if met else "missing")

    def _answers(self, metric: Metric, values: Iterable[Term]) -> Result:
        links = [value.value for value in values if isinstance(value, ox.NamedNode)]
        probed = [(address, self.probes[address]) for address in links if address in self.probes]
        for came, told in _TOLD:
            for address, probe in probed:
                if probe.state == came:
                    return Result(metric, told, probe, address)
        if links:
            return Result(metric, "unchecked")
        text = next((value.value for value in values if isinstance(value, ox.Literal)), "")
        return Result(metric, "missing", Probe("fails", 0, "url.text") if text else None, text)


def _in_table(table: str, codes: frozenset[str]) -> Callable[[str], bool]:
    prefix = f"{AUTHORITY}/{table}/"
    return lambda iri: iri.startswith(prefix) and iri.removeprefix(prefix) in codes
