"""The projects as tables in every release: CSV with its description for machines, and a workbook."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
import tracemalloc
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import lists_of_operations as lists
import openpyxl
import operations_rdf as ops
import portfolios
import pytest
import rdflib
from operations_rdf import text
from rdflib import RDF, URIRef

from publisher import coverage, described, dumps, exports, flattening, formats, ntriples, release
from publisher.catalogue import describe, facts
from publisher.exports import csvw, flat
from publisher.flattening.record import Record
from publisher.iris import Minter
from publisher.lists.fields import FIELDS
from publisher.manifest import Release
from publisher.masters import Master
from publisher.namespaces import AUTHORITY, dcat, dct, pf, rdf, void, xsd

TABLE, ABOUT, WORKBOOK = NAMES = ["portfolio.csv", "portfolio.csv-metadata.json", "portfolio.xlsx"]
LANGUAGES = ["fi", "sv", "en"]
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
DATATYPES = {"decimal": xsd.decimal, "date": xsd.date, "gYear": xsd.gYear, "anyURI": xsd.anyURI}


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / TABLE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def about(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    return found


def write(path: Path, *operations: Iterable[str], languages: list[str] = LANGUAGES) -> Path:
    """Write the tables of operations; return their folder."""
    target = path / "release"
    (target / "dumps").mkdir(parents=True)
    title = {"fi": "Luettelo", "en": "List"}
    made = dumps.write_flat(ops.master(path, *operations), ops.BASE, target, languages, title, "https://example.org/l")
    assert {name: told[0] for name, told in made.items()} == {
        entry.name: entry.stat().st_size for entry in (target / "dumps").iterdir()
    }
    return target / "dumps"


# -- in a release


def test_a_release_holds_its_projects_as_tables_and_the_manifest_tells_them(osallisuus: Release) -> None:
    folder = osallisuus.file("dumps")
    for name in NAMES:
        data = (folder / name).read_bytes()
        told = osallisuus.manifest.files[f"dumps/{name}"]
        assert (told["bytes"], told["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    found = rows(folder)
    assert len(found) == osallisuus.manifest.counts["projects"] == 13
    with Master(osallisuus.file(osallisuus.manifest.master)) as master:
        assert [row["project"] for row in found] == list(master.instances(pf.Project))
    assert (folder / TABLE).read_bytes().startswith(b"project,code,code_scope,title,")  # no byte order mark


def test_a_table_is_what_export_writes_with_the_project_s_iri_before_it(osallisuus: Release, tmp_path: Path) -> None:
    exports.write(osallisuus, "csv", tmp_path / "export.csv")
    with (tmp_path / "export.csv").open(encoding="utf-8", newline="") as file:
        exported = list(csv.DictReader(file))
    found = rows(osallisuus.file("dumps"))
    assert [{name: value for name, value in row.items() if name != "project"} for row in found] == exported
    assert list(found[0]) == ["project", *exported[0]]


def test_a_workbook_holds_the_same_cells_as_the_csv_but_no_empty_column(osallisuus: Release) -> None:
    book = openpyxl.load_workbook(osallisuus.file("dumps") / WORKBOOK)
    (sheet,) = book.worksheets
    head, *lines = sheet.iter_rows(values_only=True)
    found = rows(osallisuus.file("dumps"))
    assert list(head) == [name for name in found[0] if any(row[name] for row in found)]
    assert len(lines) == len(found)
    for line, row in zip(lines, found, strict=True):
        for name, value in zip(head, line, strict=True):
            told = "" if value is None else value.date().isoformat() if hasattr(value, "date") else str(value)
            same = told == row[str(name)] or Decimal(told) == Decimal(row[str(name)])
            assert same, (row["code"], name)


def test_rdf_without_projects_gets_no_tables(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    (tmp_path / "x.ttl").write_text('<http://x/a> <http://x/b> "c" .', encoding="utf-8")
    made, _, _ = release.build([str(tmp_path / "x.ttl")], portfolios.settings(folder), tmp_path / "r")
    assert sorted(path.name for path in made.file("dumps").iterdir()) == [
        "portfolio.jsonld.gz", "portfolio.nt.gz", "portfolio.ttl.gz",
    ]  # fmt: skip
    assert made.file("coverage.json").is_file()
    assert {file.media_type for file in described.dataset(made).files} >= {"text/turtle"}
    assert b"tabular" not in made.file("catalogue.ttl").read_bytes()
    assert b"portfolio.csv" not in made.file("catalogue.ttl").read_bytes()


def test_no_natural_person_is_in_a_table(tmp_path: Path) -> None:
    listed = lists.ROWS + "A3,Tupa,M. Virtanen,2016-01-01,2018-12-31,5000\nA4,Pirtti,Virtanen Oy,2016-01-01,,70\n"
    mapping = lists.write(tmp_path / "list", listed)
    made, report, _ = release.build([str(mapping)], lists.settings(), tmp_path / "r", cross_check="none")
    assert [account.withheld for account in report.accounts] == [{"natural-person": 1}]
    found = {row["code"]: row for row in rows(made.file("dumps"))}
    assert found["A3"]["title"] == "Tupa"
    assert found["A4"]["beneficiary_name"] == "Virtanen Oy"
    assert found["A3"]["beneficiary_name"] != "M. Virtanen"
    assert all(row["natural_person_name"] == "" for row in found.values())
    with zipfile.ZipFile(made.file("dumps") / WORKBOOK) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    for data in ((made.file("dumps") / TABLE).read_bytes(), (made.file("dumps") / ABOUT).read_bytes(), *parts.values()):
        assert b"M. Virtanen" not in data
    assert any(b"Virtanen Oy" in data for data in parts.values())


# -- hostile texts

EVIL = [
    "=1+1", "+358", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", '"quoted", and\r\nlines', "a\x00b\x0bc",
    "\ufffe\uffff", "'=already", "#comment", " ", "https://x/\u202e", "=" * 40_000, "<script>alert(1)</script>",
]  # fmt: skip


def _evil() -> Iterator[str]:
    for number, evil in enumerate(EVIL):
        pairs: dict[str, str | list[str]] = {
            dct.title: [text(evil), text(evil, "en")], dct.description: text(evil), pf.achievements: text(evil),
        }  # fmt: skip
        yield from ops.project(f"S{number:02d}", pairs)
        yield from ops.participant(f"S{number:02d}", "partner", evil, f"p{number}")
        yield from ops.participant(f"S{number:02d}", "beneficiary", evil, f"b{number}", identifier=evil)


def test_no_text_becomes_a_formula_in_either_table(tmp_path: Path) -> None:
    folder = write(tmp_path, _evil())
    found = rows(folder)
    assert len(found) == len(EVIL)
    for row, evil in zip(found, EVIL, strict=True):
        for name in ("title", "title_en", "summary", "achievements", "partners", "beneficiary_name", "beneficiary_id"):
            assert row[name] == (f"'{evil}" if evil.startswith(FORMULAS) else evil)
        assert not any(value.startswith(FORMULAS) for value in row.values())
    book = openpyxl.load_workbook(folder / WORKBOOK)
    cells = [cell for line in book.worksheets[0].iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "d"}  # texts, and the day of the list
    assert not any(cell.hyperlink for cell in cells)
    with zipfile.ZipFile(folder / WORKBOOK) as archive:
        assert not [name for name in archive.namelist() if "external" in name.lower()]
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    texts = [cell.value for cell in cells]
    assert "=1+1" in texts
    assert "=" * 16_000 + "…" in texts


def test_a_tag_that_no_column_is_known_by_does_no_harm(tmp_path: Path) -> None:
    odd = ops.project("S1", {dct.title: [text("x", "zh-Hant-TW"), text("y", "x-private"), text("z", None)]})
    folder = write(tmp_path, odd)
    assert [rows(folder)[0][name] for name in ("title", "title_x", "title_zh")] == ["z", "y", "x"]
    columns = {column["name"]: column for column in about(folder)["tableSchema"]["columns"]}
    assert (columns["title_zh"]["lang"], columns["title_x"]["lang"]) == ("zh", "x")
    assert "lang" not in columns["title"]  # the text there has no language


# -- CSV on the Web


def _statements(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield what the description makes of the CSV: the parts of csv2rdf that it uses, written down anew."""
    told = about(folder)
    schema = told["tableSchema"]
    assert told["url"] == TABLE
    assert schema["aboutUrl"] == "{+project}"
    for row in rows(folder):
        for column in schema["columns"]:
            if column.get("virtual"):
                yield row["project"], column["propertyUrl"], ntriples.iri(column["valueUrl"])
                continue
            cell = row[column["name"]]
            if cell == schema["null"] or "propertyUrl" not in column or column.get("suppressOutput"):
                continue
            for value in cell.split(column["separator"]) if "separator" in column else [cell]:
                kind = DATATYPES.get(column["datatype"])
                yield (
                    row["project"],
                    column["propertyUrl"],
                    ntriples.literal(value, None if kind else column.get("lang"), datatype=kind),
                )


