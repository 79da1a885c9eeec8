"""Asks queries of the query parent, and gives their results as files; the cache comes first.

Used by the web's processes and by the command line. Plain blocking calls: under the
web server's greenlets they give way while they wait.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from publisher import errors, formats
from publisher.workers.cache import Facts, ResultCache
from publisher.workers.protocol import (
    BODY_AT,
    CLIENT_GONE,
    ERRORS,
    MESSAGE_BYTES,
    REQUEST_S,
    ClientGoneError,
    connect,
    sockets,
)

if TYPE_CHECKING:
    from publisher.formats import Format

READ_BYTES = 65_536
"""How much of a result is handed on at once, in bytes."""
GROWTH_S = 0.05
"""How often a result that is still growing is looked at, in seconds."""
OPERATOR_S = 5.0
"""How long the operator's word waits for the parent, in seconds."""
OVERVIEW_BYTES = 1_000_000
"""Longest overview of queries, in bytes."""


@dataclass(frozen=True)
class _Running:
    """A query that runs: connection to the parent, when to give up, what to do with a whole result, and at the end."""

    connection: socket.socket
    deadline: float
    keep: Callable[[IO[bytes], Facts], None]
    done: Callable[[], None]

    def end(self) -> None:
        """Close the connection: a worker that still runs is killed."""
        self.connection.close()
        self.done()


