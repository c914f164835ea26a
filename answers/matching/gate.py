"""How sure it is that the likeliest answer is right: a logistic regression on the looks of the evidence."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int64]

FEATURES = (
    "log odds of the family",
    "score",
    "nearest",
    "near",
    "head",
    "words",
    "nearest of none",
    "near of none",
    "head of none",
    "words of none",
    "measures that agree",
    "nearest above none",
    "near above none",
    "log of length",
)
_PENALTY = 1.0
_ROUNDS = 50
_CONVERGED = 1e-8
_SURE = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The weights of the features, after they were centred and scaled; the last is the constant.

    `real` turns the log odds into those of real messages, slope and constant: Platt (1999), "Probabilistic
    outputs for support vector machines". The weights are learnt from questions whose answer was taken away
    as well, which real messages seldom are.
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    real: tuple[float, ...]

    def __call__(self, features: "Floats") -> "Floats":
        """Return the probability that the likeliest answer is right, shape (questions,)."""
        slope, constant = self.real
        odds = slope * self.odds(features) + constant
        return (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).astype(np.float32)

    def odds(self, features: "Floats") -> "Floats":
        """Return the log odds that the weights give, shape (questions,)."""
        centred = (features - np.array(self.mean)) / np.array(self.scale)
        return (centred @ np.array(self.weights[:-1]) + self.weights[-1]).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """What is known of questions when they are ranked.

    `evidence` (questions, answers + 1, measures); `scores`, `shares` and `families`, the shares of families,
    (questions, answers); `heads` the likeliest broad answer and `best` the likeliest member of its family,
    (questions,).
    """

    evidence: "Floats"
    scores: "Floats"
    shares: "Floats"
    families: "Floats"
    heads: "Numbers"
    best: "Numbers"

    def features(self, family_of: "Numbers", lengths: "Numbers") -> "Floats":
        """Return the features of the gate, shape (questions, len(FEATURES)).

        Args:
            family_of: the broad answer of each answer.
            lengths: the number of words of each question.
        """
        rows = np.arange(len(self.evidence))
        share = np.clip(self.families[rows, self.heads], _SURE, 1 - _SURE)
        own, none = self.evidence[rows, self.best], self.evidence[:, -1]
        favourites = family_of[self.evidence[:, :-1].argmax(axis=1)]
        parts = (
            np.log(share / (1 - share)),
            self.scores[rows, self.best],
            own,
            none,
            (favourites == self.heads[:, None]).sum(axis=1),
            own[:, :2] - none[:, :2],
            np.log1p(lengths),
        )
        return np.column_stack(parts).astype(np.float32)


def fit_gate(features: "Floats", right: "Floats", weights: "Floats", real: int) -> Gate:
    """Fit the gate by Newton's method.

    Args:
        features: of messages, see `Ranked.features`.
        right: 1 where the likeliest answer was right.
        weights: how much each message counts.
        real: how many of the first messages are as they come; the others had their answer taken away.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    found = _logistic((features - mean) / scale, right, weights)
    gate = Gate(mean=_plain(mean), scale=_plain(scale), weights=_plain(found), real=(1.0, 0.0))
    odds = gate.odds(features[:real])[:, None]
    return replace(gate, real=_plain(_logistic(odds, right[:real], weights[:real])))


def _logistic(features: "Floats", right: "Floats", weights: "Floats") -> "NDArray[np.float64]":
    inputs = np.column_stack([features, np.ones(len(features))]).astype(np.float64)
    penalty = np.diag([_PENALTY] * features.shape[1] + [0.0])
    found: NDArray[np.float64] = np.zeros(len(penalty))
    for _ in range(_ROUNDS):
        likely = 1 / (1 + np.exp(-np.clip(inputs @ found, -30, 30)))
        gradient = inputs.T @ (weights * (likely - right)) + penalty @ found
        curvature = (inputs * (weights * likely * (1 - likely))[:, None]).T @ inputs + penalty
        step = np.linalg.solve(curvature + 1e-9 * np.eye(len(found)), gradient)
        found = found - step
        if np.abs(step).max() < _CONVERGED:
            break
    return found


def _plain(values: "NDArray[np.floating]") -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)
