"""RDF as a source: every serialisation, named graphs kept, blank nodes named the same way each time."""

from __future__ import annotations

import gzip
from pathlib import Path

import portfolios
import pyoxigraph as ox
import pytest

from publisher import checking, rdf_sources, release
from publisher.errors import InputError, NotConformantError
from publisher.manifest import Release
from publisher.namespaces import pf, rdf
from publisher.validation import resources

BASE = "https://example.org/p"
FILES = {
    "a.ttl": '<http://x/s> <http://x/p> "ä"@fi, [ <http://x/q> <rel> ] .',
    "a.nt": '<http://x/s> <http://x/p> "\\u00E4"@fi .',
    "a.nq": "<http://x/s> <http://x/p> <http://x/o> <http://x/g> .\n<http://x/s> <http://x/p> <http://x/o> .",
    "a.trig": "<http://x/g> { <http://x/s> <http://x/p> _:b }",
    "a.jsonld": '{"@id": "http://x/s", "http://x/p": {"@id": "http://x/o"}}',
    "a.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x/">'
    '<rdf:Description rdf:about="http://x/s"><x:p>ä</x:p></rdf:Description></rdf:RDF>',
}


def convert(tmp_path: Path, name: str, text: str | bytes) -> tuple[list[str], rdf_sources.Converted]:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    converted = rdf_sources.convert(path, name, tmp_path / "out", BASE)
    return (tmp_path / "out").read_text(encoding="utf-8").splitlines(), converted


@pytest.mark.parametrize("name", FILES)
def test_every_serialisation_is_read_plain_and_gzipped(tmp_path: Path, name: str) -> None:
    lines, converted = convert(tmp_path, name, FILES[name])
    assert converted.statements == len(lines) >= 1
    assert convert(tmp_path, f"{name}.gz", gzip.compress(FILES[name].encode()))[1] == converted


def test_blank_nodes_and_relative_iris_become_the_same_iris_each_time(tmp_path: Path) -> None:
    lines, converted = convert(tmp_path, "a.ttl", FILES["a.ttl"])
    assert lines == convert(tmp_path, "a.ttl", FILES["a.ttl"])[0]
    assert converted.blank_nodes == 1
    assert sum("/.well-known/genid/" in line for line in lines) == 2
    assert any(f"<{BASE}/rel>" in line for line in lines)


