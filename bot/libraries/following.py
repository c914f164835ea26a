"""Noticing what other processes on the same database change, and catching up on what could not be read."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from bot.storage.errors import StorageError

if TYPE_CHECKING:
    from bot.storage.opening import Storage

_LOG = logging.getLogger(__name__)


class Memory(Protocol):
    """What is held in memory of servers, each with the mark that it had when it was read."""

    @property
    def marks(self) -> Mapping[str, str | None]:
        """By server, see `bot.storage.changes`; None: what is held may be old."""
        ...

    async def refresh(self, guild: str, /) -> object:
        """Read what a server has again.

        Raises:
            StorageError: the storage did not answer.
        """
        ...


class Following:
    """Keeps memories up to date with one storage.

    A SQLite file is changed by nobody else, so that it is asked only about what could not be read.
    """

    def __init__(self, storage: "Storage", memories: Sequence[Memory]) -> None:
        self._storage = storage
        self._memories = memories

    async def watch(self, every: float) -> None:
        """Look again and again, with so many seconds between, until cancelled."""
        is_lost = False
        while True:
            await asyncio.sleep(every)
            try:
                await self.look()
                is_lost = False
            except StorageError as error:
                if not is_lost:
                    _LOG.warning("what is changed elsewhere has to wait: %s", error)
                is_lost = True
            except Exception:  # noqa: BLE001  what is held goes on being given, and the next look may succeed
                _LOG.exception("what is changed elsewhere could not be looked for")

    async def look(self) -> None:
        """Ask once about all servers in memory, and have read again what is old.

        Raises:
            StorageError: the storage did not answer.
        """
        shared = self._storage.database.shared
        asked = [
            {guild for guild, mark in memory.marks.items() if shared or mark is None}
            for memory in self._memories
        ]
        if not any(asked):
            return
        now = await self._storage.changes.of(frozenset[str]().union(*asked))
        for memory, guilds in zip(self._memories, asked, strict=True):
            # What was read meanwhile, or dropped, needs it no more.
            marks = memory.marks
            for guild in sorted(guilds & marks.keys()):
                if marks[guild] != now[guild]:
                    await memory.refresh(guild)
