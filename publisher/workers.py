"""Queries in processes of their own: each is forked from a small parent, and killed when it oversteps a limit.

The engine cannot be stopped from within: only the end of its process ends a
query. So one process, the *query parent*, keeps the store open, forks a worker
for each query (about 3 ms), and watches over it. It is started by executing a
fresh interpreter, hence single-threaded whatever its starter is; it can be
started again at any time, because the listening socket belongs to the starter.

    web thread --request--> parent --fork--> worker --result messages--> web thread
                            parent -----------status, last------------->

Sockets are AF_UNIX SOCK_SEQPACKET in a private directory: messages stay whole, so
that a killed worker cannot tear one. Each message is a letter and a payload:

- to the parent: `Q` + JSON of the request, with the length of the text; then the text as `T` + bytes, once or more;
- from the worker: `K` + kind (`graph`, `results`, `boolean`), `D` + at most 64 kB of result, or `E` + JSON of an error;
- from the parent, last: `S` + JSON of how it ended. Without it the answer is not whole.

What keeps a worker in: wall-clock deadline and hang-up (the parent kills),
RLIMIT_CPU, RLIMIT_AS, RLIMIT_FSIZE 0, RLIMIT_NOFILE 0 (no file and no socket can be
opened: SERVICE reaches nothing), a cap on the result, a stack of 256 MB for deep
queries. What a visitor asked or got is never logged here.
"""

from __future__ import annotations

import ctypes
import dataclasses
import io
import json
import os
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from publisher import errors, formats
from publisher.namespaces import PREFIXES

if TYPE_CHECKING:
    import pyoxigraph as ox

    from publisher.config import Settings
    from publisher.formats import Format

MESSAGE_BYTES = 65_536
"""Longest payload of a message, in bytes."""
STACK_BYTES = 256 * 1024 * 1024
"""Stack of the thread that runs a query: deep queries need it, and none seen needs more under 340 kB of text."""
STORES_KEPT = 2
"""How many stores the parent keeps open: the live release's and the one before it."""
REQUEST_S = 1.0
"""How long a request may take to arrive, in seconds."""
STATUS_S = 10.0
"""How long the parent tries to hand over the last status to a client that does not read, in seconds."""
_PR_SET_PDEATHSIG = 1
_FAILED = 3  # exit status of a worker that has told its error itself


class ClientGoneError(Exception):
    """The visitor closed the connection while the query ran; nobody is there to be told."""


class WorkerCrashedError(errors.QueryError):
    """The engine crashed on this query; only its own worker ended."""

    code = "query-crashed"


_ERRORS: dict[str, type[errors.PublisherError]] = {
    kind.code: kind
    for kind in (
        errors.QueryError,
        errors.QuerySyntaxError,
        errors.QueryRefusedError,
        errors.QueryTimeoutError,
        errors.QueryMemoryError,
        errors.ResultTooLargeError,
        errors.BusyError,
        errors.StoreError,
        WorkerCrashedError,
    )
}


@dataclass(frozen=True)
class Limits:
    """What a query may use: the part of the settings that the parent needs. Sizes in bytes."""

    timeout_s: float
    cpu_s: int
    memory_bytes: int
    slots: int
    queue: int
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
            queue=settings.query_queue,
            query_bytes=settings.max_query_bytes,
            result_bytes=settings.max_result_bytes,
        )


# --- the starter's side


