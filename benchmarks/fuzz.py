"""Feeds random input to what reads visitors' words: negotiation, the tokenizer, `/sparql` and all other addresses.

    python benchmarks/fuzz.py --inputs 1000000
    python benchmarks/fuzz.py --seed 7 --only 4711        # one input again, with all that it holds

Input number K depends on the seed and K alone. What must hold is told by the `check_…` functions, which
`tests/test_fuzz.py` asks too. Requests go straight into the application as WSGI calls: no socket, no test client.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import io
import json
import logging
import multiprocessing
import os
import re
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

from flask import Flask

from publisher import config, errors, sparql_text
from publisher.config import Settings
from publisher.formats import GRAPHS, HTML, RESULTS
from publisher.web import negotiation
from publisher.web.app import create_app

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "data" / "osallisuus" / "publisher.toml"
SETTINGS = Settings()
LISTS = (RESULTS, GRAPHS, (HTML, *GRAPHS), (*RESULTS, HTML))
SERVICE = "<http://127.0.0.1:9/>"
"""The service that fuzzed queries call; the engine that reads them can open no socket."""
STATUSES = frozenset((200, 206, 301, 302, 303, 304, 307, 308, 400, 404, 405, 406, 408, 411, 412, 413, 414, 415, 416,
                      417, 421, 422, 426, 429, 431, 503))  # fmt: skip
"""What a request may be answered with; 503 for there is no query service behind the application."""


class BrokenError(Exception):
    """What must hold does not."""


def expect(condition: object, reason: str) -> None:
    """Break where a condition does not hold."""
    if not condition:
        raise BrokenError(reason)


# --- negotiation


def check_accept(accept: str) -> str:
    """Check what holds for any header; return what came of it."""
    for formats in LISTS:
        chosen = negotiation.negotiate(accept, formats)
        expect(chosen is None or chosen in formats, f"{chosen} is none of the formats")
        expect(negotiation.negotiate(accept, formats) is chosen, "the same header was answered in two ways")
    ranges = list(negotiation.parse(accept))
    expect(all(0 <= r.quality <= 1 for r in ranges), f"a quality is out of range: {ranges}")
    if not ranges:
        expect(all(negotiation.negotiate(accept, f) is f[0] for f in LISTS), "what is unreadable counts as absent")
    return "406" if chosen is None else chosen.name


def check_accepts(one: str, two: str) -> None:
    """Check what holds for two well-formed header lines: joined they are both, and once is as good as twice."""
    joined = f"{one},{two}"
    expect([*negotiation.parse(one), *negotiation.parse(two)] == list(negotiation.parse(joined)), "joined is not both")
    for formats in LISTS:
        chosen = negotiation.negotiate(one, formats)
        expect(negotiation.negotiate(f"{one},{one}", formats) is chosen, "twice the same line is not the same")
        chosen = negotiation.negotiate(joined, formats)
        expect(negotiation.negotiate(f"{two},{one}", formats) is chosen, "the order of two lines matters")


# --- the tokenizer


def examine(text: str) -> sparql_text.Query:
    """Examine a query as the endpoint does: the one place here that knows how."""
    return sparql_text.examine(text, sparql_text.TextLimits.of(SETTINGS))


class Reading(NamedTuple):
    """What the engine reads a query as: its kind, or "" where it failed later, and the names of its columns."""

    kind: str
    names: tuple[str, ...] = ()


class Engine:
    """The engine in a process of its own that can open no socket and no file: it tells whether it reads a query."""

    def __init__(self) -> None:
        """Start it."""
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--engine"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def reads(self, text: str) -> Reading | None:
        """Tell what a query is read as, or None where it is none."""
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError:
            return None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(struct.pack("<I", len(data)) + data)
        self.process.stdin.flush()
        answer = self.process.stdout.readline().decode()
        if not answer:  # it crashed or ran too long; such a query is no affair of the tokenizer
            self.close()
            self._start()
            return None
        kind, *names = answer.rstrip("\n").split("\t")
        return None if kind == "error" else Reading(kind, tuple(names))

    def close(self) -> None:
        """End it."""
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        self.process.kill()
        self.process.wait()


def engine_process() -> None:
    """Read queries from standard input, each behind its length, and write a line for each."""
    import pyoxigraph as ox

    store = ox.Store()
    source, out = sys.stdin.buffer, sys.stdout.buffer
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    while head := source.read(4):
        text = source.read(struct.unpack("<I", head)[0]).decode()
        signal.alarm(5)
        try:
            found = store.query(text)
            if isinstance(found, ox.QuerySolutions):
                told = ["select", *(variable.value for variable in found.variables)]
            else:
                told = ["ask" if isinstance(found, ox.QueryBoolean) else "graph"]
        except SyntaxError:
            told = ["error"]
        except (OSError, RuntimeError, ValueError):
            told = [""]
        signal.alarm(0)
        out.write(("\t".join(told) + "\n").encode())
        out.flush()


_GAP = re.compile(r"(?:\s|#[^\n\r]*)*")
_LETTER = re.compile("service", re.IGNORECASE)


def without_service(text: str) -> str:
    """Rename whatever is called service, alike everywhere: names stay names, the keyword is none any more."""
    return _LETTER.sub(lambda m: m[0].replace("v", "w").replace("V", "W"), text)


def check_query(text: str, engine: Engine) -> str:
    """Check what holds for any text; return what came of it."""
    end = 0
    for token in sparql_text.tokens(text):
        expect(token.text and text.startswith(token.text, token.offset), f"{token} is not at its place")
        expect(_GAP.fullmatch(text, end, token.offset), f"before {token} something was passed over")
        end = token.offset + len(token.text)
    refused = ""
    form: str | None = None
    try:
        form = examine(text).form
    except errors.QueryRefusedError as error:
        refused = str(error)
        expect(refused, "it was refused without a reason")
    told = engine.reads(text)
    if told is None:
        return "refused" if refused else "no query"
    called = bool(_LETTER.search(text)) and engine.reads(without_service(text)) is None
    if called:
        expect(refused, "the engine reads a call of another service, which was not refused")
        return "service"
    expect("SERVICE" not in refused or _LETTER.search(text), "a query without that word was refused as a SERVICE")
    expect("only reads" not in refused, "a query was refused as an update")
    if told.kind and not refused:
        expect((form if form in ("select", "ask") else "graph") == told.kind, f"taken for {form}, it is {told.kind}")
    if told.kind == "select":
        written = sparql_text.with_columns(text, told.names)
        again = engine.reads(written) if written is not None else told
        expect(again and sorted(again.names) == sorted(told.names), f"columns were written out wrongly: {written!r}")
    return "refused, though harmless" if refused else "query"


# --- requests


class Request(NamedTuple):
    """A request as a web server hands it over: path and query in bytes, headers as it decoded them (Latin-1)."""

    method: str
    path: bytes
    query: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def environ(self) -> dict[str, Any]:
        """Return it as WSGI has it."""
        made: dict[str, Any] = {
            "REQUEST_METHOD": self.method, "SCRIPT_NAME": "", "PATH_INFO": self.path.decode("latin-1"),
            "QUERY_STRING": self.query.decode("latin-1"), "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "1", "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(self.body), "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
            "wsgi.input_terminated": True, "CONTENT_LENGTH": str(len(self.body)),
        }  # fmt: skip
        for name, value in (("Host", "127.0.0.1:8000"), *self.headers):
            key = name.upper().replace("-", "_")
            key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
            twice = key in made and key.startswith("HTTP_") and key != "HTTP_HOST"
            made[key] = f"{made[key]},{value}" if twice else value  # as web servers join two lines
        return made


class Told(logging.Handler):
    """Keeps the last thing that the application logged as an error."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(logging.ERROR)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.last = self.format(record)


