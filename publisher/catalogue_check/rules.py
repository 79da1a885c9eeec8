"""Holds a catalogue against the rules of DCAT-AP: our own rendering always, the official shapes where their folder is.

The official shapes are found wanting in a few places, and ask for a few things that a national publisher cannot
give. What is known of that is said beside such a finding, and it counts for nothing (`Remark.explained`).

Source:
    SEMICeu/DCAT-AP 3.0.1, html/shacl; which files the official validator combines: ISAITB/validator-resources-dcat-ap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from publisher.catalogue_check import graphs, texts
from publisher.catalogue_check.graphs import Graph
from publisher.config import shipped
from publisher.errors import ConfigError
from publisher.namespaces import AUTHORITY, SHAPES, dct, foaf, rdf, sh, skos, spdx
from publisher.problems import SEVERITIES, VIOLATION, WARNING
from publisher.validation.engines import SEVERITY, Finding, PyShacl, RustShacl, Shapes

NAMESPACE = f"{SHAPES}/dcat-ap#"
NOTHING = f"{NAMESPACE}Catalog-present"
"""The rule that there is something to check, which no shape can ask."""

OFFICIAL = (
    "shapes.ttl",
    "range.ttl",
    "deprecateduris.ttl",
    "mdr-vocabularies.shape.ttl",
    "shapes_recommended.ttl",
)
"""The official files, in the order in which they are read; the first must be there."""

_ADMS_STATUS = "http://www.w3.org/ns/adms#status"
_NUTS = "http://data.europa.eu/nuts/code/"
_IANA = "http://www.iana.org/assignments/media-types/"
_PUBLISHER_TYPES = "http://purl.org/adms/publishertype"
_CREATIVE_COMMONS = ("http://creativecommons.org/", "https://creativecommons.org/")

_STUBS = {
    "language": f"{dct.base}LinguisticSystem",
    "frequency": dct.Frequency,
    "file-type": f"{dct.base}MediaTypeOrExtent",
    "country": dct.Location,
    "place": dct.Location,
    "continent": dct.Location,
    "access-right": dct.RightsStatement,
    "licence": dct.LicenseDocument,
    "corporate-body": foaf.Agent,
}
"""Class of the entries of an EU table beside skos:Concept."""

_OUR_WAY = {"Node": "Pattern", "Class": "Or"}
"""Kind of constraint of our rule by that of the official one: a table is a pattern to us, a class one of several."""


@dataclass(frozen=True)
class Remark:
    """One thing that is wrong with a catalogue, or could be better.

    Args:
        severity: "violation", "warning" or "info".
        node: Which node: its IRI, or `_:label`.
        path: Which property; "" where it is none or more than one.
        component: The kind of constraint, such as `MinCount`.
        rule: IRI of our own rule; "" where only official shapes say it.
        value: A value that is wrong; "" where none is there.
        messages: What is wrong and what to do, by language.
        files: The official files that say it too.
        explained: Why it counts for nothing, by language; empty where it counts.
    """

    severity: str
    node: str
    path: str
    component: str
    rule: str
    value: str
    messages: dict[str, str]
    files: tuple[str, ...]
    explained: dict[str, str]

    @property
    def order(self) -> tuple[int, bool, str, str, str, str]:
        """The gravest first, what counts before what is explained."""
        return (
            SEVERITIES.index(self.severity), bool(self.explained), self.node, self.path, self.component, self.rule
        )  # fmt: skip


def official_files(folder: Path) -> list[Path]:
    """Return the official files of a folder: html-shacl itself, or one that holds it or holds a release that does.

    Raises:
        ConfigError: They are not there.
    """
    places = [folder, folder / "html-shacl", folder / "html" / "shacl"]
    places += sorted(path for path in folder.glob("*/html-shacl"))[-1:]
    for place in places:
        if (place / OFFICIAL[0]).is_file():
            return [place / name for name in OFFICIAL if (place / name).is_file()]
    raise ConfigError(f"--shapes {folder}: there is no {OFFICIAL[0]} in it; name DCAT-AP's folder html-shacl")


class Rules:
    """The rules, read once for any number of catalogues.

    Args:
        official: The official files that are checked beside our own rules.

    Raises:
        ShapesError: A file is no Turtle.
    """

    def __init__(self, official: Iterable[Path] = ()) -> None:
        """Read the shapes."""
        own = Shapes.of(shipped("shapes", "dcat-ap", "rules.ttl"))
        self._messages = own.messages
        self._own = RustShacl(own)
        self._links = _links(own.text)
        self._official = {file.name: PyShacl(Shapes.of(file)) for file in official}

    @property
    def official(self) -> tuple[str, ...]:
        """Names of the official files."""
        return tuple(self._official)

    def check(self, graph: Graph) -> tuple[Remark, ...]:
        """Check a catalogue; the same statements give the same remarks in the same order.

        Raises:
            ShapesError: Shapes cannot be used.
        """
        text = graph.text()
        remarks: dict[tuple[str, str, str], Remark] = {}
        found = self._own.validate(text) | self._blank_links(graph)
        for finding, value in _ordered(found):
            messages = self._messages.get(finding.shape, {})
            remark = Remark(
                finding.severity,
                finding.focus,
                finding.path,
                _component(finding),
                finding.shape,
                value,
                messages,
                (),
                {},
            )
            remarks.setdefault((remark.node, remark.path or remark.rule, remark.component), remark)
        background, added = _background(graph) if self._official else ("", set())
        for name, engine in self._official.items():
            for finding, value in _ordered(engine.validate(text + background)):
                if finding.focus not in added:
                    _merge(remarks, _official(graph, name, finding, value))
        if not graph.resources():
            remarks["", "", ""] = Remark(VIOLATION, "", "", "", NOTHING, "", texts.languages("rule.nothing"), (), {})
        return tuple(sorted(remarks.values(), key=lambda remark: remark.order))

    def _blank_links(self, graph: Graph) -> dict[Finding, str]:
        """Find blank nodes where a rule asks for an IRI, which the engine cannot see: `Graph.text` gives them IRIs."""
        component = f"{sh.base}NodeKindConstraintComponent"
        return {
            Finding(graphs.label(node), path, component, severity, shape): str(value)
            for shape, path, severity, kind in self._links
            for node in graph.instances(kind)
            for value in graph.objects(node, path)
            if isinstance(value, ox.BlankNode)
        }


def _ordered(found: dict[Finding, str]) -> list[tuple[Finding, str]]:
    """Return findings in order, blank nodes by their labels."""
    return sorted((replace(f, focus=graphs.named(f.focus)), graphs.named(value)) for f, value in found.items())


def _links(shapes: str) -> list[tuple[str, str, str, str]]:
    """Return the rules that ask for an IRI and no blank node: shape, property, severity, class."""
    about: dict[ox.NamedNode, dict[str, str]] = {}
    classes: dict[ox.NamedNode, str] = {}
    holders: list[tuple[ox.NamedNode, ox.NamedNode]] = []
    for quad in ox.parse(shapes, format=ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            about.setdefault(quad.subject, {})[quad.predicate.value] = quad.object.value
            if quad.predicate.value == f"{sh.base}targetClass":
                classes[quad.subject] = quad.object.value
            elif quad.predicate.value == f"{sh.base}property":
                holders.append((quad.subject, quad.object))
    return [
        (shape.value, about[shape][sh.path], SEVERITY[about[shape][sh.severity]], classes[holder])
        for holder, shape in holders
        if holder in classes and about[shape].get(f"{sh.base}nodeKind") == f"{sh.base}IRI"
    ]


def _merge(remarks: dict[tuple[str, str, str], Remark], new: Remark) -> None:
    """Add what an official file says, to our own words where we say the same."""
    key = (new.node, new.path or new.component, new.component)
    old = remarks.get(key)
    if old is None and new.component in _OUR_WAY:
        key = (new.node, new.path, _OUR_WAY[new.component])
        old = remarks.get(key)
    if old is None:
        remarks[(new.node, new.path or new.component, new.component)] = new
        return
    if old.explained and not new.explained:
        remarks[key] = new
        return
    severity = min(old.severity, new.severity, key=SEVERITIES.index) if not new.explained else old.severity
    merged = (*old.files, *(file for file in new.files if file not in old.files))
    remarks[key] = Remark(
        severity, old.node, old.path, old.component, old.rule, old.value, old.messages, merged, old.explained
    )  # fmt: skip


def _component(finding: Finding) -> str:
    return finding.component.removeprefix(sh.base).removesuffix("ConstraintComponent")


def _official(graph: Graph, file: str, finding: Finding, value: str) -> Remark:
    component = _component(finding)
    key = f"official.{component}"
    words = texts.languages(key if key in texts.TEXTS else "official.other")
    filled = {"path": texts.short(finding.path) or "–", "value": value[:200], "file": file}
    messages = {language: text.format(**filled) for language, text in words.items()}
    reason = _reason(graph, file, finding, component, value)
    return Remark(
        finding.severity, finding.focus, finding.path, component, "", value, messages, (file,),
        texts.languages(f"explained.{reason}") if reason else {},
    )  # fmt: skip


def _reason(graph: Graph, file: str, finding: Finding, component: str, value: str) -> str:
    """Return the key of the text that says why a finding counts for nothing; "" where it counts."""
    if file == "mdr-vocabularies.shape.ttl":
        if finding.path == spdx.algorithm and value.startswith(spdx.base):
            return "spdx"
        if finding.path == dct.publisher and finding.severity == WARNING:
            types = [o for o in graph.objects(graphs.node(value), dct.type) if isinstance(o, ox.NamedNode)]
            return "corporate-body" if all(o.value.startswith(_PUBLISHER_TYPES) for o in types) else ""
        if finding.path == dct.spatial and value.startswith(_NUTS):
            return "nuts"
    if file == "deprecateduris.ttl" and finding.path == _ADMS_STATUS and component == "Node":
        return "status" if value.startswith(f"{AUTHORITY}/distribution-status/") else ""
    outside = finding.focus.startswith((AUTHORITY, _NUTS, *_CREATIVE_COMMONS))
    if file == "shapes_recommended.ttl" and component == "MinCount" and outside:
        return "outside"
    return ""


def _background(graph: Graph) -> tuple[str, set[str]]:
    """Return what the official validator knows of table entries that the catalogue links to, and the nodes told of.

    It imports the tables; here an entry is known by its IRI. Nothing is said of what the catalogue describes, but the
    scheme of an entry.
    """
    lines: set[str] = set()
    added: set[str] = set()

    def say(iri: str, kinds: Iterable[str], scheme: str = "") -> None:
        if not graph.has(ox.NamedNode(iri)):
            added.add(iri)
            lines.update(f"<{iri}> <{rdf.type}> <{kind}> .\n" for kind in kinds)
        if scheme:
            lines.add(f"<{iri}> <{skos.inScheme}> <{scheme}> .\n")
            lines.add(f"<{scheme}> <{rdf.type}> <{skos.ConceptScheme}> .\n")
            if not graph.has(ox.NamedNode(scheme)):
                added.add(scheme)

    for iri in sorted({obj.value for _, _, obj in graph.statements() if isinstance(obj, ox.NamedNode)}):
        table, _, code = iri.removeprefix(f"{AUTHORITY}/").partition("/")
        if iri.startswith(f"{AUTHORITY}/") and code and "/" not in code:
            kinds = [skos.Concept, *([_STUBS[table]] if table in _STUBS else [])]
            say(iri, kinds, f"{AUTHORITY}/{table}")
        elif iri.startswith(f"{AUTHORITY}/"):
            say(iri, [skos.ConceptScheme])
        elif iri.startswith((_IANA, _IANA.replace("http:", "https:"))):
            say(iri, [dct.MediaType])
        elif iri.startswith(f"{_PUBLISHER_TYPES}/") and not iri.endswith("/1.0"):
            say(iri, [skos.Concept], f"{_PUBLISHER_TYPES}/1.0")
        elif iri.startswith(f"{spdx.base}checksumAlgorithm_"):
            say(iri, [f"{spdx.base}ChecksumAlgorithm"])
        elif iri.startswith(_NUTS):
            say(iri, [dct.Location])
        elif iri.startswith(_CREATIVE_COMMONS):
            say(iri, [dct.LicenseDocument])
    return "".join(sorted(lines)), added


def violations(remarks: Iterable[Remark]) -> list[Remark]:
    """Return the remarks that make a catalogue faulty."""
    return [remark for remark in remarks if remark.severity == VIOLATION and not remark.explained]
