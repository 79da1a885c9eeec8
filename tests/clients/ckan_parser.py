"""CKAN's own code, run in CKAN's own environment: its RDF parser, its DCAT harvester, its validators of fields.

`parse` reads `{"language": …, "documents": [{"text": …, "format": …}]}` and answers with each document's datasets.
`harvest DATABASE URL` harvests an address as a CKAN site would and answers with what it did to each dataset; the
database remembers what it has, from call to call. `validate` reads a package and answers with what CKAN's
validators refuse.

The harvester's gather and import stages are the real ones, with the real tables of ckanext-harvest in SQLite. What
needs a whole site (PostgreSQL, Solr) stands in: the actions that create, update and delete a package, on a table of
our own. Nothing here is imported by the project.
"""

from __future__ import annotations

import json
import logging
import sys
from types import SimpleNamespace
from typing import Any

from ckantoolkit import config

PROFILE = "euro_dcat_ap_3"


def parse(asked: dict[str, Any]) -> list[list[dict[str, Any]]]:
    from ckanext.dcat.processors import RDFParser

    config.update({"ckan.locale_default": asked["language"]})
    found = []
    for document in asked["documents"]:
        parser = RDFParser(profiles=[PROFILE])
        parser.parse(document["text"], _format=document["format"])
        found.append([*parser.datasets()])
    return found


def harvest(database: str, url: str) -> dict[str, Any]:
    import ckan.model as model
    import sqlalchemy as sa
    from ckan.model import meta
    from ckanext.dcat.harvesters import rdf
    from ckanext.harvest import model as harvesting
    from sqlalchemy import event

    config.update({"ckan.locale_default": "fi", "ckanext.dcat.rdf.profiles": PROFILE})
    engine = sa.create_engine(f"sqlite:///{database}")

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def _(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> tuple[str, Any]:
        return ("SELECT 1" if statement.startswith("SET CONSTRAINTS") else statement), parameters

    meta.Session.configure(bind=engine)
    session = meta.Session
    for table in ("Source", "Job", "Object", "ObjectExtra", "GatherError", "ObjectError"):
        getattr(harvesting, f"Harvest{table}").__table__.create(engine, checkfirst=True)
    session.execute(sa.text("CREATE TABLE IF NOT EXISTS site (id TEXT PRIMARY KEY, guid TEXT, package TEXT)"))
    done: dict[str, Any] = {"created": [], "updated": [], "unchanged": [], "deleted": [], "packages": {}}

    def shown(package_id: str) -> dict[str, Any]:
        row = session.execute(sa.text("SELECT package FROM site WHERE id = :id"), {"id": package_id}).one()
        package: dict[str, Any] = json.loads(row[0])
        return package

    def guid(package: dict[str, Any]) -> str:
        return next(extra["value"] for extra in package["extras"] if extra["key"] == "guid")

    def store(package: dict[str, Any]) -> None:
        values = {"id": package["id"], "guid": guid(package), "package": json.dumps(package, sort_keys=True)}
        session.execute(sa.text("INSERT OR REPLACE INTO site VALUES (:id, :guid, :package)"), values)

    def create(_context: Any, package: dict[str, Any]) -> None:
        for number, resource in enumerate(package["resources"]):
            resource["id"] = f"{package['id']}-{number}"
        store(package)
        done["created"].append(guid(package))

    def update(_context: Any, package: dict[str, Any]) -> None:
        for number, resource in enumerate(package["resources"]):
            resource.setdefault("id", f"{package['id']}-new-{number}")
        done["unchanged" if package == shown(package["id"]) else "updated"].append(guid(package))
        store(package)

    def delete(_context: Any, asked: dict[str, Any]) -> None:
        done["deleted"].append(guid(shown(asked["id"])))
        session.execute(sa.text("DELETE FROM site WHERE id = :id"), {"id": asked["id"]})

    actions = {
        "package_create": create, "package_update": update, "package_delete": delete,
        "package_show": lambda _context, asked: shown(asked["id"]),
        "get_site_user": lambda _context, _asked: {"name": "harvest"},
    }  # fmt: skip
    rdf.p.toolkit.get_action = lambda name: actions[name]
    model.Package.get = classmethod(lambda _class, _id: SimpleNamespace(owner_org="", url=url))
    schemas = SimpleNamespace(create_package_schema=dict, update_package_schema=dict)
    rdf.lib_plugins.lookup_package_plugin = lambda _kind: schemas

    class Harvester(rdf.DCATRDFHarvester):  # type: ignore[misc, name-defined]
        @classmethod
        def _ensure_name_is_unique(cls, ideal_name: str, *_more: Any, **_named: Any) -> str:
            return ideal_name

        def _get_user_name(self) -> str:
            return "harvest"

        def _read_datasets_from_db(self, wanted: str) -> list[Any]:
            return [*session.execute(sa.text("SELECT id FROM site WHERE guid = :guid"), {"guid": wanted})]

    source = session.query(harvesting.HarvestSource).first()
    if source is None:
        source = harvesting.HarvestSource(url=url, type="dcat_rdf")
        source.save()
    job = harvesting.HarvestJob(source=source)
    job.save()
    harvester = Harvester()
    gathered = harvester.gather_stage(job)
    for object_id in gathered:
        found = session.get(harvesting.HarvestObject, object_id)
        assert harvester.fetch_stage(found)
        harvester.import_stage(found)
        session.commit()
    done["gathered"] = len(gathered)
    done["errors"] = [error.message for error in session.query(harvesting.HarvestGatherError).all()]
    done["errors"] += [error.message for error in session.query(harvesting.HarvestObjectError).all()]
    for row in session.execute(sa.text("SELECT guid, package FROM site")):
        done["packages"][row[0]] = json.loads(row[1])
    return done


def validate(package: dict[str, Any]) -> list[str]:
    from ckan.lib.navl.dictization_functions import Invalid
    from ckan.logic import validators

    refused = []

    def check(name: str, value: Any) -> None:
        try:
            getattr(validators, name)(value, {}) if name != "int_validator" else validators.int_validator(value, {})
        except Invalid as error:
            refused.append(f"{name}: {value!r}: {error}")

    check("name_validator", package["name"])
    for words in package["keywords"].values():
        for word in words:
            check("tag_length_validator", word)
            check("tag_name_validator", word)
    for address in package["maintainer_email"]:
        check("email_validator", address)
    for resource in package["resources"]:
        check("int_validator", resource.get("size"))  # of the endpoint there is none
    return refused


def main() -> None:
    logging.disable(logging.CRITICAL)
    what, *arguments = sys.argv[1:]
    if what == "harvest":
        answer: Any = harvest(*arguments)
    else:
        answer = {"parse": parse, "validate": validate}[what](json.load(sys.stdin))
    json.dump(answer, sys.stdout, ensure_ascii=False, indent=1)


main()
