"""What all operations of lists share, as N-Triples lines: portfolios, the lists, their columns as evidence, funders."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field

from publisher import iris, ntriples
from publisher.iris import Minter
from publisher.lists.mapping_file import Mapping
from publisher.lists.operation import RowRecord
from publisher.namespaces import AUTHORITY, dct, foaf, org, pf, rdf
from publisher.vocabularies import LANGUAGES, Vocabularies

EU = {"fi": "Euroopan unioni", "sv": "Europeiska unionen", "en": "European Union"}

Pairs = list[tuple[str, str]]
"""(predicate, object term) of one subject."""


@dataclass(frozen=True)
class ListFacts:
    """What statements need to know of one list.

    Args:
        mapping: Its mapping.
        columns: Names of the columns, by file of the source.
        files: Names of its files, as rows are called by; one without a name is not named in rows.
    """

    mapping: Mapping
    columns: tuple[tuple[str, ...], ...]
    files: tuple[str, ...]

    @property
    def key(self) -> str:
        """Key of the list."""
        return self.mapping.source.key

    @property
    def language(self) -> str:
        """Language of its texts."""
        return self.mapping.source.language


@dataclass(frozen=True)
class Context:
    """All that statements about operations may point at.

    Args:
        minter: Mints the IRIs.
        vocabularies: The shared concepts.
        lists: The lists of this run, in the order of their indexes.
        same: A person's decisions: key of an organisation → key of the one that it is.
    """

    minter: Minter
    vocabularies: Vocabularies
    lists: tuple[ListFacts, ...]
    same: Dictionary[str, str] = field(default_factory=dict)


@dataclass
class Described:
    """An operation's statements.

    Args:
        lines: N-Triples lines, each once.
        origins: (source, row) by subject: where its statements come from.
        columns: Column by (subject, predicate).
        names: (subject, predicate, literal) of names of what other operations may call otherwise: one of them will be
            the name, the others are known beside it.
    """

    lines: dict[str, None] = field(default_factory=dict)
    origins: dict[str, tuple[int, RowRecord]] = field(default_factory=dict)
    columns: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[tuple[str, str, str], None] = field(default_factory=dict)

    def add(self, subject: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Write statements about one subject."""
        for predicate, term in pairs:
            self.lines[f"<{subject}> <{predicate}> {term} ."] = None


def shared_lines(ctx: Context) -> list[str]:
    """Return what all operations share: portfolios, lists, columns as evidence, funders, places of countries."""
    out = Described()
    for facts in ctx.lists:
        _portfolio(facts, ctx, out)
        _source(facts, ctx, out)
        for key, name in facts.mapping.organisations.known.items():
            name_organisation(out, ctx.minter.iri("organisation", key), texts_of(name))
    if any("eu" in facts.mapping.portfolio.funders for facts in ctx.lists):
        name_organisation(out, ctx.minter.iri("organisation", "eu"), texts_of(EU))
    for facts in ctx.lists:
        for key in {*facts.mapping.portfolio.funders, *(k for line in facts.mapping.funding for k in line.funders)}:
            out.add(ctx.minter.iri("organisation", key), [(rdf.type, f"<{pf.Funder}>")])
    return list(out.lines)


def _portfolio(facts: ListFacts, ctx: Context, out: Described) -> None:
    table = facts.mapping.portfolio
    iri = ctx.minter.iri("portfolio", table.key)
    pairs: Pairs = [(rdf.type, f"<{pf.Portfolio}>"), (dct.identifier, ntriples.literal(table.key))]
    pairs += [(dct.title, term) for term in texts_of(table.title)]
    pairs += [(pf.funder, f"<{ctx.minter.iri('organisation', key)}>") for key in table.funders]
    out.add(iri, pairs)


def _source(facts: ListFacts, ctx: Context, out: Described) -> None:
    table = facts.mapping.source
    iri = ctx.minter.iri("source", table.key)
    kind = ctx.vocabularies.concept("source-kind", "list-of-operations")
    pairs: Pairs = [(rdf.type, f"<{pf.Source}>"), (pf.sourceKind, f"<{kind}>")]
    pairs += [(dct.title, term) for term in texts_of(table.title)]
    pairs.append((dct.language, f"<{AUTHORITY}/language/{LANGUAGES[table.language]}>"))
    if table.licence == "not-stated":
        pairs.append((pf.licenceStatus, f"<{ctx.vocabularies.concept('licence-status', 'not-stated')}>"))
    else:
        pairs.append((dct.license, ntriples.iri(table.licence)))
    if table.as_of != "unknown":
        pairs.append((pf.asOf, ntriples.partial_date(table.as_of)))
    if table.address is not None:
        pairs.append((foaf.page, ntriples.iri(table.address)))
    if table.publisher is not None:
        publisher = ctx.minter.iri("organisation", f"{table.key}-publisher")
        name_organisation(out, publisher, [ntriples.literal(table.publisher, table.language)])
        pairs.append((dct.publisher, f"<{publisher}>"))
    out.add(iri, pairs)
    _evidence(ctx, out, facts, "")
    for name in dict.fromkeys(name for columns in facts.columns for name in columns):
        part = ctx.minter.iri("source", table.key, iris.fingerprint(name))
        label = ntriples.literal(name, table.language)
        out.add(part, [(rdf.type, f"<{pf.DocumentPart}>"), (dct.isPartOf, f"<{iri}>"), (dct.title, label)])
        out.add(iri, [(dct.hasPart, f"<{part}>")])
        _evidence(ctx, out, facts, name)


def _evidence(ctx: Context, out: Described, facts: ListFacts, column: str) -> None:
    pairs: Pairs = [(rdf.type, f"<{pf.Evidence}>"), (dct.source, f"<{ctx.minter.iri('source', facts.key)}>")]
    if column:
        pairs.append((pf.documentPart, f"<{ctx.minter.iri('source', facts.key, iris.fingerprint(column))}>"))
    if facts.mapping.source.as_of != "unknown":
        pairs.append((pf.asOf, ntriples.partial_date(facts.mapping.source.as_of)))
    out.add(evidence_iri(ctx, facts, column), pairs)


def evidence_iri(ctx: Context, facts: ListFacts, column: str) -> str:
    """Return the IRI of a column as evidence; "" = the list as a whole."""
    components = (facts.key, iris.fingerprint(column)) if column else (facts.key,)
    return ctx.minter.iri("evidence", *components)


def texts_of(texts: Dictionary[str, str]) -> list[str]:
    """Return a text's terms, one a language."""
    return [ntriples.literal(text, language) for language, text in texts.items()]


def name_organisation(out: Described, iri: str, names: Sequence[str]) -> None:
    """Write that there is an organisation; `names` are terms."""
    out.add(iri, [(rdf.type, f"<{org.Organization}>"), *((foaf.name, name) for name in names)])
