"""What every architecture offers to the experiments."""

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """One forward pass.

    `outputs` has the shape (replica, batch, class); `streams[l]` is h_{l+1}, the pre-activation of
    hidden layer l+1, of shape (replica, batch, unit) or (replica, batch, channel, row, column).
    """

    outputs: Tensor
    streams: list[Tensor]


class Network(Protocol):
    """A batch of S independent networks of one architecture, computed together."""

    weights: list[Tensor]
    """The weights of the hidden layers, input side first; axis 0 is the replica."""

    def parameters(self) -> list[Tensor]:
        """Return everything that training changes."""
        ...

    def __call__(self, inputs: Tensor) -> Forward:
        """Run every replica on its own inputs, whose axis 0 is the replica."""
        ...
