"""Requests to the web that the user has allowed: the catalogue itself, and whether the addresses in it answer.

A catalogue is somebody else's text. An address in it is asked only where the
user's permit covers it, only by http and https, and never inside this machine
or its network unless the user named that very server. The name is resolved
once, and the connection goes to the address that was judged.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from publisher import __version__
from publisher.errors import InputError

MAX_REDIRECTS = 5
_CHUNK = 1 << 16
_REDIRECTS = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}
_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is handed out to the public (IANA, IPv6 Global Unicast Address Space)."""
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses behind a translator (RFC 6052)."""

State = Literal["answers", "fails", "refused"]


class RefusedError(Exception):
    """An address is not asked; the key of the reason in `texts`, and what fills it in."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep key and detail."""
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


@dataclass(frozen=True)
class Permit:
    """Which addresses may be asked.

    Args:
        origins: Servers that the user named, as `origin` writes them; they may be on this machine.
        everything: Whether every public address may be asked too.
    """

    origins: frozenset[str] = frozenset()
    everything: bool = False


@dataclass(frozen=True)
class Answer:
    """A document from the web: the address that gave it in the end, its media type without parameters, its bytes."""

    url: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Probe:
    """Whether an address answers.

    Args:
        state: "answers" from 200 to 399, "fails", or "refused": it was not asked.
        status: The status of the answer; 0 where there was none.
        reason: Key of a text in `texts` that says why not.
        detail: What fills it in.
    """

    state: State
    status: int = 0
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Client:
    """Asks what its permit covers.

    Args:
        permit: What may be asked.
        timeout_s: How long a single step may take.
        total_s: How long one request may take from its first byte to the last.
    """

    permit: Permit
    timeout_s: float = 10.0
    total_s: float = 60.0
    _context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    def head(self, url: str) -> Probe:
        """Ask whether an address answers; a redirect is an answer and is not followed.

        By HEAD alone, as the assessment asks: what answers GET only has no points there.

        Source:
            piveau-data/piveau-metrics-url-checker @b738441b, UrlCheckerVerticle.
        """
        try:
            with self._request("HEAD", url, {}) as (response, _):
                status = response.status
        except RefusedError as error:
            # What no portal could ask either fails; what the user alone has not allowed is open.
            return Probe("refused" if error.reason == "url.other-server" else "fails", 0, error.reason, error.detail)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Probe("fails", 0, "url.no-answer", _said(error))
        if 200 <= status < 400:
            return Probe("answers", status)
        no_head = status in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED)
        return Probe("fails", status, "url.no-head" if no_head else "url.status", str(status))

    def get(self, url: str, accept: str, max_bytes: int) -> Answer:
        """Fetch a document; redirects are followed within the permit, and to public servers.

        Raises:
            InputError: It cannot be had, or is larger than `max_bytes`.
        """
        asked = url
        onward = Client(Permit(self.permit.origins, everything=True), self.timeout_s, self.total_s, self._context)
        try:
            for step in range(MAX_REDIRECTS + 1):
                client = onward if step else self
                with client._request("GET", url, {"Accept": accept, "Accept-Encoding": "gzip"}) as (response, cut):
                    if response.status in _REDIRECTS and (target := response.headers.get("Location")):
                        url = urljoin(url, target)
                        continue
                    if response.status != HTTPStatus.OK:
                        raise InputError(f"{asked}: the server answers {response.status}, not 200")
                    body = _body(response, max_bytes, asked)
                    if cut.is_set():
                        raise InputError(f"{asked}: the answer took longer than {self.total_s:.0f} s")
                    return Answer(url, response.headers.get_content_type(), body)
        except RefusedError as error:
            raise InputError(f"{asked}: leads to {url}, which is not asked: {error.reason} {error.detail}") from error
        except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
            raise InputError(f"{asked}: cannot be fetched: {_said(error)}") from error
        raise InputError(f"{asked}: more than {MAX_REDIRECTS} redirects")

    @contextmanager
    def _request(
        self, method: str, url: str, headers: dict[str, str]
    ) -> Iterator[tuple[http.client.HTTPResponse, threading.Event]]:
        """Send a request; yields the answer and an event that is set where the time ran out."""
        parts = _split(url)
        connection = _Pinned(parts, self._addresses(parts), self.timeout_s, self._context)
        # A server that gives a byte now and then keeps within every single time limit: the whole has one too.
        cut = threading.Event()
        watch = threading.Timer(self.total_s, connection.cut, (cut,))
        watch.daemon = True
        watch.start()
        try:
            target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
                f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
            )
            own = {"Host": _authority(parts), "User-Agent": f"portfolio-publisher/{__version__}", "Connection": "close"}
            connection.request(method, target, headers=own | headers)
            yield connection.getresponse(), cut
        finally:
            watch.cancel()
            connection.close()

    def _addresses(self, parts: SplitResult) -> list[tuple[str, int]]:
        """Resolve the host of an address and judge it.

        Raises:
            RefusedError: The permit does not cover it.
            OSError: The host is unknown.
        """
        named = origin_of(parts) in self.permit.origins
        if not named and not self.permit.everything:
            raise RefusedError("url.other-server", _authority(parts))
        port = parts.port or _PORTS[parts.scheme]
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        hosts = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not named and not all(_is_public(host) for host in hosts):
            raise RefusedError("url.internal", _authority(parts))
        return [(host, port) for host in hosts]


