"""Where something was done on Discord, and by whom, in terms that the rest of the bot understands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import discord

from bot.errors import BadRequest
from bot.storage.guild_settings import GuildSettings
from bot.storage.people import Author
from bot.teaching.roles import Person, Role

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient
    from bot.hub import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """The server an interaction came from, and what the person who made it may do there."""

    hub: "Hub"
    guild: str
    settings: GuildSettings
    person: Person


def client_of(interaction: discord.Interaction) -> "BackchatClient":
    """Return the bot's own client."""
    return cast("BackchatClient", interaction.client)


def guild_of(at: discord.Interaction | discord.Message) -> str | None:
    """Return the server's id; None for a direct message, and where the bot is no member.

    Who has installed the bot for themselves takes it to servers that did not ask for it: nothing is decided
    there, and nothing counted.
    """
    if not isinstance(at, discord.Interaction):
        return None if at.guild is None else str(at.guild.id)
    if at.guild_id is None or not (at.is_guild_integration() or at.client.get_guild(at.guild_id)):
        return None
    return str(at.guild_id)


def is_abroad(interaction: discord.Interaction) -> bool:
    """Tell whether somebody brought the bot along to where others did not ask for it."""
    if interaction.guild_id is not None:
        return guild_of(interaction) is None
    return interaction.context.private_channel


async def here(interaction: discord.Interaction) -> Here:
    """Find out where an interaction came from and who is asking.

    Raises:
        BadRequest: it did not come from a server.
    """
    guild = guild_of(interaction)
    if guild is None:
        raise BadRequest(
            "This belongs to a server and its course; got a direct message; use it in a channel."
        )
    hub = client_of(interaction).hub
    settings = await hub.settings_at(guild)
    return Here(hub=hub, guild=guild, settings=settings, person=person_of(interaction, settings))


def person_of(interaction: discord.Interaction, settings: GuildSettings) -> Person:
    """Say who made an interaction and what the server lets them do.

    Discord sends their roles and permissions with every interaction, so an old button gives nobody a right
    that was taken from them since.  Who may manage the server may do all, or nobody could begin.
    """
    member = interaction.user
    roles = {str(role.id) for role in member.roles} if isinstance(member, discord.Member) else set[str]()
    if interaction.guild_id is None:
        role = Role.STUDENT
    elif interaction.permissions.manage_guild or roles & set(settings.instructors):
        role = Role.INSTRUCTOR
    else:
        role = Role.ASSISTANT if roles & set(settings.assistants) else Role.STUDENT
    return Person(author=author_of(member), role=role)


def author_of(user: discord.abc.User) -> Author:
    """Name somebody as others see them."""
    return Author(id=str(user.id), name=user.display_name)
