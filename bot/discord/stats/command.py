"""The command that shows what students asked."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord.here import here
from bot.discord.stats.asked import Asked
from bot.discord.stats.controls import FileButton, SpanSelect, ThemeButton, show_numbers
from bot.statistics.report import MOST_WEEKS, WEEKS
from bot.teaching.roles import require_instructor

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient


def add_stats(client: "BackchatClient") -> None:
    """Register /stats and what is on its card."""
    client.add_dynamic_items(SpanSelect, ThemeButton, FileButton)

    @client.tree.command(
        name="stats", description="What students asked, and what became of it; for instructors and assistants"
    )
    @app_commands.guild_only()
    @app_commands.describe(
        weeks=f"How many weeks back: {WEEKS} unless you say otherwise",
        share="Show it to everybody in this channel; for instructors",
    )
    async def stats(
        interaction: discord.Interaction,
        weeks: app_commands.Range[int, 1, MOST_WEEKS] = WEEKS,
        share: bool = False,  # noqa: FBT001, FBT002  a slash command's options are its parameters
    ) -> None:
        if share:  # a refusal is nobody else's business, so it comes before the acknowledgement
            require_instructor((await here(interaction)).person, "Showing everybody what students asked")
        await interaction.response.defer(ephemeral=not share, thinking=True)
        theme = (await here(interaction)).settings.theme
        await show_numbers(interaction, Asked(weeks=weeks, theme=theme), shared=share)

    del stats  # the tree has it
