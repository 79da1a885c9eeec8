"""Matches names at 100,000 projects: time of a batch of ten, what is found, how long and large the index is.

    python benchmarks/reconcile.py --projects 100000

All names are invented: titles of frequent and rare words in the manner of Finnish and Swedish, organisations with
legal forms, places. Each batch asks for ten of them as people write them: exactly, without diacritics, misspelt,
declined, with words left out or in another order, without the legal form, by initials and by code. The
batches go through the application as HTTP requests of OpenRefine's form.

Then the worst that the limits admit: the largest batches of long texts of frequent and rare words, of near values of
properties, of values that many things have, and the largest data extensions.

Baseline, in the same run: rapidfuzz compares each query with every folded name in memory (`process.extract` with
`fuzz.token_sort_ratio`), what a service without an index does. Exit code 1 where one batch in twenty takes
longer than 200 ms, where the worst takes longer than 2 s, where another thing than the one that is meant is matched for
certain, or where less is found than the baseline finds. Ratios are of processor time.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from measure import run
from rapidfuzz import fuzz, process

from publisher import folding, manifest, names, spool, stores
from publisher.config import Settings
from publisher.formats import N_TRIPLES
from publisher.manifest import Manifest
from publisher.web import reconcile_requests as requests
from publisher.web.app import create_app

BASE = "https://example.org/names"
LIMIT_MS = 200
WORST_MS = 2000
BATCH = 10

PF = "https://w3id.org/project-portfolio/def#"
DCT = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
YEAR = "<http://www.w3.org/2001/XMLSchema#gYear>"

SYLLABLES = (  # noqa: SIM905
    "ka lo mi ne pu ra si te vu hä jo ly kä sö tu va ri no he ma työ yh tä kou lu saa me tie to osa lli suus kun ta "
    "ter veys nuo ris per he ke hit tä mi nen vä li met sä ran ni kko dig ita bio ener gi a mat kai lu"
).split()
HEADS = (
    "hanke", "verkosto", "keskus", "palvelu", "malli", "koulutus", "työpaja", "kehittäminen", "projekti", "nätverk",
    "utveckling", "utbildning", "samarbete", "toiminta", "polku", "silta",
)  # fmt: skip
ENDINGS = ("", "n", "t", "ssa", "sta", "en", "iden", "lle")
KINDS = ("yliopisto", "kaupunki", "säätiö", "yhdistys", "ammattikorkeakoulu", "kuntayhtymä", "stiftelsen", "keskus")
FORMS = ("", "", "ry", "Oy", "Ab", "rf", "sr", "Oyj")


class Invented:
    """The synthetic names, the same for the same seed."""

    def __init__(self, projects: int, seed: int) -> None:
        """Draw the words, the most frequent first."""
        self.dice = random.Random(seed)
        words = {self._word() for _ in range(30_000)}
        self.words = sorted(words, key=lambda word: (len(word), word))
        self.dice.shuffle(self.words)
        self.projects = projects
        self.names: list[tuple[str, str, str]] = []
        """IRI, kind and name of each."""
        self.years: dict[str, int] = {}

    def _word(self) -> str:
        return "".join(self.dice.choice(SYLLABLES) for _ in range(self.dice.choice((2, 2, 3, 3, 4))))

    def _drawn(self) -> str:
        """Return a word; the n-th most frequent comes about 1/n as often as the first."""
        at = int(len(self.words) ** self.dice.random()) - 1
        return self.words[at]

    def _title(self) -> str:
        count = self.dice.randint(3, 8)
        parts = [self._drawn() + self.dice.choice(ENDINGS) for _ in range(count - 1)]
        parts.append(self._drawn() + self.dice.choice(HEADS))
        return " ".join(parts).capitalize()

    def write(self, path: Path) -> None:
        """Write the statements."""
        places = [f"{self.words[-at - 1].capitalize()}" for at in range(300)]
        organisations = max(50, self.projects // 5)
        with path.open("w", encoding="utf-8") as out:
            for at, place in enumerate(places):
                iri = f"{BASE}/id/place/p{at}"
                out.write(f'<{iri}> {TYPE} <{DCT}Location> .\n<{iri}> <{SKOS}prefLabel> "{place}"@fi .\n')
                self.names.append((iri, "place", place))
            for at in range(organisations):
                iri = f"{BASE}/id/organisation/EX-{at:06d}"
                name = (
                    f"{self.dice.choice(places)}n {self._drawn()} {self.dice.choice(KINDS)} {self.dice.choice(FORMS)}"
                )
                name = name.strip()
                out.write(
                    f"<{iri}> {TYPE} <http://www.w3.org/ns/org#Organization> .\n"
                    f'<{iri}> <{FOAF}name> "{name}"@fi .\n<{iri}> <{DCT}identifier> "EX-{at:06d}" .\n'
                )
                self.names.append((iri, "organisation", name))
            for at in range(self.projects):
                iri = f"{BASE}/id/project/P{at:06d}"
                title, year = self._title(), self.dice.randint(2014, 2025)
                out.write(
                    f'<{iri}> {TYPE} <{PF}Project> .\n<{iri}> <{DCT}title> "{title}"@fi .\n'
                    f'<{iri}> <{DCT}identifier> "P{at:06d}" .\n'
                    f"<{iri}> <{DCT}spatial> <{BASE}/id/place/p{at % 300}> .\n"
                    f"<{iri}> <{PF}funder> <{BASE}/id/organisation/EX-{at % organisations:06d}> .\n"
                    f'<{iri}> <{PF}startYear> "{year}"^^{YEAR} .\n<{iri}> <{PF}endYear> "{year + 2}"^^{YEAR} .\n'
                )
                self.names.append((iri, "project", title))
                self.years[iri] = year + 1
                if at % 2:
                    out.write(f'<{iri}> <{DCT}title> "{self._title()}"@sv .\n')

    def asked(self, how: str) -> tuple[str, str, str]:
        """Return what a person asks for in one of the ways, of which type, and the IRI that is meant."""
        iri, kind, name = self.dice.choice(self.names)
        words = name.split()
        if how == "as it is":
            text = name
        elif how == "no diacritics":
            text = folding.fold(name)
        elif how == "misspelt":
            at = self.dice.randrange(1, len(name) - 1)
            text = name[:at] + self.dice.choice("aeiknst") + name[at + 1 :]
            at = self.dice.randrange(1, len(text) - 1)
            text = text[:at] + text[at + 1 :]
        elif how == "declined":
            text = " ".join(word + self.dice.choice(ENDINGS) for word in words)
        elif how == "another order":
            text = " ".join(self.dice.sample(words, len(words)))
        elif how == "words left out":
            text = " ".join(words[: max(2, len(words) - 2)])
        elif how == "code":
            iri, kind, name = self.dice.choice(self.names[-self.projects :])
            text = iri.rpartition("/")[2]
        else:
            text = folding.core(folding.fold(name))
        return text, kind, iri


WAYS = (
    "as it is", "as it is", "no diacritics", "misspelt", "misspelt", "declined", "another order", "words left out",
    "code", "no legal form",
)  # fmt: skip


def release(folder: Path, invented: Invented) -> Path:
    """Make a release that holds what the service reads; print what the index cost. Return the folder of releases."""
    target = folder / "20260101T000000Z-00000000"
    target.mkdir()
    invented.write(folder / "names.part")
    spool.sort([folder / "names.part"], target / "portfolio.nt", unique=True)
    building = (
        "import sys; from pathlib import Path; from publisher import names; "
        "names.build(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])"
    )
    measured = run([sys.executable, "-c", building, str(target / "portfolio.nt"), str(target / names.FILE), BASE])
    if measured.code:
        raise SystemExit(measured.errors)
    size = (target / names.FILE).stat().st_size
    print(f"index                       {measured}   {size / 1e6:.0f} MB")
    stores.load(target / manifest.STORE, target / "portfolio.nt", N_TRIPLES)
    facts = Manifest(
        id=target.name, created="2026-01-01T00:00:00Z", version="0", base_iri=BASE, title={"fi": "Koe"},
        languages=["fi", "sv", "en"], master="portfolio.nt", statements_sha256="", fingerprint="", counts={},
    )  # fmt: skip
    (target / manifest.NAME).write_text(facts.to_json(), encoding="utf-8")
    (folder / manifest.CURRENT).symlink_to(target.name)
    return folder


def resident() -> float:
    """Return the private memory of this process in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("RssAnon"))


