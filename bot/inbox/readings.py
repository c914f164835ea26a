"""The vectors of kept questions, in memory only: a database that knew them would know more about people."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from answers.matching.reading import Reader, digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_MOST = 8_000
"""Texts whose vectors are remembered, at one and a half kilobytes each."""


class Readings:
    """Reads every text once: it takes four milliseconds; several threads may ask.

    The texts themselves are not remembered, so what the database forgets is forgotten here too.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: OrderedDict[str, Floats] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def vectors(self, reader: Reader, texts: Sequence[str]) -> "Floats":
        """Return one unit vector for each text, as rows."""
        return np.stack([self._vector(reader, text) for text in texts])

    def _vector(self, reader: Reader, text: str) -> "Floats":
        key = digest(reader.plain(text))
        with self._lock:
            if (known := self._known.get(key)) is not None:
                self._known.move_to_end(key)
                return known
        # A row of its own: a view would hold on to what it is part of.
        found = reader.question(text).vector.copy()
        with self._lock:
            self._known[key] = found
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return found