class _Pinned(http.client.HTTPConnection):
    """A connection to addresses that are already resolved and judged."""

    def __init__(
        self, parts: SplitResult, addresses: list[tuple[str, int]], timeout_s: float, context: ssl.SSLContext
    ) -> None:
        super().__init__(parts.hostname or "", parts.port or _PORTS[parts.scheme], timeout=timeout_s)
        self._addresses = addresses
        self._limit = timeout_s
        self._context = context if parts.scheme == "https" else None
        self._open: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the first address that takes it."""
        failure: OSError | None = None
        for address in self._addresses:
            try:
                self.sock = socket.create_connection(address, self._limit)
                break
            except OSError as error:
                failure = error
        else:
            raise failure or OSError("the host has no address")
        self._open = self.sock
        if self._context is not None:
            self.sock = self._open = self._context.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self, event: threading.Event) -> None:
        """End what goes on, from another thread; `sock` is not asked, as it is None once an answer has begun."""
        event.set()
        if self._open is not None:
            with suppress(OSError):
                self._open.shutdown(socket.SHUT_RDWR)


def _body(response: http.client.HTTPResponse, max_bytes: int, name: str) -> bytes:
    """Read a body of at most `max_bytes`, unpacked."""
    packed = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packed not in ("identity", "", "gzip", "x-gzip"):
        raise InputError(f"{name}: the server answers in the coding {packed!r}, which was not asked for")
    unpack = zlib.decompressobj(31) if "gzip" in packed else None
    parts: list[bytes] = []
    size = 0
    while chunk := response.read(_CHUNK):
        plain = chunk if unpack is None else unpack.decompress(chunk, max_bytes + 1 - size)
        size += len(plain)
        if size > max_bytes or (unpack is not None and unpack.unconsumed_tail):
            raise InputError(f"{name}: is larger than {max_bytes} bytes; portals do not take it either")
        parts.append(plain)
    return b"".join(parts)


def origin(url: str) -> str:
    """Return scheme, host and port of an address as `http://example.org:80`; "" where it is no web address."""
    try:
        return origin_of(_split(url))
    except RefusedError:
        return ""


def origin_of(parts: SplitResult) -> str:
    """Return the origin of an address that is taken apart."""
    return f"{parts.scheme}://{parts.hostname}:{parts.port or _PORTS[parts.scheme]}"


def _split(url: str) -> SplitResult:
    """Take a web address apart.

    Raises:
        RefusedError: It is none: another scheme, no host, a password in it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise RefusedError("url.no-address", url[:200]) from error
    if parts.scheme not in _PORTS or not host or port == 0:
        raise RefusedError("url.no-address", url[:200])
    if parts.username is not None or parts.password is not None:
        raise RefusedError("url.password", host)
    if not host.isascii():
        try:
            netloc = host.encode("idna").decode("ascii") + ("" if port is None else f":{port}")
        except UnicodeError as error:
            raise RefusedError("url.no-address", url[:200]) from error
        parts = parts._replace(netloc=netloc)
    return parts


def _authority(parts: SplitResult) -> str:
    return parts.netloc


def _is_public(host: str) -> bool:
    """Tell whether an address is one of the public internet."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is None and address not in _UNICAST:
            return False
        address = inner or address
    return address.is_global and not address.is_multicast


def _said(error: Exception) -> str:
    """Return what an exception says, on one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:200] if text else type(error).__name__
