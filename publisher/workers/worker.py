"""Runs queries in a fork of the parent, one after the other, until one of them was slow, failed hard, or took memory.

What keeps a query in: RLIMIT_CPU, RLIMIT_AS, RLIMIT_FSIZE; RLIMIT_NOFILE at what is
open already, so that no file and no socket can be opened (SERVICE reaches nothing);
no socket inherited but the one to the parent; and the parent itself, which kills the
worker at a deadline or when the visitor has left. Only the data of one release, which
are public, were ever in its memory.

On the channel (SEQPACKET, also the engine's standard error) come `Q` + JSON of the
request, beside it the file for the result, then `T` + text. The worker tells as
`MARK` + JSON + line end:

- `{"kind": "graph" | "results" | "boolean"}` before the first byte of the result;
- `{"rows": n, "ends": …}` after the last: solutions or triples;
- `{"code": …, "message": …, "ends": …}` instead, where there is no result.

`ends` is false where it waits for the next request.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import io
import json
import math
import os
import re
import resource
import signal
import socket
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from publisher import errors, formats, sparql_text
from publisher.namespaces import PREFIXES
from publisher.workers.protocol import BODY_AT, MESSAGE_BYTES, Limits

if TYPE_CHECKING:
    import pyoxigraph as ox

    from publisher.formats import Format

MARK = b"\x1e"
"""Begins each line that the worker itself tells."""
CHANNEL = 2
"""The worker's descriptor of the socket to the parent: standard error."""
LOW_PRIORITY = 19
"""The niceness of slow queries: the lowest priority."""
GROWN_KB = 100_000
"""A worker that has grown by more than this ends, so that its memory is given back; in kB."""
STACK_BYTES = 256 * 1024 * 1024
"""The stack that the parent is started with: deep queries need it, and none seen needs more under 340 kB of text."""
BUFFER_BYTES = 65_536
BLOCK_BYTES = 4_000_000
UNKNOWN_FUNCTIONS = 100
"""Functions unknown to the engine that one query may name: each costs one more reading of the query."""

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)  # once, in the parent: each worker finds it there
_UNKNOWN_FUNCTION = re.compile(r"custom function <?([^<>\s]+)>? is not supported", re.IGNORECASE)


class _TooLargeError(Exception):
    """The result passed its cap."""


class _Output(io.RawIOBase):
    """Writes a result into its file, up to a limit."""

    def __init__(self, descriptor: int, limit: int) -> None:
        self.descriptor = descriptor
        self.left = limit
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        size = len(data)
        self.left -= size
        if self.left < 0:
            raise _TooLargeError
        written = os.write(self.descriptor, data)
        self.left += size - written
        self.size += written
        return written


def work(store: ox.Store, files: set[int], channel: int, limits: Limits) -> NoReturn:
    """Take queries from the parent until it closes the channel, and end the process.

    Args:
        store: The open store.
        files: Descriptors of the store's own files.
        channel: Descriptor of the socket to the parent.
        limits: What a query may use.
    """
    status = 1
    try:
        parent = os.getppid()
        die_with_parent(signal.SIGKILL)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGUSR1):
            signal.signal(number, signal.SIG_DFL)
        if os.getppid() != parent:  # it ended before the kernel was asked
            os._exit(1)
        os.dup2(channel, CHANNEL)  # the engine's last words tell the parent why it died
        _set_limits(limits, _keep_open(files | {CHANNEL}))
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with socket.socket(fileno=CHANNEL) as connection:
            while task := receive(connection):
                _allow_time(limits)
                told = _answer(store, *task, limits)
                grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size
                ends = task[0]["slow"] or grown > GROWN_KB
                tell(**told, ends=ends)
                if ends:
                    break
        status = 0
    finally:
        os._exit(status)


def receive(connection: socket.socket) -> tuple[dict[str, Any], bytes, int] | None:
    """Wait for the next request: what is asked, the text, the file; None at the end."""
    message, descriptors, _, _ = socket.recv_fds(connection, MESSAGE_BYTES + 1, 1, socket.MSG_CMSG_CLOEXEC)
    if not message:
        return None
    request = json.loads(message[1:])
    text = bytearray()
    while len(text) < request["bytes"]:
        text += connection.recv(MESSAGE_BYTES + 1)[1:]
    return request, bytes(text), descriptors[0]


