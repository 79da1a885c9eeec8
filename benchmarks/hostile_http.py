"""A strict HTTP client of the hostile suite: sends any bytes, and knows whether what came back was whole.

Kept apart from every library's client, because those refuse to send what an attacker sends, and mend what a
broken server answers.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
import zlib
from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

KEPT_BYTES = 4_000_000
"""How much of a body is kept, in bytes; the rest is counted and looked through for secrets only."""


@dataclass(slots=True)
class Answer:
    """What came back for one request.

    Args:
        status: The HTTP status; None where there was no answer.
        headers: Names in lower case, and values, in order.
        body: The first `KEPT_BYTES` of the body, without its content coding.
        size: Length of the whole body.
        lines: Line feeds in the whole body.
        tail: The last bytes of the body.
        whole: Whether the end that was announced (length or last chunk) came; where the end of the connection is
            the end, whether it was a proper one.
        closed: Whether the server ended the connection, properly or not.
        error: What the client saw go wrong: `timeout`, `reset`, `closed`, or words about broken framing.
        seconds: From the first byte sent to the last one read.
        secret: What was seen that must never leave the server.
    """

    status: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    size: int = 0
    lines: int = 0
    tail: bytes = b""
    whole: bool = False
    closed: bool = False
    error: str = ""
    seconds: float = 0.0
    secret: str = ""

    def header(self, name: str) -> str:
        """Return the first header of that name, or ""."""
        return next((value for key, value in self.headers if key == name.lower()), "")

    def __str__(self) -> str:
        """Return status and error in a few characters."""
        if self.status is None:
            return self.error or "nothing"
        return f"{self.status}{'' if self.whole else ' cut' if not self.error else f' {self.error}'}"


class FramingError(Exception):
    """The answer is no HTTP, or broke off."""


class _Body:
    """Takes a body in, as little of it as the judgement needs."""

    def __init__(self, answer: Answer, secrets: Iterable[bytes], limit: int | None) -> None:
        self.answer = answer
        self.secrets = tuple(secrets)
        self.limit = limit
        self.kept = bytearray()
        coding = answer.header("content-encoding").lower()
        self.unpack = zlib.decompressobj(47) if coding in ("gzip", "deflate") else None

    def add(self, data: bytes) -> None:
        answer = self.answer
        if self.unpack is not None:
            data = self.unpack.decompress(data)
        window = answer.tail + data
        for secret in self.secrets:
            if secret in window:
                answer.secret = secret.decode("latin-1")
        answer.size += len(data)
        answer.lines += data.count(b"\n")
        answer.tail = window[-256:]
        if len(self.kept) < KEPT_BYTES:
            self.kept += data[: KEPT_BYTES - len(self.kept)]
        if self.limit is not None and answer.size > self.limit:
            raise FramingError("left")

    def end(self, whole: bool) -> None:
        if whole and self.unpack is not None and self.answer.size and not self.unpack.eof:
            raise FramingError("gzip without its end")
        self.answer.whole = whole


SECRETS: list[bytes] = [b"root:x:0:", b"Traceback (most recent call last)"]
"""What no answer may hold; the suite adds its canary's word."""


async def read_answer(
    reader: asyncio.StreamReader, timeout_s: float, *, head: bool = False, limit: int | None = None
) -> Answer:
    """Read one answer; never raises, but tells in it what went wrong.

    Args:
        reader: The connection.
        timeout_s: How long to wait for its end.
        head: Whether the request was a HEAD: no body follows.
        limit: Leave after so many bytes of body; None reads all.
    """
    answer = Answer()
    began = time.monotonic()
    body: _Body | None = None
    try:
        async with asyncio.timeout(timeout_s):
            await _head(reader, answer)
            body = _Body(answer, SECRETS, limit)
            for _, value in answer.headers:
                for secret in SECRETS:
                    if secret.decode("latin-1") in value:
                        answer.secret = secret.decode("latin-1")
            if head or answer.status in (204, 304) or (answer.status or 0) < 200:
                answer.whole = True
            else:
                await _read_body(reader, answer, body)
    except TimeoutError:
        answer.error = "timeout"
    except asyncio.IncompleteReadError as error:
        answer.error = (
            "broken off" if answer.status is not None else "closed" if not error.partial else "half an answer"
        )
        answer.closed = True
    except (ConnectionError, OSError) as error:
        answer.error = "reset" if isinstance(error, ConnectionError) else f"{type(error).__name__}"
        answer.closed = True
    except (FramingError, ValueError, zlib.error) as error:
        answer.error = str(error) or type(error).__name__
    if body is not None:
        answer.body = bytes(body.kept)
    answer.seconds = time.monotonic() - began
    return answer


