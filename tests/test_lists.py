"""Lists of operations: what rows become, and that each is accounted for."""

from __future__ import annotations

from pathlib import Path

import portfolios
import pytest
from lists_of_operations import FIELDS, HEADER, ROWS, check, lines, rules, write

from publisher.errors import ConfigError, InputError, MappingError
from publisher.lists import mapping_file
from publisher.namespaces import dct, foaf, pf, rdf, skos
from publisher.reports import FORMATS

A1 = "<project/A1>"
CONCEPT = "<https://w3id.org/project-portfolio/concept"
DECIMAL = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
DATE = "^^<http://www.w3.org/2001/XMLSchema#date>"


def about(found: set[str], subject: str) -> set[str]:
    return {line.removeprefix(f"{subject} ").removesuffix(" .") for line in found if line.startswith(f"{subject} ")}


def test_a_row_becomes_a_project_with_its_record_money_and_beneficiary(tmp_path: Path) -> None:
    checked = check(tmp_path, write(tmp_path))
    assert checked.report.conforms
    assert checked.report.projects == 2
    found = lines(checked)
    assert {
        f"<{rdf.type}> <{pf.Project}>",
        f'<{dct.identifier}> "A1"',
        f'<{dct.title}> "Digital town"@en',
        f'<{pf.startDate}> "2016-01-01"{DATE}',
        f"<{pf.portfolio}> <portfolio/p>",
        f"<{pf.funder}> <organisation/eu>",
        f"<{pf.chosenFrom}> <source-record/A1~list>",
        f"<{pf.funding}> <funding/A1~list-total-eligible-cost>",
        f"<{pf.participation}> <participation/A1~list-beneficiary>",
    } <= about(found, A1)
    assert {
        f'<{pf.amount}> "1000.5"{DECIMAL}',
        f"<{pf.fundingSource}> {CONCEPT}/funding-source/eligible-cost>",
        f"<{pf.fundingStage}> {CONCEPT}/funding-stage/committed>",
    } <= about(found, "<funding/A1~list-total-eligible-cost>")
    assert f'<{foaf.name}> "Town of Somewhere"@en' in about(found, "<organisation/A1~list-beneficiary>")
    assert f'<{pf.sourceRow}> "2"' in about(found, "<source-record/A1~list>")
    assert not any(pf.endDate in line for line in about(found, "<project/A2>"))


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    rows = (
        ROWS
        + "A1,Digital town,Town of Somewhere,2016-01-01,2018-12-31,1000.50\nA2,Other,X Ltd,,,1\n"
        + ",No code,X Ltd,,,1\nA3,,X Ltd,,,2\n"
    )
    checked = check(tmp_path, write(tmp_path, rows))
    (account,) = checked.report.accounts
    assert (account.rows, account.published, account.merged) == (6, 2, 1)
    assert account.rejected == {"lists/duplicate-code": 1, "lists/code-missing": 1, "lists/title-missing": 1}
    assert account.skipped == {"header": 1}
    assert {"lists/repeated-row", "lists/duplicate-code", "lists/code-missing", "lists/title-missing"} <= set(
        rules(checked)
    )
    assert checked.report.conforms


def test_a_problem_leads_to_row_and_column(tmp_path: Path) -> None:
    checked = check(tmp_path, write(tmp_path, "A1,Digital town,Town Ltd,40.12.2016,,1000\n"))
    (found,) = checked.report.problems
    assert (found.place.line, found.place.column, found.place.path) == (2, 4, "Start")
    assert set(found.messages) == {"fi", "sv", "en"}
    assert f'<{dct.title}> "Digital town"@en' in about(lines(checked), A1)


def test_strictness_makes_unpublished_rows_block(tmp_path: Path) -> None:
    rows = ROWS + ",No code,X Ltd,,,1\n"
    assert check(tmp_path, write(tmp_path, rows)).report.conforms
    assert not check(tmp_path, write(tmp_path, rows), strictness="block").report.conforms


