"""How far the weights of a layer move, relative to their size."""

import torch
from torch import Tensor

from sim.algebra import root_mean_square
from sim.networks import Parameters


class Movement:
    """Watches the weights of every layer; biases, scales, the stem and the head are left out."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        numbers = {
            slot.layer
            for slot in parameters.slots
            if slot.fans and not slot.is_bias and slot.name not in {"head", "stem"}
        }
        self._layers = [self._weights_of(layer) for layer in sorted(numbers)]
        self._start: list[list[Tensor]] = []
        self._before = [[weights.clone() for weights in layer] for layer in self._ends()]
        self.restart()

    def restart(self) -> None:
        """Take the present weights for those of the start."""
        self._start = [[weights.clone() for weights in layer] for layer in self._layers]

    def remember(self) -> None:
        """Note the weights of the first and last layer, before a step."""
        for noted, layer in zip(self._before, self._ends(), strict=True):
            for old, weights in zip(noted, layer, strict=True):
                old.copy_(weights)

    def last_update(self) -> Tensor:
        """Return |ΔW|/|W| since `remember` in the first and last layer, shape (2, replica)."""
        pairs = zip(self._ends(), self._before, strict=True)
        return torch.stack([_relative(layer, old) for layer, old in pairs])

    def since_start(self) -> Tensor:
        """Return |W − W_start|/|W_start| of every layer, shape (replica, layer)."""
        pairs = zip(self._layers, self._start, strict=True)
        return torch.stack([_relative(layer, old) for layer, old in pairs], dim=1)

    def _weights_of(self, layer: int) -> list[Tensor]:
        slots = zip(self._parameters.slots, self._parameters.tensors, strict=True)
        return [tensor for slot, tensor in slots if slot.layer == layer and slot.fans and not slot.is_bias]

    def _ends(self) -> list[list[Tensor]]:
        return [self._layers[0], self._layers[-1]]


def _relative(weights: list[Tensor], before: list[Tensor]) -> Tensor:
    """Return the size of the change relative to the size before; all tensors of a layer count together.

    Weights that stay where they were have not moved, also where they are all 0.
    """
    change = _norm([one.double() - old.double() for one, old in zip(weights, before, strict=True)])
    return torch.where(change == 0, change, change / _norm(before))


def _norm(tensors: list[Tensor]) -> Tensor:
    squares = [root_mean_square(tensor).square() * tensor[0].numel() for tensor in tensors]
    return torch.stack(squares).sum(dim=0).sqrt()