class Application:
    """An application, called as a web server calls it."""

    def __init__(self, app: Flask) -> None:
        """Take it, and listen to what it logs."""
        self.wsgi = app
        self.told = Told()
        logging.getLogger("publisher").addHandler(self.told)
        logging.getLogger("publisher").propagate = False

    def call(self, request: Request) -> tuple[int, list[tuple[str, str]], bytes]:
        """Return status, headers and body."""
        started: list[tuple[str, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> Callable[[bytes], object]:
            started.append((status, headers))
            return written.append

        answer: Iterable[bytes] = self.wsgi(request.environ(), start)
        try:
            body = b"".join([*written, *answer])
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        expect(len(started) == 1, "the answer did not begin exactly once")
        return int(started[0][0].split()[0]), started[0][1], body


def application(releases: Path) -> Application:
    """Make ours on a release, without a query service behind it."""
    return Application(create_app(config.load(CONFIG, {}), releases, None))


_MARK = b"<xss>"
"""In many requests; it may come back from nowhere as it stands."""


def check_request(request: Request, application: Application) -> str:
    """Check what holds for any request; return its status."""
    application.told.last = ""
    status, headers, body = application.call(request)
    expect(status in STATUSES, f"status {status}\n{application.told.last}")
    for name, value in headers:
        expect(re.fullmatch(r"[A-Za-z0-9-]+", name), f"{name!r} is no header")
        expect(not re.search(r"[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]", value), f"{name}: {value!r} cannot be sent")
    named = {name.lower(): value for name, value in headers}
    kind = named.get("content-type", "").partition(";")[0]
    length = named.get("content-length")
    if request.method == "HEAD" or status == 304:
        expect(not body, "there is a body where there must be none")
    else:
        expect(length is None or int(length) == len(body), f"{length} bytes were promised, {len(body)} came")
    if body and "content-encoding" not in named:
        if kind == "application/problem+json":
            expect(json.loads(body)["status"] == status, "the problem tells another status")
        if kind == "text/html":
            expect(_MARK not in body, "a visitor's mark-up came back as mark-up")
    for name, value in (("x-content-type-options", "nosniff"), ("access-control-allow-origin", "*")):
        expect(named.get(name) == value, f"{name} is missing")
    return str(status)


# --- making inputs

QUERIES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "questions").glob("*.rq"))]
SHORT = [
    f"SELECT * {{ SERVICE {SERVICE} {{ ?s ?p ?o }} }}", f"ASK {{?s ?p 1 SERVICE SILENT{SERVICE}{{}}}}",
    f"PREFIX : {SERVICE} SELECT * {{SERVICE:x{{}}}}", "SELECT * { BIND(1 AS ?x) SERVICE ?x { } }",
    f"SELECT * {{ FILTER(1<'>') SERVICE{SERVICE}{{}} #'\n }}", "ASK { ?service ?p 'SERVICE', \"service\"@service }",
    "PREFIX service: <http://x/service> ASK { service:service ?p service: }", "ASK {}", "SELECT * { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "DESCRIBE <http://x/>", "CONSTRUCT WHERE { ?s ?p ?o }",
    "BASE <http://x/> PREFIX a: <a> PREFIX : <#> SELECT ?x (COUNT(*) AS ?n) { ?x a:b/:c* ?y } GROUP BY ?x",
    "SELECT * { ?s ?p ?o FILTER(?s < 1 && ?o > 2 || NOW() = RAND()) }", "ASK { ?s ?p 'a\\'b' , \"c\\\"d\" }",
    "ASK { ?s ?p '''e'f''' . <a> <b> 1.5e3 }", "INSERT DATA { <a:b> <a:b> 1 }",
    "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "LOAD <http://127.0.0.1:9/>",
]  # fmt: skip
PIECES = [
    "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "PREFIX a: <a:b>", "BASE <http://x/>", "FROM <a:b>",
    "DISTINCT", f"SERVICE {SERVICE} {{ ?s ?p ?o }}", f"SERVICE{SERVICE}{{}}", "SERVICE", "service", "SeRvIcE",
    "SERVICE:x{}", "SERVICE SILENT", "SERVICEa:x{}", "a:.SERVICE", "a:", ":", ":b", "a:service", "SERVICE:",
    "?service", "$SERVICE", "@service", "'SERVICE'", '"service"', "# SERVICE\n", "#", "\n", "\r", "\t", " ", "'", '"',
    "'''", '"""', "\\", "\\u0027", "\\u0053ERVICE", "<", ">", "<'>'", '<">"', "<#>", "<#'>", "<http://x/'>", "<a:b>",
    "{", "}", "(", ")", "[", "]", ".", ";", ",", "*", "|", "^", "^^", "@en", "@", "?x", "$y", "?", "1", "1.", ".5",
    "1e", "1.0e-3", "true", "_:b", "_:", "-", "+", "&&", "||", "=", "!", "<=", "FILTER(1<2)", "BIND(1 AS ?x)",
    "VALUES ?x { 1 }", "OPTIONAL {}", "UNION", "MINUS {}", "GRAPH ?g {}", "GRAPH service:g {}", "NOW()", "RAND()",
    "UUID()", "INSERT", "DELETE", "LOAD", "CLEAR", "ä", "Ⅷ", "ſ", "İ", "\u00a0", "\u2003", "\ufeff", "\u0301", "·",
    "‿", "%41", "%", "\x00", "\ud800", "\U0001f600", "é", "<<", ">>", "<<(", "LATERAL {}", "VERSION '1.2'",
    "ORDER BY ?x", "LIMIT 1", "HAVING(1)", "EXISTS {}", "NOT EXISTS {}", "IN (1,2)",
]  # fmt: skip
_PARTS = re.compile(r"\s+|\w+|.", re.DOTALL)


