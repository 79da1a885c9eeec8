"""The real lists with the mappings of `data/lists`, where they are at hand: every row accounted for, every value there.

What the statements must say is computed from each raw file by a few lines of its own, which share nothing with the
program but the names of the funding sources.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from lists_of_operations import BASE, settings
from shared_files import ROOT, SHARED

from publisher import checking, config
from publisher.checking import Checked

LISTS = SHARED / "lists"
PF = "https://w3id.org/project-portfolio/def#"
PUBLIC = "eu municipal other-public state"
LINE = re.compile(r"<([^>]*)> <([^>]*)> (?:<([^>]*)>|\"((?:[^\"\\]|\\.)*)\"\S*) \.")
WANTED = re.compile(
    r"> <(?:https://w3id\.org/project-portfolio/def#(?:amount|currency|fundingStage|fundingSource|startDate|endDate|fund|"
    r"sourceRecord|organisation|participation)|http://purl\.org/dc/terms/title|http://xmlns\.com/foaf/0\.1/name|"
    r"http://www\.w3\.org/1999/02/22-rdf-syntax-ns#type)> "
)

pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason="the real lists are not beside the repository")

Money = dict[tuple[str, str, str], tuple[int, Decimal]]
"""How many amounts there are, and their sum, by (stage, sources, currency)."""
Days = dict[str, tuple[int, date, date]]
"""How many days there are, the first and the last, by what happens on them."""


@dataclass
class Said:
    """What the statements of a run say."""

    checked: Checked
    values: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    types: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        """Read the statements that the tests ask about."""
        for part in self.checked.parts:
            if part.name == "vocabularies.nq":
                continue
            with part.open(encoding="utf-8") as lines:
                for line in lines:
                    if not WANTED.search(line):
                        continue
                    match = LINE.match(line)
                    assert match is not None, line
                    subject, predicate, iri, text = match.groups()
                    if predicate.endswith("#type"):
                        self.types[iri.removeprefix(PF)].add(subject)
                    else:
                        name = re.split("[#/]", predicate)[-1]
                        told = json.loads(f'"{text}"') if iri is None else iri
                        if told not in self.values[subject, name]:
                            self.values[subject, name].append(told)

    def one(self, subject: str, name: str) -> str:
        (found,) = self.values[subject, name]
        return found

    @property
    def projects(self) -> set[str]:
        return self.types["Project"]

    @property
    def money(self) -> Money:
        amounts = defaultdict(list)
        for line in self.types["Funding"]:
            sources = " ".join(sorted(source.rsplit("/", 1)[1] for source in self.values[line, "fundingSource"]))
            stage, currency = (self.one(line, name).rsplit("/", 1)[1] for name in ("fundingStage", "currency"))
            amounts[stage, sources, currency].append(Decimal(self.one(line, "amount")))
        return totals(amounts)

    @property
    def days(self) -> Days:
        found: dict[str, list[date]] = {"start": [], "end": []}
        for project in self.projects:
            for name, days in found.items():
                days += [date.fromisoformat(text) for text in self.values.get((project, f"{name}Date"), ())]
        return spans(found)

    @property
    def rejected(self) -> Counter[str]:
        return sum((Counter(account.rejected) for account in self.checked.report.accounts), Counter())

    @property
    def withheld(self) -> Counter[str]:
        return sum((Counter(account.withheld) for account in self.checked.report.accounts), Counter())

    def account(self, inside: str = "") -> dict[str, int]:
        """Return what became of the rows of all files, or of those whose name has something in it."""
        accounts = [account for account in self.checked.report.accounts if inside in account.source]
        found = {"rows read": sum(account.rows for account in accounts)}
        for name in ("published", "merged"):
            found[name] = sum(getattr(account, name) for account in accounts)
        for name in ("rejected", "repaired", "withheld"):
            told = sum((Counter(getattr(account, name)) for account in accounts), Counter[str]())
            if name == "rejected":
                found[name] = told.total()
            found |= {f"{name}: {key}": number for key, number in told.items()}
        return found

    def count(self, what: str) -> int:
        return sum(getattr(account, what) for account in self.checked.report.accounts)

    def titles(self) -> set[str]:
        return {self.one(project, "title") for project in self.projects}

    def organisations(self) -> int:
        """How many times an organisation takes part."""
        return len(self.types["Participation"])


def totals(amounts: dict[tuple[str, str, str], list[Decimal]]) -> Money:
    return {key: (len(found), sum(found, Decimal(0))) for key, found in amounts.items() if found}


def spans(days: dict[str, list[date]]) -> Days:
    return {name: (len(found), min(found), max(found)) for name, found in days.items() if found}


def kept(name: str) -> dict[str, int]:
    """Return the account in a list's README, without the count of operations, which is that of its statements."""
    text = (ROOT / "data" / "lists" / name / "README.md").read_text(encoding="utf-8").partition("## Account")[2]
    rows = re.findall(r"^\| ([a-z][^|]*) \| ([\d,]+) \|$", text, re.MULTILINE)
    return {key: int(number.replace(",", "")) for key, number in rows if key != "operations"}


