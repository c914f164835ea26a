"""Saying one sentence to who used a command or pressed a button."""

import logging

import discord

from bot.discord.cards import NOBODY, text_card
from bot.discord.failures import has_expired, is_gone

_log = logging.getLogger(__name__)


async def tell(interaction: discord.Interaction, text: str) -> None:
    """Send a sentence that only this person sees, whether or not the interaction was acknowledged."""
    view = text_card(text).view
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=view, allowed_mentions=NOBODY, ephemeral=True)
        else:
            await interaction.response.send_message(view=view, ephemeral=True, allowed_mentions=NOBODY)
    except discord.HTTPException as error:
        if not (is_gone(error) or has_expired(error)):
            _log.warning("could not say a sentence: %s", error.text)
