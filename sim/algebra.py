"""The few routines of `torch.linalg` in use, with the types that torch does not declare."""

from typing import cast

import torch
from torch import Tensor


def root_mean_square(values: Tensor) -> Tensor:
    """Return the root mean square over all axes but the first, in float64: squares of 1e-30 survive."""
    flat = values.flatten(1)
    norm = cast(
        "Tensor",
        torch.linalg.vector_norm(flat, dim=1, dtype=torch.float64),  # pyright: ignore[reportUnknownMemberType]
    )
    return norm / flat.shape[1] ** 0.5


def eigenvalues(symmetric: Tensor) -> Tensor:
    """Return the eigenvalues of symmetric matrices in ascending order."""
    return cast("Tensor", torch.linalg.eigvalsh(symmetric))  # pyright: ignore[reportUnknownMemberType]


def orthonormal_columns(tall: Tensor) -> Tensor:
    """Return the Q of a QR decomposition whose R has a positive diagonal.

    Of a Gaussian matrix this is a uniformly (Haar) distributed orthogonal matrix: Mezzadri 2007, How to
    generate random matrices from the classical compact groups, arXiv:math-ph/0609050, section 5.
    """
    q, r = cast("tuple[Tensor, Tensor]", torch.linalg.qr(tall))  # pyright: ignore[reportUnknownMemberType]
    return q * torch.diagonal(r, dim1=-2, dim2=-1).sign().unsqueeze(-2)
