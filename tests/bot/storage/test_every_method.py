"""Whatever goes wrong with a database in use: every method says so in one sentence, and reads go on."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from storage_fixtures import NOW, TABLES, arguments, dump, every_method, fill

from bot.storage.errors import DamagedDatabase, DiskFull, StorageError, StorageUnavailable, Taken
from bot.storage.location import Location, at_file
from bot.storage.opening import Storage, open_storage
from bot.storage.people import Author

ADA = Author(id="100", name="Ada")
PROGRAMS = Path(__file__).with_name("storage_programs.py")
WRITING = {
    "answers.publish", "answers.disable", "answers.enable", "answers.restore", "drafts.save",
    "drafts.discard", "phrasings.add", "phrasings.remove", "settings.change", "questions.log",
    "feedback.vote", "feedback.withdraw", "inbox.keep", "inbox.decide", "inbox.undo", "privacy.forget",
    "privacy.forget_guild",
}  # fmt: skip
FINE = "fine"


async def outcomes(storage: Storage, numbers: Mapping[str, int]) -> dict[str, StorageError | str]:
    """Call every method; what is raised must be an error of the storage, and one sentence."""
    found: dict[str, StorageError | str] = {}
    for name, method in every_method(storage):
        found[name] = await outcome(lambda: method("a", **arguments(name, method, numbers, ADA)))  # noqa: B023  called at once
    assert found.keys() > WRITING
    return found


async def outcome(call: Callable[[], object]) -> StorageError | str:
    try:
        await call()  # pyright: ignore[reportGeneralTypeIssues]
    except StorageError as error:
        said = str(error)
        assert "\n" not in said
        assert said.endswith((".", "backchat db restore FILE")), said
        assert "sqlalche" not in said.lower()
        return error
    return FINE


@pytest.fixture
async def on_postgres(storage: Storage, location: Location) -> Storage:
    if location.file is not None:
        pytest.skip("about PostgreSQL")
    return storage


@pytest.fixture
async def numbers(storage: Storage) -> Mapping[str, int]:
    return await fill(storage, "a", ADA, "1")


def damage(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xff" * (file.stat().st_size - 4096))


def overwrite(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(b"\xfe" * file.stat().st_size)


def empty(file: Path) -> None:
    os.truncate(file, 0)


@pytest.mark.parametrize("mishap", [damage, overwrite, empty])
async def test_a_file_that_is_damaged_under_a_running_bot_is_said_to_be(
    tmp_path: Path, mishap: Callable[[Path], None]
) -> None:
    file = tmp_path / "db.sqlite"
    async with open_storage(at_file(file), now=NOW) as storage:
        numbers = await fill(storage, "a", ADA, "1")
        flush(file)
        mishap(file)
        for name, found in (await outcomes(storage, numbers)).items():
            assert isinstance(found, DamagedDatabase), name


def flush(file: Path) -> None:
    """Write what is in the log to the file, so that what is read comes from there."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@pytest.mark.parametrize("replaced", [False, True])
async def test_nothing_is_written_to_a_file_that_was_taken_away_and_reads_go_on(
    tmp_path: Path, *, replaced: bool
) -> None:
    file, away = tmp_path / "db.sqlite", tmp_path / "away.sqlite"
    async with open_storage(at_file(file), now=NOW) as storage:
        numbers = await fill(storage, "a", ADA, "1")
        before = await dump(storage, "a")
        flush(file)
        file.rename(away)
        if replaced:
            file.touch()
        for name, found in (await outcomes(storage, numbers)).items():
            if name not in WRITING:
                assert found == FINE, name
                continue
            assert isinstance(found, StorageUnavailable), name
            assert "was moved, deleted or replaced while the bot runs, nothing was saved" in str(found)
        assert file.exists() == replaced
        away.rename(file)
        assert await dump(storage, "a") == before
        assert FINE in set((await outcomes(storage, numbers)).values())


async def test_a_database_that_is_gone_is_not_made_anew_by_a_bot_that_runs(tmp_path: Path) -> None:
    file = tmp_path / "db.sqlite"
    async with open_storage(at_file(file), now=NOW) as storage:
        file.unlink()
        with pytest.raises(StorageUnavailable, match=r"cannot be opened \(.*\); is it there, and writable\?"):
            await storage.answers.list("a")
    assert not file.exists()


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_file_may_have_any_name(tmp_path: Path) -> None:
    file = tmp_path / "a b?mode=ro#ü%20&c.sqlite"
    async with open_storage(at_file(file), now=NOW) as storage:
        await fill(storage, "a", ADA, "1")
    assert file.name in names(tmp_path)
    async with open_storage(at_file(file), now=NOW) as storage:
        assert len(await storage.answers.list("a")) == 1


