"""The slash commands."""

from typing import Protocol

import discord
from discord import app_commands

from bot.pending import Configuration, Question, Wanted
from bot.service import MAX_QUESTION
from sim.words import MAX_TEXT


class Take(Protocol):
    """Acknowledges an interaction and serves what is wanted."""

    async def __call__(self, interaction: discord.Interaction, wanted: Wanted, *, private: bool) -> None:
        """Do so; the acknowledgement, which is due within three seconds, comes first."""
        ...


def add_commands(tree: app_commands.CommandTree[discord.Client], take: Take) -> None:
    """Register /ask and /simulate."""

    @tree.command(
        name="ask", description="Answer a deep-learning question by running the network it is about"
    )
    @app_commands.describe(question="Your question, in your own words", private="Only you see the answer")
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
        private: bool = False,  # noqa: FBT001, FBT002  a slash command's options are its parameters
    ) -> None:
        await take(interaction, Question(text=question), private=private)

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
        await take(interaction, Configuration(spec=spec), private=private)

    del ask, simulate  # the tree has them
