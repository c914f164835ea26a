"""Broad answers and the narrow ones that are part of them.

Where a question could mean either, the broad one is given and the narrow one offered with it: a student who
asks how Adam works is not told first that Adam is no cure. Only a question that is nearly the narrow one's
own words gets the narrow one.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int64]

_ALMOST_ALL = 0.95
_OWN_WORDS = 0.8


class Families:
    """Which answers belong together."""

    def __init__(self, ids: Sequence[str], part_of: Mapping[str, str | None]) -> None:
        place = {id_: number for number, id_ in enumerate(ids)}
        self.heads: Numbers = np.array(
            [place.get(part_of.get(id_) or "", number) for number, id_ in enumerate(ids)], dtype=np.int64
        )

    def shares(self, shares: "Floats") -> "Floats":
        """Give the share of every narrow answer to its broad one; (questions, answers) → the same."""
        summed = np.zeros_like(shares)
        for answer, head in enumerate(self.heads):
            summed[:, head] += shares[:, answer]
        return summed

    def best(self, shares: "Floats", heads: "Numbers") -> "Numbers":
        """Return the member with the largest share in each question's family."""
        own = self.heads[None, :] == heads[:, None]
        return np.where(own, shares, -1).argmax(axis=1)

    @staticmethod
    def is_certain(share: float, nearest: float) -> bool:
        """Tell whether to give a narrow answer instead of its broad one.

        Args:
            share: of the narrow answer within its family.
            nearest: the cosine between the question and its nearest phrasing.
        """
        return share >= _ALMOST_ALL and nearest >= _OWN_WORDS
