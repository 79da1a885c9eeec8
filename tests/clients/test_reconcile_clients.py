"""`reconciler`, a client library for reconciliation services, against a running server."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BASE = "https://w3id.org/project-portfolio/osallisuus/id"
SCRIPT = """
import json, sys
import pandas as pd
from reconciler import reconcile
names = pd.Series(json.loads(sys.argv[2]))
places = json.loads(sys.argv[4])
more = {"property_mapping": {"place": pd.Series(places)}} if places else {}
found = reconcile(names, type_id=sys.argv[3], reconciliation_endpoint=sys.argv[1], **more)
print(found[["input_value", "id", "match", "score"]].to_json(orient="records"))
"""


def peer() -> Path:
    """Return the Python of the environment that the client is installed in."""
    return Path(os.environ.get("RECONCILER_PEER", ROOT / ".peers" / "reconciler")) / "bin" / "python"


def found(address: str, names: list[str], kind: str, places: list[str]) -> dict[str, tuple[str, bool]]:
    if not peer().is_file():
        pytest.skip("reconciler is not installed (tests/clients/requirements-reconciler.txt, in .peers/reconciler)")
    command = [str(peer()), "-W", "ignore", "-c", SCRIPT, address, json.dumps(names), kind, json.dumps(places)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return {row["input_value"]: (row["id"], row["match"]) for row in rows}


def test_reconciler_matches_organisations(origin: str) -> None:
    names = ["THL", "TVY ry", "Työttömien Keskusjärjestö", "Terveyden ja hyvinvoinnin latos", "Lapin yliopisto"]
    names += [f"Kynnys ry {number}" for number in range(8)]  # more than one batch of ten
    told = found(f"{origin}/reconcile", names, "organisation", [])
    assert len(told) == 13
    assert told["THL"] == (f"{BASE}/organisation/FI-2229500-6", True)
    assert told["TVY ry"] == told["Työttömien Keskusjärjestö"] == (f"{BASE}/organisation/FI-1003909-9", True)
    assert told["Terveyden ja hyvinvoinnin latos"] == (f"{BASE}/organisation/FI-2229500-6", False)
    assert told["Lapin yliopisto"] == (f"{BASE}/organisation/FI-0292800-5", True)


def test_reconciler_sends_properties(origin: str) -> None:
    names = ["Saamelaisten hyvinvointi", "Nevo tiija"]
    told = found(f"{origin}/reconcile", names, "project", ["Rovaniemi", "Helsinki"])
    assert told["Saamelaisten hyvinvointi"][0] == f"{BASE}/project/S20394"
    assert told["Nevo tiija"][0] == f"{BASE}/project/S20831"


def test_over_http_with_a_large_form(origin: str) -> None:
    """What OpenRefine's HTTP client sends: a form whose bytes are all escaped, ten cells of some hundred letters."""
    queries = {f"q{at}": {"query": "Työttömien Keskusjärjestö " * 20, "type": "organisation"} for at in range(10)}
    body = urlencode({"queries": json.dumps(queries, ensure_ascii=False)}).encode()
    with urlopen(Request(f"{origin}/reconcile", data=body), timeout=20) as answer:
        told = json.load(answer)
    assert list(told) == list(queries)
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(f"{origin}/reconcile", data=b"queries=" + b"%5B" * 1000), timeout=20)
    with refused.value:
        assert refused.value.code == 400
        assert json.load(refused.value)["status"] == "error"
