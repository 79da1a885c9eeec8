"""What the report says, in Finnish, Swedish and English; `{…}` is filled in."""

from __future__ import annotations

LANGUAGES = ("fi", "sv", "en")

_PREFIXES = {
    "http://www.w3.org/ns/dcat#": "dcat:",
    "http://purl.org/dc/terms/": "dct:",
    "http://xmlns.com/foaf/0.1/": "foaf:",
    "http://www.w3.org/2004/02/skos/core#": "skos:",
    "http://www.w3.org/ns/adms#": "adms:",
    "http://data.europa.eu/r5r/": "dcatap:",
    "http://spdx.org/rdf/terms#": "spdx:",
    "http://www.w3.org/2006/vcard/ns#": "vcard:",
    "http://www.w3.org/ns/prov#": "prov:",
    "http://www.w3.org/ns/locn#": "locn:",
    "http://www.w3.org/ns/odrl/2/": "odrl:",
    "http://www.w3.org/2006/time#": "time:",
    "https://w3id.org/project-portfolio/shapes/dcat-ap#": "dap:",
}


def _text(fi: str, sv: str, en: str) -> dict[str, str]:
    return {"fi": fi, "sv": sv, "en": en}


TEXTS: dict[str, dict[str, str]] = {
    # -- the report
    "title": _text("Luettelon tarkistus: {name}", "Kontroll av katalogen: {name}", "Check of the catalogue: {name}"),
    "read": _text(
        "Luettu: {statements} RDF-lausetta, sivuja {pages}, tietoaineistoja {datasets}, jakeluja {distributions}.",
        "Läst: {statements} RDF-satser, {pages} sidor, {datasets} datamängder, {distributions} distributioner.",
        "Read: {statements} RDF statements, pages {pages}, datasets {datasets}, distributions {distributions}.",
    ),
    "page.file": _text(
        "Sivua {url} ei luettu: luettelo on tiedosto. Anna luettelon osoite.",
        "Sidan {url} lästes inte: katalogen är en fil. Ange katalogens adress.",
        "The page {url} was not read: the catalogue is a file. Give the catalogue's address.",
    ),
    "page.elsewhere": _text(
        "Sivua {url} ei luettu: se on toisella palvelimella. Salli se valitsimella --base tai --check-urls.",
        "Sidan {url} lästes inte: den finns på en annan server. Tillåt den med --base eller --check-urls.",
        "The page {url} was not read: it is on another server. Allow it with --base or --check-urls.",
    ),
    "page.many": _text(
        "Sivua {url} ei luettu: sivuja on liikaa.",
        "Sidan {url} lästes inte: det finns för många sidor.",
        "The page {url} was not read: there are too many pages.",
    ),
    "rules": _text("Säännöt (DCAT-AP 3.0.1)", "Regler (DCAT-AP 3.0.1)", "Rules (DCAT-AP 3.0.1)"),
    "rules.own": _text("omat säännöt", "egna regler", "own rules"),
    "rules.with": _text(
        "omat säännöt ja viralliset: {files}",
        "egna regler och de officiella: {files}",
        "own rules, and the official ones: {files}",
    ),
    "violation": _text("Korjattava", "Måste rättas", "Must be mended"),
    "warning": _text("Suositellaan", "Rekommenderas", "Recommended"),
    "info": _text("Hyvä tietää", "Bra att veta", "Good to know"),
    "explained": _text("Selitetty, ei vaikuta", "Förklarat, räknas inte", "Explained, counts for nothing"),
    "more": _text(
        "… ja {count} muuta samanlaista", "… och {count} till av samma slag", "… and {count} more of the kind"
    ),
    "value": _text("arvo: {value}", "värde: {value}", "value: {value}"),
    "rule": _text("sääntö: {rule}", "regel: {rule}", "rule: {rule}"),
    "file": _text("virallinen: {files}", "officiell: {files}", "official: {files}"),
    "blank": _text(
        "nimetön solmu: {owner} → {path}", "namnlös nod: {owner} → {path}", "unnamed node: {owner} → {path}"
    ),
    "conforms": _text("Luettelo noudattaa sääntöjä.", "Katalogen följer reglerna.", "The catalogue conforms."),
    "conforms.not": _text(
        "Luettelo ei noudata sääntöjä: korjattavaa {violations}.",
        "Katalogen följer inte reglerna: {violations} fel måste rättas.",
        "The catalogue does not conform: {violations} to be mended.",
    ),
    "counts": _text(
        "Korjattavaa {violations}, suosituksia {warnings}, selitettyjä {explained}.",
        "{violations} att rätta, {warnings} rekommendationer, {explained} förklarade.",
        "{violations} to mend, {warnings} recommendations, {explained} explained.",
    ),
    # -- the assessment
    "mqa": _text(
        "Metatietojen laatu (data.europa.eu, MQA)",
        "Metadatakvalitet (data.europa.eu, MQA)",
        "Metadata quality (data.europa.eu, MQA)",
    ),
    "mqa.total": _text(
        "{points} / {maximum} pistettä: {rating}",
        "{points} / {maximum} poäng: {rating}",
        "{points} of {maximum} points: {rating}",
    ),
    "mqa.unchecked": _text(
        "Pisteistä {points} on tarkistamatta, koska osoitteita ei kysytty (--base, --check-urls).",
        "{points} poäng är inte kontrollerade, eftersom adresserna inte anropades (--base, --check-urls).",
        "{points} points are unchecked, as the addresses were not asked (--base, --check-urls).",
    ),
    "mqa.none": _text(
        "Luettelossa ei ole tietoaineistoa, jota arvioida.",
        "Katalogen har ingen datamängd att bedöma.",
        "The catalogue has no dataset to assess.",
    ),
    "mqa.best": _text(
        "paras jakelu ({count}:sta): {name}",
        "bästa distributionen (av {count}): {name}",
        "best distribution (of {count}): {name}",
    ),
    "mqa.no-distribution": _text("ei jakelua", "ingen distribution", "no distribution"),
    "mqa.missing": _text(
        "Puuttuu {points} – {name}: {how}", "Saknas {points} – {name}: {how}", "Missing {points} – {name}: {how}"
    ),
    "mqa.missing.some": _text(
        "Puuttuu {points} ({found}/{count} tietoaineistolta) – {name}: {how}",
        "Saknas {points} i {found} av {count} datamängder – {name}: {how}",
        "Missing {points} in {found} of {count} datasets – {name}: {how}",
    ),
    "mqa.open": _text(
        "Tarkistamatta {points} – {name}.", "Inte kontrollerat {points} – {name}.", "Unchecked {points} – {name}."
    ),
    "mqa.open.some": _text(
        "Tarkistamatta {points} ({found}/{count} tietoaineistolta) – {name}.",
        "Inte kontrollerat {points} i {found} av {count} datamängder – {name}.",
        "Unchecked {points} in {found} of {count} datasets – {name}.",
    ),
    "mqa.datasets": _text("tietoaineistot", "datamängder", "datasets"),
    "mqa.mean": _text(
        "(keskiarvo, tietoaineistoja {count})", "(medelvärde av {count} datamängder)", "(mean of {count} datasets)"
    ),
    "excellent": _text("erinomainen", "utmärkt", "excellent"),
    "good": _text("hyvä", "god", "good"),
    "sufficient": _text("riittävä", "tillräcklig", "sufficient"),
    "bad": _text("huono", "dålig", "bad"),
    "findability": _text("löydettävyys", "hittbarhet", "findability"),
    "accessibility": _text("saavutettavuus", "tillgänglighet", "accessibility"),
    "interoperability": _text("yhteentoimivuus", "interoperabilitet", "interoperability"),
    "reusability": _text("uudelleenkäytettävyys", "återanvändbarhet", "reusability"),
    "contextuality": _text("asiayhteys", "kontext", "contextuality"),
    # -- metrics: what they are called
    "mqa.keyword": _text("avainsanat", "nyckelord", "keywords"),
    "mqa.theme": _text("aiheet", "teman", "categories"),
    "mqa.spatial": _text("alue", "område", "area"),
    "mqa.temporal": _text("ajanjakso", "tidsperiod", "period of time"),
    "mqa.access-url-answers": _text("osoite vastaa", "åtkomstadressen svarar", "access address answers"),
    "mqa.download-url": _text("latausosoite", "nedladdningsadress", "download address"),
    "mqa.download-url-answers": _text("latausosoite vastaa", "nedladdningsadressen svarar", "download address answers"),
    "mqa.format": _text("tiedostomuoto", "filformat", "format"),
    "mqa.media-type": _text("mediatyyppi", "mediatyp", "media type"),
    "mqa.format-known": _text("tiedostomuoto taulukosta", "filformat ur tabellen", "format from the table"),
    "mqa.media-type-known": _text("mediatyyppi luettelosta", "mediatyp ur listan", "media type from the list"),
    "mqa.non-proprietary": _text("avoin tiedostomuoto", "öppet filformat", "non-proprietary format"),
    "mqa.machine-readable": _text("koneluettava muoto", "maskinläsbart format", "machine-readable format"),
    "mqa.dcat-ap": _text("DCAT-AP:n noudattaminen", "överensstämmelse med DCAT-AP", "DCAT-AP compliance"),
    "mqa.licence": _text("lisenssi", "licens", "licence"),
    "mqa.licence-known": _text("tunnettu lisenssi", "känd licens", "known licence"),
    "mqa.access-rights": _text("käyttöoikeus", "åtkomsträttighet", "access rights"),
    "mqa.access-rights-known": _text(
        "käyttöoikeus taulukosta", "åtkomsträttighet ur tabellen", "access rights from the table"
    ),
    "mqa.contact-point": _text("yhteystieto", "kontaktpunkt", "contact point"),
    "mqa.publisher": _text("julkaisija", "utgivare", "publisher"),
    "mqa.rights": _text("selvitys oikeuksista", "rättighetsförklaring", "rights statement"),
    "mqa.byte-size": _text("koko", "storlek", "file size"),
    "mqa.issued": _text("julkaisupäivä", "utgivningsdatum", "date of issue"),
    "mqa.modified": _text("muutospäivä", "ändringsdatum", "date of change"),
    # -- metrics: how to get the points
    "mqa.keyword.how": _text(
        "anna tietoaineistolle avainsanoja (dcat:keyword).",
        "ge datamängden nyckelord (dcat:keyword).",
        "give the dataset keywords (dcat:keyword).",
    ),
    "mqa.theme.how": _text(
        "anna tietoaineistolle aihe EU:n taulukosta data-theme (dcat:theme).",
        "ge datamängden ett tema ur EU:s tabell data-theme (dcat:theme).",
        "give the dataset a theme of the EU's table data-theme (dcat:theme).",
    ),
    "mqa.spatial.how": _text(
        "kerro, mitä aluetta tietoaineisto koskee (dct:spatial).",
        "ange vilket område datamängden gäller (dct:spatial).",
        "say which area the dataset is about (dct:spatial).",
    ),
    "mqa.temporal.how": _text(
        "kerro, mitä aikaa tietoaineisto koskee (dct:temporal: dcat:startDate, dcat:endDate).",
        "ange vilken tid datamängden gäller (dct:temporal: dcat:startDate, dcat:endDate).",
        "say which time the dataset is about (dct:temporal with dcat:startDate and dcat:endDate).",
    ),
    "mqa.access-url-answers.how": _text(
        "anna jakelulle osoite (dcat:accessURL), joka vastaa HEAD-pyyntöön koodilla 200–399.",
        "ge distributionen en adress (dcat:accessURL) som svarar på HEAD med en kod mellan 200 och 399.",
        "give the distribution an address (dcat:accessURL) that answers HEAD with a status from 200 to 399.",
    ),
    "mqa.download-url.how": _text(
        "anna jakelulle tiedoston osoite (dcat:downloadURL).",
        "ge distributionen filens adress (dcat:downloadURL).",
        "give the distribution the file's address (dcat:downloadURL).",
    ),
    "mqa.download-url-answers.how": _text(
        "anna jakelulle latausosoite (dcat:downloadURL), joka vastaa HEAD-pyyntöön koodilla 200–399.",
        "ge distributionen en nedladdningsadress (dcat:downloadURL) som svarar på HEAD med en kod mellan 200 och 399.",
        "give the distribution a download address (dcat:downloadURL) that answers HEAD with a status from 200 to 399.",
    ),
    "mqa.format.how": _text(
        "kerro jakelun tiedostomuoto (dct:format).",
        "ange distributionens filformat (dct:format).",
        "say which format the distribution has (dct:format).",
    ),
    "mqa.media-type.how": _text(
        "kerro jakelun mediatyyppi (dcat:mediaType).",
        "ange distributionens mediatyp (dcat:mediaType).",
        "say which media type the distribution has (dcat:mediaType).",
    ),
    "mqa.format-known.how": _text(
        "ota dct:format EU:n taulukosta file-type, esimerkiksi …/authority/file-type/RDF_TURTLE.",
        "ta dct:format ur EU:s tabell file-type, till exempel …/authority/file-type/RDF_TURTLE.",
        "take dct:format from the EU's table file-type, such as …/authority/file-type/RDF_TURTLE.",
    ),
    "mqa.media-type-known.how": _text(
        "ota dcat:mediaType IANAn luettelosta, esimerkiksi http://www.iana.org/assignments/media-types/text/turtle.",
        "ta dcat:mediaType ur IANA:s lista, till exempel http://www.iana.org/assignments/media-types/text/turtle.",
        "take dcat:mediaType from IANA's list, such as http://www.iana.org/assignments/media-types/text/turtle.",
    ),
    "mqa.non-proprietary.how": _text(
        "tarjoa aineisto myös avoimessa muodossa, ja ota dct:format EU:n taulukosta file-type: esimerkiksi "
        "…/authority/file-type/CSV, JSON tai RDF_TURTLE.",
        "erbjud data också i ett öppet format, och ta dct:format ur EU:s tabell file-type: till exempel "
        "…/authority/file-type/CSV, JSON eller RDF_TURTLE.",
        "offer the data in a non-proprietary format too, and take dct:format from the EU's table file-type, such as "
        "…/authority/file-type/CSV, JSON or RDF_TURTLE.",
    ),
    "mqa.machine-readable.how": _text(
        "tarjoa aineisto myös koneluettavassa muodossa, ja ota dct:format EU:n taulukosta file-type: esimerkiksi "
        "…/authority/file-type/CSV, JSON tai RDF_TURTLE.",
        "erbjud data också i ett maskinläsbart format, och ta dct:format ur EU:s tabell file-type: till exempel "
        "…/authority/file-type/CSV, JSON eller RDF_TURTLE.",
        "offer the data in a machine-readable format too, and take dct:format from the EU's table file-type, such as "
        "…/authority/file-type/CSV, JSON or RDF_TURTLE.",
    ),
    "mqa.dcat-ap.how": _text(
        "korjaa se, mikä tietoaineistossa tai sen jakeluissa on säännöissä merkitty korjattavaksi.",
        "rätta det som enligt reglerna måste rättas i datamängden eller dess distributioner.",
        "mend what the rules say must be mended in the dataset or its distributions.",
    ),
    "mqa.licence.how": _text(
        "anna jakelulle lisenssi (dct:license).",
        "ge distributionen en licens (dct:license).",
        "give the distribution a licence (dct:license).",
    ),
    "mqa.licence-known.how": _text(
        "ota lisenssi EU:n taulukosta licence, esimerkiksi …/authority/licence/CC_BY_4_0.",
        "ta licensen ur EU:s tabell licence, till exempel …/authority/licence/CC_BY_4_0.",
        "take the licence from the EU's table licence, such as …/authority/licence/CC_BY_4_0.",
    ),
    "mqa.access-rights.how": _text(
        "kerro, kuka tietoaineistoa saa käyttää (dct:accessRights).",
        "ange vem som får använda datamängden (dct:accessRights).",
        "say who may use the dataset (dct:accessRights).",
    ),
    "mqa.access-rights-known.how": _text(
        "ota käyttöoikeus EU:n taulukosta access-right, esimerkiksi …/authority/access-right/PUBLIC.",
        "ta åtkomsträttigheten ur EU:s tabell access-right, till exempel …/authority/access-right/PUBLIC.",
        "take the access rights from the EU's table access-right, such as …/authority/access-right/PUBLIC.",
    ),
    "mqa.contact-point.how": _text(
        "anna tietoaineistolle yhteystieto (dcat:contactPoint): toimisto, ei henkilö.",
        "ge datamängden en kontaktpunkt (dcat:contactPoint): ett kontor, inte en person.",
        "give the dataset a contact point (dcat:contactPoint): an office, not a person.",
    ),
    "mqa.publisher.how": _text(
        "kerro, kuka tietoaineiston julkaisee (dct:publisher).",
        "ange vem som ger ut datamängden (dct:publisher).",
        "say who publishes the dataset (dct:publisher).",
    ),
    "mqa.rights.how": _text(
        "anna jakelulle selvitys oikeuksista (dct:rights).",
        "ge distributionen en rättighetsförklaring (dct:rights).",
        "give the distribution a rights statement (dct:rights).",
    ),
    "mqa.byte-size.how": _text(
        "kerro jakelun koko tavuina (dcat:byteSize).",
        "ange distributionens storlek i byte (dcat:byteSize).",
        "say how many bytes the distribution has (dcat:byteSize).",
    ),
    "mqa.issued.how": _text(
        "kerro, milloin tietoaineisto julkaistiin (dct:issued).",
        "ange när datamängden gavs ut (dct:issued).",
        "say when the dataset was issued (dct:issued).",
    ),
    "mqa.modified.how": _text(
        "kerro, milloin tietoaineistoa muutettiin (dct:modified).",
        "ange när datamängden ändrades (dct:modified).",
        "say when the dataset was changed (dct:modified).",
    ),
    # -- why an address was not asked or did not answer
    "url.other-server": _text(
        "Osoitetta {url} ei kysytty: se on palvelimella {detail}. Salli se valitsimella --check-urls, tai anna "
        "valitsimella --base palvelin, joka vastaa sen sijasta.",
        "Adressen {url} anropades inte: den finns på servern {detail}. Tillåt den med --check-urls, eller ange med "
        "--base en server som svarar i dess ställe.",
        "The address {url} was not asked: it is on the server {detail}. Allow it with --check-urls, or name with "
        "--base a server that answers in its place.",
    ),
    "url.internal": _text(
        "Osoitetta {url} ei kysytty: {detail} on sisäverkossa, eikä portaali pääse sinne.",
        "Adressen {url} anropades inte: {detail} finns i ett internt nät som ingen portal når.",
        "The address {url} was not asked: {detail} is inside a network that no portal reaches.",
    ),
    "url.no-address": _text(
        "{url} ei ole http- tai https-osoite.",
        "{url} är ingen http- eller https-adress.",
        "{url} is no http or https address.",
    ),
    "url.password": _text(
        "Osoitetta {url} ei kysytty: siinä on käyttäjätunnus.",
        "Adressen {url} anropades inte: den innehåller ett användarnamn.",
        "The address {url} was not asked: it holds a user name.",
    ),
    "url.status": _text("{url} vastasi {detail}.", "{url} svarade {detail}.", "{url} answered {detail}."),
    "url.no-head": _text(
        "{url} ei salli HEAD-pyyntöä (vastaus {detail}), ja data.europa.eu kysyy vain sillä. Salli HEAD siellä, missä "
        "GET sallitaan.",
        "{url} tillåter inte HEAD (svaret är {detail}), och data.europa.eu frågar bara så. Tillåt HEAD där GET är "
        "tillåtet.",
        "{url} does not allow HEAD (it answered {detail}), and data.europa.eu asks by HEAD only. Allow HEAD where GET "
        "is.",
    ),
    "url.text": _text(
        "{url} on tekstiä, ei linkki. Kirjoita se IRInä: Turtlessa <…>, RDF/XML:ssä rdf:resource.",
        "{url} är text, ingen länk. Skriv den som IRI: i Turtle <…>, i RDF/XML rdf:resource.",
        "{url} is text, no link. Write it as an IRI: <…> in Turtle, rdf:resource in RDF/XML.",
    ),
    "url.no-answer": _text(
        "{url} ei vastannut ({detail}).", "{url} svarade inte ({detail}).", "{url} did not answer ({detail})."
    ),
    "url.silent": _text(
        "Osoitetta {url} ei kysytty: palvelin {detail} jätti vastaamatta monta kertaa peräkkäin.",
        "Adressen {url} anropades inte: servern {detail} lät bli att svara flera gånger i rad.",
        "The address {url} was not asked: the server {detail} did not answer several times in a row.",
    ),
    "url.many": _text(
        "Osoitetta {url} ei kysytty: osoitteita on liikaa.",
        "Adressen {url} anropades inte: det finns för många.",
        "The address {url} was not asked: there are too many.",
    ),
    # -- rules in other words
    "rule.nothing": _text(
        "Siinä ei ole luetteloa eikä tietoaineistoa (dcat:Catalog, dcat:Dataset). Anna DCAT-luettelo; sen sanasto on "
        "http://www.w3.org/ns/dcat#, ei https.",
        "Den har varken en katalog eller en datamängd (dcat:Catalog, dcat:Dataset). Ange en DCAT-katalog; dess "
        "vokabulär är http://www.w3.org/ns/dcat#, inte https.",
        "There is no catalogue and no dataset in it (dcat:Catalog, dcat:Dataset). Give a DCAT catalogue; its "
        "vocabulary is http://www.w3.org/ns/dcat#, not https.",
    ),
    "official.MinCount": _text(
        "Ominaisuus {path} puuttuu. Lisää se.",
        "Egenskapen {path} saknas. Lägg till den.",
        "The property {path} is missing. Add it.",
    ),
    "official.MaxCount": _text(
        "Ominaisuudella {path} on liian monta arvoa. Poista ylimääräiset.",
        "Egenskapen {path} har för många värden. Ta bort de övriga.",
        "The property {path} has too many values. Remove the others.",
    ),
    "official.Class": _text(
        "Ominaisuuden {path} arvolta puuttuu luokka, jota {file} edellyttää. Anna arvolle rdf:type luettelossa.",
        "Värdet av {path} saknar den klass som {file} kräver. Ge värdet rdf:type i samma katalog.",
        "The value of {path} lacks the class that {file} asks for. Give the value its rdf:type in the catalogue.",
    ),
    "official.Datatype": _text(
        "Ominaisuuden {path} arvo on väärää tyyppiä. Korjaa arvo tai sen tietotyyppi.",
        "Värdet av {path} har fel typ. Rätta värdet eller dess datatyp.",
        "The value of {path} is of the wrong type. Mend the value or its datatype.",
    ),
    "official.NodeKind": _text(
        "Ominaisuuden {path} arvo on väärää lajia: linkki tekstin paikalla tai päinvastoin. Vaihda se.",
        "Värdet av {path} är av fel slag: en länk i stället för text eller tvärtom. Byt ut det.",
        "The value of {path} is of the wrong kind: a link in place of text, or text in place of a link. Change it.",
    ),
    "official.Node": _text(
        "Ominaisuuden {path} arvo ei täytä sitä, mitä {file} siltä edellyttää: arvo jostain sen nimeämästä taulukosta. "
        "Valitse arvo sieltä.",
        "Värdet av {path} uppfyller inte det som {file} kräver: ett värde ur en tabell som filen nämner. Välj ett "
        "värde därifrån.",
        "The value of {path} is not what {file} asks for: one of a table that it names. Choose one there.",
    ),
    "official.HasValue": _text(
        "Ominaisuudelta {path} puuttuu arvo, jonka {file} nimeää. Lisää se.",
        "Egenskapen {path} saknar ett värde som {file} nämner. Lägg till det.",
        "The property {path} lacks a value that {file} names. Add it.",
    ),
    "official.other": _text(
        "Kohta {path} ei täytä sitä, mitä {file} edellyttää. Katso sääntöä siitä tiedostosta.",
        "{path} uppfyller inte det som {file} kräver. Se regeln i den filen.",
        "{path} is not what {file} asks for. See the rule in that file.",
    ),
    # -- findings of official files that count for nothing
    "explained.spdx": _text(
        "Tunnettu virhe virallisessa säännössä: se vaatii IRIn https://spdx.org/rdf/terms…, mutta SPDX:n omat IRIt ja "
        "DCAT-AP:n esimerkit alkavat http://spdx.org/rdf/terms#. Älä muuta mitään.",
        "Ett känt fel i den officiella regeln: den kräver https://spdx.org/rdf/terms…, men SPDX:s egna IRI:er och "
        "DCAT-AP:s exempel börjar med http://spdx.org/rdf/terms#. Ändra ingenting.",
        "A known fault of the official rule: it wants https://spdx.org/rdf/terms…, but SPDX's own IRIs and DCAT-AP's "
        "examples begin with http://spdx.org/rdf/terms#. Change nothing.",
    ),
    "explained.status": _text(
        "Tunnettu virhe virallisessa säännössä: se vaatii ADMS:n tilaluetteloa, jonka DCAT-AP 3.0 korvasi EU:n "
        "taulukolla distribution-status. Älä muuta mitään.",
        "Ett känt fel i den officiella regeln: den kräver ADMS statuslista, som DCAT-AP 3.0 ersatte med EU:s tabell "
        "distribution-status. Ändra ingenting.",
        "A known fault of the official rule: it wants the ADMS list of statuses, which DCAT-AP 3.0 replaced by the "
        "EU's table distribution-status. Change nothing.",
    ),
    "explained.corporate-body": _text(
        "Julkaisija ei ole EU:n taulukossa corporate-body. Siinä on EU:n toimielimiä ja vain harvoja kansallisia; "
        "käytä sen IRIä, jos julkaisija on siinä.",
        "Utgivaren finns inte i EU:s tabell corporate-body. Den listar EU:s organ och få nationella; använd dess IRI "
        "om utgivaren finns där.",
        "The publisher is not in the EU's table corporate-body. It lists bodies of the EU and few national ones; use "
        "its IRI if the publisher is there.",
    ),
    "explained.nuts": _text(
        "Virallinen sääntö tuntee maat, paikat, maanosat ja GeoNamesin, ei NUTS-alueita. Alue saa olla tarkempi; "
        "anna maa sen lisäksi.",
        "Den officiella regeln känner till länder, platser, kontinenter och GeoNames, inte NUTS. Området får vara "
        "noggrannare; ange landet därtill.",
        "The official rule knows countries, places, continents and GeoNames, not NUTS. An area may be more precise; "
        "give the country beside it.",
    ),
    "explained.outside": _text(
        "Kohde on ulkopuolisen taulukon oma, eikä sen tietoja kuulu kertoa tässä luettelossa.",
        "Posten hör till en utomstående tabell, och dess uppgifter ska inte stå i denna katalog.",
        "The entry is an outside table's own; its facts are not this catalogue's to tell.",
    ),
}


def languages(key: str) -> dict[str, str]:
    """Return a text by language."""
    return TEXTS[key]


def say(key: str, language: str, **filled: object) -> str:
    """Return a text in a language, filled in."""
    return TEXTS[key][language].format(**filled)


def short(iri: str) -> str:
    """Return an IRI with its prefix where it has one of the usual."""
    for namespace, prefix in _PREFIXES.items():
        if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
            return prefix + iri[len(namespace) :]
    return iri


def filled(key: str, **values: object) -> dict[str, str]:
    """Return a text by language, filled in."""
    return {language: text.format(**values) for language, text in TEXTS[key].items()}
