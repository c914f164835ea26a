"""Bits and numbers in a row: parity, and recalling the first of a sequence."""

import math

import torch
from torch import Tensor

from sim.data.fitting import TOKENS, example_shape
from sim.randomness import Streams
from sim.spec import Spec
from sim.vocabulary import RECURRENT


def parity(spec: Spec, streams: Streams, order: Tensor) -> Tensor:
    """Draw bits −1 and 1; the label is 1 where an odd number of them is 1.

    All bits but the last are fair coins, and the last makes the label come true: so is each of them.
    No order is needed to count, so the tokens of a transformer carry no positions.
    """
    shape = example_shape(spec)
    count = math.prod(shape)
    bits = streams.integers(2, spec.batch, count)
    bits[..., -1] = (order + bits[..., :-1].sum(dim=-1)) % 2
    return (2.0 * bits - 1.0).reshape(*order.shape, *shape)


def recall(spec: Spec, streams: Streams, order: Tensor) -> Tensor:
    """Draw standard normal numbers; the label is 1 where the first is positive, the others are noise.

    To a transformer without positions all tokens are alike; so each gets its position as a one-hot
    vector, whose 1 is written as √8 to keep the root mean square of 1.
    """
    steps = spec.depth if spec.arch in RECURRENT else TOKENS
    values = streams.normal(spec.batch, steps)
    values[..., 0] = values[..., 0].abs() * (2.0 * (order % 2) - 1.0)
    features = values.unsqueeze(-1)
    if spec.arch in RECURRENT:
        return features
    positions = math.sqrt(TOKENS) * torch.eye(TOKENS)
    return torch.cat([features, positions.expand(*values.shape, TOKENS)], dim=-1)
