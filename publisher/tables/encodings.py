"""Which encoding a text is in, by evidence: byte order marks, strict UTF-8, then the letters of European languages.

"It decodes" is no evidence: every windows-1253 text decodes as ISO-8859-7, and
Danish decodes into Greek letters. Candidates are scored by what a reader would
see: letters that one language has, in words of one script and one case.
"""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO

import chardet

from publisher.errors import InputError
from publisher.tables.containers import CHUNK, blocks, buffered
from publisher.tables.model import Finding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD = 60
_SAMPLE = 4_000_000
"""So many bytes of lines with letters beyond ASCII are enough evidence."""

_LANGUAGES = {
    "fi sv": "äöåÄÖÅéÉ", "da": "æøåÆØÅé", "de": "äöüßÄÖÜ", "fr": "éèàçêâîôûëïùœÉÈÀÇÊÎÔ", "es": "áéíóúñüÁÉÍÓÚÑ¿¡ªº",
    "pt": "ãõáéíóúâêôçàÃÕÁÉÍÓÚÂÊÔÇÀªº", "it": "àèéìòùÀÈÉÌÒÙ", "nl": "éëïèöüóáÉË", "ga": "áéíóúÁÉÍÓÚ",
    "pl": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "cs": "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", "sk": "áäčďéíĺľňóôŕšťúýžÁÄČĎÉÍĽŇÓÔŠŤÚÝŽ",
    "hu": "áéíóöőúüűÁÉÍÓÖŐÚÜŰ", "ro": "ăâîșțşţĂÂÎȘȚŞŢ", "hr sl": "čćđšžČĆĐŠŽ", "lt": "ąčęėįšųūžĄČĘĖĮŠŲŪŽ",
    "lv": "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ", "et": "äõöüšžÄÕÖÜŠŽ", "mt": "ċġħżàĊĠĦŻ",
    "el": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏΪΫ",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯ",
}  # fmt: skip
_SIGNS = "“”„’‘–—•…«»€§°²³½£´·№\xa0"
_CANDIDATES = {
    "cp1252": ("fi sv", "da", "de", "fr", "es", "pt", "it", "nl", "ga"),
    "cp1250": ("pl", "cs", "sk", "hu", "ro", "hr sl"),
    "cp1253": ("el",),
    "cp1251": ("bg",),
    "cp1257": ("lt", "lv", "et"),
    "iso8859-15": ("fi sv", "da", "de", "fr", "es", "pt", "it", "nl", "et"),
    "iso8859-2": ("pl", "cs", "sk", "hu", "ro", "hr sl"),
    "iso8859-7": ("el",),
    "iso8859-5": ("bg",),
    "iso8859-13": ("lt", "lv", "et"),
    "iso8859-16": ("ro",),
    "iso8859-3": ("mt",),
    "cp850": ("fi sv", "da", "de", "fr", "es", "pt", "it"),
    "cp852": ("pl", "cs", "sk", "hu", "hr sl"),
    "mac_roman": ("fi sv", "da", "de", "fr", "es", "pt", "it"),
}
"""Encodings from the likeliest on, with the languages that they serve."""

_RARE = {"cp850": 0.02, "cp852": 0.02, "mac_roman": 0.02, "iso8859-3": 0.02, "iso8859-16": 0.01}


def find(opened: Callable[[], BinaryIO], name: str) -> Finding:
    """Find out the encoding of a text.

    Raises:
        InputError: It is no text.
    """
    with opened() as stream:
        head = stream.read(4096)
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return Finding("encoding", codec, 1.0, "The file begins with a byte order mark.")
    wide = _wide(head)
    if wide:
        return Finding("encoding", wide, 0.95, "Every other byte is zero, as in UTF-16.")
    good, bad, sample, first_bad = _survey(opened)
    if not sample:
        return Finding("encoding", "utf-8", 1.0, "The file holds ASCII only.")
    if not bad:
        return Finding("encoding", "utf-8", 0.99, "The whole file is valid UTF-8 with letters beyond ASCII.")
    if good >= 20 * bad:
        return Finding(
            "encoding", "utf-8", 0.8,
            f"{good} letters beyond ASCII are valid UTF-8, {bad} bytes are not, the first in line {first_bad}:"
            " the file mixes encodings.",
        )  # fmt: skip
    return _by_letters(sample, head, name)


