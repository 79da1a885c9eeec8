"""The real OpenRefine, from Debian's package, reconciles a table with a running server and fetches columns from it."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from conftest import free_port

OPENREFINE = shutil.which("openrefine")
BASE = "https://w3id.org/project-portfolio/osallisuus/id"
ROWS = """\
project,place,applicant
Saamelaisten hyvinvointi ja yhdenvertaisuus,Rovaniemi,Lapin yliopisto
S20898,,THL
Nevo tiija - uusi aika,,TVY ry
No such project,,Nobody at all
"""
WHOLE = {"facets": [], "mode": "row-based"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OPENREFINE is None, reason="there is no OpenRefine here; apt-get install openrefine"),
]


class OpenRefine:
    """Commands that OpenRefine's pages send to its server.

    Source: https://openrefine.org/docs/technical-reference/openrefine-api and OpenRefine's `webapp/modules/core`.
    """

    def __init__(self, address: str) -> None:
        self.commands = f"{address}/command/core"

    def get(self, command: str, **query: object) -> Any:
        with urlopen(f"{self.commands}/{command}?{urlencode(query)}", timeout=30) as answer:
            return json.load(answer)

    def post(self, command: str, **form: object) -> Any:
        token = self.get("get-csrf-token")["token"]
        values = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in form.items()}
        request = Request(f"{self.commands}/{command}?csrf_token={token}", data=urlencode(values).encode())
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def create(self, text: str) -> str:
        """Make a project of a CSV text; its id."""
        options = json.dumps({"separator": ",", "headerLines": 1, "encoding": "UTF-8"})
        token = self.get("get-csrf-token")["token"]
        query = urlencode({"csrf_token": token, "format": "text/line-based/*sv", "options": options})
        parts = [
            'Content-Disposition: form-data; name="project-name"\r\n\r\nlist',
            f'Content-Disposition: form-data; name="project-file"; filename="list.csv"\r\n\r\n{text}',
        ]
        body = "".join(f"--edge\r\n{part}\r\n" for part in parts) + "--edge--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=edge"}
        with urlopen(
            Request(f"{self.commands}/create-project-from-upload?{query}", body.encode(), kind), timeout=60
        ) as answer:
            return str(answer.url).rpartition("=")[2]

    def wait(self, project: str) -> None:
        """Wait until the project's processes have ended."""
        end = time.monotonic() + 60
        while self.get("get-processes", project=project)["processes"]:
            assert time.monotonic() < end, "OpenRefine has not ended its process"
            time.sleep(0.1)

    def reconcile(
        self, project: str, column: str, service: dict[str, Any], address: str, kind: str, details: list[Any]
    ) -> dict[str, Any]:
        """Reconcile a column; by cell, what OpenRefine holds: `j` judgment, `m` match, `c` candidates."""
        config = {
            "mode": "standard-service", "service": address, "identifierSpace": service["identifierSpace"],
            "schemaSpace": service["schemaSpace"], "type": {"id": kind, "name": kind}, "autoMatch": True,
            "columnDetails": details, "limit": 0,
        }  # fmt: skip
        answer = self.post("reconcile", project=project, columnName=column, config=config, engine=WHOLE)
        assert answer["code"] == "pending", answer
        self.wait(project)
        told = self.get("get-rows", project=project, start=0, limit=50)
        at = [c["name"] for c in self.get("get-models", project=project)["columnModel"]["columns"]].index(column)
        pool = told["pool"]["recons"]
        return {row["cells"][at]["v"]: pool[str(row["cells"][at]["r"])] for row in told["rows"]}

    def table(self, project: str) -> list[dict[str, str]]:
        """Return the project as rows."""
        form = urlencode({"project": project, "format": "csv", "engine": json.dumps(WHOLE)})
        with urlopen(f"{self.commands}/export-rows/list.csv", data=form.encode(), timeout=30) as answer:
            return list(csv.DictReader(io.StringIO(answer.read().decode())))


@pytest.fixture(scope="module")
def openrefine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRefine]:
    folder = tmp_path_factory.mktemp("openrefine")
    port = free_port()
    flags = ["-i", "127.0.0.1", "-p", str(port), "-d", str(folder / "data"), "-x", "refine.headless=true"]
    with (folder / "log").open("wb") as log, subprocess.Popen(
        [str(OPENREFINE), *flags], stdout=log, stderr=log, cwd=folder, start_new_session=True
    ) as process:  # fmt: skip
        try:
            yield OpenRefine(await_start(port, process, folder / "log"))
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # the command is a script that starts the server


def await_start(port: int, process: subprocess.Popen[bytes], log: Path) -> str:
    address = f"http://127.0.0.1:{port}"
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{address}/command/core/get-version", timeout=5):
                return address
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))


def test_openrefine_reconciles_and_extends(openrefine: OpenRefine, origin: str) -> None:
    address = f"{origin}/reconcile?lang=en"
    with urlopen(address, timeout=10) as answer:
        service = json.load(answer)
    project = openrefine.create(ROWS)

    guessed = openrefine.post("guess-types-of-column", project=project, columnName="applicant", service=address)
    assert (guessed["code"], guessed["types"][0]["id"]) == ("ok", "organisation")

    told = openrefine.reconcile(project, "applicant", service, address, "organisation", [])
    assert {cell: (found["j"], found.get("m", {}).get("id")) for cell, found in told.items()} == {
        "Lapin yliopisto": ("matched", f"{BASE}/organisation/FI-0292800-5"),
        "THL": ("matched", f"{BASE}/organisation/FI-2229500-6"),
        "TVY ry": ("matched", f"{BASE}/organisation/FI-1003909-9"),
        "Nobody at all": ("none", None),
    }

    places = [{"column": "place", "property": {"id": "place", "name": "place"}}]
    told = openrefine.reconcile(project, "project", service, address, "project", places)
    first = told["Saamelaisten hyvinvointi ja yhdenvertaisuus"]
    assert first["j"] == "none"  # half a title is a candidate, not a match
    assert first["c"][0]["id"] == f"{BASE}/project/S20394"
    assert {cell: found.get("m", {}).get("id") for cell, found in told.items() if found["j"] == "matched"} == {
        "S20898": f"{BASE}/project/S20898",
        "Nevo tiija - uusi aika": f"{BASE}/project/S20831",
    }

    wanted = [{"id": "identifier"}, {"id": "target-group", "settings": {"limit": "1", "language": "en"}}]
    added = openrefine.post(
        "extend-data", project=project, baseColumnName="project", endpoint=address, columnInsertIndex=1, engine=WHOLE,
        identifierSpace=service["identifierSpace"], schemaSpace=service["schemaSpace"],
        extension={"properties": [{**entry, "name": entry["id"]} for entry in wanted]},
    )  # fmt: skip
    assert added["code"] == "pending", added
    openrefine.wait(project)
    rows = openrefine.table(project)
    names = {column for row in rows for column in row} - {"project", "place", "applicant"}
    assert len(names) == 2, names
    by_project = {row["project"]: sorted(row[name] for name in names) for row in rows}
    assert by_project["Nevo tiija - uusi aika"] == ["Roma", "S20831"]
    assert by_project["No such project"] == ["", ""]
