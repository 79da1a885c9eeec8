"""Skeletons to edit: a portfolio folder that builds as it is, and a project file with its places marked."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from publisher import iris
from publisher.config import FILE_NAME, shipped
from publisher.errors import ConfigError
from publisher.records import model
from publisher.records.reader import PORTFOLIO, PROJECTS, is_folder

_SCHEMA = "# yaml-language-server: $schema={folder}/{name}.schema.json\n"

_SETTINGS = """\
# Settings of this portfolio; `publisher --help` and the README tell them all.
# What every address in the data begins with. Choose it once: it must never change.
base_iri = "https://example.org/{key}"
portfolio = "."
languages = ["en", "fi", "sv"]

# Who publishes, and where questions go: an office, never a person.
publisher_name = {{ en = "Name of the publishing authority" }}
# publisher_home = "https://…"
# contact_name = {{ en = "Name of the office" }}
# contact_email = "office@…"

# The licence of the data, by its address.
# licence = "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"
# frequency = "ANNUAL_3"      # three times a year, as Regulation (EU) 2021/1060 Art. 49(3) asks
# legislation = ["http://data.europa.eu/eli/reg/2021/1060/oj"]
# countries = ["FIN"]         # codes of the EU country table
# themes = ["REGI"]           # codes of the EU data-theme table
# keywords = {{ en = ["cohesion policy", "projects"] }}
# What portals ask for beside these: publisher check-catalogue, once the portfolio is built.
"""

_LIST_SETTINGS = """\
# Settings of this publication; the README of the program tells them all.
# What every address in the data begins with. Choose it once: it must never change.
base_iri = "https://example.org/{key}"
portfolio = ""                # a portfolio folder beside the lists, where there is one
lists = ["{mapping}"]         # add the mappings of further lists here
languages = [{languages}]

# Who publishes, and where questions go: an office, never a person.
publisher_name = {{ en = "Name of the publishing authority" }}
# publisher_home = "https://…"
# contact_name = {{ en = "Name of the office" }}
# contact_email = "office@…"

# The licence of the data, by its address.
# licence = "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"
# frequency = "ANNUAL_3"      # three times a year, as Regulation (EU) 2021/1060 Art. 49(3) asks
# legislation = ["http://data.europa.eu/eli/reg/2021/1060/oj"]   # 2014-2020: …/eli/reg/2013/1303/oj
# countries = ["FIN"]         # codes of the EU country table
# themes = ["REGI"]           # codes of the EU data-theme table
# keywords = {{ en = ["cohesion policy", "projects"] }}
# period_start = "2021"       # the time that the list is about; without these, as its projects tell
# period_end = "2027"
# What portals ask for beside these: publisher check-catalogue, once the list is built.
"""

_PORTFOLIO = """\
# The measure or programme that the projects belong to. Texts stand by language: {{ en: …, fi: …, sv: … }}.
# What is not known is left out; nothing is invented.
schema_version: 1
key: {key}
title: {{ en: Title of the portfolio }}
# description: {{ en: … }}
# start_year: 2021
# end_year: 2027

# Project codes are unique within this authority or programme.
code_scope: {key}
# code_pattern: '[A-Z]{{3}}-\\d+'      # if given, every code must have this form

funders: [funder]
"""

_ORGANISATIONS = """\
# Every organisation that a record names. The key is country and national identifier (FI-0292800-5) where it is known,
# else a plain word of your own.
schema_version: 1
organisations:
  - key: funder
    name: {{ en: Name of the funding authority }}
  - key: applicant
    name: {{ en: Name of the applicant }}
"""

_SOURCES = """\
# Every source that a record names as evidence.
# licence: the address of a licence that the source states, else not-stated.
# as_of: the date of what the source says, else unknown.
schema_version: 1
sources:
  - key: register
    title: {{ en: Title of the register }}
    kind: project-register      # form, project-register, list-of-operations, web-page
    language: en
    licence: not-stated
    as_of: unknown
    # parts:                    # headings that evidence can point at
    #   - {{ key: results, title: {{ en: Results }} }}
"""

_PLACES = """\
# Every place that a record names.
schema_version: 1
places: []
#  - key: town                  # a key of your own, never changed
#    name: {{ en: Name of the town }}
#    yso: p0                     # its number in YSO places, where it has one
#    nuts: {{ code: XX000, edition: "2024" }}
"""

_PROJECT = """\
# One file a project. Every text and date below is an example: put your own in its place, delete what is not known.
# Keys (register, applicant, funder) are those of sources.yaml and organisations.yaml.
# `publisher validate` tells what is wrong, with file and line.
schema_version: 1
code: {code}
title: {{ en: Title of the project }}
# short_name: {{ en: … }}
# pages: {{ home: https://…, register: https://… }}

