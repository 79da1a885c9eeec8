"""The query parent: keeps the store open, gives queries to workers, and watches over them.

The engine cannot be stopped from within: only the end of its process ends a query.
So this process, which is small and has no thread of its own, forks workers that run
one query at a time, and kills one at its query's deadline, when the visitor has left,
or when the operator says so. A worker whose query was quick takes the next one, which
saves a fork and an exit (5 of 7 ms). The parent watches the visitor's own connection,
so that it knows at once, whatever the web process does. It is started by executing a
fresh interpreter, hence single-threaded whatever its starter is; it can be started
again at any time, because the listening socket belongs to the starter. Which query
runs next is decided in `schedule`. What a visitor asked or got is never logged here.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import shutil
import signal
import socket
import stat
import sys
import time
import warnings
from collections import OrderedDict
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from publisher import errors
from publisher.workers.jobs import Job, Killed, Worker, read_request, receive, resident
from publisher.workers.protocol import BODY_AT, CLIENT_GONE, REQUEST_S, Limits, allow_descriptors
from publisher.workers.schedule import NOT_TRIED_S, Budgets, Experience, Queue, share
from publisher.workers.worker import LOW_PRIORITY, die_with_parent, open_files, too_much_memory, work

if TYPE_CHECKING:
    import pyoxigraph as ox

STORES_KEPT = 2
"""How many stores the parent keeps open: the live release's and the one before it."""
STATUS_S = 10.0
"""How long the parent tries to hand over the last status to a client that does not read, in seconds."""
WAITING_RETRY_S = 5
"""When one who found no place may try again, in seconds."""
QUERIES_A_WORKER = 1000
"""After how many queries a worker is replaced by a fresh one."""
IDLE_FACTOR = 4
"""A query that waits for the disk counts as slow after this many times `query_slow_after_ms` of wall-clock time."""
FAILURES = (errors.QueryTimeoutError.code, errors.QueryMemoryError.code, errors.QueryCrashedError.code)
"""What a query is not tried again after, for a while."""
PRESSED = 0.4
"""The part of `query_slow_after_ms` that a query has in the quick lane while others wait for it."""
STATES = ("running", "waiting")
DESCRIBED = 100
"""Queries that the operator is told of at once, at most: those that run first."""