TERMS = [
    "?o", "1", "1.", ".5", "1.5e3", "true", "'x'", '"x"', "'x'@en", "'x'@en-service", "'x'^^a:b", "a:", "a:b",
    "a:b.c", ":", ":b", ":b:", "a::", "a:%41", "a:\\-", "<a:b>", "<#b>", "<a:b'>", '<a:b#">', "_:b", "_:b.c", "[]",
    "()", "(1)", "[a a:]", "'''x'''", '"""x"""', "'SERVICE'", "a:service", "service:", "service:x", "?service",
    "$SERVICE", "'x\\''", "'\\\\'",
]  # fmt: skip
BETWEEN = [
    "", "", ".", ".", ";", ";.", " ", " . ", "#\n", ".#'\n", "\n", "\t.\t", ".{}", "}{", ".FILTER(1<'>')",
    ".FILTER(1<2)", '.FILTER(1<#>"\n2)', ".BIND(1 AS ?z)", ".OPTIONAL{}", "}UNION{", ".VALUES ?v{1}",
    ".GRAPH service:{}",
]  # fmt: skip
CALLS = [
    f"SERVICE{SERVICE}{{}}", f"SERVICE {SERVICE} {{ ?s ?p ?o }}", f"service SILENT{SERVICE}{{}}", "SERVICE:b{}",
    "SERVICE?o{}", "SERVICEa:b{}", "SERVICEservice:{}", "SERVICE a:\n{}", f"SeRvIcE#\n{SERVICE}#{{\n{{}}",
    "?service a:service 'SERVICE'", "", "GRAPH service:x {}", "SERVICESILENT:b{}", "service:x a:b 1",
    f"LATERAL{{SERVICE{SERVICE}{{}}}}",
]  # fmt: skip


