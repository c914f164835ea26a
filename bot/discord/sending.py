"""Getting a card to where it was asked for."""

import logging

import discord

from bot.discord.cards import Card, text_card
from bot.discord.failures import is_gone

_log = logging.getLogger(__name__)

_NOBODY = discord.AllowedMentions.none()
_BAD_REQUEST = 400


async def follow_up(interaction: discord.Interaction, card: Card) -> None:
    """Send a card to an interaction that was deferred.

    The first follow-up fills the waiting message. Discord has refused an uploaded gallery there with a
    400 (discord/discord-api-docs#7529); the card is then sent as a message of its own below a line.
    """
    try:
        await _send(interaction, card)
    except discord.HTTPException as error:
        if is_gone(error):
            _log.info("the interaction expired before the reply was ready")
            return
        if error.status != _BAD_REQUEST or not card.images:
            raise
        _log.warning("Discord refused the plot in the deferred message: %s", error.text)
        await _send(interaction, text_card("Here is the answer."))
        await _send(interaction, card)


async def reply(message: discord.Message, card: Card) -> None:
    """Reply to a message with a card, without pinging anybody."""
    try:
        await message.reply(
            view=card.view, files=card.files(), allowed_mentions=_NOBODY, mention_author=False
        )
    except discord.Forbidden as error:
        _log.warning("missing permission to reply in channel %s: %s", message.channel.id, error.text)
    except discord.HTTPException as error:
        if not is_gone(error):
            raise
        _log.info("the message was deleted before the reply was ready")


async def _send(interaction: discord.Interaction, card: Card) -> None:
    await interaction.followup.send(view=card.view, files=card.files(), allowed_mentions=_NOBODY)
