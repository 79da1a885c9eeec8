"""Runs in the peers' own environment: harvests with sickle or scythe, or validates answers; tells as JSON lines.

oai_peer.py harvest CLIENT URL ARGUMENTS     records, each as a line; ARGUMENTS are JSON
oai_peer.py pause CLIENT URL ARGUMENTS       the same, but waits for a line of input after the first record
oai_peer.py ask CLIENT URL                   what the client makes of Identify, ListSets and the like
oai_peer.py validate FOLDER                  reads documents as JSON; tells what the schemas find wrong
"""

# ruff: noqa: T201

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

RDF_STUB = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema"
    targetNamespace="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <element name="RDF"><complexType><sequence>
    <any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></sequence>
    <anyAttribute processContents="skip"/></complexType></element>
</schema>"""
XML_STUB = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
  <attribute name="lang" type="language"/>
</schema>"""
DRIVER = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema">
  <import namespace="http://www.openarchives.org/OAI/2.0/" schemaLocation="http://any.invalid/OAI-PMH.xsd"/>
  <import namespace="http://www.openarchives.org/OAI/2.0/oai_dc/" schemaLocation="http://any.invalid/oai_dc.xsd"/>
  <import namespace="http://www.w3.org/1999/02/22-rdf-syntax-ns#" schemaLocation="http://any.invalid/rdf.xsd"/>
</schema>"""


def harvest(client: str, url: str, arguments: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield what a client harvests."""
    verb = arguments.pop("verb", "ListRecords")
    method = arguments.pop("method", "GET")
    if client == "sickle":
        from sickle import Sickle

        asked = Sickle(url, http_method=method, max_retries=3, timeout=30)
        records = getattr(asked, verb)(**arguments)
    else:
        from oaipmh_scythe import Scythe
        from oaipmh_scythe.config import HTTPConfig, RetryConfig

        names = {"from": "from_", "set": "set_", "metadataPrefix": "metadata_prefix"}
        scythe = Scythe(
            url,
            http_config=HTTPConfig(http_method=method, timeout=30),
            retry_config=RetryConfig(max_retries=3, default_retry_after=1),
        )
        call = {"ListRecords": scythe.list_records, "ListIdentifiers": scythe.list_identifiers}[verb]
        records = call(**{names.get(name, name): value for name, value in arguments.items()})
    for record in records:
        header = getattr(record, "header", record)
        told = {"id": header.identifier, "stamp": header.datestamp, "deleted": header.deleted}
        if verb == "ListRecords":
            told["metadata"] = getattr(record, "metadata", None) or {}
            told["raw"] = record.raw
        yield told


def failing(client: str, url: str, arguments: dict[str, str], *, pause: bool) -> None:
    """Print what a client harvests, and the error that ends it."""
    try:
        for number, record in enumerate(harvest(client, url, arguments)):
            print(json.dumps(record), flush=True)
            if pause and number == 0:
                sys.stdin.readline()
    except Exception as error:  # noqa: BLE001  # whatever ends a harvest is told
        print(json.dumps({"error": type(error).__name__}))


def ask(client: str, url: str) -> dict[str, Any]:
    """Return what a client makes of the verbs that list no records."""
    if client == "sickle":
        from sickle import Sickle

        sickle = Sickle(url)
        identify, sets, forms = sickle.Identify(), sickle.ListSets(), sickle.ListMetadataFormats()
    else:
        from oaipmh_scythe import Scythe

        scythe = Scythe(url)
        identify, sets, forms = scythe.identify(), scythe.list_sets(), scythe.list_metadata_formats()
    return {
        "name": identify.repositoryName,
        "url": identify.baseURL,
        "email": identify.adminEmail,
        "deleted": identify.deletedRecord,
        "granularity": identify.granularity,
        "earliest": identify.earliestDatestamp,
        "sets": [entry.setSpec for entry in sets],
        "formats": [entry.metadataPrefix for entry in forms],
    }


def validate(folder: Path, documents: dict[str, str]) -> dict[str, list[str]]:
    """Return the faults of each document that has some."""
    from lxml import etree

    own = {"rdf.xsd": RDF_STUB, "xml.xsd": XML_STUB}

    class Local(etree.Resolver):
        def resolve(self, url: str, public_id: str, context: Any) -> Any:
            name = url.rpartition("/")[2]
            found = own.get(name) or (folder / name).read_bytes()
            strict = found.replace(b'processContents="skip"', b'processContents="strict"')
            return self.resolve_string(strict if name == "OAI-PMH.xsd" else found, context, base_url=url)

    parser = etree.XMLParser(no_network=False)  # the resolver answers for every address
    parser.resolvers.add(Local())
    schema = etree.XMLSchema(etree.fromstring(DRIVER, parser, base_url="http://any.invalid/driver.xsd"))
    faults: dict[str, list[str]] = {}
    for name, text in documents.items():
        try:
            schema.assertValid(etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False)))
        except (etree.DocumentInvalid, etree.XMLSyntaxError) as error:
            log = getattr(schema, "error_log", None)
            faults[name] = [f"{entry.line}: {entry.message}" for entry in log or []] or [str(error)]
    return faults


def main(arguments: list[str]) -> None:
    """Do what the arguments say."""
    what, *rest = arguments
    if what == "validate":
        print(json.dumps(validate(Path(rest[0]), json.load(sys.stdin))))
    elif what == "ask":
        print(json.dumps(ask(*rest)))
    else:
        failing(rest[0], rest[1], json.loads(rest[2]), pause=what == "pause")


if __name__ == "__main__":
    main(sys.argv[1:])
