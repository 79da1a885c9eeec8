"""The attacks by connections: many, slow, idle, half-open, abandoned, and such that send no HTTP at all."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

import hostile_queries as queries
from hostile_attacks import LEFT_WATCH_S, Attack, Outcome, Run
from hostile_http import Target, query, request
from hostile_judge import may_be

HELD_S = 10.0
"""How long connections are held, in seconds."""
_AT_ONCE = 250
_TLS_HELLO = bytes.fromhex("16030100a5010000a10303") + bytes(32) + b"\x20" + bytes(32) + b"\x00\x02\x13\x01" + bytes(96)


class Crowd:
    """Many plain sockets at once.

    Args:
        target: The server.
        sources: From how many addresses.
        first: Last byte of the first of them.
        receive_bytes: The sockets' receive buffer, to be slow readers; None leaves it.
    """

    def __init__(self, target: Target, sources: int, first: int = 2, receive_bytes: int | None = None) -> None:
        """Be nobody yet."""
        self.target = target
        self.sources = sources
        self.first = first
        self.receive_bytes = receive_bytes
        self.sockets: list[socket.socket] = []
        self.refused = 0
        self.ended = 0
        self.heads: Counter[str] = Counter()

    async def grow(self, count: int) -> None:
        """Connect so many more, some hundred at a time."""
        for start in range(0, count, _AT_ONCE):
            await asyncio.gather(*(self._connect(n) for n in range(start, min(start + _AT_ONCE, count))))

    async def _connect(self, number: int) -> None:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        if self.receive_bytes is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_bytes)
        try:
            sock.bind((f"127.0.0.{self.first + number % self.sources}", 0))
            async with asyncio.timeout(5):
                await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.target.port))
        except (OSError, TimeoutError):
            sock.close()
            self.refused += 1
        else:
            self.sockets.append(sock)

    def send(self, data: bytes) -> None:
        """Send to each that still takes it."""
        for sock in list(self.sockets):
            try:
                sock.send(data)
            except BlockingIOError:
                pass
            except OSError:
                self._drop(sock)

    def listen(self, count: int = 4096) -> None:
        """Read what is there, at most so many bytes each; remember the first words of each answer."""
        for sock in list(self.sockets):
            try:
                data = sock.recv(count)
            except BlockingIOError:
                continue
            except OSError:
                self._drop(sock)
                continue
            if data.startswith(b"HTTP/1."):
                self.heads[data[9:12].decode("latin-1")] += 1
            if not data:
                self._drop(sock)

    def shut(self) -> None:
        """End our side of each: no more will be sent."""
        for sock in list(self.sockets):
            try:
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                self._drop(sock)

    def _drop(self, sock: socket.socket) -> None:
        sock.close()
        self.sockets.remove(sock)
        self.ended += 1

    def leave(self, *, reset: bool = False) -> None:
        """Hang up, all of them."""
        for sock in self.sockets:
            if reset:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()
        self.sockets.clear()

    def outcome(self) -> Outcome:
        """Return what was seen."""
        heads = " ".join(f"{count}×{status}" for status, count in sorted(self.heads.items()))
        note = f"{self.refused} not connected, {self.ended} ended by the server{', ' if heads else ''}{heads}"
        return Outcome(note=note, fault="status 500" if self.heads["500"] else "")


def held(
    count: int,
    sources: int,
    start: bytes = b"",
    drip: bytes = b"",
    *,
    first: int = 2,
    shut: bool = False,
    read_bytes: int = 4096,
    receive_bytes: int | None = None,
    each: bool = False,
) -> Run:
    """Return a run that opens connections, sends the same on each, and holds them for some seconds.

    Args:
        count: How many connections.
        sources: From how many addresses.
        start: What each sends at once; `#0` in it becomes a number of its own where `each` is set.
        drip: What each sends once a second.
        first: Last byte of the first address.
        shut: Whether each ends its side after `start`.
        read_bytes: How much each reads a second; 0: nothing.
        receive_bytes: The receive buffer of each; None leaves it.
        each: Whether the requests differ, so that no cache answers.
    """

    async def run(target: Target) -> Outcome:
        crowd = Crowd(target, sources, first, receive_bytes)
        try:
            await crowd.grow(count)
            if each:
                for number, sock in enumerate(list(crowd.sockets)):
                    try:
                        sock.send(start.replace(b"%230", b"%23" + str(number).encode()))
                    except OSError:
                        continue
            elif start:
                crowd.send(start)
            if shut:
                crowd.shut()
            end = time.monotonic() + max(2.5, HELD_S * target.pace)
            while time.monotonic() < end:
                await asyncio.sleep(1)
                if drip:
                    crowd.send(drip)
                if read_bytes:
                    crowd.listen(read_bytes)
            return crowd.outcome()
        finally:
            crowd.leave()

    return run


def storm(count: int, *, reset: bool, data: bytes = b"") -> Run:
    """Return a run that connects and hangs up at once, again and again."""

    async def run(target: Target) -> Outcome:
        crowd = Crowd(target, 4)
        for _ in range(0, count, 200):
            await crowd.grow(200)
            if data:
                crowd.send(data)
            crowd.leave(reset=reset)
        return crowd.outcome()

    return run


async def _abandoned(target: Target) -> Outcome:
    """A hundred products whose clients are gone as soon as the request is out."""
    crowd = Crowd(target, 10)
    await crowd.grow(100)
    for number, sock in enumerate(list(crowd.sockets)):
        try:
            sock.send(query(f"{queries.COUNT_PRODUCT} #{number}"))
        except OSError:
            continue
    crowd.leave()
    left = time.monotonic()
    await asyncio.sleep(LEFT_WATCH_S)
    outcome = crowd.outcome()
    outcome.left = left
    return outcome


def _trickled_chunks() -> bytes:
    lines = (
        b"POST /sparql HTTP/1.1",
        b"Host: x",
        b"Content-Type: application/sparql-query",
        b"Transfer-Encoding: chunked",
    )
    return b"\r\n".join(lines) + b"\r\n\r\n"


def connections(target: Target) -> Iterator[Attack]:
    """Yield the attacks by connections."""
    anything = may_be()
    line = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
    post = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 1000\r\n\r\n"
    large = "/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o } LIMIT 300000 #0", "format": "csv"})
    dump = request(f"/dumps/{target.dump[0]}")
    page = request("/", headers={"Accept": "text/html"})
    alive = request("/healthz", headers={"Connection": "keep-alive"})
    made: dict[str, Run] = {
        "slow-loris-300": held(300, 4, line + b"X-A: ", b"b"),
        "slow-loris-1000": held(1000, 8, line + b"X-A: ", b"b"),
        "slow-loris-whole-headers": held(600, 4, line, b"X-A: b\r\n"),
        "slow-loris-from-the-good-client": held(300, 1, line + b"X-A: ", b"b", first=1),
        "slow-request-lines": held(600, 4, b"G", b"E"),
        "slow-bodies-300": held(300, 4, post, b"A"),
        "slow-bodies-1000": held(1000, 8, post, b"A"),
        "slow-chunks-300": held(300, 4, _trickled_chunks(), b"1\r\n#\r\n"),
        "line-feeds-for-ever": held(300, 4, b"", b"\r\n"),
        "idle-2000": held(2000, 8),
        "idle-after-an-answer-500": held(500, 4, alive),
        "slow-readers-of-a-result-300": held(300, 6, request(large), read_bytes=16, receive_bytes=2048, each=True),
        "slow-readers-of-a-dump-300": held(300, 6, dump, read_bytes=16, receive_bytes=2048),
        "slow-readers-of-a-page-500": held(500, 6, page, read_bytes=1, receive_bytes=2048),
        "no-readers-of-a-pipeline-100": held(100, 4, alive * 200, read_bytes=0, receive_bytes=2048),
        "half-open-500": held(500, 4, b"", shut=True),
        "half-open-in-headers-500": held(500, 4, line, shut=True),
        "half-open-in-bodies-500": held(500, 4, post + b"ASK", shut=True),
        "half-closed-after-the-request-200": held(200, 4, line + b"\r\n", shut=True),
        "garbage-300": held(300, 4, os.urandom(4000), os.urandom(50)),
        "tls-hello-300": held(300, 4, _TLS_HELLO),
        "garbage-without-line-ends": held(100, 4, b"A" * 60_000, b"A" * 60_000),
        "storm-of-4000": storm(4000, reset=False),
        "storm-of-4000-resets": storm(4000, reset=True),
        "storm-of-2000-requests-reset": storm(2000, reset=True, data=line + b"\r\n"),
    }  # fmt: skip
    for name, run in made.items():
        yield Attack(name, "connections", run, anything)
    yield Attack("abandoned-at-once-100", "connections", _abandoned, anything, left_cpu_s=float(target.slots))
