"""The few routines of `torch.linalg` in use, with the types that torch does not declare."""

import math
from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor

_vector_norm: Any = cast("Any", torch.linalg).vector_norm


def root_mean_square(values: Tensor) -> Tensor:
    """Return the root mean square over all axes but the first, in float64: squares of 1e-30 survive."""
    return _wide(values) / (values.numel() // len(values)) ** 0.5


def root_mean_squares(tensors: Sequence[Tensor]) -> Tensor:
    """Return the root mean square of every tensor over all axes but the first, shape (axis 0, tensor)."""
    norms = SafeNorms(len(tensors[0]), len(tensors))
    for place, values in enumerate(tensors):
        norms.put(place, values)
    return norms.read()


class SafeNorms:
    """Root mean squares of tensors that share their first axis, in single precision where that is safe.

    Single precision is several times as fast, and exact enough unless squares under- or overflow. On the
    first round every tensor is checked at once and, where needed, taken again in double precision, in which
    its place then stays. On later rounds the caller asks `settle` once all are put, unless it put them
    together. A place's tensors are of the same size in every round.
    """

    # A norm below this may have lost squares below the smallest float32, 1e-38.
    _SMALLEST = 1e-14

    def __init__(self, rows: int, places: int) -> None:
        self._single = torch.ones(places, rows)
        self._double = torch.ones(places, rows, dtype=torch.float64)
        self._single_rows, self._double_rows = list(self._single), list(self._double)
        self._in_double = [False] * places
        self._sizes = [rows] * places
        self._roots = torch.ones(places, dtype=torch.float64)
        self._is_first_round = True

    def put(self, place: int, values: Tensor) -> None:
        """Take the tensor of one place."""
        self._sizes[place] = values.numel()
        if not self._in_double[place] and values.dtype != torch.float64:
            axes, row = tuple(range(1, values.ndim)), self._single_rows[place]
            _vector_norm(values, dim=axes, dtype=torch.float32, out=row)
            if not self._is_first_round or self._safe(row):
                return
        self._in_double[place] = True
        self._double_rows[place].copy_(_wide(values))
        self._single_rows[place].fill_(1.0)

    def put_all(self, values: Tensor) -> None:
        """Take the tensors of all places at once; axis 0 is the place, axis 1 what they share."""
        if values.dtype == torch.float64 or any(self._in_double):
            for place, one in enumerate(values):
                self.put(place, one)
        else:
            self._sizes = [values[0].numel()] * len(values)
            axes = tuple(range(2, values.ndim))
            _vector_norm(values, dim=axes, dtype=torch.float32, out=self._single)
        if not self.settle():
            for place in [place for place, in_double in enumerate(self._in_double) if in_double]:
                self.put(place, values[place])

    def settle(self) -> bool:
        """Say whether this round is exact; if not, put everything again: it will be."""
        if self._safe(self._single):
            return True
        unsafe = [place for place, row in enumerate(self._single_rows) if not self._safe(row)]
        for place in unsafe:
            self._in_double[place] = True
            self._single_rows[place].fill_(1.0)
        return False

    def read(self) -> Tensor:
        """Return the root mean squares, float64, shape (row, place)."""
        if self._is_first_round:
            sizes = torch.tensor(self._sizes, dtype=torch.float64)
            self._roots = sizes.div_(self._single.shape[1]).sqrt_()
            self._is_first_round = False
        norms = self._single.double()
        if any(self._in_double):
            norms = torch.where(torch.tensor(self._in_double).unsqueeze(1), self._double, norms)
        return norms.T / self._roots

    def _safe(self, norms: Tensor) -> bool:
        smallest, largest = torch.aminmax(norms)
        return float(smallest) > self._SMALLEST and math.isfinite(float(largest))


def _wide(values: Tensor) -> Tensor:
    """Return the norm over all axes but the first, in float64."""
    axes = tuple(range(1, values.ndim))
    if values.dtype != torch.float64:
        return _vector_norm(values, dim=axes, dtype=torch.float64)
    # Squares of float64 under- and overflow too, beyond 1e±154.
    largest = values.abs().amax(axes, keepdim=True)
    usable = (largest > 0) & largest.isfinite()
    scale = torch.where(usable, largest, torch.ones_like(largest))
    return _vector_norm(values / scale, dim=axes) * scale.flatten()


def eigenvalues(symmetric: Tensor) -> Tensor:
    """Return the eigenvalues of symmetric matrices in ascending order, NaN for one that is not finite."""
    finite = symmetric.isfinite().all(dim=(-2, -1), keepdim=True)
    usable = torch.where(finite, symmetric, torch.zeros_like(symmetric))
    found = cast("Tensor", torch.linalg.eigvalsh(usable))  # pyright: ignore[reportUnknownMemberType]
    return found.masked_fill(~finite.squeeze(-1), torch.nan)


def orthonormal_columns(tall: Tensor) -> Tensor:
    """Return the Q of a QR decomposition whose R has a positive diagonal.

    Of a Gaussian matrix this is a uniformly (Haar) distributed orthogonal matrix: Mezzadri 2007, How to
    generate random matrices from the classical compact groups, arXiv:math-ph/0609050, section 5.
    """
    q, r = cast("tuple[Tensor, Tensor]", torch.linalg.qr(tall))  # pyright: ignore[reportUnknownMemberType]
    return q * torch.diagonal(r, dim1=-2, dim2=-1).sign().unsqueeze(-2)
