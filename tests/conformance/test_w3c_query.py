"""The W3C's query tests against our own query path: the text's examination, then a worker, then its bytes.

SPARQL 1.1 and 1.0, by their manifests: evaluation, result formats, syntax. The tests
themselves are fetched (`fetch.py`); what is known to fail stands with its reason in
`known_failures.toml`, and a test listed there that passes is a failure too.

Not among them are tests of inference, which this service does not offer. Calls of other
services, and updates, are refused by design: their tests must be refused.

A column stands where the query names its variable first, also under `SELECT *`: so do
the W3C's CSV and TSV files. (Some of its XML files have another order, even against an explicit
`SELECT`; there only the names are compared.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import w3c_results
import w3c_suite
from w3c_suite import Case

from publisher import errors, formats, sparql_text, stores
from publisher.config import Settings
from publisher.formats import Format
from publisher.workers.client import Client
from publisher.workers.service import Service, start

pytestmark = pytest.mark.slow

EVALUATION = ("QueryEvaluationTest", "CSVResultFormatTest")
POSITIVE = ("PositiveSyntaxTest", "PositiveSyntaxTest11")
NEGATIVE = ("NegativeSyntaxTest", "NegativeSyntaxTest11")
RUN = 716
"""How many tests there are to run, without refusals."""
REFUSALS = (errors.QueryError, errors.QuerySyntaxError, errors.QueryRefusedError)
FORMS = {form.suffix: form for form in formats.RESULTS}


class QueryPath:
    """Our query path, with a store for each of the tests' datasets."""

    def __init__(self, releases: Path, service: Service) -> None:
        self.releases = releases
        self.settings = service.settings
        self.client: Client = service.client()
        self.stores: dict[tuple[tuple[Path, str], ...], Path] = {}

    def ask(self, store: Path, text: str, results: Format) -> tuple[str, bytes]:
        """Ask as a visitor's request does; return kind and bytes of the answer. Only this knows the query path."""
        text = sparql_text.unescaped(text)
        query = sparql_text.examine(text, sparql_text.TextLimits.of(self.settings))
        with self.client.query(store, text, results=results, fresh=query.volatile) as answer:
            answer.await_end()
            return answer.kind, answer.read()

    def store(self, files: tuple[tuple[Path, str], ...], case: Case) -> Path:
        """Return the store of a dataset, made once."""
        if files not in self.stores:
            folder = self.releases / f"release-{len(self.stores)}"
            folder.mkdir()
            w3c_suite.write(files, case, folder / "portfolio.nq")
            stores.load(folder / "store", folder / "portfolio.nq", formats.N_QUADS)
            self.stores[files] = folder / "store"
        return self.stores[files]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueryPath]:
    releases = tmp_path_factory.mktemp("releases")
    with start(Settings(), releases) as service:
        yield QueryPath(releases, service)


def params(found: Iterable[Case]) -> list[object]:
    """Make a parameter of each test: skipped where the tests are absent, marked where it is known to fail."""
    made = [pytest.param(case, id=case.name, marks=w3c_suite.mark(case.name)) for case in found]
    return [*made] or [pytest.param(None, id="absent", marks=pytest.mark.skip(reason=w3c_suite.RECIPE))]


def of_kind(*kinds: str) -> Iterator[Case]:
    """Yield the tests of these classes that are queries for this service."""
    for case in w3c_suite.cases():
        left_out = (w3c_suite.ENTAILMENT, *w3c_suite.FEDERATED)
        if case.kind in kinds and case.folder not in left_out and not case.withdrawn and not is_update(case):
            yield case


@contextmanager
def refusals_are_failures() -> Iterator[None]:
    """Make a query that was not answered a failure of its test; a service that is busy or crashes stays an error."""
    try:
        yield
    except errors.QueryError as error:
        if type(error) not in REFUSALS:
            raise
        raise AssertionError(f"{error.code}: {error}") from error


def is_update(case: Case) -> bool:
    return case.query is not None and case.query.suffix == ".ru"


@pytest.mark.parametrize("case", params(of_kind(*EVALUATION)))
def test_a_query_has_the_result_that_the_w3c_expects(path: QueryPath, case: Case) -> None:
    assert case.result is not None
    form = FORMS.get(case.result.suffix, formats.RESULTS_JSON)
    store = path.store(case.dataset(), case)
    with refusals_are_failures():
        kind, data = path.ask(store, case.text, form)
    actual = w3c_results.read(data, formats.TURTLE.suffix if kind == "graph" else form.suffix, case.base)
    expected = w3c_results.read(case.result.read_bytes(), case.result.suffix, case.iri(case.result))
    ordered = case.ordered and case.name not in w3c_suite.known().order_open
    found = w3c_results.differences(actual, expected, ordered=ordered, lax=case.lax)
    assert not found, found
    if isinstance(actual, w3c_results.Solutions) and isinstance(expected, w3c_results.Solutions):
        assert actual.variables == case.columns(actual.variables)
        if form in (formats.RESULTS_CSV, formats.RESULTS_TSV):
            assert actual.variables == expected.variables


@pytest.mark.parametrize("case", params(of_kind(*POSITIVE)))
def test_what_is_a_query_is_taken(path: QueryPath, case: Case) -> None:
    with refusals_are_failures():
        path.ask(path.store((), case), case.text, formats.RESULTS_JSON)


@pytest.mark.parametrize("case", params(of_kind(*NEGATIVE)))
def test_what_is_no_query_is_a_syntax_error(path: QueryPath, case: Case) -> None:
    found = None
    try:
        path.ask(path.store((), case), case.text, formats.RESULTS_JSON)
    except errors.QuerySyntaxError as error:
        found = error
    assert found


@pytest.mark.parametrize("case", params(case for case in w3c_suite.cases() if case.folder in w3c_suite.FEDERATED))
def test_a_call_of_another_service_is_refused(path: QueryPath, case: Case) -> None:
    with pytest.raises(errors.QueryRefusedError, match="SERVICE would ask another server"):
        path.ask(path.store((), case), case.text, formats.RESULTS_JSON)


@pytest.mark.parametrize("case", params(case for case in w3c_suite.cases() if is_update(case)))
def test_an_update_is_refused(path: QueryPath, case: Case) -> None:
    with pytest.raises((errors.QueryRefusedError, errors.QuerySyntaxError)):
        path.ask(path.store((), case), case.text, formats.RESULTS_JSON)


def test_every_listed_failure_is_a_test_that_is_run() -> None:
    if not w3c_suite.cases():
        pytest.skip(w3c_suite.RECIPE)
    run = {case.name for case in of_kind(*EVALUATION, *POSITIVE, *NEGATIVE)}
    assert len(run) == RUN, "a manifest was not read, or these are other tests than `fetch.py` fetches"
    listed = w3c_suite.known()
    protocol = {case.name for case in w3c_suite.cases() if case.kind == "ProtocolTest"}
    assert {*listed.failures, *listed.order_open} <= run | protocol
