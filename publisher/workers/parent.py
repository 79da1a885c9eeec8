"""The query parent: keeps the store open, gives queries to workers, and watches over them.

The engine cannot be stopped from within: only the end of its process ends a query.
So this process, which is small and has no thread of its own, forks workers that run
one query at a time, and kills one at its query's deadline, when the visitor has left,
or when the operator says so. A worker whose query was quick takes the next one, which
saves a fork and an exit (5 of 7 ms). The parent watches the visitor's own connection,
so that it knows at once, whatever the web process does. It is started by executing a
fresh interpreter, hence single-threaded whatever its starter is; it can be started
again at any time, because the listening socket belongs to the starter. Which query
runs next is decided in `schedule`, by which worker in `crew`; who asks is known to
`connections`. What a visitor asked or got is never logged here.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import sys
import time
import warnings
from pathlib import Path
from types import FrameType
from typing import Any

from publisher import errors
from publisher.workers.connections import Connections
from publisher.workers.crew import Crew
from publisher.workers.jobs import Job, Killed, Worker, resident
from publisher.workers.protocol import BODY_AT, CLIENT_GONE, Limits, allow_descriptors
from publisher.workers.schedule import NOT_TRIED_S, Budgets, Experience, Lane
from publisher.workers.worker import die_with_parent, too_much_memory

STATUS_S = 10.0
"""How long the parent tries to hand over the last status to a client that does not read, in seconds."""
WAITING_RETRY_S = 5
"""When one who found no place may try again, in seconds."""
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
    """Lets queries run: knows the connections, the workers, and who has used what.

    Args:
        limits: What a query may use.
        releases: The folder below which stores may be opened.
        listener: The listening socket.
        starter: Process number of the starter, whose end is ours too.
    """

    def __init__(self, limits: Limits, releases: Path, listener: socket.socket, starter: int) -> None:
        """Begin with nothing open."""
        self.limits = limits
        self.starter = starter
        self.connections = Connections(listener, limits, releases)
        self.crew = Crew(limits)
        self.budgets = Budgets(limits.client_queries, limits.client_seconds)
        self.experience = Experience()
        self.quick: Lane[Job] = Lane(limits.slots - limits.slow_slots, limits.queue, self.budgets.used)
        self.slow: Lane[Job] = Lane(limits.slow_slots, limits.queue, self.budgets.used)
        self.counts = {"set_back": 0, "left": 0, "refused": 0}
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
            for job in list(self.connections.jobs.values()):
                self._drop(job)
            self.crew.let_all_go()

    def _told_to_end(self, _number: int, _frame: FrameType | None) -> None:
        self.ending = True

    def _turn(self, wake: int) -> None:
        """Wait until something happens, and act on it."""
        poll = select.poll()
        poll.register(wake, select.POLLIN)
        jobs, visitors, workers = self.connections.jobs, self.connections.visitors, self.crew.workers
        self.connections.register(poll)
        for number in workers:
            poll.register(number, select.POLLIN)
        # A number may be another descriptor's by the time its event is looked at: what it stood for is remembered.
        meant: dict[int, Job | Worker] = {**jobs, **visitors, **workers}
        due = min((job.deadline for job in jobs.values()), default=time.monotonic() + 60)
        events = dict(poll.poll(max(0.0, due - time.monotonic()) * 1000 + 1))
        if events.pop(wake, 0):
            os.read(wake, 4096)
        if events.pop(self.connections.listener.fileno(), 0):
            self._accept()
        for number, event in events.items():
            self._handle(number, event, meant[number])
        self._reap()
        self._check_deadlines()
        self._fill()

    def _handle(self, number: int, event: int, meant: Job | Worker) -> None:
        if isinstance(meant, Worker):
            if self.crew.has(meant):
                self._listen(meant)
        elif self.connections.visitors.get(number) is meant:
            self.counts["left"] += 1
            self._end(meant, CLIENT_GONE, "")
        elif self.connections.jobs.get(number) is not meant:  # dropped in this very turn
            return
        elif meant.state == "reading" and event & select.POLLIN:
            self._read(meant)
        elif event & (select.POLLRDHUP | select.POLLHUP | select.POLLERR):
            self._drop(meant)
        elif meant.state == "closing":
            self._send_status(meant)

    # --- requests

    def _accept(self) -> None:
        for job in self.connections.accept():
            if len(self.connections.jobs) > self.limits.slots + 2 * self.limits.queue + 256:
                self._busy(job, "too many queries are waiting")

    def _read(self, job: Job) -> None:
        """Read what has arrived of a request; queue the job when it is whole."""
        try:
            whole = self.connections.read(job)
        except ConnectionError:
            self._drop(job)
        except errors.QueryRefusedError as error:
            self._finish(job, error.code, str(error))
        else:
            if whole[:1] == b"A":
                self._obey(job, whole[1:])
            elif whole:
                self._admit(job)

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
        self.connections.watch(job)
        job.slow = self.experience.is_slow(job.hash())
        self._wait(job)

    def _lane(self, job: Job) -> Lane[Job]:
        return self.slow if job.slow else self.quick

    def _wait(self, job: Job) -> None:
        """Put a job into its lane; where that is full tell the client whose line is longest that there is no room."""
        self._lane(job).push(job)
        self._fill()
        if job.state != "waiting":
            return
        if not job.slow:  # what runs has less time now
            for other in self.connections.in_state("running"):
                if not other.slow:
                    other.deadline = 0.0
        too_many = self._lane(job).crowd_out(job, time.monotonic())
        if too_many is not None:
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
        for other in self.connections.in_state(*STATES):
            if wanted and other.id == wanted:
                self._end(other, errors.QueryCancelledError.code, "the operator of the service ended the query")
                ended = True
        self._finish(job, "ok", "", ended=ended, **self._overview())

    def _overview(self) -> dict[str, Any]:
        """Return what the operator is told: the queries, how many were and are treated how, and the memory taken."""
        asked = sorted(self.connections.in_state(*STATES), key=lambda job: (job.state, job.came))
        return {
            "queries": [job.described() for job in asked[:DESCRIBED]],
            "counts": {"started": self.crew.started, **self.counts},
            "lanes": {
                lane: {state: sum(job.state == state and job.slow is slow for job in asked) for state in STATES}
                for lane, slow in (("quick", False), ("slow", True))
            },
            "memory_bytes": {"parent": resident(os.getpid()), "workers": self.crew.memory_bytes()},
        }

    # --- workers

    def _holders(self, *, slow: bool) -> list[str]:
        """Return the clients that hold the taken slots of a lane, once a slot."""
        running = [job.client for job in self.connections.in_state("running") if job.slow is slow]
        return running + [killed.client for killed in self.crew.killed.values() if killed.slow is slow]

    def _fill(self) -> None:
        """Start queries while there are slots and some that may take them."""
        now = time.monotonic()
        for lane, slow in ((self.slow, True), (self.quick, False)):
            while lane and (job := lane.next(self._holders(slow=slow), now)) is not None:
                self._start(job)

    def _start(self, job: Job) -> None:
        """Give a job to a worker."""
        try:
            self.crew.give(job)
        except (OSError, ValueError):
            self._finish(job, errors.StoreError.code, "the store of the release cannot be opened")
            return
        now = time.monotonic()
        job.state, job.begun = "running", now
        timeout_s = self.limits.timeout_s
        job.deadline = now + (timeout_s if job.slow else min(timeout_s, self.limits.slow_after_s))

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
        job.worker = None
        self.crew.take_back(worker, ends=ends or job.slow)
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
        for killed in self.crew.reap_killed():
            if killed.back is not None and killed.back.state == "waiting":
                os.ftruncate(killed.back.spool, 0)
                self._wait(killed.back)
        self.crew.reap_leaving()
        for worker in self.crew.ended():
            self._listen(worker)  # its last words; by them it may have been let go or killed, to be reaped there
            if not self.crew.has(worker):
                continue
            used_s, status = self.crew.reap(worker)
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
        for job in list(self.connections.jobs.values()):
            if job.deadline > now:
                continue
            if job.state == "running":
                self._look_at(job, now)
            elif job.state == "waiting":
                self._lane(job).remove(job)
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
        if self.slow.may_run(job.client, self._holders(slow=True)):
            job.slow = True
            job.deadline = ends
            if job.worker is not None:
                self.crew.slow_down(job.worker)
            self._let_pass(job)
            return
        self.counts["set_back"] += 1
        self._kill(job, back=job)
        job.slow, job.kind, job.rows, job.told = True, "", 0, {}
        job.state = "waiting"
        job.deadline = time.monotonic() + self.limits.timeout_s

    def _kill(self, job: Job, back: Job | None = None) -> None:
        """End a job's worker; the job is forgotten, or begun again once that has ended."""
        if job.worker is None:
            return
        self.budgets.use(job.client, time.monotonic(), job.processor_s())
        self.crew.kill(job.worker, Killed(job.slow, job.client, back))
        job.worker = None

    # --- ends

    def _end(self, job: Job, code: str, message: str) -> None:
        """End a job before its time, and tell its client so."""
        self._kill(job)
        self._lane(job).remove(job)
        self._finish(job, code, message)

    def _busy(self, job: Job, message: str) -> None:
        self.counts["refused"] += 1
        self._finish(job, errors.BusyError.code, message, retry_after=WAITING_RETRY_S)

    def _finish(self, job: Job, code: str, message: str, **more: Any) -> None:
        """Say the last word to a client, now or when it has room for it."""
        self.connections.release(job)
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

    def _drop(self, job: Job) -> None:
        """Forget a connection; a worker that still runs for it is killed."""
        self._kill(job)
        if job.state == "waiting":
            self._lane(job).remove(job)
        self.connections.close(job)


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
