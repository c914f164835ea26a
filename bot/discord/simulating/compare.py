"""`/compare`: networks side by side, each in an option of its own."""

from typing import Any

import discord
from discord import app_commands

from bot.discord.here import client_of
from bot.discord.simulating.suggesting import part_of
from bot.grammar.composing import compared
from bot.pending import Configuration
from sim.words import MAX_TEXT

_Spec = app_commands.Range[str, 1, MAX_TEXT]
_PARTS = ("first", "second", "third", "fourth")
_COMMON = "common"


def add_compare(tree: app_commands.CommandTree[Any]) -> None:
    """Register the command."""

    @tree.command(name="compare", description="Run two to four networks side by side")
    @app_commands.describe(
        first="The first network, for example: sigmoid",
        second="The second, for example: relu he; what it does not say it has from the first",
        third="Another network",
        fourth="Another network",
        common="Words that hold for all of them, for example: depth=30 width=64",
        private="Only you see the result",
    )
    @app_commands.autocomplete(
        common=part_of(()),
        **{name: part_of((_COMMON, "first") if name != "first" else (_COMMON,)) for name in _PARTS},
    )
    async def compare(  # noqa: PLR0913, PLR0917  a slash command's options are its parameters
        interaction: discord.Interaction,
        first: _Spec,
        second: _Spec,
        third: _Spec | None = None,
        fourth: _Spec | None = None,
        common: _Spec | None = None,
        private: bool | None = None,  # noqa: FBT001
    ) -> None:
        parts = [part for part in (first, second, third, fourth) if part]
        wanted = Configuration(spec=compared(parts, common or ""))
        await client_of(interaction).take(interaction, wanted, private=private)

    del compare  # the tree has it
