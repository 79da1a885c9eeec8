"""Random input to negotiation, the tokenizer, `/sparql` and all other addresses: nothing fails but as it says.

What must hold is told in `benchmarks/fuzz.py`, which feeds a million inputs; here hypothesis looks for the shortest.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import fuzz
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.formats import GRAPHS, HTML, RESULTS
from publisher.manifest import Release
from publisher.web.negotiation import negotiate


def examples(count: int) -> settings:
    """So many inputs; no time is asked of one, for the machine may be busy."""
    return settings(max_examples=count, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def application(osallisuus: Release) -> fuzz.Application:
    return fuzz.application(osallisuus.path.parent)


@pytest.fixture(scope="module")
def engine() -> Iterator[fuzz.Engine]:
    started = fuzz.Engine()
    yield started
    started.close()


# --- strategies

LATIN = st.characters(max_codepoint=255, exclude_characters="\0\r\n")
PARAMETER = st.sampled_from(["charset=utf-8", 'charset="UTF-8"', "profile=x", 'profile="a,b;q=0"', "level=1", "ext"])
QUALITY = st.one_of(
    st.sampled_from(["0", "1", ".5", "1.", "2", "-1", "abc", "", "nan", "1e3"]),
    st.floats(0, 1).map(lambda q: f"{q:.3f}"),
)
NAMES = [form.media_type for form in (*RESULTS, *GRAPHS, HTML)]
RANGE = st.one_of(
    st.sampled_from([*NAMES, "*/*", "*", "text/*", "application/*", "application/json", "TEXT/Turtle"]),
    st.from_regex(r"[a-z0-9+.*-]{1,8}/[a-z0-9+.*-]{1,8}", fullmatch=True),
)


@st.composite
def accepts(draw: st.DrawFn) -> str:
    """Draw a well-formed `Accept` header."""
    elements = []
    for _ in range(draw(st.integers(1, 4))):
        parts = [draw(RANGE), *draw(st.lists(PARAMETER, max_size=2))]
        if draw(st.booleans()):
            parts.append("q=" + draw(QUALITY))
        elements.append(draw(st.sampled_from([";", "; "])).join(parts))
    return draw(st.sampled_from([",", ", "])).join(elements)


PIECES = st.one_of(st.sampled_from(fuzz.PIECES), st.sampled_from(fuzz.SHORT), st.text(max_size=3))
SOUPS = st.builds(
    lambda space, pieces: space.join(pieces), st.sampled_from(["", " ", "\n"]), st.lists(PIECES, max_size=25)
)
CLOSE = st.builds(
    lambda term, between, call, after: f"PREFIX a:<a:b>PREFIX :<a:c>ASK{{?s ?p {term}{between}{call}{after}}}",
    *map(st.sampled_from, (fuzz.TERMS, fuzz.BETWEEN, fuzz.CALLS, fuzz.BETWEEN)),
)
MADE = st.integers(0, 2**64).map(lambda seed: fuzz.make_query(Random(seed)))
QUERIES = st.one_of(st.text(max_size=60), SOUPS, CLOSE, MADE)

HEADERS = st.lists(
    st.one_of(
        st.tuples(st.just("Accept"), st.one_of(accepts(), st.text(LATIN, max_size=30))),
        st.sampled_from(sorted(fuzz.HEADERS)).flatmap(
            lambda name: st.tuples(
                st.just(name), st.one_of(st.sampled_from(fuzz.HEADERS[name]), st.text(LATIN, max_size=12))
            )
        ),
        st.tuples(st.just("Content-Type"), st.one_of(st.sampled_from(fuzz.CONTENT), st.text(LATIN, max_size=30))),
    ),
    max_size=4,
).map(fuzz.sendable)
METHODS = st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "X"])
PAIRS = st.integers(0, 2**64).map(lambda seed: fuzz.make_pairs(Random(seed)))
LINE = st.one_of(PAIRS, st.binary(max_size=40)).map(fuzz.in_a_line)
BODY = st.one_of(PAIRS, st.binary(max_size=60), QUERIES.map(lambda text: text.encode("utf-8", "surrogatepass")))


# --- what must hold


@examples(200)  # #
@given(st.one_of(st.text(max_size=60), st.text(alphabet='text/urle*;,q=0.1" \\', max_size=60), accepts()))
def test_any_accept_header_is_answered(accept: str) -> None:
    fuzz.check_accept(accept)


@examples(200)
@given(accepts(), accepts())
def test_two_lines_of_accept_are_both_and_once_is_as_good_as_twice(one: str, two: str) -> None:
    fuzz.check_accepts(one, two)


@pytest.mark.parametrize("formats", fuzz.LISTS)
def test_no_header_asks_for_the_first_format(formats: Any) -> None:
    assert negotiate(None, formats) is negotiate("", formats) is formats[0]


@examples(700)
@given(text=QUERIES)
def test_any_text_is_examined_and_no_call_of_a_service_passes(engine: fuzz.Engine, text: str) -> None:
    fuzz.check_query(text, engine)


@examples(400)
@given(method=METHODS, query=LINE, headers=HEADERS, body=BODY)
def test_any_request_for_a_query_is_answered(
    application: fuzz.Application, method: str, query: bytes, headers: Any, body: bytes
) -> None:
    fuzz.check_request(fuzz.Request(method, b"/sparql", query, headers, body), application)


@examples(200)
@given(
    seed=st.integers(0, 2**64),
    headers=HEADERS,
    query=st.one_of(st.just(b""), st.binary(max_size=12)).map(fuzz.in_a_line),
)
def test_any_address_is_answered(application: fuzz.Application, seed: int, headers: Any, query: bytes) -> None:
    made = fuzz.Paths(application).make(Random(seed))
    fuzz.check_request(made._replace(headers=headers, query=query), application)


@examples(300)
@given(
    path=st.one_of(st.binary(max_size=30), st.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_any_path_is_answered(application: fuzz.Application, path: bytes) -> None:
    fuzz.check_request(fuzz.Request("GET", b"/" + path), application)


@pytest.mark.slow
def test_inputs_as_the_command_makes_them(application: fuzz.Application, engine: fuzz.Engine) -> None:
    seed = Random().randrange(10**9)
    tally = fuzz.Fuzzer(seed, application, engine).run(range(3000))
    assert sum(tally.outcomes.values()) == 3000
    for _, failure in tally.faults():
        pytest.fail(f"benchmarks/fuzz.py --seed {seed} --only {failure.number}\n{failure.input}\n{failure.reason}")


# --- the checks themselves can fail


def test_the_engine_tells_calls_from_names(engine: fuzz.Engine) -> None:
    call = f"ASK {{ SERVICE {fuzz.SERVICE} {{}} }}"
    assert engine.reads(call) is not None
    assert engine.reads(fuzz.without_service(call)) is None
    for harmless in (
        "ASK { ?service ?p 'SERVICE' } # service",
        "PREFIX service: <a:SERVICE> ASK { service:x ?p service: }",
    ):
        assert engine.reads(harmless) == engine.reads(fuzz.without_service(harmless)) == fuzz.Reading("ask")
    assert engine.reads("SELECT * { ?b ?a 1 }") == fuzz.Reading("select", ("a", "b"))


def test_an_answer_that_breaks_a_promise_is_found(application: fuzz.Application) -> None:
    assert fuzz.check_request(fuzz.Request("GET", b"/sparql", b"query=ASK%7B%7D"), application) == "503"
    app = Flask("broken")

    @app.get("/")
    def home() -> str:
        raise KeyError

    with pytest.raises(fuzz.BrokenError, match="status 500"):
        fuzz.check_request(fuzz.Request("GET", b"/"), fuzz.Application(app))


def test_an_input_can_be_had_again(application: fuzz.Application) -> None:
    one, again, other = (fuzz.Inputs(seed, application) for seed in (1, 1, 2))
    made = [one.input(number) for number in range(200)]
    assert made == [again.input(number) for number in range(200)]
    assert made != [other.input(number) for number in range(200)]
    assert {kind for kind, _ in made} == {"negotiation", "tokenizer", "/sparql", "addresses"}
