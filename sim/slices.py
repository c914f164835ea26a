"""The loss on a slice through the space of the parameters: the plane of two random directions.

Source: Li, Xu, Taylor, Studer & Goldstein 2018, Visualizing the loss landscape of neural nets,
arXiv:1712.09913, section 4.
"""

import torch
from torch import Tensor

from sim import losses
from sim.networks.slots import Slot
from sim.randomness import Streams
from sim.replicas import Replicas
from sim.spec import Spec
from sim.vocabulary import RECURRENT

TOGETHER_BYTES = 32 * 2**20
"""How much memory the networks may take that are evaluated at once: more of them are no faster."""

# The directions come from streams that neither the data nor the weights of any replica are drawn from.
_BEYOND_SEEDS = 2**32

Direction = list[Tensor]
"""One tensor per slot, of shape (replica, *slot.shape)."""


def moves(slot: Slot) -> bool:
    """Say whether directions change a slot: weights yes; biases and what normalisation learns no.

    So it is in the figures of the paper.
    """
    return slot.fans is not None and not slot.is_bias


def directions(spec: Spec, chunk: Replicas) -> tuple[Direction, Direction]:
    """Draw two random directions per replica.

    Every filter, which is all weights that enter one unit or channel, is normal and scaled to the norm of
    the network's own filter.
    """
    streams = Streams([_BEYOND_SEEDS + spec.seed + number for number in chunk.numbers])

    def direction() -> Direction:
        pairs = zip(chunk.parameters.slots, chunk.parameters.tensors, strict=True)
        return [_like(w, streams) if moves(slot) else torch.zeros_like(w) for slot, w in pairs]

    return direction(), direction()


def hidden_only(chunk: Replicas, direction: Direction) -> Direction:
    """Return a direction that leaves the output layer alone."""
    slots = zip(chunk.parameters.slots, direction, strict=True)
    return [torch.zeros_like(d) if slot.name == "head" else d for slot, d in slots]


class Slice:
    """The batch loss of every replica at w + x·d₁ + y·d₂."""

    def __init__(
        self,
        spec: Spec,
        chunk: Replicas,
        pair: tuple[Direction, Direction],
        *,
        together_bytes: float = TOGETHER_BYTES,
    ) -> None:
        self._spec, self._chunk, self._pair = spec, chunk, pair
        self.together = max(1, int(together_bytes // (len(chunk.numbers) * _network_bytes(spec, chunk))))
        """How many points are best evaluated at once."""

    def at(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the loss at points given by x and y, both of shape (point,), as (replica, point) in float64.

        The networks of all points are computed in one pass, behind one another along the axis of the
        replicas.
        """
        batch, points = self._chunk.batch, len(x)
        with torch.inference_mode():
            tensors = zip(self._chunk.parameters.tensors, *self._pair, strict=True)
            moved = [_move(weights, d, x, e, y) for weights, d, e in tensors]
            inputs = batch.inputs.repeat(points, *[1] * (batch.inputs.ndim - 1))
            outputs = self._chunk.network(moved, inputs).outputs
            loss = losses.per_example(self._spec, outputs, batch.labels.repeat(points, 1)).mean(dim=1)
        return loss.double().reshape(points, -1).T


def _network_bytes(spec: Spec, chunk: Replicas) -> int:
    """Estimate the memory of one network that computes forward: its weights, and what its layers hold.

    A layer holds at most about eight numbers per unit and row: an example, or one of its pixels, steps or
    tokens. All steps of a recurrent network are one layer.
    """
    rows = chunk.batch.inputs[0].numel() // chunk.inputs
    layers = 1 if spec.arch in RECURRENT else spec.depth
    return (chunk.parameters.count() + 8 * rows * spec.width * layers) * chunk.parameters.flat.element_size()


def _like(weights: Tensor, streams: Streams) -> Tensor:
    """Draw filters with the norms of these, whose last axis is the unit or channel that they belong to."""
    drawn = streams.normal(*weights.shape[1:]).double()
    inputs = tuple(range(1, weights.ndim - 1))
    own, other = (filters.square().sum(inputs, keepdim=True).sqrt() for filters in (weights.double(), drawn))
    return (drawn * (own / other)).to(weights.dtype)


def _move(weights: Tensor, d: Tensor, x: Tensor, e: Tensor, y: Tensor) -> Tensor:
    """Return w + x·d + y·e at every point, shape (point · replica, …)."""
    x, y = (one.to(weights.dtype).view(-1, *[1] * weights.ndim) for one in (x, y))
    return torch.addcmul(torch.addcmul(weights, x, d), y, e).flatten(0, 1)
