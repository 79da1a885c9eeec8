"""Reads a request for a query, as SPARQL 1.1 Protocol has it: three forms in, one `Asked` out.

What the request says of the dataset may stand in the address, in the body, or in
both; a query stands in one place, once. Other parameters are ignored: clients send many.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import current_app, request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge, UnsupportedMediaType

from publisher import iris
from publisher.web import texts

DRAINED = 4_000_000
"""How much of a refused request's body is read and thrown away, in bytes, at most."""
MOST_PARAMETERS = 1000
_CODINGS = ("gzip", "x-gzip", "deflate")
_UTF_8 = ("utf-8", "utf8", "us-ascii")


@dataclass(frozen=True)
class Asked:
    """One request for a query.

    Args:
        text: The query; None where none was sent.
        default_graphs: IRIs, in the request's order.
        named_graphs: IRIs, in the request's order.
        format: Value of `format=`, or "".
        form_only: Whether a person wants the query in the form, not yet run.
    """

    text: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str
    form_only: bool

    def address(self, **more: str) -> str:
        """Return the address that asks the same, with parameters added."""
        pairs = [("query", self.text or ""), *self.dataset()]
        return f"{request.script_root}/sparql?{urlencode([*pairs, *more.items(), *language()])}"

    def dataset(self) -> list[tuple[str, str]]:
        """Return the parameters that name the dataset."""
        pairs = [("default-graph-uri", iri) for iri in self.default_graphs]
        return pairs + [("named-graph-uri", iri) for iri in self.named_graphs]


NOTHING = Asked(None, (), (), "", False)
"""A request that asks nothing."""


def language() -> list[tuple[str, str]]:
    """Return the parameter that keeps the language of the page, where one was asked for."""
    asked = request.args.get("lang", "")
    return [("lang", asked)] if asked in texts.LANGUAGES else []


def read() -> Asked:
    """Read the request at hand.

    Raises:
        BadRequest: The query is missing, empty or there twice, or the request is no UTF-8.
        UnsupportedMediaType: The body is of a type or coding that carries no query.
        RequestEntityTooLarge: The body or the query is too long, unpacked.
    """
    try:
        return _read()
    except HTTPException:
        _drain()
        raise


def _read() -> Asked:
    pairs = _pairs(request.environ.get("QUERY_STRING", "").encode("latin-1"))
    if request.method == "POST":
        kind, options = request.mimetype, request.mimetype_params
        if options.get("charset", "utf-8").strip("'\"").lower() not in _UTF_8:
            raise UnsupportedMediaType("A query is sent in UTF-8.")
        if kind == "application/x-www-form-urlencoded":
            pairs = [*_pairs(_body()), *pairs]
        elif kind == "application/sparql-query":
            pairs = [*pairs, ("query", _text(_body()))]
        elif kind == "application/sparql-update":
            raise UnsupportedMediaType("This service only reads its data: it takes no updates.")
        else:
            raise UnsupportedMediaType(
                "A query is sent as application/x-www-form-urlencoded or application/sparql-query."
            )
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) > 1:
        raise BadRequest("There is more than one query in the request.")
    if queries and not queries[0].strip():
        raise BadRequest("The query is empty.")
    longest = current_app.extensions["settings"].max_query_bytes
    if queries and len(queries[0].encode("utf-8", "surrogatepass")) > longest:
        raise RequestEntityTooLarge(f"The query is longer than {longest} bytes.")
    if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in pairs):
        raise BadRequest("This service only reads its data: it takes no updates.")
    if not queries and request.method == "POST":
        raise BadRequest("There is no query in the request.")
    return Asked(
        queries[0] if queries else None,
        _graphs(pairs, "default-graph-uri"),
        _graphs(pairs, "named-graph-uri"),
        next((value for name, value in pairs if name in ("format", "output") and value), ""),
        any(name == "form" for name, _ in pairs),
    )


def _body() -> bytes:
    """Return the body, unpacked where it is packed; its size counts unpacked too."""
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding in ("", "identity"):
        return request.get_data()
    if coding not in _CODINGS:
        raise _UnknownCodingError(f"The body is coded as {coding[:50]}: send it as it is, or as gzip.")
    longest: int = current_app.config["MAX_CONTENT_LENGTH"]
    unpacker, unpacked = zlib.decompressobj(zlib.MAX_WBITS | 32), bytearray()
    try:
        while piece := request.stream.read(16_384):
            unpacked += unpacker.decompress(piece, longest + 1 - len(unpacked))
            if len(unpacked) > longest or unpacker.unconsumed_tail:
                raise RequestEntityTooLarge(f"The body is longer than {longest} bytes when it is unpacked.")
    except zlib.error as error:
        raise BadRequest(f"The body is not coded as {coding}.") from error
    if not unpacker.eof or unpacker.unused_data:
        raise BadRequest(f"The body is not one whole piece of {coding}.")
    return bytes(unpacked)


class _UnknownCodingError(UnsupportedMediaType):
    """415 that tells which codings are understood (RFC 9110, section 15.5.16)."""

    def get_headers(self, environ: Any = None, scope: Any = None) -> list[tuple[str, str]]:
        """Return the headers that go with it."""
        return [*super().get_headers(environ, scope), ("Accept-Encoding", "gzip, deflate, identity")]


def _drain() -> None:
    """Read what is left of a refused body: a connection closed on unread bytes loses the answer on its way."""
    left = DRAINED if request.environ.get("wsgi.input_terminated") else 0  # else reading on could wait for ever
    while left > 0:
        piece = request.environ["wsgi.input"].read(min(left, 65_536))
        if not piece:
            return
        left -= len(piece)


def _graphs(pairs: Sequence[tuple[str, str]], parameter: str) -> tuple[str, ...]:
    found = tuple(value for name, value in pairs if name == parameter)
    for value in found:
        if not iris.is_iri(value):
            raise BadRequest(f"{parameter}: {value[:200]!r} is no absolute IRI.")
    return found


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    text = _text(encoded)
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeDecodeError as error:
        raise BadRequest("The request is not in UTF-8.") from error
    except ValueError as error:
        raise BadRequest("There are too many parameters in the request.") from error


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("The request is not in UTF-8.") from error
