"""The texts of a library as groups: each answer's title and phrasings, and the messages without an answer."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from answers.entry import Entry
from answers.matching.examples import Examples
from answers.matching.families import Families
from answers.matching.index import Group
from answers.matching.reading import Read, Reader

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# A message without an answer that comes this close to a new phrasing has an answer now.
_ANSWERED = 0.8


def group_texts(
    entries: Iterable[Entry], examples: Examples, shipped: Mapping[str, str], reader: Reader
) -> list[Group]:
    """Read all texts of a library; the last group are the messages without an answer.

    The written phrasings of a shipped answer count for it only while its title means what the shipped one
    means: an instructor who replaces the answer may have another question in mind. A text that two answers
    claim is the first one's.
    """
    taken: set[str] = set()
    groups: list[Group] = []
    own: list[str] = []
    for entry in entries:
        given = (entry.title, *entry.phrasings)
        is_shipped = _same_question(entry, shipped.get(entry.id), reader)
        written = examples.phrasings.get(entry.id, ()) if is_shipped else ()
        if texts := _new((*given, *written), reader, taken):
            groups.append(Group(id=entry.id, texts=texts, reads=tuple(reader.keep(texts))))
            own.extend(() if is_shipped else texts)
    reads = reader.keep(examples.negatives)
    free = _unanswered(reads, reader.keep(own))
    texts = tuple(text for text, is_free in zip(examples.negatives, free, strict=True) if is_free)
    return [*groups, Group(id="", texts=texts, reads=tuple(reader.keep(texts)))]


def _same_question(entry: Entry, title: str | None, reader: Reader) -> bool:
    if title is None or entry.title == title:
        return title is not None
    own, shipped = reader.keep([entry.title, title])
    return float(own.vector @ shipped.vector) >= _ANSWERED


def texts_digest(groups: Sequence[Group], families: Families, examples: Examples, reader: Reader) -> str:
    """Return a digest of all that the weights depend on, as it is read."""
    lines = [f"{group.id}\t{reader.own(text)}" for group in groups for text in group.texts]
    lines += [f"{' '.join(label.ids)}\t{reader.own(label.text)}" for label in examples.calibration]
    text = "\n".join([*lines, str(families.heads.tolist())])
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _new(texts: Iterable[str], reader: Reader, taken: set[str]) -> tuple[str, ...]:
    """Leave out empty texts and those that are read like one that was there before."""
    found: list[str] = []
    for text in texts:
        plain = reader.own(text).lower()
        if plain and plain not in taken:
            taken.add(plain)
            found.append(text)
    return tuple(found)


def _unanswered(negatives: list[Read], own: list[Read]) -> list[bool]:
    if not own or not negatives:
        return [True] * len(negatives)
    phrasings: Floats = np.stack([read.vector for read in own])
    cosines = np.stack([read.vector for read in negatives]) @ phrasings.T
    return (cosines.max(axis=1) < _ANSWERED).tolist()