def die_with_parent(number: int) -> None:
    """Ask the kernel for a signal when the parent process ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def _keep_open(kept: set[int]) -> int:
    """Close every descriptor but the kept ones; return how many may be open: one more, for the result's file."""
    highest = max(kept)
    os.closerange(highest + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    for number in set(range(highest)) - kept:
        os.dup2(CHANNEL, number)  # no number stays free
    return highest + 2


def open_files(folder: str) -> set[int]:
    """Return the descriptors of this process that are open on files of a folder."""
    found = set()
    with os.scandir("/proc/self/fd") as entries:
        numbers = [int(entry.name) for entry in entries]
    for number in numbers:
        with contextlib.suppress(OSError):  # the descriptor of the listing itself
            if os.readlink(f"/proc/self/fd/{number}").startswith(folder + "/"):  # noqa: PTH115
                found.add(number)
    return found


def _set_limits(limits: Limits, files: int) -> None:
    """Take away what no query needs."""
    statm = os.open("/proc/self/statm", os.O_RDONLY)
    pages = int(os.read(statm, 100).split()[0])
    os.close(statm)
    size = pages * resource.getpagesize() + STACK_BYTES + limits.memory_bytes
    for name, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, BODY_AT + limits.result_bytes),
        (resource.RLIMIT_AS, size),
        (resource.RLIMIT_NOFILE, files),
    ):
        resource.setrlimit(name, (value, value))