# Keys of the scheme target-group (see /concept/target-group) or of target-groups.yaml.
target_groups:
  - group: unemployed
    evidence: register

# Evidence is the key of a source, or {{ source: …, part: …, wording: the source's own words }}.
participants:
  - {{ organisation: applicant, role: applicant, evidence: register }}

# One line a stage and a set of sources that the sum covers. An amount that is not known is left out, with its status.
funding:
  - key: committed
    stage: committed            # planned, committed, paid
    sources: [eu, state]        # eu, state, municipal, other-public, private
    funder: funder
    amount_status: not-published
    evidence: register
    # amount: 100000
    # currency: EUR

# outcomes:
#   - key: model                # a key of your own, never changed
#     kind: operating-model     # see /concept/outcome-kind
#     title: {{ en: Short title }}
#     text: {{ en: A sentence that says what was achieved. }}
#     benefits: unemployed
#     evidence: {{ source: register, wording: The source's own words. }}

# What each source says, whole. The project shows the facts of the one named by chosen_from.
source_records:
  - key: register
    source: register
    start: 2024-01-01
    end: 2025-12-31
chosen_from: register
"""


def list_settings(folder: Path, key: str, mapping: str, language: str) -> Path | None:
    """Write the settings of a list of operations where the folder has none.

    Returns:
        The file written; None where there was one.

    Raises:
        ConfigError: It cannot be written.
    """
    path = folder / FILE_NAME
    if path.exists():
        return None
    languages = ", ".join(f'"{code}"' for code in dict.fromkeys((language, "en")))
    try:
        return _write(path, _LIST_SETTINGS.format(key=key, mapping=mapping, languages=languages))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error


def portfolio(folder: Path) -> list[Path]:
    """Write a portfolio folder that builds as it is.

    Returns:
        The files written.

    Raises:
        ConfigError: The folder is there and not empty, or cannot be written.
    """
    key = re.sub(r"[^A-Za-z0-9]+", "-", folder.resolve().name).strip("-").lower() or "portfolio"
    files = {
        FILE_NAME: _SETTINGS.format(key=key),
        PORTFOLIO: _schema_line("portfolio") + _PORTFOLIO.format(key=key),
        "organisations.yaml": _schema_line("organisations") + _ORGANISATIONS.format(),
        "sources.yaml": _schema_line("sources") + _SOURCES.format(),
        "places.yaml": _schema_line("places") + _PLACES.format(),
        f"{PROJECTS}/EXAMPLE-1.yaml": _schema_line("project", "../schema") + _PROJECT.format(code="EXAMPLE-1"),
    }
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ConfigError(f"{folder}: is there already and not empty; name a new folder")
        made = [_write(folder / name, text) for name, text in files.items()]
        schemas = sorted(shipped("data", "schema").glob("*.json"))
        made += [_write(folder / "schema" / path.name, path.read_text(encoding="utf-8")) for path in schemas]
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written: {error.strerror}") from error
    except ValueError as error:  # a name that this system's file names cannot hold
        raise ConfigError(f"{folder!s:.200}: is no name for a folder: {error}") from error
    return made


def project(code: str, folder: Path | None = None) -> list[Path]:
    """Write a project's file in the portfolio of a folder (the working directory).

    Returns:
        The file written.

    Raises:
        ConfigError: This is no portfolio folder, the code is none, or its file is there already.
    """
    folder = folder or Path()
    if not is_folder(folder):
        raise ConfigError(f"{folder.resolve()}: is no portfolio folder: go to the one that holds {PORTFOLIO}")
    try:
        TypeAdapter(model.Code).validate_python(code)
    except ValidationError as error:
        raise ConfigError(f"{code!r}: {error.errors()[0]['msg']}") from error
    path = folder / PROJECTS / f"{iris.escape(code)}.yaml"
    if path.exists():
        raise ConfigError(f"{path}: is there already")
    quoted = code if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", code) else "'" + code.replace("'", "''") + "'"
    try:
        return [_write(path, _schema_line("project", "../schema") + _PROJECT.format(code=quoted))]
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error


def _schema_line(name: str, folder: str = "schema") -> str:
    """Return the line by which editors find the JSON Schema of a file."""
    return _SCHEMA.format(folder=folder, name=name)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
