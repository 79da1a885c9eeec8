"""Load: our server and `oxigraph serve-read-only` on the same data, in alternating slices, with the same queries.

    python benchmarks/load.py --projects 1000
    python benchmarks/load.py --projects 100000 --cache off --keep DIR

Eight clients with an address each ask twenty kinds of portfolio queries, each kind equally often, each client its
next query as soon as it has the answer. The queries come from one seeded pool of 400, for both servers and for all
modes, so that a cache meets them again. The other server waits, idle: a slice begins when the processor time of
both has stopped growing. A query that one of them has not answered after 30 s counts as unanswered.

Before the load each kind is asked once of both, and the answers are compared. From 10,000 projects on a second
part follows: two clients ask page-like queries only, beside six that ask the others.

The clients read the answers with bare sockets: with `http.client` they, not Oxigraph, would be what is measured.
Only a whole answer with status 200 is ok; ok/s counts those that arrived within the slice. Exit code 1 where a
demand is not met.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import multiprocessing
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import projects_rdf as data

CLIENT_PROCESSES = 2
PATIENCE_S = 30.0
"""How long a client waits for an answer, in seconds."""
POOL = 400
"""Queries in the pool."""
BESIDE_FROM = 10_000
"""Projects from which the second part is run."""
LARGE = 100_000
"""Projects from which the demands are those of the large portfolio."""
PAGE_CLIENTS = 2
PAGE_P95_MS = 200
TICKS = os.sysconf("SC_CLK_TCK")

# --- the queries

PREFIXES = (
    f"PREFIX pf: <{data.PF}> PREFIX dct: <{data.DCT}> PREFIX skos: <{data.SKOS}> "
    f"PREFIX foaf: <{data.FOAF}> PREFIX xsd: <{data.XSD}> PREFIX group: <{data.CONCEPT}/target-group/> "
)


class Draw:
    """Draws what a visitor may ask for."""

    def __init__(self, seed: str, projects: int) -> None:
        """Begin a sequence that the seed fixes."""
        self.dice = random.Random(seed)  # the same queries for the same seed, no secret
        self.projects = projects

    def code(self) -> str:
        """Return a project's code."""
        return data.code(self.dice.randrange(self.projects))

    def project(self) -> str:
        """Return a project."""
        return f"<{data.iri('project', self.code())}>"

    def funder(self) -> str:
        """Return a funder."""
        return f"<{data.funder(self.dice.randrange(data.FUNDERS))}>"

    def organisation(self) -> str:
        """Return an organisation."""
        return f"<{data.organisation(self.dice.randrange(data.organisations(self.projects)))}>"

    def place(self) -> str:
        """Return a place."""
        return f"<{data.place(self.dice.randrange(data.PLACES))}>"

    def group(self) -> str:
        """Return a target group."""
        return f"group:{self.dice.choice(data.GROUPS)}"

    def year(self) -> int:
        """Return a year in which projects start."""
        return self.dice.randrange(2014, 2025)

    def words(self) -> str:
        """Return words of titles, in lower case."""
        return f"{self.dice.choice(data.STEPS)[0]} {self.dice.choice(data.AIMS)[0]}".lower()


@dataclass(frozen=True)
class Kind:
    """One kind of query.

    Args:
        name: What it is called in the report.
        page: Whether a page would ask it, and a visitor waits for it.
        text: Makes the query.
        some: Whether any rows may be answered, so many as LIMIT says.
    """

    name: str
    page: bool
    text: Callable[[Draw], str]
    some: bool = False

    @property
    def graph(self) -> bool:
        """Tell whether the answer is a graph."""
        return self.name.startswith(("describe", "construct"))


