"""Writes a synthetic portfolio as N-Triples in the shape that our own mapping gives, the same for the same seed.

    python benchmarks/projects_rdf.py FILE.nt --projects 100000 --seed 1

All names are invented, and every IRI begins with https://example.org/synthetic. `publisher build FILE.nt` takes
it without a violation. About 41 triples a project: fewer do not conform, because each outcome, funding line and
participation rests on evidence. The projects stand in portfolios of a thousand, as a programme of many calls has
them: the check looks at a hundred projects with their whole portfolio at a time.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path

BASE = "https://example.org/synthetic"
FUNDERS = 40
PLACES = 60
PORTFOLIO_PROJECTS = 1000
"""Projects a portfolio."""
PROJECTS_AN_ORGANISATION = 5

PF = "https://w3id.org/project-portfolio/def#"
CONCEPT = "https://w3id.org/project-portfolio/concept"
DCT = "http://purl.org/dc/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
FOAF = "http://xmlns.com/foaf/0.1/"
ORG = "http://www.w3.org/ns/org#"
EU = "http://publications.europa.eu/resource/authority"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

GROUPS = (
    "unemployed", "roma", "sami", "homeless", "disabled", "intellectually-disabled", "immigrants", "fathers",
    "prisoners", "released-prisoners", "mental-health", "students",
)  # fmt: skip
KINDS = ("operating-model", "method", "training", "media", "network", "service", "strategy", "study", "glossary")
STEPS = (
    ("Askel", "A step"), ("Polku", "A path"), ("Silta", "A bridge"), ("Väylä", "A way"), ("Ovi", "A door"),
    ("Käänne", "A turn"), ("Lähde", "A spring"), ("Kipinä", "A spark"),
)  # fmt: skip
AIMS = (
    ("kohti työtä", "towards work"), ("yhteisöön", "into the community"), ("arkeen", "into everyday life"),
    ("osallisuuteen", "to inclusion"), ("opintoihin", "to studies"), ("omaan elämään", "to a life of one's own"),
)  # fmt: skip
RESULTS = (
    ("Toimintamalli", "A model"), ("Koulutus", "A training"), ("Opas", "A guide"), ("Verkosto", "A network"),
    ("Selvitys", "A study"), ("Palvelu", "A service"),
)  # fmt: skip
SYLLABLES = ("ka", "lo", "mi", "ne", "pu", "ra", "si", "te", "vu", "hä", "jo", "ly")


def iri(kind: str, key: str) -> str:
    """Return a resource's IRI."""
    return f"{BASE}/id/{kind}/{key}"


def code(number: int) -> str:
    """Return a project's code."""
    return f"P{number:07d}"


def organisation(number: int) -> str:
    """Return the IRI of an organisation that takes part."""
    return iri("organisation", f"org-{number}")


def funder(number: int) -> str:
    """Return the IRI of a funder."""
    return iri("organisation", f"funder-{number}")


def place(number: int) -> str:
    """Return the IRI of a place."""
    return iri("place", f"place-{number}")


