"""How long people waited, against their fair share of the slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.jobs.fair import Work, fair_ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One request that needed jobs."""

    kind: str
    waited: float
    fair: float
    """How long it would have taken under ideal sharing."""
    allowance: float
    """The longest job of somebody else that ran when it was made: no turn can interrupt it."""

    @property
    def ratio(self) -> float:
        """How many times the fair share it took."""
        return self.waited / self.fair

    @property
    def ratio_allowed(self) -> float:
        """The same with the one job before it counted as nobody's fault."""
        return self.waited / (self.fair + self.allowance)


def waits(served: Sequence[Mapping[str, Any]], spans: Sequence[Mapping[str, Any]], slots: int) -> list[Wait]:
    """Compare every request that was answered and needed a job that ran in this time.

    A job belongs to whoever asked for it first; who asks for it later would have it at the same time, but no
    sooner than after the seconds that it takes.
    """
    seconds: dict[str, float] = {}
    for span in spans:
        seconds.setdefault(span["key"], span["ended"] - span["began"])
    works: list[Work] = []
    numbers: dict[str, int] = {}
    requests = sorted((one for one in served if not one["error"]), key=lambda one: one["began"])
    for request in requests:
        for key in request["jobs"]:
            if key in seconds and key not in numbers:
                numbers[key] = len(works)
                person = request["asking"]["person"]
                works.append(Work(person=person, arrival=request["began"], seconds=seconds[key]))
    ends = fair_ends(works, slots)
    found: list[Wait] = []
    for request in requests:
        own = [key for key in request["jobs"] if key in numbers]
        if not own:
            continue
        began = request["began"]
        fair = max(max(ends[numbers[key]] - began, seconds[key]) for key in own)
        running = [
            span["ended"] - span["began"]
            for span in spans
            if span["began"] < began < span["ended"] and span["key"] not in own
        ]
        found.append(
            Wait(
                kind=request["asking"]["kind"],
                waited=request["ended"] - began,
                fair=fair,
                allowance=max(running, default=0.0),
            )
        )
    return found
