"""Questions that mean the same, found by their vectors: always the same groups for the same questions."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from answers.matching.methods import MEANING, WORDS
from bot.inbox.kinds import apart

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

THRESHOLDS: Mapping[str, float] = MappingProxyType({MEANING: 0.66, WORDS: 0.44})
"""The cosine from which two questions mean the same, by how texts are compared.

Chosen on the first half of `tests/inbox_samples.py`: by meaning, the groups are the topics from 0.58 to 0.68;
by words, no threshold is right for all, and this one puts few things together that are not the same.
"""


def group(
    texts: Sequence[str], asked: Sequence[int], vectors: "Floats", threshold: float
) -> list[tuple[int, ...]]:
    """Return the places of the texts of every group, the one that speaks for it first.

    It is the one that most questions are near to; all others of the group are near to it, not just to each
    other, so that groups do not grow into chains.  A text near to several of them goes to the nearest.  The
    order of the texts has no influence.

    Args:
        texts: each of them once.
        asked: how often each was.
        vectors: one unit vector each.
        threshold: the cosine from which two mean the same.
    """
    if not texts:
        return []
    order = sorted(range(len(texts)), key=lambda place: (-asked[place], texts[place]))
    rows = vectors[order]
    cosines = rows @ rows.T
    cosines[apart([texts[place] for place in order])] = -1
    np.fill_diagonal(cosines, 1)
    leaders = _leaders(cosines >= threshold, np.array([asked[place] for place in order], dtype=np.float64))
    nearest = cosines[:, leaders].argmax(axis=1)
    groups: list[tuple[int, ...]] = []
    for place, leader in enumerate(leaders):
        others = [member for member in np.flatnonzero(nearest == place).tolist() if member != leader]
        groups.append(tuple(order[member] for member in (leader, *others)))
    return groups


def _leaders(near: "NDArray[np.bool_]", asked: "NDArray[np.float64]") -> list[int]:
    """Choose, one after the other, what most of the questions are near to that are left."""
    links = near.astype(np.float32)
    left = np.ones(len(asked), dtype=np.bool_)
    # Sums of whole numbers: exact, in whatever order they are added up.
    around = links @ asked.astype(np.float32)
    leaders: list[int] = []
    while left.any():
        leader = int(np.where(left, around, -1).argmax())
        leaders.append(leader)
        gone = near[leader] & left
        left &= ~gone
        around -= asked[gone].astype(np.float32) @ links[gone]
    return leaders
