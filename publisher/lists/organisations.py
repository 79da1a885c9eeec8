"""Organisations of a list: national identifiers in their canonical form, and names that may be one organisation's.

Nothing is merged here. An identifier makes two records one organisation; names
alike make a candidate with score and evidence, which a human confirms in a file.

Numbers and check digits: python-stdnum (imported here, in `lists.privacy` and in `lists.persons`);
similarity of texts: rapidfuzz.
"""

from __future__ import annotations

import importlib
import json
import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from types import ModuleType
from zlib import crc32

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein
from stdnum import exceptions

from publisher.lists import persons, privacy
from publisher.spool import Spool, grouped

# --- identifiers -----------------------------------------------------------------------------------------------------

USUAL = {
    "BE": "be.vat", "BG": "bg.vat", "CY": "cy.vat", "CZ": "cz.dic", "DE": "de.vat", "DK": "dk.cvr",
    "EE": "ee.registrikood", "ES": "es.nif", "FI": "fi.ytunnus", "FR": "fr.siren", "GB": "gb.vat", "GR": "gr.vat",
    "HR": "hr.oib", "HU": "hu.anum", "IE": "ie.vat", "IT": "it.iva", "LU": "lu.tva", "LV": "lv.pvn", "MT": "mt.vat",
    "NL": "nl.btw", "NO": "no.orgnr", "PL": "pl.nip", "PT": "pt.nif", "RO": "ro.cui", "SE": "se.orgnr",
    "SI": "si.ddv", "SK": "sk.dph",
}  # fmt: skip
"""The usual number of companies and bodies by country: its form and check digit tell it from others. Austria and
Lithuania have none here: say the kind (`at.uid`, `lt.pvm`)."""

_PERSONS = frozenset({
    "fi.hetu", "fi.veronumero", "se.personnummer", "dk.cpr", "no.fodselsnummer", "pl.pesel", "ee.ik", "lt.asmens",
    "cz.rc", "sk.rc", "ro.cnp", "bg.egn", "bg.pnf", "fr.nir", "fr.nif", "be.nn", "be.bis", "be.ssn", "nl.bsn", "es.dni",
    "es.nie", "gr.amka", "ie.pps", "de.idnr", "si.emso", "pt.cc", "gb.nhs", "gb.upn", "at.tin", "at.vnr",
})  # fmt: skip
_KIND = re.compile(r"([a-z]{2})\.([a-z]{2,20})\Z")
_VAT = {"eu.vat": "", "fi.alv": "FI", "fr.tva": "FR", "se.vat": "SE"}
_VAT_COUNTRY = {"EL": "GR"}
_PORTUGUESE_PERSON = ("1", "2", "3", "45")
_SEPARATORS = re.compile(r"[\s.\-/–]+")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A national identifier.

    Args:
        country: Country code of two letters.
        value: The number in its canonical form: `0292800-5` in Finland, elsewhere letters and digits alone.
        kind: What number it is, as a module of python-stdnum: `fi.ytunnus`.
    """

    country: str
    value: str
    kind: str

    @property
    def key(self) -> str:
        """The key of the organisation in addresses: `FI-0292800-5`."""
        return f"{self.country}-{self.value}"


class IdentifierFault(Exception):  # noqa: N818
    """An identifier that cannot be used.

    Args:
        rule: The rule that it breaks, of `rules/organisations.toml`.
        told: What the rule's text tells beside; never the identifier, which may be a person's.
    """

    def __init__(self, rule: str, **told: str) -> None:
        """Keep rule and what is told."""
        super().__init__(rule)
        self.rule = rule
        self.told = told


@cache
def _module(kind: str) -> ModuleType | None:
    match = _KIND.match(kind)
    if not match:
        return None
    try:
        module = importlib.import_module(f"stdnum.{match.group(1)}.{match.group(2)}")
    except ImportError:
        return None
    return module if hasattr(module, "validate") else None


def identifier(text: str, kind: str | None, country: str = "") -> Identifier:
    """Return a national identifier in its canonical form.

    A VAT number becomes the company's number where it holds it (Finland,
    Sweden, France), so that both lead to one organisation.

    Args:
        text: As written: blanks, hyphens and points do not matter.
        kind: Module of python-stdnum, such as `fi.ytunnus` or `eu.vat`; None for the country's usual number, or a
            VAT number that begins with its country.
        country: Country code of two letters; needed where `kind` is None.

    Raises:
        IdentifierFault: The kind is unknown or a person's, the form or the check digit is wrong.
    """
    country = country.upper()
    if kind is None:
        kind = _guessed(text, country)
    if kind in _PERSONS:
        raise IdentifierFault("organisations/identifier-of-person")
    module = _module(kind)
    if module is None:
        raise IdentifierFault("organisations/unknown-kind", kind=kind[:40])
    try:
        number: str = module.validate(text.strip())
    except exceptions.InvalidChecksum:
        raise IdentifierFault("organisations/wrong-check-digit", kind=kind) from None
    except exceptions.ValidationError:
        raise IdentifierFault("organisations/wrong-form", kind=kind) from None
    if kind in _VAT:
        return _of_vat(f"{_VAT[kind]}{number}")
    if kind == "fr.siret":
        return _checked("FR", number[:9], "fr.siren")
    return _checked(kind.partition(".")[0].upper(), number, kind)


def _guessed(text: str, country: str) -> str:
    start = text.strip()[:2].upper()
    if country in USUAL:
        # A national number may begin with letters too (ESB…); a VAT number says its country first.
        prefixed = _VAT_COUNTRY.get(start, start) == country and country not in ("ES", "CZ", "BG")
        return "eu.vat" if prefixed else USUAL[country]
    if not country and _VAT_COUNTRY.get(start, start) in USUAL:
        return "eu.vat"
    raise IdentifierFault("organisations/no-usual-number", country=country or "–")


def _of_vat(number: str) -> Identifier:
    """Return the company's number that a VAT number holds, else the VAT number, marked as such."""
    country, rest = _VAT_COUNTRY.get(number[:2], number[:2]), number[2:]
    if country == "FI":
        return _checked("FI", rest, "fi.ytunnus")
    if country == "SE":
        return _checked("SE", rest[:10], "se.orgnr")
    if country == "FR":
        return _checked("FR", rest[2:], "fr.siren")
    if USUAL.get(country) == "ee.registrikood" or country not in USUAL:
        return Identifier(country, f"VAT{rest}", "eu.vat")
    return _checked(country, rest, USUAL[country])


