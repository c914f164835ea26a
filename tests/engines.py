"""Engines that run nothing, for what is above them."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from bot.jobs.errors import JobTimedOut
from bot.jobs.job import Engine, Job, OnProgress, Result


class Refusing(Engine):
    """An engine on which every job runs out of time."""

    capacity = 1
    build = "any"

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    async def start(self) -> None:
        """Do nothing."""

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        del on_progress
        self.jobs.append(job)
        await asyncio.sleep(0)
        raise JobTimedOut.after(job.limits.wall_seconds)

    async def aclose(self) -> None:
        """Do nothing."""


@contextmanager
def no_job(engine: Refusing) -> Generator[None]:
    """Make sure that nothing is run meanwhile."""
    yield
    assert engine.jobs == []
