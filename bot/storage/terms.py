"""What is done for all servers at once where people are concerned: who is held at all, and until when."""

from datetime import datetime, timedelta

from sqlalchemy import select, union

from bot.storage.database import Database
from bot.storage.guild_keys import GuildKeys
from bot.storage.registry import REGISTRY
from bot.storage.schema import Base, KeyRow

TERM_DAYS = 183
"""For the key of a server: half a year."""


async def guilds_of_people(database: Database) -> tuple[str, ...]:
    """Return the servers of which anything is held that is about a person.

    Raises:
        StorageError: the database did not answer.
    """
    tables = [Base.metadata.tables[held.name] for held in REGISTRY if held.person is not None]
    rows = await database.rows(union(*(select(table.c.guild) for table in tables)))
    return tuple(sorted(str(guild) for (guild,) in rows))


async def end_old_terms(
    database: Database, keys: GuildKeys, now: datetime, *, days: int = TERM_DAYS
) -> tuple[str, ...]:
    """Replace the keys that are older than a term, meant to be done daily; return whose they were.

    Raises:
        StorageError: the database did not answer; the next time is soon enough.
    """
    old = select(KeyRow.guild).where(KeyRow.made_at < now - timedelta(days=days)).order_by(KeyRow.guild)
    guilds = tuple(str(guild) for (guild,) in await database.rows(old))
    for guild in guilds:
        await keys.rotate(guild, at=now)
    return guilds
