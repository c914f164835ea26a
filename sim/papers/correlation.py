"""Two examples on their way through a wide random tanh network: Poole et al. 2016, arXiv:1606.05340.

q is the variance of a pre-activation, c the correlation of the pre-activations of two examples of the same q:

    q ← σ_w² E φ(√q z)² + σ_b²,   c ← (σ_w² E φ(u) φ(u') + σ_b²) / q,   χ = σ_w² E φ'(√q z)²
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.measurements import Array

_NODES, _UNSCALED = np.polynomial.hermite_e.hermegauss(80)
_WEIGHTS = _UNSCALED / _UNSCALED.sum()
_SETTLED = 1e-10
_ROUNDS = 10_000  # more than any fixed point needs that is not critical


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanField:
    """A wide tanh network with the weight variance σ_w²/n and the bias variance σ_b²."""

    weight: float
    bias: float

    def variance(self) -> float:
        """Return q*, the variance that a layer hands on unchanged."""

        def after(q: float) -> float:
            return self.weight * float(np.sum(_WEIGHTS * np.tanh(np.sqrt(q) * _NODES) ** 2)) + self.bias

        return _settled(after, 1.0)

    def chi(self, q: float) -> float:
        """Return χ, the factor per layer of the gradient's mean square."""
        slope = 1 - np.tanh(np.sqrt(q) * _NODES) ** 2
        return self.weight * float(np.sum(_WEIGHTS * slope**2))

    def next_correlation(self, c: float, q: float) -> float:
        """Return the correlation after one more layer."""
        product = self._pair(np.tanh(np.sqrt(q) * _NODES), c, q, np.tanh)
        return (self.weight * product + self.bias) / q

    def correlation(self, q: float) -> float:
        """Return c*, the stable correlation: 1 in the ordered phase, less in the chaotic one."""
        if self.chi(q) <= 1:
            return 1.0
        return _settled(lambda c: self.next_correlation(c, q), 0.5)

    def correlation_slope(self, c: float, q: float) -> float:
        """Return dc'/dc, the factor per layer of a small distance from c*."""

        def slope(u: Array) -> Array:
            return 1 - np.tanh(u) ** 2

        return self.weight * self._pair(slope(np.sqrt(q) * _NODES), c, q, slope)

    @staticmethod
    def _pair(first: Array, c: float, q: float, function: Callable[[Array], Array]) -> float:
        """Return E first(u)·function(u') for Gaussian u, u' of variance q and correlation c."""
        other = np.sqrt(q) * (c * _NODES[:, None] + np.sqrt(max(1 - c * c, 0.0)) * _NODES)
        return float(np.sum(_WEIGHTS[:, None] * _WEIGHTS * first[:, None] * function(other)))


def _settled(step: Callable[[float], float], value: float) -> float:
    """Repeat a step until it changes nothing any more."""
    for _ in range(_ROUNDS):
        last, value = value, step(value)
        if abs(value - last) < _SETTLED:
            break
    return value
