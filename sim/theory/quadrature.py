"""Gaussian expectations that stay accurate at kinks and for wide distributions.

Plain Gauss-Hermite quadrature puts a node on ReLU's kink (E φ'² comes out as .438 instead of .5)
and misses a saturating activation altogether when its argument is wide. So the integral is split
at every kink and wherever either factor changes its scale, and each piece gets Gauss-Legendre nodes.
"""

import math
from collections.abc import Callable

import numpy as np

from sim.measurements import Array

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
_CUTOFF = 12.0  # the normal density there is 2e-32
_DENSITY_SCALES = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0, _CUTOFF)
_ARGUMENT_SCALES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


def expectation(function: Callable[[Array], Array], variance: float, kinks: tuple[float, ...] = ()) -> float:
    """Return E[f(√variance · z)] for standard normal z.

    Args:
        function: f, smooth except at the kinks and without structure beyond |x| = 32.
        variance: of the argument; for 0 the limit from above is taken, on both sides of a kink at 0.
        kinks: the arguments x at which f or its derivative jumps.
    """
    scale = math.sqrt(max(variance, 1e-24))
    cuts = {*_DENSITY_SCALES, *(x / scale for x in _ARGUMENT_SCALES)}
    edges = {sign * cut for cut in cuts for sign in (-1, 1)} | {kink / scale for kink in kinks}
    points = np.array(sorted(edge for edge in edges if abs(edge) <= _CUTOFF))
    middle = (points[1:] + points[:-1]) / 2
    half = (points[1:] - points[:-1]) / 2
    z = middle[:, None] + half[:, None] * _NODES
    density = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    return float(np.sum(half[:, None] * _WEIGHTS * density * function(scale * z)))
