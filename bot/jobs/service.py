"""Everybody's jobs on one engine: fair turns, shared work, remembered results, and an end in good order."""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from bot.jobs.asker import Asker
from bot.jobs.cache import Cache, NoCache
from bot.jobs.errors import JobCancelled, JobError, JobFailed, JobRefused
from bot.jobs.flight import Flight
from bot.jobs.forecast import Forecast, Waiting
from bot.jobs.job import Engine, Job, Progress, Result
from bot.jobs.key import content_key
from bot.jobs.queue import FairQueue
from bot.jobs.quotas import Admissions, Quotas
from bot.jobs.slots import Slots
from bot.jobs.status import OnStatus, Queued, Running, ignore

_TICK_SECONDS = 0.5
_BURIAL_SECONDS = 5.0

_T = TypeVar("_T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much there is to do."""

    running: int
    waiting: int


class JobService:
    """Runs everybody's jobs on an engine; it does not depend on which.

    People get the same time, and what is quick goes before what is long.  Long jobs of people leave one slot
    free, and one person's take at most half of them.  A job that several people ask for runs once.  What was
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
        self._slots = Slots(engine)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ticking: asyncio.Task[None] | None = None
        self._draining = False

    async def start(self) -> None:
        """Pay the engine's start-up cost now."""
        await self.engine.start()

    @property
    def load(self) -> Load:
        """How many jobs run and wait at this moment."""
        return Load(running=len(self._slots.running), waiting=len(self._queue))

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
            found = await self._cache.get(key) if job.lasting else None
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
            if not flight.done.done() and (flight in self._queue or flight.warming):
                self._end(flight, JobCancelled.by_shutdown())
        await self._wait(seconds)
        for flight in list(self._slots.running):
            flight.kill(JobCancelled.by_shutdown())
        await self._wait(_BURIAL_SECONDS)

    async def aclose(self) -> None:
        """Kill what runs and free everything."""
        await self.drain(0)
        if self._ticking is not None:
            self._ticking.cancel()
        await self.engine.aclose()
        await self._cache.aclose()

    def announce(self) -> None:
        """Tell everybody where they stand, and see whether the engine has grown."""
        self._pump()
        for flight in list(self._slots.running):
            self._tell(flight)
        for flight, status in self._turns().items():
            flight.tell(status)

    def _require_open(self) -> None:
        if self._draining:
            raise JobCancelled.by_shutdown()

    def _enter(self, job: Job, key: str) -> Flight:
        flight = self._flights[key] = Flight(job, key, self._forecast.seconds(job.seconds))
        return flight

    async def _share(self, flight: Flight, asker: Asker, on_status: OnStatus) -> Result:
        place = object()
        flight.waiting[place] = (asker, on_status)
        if flight in self._slots.running:
            self._tell(flight)
        else:
            self._queue.add(flight, _account(asker), flight.priority, flight.expected)
            self._pump()
        try:
            return await asyncio.shield(flight.done)
        finally:
            del flight.waiting[place]
            self._left(flight, _account(asker))

    def _left(self, flight: Flight, account: Hashable) -> None:
        """See to what somebody who does not wait any more leaves behind."""
        if flight.done.done():
            return
        others = [_account(asker) for asker, _ in flight.waiting.values()]
        if not others:
            self._end(flight, JobCancelled.by_asker())
        elif account not in others:
            if flight in self._queue:
                self._queue.leave(flight, account)
                for other in others:
                    self._queue.add(flight, other, flight.priority, flight.expected)
            elif flight.payer == account:
                flight.payer = others[0]
        self._pump()

    def _end(self, flight: Flight, reason: JobError) -> None:
        """Kill a job; who asks for it from now on begins it anew."""
        self._queue.discard(flight)
        self._forget(flight)
        flight.kill(reason)

    def _forget(self, flight: Flight) -> None:
        if self._flights.get(flight.key) is flight:
            del self._flights[flight.key]

    def _pump(self) -> None:
        """Fill the free slots, and make room where only warming is in the way."""
        while not self._draining and self._slots.free > 0:
            found = self._queue.take(self._slots.may_begin)
            if found is None:
                break
            self._begin(*found)
        for flight in self._slots.in_the_way(self._queue):
            self._end(flight, JobCancelled("It made room for somebody's request."))
        if self._flights and self._ticking is None:
            self._ticking = asyncio.get_running_loop().create_task(self._tick())

    def _begin(self, flight: Flight, payer: Hashable) -> None:
        def progressed(progress: Progress) -> None:
            if progress.fraction < flight.progress.fraction:
                flight.began = self._clock()  # the engine lost it and began it again
            flight.progress = progress
            self._tell(flight)

        flight.payer = payer
        flight.began = self._clock()
        self._slots.running.add(flight)
        flight.task = self._run(self.engine.run(flight.job, progressed))
        # A task that is cancelled before its first step never runs a line of its own.
        flight.task.add_done_callback(partial(self._landed, flight))
        self._tell(flight)

    def _landed(self, flight: Flight, run: asyncio.Task[Result]) -> None:
        """Free the slot, whatever became of the run, and hand out the result."""
        self._slots.running.discard(flight)
        if run.cancelled():
            flight.fail(flight.reason)
        elif (error := run.exception()) is not None:
            flight.fail(failed := error if isinstance(error, JobError) else _bug(error))
            self._log_end(flight, failed)
        else:
            result = run.result()
            flight.land(result)
            self._forecast.learn(flight.job.seconds, self._clock() - flight.began)
            self._run(self._store(flight, result))  # until then, who asks for it finds the flight
        if run.cancelled() or run.exception() is not None:
            self._forget(flight)
        self._pump()

    def _log_end(self, flight: Flight, error: JobError) -> None:
        """Note for the operator what the asker is told, unless it was the asker's to mend."""
        if not isinstance(error, JobRefused | JobCancelled):
            seconds = self._clock() - flight.began
            name = error.exception_type if isinstance(error, JobFailed) else type(error).__name__
            _log.warning("%s after %.1f s: %s", name, seconds, flight.job.describe())

    async def _store(self, flight: Flight, result: Result) -> None:
        try:
            # Where the machines have changed meanwhile, nobody knows which of them computed it.
            if flight.job.lasting and content_key(flight.job, self.engine.build) == flight.key:
                await self._cache.put(flight.key, result)
        except Exception:  # noqa: BLE001  the result itself is fine
            _log.exception("could not keep a result")
        finally:
            self._forget(flight)

    def _run(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _wait(self, seconds: float) -> None:
        """Wait until everything under way is done and stored, but not longer."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while self._tasks and (left := end - loop.time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)

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
        waiting = [_waiting(one, one.job.seconds, person) for one, person in order]
        running = [
            _waiting(one, self._left_of(one), one.payer) for one in self._slots.running if not one.warming
        ]
        turns = self._forecast.turns(
            waiting, running, self.engine.capacity, self._slots.for_long, self._slots.for_one
        )
        return {
            flight: Queued(ahead=turn.ahead, seconds=turn.seconds)
            for (flight, _), turn in zip(order, turns, strict=True)
        }

    async def _tick(self) -> None:
        """Tell everybody where they stand twice a second, as long as there is anybody."""
        while self._flights:
            await asyncio.sleep(_TICK_SECONDS)
            self.announce()
        self._ticking = None


def _account(asker: Asker) -> Hashable:
    """Return on whose account a job waits; who has no name is a person with each request."""
    return asker if asker.person is None else asker.person


def _waiting(flight: Flight, seconds: float, person: object) -> Waiting:
    bound = flight.long and not isinstance(person, Asker)
    return Waiting(seconds=seconds, bound_for=person if bound else None)


def _bug(error: BaseException) -> JobFailed:
    return JobFailed(type(error).__name__, str(error), "".join(traceback.format_exception(error)))
