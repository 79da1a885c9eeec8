"""The words of the catalogue's page in Finnish, Swedish and English; merged into `texts`."""

from __future__ import annotations

_TABLE: dict[str, tuple[str, str, str]] = {
    # key: Finnish, Swedish, English
    "catalogue.series": ("Aineistosarjat", "Serier av datamängder", "Dataset series"),
    "catalogue.releases": ("Julkaisut", "Utgåvor", "Releases"),
    "catalogue.downloads": ("Lataa", "Ladda ner", "Download"),
    "catalogue.pages": ("Luettelon sivut", "Katalogens sidor", "Pages of the catalogue"),
    "catalogue.page": ("Sivu {number}/{count}", "Sida {number}/{count}", "Page {number} of {count}"),
    "catalogue.newer": ("Uudemmat", "Nyare", "Newer"),
    "catalogue.older": ("Vanhemmat", "Äldre", "Older"),
}

TEXTS: dict[str, dict[str, str]] = {
    key: dict(zip(("fi", "sv", "en"), entry, strict=True)) for key, entry in _TABLE.items()
}
"""Interface texts: key → language → text."""
