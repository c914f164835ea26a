"""Results kept across restarts: what comes back, what stays, and who waits."""

import asyncio
import contextlib
import sqlite3
import stat
import tempfile
import threading
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.jobs.cache import FileCache, NoCache
from bot.jobs.job import Result

MB = 2**20

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
RESULTS = st.builds(
    Result,
    data=st.dictionaries(st.text(), VALUES, max_size=5),
    files=st.dictionaries(st.text(st.characters()), st.binary(max_size=20_000), max_size=4),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "results.sqlite"


@pytest.fixture
async def cache(path: Path) -> AsyncGenerator[FileCache]:
    cache = FileCache(path)
    yield cache
    await cache.aclose()


def result(size: int = 1000, text: str = "") -> Result:
    return Result(data={"text": text}, files={"plot.png": bytes(size)})


async def held(cache: FileCache, keys: list[str]) -> list[str]:
    return [key for key in keys if await cache.get(key) is not None]


async def test_what_was_put_comes_back(cache: FileCache) -> None:
    put = Result(
        data={"größe": [1, 2.5, None, True, {"": "ü\x00\ud800"}], "tiny": 5e-324},
        files={"b.png": b"\x89PNG", "a.png": b"", "größe\ud800": bytes(range(256))},
    )
    await cache.put("key", put)

    got = await cache.get("key")

    assert got is not None
    assert got == put
    assert list(got.files) == ["b.png", "a.png", "größe\ud800"]


async def test_it_comes_back_as_json_does(cache: FileCache) -> None:
    await cache.put("key", Result(data={"shape": (1, 2), "x": 1.0, "n": 1}, files={}))
    got = await cache.get("key")
    assert got is not None
    assert repr(got.data) == "{'shape': [1, 2], 'x': 1.0, 'n': 1}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(results=st.dictionaries(st.text(min_size=1, max_size=8), RESULTS, max_size=4))
def test_whatever_a_job_can_return_comes_back_even_after_a_restart(results: dict[str, Result]) -> None:
    async def round_trip(path: Path) -> None:
        cache = FileCache(path)
        for key, put in results.items():
            await cache.put(key, put)
        await cache.aclose()
        again = FileCache(path)
        for key, put in results.items():
            got = await again.get(key)
            assert got == put
            assert repr(got) == repr(put)
        await again.aclose()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(round_trip(Path(folder) / "cache"))


async def test_what_was_never_put_is_not_there(cache: FileCache) -> None:
    assert await cache.get("key") is None


async def test_a_second_put_replaces_the_first(cache: FileCache) -> None:
    await cache.put("key", result(text="first"))
    await cache.put("key", result(text="second"))
    assert await cache.get("key") == result(text="second")


@pytest.mark.parametrize("value", [object(), float("nan"), b"bytes"])
async def test_what_is_no_json_is_refused_and_hurts_nothing(cache: FileCache, value: Any) -> None:
    await cache.put("good", result())
    with pytest.raises((TypeError, ValueError)):
        await cache.put("bad", Result(data={"value": value}, files={}))
    assert await held(cache, ["good", "bad"]) == ["good"]


async def test_nothing_is_touched_before_the_first_use(path: Path) -> None:
    threads = threading.active_count()
    cache = FileCache(path)
    assert not path.parent.exists()
    assert threading.active_count() == threads
    await cache.aclose()
    assert not path.parent.exists()
    assert threading.active_count() == threads


async def test_only_the_owner_may_read_it(cache: FileCache, path: Path) -> None:
    await cache.put("key", result())
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == dict.fromkeys([path.name, *(path.name + end for end in ("-wal", "-shm", ".lock"))], 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_the_data_are_readable_json_and_the_files_as_they_are(cache: FileCache, path: Path) -> None:
    await cache.put("key", Result(data={"depth": 3}, files={"plot.png": b"\x89PNG"}))
    await cache.aclose()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        parts = connection.execute("SELECT content FROM part ORDER BY place").fetchall()
        mode = connection.execute("PRAGMA journal_mode").fetchone()
    assert parts == [('{"depth":3}',), (b"\x89PNG",)]
    assert mode == ("wal",)


async def test_closing_frees_everything_and_then_nothing_is_kept(path: Path) -> None:
    cache = FileCache(path)
    await cache.put("key", result())
    await cache.aclose()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("cache")]
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, f"{path.name}.lock"]

    await cache.put("late", result())
    assert await held(cache, ["key", "late"]) == []
    await cache.aclose()
    again = FileCache(path)
    assert await held(again, ["key", "late"]) == ["key"]
    await again.aclose()


async def test_everything_asked_for_before_closing_is_done(path: Path) -> None:
    cache = FileCache(path)
    puts = [asyncio.ensure_future(cache.put(str(number), result())) for number in range(50)]
    await asyncio.sleep(0)
    await cache.aclose()
    await asyncio.gather(*puts)
    again = FileCache(path)
    assert len(await held(again, [str(number) for number in range(50)])) == 50
    await again.aclose()


async def test_a_cancelled_close_still_closes(path: Path) -> None:
    cache = FileCache(path)
    await cache.put("key", result())
    closing = asyncio.ensure_future(cache.aclose())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    async with asyncio.timeout(10):
        while any(thread.name.startswith("cache") for thread in threading.enumerate()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert not path.with_name(path.name + "-wal").exists()


async def test_many_at_once_get_what_is_theirs(cache: FileCache) -> None:
    async def use(number: int) -> None:
        put = result(number * 10, text=str(number))
        await cache.put(str(number), put)
        assert await cache.get(str(number)) == put

    await asyncio.gather(*(use(number) for number in range(200)))


async def test_the_event_loop_ticks_while_the_file_is_locked(cache: FileCache, path: Path) -> None:
    await cache.put("key", result())
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.005)

    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ticking = asyncio.ensure_future(tick())
        begin = time.monotonic()
        await cache.put("other", result())  # waits half a second, then gives up
        waited = time.monotonic() - begin
        ticking.cancel()

    assert waited > 0.3
    assert ticks > 20


