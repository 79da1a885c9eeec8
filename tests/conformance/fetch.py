"""Fetches the W3C's SPARQL tests, which are not kept in this repository.

    python tests/conformance/fetch.py .w3c

The source distribution of rdflib on the package index holds them. `pip` fetches
it and compares its SHA-256 before it reads it; of the archive only the two
folders of tests are written, `sparql11` (SPARQL 1.1) and `dawg-data-r2` (1.0). The
tests are the W3C's, under its software licence (`dawg-data-r2/LICENSE`).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

VERSION = "7.6.0"
SHA256 = "6c831288d5e4a5a7ece85d0ccde9877d512a3d0f02d7c06455d00d6d0ea379df"
INSIDE = f"rdflib-{VERSION}/test/data/suites/w3c"
SUITES = ("sparql11", "dawg-data-r2")
LARGEST_FILE = 5_000_000
"""Of one file of tests, in bytes: the largest is a tenth of it."""


def download(folder: Path) -> Path:
    """Fetch the source distribution into a folder and return its path.

    Raises:
        subprocess.CalledProcessError: pip cannot fetch it, or it is not the one that is meant.
    """
    wanted = folder / "wanted.txt"
    wanted.write_text(f"rdflib=={VERSION} --hash=sha256:{SHA256}\n", encoding="ascii")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    source_only = ["--no-deps", "--no-binary", "rdflib", "--require-hashes"]
    subprocess.run([*pip, *source_only, "--dest", str(folder), "--requirement", str(wanted)], check=True)
    return folder / f"rdflib-{VERSION}.tar.gz"


def unpack(archive: Path, target: Path) -> int:
    """Write the tests of an archive into a folder and return the number of files.

    Only plain files below the folders of tests are written, byte by byte: no link, no other owner or mode.

    Raises:
        ValueError: The archive holds a path that leads outside, or a file that is too large.
    """
    count = 0
    with tarfile.open(archive) as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            if not member.isfile() or not any(path.is_relative_to(f"{INSIDE}/{suite}") for suite in SUITES):
                continue
            if ".." in path.parts or member.size > LARGEST_FILE:
                raise ValueError(f"{archive.name}: {member.name} is refused")
            content = tar.extractfile(member)
            assert content is not None
            file = target / path.relative_to(INSIDE)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.read())
            count += 1
    return count


def main(arguments: list[str] | None = None) -> int:
    """Fetch and unpack: the program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where to write; what stands there is replaced once all is fetched")
    target: Path = parser.parse_args(arguments).folder
    if target.exists() and not target.is_dir():
        parser.error(f"{target} is no folder")
    if target.is_dir() and {entry.name for entry in target.iterdir()} - set(SUITES):
        parser.error(f"{target} holds other things: name an empty or a new folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".w3c-") as working:
        made = Path(working) / "made"
        try:
            count = unpack(download(Path(working)), made)
        except subprocess.CalledProcessError:  # pip has said why
            return 1
        if target.exists():
            shutil.rmtree(target)
        made.rename(target)
    print(f"{count} files of tests in {target}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
