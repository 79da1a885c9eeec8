"""The words of the query pages in Finnish, Swedish and English; merged into `texts`."""

from __future__ import annotations

_TABLE: dict[str, tuple[str, str, str]] = {
    # key: Finnish, Swedish, English
    "sparql.title": ("SPARQL-kysely", "SPARQL-fråga", "SPARQL query"),
    "sparql.lead": (
        "Kysy aineistolta SPARQL 1.1 -kielellä. Sama osoite vastaa myös ohjelmille (SPARQL 1.1 Protocol).",
        "Ställ frågor till datamängden på SPARQL 1.1. Samma adress svarar också program (SPARQL 1.1 Protocol).",
        "Ask the data in SPARQL 1.1. The same address answers programs, too (SPARQL 1.1 Protocol).",
    ),
    "sparql.query": ("Kysely", "Fråga", "Query"),
    "sparql.run": ("Suorita kysely", "Kör frågan", "Run the query"),
    "sparql.results": ("Tulokset", "Resultat", "Results"),
    "sparql.rows": ("Rivejä: {count}", "Rader: {count}", "Rows: {count}"),
    "sparql.cut-rows": (
        "Sivulla näkyy {count} ensimmäistä riviä. Koko tuloksen saa alla olevista muodoista.",
        "Sidan visar de {count} första raderna. Hela resultatet finns i formaten nedan.",
        "This page shows the first {count} rows. The whole result is in the forms below.",
    ),
    "sparql.cut-text": (
        "Sivulla näkyy tuloksen alku. Koko tuloksen saa alla olevista muodoista.",
        "Sidan visar resultatets början. Hela resultatet finns i formaten nedan.",
        "This page shows the beginning of the result. The whole result is in the forms below.",
    ),
    "sparql.none": ("Ei yhtään riviä.", "Inga rader.", "No rows."),
    "sparql.true": ("Kyllä (true)", "Ja (true)", "Yes (true)"),
    "sparql.false": ("Ei (false)", "Nej (false)", "No (false)"),
    "sparql.forms": ("Sama tulos muodossa", "Samma resultat som", "The same result as"),
    "sparql.examples": ("Esimerkkejä", "Exempel", "Examples"),
    "sparql.failed": ("Kyselyyn ei voi vastata", "Frågan kan inte besvaras", "The query cannot be answered"),
    "sparql.description": ("Palvelun kuvaus", "Beskrivning av tjänsten", "Description of the service"),
    "sparql.limits": (
        "Kysely saa kestää {seconds} sekuntia, ja vain lukeminen on mahdollista.",
        "En fråga får ta {seconds} sekunder, och det går bara att läsa.",
        "A query may take {seconds} seconds, and the data can only be read.",
    ),
}

TEXTS: dict[str, dict[str, str]] = {
    key: dict(zip(("fi", "sv", "en"), entry, strict=True)) for key, entry in _TABLE.items()
}
"""Key → language → text."""
