from __future__ import annotations

from dataclasses import dataclass

import pytest

from publisher.workers.schedule import (
    CLIENTS_KEPT,
    NOT_TRIED_S,
    SLOW_KEPT,
    Budgets,
    Experience,
    Lane,
    Queue,
    client_of,
    is_local,
    share,
)


@dataclass(eq=False)
class Waiting:
    client: str
    name: str = ""


def anybody(_client: str) -> bool:
    return True


def equal(_client: str) -> float:
    return 0.0


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1%eth0", "2001:db8:1:2::/64"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.8.9.1", "127.8.9.1"),
        ("::1", "::1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("", ""),
        ("unix:", ""),
        ("192.0.2.7, 1.2.3.4", ""),
    ],
)
def test_the_client_of_an_address(address: str, client: str) -> None:
    assert client_of(address) == client
    assert is_local(client) == (client.startswith("127.") or client in ("", "::1"))


def test_clients_take_turns() -> None:
    queue: Queue[Waiting] = Queue()
    for name in ("a1", "a2", "a3", "b1", "c1", "b2"):
        queue.push(Waiting(name[0], name))
    popped = [queue.pop(anybody, equal) for _ in range(6)]
    assert [job.name for job in popped if job] == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert queue.pop(anybody, equal) is None
    assert len(queue) == 0


def test_a_lane_gives_its_slots_to_those_who_have_used_least_and_half_of_them_to_a_client() -> None:
    lane: Lane[Waiting] = Lane(4, 10, lambda client, now: now * ord(client))
    for name in ("c1", "b1", "b2", "b3"):
        lane.push(Waiting(name[0], name))
    taken: list[str] = []
    while (job := lane.next(taken, 1.0)) is not None:
        taken.append(job.client)
    assert taken == ["b", "b", "c"]
    assert len(lane) == 1
    assert not lane.may_run("b", taken)
    assert lane.may_run("a", taken)
    assert not lane.may_run("a", ["a", "b", "b", "c"])


def test_a_lane_that_is_full_crowds_out_who_has_more_than_half_of_it_else_the_longest_line() -> None:
    lane: Lane[Waiting] = Lane(1, 4, lambda _client, _now: 0.0)
    out = []
    for name in ("a1", "a2", "a3", "b1", "b2", "c1", "d1", "d2", "d3"):
        job = Waiting(name[0], name)
        lane.push(job)
        gone = lane.crowd_out(job, 0.0)
        out.append(gone.name if gone else "")
    assert out == ["", "", "a3", "", "", "a2", "b2", "d2", "d3"]
    assert [job.name for job in lane] == ["a1", "b1", "c1", "d1"]


def test_a_client_that_may_not_is_passed_over_and_keeps_its_place() -> None:
    queue: Queue[Waiting] = Queue()
    for name in ("a1", "b1", "a2"):
        queue.push(Waiting(name[0], name))
    assert queue.count("a") == 2
    found = queue.pop(lambda client: client != "a", equal)
    assert found is not None
    assert found.name == "b1"
    assert queue.pop(lambda client: client != "a", equal) is None
    found = queue.pop(anybody, equal)
    assert found is not None
    assert found.name == "a1"


def test_who_has_used_least_is_next() -> None:
    queue: Queue[Waiting] = Queue()
    for name in ("a1", "b1", "c1", "c2"):
        queue.push(Waiting(name[0], name))
    used = {"a": 5.0, "b": 1.0, "c": 0.1}
    popped = [queue.pop(anybody, used.__getitem__) for _ in range(4)]
    assert [job.name for job in popped if job] == ["c1", "c2", "b1", "a1"]


def test_known_light_clients_stand_before_newcomers_and_heavy_ones_behind() -> None:
    budgets = Budgets(0, 0)
    budgets.use("light", 0.0, 0.01, quick=True)
    budgets.use("heavy", 0.0, 5.0, quick=True)
    budgets.take("new", 0.0)
    assert budgets.used("light", 0.0) < budgets.used("new", 0.0) < budgets.used("heavy", 0.0)
    assert budgets.used("heavy", 100.0) == 0.0, "it is forgotten in time"
    assert budgets.used("light", 100.0) < budgets.used("new", 100.0), "one that only waits stays a newcomer"
    assert [budgets.take("heavy", 0.0) for _ in range(5)] == [0.0] * 5, "nothing is enforced"