class Service:
    """The query parent as its starter sees it: address, revival, end.

    Args:
        limits: What a query may use.
        releases: The folder below which the stores stand; no other is opened.
    """

    def __init__(self, limits: Limits, releases: Path) -> None:
        """Make the private directory and the socket, and start the parent."""
        self.limits = limits
        self.releases = releases.resolve()
        self._owner = os.getpid()
        self._folder = Path(tempfile.mkdtemp(prefix="publisher-queries-"))
        self.address = str(self._folder / "socket")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(self.address)
        self._listener.listen(128)
        self._listener.setblocking(False)
        self._process = self._launch()

    def _launch(self) -> subprocess.Popen[bytes]:
        task = {
            "limits": dataclasses.asdict(self.limits),
            "releases": str(self.releases),
            "folder": str(self._folder),
            "listener": self._listener.fileno(),
            "starter": os.getpid(),
        }
        package_root = str(Path(__file__).resolve().parents[1])
        paths = [package_root, *filter(None, [os.environ.get("PYTHONPATH")])]
        return subprocess.Popen(  # noqa: S603 (this very program)
            [sys.executable, "-P", "-m", "publisher.workers", json.dumps(task)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(self._listener.fileno(),),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )

    @property
    def pid(self) -> int:
        """The parent's process number."""
        return self._process.pid

    def revive(self) -> bool:
        """Start the parent again if it has ended; tell whether it had. Waiting requests go to the new one."""
        if self._owner != os.getpid() or self._process.poll() is None:
            return False
        self._process = self._launch()
        return True

    def stop(self) -> None:
        """End the parent with its workers and remove the socket; in a fork of the starter, do nothing."""
        if self._owner != os.getpid():
            return
        self._listener.close()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGUSR1)
            try:
                self._process.wait(3)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Service:
        """Return the service itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the service."""
        self.stop()


def start(settings: Settings, releases: Path | None = None) -> Service:
    """Start the query parent.

    It ends with the thread that called this, at the latest with its process.

    Args:
        settings: The limits; and the releases' folder, unless given.
        releases: The folder below which the stores stand.
    """
    return Service(Limits.of(settings), Path(settings.releases) if releases is None else releases)


# --- the client's side


class Answer:
    """A result on its way: iterate it once for its bytes, close it in any case.

    Attributes:
        kind: "graph", "results" or "boolean".
        format: What the bytes are.
    """

    def __init__(
        self, connection: socket.socket, graph: Format, results: Format, watch: int | None, wait_s: float
    ) -> None:
        """Wait for the first message: the kind of the result, or an error."""
        self._connection = connection
        self._watch = watch
        self._deadline = time.monotonic() + wait_s
        self._error: errors.PublisherError | None = None
        letter, payload = self._receive()
        if letter != b"K":
            self._end(letter, payload)
            raise WorkerCrashedError("the query ended without an answer")
        self.kind = payload.decode()
        self.format = graph if self.kind == "graph" else results

    def _receive(self) -> tuple[bytes, bytes]:
        """Wait for the next message.

        Raises:
            ClientGoneError: The visitor has left.
            BusyError: The parent is gone or has not kept its own deadlines.
        """
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        if self._watch is not None:
            poll.register(self._watch, select.POLLRDHUP)
        while True:
            left = self._deadline - time.monotonic()
            ready = dict(poll.poll(max(0, left) * 1000))
            if not ready:
                raise errors.BusyError("the query service does not answer")
            if self._connection.fileno() in ready:
                message = self._read()
                if not message:
                    raise errors.BusyError("the query service ended while the query ran")
                return message[:1], message[1:]
            raise ClientGoneError

    def _read(self) -> bytes:
        for _ in range(2):
            try:
                return self._connection.recv(MESSAGE_BYTES + 1)
            except ConnectionResetError:  # the parent has not read all we sent; what it said is still to come
                continue
        return b""

    def _end(self, letter: bytes, payload: bytes) -> None:
        """Take a message that is no data: raise what it says, or return at a good end."""
        while letter == b"E":  # the worker's word; the parent's status follows and adds nothing
            told = json.loads(payload)
            self._error = _ERRORS[told["code"]](told["message"])
            letter, payload = self._receive()
        if self._error is not None:
            raise self._error
        told = json.loads(payload)
        if told["code"] != "ok":
            raise _ERRORS[told["code"]](told["message"])

    def __iter__(self) -> Iterator[bytes]:
        """Yield the result, at most 64 kB at a time; it is whole only if this ends without an error.

        Raises:
            QueryError: The query was ended, before the first byte or in the middle.
            ClientGoneError: The visitor has left.
        """
        try:
            while True:
                letter, payload = self._receive()
                if letter != b"D":
                    self._end(letter, payload)
                    return
                yield payload
        finally:
            self.close()

    def close(self) -> None:
        """Let go: a worker that still runs is killed at once."""
        self._connection.close()

    def __enter__(self) -> Answer:
        """Return the answer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the answer."""
        self.close()


