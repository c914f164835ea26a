"""The commands, each a module of the same name."""

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


COMMANDS = (
    Command(name="training", help="training with the gradients of every step", rounds=7),
    Command(name="initialisation", help="drawing and measuring untrained networks", rounds=21),
    Command(name="process", help="the whole command against a script", rounds=7, one_thread=False),
    Command(name="linearity", help="how time grows with depth, replicas and steps", rounds=7),
    Command(name="estimate", help="predicted against measured seconds", rounds=3, one_thread=False),
    Command(name="cards", help="drawing and encoding one card", rounds=15),
    Command(
        name="matching", help="which questions get which answer, and what that costs", rounds=7, asks=True
    ),
)
