"""Keeping the words of a question, where the server agreed to it, so that it is quickly grouped later."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.inbox.readings import Readings
from bot.libraries import Libraries
from bot.storage.inbox import Missed
from bot.storage.opening import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """What the recorder and the votes keep words with."""

    storage: Storage
    libraries: Libraries
    readings: Readings

    async def keep(self, guild: str, missed: Missed, *, user_id: str, at: datetime) -> None:
        """Keep a question, and read it; without the server's agreement do nothing.

        Raises:
            StorageError: it was not kept.
        """
        if await self.storage.inbox.keep(guild, missed, user_id=user_id, at=at) is not None:
            reader = (await self.libraries.at(guild)).matcher.tools.reader
            await asyncio.to_thread(self.readings.vectors, reader, [missed.text])
