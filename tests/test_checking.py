"""Records broken on purpose: one line a fault with file and line, and the live release goes on."""

from __future__ import annotations

from pathlib import Path

import portfolios
import pytest
import records

from publisher import checking, manifest, ntriples, release
from publisher.errors import InputError, NotConformantError, ShapesError
from publisher.namespaces import pf, rdf
from publisher.reports import Report
from publisher.validation import check
from publisher.validation.engines import PyShacl, RustShacl, Shapes


def report(folder: Path, workdir: Path, **flags: object) -> Report:
    workdir.mkdir()
    return checking.check([str(folder)], portfolios.settings(folder, **flags), workdir, cross_check="all").report


def lines(found: Report) -> list[tuple[str, int, str]]:
    return [
        (Path(p.place.file).name, p.place.line, p.rule.rpartition("#")[2])
        for p in found.problems
        if p.severity != "info"
    ]


NAME = "S00001.yaml"
OLD = "start: 2016-08-01, end: 2018-12-31"
BROKEN = [
    (("start: 2016-08-01", "start: 1.8.2016"), (NAME, 26, "record/date")),
    (("group: roma", "group: romanit"), (NAME, 5, "record/unknown-target-group")),
    ((OLD, "start: 2016-08-01, end: 2015-12-31"), (NAME, 26, "SourceRecord-dateOrder")),
    (("title: { fi", "title: [ fi"), (NAME, 3, "yaml/syntax")),
    (("code: S00001", "code: &x S00001"), (NAME, 2, "yaml/alias")),
    (("amount: 100.50\n    currency: EUR", "amount: 100.50"), (NAME, 10, "Funding-amountWithCurrency")),
    (
        ("    evidence: { source: form, part: results, wording: 25 hyvää käytäntöä }\n", ""),
        (NAME, 18, "Outcome-evidence"),
    ),
]


@pytest.mark.parametrize(("change", "fault"), BROKEN)
def test_a_broken_record_is_told_in_one_line(
    tmp_path: Path, change: tuple[str, str], fault: tuple[str, int, str]
) -> None:
    folder = portfolios.write(tmp_path / "p", {f"projects/{NAME}": change})
    assert lines(report(folder, tmp_path / "w")) == [fault]


