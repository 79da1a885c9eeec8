"""A file as it lies on disk, packed or not, to streams of bytes within bounds; nothing is ever unpacked to disk.

What a file is, its first bytes tell, never its name. Archives come from
outside: names that lead elsewhere, links, nested archives, encrypted members
and whatever grows beyond the limits are refused.
"""

from __future__ import annotations

import copy
import gzip
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol, cast

from publisher.errors import InputError
from publisher.tables.model import Finding, Limits, Reading

CHUNK = 1 << 20

_RATIO_FROM = 50_000_000
"""Below this many bytes no ratio is looked at: small tables of equal rows pack well."""
_MAX_MEMBERS = 10_000
_MAX_DIRECTORY = 20_000_000
BROKEN = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)

_NOT_TABLES = {
    b"\xd0\xcf\x11\xe0": "is an old Excel file (.xls), or protected with a password: save it as .xlsx without one",
    b"%PDF": "is a PDF: ask for the table that it was made from, or copy it into a spreadsheet",
    b"PAR1": "is a Parquet file: save it as CSV",
    b"7z\xbc\xaf": "is a 7z archive: unpack it first",
    b"Rar!": "is a RAR archive: unpack it first",
    b"BZh": "is packed with bzip2: unpack it first",
    b"\xfd7zXZ": "is packed with xz: unpack it first",
    b"\x28\xb5\x2f\xfd": "is packed with zstd: unpack it first",
    b"{\\rtf": "is an RTF text: save its table as CSV",
    b"SQLite format 3": "is a database: export its table as CSV",
}
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|head|body)", re.IGNORECASE)
_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")


class Closable(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Close it."""


@dataclass
class Content:
    """What a file holds once it is unpacked.

    Args:
        kind: `text`, `xlsx` or `ods`.
        open: Opens the bytes anew, from their beginning, within the limits.
        head: The first bytes, 64 KiB at most.
        member: Name inside the archive.
        findings: How it was found out.
        packed: Whether a spreadsheet stands inside an archive and has to be held in memory.
    """

    kind: str
    open: Callable[[], BinaryIO]
    head: bytes
    member: str | None = None
    findings: list[Finding] = field(default_factory=list)
    packed: bool = False


class Bounded(io.RawIOBase):
    """Bytes of a stream, and an `InputError` as soon as there are too many of them.

    Args:
        inner: Where they come from.
        name: The file as the user named it.
        limits: The bounds.
        packed: Size of what they are unpacked from; 0 where they are not packed.
        under: What is closed with it.
    """

    def __init__(
        self, inner: IO[bytes], name: str, limits: Limits, packed: int = 0, under: Iterable[Closable] = ()
    ) -> None:
        """Begin to count."""
        self._inner, self._name, self._limits, self._packed, self._count = inner, name, limits, packed, 0
        self._under = (inner, *under)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Read as many bytes as there is room for."""
        try:
            block = self._inner.read(len(buffer))
        except BROKEN as error:
            raise InputError(f"{self._name}: is broken and cannot be unpacked to its end: {error}") from error
        self._count += len(block)
        check_size(self._name, self._count, self._packed, self._limits)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        """Close the stream under it."""
        if not self.closed:
            for part in self._under:
                part.close()
        super().close()


def buffered(raw: io.RawIOBase) -> BinaryIO:
    """Return bytes read in large blocks."""
    return cast(BinaryIO, io.BufferedReader(cast(Any, raw), CHUNK))


def check_size(name: str, size: int, packed: int, limits: Limits) -> None:
    """Refuse what is larger than the limits allow.

    Raises:
        InputError: It has too many bytes, or far too many for what it was packed in.
    """
    if size > limits.max_bytes:
        raise InputError(
            f"{name}: holds more than {limits.max_bytes} bytes; divide it into several files, or raise max_bytes"
        )
    if packed and size > _RATIO_FROM and size > packed * limits.max_ratio:
        raise InputError(
            f"{name}: unpacks to more than {limits.max_ratio} times its size, as archives do that are made to do harm;"
            " unpack it yourself if you trust it"
        )


class Origin:
    """A regular file that must stay as it was when it was first opened."""

    def __init__(self, path: Path, name: str, limits: Limits) -> None:
        """Look at the file.

        Raises:
            InputError: It is missing, unreadable, no regular file, empty or too large.
        """
        self.path, self.name, self.limits = path, name, limits
        with self.open() as stream:
            self._state = self._look(stream)
        self.size = self._state[0]
        if not self.size:
            raise InputError(f"{name}: is empty")
        check_size(name, self.size, 0, limits)

    @staticmethod
    def _look(stream: BinaryIO) -> tuple[int, int, int]:
        found = os.fstat(stream.fileno())
        return found.st_size, found.st_mtime_ns, found.st_ino

    def open(self) -> BinaryIO:
        """Open it, without ever waiting for the other end of a pipe.

        Raises:
            InputError: It cannot be opened, or is another file than before.
        """
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, ValueError) as error:
            raise InputError(f"{self.name}: cannot be opened: {getattr(error, 'strerror', None) or error}") from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise InputError(f"{self.name}: is a folder, a pipe or a device, not a file")
        stream = os.fdopen(descriptor, "rb")
        if self._look(stream) != getattr(self, "_state", self._look(stream)):
            stream.close()
            raise InputError(f"{self.name}: was changed while it was read; start again when nobody writes to it")
        return stream