def build(name: str, files: Iterable[Path], tmp_path: Path, **changes: object) -> Said:
    """Check a list with the mapping that is kept of it."""
    workdir = tmp_path / "work"
    workdir.mkdir()
    mapping = str(ROOT / "data" / "lists" / name / "mapping.toml")
    sources = [str(path) for path in files]
    checked = checking.check(sources, settings(**changes), workdir, mapping_path=mapping, cross_check="none")
    assert checked.report.conforms, checked.report.write("text")
    return Said(checked)


SMALL = ["dk-2014-2020", "uk-england-2014-2020"]
LARGE = ["fi-2014-2020", "fi-2007-2013", "gr-2014-2020", "pt-2014-2020", "se-2014-2020"]


@pytest.fixture(scope="session")
def made() -> dict[str, Said]:
    return {}


@pytest.fixture
def said(request: pytest.FixtureRequest, made: dict[str, Said], tmp_path_factory: pytest.TempPathFactory) -> Said:
    """The list of a folder, checked once; the parameter is the folder's name."""
    name = request.param
    if name not in made:
        made[name] = build(name, sorted((LISTS / name).iterdir()), tmp_path_factory.mktemp(name), processes=0)
    return made[name]


def of(name: str) -> Any:
    return pytest.mark.parametrize("said", [name], indirect=True)


@pytest.mark.parametrize(
    "said", [*SMALL, *(pytest.param(name, marks=pytest.mark.slow) for name in LARGE)], indirect=True
)
def test_the_account_is_that_of_the_readme(said: Said, request: pytest.FixtureRequest) -> None:
    assert said.account() == kept(request.node.callspec.params["said"])


def packed(*path: str) -> bytes:
    return gzip.decompress((LISTS.joinpath(*path)).read_bytes())


def finnish(text: str) -> date:
    day, month, year = text.strip().split(".")
    return date(int(year), int(month), int(day))


# --- Finland -----------------------------------------------------------------------------------------------------

FINNISH = [("committed", "eu state"), ("paid", "eu state"), ("planned", PUBLIC), ("paid", PUBLIC)]
BROKEN = {6, 56, 57, 60, 67, 79, 148, 171, 192, 947, 955, 990, 991, 1048}
IN_ORDER = re.compile(
    r'"?([AS]\d{5}),.*,(\d+\.\d+\.\d{4}),\s*(\d+\.\d+\.\d{4}|),(?=[^,]*[^\W\d])(.+?)'
    r",\s*(N)\s*,\s*(N)\s*,\s*(N)\s*,\s*(N)[\s,;\"]*".replace("N", r"-?\d+(?:\.\d+)?")
)


@pytest.mark.slow
@of("fi-2014-2020")
def test_fi_2014_2020(said: Said) -> None:
    lines = (LISTS / "fi-2014-2020/projektilista-csv-final.original.csv").read_text(encoding="utf-8").splitlines()[1:]
    found = {number: IN_ORDER.fullmatch(line) for number, line in enumerate(lines, 2)}
    assert {number for number, match in found.items() if match is None} == BROKEN
    rows = [match.groups() for match in found.values() if match]
    amounts = {(*key, "EUR"): [Decimal(row[4 + at]) for row in rows] for at, key in enumerate(FINNISH)}
    assert said.money == totals(amounts)
    assert said.days == spans(
        {"start": [finnish(row[1]) for row in rows], "end": [finnish(row[2]) for row in rows if row[2]]}
    )
    assert said.projects == {f"{BASE}/id/project/{row[0]}" for row in rows}
    assert (said.count("rows"), said.count("published"), said.count("merged")) == (2881, 2867, 0)
    assert said.organisations() == 2867  # a natural person takes part too, without a name


