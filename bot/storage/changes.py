"""That a server's answers, wordings or settings were changed, for other processes on the same database.

The mark is drawn anew with every change and not counted up: a server that was forgotten and begins again
never comes by a mark that it had before.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from sqlalchemy import ARRAY, ColumnElement, Text, any_, delete, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.schema import ChangeRow

UNCHANGED = ""
"""The mark of a server that has changed nothing so far."""
_BYTES = 8
_AT_ONCE = 10_000
"""Servers that are asked about in one statement; neither database takes more than 32,767 values."""


class Changes:
    """The marks of all servers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, guilds: Collection[str]) -> Mapping[str, str]:
        """Return the marks of servers: read before the rest, they tell later whether that is old."""
        found = dict.fromkeys(guilds, UNCHANGED)
        rest = iter(found)
        while some := tuple(islice(rest, _AT_ONCE)):
            marks = select(ChangeRow.guild, ChangeRow.mark).where(self._is_one_of(some))
            for guild, word in await self._database.rows(marks):
                found[guild] = word
        return found

    def _is_one_of(self, guilds: Sequence[str]) -> ColumnElement[bool]:
        if self._database.location.file is not None:
            return ChangeRow.guild.in_(guilds)
        # One value, however many servers: thousands of them are asked about every other second.
        return ChangeRow.guild == any_(literal(guilds, ARRAY(Text)))


async def mark(connection: AsyncConnection, guild: str) -> None:
    """Give a server another mark, inside the transaction that changes something."""
    await connection.execute(delete(ChangeRow).where(ChangeRow.guild == guild))
    await connection.execute(insert(ChangeRow).values(guild=guild, mark=secrets.token_hex(_BYTES)))