class Client:
    """Asks queries of a query parent; one object serves all threads.

    Args:
        address: The service's address.
        timeout_s: The service's deadline, in seconds, to know when it has failed.
    """

    def __init__(self, address: str, timeout_s: float = 60.0) -> None:
        """Remember the address."""
        self.address = address
        self._wait_s = 2 * timeout_s + REQUEST_S + 5  # in the queue, then running, each with its own deadline

    def query(
        self,
        store: Path,
        text: str,
        *,
        graph: Format = formats.TURTLE,
        results: Format = formats.RESULTS_JSON,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        watch: int | None = None,
    ) -> Answer:
        """Run a query and return its answer as soon as its kind is known.

        Args:
            store: The store's folder, below the service's releases.
            text: The query.
            graph: Serialisation if the result is a graph.
            results: Serialisation if the result is solutions or a boolean.
            default_graphs: IRIs of the graphs that make up the default graph;
                with `named_graphs` both empty, the store's own dataset.
            named_graphs: IRIs of the named graphs.
            watch: Descriptor of the visitor's connection: once the visitor
                has left, the query is given up.

        Raises:
            QueryError: What became of the query, by class.
            StoreError: The store cannot be opened.
            ClientGoneError: The visitor has left.
        """
        body = text.encode("utf-8")
        head = json.dumps(
            {
                "store": str(store),
                "bytes": len(body),
                "graph": graph.name,
                "results": results.name,
                "default": list(default_graphs),
                "named": list(named_graphs),
            }
        ).encode()
        if len(head) > MESSAGE_BYTES:
            raise errors.QueryRefusedError("the graphs named in the request are too many")
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            connection.settimeout(REQUEST_S)
            try:
                connection.connect(self.address)
                connection.send(b"Q" + head)
                for begin in range(0, len(body), MESSAGE_BYTES):
                    connection.send(b"T" + body[begin : begin + MESSAGE_BYTES])
            except (BrokenPipeError, ConnectionResetError):
                pass  # the parent has answered and closed: its status can still be read
            except OSError as error:
                raise errors.BusyError("the query service takes no requests at this moment") from error
            connection.settimeout(None)
            return Answer(connection, graph, results, watch, self._wait_s)
        except BaseException:
            connection.close()
            raise


# --- the parent


@dataclass(eq=False)
class _Job:
    """One connection: reading its request, waiting for a slot, running, or handing over the last status."""

    connection: socket.socket
    deadline: float
    state: str = "reading"
    request: dict[str, Any] | None = None
    text: bytearray = field(default_factory=bytearray)
    pid: int = 0
    stderr: int = -1
    overdue: bool = False
    status: bytes = b""


