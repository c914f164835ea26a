"""How long jobs will take and when those that wait will begin, corrected by how long jobs really took."""

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass

LONG_SECONDS = 3.0
"""A job that is expected to take longer lets quicker ones go first."""

_MEMORY = 0.2
"""The weight of the latest job in the correction."""
_FURTHEST = math.log(20)
"""No one job says more than that the expectation is this many times too small or too large."""
_OVERHEAD_SECONDS = 0.02
_TRUSTED_FRACTION = 0.1
"""From here on a job's own progress tells more than what was expected of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When a waiting job will begin."""

    ahead: int
    """How many begin before it."""
    seconds: float


class Forecast:
    """Expected seconds, as far as past jobs bear them out."""

    def __init__(self) -> None:
        self._correction = 0.0  # the logarithm of a factor

    def learn(self, expected: float, took: float) -> None:
        """Note how long a job took, and what was expected of it before any correction."""
        error = math.log((took + _OVERHEAD_SECONDS) / (expected + _OVERHEAD_SECONDS))
        self._correction += _MEMORY * (min(_FURTHEST, max(-_FURTHEST, error)) - self._correction)

    def seconds(self, expected: float) -> float:
        """Return how long a job will take in all."""
        return (expected + _OVERHEAD_SECONDS) * math.exp(self._correction)

    def left(self, expected: float, elapsed: float, fraction: float) -> float:
        """Return how long a job that has run `elapsed` seconds will go on."""
        if fraction >= _TRUSTED_FRACTION:
            return elapsed / fraction * (1 - fraction)
        return max(0.0, self.seconds(expected) - elapsed)

    def turns(self, waiting: Iterable[float], running: Iterable[float], slots: int) -> list[Turn]:
        """Return when each waiting job begins.

        Args:
            waiting: expected seconds of the waiting jobs, in the order of their turns.
            running: seconds left of those that run.
            slots: how many run at once.
        """
        free = sorted(running)[-slots:]
        free = [0.0] * (slots - len(free)) + free
        heapq.heapify(free)
        turns: list[Turn] = []
        for ahead, expected in enumerate(waiting):
            begin = free[0]
            heapq.heapreplace(free, begin + self.seconds(expected))
            turns.append(Turn(ahead=ahead, seconds=begin))
        return turns
