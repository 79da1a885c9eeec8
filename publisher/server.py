"""Runs the web application under gunicorn, in this very process, with the query parent beside it.

- Threads (gthread) only move bytes: pages are 0.1 ms look-ups, queries run in `workers`.
- The query parent is started first. It belongs to gunicorn's master, which looks
  after it at each turn of its loop (at least once a second, and at once when a
  child ends) and starts a new one if it is gone. The socket stays open meanwhile:
  queries that arrive in between wait, only those that were running are lost.
- gunicorn's control socket is off: it would run a thread in the master.
- A request line may be as long as the longest query with every byte
  percent-encoded (3 bytes each) and 8 kB for the rest; longer ones get 414. gunicorn
  itself allows 8,190 bytes or any length at all; neither fits SPARQL by GET.
- SIGTERM: no new requests, those running are finished, then the query parent ends.
  SIGUSR2 (gunicorn's exchange of the program in flight) is not supported.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gunicorn.http.message
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from publisher import manifest, workers
from publisher.config import Settings
from publisher.errors import ConfigError

if TYPE_CHECKING:
    from flask import Flask

GRACE_S = 5
"""How much longer than a query's deadline a stopping server waits for its requests, in seconds."""


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

    def __init__(self, settings: Settings, releases: Path, listener: socket.socket, queries: workers.Service) -> None:
        """Take over the listening socket."""
        self.settings = settings
        self.releases = releases
        self.queries = queries
        self.address = _address(listener)
        self.descriptor = listener.detach()
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        longest = 3 * self.settings.max_query_bytes + 8190
        gunicorn.http.message.MAX_REQUEST_LINE = longest
        values: dict[str, Any] = {
            "bind": f"fd://{self.descriptor}",
            "worker_class": "gthread",
            "workers": self.settings.http_workers,
            "threads": self.settings.http_threads,
            "worker_connections": max(1000, 2 * self.settings.http_threads),
            "control_socket_disable": True,
            "limit_request_line": longest,
            "graceful_timeout": int(self.settings.query_timeout_s) + GRACE_S,
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

    def load(self) -> Flask:
        """Make the application; called in each web worker, after the fork."""
        from publisher.web.app import create_app

        client = workers.Client(self.queries.address, self.settings.query_timeout_s)
        return create_app(self.settings, self.releases, client)

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
    listener = _listen(host, port)
    queries = workers.start(settings, releases)
    try:
        _Application(settings, releases, listener, queries).run()
    except SystemExit as end:
        if os.getpid() != owner:  # a web worker ends here too, and must not go on as the command line
            raise
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 4
    finally:
        listener.close()
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
