"""Real harvesters, sickle and scythe, at a running server over three releases; and the protocol's own schema."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from oai_releases import Releases, iri

ROOT = Path(__file__).resolve().parent.parent.parent
PEER = Path(__file__).with_name("oai_peer.py")
PYTHON = Path(os.environ.get("OAI_PEERS", ROOT / ".peers" / "oai")) / "bin" / "python"
SCHEMAS = Path(os.environ.get("OAI_SCHEMAS", ROOT / ".peers" / "oai-xsd"))
MANY = 130
"""Projects: more than a part of a list holds."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON.exists(), reason=f"no harvesters in {PYTHON.parent.parent} (tests/clients/requirements-oai.txt)"
    ),
]
CLIENTS = ("sickle", "scythe")


def peer(*arguments: str, given: str = "") -> list[Any]:
    """Run the peer; its lines."""
    command = [PYTHON, PEER, *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def harvest(client: str, url: str, **arguments: str) -> list[dict[str, Any]]:
    return peer("harvest", client, url, json.dumps({"metadataPrefix": "oai_dc", **arguments}))


def projects(records: list[dict[str, Any]]) -> dict[str, bool]:
    """Return whether each project is told as deleted, by its code; each was told once."""
    told = [(r["id"].removeprefix(iri("")), r["deleted"]) for r in records if "/id/project/" in r["id"]]
    assert len(told) == len(dict(told))
    return dict(told)


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., AbstractContextManager[str]]
) -> Iterator[tuple[Releases, str]]:
    """The first release of a portfolio, and the address of its server; tests make further ones."""
    releases = Releases(tmp_path_factory.mktemp("oai"), MANY)
    releases.build()
    with serve(releases.path) as address:
        time.sleep(2)  # an event is dated a little ahead: who asks for the news since then is told it again
        yield releases, f"{address}/oai"


def test_over_three_releases(made: tuple[Releases, str]) -> None:
    releases, url = made
    alive = dict.fromkeys((f"A{number:05}" for number in range(1, MANY + 1)), False)
    since: dict[str, str] = {}
    for client in CLIENTS:
        told = peer("ask", client, url)[0]
        assert told["url"] == url
        assert told["deleted"] == "persistent"
        assert told["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
        assert told["email"] == "contact-not-set@example.invalid"
        assert told["formats"] == ["oai_dc", "dcat_ap", "rdf"]
        assert {"dataset", "project", "organisation"} <= set(told["sets"])
        for method in ("GET", "POST"):
            whole = harvest(client, url, method=method)
            assert projects(whole) == alive
        (first,) = [record for record in whole if record["id"] == iri("A00001")]
        assert first["metadata"]["title"] == ["Hanke A00001"]
        assert 'xml:lang="fi"' in first["raw"]
        since[client] = answered(url)

    # While both have begun a whole harvest, the second release comes live: nothing is skipped, nothing told twice.
    begun = {}
    for client in CLIENTS:
        arguments = json.dumps({"metadataPrefix": "rdf", "set": "project"})
        begun[client] = subprocess.Popen(
            [PYTHON, PEER, "pause", client, url, arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert json.loads(begun[client].stdout.readline())["id"] == iri("A00001")  # type: ignore[union-attr]
    releases.write("A00002", outcome="Toiset käytännöt")
    releases.remove("A00120")
    releases.write("A00999")
    releases.build()
    for client, process in begun.items():
        lines, _ = process.communicate("go on\n", timeout=120)
        rest = projects([json.loads(line) for line in lines.splitlines()])
        assert rest == {code: False for code in alive if code not in ("A00001", "A00120")} | {
            "A00120": True, "A00999": False
        }, client  # fmt: skip

    # What is new since the first harvest, and only that; whole again, with what was withdrawn.
    news = {"A00002": False, "A00120": True, "A00999": False}
    time.sleep(2)  # as above
    for client in CLIENTS:
        fresh = harvest(client, url, **{"from": since[client]})
        assert projects(fresh) == news
        assert {r["id"].split("/id/")[1].partition("/")[0] for r in fresh} == {"dataset", "project"}
        by_identifier = harvest(client, url, verb="ListIdentifiers", **{"from": since[client], "set": "project"})
        assert projects(by_identifier) == news
        assert projects(harvest(client, url)) == {**alive, **news}
        since[client] = answered(url)

    # The third release: the withdrawn one is back, the new one gone.
    releases.write("A00120")
    releases.remove("A00999")
    releases.build()
    for client in CLIENTS:
        assert projects(harvest(client, url, **{"from": since[client]})) == {"A00120": False, "A00999": True}
        assert projects(harvest(client, url)) == {**alive, "A00999": True}
        datasets = harvest(client, url, metadataPrefix="dcat_ap")
        assert sum("/release~" in record["id"] for record in datasets) == 3
        assert all("rdf:RDF" in record["raw"] for record in datasets)

    # The fourth: an organisation that every project names has another name. Who has all has to be told all of them.
    time.sleep(2)  # as above
    since["sickle"] = since["scythe"] = answered(url)
    organisations = releases.source / "organisations.yaml"
    organisations.write_text(organisations.read_text("utf-8").replace("Lapin yliopisto", "Uusi nimi"), "utf-8")
    releases.build()
    for client in CLIENTS:
        fresh, whole = (
            {r["id"]: r["raw"] for r in harvest(client, url, **bounds) if "/dataset/" not in r["id"]}
            for bounds in ({"from": since[client]}, {})
        )
        assert {name for name, raw in whole.items() if "Uusi nimi" in raw} == set(fresh)
        assert len(fresh) == MANY + 1, "the projects and the organisation"
        assert fresh == {name: whole[name] for name in fresh}


def answered(url: str) -> str:
    """Return when the server answered by its own word: what a harvester comes back with, plus a second."""
    with urlopen(f"{url}?verb=Identify", timeout=20) as answer:
        found = re.search(r"<responseDate>(.*?)<", answer.read().decode())
    assert found is not None
    return found[1]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"from": "9999-01-01"}, "NoRecordsMatch"),
        ({"set": "nothing"}, "NoRecordsMatch"),
        ({"metadataPrefix": "marc"}, "CannotDisseminateFormat"),
        ({"from": "yesterday"}, "BadArgument"),
    ],
)
def test_errors_are_understood(made: tuple[Releases, str], client: str, arguments: dict[str, str], error: str) -> None:
    assert harvest(client, made[1], **arguments) == [{"error": error}]


