"""The loss along straight lines in the space of parameters.

A convex function lies nowhere above the chord between two of its points (Boyd & Vandenberghe 2004, Convex
Optimization, section 3.1.1). Goodfellow, Vinyals & Saxe 2015, Qualitatively characterizing neural network
optimization problems, arXiv:1412.6544, look at trained networks this way.
"""

import numpy as np
import torch
from torch import Tensor

from sim.convexity.landscape import Landscape
from sim.measurements import Array

POINTS = 41
"""Points along a segment, both ends included."""

_ROUNDING = 1e-12  # of float64, relative to the highest point


def along(landscape: Landscape, start: Tensor, end: Tensor) -> Array:
    """Return the loss on the segment between two points of every replica, shape (replica, point)."""
    shares = torch.linspace(0, 1, POINTS, dtype=start.dtype).view(1, -1, 1)
    # Written so that both ends are hit exactly, and so is a segment of length zero.
    points = start.unsqueeze(1) + shares * (end - start).unsqueeze(1)
    points[:, -1] = end
    return landscape.losses(points).numpy()


def above_chord(curve: Array) -> Array:
    """Return how far each point (replica, point) lies above the straight line between the curve's ends."""
    shares = np.linspace(0, 1, curve.shape[1])
    return curve - (curve[:, :1] * (1 - shares) + curve[:, -1:] * shares)


def hump(curve: Array) -> Array:
    """Return the highest point above the chord, shape (replica,).

    It is 0 where only rounding is above the chord, and NaN where the curve is not finite.
    """
    height = above_chord(curve).max(axis=1)
    found = np.where(height > _ROUNDING * np.abs(curve).max(axis=1), height, 0.0)
    return np.where(np.isfinite(curve).all(axis=1), found, np.nan)


def permutable(landscape: Landscape) -> bool:
    """Say whether moving all units of every layer one place on leaves the network's function as it is.

    A stream that runs through all layers, a norm over groups of units or a lone unit rule that out.
    """
    spec = landscape.spec
    layered = spec.arch == "mlp" and spec.skip == "none"
    return layered and spec.norm != "group" and spec.width > 1


def permuted(landscape: Landscape, points: Tensor) -> Tensor:
    """Move every hidden unit one place on, with all its weights; points are (replica, parameter)."""
    moved: list[Tensor] = []
    for slot, tensor in zip(landscape.network.slots, landscape.tensors(points), strict=True):
        axes: list[int] = []
        if slot.name == "head":
            axes = [1]
        elif slot.name == "weight":
            axes = [2] if slot.layer == 1 else [1, 2]
        elif slot.layer <= landscape.spec.depth:  # biases of hidden layers, scales and shifts
            axes = [1]
        moved.append(torch.roll(tensor, [1] * len(axes), axes) if axes else tensor)
    return torch.cat([tensor.flatten(1) for tensor in moved], dim=1)
