"""Averages that have no short integral, over a fixed sample: the same digits on every call.

What the sample gives is only the effect of normalising few numbers; the limit of many is exact.
"""

from functools import lru_cache

import numpy as np

from sim.measurements import Array
from sim.theory.moments import moment_table
from sim.theory.nonlinearities import Nonlinearity

_NUMBERS = 400_000


@lru_cache(maxsize=256)
def units_normalised_after(
    phi: Nonlinearity, units: int, *, centred: bool, variance: float, eps: float
) -> tuple[float, float]:
    """Return what a normalisation over so many units after φ hands on, and its gradient's gain.

    With h independent Gaussian numbers, a = (φ(h) − mean)/s and P = I − 11ᵀ/n − aaᵀ/n (without the mean
    and 11ᵀ if it is not centred): E |a|²/n, and E tr(D P D)/s²/n.
    """
    random = np.random.default_rng(0)
    h = variance**0.5 * random.standard_normal((-(-_NUMBERS // units), units))
    value, slope = phi.draw(h, random)
    exact = _exact(phi, variance, centred=centred, eps=eps) / _many(value, slope, centred=centred, eps=eps)
    if centred:
        value = value - value.mean(axis=1, keepdims=True)
    s2 = (value**2).mean(axis=1, keepdims=True) + eps
    a2 = value**2 / s2
    passed = slope**2 * ((1 - 1 / units if centred else 1) - a2 / units) / s2
    return float(a2.mean()), float(passed.mean()) * exact


@lru_cache(maxsize=256)
def batch_normalised_after(
    phi: Nonlinearity, batch: int, *, variance: float, eps: float
) -> tuple[float, float]:
    """Return what batch normalisation after φ makes of differences between examples.

    With h Gaussian of covariance `variance`·G over the batch, a = (φ(h) − mean)/s, D = diag φ'(h),
    G = I − 11ᵀ/B and P = G − aaᵀ/B: first E |a|²/(B−1), then E tr(G D P D)/s²/(B−1), both averages over
    the B−1 directions in which examples differ.
    """
    random = np.random.default_rng(0)
    z = random.standard_normal((-(-_NUMBERS // batch), batch))
    h = variance**0.5 * (z - z.mean(axis=1, keepdims=True))
    value, slope = phi.draw(h, random)
    entering = variance * (1 - 1 / batch)
    exact = _exact(phi, entering, centred=True, eps=eps) / _many(value, slope, centred=True, eps=eps)
    value = value - value.mean(axis=1, keepdims=True)
    s2 = (value**2).mean(axis=1) + eps
    a2 = value**2 / s2[:, None]
    diagonal = np.sum(slope**2 * (1 - 1 / batch - a2 / batch), axis=1)
    along = np.sum(slope * value, axis=1) ** 2 / s2 / batch
    common = np.sum(slope**2, axis=1) - np.sum(slope, axis=1) ** 2 / batch - along
    passed = (diagonal - common / batch) / s2 / (batch - 1)
    return float(np.sum(a2, axis=1).mean() / (batch - 1)), float(passed.mean()) * exact


def _exact(phi: Nonlinearity, variance: float, *, centred: bool, eps: float) -> float:
    """Return the gain of a normalisation over numbers without end."""
    moments = moment_table(phi)(np.array([variance]))
    shift = moments.mean if centred else 0.0
    return float((moments.slope_square / (moments.square - shift**2 + eps))[0])


def _many(value: Array, slope: Array, *, centred: bool, eps: float) -> float:
    """Return the same gain of the whole sample taken together."""
    return float(np.mean(slope**2) / ((np.var(value) if centred else np.mean(value**2)) + eps))
