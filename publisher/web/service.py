"""The description of the SPARQL service (SPARQL 1.1 Service Description), as the client sees the service."""

from __future__ import annotations

import pyoxigraph as ox

from publisher.formats import GRAPHS, JSON_LD, RESULTS
from publisher.namespaces import rdf, sd, void, xsd
from publisher.web import respond

_JSON_LD = "http://www.w3.org/ns/formats/JSON-LD"  # as the W3C lists it; the engine has an address of its own


def description() -> tuple[list[ox.Triple], str]:
    """Describe the service as the client sees it: SPARQL 1.1 Service Description."""
    release = respond.live().release.manifest
    address = f"{respond.outside_root()}/sparql"
    dataset, default = f"{address}#dataset", f"{address}#default-graph"
    triples: list[ox.Triple] = []

    def say(subject: str, predicate: str, value: str | ox.Literal) -> None:
        obj = ox.NamedNode(value) if isinstance(value, str) else value
        triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), obj))

    def count(graph: str, name: str) -> None:
        """Tell how many triples a graph has, where the release has counted them."""
        if name in release.graph_triples:
            say(graph, void.triples, ox.Literal(str(release.graph_triples[name]), datatype=ox.NamedNode(xsd.integer)))

    say(address, rdf.type, sd.Service)
    say(address, sd.endpoint, address)
    say(address, sd.supportedLanguage, sd.SPARQL11Query)
    for results in RESULTS:
        say(address, sd.resultFormat, results.results().iri)
    for graph in GRAPHS:
        say(address, sd.resultFormat, _JSON_LD if graph is JSON_LD else graph.rdf().iri)
    say(address, sd.defaultDataset, dataset)
    say(dataset, rdf.type, sd.Dataset)
    say(dataset, sd.defaultGraph, default)
    say(default, rdf.type, sd.Graph)
    count(default, "")
    for number, name in enumerate(release.named_graphs, 1):
        named, content = f"{address}#named-graph-{number}", f"{address}#graph-{number}"
        say(dataset, sd.namedGraph, named)
        say(named, rdf.type, sd.NamedGraph)
        say(named, sd.name, name)
        say(named, sd.graph, content)
        say(content, rdf.type, sd.Graph)
        count(content, name)
    return triples, address
