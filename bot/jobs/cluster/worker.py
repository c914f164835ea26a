"""Makes a dask worker one that runs jobs: `dask worker … --preload bot.jobs.cluster.worker`."""

import logging
from collections.abc import Mapping, Sequence

from distributed import Worker

from bot.jobs.build import local_build
from bot.jobs.cluster.code import code_version
from bot.jobs.cluster.crew import introduce
from bot.jobs.cluster.names import INTRODUCTION, slots_of
from bot.jobs.cluster.workshop import Workshop
from bot.jobs.local import PRELOAD, LocalEngine
from bot.jobs.tasks import TASKS

_log = logging.getLogger(__name__)


async def dask_setup(worker: Worker) -> None:
    """Prepare the worker; dask calls this before the worker joins the scheduler."""
    await set_up(worker)


async def set_up(worker: Worker, tasks: Mapping[str, str] = TASKS, preload: Sequence[str] = PRELOAD) -> None:
    """Give a worker what it needs to run the tasks of this allow-list, or end it."""
    try:
        await _warm_up(tasks, preload)
        code = code_version()
        introduction = introduce(code, local_build())
        worker.startup_information[INTRODUCTION] = lambda _: introduction
        for resources in (worker.state.total_resources, worker.state.available_resources):
            resources[slots_of(code)] = worker.state.nthreads
        await worker.plugin_add(Workshop(worker, tasks, code))
    except Exception:  # noqa: BLE001 dask would log it, and let a worker join that can do nothing
        _log.exception("This worker cannot run jobs")
        raise SystemExit(1) from None


async def _warm_up(tasks: Mapping[str, str], preload: Sequence[str]) -> None:
    """Start the forkserver of this process."""
    engine = LocalEngine(slots=1, tasks=tasks, preload=preload)
    try:
        await engine.start()
    finally:
        await engine.aclose()  # its thread; the forkserver stays
