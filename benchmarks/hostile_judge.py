"""What an answer to an attack may be. A judge returns what is wrong with an answer; "" where it may stand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from html.parser import HTMLParser

from hostile_http import KEPT_BYTES, Answer

Judge = Callable[[Answer], str]

REFUSED = frozenset({400, 413, 503, 504})
"""What a query that costs too much is told."""
BAD_REQUEST = frozenset({400, 403, 404, 405, 406, 408, 411, 413, 414, 415, 417, 421, 426, 431, 501, 505})
"""What a request is told that is none, or that the server does not do."""
_SOURCES = frozenset({"'self'", "'none'", "data:"})
_ADDRESSES = ("href", "src", "action", "formaction", "cite", "data", "poster", "xlink:href")
_ALLOWED_ADDRESS = re.compile(r"(?:https?:|mailto:|urn:|[/?#.]|[\w%~-]+(?:[/?#]|$))", re.IGNORECASE)
MARK = "xss-7f3a"
"""Name of an element that only an attacker writes."""


def may_be(
    statuses: Iterable[int] = (),
    *,
    ok: bool = True,
    rows: int | None = None,
    broken: bool = True,
    nothing: bool = False,
    most_bytes: int | None = None,
    holds: bytes = b"",
) -> Judge:
    """Make a judge.

    Args:
        statuses: The statuses allowed beside 200; 503 must say when to come again unless the query itself is at fault.
        ok: Whether 200 is allowed: whole, readable, and ending as its format ends.
        rows: How many rows a whole 200 has, unless it says in a header that it was cut; -1: more than any server sends.
        broken: Whether a 200 may break off in a way that the client sees as an error.
        nothing: Whether the server may end the connection without an answer.
        most_bytes: The longest body that a 200 may have.
        holds: What a 200 must hold.
    """
    allowed = frozenset(statuses)

    def judge(answer: Answer) -> str:
        if answer.status is None:
            if nothing and answer.error in ("closed", "reset"):
                return ""
            return f"no answer: {answer.error}"
        return everywhere(answer) or own(answer) or strict(answer)

    def own(answer: Answer) -> str:
        if answer.status not in (200, 206):
            if answer.status not in allowed:
                return f"status {answer.status}"
            if answer.status == 503 and not answer.header("retry-after") and b"query-memory" not in answer.body:
                return "503 without Retry-After"
            return "" if answer.whole else f"{answer.status} {answer.error}"
        if answer.status == 206 and 206 not in allowed:
            return "status 206"
        if answer.status == 200 and not ok:
            return "status 200"
        if most_bytes is not None and answer.size > most_bytes:
            return f"{answer.size} bytes"
        if not answer.whole:
            seen = answer.error in ("broken off", "reset", "left") or answer.error.startswith("gzip")
            return "" if broken and seen else f"200, then {answer.error}"
        if answer.status == 200 and answer.size:
            fault = whole_body(answer, rows)
            if fault:
                return fault
        return "" if holds in answer.body else f"the answer lacks {holds!r}"

    return judge


def everywhere(answer: Answer) -> str:
    """Judge what holds for every answer: nothing leaks, nothing is injected, no redirect leads elsewhere."""
    if answer.secret:
        return f"LEAK of {answer.secret!r}"
    if answer.status == 500:
        return "status 500"
    if any(name.startswith("x-injected") or value.startswith("injected") for name, value in answer.headers):
        return "header injected"
    location = answer.header("location")
    if location and not re.match(r"/(?![/\\])|http://127\.0\.0\.1[:/]", location):
        return f"redirect to {location[:60]!r}"
    return ""


def strict(answer: Answer) -> str:
    """Judge what a browser must be told by every answer that has a body, and what a page may hold."""
    kind = answer.header("content-type").partition(";")[0].strip().lower()
    fault = html(answer) if kind in ("text/html", "application/xhtml+xml", "image/svg+xml") else ""
    if not fault and answer.size and answer.header("x-content-type-options").lower() != "nosniff":
        fault = f"{answer.status} {kind} without nosniff"
    return fault


# --- bodies


def whole_body(answer: Answer, rows: int | None) -> str:
    """Judge the body of a 200 whose framing was whole: a result that ends as it must, with all its rows."""
    kind = answer.header("content-type").partition(";")[0].strip().lower()
    kept_all = answer.size <= KEPT_BYTES
    count: int | None = None
    if kind in ("application/sparql-results+json", "application/json", "application/ld+json"):
        if kept_all:
            try:
                value = json.loads(answer.body)
            except ValueError as error:
                return f"200 with cut JSON: {error}"
            if isinstance(value, dict) and isinstance(value.get("results"), dict):
                count = len(value["results"]["bindings"])
        elif not answer.tail.rstrip().endswith((b"}", b"]")):
            return "200 with cut JSON"
    elif kind in ("text/csv", "text/tab-separated-values"):
        if not answer.tail.endswith(b"\n"):
            return f"200 with cut {kind}"
        if b'"' not in answer.body:  # a quoted value may hold line feeds
            count = answer.lines - 1
    elif kind == "application/sparql-results+xml" and not answer.tail.rstrip().endswith(b"</sparql>"):
        return "200 with cut XML"
    elif kind == "application/rdf+xml" and not answer.tail.rstrip().endswith(b"</rdf:RDF>"):
        return "200 with cut RDF/XML"
    elif kind in ("application/n-triples", "text/turtle", "application/n-quads"):
        if not answer.tail.rstrip().endswith((b".", b"}")) and answer.size > 1 and not _comment(answer.tail):
            return f"200 with cut {kind}"
    elif kind == "text/html" and not answer.tail.rstrip().endswith(b"</html>"):
        return "200 with a cut page"
    truncated = answer.header("x-truncated")
    if rows is None or kind == "text/html" or truncated:
        return ""
    if rows < 0:
        return "200, whole, of a result that nobody can send whole"
    return "" if count is None or count == rows else f"200 with {count} rows instead of {rows}, and it does not say so"


def _comment(tail: bytes) -> bool:
    return tail.rstrip().rpartition(b"\n")[2].startswith((b"#", b"@"))


# --- pages


def html(answer: Answer) -> str:
    """Judge a page: a strict policy, and nothing in it that a browser would run."""
    policy = answer.header("content-security-policy")
    if not policy:
        return f"{answer.status} HTML without Content-Security-Policy"
    rules = {words[0].lower(): words[1:] for words in (rule.split() for rule in policy.split(";")) if words}
    for name in ("default-src", "script-src", "style-src", "object-src"):
        loose = [s for s in rules.get(name, rules.get("default-src", ["*"])) if not _strict(s, name)]
        if loose:
            return f"Content-Security-Policy: {name} {' '.join(loose)}"
    for name in ("base-uri", "frame-ancestors", "form-action"):
        if name not in rules:
            return f"Content-Security-Policy without {name}"
    reader = _Page()
    reader.feed(answer.body.decode("utf-8", "replace"))
    return reader.fault


def _strict(source: str, name: str) -> bool:
    return source in _SOURCES and not (source == "data:" and name != "img-src")


class _Page(HTMLParser):
    """Finds what a browser would run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.fault = ""
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        data = named.get("type") == "application/ld+json" and "src" not in named  # no browser runs it
        self._script = tag == "script" and not data
        if tag in (MARK, "iframe", "object", "embed", "base", "style", "svg", "math", "applet", "frame"):
            self.fault = f"<{tag}> in the page"
        if tag == "script" and not (named.get("src") or "").startswith("/") and "src" in named:
            self.fault = f"<script src={named['src']!r}>"
        if tag == "meta" and (named.get("http-equiv") or "").lower() == "refresh":
            self.fault = "<meta refresh>"
        for name, value in attrs:
            text = (value or "").strip()
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.fault = f"<{tag} {name}=…>"
            elif name in _ADDRESSES and text and not _ALLOWED_ADDRESS.match(text):
                self.fault = f"<{tag} {name}={text[:40]!r}>"
            elif name in _ADDRESSES and text.startswith(("//", "/\\")):
                self.fault = f"<{tag} {name}={text[:40]!r}> leads to another server"

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.fault = "inline <script>"

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = False


def first_fault(answers: Sequence[Answer], judge: Judge) -> str:
    """Return the first thing that is wrong with any of the answers, and with which of them."""
    for number, answer in enumerate(answers, start=1):
        fault = judge(answer)
        if fault:
            return fault if len(answers) == 1 else f"{fault} (answer {number} of {len(answers)})"
    return ""