def test_profile_tells_what_the_law_asks_for(tmp_path: Path) -> None:
    path = write(tmp_path)
    text = path.read_text().replace('funders = ["eu"]', 'funders = ["eu"]\nprofiles = ["annex-xii"]')
    path.write_text(text)
    checked = check(tmp_path, path)
    assert checked.report.conforms
    assert any(rule.endswith("Project-annexXiiSummary") for rule in rules(checked))
    assert not check(tmp_path, path, strictness="block").report.conforms


def test_rows_of_one_operation_are_its_parts(tmp_path: Path) -> None:
    rows = "A1,Digital town,Town Ltd,,,100\nA1,Digital town,Town Ltd,,,50\nA1,Digital city,Other Ltd,,,7\n"
    extra = '[identity]\nrows = "parts"\n'
    checked = check(tmp_path, write(tmp_path, rows, extra=extra))
    found = lines(checked)
    lots = [line for line in about(found, A1) if line.startswith(f"<{pf.funding}>")]
    assert len(lots) == 3
    amounts = sorted(line.split('"')[1] for line in found if f"<{pf.amount}>" in line)
    assert amounts == ["100", "50", "7"]
    assert f'<{pf.sourceRow}> "2, 3, 4"' in about(found, "<source-record/A1~list>")
    assert rules(checked) == ["lists/parts-disagree"]
    (account,) = checked.report.accounts
    assert (account.published, account.merged) == (1, 2)
    names = {line for line in found if f"<{foaf.name}>" in line and "Ltd" in line}
    assert len(names) == 2


def test_minted_keys_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    fields = FIELDS.replace('code.column = "Code"\n', "")
    extra = 'unused = ["Code"]\n'
    identity = '[identity]\nmint = ["title", "beneficiary_name"]\nrows = "operations"\n'
    rows = [f"x,Grant,Firm Ltd,,,{amount}\n" for amount in (1, 2, 3)] + [
        "x,Grant,Other Ltd,,,4\n",
        "x,Grant,Firm Ltd,,,2\n",
    ]
    path = write(tmp_path, "".join(rows), fields=fields, extra=identity)
    path.write_text(extra + path.read_text())
    first = lines(check(tmp_path, path))
    (tmp_path / "list.csv").write_text(HEADER + "".join(reversed(rows)))
    second = lines(check(tmp_path, path))

    def without_rows(found: set[str]) -> set[str]:
        return {line for line in found if pf.sourceRow not in line}

    assert without_rows(first) == without_rows(second)
    projects = {line.split(" ")[0] for line in first if line.endswith(f"<{pf.Project}> .")}
    assert len(projects) == 5


def test_two_lists_of_one_scope_meet_in_one_project(tmp_path: Path) -> None:
    old = write(tmp_path, key="old", as_of="2016")
    new = write(tmp_path, ROWS.replace("1000.50", "1200"), key="new", as_of="2017-06")
    found = lines(check(tmp_path, old, new))
    assert {f"<{pf.sourceRecord}> <source-record/A1~old>", f"<{pf.sourceRecord}> <source-record/A1~new>"} <= about(
        found, A1
    )
    assert f"<{pf.chosenFrom}> <source-record/A1~new>" in about(found, A1)
    money = [line for line in about(found, A1) if line.startswith(f"<{pf.funding}>")]
    assert money == [f"<{pf.funding}> <funding/A1~new-total-eligible-cost>"]
    assert f"<{pf.funding}> <funding/A1~old-total-eligible-cost>" in about(found, "<source-record/A1~old>")


def test_codes_of_different_scopes_never_meet_unless_a_person_says_so(tmp_path: Path) -> None:
    first = write(tmp_path, key="first", scope="one")
    second = write(tmp_path, key="second", scope="two")
    with pytest.raises(ConfigError, match="code_scope"):
        check(tmp_path, first, second)
    found = lines(check(tmp_path, first, second, code_scope="one"))
    projects = {line.split(" ")[0] for line in found if line.endswith(f"<{pf.Project}> .")}
    assert projects == {"<project/A1>", "<project/A2>", "<project/two~A1>", "<project/two~A2>"}
    decisions = tmp_path / "decisions.yaml"
    decisions.write_text(
        "schema_version: 1\ndecisions:\n  - kind: same-project\n    about: [A1, two~A1]\n"
        "    reason: { en: The same project. }\n    decided: 2026-11-24\n    decided_by: Managing authority\n"
    )
    found = lines(check(tmp_path, first, second, code_scope="one", decisions=str(decisions)))
    projects = {line.split(" ")[0] for line in found if line.endswith(f"<{pf.Project}> .")}
    assert projects == {"<project/A1>", "<project/A2>", "<project/two~A2>"}


