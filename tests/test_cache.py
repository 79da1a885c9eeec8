from __future__ import annotations

import os
from pathlib import Path

import pytest

from publisher.workers.cache import Facts, ResultCache
from publisher.workers.protocol import BODY_AT

FACTS = Facts("results", 3)


def keep(cache: ResultCache, key: str, body: bytes, facts: Facts = FACTS) -> None:
    with cache.spool() as spool:
        os.pwrite(spool.fileno(), body, BODY_AT)
        cache.keep(key, spool, facts)


def read(cache: ResultCache, key: str) -> tuple[bytes, Facts] | None:
    found = cache.find(key)
    if found is None:
        return None
    with found[0]:
        return os.pread(found[0].fileno(), 1_000_000, BODY_AT), found[1]


def key(number: int) -> str:
    return f"{number:064x}"[::-1]


def test_what_is_kept_is_found_by_every_process(tmp_path: Path) -> None:
    keep(ResultCache(tmp_path, 10**6), key(1), b"body")
    other = ResultCache(tmp_path, 10**6)
    assert read(other, key(1)) == (b"body", FACTS)
    assert read(other, key(2)) is None


def test_the_same_name_again_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, 10**6)
    keep(cache, key(1), b"one")
    found = cache.find(key(1))
    assert found is not None
    keep(cache, key(1), b"two")
    with found[0]:
        assert os.pread(found[0].fileno(), 9, BODY_AT) == b"one", "a reader keeps what it has opened"
    assert read(cache, key(1)) == (b"two", FACTS)
    assert cache.sizes()[0] == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_everything_that_the_bytes_depend_on_is_in_the_name(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, 10**6)
    store = tmp_path / "20260101T000000Z-00000000" / "store"
    other = tmp_path / "20260101T000000Z-11111111" / "store"
    names = {
        cache.key(store, "ASK {}", "http://x/", [], [], ["turtle", "json"]),
        cache.key(other, "ASK {}", "http://x/", [], [], ["turtle", "json"]),
        cache.key(store, "ASK { }", "http://x/", [], [], ["turtle", "json"]),
        cache.key(store, "ASK {}", "http://x/", ["http://x/"], [], ["turtle", "json"]),
        cache.key(store, "ASK {}", "http://x/", [], ["http://x/"], ["turtle", "json"]),
        cache.key(store, "ASK {}", "http://x/", ["http://x/", "http://y/"], [], ["turtle", "json"]),
        cache.key(store, "ASK {}", "http://x/", ["http://x/"], ["http://y/"], ["turtle", "json"]),
        cache.key(store, "ASK {}", "http://x/", [], [], ["turtle", "xml"]),
        cache.key(store, "ASK {}", "http://y/", [], [], ["turtle", "json"]),
    }
    assert len(names) == 9
    assert cache.key(store, "ASK {}", "http://x/", [], [], ["turtle", "json"]) in names


def test_room_is_bounded_and_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, 100_000)
    for number in range(20):
        keep(cache, key(number), b"x" * 4000)
        os.utime(cache._path(key(number)), (number, number))
    os.utime(cache._path(key(0)), (4_000_000_000, 4_000_000_000))
    cache.make_room()
    assert cache.sizes()[0] == 20
    for number in range(20, 40):
        keep(cache, key(number), b"x" * 4000)
    cache.make_room()
    assert cache.sizes()[1] <= 84_000  # 80 % of the room; an entry counts as what it takes on a disk at least
    assert read(cache, key(0)) is not None, "it was used last"
    assert read(cache, key(1)) is None
    assert read(cache, key(39)) is not None


def test_room_is_made_while_results_come(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, 200_000)
    for number in range(300):
        keep(cache, key(number), b"x" * 5000)
        assert cache.sizes()[1] <= 230_000


def test_a_use_is_marked(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, 10**6)
    keep(cache, key(1), b"x")
    os.utime(cache._path(key(1)), (1000, 1000))
    read(cache, key(1))
    assert cache._path(key(1)).stat().st_mtime > 1000


def test_one_large_result_does_not_drive_out_the_others(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, 100_000)
    keep(cache, key(1), b"x" * 20_000)
    assert read(cache, key(1)) is None


def test_no_room_at_all(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, 0)
    keep(cache, key(1), b"")
    assert read(cache, key(1)) is None
    assert cache.sizes() == (0, 0)


@pytest.mark.parametrize("broken", [b"", b"{}", b"[1]", b"\0" * BODY_AT + b"body", b'{"kind": "results", "rows": "x"}'])
def test_an_entry_that_is_no_entry_is_passed_over(tmp_path: Path, broken: bytes) -> None:
    cache = ResultCache(tmp_path, 10**6)
    keep(cache, key(1), b"x")
    cache._path(key(1)).write_bytes(broken)
    assert cache.find(key(1)) is None


def test_a_folder_that_cannot_be_written_to_any_more_keeps_the_answer_whole(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, 10**6)
    with cache.spool() as spool:
        os.pwrite(spool.fileno(), b"body", BODY_AT)
        cache.folder.rename(tmp_path / "gone")
        cache.keep(key(1), spool, FACTS)
        assert os.pread(spool.fileno(), 9, BODY_AT) == b"body"
    assert cache.find(key(1)) is None
