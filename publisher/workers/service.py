"""The query parent as its starter sees it: start, address, revival, end."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from publisher.errors import BusyError
from publisher.workers.cache import ResultCache
from publisher.workers.client import Client, overview
from publisher.workers.protocol import WORK_FOLDER, Limits, short, socket_path, sockets, work_folder
from publisher.workers.worker import STACK_BYTES

if TYPE_CHECKING:
    from publisher.config import Settings

BACKLOG = 4096


class Service:
    """A query parent that runs.

    It ends with the thread that made this, at the latest with its process.

    Args:
        settings: What queries may use, and where results are kept.
        releases: The folder below which the stores stand; no other is opened.
    """

    def __init__(self, settings: Settings, releases: Path) -> None:
        """Make the socket in the working folder, and start the parent."""
        self.settings = settings
        self.releases = releases.resolve()
        self.folder = work_folder(settings, self.releases)
        # Releases on a disk that is read only: then the folder is of this run alone.
        self._scratch = "" if settings.work_dir or self.folder == self.releases / WORK_FOLDER else str(self.folder)
        self._owner = os.getpid()
        self.address = socket_path(self.folder)
        _remove_dead(self.folder)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        address, folder = short(self.address)
        try:
            self._listener.bind(address)
        finally:
            os.close(folder)
        self._listener.listen(BACKLOG)
        self._listener.setblocking(False)
        self._process = self._launch()

    def _launch(self) -> subprocess.Popen[bytes]:
        task = {
            "limits": dataclasses.asdict(Limits.of(self.settings)),
            "releases": str(self.releases),
            "socket": str(self.address),
            "scratch": self._scratch,
            "listener": self._listener.fileno(),
            "starter": os.getpid(),
        }
        # A stack for deep queries: a program's first thread gets it at its start, and every worker is forked from that.
        usual, most = resource.getrlimit(resource.RLIMIT_STACK)
        deep = STACK_BYTES if most == resource.RLIM_INFINITY else min(STACK_BYTES, most)
        resource.setrlimit(resource.RLIMIT_STACK, (deep, most))
        try:
            return self._execute(task)
        finally:
            resource.setrlimit(resource.RLIMIT_STACK, (usual, most))

    def _execute(self, task: dict[str, Any]) -> subprocess.Popen[bytes]:
        package_root = str(Path(__file__).resolve().parents[2])
        paths = [package_root, *filter(None, [os.environ.get("PYTHONPATH")])]
        return subprocess.Popen(  # noqa: S603 (this very program)
            [sys.executable, "-P", "-m", "publisher.workers.parent", json.dumps(task)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(self._listener.fileno(),),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )

    @property
    def pid(self) -> int:
        """The parent's process number."""
        return self._process.pid

    def client(self) -> Client:
        """Return a client of this service, with the cache."""
        cache = ResultCache(self.folder, self.settings.cache_mb * 1_000_000)
        return Client(self.address, cache, self.settings.query_timeout_s)

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
        self.address.unlink(missing_ok=True)
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Service:
        """Return the service itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the service."""
        self.stop()


def _remove_dead(folder: Path) -> None:
    """Remove the sockets of services that were killed."""
    for address in sockets(folder):
        try:
            overview(address)
        except BusyError:
            with contextlib.suppress(OSError):
                address.unlink()


def start(settings: Settings, releases: Path | None = None) -> Service:
    """Start the query parent.

    Args:
        settings: The limits; and the releases' folder, unless given.
        releases: The folder below which the stores stand.
    """
    return Service(settings, Path(settings.releases) if releases is None else releases)
