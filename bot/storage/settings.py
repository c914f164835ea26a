"""The settings of every server, each with who changed it last."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import changes as marks
from bot.storage.database import Database
from bot.storage.errors import Conflict
from bot.storage.guild_settings import GuildSettings, from_stored, to_stored, with_changes
from bot.storage.people import Author, Signed
from bot.storage.schema import InboxRow, SettingRow
from bot.storage.text import storable

_MAX_VALUE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Who changed a setting last, to what."""

    name: str
    value: Any
    author: Author
    at: datetime


class SettingConflict(Conflict):
    """Somebody else changed the same setting first."""

    def __init__(self, winner: Changed) -> None:
        super().__init__(winner)
        self.winner = winner

    def __str__(self) -> str:
        winner = self.winner
        value = json.dumps(winner.value, ensure_ascii=False)
        return (
            f"{winner.author.name} set {winner.name} to {value:.100} at {winner.at:%Y-%m-%d %H:%M} UTC; "
            "nothing of yours was saved; open the settings again."
        )


class Settings:
    """The settings of all servers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild: str) -> GuildSettings:
        """Return a server's settings; what it has not decided is the default."""
        return _read(await self.changed(guild))

    async def changed(self, guild: str) -> tuple[Changed, ...]:
        """Return the settings that a server has decided on, by name."""
        rows = await self._database.rows(
            select(*_COLUMNS).where(SettingRow.guild == guild).order_by(SettingRow.name)
        )
        return tuple(_changed(row) for row in rows)

    async def everywhere(self, names: Collection[str]) -> Mapping[str, GuildSettings]:
        """Return the settings of the servers that have decided on one of these; the rest is default."""
        rows = await self._database.rows(
            select(SettingRow.guild, SettingRow.name, SettingRow.value).where(SettingRow.name.in_(names))
        )
        found: dict[str, dict[str, Any]] = {}
        for guild, name, value in rows:
            found.setdefault(guild, {})[name] = json.loads(value)
        return {guild: from_stored(stored) for guild, stored in found.items()}

    async def change(
        self, guild: str, changes: Mapping[str, Any], *, seen: GuildSettings, by: Signed
    ) -> GuildSettings:
        """Change some settings together; where questions are no longer to be kept, the kept ones go at once.

        Args:
            guild: the server.
            changes: new values by name.
            seen: the settings that the author had before them.
            by: who changes them, and when.

        Raises:
            Unstorable: there is no such setting, or it has no such value.
            SettingConflict: somebody else changed one of them since.
        """
        wanted = with_changes(seen, changes)
        async with self._database.writing(guild) as connection:
            before = await _in(connection, guild)
            now = _read(before)
            for one in before:
                there = getattr(now, one.name, None)
                if one.name in changes and there not in (getattr(seen, one.name), getattr(wanted, one.name)):
                    raise SettingConflict(one)
            after = with_changes(now, {name: getattr(wanted, name) for name in changes})
            for name in changes:
                await _put(connection, guild, after, name, by)
            await marks.mark(connection, guild)
            if not after.keep_questions:
                await connection.execute(delete(InboxRow).where(InboxRow.guild == guild))
        return after


_COLUMNS = (
    SettingRow.name,
    SettingRow.value,
    SettingRow.author_id,
    SettingRow.author_name,
    SettingRow.at,
)


async def settings_in(connection: AsyncConnection, guild: str) -> GuildSettings:
    """Return a server's settings inside a transaction."""
    return _read(await _in(connection, guild))


async def _in(connection: AsyncConnection, guild: str) -> tuple[Changed, ...]:
    found = await connection.execute(
        select(*_COLUMNS).where(SettingRow.guild == guild).order_by(SettingRow.name)
    )
    return tuple(_changed(row) for row in found)


async def _put(
    connection: AsyncConnection, guild: str, settings: GuildSettings, name: str, by: Signed
) -> None:
    value = json.dumps(to_stored(settings, name), ensure_ascii=False, sort_keys=True)
    storable(value, f"The setting {name}", _MAX_VALUE)
    await connection.execute(delete(SettingRow).where(SettingRow.guild == guild, SettingRow.name == name))
    await connection.execute(
        insert(SettingRow).values(
            guild=guild,
            name=name,
            author_id=by.author.id,
            author_name=by.author.name,
            at=by.at,
            value=value,
        )
    )


def _read(changed: tuple[Changed, ...]) -> GuildSettings:
    return from_stored({one.name: one.value for one in changed})


def _changed(row: Row[str, str, str, str, datetime]) -> Changed:
    name, value, author_id, author_name, at = row
    author = Author(id=author_id, name=author_name)
    return Changed(name=name, value=json.loads(value), author=author, at=at)
