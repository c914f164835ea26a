"""What is left after the forkserver was killed, or the bot was started again; run apart."""

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import cast

from benchmarks.jobs.pool import PoolJobs
from benchmarks.jobs.state import forkserver_pid
from benchmarks.jobs.watched_engine import Found, Watched, tasks_of_every_temper
from bot.jobs.asker import Asker
from bot.jobs.cache import FileCache
from bot.jobs.job import Job
from bot.jobs.local import LocalEngine
from bot.jobs.service import JobService
from bot.jobs.tasks import TASKS

SLOTS = 2
RESULTS = 20
_UNDER_WAY = 6


async def measure(what: str, on: str, folder: str) -> Found:
    """Do one of the steps: `fill` and `read` a cache, or `kill` the forkserver."""
    tasks = tasks_of_every_temper(TASKS)
    cache = FileCache(Path(folder, "results.sqlite3"))
    if on == "pool":
        pool = PoolJobs(SLOTS, tasks, cache)
        jobs, spans = cast("JobService", pool), pool.spans
    else:
        engine = Watched(LocalEngine(SLOTS, tasks))
        jobs, spans = JobService(engine, cache), engine.spans
    if what != "read":
        await jobs.start()
    start = time.perf_counter()
    found = await (_kill(jobs) if what == "kill" else _fill(jobs))
    seconds = time.perf_counter() - start
    await jobs.aclose()
    return {**found, "ran": len(spans), "seconds": seconds}


async def _one(jobs: JobService, number: int, task: str = "echo", seconds: float = 0.0) -> str:
    job = Job(task=task, request={"number": number, "seconds": seconds}, seconds=0.1)
    try:
        result = await jobs.run(job, Asker(person=f"person {number}"))
    except Exception as error:  # noqa: BLE001  to be shown
        return f"{type(error).__name__}: {error}"
    return "right" if task != "echo" or result.data["number"] == number else "wrong"


async def _fill(jobs: JobService) -> Found:
    return {"outcomes": [await _one(jobs, number) for number in range(RESULTS)]}


async def _kill(jobs: JobService) -> Found:
    """Kill the forkserver twice: while nothing runs, and while jobs run and wait."""
    ordinary = await _timed(jobs, 0)
    _kill_forkserver()
    idle = await _timed(jobs, 1)
    running = [asyncio.create_task(_one(jobs, 100 + number, "sleep", 1.0)) for number in range(_UNDER_WAY)]
    await asyncio.sleep(0.5)
    _kill_forkserver()
    outcomes = await asyncio.gather(*running)
    return {"ordinary": ordinary, "idle": idle, "after": await _timed(jobs, 2), "outcomes": outcomes}


async def _timed(jobs: JobService, number: int) -> list[object]:
    start = time.perf_counter()
    outcome = await _one(jobs, number)
    return [outcome, time.perf_counter() - start]


def _kill_forkserver() -> None:
    pid = forkserver_pid()
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
