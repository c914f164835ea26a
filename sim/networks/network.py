"""What every architecture offers to the experiments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from torch import Tensor

from sim.networks.slots import Slot

OnLinear = Callable[[int, Tensor, Tensor], Tensor]
"""Called with the number of a layer, its weights and their output; returns the output to go on with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """One forward pass; every list has one entry per layer (per step of a recurrent network).

    `outputs` has the shape (replica, batch, class); the axes 0 and 1 of all other tensors are replica and
    batch, except those of `weights`. `streams[l-1]` is where the signal of layer l is read; `weights[l-1]`
    is the weight tensor as layer l used it, so that its gradient is that layer's own share where weights
    are shared; `states[l-1]` is what layer l passes on; `arguments[l-1]` is what its activation sees,
    empty where a layer has several activations.
    """

    outputs: Tensor
    streams: list[Tensor]
    weights: list[Tensor]
    states: list[Tensor]
    arguments: list[Tensor] = field(default_factory=list[Tensor])


class Network(Protocol):
    """An architecture: its parameters' slots and how it computes with them; it holds no numbers itself."""

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The parameters, in the order in which they are drawn."""
        ...

    def __call__(
        self, tensors: Sequence[Tensor], inputs: Tensor, on_linear: OnLinear | None = None
    ) -> Forward:
        """Run every replica on its own inputs, whose axis 0 is the replica.

        Args:
            tensors: one per slot, of shape (replica, *slot.shape).
            inputs: as `sim.data` draws them.
            on_linear: sees the weights of every layer, but no stem, gate or head, and their output before
                its bias is added; for init=lsuv.
        """
        ...
