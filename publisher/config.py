"""The settings: one table with type, unit, default and help; and where the program's own files are.

`publisher.toml` beside the data holds them, `PUBLISHER_…` variables override
the file, flags override both. An unknown key is an error, never ignored.
"""

from __future__ import annotations

import contextlib
import dataclasses
import ipaddress
import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from publisher import __version__, iris
from publisher.errors import ConfigError

FILE_NAME = "publisher.toml"
ENVIRONMENT_PREFIX = "PUBLISHER_"
_PARTIAL_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def _setting(default: Any, help_text: str, *, least: float | None = None, choices: tuple[str, ...] = ()) -> Any:
    if choices:
        help_text = f"{help_text}: {', '.join(choices)}"
    metadata = {"help": help_text, "least": least, "choices": choices}
    if isinstance(default, (list, dict)):
        return field(default_factory=lambda: type(default)(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting. Numbers carry their unit in their name; texts by language are tables."""

    base_iri: str = _setting("https://example.org/portfolio", "what every minted IRI begins with; fixed for ever")
    portfolio: str = _setting(
        ".", "the configured source: a portfolio folder or RDF file, relative to the settings file; empty = only lists"
    )
    lists: list[str] = _setting(
        [], "lists of operations beside it: mapping files or folders with one, relative to the settings file"
    )
    releases: str = _setting("releases", "folder of the releases, relative to the working directory")
    public_url: str = _setting(
        "", "address under which the public reaches the server; empty = the address that each request names"
    )
    languages: list[str] = _setting(["fi", "sv", "en"], "languages of the pages; the first is the portfolio's own")

    publisher_name: dict[str, str] = _setting({}, "name of the publisher of this installation, by language")
    publisher_home: str = _setting("", "web address of the publisher")
    publisher_type: str = _setting("", "IRI of the publisher's type in purl.org/adms/publishertype")
    contact_name: dict[str, str] = _setting({}, "name of the contact point (an office, never a person), by language")
    contact_email: str = _setting("", "e-mail address of the contact point")
    contact_page: str = _setting("", "web address of the contact point")
    licence: str = _setting("", "IRI of the licence of the data")
    rights: dict[str, str] = _setting({}, "what the licence covers and what it does not, by language")
    frequency: str = _setting("UNKNOWN", "code in the EU frequency table")
    legislation: list[str] = _setting([], "ELI IRIs of the legislation that asks for this publication")
    themes: list[str] = _setting([], "codes in the EU data-theme table")
    keywords: dict[str, list[str]] = _setting({}, "keywords of the dataset, by language")
    countries: list[str] = _setting([], "codes in the EU country table that the data is about")
    nuts: list[str] = _setting([], "NUTS codes of the regions that the data is about, beside the countries")
    period_start: str = _setting(
        "", "first year, month or day that the data is about; empty = as the portfolio tells, else its projects"
    )
    period_end: str = _setting("", "last year, month or day that the data is about, likewise")
    creator_name: dict[str, str] = _setting({}, "name of who made the data that is published here, by language")
    creator_home: str = _setting("", "web address of the creator")
    creator_type: str = _setting("", "IRI of the creator's type in purl.org/adms/publishertype")
    sources: list[str] = _setting([], "IRIs of what the data was made from")
    provenance: dict[str, str] = _setting({}, "how the data came about, by language; empty = a general statement")

    profiles: list[str] = _setting(
        ["measure"], "profiles of shapes that portfolio folders and RDF files are checked against beside the core"
    )
    strictness: str = _setting("warn", "what the warnings of a profile do to a release", choices=("warn", "block"))
    code_scope: str = _setting(
        "", "scope whose project codes stand in addresses without it; empty = that of the portfolio folder or only list"
    )

    pyshacl_up_to_projects: int = _setting(1000, "pySHACL checks everything up to this many projects", least=0)
    cross_check_sample: int = _setting(
        100, "flagged and clean projects each that pySHACL re-checks beyond that", least=0
    )
    shard_projects: int = _setting(250, "projects a validation shard", least=1)
    processes: int = _setting(0, "processes that map and validate; 0 = one a core", least=0)
    max_source_bytes: int = _setting(5_000_000, "largest record file, in bytes", least=1)
    max_list_bytes: int = _setting(2_000_000_000, "largest list of operations, unpacked, in bytes", least=1)
    decisions: str = _setting(
        "", "file of people's decisions for lists without a portfolio folder, relative to the settings file"
    )
    kohesio_items: str = _setting(
        "", "table of Kohesio's items by programme and operation, to link to; relative to the settings file"
    )

    query_timeout_s: float = _setting(10.0, "wall-clock time a query may take, in seconds", least=0.1)
    query_cpu_s: int = _setting(10, "processor time a query may take, in seconds", least=1)
    query_memory_mb: int = _setting(1000, "memory a query may add to its worker, in MB", least=64)
    query_slots: int = _setting(6, "queries that run at once, slow ones included", least=2)
    query_slow_slots: int = _setting(2, "slow queries that run at once", least=1)
    query_slow_after_ms: int = _setting(
        250, "processor time after which a query is slow and runs at low priority, in ms", least=10
    )
    query_queue: int = _setting(100, "queries that may wait for a slot, in each lane", least=0)
    client_queries_per_minute: int = _setting(
        600, "queries that one client may have computed in a minute; 0 = no limit; this machine has none", least=0
    )
    client_query_seconds_per_minute: int = _setting(
        60, "processor time that one client's queries may take in a minute, in seconds; 0 = no limit", least=0
    )
    max_query_bytes: int = _setting(65_536, "longest query text, in bytes", least=100)
    max_query_patterns: int = _setting(128, "most triple patterns of a query", least=1)
    max_query_nesting: int = _setting(100, "deepest nesting of braces and brackets in a query", least=1)
    max_query_list: int = _setting(64, "longest RDF list in a pattern of a query", least=1)
    max_result_bytes: int = _setting(
        200_000_000, "largest result before it is refused or broken off, in bytes", least=1000
    )
    result_buffer_bytes: int = _setting(
        1_000_000, "result of a slow query held back before it is passed on while it grows, in bytes", least=1000
    )
    cache_mb: int = _setting(500, "room on disk for results of queries, in MB; 0 = none are kept", least=0)
    work_dir: str = _setting(
        "", "folder for the cache, spooled results and the query service's socket; empty = .work below the releases"
    )

    http_workers: int = _setting(2, "web server processes", least=1)
    http_connections: int = _setting(5000, "connections that a web server process holds at once", least=10)
    http_idle_s: int = _setting(
        10, "time in which the head of a request must have come, and between two requests, in seconds", least=1
    )
    http_body_s: int = _setting(30, "time in which the body of a request must have come, in seconds", least=1)
    http_stall_s: int = _setting(
        60, "time in which a reader must have taken the next 64 kB of an answer, in seconds", least=1
    )
    client_requests_per_s: int = _setting(
        50, "requests of one client that a web server process answers in a second; 0 = no limit", least=0
    )
    client_connections: int = _setting(
        200, "connections of one client that a web server process holds; 0 = no limit", least=0
    )
    trusted_proxies: list[str] = _setting(
        [], "addresses or networks of proxies whose X-Forwarded-… headers are believed"
    )
    query_log: str = _setting("", "file for one line (JSON) a query; - = standard error; empty = none")
    query_log_text: str = _setting("hash", "what the log holds of a query's text", choices=("hash", "text"))
    query_log_client: str = _setting(
        "none", "what the log holds of a client's address; network = /24 or /48", choices=("none", "network", "full")
    )

    source_file: str = _setting("", "the settings file that was read; set by the program")

    @property
    def public_base(self) -> str:
        """The address that download links and the endpoint's begin with, without a slash at its end."""
        return (self.public_url or self.base_iri).rstrip("/")

    @property
    def decisions_path(self) -> Path | None:
        """The file of decisions, resolved against the settings file; None where none is configured."""
        folder = Path(self.source_file).parent if self.source_file else Path()
        return (folder / self.decisions).resolve() if self.decisions else None

    @property
    def kohesio_items_path(self) -> Path | None:
        """The table of Kohesio's items, resolved against the settings file; None where none is configured."""
        folder = Path(self.source_file).parent if self.source_file else Path()
        return (folder / self.kohesio_items).resolve() if self.kohesio_items else None

    @property
    def source_paths(self) -> list[Path]:
        """The configured sources, resolved against the settings file: the portfolio, then the lists."""
        folder = Path(self.source_file).parent if self.source_file else Path()
        return [(folder / name).resolve() for name in [self.portfolio, *self.lists] if name]


FIELDS: dict[str, dataclasses.Field[Any]] = {f.name: f for f in dataclasses.fields(Settings) if f.name != "source_file"}
"""The settings a user may give, by name."""


def load(
    path: str | os.PathLike[str] | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    neutral: bool = False,
    **flags: Any,
) -> Settings:
    """Read the settings: file, then environment, then flags that are not None.

    Args:
        path: The settings file; None takes `publisher.toml` in the working
            directory, else the one of the shipped portfolio.
        neutral: Whether the defaults stand in place of the shipped portfolio's file: what it says is true of that
            portfolio only.
        environment: Variables; None takes the process's own.
        **flags: Values from the command line, by setting.

    Raises:
        ConfigError: A file cannot be read, a key is unknown, a value has the
            wrong type or is out of range. The message names key and place.
    """
    file = _find_file(path)
    values: dict[str, Any] = {}
    defaults = neutral and path is None and not Path(FILE_NAME).is_file()
    try:
        loaded = {"portfolio": ""} if defaults else tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: is no TOML: {error}") from error
    for name, value in loaded.items():
        values[name] = _checked(name, value, str(file))
    variables = os.environ if environment is None else environment
    for variable, text in variables.items():
        if variable.startswith(ENVIRONMENT_PREFIX):
            name = variable[len(ENVIRONMENT_PREFIX) :].lower()
            values[name] = _checked(name, _from_text(name, text, variable), variable)
    for name, value in flags.items():
        if value is not None:
            values[name] = _checked(name, value, f"--{name.replace('_', '-')}")
    settings = Settings(**values, source_file="" if defaults else str(file))
    if not iris.is_web_iri(settings.base_iri) or settings.base_iri.endswith(("/", "#")):
        raise ConfigError(f"{file}: base_iri: {settings.base_iri!r} is no http(s) address without a slash at its end")
    if settings.public_url and not iris.is_web_iri(settings.public_url):
        raise ConfigError(f"{file}: public_url: {settings.public_url!r} is no http(s) address")
    if settings.query_slow_slots >= settings.query_slots:
        raise ConfigError(f"{file}: query_slow_slots: must be less than query_slots, which is {settings.query_slots}")
    if settings.period_start and settings.period_end and settings.period_start > f"{settings.period_end}~":
        raise ConfigError(f"{file}: period_end: {settings.period_end} is before period_start, {settings.period_start}")
    if not settings.languages:
        raise ConfigError(f"{file}: languages: at least one is needed")
    return settings


def _find_file(path: str | os.PathLike[str] | None) -> Path:
    if path is not None:
        found = Path(path)
        with contextlib.suppress(OSError):  # a name that is too long, say
            if found.is_file():
                return found
        raise ConfigError(f"{found}: there is no such settings file")
    here = Path(FILE_NAME)
    return here if here.is_file() else shipped("data", "osallisuus", FILE_NAME)


def _kind(name: str) -> type:
    declared = str(FIELDS[name].type)
    base = declared.partition("[")[0]
    return {"str": str, "int": int, "float": float, "list": list, "dict": dict}[base]


def _from_text(name: str, text: str, place: str) -> Any:
    """Read a setting from a variable: numbers as digits, lists by commas; tables stay in the file."""
    if name not in FIELDS:
        raise ConfigError(f"{place}: unknown setting; known: {', '.join(sorted(FIELDS))}")
    kind = _kind(name)
    if kind is dict:
        raise ConfigError(f"{place}: {name} is a table and can be set in {FILE_NAME} only")
    if kind is list:
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return kind(text)
    except ValueError:
        raise ConfigError(f"{place}: {text!r} is no {kind.__name__}") from None


def _checked(name: str, value: Any, place: str) -> Any:
    if name not in FIELDS:
        raise ConfigError(f"{place}: unknown setting {name!r}; known: {', '.join(sorted(FIELDS))}")
    kind = _kind(name)
    if name in ("period_start", "period_end"):
        value = _partial_date(name, value, place)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ConfigError(f"{place}: {name}: {value!r} is no {kind.__name__}")
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    wanted: type = list if name == "keywords" else str
    if not all(isinstance(member, wanted) for member in members):
        raise ConfigError(f"{place}: {name}: every value in it must be a {'list' if wanted is list else 'text'}")
    if wanted is list and not all(isinstance(word, str) for member in members for word in member):
        raise ConfigError(f"{place}: {name}: every keyword must be a text")
    for tag in value if isinstance(value, dict) else []:
        if not _LANGUAGE.fullmatch(tag):
            raise ConfigError(f"{place}: {name}: {tag!r} is no language tag such as fi, sv or en")
    choices = FIELDS[name].metadata["choices"]
    if choices and value not in choices:
        raise ConfigError(f"{place}: {name}: {value!r} is none of {', '.join(choices)}")
    for network in value if name == "trusted_proxies" and isinstance(value, list) else ():
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError as error:
            raise ConfigError(f"{place}: {name}: {network!r} is no address and no network") from error
    least = FIELDS[name].metadata["least"]
    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigError(f"{place}: {name}: {value} is no finite number")
    if least is not None and value < least:
        raise ConfigError(f"{place}: {name}: {value} is less than {least}")
    return value


def _partial_date(name: str, value: Any, place: str) -> str:
    """Take a year, month or day as text, number or date of TOML."""
    text = f"{value:04d}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    with contextlib.suppress(ValueError):
        if not text or (date.fromisoformat(f"{text}-01-01"[:10]) and _PARTIAL_DATE.fullmatch(text)):
            return text
    raise ConfigError(f"{place}: {name}: {text!r} is no year, month or day such as 2014, 2014-06 or 2014-06-30")


def shipped(*parts: str) -> Path:
    """Return the path of a file or folder that comes with the program.

    In a checkout the top-level folders (`ontology`, `shapes`, `data`,
    `tests/questions`) are used as they stand; in an installed package their copies.

    Raises:
        ConfigError: The file is missing: the installation is not whole.
    """
    package = Path(__file__).resolve().parent
    for root in (package / "_bundled", package.parent):
        found = root.joinpath(*parts)
        if found.exists() and (root.name == "_bundled" or (root / "pyproject.toml").is_file()):
            return found
    raise ConfigError(f"{'/'.join(parts)} is missing: the installation of publisher {__version__} is not whole")


def table() -> str:
    """Return the settings as a Markdown table for the README."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, entry in FIELDS.items():
        default = entry.default if entry.default is not dataclasses.MISSING else entry.default_factory()  # type: ignore
        rows.append(
            f"| `{name}` | {f'`{default}`' if default not in ('', [], {}) else '–'} | {entry.metadata['help']} |"
        )
    return "\n".join(rows)
