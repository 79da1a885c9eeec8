"""The words about tables among the downloads in Finnish, Swedish and English; merged into `texts`."""

from __future__ import annotations

_TABLE: dict[str, tuple[str, str, str]] = {
    # key: Finnish, Swedish, English
    "dumps.tables": (
        "Taulukoissa hankkeet ovat riveinä, mutta niihin ei mahdu kaikkea: koko aineisto on RDF-tiedostoissa. "
        "Ensimmäinen sarake johtaa hankkeeseen.",
        "I tabellerna är projekten rader, men allt ryms inte där: hela datamängden finns i RDF-filerna. Den första "
        "kolumnen leder till projektet.",
        "In the tables the projects are rows, and not everything has room there: the RDF dumps hold the whole dataset. "
        "The first column leads to the project.",
    ),
    "dumps.what.csv": (
        "Hankkeet taulukkona, yksi rivi hanketta kohti (CSV). Taulukossa ei ole kaikkea",
        "Projekten som tabell, en rad per projekt (CSV). Tabellen innehåller inte allt",
        "The projects as a table, one row a project (CSV). Not everything is in it",
    ),
    "dumps.what.xlsx": (
        "Hankkeet taulukkona, yksi rivi hanketta kohti (Excel). Taulukossa ei ole kaikkea",
        "Projekten som tabell, en rad per projekt (Excel). Tabellen innehåller inte allt",
        "The projects as a table, one row a project (Excel). Not everything is in it",
    ),
    "dumps.what.csvw": (
        "CSV-taulukon sarakkeiden kuvaus koneille (CSV on the Web)",
        "Beskrivning för maskiner av kolumnerna i CSV-tabellen (CSV on the Web)",
        "What the columns of the CSV table mean, for machines (CSV on the Web)",
    ),
}

TEXTS: dict[str, dict[str, str]] = {
    key: dict(zip(("fi", "sv", "en"), entry, strict=True)) for key, entry in _TABLE.items()
}
"""Interface texts: key → language → text."""
