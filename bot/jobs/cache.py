"""Results that need not be computed again, kept across restarts.

Nobody depends on the cache: where its file is broken, locked or on a full disk, everything is computed.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from bot.jobs.cache_entry import StoredEntry
from bot.jobs.cache_file import CacheFile
from bot.jobs.job import Result

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger(__name__)


_MANY_USES = 64
"""When to write down which entries were asked for: so often that a killed process loses little of it."""


class Cache(Protocol):
    """Where results are kept by the key of their job, see `bot.jobs.key`."""

    async def get(self, key: str) -> Result | None:
        """Return the result of an earlier run, None if there is none any more."""
        ...

    async def put(self, key: str, result: Result) -> None:
        """Keep a result for later."""
        ...

    async def aclose(self) -> None:
        """Free what it holds; afterwards nothing is found and nothing kept."""
        ...


class NoCache(Cache):
    """Keeps nothing."""

    async def get(self, key: str) -> Result | None:
        """Find nothing."""
        del key

    async def put(self, key: str, result: Result) -> None:
        """Keep nothing."""
        del key, result

    async def aclose(self) -> None:
        """Hold nothing."""


class FileCache(Cache):
    """One SQLite file, which several processes may share and anybody may delete.

    Only one thread touches it, so that a slow disk never holds up the event loop.  It is opened at first use.
    No trouble with the file is an exception: a get finds nothing then, a put keeps nothing.
    """

    def __init__(self, path: Path, limit_bytes: int = 256 * 2**20, *, patience_seconds: float = 1.0) -> None:
        """Open nothing yet.

        Args:
            path: the file; its folder is made.
            limit_bytes: how much of the disk the results may take.
            patience_seconds: after trouble with the file, how long to leave it alone.
        """
        self._file = CacheFile(path, limit_bytes)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cache")
        self._reading = _Trial("read", path, patience_seconds)
        self._writing = _Trial("written", path, patience_seconds)
        self._closed = False

    async def get(self, key: str) -> Result | None:
        """Return the result of an earlier run, None if there is none, or it is not intact."""
        if self._closed:
            return None
        result = await self._in_thread(self._reading.attempt, self._file.get, key)
        if self._file.uses >= _MANY_USES and not self._closed:
            self._in_thread(self._write_uses)  # nobody waits for it
        return result

    async def put(self, key: str, result: Result) -> None:
        """Keep a result, if it takes no more than a quarter of the room.

        Raises:
            TypeError: its data hold something that JSON cannot.
            ValueError: they hold a number that JSON cannot: infinite, or not a number.
        """
        if not self._closed:
            await self._in_thread(self._put, key, result)

    async def aclose(self) -> None:
        """Close the file and end the thread."""
        if self._closed:
            return
        self._closed = True
        closing = asyncio.wrap_future(self._thread.submit(self._close))
        try:
            await asyncio.shield(closing)  # else cancelling takes it out of the thread's queue
        except asyncio.CancelledError:
            self._thread.shutdown(wait=False)  # it ends when it has closed the file
            raise
        self._thread.shutdown()

    def _put(self, key: str, result: Result) -> None:
        entry = StoredEntry.pack(key, result)
        if self._file.has_room_for(entry):
            self._writing.attempt(self._file.put, key, entry)

    def _write_uses(self) -> None:
        if self._file.uses:
            self._writing.attempt(self._file.write_uses)

    def _close(self) -> None:
        self._write_uses()
        self._file.close()

    def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*args, **kwargs))


class _Trial:
    """Tries again what may fail for reasons of the disk, not too often, and logs when that changes."""

    def __init__(self, done: str, path: Path, patience_seconds: float) -> None:
        self._done = done
        self._path = path
        self._patience = patience_seconds
        self._again = 0.0
        self._failing = False

    def attempt(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Do it, unless it failed a moment ago: who waits for a lock holds up everybody behind.

        Returns:
            None if it fails.
        """
        if self._failing and time.monotonic() < self._again:
            return None
        try:
            outcome = work(*args, **kwargs)
        except (OSError, sqlite3.Error) as error:
            self._again = time.monotonic() + self._patience
            if not self._failing:
                _log.warning(
                    "The cache %s cannot be %s (%s); until it can, results are computed again.",
                    self._path,
                    self._done,
                    error,
                )
            self._failing = True
            return None
        if self._failing:
            self._failing = False
            _log.info("The cache %s can be %s again.", self._path, self._done)
        return outcome
