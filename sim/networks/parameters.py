"""Replica-batched parameters drawn by the law of an initialisation."""

import math

import torch
from torch import Tensor

from sim.algebra import orthonormal_columns
from sim.initialisation import law
from sim.randomness import Streams
from sim.spec import Spec

DTYPES = {
    "float64": torch.float64,
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}


def draw_layer(
    spec: Spec, streams: Streams, shape: tuple[int, ...], fans: tuple[int, int]
) -> tuple[Tensor, Tensor]:
    """Draw the weights and biases of one layer.

    Args:
        spec: decides the law and the precision.
        streams: the random numbers, one stream per replica.
        shape: the weights' shape without the replica axis; the biases have its last axis.
        fans: fan-in and fan-out of one unit.

    Returns:
        Weights of shape (replica, *shape) and biases of shape (replica, shape[-1]).
    """
    rule = law(spec, *fans)
    if rule.shape == "uniform":
        weights = streams.uniform(*shape).mul_(rule.weight_std * math.sqrt(3))
    elif rule.shape == "orthogonal":
        weights = _orthogonal(streams.normal(*shape)).mul_(spec.gain)
    else:
        weights = streams.normal(*shape).mul_(rule.weight_std)
    if rule.bias_std:
        biases = streams.uniform(shape[-1]).mul_(rule.bias_std * math.sqrt(3))
    else:
        biases = torch.zeros(len(streams), shape[-1])
    dtype = DTYPES[spec.precision]
    return weights.to(dtype), biases.to(dtype)


def _orthogonal(gaussian: Tensor) -> Tensor:
    """Make the flattened Gaussian matrices orthonormal by rows or columns, whichever are fewer."""
    flat = gaussian.flatten(1, -2)
    tall = flat.shape[1] >= flat.shape[2]
    q = orthonormal_columns(flat if tall else flat.mT)
    return (q if tall else q.mT).reshape(gaussian.shape).contiguous()
