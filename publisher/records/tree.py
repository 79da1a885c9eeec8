"""YAML (and so JSON) text to a plain tree in which every value knows its place.

Nothing is typed here: each scalar is the text that stands in the file, so `no`
stays `no`, `007` stays `007` and `2016-08-01` is for `records.model` to read.
Built from the parser's events, one by one, so that neither depth nor size nor an
alias can hurt: aliases, anchors and tags are faults ("YAML bomb"), depth and
number of values are bounded before anything is built.
"""

from __future__ import annotations

import codecs
import stat
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from publisher.errors import InputError
from publisher.reports import Place, Problem, problem

MAX_DEPTH = 30
MAX_VALUES = 200_000

Path = tuple[str | int, ...]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Tree:
    """A file's values.

    Args:
        file: The file's name as the user knows it.
        value: Dictionaries, lists and texts; empty values are left out.
        marks: Line and column (from 1) by path; an entry of a mapping stands where its value does.
        keys: Line and column of the keys of mappings, by path.
    """

    file: str
    value: Any = None
    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    _places: dict[Path, Place] = field(default_factory=dict, repr=False, compare=False)

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Return the place of a path, or of the nearest part above it that stands in the file."""
        if key:
            return self._find(path, self.keys)
        # A part's place is asked for once for each of its statements.
        found = self._places.get(path)
        if found is None:
            found = self._places[path] = self._find(path, self.marks)
        return found

    def _find(self, path: Path, marks: dict[Path, tuple[int, int]]) -> Place:
        known = path
        while known and known not in marks:
            known = known[:-1]
        line, column = marks.get(known) or self.marks.get(known) or self.marks.get((), (1, 1))
        return Place(self.file, line, column, self.describe(path))

    def describe(self, path: Path) -> str:
        """Return a path as a person reads it: list entries by their own key, else counted from 1."""
        value, words = self.value, ""
        for step in path:
            if isinstance(step, int):
                value = value[step] if isinstance(value, list) and step < len(value) else None
                own = value.get("key") if isinstance(value, dict) else None
                words += f"[{own if isinstance(own, str) else step + 1}]"
            else:
                value = value.get(step) if isinstance(value, dict) else None
                words += f".{step}" if words else step
        return words


def read(path: FilePath, name: str, max_bytes: int) -> tuple[Tree | None, list[Problem]]:
    """Read a file to a tree; None with problems where it cannot be one.

    Args:
        path: The file.
        name: What to call it in problems.
        max_bytes: Size above which it is not read.

    Raises:
        InputError: The file is not there or must not be read.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{name}: is no file")  # reading a pipe would wait for ever
        if status.st_size > max_bytes:
            message = f"the file has {status.st_size} bytes; at most {max_bytes} are read"
            return None, [problem(Place(name), "yaml/size", message)]
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from error
    return parse(data, name)


def parse(data: bytes, name: str) -> tuple[Tree | None, list[Problem]]:
    """Turn the bytes of a file to a tree; None with problems where they cannot be one."""
    text, fault = _decode(data, name)
    if fault:
        return None, [fault]
    try:
        return _Builder(name).build(text)
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the last two: escapes beyond Unicode
        return None, [_syntax(error, name, text)]


def _decode(data: bytes, name: str) -> tuple[str, Problem | None]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        message = "the file is in UTF-16; save it as UTF-8"
        return "", problem(Place(name, 1, 1), "yaml/encoding", message)
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        shown = data[error.start : error.start + 1].hex().upper()
        message = f"the file is not in UTF-8 (byte {shown} here); open it in an editor and save it as UTF-8"
        return "", problem(Place(name, line, column), "yaml/encoding", message)


def _syntax(error: Exception, name: str, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = " ".join(str(getattr(error, part, None) or "") for part in ("context", "problem")).strip() or str(error)
    if mark is not None:
        place = Place(name, mark.line + 1, mark.column + 1)
    else:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 0
        place = Place(name, line, 0)
    return problem(place, "yaml/syntax", f"this is no well-formed YAML: {what}")


@dataclass
class _Open:
    """A mapping or list that is being filled."""

    value: Any
    path: Path
    key: str | None = None
    index: int = 0


class _Builder:
    def __init__(self, name: str) -> None:
        self.tree = Tree(name)
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.count = 0
        self.documents = 0

    def build(self, text: str) -> tuple[Tree | None, list[Problem]]:
        for event in yaml.parse(text, Loader=_Loader):
            fatal = self._take(event)
            if fatal:
                return None, [*self.problems, fatal]
        if self.tree.value is None and not self.problems:
            return None, [self._fault("yaml/empty", "the file is empty", None)]
        return self.tree, self.problems

    def _fault(self, rule: str, message: str, event: yaml.Event | None) -> Problem:
        return problem(Place(self.tree.file, *self._mark(event)), rule, message)

    @staticmethod
    def _mark(event: yaml.Event | None) -> tuple[int, int]:
        mark = event.start_mark if event is not None else None
        return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)

    def _take(self, event: yaml.Event) -> Problem | None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                return self._fault("yaml/documents", "a second document begins here; write one record a file", event)
        elif isinstance(event, yaml.AliasEvent):
            return self._fault("yaml/alias", "aliases (*name) are not allowed; write the value out", event)
        elif isinstance(event, yaml.NodeEvent):
            if event.anchor is not None:
                return self._fault("yaml/alias", "anchors (&name) are not allowed; write the value out", event)
            if getattr(event, "tag", None) not in (None, "!"):
                return self._fault("yaml/tag", "tags (!name) are not allowed; delete it", event)
            self.count += 1
            if self.count > MAX_VALUES:
                return self._fault("yaml/size", f"the file has more than {MAX_VALUES} values", event)
            return self._node(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.stack.pop()
        return None

    def _node(self, event: yaml.Event) -> Problem | None:
        mark = self._mark(event)
        parent = self.stack[-1] if self.stack else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            if not isinstance(event, yaml.ScalarEvent):
                return self._fault("yaml/key", "a key must be a plain word", event)
            self._key(parent, event, mark)
            return None
        path = self._path(parent)
        self.tree.marks[path] = mark
        if isinstance(event, yaml.ScalarEvent):
            empty = not event.style and event.value in ("", "~", "null", "Null", "NULL")
            self._put(parent, None if empty else event.value)
            return None
        if len(self.stack) >= MAX_DEPTH:
            return self._fault("yaml/depth", f"values are nested deeper than {MAX_DEPTH} levels", event)
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._put(parent, value)
        self.stack.append(_Open(value, path))
        return None

    def _key(self, parent: _Open, event: yaml.ScalarEvent, mark: tuple[int, int]) -> None:
        key = event.value
        path = (*parent.path, key)
        if path in self.tree.keys:
            first = self.tree.keys[path][0]
            self.problems.append(
                self._fault("yaml/duplicate-key", f"{key!r} stands twice in this place (first on line {first})", event)
            )
        self.tree.keys[path] = mark
        parent.key = key

    @staticmethod
    def _path(parent: _Open | None) -> Path:
        if parent is None:
            return ()
        step = parent.key if isinstance(parent.value, dict) else parent.index
        return (*parent.path, step if step is not None else 0)

    def _put(self, parent: _Open | None, value: Any) -> None:
        """Put a value in its place; an empty one is left out: absent stays absent."""
        if parent is None:
            self.tree.value = value
        elif isinstance(parent.value, dict):
            if value is not None and parent.key is not None:
                parent.value[parent.key] = value
            parent.key = None
        elif value is not None:
            parent.value.append(value)
            parent.index += 1
