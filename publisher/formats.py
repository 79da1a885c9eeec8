"""One table of serialisations: media type, file suffix, what each carries, and its aliases.

Everything that reads or writes a serialisation asks this table, so that an
address's suffix, an `Accept` header, a dump and a `--format` flag agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph


@dataclass(frozen=True)
class Format:
    """One serialisation.

    Args:
        name: Short stable name, used by `--format` and `format=`.
        media_type: What it is served as.
        suffix: File name suffix with its dot.
        carries: "graph", "dataset", "results", "table" or "page".
        aliases: Other media types that ask for it.
        oxigraph: Attribute of pyoxigraph's `RdfFormat` or `QueryResultsFormat`.
        file_type: Code in the EU file-type table.
    """

    name: str
    media_type: str
    suffix: str
    carries: str
    aliases: tuple[str, ...] = ()
    oxigraph: str = ""
    file_type: str = ""

    @property
    def content_type(self) -> str:
        """The media type as a header value, with the charset where the type knows one."""
        textual = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if textual else self.media_type

    def rdf(self) -> pyoxigraph.RdfFormat:
        """The library's constant of a graph or dataset format."""
        import pyoxigraph

        found: pyoxigraph.RdfFormat = getattr(pyoxigraph.RdfFormat, self.oxigraph)
        return found

    def results(self) -> pyoxigraph.QueryResultsFormat:
        """The library's constant of a result format."""
        import pyoxigraph

        found: pyoxigraph.QueryResultsFormat = getattr(pyoxigraph.QueryResultsFormat, self.oxigraph)
        return found


HTML = Format("html", "text/html", ".html", "page", ("application/xhtml+xml",))
TURTLE = Format("turtle", "text/turtle", ".ttl", "graph", ("application/x-turtle",), "TURTLE", "RDF_TURTLE")
JSON_LD = Format("jsonld", "application/ld+json", ".jsonld", "graph", (), "JSON_LD", "JSON_LD")
RDF_XML = Format("rdfxml", "application/rdf+xml", ".rdf", "graph", (), "RDF_XML", "RDF_XML")
N_TRIPLES = Format("ntriples", "application/n-triples", ".nt", "graph", (), "N_TRIPLES", "RDF_N_TRIPLES")
N_QUADS = Format("nquads", "application/n-quads", ".nq", "dataset", ("text/x-nquads",), "N_QUADS", "RDF_N_QUADS")
TRIG = Format("trig", "application/trig", ".trig", "dataset", ("application/x-trig",), "TRIG", "RDF_TRIG")
RESULTS_JSON = Format(
    "json", "application/sparql-results+json", ".srj", "results", ("application/json",), "JSON", "JSON"
)
RESULTS_XML = Format(
    "xml", "application/sparql-results+xml", ".srx", "results", ("application/xml", "text/xml"), "XML", "SPARQLQRES"
)
RESULTS_CSV = Format("csv", "text/csv", ".csv", "results", (), "CSV", "CSV")
RESULTS_TSV = Format("tsv", "text/tab-separated-values", ".tsv", "results", (), "TSV", "TSV")
XLSX = Format(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", "table", file_type="XLSX"
)
CSVW = Format("csvw", "application/csvm+json", ".csv-metadata.json", "page")
"""What the columns of the CSV beside it mean (CSV on the Web)."""

GRAPHS = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES)
"""What a description or a CONSTRUCT is served as; the first is the default."""
RESULTS = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)
"""What SELECT and ASK are served as; the first is the default. CSV and TSV carry no ASK."""
SOURCES = (TURTLE, N_TRIPLES, N_QUADS, TRIG, JSON_LD, RDF_XML)
"""What `build` reads as RDF."""
TABLES = (RESULTS_CSV, XLSX)
"""What a release holds its projects in as a table."""


def by_suffix(file_name: str, formats: tuple[Format, ...] = SOURCES) -> Format | None:
    """Return the format of a file by the end of its name (`.gz` behind it allowed), or None."""
    name = file_name.lower().removesuffix(".gz")
    return next((entry for entry in formats if name.endswith(entry.suffix)), None)


def by_name(name: str, formats: tuple[Format, ...]) -> Format | None:
    """Return the format with this short name, suffix or media type, or None."""
    wanted = name.strip().lower()
    return next(
        (f for f in formats if wanted in (f.name, f.media_type, f.suffix.lstrip(".")) or wanted in f.aliases), None
    )
