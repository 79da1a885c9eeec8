"""The words of reports in Finnish, Swedish and English.

What a rule says stands with the rule; here is what a report says of itself. A
text may hold `{name}` for a value; of a text with `|` the part before it counts
one and the part after it any other number.
"""

from __future__ import annotations

LANGUAGES = ("fi", "sv", "en")

_TABLE: dict[str, tuple[str, str, str]] = {
    # key: Finnish, Swedish, English
    "title": ("Tarkistusraportti", "Kontrollrapport", "Validation report"),
    "quoted": ("”{text}”", "”{text}”", "“{text}”"),
    "row": ("rivi {number}", "rad {number}", "row {number}"),
    "column": ("sarake {letters}", "kolumn {letters}", "column {letters}"),
    "column-named": ("sarake", "kolumn", "column"),
    "line": ("rivi {line}", "rad {line}", "line {line}"),
    "line-column": ("rivi {line}, merkki {column}", "rad {line}, tecken {column}", "line {line}, character {column}"),
    # severities: one word, with a number, as a heading
    "violation": ("virhe", "fel", "violation"),
    "warning": ("varoitus", "varning", "warning"),
    "info": ("huomautus", "anmärkning", "info"),
    "note": ("huomaa", "obs", "note"),
    "violation.counted": ("{n} virhe|{n} virhettä", "{n} fel", "{n} violation|{n} violations"),
    "warning.counted": ("{n} varoitus|{n} varoitusta", "{n} varning|{n} varningar", "{n} warning|{n} warnings"),
    "info.counted": ("{n} huomautus|{n} huomautusta", "{n} anmärkning|{n} anmärkningar", "{n} info|{n} infos"),
    "violation.heading": ("Virheet", "Fel", "Violations"),
    "warning.heading": ("Varoitukset", "Varningar", "Warnings"),
    "info.heading": ("Huomautukset", "Anmärkningar", "Infos"),
    "violation.means": (
        "Nämä estävät julkaisun. Korjaa ne ensin.",
        "De här hindrar publiceringen. Rätta dem först.",
        "These block the release. Mend them first.",
    ),
    "warning.means": (
        "Nämä eivät estä julkaisua, mutta ne kannattaa korjata.",
        "De här hindrar inte publiceringen men bör rättas.",
        "These do not block the release, but should be mended.",
    ),
    "info.means": (
        "Näitä voi vielä parantaa.",
        "Här finns något som kan förbättras.",
        "These could be improved.",
    ),
    "summary.conforms": (
        "Aineisto täyttää vaatimukset: {counted}, {projects}.",
        "Data uppfyller kraven: {counted}, {projects}.",
        "The data conforms: {counted} in {projects}.",
    ),
    "summary.conforms-not": (
        "Aineisto ei täytä vaatimuksia: {counted}, {projects}.",
        "Data uppfyller inte kraven: {counted}, {projects}.",
        "The data does not conform: {counted} in {projects}.",
    ),
    "projects": (
        "tarkistettuja hankkeita {n}",
        "{n} kontrollerat projekt|{n} kontrollerade projekt",
        "{n} project|{n} projects",
    ),
    "more": (
        "ja {n} muu samanlainen, jota ei luetella tässä|ja {n} muuta samanlaista, joita ei luetella tässä",
        "och {n} till av samma slag, som inte räknas upp här",
        "and {n} more of this kind, not listed here",
    ),
    "times": ("{n} kohta|{n} kohtaa", "{n} ställe|{n} ställen", "{n} place|{n} places"),
    # headings
    "contents": ("Mitä löytyi", "Vad som hittades", "What was found"),
    "rows": ("Rivien tilitys", "Redovisning av raderna", "Account of the rows"),
    "rows.means": (
        "Jokainen luettu rivi on julkaistu, yhdistetty toiseen riviin tai hylätty.",
        "Varje läst rad är publicerad, sammanslagen med en annan eller avvisad.",
        "Every row that was read is published, merged with another, or rejected.",
    ),
    "notes": ("Huomattavaa", "Att observera", "Notes"),
    "where": ("Missä", "Var", "Where"),
    "value": ("Arvo", "Värde", "Value"),
    "wrong": ("Mikä on vikana", "Vad som är fel", "What is wrong"),
    "mend": ("Näin korjaat", "Så rättar du", "How to mend it"),
    "rule": ("Sääntö", "Regel", "Rule"),
    "severity": ("Vakavuus", "Allvarlighet", "Severity"),
    "count": ("Määrä", "Antal", "Count"),
    "file": ("Tiedosto", "Fil", "File"),
    "row.heading": ("Rivi", "Rad", "Row"),
    "column.heading": ("Sarake", "Kolumn", "Column"),
    "nothing": (
        "Mitään korjattavaa ei löytynyt.",
        "Ingenting att rätta hittades.",
        "Nothing to mend was found.",
    ),
    "to-contents": ("Takaisin luetteloon", "Tillbaka till förteckningen", "Back to the list"),
    "checked-by": (
        "Tarkistusohjelma: {engine}.",
        "Kontrollprogram: {engine}.",
        "Checked with {engine}.",
    ),
    "checked-again": (
        "Vertailuohjelma tarkisti uudelleen {n} hankkeen|Vertailuohjelma tarkisti uudelleen {n} hanketta",
        "Referensprogrammet kontrollerade {n} projekt på nytt",
        "The reference engine checked {n} project again|The reference engine checked {n} projects again",
    ),
    # accounts of rows
    "rows.read": ("Luettu", "Lästa", "Read"),
    "rows.published": ("Julkaistu", "Publicerade", "Published"),
    "rows.merged": ("Yhdistetty", "Sammanslagna", "Merged"),
    "rows.rejected": ("Hylätty", "Avvisade", "Rejected"),
    "account": (
        "{rows}: {published} julkaistu, {merged} yhdistetty toiseen riviin, {rejected} hylätty",
        "{rows}: {published} publicerade, {merged} sammanslagna med en annan rad, {rejected} avvisade",
        "{rows}: {published} published, {merged} merged, {rejected} rejected",
    ),
    "rows.counted": ("{n} rivi|{n} riviä", "{n} rad|{n} rader", "{n} row|{n} rows"),
    "skipped": ("Muita kuin tietuerivejä", "Rader som inte är poster", "Rows that are no records"),
    "repaired": ("Korjattu lukemisen yhteydessä", "Rättat vid inläsningen", "Repaired in reading"),
    "withheld": (
        "Jätetty julkaisematta henkilötietoina",
        "Ej publicerat, eftersom det är personuppgifter",
        "Withheld as personal data",
    ),
    "skipped.preamble": (
        "{n} rivi ennen otsikoita|{n} riviä ennen otsikoita",
        "{n} rad före rubrikerna|{n} rader före rubrikerna",
        "{n} row above the header|{n} rows above the header",
    ),
    "skipped.header": (
        "{n} otsikkorivi|{n} otsikkoriviä",
        "{n} rubrikrad|{n} rubrikrader",
        "{n} header row|{n} header rows",
    ),
    "skipped.blank": ("{n} tyhjä rivi|{n} tyhjää riviä", "{n} tom rad|{n} tomma rader", "{n} blank row|{n} blank rows"),
    "skipped.totals": (
        "{n} summarivi|{n} summariviä",
        "{n} summarad|{n} summarader",
        "{n} row of totals|{n} rows of totals",
    ),
    "skipped.note": (
        "{n} huomautusrivi|{n} huomautusriviä",
        "{n} rad med en anmärkning|{n} rader med anmärkningar",
        "{n} row with a note|{n} rows with notes",
    ),
    "repaired.quoted-whole": (
        "{n} rivi, joka oli kokonaan lainausmerkeissä|{n} riviä, jotka olivat kokonaan lainausmerkeissä",
        "{n} rad som helt stod inom citattecken|{n} rader som helt stod inom citattecken",
        "{n} row quoted as a whole|{n} rows quoted as a whole",
    ),
    "repaired.doubled-quotes": (
        "kahdennettuja lainausmerkkejä {n} kerran|kahdennettuja lainausmerkkejä {n} kertaa",
        "dubblerade citattecken {n} gång|dubblerade citattecken {n} gånger",
        "doubled quotation marks {n} time|doubled quotation marks {n} times",
    ),
    "repaired.trailing-delimiter": (
        "{n} rivi, jonka lopussa oli ylimääräinen erotin|{n} riviä, joiden lopussa oli ylimääräinen erotin",
        "{n} rad med överflödig avgränsare i slutet|{n} rader med överflödig avgränsare i slutet",
        "{n} row with a needless separator at its end|{n} rows with a needless separator at their ends",
    ),
    "repaired.unquoted-delimiter": (
        "{n} solu, jonka erotinmerkki oli katkaissut|{n} solua, jotka erotinmerkki oli katkaissut",
        "{n} cell som en avgränsare hade delat|{n} celler som en avgränsare hade delat",
        "{n} cell that a separator had cut apart|{n} cells that a separator had cut apart",
    ),
    "repaired.missing-cells": (
        "{n} puuttuva solu rivin lopussa|{n} puuttuvaa solua rivien lopussa",
        "{n} cell som saknades i slutet av raden|{n} celler som saknades i slutet av raderna",
        "{n} cell missing at the end of its row|{n} cells missing at the ends of rows",
    ),
    "repaired.mojibake": (
        "{n} solu, jonka kirjaimet olivat vääristyneet|{n} solua, joiden kirjaimet olivat vääristyneet",
        "{n} cell med förvanskade bokstäver|{n} celler med förvanskade bokstäver",
        "{n} cell with garbled letters|{n} cells with garbled letters",
    ),
    "repaired.control-character": (
        "{n} solu, jonka reunasta poistettiin ohjausmerkki|{n} solua, joiden reunoista poistettiin ohjausmerkkejä",
        "{n} cell som ett styrtecken togs bort från|{n} celler som styrtecken togs bort från",
        "{n} cell that a control character was cut from|{n} cells that control characters were cut from",
    ),
    "withheld.e-mail": (
        "{n} sähköpostiosoite|{n} sähköpostiosoitetta",
        "{n} e-postadress|{n} e-postadresser",
        "{n} e-mail address|{n} e-mail addresses",
    ),
    "withheld.phone": (
        "{n} puhelinnumero|{n} puhelinnumeroa",
        "{n} telefonnummer",
        "{n} telephone number|{n} telephone numbers",
    ),
    "withheld.iban": ("{n} tilinumero|{n} tilinumeroa", "{n} kontonummer", "{n} bank account|{n} bank accounts"),
    "withheld.identity-code": (
        "{n} henkilötunnus|{n} henkilötunnusta",
        "{n} personbeteckning|{n} personbeteckningar",
        "{n} personal identity code|{n} personal identity codes",
    ),
    "withheld.natural-person": (
        "{n} luonnollisen henkilön nimi|{n} luonnollisen henkilön nimeä",
        "{n} namn på en fysisk person|{n} namn på fysiska personer",
        "{n} name of a natural person|{n} names of natural persons",
    ),
    # notes of a run, for `note`
    "note.not-checked-again": (
        "Vertailuohjelma ei tarkistanut mitään uudelleen (--cross-check none).",
        "Referensprogrammet kontrollerade ingenting på nytt (--cross-check none).",
        "The reference engine checked nothing again (--cross-check none).",
    ),
    "note.blank-nodes": (
        "{name}: {n} nimettömälle solmulle annettiin IRI.",
        "{name}: {n} anonyma noder fick en IRI.",
        "{name}: {n} blank nodes were given IRIs.",
    ),
    "note.shared-files": (
        "{name}: yhteisissä tiedostoissa on virheitä. Korjaa ne ensin; hankkeet tarkistetaan kokonaan vasta sitten.",
        "{name}: de gemensamma filerna har fel. Rätta dem först; projekten kontrolleras helt först därefter.",
        "{name}: shared files have faults; mend them first, then projects are checked in full.",
    ),
    # the marked spreadsheet
    "sheet.faults": ("Mikä on vikana", "Vad som är fel", "What is wrong"),
    "sheet.list": ("Luettelo", "Lista", "List"),
    "sheet.title": ("Mikä on vikana: {file}", "Vad som är fel: {file}", "What is wrong in {file}"),
    "sheet.how": (
        "Luettelo on seuraavalla välilehdellä sellaisena kuin se luettiin. Vialliset solut on väritetty, ja selitys on "
        "solun kommentissa.",
        "Listan finns på nästa blad så som den lästes in. Felaktiga celler är färgade och förklaringen finns i cellens "
        "kommentar.",
        "The list stands on the next sheet as it was read. Faulty cells are coloured; a comment on the cell says why.",
    ),
    "sheet.colours": ("Värit", "Färger", "Colours"),
    "sheet.by-rule": ("Mitä löytyi", "Vad som hittades", "What was found"),
    "sheet.places": ("Missä", "Var", "Where"),
    "sheet.cell": ("Solu", "Cell", "Cell"),
    "sheet.first": ("Ensimmäinen", "Första", "First"),
    "sheet.shifted": (
        "Lähteessä ei ole otsikkoriviä: sen {number}. rivi on taulukon rivillä {row}.",
        "Källan har ingen rubrikrad: dess rad {number} står på bladets rad {row}.",
        "The source has no header row: its row {number} is row {row} of the sheet.",
    ),
    "sheet.rows-cut": (
        "Taulukkoon mahtuu {limit} riviä. Lähteen rivit siitä eteenpäin puuttuvat taulukosta; niiden viat ovat "
        "raportissa.",
        "Bladet rymmer {limit} rader. Källans rader därefter saknas på bladet; felen i dem finns i rapporten.",
        "A sheet has room for {limit} rows. Later rows of the source are not on it; the report has their faults.",
    ),
    "sheet.columns-cut": (
        "Taulukkoon mahtuu {limit} saraketta; loput puuttuvat.",
        "Bladet rymmer {limit} kolumner; resten saknas.",
        "A sheet has room for {limit} columns; the others are not on it.",
    ),
    "sheet.cells-cut": (
        "{n} solun teksti on katkaistu, koska soluun mahtuu 32 767 merkkiä; katkaisu on merkitty soluun.|{n} solun "
        "tekstit on katkaistu, koska soluun mahtuu 32 767 merkkiä; katkaisu on merkitty soluihin.",
        "Texten i {n} cell är avkortad, eftersom en cell rymmer 32 767 tecken; det står i cellen.|Texterna i {n} "
        "celler är avkortade, eftersom en cell rymmer 32 767 tecken; det står i cellerna.",
        "The text of {n} cell is cut, because a cell has room for 32,767 characters; the cell says so.|The texts of "
        "{n} cells are cut, because a cell has room for 32,767 characters; the cells say so.",
    ),
    "sheet.comments-cut": (
        "Kommentti on {limit} ensimmäisessä viallisessa solussa. Lisäksi {n} solu on vain väritetty.|Kommentti on "
        "{limit} ensimmäisessä viallisessa solussa. Lisäksi {n} solua on vain väritetty.",
        "De {limit} första felaktiga cellerna har en kommentar. Ytterligare {n} cell är bara färgad.|De {limit} första "
        "felaktiga cellerna har en kommentar. Ytterligare {n} celler är bara färgade.",
        "The first {limit} faulty cells have a comment. {n} more cell is only coloured.|The first {limit} faulty cells "
        "have a comment. {n} more cells are only coloured.",
    ),
    "sheet.places-cut": (
        "Kustakin viasta luetellaan {limit} ensimmäistä kohtaa.",
        "De {limit} första ställena av varje fel räknas upp.",
        "Of each fault the first {limit} places are listed.",
    ),
    "sheet.withheld": (
        "{n} solu on peitetty henkilötietona: [withheld].|{n} solua on peitetty henkilötietoina: [withheld].",
        "{n} cell är dold som personuppgift: [withheld].|{n} celler är dolda som personuppgifter: [withheld].",
        "{n} cell is covered as personal data: [withheld].|{n} cells are covered as personal data: [withheld].",
    ),
    "sheet.unread": (
        "Riviä ei voitu lukea.",
        "Raden kunde inte läsas.",
        "The row could not be read.",
    ),
    "sheet.cut": ("… (katkaistu)", "… (avkortad)", "… (cut)"),
    "sheet.whole": ("koko luettelo", "hela listan", "whole list"),
    "sheet.skipped.preamble": ("(ennen otsikoita)", "(före rubrikerna)", "(above the header)"),
    "sheet.skipped.header": ("(otsikkorivi)", "(rubrikrad)", "(header row)"),
    "sheet.skipped.blank": ("", "", ""),
    "sheet.skipped.totals": ("(summarivi)", "(summarad)", "(totals)"),
    "sheet.skipped.note": ("(huomautus)", "(anmärkning)", "(note)"),
}


def _template(key: str, language: str) -> str:
    return _TABLE[key][LANGUAGES.index(language) if language in LANGUAGES else LANGUAGES.index("en")]


def text(key: str, language: str, **told: object) -> str:
    """Return a text in a language, else in English, with what is told put in."""
    return _template(key, language).format(**told)


def number(count: int, language: str) -> str:
    """Return a number with its thousands apart: `2,881` in English, `2 881` with a hard space elsewhere."""
    return f"{count:,}" if language not in ("fi", "sv") else f"{count:,}".replace(",", "\u00a0")


def counted(key: str, count: int, language: str, **told: object) -> str:
    """Return a text with its number `{n}`, in the form that goes with it."""
    one, _, many = _template(key, language).partition("|")
    return (many if many and count != 1 else one).format(n=number(count, language), **told)


def known(key: str) -> bool:
    """Tell whether there is a text of this name."""
    return key in _TABLE


def note(key: str, **told: object) -> dict[str, str]:
    """Return a note of a run in every language, for `Report.notes`: `note("blank-nodes", name=…, n=…)`."""
    return {language: text(f"note.{key}", language, **told) for language in LANGUAGES}
