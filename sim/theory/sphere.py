"""Averages over a normalised vector of finite length, as exact integrals.

A Gaussian vector of B entries, centred and divided by its standard deviation, is uniform on the sphere of
radius √B in d = B−1 dimensions (d = B if it is not centred). One entry is √d·sin ω with a weight cos^(d−2) ω;
a second one, at the angle whose cosine is −1/d, is √d·(−sin ω/d + √(1−1/d²)·cos ω·sin ψ) with a weight
cos^(d−3) ψ. The length of the vector is independent of its direction, with E 1/length² = 1/((d−2)·variance).
"""

from functools import lru_cache

import numpy as np

from sim.measurements import Array
from sim.theory.nonlinearities import Nonlinearity
from sim.theory.quadrature import composite

_RULE = np.polynomial.legendre.leggauss(20)
_CUTS = np.array([sign * cut for cut in (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0, np.inf) for sign in (-1, 1)])


@lru_cache(maxsize=1024)
def normalised_over_units(
    phi: Nonlinearity, units: int, *, centred: bool, length: float
) -> tuple[float, float]:
    """Return E φ(y)² and how much of a gradient's mean square passes φ and the normalisation.

    The gradient that arrives is independent from unit to unit, and the second number is for inputs of
    variance 1: E tr(P D²)·E 1/s² / units, where D is φ' and P = I − (11ᵀ) − yyᵀ over the units.

    Args:
        phi: applied to the normalised vector.
        units: its number of entries.
        centred: whether the mean is subtracted.
        length: by which its unit standard deviation is multiplied, just below 1 because of eps.
    """
    sphere = units - 1 if centred else units
    y, weights = _one_entry(sphere, length, phi.kinks)
    kept = 1 - (1 / units if centred else 0) - y * y / units
    passed = float(np.sum(weights * phi.slope_square(y) * kept))
    return float(np.sum(weights * phi.square(y))), passed * units / (sphere - 2)


@lru_cache(maxsize=1024)
def normalised_over_batch(phi: Nonlinearity, batch: int, *, length: float) -> tuple[float, float]:
    """Return what normalising a unit over `batch` examples makes of differences between examples.

    First E φ(y_1)² − E φ(y_1)φ(y_2), the variance that reaches the next layer; second, for inputs of variance
    1, how much of a gradient whose examples sum to zero passes back:

        E tr(P D G D P)·E 1/s² / (B−1),   G = I − 11ᵀ/B, P = G − yyᵀ/B, D = diag φ'(y).

    For the ReLU their ratio is that of Yang et al. 2019, A mean field theory of batch normalization,
    arXiv:1902.08129, eq. 25.
    """
    y, weights = _one_entry(batch - 1, length, phi.kinks)
    first, second, pairs = _two_entries(batch - 1, length, phi.kinks)
    square = np.sum(weights * phi.square(y))
    slope_square = phi.slope_square(y)
    products = np.sum(pairs * phi.value(first) * phi.value(second))
    slopes = np.sum(pairs * phi.slope(first) * phi.slope(second) * (1 + first * second))
    alone = np.sum(weights * slope_square * ((1 - 1 / batch) - y * y / batch))
    return float(square - products), float(alone + slopes / batch) * batch / (batch - 3)


def _one_entry(sphere: int, length: float, kinks: tuple[float, ...]) -> tuple[Array, Array]:
    angles, weights = _angles(np.array([*_CUTS, *(kink / length for kink in kinks)]) / sphere**0.5)
    weights *= np.exp((sphere - 2) * np.log(np.cos(angles)))
    return length * sphere**0.5 * np.sin(angles), weights / weights.sum()


def _two_entries(sphere: int, length: float, kinks: tuple[float, ...]) -> tuple[Array, Array, Array]:
    y, outer = _one_entry(sphere, length, kinks)
    sine = (y / (length * sphere**0.5))[:, None]
    reach = (1 - 1 / sphere**2) ** 0.5 * np.sqrt(np.maximum(1 - sine**2, 1e-30))
    # The kinks of the second entry lie elsewhere for every value of the first.
    bent = (np.array(kinks).reshape(1, -1) / (length * sphere**0.5) + sine / sphere) / reach
    plain = np.broadcast_to(_CUTS / sphere**0.5, (len(y), len(_CUTS)))
    angles, inner = _angles(np.hstack([plain, bent]))
    inner *= np.exp((sphere - 3) * np.log(np.cos(angles)))
    weights = outer[:, None] * inner / inner.sum(axis=1, keepdims=True)
    second = length * sphere**0.5 * (-sine / sphere + reach * np.sin(angles))
    return np.broadcast_to(y[:, None], second.shape), second, weights


def _angles(sines: Array) -> tuple[Array, Array]:
    """Return nodes and weights for an angle in (−π/2, π/2), cut where its sine has these values."""
    return composite(np.sort(np.arcsin(np.clip(sines, -1, 1)), axis=-1), *_RULE)
