"""Settings: file, then environment, then flags; what is unknown or wrong is an error that says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher import config
from publisher.errors import ConfigError


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "publisher.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_flags_override_the_environment_and_that_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, 'base_iri = "https://a.example"\nquery_slots = 3\nquery_queue = 1\nhttp_workers = 1\n')
    settings = config.load(path, {"PUBLISHER_QUERY_QUEUE": "2", "PUBLISHER_HTTP_WORKERS": "2"}, http_workers=3)
    assert (settings.query_slots, settings.query_queue, settings.http_workers) == (3, 2, 3)


def test_the_portfolio_is_found_beside_the_file(tmp_path: Path) -> None:
    assert config.load(write(tmp_path, 'portfolio = "data"\n'), {}).source_paths == [(tmp_path / "data").resolve()]


def test_without_a_file_the_shipped_portfolio_is_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = config.load(None, {})
    assert settings.base_iri == "https://w3id.org/project-portfolio/osallisuus"
    assert (settings.source_paths[0] / "portfolio.yaml").is_file()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 1\n", "unknown setting 'colour'"),
        ('query_slots = "many"\n', "'many' is no int"),
        ("query_slots = true\n", "True is no int"),
        ("query_slots = 1\n", "1 is less than 2"),
        ("query_slots = 3\nquery_slow_slots = 3\n", "less than query_slots"),
        ('query_log_text = "all"\n', "none of hash, text"),
        ('trusted_proxies = ["proxy"]\n', "no address and no network"),
        ('languages = "fi"\n', "is no list"),
        ("languages = []\n", "at least one"),
        ("publisher_name = { fi = 1 }\n", "every value in it must be a text"),
        ('base_iri = "example"\n', "no http"),
        ('base_iri = "https://example.org/"\n', "without a slash"),
        ("base_iri =", "is no TOML"),
        ("query_timeout_s = nan\n", "no finite number"),
        ("query_timeout_s = inf\n", "no finite number"),
        ('rights = { "f i" = "x" }\n', "no language tag"),
        ("keywords = { fi = [1] }\n", "every keyword must be a text"),
        ('keywords = { fi = "x" }\n', "must be a list"),
        ('period_start = "spring"\n', "is no year, month or day"),
        ('period_start = "2014-02-30"\n', "is no year, month or day"),
        ('period_start = "20140230"\n', "is no year, month or day"),
        ("period_end = true\n", "is no year, month or day"),
        ('period_start = "2014"\nperiod_end = 2013\n', "2013 is before period_start"),
    ],
)
def test_a_fault_in_the_file_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=r"publisher\.toml") as caught:
        config.load(write(tmp_path, text), {})
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PUBLISHER_NONSENSE", "1"), ("PUBLISHER_QUERY_SLOTS", "x"), ("PUBLISHER_RIGHTS", "x")],
)
def test_a_fault_in_the_environment_is_told(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=variable):
        config.load(write(tmp_path, ""), {variable: value})


def test_the_period_is_told_as_people_write_it(tmp_path: Path) -> None:
    told = config.load(write(tmp_path, "period_start = 2014\nperiod_end = 2014-06-30\n"), {})
    assert (told.period_start, told.period_end) == ("2014", "2014-06-30")
    told = config.load(write(tmp_path, 'period_start = "2014-06"\nperiod_end = "2014"\n'), {"PUBLISHER_PERIOD_END": ""})
    assert (told.period_start, told.period_end) == ("2014-06", "")


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert config.load(write(tmp_path, "\ufeffquery_slots = 3\n"), {}).query_slots == 3


def test_lists_stand_in_variables_by_commas(tmp_path: Path) -> None:
    assert config.load(write(tmp_path, ""), {"PUBLISHER_LANGUAGES": "fi, en"}).languages == ["fi", "en"]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such settings file"):
        config.load("x" * 300, {})
    with pytest.raises(ConfigError, match="no such settings file"):
        config.load(tmp_path / "none.toml", {})
