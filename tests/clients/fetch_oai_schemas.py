"""Fetches the schemas that OAI-PMH names, for the test that validates answers: `python fetch_oai_schemas.py FOLDER`.

They state no licence, so they are in no commit. The package index has them inside two source packages: pyoai (BSD)
and core-oaipmh-provider-app (NIST). pyoai's copy of the protocol's schema skips what stands in foreign namespaces where
the original is strict; the test puts that right.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGES = {
    "pyoai==2.5.0": ("OAI-PMH.xsd",),
    "core-oaipmh-provider-app==2.23.0": ("oai_dc.xsd", "simpledc20021212.xsd"),
}


def fetch(folder: Path) -> None:
    """Write the schemas to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for package, names in PACKAGES.items():
        with tempfile.TemporaryDirectory() as place:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                       "--no-binary", ":all:", "--dest", place, package]  # fmt: skip
            subprocess.run(command, check=True)
            (packed,) = Path(place).iterdir()
            with tarfile.open(packed) as archive:
                for member in archive:
                    name = member.name.rpartition("/")[2]
                    stream = archive.extractfile(member) if name in names else None
                    if stream is not None:
                        (folder / name).write_bytes(stream.read())
    missing = [name for names in PACKAGES.values() for name in names if not (folder / name).is_file()]
    if missing:
        raise SystemExit(f"not found in the packages: {', '.join(missing)}")


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
