"""Backups, restores, locks, and the commands for them."""

import asyncio
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import config
from bot.cli import main
from bot.errors import ConfigurationError
from bot.storage import backups, sqlite_files
from bot.storage.answers import Text
from bot.storage.errors import BackupFailed, BadBackup, DataInUse, NewerDatabase
from bot.storage.location import Location, at_file, locate
from bot.storage.lock import hold, lock_files
from bot.storage.migrating import newest
from bot.storage.opening import Storage, open_storage
from bot.storage.people import Signed
from bot.storage.upgrading import upgrade

PROGRAMS = Path(__file__).with_name("storage_programs.py")
Sign = Callable[..., Signed]
NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
SMALL = Text(title="t", body="b")
PASSWORD = "hunter2-é"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def slugs(location: Location) -> list[str]:
    async with open_storage(location, now=NOW) as storage:
        return [one.slug for one in await storage.answers.list("a")]


async def test_a_backup_is_restored_and_what_was_there_is_kept(
    location: Location, tmp_path: Path, sign: Sign
) -> None:
    if location.file is None and not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed")
    async with open_storage(location, now=NOW) as storage:
        await storage.answers.publish("a", "before", SMALL, base=0, by=sign())
        await backups.backup(location, tmp_path / "backup")
        await storage.answers.publish("a", "after", SMALL, base=0, by=sign())
        with pytest.raises(BackupFailed, match="backup exists already and is left as it is"):
            await backups.backup(location, tmp_path / "backup")
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    done = await backups.restore(location, tmp_path / "backup", NOW, tmp_path)
    assert await slugs(location) == ["before"]
    assert done.aside is not None
    again = await backups.restore(location, done.aside, NOW, tmp_path)
    assert await slugs(location) == ["after", "before"]
    assert again.aside not in {None, done.aside}


async def test_a_backup_made_while_somebody_writes_is_whole(
    storage: Storage, location: Location, tmp_path: Path, sign: Sign
) -> None:
    if location.file is None:
        pytest.skip("pg_dump sees to it")
    stop = asyncio.Event()

    async def write() -> int:
        base = 0
        while not stop.is_set():
            # A phrase in two tables, which have to agree in every backup.
            await storage.answers.publish(
                "a", "relu", Text(title="t", body="x" * 20_000), base=base, by=sign()
            )
            base += 1
        return base

    writing = asyncio.ensure_future(write())
    heads: list[int] = []
    for n in range(5):
        await asyncio.sleep(0.05)
        await backups.backup(location, tmp_path / f"b{n}")
        assert sqlite_files.inspect(tmp_path / f"b{n}").fault is None
        async with open_storage(at_file(tmp_path / f"b{n}"), now=NOW) as copy:
            head = await copy.answers.head("a", "relu")
            assert head is not None
            assert len(await copy.answers.history("a", "relu", limit=10_000)) == head.n
            heads.append(head.n)
    stop.set()
    assert heads == sorted(set(heads))
    assert await writing >= heads[-1]


async def test_what_is_no_backup_is_refused_and_nothing_is_changed(tmp_path: Path, sign: Sign) -> None:
    location = at_file(tmp_path / "db.sqlite")
    async with open_storage(location, now=NOW) as storage:
        await storage.answers.publish("a", "relu", Text(title="t", body="x" * 9000), base=0, by=sign())
    await backups.backup(location, tmp_path / "good")
    assert names(tmp_path) == ["db.sqlite", "good"]
    whole = (tmp_path / "good").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text").write_text("hello")
    (tmp_path / "empty").touch()
    before = location.file and location.file.read_bytes()
    for name, sentence in (
        ("cut", "is no whole backup"),
        ("text", "is no whole backup|is no backup of backchat's"),
        ("empty", "is no backup of backchat's"),
        ("missing", "restore takes a file that exists"),
    ):
        with pytest.raises(BadBackup, match=sentence):
            await backups.restore(location, tmp_path / name, NOW, tmp_path)
    newer = Location(url=at_file(tmp_path / "good").url, file=tmp_path / "good")
    async with open_storage(newer, now=NOW) as storage, storage.database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match="9999"):
        await backups.restore(location, tmp_path / "good", NOW, tmp_path)
    assert (location.file and location.file.read_bytes()) == before
    assert "replaced" not in str(names(tmp_path))


