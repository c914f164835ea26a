"""Running several jobs at once."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from bot.jobs.errors import JobError

T = TypeVar("T")


async def together(jobs: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run jobs at once and return their results in order; the first that fails ends the others.

    Raises:
        JobError: of the job that failed first.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except* JobError as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]
