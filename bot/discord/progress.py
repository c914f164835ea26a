"""Showing somebody who waits where the request stands, at most once a second and never after the answer."""

import asyncio
import contextvars
from collections.abc import Callable

from bot.discord.courier import Courier
from bot.discord.delivery import Delivery
from bot.discord.one_try import Outcome
from bot.discord.pace import Rank
from bot.discord.waiting import described, waiting_card
from bot.jobs.status import Running, Status

_FIRST_SECONDS = 1.0
"""What is answered sooner needs no card that says to wait."""
_NEARLY_SECONDS, _PATIENCE_SECONDS = 1.0, 3.0
"""Nor does what is expected to end so soon, as long as that expectation is young."""
_SECONDS = 1.1
"""From the end of one edit to the next: a second apart for Discord too, however long each is on its way."""


class Progress:
    """The waiting card of one request.

    Edits are made one after the other; `end` waits for the one on its way, so none comes after the answer.
    """

    def __init__(
        self, id_: int, delivery: Delivery, courier: Courier, on_sent: Callable[[int], None]
    ) -> None:
        self._id = id_
        self._delivery = delivery
        self._courier = courier
        self._on_sent = on_sent
        self._status: Status | None = None
        self._text = ""
        # Where a request stands is told by whoever runs jobs, who knows nothing of its reader.
        self._reader = contextvars.copy_context()
        self._shown = ""
        self._shows_running = False
        self._news = asyncio.Event()
        self._on_its_way: asyncio.Task[Outcome] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Show that something is going on."""
        loop = asyncio.get_running_loop()
        typing = loop.create_task(self._delivery.type())
        self._tasks = [typing, loop.create_task(self._follow(typing))]

    def update(self, status: Status) -> None:
        """Take note of where the request stands."""
        self._status, self._text = status, self._reader.run(described, status)
        self._news.set()

    def say(self, text: str) -> None:
        """Take note of something else to be shown for the time being."""
        self._status, self._text = None, text
        self._news.set()

    async def end(self) -> None:
        """Show nothing any more, and wait until nothing is on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._on_its_way is not None:
            await asyncio.wait([self._on_its_way])

    async def _follow(self, typing: asyncio.Task[None]) -> None:
        loop = asyncio.get_running_loop()
        patience = loop.time() + _PATIENCE_SECONDS
        await asyncio.sleep(_FIRST_SECONDS)
        while True:
            await self._news.wait()
            self._news.clear()
            if self._text == self._shown:
                continue
            if not self._shown and self._nearly_done and loop.time() < patience:
                continue
            await self._courier.turn(self._delivery.lane, self._rank)
            text, running = self._text, self._runs
            outcome = await self._show(text)
            if outcome.done:
                typing.cancel()
                self._shown, self._shows_running = text, running
            elif outcome.refused:
                return
            else:
                self._news.set()  # another time
            await asyncio.sleep(max(_SECONDS, outcome.retry_after))

    def _rank(self) -> Rank:
        if not self._shown:
            return Rank.FIRST
        return Rank.TURN_CAME if self._runs and not self._shows_running else Rank.DETAIL

    @property
    def _runs(self) -> bool:
        return isinstance(self._status, Running)

    @property
    def _nearly_done(self) -> bool:
        return isinstance(self._status, Running) and self._status.seconds < _NEARLY_SECONDS

    async def _show(self, text: str) -> Outcome:
        before = self._delivery.message
        # A cancelled edit might still arrive, after the answer; so it is never cancelled.
        self._on_its_way = asyncio.create_task(self._delivery.show(waiting_card(text, self._id)))
        self._on_its_way.add_done_callback(lambda _: self._note(before))
        return await asyncio.shield(self._on_its_way)

    def _note(self, before: int | None) -> None:
        now = self._delivery.message
        if now is not None and now != before:
            self._on_sent(now)
