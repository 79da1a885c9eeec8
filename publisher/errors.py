"""Every exception that the publisher raises on purpose.

    PublisherError
    ├── ConfigError            a setting is missing, unknown or out of range
    ├── InputError             a source cannot be read at all
    ├── MappingError           the vocabularies or the mapping are wrong, whatever the record
    ├── ShapesError            the shapes are ill-formed, recursive, or two engines disagree on them
    ├── NotConformantError     a release was refused; carries its report
    ├── ReleaseError           a release cannot be read or swapped in
    │   └── NoReleaseError     there is no such release, or none yet
    ├── StoreError             the store cannot be opened, loaded or read
    └── QueryError
        ├── QuerySyntaxError   the query is not SPARQL 1.1, with line and column
        ├── QueryRefusedError  the query asks for what this service never does
        ├── QueryTimeoutError  the query ran past its deadline
        ├── QueryMemoryError   the query ran out of its memory
        ├── QueryCrashedError  the engine crashed on the query
        ├── QueryCancelledError  the operator ended the query
        ├── ResultTooLargeError  the result passed the cap
        ├── RateLimitedError   this client has asked for more than its share
        └── BusyError          no worker is free

Faults *in the data* are no exceptions but `reports.Problem`s: a run lists all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publisher.reports import Report


class PublisherError(Exception):
    """Base of all errors raised on purpose; `code` is stable and meant for machines."""

    code = "error"


class ConfigError(PublisherError):
    """A setting is missing, unknown or out of range, or a command was used wrongly."""

    code = "config"


class InputError(PublisherError):
    """A source cannot be read at all: it is missing, unreadable, or of an unknown kind."""

    code = "input"


class MappingError(PublisherError):
    """The vocabularies or a mapping are wrong, whatever the record says."""

    code = "mapping"


class ShapesError(PublisherError):
    """The shapes are ill-formed or recursive, or the engines disagree about a case."""

    code = "shapes"


class NotConformantError(PublisherError):
    """A release was refused because the data does not conform.

    Args:
        message: One sentence for a person.
        report: What is wrong, and where.
    """

    code = "not-conformant"

    def __init__(self, message: str, report: Report) -> None:
        """Keep the report beside the message."""
        super().__init__(message)
        self.report = report


class ReleaseError(PublisherError):
    """A release cannot be found, read or swapped in."""

    code = "release"


class NoReleaseError(ReleaseError):
    """There is no release of that name, or none yet."""

    code = "no-release"


class StoreError(PublisherError):
    """The store of a release cannot be opened, loaded or read."""

    code = "store"


class QueryError(PublisherError):
    """A visitor's query could not be answered; `retry_after_s` tells when to try again, where that helps."""

    code = "query"
    retry_after_s: int | None = None


class QuerySyntaxError(QueryError):
    """The query is not SPARQL 1.1; the message carries line and column where known."""

    code = "query-syntax"


class QueryRefusedError(QueryError):
    """The query asks for what this service never does, such as calling another service."""

    code = "query-refused"


class QueryTimeoutError(QueryError):
    """The query ran past its deadline and was ended."""

    code = "query-timeout"


class QueryMemoryError(QueryError):
    """The query asked for more memory than a worker has and was ended."""

    code = "query-memory"


class QueryCrashedError(QueryError):
    """The engine crashed on this query; only its own worker ended."""

    code = "query-crashed"


class QueryCancelledError(QueryError):
    """The operator of the service ended the query."""

    code = "query-cancelled"


class ResultTooLargeError(QueryError):
    """The result passed the cap on its size."""

    code = "result-too-large"


class RateLimitedError(QueryError):
    """This client has asked for more than its share; the message says when to try again."""

    code = "rate-limited"


class BusyError(QueryError):
    """Every worker is taken and the queue is full; try again shortly."""

    code = "busy"
