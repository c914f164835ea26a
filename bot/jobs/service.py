"""Everybody's jobs on one engine: fair turns, shared work, remembered results, and an end in good order."""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from bot.jobs.asker import Asker
from bot.jobs.cache import Cache, NoCache
from bot.jobs.errors import JobCancelled, JobError, JobFailed
from bot.jobs.flight import Flight
from bot.jobs.forecast import Forecast
from bot.jobs.job import Engine, Job, Progress, Result
from bot.jobs.key import content_key
from bot.jobs.queue import FairQueue
from bot.jobs.quotas import Admissions, Quotas
from bot.jobs.status import OnStatus, Queued, Running, ignore

_TICK_SECONDS = 0.5
_BURIAL_SECONDS = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much there is to do."""

    running: int
    waiting: int


class JobService:
    """Runs everybody's jobs on an engine; it does not depend on which.

    People take turns, and what is quick goes before what is long.  Long jobs of people leave one slot free,
    and one person's take at most half of them.  A job that several people ask for runs once.  What was
    computed before comes from the cache.  `start` it before the first job and `aclose` it after the last, in
    one event loop.
    """

    def __init__(
        self,
        engine: Engine,
        cache: Cache | None = None,
        *,
        quotas: Quotas | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine = engine
        self._cache = cache or NoCache()
        self._admissions = Admissions(quotas or Quotas())
        self._clock = clock
        self._forecast = Forecast()
        self._queue = FairQueue[Flight]()
        self._flights: dict[str, Flight] = {}
        self._running: set[Flight] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticking: asyncio.Task[None] | None = None
        self._draining = False

    async def start(self) -> None:
        """Pay the engine's start-up cost now."""
        await self.engine.start()

    @property
    def load(self) -> Load:
        """How many jobs run and wait at this moment."""
        return Load(running=len(self._running), waiting=len(self._queue))

    async def run(self, job: Job, asker: Asker, on_status: OnStatus = ignore) -> Result:
        """Return a job's result: remembered, shared with others who wait for it, or computed in its turn.

        Cancelling the awaiting task leaves; when nobody is left, the job is killed.

        Args:
            job: What to run.
            asker: For whom; the same for all jobs of one request.
            on_status: Told where the job stands: twice a second while it waits, and as it goes on.

        Raises:
            JobError: Its message is the sentence for the person who asked.
        """
        self._require_open()
        key = content_key(job, self.engine.build)
        flight = self._flights.get(key)
        if flight is None:
            found = await self._cache.get(key)
            if found is not None:
                return found
            self._require_open()
            flight = self._flights.get(key)  # somebody may have begun it meanwhile
        if flight is not None and flight.done.done():
            return flight.done.result()
        self._admissions.admit(asker)
        try:
            return await self._share(flight or self._enter(job, key), asker, on_status)
        finally:
            self._admissions.release(asker)

    async def drain(self, seconds: float) -> None:
        """Take no more jobs, turn away those that wait, and kill what still runs after so many seconds."""
        self._draining = True
        for flight in list(self._flights.values()):
            if flight in self._queue or flight.warming:
                self._end(flight, JobCancelled.by_shutdown())
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for flight in list(self._running):
            flight.kill(JobCancelled.by_shutdown())
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_BURIAL_SECONDS)

    async def aclose(self) -> None:
        """Kill what runs and free everything."""
        await self.drain(0)
        if self._ticking is not None:
            self._ticking.cancel()
        await self.engine.aclose()
        await self._cache.aclose()

    def _require_open(self) -> None:
        if self._draining:
            raise JobCancelled.by_shutdown()

    def _enter(self, job: Job, key: str) -> Flight:
        flight = self._flights[key] = Flight(job, key, self._forecast.seconds(job.seconds))
        return flight

    async def _share(self, flight: Flight, asker: Asker, on_status: OnStatus) -> Result:
        place = object()
        flight.waiting[place] = (asker, on_status)
        if flight not in self._running:
            self._queue.add(flight, _account(asker), flight.priority, flight.expected)
            self._pump()
        else:
            self._tell(flight)
        try:
            return await asyncio.shield(flight.done)
        finally:
            del flight.waiting[place]
            self._left(flight, asker)

    def _left(self, flight: Flight, asker: Asker) -> None:
        """See to what somebody who does not wait any more leaves behind."""
        if flight.done.done():
            return
        if not flight.waiting:
            self._end(flight, JobCancelled.by_asker())
        elif flight in self._queue:
            self._queue.leave(flight, _account(asker))
            for other, _ in flight.waiting.values():
                self._queue.add(flight, _account(other), flight.priority, flight.expected)
        self._pump()

    def _end(self, flight: Flight, reason: JobError) -> None:
        """Kill a job; who asks for it from now on begins it anew."""
        self._queue.discard(flight)
        if self._flights.get(flight.key) is flight:
            del self._flights[flight.key]
        flight.kill(reason)

    def _pump(self) -> None:
        """Fill the free slots, and make room where only warming is in the way."""
        while not self._draining and len(self._running) < self.engine.capacity:
            found = self._queue.take(self._may_begin)
            if found is None:
                break
            self._begin(*found)
        self._make_room()
        if self._flights and self._ticking is None:
            self._ticking = asyncio.get_running_loop().create_task(self._tick())

    def _make_room(self) -> None:
        """Kill as much warming as stands in the way of somebody's jobs."""
        wanted = sum(not flight.warming for flight in self._flights.values() if flight in self._queue)
        leaving = sum(flight.done.done() for flight in self._running)
        warming = [flight for flight in self._running if flight.warming and not flight.done.done()]
        for flight in warming[: max(0, wanted - leaving)]:
            self._end(flight, JobCancelled("It made room for somebody's request."))

    def _may_begin(self, flight: Flight, person: Hashable) -> bool:
        if not flight.long or flight.warming or isinstance(person, Asker):
            return True
        long = [other for other in self._running if other.long and not other.warming]
        capacity = self.engine.capacity
        own = sum(other.payer == person for other in long)
        return len(long) < max(1, capacity - 1) and own < max(1, capacity // 2)

    def _begin(self, flight: Flight, payer: Hashable) -> None:
        flight.payer = payer
        flight.began = self._clock()
        self._running.add(flight)
        flight.task = asyncio.get_running_loop().create_task(self._fly(flight))
        self._tasks.add(flight.task)
        flight.task.add_done_callback(self._tasks.discard)
        self._tell(flight)

    async def _fly(self, flight: Flight) -> None:
        def progressed(progress: Progress) -> None:
            flight.progress = progress
            self._tell(flight)

        result: Result | None = None
        try:
            result = await self.engine.run(flight.job, progressed)
        except asyncio.CancelledError:
            flight.fail(flight.reason)
        except JobError as error:
            flight.fail(error)
        except Exception as error:  # noqa: BLE001  whatever an engine raises, those who wait are told
            trace = "".join(traceback.format_exception(error))
            flight.fail(JobFailed(type(error).__name__, str(error), trace))
        self._running.discard(flight)
        if result is not None:
            flight.land(result)
            self._forecast.learn(flight.job.seconds, self._clock() - flight.began)
            self._pump()
            # Until it is stored, who asks for it finds the flight.
            await self._cache.put(flight.key, result)
        if self._flights.get(flight.key) is flight:
            del self._flights[flight.key]
        self._pump()

    def _tell(self, flight: Flight) -> None:
        """Say how far a running job is."""
        progress = flight.progress
        flight.tell(Running(fraction=progress.fraction, text=progress.text, seconds=self._left_of(flight)))

    def _left_of(self, flight: Flight) -> float:
        elapsed = self._clock() - flight.began
        return self._forecast.left(flight.job.seconds, elapsed, flight.progress.fraction)

    def _turns(self) -> dict[Flight, Queued]:
        """Say of every waiting job when it begins."""
        order = list(self._queue.order())
        running = [self._left_of(one) for one in self._running if not one.warming]
        turns = self._forecast.turns([one.job.seconds for one in order], running, self.engine.capacity)
        return {
            flight: Queued(ahead=turn.ahead, seconds=turn.seconds)
            for flight, turn in zip(order, turns, strict=True)
        }

    async def _tick(self) -> None:
        """Twice a second, tell everybody where they stand, and see whether the engine has grown."""
        while self._flights:
            await asyncio.sleep(_TICK_SECONDS)
            self._pump()
            for flight in list(self._running):
                self._tell(flight)
            for flight, status in self._turns().items():
                flight.tell(status)
        self._ticking = None


def _account(asker: Asker) -> Hashable:
    """Return on whose account a job waits; who has no name is a person with each request."""
    return asker if asker.person is None else asker.person