def test_what_the_description_says_of_the_table_is_in_the_rdf(osallisuus: Release) -> None:
    master = set(osallisuus.file(osallisuus.manifest.master).read_text(encoding="utf-8").splitlines())
    made = [ntriples.line(*statement) for statement in _statements(osallisuus.file("dumps"))]
    assert [line for line in made if line not in master] == []
    predicates = {ntriples.split(line)[1] for line in made}
    wanted = {rdf.type, dct.title, dct.identifier, pf.startDate, pf.endDate, pf.startYear}
    assert {f"<{predicate}>" for predicate in wanted} <= predicates
    assert len(made) > 13 * 6


def test_every_property_of_the_description_is_kept_as_it_stands(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        ops.full(),
        ops.project(
            "S7",
            {
                dct.title: text("Seitsemän"), pf.exchangeRate: ops.typed("0.9", "decimal"),
                pf.fleetRegisterNumber: text("FIN000", None), pf.awardYear: ops.typed("2016", "gYear"),
            },
        ),
    )  # fmt: skip
    master = set((tmp_path / "master.nt").read_text(encoding="utf-8").splitlines())
    made = [ntriples.line(*statement) for statement in _statements(folder)]
    assert [line for line in made if line not in master] == []
    told = {column["propertyUrl"] for column in about(folder)["tableSchema"]["columns"] if "propertyUrl" in column}
    assert told == {*flattening.PROPERTIES.values(), rdf.type}
    assert {ntriples.split(line)[1] for line in made} == {f"<{predicate}>" for predicate in told}


