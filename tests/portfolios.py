"""Makes small portfolio folders for tests: a good one, which a test then breaks on purpose."""

from __future__ import annotations

from pathlib import Path

from publisher import config
from publisher.config import Settings

FILES = {
    "publisher.toml": 'base_iri = "https://example.org/p"\nlanguages = ["fi", "sv", "en"]\n',
    "portfolio.yaml": """\
schema_version: 1
key: measure
title: { fi: Toimenpide, en: Measure }
code_scope: test
code_pattern: 'S\\d{5}'
funders: [eu]
""",
    "organisations.yaml": """\
schema_version: 1
organisations:
  - { key: eu, name: { en: European Union } }
  - { key: FI-0292800-5, identifier: 0292800-5, name: { fi: Lapin yliopisto } }
""",
    "sources.yaml": """\
schema_version: 1
sources:
  - key: form
    title: { fi: Lomake }
    kind: form
    language: fi
    licence: not-stated
    as_of: unknown
    parts:
      - { key: results, title: { fi: Tulokset } }
""",
    "places.yaml": """\
schema_version: 1
places:
  - { key: helsinki, name: { fi: Helsinki }, yso: p94137 }
""",
    "projects/S00001.yaml": """\
schema_version: 1
code: S00001
title: { fi: "Ääkköset \\"lainaus\\"" }
target_groups:
  - group: roma
    evidence: { source: form, part: results, wording: romanien }
participants:
  - { organisation: FI-0292800-5, role: applicant, evidence: form }
funding:
  - key: granted
    stage: committed
    sources: [eu, state]
    funder: eu
    amount: 100.50
    currency: EUR
    evidence: register
outcomes:
  - key: practices
    kind: good-practices
    title: { fi: Käytännöt, en: Practices }
    translated: en
    quantity: { value: 25, unit: practice, qualifier: exact }
    benefits: roma
    evidence: { source: form, part: results, wording: 25 hyvää käytäntöä }
source_records:
  - { key: register, source: form, as_of: 2016-06, start: 2016-08-01, end: 2018-12-31, places: helsinki }
chosen_from: register
""",
}


def write(folder: Path, changes: dict[str, tuple[str, str]] | None = None, **extra: str) -> Path:
    """Write the good portfolio, with one replacement in each named file; `extra` are projects by code."""
    for name, text in FILES.items():
        old, new = (changes or {}).get(name, ("", ""))
        assert old in text, f"{old!r} is not in {name}"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    for code, text in extra.items():
        (folder / "projects" / f"{code}.yaml").write_text(text, encoding="utf-8")
    return folder


def settings(folder: Path, **flags: object) -> Settings:
    """Return the settings of a portfolio folder."""
    return config.load(folder / "publisher.toml", {}, **flags)
