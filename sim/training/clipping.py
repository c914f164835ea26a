"""Gradient clipping, by the norm of the whole gradient of a replica or entry by entry.

Sources: Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks,
arXiv:1211.5063, algorithm 1 (norm); Mikolov 2012, Statistical language models based on neural networks,
PhD thesis (entries).
"""

import torch
from torch import Tensor

from sim.algebra import root_mean_square
from sim.networks import Parameters
from sim.spec import Spec

_EPSILON = 1e-6  # of torch.nn.utils.clip_grad_norm_


def clip(spec: Spec, parameters: Parameters, gradient: Tensor) -> None:
    """Clip a flat gradient in place as the spec says."""
    if spec.clip_value is not None:
        limit = min(spec.clip_value, torch.finfo(gradient.dtype).max)
        gradient.clamp_(-limit, limit)
    if spec.clip is not None:
        pieces = parameters.views(gradient)
        squares = [root_mean_square(piece).square() * piece[0].numel() for piece in pieces]
        norm = torch.stack(squares).sum(dim=0).sqrt()
        shrink = (spec.clip / (norm + _EPSILON)).clamp(max=1.0).nan_to_num(nan=1.0).to(gradient.dtype)
        for piece in pieces:
            piece.mul_(shrink.view(-1, *[1] * (piece.ndim - 1)))