@pytest.mark.slow
@of("fi-2014-2020")
def test_fi_2014_2020_tells_each_broken_row_and_publishes_no_amount_as_a_name(said: Said) -> None:
    told = {p.place.line: p for p in said.checked.report.problems if p.rule == "tables/cells-moved"}
    assert set(told) == BROKEN
    assert told[6].place.path == "Toteuttajan nimi"
    assert said.rejected == {"tables/cells-moved": len(BROKEN)}
    assert f"{BASE}/id/project/A70305" not in said.projects
    names = [name for (_, kind), texts in said.values.items() if kind == "name" for name in texts]
    assert names
    assert [name for name in names if not re.search(r"[^\W\d_]", name)] == []


@pytest.mark.slow
def test_four_projects_are_those_of_the_osallisuus_portfolio(tmp_path: Path) -> None:
    source = LISTS / "fi-2014-2020" / "projektilista-csv-final.original.csv"
    shipped = config.load(ROOT / "data" / "osallisuus" / "publisher.toml", {})
    workdir = tmp_path / "work"
    workdir.mkdir()
    mapping = str(ROOT / "data" / "lists" / "fi-2014-2020" / "mapping.toml")
    folder = str(ROOT / "data" / "osallisuus")
    checked = checking.check([folder, str(source)], shipped, workdir, mapping_path=mapping, cross_check="none")
    assert checked.report.conforms, checked.report.write("text")
    found = Said(checked)
    base = shipped.base_iri
    by_hand = {path.stem for path in (ROOT / "data" / "osallisuus" / "projects").iterdir()}
    both = {"S20394", "S20739", "S20752", "S20769"}
    assert len(found.projects) == 2867 + len(by_hand) - len(both)
    for code in by_hand:
        records = found.values[f"{base}/id/project/{code}", "sourceRecord"]
        from_list = f"{base}/id/source-record/{code}~fi-2014-2020" in records
        assert from_list == (code in both)
        assert len(records) > from_list


@pytest.mark.slow
@of("fi-2007-2013")
def test_fi_2007_2013(said: Said) -> None:
    text = packed("fi-2007-2013", "projektilista-2007-2013_new.csv.gz").decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
    amounts = {(*key, "EUR"): [Decimal(row[10 + at]) for row in rows if row[10 + at]] for at, key in enumerate(FINNISH)}
    assert said.money == totals(amounts)
    days = {"start": [finnish(row[7]) for row in rows if row[7]], "end": [finnish(row[8]) for row in rows if row[8]]}
    assert said.days == spans(days)
    assert (said.count("rows"), said.count("published")) == (19_940, 19_940)
    assert Counter(project.rsplit("/", 1)[1][0] for project in said.projects) == {"A": 17_165, "S": 2_775}
    assert said.withheld["natural-person"] > 2_000
    assert said.organisations() == 19_940


# --- Greece ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@of("gr-2014-2020")
def test_gr(said: Said) -> None:
    text = packed("gr-2014-2020", "ListOfOperations_20160513.csv.gz").decode("cp1253")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
    amounts = [Decimal(row[8].replace(".", "").replace(",", ".")) for row in rows if row[8]]
    assert said.money == totals({("committed", "eligible-cost", "EUR"): amounts})
    days = {
        name: [date(*map(int, reversed(day.split("/")))) for _, day in {(row[4], row[at].strip()) for row in rows}]
        for name, at in (("start", 6), ("end", 7))
    }
    assert said.days == spans(days)
    assert (said.count("rows"), said.count("published"), said.count("merged")) == (2029, 342, 2029 - 342)
    assert said.projects == {f"{BASE}/id/project/{row[4].partition('-')[0]}" for row in rows}

    def even(text: str) -> str:
        return " ".join(text.split())

    assert {even(title) for title in said.titles()} == {even(row[4].partition("-")[2]) for row in rows}
    texts = {name for (_, kind), names in said.values.items() if kind in ("title", "name") for name in names}
    assert "Κατασκευή Δημοτικού Σχολείου Σίφνου" in texts
    assert any("Ά" in name for name in texts)
    assert [name for name in texts if re.search("’[Α-Ω]", name)] == []  # what ISO 8859-7 makes of Ά


# --- Denmark, England, Portugal, Sweden --------------------------------------------------------------------------


