"""The scenario on one engine or on the pool; run apart."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any, cast

from benchmarks.jobs import lag
from benchmarks.jobs.pool import PoolJobs
from benchmarks.jobs.requests import Asked, scenario
from benchmarks.jobs.state import alive
from benchmarks.jobs.watched_engine import Found, Watched, tasks_of_every_temper
from bot.jobs.asker import Asker
from bot.jobs.errors import JobFailed
from bot.jobs.job import Result
from bot.jobs.local import LocalEngine
from bot.jobs.quotas import Quotas
from bot.jobs.service import JobService
from bot.jobs.status import Running, Status, ignore
from bot.jobs.tasks import TASKS

SLOTS = 2
_NO_QUOTAS = Quotas(per_person=1000, per_place=1000)
_KILL_AFTER_SECONDS = 2.0
_LAST_SECONDS = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of one request."""

    person: str
    bad: str | None
    seconds: float
    """From the request to its end."""
    at: float
    """When that was."""
    error: str
    """The type of the error; empty for a result."""
    sentence: str


async def measure(on: str) -> Found:
    """Serve everybody on this machine, a cluster, a cluster of which one worker is killed, or the pool."""
    if on == "pool":
        return await _on_pool()
    async with _engine(on) as (engine, workers):
        watched = Watched(engine)
        service = JobService(watched, quotas=_NO_QUOTAS)
        if on == "local":
            await service.start()
        killing = asyncio.create_task(_kill(workers[0])) if on == "cluster, worker killed" else None
        freed: list[float] = []

        async def give_up(task: asyncio.Task[Result], one: Asked, process: int | None) -> None:
            del one
            start = time.perf_counter()
            task.cancel()
            while process and alive(process):  # noqa: ASYNC110  nobody tells us
                await asyncio.sleep(0.001)
            freed.append(time.perf_counter() - start)

        found = await _serve(service, give_up)
        if killing is not None:
            await killing
        await service.aclose()
        return {**found, "jobs": len(watched.spans), "freed": freed, "broken": 0}


async def _on_pool() -> Found:
    jobs = PoolJobs(SLOTS, tasks_of_every_temper(TASKS))
    await jobs.start()
    freed: list[float] = []

    async def give_up(task: asyncio.Task[Result], one: Asked, process: int | None) -> None:
        del process
        # The pool cannot stop what runs: the slot is free when the job would have ended anyway, if ever.
        task.cancel()
        freed.append(one.job.request["seconds"] - cast("float", one.cancel_after))

    found = await _serve(cast("JobService", jobs), give_up, tells=False)
    await jobs.aclose()
    return {**found, "jobs": len(jobs.spans), "freed": freed, "broken": jobs.broken}


async def _serve(service: JobService, give_up: Any, *, tells: bool = True) -> Found:
    """Ask everything at its time, and wait for every answer."""
    start = time.perf_counter()
    ended: list[Ended] = []

    async def ask(one: Asked) -> None:
        await asyncio.sleep(start + one.at - time.perf_counter())
        asked = time.perf_counter()
        runs = asyncio.Event()

        process: int | None = None

        def hear(status: Status) -> None:
            nonlocal process
            if isinstance(status, Running) and status.text:  # its process has begun, and says which it is
                process = int(status.text)
                runs.set()

        cancels = one.cancel_after is not None
        asker = Asker(person=one.person)
        task = asyncio.create_task(service.run(one.job, asker, hear if cancels else ignore))
        if one.cancel_after is not None:
            if tells:
                await runs.wait()
            await asyncio.sleep(one.cancel_after)
            await give_up(task, one, process)
        await asyncio.wait([task], timeout=_LAST_SECONDS)
        now = time.perf_counter()
        error, sentence = _end(task)
        ended.append(
            Ended(
                person=one.person,
                bad=one.bad,
                seconds=now - asked,
                at=now - start,
                error=error,
                sentence=sentence,
            )
        )

    async with lag.watched() as late:
        await asyncio.gather(*(ask(one) for one in scenario()))
    return {"ended": [asdict(one) for one in ended], "late": late, "seconds": time.perf_counter() - start}


def _end(task: "asyncio.Task[Result]") -> tuple[str, str]:
    if not task.done():
        return "no end", ""
    if task.cancelled():
        return "CancelledError", ""
    error = task.exception()
    if error is None:
        return "", ""
    sentence = f"{error.exception_type}: {error}" if isinstance(error, JobFailed) else str(error)
    return type(error).__name__, sentence


@asynccontextmanager
async def _engine(on: str) -> AsyncGenerator[tuple[Any, list[int]]]:
    tasks = tasks_of_every_temper(TASKS)
    if on == "local":
        yield LocalEngine(SLOTS, tasks), []
        return
    from benchmarks.jobs.cluster import cluster  # noqa: PLC0415  an optional extra

    async with cluster(SLOTS, tasks) as (engine, workers):
        yield engine, workers


async def _kill(worker: int) -> None:
    await asyncio.sleep(_KILL_AFTER_SECONDS)
    os.kill(worker, signal.SIGKILL)