class Answer:
    """A result in a file: whole, or still growing where that was allowed. Close it in any case.

    Attributes:
        id: Its name for the operator; "" for one from the cache.
        kind: "graph", "results" or "boolean".
        format: What the bytes are.
        cached: Whether it came from the cache.
        whole: Whether all of it is there.
        rows: Solutions or triples; 0 until it is whole.
    """

    def __init__(self, file: IO[bytes], graph: Format, results: Format, running: _Running | None = None) -> None:
        """Begin with nothing known: the file is whole, unless a query runs that writes it."""
        self.id = ""
        self.kind = ""
        self.rows = 0
        self.whole = self.cached = running is None
        self._file = file
        self._formats = (graph, results)
        self._running = running

    @property
    def format(self) -> Format:
        """What the bytes are."""
        return self._formats[self.kind != "graph"]

    @property
    def size(self) -> int:
        """How many bytes there are so far."""
        return max(0, os.fstat(self._file.fileno()).st_size - BODY_AT)

    def _wait(self, seconds: float | None) -> bool:
        """Take in one message of the parent, waiting at most so long; tell whether one came.

        Raises:
            QueryError: The query was ended, or the service with it.
            ClientGoneError: The visitor has left.
        """
        running = self._running
        if running is None:
            raise AssertionError("a whole answer has nothing to wait for")
        left = running.deadline - time.monotonic()
        running.connection.settimeout(max(0.001, left if seconds is None else min(left, seconds)))
        try:
            message = _receive(running.connection)
        except TimeoutError:
            if time.monotonic() >= running.deadline:
                raise errors.BusyError("the query service does not answer") from None
            return False
        if not message:
            raise errors.BusyError("the query service ended while the query ran")
        told: dict[str, Any] = json.loads(message[1:])
        self.id = told.get("id", "")
        self.kind = told.get("kind") or self.kind
        if message[:1] == b"S":
            if told["code"] == "ok":
                running.keep(self._file, Facts(self.kind, told["rows"]))  # before those who wait for the same look
            running.end()
            self._running = None
            if told["code"] == CLIENT_GONE:
                raise ClientGoneError
            if told["code"] != "ok":
                error = ERRORS[told["code"]](told["message"])
                if isinstance(error, errors.QueryError):
                    error.retry_after_s = told.get("retry_after")
                raise error
            self.rows = told["rows"]
            self.whole = True
        return True

    def await_size(self, large: int) -> None:
        """Wait until the result is whole; or, where it is larger than `large` bytes, until it may be passed on."""
        while not self.whole:
            self._wait(GROWTH_S if self.kind else None)
            if self.kind and not self.whole and self.size > large:
                return

    def await_end(self) -> None:
        """Wait until the result is whole."""
        while not self.whole:
            self._wait(None)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the result, at most 64 kB at a time; it is whole only if this ends without an error.

        Raises:
            QueryError: The query was ended, before the first byte or in the middle.
            ClientGoneError: The visitor has left.
        """
        at = BODY_AT
        while True:
            piece = os.pread(self._file.fileno(), READ_BYTES, at)
            if piece and (self.whole or self.kind):
                at += len(piece)
                yield piece
            elif self.whole:
                return
            else:
                self._wait(GROWTH_S if self.kind else None)

    def read(self, most: int = -1) -> bytes:
        """Return the beginning of a result that is there, at most so many bytes."""
        return os.pread(self._file.fileno(), self.size if most < 0 else most, BODY_AT)

    def close(self) -> None:
        """Let go: a worker that still runs is killed at once."""
        if self._running is not None:
            self._running.end()
            self._running = None
        self._file.close()

    def __enter__(self) -> Answer:
        """Return the answer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the answer."""
        self.close()


def _receive(connection: socket.socket) -> bytes:
    for _ in range(2):
        try:
            return connection.recv(MESSAGE_BYTES + 1)
        except ConnectionResetError:  # the parent has not read all we sent; what it said is still to come
            continue
    return b""


class Client:
    """Asks queries of a query parent; one object serves all threads.

    Args:
        address: Where the service listens.
        cache: Where results are spooled and kept.
        timeout_s: The service's deadline, in seconds, to know when it has failed.
    """

    def __init__(self, address: Path, cache: ResultCache, timeout_s: float = 60.0) -> None:
        """Remember the address."""
        self.address = address
        self.cache = cache
        # In the quick queue, running, set back, in the slow queue, running: each with its own deadline.
        self._wait_s = 4 * timeout_s + REQUEST_S + 5
        self._same_s = timeout_s
        self._lock = threading.Lock()
        self._asked: dict[str, threading.Event] = {}  # queries that are being asked, by key

    def query(
        self,
        store: Path,
        text: str,
        *,
        base: str = "",
        graph: Format = formats.TURTLE,
        results: Format = formats.RESULTS_JSON,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        client: str = "",
        visitor: int | None = None,
        fresh: bool = False,
    ) -> Answer:
        """Begin a query and return its answer, from the cache where it is there.

        Nothing is known of the answer yet: `await_size`, `await_end` or iterating wait for it.

        Args:
            store: The store's folder, below the service's releases.
            text: The query.
            base: IRI that relative ones in it are resolved against; "" leaves them an error.
            graph: Serialisation if the result is a graph.
            results: Serialisation if the result is solutions or a boolean.
            default_graphs: IRIs of the graphs that make up the default graph;
                with `named_graphs` both empty, the store's own dataset.
            named_graphs: IRIs of the named graphs.
            client: Whose query it is, as `schedule.client_of` has it.
            visitor: Descriptor of the visitor's connection: once the visitor
                has left, the query is given up.
            fresh: Whether the answer may differ each time: then it is neither looked up nor kept.

        Raises:
            QueryRefusedError: The request is too long.
            BusyError: The service cannot be reached.
        """
        key = ""
        if self.cache.most_bytes and not fresh:
            key = self.cache.key(store, text, base, default_graphs, named_graphs, (graph.name, results.name))
            found = self._find(key)
            if found is not None:
                answer = Answer(found[0], graph, results)
                answer.kind, answer.rows = found[1].kind, found[1].rows
                return answer
        asked = threading.Event()
        if key:
            with self._lock:
                self._asked.setdefault(key, asked)
        request = {
            "store": str(store),
            "base": base,
            "graph": graph.name,
            "results": results.name,
            "default": list(default_graphs),
            "named": list(named_graphs),
            "client": client,
        }
        try:
            spool = self.cache.spool()
            try:
                connection = self._send(request, text, [spool.fileno(), spool.fileno() if visitor is None else visitor])
            except BaseException:
                spool.close()
                raise
        except BaseException:
            self._done(key, asked)
            raise

        def keep(file: IO[bytes], facts: Facts) -> None:
            if key:
                self.cache.keep(key, file, facts)

        running = _Running(connection, time.monotonic() + self._wait_s, keep, lambda: self._done(key, asked))
        return Answer(spool, graph, results, running)

    def _find(self, key: str) -> tuple[IO[bytes], Facts] | None:
        """Look a result up; where the same query is being asked, wait once for what comes of it."""
        found = self.cache.find(key)
        with self._lock:
            asked = self._asked.get(key)
        if found is None and asked is not None and asked.wait(self._same_s):
            return self.cache.find(key)
        return found

    def _done(self, key: str, asked: threading.Event) -> None:
        """Take note that a query has come to its end: those who wait for the same look again."""
        with self._lock:
            if self._asked.get(key) is asked:
                del self._asked[key]
        asked.set()

    def _send(self, request: dict[str, Any], text: str, descriptors: list[int]) -> socket.socket:
        """Connect to the parent and send a request.

        Raises:
            QueryRefusedError: The request is too long.
            BusyError: The parent cannot be reached.
        """
        body = text.encode("utf-8")
        head = b"Q" + json.dumps({**request, "bytes": len(body)}).encode()
        if len(head) > MESSAGE_BYTES:
            raise errors.QueryRefusedError("the graphs named in the request are too many")
        try:
            connection = connect(self.address, self._wait_s)
        except OSError as error:
            raise errors.BusyError("the query service cannot be reached") from error
        try:
            socket.send_fds(connection, [head], descriptors)
            for start in range(0, len(body), MESSAGE_BYTES):
                connection.sendall(b"T" + body[start : start + MESSAGE_BYTES])
        except (BrokenPipeError, ConnectionResetError):
            pass  # the parent has said why it reads no more
        except BaseException as error:
            connection.close()
            if isinstance(error, OSError):
                raise errors.BusyError("the query service cannot be reached") from error
            raise
        return connection


def warm(client: Client, store: Path, base: str, texts: Iterable[str], seconds: float) -> int:
    """Ask queries so that their results are in the cache; return how many are.

    Those that fail are left out, and so are those whose turn comes after some seconds: on a large release each can take
    its whole deadline.
    """
    kept = 0
    until = time.monotonic() + seconds
    for text in texts:
        if time.monotonic() > until:
            break
        with contextlib.suppress(errors.QueryError), client.query(store, text, base=base) as answer:
            answer.await_end()
            kept += 1
    return kept


def services(folder: Path) -> list[Path]:
    """Return the addresses of the services of a working folder that answer."""
    found = []
    for address in sockets(folder):
        with contextlib.suppress(errors.BusyError):
            _tell(address, {})
            found.append(address)
    return found


def cancel(address: Path, query: str) -> bool:
    """End a query; tell whether there was one of that name.

    Raises:
        BusyError: The service cannot be reached.
    """
    return bool(_tell(address, {"cancel": query})["ended"])


def overview(address: Path) -> dict[str, Any]:
    """Return what a service is doing: queries, counts, pid.

    Raises:
        BusyError: The service cannot be reached.
    """
    return _tell(address, {})


def _tell(address: Path, word: dict[str, str]) -> dict[str, Any]:
    try:
        with contextlib.closing(connect(address, OPERATOR_S)) as connection:
            connection.send(b"A" + json.dumps(word).encode())
            message = connection.recv(OVERVIEW_BYTES)
            found: dict[str, Any] = json.loads(message[1:])
            return found
    except (OSError, ValueError) as error:
        raise errors.BusyError("the query service cannot be reached") from error