class Parent:
    """The query parent's state: open stores, connections, workers.

    Args:
        limits: What a query may use.
        releases: The folder below which stores may be opened.
        listener: The listening socket.
        starter: Process number of the starter, whose end is ours too.
    """

    def __init__(self, limits: Limits, releases: Path, listener: socket.socket, starter: int) -> None:
        """Begin with nothing open."""
        self.limits = limits
        self.releases = releases
        self.listener = listener
        self.starter = starter
        self.jobs: dict[int, Job] = {}
        self.watched: dict[int, Job] = {}  # by the descriptor of the visitor's connection
        self.quick: Queue[Job] = Queue()
        self.slow: Queue[Job] = Queue()
        self.budgets = Budgets(limits.client_queries, limits.client_seconds)
        self.stores: OrderedDict[str, tuple[ox.Store, set[int]]] = OrderedDict()
        self.workers: dict[int, Worker] = {}  # by the descriptor of the channel
        self.killed: dict[int, Killed] = {}
        self.experience = Experience()
        self.leaving: set[int] = set()  # workers that end by themselves
        self.numbers = itertools.count(1)
        self.counts = {"started": 0, "set_back": 0, "left": 0, "refused": 0}
        self.ending = False

    def run(self) -> None:
        """Serve until told to end, or until the starter has gone."""
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_read, False)
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _ignore)  # a handler of our own, so that poll wakes up
        signal.signal(signal.SIGUSR1, self._told_to_end)
        # A terminal or a service manager signals the whole group, while the web
        # server still finishes its requests: the starter says when it is over.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            die_with_parent(signal.SIGUSR1)
            while not self.ending and os.getppid() == self.starter:
                self._turn(wake_read)
        finally:
            for job in list(self.jobs.values()):
                self._drop(job)
            for worker in list(self.workers.values()):
                self._let_go(worker)

    def _told_to_end(self, _number: int, _frame: FrameType | None) -> None:
        self.ending = True

    def _turn(self, wake: int) -> None:
        """Wait until something happens, and act on it."""
        poll = select.poll()
        poll.register(wake, select.POLLIN)
        poll.register(self.listener, select.POLLIN)
        for number, job in self.jobs.items():
            wanted = {"reading": select.POLLIN, "closing": select.POLLOUT}.get(job.state, 0)
            poll.register(number, wanted | select.POLLRDHUP)
        for number in self.watched:
            poll.register(number, select.POLLRDHUP)
        for number in self.workers:
            poll.register(number, select.POLLIN)
        # A number may be another descriptor's by the time its event is looked at: what it stood for is remembered.
        meant: dict[int, Job | Worker] = {**self.jobs, **self.watched, **self.workers}
        due = min((job.deadline for job in self.jobs.values()), default=time.monotonic() + 60)
        events = dict(poll.poll(max(0.0, due - time.monotonic()) * 1000 + 1))
        if events.pop(wake, 0):
            os.read(wake, 4096)
        if events.pop(self.listener.fileno(), 0):
            self._accept()
        for number, event in events.items():
            self._handle(number, event, meant[number])
        self._reap()
        self._check_deadlines()
        self._fill()

    def _handle(self, number: int, event: int, meant: Job | Worker) -> None:
        if isinstance(meant, Worker):
            if self.workers.get(number) is meant:
                self._listen(meant)
        elif self.watched.get(number) is meant:
            self.counts["left"] += 1
            self._end(meant, CLIENT_GONE, "")
        elif self.jobs.get(number) is not meant:  # dropped in this very turn
            return
        elif meant.state == "reading" and event & select.POLLIN:
            self._read(meant)
        elif event & (select.POLLRDHUP | select.POLLHUP | select.POLLERR):
            self._drop(meant)
        elif meant.state == "closing":
            self._send_status(meant)

    # --- requests

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setblocking(False)
            now = time.monotonic()
            job = Job(f"{os.getpid()}-{next(self.numbers)}", connection, now + REQUEST_S, now)
            self.jobs[connection.fileno()] = job
            if len(self.jobs) > self.limits.slots + 2 * self.limits.queue + 256:
                self._busy(job, "too many queries are waiting")

    def _read(self, job: Job) -> None:
        """Read what has arrived of a request; queue the job when it is whole."""
        while True:
            try:
                message, descriptors = receive(job.connection)
            except BlockingIOError:
                return
            except OSError:
                message, descriptors = b"", []
            try:
                if not message:
                    self._drop(job)
                    return
                if message[:1] == b"A":
                    self._obey(job, message[1:])
                    return
                if not job.request:
                    if len(descriptors) != 2:
                        raise errors.QueryRefusedError("this is no request")
                    job.spool, job.visitor = descriptors
                    descriptors = []
                    job.request = read_request(message, self.limits, self.releases)
                    job.client = job.request["client"]
                else:
                    job.text += message[1:]
                if len(job.text) < job.request["bytes"]:
                    continue
            except errors.QueryRefusedError as error:
                self._finish(job, error.code, str(error))
                return
            finally:
                for number in descriptors:
                    os.close(number)
            self._admit(job)
            return

    def _admit(self, job: Job) -> None:
        """Queue a job, or say why not."""
        now = time.monotonic()
        wait = self.budgets.take(job.client, now)
        if wait:
            self.counts["refused"] += 1
            self._finish(
                job,
                errors.RateLimitedError.code,
                "this client has asked for more than its share of a minute: "
                f"{self.limits.client_queries} queries, {self.limits.client_seconds} s of computing",
                retry_after=int(wait) + 1,
            )
            return
        failure = self.experience.failure(job.hash(), now)
        if failure is not None:
            left, code, message = failure
            ago = NOT_TRIED_S - left
            told = f"{message}; that was {ago:.0f} s ago, and it is not tried again before a minute is over"
            self._finish(job, code, told, retry_after=int(left) + 1)
            return
        job.state = "waiting"
        job.deadline = now + self.limits.timeout_s
        if stat.S_ISSOCK(os.fstat(job.visitor).st_mode):
            self.watched[job.visitor] = job
        job.slow = self.experience.is_slow(job.hash())
        self._wait(job, self.slow if job.slow else self.quick)

    def _wait(self, job: Job, queue: Queue[Job]) -> None:
        """Put a job into a queue; where that is full tell the client whose line is longest that there is no room."""
        queue.push(job)
        self._fill()
        if job.state != "waiting":
            return
        if not job.slow:  # what runs has less time now
            for other in self.jobs.values():
                if other.state == "running" and not other.slow:
                    other.deadline = 0.0
        too_many: Job | None = None
        if queue.count(job.client) > share(self.limits.queue, job.client):
            too_many = job
        elif len(queue) > self.limits.queue:
            now = time.monotonic()
            too_many = queue.last_of(lambda client: self.budgets.used(client, now))
        if too_many is not None:
            queue.remove(too_many)
            self._busy(too_many, "too many queries are waiting")

    def _obey(self, job: Job, payload: bytes) -> None:
        """Do what the operator says: list the queries, or end one."""
        try:
            said = json.loads(payload)
            wanted = str(said.get("cancel", ""))
        except (ValueError, AttributeError):
            self._drop(job)
            return
        ended = False
        for other in list(self.jobs.values()):
            if wanted and other.id == wanted and other.state in ("waiting", "running"):
                self._end(other, errors.QueryCancelledError.code, "the operator of the service ended the query")
                ended = True
        asked = [other for other in self.jobs.values() if other.state in ("running", "waiting")]
        asked.sort(key=lambda other: (other.state, other.came))
        lanes = {
            lane: {state: sum(other.state == state and other.slow is slow for other in asked) for state in STATES}
            for lane, slow in (("quick", False), ("slow", True))
        }
        memory = {"parent": resident(os.getpid()), "workers": sum(resident(one.pid) for one in self.workers.values())}
        queries = [other.described() for other in asked[:DESCRIBED]]
        self._finish(job, "ok", "", queries=queries, ended=ended, counts=self.counts, lanes=lanes, memory_bytes=memory)

    # --- workers

    def _store(self, path: str) -> tuple[ox.Store, set[int]]:
        """Return a store, opened read-only, with its descriptors; the least recently asked goes if there are too many.

        Raises:
            OSError: It cannot be opened.
        """
        import pyoxigraph

        found = self.stores.pop(path, None)
        if found is None:
            store = pyoxigraph.Store.read_only(path)
            found = store, open_files(path)
        self.stores[path] = found
        while len(self.stores) > STORES_KEPT:
            former, _ = self.stores.popitem(last=False)
            for worker in list(self.workers.values()):
                if worker.store == former and worker.job is None:
                    self._let_go(worker)
        return found

    def _holders(self, *, slow: bool) -> list[str]:
        """Return the clients that hold the taken slots of a lane, once a slot."""
        running = [job.client for job in self.jobs.values() if job.state == "running" and job.slow is slow]
        return running + [killed.client for killed in self.killed.values() if killed.slow is slow]

    def _fill(self) -> None:
        """Start workers while there are slots and queries that may take them."""
        now = time.monotonic()
        for queue, slow, slots in (
            (self.slow, True, self.limits.slow_slots),
            (self.quick, False, self.limits.slots - self.limits.slow_slots),
        ):
            while queue:
                holders = self._holders(slow=slow)

                def may(client: str, holders: list[str] = holders, slots: int = slots) -> bool:
                    return holders.count(client) < share(slots, client)

                job = queue.pop(may, lambda client: self.budgets.used(client, now)) if len(holders) < slots else None
                if job is None:
                    break
                self._start(job)

    def _start(self, job: Job) -> None:
        """Give a job to a worker that waits, or to a new one."""
        try:
            worker = self._send(job)
        except (OSError, ValueError):
            self._finish(job, errors.StoreError.code, "the store of the release cannot be opened")
            return
        now = time.monotonic()
        worker.job, worker.used_s = job, worker.processor_s()
        worker.queries += 1
        worker.words = bytearray()
        job.worker, job.state, job.begun = worker, "running", now
        timeout_s = self.limits.timeout_s
        job.deadline = now + (timeout_s if job.slow else min(timeout_s, self.limits.slow_after_s))

    def _send(self, job: Job) -> Worker:
        """Send a job to a worker, and return which.

        Raises:
            OSError, ValueError: The store cannot be opened, or no process be started.
        """
        path = job.request["store"]
        head = json.dumps({**job.request, "slow": job.slow, "bytes": len(job.text)}).encode()
        for worker in [one for one in self.workers.values() if one.job is None and one.store == path]:
            try:
                worker.hand_over(head, job)
            except OSError:  # it has just ended
                self._let_go(worker)
            else:
                return worker
        worker = self._fork(*self._store(path), path)
        worker.hand_over(head, job)
        return worker

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
        self.counts["started"] += 1
        self.workers[own.fileno()] = worker = Worker(pid, own, path)
        return worker

    def _let_go(self, worker: Worker) -> None:
        """End a worker that runs nothing: it sees the end of its channel."""
        del self.workers[worker.channel.fileno()]
        worker.channel.close()
        self.leaving.add(worker.pid)

    def _listen(self, worker: Worker) -> None:
        """Take what a worker says, to the last that is there."""
        for told in worker.listen():
            if worker.job is not None:
                self._take(worker.job, told)

    def _take(self, job: Job, told: dict[str, Any]) -> None:
        """Take what a worker tells of its job."""
        ends = told.pop("ends", None)
        job.kind = told.pop("kind", job.kind)
        job.rows = told.pop("rows", job.rows)
        job.told |= told
        if ends is not None:
            self._done(job, ends=ends)
        else:
            self._let_pass(job)

    def _done(self, job: Job, *, ends: bool) -> None:
        """Finish a job whose worker has come to an end with it, and keep the worker for the next unless it ends."""
        worker = job.worker
        if worker is None:
            raise AssertionError("a job that no worker has is done")
        self.budgets.use(job.client, time.monotonic(), job.processor_s(), quick=not job.slow)
        worker.job = job.worker = None
        waiting = sum(one.job is None for one in self.workers.values())
        if (
            ends
            or job.slow
            or worker.queries >= QUERIES_A_WORKER
            or waiting > self.limits.slots - self.limits.slow_slots
        ):
            self._let_go(worker)
        self._finish(job, job.told.get("code", "ok"), job.told.get("message", ""))

    def _let_pass(self, job: Job) -> None:
        """Tell the client that it may pass on what there is, once that is certain to stay."""
        if job.slow and job.kind and job.state == "running":
            try:
                job.connection.send(b"L" + json.dumps({"kind": job.kind, "id": job.id}).encode())
            except BlockingIOError:
                return
            except OSError:
                self._drop(job)

    def _reap(self) -> None:
        """Take note of every worker that has ended."""
        for number, killed in list(self.killed.items()):
            pid, _, _ = os.wait4(number, os.WNOHANG)
            if pid:
                del self.killed[number]
                if killed.back is not None and killed.back.state == "waiting":
                    os.ftruncate(killed.back.spool, 0)
                    self._wait(killed.back, self.slow)
        self.leaving = {pid for pid in self.leaving if not os.waitpid(pid, os.WNOHANG)[0]}
        for worker in list(self.workers.values()):
            if os.waitid(os.P_PID, worker.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                continue
            self._listen(worker)  # its last words; by them it may have been let go or killed, to be reaped there
            if self.workers.get(worker.channel.fileno()) is not worker:
                continue
            used_s = worker.processor_s() - worker.used_s
            _, status = os.waitpid(worker.pid, 0)
            del self.workers[worker.channel.fileno()]
            worker.channel.close()
            job = worker.job
            if job is not None:
                self.budgets.use(job.client, time.monotonic(), used_s)
                job.worker = None
                code, message = self._verdict(worker, status)
                self._remember(job, code, message)
                self._finish(job, code, message)

    def _verdict(self, worker: Worker, status: int) -> tuple[str, str]:
        """Return code and message for the way a worker ended in the middle of its job."""
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            return self._overdue()
        words = worker.words + worker.heard
        if b"memory allocation of" in words or b"bad_alloc" in words:
            return errors.QueryMemoryError.code, too_much_memory(self.limits)
        how = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"status {os.WEXITSTATUS(status)}"
        return errors.QueryCrashedError.code, f"the engine crashed on this query ({how})"

    def _overdue(self) -> tuple[str, str]:
        return errors.QueryTimeoutError.code, (
            f"the query was ended after {self.limits.timeout_s:g} s ({self.limits.cpu_s} s of processor time)"
        )

    def _check_deadlines(self) -> None:
        now = time.monotonic()
        for job in list(self.jobs.values()):
            if job.deadline > now:
                continue
            if job.state == "running":
                self._look_at(job, now)
            elif job.state == "waiting":
                (self.slow if job.slow else self.quick).remove(job)
                self._busy(job, "no worker became free in time")
            else:
                self._drop(job)

    def _look_at(self, job: Job, now: float) -> None:
        """Do what a running job is due for: a change of lane, or its end."""
        ends = job.begun + self.limits.timeout_s
        if now < ends and not job.slow:
            limit = self.limits.slow_after_s * (PRESSED if self.quick else 1)
            left = min(limit - job.processor_s(), job.begun + IDLE_FACTOR * limit - now)
            if left > 0.001:
                job.deadline = min(ends, now + left)
            else:
                self._slow_down(job, ends)
            return
        code, message = self._overdue()
        self._remember(job, code, message)
        self._end(job, code, message)

    def _remember(self, job: Job, code: str, message: str) -> None:
        """Remember a failure; not of a part of a result: its beginning may be all that is wanted."""
        if code in FAILURES and os.fstat(job.spool).st_size <= BODY_AT:
            self.experience.failed(job.hash(), time.monotonic(), code, message)

    def _slow_down(self, job: Job, ends: float) -> None:
        """Move a job to the slow lane, or set it back where that has no slot."""
        self.experience.slow(job.hash())
        holders = self._holders(slow=True)
        may_stay = holders.count(job.client) < share(self.limits.slow_slots, job.client)
        if len(holders) < self.limits.slow_slots and may_stay:
            job.slow = True
            job.deadline = ends
            if job.worker is not None:
                with contextlib.suppress(ProcessLookupError):  # it has just ended
                    os.setpriority(os.PRIO_PROCESS, job.worker.pid, LOW_PRIORITY)
            self._let_pass(job)
            return
        self.counts["set_back"] += 1
        self._kill(job, back=job)
        job.slow, job.kind, job.rows, job.told = True, "", 0, {}
        job.state = "waiting"
        job.deadline = time.monotonic() + self.limits.timeout_s

    def _kill(self, job: Job, back: Job | None = None) -> None:
        """End a job's worker; the job is forgotten, or begun again once that has ended."""
        worker, job.worker = job.worker, None
        if worker is None:
            return
        self.budgets.use(job.client, time.monotonic(), worker.processor_s() - worker.used_s)
        os.kill(worker.pid, signal.SIGKILL)
        del self.workers[worker.channel.fileno()]
        worker.channel.close()
        self.killed[worker.pid] = Killed(job.slow, job.client, back)

    # --- ends

    def _end(self, job: Job, code: str, message: str) -> None:
        """End a job before its time, and tell its client so."""
        self._kill(job)
        (self.slow if job.slow else self.quick).remove(job)
        self._finish(job, code, message)

    def _busy(self, job: Job, message: str) -> None:
        self.counts["refused"] += 1
        self._finish(job, errors.BusyError.code, message, retry_after=WAITING_RETRY_S)

    def _finish(self, job: Job, code: str, message: str, **more: Any) -> None:
        """Say the last word to a client, now or when it has room for it."""
        self._release(job)
        job.state = "closing"
        job.deadline = time.monotonic() + STATUS_S
        said = {"code": code, "message": message, "id": job.id, "kind": job.kind, "rows": job.rows, **more}
        if code in FAILURES:
            said.setdefault("retry_after", int(NOT_TRIED_S))
        job.status = b"S" + json.dumps(said).encode()
        self._send_status(job)

    def _send_status(self, job: Job) -> None:
        try:
            job.connection.send(job.status)
        except BlockingIOError:
            return
        except OSError:
            pass  # the client has gone
        self._drop(job)

    def _release(self, job: Job) -> None:
        """Close what a job holds beside its connection."""
        self.watched.pop(job.visitor, None)
        for number in {job.spool, job.visitor} - {-1}:
            os.close(number)
        job.spool = job.visitor = -1

    def _drop(self, job: Job) -> None:
        """Forget a connection; a worker that still runs for it is killed."""
        self._kill(job)
        self._release(job)
        if job.state == "waiting":
            (self.slow if job.slow else self.quick).remove(job)
        job.state = "closing"
        del self.jobs[job.connection.fileno()]
        job.connection.close()


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Handle a signal by doing nothing."""


def main() -> None:
    """Be the query parent: the program that `Service` executes."""
    task = json.loads(sys.argv[1])
    # Python warns of a fork beside threads. The only ones here are the store's
    # own, which hold nothing that a reader needs.
    warnings.filterwarnings("ignore", message=".*multi-threaded.*fork", category=DeprecationWarning)
    import pyoxigraph  # noqa: F401  (once, before the forks)

    limits = Limits(**task["limits"])
    allow_descriptors(3 * (limits.slots + 2 * limits.queue + 256) + 1000)  # of a query there are three
    listener = socket.socket(fileno=task["listener"])
    parent = Parent(limits, Path(task["releases"]), listener, task["starter"])
    parent.run()
    if os.getppid() != task["starter"]:  # nobody else is left to tidy up
        Path(task["socket"]).unlink(missing_ok=True)
        if task["scratch"]:
            shutil.rmtree(task["scratch"], ignore_errors=True)


if __name__ == "__main__":
    main()
