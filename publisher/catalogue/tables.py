"""Entries of the tables that a catalogue speaks in: EU authority tables, ADMS, IANA; with their own labels."""

from __future__ import annotations

from publisher import formats
from publisher.formats import Format

MEDIA_TYPES = "http://www.iana.org/assignments/media-types"
NUTS = "http://data.europa.eu/nuts/code"

LANGUAGES = {
    "bg": "BUL", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST",
    "fi": "FIN", "fr": "FRA", "ga": "GLE", "hr": "HRV", "hu": "HUN", "is": "ISL", "it": "ITA", "lt": "LIT",
    "lv": "LAV", "mt": "MLT", "nb": "NOB", "nl": "NLD", "nn": "NNO", "pl": "POL", "pt": "POR", "ro": "RON",
    "rom": "ROM", "se": "SME", "sk": "SLK", "sl": "SLV", "sv": "SWE",
}  # fmt: skip
"""Code in the EU language table by language tag."""

THEMES = {
    "AGRI": {
        "fi": "Maatalous, kalastus, metsätalous ja elintarvikkeet",
        "sv": "Jordbruk, fiske, skogsbruk och livsmedel",
        "en": "Agriculture, fisheries, forestry and food",
    },
    "ECON": {"fi": "Talous ja raha-asiat", "sv": "Ekonomi och finans", "en": "Economy and finance"},
    "EDUC": {
        "fi": "Koulutus, kulttuuri ja urheilu",
        "sv": "Utbildning, kultur och sport",
        "en": "Education, culture and sport",
    },
    "ENER": {"fi": "Energia", "sv": "Energi", "en": "Energy"},
    "ENVI": {"fi": "Ympäristö", "sv": "Miljö", "en": "Environment"},
    "GOVE": {
        "fi": "Valtioneuvosto ja julkinen sektori",
        "sv": "Regeringen och den offentliga sektorn",
        "en": "Government and public sector",
    },
    "HEAL": {"fi": "Terveys", "sv": "Hälsa", "en": "Health"},
    "INTR": {"fi": "Kansainväliset kysymykset", "sv": "Internationella frågor", "en": "International issues"},
    "JUST": {
        "fi": "Oikeus, oikeusjärjestelmä ja yleinen turvallisuus",
        "sv": "Rättvisa, rättsliga system och allmän säkerhet",
        "en": "Justice, legal system and public safety",
    },
    "REGI": {"fi": "Alueet ja kaupungit", "sv": "Regioner och städer", "en": "Regions and cities"},
    "SOCI": {"fi": "Väestö ja yhteiskunta", "sv": "Befolkning och samhälle", "en": "Population and society"},
    "TECH": {"fi": "Tiede ja teknologia", "sv": "Vetenskap och teknik", "en": "Science and technology"},
    "TRAN": {"fi": "Liikenne", "sv": "Transport", "en": "Transport"},
}
"""The EU data-theme table with its own labels."""

PUBLISHER_TYPES = "http://purl.org/adms/publishertype"
PUBLISHER_TYPE_LABELS = {
    "NationalAuthority": "National authority",
    "LocalAuthority": "Local authority",
    "Company": "Company",
    "IndustryConsortium": "Industry consortium",
    "NonGovernmentalOrganisation": "Non-governmental organisation",
    "NonProfitOrganisation": "Non-profit organisation",
}

LICENCE_TYPES = "http://purl.org/adms/licencetype"
LICENCE_TYPE_LABELS = {"Attribution": "Attribution", "PublicDomain": "Public domain"}
LICENCES = {
    "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0": "Attribution",
    "https://creativecommons.org/licenses/by/4.0/": "Attribution",
    "http://publications.europa.eu/resource/authority/licence/CC0": "PublicDomain",
    "https://creativecommons.org/publicdomain/zero/1.0/": "PublicDomain",
}
"""ADMS licence type of the licences of open data that need no lawyer to be told apart."""

DUMP_FORMATS: tuple[Format, ...] = (
    *formats.SOURCES,
    *formats.TABLES,
    formats.RESULTS_TSV,
    Format("ods", "application/vnd.oasis.opendocument.spreadsheet", ".ods", "table", file_type="ODS"),
    Format("json", "application/json", ".json", "results", file_type="JSON"),
)  # fmt: skip
"""What a dump can be written in."""

FORMAT_NAMES = {
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF/XML",
    "csv": "CSV",
    "tsv": "TSV",
    "xlsx": "XLSX",
    "ods": "ODS",
    "json": "JSON",
}