async def test_a_restore_keeps_what_a_killed_bot_had_not_tidied(tmp_path: Path, sign: Sign) -> None:
    location = at_file(tmp_path / "db.sqlite")
    await upgrade(location, NOW)
    await backups.backup(location, tmp_path / "empty")
    async with open_storage(location, now=NOW) as storage:
        await storage.answers.publish("a", "relu", SMALL, base=0, by=sign())
        # As a kill would leave it: the last change stands in the log beside the file alone.
        for suffix in ("", "-wal", "-shm"):
            shutil.copy(f"{location.file}{suffix}", tmp_path / f"killed{suffix}")
    killed = at_file(tmp_path / "killed")
    done = await backups.restore(killed, tmp_path / "empty", NOW, tmp_path)
    assert done.aside is not None
    # The log went into the file that is kept, so that nothing depends on a second file.
    assert [name for name in names(tmp_path) if "replaced" in name] == [done.aside.name]
    assert await slugs(killed) == []
    assert await slugs(at_file(done.aside)) == ["relu"]


async def test_what_is_no_backup_of_postgresql_is_refused(location: Location, tmp_path: Path) -> None:
    if location.file is not None or not shutil.which("pg_dump"):
        pytest.skip("about pg_dump")
    async with open_storage(location, now=NOW) as storage:
        await backups.backup(location, tmp_path / "good")
        async with storage.database.writing() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        await backups.backup(location, tmp_path / "newer")
    whole = (tmp_path / "good").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text").write_text("hello")
    for name in ("cut", "text"):
        with pytest.raises(BadBackup, match="is no whole backup of backchat's from PostgreSQL; nothing was"):
            await backups.restore(location, tmp_path / name, NOW, tmp_path)
    with pytest.raises(NewerDatabase, match="9999"):
        await backups.restore(location, tmp_path / "newer", NOW, tmp_path)
    assert "replaced" not in str(names(tmp_path))
    await backups.restore(location, tmp_path / "good", NOW, tmp_path)
    assert await slugs(location) == []


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    location = at_file(tmp_path / "db.sqlite")
    asyncio.run(upgrade(location, NOW))
    with pytest.raises(BackupFailed, match="cannot be written: No such file or directory; name another file"):
        asyncio.run(backups.backup(location, tmp_path / "nowhere" / "backup"))
    limited = subprocess.run(
        [sys.executable, str(PROGRAMS), "backup", str(location.file), str(tmp_path / "backup")],
        env={**os.environ, "PYTHONPATH": str(PROGRAMS.parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert limited.stdout.startswith(f"StorageUnavailable The disk of {tmp_path / 'backup'} cannot be")
    assert names(tmp_path) == ["db.sqlite"]


async def test_a_damaged_database_can_be_replaced(tmp_path: Path) -> None:
    location = at_file(tmp_path / "db.sqlite")
    await upgrade(location, NOW)
    await backups.backup(location, tmp_path / "good")
    (tmp_path / "db.sqlite").write_bytes(b"\xff" * 5000)
    done = await backups.restore(location, tmp_path / "good", NOW, tmp_path)
    assert done.aside is not None
    assert done.aside.read_bytes() == b"\xff" * 5000
    assert await slugs(location) == []


async def test_postgresql_is_not_restored_under_a_running_bot(location: Location, tmp_path: Path) -> None:
    if location.file is not None or not shutil.which("pg_dump"):
        pytest.skip("about pg_dump")
    async with open_storage(location, now=NOW) as storage:
        await storage.answers.list("a")
        await backups.backup(location, tmp_path / "backup")
        with pytest.raises(DataInUse, match="A bot is connected"):
            await backups.restore(location, tmp_path / "backup", NOW, tmp_path)


async def test_without_pg_dump_the_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    location = locate(config.load({"BACKCHAT_DATABASE_URL": "postgresql+asyncpg://ada:s3cret@db/course"}))
    with pytest.raises(BackupFailed, match="with pg_dump, which is not installed here"):
        await backups.backup(location, tmp_path / "backup")


def test_two_bots_do_not_share_a_folder_or_a_file(tmp_path: Path) -> None:
    here = at_file(tmp_path / "one" / "backchat.sqlite")
    elsewhere = at_file(tmp_path / "elsewhere.sqlite")
    assert lock_files(tmp_path / "one", here) == (tmp_path / "one" / "lock",)
    assert lock_files(tmp_path / "one", elsewhere)[1] == tmp_path / "elsewhere.sqlite.lock"
    with hold(lock_files(tmp_path / "one", elsewhere)):
        with pytest.raises(
            DataInUse, match=rf"Another bot \(process {os.getpid()}\) uses {tmp_path / 'one'}; stop it"
        ):
            hold(lock_files(tmp_path / "one", here)).__enter__()
        with pytest.raises(DataInUse, match=f"uses {tmp_path}; stop it first"):
            hold(lock_files(tmp_path / "two", elsewhere)).__enter__()
        # The one that it got before it was refused is free again.
        with hold(lock_files(tmp_path / "two", here)):
            pass
    with hold(lock_files(tmp_path / "one", elsewhere)):
        pass


def test_a_killed_bot_holds_nothing(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, sys, time; from bot.storage.lock import hold\n"
        "with hold([pathlib.Path(sys.argv[1])]):\n    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        with pytest.raises(DataInUse, match=f"process {process.pid}"):
            hold([tmp_path / "lock"]).__enter__()
        process.kill()
    with hold([tmp_path / "lock"]):
        pass


def test_the_address_is_a_file_in_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    assert locate(config.load({"BACKCHAT_DATA": str(tmp_path)})).file == tmp_path / "backchat.sqlite"
    given = locate(config.load({"BACKCHAT_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/my.db"}))
    assert given.file == tmp_path / "my.db"


@pytest.mark.parametrize(
    "address",
    [
        f"postgres://ada:{PASSWORD}@host/db",
        f"mysql://ada:{PASSWORD}@host/db",
        f"postgresql+asyncpg://ada:{PASSWORD}@host",
        f"postgresql+asyncpg://ada:{PASSWORD}@host:port/db",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        f"sqlite+aiosqlite:///x.db?key={PASSWORD}",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(ConfigurationError, match="BACKCHAT_DATABASE_URL") as caught:
        locate(config.load({"BACKCHAT_DATABASE_URL": address, "BACKCHAT_JOBS": "1"}))
    assert PASSWORD not in str(caught.value)


def test_the_password_never_shows() -> None:
    settings = config.load({"BACKCHAT_DATABASE_URL": f"postgresql+asyncpg://ada:{PASSWORD}@host/db"})
    location = locate(settings)
    for shown in (repr(settings), str(settings), str(settings.model_dump()), repr(location), str(location)):
        assert PASSWORD not in shown
    assert location.url.password == PASSWORD


Backchat = Callable[..., tuple[int, str, str]]


@pytest.fixture
def backchat(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Backchat:
    """Return what runs a command of `backchat db`, and returns its exit code and what it printed."""
    monkeypatch.setenv("BACKCHAT_DATA", str(tmp_path / "data"))

    def run(*words: str, url: str = "") -> tuple[int, str, str]:
        monkeypatch.setenv("BACKCHAT_DATABASE_URL", url)
        monkeypatch.setattr(sys, "argv", ["backchat", "db", *words])
        with pytest.raises(SystemExit) as caught:
            main()
        printed = capsys.readouterr()
        return int(caught.value.code or 0), printed.out, printed.err

    return run


def test_the_commands(tmp_path: Path, backchat: Backchat) -> None:
    file, copy = tmp_path / "data" / "backchat.sqlite", tmp_path / "b"
    assert backchat("backup", str(copy)) == (
        1,
        "",
        f"backchat: There is no database {file} yet; nothing to back up.\n",
    )
    assert backchat("upgrade") == (0, f"Upgraded {file} with the tables of {newest()}.\n", "")
    assert backchat("upgrade") == (0, f"{file} is up to date ({newest()}).\n", "")
    assert backchat("backup", str(copy)) == (0, f"Wrote {copy}.\n", "")
    code, out, err = backchat("restore", str(copy))
    assert (code, err) == (0, "")
    assert out.startswith(f"Restored {copy} to {file}; what was there before is {file}.replaced-")


def test_the_commands_fail_in_one_sentence(tmp_path: Path, backchat: Backchat) -> None:
    copy = tmp_path / "b"
    backchat("upgrade")
    backchat("backup", str(copy))
    wrong = backchat("restore", str(tmp_path / "nothing"))
    assert wrong[:2] == (2, "")
    assert wrong[2].startswith("backchat: restore takes a file that exists; got ")
    with hold([tmp_path / "data" / "lock"]):
        for words in (("restore", str(copy)), ("upgrade",)):
            code, out, err = backchat(*words)
            assert (code, out) == (1, "")
            assert err.startswith("backchat: Another bot (process ")
        assert backchat("backup", str(tmp_path / "c"))[0] == 0
    assert backchat("upgrade", url=f"mysql://ada:{PASSWORD}@h/d")[0] == 78
    code, out, err = backchat("upgrade", url=f"postgresql+asyncpg://ada:{PASSWORD}@127.0.0.1:1/d")
    assert (code, out) == (1, "")
    assert err.startswith("backchat: The database d on 127.0.0.1 cannot be reached (")
    assert PASSWORD not in err
