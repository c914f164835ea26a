"""Counting the parameters of a network, and those it would have if it shared none."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sim.networks.slots import Slot
from sim.spec import Spec
from sim.vocabulary import RECURRENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One layer, or the one cell that all steps of a recurrent network share.

    `unshared` is arithmetic: the weights that the same map would need without sharing. For a convolution
    that is a fully connected layer between all pixels of the same channels, for a recurrent network
    matrices of its own for every step. `norms` counts the scales and shifts that normalisation learns.
    """

    name: str
    weights: int
    biases: int
    norms: int
    unshared: int


def parts(spec: Spec, slots: Sequence[Slot]) -> tuple[Part, ...]:
    """Count the entries of every slot, layer by layer from the input on; the output layer is last."""
    top = max(slot.layer for slot in slots)
    by_layer = groupby(sorted(slots, key=lambda slot: slot.layer), key=lambda slot: slot.layer)
    return tuple(_part(spec, _name(spec, layer, top), list(own)) for layer, own in by_layer)


def uses(spec: Spec) -> int:
    """Return how often one weight of a hidden layer is used: at every pixel, or at every step.

    At the edge of an image that is padded with zeros some of these uses multiply a zero.
    """
    if spec.arch == "cnn":
        return spec.image**2
    return spec.depth if spec.arch in RECURRENT else 1


def units(spec: Spec) -> int:
    """Return how many units a layer has, counting every pixel of every channel."""
    return spec.width * (spec.image**2 if spec.arch == "cnn" else 1)


def _part(spec: Spec, name: str, slots: Sequence[Slot]) -> Part:
    weights = [slot for slot in slots if slot.fans is not None and not slot.is_bias]
    return Part(
        name=name,
        weights=_total(weights),
        biases=_total([slot for slot in slots if slot.is_bias]),
        norms=_total([slot for slot in slots if slot.fans is None]),
        unshared=sum(_unshared(spec, slot) for slot in weights),
    )


def _name(spec: Spec, layer: int, top: int) -> str:
    if layer == top:
        return "output layer"
    if not layer:
        return "stem"
    return "cell" if spec.arch in RECURRENT else f"layer {layer}"


def _total(slots: Sequence[Slot]) -> int:
    return sum(math.prod(slot.shape) for slot in slots)


def _unshared(spec: Spec, slot: Slot) -> int:
    size = math.prod(slot.shape)
    if slot.name == "head":
        return size
    if spec.arch == "cnn":
        return slot.shape[0] * slot.shape[-1] * spec.image**4
    return size * uses(spec)
