"""A portfolio folder to record classes: every fault in every file becomes a problem with its line."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from publisher.errors import InputError
from publisher.records import model, tree
from publisher.reports import Problem, problem

M = TypeVar("M", bound=BaseModel)

PORTFOLIO = "portfolio.yaml"
PROJECTS = "projects"
SUFFIXES = (".yaml", ".yml", ".json")

_SHARED: dict[str, tuple[str, type[BaseModel]]] = {
    "organisations": ("organisations", model.Organisations),
    "sources": ("sources", model.Sources),
    "places": ("places", model.Places),
    "target_groups": ("target-groups", model.TargetGroups),
    "decisions": ("decisions", model.Decisions),
}
"""Shared files: field, file name without suffix, class. All but the portfolio's own may be missing."""

_MESSAGES = {
    "string_type": "is no text; write one value here",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "has not the form that is asked for here",
    "list_type": "is no list",
    "dict_type": "is no table of languages: write {fi: …, sv: …, en: …}",
    "model_type": "is no group of named values",
    "model_attributes_type": "is no group of named values",
    "too_short": "is empty; at least one is needed",
    "literal_error": "is none of the values allowed here",
}


@dataclass(frozen=True)
class Loaded(Generic[M]):
    """A record with the tree it was read from, which knows the places."""

    record: M
    tree: tree.Tree


@dataclass
class Folder:
    """A portfolio folder: what its projects share, and where its project files are.

    Args:
        path: The folder.
        name: The folder as the user named it; problems call its files by it.
        portfolio: The portfolio's own record; None where it has faults.
        shared: The other shared files that were read, by field name.
        projects: The project files, by name.
    """

    path: Path
    name: str
    portfolio: Loaded[model.Portfolio] | None = None
    shared: dict[str, Loaded[Any]] = field(default_factory=dict)
    projects: list[Path] = field(default_factory=list)

    def entries(self, which: str) -> Iterator[tuple[Any, tree.Tree, tree.Path]]:
        """Yield each entry of a shared file with the tree and path where it stands."""
        loaded = self.shared.get(which)
        if loaded is not None:
            for index, entry in enumerate(getattr(loaded.record, which)):
                yield entry, loaded.tree, (which, index)

    def display(self, path: Path) -> str:
        """Return a file's name as the user would write it."""
        return f"{self.name.rstrip('/')}/{path.relative_to(self.path).as_posix()}"


def is_folder(path: Path) -> bool:
    """Tell whether a folder looks like a portfolio."""
    return any((path / PORTFOLIO).with_suffix(suffix).is_file() for suffix in SUFFIXES)


def read_folder(path: Path, name: str, max_bytes: int) -> tuple[Folder, list[Problem]]:
    """Read all of a portfolio folder but its project files, which are only listed.

    Raises:
        InputError: There is no portfolio file, or one must not be read.
    """
    folder = Folder(path, name)
    if not is_folder(path):
        raise InputError(f"{name}: is no portfolio folder: it has no {PORTFOLIO}")
    problems: list[Problem] = []
    for file in _variants(path, "portfolio"):
        folder.portfolio, faults = read_record(file, folder.display(file), model.Portfolio, max_bytes)
        problems += faults
    problems += _misplaced(folder)
    for field_name, (stem, cls) in _SHARED.items():
        for file in _variants(path, stem):
            loaded, faults = read_record(file, folder.display(file), cls, max_bytes)
            problems += faults
            if loaded is not None:
                folder.shared[field_name] = loaded
    projects = path / PROJECTS
    if projects.is_dir():
        folder.projects = sorted(p for p in projects.iterdir() if p.suffix in SUFFIXES and not p.name.startswith("."))
        problems += [
            problem(
                tree.Tree(folder.display(stray)).place(()), "record/file-name",
                "is left out: a record's file ends in .yaml, .yml or .json", severity="warning",
            )
            for stray in sorted(projects.iterdir())
            if stray.suffix not in SUFFIXES and not stray.name.startswith(".") and stray.suffix != ".md"
        ]  # fmt: skip
    return folder, problems


