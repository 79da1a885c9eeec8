"""Finds the lists of a run: which file goes with which mapping."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from publisher.errors import InputError, MappingError
from publisher.lists import builtin, mapping_file
from publisher.lists.mapping_file import Mapping
from publisher.tables.model import Limits, Table
from publisher.tables.opening import open_table

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".ods", ".json", ".jsonl", ".ndjson")
PACKED = (".gz", ".zip")


@dataclass(frozen=True)
class ListFile:
    """A file of a list: where it is, and what the user calls it."""

    path: Path
    name: str


@dataclass(frozen=True)
class ListSource:
    """A list of operations: its mapping (by its name) and its files, which are one source."""

    mapping: Mapping
    files: tuple[ListFile, ...]
    name: str = "the built-in mapping"

    def open(self, number: int, limits: Limits) -> Table:
        """Open one of the files as the mapping says.

        Raises:
            InputError: It cannot be read as a table.
        """
        file = self.files[number]
        return open_table(file.path, file.name, self.mapping.reading.reading(), limits)


def is_list(path: Path) -> bool:
    """Tell whether a path names a list by its look: a table file, a mapping, or a folder with a mapping."""
    name = path.name.lower()
    for packed in PACKED:
        name = name.removesuffix(packed)
    if path.is_dir():
        return (path / mapping_file.FILE_NAME).is_file()
    return name.endswith((*SUFFIXES, ".toml")) or path.suffix.lower() == ".zip"


def find(
    named: list[str], mapping: str | None, facts: Callable[[str], builtin.SourceFacts], limits: Limits
) -> list[ListSource]:
    """Pair the lists that the user named with their mappings.

    Args:
        named: Table files, mappings, folders with a mapping; in the user's order.
        mapping: The mapping that was given for the table files; None = beside the file, else built in.
        facts: Tells what a built-in mapping says of a file's source, by its name.
        limits: What no file passes.

    Raises:
        InputError: A file is missing, or has no mapping and no columns that need none.
        MappingError: A mapping is wrong.
    """
    given = None if mapping is None else mapping_file.read(Path(mapping), mapping)
    found: list[ListSource] = []
    together: list[ListFile] = []
    for name in named:
        path = Path(name)
        if path.is_dir():
            path, name = path / mapping_file.FILE_NAME, f"{name.rstrip('/')}/{mapping_file.FILE_NAME}"
        if path.suffix == ".toml":
            found.append(_of_mapping(path, name))
        elif given is not None:
            together.append(ListFile(path, name))
        else:
            found.append(_of_file(ListFile(path, name), facts, limits))
    if given is not None:
        if not together:
            raise MappingError(f"--mapping {mapping}: no table file was named that it could be for")
        found.append(ListSource(given, tuple(together), str(mapping)))
    keys: dict[str, ListSource] = {}
    for source in found:
        key = source.mapping.source.key
        if key in keys:
            raise MappingError(
                f"source.key: {key} is the key of two lists ({keys[key].name} and {source.name}); each list has its "
                "own, and each file is named once"
            )
        keys[key] = source
    return found


def _of_mapping(path: Path, name: str) -> ListSource:
    mapping = mapping_file.read(path, name)
    if not mapping.source.files:
        raise InputError(
            f"{name}: source.files is empty: name the list's files there, or give the file and --mapping {name}"
        )
    files: list[ListFile] = []
    for pattern in mapping.source.files:
        full = os.path.join(path.parent, pattern)  # noqa: PTH118  # a pattern is no path
        matches = sorted(glob.glob(full))  # noqa: PTH207
        if not matches:
            raise InputError(f"{name}: source.files: there is no file {pattern!r}")
        files += [ListFile(Path(match), _display(Path(match), path.parent, name)) for match in matches]
    return ListSource(mapping, tuple(files), name)


def _display(path: Path, folder: Path, mapping: str) -> str:
    """Return a file's name as the user would write it."""
    try:
        inside = path.relative_to(folder).as_posix()
    except ValueError:
        return str(path)
    return str(Path(mapping).parent / inside)


def _of_file(file: ListFile, facts: Callable[[str], builtin.SourceFacts], limits: Limits) -> ListSource:
    beside = [
        file.path.with_name(f"{file.path.name}.{mapping_file.FILE_NAME}"),
        file.path.parent / mapping_file.FILE_NAME,
    ]
    for candidate in beside:
        if candidate.is_file():
            return ListSource(mapping_file.read(candidate), (file,), str(candidate))
    table = open_table(file.path, file.name, limits=limits)
    mapping = builtin.mapping_for([column.name for column in table.columns], facts(file.name))
    if mapping is None:
        raise InputError(
            f"{file.name}: is a list without a mapping, and its columns are not those of the canonical record: "
            f"run `publisher inspect {file.name} --out {beside[1].name}`, edit what it asks for, and build again"
        )
    reading = mapping_file.ReadingTable.of(table.facts.reading)
    return ListSource(mapping.model_copy(update={"reading": reading}), (file,))