def test_slow_queries_are_remembered_up_to_a_number() -> None:
    experience = Experience()
    for number in range(SLOW_KEPT + 1):
        experience.slow(str(number).encode())
    assert not experience.is_slow(b"0")
    assert experience.is_slow(b"1")


def test_a_failure_is_remembered_for_a_while() -> None:
    experience = Experience()
    assert experience.failure(b"q", 0.0) is None
    experience.failed(b"q", 100.0, "query-timeout", "too long")
    experience.slow(b"q")
    assert experience.failure(b"q", 110.0) == (NOT_TRIED_S - 10, "query-timeout", "too long")
    assert experience.failure(b"r", 110.0) is None
    assert experience.failure(b"q", 100.0 + NOT_TRIED_S) is None
    assert experience.is_slow(b"q")


def test_where_there_is_no_room_the_longest_line_gives_way() -> None:
    queue: Queue[Waiting] = Queue()
    assert queue.last_of(equal) is None
    for name in ("a1", "a2", "b1", "c1"):
        queue.push(Waiting(name[0], name))
    found = queue.last_of(equal)
    assert found is not None
    assert found.name == "a2"
    queue.remove(found)
    found = queue.last_of({"a": 0.0, "b": 2.0, "c": 1.0}.__getitem__)
    assert found is not None
    assert found.name == "b1", "among equals who has used most"


def test_a_job_is_taken_out_wherever_it_stands() -> None:
    queue: Queue[Waiting] = Queue()
    first, second = Waiting("a"), Waiting("a")
    queue.push(first)
    queue.push(second)
    assert queue.remove(second)
    assert not queue.remove(second)
    assert list(queue) == [first]


def test_a_client_holds_half_of_the_places_and_at_least_one() -> None:
    assert [share(places, "192.0.2.7") for places in (1, 2, 3, 4, 32)] == [1, 1, 2, 2, 16]
    assert share(4, "127.0.0.2") == 4


def test_a_budget_of_queries_fills_up_again() -> None:
    budgets = Budgets(60, 0)
    assert [budgets.take("a", 0.0) for _ in range(60)] == [0.0] * 60
    assert budgets.take("a", 0.0) == pytest.approx(1.0)
    assert budgets.take("b", 0.0) == 0.0
    assert budgets.take("a", 1.01) == 0.0
    assert budgets.take("a", 1.01) > 0
    assert budgets.take("a", 1000.0) == 0.0
    assert [budgets.take("a", 1000.0) for _ in range(60)].count(0.0) == 59, "never more than a minute's worth"


def test_a_budget_of_seconds_may_be_overdrawn_once() -> None:
    budgets = Budgets(0, 60)
    assert budgets.take("a", 0.0) == 0.0
    budgets.use("a", 0.0, 75.0)
    assert budgets.take("a", 0.0) == pytest.approx(15.0)
    assert budgets.take("a", 15.1) == 0.0


def test_this_machine_and_no_limit() -> None:
    budgets = Budgets(1, 1)
    budgets.use("127.0.0.1", 0.0, 1e9)
    assert [budgets.take("127.0.0.1", 0.0) for _ in range(5)] == [0.0] * 5
    assert budgets.used("127.0.0.1", 0.0) > budgets.used("127.0.0.2", 0.0), "yet its turn comes after that of others"
    free = Budgets(0, 0)
    free.use("a", 0.0, 1e9)
    assert [free.take("a", 0.0) for _ in range(5)] == [0.0] * 5


def test_the_memory_of_clients_is_bounded() -> None:
    budgets = Budgets(1, 1)
    for number in range(CLIENTS_KEPT + 10):
        budgets.take(f"c{number}", 0.0)
    assert budgets.take(f"c{CLIENTS_KEPT}", 0.0) > 0
    assert budgets.take("c0", 0.0) == 0.0, "the one seen longest ago is forgotten"
