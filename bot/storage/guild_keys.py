"""A secret per server, with which its students are counted and never named."""

import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database, first
from bot.storage.schema import KeyRow

_SECRET_BYTES = 32
_WHO_BYTES = 16


def who(secret: bytes, user_id: str) -> str:
    """Return what stands for a user: the same within a server and a term, and of no use anywhere else."""
    return hmac.digest(secret, user_id.encode(), "sha256")[:_WHO_BYTES].hex()


class GuildKeys:
    """The keys of all servers.

    Args:
        database: that they are in.
        draw: how a key is drawn.
    """

    def __init__(self, database: Database, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._database = database
        self._draw = draw

    async def who(self, guild: str, user_id: str) -> str | None:
        """Return what stands for a user in this term; None where the server has no key yet."""
        for (secret,) in await self._database.rows(select(KeyRow.secret).where(KeyRow.guild == guild)):
            return who(secret, user_id)
        return None

    async def hide(self, connection: AsyncConnection, guild: str, user_id: str, at: datetime) -> str:
        """Return what stands for a user, inside a transaction; a server's first key is made here."""
        found = await first(connection, select(KeyRow.secret).where(KeyRow.guild == guild))
        if found is not None:
            return who(found[0], user_id)
        secret = self._draw(_SECRET_BYTES)
        await connection.execute(insert(KeyRow).values(guild=guild, term=1, made_at=at, secret=secret))
        return who(secret, user_id)

    async def term(self, guild: str) -> tuple[int, datetime] | None:
        """Return the number of the present term and when it began."""
        rows = await self._database.rows(select(KeyRow.term, KeyRow.made_at).where(KeyRow.guild == guild))
        return (rows[0][0], rows[0][1].astimezone(UTC)) if rows else None

    async def rotate(self, guild: str, *, at: datetime) -> None:
        """Begin a new term: the old key is gone, and nobody can tell any more whose the old rows are."""
        async with self._database.writing(guild) as connection:
            found = await first(connection, select(KeyRow.term).where(KeyRow.guild == guild))
            if found is not None:
                await connection.execute(
                    update(KeyRow)
                    .where(KeyRow.guild == guild)
                    .values(term=found[0] + 1, made_at=at, secret=self._draw(_SECRET_BYTES))
                )
