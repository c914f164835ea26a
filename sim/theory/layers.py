"""Mean-field recursions of feedforward networks, layer by layer from the real input.

With q_l the mean square of what enters unit l (an activation and its normalisation), σ² = fan_in · Var W,
and the unit's two factors S (mean square handed on) and C (gradient's gain),

    plain      q_1 = σ² q_0 + σ_b²,  q_{l+1} = σ² S(q_l) + σ_b²,  E δ_l² = σ² C(q_l) E δ_{l+1}²
    residual   q_{l+1} = q_l + a² (σ² S(q_l) + σ_b²),             E δ_l² = (1 + a² σ² C(q_l)) E δ_{l+1}²
    dense      q_l = σ_l² (q_0 + Σ_{k<l} S(q_k)) + σ_b²,          E δ_l² = C(q_l) (head + Σ_{k>l} σ_k² E δ_k²)

Source: Poole et al. 2016, arXiv:1606.05340, eq. 3; Schoenholz et al. 2017, arXiv:1611.01232, eq. 13;
residual: Yang & Schoenholz 2017, arXiv:1712.08969; dense is ours.
"""

from collections.abc import Callable

import numpy as np

from sim.initialisation import law
from sim.measurements import Array
from sim.spec import Spec
from sim.theory.pixels import Pixels, pixels_of
from sim.theory.units import batch_size, unit


def chain(spec: Spec, input_mean_square: float, input_units: int) -> Array | None:
    """Return the norm factors of a plain network or of a residual one with order=pre."""
    pixels = pixels_of(spec)
    passing = unit(spec, pixels)
    if passing is None:
        return None
    keep, scale = (1.0, spec.residual_scale**2) if spec.skip == "residual" else (0.0, 1.0)
    q = np.full_like(pixels.weights, input_mean_square)
    if spec.skip == "none" or input_units != spec.width:
        q, _ = _map(spec, pixels, input_units)(q)
    linear = _map(spec, pixels, spec.width)
    if spec.skip == "residual":
        q = q + scale * linear(passing(q).square)[0]
    gains: list[Array] = []
    weights: list[float] = []
    for _ in range(spec.depth):
        passed = passing(q)
        added, weight = linear(passed.square)
        gains.append(passed.gain)
        weights.append(scale * weight)
        q = keep * q + scale * added
    delta = gains[-1] / pixels.mean(gains[-1])
    factors = np.empty(spec.depth - 1)
    for layer in range(spec.depth - 2, -1, -1):
        below = keep * delta + weights[layer] * gains[layer] * pixels.spread(delta)
        factors[layer] = np.sqrt(pixels.mean(below))
        delta = below / pixels.mean(below)
    return factors


def _map(spec: Spec, pixels: Pixels, units: int) -> Callable[[Array], tuple[Array, float]]:
    """Return what a linear map with so many inputs per tap makes of their mean square, and its σ²."""
    area = spec.kernel**2 if spec.arch == "cnn" else 1
    drawn = law(spec, units * area, spec.width * area)
    # What all examples share is nothing to a batch normalisation.
    bias = 0.0 if spec.norm == "batch" else drawn.bias_std**2

    def linear(square: Array) -> tuple[Array, float]:
        spread = pixels.spread(square)
        mean = pixels.mean(spread)
        # lsuv gives the output of every layer the variance gain², over all pixels together, if it has any.
        fitted = spec.init == "lsuv" and mean > 0
        weight = spec.gain**2 / mean if fitted else drawn.weight_std**2 * units
        return weight * spread + bias, weight

    return linear


def dense(spec: Spec, input_mean_square: float, input_units: int, outputs: int) -> Array | None:
    """Return the norm factors of a network in which every layer reads all those below it."""
    pixels = pixels_of(spec)
    passing = unit(spec, pixels)
    if passing is None:
        return None
    area = spec.kernel**2 if spec.arch == "cnn" else 1
    read = input_units * np.full_like(pixels.weights, input_mean_square)
    gains: list[Array] = []
    variances: list[float] = []
    for layer in range(spec.depth):
        fan = (input_units + layer * spec.width) * area
        drawn = law(spec, fan, spec.width * area)
        bias = 0.0 if spec.norm == "batch" else drawn.bias_std**2
        passed = passing(drawn.weight_std**2 * pixels.spread(read) + bias)
        read = read + spec.width * passed.square
        gains.append(passed.gain)
        variances.append(drawn.weight_std**2)
    features = (input_units + spec.depth * spec.width) * pixels.count
    # Balanced labels: the derivatives of the losses differ between examples, and sum to about zero.
    differing = 1 + 1 / (batch_size(spec, pixels) - 1) if spec.norm == "batch" else 1.0
    head = law(spec, features, outputs).weight_std ** 2 * differing
    signals = np.empty(spec.depth)
    above = np.full_like(pixels.weights, head)
    for layer in range(spec.depth - 1, -1, -1):
        delta = gains[layer] * above
        signals[layer] = np.sqrt(pixels.mean(delta))
        above = above + spec.width * variances[layer] * pixels.spread(delta)
    return signals[:-1] / signals[1:]
