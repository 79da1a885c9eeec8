"""What `/oai` says of itself, in Finnish, Swedish and English."""

from __future__ import annotations

_TABLE: dict[str, tuple[str, str, str]] = {
    # key: Finnish, Swedish, English
    "repository": ("Hankesalkku", "Projektportfölj", "Project portfolio"),
    "set.classification": ("Luokitukset", "Klassificeringar", "Classifications"),
    "set.dataset": ("Tietoaineistot", "Datamängder", "Datasets"),
    "set.organisation": ("Organisaatiot", "Organisationer", "Organisations"),
    "set.place": ("Paikat", "Platser", "Places"),
    "set.portfolio": ("Hankesalkut", "Projektportföljer", "Project portfolios"),
    "set.project": ("Hankkeet", "Projekt", "Projects"),
    "set.source": ("Lähteet", "Källor", "Sources"),
    "set.target-group": ("Kohderyhmät", "Målgrupper", "Target groups"),
}

TEXTS: dict[str, dict[str, str]] = {
    key: dict(zip(("fi", "sv", "en"), texts, strict=True)) for key, texts in _TABLE.items()
}
"""Text by key and language."""
