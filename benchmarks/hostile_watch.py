"""What the hostile suite watches while it attacks: the good client, processes, memory, files, and calls to outside."""

from __future__ import annotations

import asyncio
import hashlib
import json
import multiprocessing
import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

import foreign
from hostile_http import Target
from measure import tree_bytes

PROBE_EVERY_S = 0.2
PROBE_LIMIT_S = 2.0
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class Probe(NamedTuple):
    """One good query: when it was sent, how long the right answer took, and what was wrong instead."""

    sent: float
    seconds: float
    fault: str


class GoodClient:
    """Looks up one item with its properties every 0.2 s, in a process of its own, each time on a new connection.

    Another item each time, so that no cache answers. The pace does not wait for answers.

    Args:
        target: The server.
        log: Where the process writes what it saw, a line a query.
    """

    def __init__(self, target: Target, log: Path) -> None:
        """Start the process."""
        self.log = log
        self._read = 0
        self._next = 0
        self._known: dict[int, Probe] = {}
        log.touch()
        context = multiprocessing.get_context("spawn")
        self._process: BaseProcess = context.Process(target=_look_up_for_ever, args=(target, str(log)), daemon=True)
        self._process.start()

    def news(self, until: float, patience_s: float = 2 * PROBE_LIMIT_S) -> list[Probe]:
        """Return what became of the queries sent since the last call and before a moment.

        Args:
            until: The moment (monotonic time). Waits for the answers to all that were sent before it.
            patience_s: How long at most.
        """
        end = time.monotonic() + patience_s
        while True:
            self._read_log()
            number = self._next
            while number in self._known and self._known[number].sent < until:
                number += 1
            if number in self._known or time.monotonic() > end:
                found = [self._known.pop(n) for n in range(self._next, number)]
                self._next = number
                return found
            time.sleep(0.05)

    def _read_log(self) -> None:
        with self.log.open("rb") as lines:
            lines.seek(self._read)
            data = lines.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            number, *rest = json.loads(line)
            self._known[number] = Probe(*rest)

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join()


def _look_up_for_ever(target: Target, log: str) -> None:
    asyncio.run(_look_up(target, Path(log)))


async def _look_up(target: Target, log: Path) -> None:
    chance = random.Random(7)
    running: set[asyncio.Task[None]] = set()
    count = 0
    with log.open("a", encoding="utf-8", buffering=1) as out:

        async def one(order: int, number: int) -> None:
            sent = time.monotonic()
            text = (
                f"SELECT ?p ?o {{ GRAPH ?g {{ <{foreign.EX}item/{number}> ?p ?o }} }}"
                if number % 5 > 2
                else f"SELECT ?p ?o {{ <{foreign.EX}item/{number}> ?p ?o }}"
            )
            answer = await target.query(text, source="127.0.0.1", timeout_s=PROBE_LIMIT_S)
            fault = _fault(answer.status, answer.body, number) if answer.whole else str(answer)
            took = time.monotonic() - sent
            if not fault and took > PROBE_LIMIT_S:
                fault = "late"
            out.write(json.dumps([order, sent, took, fault]) + "\n")

        due = time.monotonic()
        while True:
            number = chance.randrange(target.facts["items"])
            number += number % 20 == 0  # every twentieth is a blank node
            task = asyncio.create_task(one(count, number % target.facts["items"] or 1))
            count += 1
            running.add(task)
            task.add_done_callback(running.discard)
            due += PROBE_EVERY_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due = max(due, time.monotonic() - PROBE_LIMIT_S)


def _fault(status: int | None, body: bytes, number: int) -> str:
    """Return what is wrong with the answer about an item; "" where it is the right one."""
    if status != 200:
        return str(status)
    try:
        rows = json.loads(body)["results"]["bindings"]
        found = {row["p"]["value"].removeprefix(foreign.EX): row["o"]["value"] for row in rows}
    except (ValueError, KeyError, TypeError):
        return "unreadable"
    right = len(rows) == 5 and found.get("code") == f"X-{number:08d}" and found.get("value") == str(number % 9973)
    return "" if right else f"wrong: {len(rows)} rows"


