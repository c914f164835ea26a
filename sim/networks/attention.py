"""Self-attention without mask and positions, S replicas at once."""

import math

import torch
from torch import Tensor

from sim.conventions import parts_of


def attend(mixed: Tensor, tokens: int) -> Tensor:
    """Return softmax(Q Kᵀ/√d) V of every head, side by side.

    Source: Vaswani et al. 2017, Attention is all you need, arXiv:1706.03762, eq. 1.

    Args:
        mixed: Q, K and V side by side, shape (replica, batch·token, 3·unit).
        tokens: how many consecutive rows see each other.
    """
    replicas, rows, _ = mixed.shape
    width = mixed.shape[2] // 3
    count = parts_of(width)
    apart = mixed.reshape(replicas * rows // tokens, tokens, 3, count, width // count)
    q, k, v = apart.permute(2, 0, 3, 1, 4).unbind(0)
    scores = torch.matmul(q / math.sqrt(width // count), k.mT)
    seen = torch.matmul(torch.softmax(scores, dim=-1), v)
    return seen.transpose(1, 2).reshape(replicas, rows, width)
