"""Answering a command or a button in the message that was deferred."""

import asyncio
import logging
from typing import cast

import discord

from bot.discord.cards import NOBODY, Card
from bot.discord.courier import Courier
from bot.discord.failures import has_expired, is_gone
from bot.discord.one_try import Outcome
from bot.discord.pace import Pace
from bot.discord.placing import Placing
from bot.discord.raw_cards import to_json
from bot.pending import InteractionAddress

_log = logging.getLogger(__name__)

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
        self._placing = Placing(self._edit, self._follow_up)
        self._unsigned = Placing(self._edit_by_right, self._post)

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
        """Turn the deferred message into the answer; return the message, if it got there."""
        try:
            return await self._placing.replace(card)
        except discord.HTTPException as error:
            if has_expired(error):
                return await self._without_token(card)
            if not is_gone(error):
                raise
        # Somebody deleted it.
        return await self._placing.send(card)

    async def _edit(self, card: Card) -> discord.Message:
        # discord.py wants a number here, and only puts it into the address.
        return await self._webhook.edit_message(
            cast("int", _ORIGINAL), view=card.view, attachments=card.files(), allowed_mentions=NOBODY
        )

    async def _follow_up(self, card: Card) -> discord.Message:
        return await self._webhook.send(
            view=card.view,
            files=card.files(),
            allowed_mentions=NOBODY,
            ephemeral=self._address.private,
            wait=True,
        )

    async def _without_token(self, card: Card) -> discord.Message | None:
        if self._address.private or self._address.channel is None:
            _log.info("the interaction expired before the reply was ready")
            return None
        try:
            if self.message is not None:
                try:
                    return await self._unsigned.replace(card)
                except discord.NotFound:
                    _log.info("the waiting message was deleted")
            return await self._unsigned.send(card)
        except (discord.Forbidden, discord.NotFound) as error:
            _log.info("the interaction expired, and its channel is closed to the bot: %s", error.text)
            return None

    async def _edit_by_right(self, card: Card) -> discord.Message:
        shown = self._channel.get_partial_message(self.message or 0)
        return await shown.edit(view=card.view, attachments=card.files(), allowed_mentions=NOBODY)

    async def _post(self, card: Card) -> discord.Message:
        return await self._channel.send(view=card.view, files=card.files(), allowed_mentions=NOBODY)

    @property
    def _channel(self) -> discord.PartialMessageable:
        return self._courier.client.get_partial_messageable(self._address.channel or 0)

    @property
    def _webhook(self) -> discord.Webhook:
        webhook = discord.Webhook.partial(
            self._address.application, self._address.token, client=self._courier.client
        )
        # `partial` takes it for one of a channel, whose messages cannot be private.
        webhook.type = discord.WebhookType.application
        return webhook
