"""SQLite files as files: are they whole, copy one while a bot writes to it, put one in another's place."""

import contextlib
import os
import sqlite3
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from bot.storage.errors import BackupFailed, StorageError, StorageUnavailable
from bot.storage.failures import sentences, translate

KEPT = 3
"""So many backups from before migrations are kept."""
_STAMP = "%Y%m%dT%H%M%SZ"
_BEFORE = "before-upgrade"
_PRIVATE = 0o600
_SHARED = "mode=ro"
_ALONE = "mode=ro&immutable=1"
"""For files that nobody writes to: beside others SQLite leaves two files, even where it only reads."""
_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_WAIT_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What a look at a file found."""

    fault: str | None = None
    """Why it is no whole database, in SQLite's words."""
    revision: str | None = None
    """Of our tables."""
    foreign: bool = False
    """Whether it holds tables, and none of ours."""


def inspect(file: Path) -> Inspected:
    """Read a file from end to end without changing it or leaving anything beside it."""
    quiet = _quiet(file)
    if quiet is not None:
        found = _inspect(file, _ALONE)
        if not found.fault or _quiet(file) == quiet:
            return found
    return _inspect(file, _SHARED)


def _inspect(file: Path, how: str) -> Inspected:
    try:
        with _open(file, how) as connection:
            fault = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            if fault != "ok":
                return Inspected(fault=fault.splitlines()[-1])
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            revision = None
            if "alembic_version" in tables:
                row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
                revision = None if row is None else str(row[0])
            return Inspected(revision=revision, foreign=bool(tables) and "alembic_version" not in tables)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname.startswith(_BROKEN):
            return Inspected(fault=str(error))
        raise translate(error, file) from error


def copy(file: Path, target: Path) -> None:
    """Write a whole and compact copy of a database, also while a bot writes to it.

    Raises:
        BackupFailed: there is a file of that name already, or no folder for it.
        DiskFull: it does not fit.
    """
    partial = target.with_name(f".{target.name}.partial")
    with _reserved(target):
        try:
            partial.unlink(missing_ok=True)
            os.close(os.open(partial, os.O_CREAT | os.O_EXCL, _PRIVATE))
            with sentences(target):
                _compact(file, partial)
            _sync(partial)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    _sync(target.parent)


def _compact(file: Path, target: Path) -> None:
    quiet = _quiet(file)
    if quiet is not None:
        with _open(file, _ALONE) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        if _quiet(file) == quiet:
            return
        os.truncate(target, 0)
    with _open(file, _SHARED) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def _quiet(file: Path) -> tuple[int, int] | None:
    """Return the state of a file that nobody writes to; None if somebody may.

    Whoever writes has a write-ahead log beside the file, or has changed the file by the time it is gone.
    """
    if Path(f"{file}-wal").exists() or not file.exists():
        return None
    found = file.stat()
    return found.st_mtime_ns, found.st_size


def copy_before_migration(file: Path, now: datetime) -> Path:
    """Write a copy beside a database, and delete all such copies but the last few."""
    target = dated(file, _BEFORE, now)
    copy(file, target)
    for old in upgrades_of(file)[KEPT:]:
        old.unlink(missing_ok=True)
    return target


def upgrades_of(file: Path) -> list[Path]:
    """Return the copies from before migrations, the latest first."""
    return sorted(file.parent.glob(f"{file.name}.{_BEFORE}-*"), reverse=True)


def replace(file: Path, backup: Path, now: datetime) -> Path | None:
    """Put a copy of a backup in the place of a database, which is kept aside; return where.

    At no moment is there less than before: the copy is whole before anything moves.

    Raises:
        StorageError: there is no room, or the files cannot be moved; the database is still there.
    """
    try:
        return _replace(file, backup, now)
    except OSError as error:
        raise StorageUnavailable(
            f"{file} cannot be replaced: {error.strerror}; give yourself the right to write its folder."
        ) from None


def _replace(file: Path, backup: Path, now: datetime) -> Path | None:
    fresh = file.with_name(f".{file.name}.restored")
    fresh.unlink(missing_ok=True)
    copy(backup, fresh)
    aside = None
    if file.exists():
        aside = dated(file, "replaced", now)
        _keep(file, aside)
    fresh.replace(file)
    _sync(file.parent)
    return aside


def _keep(file: Path, aside: Path) -> None:
    """Give a database a second name, under which it stays when another file takes the first."""
    wal, index = Path(f"{file}-wal"), Path(f"{file}-shm")
    if wal.exists() and inspect(file).fault is None:
        # What a killed bot left in the write-ahead log goes into the database, and the log away.
        with _open(file, "mode=rw") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    try:
        os.link(file, aside)
    except OSError:  # a file system where a file has one name
        file.rename(aside)
    if wal.exists():
        wal.rename(f"{aside}-wal")
    index.unlink(missing_ok=True)


def create(file: Path) -> None:
    """Make an empty file that only its owner can read, where there is none.

    Raises:
        StorageUnavailable: it cannot be made.
    """
    if file.exists():
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT, _PRIVATE))
    except OSError as error:
        raise StorageUnavailable(
            f"The database {file} cannot be made: {error.strerror}; give the bot the right to, or name "
            "another place in BACKCHAT_DATA or BACKCHAT_DATABASE_URL."
        ) from None


def dated(file: Path, word: str, now: datetime) -> Path:
    """Return a name beside a file that no file has, with what it is for and when."""
    base = file.with_name(f"{file.name}.{word}-{now.astimezone(UTC).strftime(_STAMP)}")
    names = (base, *(base.with_name(f"{base.name}-{number}") for number in range(2, 100)))
    return next(name for name in names if not name.exists())


@contextlib.contextmanager
def _reserved(target: Path) -> Generator[None]:
    """Take a file name that nobody else has; give it back if the block fails."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL, _PRIVATE))
    except FileExistsError:
        raise BackupFailed(f"{target} exists already and is left as it is; name a new file.") from None
    except OSError as error:
        raise BackupFailed(f"{target} cannot be written: {error.strerror}; name another file.") from None
    try:
        yield
    except StorageError:
        target.unlink(missing_ok=True)
        raise
    except OSError as error:
        target.unlink(missing_ok=True)
        raise BackupFailed(f"{target} cannot be written: {error.strerror}; name another file.") from None


@contextlib.contextmanager
def _open(file: Path, how: str) -> Generator[sqlite3.Connection]:
    address = f"file:{quote(str(file.absolute()))}?{how}"
    connection = sqlite3.connect(address, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def _sync(path: Path) -> None:
    """Have the operating system write a file, or a folder's list of files, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
