"""Makes names comparable: case, diacritics, punctuation, legal forms and endings that differ without meaning anything.

Finnish and Swedish decline names (*saamelaiset*, *saamelaisten*) and write
legal forms in two languages (*ry*, *rf*); people type ä as a. What is
compared is therefore a folded form; what is shown is the name itself.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 400
"""Characters of a name that are compared; longer ones are cut."""
STEM = 5
"""Letters by which a word is known whatever its ending: Finnish puts its cases, and changes consonants, behind them."""

_LETTERS = str.maketrans({
    "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ŋ": "n", "ŧ": "t", "ħ": "h", "ı": "i",
    "'": "", "’": "", "ʼ": "", "`": "", "´": "",
})  # fmt: skip
_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.)+[^\W\d_]?(?!\w)")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d")

LEGAL_FORMS: dict[str, str] = {
    "oy": "company", "ab": "company", "oyab": "company", "osakeyhtio": "company", "aktiebolag": "company",
    "oyj": "listed", "abp": "listed",
    "ry": "association", "rf": "association", "rp": "association",
    "sr": "foundation", "saatio": "foundation", "stiftelse": "foundation", "stiftelsen": "foundation",
    "ky": "partnership", "kb": "partnership", "tmi": "trader", "osk": "cooperative", "anl": "cooperative",
    "ltd": "company", "limited": "company", "gmbh": "company", "inc": "company",
}  # fmt: skip
"""Words, folded, that tell an organisation's legal form, and which: *ry* and *rf* are one."""

_SMALL = frozenset({
    "ja", "seka", "eli", "tai", "och", "i", "pa", "and", "of", "the", "for", "an", "de", "la", "du", "des", "et",
    "und",
})  # fmt: skip
"""Words that initials leave out."""


def fold(text: str) -> str:
    """Return the words of a text in lower case without diacritics and punctuation, one blank between them."""
    text = text[: 2 * LONGEST].casefold().translate(_LETTERS)
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    text = _INITIALS.sub(lambda match: match[0].replace(".", ""), text)
    return " ".join(_WORD.findall(text))[:LONGEST].rstrip()


def bare(text: str) -> str:
    """Return the words of a text in lower case with their diacritics, without punctuation and legal form."""
    text = unicodedata.normalize("NFC", text[: 2 * LONGEST]).casefold()
    words = _WORD.findall(_INITIALS.sub(lambda match: match[0].replace(".", ""), text))
    kept = [word for word in words if fold(word) not in LEGAL_FORMS]
    return " ".join(kept or words)


def core(folded: str) -> str:
    """Return a folded name without the words that tell a legal form; the name itself where nothing else is left."""
    kept = [word for word in folded.split() if word not in LEGAL_FORMS]
    return " ".join(kept) if kept else folded


def legal_forms(folded: str) -> frozenset[str]:
    """Return the legal forms that a folded name tells."""
    return frozenset(LEGAL_FORMS[word] for word in folded.split() if word in LEGAL_FORMS)


def stems(folded: str) -> str:
    """Return the beginnings of the words of a folded text."""
    return " ".join(word[:STEM] for word in folded.split())


def initials(folded: str) -> str:
    """Return the initials of a name, small words and the legal form left out; "" where they would be fewer than two."""
    letters = [word[0] for word in core(folded).split() if word not in _SMALL and not word[0].isdigit()]
    return "".join(letters) if 2 <= len(letters) <= 8 else ""


def code(text: str) -> str:
    """Return an identifier as it is compared: letters and digits alone. `FI-0292800-5` is `fi02928005`."""
    return fold(text).replace(" ", "")


def codes(text: str) -> list[str]:
    """Return the forms under which an identifier may be known: as written, and a VAT number without its country."""
    found = code(text)
    if re.fullmatch(r"fi\d{8}", found):
        return [found, found[2:]]
    return [found] if found else []


def telling(identifier: str) -> bool:
    """Tell whether an identifier's form alone makes it no word: it has a digit, and four characters at least."""
    return len(identifier) >= 4 and bool(_DIGITS.search(identifier))


def trigrams(folded: str) -> list[str]:
    """Return the different runs of three characters of a folded text, in order."""
    return list(dict.fromkeys(folded[at : at + 3] for at in range(len(folded) - 2)))


def fingerprint(text: str) -> int:
    """Return a number of 56 bits that stands for a text in an index."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big")
