"""What is held about one person in one server: shown, handed over, deleted; driven by the registry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, update

from bot.storage.database import Database, values
from bot.storage.guild_keys import GuildKeys
from bot.storage.registry import REGISTRY, Erasing, Held
from bot.storage.schema import Base


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What one table holds about somebody."""

    held: Held
    rows: Sequence[Mapping[str, Any]]


class Privacy:
    """What is held about people in any server."""

    def __init__(self, database: Database, keys: GuildKeys) -> None:
        self._database = database
        self._keys = keys

    async def export(self, guild: str, *, user_id: str) -> tuple[About, ...]:
        """Return everything that is held about somebody, table by table; empty tables are left out."""
        found: list[About] = []
        for held in REGISTRY:
            theirs = await self._theirs(held, guild, user_id)
            if theirs is None:
                continue
            table = _table(held)
            shown = select(*(table.c[name] for name in held.personal)).where(*theirs)
            rows = await self._database.rows(shown.order_by(*table.primary_key.columns))
            if rows:
                found.append(About(held=held, rows=[values(row) for row in rows]))
        return tuple(found)

    async def forget(self, guild: str, *, user_id: str) -> dict[str, int]:
        """Delete what is held about somebody; return how many rows of which table were deleted or blanked."""
        where = {held.name: await self._theirs(held, guild, user_id) for held in REGISTRY}
        counts: dict[str, int] = {}
        async with self._database.writing(guild) as connection:
            for held in REGISTRY:
                theirs = where[held.name]
                if theirs is None:
                    continue
                table = _table(held)
                statement = (
                    delete(table).where(*theirs)
                    if held.erasing is Erasing.DELETE
                    else update(table).where(*theirs).values(dict(held.blanks))
                )
                counts[held.name] = (await connection.execute(statement)).rowcount
        return {name: count for name, count in counts.items() if count}

    async def forget_guild(self, guild: str) -> dict[str, int]:
        """Delete everything that is held of a server, its answers included."""
        counts: dict[str, int] = {}
        async with self._database.writing(guild) as connection:
            # Children first, so that no row refers to one that is gone.
            for table in reversed(Base.metadata.sorted_tables):
                gone = await connection.execute(delete(table).where(table.c.guild == guild))
                counts[table.name] = gone.rowcount
        return {name: count for name, count in counts.items() if count}

    async def _theirs(self, held: Held, guild: str, user_id: str) -> Sequence[ColumnElement[bool]] | None:
        """Select somebody's rows; None where the table holds nothing about them."""
        if held.person is None:
            return None
        # An empty id is not a person: it stands for those who were forgotten.
        person = await self._keys.who(guild, user_id) if held.hashed else user_id
        if not person or not user_id:
            return None
        table = _table(held)
        return (table.c.guild == guild, table.c[held.person] == person)


def _table(held: Held) -> Table:
    return Base.metadata.tables[held.name]
