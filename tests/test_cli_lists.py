"""The verbs about lists, as a user runs them: from a raw file to a release, and nothing is written over."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from lists_of_operations import FIELDS, HEADER, ROWS, write

from publisher import cli

LIST = """\
Operation code,Name of operation,Beneficiary name,Start date,End date,Total eligible expenditure (EUR)
A-1,A digital town for everyone,Town of Somewhere,13/01/2016,31/12/2018,1000.50
A-2,The green harbour project,Harbour Ltd,14/02/2017,31/12/2019,250000.00
A-3,Skills for the young people,School of Elsewhere,15/03/2017,31/12/2019,3300.25
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PUBLISHER_PROCESSES", "1")
    monkeypatch.setenv("PUBLISHER_CACHE_MB", "0")
    monkeypatch.setenv("PUBLISHER_PYSHACL_UP_TO_PROJECTS", "0")
    return tmp_path


def test_from_a_raw_file_to_a_release_in_two_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "list.csv").write_text(LIST)
    assert cli.main(["inspect", "list.csv", "--out", "mapping.toml"]) == 0
    told = capsys.readouterr()
    assert "3 rows, 6 columns" in told.out
    assert "publisher build list.csv" in told.err
    assert (folder / "publisher.toml").is_file()
    assert cli.main(["build", "--json", "--cross-check", "none"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["projects"] == 3
    assert cli.main(["coverage"]) == 0
    assert "1303/2013" in capsys.readouterr().out
    assert cli.main(["export", "--profile", "csv"]) == 0
    assert "A digital town" in (folder / "operations.csv").read_text()
    assert cli.main(["export", "--profile", "csv"]) == 2
    assert cli.main(["export", "--profile", "csv", "--force"]) == 0
    assert cli.main(["organisations", "--out", "candidates.yaml"]) == 0
    assert cli.main(["organisations", "--out", "candidates.yaml"]) == 2


def test_a_mapping_that_was_edited_is_not_written_over(folder: Path) -> None:
    (folder / "list.csv").write_text(LIST)
    (folder / "mapping.toml").write_text("# mine\n")
    assert cli.main(["inspect", "list.csv", "--out", "mapping.toml"]) == 2
    assert (folder / "mapping.toml").read_text() == "# mine\n"
    assert cli.main(["inspect", "list.csv", "--out", "mapping.toml", "--force"]) == 0


def test_without_settings_nothing_is_said_in_another_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder)
    assert cli.main(["build", "list.toml", "--cross-check", "none"]) == 0
    assert "there is no publisher.toml here" in capsys.readouterr().err
    catalogue = (folder / "releases" / "current" / "catalogue.ttl").read_text()
    assert "osallisuus" not in catalogue
    assert "country/FIN" not in catalogue
    assert "country:FIN" not in catalogue
    assert "CC_BY" not in catalogue
    assert "https://example.org/portfolio" in catalogue


def test_the_marked_list_is_a_file_of_its_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(folder, ROWS + "A3,Bad date,Town Ltd,40.1.2016,,5\n")
    command = ["validate", str(path), "--cross-check", "none", "--format", "xlsx"]
    assert cli.main(command) == 2
    assert cli.main([*command, "--report", "list.csv"]) == 2
    assert (folder / "list.csv").read_text().startswith(HEADER)
    assert cli.main([*command, "--report", "marked.xlsx", "--lang", "fi"]) == 0
    sheet = openpyxl.load_workbook(folder / "marked.xlsx").worksheets[1]
    assert sheet["D4"].comment is not None
    assert sheet["D4"].value == "40.1.2016"


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (('code.column = "Code"', 'code.column = "Koodi"'), 2, "fields.code"),
        (('language = "en"', 'language = "und"'), 2, "source.language"),
        (('files = ["list.csv"]', 'files = ["other.csv"]'), 3, "other.csv"),
    ],
)
def test_exit_codes(
    folder: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], code: int, said: str
) -> None:
    path = write(folder, fields=FIELDS)
    path.write_text(path.read_text().replace(*change))
    assert cli.main(["build", str(path), "--cross-check", "none"]) == code
    assert said in capsys.readouterr().err
    assert not list(folder.glob("releases/2*"))
