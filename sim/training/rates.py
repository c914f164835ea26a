"""Layer-wise learning rates."""

import torch
from torch import Tensor

from sim.networks import Parameters
from sim.spec import Spec


def layer_rates(spec: Spec, parameters: Parameters) -> Tensor | None:
    """Return the multiplier of every parameter's learning rate, laid out like the flat buffer.

    Layer l of L learns `layer_lr`^(L−l) times as fast as the last layer and the head; a stem learns like
    layer 1. None where all learn alike.
    """
    if spec.layer_lr is None:
        return None
    # Half precision ends at 65,504, which is no reason to limit the rates.
    dtype = torch.promote_types(parameters.flat.dtype, torch.float32)
    rates = torch.empty_like(parameters.flat, dtype=dtype)
    for slot, piece in zip(parameters.slots, parameters.views(rates), strict=True):
        below = max(spec.depth - max(slot.layer, 1), 0)
        piece.fill_(spec.layer_lr**below)
    return rates
