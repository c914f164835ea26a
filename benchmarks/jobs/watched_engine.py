"""An engine that notes what it ran, and when."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.jobs.job import Engine, Job, OnProgress, Result
from bot.jobs.key import content_key


@dataclass(slots=True, kw_only=True)
class Span:
    """One job on a slot."""

    key: str
    task: str
    expected: float
    """Seconds, before any correction."""
    began: float
    ended: float = float("inf")


class Watched(Engine):
    """Passes every job on to another engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.spans: list[Span] = []

    @property
    def capacity(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The other's."""
        return self._engine.capacity

    @property
    def build(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The other's."""
        return self._engine.build

    async def start(self) -> None:
        """Start the other."""
        await self._engine.start()

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        """Run a job and note from when to when."""
        span = Span(key=key_of(job), task=job.task, expected=job.seconds, began=time.perf_counter())
        self.spans.append(span)
        try:
            return await self._engine.run(job, on_progress)
        finally:
            span.ended = time.perf_counter()

    async def aclose(self) -> None:
        """Close the other."""
        await self._engine.aclose()


def key_of(job: Job) -> str:
    """Name a job by what it computes."""
    return content_key(job, "")


def tasks_of_every_temper(tasks: Mapping[str, str]) -> dict[str, str]:
    """Add those of `tempers` to an allow-list."""
    names: tuple[str, ...] = (
        "echo", "sleep", "hang", "segfault", "vanish", "hog", "bug", "timed_measure", "weighed_measure",
        "private",
    )  # fmt: skip
    return {**tasks, **{name: f"benchmarks.jobs.tempers:{name}" for name in names}}


Found = dict[str, Any]
"""What `measure` of a module returns: JSON."""
