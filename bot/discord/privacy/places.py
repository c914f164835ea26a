"""About which servers somebody asks: the one that they are in, or all, in a direct message."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.discord.here import client_of, guild_of
from bot.discord.words import quiet
from bot.storage.privacy import About
from bot.storage.terms import guilds_of_people

_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What one server holds about somebody."""

    guild: str
    name: str
    """As it can be shown on a card."""
    about: tuple[About, ...]


async def look(interaction: discord.Interaction, guild: str | None = None) -> Sequence[Place]:
    """Return the servers that hold something about who asks.

    Args:
        interaction: of that person.
        guild: a server; else the one where it was asked, or in a direct message all.

    Raises:
        StorageError: the storage did not answer.
    """
    client = client_of(interaction)
    privacy = client.hub.storage.privacy
    guild = guild or guild_of(interaction)
    guilds = await guilds_of_people(client.hub.storage.database) if guild is None else (guild,)
    user = str(interaction.user.id)
    found = [(one, await privacy.export(one, user_id=user)) for one in guilds]
    return [Place(guild=one, name=_name(client, one), about=about) for one, about in found if about]


def _name(client: discord.Client, guild: str) -> str:
    known = client.get_guild(int(guild)) if guild.isdecimal() else None
    return (
        quiet(known.name, _LONGEST) if known is not None else f"a server that I am not in any more ({guild})"
    )
