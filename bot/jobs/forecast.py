"""How long jobs will take and when those that wait will begin, corrected by how long jobs really took."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

LONG_SECONDS = 3.0
"""A job that is expected to take longer lets quicker ones go first."""

_MEMORY = 0.97
"""What a job counts for after the next one; the last thirty or so count."""
_PRIOR_SECONDS = 2.0
"""So many seconds' worth of jobs that take what is expected stand at the beginning."""
_FURTHEST = 20.0
"""No one job says more than that the expectation is this many times too small or too large."""
_OVERHEAD_SECONDS = 0.05
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
        # Sums, because long jobs decide how long people wait: the short ones' ratios are all over the place.
        self._expected = self._took = _PRIOR_SECONDS

    def learn(self, expected: float, took: float) -> None:
        """Note how long a job took, and what was expected of it before any correction."""
        expected += _OVERHEAD_SECONDS
        self._expected = self._expected * _MEMORY + expected
        self._took = self._took * _MEMORY + min(expected * _FURTHEST, max(expected / _FURTHEST, took))

    def seconds(self, expected: float) -> float:
        """Return how long a job will take in all."""
        return (expected + _OVERHEAD_SECONDS) * self._took / self._expected

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
