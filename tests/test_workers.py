"""Real processes and real sockets: what a query may do, and what becomes of one that does more."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest

from publisher import errors, formats, stores
from publisher.config import Settings
from publisher.workers import client as asking
from publisher.workers import protocol
from publisher.workers.client import Client
from publisher.workers.protocol import ClientGoneError
from publisher.workers.service import Service, start

PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c != ?f && ?i != ?l) }"
TITLE = "Nevo tiija – čáhci 日本 😀"


def make_store(folder: Path, title: str = TITLE) -> Path:
    lines = [f'<http://x/p{i}> <http://x/number> "{i}" .\n' for i in range(3000)]
    lines += [f'<http://x/s> <http://x/title> "{title}"@fi .\n', "<http://x/s> <http://x/é> <http://x/o> .\n"]
    folder.mkdir(parents=True)
    master = folder / "portfolio.nt"
    master.write_text("".join(sorted(lines)), encoding="utf-8")
    stores.load(folder / "store", master, formats.N_TRIPLES)
    return folder / "store"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases")
    make_store(folder / "one")
    return folder


@pytest.fixture(scope="module")
def store(releases: Path) -> Path:
    return releases / "one" / "store"


def settings(**values: object) -> Settings:
    return Settings(**{"query_timeout_s": 30.0, "query_memory_mb": 400, "cache_mb": 0, **values})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def service(releases: Path) -> Iterator[Service]:
    with start(settings(query_timeout_s=60.0), releases) as made:
        yield made


@pytest.fixture(scope="module")
def client(service: Service) -> Client:
    return service.client()


def ask(service_client: Client, store: Path, text: str, **how: object) -> tuple[str, bytes]:
    with service_client.query(store, text, **how) as answer:  # type: ignore[arg-type]
        body = b"".join(answer)
        assert answer.whole
        return answer.kind, body


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until(condition: object, seconds: float = 10.0) -> bool:
    """Tell whether the condition comes, well before the deadlines of the queries here would bring it about."""
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def test_solutions_keep_every_character(client: Client, store: Path) -> None:
    text = "SELECT ?t { <http://x/s> <http://x/title> ?t FILTER(CONTAINS(?t, '😀')) }"
    kind, result = ask(client, store, text)
    assert kind == "results"
    assert json.loads(result)["results"]["bindings"][0]["t"] == {"type": "literal", "value": TITLE, "xml:lang": "fi"}


@pytest.mark.parametrize("form", formats.RESULTS)
def test_every_result_format(client: Client, store: Path, form: formats.Format) -> None:
    _, result = ask(client, store, "SELECT ?s { ?s <http://x/title> ?t }", results=form)
    parse = {formats.RESULTS_CSV: lambda: result == b"s\r\nhttp://x/s\r\n"}
    parsed = parse.get(form, lambda: [row["s"].value for row in ox.parse_query_results(result, form.results())])()
    assert parsed in (True, ["http://x/s"])


@pytest.mark.parametrize("form", formats.GRAPHS)
@pytest.mark.parametrize(
    "text", ["DESCRIBE <http://x/s>", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?s = <http://x/s>) }"]
)
def test_every_graph_format(client: Client, store: Path, form: formats.Format, text: str) -> None:
    kind, result = ask(client, store, text, graph=form)
    assert kind == "graph"
    assert {quad.predicate.value for quad in ox.parse(result, format=form.rdf())} == {"http://x/title", "http://x/é"}


def test_ask(client: Client, store: Path) -> None:
    assert ask(client, store, "ASK {}") == ("boolean", b'{"head":{},"boolean":true}')
    with pytest.raises(errors.QueryRefusedError, match="no CSV form"):
        ask(client, store, "ASK {}", results=formats.RESULTS_CSV)


def test_a_large_result_comes_whole(client: Client, store: Path) -> None:
    text = "SELECT ?a ?b { ?a <http://x/number> ?n . ?b <http://x/title> ?t . ?c ?d ?e } LIMIT 120000"
    _, result = ask(client, store, text, results=formats.RESULTS_CSV)
    assert result.count(b"\r\n") == 120_001
    assert len(result) > 2_000_000


def test_a_syntax_error_has_its_place(client: Client, store: Path) -> None:
    with pytest.raises(errors.QuerySyntaxError, match=r"^line 2, column \d+: "):
        ask(client, store, "SELECT *\nWHERE { ?s ?p }")


def test_a_syntax_error_is_worded_for_people(client: Client, store: Path) -> None:
    with pytest.raises(errors.QuerySyntaxError, match=r"^line 1, column \d+: Prefix not found$"):
        ask(client, store, "SELECT * { ?s no:prefix ?o }")
    with pytest.raises(errors.QuerySyntaxError, match=r"expected one of .*, a letter or digit, white space$"):
        ask(client, store, "SELECT * { ?s ")


def test_an_update_is_no_query(client: Client, store: Path) -> None:
    with pytest.raises(errors.QuerySyntaxError):
        ask(client, store, "INSERT DATA { <http://x/a> <http://x/b> 1 }")


def test_an_unknown_function_is_an_error_of_each_row(client: Client, store: Path) -> None:
    text = "SELECT (<http://x/f>(1) AS ?x) (COALESCE(<http://x/g>(2), 3) AS ?y) { VALUES ?z { 1 2 } }"
    assert ask(client, store, text, results=formats.RESULTS_CSV)[1] == b"x,y\r\n,3\r\n,3\r\n"
    assert ask(client, store, "SELECT * { ?s ?p ?o FILTER(<http://x/f>(?o)) }", results=formats.RESULTS_CSV)[1] == (
        b"s,p,o\r\n"
    )


def test_columns_come_in_the_order_of_the_query(client: Client, store: Path) -> None:
    text = "SELECT DISTINCT * { ?z <http://x/title> ?a . OPTIONAL { ?z <http://x/é> ?m } FILTER(?a != ?none || true) }"
    assert ask(client, store, text, results=formats.RESULTS_CSV)[1].startswith(b"z,a,m\r\n")


@pytest.mark.parametrize("form", formats.RESULTS)
def test_rows_are_counted(client: Client, store: Path, form: formats.Format) -> None:
    texts = {
        'SELECT * { VALUES (?a ?b) { ("},{" 1) ("<result>" "x") ("\\n\\t, \\"" UNDEF) ("[{\\"" "},{") } }': 4,
        "SELECT ?a { VALUES ?a { UNDEF UNDEF 1 } }": 3,
        "SELECT * {}": 1,
        "SELECT * { ?s <http://x/none> ?o }": 0,
        "SELECT * { ?s <http://x/number> ?o }": 3000,
    }
    for text, rows in texts.items():
        with client.query(store, text, results=form) as answer:
            answer.await_end()
            assert answer.rows == rows, text
    with client.query(store, "CONSTRUCT WHERE { ?s <http://x/number> ?o }") as answer:
        answer.await_end()
        assert answer.rows == 3000


def test_dataset_parameters(client: Client, store: Path) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    _, result = ask(client, store, count, results=formats.RESULTS_CSV, default_graphs=["http://x/none"])
    assert result == b"n\r\n0\r\n"


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_service_reaches_nothing_even_unchecked(client: Client, store: Path, silent: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.3)
        text = f"SELECT * {{ SERVICE {silent} <http://127.0.0.1:{canary.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        try:
            ask(client, store, text)
        except errors.QueryError:
            assert not silent
        with pytest.raises(TimeoutError):
            canary.accept()


def test_from_a_file_is_an_empty_graph(client: Client, store: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.nt"
    secret.write_text('<http://x/a> <http://x/b> "secret" .\n')
    _, result = ask(client, store, f"SELECT ?o FROM <file://{secret}> {{ ?s ?p ?o }}", results=formats.RESULTS_CSV)
    assert result == b"o\r\n"


def test_the_deadline_kills(releases: Path, store: Path) -> None:
    with start(settings(query_timeout_s=1.0), releases) as service:
        begun = time.monotonic()
        with pytest.raises(errors.QueryTimeoutError, match="1 s"):
            ask(service.client(), store, PRODUCT)
        assert time.monotonic() - begun > 0.9
        assert wait_until(lambda: not children(service.pid))


def test_what_ran_out_of_time_is_not_tried_again_at_once(releases: Path, store: Path) -> None:
    with start(settings(query_timeout_s=1.0), releases) as service:
        client = service.client()
        with pytest.raises(errors.QueryTimeoutError):
            ask(client, store, PRODUCT)
        with pytest.raises(errors.QueryTimeoutError, match="not tried again") as caught:
            ask(client, store, PRODUCT)
        assert 50 < (caught.value.retry_after_s or 0) <= 60
        other = make_store(releases / "again")
        with pytest.raises(errors.QueryTimeoutError) as caught:
            ask(client, other, PRODUCT)
        assert "not tried again" not in str(caught.value), "another release is another matter"


def test_the_processor_limit_kills(releases: Path, store: Path) -> None:
    with (
        start(settings(query_timeout_s=20.0, query_cpu_s=1), releases) as service,
        pytest.raises(errors.QueryTimeoutError),
    ):
        ask(service.client(), store, PRODUCT)


def test_memory_ends_the_query_alone(client: Client, service: Service, store: Path) -> None:
    steps = " ".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(36))
    parent = service.pid
    with pytest.raises(errors.QueryMemoryError, match="400 MB"):
        ask(client, store, f'SELECT ?a36 {{ BIND("0123456789abcdef" AS ?a0) {steps} }}')
    assert service.pid == parent
    assert ask(client, store, "ASK {}")[0] == "boolean"


@pytest.mark.parametrize("text", ["ASK " + "{" * 2000 + "}" * 2000, "ASK {" + "FILTER NOT EXISTS {" * 900 + "}" * 901])
def test_deep_queries_do_not_end_the_service(client: Client, store: Path, text: str) -> None:
    try:
        ask(client, store, text)
    except errors.QueryError as error:
        assert not isinstance(error, errors.BusyError)  # noqa: PT017
    assert ask(client, store, "ASK {}")[0] == "boolean"


def test_a_result_over_the_cap_is_an_error(releases: Path, store: Path) -> None:
    with start(settings(max_result_bytes=10_000), releases) as service:
        client = service.client()
        with pytest.raises(errors.ResultTooLargeError, match="10000 bytes"):
            ask(client, store, "SELECT * { ?s ?p ?o }")


def test_a_client_that_leaves_frees_its_worker(client: Client, service: Service, store: Path) -> None:
    visitor, server_side = socket.socketpair()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            ask(client, store, PRODUCT, visitor=server_side.fileno())
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert wait_until(lambda: children(service.pid))
    visitor.close()
    assert wait_until(lambda: not children(service.pid))
    thread.join(10)
    server_side.close()
    assert [type(error) for error in failures] == [ClientGoneError]


def test_closing_an_answer_ends_its_worker(client: Client, service: Service, store: Path) -> None:
    answer = client.query(store, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    next(iter(answer))
    answer.close()
    assert wait_until(lambda: not children(service.pid))


def test_a_full_queue_says_busy_at_once(releases: Path, store: Path) -> None:
    with start(
        settings(query_slots=2, query_slow_slots=1, query_slow_after_ms=60_000, query_queue=1),
        releases,
    ) as service:
        client = service.client()
        outcomes: dict[str, object] = {}  # by query: each thread tells its own, whichever comes first

        def run(text: str) -> None:
            try:
                outcomes[text] = ask(client, store, text)[0]
            except errors.QueryError as error:
                outcomes[text] = error.code

        first = threading.Thread(target=run, args=(PRODUCT,))
        first.start()
        assert wait_until(lambda: children(service.pid))
        second = threading.Thread(target=run, args=("ASK {}",))
        second.start()
        assert wait_until(lambda: len(asking.overview(service.address)["queries"]) == 2)
        begun = time.monotonic()
        with pytest.raises(errors.BusyError):
            ask(client, store, "ASK {}")
        assert time.monotonic() - begun < 10, "not by the deadline of the query that runs"
        os.kill(children(service.pid)[0], signal.SIGKILL)
        first.join(10)
        second.join(10)
        assert outcomes == {PRODUCT: "query-crashed", "ASK {}": "boolean"}


def test_a_new_release_needs_no_restart(releases: Path, store: Path, client: Client, service: Service) -> None:
    text = "SELECT ?t { ?s <http://x/title> ?t }"
    for name in ("two", "three"):
        other = make_store(releases / name, name)
        assert ask(client, other, text, results=formats.RESULTS_CSV)[1] == f"t\r\n{name}\r\n".encode()
    names = {os.readlink(f"/proc/{service.pid}/fd/{n}") for n in os.listdir(f"/proc/{service.pid}/fd")}  # noqa: PTH115, PTH208
    assert not any(str(store) in name for name in names), "only the last two stores stay open"
    assert ask(client, store, "ASK {}")[0] == "boolean"


def test_other_folders_are_not_opened(client: Client, tmp_path: Path, store: Path) -> None:
    other = make_store(tmp_path / "elsewhere")
    with pytest.raises(errors.QueryRefusedError):
        ask(client, other, "ASK {}")
    with pytest.raises(errors.QueryRefusedError):
        ask(client, store / ".." / ".." / ".." / "elsewhere" / "store", "ASK {}")
    with pytest.raises(errors.StoreError):
        ask(client, store.parent.parent / "nothing" / "store", "ASK {}")


def test_a_reader_changes_nothing_in_a_release(client: Client, store: Path) -> None:
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_size) for path in store.iterdir()}
    ask(client, store, "SELECT * { ?s ?p ?o } ORDER BY ?o LIMIT 10")
    assert {path.name: (path.stat().st_mtime_ns, path.stat().st_size) for path in store.iterdir()} == before


def test_a_request_that_never_comes_holds_nobody_up(client: Client, service: Service, store: Path) -> None:
    idle = [protocol.connect(service.address, 5) for _ in range(20)]
    assert ask(client, store, "ASK {}")[0] == "boolean"
    for connection in idle:
        connection.settimeout(3)
        assert connection.recv(10) == b""
        connection.close()


def test_nonsense_on_the_socket_does_not_end_the_parent(client: Client, service: Service, store: Path) -> None:
    for nonsense in (
        b"x",
        b"Q{}",
        b"Q[1]",
        b'Q{"bytes":"a"}',
        b'Q{"bytes":-1,"store":1}',
        b"Q\xff",
        b"T" * 60_000,
        b"A",
        b"A[]",
        b"A{}",
    ):
        with protocol.connect(service.address, 5) as connection:
            connection.send(nonsense)
    assert ask(client, store, "ASK {}")[0] == "boolean"


def test_a_parent_that_died_is_started_again(releases: Path, store: Path) -> None:
    with start(settings(), releases) as service:
        client = service.client()
        ask(client, store, "ASK {}")
        assert not service.revive()
        first = service.pid
        os.kill(first, signal.SIGKILL)
        assert wait_until(service.revive)
        assert service.pid != first
        assert ask(client, store, "ASK {}")[0] == "boolean"


def test_workers_die_with_the_parent(releases: Path, store: Path) -> None:
    with start(settings(), releases) as service:
        answer = service.client().query(store, PRODUCT)
        assert wait_until(lambda: children(service.pid))
        (worker,) = children(service.pid)
        os.kill(service.pid, signal.SIGKILL)
        assert wait_until(lambda: not Path(f"/proc/{worker}/stat").exists() or "Z" in _state(worker))
        with pytest.raises(errors.BusyError):
            list(answer)
        answer.close()


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_the_address_is_private_and_goes_at_the_end(releases: Path) -> None:
    service = start(settings(), releases)
    assert service.address.parent.stat().st_mode & 0o777 == 0o700
    assert service.address in asking.services(service.folder)
    pid = service.pid
    service.stop()
    assert not service.address.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_a_socket_that_was_left_behind_goes_at_the_next_start(releases: Path) -> None:
    dead = protocol.socket_path(releases / protocol.WORK_FOLDER)
    with start(settings(), releases):
        pass
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as left:
        address, folder = protocol.short(dead)
        left.bind(address)
        os.close(folder)
    with start(settings(), releases):
        assert not dead.exists()


def test_a_terminal_signal_does_not_end_running_queries(service: Service, client: Client, store: Path) -> None:
    os.kill(service.pid, signal.SIGINT)
    os.kill(service.pid, signal.SIGTERM)
    assert ask(client, store, "ASK {}")[0] == "boolean"


def test_a_worker_holds_no_socket_and_no_file_but_its_result(releases: Path, store: Path) -> None:
    visitor, server_side = socket.socketpair()
    with start(settings(), releases) as service:
        answer = service.client().query(store, PRODUCT, visitor=server_side.fileno())
        assert wait_until(lambda: children(service.pid))
        (worker,) = children(service.pid)

        def held() -> list[str]:
            names = []
            for number in Path(f"/proc/{worker}/fd").iterdir():
                try:
                    names.append(os.readlink(number))  # noqa: PTH115
                except OSError:
                    continue
            return names

        def others() -> set[str]:
            return {name for name in held() if not name.startswith(str(store))}

        assert wait_until(lambda: len(others()) == 2), others()
        assert len([name for name in others() if name.startswith("socket:")]) == 1, "to the parent"
        limits = Path(f"/proc/{worker}/limits").read_text()
        most = [line.split()[3:5] for line in limits.splitlines() if "open files" in line]
        assert most == [[str(len(held()))] * 2], "nothing more can be opened"
        answer.close()
    visitor.close()
    server_side.close()


def test_a_worker_takes_one_query_after_the_other(releases: Path, store: Path) -> None:
    with start(settings(), releases) as service:
        client = service.client()
        for number in range(20):
            query = "SELECT ?t { ?s <http://x/title> ?t }" if number % 2 else "SELECT * { broken"
            try:
                assert json.loads(ask(client, store, query)[1])["results"]["bindings"][0]["t"]["value"] == TITLE
            except errors.QuerySyntaxError:
                assert not number % 2
        assert asking.overview(service.address)["counts"]["started"] == 1
        other = make_store(releases / "reused", "other")
        assert b"other" in ask(client, other, "SELECT ?t { ?s <http://x/title> ?t }")[1]
        assert (
            TITLE.encode() in ask(client, store, "SELECT ?t { ?s <http://x/title> ?t }", results=formats.RESULTS_CSV)[1]
        )


# --- lanes


def test_slow_queries_leave_room_for_quick_ones(releases: Path, store: Path) -> None:
    """Two run at low priority; the others are set back and wait: a quick one is answered at once beside them."""
    with start(settings(), releases) as service:
        client = service.client()
        answers = [client.query(store, PRODUCT) for _ in range(8)]

        def lanes() -> list[tuple[str, str]]:
            return sorted((q["lane"], q["state"]) for q in asking.overview(service.address)["queries"])

        assert wait_until(lambda: lanes() == [("slow", "running")] * 2 + [("slow", "waiting")] * 6), lanes()
        assert asking.overview(service.address)["counts"]["set_back"] >= 2

        def niceness() -> set[str]:
            found = set()
            for pid in children(service.pid):
                with suppress(OSError):  # it has ended meanwhile
                    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                    found |= {stat[16]} if stat[0] != "Z" else set()
            return found

        assert wait_until(lambda: niceness() == {"19"})
        begun = time.monotonic()
        assert ask(client, store, "ASK {}")[0] == "boolean"
        assert time.monotonic() - begun < 10, "not by the deadline of those that run"
        set_back = asking.overview(service.address)["counts"]["set_back"]
        answers.append(client.query(store, PRODUCT))
        assert wait_until(lambda: lanes().count(("slow", "waiting")) == 7), "what was slow once is slow at once"
        assert asking.overview(service.address)["counts"]["set_back"] == set_back
        for answer in answers:
            answer.close()
        assert wait_until(lambda: not asking.overview(service.address)["queries"])
        assert wait_until(lambda: len(children(service.pid)) <= 1), "but for the worker of the quick one, which waits"


@pytest.mark.slow
def test_a_client_that_floods_the_queue_drives_nobody_out(releases: Path, store: Path) -> None:
    with start(settings(query_queue=5, query_timeout_s=1.5), releases) as service:
        client = service.client()
        flood = [client.query(store, PRODUCT.replace("{", f"{{ # {n}\n"), client="127.0.0.2") for n in range(40)]
        for number in range(5):
            text = f"SELECT ?t {{ ?s <http://x/title> ?t }} # {number}"
            assert TITLE.encode() in ask(client, store, text, results=formats.RESULTS_CSV, client="127.0.0.3")[1]
        refused = 0
        for answer in flood:
            try:
                answer.await_end()
            except errors.BusyError as error:
                refused += 1
                assert error.retry_after_s  # noqa: PT017
            except errors.QueryTimeoutError:
                pass
            answer.close()
        assert refused >= 25


def test_a_query_that_was_set_back_gives_its_whole_result(releases: Path, store: Path) -> None:
    text = "SELECT ?a ?b { ?a <http://x/number> ?n . ?b <http://x/title> ?t . ?c ?d ?e } LIMIT 120000"
    with start(settings(query_slow_after_ms=20, query_timeout_s=60.0), releases) as service:
        client = service.client()
        outcomes: list[tuple[str, bytes]] = []
        threads = [
            threading.Thread(target=lambda: outcomes.append(ask(client, store, text, results=formats.RESULTS_CSV)))
            for _ in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert asking.overview(service.address)["counts"]["set_back"] > 0
        assert [body.count(b"\r\n") for _, body in outcomes] == [120_001] * 5


def test_a_large_result_of_a_slow_query_is_passed_on_while_it_grows(client: Client, store: Path) -> None:
    with client.query(store, "SELECT * { ?a ?b ?c . ?d ?e ?f }", results=formats.RESULTS_CSV) as answer:
        answer.await_size(100_000)
        assert not answer.whole
        assert answer.size > 100_000
        assert answer.read(7) == b"a,b,c,d"


def test_the_operator_sees_and_ends_a_query(service: Service, client: Client, store: Path) -> None:
    answer = client.query(store, PRODUCT, client="192.0.2.7")
    assert wait_until(lambda: any(q["state"] == "running" for q in asking.overview(service.address)["queries"]))
    (query,) = asking.overview(service.address)["queries"]
    assert query["query"] == PRODUCT
    assert query["client"] == "192.0.2.7"
    assert not asking.cancel(service.address, "none")
    assert asking.cancel(service.address, query["id"])
    with pytest.raises(errors.QueryCancelledError):
        answer.await_end()
    answer.close()
    assert wait_until(lambda: not asking.overview(service.address)["queries"])


def test_a_client_over_its_budget_is_told_when_to_come_back(releases: Path, store: Path) -> None:
    with start(settings(client_queries_per_minute=3), releases) as service:
        client = service.client()
        for _ in range(3):
            ask(client, store, "ASK {}", client="192.0.2.7")
        with pytest.raises(errors.RateLimitedError) as caught:
            ask(client, store, "ASK {}", client="192.0.2.7")
        assert 0 < (caught.value.retry_after_s or 0) <= 21
        assert ask(client, store, "ASK {}", client="192.0.2.8")[0] == "boolean"
        assert ask(client, store, "ASK {}")[0] == "boolean"


# --- the cache


def test_a_result_is_kept_and_given_again_without_a_worker(releases: Path, store: Path) -> None:
    text = "SELECT ?t { ?s <http://x/title> ?t }"
    with start(settings(cache_mb=10), releases) as service:
        client = service.client()
        first = ask(client, store, text)
        os.kill(service.pid, signal.SIGKILL)
        with client.query(store, text) as answer:
            assert answer.cached
            assert answer.rows == 1
            assert (answer.kind, b"".join(answer)) == first
        for other in (
            {"results": formats.RESULTS_CSV},
            {"default_graphs": ["http://x/none"]},
            {"named_graphs": ["http://x/none"]},
            {"fresh": True},
        ):
            with client.query(store, text, **other) as answer:  # type: ignore[arg-type]
                assert not answer.cached
        with client.query(make_store(releases / "other"), text) as answer:
            assert not answer.cached


def test_errors_are_not_kept(releases: Path, store: Path) -> None:
    with start(settings(cache_mb=10, max_result_bytes=10_000), releases) as service:
        client = service.client()
        for text in ("SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ", PRODUCT):
            for _ in range(2):
                with client.query(store, text) as answer:
                    assert not answer.cached
                    if text is not PRODUCT:
                        with pytest.raises(errors.QueryError):
                            answer.await_end()


def test_the_same_query_asked_at_once_is_computed_once(releases: Path, store: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?a <http://x/number> ?b . ?c <http://x/number> ?d }"
    with start(settings(cache_mb=10), releases) as service:
        client = service.client()
        bodies: list[bytes] = []
        threads = [threading.Thread(target=lambda: bodies.append(ask(client, store, text)[1])) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(bodies) == 20
        assert set(bodies) == {bodies[0]}
        assert asking.overview(service.address)["counts"]["started"] <= 2


def test_those_who_wait_for_a_query_that_fails_ask_it_themselves(releases: Path, store: Path) -> None:
    with start(settings(cache_mb=10, query_timeout_s=1.0), releases) as service:
        client = service.client()
        outcomes: list[str] = []

        def run() -> None:
            try:
                ask(client, store, PRODUCT)
            except errors.QueryError as error:
                outcomes.append(error.code)

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(outcomes) == 3
        assert set(outcomes) <= {"query-timeout", "busy"}


def test_a_worker_that_has_grown_ends_and_nobody_notices(releases: Path, store: Path) -> None:
    def repeated(what: str, times: int) -> str:
        return f"CONCAT({', '.join([what] * times)})"

    word = repeated("'0123456789abcdef'", 256)
    binds = f"BIND({word} AS ?a) BIND({repeated('?a', 100)} AS ?b)"
    text = f"SELECT (STRLEN(?c) AS ?n) {{ {binds} BIND({repeated('?b', 400)} AS ?c) }}"
    with start(settings(query_slow_after_ms=5000), releases) as service:
        client = service.client()
        for _ in range(5):
            assert ask(client, store, text, results=formats.RESULTS_CSV)[1] == b"n\r\n163840000\r\n"
            assert ask(client, store, "ASK {}")[0] == "boolean"
        assert asking.overview(service.address)["counts"]["started"] >= 3
