"""The texts of a catalogue, in the languages of the pages."""

from __future__ import annotations

TEXTS: dict[str, dict[str, str]] = {
    "untitled": {"fi": "Hankesalkku", "sv": "Projektportfölj", "en": "Project portfolio"},
    "publisher": {
        "fi": "Portfolio Publisherin asennus (julkaisijaa ei ole asetettu)",
        "sv": "En installation av Portfolio Publisher (utgivaren har inte angetts)",
        "en": "An installation of Portfolio Publisher (publisher not set)",
    },
    "contact": {
        "fi": "Portfolio Publisherin asennus (yhteystietoa ei ole asetettu)",
        "sv": "En installation av Portfolio Publisher (kontaktuppgifter har inte angetts)",
        "en": "An installation of Portfolio Publisher (contact not set)",
    },
    "catalogue": {
        "fi": "Avoimen datan luettelo: {title}",
        "sv": "Katalog över öppna data: {title}",
        "en": "Open data catalogue: {title}",
    },
    "catalogue_about": {
        "fi": "Tämän palvelimen julkaisema tietoaineisto: uusin julkaisu, säilytetyt aiemmat julkaisut, "
        "lataustiedostot ja kyselyrajapinta.",
        "sv": "Datamängden som denna server publicerar: den senaste utgåvan, de tidigare utgåvor som bevaras, "
        "nedladdningsbara filer och frågegränssnittet.",
        "en": "The dataset that this server publishes: its latest release, the earlier releases that are kept, their "
        "downloads and the query endpoint.",
    },
    "projects_about": {
        "fi": "Julkisesti rahoitetut hankkeet linkitettynä datana: kohderyhmät, rahoitus, osallistujat ja tulokset "
        "sekä se, mistä lähteestä kukin tieto on. Hankkeita: {projects}. RDF-lauseita: {triples}.",
        "sv": "Offentligt finansierade projekt som länkade data: målgrupper, finansiering, deltagare och resultat "
        "samt källan till varje uppgift. Antal projekt: {projects}. Antal RDF-satser: {triples}.",
        "en": "Publicly funded projects as linked data: target groups, funding, participants and outcomes, and which "
        "source each fact comes from. Projects: {projects}. RDF statements: {triples}.",
    },
    "rdf_about": {
        "fi": "RDF-aineisto, julkaistu sellaisena kuin se on saatu. RDF-lauseita: {triples}.",
        "sv": "RDF-data som publiceras i den form de har tagits emot. Antal RDF-satser: {triples}.",
        "en": "RDF data, published as it was received. RDF statements: {triples}.",
    },
    "series": {
        "fi": "{title}: julkaisut",
        "sv": "{title}: utgåvor",
        "en": "{title}: releases",
    },
    "series_about": {
        "fi": "Aineiston julkaisut, jokainen muuttumattomana tietoaineistona, sekä uusin julkaisu pysyvässä "
        "osoitteessa.",
        "sv": "Datamängdens utgåvor, var och en som en oföränderlig datamängd, samt den senaste utgåvan på en "
        "beständig adress.",
        "en": "The releases of the dataset, each a dataset that does not change, and the latest one at a lasting "
        "address.",
    },
    "release": {
        "fi": "{title}: julkaisu {release}",
        "sv": "{title}: utgåva {release}",
        "en": "{title}: release {release}",
    },
    "release_about": {
        "fi": "Aineisto sellaisena kuin se julkaistiin {day}; se ei muutu. {about}",
        "sv": "Datamängden sådan den publicerades {day}; den ändras inte. {about}",
        "en": "The dataset as it was published on {day}; it does not change. {about}",
    },
    "changes": {
        "fi": "Julkaisuun {previous} verrattuna hankkeita lisätty: {added}, muutettu: {changed}, poistettu: "
        "{withdrawn}.",
        "sv": "Jämfört med utgåva {previous} har projekt lagts till: {added}, ändrats: {changed}, dragits tillbaka: "
        "{withdrawn}.",
        "en": "Compared with release {previous}, projects added: {added}, changed: {changed}, withdrawn: {withdrawn}.",
    },
    "projects_provenance": {
        "fi": "Koottu aineistossa nimetyistä lähteistä: kustakin tiedosta kerrotaan lähde ja, missä se on annettu, "
        "lähteen oma sanamuoto. Jokainen julkaisu on tarkistettu aineiston säännöillä (SHACL) ennen julkaisemista.",
        "sv": "Sammanställd ur de källor som datamängden namnger: för varje uppgift anges källan och, där den finns, "
        "källans egen ordalydelse. Varje utgåva har kontrollerats mot datamängdens regler (SHACL) före publiceringen.",
        "en": "Compiled from the sources that the dataset names: each fact tells its source and, where it is given, "
        "the source's own wording. Each release was checked against the dataset's shapes (SHACL) before it was "
        "published.",
    },
    "rdf_provenance": {
        "fi": "Julkaistu sellaisena kuin RDF-lähde sen antoi.",
        "sv": "Publicerad i den form som RDF-källan gav den.",
        "en": "Published as the RDF source gave it.",
    },
    "dump": {
        "fi": "Koko aineisto ({format})",
        "sv": "Hela datamängden ({format})",
        "en": "The whole dataset ({format})",
    },
    "dump_about": {
        "fi": "Tiedosto {file}, {bytes} tavua.",
        "sv": "Filen {file}, {bytes} byte.",
        "en": "The file {file}, {bytes} bytes.",
    },
    "table": {
        "fi": "Hankkeet taulukkona ({format})",
        "sv": "Projekten som tabell ({format})",
        "en": "The projects as a table ({format})",
    },
    "table_about": {
        "fi": "Tiedosto {file}, {bytes} tavua. Yksi rivi hanketta kohti. Taulukossa ei ole kaikkea: koko aineisto on "
        "RDF-tiedostoissa.",
        "sv": "Filen {file}, {bytes} byte. En rad per projekt. Tabellen innehåller inte allt: hela datamängden finns "
        "i RDF-filerna.",
        "en": "The file {file}, {bytes} bytes. One row a project. Not everything is in the table: the RDF dumps hold "
        "the whole dataset.",
    },
    "workbook_about": {
        "fi": "Tiedosto {file}, {bytes} tavua. Yksi rivi hanketta kohti. Taulukossa ei ole kaikkea, ja yli 32 000 "
        "merkin teksti on katkaistu (…): koko aineisto on RDF-tiedostoissa.",
        "sv": "Filen {file}, {bytes} byte. En rad per projekt. Tabellen innehåller inte allt, och en text på över "
        "32 000 tecken är avkortad (…): hela datamängden finns i RDF-filerna.",
        "en": "The file {file}, {bytes} bytes. One row a project. Not everything is in the table, and a text of over "
        "32,000 characters is cut (…): the RDF dumps hold the whole dataset.",
    },
    "columns": {
        "fi": "Taulukon sarakkeet (CSV on the Web)",
        "sv": "Tabellens kolumner (CSV on the Web)",
        "en": "The columns of the table (CSV on the Web)",
    },
    "service": {
        "fi": "SPARQL-kyselyrajapinta: {title}",
        "sv": "SPARQL-gränssnitt: {title}",
        "en": "SPARQL endpoint: {title}",
    },
    "service_about": {
        "fi": "Kyselyt aineistoon SPARQL 1.1 -protokollalla; vain luku. Tuloksen koko ja kyselyn kesto on rajattu.",
        "sv": "Frågor mot datamängden med SPARQL 1.1-protokollet; endast läsning. Svarens storlek och frågans tid är "
        "begränsade.",
        "en": "Queries on the dataset by the SPARQL 1.1 Protocol; read-only. Result size and query time are limited.",
    },
    "ontology": {
        "fi": "Hankesalkkuontologia",
        "sv": "Ontologi för projektportföljer",
        "en": "Project portfolio ontology",
    },
    "shapes": {
        "fi": "Hankesalkkujen tarkistussäännöt",
        "sv": "Kontrollregler för projektportföljer",
        "en": "Shapes for project portfolios",
    },
    "distribution_status": {"en": "Distribution status"},
    "data_theme": {"en": "Data theme"},
    "publisher_types": {"en": "Publisher type"},
    "licence_types": {"en": "Licence type"},
}
"""Interface texts by key and language; `{…}` is filled in."""