def _call(random: Random) -> str:
    """Make a query in which a call of another service stands close to another term."""
    head = random.choice(("SELECT*{", "ASK{", "SELECT ?s WHERE{", "CONSTRUCT{?s ?p ?o}WHERE{", "DESCRIBE ?s{"))
    first = random.choice(("", "", "?s ?p 1.", "?s ?p ?x " + random.choice(BETWEEN)))
    term = "?s ?p " + random.choice(TERMS) + random.choice(BETWEEN)
    after = random.choice(("", "", "", "?s ?p 1", ".", random.choice(BETWEEN)))
    prologue = "PREFIX a:<a:b>PREFIX service:<a:c>PREFIX :<a:d>BASE<a:e>"
    return f"{prologue}{head}{first}{term}{random.choice(CALLS)}{after}}}"


def make_query(random: Random) -> str:
    """Make a query: a real one changed, two mixed, a soup of pieces, a call of a service close by, or any text."""
    kind = random.random()
    if kind > 0.8:
        return _call(random)
    if kind < 0.1:
        return "".join(
            chr(random.choice((random.randrange(128), random.randrange(0x3000)))) for _ in range(random.randrange(60))
        )
    if kind < 0.25:
        space = random.choice(("", " ", "\n"))
        return space.join(random.choice(PIECES) for _ in range(random.randrange(1, 30)))
    text = random.choice(SHORT if random.random() < 0.7 else QUERIES)
    parts = _PARTS.findall(text)
    if random.random() < 0.15:
        other = _PARTS.findall(random.choice(SHORT))
        parts = parts[: random.randrange(len(parts) + 1)] + other[random.randrange(len(other)) :]
    for _ in range(random.choice((0, 1, 1, 1, 2, 3, 6))):
        place = random.randrange(len(parts) + 1)
        action = random.random()
        if action < 0.55:
            parts.insert(place, random.choice(PIECES))
        elif action < 0.7:
            del parts[place : place + random.randrange(1, 4)]
        elif action < 0.8:
            parts[place:place] = parts[place : place + random.randrange(1, 6)]
        elif place < len(parts):
            parts[place] = random.choice((parts[place].swapcase(), "", " ", "#\n", parts[place][::-1]))
    return "".join(parts)


