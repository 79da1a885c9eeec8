"""Names of natural persons in the cells of a list, told from names of organisations by their words.

Nothing that is found leaves this module but a verdict: neither it nor its
evidence repeats a piece of the name.

Source: Regulation (EU) 2016/679, Article 4(1); Regulation (EU) 2021/1060, Article 49(3), points (a) and (b).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from stdnum.cz import rc as czech
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.it import codicefiscale
from stdnum.pl import pesel
from stdnum.pt import nif as portuguese

from publisher.lists.privacy import contacts, fold, is_danish, is_swedish

PERSON_FROM = 0.6
"""From this score on a name is taken for that of a natural person."""

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*[.:]?|&")
_WORD = re.compile(r"[^\W\d_]+")
_ALNUM = re.compile(r"[^\W_]+")
_SINGLE = re.compile(r"(?<![^\W_])((?:[^\W\d_][.,\s/]{1,2}){1,5}[^\W\d_])(?![^\W_])")
_CUT_FORM = re.compile(r",\s?(?:S\.?)?\Z", re.IGNORECASE)
_OWNER = re.compile(r"(?<!\w)(?:om|omist|vl|inh)\.|(?<!\w)f:ma(?!\w)")
_TMI = re.compile(r"(?<!\w)t\s?[:.;]\s?mi(?!\w)")
_GLUED = re.compile(r"(?:^|[ /])(?:OY|TMI)(?=[A-ZÅÄÖ]{4})(?!OYJ)")
(
    _GIVEN,
    _SURNAME,
    _FORM,
    _COMMUNITY,
    _BODY,
    _TRADE,
    _PARTICLE,
    _JOIN,
    _SAINT,
    _TITLE,
    _SOLE,
    _MAYBE,
    _ARTICLE,
    _CAPITALS,
) = (1 << n for n in range(14))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a name is evidently that of a natural person or sole trader.

    Args:
        person: Whether the score is at least `PERSON_FROM`.
        score: From 0 to 1.
        evidence: Why, in English, without any part of the name.
    """

    person: bool
    score: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Words:
    """The words of `names.toml`: what each is (flags), and endings of words."""

    flags: dict[str, int]
    final_forms: frozenset[str]
    surname_endings: tuple[str, ...]
    no_surname: frozenset[str]
    body_endings: tuple[str, ...]
    trade_endings: tuple[str, ...]
    sole_trader: re.Pattern[str]
    bodies: re.Pattern[str]


@cache
def _words() -> _Words:
    table: dict[str, Any] = tomllib.loads(
        resources.files("publisher.lists").joinpath("names.toml").read_text(encoding="utf-8")
    )
    flags: dict[str, int] = {}

    def add(text: str, flag: int) -> None:
        for word in fold(text).split():
            flags[word] = flags.get(word, 0) | flag

    for text in table["given"].values():
        add(text, _GIVEN)
    for section, key, flag in (
        ("ambiguous", "words", _MAYBE),
        ("surnames", "words", _SURNAME),
        ("forms", "words", _FORM),
        ("forms", "persons", _COMMUNITY),
        ("institutions", "words", _BODY),
        ("institutions", "capitals", _CAPITALS),
        ("trades", "words", _TRADE),
        ("particles", "words", _PARTICLE),
        ("particles", "joins", _JOIN),
        ("particles", "saints", _SAINT),
        ("particles", "articles", _ARTICLE),
        ("titles", "words", _TITLE),
        ("sole_trader", "words", _SOLE),
    ):
        add(table[section][key], flag)

    def phrases(section: str) -> re.Pattern[str]:
        said = (re.escape(fold(phrase.strip())) for phrase in table[section]["phrases"].split(";"))
        return re.compile(rf"(?<!\w)(?:{'|'.join(said)})")

    return _Words(
        flags,
        frozenset(fold(table["forms"]["final"]).split()),
        tuple(fold(table["surnames"]["endings"]).split()),
        frozenset(fold(table["surnames"]["not_ending"]).split()),
        tuple(fold(table["institutions"]["endings"]).split()),
        tuple(fold(table["trades"]["endings"]).split()),
        phrases("sole_trader"),
        phrases("institutions"),
    )


@lru_cache(maxsize=100_000)
def _flags(token: str) -> int:
    """Return what a word as written may be."""
    words = _words()
    word = fold(token.rstrip(".:"))
    flags = words.flags.get(word, 0)
    if flags & _CAPITALS and token.isupper():
        return _BODY
    if not flags and "-" in word:
        parts = [words.flags.get(part, 0) for part in word.split("-")]
        if all(part & _GIVEN for part in parts):
            return _GIVEN
        if any(part & _BODY for part in parts):
            return _BODY
        word = word.rpartition("-")[2]
    if flags or len(word) < 5:
        return flags
    if word.endswith(words.body_endings):
        return _BODY
    if len(word) > 6 and word.endswith(words.trade_endings):
        return _TRADE
    return _SURNAME if word.endswith(words.surname_endings) and word not in words.no_surname else 0


