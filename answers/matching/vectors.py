"""Vectors of texts, each computed once."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Encoder = Callable[[Sequence[str]], "Floats"]
"""From texts to one unit vector each."""


class Vectors:
    """Remembers the vectors of the library's texts; questions are encoded and forgotten."""

    def __init__(self, encoder: Encoder, known: dict[str, "Floats"] | None = None) -> None:
        self._encoder = encoder
        self._known = dict(known or {})

    def keep(self, texts: Sequence[str]) -> "Floats":
        """Return one row per text, and remember it."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder(new), strict=True))
        return np.stack([self._known[text] for text in texts])

    def of(self, texts: Sequence[str]) -> "Floats":
        """Return one row per text."""
        return self._encoder(texts)

    def forget_all_but(self, texts: Iterable[str]) -> None:
        """Drop what a library that has changed does not use any more."""
        wanted = set(texts)
        self._known = {text: vector for text, vector in self._known.items() if text in wanted}
