"""The peer: everybody's jobs on `concurrent.futures.ProcessPoolExecutor`, first come, first served.

It is used as its manual and common sense say: workers that import torch once, a time limit on waiting, and a
new pool when one breaks. It has the same cache.
"""

import asyncio
import importlib
import multiprocessing
import time
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from benchmarks.jobs.watched_engine import Span, key_of
from bot.jobs.asker import Asker
from bot.jobs.cache import Cache, NoCache
from bot.jobs.job import Job, Result
from bot.jobs.status import OnStatus, ignore


def perform(where: str, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, bytes], float, float]:
    """Run a task in a worker; return its result and when it began and ended."""
    began = time.perf_counter()
    module, _, function = where.partition(":")
    data, files = getattr(importlib.import_module(module), function)(request, _report)
    return data, files, began, time.perf_counter()


def _report(fraction: float, text: str) -> None:
    """Tell nobody."""


def _prepare() -> None:
    for name in ("sim.tasks", "sim.preload", "bot.jobs.preload_compiler"):
        importlib.import_module(name)
    time.sleep(0.2)  # so that no worker takes the other's turn


class PoolJobs:
    """Takes jobs as a `JobService` does."""

    def __init__(self, slots: int, tasks: Mapping[str, str], cache: Cache | None = None) -> None:
        self.build = "process pool"
        self.spans: list[Span] = []
        self.broken = 0
        self._slots = slots
        self._tasks = tasks
        self._cache = cache or NoCache()
        self._pool = self._open()

    @property
    def engine(self) -> "PoolJobs":
        """It is its own."""
        return self

    async def start(self) -> None:
        """Have every worker import what jobs need."""
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._pool, _prepare) for _ in range(self._slots)))

    async def run(self, job: Job, asker: Asker, on_status: OnStatus = ignore) -> Result:
        """Return a result from the cache or the pool; it can tell nobody where a job stands.

        Raises:
            TimeoutError: It took longer than the job may, waiting included.
            BrokenProcessPool: A worker died, of this or of another job.
            Exception: What the task raised.
        """
        del asker, on_status
        key = key_of(job)
        found = await self._cache.get(key)
        if found is not None:
            return found
        pool = self._pool
        try:
            submitted = self.submit(job)
            outcome = await asyncio.wait_for(asyncio.wrap_future(submitted), job.limits.wall_seconds)
        except BrokenProcessPool:
            self._replace(pool)
            raise
        data, files, began, ended = outcome
        self.spans.append(Span(key=key, task=job.task, expected=job.seconds, began=began, ended=ended))
        result = Result(data=data, files=files)
        await self._cache.put(key, result)
        return result

    def submit(self, job: Job) -> "Future[tuple[dict[str, Any], dict[str, bytes], float, float]]":
        """Hand a job to the pool."""
        try:
            return self._pool.submit(perform, self._tasks[job.task], job.request)
        except BrokenProcessPool:
            self._replace(self._pool)
            return self._pool.submit(perform, self._tasks[job.task], job.request)

    def shut_down(self) -> None:
        """End as its manual says: what waits is cancelled, what runs ends by itself."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def aclose(self) -> None:
        """Kill the workers: some may hang, and the pool itself would wait for them for ever."""
        processes = list((self._pool._processes or {}).values())  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        for process in processes:
            await asyncio.to_thread(process.join)
        await self._cache.aclose()

    def _open(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._slots, mp_context=multiprocessing.get_context("forkserver"))

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        if self._pool is broken:
            self.broken += 1
            self._pool = self._open()
