"""Mean-field recursion of highway networks.

x_l = T∘H + (1−T)∘x_{l−1}, H = φ(u W + b), T = sigmoid(u V + c), u = x_{l−1} or its normalisation N.
H and T are fresh and independent of each other and of x_{l−1}, and every route back has its own matrix, so
with σ² = fan_in · Var W = fan_in · Var V

    E x_l² = E T² E H² + 2 E T(1−T) E H E x + E(1−T)² E x²,
    E δ_{l−1}² / E δ_l² = E(1−T)² + (σ² E T² E φ'² + σ² E T'² (E H² − 2 E H E x + E x²)) · N'²,

where N'² is 1/(variance + eps) or 1. Architecture: Srivastava et al. 2015, arXiv:1505.00387; the
recursion is ours.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.conventions import NORM_EPSILON
from sim.initialisation import law
from sim.measurements import Array
from sim.spec import Spec
from sim.theory.moments import moment_table
from sim.theory.nonlinearities import nonlinearity, shifted_sigmoid
from sim.theory.pixels import pixels_of
from sim.theory.units import batch_size, group_size

_FEWEST = 64  # the recursion holds for normalisations over many numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stream:
    """Mean and mean square of the units."""

    mean: float
    square: float


def highway(spec: Spec, input_mean_square: float, input_units: int) -> Array | None:
    """Return the norm factors of a highway network; None with zero padding."""
    pixels = pixels_of(spec)
    taken = batch_size(spec, pixels) if spec.norm == "batch" else group_size(spec, pixels)
    if not pixels.alike or (spec.norm != "none" and taken < _FEWEST) or _unstable(spec):
        return None
    area = spec.kernel**2 if spec.arch == "cnn" else 1
    stream = _Stream(mean=0.0, square=input_mean_square)
    if input_units != spec.width:
        stem = law(spec, input_units * area, spec.width * area)
        bias = stem.bias_std**2
        stream = _Stream(mean=0.0, square=stem.weight_std**2 * input_units * area * input_mean_square + bias)
    layer = _layer(spec, spec.width * area)
    if layer is None:
        return None
    squared: list[float] = []
    for _ in range(spec.depth):
        stream, gain = layer(stream)
        squared.append(gain)
    return np.sqrt(squared[1:])


def _unstable(spec: Spec) -> bool:
    """Whether the examples of a batch fall into groups that grow from layer to layer.

    Measured for activations with a mean, normalised before them: what distinguishes two examples by chance
    is amplified, and the recursion, in which all examples are alike, fails by up to a sixth per layer.
    """
    phi = nonlinearity(spec)
    return spec.norm == "batch" and spec.order == "pre" and phi is not None and not phi.odd


def _layer(spec: Spec, fan: int) -> Callable[[_Stream], tuple[_Stream, float]] | None:
    """Return the step that answers with the next stream and the gain of the gradient's mean square."""
    phi = nonlinearity(spec)
    if phi is None:
        return None
    drawn = law(spec, fan, fan)
    weight = drawn.weight_std**2 * fan
    table, gate = moment_table(phi), moment_table(shifted_sigmoid(spec.transform_bias))

    def step(x: _Stream) -> tuple[_Stream, float]:
        u, inner = _normalised(spec, x) if spec.order == "pre" else (x, 1.0)
        q = np.array([weight * u.square])
        h, t = table(q + drawn.bias_std**2), gate(q)
        mean_t, square_t, slope_t = float(t.mean[0]), float(t.square[0]), float(t.slope_square[0])
        mean_h, square_h, slope_h = float(h.mean[0]), float(h.square[0]), float(h.slope_square[0])
        kept = 1 - 2 * mean_t + square_t
        mixed = _Stream(
            mean=mean_t * mean_h + (1 - mean_t) * x.mean,
            square=square_t * square_h + 2 * (mean_t - square_t) * mean_h * x.mean + kept * x.square,
        )
        difference = square_h - 2 * mean_h * x.mean + x.square
        gain = kept + weight * inner * (square_t * slope_h + slope_t * difference)
        if spec.order == "pre":
            return mixed, gain
        mixed, outer = _normalised(spec, mixed)
        return mixed, gain * outer

    return step


def _normalised(spec: Spec, x: _Stream) -> tuple[_Stream, float]:
    """Return the stream after the normalisation, and the gain of the gradient's mean square."""
    if spec.norm == "none":
        return x, 1.0
    shift = 0.0 if spec.norm == "rms" else x.mean
    variance = x.square - shift**2
    gain = 1 / (variance + NORM_EPSILON)
    return _Stream(mean=(x.mean - shift) * math.sqrt(gain), square=variance * gain), gain
