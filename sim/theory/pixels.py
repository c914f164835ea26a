"""The pixels of an image under convolutions: where a mean square spreads to.

With zero padding a convolution sees fewer inputs near the edge, so every mean square is a field, one
value per pixel (our extension of mean-field theory; with circular padding every pixel is alike).
A square kernel acts on rows and columns in turn, and a field is its own mirror image in both: only its
upper left quarter is kept.
"""

from dataclasses import dataclass

import numpy as np

from sim.measurements import Array
from sim.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """The layout of one layer.

    `line[i, j]` counts the taps that lead from row j, or its mirror image, to row i; `weights` is the
    share of the pixels that each entry of a field stands for; `count` is how many pixels there are.
    """

    line: Array
    weights: Array
    count: int

    @property
    def alike(self) -> bool:
        """Whether one value stands for all pixels."""
        return self.weights.size == 1

    def spread(self, field: Array) -> Array:
        """Sum a field over the taps of the kernel; its own adjoint, as the kernel is symmetric."""
        return self.line @ field @ self.line.T

    def mean(self, field: Array) -> float:
        """Return the mean of a field over all pixels."""
        return float(np.sum(self.weights * field))


def pixels_of(spec: Spec) -> Pixels:
    """Return the pixels of a spec; an MLP has one, with one tap."""
    if spec.arch != "cnn":
        return Pixels(line=np.ones((1, 1)), weights=np.ones((1, 1)), count=1)
    count = spec.image**2
    if spec.padding == "circular" or spec.kernel == 1:
        return Pixels(line=np.full((1, 1), float(spec.kernel)), weights=np.ones((1, 1)), count=count)
    rows = np.arange(spec.image)
    whole = (np.abs(rows[:, None] - rows) <= spec.kernel // 2).astype(np.float64)
    half = (spec.image + 1) // 2
    # Which row of the kept half stands for each row.
    mirror = (np.minimum(rows, rows[::-1])[:, None] == np.arange(half)).astype(np.float64)
    share: Array = mirror.mean(axis=0)
    return Pixels(line=whole[:half] @ mirror, weights=share[:, None] * share, count=count)
