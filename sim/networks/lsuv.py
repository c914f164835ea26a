"""Layer-sequential unit-variance initialisation: weights scaled to the data they will see.

Source: Mishkin & Matas 2015, All you need is a good init, arXiv:1511.06422, algorithm 1. The output of a
linear map is proportional to its weights, so one division takes the place of the paper's iteration.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from sim.networks.network import Network


def scale_to_data(network: Network, tensors: Sequence[Tensor], inputs: Tensor, gain: float) -> None:
    """Scale every layer's weights in place so that their output on `inputs` has variance gain²."""

    def to_unit_variance(_layer: int, weights: Tensor, output: Tensor) -> Tensor:
        deviation = output.detach().flatten(1).double().std(dim=1)
        factor = (gain / deviation).nan_to_num(nan=1.0, posinf=1.0).to(output.dtype)
        weights.mul_(factor.view(-1, *[1] * (weights.ndim - 1)))
        return output * factor.view(-1, *[1] * (output.ndim - 1))

    with torch.no_grad():
        network(tensors, inputs, to_unit_variance)
