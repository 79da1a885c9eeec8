"""The attacks by malformed and malicious HTTP requests: paths, pages that would run scripts, broken protocol."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from urllib.parse import quote, urlencode

import hostile_queries as queries
from hostile_attacks import Attack, Outcome, Run
from hostile_http import Answer, Target, query, request
from hostile_judge import BAD_REQUEST, MARK, Judge, may_be

ASK = "/sparql?query=ASK%7B%7D"
MOVED = frozenset({301, 302, 303, 307, 308})
MARKUP = (
    f"<{MARK}>",
    f'"><{MARK}>',
    f"'><{MARK}>",
    f"</textarea><{MARK}>",
    f"</title><{MARK}>",
    f"--><{MARK}>",
    '" onmouseover="x',
    "' onfocus='x' autofocus='",
    "javascript:alert(1)",
    "{{7*7}}<script>alert(1)</script>",
)
"""What an attacker would like a page to repeat as it stands."""
EVIL = "evil.example"


def gets(paths: Sequence[str | bytes], headers: Mapping[str, str] | None = None, *, source: str = "127.0.0.2") -> Run:
    """Return a run that asks for each path, one after the other."""

    async def run(target: Target) -> Outcome:
        return Outcome([await target.get(path, headers=headers, source=source, timeout_s=15) for path in paths])

    return run


def raws(*requests: bytes, timeout_s: float = 10.0, half_close: bool = False) -> Run:
    """Return a run that sends each request's bytes on a connection of its own."""

    async def run(target: Target) -> Outcome:
        return Outcome([await target.send(raw, timeout_s=timeout_s, half_close=half_close) for raw in requests])

    return run


# --- paths and pages


