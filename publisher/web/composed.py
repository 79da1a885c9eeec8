"""The catalogue and VoID as this server gives them: composed of the releases that are kept, once as long as those stay.

A rollback or a release that was removed shows at once: what is kept is looked at with each request, and what was
composed before is used only where it was composed of the same. Addresses are those that the server is reached by, so
that a portal's checks find what they lead to; IRIs are the data's own.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pyoxigraph as ox
from flask import current_app, g
from markupsafe import Markup

from publisher import manifest, ntriples
from publisher.catalogue import describe
from publisher.catalogue.facts import kept_ids, read, read_all
from publisher.errors import ReleaseError
from publisher.formats import Format
from publisher.history import ROLLBACK
from publisher.iris import is_iri
from publisher.namespaces import dct, foaf
from publisher.namespaces import void as void_terms
from publisher.web import graphs, respond

MOST = 64_000_000
"""Bytes that all that is kept may take, roughly: a catalogue of a hundred releases takes six as statements."""
_STATEMENT = 400
"""Bytes of a statement in memory, roughly."""
_ADDRESSES = {foaf.page, void_terms.sparqlEndpoint, void_terms.dataDump}
"""Properties of VoID that lead to this server."""

Kept = bytes | Markup | tuple[ox.Triple, ...] | tuple[str, ...]
Made = TypeVar("Made", bytes, Markup, tuple[ox.Triple, ...], tuple[str, ...])


class Composed:
    """Keeps what was composed last, up to a weight in all; threads may share it.

    Args:
        most: Bytes that all of it may take.
    """

    def __init__(self, most: int = MOST) -> None:
        """Keep nothing yet."""
        self.most = most
        self.weight = 0
        self._kept: OrderedDict[Hashable, tuple[int, Kept]] = OrderedDict()
        self._lock = threading.Lock()
        # One composes at a time: of two that ask for the same, the second finds it made. Who asks for what is made
        # already waits for nobody.
        self._composing = threading.RLock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made under a key, or make it now."""
        found: Made | None = self._find(key)
        if found is not None:
            return found
        with self._composing:
            found = self._find(key)
            if found is None:
                found = make()
                self._keep(key, found, len(found) * (_STATEMENT if isinstance(found, tuple) else 1))
            return found

    def _find(self, key: Hashable) -> Any:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][1]

    def _keep(self, key: Hashable, made: Kept, weight: int) -> None:
        with self._lock:
            self._kept[key] = weight, made
            self.weight += weight
            while self.weight > self.most:
                self.weight -= self._kept.popitem(last=False)[1][0]


class Look(NamedTuple):
    """What a request sees of the releases.

    Args:
        ids: Those that are kept and can be read, the live one among them, oldest first.
        root: Address of the server, without a slash at its end.
        changed: When the live one became the live one: when it was made, or brought back.
        stamp: What differs where any of that does, or a dump of one of them was removed.
    """

    ids: Sequence[str]
    root: str
    changed: str
    stamp: str


def look() -> Look:
    """Look which releases are kept: once a request."""
    if "look" not in g:
        releases, live = _releases(), respond.live().release
        ids = sorted({*kept_ids(releases), live.id})
        seen = []
        for name in ids:
            with suppress(OSError):  # removed this very moment
                seen.append(f"{name}:{(releases / name / manifest.DUMPS).stat().st_mtime_ns}")
        root = respond.outside_root()
        if not is_iri(f"{root}/"):  # what the client called the server by cannot stand in a document
            root = live.manifest.base_iri.rstrip("/")
        changed = _changed()
        stamp = " ".join([root, live.id, changed, *seen])
        # A dataset of a release by another version of the program would be led to, and described nowhere.
        known = _kept_ones().get(("ids", stamp), lambda: tuple(facts.id for facts in read_all(releases, ids)))
        g.look = Look(known, root, changed, stamp)
    found: Look = g.look
    return found


def _changed() -> str:
    made = respond.live().release.manifest.created
    with suppress(ReleaseError):  # without a history the catalogue is still to be had
        event = respond.history().last
        return event.at if event.action == ROLLBACK else made
    return made


