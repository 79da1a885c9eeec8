"""Runs the web application under gunicorn, in this very process, with the query parent beside it.

- The web's processes only move bytes: pages are 0.1 ms look-ups, queries run in
  `workers`. They use gunicorn's gevent worker: a connection costs a greenlet, not a
  thread, so that 1,000 dripping, idle or slow ones take nothing from the others. Of
  the servers measured (`benchmarks/hostile.py --only connections`), gthread is lost with
  as many of them as it has threads, and granian cannot tell that a visitor has left.
- Each wait has an end: the head of a request, its body, and each 64 kB that a reader takes.
- The query parent is started first. It belongs to gunicorn's master, which looks
  after it at each turn of its loop (at least once a second, and at once when a
  child ends) and starts a new one if it is gone. The socket stays open meanwhile:
  queries that arrive in between wait, only those that were running are lost.
- gunicorn's control socket is off: it would run a thread in the master. Its trust in
  headers of the loopback address is off: `web.clients` decides whom to believe.
- A request line may be as long as the longest query with every byte
  percent-encoded (3 bytes each) and 8 kB for the rest; longer ones get 414. gunicorn
  itself allows 8,190 bytes or any length at all; neither fits SPARQL by GET.
- SIGTERM: no new connections, requests are finished, idle connections closed, then
  the query parent ends. SIGUSR2 (gunicorn's exchange of the program in flight) is not supported.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gevent
import gunicorn.http.message
from gevent import monkey
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import errors as http_errors
from gunicorn.workers.ggevent import GeventWorker
from werkzeug.exceptions import BadRequest, RequestTimeout

from publisher import manifest
from publisher.config import Settings
from publisher.errors import ConfigError
from publisher.workers import service
from publisher.workers.protocol import allow_descriptors
from publisher.workers.schedule import Trusted, client_of, is_local

if TYPE_CHECKING:
    from flask import Flask

GRACE_S = 5
"""How much longer than a query's deadline a stopping server waits for its requests, in seconds."""
IDLE_AT_END_S = 1.0
"""How long a connection must have been idle to be closed when the server stops, in seconds."""
_STATUS: dict[type[Exception], HTTPStatus] = {
    http_errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    http_errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    http_errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    http_errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
"""Status of a request that cannot be read; 400 for any other reason."""


class _Wait(gevent.Timeout):  # type: ignore[misc]
    """The time in which the next request's head must have come; its connection counts as idle meanwhile."""

    def __init__(self, worker: _Worker, seconds: float) -> None:
        super().__init__(seconds, exception=False)
        self._idle = worker.idle

    def __enter__(self) -> _Wait:
        self._idle[gevent.getcurrent()] = time.monotonic()
        super().__enter__()
        return self

    def __exit__(self, *error: Any) -> Any:
        self._idle.pop(gevent.getcurrent(), None)
        return super().__exit__(*error)


class _Worker(GeventWorker):  # type: ignore[misc]
    """gunicorn's gevent worker with ends to all waits, and a limit of connections a client."""

    idle: dict[Any, float]
    sockets: list[Any]

    def patch(self) -> None:
        """Make blocking calls give way; without ssl, which is imported already and not used here."""
        self.idle = {}
        self.held: Counter[str] = Counter()
        monkey.patch_all(ssl=False, subprocess=False, signal=False)
        self.sockets = [
            gevent.socket.socket(s.FAMILY, socket.SOCK_STREAM, fileno=s.sock.detach()) for s in self.sockets
        ]

    def timeout_ctx(self) -> _Wait:
        """Limit the wait for a request's head."""
        gevent.sleep(0)  # one who sends many requests at once and reads no answer lets the others have their turn
        return _Wait(self, self.cfg.keepalive)

    def notify(self) -> None:
        """Tell the master that all is well; when the server stops, close what is idle."""
        super().notify()
        if not self.alive:
            now = time.monotonic()
            gevent.killall([one for one, since in self.idle.items() if now - since > IDLE_AT_END_S], block=False)

    def handle(self, listener: Any, client: Any, address: Any) -> None:
        """Serve one connection."""
        settings: Settings = self.app.settings
        who = client_of(address[0]) if address else ""
        free = is_local(who) or self.app.proxies.trusts(who)
        if not free and 0 < settings.client_connections <= self.held[who]:
            client.close()
            return
        self.held[who] += 1
        try:
            client.settimeout(settings.http_stall_s)
            super(GeventWorker, self).handle(listener, client, address)
        finally:
            self.held[who] -= 1
            if not self.held[who]:
                del self.held[who]

    def handle_error(self, _req: Any, client: Any, _address: Any, error: BaseException) -> None:
        """Answer what is no request; addresses and requests are not logged."""
        if isinstance(error, gevent.GreenletExit):
            return
        status = HTTPStatus.BAD_REQUEST
        if isinstance(error, http_errors.ParseException):
            status = next((known for kind, known in _STATUS.items() if isinstance(error, kind)), status)
        else:
            self.log.error("a request could not be answered", exc_info=error)
            status = HTTPStatus.INTERNAL_SERVER_ERROR
        body = f"{status.value} {status.phrase}\n"
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}",
            "Connection: close",
            "Content-Type: text/plain; charset=utf-8",
            f"Content-Length: {len(body)}",
            "X-Content-Type-Options: nosniff",
            "Content-Security-Policy: default-src 'none'",
            "Access-Control-Allow-Origin: *",
        )
        try:
            client.sendall("\r\n".join([*head, "", body]).encode("ascii"))
            client.shutdown(socket.SHUT_WR)
            with gevent.Timeout(1, exception=False):  # unread bytes would turn the answer into a reset
                for _ in range(100):
                    if not client.recv(65_536):
                        break
        except OSError:
            return


