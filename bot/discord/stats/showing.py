"""Putting a card with its files into the message that an interaction was acknowledged with."""

import discord

from bot.discord.cards import NOBODY, Card
from bot.discord.placing import Placing


async def show(interaction: discord.Interaction, card: Card, *, private: bool = True) -> None:
    """Fill or change that message; where Discord refuses the files, the card comes without them."""

    async def edit(shown: Card) -> discord.Message:
        return await interaction.edit_original_response(
            view=shown.view, attachments=shown.files(), allowed_mentions=NOBODY
        )

    async def below(shown: Card) -> discord.Message:
        return await interaction.followup.send(
            view=shown.view, files=shown.files(), allowed_mentions=NOBODY, ephemeral=private, wait=True
        )

    await Placing(edit, below).replace(card)