def _allow_time(limits: Limits) -> None:
    """Let the next query have its processor time, beside what was used before."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime) + limits.cpu_s
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def tell(**said: Any) -> None:
    """Tell the parent something."""
    os.write(CHANNEL, MARK + json.dumps(said).encode() + b"\n")


def too_much_memory(limits: Limits) -> str:
    """Return what a visitor is told whose query asked for too much memory."""
    return f"the query asked for more than {limits.memory_bytes // 1_000_000} MB of memory and was ended"


def _answer(store: ox.Store, request: dict[str, Any], text: bytes, spool: int, limits: Limits) -> dict[str, Any]:
    """Run a query, write what comes of it into its file, and return what there is to tell."""
    try:
        if request["slow"]:
            os.nice(LOW_PRIORITY)
        os.lseek(spool, BODY_AT, os.SEEK_SET)
        result = _evaluate(store, text.decode("utf-8"), request)
        raw = _Output(spool, limits.result_bytes)
        output = io.BufferedWriter(raw, BUFFER_BYTES)
        count = _serialize(result, request, output)
        output.flush()
        told: dict[str, Any] = {"rows": count(spool, raw.size)}
    except _TooLargeError:
        told = _error(errors.ResultTooLargeError, f"the result is larger than {limits.result_bytes} bytes")
    except SyntaxError as error:
        told = _error(errors.QuerySyntaxError, readable(str(error)))
    except errors.QueryRefusedError as error:
        told = _error(type(error), str(error))
    except MemoryError:
        told = _error(errors.QueryMemoryError, too_much_memory(limits))
    except (OSError, RuntimeError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            told = _error(errors.BusyError, "the server has no room on its disk for the result")
        else:
            told = _error(errors.QueryError, f"the query cannot be evaluated: {error}")
    finally:
        os.close(spool)
    return told


def _error(kind: type[errors.QueryError], message: str) -> dict[str, str]:
    return {"code": kind.code, "message": message[:2000]}


def _evaluate(
    store: ox.Store, text: str, request: dict[str, Any]
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Begin to evaluate a query, as the specification has it where the engine differs.

    - A function that is not known is an error of the expression, row by row, and
      none of the query (SPARQL 1.1 Query, section 17.6).
    - `SELECT *` gives the variables in the order in which the query names them; the engine sorts them by name.
    """
    import pyoxigraph

    dataset = bool(request["default"] or request["named"])
    unknown: dict[ox.NamedNode, Callable[..., None]] = {}

    def evaluate(query: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        for _ in range(UNKNOWN_FUNCTIONS):
            try:
                return store.query(
                    query,
                    base_iri=request["base"] or None,
                    default_graph=[pyoxigraph.NamedNode(iri) for iri in request["default"]] if dataset else None,
                    named_graphs=[pyoxigraph.NamedNode(iri) for iri in request["named"]] if dataset else None,
                    custom_functions=unknown,  # type: ignore[arg-type]
                )
            except (RuntimeError, ValueError) as error:
                found = _UNKNOWN_FUNCTION.search(str(error))
                if not found or pyoxigraph.NamedNode(found[1]) in unknown:
                    raise
                unknown[pyoxigraph.NamedNode(found[1])] = lambda *_: None
        raise errors.QueryRefusedError(f"the query names more than {UNKNOWN_FUNCTIONS} functions that are not known")

    result = evaluate(text)
    if isinstance(result, pyoxigraph.QuerySolutions):
        ordered = sparql_text.with_columns(text, [variable.value for variable in result.variables])
        if ordered is not None:
            return evaluate(ordered)
    return result


def _serialize(
    result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, request: dict[str, Any], output: BinaryIO
) -> Callable[[int, int], int]:
    """Tell the kind of a result and write it in the format asked for; return what counts its rows afterwards."""
    import pyoxigraph

    if isinstance(result, pyoxigraph.QueryTriples):
        tell(kind="graph")
        form = _named(request["graph"], formats.GRAPHS)
        triples = _Counted(result)
        if form is formats.N_TRIPLES:
            pyoxigraph.serialize(triples, output, form.rdf())
        else:
            pyoxigraph.serialize(triples, output, form.rdf(), prefixes=PREFIXES)
        return lambda _spool, _size: triples.count
    form = _named(request["results"], formats.RESULTS)
    boolean = isinstance(result, pyoxigraph.QueryBoolean)
    if boolean and form in (formats.RESULTS_CSV, formats.RESULTS_TSV):
        raise errors.QueryRefusedError(f"the answer to ASK has no {form.name.upper()} form: ask for JSON or XML")
    tell(kind="boolean" if boolean else "results")
    result.serialize(output, form.results())
    return (lambda _spool, _size: 1) if boolean else lambda spool, size: count_rows(spool, size, form)


class _Counted(Iterable[Any]):
    """Triples on their way, counted."""

    def __init__(self, triples: Iterable[Any]) -> None:
        self.triples = triples
        self.count = 0

    def __iter__(self) -> Iterator[Any]:
        for triple in self.triples:
            self.count += 1
            yield triple


# A row of JSON begins so and nothing else can: inside a string quotation marks are escaped.
_ROW_JSON = re.compile(rb'[\[,]\{(?="[^"]*":\{"type":")')
_LONGEST_NAME = 70_000  # of a variable, in bytes: a query is not longer


def count_rows(descriptor: int, size: int, form: Format) -> int:
    """Count the solutions in a result that was written to a file, faster than by reading it as such.

    Args:
        descriptor: The file; the result begins at `BODY_AT`.
        size: Its size, in bytes.
        form: What it is.
    """
    if form is formats.RESULTS_XML:  # in a text "<" is written as &lt;
        return _count(
            descriptor, size, len(b"<result/>"), lambda data: data.count(b"<result>") + data.count(b"<result/>")
        )
    if form is formats.RESULTS_TSV:  # in a text a line end is escaped
        return _count(descriptor, size, 0, lambda data: data.count(b"\n")) - 1
    if form is formats.RESULTS_CSV:  # a row ends outside of quotation marks
        rows, quoted = 0, False
        for block in _blocks(descriptor, size):
            for part in block.split(b'"'):
                rows += 0 if quoted else part.count(b"\n")
                quoted = not quoted
            quoted = not quoted  # the last part of a block goes on in the next
        return rows - 1
    if _count(descriptor, size, 3, lambda data: data.count(b",{}") + data.count(b"[{}")):  # rows without any value
        import pyoxigraph

        read = pyoxigraph.parse_query_results(io.BufferedReader(_Input(descriptor)), format=form.results())
        return sum(1 for _ in read) if isinstance(read, pyoxigraph.QuerySolutions) else 1
    return _count(descriptor, size, _LONGEST_NAME, lambda data: sum(1 for _ in _ROW_JSON.finditer(data)))


def _blocks(descriptor: int, size: int) -> Iterator[bytes]:
    for at in range(BODY_AT, BODY_AT + size, BLOCK_BYTES):
        yield os.pread(descriptor, BLOCK_BYTES, at)


def _count(descriptor: int, size: int, reach: int, count: Callable[[bytes], int]) -> int:
    """Count in a file what is at most `reach` bytes long: blocks overlap by that much; what both hold counts once."""
    found, rest = 0, b""
    for block in _blocks(descriptor, size):
        data = rest + block
        rest = data[max(0, len(data) - reach) :] if reach else b""
        found += count(data) - count(rest)
    return found + count(rest)


class _Input(io.RawIOBase):
    """Reads a result from its file."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.at = BODY_AT

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = os.pread(self.descriptor, len(buffer), self.at)
        buffer[: len(piece)] = piece
        self.at += len(piece)
        return len(piece)


def _named(name: str, table: tuple[Format, ...]) -> Format:
    found = formats.by_name(name, table)
    if found is None:
        raise errors.QueryRefusedError(f"there is no serialisation {name!r} for this kind of result")
    return found


def readable(message: str) -> str:
    """Word the engine's syntax error for people: line and column first.

    Among the tokens that it expected the engine lists what else is wrong, as a sentence: then that is all to tell.
    """
    found = re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if not found:
        return message
    line, column, rest = found.groups()
    sentence = re.search(r"(?:expected |one of |, )([A-Z][\w']* [a-z][^,\[\]]*)", rest)
    words = sentence[1] if sentence else re.sub(r"\[[^\[\]]*\.\.=[^\[\]]*\]", "a letter or digit", rest)
    return f"line {line}, column {column}: {words.replace('[_]', 'white space')}"
