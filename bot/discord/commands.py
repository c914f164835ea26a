"""The slash commands."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord.cards import to_card
from bot.discord.sending import follow_up
from bot.service import MAX_QUESTION
from sim.words import MAX_TEXT

if TYPE_CHECKING:
    from answers.followups import Turn
    from bot.service import Service


Remember = Callable[["discord.Message | None", int, "Turn | None"], None]
"""Notes which answer a message shows, and to whom it was given."""


def add_commands(
    tree: app_commands.CommandTree[discord.Client], service: "Service", remember: Remember
) -> None:
    """Register /ask and /simulate. Both defer first: an acknowledgement is due within three seconds."""

    @tree.command(
        name="ask", description="Answer a deep-learning question by running the network it is about"
    )
    @app_commands.describe(question="Your question, in your own words", private="Only you see the answer")
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
        private: bool = False,  # noqa: FBT001, FBT002  a slash command's options are its parameters
    ) -> None:
        await interaction.response.defer(ephemeral=private, thinking=True)
        answer = await service.ask(question)
        sent = await follow_up(interaction, to_card(answer), private=private)
        remember(sent, interaction.user.id, answer.turn)

    @tree.command(name="simulate", description="Run your own network and see the gradient in every layer")
    @app_commands.describe(
        spec="For example: depth=30 sigmoid vs relu he; experiment=precision says what to measure",
        private="Only you see the result",
    )
    async def simulate(
        interaction: discord.Interaction,
        spec: app_commands.Range[str, 1, MAX_TEXT],
        private: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        await interaction.response.defer(ephemeral=private, thinking=True)
        await follow_up(interaction, to_card(await service.simulate(spec)), private=private)

    del ask, simulate  # the tree has them
