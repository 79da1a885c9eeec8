"""Whose query runs next: fair queues, shares and budgets of clients. Pure: no process, no clock of its own.

A query begins in the quick lane. One that has used its first quarter of a second
(`query_slow_after_ms`) belongs to the slow lane, which has few slots: there it goes
on at low priority, or, where no slot is free, it is set back: ended, and begun again
when one is. So quick queries always find a slot soon, whatever else is asked.

Slow queries are remembered, so that one which is asked again waits for the slow lane
at once. In a lane the client is next that has used least of late, and none holds more
than half of the slots. A client is an address (of IPv6 the network, /64). This machine
has no limit, share or budget: it is the operator, or a proxy that tells no addresses.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

CLIENTS_KEPT = 10_000
"""How many clients' budgets are remembered: the ones seen last."""

NEWCOMER_S = 1.0
"""What a client that has had no quick answer yet counts as having used, in seconds: known ones go first."""
SLOW_KEPT = 10_000
"""How many slow queries are remembered: the ones asked last."""
NOT_TRIED_S = 60.0
"""How long a query that ran out of time or memory is not tried again, in seconds."""


class _Waiting(Protocol):
    """What can wait: it has a client."""

    @property
    def client(self) -> str: ...


Job = TypeVar("Job", bound=_Waiting)


def client_of(address: str) -> str:
    """Return the client that an address belongs to; "" for what is no address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        if not parsed.is_loopback:
            return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def is_local(client: str) -> bool:
    """Tell whether a client is this machine, which has no limits."""
    return client in ("", "::1") or client.startswith("127.")


class Trusted:
    """The proxies that are believed: addresses and networks."""

    def __init__(self, entries: Sequence[str]) -> None:
        """Read them; `config` has checked them."""
        self._networks = [ipaddress.ip_network(entry, strict=False) for entry in entries]

    def trusts(self, address: str) -> bool:
        """Tell whether an address is one of theirs."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)


class Queue(Generic[Job]):
    """Waits in a line a client; the clients take turns."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lines: OrderedDict[str, deque[Job]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(len(line) for line in self._lines.values())

    def __iter__(self) -> Iterator[Job]:
        """Yield those that wait, client by client."""
        for line in self._lines.values():
            yield from line

    def count(self, client: str) -> int:
        """Return how many of a client wait."""
        return len(self._lines.get(client, ()))

    def push(self, job: Job) -> None:
        """Put a job at the end of its client's line."""
        self._lines.setdefault(job.client, deque()).append(job)

    def pop(self, may: Callable[[str], bool], used: Callable[[str], float]) -> Job | None:
        """Take the next job of a client, or None; the client then stands behind the others.

        Args:
            may: Tells whether a client may run one.
            used: Tells what a client has used of late: the one with the least
                is next, among equals the one that stands first.
        """
        client = min(filter(may, self._lines), key=used, default=None)
        if client is None:
            return None
        line = self._lines[client]
        job = line.popleft()
        if line:
            self._lines.move_to_end(client)
        else:
            del self._lines[client]
        return job

    def last_of(self, used: Callable[[str], float]) -> Job | None:
        """Return the job that may best go: the last of the longest line, among equals of who has used most."""
        client = max(self._lines, key=lambda one: (len(self._lines[one]), used(one)), default=None)
        return self._lines[client][-1] if client is not None else None

    def remove(self, job: Job) -> bool:
        """Take a job out, wherever it stands; tell whether it was there."""
        line = self._lines.get(job.client)
        if line is None or job not in line:
            return False
        line.remove(job)
        if not line:
            del self._lines[job.client]
        return True


