"""The data sets, drawn for every replica from its own stream."""

from dataclasses import dataclass

import torch
from torch import Tensor

from sim.networks.parameters import DTYPES
from sim.randomness import Streams
from sim.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Examples of every replica: `inputs` (replica, batch, …) and `labels` (replica, batch) of 0 and 1."""

    inputs: Tensor
    labels: Tensor


def draw_batch(spec: Spec, streams: Streams) -> Batch:
    """Draw the examples of a spec, with balanced labels in random order."""
    labels = streams.permutation(spec.batch) % 2
    inputs = _blobs(spec, streams, labels) if spec.data == "blobs" else _gaussian(spec, streams)
    return Batch(inputs=(inputs * spec.input_scale).to(DTYPES[spec.precision]), labels=labels)


def _gaussian(spec: Spec, streams: Streams) -> Tensor:
    """Draw independent standard normal inputs as wide as the network: the reference case of the theory."""
    shape = (spec.width, spec.image, spec.image) if spec.arch == "cnn" else (spec.width,)
    return streams.normal(spec.batch, *shape)


def _blobs(spec: Spec, streams: Streams, labels: Tensor) -> Tensor:
    """Draw two round clouds in the plane, two standard deviations from the origin on opposite sides.

    Coordinates are divided by their expected root mean square, √3, so the inputs have unit scale.
    """
    direction = torch.nn.functional.normalize(streams.normal(1, 2), dim=-1)
    side = (2.0 * labels - 1.0).unsqueeze(-1)
    return (2.0 * side * direction + streams.normal(spec.batch, 2)) / 3.0**0.5
