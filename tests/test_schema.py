"""The JSON Schemas that editors use are those of the record classes, and the shipped files fit them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from publisher import cli, skeleton
from publisher.errors import ConfigError
from publisher.records import model, reader, schema

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data" / "schema"
SHIPPED = [*(ROOT / "data" / "osallisuus").glob("*.yaml"), *(ROOT / "data" / "osallisuus" / "projects").glob("*.yaml")]


class _Loader(yaml.SafeLoader):
    """Types numbers as an editor does, and leaves dates as text."""


_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


def kind(path: Path) -> str:
    return "project" if path.parent.name == "projects" else path.stem


@pytest.mark.parametrize("name", schema.FILES)
def test_the_committed_schemas_are_made_from_the_classes(name: str) -> None:
    text = (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    assert text == schema.text(name)
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


def faults(text: str, name: str) -> list[str]:
    loaded: Any = yaml.load(text, _Loader)
    return [error.message for error in jsonschema.Draft202012Validator(schema.schema(name)).iter_errors(loaded)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_shipped_files_fit(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8"), kind(path)) == []


def test_the_files_of_a_new_portfolio_fit_and_name_their_schema(tmp_path: Path) -> None:
    made = [path for path in skeleton.portfolio(tmp_path / "mine") if path.suffix == ".yaml"]
    assert len(made) == 5
    for path in made:
        first, _, rest = path.read_text(encoding="utf-8").partition("\n")
        assert first.startswith("# yaml-language-server: $schema=")
        assert (path.parent / first.partition("=")[2]).resolve().is_file()
        assert faults(rest, kind(path)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schema_version: 1", "schema_version: 2"),
        ("code: S20394\n", ""),
        ("target_groups:", "target_groups: []\nx:"),
        ("participants:", "participants: none\nx:"),
    ],
)
def test_a_fault_is_seen_by_the_schema(old: str, new: str) -> None:
    text = (ROOT / "data" / "osallisuus" / "projects" / "S20394.yaml").read_text(encoding="utf-8")
    assert faults(text.replace(old, new, 1), "project") != []


def test_an_unknown_key_is_seen_by_the_schema() -> None:
    text = (ROOT / "data" / "osallisuus" / "projects" / "S20394.yaml").read_text(encoding="utf-8")
    assert any("shortname" in fault for fault in faults(text.replace("short_name:", "shortname:", 1), "project"))


def test_a_new_portfolio_and_a_new_project_build_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = skeleton.portfolio(tmp_path / "mine")
    assert all(path.is_file() for path in made)
    monkeypatch.chdir(tmp_path / "mine")
    assert cli.main(["new", "project", "A.1/x"]) == 0
    assert capsys.readouterr().out.strip() == "projects/A_x002E_1_x002F_x.yaml"
    assert cli.main(["build", "--quiet"]) == 0
    assert "2 projects" in capsys.readouterr().out


@pytest.mark.parametrize("code", ["ABC-1", "no", "007", "it's", "a#b", "{x}", "ä/ö", "a:", "&a", "../up", "\\"])
def test_any_code_makes_a_file_of_its_own_that_holds_it(tmp_path: Path, code: str) -> None:
    skeleton.portfolio(tmp_path / "mine")
    (path,) = skeleton.project(code, tmp_path / "mine")
    assert path.parent == tmp_path / "mine" / "projects"
    loaded, problems = reader.read_record(path, path.name, model.Project, 100_000)
    assert problems == []
    assert loaded is not None
    assert loaded.record.code == code


@pytest.mark.parametrize("code", ["", "a b", "\x00", "x" * 201, "\udcff", "\x1b"])
def test_what_is_no_code_is_refused(tmp_path: Path, code: str) -> None:
    skeleton.portfolio(tmp_path / "mine")
    with pytest.raises(ConfigError):
        skeleton.project(code, tmp_path / "mine")
    assert len(list((tmp_path / "mine" / "projects").iterdir())) == 1


def test_nothing_is_written_over(tmp_path: Path) -> None:
    skeleton.portfolio(tmp_path / "mine")
    with pytest.raises(ConfigError, match="not empty"):
        skeleton.portfolio(tmp_path / "mine")
    with pytest.raises(ConfigError, match="is there already"):
        skeleton.project("EXAMPLE-1", tmp_path / "mine")
    with pytest.raises(ConfigError, match="no portfolio folder"):
        skeleton.project("X", tmp_path)
    with pytest.raises(ConfigError, match="no project code"):
        skeleton.project("a b", tmp_path / "mine")