_TYPES = [
    "*/*", "*", "text/*", "application/*", "text/html", "application/xhtml+xml", "image/png", "text/plain",
    "application/json", "application/xml", "text/xml", "text/x-nquads", *(f.media_type for f in (*RESULTS, *GRAPHS)),
    "TEXT/Turtle", "a/b", "application/x-turtle", "application/problem+json",
]  # fmt: skip
_QUALITIES = [
    "0", "1", "0.5", "0.001", ".3", "1.", "0.9999", "2", "-1", "abc", "", "1e3", "nan", "٣", "0.5.5",
]  # fmt: skip
_OTHER = [
    "charset=utf-8", 'charset="UTF-8"', "profile=x", 'profile="a,b;q=0"', 'profile="a\\"b"', "level=1", "ext",
]  # fmt: skip
_JUNK = [
    ",", ";", "=", "q", "q=", '"', "\\", "/", " ", "\t", "*", "text", "\xff", "\x00", "é", ",,", ";;", "q=0", "=,=",
]  # fmt: skip


def make_accept(random: Random) -> str:
    """Make a well-formed `Accept` header."""
    elements = []
    for _ in range(random.randrange(1, 6)):
        element = random.choice(_TYPES)
        for _ in range(random.choice((0, 0, 0, 1, 2))):
            element += random.choice((";", "; ", " ;")) + random.choice(_OTHER)
        if random.random() < 0.5:
            element += random.choice((";q=", "; q=", ";Q=")) + random.choice(_QUALITIES)
        elements.append(element)
    return random.choice((",", ", ", " ,")).join(elements)


def make_bad_accept(random: Random) -> str:
    """Make an `Accept` header that may be anything."""
    if random.random() < 0.3:
        return "".join(chr(random.randrange(256)) for _ in range(random.randrange(40)))
    text = make_accept(random)
    for _ in range(random.randrange(1, 5)):
        place = random.randrange(len(text) + 1)
        text = text[:place] + random.choice(_JUNK) + text[place + random.randrange(2) :]
    return text


