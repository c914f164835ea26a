"""Connections to the two databases, set up so that a write waits for its turn instead of failing.

What is written does not stand in what they raise: that goes to the log, and may be the words of a student.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from bot.storage.errors import StorageUnavailable
from bot.storage.location import Location

_BUSY_SECONDS = 5
_POOL_SECONDS = 10
_READERS = 4
_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 15
"""More than any statement takes, with what it waits for others."""
_POSTGRES_POOL = 5
_WAIT = f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}"
_DURABLE = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL")
_SQLITE_WRITER = (_WAIT, "PRAGMA foreign_keys=ON", *_DURABLE)
_SQLITE_READER = (_WAIT, "PRAGMA query_only=ON")

_WHICH = "which file"

APPLICATION = "backchat"
"""How our connections are called in PostgreSQL's list of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """One way to write and one to read; with PostgreSQL they are the same."""

    writer: AsyncEngine
    reader: AsyncEngine

    async def dispose(self) -> None:
        """Close all connections."""
        await self.reader.dispose()
        await self.writer.dispose()


def connect(location: Location) -> Engines:
    """Prepare connections; the first statement opens one."""
    if location.file is not None:
        writer = _sqlite(location.file, 1, _SQLITE_WRITER, "BEGIN IMMEDIATE")
        reader = _sqlite(location.file, _READERS, _SQLITE_READER, "BEGIN")
        _require_in_place(writer, location.file)
        return Engines(writer=writer, reader=reader)
    engine = _postgres(location.url, _POSTGRES_POOL, _ANSWER_SECONDS)
    return Engines(writer=engine, reader=engine)


def connect_to_migrate(location: Location) -> AsyncEngine:
    """Prepare the one connection that migrates.

    SQLite changes a table by copying it and dropping the old one; with foreign keys on, that would take the
    rows that refer to it along.
    """
    if location.file is not None:
        pragmas = (_WAIT, "PRAGMA foreign_keys=OFF", *_DURABLE)
        return _sqlite(location.file, 1, pragmas, "BEGIN IMMEDIATE", mode="rwc")
    return _postgres(location.url, 1)


def _postgres(url: URL, connections: int, answer_seconds: float | None = None) -> AsyncEngine:
    """Return an engine; without a limit on its answers, a network that goes silent is waited for for ever."""
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=connections,
        pool_timeout=_POOL_SECONDS,
        connect_args={
            "timeout": _CONNECT_SECONDS,
            "command_timeout": answer_seconds,
            "server_settings": {
                "application_name": APPLICATION,
                "lock_timeout": f"{_BUSY_SECONDS}s",
                "idle_in_transaction_session_timeout": "60s",
            },
        },
    )


def _sqlite(
    file: Path, connections: int, pragmas: tuple[str, ...], begin: str, *, mode: str = "rw"
) -> AsyncEngine:
    """Return an engine that begins every transaction itself; a file that is gone is not made anew.

    A transaction that reads before it writes has to lock before it reads: SQLite refuses to turn a stale
    reader into a writer, without waiting.
    """
    engine = create_async_engine(
        URL.create(
            "sqlite+aiosqlite", database=f"file:{quote(str(file))}", query={"mode": mode, "uri": "true"}
        ),
        hide_parameters=True,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_POOL_SECONDS,
        connect_args={"timeout": _BUSY_SECONDS},
    )

    def prepare(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", start)
    return engine


def _require_in_place(writer: AsyncEngine, file: Path) -> None:
    """Refuse to write to a file that has lost its name: what is saved there is gone when the bot stops."""

    def remember(_dbapi_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_WHICH] = _which(file)

    def compare(connection: Connection) -> None:
        if _which(file) != connection.info[_WHICH]:
            raise StorageUnavailable(
                f"{file} was moved, deleted or replaced while the bot runs, nothing was saved; put it back, "
                "or stop the bot and restore a backup with: backchat db restore FILE"
            )

    event.listen(writer.sync_engine, "connect", remember)
    event.listen(writer.sync_engine, "begin", compare)


def _which(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
