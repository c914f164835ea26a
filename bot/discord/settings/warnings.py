"""What of a server's settings cannot work, and what to do about it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import discord

from bot.discord.places import mode_in, reads_messages
from bot.storage.guild_settings import GuildSettings, Mode

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_SEEING = {"view_channel": "View Channel"}
_WRITING = _SEEING | {"send_messages": "Send Messages", "attach_files": "Attach Files"}
_REPLYING = _WRITING | {"read_message_history": "Read Message History"}
_POSTS = _SEEING | {
    "send_messages_in_threads": "Send Messages in Threads",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
_PORTAL = (
    "whoever runs me switches on **Message Content Intent** in the developer portal (Bot → Privileged "
    "Gateway Intents) and restarts me"
)


def warnings(client: "BackchatClient", guild: discord.Guild | None, settings: GuildSettings) -> list[str]:
    """List what cannot work, each with its cure."""
    return [*place_warnings(client, guild, settings), *audit_warnings(client, guild, settings)]


def place_warnings(
    client: "BackchatClient", guild: discord.Guild | None, settings: GuildSettings
) -> list[str]:
    """List what cannot work in channels and forums."""
    found = list(reading_warnings(client, settings))
    if guild is not None:
        for id_ in dict.fromkeys([*settings.channels, *settings.forums]):
            found += channel_warnings(client, guild, settings, id_)
    return found


def audit_warnings(
    client: "BackchatClient", guild: discord.Guild | None, settings: GuildSettings
) -> list[str]:
    """Say why nobody would be told what happens to answers."""
    if settings.audit_channel is None:
        return ["No audit channel: nobody is told when answers change or fail. Choose one under *Team*."]
    if guild is None:
        return []
    channel = guild.get_channel(int(settings.audit_channel))
    if channel is None:
        return ["The audit channel is gone, or hidden from me; choose another under *Team*."]
    found = _missing(client, guild, channel, _WRITING)
    if channel.permissions_for(guild.default_role).view_channel:
        found.append(
            f"Everybody here can read <#{channel.id}>; the audit channel is better one for the team."
        )
    return found


def channel_warnings(
    client: "BackchatClient", guild: discord.Guild, settings: GuildSettings, id_: str
) -> list[str]:
    """List what cannot work in one channel."""
    channel = guild.get_channel(int(id_))
    if channel is None:
        return [f"<#{id_}> is gone, or hidden from me: give me View Channel there, or take it out."]
    found: list[str] = []
    if mode_in(settings, channel) is not Mode.OFF:
        found += _missing(
            client, guild, channel, _POSTS if isinstance(channel, discord.ForumChannel) else _REPLYING
        )
    tags = settings.forums.get(id_, ())
    if tags and isinstance(channel, discord.ForumChannel):
        there = {str(tag.id) for tag in channel.available_tags}
        if not there & set(tags):
            found.append(f"<#{id_}>: the tags that a post needs are gone; choose others.")
    return found


def _missing(
    client: "BackchatClient", guild: discord.Guild, channel: discord.abc.GuildChannel, needed: dict[str, str]
) -> list[str]:
    me = guild.get_member(client.user.id) if client.user is not None else None
    if me is None:  # Discord has not told yet
        return []
    may = channel.permissions_for(me)
    names = [name for right, name in needed.items() if not getattr(may, right)]
    if not names:
        return []
    return [
        f"<#{channel.id}>: I am missing {', '.join(names)}; give it to my role in that channel's settings."
    ]


def reading_warnings(client: "BackchatClient", settings: GuildSettings) -> Iterator[str]:
    """Say why messages that nobody addressed to the bot are not answered."""
    if not reads_messages(settings) or client.intents.message_content:
        return
    only_forums = Mode.ANSWER not in (*settings.channels.values(), settings.elsewhere)
    what = "only the titles of posts" if only_forums else "only mentions, commands and the titles of posts"
    why = (
        "Discord refuses me the words of messages" if client.reading_refused else "I do not read messages yet"
    )
    restarting = f"whoever runs me restarts me; should this still be here then, {_PORTAL}"
    cure = _PORTAL if client.reading_refused else restarting
    yield f"{why}, so that {what} are answered: {cure}."
