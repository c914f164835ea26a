"""What a job costs besides its computation, on this machine's engine or on the pool; run apart."""

import asyncio
import random
import time
from typing import cast

from benchmarks.jobs.pool import PoolJobs
from benchmarks.jobs.watched_engine import Found, tasks_of_every_temper
from bot.jobs.asker import Asker
from bot.jobs.job import Job
from bot.jobs.local import LocalEngine
from bot.jobs.service import JobService
from bot.jobs.tasks import TASKS
from sim.asked import read_simulation
from sim.request import request

SLOTS = 2
_JOBS = 200
_PLOTS = 20
_WARM_UP = 5


async def measure(on: str) -> Found:
    """Run small jobs and default simulations one after the other, and note what each took in all."""
    tasks = tasks_of_every_temper(TASKS)
    if on == "pool":
        jobs = cast("JobService", PoolJobs(SLOTS, tasks))
    else:
        jobs = JobService(LocalEngine(SLOTS, tasks))
    await jobs.start()
    numbers = iter(random.Random(1).sample(range(10**6), 10_000))  # noqa: S311  no secret

    async def run(task: str, plain: dict[str, object]) -> tuple[float, dict[str, object]]:
        # A number of its own, so that nothing is shared.
        job = Job(task=task, request={**plain, "number": next(numbers)}, seconds=0.1)
        start = time.perf_counter()
        result = await jobs.run(job, Asker(person="somebody"))
        return time.perf_counter() - start, dict(result.data)

    experiment, specs = read_simulation("sigmoid")  # all else by default
    simulation = request(experiment, specs, ["dark"])
    for _ in range(_WARM_UP):
        await run("echo", {})
        await run("timed_measure", simulation)
    empty = [await run("echo", {}) for _ in range(_JOBS)]
    plots = [await run("timed_measure", simulation) for _ in range(_PLOTS)]
    plain = [await run("measure", simulation) for _ in range(_PLOTS)]
    weighed = [await run("weighed_measure", simulation) for _ in range(_WARM_UP)]
    own = [await run("private", {}) for _ in range(_WARM_UP)]
    await jobs.aclose()
    await asyncio.sleep(0)
    return {
        "empty": [seconds - cast("float", data["seconds"]) for seconds, data in empty],
        "beside_plots": [seconds - cast("float", data["seconds"]) for seconds, data in plots],
        "plots": [seconds for seconds, _ in plain],
        "private": [data["private"] for _, data in own],
        "private_plots": [data["private"] for _, data in weighed],
    }
