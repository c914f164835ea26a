"""The residual network that adds before φ, followed unit by unit along sampled paths.

x_l = φ(x_{l−1} + a·N(x_{l−1} W_l + b_l)): what is added is Gaussian and fresh in every layer, but x is not
Gaussian, and a unit's gradient depends on its own history. In wide networks a unit is a random walk, so

    d_{l−1} = φ'(u_l)² d_l + a² C mean(φ'(u_l)² d_l)

along its path, where d_l is the mean square of its gradient given the path and C the gain of N and W.
The walks are drawn once and for all from evenly spaced quantiles. The recursion is ours.
"""

from functools import lru_cache
from statistics import NormalDist

import numpy as np

from sim.conventions import NORM_EPSILON
from sim.initialisation import law
from sim.measurements import Array
from sim.spec import Spec
from sim.theory.nonlinearities import nonlinearity
from sim.theory.pixels import Pixels, pixels_of
from sim.theory.units import batch_size, group_size

_PATHS = 8192
_FEWEST = 8  # as in `units`


def walked(spec: Spec, input_mean_square: float, input_units: int) -> Array | None:
    """Return the norm factors of a residual network with order=post; None with zero padding."""
    pixels = pixels_of(spec)
    phi = nonlinearity(spec)
    short = _short(spec, pixels)
    if phi is None or short is None or not pixels.alike:
        return None
    area = spec.kernel**2 if spec.arch == "cnn" else 1
    drawn = law(spec, spec.width * area, spec.width * area)
    random = np.random.default_rng(0)
    q = input_mean_square
    if input_units != spec.width:
        stem = law(spec, input_units * area, spec.width * area)
        q = stem.weight_std**2 * input_units * area * q + stem.bias_std**2
    x = np.sqrt(q) * random.permutation(quantiles())
    slopes: list[Array] = []
    gains: list[float] = []
    for _ in range(spec.depth):
        square = float(np.var(x) if spec.norm == "batch" else np.mean(x * x))
        weight = spec.gain**2 / square if spec.init == "lsuv" else drawn.weight_std**2 * spec.width * area
        variance = weight * square + (0.0 if spec.norm == "batch" else drawn.bias_std**2)
        divided = 1.0 if spec.norm == "none" else 1 / (variance + NORM_EPSILON)
        added = np.sqrt(variance * divided) * random.permutation(quantiles())
        x, slope = phi.draw(x + spec.residual_scale * added, random)
        slopes.append(np.square(slope))
        gains.append(spec.residual_scale**2 * weight * divided * short)
    return _backward(slopes, gains)


def _backward(slopes: list[Array], gains: list[float]) -> Array:
    delta = np.ones(_PATHS)
    squared = np.empty(len(slopes) - 1)
    for layer in range(len(slopes) - 1, 0, -1):
        kept = slopes[layer] * delta
        delta = kept + gains[layer] * kept.mean()
        squared[layer - 1] = delta.mean()
        delta /= squared[layer - 1]
    return np.sqrt(squared)


def _short(spec: Spec, pixels: Pixels) -> float | None:
    """Return by how much normalising few numbers instead of many raises the gradient; None if too few."""
    if spec.norm == "none":
        return 1.0
    size = batch_size(spec, pixels) if spec.norm == "batch" else group_size(spec, pixels)
    if size < _FEWEST:
        return None
    return (size - 1) / (size - 2) if spec.norm == "rms" else (size - 2) / (size - 3)


@lru_cache(maxsize=1)
def quantiles() -> Array:
    """Return the evenly spaced quantiles of the standard normal distribution, one for every path."""
    normal = NormalDist()
    return np.array([normal.inv_cdf((place + 0.5) / _PATHS) for place in range(_PATHS)])