async def _head(reader: asyncio.StreamReader, answer: Answer) -> None:
    block = await reader.readuntil(b"\r\n\r\n")
    first, *lines = block[:-4].split(b"\r\n")
    words = first.split(b" ", 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
        raise FramingError(f"no status line: {first[:40]!r}")
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not name.strip() or b"\n" in line or b"\r" in line or b"\0" in line:
            raise FramingError(f"no header: {line[:60]!r}")
        answer.headers.append((name.decode("latin-1").lower(), value.strip().decode("latin-1")))
    answer.status = int(words[1])


async def _read_body(reader: asyncio.StreamReader, answer: Answer, body: _Body) -> None:
    lengths = {value for name, value in answer.headers if name == "content-length"}
    if "chunked" in answer.header("transfer-encoding").lower():
        while True:
            line = await reader.readuntil(b"\r\n")
            size = int(line.split(b";")[0].strip(), 16)
            left = size
            while left:
                data = await reader.read(min(left, 262_144))
                if not data:
                    raise asyncio.IncompleteReadError(b"", left)
                left -= len(data)
                body.add(data)
            if await reader.readexactly(2) != b"\r\n":
                raise FramingError("chunk without its end")
            if size == 0:
                body.end(True)
                return
    if lengths:
        if len(lengths) > 1:
            raise FramingError("two lengths")
        left = int(lengths.pop())
        while left:
            data = await reader.read(min(left, 262_144))
            if not data:
                raise asyncio.IncompleteReadError(b"", left)
            left -= len(data)
            body.add(data)
        body.end(True)
        return
    while data := await reader.read(262_144):
        body.add(data)
    answer.closed = True
    body.end(True)


@dataclass(frozen=True)
class Target:
    """The server under attack, and what an attacker may know of it.

    Args:
        port: Its TCP port at 127.0.0.1.
        canaries: Ports of the listeners that nobody may call, at 127.0.0.1 and at [::1].
        secret_file: A file beside the release, with a word that no answer may hold.
        release: The release's id.
        dump: Name of its largest dump, and its size in bytes.
        facts: Counts of the data: `items`, `default` (statements in the default graph), `titles` …
        timeout_s: The server's own deadline for a query, in seconds.
        query_bytes: Its longest query text, in bytes.
        slots: How many queries it runs at once.
        pace: 1.0 in the long form; a share of it in the short one, for what only waits.
    """

    port: int
    canaries: tuple[int, int]
    secret_file: str
    release: str
    dump: tuple[str, int]
    facts: Mapping[str, int]
    timeout_s: float
    query_bytes: int
    slots: int
    pace: float = 1.0

    @property
    def patience_s(self) -> float:
        """How long an answer may take: the deadline, a wait for a slot as long again, and some grace."""
        return 2 * self.timeout_s + 5

    async def connect(
        self, source: str = "127.0.0.2", receive_bytes: int | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection from an address of the loopback network.

        Args:
            source: The attacker's address.
            receive_bytes: Size of the socket's receive buffer, to be a slow reader; None leaves it.
        """
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if receive_bytes is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.setblocking(False)
            sock.bind((source, 0))
            async with asyncio.timeout(5):
                await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
            limit = 65_536 if receive_bytes is None else 1024
            return await asyncio.open_connection(sock=sock, limit=limit)
        except BaseException:
            sock.close()
            raise

    async def send(
        self,
        request: bytes | AsyncIterable[bytes],
        *,
        source: str = "127.0.0.2",
        timeout_s: float | None = None,
        head: bool = False,
        limit: int | None = None,
        half_close: bool = False,
    ) -> Answer:
        """Send raw bytes on a connection of its own and read one answer, even while sending.

        Args:
            request: The bytes, or a source of them.
            source: The attacker's address.
            timeout_s: How long to wait; None is the patience that a query deserves.
            head: Whether the answer has no body.
            limit: Leave after so many bytes of body.
            half_close: End our side after the request.
        """
        patience = self.patience_s if timeout_s is None else timeout_s
        began = time.monotonic()
        try:
            reader, writer = await self.connect(source)
        except (OSError, TimeoutError) as error:
            return Answer(error=f"no connection: {type(error).__name__}", seconds=time.monotonic() - began)
        sending = asyncio.ensure_future(_write(writer, request, half_close))
        try:
            return await read_answer(reader, patience, head=head, limit=limit)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            await hang_up(writer)

    async def answers(
        self, request: bytes, *, source: str = "127.0.0.2", most: int = 10, timeout_s: float = 3.0
    ) -> list[Answer]:
        """Send raw bytes and read answers until the connection ends, nothing more comes, or there are enough."""
        try:
            reader, writer = await self.connect(source)
        except (OSError, TimeoutError) as error:
            return [Answer(error=f"no connection: {type(error).__name__}")]
        sending = asyncio.ensure_future(_write(writer, request, half_close=False))
        found: list[Answer] = []
        try:
            while len(found) < most:
                answer = await read_answer(reader, timeout_s)
                if answer.status is None and found and answer.error in ("timeout", "closed", "reset"):
                    break
                found.append(answer)
                if answer.error or answer.closed:
                    break
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            await hang_up(writer)
        return found

    async def get(
        self,
        path: str | bytes,
        *,
        method: str = "GET",
        source: str = "127.0.0.2",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout_s: float | None = None,
        limit: int | None = None,
    ) -> Answer:
        """Send one well-formed request, with whatever path and headers."""
        return await self.send(
            request(path, method=method, headers=headers, body=body),
            source=source, timeout_s=timeout_s, head=method == "HEAD", limit=limit,
        )  # fmt: skip

    async def query(
        self,
        text: str,
        *,
        accept: str = "",
        source: str = "127.0.0.2",
        post: str = "auto",
        method: str = "GET",
        limit: int | None = None,
        timeout_s: float | None = None,
        more: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask a query as a client does: by GET, or by POST where it is long.

        Args:
            text: The query.
            accept: The Accept header; "" sends none.
            source: The attacker's address.
            post: `auto`, `form` or `direct`.
            method: GET or HEAD, for those that are no POST.
            limit: Leave after so many bytes of body.
            timeout_s: How long to wait; None is the patience that a query deserves.
            more: Further parameters of the protocol.
            headers: Further headers.
        """
        raw = query(text, accept=accept, post=post, method=method, more=more, headers=headers)
        return await self.send(raw, source=source, timeout_s=timeout_s, head=method == "HEAD", limit=limit)


def query(
    text: str,
    *,
    accept: str = "",
    post: str = "auto",
    method: str = "GET",
    more: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Return the request that asks a query."""
    sent = {**({"Accept": accept} if accept else {}), **(headers or {})}
    parameters = dict(more or {})
    if post == "direct":
        path = "/sparql" + ("?" + urlencode(parameters) if parameters else "")
        return request(
            path, method="POST", headers={"Content-Type": "application/sparql-query", **sent}, body=text.encode()
        )
    encoded = urlencode({"query": text, **parameters})
    if post == "form" or len(encoded) > 7000:
        return request(
            "/sparql",
            method="POST",
            headers={"Content-Type": "application/x-www-form-urlencoded", **sent},
            body=encoded.encode(),
        )
    return request(f"/sparql?{encoded}", method=method, headers=sent)


def request(
    path: str | bytes, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> bytes:
    """Return the bytes of a request; nothing in it is checked or escaped."""
    target = path.encode("latin-1", "surrogateescape") if isinstance(path, str) else path
    fields = {"Host": "127.0.0.1", "Connection": "close", **(headers or {})}
    if body is not None:
        fields.setdefault("Content-Length", str(len(body)))
    lines = b"".join(f"{name}: {value}\r\n".encode("latin-1", "surrogateescape") for name, value in fields.items())
    return method.encode() + b" " + target + b" HTTP/1.1\r\n" + lines + b"\r\n" + (body or b"")


async def _write(writer: asyncio.StreamWriter, data: bytes | AsyncIterable[bytes], half_close: bool) -> None:
    """Send, and take it that the other side may end the connection first: its answer is what counts."""
    try:
        if isinstance(data, bytes):
            for start in range(0, len(data), 262_144):
                writer.write(data[start : start + 262_144])
                await writer.drain()
        else:
            async for part in data:
                writer.write(part)
                await writer.drain()
        if half_close:
            writer.write_eof()
    except (ConnectionError, OSError):
        return


async def hang_up(writer: asyncio.StreamWriter, *, reset: bool = False) -> None:
    """End a connection, at once and without a word where it is to be reset."""
    if reset:
        writer.transport.abort()
        return
    writer.close()
    try:
        async with asyncio.timeout(1):
            await writer.wait_closed()
    except (OSError, TimeoutError):
        writer.transport.abort()


def parsed(answer: Answer) -> object:
    """Return a JSON body as its value.

    Raises:
        ValueError: It is none.
    """
    return json.loads(answer.body)
