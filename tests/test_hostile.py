"""The hostile suite: its judges can fail, and its short form finds nothing on the real server."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import hostile
import hostile_attacks
import pytest
from hostile_http import Answer
from hostile_judge import MARK, REFUSED, may_be
from hostile_watch import Canary, Files, Watch

ROOT = Path(__file__).resolve().parent.parent
JSON = "application/sparql-results+json"
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
TWO_ROWS = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [{}, {}]}}).encode()


def answer(status: int, kind: str, body: bytes, *, whole: bool = True, error: str = "", **headers: str) -> Answer:
    named = {"content-type": kind, "x-content-type-options": "nosniff"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(
        status, list(named.items()), body, len(body), body.count(b"\n"), body[-256:], whole=whole, error=error
    )


def page(body: str, policy: str = POLICY) -> Answer:
    return answer(200, "text/html", f"<html>{body}</html>".encode(), content_security_policy=policy)


def test_there_are_attacks_enough_of_every_group_in_both_forms() -> None:
    attacks = hostile_attacks.all_attacks(hostile.nowhere())
    assert len(attacks) >= hostile.LEAST_ATTACKS
    for chosen in (attacks, [attack for attack in attacks if attack.short]):
        assert {attack.group for attack in chosen} == set(hostile_attacks.GROUPS)
    assert sum(attack.short for attack in attacks) >= hostile.LEAST_SHORT


def test_a_result_may_be_whole_or_refused_or_visibly_broken() -> None:
    judge = may_be(REFUSED, rows=2)
    for fine in (
        answer(200, JSON, TWO_ROWS),
        answer(200, "text/csv", b"x\r\n1\r\n2\r\n"),
        answer(200, "text/csv", b"x\r\n1\r\n", x_truncated="rows"),
        answer(200, JSON, TWO_ROWS[:20], whole=False, error="broken off"),
        answer(503, "application/problem+json", b"{}", retry_after="5"),
        answer(504, "application/problem+json", b"{}"),
    ):
        assert judge(fine) == ""


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (answer(200, JSON, TWO_ROWS[:-5]), "cut JSON"),
        (answer(200, "text/csv", b"x\r\n1\r\n2"), "cut text/csv"),
        (answer(200, "application/sparql-results+xml", b"<sparql>"), "cut XML"),
        (answer(200, "text/csv", b"x\r\n1\r\n"), "1 rows instead of 2"),
        (answer(200, JSON, TWO_ROWS, whole=False, error="timeout"), "timeout"),
        (answer(500, "text/plain", b"x"), "status 500"),
        (answer(502, "text/plain", b"x"), "status 502"),
        (answer(503, "text/plain", b"x"), "Retry-After"),
        (answer(200, JSON, TWO_ROWS, location="//evil.example"), "redirect"),
        (answer(200, JSON, TWO_ROWS, x_injected="1"), "injected"),
        (answer(200, JSON, TWO_ROWS, x_content_type_options=""), "nosniff"),
        (Answer(error="timeout"), "no answer"),
        (Answer(200, whole=True, secret="root:x:0:"), "LEAK"),
    ],
)
def test_what_an_answer_may_not_be(wrong: Answer, words: str) -> None:
    assert words in may_be(REFUSED, rows=2)(wrong)


def test_what_nobody_can_send_whole_may_not_come_whole() -> None:
    assert "whole" in may_be(REFUSED, rows=-1)(answer(200, JSON, TWO_ROWS))


def test_a_strict_page_is_fine() -> None:
    assert may_be()(page('<a href="https://a.example/">&lt;script&gt;</a><a href="?lang=fi">x</a>')) == ""


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        f"<{MARK}>",
        '<a href="javascript:x">y</a>',
        '<a href=" JaVaScRiPt:x">y</a>',
        '<a href="//evil.example/">y</a>',
        '<b onclick="x">y</b>',
        '<b style="x">y</b>',
        "<iframe></iframe>",
        '<meta http-equiv="refresh" content="0">',
        '<script src="https://evil.example/x.js"></script>',
    ],
)
def test_what_a_browser_would_run_is_found(body: str) -> None:
    assert may_be()(page(body))


@pytest.mark.parametrize(
    "policy",
    ["", POLICY.replace("style-src 'self'", "style-src 'unsafe-inline'"), "default-src *", "default-src 'none'"],
)
def test_a_loose_policy_is_found(policy: str) -> None:
    assert "Content-Security-Policy" in may_be()(page("", policy))


def test_the_canary_hears_who_calls() -> None:
    canary = Canary()
    for family, host, port in (
        (socket.AF_INET, "127.0.0.1", canary.ports[0]),
        (socket.AF_INET6, "::1", canary.ports[1]),
    ):
        with socket.socket(family) as caller:
            caller.connect((host, port))
            caller.sendall(b"GET /x HTTP/1.1\r\n\r\n")
            assert caller.recv(100).startswith(b"HTTP/1.1 200")
    deadline = time.monotonic() + 5
    while len(canary.calls) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    canary.stop()
    assert canary.calls == ["GET /x HTTP/1.1"] * 2


def test_a_written_file_is_found(tmp_path: Path) -> None:
    for name in ("same", "changed", "gone"):
        (tmp_path / name).write_text(name)
    before = Files(tmp_path)
    (tmp_path / "changed").write_text("CHANGED")
    (tmp_path / "gone").unlink()
    (tmp_path / "new").write_text("")
    (tmp_path / ".work").mkdir()
    (tmp_path / ".work" / "kept").write_text("")
    assert before.differences(Files(tmp_path)) == ["changed: changed", "gone: gone", "new: new"]


def test_processor_time_and_memory_of_a_child_are_seen() -> None:
    inner = "import time; x = bytearray(50_000_000); e = time.process_time() + 0.6\nwhile time.process_time() < e: pass"
    outer = f"import subprocess, sys, time; time.sleep(0.3); subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen([sys.executable, "-c", outer]) as process:
        watch = Watch(process.pid, 0.05)
        began = time.monotonic()
        assert process.wait() == 0
        watch.stop()
    assert watch.peak(began, time.monotonic()) > 50_000_000
    assert watch.cpu(began, time.monotonic()) > 0.4


@pytest.mark.slow
def test_the_short_form_finds_nothing(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "hostile.py"), "--short", "--keep", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, f"{done.stdout[-12_000:]}\n{done.stderr[-3000:]}"
