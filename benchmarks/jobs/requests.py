"""49 requests of 11 people: one is greedy, six go wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.jobs.job import Job, Limits
from sim.cost import estimate
from sim.request import request
from sim.spec import Spec

GREEDY = "greedy"

_HANG_SECONDS = 4.0
_HOG_MIB = 700
_HOG_LIMIT_MB = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    person: str
    at: float
    """Seconds after the first."""
    job: Job
    cancel_after: float | None = None
    """How long the asker waits before thinking better of it, once the job runs."""

    @property
    def bad(self) -> str | None:
        """Return in which way it goes wrong, None if it does not."""
        return "cancel" if self.cancel_after is not None else self.job.task if self.job.task in BAD else None


BAD: Mapping[str, str] = MappingProxyType(
    {
        "hang": "JobTimedOut",
        "segfault": "JobCrashed",
        "vanish": "JobCrashed",
        "hog": "JobOutOfMemory",
        "bug": "JobFailed",
        "cancel": "CancelledError",
    }
)
"""How each ought to end."""

BAD_IN_A_POOL: Mapping[str, str] = MappingProxyType(
    {"hang": "TimeoutError", "bug": "ZeroDivisionError", "cancel": "CancelledError"}
)
"""The same for a process pool; of a dead worker everybody is told alike, and nobody of the memory."""


def scenario() -> list[Asked]:
    """Return the requests in the order in which they are made."""
    asked = [Asked(person=GREEDY, at=0.0, job=_measured(f"depth={4 + n} seeds=16")) for n in range(15)]
    for number in range(1, 11):  # everybody else: something of their own, with a plot, and what all ask
        person = f"person {number}"
        asked.append(Asked(person=person, at=0.05 * number, job=_measured(f"width={20 + number}", "dark")))
    for number in range(1, 9):
        job = _measured("sigmoid vs relu init=he", "dark") if number % 2 else _measured("init=he", "light")
        asked.append(Asked(person=f"person {number}", at=0.5 + 0.02 * number, job=job))
    for number in range(1, 11):
        knobs = f"arch=lstm width={16 + number}" if number % 3 else f"arch=cnn width={4 + number}"
        asked.append(Asked(person=f"person {number}", at=0.8 + 0.1 * number, job=_measured(knobs)))
    asked += [
        Asked(person="person 1", at=0.1, job=_bad("hang", wall_seconds=_HANG_SECONDS)),
        Asked(person="person 2", at=0.3, job=_bad("segfault")),
        Asked(person="person 3", at=0.6, job=_bad("vanish")),
        Asked(person="person 4", at=0.9, job=_bad("hog", memory_mb=_HOG_LIMIT_MB)),
        Asked(person="person 5", at=1.2, job=_bad("bug")),
        Asked(person="person 6", at=0.2, job=_bad("sleep", wall_seconds=20.0), cancel_after=0.5),
    ]
    return sorted(asked, key=lambda one: one.at)


def _measured(text: str, *themes: str) -> Job:
    specs = [Spec.parse(part) for part in text.split(" vs ")]
    seconds = estimate("gradients", specs).seconds + 0.1 * len(themes)
    return Job(task="measure", request=request("gradients", specs, themes), seconds=seconds)


def _bad(task: str, **limits: Any) -> Job:
    return Job(task=task, request={"mib": _HOG_MIB, "seconds": 15.0}, limits=Limits(**limits))
