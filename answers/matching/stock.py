"""Vectors side by side in memory: libraries that differ in a few answers compare with the same ones."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from answers.matching.head import Moments
from answers.matching.reading import Read

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int64]


class Stock:
    """The vectors of one library's groups of texts, and their moments."""

    def __init__(self, groups: Sequence[Sequence[Read]]) -> None:
        # Held on to, so that no other read gets the address of one of them.
        self._reads = [read for group in groups for read in group]
        self._row = {id(read): row for row, read in enumerate(self._reads)}
        self.vectors: Floats = np.stack([read.vector for read in self._reads])
        self.rows = [np.array([self._row[id(read)] for read in group], dtype=np.int64) for group in groups]
        counts = np.array([len(group) for group in groups], dtype=np.int64)
        self.moments = Moments.of(self.vectors, counts)

    def __len__(self) -> int:
        return len(self._reads)

    def find(self, groups: Sequence[Sequence[Read]]) -> "tuple[list[Numbers], list[Read]]":
        """Return the rows of other groups, and the texts that are not here: their rows follow the last."""
        more = {id(read): read for group in groups for read in group if id(read) not in self._row}
        row = self._row | {key: len(self) + number for number, key in enumerate(more)}
        found = [np.array([row[id(read)] for read in group], dtype=np.int64) for group in groups]
        return found, list(more.values())
