"""Small lists with their mappings, for tests of what becomes of a list."""

from __future__ import annotations

from pathlib import Path

from publisher import checking, config
from publisher.checking import Checked

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://example.org/p"

MAPPING = """\
schema_version = 1
[source]
key = "{key}"
title.en = "A list"
files = ["{file}"]
language = "en"
as_of = "{as_of}"
[portfolio]
key = "{portfolio}"
title.en = "A portfolio"
code_scope = "{scope}"
funders = ["eu"]
[values]
currency = "EUR"
decimal = "."
"""

FIELDS = """\
[fields]
code.column = "Code"
title.column = "Title"
beneficiary_name.column = "Beneficiary"
start.column = "Start"
end.column = "End"
total_eligible_cost.column = "Cost"
"""

HEADER = "Code,Title,Beneficiary,Start,End,Cost\n"
ROWS = """\
A1,Digital town,Town of Somewhere,2016-01-01,2018-12-31,1000.50
A2,Green harbour,Harbour Ltd,2017-02-03,,250
"""


def settings(**changes: object) -> config.Settings:
    """Return settings that check in this process."""
    given: dict[str, object] = {
        "base_iri": BASE,
        "processes": 1,
        "languages": ["en"],
        "pyshacl_up_to_projects": 0,
        **changes,
    }
    return config.Settings(**given)  # type: ignore[arg-type]


def write(
    folder: Path, rows: str = ROWS, *, key: str = "list", fields: str = FIELDS, extra: str = "", header: str = HEADER,
    as_of: str = "unknown", scope: str = "prog", portfolio: str = "p",
) -> Path:  # fmt: skip
    """Write a list and its mapping; return the mapping's path. `extra` comes before the fields."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{key}.csv").write_text(header + rows, encoding="utf-8")
    target = folder / f"{key}.toml"
    head = MAPPING.format(key=key, file=f"{key}.csv", as_of=as_of, scope=scope, portfolio=portfolio)
    target.write_text(head + extra + fields, encoding="utf-8")
    return target


def check(tmp_path: Path, *sources: Path | str, **changes: object) -> Checked:
    """Check sources as `publisher validate` does."""
    workdir = tmp_path / f"work-{len(list(tmp_path.glob('work-*')))}"
    workdir.mkdir()
    return checking.check([str(source) for source in sources], settings(**changes), workdir, cross_check="none")


def lines(checked: Checked) -> set[str]:
    """Return all statements but the vocabularies', the base left out."""
    parts = [part for part in checked.parts if part.name != "vocabularies.nq"]
    text = "".join(part.read_text(encoding="utf-8") for part in parts)
    return {line.replace(f"{BASE}/id/", "") for line in text.splitlines()}


def rules(checked: Checked) -> list[str]:
    """Return the rules of the problems, in order."""
    return [entry.rule for entry in checked.report.problems]
