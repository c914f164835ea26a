"""A lexical index: how close is a question to each entry's title and phrasings?

A word weighs by how few entries use it (idf), so the word that sets an entry apart decides, not the topic
that all share. A word that no entry uses weighs as much as the rarest one, so a question about something
else scores low even if it shares a few words. A misspelt word counts as the nearest known one.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from answers.entry import Entry
from answers.matching.text import spellings, words

if TYPE_CHECKING:
    from sim.measurements import Array

# Two words are the same one misspelt when they share this much of their letter trigrams.
_SAME_WORD = 0.55
_SHORTEST_TYPO = 5
# Words of one text whose spelling is looked up: a rambling post has more, but its question does not.
_MOST_TYPOS = 24


class LexicalIndex:
    """Entries' titles and phrasings as weighted bags of words."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._owners: list[str] = []
        documents: list[set[str]] = []
        for entry in entries:
            for text in (entry.title, *entry.phrasings):
                self._owners.append(entry.id)
                documents.append(set(words(text)))
        self._column = {word: i for i, word in enumerate(sorted(set[str]().union(*documents)))}
        uses = {
            (word, owner)
            for owner, document in zip(self._owners, documents, strict=True)
            for word in document
        }
        frequency = Counter(word for word, _ in uses)
        entries_count = len(set(self._owners))
        self._rarest = math.log(1 + entries_count / 0.5)
        weights = [math.log(1 + entries_count / (frequency[word] - 0.5)) for word in self._column]
        self._weights: Array = np.array(weights, dtype=np.float64)
        self._rows = np.zeros((len(documents), len(self._column)))
        for row, document in zip(self._rows, documents, strict=True):
            for word in document:
                row[self._column[word]] = self._weights[self._column[word]]
        self._lengths = np.maximum(np.linalg.norm(self._rows, axis=1), 1e-9)
        self._letters = {word: Counter(spellings(word)) for word in self._column}
        self._spelled: dict[str, set[str]] = {}
        for word, letters in self._letters.items():
            for part in letters:
                self._spelled.setdefault(part, set()).add(word)

    def scores(self, question: str) -> Mapping[str, float]:
        """Return the cosine between the question and each entry's nearest phrasing, from 0 to 1."""
        known: set[str] = set()
        unknown = 0
        typos = 0
        for word in dict.fromkeys(words(question)):
            match = word if word in self._column else None
            if match is None and typos < _MOST_TYPOS:
                typos += 1
                match = self._nearest(word)
            if match is None:
                unknown += 1
            else:
                known.add(match)
        vector = np.zeros(len(self._column))
        for word in known:
            vector[self._column[word]] = self._weights[self._column[word]]
        length = math.sqrt(float(vector @ vector) + unknown * self._rarest**2)
        scores = dict.fromkeys(self._owners, 0.0)
        if length:
            for owner, cosine in zip(self._owners, self._rows @ vector / self._lengths / length, strict=True):
                scores[owner] = max(scores[owner], float(cosine))
        return scores

    def _nearest(self, word: str) -> str | None:
        if len(word) < _SHORTEST_TYPO:
            return None
        letters = Counter(spellings(word))
        best, score = None, _SAME_WORD
        near = set[str]().union(*(self._spelled.get(part, ()) for part in letters))
        for candidate in sorted(near):
            own = self._letters[candidate]
            overlap = sum((letters & own).values()) / max(letters.total(), own.total())
            if overlap > score:
                best, score = candidate, overlap
        return best