class _Parent:
    """The query parent's loop. It waits in one place only, `poll`, and for nobody."""

    def __init__(self, limits: Limits, releases: Path, listener: socket.socket, starter: int) -> None:
        """Take over the listening socket."""
        self.limits = limits
        self.releases = releases
        self.listener = listener
        self.starter = starter
        self.jobs: dict[int, _Job] = {}
        self.queue: deque[_Job] = deque()
        self.stores: OrderedDict[str, ox.Store] = OrderedDict()
        self.killed: set[int] = set()  # workers whose client has gone; they hold their slot until they are reaped
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
            _die_with_parent(signal.SIGUSR1)
            while not self.ending and os.getppid() == self.starter:
                self._turn(wake_read)
        finally:
            for job in list(self.jobs.values()):
                self._drop(job)

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
        due = min((job.deadline for job in self.jobs.values()), default=time.monotonic() + 60)
        events = dict(poll.poll(max(0.0, due - time.monotonic()) * 1000 + 1))
        if events.pop(wake, 0):
            os.read(wake, 4096)
        if events.pop(self.listener.fileno(), 0):
            self._accept()
        for number, event in events.items():
            job = self.jobs[number]
            if job.state == "reading" and event & select.POLLIN:
                self._read(job)
            elif event & (select.POLLRDHUP | select.POLLHUP | select.POLLERR):
                self._drop(job)
            elif job.state == "closing":
                self._send_status(job)
        self._reap()
        self._check_deadlines()
        while self.queue and self._running() < self.limits.slots:
            self._start(self.queue.popleft())

    def _running(self) -> int:
        return len(self.killed) + sum(job.state == "running" for job in self.jobs.values())

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setblocking(False)
            self.jobs[connection.fileno()] = job = _Job(connection, time.monotonic() + REQUEST_S)
            if len(self.jobs) > self.limits.slots + self.limits.queue + 256:
                self._finish(job, errors.BusyError.code, "too many queries are waiting")

    def _read(self, job: _Job) -> None:
        """Read what has arrived of a request; queue the job when it is whole."""
        while True:
            try:
                message = job.connection.recv(MESSAGE_BYTES + 1)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self._drop(job)
                return
            try:
                if job.request is None:
                    job.request = self._request(message)
                else:
                    job.text += message[1:]
                if len(job.text) < job.request["bytes"]:
                    continue
            except errors.QueryRefusedError as error:
                self._finish(job, error.code, str(error))
                return
            if self._running() >= self.limits.slots and len(self.queue) >= self.limits.queue:
                self._finish(job, errors.BusyError.code, "too many queries are waiting")
                return
            job.state = "waiting"
            job.deadline = time.monotonic() + self.limits.timeout_s
            self.queue.append(job)
            return

    def _request(self, message: bytes) -> dict[str, Any]:
        """Read the head of a request.

        Raises:
            QueryRefusedError: It is none, or asks for what is not given here.
        """
        try:
            told = json.loads(message[1:])
            request: dict[str, Any] = {name: str(told[name]) for name in ("graph", "results")}
            request |= {name: [str(iri) for iri in told[name]] for name in ("default", "named")}
            request["bytes"] = int(told["bytes"])
            path = Path(told["store"]).resolve()
        except (ValueError, KeyError, TypeError, RecursionError, OSError) as error:
            raise errors.QueryRefusedError("this is no request") from error
        if request["bytes"] > self.limits.query_bytes:
            raise errors.QueryRefusedError(f"the query is longer than {self.limits.query_bytes} bytes")
        if self.releases not in path.parents:
            raise errors.QueryRefusedError("the store is not one of this service's")
        request["store"] = str(path)
        return request

    def _store(self, path: str) -> ox.Store:
        """Return a store, opened read-only; the least recently asked one goes if there are too many.

        Raises:
            OSError: It cannot be opened.
        """
        import pyoxigraph

        found = self.stores.pop(path, None) or pyoxigraph.Store.read_only(path)
        self.stores[path] = found
        while len(self.stores) > STORES_KEPT:
            self.stores.popitem(last=False)
        return found

    def _start(self, job: _Job) -> None:
        """Fork the worker of a job."""
        if job.request is None:
            raise AssertionError("a job without a request was queued")
        try:
            store = self._store(job.request["store"])
            read, write = os.pipe()
        except (OSError, ValueError):
            self._finish(job, errors.StoreError.code, "the store of the release cannot be opened")
            return
        os.set_blocking(read, False)
        os.set_blocking(write, False)
        try:
            pid = os.fork()
        except OSError:
            os.close(read)
            os.close(write)
            self._finish(job, errors.BusyError.code, "no process can be started at this moment")
            return
        if pid == 0:
            _work(job, store, write, self.limits)
        os.close(write)
        job.pid, job.stderr, job.state = pid, read, "running"
        job.deadline = time.monotonic() + self.limits.timeout_s
        job.text = bytearray()

    def _reap(self) -> None:
        """Tell the end of every worker that has ended."""
        self.killed = {pid for pid in self.killed if not os.waitpid(pid, os.WNOHANG)[0]}
        for job in list(self.jobs.values()):
            if job.state != "running":
                continue
            pid, status = os.waitpid(job.pid, os.WNOHANG)
            if pid:
                job.pid = 0
                self._finish(job, *self._verdict(job, status))

    def _verdict(self, job: _Job, status: int) -> tuple[str, str]:
        """Return code and message for the way a worker ended."""
        last_words = _read_all(job.stderr)
        if job.overdue or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
            return errors.QueryTimeoutError.code, (
                f"the query was ended after {self.limits.timeout_s:g} s ({self.limits.cpu_s} s of processor time)"
            )
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) in (0, _FAILED):
            return "ok", ""
        if b"memory allocation of" in last_words or b"bad_alloc" in last_words:
            return errors.QueryMemoryError.code, _too_much_memory(self.limits)
        how = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"status {os.WEXITSTATUS(status)}"
        return WorkerCrashedError.code, f"the engine crashed on this query ({how})"

    def _check_deadlines(self) -> None:
        now = time.monotonic()
        for job in list(self.jobs.values()):
            if job.deadline > now:
                continue
            if job.state == "running":
                job.overdue = True
                job.deadline = now + 1  # SIGKILL is certain; asked again only if the machine is very busy
                os.kill(job.pid, signal.SIGKILL)
            elif job.state == "waiting":
                self.queue.remove(job)
                self._finish(job, errors.BusyError.code, "no worker became free in time")
            else:
                self._drop(job)

    def _finish(self, job: _Job, code: str, message: str) -> None:
        """Say the last word to a client, now or when it has room for it."""
        if job.stderr >= 0:
            os.close(job.stderr)
            job.stderr = -1
        job.state = "closing"
        job.deadline = time.monotonic() + STATUS_S
        job.status = b"S" + json.dumps({"code": code, "message": message}).encode()
        self._send_status(job)

    def _send_status(self, job: _Job) -> None:
        try:
            job.connection.send(job.status)
        except BlockingIOError:
            return
        except OSError:
            pass  # the client has gone
        self._drop(job)

    def _drop(self, job: _Job) -> None:
        """Forget a connection; a worker that still runs for it is killed."""
        if job.pid:
            os.kill(job.pid, signal.SIGKILL)
            self.killed.add(job.pid)
            job.pid = 0
        if job.stderr >= 0:
            os.close(job.stderr)
        if job in self.queue:
            self.queue.remove(job)
        del self.jobs[job.connection.fileno()]
        job.connection.close()


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Handle a signal by doing nothing."""


def _read_all(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:
        return b""


def _too_much_memory(limits: Limits) -> str:
    return f"the query asked for more than {limits.memory_bytes // 1_000_000} MB of memory and was ended"


def _die_with_parent(number: int) -> None:
    """Ask the kernel for a signal when the parent process ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


