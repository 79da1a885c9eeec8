"""Attacks a real server, more than a hundred ways, while a good client asks it five times a second.

    python benchmarks/hostile.py                      # 2.5 million triples, every attack: about half an hour
    python benchmarks/hostile.py --short              # 50,000 triples, some fifty attacks, a query deadline of 2 s
    python benchmarks/hostile.py --only connections   # a group, or attacks by name (`*` stands for anything)

What must hold, each said as PASS or FAIL, exit code 1 on any FAIL: no crash, no leak, no call to another server, no
write, no 500, no 200 with a cut body; 99.9 % of the good client's queries answered rightly within 2 s; less than 1 s of
processor time after a client left; memory within (slots × worker limit) + 500 MB, and back after the run.

Attackers are niced and come from 127.0.0.2 and up; the good client from 127.0.0.1. Nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from multiprocessing.connection import Connection
from pathlib import Path

import foreign
import hostile_http
from hostile_attacks import GROUPS, LEFT_WATCH_S, Attack, Outcome, all_attacks
from hostile_http import Target
from hostile_judge import MARK, first_fault
from hostile_watch import Canary, Files, GoodClient, Probe, Watch

from publisher.config import Settings

LEAST_ATTACKS = 110
LEAST_SHORT = 40
GOOD_SHARE = 0.999
MEMORY_OVER_WORKERS_MB = 500
MEMORY_BACK_MB = 100
MEMORY_BACK_S = 30.0
ATTACK_LEAST_S = 1.0
"""An attack that is over sooner is followed by a pause: the good client must have been there."""
SHORT_TIMEOUT_S = 2.0
SHORT_PACE = 0.25
BASE = "https://w3id.org/project-portfolio/osallisuus"


# --- the server


@dataclass
class Server:
    """A running `publisher serve` with its default settings."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @classmethod
    def start(cls, folder: Path, releases: Path, environment: dict[str, str]) -> Server:
        """Start it on a free port and wait until it listens."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port: int = probe.getsockname()[1]
        log = folder / "server.log"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PUBLISHER_")}
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "publisher", "serve", "--releases", str(releases), "--port", str(port)],
                cwd=folder, env={**inherited, **environment}, stdout=subprocess.PIPE, stderr=errors, text=True,
            )  # fmt: skip
        assert process.stdout is not None
        if not process.stdout.readline().startswith("serving "):
            process.kill()
            raise SystemExit(f"the server did not start:\n{log.read_text(encoding='utf-8')}")
        return cls(process, port, log)

    def stop(self) -> int | None:
        """End it; its exit status, or None where it had to be killed."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None


def build(folder: Path, triples: int) -> Path:
    """Build the release to attack, unless it is there already; returns the folder of the releases."""
    releases = folder / "releases"
    if (releases / "current").exists():
        print(f"using the release in {releases}")
        return releases
    print(f"building a release of {triples} triples")
    source = folder / "foreign.nq"
    foreign.write(source, triples)
    with source.open("a", encoding="utf-8") as out:
        out.write(hostile_data())
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PUBLISHER_")}
    command = [sys.executable, "-m", "publisher", "build", "foreign.nq", "--quiet"]
    subprocess.run(command, cwd=folder, env=inherited, check=True)
    source.unlink()
    return releases


def hostile_data() -> str:
    """Return statements whose labels and IRIs a careless page would run, lead to, or be broken by."""
    evil, title = f"<{BASE}/id/place/evil>", "<http://purl.org/dc/terms/title>"
    labels = [
        "<script>alert(1)</script>",
        f'\\"><{MARK} onload=x>',
        f"'><{MARK}>",
        "\\u202Efdp.exe\\u2066\\u2069",
        f"</title></textarea><{MARK}>",
        "{{7*7}} {% raw %} ${x} \\u0000"[:-7],
        "--><![CDATA[<script>]]>",
        "\\u0007\\u007F\\uFFFE\\u200B",
    ]
    iris = ["javascript:alert(1)", "data:text/html,alert(1)", "JaVaScRiPt:alert(1)", "vbscript:x", "file:///etc/passwd"]
    lines = [f'{evil} {title} "{label}"@{tag} .' for label in labels for tag in ("fi", "en")]
    lines += [f"{evil} <http://xmlns.com/foaf/0.1/{p}> <{iri}> ." for iri in iris for p in ("homepage", "page")]
    lines.append(f"{evil} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{foreign.EX}'onclick='x> .")
    lines.append(f'<{BASE}/id/place/evil-very-long> {title} "{"W" * 300_000}" .')
    lines.append(f"<{BASE}/id/place/evil-very-long> <{foreign.EX}{'p' * 3000}> <{foreign.EX}{'o' * 60_000}> .")
    return "\n".join(lines) + "\n"