@pytest.mark.parametrize("processes", [1, pytest.param(2, marks=pytest.mark.slow)])  # 2: each list in one of its own
def test_a_decision_about_a_project_that_no_list_has_is_told(tmp_path: Path, processes: int) -> None:
    first = write(tmp_path, key="first", scope="one")
    second = write(tmp_path, key="second", scope="two")
    decisions = tmp_path / "decisions.yaml"
    end = "    reason: { en: So it is. }\n    decided: 2026-11-24\n    decided_by: Managing authority\n"
    decisions.write_text(
        f"schema_version: 1\ndecisions:\n  - kind: same-project\n    about: [A1, two~A7]\n{end}"
        f"  - kind: withdrawn\n    about: [two~A9]\n    successor: two~A2\n{end}"
        f"  - kind: withdrawn\n    about: A2\n{end}"
    )
    checked = check(tmp_path, first, second, code_scope="one", decisions=str(decisions), processes=processes)
    found = [(p.rule, p.value, p.place.line) for p in checked.report.problems if p.rule.startswith("decisions/")]
    assert sorted(found) == [("decisions/still-there", "A2", 14), ("decisions/unknown", "two~A7", 3)]
    assert checked.decisions[0].key == "two~A9"
    assert str(checked.decisions[0].successor).endswith("/id/project/two~A2")


def test_a_list_joins_the_projects_that_a_folder_describes(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path / "portfolio")
    rows = "S00001,Another title,Town Ltd,,,5\nS00009,New one,Town Ltd,,,6\n"
    checked = check(tmp_path, folder, write(tmp_path, rows, scope="test", portfolio="list"))
    found = lines(checked)
    assert checked.report.conforms, checked.report.write("text")
    by_hand = about(found, "<project/S00001>")
    assert f"<{pf.sourceRecord}> <source-record/S00001~list>" in by_hand
    assert f"<{pf.sourceRecord}> <source-record/S00001~register>" in by_hand
    assert f'<{dct.title}> "Another title"@en' not in by_hand
    assert f'<{dct.title}> "Another title"@en' in about(found, "<source-record/S00001~list>")
    assert {f"<{pf.portfolio}> <portfolio/list>", f"<{pf.portfolio}> <portfolio/measure>"} <= by_hand
    assert f"<{rdf.type}> <{pf.Project}>" in about(found, "<project/S00009>")


