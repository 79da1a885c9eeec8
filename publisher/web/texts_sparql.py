"""Interface texts of the SPARQL page, in the form of `texts.TEXTS`."""

from __future__ import annotations

_TABLE: dict[str, tuple[str, str, str]] = {
    # key: Finnish, Swedish, English
    "sparql.title": ("Kysely", "Fråga", "Query"),
    "sparql.lead": (
        "Kysy koko aineistolta SPARQL-kielellä. Aloita valmiista esimerkistä ja muokkaa sitä.",
        "Ställ frågor till hela datamängden med SPARQL. Börja med ett färdigt exempel och ändra det.",
        "Ask the whole dataset in SPARQL. Start from a ready example and change it.",
    ),
    "sparql.query": ("SPARQL-kysely", "SPARQL-fråga", "SPARQL query"),
    "sparql.run": ("Suorita kysely", "Kör frågan", "Run the query"),
    "sparql.examples": ("Esimerkkikysymyksiä", "Exempelfrågor", "Example questions"),
    "sparql.result": ("Tulos", "Resultat", "Result"),
    "sparql.rows": ("{n} riviä", "{n} rader", "{n} rows"),
    "sparql.rows.one": ("{n} rivi", "{n} rad", "{n} row"),
    "sparql.no-rows": ("Ei yhtään riviä.", "Inga rader.", "No rows."),
    "sparql.cut": (
        "Sivulla näkyy {n} ensimmäistä riviä. Kaikki saat tiedostona.",
        "De {n} första raderna visas. Alla fås som fil.",
        "The first {n} rows are shown. All of them are in the files.",
    ),
    "sparql.yes": ("Kyllä", "Ja", "Yes"),
    "sparql.no": ("Ei", "Nej", "No"),
    "sparql.as": ("Sama tulos tiedostona", "Samma resultat som fil", "The same result as a file"),
    "sparql.failed": ("Kyselyyn ei voitu vastata", "Frågan kunde inte besvaras", "The query could not be answered"),
    "sparql.machines": ("Ohjelmille", "För program", "For programs"),
    "sparql.machines.text": (
        "Osoite toteuttaa SPARQL 1.1 -protokollan: kysely GET- tai POST-pyynnöllä, muoto Accept-otsakkeella.",
        "Adressen följer SPARQL 1.1-protokollet: fråga med GET eller POST, format med Accept.",
        "This address follows the SPARQL 1.1 Protocol: query by GET or POST, format by Accept.",
    ),
    "sparql.limits": (
        "Kysely saa kestää {seconds} sekuntia ja olla {bytes} tavua pitkä. Muihin palveluihin ei kysytä (SERVICE).",
        "En fråga får ta {seconds} sekunder och vara {bytes} byte lång. Andra tjänster frågas inte (SERVICE).",
        "A query may take {seconds} seconds and be {bytes} bytes long. Other services are never asked (SERVICE).",
    ),
}

TEXTS = {key: dict(zip(("fi", "sv", "en"), entry, strict=True)) for key, entry in _TABLE.items()}
"""Key → language → text."""
