"""The order in which waiting jobs have their turn; it knows nothing of how they run."""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from copy import copy
from typing import Generic, TypeVar

from bot.jobs.asker import Priority

Item = TypeVar("Item", bound=Hashable)

_QUICK_IN_A_ROW = 4
"""So many quick jobs may overtake a long one, and then it has its turn."""

Allowed = Callable[[Item, Hashable], bool]


class FairQueue(Generic[Item]):
    """Waiting jobs: the more urgent first, within one priority the people in turn, each in their own order.

    A job for which several people wait stands in each one's line, so it begins when the first of them has a
    turn; that person's turn it costs.
    """

    def __init__(self) -> None:
        self._lines: dict[Priority, OrderedDict[Hashable, deque[Item]]] = {
            priority: OrderedDict() for priority in Priority
        }
        self._places: dict[Item, set[tuple[Priority, Hashable]]] = {}
        self._overtaken = 0

    def __len__(self) -> int:
        """Count the jobs, not the people who wait for them."""
        return len(self._places)

    def __contains__(self, item: Item) -> bool:
        """Tell whether a job waits."""
        return item in self._places

    def add(self, item: Item, person: Hashable, priority: Priority) -> None:
        """Let a job wait on a person's account, too; as warming it gives up that place for a better one."""
        places = self._places.setdefault(item, set())
        if any(other is not Priority.WARMING and who == person for other, who in places):
            return
        if priority is Priority.WARMING and places:
            return
        for place in [place for place in places if place[0] is Priority.WARMING]:
            self._drop(item, place)
        places.add((priority, person))
        self._lines[priority].setdefault(person, deque()).append(item)

    def discard(self, item: Item) -> None:
        """Forget a job; it may not be there."""
        for place in list(self._places.get(item, ())):
            self._drop(item, place)
        self._places.pop(item, None)

    def leave(self, item: Item, person: Hashable) -> None:
        """Let one person no longer wait for a job, which others still wait for."""
        for place in [place for place in self._places.get(item, ()) if place[1] == person]:
            self._drop(item, place)

    def take(self, allowed: Allowed[Item] = lambda _item, _person: True) -> tuple[Item, Hashable] | None:
        """Take the job whose turn it is, and the person whose turn that was.

        Args:
            allowed: says which may begin now; a person's first job that may is the one.
        """
        quick, long, warming = (self._next(priority, allowed) for priority in Priority)
        if quick and long:
            self._overtaken += 1
            found = long if self._overtaken > _QUICK_IN_A_ROW else quick
        else:
            found = quick or long or warming
        if found is None:
            return None
        if found is long or not long:
            self._overtaken = 0
        item, person = found
        for priority, who in list(self._places[item]):
            line = self._lines[priority]
            self._drop(item, (priority, who))
            if who == person and who in line:
                line.move_to_end(who)
        self._places.pop(item, None)
        return item, person

    def order(self) -> Iterator[Item]:
        """Yield the jobs in the order in which they would be taken if no other came."""
        rest = FairQueue[Item]()
        rest._lines = {
            priority: OrderedDict((person, copy(items)) for person, items in line.items())
            for priority, line in self._lines.items()
        }
        rest._places = {item: set(places) for item, places in self._places.items()}
        rest._overtaken = self._overtaken
        while found := rest.take():
            yield found[0]

    def _next(self, priority: Priority, allowed: Allowed[Item]) -> tuple[Item, Hashable] | None:
        for person, items in self._lines[priority].items():
            for item in items:
                if allowed(item, person):
                    return item, person
        return None

    def _drop(self, item: Item, place: tuple[Priority, Hashable]) -> None:
        priority, person = place
        self._places[item].discard(place)
        items = self._lines[priority][person]
        items.remove(item)
        if not items:
            del self._lines[priority][person]