# --- the attackers' process


@dataclass(frozen=True)
class Report:
    """What the attackers' process tells of an attack."""

    seen: Counter[str]
    fault: str
    note: str
    left: float | None


def _attack_for_ever(pipe: Connection, target: Target, secret: str) -> None:
    os.nice(10)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    hostile_http.SECRETS.append(secret.encode())
    attacks = {attack.name: attack for attack in all_attacks(target)}
    while True:
        try:
            name: str = pipe.recv()
        except EOFError:
            return
        pipe.send(asyncio.run(_attack(attacks[name], target)))


async def _attack(attack: Attack, target: Target) -> Report:
    try:
        async with asyncio.timeout(attack.limit_s):
            outcome = await attack.run(target)
    except TimeoutError:
        outcome = Outcome(fault=f"not over after {attack.limit_s:.0f} s")
    except OSError as error:
        outcome = Outcome(fault=f"the attackers could not go on: {error}")
    fault = outcome.fault or first_fault(outcome.answers, attack.judge)
    return Report(Counter(str(answer) for answer in outcome.answers), fault, outcome.note, outcome.left)


class Attackers:
    """The attackers' process; a new one where an attack does not come to an end."""

    def __init__(self, target: Target, secret: str) -> None:
        """Start it."""
        self._arguments = (target, secret)
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_attack_for_ever, args=(other, *self._arguments), daemon=True)
        self._process.start()
        other.close()

    def run(self, attack: Attack) -> Report:
        """Run one attack to its end."""
        self._pipe.send(attack.name)
        try:
            if self._pipe.poll(attack.limit_s + 30):
                report: Report = self._pipe.recv()
                return report
        except EOFError:
            pass
        self.stop()
        self._start()
        return Report(Counter(), "the attackers' process did not come back", "", None)

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


# --- the run


@dataclass
class Line:
    """What one attack did."""

    attack: Attack
    report: Report
    began: float
    ended: float
    fault: str = ""
    cpu_s: float | None = None
    cpu_before_s: float = 0.0
    peak: int = 0
    probes: tuple[Probe, ...] = ()

    @property
    def lost(self) -> int:
        """Return how many of the good client's queries were not answered rightly in time."""
        return sum(1 for probe in self.probes if probe.fault)

    def __str__(self) -> str:
        """Return the attack's line."""
        seen = ", ".join(f"{count}×{what}" if count > 1 else what for what, count in self.report.seen.most_common(6))
        words = [word for word in (seen, self.report.note) if word]
        if self.cpu_s is not None:
            words.append(f"{self.cpu_s:.2f} s cpu after leaving, {self.cpu_before_s:.2f} s in the half second before")
        slowest = max((probe.seconds for probe in self.probes), default=0.0)
        return (
            f"{'FAIL' if self.fault else 'lost' if self.lost else 'ok':4} {self.attack.group:11} {self.attack.name:38} "
            f"{self.ended - self.began:5.1f} s  probes {len(self.probes) - self.lost:3}/{self.lost:<2} "
            f"{slowest * 1000:5.0f} ms  {self.peak / 1e6:5.0f} MB  {'; '.join(words)}"
            + (f"  <- {self.fault}" if self.fault else "")
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, help="size of the release; 2,500,000, or 50,000 in the short form")
    parser.add_argument(
        "--short", action="store_true", help="some fifty attacks of all groups, in about a minute and a half"
    )
    parser.add_argument("--only", action="append", metavar="GROUP|NAME", help="only these attacks; may be repeated")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="build the release here, or use the one that is here")
    parser.add_argument("--list", action="store_true", help="name the attacks and end")
    options = parser.parse_args(arguments)
    if options.list:
        for attack in all_attacks(nowhere()):
            print(f"{attack.group:11} {attack.name}{'  (short form too)' if attack.short else ''}")
        return 0
    triples = options.triples or (50_000 if options.short else 2_500_000)
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        work = Path(name)
        kept = options.keep.resolve() if options.keep else work
        kept.mkdir(parents=True, exist_ok=True)
        return attack_server(work, build(kept, triples), triples, options.only or [], short=options.short)


