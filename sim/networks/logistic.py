"""Logistic regression: one linear layer, no hidden one."""

from collections.abc import Sequence

import torch
from torch import Tensor

from sim.networks.network import Forward, OnLinear
from sim.networks.slots import Slot


class Logistic:
    """One linear map from the inputs to the outputs."""

    def __init__(self, *, inputs: int, outputs: int) -> None:
        fans = (inputs, outputs)
        self._slots = (
            Slot(name="head", layer=1, shape=fans, fans=fans),
            Slot(name="bias", layer=1, shape=(outputs,), fans=fans, is_bias=True),
        )

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The weights and the biases."""
        return self._slots

    def __call__(
        self, tensors: Sequence[Tensor], inputs: Tensor, on_linear: OnLinear | None = None
    ) -> Forward:
        """Run on inputs of shape (replica, batch, unit); there is no layer for `on_linear` to see."""
        del on_linear
        weights, biases = tensors
        outputs = torch.baddbmm(biases.unsqueeze(1), inputs, weights)
        return Forward(outputs=outputs, streams=[], weights=[], states=[])