def share(places: int, client: str) -> int:
    """Return how many of some places a client may hold: half of them, at least one."""
    return places if is_local(client) else max(1, (places + 1) // 2)


class Lane(Queue[Job]):
    """A lane: slots that clients hold, and the queue of those who wait for one.

    Args:
        slots: How many queries run in it at once.
        room: How many may wait.
        used: Tells what a client has used of late, at a time.
    """

    def __init__(self, slots: int, room: int, used: Callable[[str, float], float]) -> None:
        """Begin empty."""
        super().__init__()
        self._slots = slots
        self._room = room
        self._used = used

    def may_run(self, client: str, holders: Sequence[str]) -> bool:
        """Tell whether a client may take a slot; `holders` are the clients that hold one, once a slot."""
        return len(holders) < self._slots and holders.count(client) < share(self._slots, client)

    def next(self, holders: Sequence[str], now: float) -> Job | None:
        """Take the job that may run next; None while there is none."""
        return self.pop(lambda client: self.may_run(client, holders), lambda client: self._used(client, now))

    def crowd_out(self, job: Job, now: float) -> Job | None:
        """Take out the one that there is no room for since a job waits: itself, or the last of the longest line."""
        if self.count(job.client) > share(self._room, job.client):
            out: Job | None = job
        else:
            out = self.last_of(lambda client: self._used(client, now)) if len(self) > self._room else None
        if out is not None:
            self.remove(out)
        return out


class Budgets:
    """What clients may ask for in a minute: a number of queries, and seconds of computing. 0 lifts a limit.

    Each budget fills up evenly, to one minute's worth. Queries are taken when they
    come; seconds when they have been used, so that a budget may fall below nothing.

    Args:
        queries: Queries a minute.
        seconds: Seconds of computing a minute.
    """

    def __init__(self, queries: int, seconds: int) -> None:
        """Begin with full budgets."""
        self._enforced = (queries > 0, seconds > 0)
        self._limits = (float(queries), float(seconds or 60))  # seconds are counted in any case
        self._left: OrderedDict[str, tuple[float, float, float]] = OrderedDict()
        self._proven: set[str] = set()  # clients that have had an answer from the quick lane

    def _now(self, client: str, now: float) -> tuple[float, float]:
        at, *left = self._left.get(client, (now, *self._limits))
        filled = (min(limit, has + (now - at) * limit / 60) for has, limit in zip(left, self._limits, strict=True))
        first, second = filled
        return first, second

    def _set(self, client: str, now: float, queries: float, seconds: float) -> None:
        self._left[client] = (now, queries, seconds)
        self._left.move_to_end(client)
        if len(self._left) > CLIENTS_KEPT:
            self._proven.discard(self._left.popitem(last=False)[0])

    def take(self, client: str, now: float) -> float:
        """Take one query from a client's budget.

        Returns:
            0, or in how many seconds the client may try again; then nothing was taken.
        """
        left = self._now(client, now)
        waits = [
            (least - has) * 60 / limit
            for has, limit, least, enforced in zip(left, self._limits, (1.0, 0.0), self._enforced, strict=True)
            if enforced and has < least and not is_local(client)
        ]
        if waits:
            return max(waits)
        self._set(client, now, left[0] - 1, left[1])
        return 0.0

    def used(self, client: str, now: float) -> float:
        """Return how many seconds of computing a client has used of late; without an answer yet, one more."""
        return self._limits[1] - self._now(client, now)[1] + (0.0 if client in self._proven else NEWCOMER_S)

    def use(self, client: str, now: float, seconds: float, *, quick: bool = False) -> None:
        """Take seconds of computing from a client's budget; `quick` tells that the query was answered in its lane."""
        queries, left = self._now(client, now)
        self._set(client, now, queries, left - seconds)
        if quick:
            self._proven.add(client)


class Experience:
    """Remembers, by hash, which queries turned out slow, and which failed for want of time or memory.

    A release never changes: a query that failed would fail again. So it is not
    tried again for `NOT_TRIED_S`, and what it would use is there for the others.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._slow: OrderedDict[bytes, tuple[float, str, str]] = OrderedDict()

    def slow(self, query: bytes) -> None:
        """Remember that a query is slow."""
        self._keep(query, self._slow.get(query, (0.0, "", "")))

    def failed(self, query: bytes, now: float, code: str, message: str) -> None:
        """Remember that a query failed at a time, and how."""
        self._keep(query, (now, code, message))

    def _keep(self, query: bytes, what: tuple[float, str, str]) -> None:
        self._slow[query] = what
        self._slow.move_to_end(query)
        if len(self._slow) > SLOW_KEPT:
            self._slow.popitem(last=False)

    def is_slow(self, query: bytes) -> bool:
        """Tell whether a query is known to be slow."""
        return query in self._slow

    def failure(self, query: bytes, now: float) -> tuple[float, str, str] | None:
        """Return in how many seconds a query that failed may be tried again, its code and message; None if it may."""
        at, code, message = self._slow.get(query, (0.0, "", ""))
        left = at + NOT_TRIED_S - now
        return (left, code, message) if code and left > 0 else None
