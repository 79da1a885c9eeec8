"""The command line: exit codes, plain words, no traceback, and nothing heavy before it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import portfolios
import pytest

from publisher import cli, manifest, server
from publisher.namespaces import pf


def call(folder: Path, *arguments: str) -> int:
    config = ["--config", str(folder / "publisher.toml"), "--releases", str(folder / "releases")]
    return cli.main([arguments[0], *config, *arguments[1:]])


def test_help_needs_nothing_heavy() -> None:
    script = (
        "import sys; from publisher import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'rdflib', 'pyshacl', 'pyoxigraph', 'flask', 'pydantic', 'yaml', 'gunicorn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("verb", ["serve", "build", "validate", "query", "releases", "rollback", "new"])
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([verb, "--help"])
    assert end.value.code == 0
    assert f"publisher {verb}" in capsys.readouterr().out


def test_build_validate_query_list_and_roll_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = portfolios.write(tmp_path)
    assert call(folder, "build", str(folder), "--quiet") == 0
    first = manifest.current_id(folder / "releases")
    assert first is not None
    assert call(folder, "build", str(folder), "--quiet") == 0
    assert f"nothing changed; current is {first}" in capsys.readouterr().out
    portfolios.write(folder, {"portfolio.yaml": ("Measure", "The measure")})
    assert call(folder, "build", "--json", "--quiet", str(folder)) == 0
    second = json.loads(capsys.readouterr().out)
    assert second["new"] is True
    assert second["counts"]["projects"] == 1
    assert call(folder, "query", f"ASK {{ ?s a <{pf.Project}> }}", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["boolean"] is True
    assert call(folder, "releases") == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line[:1] for line in listed] == ["*", " "]
    assert call(folder, "rollback") == 0
    assert manifest.current_id(folder / "releases") == first


def test_data_that_does_not_conform_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = portfolios.write(tmp_path, {"projects/S00001.yaml": ("group: roma", "group: romanit")})
    assert call(folder, "build", str(folder), "--quiet") == 1
    said = capsys.readouterr()
    assert "S00001.yaml:5:12: violation: target_groups[1].group" in said.err
    assert "rejected/report.html" in said.err
    assert call(folder, "validate", str(folder), "--quiet", "--format", "csv") == 1
    assert capsys.readouterr().out.splitlines()[1].startswith(f"{folder}/projects/S00001.yaml,5,12,")


@pytest.mark.parametrize("form", ["text", "json", "html", "turtle", "csv"])
def test_a_report_is_written_in_every_form(tmp_path: Path, form: str) -> None:
    folder = portfolios.write(tmp_path)
    report = tmp_path / "report"
    assert call(folder, "validate", str(folder), "--quiet", "--format", form, "--report", str(report)) == 0
    assert report.stat().st_size > 0


def test_wrong_settings_are_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = portfolios.write(tmp_path, {"publisher.toml": ("languages", "tongues")})
    assert call(folder, "build", str(folder)) == 2
    assert "unknown setting 'tongues'" in capsys.readouterr().err
    assert cli.main(["build", "--config", str(tmp_path / "none.toml")]) == 2
    assert cli.main(["new", "portfolio", str(folder)]) == 2
    with pytest.raises(SystemExit) as end:
        cli.main(["bulid"])
    assert end.value.code == 2


def test_a_wrong_variable_is_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUBLISHER_PROCESSES", "many")
    assert call(portfolios.write(tmp_path), "validate") == 2
    assert capsys.readouterr().err == "publisher: PUBLISHER_PROCESSES: 'many' is no int\n"


def test_serve_builds_where_the_settings_say_and_serves_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = portfolios.write(tmp_path, {"publisher.toml": ("languages", 'releases = "elsewhere"\nlanguages')})
    monkeypatch.chdir(tmp_path)
    served: list[Path] = []
    monkeypatch.setattr(server, "serve", lambda _settings, releases, _host, _port: served.append(releases) or 0)
    assert cli.main(["serve", "--quiet", "--config", str(folder / "publisher.toml")]) == 0
    assert served == [Path("elsewhere")]
    assert manifest.current_id(tmp_path / "elsewhere") is not None
    assert not (tmp_path / "releases").exists()


def test_serve_tells_why_nothing_is_served(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = portfolios.write(tmp_path, {"projects/S00001.yaml": ("group: roma", "group: romanit")})
    assert call(folder, "serve", "--port", "70000") == 2
    assert call(folder, "serve", "--quiet") == 1
    said = capfd.readouterr().err
    assert "a port is a number" in said
    assert "S00001.yaml:5:12: violation" in said


def test_a_refused_build_speaks_to_machines_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = portfolios.write(tmp_path, {"projects/S00001.yaml": ("group: roma", "group: romanit")})
    assert call(folder, "build", str(folder), "--json", "--quiet") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["conforms"] is False
    assert [entry["line"] for entry in document["problems"] if entry["severity"] == "violation"] == [5]


def test_watch_checks_again_when_a_file_changes(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path, {"projects/S00001.yaml": ("group: roma", "group: romanit")})
    command = [sys.executable, "-m", "publisher", "validate", str(folder), "--watch", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        told = (line.partition(":")[0] for line in process.stdout if line.startswith("The data"))
        try:
            first = next(told)
            portfolios.write(folder)
            then = next(told)
            process.terminate()
            assert (first, then, *told) == ("The data does not conform", "The data conforms")
            assert process.wait(30) == 4
        finally:
            process.kill()


def test_an_input_that_cannot_be_read_is_three(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = portfolios.write(tmp_path)
    (tmp_path / "x.ttl").write_text("<http://x/s> oops", encoding="utf-8")
    assert call(folder, "build", str(tmp_path / "x.ttl"), "--quiet") == 3
    assert call(folder, "build", str(tmp_path / "nothing"), "--quiet") == 3
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "x.ttl:1:" in said


def test_a_release_that_is_not_there_is_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = portfolios.write(tmp_path)
    assert call(folder, "query", "ASK {}") == 2
    assert "run `publisher build` first" in capsys.readouterr().err
    assert call(folder, "rollback", "20200101T000000Z-00000000") == 2
    assert "there is no release '20200101T000000Z-00000000'" in capsys.readouterr().err
    assert call(folder, "rollback") == call(folder, "diff", "current", "current") == 2
    assert capsys.readouterr().err.count("there is no release yet") == 2


def test_queries_that_are_refused_or_wrong_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = portfolios.write(tmp_path)
    assert call(folder, "build", str(folder), "--quiet") == 0
    for query, said in (("SELEC", "line 1"), ("ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE")):
        assert call(folder, "query", query) == 4
        assert said in capsys.readouterr().err


def test_output_that_nobody_reads_is_no_traceback(tmp_path: Path) -> None:
    folder = portfolios.write(tmp_path)
    assert call(folder, "build", str(folder), "--quiet") == 0
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "publisher", "releases", "--releases", str(folder / "releases")]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert "Traceback" not in done.stderr
