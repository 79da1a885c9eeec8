"""The words of the query pages in Finnish, Swedish and English; merged into `texts`."""

from __future__ import annotations

_TABLE: dict[str, tuple[str, str, str]] = {
    # key: Finnish, Swedish, English
    "sparql.title": ("SPARQL-kysely", "SPARQL-fråga", "SPARQL query"),
    "sparql.lead": (
        "Kysy koko aineistolta SPARQL-kielellä. Aloita valmiista esimerkistä ja muokkaa sitä.",
        "Ställ frågor till hela datamängden på SPARQL. Börja med ett färdigt exempel och ändra det.",
        "Ask the whole dataset in SPARQL. Start from a ready example and change it.",
    ),
    "sparql.query": ("Kysely", "Fråga", "Query"),
    "sparql.run": ("Suorita kysely", "Kör frågan", "Run the query"),
    "sparql.results": ("Tulokset", "Resultat", "Results"),
    "sparql.rows": ("Rivejä: {count}", "Rader: {count}", "Rows: {count}"),
    "sparql.cut-rows": (
        "Sivulla näkyy {count} ensimmäistä riviä. Koko tulos on tiedostoissa alla.",
        "Sidan visar de {count} första raderna. Hela resultatet finns i filerna nedan.",
        "This page shows the first {count} rows. The whole result is in the files below.",
    ),
    "sparql.cut-text": (
        "Sivulla näkyy tuloksen alku. Koko tulos on tiedostoissa alla.",
        "Sidan visar resultatets början. Hela resultatet finns i filerna nedan.",
        "This page shows the beginning of the result. The whole result is in the files below.",
    ),
    "sparql.none": ("Ei yhtään riviä.", "Inga rader.", "No rows."),
    "sparql.true": ("Kyllä (true)", "Ja (true)", "Yes (true)"),
    "sparql.false": ("Ei (false)", "Nej (false)", "No (false)"),
    "sparql.forms": ("Sama tulos tiedostona", "Samma resultat som fil", "The same result as a file"),
    "sparql.examples": ("Esimerkkejä", "Exempel", "Examples"),
    "sparql.examples.text": (
        "Esimerkki täyttää lomakkeen; kysely suoritetaan vasta painikkeella.",
        "Ett exempel fyller i formuläret; frågan körs först med knappen.",
        "An example fills the form; the button runs it.",
    ),
    "sparql.machines": ("Ohjelmille", "För program", "For programs"),
    "sparql.machines.text": (
        "Sama osoite toteuttaa SPARQL 1.1 -protokollan: kysely GET- tai POST-pyynnöllä, muoto Accept-otsakkeella "
        "tai parametrilla format.",
        "Samma adress följer SPARQL 1.1-protokollet: fråga med GET eller POST, format med Accept eller med "
        "parametern format.",
        "The same address follows the SPARQL 1.1 Protocol: query by GET or POST, form by Accept or by the "
        "parameter format.",
    ),
    "sparql.failed": ("Kyselyyn ei voi vastata", "Frågan kan inte besvaras", "The query cannot be answered"),
    "sparql.description": ("Palvelun kuvaus", "Beskrivning av tjänsten", "Description of the service"),
    "sparql.limits": (
        "Kysely saa kestää {seconds} sekuntia ja olla {length} tavua pitkä. Tietoja voi vain lukea, eikä muilta "
        "palveluilta kysytä (SERVICE).",
        "En fråga får ta {seconds} sekunder och vara {length} byte lång. Det går bara att läsa, och andra tjänster "
        "frågas inte (SERVICE).",
        "A query may take {seconds} seconds and be {length} bytes long. The data can only be read, and no other "
        "service is asked (SERVICE).",
    ),
}

TEXTS: dict[str, dict[str, str]] = {
    key: dict(zip(("fi", "sv", "en"), entry, strict=True)) for key, entry in _TABLE.items()
}
"""Key → language → text."""
