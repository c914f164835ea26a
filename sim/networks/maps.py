"""The linear maps of a layer, S replicas at a time: a matrix, or a convolution.

A weight's last axis is the output unit or channel, so fan-in counts all axes before it.
"""

from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from sim.spec import Spec


class Map(Protocol):
    """How one layer's units are connected to the layer before."""

    def shape(self, inputs: int, outputs: int) -> tuple[int, ...]:
        """Return the weight's shape without the replica axis."""
        ...

    def __call__(self, a: Tensor, weights: Tensor) -> Tensor:
        """Apply the weights of every replica to its own activations."""
        ...

    def per_unit(self, values: Tensor) -> Tensor:
        """Reshape (replica, unit) so that it broadcasts against a layer's activations."""
        ...

    area: int
    """Entries of a weight per pair of input and output unit."""
    positions: int
    """In how many places of an activation each unit or channel occurs: the pixels of an image."""


class Dense:
    """a W for activations of shape (replica, batch, unit)."""

    area = 1
    positions = 1

    def shape(self, inputs: int, outputs: int) -> tuple[int, ...]:
        """Return (inputs, outputs)."""
        return (inputs, outputs)

    def __call__(self, a: Tensor, weights: Tensor) -> Tensor:
        """Multiply."""
        return torch.bmm(a, weights)

    def per_unit(self, values: Tensor) -> Tensor:
        """Insert the batch axis."""
        return values.unsqueeze(1)


class Convolution:
    """A convolution of stride 1 that keeps the image's size, as one grouped convolution.

    Activations have the shape (replica, batch, channel, row, column), weights (replica, in, row, column,
    out).
    """

    def __init__(self, spec: Spec) -> None:
        self._kernel = spec.kernel
        self._circular = spec.padding == "circular"
        self.area = spec.kernel**2
        self.positions = spec.image**2

    def shape(self, inputs: int, outputs: int) -> tuple[int, ...]:
        """Return (inputs, row, column, outputs)."""
        return (inputs, self._kernel, self._kernel, outputs)

    def __call__(self, a: Tensor, weights: Tensor) -> Tensor:
        """Convolve every replica's channels with its own kernels: one group per replica."""
        replicas, batch, _, rows, columns = a.shape
        stacked = a.transpose(0, 1).flatten(1, 2)
        kernels = weights.permute(0, 4, 1, 2, 3).flatten(0, 1)
        margin = self._kernel // 2
        if self._circular:
            stacked = functional.pad(stacked, (margin,) * 4, mode="circular")
            margin = 0
        h = functional.conv2d(stacked, kernels, padding=margin, groups=replicas)
        return h.reshape(batch, replicas, -1, rows, columns).transpose(0, 1)

    def per_unit(self, values: Tensor) -> Tensor:
        """Insert the axes of batch, row and column."""
        return values[:, None, :, None, None]
