"""Makes a dask worker one that says it runs other code."""

from distributed import Worker
from preload_examples import example_tasks

from bot.jobs.cluster import worker as worker_module


async def dask_setup(worker: Worker) -> None:
    worker_module.code_version = lambda: "0" * 16
    await worker_module.set_up(worker, tasks=example_tasks(), preload=["bot.jobs.child"])
