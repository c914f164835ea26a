"""Titles and phrasings to the letter: who writes one of them gets its answer, whatever else is likely."""

from collections.abc import Iterable, Mapping

from answers.entry import Entry
from answers.matching.lessons import Lessons
from answers.matching.text import literal


class OwnWords:
    """Which answer a text belongs to, word by word."""

    def __init__(self, entries: Iterable[Entry], lessons: Lessons, literals: dict[str, str]) -> None:
        """Collect the texts; those of two answers decide nothing, and a lesson decides before all.

        Args:
            entries: the answers.
            lessons: what was taught about them.
            literals: the words of texts that were met before, which is added to.
        """

        def of(text: str) -> str:
            found = literals.get(text)
            if found is None:
                found = literals[text] = literal(text)
            return found

        written: dict[str, set[str]] = {}
        taught: dict[str, set[str]] = {}
        for entry in entries:
            for text in (entry.title, *entry.phrasings):
                written.setdefault(of(text), set()).add(entry.id)
            for text in lessons.phrasings.get(entry.id, ()):
                taught.setdefault(of(text), set()).add(entry.id)
        nothing: dict[str, set[str]] = {of(text): set() for text in lessons.negatives}
        self._owners: Mapping[str, str] = {
            text: next(iter(ids))
            for text, ids in (written | taught | nothing).items()
            if len(ids) == 1 and text
        }

    def __call__(self, text: str) -> str | None:
        """Return the answer whose title or phrasing this is."""
        return self._owners.get(literal(text))