def paths(target: Target) -> Iterator[Attack]:
    """Yield the attacks on addresses, and on pages by what they repeat."""
    known = may_be(BAD_REQUEST | MOVED)
    up = {
        "plain": "../",
        "percent": "%2e%2e%2f",
        "percent-slash": "..%2f",
        "percent-dots": "%2e%2e/",
        "double": "%252e%252e%252f",
        "overlong": "%c0%ae%c0%ae%c0%af",
        "overlong-slash": "..%c0%af",
        "unicode": "..%u2215",
        "fullwidth": "%ef%bc%8e%ef%bc%8e%ef%bc%8f",
        "backslash": "..\\",
        "percent-backslash": "..%5c",
        "four-dots": "....//",
        "semicolon": "..;/",
        "nul": "..%00/",
        "tab": "..%09/",
    }
    rooms = (
        "/",
        "/dumps/",
        f"/releases/{target.release}/dumps/",
        "/releases/",
        "/doc/project/",
        "/id/project/",
        "/concept/",
        "/static/",
        "/def/",
        "/shapes/",
    )
    for name, step in up.items():
        tries = [room + step * depth + goal for room in rooms for depth, goal in ((8, "etc/passwd"), (2, "secret.nt"))]
        tries += [
            f"/dumps/{step}manifest.json",
            f"/dumps/{step}portfolio.nq",
            f"/static/{step}app.py",
            f"/static/{step}templates/base.html",
        ]
        yield Attack(f"traversal-{name}", "paths", gets(tries), known)
    absolute = [
        "//etc/passwd",
        "/static//etc/passwd",
        "/dumps//etc/passwd",
        "/dumps/%2fetc%2fpasswd",
        "/file:///etc/passwd",
        f"/dumps{target.secret_file}",
        f"/static/{target.secret_file}",
        f"/dumps/{quote(target.secret_file, safe='')}",
    ]
    yield Attack("absolute-paths", "paths", gets(absolute), known)
    yield Attack(
        "nul-in-paths",
        "paths",
        gets(
            [
                f"/dumps/{target.dump[0]}%00.nt",
                "/doc/project/x%00.ttl",
                "/%00",
                "/static/style.css%00.js",
                "/releases/%00/manifest.json",
            ]
        ),
        known,
    )
    yield Attack(
        "files-of-the-release",
        "paths",
        gets(
            [
                f"/releases/{target.release}/{name}"
                for name in (
                    "store/CURRENT",
                    "store/",
                    "index.json",
                    "portfolio.nq",
                    "dumps/../index.json",
                    "dumps/.",
                    "../secret.nt",
                )
            ]
            + [
                "/dumps/.",
                "/dumps/..",
                "/releases/.",
                "/releases/..",
                "/releases/current/manifest.json",
                "/releases/.lock",
                "/secret.nt",
                "/releases/secret.nt",
                "/dumps/secret.nt",
            ]
        ),
        known,
    )
    yield Attack(
        "odd-releases",
        "paths",
        gets(
            [
                f"/releases/{quote(word, safe='')}/manifest.json"
                for word in (
                    "*",
                    "a" * 5000,
                    "-",
                    "~",
                    "\n",
                    "%",
                    "20260101T000000Z-00000000",
                    target.release + "\n",
                    target.release + " ",
                    target.release.lower(),
                )
            ]
        ),
        known,
    )
    yield Attack(
        "invalid-utf8-in-paths",
        "paths",
        gets(
            [
                b"/\xff\xfe",
                b"/doc/project/\xc3\x28",
                "/%ff%fe",
                "/doc/project/%c3%28",
                "/concept/%ed%a0%80",
                "/static/%f8%88%80%80%80",
            ]
        ),
        known,
    )
    yield Attack(
        "long-and-deep-paths",
        "paths",
        gets(
            [
                "/" + "a/" * 3000,
                "/doc/project/" + "x" * 6000,
                "/dumps/" + "%41" * 2000,
                "/" + "/" * 6000,
                "/concept/" + "../" * 2000,
            ]
        ),
        known,
    )
    leads = [
        f"//{EVIL}",
        f"//{EVIL}/%2f..",
        f"/\\{EVIL}",
        f"/%5c{EVIL}",
        f"/%09/{EVIL}",
        f"/%2f{EVIL}",
        f"/id//{EVIL}",
        f"/id/project//{EVIL}",
        f"/id/{EVIL}/x",
        f"/doc//{EVIL}/",
        f"///{EVIL}/dumps",
        f"//{EVIL}/releases",
        "/dumps",
        "/releases",
        f"/id/project/x?lang=//{EVIL}",
        f"/id/place/evil?lang=https://{EVIL}",
        f"/?next=https://{EVIL}",
        f"/?lang=fi%0d%0aLocation:%20//{EVIL}",
    ]
    yield Attack("open-redirects", "paths", gets(leads), known)

    browser = {"Accept": queries.PAGE}
    shown = may_be(BAD_REQUEST | MOVED | {503, 504})
    for number, markup in enumerate(MARKUP):
        echoed = quote(markup, safe="")
        asked = [
            f"SELECT ('{markup}' AS ?x) {{}}",
            f'SELECT ("{markup}" AS ?x) {{}}',
            f"SELECT * {{ ?s ?p ?o }} {markup}",
        ]
        tries = [
            f"/sparql?query={echoed}",
            *("/sparql?" + urlencode({"query": text}) for text in asked),
            *(f"{ASK}&{name}={echoed}" for name in ("format", "lang", "default-graph-uri")),
            f"/sparql?{echoed}=1",
            *(f"{path}{echoed}" for path in ("/?lang=", "/?", "/def?lang=", "/catalog?lang=en&x=", "/", "/catalog")),
            *(f"/{room}/{echoed}" for room in ("doc/project", "id/project", "concept", "dumps", "releases", "static")),
            *(f"/{room}/{echoed}/x" for room in ("doc", "concept")),
        ]
        yield Attack(f"markup-{number}-repeated", "paths", gets(tries, browser), shown)
    labels = "SELECT * { ?s ?p ?o FILTER(CONTAINS(STR(?s), '/id/place/evil')) } LIMIT 50"
    about = "SELECT * { <%s/id/place/evil> ?p ?o }"
    base = "https://w3id.org/project-portfolio/osallisuus"
    schemes = ("javascript:alert(1)", "data:text/html,x", "vbscript:x", "JaVaScRiPt:x", "//evil.example", "x:<b>")
    iris = "SELECT " + " ".join(f"(IRI('{iri}') AS ?x{n})" for n, iri in enumerate(schemes)) + " {}"
    pages = [
        query(text, accept=queries.PAGE) for text in (about % base, iris, "SELECT (1 AS ?x) { VALUES ?x_y { 1 } }")
    ]
    yield Attack("hostile-labels-in-results", "paths", raws(*pages, timeout_s=25), may_be({400, 503, 504}))
    yield Attack(
        "hostile-labels-searched",
        "paths",
        raws(query(labels, accept=queries.PAGE), timeout_s=25),
        may_be({400, 503, 504}),
    )
    described = [f"/doc/place/evil{suffix}" for suffix in ("", ".html", "?lang=sv", "?lang=en", "?lang=%22%3E")] + [
        "/id/place/evil",
        "/doc/place/evil-very-long",
    ]
    yield Attack("hostile-labels-on-pages", "paths", gets(described, browser), may_be(MOVED))
    forms = [f"/doc/place/evil{suffix}" for suffix in (".ttl", ".jsonld", ".nt")] + ["/"]
    yield Attack("hostile-labels-in-rdf", "paths", gets(forms), may_be({406}))
    sniffed = [
        query("SELECT ('<html><script>alert(1)</script>' AS ?x) {}", accept=kind)
        for kind in (
            "text/csv",
            "text/tab-separated-values",
            "application/sparql-results+xml",
            "application/sparql-results+json",
        )
    ]
    yield Attack("results-that-look-like-pages", "paths", raws(*sniffed), may_be(rows=1))


