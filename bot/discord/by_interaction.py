"""Answering a command or a button in the message that was deferred."""

import asyncio
import logging
from typing import cast

import discord

from bot.discord.cards import Card, text_card
from bot.discord.courier import Courier
from bot.discord.failures import has_expired, is_gone, refuses_gallery
from bot.discord.once import Outcome
from bot.discord.pace import Pace
from bot.discord.raw_cards import to_json
from bot.pending import InteractionAddress

_log = logging.getLogger(__name__)

_NOBODY = discord.AllowedMentions.none()
_ORIGINAL = "@original"


class InteractionDelivery:
    """The deferred message of one interaction.

    Discord lets us change it for 15 minutes.  After that a public one can still be changed like any message
    of the bot, if the bot may write in the channel; one that only its asker sees cannot.
    """

    lane: Pace | None = None  # each message has limits of its own

    def __init__(self, address: InteractionAddress, courier: Courier) -> None:
        self.message = address.message
        self._address = address
        self._courier = courier

    async def type(self) -> None:
        """Do nothing until cancelled: Discord shows that the bot is thinking."""
        await asyncio.get_running_loop().create_future()

    async def show(self, card: Card) -> Outcome:
        """Fill or change the deferred message for the time being; try once."""
        path = f"/webhooks/{self._address.application}/{self._address.token}/messages/{_ORIGINAL}"
        outcome = await self._courier.show("PATCH", path, to_json(card), signed=False)
        found = outcome.body.get("id")
        if outcome.done and isinstance(found, str) and found.isdecimal():
            self.message = int(found)
        return outcome

    async def finish(self, card: Card) -> discord.Message | None:
        """Turn the deferred message into the answer; return the message, if it got there.

        Discord has refused an uploaded gallery there with a 400 (discord/discord-api-docs#7529); the card is
        then sent as a message of its own below a line.
        """
        try:
            return await self._replace(card)
        except discord.HTTPException as error:
            if has_expired(error):
                return await self._without_token(card)
            if not is_gone(error):
                raise
        # Somebody deleted it.
        return await self._follow_up(card)

    async def _replace(self, card: Card) -> discord.Message:
        try:
            return await self._edit(card)
        except discord.HTTPException as error:
            if not refuses_gallery(error, card):
                raise
            _log.warning("Discord refused the plot in the deferred message: %s", error.text)
            await self._edit(text_card("Here is the answer."))
            return await self._follow_up(card)

    async def _edit(self, card: Card) -> discord.Message:
        # discord.py wants a number here, and only puts it into the address.
        return await self._webhook.edit_message(
            cast("int", _ORIGINAL), view=card.view, attachments=card.files(), allowed_mentions=_NOBODY
        )

    async def _follow_up(self, card: Card) -> discord.Message:
        return await self._webhook.send(
            view=card.view,
            files=card.files(),
            allowed_mentions=_NOBODY,
            ephemeral=self._address.private,
            wait=True,
        )

    async def _without_token(self, card: Card) -> discord.Message | None:
        if self._address.private or self._address.channel is None:
            _log.info("the interaction expired before the reply was ready")
            return None
        channel = self._courier.client.get_partial_messageable(self._address.channel)
        try:
            if self.message is not None:
                shown = channel.get_partial_message(self.message)
                try:
                    return await shown.edit(
                        view=card.view, attachments=card.files(), allowed_mentions=_NOBODY
                    )
                except discord.NotFound:
                    _log.info("the waiting message was deleted")
            return await channel.send(view=card.view, files=card.files(), allowed_mentions=_NOBODY)
        except (discord.Forbidden, discord.NotFound) as error:
            _log.info("the interaction expired, and its channel is closed to the bot: %s", error.text)
            return None

    @property
    def _webhook(self) -> discord.Webhook:
        webhook = discord.Webhook.partial(
            self._address.application, self._address.token, client=self._courier.client
        )
        # `partial` takes it for one of a channel, whose messages cannot be private.
        webhook.type = discord.WebhookType.application
        return webhook
