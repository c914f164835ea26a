"""Singular values of what a network does to small changes of one example.

The rows of a Jacobian come from one backward pass: the network sees as many copies of the example as it has
units, and copy k is asked for the gradient of unit k.
"""

from itertools import pairwise
from typing import cast

import torch
from torch import Tensor

from sim.replicas import Replicas


def end_to_end(chunk: Replicas) -> Tensor:
    """Return the singular values of ∂(what the last layer passes on)/∂input, largest first.

    The shape is (replica, unit), for the first example of every replica; no batch normalisation.
    """
    inputs = _copies(chunk)
    states = chunk.network(chunk.parameters.tensors, inputs).states
    return singular_values(_jacobian(states[-1], inputs))


def by_layer(chunk: Replicas) -> Tensor:
    """Return the singular values of ∂z_{l+1}/∂z_l, z_l what layer l passes on: (replica, layer, unit)."""
    states = chunk.network(chunk.parameters.tensors, _copies(chunk)).states
    found = [singular_values(_jacobian(above, below)) for below, above in pairwise(states)]
    return torch.stack(found, dim=1)


def singular_values(matrices: Tensor) -> Tensor:
    """Return the singular values of matrices in descending order."""
    return cast("Tensor", torch.linalg.svdvals(matrices))  # pyright: ignore[reportUnknownMemberType]


def spectral_radius(matrices: Tensor) -> Tensor:
    """Return the largest absolute value of the eigenvalues of square matrices."""
    values = cast("Tensor", torch.linalg.eigvals(matrices))  # pyright: ignore[reportUnknownMemberType]
    return values.abs().amax(dim=-1)


def _copies(chunk: Replicas) -> Tensor:
    units = chunk.batch.inputs.shape[2]
    return chunk.batch.inputs[:, :1].expand(-1, units, -1).clone().requires_grad_()


def _jacobian(above: Tensor, below: Tensor) -> Tensor:
    one_each = torch.eye(above.shape[2], dtype=above.dtype).expand_as(above)
    return torch.autograd.grad(above, below, one_each, retain_graph=True)[0]
