"""A cache whose file is damaged, foreign, locked, full or gone: nobody notices, and one line is logged."""

import asyncio
import contextlib
import hashlib
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from bot.jobs import cache_opening
from bot.jobs.cache import FileCache
from bot.jobs.job import Result

KEYS = [str(number) for number in range(40)]


def result(key: str) -> Result:
    return Result(data={"key": key, "text": "x" * 6000}, files={"plot.png": key.encode() * 5000})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results.sqlite"


@pytest.fixture
async def filled(path: Path) -> Path:
    """A healthy cache with forty entries, closed."""
    cache = FileCache(path)
    for key in KEYS:
        await cache.put(key, result(key))
    await cache.aclose()
    return path


@pytest.fixture
async def cache(path: Path, caplog: pytest.LogCaptureFixture) -> AsyncGenerator[FileCache]:
    """A cache that is not open yet and tries again at once."""
    caplog.set_level(logging.INFO)
    cache = FileCache(path, patience_seconds=0.0)
    yield cache
    await cache.aclose()


def garbage(length: int) -> bytes:
    """Return bytes that mean nothing, the same each time."""
    return hashlib.shake_256(b"garbage").digest(length)


def flood(path: Path) -> None:
    path.write_bytes(garbage(100_000))


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_within_a_page(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 + 1000)


def leave_only_the_header(path: Path) -> None:
    os.truncate(path, 50)


def overwrite(path: Path, start: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(content)


def zero_the_header(path: Path) -> None:
    overwrite(path, 0, bytes(100))


def put_garbage_behind_the_header(path: Path) -> None:
    overwrite(path, 100, garbage(3000))


def put_a_folder_there(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "somebody's file").touch()


def put_a_text_there(path: Path) -> None:
    path.write_text("remember the milk\n" * 1000)


def put_another_database_there(path: Path) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entry (key TEXT)")


def drop_a_table(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE part")


def put_a_pipe_there(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


DAMAGES = [
    flood,
    halve,
    cut_within_a_page,
    leave_only_the_header,
    zero_the_header,
    put_garbage_behind_the_header,
    put_a_folder_there,
    put_a_text_there,
    put_another_database_there,
    drop_a_table,
    put_a_pipe_there,
]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("first", ["get", "put"])
async def test_what_is_no_cache_is_set_aside_and_a_new_one_made(
    filled: Path,
    cache: FileCache,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[Path], None],
    first: str,
) -> None:
    damage(filled)

    if first == "get":
        assert await cache.get("1") is None
    await cache.put("new", result("new"))

    assert await cache.get("new") == result("new")
    assert await cache.get("1") is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "The cache of results was damaged (" in caplog.text
    assert aside(filled).exists()


@pytest.mark.parametrize("damage", [flood, halve, zero_the_header, put_garbage_behind_the_header])
async def test_damage_while_it_is_open_is_found_too(
    filled: Path, cache: FileCache, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None]
) -> None:
    assert await cache.get("1") == result("1")
    damage(filled)

    for _ in range(2):  # it may take some use until the damage is found, and everything is gone
        for key in KEYS:
            assert await cache.get(key) in (None, result(key))
        for key in KEYS:
            await cache.put(key, result(key))

    assert [await cache.get(key) for key in KEYS] == [result(key) for key in KEYS]
    assert [record.levelname for record in caplog.records].count("WARNING") <= 1


@pytest.mark.parametrize("page", range(1, 28, 2))
async def test_a_garbage_page_anywhere_never_gives_a_wrong_result(
    filled: Path, cache: FileCache, caplog: pytest.LogCaptureFixture, page: int
) -> None:
    overwrite(filled, page * 4096, garbage(4096))

    for _ in range(2):  # it may take some use until the damage is found, and everything is gone
        for key in KEYS:
            assert await cache.get(key) in (None, result(key))
        for key in KEYS:
            await cache.put(key, result(key))

    assert [await cache.get(key) for key in KEYS] == [result(key) for key in KEYS]
    assert [record.levelname for record in caplog.records].count("WARNING") <= 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE part SET content = CAST(replace(content, 'x', 'y') AS TEXT) WHERE place = 0",
        "UPDATE part SET content = CAST(x'ff' || content AS TEXT) WHERE place = 0",  # no UTF-8
        "UPDATE part SET content = zeroblob(length(content)) WHERE place = 1",
        "UPDATE part SET content = 7",
        "DELETE FROM part WHERE place = 1",
        "UPDATE entry SET names = replace(names, 'plot', 'Plot')",
        "UPDATE entry SET names = 7",
        "UPDATE entry SET checksum = zeroblob(32)",
        "UPDATE entry SET key = 'x' || key; UPDATE entry SET key = CASE key WHEN 'x1' THEN '2' ELSE '1' END",
    ],
)
async def test_an_entry_that_is_not_what_was_put_is_dropped(
    path: Path, cache: FileCache, caplog: pytest.LogCaptureFixture, change: str
) -> None:
    for key in ("1", "2"):
        await cache.put(key, result(key))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(change)

    assert [await cache.get(key) for key in ("1", "2")] == [None, None]

    assert "was damaged, so it was dropped" in caplog.text
    assert keys(path) == []
    assert not aside(path).exists()
    await cache.put("1", result("1"))
    assert await cache.get("1") == result("1")