# --- the worker


class _TooLargeError(Exception):
    """The result passed its cap."""


class _Output(io.RawIOBase):
    """Writes a result into the socket, message by message."""

    def __init__(self, connection: socket.socket, limit: int) -> None:
        """Begin with nothing sent."""
        self.connection = connection
        self.left = limit

    def writable(self) -> bool:
        """Tell that this can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Send some bytes, at most one message's; return how many."""
        piece = memoryview(data)[:MESSAGE_BYTES]
        self.left -= len(piece)
        if self.left < 0:
            raise _TooLargeError
        self.connection.sendall(b"D" + piece)
        return len(piece)


def _work(job: _Job, store: ox.Store, stderr: int, limits: Limits) -> NoReturn:
    """Run one query in a fresh fork, and end the process."""
    status = 1
    try:
        parent = os.getppid()
        _die_with_parent(signal.SIGKILL)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGUSR1):
            signal.signal(number, signal.SIG_DFL)
        if os.getppid() != parent:  # it ended before the kernel was asked
            os._exit(1)
        os.dup2(stderr, 2)  # the engine's last words tell the parent why it died
        if job.request is None:
            raise AssertionError("a job without a request was started")
        connection = job.connection
        _close_others({2, connection.fileno()}, job.request["store"])
        connection.setblocking(True)
        outcome: list[int] = []
        threading.stack_size(STACK_BYTES)
        thread = threading.Thread(
            target=lambda: outcome.append(_run(connection, store, job.request or {}, bytes(job.text), limits))
        )
        thread.start()
        thread.join()
        status = outcome[0] if outcome else 1
    finally:
        os._exit(status)


def _close_others(kept: set[int], store: str) -> None:
    """Close every descriptor but the kept ones and those of the store's own files."""
    with os.scandir("/proc/self/fd") as entries:
        numbers = [int(entry.name) for entry in entries]
    for number in numbers:
        try:
            if number not in kept and not str(Path(f"/proc/self/fd/{number}").readlink()).startswith(store + "/"):
                os.close(number)
        except OSError:  # the descriptor of the listing itself
            continue