class Sample(NamedTuple):
    """The process tree at one moment: private memory in bytes, processor seconds by process, direct children."""

    at: float
    bytes: int
    cpu: dict[int, float]
    children: frozenset[int]


class Watch:
    """Samples a process tree ten times a second until it is stopped."""

    def __init__(self, pid: int, every_s: float = 0.1) -> None:
        """Begin."""
        self.pid = pid
        self.every_s = every_s
        self.samples: list[Sample] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            self.samples.append(Sample(time.monotonic(), tree_bytes(self.pid), _cpu(self.pid), children(self.pid)))
            if self._ended.wait(self.every_s):
                return

    def stop(self) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    def between(self, since: float, until: float) -> list[Sample]:
        """Return the samples of a span of time."""
        return [sample for sample in list(self.samples) if since <= sample.at <= until]

    def peak(self, since: float, until: float) -> int:
        """Return the most memory seen in a span of time, in bytes."""
        return max((sample.bytes for sample in self.between(since, until)), default=0)

    def cpu(self, since: float, until: float) -> float:
        """Return the processor seconds of a span of time, of all processes that lived long enough to be seen."""
        first: dict[int, float] = {}
        last: dict[int, float] = {}
        samples = self.between(since - 2 * self.every_s, until)
        for number, sample in enumerate(samples):
            for pid, seconds in sample.cpu.items():
                # A process that appears later began within the span: all it used counts.
                first.setdefault(pid, seconds if number == 0 else 0.0)
                last[pid] = seconds
        return sum(last[pid] - first[pid] for pid in last)


def children(pid: int) -> frozenset[int]:
    """Return the direct children of a process, those of its threads too."""
    found: set[int] = set()
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found.update(int(word) for word in (task / "children").read_text(encoding="ascii").split())
    except OSError:
        pass
    return frozenset(found)


def _cpu(pid: int) -> dict[int, float]:
    used: dict[int, float] = {}
    pending = [pid]
    while pending:
        current = pending.pop()
        try:
            stat = Path(f"/proc/{current}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        words = stat.rpartition(")")[2].split()
        used[current] = (int(words[11]) + int(words[12])) * _TICK_S
        pending += children(current)
    return used


class Canary:
    """Listens at 127.0.0.1 and [::1], and remembers whoever calls."""

    def __init__(self) -> None:
        """Listen."""
        self.calls: list[str] = []
        self._listeners = [_listener(socket.AF_INET, "127.0.0.1"), _listener(socket.AF_INET6, "::1")]
        self.ports = (self._listeners[0].getsockname()[1], self._listeners[1].getsockname()[1])
        for listener in self._listeners:
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            with closing(caller):
                caller.settimeout(0.5)
                try:
                    heard = caller.recv(200)
                    caller.sendall(_TURTLE)
                except OSError:
                    heard = b""
                self.calls.append(heard.decode("latin-1").partition("\r\n")[0] or "a connection")

    def stop(self) -> None:
        """Listen no more."""
        for listener in self._listeners:
            listener.close()


_TURTLE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\nContent-Length: 18\r\nConnection: close\r\n\r\n<x:a> <x:b> <x:c>."
)


def _listener(family: socket.AddressFamily, host: str) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind((host, 0))
    listener.listen(64)
    return listener


@dataclass
class Files:
    """The files below a folder: size, time of the last change, and checksum.

    Hidden entries at its top are left out: they are the program's own workplace (results kept, builds under way).
    """

    folder: Path
    found: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read them all."""
        for path in self._paths():
            facts = path.stat()
            with path.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            self.found[str(path.relative_to(self.folder))] = (facts.st_size, facts.st_mtime_ns, digest)

    def _paths(self) -> Iterator[Path]:
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.relative_to(self.folder).parts[0][0] != ".":
                yield path

    def differences(self, later: Files) -> list[str]:
        """Return what was written between two looks, in words."""
        names = sorted(self.found.keys() | later.found.keys())
        return [
            f"{name}: {'new' if name not in self.found else 'gone' if name not in later.found else 'changed'}"
            for name in names
            if self.found.get(name) != later.found.get(name)
        ]
