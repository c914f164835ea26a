"""A linear classifier over frozen vectors: ridge regression to one-hot labels, in closed form.

Hoerl & Kennard (1970), doi:10.1080/00401706.1970.10488634. It is refitted in a few milliseconds when an
answer is added, which is why it is no neural network: all it needs to know of the texts is sums, and those of
a library that differs in a few answers are the old ones and a few more.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_PENALTY = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Sums over the vectors of groups, with a one behind each vector.

    `products` (d + 1, d + 1) is of their outer products, divided by the root of the group's size: an answer
    with few texts counts more. `sums` (groups, d + 1) and `counts` (groups,) are by group.
    """

    products: "NDArray[np.float64]"
    sums: "Floats"
    counts: "NDArray[np.int64]"

    @classmethod
    def of(cls, vectors: "Floats", counts: "NDArray[np.int64]") -> "Moments":
        """Sum up vectors (n, d) that stand group by group, so many of each."""
        inputs = _with_one(vectors)
        starts = np.minimum(np.cumsum(counts) - counts, max(len(inputs) - 1, 0))
        # One array times itself is half the work.
        weighted = inputs * np.repeat(_weight(counts) ** 0.5, counts).astype(np.float32)[:, None]
        sums = np.add.reduceat(inputs, starts, axis=0) * (counts > 0)[:, None]
        products = (weighted.T @ weighted).astype(np.float64)
        return cls(products=products, sums=sums.astype(np.float32), counts=counts)


def changed(before: Moments, gone: "Sequence[Floats]", now: "Sequence[int | Floats]") -> Moments:
    """Return the moments of a library that differs in some groups.

    Args:
        before: those of the other library.
        gone: the vectors of its groups that are not there as they were.
        now: every group, as its number in the other library or as its vectors.
    """
    products = before.products.copy()
    for vectors in gone:
        products -= _products(vectors)
    sums = np.empty((len(now), before.sums.shape[1]), dtype=np.float32)
    counts = np.empty(len(now), dtype=np.int64)
    for place, group in enumerate(now):
        if isinstance(group, int):
            sums[place], counts[place] = before.sums[group], before.counts[group]
        else:
            products += _products(group)
            sums[place], counts[place] = _with_one(group).sum(axis=0), len(group)
    return Moments(products=products, sums=sums, counts=counts)


def fit_head(moments: Moments) -> "Callable[[Floats], Floats]":
    """Return a function from vectors (n, d) to scores (n, groups)."""
    counts = moments.counts
    weights = _weight(counts)
    mean = (weights * counts).sum() / counts.sum()
    gram = (moments.products / mean).astype(np.float32)
    gram[np.diag_indices_from(gram)] += np.float32(_PENALTY)
    targets = (moments.sums * (weights / mean).astype(np.float32)[:, None]).T
    solution: Floats = np.asarray(np.linalg.solve(gram, targets), dtype=np.float32)

    def head(asked: "Floats") -> "Floats":
        return _with_one(asked) @ solution

    return head


def _weight(counts: "NDArray[np.int64]") -> "NDArray[np.float64]":
    return 1 / np.sqrt(np.maximum(counts, 1))


def _products(vectors: "Floats") -> "NDArray[np.float64]":
    inputs = _with_one(vectors)
    return (inputs.T @ inputs).astype(np.float64) / max(len(vectors), 1) ** 0.5


def _with_one(vectors: "Floats") -> "Floats":
    return np.concatenate([vectors, np.ones((len(vectors), 1), dtype=np.float32)], axis=1)
