"""From a text to what the matcher compares: its vector, and its words as numbers.

What the shipped texts come to is shipped with them (`prepared.npz`): to encode eight thousand texts takes
half a minute. A text that is not among them is encoded when it is needed, and kept.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import numpy as np

from answers.matching.glossary import Glossary
from answers.matching.text import essence, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Words = NDArray[np.uint32]

Encoder = Callable[[Sequence[str]], "Floats"]
"""From texts to one unit vector each."""


_MOST_TEXTS = 100_000


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Read:
    """A text's unit vector, and the numbers of its words and pairs of words, each once."""

    vector: "Floats"
    words: "Words"


def plain(text: str, glossary: Glossary) -> str:
    """Return what is read of a text, abbreviations spelled out."""
    return glossary.expand(essence(text))


class Reader:
    """Reads texts; remembers the shipped ones, others while a library uses them, and forgets questions.

    Libraries of several servers share one, from several threads.
    """

    def __init__(self, encoder: Encoder, glossary: Glossary, kept: Mapping[str, Read] | None = None) -> None:
        self._encoder = encoder
        self._glossary = glossary
        self._kept = dict(kept or {})
        self._added: WeakValueDictionary[str, Read] = WeakValueDictionary()
        self._own: dict[str, tuple[str, str]] = {}

    def with_glossary(self, glossary: Glossary) -> "Reader":
        """Return a reader with other abbreviations; it remembers what this one does."""
        other = Reader(self._encoder, glossary)
        other._kept, other._added = self._kept, self._added
        return other

    def plain(self, text: str) -> str:
        """Return what is read of a text."""
        return plain(text, self._glossary)

    def own(self, text: str) -> str:
        """Return what is read of a text of the library, and remember it."""
        return self._known(text)[0]

    def _known(self, text: str) -> tuple[str, str]:
        """Return what is read of a text of the library and its digest."""
        found = self._own.get(text)
        if found is None:
            own = self.plain(text)
            if len(self._own) >= _MOST_TEXTS:
                self._own.clear()
            found = self._own[text] = (own, digest(own))
        return found

    def question(self, text: str) -> Read:
        """Read a text once."""
        own = self.plain(text)
        return self._remembered(digest(own)) or Read(self._encoder([own])[0], word_numbers(own))

    def keep(self, texts: Iterable[str]) -> list[Read]:
        """Read texts and remember them for as long as somebody holds on to what is returned."""
        known = [self._known(text) for text in texts]
        found: dict[str, Read] = {}
        new: dict[str, str] = {}
        for own, key in known:
            if key not in found and key not in new:
                read = self._remembered(key)
                if read is None:
                    new[key] = own
                else:
                    found[key] = read
        if new:
            vectors = self._encoder(list(new.values()))
            for (key, text), vector in zip(new.items(), vectors, strict=True):
                # A row of its own: a view would hold on to the others.
                read = Read(vector.copy(), word_numbers(text))
                found[key] = self._added.setdefault(key, read)
        return [found[key] for _, key in known]

    def _remembered(self, key: str) -> Read | None:
        return self._kept.get(key) or self._added.get(key)

    def save(self, path: Path) -> None:
        """Write everything that is remembered, the vectors as eight-bit numbers."""
        kept = {**self._added, **self._kept}
        keys = sorted(kept)
        vectors = np.stack([kept[key].vector for key in keys])
        scales = np.abs(vectors).max(axis=1, keepdims=True) / 127
        bags = [kept[key].words for key in keys]
        np.savez_compressed(
            path,
            keys=np.array([bytes.fromhex(key) for key in keys]),
            vectors=np.asarray(np.round(vectors / scales), dtype=np.int8),
            scales=scales,
            words=np.concatenate(bags),
            ends=np.cumsum([len(bag) for bag in bags]),
        )


def load_kept(path: Path) -> dict[str, Read]:
    """Load what `Reader.save` wrote; nothing if it cannot be read."""
    try:
        with np.load(path) as file:
            vectors = file["vectors"].astype(np.float32) * file["scales"]
            bags = np.split(file["words"], file["ends"][:-1])
            keys = [bytes(key).ljust(_DIGEST, b"\0").hex() for key in file["keys"]]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return {}
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {key: Read(vector, bag) for key, vector, bag in zip(keys, vectors, bags, strict=True)}


_DIGEST = 10


def digest(text: str) -> str:
    """Return what a text is remembered by."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=_DIGEST).hexdigest()


def word_numbers(text: str) -> "Words":
    """Return the numbers of the stems of a text and of their neighbouring pairs, each once."""
    stems = words(text)
    pairs = [f"{first} {second}" for first, second in pairwise(stems)]
    return np.array(sorted({zlib.crc32(part.encode()) for part in (*stems, *pairs)}), dtype=np.uint32)
