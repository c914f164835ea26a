"""A quantity over replicas: its median and 10–90 % band at each position."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.measurements import Array, Series
from sim.plots.wording import count, number
from sim.quantiles import quantile

QUANTILES = (0.1, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Positions, from 1 unless given, and the median, 10 % and 90 % quantile over the replicas at each.

    What is no number is ordered above every number: it came from an overflow, or a run that never
    ended, so the median is infinite where more than half of the replicas are.
    """

    x: Array
    median: Array
    low: Array
    high: Array
    replicas: int

    @classmethod
    def of(cls, series: Series, at: Series | None = None) -> "Spread":
        """Read a series whose last axis is the position and whose other axis, if any, is the replica.

        `at` gives the positions where they are not 1, 2, 3, …
        """
        values = np.atleast_2d(series.values)
        return cls(
            x=np.arange(1, values.shape[1] + 1, dtype=np.float64) if at is None else at.values,
            median=quantile(values, 0.5),
            low=quantile(values, QUANTILES[0]),
            high=quantile(values, QUANTILES[1]),
            replicas=values.shape[0],
        )

    @property
    def over(self) -> NDArray[np.bool_]:
        """Where the median is no finite number."""
        return ~np.isfinite(self.median)

    @property
    def under(self) -> NDArray[np.bool_]:
        """Where the median is exactly 0."""
        return self.median == 0

    def positions(self, where: NDArray[np.bool_]) -> list[int]:
        """Return the positions that a mask selects."""
        return [int(x) for x in self.x[where]]


def ends(spread: Spread, step: str, verb: str = "goes") -> str:
    """Tell a line from its last position, where a backward pass starts, to its first."""
    first, last = float(spread.median[0]), float(spread.median[-1])
    if len(spread.x) == 1:
        return f"is {number(first)} in its only {step}"
    return f"{verb} from {number(last)} at {step} {len(spread.x)} to {number(first)} at {step} 1"


def band(spread: Spread, what: str = "Lines are medians of {}, bands their 10 to 90 %") -> str:
    """Say what the lines and bands of a card are, without a full stop."""
    return (
        what.format(count(spread.replicas, "seed"))
        if spread.replicas > 1
        else "One seed, so no spread is known"
    )