def test_the_description_names_each_column_as_the_file_does_and_in_each_language(osallisuus: Release) -> None:
    told = about(osallisuus.file("dumps"))
    assert told["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "fi"}]
    assert told["dc:license"] == {"@id": f"{AUTHORITY}/licence/CC_BY_4_0"}
    columns = told["tableSchema"]["columns"]
    assert columns[-1] == {"name": "type", "virtual": True, "propertyUrl": rdf.type, "valueUrl": pf.Project}
    header = list(rows(osallisuus.file("dumps"))[0])
    assert [column["name"] for column in columns[:-1]] == header
    assert len({column["name"] for column in columns}) == len(columns)
    for column in columns[:-1]:
        assert column["titles"].pop("und") == column["name"]  # else a validator says that the header is another's
        assert set(column["titles"]) == {"fi", "sv", "en"}
        assert {text["@language"] for text in column["dc:description"]} == {"fi", "sv", "en"}
    by_name = {column["name"]: column for column in columns}
    assert by_name["target_groups_sv"]["titles"]["fi"].endswith("(sv)")
    assert {name for name, column in by_name.items() if "separator" in column} == {
        name for name in header if name != "project" and (found := FIELDS.get(name.rsplit("_", 1)[0], FIELDS.get(name)))
        and (FIELDS.get(name) or found).many
    }  # fmt: skip
    assert by_name["eu_amount"]["datatype"] == "decimal"
    assert told["tableSchema"]["primaryKey"] == "project"
    assert told["dialect"]["commentPrefix"] is None
    assert told["dialect"]["encoding"] == "utf-8"


def test_what_a_row_does_not_hold_is_told(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        ops.bare("S1"),
        ops.money("S1", "a", "committed", ["total-cost"], "100", currency="SEK"),
        ops.money("S1", "b", "committed", ["eu"], "5"),
        ops.participant("S1", "beneficiary", "Yksi Oy", "FI-1"),
        ops.participant("S1", "beneficiary", "Kaksi Oy", "FI-2"),
        languages=["sv", "en"],
    )
    told = about(folder)
    texts = [{text["@language"]: text["@value"] for text in note["dc:description"]} for note in told["notes"]]
    assert [entry["en"] for entry in texts] == [
        "1 projects: several beneficiaries stand in one cell, without identifier and address.",
        "1 projects: amounts in a second currency are not in the file: nothing is converted.",
    ]
    assert {tuple(entry) for entry in texts} == {("sv", "en")}
    said = {text["@language"]: text["@value"] for text in told["dc:description"]}
    assert said["en"].startswith("One row a project. Not everything is in the table: the RDF dumps hold the whole")
    assert said["sv"].startswith("En rad per projekt. Tabellen innehåller inte allt")


def test_a_portfolio_in_another_language_is_described_in_english(tmp_path: Path) -> None:
    told = about(write(tmp_path, ops.project("S1", {dct.title: text("Titre", "fr")}), languages=["fr"]))
    assert {text["@language"] for text in told["dc:description"]} == {"en"}
    assert next(c for c in told["tableSchema"]["columns"] if c["name"] == "title")["lang"] == "fr"


# -- the same bytes, bounded memory


def test_the_same_statements_give_the_same_bytes(tmp_path: Path) -> None:
    one = write(tmp_path / "one", ops.full(), _evil())
    other = write(tmp_path / "other", ops.full(), _evil())
    for name in NAMES:
        assert (one / name).read_bytes() == (other / name).read_bytes()
    # Nothing in a workbook tells when it was made: that is in the manifest.
    assert openpyxl.load_workbook(one / WORKBOOK).properties.created.year == 1980
    with zipfile.ZipFile(one / WORKBOOK) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_large_portfolio_has_no_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "WORKBOOK_PROJECTS", 1)
    folder = write(tmp_path, ops.bare("S1"), ops.bare("S2"))
    assert sorted(path.name for path in folder.iterdir()) == [TABLE, ABOUT]
    assert sorted(path.name for path in write(tmp_path / "small", ops.bare("S1")).iterdir()) == NAMES


