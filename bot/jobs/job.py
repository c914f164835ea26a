"""What can be asked of an engine, and what comes back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

_SHOWN = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of the machine one job may use."""

    wall_seconds: float = 30.0
    cpu_seconds: float | None = None
    """Of processor time, its threads and children together; None leaves 3 s more than the wall clock."""
    memory_mb: int = 1024
    """Headroom in MiB above what the preloaded libraries already hold."""
    output_bytes: int = 8 * 2**20
    """Result and files together, as they travel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of a task from the allow-list."""

    task: str
    request: Mapping[str, Any]
    """A JSON object."""
    limits: Limits = field(default_factory=Limits)
    seconds: float = 1.0
    """How long it is expected to take once it runs."""
    lasting: bool = True
    """Whether its result is worth remembering; how fast a machine is depends on what else it does."""

    def describe(self) -> str:
        """Name it for the log."""
        return f"{self.task} {json.dumps(self.request, default=str)[:_SHOWN]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a running job says it is."""

    fraction: float
    """From 0 to 1."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a job that ended well left behind."""

    data: Mapping[str, Any]
    """A JSON object."""
    files: Mapping[str, bytes]


OnProgress = Callable[[Progress], None]


class Engine(Protocol):
    """Something that runs jobs: processes of this machine, or a cluster."""

    capacity: int
    """How many jobs it runs at once; it may change."""
    build: str
    """What decides on the last digits of a result where the jobs run; known after `start`."""

    async def start(self) -> None:
        """Pay the start-up cost now, before the first job would."""
        ...

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        """Run a job to its end; cancelling the awaiting task kills it.

        Raises:
            JobError: Its message is the sentence for the person who asked.
        """
        ...

    async def aclose(self) -> None:
        """Kill what runs and free everything."""
        ...
