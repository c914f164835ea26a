"""Makes a dask worker one that runs tasks of every temper; see `bot.jobs.cluster.worker`."""

from distributed import Worker

from benchmarks.jobs.watched_engine import tasks_of_every_temper
from bot.jobs.cluster.worker import set_up
from bot.jobs.tasks import TASKS


async def dask_setup(worker: Worker) -> None:
    """Prepare the worker; dask calls this before the worker joins the scheduler."""
    await set_up(worker, tasks=tasks_of_every_temper(TASKS))
