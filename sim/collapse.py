"""How well a layer still tells examples apart, and how many of its units still pass a gradient."""

from dataclasses import dataclass

import torch
from torch import Tensor

from sim.activations import Phi
from sim.algebra import root_mean_square
from sim.networks import Forward

# A unit is flat where its slope is below this share of the activation's steepest.
_FLAT = 0.05
_LARGEST_INVERSE = 1e30  # of a length: its product with a number of single precision is finite
# Where the steepest slope is looked for: far enough for softplus, and with 0 itself, where selu has it.
_GRID = torch.arange(-2_048, 2_049) / 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Collapse:
    """Shares and cosines per layer, float64, shape (replica, layer), input side first.

    `cosine` is the mean cosine between what two different examples make a layer pass on: 1 where the layer no
    longer tells them apart, also by passing on zeros for both; zeros beside anything else count as 0. `flat`
    is the share of entries whose activation has almost no slope, `dead` that of units that have none for any
    example; both are None where a layer has several activations.
    """

    cosine: Tensor
    flat: Tensor | None
    dead: Tensor | None


def collapse(forward: Forward, phi: Phi) -> Collapse:
    """Derive cosines and shares from one forward pass."""
    cosine = torch.stack([_mean_cosine(state.detach()) for state in forward.states], dim=1)
    if not forward.arguments:
        return Collapse(cosine=cosine, flat=None, dead=None)
    # One copy for every replica: an activation with noise draws it for each of them.
    grid = _GRID.expand(len(forward.outputs), 1, len(_GRID))
    steepest = float(_slope(phi, grid).max())
    shares = [_shares(_slope(phi, argument), _FLAT * steepest) for argument in forward.arguments]
    flat, dead = (torch.stack(column, dim=1) for column in zip(*shares, strict=True))
    return Collapse(cosine=cosine, flat=flat, dead=dead)


def _mean_cosine(state: Tensor) -> Tensor:
    """Average the cosine over all pairs of different examples, shape (replica,)."""
    replicas, batch = state.shape[:2]
    flat = state.flatten(2)
    lengths = (root_mean_square(flat.flatten(0, 1)) * flat.shape[2] ** 0.5).view(replicas, 1, batch)
    silent = lengths == 0
    inverse = (1 / lengths).masked_fill(silent, 0.0)
    # Single precision holds 1/length, unless a deep network passes on next to nothing.
    exact = flat.dtype == torch.float64 or bool((inverse > _LARGEST_INVERSE).any())
    dtype = torch.float64 if exact else torch.float32
    total = torch.bmm(inverse.to(dtype), flat.to(dtype)).double().square().sum(dim=(1, 2))
    total += silent.sum(dim=(1, 2)).square()  # silence is a direction of its own
    # The sum over all pairs is the square of the sum; each example's cosine with itself is 1.
    return (total - batch) / (batch * (batch - 1))


def _slope(phi: Phi, argument: Tensor) -> Tensor:
    leaf = argument.detach().requires_grad_()
    return torch.autograd.grad(phi(leaf).sum(), leaf)[0].abs()


def _shares(slope: Tensor, threshold: float) -> tuple[Tensor, Tensor]:
    flat = (slope < threshold).flatten(1).sum(dim=1) / slope[0].numel()
    examples = (1, *range(3, slope.ndim))
    dead = (slope.amax(dim=examples) == 0).double().mean(dim=1)
    return flat.double(), dead