KINDS = (
    Kind("one project", True, lambda draw: f"""SELECT ?title ?outcome ?made ?amount ?name {{
        {(project := draw.project())} dct:title ?title .
        {project} pf:outcome ?outcome . ?outcome dct:title ?made .
        {project} pf:funding ?line . ?line pf:amount ?amount ; pf:funder ?funder . ?funder foaf:name ?name
        FILTER(LANG(?title) = "fi" && LANG(?made) = "fi" && LANG(?name) = "fi") }}"""),
    Kind("funder's first 20", True, lambda draw: f"""SELECT ?project ?title {{
        ?project pf:funder {draw.funder()} ; a pf:Project ; dct:title ?title FILTER(LANG(?title) = "fi") }}
        LIMIT 20""", some=True),
    Kind("search by code", True, lambda draw: f"""SELECT ?project ?title {{
        ?project dct:identifier "{draw.code()}" ; a pf:Project ; dct:title ?title }}"""),
    Kind("describe project", False, lambda draw: f"DESCRIBE {draw.project()}"),
    Kind("construct project", False, lambda draw: f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
        {{ BIND({(project := draw.project())} AS ?s) {project} ?p ?o }}
        UNION {{ {project} pf:outcome ?s . ?s ?p ?o }} UNION {{ {project} pf:funding ?s . ?s ?p ?o }} }}"""),
    Kind("ask", False, lambda draw: f"""ASK {{
        {draw.project()} pf:targetGroup {draw.group()} ; pf:startYear "{draw.year()}"^^xsd:gYear }}"""),
    Kind("words in titles", False, lambda draw: f"""SELECT ?project ?title {{
        ?project a pf:Project ; dct:title ?title FILTER(CONTAINS(LCASE(STR(?title)), "{draw.words()}")) }}
        LIMIT 20""", some=True),
    Kind("projects of organisation", False, lambda draw: f"""SELECT ?project ?role ?title {{
        ?part pf:organisation {draw.organisation()} ; pf:role ?role .
        ?project pf:participation ?part ; dct:title ?title }}"""),
    Kind("list with optionals", False, lambda _: """SELECT * {
        ?project a pf:Project ; dct:identifier ?code
        OPTIONAL { ?project dct:title ?title FILTER(LANG(?title) = "en") }
        OPTIONAL { ?project pf:startDate ?start } OPTIONAL { ?project pf:endDate ?end }
        OPTIONAL { ?project pf:funding/pf:amount ?amount } OPTIONAL { ?project skos:altLabel ?short } }
        LIMIT 50""", some=True),
    Kind("outcomes for group", False, lambda draw: f"""SELECT ?outcome ?title ?project {{
        ?outcome pf:benefits {draw.group()} ; a pf:Outcome ; dct:title ?title ; pf:producedBy ?project
        FILTER(LANG(?title) = "en") }} LIMIT 50""", some=True),
    Kind("place and year", False, lambda draw: f"""SELECT ?project ?title {{
        ?project dct:spatial {draw.place()} ; pf:startYear "{draw.year()}"^^xsd:gYear ; dct:title ?title
        FILTER(LANG(?title) = "fi") }}"""),
    Kind("started between", False, lambda draw: f"""SELECT ?project ?start {{
        ?project a pf:Project ; pf:startDate ?start
        FILTER(?start >= "{(year := draw.year())}-01-01"^^xsd:date && ?start < "{year}-07-01"^^xsd:date) }}
        LIMIT 20""", some=True),
    Kind("largest of funder", False, lambda draw: f"""SELECT ?project ?amount {{
        ?line a pf:Funding ; pf:funder {draw.funder()} ; pf:amount ?amount . ?project pf:funding ?line }}
        ORDER BY DESC(?amount) ?project LIMIT 20"""),
    Kind("funder by year", False, lambda draw: f"""SELECT ?year (COUNT(?project) AS ?n) (SUM(?amount) AS ?sum) {{
        ?project pf:funder {draw.funder()} ; pf:startYear ?year ; pf:funding/pf:amount ?amount }}
        GROUP BY ?year ORDER BY ?year"""),
    Kind("group and narrower", False, lambda draw: f"""SELECT ?group (COUNT(?project) AS ?n) {{
        ?group skos:broader* {draw.group()} . ?project pf:targetGroup ?group ; a pf:Project }} GROUP BY ?group"""),
    Kind("sum by funder, top 10", False, lambda _: """SELECT ?funder (SUM(?amount) AS ?sum) {
        ?line a pf:Funding ; pf:funder ?funder ; pf:amount ?amount }
        GROUP BY ?funder ORDER BY DESC(?sum) LIMIT 10"""),
    Kind("count by group", False, lambda _: """SELECT ?group (COUNT(?project) AS ?n) {
        ?project a pf:Project ; pf:targetGroup ?group } GROUP BY ?group ORDER BY DESC(?n) ?group"""),
    Kind("count by place and year", False, lambda _: """SELECT ?place ?year (COUNT(?project) AS ?n) {
        ?project a pf:Project ; dct:spatial ?place ; pf:startYear ?year } GROUP BY ?place ?year"""),
    Kind("titles A-Z", False, lambda _: """SELECT ?title ?project {
        ?project a pf:Project ; dct:title ?title } ORDER BY ?title LIMIT 20"""),
    Kind("count by class", False, lambda _: """SELECT ?class (COUNT(*) AS ?n) {
        ?s a ?class } GROUP BY ?class ORDER BY DESC(?n) ?class"""),
)  # fmt: skip


@dataclass(frozen=True)
class Query:
    """A query of the pool, with the index of its kind."""

    kind: int
    text: str

    def target(self, path: str) -> str:
        """Return the request's target."""
        return f"{path}?{urlencode({'query': self.text})}"

    @property
    def accept(self) -> str:
        """The media type to ask for."""
        return "application/n-triples" if KINDS[self.kind].graph else "application/sparql-results+json"


