"""What became of each query: counted for `/metrics`, and one line in the query log where that is configured.

A log line is JSON: `time` (UTC), `id`, `release`, `form`, `format`, `outcome`,
`seconds`, `rows`, `bytes` (of the result, before compression), `cached`, then what the
settings allow: `query` or `query_sha256`, and `client`.
"""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import json
import logging
import logging.handlers
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram

from publisher import errors

if TYPE_CHECKING:
    from publisher.config import Settings

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
"""Upper bounds of the latency histogram, in seconds."""
LEFT, UNCHANGED, OK = "left", "unchanged", "ok"
"""Outcomes beside the codes of errors: the visitor left; 304; 200."""


def outcome_of(error: errors.PublisherError) -> str:
    """Return the outcome that an error stands for: its code, without the word query."""
    return error.code.removeprefix("query-")


@dataclass
class Record:
    """One query: what was asked, and what became of it."""

    records: Records
    text: str
    release: str
    address: str
    form: str = ""
    format: str = ""
    began: float = field(default_factory=time.perf_counter)
    outcome: str = OK
    id: str = ""
    rows: int = 0
    bytes: int = 0
    cached: bool = False
    ended: bool = False

    def end(self, outcome: str = "") -> None:
        """Count it and log it, once; without an outcome the one it has stands."""
        if not self.ended:
            self.ended = True
            self.outcome = outcome or self.outcome
            self.records.take(self, time.perf_counter() - self.began)


class Records:
    """Counts and logs the queries of one process.

    Args:
        settings: What is logged, and where.
        registry: Where the counts are registered.
    """

    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        """Open the log."""
        self.settings = settings
        self.queries = Counter(
            "publisher_queries_total", "Queries by what became of them.", ["outcome", "cached"], registry=registry
        )
        self.seconds = Histogram(
            "publisher_query_seconds",
            "Time until the answer was whole, in seconds.",
            buckets=SECONDS,
            registry=registry,
        )
        self.bytes = Counter("publisher_query_result_bytes_total", "Bytes of results.", registry=registry)
        self.log = _logger(settings.query_log)

    def take(self, record: Record, seconds: float) -> None:
        """Count a query that has ended, and log it."""
        self.queries.labels(record.outcome, str(record.cached).lower()).inc()
        self.seconds.observe(seconds)
        self.bytes.inc(record.bytes)
        if self.log is None:
            return
        line = {
            "time": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "id": record.id,
            "release": record.release,
            "form": record.form,
            "format": record.format,
            "outcome": record.outcome,
            "seconds": round(seconds, 4),
            "rows": record.rows,
            "bytes": record.bytes,
            "cached": record.cached,
        }
        if self.settings.query_log_text == "text":
            line["query"] = record.text
        else:
            line["query_sha256"] = hashlib.sha256(record.text.encode("utf-8", "surrogatepass")).hexdigest()
        client = logged_address(record.address, self.settings.query_log_client)
        if client:
            line["client"] = client
        self.log.info(json.dumps(line, ensure_ascii=False))

    def close(self) -> None:
        """Close the log."""
        for handler in self.log.handlers if self.log is not None else ():
            handler.close()


def logged_address(address: str, how: str) -> str:
    """Return what the log may hold of an address: nothing, its network (/24; /48 of IPv6), or all of it."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if how == "full":
        return str(parsed)
    return (
        str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False)) if how == "network" else ""
    )


def _logger(target: str) -> logging.Logger | None:
    """Return a logger that writes bare lines to a file (opened anew when it was rotated) or to standard error.

    Raises:
        ConfigError: The file cannot be written to.
    """
    if not target:
        return None
    handler: logging.Handler
    try:
        handler = (
            logging.StreamHandler(sys.stderr)
            if target == "-"
            else logging.handlers.WatchedFileHandler(target, encoding="utf-8")
        )
    except OSError as error:
        raise errors.ConfigError(f"query_log: {target} cannot be written to: {error.strerror}") from error
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.Logger("publisher.queries", logging.INFO)  # its own: nothing else's settings touch it
    logger.addHandler(handler)
    return logger
