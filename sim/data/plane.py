"""Points in the plane: two clouds, spiral arms, and the four clouds of exclusive or.

Coordinates are divided by their expected root mean square.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from sim.data.fitting import classes
from sim.randomness import Streams
from sim.spec import Spec

# An arm turns once, so straight lines hardly do better than guessing; it starts outside the centre, where
# all arms would meet. The angle's deviation is that of the spirals of Stanford's CS231n course notes.
_INNER = 0.1
_TURN = 2 * math.pi
_ANGLE_STD = 0.2
# At 3 standard deviations from both axes, 1 point in 740 lies on the wrong side of each.
_CLOUD_DISTANCE = 3.0


def blobs(spec: Spec, streams: Streams, order: Tensor) -> Tensor:
    """Draw two round clouds, two standard deviations from the origin on opposite sides."""
    direction = functional.normalize(streams.normal(1, 2), dim=-1)
    side = (2.0 * (order % 2) - 1.0).unsqueeze(-1)
    return (2.0 * side * direction + streams.normal(spec.batch, 2)) / 3.0**0.5


def spirals(spec: Spec, streams: Streams, order: Tensor) -> Tensor:
    """Draw one spiral arm per class: the angle grows with the radius, plus normal noise."""
    arms = classes(spec)
    along = (streams.uniform(spec.batch) + 1.0) / 2.0
    noise = _ANGLE_STD * streams.normal(spec.batch)
    angle = 2 * math.pi / arms * (order % arms) + _TURN * along + noise
    radius = _INNER + (1.0 - _INNER) * along
    mean_square = (1.0 + _INNER + _INNER**2) / 3.0
    points = torch.stack([torch.cos(angle), torch.sin(angle)], dim=-1) * radius.unsqueeze(-1)
    return points / math.sqrt(mean_square / 2.0)


def xor(spec: Spec, streams: Streams, order: Tensor) -> Tensor:
    """Draw one round cloud per quadrant, equally often; the label is 1 where the signs differ."""
    horizontal = 2.0 * (order // 2 % 2) - 1.0
    vertical = horizontal * (1.0 - 2.0 * (order % 2))
    centres = _CLOUD_DISTANCE * torch.stack([horizontal, vertical], dim=-1)
    return (centres + streams.normal(spec.batch, 2)) / math.sqrt(_CLOUD_DISTANCE**2 + 1.0)
