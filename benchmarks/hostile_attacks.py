"""The attacks of the hostile suite: each has a name, a group, what it sends, and what its answers may be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import hostile_queries as queries
from foreign import EX
from hostile_http import Answer, Target, hang_up, query
from hostile_judge import BAD_REQUEST, REFUSED, Judge, may_be
from hostile_queries import Hostile

GROUPS = ("cost", "nesting", "ssrf", "writes", "paths", "http", "connections")
SHORT = frozenset(
    (
        "product-of-2", "product-of-3-counted", "sort-titles-20", "bind-doubling-36", "regex-computed-per-row",
        "path-any-star", "left-product", "left-distinct", "64-products-from-64-addresses", "300-cheap-queries-at-once",
        "product-over-http-1.0",
        "braces-2200", "not-exists-835", "parentheses-25000", "list-of-256-ones", "star-of-128", "optionals-256",
        "values-of-5000-works", "comment-of-60-kb-works",
        "service-plain", "service-silent", "service-computed", "service-in-a-string-works", "from-secret",
        "default-graph-http", "proxy-request",
        "update-insert-data", "update-after-a-comment", "update-beside-a-query", "graph-store-put",
        "traversal-percent-slash", "invalid-utf8-in-paths", "open-redirects", "markup-9-repeated",
        "hostile-labels-in-results", "hostile-labels-on-pages",
        "body-of-100-mb-by-chunks", "gzip-bomb-of-1-gb", "chunk-size-malformed", "smuggling-cl-te", "headers-10000",
        "header-injection-by-address", "claims-of-a-proxy-from-127.0.0.1", "url-of-1-mb", "odd-nul-bytes",
        "queries-not-utf8", "ranges-overlapping", "pipeline-of-1000",
        "slow-loris-300", "slow-bodies-300", "idle-2000", "slow-readers-of-a-result-300", "half-open-in-headers-500",
        "garbage-300", "abandoned-at-once-100",
    )
)  # fmt: skip
"""The attacks of the short form: one or some of each kind."""
LEFT_WATCH_S = 2.0
"""How long the processor is watched after a client has left, in seconds."""


@dataclass
class Outcome:
    """What an attack brought back.

    Args:
        answers: What the attackers were answered.
        left: When the last of them hung up before its answer (monotonic time), where the attack is to leave.
        note: What else was seen, in a few words.
        fault: What is wrong, where no answer tells it.
    """

    answers: list[Answer] = field(default_factory=list)
    left: float | None = None
    note: str = ""
    fault: str = ""


Run = Callable[[Target], Awaitable[Outcome]]


@dataclass(frozen=True)
class Attack:
    """One attack.

    Args:
        name: Unique.
        group: One of `GROUPS`.
        run: Attacks.
        judge: Judges each answer.
        growth_mb: How much the server's processes may grow meanwhile, in MB, where it is less than the demand for all.
        left_cpu_s: Processor time that may be burnt after the clients left, in seconds, for those that leave.
        limit_s: When it is broken off, in seconds: then something was not answered.
    """

    name: str
    group: str
    run: Run
    judge: Judge
    growth_mb: float | None = None
    left_cpu_s: float | None = None
    limit_s: float = 60.0

    @property
    def short(self) -> bool:
        """Tell whether it belongs to the short form."""
        return self.name in SHORT


def all_attacks(target: Target) -> list[Attack]:
    """Return every attack, in the order of the groups.

    Args:
        target: What is attacked; some attacks are made of its ports and files.
    """
    import hostile_connections
    import hostile_requests

    made = [
        *cost(target),
        *nesting(target),
        *ssrf(target),
        *writes(target),
        *hostile_requests.paths(target),
        *hostile_requests.http(target),
        *hostile_connections.connections(target),
    ]
    names = [attack.name for attack in made]
    if len(names) != len(set(names)) or not SHORT.issubset(names):
        twice = {name for name in names if names.count(name) > 1}
        raise ValueError(f"attacks of the same name: {sorted(twice)}; unknown: {sorted(SHORT.difference(names))}")
    return made


# --- queries that cost


def ask(hostile: Hostile, **more: object) -> Run:
    """Return a run that asks one query."""

    async def run(target: Target) -> Outcome:
        answer = await target.query(
            hostile.text,
            accept=hostile.accept,
            post=hostile.post,
            source=hostile.source,
            **more,  # type: ignore[arg-type]
        )
        return Outcome([answer])

    return run


def copies(text: str, count: int, sources: int, first: int = 2, accept: str = "") -> Run:
    """Return a run that asks the same query many times at once.

    Args:
        text: The query; `{n}` in it becomes the number of the copy, so that no cache answers.
        count: How many.
        sources: From how many addresses.
        first: Last byte of the first of them.
        accept: The Accept header.
    """

    async def run(target: Target) -> Outcome:
        found = await asyncio.gather(
            *(
                target.query(text.replace("{n}", str(n)), source=f"127.0.0.{first + n % sources}", accept=accept)
                for n in range(count)
            )
        )
        return Outcome(list(found))

    return run


def leave(hostile: Hostile, count: int = 1, sources: int = 1, *, reset: bool = False) -> Run:
    """Return a run whose clients ask, wait until the query runs, and hang up."""

    async def one(target: Target, number: int) -> None:
        _, writer = await target.connect(f"127.0.0.{2 + number % sources}")
        writer.write(query(hostile.text + f" #{number}", accept=hostile.accept))
        await writer.drain()
        await asyncio.sleep(0.6)
        await hang_up(writer, reset=reset)

    async def run(target: Target) -> Outcome:
        gone = await asyncio.gather(*(one(target, number) for number in range(count)), return_exceptions=True)
        left = time.monotonic()
        lost = sum(isinstance(result, BaseException) for result in gone)
        await asyncio.sleep(LEFT_WATCH_S)
        return Outcome(left=left, note=f"{count - lost} left")

    return run


def cost(target: Target) -> Iterator[Attack]:
    """Yield the attacks by queries that cost."""
    for hostile in queries.costly():
        judge = may_be(REFUSED, rows=hostile.expected(target.facts))
        yield Attack(hostile.name, "cost", ask(hostile), judge)
    for hostile in queries.leaving():
        yield Attack(f"left-{hostile.name}", "cost", leave(hostile), may_be(), left_cpu_s=1.0)
    product = Hostile("", queries.COUNT_PRODUCT)
    yield Attack("left-by-reset", "cost", leave(product, reset=True), may_be(), left_cpu_s=1.0)
    yield Attack("left-100-at-once", "cost", leave(product, 100, 10), may_be(), left_cpu_s=float(target.slots))
    heavy = queries.COUNT_PRODUCT + " #{n}"
    refused = may_be(REFUSED, rows=1)
    rows = may_be(REFUSED, rows=queries.ENDLESS)
    yield Attack("8-products-from-one-address", "cost", copies(heavy, 8, 1), refused)
    yield Attack("8-products-from-the-good-client", "cost", copies(heavy, 8, 1, first=1), refused)
    yield Attack(
        "8-sorts-from-8-addresses",
        "cost",
        copies(queries.SORT + " #{n}", 8, 8),
        may_be(REFUSED, rows=target.facts["default"]),
    )
    yield Attack("8-memory-growths", "cost", copies(queries.bind_doubling(36) + " #{n}", 8, 8), refused)
    yield Attack("8-streamed-products", "cost", copies(queries.PRODUCT + " #{n}", 8, 8), rows)
    yield Attack("64-products-from-one-address", "cost", copies(heavy, 64, 1), refused, limit_s=90)
    yield Attack("64-products-from-64-addresses", "cost", copies(heavy, 64, 64), refused, limit_s=90)
    cheap = f"SELECT ?p ?o {{ <{EX}item/{{n}}1> ?p ?o }}"
    yield Attack("300-cheap-queries-at-once", "cost", copies(cheap, 300, 1), may_be({503}, broken=False))
    yield Attack("300-cheap-queries-from-30-addresses", "cost", copies(cheap, 300, 30), may_be({503}, broken=False))
    fill = "SELECT ?s ?p ?o { ?s ?p ?o FILTER({n} = {n}) } LIMIT 20000"
    yield Attack(
        "100-results-for-the-cache",
        "cost",
        copies(fill, 100, 5, accept=queries.CSV),
        may_be({503, 504}, rows=20_000, broken=False),
    )
    yield Attack("head-of-a-product", "cost", ask(product, method="HEAD"), may_be(REFUSED))
    yield Attack(
        "gzip-of-a-product", "cost", ask(Hostile("", queries.PRODUCT), headers={"Accept-Encoding": "gzip"}), rows
    )
    yield Attack("product-over-http-1.0", "cost", _old_protocol, rows)
    yield Attack("product-with-datasets", "cost", ask(product, more={"default-graph-uri": f"{EX}graph/one"}), refused)


async def _old_protocol(target: Target) -> Outcome:
    """HTTP/1.0 has no chunks: where the end of the connection is the end, a cut body must end in a reset."""
    sent = query(queries.PRODUCT).replace(b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", 1)
    return Outcome([await target.send(sent)])


# --- queries that nest


def nesting(target: Target) -> Iterator[Attack]:
    """Yield the attacks by deep and long queries, and the long ones that must work."""
    for hostile in queries.nested():
        statuses: Iterable[int] = () if hostile.works else REFUSED
        judge = may_be(statuses, rows=hostile.expected(target.facts), broken=not hostile.works)
        yield Attack(hostile.name, "nesting", ask(hostile), judge)
    deep = "ASK { " + "FILTER NOT EXISTS { " * 2000 + "?s ?p ?o" + " }" * 2001 + " #{n}"
    yield Attack("8-deep-queries-at-once", "nesting", copies(deep, 8, 4), may_be(REFUSED))


# --- calls to other servers, and files


def ssrf(target: Target) -> Iterator[Attack]:
    """Yield the attempts to make the server call another one or read a file; the canaries tell whether it did."""
    port, port6 = target.canaries
    url = f"http://127.0.0.1:{port}/"
    secret = f"file://{target.secret_file}"
    never = may_be({400}, ok=False)
    for name, text in queries.calling(port, port6):
        yield Attack(name, "ssrf", ask(Hostile("", text)), never)
    for name, text in queries.harmless_words(port):
        yield Attack(name, "ssrf", ask(Hostile("", text)), may_be(rows=1))
    service = f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"
    yield Attack("service-by-form", "ssrf", ask(Hostile("", service, post="form")), never)
    yield Attack("service-by-direct-post", "ssrf", ask(Hostile("", service, post="direct")), never)
    # A graph that the release has not is an empty one: nothing may be fetched to fill it.
    empty, refused = may_be({400}, rows=0), may_be({400})
    count = "SELECT * FROM <{}> {{ ?s ?p ?o }}"
    named = "SELECT * FROM NAMED <{0}> {{ GRAPH <{0}> {{ ?s ?p ?o }} }}"
    all_rows = "SELECT * { ?s ?p ?o }"
    for name, address in {
        "http": url,
        "passwd": "file:///etc/passwd",
        "secret": secret,
        "path": target.secret_file,
    }.items():
        yield Attack(f"from-{name}", "ssrf", ask(Hostile("", count.format(address))), empty)
        yield Attack(f"from-named-{name}", "ssrf", ask(Hostile("", named.format(address))), empty)
        yield Attack(
            f"default-graph-{name}",
            "ssrf",
            ask(Hostile("", all_rows), more={"default-graph-uri": address}),
            empty,
        )
        yield Attack(
            f"named-graph-{name}",
            "ssrf",
            ask(Hostile("", "SELECT * { GRAPH ?g { ?s ?p ?o } }"), more={"named-graph-uri": address}),
            empty,
        )
    yield Attack("describe-http", "ssrf", ask(Hostile("", f"DESCRIBE <{url}>")), refused)
    yield Attack("describe-file", "ssrf", ask(Hostile("", f"DESCRIBE <{secret}>")), refused)
    yield Attack("load-as-a-query", "ssrf", ask(Hostile("", f"LOAD <{url}>")), never)
    for name, raw in {
        "proxy-request": f"GET {url} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n",
        "connect-method": f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n",
        "canary-in-every-header": "GET /sparql HTTP/1.1\r\nConnection: close\r\n"
        + "".join(
            f"{h}: {url}\r\n"
            for h in (
                "Host",
                "Origin",
                "Referer",
                "X-Forwarded-Host",
                "X-Original-URL",
                "Forwarded",
                "Via",
                "From",
                "Link",
                "True-Client-IP",
                "X-Wap-Profile",
            )
        )
        + "\r\n",
    }.items():
        yield Attack(name, "ssrf", _raw(raw.encode()), may_be(BAD_REQUEST | {301, 303, 308}))
    places = {
        "a-parameter": f"/?url={url}",
        "query-uri": f"/sparql?query-uri={url}",
        "a-file-as-query": f"/sparql?query=@{target.secret_file}",
        "a-source": f"/catalog?source={secret}",
        "a-document": f"/doc/project/{url}",
        "an-identifier": f"/id/project/..%2f{url}",
    }
    for name, path in places.items():
        yield Attack(f"address-as-{name}", "ssrf", _get(path), may_be(BAD_REQUEST | {301, 303, 308}))


def _raw(data: bytes) -> Run:
    async def run(target: Target) -> Outcome:
        return Outcome([await target.send(data, timeout_s=10)])

    return run


def _get(path: str) -> Run:
    async def run(target: Target) -> Outcome:
        return Outcome([await target.get(path, timeout_s=10)])

    return run


# --- writes


def writes(target: Target) -> Iterator[Attack]:
    """Yield the attempts to change something; the checksums of the release's files tell whether one did."""
    never = may_be(BAD_REQUEST, ok=False)
    form = "application/x-www-form-urlencoded"
    for name, text in queries.updates(target.canaries[0]).items():
        yield Attack(f"update-{name}", "writes", _update(text), never)
    insert = "INSERT DATA { <x:a> <x:b> <x:c> }"
    both = may_be(BAD_REQUEST)  # a parameter that the service does not know may be passed over
    yield Attack("update-beside-a-query", "writes", _post(f"query=ASK%7B%7D&update={_quote(insert)}", form), both)
    yield Attack(
        "update-in-url-query-in-body", "writes", _post("query=ASK%7B%7D", form, f"?update={_quote(insert)}"), both
    )
    yield Attack(
        "update-with-using-graph", "writes", _post(f"update={_quote(insert)}&using-graph-uri=x:g", form), never
    )
    yield Attack("update-as-text", "writes", _post(insert, "text/plain"), never)
    yield Attack(
        "update-as-multipart",
        "writes",
        _post(
            f'--b\r\nContent-Disposition: form-data; name="update"\r\n\r\n{insert}\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        never,
    )
    yield Attack(
        "update-with-odd-case-of-type", "writes", _post(insert, "Application/SPARQL-Update; charset=utf-8"), never
    )
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        paths = (
            "/sparql",
            "/sparql?default",
            "/sparql?graph=http%3A%2F%2Fexample.org%2Fgraph%2Fone",
            "/sparql/graph",
            "/data",
            "/store",
        )
        requests = [(method, path, "text/turtle", "<x:a> <x:b> <x:c> .") for path in paths]
        yield Attack(f"graph-store-{method.lower()}", "writes", _each(requests), never)
    places = (
        "/",
        "/dumps/x.nt",
        f"/dumps/{target.dump[0]}",
        "/doc/project/x",
        "/id/project/x",
        "/static/x.js",
        "/catalog",
        f"/releases/{target.release}/manifest.json",
        "/def",
    )
    for method in ("PUT", "DELETE", "PATCH", "POST"):
        yield Attack(
            f"{method.lower()}-on-pages",
            "writes",
            _each([(method, path, "text/plain", "hacked") for path in places]),
            never,
        )
    webdav = [
        (method, path, "application/xml", "<x/>")
        for method in ("MKCOL", "COPY", "MOVE", "LOCK", "PROPPATCH")
        for path in ("/dumps/", "/sparql")
    ]
    yield Attack("webdav", "writes", _each(webdav), never)
    override = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "PUT", "X-HTTP-Method": "DELETE"}
    yield Attack(
        "method-override",
        "writes",
        _each([("GET", path, "", "") for path in ("/sparql", "/dumps/", "/")], override),
        both,
    )