@of("dk-2014-2020")
def test_dk(said: Said) -> None:
    raw = (LISTS / "dk-2014-2020" / "ERDF_Denmark_2014-2020.original.csv").read_bytes().decode("cp1252")
    rows = list(csv.reader(io.StringIO(raw, newline=""), delimiter=";"))[1:]

    def column(at: int) -> list[Decimal]:
        return [Decimal(row[at].replace(".", "")) for row in rows]

    assert said.money == totals({("committed", "total-cost", "DKK"): column(4), ("committed", "eu", "DKK"): column(5)})
    assert said.days == spans({"start": [finnish(row[1]) for row in rows], "end": [finnish(row[2]) for row in rows]})
    assert (len(said.projects), said.count("rows"), said.count("published")) == (107, 107, 107)
    funds = Counter(fund.rsplit("/", 1)[1] for project in said.projects for fund in said.values[project, "fund"])
    assert funds == {"ERDF": 57, "ESF": 50}
    everything = "".join(part.read_text(encoding="utf-8") for part in said.checked.parts)
    assert "Poistettu" not in everything
    assert "POINT" not in everything


MONTHS = {
    name: number
    for number, names in enumerate(
        ["jan", "feb", "mrz mar", "apr", "mai may", "jun", "jul", "aug", "sep", "okt oct", "nov", "dez dec"], 1
    )
    for name in names.split()
}


def english(text: str) -> date | None:
    match = re.fullmatch(r"\s*(\d{1,2})[.\s-]+([A-Za-z]{3})[\s-]+(\d{2}|\d{4})\s*", text)
    if match is None:
        return None
    try:
        return date(2000 + int(match[3][-2:]), MONTHS[match[2].casefold()], int(match[1]))
    except ValueError:
        return None


@of("uk-england-2014-2020")
def test_uk_in_pounds(said: Said) -> None:
    (path,) = (LISTS / "uk-england-2014-2020").iterdir()
    with path.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))[1:]

    def column(at: int) -> list[Decimal]:
        return [Decimal(row[at].strip().replace(",", ".")) for row in rows]

    assert said.money == totals({("committed", "eu", "GBP"): column(6), ("committed", "total-cost", "GBP"): column(7)})
    assert sorted(column(6))[len(rows) // 2] > 1_000_000
    starts, ends = [english(row[4]) for row in rows], [english(row[5]) for row in rows]
    kept = [end for start, end in zip(starts, ends, strict=True) if end and not (start and start > end)]
    assert said.days == spans({"start": [day for day in starts if day], "end": kept})
    assert (len(said.projects), said.count("rows"), said.count("published")) == (394, 394, 394)


@pytest.mark.slow
@of("pt-2014-2020")
def test_pt(said: Said) -> None:
    (path,) = (LISTS / "pt-2014-2020").iterdir()
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]

    def column(at: int) -> list[Decimal]:
        return [Decimal(str(row[at])) for row in rows if row[at]]

    amounts = {("committed", "eligible-cost", "EUR"): column(5), ("committed", "eu", "EUR"): column(7)}
    assert said.money == totals(amounts)
    assert (len(said.projects), said.count("rows"), said.count("published")) == (11_023, 11_023, 11_023)
    without = [f"{BASE}/id/project/{row[0].strip()}" for row in rows if row[6] == "n.a."]
    assert len(without) == 308
    assert {project for project in said.projects if not said.values.get((project, "fund"))} == set(without)
    # One of the 308 has amounts beside "n.a.": they are published; the noughts of the others are not.
    assert sum(1 for row in rows if row[5] == 0) == sum(1 for row in rows if row[7] == 0) == 307
    assert len(column(5)) == len(column(7)) == 11_023 - 307


@pytest.mark.slow
@of("se-2014-2020")
def test_se(said: Said) -> None:
    rows = json.loads(packed("se-2014-2020", "Sweden_all_funds_2014-2020.json.gz"), parse_float=Decimal)
    assert {row["beviljat_belopp_eur"] for row in rows} == {0}
    amounts = [Decimal(row["beviljat_belopp_sek"]) for row in rows]
    assert said.money == totals({("committed", "unspecified", "SEK"): amounts})
    days = {
        name: [date.fromisoformat(row[f"projekt_{name}tid"]) for row in rows if row[f"projekt_{name}tid"]]
        for name in ("start", "slut")
    }
    assert said.days == spans({"start": days["start"], "end": days["slut"]})
    assert said.projects == {f"{BASE}/id/project/{row['ärende-id']}" for row in rows}
    assert (said.count("rows"), said.count("published")) == (374, 374)
    everything = "".join(part.read_text(encoding="utf-8") for part in said.checked.parts)
    assert "Borttaget" not in everything
    assert "+4600000000" not in everything