def queries(projects: int, seed: int) -> list[Query]:
    """Return the pool: each kind equally often."""
    draw = Draw(f"queries {seed}", projects)
    made = []
    for number in range(POOL):
        kind = number % len(KINDS)
        made.append(Query(kind, PREFIXES + " ".join(KINDS[kind].text(draw).split())))
    return made


# --- the servers


class Server:
    """A server under load."""

    def __init__(self, name: str, command: Sequence[str], path: str, env: dict[str, str], log: Path) -> None:
        """Remember how to start it; a `{port}` in the command is filled in."""
        self.name, self.command, self.path, self.env, self.log = name, command, path, env, log
        self.restarts = 0
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            SystemExit: It does not.
        """
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        command = [part.format(port=self.port) for part in self.command]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env={**os.environ, **self.env}, stdout=log, stderr=log)
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if self.ask("ASK {}", "application/sparql-results+json")[0] == 200:
                    return
            time.sleep(0.1)
        self.stop()
        raise SystemExit(f"{self.name} does not start:\n{self.log.read_text(encoding='utf-8')[-2000:]}")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def ask(self, text: str, accept: str) -> tuple[int, bytes]:
        """Ask one query."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET", f"{self.path}?{urlencode({'query': text})}", headers={"Accept": accept})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def cpu_s(self) -> float:
        """Return the processor time of the process and all below it, those that have ended included."""
        ticks = 0
        pending = [self.process.pid]
        while pending:
            pid = pending.pop()
            with contextlib.suppress(OSError):
                stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
                ticks += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
                pending += map(int, children.split())
        return ticks / TICKS

    def settle(self) -> None:
        """Wait until it is idle; start it again where it still works after as long as a client waits."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            before = self.cpu_s()
            time.sleep(0.5)
            if self.cpu_s() - before < 0.05:
                return
        self.restarts += 1
        self.stop()
        self.start()


def machine_cpu_s() -> float:
    """Return the processor time that the whole machine has used."""
    user, nice, system, _idle, _waiting, irq, softirq = map(int, Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + irq + softirq) / TICKS


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """Stop the server at the end."""
    try:
        yield server
    finally:
        server.stop()


# --- the clients


@dataclass(frozen=True)
class Asked:
    """One question: the kind, the client, HTTP status (0: none, or no whole answer), when it ended in the slice."""

    kind: int
    client: int
    status: int
    seconds: float
    ended: float


@dataclass(frozen=True)
class Task:
    """What a client process does in a slice.

    Args:
        port: The server's port.
        requests: The pool, by kind.
        clients: Number of each client, and which kinds it asks.
        seconds: How long.
        seed: What the drawing begins with.
    """

    port: int
    requests: list[list[bytes]]
    clients: dict[int, list[int]]
    seconds: float
    seed: str


def work(task: Task) -> tuple[list[Asked], float]:
    """Be the clients of one process; return what was asked, and the processor time of the process."""
    found: list[Asked] = []
    before = time.process_time()
    threads = [threading.Thread(target=_client, args=(task, number, found)) for number in task.clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found, time.process_time() - before


def _client(task: Task, number: int, found: list[Asked]) -> None:
    dice = random.Random(f"{task.seed} {number}")
    turn: list[int] = []
    connection: socket.socket | None = None
    began = now = time.monotonic()
    while now < began + task.seconds:
        # In turns that hold each kind once: by chance alone a slice could hold half as many costly ones as the next.
        turn = turn or dice.sample(task.clients[number], len(task.clients[number]))
        kind = turn.pop()
        request = dice.choice(task.requests[kind])
        status, kept = 0, False
        asked = time.monotonic()
        try:
            if connection is None:
                # An address of its own: to a server that is fair by client these are eight, not one.
                connection = socket.create_connection(
                    ("127.0.0.1", task.port), PATIENCE_S, (f"127.0.1.{number + 1}", 0)
                )
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(request)
            status, kept = _answer(connection, asked + PATIENCE_S)
        except OSError:
            pass
        now = time.monotonic()
        found.append(Asked(kind, number, status, now - asked, now - began))
        if not kept and connection is not None:
            connection.close()
            connection = None
        if status != 200:
            time.sleep(0.01)  # a refusal costs nothing: without a pause the clients would take the processor
    if connection is not None:
        connection.close()


def _answer(connection: socket.socket, deadline: float) -> tuple[int, bool]:
    """Read one answer to its end; return its status and whether the connection can be used again.

    Raises:
        OSError: It is not whole.
    """
    received = bytearray()
    head = -1
    length = 0
    chunked = False
    while True:
        piece = connection.recv(262_144)
        if not piece or time.monotonic() > deadline:
            raise ConnectionError("no whole answer")
        received += piece
        if head < 0:
            head = received.find(b"\r\n\r\n")
            if head < 0:
                continue
            lines = bytes(received[:head]).lower()
            chunked = b"\r\ntransfer-encoding: chunked" in lines
            if not chunked:
                length = int(lines.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
        # No answer asked for here holds a bare CRLF, so this is the last chunk and nothing else.
        if received.endswith(b"\r\n0\r\n\r\n") if chunked else len(received) >= head + 4 + length:
            return int(received[9:12]), b"\r\nconnection: close" not in lines


# --- the slices


@dataclass
class Slice:
    """What happened in a slice: all that was asked, and what it took, in seconds.

    Args:
        asked: All questions.
        seconds: How long the clients went on asking.
        wall_s: The same until the last of them had its answer or gave up; processor time is counted over this.
        server_cpu_s: Processor time of the server.
        client_cpu_s: Processor time of the clients.
        other_cpu_s: Processor time of all else on the machine: much of it, and the figures are not the servers' own.
    """

    asked: list[Asked]
    seconds: float
    wall_s: float
    server_cpu_s: float
    client_cpu_s: float
    other_cpu_s: float

    def rate(self, clients: Sequence[int] | None = None) -> float:
        """Return whole answers a second."""
        within = (a for a in self.asked if a.status == 200 and a.ended <= self.seconds)
        return sum(clients is None or a.client in clients for a in within) / self.seconds


class Bench:
    """Both servers, the pool and the client processes."""

    def __init__(self, ours: Server, theirs: Server, pool: list[Query], processes: ProcessPoolExecutor) -> None:
        """Take them over."""
        self.ours, self.theirs, self.pool, self.processes = ours, theirs, pool, processes

    def slice(self, server: Server, clients: dict[int, list[int]], seconds: float, seed: str) -> Slice:
        """Load one server."""
        for one in (self.ours, self.theirs):
            one.settle()
        requests: list[list[bytes]] = [[] for _ in KINDS]
        for query in self.pool:
            head = f"GET {query.target(server.path)} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            requests[query.kind].append(f"{head}Accept: {query.accept}\r\n\r\n".encode())
        parts: list[dict[int, list[int]]] = [{} for _ in range(CLIENT_PROCESSES)]
        for number, mine in clients.items():
            parts[number % CLIENT_PROCESSES][number] = mine
        before, machine, began = server.cpu_s(), machine_cpu_s(), time.monotonic()
        done = self.processes.map(work, [Task(server.port, requests, part, seconds, seed) for part in parts])
        results = list(done)
        asked = [entry for found, _ in results for entry in found]
        wall = time.monotonic() - began
        used, by_clients = server.cpu_s() - before, sum(cpu for _, cpu in results)
        return Slice(asked, seconds, wall, used, by_clients, machine_cpu_s() - machine - used - by_clients)

    def rounds(self, clients: dict[int, list[int]], seconds: float, rounds: int) -> tuple[list[Slice], list[Slice]]:
        """Load both in turn."""
        made: tuple[list[Slice], list[Slice]] = ([], [])
        for number in range(rounds):
            for server, slices in zip((self.ours, self.theirs), made, strict=True):
                slices.append(self.slice(server, clients, seconds, f"round {number}"))
        return made

    def compare(self) -> list[str]:
        """Ask each kind once of both, and return what differs."""
        differing = []
        for query in self.pool[: len(KINDS)]:
            kind = KINDS[query.kind]
            answers = []
            for server in (self.ours, self.theirs):
                try:
                    status, body = server.ask(query.text, query.accept)
                except OSError as error:
                    status, body = 0, str(error).encode()
                answers.append(_rows(body, kind) if status == 200 else [f"status {status}"])
            if answers[0] != answers[1] and not (kind.some and len(answers[0]) == len(answers[1])):
                shown = [f"{len(rows)} rows" if len(rows) != 1 else rows[0][:80] for rows in answers]
                differing.append(f"{kind.name}: ours {shown[0]}, theirs {shown[1]}")
        return differing


def _rows(body: bytes, kind: Kind) -> list[str]:
    """Return an answer's rows in an order of their own; order in the answer is not compared."""
    if kind.graph:
        return sorted(body.decode().splitlines())
    told = json.loads(body)
    if "boolean" in told:
        return [str(told["boolean"])]
    return sorted(json.dumps(row, sort_keys=True) for row in told["results"]["bindings"])


