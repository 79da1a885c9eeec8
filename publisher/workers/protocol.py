"""What client, parent and worker agree on: limits, messages, errors, and the folder where they meet.

    web process --request--> parent --channel--> worker --bytes--> spool file <--reads-- web process
                             parent ---------messages on the connection---------------> web process

Connections are AF_UNIX SOCK_SEQPACKET in a folder that only this user may enter: a
message stays whole. Each message is a letter and a payload.

- To the parent: `Q` + JSON of the request, with two descriptors beside it: the file
  that the result goes to and the visitor's connection (the same file twice where
  there is none); then the text as `T` + bytes, once or more. Or `A` + JSON: a word
  of the operator.
- From the parent: `L` + JSON `{"kind"}`: what stands in the file so far is certain to
  stay, so it may be passed on while the rest is computed. `S` + JSON, last: how it ended.
  Without `S` the answer is not whole.

The worker holds no socket but its channel to the parent: it writes the result to the
file, and what it has to say as lines into the channel (see `worker`).
"""

from __future__ import annotations

import os
import resource
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from publisher import errors

if TYPE_CHECKING:
    from publisher.config import Settings

MESSAGE_BYTES = 65_536
"""Longest payload of a message, in bytes."""
REQUEST_S = 1.0
"""How long a request may take to arrive at the parent, in seconds."""
BODY_AT = 128
"""Where the result begins in its file, in bytes; what stands before belongs to the cache."""
WORK_FOLDER = ".work"
"""Name of the working folder below the releases."""
_SOCKET = "queries-{}.socket"

ERRORS: dict[str, type[errors.PublisherError]] = {
    kind.code: kind
    for kind in (
        errors.QueryError,
        errors.QuerySyntaxError,
        errors.QueryRefusedError,
        errors.QueryTimeoutError,
        errors.QueryMemoryError,
        errors.QueryCrashedError,
        errors.QueryCancelledError,
        errors.ResultTooLargeError,
        errors.RateLimitedError,
        errors.BusyError,
        errors.StoreError,
    )
}
"""Errors that travel between the processes, by code."""


CLIENT_GONE = "client-gone"
"""Code of a query whose visitor has left."""


class ClientGoneError(Exception):
    """The visitor closed the connection while the query ran; nobody is there to be told."""


@dataclass(frozen=True)
class Limits:
    """What queries may use: the part of the settings that the parent needs. Sizes in bytes."""

    timeout_s: float
    cpu_s: int
    memory_bytes: int
    slots: int
    slow_slots: int
    slow_after_s: float
    queue: int
    client_queries: int
    client_seconds: int
    query_bytes: int
    result_bytes: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Take the limits from the settings."""
        return cls(
            timeout_s=settings.query_timeout_s,
            cpu_s=settings.query_cpu_s,
            memory_bytes=settings.query_memory_mb * 1_000_000,
            slots=settings.query_slots,
            slow_slots=settings.query_slow_slots,
            slow_after_s=settings.query_slow_after_ms / 1000,
            queue=settings.query_queue,
            client_queries=settings.client_queries_per_minute,
            client_seconds=settings.client_query_seconds_per_minute,
            query_bytes=settings.max_query_bytes,
            result_bytes=settings.max_result_bytes,
        )


def allow_descriptors(number: int) -> None:
    """Raise the limit of open descriptors to a number, as far as this user may."""
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if usual != resource.RLIM_INFINITY and usual < number:
        wanted = number if most == resource.RLIM_INFINITY else min(number, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def usual_folder(settings: Settings, releases: Path) -> Path:
    """Return where the working folder is, where nothing hinders."""
    return Path(settings.work_dir) if settings.work_dir else releases / WORK_FOLDER


def work_folder(settings: Settings, releases: Path) -> Path:
    """Return the folder for the cache, spooled results and the service's socket; made if it is missing.

    Where none is configured and none can be made below the releases, it is a new temporary one.

    Raises:
        ConfigError: The configured one cannot be used.
    """
    folder = usual_folder(settings, releases)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        own = found.st_uid == os.getuid() and not found.st_mode & 0o022 and os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        own = False
    if own:
        return folder.resolve()
    if settings.work_dir:
        raise errors.ConfigError(f"work_dir: {folder} is no folder that only this user can write to")
    import tempfile  # not at the top: the parent would carry it, and each of its forks

    return Path(tempfile.mkdtemp(prefix="publisher-"))  # releases that are read only, or another user's


def socket_path(folder: Path) -> Path:
    """Return a new place for a service to listen at."""
    return folder / _SOCKET.format(os.urandom(4).hex())


def sockets(folder: Path) -> list[Path]:
    """Return where services listen, or have listened."""
    return sorted(folder.glob(_SOCKET.format("*")))


def short(path: Path) -> tuple[str, int]:
    """Return an address that leads to a socket however long its path is (108 bytes are the kernel's limit).

    Returns:
        The address, and the descriptor that it goes through: to be closed after use.
    """
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    return f"/proc/self/fd/{folder}/{path.name}", folder


def connect(path: Path, timeout_s: float) -> socket.socket:
    """Connect to a service.

    Raises:
        OSError: Nobody listens there.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        connection.settimeout(timeout_s)
        address, folder = short(path)
        try:
            connection.connect(address)
        finally:
            os.close(folder)
    except BaseException:
        connection.close()
        raise
    return connection
