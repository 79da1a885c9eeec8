"""Writes a portfolio folder of synthetic records with seeded errors, the same for the same seed.

    python benchmarks/records.py DIR --projects 10000 --errors 100 --seed 1

All names are invented, and every address leads to example.org. `errors.txt` beside the
records (JSON) lists each seeded error: the file it stands in, and the rule that must fire there.
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
PLACES = ("esimerkkilä", "mallila", "näytekylä", "koesaari")
FIRST = ("Askel", "Polku", "Silta", "Väylä", "Ovi", "Käänne", "Lähde", "Kipinä")
SECOND = ("kohti työtä", "yhteisöön", "arkeen", "osallisuuteen", "opintoihin", "omaan elämään")

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
    ("no funder", f"{PFS}Project-funderKnown", lambda text: text.replace("    funder: [eu, ministry]\n", "")),
    ("year disagrees", f"{PFS}Project-startYearOfDate", _replace("chosen_from:", "start_year: 1999\nchosen_from:")),
    (
        "not published, yet an amount",
        f"{PFS}Funding-amountByStatus",
        _replace("amount_status: not-published", "amount_status: not-published\n    amount: 5\n    currency: EUR"),
    ),
    ("unknown currency", "record/unknown-currency", _replace("currency: EUR", "currency: QQQ")),
    ("unknown role", "record/unknown-role", _replace("role: applicant", "role: boss")),
    ("unknown place", "record/unknown-place", _replace("places: [", "places: [atlantis, ")),
    ("unknown source", "record/unknown-source", _replace("evidence: { source: form", "evidence: { source: rumour")),
    ("unknown part of a source", "record/unknown-part", _replace("part: continuation", "part: nowhere")),
    ("outcome that is not there", "record/unknown-outcome", _replace("outcomes: outcome-0", "outcomes: outcome-9")),
    ("part key twice", "record/duplicate-key", _replace("key: paid", "key: granted")),
    ("code of another form", "record/code-pattern", _replace("code: P", "code: X")),
    ("address with spaces", "record/web-address", _replace("home: https://", "home: https:// ")),
    ("link to no area", f"{PFS}RegionalLink-areaOrPlace", _drop("areas:")),
    (
        "target group without evidence",
        f"{PFS}Project-targetGroupEvidence",
        _drop("evidence: { source: form, part: results, wording: Hanke"),
    ),
    ("word of YAML twice", "yaml/duplicate-key", _replace("chosen_from:", "schema_version: 1\nchosen_from:")),
    ("YAML anchor", "yaml/alias", _replace("title: { fi: Hanke", "title: &again { fi: Hanke")),
    # A lone surrogate is written as the byte that it stands for: here "ä" in Latin-1.
    ("not in UTF-8", "yaml/encoding", _replace("ää", "\udce4\udce4")),
)
"""Name, rule that must fire, and what makes the error out of a good record."""

WRONG_CHECK_DIGIT, DUPLICATE_CODE = len(ERRORS), len(ERRORS) + 1
"""Two kinds of error more, which one record alone does not have."""


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
        f"title: {{ fi: Hanke {code} – {dice.choice(FIRST)} {dice.choice(SECOND)}, en: Project {code} }}",
        f"short_name: {{ fi: {code.lower()} }}",
        f"description: {{ fi: Hanke {code} etsii ja kokeilee tapoja, joilla jokainen pääsee mukaan. }}",
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
        f"    places: [place-{dice.randrange(len(PLACES))}]",
    ]
    if dice.random() < 0.3:
        # A second source that tells the dates in another way: the record says which one it shows.
        lines += [
            "  - key: list",
            "    source: list",
            f"    row: {dice.randrange(2, 9000)}",
            f"    start: {year}-01-01",
        ]
    return "\n".join([*lines, "chosen_from: register", ""])


def _shared_files(ids: list[str]) -> dict[str, str]:
    """Return the texts of the files that all records share, by name; `ids` may hold wrong ones at its end."""
    return {
        "publisher.toml": 'base_iri = "https://example.org/synthetic"\nlanguages = ["fi", "en"]\n'
        'publisher_name = { en = "Synthetic authority" }\n',
        "portfolio.yaml": "schema_version: 1\nkey: synthetic\ntitle: { fi: Keksitty, en: Synthetic portfolio }\n"
        "code_scope: synthetic\ncode_pattern: 'P\\d{7}'\nfunders: [eu, ministry]\n",
        "organisations.yaml": "schema_version: 1\norganisations:\n"
        "  - { key: eu, name: { en: European Union } }\n  - { key: ministry, name: { en: Ministry of Examples } }\n"
        + "".join(
            f"  - {{ key: FI-{i}, identifier: {i}, name: {{ fi: Keksitty {n} ry }} }}\n" for n, i in enumerate(ids)
        ),
        "places.yaml": "schema_version: 1\nplaces:\n"
        + "".join(f"  - {{ key: place-{n}, name: {{ fi: {name.title()} }} }}\n" for n, name in enumerate(PLACES)),
        "sources.yaml": "schema_version: 1\nsources:\n"
        "  - key: form\n    title: { fi: Lomake, en: Form }\n    kind: form\n    language: fi\n"
        "    licence: not-stated\n    as_of: unknown\n    parts:\n"
        "      - { key: results, title: { fi: Tulokset, en: Results } }\n"
        "      - { key: continuation, title: { fi: Jatko, en: Continuation } }\n"
        "  - key: register\n    title: { fi: Rekisteri, en: Register }\n    kind: project-register\n    language: fi\n"
        "    licence: not-stated\n    as_of: 2025-06\n"
        "  - key: list\n    title: { fi: Luettelo, en: List }\n    kind: list-of-operations\n    language: fi\n"
        "    licence: not-stated\n    as_of: 2025\n",
    }


def write(folder: Path, projects: int, errors: int, seed: int) -> list[dict[str, str]]:
    """Write the portfolio folder; return the seeded errors."""
    dice = random.Random(seed)  # the same records for the same seed, no secret
    ids = organisations(dice)
    (folder / "projects").mkdir(parents=True)
    broken = set(random.Random(seed + 1).sample(range(projects), errors))
    wrong: list[str] = []
    seeded: list[dict[str, str]] = []
    for number in range(projects):
        code = f"P{number:07d}"
        text = project(dice, code, ids)
        name = f"projects/{code}.yaml"
        if number in broken:
            kind = len(seeded) % (len(ERRORS) + 2)
            taken = next((n for n in range(number - 1, -1, -1) if n not in broken), None)
            if kind == DUPLICATE_CODE and taken is not None:
                # Of two records with one code the second is told, so the good one must stand before.
                text = text.replace(f"code: {code}", f"code: P{taken:07d}", 1)
                seeded.append({"file": name, "error": "duplicate code", "rule": "record/duplicate-code"})
            elif kind == WRONG_CHECK_DIGIT:
                wrong.append(_wrong_id(number))
                text = text.replace("participants:\n", f"participants:\n  - {_participant(wrong[-1])}\n", 1)
                rule = f"{PFS}Organisation-businessId"
                seeded.append({"file": "organisations.yaml", "error": "wrong check digit", "rule": rule})
            else:
                error, rule, mutate = ERRORS[kind % len(ERRORS)]
                text = mutate(text)
                seeded.append({"file": name, "error": error, "rule": rule})
        (folder / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    for name, text in _shared_files([*ids, *wrong]).items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "errors.txt").write_text(json.dumps(seeded, indent=1) + "\n", encoding="utf-8")
    return seeded


def _participant(identifier: str) -> str:
    return f"{{ organisation: FI-{identifier}, role: contractor, evidence: register }}"


def _wrong_id(number: int) -> str:
    """Return a business ID with a check digit that does not fit, apart from all valid ones of `organisations`."""
    right = int((business_id(8_000_000 + number) or "0")[-1])
    return f"{8_000_000 + number}-{(right + 1) % 10}"


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
