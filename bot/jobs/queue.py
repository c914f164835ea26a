"""The order in which waiting jobs have their turn; it knows nothing of how they run."""

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, NamedTuple, TypeVar

from bot.jobs.asker import Priority

Item = TypeVar("Item", bound=Hashable)

_QUICK_IN_A_ROW = 4
"""So many quick jobs may overtake a long one, and then it has its turn."""

Allowed = Callable[[Item, Hashable], bool]


class _Place(NamedTuple, Generic[Item]):
    """A job in a person's line; the first field decides who goes first, the second breaks ties."""

    tag: float
    number: int
    item: Item
    person: Hashable
    seconds: float
    pays: bool
    """Whether it costs the person its seconds, or somebody else had asked for it before."""


class _Line(Generic[Item]):
    """The places of one priority, with the clock that their tags are read off."""

    def __init__(self) -> None:
        self.places: list[_Place[Item]] = []
        self._now = 0.0
        self._last: dict[Hashable, float] = {}

    def next_tag(self, person: Hashable, seconds: float) -> float:
        return max(self._now, self._last.get(person, 0.0)) + seconds

    def charge(self, person: Hashable, seconds: float) -> None:
        self._last[person] = self.next_tag(person, seconds)

    def advance(self, tag: float) -> None:
        self._now = max(self._now, tag)
        self._last = {person: last for person, last in self._last.items() if last > self._now}

    def remove(self, place: _Place[Item]) -> None:
        del self.places[bisect_left(self.places, place)]

    def refund(self, gone: _Place[Item]) -> list[tuple[_Place[Item], _Place[Item]]]:
        """Give back what a job would have cost that was never run: the person's later ones move up.

        Returns:
            Each place that moved, before and after.
        """
        if gone.person in self._last:
            self._last[gone.person] -= gone.seconds
        later = [one for one in self.places if one.person == gone.person and one.tag > gone.tag]
        moved = [(one, one._replace(tag=one.tag - gone.seconds)) for one in later]
        for before, after in moved:
            self.remove(before)
            insort(self.places, after)
        return moved


class FairQueue(Generic[Item]):
    """Waiting jobs: the more urgent first, and within one priority everybody gets the same time.

    Self-clocked fair queueing (Golestani 1994, doi:10.1109/INFCOM.1994.337677): a job is tagged with the time
    at which it would end if its person had an equal share from now on, and the smallest tag goes first.  So
    who asks for little need not wait for those who ask for much, and one person's jobs keep their order.

    A job for which several people wait stands in each one's line, so it begins when the first of them has a
    turn; it costs only one of them, the first who asked and still waits.
    """

    def __init__(self) -> None:
        self._lines = {priority: _Line[Item]() for priority in Priority}
        self._places: dict[Item, dict[tuple[Priority, Hashable], _Place[Item]]] = {}
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
        line, pays = self._lines[priority], not places
        self._count += 1
        place = _Place(line.next_tag(person, seconds), self._count, item, person, seconds, pays)
        if pays:
            line.charge(person, seconds)
        places[priority, person] = place
        insort(line.places, place)

    def discard(self, item: Item) -> None:
        """Forget a job; it may not be there."""
        for where in list(self._places.get(item, ())):
            self._drop(item, where)
        self._places.pop(item, None)

    def leave(self, item: Item, person: Hashable) -> None:
        """Let one person no longer wait for a job; the first of the others pays for it then."""
        places = self._places.get(item, {})
        for where in [where for where in places if where[1] == person]:
            paid = self._drop(item, where)
            if paid and places:
                heir, place = next(iter(places.items()))
                line, after = self._lines[heir[0]], place._replace(pays=True)
                line.charge(place.person, place.seconds)
                line.remove(place)
                insort(line.places, after)
                places[heir] = after

    def waiting(self, priority: Priority) -> Iterator[tuple[Item, Hashable]]:
        """Yield the jobs of one priority in their order, each with every person whose turn it would take."""
        for place in self._lines[priority].places:
            yield place.item, place.person

    def count(self, priority: Priority) -> int:
        """Count the places in the lines of one priority."""
        return len(self._lines[priority].places)

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

    def order(self) -> Iterator[tuple[Item, Hashable]]:
        """Yield the jobs, and whose turns they take, as they would be taken if no other came."""
        taken: set[Item] = set()
        rests = [iter(list(self.waiting(priority))) for priority in Priority]
        heads = [next(rest, None) for rest in rests]
        overtaken = self._overtaken
        while True:
            for number, rest in enumerate(rests):
                while (head := heads[number]) is not None and head[0] in taken:
                    heads[number] = next(rest, None)
            quick, long, warming = heads
            found, overtaken = _choose(quick, long, warming, overtaken)
            if found is None:
                return
            taken.add(found[0])
            yield found

    def _next(self, priority: Priority, allowed: Allowed[Item]) -> tuple[Priority, Item, Hashable] | None:
        for item, person in self.waiting(priority):
            if allowed(item, person):
                return priority, item, person
        return None

    def _drop(self, item: Item, where: tuple[Priority, Hashable]) -> bool:
        """Take a job out of a person's line, and return whether it would have cost them."""
        place = self._places[item].pop(where)
        line = self._lines[where[0]]
        line.remove(place)
        if place.pays:
            for before, after in line.refund(place):
                self._places[before.item][where[0], before.person] = after
        return place.pays


_Choice = TypeVar("_Choice")


def _choose(
    quick: _Choice | None, long: _Choice | None, warming: _Choice | None, overtaken: int
) -> tuple[_Choice | None, int]:
    """Choose between the first of each priority, and count how often a long one was overtaken."""
    if quick is None or long is None:
        return next((one for one in (quick, long, warming) if one is not None), None), 0
    return (long, 0) if overtaken == _QUICK_IN_A_ROW else (quick, overtaken + 1)
