"""Makes a dask scheduler one for jobs: `dask scheduler … --preload bot.jobs.cluster.scheduler`.

Backchat has to be installed there: the scheduler looks up the function that workers are to call.
"""

from distributed import Scheduler

LIVES = 3
"""How many workers may die under a job before it is given up: it is the likeliest cause then."""


def dask_setup(scheduler: Scheduler) -> None:
    """Prepare the scheduler; dask calls this before anybody can connect."""
    scheduler.allowed_failures = LIVES - 1
