"""JSON and JSON lines to rows, read as a stream: objects laid flat, columns in the order in which keys first appear."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import ijson  # type: ignore[import-untyped]

from publisher.errors import InputError
from publisher.reports import Place
from publisher.tables import encodings, header
from publisher.tables.faults import Places
from publisher.tables.lines import Lines
from publisher.tables.model import Cell, Entry, Facts, Finding, Limits, Reading, Row, Skipped

_DEPTH = 8
_DIGITS = 30
_SEARCHED = 500_000
_BUFFER = 1 << 16
_NESTED = 64
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_JOINT = "; "

_FAULTS = (ijson.JSONError, UnicodeDecodeError, ValueError, RecursionError, OverflowError)


def form(opened: Callable[[], BinaryIO], codec: str, name: str) -> str:
    """Tell whether a text is `json`, `jsonl` or `csv` by how it begins."""
    head = "".join(itertools.islice(encodings.texts(opened, codec, name), 1))[:200_000].lstrip("\ufeff \t\r\n")
    if head[:1] not in ("{", "["):
        return "csv"
    after = head[1:200].lstrip()
    if head[0] == "[":
        return "json" if after[:1] in ("{", "[", "]", '"') else "csv"
    if after[:1] not in ('"', "}"):
        return "csv"
    first, _, rest = head.partition("\n")
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return "json"
    return "jsonl" if rest.lstrip()[:1] == "{" else "json"


class _Guarded(io.RawIOBase):
    """Bytes that are counted from one record to the next, and whose brackets are: no end and no depth is read for ever.

    The parser's own paths grow with the square of the depth, so that depth is looked at before it sees the bytes.
    """

    def __init__(self, inner: BinaryIO, name: str, longest: int) -> None:
        self._inner, self._name, self._longest, self.count = inner, name, longest, 0
        self._open = b""
        self._rest = b""
        self._inside = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        block = self._inner.read(len(buffer))
        self.count += len(block)
        if self.count > self._longest:
            raise InputError(
                f"{self._name}: holds a record, or something else that is none, longer than {self._longest} bytes"
            )
        self._look(block)
        buffer[: len(block)] = block
        return len(block)

    def _look(self, block: bytes) -> None:
        """Follow the brackets outside of strings; pairs go, until only those are left that are open."""
        text = self._rest + block
        odd = (len(text) - len(text.rstrip(b"\\"))) % 2
        cut = len(text) - odd
        self._rest = text[cut:]
        parts = text[:cut].replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
        outside = b"".join(parts[1 if self._inside else 0 :: 2])
        self._inside ^= len(parts) % 2 == 0
        brackets = self._open + outside.translate(None, _NO_BRACKETS)
        for _ in range(_NESTED):
            fewer = brackets.replace(b"{}", b"").replace(b"[]", b"")
            if len(fewer) == len(brackets):
                break
            brackets = fewer
        if len(brackets) > _NESTED:
            raise InputError(f"{self._name}: is nested more than {_NESTED} levels deep, as no list is")
        self._open = brackets

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


class DocumentTable:
    """An array of objects in JSON, or an object a line.

    Args:
        opened: Opens its bytes anew.
        source: The file as the user named it.
        reading: What is known of how to read it.
        limits: The bounds.
        encoding: What was found out about its encoding.
        kind: `json` or `jsonl`.
        member: Name inside an archive.
    """

    def __init__(
        self, opened: Callable[[], BinaryIO], source: str, reading: Reading, limits: Limits, encoding: Finding,
        kind: str, member: str | None,
    ) -> None:  # fmt: skip
        """Read it once to learn its columns.

        Raises:
            InputError: It is no JSON, has no records, or passes a limit.
        """
        self.source, self._opened, self._limits, self._kind = source, opened, limits, kind
        self._codec = encoding.value
        self._longest = 4 * limits.max_row_chars
        findings = [
            Finding("format", kind, 1.0, f"The file begins as {'JSON' if kind == 'json' else 'lines of JSON'}."),
            encoding,
        ]
        self._path = ""
        if kind == "json":
            if reading.records is None:
                found = self._search()
                self._path = found.value
                findings.append(found)
            else:
                self._path = reading.records
        self.columns = header.columns(self._names())
        self._index = {column.name: column.index for column in self.columns}
        self._places = Places(source, self.columns)
        self.facts = Facts(
            Reading(format=kind, encoding=self._codec, member=member, records=self._path if kind == "json" else None),
            findings,
        )

    def place(self, number: int, column: int | None = None) -> Place:
        """Return the place of a record, or of a value in it."""
        return self._places.place(number, column)

    def _bytes(self) -> _Guarded:
        return _Guarded(encodings.utf8(self._opened, self._codec, self.source), self.source, self._longest)

    def _search(self) -> Finding:
        """Find the array of records: the one that has the most objects in the first part of the file."""
        counts: dict[str, int] = {}
        with self._bytes() as stream:
            parser = iter(ijson.parse(stream, use_float=False, buf_size=_BUFFER))
            read, prefix, event = 0, "", ""
            while read < _SEARCHED:
                try:
                    prefix, event, _ = next(parser)
                except StopIteration:
                    break
                except _FAULTS as error:
                    raise self._broken(error) from error
                read += 1
                stream.count = 0
                if event == "start_map" and (prefix == "item" or prefix.endswith(".item")):
                    path = prefix[: -len("item")].rstrip(".")
                    if ".item." not in f".{path}.":
                        counts[path] = counts.get(path, 0) + 1
                        if path == "":
                            break
        if not counts:
            raise InputError(f"{self.source}: holds no array of objects, so no records")
        order = sorted(counts, key=lambda path: -counts[path])
        shown = (
            "It is the array that the file consists of." if order[0] == "" else "It is the array with the most objects."
        )
        return Finding("records", order[0], 1.0 if len(order) == 1 else 0.7, shown, tuple(order[1:]))

    def _broken(self, error: Exception) -> InputError:
        # The parser quotes what stands around a fault, which may name a person: only its kind is told.
        early = isinstance(error, ijson.IncompleteJSONError) and "premature" in str(error).lower()
        return InputError(f"{self.source}: {'ends in the middle of its JSON' if early else 'is no valid JSON'}")

    def _items(self) -> Iterator[tuple[int, Any]]:
        """Yield the records with their numbers; in JSON lines None for a blank line."""
        if self._kind == "jsonl":
            lines = Lines(
                encodings.texts(self._opened, self._codec, self.source), self.source, self._limits.max_row_chars
            )
            for number, text in enumerate(lines, 1):
                if not text.strip():
                    yield number, None
                    continue
                try:
                    yield number, json.loads(text.lstrip("\ufeff"), parse_float=Decimal, parse_constant=_no_constant)
                except (ValueError, RecursionError) as error:
                    raise InputError(f"{self.source}: line {number} is no valid JSON") from error
            return
        with self._bytes() as stream:
            items = ijson.items(
                stream, f"{self._path}.item" if self._path else "item", use_float=False, buf_size=_BUFFER
            )
            for number in itertools.count(1):
                try:
                    item = next(items)
                except StopIteration:
                    return
                except _FAULTS as error:
                    raise self._broken(error) from error
                stream.count = 0
                yield number, item

    def _names(self) -> list[str]:
        names: dict[str, None] = {}
        seen: set[tuple[str, ...]] = set()
        for _, item in self._items():
            if not isinstance(item, dict):
                continue
            flat = _flat(item)
            if flat is None or (keys := tuple(flat)) in seen:
                continue
            names.update(dict.fromkeys(keys))
            if len(names) > self._limits.max_columns:
                raise InputError(f"{self.source}: its records have more than {self._limits.max_columns} different keys")
            if len(seen) < 10_000:
                seen.add(keys)
        if not names:
            raise InputError(f"{self.source}: holds no records with fields{f' at {self._path}' if self._path else ''}")
        return list(names)

    def entries(self) -> Iterator[Entry]:
        """Yield all records in the order of the file.

        Raises:
            InputError: The file passes a limit, is broken, or changed since it was opened.
        """
        names, checked, longest = (
            [column.name for column in self.columns],
            self._places.checked,
            self._limits.max_cell_chars,
        )
        for number, item in self._items():
            if item is None and self._kind == "jsonl":
                yield Skipped(number, "blank")
                continue
            if not isinstance(item, dict):
                yield self._places.rejected(number, "not-a-record")
                continue
            flat = _flat(item)
            if flat is None:
                yield self._places.rejected(number, "too-deep", limit=_DEPTH)
                continue
            if any(key not in self._index for key in flat):
                raise InputError(f"{self.source}: was changed while it was read")
            cells = tuple(map(flat.get, names))
            large = next(
                (at for at, cell in enumerate(cells) if isinstance(cell, (int, Decimal)) and _large(cell)), None
            )
            if large is not None:
                yield self._places.rejected(number, "number-size", large, column=names[large], limit=_DIGITS)
            else:
                yield checked(Row(number, cells), longest)


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _large(value: int | Decimal) -> bool:
    if isinstance(value, int):
        return value.bit_length() > 100
    return not value.is_finite() or abs(value.adjusted()) > _DIGITS or len(value.as_tuple().digits) > _DIGITS


def _flat(item: dict[str, Any]) -> dict[str, Cell] | None:
    """Lay an object flat: `{"a": {"b": 1}}` to `a.b`, lists of values joined; None where it is too deep."""
    for value in item.values():
        if isinstance(value, (dict, list)):
            break
    else:
        return item
    flat: dict[str, Cell] = {}
    return flat if _lay(item, "", flat, 0) else None


def _lay(value: Any, path: str, flat: dict[str, Cell], depth: int) -> bool:
    if depth > _DEPTH:
        return False
    if isinstance(value, dict):
        return all(_lay(inner, f"{path}.{key}" if path else key, flat, depth + 1) for key, inner in value.items())
    if isinstance(value, list):
        if any(isinstance(inner, (dict, list)) for inner in value):
            return all(_lay(inner, path, flat, depth + 1) for inner in value)
        value = _JOINT.join(_text(inner) for inner in value if inner is not None) or None
    before = flat.get(path)
    if before is not None and value is not None:
        value = f"{_text(before)}{_JOINT}{_text(value)}"
    flat[path] = before if value is None else value
    return True


def _text(value: Cell) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
