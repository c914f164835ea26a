"""How near a question is to each answer, by four measures, and to the messages that no answer covers.

Those messages are one more answer here, the last column: "none".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answers.matching.head import Moments, changed, fit_head
from answers.matching.reading import Read
from answers.matching.stock import Stock
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

    def __init__(self, answers: Sequence[Group], negatives: Group, *, stock: Stock | None = None) -> None:
        """Prepare the comparison.

        Args:
            answers: with at least one text each.
            negatives: the messages without an answer.
            stock: that of a library with mostly the same texts, which is then shared; None makes one.
        """
        self.ids = tuple(group.id for group in answers)
        self.groups = groups = (*answers, negatives)
        reads = [group.reads for group in groups]
        self.stock = Stock(reads) if stock is None else stock
        rows, more = self.stock.find(reads)
        width = self.stock.vectors.shape[1]
        self._more: Floats = np.array([read.vector for read in more], dtype=np.float32).reshape(-1, width)
        self._rows, self._none = _padded(rows[:-1]), rows[-1]
        self._head = fit_head(self.stock.moments if stock is None else _moments(self.stock, rows, self._more))
        owners = np.repeat(np.arange(len(groups)), [len(group) for group in reads])
        self._vocabulary = Vocabulary([read.words for some in reads for read in some], owners, len(groups))

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
        # One more column that no phrasing reaches, where an answer has fewer phrasings than another.
        beyond = np.full((len(vectors), 1), -1, dtype=np.float32)
        cosines = np.concatenate([vectors @ self.stock.vectors.T, vectors @ self._more.T, beyond], axis=1)
        found = np.empty((len(vectors), len(self.groups), 2), dtype=np.float32)
        for number, row in enumerate(cosines):
            found[number, :-1] = nearest(row[self._rows])
        found[:, -1] = nearest(cosines[:, self._none])
        return found

    def nearest_text(self, read: Read, column: int) -> tuple[str, float]:
        """Return the phrasing of one answer, or the negative, that is nearest, and its cosine."""
        group = self.groups[column]
        cosines = np.stack([one.vector for one in group.reads]) @ read.vector
        place = int(cosines.argmax())
        return group.texts[place], float(cosines[place])


def nearest(cosines: "Floats") -> "Floats":
    """Return the largest and the mean of the five largest of each row, shape (rows, 2).

    Fewer than five count again, as in `_padded`.
    """
    if cosines.shape[1] < _NEAR:
        cosines = cosines[:, np.arange(_NEAR) % cosines.shape[1]]
    top = np.partition(cosines, cosines.shape[1] - _NEAR, axis=1)[:, -_NEAR:]
    return np.stack([top.max(axis=1), top.mean(axis=1)], axis=1)


def _padded(rows: "Sequence[Numbers]") -> "Numbers":
    """Return the rows of each answer side by side, shape (answers, most phrasings of any).

    An answer with fewer than five counts them again; one with fewer than the most points past the end.
    """
    width = max([_NEAR, *(len(own) for own in rows)])
    found = np.full((len(rows), width), -1, dtype=np.int64)
    for line, own in zip(found, rows, strict=True):
        filled = max(len(own), _NEAR)
        line[:filled] = np.resize(own, filled)
    return found


def _moments(stock: Stock, rows: "Sequence[Numbers]", more: "Floats") -> Moments:
    """Return the moments of groups of which most are those of the stock."""
    number = {own.tobytes(): place for place, own in enumerate(stock.rows)}
    same = [number.pop(own.tobytes(), None) for own in rows]

    def vectors(own: "Numbers") -> "Floats":
        here = own < len(stock)
        found = np.empty((len(own), more.shape[1]), dtype=np.float32)
        found[here], found[~here] = stock.vectors[own[here]], more[own[~here] - len(stock)]
        return found

    gone = [vectors(stock.rows[place]) for place in number.values()]
    now = [vectors(own) if place is None else place for own, place in zip(rows, same, strict=True)]
    return changed(stock.moments, gone, now)