def test_a_number_is_no_name_of_an_organisation(tmp_path: Path) -> None:
    checked = check(tmp_path, write(tmp_path, "A1,Digital town,157500,,,157500\n"))
    assert rules(checked) == ["lists/name-without-letters"]
    assert not any(pf.participation in line for line in about(lines(checked), A1))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('code.column = "Code"', 'code.column = "Koodi"'), "fields.code: .* has no column 'Koodi'"),
        (('code.column = "Code"', 'cod.column = "Code"'), "fields.cod: is no field"),
        (("[values]", "[valuess]"), "valuess"),
        (('key = "list"', 'key = "the list"'), "source.key: is no key"),
        (('title.column = "Title"', 'title.colunm = "Title"'), "fields.title"),
    ],
)
def test_a_wrong_mapping_is_told_by_its_key(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(MappingError, match=said):
        check(tmp_path, path)


def test_a_list_without_a_mapping_is_told_how_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(HEADER.replace("Code", "Koodi") + ROWS)
    with pytest.raises(InputError, match="publisher inspect"):
        check(tmp_path, tmp_path / "list.csv")


def test_a_column_that_no_one_mentions_is_told(tmp_path: Path) -> None:
    checked = check(tmp_path, write(tmp_path, fields=FIELDS.replace('end.column = "End"\n', "")))
    (found,) = checked.report.problems
    assert (found.rule, found.place.path) == ("lists/column-unmapped", "End")


def test_a_persons_name_goes_nowhere(tmp_path: Path) -> None:
    rows = (
        "A1,Renovation by Matti Virtanen,Matti Virtanen,2016-13-01,,1000\n"
        "A2,Ask matti.virtanen@example.org,Town Ltd,,,5\n"
    )
    checked = check(tmp_path, write(tmp_path, rows))
    written = "".join(lines(checked)) + "".join(checked.report.write(form) for form in FORMATS)
    written += "".join(path.read_text(errors="replace") for path in tmp_path.glob("work-*/problems/*"))
    assert "Virtanen" not in written
    assert "matti" not in written.lower()
    assert checked.report.conforms
    (account,) = checked.report.accounts
    assert account.withheld == {"natural-person": 1, "e-mail": 1}
    assert {"privacy/natural-person", "privacy/e-mail"} <= set(rules(checked))


def test_a_column_of_contacts_is_never_read(tmp_path: Path) -> None:
    header = HEADER.replace("\n", ",Contact person\n")
    fields = FIELDS + 'status.column = "Contact person"\n'
    checked = check(tmp_path, write(tmp_path, "A1,Digital town,Town Ltd,,,5,Some Body\n", header=header, fields=fields))
    assert "privacy/contact-column" in rules(checked)
    assert "Some Body" not in "".join(lines(checked))


def test_an_end_before_its_start_is_left_out(tmp_path: Path) -> None:
    checked = check(tmp_path, write(tmp_path, "A1,Digital town,Town Ltd,2018-01-01,2017-01-01,5\n"))
    assert checked.report.conforms
    assert rules(checked) == ["lists/date-order"]
    assert not any(pf.endDate in line for line in about(lines(checked), A1))


def test_a_nuts_code_names_its_edition_or_no_region(tmp_path: Path) -> None:
    header = HEADER.replace("\n", ",Region\n")
    fields = FIELDS + 'nuts = { column = "Region", split = ";" }\n'
    path = write(tmp_path, "A1,Digital town,Town Ltd,,,5,FI1B1;FI1C1\n", header=header, fields=fields)
    found = lines(check(tmp_path, path))
    assert not any("data.europa.eu/nuts" in line for line in found)
    path.write_text(path.read_text() + 'nuts_edition.value = "2016"\n')
    found = lines(check(tmp_path, path))
    assert f"<{dct.spatial}> <place/nuts~2016~FI1C1>" in about(found, A1)
    assert "<http://www.w3.org/2004/02/skos/core#closeMatch> <http://data.europa.eu/nuts/code/FI1C1>" in about(
        found, "<place/nuts~2016~FI1C1>"
    )


def test_an_axis_belongs_to_its_programme(tmp_path: Path) -> None:
    header = HEADER.replace("\n", ",Programme,Axis\n")
    fields = FIELDS + 'programme_code.column = "Programme"\npriority_axis_code.column = "Axis"\n'
    rows = "A1,Digital town,Town Ltd,,,5,P1,1\nA2,Green harbour,Town Ltd,,,5,P2,1\n"
    found = lines(check(tmp_path, write(tmp_path, rows, header=header, fields=fields)))
    axes = {line for line in found if f"<{pf.priorityAxis}>" in line and line.startswith("<project/")}
    assert len({line.split(" ")[2] for line in axes}) == 2


def test_identified_organisations_are_one(tmp_path: Path) -> None:
    header = HEADER.replace("\n", ",Id\n")
    fields = FIELDS + 'beneficiary_id.column = "Id"\ncountry.value = "Finland"\n'
    rows = (
        "A1,Digital town,Lapin yliopisto,,,5,0292800-5\n"
        "A2,Other,University of Lapland,,,5,02928005\n"
        "A3,Third,X Oy,,,5,0292800-6\n"
    )
    checked = check(tmp_path, write(tmp_path, rows, header=header, fields=fields))
    found = lines(checked)
    for key in ("A1", "A2"):
        assert f"<{pf.organisation}> <organisation/FI-0292800-5>" in about(
            found, f"<participation/{key}~list-beneficiary>"
        )
    assert f"<{pf.organisation}> <organisation/A3~list-beneficiary>" in about(
        found, "<participation/A3~list-beneficiary>"
    )
    assert rules(checked) == ["organisations/wrong-check-digit"]
    assert not any("sameAs" in line for line in found)
    names = about(found, "<organisation/FI-0292800-5>")
    assert f'<{foaf.name}> "Lapin yliopisto"@en' in names
    assert f'<{skos.altLabel}> "University of Lapland"@en' in names


def test_an_identity_code_is_no_code_of_an_operation(tmp_path: Path) -> None:
    checked = check(tmp_path, write(tmp_path, ROWS + "131052-308T,Farm support,Town Ltd,,,5\n"))
    written = "".join(lines(checked)) + "".join(checked.report.write(form) for form in FORMATS)
    assert "131052" not in written
    (account,) = checked.report.accounts
    assert account.rejected == {"privacy/identity-code": 1}


def test_the_end_is_expected_or_actual_only_where_there_is_one(tmp_path: Path) -> None:
    fields = FIELDS + 'end_status.value = "actual"\n'
    found = lines(check(tmp_path, write(tmp_path, fields=fields)))
    assert any(pf.endDateStatus in line for line in about(found, A1))
    assert not any(pf.endDateStatus in line for line in about(found, "<project/A2>"))


def test_the_currency_of_a_cell_against_its_column_is_told(tmp_path: Path) -> None:
    header = HEADER.replace("\n", ",Currency\n")
    fields = FIELDS + 'currency.column = "Currency"\n'
    checked = check(tmp_path, write(tmp_path, "A1,Digital town,Town Ltd,,,€ 5.5,SEK\n", header=header, fields=fields))
    assert rules(checked) == ["lists/other-currency"]


def test_a_person_is_told_as_one_without_the_name(tmp_path: Path) -> None:
    path = write(tmp_path, "A1,Farm,Matti Virtanen,2016-01-01,2017-01-01,5\n")
    path.write_text(path.read_text().replace('funders = ["eu"]', 'funders = ["eu"]\nprofiles = ["annex-xii"]'))
    checked = check(tmp_path, path)
    found = lines(checked)
    assert f"<{pf.organisation}> <organisation/natural-person>" in about(found, "<participation/A1~list-beneficiary>")
    assert not any(rule.endswith("annexXiiBeneficiary") for rule in rules(checked))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('title.column = "Title"', 'title = { column = "Title", pattern = "^(a+)+$" }'), "does not come to an end"),
        (('currency = "EUR"', 'currency = "QQQ"'), "no currency of the EU table"),
        (("code_scope", "code_scop"), "did you mean code_scope"),
    ],
)
def test_a_mapping_that_cannot_be_right_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], said: str
) -> None:
    monkeypatch.setattr(mapping_file, "_ENDLESS_S", 0.5)
    path = write(tmp_path)
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(MappingError, match=said):
        check(tmp_path, path)


