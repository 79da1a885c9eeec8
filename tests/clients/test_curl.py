"""curl against a running server: what the README shows, and what scripts do."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
BASE = "https://w3id.org/project-portfolio/osallisuus"
PROJECT = f"{BASE}/id/project/S20394"
TITLE = f"SELECT ?t {{ <{PROJECT}> <http://purl.org/dc/terms/title> ?t }}"
PREFIXES = "PREFIX pf: <https://w3id.org/project-portfolio/def#>\nPREFIX dct: <http://purl.org/dc/terms/>\n"
CODES = PREFIXES + "SELECT ?c { ?p a pf:Project ; dct:identifier ?c } ORDER BY ?c"
TYPE = "Content-Type: application/sparql-query"

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


class Answer(NamedTuple):
    code: int
    body: bytes
    facts: dict[str, str | int]


def curl(*arguments: str, data: bytes = b"") -> Answer:
    """Run curl; `facts` is what it tells of the transfer."""
    done = subprocess.run(
        ["curl", "-q", "-sS", "--max-time", "20", "--noproxy", "*", "-w", r"%{stderr}\n%{json}\n", *arguments],
        input=data, capture_output=True, check=False,
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if line.startswith(b'{"')]
    return Answer(done.returncode, done.stdout, json.loads(told[-1]))


def status(answer: Answer) -> int:
    return int(answer.facts["http_code"])


def rows(body: bytes) -> list[list[str]]:
    return list(csv.reader(body.decode("utf-8").splitlines()))[1:]


def test_the_commands_of_the_readme(origin: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = [text for text in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) if text.startswith("curl ")]
    assert len(blocks) >= 2
    answers = []
    for block in blocks:
        assert "http://127.0.0.1:8000" in block
        command = block.replace("http://127.0.0.1:8000", origin)
        done = subprocess.run(["bash", "-c", command], capture_output=True, check=True)
        answers.append(done.stdout)
    assert ["Sosiaali- ja terveysministeriö"] in rows(answers[0])
    described = {triple.subject.value for triple in ox.parse(answers[1], format=ox.RdfFormat.TURTLE)}
    assert PROJECT in described


@pytest.mark.parametrize("kind", ["text/csv", "text/csv;q=0.9, text/html;q=0.1", "TEXT/CSV; charset=utf-8"])
def test_a_query_by_get_and_every_kind_of_post(origin: str, tmp_path: Path, kind: str) -> None:
    (tmp_path / "codes.rq").write_text(CODES, encoding="utf-8")
    endpoint, accept = f"{origin}/sparql", ["-H", f"Accept: {kind}"]
    forms = [
        curl("-G", endpoint, *accept, "--data-urlencode", f"query={CODES}"),
        curl("-G", endpoint, *accept, "--data-urlencode", f"query@{tmp_path / 'codes.rq'}"),
        curl(endpoint, *accept, "--data-urlencode", f"query@{tmp_path / 'codes.rq'}"),
        curl(endpoint, *accept, "-H", TYPE, "--data-binary", f"@{tmp_path / 'codes.rq'}"),
        curl(endpoint, *accept, "-H", TYPE, "--data-binary", "@-", data=CODES.encode()),
        curl(endpoint, *accept, "-H", TYPE, "-d", CODES),
        curl(endpoint, *accept, "-H", TYPE, "-H", "Transfer-Encoding: chunked", "-d", CODES),
        curl(endpoint, *accept, "-H", TYPE, "-H", "Expect: 100-continue", "-d", CODES),
        curl("--http1.0", endpoint, *accept, "-H", TYPE, "-d", CODES),
        curl("--http2", endpoint, *accept, "-H", TYPE, "-d", CODES),
    ]
    assert [(answer.code, status(answer)) for answer in forms] == [(0, 200)] * len(forms)
    assert len(rows(forms[0].body)) == 13
    assert {answer.body for answer in forms} == {forms[0].body}


def test_letters_outside_ascii_go_and_come(origin: str) -> None:
    query = PREFIXES + 'SELECT ?t { ?p a pf:Outcome ; dct:title ?t FILTER(CONTAINS(?t, "Sámi")) }'
    by_get = curl("-G", f"{origin}/sparql", "-H", "Accept: text/csv", "--data-urlencode", f"query={query}")
    direct = curl(f"{origin}/sparql", "-H", "Accept: text/csv", "-H", f"{TYPE}; charset=utf-8", "-d", query)
    assert ["New research findings on services for the Sámi"] in rows(by_get.body)
    assert direct.body == by_get.body


def test_format_needs_no_header(origin: str) -> None:
    answer = curl("-G", f"{origin}/sparql", "-d", "format=csv", "--data-urlencode", f"query={CODES}")
    assert ["S20394"] in rows(answer.body)
    assert answer.facts["content_type"] == "text/csv; charset=utf-8"


def test_compressed(origin: str, tmp_path: Path) -> None:
    address = ["-G", f"{origin}/sparql", "--data-urlencode", f"query={CODES}"]
    plain, packed = curl(*address), curl(*address, "--compressed", "-D", str(tmp_path / "head"))
    assert packed.body == plain.body
    assert "content-encoding: gzip" in (tmp_path / "head").read_text().lower()
    assert int(packed.facts["size_download"]) < int(plain.facts["size_download"])


def test_head_tells_what_get_would(origin: str) -> None:
    address = ["-G", f"{origin}/sparql", "--data-urlencode", f"query={CODES}"]
    head, get = curl("-I", *address), curl("-i", *address)
    told = [line for line in head.body.split(b"\r\n") if not line.lower().startswith(b"date:")]
    got = [line for line in get.body.partition(b"\r\n\r\n")[0].split(b"\r\n") if not line.lower().startswith(b"date:")]
    assert told[0] == b"HTTP/1.1 200 OK"
    assert sorted(line for line in told if line) == sorted(got)


@pytest.mark.parametrize("coding", [[], ["--compressed"]], ids=["plain", "gzip"])
@pytest.mark.parametrize("path", ["/sparql", "/doc/project/S20394", "/def"])
def test_an_etag_saves_the_second_transfer(origin: str, tmp_path: Path, coding: list[str], path: str) -> None:
    tag = str(tmp_path / "etag")
    ask = [*coding, f"{origin}{path}"]
    ask += ["-G", "--data-urlencode", f"query={CODES}"] if path == "/sparql" else []
    accept = ["-H", "Accept: application/sparql-results+json, text/turtle"]
    first = curl("--etag-save", tag, *ask, *accept)
    assert (status(first), Path(tag).read_text()[:1]) == (200, '"')
    second = curl("--etag-compare", tag, *ask, *accept)
    assert (second.code, status(second), second.body) == (0, 304, b"")
    other = curl("--etag-compare", tag, *ask, "-H", "Accept: application/sparql-results+xml, application/rdf+xml")
    assert status(other) == 200


def test_an_identifier_leads_to_its_description(origin: str) -> None:
    answer = curl("-L", "-H", "Accept: application/n-triples", f"{origin}/id/project/S20394")
    assert (status(answer), answer.facts["num_redirects"]) == (200, 1)
    assert str(answer.facts["url_effective"]) == f"{origin}/doc/project/S20394"
    assert f"<{PROJECT}> " in answer.body.decode()


def test_head_follows_an_identifier_too(origin: str) -> None:
    answer = curl("-I", "-L", "-H", "Accept: text/turtle", f"{origin}/id/project/S20394")
    assert (status(answer), answer.facts["num_redirects"]) == (200, 1)
    assert re.findall(rb"HTTP/1.1 (\d+)", answer.body) == [b"303", b"200"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["-G", "--data-urlencode", "query=SELECT * {"], 400),
        (["-d", "query="], 400),
        (["-d", "update=CLEAR ALL"], 400),
        (["-H", "Content-Type: application/sparql-update", "-d", "CLEAR ALL"], 415),
        (["-d", "ASK {}", "-H", "Content-Type: text/plain"], 415),
        (["-F", "query=ASK {}"], 415),
        (["-X", "PUT", "-d", "x"], 405),
        (["-X", "DELETE"], 405),
        (["-G", "--data-urlencode", "query=ASK {}", "-H", "Accept: image/png"], 406),
    ],
)
def test_fail_makes_every_refusal_an_exit_code(origin: str, arguments: list[str], code: int) -> None:
    answer = curl("-f", f"{origin}/sparql", *arguments)
    assert (answer.code, status(answer), answer.body) == (22, code, b"")
    told = curl("--fail-with-body", f"{origin}/sparql", *arguments)
    assert told.code == 22
    assert json.loads(told.body)["status"] == code


def test_a_file_that_is_too_large_is_refused_and_not_hung_on(origin: str, tmp_path: Path) -> None:
    (tmp_path / "large.rq").write_bytes(b"# " + b"x" * 3_000_000)
    answer = curl(f"{origin}/sparql", "-H", TYPE, "--data-binary", f"@{tmp_path / 'large.rq'}")
    assert status(answer) == 413


def test_one_connection_serves_many_queries(origin: str) -> None:
    addresses = [f"{origin}/sparql?query=ASK%7B%7D%23{number}" for number in range(5)]
    answer = curl(*addresses)
    assert answer.body.count(b'"boolean":true') == 5
    assert answer.facts["num_connects"] == 0, "the last one found the connection open"


def test_a_dump_comes_whole(origin: str, tmp_path: Path) -> None:
    page = curl("-H", "Accept: text/html", f"{origin}/dumps/").body.decode()
    names = re.findall(r'href="(/dumps/[^"?]*\.nt(?:\.gz)?)"', page)
    assert names
    assert curl("-o", str(tmp_path / "dump"), f"{origin}{names[0]}").code == 0
    subprocess.run(["gzip", "-t", str(tmp_path / "dump")], check=names[0].endswith(".gz"))
