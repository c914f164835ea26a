"""Examples of the real data sets, without replacement within a replica."""

from functools import cache

import torch
from torch import Tensor

from sim.data.fitting import classes, example_shape
from sim.data.tables import table
from sim.randomness import Streams
from sim.spec import Spec


def examples(spec: Spec, streams: Streams, order: Tensor) -> Tensor:
    """Draw rows of the table, as many of every class up to one; each replica shuffles on its own."""
    features, targets = _tensors(spec.data)
    labels, numbers = order % classes(spec), order // classes(spec)
    rows = torch.empty_like(order)
    for label in range(classes(spec)):
        members = (targets % classes(spec) == label).nonzero().squeeze(1)
        shuffled = members[streams.permutation(len(members))]
        # The numbers of examples with other labels may exceed this class, and are not used.
        picked = shuffled.gather(1, numbers.clamp(max=len(members) - 1))
        rows = torch.where(labels == label, picked, rows)
    return features[rows].reshape(*order.shape, *example_shape(spec))


@cache
def _tensors(name: str) -> tuple[Tensor, Tensor]:
    features, targets = table(name)
    return torch.from_numpy(features).float(), torch.from_numpy(targets)  # pyright: ignore[reportUnknownMemberType]