def test_one_bad_cell_never_blocks_the_list(tmp_path: Path) -> None:
    header = HEADER.replace("\n", ",Rate,Page,Kind\n")
    fields = FIELDS + 'exchange_rate.column = "Rate"\nrecord_page.column = "Page"\nbeneficiary_kind.column = "Kind"\n'
    rows = (
        "FI-2016-001,Digital town,Town Ltd,,,5,0,https://user:secret@example.org/x,\n"
        "FI-2016-002,Green farm,Farm Wirth,,,5,-1,https://example.org/x?to=some.body@example.org,Privatperson\n"
    )
    checked = check(tmp_path, write(tmp_path, rows, header=header, fields=fields))
    assert checked.report.conforms, checked.report.write("text")
    written = "".join(lines(checked))
    assert "secret" not in written
    assert "some.body" not in written
    assert "Farm Wirth" not in written
    assert "lists/not-positive" in rules(checked)
    assert checked.report.accounts[0].published == 2


def test_a_wrong_header_row_leaks_no_name(tmp_path: Path) -> None:
    path = write(tmp_path, "A1,Farm,Matti Virtanen,,,5\n" + ROWS)
    path.write_text(path.read_text().replace("[values]", "[reading]\nheader_rows = [2]\n[values]"))
    with pytest.raises(MappingError, match="has no column") as told:
        check(tmp_path, path)
    assert "Virtanen" not in str(told.value)
