"""The slash command for questions."""

from typing import Protocol

import discord
from discord import app_commands

from bot.discord.simulating.suggesting import questions
from bot.pending import Question, Wanted
from bot.service import MAX_QUESTION


class Take(Protocol):
    """Acknowledges an interaction and serves what is wanted."""

    async def __call__(
        self, interaction: discord.Interaction, wanted: Wanted, *, private: bool | None
    ) -> None:
        """Do so; the acknowledgement, which is due within three seconds, comes first.

        Whether only the asker sees the answer is the server's to decide where `private` is None.
        """
        ...


def add_commands(tree: app_commands.CommandTree[discord.Client], take: Take) -> None:
    """Register /ask."""

    @tree.command(
        name="ask", description="Answer a deep-learning question by running the network it is about"
    )
    @app_commands.describe(question="Your question, in your own words", private="Only you see the answer")
    @app_commands.autocomplete(question=questions)
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
        private: bool | None = None,  # noqa: FBT001  a slash command's options are its parameters
    ) -> None:
        await take(interaction, Question(text=question), private=private)

    del ask  # the tree has it
