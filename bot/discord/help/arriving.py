"""What happens when a server lets the bot in: one post for whoever runs it, and never a second."""

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.discord.cards import NOBODY
from bot.discord.help.first_card import first_card
from bot.discord.help.greeted import Greeted
from bot.discord.translating import language_of_server, reading
from bot.storage.errors import StorageError

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_log = logging.getLogger(__name__)


class Arriving:
    """Greets servers.

    Args:
        client: the bot.
        data: the folder in which is noted who was greeted.
    """

    def __init__(self, client: "BackchatClient", data: Path) -> None:
        self._client = client
        self._greeted = Greeted(data / "greeted")

    async def greet(self, guild: discord.Guild) -> None:
        """Post the first steps where those who run the server see them, if there is such a place."""
        if await self._is_set_up(guild):
            return
        place = place_for(guild)
        if place is None:
            _log.info(
                "server %d: no channel to say the first steps in; /help and /settings say them", guild.id
            )
            return
        try:
            # Noted before it is posted: a bot that ends in between says nothing, rather than the same twice.
            if not await asyncio.to_thread(self._greeted.first_time, guild.id):
                return
        except OSError as error:
            _log.warning("server %d was not greeted, as that cannot be noted: %s", guild.id, error.strerror)
            return
        settings = await self._client.hub.settings_at(str(guild.id))
        with reading(language_of_server(guild, settings)):
            card = first_card()
        try:
            await place.send(view=card.view, allowed_mentions=NOBODY)
        except discord.HTTPException as error:
            _log.info("server %d: the first steps were not taken by Discord: %s", guild.id, error.text)
            await asyncio.to_thread(self._greeted.forget, guild.id)
        except (aiohttp.ClientError, OSError) as error:
            # It may have arrived all the same, so it counts as said.
            _log.info("server %d: the first steps may not have arrived: %s", guild.id, error)

    async def _is_set_up(self, guild: discord.Guild) -> bool:
        """Tell whether somebody has decided something there before: the bot was away and is back."""
        try:
            return bool(await self._client.hub.storage.settings.changed(str(guild.id)))
        except StorageError as error:
            _log.info("server %d: nobody knows whether it was set up: %s", guild.id, error)
            return False


def place_for(guild: discord.Guild) -> discord.TextChannel | None:
    """Return where those who run a server see a post, and students least: for moderators first."""
    for channel in (guild.public_updates_channel, guild.system_channel):
        if channel is not None:
            may = channel.permissions_for(guild.me)
            if may.view_channel and may.send_messages:
                return channel
    return None
