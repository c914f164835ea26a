"""What the scheduler says about its workers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.jobs.cluster.names import INTRODUCTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """The workers that are there."""

    slots: int = 0
    """Of the workers that run the bot's code."""
    builds: frozenset[str] = frozenset()
    """What decides on the last digits of a result, on those workers."""
    strangers: frozenset[str] = frozenset()
    """The addresses of workers that run other code, which get no jobs."""

    @property
    def build(self) -> str:
        """All builds in one text: which worker a job goes to is not known beforehand."""
        return " | ".join(sorted(self.builds))


def introduce(code: str, build: str) -> dict[str, str]:
    """Return what a worker says about itself when it joins."""
    return {"code": code, "build": build}


def read_crew(identity: Mapping[str, Any], code: str) -> Crew:
    """Read the scheduler's answer to `identity`."""
    slots = 0
    builds: set[str] = set()
    strangers: set[str] = set()
    for address, worker in identity["workers"].items():
        if worker["status"] != "running":
            continue  # it is about to leave
        said = worker.get(INTRODUCTION, {})
        if said.get("code") == code:
            slots += worker["nthreads"]
            builds.add(said["build"])
        else:
            strangers.add(address)
    return Crew(slots=slots, builds=frozenset(builds), strangers=frozenset(strangers))
