"""Blocks of text to lines, with their ends, none longer than the limit; nothing more than a block is held."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

from publisher.errors import InputError
from publisher.tables import mojibake

STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no text of a table holds: control characters, and lone surrogates (bytes that cannot be decoded)."""


class Lines:
    """Lines of a text.

    Args:
        parts: The text in blocks of any size.
        name: The file as the user named it.
        longest: How many characters a line may have.

    Attributes:
        strange: Whether any character of `STRANGE` was seen so far: until then no line need be looked at.
        doubtful: Whether anything was seen that looks decoded twice.
    """

    def __init__(self, parts: Iterable[str], name: str, longest: int) -> None:
        """Begin at the first line."""
        self._parts, self._name, self._longest = iter(parts), name, longest
        self.strange = self.doubtful = False
        self._done = 0

    def __iter__(self) -> Iterator[str]:
        r"""Yield the lines; ends are `\n`, `\r\n` or `\r`, as they stand.

        Raises:
            InputError: A line is longer than the limit.
        """
        held: list[str] = []
        size = 0
        for part in self._parts:
            if not self.strange and STRANGE.search(part):
                self.strange = True
            cut = part.rfind("\n") + 1 or _last_return(part)
            if not cut:
                held.append(part)
                size += len(part)
            else:
                held.append(part[:cut])
                yield from self._cut("".join(held))
                held = [part[cut:]]
                size = len(held[0])
            if size > self._longest:
                self._too_long(self._done + 1)
        yield from self._cut("".join(held))

    def _cut(self, text: str) -> Iterator[str]:
        if not self.doubtful and not text.isascii() and mojibake.HINT.search(text):
            self.doubtful = True
        for line in io.StringIO(text, newline=""):
            if len(line) > self._longest:
                self._too_long(self._done + 1)
            self._done += 1
            yield line

    def _too_long(self, line: int) -> None:
        raise InputError(
            f"{self._name}: line {line} is longer than {self._longest} characters:"
            " is this a table, and do its lines end?"
        )


def _last_return(part: str) -> int:
    r"""Return where the text after the last `\r` begins that is surely no half of `\r\n`."""
    return part.rfind("\r", 0, len(part) - 1) + 1
