"""The one function that dask is asked to call on a worker."""

from distributed import get_worker

from bot.jobs.cluster import wire
from bot.jobs.cluster.names import PLUGIN
from bot.jobs.cluster.workshop import Workshop


def carry_out(packed: bytes) -> bytes:
    """Run the packed job in a process of its own, and return the packed answer."""
    worker = get_worker()
    workshop = worker.plugins.get(PLUGIN)
    if not isinstance(workshop, Workshop):
        return wire.pack_again("it was started without --preload bot.jobs.cluster.worker")
    return workshop.carry_out(worker.get_current_task(), packed)
