"""Writes that nobody waits for longer than they want to, and whose failures stay behind the scenes."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.storage.errors import StorageError

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_MOST = 1_000


class Background:
    """Runs writes to their end; after a failure it says so in the log once, until one succeeds again.

    What fails is not tried again: a question that was not counted is better than two that were.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._tasks: set[asyncio.Task[Any]] = set()
        self._failing = False

    def __len__(self) -> int:
        return len(self._tasks)

    async def run(self, write: Coroutine[Any, Any, T], *, patience: float) -> T | None:
        """Return what a write returns; None if it fails, or goes on for longer than so many seconds.

        It goes on also if who waits for it is cancelled.
        """
        task = self.start(write)
        if task is None:
            return None
        done, _ = await asyncio.wait([task], timeout=patience)
        return task.result() if done and not task.cancelled() else None

    def start(self, write: Coroutine[Any, Any, T]) -> "asyncio.Task[T | None] | None":
        """Begin a write that nobody waits for; None if too many are waiting already."""
        if len(self._tasks) >= self._most:
            write.close()
            self._failed(f"{self._most} writes are waiting for the database")
            return None
        task = asyncio.get_running_loop().create_task(self._guarded(write))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def aclose(self, seconds: float = 5.0) -> None:
        """Give what still runs so many seconds to end, then stop it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                # What ends may have begun something else.
                while self._tasks:
                    await asyncio.wait(self._tasks)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _guarded(self, write: Coroutine[Any, Any, T]) -> T | None:
        try:
            found = await write
        except StorageError as error:
            self._failed(str(error))
            return None
        except Exception as error:  # noqa: BLE001  whatever it is, the reply was sent and stays as it is
            # Not its message: one of a database repeats the words of the question.
            self._failed(type(error).__name__)
            return None
        if self._failing:
            self._failing = False
            _LOG.info("questions are counted again")
        return found

    def _failed(self, why: str) -> None:
        if not self._failing:
            self._failing = True
            _LOG.warning("questions and votes are not counted for now: %s", why)
