"""The channel that is asked about; one that the bot cannot see can be asked about, too."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread

from bot.discord.diagnose.rights import Place

_WRITTEN_IN = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)

Named = AppCommandChannel | AppCommandThread


class AnyChannel(app_commands.Transformer):
    """Takes the channels in which people write, as Discord describes them."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Say that it is a channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Say which; discord.py's own list has kinds that Discord's description of its API lacks."""
        return list(_WRITTEN_IN)

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> Named:
        """Leave it as it came: discord.py knows no more of a channel that is hidden from the bot."""
        del interaction
        return value


async def resolved(interaction: discord.Interaction, channel: Named | None) -> Place | None:
    """Return a channel, else this one, with all that is known of it; None for one that the bot cannot see."""
    place: object = interaction.channel if channel is None else channel.resolve()
    if place is None and channel is not None:
        try:
            place = await channel.fetch()
        except discord.HTTPException:
            return None
    return place if isinstance(place, discord.abc.GuildChannel | discord.Thread) else None