def triples(number: int = 1, suffix: str = "") -> tuple[ox.Triple, ...]:
    """Return a page of the catalogue.

    Args:
        number: Which page, from 1.
        suffix: End of the addresses of the other pages: `.ttl` where Turtle was asked for by name.
    """
    seen = look()
    divided = describe.pages(seen.ids)
    suffix = suffix if len(divided) > 1 else ""  # one page leads to no others

    def make() -> tuple[ox.Triple, ...]:
        first = f"{seen.root}/catalog{suffix}"
        lines = describe.catalogue(
            read(respond.live().release),
            read_all(_releases(), divided[number - 1]),
            ids=seen.ids,
            page=describe.Page(number=number, count=len(divided), first=first, following=f"{first}?page="),
            base=seen.root,
            changed=seen.changed,
        )
        parsed = ox.parse(ntriples.text(lines), format=ox.RdfFormat.N_TRIPLES)
        return tuple(quad.triple for quad in parsed)

    return _kept_ones().get(("catalogue", seen.stamp, number, suffix), make)


def void_triples() -> tuple[ox.Triple, ...]:
    """Return the VoID description of the live release as the catalogue tells it: same addresses, same date."""
    release, seen = respond.live().release, look()

    def make() -> tuple[ox.Triple, ...]:
        written = read(release).settings.public_base

        def here(triple: ox.Triple) -> ox.Triple:
            obj = triple.object
            if triple.predicate.value in _ADDRESSES and isinstance(obj, ox.NamedNode):
                obj = ox.NamedNode(seen.root + obj.value.removeprefix(written))
            if triple.predicate.value == dct.modified and isinstance(obj, ox.Literal):
                obj = ox.Literal(seen.changed, datatype=obj.datatype)
            return ox.Triple(triple.subject, triple.predicate, obj)

        return tuple(here(triple) for triple in graphs.read(release.file(manifest.VOID)))

    return _kept_ones().get(("void", *_void_state()), make)


def _void_state() -> tuple[str, ...]:
    return respond.live().release.id, look().root, look().changed


def catalogue(form: Format, number: int, suffix: str) -> bytes:
    """Return a page of the catalogue in a form."""
    key = ("catalogue", look().stamp, number, suffix, form.name)
    return _kept_ones().get(key, lambda: graphs.write(triples(number, suffix), form))


def void(form: Format) -> bytes:
    """Return VoID in a form."""
    key = ("void", *_void_state(), form.name)
    return _kept_ones().get(key, lambda: graphs.write(void_triples(), form))


def dataset(form: Format) -> bytes:
    """Return what the catalogue and VoID say together, the description of the dataset, in a form."""
    key = ("dataset", look().stamp, form.name)
    return _kept_ones().get(key, lambda: graphs.write([*triples(), *void_triples()], form))


def markup(name: Hashable, make: Callable[[], str]) -> Markup:
    """Return a part of a page that depends on the catalogue, the page's language and where its links lead, no more."""
    key = ("markup", look().stamp, name, respond.language(), respond.address(""))
    return _kept_ones().get(key, lambda: Markup(make()))  # noqa: S704 - what a template gave, which escapes


def address_of(iri: str, suffix: str = "") -> str | None:
    """Return the path of the document that describes a dataset or a part of one; None where none does."""
    prefix = f"{respond.live().release.manifest.base_iri.rstrip('/')}/id/dataset/"
    owner, _, rest = iri.removeprefix(prefix).partition("~")
    release = rest.partition("~")[0]
    divided = describe.pages(look().ids)
    number = next((n for n, known in enumerate(divided, 1) if release in known), 0) if owner == "release" else 1
    if number and _says(triples(number), iri):
        return f"/catalog{suffix}" + (f"?page={number}" if number > 1 else "")
    return "/.well-known/void" if _says(void_triples(), iri) else None


def _says(found: Sequence[ox.Triple], iri: str) -> bool:
    node = ox.NamedNode(iri)
    return any(triple.subject == node for triple in found)


def _releases() -> Path:
    found: Path = current_app.extensions["live"].releases
    return found


def _kept_ones() -> Composed:
    found: Composed = current_app.extensions["composed"]
    return found
