"""Answers that a message does not mean: somebody said so of it, or of one that is nearly the same."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from answers.matching.lessons import Lessons
from answers.matching.model import NEARLY_THE_SAME
from answers.matching.outcome import Answer, Candidate, Match, Mode, Offer, Silent
from answers.matching.reading import Read, Reader

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_AS_NEAR = 1e-3


class Exclusions:
    """What the lessons say that answers are not meant by."""

    def __init__(self, lessons: Lessons, ids: Sequence[str], reader: Reader) -> None:
        own = [(place, text) for place, id_ in enumerate(ids) for text in lessons.exclusions.get(id_, ())]
        self._places = np.array([place for place, _ in own], dtype=np.int64)
        self._ids = tuple(ids)
        reads = reader.keep(text for _, text in own)
        self._vectors: Floats | None = np.stack([read.vector for read in reads]) if reads else None

    def touch(self, vectors: "Floats") -> "NDArray[np.bool_]":
        """Return which messages, shape (n, d), are nearly the same as one that was excluded somewhere."""
        if self._vectors is None:
            return np.zeros(len(vectors), dtype=np.bool_)
        return (vectors @ self._vectors.T).max(axis=1) >= NEARLY_THE_SAME

    def of(self, read: Read, nearest: "Floats") -> frozenset[str]:
        """Return the answers that a message does not mean.

        Args:
            read: the message.
            nearest: the cosine to the nearest phrasing of each answer; one that is nearer speaks for it.
        """
        if self._vectors is None:
            return frozenset()
        cosines = self._vectors @ read.vector
        near = (cosines >= NEARLY_THE_SAME) & (cosines >= nearest[self._places] - _AS_NEAR)
        places: list[int] = self._places[near].tolist()
        return frozenset(self._ids[place] for place in places)


def without(match: Match, ids: AbstractSet[str], mode: Mode) -> Match:
    """Return a decision without these answers; what is left may be offered, not given in their place."""
    left = tuple(one for one in match.candidates if one.id not in ids)
    if isinstance(match, Answer) and match.id not in ids:
        narrower = match.narrower if match.narrower and match.narrower.id not in ids else None
        return replace(match, candidates=left, narrower=narrower)
    silent = Silent(confidence=match.confidence, candidates=left)
    if isinstance(match, Silent) or mode is Mode.CHANNEL or not _is_choice(left):
        return silent
    return Offer(confidence=match.confidence, candidates=left)


def _is_choice(candidates: Sequence[Candidate]) -> bool:
    return len(candidates) > 1
