"""The interface's own words in Finnish, Swedish and English.

Names of classes and properties stand in the ontology and come from there; here is only
what a page says of itself. A text may hold `{name}` for a value.
"""

from __future__ import annotations

from publisher.web.texts_catalogue import TEXTS as _CATALOGUE
from publisher.web.texts_changes import TEXTS as _CHANGES
from publisher.web.texts_downloads import TEXTS as _DOWNLOADS
from publisher.web.texts_feed import TEXTS as _FEED
from publisher.web.texts_reconcile import TEXTS as _RECONCILE
from publisher.web.texts_sparql import TEXTS as _SPARQL
from publisher.web.texts_terms import TEXTS as _TERMS

LANGUAGES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
"""Languages that pages can have, by their own name."""

FORM_NAMES = {
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF/XML",
    "ntriples": "N-Triples",
    "json": "JSON",
    "html": "HTML",
}
"""Names of the forms of a description; the same in every language."""

_TABLE: dict[str, tuple[str, str, str]] = {
    # key: Finnish, Swedish, English
    "skip": ("Siirry sisältöön", "Gå till innehållet", "Skip to content"),
    "language": ("Kieli", "Språk", "Language"),
    "breadcrumb": ("Sijainti sivustolla", "Plats på webbplatsen", "Breadcrumb"),
    "home": ("Etusivu", "Startsida", "Home"),
    "main-navigation": ("Päävalikko", "Huvudmeny", "Main navigation"),
    "nav.query": ("Kyselyt", "Frågor", "Queries"),
    "nav.dumps": ("Lataukset", "Nedladdningar", "Downloads"),
    "nav.ontology": ("Ontologia", "Ontologi", "Ontology"),
    "nav.concepts": ("Käsitteet", "Begrepp", "Concepts"),
    "funding.total": ("{count} erää yhteensä", "{count} poster sammanlagt", "{count} lines in all"),
    "nav.coverage": ("Kattavuus", "Täckning", "Coverage"),
    "coverage.title": ("Lain edellyttämät tiedot", "Uppgifter som lagen kräver", "What the law asks for"),
    "coverage.lead": (
        "Mitkä lain edellyttämät tiedot kustakin hankkeesta on julkaistu, kohta kohdalta.",
        "Vilka uppgifter som lagen kräver har publicerats om varje projekt, punkt för punkt.",
        "Which of the data that the law asks for are published of each project, point by point.",
    ),
    "coverage.none": (
        "Kattavuutta ei ole laskettu tälle julkaisulle.",
        "Täckningen har inte räknats ut för den här utgåvan.",
        "The coverage of this release was not counted.",
    ),
    "nav.catalogue": ("Luettelo", "Katalog", "Catalogue"),
    "published-by": ("Julkaisija", "Utgivare", "Published by"),
    "contact": ("Yhteystiedot", "Kontakt", "Contact"),
    "licence": ("Lisenssi", "Licens", "Licence"),
    "release": ("Julkaisuversio", "Utgåva", "Release"),
    "made": ("Muodostettu", "Skapad", "Made"),
    "as-data": ("Tämä sivu tietona", "Denna sida som data", "This page as data"),
    "permanent": ("Pysyvä tunniste", "Beständig identifierare", "Permanent identifier"),
    "translation": ("julkaisijan käännös", "utgivarens översättning", "translation by the publisher"),
    "translation.title": (
        "Teksti ei ole lähteestä: julkaisija on kääntänyt sen.",
        "Texten kommer inte från källan: utgivaren har översatt den.",
        "The text is not the source’s: the publisher translated it.",
    ),
    "not-reported": ("ei raportoitu", "inte rapporterat", "not reported"),
    "not-given": ("ei annettu", "inte uppgivet", "not given"),
    "not-told": ("ei kerrottu", "uppges inte", "not told"),
    "unknown": ("ei tiedossa", "okänt", "unknown"),
    "and-more": (
        "Näytetään {shown} ensimmäistä. Loput löytyvät kyselyllä tai latauksista.",
        "De {shown} första visas. Resten finns genom frågor eller nedladdningar.",
        "The first {shown} are shown. The rest can be queried or downloaded.",
    ),
    # home
    "home.untitled": ("Julkaistu aineisto", "Publicerad datamängd", "Published dataset"),
    "home.projects": ("Hankkeet", "Projekt", "Projects"),
    "home.benefits": ("Hyödyt", "Nytta", "Benefits"),
    "home.challenges": ("Haasteet ja kehittämistarpeet", "Utmaningar och utvecklingsbehov", "Challenges"),
    "home.measure-continuation": (
        "Toiminnan jatkuminen koko kokonaisuudessa",
        "Fortsatt verksamhet i helheten",
        "What goes on, of the whole",
    ),
    "home.measure-regional": (
        "Yhteydet alueelliseen toimintaan koko kokonaisuudessa",
        "Helhetens kopplingar till regional verksamhet",
        "Regional links of the whole",
    ),
    "home.funding": ("Rahoitus", "Finansiering", "Funding"),
    "home.in-numbers": ("Aineisto lukuina", "Datamängden i siffror", "In numbers"),
    "home.ways": ("Näin käytät tietoja", "Så använder du uppgifterna", "Ways to use the data"),
    "home.classes": ("Mitä aineistossa on", "Vad datamängden innehåller", "What the data holds"),
    "home.graphs": ("Nimetyt graafit", "Namngivna grafer", "Named graphs"),
    "home.more": ("Portfolion kaikki tiedot", "Alla uppgifter om portföljen", "All that is said of the portfolio"),
    "way.query": (
        "Kysy SPARQL-kielellä: valmiita esimerkkejä, joita voi muokata.",
        "Ställ frågor med SPARQL: färdiga exempel som kan ändras.",
        "Ask in SPARQL, starting from ready examples.",
    ),
    "way.dumps": (
        "Lataa koko aineisto tiedostona.",
        "Ladda ner hela datamängden som fil.",
        "Download the whole dataset as a file.",
    ),
    "way.ontology": (
        "Lue, mitä luokat ja ominaisuudet tarkoittavat.",
        "Läs vad klasserna och egenskaperna betyder.",
        "Read what the classes and properties mean.",
    ),
    "way.concepts": (
        "Selaa kohderyhmiä, rooleja ja muita luokituksia.",
        "Bläddra bland målgrupper, roller och andra klassificeringar.",
        "Browse target groups, roles and other classifications.",
    ),
    "way.shapes": (
        "Säännöt, joilla tiedot tarkistetaan.",
        "Reglerna som uppgifterna kontrolleras med.",
        "The rules that the data are checked with.",
    ),
    "way.catalogue": (
        "DCAT-AP-kuvaus tietoportaaleille.",
        "DCAT-AP-beskrivning för dataportaler.",
        "The DCAT-AP description for data portals.",
    ),
    "way.releases": (
        "Aiemmat julkaisuversiot ja niiden tiedostot.",
        "Tidigare utgåvor och deras filer.",
        "Earlier releases and their files.",
    ),
    "rules": ("Säännöt", "Regler", "Rules"),
    "releases": ("Julkaisuversiot", "Utgåvor", "Releases"),
    "period": ("Toteutusaika", "Genomförandetid", "Period"),
    "title": ("Nimeke", "Titel", "Title"),
    "years": ("Vuodet", "År", "Years"),
    "code": ("Tunnus", "Kod", "Code"),
    "short-name": ("Lyhenne", "Kortnamn", "Short name"),
    "funders": ("Rahoittajat", "Finansiärer", "Funders"),
    "target-groups": ("Kohderyhmät", "Målgrupper", "Target groups"),
    "outcomes": ("Tulokset", "Resultat", "Outcomes"),
    "outcomes-count.one": ("{n} tulos", "{n} resultat", "{n} outcome"),
    "outcomes-count": ("{n} tulosta", "{n} resultat", "{n} outcomes"),
    "outcomes-not-reported": ("tuloksia ei raportoitu", "inga resultat rapporterade", "outcomes not reported"),
    "continuation": ("Toiminnan jatkuminen", "Fortsatt verksamhet", "What goes on"),
    "regional-links": ("Yhteydet alueelliseen toimintaan", "Kopplingar till regional verksamhet", "Regional links"),
    "participants": ("Toteuttajat", "Genomförare", "Participants"),
    "funding": ("Rahoitus", "Finansiering", "Funding"),
    "facts": ("Perustiedot", "Basuppgifter", "Facts"),
    "pages": ("Verkkosivut", "Webbsidor", "Web pages"),
    "evidence": ("Lähde ja alkuperäinen sanamuoto", "Källa och ursprunglig ordalydelse", "Source and original wording"),
    "evidence.plain": ("Lähde", "Källa", "Source"),
    "as-of": ("Tietojen ajankohta", "Uppgifternas tidpunkt", "As of"),
    "sources": ("Mitä kukin lähde kertoo", "Vad varje källa uppger", "What each source says"),
    "sources.lead": (
        "Lähteiden tiedot ovat rinnakkain. Sivulla näytetystä poikkeava tieto on merkitty sanalla ”poikkeaa”.",
        "Källornas uppgifter visas sida vid sida. En uppgift som skiljer sig från den visade är märkt ”avviker”.",
        "What the sources say stands side by side. A value that differs from the one shown here is marked “differs”.",
    ),
    "sources.shown": ("Näytetään tällä sivulla", "Visas på denna sida", "Shown on this page"),
    "sources.chosen": ("valittu lähde", "vald källa", "chosen source"),
    "sources.differs": ("poikkeaa", "avviker", "differs"),
    "sources.row": ("Kohta lähteessä", "Plats i källan", "Place in the source"),
    "start": ("Alkaa", "Börjar", "Starts"),
    "end": ("Päättyy", "Slutar", "Ends"),
    "benefits-whom": ("Hyötyjät", "Gynnas", "Who gains"),
    "kind": ("Laji", "Slag", "Kind"),
    "status": ("Vaihe", "Läge", "Status"),
    "area": ("Alue", "Område", "Area"),
    "place": ("Paikka", "Plats", "Place"),
    "taking-part": ("Mukana", "Deltar", "Taking part"),
    "quantity": ("Määrä", "Antal", "Quantity"),
    "quantity.unit": ("yksikkö: {unit}", "enhet: {unit}", "unit: {unit}"),
    "name": ("Nimi", "Namn", "Name"),
    "stage": ("Vaihe", "Skede", "Stage"),
    "money-from": ("Rahoituslähteet", "Finansieringskällor", "Sources of money"),
    "money-from.one-sum": (
        "Summa kattaa nämä lähteet yhdessä.",
        "Summan omfattar dessa källor tillsammans.",
        "One sum covers these sources together.",
    ),
    "amount": ("Määrä", "Belopp", "Amount"),
    "home-page": ("Kotisivu", "Webbplats", "Web site"),
    # organisation, concept, source
    "organisation.projects": ("Hankkeet rooleittain", "Projekt enligt roll", "Projects by role"),
    "organisation.funds": ("Rahoittaa", "Finansierar", "Funds"),
    "organisation.responsible": ("Vastuuviranomainen hankkeissa", "Ansvarig myndighet för", "Responsible authority of"),
    "organisation.linked": ("Mukana muualla", "Nämns också i", "Also named in"),
    "business-id": ("Y-tunnus tai muu tunniste", "FO-nummer eller annan identifierare", "National identifier"),
    "collective-note": (
        "Lähde mainitsee ryhmän nimeämättä sen jäseniä.",
        "Källan nämner gruppen utan att namnge medlemmarna.",
        "A source names this group without naming its members.",
    ),
    "concept.scheme": ("Luokitus", "Klassificering", "Scheme"),
    "concept.broader": ("Laajempi käsite", "Överordnat begrepp", "Broader"),
    "concept.narrower": ("Suppeammat käsitteet", "Underordnade begrepp", "Narrower"),
    "concept.matches": ("Muualla", "På annat håll", "Elsewhere"),
    "concept.notation": ("Tunnus", "Notation", "Notation"),
    "concept.count": ("{n} käsitettä", "{n} begrepp", "{n} concepts"),
    "concept.count.one": ("{n} käsite", "{n} begrepp", "{n} concept"),
    "concepts.lead": (
        "Luokitukset, joihin tiedoissa viitataan.",
        "Klassificeringar som uppgifterna hänvisar till.",
        "The classifications that the data refer to.",
    ),
    "used-in": ("Käytetään näissä", "Används i", "Used in"),
    "definition": ("Määritelmä", "Definition", "Definition"),
    "source.evidence": ("Viittauksia lähteeseen", "Hänvisningar till källan", "Times it is cited"),
    "source.parts": ("Lähteen osat", "Källans delar", "Parts of the source"),
    "source.records": ("Lähteen tiedot hankkeista", "Källans uppgifter om projekt", "What it says of projects"),
    "source.statements": (
        "Lähteeseen perustuvat tiedot",
        "Uppgifter som bygger på källan",
        "Statements that rest on it",
    ),
    "properties": ("Tiedot", "Uppgifter", "Statements"),
    "all-statements": (
        "Kaikki tiedot ominaisuuksittain",
        "Alla uppgifter enligt egenskap",
        "All statements, by property",
    ),
    "on-this-page": ("Tällä sivulla", "På denna sida", "On this page"),
    "property": ("Ominaisuus", "Egenskap", "Property"),
    "value": ("Arvo", "Värde", "Value"),
    "incoming": ("Tähän viittaavat", "Hänvisar hit", "What leads here"),
    "incoming.cut": (
        "Viittauksia on enemmän: näytetään {n} ensimmäistä.",
        "Det finns fler hänvisningar: de {n} första visas.",
        "More leads here: the first {n} are shown.",
    ),
    "shortened": (
        "Arvoja on enemmän: kustakin ominaisuudesta näytetään enintään {n}. Kaikki ovat ladattavissa tiedostoissa.",
        "Det finns fler värden: av varje egenskap visas högst {n}. Alla finns i filerna för nedladdning.",
        "There are more values: at most {n} of each property are shown. The downloads have all.",
    ),
    "belongs-to": ("Osa kokonaisuutta", "Ingår i", "Part of"),
    # reference
    "def.contents": ("Sisällys", "Innehåll", "Contents"),
    "def.classes": ("Luokat", "Klasser", "Classes"),
    "def.properties": ("Ominaisuudet", "Egenskaper", "Properties"),
    "def.shared": ("Useamman luokan ominaisuudet", "Egenskaper för flera klasser", "Properties of several classes"),
    "def.own": ("Ominaisuudet: {name}", "Egenskaper: {name}", "Properties: {name}"),
    "def.class-properties": ("Luokan ominaisuudet", "Klassens egenskaper", "Its properties"),
    "def.of-classes": ("Luokat, joissa käytetään", "Används i klasserna", "Used with"),
    "def.prefix": ("Etuliite {prefix}:", "Prefix {prefix}:", "Prefix {prefix}:"),
    "def.no-match": ("Miksei vastinetta", "Varför ingen motsvarighet", "Why there is no match"),
    "def.example": ("Esimerkki", "Exempel", "Example"),
    "def.note": ("Huomautus", "Anmärkning", "Note"),
    "def.alignments": ("Vastineet muualla", "Motsvarigheter på annat håll", "Elsewhere"),
    "def.inverse": ("Käänteinen", "Invers", "Inverse"),
    "def.rules": ("Säännöt", "Regler", "Rules"),
    "def.version": ("Versio", "Version", "Version"),
    "def.deprecated": ("Poistunut käytöstä", "Har utgått", "Retired"),
    "def.in-use": ("aineistossa", "i datamängden", "in the data"),
    "def.kind.Class": ("luokka", "klass", "class"),
    "def.kind.ObjectProperty": ("ominaisuus, arvona resurssi", "egenskap med resurs som värde", "object property"),
    "def.kind.DatatypeProperty": ("ominaisuus, arvona tieto", "egenskap med värde", "datatype property"),
    "def.kind.AnnotationProperty": ("huomautusominaisuus", "annoteringsegenskap", "annotation property"),
    "rel.subClassOf": ("Alaluokka luokalle", "Underklass till", "Subclass of"),
    "rel.subPropertyOf": ("Aliominaisuus ominaisuudelle", "Underegenskap till", "Subproperty of"),
    "rel.seeAlso": ("Katso myös", "Se även", "See also"),
    "rel.closeMatch": ("Lähes sama", "Nära motsvarighet", "Close match"),
    "rel.exactMatch": ("Sama", "Exakt motsvarighet", "Exact match"),
    "rel.relatedMatch": ("Liittyy", "Relaterad", "Related match"),
    "rel.broadMatch": ("Laajempi", "Vidare", "Broader match"),
    "rel.narrowMatch": ("Suppeampi", "Snävare", "Narrower match"),
    "shapes.title": ("Tietojen säännöt", "Regler för uppgifterna", "Rules for the data"),
    "shapes.lead": (
        "Jokainen julkaistu tieto tarkistetaan näillä säännöillä (SHACL) ennen julkaisua.",
        "Alla uppgifter kontrolleras med dessa regler (SHACL) innan de publiceras.",
        "All data are checked with these rules (SHACL) before they are published.",
    ),
    "shapes.rule": ("Sääntö", "Regel", "Rule"),
    "shapes.message": ("Mitä sääntö vaatii", "Vad regeln kräver", "What the rule asks"),
    "shapes.severity": ("Vakavuus", "Allvar", "Severity"),
    "shapes.targetClass": ("Koskee luokkia", "Gäller klasserna", "Applies to the classes"),
    "shapes.targetSubjectsOf": (
        "Koskee resursseja, joilla on ominaisuus",
        "Gäller resurser som har egenskapen",
        "Applies to what has the property",
    ),
    "shapes.targetObjectsOf": (
        "Koskee resursseja, joihin viittaa ominaisuus",
        "Gäller resurser som egenskapen hänvisar till",
        "Applies to what the property leads to",
    ),
    "shapes.targetNode": ("Koskee resursseja", "Gäller resurserna", "Applies to the resources"),
    "shapes.conditions": ("Ehdot", "Villkor", "Conditions"),
    "shapes.conditions.lead": (
        "Ehdot, joihin säännöt viittaavat. Yksinään ehto ei tarkista mitään.",
        "Villkor som reglerna hänvisar till. Ett villkor kontrollerar ingenting ensamt.",
        "Conditions that the rules refer to. On its own a condition checks nothing.",
    ),
    "severity.Violation": ("virhe", "fel", "violation"),
    "severity.Warning": ("varoitus", "varning", "warning"),
    "severity.Info": ("huomio", "upplysning", "info"),
    # downloads, catalogue
    "dumps.title": ("Lataukset", "Nedladdningar", "Downloads"),
    "dumps.lead": (
        "Koko aineisto tiedostoina. Julkaisuversion tiedostot eivät muutu.",
        "Hela datamängden som filer. En utgåvas filer ändras inte.",
        "The whole dataset as files. The files of a release never change.",
    ),
    "dumps.file": ("Tiedosto", "Fil", "File"),
    "dumps.size": ("Koko", "Storlek", "Size"),
    "dumps.checksum": ("Tarkiste (SHA-256)", "Kontrollsumma (SHA-256)", "Checksum (SHA-256)"),
    "dumps.form": ("Sisältö ja muoto", "Innehåll och format", "Content and format"),
    "dumps.statements": (
        "Väitteiden tarkiste (SHA-256)",
        "Kontrollsumma för påståendena (SHA-256)",
        "Checksum of the statements (SHA-256)",
    ),
    "dumps.what.turtle": (
        "Kaikki väitteet luettavana Turtle-tekstinä",
        "Alla påståenden som läsbar Turtle-text",
        "All statements as readable Turtle",
    ),
    "dumps.what.ntriples": (
        "Kaikki väitteet riveittäin, lajiteltuina (N-Triples)",
        "Alla påståenden rad för rad, sorterade (N-Triples)",
        "All statements line by line, sorted (N-Triples)",
    ),
    "dumps.what.jsonld": (
        "Kaikki väitteet JSON-LD-muodossa",
        "Alla påståenden som JSON-LD",
        "All statements as JSON-LD",
    ),
    "dumps.what.rdfxml": (
        "Kaikki väitteet RDF/XML-muodossa",
        "Alla påståenden som RDF/XML",
        "All statements as RDF/XML",
    ),
    "dumps.what.nquads": (
        "Kaikki väitteet nimettyine graafeineen riveittäin, lajiteltuina (N-Quads)",
        "Alla påståenden med namngivna grafer rad för rad, sorterade (N-Quads)",
        "All statements with their named graphs line by line, sorted (N-Quads)",
    ),
    "dumps.what.trig": (
        "Kaikki väitteet nimettyine graafeineen luettavana TriG-tekstinä",
        "Alla påståenden med namngivna grafer som läsbar TriG-text",
        "All statements with their named graphs as readable TriG",
    ),
    "dumps.what.other": ("Muu tiedosto", "Annan fil", "Other file"),
    "dumps.gone": (
        "Tiedosto on poistettu. Julkaisuversion luettelo on säilytetty.",
        "Filen har tagits bort. Utgåvans förteckning finns kvar.",
        "The file has been removed. The manifest of the release is kept.",
    ),
    "releases.lead": (
        "Julkaisuversiot uusimmasta vanhimpaan.",
        "Utgåvorna, den nyaste först.",
        "The releases that are kept, newest first.",
    ),
    "releases.current": ("nykyinen", "aktuell", "current"),
    "releases.counts": ("Määrät", "Antal", "Counts"),
    "releases.manifest": ("Luettelo (JSON)", "Förteckning (JSON)", "Manifest (JSON)"),
    "catalogue.title": ("Tietoluettelo", "Datakatalog", "Data catalogue"),
    "catalogue.dataset": ("Tietoaineisto", "Datamängd", "Dataset"),
    "catalogue.distributions": ("Jakelut", "Distributioner", "Distributions"),
    "catalogue.services": ("Rajapinnat", "Datatjänster", "Data services"),
    "catalogue.lead": (
        "Aineiston kuvaus tietoportaaleille (DCAT-AP 3).",
        "Beskrivning av datamängden för dataportaler (DCAT-AP 3).",
        "The description of the dataset for data portals (DCAT-AP 3).",
    ),
    "count.triples": ("väitettä (RDF)", "påståenden (RDF)", "statements (RDF)"),
    "count.projects": ("hanketta", "projekt", "projects"),
    "count.outcomes": ("tulosta", "resultat", "outcomes"),
    "count.organisations": ("organisaatiota", "organisationer", "organisations"),
    "count.continuations": ("jatkumista", "fortsättningar", "continuations"),
    "count.regional_links": ("alueellista yhteyttä", "regionala kopplingar", "regional links"),
    "count.funding": ("rahoituserää", "finansieringsposter", "funding lines"),
    "count.sources": ("lähdettä", "källor", "sources"),
    # errors
    "error.no-form": (
        "Tästä sivusta ei ole tällaista muotoa.",
        "Sidan finns inte i det formatet.",
        "There is no such form of this page.",
    ),
    "error.back": ("Takaisin etusivulle", "Tillbaka till startsidan", "Back to the home page"),
    "error.400": ("Pyyntöä ei voi lukea", "Begäran kan inte läsas", "The request cannot be read"),
    "error.403": ("Pyyntöön ei vastata", "Begäran avvisas", "The request is refused"),
    "error.404": ("Sivua ei ole", "Sidan finns inte", "There is no such page"),
    "error.404.text": (
        "Osoitteessa ei ole mitään. Tarkista osoite tai etsi etusivulta.",
        "Det finns inget på adressen. Kontrollera adressen eller sök på startsidan.",
        "Nothing has this address. Check it, or look on the home page.",
    ),
    "error.405": ("Tapa ei käy tässä osoitteessa", "Metoden kan inte användas här", "That method is not for this page"),
    "error.406": ("Pyydettyä muotoa ei ole", "Det begärda formatet finns inte", "There is no such format"),
    "error.410": ("Poistettu", "Borttagen", "Gone"),
    "error.413": ("Liian suuri", "För stort", "Too large"),
    "error.500": ("Palvelussa on vika", "Det är fel på tjänsten", "The service has a fault"),
    "error.500.text": (
        "Vika on kirjattu. Yritä myöhemmin uudelleen.",
        "Felet har registrerats. Försök igen senare.",
        "The fault has been logged. Please try again later.",
    ),
    "error.503": ("Palvelu ei vastaa juuri nyt", "Tjänsten svarar inte just nu", "The service cannot answer right now"),
    "error.503.text": ("Yritä hetken päästä uudelleen.", "Försök igen om en stund.", "Please try again in a moment."),
    "error.other": ("Pyyntöön ei voi vastata", "Begäran kan inte besvaras", "The request cannot be answered"),
}

TEXTS: dict[str, dict[str, str]] = {
    **{key: dict(zip(LANGUAGES, entry, strict=True)) for key, entry in _TABLE.items()},
    **_CATALOGUE,
    **_CHANGES,
    **_DOWNLOADS,
    **_FEED,
    **_RECONCILE,
    **_SPARQL,
    **_TERMS,
}
"""Every interface text: key → language → text."""


def word(key: str, language: str, **values: object) -> str:
    """Return an interface text.

    Raises:
        KeyError: There is no such text; a test looks for every key that templates use.
    """
    text = TEXTS[key][language]
    return text.format(**values) if values else text


def has(key: str) -> bool:
    """Tell whether there is such a text."""
    return key in TEXTS