def test_where_no_file_may_grow_nothing_is_saved_and_reads_go_on(tmp_path: Path) -> None:
    folders = [str(Path(__file__).parents[3]), str(Path(__file__).parents[2])]
    done = subprocess.run(
        [sys.executable, str(PROGRAMS), "sweep", str(tmp_path / "db.sqlite"), ""],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = {name: said for name, _, said in (line.partition(" ") for line in done.stdout.splitlines())}
    assert found.pop("unchanged") == "True"
    for name, said in found.items():
        if name not in WRITING:
            assert said == FINE, name
        elif name != "phrasings.add":  # which is refused for another reason
            assert said.startswith(("StorageUnavailable The disk of", "DiskFull The disk of")), name
    assert found.keys() > WRITING


async def test_on_a_full_disk_nothing_is_saved_and_reads_go_on(
    on_postgres: Storage, numbers: Mapping[str, int]
) -> None:
    storage = on_postgres
    before = await dump(storage, "a")
    async with storage.database.writing() as connection:
        await connection.execute(text(_FULL))
        for table in TABLES:
            await connection.execute(text(_TRIGGER.format(table=table)))
    try:
        for name, found in (await outcomes(storage, numbers)).items():
            if name in WRITING:
                assert isinstance(found, (DiskFull, Taken)), name
            else:
                assert found == FINE, name
    finally:
        async with storage.database.writing() as connection:
            await connection.execute(text("DROP FUNCTION no_room() CASCADE"))
    assert await dump(storage, "a") == before


_FULL = """CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$"""
_TRIGGER = """CREATE TRIGGER no_room BEFORE INSERT OR UPDATE OR DELETE ON {table}
EXECUTE FUNCTION no_room()"""


@asynccontextmanager
async def altered(location: Location, how: str, back: str) -> AsyncGenerator[None]:
    """Change a database from outside and close its connections, as an administrator does."""
    name = location.url.database
    close = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608  ours
    engine = create_async_engine(location.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f"ALTER DATABASE {name} {how}"))
            await connection.execute(text(close))
            try:
                yield
            finally:
                await connection.execute(text(f"ALTER DATABASE {name} {back}"))
                await connection.execute(text(close))
    finally:
        await engine.dispose()


async def test_a_server_that_takes_no_connections_is_said_and_used_again_later(
    on_postgres: Storage, location: Location, numbers: Mapping[str, int]
) -> None:
    before = await dump(on_postgres, "a")
    async with altered(location, "ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true"):
        for name, found in (await outcomes(on_postgres, numbers)).items():
            assert isinstance(found, StorageUnavailable), name
            assert "is not ready (" in str(found)
    assert await dump(on_postgres, "a") == before


async def test_a_server_that_may_only_be_read_is_read(
    on_postgres: Storage, location: Location, numbers: Mapping[str, int]
) -> None:
    setting = "default_transaction_read_only"
    async with altered(location, f"SET {setting} = on", f"RESET {setting}"):
        for name, found in (await outcomes(on_postgres, numbers)).items():
            if name not in WRITING:
                assert found == FINE, name
            elif not isinstance(found, Taken):
                assert isinstance(found, StorageUnavailable), name
                assert "can only be read at present, nothing was saved" in str(found)


async def test_tables_that_are_gone_are_said_to_be(on_postgres: Storage) -> None:
    async with on_postgres.database.writing() as connection:
        await connection.execute(text("ALTER TABLE setting RENAME TO settled"))
    try:
        with pytest.raises(DamagedDatabase, match=r"^Tables of the database .* are gone; restore a backup"):
            await on_postgres.settings.get("a")
    finally:
        async with on_postgres.database.writing() as connection:
            await connection.execute(text("ALTER TABLE settled RENAME TO setting"))


class Wire:
    """Stands between the bot and PostgreSQL, and can be cut after so many messages, or go silent."""

    def __init__(self) -> None:
        self.left: float = float("inf")
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(2**16):
            await self.is_open.wait()
            self.left -= 1
            if self.left < 0:
                return
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def wired(location: Location) -> AsyncGenerator[tuple[Wire, Location]]:
    """Return a wire, and the database at its other end."""
    socket = ".s.PGSQL.5432"
    wire = Wire()
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_unix_connection(f"{location.url.query['host']}/{socket}")
        ways = [
            asyncio.create_task(wire.carry(reader, there[1])),
            asyncio.create_task(wire.carry(there[0], writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for end in (writer, there[1]):
                end.transport.abort()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    with TemporaryDirectory(prefix="wire-") as folder:
        server = await asyncio.start_unix_server(begin, f"{folder}/{socket}")
        try:
            yield wire, Location(url=location.url.set(query={"host": folder}))
        finally:
            server.close()
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)


@pytest.mark.parametrize("left", [0, 3, 6, 11])
async def test_a_connection_may_break_at_any_message(
    on_postgres: Storage, location: Location, numbers: Mapping[str, int], left: int
) -> None:
    assert on_postgres
    async with wired(location) as (wire, there), open_storage(there, now=NOW) as storage:
        lost = 0
        for name, method in every_method(storage):
            wire.left = left
            found = await outcome(lambda: method("a", **arguments(name, method, numbers, ADA)))  # noqa: B023  called at once
            lost += isinstance(found, StorageUnavailable)
            wire.left = float("inf")
        assert lost >= (len(WRITING) if left == 0 else 1)
        # Whatever happened, the next connection is as good as the first.
        assert await storage.changes.of(["none"]) == {"none": ""}


async def test_a_network_that_goes_silent_is_not_waited_for_for_ever(
    on_postgres: Storage, location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert on_postgres
    monkeypatch.setattr("bot.storage.engines._ANSWER_SECONDS", 0.5)
    monkeypatch.setattr("bot.storage.engines._CONNECT_SECONDS", 0.5)
    async with wired(location) as (wire, there), open_storage(there, now=NOW) as storage:
        assert await storage.answers.list("a") == ()
        wire.is_open.clear()
        began = time.monotonic()
        with pytest.raises(StorageUnavailable, match=r"cannot be reached \(no answer\)"):
            await storage.answers.list("a")
        with pytest.raises(StorageUnavailable):
            await storage.privacy.forget_guild("a")
        assert time.monotonic() - began < 20
        wire.is_open.set()
        assert await storage.answers.list("a") == ()
