"""The texts of a library as groups: each answer's title and phrasings, and the messages without an answer."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from answers.entry import Entry
from answers.matching.examples import Examples
from answers.matching.families import Families
from answers.matching.index import Group
from answers.matching.lessons import NO_LESSONS, Lessons
from answers.matching.reading import Read, Reader

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int64]

# A message without an answer that comes this close to a new phrasing has an answer now.
_ANSWERED = 0.8


class Shelf:
    """What libraries are made of besides their answers: the written questions, and the shipped titles."""

    def __init__(self, examples: Examples, shipped: Mapping[str, str], reader: Reader) -> None:
        self._examples, self._shipped, self._reader = examples, shipped, reader
        self._negatives = reader.keep(examples.negatives)
        self._near: WeakKeyDictionary[Read, frozenset[int]] = WeakKeyDictionary()

    def groups(self, entries: Iterable[Entry], lessons: Lessons = NO_LESSONS) -> list[Group]:
        """Read all texts of a library; the last group are the messages without an answer.

        The written phrasings of a shipped answer count for it only while its title means what the shipped one
        means: an instructor who replaces the answer may have another question in mind. A text that two
        answers claim is the first one's; one that a lesson is about belongs where the lesson says.
        """
        entries = tuple(entries)
        texts = _Texts(self._reader, _meant(entries, lessons, self._reader))
        groups: list[Group] = []
        own: list[str] = []
        for entry in entries:
            taught = lessons.phrasings.get(entry.id, ())
            is_shipped = self.is_shipped(entry)
            written = self._examples.phrasings.get(entry.id, ()) if is_shipped else ()
            if found := texts.take((entry.title, *entry.phrasings, *written, *taught), entry.id):
                groups.append(Group(id=entry.id, texts=found, reads=tuple(self._reader.keep(found))))
                own.extend(text for text in found if not is_shipped or text in taught)
        said = texts.take(lessons.negatives, "")
        free = self._free(self._reader.keep(own))
        none = (*(self._examples.negatives[number] for number in free), *said)
        reads = (*(self._negatives[number] for number in free), *self._reader.keep(said))
        return [*groups, Group(id="", texts=none, reads=reads)]

    def is_shipped(self, entry: Entry) -> bool:
        """Tell whether an answer is a shipped one, or means the same question by its title."""
        title = self._shipped.get(entry.id)
        if title is None or entry.title == title:
            return title is not None
        own, shipped = self._reader.keep([entry.title, title])
        return float(own.vector @ shipped.vector) >= _ANSWERED

    def _free(self, own: Sequence[Read]) -> list[int]:
        """Return the messages without an answer, by number, that one's own phrasings do not answer."""
        new = [read for read in own if read not in self._near]
        if new and self._negatives:
            vectors: Floats = np.stack([read.vector for read in self._negatives])
            cosines = np.stack([read.vector for read in new]) @ vectors.T
            for read, row in zip(new, cosines, strict=True):
                self._near[read] = frozenset(np.flatnonzero(row >= _ANSWERED).tolist())
        answered = frozenset[int]().union(*(self._near.get(read, ()) for read in own))
        return [number for number in range(len(self._negatives)) if number not in answered]


class _Texts:
    """Gives out texts once."""

    def __init__(self, reader: Reader, meant: Mapping[str, str]) -> None:
        self._reader, self._meant = reader, meant
        self._taken: set[str] = set()

    def take(self, texts: Sequence[str], owner: str) -> tuple[str, ...]:
        """Leave out empty texts, those that read like one given before, and those meant for others."""
        found: list[str] = []
        for text in texts:
            plain = self._reader.own(text).lower()
            if plain and plain not in self._taken and self._meant.get(plain, owner) == owner:
                self._taken.add(plain)
                found.append(text)
        return tuple(found)


def _meant(entries: Iterable[Entry], lessons: Lessons, reader: Reader) -> Mapping[str, str]:
    """Return what the lessons say about texts, as they are read: an answer's id, or nothing."""
    taught = [(text, entry.id) for entry in entries for text in lessons.phrasings.get(entry.id, ())]
    meant = {reader.own(text).lower(): id_ for text, id_ in reversed(taught)}
    return meant | {reader.own(text).lower(): "" for text in lessons.negatives}


def group_texts(
    entries: Iterable[Entry], examples: Examples, shipped: Mapping[str, str], reader: Reader
) -> list[Group]:
    """Read all texts of a library without lessons, see `Shelf.groups`."""
    return Shelf(examples, shipped, reader).groups(entries)


def texts_digest(groups: Sequence[Group], families: Families, examples: Examples, reader: Reader) -> str:
    """Return a digest of all that the weights depend on, as it is read."""
    lines = [f"{group.id}\t{reader.own(text)}" for group in groups for text in group.texts]
    lines += [f"{' '.join(label.ids)}\t{reader.own(label.text)}" for label in examples.calibration]
    text = "\n".join([*lines, str(families.heads.tolist())])
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
