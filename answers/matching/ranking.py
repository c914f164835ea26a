"""Which answer is the likeliest, if one is right: a softmax over weighted evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_PENALTY = 1e-3
_ROUNDS = 40
_CONVERGED = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How much each measure counts, after it was centred and scaled."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]

    def scores(self, evidence: "Floats") -> "Floats":
        """Return the scores of answers, shape (questions, answers); "none" has to be left out before."""
        centred = (evidence - np.array(self.mean)) / np.array(self.scale)
        return (centred @ np.array(self.weights)).astype(np.float32)


def shares(scores: "Floats") -> "Floats":
    """Return the softmax of scores over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def fit_ranking(evidence: "Floats", right: Sequence[int]) -> Ranking:
    """Fit the weights to questions whose answers are known, by Newton's method on the conditional logit.

    McFadden (1974), "Conditional logit analysis of qualitative choice behavior". Shape of the evidence:
    (questions, answers, measures).
    """
    mean, scale = evidence.mean(axis=(0, 1)), evidence.std(axis=(0, 1)) + 1e-9
    centred = ((evidence - mean) / scale).astype(np.float64)
    count, measures = len(centred), len(mean)
    chosen = centred[np.arange(count), np.array(right)]
    weights: NDArray[np.float64] = np.full(measures, 0.5)
    for _ in range(_ROUNDS):
        share = shares(centred @ weights)
        expected = np.einsum("qa,qam->qm", share, centred)
        gradient: NDArray[np.float64] = (expected - chosen).mean(axis=0) + _PENALTY * weights
        spread: NDArray[np.float64] = np.einsum("qa,qam,qan->mn", share, centred, centred)
        spread = spread - expected.T @ expected
        curvature: NDArray[np.float64] = np.asarray(spread / count + _PENALTY * np.eye(measures))
        step = np.linalg.solve(curvature, gradient)
        weights = weights - step
        if np.abs(step).max() < _CONVERGED:
            break
    return Ranking(mean=_plain(mean), scale=_plain(scale), weights=_plain(weights))


def _plain(values: "NDArray[np.floating]") -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)