def _many(count: int) -> Iterator[Record]:
    for number in range(count):
        yield Record(
            f"https://example.org/p/id/project/S{number}",
            {"code": f"S{number}", "start": date(2016, 1, 1), "eu_amount": Decimal(number)},
            {"title": {"fi": [f"Hanke {number}" * 20]}},
        )


def test_memory_does_not_grow_with_the_projects(tmp_path: Path) -> None:
    def make(count: int) -> None:
        with flat.Kept("fi", tmp_path, project=True) as kept:
            deque(kept.keep(_many(count)), maxlen=0)
            flat.write_csv(kept, tmp_path / "x.csv")
            flat.write_xlsx(kept, tmp_path / "x.xlsx", created=dumps._CREATED)
            csvw.description(kept, "x.csv", LANGUAGES, {})

    def peak(count: int) -> int:
        tracemalloc.start()
        make(count)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    make(10)  # what is imported and cached once
    assert peak(800) < peak(200) * 1.3


def test_the_coverage_is_that_of_a_pass_of_its_own(osallisuus: Release) -> None:
    told = osallisuus.manifest
    counted = coverage.compute(osallisuus.file(told.master), Minter(told.base_iri))
    assert coverage.write(counted, "json") == osallisuus.file("coverage.json").read_text(encoding="utf-8")


