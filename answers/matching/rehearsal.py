"""The labelled messages that the gate is fitted to, and how near they are to every group of texts met so far.

A library changes one answer at a time: what the others are to these messages is computed once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from answers.matching.examples import Labelled
from answers.matching.index import Group, Index, nearest
from answers.matching.reading import Read, Reader

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_MOST_GROUPS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A text as it was read, and how many words it has."""

    read: Read
    length: int


class Rehearsal:
    """Messages with the answers that are right for them."""

    def __init__(self, labels: Sequence[Labelled], reader: Reader) -> None:
        self.labels = labels
        texts = [label.text for label in labels]
        self.questions = [
            Question(read=read, length=len(reader.own(text).split()))
            for text, read in zip(texts, reader.keep(texts), strict=True)
        ]
        self.vectors: Floats = np.stack([question.read.vector for question in self.questions])
        self._near: dict[tuple[str, ...], Floats] = {}

    def evidence(self, index: Index) -> "Floats":
        """Return the evidence of all messages, see `Index.evidence`."""
        near = np.stack([self._nearness(group) for group in index.groups], axis=1)
        found = {group.texts: near[:, place].copy() for place, group in enumerate(index.groups)}
        self._near = self._near | found if len(self._near) < _MOST_GROUPS else found
        return index.evidence([question.read for question in self.questions], near)

    def _nearness(self, group: Group) -> "Floats":
        if (known := self._near.get(group.texts)) is not None:
            return known
        vectors: Floats = np.stack([read.vector for read in group.reads])
        return nearest(self.vectors @ vectors.T)
