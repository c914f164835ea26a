"""Stopping in good order: everybody who waits gets the answer, or is told, within twenty seconds."""

import asyncio
import contextlib
import logging
import signal

from bot.discord.requests import Requests
from bot.jobs.service import JobService

_log = logging.getLogger(__name__)

_RUNNING_SECONDS = 12.0
"""What runs may end within this time; those who wait for their turn are told at once."""
_TELLING_SECONDS = 4.0
_FORCED_SECONDS = 2.0


class Signals:
    """SIGTERM and SIGINT: the first asks the bot to stop, the second to stop now."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.now = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._came)

    def _came(self) -> None:
        (self.now if self.stop.is_set() else self.stop).set()


async def leave(requests: Requests, jobs: JobService, now: asyncio.Event) -> None:
    """Take no more requests and end those under way; `now` cuts that short."""
    _log.info("stopping; requests under way: %d", len(requests))
    requests.closing = True
    in_order = asyncio.create_task(_drain(requests, jobs, _RUNNING_SECONDS, _TELLING_SECONDS))
    cut_short = asyncio.create_task(now.wait())
    await asyncio.wait({in_order, cut_short}, return_when=asyncio.FIRST_COMPLETED)
    cut_short.cancel()
    if not in_order.done():
        in_order.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2 * _FORCED_SECONDS):
                await _drain(requests, jobs, 0, _FORCED_SECONDS)


async def _drain(requests: Requests, jobs: JobService, running: float, telling: float) -> None:
    await jobs.drain(running)
    await requests.settle(telling)