# --- Spain -------------------------------------------------------------------------------------------------------


def spanish(folder: str) -> Iterator[Path]:
    return (path for path in sorted((LISTS / "es-2007-2013" / folder).iterdir()) if path.name != "data.json.gz")


def euros(text: str) -> Decimal:
    return Decimal(re.sub(r"[^\d,-]", "", text).replace(",", "."))


def test_es_projects(tmp_path: Path) -> None:
    said = build("es-2007-2013-projects", [LISTS / "es-2007-2013" / "esf" / "data.json.gz"], tmp_path)
    rows = json.loads(packed("es-2007-2013", "esf", "data.json.gz"))
    amounts = {
        ("committed", sources, "EUR"): [euros(row[name]) for row in rows if row[name]]
        for name, sources in (("ayuda_fse", "eu"), ("presupuesto_total", "total-cost"))
    }
    assert said.money == totals(amounts)
    assert len(said.projects) == 30
    assert said.account() == kept("es-2007-2013-projects")


@pytest.mark.slow
def test_es_together(tmp_path: Path) -> None:
    """All lists of Spain in one run: 114,519 operations, and the thirty projects."""
    mappings = []
    for name, files in (
        ("erdf", spanish("erdf")), ("esf", spanish("esf")),
        ("projects", iter([LISTS / "es-2007-2013" / "esf" / "data.json.gz"])),
    ):  # fmt: skip
        text = (ROOT / "data" / "lists" / f"es-2007-2013-{name}" / "mapping.toml").read_text(encoding="utf-8")
        mapping = tmp_path / f"{name}.toml"
        mapping.write_text(text.replace("files = []", f"files = {json.dumps([str(path) for path in files])}"))
        mappings.append(str(mapping))
    workdir = tmp_path / "work"
    workdir.mkdir()
    checked = checking.check(mappings, settings(processes=0), workdir, cross_check="none")
    assert checked.report.conforms, checked.report.write("text")
    said = Said(checked)
    erdf = [row for path in spanish("erdf") for row in json.loads(gzip.decompress(path.read_bytes()))]
    esf = [row for path in spanish("esf") for row in json.loads(gzip.decompress(path.read_bytes()))]
    projects = json.loads(packed("es-2007-2013", "esf", "data.json.gz"))
    assert (len(erdf), len(esf), len(projects)) == (65_007, 49_512, 30)
    assert len(said.projects) == said.count("published") == said.count("rows") == 114_519 + 30
    assert said.account("/erdf/") == kept("es-2007-2013-erdf")
    assert said.account("/PO_FSE") == kept("es-2007-2013-esf")
    amounts = {
        ("committed", PUBLIC, "EUR"): [euros(row["montante_concedido"]) for row in erdf],
        ("paid", PUBLIC, "EUR"): [euros(row["montante_pagado_final_operacion"]) for row in erdf]
        + [euros(row["spending"]) for row in esf],
        ("committed", "eu", "EUR"): [euros(row["ayuda_fse"]) for row in projects if row["ayuda_fse"]],
        ("committed", "total-cost", "EUR"): [euros(row["presupuesto_total"]) for row in projects],
    }
    assert said.money == totals(amounts)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "path"), [("esf", "esf/PO_FSE_MADRID.json.gz"), ("erdf", "erdf/PO%20AT4016.json.gz")])
def test_es_keys_do_not_depend_on_the_order_of_rows(name: str, path: str, tmp_path: Path) -> None:
    rows = json.loads(packed("es-2007-2013", *path.split("/")))

    def made(order: Callable[[list[Any]], None], folder: str) -> tuple[set[str], Counter[str]]:
        (tmp_path / folder).mkdir()
        order(rows)
        source = tmp_path / folder / "list.json"
        source.write_text(json.dumps(rows), encoding="utf-8")
        said = build(f"es-2007-2013-{name}", [source], tmp_path / folder)
        lines: Counter[str] = Counter()
        for part in said.checked.parts:
            with part.open(encoding="utf-8") as text:
                lines.update(line for line in text if "#sourceRow>" not in line)
        return said.projects, lines

    first, lines = made(lambda _: None, "first")
    second, again = made(random.Random(4).shuffle, "second")
    assert first == second
    assert len(first) == len(rows)
    assert set(lines) == set(again)
