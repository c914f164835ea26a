"""Remembering which answer a message shows, for what is said below it; in memory only, and not for long."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from answers.followups import Turn

Place = TypeVar("Place", bound=Hashable)

_KEPT = 300


class Turns(Generic[Place]):
    """The last answer at each of a few hundred places; the oldest is forgotten first."""

    def __init__(self, size: int = _KEPT) -> None:
        self._turns: OrderedDict[Place, Turn] = OrderedDict()
        self._size = size

    def remember(self, place: Place, turn: Turn | None) -> None:
        """Note what was answered here last; a reply that nothing can follow ends the conversation."""
        self._turns.pop(place, None)
        if turn is not None:
            self._turns[place] = turn
        if len(self._turns) > self._size:
            self._turns.popitem(last=False)

    def at(self, place: Place | None) -> Turn | None:
        """Return what was answered here last, if that is known."""
        return None if place is None else self._turns.get(place)
