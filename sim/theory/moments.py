"""The Gaussian moments of an activation as functions of the variance of its argument.

They are analytic in log q, so integrals on a grid of log q serve every q between: depth 200 or a thousand
pixels cost a few dozen integrals.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.measurements import Array
from sim.theory.nonlinearities import Nonlinearity
from sim.theory.quadrature import expectations

_STEP = 0.1
_POINTS = 12  # of the Lagrange interpolation; with this step it is off by less than 1e-9
_NEAREST = 1e-13  # on a node itself the formula would divide by zero; so near, it is the node's value
# Below this variance, 1e-12, the activation is its tangent (or its two tangents).
_LOWEST = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """E φ, E φ² and E φ'² of a centred Gaussian argument, each of the shape of its variances."""

    mean: Array
    square: Array
    slope_square: Array


class MomentTable:
    """The moments of one activation, integrated where they are first asked for."""

    def __init__(self, phi: Nonlinearity) -> None:
        self._phi = phi
        self._rows: dict[int, Array] = {}
        self._stencils: dict[int, Array] = {}
        offsets = np.arange(_POINTS)
        gaps = offsets[:, None] - offsets + np.eye(_POINTS)
        self._barycentric = 1 / gaps.prod(axis=1)

    def __call__(self, q: Array) -> Moments:
        """Return the moments for every variance of an array; NaN where one is not finite."""
        if self._phi.negative is not None:
            return _two_lines(self._phi.negative, q)
        if not np.isfinite(q).all():
            nothing = np.full(q.shape, np.nan)
            return Moments(mean=nothing, square=nothing, slope_square=nothing)
        small = np.minimum(q / _LOWEST, 1.0)
        mean, square, slope_square = self._interpolate(np.log(np.maximum(q, _LOWEST)).ravel())
        zero = np.zeros(1)
        mean_0, square_0 = float(self._phi.value(zero)[0]), float(self._phi.square(zero)[0])
        return Moments(
            mean=mean_0 + (mean.reshape(q.shape) - mean_0) * np.sqrt(small),
            square=square_0 + (square.reshape(q.shape) - square_0) * small,
            slope_square=slope_square.reshape(q.shape),
        )

    def _interpolate(self, log_q: Array) -> Array:
        if log_q.size == 1:
            return self._interpolate_one(float(log_q[0]) / _STEP)[:, None]
        place = log_q / _STEP
        start = np.floor(place).astype(np.int64) - _POINTS // 2 + 1
        needed = np.unique(start[:, None] + np.arange(_POINTS))
        self._fill([int(node) for node in needed if int(node) not in self._rows])
        table = np.array([self._rows[int(node)] for node in needed])
        rows = table[np.searchsorted(needed, start)[:, None] + np.arange(_POINTS)]
        distance = (place - start)[:, None] - np.arange(_POINTS)
        weights = self._barycentric / np.where(np.abs(distance) < _NEAREST, _NEAREST, distance)
        return np.einsum("ij,ijk->ki", weights / weights.sum(axis=1, keepdims=True), rows)

    def _interpolate_one(self, place: float) -> Array:
        # Networks without pixels come here once per layer: numpy's cost per call is what counts.
        start = math.floor(place) - _POINTS // 2 + 1
        if start not in self._stencils:
            nodes = range(start, start + _POINTS)
            self._fill([node for node in nodes if node not in self._rows])
            self._stencils[start] = np.array([self._rows[node] for node in nodes])
        distance = place - start - np.arange(_POINTS)
        weights = self._barycentric / np.where(np.abs(distance) < _NEAREST, _NEAREST, distance)
        return weights @ self._stencils[start] / weights.sum()

    def _fill(self, nodes: list[int]) -> None:
        if not nodes:
            return
        phi = self._phi
        functions = [phi.value, phi.square, phi.slope_square]
        variances = np.exp(_STEP * np.array(nodes, dtype=np.float64))
        for node, row in zip(nodes, expectations(functions, variances, phi.kinks).T, strict=True):
            self._rows[node] = row


def _two_lines(negative: float, q: Array) -> Moments:
    """Return the moments of the (leaky) ReLU and the identity, which need no integral."""
    both = (1 + negative**2) / 2
    return Moments(
        mean=(1 - negative) * np.sqrt(q / (2 * np.pi)), square=both * q, slope_square=np.full(q.shape, both)
    )


@lru_cache(maxsize=64)
def moment_table(phi: Nonlinearity) -> MomentTable:
    """Return the table of an activation, shared by all that ask."""
    return MomentTable(phi)
