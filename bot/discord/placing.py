"""Putting an answer in the place of the card that said to wait, with its files or without."""

import logging
from collections.abc import Awaitable, Callable

import discord

from bot.discord.cards import Card, text_card, without_files
from bot.discord.failures import is_passing, is_too_large, refuses_files

_log = logging.getLogger(__name__)

_POINTER = "Here is the answer."

Way = Callable[[Card], Awaitable[discord.Message]]


class Placing:
    """One answer's way into one waiting message, or below it.

    Discord has refused an uploaded gallery in a message that exists with a 400
    (discord/discord-api-docs#7529); the card is then sent as a message of its own, and only once that was
    taken the waiting one becomes a line that points to it.  Files that are taken nowhere are left out.

    Args:
        edit: Turns the waiting message into a card.
        below: Sends a card as a message of its own.
    """

    def __init__(self, edit: Way, below: Way) -> None:
        self._edit = edit
        self._below = below
        self._sent: discord.Message | None = None

    async def replace(self, card: Card) -> discord.Message:
        """Turn the waiting message into the answer; return the message that holds it.

        Raises:
            discord.HTTPException: Discord does not take the text either; what was sent is not sent again.
        """
        if self._sent is not None:
            return await self._point(self._sent)
        try:
            return await self._edit(card)
        except discord.HTTPException as error:
            if not refuses_files(error, card):
                raise
            _log.warning("Discord refused the files in the waiting message: %s", error.text)
            if is_too_large(error):
                return await self._edit(without_files(card))
        try:
            self._sent = await self._below(card)
        except discord.HTTPException as error:
            if not refuses_files(error, card):
                raise
            _log.warning("Discord refused the files in a message of their own: %s", error.text)
            return await self._edit(without_files(card))
        return await self._point(self._sent)

    async def send(self, card: Card) -> discord.Message:
        """Send the answer as a message of its own."""
        if self._sent is not None:
            return self._sent
        try:
            return await self._below(card)
        except discord.HTTPException as error:
            if not refuses_files(error, card):
                raise
            _log.warning("Discord refused the files of an answer: %s", error.text)
            return await self._below(without_files(card))

    async def _point(self, sent: discord.Message) -> discord.Message:
        try:
            await self._edit(text_card(_POINTER))
        except discord.HTTPException as error:
            if is_passing(error):
                raise
            _log.info("the waiting message stays as it is: %s", error.text)
        return sent
