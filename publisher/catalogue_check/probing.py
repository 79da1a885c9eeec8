"""Asks whether the addresses that a catalogue names answer: many at once, each once, within the user's permit."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from publisher.catalogue_check.fetching import Client, Permit, Probe, origin
from publisher.errors import ConfigError
from publisher.iris import is_web_iri

MAX_ADDRESSES = 2000
_AT_ONCE = 8
_SILENT = 3
"""Requests in a row that a server may leave without an answer before it is not asked any more."""


def probe(addresses: Iterable[str], permit: Permit, moved: Callable[[str], str], timeout_s: float) -> dict[str, Probe]:
    """Ask addresses for their heads.

    Args:
        addresses: As the catalogue names them.
        permit: What may be asked.
        moved: Gives the address that is asked in place of one that the catalogue names.
        timeout_s: How long a server may take.

    Returns:
        What came of it, by the address that the catalogue names.
    """
    client = Client(permit, timeout_s, total_s=2 * timeout_s)
    named = {address: moved(address) for address in addresses}
    asked = sorted(set(named.values()))[:MAX_ADDRESSES]
    unanswered: Counter[str] = Counter()
    lock = threading.Lock()

    def ask(address: str) -> Probe:
        server = origin(address)
        if unanswered[server] >= _SILENT:
            return Probe("refused", 0, "url.silent", server)
        found = client.head(address)
        with lock:
            unanswered[server] = unanswered[server] + 1 if found.reason == "url.no-answer" else 0
        return found

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = dict(zip(asked, pool.map(ask, asked), strict=True))
    return {name: found.get(target, Probe("refused", 0, "url.many")) for name, target in named.items()}


def mover(base: str, prefixes: Iterable[str]) -> tuple[str, Callable[[str], str]]:
    """Read `--base`: which running server answers in place of the address that the catalogue is published under.

    Args:
        base: `URL`, or `PREFIX=URL`; "" moves nothing.
        prefixes: The beginnings that `URL` alone stands for.

    Returns:
        The server's address, and the function that puts it in place of a beginning.

    Raises:
        ConfigError: It is no web address.
    """
    if not base:
        return "", lambda address: address
    old, separator, new = base.rpartition("=")
    target = new.rstrip("/")
    olds = [old.rstrip("/")] if separator else [prefix.rstrip("/") for prefix in prefixes]
    if not is_web_iri(target) or urlsplit(target).query or not all(is_web_iri(prefix) for prefix in olds):
        raise ConfigError(f"--base {base}: give a web address, or PREFIX=ADDRESS")

    def moved(address: str) -> str:
        for prefix in sorted(set(olds), key=len, reverse=True):
            if address == prefix or address.startswith((f"{prefix}/", f"{prefix}?", f"{prefix}#")):
                return target + address[len(prefix) :]
        return address

    return target, moved
