"""What the bot does where: the settings of a server, applied to a channel."""

import discord

from bot.storage.guild_settings import GuildSettings, Mode

_NAMED = 3


def places(channel: object) -> tuple[str, ...]:
    """Return the ids that settings may know a place by: a thread has its own and its channel's."""
    ids = (getattr(channel, "id", None), getattr(channel, "parent_id", None))
    return tuple(str(id_) for id_ in ids[: 2 if isinstance(channel, discord.Thread) else 1] if id_)


def mode_in(settings: GuildSettings, channel: object) -> Mode:
    """Return what the bot does in a channel, or in the channel that a thread belongs to."""
    for id_ in places(channel):
        if (mode := settings.channels.get(id_)) is not None:
            return mode
        if id_ in settings.forums and settings.elsewhere is Mode.OFF:
            return Mode.ADDRESSED  # who gets answers there may ask on
    return settings.elsewhere


def reads_messages(settings: GuildSettings) -> bool:
    """Tell whether a server wants the bot to read messages that nobody addressed to it."""
    return (
        settings.elsewhere is Mode.ANSWER
        or Mode.ANSWER in settings.channels.values()
        or bool(settings.forums)
    )


def switched_off(settings: GuildSettings) -> str:
    """Say that the bot is off in a channel, who can change that, and where to ask instead."""
    on = [id_ for id_, mode in settings.channels.items() if mode is not Mode.OFF][:_NAMED]
    where = f"Ask in {' or '.join(f'<#{id_}>' for id_ in on)}" if on else "Ask in another channel"
    return (
        f"I am switched off in this channel. {where}, or in a direct message to me. "
        f"{in_charge(settings)} can switch me on here with `/settings`."
    )


def in_charge(settings: GuildSettings) -> str:
    """Name who may change the settings of a server."""
    roles = ", ".join(f"<@&{id_}>" for id_ in settings.instructors)
    return f"Instructors ({roles}) and who has Manage Server" if roles else "Who has Manage Server here"