def _wide(head: bytes) -> str | None:
    half = max(1, len(head) // 2)
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    if even > 0.4 and odd < 0.05:
        return "utf-16-be"
    return None


_HIGH = bytes(range(0x80, 0x100))
_VALID = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)


def _survey(opened: Callable[[], BinaryIO]) -> tuple[int, int, bytes, int]:
    """Return over the whole file: letters in UTF-8, bytes that are none, lines as evidence, line of the first fault."""
    good = bad = lines = first_bad = 0
    sample: list[bytes] = []
    held = 0
    with opened() as stream:
        for block in _at_ends(stream):
            if not block.isascii():
                try:
                    block.decode("utf-8")
                    fair = True
                except UnicodeDecodeError as error:
                    fair = False
                    first_bad = first_bad or lines + 1 + block.count(b"\n", 0, error.start)
                if fair and bad == 0 and held >= 65_536:
                    good += 1  # enough is known: only a fault would still change the answer
                elif held < _SAMPLE or not fair:
                    rest, valid = _VALID.subn(b"", block)
                    good += valid
                    bad += len(rest) - len(rest.translate(None, _HIGH))
                if held < _SAMPLE:
                    found = [line for line in block.splitlines(keepends=True) if not line.isascii()]
                    sample += found
                    held += sum(map(len, found))
            lines += block.count(b"\n")
    return good, bad, b"".join(sample)[:_SAMPLE], first_bad


def _at_ends(stream: BinaryIO) -> Iterator[bytes]:
    """Yield blocks that end where a line ends, or where a block of bytes holds no line end at all."""
    rest = b""
    for block in blocks(stream, CHUNK):
        whole = rest + block
        cut = whole.rfind(b"\n") + 1
        if not cut:
            cut = max(0, len(whole) - 3) if len(whole) > CHUNK else 0
            while cut and whole[cut] & 0xC0 == 0x80 and cut > len(whole) - 8:
                cut -= 1
        rest = whole[cut:]
        if cut:
            yield whole[:cut]
    if rest:
        yield rest


def _by_letters(sample: bytes, head: bytes, name: str) -> Finding:
    if head.count(0) > len(head) // 20:
        raise InputError(f"{name}: is no text and no spreadsheet that is known here")
    guess = chardet.detect(sample[:400_000])
    guessed = _codec(guess.get("encoding") or "")
    scores = {}
    for codec in _CANDIDATES:
        score = _score(sample[:100_000], codec)
        if score is not None:
            scores[codec] = score - _RARE.get(codec, 0.0) + (0.02 if codec == guessed else 0.0)
    if not scores:
        raise InputError(f"{name}: is in no encoding that is known here; save it as UTF-8")
    order = sorted(scores, key=lambda codec: (-round(scores[codec], 4), list(_CANDIDATES).index(codec)))
    best = order[0]
    margin = scores[best] - next((scores[c] for c in order[1:] if not _alike(sample, best, c)), 0.0)
    agreed = f"; chardet says {guess.get('encoding')}" if guess.get("encoding") else ""
    return Finding(
        "encoding", best, round(min(0.97, max(0.3, 0.55 + margin + 0.3 * (best == guessed))), 2),
        f"The file is no UTF-8; read as {best} its letters make words of one script and language best{agreed}.",
        tuple(codec for codec in order[1:4] if not _alike(sample, best, codec)),
    )  # fmt: skip


def _codec(label: str) -> str:
    try:
        codec = codecs.lookup(label).name
    except LookupError:
        return ""
    return "cp1252" if codec == "iso8859-1" else codec


def _alike(sample: bytes, one: str, other: str) -> bool:
    return sample.decode(one, errors="replace") == sample.decode(other, errors="replace")


