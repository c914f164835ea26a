"""Stopping in good order: everybody who waits gets the answer, or is told, within twenty seconds."""

import asyncio
import logging
import signal

from bot.discord.requests import Requests
from bot.jobs.service import JobService

_log = logging.getLogger(__name__)

_SECONDS = 18.0
"""After so long everybody has been answered or told; the connections are closed in the rest of the twenty."""
_RUNNING_SECONDS = 12.0
"""What runs may end within this time; those who wait for their turn are told at once."""
_FORCED_SECONDS = 4.0
"""All there is when it is urgent: runs are killed at once."""


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
    in_order = asyncio.create_task(_tell_all(requests, jobs, _RUNNING_SECONDS, _SECONDS))
    cut_short = asyncio.create_task(now.wait())
    await asyncio.wait({in_order, cut_short}, return_when=asyncio.FIRST_COMPLETED)
    cut_short.cancel()
    if not in_order.done():
        in_order.cancel()
        await _tell_all(requests, jobs, 0, _FORCED_SECONDS)
    await asyncio.gather(in_order, cut_short, return_exceptions=True)


async def _tell_all(requests: Requests, jobs: JobService, running: float, seconds: float) -> None:
    """Give the runs `running` seconds, and everybody `seconds` from now to be answered or told.

    Those who wait for a run hear the moment it is given up, not when its processes are gone at last; that
    is seen to once more when the jobs are closed.
    """
    draining = asyncio.create_task(jobs.drain(running))
    try:
        # It has begun when this goes on, also where there is nobody to tell.
        await asyncio.sleep(0)
        await requests.settle(seconds)
    finally:
        draining.cancel()
        await asyncio.gather(draining, return_exceptions=True)
