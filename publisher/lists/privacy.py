"""Contact details and identity codes in the cells of a list: which a text holds, and the text without them.

Every text cell of two million rows passes here, so each function begins with a
test that most cells fail at once. Nothing that is found leaves this module but
its kind. Names of natural persons: `lists.persons`.

Source: Regulation (EU) 2016/679, Article 4(1); Regulation (EU) 2021/1060, Article 49(3), points (a) and (b).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date

from stdnum import iban, luhn
from stdnum.be import nn as belgian
from stdnum.bg import egn as bulgarian
from stdnum.cz import rc as czech
from stdnum.ee import ik as estonian
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gr import amka as greek
from stdnum.it import codicefiscale
from stdnum.lt import asmens as lithuanian
from stdnum.lv import pvn as latvian
from stdnum.nl import bsn as dutch
from stdnum.pl import pesel
from stdnum.pt import nif as portuguese
from stdnum.ro import cnp

KINDS = ("e-mail", "iban", "identity-code", "phone")
"""Kinds of personal data in a text; each has a rule of this name in `rules/privacy.toml`."""

WITHHELD = "[withheld]"
"""What stands in the place of a piece that was taken out."""

_SPACE = r"[ \u00a0\u2009\u202f]"
_DASHES = str.maketrans("‐‑‒–−", "-----")
_HINT = re.compile(
    r"\d(?:[ \u00a0\u2009\u202f\-./()]{0,3}\d){5}|\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]", re.IGNORECASE | re.ASCII
)
_AT = re.compile(r"[@＠]|[(\[{]\s?(?:at|ät|a|miukumauku)\s?[)\]}]", re.IGNORECASE)
_MAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%'&-]{1,64}\s?(?:[@＠]|[(\[{]\s?(?:at|ät|a|miukumauku)\s?[)\]}])\s?(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}",
    re.IGNORECASE,
)
_IBAN = re.compile(
    rf"(?<!\w)[A-Z]{{2}}\d\d(?:{_SPACE}?[A-Z0-9]{{4}}){{2,7}}(?:{_SPACE}?[A-Z0-9]{{1,3}})?(?!\w)", re.IGNORECASE
)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_swedish(text: str) -> bool:
    """Tell a personnummer from other numbers: a day of birth (or, +60, a coordination number) and Luhn's digit."""
    number = _digits(text)[-10:]
    year, month, day = (int(number[at : at + 2]) for at in (0, 2, 4))
    return _day(2000 + year, month, day - 60 if day > 60 else day) and luhn.is_valid(number)


def is_danish(text: str) -> bool:
    """Tell a CPR number: it has no check digit since 2007, so its form and its day must do."""
    day, month, year = (int(text[at : at + 2]) for at in (0, 2, 4))
    return _day(2000 + year, month, day)


