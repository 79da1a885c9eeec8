"""Links to Kohesio's items: made where programme, code and item are certain, reported and not made elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import lists_of_operations as lists
import portfolios
import pytest

from publisher import checking, config, kohesio_links, release, rules
from publisher.errors import ConfigError, InputError
from publisher.kohesio_links import Links
from publisher.namespaces import dct, owl, pf, rdf, skos

BASE = "https://example.org/p"
CCI = "2014FI16M2OP001"
OTHER = "2021FI16FFPR001"
HEADER = "programme,operation,item"


def item(number: int) -> str:
    return f"https://linkedopendata.eu/entity/Q{number}"


def project(code: str, programme: str | None = CCI, key: str = "") -> list[str]:
    iri = f"<{BASE}/id/project/{key or code}>"
    lines = [f"{iri} <{rdf.type}> <{pf.Project}> .", f'{iri} <{dct.identifier}> "{code}" .']
    if programme:
        concept = f"<{BASE}/id/classification/{programme}>"
        lines += [f"{iri} <{pf.programme}> {concept} .", f'{concept} <{skos.notation}> "{programme}" .']
    return lines


def link(folder: Path, rows: Iterable[str], *lines: list[str], header: str = HEADER) -> Links:
    part = folder / "part.nq"
    part.write_text("".join(f"{line}\n" for entry in lines for line in entry), encoding="utf-8")
    table = folder / "items.csv"
    table.write_text("\r\n".join([header, *rows]) + "\r\n", encoding="utf-8")
    return kohesio_links.link(table, "items.csv", [part], 1_000_000)


def told(found: Links) -> list[tuple[str, int]]:
    return [(problem.rule.removeprefix("kohesio/"), problem.place.line) for problem in found.problems]


def linked(code: str, number: int) -> str:
    return f"<{BASE}/id/project/{code}> <{owl.sameAs}> <{item(number)}> ."


def test_a_certain_identity_is_linked(tmp_path: Path) -> None:
    found = link(
        tmp_path, [f"{CCI},S2,{item(22)}", f"{CCI},S1,{item(11)}"], project("S1"), project("S2"), project("S3")
    )
    assert found.lines == [linked("S1", 11), linked("S2", 22)]
    assert found.problems == []


def test_the_code_alone_is_not_enough(tmp_path: Path) -> None:
    found = link(tmp_path, [f"{CCI},S1,{item(11)}", f"{CCI},S2,{item(22)}"], project("S1", OTHER), project("S2", None))
    assert found.lines == []
    assert told(found) == [("programme-differs", 2), ("programme-missing", 3)]
    assert OTHER in found.problems[0].messages["fi"]


def test_an_operation_that_is_not_ours_is_told_and_no_more(tmp_path: Path) -> None:
    found = link(tmp_path, [f"{CCI},S9,{item(9)}", f"{CCI},s1,{item(1)}", f"{CCI},S1 X,{item(2)}"], project("S1"))
    assert found.lines == []
    assert told(found) == [("unknown-operation", 2), ("unknown-operation", 3), ("unknown-operation", 4)]
    assert {problem.severity for problem in found.problems} == {"info"}


def test_two_items_for_a_project_are_none(tmp_path: Path) -> None:
    rows = [f"{CCI},S1,{item(11)}", f"{CCI},S1,{item(12)}", f"{CCI},S2,{item(22)}", f"{CCI},S2,{item(22)}"]
    found = link(tmp_path, rows, project("S1"), project("S2"))
    assert found.lines == [linked("S2", 22)]
    assert told(found) == [("several-items", 2), ("several-items", 3)]


def test_one_item_for_two_projects_is_none(tmp_path: Path) -> None:
    found = link(tmp_path, [f"{CCI},S1,{item(11)}", f"{CCI},S2,{item(11)}"], project("S1"), project("S2"))
    assert found.lines == []
    assert told(found) == [("item-taken", 2), ("item-taken", 3)]


def test_two_projects_of_one_programme_and_code_are_not_told_apart(tmp_path: Path) -> None:
    found = link(tmp_path, [f"{CCI},S1,{item(11)}"], project("S1", key="a~S1"), project("S1", key="b~S1"))
    assert found.lines == []
    assert told(found) == [("several-projects", 2)]


@pytest.mark.parametrize(
    "address",
    ["", "Q11", "http://linkedopendata.eu/entity/Q11", "https://linkedopendata.eu/entity/P35",
     "https://linkedopendata.eu/entity/Q0", "https://linkedopendata.eu/entity/Q11/", "https://evil.example/Q11",
     "https://linkedopendata.eu/entity/Q11> . <x> <y> <z", f"https://linkedopendata.eu/entity/Q{'1' * 20}",
     "https://www.wikidata.org/entity/Q11", "https://linkedopendata.eu/entity/Q١"],
)  # fmt: skip
def test_what_is_no_item_s_address_is_refused(tmp_path: Path, address: str) -> None:
    found = link(tmp_path, [f"{CCI},S1,{address}"], project("S1"))
    assert found.lines == []
    assert told(found) == [("item-form", 2)]


def test_only_projects_of_the_default_graph_are_linked(tmp_path: Path) -> None:
    named = [line.removesuffix(".") + "<https://example.org/g> ." for line in project("S1")]
    record = [line.replace(pf.Project, pf.SourceRecord) for line in project("S2")]
    found = link(tmp_path, [f"{CCI},S1,{item(11)}", f"{CCI},S2,{item(22)}"], named, record)
    assert found.lines == []
    assert told(found) == [("unknown-operation", 2), ("unknown-operation", 3)]


def test_a_literal_that_looks_like_a_statement_is_none(tmp_path: Path) -> None:
    trick = [f'<http://x/a> <{dct.description}> "<http://x/p> <{rdf.type}> <{pf.Project}> ." .']
    trick += ['<http://x/p> <http://purl.org/dc/terms/identifier> "S1" .', *project("S2")]
    assert link(tmp_path, [f"{CCI},S1,{item(11)}"], trick).lines == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"code,item\r\nS1,Q1\r\n", "has no column programme, operation"),
        (b"", "has no column"),
        (f"{HEADER}\n{CCI},\xe4,x\n".encode("latin-1"), "is no CSV in UTF-8"),
        (f'{HEADER}\n"{CCI},S1,{item(1)}\n'.encode(), "is no CSV"),
        (b"x" * 1_000_001, "is larger than"),
    ],
)
def test_a_table_that_is_none_is_an_error(tmp_path: Path, content: bytes, said: str) -> None:
    table = tmp_path / "items.csv"
    table.write_bytes(content)
    with pytest.raises(InputError, match=re.escape(said)):
        kohesio_links.link(table, "items.csv", [], 1_000_000)
    with pytest.raises(InputError, match="cannot be read"):
        kohesio_links.link(tmp_path / "none.csv", "none.csv", [], 1_000_000)


def test_every_rule_has_its_texts() -> None:
    names = {name for name in rules.load() if name.startswith("kohesio/")}
    assert len(names) == 7
    for name in names:
        for texts in (rules.load()[name].title, rules.load()[name].message, rules.load()[name].mend):
            assert all(texts[language] for language in ("fi", "sv", "en"))


# --- in a build


def test_a_build_of_a_portfolio_folder_carries_the_link(tmp_path: Path) -> None:
    changes = {"projects/S00001.yaml": ("target_groups:", f"programme: {CCI}\ntarget_groups:")}
    folder = portfolios.write(tmp_path / "p", changes)
    (folder / "items.csv").write_text(f"{HEADER}\n{CCI},S00001,{item(11)}\n{CCI},S00009,{item(9)}\n", encoding="utf-8")
    settings = portfolios.settings(folder, kohesio_items="items.csv")
    live, report, _ = release.build([str(folder)], settings, tmp_path / "releases")
    statements = live.file(live.manifest.master).read_text(encoding="utf-8").splitlines()
    assert [line for line in statements if f" <{owl.sameAs}> " in line] == [linked("S00001", 11)]
    assert [(p.rule, str(p.place)) for p in report.problems if p.rule.startswith("kohesio/")] == [
        ("kohesio/unknown-operation", "items.csv:3")
    ]
    assert report.conforms
    again, _, fresh = release.build([str(folder)], settings, tmp_path / "releases")
    assert (again.id, fresh) == (live.id, False)


def test_without_a_table_there_are_no_links(osallisuus: release.Release) -> None:
    assert f" <{owl.sameAs}> " not in osallisuus.file(osallisuus.manifest.master).read_text(encoding="utf-8")


def test_a_list_of_operations_is_linked_by_the_programme_that_it_names(tmp_path: Path) -> None:
    mapping = lists.MAPPING.format(key="l", file="l.csv", as_of="2020-01", portfolio="p", scope=OTHER) + lists.FIELDS
    (tmp_path / "mapping.toml").write_text(mapping + f'programme_code.value = "{OTHER}"\n', encoding="utf-8")
    rows = "Code,Title,Beneficiary,Start,End,Cost\nA-1,One,X Ltd,2020-01-01,2021-01-01,100\n"
    (tmp_path / "l.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "items.csv").write_text(f"{HEADER}\n{OTHER},A-1,{item(5)}\n{CCI},A-1,{item(6)}\n", encoding="utf-8")
    (tmp_path / "publisher.toml").write_text(
        f'base_iri = "{BASE}"\nportfolio = ""\nkohesio_items = "items.csv"\n', encoding="utf-8"
    )
    parts = tmp_path / "parts"
    parts.mkdir()
    settings = config.load(tmp_path / "publisher.toml", {})
    checked = checking.check([str(tmp_path / "mapping.toml")], settings, parts)
    lines = [line for part in checked.parts for line in part.read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if owl.sameAs in line] == [linked("A-1", 5)]
    assert [p.rule for p in checked.report.problems if p.rule.startswith("kohesio/")] == ["kohesio/programme-differs"]


def test_the_setting_is_a_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="kohesio_items"):
        config.load(None, {}, kohesio_items=["items.csv"])
