"""What servers have decided, in memory: fronts ask at every message, in less time than a database takes."""

import asyncio
import logging
import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.storage.errors import StorageError
from bot.storage.guild_settings import GuildSettings

if TYPE_CHECKING:
    from bot.storage.opening import Storage

_LOG = logging.getLogger(__name__)
_KEPT = 1000
_PATIENCE = 1.0
_RETRY = 10.0
_DEFAULTS = GuildSettings()


@dataclass(frozen=True, slots=True)
class _Known:
    settings: GuildSettings = _DEFAULTS
    mark: str | None = None
    """The server's from before these were read, see `bot.storage.changes`; None: they were not read."""
    is_guess: bool = False
    """Whether nobody has told what the server decided."""
    retry: float = math.inf
    """When the storage is asked again, in the time of the event loop."""


class GuildSettingsMemory:
    """The settings of the servers that were asked for last; all of it runs in one event loop."""

    def __init__(
        self, storage: "Storage | None" = None, *, kept: int = _KEPT, patience: float = _PATIENCE
    ) -> None:
        """Begin with nothing.

        Args:
            storage: where they are read from; without it all servers have the defaults.
            kept: servers that are held in memory.
            patience: seconds that a message waits for the storage, at most.
        """
        self._storage = storage
        self._kept = kept
        self._patience = patience
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._readings: dict[str, asyncio.Task[None]] = {}
        self._is_lost = False

    @property
    def marks(self) -> Mapping[str, str | None]:
        """Of the servers in memory, the marks from before they were read; None: they may be old."""
        return {guild: known.mark for guild, known in self._known.items()}

    async def at(self, guild: str | None) -> GuildSettings:
        """Return the settings of a server; the first time, or after a while, they are read from the storage.

        While the storage does not answer they are what is known last, or else the defaults.
        """
        if guild is None:
            return _DEFAULTS
        known = self._known.get(guild)
        if known is None or known.retry <= asyncio.get_running_loop().time():
            reading = self._reading(guild)
            # Who has decided something goes on with that: nobody waits for the storage twice.
            if known is None or known.is_guess:
                await self._wait(guild, reading)
        known = self._known.get(guild)
        if known is None:  # so many others were asked for meanwhile
            return _DEFAULTS
        self._known.move_to_end(guild)
        return known.settings

    def put(self, guild: str, settings: GuildSettings) -> None:
        """Take over what the storage just saved; what is being read meanwhile may be older."""
        self._readings.pop(guild, None)
        self._keep(guild, _Known(settings))

    async def refresh(self, guild: str) -> None:
        """Read the settings of a server in memory again; until that is done the old ones count."""
        if guild in self._known:
            self._readings.pop(guild, None)
            await self._reading(guild)

    def _reading(self, guild: str) -> asyncio.Task[None]:
        reading = self._readings.get(guild)
        if reading is None:
            reading = self._readings[guild] = asyncio.create_task(self._read(guild))
        return reading

    async def _wait(self, guild: str, reading: asyncio.Task[None]) -> None:
        done, _ = await asyncio.wait((reading,), timeout=self._patience)
        if done:
            reading.result()  # a mistake of ours is not a lost connection
        elif self._readings.get(guild) is reading:
            self._lose(guild, f"the database has not answered for {self._patience:g} s")

    async def _read(self, guild: str) -> None:
        me = asyncio.current_task()
        try:
            found = await self._ask(guild)
        except StorageError as error:
            if self._readings.get(guild) is me:
                self._lose(guild, error)
        else:
            self._is_lost = False
            if self._readings.get(guild) is me:
                self._keep(guild, found)
        finally:
            if self._readings.get(guild) is me:
                del self._readings[guild]

    async def _ask(self, guild: str) -> _Known:
        if self._storage is None:
            return _Known()
        mark = (await self._storage.changes.of((guild,)))[guild]
        return _Known(await self._storage.settings.get(guild), mark)

    def _lose(self, guild: str, reason: object) -> None:
        """Go on with what is known of a server, and ask again later."""
        before = self._known.get(guild) or _Known(is_guess=True)
        retry = asyncio.get_running_loop().time() + _RETRY
        self._keep(guild, _Known(before.settings, before.mark, before.is_guess, retry))
        if not self._is_lost:
            _LOG.warning("servers have the settings known last, or the defaults, for now: %s", reason)
        self._is_lost = True

    def _keep(self, guild: str, known: _Known) -> None:
        self._known[guild] = known
        self._known.move_to_end(guild)
        while len(self._known) > self._kept:
            self._known.popitem(last=False)
