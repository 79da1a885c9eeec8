"""Every defect of the real lists in small: what becomes of the rows, what is told of them, what is said and what not.

A case is a folder of `tests/cases/lists`: list, `mapping.toml`, `expected.toml`. Lists are kept as plain UTF-8 text
and made here what they are to be: of another encoding, packed, a workbook. All names and numbers are made up.

`expected.toml`: `encoding`, `gzip` and `format` of the list; `accounts`, one a file; `problems`, each told with its row
and column; `statements.true` and `.false`, patterns of SPARQL that do or do not hold; `statements.withheld`, texts that
stand neither in a statement nor in a report.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import xlsxwriter
from lists_of_operations import BASE, lines, settings

from publisher import checking
from publisher.checking import Checked
from publisher.reports import FORMATS

CASES = Path(__file__).parent / "cases" / "lists"
NAMES = sorted(path.name for path in CASES.iterdir())
PREFIXES = f"""BASE <{BASE}/id/>
PREFIX pf: <https://w3id.org/project-portfolio/def#>
PREFIX c: <https://w3id.org/project-portfolio/concept/>
PREFIX eu: <http://publications.europa.eu/resource/authority/>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX locn: <http://www.w3.org/ns/locn#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


class Case:
    """A case, its list written to a folder and checked."""

    def __init__(self, name: str, tmp_path: Path) -> None:
        """Write and check the list."""
        folder = CASES / name
        self.expected: dict[str, Any] = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
        self.mapping = folder / "mapping.toml"
        self.tmp_path = tmp_path
        self.files = [
            self._written(path)
            for path in sorted(folder.iterdir())
            if path.name not in ("mapping.toml", "expected.toml")
        ]
        self.checked = self.check()

    def _written(self, path: Path) -> Path:
        target = self.tmp_path / path.name
        if self.expected.get("format") == "xlsx":
            target = target.with_suffix(".xlsx")
            _workbook(path, target)
        elif "encoding" in self.expected:
            text = path.read_text(encoding="utf-8")
            header, separator, rows = text.partition('UPDATE"\n')  # rows of the Greek list end as on Windows
            if separator:
                text = header + separator + re.sub(r"(?<=\d{4})\n", "\r\n", rows)
            target.write_bytes(text.encode(self.expected["encoding"]))
        else:
            shutil.copy(path, target)
        if self.expected.get("gzip"):
            packed = target.with_name(f"{target.name}.gz")
            packed.write_bytes(gzip.compress(target.read_bytes()))
            return packed
        return target

    def check(self) -> Checked:
        """Check the list as `publisher validate` does."""
        workdir = self.tmp_path / f"work-{len(list(self.tmp_path.glob('work-*')))}"
        workdir.mkdir()
        sources = [str(path) for path in self.files]
        return checking.check(sources, settings(), workdir, mapping_path=str(self.mapping), cross_check="none")


def _workbook(path: Path, target: Path) -> None:
    """Write text with semicolons between its cells as a workbook: numbers as numbers, `\\n` as line ends."""
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter=";")):
            for column, cell in enumerate(row):
                if re.fullmatch(r"[0-9]+(\.[0-9]+)?", cell):
                    sheet.write_number(number, column, float(cell))
                else:
                    sheet.write_string(number, column, cell.replace("\\n", "\n"))


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(request.param, tmp_path_factory.mktemp(request.param))


def test_every_row_is_accounted_for(case: Case) -> None:
    found = [
        {
            "rows": account.rows,
            "published": account.published,
            "merged": account.merged,
            "rejected": dict(account.rejected),
            "skipped": dict(account.skipped),
            "repaired": dict(account.repaired),
            "withheld": dict(account.withheld),
        }
        for account in case.checked.report.accounts
    ]
    assert found == case.expected["accounts"]
    assert case.checked.report.conforms


def test_faults_are_told_with_row_and_column(case: Case) -> None:
    found = sorted((p.rule, p.place.line, p.place.path) for p in case.checked.report.problems)
    told = [(p["rule"], p["row"], p["column"]) for p in case.expected.get("problems", [])]
    assert found == sorted(told)


def test_statements_are_those_of_the_list(case: Case) -> None:
    store = ox.Store()
    for part in case.checked.parts:
        store.bulk_load(path=str(part), format=ox.RdfFormat.N_QUADS)

    def holds(pattern: str) -> bool:
        return bool(store.query(f"{PREFIXES}ASK {{ {pattern} }}"))

    statements = case.expected["statements"]
    assert [pattern for pattern in statements["true"] if not holds(pattern)] == []
    assert [pattern for pattern in statements["false"] if holds(pattern)] == []


def test_what_is_withheld_stands_nowhere(case: Case) -> None:
    withheld = case.expected["statements"].get("withheld", [])
    texts = ["\n".join(lines(case.checked)), *(case.checked.report.write(name) for name in FORMATS)]
    assert [word for word in withheld if any(word in text for text in texts)] == []


def test_keys_of_alike_rows_do_not_depend_on_their_order(tmp_path: Path) -> None:
    case = Case("spanish-minted", tmp_path)

    def without_rows(checked: Checked) -> set[str]:
        return {line for line in lines(checked) if "#sourceRow>" not in line}

    first = without_rows(case.checked)
    for path in case.files:
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))[::-1]), encoding="utf-8")
    assert without_rows(case.check()) == first
    assert without_rows(case.checked) == first
