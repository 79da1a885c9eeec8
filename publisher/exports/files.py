"""Writes a file whole or not at all: beside its place first, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give the path of a new file to write, and put it in the place of the target when all went well.

    Raises:
        OSError: The folder is not there or cannot be written to.
    """
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    aside.touch(exist_ok=False)
    try:
        yield aside
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        aside.replace(target)
    finally:
        with suppress(FileNotFoundError):
            aside.unlink()
