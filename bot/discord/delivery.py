"""Getting cards to where they were asked for: first perhaps one that says to wait, then the answer."""

import asyncio
import logging
from typing import Protocol

import discord

from bot.discord.cards import Card, text_card
from bot.discord.courier import Courier
from bot.discord.failures import explain, is_closed, is_passing
from bot.discord.interaction_delivery import InteractionDelivery
from bot.discord.message_delivery import MessageDelivery
from bot.discord.one_try import Outcome
from bot.discord.pace import Pace
from bot.pending import InteractionAddress, Pending

_log = logging.getLogger(__name__)

_PAUSES = (5, 15, 60, 180)
"""Seconds between attempts while Discord is away, besides those that discord.py makes."""


class Undelivered(Exception):
    """Discord was away until the last attempt."""


class Delivery(Protocol):
    """One place where one answer goes."""

    message: int | None
    """The message that is shown there, once it is known."""

    @property
    def lane(self) -> Pace | None:
        """What limits how often it may change, besides its own second."""
        ...

    async def type(self) -> None:
        """Show that something is going on, until cancelled."""
        ...

    async def show(self, card: Card) -> Outcome:
        """Show a card for the time being; try once, and raise nothing."""
        ...

    async def finish(self, card: Card) -> discord.Message | None:
        """Show the answer in its place, and return the message, if it got there.

        Raises:
            discord.HTTPException: Discord does not take it; with a status of 500 or more, not now.
        """
        ...


def delivery_of(pending: Pending, courier: Courier) -> Delivery:
    """Return the way to where a request was made."""
    address = pending.address
    if isinstance(address, InteractionAddress):
        return InteractionDelivery(address, courier)
    return MessageDelivery(address, courier, guild=pending.guild)


async def deliver(delivery: Delivery, card: Card) -> discord.Message | None:
    """Show the answer in its place, if need be after a while; return the message, if it got there.

    What Discord will never take is replaced by a sentence that says so: nobody is left with a card that
    says to wait.

    Raises:
        Undelivered: Discord was away all the time.
    """
    pauses = iter(_PAUSES)
    told = False
    while True:
        try:
            return await delivery.finish(card)
        except Exception as error:
            if not is_passing(error):
                if is_closed(error):
                    _log.info("the place of an answer is closed to the bot: %s", error)
                    return None
                if told:
                    _log.exception("an answer could not be delivered")
                    return None
                card, told = text_card(explain(error)), True
                continue
            if (pause := next(pauses, None)) is None:
                raise Undelivered from error
            _log.warning("Discord takes no answer now (%s); next try in %d s", type(error).__name__, pause)
        await asyncio.sleep(pause)
