"""The tree of slash commands."""

import logging

import discord
from discord import app_commands

from bot.discord.failures import explain, is_gone
from bot.discord.recent import Recent
from bot.discord.telling import tell
from bot.discord.translating import read_by

_log = logging.getLogger(__name__)


class Tree(app_commands.CommandTree[discord.Client]):
    """Commands whose errors become sentences, and which run once however often Discord delivers them."""

    def __init__(self, client: discord.Client) -> None:
        super().__init__(client)
        self._recent = Recent()

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Refuse what was delivered before, and note the language of who uses the command."""
        read_by(interaction)
        return self._recent.first_time(interaction.id)

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Say what went wrong before the request was under way."""
        original = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(original, discord.HTTPException) and is_gone(original):
            _log.info("the interaction expired before it could be acknowledged")
        elif interaction.client.is_closed():
            _log.info("the bot ended before a command was done")
        elif not isinstance(error, app_commands.CheckFailure):
            await tell(interaction, explain(error))
