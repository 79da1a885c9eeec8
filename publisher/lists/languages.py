"""Which language a list is in, by the words of its headers and the small words and letters of its texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from publisher.lists.header_words import listed, plain
from publisher.lists.headers import Header

_NONE = ("", 0.0, "no words of a known language")


def language(headers: Iterable[Header], texts: Iterable[str]) -> tuple[str, float, str]:
    """Return the language of a list.

    Args:
        headers: Its headers.
        texts: Texts in the list's language: names and summaries of operations.

    Returns:
        The language's tag, "" where nothing tells it; how sure, from 0 to 1; why.
    """
    score, told = _by_texts(texts)
    by_header: Counter[str] = Counter()
    for header in headers:
        by_header.update({tag: 1 / len(header.languages) for tag in header.languages})
    most = sum(by_header.values()) or 1
    # English names beside every header are the law's custom, no sign of the list's language.
    for tag, votes in by_header.items():
        if tag in score:
            score[tag] += (0.05 if tag == "en" else 0.25) * votes / most
    if not score or (told < 10 and not by_header):
        return _NONE
    (first, high), *rest = sorted(score.items(), key=lambda item: -item[1])
    second = rest[0][1] if rest else 0.0
    if high <= 0.05:
        return _NONE
    sure = max(0.3, min(0.99, 0.5 + (high - second) / (high + 0.05)))
    return first, round(sure, 2), "small words, letters and the headers' words"


def _by_texts(texts: Iterable[str]) -> tuple[dict[str, float], int]:
    """Return what small words and letters say for each language that has the script, and of how many words."""
    words: Counter[str] = Counter()
    signs: Counter[str] = Counter()
    for text in texts:
        lowered = text.casefold()
        signs.update(lowered)
        words.update(plain(lowered).split())
    letters = {sign: n for sign, n in signs.items() if sign.isalpha()}
    told, count = words.total(), sum(letters.values()) or 1
    greek = sum(n for sign, n in letters.items() if "\u0370" <= sign <= "\u03ff") / count > 0.3
    cyrillic = sum(n for sign, n in letters.items() if "\u0400" <= sign <= "\u04ff") / count > 0.3
    score = {}
    for tag, small in listed()["languages"].items():
        if (tag == "el") != greek or (tag == "bg") != cyrillic:
            continue
        hits = sum(words[word] for word in set(plain(small).split())) / (told or 1)
        own = listed()["letters"][tag]
        foreign = sum(n for sign, n in letters.items() if not sign.isascii() and sign not in own) / count
        proper = sum(n for sign, n in signs.items() if sign in own) / count
        score[tag] = hits + 0.5 if greek or cyrillic else hits + 0.6 * min(proper, 0.1) - 3 * foreign
    return score, told
