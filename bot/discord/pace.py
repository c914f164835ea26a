"""How often progress may be shown: it must not use up what Discord allows for answers."""

import asyncio
from collections.abc import Hashable
from weakref import WeakValueDictionary

_ALL_SECONDS = 1 / 25
"""Between two edits of any messages: when hundreds wait, each is told less often."""
_LANE_SECONDS = 2.0
"""Between two edits in one channel, where Discord counts all of them together: about five in five seconds."""


class Pace:
    """Turns that are some time apart, first come, first served."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0
        self._line = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for a turn; who gives up meanwhile costs the others no time."""
        loop = asyncio.get_running_loop()
        async with self._line:
            await asyncio.sleep(self._next - loop.time())
            self._next = loop.time() + self._seconds

    def pause(self, seconds: float) -> None:
        """Give no turn for some time."""
        self._next = max(self._next, asyncio.get_running_loop().time() + seconds)


class Paces:
    """The pace of all messages together, and of those in one lane."""

    def __init__(self) -> None:
        self.all = Pace(_ALL_SECONDS)
        self._lanes: WeakValueDictionary[Hashable, Pace] = WeakValueDictionary()

    def lane(self, name: Hashable) -> Pace:
        """Return the pace of a lane, which lasts as long as somebody holds it."""
        return self._lanes.setdefault(name, Pace(_LANE_SECONDS))
