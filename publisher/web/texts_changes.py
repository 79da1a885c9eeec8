"""Interface texts about what changed between releases, and about what was withdrawn."""

from __future__ import annotations

_TABLE: dict[str, tuple[str, str, str]] = {
    # key: Finnish, Swedish, English
    "withdrawn.title": ("Poistettu", "Återkallat", "Withdrawn"),
    "withdrawn.lead": (
        "Tieto, jonka tunnus on {code}, poistettiin julkaisusta {day}.",
        "Uppgiften med identifieraren {code} återkallades {day}.",
        "What had the identifier {code} was withdrawn on {day}.",
    ),
    "withdrawn.reason": ("Syy", "Orsak", "Reason"),
    "withdrawn.no-reason": ("Syytä ei ole kerrottu.", "Ingen orsak har angetts.", "No reason was given."),
    "withdrawn.successor": ("Sen tilalla on nyt", "I dess ställe finns nu", "In its place there is now"),
    "withdrawn.diff": (
        "Mitä julkaisussa muuttui",
        "Vad som ändrades i utgåvan",
        "What that release changed",
    ),
    "way.changes": (
        "Seuraa muutoksia: mitä kukin julkaisuversio lisäsi, muutti ja poisti; syötteet lukijalle ja ohjelmille.",
        "Följ ändringarna: vad varje utgåva lade till, ändrade och tog bort; flöden för läsare och program.",
        "Follow the changes: what each release added, changed and withdrew; feeds for readers and programs.",
    ),
    "way.reconcile": (
        "Yhdistä oman taulukkosi nimet tämän aineiston hankkeisiin ja organisaatioihin (OpenRefine).",
        "Matcha namnen i din egen tabell mot projekten och organisationerna här (OpenRefine).",
        "Match the names in your own table with the projects and organisations here (OpenRefine).",
    ),
    "diff.title": ("Mitä muuttui", "Vad som ändrades", "What changed"),
    "diff.lead": (
        "Julkaisu {release} verrattuna julkaisuun {previous}.",
        "Utgåvan {release} jämförd med utgåvan {previous}.",
        "Release {release}, compared with release {previous}.",
    ),
    "diff.first": (
        "Julkaisusta {release} ei ole vertailua: se on ensimmäinen tai ohjelman aiemman version tekemä.",
        "För utgåvan {release} finns ingen jämförelse: den är den första eller gjord av en tidigare programversion.",
        "There is no comparison of release {release}: it is the first, or an earlier version of the program made it.",
    ),
    "diff.projects": (
        "Hankkeita: uusia {added}, muuttuneita {changed}, poistettuja {withdrawn}.",
        "Projekt: nya {added}, ändrade {changed}, återkallade {withdrawn}.",
        "Projects: {added} added, {changed} changed, {withdrawn} withdrawn.",
    ),
    "diff.projects-link": (
        "Hankkeet ja muut kohteet, joita muutos koskee",
        "De projekt och övriga resurser som ändringen gäller",
        "The projects and other things that changed",
    ),
    "diff.statements": (
        "Lauseita: lisätty {added}, poistettu {removed}.",
        "Satser: tillagda {added}, borttagna {removed}.",
        "Statements: {added} added, {removed} removed.",
    ),
    "diff.added": ("Uudet", "Nya", "Added"),
    "diff.changed": ("Muuttuneet", "Ändrade", "Changed"),
    "diff.removed": ("Poistetut", "Borttagna", "Removed"),
    "diff.property": ("Ominaisuus", "Egenskap", "Property"),
    "diff.before": ("Ennen", "Före", "Before"),
    "diff.after": ("Nyt", "Nu", "After"),
    "diff.more": (
        "ja {n} muuta lausetta; RDF Patch sisältää kaikki",
        "och {n} satser till; RDF Patch innehåller alla",
        "and {n} more statements; the RDF Patch has all",
    ),
    "diff.page": ("Sivu {n}", "Sida {n}", "Page {n}"),
    "diff.next": ("Seuraava sivu", "Nästa sida", "Next page"),
    "diff.back": ("Edellinen sivu", "Föregående sida", "Previous page"),
    "diff.forms": ("Koneluettavana", "I maskinläsbar form", "For machines"),
    "diff.nothing": ("Lauseissa ei muuttunut mitään.", "Inga satser ändrades.", "No statement changed."),
}

TEXTS = {key: dict(zip(("fi", "sv", "en"), entry, strict=True)) for key, entry in _TABLE.items()}
"""Key → language → text."""
