"""Opening the cache's SQLite file whatever lies in its place, and setting aside what is not a cache.

Who renames a database that another process is just opening mixes one's pages with the other's log, so both
happen under one lock.  A process that has the file open already is not disturbed: it goes on with the renamed
file until it sees that `identity` changed.
"""

import contextlib
import logging
import os
import sqlite3
import sys
import time
from collections.abc import Generator
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_log = logging.getLogger(__name__)

BUSY_SECONDS = 0.5
"""How long to wait for another process; a put takes milliseconds, and computing again is the alternative."""

_APPLICATION = int.from_bytes(b"Bkch", "big")
_VERSION = 1
"""Raise it with every change of the schema or of what an entry means: files of other versions are dropped."""

_SCHEMA = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    bytes INTEGER NOT NULL,
    key TEXT NOT NULL UNIQUE,
    used INTEGER NOT NULL, -- counts up with every use of any entry, so that no clock can turn it back
    checksum BLOB NOT NULL,
    names TEXT NOT NULL
);
CREATE INDEX entry_used ON entry (used);
CREATE TABLE part (
    entry INTEGER NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    place INTEGER NOT NULL, -- 0 is the JSON, the files follow
    content NOT NULL,
    PRIMARY KEY (entry, place)
);
"""

PAGE = 4096
"""SQLite's unit of the file, in bytes."""

_LOG_BYTES = 4 * 2**20
"""What the write-ahead log may keep of the disk after a large transaction."""

Identity = tuple[int, int]
"""Which file lies at a path: device and inode."""


class _NotACacheError(Exception):
    """What lies there is damaged or somebody else's."""


class _OtherVersionError(Exception):
    """What lies there is a cache that another version of this program made."""


def open_cache(path: Path) -> tuple[sqlite3.Connection, Identity]:
    """Open the cache, or make one; folders are made, and whatever else lies at the path is moved away.

    Raises:
        OSError: the disk, the folder or another process prevents it.
        sqlite3.Error: likewise.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(path):
        try:
            connection = _connect(path)
        except _OtherVersionError:
            _log.info("The cache of another version, %s, is made anew.", path)
            for name in _names(path):
                name.unlink(missing_ok=True)
            connection = _connect(path)
        except (_NotACacheError, sqlite3.DatabaseError) as error:
            if not (isinstance(error, _NotACacheError) or is_damage(error)):
                raise
            _move_aside(path, error)
            connection = _connect(path)
        found = identity(path)
    if found is None:
        connection.close()
        raise FileNotFoundError(path)  # somebody removes it faster than we make it
    return connection, found


def set_aside(path: Path, which: Identity, reason: Exception) -> None:
    """Rename a damaged cache, unless another process has already put a new one in its place.

    Raises:
        OSError: it cannot be renamed.
    """
    with _alone(path):
        if identity(path) == which:
            _move_aside(path, reason)


def identity(path: Path) -> Identity | None:
    """Return which file lies at the path; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


_DAMAGE = frozenset(
    {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_FORMAT,
        # As no statement is built from what somebody typed, these say that the tables are not ours:
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
    }
)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is to blame, rather than the disk, a lock or a mistake of ours."""
    return _code(error) & _PRIMARY in _DAMAGE


_NO_ROOM = frozenset(
    {sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE, sqlite3.SQLITE_IOERR_SHMSIZE}
)
"""What SQLite calls a quota or a limit on file sizes that is used up."""


def is_passing(error: sqlite3.Error) -> bool:
    """Whether an open file can stay open: another process is writing, or there is no room left to write.

    Closing it would be worse, as opening it again may need room where reading does not.
    """
    code = _code(error)
    return code & _PRIMARY in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL} or code in _NO_ROOM


_PRIMARY = 0xFF
"""The bits of SQLite's codes that are not details."""


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's code; 0 if the error is Python's."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code


def _connect(path: Path) -> sqlite3.Connection:
    if path.exists() and not path.is_file():
        raise _NotACacheError("it is not a file")
    # SQLite makes its other files with the mode of this one. Never open an existing file this way: closing
    # it again drops the locks that SQLite holds on it anywhere in this process.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.text_factory = bytes  # a damaged text is no error of decoding, but one of the checksum
    application, version, tables = (
        connection.execute(question).fetchone()[0]
        for question in (
            "PRAGMA application_id",
            "PRAGMA user_version",
            "SELECT count(*) FROM sqlite_master",
        )
    )
    empty = (application, version, tables) == (0, 0, 0)
    if not empty and application != _APPLICATION:
        raise _NotACacheError("it belongs to another program")
    if not empty and version != _VERSION:
        raise _OtherVersionError
    connection.execute("PRAGMA mmap_size = 0")  # a mapped file that is truncated kills who reads it
    connection.execute("PRAGMA foreign_keys = ON")
    # NORMAL syncs only when the log is copied into the file, in the cache's own thread. OFF would save that,
    # and cost the whole cache where a power cut leaves the file half written.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
    if empty:  # both only possible before the first table
        connection.execute(f"PRAGMA page_size = {PAGE}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    if empty:
        connection.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA application_id = {_APPLICATION}; "
            f"PRAGMA user_version = {_VERSION}; COMMIT;"
        )


def _move_aside(path: Path, reason: Exception) -> None:
    for name in _names(path):
        aside = name.with_name(f"{path.name}.damaged{name.name.removeprefix(path.name)}")
        if aside.is_dir() and not aside.is_symlink():
            aside.rmdir()  # one with content is not ours to delete
        else:
            aside.unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            name.rename(aside)
    _log.warning(
        "The cache of results was damaged (%s); it is kept as %s, and a new one is made.",
        reason,
        f"{path}.damaged",
    )


def _names(path: Path) -> list[Path]:
    """Return the file and those that SQLite keeps next to it."""
    return [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm")]


@contextlib.contextmanager
def _alone(path: Path) -> Generator[None]:
    """Keep other processes from opening or moving the cache meanwhile.

    Windows needs no lock: it refuses to rename a file that somebody has open.
    """
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.002)
        yield
    finally:
        os.close(descriptor)  # which unlocks