def organisations(projects: int) -> int:
    """Return how many organisations take part in so many projects."""
    return max(1, projects // PROJECTS_AN_ORGANISATION)


def invented(number: int) -> str:
    """Return a name that no place has: four syllables that spell the number."""
    letters = []
    for _ in range(4):
        number, rest = divmod(number, len(SYLLABLES))
        letters.append(SYLLABLES[rest])
    return "".join(letters).capitalize()


def shared(projects: int) -> Iterator[str]:
    """Yield the lines about what projects share: source, funders, organisations, places, portfolios."""
    source = iri("source", "register")
    yield (
        f"<{source}> {TYPE} <{PF}Source> .\n"
        f'<{source}> <{DCT}title> "Keksitty rekisteri"@fi .\n'
        f'<{source}> <{DCT}title> "Invented register"@en .\n'
        f"<{source}> <{PF}sourceKind> <{CONCEPT}/source-kind/project-register> .\n"
        f"<{source}> <{DCT}language> <{EU}/language/FIN> .\n"
        f"<{source}> <{PF}licenceStatus> <{CONCEPT}/licence-status/not-stated> .\n"
    )
    for number in range(FUNDERS):
        made = funder(number)
        yield (
            f"<{made}> {TYPE} <{PF}Funder> .\n"
            f"<{made}> {TYPE} <{ORG}Organization> .\n"
            f'<{made}> <{FOAF}name> "Rahoittaja {invented(number)}"@fi .\n'
            f'<{made}> <{FOAF}name> "Funder {invented(number)}"@en .\n'
        )
    for number in range(organisations(projects)):
        made = organisation(number)
        yield (
            f"<{made}> {TYPE} <{ORG}Organization> .\n"
            f'<{made}> <{FOAF}name> "{invented(number)} {number} ry"@fi .\n'
            f'<{made}> <{DCT}identifier> "EX-{number:06d}" .\n'
        )
    for number in range(PLACES):
        made = place(number)
        yield (
            f"<{made}> {TYPE} <{DCT}Location> .\n"
            f'<{made}> <{SKOS}prefLabel> "{invented(number * 31)}"@fi .\n'
            f'<{made}> <{SKOS}prefLabel> "{invented(number * 31)}"@en .\n'
        )
    for number in range(-(-projects // PORTFOLIO_PROJECTS)):
        made = iri("portfolio", f"call-{number}")
        yield (
            f"<{made}> {TYPE} <{PF}Portfolio> .\n"
            f'<{made}> <{DCT}identifier> "call-{number}" .\n'
            f'<{made}> <{DCT}title> "Keksitty haku {number}"@fi .\n'
            f'<{made}> <{DCT}title> "Invented call {number}"@en .\n'
        )


def project(dice: random.Random, number: int, projects: int) -> str:
    """Return the lines about one project and its parts."""
    key = code(number)
    made, portfolio = iri("project", key), iri("portfolio", f"call-{number // PORTFOLIO_PROJECTS}")
    evidence, line = iri("evidence", f"{key}~register"), iri("funding", f"{key}~granted")
    # Few funders give to many, as everywhere.
    giver = funder(int(FUNDERS * dice.random() ** 2))
    where, group = place(dice.randrange(PLACES)), f"{CONCEPT}/target-group/{dice.choice(GROUPS)}"
    (step_fi, step_en), (aim_fi, aim_en) = dice.choice(STEPS), dice.choice(AIMS)
    start, end = dice.randrange(2014, 2025), dice.randrange(1, 4)
    day = f"{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
    text = (
        f"<{made}> {TYPE} <{PF}Project> .\n"
        f'<{made}> <{DCT}identifier> "{key}" .\n'
        f'<{made}> <{DCT}title> "{step_fi} {aim_fi} – {key}"@fi .\n'
        f'<{made}> <{DCT}title> "{step_en} {aim_en} – {key}"@en .\n'
        f"<{made}> <{PF}portfolio> <{portfolio}> .\n"
        f"<{portfolio}> <{PF}project> <{made}> .\n"
        f'<{made}> <{PF}startDate> "{start}-{day}"^^<{XSD}date> .\n'
        f'<{made}> <{PF}startYear> "{start}"^^<{XSD}gYear> .\n'
        f'<{made}> <{PF}endDate> "{start + end}-{day}"^^<{XSD}date> .\n'
        f'<{made}> <{PF}endYear> "{start + end}"^^<{XSD}gYear> .\n'
        f"<{made}> <{PF}targetGroup> <{group}> .\n"
        f"<{made}> <{PF}funder> <{giver}> .\n"
        f"<{made}> <{PF}funding> <{line}> .\n"
        f"<{made}> <{PF}evidence> <{evidence}> .\n"
        f"<{made}> <{DCT}spatial> <{where}> .\n"
        f"<{evidence}> {TYPE} <{PF}Evidence> .\n"
        f"<{evidence}> <{DCT}source> <{iri('source', 'register')}> .\n"
        f"<{evidence}> <{PF}attests> <{group}> .\n"
        f"<{line}> {TYPE} <{PF}Funding> .\n"
        f"<{line}> <{PF}fundingSource> <{CONCEPT}/funding-source/state> .\n"
        f"<{line}> <{PF}fundingStage> <{CONCEPT}/funding-stage/committed> .\n"
        f"<{line}> <{PF}amountStatus> <{CONCEPT}/amount-status/given> .\n"
        f'<{line}> <{PF}amount> "{dice.randrange(1000, 2_000_000)}.{dice.randrange(1, 10)}5"^^<{XSD}decimal> .\n'
        f"<{line}> <{PF}currency> <{EU}/currency/EUR> .\n"
        f"<{line}> <{PF}funder> <{giver}> .\n"
        f"<{line}> <{PF}evidence> <{evidence}> .\n"
    )
    # Each organisation takes part somewhere: the shapes look only at those that do.
    taking = {"applicant": number % organisations(projects)}
    if dice.random() < 0.2:
        taking["partner"] = dice.randrange(organisations(projects))
    for role, who in taking.items():
        part = iri("participation", f"{key}~{role}")
        text += (
            f"<{made}> <{PF}participation> <{part}> .\n"
            f"<{part}> {TYPE} <{PF}Participation> .\n"
            f"<{part}> <{PF}organisation> <{organisation(who)}> .\n"
            f"<{part}> <{PF}role> <{CONCEPT}/role/{role}> .\n"
            f"<{part}> <{PF}evidence> <{evidence}> .\n"
        )
    for outcome in range(2 if dice.random() < 0.2 else 1):
        part = iri("outcome", f"{key}~outcome-{outcome}")
        result_fi, result_en = dice.choice(RESULTS)
        text += (
            f"<{made}> <{PF}outcome> <{part}> .\n"
            f"<{part}> {TYPE} <{PF}Outcome> .\n"
            f"<{part}> <{PF}producedBy> <{made}> .\n"
            f'<{part}> <{DCT}title> "{result_fi} {aim_fi}, {key}/{outcome}"@fi .\n'
            f'<{part}> <{DCT}title> "{result_en} {aim_en}, {key}/{outcome}"@en .\n'
            f"<{part}> <{PF}outcomeKind> <{CONCEPT}/outcome-kind/{dice.choice(KINDS)}> .\n"
            f"<{part}> <{PF}benefits> <{group}> .\n"
            f"<{part}> <{PF}evidence> <{evidence}> .\n"
        )
    return text


def write(path: Path, projects: int, seed: int) -> int:
    """Write the portfolio; return the number of triples."""
    dice = random.Random(seed)  # the same data for the same seed, no secret
    triples = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for text in shared(projects):
            triples += text.count("\n")
            out.write(text)
        for number in range(projects):
            text = project(dice, number, projects)
            triples += text.count("\n")
            out.write(text)
    return triples


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE.nt")
    parser.add_argument("--projects", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    triples = write(options.file, options.projects, options.seed)
    took = time.monotonic() - began
    print(f"{options.projects} projects, {triples} triples in {options.file}, {options.projects / took:.0f} a second")


if __name__ == "__main__":
    main()
