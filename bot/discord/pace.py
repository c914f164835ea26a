"""How often progress may be shown: it must not use up what Discord allows for answers."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import IntEnum
from weakref import WeakValueDictionary

_ALL_SECONDS = 1 / 25
"""Between two edits of any messages: when hundreds wait, each is told less often."""
_LANE_SECONDS = 2.0
"""Between two edits in one channel, where Discord counts all of them together: about five in five seconds."""


class Rank(IntEnum):
    """How much a reader gains from a change; the lowest goes first."""

    TURN_CAME = 0
    FIRST = 1
    DETAIL = 2


Ranking = Callable[[], Rank]


def detail() -> Rank:
    """Say that a change is one like all others."""
    return Rank.DETAIL


@dataclass(slots=True, eq=False)
class _Place:
    """Where somebody stands in the line."""

    rank: Ranking
    granted: asyncio.Future[None]


class Pace:
    """Turns that are some time apart: the lowest rank first, and of one rank who came first.

    A lane of 2 s between its edits serves 30 cards in one channel, each in its turn, once a minute, so what a
    card says of its place or its step may be a minute old.  What somebody waits for does not stand in that
    line: a card whose run begins is changed next, then a person's first card comes, and answers do not wait
    for a turn at all.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0
        self._line: list[_Place] = []
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, rank: Ranking = detail) -> None:
        """Wait for a turn; who gives up meanwhile costs the others no time.

        Args:
            rank: Asked again at each turn that is given: what changes while it waits may move up.
        """
        loop = asyncio.get_running_loop()
        place = _Place(rank, loop.create_future())
        self._line.append(place)
        if self._timer is None:
            self._grant()
        try:
            await place.granted
        except asyncio.CancelledError:
            if not place.granted.cancelled():
                self._next = loop.time()  # the turn was given and is not used
                self._wait()
            raise

    def pause(self, seconds: float) -> None:
        """Give no turn for some time."""
        self._next = max(self._next, asyncio.get_running_loop().time() + seconds)
        self._wait()

    def _grant(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        self._line = [place for place in self._line if not place.granted.done()]
        if self._line and loop.time() >= self._next:
            first = min(self._line, key=lambda place: place.rank())
            self._line.remove(first)
            first.granted.set_result(None)
            self._next = loop.time() + self._seconds
        self._wait()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._line:
            self._timer = asyncio.get_running_loop().call_at(self._next, self._grant)


class Paces:
    """The pace of all messages together, and of those in one lane."""

    def __init__(self) -> None:
        self.all = Pace(_ALL_SECONDS)
        self._lanes: WeakValueDictionary[Hashable, Pace] = WeakValueDictionary()

    def lane(self, name: Hashable) -> Pace:
        """Return the pace of a lane, which lasts as long as somebody holds it."""
        return self._lanes.setdefault(name, Pace(_LANE_SECONDS))
