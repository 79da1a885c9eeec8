"""What tables of a release say of themselves, in Finnish, Swedish and English."""

from __future__ import annotations

LANGUAGES = ("fi", "sv", "en")

NOTES: dict[str, dict[str, str]] = {
    "amount-not-given": {
        "fi": "rahoitusrivillä ei ole rahamäärää",
        "sv": "en finansieringsrad har inget belopp",
        "en": "a funding line has no amount",
    },
    "money-without-field": {
        "fi": "rahamäärä kattaa rahoituslähteet, joille yhdessä ei ole saraketta",
        "sv": "ett belopp omfattar finansieringskällor som tillsammans saknar kolumn",
        "en": "an amount covers a set of sources that no column is for",
    },
    "several-beneficiaries": {
        "fi": "useat tuensaajat ovat yhdessä solussa ilman tunnusta ja osoitetta",
        "sv": "flera stödmottagare står i en cell, utan identifierare och adress",
        "en": "several beneficiaries stand in one cell, without identifier and address",
    },
    "several-currencies": {
        "fi": "toisen valuutan rahamäärät eivät ole tiedostossa: mitään ei muunneta",
        "sv": "belopp i en andra valuta finns inte i filen: ingenting räknas om",
        "en": "amounts in a second currency are not in the file: nothing is converted",
    },
    "several-nuts-editions": {
        "fi": "NUTS-koodit ovat useasta laitoksesta, joten laitosta ei kerrota",
        "sv": "NUTS-koderna är ur flera utgåvor, och därför anges ingen",
        "en": "NUTS codes are of several editions, so that none is told",
    },
    "several-sites": {
        "fi": "useista paikoista tiedostossa on ensimmäinen",
        "sv": "av flera platser finns den första i filen",
        "en": "of several sites the first is in the file",
    },
    "several-sources-of-money": {
        "fi": "useat lähteet kertovat saman rahamäärän: tiedostossa on ensisijaisen lähteen tieto",
        "sv": "flera källor anger samma belopp: uppgiften i filen är den föredragna källans",
        "en": "several sources tell the same amount: that of the preferred one is in the file",
    },
    "several-values": {
        "fi": "kentän useista arvoista tiedostossa on ensimmäinen",
        "sv": "av flera värden i ett fält finns det första i filen",
        "en": "of several values of a field the first is in the file",
    },
}
"""A sentence for each of `flattening.record.NOTES`: what a row of a table does not hold of an operation."""

OPERATIONS = {"fi": "{count} hanketta: {note}.", "sv": "{count} projekt: {note}.", "en": "{count} projects: {note}."}
"""How many operations a note is about."""

TABLE = {
    "title": {
        "fi": "Hankkeet taulukkona: {title}",
        "sv": "Projekten som tabell: {title}",
        "en": "The projects as a table: {title}",
    },
    "description": {
        "fi": "Yksi rivi hanketta kohti. Taulukossa ei ole kaikkea: koko aineisto on RDF-tiedostoissa.",
        "sv": "En rad per projekt. Tabellen innehåller inte allt: hela datamängden finns i RDF-filerna.",
        "en": "One row a project. Not everything is in the table: the RDF dumps hold the whole dataset.",
    },
    "project": {
        "fi": "Hankkeen tunniste (IRI)",
        "sv": "Projektets identifierare (IRI)",
        "en": "Identifier of the project (IRI)",
    },
    "project_about": {
        "fi": "Hankkeen osoite, jolla hanke tunnetaan koko aineistossa.",
        "sv": "Adressen som projektet känns igen på i hela datamängden.",
        "en": "The address by which the project is known in the whole dataset.",
    },
    "guarded": {
        "fi": "Tekstin edessä, jonka alussa on =, +, -, @, sarkain tai rivinvaihto (CR), on heittomerkki: "
        "taulukkolaskenta ei lue sitä kaavaksi. Heittomerkki ei kuulu arvoon.",
        "sv": "Före en text som börjar med =, +, -, @, tabb eller radbyte (CR) står en apostrof: ett kalkylprogram "
        "läser den inte som en formel. Apostrofen hör inte till värdet.",
        "en": "A text that begins with =, +, -, @, a tab or a carriage return has an apostrophe before it, so that no "
        "spreadsheet takes it for a formula. The apostrophe is no part of the value.",
    },
    "separated": {
        "fi": "Solussa, jossa voi olla monta arvoa, arvojen välissä on puolipiste ja välilyönti; arvon omassa "
        "puolipisteessä väli on sitova (U+00A0).",
        "sv": "I en cell som kan ha flera värden skiljs de åt med semikolon och blanksteg; efter ett semikolon i "
        "själva värdet är blanksteget hårt (U+00A0).",
        "en": "Where a cell may have several values, a semicolon and a blank part them; behind a semicolon of a value "
        "itself the blank is a hard one (U+00A0).",
    },
}
"""Texts of the description of a table; `{…}` is filled in."""
