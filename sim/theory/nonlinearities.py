"""The activations as numpy functions with derivative and kinks, for the integrals of the theory."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.conventions import SELU_ALPHA, SELU_SCALE
from sim.measurements import Array
from sim.spec import Spec

Draw = Callable[[Array, np.random.Generator], tuple[Array, Array]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonlinearity:
    """φ, its derivative, and the arguments where either is not smooth.

    A noisy activation gives the conditional means of φ and φ' as `value` and `slope`, those of φ² and
    φ'² as `square` and `slope_square`, and one draw of both as `draw`; for the others these follow.
    """

    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    kinks: tuple[float, ...] = ()
    negative: float | None = None
    """The slope for negative arguments where φ is two straight lines through 0, the other of slope 1."""
    noise: tuple[Callable[[Array], Array], Callable[[Array], Array], Draw] | None = None
    """The conditional means of φ² and φ'² given the argument, and a draw, of a noisy activation."""
    odd: bool = False

    def square(self, x: Array) -> Array:
        """Return φ(x)², averaged over the noise."""
        return self.noise[0](x) if self.noise else np.square(self.value(x))

    def slope_square(self, x: Array) -> Array:
        """Return φ'(x)², averaged over the noise."""
        return self.noise[1](x) if self.noise else np.square(self.slope(x))

    def draw(self, x: Array, random: np.random.Generator) -> tuple[Array, Array]:
        """Return φ(x) and φ'(x) with noise of their own for every element."""
        return self.noise[2](x, random) if self.noise else (self.value(x), self.slope(x))


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
    return SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0)))


def _selu_slope(x: Array) -> Array:
    return SELU_SCALE * np.where(x > 0, 1.0, SELU_ALPHA * np.exp(np.minimum(x, 0)))


def _softsign_slope(x: Array) -> Array:
    return np.square(1.0 / (1.0 + np.abs(x)))


@lru_cache(maxsize=256)
def leaky(slope: float) -> Nonlinearity:
    """Return the leaky ReLU with this slope for negative arguments; slope 0 is the ReLU."""
    return Nonlinearity(
        value=lambda x: np.where(x > 0, x, slope * x),
        slope=lambda x: np.where(x > 0, 1.0, slope),
        kinks=(0.0,),
        negative=slope,
        odd=slope == 1,
    )


# Nair & Hinton 2010, Rectified linear units improve restricted Boltzmann machines: max(0, x + ε) with noise
# of variance sigmoid(x). With s² = sigmoid(x) and t = x/s the mean is x Φ(t) + s p(t), the mean square
# (x² + s²) Φ(t) + x s p(t), p and Φ being the normal density and its integral;
# the noise counts as a constant in the backward pass, so φ' is 1 with probability Φ(t).
def _noisy_spread(x: Array) -> tuple[Array, Array]:
    # Below -30 nothing gets through: Φ(x/s) is exactly 0 from -4 on.
    s = np.sqrt(_sigmoid(np.maximum(x, -30.0)))
    return s, np.maximum(x, -30.0) / s


def _noisy_value(x: Array) -> Array:
    s, t = _noisy_spread(x)
    return x * _normal_cdf(t) + s * _normal_pdf(t)


def _noisy_square(x: Array) -> Array:
    s, t = _noisy_spread(x)
    return (x * x + s * s) * _normal_cdf(t) + x * s * _normal_pdf(t)


def _noisy_slope(x: Array) -> Array:
    return _normal_cdf(_noisy_spread(x)[1])


def _noisy_draw(x: Array, random: np.random.Generator) -> tuple[Array, Array]:
    noisy = x + _noisy_spread(x)[0] * random.standard_normal(x.shape)
    return np.maximum(noisy, 0.0), (noisy > 0).astype(np.float64)


NONLINEARITIES: dict[str, Nonlinearity] = {
    "linear": leaky(1.0),
    "sigmoid": Nonlinearity(value=_sigmoid, slope=lambda x: _sigmoid(x) * _sigmoid(-x)),
    "tanh": Nonlinearity(value=np.tanh, slope=lambda x: 1 - np.square(np.tanh(x)), odd=True),
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
    "softsign": Nonlinearity(
        value=lambda x: x / (1 + np.abs(x)), slope=_softsign_slope, kinks=(0.0,), odd=True
    ),
    "hardtanh": Nonlinearity(
        value=lambda x: np.clip(x, -1.0, 1.0),
        slope=lambda x: np.where(np.abs(x) < 1, 1.0, 0.0),
        kinks=(-1.0, 1.0),
        odd=True,
    ),
    "noisy_relu": Nonlinearity(
        value=_noisy_value, slope=_noisy_slope, noise=(_noisy_square, _noisy_slope, _noisy_draw)
    ),
}


def nonlinearity(spec: Spec) -> Nonlinearity | None:
    """Return the activation of a spec, or None for one that has no numpy form."""
    return leaky(spec.slope) if spec.activation == "leaky_relu" else NONLINEARITIES.get(spec.activation)


@lru_cache(maxsize=64)
def shifted_sigmoid(bias: float) -> Nonlinearity:
    """Return x ↦ sigmoid(x + bias), a gate, whose argument is thus centred."""
    return Nonlinearity(
        value=lambda x: _sigmoid(x + bias),
        slope=lambda x: _sigmoid(x + bias) * _sigmoid(-x - bias),
        # Not kinks, but where it has structure.
        kinks=tuple(-bias + cut for cut in (-8.0, -4.0, -2.0, 0.0, 2.0, 4.0, 8.0)),
    )
