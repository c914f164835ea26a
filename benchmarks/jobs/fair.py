"""What everybody's fair share of the slots would be: ideal processor sharing.

At every moment each person who has a job under way gets an equal share of the slots, but no more slots than
they have jobs; their jobs share that equally. Nobody can do better for everybody at once, and nothing real
can do it exactly: a job cannot run on 0.3 of a slot.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One job of somebody's."""

    person: Hashable
    arrival: float
    seconds: float
    """How long it takes on a slot of its own."""


def fair_ends(works: Sequence[Work], slots: int) -> list[float]:
    """Return when each job would end."""
    ends = [math.inf] * len(works)
    left = [work.seconds for work in works]
    coming = sorted(range(len(works)), key=lambda number: works[number].arrival)
    active: set[int] = set()
    now = 0.0
    while coming or active:
        now = now if active else max(now, works[coming[0]].arrival)
        while coming and works[coming[0]].arrival <= now:
            active.add(coming.pop(0))
        rates = _rates([works[number].person for number in active], slots)
        speed = {number: rates[works[number].person] for number in active}
        until = min(now + left[number] / speed[number] for number in active)
        until = min(until, works[coming[0]].arrival) if coming else until
        for number in list(active):
            left[number] -= speed[number] * (until - now)
            if left[number] <= _NOTHING:
                ends[number] = until
                active.discard(number)
        now = until
    return ends


def _rates(people: Iterable[Hashable], slots: int) -> dict[Hashable, float]:
    """Return how much of a slot each job of each person gets."""
    jobs = Counter(people)
    rates: dict[Hashable, float] = {}
    free = float(slots)
    # Who wants least first: what they leave is shared by the others.
    for number, (person, count) in enumerate(sorted(jobs.items(), key=lambda item: item[1])):
        own = min(float(count), free / (len(jobs) - number))
        rates[person] = own / count
        free -= own
    return rates
