"""Interface texts of the reconciliation service: types, properties, features, settings and its page."""

from __future__ import annotations

LANGUAGES = ("fi", "sv", "en")
_TABLE: dict[str, tuple[str, str, str]] = {
    "reconcile.name": ("{title}: nimien yhdistäminen", "{title}: namnmatchning", "{title}: reconciliation"),
    "reconcile.untitled": ("Hankesalkku", "Projektportfölj", "Project portfolio"),
    # types
    "reconcile.type.project": ("Hanke", "Projekt", "Project"),
    "reconcile.type.organisation": ("Organisaatio", "Organisation", "Organisation"),
    "reconcile.type.target-group": ("Kohderyhmä", "Målgrupp", "Target group"),
    "reconcile.type.place": ("Paikka", "Plats", "Place"),
    # properties
    "reconcile.property.identifier": (
        "tunnus (hankekoodi, Y-tunnus)",
        "identifierare (projektkod, FO-nummer)",
        "identifier (project code, business ID)",
    ),
    "reconcile.property.name": ("nimi", "namn", "name"),
    "reconcile.property.other-name": ("lyhenne tai muu nimi", "kortnamn eller annat namn", "short or other name"),
    "reconcile.property.description": ("kuvaus", "beskrivning", "description"),
    "reconcile.property.place": ("paikka (kunta, alue)", "plats (kommun, område)", "place (municipality, region)"),
    "reconcile.property.fund": ("rahasto", "fond", "fund"),
    "reconcile.property.programme": ("ohjelma", "program", "programme"),
    "reconcile.property.priority-axis": ("toimintalinja", "insatsområde", "priority axis"),
    "reconcile.property.specific-objective": ("erityistavoite", "särskilt mål", "specific objective"),
    "reconcile.property.funder": ("rahoittaja", "finansiär", "funder"),
    "reconcile.property.participant": (
        "osallistuva organisaatio", "deltagande organisation", "participating organisation",
    ),
    "reconcile.property.responsible-authority": ("vastuuviranomainen", "ansvarig myndighet", "responsible authority"),
    "reconcile.property.target-group": ("kohderyhmä", "målgrupp", "target group"),
    "reconcile.property.portfolio": ("kokonaisuus", "helhet", "portfolio"),
    "reconcile.property.year": (
        "vuosi, jona hanke oli käynnissä", "år då projektet pågick", "year in which the project ran",
    ),
    "reconcile.property.start-date": ("alkupäivä", "startdatum", "start date"),
    "reconcile.property.end-date": ("loppupäivä", "slutdatum", "end date"),
    "reconcile.property.start-year": ("alkuvuosi", "startår", "start year"),
    "reconcile.property.end-year": ("loppuvuosi", "slutår", "end year"),
    "reconcile.property.amount": ("rahamäärä", "belopp", "amount"),
    "reconcile.property.outcome": ("tulos", "resultat", "outcome"),
    "reconcile.property.homepage": ("kotisivu", "webbplats", "web site"),
    "reconcile.property.page": ("verkkosivu", "webbsida", "web page"),
    "reconcile.property.same-as": ("sama muualla", "samma på annat håll", "the same elsewhere"),
    "reconcile.property.broader": ("laajempi ryhmä", "vidare grupp", "broader group"),
    "reconcile.property.projects": ("hankkeet", "projekt", "projects"),
    # features
    "reconcile.feature.name_similarity": (
        "Miten lähellä kysytty nimi on lähintä nimeä, 0–100: kirjaimet, sanat missä tahansa järjestyksessä, sanojen "
        "vartalot.",
        "Hur nära det sökta namnet är det närmaste namnet, 0–100: bokstäver, ord i valfri ordning, ordens stammar.",
        "How near the name asked for is to the nearest name, 0–100: letters, words in any order, stems of words.",
    ),
    "reconcile.feature.name_exact": (
        "Nimi on sama, numerot ja merkit mukaan lukien; yhtiömuoto saa puuttua, mutta ei olla toinen. Pitkästä nimestä "
        "saavat kaikki tarkkeet puuttua. Isot kirjaimet ratkaisevat vain lyhenteessä, jossa on vokaali.",
        "Namnet är detsamma, med samma siffror och tecken; bolagsformen får saknas men inte vara en annan. I ett långt "
        "namn får alla tecken över bokstäverna saknas. Versaler avgör bara i en förkortning med vokal.",
        "The name is the same, numbers and signs too; the legal form may be missing, but not another. A long name may "
        "lack all its diacritics. Capitals matter only in an abbreviation that has a vowel.",
    ),
    "reconcile.feature.initials": (
        "Kysytty nimi on nimen alkukirjaimet. Ei riitä yksin varmaan vastaavuuteen.",
        "Det sökta namnet är namnets initialer. Räcker inte ensamt för en säker träff.",
        "What was asked for are the name's initials. Never a certain match by itself.",
    ),
    "reconcile.feature.identifier_match": (
        "Kysytty teksti on tunnus, tai siinä on sellainen.",
        "Den sökta texten är en identifierare eller innehåller en.",
        "The text asked for is an identifier, or has one in it.",
    ),
    "reconcile.feature.type_match": (
        "Ehdokas on kysyttyä tyyppiä.", "Kandidaten är av den sökta typen.", "The candidate is of the type asked for.",
    ),
    "reconcile.feature.property": (
        "Onko ominaisuuden arvo kysytty, 0–100; puuttuu, jos ehdokkaalla ei ole arvoa.",
        "Om egenskapens värde är det sökta, 0–100; saknas om kandidaten inte har något värde.",
        "Whether the property has the value asked for, 0–100; absent where the candidate has no value.",
    ),
    # settings
    "reconcile.setting.language": ("Kieli", "Språk", "Language"),
    "reconcile.setting.language.help": (
        "Nimien ja tekstien kieli; puuttuessa muu kieli.",
        "Språk för namn och texter; ett annat om det saknas.",
        "Language of names and texts; another where there is none.",
    ),
    "reconcile.setting.limit": ("Enintään", "Högst", "At most"),
    "reconcile.setting.limit.help": (
        "Arvoja enintään; 0 = kaikki.", "Antal värden högst; 0 = alla.", "How many values; 0 = all.",
    ),
    "reconcile.setting.stage": ("Rahoituksen vaihe", "Finansieringens skede", "Stage of funding"),
    "reconcile.setting.stage.help": (
        "Vain rahamäärille. Eri vaiheita ei lasketa yhteen.",
        "Endast för belopp. Skeden summeras inte.",
        "For amounts only. Stages are never added up.",
    ),
    "reconcile.setting.any": ("kaikki", "alla", "any"),
    # the page
    "reconcile.title": ("Nimien yhdistäminen", "Namnmatchning", "Reconciliation"),
    "reconcile.lead": (
        "Palvelu yhdistää oman taulukkosi nimet tämän aineiston hankkeisiin, organisaatioihin, kohderyhmiin ja "
        "paikkoihin. Se noudattaa Reconciliation Service API:n versiota 0.2 ja toimii esimerkiksi OpenRefinessä.",
        "Tjänsten matchar namnen i din tabell mot projekt, organisationer, målgrupper och platser i dessa data. Den "
        "följer Reconciliation Service API, version 0.2, och fungerar till exempel i OpenRefine.",
        "This service matches the names in a table of yours to the projects, organisations, target groups and places "
        "of this dataset. It follows the Reconciliation Service API, version 0.2, and works in OpenRefine, for "
        "example.",
    ),
    "reconcile.how": ("Käyttö", "Så här gör du", "How to use it"),
    "reconcile.how.openrefine": (
        "OpenRefinessä: sarakkeen valikko → Reconcile → Start reconciling → Add standard service, ja osoitteeksi:",
        "I OpenRefine: kolumnens meny → Reconcile → Start reconciling → Add standard service, och adressen:",
        "In OpenRefine: the column's menu → Reconcile → Start reconciling → Add standard service, and the address:",
    ),
    "reconcile.limits": (
        "Yhdessä pyynnössä enintään {batch} kysyttyä nimeä tai {ids} haettua kohdetta.",
        "Högst {batch} sökta namn eller {ids} hämtade objekt i en begäran.",
        "At most {batch} names asked for, or {ids} things fetched, in one request.",
    ),
    "reconcile.types": ("Tyypit", "Typer", "Types"),
    "reconcile.properties": ("Ominaisuudet", "Egenskaper", "Properties"),
    "reconcile.features": ("Mistä pisteet tulevat", "Vad poängen består av", "What a score is made of"),
    "reconcile.scores": (
        "Pisteet ovat 0–100. Vastaavuus on varma vain tunnuksella tai nimellä, joka on vain yhden kohteen. "
        "Samannimisistä se on varma vain, jos kysytty ominaisuus erottaa yhden kaikista muista.",
        "Poängen är 0–100. En träff är säker endast med identifierare eller med ett namn som ett enda objekt har. Av "
        "dem som har samma namn är den säker endast om en egenskap skiljer ett från alla andra.",
        "Scores are from 0 to 100. A match is certain only by an identifier, or by a name that one thing has and no "
        "other. Of namesakes it is certain only where a property tells one from all others.",
    ),
    "reconcile.open": ("Avaa sivu", "Öppna sidan", "Open the page"),
    "reconcile.none": (
        "Tässä julkaisussa ei ole nimihakemistoa. Tee julkaisu uudelleen.",
        "Denna utgåva har inget namnregister. Gör utgåvan på nytt.",
        "This release has no index of names. Build it again.",
    ),
}  # fmt: skip

TEXTS = {key: dict(zip(LANGUAGES, entry, strict=True)) for key, entry in _TABLE.items()}
"""Every text: key → language → text."""
