"""The worker processes of the query parent: forked from it with a store open, given jobs, let go, killed, reaped."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.workers.jobs import Job, Killed, Worker, resident
from publisher.workers.protocol import Limits
from publisher.workers.worker import LOW_PRIORITY, open_files, work

if TYPE_CHECKING:
    import pyoxigraph as ox

STORES_KEPT = 2
"""How many stores the parent keeps open: the live release's and the one before it."""
QUERIES_A_WORKER = 1000
"""After how many queries a worker is replaced by a fresh one."""


class Crew:
    """The workers, and the open stores that they are forked with.

    Args:
        limits: What a query may use.
    """

    def __init__(self, limits: Limits) -> None:
        """Begin with no store open and no worker."""
        self.limits = limits
        self.workers: dict[int, Worker] = {}  # by the descriptor of the channel
        self.killed: dict[int, Killed] = {}
        self.started = 0
        self._leaving: set[int] = set()  # workers that end by themselves
        self._stores: OrderedDict[str, tuple[ox.Store, set[int]]] = OrderedDict()

    def give(self, job: Job) -> None:
        """Give a job to a worker that waits, or to a new one.

        Raises:
            OSError, ValueError: The store cannot be opened, or no process be started.
        """
        worker = self._send(job)
        worker.job, worker.used_s = job, worker.processor_s()
        worker.queries += 1
        worker.words = bytearray()
        job.worker = worker

    def _send(self, job: Job) -> Worker:
        """Send a job to a worker, and return which."""
        path = job.request["store"]
        head = json.dumps({**job.request, "slow": job.slow, "bytes": len(job.text)}).encode()
        for worker in [one for one in self.workers.values() if one.job is None and one.store == path]:
            try:
                worker.hand_over(head, job)
            except OSError:  # it has just ended
                self.let_go(worker)
            else:
                return worker
        worker = self._fork(*self._store(path), path)
        worker.hand_over(head, job)
        return worker

    def _store(self, path: str) -> tuple[ox.Store, set[int]]:
        """Return a store, opened read-only, with its descriptors; the least recently asked goes if there are too many.

        Raises:
            OSError: It cannot be opened.
        """
        import pyoxigraph

        found = self._stores.pop(path, None)
        if found is None:
            store = pyoxigraph.Store.read_only(path)
            found = store, open_files(path)
        self._stores[path] = found
        while len(self._stores) > STORES_KEPT:
            former, _ = self._stores.popitem(last=False)
            for worker in list(self.workers.values()):
                if worker.store == former and worker.job is None:
                    self.let_go(worker)
        return found

    def _fork(self, store: ox.Store, files: set[int], path: str) -> Worker:
        """Fork a worker.

        Raises:
            OSError: There is no room for a process or a descriptor.
        """
        own, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            pid = os.fork()
        except OSError:
            own.close()
            other.close()
            raise
        if pid == 0:
            work(store, files, other.fileno(), self.limits)
        other.close()
        own.setblocking(False)
        self.started += 1
        self.workers[own.fileno()] = worker = Worker(pid, own, path)
        return worker

    def take_back(self, worker: Worker, *, ends: bool) -> None:
        """Take the job from a worker that has come to an end with it; keep the worker for the next unless it `ends`."""
        worker.job = None
        waiting = sum(one.job is None for one in self.workers.values())
        if ends or worker.queries >= QUERIES_A_WORKER or waiting > self.limits.slots - self.limits.slow_slots:
            self.let_go(worker)

    def let_go(self, worker: Worker) -> None:
        """End a worker that runs nothing: it sees the end of its channel."""
        self._part(worker)
        self._leaving.add(worker.pid)

    def let_all_go(self) -> None:
        """End all workers, none of which runs anything."""
        for worker in list(self.workers.values()):
            self.let_go(worker)

    def slow_down(self, worker: Worker) -> None:
        """Let a worker go on at low priority."""
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.setpriority(os.PRIO_PROCESS, worker.pid, LOW_PRIORITY)

    def kill(self, worker: Worker, what: Killed) -> None:
        """Kill a worker; what it was is kept until it is reaped: so long it holds its slot."""
        os.kill(worker.pid, signal.SIGKILL)
        self._part(worker)
        self.killed[worker.pid] = what

    def has(self, worker: Worker) -> bool:
        """Tell whether a worker is still one: neither let go nor killed nor reaped."""
        return self.workers.get(worker.channel.fileno()) is worker

    def reap_killed(self) -> Iterator[Killed]:
        """Yield the killed workers that have ended."""
        for number, killed in list(self.killed.items()):
            pid, _, _ = os.wait4(number, os.WNOHANG)
            if pid:
                del self.killed[number]
                yield killed

    def reap_leaving(self) -> None:
        """Take note of the workers that have ended by themselves, as they should."""
        self._leaving = {pid for pid in self._leaving if not os.waitpid(pid, os.WNOHANG)[0]}

    def ended(self) -> Iterator[Worker]:
        """Yield the workers that have ended otherwise; `reap` is to follow."""
        for worker in list(self.workers.values()):
            if os.waitid(os.P_PID, worker.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                yield worker

    def reap(self, worker: Worker) -> tuple[float, int]:
        """Return what a worker that has ended used for its job, in seconds of processor time, and its exit status."""
        used_s = worker.processor_s() - worker.used_s
        _, status = os.waitpid(worker.pid, 0)
        self._part(worker)
        return used_s, status

    def _part(self, worker: Worker) -> None:
        del self.workers[worker.channel.fileno()]
        worker.channel.close()

    def memory_bytes(self) -> int:
        """Return the memory of all workers that is their own."""
        return sum(resident(worker.pid) for worker in self.workers.values())
