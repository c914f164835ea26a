"""Programs that the benchmark of sudden ends starts and kills; each says on stdout what happens.

`python -m benchmarks.jobs.ending local|pool`: two jobs that take 3 s, one that hangs, ten that wait; at
SIGTERM it ends in good order. Every line is JSON.
"""

import asyncio
import json
import signal
import sys
import time
from typing import cast

from benchmarks.jobs.pool import PoolJobs
from benchmarks.jobs.watched_engine import tasks_of_every_temper
from bot.jobs.asker import Asker
from bot.jobs.job import Job, Limits
from bot.jobs.local import LocalEngine
from bot.jobs.quotas import Quotas
from bot.jobs.service import JobService
from bot.jobs.tasks import TASKS

SLOTS = 3
SHORT, WAITING = 2, 10
SHORT_SECONDS = 3.0
PATIENCE_SECONDS = 20.0


def say(**fields: object) -> None:
    """Write a line."""
    print(json.dumps({**fields, "at": time.monotonic()}), flush=True)


async def main(on: str) -> None:
    """Keep every slot busy and the queue filled, and end when told to."""
    tasks = tasks_of_every_temper(TASKS)
    if on == "pool":
        jobs = cast("JobService", PoolJobs(SLOTS, tasks))
    else:
        jobs = JobService(LocalEngine(SLOTS, tasks), quotas=Quotas(per_person=1000))
    await jobs.start()
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)

    async def ask(name: str, task: str, seconds: float = SHORT_SECONDS) -> None:
        job = Job(
            task=task,
            request={"name": name, "seconds": seconds},
            limits=Limits(wall_seconds=600.0),
            seconds=0.1,
        )
        try:
            await jobs.run(job, Asker(person=name))
        except BaseException as error:  # noqa: BLE001  to be told
            say(name=name, error=type(error).__name__, sentence=str(error))
        else:
            say(name=name, error="", sentence="")

    asked = [asyncio.create_task(ask(f"short {number}", "sleep")) for number in range(SHORT)]
    asked.append(asyncio.create_task(ask("hang", "hang")))
    await asyncio.sleep(1.0)
    asked += [asyncio.create_task(ask(f"waiting {number}", "sleep")) for number in range(WAITING)]
    await asyncio.sleep(0.5)
    say(ready=True)
    await told.wait()
    if on == "pool":
        # What its manual offers: nothing new, what waits is cancelled, what runs ends.
        pool = cast("PoolJobs", jobs)
        await asyncio.to_thread(pool.shut_down)
    else:
        await jobs.drain(PATIENCE_SECONDS - 5)
    await asyncio.wait(asked)
    await jobs.aclose()
    say(ended=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
