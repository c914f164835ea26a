"""1,500 jobs, every fifth of which goes wrong, and what this process holds before and after; run apart."""

import asyncio
import gc
import random
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from benchmarks.jobs.pool import PoolJobs
from benchmarks.jobs.state import State, state
from benchmarks.jobs.watched_engine import Found, tasks_of_every_temper
from bot.jobs.asker import Asker
from bot.jobs.cache import FileCache
from bot.jobs.job import Job, Limits
from bot.jobs.local import LocalEngine
from bot.jobs.quotas import Quotas
from bot.jobs.service import JobService
from bot.jobs.tasks import TASKS

SLOTS = 2
_PEOPLE = 30
_HANG_SECONDS = 0.3
_MEMORY_MB = 64
_BAD = ("hang", "segfault", "vanish", "hog", "bug", "cancel")
_MOST_SECONDS = 60.0
_PATIENCE_SECONDS = 20.0
_SETTLE_SECONDS = 1.0


async def measure(on: str, jobs: int, bad: int, warm_up: int) -> Found:
    """Run the jobs on this machine's engine, or on the pool."""
    tasks = tasks_of_every_temper(TASKS)
    with tempfile.TemporaryDirectory() as folder:
        cache = FileCache(Path(folder, "results.sqlite3"))
        if on == "pool":
            service = cast("JobService", PoolJobs(SLOTS, tasks, cache))
        else:
            service = JobService(LocalEngine(SLOTS, tasks), cache, quotas=Quotas(per_person=10**6))
        await service.start()
        before_warm_up, _ = await _all(service, warm_up, warm_up * bad // jobs, seed=0)
        before = await _settled()
        start = time.perf_counter()
        outcomes, seconds = await _all(service, jobs, bad, seed=1)
        after = await _settled()
        await service.aclose()
    del before_warm_up
    return {
        "before": asdict(before),
        "after": asdict(after),
        "outcomes": outcomes,
        "seconds": time.perf_counter() - start - _SETTLE_SECONDS,
        "median": seconds,
    }


async def _settled() -> State:
    await asyncio.sleep(_SETTLE_SECONDS)
    gc.collect()
    return state()


async def _all(service: JobService, jobs: int, bad: int, seed: int) -> tuple[dict[str, Any], float]:
    """Have people ask one thing after the other, until all is asked; return how often it ended how."""
    chance = random.Random(seed)  # noqa: S311  no secret
    kinds = ["echo"] * (jobs - bad) + [_BAD[number % len(_BAD)] for number in range(bad)]
    chance.shuffle(kinds)
    coming = enumerate(kinds)
    ended: Counter[str] = Counter()
    give_up = time.monotonic() + _MOST_SECONDS

    async def one_person(person: int) -> None:
        for number, kind in coming:
            if time.monotonic() > give_up:
                return
            ended[
                f"{'good' if kind == 'echo' else kind}: {await _one(service, person, kind, number, seed)}"
            ] += 1

    start = time.monotonic()
    await asyncio.gather(*(one_person(person) for person in range(_PEOPLE)))
    return dict(ended), (time.monotonic() - start) / max(1, ended.total())


async def _one(service: JobService, person: int, kind: str, number: int, seed: int) -> str:
    hangs = kind in ("hang", "cancel")
    limits = Limits(wall_seconds=_HANG_SECONDS if kind == "hang" else 15.0, memory_mb=_MEMORY_MB)
    request = {"number": number, "seed": seed, "mib": 2 * _MEMORY_MB}
    job = Job(task="hang" if hangs else kind, request=request, limits=limits, seconds=0.02)
    task = asyncio.create_task(service.run(job, Asker(person=person)))
    if kind == "cancel":
        await asyncio.sleep(0.2)
        task.cancel()
    await asyncio.wait([task], timeout=_PATIENCE_SECONDS)
    if not task.done():  # a pool that broke may forget those who wait
        task.cancel()
        return "no end"
    if task.cancelled():
        return "CancelledError"
    return type(task.exception()).__name__ if task.exception() else "result"