# --- HTTP


def http(target: Target) -> Iterator[Attack]:
    """Yield the attacks by broken or oversized HTTP."""
    refused = may_be(BAD_REQUEST | {503, 504}, nothing=True)
    strict = may_be(BAD_REQUEST, ok=False, nothing=True)
    gone = may_be(BAD_REQUEST | {499}, ok=False, nothing=True)
    kind = "application/sparql-query"
    form = "application/x-www-form-urlencoded"

    # Large bodies: refused without being kept.
    for name, how in {"length": False, "chunks": True}.items():
        yield Attack(
            f"body-of-100-mb-by-{name}",
            "http",
            _large_body(100_000_000, kind, chunked=how),
            strict,
            growth_mb=100,
        )
    yield Attack("form-of-100-mb", "http", _large_body(100_000_000, form, chunked=False), strict, growth_mb=100)
    yield Attack(
        "multipart-of-100-mb",
        "http",
        _large_body(100_000_000, "multipart/form-data; boundary=b", chunked=False),
        strict,
        growth_mb=100,
    )
    yield Attack(
        "8-bodies-of-20-mb", "http", _large_body(20_000_000, kind, chunked=True, copies=8), strict, growth_mb=100
    )
    yield Attack(
        "body-of-100-mb-to-a-page",
        "http",
        _large_body(100_000_000, "text/plain", chunked=True, path="/doc/project/x"),
        strict,
        growth_mb=100,
    )
    yield Attack(
        "gzip-bomb-of-1-gb",
        "http",
        _gzip_bomb(kind, "gzip"),
        may_be({400, 413, 415}, ok=False, nothing=True),
        growth_mb=100,
    )
    yield Attack(
        "gzip-bomb-in-a-form",
        "http",
        _gzip_bomb(form, "gzip"),
        may_be({400, 413, 415}, ok=False, nothing=True),
        growth_mb=100,
    )
    yield Attack(
        "gzip-in-gzip",
        "http",
        _gzip_bomb(kind, "gzip, gzip, deflate"),
        may_be({400, 413, 415}, ok=False, nothing=True),
        growth_mb=100,
    )
    yield Attack(
        "gzip-that-is-none",
        "http",
        _posts(("gzip", b"ASK{}"), ("gzip", b"\x1f\x8b"), ("br", b"x"), ("identity, gzip", b"x")),
        strict,
    )
    yield Attack(
        "form-of-60000-fields",
        "http",
        _send(request("/sparql", method="POST", headers={"Content-Type": form}, body=b"a=1&" * 45_000)),
        refused,
    )
    yield Attack(
        "parameters-by-the-thousand",
        "http",
        gets(
            [
                "/sparql?" + "&".join(f"p{i}=1" for i in range(5000)),
                "/sparql?" + "&" * 20_000,
                "/sparql?query=ASK%7B%7D" + "&query=x" * 2000,
            ]
        ),
        refused,
    )

    # Lengths and codings that contradict each other.
    post = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    lengths = {
        "length-too-long": post + b"Content-Length: 50\r\n\r\nASK{}",
        "length-negative": post + b"Content-Length: -5\r\n\r\nASK{}",
        "length-of-20-digits": post + b"Content-Length: 99999999999999999999\r\n\r\nASK{}",
        "length-in-words": post + b"Content-Length: five\r\n\r\nASK{}",
        "length-with-a-sign": post + b"Content-Length: +5\r\n\r\nASK{}",
        "lengths-that-differ": post + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nASK{}",
        "length-in-a-list": post + b"Content-Length: 5, 50\r\n\r\nASK{}",
        "chunk-size-malformed": post + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK{}\r\n0\r\n\r\n",
        "chunk-size-negative": post + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nASK{}\r\n0\r\n\r\n",
        "chunk-size-huge": post + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nASK{}\r\n0\r\n\r\n",
        "chunk-size-of-1-mb": post
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + b"0" * 1_000_000
        + b"5\r\nASK{}\r\n0\r\n\r\n",
        "chunk-extension-of-1-mb": post
        + b"Transfer-Encoding: chunked\r\n\r\n5;"
        + b"x" * 1_000_000
        + b"\r\nASK{}\r\n0\r\n\r\n",
        "chunk-without-its-end": post + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}xx0\r\n\r\n",
        "trailers-by-the-thousand": post
        + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\n"
        + b"X-T: 1\r\n" * 20_000
        + b"\r\n",
        "coding-unknown": post + b"Transfer-Encoding: cow\r\n\r\nASK{}",
        "coding-twice": post + b"Transfer-Encoding: chunked, chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n",
    }
    for name, raw in lengths.items():
        harmless = name in ("trailers-by-the-thousand", "chunk-extension-of-1-mb")
        # 499 is said to a client that ended its side in the middle of the body: it may count as gone.
        judge = refused if harmless else gone if name == "length-too-long" else strict
        yield Attack(name, "http", raws(raw, half_close=True), judge)

    # Smuggling: whatever the first answer is, the hidden request must have none of its own.
    hidden = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    cl = b"Content-Length: %d\r\n" % (5 + len(hidden))
    smuggled = {
        "cl-te": post + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
        "te-cl": post + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n" + hidden,
        "te-with-space": post + b"Transfer-Encoding : chunked\r\n" + cl + b"\r\n0\r\n\r\n" + hidden,
        "te-folded": post + b"Transfer-Encoding:\r\n chunked\r\n" + cl + b"\r\n0\r\n\r\n" + hidden,
        "te-with-odd-letters": post + b"Transfer-Encoding: \x0bchunked\r\n" + cl + b"\r\n0\r\n\r\n" + hidden,
        "te-twice": post
        + b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"
        + cl
        + b"\r\n0\r\n\r\n"
        + hidden,
        "length-twice": post + b"Content-Length: 0\r\n" + cl + b"\r\n" + b"ASK{}" + hidden,
        "bare-line-feeds": post.replace(b"\r\n", b"\n") + cl.replace(b"\r\n", b"\n") + b"\nASK{}" + hidden,
        "underscore-header": post + b"Content_Length: 0\r\n" + cl + b"\r\nASK{}" + hidden,
    }
    for name, raw in smuggled.items():
        yield Attack(f"smuggling-{name}", "http", _only_one(raw), refused)

    # Headers.
    many = "".join(f"X-H{i}: {i}\r\n" for i in range(10_000))
    headers: dict[str, tuple[bytes, Judge]] = {
        "headers-10000": (f"GET {ASK} HTTP/1.1\r\nHost: x\r\n{many}\r\n".encode(), refused),
        "header-of-1-mb": (request(ASK, headers={"X-Big": "x" * 1_000_000}), refused),
        "header-name-of-100-kb": (request(ASK, headers={"X" * 100_000: "1"}), refused),
        "header-never-ending": (f"GET {ASK} HTTP/1.1\r\nHost: x\r\nX: ".encode() + b"x" * 5_000_000, refused),
        "header-folded": (f"GET {ASK} HTTP/1.1\r\nHost: x\r\nX: 1\r\n 2\r\n\r\n".encode(), refused),
        "header-with-nul": (f"GET {ASK} HTTP/1.1\r\nHost: x\r\nX: a\0b\r\nConnection: close\r\n\r\n".encode(), refused),
        "header-without-colon": (f"GET {ASK} HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n".encode(), strict),
        "header-without-name": (f"GET {ASK} HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n".encode(), strict),
        "headers-not-utf8": (
            f"GET {ASK} HTTP/1.1\r\nHost: x\r\nAccept: ".encode()
            + b"\xff\xfe\xed\xa0\x80" * 50
            + b"\r\nConnection: close\r\n\r\n",
            refused,
        ),
        "hosts-two": (f"GET {ASK} HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n".encode(), refused),
        "host-missing": (f"GET {ASK} HTTP/1.1\r\nConnection: close\r\n\r\n".encode(), refused),
        "accept-of-60-kb": (request(ASK, headers={"Accept": "text/x;q=0.1," * 4600}), refused),
        "accept-of-5000-entries": (request(ASK, headers={"Accept": ",".join(["*/*"] * 5000)}), refused),
        "accept-with-odd-q": (
            request(
                ASK,
                headers={
                    "Accept": "text/csv;q=nan, */*;q=1e309, a/b;q=-1, application/sparql-results+json;q=0.0000000001"
                },
            ),
            refused,
        ),
        "accept-of-quotes": (request(ASK, headers={"Accept": 'text/x;a="' + '\\"' * 3000}), refused),
        "accept-language-bomb": (
            request("/", headers={"Accept": "text/html", "Accept-Language": "fi-" * 2000 + "," * 1000}),
            refused,
        ),
        "accept-encoding-bomb": (request(ASK, headers={"Accept-Encoding": "gzip;q=0.1," * 700}), refused),
        "accept-charset-and-more": (
            request(
                ASK,
                headers={
                    "Accept-Charset": "utf-7",
                    "TE": "trailers, deflate;q=0.5",
                    "Upgrade": "h2c",
                    "HTTP2-Settings": "AAMAAABkAAQAAP__",
                },
            ),
            refused,
        ),
        "if-none-match-of-50-kb": (
            request("/", headers={"If-None-Match": '"x",' * 12_500}),
            may_be(BAD_REQUEST | {304}),
        ),
        "if-none-match-malformed": (
            request("/", headers={"If-None-Match": 'W/"' + "\\" * 5000}),
            may_be(BAD_REQUEST | {304}),
        ),
        "if-modified-since-bombs": (
            request(
                "/", headers={"If-Modified-Since": "Sat, 99 Foo 99999999 25:61:61 GMT" * 50, "If-Range": "x" * 3000}
            ),
            may_be(BAD_REQUEST | {304}),
        ),
        "cookies-of-60-kb": (request("/", headers={"Cookie": "a=b; " * 12_000}), refused),
        "cookies-malformed": (request("/", headers={"Cookie": '=;;="\\000\\377' * 100}), refused),
        "authorization-malformed": (request("/", headers={"Authorization": "Basic " + "=" * 3000}), refused),
        "content-type-bomb": (
            request(
                "/sparql",
                method="POST",
                headers={"Content-Type": "application/sparql-query" + ";a=b" * 1500},
                body=b"ASK{}",
            ),
            refused,
        ),
        "charset-unknown": (
            request(
                "/sparql",
                method="POST",
                headers={"Content-Type": "application/sparql-query; charset=zlib_codec"},
                body=b"x" * 1000,
            ),
            strict,
        ),
    }
    for name, (raw, judge) in headers.items():
        yield Attack(name, "http", raws(raw), judge, growth_mb=100)

    # What is repeated must not become a header.
    inject = "x%0d%0aX-Injected:%201"
    places = [
        f"{ASK}&format={inject}",
        f"{ASK}&lang={inject}",
        f"/{inject}",
        f"/id/project/{inject}",
        f"/doc/project/{inject}.ttl",
        f"/dumps/{inject}",
        f"/concept/{inject}",
        f"/?lang={inject}",
        f"/releases/{inject}/manifest.json",
        f"{ASK}&default-graph-uri={inject}",
        f"/static/{inject}",
    ]
    yield Attack("header-injection-by-address", "http", gets(places), may_be(BAD_REQUEST | MOVED))
    lines = [
        request(ASK, headers={name: "x\rX-Injected: 1"})
        for name in (
            "Host",
            "Origin",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "Script-Name",
            "Accept-Language",
            "Access-Control-Request-Headers",
        )
    ]
    lines += [request(ASK, headers={name: "x\nX-Injected: 1"}) for name in ("Host", "Origin", "X-Forwarded-Prefix")]
    yield Attack("header-injection-by-header", "http", raws(*lines), refused)
    claims = {
        "Host": "127.0.0.1",
        "X-Forwarded-Host": EVIL,
        "X-Forwarded-Proto": "javascript",
        "X-Forwarded-Prefix": f"/<{MARK}>",
        "X-Forwarded-For": "127.0.0.1",
        "Forwarded": f"host={EVIL}",
        "X-Original-URL": "/etc/passwd",
        "X-Rewrite-URL": "/etc/passwd",
        "SCRIPT_NAME": f"/<{MARK}>",
        "PATH_INFO": "/etc/passwd",
        "Proxy": f"http://{EVIL}/",
    }
    lacks = _lacking(may_be(BAD_REQUEST | MOVED, nothing=True), EVIL.encode())
    for source in ("127.0.0.2", "127.0.0.1"):
        pages = [
            request(path, headers={**claims, "Accept": accept})
            for path in ("/", "/sparql", "/dumps", "/catalog", "/id/place/evil")
            for accept in (queries.PAGE, "text/turtle")
        ]
        yield Attack(f"claims-of-a-proxy-from-{source}", "http", _from(source, pages), lacks)
    prefix = "javascript:alert(1)//"
    under = [
        request(
            path,
            headers={
                "SCRIPT_NAME": prefix,
                "X-Forwarded-Prefix": prefix,
                "X-Script-Name": prefix,
                "Accept": queries.PAGE,
            },
        )
        for path in ("/", f"{prefix}/", f"{prefix}/sparql")
    ]
    yield Attack(
        "prefix-that-is-a-script", "http", _from("127.0.0.1", under), may_be(BAD_REQUEST | MOVED, nothing=True)
    )
    hosts = [
        request("/sparql", headers={"Host": host, "Accept": accept})
        for host in (f'"><{MARK}>', "x y", "[", "a" * 5000, "127.0.0.1:99999999", "@", "x<y>", "%00", "")
        for accept in (queries.PAGE, "text/turtle")
    ]
    yield Attack("hosts-malformed", "http", raws(*hosts), may_be(BAD_REQUEST | MOVED, nothing=True))
    preflight = [
        request(
            "/sparql",
            method="OPTIONS",
            headers={
                "Origin": f"http://{EVIL}<{MARK}>",
                "Access-Control-Request-Method": "X" * 1000,
                "Access-Control-Request-Headers": "x," * 2000,
            },
        ),
        request("*", method="OPTIONS"),
        request("/none", method="OPTIONS"),
    ]
    yield Attack("preflight-bombs", "http", raws(*preflight), may_be(BAD_REQUEST | {204}, nothing=True))

    # Request lines.
    long = {"70-kb": 70_000, "1-mb": 1_000_000, "20-mb": 20_000_000}
    for name, size in long.items():
        yield Attack(
            f"url-of-{name}",
            "http",
            raws(request("/?x=" + "x" * size)),
            refused if size < 100_000 else strict,
            growth_mb=100,
        )
    odd = {
        "methods": [
            request(ASK, method=m)
            for m in ("TRACE", "FOO", "get", "CONNECT", "PRI", "DEBUG", "TRACK", "G\tET", "X" * 5000)
        ],
        "versions": [
            f"GET {ASK} {v}\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
            for v in ("HTTP/9.9", "HTTP/2.0", "HTTP/0.1", "HTTPS/1.1", "HTTP/1.11", "HTTP/-1.1", "http/1.1", "")
        ],
        "request-lines": [
            b"\r\n\r\n\r\nGET\r\n\r\n",
            b"GET  / HTTP/1.1\r\n\r\n",
            b"GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n",
            b" GET / HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1 extra\r\n\r\n",
            b"GET nonsense HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET http:// HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET http://[/ HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET //[ HTTP/1.1\r\nHost: x\r\n\r\n",
        ],
        "nul-bytes": [
            b"GET /\0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            b"\0" * 1000 + b"\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: \0\r\nConnection: close\r\n\r\n",
        ],
        "absolute-uris": [
            f"GET {u} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
            for u in (
                "http://x/sparql",
                "http://user:pass@x/",
                "ftp://x/",
                "https://x:99999/",
                "file:///etc/passwd",
                "x:",
            )
        ],
    }
    tolerant = may_be(BAD_REQUEST | MOVED, nothing=True)
    for name, requests in odd.items():
        yield Attack(f"odd-{name}", "http", raws(*requests, half_close=True), tolerant)
    yield Attack("http-0.9", "http", _http_09, tolerant)
    yield Attack(
        "http-2-preface", "http", raws(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 100, half_close=True), tolerant
    )
    yield Attack(
        "queries-not-utf8",
        "http",
        gets(
            [
                "/sparql?query=%ff%fe",
                "/sparql?query=ASK%7B%7D%80",
                b"/sparql?query=\xff",
                "/sparql?query=%",
                "/sparql?query=%zz",
                "/sparql?query=%ed%a0%80",
                "/sparql?query=%00",
                "/sparql?query=ASK%7B%7D%00",
            ]
        ),
        may_be(BAD_REQUEST),
    )
    bad = [
        request("/sparql", method="POST", headers={"Content-Type": t}, body=b)
        for t in (form, kind)
        for b in (b"\xff\xfe", b"query=\xff", b"query=%ff", b"\0", b"query=ASK{}\0", b"\xef\xbb\xbfASK{}", b"")
    ]
    yield Attack("bodies-not-utf8", "http", raws(*bad), may_be(BAD_REQUEST))

    # Ranges, pipelines, expectations.
    name, size = target.dump
    dump = f"/dumps/{name}"
    ranges = {
        "by-the-thousand": "bytes=" + ",".join(f"{i}-{i}" for i in range(0, 6000, 2)),
        "overlapping": "bytes=" + ",".join(["0-"] * 1500),
        "backwards": "bytes=9-1,-0,-,99999999999999999999-,1--5",
        "suffix-huge": "bytes=-99999999999999999999",
        "of-another-unit": "lines=0-5",
    }
    for label, value in ranges.items():
        yield Attack(
            f"ranges-{label}",
            "http",
            gets([dump], {"Range": value}),
            may_be(BAD_REQUEST | {206, 416}, broken=False, most_bytes=size + 100_000),
            growth_mb=100,
        )
    yield Attack(
        "pipeline-of-1000",
        "http",
        _pipeline(1000, "/healthz"),
        may_be({429, 503}, broken=False),
        growth_mb=100,
    )
    yield Attack(
        "pipeline-of-products",
        "http",
        _pipeline(50, "/sparql?" + urlencode({"query": queries.COUNT_PRODUCT}), most=2),
        may_be({400, 429, 503, 504}),
    )
    yield Attack("expect-100-without-a-body", "http", _expect("100-continue"), may_be(BAD_REQUEST | {417}))
    yield Attack("expect-something-else", "http", _expect("200-ok"), may_be(BAD_REQUEST | {417}))
    yield Attack(
        "upgrade-to-websocket",
        "http",
        raws(
            request(
                "/",
                headers={
                    "Connection": "Upgrade, close",
                    "Upgrade": "websocket",
                    "Sec-WebSocket-Key": "x",
                    "Sec-WebSocket-Version": "13",
                },
            )
        ),
        refused,
    )


