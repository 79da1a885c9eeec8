"""Runs a command and measures it with all its children: wall time, processor time, largest memory of the tree."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """What a command took: seconds, and bytes of memory of its processes together (sampled 20 times a second)."""

    code: int
    output: str
    errors: str
    wall_s: float
    cpu_s: float
    peak_bytes: int

    def __str__(self) -> str:
        """Return the figures in one line."""
        return f"{self.wall_s:7.1f} s wall  {self.cpu_s:7.1f} s cpu  {self.peak_bytes / 1e6:7.0f} MB peak"


def run(command: Sequence[str], folder: Path | None = None) -> Measured:
    """Run a command to its end."""
    before = os.times()
    began = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    peak = 0
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.05):
            peak = max(peak, tree_bytes(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, errors = process.communicate()
    wall = time.monotonic() - began
    ended.set()
    watcher.join()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Measured(process.returncode, output, errors, wall, cpu, peak)


def tree_bytes(pid: int) -> int:
    """Return the resident memory of a process and all below it (RssAnon: shared files are not counted twice)."""
    total = 0
    pending = [pid]
    while pending:
        current = pending.pop()
        try:
            status = Path(f"/proc/{current}/status").read_text(encoding="utf-8")
            children = Path(f"/proc/{current}/task/{current}/children").read_text(encoding="utf-8")
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon"))
        pending += [int(child) for child in children.split()]
    return total
