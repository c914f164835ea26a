"""The engine for one machine."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from bot.jobs import launch
from bot.jobs.errors import JobCancelled, JobFailed
from bot.jobs.job import Engine, Job, Limits, OnProgress, Progress, Result
from bot.jobs.supervise import Supervisor
from bot.jobs.tasks import TASKS

PRELOAD_ONCE = ("bot.jobs.preload", "bot.jobs.child", "sim.tasks")
"""Modules that a job finds already imported: what a command that runs one job needs anyway."""
PRELOAD_MANY = (*PRELOAD_ONCE, "sim.preload")
"""The same for a command that runs several jobs."""
PRELOAD = (*PRELOAD_MANY, "bot.jobs.preload_compiler", "bot.jobs.preload_warm", "bot.jobs.settle")
"""The same for a bot, whose every job gains from what is imported before."""

_WARM_UP = "preloaded"
_WARM_UP_TASKS = {_WARM_UP: "bot.jobs.child:preloaded"}
_WARM_UP_SECONDS = 120.0

_log = logging.getLogger(__name__)

T = TypeVar("T")


class LocalEngine(Engine):
    """Runs up to `slots` jobs at once, each in a process of its own that is forked from a warm one.

    `start` it before the first job and `aclose` it after the last, in the same event loop.
    Jobs beyond `slots` wait.
    """

    def __init__(
        self, slots: int = 2, tasks: Mapping[str, str] = TASKS, preload: Sequence[str] = PRELOAD
    ) -> None:
        if slots < 1:
            raise ValueError(f"an engine needs at least one slot, not {slots}")
        self.capacity = slots
        self._tasks = dict(tasks)
        self._preload = tuple(preload)
        self._free = asyncio.Semaphore(slots)
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix="job")
        self._running: dict[Supervisor, asyncio.Future[Result]] = {}
        self._closed = False

    @property
    def build(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride] nobody writes it
        """What decides on the last digits of a result on this machine."""
        from bot.jobs.build import local_build  # noqa: PLC0415  most commands keep no results

        return local_build()

    async def start(self) -> None:
        """Start the forkserver and wait until it has imported everything."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, launch.start_server, self._preload)
        warm_up = Job(
            task=_WARM_UP, request={"modules": self._preload}, limits=Limits(wall_seconds=_WARM_UP_SECONDS)
        )
        result = await self._supervise(warm_up, _WARM_UP_TASKS, lambda _: None)
        # The standard library swallows a failed import here; the jobs would then pay for it, or fail.
        if launch.HAS_FORKSERVER and (missing := result.data["missing"]):
            _log.warning("Not preloaded, so every job imports it itself: %s", ", ".join(missing))

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        """Run a job when a slot is free; cancelling the awaiting task kills it.

        Args:
            job: What to run.
            on_progress: Called in the event loop, at most ten times a second, never after the job's end.

        Raises:
            JobError: Its message is the sentence for the person who asked.
        """
        if job.task not in self._tasks:
            raise JobFailed("LookupError", f"{job.task!r} is not on the allow-list of tasks")
        return await self._supervise(job, self._tasks, on_progress)

    async def aclose(self) -> None:
        """Kill what runs, turn away what waits, and end the threads; the forkserver ends with the program."""
        self._closed = True
        for supervisor in self._running:
            supervisor.stop(JobCancelled.by_shutdown())
        if self._running:
            await asyncio.wait(list(self._running.values()))
        self._threads.shutdown()

    async def _supervise(self, job: Job, tasks: Mapping[str, str], on_progress: OnProgress) -> Result:
        await self._free.acquire()
        if self._closed:
            self._free.release()
            raise JobCancelled.by_shutdown()
        loop = asyncio.get_running_loop()
        result: asyncio.Future[Result] = loop.create_future()

        def deliver(progress: Progress) -> None:
            if not result.done():
                on_progress(progress)

        def finish(found: Result) -> None:
            if not result.done():
                result.set_result(found)

        def post(listener: Callable[[T], None], news: T) -> None:
            with contextlib.suppress(RuntimeError):  # the loop was closed over the job's head
                loop.call_soon_threadsafe(listener, news)

        supervisor = Supervisor(job, tasks, partial(post, deliver), partial(post, finish))
        end = loop.run_in_executor(self._threads, supervisor.run)
        self._running[supervisor] = end
        end.add_done_callback(partial(self._let_go, supervisor))
        try:
            # The result is there some milliseconds before the process has ended and its slot is free.
            await asyncio.wait([result, end], return_when=asyncio.FIRST_COMPLETED)
            return result.result() if result.done() else end.result()
        except asyncio.CancelledError:
            result.cancel()
            supervisor.stop(JobCancelled.by_asker())
            await _outlast(end)  # the slot is not free before the process is gone
            raise

    def _let_go(self, supervisor: Supervisor, _end: asyncio.Future[Result]) -> None:
        del self._running[supervisor]
        self._free.release()


async def _outlast(end: asyncio.Future[Result]) -> None:
    """Wait for a killed job however often the waiting task is cancelled: the caller raises that anyway."""
    while not end.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([end])
    end.exception()  # seen, so that asyncio does not log it
