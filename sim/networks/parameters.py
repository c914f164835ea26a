"""The parameters of S replicas in one flat buffer, drawn by the law of an initialisation.

One buffer makes a training step a few operations on one tensor, whatever the depth.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from sim.algebra import orthonormal_columns
from sim.initialisation import law
from sim.networks.slots import Slot
from sim.randomness import Streams
from sim.spec import Spec

DTYPES = {
    "float64": torch.float64,
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}


class Parameters:
    """One tensor per slot, of shape (replica, *slot.shape), all of them views of `flat`."""

    def __init__(self, slots: Sequence[Slot], flat: Tensor, replicas: int) -> None:
        self.slots = tuple(slots)
        self.flat = flat
        self.replicas = replicas
        self.tensors = self.views(flat)

    def views(self, flat: Tensor) -> list[Tensor]:
        """Cut a buffer like `flat`, a gradient for instance, into one tensor per slot."""
        views: list[Tensor] = []
        start = 0
        for slot in self.slots:
            end = start + self.replicas * math.prod(slot.shape)
            views.append(flat[start:end].view(self.replicas, *slot.shape))
            start = end
        return views

    def named(self, name: str) -> list[Tensor]:
        """Return the tensors of every slot with this name, in the order of the slots."""
        return [tensor for slot, tensor in zip(self.slots, self.tensors, strict=True) if slot.name == name]

    def clone(self) -> "Parameters":
        """Copy the parameters into a buffer of their own."""
        return Parameters(self.slots, self.flat.clone(), self.replicas)

    def count(self) -> int:
        """Return how many numbers one replica has."""
        return self.flat.numel() // self.replicas


def draw(spec: Spec, slots: Iterable[Slot], streams: Streams) -> Parameters:
    """Draw every slot in order, in float32, and cast to the precision of the spec."""
    slots = tuple(slots)
    total = len(streams) * sum(math.prod(slot.shape) for slot in slots)
    parameters = Parameters(slots, torch.empty(total), len(streams))
    for run, tensor in _runs(slots, parameters.tensors):
        _fill(spec, run, tensor, streams)
    if spec.precision == "float32":
        return parameters
    return Parameters(slots, parameters.flat.to(DTYPES[spec.precision]), len(streams))


def _runs(slots: Sequence[Slot], tensors: Sequence[Tensor]) -> Iterator[tuple[Slot, Tensor]]:
    """Yield the slots with their tensors; weights alike that follow one another come as one tensor.

    Its axes are replica and slot, then those of the weights: fewer, longer calls draw the same numbers.
    """
    pairs = zip(slots, tensors, strict=True)
    for _, group in itertools.groupby(pairs, key=lambda pair: replace(pair[0], name="", layer=0)):
        alike = list(group)
        slot, first = alike[0]
        if len(alike) == 1 or slot.fans is None:
            yield from alike
        else:
            size = (len(alike), *first.shape)
            stride = (first.numel(), *first.stride())
            yield slot, first.as_strided(size, stride).transpose(0, 1)


def _fill(spec: Spec, slot: Slot, tensor: Tensor, streams: Streams) -> None:
    if slot.fans is None:
        tensor.fill_(slot.constant)
        return
    rule = law(spec, *slot.fans)
    if slot.is_bias:
        _fill_uniform(tensor, rule.bias_std, streams)
        if slot.constant:
            tensor.add_(slot.constant)
    elif rule.shape == "uniform":
        _fill_uniform(tensor, rule.weight_std, streams)
    else:
        std = 1.0 if rule.shape == "orthogonal" else rule.weight_std
        for one in tensor.unbind(1) if tensor.ndim > 1 + len(slot.shape) else [tensor]:
            streams.fill_normal(one, std)
            if rule.shape == "orthogonal":
                one.copy_(_orthogonal(one).mul_(spec.gain))


def _fill_uniform(tensor: Tensor, std: float, streams: Streams) -> None:
    if std:
        streams.fill_uniform(tensor, std * math.sqrt(3))
    else:
        tensor.zero_()


def _orthogonal(gaussian: Tensor) -> Tensor:
    """Make the flattened Gaussian matrices orthonormal by rows or columns, whichever are fewer."""
    flat = gaussian.flatten(1, -2)
    tall = flat.shape[1] >= flat.shape[2]
    q = orthonormal_columns(flat if tall else flat.mT)
    return (q if tall else q.mT).reshape(gaussian.shape).contiguous()
