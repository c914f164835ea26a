"""Texts as vectors of their words, pairs of words and letters: what is used where there are no weights.

Hashing with signs: Weinberger et al. (2009), "Feature Hashing for Large Scale Multitask Learning",
arXiv:0902.2206. Letters of three and four let misspelt words stay near.
"""

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from answers.matching.text import words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

DIMENSIONS = 1024
_WORD, _PAIR, _LETTERS = 2.0, 1.0, 0.5
_GRAMS = (3, 4)


class Lexical:
    """Encodes texts as unit vectors by their words, rare ones weighing more."""

    def __init__(self, texts: Iterable[str]) -> None:
        seen: Counter[str] = Counter()
        count = 0
        for text in texts:
            seen.update(_parts(text).keys())
            count += 1
        self._rarest = math.log(1 + count) + 1
        self._rarity = {part: self._rarest - math.log(1 + number) for part, number in seen.items()}

    def __call__(self, texts: Sequence[str]) -> "Floats":
        """Return one unit vector per text, shape (texts, 1024); a text without words is zero."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for part, weight in _parts(text).items():
                number = zlib.crc32(part.encode())
                sign = 1 if number & 1 else -1
                row[(number >> 1) % DIMENSIONS] += (
                    sign * math.log1p(weight) * self._rarity.get(part, self._rarest)
                )
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))


def _parts(text: str) -> dict[str, float]:
    """Weigh words, neighbouring pairs and pieces of words."""
    parts: defaultdict[str, float] = defaultdict(float)
    stems = words(text)
    for word in stems:
        parts[f"w:{word}"] += _WORD
        padded = f"^{word}$"
        for size in _GRAMS:
            for start in range(len(padded) - size + 1):
                parts[f"c:{padded[start : start + size]}"] += _LETTERS
    for pair in pairwise(stems):
        parts["b:" + " ".join(pair)] += _PAIR
    return parts
