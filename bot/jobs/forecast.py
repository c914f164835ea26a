"""How long jobs will take and when those that wait will begin, corrected by how long jobs really took."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A job that waits or runs."""

    seconds: float
    bound_for: object = None
    """The person whose long job it is; None for a job that may have any slot."""


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

    def turns(
        self, waiting: Sequence[Waiting], running: Iterable[Waiting], slots: int, for_long: int, for_one: int
    ) -> list[Turn]:
        """Return when each waiting job begins.

        Args:
            waiting: the waiting jobs in the order of their turns, with their expected seconds.
            running: those that run, with the seconds they have left.
            slots: how many run at once.
            for_long: how many of them may be long jobs of people.
            for_one: how many of them may be long jobs of one person.
        """
        running = list(running)
        free = _ends((one.seconds for one in running), slots)
        long = _ends((one.seconds for one in running if one.bound_for is not None), for_long)
        own: dict[object, list[float]] = {}
        begins: list[float] = []
        for one in waiting:
            seconds = self.seconds(one.seconds)
            needed = [free]
            if one.bound_for is not None:
                theirs = (other.seconds for other in running if other.bound_for == one.bound_for)
                needed += [long, own.setdefault(one.bound_for, _ends(theirs, for_one))]
            begin = max(ends[0] for ends in needed)
            for ends in needed:
                # The slot that is free last: others use those that are free before.
                del ends[bisect_right(ends, begin) - 1]
                insort(ends, begin + seconds)
            begins.append(begin)
        ranks = sorted(range(len(begins)), key=lambda number: (begins[number], number))
        ahead = {number: rank for rank, number in enumerate(ranks)}
        return [Turn(ahead=ahead[number], seconds=begin) for number, begin in enumerate(begins)]


def _ends(busy: Iterable[float], slots: int) -> list[float]:
    """Return when each slot is free, the first first."""
    ends = sorted(busy)[-slots:]
    return [0.0] * (slots - len(ends)) + ends
