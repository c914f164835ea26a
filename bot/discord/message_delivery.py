"""Answering a message with one reply, which is edited while the answer is under way."""

import logging
from collections.abc import Mapping

import discord

from bot.discord.cards import NOBODY, Card
from bot.discord.courier import Courier
from bot.discord.failures import is_gone
from bot.discord.one_try import Outcome
from bot.discord.placing import Placing
from bot.discord.raw_cards import to_json
from bot.discord.waiting import is_waiting
from bot.pending import MessageAddress

_log = logging.getLogger(__name__)

_FORBIDDEN = "cannot reply in channel %s: %s; needed: Send Messages, Attach Files"


class MessageDelivery:
    """The reply to one message.

    Its nonce is made of the message's id, and Discord makes one message of one nonce: of a reply whose
    confirmation was lost, or that was sent just before the bot was killed, there is no second one.
    """

    def __init__(self, address: MessageAddress, courier: Courier, *, guild: int | None) -> None:
        self.message = address.message
        self.lane = courier.lane(address.channel)
        self._address = address
        self._courier = courier
        self._channel = courier.client.get_partial_messageable(address.channel, guild_id=guild)
        self._placing = Placing(self._edit, self._reply_again)
        self._first = Placing(self._edit, self._reply)

    async def type(self) -> None:
        """Show that something is being written, until cancelled."""
        while True:
            await self._courier.type(self._address.channel)

    async def show(self, card: Card) -> Outcome:
        """Send a card for the time being, or change the one that was sent; try once."""
        messages = f"/channels/{self._address.channel}/messages"
        if self.message is not None:
            return await self._courier.show("PATCH", f"{messages}/{self.message}", to_json(card), signed=True)
        reference = {"message_id": str(self._address.question), "fail_if_not_exists": False}
        body = {
            **to_json(card),
            "message_reference": reference,
            "nonce": str(self._address.question),
            "enforce_nonce": True,
        }
        outcome = await self._courier.show("POST", messages, body, signed=True)
        self.message = _id(outcome.body) if outcome.done else None
        return outcome

    async def finish(self, card: Card) -> discord.Message | None:
        """Turn the reply into the answer, or send it; return the message, if it got there."""
        try:
            if self.message is None:
                sent = await self._first.send(card)
                if not is_waiting(sent):
                    return sent
                self.message = sent.id
            try:
                return await self._placing.replace(card)
            except discord.NotFound:
                return await self._placing.send(card)
        except discord.Forbidden as error:
            _log.warning(_FORBIDDEN, self._address.channel, error.text)
        except discord.HTTPException as error:
            if not is_gone(error):
                raise
            _log.info("the channel was deleted before the reply was ready")
        return None

    async def _edit(self, card: Card) -> discord.Message:
        shown = self._channel.get_partial_message(self.message or 0)
        return await shown.edit(view=card.view, attachments=card.files(), allowed_mentions=NOBODY)

    async def _reply(self, card: Card) -> discord.Message:
        return await self._send(card, str(self._address.question))

    async def _reply_again(self, card: Card) -> discord.Message:
        return await self._send(card, f"{self._address.question}-again")

    async def _send(self, card: Card, nonce: str) -> discord.Message:
        # The question may be deleted meanwhile; the answer then stands alone.
        reference = discord.MessageReference(
            message_id=self._address.question, channel_id=self._address.channel, fail_if_not_exists=False
        )
        return await self._channel.send(
            view=card.view, files=card.files(), allowed_mentions=NOBODY, reference=reference, nonce=nonce
        )


def _id(message: Mapping[str, object]) -> int | None:
    found = message.get("id")
    return int(found) if isinstance(found, str) and found.isdecimal() else None
