"""Who asks: the client's address as a trusted proxy tells it, and how many requests it may make.

Headers such as X-Forwarded-For are believed only where the connection itself comes
from a configured proxy; from anybody else they are taken out before the application sees them.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import request
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

from publisher.workers.schedule import CLIENTS_KEPT, Trusted, client_of, is_local

BURST_S = 4
"""How many seconds' worth of requests may come at once."""
_FORWARDED = ("FOR", "PROTO", "HOST", "PORT", "PREFIX")
_FREE = ("/healthz", "/metrics")
_OAI = "/oai"
"""Its harvesters know 503 only, which they obey (OAI-PMH 2.0, "Status-Code")."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Proxies:
    """Takes what trusted proxies say of a request as the request's own (WSGI middleware).

    Args:
        application: The application behind it.
        trusted: Addresses and networks of the proxies.
    """

    def __init__(self, application: Application, trusted: Sequence[str]) -> None:
        """Remember the networks."""
        self._plain = application
        self._behind = ProxyFix(application, x_for=1, x_proto=1, x_host=1, x_port=0, x_prefix=1)
        self._trusted = Trusted(trusted)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass a request on."""
        if not self._trusted.trusts(environ.get("REMOTE_ADDR", "")):
            for name in _FORWARDED:
                environ.pop(f"HTTP_X_FORWARDED_{name}", None)
            return self._plain(environ, start_response)
        # Each proxy adds the address that it saw; the visitor is the last one that is no proxy of ours.
        seen = [entry.strip() for entry in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if entry.strip()]
        visitor = next((entry for entry in reversed(seen) if not self._trusted.trusts(entry)), seen[0] if seen else "")
        environ["HTTP_X_FORWARDED_FOR"] = visitor
        return self._behind(environ, start_response)


class Pace:
    """How many requests a second each client may make of this process; the machine itself is no client.

    Args:
        per_second: Requests a second; 0 lifts the limit.
    """

    def __init__(self, per_second: int) -> None:
        """Begin with nobody seen."""
        self.per_second = per_second
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self) -> None:
        """Count the request at hand.

        Raises:
            TooManyRequests: The client is over its limit; with Retry-After.
            ServiceUnavailable: So is a harvester.
        """
        who = client()
        if not self.per_second or is_local(who) or request.path in _FREE:
            return
        now, most = time.monotonic(), float(self.per_second * BURST_S)
        at, left = self._left.pop(who, (now, most))
        left = min(most, left + (now - at) * self.per_second)
        self._left[who] = (now, max(0.0, left - 1))
        if len(self._left) > CLIENTS_KEPT:
            self._left.popitem(last=False)
        if left < 1:
            kind = ServiceUnavailable if request.path == _OAI else TooManyRequests
            raise kind(f"This client has made more than {self.per_second} requests a second.", retry_after=1)


def client() -> str:
    """Return whose request is at hand."""
    return client_of(request.remote_addr or "")