_CODES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = tuple(
    (re.compile(rf"(?<![\w.,/-])(?:{form})(?![\w]|[-/.,]\d)", re.IGNORECASE | re.ASCII), check)
    for form, check in (
        (r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]", lambda text: hetu.is_valid(text, allow_temporary=True)),
        (r"(?:(?:19|20)?\d{6}[-+]|19\d{6})\d{4}", is_swedish),
        (r"\d{6}-\d{4}", is_danish),
        (r"\d{8}-?[A-Z]|\d\d\.\d{3}\.\d{3}[ -]?[A-Z]", lambda text: dni.is_valid(text.replace(".", ""))),
        # Spanish lists fill the number up with a zero in front, and write I for X.
        (r"0\d{8}[A-Z]", lambda text: dni.is_valid(text[1:])),
        (r"[XYZ]-?\d{7}-?[A-Z]", nie.is_valid),
        (r"I\d{7}[A-Z]", lambda text: nie.is_valid(f"X{text[1:]}")),
        (r"[A-Z]{6}[0-9L-NP-V]{2}[A-EHLMPR-T][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z]", codicefiscale.is_valid),
        (r"\d{6}/\d{4}", czech.is_valid),
        (r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", belgian.is_valid),
        (r"[12] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d", nir.is_valid),
        (r"\d{6}-\d{5}", latvian.is_valid),
        (r"[1-8]\d{12}", cnp.is_valid),
    )
)
"""Codes that are near certain by their form and check characters alone."""

_LABELLED_CODE = re.compile(
    r"(?<!\w)(?:henkilötunnus|hetu|personnummer(?:et)?|personbeteckning|cpr|pesel|isikukood|asmens kodas|personas kods|"
    r"rodné číslo|codice fiscale|cnp|αμκα|amka|егн|egn|bsn|steuer-?id\w*|dni|nie)"
    r"(?![^\W\d_])[\s.:#-]{0,4}(?:n[ro]?[.º°:]*\s?)?"
    r"(?P<code>[A-Z]?\d[\dA-Z./ -]{5,16}[\dA-Z])(?!\w)",
    re.IGNORECASE,
)
_LABELLED_NIF = re.compile(
    r"(?<!\w)(?:nif|contribuinte)(?![^\W\d_])[\s.:]{0,3}(?:n[ro]?[.º°:]*\s?)?(?P<code>[123]\d\d ?\d{3} ?\d{3})(?!\w)",
    re.IGNORECASE,
)

_G = r"[ \u00a0\u2009\u202f-]"
_END = r"(?!\w|[.,/-]?\d)"
_BEGIN = r"(?<![\w.,+/\-])"
_PHONES = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"(?<![\w+])\+ ?[1-9](?:[ \u00a0\u2009\u202f.\-/()]{{0,3}}\d){{7,13}}{_END}",
        rf"{_BEGIN}00 ?[1-9]\d{{0,2}}[ \u00a0\-/(](?:[ \u00a0.\-/()]{{0,3}}\d){{6,12}}{_END}",
        rf"{_BEGIN}0[1-9](?:[ \u00a0.\-]\d\d){{4}}{_END}",
        rf"{_BEGIN}0\d{{1,4}}{_G}\d{{3,8}}(?:{_G}\d{{2,4}}){{0,3}}{_END}",
        rf"{_BEGIN}\(0\d{{1,4}}\) ?\d{{3,8}}(?:{_G}?\d{{2,4}}){{0,3}}{_END}",
        rf"{_BEGIN}0\d{{2,4}}/\d{{5,8}}{_END}",
        rf"{_BEGIN}0(?:4\d|50)\d{{7}}{_END}",
        rf"{_BEGIN}[2-9]\d(?: \d\d){{3}}{_END}",
        rf"{_BEGIN}[6-9]\d\d(?: \d\d){{3}}{_END}",
        rf"{_BEGIN}\d\d \d{{3}} \d\d \d\d{_END}",
    )
)
"""Telephone numbers: international ones, and national ones whose groups no amount has."""