def main() -> int:
    """Measure; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--batches", type=int, default=60)
    parser.add_argument("--compared", type=int, default=100, help="queries that the baseline is asked too")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        invented = Invented(options.projects, options.seed)
        releases = release(Path(folder), invented)
        client = create_app(Settings(base_iri=BASE, client_requests_per_s=0), releases, None).test_client()
        before = resident()
        times, busy, found, sure, wrong = [], [], 0, 0, 0
        first: list[tuple[str, str, bool]] = []
        for batch in range(options.batches):
            asked = [invented.asked(how) for how in WAYS]
            sent = {
                f"q{at}": {"query": text, "type": kind, "type_strict": "should", "limit": 5}
                for at, (text, kind, _) in enumerate(asked)
            }
            if batch % 2:
                for query, (_, kind, iri) in zip(sent.values(), asked, strict=True):
                    query["properties"] = [{"pid": "year", "v": invented.years[iri]}] if kind == "project" else []
            began, worked = time.perf_counter(), time.process_time()
            answer = client.post("/reconcile", data={"queries": json.dumps(sent)})
            times.append((time.perf_counter() - began) * 1000)
            busy.append((time.process_time() - worked) * 1000)
            if answer.status_code != 200:
                raise SystemExit(answer.get_data(as_text=True))
            told = answer.get_json()
            for at, (text, _, iri) in enumerate(asked):
                best = told[f"q{at}"]["result"]
                found += bool(best) and best[0]["id"] == iri
                matched = [entry["id"] for entry in best if entry["match"]]
                sure += matched == [iri]
                if matched and matched != [iri]:
                    wrong += 1
                    print(f"another matched             {text!r}: {matched[0]} for {iri}")
                if len(first) < options.compared and WAYS[at] != "code":
                    first.append((text, iri, bool(best) and best[0]["id"] == iri))
        grown = resident() - before
        p95 = told_times("a batch of 10, wall", times)
        worked_p95 = told_times("a batch of 10, processor", busy)
        total = options.batches * BATCH
        print(f"memory while answering      {grown:7.1f} MB more than before")
        print(
            f"found first                 {found / total:7.1%}   matched {sure / total:.1%}   "
            f"another matched {wrong / total:.2%}"
        )
        worst = hostile(client, invented)
        ratio, theirs, ours = baseline(invented, first, statistics.median(busy) / BATCH)
    print(f"ratio to the baseline       {ratio:7.4f} of the time for a name")
    slow = min(p95, worked_p95) > LIMIT_MS  # beside other work a batch waits for its turn; that is not its own time
    if slow:
        print(f"too slow: {p95:.0f} ms for one batch in twenty, {LIMIT_MS} allowed")
    return int(slow or worst > WORST_MS or wrong > 0 or ours + 0.02 < theirs)


def hostile(client: FlaskClient, invented: Invented) -> float:
    """Ask the worst that the limits admit; print and return the longest time in ms, of the processor."""
    times = {}
    for what, form in hostile_forms(invented):
        began, worked = time.perf_counter(), time.process_time()
        answer = client.post("/reconcile", data=form)
        wall, times[what] = (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000
        told = answer.get_json()
        late = sum("result" not in entry for entry in told.values()) if "queries" in form else 0
        print(
            f"worst: {what:<21}{times[what]:7.0f} ms processor  {wall:7.0f} ms wall  "
            f"{answer.status_code}, {late} queries without time"
        )
    return max(times.values())


def hostile_forms(invented: Invented) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what the worst requests are called, and their forms."""
    dice = random.Random(1)
    titles = [name.lower() for _, kind, name in invented.names if kind == "project"]
    frequent = [word for title in titles[:300] for word in title.split()]
    rare = sorted({word for title in titles[:20_000] for word in title.split()})

    def text(words: list[str], letters: int) -> str:
        return " ".join(dice.choice(words) for _ in range(200))[:letters]

    def joined(letters: int) -> str:
        return "".join(dice.choice(SYLLABLES) for _ in range(400))[:letters]

    def values(properties: dict[str, list[Any]]) -> list[dict[str, Any]]:
        return [{"pid": pid, "v": told} for pid, told in properties.items()]

    each = requests.MOST_VALUES_OF_BATCH // requests.BATCH
    told = ("description", "name", "other-name", "start-date", "end-date", "outcome", "homepage")
    things = ("funder", "participant", "place", "responsible-authority", "target-group")
    queries: dict[str, Callable[[], dict[str, Any]]] = {
        "rare words": lambda: {"query": text(rare, 800)},
        "frequent words": lambda: {"query": text(frequent, 800)},
        "no blanks": lambda: {"query": joined(800)},
        "brackets": lambda: {"query": f"{text(rare, 500)} ({text(rare, 79)})"},
        "near values": lambda: {
            "query": joined(300), "type": "project", "properties": values({pid: [joined(300)] for pid in things}),
        },
        "values to compare": lambda: {
            "query": text(frequent, 300), "properties": values({pid: [text(frequent, 150)] for pid in told}),
        },
        "values of many things": lambda: {
            "type": "project", "properties": values({
                "year": list(range(2014, 2014 + each - 4)), "place": [f"{BASE}/id/place/p{at}" for at in range(4)],
            }),
        },
    }  # fmt: skip
    for what, make in queries.items():
        batch = {f"q{at}": {**make(), "limit": requests.MOST_LIMIT} for at in range(requests.BATCH)}
        yield what, {"queries": json.dumps(batch)}
    for kind, properties in (("project", list(told)), ("place", ["projects"])):
        ids = [iri for iri, of, _ in invented.names if of == kind][: requests.IDS]
        asked = {"ids": ids, "properties": [{"id": pid} for pid in properties]}
        yield f"extend {kind}", {"extend": json.dumps(asked)}