class _Body:
    """The body of a request, which must have come whole in a given time (`wsgi.input`).

    Args:
        source: The body as gunicorn reads it.
        length: How long it says it is, in bytes; 0 where it comes in chunks.
        seconds: The time.
    """

    def __init__(self, source: Any, length: int, seconds: float) -> None:
        self._source = source
        self._missing = length
        self._seconds = seconds
        self._end = 0.0

    def _read(self, read: Callable[..., bytes], size: int) -> bytes:
        now = time.monotonic()
        self._end = self._end or now + self._seconds
        try:
            with gevent.Timeout(max(0.001, self._end - now), TimeoutError):
                found = read(size) if size >= 0 else read()
        except TimeoutError as error:
            raise RequestTimeout("The body of the request did not come in time.") from error
        except (http_errors.ParseException, OSError) as error:
            raise BadRequest("The body of the request cannot be read.") from error
        self._missing -= len(found)
        if self._missing > 0 and (size < 0 or (size and not found)):
            raise BadRequest("The body of the request is shorter than it says.")
        return found

    def read(self, size: int | None = -1) -> bytes:
        return self._read(self._source.read, -1 if size is None else size)

    def readline(self, size: int | None = -1) -> bytes:
        return self._read(self._source.readline, 65_536 if size is None or size < 0 else size)


class _Arbiter(Arbiter):  # type: ignore[misc]
    """gunicorn's master, which also keeps the query parent alive."""

    def manage_workers(self) -> None:
        """Look after the query parent, then after the web workers."""
        if self.app.queries.revive():
            self.log.error("The query parent had ended; a new one was started.")
        super().manage_workers()

    def handle_usr2(self) -> None:
        """Refuse to exchange the program: the port and the query parent belong to this one."""
        self.log.warning("SIGUSR2 is not supported.")


class _Application(BaseApplication):  # type: ignore[misc]
    """Our settings as gunicorn's."""

    def __init__(self, settings: Settings, releases: Path, listener: socket.socket, queries: service.Service) -> None:
        """Take over the listening socket."""
        self.settings = settings
        self.releases = releases
        self.queries = queries
        self.proxies = Trusted(settings.trusted_proxies)
        self.counts = queries.folder / f"metrics-{os.getpid()}"
        self.address = _address(listener)
        self.descriptor = listener.detach()
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        longest = 3 * self.settings.max_query_bytes + 8190
        gunicorn.http.message.MAX_REQUEST_LINE = longest
        values: dict[str, Any] = {
            "bind": f"fd://{self.descriptor}",
            "worker_class": _Worker,
            "workers": self.settings.http_workers,
            "worker_connections": self.settings.http_connections,
            "keepalive": self.settings.http_idle_s,
            "control_socket_disable": True,
            "forwarded_allow_ips": "",
            "limit_request_line": longest,
            "graceful_timeout": int(3 * self.settings.query_timeout_s) + GRACE_S,
            "loglevel": "warning",
            "proc_name": "publisher",
            "when_ready": self._say_ready,
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def _say_ready(self, _server: Arbiter) -> None:
        release = manifest.current_id(self.releases) or "no release yet"
        sys.stdout.write(f"serving {release} at {self.address}\n")
        sys.stdout.flush()

    def load(self) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
        """Make the application; called in each web worker, after the fork."""
        self.counts.mkdir(mode=0o700, exist_ok=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(self.counts)  # read when the library is imported
        from publisher.web.app import create_app

        app: Flask = create_app(self.settings, self.releases, self.queries.client())

        def guarded(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            length = environ.get("CONTENT_LENGTH", "")
            said = int(length) if length.isdigit() and "HTTP_TRANSFER_ENCODING" not in environ else 0
            environ["wsgi.input"] = _Body(environ["wsgi.input"], said, self.settings.http_body_s)
            return app(environ, start_response)

        return guarded

    def run(self) -> None:
        """Run the master until it is told to end."""
        _Arbiter(self).run()


def serve(settings: Settings, releases: Path, host: str, port: int) -> int:
    """Serve the current release until a signal ends it; prints one line when it listens.

    Args:
        settings: Limits, processes, languages …
        releases: The folder of the releases.
        host: Address or name to listen at.
        port: TCP port; 0 takes a free one, which the printed line names.

    Returns:
        The exit status: 0 after SIGTERM or SIGINT.

    Raises:
        ConfigError: The port is taken or may not be used, or the address is none of this machine.
    """
    owner = os.getpid()
    allow_descriptors(3 * settings.http_connections + 1000)  # of a query there are three
    listener = _listen(host, port)
    queries = service.start(settings, releases)
    application = _Application(settings, releases, listener, queries)
    try:
        application.run()
    except SystemExit as end:
        if os.getpid() != owner:  # a web worker ends here too, and must not go on as the command line
            raise
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 4
    finally:
        listener.close()
        if os.getpid() == owner:
            shutil.rmtree(application.counts, ignore_errors=True)
        queries.stop()
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        number = error.errno if isinstance(error, OSError) else None
        reason = {
            errno.EADDRINUSE: f"port {port} is taken: stop what uses it, or choose another with --port",
            errno.EACCES: f"port {port} may not be used by this user: choose one above 1023 with --port",
            errno.EADDRNOTAVAIL: f"{host} is no address of this machine",
        }.get(number or 0, f"cannot listen at {host}, port {port}: {error}")
        raise ConfigError(reason) from error
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