def test_named_graphs_are_kept_apart_from_the_default_graph(tmp_path: Path) -> None:
    lines, converted = convert(tmp_path, "a.nq", FILES["a.nq"])
    assert converted.graphs == {"http://x/g"}
    assert sorted(line.endswith("<http://x/g> .") for line in lines) == [False, True]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.ttl", "<http://x/s> <http://x/p>\n  oops .", r"a\.ttl:2:"),
        ("a.nt", "<http://x/s> <http://x/p> <relative> .", r"a\.nt:1:"),
        ("a.jsonld", '{"@context": "http://127.0.0.1:9/c", "@id": "http://x/s"}', r"a\.jsonld"),
        ("a.rdf", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;', r"a\.rdf"),
        ("a.ttl.gz", b"\x1f\x8b\x08 broken", r"a\.ttl\.gz"),
        ("a.nt", b'<http://x/s> <http://x/p> "\xe4" .', r"a\.nt"),
        ("a.nt.gz", gzip.compress(FILES["a.nt"].encode() * 999)[:-20], r"a\.nt\.gz"),
        ("a.ttl", "<http://x/s> <http://x/p> <<( <http://x/s> <http://x/p> 1 )>> .", r"a\.ttl: .* RDF 1\.2"),
        ("a.ttl", '<http://x/s> <http://x/p> "x"@en--ltr .', r"a\.ttl: .* RDF 1\.2"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(tmp_path: Path, name: str, text: str | bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        convert(tmp_path, name, text)


def test_an_xml_bomb_does_not_go_off(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    start = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "http://x/">'
    with pytest.raises(InputError, match="holds another entity"):
        convert(tmp_path, "a.rdf", f"{start}{levels}]>{FILES['a.rdf'].replace('ä', '&a11;')}")
    long = start.replace("http://x/", "x" * 100_000)
    with pytest.raises(InputError, match="too long"):
        convert(tmp_path, "a.rdf", f"{long}]>{FILES['a.rdf'].replace('ä', '&a0;')}")
    lines, _ = convert(tmp_path, "a.rdf", f"{start}]>{FILES['a.rdf'].replace('ä', '&a0;')}")
    assert '"http://x/"' in lines[0]


def test_deep_nesting_is_a_fault_or_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        convert(tmp_path, "a.ttl", "<http://x/s> <http://x/p> " + "(" * 100_000)
    with pytest.raises(InputError):
        convert(tmp_path, "a.jsonld", '{"http://x/p":' * 100_000)


def test_our_own_dump_built_again_gives_the_same_statements(osallisuus: Release, tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    dump = osallisuus.path / "dumps" / "portfolio.ttl.gz"
    made, report, _ = release.build([str(dump)], portfolios.settings(folder), tmp_path / "r")
    assert made.manifest.statements_sha256 == osallisuus.manifest.statements_sha256
    assert report.projects == 13


def test_our_classes_in_foreign_rdf_are_checked(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    (tmp_path / "x.ttl").write_text(
        "<http://x/o> a <https://w3id.org/project-portfolio/def#Outcome> .", encoding="utf-8"
    )
    with pytest.raises(NotConformantError) as caught:
        release.build([str(tmp_path / "x.ttl")], portfolios.settings(folder), tmp_path / "r")
    rules = {problem.rule.rpartition("#")[2] for problem in caught.value.report.problems}
    assert {"Outcome-evidence", "Outcome-title"} <= rules


def test_a_value_that_is_none_of_its_type_is_a_problem_and_no_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = portfolios.write(tmp_path / "p")
    day = f'<http://x/a> a <{pf.Project}> ; <{pf.startDate}> "2016-13-45"^^<http://www.w3.org/2001/XMLSchema#date> .'
    (tmp_path / "x.ttl").write_text(day, encoding="utf-8")
    checked = checking.check([str(tmp_path / "x.ttl")], portfolios.settings(folder), tmp_path)
    assert "Project-startDate" in {problem.rule.rpartition("#")[2] for problem in checked.report.problems}
    assert caplog.text == ""


def test_foreign_triples_are_welcome_with_a_warning(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    (tmp_path / "x.nq").write_text(FILES["a.nq"], encoding="utf-8")
    made, report, _ = release.build([str(tmp_path / "x.nq")], portfolios.settings(folder), tmp_path / "r")
    assert [(p.severity, p.rule) for p in report.problems] == [("warning", "rdf/not-checked")]
    assert made.manifest.named_graphs == ["http://x/g"]
    assert sorted(path.name for path in (made.path / "dumps").iterdir()) == [
        "portfolio.jsonld.gz", "portfolio.nq.gz", "portfolio.trig.gz",
    ]  # fmt: skip
    store = ox.Store.read_only(str(made.store_path))
    assert [graph.value for graph in store.named_graphs()] == ["http://x/g"]


def test_blank_nodes_of_files_of_one_name_stay_apart(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    sources = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        sources.append(str(tmp_path / name / "x.ttl"))
        Path(sources[-1]).write_text(f'[] <http://x/p> "{name}" .', encoding="utf-8")
    made, _, _ = release.build(sources, portfolios.settings(folder), tmp_path / "r")
    lines = (made.path / "portfolio.nt").read_text(encoding="utf-8").splitlines()
    assert len({line.split(" ")[0] for line in lines if "/genid/" in line}) == 2


def test_a_literal_where_a_resource_is_asked_for_is_a_problem_in_every_form(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    term = "https://w3id.org/project-portfolio/def#"
    (tmp_path / "x.ttl").write_text(f'<http://x/a> a <{term}Project> ; <{term}funder> "EU" .', encoding="utf-8")
    workdir = tmp_path / "w"
    workdir.mkdir()
    report = checking.check([str(tmp_path / "x.ttl")], portfolios.settings(folder), workdir).report
    assert not report.conforms
    for form in ("text", "json", "html", "turtle", "csv"):
        assert "funder" in report.write(form)


def test_a_folder_and_a_file_become_one_release(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "p")
    (tmp_path / "x.nt").write_text(FILES["a.nt"], encoding="utf-8")
    workdir = tmp_path / "w"
    workdir.mkdir()
    checked = checking.check([str(folder), str(tmp_path / "x.nt")], portfolios.settings(folder), workdir)
    assert checked.report.conforms
    assert checked.title == {"fi": "Toimenpide", "en": "Measure"}
    assert any("<http://x/s>" in part.read_text(encoding="utf-8") for part in checked.parts)


def test_a_shard_holds_its_own_projects_and_not_the_whole_portfolio(tmp_path: Path) -> None:
    lines = [
        f"<http://x/portfolio> <{rdf.type}> <{pf.Portfolio}> .",
        f"<http://x/portfolio> <{pf.project}> <http://x/none> .",
    ]
    for number in range(250):
        project = f"<http://x/p{number:03}>"
        lines += [
            f"{project} <{rdf.type}> <{pf.Project}> .",
            f"{project} <{pf.portfolio}> <http://x/portfolio> .",
            f"<http://x/portfolio> <{pf.project}> {project} .",
        ]
    part = tmp_path / "part.nq"
    part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    shards = list(resources.shards(part, []))
    listed = [[line for line in shard.text.splitlines() if f"<{pf.project}>" in line] for shard in shards]
    assert [len(found) for found in listed] == [101, 101, 51], "its own, and what is nowhere a project"
    assert {line for found in listed for line in found} == {line for line in lines if f"<{pf.project}>" in line}
    assert sum(shard.statements for shard in shards) == len(lines)
