"""What the query parent keeps of each query and each worker, and how it reads and writes to them."""

from __future__ import annotations

import array
import hashlib
import json
import os
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher import errors
from publisher.workers.protocol import MESSAGE_BYTES, Limits
from publisher.workers.worker import MARK

DESCRIBED_CHARACTERS = 200
"""How much of a query's text the operator sees."""
WORDS_BYTES = 262_144
"""How much of what a worker says is kept, in bytes."""


@dataclass(eq=False)
class Job:
    """A connection and what it asks.

    Args:
        id: Its name for the operator.
        connection: The web process's connection.
        deadline: When something must be done about it, in seconds of the monotonic clock.
        state: reading, waiting, running, closing.
        slow: Whether it belongs to the slow lane.
    """

    id: str
    connection: socket.socket
    deadline: float
    came: float
    state: str = "reading"
    slow: bool = False
    client: str = ""
    request: dict[str, Any] = field(default_factory=dict)
    text: bytearray = field(default_factory=bytearray)
    spool: int = -1
    visitor: int = -1
    worker: Worker | None = None
    kind: str = ""
    rows: int = 0
    told: dict[str, Any] = field(default_factory=dict)
    begun: float = 0.0
    status: bytes = b""

    def hash(self) -> bytes:
        """Return what the same query has in common: store, dataset and text."""
        asked = [self.request[name] for name in ("store", "default", "named", "base")]
        return hashlib.sha256(json.dumps(asked).encode() + self.text).digest()

    def described(self) -> dict[str, Any]:
        """Return what the operator is told of it."""
        return {
            "id": self.id,
            "state": self.state,
            "lane": "slow" if self.slow else "quick",
            "age_s": round(time.monotonic() - self.came, 3),
            "processor_s": round(self.processor_s(), 3),
            "memory_bytes": resident(self.worker.pid) if self.worker is not None else 0,
            "client": self.client,
            "query": self.text.decode("utf-8", "replace")[:DESCRIBED_CHARACTERS],
        }

    def processor_s(self) -> float:
        """Return the processor time that it has used, in seconds."""
        return self.worker.processor_s() - self.worker.used_s if self.worker is not None else 0.0


@dataclass(eq=False)
class Worker:
    """A worker process.

    Args:
        pid: Its process number.
        channel: The socket to it.
        store: The store that it reads.
        job: What it runs; None while it waits for the next.
        used_s: Processor time that it had used before, in seconds.
    """

    pid: int
    channel: socket.socket
    store: str
    job: Job | None = None
    used_s: float = 0.0
    queries: int = 0
    heard: bytearray = field(default_factory=bytearray)
    words: bytearray = field(default_factory=bytearray)

    def processor_s(self) -> float:
        """Return the processor time that it has used in all, in seconds."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2)  # the kernel's name for that process's clock
        except OSError:
            return self.used_s

    def hand_over(self, head: bytes, job: Job) -> None:
        """Send it a job.

        Raises:
            OSError: It has ended.
        """
        socket.send_fds(self.channel, [b"Q" + head], [job.spool])
        for start in range(0, len(job.text), MESSAGE_BYTES):
            self.channel.send(b"T" + job.text[start : start + MESSAGE_BYTES])

    def listen(self) -> list[dict[str, Any]]:
        """Read what it says, to the last that is there; return what it tells, and keep its other words."""
        while True:
            try:
                piece = self.channel.recv(MESSAGE_BYTES)
            except OSError:
                break
            if not piece:
                break
            self.heard += piece
        *lines, self.heard = self.heard.split(b"\n")
        told = [json.loads(line[1:]) for line in lines if line.startswith(MARK)]
        self.words += b"\n".join(line for line in lines if not line.startswith(MARK))
        if len(self.heard) + len(self.words) > WORDS_BYTES:  # never of a sound worker
            self.heard, self.words = bytearray(), self.words[:WORDS_BYTES]
        return told


@dataclass(frozen=True)
class Killed:
    """A worker that was killed and is not yet reaped: it holds its slot. `back` is to be begun again after it."""

    slow: bool
    client: str
    back: Job | None = None


def read_request(message: bytes, limits: Limits, releases: Path) -> dict[str, Any]:
    """Read the head of a request.

    Raises:
        QueryRefusedError: It is none, or asks for what is not given here.
    """
    try:
        told = json.loads(message[1:])
        request: dict[str, Any] = {name: str(told[name]) for name in ("graph", "results", "client", "base")}
        request |= {name: [str(iri) for iri in told[name]] for name in ("default", "named")}
        request["bytes"] = int(told["bytes"])
        path = Path(told["store"]).resolve()
    except (ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        raise errors.QueryRefusedError("this is no request") from error
    if request["bytes"] > limits.query_bytes:
        raise errors.QueryRefusedError(f"the query is longer than {limits.query_bytes} bytes")
    if releases not in path.parents:
        raise errors.QueryRefusedError("the store is not one of this service's")
    request["store"] = str(path)
    return request


def receive(connection: socket.socket) -> tuple[bytes, list[int]]:
    """Receive a message and the descriptors that came with it."""
    room = socket.CMSG_SPACE(2 * array.array("i").itemsize)
    message, ancillary, _, _ = connection.recvmsg(MESSAGE_BYTES + 1, room, socket.MSG_CMSG_CLOEXEC)
    numbers = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            numbers.frombytes(data[: len(data) - len(data) % numbers.itemsize])
    return message, list(numbers)


def resident(pid: int) -> int:
    """Return the memory of a process that is its own, in bytes."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