def unpack(origin: Origin, reading: Reading) -> Content:
    """Find out what a file holds.

    Raises:
        InputError: It is broken, no table, or an archive that is refused.
    """
    name, limits = origin.name, origin.limits
    with origin.open() as stream:
        head = stream.read(1 << 16)
    if head.startswith(b"\x1f\x8b"):

        def opened() -> BinaryIO:
            stream = origin.open()
            return buffered(
                Bounded(cast(BinaryIO, gzip.GzipFile(fileobj=stream)), name, limits, origin.size, (stream,))
            )

        found = _inside(opened, origin, None)
        found.findings.insert(0, Finding("packing", "gzip", 1.0, "The file begins with the signature of gzip."))
        return found
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(origin, reading)
    _refuse(name, head)
    return Content("text", lambda: buffered(Bounded(origin.open(), name, limits)), head)


def _refuse(name: str, head: bytes) -> None:
    for magic, why in _NOT_TABLES.items():
        if head.startswith(magic):
            raise InputError(f"{name}: {why}")
    if _MARKUP.match(head):
        raise InputError(
            f"{name}: is a web page or XML, not a table; open it in a spreadsheet and save it as .xlsx or CSV"
        )


def _inside(opened: Callable[[], BinaryIO], origin: Origin, member: str | None) -> Content:
    """Return what an archive or a packed file holds: a text, or one spreadsheet, never another archive."""
    name = origin.name if member is None else f"{origin.name} ({member})"
    with opened() as stream:
        head = stream.read(1 << 16)
    if not head:
        raise InputError(f"{name}: is empty")
    if head.startswith(b"PK\x03\x04"):
        with opened() as stream, _archive(held(stream, name, origin.limits), name, origin.limits) as archive:
            kind = _workbook(archive, name)
        if kind is None:
            raise InputError(f"{name}: is an archive in an archive; unpack the outer one first")
        return Content(kind, opened, head, member, packed=True)
    if head.startswith(_PACKED):
        raise InputError(f"{name}: is an archive in an archive; unpack the outer one first")
    _refuse(name, head)
    return Content("text", opened, head, member)


def _zip(origin: Origin, reading: Reading) -> Content:
    name, limits = origin.name, origin.limits
    with origin.open() as stream, _archive(stream, name, limits) as archive:
        kind = _workbook(archive, name)
        members = [info for info in archive.infolist() if not info.is_dir()]
    if kind:
        return Content(kind, origin.open, b"PK\x03\x04")
    _check_members(name, members)
    candidates = [
        m for m in members if not m.filename.startswith("__MACOSX/") and not Path(m.filename).name.startswith(".")
    ]
    if reading.member is not None:
        chosen = next((m for m in members if m.filename == reading.member), None)
        if chosen is None:
            raise InputError(f"{name}: holds no {reading.member!r}; it holds {_listed(candidates)}")
        why, confidence = "The mapping names it.", 1.0
    else:
        tables = [m for m in candidates if m.filename.lower().endswith(_SUFFIXES)] or candidates
        if not tables:
            raise InputError(f"{name}: holds no file")
        chosen = max(tables, key=lambda m: m.file_size)
        why = "It is the only table in the archive." if len(tables) == 1 else "It is the largest table in the archive."
        confidence = 1.0 if len(tables) == 1 else 0.6
    others = tuple(m.filename for m in candidates if m.filename != chosen.filename)

    def opened() -> BinaryIO:
        stream = origin.open()
        archive = zipfile.ZipFile(stream)
        return buffered(Bounded(whole(archive, chosen), name, limits, origin.size, (archive, stream)))

    found = _inside(opened, origin, chosen.filename)
    found.findings.insert(0, Finding("member", chosen.filename, confidence, why, others))
    return found