# --- the schema


@pytest.fixture(scope="module")
def schemas() -> Path:
    for name in ("OAI-PMH.xsd", "oai_dc.xsd", "simpledc20021212.xsd"):
        if not (SCHEMAS / name).is_file():
            pytest.skip(f"the protocol's schemas are not in {SCHEMAS} (tests/clients/fetch_oai_schemas.py)")
    return SCHEMAS


def documents(url: str) -> dict[str, str]:
    """Return every kind of answer, errors and hostile requests among them."""
    asked: list[dict[str, str]] = [{"verb": verb} for verb in ("Identify", "ListSets", "ListMetadataFormats")]
    for prefix in ("oai_dc", "dcat_ap", "rdf"):
        for verb in ("ListRecords", "ListIdentifiers"):
            asked.append({"verb": verb, "metadataPrefix": prefix})
            asked.append({"verb": verb, "metadataPrefix": prefix, "from": "2020-01-01", "until": "2999-12-31"})
            asked.append({"verb": verb, "metadataPrefix": prefix, "set": "nothing"})
    for identifier in (iri("A00001"), iri("A00999"), iri("nobody"), "x", "a b", "<a/>", "\x00", "http://x/\u202e"):
        asked.append({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": identifier})
        asked.append({"verb": "GetRecord", "metadataPrefix": "dcat_ap", "identifier": identifier})
        asked.append({"verb": "ListMetadataFormats", "identifier": identifier})
    asked += [{}, {"verb": "x"}, {"verb": "Identify", "x": "1"}, {"verb": "ListRecords", "metadataPrefix": "ä"}]
    for token in ("", "x", "\x00\uffff", "<"):
        asked += [{"verb": verb, "resumptionToken": token} for verb in ("ListRecords", "ListSets")]
    found = {}
    for arguments in asked:
        with urlopen(f"{url}?{urlencode(arguments)}", timeout=60) as answer:
            found[json.dumps(arguments)] = answer.read().decode()
    for name, text in list(found.items()):
        given = re.search(r"<resumptionToken[^>]*>(.+?)<", text)
        verb = json.loads(name).get("verb", "")
        if given:
            following = {"verb": verb, "resumptionToken": given[1]}
            with urlopen(f"{url}?{urlencode(following)}", timeout=60) as answer:
                found[json.dumps(following)] = answer.read().decode()
    return found


def test_every_answer_is_valid_by_the_protocols_own_schema(made: tuple[Releases, str], schemas: Path) -> None:
    releases, url = made
    releases.remove("A00119")
    releases.build()
    answers = documents(url)
    assert any("resumptionToken cursor" in text for text in answers.values())
    assert any('status="deleted"' in text for text in answers.values())
    assert peer("validate", str(schemas), given=json.dumps(answers)) == [{}]


def test_the_schema_finds_what_is_wrong(made: tuple[Releases, str], schemas: Path) -> None:
    with urlopen(f"{made[1]}?verb=ListRecords&metadataPrefix=oai_dc", timeout=60) as answer:
        sound = answer.read().decode()
    wrong = {
        "datestamp": re.sub("<datestamp>.*?<", "<datestamp>yesterday<", sound, count=1),
        "element": sound.replace("dc:title", "dc:headline", 2),
        "namespace": sound.replace("http://purl.org/dc/elements/1.1/", "http://example.org/", 1),
        "order": sound.replace("<ListRecords>", "<ListRecords><Identify/>", 1),
    }
    assert set(peer("validate", str(schemas), given=json.dumps(wrong))[0]) == set(wrong)
