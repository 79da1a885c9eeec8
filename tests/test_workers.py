"""Real processes and real sockets: what a query may do, and what becomes of one that does more."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from publisher import errors, formats, stores, workers
from publisher.config import Settings
from publisher.workers import Client, Service

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
    return Settings(**{"query_timeout_s": 5.0, "query_memory_mb": 400, **values})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def service(releases: Path) -> Iterator[Service]:
    with workers.start(settings(), releases) as made:
        yield made


@pytest.fixture(scope="module")
def client(service: Service) -> Client:
    return Client(service.address, 5)


def ask(client: Client, store: Path, text: str, **how: object) -> tuple[str, bytes]:
    with client.query(store, text, **how) as answer:  # type: ignore[arg-type]
        return answer.kind, b"".join(answer)


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until(condition: object, seconds: float = 1.0) -> bool:
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
    text = "SELECT ?a ?b { ?a <http://x/number> ?n . ?b <http://x/title> ?t . ?c ?d ?e } LIMIT 300000"
    _, result = ask(client, store, text, results=formats.RESULTS_CSV)
    assert result.count(b"\r\n") == 300_001
    assert len(result) > 5_000_000


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


def test_an_unknown_function_is_an_error_of_the_query(client: Client, store: Path) -> None:
    with pytest.raises(errors.QueryError, match="http://x/f"):
        ask(client, store, "SELECT (<http://x/f>(1) AS ?x) {}")


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
    with workers.start(settings(query_timeout_s=1.0), releases) as service:
        begun = time.monotonic()
        with pytest.raises(errors.QueryTimeoutError, match="1 s"):
            ask(Client(service.address, 1), store, PRODUCT)
        assert 0.9 < time.monotonic() - begun < 2
        assert children(service.pid) == []


def test_the_processor_limit_kills(releases: Path, store: Path) -> None:
    with (
        workers.start(settings(query_timeout_s=20.0, query_cpu_s=1), releases) as service,
        pytest.raises(errors.QueryTimeoutError),
    ):
        ask(Client(service.address, 20), store, PRODUCT)


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
    with workers.start(settings(max_result_bytes=10_000), releases) as service:
        client = Client(service.address, 5)
        with pytest.raises(errors.ResultTooLargeError, match="10000 bytes"):
            ask(client, store, "SELECT * { ?s ?p ?o }")


def test_a_client_that_leaves_frees_its_worker(client: Client, service: Service, store: Path) -> None:
    visitor, server_side = socket.socketpair()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            ask(client, store, PRODUCT, watch=server_side.fileno())
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert wait_until(lambda: children(service.pid))
    visitor.close()
    assert wait_until(lambda: not children(service.pid))
    thread.join(1)
    server_side.close()
    assert [type(error) for error in failures] == [workers.ClientGoneError]


def test_closing_an_answer_ends_its_worker(client: Client, service: Service, store: Path) -> None:
    answer = client.query(store, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    next(iter(answer))
    answer.close()
    assert wait_until(lambda: not children(service.pid))


def test_a_full_queue_says_busy_at_once(releases: Path, store: Path) -> None:
    with workers.start(settings(query_slots=1, query_queue=1, query_timeout_s=2.0), releases) as service:
        client = Client(service.address, 2)
        outcomes: list[object] = []

        def run(text: str) -> None:
            try:
                outcomes.append(ask(client, store, text)[0])
            except errors.QueryError as error:
                outcomes.append(error.code)

        first = threading.Thread(target=run, args=(PRODUCT,))
        first.start()
        assert wait_until(lambda: children(service.pid))
        second = threading.Thread(target=run, args=("ASK {}",))
        second.start()
        time.sleep(0.2)
        begun = time.monotonic()
        with pytest.raises(errors.BusyError):
            ask(client, store, "ASK {}")
        assert time.monotonic() - begun < 0.5
        os.kill(children(service.pid)[0], signal.SIGKILL)
        first.join(2)
        second.join(2)
        assert outcomes == ["query-crashed", "boolean"]


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
    idle = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(20)]
    for connection in idle:
        connection.connect(service.address)
    assert ask(client, store, "ASK {}")[0] == "boolean"
    for connection in idle:
        connection.settimeout(3)
        assert connection.recv(10) == b""
        connection.close()


def test_nonsense_on_the_socket_does_not_end_the_parent(client: Client, service: Service, store: Path) -> None:
    for nonsense in (b"x", b"Q{}", b"Q[1]", b'Q{"bytes":"a"}', b'Q{"bytes":-1,"store":1}', b"Q\xff", b"T" * 60_000):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
            connection.connect(service.address)
            connection.send(nonsense)
    assert ask(client, store, "ASK {}")[0] == "boolean"


def test_a_parent_that_died_is_started_again(releases: Path, store: Path) -> None:
    with workers.start(settings(), releases) as service:
        client = Client(service.address, 5)
        ask(client, store, "ASK {}")
        assert not service.revive()
        first = service.pid
        os.kill(first, signal.SIGKILL)
        assert wait_until(service.revive)
        assert service.pid != first
        assert ask(client, store, "ASK {}")[0] == "boolean"


def test_workers_die_with_the_parent(releases: Path, store: Path) -> None:
    with workers.start(settings(), releases) as service:
        answer = client_answer = Client(service.address, 5).query(store, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        (worker,) = children(service.pid)
        os.kill(service.pid, signal.SIGKILL)
        assert wait_until(lambda: not Path(f"/proc/{worker}/stat").exists() or "Z" in _state(worker))
        with pytest.raises(errors.BusyError):
            list(client_answer)
        answer.close()


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_the_address_is_private_and_goes_at_the_end(releases: Path) -> None:
    service = workers.start(settings(), releases)
    folder = Path(service.address).parent
    assert folder.stat().st_mode & 0o777 == 0o700
    pid = service.pid
    service.stop()
    assert not folder.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_a_terminal_signal_does_not_end_running_queries(service: Service, client: Client, store: Path) -> None:
    os.kill(service.pid, signal.SIGINT)
    os.kill(service.pid, signal.SIGTERM)
    assert ask(client, store, "ASK {}")[0] == "boolean"