_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm", ".ods")


def held(stream: IO[bytes], name: str, limits: Limits) -> io.BytesIO:
    """Return a packed spreadsheet in memory, where its readers can jump about in it.

    Raises:
        InputError: It is larger than the limits allow.
    """
    memory = io.BytesIO()
    for block in blocks(stream):
        memory.write(block)
        if memory.tell() > limits.max_sheet_bytes:
            raise InputError(f"{name}: is larger than {limits.max_sheet_bytes} bytes; unpack it first")
    memory.seek(0)
    return memory


def whole(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    """Open a member so that all of it is read, however short its entry says it is: other readers read it all."""
    info = copy.copy(member)
    info.file_size = 1 << 62
    return archive.open(info)


def blocks(stream: IO[bytes], size: int = CHUNK) -> Iterator[bytes]:
    """Yield a stream's bytes in blocks."""
    while block := stream.read(size):
        yield block


def _archive(stream: BinaryIO, name: str, limits: Limits) -> zipfile.ZipFile:
    """Open an archive after a look at how long its directory is, and how large it says to be."""
    stream.seek(0, io.SEEK_END)
    size = stream.tell()
    if _directory_size(stream, size) > _MAX_DIRECTORY:
        raise InputError(f"{name}: is an archive of far too many files")
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
    except (*BROKEN, ValueError, struct.error) as error:
        raise InputError(f"{name}: is a broken archive: {error}") from error
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise InputError(f"{name}: is an archive of more than {_MAX_MEMBERS} files")
    check_size(name, sum(member.file_size for member in members), size, limits)
    if any(member.flag_bits & 1 for member in members):
        raise InputError(f"{name}: is protected with a password; save it without one")
    return archive


def _directory_size(stream: BinaryIO, size: int) -> int:
    """Return how many bytes the directory of an archive has, by its own account; 0 where it gives none."""
    start = max(0, size - 65_600)
    stream.seek(start)
    tail = stream.read(65_600)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return 0
    length = int(struct.unpack("<L", tail[at + 12 : at + 16])[0])
    if at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        stream.seek(min(int(struct.unpack("<Q", tail[at - 12 : at - 4])[0]), size))
        record = stream.read(56)
        if len(record) == 56 and record[:4] == b"PK\x06\x06":
            length = int(struct.unpack("<Q", record[40:48])[0])
    return length


def _workbook(archive: zipfile.ZipFile, name: str) -> str | None:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "xl/workbook.bin" in names:
            raise InputError(f"{name}: is a binary Excel file (.xlsb): save it as .xlsx")
        if "word/document.xml" in names or "ppt/presentation.xml" in names:
            raise InputError(f"{name}: is a text or a presentation, not a table: save its table as .xlsx or CSV")
    if "mimetype" in names:
        info = archive.getinfo("mimetype")
        if info.file_size > 1000:
            return None
        try:
            kind = archive.read(info)
        except BROKEN as error:
            raise InputError(f"{name}: is a broken archive: {error}") from error
        if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
        if kind.startswith(b"application/vnd.oasis.opendocument"):
            raise InputError(f"{name}: is an OpenDocument file, but no spreadsheet")
    return None


def _check_members(name: str, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        inner = member.filename
        parts = inner.replace("\\", "/").split("/")
        if inner.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", inner):
            raise InputError(f"{name}: holds a file whose name leads out of the archive")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise InputError(f"{name}: holds a link; pack the files themselves")
        if any(ord(sign) < 32 for sign in inner):
            raise InputError(f"{name}: holds a file whose name has control characters")


def _listed(members: list[zipfile.ZipInfo]) -> str:
    shown = ", ".join(repr(member.filename) for member in members[:10])
    return shown + (f" and {len(members) - 10} more" if len(members) > 10 else "") if members else "nothing"