def _misplaced(folder: Folder) -> Iterator[Problem]:
    """Yield a problem for each file that would silently be left out, or take another's place."""
    stems = ["portfolio", *(stem for stem, _ in _SHARED.values())]
    for stem in stems:
        for file in _variants(folder.path, stem)[1:]:
            place = tree.Tree(folder.display(file)).place(())
            message = f"{_variants(folder.path, stem)[0].name} stands beside it; keep one of the two"
            yield problem(place, "record/file-name", message)
    for file in sorted(folder.path.iterdir()):
        if file.suffix in SUFFIXES and file.stem not in stems and not file.name.startswith("."):
            close = difflib.get_close_matches(file.stem, stems, n=1)
            hint = f"; did you mean {close[0]}{file.suffix}?" if close else f"; known: {', '.join(stems)}"
            place = tree.Tree(folder.display(file)).place(())
            yield problem(place, "record/file-name", f"is left out: no file of a portfolio has this name{hint}",
                          severity="warning")  # fmt: skip


def _variants(path: Path, stem: str) -> list[Path]:
    return [file for suffix in SUFFIXES if (file := path / f"{stem}{suffix}").is_file()]


def read_record(path: Path, name: str, cls: type[M], max_bytes: int) -> tuple[Loaded[M] | None, list[Problem]]:
    """Read one file as one record class; None with problems where it is not one.

    Raises:
        InputError: The file is not there or must not be read.
    """
    read, problems = tree.read(path, name, max_bytes)
    if read is None:
        return None, problems
    try:
        record = cls.model_validate(read.value)
    except ValidationError as error:
        return None, [*problems, *_explain(error, read, cls)]
    return (None if problems else Loaded(record, read)), problems


def _explain(error: ValidationError, read: tree.Tree, cls: type[BaseModel]) -> Iterable[Problem]:
    for fault in error.errors(include_url=False):
        kind = fault["type"]
        path = _path(fault["loc"], read.value, missing=kind == "missing")
        if kind == "missing":
            parent = read.place(path[:-1])
            yield problem(parent, "record/missing", f"{read.describe(path)} is missing; it must be given")
        elif kind == "extra_forbidden":
            yield problem(
                read.place(path, key=True), "record/unknown-key", _unknown_key(str(path[-1]), path, cls), path[-1]
            )
        else:
            value = fault["input"]
            shown = value if isinstance(value, str) else ""
            message = _MESSAGES.get(kind, fault["msg"])
            if kind == "literal_error":
                message += f": {fault['ctx']['expected']}"
            yield problem(read.place(path), f"record/{kind.replace('_', '-')}", message, shown)


def _path(location: Sequence[str | int], value: Any, *, missing: bool) -> tree.Path:
    """Return the steps of a fault's location that stand in the file: the model adds some of its own to them."""
    path: list[str | int] = []
    for at, step in enumerate(location):
        in_list = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if in_list or (isinstance(value, dict) and step in value):
            value = value[step]
        elif not (missing and at == len(location) - 1):
            continue
        path.append(step)
    return tuple(path)


def _unknown_key(key: str, path: tree.Path, cls: type[BaseModel]) -> str:
    known = _known_keys(cls, path[:-1])
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else f"; known here: {', '.join(known)}" if known else ""
    return f"is no key of this form{hint}"


def _known_keys(cls: type[BaseModel], path: tree.Path) -> list[str]:
    """Return the keys that may stand at a path, found by walking the record classes."""
    current: Any = cls
    for step in path:
        if isinstance(step, str) and isinstance(current, type) and issubclass(current, BaseModel):
            found = next((f for n, f in current.model_fields.items() if step in (n, f.alias)), None)
            current = _class_in(found.annotation) if found is not None else None
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [info.alias or name for name, info in current.model_fields.items()]
    return []


def _class_in(annotation: Any) -> type[BaseModel] | None:
    """Return the record class inside `list[Annotated[X, …]]`, `X | None` and the like."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    for argument in typing.get_args(annotation):
        found = _class_in(argument)
        if found is not None:
            return found
    return None