# --- the report


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that so many do not exceed; infinite where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("inf")


def _times(asked: Sequence[Asked]) -> str:
    seconds = [entry.seconds for entry in asked if entry.status == 200]
    if not seconds:
        return f"{'-':>9}{'-':>9}{'-':>9}"
    return "".join(f"{percentile(seconds, share) * 1000:9.1f}" for share in (0.5, 0.95, 0.99))


def _errors(asked: Sequence[Asked]) -> str:
    counted = Counter(entry.status for entry in asked if entry.status != 200)
    told = (f"{n} x {status or 'no answer'}" for status, n in sorted(counted.items()))
    return ", ".join(told) or "none"


def report(title: str, names: Sequence[str], both: tuple[list[Slice], list[Slice]]) -> float:
    """Print the figures of both servers; return the ratio of the medians of their throughput."""
    print(f"\n{title}")
    medians = []
    all_asked = []
    for name, slices in zip(names, both, strict=True):
        asked = [entry for one in slices for entry in one.asked]
        all_asked.append(asked)
        rates = [one.rate() for one in slices]
        medians.append(statistics.median(rates))
        seconds = sum(one.wall_s for one in slices)
        cpu = sum(one.server_cpu_s for one in slices)
        answers = sum(entry.status == 200 for entry in asked)
        print(
            f"  {name:7}{medians[-1]:9.1f} ok/s (rounds: {' '.join(f'{rate:.1f}' for rate in rates)});"
            f" p50, p95, p99 in ms:{_times(asked)}; errors: {_errors(asked)};"
            f" {1000 * cpu / max(1, answers):.1f} ms cpu an answer; cores used: server {cpu / seconds:.2f},"
            f" clients {sum(one.client_cpu_s for one in slices) / seconds:.2f},"
            f" others {sum(one.other_cpu_s for one in slices) / seconds:.2f}"
        )
    print(f"  {'ms by kind':26}" + "".join(f"{f'{name}: n':>13}{'p50':>9}{'p95':>9}{'p99':>9}" for name in names))
    for number, kind in enumerate(KINDS):
        columns, told = "", []
        for name, asked in zip(names, all_asked, strict=True):
            mine = [entry for entry in asked if entry.kind == number]
            columns += f"{len(mine):13}{_times(mine)}"
            if any(entry.status != 200 for entry in mine):
                told.append(f"{name} {_errors(mine)}")
        print(f"  {kind.name:26}{columns}" + (f"   errors: {'; '.join(told)}" if told else ""))
    ratio = medians[0] / medians[1] if medians[1] else float("inf")
    print(f"  ratio of throughput, ours / theirs: {ratio:.3f}")
    return ratio