def told_times(what: str, times: list[float]) -> float:
    """Print the median and the slowest of twenty; return the latter."""
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{what:<28}{statistics.median(times):7.1f} ms median  {p95:7.1f} ms p95  {max(times):7.1f} ms most")
    return p95


def baseline(invented: Invented, asked: list[tuple[str, str, bool]], ours_ms: float) -> tuple[float, float, float]:
    """Ask rapidfuzz the same over all names; return the ratio of times, and what both found first."""
    before = resident()
    folded = [folding.fold(name) for _, _, name in invented.names]
    grown = resident() - before
    times, found = [], 0
    for text, iri, _ in asked:
        began = time.process_time()
        best = process.extract(folding.fold(text), folded, scorer=fuzz.token_sort_ratio, limit=5)
        times.append((time.process_time() - began) * 1000)
        found += bool(best) and invented.names[best[0][2]][0] == iri
    theirs, ours = found / len(asked), sum(entry[2] for entry in asked) / len(asked)
    print(
        f"rapidfuzz over all names    {statistics.median(times):7.1f} ms a name   {grown:.0f} MB for the folded names"
    )
    print(f"found first of {len(asked)}          {theirs:7.1%}   here {ours:.1%}")
    return ours_ms / statistics.median(times), theirs, ours


if __name__ == "__main__":
    sys.exit(main())