def _score(sample: bytes, codec: str) -> float | None:
    """Return from 0 to 1 how much the text looks like a European language in this encoding; None where it cannot be."""
    text = sample.decode(codec, errors="replace")
    high = Counter({char: count for char, count in Counter(text).items() if char > "\x7f"})
    total = sum(high.values())
    wrong = high["\ufffd"] + sum(n for char, n in high.items() if "\x80" <= char < "\xa0")
    if not total or wrong > total * 0.02:
        return None
    signs = sum(high[sign] for sign in _SIGNS)
    best = 0.0
    for language in _CANDIDATES[codec]:
        letters = _LANGUAGES[language]
        best = max(best, sum(high[letter] for letter in letters))
    words = Counter(word for word in text.split() if not word.isascii())
    strange = sum(count * _strange(word[:_WORD]) for word, count in words.items())
    return (best + 0.8 * signs - 2 * wrong - strange) / total


def _strange(word: str) -> int:
    """Count what no word has: signs inside it, two scripts in it, a capital after a small letter beyond ASCII."""
    faults = 0
    for at, char in enumerate(word):
        if char <= "\x7f":
            continue
        before, after = word[at - 1 : at] if at else "", word[at + 1 : at + 2]
        if not char.isalpha():
            if char not in "’´·\xa0–-" and before.isalpha() and after.isalpha():
                faults += 1
        elif _script(char) != "latin":
            faults += (bool(before) and before <= "\x7f" and before.isalpha()) or (
                bool(after) and after <= "\x7f" and after.isalpha()
            )
        elif (char.isupper() and before.islower()) or (char.islower() and before.isupper() and after.isupper()):
            faults += 1
    return faults


def _script(char: str) -> str:
    code = ord(char)
    return (
        "greek"
        if 0x370 <= code < 0x400 or 0x1F00 <= code < 0x2000
        else "cyrillic"
        if 0x400 <= code < 0x530
        else "latin"
    )


def known(codec: str, name: str) -> str:
    """Return the codec that a user named.

    Raises:
        InputError: There is none of this name for texts.
    """
    try:
        info = codecs.lookup(codec)
        "".encode(codec)
    except (LookupError, ValueError) as error:
        raise InputError(f"{name}: there is no encoding {codec!r}; use utf-8, cp1252, iso8859-15 …") from error
    if not info._is_text_encoding:
        raise InputError(f"{name}: {codec!r} is no encoding of texts; use utf-8, cp1252, iso8859-15 …")
    return codec


def texts(opened: Callable[[], BinaryIO], codec: str, name: str) -> Iterator[str]:
    """Yield a file's text in blocks; a byte that the encoding does not have stands as a lone surrogate.

    Raises:
        InputError: The encoding has no such bytes and no way to go on (UTF-16, UTF-32 and others of several bytes).
    """
    escaped = not codec.lower().replace("_", "-").startswith(("utf-16", "utf-32", "utf16", "utf32"))
    decoder = codecs.getincrementaldecoder(codec)("surrogateescape" if escaped else "strict")
    lines = 1
    with opened() as stream:
        try:
            for block in blocks(stream):
                text = decoder.decode(block)
                lines += text.count("\n")
                if text:
                    yield text
            text = decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise InputError(
                f"{name}: line {lines} or one soon after it cannot be read as {codec}: {error.reason}"
            ) from error
        if text:
            yield text


def utf8(opened: Callable[[], BinaryIO], codec: str, name: str) -> BinaryIO:
    """Return a text's bytes as UTF-8 without a mark, whatever it was written in."""
    stream = opened()
    if codec in ("utf-8", "utf-8-sig"):
        if codec == "utf-8-sig":
            stream.read(len(codecs.BOM_UTF8))
        return stream
    stream.close()
    return buffered(_Recoded(texts(opened, codec, name), name))


class _Recoded(io.RawIOBase):
    def __init__(self, parts: Iterator[str], name: str) -> None:
        self._parts, self._name, self._rest = parts, name, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if not self._rest:
            try:
                self._rest = next(self._parts, "").encode("utf-8")
            except UnicodeEncodeError as error:
                raise InputError(f"{self._name}: has bytes that its encoding does not have") from error
        block, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(block)] = block
        return len(block)