def page_p95(slices: Sequence[Slice]) -> float:
    """Return the 95th percentile of the page clients' times in ms; what failed counts as never answered."""
    asked = [entry for one in slices for entry in one.asked if entry.client < PAGE_CLIENTS]
    return 1000 * percentile([e.seconds if e.status == 200 else float("inf") for e in asked], 0.95)


def demand(text: str, met: bool) -> bool:
    """Print whether a demand is met, and return it."""
    print(f"{'PASS' if met else 'FAIL'}  {text}")
    return met


# --- the whole


def prepare(folder: Path, projects: int, seed: int) -> None:
    """Make the data, the release and the baseline's store, unless they are there."""
    if (folder / "ready").exists():
        told = (folder / "ready").read_text(encoding="utf-8")
        if told != f"{projects} {seed}":
            raise SystemExit(f"{folder} holds the data of other options (projects, seed): {told}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    triples = data.write(folder / "projects.nt", projects, seed)
    settings = f'base_iri = "{data.BASE}"\nlanguages = ["fi", "en"]\npublisher_name = {{ en = "Synthetic" }}\n'
    (folder / "publisher.toml").write_text(settings, encoding="utf-8")
    began = time.monotonic()
    build = ["build", "projects.nt", "--config", "publisher.toml", "--releases", "releases", "--quiet"]
    subprocess.run([sys.executable, "-m", "publisher", *build], cwd=folder, check=True)
    print(f"{projects} projects, {triples} triples; built as a release in {time.monotonic() - began:.0f} s")
    master = folder / "releases" / "current" / "portfolio.nt"
    # As its own manual has it for much reading: loaded, then optimised.
    for more in (["load", "--file", str(master)], ["optimize"]):
        command = [oxigraph(), more[0], "--location", str(folder / "oxigraph"), *more[1:]]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    (folder / "ready").write_text(f"{projects} {seed}", encoding="utf-8")


def oxigraph() -> str:
    """Return the baseline's program.

    Raises:
        SystemExit: It is not installed.
    """
    found = shutil.which("oxigraph", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if found is None:
        raise SystemExit("the baseline is not installed: pip install oxigraph==0.5.13")
    return found


def publisher(folder: Path, cache: str) -> Server:
    """Start our server, all settings at their defaults but for the cache."""
    flags = ["--config", str(folder / "publisher.toml"), "--releases", str(folder / "releases"), "--port", "{port}"]
    env = {"PUBLISHER_CACHE_MB": "0"} if cache == "off" else {}
    return Server("ours", [sys.executable, "-m", "publisher", "serve", *flags], "/sparql", env, folder / "ours.log")


def main() -> int:
    """Run from the command line; 1 where a demand is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--slice", type=float, default=20.0, help="length of a slice, in seconds")
    parser.add_argument("--rounds", type=int, default=3, help="slices of each server")
    parser.add_argument("--cache", choices=("on", "off", "both"), default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep data, release and store here, or take them up")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = options.keep
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        prepare(folder, options.projects, options.seed)
        pool = queries(options.projects, options.seed)
        print(f"{len(set(pool))} different queries of {len(KINDS)} kinds")
        context = multiprocessing.get_context("spawn")
        processes = stack.enter_context(ProcessPoolExecutor(CLIENT_PROCESSES, context))
        command = [oxigraph(), "serve-read-only", "--location", str(folder / "oxigraph"), "--bind", "127.0.0.1:{port}"]
        theirs = stack.enter_context(running(Server("theirs", command, "/query", {}, folder / "theirs.log")))
        met = []
        for cache in ("off", "on") if options.cache == "both" else (options.cache,):
            with running(publisher(folder, cache)) as ours:
                met += measure(Bench(ours, theirs, pool, processes), options, cache)
    return 0 if all(met) else 1


def measure(bench: Bench, options: argparse.Namespace, cache: str) -> list[bool]:
    """Compare and load in one mode; return what became of each demand."""
    names = (bench.ours.name, bench.theirs.name)
    differing = bench.compare()
    print(f"\ncache {cache}: answers to {len(KINDS)} kinds compared, {len(differing)} differ")
    for line in differing:
        print("  " + line)
    met = []
    everything = list(range(len(KINDS)))
    both = bench.rounds(dict.fromkeys(range(options.clients), everything), options.slice, options.rounds)
    title = f"{options.projects} projects, {options.clients} clients, {options.rounds} x {options.slice:g} s, "
    ratio = report(title + f"cache {cache}", names, both)
    large = options.projects >= LARGE
    wanted = 2.0 if cache == "on" else 1.0 if large else 0.5
    met.append(demand(f"cache {cache}: {ratio:.3f} x their throughput; wanted: {wanted:g} x", ratio >= wanted))
    if options.projects >= BESIDE_FROM:
        pages = [number for number in everything if KINDS[number].page]
        others = [number for number in everything if not KINDS[number].page]
        clients = {n: pages if n < PAGE_CLIENTS else others for n in range(options.clients)}
        both = bench.rounds(clients, options.slice, options.rounds)
        report(title + f"cache {cache}, {PAGE_CLIENTS} clients ask page-like queries only", names, both)
        slow = [page_p95(slices) for slices in both]
        print(f"  page-like, p95: ours {slow[0]:.0f} ms, theirs {slow[1]:.0f} ms")
        text = f"cache {cache}: page-like p95 beside heavy queries {slow[0]:.0f} ms; wanted: under {PAGE_P95_MS} ms"
        met.append(demand(text, slow[0] < PAGE_P95_MS))
    for server in (bench.ours, bench.theirs):
        if server.restarts:
            print(f"{server.name}: started again {server.restarts} times, busy {PATIENCE_S:g} s after its clients left")
            server.restarts = 0
    return met


if __name__ == "__main__":
    sys.exit(main())
