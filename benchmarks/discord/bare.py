"""The least that a bot with discord.py can do: it acknowledges, suggests nothing, and answers nothing."""

import asyncio
import os

import discord
from discord import app_commands

from bot.discord.endpoint import redirect


class Bare(discord.Client):
    """Acknowledges `/ask`."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Register the one command."""

        @self.tree.command(name="ask", description="Ask")
        @app_commands.autocomplete(question=_nothing)
        async def ask(interaction: discord.Interaction, question: str) -> None:
            del question
            await interaction.response.defer(thinking=True)

        del ask  # the tree has it
        await self.tree.sync()


async def _nothing(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=current, value=current)] if current else []


async def main() -> None:
    """Run until it is killed."""
    await redirect(os.environ["BACKCHAT_DISCORD_API"])
    await Bare().start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
