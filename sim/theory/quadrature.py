"""Gaussian expectations that stay accurate at kinks and for wide distributions.

Plain Gauss-Hermite quadrature puts a node on ReLU's kink (E φ'² comes out as .438 instead of .5)
and misses a saturating activation altogether when its argument is wide. So the integral is split
at every kink and wherever either factor changes its scale, and each piece gets Gauss-Legendre nodes.
"""

import math
from collections.abc import Callable, Sequence

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
    return float(expectations([function], np.array([variance]), kinks)[0, 0])


def expectations(
    functions: Sequence[Callable[[Array], Array]], variances: Array, kinks: tuple[float, ...] = ()
) -> Array:
    """Return E[f(√v · z)] for several functions and variances, of shape (function, variance)."""
    scales = np.sqrt(np.maximum(variances, 1e-24))[:, None]
    density = np.array(sorted({sign * cut for cut in _DENSITY_SCALES for sign in (-1, 1)}))
    arguments = np.array([*(sign * cut for cut in _ARGUMENT_SCALES for sign in (-1, 1)), *kinks])
    # A cut beyond the cutoff falls on it: its piece has no length and adds nothing.
    cuts = np.clip(arguments / scales, -_CUTOFF, _CUTOFF)
    edges = np.sort(np.hstack([np.broadcast_to(density, (len(scales), len(density))), cuts]), axis=1)
    z, weights = composite(edges)
    weights *= np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    return np.array([np.sum(weights * function(scales * z), axis=1) for function in functions])


def composite(edges: Array, nodes: Array = _NODES, weights: Array = _WEIGHTS) -> tuple[Array, Array]:
    """Return nodes and weights of the Gauss-Legendre rule on every piece between sorted edges.

    Args:
        edges: shape (…, edge).
        nodes: of the rule on [-1, 1].
        weights: of the same rule.

    Returns:
        Two arrays of shape (…, piece · node).
    """
    middle = (edges[..., 1:] + edges[..., :-1])[..., None] / 2
    half = (edges[..., 1:] - edges[..., :-1])[..., None] / 2
    shape = (*edges.shape[:-1], -1)
    return (middle + half * nodes).reshape(shape), (half * weights).reshape(shape)
