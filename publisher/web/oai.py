"""`/oai`: OAI-PMH 2.0, for portals that harvest: all six verbs, by GET and POST.

A record's identifier is the IRI of what it is about. Datestamps are seconds: when the event came that last changed
it. What was withdrawn stays for ever, as a header that says so. A list's parts hold 100 records, and their
tokens outlive releases (see `oai_tokens`).

What is wrong with a request is told in the protocol's words with status 200; other statuses are the server's own
(no release yet, too many requests, a body that is too long).

Source: Open Archives Initiative Protocol for Metadata Harvesting 2.0,
http://www.openarchives.org/OAI/openarchivesprotocol.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app
from flask.sansio.blueprints import BlueprintSetupState

from publisher import datasets, manifest
from publisher.config import Settings
from publisher.datasets import Datasets
from publisher.web import oai_arguments, oai_formats, oai_tokens, respond
from publisher.web.oai_arguments import LONGEST, OaiError
from publisher.web.oai_formats import SCHEMAS, WRITERS, XSI
from publisher.web.oai_records import FORMATS, KINDS, Item, Repository
from publisher.web.oai_tokens import Position, Selection
from publisher.web.oai_xml import element, is_writable, text
from publisher.web.texts_oai import TEXTS

blueprint = Blueprint("oai", __name__)

NO_ADDRESS = "contact-not-set@example.invalid"
"""What stands for the administrator's address where none is set: the protocol demands one, and nobody's is invented.
Nothing can be sent to it: `.invalid` is reserved for names that lead nowhere (RFC 2606, section 2)."""

ENOUGH = 5_000_000
"""Characters after which a part of a list ends, though it could hold more records: some are large."""

_NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
_MAIL = re.compile(r"\S+@(\S+\.)+\S+\Z")


@blueprint.record
def _prepare(state: BlueprintSetupState) -> None:
    """Let each application read the catalogue of a live release once."""
    state.app.extensions["oai"] = lru_cache(maxsize=1)(datasets.read)


@blueprint.route("/oai", methods=["GET", "POST"])
def oai() -> Response:
    """Answer a harvester."""
    # Taken before the release is looked at: a harvester comes back for what changed since this moment.
    now = datetime.now(UTC)
    arguments: dict[str, str] = {}
    try:
        arguments = oai_arguments.read()
        body = _VERBS[arguments["verb"]](arguments)
    except OaiError as error:
        body = element("error", text(str(error)), code=error.code)
        if error.code in ("badVerb", "badArgument"):
            arguments = {}
    echoed = {name: value for name, value in arguments.items() if len(value) <= LONGEST and is_writable(value)}
    document = element(
        "OAI-PMH",
        element("responseDate", f"{now:%Y-%m-%dT%H:%M:%SZ}"),
        element("request", text(_base_url()), **echoed),
        body,
        **{
            "xmlns": _NAMESPACE,
            "xmlns:xsi": XSI,
            "xsi:schemaLocation": f"{_NAMESPACE} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd",
        },
    )
    response = Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n', content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _base_url() -> str:
    return f"{respond.outside_root()}/oai"


def _repository() -> Repository:
    live = respond.live()
    read: Callable[[Path, str], Datasets] = current_app.extensions["oai"]
    described = read(live.release.file(manifest.CATALOGUE), live.release.manifest.base_iri)
    return Repository(live.release, live.master(), respond.history(), described)


# --- verbs


def _identify(_: dict[str, str]) -> str:
    settings: Settings = current_app.extensions["settings"]
    release = respond.live().release.manifest
    languages = [*release.languages, *release.title]
    name = next((release.title[tag] for tag in languages if tag in release.title), "")
    name = name or next((TEXTS["repository"][tag] for tag in languages if tag in TEXTS["repository"]), "")
    return element(
        "Identify",
        element("repositoryName", text(name or TEXTS["repository"]["en"])),
        element("baseURL", text(_base_url())),
        element("protocolVersion", "2.0"),
        element("adminEmail", text(settings.contact_email if _MAIL.match(settings.contact_email) else NO_ADDRESS)),
        element("earliestDatestamp", _repository().earliest()),
        element("deletedRecord", "persistent"),
        element("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        element("compression", "gzip"),
    )


def _list_sets(arguments: dict[str, str]) -> str:
    if "resumptionToken" in arguments:
        raise OaiError("badResumptionToken", "The list of sets has no further part.")

    def described(kind: str) -> str:
        names = [element("dc:title", text(name), language=tag) for tag, name in TEXTS[f"set.{kind}"].items()]
        return element(
            "set",
            element("setSpec", kind),
            element("setName", text(TEXTS[f"set.{kind}"]["en"])),
            element("setDescription", oai_formats.container(*names)),
        )

    return element("ListSets", *map(described, KINDS))


def _list_metadata_formats(arguments: dict[str, str]) -> str:
    kinds: Iterable[str] = KINDS
    if "identifier" in arguments:
        kinds = (_found(_repository(), arguments["identifier"]).kind,)
    offered = [prefix for prefix, of in FORMATS.items() if set(kinds) & set(of)]
    return element(
        "ListMetadataFormats",
        *(
            element(
                "metadataFormat",
                element("metadataPrefix", prefix),
                element("schema", text(SCHEMAS[prefix][0])),
                element("metadataNamespace", text(SCHEMAS[prefix][1])),
            )
            for prefix in offered
        ),
    )


def _get_record(arguments: dict[str, str]) -> str:
    repository = _repository()
    item = _found(repository, arguments["identifier"])
    prefix = _known(arguments["metadataPrefix"])
    if item.kind not in FORMATS[prefix]:
        raise OaiError("cannotDisseminateFormat", f"This record is not there as {prefix}.")
    return element("GetRecord", _record(repository, item, prefix))


def _list_identifiers(arguments: dict[str, str]) -> str:
    return _list(arguments, lambda _repository, item, _prefix: _header(item))


def _list_records(arguments: dict[str, str]) -> str:
    return _list(arguments, _record)


_VERBS: dict[str, Callable[[dict[str, str]], str]] = {
    "GetRecord": _get_record,
    "Identify": _identify,
    "ListIdentifiers": _list_identifiers,
    "ListMetadataFormats": _list_metadata_formats,
    "ListRecords": _list_records,
    "ListSets": _list_sets,
}


# --- lists


def _list(arguments: dict[str, str], write: Callable[[Repository, Item, str], str]) -> str:
    """Return a part of a list, with the token of the next."""
    verb, resumed = arguments["verb"], "resumptionToken" in arguments
    position: Position | None = None
    told = 0
    if resumed:
        selection, position, told = _resumed(verb, arguments["resumptionToken"])
    else:
        prefix = _known(arguments["metadataPrefix"])
        since = oai_arguments.moment(arguments.get("from", ""))
        until = oai_arguments.moment(arguments.get("until", ""), end=True)
        selection = Selection(verb, prefix, since, until, arguments.get("set", ""))
    repository = _repository()
    items, following = repository.page(selection, position)
    if not items and following is None:
        raise OaiError("noRecordsMatch", "No record matches; from and until go by the datestamps of records.")
    content: list[str] = []
    length = 0
    for item in items:
        content.append(write(repository, item, selection.prefix))
        length += len(content[-1])
        if length > ENOUGH and item is not items[-1]:
            following = Position(item.kind, item.key)
            break
    if following is not None:
        token = oai_tokens.write(selection, following, told + len(content))
        content.append(element("resumptionToken", text(token), cursor=str(told)))
    elif resumed:
        content.append(element("resumptionToken", cursor=str(told)))
    return element(verb, *content)


def _resumed(verb: str, token: str) -> tuple[Selection, Position, int]:
    """Read a token.

    Raises:
        OaiError: `badResumptionToken`.
    """
    try:
        selection, position, told = oai_tokens.read(token)
        for bound in (selection.since, selection.until):
            oai_arguments.moment(bound)
    except (ValueError, OaiError) as error:
        raise OaiError("badResumptionToken", "The resumptionToken is none of this service.") from error
    known = selection.prefix in FORMATS and selection.set in ("", *KINDS) and position.kind in KINDS
    if not known or selection.verb != verb:
        raise OaiError("badResumptionToken", f"The resumptionToken is none of a list by {verb}.")
    return selection, position, told


def _known(prefix: str) -> str:
    if prefix not in FORMATS:
        raise OaiError("cannotDisseminateFormat", f"Nothing is there in this format. Known: {', '.join(FORMATS)}.")
    return prefix


# --- records


def _found(repository: Repository, identifier: str) -> Item:
    item = repository.find(identifier)
    if item is None:
        raise OaiError("idDoesNotExist", "There is no record of this identifier, and there never was.")
    return item


def _header(item: Item) -> str:
    status = {"status": "deleted"} if item.deleted else {}
    return element(
        "header",
        element("identifier", text(item.iri)),
        element("datestamp", item.stamp),
        element("setSpec", item.kind),
        **status,
    )


def _record(repository: Repository, item: Item, prefix: str) -> str:
    if item.deleted:
        return element("record", _header(item))
    metadata = WRITERS[prefix](respond.live(), repository, item)
    return element("record", _header(item), element("metadata", metadata))
