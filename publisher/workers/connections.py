"""The connections to the query parent: what each asks, which visitor waits for it, and the last word to each."""

from __future__ import annotations

import itertools
import os
import select
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from publisher import errors
from publisher.workers.jobs import Job, read_request, receive
from publisher.workers.protocol import REQUEST_S, Limits

_WANTED = {"reading": select.POLLIN, "closing": select.POLLOUT}
"""What is waited for on a connection in a state, beside its end."""


class Connections:
    """The connections of web processes, and those of the visitors that they ask for.

    Args:
        listener: The listening socket.
        limits: What a query may use.
        releases: The folder below which stores may be asked for.
    """

    def __init__(self, listener: socket.socket, limits: Limits, releases: Path) -> None:
        """Begin with none."""
        self.listener = listener
        self.limits = limits
        self.releases = releases
        self.jobs: dict[int, Job] = {}
        self.visitors: dict[int, Job] = {}  # by the descriptor of the visitor's connection
        self._numbers = itertools.count(1)

    def register(self, poll: select.poll) -> None:
        """Have it waited for what these connections may bring."""
        poll.register(self.listener, select.POLLIN)
        for number, job in self.jobs.items():
            poll.register(number, _WANTED.get(job.state, 0) | select.POLLRDHUP)
        for number in self.visitors:
            poll.register(number, select.POLLRDHUP)

    def in_state(self, *states: str) -> list[Job]:
        """Return the jobs in any of these states."""
        return [job for job in self.jobs.values() if job.state in states]

    def accept(self) -> Iterator[Job]:
        """Yield a job for each connection that has come."""
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setblocking(False)
            now = time.monotonic()
            job = Job(f"{os.getpid()}-{next(self._numbers)}", connection, now + REQUEST_S, now)
            self.jobs[connection.fileno()] = job
            yield job

    def read(self, job: Job) -> bytes:
        """Read what has arrived of a request.

        Returns:
            `Q` for a whole query; `A` with its payload for a word of the operator; nothing while more is to come.

        Raises:
            ConnectionError: The client has gone.
            QueryRefusedError: It is no request, or asks for what is not given here.
        """
        while True:
            try:
                message, descriptors = receive(job.connection)
            except BlockingIOError:
                return b""
            except OSError:
                message, descriptors = b"", []
            try:
                if not message:
                    raise ConnectionError("the client has gone")
                if message[:1] == b"A":
                    return message
                if not job.request:
                    if len(descriptors) != 2:
                        raise errors.QueryRefusedError("this is no request")
                    job.spool, job.visitor = descriptors
                    descriptors = []
                    job.request = read_request(message, self.limits, self.releases)
                    job.client = job.request["client"]
                else:
                    job.text += message[1:]
            finally:
                for number in descriptors:
                    os.close(number)
            if len(job.text) >= job.request["bytes"]:
                return b"Q"

    def watch(self, job: Job) -> None:
        """Look out for the end of the visitor's connection, where there is one."""
        if stat.S_ISSOCK(os.fstat(job.visitor).st_mode):
            self.visitors[job.visitor] = job

    def release(self, job: Job) -> None:
        """Close what a job holds beside its connection."""
        self.visitors.pop(job.visitor, None)
        for number in {job.spool, job.visitor} - {-1}:
            os.close(number)
        job.spool = job.visitor = -1

    def close(self, job: Job) -> None:
        """Close a connection, and all that its job holds."""
        self.release(job)
        job.state = "closing"
        del self.jobs[job.connection.fileno()]
        job.connection.close()
