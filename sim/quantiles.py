"""Quantiles over replicas that stay defined beside overflows: one definition for facts, JSON and plots."""

import numpy as np

from sim.measurements import Array


def quantile(values: Array, share: float) -> Array:
    """Return a quantile over axis 0, interpolated between the two nearest ordered values.

    NaN is ordered above every number: it came from an overflow, or from a run that never ended. Beside an
    infinity a quantile is infinite, where numpy's own would be NaN.
    """
    ordered = np.sort(np.where(np.isnan(values), np.inf, values), axis=0)
    place = share * (len(ordered) - 1)
    below = int(place)
    part = place - below
    low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    if part == 0:
        return np.array(low)
    with np.errstate(invalid="ignore", over="ignore"):
        between = np.array(low * (1 - part) + high * part)
    # What is infinite is so at the upper end, as the values are ordered and none is negative.
    between[np.isinf(high)] = np.inf
    return between


def median(values: Array) -> Array:
    """Return the median over axis 0, with NaN and infinity as the largest values."""
    return quantile(values, 0.5)
