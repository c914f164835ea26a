"""How near a question is to each answer, by four measures, and to the messages that no answer covers.

Those messages are one more answer here, the last column: "none".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answers.matching.head import fit_head
from answers.matching.reading import Read
from answers.matching.vocabulary import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int64]

MEASURES = ("nearest", "near", "head", "words")
"""What `Index.evidence` measures: the cosine to the nearest phrasing, the mean cosine to the five nearest,
what the trained head says, and what the words say."""
_NEAR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An answer and its phrasings as they were read, or the messages without an answer."""

    id: str
    texts: tuple[str, ...]
    reads: tuple[Read, ...]


class Index:
    """The phrasings of all answers and the negatives, ready to be compared with."""

    def __init__(self, answers: Sequence[Group], negatives: Group) -> None:
        self.ids = tuple(group.id for group in answers)
        self.groups = groups = (*answers, negatives)
        self._starts = np.cumsum([0, *(len(group.reads) for group in groups)])
        reads = [read for group in groups for read in group.reads]
        owners = np.repeat(np.arange(len(groups)), [len(group.reads) for group in groups])
        self._vectors: Floats = np.stack([read.vector for read in reads])
        self._rows = _padded(self._starts[:-1])
        self._head = fit_head(self._vectors, owners, len(groups))
        self._vocabulary = Vocabulary([read.words for read in reads], owners, len(groups))

    def evidence(self, reads: Sequence[Read], near: "Floats | None" = None) -> "Floats":
        """Return every measure of every answer and of "none", shape (questions, answers + 1, 4).

        Args:
            reads: the questions.
            near: the first two measures, where they are known; shape (questions, answers + 1, 2).
        """
        vectors = np.stack([read.vector for read in reads])
        found = np.empty((len(reads), len(self.ids) + 1, len(MEASURES)), dtype=np.float32)
        found[:, :, :2] = self._near(vectors) if near is None else near
        found[:, :, 2] = self._head(vectors)
        found[:, :, 3] = self._vocabulary([read.words for read in reads])
        return found

    def _near(self, vectors: "Floats") -> "Floats":
        cosines = vectors @ self._vectors.T
        found = np.empty((len(vectors), len(self.groups), 2), dtype=np.float32)
        # One more column that no phrasing reaches, where an answer has fewer phrasings than another.
        padded = np.concatenate([cosines, np.full((len(vectors), 1), -1, dtype=np.float32)], axis=1)
        for number, row in enumerate(padded):
            found[number, :-1] = nearest(row[self._rows])
        found[:, -1] = nearest(cosines[:, self._starts[-2] :])
        return found

    def nearest_text(self, read: Read, column: int) -> tuple[str, float]:
        """Return the phrasing of one answer, or the negative, that is nearest, and its cosine."""
        rows = slice(self._starts[column], self._starts[column + 1])
        cosines = self._vectors[rows] @ read.vector
        place = int(cosines.argmax())
        return self.groups[column].texts[place], float(cosines[place])


def nearest(cosines: "Floats") -> "Floats":
    """Return the largest and the mean of the five largest of each row, shape (rows, 2).

    Fewer than five count again, as in `_padded`.
    """
    if cosines.shape[1] < _NEAR:
        cosines = cosines[:, np.arange(_NEAR) % cosines.shape[1]]
    top = np.partition(cosines, cosines.shape[1] - _NEAR, axis=1)[:, -_NEAR:]
    return np.stack([top.max(axis=1), top.mean(axis=1)], axis=1)


def _padded(starts: "Numbers") -> "Numbers":
    """Return the rows of each answer side by side, shape (answers, most phrasings of any).

    An answer with fewer than five counts them again; one with fewer than the most points past the end.
    """
    counts = np.diff(starts)
    width = max(int(counts.max(initial=1)), _NEAR)
    columns = np.arange(width)
    rows = starts[:-1, None] + columns % np.maximum(counts, 1)[:, None]
    return np.where(columns < np.maximum(counts, _NEAR)[:, None], rows, -1)
