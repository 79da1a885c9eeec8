"""Text that was decoded wrongly before it came here, and is turned back where that is certain.

UTF-8 read as windows-1252 shows as pairs such as `Ã¤` for `ä`. A cell is mended
when all of it goes back to valid UTF-8 and what comes out are letters and signs
that European texts have; texts such as `GENÇ”` stay what they are.
"""

from __future__ import annotations

import re

_BACK = {**{code: code for code in range(256)}}
for _code in range(0x80, 0xA0):
    try:
        _BACK[ord(bytes([_code]).decode("cp1252"))] = _code
    except UnicodeDecodeError:
        continue
"""Character → the byte that windows-1252 reads as it; bytes without a character there stand for themselves."""

_FOLLOWING = "".join(re.escape(chr(char)) for char, byte in _BACK.items() if 0x80 <= byte < 0xC0)
SIGNS = re.compile(
    f"[\u00c2-\u00df][{_FOLLOWING}]|[\u00e0-\u00ef][{_FOLLOWING}]{{2}}|[\u00f0-\u00f4][{_FOLLOWING}]{{3}}"
)
"""What UTF-8 looks like once it was read as windows-1252; whether it is, `repaired` tells."""

HINT = re.compile(f"[\u00c2-\u00f4][{_FOLLOWING}]")
"""A quicker look: a text that does not match has nothing of `SIGNS`."""

_QUOTES = frozenset("“”„‚‘’‹›«»…–—´¨")
_EUROPEAN = re.compile(
    "[\\x00-\\x7f\u00a0-\u00fe\u0100-\u017f\u0192\u01c4-\u01cc\u0218-\u021b\u0370-\u03ff\u0400-\u045f\u0490\u0491"
    "\u1e02-\u1ef9\u2010-\u2027\u2030-\u205e\u20ac\u2116\u2122\u2190-\u21ff\u2212\u2248\u2260-\u2265\u25a0-\u25ff"
    "\u202f\u2070-\u209f\u2150-\u218f\ufb01\ufb02]*+"
)


def repaired(text: str) -> str | None:
    """Return what a text was before it was decoded wrongly, once or twice; None where that is not certain."""
    found = None
    for _ in range(3):
        once = _once(text)
        if once is None:
            break
        found = text = once
    return found


def _once(text: str) -> str | None:
    matches = [match.group() for match in SIGNS.finditer(text)]
    if not matches or (all(len(match) == 2 and match[1] in _QUOTES for match in matches[:3]) and len(matches) < 3):
        return None
    try:
        back = bytes([_BACK[ord(char)] for char in text]).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
    return back if _EUROPEAN.fullmatch(back) else None