@pytest.mark.parametrize(
    "value", ["9223372036854775807", "'later'", "x'ff'", "1e300", "-9223372036854775808"]
)
async def test_numbers_that_cannot_be_are_no_error(filled: Path, value: str) -> None:
    with contextlib.closing(sqlite3.connect(filled)) as connection:
        connection.executescript("UPDATE entry SET used = ?, bytes = ?".replace("?", value))
    cache = FileCache(filled, 2**19)
    assert await cache.get("1") == result("1")
    for number in range(60):
        await cache.put(f"new {number}", result("new"))
    assert await cache.get("new 59") == result("new")
    await cache.aclose()


async def test_the_latest_damaged_file_is_kept_and_no_older_log_with_it(
    filled: Path, cache: FileCache
) -> None:
    aside(filled).write_text("an older one")
    filled.with_name(filled.name + ".damaged-wal").write_text("an older one's")
    put_a_text_there(filled)

    await cache.put("1", result("1"))

    assert aside(filled).read_text().startswith("remember the milk")
    assert not filled.with_name(filled.name + ".damaged-wal").exists()
    assert await cache.get("1") == result("1")


async def test_a_cache_of_another_version_is_made_anew_without_alarm(
    filled: Path, cache: FileCache, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_opening, "_VERSION", 2)
    assert await cache.get("1") is None
    await cache.put("1", result("1"))
    assert await cache.get("1") == result("1")
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert not aside(filled).exists()
    with contextlib.closing(sqlite3.connect(filled)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)


@pytest.mark.parametrize("prepare", [Path.touch, Path.exists])
async def test_a_file_that_a_crash_left_empty_is_used(
    path: Path, cache: FileCache, prepare: Callable[[Path], object]
) -> None:
    prepare(path)
    path.with_name(path.name + "-wal").write_bytes(b"left over")
    await cache.put("1", result("1"))
    assert await cache.get("1") == result("1")
    assert not aside(path).exists()


async def test_the_file_may_be_deleted_at_any_time(filled: Path, cache: FileCache) -> None:
    assert await cache.get("1") == result("1")
    for name in filled.parent.iterdir():
        name.unlink()

    assert await cache.get("1") is None
    await cache.put("1", result("1"))

    assert keys(filled) == ["1"]


async def test_who_has_a_damaged_file_open_goes_over_to_the_new_one(filled: Path, cache: FileCache) -> None:
    other = FileCache(filled)
    assert await other.get("1") == result("1")
    assert await cache.get("2") == result("2")
    zero_the_header(filled)
    put_garbage_behind_the_header(filled)

    for key in KEYS:  # one of the two finds it, sets it aside and makes a new one
        await cache.put(key, result(key))
        await other.put(f"other {key}", result(key))
    for key in KEYS:
        assert await cache.get(f"other {key}") == result(key)
        assert await other.get(key) == result(key)

    await other.aclose()
    assert await cache.get("1") == result("1")
    assert len(keys(filled)) == 80


