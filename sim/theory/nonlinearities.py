"""The activations as numpy functions with derivative and kinks, for the integrals of the theory."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.measurements import Array

# Klambauer et al. 2017, Self-Normalizing Neural Networks, arXiv:1706.02515, eq. 14.
_SELU_SCALE = 1.0507009873554805
_SELU_ALPHA = 1.6732632423543772


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonlinearity:
    """φ, its derivative, and the arguments where either is not smooth."""

    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    kinks: tuple[float, ...] = ()


def _erf(x: Array) -> Array:
    # numpy has no erf, and scipy is 100 MB for one function.
    return np.array([math.erf(value) for value in x.flat]).reshape(x.shape)


def _sigmoid(x: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * x))


def _normal_cdf(x: Array) -> Array:
    return 0.5 * (1 + _erf(x / math.sqrt(2)))


def _normal_pdf(x: Array) -> Array:
    return np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)


def _elu(x: Array) -> Array:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def _elu_slope(x: Array) -> Array:
    return np.where(x > 0, 1.0, np.exp(np.minimum(x, 0)))


def _selu(x: Array) -> Array:
    return _SELU_SCALE * np.where(x > 0, x, _SELU_ALPHA * np.expm1(np.minimum(x, 0)))


def _selu_slope(x: Array) -> Array:
    return _SELU_SCALE * np.where(x > 0, 1.0, _SELU_ALPHA * np.exp(np.minimum(x, 0)))


def _softsign_slope(x: Array) -> Array:
    return np.square(1.0 / (1.0 + np.abs(x)))


def leaky(slope: float) -> Nonlinearity:
    """Return the leaky ReLU with this slope for negative arguments; slope 0 is the ReLU."""
    return Nonlinearity(
        value=lambda x: np.where(x > 0, x, slope * x),
        slope=lambda x: np.where(x > 0, 1.0, slope),
        kinks=(0.0,),
    )


NONLINEARITIES: dict[str, Nonlinearity] = {
    "linear": Nonlinearity(value=lambda x: x, slope=lambda x: 0 * x + 1),
    "sigmoid": Nonlinearity(value=_sigmoid, slope=lambda x: _sigmoid(x) * _sigmoid(-x)),
    "tanh": Nonlinearity(value=np.tanh, slope=lambda x: 1 - np.square(np.tanh(x))),
    "relu": leaky(0.0),
    "elu": Nonlinearity(value=_elu, slope=_elu_slope, kinks=(0.0,)),
    "selu": Nonlinearity(value=_selu, slope=_selu_slope, kinks=(0.0,)),
    "gelu": Nonlinearity(
        value=lambda x: x * _normal_cdf(x), slope=lambda x: _normal_cdf(x) + x * _normal_pdf(x)
    ),
    "silu": Nonlinearity(
        value=lambda x: x * _sigmoid(x), slope=lambda x: _sigmoid(x) * (1 + x * _sigmoid(-x))
    ),
    "softplus": Nonlinearity(value=lambda x: np.logaddexp(0.0, x), slope=_sigmoid),
    "softsign": Nonlinearity(value=lambda x: x / (1 + np.abs(x)), slope=_softsign_slope, kinks=(0.0,)),
    "hardtanh": Nonlinearity(
        value=lambda x: np.clip(x, -1.0, 1.0),
        slope=lambda x: np.where(np.abs(x) < 1, 1.0, 0.0),
        kinks=(-1.0, 1.0),
    ),
}
