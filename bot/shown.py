"""Answers as they were shown before, ready to be shown again."""

from collections import OrderedDict
from dataclasses import dataclass

from answers.entry import Entry
from answers.pipeline import Rendered
from bot.reply import Image

_KEPT = 64
"""Answers with their pictures, some 150 kB each: a whole library, and a little more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What running an answer's own simulations leads to."""

    entry: Entry
    rendered: Rendered
    images: tuple[Image, ...]
    finding: str


class RecentlyShown:
    """The answers that were asked for last, as long as what they were measured with is the same.

    The same simulations on the same build give the same numbers, so nothing is lost by not reading, checking
    and rendering them again for the next student.
    """

    def __init__(self, size: int = _KEPT) -> None:
        self._shown: OrderedDict[tuple[str, str, str], Shown] = OrderedDict()
        self._size = size

    def get(self, entry: Entry, theme: str, build: str) -> Shown | None:
        """Return how an answer was shown; one that was edited since has not been."""
        key = (entry.id, theme, build)
        shown = self._shown.get(key)
        if shown is None or shown.entry is not entry:
            return None
        self._shown.move_to_end(key)
        return shown

    def put(self, shown: Shown, theme: str, build: str) -> None:
        """Remember how an answer is shown."""
        key = (shown.entry.id, theme, build)
        self._shown[key] = shown
        self._shown.move_to_end(key)
        while len(self._shown) > self._size:
            self._shown.popitem(last=False)
