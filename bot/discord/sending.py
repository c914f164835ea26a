"""Getting a card to where it was asked for."""

import logging

import discord

from bot.discord.cards import Card, text_card
from bot.discord.failures import is_gone

_log = logging.getLogger(__name__)

_NOBODY = discord.AllowedMentions.none()
_BAD_REQUEST = 400


async def follow_up(interaction: discord.Interaction, card: Card, *, private: bool) -> discord.Message | None:
    """Send a card to an interaction that was deferred, and return the message, if it got there.

    The first follow-up fills the waiting message. Discord has refused an uploaded gallery there with a
    400 (discord/discord-api-docs#7529); the card is then sent as a message of its own below a line.
    """
    try:
        return await _send(interaction, card, private=private)
    except discord.HTTPException as error:
        if is_gone(error):
            _log.info("the interaction expired before the reply was ready")
            return None
        if error.status != _BAD_REQUEST or not card.files():
            raise
        _log.warning("Discord refused the plot in the deferred message: %s", error.text)
        await _send(interaction, text_card("Here is the answer."), private=private)
        return await _send(interaction, card, private=private)


async def reply(message: discord.Message, card: Card) -> discord.Message | None:
    """Reply to a message with a card, without pinging anybody; return the reply, if it got there."""
    try:
        return await message.channel.send(
            view=card.view,
            files=card.files(),
            allowed_mentions=_NOBODY,
            # The question may be deleted meanwhile; the answer then stands alone.
            reference=message.to_reference(fail_if_not_exists=False),
        )
    except discord.Forbidden as error:
        _log.warning(
            "cannot reply in channel %s: %s; needed: Send Messages, Attach Files",
            message.channel.id,
            error.text,
        )
    except discord.HTTPException as error:
        if not is_gone(error):
            raise
        _log.info("the message was deleted before the reply was ready")
    return None


async def _send(interaction: discord.Interaction, card: Card, *, private: bool) -> discord.Message:
    # The first follow-up has the deferral's visibility, later ones their own.
    return await interaction.followup.send(
        view=card.view, files=card.files(), allowed_mentions=_NOBODY, ephemeral=private, wait=True
    )
