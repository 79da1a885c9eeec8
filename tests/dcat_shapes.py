"""Checks a catalogue with DCAT-AP's own shapes, where a copy of them stands beside the checkout.

They are SEMICeu/DCAT-AP 3.0.1's `html/shacl/*.ttl`, looked for in `../shared/dcat-ap/3.0.1/html-shacl`
beside the repository; without them the tests that ask are skipped.
"""

from __future__ import annotations

import pyshacl
import pytest
import rdflib
from rdflib import SH
from shared_files import SHARED

SHAPES = SHARED / "dcat-ap" / "3.0.1" / "html-shacl"


def results(data: rdflib.Graph, *names: str) -> list[tuple[str, str, str]]:
    """Return (severity, path, focus node) of every result of DCAT-AP's shape files."""
    missing = [name for name in names if not (SHAPES / name).is_file()]
    if missing:
        pytest.skip(f"the DCAT-AP shapes {', '.join(missing)} are not in ../shared/dcat-ap/3.0.1/html-shacl")
    shapes = rdflib.Graph()
    for name in names:
        shapes.parse(SHAPES / name)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, do_owl_imports=False)
    assert isinstance(report, rdflib.Graph)
    # Not by type: the details of a failed sh:node are results too, with a severity of their own.
    found = report.objects(None, SH.result)
    return sorted(
        (
            str(report.value(result, SH.resultSeverity)),
            str(report.value(result, SH.resultPath)),
            str(report.value(result, SH.focusNode)),
        )
        for result in found
    )


def paths(found: list[tuple[str, str, str]], severity: rdflib.URIRef) -> set[str]:
    return {path for level, path, _ in found if level == str(severity)}
