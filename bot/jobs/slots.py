"""Which jobs hold the slots of an engine, and which waiting ones may have one."""

from collections.abc import Hashable, Iterator

from bot.jobs.asker import Asker, Priority
from bot.jobs.flight import Flight
from bot.jobs.job import Engine
from bot.jobs.queue import FairQueue


class Slots:
    """The slots of an engine; how many there are may change."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.running: set[Flight] = set()

    @property
    def free(self) -> int:
        """How many slots nobody holds."""
        return self._engine.capacity - len(self.running)

    @property
    def for_long(self) -> int:
        """How many slots the long jobs of people may hold: one is left to quick ones where there are two."""
        return max(1, self._engine.capacity - 1)

    @property
    def for_one(self) -> int:
        """How many slots the long jobs of one person may hold."""
        return max(1, self._engine.capacity // 2)

    def may_begin(self, flight: Flight, person: Hashable) -> bool:
        """Tell whether a job may have a free slot on this person's account; a command's jobs always may."""
        if not flight.long or flight.warming or isinstance(person, Asker):
            return True
        own = sum(other.payer == person for other in self._long())
        return sum(1 for _ in self._long()) < self.for_long and own < self.for_one

    def in_the_way(self, queue: FairQueue[Flight]) -> list[Flight]:
        """Return the warming jobs whose slots are needed for what people wait for and may begin."""
        barred = self.for_long - sum(1 for _ in self._long())
        long = sum(self.may_begin(*place) for place in queue.waiting(Priority.LONG))
        wanted = queue.count(Priority.ANSWER) + min(long, barred)
        leaving = sum(flight.done.done() for flight in self.running)
        warming = [flight for flight in self.running if flight.warming and not flight.done.done()]
        return warming[: max(0, wanted - leaving - max(0, self.free))]

    def _long(self) -> Iterator[Flight]:
        return (flight for flight in self.running if flight.long and not flight.warming)
