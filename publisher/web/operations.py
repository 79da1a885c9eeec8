"""`/healthz` and `/metrics`: whether the service is well, and what it is doing, for machines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from publisher import __version__
from publisher.errors import BusyError, PublisherError
from publisher.web import respond
from publisher.workers.client import Client, overview

blueprint = Blueprint("operations", __name__)

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable with the folder in which the web's processes count together."""
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/healthz")
def healthz() -> Response:
    """Tell whether there is a release to serve, and which."""
    body: dict[str, str] = {"status": "ok", "version": __version__}
    status = 200
    try:
        live = respond.live()
        body["release"] = live.release.id
    except PublisherError as error:
        body |= {"status": "no release", "code": error.code}
        status = 503
    response = Response(json.dumps(body, indent=2) + "\n", status, content_type=respond.JSON.content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/metrics")
def metrics() -> Response:
    """Answer with the counts of all processes, in the text format of Prometheus."""
    registry = CollectorRegistry()
    if os.environ.get(METRICS_FOLDER):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        counted = generate_latest(registry)
    else:
        counted = generate_latest(current_app.extensions["registry"])
    now = CollectorRegistry()
    now.register(_Now())
    response = Response(counted + generate_latest(now), content_type=_TEXT)
    response.headers["Cache-Control"] = "no-store"
    return response


class _Now:
    """What is so at this moment: release, queries that run, cache, memory."""

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        release = GaugeMetricFamily("publisher_release_info", "The live release.", labels=["id", "version"])
        try:
            release.add_metric([respond.live().release.id, __version__], 1)
        except PublisherError:
            release.add_metric(["", __version__], 1)
        yield release
        memory = GaugeMetricFamily("publisher_memory_bytes", "Private memory by kind of process.", labels=["process"])
        memory.add_metric(["web"], _private(os.getpid()))
        queries: Client | None = current_app.extensions["queries"]
        if queries is not None:
            yield from _of_cache(queries)
            try:
                found = overview(queries.address)
            except BusyError:
                yield GaugeMetricFamily("publisher_query_service_up", "Whether the query parent answers.", 0)
            else:
                yield GaugeMetricFamily("publisher_query_service_up", "Whether the query parent answers.", 1)
                memory.add_metric(["query_parent"], found["memory_bytes"]["parent"])
                memory.add_metric(["query_workers"], found["memory_bytes"]["workers"])
                yield from _of_parent(found)
        yield memory


def _of_cache(queries: Client) -> Iterator[Metric]:
    entries, size = queries.cache.sizes()
    yield GaugeMetricFamily("publisher_cache_entries", "Results in the cache.", entries)
    yield GaugeMetricFamily("publisher_cache_bytes", "Bytes of results in the cache.", size)


def _of_parent(found: dict[str, Any]) -> Iterator[Metric]:
    running = GaugeMetricFamily("publisher_queries_running", "Queries with a worker, by lane.", labels=["lane"])
    waiting = GaugeMetricFamily("publisher_queries_waiting", "Queries in the queue, by lane.", labels=["lane"])
    for lane, states in found["lanes"].items():
        running.add_metric([lane], states["running"])
        waiting.add_metric([lane], states["waiting"])
    yield from (running, waiting)
    for name, text in (
        ("started", "Workers started since the query parent began."),
        ("set_back", "Queries set back from the quick to the slow lane."),
        ("left", "Queries ended because the visitor had left."),
        ("refused", "Queries refused for want of room or budget."),
    ):
        yield CounterMetricFamily(f"publisher_query_workers_{name}", text, found["counts"][name])


def _private(pid: int) -> int:
    """Return the private memory of a process, in bytes."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
