"""`/explain`: what a word of a configuration means."""

from typing import Any

import discord
from discord import app_commands

from bot.discord.cards import NOBODY
from bot.discord.here import client_of, guild_of
from bot.discord.places import mode_in, switched_off
from bot.discord.simulating.cards import explanation_card, found_card
from bot.discord.simulating.suggesting import answers_about, words
from bot.discord.telling import tell
from bot.grammar.lexicon import find
from bot.storage.guild_settings import Mode, Visibility

MAX_WORD = 100


def add_explain(tree: app_commands.CommandTree[Any]) -> None:
    """Register the command."""

    @tree.command(name="explain", description="What a word means, and what it does to the gradient")
    @app_commands.describe(word="For example: relu, batch norm, momentum", private="Only you see it")
    @app_commands.autocomplete(word=words)
    async def explain(
        interaction: discord.Interaction,
        word: app_commands.Range[str, 1, MAX_WORD],
        private: bool | None = None,  # noqa: FBT001  a slash command's options are its parameters
    ) -> None:
        await show(interaction, word, private=private)

    del explain  # the tree has it


async def show(interaction: discord.Interaction, word: str, *, private: bool | None) -> None:
    """Show the explanation, or what could be meant; the server decides who sees it where nobody says."""
    settings = await client_of(interaction).hub.settings_at(guild_of(interaction))
    if interaction.guild_id is not None and mode_in(settings, interaction.channel) is Mode.OFF:
        await tell(interaction, switched_off(settings))
        return
    if private is None:
        private = interaction.guild_id is not None and settings.visibility is Visibility.PRIVATE
    found = find(word)
    clear = len(found.explanations) == 1 and not found.nearly
    if clear:
        card = explanation_card(found.explanations[0])
    else:
        answers = [] if found.explanations else await answers_about(interaction, word)
        card = found_card(word, found, answers)
    await interaction.response.send_message(
        view=card.view, ephemeral=private or not clear, allowed_mentions=NOBODY
    )