def test_the_good_one_conforms_with_both_engines(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    assert lines(report(folder, tmp_path / "w")) == []
    bulk = report(folder, tmp_path / "w2", pyshacl_up_to_projects=0)
    assert (bulk.engine, bulk.cross_checked, lines(bulk)) == ("shacl", 1, [])


def test_a_wrong_encoding_is_told_with_its_place(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    path = folder / "projects" / NAME
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    assert lines(report(folder, tmp_path / "w")) == [(NAME, 3, "yaml/encoding")]


def test_a_code_that_stands_twice_is_told_whatever_the_shards(tmp_path: Path) -> None:
    text = portfolios.FILES[f"projects/{NAME}"]
    folder = portfolios.write(tmp_path / "p", S00002=text.replace("Ääkköset", "Toinen"))
    for number, shard in enumerate((1, 250)):
        found = report(folder, tmp_path / f"w{number}", shard_projects=shard)
        assert lines(found) == [("S00002.yaml", 2, "record/duplicate-code")]


def test_faults_of_all_files_come_in_one_run(tmp_path: Path) -> None:
    text = portfolios.FILES[f"projects/{NAME}"]
    extra = {
        "S00002": text.replace("S00001", "S00002").replace("group: roma", "group: romani"),
        "S00003": "a: [",
        "S00004": "",
    }
    folder = portfolios.write(tmp_path / "p", {f"projects/{NAME}": ("amount: 100.50", "amount: x")}, **extra)
    assert [(name, rule) for name, _, rule in lines(report(folder, tmp_path / "w"))] == [
        (NAME, "record/number"),
        ("S00002.yaml", "record/unknown-target-group"),
        ("S00003.yaml", "yaml/syntax"),
        ("S00004.yaml", "yaml/empty"),
    ]


def test_a_fault_in_a_shared_file_is_told_without_its_echoes(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p", {"organisations.yaml": ("key: eu", "kee: eu")})
    found = report(folder, tmp_path / "w")
    assert {name for name, _, _ in lines(found)} == {"organisations.yaml"}
    assert any("mend them first" in note for note in found.notes_in("en"))


def test_a_wrong_check_digit_leads_to_the_organisations_line(tmp_path: Path) -> None:
    folder = portfolios.write(
        tmp_path / "p", {"organisations.yaml": ("0292800-5, identifier: 0292800-5", "0292800-6, identifier: 0292800-6")}
    )
    project = folder / "projects" / NAME
    project.write_text(project.read_text(encoding="utf-8").replace("FI-0292800-5", "FI-0292800-6"), encoding="utf-8")
    assert lines(report(folder, tmp_path / "w")) == [("organisations.yaml", 4, "Organisation-businessId")]


def test_a_refused_build_leaves_the_live_release(tmp_path: Path) -> None:
    folder, releases = portfolios.write(tmp_path / "p"), tmp_path / "releases"
    first, _, fresh = release.build([str(folder)], portfolios.settings(folder), releases)
    assert fresh
    portfolios.write(folder, {f"projects/{NAME}": ("group: roma", "group: romanit")})
    with pytest.raises(NotConformantError) as caught:
        release.build([str(folder)], portfolios.settings(folder), releases)
    assert manifest.current_id(releases) == first.id
    assert (releases / "rejected" / "report.html").is_file()
    assert len(caught.value.report.problems) >= 1
    assert [path.name for path in releases.glob(".building-*")] == []


def test_engines_that_disagree_fail_with_the_case() -> None:
    class Silent:
        name = "silent"

        def validate(self, _data: str) -> dict[object, str]:
            return {}

    data = ntriples.line("https://example.org/x", rdf.type, f"<{pf.Outcome}>") + "\n"
    with pytest.raises(ShapesError, match="disagree") as caught:
        check.cross_check(data, Silent(), RustShacl(Shapes.load()))  # type: ignore[arg-type]
    assert "<https://example.org/x>" in str(caught.value)
    check.cross_check(data, PyShacl(Shapes.load()), RustShacl(Shapes.load()))


@pytest.mark.parametrize("limit", [0, 1000])
def test_every_seeded_error_is_found_and_nothing_else(tmp_path: Path, limit: int) -> None:
    folder = tmp_path / "p"
    seeded = records.write(folder, 45, 15, seed=3)
    found = report(folder, tmp_path / "w", pyshacl_up_to_projects=limit, shard_projects=20, processes=1)
    assert found.engine == ("shacl" if limit == 0 else "pyshacl")
    told = {(p.place.file.removeprefix(f"{folder}/"), p.rule) for p in found.problems if p.severity != "info"}
    assert told == {(entry["file"], entry["rule"]) for entry in seeded}
    assert len({entry["error"] for entry in seeded}) == 15


@pytest.mark.slow
def test_several_processes_find_the_same(tmp_path: Path) -> None:
    records.write(tmp_path / "p", 12, 4, seed=5)
    one = report(tmp_path / "p", tmp_path / "w1", shard_projects=4, processes=1)
    two = report(tmp_path / "p", tmp_path / "w2", shard_projects=4, processes=2)
    assert one == two


def test_what_is_no_source_is_told(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    (tmp_path / "list.pdf").write_bytes(b"x")
    for source, said in ((tmp_path / "none", "no such file"), (tmp_path / "list.pdf", "neither a portfolio folder")):
        with pytest.raises(InputError, match=said):
            checking.check([str(source)], portfolios.settings(folder), tmp_path)


def test_a_fault_hides_no_other_of_the_same_project(tmp_path: Path) -> None:
    """An unknown key is one line; that a funder is missing elsewhere in the file is told in the same run."""
    folder = portfolios.write(tmp_path / "p", {f"projects/{NAME}": ("role: applicant", "role: boss")})
    path = folder / "projects" / NAME
    path.write_text(path.read_text(encoding="utf-8").replace("    funder: eu\n", ""), encoding="utf-8")
    assert lines(report(folder, tmp_path / "w")) == [
        (NAME, 1, "Project-funderKnown"),
        (NAME, 8, "record/unknown-role"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("funder: eu", "funder: nobody", 13),
        ("currency: EUR", "currency: XXX", 15),
        ("group: roma", "group: romani", 5),
        ("evidence: register", "evidence: nowhere", 16),
        ("stage: committed", "stage: promised", 11),
    ],
)
def test_a_statement_that_was_left_out_is_not_missed_again(tmp_path: Path, old: str, new: str, line: int) -> None:
    folder = portfolios.write(tmp_path / "p", {f"projects/{NAME}": (old, new)})
    assert [at for _, at, _ in lines(report(folder, tmp_path / "w"))] == [line]