async def test_two_that_find_the_damage_at_once_set_it_aside_once(
    filled: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caches = [FileCache(filled) for _ in range(4)]
    for cache in caches:
        assert await cache.get("1") == result("1")
    flood(filled)
    filled.with_name(filled.name + "-wal").unlink()

    await asyncio.gather(*(cache.put(str(number), result("new")) for number, cache in enumerate(caches)))
    await asyncio.gather(*(cache.put(str(number), result("new")) for number, cache in enumerate(caches)))

    assert keys(filled) == ["0", "1", "2", "3"]
    assert len(caplog.records) == 1
    for cache in caches:
        await cache.aclose()


async def test_a_locked_file_is_a_miss_or_a_dropped_put_and_recovers(
    filled: Path, cache: FileCache, caplog: pytest.LogCaptureFixture
) -> None:
    with contextlib.closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM entry WHERE key = '0'")
        other.execute("COMMIT")  # keeps the lock
        assert await cache.get("1") is None
        await cache.put("new", result("new"))
        assert await cache.get("2") is None
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "cannot be read (database is locked)" in caplog.text
    assert "cannot be written (database is locked)" in caplog.text

    assert await cache.get("1") == result("1")
    await cache.put("new", result("new"))
    assert await cache.get("new") == result("new")
    assert [record.getMessage().rpartition(" can ")[2] for record in caplog.records[2:]] == [
        "be read again.",
        "be written again.",
    ]


async def test_what_was_read_stays_readable_while_another_writes(filled: Path, cache: FileCache) -> None:
    with contextlib.closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert [await cache.get(key) for key in KEYS] == [result(key) for key in KEYS]


async def test_after_trouble_it_is_left_alone_for_a_while(filled: Path) -> None:
    cache = FileCache(filled, patience_seconds=0.5)
    lock = filled.with_name(filled.name + ".lock")
    lock.unlink()
    lock.mkdir()
    assert await cache.get("1") is None
    lock.rmdir()
    assert await cache.get("1") is None  # it did not even try
    await asyncio.sleep(0.6)
    assert await cache.get("1") == result("1")
    await cache.aclose()


async def test_a_file_where_the_folder_should_be_is_logged_once_and_recovers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    (tmp_path / "data").write_text("in the way")
    cache = FileCache(tmp_path / "data" / "cache" / "results.sqlite", patience_seconds=0.0)
    for _ in range(3):
        await cache.put("1", result("1"))
        assert await cache.get("1") is None
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]

    (tmp_path / "data").unlink()
    await cache.put("1", result("1"))
    assert await cache.get("1") == result("1")
    assert [record.levelname for record in caplog.records[2:]] == ["INFO", "INFO"]
    await cache.aclose()


FULL_DISK = """
import asyncio, logging, resource, sys
from pathlib import Path
from bot.jobs.cache import FileCache
from bot.jobs.job import Result

def result(number): return Result(data={"n": number}, files={"plot.png": bytes([number]) * 100_000})

async def main(path):
    cache = FileCache(path, patience_seconds=0.0)
    for number in range(10):
        await cache.put(str(number), result(number))
    no_more = path.with_name(path.name + "-wal").stat().st_size + 50_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (no_more, resource.RLIM_INFINITY))
    for number in range(10, 20):
        await cache.put(str(number), result(number))
    for number in range(10):
        assert await cache.get(str(number)) == result(number), number
    assert await cache.get("15") is None
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    for number in range(10, 20):
        await cache.put(str(number), result(number))
    for number in range(20):
        assert await cache.get(str(number)) == result(number), number
    await cache.aclose()

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
asyncio.run(main(Path(sys.argv[1])))
"""


def test_on_a_full_disk_puts_are_dropped_and_what_is_there_stays_readable(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    full, again = done.stderr.splitlines()
    assert full.startswith(f"WARNING The cache {path} cannot be written (")
    assert again == f"INFO The cache {path} can be written again."


async def test_where_sqlite_finds_no_more_room_puts_are_dropped(
    filled: Path, cache: FileCache, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_cache(path: Path) -> tuple[sqlite3.Connection, cache_opening.Identity]:
        connection, which = unlimited(path)
        connection.execute("PRAGMA max_page_count = 1")  # no more than there are
        return connection, which

    unlimited = cache_opening.open_cache
    monkeypatch.setattr(cache_opening, "open_cache", open_cache)
    for number in range(5):
        await cache.put(f"new {number}", result("new"))
        assert await cache.get("1") == result("1")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "cannot be written (database or disk is full)" in caplog.text
    assert sorted(keys(filled)) == sorted(KEYS)


def aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")


def keys(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [key for (key,) in connection.execute("SELECT key FROM entry ORDER BY key")]