def nowhere() -> Target:
    """Return a target to name the attacks by, without a server."""
    facts = {"items": 1, "default": 1, "values": 1}
    return Target(1, (1, 1), "/secret.nt", "R", ("D", 1), facts, 1.0, 1, 1)


def attack_server(work: Path, releases: Path, triples: int, only: list[str], *, short: bool) -> int:
    """Start a server on the releases, attack it, and say what held.

    Returns:
        0 where everything did, else 1.
    """
    settings = Settings(query_timeout_s=SHORT_TIMEOUT_S) if short else Settings()
    environment = {"PUBLISHER_QUERY_TIMEOUT_S": str(SHORT_TIMEOUT_S)} if short else {}
    secret = f"canary-{secrets.token_hex(8)}"
    secret_file = releases / "secret.nt"
    secret_file.write_text(f'<urn:secret> <urn:word> "{secret}" .\n', encoding="utf-8")
    before = Files(releases)
    canary = Canary()
    server = Server.start(work, releases, environment)
    try:
        target = Target(
            server.port, canary.ports, str(secret_file), "", ("", 0), {"items": triples // 5}, settings.query_timeout_s,
            settings.max_query_bytes, settings.query_slots, SHORT_PACE if short else 1.0,
        )  # fmt: skip
        target = asyncio.run(_acquaint(target))
        run = _Run(server, target, secret, work)
        chosen = [attack for attack in all_attacks(target) if _is_chosen(attack, only, short=short)]
        if not chosen:
            raise SystemExit(f"no attack is called {' or '.join(only)}")
        print(f"{len(chosen)} attacks on {triples} triples, port {server.port}; probes are right/lost and the slowest")
        run.attack(chosen, canary)
        demands = run.demands(settings)
    finally:
        code = server.stop()
        canary.stop()
    changed = before.differences(Files(releases))
    secret_file.unlink()
    log = server.log.read_text(encoding="utf-8", errors="replace")
    traced = "Traceback" in log or "Exception ignored" in log
    failed = [line for line in run.lines if line.fault]
    if not only:
        least = LEAST_SHORT if short else LEAST_ATTACKS
        demands.append(
            (
                f"at least {least} attacks, of every group",
                len(run.lines) >= least and {a.group for a in chosen} == set(GROUPS),
                str(len(run.lines)),
            )
        )
    demands += [
        ("every answer as it may be: no 500, no cut 200, no leak", not failed, f"{len(failed)} attacks failed"),
        ("no call to another server", not canary.calls, f"{len(canary.calls)} calls {canary.calls[:3] or ''}"),
        ("no write: every file of the releases as it was", not changed, f"{len(changed)} changes {changed[:5] or ''}"),
        ("no traceback in the server's log", not traced, f"{len(log)} bytes of log"),
        ("the server ended when told to", code == 0, f"exit status {code}"),
    ]  # fmt: skip
    run.table()
    if failed:
        print("\nfailed attacks:")
        for line in failed:
            print(f"  {line.attack.name}: {line.fault}")
    robbed = [f"{line.attack.name} {line.lost}" for line in run.lines if line.lost]
    if robbed:
        print(f"\nqueries of the good client lost beside: {', '.join(robbed)}")
    print()
    for words, held, figures in demands:
        print(f"{'PASS' if held else 'FAIL'}  {words}: {figures}")
    holds = all(held for _, held, _ in demands)
    if not holds and log:
        first = log.find("Traceback") if traced else max(0, len(log) - 2500)
        print(f"\nfrom the server's log:\n{log[first : first + 2500]}")
    return 0 if holds else 1


def _is_chosen(attack: Attack, only: list[str], *, short: bool) -> bool:
    if only:
        return any(attack.group == pattern or fnmatch(attack.name, pattern) for pattern in only)
    return attack.short or not short


async def _acquaint(target: Target) -> Target:
    """Learn what the attacks need to know: the release, its largest dump, how many rows there are."""

    async def count(where: str) -> int:
        answer = await target.query(f"SELECT (COUNT(*) AS ?n) {{ {where} }}", source="127.0.0.1", timeout_s=60)
        if answer.status != 200:
            raise SystemExit(f"the server does not answer: {answer} {answer.body[:300]!r}")
        return int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"])

    listed = await target.get("/dumps/", source="127.0.0.1", headers={"Accept": "application/json"})
    known = json.loads(listed.body)
    dump = max(known["dumps"], key=lambda entry: int(entry["bytes"]))
    facts = {**target.facts, "default": await count("?s ?p ?o"), "values": min(5000, target.facts["items"] // 5)}
    return replace(target, release=known["release"], dump=(dump["name"], dump["bytes"]), facts=facts)


class _Run:
    """The attacks one after the other, with all that watches."""

    def __init__(self, server: Server, target: Target, secret: str, work: Path) -> None:
        self.server = server
        self.target = target
        self.watch = Watch(server.process.pid)
        self.good = GoodClient(target, work / "probes")
        self.attackers = Attackers(target, secret)
        self.lines: list[Line] = []
        self.probes: list[Probe] = []
        self.ended: list[str] = []
        self.idle_cpu = 0.0
        self.memory_before = 0
        self.memory_after = 0
        self.pids: frozenset[int] = frozenset()

    def attack(self, chosen: Sequence[Attack], canary: Canary) -> None:
        """Run the attacks."""
        try:
            self._warm_up()
            for attack in chosen:
                calls = len(canary.calls)
                line = self._one(attack)
                if len(canary.calls) > calls:
                    line.fault = f"CALL to {canary.calls[calls]!r}"
                self.lines.append(line)
                print(line, flush=True)
                status = self.server.process.poll()
                if status is not None:
                    self.ended.append(f"the master, with status {status}: nothing more was attacked")
                    return
            self._cool_down()
        finally:
            self.good.stop()
            self.attackers.stop()
            self.watch.stop()

    def _warm_up(self) -> None:
        """Wait until the good client is answered, then see what the server takes when nobody attacks."""
        deadline = time.monotonic() + 20
        while not any(not probe.fault for probe in self.good.news(time.monotonic())):
            if time.monotonic() > deadline:
                raise SystemExit("the good client is not answered, even before the first attack")
            time.sleep(0.2)
        time.sleep(1)
        began = time.monotonic()
        time.sleep(3)
        now = time.monotonic()
        self.idle_cpu = self.watch.cpu(began, now) / (now - began)
        self.memory_before = int(statistics.median(sample.bytes for sample in self.watch.between(began, now)))
        lived = [sample.children for sample in self.watch.between(began, now)]
        self.pids = frozenset.intersection(*lived)
        self.good.news(now)
        print(f"before: {self.memory_before / 1e6:.0f} MB, {len(self.pids)} processes below the master")

    def _one(self, attack: Attack) -> Line:
        began = time.monotonic()
        start_bytes = self.watch.samples[-1].bytes
        report = self.attackers.run(attack)
        time.sleep(max(0.0, began + ATTACK_LEAST_S * (0.5 + self.target.pace / 2) - time.monotonic()))
        line = Line(attack, report, began, time.monotonic(), report.fault)
        line.peak = self.watch.peak(began, line.ended)
        new = self.good.news(line.ended)
        self.probes += new
        line.probes = tuple(new)
        if report.left is not None:
            until = min(report.left + LEFT_WATCH_S, line.ended)
            line.cpu_s = max(0.0, self.watch.cpu(report.left, until) - self.idle_cpu * (until - report.left))
            line.cpu_before_s = self.watch.cpu(report.left - 0.5, report.left)
            if attack.left_cpu_s is not None and line.cpu_s >= attack.left_cpu_s:
                line.fault = line.fault or f"{line.cpu_s:.2f} s of processor time after the client left"
        grown = (line.peak - start_bytes) / 1e6
        if attack.growth_mb is not None and grown > attack.growth_mb:
            line.fault = line.fault or f"grew by {grown:.0f} MB"
        gone = self.pids - self.watch.samples[-1].children
        if gone or self.server.process.poll() is not None:
            self.ended.append(f"{sorted(gone) or 'the master'} during {attack.name}")
            line.fault = f"CRASH of {sorted(gone) or 'the master'}"
            self.pids -= gone
        return line

    def _cool_down(self) -> None:
        """Wait until the last answers are in and memory is given back, at most as long as it may take."""
        end = time.monotonic() + MEMORY_BACK_S
        bound = self.memory_before + MEMORY_BACK_MB * 1_000_000
        while True:
            time.sleep(2)
            now = time.monotonic()
            self.memory_after = int(statistics.median(sample.bytes for sample in self.watch.between(now - 2, now)))
            if self.memory_after <= bound or now > end:
                break
        self.probes += self.good.news(time.monotonic())

    def demands(self, settings: Settings) -> list[tuple[str, bool, str]]:
        """Return what the good client, the processes and the memory say: demand, whether it holds, figures."""
        lost = [probe for probe in self.probes if probe.fault]
        share = 1 - len(lost) / max(1, len(self.probes))
        bound = settings.query_slots * settings.query_memory_mb + MEMORY_OVER_WORKERS_MB
        peak = max(sample.bytes for sample in self.watch.samples) / 1e6
        burnt = [line for line in self.lines if line.cpu_s is not None]
        over = [line.attack.name for line in burnt if line.cpu_s >= (line.attack.left_cpu_s or 1.0)]  # type: ignore[operator]
        worst = max((line.cpu_s for line in burnt if line.attack.left_cpu_s == 1.0), default=0.0)  # type: ignore[type-var]
        after, before = self.memory_after / 1e6, self.memory_before / 1e6
        causes = Counter(probe.fault for probe in lost).most_common(4)
        return [
            (
                "the good client is answered, 99.9 %",
                share >= GOOD_SHARE,
                f"{share:.2%} of {len(self.probes)}, {_times(self.probes)}, {len(lost)} lost {causes or ''}",
            ),
            ("no crash: the same processes to the end", not self.ended, "; ".join(self.ended) or "none ended"),
            ("processor time after a client left < 1 s a query", not over, f"worst of one {worst:.2f} s {over or ''}"),
            (f"memory at most {bound} MB", peak <= bound, f"peak {peak:.0f} MB"),
            ("memory back within 100 MB", after <= before + MEMORY_BACK_MB, f"{before:.0f} to {after:.0f} MB"),
        ]  # fmt: skip

    def table(self) -> None:
        """Print the figures by group."""
        words = ("attacks", "failed", "probes", "lost", "p50 ms", "p99 ms", "max ms", "MB")
        print(f"\n{'group':12}" + "".join(f"{word:>8}" for word in words))
        for group in GROUPS:
            lines = [line for line in self.lines if line.attack.group == group]
            if lines:
                probes = [probe for line in lines for probe in line.probes]
                failed = sum(1 for line in lines if line.fault)
                lost = sum(line.lost for line in lines)
                p50, p99, most = _quantiles(probes)
                peak = max(line.peak for line in lines) / 1e6
                print(
                    f"{group:12}{len(lines):8}{failed:8}{len(probes):8}{lost:8}{p50:8.0f}{p99:8.0f}{most:8.0f}{peak:8.0f}"
                )


def _quantiles(probes: Sequence[Probe]) -> tuple[float, float, float]:
    times = sorted(probe.seconds * 1000 for probe in probes)
    if not times:
        return 0.0, 0.0, 0.0
    return times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)], times[-1]


def _times(probes: Sequence[Probe]) -> str:
    p50, p99, most = _quantiles(probes)
    return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, max {most:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
