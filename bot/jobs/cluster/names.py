"""The names that the bot and the workers know each other's things by."""

PLUGIN = "backchat"
"""The workers' plugin that runs jobs."""

TOPIC = "backchat-progress"
"""Where workers publish how far jobs are."""

INTRODUCTION = "backchat"
"""Under which key the scheduler keeps what a worker says about itself when it joins."""

PREFIX = "backchat"
"""What the key of every job begins with; the scheduler keeps statistics for each prefix."""


def slots_of(code: str) -> str:
    """Name the dask resource of which a worker with this code has one per slot, and a job needs one.

    So the scheduler itself keeps jobs from workers that would compute something else.
    """
    return f"backchat-{code}"