def _quote(text: str) -> str:
    return quote(text, safe="")


def _update(text: str) -> Run:
    """Try an update in all the ways that a client could send it."""
    form = "application/x-www-form-urlencoded"

    async def run(target: Target) -> Outcome:
        answers = [
            await target.query(text),
            await target.query(text, post="form"),
            await target.query(text, post="direct"),
            await target.get(f"/sparql?update={_quote(text)}"),
            await _send_body(target, "/sparql", form, f"update={_quote(text)}"),
            await _send_body(target, "/sparql", "application/sparql-update", text),
            await _send_body(target, "/update", "application/sparql-update", text),
        ]
        return Outcome(answers)

    return run


async def _send_body(
    target: Target, path: str, kind: str, body: str, method: str = "POST", more: dict[str, str] | None = None
) -> Answer:
    headers = {**({"Content-Type": kind} if kind else {}), **(more or {})}
    return await target.get(path, method=method, headers=headers, body=body.encode() if body else None)


def _post(body: str, kind: str, parameters: str = "") -> Run:
    async def run(target: Target) -> Outcome:
        return Outcome([await _send_body(target, "/sparql" + parameters, kind, body)])

    return run


def _each(requests: Sequence[tuple[str, str, str, str]], more: dict[str, str] | None = None) -> Run:
    async def run(target: Target) -> Outcome:
        return Outcome(
            [await _send_body(target, path, kind, body, method, more) for method, path, kind, body in requests]
        )

    return run
