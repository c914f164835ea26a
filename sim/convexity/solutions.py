"""Where training ends from several random starts on the same data."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from sim import losses
from sim.convexity.landscape import Landscape
from sim.data import Batch
from sim.networks import Parameters
from sim.networks.lsuv import scale_to_data
from sim.networks.parameters import draw
from sim.passes import Reading
from sim.randomness import Streams
from sim.spec import Spec
from sim.training import train

STARTS = 4
"""Random starts per replica; the first is the network that the other experiments measure."""

STAGES = ((0.1, 400), (0.01, 300), (0.001, 200), (0.0001, 100))
"""Learning rate and steps of Adam, stage after stage, where the spec itself does not train."""

LEVEL = 1e-4
"""Training has ended where the loss is level when |∂L/∂w| is below this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solutions:
    """Points of shape (replica, start, parameter), and what each end scores, shape (replica, start)."""

    starts: Tensor
    ends: Tensor
    losses: Tensor
    slopes: Tensor
    accuracy: Tensor
    steps: int


def solve(landscape: Landscape, streams: Streams) -> Solutions:
    """Train every replica's starts, all of them at once.

    Args:
        landscape: whose loss is to be minimised.
        streams: where the data came from; start after start is drawn from what follows.
    """
    spec, starts = landscape.spec, _starts(landscape, streams)
    inputs, labels = (part.repeat_interleave(STARTS, dim=0) for part in _data(landscape))
    batch = Batch(inputs=inputs, labels=labels)
    if spec.init == "lsuv":
        scale_to_data(landscape.network, starts.tensors, batch.inputs, spec.gain)
    ends = starts.clone()
    stages = _stages(spec)
    for stage in stages:
        train(stage, landscape.network, ends, batch, _unseen)
    points = _points(ends)
    outputs = landscape.network(ends.tensors, batch.inputs).outputs
    return Solutions(
        starts=_points(starts),
        ends=points,
        losses=landscape.losses(points),
        slopes=landscape.slopes(points),
        accuracy=losses.accuracy(spec, outputs, batch.labels).view(-1, STARTS),
        steps=sum(stage.steps for stage in stages),
    )


def _stages(spec: Spec) -> list[Spec]:
    """Return the spec as it is if it trains; else with Adam, whose steps suit any scale of the data."""
    if spec.steps:
        return [spec]
    found = replace(spec, optimizer="adam")
    return [replace(found, lr=rate, steps=steps) for rate, steps in STAGES]


def _starts(landscape: Landscape, streams: Streams) -> Parameters:
    slots, replicas = landscape.network.slots, len(streams)
    drawn = [draw(landscape.spec, slots, streams) for _ in range(STARTS)]
    together = Parameters(slots, torch.cat([one.flat for one in drawn]), replicas * STARTS)
    for place, tensor in enumerate(together.tensors):
        tensor.copy_(torch.stack([one.tensors[place] for one in drawn], dim=1).flatten(0, 1))
    return together


def _points(parameters: Parameters) -> Tensor:
    """Return what `Landscape` calls points, (replica, start, parameter)."""
    flat = torch.cat([tensor.flatten(1) for tensor in parameters.tensors], dim=1)
    return flat.view(-1, STARTS, flat.shape[1])


def _data(landscape: Landscape) -> tuple[Tensor, Tensor]:
    return landscape.batch.inputs, landscape.batch.labels


def _unseen(_step: int, _reading: Reading) -> bool:
    return False
