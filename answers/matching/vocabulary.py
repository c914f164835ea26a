"""What the words of a question say: how much more often an answer's phrasings hold them than other texts do.

A naive Bayes model of which words occur, smoothed towards how often they occur at all; McCallum & Nigam
(1998), "A comparison of event models for naive Bayes text classification". It knows the field's words that
the encoder has never seen.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Words = NDArray[np.uint32]

_SMOOTHING = 3.0
_SELDOM = 2  # a word of one text alone says nothing


class Vocabulary:
    """Words by number, and the logarithm of how much each speaks for each answer."""

    def __init__(self, bags: "Sequence[Words]", owners: "NDArray[np.int64]", groups: int) -> None:
        every = np.concatenate(bags) if bags else np.zeros(0, dtype=np.uint32)
        numbers, column, uses = np.unique(every, return_inverse=True, return_counts=True)
        owner = np.repeat(owners, [len(bag) for bag in bags])
        counts = np.bincount(owner * len(numbers) + column, minlength=groups * len(numbers))
        often = uses >= _SELDOM
        self._numbers: Words = numbers[often]
        found = counts.reshape(groups, len(numbers))[:, often].astype(np.float32)
        texts = np.bincount(owners, minlength=groups).astype(np.float32)
        usual = (found.sum(axis=0) + np.float32(0.5)) / np.float32(len(bags) + 1)
        share = (found + np.float32(_SMOOTHING) * usual) / (texts[:, None] + np.float32(_SMOOTHING))
        self._gain: Floats = np.ascontiguousarray(np.log(share / usual).T, dtype=np.float32)

    def __call__(self, bags: "Sequence[Words]") -> "Floats":
        """Return the scores of texts, shape (texts, groups); a text of unknown words has none."""
        scores = np.zeros((len(bags), self._gain.shape[1]), dtype=np.float32)
        if not len(self._numbers) or not bags:
            return scores
        every = np.concatenate(bags)
        places = np.minimum(np.searchsorted(self._numbers, every), len(self._numbers) - 1)
        known = self._numbers[places] == every
        counts = np.bincount(np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])[known])
        rows = np.flatnonzero(counts)
        if len(rows):
            starts = (np.cumsum(counts) - counts)[rows]
            sums = np.add.reduceat(self._gain[places[known]], starts, axis=0)
            scores[rows] = sums / np.sqrt(counts[rows] + 2, dtype=np.float32)[:, None]
        return scores
