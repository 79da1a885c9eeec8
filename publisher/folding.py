"""Makes names comparable: case, diacritics, punctuation, legal forms and endings that differ without meaning anything.

Finnish and Swedish decline names (*saamelaiset*, *saamelaisten*) and write
legal forms in two languages (*ry*, *rf*); people type ä as a. What is
compared is therefore a folded form; what is shown is the name itself.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

LONGEST = 400
"""Characters of a name that are compared; longer ones are cut."""
STEM = 5
"""Letters of a stem in the index: what is behind them may be the next part of a compound."""

_LETTERS = str.maketrans({
    "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ŋ": "n", "ŧ": "t", "ħ": "h", "ı": "i",
    "'": "", "’": "", "ʼ": "", "`": "", "´": "",
})  # fmt: skip
_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.)+[^\W\d_]?(?!\w)")
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(
    r"(?<=\w{2})(?:(?<=([aeiouy]))\1n|h[aeiouy]n|seen|i?ssa|i?sta|i?lla|i?lta|i?lle|i?ksi|nas?"
    r"|t?ta|i?den|i?tten|ten|i?en|n|t)\Z"
)
_NEN = re.compile(r"(?<=\w{2})nen\Z")
"""*saamelainen* is declined as if it were *saamelais*."""
_VOWELS = "aeiouyj"
_BEFORE_S = re.compile(r"(?<=\w)[kpt]s\Z")
_CLUSTER = re.compile(r"(?<=[aeiouy][^aeiouy\d])[^aeiouy\d]+\Z")
_AFTER_COLON = re.compile(r"(?<=\w):[a-zåäö]{1,4}(?!\w)")
_DIGITS = re.compile(r"\d")

_SIGNS = frozenset("+#%§€$£")
"""Signs that are part of a name: *Nuoret+* is not *Nuoret*."""

LEGAL_FORMS: dict[str, str] = {
    "oy": "company", "ab": "company", "oyab": "company", "osakeyhtio": "company", "aktiebolag": "company",
    "oyj": "listed", "abp": "listed",
    "ry": "association", "rf": "association", "rp": "association",
    "sr": "foundation", "saatio": "foundation", "stiftelse": "foundation", "stiftelsen": "foundation",
    "ky": "partnership", "kb": "partnership", "tmi": "trader", "osk": "cooperative", "anl": "cooperative",
    "ltd": "company", "limited": "company", "gmbh": "company", "inc": "company",
}  # fmt: skip
"""Words, folded, that tell an organisation's legal form, and which: *ry* and *rf* are one."""

_LEFT_OUT = frozenset(LEGAL_FORMS) - {"saatio", "stiftelse", "stiftelsen", "ky", "kb", "tmi"}
"""Those that may be left out of a name. Without the others another name is left, of a place or of a person.

*Oulun Diakonissalaitoksen säätiö*, *Lapin sairaanhoitopiirin ky* (here a joint municipal authority), *Virtanen Ky*.
"""

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
    return " ".join(_without_form(words, [fold(word) for word in words]))


def core(folded: str) -> str:
    """Return a folded name without the legal form at its ends; the name itself where nothing else is left."""
    words = folded.split()
    return " ".join(_without_form(words, words))


def _without_form(words: list[str], folded: list[str]) -> list[str]:
    start, end = 0, len(words)
    while start < end and folded[start] in _LEFT_OUT:
        start += 1
    while start < end and folded[end - 1] in _LEFT_OUT:
        end -= 1
    return words[start:end] or words


def plain(text: str) -> bool:
    """Tell whether a text is written in ASCII letters: by someone who may have left diacritics out."""
    return all(char.isascii() for char in text if char.isalpha())


def sounded(text: str) -> bool:
    """Tell whether a text in lower case has a vowel: without one it is no word of Finnish, Swedish or English."""
    return any(char in _VOWELS for char in fold(text) if char != "j")


def signs(text: str) -> str:
    """Return the signs of a text that are part of a name, in order."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char in _SIGNS)


def legal_forms(folded: str) -> frozenset[str]:
    """Return the legal forms that a folded name tells."""
    return frozenset(LEGAL_FORMS[word] for word in folded.split() if word in LEGAL_FORMS)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what is left of a folded word in all its cases, two letters at least; other words may leave the same.

    Endings of Finnish cases and Swedish definite forms go, then vowels, over and over until none is left; of
    the consonants at the end the first stays, or *s*, for the others come and go: *Turku* and *Turun* are `tur`,
    *lapset* and *lasten* `las`, *isät* and *isien* `is`. Snowball's stemmers (3.1) keep all of them, and the endings
    of words as short as these.
    """
    word = _NEN.sub("s", word)
    before = ""
    while word != before:
        before = word
        word = _ENDING.sub("", word)
        if word == before:
            word = word[:2] + word[2:].rstrip(_VOWELS)
    return _CLUSTER.sub("", _BEFORE_S.sub("s", word))


def stems(folded: str) -> str:
    """Return the stems of the words of a folded text."""
    return " ".join(map(stem, folded.split()))


def indexed_stems(folded: str) -> list[str]:
    """Return the beginnings of the stems of a folded text, under which its words are found in the index."""
    return [stem(word)[:STEM] for word in folded.split()]


def without_case(text: str) -> str:
    """Return a text without the endings that stand behind a colon: *THL:n*, *Kynnys ry:lle*, *EU:s*."""
    return _AFTER_COLON.sub("", text)


def initials(folded: str) -> str:
    """Return the initials of a name, small words and the legal form left out; "" where they would be fewer than two."""
    letters = [word[0] for word in core(folded).split() if word not in _SMALL and not word[0].isdigit()]
    return "".join(letters) if 2 <= len(letters) <= 8 else ""


_JOINED = "="
"""Stands before a code that is kept without its dividers. No written code begins so."""


def codes(identifier: str) -> list[str]:
    """Return the forms under which an identifier is kept: as it is divided, and undivided.

    `2229500-6` is `2229500 6` and `=22295006`; a VAT number is kept without its country too.
    """
    return sorted({form for code in _codes(identifier) for form in (code, _JOINED + code.replace(" ", ""))})


def codes_asked(text: str) -> list[str]:
    """Return the forms under which what somebody wrote may be kept.

    Dividers may be other ones or missing, on either side, but not stand elsewhere: `2.1.1-15` is never `2.11-15`.
    """
    forms: set[str] = set()
    for code in _codes(text):
        forms |= {code, code.replace(" ", "") if " " in code else _JOINED + code}
    return sorted(forms)


def _codes(text: str) -> list[str]:
    """Return the letters and digits of a code in lower case, a blank for each divider; without a country, too."""
    found = " ".join(_WORD.findall(unicodedata.normalize("NFKC", text[:LONGEST]).casefold()))
    business = re.fullmatch(r"fi ?(\d{7} ?\d)", found)
    return [found, business[1]] if business else [found] if found else []


def telling(code: str) -> bool:
    """Tell whether a code's form alone makes it no word: it has a digit, and four letters and digits at least."""
    return sum(map(str.isalnum, code)) >= 4 and bool(_DIGITS.search(code))


def trigrams(folded: str) -> list[str]:
    """Return the different runs of three characters of a folded text, in order."""
    return list(dict.fromkeys(folded[at : at + 3] for at in range(len(folded) - 2)))


def fingerprint(text: str) -> int:
    """Return a number of 56 bits that stands for a text in an index."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big")