def _checked(country: str, number: str, kind: str) -> Identifier:
    """Refuse numbers of persons where one kind serves for companies and persons."""
    value = _SEPARATORS.sub("", number).upper()
    value = value.removeprefix(country)
    person = (
        (kind in ("es.nif", "es.cif") and (value[0].isdigit() or value[0] in "KLMXYZ"))
        or (kind == "pt.nif" and value.startswith(_PORTUGUESE_PERSON))
        or (kind in ("it.codicefiscale", "it.iva") and len(value) == 16)
        or (kind == "se.orgnr" and value[2] < "2")
        or (kind == "cz.dic" and len(value) > 8)
        or (kind == "bg.vat" and len(value) == 10)
        or (kind == "lv.pvn" and value[0] < "4")
    )
    if person:
        raise IdentifierFault("organisations/identifier-of-person")
    if kind == "fi.ytunnus":
        value = f"{value[:7]}-{value[7:]}"
    return Identifier(country, value, kind)


# --- the same organisation under several names -----------------------------------------------------------------------

EVIDENCE: dict[str, tuple[str, str]] = {
    "the same name": ("sama nimi", "samma namn"),
    "case, accents or punctuation differ": (
        "vain kirjainkoko, tarkkeet tai välimerkit eroavat",
        "endast versaler, accenter eller skiljetecken skiljer sig",
    ),
    "the same after dropping the legal form": (
        "sama ilman yhtiömuotoa",
        "samma när bolagsformen utelämnas",
    ),
    "the legal forms differ": ("yhtiömuodot eroavat", "bolagsformerna skiljer sig"),
    "the same words in another order": ("samat sanat eri järjestyksessä", "samma ord i annan ordning"),
    "the same but for small words": ("sama pikkusanoja lukuun ottamatta", "samma bortsett från småord"),
    "the same but for spaces": ("sama välilyöntejä lukuun ottamatta", "samma bortsett från mellanslag"),
    "one letter differs": ("yksi kirjain eroaa", "en bokstav skiljer sig"),
    "two letters differ": ("kaksi kirjainta eroaa", "två bokstäver skiljer sig"),
    "a word is an abbreviation of the other's": ("sana on toisen lyhenne", "ett ord är en förkortning av det andra"),
    "one name is the initials of the other": ("nimi on toisen alkukirjaimet", "namnet är det andras initialer"),
    "one name is the other, cut short": ("nimi on toinen katkaistuna", "namnet är det andra, avkortat"),
}
"""What speaks for a candidate, in English, with the same in Finnish and Swedish."""

