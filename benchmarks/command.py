"""The commands, each a module, mostly of the same name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Benchmark(Protocol):
    """What a module of this package offers to be a command."""

    def run(self, rounds: int) -> str:
        """Measure, and return Markdown."""
        ...


class QuestionBenchmark(Protocol):
    """What such a module offers if it asks labelled questions."""

    def run(self, rounds: int, files: Sequence[Path], method: str | None) -> str:
        """Measure with these files, or those that there are, and return Markdown."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A benchmark and how it is run unless told otherwise."""

    name: str
    help: str
    rounds: int
    one_thread: bool = True
    """Whether it computes in this process; if not, it sees to the threads of those it starts."""
    asks: bool = False
    """Whether it is a `QuestionBenchmark`."""
    where: str = ""
    """The module in this package, where that is not called like the command."""

    @property
    def module(self) -> str:
        """The full name of the module."""
        return f"benchmarks.{self.where or self.name}"


COMMANDS = (
    Command(name="training", help="training with the gradients of every step", rounds=7),
    Command(name="initialisation", help="drawing and measuring untrained networks", rounds=21),
    Command(name="process", help="the whole command against a script", rounds=7, one_thread=False),
    Command(name="linearity", help="how time grows with depth, replicas and steps", rounds=7),
    Command(name="estimate", help="predicted against measured seconds", rounds=3, one_thread=False),
    Command(
        name="storage", help="both databases with many answers and questions", rounds=21, one_thread=False
    ),
    Command(
        name="teaching",
        help="saving, reviewing and publishing every answer at the desk",
        rounds=1,
        one_thread=False,
        where="teaching.reviews",
    ),
    Command(name="inbox", help="grouping kept questions, and what instructors are told", rounds=7),
    Command(
        name="discord",
        help="acknowledgements, suggestions, answers and the start of the bot",
        rounds=1,
        one_thread=False,
        where="discord.responses",
    ),
    Command(name="cards", help="drawing and encoding one card", rounds=15),
    Command(
        name="matching", help="which questions get which answer, and what that costs", rounds=7, asks=True
    ),
    Command(
        name="jobs",
        help="49 requests of 11 people, good and bad",
        rounds=1,
        one_thread=False,
        where="jobs.scenario",
    ),
    Command(
        name="jobs-leaks",
        help="what 1,500 jobs leave behind",
        rounds=1,
        one_thread=False,
        where="jobs.leaks",
    ),
    Command(name="jobs-crowd", help="300 people within 10 s", rounds=1, one_thread=False, where="jobs.crowd"),
    Command(
        name="jobs-acknowledgements",
        help="the same on a double of Discord",
        rounds=1,
        one_thread=False,
        where="jobs.acknowledgements",
    ),
    Command(
        name="jobs-overhead",
        help="what a job costs besides its computation",
        rounds=1,
        one_thread=False,
        where="jobs.overhead",
    ),
    Command(
        name="jobs-ends",
        help="killing the bot, its forkserver, and stopping it",
        rounds=1,
        one_thread=False,
        where="jobs.ends",
    ),
)