def _set_limits(limits: Limits) -> None:
    """Take away what a query does not need; called in its thread, so that the stack counts as already there."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    size = pages * os.sysconf("SC_PAGE_SIZE") + limits.memory_bytes
    for name, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, size),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(name, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))


def _run(connection: socket.socket, store: ox.Store, request: dict[str, Any], text: bytes, limits: Limits) -> int:
    """Run a query, send what comes of it, and return the worker's exit status."""
    import pyoxigraph

    try:
        _set_limits(limits)
        dataset = bool(request["default"] or request["named"])
        result = store.query(
            text.decode("utf-8"),
            default_graph=[pyoxigraph.NamedNode(iri) for iri in request["default"]] if dataset else None,
            named_graphs=[pyoxigraph.NamedNode(iri) for iri in request["named"]] if dataset else None,
        )
        output = io.BufferedWriter(_Output(connection, limits.result_bytes), MESSAGE_BYTES)
        _serialize(result, request, connection, output)
        output.flush()
    except _TooLargeError:
        told = errors.ResultTooLargeError.code, f"the result is larger than {limits.result_bytes} bytes"
    except SyntaxError as error:
        told = errors.QuerySyntaxError.code, _readable(str(error))
    except errors.QueryRefusedError as error:
        told = error.code, str(error)
    except MemoryError:
        told = errors.QueryMemoryError.code, _too_much_memory(limits)
    except (OSError, RuntimeError, ValueError) as error:
        told = errors.QueryError.code, f"the query cannot be evaluated: {error}"
    else:
        return 0
    try:
        connection.sendall(b"E" + json.dumps({"code": told[0], "message": told[1][:2000]}).encode())
    except OSError:
        return 1
    return _FAILED


def _serialize(
    result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
    request: dict[str, Any],
    connection: socket.socket,
    output: BinaryIO,
) -> None:
    """Tell the kind of a result and write it in the format asked for."""
    import pyoxigraph

    if isinstance(result, pyoxigraph.QueryTriples):
        connection.sendall(b"Kgraph")
        form = _named(request["graph"], formats.GRAPHS)
        if form is formats.N_TRIPLES:
            result.serialize(output, form.rdf())
        else:
            pyoxigraph.serialize(result, output, form.rdf(), prefixes=PREFIXES)
        return
    form = _named(request["results"], formats.RESULTS)
    boolean = isinstance(result, pyoxigraph.QueryBoolean)
    if boolean and form in (formats.RESULTS_CSV, formats.RESULTS_TSV):
        raise errors.QueryRefusedError(f"the answer to ASK has no {form.name.upper()} form: ask for JSON or XML")
    connection.sendall(b"Kboolean" if boolean else b"Kresults")
    result.serialize(output, form.results())


def _named(name: str, table: tuple[Format, ...]) -> Format:
    found = formats.by_name(name, table)
    if found is None:
        raise errors.QueryRefusedError(f"there is no serialisation {name!r} for this kind of result")
    return found


def _readable(message: str) -> str:
    """Word the engine's syntax error for people: line and column first.

    Among the tokens that it expected the engine lists what else is wrong, as a sentence: then that is all to tell.
    """
    found = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not found:
        return message
    line, column, rest = found.groups()
    sentence = re.search(r"(?:expected |one of |, )([A-Z][\w']* [a-z][^,\[\]]*)", rest)
    words = sentence[1] if sentence else re.sub(r"\[[^\[\]]*\.\.=[^\[\]]*\]", "a letter or digit", rest)
    return f"line {line}, column {column}: {words.replace('[_]', 'white space')}"


def main() -> None:
    """Be the query parent: the program that `Service` executes."""
    task = json.loads(sys.argv[1])
    # Python warns of a fork beside threads. The only ones here are the store's
    # own, which hold nothing that a reader needs.
    warnings.filterwarnings("ignore", message=".*multi-threaded.*fork", category=DeprecationWarning)
    import pyoxigraph  # noqa: F401  (once, before the forks)

    listener = socket.socket(fileno=task["listener"])
    folder = Path(task["folder"])
    parent = _Parent(Limits(**task["limits"]), Path(task["releases"]), listener, task["starter"])
    parent.run()
    if os.getppid() != task["starter"]:  # nobody else is left to tidy up
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