async def test_all_that_is_kept_stays_below_the_limit_and_so_does_the_file(path: Path) -> None:
    cache = FileCache(path, 2 * MB)
    for number in range(200):
        await cache.put(str(number), result(30_000 + number * 100))
        assert stored_bytes(path) <= 2 * MB
    await cache.aclose()
    assert MB < size(path) <= 2 * MB
    assert stored_bytes(path) > MB  # it uses the room it has


@settings(deadline=None, max_examples=30)
@given(
    limit=st.integers(MB // 2, 2 * MB),
    sizes=st.lists(st.integers(0, 200_000) | st.integers(0, 500), min_size=1, max_size=40),
)
def test_no_mixture_of_sizes_breaks_the_limit(limit: int, sizes: list[int]) -> None:
    async def fill(path: Path) -> None:
        cache = FileCache(path, limit)
        for number, length in enumerate(sizes):
            await cache.put(str(number), result(length))
            assert stored_bytes(path) <= limit
            if length < limit // 8 - 20_000:
                assert await cache.get(str(number)) == result(length)
            if length > limit // 4:
                assert await cache.get(str(number)) is None
        await cache.aclose()
        assert size(path) <= limit

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill(Path(folder) / "cache"))


async def test_many_small_entries_stay_below_the_limit(path: Path) -> None:
    cache = FileCache(path, MB // 4)
    for number in range(4000):
        await cache.put(str(number), Result(data={"n": number}, files={}))
    assert await held(cache, ["3999", "3998", "0"]) == ["3999", "3998"]
    await cache.aclose()
    assert size(path) <= MB // 4


@pytest.mark.parametrize("limit", [0, 1000, 8 * 4096])
async def test_without_room_nothing_is_kept_and_nothing_breaks(path: Path, limit: int) -> None:
    cache = FileCache(path, limit)
    await cache.put("key", result())
    assert await cache.get("key") is None
    await cache.aclose()


async def test_one_huge_result_does_not_drive_out_the_others(path: Path) -> None:
    cache = FileCache(path, 2 * MB)
    await cache.put("small", result())
    await cache.put("huge", result(MB))
    assert await held(cache, ["small", "huge"]) == ["small"]
    await cache.aclose()


async def test_what_was_not_asked_for_the_longest_goes_first(path: Path) -> None:
    cache = FileCache(path, 2 * MB)
    for number in range(10):
        await cache.put(str(number), result(100_000))
    assert await held(cache, ["0", "3"]) == ["0", "3"]

    await fill_until_gone(cache, path, "5")

    kept = [key for key in stored_keys(path) if not key.startswith("filler")]
    assert kept in (["6", "7", "8", "9", "0", "3"][start:] for start in range(5))
    await cache.aclose()


async def test_what_was_asked_for_is_still_known_after_a_restart(path: Path) -> None:
    cache = FileCache(path, 2 * MB)
    for number in range(10):
        await cache.put(str(number), result(100_000))
    await cache.get("0")
    await cache.aclose()
    cache = FileCache(path, 2 * MB)
    await fill_until_gone(cache, path, "1")
    assert "0" in stored_keys(path)
    await cache.aclose()


async def test_a_process_that_only_gets_writes_down_what_it_got(path: Path) -> None:
    cache = FileCache(path)
    for number in range(80):
        await cache.put(str(number), result(100))
    before = latest_use(path)
    await asyncio.gather(*(cache.get(str(number)) for number in range(80)))
    await until(lambda: latest_use(path) > before)
    await cache.aclose()


async def test_a_single_get_writes_nothing(cache: FileCache, path: Path) -> None:
    await cache.put("key", result())
    log = path.with_name(path.name + "-wal")
    before = log.stat()
    assert await cache.get("key")
    assert (log.stat().st_mtime_ns, log.stat().st_size) == (before.st_mtime_ns, before.st_size)


async def test_the_file_shrinks_when_the_limit_was_lowered(path: Path) -> None:
    cache = FileCache(path, 16 * MB)
    for number in range(100):
        await cache.put(str(number), result(100_000))
    await cache.aclose()
    assert size(path) > 8 * MB

    cache = FileCache(path, 2 * MB)
    for number in range(4):
        await cache.put(f"new {number}", result(100_000))
        assert stored_bytes(path) <= 2 * MB
    assert await cache.get("new 3") is not None
    await cache.aclose()
    assert size(path) <= 2 * MB


async def test_no_cache_keeps_nothing() -> None:
    cache = NoCache()
    await cache.put("key", result())
    assert await cache.get("key") is None
    await cache.aclose()


async def fill_until_gone(cache: FileCache, path: Path, key: str) -> None:
    for number in range(100):
        await cache.put(f"filler {number}", result(100_000))
        if key not in stored_keys(path):
            return
    pytest.fail(f"{key} is still there")


def stored_keys(path: Path) -> list[str]:
    """Return what is stored, the longest unused first."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM entry ORDER BY used")]


def stored_bytes(path: Path) -> int:
    if not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(path)) as connection:
        contents = connection.execute("SELECT content FROM part").fetchall()
    return sum(len(content if isinstance(content, bytes) else content.encode()) for (content,) in contents)


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def latest_use(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT max(used) FROM entry").fetchone()[0]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 another thread decides
            await asyncio.sleep(0.01)
