"""Numbers on which the engine, its theory and its scripts have to agree."""

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
"""Klambauer et al. 2017, Self-Normalizing Neural Networks, arXiv:1706.02515, eq. 14."""

NORM_EPSILON = 1e-5
"""Added to the variance by every normalisation layer, as in torch."""


def parts_of(width: int) -> int:
    """Return into how many heads or groups units are split: 4, or fewer where 4 does not divide."""
    return next(count for count in (4, 2, 1) if width % count == 0)