# -- what tells of it


@pytest.fixture(scope="module")
def catalogue(osallisuus: Release) -> rdflib.Graph:
    return rdflib.Graph().parse(osallisuus.file("catalogue.ttl"), format="turtle")


@pytest.mark.parametrize(("name", "form", "title"), [
    (TABLE, formats.RESULTS_CSV, "Hankkeet taulukkona (CSV)"), (WORKBOOK, formats.XLSX, "Hankkeet taulukkona (XLSX)"),
])  # fmt: skip
@pytest.mark.parametrize("kept", [False, True])
def test_the_catalogue_describes_a_table_as_what_it_is(
    catalogue: rdflib.Graph, osallisuus: Release, name: str, form: formats.Format, title: str, kept: bool
) -> None:
    root = osallisuus.manifest.base_iri
    address = f"{root}/releases/{osallisuus.id}/dumps/{name}" if kept else f"{root}/dumps/{name}"
    (found,) = catalogue.subjects(URIRef(dcat.downloadURL), URIRef(address))
    (dataset,) = catalogue.subjects(URIRef(dcat.distribution), found)
    assert (dataset, RDF.type, URIRef(dcat.Dataset)) in catalogue

    def told(predicate: str) -> set[str]:
        return {str(value) for value in catalogue.objects(found, URIRef(predicate))}

    size = osallisuus.manifest.files[f"dumps/{name}"]["bytes"]
    assert told(dct.format) == {f"{AUTHORITY}/file-type/{form.file_type}"}
    assert told(dcat.mediaType) == {f"http://www.iana.org/assignments/media-types/{form.media_type}"}
    assert told(dcat.byteSize) == {str(size)}
    assert not told(dcat.compressFormat)
    assert told(dcat.accessURL) == {address}
    texts = [text for text in catalogue.objects(found, URIRef(dct.description)) if isinstance(text, rdflib.Literal)]
    assert {text.language for text in texts} == {"fi", "sv", "en"}
    assert title in told(dct.title)
    assert any("One row a project. Not everything is in the table" in text for text in told(dct.description))
    assert not any("Koko aineisto (" in text for text in told(dct.title))
    assert told(dct.conformsTo) == ({f"{address}-metadata.json"} if name == TABLE else set())
    for schema in told(dct.conformsTo):
        assert (URIRef(schema), RDF.type, URIRef(dct.Standard)) in catalogue


def test_the_description_of_the_columns_is_no_distribution(catalogue: rdflib.Graph) -> None:
    urls = {str(url) for url in catalogue.objects(None, URIRef(dcat.downloadURL))}
    assert not [url for url in urls if url.endswith("json")]


def test_void_names_rdf_alone(osallisuus: Release) -> None:
    found = rdflib.Graph().parse(osallisuus.file("void.ttl"), format="turtle")
    ends = {str(dump).rpartition("/")[2] for dump in found.objects(None, URIRef(void.dataDump))}
    assert ends == {"portfolio.jsonld.gz", "portfolio.nt.gz", "portfolio.ttl.gz"}


def test_a_release_of_before_has_no_tables_and_says_so(osallisuus: Release) -> None:
    files = {name: told for name, told in osallisuus.manifest.files.items() if Path(name).name not in NAMES}
    before = facts.read(Release(osallisuus.path, dataclasses.replace(osallisuus.manifest, files=files)))
    lines = describe.catalogue(before, [before])
    assert not [line for line in lines if "portfolio.csv" in line or "portfolio.xlsx" in line]
    assert [line for line in lines if "portfolio.ttl" in line]
