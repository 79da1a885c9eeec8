"""Writes what a check found: as text for people, as JSON for machines, which lists everything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyoxigraph as ox

from publisher.catalogue_check import graphs, quality, texts
from publisher.catalogue_check.fetching import Probe
from publisher.catalogue_check.quality import MAXIMUM, METRICS, Assessed, Assessment, Metric, Result
from publisher.catalogue_check.reading import Catalogue
from publisher.catalogue_check.rules import Remark, violations
from publisher.namespaces import dcat
from publisher.problems import SEVERITIES, VIOLATION, WARNING

_NODES_SHOWN = 5
_DATASETS_SHOWN = 20
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f؜‎‏\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Checked:
    """All that a check found.

    Args:
        catalogue: What was read.
        official: Names of the official files that were used.
        remarks: What the rules say, in order.
        assessment: The points.
        probes: What came of requests, by the address that the catalogue names.
    """

    catalogue: Catalogue
    official: tuple[str, ...]
    remarks: tuple[Remark, ...]
    assessment: Assessment
    probes: dict[str, Probe]

    @property
    def conforms(self) -> bool:
        """Whether nothing must be mended."""
        return not violations(self.remarks)

    @property
    def counts(self) -> dict[str, int]:
        """How many remarks count, by severity, and how many are explained."""
        counts = {
            severity: sum(r.severity == severity and not r.explained for r in self.remarks) for severity in SEVERITIES
        }
        return counts | {"explained": sum(bool(r.explained) for r in self.remarks)}


def write(checked: Checked, form: str, language: str) -> str:
    """Return the report as "text" or "json"."""
    if form == "json":
        return json.dumps(document(checked), ensure_ascii=False, indent=2) + "\n"
    return "\n".join(_UNSEEN.sub("�", line) for line in _Text(checked, language).lines()) + "\n"


def document(checked: Checked) -> dict[str, Any]:
    """Return everything as JSON values; texts by language."""
    graph, assessment = checked.catalogue.graph, checked.assessment
    return {
        "catalogue": checked.catalogue.name,
        "statements": len(graph),
        "pages": checked.catalogue.pages,
        "unread_pages": [{"url": url, "reason": texts.filled(key, url=url)} for url, key in checked.catalogue.unread],
        "official_shapes": list(checked.official),
        "conforms": checked.conforms,
        "counts": checked.counts,
        "remarks": [
            {
                "severity": remark.severity,
                "node": remark.node,
                "owner": _owner(checked, remark.node),
                "property": remark.path,
                "component": remark.component,
                "rule": remark.rule,
                "value": remark.value,
                "message": remark.messages,
                "official_files": list(remark.files),
                "explained": remark.explained,
            }
            for remark in checked.remarks
        ],
        "mqa": {
            "points": assessment.points,
            "maximum": MAXIMUM,
            "unchecked": assessment.unchecked,
            "rating": assessment.rating if assessment.datasets else None,
            "metrics": [
                {
                    **_metric(metric),
                    "points": assessment.metric(metric)[0],
                    "missing_in": assessment.metric(metric)[1],
                }
                for metric in METRICS
            ],
            "datasets": [_dataset(checked, each) for each in assessment.datasets],
        },
        "addresses": [
            {
                "address": address,
                "state": probe.state,
                "status": probe.status,
                "reason": texts.filled(probe.reason, url=address, detail=probe.detail) if probe.reason else {},
            }
            for address, probe in sorted(checked.probes.items())
        ],
    }


def _metric(metric: Metric) -> dict[str, Any]:
    return {
        "metric": metric.id,
        "dimension": metric.dimension,
        "property": metric.property,
        "maximum": metric.points,
        "name": texts.TEXTS[f"mqa.{metric.id}"],
        "how": texts.TEXTS[f"mqa.{metric.id}.how"],
    }


def _dataset(checked: Checked, each: Assessed) -> dict[str, Any]:
    return {
        "dataset": graphs.label(each.dataset),
        "title": checked.catalogue.graph.name(each.dataset, "en"),
        "points": each.points,
        "unchecked": each.unchecked,
        "rating": quality.rating(each.points),
        "best_distribution": graphs.label(each.distribution) if each.distribution is not None else None,
        "distributions": each.distributions,
        "metrics": {result.metric.id: _result(result) for result in each.results},
    }


def _result(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = {"state": result.state, "points": result.points}
    if result.probe is not None and result.probe.reason:
        told["reason"] = texts.filled(result.probe.reason, url=result.address, detail=result.probe.detail)
    return told


def _owner(checked: Checked, node: str) -> dict[str, str] | None:
    """Return what leads to a blank node, so that it can be found; None of a node with an IRI."""
    owner = checked.catalogue.graph.owner(graphs.node(node)) if node.startswith("_:") else None
    return {"node": graphs.label(owner[0]), "property": owner[1]} if owner else None


class _Text:
    """The report for people."""

    def __init__(self, checked: Checked, language: str) -> None:
        self.checked = checked
        self.language = language
        self.graph = checked.catalogue.graph

    def say(self, key: str, **filled: object) -> str:
        return texts.say(key, self.language, **filled)

    def lines(self) -> Iterator[str]:
        checked = self.checked
        yield self.say("title", name=checked.catalogue.name)
        yield self.say(
            "read",
            statements=len(self.graph),
            pages=checked.catalogue.pages,
            datasets=len(checked.assessment.datasets),
            distributions=len(self.graph.instances(dcat.Distribution)),
        )
        for url, key in checked.catalogue.unread[:_NODES_SHOWN]:
            yield self.say(key, url=url)
        yield ""
        yield from self.rules()
        yield ""
        yield from self.points()

    def rules(self) -> Iterator[str]:
        checked = self.checked
        used = self.say("rules.with", files=", ".join(checked.official)) if checked.official else self.say("rules.own")
        yield f"{self.say('rules')}: {used}"
        counts = checked.counts
        yield (
            (self.say("conforms") if checked.conforms else self.say("conforms.not", violations=counts[VIOLATION]))
            + " "
            + self.say("counts", violations=counts[VIOLATION], warnings=counts[WARNING], explained=counts["explained"])
        )
        for (explained, severity), remarks in groupby(
            sorted(checked.remarks, key=lambda r: (bool(r.explained), r.order[0])),
            key=lambda r: (bool(r.explained), "" if r.explained else r.severity),
        ):
            yield ""
            yield self.say("explained" if explained else severity)
            yield from self.remarks(list(remarks))

    def remarks(self, remarks: list[Remark]) -> Iterator[str]:
        groups: dict[tuple[str, str], list[Remark]] = {}
        for remark in remarks:
            message = self.words(remark.messages) or texts.short(remark.rule)
            groups.setdefault((message, self.words(remark.explained)), []).append(remark)
        for (message, explained), found in groups.items():
            if explained:
                yield f"  • {texts.short(found[0].path) or message}: {explained}"
            else:
                yield f"  • {message}"
            for remark in found[:_NODES_SHOWN]:
                if remark.node:
                    value = f" – {self.say('value', value=remark.value[:200])}" if remark.value else ""
                    yield f"      {self.where(remark.node)}{value}"
            if len(found) > _NODES_SHOWN:
                yield f"      {self.say('more', count=len(found) - _NODES_SHOWN)}"
            told = [self.say("rule", rule=texts.short(found[0].rule))] if found[0].rule else []
            told += [self.say("file", files=", ".join(found[0].files))] if found[0].files else []
            if told:
                yield f"      ({'; '.join(told)})"

    def words(self, by_language: dict[str, str]) -> str:
        return by_language.get(self.language) or by_language.get("en", "")

    def where(self, node: str) -> str:
        """Return a node's name and IRI; of a blank node what leads to it."""
        found = graphs.node(node)
        if isinstance(found, ox.BlankNode):
            owner = self.graph.owner(found)
            if owner is None:
                return node
            return self.say("blank", owner=self.where(graphs.label(owner[0])), path=texts.short(owner[1]))
        name = self.graph.name(found, self.language)
        return f"{name[:100]} <{node}>" if name else f"<{node}>"

    def points(self) -> Iterator[str]:
        assessment = self.checked.assessment
        count = len(assessment.datasets)
        yield self.say("mqa")
        if not count:
            yield self.say("mqa.none")
            return
        total = self.say(
            "mqa.total", points=_number(assessment.points), maximum=MAXIMUM, rating=self.say(assessment.rating)
        )
        yield f"{total} {self.say('mqa.mean', count=count)}" if count > 1 else total
        if assessment.unchecked:
            yield self.say("mqa.unchecked", points=_number(assessment.unchecked))
        for dimension, metrics in groupby(METRICS, key=lambda metric: metric.dimension):
            listed = list(metrics)
            points, _ = assessment.metric(*listed)  # not the sum of what is rounded
            yield f"  {self.say(dimension)}: {_number(points)} / {sum(metric.points for metric in listed)}"
            for metric in listed:
                yield f"    {_number(assessment.metric(metric)[0]):>5} / {metric.points:<2}  {self.name(metric)}"
        wanting = list(self.wanting())
        if wanting:
            yield ""
            yield from wanting
        yield ""
        yield f"{self.say('mqa.datasets')}:"
        for each in sorted(assessment.datasets, key=lambda found: found.points)[:_DATASETS_SHOWN]:
            best = self.say("mqa.no-distribution")
            if each.distribution is not None:
                best = self.say("mqa.best", count=each.distributions, name=self.where(graphs.label(each.distribution)))
            yield f"  {each.points} / {MAXIMUM}  {self.where(graphs.label(each.dataset))}"
            yield f"      {best}"
        if count > _DATASETS_SHOWN:
            yield f"  {self.say('more', count=count - _DATASETS_SHOWN)}"

    def wanting(self) -> Iterator[str]:
        """Tell how to get each metric's missing points, and for which datasets."""
        for metric in METRICS:
            for state, key in (("missing", "mqa.missing"), ("unchecked", "mqa.open")):
                found = [
                    (each, result)
                    for each in self.checked.assessment.datasets
                    for result in each.results
                    if result.metric is metric and result.state == state
                ]
                if not found:
                    continue
                count = len(self.checked.assessment.datasets)
                filled = {"points": metric.points, "name": self.name(metric), "how": self.say(f"mqa.{metric.id}.how")}
                some = {"found": len(found), "count": count} if count > 1 else {}
                yield f"  • {self.say(f'{key}.some' if some else key, **filled, **some)}"
                told = [self.where(graphs.label(each.dataset)) for each, _ in found]
                reasons = [
                    self.say(result.probe.reason, url=result.address, detail=result.probe.detail)
                    for _, result in found
                    if result.probe is not None and result.probe.reason
                ]
                yield from (f"      {line}" for line in self.few(dict.fromkeys(told)))
                yield from (f"      {line}" for line in self.few(dict.fromkeys(reasons)))

    def few(self, lines: Iterable[str]) -> Iterator[str]:
        listed = list(lines)
        yield from listed[:_NODES_SHOWN]
        if len(listed) > _NODES_SHOWN:
            yield self.say("more", count=len(listed) - _NODES_SHOWN)

    def name(self, metric: Metric) -> str:
        return self.say(f"mqa.{metric.id}")


def _number(points: float) -> str:
    return f"{points:.1f}".removesuffix(".0")
