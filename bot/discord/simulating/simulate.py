"""`/simulate`: a network in words, in typed options, or in both."""

from typing import Any

import discord
from discord import app_commands

from bot.discord.here import client_of
from bot.discord.simulating import options
from bot.discord.simulating.suggesting import whole_texts
from bot.grammar.composing import with_options
from bot.pending import Configuration


def add_simulate(tree: app_commands.CommandTree[Any]) -> None:
    """Register the command; its parameters are those of the vocabulary."""

    async def simulate(interaction: discord.Interaction, **given: Any) -> None:
        private = given.pop(options.PRIVATE, None)
        text = given.pop(options.SPEC, None) or ""
        knobs = {key: value for key, value in given.items() if value is not None}
        wanted = Configuration(spec=with_options(text, knobs))
        await client_of(interaction).take(interaction, wanted, private=private)

    # discord.py reads the options from a callback's signature.
    vars(simulate)["__signature__"] = options.signature()
    app_commands.describe(**options.descriptions())(simulate)
    app_commands.choices(**options.choices())(simulate)
    app_commands.autocomplete(**{options.SPEC: whole_texts})(simulate)
    description = "Run your own network and see the gradient in every layer"
    tree.command(name="simulate", description=description)(simulate)
