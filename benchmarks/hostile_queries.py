"""The queries of the hostile suite: those that cost much, those that nest deep, and those that would call outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from foreign import EX

HEAD = f"PREFIX ex: <{EX}> PREFIX dct: <http://purl.org/dc/terms/> "
ENDLESS = -1
"""Rows of a result that no server can send whole."""
CSV = "text/csv"
XML = "application/sparql-results+xml"
TSV = "text/tab-separated-values"
PAGE = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True)
class Hostile:
    """A query, and what a whole answer to it would hold.

    Args:
        name: Name of the attack.
        text: The query.
        rows: Rows of a whole result; a name in the data's facts; or `ENDLESS`; None: not checked.
        accept: The Accept header.
        post: `auto`, `form` or `direct`.
        works: Whether it is legitimate and must be answered.
        source: From which address.
    """

    name: str
    text: str
    rows: int | str | None = None
    accept: str = ""
    post: str = "auto"
    works: bool = False
    source: str = "127.0.0.2"

    def expected(self, facts: Mapping[str, int]) -> int | None:
        """Return the rows of a whole result, once the data is known."""
        return facts[self.rows] if isinstance(self.rows, str) else self.rows


PRODUCT = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
COUNT_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f) }"


def bind_doubling(steps: int) -> str:
    """Return a query whose text grows by a line where its value doubles."""
    binds = " ".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(steps))
    return f'SELECT (STRLEN(?a{steps}) AS ?n) {{ BIND("0123456789abcdef" AS ?a0) {binds} }}'


def star(patterns: int) -> str:
    """Return a star of patterns about one subject."""
    return HEAD + "SELECT ?s { " + " . ".join(f"?s ex:p{i} ?o{i}" for i in range(patterns)) + " }"


def ones(length: int) -> str:
    """Return a query with an RDF list: two patterns an item, to the planner."""
    return HEAD + f"SELECT * {{ ?s ex:list ({'1 ' * length}) }}"


SORT = "SELECT * { ?s ?p ?o } ORDER BY DESC(STR(?o)) ?p ?s"
JOIN = HEAD + "SELECT (COUNT(*) AS ?n) { ?a a ex:Item . ?b a ex:Item . ?a ex:value ?v . ?b ex:value ?v }"
PATH_ANY = "SELECT (COUNT(*) AS ?n) { ?s (<x:a>|!<x:a>)* ?o }"
REGEX = (
    HEAD + 'SELECT (COUNT(*) AS ?n) { ?s dct:title ?t ; ex:code ?c FILTER(REGEX(?t, CONCAT("^(", ?c, ")+$"), "i")) }'
)
GROUP_ALL = (
    'SELECT ?s (COUNT(*) AS ?n) (GROUP_CONCAT(STR(?x); separator=" ") AS ?l) { ?s ?p ?o . ?o ?q ?x } GROUP BY ?s'
)
DISTINCT = "SELECT DISTINCT ?a ?f { ?a ?b ?c . ?d ?e ?f }"


CHAIN = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?v{i} ?p{i} ?v{i + 1}" for i in range(90)) + " }"


def costly() -> Iterator[Hostile]:
    """Yield the queries that cost much, asked one at a time."""
    values = " ".join(str(i) for i in range(1000))
    yield Hostile("product-of-2", PRODUCT, ENDLESS)
    yield Hostile("product-of-3-csv", "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", ENDLESS, CSV)
    yield Hostile("product-of-4-one-row", "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } LIMIT 1", 1)
    yield Hostile("product-of-2-counted", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }", 1)
    yield Hostile("product-of-3-counted", COUNT_PRODUCT, 1)
    yield Hostile("product-from-the-good-client", COUNT_PRODUCT, 1, source="127.0.0.1")
    yield Hostile("product-xml", PRODUCT, ENDLESS, XML)
    yield Hostile("product-tsv", PRODUCT, ENDLESS, TSV)
    yield Hostile("product-page", PRODUCT, ENDLESS, PAGE)
    yield Hostile("product-by-form", COUNT_PRODUCT, 1, post="form")
    yield Hostile("product-by-direct-post", PRODUCT, ENDLESS, post="direct")
    yield Hostile(
        "construct-product", "CONSTRUCT { ?a ?e ?f } WHERE { ?a ?b ?c . ?d ?e ?f }", accept="application/n-triples"
    )
    yield Hostile("construct-all-rdf-xml", "CONSTRUCT WHERE { ?s ?p ?o }", accept="application/rdf+xml")
    yield Hostile("construct-all-json-ld", "CONSTRUCT WHERE { ?s ?p ?o }", accept="application/ld+json")
    yield Hostile(
        "construct-blank-nodes", "CONSTRUCT { [] ?p [ ?q [] ] } WHERE { ?s ?p ?o . ?o ?q ?r }", accept="text/turtle"
    )
    yield Hostile("sort-all", SORT, "default")
    yield Hostile("sort-titles-20", HEAD + "SELECT ?t { ?s dct:title ?t } ORDER BY ?t LIMIT 20", 20)
    yield Hostile("sort-by-chance", "SELECT ?s { ?s ?p ?o } ORDER BY RAND() LIMIT 5", 5)
    yield Hostile("sort-a-product", "SELECT ?a ?f { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a LIMIT 10", 10)
    yield Hostile("distinct-all", "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o }", "default")
    yield Hostile("distinct-product", DISTINCT, ENDLESS)
    yield Hostile(
        "distinct-by-chance", "SELECT (COUNT(DISTINCT ?u) AS ?n) { ?s ?p ?o . ?t ?q ?r BIND(UUID() AS ?u) }", 1
    )
    yield Hostile("group-all", GROUP_ALL)
    yield Hostile("group-concat-all", 'SELECT (GROUP_CONCAT(STR(?o); separator="") AS ?l) { ?s ?p ?o . ?s ?q ?r }', 1)
    yield Hostile("having-product", "SELECT ?b { ?a ?b ?c . ?d ?e ?f } GROUP BY ?b HAVING (COUNT(*) < 0)", 0)
    yield Hostile("bind-doubling-26", bind_doubling(26), 1)
    yield Hostile("bind-doubling-30", bind_doubling(30), 1)
    yield Hostile("bind-doubling-36", bind_doubling(36), 1)
    grow = '"a"'
    for _ in range(12):
        grow = f'REPLACE({grow}, "a", "aaaaaaaaaa")'
    yield Hostile("replace-growth", f"SELECT (STRLEN({grow}) AS ?n) {{}}", 1)
    yield Hostile("regex-computed-per-row", REGEX, 1)
    yield Hostile(
        "regex-huge-repeat",
        HEAD + 'SELECT ?t { ?s dct:title ?t FILTER(REGEX(?t, "((((a{1,99}){1,99}){1,99}){1,99})$")) }',
    )
    yield Hostile("regex-backtracking", f'SELECT (REGEX("{"a" * 5000}!", "^(a+)+$") AS ?x) {{}}', 1)
    yield Hostile(
        "hash-product",
        "SELECT (COUNT(DISTINCT ?h) AS ?n) { ?a ?b ?c . ?d ?e ?f BIND(SHA512(CONCAT(STR(?a), STR(?f))) AS ?h) }",
        1,
    )
    yield Hostile(
        "text-product", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(CONTAINS(STR(?c), STR(?f))) }", 1
    )
    yield Hostile("path-any-star", PATH_ANY, 1)
    yield Hostile("path-next-star", HEAD + "SELECT (COUNT(*) AS ?n) { ?s ex:next* ?o }", 1)
    yield Hostile("path-up-and-down", HEAD + "SELECT (COUNT(*) AS ?n) { ?s (ex:next|^ex:next)+ ?o }", 1)
    yield Hostile("path-inverse-chain", HEAD + "SELECT (COUNT(*) AS ?n) { ?s " + "/".join(["^a/a"] * 12) + " ?o }", 1)
    yield Hostile("path-zero-length", "SELECT (COUNT(*) AS ?n) { ?s <x:a>* ?o . ?o <x:b>? ?z . ?y <x:c>* ?s }", 1)
    yield Hostile("path-negated", "SELECT (COUNT(*) AS ?n) { ?s !(<x:a>|^<x:b>)/!(<x:a>|^<x:b>)/!<x:a> ?o }", 1)
    yield Hostile(
        "subselect-product",
        "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?a ?b ?c } } { SELECT ?d { ?d ?e ?f } } { SELECT ?g { ?g ?h ?i } } }",
        1,
    )
    optional = " ".join(f"OPTIONAL {{ ?x{i} ex:next ?x{i + 1} . ?y{i} ex:value ?v }}" for i in range(8))
    yield Hostile("optional-chain", HEAD + f"SELECT (COUNT(*) AS ?n) {{ ?x0 ex:value ?v {optional} }}", 1)
    yield Hostile(
        "optional-first",
        HEAD + 'SELECT * { OPTIONAL { ?s dct:title ?t } OPTIONAL { ?s ex:next ?o } ?s ex:code "X-00000001" }',
        1,
    )
    yield Hostile("minus-product", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c MINUS { ?a ?x ?y . ?d ?e ?f } }", 1)
    yield Hostile(
        "not-exists-join",
        HEAD + "SELECT (COUNT(*) AS ?n) { ?a a ex:Item FILTER NOT EXISTS { ?a ex:next/ex:next ?x . ?y ex:value ?x } }",
        1,
    )
    yield Hostile(
        "exists-in-exists",
        HEAD
        + "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER EXISTS { ?d ex:value ?e "
        + "FILTER EXISTS { ?f ex:value ?e FILTER NOT EXISTS { ?f ?g ?a } } } }",
        1,
    )
    yield Hostile(
        "values-product",
        "SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?{name} {{ {values} }}" for name in "abcd") + " }",
        1,
    )
    yield Hostile("join-on-a-common-value", JOIN, 1)
    yield Hostile(
        "union-of-all", "SELECT (COUNT(*) AS ?n) { ?x ?y ?z . " + " UNION ".join(["{ ?a ?b ?c }"] * 40) + " }", 1
    )
    yield Hostile("describe-all", HEAD + "DESCRIBE ?s { ?s a ex:Item }", accept="text/turtle")
    yield Hostile("huge-offset", "SELECT * { ?a ?b ?c . ?d ?e ?f } OFFSET 4000000000 LIMIT 1", 1)
    yield Hostile(
        "all-graphs-product",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?j ?k ?l } }",
        1,
    )


def leaving() -> Iterator[Hostile]:
    """Yield one query of every costly kind, for clients that leave before the answer."""
    yield Hostile("sort", SORT)
    yield Hostile("product", COUNT_PRODUCT)
    yield Hostile("product-streamed", PRODUCT, accept=CSV)
    yield Hostile("join", JOIN)
    yield Hostile("planning-of-a-star", star(128))
    yield Hostile("planning-of-a-list", ones(100))
    yield Hostile("planning-of-a-chain", CHAIN)
    yield Hostile("bind-growth", bind_doubling(34))
    yield Hostile("path", PATH_ANY)
    yield Hostile("regex", REGEX)
    yield Hostile("group", GROUP_ALL)
    yield Hostile("distinct", DISTINCT)


def nested() -> Iterator[Hostile]:
    """Yield queries that are deep or long; those that are legitimate must work."""
    for depth in (500, 2200, 30_000):
        yield Hostile(f"braces-{depth}", "SELECT * " + "{" * depth + "}" * depth)
    yield Hostile("not-exists-835", "ASK { " + "FILTER NOT EXISTS { " * 835 + "?s ?p ?o" + " }" * 836)
    yield Hostile("not-exists-2500", "ASK { " + "FILTER NOT EXISTS{" * 2500 + "?s ?p ?o" + "}" * 2501)
    for depth in (952, 6500):
        yield Hostile(f"concat-{depth}", "SELECT (" + "CONCAT(" * depth + '"a"' + ")" * depth + " AS ?x) {}")
    yield Hostile("parentheses-25000", "SELECT (" + "(" * 25_000 + "1" + ")" * 25_000 + " AS ?x) {}")
    yield Hostile("unions-6575", "ASK { " + "{}UNION" * 6575 + "{} }")
    yield Hostile("nested-unions-3000", "ASK { " + "{{}UNION" * 3000 + "{}" + "}" * 3000 + " }")
    yield Hostile("or-9387", "ASK { FILTER(" + "1||" * 9387 + "1) }")
    yield Hostile("and-9387", "ASK { FILTER(" + "1&&" * 9387 + "1) }")
    yield Hostile("not-60000", "ASK { FILTER(" + "!" * 60_000 + "1) }")
    yield Hostile("minus-signs-30000", "SELECT (" + "- " * 30_000 + "1 AS ?x) {}")
    yield Hostile("sum-of-30000", "SELECT (" + "1+" * 30_000 + "1 AS ?x) {}")
    yield Hostile("if-4000", "SELECT (" + "IF(1,1," * 4000 + "1" + ")" * 4000 + " AS ?x) {}")
    yield Hostile("blank-node-brackets-8000", "ASK { " + "[<x:p> " * 8000 + "[]" + "]" * 8000 + " }")
    yield Hostile("lists-in-lists-30000", "ASK { ?s ?p " + "(" * 30_000 + ")" * 30_000 + " }")
    yield Hostile("list-of-256-ones", ones(256))
    yield Hostile("list-of-10000-ones", ones(10_000))
    yield Hostile("property-list-6000", "ASK { ?s <x:p> 1" + ";<x:p> 1" * 6000 + " }")
    yield Hostile("object-list-20000", "ASK { ?s <x:p> 1" + ",1" * 20_000 + " }")
    yield Hostile("path-alternatives-8000", "ASK { ?s " + "|".join(["<x:p>"] * 8000) + " ?o }")
    yield Hostile("path-sequence-8000", "ASK { ?s " + "/".join(["<x:p>"] * 8000) + " ?o }")
    yield Hostile("path-stars-15000", "ASK { ?s " + "(" * 15_000 + "<x:p>" + ")*" * 15_000 + " ?o }")
    for patterns in (64, 128, 300):
        yield Hostile(f"star-of-{patterns}", star(patterns))
    yield Hostile("chain-of-90", CHAIN, 1)
    yield Hostile(
        "optionals-256",
        HEAD
        + "SELECT ?s { ?s a ex:Item "
        + " ".join(f"OPTIONAL {{ ?s ex:p{i} ?o{i} }}" for i in range(256))
        + " } LIMIT 1",
    )
    yield Hostile("optionals-in-optionals-2000", "ASK { " + "OPTIONAL{ ?s ?p ?o " * 2000 + "}" * 2000 + " }")
    yield Hostile("subselects-2000", "SELECT * { " + "{SELECT * {" * 2000 + "?s ?p ?o" + "}}" * 2000 + " } LIMIT 1")
    yield Hostile("graphs-5000", "ASK { " + "GRAPH ?g{" * 5000 + "}" * 5000 + " }")
    yield Hostile("quoted-triples-4000", "ASK { " + "<<" * 4000 + " ?s ?p ?o " + ">> ?p ?o " * 3999 + ">> ?p ?o }")
    yield Hostile(
        "in-list-of-10000",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o IN (" + ",".join(str(i) for i in range(10_000)) + ")) }",
    )
    yield Hostile("order-keys-3000", "SELECT * { ?s ?p ?o } ORDER BY " + "?s ?p ?o " * 3000 + "LIMIT 1")
    yield Hostile(
        "group-keys-3000", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY " + " ".join(f"?v{i}" for i in range(3000))
    )
    yield Hostile("columns-3000", "SELECT " + " ".join(f"(1 AS ?v{i})" for i in range(3000)) + " {}")
    yield Hostile("binds-2000", "SELECT * { " + " ".join(f"BIND(1 AS ?v{i})" for i in range(2000)) + " }")
    yield Hostile("template-of-5000", "CONSTRUCT { " + "?s ?p ?o." * 5000 + " } WHERE { ?s ?p ?o } LIMIT 10")
    yield Hostile("describe-5000", "DESCRIBE " + "<x:a>" * 5000)
    yield Hostile("prefixes-3000", "".join(f"PREFIX p{i}: <x:> " for i in range(3000)) + "ASK {}")
    yield Hostile("literal-of-1-mb", 'SELECT ("' + "x" * 1_000_000 + '" AS ?x) {}', post="direct")
    yield Hostile("never-closed-string", 'SELECT ("' + "x'" * 30_000)
    yield Hostile("never-closed-braces", "SELECT * " + "{" * 60_000)
    yield Hostile("escapes-only", "\\u0041" * 10_000)
    five_thousand = " ".join(f"i:{5 * i + 1}" for i in range(5000))
    yield Hostile(
        "values-of-5000-works",
        f"PREFIX i: <{EX}item/> SELECT ?s ?c {{ VALUES ?s {{ {five_thousand} }} ?s <{EX}code> ?c }}",
        "values",
        CSV,
        works=True,
    )
    yield Hostile(
        "values-of-5000-works-by-direct-post",
        f"PREFIX i: <{EX}item/> SELECT ?s ?c {{ VALUES ?s {{ {five_thousand} }} ?s <{EX}code> ?c }}",
        "values",
        post="direct",
        works=True,
    )
    yield Hostile("comment-of-60-kb-works", "ASK {} #" + "x" * 60_000, works=True)
    yield Hostile("literal-of-60-kb-works", 'SELECT ("' + "ä" * 30_000 + '" AS ?x) {}', 1, works=True)
    yield Hostile("prefixed-name-of-60-kb-works", "PREFIX e: <x:> ASK { e:" + "n" * 60_000 + " ?p ?o }", works=True)
    yield Hostile(
        "portfolio-page-works",
        HEAD + "SELECT ?s ?t ?v { ?s a ex:Item ; ex:value ?v . OPTIONAL { ?s dct:title ?t } FILTER(?v > 5) } LIMIT 200",
        200,
        works=True,
    )


def calling(port: int, port6: int) -> Iterator[tuple[str, str]]:
    """Yield queries that would call another server: name and text.

    Args:
        port: The canary's at 127.0.0.1.
        port6: The canary's at [::1].
    """
    inner = "{ ?s ?p ?o }"
    hosts = {
        "plain": f"127.0.0.1:{port}",
        "name": f"localhost:{port}",
        "decimal": f"2130706433:{port}",
        "hexadecimal": f"0x7f000001:{port}",
        "octal": f"0177.0.0.1:{port}",
        "short": f"127.1:{port}",
        "zero": f"0.0.0.0:{port}",
        "ipv6": f"[::1]:{port6}",
        "mapped-ipv6": f"[::ffff:127.0.0.1]:{port}",
        "user": f"example.org@127.0.0.1:{port}",
        "percent": f"%6c%6f%63%61%6c%68%6f%73%74:{port}",
    }
    for name, host in hosts.items():
        yield f"service-{name}", f"SELECT * {{ SERVICE <http://{host}/> {inner} }}"
    url = f"http://127.0.0.1:{port}/"
    yield "service-silent", f"SELECT * {{ SERVICE SILENT <{url}> {inner} }}"
    yield "service-small-letters", f"SELECT * {{ sErViCe<{url}>{inner} }}"
    yield "service-https", f"SELECT * {{ SERVICE <https://127.0.0.1:{port}/> {inner} }}"
    yield "service-prefixed", f"PREFIX c: <{url}> SELECT * {{ SERVICE c:x {inner} }}"
    yield "service-glued-to-a-prefix", f"PREFIX : <{url}> SELECT * {{ SERVICE:x{inner} }}"
    yield "service-base", f"BASE <{url}> SELECT * {{ SERVICE <x> {inner} }}"
    yield "service-variable", f"SELECT * {{ VALUES ?e {{ <{url}> }} SERVICE ?e {inner} }}"
    yield (
        "service-computed",
        f'SELECT * {{ BIND(IRI(CONCAT("http://127.0.0.1:", "{port}/")) AS ?e) SERVICE SILENT ?e {inner} }}',
    )
    yield "service-escaped-keyword", f"SELECT * {{ \\u0053ERVICE <{url}> {inner} }}"
    yield (
        "service-escaped-address",
        f"SELECT * {{ SERVICE <http://\\u0031\\u0032\\u0037.0.0.1:{port}/> {inner} }}",
    )
    yield "service-after-a-comment", f"SELECT * {{ # '\r SERVICE <{url}> {inner} }}"
    yield (
        "service-behind-a-quotation-trick",
        f"SELECT * {{ FILTER(1<'>' && 1>'2') SERVICE <{url}> {inner} # ' }}\n }}",
    )
    yield "service-in-a-subquery", f"SELECT * {{ {{ SELECT * {{ SERVICE <{url}> {inner} }} }} }}"
    yield "service-in-optional", f"SELECT * {{ OPTIONAL {{ SERVICE <{url}> {inner} }} }}"
    yield "service-in-exists", f"ASK {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{url}> {inner} }} }}"
    yield "service-in-construct", f"CONSTRUCT {inner} WHERE {{ SERVICE SILENT <{url}> {inner} }}"
    yield "service-file", f"SELECT * {{ SERVICE SILENT <file:///etc/passwd> {inner} }}"


def harmless_words(port: int) -> Iterator[tuple[str, str]]:
    """Yield queries that only name what would be refused; they are legitimate and must work."""
    yield "service-in-a-string-works", f'SELECT ("SERVICE <http://127.0.0.1:{port}/> {{ }}" AS ?x) {{}}'
    yield "service-in-a-comment-works", f"SELECT (1 AS ?x) {{}} # SERVICE <http://127.0.0.1:{port}/> {{ }}"
    yield "service-in-an-iri-works", f"SELECT (<http://127.0.0.1:{port}/SERVICE> AS ?x) {{}}"


def updates(port: int) -> dict[str, str]:
    """Return updates by name.

    Args:
        port: The canary's at 127.0.0.1.
    """
    return {
        "insert-data": "INSERT DATA { <x:a> <x:b> <x:c> }",
        "insert-where": "INSERT { ?s <x:hacked> true } WHERE { ?s ?p ?o }",
        "delete-where": "DELETE WHERE { ?s ?p ?o }",
        "delete-data": f"DELETE DATA {{ <{EX}item/1> a <{EX}Item> }}",
        "with": f"WITH <{EX}graph/one> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
        "clear-all": "CLEAR ALL",
        "drop-all": "DROP SILENT ALL",
        "create": "CREATE GRAPH <x:g>",
        "copy": f"COPY DEFAULT TO <{EX}graph/one>",
        "move": f"MOVE <{EX}graph/one> TO <x:g>",
        "add": f"ADD <{EX}graph/one> TO DEFAULT",
        "load": f"LOAD <http://127.0.0.1:{port}/>",
        "load-silent-file": "LOAD SILENT <file:///etc/passwd> INTO GRAPH <x:g>",
        "after-a-comment": "# SELECT * { ?s ?p ?o }\nINSERT DATA { <x:a> <x:b> <x:c> }",
        "after-prefixes": "BASE <x:> PREFIX a: <x:> # SELECT\n INSERT DATA { a:a a:b a:c }",
        "escaped": "\\u0049NSERT DATA { <x:a> <x:b> <x:c> }",
        "after-a-query": "SELECT * { ?s ?p ?o } ; INSERT DATA { <x:a> <x:b> <x:c> }",
        "after-an-update": "INSERT DATA { <x:a> <x:b> <x:c> } ; DROP ALL",
    }
