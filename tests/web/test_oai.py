"""OAI-PMH at `/oai`: the protocol, its errors, lists in parts, and what it tells over three releases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as ET

import oai_releases
import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from histories import B, by_hand, catalogued, recorded
from oai_releases import Releases, iri
from shared_files import SHARED

from publisher import datasets, entities, manifest, release
from publisher.cli import main
from publisher.config import Settings
from publisher.history import open_history
from publisher.iris import Minter
from publisher.manifest import Release
from publisher.masters import Master
from publisher.web import oai, oai_formats, oai_records, oai_tokens, oai_xml
from publisher.web.app import create_app
from publisher.web.oai_tokens import Position, Selection

SHAPES = SHARED / "dcat-ap" / "3.0.1" / "html-shacl"
NS = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
O = f"{{{NS['o']}}}"  # noqa: E741
BASE = "https://w3id.org/project-portfolio/osallisuus/id"
SARA = f"{BASE}/project/S20394"
DATASET = f"{BASE}/dataset/portfolio"
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
VERBS = ("Identify", "ListMetadataFormats", "ListSets", "GetRecord", "ListIdentifiers", "ListRecords")
ARGUMENTS = {
    "verb": "|".join(VERBS), "identifier": r"\S+", "metadataPrefix": r"[\w.!~*'()-]+", "resumptionToken": ".*",
    "from": rf"\d{{4}}-\d\d-\d\d|{STAMP}", "until": rf"\d{{4}}-\d\d-\d\d|{STAMP}",
    "set": r"[\w.!~*'()-]+(:[\w.!~*'()-]+)*",
}  # fmt: skip


@pytest.fixture
def reader(portfolio_app: Flask) -> Iterator[FlaskClient]:
    """A client of the shipped portfolio."""
    with portfolio_app.test_client() as client:
        yield client


# --- asking, and looking at the structure of every answer


def ask(client: FlaskClient, query: str = "", **arguments: str) -> ET.Element:
    """Ask, and check the answer's structure."""
    query = query or urlencode({name.rstrip("_"): value for name, value in arguments.items()})
    answer = client.get(f"/oai?{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(answer.data)
    check(root)
    if error(root) not in ("badVerb", "badArgument", "badResumptionToken"):
        assert root[1].attrib == dict(parse_qsl(query))
    return root


def names(element: ET.Element) -> list[str]:
    return [child.tag.removeprefix(O) for child in element]


def check(root: ET.Element) -> None:
    """Hold an answer against the protocol's schema: what stands where, and of which form."""
    assert root.tag == f"{O}OAI-PMH"
    date, request, *bodies = root
    assert date.tag == f"{O}responseDate"
    assert re.fullmatch(STAMP, date.text or "")
    assert request.tag == f"{O}request"
    assert (request.text or "").endswith("/oai")
    for name, value in request.attrib.items():
        assert re.fullmatch(ARGUMENTS[name], value, re.ASCII | re.DOTALL), (name, value)
    if bodies[0].tag == f"{O}error":
        assert set(names(root)[2:]) == {"error"}
        codes = {error.attrib["code"] for error in bodies}
        assert not codes & {"badVerb", "badArgument"} or not request.attrib
        return
    (body,) = bodies
    assert body.tag.removeprefix(O) == request.attrib["verb"]
    kind = {"ListRecords": "record", "GetRecord": "record", "ListIdentifiers": "header", "ListSets": "set",
            "ListMetadataFormats": "metadataFormat"}.get(request.attrib["verb"])  # fmt: skip
    if kind is None:
        expected = ["repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp",
                    "deletedRecord", "granularity", "compression"]  # fmt: skip
        assert names(body) == expected
        return
    inside = names(body)
    if inside[-1] == "resumptionToken":
        inside.pop()
    # Empty where so much was passed over that the next part has to go on: see `oai_records.LOOKS`.
    assert inside or token(root)
    assert set(inside) <= {kind}
    for record in body.iter(f"{O}record"):
        deleted = record[0].get("status") == "deleted"
        assert names(record) == ["header"] if deleted else ["header", "metadata"]
        assert all(len(metadata) == 1 for metadata in record.iter(f"{O}metadata"))
    for header in body.iter(f"{O}header"):
        assert names(header) == ["identifier", "datestamp", "setSpec"]
        assert re.fullmatch(STAMP, header.findtext("o:datestamp", "", NS))
        assert header.attrib in ({}, {"status": "deleted"})


def error(root: ET.Element) -> str:
    found = root.find("o:error", NS)
    return "" if found is None else found.attrib["code"]


def headers(root: ET.Element) -> list[tuple[str, str, bool]]:
    """Return identifier, datestamp and whether it is deleted, of each record."""
    return [
        (h.findtext("o:identifier", "", NS), h.findtext("o:datestamp", "", NS), "status" in h.attrib)
        for h in root.iter(f"{O}header")
    ]


def token(root: ET.Element) -> str | None:
    """Return the token; "" at the end of a list in parts, None where there is none."""
    found = root.find(".//o:resumptionToken", NS)
    return None if found is None else found.text or ""


def whole(client: FlaskClient, **arguments: str) -> list[tuple[str, str, bool]]:
    """Harvest a list to its end."""
    root = ask(client, **arguments)
    found = headers(root)
    while following := token(root):
        root = ask(client, verb=arguments["verb"], resumptionToken=following)
        found += headers(root)
    return found


def projects(found: list[tuple[str, str, bool]]) -> dict[str, bool]:
    """Return whether each project that was told is deleted, by its code."""
    prefix = iri("")
    return {name.removeprefix(prefix): deleted for name, _, deleted in found if name.startswith(prefix)}


# --- the six verbs


def test_identify(reader, osallisuus):
    found = ask(reader, verb="Identify")[2]
    told = {child.tag.removeprefix(O): child.text for child in found}
    assert told["repositoryName"] == "Osallisuus"
    assert told["baseURL"] == "http://localhost/oai"
    assert told["protocolVersion"] == "2.0"
    assert told["deletedRecord"] == "persistent"
    assert told["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
    assert told["earliestDatestamp"] <= min(
        s for _, s, _ in whole(reader, verb="ListIdentifiers", metadataPrefix="rdf")
    )


@pytest.mark.parametrize(
    ("configured", "told"),
    [("", oai.NO_ADDRESS), ("office@example.org", "office@example.org"), ("office@localhost", oai.NO_ADDRESS)],
)
def test_nobodys_address_is_invented(osallisuus, configured, told):
    client = create_app(Settings(contact_email=configured), osallisuus.path.parent, None).test_client()
    address = ask(client, verb="Identify").findtext(".//o:adminEmail", "", NS)
    assert address == told
    assert re.fullmatch(r"\S+@(\S+\.)+\S+", address)  # the schema's emailType


def test_the_address_is_the_public_one(osallisuus):
    client = create_app(Settings(public_url="https://data.example.org/p/"), osallisuus.path.parent, None).test_client()
    root = ask(client, verb="Identify")
    assert root.findtext("o:request", "", NS) == "https://data.example.org/p/oai"
    assert root.findtext(".//o:baseURL", "", NS) == "https://data.example.org/p/oai"


def test_sets_have_names_in_three_languages(reader):
    root = ask(reader, verb="ListSets")
    assert [s.findtext("o:setSpec", "", NS) for s in root.iter(f"{O}set")] == list(oai_records.KINDS)
    for entry in root.iter(f"{O}set"):
        assert len(entry.findall("o:setDescription/oai_dc:dc/dc:title", NS)) == 3


def test_formats_are_those_of_the_record(reader):
    def formats(**more: str) -> list[str]:
        root = ask(reader, verb="ListMetadataFormats", **more)
        return [f.findtext("o:metadataPrefix", "", NS) for f in root.iter(f"{O}metadataFormat")]

    assert formats() == ["oai_dc", "dcat_ap", "rdf"]
    assert formats(identifier=SARA) == ["oai_dc", "rdf"]
    assert formats(identifier=DATASET) == ["oai_dc", "dcat_ap", "rdf"]


def test_every_entity_is_a_record_once(reader, osallisuus):
    found = [name for name, _, _ in whole(reader, verb="ListIdentifiers", metadataPrefix="oai_dc")]
    with Master(osallisuus.file(osallisuus.manifest.master)) as master:
        expected = [each for kind in entities.ENTITY_KINDS for each in master.subjects(f"{BASE}/{kind}/")]
    assert [name for name in found if "/dataset/" not in name] == expected
    assert len(found) == len(set(found))
    assert DATASET in found
    assert len([name for name in expected if "/project/" in name]) == 13


def test_post_says_the_same_as_get(reader):
    arguments = {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "project"}
    got, posted = reader.get("/oai", query_string=arguments), reader.post("/oai", data=arguments)
    dateless = [re.sub(b"<responseDate>.*?</responseDate>", b"", answer.data) for answer in (got, posted)]
    assert dateless[0] == dateless[1]
    assert len(headers(ET.fromstring(posted.data))) == 13


@pytest.mark.parametrize("prefix", ["oai_dc", "rdf", "dcat_ap"])
def test_a_record_is_the_same_alone_and_in_a_list(reader, prefix):
    name = DATASET if prefix == "dcat_ap" else SARA
    alone = ask(reader, verb="GetRecord", identifier=name, metadataPrefix=prefix).find(".//o:record", NS)
    listed = ask(reader, verb="ListRecords", metadataPrefix=prefix, set=name.split("/")[-2])
    (same,) = [r for r in listed.iter(f"{O}record") if r.findtext("o:header/o:identifier", "", NS) == name]
    assert alone is not None
    assert ET.canonicalize(ET.tostring(alone)) == ET.canonicalize(ET.tostring(same))


# --- metadata


def test_dublin_core_keeps_languages(reader):
    root = ask(reader, verb="GetRecord", identifier=SARA, metadataPrefix="oai_dc")
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    told: dict[str, list[tuple[str, str]]] = {}
    for element in root.find(".//oai_dc:dc", NS) or []:
        told.setdefault(element.tag.rpartition("}")[2], []).append((element.text or "", element.get(lang, "")))
    assert ("SÁRA", "fi") in told["title"]
    assert told["identifier"] == [(SARA, ""), ("S20394", "")]
    assert {("saamelaiset", "fi"), ("samer", "sv"), ("Sámi", "en")} <= set(told["subject"])
    assert ("Lapin yliopisto", "fi") in told["contributor"]
    assert ("Sosiaali- ja terveysministeriö", "fi") in told["contributor"]
    assert ("Uleåborg", "sv") in told["coverage"]
    assert told["date"] == [("2015-08-01/2019-04-30", "")]
    assert ("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0", "") in told["rights"]


def graph(root: ET.Element) -> set[ox.Triple]:
    element = root.find(".//rdf:RDF", NS)
    assert element is not None
    return {quad.triple for quad in ox.parse(ET.tostring(element, "utf-8"), format=ox.RdfFormat.RDF_XML)}


@pytest.mark.parametrize("kind", entities.ENTITY_KINDS)
def test_rdf_is_the_whole_description(reader, osallisuus, kind):
    with Master(osallisuus.file(osallisuus.manifest.master)) as master:
        minter = Minter(osallisuus.manifest.base_iri)
        for name in list(master.subjects(f"{BASE}/{kind}/"))[:3]:
            lines = list(entities.statements(master, minter, kind, name.rpartition("/")[2]))
            expected = {quad.triple for quad in ox.parse("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)}
            assert graph(ask(reader, verb="GetRecord", identifier=name, metadataPrefix="rdf")) == expected
            assert expected


def test_dcat_ap_is_one_dataset_and_what_it_leads_to(reader, osallisuus):
    catalogue = {quad.triple for quad in ox.parse(path=str(osallisuus.file("catalogue.ttl")))}
    root = ask(reader, verb="ListRecords", metadataPrefix="dcat_ap")
    records = list(root.iter(f"{O}record"))
    assert DATASET in [name for name, _, _ in headers(root)]
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    classes = {ox.NamedNode(f"http://www.w3.org/ns/dcat#{name}") for name in ("Dataset", "Catalog")}
    for record in records:
        found, name = graph(record), record.findtext("o:header/o:identifier", "", NS)
        datasets = {t.subject.value for t in found if t.predicate == kind and t.object in classes}
        assert datasets == (set() if "/series" in name else {name})
        series = {t.subject.value for t in found if t.predicate == kind and t.object.value.endswith("#DatasetSeries")}
        assert series == {t.object.value for t in found if t.predicate.value.endswith("#inSeries")}
        assert found <= catalogue or any(isinstance(t.object, ox.BlankNode) for t in found)
    (own,) = [graph(r) for r in records if r.findtext("o:header/o:identifier", "", NS) == DATASET]
    told = {t.object for t in own if t.predicate == kind}
    for name in ("dcat#Distribution", "dcat#Dataset"):
        assert ox.NamedNode(f"http://www.w3.org/ns/{name}") in told
    for name in ("http://xmlns.com/foaf/0.1/Agent", "http://purl.org/dc/terms/PeriodOfTime"):
        assert ox.NamedNode(name) in told
    urls = {t.object.value for t in own if t.predicate.value == "http://www.w3.org/ns/dcat#downloadURL"}
    assert {url.rpartition("/")[2] for url in urls} >= {"portfolio.ttl.gz", "portfolio.nt.gz", "portfolio.jsonld.gz"}


@pytest.mark.parametrize(
    "folder", [None, pytest.param(SHAPES, marks=[pytest.mark.slow, pytest.mark.skipif(
        not SHAPES.is_dir(), reason=f"the official shapes are not in {SHAPES}")])], ids=["own", "official"],
)  # fmt: skip
def test_each_dataset_conforms_to_dcat_ap_alone(reader, tmp_path, capsys, folder):
    root = ask(reader, verb="ListRecords", metadataPrefix="dcat_ap")
    for number, element in enumerate(root.iter(f"{{{NS['rdf']}}}RDF")):
        path = tmp_path / f"{number}.rdf"
        path.write_bytes(ET.tostring(element, "utf-8"))
        shapes = [] if folder is None else ["--shapes", str(folder)]
        assert main(["check-catalogue", "--no-network", "--json", *shapes, str(path)]) == 0, capsys.readouterr().out
    assert number >= 1


def test_texts_that_xml_cannot_hold_do_no_harm():
    hostile = "a\x00\x08\x1b\ud800\ufffe]]><b x='\"'>&amp;\r\n\U0001f600"
    for made in (oai_xml.element("a", oai_xml.text(hostile)), oai_xml.element("a", b=hostile, language="x y")):
        read = ET.fromstring(made)
        value = read.text or read.get("b")
        assert value == "a\ufffd\ufffd\ufffd\ufffd\ufffd]]><b x='\"'>&amp;\r\n\U0001f600"
        assert "{http://www.w3.org/XML/1998/namespace}lang" not in read.attrib


def test_statements_that_rdf_xml_cannot_carry_are_left_out_and_told():
    name = ox.NamedNode("http://example.org/a")
    title = ox.NamedNode("http://purl.org/dc/terms/title")
    triples = [
        ox.Triple(name, title, ox.Literal("a\x01\rb", language="fi")),
        ox.Triple(name, ox.NamedNode("http://example.org/1"), ox.Literal("no name")),
        ox.Triple(name, title, ox.Literal("sound")),
    ]
    written = oai_formats.rdf_xml(triples, name.value, [], "http://example.org/doc")
    found = {quad.triple for quad in ox.parse(written, format=ox.RdfFormat.RDF_XML)}
    assert ox.Triple(name, title, ox.Literal("sound")) in found
    assert ox.Triple(name, title, ox.Literal("a\ufffd\rb", language="fi")) in found
    (note,) = [t.object.value for t in found if t.subject.value == "http://example.org/doc"]
    assert note == "1 statements are left out: RDF/XML cannot carry them."
    assert len(found) == 3


# --- errors


LIST = "verb=ListRecords&metadataPrefix=oai_dc"
TOKEN = "1.r.oai_dc...project.project.S20394.100"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"), ("verb=", "badVerb"), ("verb=identify", "badVerb"), ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Drop%00Table", "badVerb"),
        ("verb=%3C%21DOCTYPE%20a%20SYSTEM%20%22file%3A%2F%2F%2Fetc%2Fpasswd%22%3E", "badVerb"),
        ("verb=" + "x" * 60_000, "badVerb"),
        ("verb=Identify&x=1", "badArgument"), ("verb=Identify&resumptionToken=1", "badArgument"),
        ("verb=ListRecords", "badArgument"), (f"{LIST}&metadataPrefix=rdf", "badArgument"),
        ("verb=ListRecords&metadataPrefix=", "badArgument"), ("verb=ListRecords&metadataPrefix=a%20b", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        (f"verb=GetRecord&identifier={SARA}&metadataPrefix=marc", "cannotDisseminateFormat"),
        (f"verb=GetRecord&identifier={SARA}&metadataPrefix=dcat_ap", "cannotDisseminateFormat"),
        (f"verb=GetRecord&identifier={SARA}", "badArgument"), ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        (f"verb=GetRecord&identifier={SARA}x&metadataPrefix=oai_dc", "idDoesNotExist"),
        (f"verb=GetRecord&identifier={BASE}/dataset/no&metadataPrefix=oai_dc", "idDoesNotExist"),
        (f"verb=GetRecord&identifier={BASE}/outcome/S20394~x&metadataPrefix=oai_dc", "idDoesNotExist"),
        (f"verb=GetRecord&identifier={BASE}/project/S20394%2F..&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=GetRecord&identifier=S20394&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=GetRecord&identifier=oai%3Ax%3Ay&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=GetRecord&identifier=%3Ca%3E%22&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&identifier=a%00b&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&identifier=%FF&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&identifier=" + "x" * 50_000 + "&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListMetadataFormats&identifier=http%3A%2F%2Fexample.org%2F", "idDoesNotExist"),
        (f"{LIST}&set=no-such-set", "noRecordsMatch"), (f"{LIST}&set=project:ESF", "noRecordsMatch"),
        (f"{LIST}&set=a%20b", "badArgument"), (f"{LIST}&set=", "badArgument"),
        (f"{LIST}&set=%26%23x0%3B", "badArgument"),
        (f"{LIST}&from=2026-13-01", "badArgument"), (f"{LIST}&from=2026-02-30", "badArgument"),
        (f"{LIST}&from=0000-01-01", "badArgument"), (f"{LIST}&from=2026-01-01T00:00Z", "badArgument"),
        (f"{LIST}&from=2026-01-01T00:00:00", "badArgument"), (f"{LIST}&from=2026-01-01T24:00:00Z", "badArgument"),
        (f"{LIST}&from=2026-01-01T00:00:60Z", "badArgument"), (f"{LIST}&from=2026", "badArgument"),
        (f"{LIST}&from=2026-01-01%2B02:00", "badArgument"),
        (f"{LIST}&from=%D9%A2%D9%A0%D9%A2%D9%A6-01-01", "badArgument"),
        (f"{LIST}&from=2026-01-01%0A", "badArgument"),
        (f"{LIST}&from=2026-01-01&until=2026-01-02T00:00:00Z", "badArgument"),
        (f"{LIST}&from=2026-01-02&until=2026-01-01", "badArgument"), (f"{LIST}&until=2001-01-01", "noRecordsMatch"),
        (f"{LIST}&from=9999-12-31", "noRecordsMatch"), (f"{LIST}&set=project&metadataPrefix=dcat_ap", "badArgument"),
        ("verb=ListRecords&metadataPrefix=dcat_ap&set=project", "noRecordsMatch"),
        (f"{LIST}&resumptionToken={TOKEN}", "badArgument"), ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=", "badResumptionToken"),
        ("&".join(f"a{n}=1" for n in range(200)) + "&verb=Identify", "badArgument"),
    ],
)  # fmt: skip
def test_the_protocols_own_errors(reader, query, code):
    assert error(ask(reader, query)) == code


@pytest.mark.parametrize(
    "hostile",
    [
        "", "x", "\x00", "\ud83d\ude00", "1", "../../etc/passwd", "<a/>", "&lt;", "%s%n", "null", "{}",
        "[" * 3000, "1." * 2000,
        "A" * 200_000, TOKEN + "\n", TOKEN + "x", TOKEN.replace("1.r", "2.r"), TOKEN.replace(".r.", ".x."),
        TOKEN.replace("oai_dc", "marc"), TOKEN.replace(".r.", ".i."), TOKEN.replace("project.project", "no.project"),
        TOKEN.replace("project.project", "project.outcome"), TOKEN.replace("S20394", "S2/../.."),
        TOKEN.replace("S20394", ""),
        TOKEN.replace("100", "-1"), TOKEN.replace("100", "9" * 4000), TOKEN.replace("100", "٣"),
        TOKEN.replace("oai_dc...", "oai_dc.20269999T000000Z.."), TOKEN.replace("oai_dc...", "oai_dc.2026.."),
        TOKEN.replace("oai_dc...", "oai_dc.20260101T000000Z' OR 1=1 --.."),
    ],
)  # fmt: skip
def test_a_token_that_is_none_of_ours(reader, hostile):
    query = urlencode({"verb": "ListRecords", "resumptionToken": hostile}, errors="surrogatepass")
    root = ask(reader, query) if len(query) < 100_000 else None
    if root is None:  # too long for an address
        answer = reader.post("/oai", data={"verb": "ListRecords", "resumptionToken": hostile})
        root = ET.fromstring(answer.data)
    assert error(root) in ("badResumptionToken", "badArgument" if "\ud83d" in hostile else "badResumptionToken")


def test_a_made_up_token_that_is_well_formed_grants_what_a_request_grants(reader):
    root = ask(reader, verb="ListRecords", resumptionToken=TOKEN)
    assert 0 < len(headers(root)) < 13
    assert all(name > SARA for name, _, _ in headers(root))
    assert token(root) == ""


@pytest.mark.parametrize("kind", ["text/xml", "application/json", "multipart/form-data; boundary=x", ""])
def test_a_post_of_another_type_is_refused(reader, kind):
    answer = reader.post("/oai", data=b"verb=Identify", content_type=kind)
    assert answer.status_code == 200
    assert error(ET.fromstring(answer.data)) == "badArgument"


def test_a_post_may_name_the_charset_and_not_repeat_what_the_address_says(reader):
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    assert b"<Identify>" in reader.post("/oai", data="verb=Identify", content_type=kind).data
    assert b"<Identify>" in reader.post("/oai?verb=Identify").data
    assert b'code="badVerb"' in reader.post("/oai?verb=Identify", data="verb=Identify", content_type=kind).data


def test_a_body_that_is_too_long_is_not_read(reader):
    kind = "application/x-www-form-urlencoded"
    assert reader.post("/oai", data=b"verb=Identify&x=" + b"x" * 2_000_000, content_type=kind).status_code == 413


def test_entities_in_what_is_sent_are_never_resolved_nor_told_unescaped(reader):
    bomb = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    answer = reader.post("/oai", data=bomb, content_type="text/xml")
    assert error(ET.fromstring(answer.data)) == "badArgument"
    for name in ("verb", "identifier", "set", "resumptionToken"):
        answer = reader.get("/oai", query_string={"verb": "ListRecords", name: bomb})
        assert b"<!" not in answer.data
        assert b"<a>" not in answer.data


def test_head_options_cors_and_gzip(reader):
    head = reader.head(f"/oai?{LIST}")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Access-Control-Allow-Origin"] == "*"
    options = reader.options("/oai")
    assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(options.headers["Access-Control-Allow-Methods"].split(", "))
    assert reader.get(f"/oai?{LIST}", headers={"Accept-Encoding": "gzip"}).headers["Content-Encoding"] == "gzip"
    for method in ("PUT", "DELETE", "PATCH"):
        assert reader.open("/oai", method=method).status_code == 405


def test_without_a_release_a_harvester_comes_back_later(tmp_path):
    answer = create_app(Settings(), tmp_path, None).test_client().get("/oai?verb=Identify")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


# --- lists in parts


@pytest.mark.parametrize("size", [1, 5, 12])
@pytest.mark.parametrize("bounds", [{}, {"from": "2000-01-01"}, {"until": "2999-01-01"}, {"set": "project"}])
def test_parts_make_the_whole(reader, monkeypatch, size, bounds):
    arguments = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", **bounds}
    expected = whole(reader, **arguments)
    monkeypatch.setattr(oai_records, "PAGE", size)
    found, root = [], ask(reader, **arguments)
    while True:
        part = headers(root)
        told = root.find(".//o:resumptionToken", NS)
        assert told is not None
        assert told.attrib == {"cursor": str(len(found))}
        found += part
        if not token(root):
            break
        assert len(part) == size
        root = ask(reader, verb="ListIdentifiers", resumptionToken=token(root))
    assert found == expected


def test_a_token_says_the_same_twice(reader, monkeypatch):
    monkeypatch.setattr(oai_records, "PAGE", 5)
    given = token(ask(reader, verb="ListRecords", metadataPrefix="rdf"))
    answers = [headers(ask(reader, verb="ListRecords", resumptionToken=given)) for _ in range(2)]
    assert answers[0] == answers[1]


def test_a_list_in_which_little_matches_goes_on_in_the_next_part(reader, monkeypatch):
    arguments = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "set": "project"}
    expected = whole(reader, **arguments)
    monkeypatch.setattr(oai_records, "LOOKS", 4)
    root = ask(reader, **arguments)
    assert len(headers(root)) == 4
    assert whole(reader, **arguments) == expected


def test_a_part_ends_where_it_grows_too_long(reader, monkeypatch):
    arguments = {"verb": "ListRecords", "metadataPrefix": "rdf", "set": "project"}
    expected = whole(reader, **arguments)
    monkeypatch.setattr(oai, "ENOUGH", 100_000)
    root = ask(reader, **arguments)
    assert 1 < len(headers(root)) < 13
    assert whole(reader, **arguments) == expected
    monkeypatch.setattr(oai, "ENOUGH", 1)
    assert len(headers(ask(reader, **arguments))) == 1
    assert whole(reader, **arguments) == expected


def test_a_record_of_too_many_statements_says_that_it_is_cut(reader, monkeypatch):
    monkeypatch.setattr(oai_formats, "LINES", 60)
    found = graph(ask(reader, verb="GetRecord", identifier=SARA, metadataPrefix="rdf"))
    assert 42 < len(found) <= 61
    (note,) = [t.object.value for t in found if t.subject.value == f"{BASE.removesuffix('/id')}/doc/project/S20394"]
    assert note == "Only 60 statements at most are here; the dumps have all."


def test_tokens_are_read_as_they_were_written():
    for selection in (
        Selection("ListRecords", "oai_dc"),
        Selection("ListIdentifiers", "rdf", "2026-11-24T03:15:00Z", "2027-01-01T00:00:00Z", "target-group"),
    ):
        position = Position("source-record", "a~b-_x00E4_c")
        written = oai_tokens.write(selection, position, 300)
        assert oai_tokens.read(written) == (selection, position, 300)
        assert re.fullmatch(r"[A-Za-z0-9._~-]+", written), "an address holds it unescaped (RFC 3986, 2.3)"


def test_a_token_of_any_length_or_with_a_key_that_no_address_has_is_none_of_ours() -> None:
    longest = oai_tokens.write(Selection("ListRecords", "oai_dc"), Position("project", "S"), 1)
    room = oai_tokens.MOST - len(longest)
    assert oai_tokens.read(longest.replace(".S.", f".{'S' * (room + 1)}."))
    for wrong in (longest.replace(".S.", f".{'S' * (room + 2)}."), longest.replace(".S.", ".S.ttl.")):
        with pytest.raises(ValueError, match="no token"):
            oai_tokens.read(wrong)


# --- three releases


def now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def listed(client: FlaskClient, **bounds: str) -> list[tuple[str, str, bool]]:
    return whole(client, verb="ListIdentifiers", metadataPrefix="oai_dc", **bounds)


@pytest.mark.slow
def test_three_releases_and_a_rollback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Releases(tmp_path)
    first = made.build()
    client = create_app(made.settings, made.path, None).test_client()
    alive = dict.fromkeys(("A00001", "A00002", "A00003", "A00004", "A00005"), False)
    assert projects(listed(client)) == alive
    begin = listed(client)[0][1]

    # Tokens of the first release: half of the projects were told when the second comes live.
    monkeypatch.setattr(oai_records, "PAGE", 2)
    half = ask(client, verb="ListRecords", metadataPrefix="rdf", set="project")
    assert list(projects(headers(half))) == ["A00001", "A00002"]
    given = token(half)

    second = made.second()
    root = ask(client, verb="ListRecords", resumptionToken=given)
    assert projects(headers(root)) == {"A00003": True, "A00004": False}
    rest = headers(root) + headers(ask(client, verb="ListRecords", resumptionToken=token(root)))
    assert projects(rest) == {"A00003": True, "A00004": False, "A00005": False, "A00006": False}

    # Whole, and what is new: one added, one changed, one withdrawn.
    monkeypatch.setattr(oai_records, "PAGE", 100)
    assert projects(listed(client)) == {**alive, "A00003": True, "A00006": False}
    stamp = {name: at for name, at, _ in listed(client)}
    assert stamp[iri("A00001")] == begin < stamp[iri("A00002")] == stamp[iri("A00003")] == stamp[iri("A00006")]
    middle = stamp[iri("A00002")]
    fresh = listed(client, **{"from": middle})
    assert projects(fresh) == {"A00002": False, "A00003": True, "A00006": False}
    assert [name.rpartition("/")[2] for name, _, _ in fresh if "/project/" not in name] == [
        "portfolio", f"release~{second.id}", *(name.rpartition("/")[2] for name, _, _ in fresh if "/series" in name)
    ]  # fmt: skip
    assert projects(listed(client, until=begin)) == {"A00001": False, "A00004": False, "A00005": False}
    assert projects(listed(client, **{"from": begin, "until": middle})) == {**alive, "A00003": True, "A00006": False}
    today = middle[:10]
    if begin[:10] == today == now()[:10]:
        assert listed(client, **{"from": today, "until": today}) == listed(client)
    gone = ask(client, verb="GetRecord", identifier=iri("A00003"), metadataPrefix="rdf")
    assert headers(gone) == [(iri("A00003"), middle, True)]
    assert gone.find(".//o:metadata", NS) is None
    formats = ask(client, verb="ListMetadataFormats", identifier=iri("A00003"))
    assert [f.text for f in formats.iter(f"{O}metadataPrefix")] == ["oai_dc", "rdf"]
    assert ask(client, verb="Identify").findtext(".//o:earliestDatestamp", "", NS) == begin

    # Who comes back for the news costs what the news are: no walk over what is there.
    with monkeypatch.context() as patch:
        patch.setattr(Master, "subjects", lambda *_: pytest.fail("all were walked"))
        assert projects(listed(client, **{"from": middle})) == {"A00002": False, "A00003": True, "A00006": False}

    # The third: one new, one back, one gone again. A token of an incremental list goes over it too.
    monkeypatch.setattr(oai_records, "PAGE", 1)
    given = token(ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", set="project", from_=middle))
    third = made.third()
    following = headers(ask(client, verb="ListIdentifiers", resumptionToken=given))
    assert projects(following) == {"A00003": False}
    monkeypatch.setattr(oai_records, "PAGE", 100)
    last = next(at for name, at, _ in listed(client) if name == iri("A00007"))
    assert projects(listed(client, **{"from": last})) == {"A00003": False, "A00006": True, "A00007": False}
    assert projects(listed(client, **{"from": middle})) == {
        "A00002": False, "A00003": False, "A00006": True, "A00007": False
    }  # fmt: skip
    monkeypatch.setattr(oai_records, "LOOKS", 1)
    assert projects(listed(client, until=begin)) == {"A00001": False, "A00004": False, "A00005": False}
    monkeypatch.undo()

    # Back to the first: all that it undoes is told, the datasets of the later releases as withdrawn.
    event = release.make_current(made.path, first.id)
    assert event is not None
    assert projects(listed(client)) == {**alive, "A00006": True, "A00007": True}
    undone = listed(client, **{"from": event.at})
    assert projects(undone) == {"A00002": False, "A00007": True}
    assert {name.rpartition("/")[2]: deleted for name, _, deleted in undone if "/dataset/release" in name} == {
        f"release~{second.id}": True, f"release~{third.id}": True
    }  # fmt: skip
    ident = f"{oai_releases.BASE}/id/dataset/release~{second.id}"
    assert headers(ask(client, verb="GetRecord", identifier=ident, metadataPrefix="dcat_ap")) == [
        (ident, event.at, True)
    ]

    # And forward again: what the rollback had taken from the catalogue comes back with this event, not with its age.
    fourth = made.build()
    back = listed(client, **{"from": next(at for name, at, _ in listed(client) if name.endswith(fourth.id))})
    assert {name.rpartition("/release~")[2] for name, _, deleted in back if "/release~" in name and not deleted} == {
        each.id for each in (second, third, fourth)
    }
    assert projects(back) == {"A00002": False, "A00007": False}


# --- by hand


def repository(releases: Path, live: Release) -> oai_records.Repository:
    """Return the records of a release, as the history was when it was live."""
    described = datasets.read(live.file(manifest.CATALOGUE), B)
    history = open_history(releases, live)
    return oai_records.Repository(live, Master(live.file("portfolio.nt")), history, described)


def told(of: oai_records.Repository, **bounds: str) -> list[tuple[str, str, bool]]:
    """Return key, datestamp and whether it is deleted, of the datasets that a list tells; each alone is the same."""
    found, following = of.page(Selection("ListRecords", "dcat_ap", **bounds))
    assert following is None
    assert [of.find(item.iri) for item in found] == found
    return [(item.key, item.stamp, item.deleted) for item in found]


def test_datasets_are_dated_by_what_became_of_their_records(tmp_path: Path) -> None:
    catalogues = (
        {"series": "S", "portfolio": "one", "a": "A"},
        {"series": "S", "portfolio": "two", "a": "A", "b": "B"},
        {"series": "Renamed", "portfolio": "two", "b": "B"},
        {"portfolio": "two", "a": "A", "b": "B"},
    )
    made = [
        catalogued(by_hand(tmp_path, number, f"project/S{number} x"), **titles)
        for number, titles in enumerate(catalogues, 1)
    ]
    recorded(tmp_path, *made).close()
    of = repository(tmp_path, made[1])
    first, second = (event.at for event in of.history.events())
    # What is in a series is as it was when only the series itself is newer; the series has a new member.
    assert told(of) == [
        ("a", first, False), ("b", second, False), ("portfolio", second, False), ("series", second, False),
    ]  # fmt: skip
    assert told(of, since=second) == told(of)[1:]
    assert of.find(f"{B}/id/dataset/nothing") is None
    of = repository(tmp_path, made[2])
    third = of.history.last.at
    # The name of the series stands in the record of each of its datasets.
    assert told(of, since=third) == told(of) == [
        ("a", third, True), ("b", third, False), ("portfolio", third, False), ("series", third, False),
    ]  # fmt: skip
    of = repository(tmp_path, made[3])
    last = of.history.last.at
    assert told(of, since=last) == told(of) == [
        ("a", last, False), ("b", last, False), ("portfolio", last, False), ("series", last, True),
    ]  # fmt: skip


def test_other_terms_of_use_make_every_record_new(tmp_path: Path) -> None:
    made = [catalogued(by_hand(tmp_path, number, "project/S1 x", "project/S2 x"), a="A") for number in (1, 2, 3)]
    for number, each in enumerate(made):
        each.manifest.settings.update(rights={"fi": "Kaikki" if number < 2 else "Osa"}, publisher_name=str(number))
    recorded(tmp_path, *made).close()
    of = repository(tmp_path, made[2])
    first, _, third = of.history.events()
    found = [of.page(Selection("ListRecords", "oai_dc", since=since))[0] for since in ("", third.at)]
    assert found[0] == found[1]
    assert [item.key for item in found[0]] == ["a", "S1", "S2"]
    assert of.history.changes(third) == [], "nothing of the things themselves has changed"
    assert of.history.modified("project", "S1") == first


def test_nothing_is_looked_at_for_a_time_before_there_was_anything(reader, monkeypatch):
    monkeypatch.setattr(oai_records.Repository, "_walk", lambda *_: pytest.fail("looked at"))
    assert error(ask(reader, verb="ListRecords", metadataPrefix="oai_dc", until="2001-01-01")) == "noRecordsMatch"


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_withdrawn_records_stand_in_the_order_of_the_statements(
    tmp_path: Path, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai_records, "_BATCH", batch)
    # A `>` ends a key: what goes on with a digit comes before, what goes on with a letter behind.
    keys = ("S1", "S10", "S1a", "S2", "S20", "S2a")
    made = [by_hand(tmp_path, 1, *(f"project/{key} x" for key in keys))]
    made.append(catalogued(by_hand(tmp_path, 2, *(f"project/{key} x" for key in ("S1", "S2", "S20", "S20b")))))
    recorded(tmp_path, *made).close()
    of = repository(tmp_path, made[1])
    found, _ = of.page(Selection("ListRecords", "oai_dc", set="project"))
    order = [(item.key, item.deleted) for item in found]
    assert order == [("S10", True), ("S1", False), ("S1a", True), ("S20", False), ("S20b", False), ("S2", False),
                     ("S2a", True)]  # fmt: skip
    for place, item in enumerate(found):
        rest, _ = of.page(Selection("ListRecords", "oai_dc", set="project"), Position("project", item.key))
        assert [each.key for each in rest] == [key for key, _ in order[place + 1 :]]