def _joined(text: str) -> str:
    """Return the text with runs of single letters joined that are known together: `S. L. U.` and `S L U` become `SLU`.

    What stands before the known end of a run stays apart: initials and lone letters.
    """
    known = _words().flags

    def join(match: re.Match[str]) -> str:
        letters = re.split(r"[.,\s/]+", match.group(1))
        for at in range(len(letters) - 1):
            run = "".join(letters[at:])
            if known.get(fold(run), 0) & (_FORM | _COMMUNITY | _BODY | _CAPITALS):
                return " ".join([*letters[:at], run])
        return match.group()

    return _SINGLE.sub(join, text)


_COUNTRY_PERSON: tuple[tuple[re.Pattern[str], Callable[[str], bool], frozenset[str]], ...] = (
    (re.compile(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]"), lambda text: hetu.is_valid(text, allow_temporary=True), frozenset()),
    (re.compile(r"(?:\d{8}|[KLM]\d{7}|[XYZ]\d{7})[A-Z]"), lambda text: _spanish_person(text), frozenset()),
    (re.compile(r"[A-Z]{6}\w{10}"), codicefiscale.is_valid, frozenset()),
    (re.compile(r"\d{11}"), pesel.is_valid, frozenset({"pl"})),
    (re.compile(r"(?:PT)?[123]\d{8}"), portuguese.is_valid, frozenset({"pt"})),
    (re.compile(r"(?:19|20)?\d{6}[-+]?\d{4}"), is_swedish, frozenset({"sv"})),
    (re.compile(r"\d{6}-\d{4}"), is_danish, frozenset({"da"})),
    (re.compile(r"\d{6}/\d{4}"), czech.is_valid, frozenset()),
)


def _spanish_person(text: str) -> bool:
    return nie.is_valid(text) if text[0] in "XYZ" else text[0] in "KLM" or dni.is_valid(text)


def _by_identifier(identifier: str, language: str) -> bool:
    text = identifier.strip().upper().removeprefix("ES").replace(" ", "").replace(".", "")
    return any(
        form.fullmatch(text) and (not languages or language in languages) and check(text)
        for form, check, languages in _COUNTRY_PERSON
    )


_ESTATE = re.compile(
    r"(?<!\w)(?:kuolinpesä|dödsbo|dødsbo|executors of|estate of|herdeiros|herederos|indivision|"
    r"succession|eredi|erven|spadkobierc|dědic|pärija|mantiniek)",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"(?:ing|mgr|mudr|judr|mevr|dhr|fam|familie|famille|família|rodina|familia)\.?\s+(?:\w[\w.'’-]*\s?){1,4}\Z",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    # A surname in small letters: initials before capitals are an abbreviation (D.A.T. MADRID).
    r"(?:[^\W\d_]\.\s?){1,4}(?:(?:van|von|de|den|der|ter|di|da|del|la|le|af|zu)\s)*[^\W\d_](?=\w*[a-zà-ÿ])[\w'’-]+\Z"
)
# Short forms that mean a sole trader in one language and something else in another (German e.V.).
_SOLE_TRADERS = {
    "hu": re.compile(r"(?:(?<!\w)e\.\s?v\.?|(?<!\w)E\.?V\.?|egyéni vállalkozó|(?<!\w)e\.\s?c\.?)\s*\Z", re.IGNORECASE)
}
_TRADE_NAMES = {
    "pl": re.compile(
        r"(?:P\.?\s?P\.?\s?H\.?\s?U\.?|P\.?\s?H\.?\s?U\.?|F\.?\s?H\.?\s?U\.?|P\.?\s?U\.?|Firma \w+|Zakład \w+)?\s*"
        r"(?:[„\"'«][^”\"'»]{1,80}[”\"'»])?\s*[-–,]?\s*(?=\w)",
        re.IGNORECASE,
    )
}


def natural_person(name: str, language: str = "", identifier: str | None = None) -> Verdict:
    """Judge whether a beneficiary's name is evidently that of a natural person or sole trader.

    Legal forms and words of public life speak against it, in all languages of
    the Union; given names, surnames, their order, titles, initials and the forms
    of sole traders speak for it. A business with a person's name in it and no
    legal form counts as a sole trader. A company named after a person does not.

    Args:
        name: The name as written.
        language: The list's language; it decides which national identifiers are those of persons.
        identifier: The beneficiary's identifier, where the list has one.
    """
    if identifier and _by_identifier(identifier, language):
        return Verdict(True, 1.0, ("the identifier is that of a natural person",))
    plain = " ".join(name.split())
    sole = _SOLE_TRADERS.get(language)
    if sole is not None and sole.search(plain):
        return Verdict(True, 0.9, ("the form of a sole trader in this language",))
    judged = _judge(plain)
    trade = _TRADE_NAMES.get(language)
    if not judged.person and trade is not None and (match := trade.match(plain)) and match.end():
        # The law makes a sole trader's firm hold the person's name; a company's holds its form instead.
        return _judge(plain[match.end() :])
    if judged.person or any("legal form" in why for why in judged.evidence):
        return judged
    body = any("institution" in why for why in judged.evidence)
    if _ESTATE.search(plain) or (not body and (_TITLED.match(plain) or _INITIALS.match(plain))):
        return Verdict(True, 0.7, ("an estate, or a title or initials before a name, and no legal form",))
    return judged


def without_forms(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the folded words of an organisation's name without its legal forms, and the legal forms, both in order."""
    words: list[str] = []
    forms: list[str] = []
    final = _words().final_forms
    tokens = _ALNUM.findall(_joined(name))
    for at, token in enumerate(tokens):
        word = fold(token)
        behind = at > 0 and (word not in final or at >= len(tokens) - 2)
        is_form = _flags(token) & (_FORM | _COMMUNITY) and len(tokens) > 1 and (behind or word not in final)
        (forms if is_form else words).append(word)
    return (tuple(words), tuple(forms)) if words else (tuple(forms), ())


def repeats(text: str, name: str) -> bool:
    """Return whether all words of a name stand in a text, in any order: a title that names its beneficiary."""
    words = {word for word in _WORD.findall(fold(name)) if len(word) > 1}
    return bool(words) and words <= set(_WORD.findall(fold(text)))


@lru_cache(maxsize=50_000)
def _judge(name: str) -> Verdict:
    score, evidence = _score(name)
    return Verdict(score >= PERSON_FROM, round(score, 2), evidence)


def _score(name: str) -> tuple[float, tuple[str, ...]]:
    if "identity-code" in contacts(name):
        return 1.0, ("an identity code of a person",)
    if not name or len(name) > 200:
        return 0.0, ("too long for a person's name",) if name else ()
    folded = fold(name)
    if _TMI.search(folded) or _OWNER.search(folded):
        return 0.95, ("the form of a sole trader",)
    glued = _GLUED.search(name)
    if glued:
        score, evidence = _score(name[glued.end() :].strip())
        if score >= PERSON_FROM:
            return min(score, 0.8), ("a company's name with a person's name behind it", *evidence)
    tokens = _TOKEN.findall(_joined(name))
    flags = [_flags(token) for token in tokens]
    if len(tokens) == 1 and sum(map(str.isupper, name)) > len(name) - 3 and not flags[0] and _run_together(folded):
        return 0.65, ("a given name at the beginning of words run together",)
    if any(flag & _SOLE for flag in flags):
        return 0.95, ("the form of a sole trader",)
    forms = _forms(tokens, flags)
    if _FORM & forms or _CUT_FORM.search(name):
        return 0.05, ("a legal form",)
    if _words().bodies.search(folded):
        return 0.05, ("a word for an institution",)
    if _words().sole_trader.search(folded):
        return 0.9, ("the form of a sole trader",)
    return _by_words(name, tokens, flags, community=bool(forms & _COMMUNITY))


def _run_together(word: str) -> bool:
    """Return whether a long word begins with a given name, and ends neither with a legal form nor like a trade."""
    if not 14 <= len(word) <= 40 or not word.isalpha() or word.endswith(("sl", "sa", "cb", "sc", "sll", "slu", "coop")):
        return False
    known = _words().flags
    return any(known.get(word[:end], 0) & _GIVEN and not known[word[:end]] & _MAYBE for end in range(4, 10))


def _forms(tokens: list[str], flags: list[int]) -> int:
    """Return which kinds of legal forms the name has, `_FORM` or `_COMMUNITY`."""
    found = 0
    final = _words().final_forms
    for at, (token, flag) in enumerate(zip(tokens, flags, strict=True)):
        anywhere = fold(token.rstrip(".:")) not in final
        behind = at and (anywhere or at == len(tokens) - 1)
        before = not at and anywhere and len(tokens) > 1 and not flag & (_GIVEN | _COMMUNITY)
        if behind or before:
            found |= flag
    return found & (_FORM | _COMMUNITY)


def _by_words(name: str, tokens: list[str], flags: list[int], *, community: bool) -> tuple[float, tuple[str, ...]]:
    """Judge a name without a legal form by what its words are."""
    lower = name.islower()
    title = len(tokens) > 1 and bool(flags[0] & _TITLE)
    initials = trade = joins = strange = 0
    dotted = False
    kinds: list[int] = []
    saint = False
    last = len(tokens) - 1
    for at, (token, flag) in enumerate(zip(tokens, flags, strict=True)):
        bare = token.rstrip(".:")
        if (not at and title) or (community and flag & _COMMUNITY):
            continue
        if bare.lower() == "s" and token != bare and at < last and flags[at + 1] & _GIVEN:
            saint = True
            continue
        if flag & _SAINT:
            saint = True
            continue
        if bare == "&" or (flag & _JOIN and at and token == bare and not (flag & (_GIVEN | _SURNAME))):
            joins += 1
        elif (len(bare) == 1 and (at or token != bare or not flag & _ARTICLE)) or (len(bare) == 3 and bare[1] == "-"):
            initials += 1
            dotted |= token != bare
        elif flag & (_PARTICLE | _ARTICLE) and not flag & (_GIVEN | _SURNAME):
            # A name that begins with an article or ends with a preposition is that of a house, or was cut.
            strange += at in (0, last) and bool(flag & _ARTICLE or at)
        elif flag & _BODY and (flag & _TRADE or not flag & (_GIVEN | _SURNAME)):
            return 0.05, ("a word for an institution",)
        elif flag & _TRADE and not flag & (_GIVEN | _SURNAME):
            trade += 1
        else:
            strange += not lower and not bare[0].isupper()
            # A saint's name is that of a place or of a school as often as a person's.
            kinds.append(0 if saint else flag & (_GIVEN | _SURNAME | _MAYBE))
        saint = False
    if trade and tokens[-1].rstrip(".") in ("S", "s"):
        return 0.05, ("a legal form that was cut",)
    if initials > 2:
        return 0.2, ("an abbreviation",)
    comma = name.count(",") == 1 and not community
    score, evidence = _by_kinds(kinds, initials=initials, comma=comma, trade=bool(trade), community=community)
    if title and 1 <= len(kinds) <= 4 and not trade:
        score, evidence = max(score, 0.85), ("a title before the name", *evidence)
    if score < PERSON_FROM and dotted and len(kinds) == 1 == len(tokens) - initials:
        score, evidence = 0.62, ("initials before a word",)
    score -= 0.3 * bool(strange) + 0.1 * bool(joins) + 0.3 * (any(map(str.isdigit, name)) or len(name) > 80)
    return max(score, 0.0), evidence


def _by_kinds(
    kinds: list[int], *, initials: int, comma: bool, trade: bool, community: bool
) -> tuple[float, tuple[str, ...]]:
    """Judge by the kinds of the words that can be names, in their order."""
    count = len(kinds)
    surnames = sum(1 for kind in kinds if kind & _SURNAME and not kind & _GIVEN)
    sure = [at for at, kind in enumerate(kinds) if kind & _GIVEN and not kind & _MAYBE]
    maybe = [at for at, kind in enumerate(kinds) if kind & _GIVEN and kind & _MAYBE]
    either = sum(1 for kind in kinds if kind & _GIVEN and kind & _SURNAME)
    given = len(sure) + len(maybe)
    if count == 0 or (count == 1 and not initials):
        return 0.1, ("a single word",)
    alone = not sure and not surnames and either < 2 and not initials and not comma
    if not given or alone or (community and not sure):
        return _without_given(count, surnames + either, initials, comma=comma, trade=trade)
    rest = count - given
    if surnames:
        score, why = (0.95 if sure else 0.8), "a given name beside a surname"
    elif not rest:
        score, why = (0.85 if count > 2 else 0.68 if either or len(sure) == 2 else 0.5), "given names only"
    elif given > 1 or (rest == 1 and 0 in sure) or comma:
        score, why = 0.85, "a given name beside other words"
    elif 0 in sure or count - 1 in sure:
        score, why = 0.75, "a given name beside other words"
    else:
        score, why = 0.65, "a given name among other words"
    unknown = rest - surnames
    if count > 5 or unknown > 3:
        score -= 0.3
    if trade:
        # "Taxi Given Surname" is a sole trader; "Hotel Given" need not be.
        score = min(score, 0.75) if rest - max(0, unknown - 1) > 0 and unknown < 3 else 0.4
        return score, (why, "a word for a trade")
    if community:
        return (min(score, 0.7) if unknown < 2 else 0.4), (why, "a community of persons")
    return score, (why,)


def _without_given(
    count: int, surnames: int, initials: int, *, comma: bool, trade: bool
) -> tuple[float, tuple[str, ...]]:
    if initials and surnames and count <= 3 - trade:
        return 0.7, ("initials beside a surname",)
    if comma and surnames and 2 <= count <= 4 and not trade:
        return 0.65, ("a surname before a comma",)
    if surnames and not trade and count <= 3:
        return 0.45, ("surnames without a given name",)
    return 0.2, ()
