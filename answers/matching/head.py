"""A linear classifier over frozen vectors: ridge regression to one-hot labels, in closed form.

Hoerl & Kennard (1970), doi:10.1080/00401706.1970.10488634. It is refitted in a few milliseconds when an
answer is added, which is why it is no neural network.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_PENALTY = 3.0


def fit_head(vectors: "Floats", owners: "NDArray[np.int64]", groups: int) -> "Callable[[Floats], Floats]":
    """Return a function from vectors (n, d) to scores (n, groups); an answer with few texts counts more."""
    counts = np.maximum(np.bincount(owners, minlength=groups), 1)
    weights = 1 / np.sqrt(counts[owners])
    weights = (weights / weights.mean()).astype(np.float32)
    inputs = _with_one(vectors)
    weighted = inputs * weights[:, None]
    gram = weighted.T @ inputs
    gram[np.diag_indices_from(gram)] += np.float32(_PENALTY)
    # Texts of one answer stand side by side, so that their sums are differences of bounds.
    starts = np.searchsorted(owners, np.arange(groups))
    targets = np.add.reduceat(weighted, np.minimum(starts, len(owners) - 1), axis=0).T
    solution: Floats = np.asarray(np.linalg.solve(gram, targets), dtype=np.float32)

    def head(asked: "Floats") -> "Floats":
        return _with_one(asked) @ solution

    return head


def _with_one(vectors: "Floats") -> "Floats":
    return np.concatenate([vectors, np.ones((len(vectors), 1), dtype=np.float32)], axis=1)
