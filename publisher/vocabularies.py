"""The ontology and the concept schemes as statements, and the look-up of a concept by its key."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from publisher.config import shipped
from publisher.errors import MappingError
from publisher.iris import concept
from publisher.namespaces import AUTHORITY, CONCEPT, skos

TARGET_GROUPS = "target-group"

# Tag of a text's language → code in the EU language table (seen in eForms-SDK codelists/language.gc: the official
# languages of the Union, and Northern Sami and Romani, which Finnish portfolios need).
LANGUAGES = {
    "bg": "BUL", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST", "fi": "FIN",
    "fr": "FRA", "ga": "GLE", "hr": "HRV", "hu": "HUN", "it": "ITA", "lt": "LIT", "lv": "LAV", "mt": "MLT", "nl": "NLD",
    "pl": "POL", "pt": "POR", "ro": "RON", "rom": "ROM", "se": "SME", "sk": "SLK", "sl": "SLV", "sv": "SWE",
}  # fmt: skip


@dataclass(frozen=True)
class Vocabularies:
    """What every portfolio shares.

    Args:
        lines: All statements of ontology, alignments and schemes, as N-Triples lines.
        concept_lines: Those of the schemes alone: what shapes look concepts up in.
        concepts: IRI by key, by scheme.
        authorities: IRIs of EU table entries that are labelled here.
        names: Labels as literals, by IRI.
    """

    lines: tuple[str, ...]
    concept_lines: tuple[str, ...]
    concepts: dict[str, dict[str, str]]
    authorities: frozenset[str]
    names: dict[str, list[str]]

    def concept(self, scheme: str, key: str) -> str | None:
        """Return the IRI of a concept, or None where the scheme has no such key."""
        return self.concepts.get(scheme, {}).get(key)

    def authority(self, table: str, code: str) -> str | None:
        """Return the IRI of an EU table entry, or None where this program does not know it."""
        iri = f"{AUTHORITY}/{table}/{code}"
        return iri if iri in self.authorities else None

    def labels(self, iri: str) -> list[str]:
        """Return the labels of a concept or table entry, as literals; empty where this program does not know it."""
        return self.names.get(iri, [])

    def near(self, scheme: str, key: str) -> str:
        """Return a hint for a key that is not in a scheme: the nearest ones, else all."""
        known = sorted(self.concepts.get(scheme, {}))
        close = difflib.get_close_matches(key, known, n=2)
        return f"did you mean {' or '.join(map(repr, close))}?" if close else f"known: {', '.join(known)}"


def read_turtle(path: Path) -> list[str]:
    """Return the statements of a Turtle file as N-Triples lines.

    Raises:
        MappingError: The file is no Turtle, or has a blank node.
    """
    try:
        quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except (OSError, SyntaxError) as error:
        raise MappingError(f"{path.name}: cannot be read as Turtle: {error}") from error
    if any(isinstance(term, ox.BlankNode) for quad in quads for term in (quad.subject, quad.object)):
        raise MappingError(f"{path.name}: has a blank node; give it an IRI")
    return [f"{quad.triple} ." for quad in quads]


def load() -> Vocabularies:
    """Read the vocabularies that come with the program.

    Raises:
        MappingError: A file is ill-formed.
    """
    folder = shipped("ontology")
    ontology = [line for name in ("portfolio.ttl", "alignments.ttl") for line in read_turtle(folder / name)]
    schemes = [line for path in sorted((folder / "concepts").glob("*.ttl")) for line in read_turtle(path)]
    return Vocabularies(
        tuple(ontology + schemes), tuple(schemes), _index(schemes), _authorities(schemes), _names(schemes)
    )


def _index(lines: Iterable[str]) -> dict[str, dict[str, str]]:
    concepts: dict[str, dict[str, str]] = {}
    marker = f"> <{skos.inScheme}> <{CONCEPT}/"
    for line in lines:
        if marker in line:
            iri, _, rest = line[1:].partition(marker)
            scheme = rest.partition(">")[0]
            prefix = f"{concept(scheme)}/"
            if iri.startswith(prefix):
                concepts.setdefault(scheme, {})[iri[len(prefix) :]] = iri
    return concepts


def _authorities(lines: Iterable[str]) -> frozenset[str]:
    subjects = (line[1 : line.index(">")] for line in lines if f"> <{skos.prefLabel}> " in line)
    return frozenset(subject for subject in subjects if subject.startswith(f"{AUTHORITY}/"))


def _names(lines: Iterable[str]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    marker = f"> <{skos.prefLabel}> "
    for line in lines:
        subject, found, rest = line.partition(marker)
        if found:
            names.setdefault(subject[1:], []).append(rest.removesuffix(" ."))
    return names
