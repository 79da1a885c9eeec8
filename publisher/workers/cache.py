"""Results of queries on disk: spooled while they are computed, kept afterwards, the same for every process.

An entry's name is made of everything that its bytes depend on: release, program
and engine, the query's text, the dataset, the format. So it is never stale; it only
goes when room is needed, the least recently used first. Entries appear by one
rename, so that processes need no lock, and a reader keeps what it has opened.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyoxigraph

from publisher import __version__
from publisher.workers.protocol import BODY_AT

KEPT_SHARE = 0.8
"""How full the cache is after room was made."""
LARGEST_SHARE = 0.1
"""How much of the cache one result may take."""
COUNTED_EVERY = 256
"""After how many new entries a process looks whether room is needed, at the latest."""
TOUCHED_AFTER_S = 60
"""A use is marked when the last mark is older than this, in seconds."""
ENTRY_BYTES = 4096
"""What an entry takes on a disk at least, in bytes."""


@dataclass(frozen=True)
class Facts:
    """What is kept beside a result: its kind (graph, results, boolean) and the number of its rows."""

    kind: str
    rows: int


class ResultCache:
    """The results of a working folder.

    Args:
        folder: The working folder.
        most_bytes: Room for results, in bytes; 0 keeps none.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        """Make the folder where it is missing."""
        self.folder = folder / "cache"
        self.most_bytes = most_bytes
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._new_bytes = 0
        self._new_entries = 0

    def spool(self) -> IO[bytes]:
        """Open a file for a result: it has no name, and is gone when nobody holds it any more."""
        return tempfile.TemporaryFile(dir=self.folder, buffering=0)

    def key(
        self,
        store: Path,
        text: str,
        base: str,
        default_graphs: Sequence[str],
        named_graphs: Sequence[str],
        formats: Sequence[str],
    ) -> str:
        """Return the name of a result.

        Args:
            store: The store's folder, which lies in its release's.
            text: The query.
            base: What relative IRIs in it are resolved against.
            default_graphs: The request's, in its order.
            named_graphs: The request's, in its order.
            formats: Names of the formats asked for.
        """
        parts = [store.parent.name, __version__, pyoxigraph.__version__, text, base]
        whole = json.dumps([parts, list(default_graphs), list(named_graphs), list(formats)])
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def find(self, key: str) -> tuple[IO[bytes], Facts] | None:
        """Open a result that was kept; the caller closes it. None where there is none."""
        if not self.most_bytes:
            return None
        try:
            file = self._path(key).open("rb", buffering=0)
        except OSError:
            return None
        try:
            head = json.loads(os.pread(file.fileno(), BODY_AT, 0))
            facts = Facts(str(head["kind"]), int(head["rows"]))
            if time.time() - os.fstat(file.fileno()).st_mtime > TOUCHED_AFTER_S:
                os.utime(file.fileno())
        except (ValueError, KeyError, TypeError):  # a disk that was full, a power cut
            file.close()
            return None
        except OSError:  # not ours to mark
            pass
        return file, facts

    def keep(self, key: str, spooled: IO[bytes], facts: Facts) -> None:
        """Keep a whole result under its name; where that fails the cache stays as it is."""
        size = os.fstat(spooled.fileno()).st_size
        if size > self.most_bytes * LARGEST_SHARE:
            return
        with contextlib.suppress(OSError):
            head = json.dumps({"kind": facts.kind, "rows": facts.rows}).encode().ljust(BODY_AT)
            os.pwrite(spooled.fileno(), head, 0)
            path = self._path(key)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _name(spooled.fileno(), path)
            self._new_bytes += max(size, ENTRY_BYTES)
            self._new_entries += 1
            if self._new_entries >= COUNTED_EVERY or self._new_bytes > self.most_bytes * LARGEST_SHARE:
                self._new_bytes = self._new_entries = 0
                self.make_room()

    def make_room(self) -> None:
        """Remove the least recently used results where there are too many bytes."""
        found: list[tuple[float, int, Path]] = []
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):
                entry = path.stat()
                found.append((entry.st_mtime, max(entry.st_size, ENTRY_BYTES), path))
        total = sum(size for _, size, _ in found)
        if total <= self.most_bytes:
            return
        for _, size, path in sorted(found):
            if total <= self.most_bytes * KEPT_SHARE:
                return
            path.unlink(missing_ok=True)
            total -= size

    def sizes(self) -> tuple[int, int]:
        """Return how many results there are, and their bytes together."""
        sizes = [path.stat().st_size for path in self.folder.glob("??/*") if path.exists()]
        return len(sizes), sum(sizes)


def _name(descriptor: int, path: Path) -> None:
    """Give an unnamed file a name, in one step even where the name is taken."""
    aside = path.with_name(f".{os.getpid()}-{descriptor}-{time.monotonic_ns()}")
    try:
        try:
            os.link(f"/proc/self/fd/{descriptor}", aside, follow_symlinks=True)
        except OSError:  # a file system that cannot: copy
            with open(f"/proc/self/fd/{descriptor}", "rb") as source, aside.open("wb") as copy:  # noqa: PTH123
                shutil.copyfileobj(source, copy)
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)