LEAST = 0.75
"""Candidates below this score are not told."""

_SMALL = frozenset({
    "de", "del", "la", "las", "los", "el", "els", "les", "da", "do", "das", "dos", "di", "du", "des", "d", "l", "der",
    "die", "und", "och", "og", "and", "the", "of", "for", "ja", "y", "e", "i", "et", "en", "van", "het", "w", "na", "z",
    "ved", "vid", "til", "seka", "a", "o", "os", "as", "per", "dels", "den", "det", "των", "του", "τησ", "και",
})  # fmt: skip
"""Folded words that names have or leave out at will."""

_ABBREVIATED = {
    "ayto": "ayuntamiento", "ayunt": "ayuntamiento", "aj": "ajuntament", "asoc": "asociacion", "aso": "asociacion",
    "assoc": "associacao", "fund": "fundacion", "fundac": "fundacion", "univ": "universidad", "fed": "federacion",
    "conf": "confederacion", "coop": "cooperativa", "hnos": "hermanos", "cia": "compania", "inst": "instituto",
    "dip": "diputacion", "mancdad": "mancomunidad", "foren": "forening", "stift": "stiftelsen", "ekonomi": "ekonomisk",
    "bros": "brothers", "dept": "department",
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NUMERAL = re.compile(r"\d+|[ivx]{1,4}\Z")

_TABLE = 1 << 20
_FREQUENT = 40
_WINDOW = 12
_BLOCK = 24
_KEYS_TOLD = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two names that may be one organisation's, or one name under several keys (`a` and `b` are equal then).

    Args:
        score: From 0 to 1; 1 is the same name, letter by letter.
        a: The one name.
        b: The other.
        keys: Keys of the organisations, at most 100: those of `a` first.
        count: How many keys there are in all.
        evidence: Why, of `EVIDENCE`.
    """

    score: float
    a: str
    b: str
    keys: tuple[str, ...]
    count: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """A distinct name: `core` is its words without legal form and small words, `words` all but the form."""

    name: str
    keys: tuple[str, ...]
    count: int
    words: tuple[str, ...]
    core: tuple[str, ...]
    forms: tuple[str, ...]

    @classmethod
    def of(cls, name: str, keys: tuple[str, ...], count: int) -> _Name:
        words, forms = persons.without_forms(name)
        words = tuple(_ABBREVIATED.get(word, word) for word in words)
        core = tuple(word for word in words if word not in _SMALL) or words
        return cls(name, keys, count, words, core, forms)

    @property
    def text(self) -> str:
        return " ".join(self.core)


def candidates(
    names: Iterable[tuple[str, str, str]], folder: Path | None = None, *, least: float = LEAST
) -> Iterator[Candidate]:
    """Yield what may be the same organisation under several names or keys, the likeliest first.

    Names are sorted on disk and compared within blocks of names that share a
    rare word, a beginning, an end or initials: memory does not grow with their
    number. Names of natural persons are left out. Different countries never meet.

    Args:
        names: (key of the organisation, name as written, country code or "").
        folder: Where to sort; a temporary folder if None.
        least: Candidates below this score are left out.
    """
    with tempfile.TemporaryDirectory(dir=folder) as place:
        at = Path(place)
        with Spool(at / "names") as given:
            for key, name, country in names:
                plain = _CONTROL.sub(" ", " ".join(name.split()))
                if plain:
                    given.write(f"{country.upper()[:2]}\x1f{plain}", _CONTROL.sub(" ", key))
            given.sorted()
        frequency = array("I", bytes(4 * _TABLE))
        with Spool(at / "distinct") as distinct, Spool(at / "found") as found:
            for country, entry in _distinct(at / "names.sorted"):
                if entry.count > 1:
                    _tell(found, Candidate(1.0, entry.name, entry.name, entry.keys, entry.count, ("the same name",)))
                for word in set(entry.core):
                    frequency[crc32(word.encode()) % _TABLE] += 1
                distinct.write(country, json.dumps([entry.name, entry.keys, entry.count], ensure_ascii=False))
            with Spool(at / "blocks") as blocks:
                for country, entries in distinct.groups():
                    for payload in entries:
                        for block in _blocks(_load(payload), frequency):
                            blocks.write(f"{country}{block}", payload)
                for _, entries in blocks.groups():
                    for candidate in _compared([_load(payload) for payload in entries], frequency):
                        if candidate.score >= least:
                            _tell(found, candidate)
            last = ""
            for _, payloads in found.groups():
                for payload in payloads:
                    if payload != last:
                        score, a, b, keys, count, evidence = json.loads(payload)
                        yield Candidate(score, a, b, tuple(keys), count, tuple(evidence))
                    last = payload


def _distinct(path: Path) -> Iterator[tuple[str, _Name]]:
    for key, keys in grouped(path):
        country, _, name = key.partition("\x1f")
        count = 0
        told: list[str] = []
        for each in keys:
            if told and each == told[-1]:
                continue
            count += 1
            if count <= _KEYS_TOLD:
                told.append(each)
        if not persons.natural_person(name).person:
            yield country, _Name.of(name, tuple(told), count)


def _tell(found: Spool, candidate: Candidate) -> None:
    c = candidate
    payload = json.dumps([c.score, c.a, c.b, c.keys, c.count, c.evidence], ensure_ascii=False)
    # The best score sorts first; equal ones by their names.
    found.write(f"{1 - c.score:.3f}", payload)


def _load(payload: str) -> _Name:
    name, keys, count = json.loads(payload)
    return _Name.of(name, tuple(keys), count)


def _blocks(entry: _Name, frequency: array[int]) -> Iterator[str]:
    """Yield the blocks in which a name is compared: those that alike names share one of."""
    often = {word: frequency[crc32(word.encode()) % _TABLE] for word in entry.core}
    yield f"o{' '.join(sorted(entry.core))[:200]}"
    rare = sorted((count, word) for word, count in often.items() if len(word) > 2 and 1 < count <= _FREQUENT)
    for _, word in rare[:3]:
        yield f"w{word}"
    # What many names begin with (municipality of …) says nothing: the rest is what can be alike.
    own = "".join(word for word in entry.core if often[word] <= _FREQUENT) or "".join(entry.core)
    if len(own) >= 5:
        yield f"b{own[:6]}"
        yield f"e{own[-6:]}"
    if 3 <= len(entry.words) <= 9:
        yield from {f"i{''.join(w[0] for w in words)}" for words in (entry.words, entry.core) if len(words) > 2}
    if len(entry.core) == 1 and 3 <= len(entry.core[0]) <= 9:
        yield f"i{entry.core[0]}"


def _compared(entries: list[_Name], frequency: array[int]) -> Iterator[Candidate]:
    """Compare the names of one block: all of a small one, neighbours of a large one."""
    if len(entries) <= _BLOCK:
        pairs: Iterable[tuple[_Name, _Name]] = combinations(entries, 2)
    else:
        entries.sort(key=lambda entry: entry.core)
        pairs = ((a, b) for at, a in enumerate(entries) for b in entries[at + 1 : at + _WINDOW])
    for a, b in pairs:
        first, second = (a, b) if a.name <= b.name else (b, a)
        found = _alike(first, second, frequency)
        if found:
            score, evidence = found
            count = a.count + b.count
            keys = tuple(dict.fromkeys((*first.keys, *second.keys)))[:_KEYS_TOLD]
            yield Candidate(round(score, 2), first.name, second.name, keys, count, evidence)


def _alike(a: _Name, b: _Name, frequency: array[int]) -> tuple[float, tuple[str, ...]] | None:
    """Return score and evidence of two names; None where nothing speaks for one organisation."""
    if a.name == b.name:
        return None
    forms: tuple[str, ...] = ()
    weight = 0.0
    if a.forms != b.forms:
        # Oy, Oy Ab and Oy Ltd say one thing in several languages.
        both = bool(a.forms and b.forms and not set(a.forms) & set(b.forms))
        forms = ("the legal forms differ",) if both else ("the same after dropping the legal form",)
        weight = 0.15 if both else 0.03
    if a.words == b.words:
        return 0.98 - weight, forms or ("case, accents or punctuation differ",)
    if a.core == b.core:
        return 0.95 - weight, ("the same but for small words", *forms)
    if sorted(a.core) == sorted(b.core):
        return 0.92 - weight, ("the same words in another order", *forms)
    text, other = a.text, b.text
    if text.replace(" ", "") == other.replace(" ", ""):
        return 0.93 - weight, ("the same but for spaces", *forms)
    if sorted(filter(_NUMERAL.match, a.core)) != sorted(filter(_NUMERAL.match, b.core)):
        return None
    found = _initials(a, b) or _cut(a, b) or _spelling(a, b, frequency)
    return (found[0] - weight, (*found[1], *forms)) if found else None


def _initials(a: _Name, b: _Name) -> tuple[float, tuple[str, ...]] | None:
    for short, long in ((a, b), (b, a)):
        if len(short.core) == 1 and len(short.core[0]) >= 3 and len(long.core) >= 3:
            initials = {"".join(word[0] for word in words) for words in (long.core, long.words)}
            if short.core[0] in initials:
                return 0.55 + 0.05 * min(len(short.core[0]), 6), ("one name is the initials of the other",)
    return None


def _cut(a: _Name, b: _Name) -> tuple[float, tuple[str, ...]] | None:
    """Tell a name that was cut at a fixed width: long, and the other goes on where it ends."""
    short, long = (a, b) if len(a.name) < len(b.name) else (b, a)
    if len(short.name) >= 28 and len(short.core) > 2 and long.text.startswith(short.text):
        inside = long.text[len(short.text) : len(short.text) + 1] not in (" ", "")
        return (0.88 if inside else 0.7), ("one name is the other, cut short",)
    return None


def _spelling(a: _Name, b: _Name, frequency: array[int]) -> tuple[float, tuple[str, ...]] | None:
    text, other = a.text, b.text
    if min(len(text), len(other)) < 6 or fuzz.ratio(text, other, score_cutoff=80) == 0:
        return None
    doubts = 0
    if len(a.core) == len(b.core):
        differing = [(x, y) for x, y in zip(a.core, b.core, strict=True) if x != y]
        if len(differing) < len(a.core) and all(_abbreviates(x, y) for x, y in differing):
            # Without its point it may be a word of its own, such as the name of another town.
            pointed = privacy.fold(f"{a.name}\n{b.name}")
            sure = all(f"{min(pair, key=len)}." in pointed for pair in differing)
            return (0.84 if sure else 0.7), ("a word is an abbreviation of the other's",)
        doubts += any(min(len(x), len(y)) < 6 for x, y in differing)
        # Words that other names have too are words, not slips of the pen.
        doubts += any(min(frequency[crc32(w.encode()) % _TABLE] for w in pair) > 2 for pair in differing)
        doubts += any(max(len(x), len(y)) < 10 and DamerauLevenshtein.distance(x, y) > 1 for x, y in differing)
    distance = DamerauLevenshtein.distance(text, other, score_cutoff=2)
    if distance > 2 or (distance == 2 and min(len(text), len(other)) < 12):
        return None
    doubts += len(a.core) != len(b.core) and distance == 2 and len(text) < 30
    score = (0.93 if distance == 1 else 0.86) - 0.15 * doubts
    return score, ("one letter differs" if distance == 1 else "two letters differ",)


def _abbreviates(x: str, y: str) -> bool:
    short, long = (x, y) if len(x) < len(y) else (y, x)
    return len(short) >= 3 and len(long) - len(short) > 2 and long.startswith(short)


def to_yaml(found: Iterable[Candidate]) -> str:
    """Return candidates as a file for a human: every entry is a decision that waits to be uncommented and signed.

    Taken out of the comment, completed with date and office and put into
    `decisions.yaml`, an entry is a `records.model.Decision`.
    """
    lines = [
        "# Possibly the same organisation under several names: candidates, the likeliest first. Nothing was merged.",
        "# To confirm one: copy it into decisions.yaml without the leading `# `, write `decided` (a date) and",
        "# `decided_by` (an office, never a person), and change kind to `different` where they are two organisations.",
    ]
    for candidate in found:
        names = _plain(candidate.a) if candidate.a == candidate.b else f"{_plain(candidate.a)} | {_plain(candidate.b)}"
        lines += ["", f"# {candidate.score:.2f} {names}"]
        if candidate.count > len(candidate.keys):
            lines.append(
                f'# {candidate.count} keys in all: same_name = "same" under [organisations] decides them at once'
            )
        keys = ", ".join(_quoted(key) for key in candidate.keys)
        reasons = [(EVIDENCE[why][0], EVIDENCE[why][1], why) for why in candidate.evidence]
        lines += ["#   - kind: same-organisation", f"#     about: [{keys}]", "#     reason:"]
        lines += [
            f"#       {language}: {_quoted('; '.join(reason[at] for reason in reasons))}"
            for at, language in enumerate(("fi", "sv", "en"))
        ]
        lines += ["#     decided:", "#     decided_by:"]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text)


def _quoted(text: str) -> str:
    return json.dumps(_plain(text), ensure_ascii=False)
