"""How often people may ask: whoever exceeds it hears so once, and then nothing, so that there is no storm."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass

_WINDOW = 60.0
_KEYS = 10_000
"""Of people and channels; who is forgotten begins anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How much there may be in a minute."""

    per_person: int = 40
    per_channel: int = 600
    """Of all people in it: a whole lecture may ask at once."""
    unasked: int = 6
    """Answers in a channel that nobody asked the bot for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooOften:
    """A request that is one too many."""

    text: str
    first: bool
    """Whether nobody was told within this minute."""


class RateLimits:
    """Counts the requests of the last minute."""

    def __init__(self, rates: Rates, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = rates
        self._clock = clock
        self._seen: OrderedDict[Hashable, deque[float]] = OrderedDict()
        self._told: OrderedDict[Hashable, float] = OrderedDict()

    def refusal(self, person: int, channel: int | None) -> TooOften | None:
        """Count a request; say why it is one too many if it is, and then do not count it."""
        rates = self._rates
        own, all_ = ("person", person), ("channel", channel)
        if (wait := self._wait(own, rates.per_person)) > 0:
            return self._refuse(
                own, f"You asked {rates.per_person} times in a minute, which is as often as", wait
            )
        if channel is not None:
            if (wait := self._wait(all_, rates.per_channel)) > 0:
                begun = f"{rates.per_channel} requests came from here in a minute, which is as many as"
                return self._refuse(all_, begun, wait)
            self._count(all_, rates.per_channel)
        self._count(own, rates.per_person)
        return None

    def may_speak_up(self, channel: int) -> bool:
        """Count an answer that nobody asked for, if there may be another in this channel."""
        key = ("unasked", channel)
        if self._wait(key, self._rates.unasked) > 0:
            return False
        self._count(key, self._rates.unasked)
        return True

    @property
    def remembered(self) -> int:
        """How many people and channels are remembered, those who were told once more."""
        return len(self._seen) + len(self._told)

    def _wait(self, key: Hashable, most: int) -> float:
        """Return the seconds until there may be another."""
        seen = self._seen.get(key) or deque[float]()
        return seen[0] + _WINDOW - self._clock() if len(seen) >= most else 0.0

    def _count(self, key: Hashable, most: int) -> None:
        seen = self._seen.setdefault(key, deque(maxlen=most))
        seen.append(self._clock())
        self._seen.move_to_end(key)
        if len(self._seen) > _KEYS:
            self._seen.popitem(last=False)

    def _refuse(self, key: Hashable, begun: str, wait: float) -> TooOften:
        now = self._clock()
        first = now - self._told.get(key, -_WINDOW) >= _WINDOW
        if first:
            self._told[key] = now
            self._told.move_to_end(key)
            if len(self._told) > _KEYS:
                self._told.popitem(last=False)
        return TooOften(text=f"{begun} I can answer; go on in {max(1, round(wait))} s.", first=first)
