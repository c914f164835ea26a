"""What goes wrong in real life: races, kills, full disks, lost connections, broken files."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, func, literal, select, text

from bot.storage import errors, sqlite_files
from bot.storage.answers import Text
from bot.storage.errors import (
    DamagedDatabase,
    DiskFull,
    StorageBusy,
    StorageError,
    StorageUnavailable,
)
from bot.storage.failures import sentences
from bot.storage.location import Location, at_file
from bot.storage.opening import Storage, open_storage
from bot.storage.people import Signed
from bot.storage.schema import VersionRow
from bot.storage.upgrading import upgrade

Sign = Callable[..., Signed]
CutOff = Callable[[], Awaitable[None]]
NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
PROGRAMS = Path(__file__).with_name("storage_programs.py")
SMALL = Text(title="t", body="b")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def start(name: str, location: Location, argument: str) -> "subprocess.Popen[str]":
    place = str(location.file) if location.file else location.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, str(PROGRAMS), name, place, argument],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )


async def versions(storage: Storage) -> list[tuple[int, str | None]]:
    rows = await storage.database.rows(select(VersionRow.n, VersionRow.body).order_by(VersionRow.n))
    return [(n, body) for n, body in rows]


async def test_of_two_processes_that_edit_the_same_one_wins_every_time(
    storage: Storage, location: Location
) -> None:
    with start("race", location, "one") as one, start("race", location, "two") as two:
        for process in (one, two):
            assert process.stdin
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in (one, two):
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        said = {process: (process.stdout.read() if process.stdout else "") for process in (one, two)}
    assert [process.returncode for process in said] == [0, 0]
    won = [
        (int(line.split()[1]), name)
        for name, lines in zip(("one", "two"), said.values(), strict=True)
        for line in lines.splitlines()
        if line.startswith("won")
    ]
    assert sorted(n for n, _ in won) == list(range(1, 41))
    assert await versions(storage) == [(n, f"{name} {n - 1}") for n, name in sorted(won)]
    assert sum(lines.count("lost") for lines in said.values()) > 0


async def test_a_writer_that_is_killed_loses_nothing_that_was_saved(location: Location) -> None:
    async with open_storage(location, now=NOW):
        pass
    with start("write", location, "") as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.read().splitlines()
    saved = int(lines[-1].split()[1])
    async with open_storage(location, now=NOW) as storage:
        head = await storage.answers.head("a", "relu")
        assert head is not None
        assert head.n in {saved, saved + 1}
        assert [n for n, _ in await versions(storage)] == list(range(1, head.n + 1))


async def test_a_file_that_may_not_grow_loses_nothing_and_works_again_later(
    tmp_path: Path, sign: Sign
) -> None:
    location = at_file(tmp_path / "db.sqlite")
    await upgrade(location, NOW)
    with start("fill", location, str(600_000)) as process:
        assert process.stdout
        lines = process.stdout.read().splitlines()
    assert lines[-1].startswith("StorageUnavailable The disk of")
    saved = sum(line.startswith("saved") for line in lines)
    assert saved > 3
    async with open_storage(location, now=NOW) as storage:
        assert len(await versions(storage)) == saved
        await storage.answers.publish("a", "relu", SMALL, base=saved, by=sign())


async def test_a_full_disk_is_said_and_nothing_is_lost(
    storage: Storage, location: Location, sign: Sign
) -> None:
    await storage.answers.publish("a", "relu", SMALL, base=0, by=sign())
    async with storage.database.writing() as connection:
        if location.file:
            pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
            await connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")
        else:
            await connection.execute(text(_FULL))
            await connection.execute(text(_TRIGGER))
    try:
        with pytest.raises(DiskFull) as caught:
            await storage.answers.publish("a", "relu", Text(title="t", body="x" * 39_000), base=1, by=sign())
        assert str(caught.value) == (
            f"The disk of {location} is full, nothing was saved; make room and try again."
        )
        assert await versions(storage) == [(1, "b")]
    finally:
        async with storage.database.writing() as connection:
            if location.file:
                await connection.exec_driver_sql("PRAGMA max_page_count=1000000")
            else:
                await connection.execute(text("DROP FUNCTION no_room() CASCADE"))
    await storage.answers.publish("a", "relu", SMALL, base=1, by=sign())


_FULL = """CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$"""
_TRIGGER = "CREATE TRIGGER no_room BEFORE INSERT ON answer_version EXECUTE FUNCTION no_room()"


async def test_a_lost_connection_is_replaced_for_whoever_comes_next(
    storage: Storage, sign: Sign, cut_off: CutOff
) -> None:
    await storage.answers.publish("a", "relu", SMALL, base=0, by=sign())
    await cut_off()
    assert (await storage.answers.head("a", "relu")) is not None
    await cut_off()
    await storage.answers.publish("a", "relu", SMALL, base=1, by=sign())


async def test_a_connection_lost_while_reading_is_tried_again(storage: Storage, cut_off: CutOff) -> None:
    slow = asyncio.ensure_future(storage.database.rows(select(func.pg_sleep(0.7), literal(42))))
    await asyncio.sleep(0.3)
    await cut_off()
    assert (await slow)[0][1] == 42


async def test_a_connection_lost_while_writing_saves_nothing_and_is_said(
    storage: Storage, sign: Sign, cut_off: CutOff
) -> None:
    async def lose() -> None:
        async with storage.database.writing("a") as connection:
            await connection.execute(text("INSERT INTO guild_key VALUES ('a', 1, now(), '')"))
            await cut_off()
            await connection.execute(text("SELECT 1"))

    with pytest.raises(StorageUnavailable, match="try again"):
        await lose()
    assert await storage.keys.term("a") is None
    await storage.answers.publish("a", "relu", SMALL, base=0, by=sign())


async def test_a_connection_lost_while_saving_is_said_as_that(
    storage: Storage, sign: Sign, cut_off: CutOff
) -> None:
    async with storage.database.writing() as connection:
        await connection.execute(text(_DIE))
        await connection.execute(text(_AT_COMMIT))
    try:
        with pytest.raises(
            StorageUnavailable, match="at the last moment; look whether it was saved before you"
        ):
            await storage.answers.publish("a", "relu", SMALL, base=0, by=sign())
    finally:
        await cut_off()
        async with storage.database.writing() as connection:
            await connection.execute(text("DROP FUNCTION die() CASCADE"))


_DIE = """CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"""
_AT_COMMIT = """CREATE CONSTRAINT TRIGGER die AFTER INSERT ON answer_version
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()"""


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    url = URL.create("postgresql+asyncpg", "ada", "s3cret", "127.0.0.1", 1, "course")
    location = Location(url=url)
    with pytest.raises(StorageUnavailable) as caught:
        await upgrade(location, NOW)
    assert str(caught.value).startswith("The database course on 127.0.0.1 cannot be reached (")
    assert "s3cret" not in f"{caught.value} {location} {location!r}"


async def test_a_database_that_does_not_exist_is_said(postgres: str) -> None:
    url = URL.create("postgresql+asyncpg", "postgres", database="nothing_here", query={"host": postgres})
    with pytest.raises(StorageUnavailable, match=r"^The database nothing_here does not exist; create it"):
        await upgrade(Location(url=url), NOW)


async def test_whoever_is_cancelled_blocks_nobody(storage: Storage, sign: Sign) -> None:
    for n in range(30):
        task = asyncio.ensure_future(storage.answers.publish("a", f"s{n}", SMALL, base=0, by=sign()))
        await asyncio.sleep(n / 5000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await storage.answers.publish("a", "relu", SMALL, base=0, by=sign())
    # Whole or not at all.
    listed = await storage.answers.list("a")
    rows = await storage.database.rows(select(VersionRow.slug))
    assert sorted(one.slug for one in listed) == sorted(slug for (slug,) in rows)


async def test_a_writer_that_does_not_end_is_waited_for_and_then_said(
    tmp_path: Path, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.engines._SQLITE_WRITER", ("PRAGMA busy_timeout=100",))
    location = at_file(tmp_path / "db.sqlite")
    async with open_storage(location, now=NOW) as storage:
        # Another program holds the file.
        other = sqlite3.connect(tmp_path / "db.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusy, match=r"db.sqlite is busy, nothing was saved; try again"):
            await storage.answers.publish("a", "relu", SMALL, base=0, by=sign())
        assert await storage.answers.list("a") == ()
        other.execute("ROLLBACK")
        other.close()
        await storage.answers.publish("a", "relu", SMALL, base=0, by=sign())


async def test_a_writer_that_does_not_end_does_not_hold_up_other_servers(
    location: Location, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    if location.file is not None:
        pytest.skip("SQLite has one writer")
    monkeypatch.setattr("bot.storage.engines._BUSY_SECONDS", 1)
    async with open_storage(location, now=NOW) as storage, storage.database.writing("a"):
        with pytest.raises(StorageBusy, match="has been busy for too long, nothing was saved; try again"):
            await storage.answers.publish("a", "relu", SMALL, base=0, by=sign())
        await storage.answers.publish("b", "relu", SMALL, base=0, by=sign())


async def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        StorageUnavailable, match=r"db.sqlite cannot be made: .*; give the bot the right to, or"
    ):
        await upgrade(at_file(tmp_path / "file" / "db.sqlite"), NOW)
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageUnavailable, match=r"folder cannot be (opened|read or written) \("):
        await upgrade(at_file(tmp_path / "folder"), NOW)


@pytest.mark.parametrize("where", ["start", "middle", "cut"])
async def test_a_damaged_file_is_left_as_it_is_and_the_cure_is_named(
    tmp_path: Path, sign: Sign, where: str
) -> None:
    file = tmp_path / "db.sqlite"
    async with open_storage(at_file(file), now=NOW) as storage:
        for n in range(20):
            await storage.answers.publish("a", f"s{n}", Text(title="t", body="x" * 9000), base=0, by=sign())
    whole = file.read_bytes()
    broken = {
        "start": b"\xff" * 100 + whole[100:],
        "middle": whole[:8192] + b"\xff" * 40_000 + whole[48_192:],
        "cut": whole[: len(whole) // 2],
    }[where]
    file.write_bytes(broken)
    with pytest.raises(
        DamagedDatabase, match=r"is damaged \(.*\) and was left as it is; .*: backchat db restore FILE"
    ):
        await upgrade(at_file(file), NOW)
    assert file.read_bytes() == broken
    assert names(tmp_path) == ["db.sqlite"]


async def test_the_cure_names_the_last_backup(tmp_path: Path) -> None:
    file = tmp_path / "db.sqlite"
    await upgrade(at_file(file), NOW)
    kept = sqlite_files.copy_before_migration(file, NOW)
    file.write_bytes(b"not a database at all, but long enough to look like a file" * 20)
    with pytest.raises(DamagedDatabase) as caught:
        await upgrade(at_file(file), NOW)
    assert str(caught.value).endswith(f"with: backchat db restore {kept}")


def test_a_mistake_of_ours_is_not_called_a_mishap() -> None:
    with pytest.raises(ZeroDivisionError), sentences("x"):
        _ = 1 / 0
    with pytest.raises(sqlite3.OperationalError, match="no such table"), sentences("x"):
        sqlite3.connect(":memory:").execute("SELECT * FROM recipe")


def test_every_error_is_drawn_in_the_tree() -> None:
    def below(kind: type[StorageError]) -> set[type[StorageError]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    drawn = errors.__doc__ or ""
    found = {kind.__name__ for kind in below(StorageError)}
    assert {"AnswerConflict", "DraftConflict", "SettingConflict", "DecisionConflict"} <= found
    assert {name for name in found if f" {name} " not in drawn and f"{name}\n" not in drawn} == set()
