"""Statements to the database: a read is tried twice, a write is saved whole or not at all."""

import hashlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVarTuple

from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import TypedReturnsRows

from bot.storage import engines
from bot.storage.errors import StorageUnavailable
from bot.storage.failures import lost, sentences
from bot.storage.location import Location

_Columns = TypeVarTuple("_Columns")
_ALONE = text("SELECT pg_advisory_xact_lock(:key)")


class Database:
    """An open database; the repositories share one."""

    def __init__(self, location: Location) -> None:
        self.location = location
        self._engines = engines.connect(location)

    @property
    def shared(self) -> bool:
        """Whether other processes may change it; of a SQLite file one process holds the lock."""
        return self.location.file is None

    async def rows(self, statement: TypedReturnsRows[*_Columns]) -> Sequence[Row[*_Columns]]:
        """Return what a statement finds; if the connection turns out to be lost, ask once more.

        Raises:
            StorageError: the database did not answer.
        """
        with sentences(self.location):
            try:
                return await self._rows(statement)
            except (DBAPIError, ConnectionError) as error:
                if not lost(error):
                    raise
            return await self._rows(statement)

    async def _rows(self, statement: TypedReturnsRows[*_Columns]) -> Sequence[Row[*_Columns]]:
        async with self._engines.reader.connect() as connection:
            return (await connection.execute(statement)).all()

    @asynccontextmanager
    async def writing(self, guild: str = "") -> AsyncGenerator[AsyncConnection]:
        """Write in one transaction: all of it is saved if the block ends well, else nothing.

        Of one server's writers one is inside at a time, so that what it reads stays true until it ends:
        SQLite has one writer anyway, in PostgreSQL a lock sees to it.

        Raises:
            StorageError: nothing was saved, unless it says that it may have been.
        """
        saving = False
        try:
            with sentences(self.location):
                async with self._engines.writer.begin() as connection:
                    if self.location.file is None:
                        await connection.execute(_ALONE, {"key": _key(guild)})
                    yield connection
                    saving = self.location.file is None
        except StorageUnavailable as error:
            if not saving:
                raise
            raise StorageUnavailable(
                f"The connection to {self.location} was lost at the last moment; look whether it was saved "
                "before you try again."
            ) from error

    async def close(self) -> None:
        """Close all connections."""
        await self._engines.dispose()


def _key(guild: str) -> int:
    return int.from_bytes(hashlib.sha256(guild.encode()).digest()[:8], signed=True)


async def first(connection: AsyncConnection, statement: TypedReturnsRows[*_Columns]) -> Row[*_Columns] | None:
    """Return the first row that a statement finds, inside a transaction."""
    return (await connection.execute(statement)).first()


def values(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """Return a row as the arguments of the value that is made of it."""
    return dict(row._mapping)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  public in spite of its name