_METHODS = (
    ["GET"] * 8 + ["POST"] * 8 + ["HEAD", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get", "X"]
)
_NAMES = [
    "query", "query", "query", "default-graph-uri", "named-graph-uri", "format", "output", "results", "update",
    "form", "lang", "timeout", "Query", "query[]", "using-graph-uri", "", "\xff", "callback", "debug",
    "should-sponge",
]  # fmt: skip
_VALUES = [
    "", " ", "http://x/g", "x", "urn:a", "javascript:alert(1)", "http://[", "http://[::1]/", "json", "csv", "turtle",
    "text/csv", "rdf+xml", "docx", "html", "fi", "<xss>", "\x00", "\r\nX: y", "%", "é", "\U0001f600", "9" * 400,
    "../../etc/passwd", "INSERT DATA {}", "http://x/<xss>", "http://x/\n", "1",
]  # fmt: skip
CONTENT = [
    "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update", "text/plain",
    "multipart/form-data; boundary=x", "multipart/form-data", "application/json", "", ";", "a", "text/",
    "APPLICATION/SPARQL-QUERY", "application/sparql-query; charset=utf-16", "application/sparql-query;charset=",
    "application/sparql-query; charset=\"utf-8\"", "application/x-www-form-urlencoded; charset=latin-1",
    "application/sparql-query; charset*=utf-8''x", "application/sparql-query; a*0=b; a*2=c", "\xff/\xff",
]  # fmt: skip
HEADERS: dict[str, list[str]] = {
    "Accept-Language": ["fi", "sv;q=0.5, en", "*", "x" * 300, "-", "fi;q=x", "\xff", "zh-Hant-TW, , ;q"],
    "Accept-Encoding": ["gzip", "identity;q=0", "gzip;q=0", "br, *;q=0.1", "gzip;q=nan", "*", "", ";"],
    "Content-Encoding": ["gzip", "identity", "", "deflate, gzip", "x\xff", "GZIP", "br"],
    "If-None-Match": ["*", '"x"', 'W/"x"', "x", '"', "", '"a", "b"', "\xff", 'W/*'],
    "If-Modified-Since": ["Mon, 01 Jan 2024 00:00:00 GMT", "x", "", "0", "Mon, 99 Jan 99999 00:00:00 GMT"],
    "If-Match": ["*", '"x"', ""], "If-Range": ['"x"', "Mon, 01 Jan 2024 00:00:00 GMT", ""],
    "Range": ["bytes=0-10", "bytes=-5", "bytes=5-1", "bytes=x", "lines=1-2", "bytes=0-1,3-4", "bytes=" + "9" * 40, "="],
    "Host": ["example.org", "", "[::1]:80", "a b", "x:99999999", "\xff", "<xss>", "a/b", "a@b", "ä.example", "-", "."],
    "X-Forwarded-For": ["127.0.0.1", "x", "", "1.2.3.4, 5.6.7.8", "::1", "\xff"],
    "X-Forwarded-Proto": ["https", "javascript", ""], "X-Forwarded-Host": ["example.org", "<xss>", "\xff"],
    "X-Forwarded-Prefix": ["/x", "x", "//evil", ""], "Forwarded": ["for=1.2.3.4;proto=https", "x"],
    "Cookie": ["a=b", "\xff", "=", ";;", "a" * 3000], "Referer": ["http://x/", "<xss>"],
    "User-Agent": ["", "<xss>", "\xff"],
    "Content-Length": ["", "x", "-1", "0", "1", "99999999999999999999", "0x10", " 5", "٣"],
    "Origin": ["null", "http://x"], "Access-Control-Request-Method": ["POST", "x y"],
    "Authorization": ["Basic x", "Bearer \xff", ""], "Transfer-Encoding": ["chunked", "x"],
    "Expect": ["100-continue", "x"], "Upgrade": ["h2c"], "Cache-Control": ["no-cache", "x=\""],
    "Pragma": ["no-cache"], "Date": ["x"], "X-HTTP-Method-Override": ["DELETE"], "Prefer": ["x"],
    "Accept-Charset": ["utf-16"],
}  # fmt: skip


def _headers(random: Random) -> list[tuple[str, str]]:
    found = []
    accept = random.random()
    if accept < 0.5:
        found.append(("Accept", make_accept(random)))
    elif accept < 0.7:
        found.append(("Accept", make_bad_accept(random)))
    if random.random() < 0.05:
        found.append(("Accept", make_accept(random)))
    names = random.sample(sorted(HEADERS), random.choice((0, 0, 0, 1, 1, 2, 4)))
    found += [(name, random.choice(HEADERS[name])) for name in names]
    return found


def sendable(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Leave out what no web server hands over: line ends and NUL in a header, and what is not Latin-1."""
    return tuple((name, re.sub(r"[\x00\r\n]|[^\x00-\xff]", "", value).strip()) for name, value in headers)


def _encoded(random: Random, text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    way = random.random()
    if way < 0.6:
        return quote_plus(data).encode()
    if way < 0.75:
        return quote(data, safe="").encode()
    if way < 0.85:
        return "".join(f"%{byte:02X}" for byte in data).encode()
    return data  # as it stands, with its & and = and #


def make_pairs(random: Random, least: int = 0) -> bytes:
    """Make parameters as they stand in an address or a form."""
    pairs = []
    for _ in range(random.choice((least, 1, 1, 2, 3, 5))):
        name = random.choice(_NAMES)
        value = make_query(random) if name == "query" and random.random() < 0.8 else random.choice(_VALUES)
        pairs.append(_encoded(random, name) + random.choice((b"=", b"=", b"=", b"", b"==")) + _encoded(random, value))
    return _changed(random, random.choice((b"&", b"&", b"&", b";", b"&&")).join(pairs))


def _changed(random: Random, data: bytes) -> bytes:
    """Change some bytes, sometimes."""
    if random.random() < 0.75:
        return data
    for _ in range(random.randrange(1, 4)):
        place = random.randrange(len(data) + 1)
        junk = random.choice(
            (b"%", b"%u0041", b"%FF", b"%00", b"\xff", b"&", b"=", b"+", bytes([random.randrange(256)]))
        )
        data = data[:place] + junk + data[place + random.randrange(3) :]
    return data


def make_sparql_request(random: Random) -> Request:
    """Make a request to `/sparql`."""
    method = random.choice(_METHODS)
    headers = _headers(random)
    query = make_pairs(random, 0) if method != "POST" or random.random() < 0.3 else b""
    body = b""
    if method == "POST" or random.random() < 0.1:
        kind = random.choice(CONTENT[:2] if random.random() < 0.7 else CONTENT)
        if kind:
            headers.append(("Content-Type", kind))
        way = random.random()
        if way < 0.45:
            body = make_pairs(random, 0)
        elif way < 0.9:
            body = _changed(random, make_query(random).encode("utf-8", "surrogatepass"))
        elif way < 0.98:
            body = bytes(random.randrange(256) for _ in range(random.randrange(200)))
        else:
            body = random.choice((b"a", b"&", b"=", b"query=", b"%41", b"(")) * random.choice((1000, 5000, 250_000))
        if random.random() < 0.1:
            coding, pack = random.choice((("gzip", gzip.compress), ("GZIP", zlib.compress), ("deflate", zlib.compress)))
            headers.append(("Content-Encoding", coding))
            body = _changed(random, pack(body))
    return Request(method, b"/sparql", in_a_line(query), sendable(headers), body)


def in_a_line(query: bytes) -> bytes:
    """Leave out what cannot stand in a request line."""
    return re.sub(rb"[\x00-\x20\x7f#]", b"", query)


_SEGMENTS = [
    "", ".", "..", "id", "doc", "sparql", "def", "shapes", "concept", "dumps", "catalog", "static", "healthz",
    "metrics", ".well-known", "void", "project", "outcome", "portfolio", "dataset", "organisation", "evidence",
    "source-record", "S20394", "S20831~good-practices", "osallisuus", "portfolio.nt.gz", "target-group", "roma",
    "style.css", "current", "manifest.json", "store", "_x0041_", "_xFFFFFFFF_", "_x110000_", "_xD800_", "~", "~~",
    "a" * 3000, "%2e%2e", "%2F", "%00", "%FF", "%", "\xff\xfe", "é", "<xss>", "'", '"', "\\", "..\\", ":", "http:",
    "//x", "x y", "\t", "\x7f", "*", "?", "#", ";a=b", "@", "{}", "\U0001f600", "CON", "NUL.ttl", "..;",
    "favicon.ico", "robots.txt",
]  # fmt: skip
_SUFFIXES = [
    "", "", "", "", ".ttl", ".jsonld", ".rdf", ".nt", ".html", ".csv", ".json", ".TTL", ".", ".ttl.gz", "/", ".ttl/",
]  # fmt: skip
_ARGUMENTS = [
    b"", b"", b"lang=sv", b"lang=xx", b"lang=%FF", b"lang=%3Cxss%3E", b"x=%3Cxss%3E&lang=en", b"format=ttl", b"&&&",
    b"=", b"lang=fi&lang=en", b"query=ASK{}", b"%", b"\xff", b"lang=en%0D%0AX:y", b"page=2", b"page=-1", b"q=%00",
]  # fmt: skip


class Paths:
    """Makes requests to every address but `/sparql`: those that exist, changed, and any others."""

    def __init__(self, application: Application) -> None:
        """Read the addresses of the application."""
        self.rules = sorted({rule.rule for rule in application.wsgi.url_map.iter_rules()} - {"/sparql"})

    def make(self, random: Random) -> Request:
        """Make a request."""
        way = random.random()
        if way < 0.7:
            path = re.sub(r"<[^>]*>", lambda _: random.choice(_SEGMENTS), random.choice(self.rules))
        else:
            path = "/" + "/".join(random.choice(_SEGMENTS) for _ in range(random.randrange(5)))
        if random.random() < 0.5:
            path += random.choice(_SUFFIXES)
        if random.random() < 0.1:
            place = random.randrange(len(path) + 1)
            path = path[:place] + chr(random.randrange(0x250)) + path[place:]
        data = _changed(random, path.encode("utf-8", "surrogatepass"))
        method = random.choice(("GET", "GET", "GET", "GET", "GET", "HEAD", *_METHODS[-9:]))
        body = b"x" * random.choice((0, 0, 0, 10))
        return Request(method, data, in_a_line(random.choice(_ARGUMENTS)), sendable(_headers(random)), body)


# --- the run


class Failure(NamedTuple):
    """An input with which something does not hold, by its number."""

    number: int
    kind: str
    reason: str
    input: str

    def alike(self) -> str:
        """Return what failures of the same fault share: the exception's name, or the reason without its particulars."""
        last = self.reason.strip().splitlines()[-1]
        raised = re.match(r"[\w.]+(?=:)", last) if "\n" in self.reason else None
        return raised[0] if raised else re.sub(r"\d+|'.*", "", last[:60])


@dataclasses.dataclass
class Tally:
    """What came of some inputs: numbers by kind and outcome, and what is broken."""

    outcomes: Counter[tuple[str, str]] = dataclasses.field(default_factory=Counter)
    failures: list[Failure] = dataclasses.field(default_factory=list)

    def faults(self) -> Iterator[tuple[int, Failure]]:
        """Yield how often each kind of failure came, and its shortest input."""
        alike: dict[str, list[Failure]] = {}
        for failure in self.failures:
            alike.setdefault(failure.alike(), []).append(failure)
        for group in alike.values():
            yield len(group), min(group, key=lambda failure: len(failure.input))


class Inputs:
    """Makes inputs by number; each has a random source of its own, so that it can be had again alone."""

    def __init__(self, seed: int, application: Application) -> None:
        """Remember the seed and the application's addresses."""
        self.seed = seed
        self.paths = Paths(application)

    def input(self, number: int) -> tuple[str, object]:
        """Make an input: its kind and itself."""
        random = Random(f"{self.seed}:{number}")
        kind = random.choices(("negotiation", "tokenizer", "/sparql", "addresses"), (20, 35, 30, 15))[0]
        if kind == "negotiation":
            return kind, (make_accept(random), make_accept(random), make_bad_accept(random))
        if kind == "tokenizer":
            return kind, make_query(random)
        return kind, make_sparql_request(random) if kind == "/sparql" else self.paths.make(random)


class Fuzzer:
    """Checks inputs by number."""

    def __init__(self, seed: int, application: Application, engine: Engine) -> None:
        """Take what is asked."""
        self.application = application
        self.engine = engine
        self.inputs = Inputs(seed, application)

    def check(self, made: Any) -> str:
        """Check an input and return what came of it."""
        if isinstance(made, Request):
            return check_request(made, self.application)
        if isinstance(made, str):
            return check_query(made, self.engine)
        one, two, bad = made
        check_accepts(one, two)
        check_accept(bad)
        return check_accept(one)

    def run(self, numbers: Iterable[int]) -> Tally:
        """Check many."""
        tally = Tally()
        for number in numbers:
            kind, made = self.inputs.input(number)
            try:
                outcome = self.check(made)
            except BrokenError as error:
                outcome, reason = "BROKEN", str(error)
            except Exception:  # noqa: BLE001 - whatever is raised is what this looks for
                outcome, reason = "BROKEN", traceback.format_exc(limit=-4)
            tally.outcomes[kind, outcome] += 1
            if outcome == "BROKEN":
                tally.failures.append(Failure(number, kind, reason, repr(made)))
        return tally


_fuzzer: Fuzzer


def _begin(seed: int, releases: Path) -> None:
    global _fuzzer
    _fuzzer = Fuzzer(seed, application(releases), Engine())


def _chunk(first: int, beyond: int) -> Tally:
    return _fuzzer.run(range(first, beyond))


def run(seed: int, inputs: int, releases: Path, processes: int, chunk: int = 2000) -> Tally:
    """Check inputs 0 to `inputs`, in several processes."""
    total = Tally()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawn, _begin, (seed, releases)) as pool:
        firsts = range(0, inputs, chunk)
        beyonds = [min(first + chunk, inputs) for first in firsts]
        for done, tally in enumerate(pool.map(_chunk, firsts, beyonds)):
            total.outcomes.update(tally.outcomes)
            total.failures += tally.failures
            if sys.stderr.isatty():
                print(f"\r{beyonds[done]:9,} inputs, {len(total.failures)} broken", end="", file=sys.stderr, flush=True)
    return total


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000, metavar="N")
    parser.add_argument("--seed", type=int, default=None, metavar="S", help="default: another each time")
    parser.add_argument("--only", type=int, default=None, metavar="K", help="show and check this one input")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--engine", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.engine:
        engine_process()
        return 0
    seed = int(time.time()) if asked.seed is None else asked.seed
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        releases = Path(folder)
        build = ["publisher", "build", str(CONFIG.parent), "--config", str(CONFIG), "--releases", folder, "--quiet"]
        subprocess.run([sys.executable, "-m", *build], check=True)
        if asked.only is not None:
            fuzzer = Fuzzer(seed, application(releases), Engine())
            print(*fuzzer.inputs.input(asked.only), sep="\n")
            total = fuzzer.run([asked.only])
            fuzzer.engine.close()
        else:
            print(f"seed {seed}, {asked.inputs:,} inputs, {asked.processes} processes", flush=True)
            began = time.monotonic()
            total = run(seed, asked.inputs, releases, asked.processes)
            took = time.monotonic() - began
            print(f"{took:.0f} s, {asked.inputs / took:,.0f} inputs a second")
    for (kind, outcome), count in sorted(total.outcomes.items()):
        print(f"{kind:<12} {outcome:<26} {count:>9,}")
    for times, failure in total.faults():
        print(f"\nBROKEN {times} times, the shortest: --seed {seed} --only {failure.number}  {failure.kind}")
        print(f"input: {failure.input[:2000]}", *failure.reason.strip().splitlines()[-12:], sep="\n")
    print(f"\n{len(total.failures)} broken")
    return 1 if total.failures else 0


if __name__ == "__main__":
    sys.exit(main())
