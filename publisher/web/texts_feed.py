"""The words of the list and the feeds of changes in Finnish, Swedish and English; merged into `texts`."""

from __future__ import annotations

_TABLE: dict[str, tuple[str, str, str]] = {
    # key: Finnish, Swedish, English
    "changes.title": ("Muutokset", "Ändringar", "Changes"),
    "changes.lead": (
        "Mitä kukin julkaisuversio lisäsi, muutti ja poisti, uusin ensin.",
        "Vad varje utgåva lade till, ändrade och återkallade, den senaste först.",
        "What each release added, changed and withdrew, newest first.",
    ),
    "changes.stream": (
        "Muutokset tapahtumavirtana (LDES)",
        "Ändringar som händelseström (LDES)",
        "Changes as an event stream (LDES)",
    ),
    "changes.follow": ("Seuraa muutoksia", "Följ ändringarna", "Follow the changes"),
    "changes.feed": ("Atom-syöte", "Atom-flöde", "Atom feed"),
    "changes.feed.text": (
        "Avaa osoite syötteenlukijassa, niin näet uudet julkaisuversiot.",
        "Öppna adressen i en flödesläsare, så ser du nya utgåvor.",
        "Open the address in a feed reader to see new releases.",
    ),
    "changes.stream.text": (
        "Ohjelma, joka osaa LDES-tapahtumavirtoja, pitää oman kopionsa ajan tasalla osoitteesta {address}.",
        "Ett program som kan LDES-händelseströmmar håller sin egen kopia aktuell från adressen {address}.",
        "A program that knows LDES event streams keeps its own copy up to date from the address {address}.",
    ),
    "changes.first": ("Ensimmäinen julkaisuversio", "Den första utgåvan", "The first release"),
    "changes.first.text": (
        "Kaikki tiedot julkaistiin ensimmäisen kerran.",
        "Alla uppgifter publicerades för första gången.",
        "Everything was published for the first time.",
    ),
    "changes.rollback": (
        "aiempi julkaisuversio palautettiin",
        "en tidigare utgåva återställdes",
        "an earlier release was restored",
    ),
    "changes.no-project": ("ei muutoksia hankkeissa", "inga ändringar i projekten", "no changes in projects"),
    "changes.added": ("Lisätty", "Tillagt", "Added"),
    "changes.changed": ("Muutettu", "Ändrat", "Changed"),
    "changes.withdrawn": ("Poistettu", "Återkallat", "Withdrawn"),
    "changes.count.added": ("uusia hankkeita {count}", "nya projekt {count}", "projects added: {count}"),
    "changes.count.changed": ("muuttuneita hankkeita {count}", "ändrade projekt {count}", "projects changed: {count}"),
    "changes.count.withdrawn": (
        "poistettuja hankkeita {count}",
        "återkallade projekt {count}",
        "projects withdrawn: {count}",
    ),
    "changes.more": ("ja {count} muuta hanketta", "och {count} projekt till", "and {count} projects more"),
    "changes.all": (
        "Kaikki, mitä julkaisuversio muutti",
        "Allt som utgåvan ändrade",
        "All that the release changed",
    ),
    "changes.statements": (
        "Muutokset lause lauseelta",
        "Ändringarna sats för sats",
        "The changes statement by statement",
    ),
    "changes.earlier": ("Aiemmat", "Tidigare", "Earlier"),
    "changes.further": ("Seuraavat", "Följande", "Next"),
    "changes.begin": ("Alkuun", "Till början", "Back to the first"),
    "changes.what": ("Tapahtuma", "Händelse", "What happened"),
    "changes.thing": ("Kohde", "Objekt", "To what"),
    "changes.nothing": ("Tässä ei ole muutoksia.", "Här finns inga ändringar.", "There are no changes here."),
}

TEXTS: dict[str, dict[str, str]] = {
    key: dict(zip(("fi", "sv", "en"), entry, strict=True)) for key, entry in _TABLE.items()
}
"""Key → language → text."""
