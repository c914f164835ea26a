"""The order in which waiting jobs have their turn; it knows nothing of how they run."""

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, NamedTuple, TypeVar

from bot.jobs.asker import Priority

Item = TypeVar("Item", bound=Hashable)

_QUICK_IN_A_ROW = 4
"""So many quick jobs may overtake a long one, and then it has its turn."""

Allowed = Callable[[Item, Hashable], bool]


class _Place(NamedTuple):
    """A job in a person's line; the first field decides who goes first, the second breaks ties."""

    tag: float
    number: int
    item: Hashable
    person: Hashable
    seconds: float
    """What it costs the person; nothing where somebody else had asked for it before."""


class _Line:
    """The places of one priority, with the clock that their tags are read off."""

    def __init__(self) -> None:
        self.places: list[_Place] = []
        self._now = 0.0
        self._last: dict[Hashable, float] = {}

    def tag(self, person: Hashable, seconds: float, *, pays: bool) -> float:
        tag = max(self._now, self._last.get(person, 0.0)) + seconds
        if pays:
            self._last[person] = tag
        return tag

    def advance(self, tag: float) -> None:
        self._now = max(self._now, tag)
        self._last = {person: last for person, last in self._last.items() if last > self._now}

    def remove(self, place: _Place) -> None:
        del self.places[bisect_left(self.places, place)]

    def refund(self, place: _Place) -> None:
        """Give back what a job would have cost that was never run."""
        if self._last.get(place.person) == place.tag:
            self._last[place.person] = place.tag - place.seconds


class FairQueue(Generic[Item]):
    """Waiting jobs: the more urgent first, and within one priority everybody gets the same time.

    Self-clocked fair queueing (Golestani 1994, doi:10.1109/INFCOM.1994.337677): a job is tagged with the time
    at which it would end if its person had an equal share from now on, and the smallest tag goes first.  So
    who asks for little need not wait for those who ask for much, and one person's jobs keep their order.

    A job for which several people wait stands in each one's line, so it begins when the first of them has a
    turn; it costs only who asked first.
    """

    def __init__(self) -> None:
        self._lines = {priority: _Line() for priority in Priority}
        self._places: dict[Item, dict[tuple[Priority, Hashable], _Place]] = {}
        self._overtaken = 0
        self._count = 0

    def __len__(self) -> int:
        """Count the jobs, not the people who wait for them."""
        return len(self._places)

    def __contains__(self, item: Item) -> bool:
        """Tell whether a job waits."""
        return item in self._places

    def add(self, item: Item, person: Hashable, priority: Priority, seconds: float = 1.0) -> None:
        """Let a job wait on a person's account, too; as warming it gives up that place for a better one.

        Args:
            item: the job.
            person: on whose account.
            priority: how urgent it is to them.
            seconds: how long it is expected to run.
        """
        places = self._places.setdefault(item, {})
        if any(other is not Priority.WARMING and who == person for other, who in places):
            return
        if priority is Priority.WARMING and places:
            return
        for where in [where for where in places if where[0] is Priority.WARMING]:
            self._drop(item, where)
        pays = not places
        tag = self._lines[priority].tag(person, seconds, pays=pays)
        self._count += 1
        place = _Place(tag, self._count, item, person, seconds if pays else 0.0)
        places[priority, person] = place
        insort(self._lines[priority].places, place)

    def discard(self, item: Item) -> None:
        """Forget a job; it may not be there."""
        for where in list(self._places.get(item, ())):
            self._drop(item, where)
        self._places.pop(item, None)

    def leave(self, item: Item, person: Hashable) -> None:
        """Let one person no longer wait for a job, which others still wait for."""
        for where in [where for where in self._places.get(item, ()) if where[1] == person]:
            self._drop(item, where)

    def take(self, allowed: Allowed[Item] = lambda _item, _person: True) -> tuple[Item, Hashable] | None:
        """Take the job whose turn it is, and the person whose turn that was.

        Args:
            allowed: says which may begin now; the first that may is the one.
        """
        quick, long, warming = (self._next(priority, allowed) for priority in Priority)
        found, self._overtaken = _choose(quick, long, warming, self._overtaken)
        if found is None:
            return None
        priority, item, person = found
        places = self._places.pop(item)
        self._lines[priority].advance(places[priority, person].tag)
        for (other, _), place in places.items():
            self._lines[other].remove(place)
        return item, person

    def order(self) -> Iterator[Item]:
        """Yield the jobs in the order in which they would be taken if no other came."""
        taken: set[Hashable] = set()
        rests = [iter([place.item for place in self._lines[priority].places]) for priority in Priority]
        heads: list[Hashable | None] = [next(rest, None) for rest in rests]
        overtaken = self._overtaken
        while len(taken) < len(self._places):
            for number, rest in enumerate(rests):
                while heads[number] in taken:
                    heads[number] = next(rest, None)
            quick, long, warming = heads
            found, overtaken = _choose(quick, long, warming, overtaken)
            if found is None:
                return
            taken.add(found)
            yield found  # pyright: ignore[reportReturnType] a place holds an item

    def _next(self, priority: Priority, allowed: Allowed[Item]) -> tuple[Priority, Item, Hashable] | None:
        for place in self._lines[priority].places:
            item: Item = place.item  # pyright: ignore[reportAssignmentType] a place holds an item
            if allowed(item, place.person):
                return priority, item, place.person
        return None

    def _drop(self, item: Item, where: tuple[Priority, Hashable]) -> None:
        place = self._places[item].pop(where)
        line = self._lines[where[0]]
        line.remove(place)
        line.refund(place)


_Choice = TypeVar("_Choice")


def _choose(
    quick: _Choice | None, long: _Choice | None, warming: _Choice | None, overtaken: int
) -> tuple[_Choice | None, int]:
    """Choose between the first of each priority, and count how often a long one was overtaken."""
    if quick is None or long is None:
        return next((one for one in (quick, long, warming) if one is not None), None), 0
    return (long, 0) if overtaken == _QUICK_IN_A_ROW else (quick, overtaken + 1)