_LABELLED_PHONE = re.compile(
    r"(?<!\w)(?:tel|tfn|tlf|puh|gsm|fax|faksi|phone|mobile|mob|puhelin|telefon|telefono|teléfono|telefone|téléphone|tél|mobil|"
    r"matkapuhelin|móvil|movil|telemóvel|telnr|τηλ|τηλέφωνο|κιν|whatsapp)(?![^\W\d_])[\s.:-]{0,4}(?:n[ro]?[.º°:]*\s?)?"
    r"(?P<code>[+(]?\d[\d \u00a0()./-]{4,18}\d)(?!\w)",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?:19|20)\d\d ?[-/ ] ?(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d\d-\d\d")
_THOUSANDS = re.compile(r"\+\d{1,3}(?:[. ]\d{3})+")


def _is_phone(text: str) -> bool:
    digits = _digits(text)
    if not 8 <= len(digits) <= 15 or (text[0] == "0" and digits[1] != "0" and not 9 <= len(digits) <= 11):
        return False
    if _YEARS.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return False
    groups = re.findall(r"\d+", text)
    # Rising pairs such as 01 02 03 04 05 are a list of codes.
    return not (len(groups) > 3 and all(len(group) == 2 for group in groups) and groups == sorted(groups))


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield begin, end and kind of every piece of personal data; the surer kinds first, pieces may overlap."""
    # Joined signs such as "at" in brackets are rare: the search for a bracket alone is cheaper than the pattern.
    if "@" in text or (("(" in text or "[" in text or "＠" in text or "{" in text) and _AT.search(text)):
        for match in _MAIL.finditer(text):
            yield *match.span(), "e-mail"
    if not _HINT.search(text):
        return
    text = text.translate(_DASHES)
    for match in _IBAN.finditer(text):
        if iban.is_valid(match.group()):
            yield *match.span(), "iban"
    for form, check in _CODES:
        for match in form.finditer(text):
            if check(match.group()):
                yield *match.span(), "identity-code"
    for match in _LABELLED_CODE.finditer(text):
        if len(_digits(match["code"])) >= 7:
            yield *match.span("code"), "identity-code"
    for match in _LABELLED_NIF.finditer(text):
        if portuguese.is_valid(match["code"]):
            yield *match.span("code"), "identity-code"
    for form in _PHONES:
        for match in form.finditer(text):
            if _is_phone(match.group()):
                yield *match.span(), "phone"
    for match in _LABELLED_PHONE.finditer(text):
        if 6 <= len(_digits(match["code"])) <= 15 and not _YEARS.fullmatch(match["code"]):
            yield *match.span("code"), "phone"


def _apart(text: str) -> list[tuple[int, int, str]]:
    """Return the pieces in the order of the text; of those that overlap one, of the surer kind, over all they cover."""
    found = sorted((begin, rank, end, kind) for rank, (begin, end, kind) in enumerate(_pieces(text)))
    kept: list[tuple[int, int, int, str]] = []
    for begin, rank, end, kind in found:
        if kept and begin < kept[-1][2]:
            first, surer, last, named = kept[-1]
            kept[-1] = (first, min(surer, rank), max(last, end), named if surer < rank else kind)
        else:
            kept.append((begin, rank, end, kind))
    return [(begin, end, kind) for begin, _, end, kind in kept]


def contacts(text: str) -> tuple[str, ...]:
    """Return which of `KINDS` stand in a text, each once, in alphabetical order.

    An identity code is told where its check characters or a word before it make
    it near certain; bare numbers of ten or eleven digits are none, because codes
    of operations and of companies look the same.
    """
    found = _apart(text)
    return tuple(sorted({kind for _, _, kind in found})) if found else ()


def masked(text: str) -> str:
    """Return the text with `WITHHELD` in the place of every piece that `contacts` finds.

    Beside an identity code mostly stands whose it is, as in `12345678Z: SURNAME`:
    of such a text nothing is left.
    """
    found = _apart(text)
    if any(kind == "identity-code" for _, _, kind in found):
        return WITHHELD
    parts = []
    done = 0
    for begin, end, _ in found:
        parts += [text[done:begin], WITHHELD]
        done = end
    return "".join([*parts, text[done:]])


_BARE_NUMBER = re.compile(r"(?<!\d)\d{9,13}(?!\d)")
_BARE_CHECKS: tuple[Callable[[str], bool], ...] = (
    pesel.is_valid, estonian.is_valid, lithuanian.is_valid, dutch.is_valid, bulgarian.is_valid, cnp.is_valid,
    greek.is_valid,
)  # fmt: skip


def masked_sample(text: str) -> str:
    """Return a text for showing what a column looks like: without personal data, and without numbers that may be.

    A bare number cannot be told from a company's or project's, so that none is withheld from the data; a sample can
    do without it.
    """

    def hide(match: re.Match[str]) -> str:
        return WITHHELD if any(check(match.group()) for check in _BARE_CHECKS) else match.group()

    return _BARE_NUMBER.sub(hide, masked(text))


_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d", "ı": "i", "’": "'"}
)


def fold(text: str) -> str:
    """Return a text in lower case without accents, so that `Päivi`, `PÄIVI` and `Paivi` are one."""
    lower = text.lower()
    if lower.isascii():
        return lower
    apart = unicodedata.normalize("NFKD", lower).translate(_LETTERS)
    return "".join(c for c in apart if not unicodedata.combining(c)).replace("ς", "σ")


_CONTACT_HEADER = re.compile(
    r"e-?mail|e-?post(?!n)|correo|courriel|sahkoposti|puhelin|\bpuh\b|telefon|telephone|\btel(nr|f)?\b|\btlf\b|\btfn\b|"
    r"phone|\bmobi|yhteyshenkilo|yhteystie|kontakt|\bcontact|contacto|contatto|contato|ansprechpartner|vastuuhenkilo|"
    r"projektipaallikko|projektled|projectle|projektleiter|project (manager|leader)|chef de projet|responsable|"
    r"henkilotunnu|personnummer|\bbsn\b|burgerservicenummer|isikukood|asmens kod|personas kod|\bjmbg\b|\bemso\b|"
    r"rodne cislo|\bcnp\b|fodselsnummer|\begn\b|αμκα|\bpesel\b|\bcpr\b|date of birth|syntymaaika|fodelse|"
    r"στοιχεια επικοινωνιασ|τηλεφων|υπευθυν|"
    r"osoba do kontakt|\biban\b|tilinumero"
)
_NO_CONTACT = re.compile(r"viranomainen|authority|authorite|autorite|organis|yksikko|entidad|entity")


def contact_column(header: str) -> bool:
    """Return whether a column's header says that it holds contact details or persons, such as `Contacts` or `telnr`."""
    folded = fold(header)
    return bool(_CONTACT_HEADER.search(folded)) and not _NO_CONTACT.search(folded)