def _lacking(judge: Judge, word: bytes) -> Judge:
    def both(answer: Answer) -> str:
        if word in answer.body or any(word.decode() in value for _, value in answer.headers):
            return f"repeats {word!r}"
        return judge(answer)

    return both


def _from(source: str, requests: Sequence[bytes]) -> Run:
    async def run(target: Target) -> Outcome:
        return Outcome([await target.send(raw, source=source, timeout_s=10) for raw in requests])

    return run


def _send(raw: bytes) -> Run:
    return raws(raw, timeout_s=15)


def _large_body(size: int, kind: str, *, chunked: bool, copies: int = 1, path: str = "/sparql") -> Run:
    how = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\n{how}\r\nConnection: close\r\n\r\n".encode()

    async def parts() -> AsyncIterator[bytes]:
        yield head
        block = b"#" * 100_000
        for _ in range(size // len(block)):
            yield b"%x\r\n%s\r\n" % (len(block), block) if chunked else block
        if chunked:
            yield b"0\r\n\r\n"

    async def run(target: Target) -> Outcome:
        sent = (target.send(parts(), source=f"127.0.0.{2 + n}", timeout_s=30) for n in range(copies))
        return Outcome(list(await asyncio.gather(*sent)))

    return run


def _gzip_bomb(kind: str, coding: str) -> Run:
    async def run(target: Target) -> Outcome:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        block = packer.compress(bytes(16_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
        bomb = b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + block * 64 + b"\x03\0" + b"\0" * 8
        headers = {"Content-Type": kind, "Content-Encoding": coding}
        return Outcome([await target.send(request("/sparql", method="POST", headers=headers, body=bomb), timeout_s=30)])

    return run


def _posts(*bodies: tuple[str, bytes]) -> Run:
    kind = "application/sparql-query"
    return raws(
        *(
            request("/sparql", method="POST", headers={"Content-Type": kind, "Content-Encoding": coding}, body=body)
            for coding, body in bodies
        )
    )


def _only_one(raw: bytes) -> Run:
    async def run(target: Target) -> Outcome:
        answers = await target.answers(raw, timeout_s=2.0)
        second = len([answer for answer in answers if answer.status is not None]) > 1
        return Outcome(
            answers[:1], note=f"{len(answers)} answers", fault="the hidden request was answered" if second else ""
        )

    return run


def _pipeline(count: int, path: str, most: int | None = None) -> Run:
    async def run(target: Target) -> Outcome:
        raw = request(path, headers={"Connection": "keep-alive"}) * count
        answers = await target.answers(raw, most=most or count, timeout_s=target.patience_s)
        answered = [answer for answer in answers if answer.status is not None]
        return Outcome(answered or answers, note=f"{len(answered)} of {count} answered")

    return run


def _expect(value: str) -> Run:
    kind = "application/sparql-query"

    async def run(target: Target) -> Outcome:
        raw = request("/sparql", method="POST", headers={"Content-Type": kind, "Content-Length": "5", "Expect": value})
        answers = await target.answers(raw, most=1, timeout_s=2.0)
        whole = await target.send(raw + b"ASK{}", timeout_s=5)
        if whole.status == 100:  # the final answer follows
            found = await target.answers(raw + b"ASK{}", most=2, timeout_s=5.0)
            whole = found[-1]
        waits = [answer for answer in answers if answer.status not in (None, 100)]
        return Outcome([*waits, whole])

    return run


async def _http_09(target: Target) -> Outcome:
    """HTTP/0.9 has no status line: an answer that is no HTTP/1 is none that could be judged."""
    answer = await target.send(b"GET /\r\n", timeout_s=5, half_close=True)
    fine = answer.status is not None or answer.error in ("closed", "reset")
    return Outcome(
        [answer] if answer.status else [], note=str(answer), fault="" if fine else f"no answer: {answer.error}"
    )
