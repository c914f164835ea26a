"""The questions of a library that continue what somebody types, from memory."""

import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from threading import Lock

from answers.catalog import Catalog

_KEPT = 32
_WORD = re.compile(r"[^\W_]+")
_END = "\U0010ffff"
_ENOUGH = 0.45
"""The share of what was typed that a wording has to hold, by how much its words say."""
_OWN = 1.1
"""How much more it counts in the title, which is what is shown."""


class Titles:
    """The titles of one library, found by the words of all wordings of their questions.

    It is a list of words with the wordings that hold them, in alphabetical order: one typed word costs two
    searches for where those that begin with it are.
    """

    def __init__(self, catalog: Catalog) -> None:
        """Sort all words, which takes some milliseconds for every hundred answers."""
        led_to = Counter(id_ for entry in catalog for id_ in entry.related)
        entries = sorted(catalog, key=lambda entry: (-led_to[entry.id], entry.id))
        self._titles = [entry.title for entry in entries]
        """In the order in which they are offered to who has typed nothing."""
        self._owner: list[int] = []
        """Of every wording, the question; each question's first wording is its title."""
        self._own: set[int] = set()
        lines: list[tuple[str, int]] = []
        words: defaultdict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            self._own.add(len(self._owner))
            for wording in (entry.title, *entry.phrasings):
                line, found = len(self._owner), _words(wording)
                self._owner.append(number)
                lines.append((" ".join(found), line))
                for word in set(found):
                    words[word].append(line)
        self._lines = sorted(lines)
        self._words = sorted(words)
        self._holding = dict(words)

    def matching(self, typed: str, limit: int = 25) -> list[str]:
        """Return the titles that what is typed may be the beginning of, the likeliest first.

        Before all others come titles and then questions with another wording that begin with it; then those
        with a wording in which most of its words begin a word, rare words counting for more.
        """
        words = _words(typed)
        if not words:
            return self._titles[:limit]
        ranks: dict[int, tuple[int, float]] = {}
        for line in self._beginning(" ".join(words)):
            own = line in self._own
            rank = (0 if own else 1, 0.0)
            owner = self._owner[line]
            ranks[owner] = min(rank, ranks.get(owner, rank))
        if len(ranks) < limit:
            for owner, score in self._sharing(words).items():
                ranks.setdefault(owner, (2, -score))
        best = sorted(ranks, key=lambda owner: (*ranks[owner], owner))
        return [self._titles[owner] for owner in best[:limit]]

    def _beginning(self, text: str) -> Iterator[int]:
        start = bisect_left(self._lines, (text, -1))
        for line, number in islice(self._lines, start, None):
            if not line.startswith(text):
                return
            yield number

    def _sharing(self, words: Sequence[str]) -> dict[int, float]:
        """Return the questions with a wording that shares enough of these words, and how much it shares."""
        scores: defaultdict[int, float] = defaultdict(float)
        total = 0.0
        for word in dict.fromkeys(words):
            start, end = bisect_left(self._words, word), bisect_left(self._words, f"{word}{_END}")
            holding = {line for known in self._words[start:end] for line in self._holding[known]}
            if not holding:
                continue  # what nobody has written yet tells nothing apart
            says = math.log(1 + len(self._owner) / len(holding))
            total += says
            for line in holding:
                scores[line] += says
        found: dict[int, float] = {}
        for line, score in scores.items():
            if score >= _ENOUGH * total:
                owner, worth = self._owner[line], score * (_OWN if line in self._own else 1)
                found[owner] = max(worth, found.get(owner, 0.0))
        return found


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


class TitleIndex:
    """The titles of the libraries that were asked last.

    One is made for each catalogue, which never changes: another edition of a library is another catalogue.
    """

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._lock = Lock()
        self._known: OrderedDict[int, tuple[Catalog, Titles]] = OrderedDict()

    def ready(self, catalog: Catalog) -> Titles | None:
        """Return the titles at once, if they have been made."""
        with self._lock:
            known = self._known.get(id(catalog))
            # The catalogue is kept with them, so that no other can have its id.
            if known is None or known[0] is not catalog:
                return None
            self._known.move_to_end(id(catalog))
            return known[1]

    def make(self, catalog: Catalog) -> Titles:
        """Make the titles, unless they are there; some tens of milliseconds for a large library."""
        if (titles := self.ready(catalog)) is not None:
            return titles
        titles = Titles(catalog)
        with self._lock:
            self._known[id(catalog)] = (catalog, titles)
            while len(self._known) > self._kept:
                self._known.popitem(last=False)
        return titles
