"""Writes a portfolio folder of synthetic records with seeded errors, the same for the same seed.

    python benchmarks/records.py DIR --projects 10000 --errors 100 --seed 1

All names are invented. `errors.txt` beside the records (JSON) lists each seeded error:
the file it stands in, and the rule that must fire there.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path

ORGANISATIONS = 200
GROUPS = ("unemployed", "roma", "sami", "homeless", "disabled", "immigrants", "fathers", "prisoners", "mental-health")
KINDS = ("operating-model", "method", "training", "media", "network", "service", "strategy", "study", "glossary")
STATUSES = ("in-use", "being-adopted", "intended", "supports", "continues", "usable")
AREAS = ("nationwide", "regions", "cities", "municipalities", "localities", "various-areas")

Mutation = Callable[[str], str]


def _replace(old: str, new: str) -> Mutation:
    def mutate(text: str) -> str:
        if old not in text:
            raise ValueError(f"the generator no longer writes {old!r}")
        return text.replace(old, new, 1)

    return mutate


def _drop(start: str) -> Mutation:
    """Return a mutation that leaves out the first line that begins so."""

    def mutate(text: str) -> str:
        lines = text.splitlines(keepends=True)
        index = next(i for i, line in enumerate(lines) if line.lstrip().startswith(start))
        return "".join(lines[:index] + lines[index + 1 :])

    return mutate


PFS = "https://w3id.org/project-portfolio/shapes#"
ERRORS: tuple[tuple[str, str, Mutation], ...] = (
    ("bad date", "record/date", _replace("start: 2", "start: 30.")),
    ("no such day", "record/date", _replace("end: 2026-11-30", "end: 2026-11-31")),
    ("unknown target group", "record/unknown-target-group", _replace("- group: ", "- group: not-")),
    ("unknown organisation", "record/unknown-organisation", _replace("organisation: FI-", "organisation: XX-")),
    ("unknown key", "record/unknown-key", _replace("short_name:", "shortname:")),
    ("missing title", "record/missing", _drop("title: { fi: Hanke")),
    ("broken YAML", "yaml/syntax", _replace("title: { fi: Hanke", "title: { fi: [Hanke")),
    ("amount in words", "record/number", _replace("amount: ", "amount: noin ")),
    ("end before start", f"{PFS}SourceRecord-dateOrder", _replace("end: 2026-11-30", "end: 2001-11-30")),
    ("amount without currency", f"{PFS}Funding-amountWithCurrency", _drop("currency: EUR")),
    (
        "outcome without evidence",
        f"{PFS}Outcome-evidence",
        _drop("evidence: { source: form, part: results, wording: tulos 0"),
    ),
    (
        "given, yet no amount",
        f"{PFS}Funding-amountByStatus",
        _replace("amount_status: not-published", "amount_status: given"),
    ),
    ("no funder", f"{PFS}Project-funder", lambda text: text.replace("    funder: [eu, ministry]\n", "")),
    ("year disagrees", f"{PFS}Project-startYearOfDate", _replace("chosen_from:", "start_year: 1999\nchosen_from:")),
)
"""Name, rule that must fire, and what makes the error out of a good record."""


def business_id(number: int) -> str | None:
    """Return the Finnish business ID of a seven-digit number, or None where none can have its check digit."""
    digits = f"{number:07d}"
    rest = sum(int(d) * w for d, w in zip(digits, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return None if rest == 1 else f"{digits}-{(11 - rest) % 11}"


def organisations(dice: random.Random) -> list[str]:
    """Return valid business IDs, each once."""
    found: dict[str, None] = {}
    while len(found) < ORGANISATIONS:
        made = business_id(dice.randrange(9_000_000, 9_999_999))
        if made:
            found[made] = None
    return list(found)


def project(dice: random.Random, code: str, ids: list[str]) -> str:
    """Return the YAML text of one good record."""
    group, applicant = dice.choice(GROUPS), dice.choice(ids)
    partners = dice.sample([entry for entry in ids if entry != applicant], dice.randrange(4))
    year = dice.randrange(2021, 2025)
    lines = [
        "schema_version: 1",
        f"code: {code}",
        f"title: {{ fi: Hanke {code}, en: Project {code} }}",
        f"short_name: {{ fi: {code.lower()} }}",
        f"pages: {{ home: https://example.org/{code}, register: https://example.org/register?code={code} }}",
        "target_groups:",
        f"  - group: {group}",
        f"    evidence: {{ source: form, part: results, wording: Hanke {code} auttaa }}",
        "participants:",
        f"  - {{ organisation: FI-{applicant}, role: applicant, evidence: register }}",
        *(f"  - {{ organisation: FI-{partner}, role: partner, evidence: register }}" for partner in partners),
        "funding:",
    ]
    for key, stage in (("granted", "committed"), ("paid", "paid")):
        lines += [
            f"  - key: {key}",
            f"    stage: {stage}",
            "    sources: [eu, state]",
            "    funder: [eu, ministry]",
            "    fund: ESF",
            f"    amount: {dice.randrange(1, 2_000_000)}.{dice.randrange(10)}{dice.randrange(1, 10)}",
            "    currency: EUR",
            "    as_of: 2025-06",
            "    evidence: register",
        ]
    lines += [
        "  - key: private",
        "    stage: planned",
        "    sources: private",
        "    amount_status: not-published",
        "    evidence: { source: form, part: results, wording: yksityinen rahoitus }",
        "outcomes:",
    ]
    for number in range(dice.randrange(1, 5)):
        kind = dice.choice(KINDS)
        lines += [
            f"  - key: outcome-{number}",
            f"    kind: {kind}",
            f"    title: {{ fi: Tulos {number} hankkeesta {code}, en: Outcome {number} of {code} }}",
            f"    text: {{ fi: Hankkeessa {code} on tulos {number}., en: The project {code} made outcome {number}. }}",
            "    translated: [en]",
            f"    benefits: {group}",
            f"    evidence: {{ source: form, part: results, wording: tulos {number} hankkeessa {code} }}",
        ]
        if dice.random() < 0.3:
            value = dice.randrange(1, 500)
            lines.append(f"    quantity: {{ value: {value}, unit: practice, qualifier: more-than }}")
    lines += [
        "continuation:",
        "  - key: goes-on",
        f"    status: {dice.choice(STATUSES)}",
        f"    title: {{ fi: Toiminta jatkuu, en: Work on {code} goes on }}",
        "    outcomes: outcome-0",
        f"    evidence: {{ source: form, part: continuation, wording: hankkeen {code} toiminta jatkuu }}",
        "regional_links:",
        "  - key: area",
        "    title: { fi: Alueella, en: In the area }",
        f"    areas: {dice.choice(AREAS)}",
        f"    evidence: {{ source: form, part: results, wording: hanke {code} toimii alueella }}",
        "source_records:",
        "  - key: register",
        "    source: register",
        f"    start: {year}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}",
        "    end: 2026-11-30",
        "    fund: ESF",
        "    responsible_authority: ministry",
        "chosen_from: register",
        "",
    ]
    return "\n".join(lines)


def write(folder: Path, projects: int, errors: int, seed: int) -> list[dict[str, str]]:
    """Write the portfolio folder; return the seeded errors."""
    dice = random.Random(seed)  # the same records for the same seed, no secret
    ids = organisations(dice)
    (folder / "projects").mkdir(parents=True)
    files = {
        "publisher.toml": 'base_iri = "https://example.org/synthetic"\nlanguages = ["fi", "en"]\n'
        'publisher_name = { en = "Synthetic authority" }\n',
        "portfolio.yaml": "schema_version: 1\nkey: synthetic\ntitle: { fi: Keksitty, en: Synthetic portfolio }\n"
        "code_scope: synthetic\ncode_pattern: 'P\\d{7}'\nfunders: [eu, ministry]\n",
        "organisations.yaml": "schema_version: 1\norganisations:\n"
        "  - { key: eu, name: { en: European Union } }\n  - { key: ministry, name: { en: Ministry of Examples } }\n"
        + "".join(
            f"  - {{ key: FI-{i}, identifier: {i}, name: {{ fi: Keksitty {n} ry }} }}\n" for n, i in enumerate(ids)
        ),
        "sources.yaml": "schema_version: 1\nsources:\n"
        "  - key: form\n    title: { fi: Lomake, en: Form }\n    kind: form\n    language: fi\n"
        "    licence: not-stated\n    as_of: unknown\n    parts:\n"
        "      - { key: results, title: { fi: Tulokset, en: Results } }\n"
        "      - { key: continuation, title: { fi: Jatko, en: Continuation } }\n"
        "  - key: register\n    title: { fi: Rekisteri, en: Register }\n    kind: project-register\n    language: fi\n"
        "    licence: not-stated\n    as_of: 2025-06\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    broken = set(random.Random(seed + 1).sample(range(projects), errors))
    seeded: list[dict[str, str]] = []
    for number in range(projects):
        code = f"P{number:07d}"
        text = project(dice, code, ids)
        name = f"projects/{code}.yaml"
        if number in broken:
            # Every fifteenth error is one that only the whole portfolio shows: a code that stands twice.
            kind = len(seeded) % (len(ERRORS) + 1)
            if kind == len(ERRORS) and number not in (0, projects - 1):
                text = text.replace(f"code: {code}", f"code: P{_clean(number, broken, projects):07d}", 1)
                seeded.append({"file": name, "error": "duplicate code", "rule": "record/duplicate-code"})
            else:
                error, rule, mutate = ERRORS[kind % len(ERRORS)]
                text = mutate(text)
                seeded.append({"file": name, "error": error, "rule": rule})
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "errors.txt").write_text(json.dumps(seeded, indent=1) + "\n", encoding="utf-8")
    return seeded


def _clean(number: int, broken: set[int], projects: int) -> int:
    """Return a clean project before this one, so that this one is the second with its code."""
    return next(n for n in (*range(number - 1, -1, -1), *range(number + 1, projects)) if n not in broken)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--errors", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    seeded = write(options.folder, options.projects, options.errors, options.seed)
    print(f"{options.projects} projects, {len(seeded)} seeded errors in {options.folder}")


if __name__ == "__main__":
    main()
